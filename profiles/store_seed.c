/* store_seed.c -- what the first start of an appliance writes. */
#include <stdio.h>

#include "profiles/stmt.h"
#include "profiles/store_rows.h"

/* Locally administered, second nibble 2 (IEEE 802c), then the appliance's own
 * 24 bits, then 16 to give away. */
static const uint64_t mac_start = 0x020000000000;
static const uint64_t wwpn_start = 0x2000020000000000;	/* NAA 2 around a MAC */
static const uint64_t wwnn_start = 0x2001020000000000;

static const struct {
	const char *name;
	enum pool_type type;
	const uint64_t *start;		/* NULL: no block */
	const char *description;
} defaults[] = {
	{ "macs", POOL_MAC, &mac_start, "MAC addresses of this appliance" },
	{ "wwpns", POOL_WWPN, &wwpn_start, "Port names of this appliance" },
	{ "wwnns", POOL_WWNN, &wwnn_start, "Node names of this appliance" },
	{ "uuids", POOL_UUID, NULL, "Random UUIDs (version 4)" },
};

static int
seed_pool(struct store *st, size_t i, uint32_t prefix, struct rng *rng,
    int64_t wall_ms, struct err *e)
{
	struct block b = { 0 };
	struct pool p = { .type = defaults[i].type, .quarantine_s = 86400,
	    .is_default = true };

	(void)rng_uuid(rng, p.head.id);
	(void)snprintf(p.head.name, sizeof(p.head.name), "%s",
	    defaults[i].name);
	(void)snprintf(p.head.description, sizeof(p.head.description), "%s",
	    defaults[i].description);
	p.head.revision = 1;
	p.head.created_ms = p.head.modified_ms = wall_ms;
	if (defaults[i].start != NULL) {
		b.from = *defaults[i].start + ((uint64_t)prefix << 16);
		b.to = b.from + 0xffff;
		p.blocks = &b;
		p.n_blocks = 1;
	}
	return pool_store(st, NULL, &p, e);
}

int
store_seed(struct store *st, struct rng *rng, int64_t wall_ms, struct err *e)
{
	uint32_t prefix = (uint32_t)rng_below(rng, 1u << 24);
	char id[ID_TEXT];
	struct stmt q = stmt_open(st, "INSERT INTO appliance(one, id, name,"
	    " generation, changed_ms, term, identity_epoch, mac_prefix, number)"
	    " VALUES(1, ?, 'polyroot', 0, ?, 0, 1, ?, 0)");

	stmt_text(&q, rng_uuid(rng, id));
	stmt_int(&q, wall_ms);
	stmt_int(&q, prefix);
	if (stmt_run(&q, e) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		if (seed_pool(st, i, prefix, rng, wall_ms, e) < 0)
			return err_wrap(e, "the first start");
	return 0;
}
