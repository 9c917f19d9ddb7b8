/*
 * chassis_file.c -- from a chassis file to slots, bays and cards.
 *
 * The format is told in docs/emulator.md.  Unknown keys are refused: a typing
 * error in a chassis file would otherwise build another box than was meant.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "tools/emulator/chassis_parts.h"

enum {
	PARALLEL_MAX = 256, MS_MAX = 3600000, AT_MAX = 32,
	CARD_ADDRESSES = 16,	/* a card's addresses, from its first on */
	KEPT_BUSES = 64, KEPT_MIB = 1024,	/* by a server, for cards to come */
};

/* One entry of `slots` or `bays`, for `count` things in a row. */
struct group {
	const json_t *entry;
	char at[AT_MAX];		/* its JSON pointer */
	unsigned first, count;		/* numbers */
};

/* Small numbers that json_get_int() has bounded. */
static int
get(const json_t *o, const char *at, const char *key, bool missing_ok,
    int64_t min, int64_t max, uint32_t *out, struct err *e)
{
	int64_t n = *out;

	if (json_get_int(o, at, key, missing_ok, min, max, &n, e) < 0)
		return -1;
	*out = (uint32_t)n;
	return 0;
}

/* "SRV-%" and 3 give "SRV-3"; printable ASCII, 16 at most. */
static int
serial_text(const char *pattern, const char *at, unsigned number,
    char out[SERIAL_MAX + 1], struct err *e)
{
	struct buf b = buf_new(64);
	bool bad = false;

	for (const char *p = pattern; *p != '\0'; p++)
		if (*p == '%')
			buf_printf(&b, "%u", number);
		else {
			buf_put(&b, p, 1);
			bad = bad || *p <= ' ' || *p > '~';
		}
	if (bad || b.len == 0 || b.len > SERIAL_MAX) {
		buf_free(&b);
		return err_rule(e, ERR_MALFORMED, NULL, at,
		    "serial must be 1 to %d printable characters", SERIAL_MAX);
	}
	memcpy(out, b.data, b.len + 1);
	buf_free(&b);
	return 0;
}

/* Goes through an array of groups; the numbers of the things follow each other. */
static int
each_group(struct chassis *c, const json_t *file, const char *key, unsigned max,
    int (*make)(struct chassis *, const struct group *, struct err *),
    uint32_t *total, struct err *e)
{
	const json_t *list = json_object_get(file, key);
	struct buf at = buf_new(AT_MAX - 1);
	struct group g = { .first = 1 };
	int rc = 0;

	if (!json_is_array(list) || json_array_size(list) == 0)
		rc = err_rule(e, ERR_MALFORMED, NULL, key,
		    "%s must be a list of at least one", key);
	for (size_t i = 0; rc == 0 && i < json_array_size(list); i++) {
		buf_clear(&at);
		buf_printf(&at, "/%s/%zu", key, i);
		memcpy(g.at, at.data, at.len + 1);
		g.entry = json_array_get(list, i);
		g.count = 1;
		if (!json_is_object(g.entry))
			rc = err_rule(e, ERR_MALFORMED, NULL, g.at,
			    "must be an object");
		else if (get(g.entry, g.at, "count", true, 1, max, &g.count,
		    e) < 0)
			rc = -1;
		else if (g.first + g.count - 1 > max)
			rc = err_rule(e, ERR_MALFORMED, NULL, g.at,
			    "there can be at most %u %s", max, key);
		else
			rc = make(c, &g, e);
		g.first += g.count;
	}
	*total = g.first - 1;
	buf_free(&at);
	return rc;
}

/* ---- slots ---- */

/* What the server keeps for cards to come. */
static int
read_hotplug(const json_t *server, const struct group *g, struct slot *s,
    struct err *e)
{
	static const char *const keys[] = { "interrupts", "buses", "mmioMiB",
		NULL };
	const json_t *o = json_object_get(server, "hotplug");
	uint32_t buses = s->buses;

	if (o == NULL)
		return 0;
	if (json_only(o, g->at, keys, e) < 0 ||
	    json_get_bool(o, g->at, "interrupts", true, &s->hotplug, e) < 0 ||
	    get(o, g->at, "buses", true, 0, 255, &buses, e) < 0 ||
	    get(o, g->at, "mmioMiB", true, 0, INT32_MAX, &s->mmio_mib, e) < 0)
		return -1;
	s->buses = (uint16_t)buses;
	return 0;
}

