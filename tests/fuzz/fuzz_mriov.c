/*
 * fuzz_mriov.c -- hardware that answers anything: every row decoder, and the
 * whole driver over a configuration space made of the input.
 */
#include <stdlib.h>
#include <string.h>

#include "switchmgr/drv_mriov.h"
#include "switchmgr/le.h"
#include "switchmgr/mriov_map.h"
#include "switchmgr/mriov_row.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* ---- rows ---- */

static void
must(bool yes)
{
	if (!yes)
		abort();
}

static void
try_persona(const uint8_t *row)
{
	uint8_t again[MR_PERSONALITY_USED];
	struct personality p, q;
	struct err e;

	if (mriov_row_persona(row, &p, &e) < 0)
		return;
	mriov_row_put_persona(again, &p);
	must(mriov_row_persona(again, &q, &e) == 0 && personality_equal(&p, &q));
}

static void
try_rows(const uint8_t *row)
{
	union {
		struct fabric_slot slot;
		struct fabric_bridge bridge;
		struct fabric_bay bay;
		struct fabric_port port;
		struct fabric_fn fn;
		struct fabric_disk disk;
		struct fabric_event ev;
	} u;
	uint16_t rid;
	uint32_t change;
	struct err e;

	if (mriov_row_slot(row, le_get16(row), &u.slot, &e) == 0)
		must(memchr(u.slot.serial, 0, FABRIC_SERIAL) != NULL);
	if (mriov_row_bridge(row, le_get16(row), row[2], &u.bridge, &e) == 0)
		must(u.bridge.n <= FABRIC_BRIDGE_FNS);
	if (mriov_row_bay(row, le_get16(row), &u.bay, &rid, &e) == 0)
		must(u.bay.n_ports <= PORT_MAX);
	if (mriov_row_port(row, 1, row[0], &u.port, &e) == 0)
		must(u.port.forwarding <= 2);
	if (mriov_row_fn(row, fn_bay(le_get32(row)), &u.fn, &change, &e) == 0)
		must(fn_valid(u.fn.id));
	if (mriov_row_disk(row, 1, le_get16(row), &u.disk, &e) == 0)
		must(u.disk.state <= DISK_FAILED);
	mriov_row_event(row, &u.ev);
	must(u.ev.kind <= FEV_RESYNC);
}

/* ---- the driver ---- */

enum { CAP = 0x200, RID = 0x0100 };

struct noise {
	struct cfg cfg;
	const uint8_t *data;
	size_t size, at;
	uint32_t select;
};

static void
noise_close(struct cfg *c)
{
	(void)c;
}

static int
noise_list(struct cfg *c, uint16_t *rids, size_t max, struct err *e)
{
	(void)c;
	(void)e;
	for (unsigned i = 0; i < 3 && i < max; i++)
		rids[i] = (uint16_t)(RID + 0x100 * i);
	return 3;
}

/* What must be right to get further is right; the rest is the input. */
static void
mend(const struct noise *n, uint16_t rid, unsigned offset, uint8_t *out,
    size_t size)
{
	uint8_t space[4096];
	unsigned role = rid == RID ? MR_ROLE_SWITCH : MR_ROLE_BASE;
	unsigned bytes = n->select >> 28 == MR_TABLE_PERSONALITY ?
	    MR_PERSONALITY_BYTES : MR_ROW_BYTES;
	size_t from;

	memcpy(space + offset, out, size);
	le_put32(space + 0x100, MR_CAP_ID | CAP << 20);
	le_put32(space + CAP, MR_CAP_ID);
	le_put32(space + CAP + MR_ID, (uint32_t)MR_ID_MAGIC << 16 |
	    MR_ID_VERSION << 8 | role);
	space[CAP + MR_STATUS] |= MR_ST_READY;
	space[CAP + MR_SHAPE0 + 1] = space[CAP + MR_SHAPE0 + 3] = 0;
	le_put16(space + CAP + MR_MODEL + 2, 0);
	le_put32(space + CAP + MR_CHANGE, 1);
	le_put32(space + CAP + MR_SELECT, n->select);
	le_put32(space + CAP + MR_ROWS, MR_WINDOW_BYTES / bytes | bytes << 16);
	for (from = 0x100; from < sizeof(space); from++)
		if (from >= offset && from < offset + size &&
		    (from < 0x104 || (from >= CAP && from < CAP + MR_TOTAL)))
			out[from - offset] = space[from];
}

static int
noise_read(struct cfg *c, uint16_t rid, unsigned offset, void *out, size_t size,
    struct err *e)
{
	struct noise *n = (struct noise *)c;
	uint8_t *to = out;

	(void)e;
	for (size_t i = 0; i < size; i++)
		to[i] = n->size > 0 ? n->data[n->at++ % n->size] : 0;
	mend(n, rid, offset, out, size);
	return 0;
}

static int
noise_write(struct cfg *c, uint16_t rid, unsigned offset, uint32_t value,
    struct err *e)
{
	(void)rid;
	(void)e;
	if (offset == CAP + MR_SELECT)
		((struct noise *)c)->select = value;
	return 0;
}

static const struct cfg_ops noise_ops = {
	noise_close, noise_list, noise_read, noise_write,
};

static void
take(void *cookie, const struct fabric_record *r)
{
	*(unsigned *)cookie += r->kind;
}

static void
try_driver(const uint8_t *data, size_t size)
{
	struct noise n = { { &noise_ops }, data, size, 0, 0 };
	struct fabric_tag tag = { UINT64_MAX, 1 };
	struct personality p = { .kind = PERSONA_NIC };
	struct fabric_event ev;
	fn_id fn = fn_make(1, 1, FN_VF, 0);
	unsigned sum = 0;
	struct err e;
	struct fabric *f = mriov_fabric(&n.cfg, &e);

	if (f == NULL)
		return;
	(void)!fabric_observe(f, SCOPE_ALL, 0, take, &sum, &e);
	(void)!fabric_next_event(f, &ev, &e);
	(void)!fabric_bind(f, tag, 1, 0, 1, &fn, &e);
	(void)!fabric_prepare(f, tag, fn, &p, &e);
	(void)!fabric_scrub(f, tag, fn, &e);
	(void)!fabric_disk_make(f, tag, 1, 0, 1, 1, &e);
	fabric_close(f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t row[MR_PERSONALITY_BYTES] = { 0 };

	memcpy(row, data, size < sizeof(row) ? size : sizeof(row));
	try_persona(row);
	try_rows(row);
	try_driver(data, size);
	return 0;
}