static int
read_server(const json_t *server, const struct group *g, struct slot *s,
    struct err *e)
{
	static const char *const keys[] = { "serial", "width", "gen", "powered",
		"hotplug", NULL };
	uint32_t width = s->cap_width, gen = s->cap_gen;
	const char *pattern = "";
	bool powered = true;

	if (json_only(server, g->at, keys, e) < 0 ||
	    json_get_str(server, g->at, "serial", false, SERIAL_MAX, &pattern,
		e) < 0 ||
	    get(server, g->at, "width", true, 1, 16, &width, e) < 0 ||
	    get(server, g->at, "gen", true, 1, 5, &gen, e) < 0 ||
	    json_get_bool(server, g->at, "powered", true, &powered, e) < 0 ||
	    serial_text(pattern, g->at, s->number, s->serial, e) < 0 ||
	    read_hotplug(server, g, s, e) < 0)
		return -1;
	s->cable = true;
	s->power = powered;
	s->width = (uint8_t)width;
	s->gen = (uint8_t)gen;
	return 0;
}

static int
make_slots(struct chassis *c, const struct group *g, struct err *e)
{
	static const char *const keys[] = { "count", "capWidth", "capGen",
		"server", NULL };
	const json_t *server = json_object_get(g->entry, "server");
	uint32_t width = 8, gen = 2;

	if (json_only(g->entry, g->at, keys, e) < 0 ||
	    get(g->entry, g->at, "capWidth", true, 1, 16, &width, e) < 0 ||
	    get(g->entry, g->at, "capGen", true, 1, 5, &gen, e) < 0)
		return -1;
	for (unsigned i = 0; i < g->count; i++) {
		struct slot *s = &c->slots[g->first + i - 1];

		*s = (struct slot){ .number = g->first + i, .enabled = true,
			.cap_width = (uint8_t)width, .cap_gen = (uint8_t)gen,
			.width = (uint8_t)width, .gen = (uint8_t)gen,
			.hotplug = true, .buses = KEPT_BUSES,
			.mmio_mib = KEPT_MIB };
		if (server != NULL && !json_is_null(server) &&
		    read_server(server, g, s, e) < 0)
			return -1;
	}
	return 0;
}

static void
make_bridges(struct chassis *c)
{
	for (unsigned i = 0; i < c->n_slots; i++) {
		struct slot *s = &c->slots[i];

		s->bridges = xcalloc(c->n_bridges, sizeof(struct bridge));
		for (unsigned k = 0; k < c->n_bridges; k++) {
			s->bridges[k].slot = s;
			s->bridges[k].number = (uint8_t)k;
		}
	}
}

/* ---- bays and cards ---- */

static int
read_drives(const json_t *card, const struct group *g, uint32_t *count,
    uint32_t *mib, struct err *e)
{
	static const char *const keys[] = { "count", "capacityMiB", NULL };
	const json_t *drives = json_object_get(card, "drives");

	if (drives == NULL)
		return 0;
	if (json_only(drives, g->at, keys, e) < 0)
		return -1;
	return get(drives, g->at, "count", false, 1, 128, count, e) < 0 ? -1 :
	    get(drives, g->at, "capacityMiB", false, 1, INT32_MAX, mib, e);
}

static bool
serial_known(const struct chassis *c, const char *serial)
{
	for (size_t i = 0; i < c->n_modules; i++)
		if (strcmp(c->modules[i]->serial, serial) == 0)
			return true;
	return false;
}

static int
put_card(struct chassis *c, struct bay *b, const struct group *g,
    const struct card_model *model, const char *pattern, uint64_t address,
    struct err *e)
{
	char serial[SERIAL_MAX + 1];
	struct module *m;

	if (serial_text(pattern, g->at, b->number, serial, e) < 0)
		return -1;
	if (serial_known(c, serial))
		return err_rule(e, ERR_MALFORMED, NULL, g->at,
		    "serial %s is there twice; put %% into it", serial);
	m = chassis_card_new(c, model, serial, address);
	b->module = m;
	m->bay = b->number;
	if (model->disks == 0)
		return 0;
	return read_drives(json_object_get(g->entry, "card"), g, &m->drives,
	    &m->drive_mib, e);
}

static int
make_cards(struct chassis *c, const struct group *g, const json_t *card,
    struct err *e)
{
	static const char *const keys[] = { "model", "serial", "address",
		"drives", NULL };
	const char *name = "", *serial = "", *text = "0000000000000000";
	const struct card_model *model;
	uint64_t address = 0;

	if (json_only(card, g->at, keys, e) < 0 ||
	    json_get_str(card, g->at, "model", false, NAME_LEN, &name, e) < 0 ||
	    json_get_str(card, g->at, "serial", false, SERIAL_MAX, &serial, e) < 0 ||
	    json_get_str(card, g->at, "address", true, 32, &text, e) < 0)
		return -1;
	model = chassis_card_model(name);
	if (model == NULL)
		return err_rule(e, ERR_MALFORMED, NULL, g->at,
		    "card model %s is not known; known: X520-SR2, QLE2562, "
		    "QLE2462, 9260-4i, P3700, LSI22320SLE", name);
	if (!wwn_parse(text, &address) && !mac_parse(text, &address))
		return err_rule(e, ERR_MALFORMED, NULL, g->at,
		    "address %s is neither a MAC nor a WWN", text);
	for (unsigned i = 0; i < g->count; i++)
		if (put_card(c, &c->bays[g->first + i - 1], g, model, serial,
		    address == 0 ? 0 : address + (uint64_t)CARD_ADDRESSES * i,
		    e) < 0)
			return -1;
	return 0;
}

static int
make_bays(struct chassis *c, const struct group *g, struct err *e)
{
	static const char *const keys[] = { "count", "card", NULL };
	const json_t *card = json_object_get(g->entry, "card");

	if (json_only(g->entry, g->at, keys, e) < 0)
		return -1;
	for (unsigned i = 0; i < g->count; i++)
		c->bays[g->first + i - 1] = (struct bay){
			.number = g->first + i, .power = true };
	if (card == NULL || json_is_null(card))
		return 0;
	return make_cards(c, g, card, e);
}

/* ---- the box ---- */

static int
read_box(struct chassis *c, const json_t *file, struct err *e)
{
	static const char *const keys[] = { "format", "name", "model", "bridges",
		"parallel", "releaseMs", "ackMs", "slots", "bays", NULL };
	const char *name = "", *format = "";
	size_t n;

	c->n_bridges = BRIDGES_MAX;
	c->parallel = 16;
	c->release_ms = 10000;
	c->ack_ms = 200;
	if (json_only(file, "", keys, e) < 0 ||
	    json_get_str(file, "", "format", false, 1024, &format, e) < 0 ||
	    json_get_str(file, "", "name", false, NAME_LEN, &name, e) < 0 ||
	    get(file, "", "model", false, 1, INT32_MAX, &c->model, e) < 0 ||
	    get(file, "", "bridges", true, 1, BRIDGES_MAX, &c->n_bridges, e) < 0 ||
	    get(file, "", "parallel", true, 1, PARALLEL_MAX, &c->parallel, e) < 0 ||
	    get(file, "", "releaseMs", true, 1, MS_MAX, &c->release_ms, e) < 0 ||
	    get(file, "", "ackMs", true, 0, MS_MAX, &c->ack_ms, e) < 0)
		return -1;
	if (strncmp(format, "polyroot chassis 1", 18) != 0)
		return err_rule(e, ERR_MALFORMED, NULL, "/format",
		    "format must begin with \"polyroot chassis 1\"");
	n = strlen(name);
	memcpy(c->name, name, n < NAME_LEN ? n : NAME_LEN);
	return 0;
}

int
chassis_file_build(struct chassis *c, const json_t *file, struct err *e)
{
	c->slots = xcalloc(SLOT_MAX, sizeof(struct slot));
	c->bays = xcalloc(BAYS_MAX, sizeof(struct bay));
	if (read_box(c, file, e) < 0 ||
	    each_group(c, file, "slots", SLOT_MAX, make_slots, &c->n_slots, e) < 0 ||
	    each_group(c, file, "bays", BAYS_MAX, make_bays, &c->n_bays, e) < 0) {
		c->n_slots = 0;		/* none has its bridges yet */
		return -1;
	}
	make_bridges(c);
	return 0;
}
