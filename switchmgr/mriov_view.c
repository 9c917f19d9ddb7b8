/* mriov_view.c -- see mriov_view.h. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "switchmgr/mriov_row.h"
#include "switchmgr/mriov_view.h"

enum { RIDS = 65536, BRIDGES_MAX = 256 };

static int
absent(const char *what, unsigned number, struct err *e)
{
	mriov_dev_refused(FERR_ABSENT, e);
	return err_wrap(e, "%s %u", what, number);
}

/* ---- opening ----------------------------------------------------------- */

static int
find_switch(struct mriov_view *v, const uint16_t *rids, int n, struct err *e)
{
	for (int i = 0; i < n; i++) {
		int found = mriov_dev_open(&v->sw, v->cfg, rids[i],
		    MR_ROLE_SWITCH, e);

		if (found > 0)
			return 0;
		/* What was pulled during the walk is not the switch. */
		if (found < 0 && e->code == ERR_UNAVAILABLE)
			return -1;
	}
	return err_set(e, ERR_UNAVAILABLE,
	    "none of %d PCI functions is an MR-IOV switch of ours", n);
}

int
mriov_view_open(struct mriov_view *v, struct cfg *cfg, struct err *e)
{
	uint16_t *rids = xcalloc(RIDS, sizeof(*rids));
	int n, rc = -1;

	memset(v, 0, sizeof(*v));
	v->cfg = cfg;
	n = cfg_list(cfg, rids, RIDS, e);
	if (n >= 0)
		rc = find_switch(v, rids, n, e);
	free(rids);
	return rc < 0 ? -1 : mriov_view_head(v, e);
}

static void
forget_module(struct mriov_bay *b)
{
	free(b->fns);
	free(b->fn_changes);
	free(b->disks);
	b->fns = NULL;
	b->fn_changes = NULL;
	b->disks = NULL;
	b->n_ports = b->n_fns = b->n_disks = 0;
	b->base.cfg = NULL;
	b->known = false;
}

static void
forget_all(struct mriov_view *v)
{
	for (unsigned i = 0; i < v->n_slots; i++)
		free(v->slots[i].bridges);
	for (unsigned i = 0; i < v->n_bays; i++)
		forget_module(&v->bays[i]);
	free(v->slots);
	free(v->bays);
	v->slots = NULL;
	v->bays = NULL;
	v->n_slots = v->n_bays = v->n_bridges = 0;
}

void
mriov_view_close(struct mriov_view *v)
{
	forget_all(v);
}

/* ---- the head ---------------------------------------------------------- */

static int
need_shape(const struct mriov_head *h, struct err *e)
{
	if (h->model > UINT16_MAX)
		return err_set(e, ERR_DEVICE, "model number %u", h->model);
	if (h->shape[0] < 1 || h->shape[0] > SLOT_MAX || h->shape[1] > BAY_MAX ||
	    h->shape[2] < 1 || h->shape[2] > BRIDGES_MAX || h->shape[3] < 1)
		return err_set(e, ERR_DEVICE, "the switch claims %u slots, "
		    "%u bays, %u bridges, %u verbs at once", h->shape[0],
		    h->shape[1], h->shape[2], h->shape[3]);
	return 0;
}

static void
start_afresh(struct mriov_view *v, const struct mriov_head *h)
{
	forget_all(v);
	v->n_slots = h->shape[0];
	v->n_bays = h->shape[1];
	v->n_bridges = h->shape[2];
	v->slots = xcalloc(v->n_slots, sizeof(*v->slots));
	v->bays = xcalloc(v->n_bays + 1, sizeof(*v->bays));
	for (unsigned i = 0; i < v->n_slots; i++)
		v->slots[i].bridges = xcalloc(v->n_bridges,
		    sizeof(*v->slots[i].bridges));
}

int
mriov_view_head(struct mriov_view *v, struct err *e)
{
	struct mriov_head h;

	if (mriov_dev_head(&v->sw, &h, e) < 0 || need_shape(&h, e) < 0)
		return -1;
	if (v->slots == NULL || h.boots != v->head.boots ||
	    memcmp(h.shape, v->head.shape, sizeof(h.shape)) != 0)
		start_afresh(v, &h);
	v->head = h;
	return 0;
}

/* ---- slots ------------------------------------------------------------- */

static struct mriov_rows
bridge_rows(const struct mriov_view *v)
{
	return (struct mriov_rows){ MR_TABLE_BRIDGE, MR_ROW_BYTES,
	    v->n_slots * v->n_bridges };
}

static int
read_bridges(struct mriov_view *v, unsigned slot, struct err *e)
{
	struct mriov_rows table = bridge_rows(v);
	uint8_t rows[BRIDGES_MAX * MR_ROW_BYTES];

	if (mriov_dev_rows(&v->sw, &table, (slot - 1) * v->n_bridges,
	    v->n_bridges, rows, e) < 0)
		return -1;
	for (unsigned i = 0; i < v->n_bridges; i++)
		if (mriov_row_bridge(rows + (size_t)i * MR_ROW_BYTES, slot, i,
		    &v->slots[slot - 1].bridges[i], e) < 0)
			return err_wrap(e, "slot %u", slot);
	return 0;
}

static int
take_slot(struct mriov_view *v, unsigned number, const uint8_t *row,
    struct err *e)
{
	struct mriov_slot *s = &v->slots[number - 1];
	struct fabric_slot seen;

	if (mriov_row_slot(row, number, &seen, e) < 0)
		return -1;
	if (!s->known || s->row.change != seen.change) {
		s->known = false;
		if (read_bridges(v, number, e) < 0)
			return -1;
		s->known = true;
	}
	s->row = seen;
	return 0;
}

static void
cut(struct mriov_span *span, unsigned max)
{
	if (span->first > max)
		span->n = 0;
	else if (span->n > max - span->first + 1)
		span->n = max - span->first + 1;
}

static int
read_slots(struct mriov_view *v, struct mriov_span span, struct err *e)
{
	struct mriov_rows table = { MR_TABLE_SLOT, MR_ROW_BYTES, v->n_slots };
	uint8_t rows[SLOT_MAX * MR_ROW_BYTES];

	cut(&span, v->n_slots);
	if (mriov_dev_rows(&v->sw, &table, span.first - 1, span.n, rows, e) < 0)
		return -1;
	for (unsigned i = 0; i < span.n; i++)
		if (take_slot(v, span.first + i,
		    rows + (size_t)i * MR_ROW_BYTES, e) < 0)
			return -1;
	return 0;
}

/* ---- modules ----------------------------------------------------------- */

static int
read_ports(struct mriov_bay *b, struct err *e)
{
	struct mriov_rows table = { MR_TABLE_PORT, MR_ROW_BYTES, b->n_ports };
	uint8_t rows[PORT_MAX * MR_ROW_BYTES];

	if (mriov_dev_rows(&b->base, &table, 0, b->n_ports, rows, e) < 0)
		return -1;
	for (unsigned i = 0; i < b->n_ports; i++)
		if (mriov_row_port(rows + (size_t)i * MR_ROW_BYTES,
		    b->row.number, i + 1, &b->ports[i], e) < 0)
			return -1;
	return 0;
}

static int
read_persona(const struct mriov_bay *b, unsigned index, struct personality *p,
    struct err *e)
{
	struct mriov_rows table = { MR_TABLE_PERSONALITY, MR_PERSONALITY_BYTES,
	    b->n_fns };
	uint8_t row[MR_PERSONALITY_BYTES];

	if (mriov_dev_rows(&b->base, &table, index, 1, row, e) < 0)
		return -1;
	return mriov_row_persona(row, p, e);
}

/* Row i of the function table; its personality only when it moved. */
static int
take_fn(struct mriov_bay *b, unsigned i, const uint8_t *row, bool fresh,
    struct err *e)
{
	struct fabric_fn seen;
	uint32_t change;

	if (mriov_row_fn(row, b->row.number, &seen, &change, e) < 0)
		return -1;
	if (!fresh && b->fns[i].id == seen.id && b->fn_changes[i] == change)
		seen.persona = b->fns[i].persona;
	else if (!seen.blank && read_persona(b, i, &seen.persona, e) < 0)
		return -1;
	b->fns[i] = seen;
	b->fn_changes[i] = change;
	return 0;
}

static int
compare_ids(const void *a, const void *b)
{
	fn_id x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return x < y ? -1 : x > y;
}

static int
need_distinct(const struct mriov_bay *b, struct err *e)
{
	fn_id *ids = xcalloc(b->n_fns + 1, sizeof(*ids));
	int rc = 0;

	for (unsigned i = 0; i < b->n_fns; i++)
		ids[i] = b->fns[i].id;
	qsort(ids, b->n_fns, sizeof(*ids), compare_ids);
	for (unsigned i = 1; i < b->n_fns && rc == 0; i++)
		if (ids[i] == ids[i - 1])
			rc = err_set(e, ERR_DEVICE,
			    "function 0x%08x is reported twice", ids[i]);
	free(ids);
	return rc;
}

static int
read_fns(struct mriov_bay *b, bool fresh, struct err *e)
{
	struct mriov_rows table = { MR_TABLE_FN, MR_ROW_BYTES, b->n_fns };
	uint8_t *rows = xcalloc(b->n_fns + 1, MR_ROW_BYTES);
	int rc = mriov_dev_rows(&b->base, &table, 0, b->n_fns, rows, e);

	for (unsigned i = 0; i < b->n_fns && rc == 0; i++)
		rc = take_fn(b, i, rows + (size_t)i * MR_ROW_BYTES, fresh, e);
	free(rows);
	return rc < 0 ? -1 : need_distinct(b, e);
}

static int
read_disks(struct mriov_bay *b, struct err *e)
{
	struct mriov_rows table = { MR_TABLE_DISK, MR_ROW_BYTES, b->n_disks };
	uint8_t *rows = xcalloc(b->n_disks + 1, MR_ROW_BYTES);
	int rc = mriov_dev_rows(&b->base, &table, 0, b->n_disks, rows, e);

	for (unsigned i = 0; i < b->n_disks && rc == 0; i++)
		rc = mriov_row_disk(rows + (size_t)i * MR_ROW_BYTES,
		    b->row.number, i, &b->disks[i], e);
	free(rows);
	return rc;
}

/* A module came: the tree of configuration space is read again first. */
static int
open_base(struct mriov_view *v, struct mriov_bay *b, struct err *e)
{
	uint16_t *rids = xcalloc(RIDS, sizeof(*rids));
	int n = cfg_list(v->cfg, rids, RIDS, e), found = 0;

	for (int i = 0; i < n && found == 0; i++)
		if (rids[i] == b->rid)
			found = mriov_dev_open(&b->base, v->cfg, b->rid,
			    MR_ROLE_BASE, e);
	free(rids);
	if (n < 0 || found < 0)
		return -1;
	return found ? 0 : err_set(e, ERR_DEVICE,
	    "bay %u names a base function that does not answer", b->row.number);
}

/* The size of its tables; *fresh when they are other ones than those we hold. */
static int
size_module(struct mriov_bay *b, bool *fresh, struct err *e)
{
	struct mriov_head h;

	if (mriov_dev_head(&b->base, &h, e) < 0)
		return -1;
	if (h.shape[3] != b->row.number || h.shape[2] > PORT_MAX)
		return err_set(e, ERR_DEVICE, "the base function of bay %u says "
		    "bay %u, %u ports", b->row.number, h.shape[3], h.shape[2]);
	b->n_ports = h.shape[2];
	if (b->fns == NULL || b->n_fns != h.shape[0] ||
	    b->n_disks != h.shape[1]) {
		*fresh = true;
		b->n_fns = h.shape[0];
		b->n_disks = h.shape[1];
		b->fns = xrealloc(b->fns, (b->n_fns + 1) * sizeof(*b->fns));
		b->fn_changes = xrealloc(b->fn_changes,
		    (b->n_fns + 1) * sizeof(*b->fn_changes));
		b->disks = xrealloc(b->disks,
		    (b->n_disks + 1) * sizeof(*b->disks));
	}
	return 0;
}

static int
read_module(struct mriov_view *v, struct mriov_bay *b, struct err *e)
{
	bool fresh = b->base.cfg == NULL;

	if (fresh && open_base(v, b, e) < 0)
		return -1;
	if (size_module(b, &fresh, e) < 0 || read_ports(b, e) < 0 ||
	    read_fns(b, fresh, e) < 0 || read_disks(b, e) < 0)
		return -1;
	return 0;
}

static bool
same_module(const struct mriov_bay *b, const struct fabric_bay *seen,
    uint16_t rid)
{
	return b->rid == rid && b->row.occupied == seen->occupied &&
	    b->row.power == seen->power &&
	    strcmp(b->row.serial, seen->serial) == 0;
}

static int
take_bay(struct mriov_view *v, unsigned number, const uint8_t *row,
    struct err *e)
{
	struct mriov_bay *b = &v->bays[number - 1];
	struct fabric_bay seen;
	uint16_t rid;

	if (mriov_row_bay(row, number, &seen, &rid, e) < 0)
		return -1;
	if (b->known && b->row.change == seen.change)
		return 0;
	if (!b->known || !same_module(b, &seen, rid))
		forget_module(b);
	b->known = false;
	b->row = seen;
	b->rid = rid;
	if (!seen.occupied || !seen.power)
		forget_module(b);
	else if (read_module(v, b, e) < 0) {
		forget_module(b);
		return err_wrap(e, "bay %u", number);
	}
	b->known = true;
	return 0;
}

static int
read_bays(struct mriov_view *v, struct mriov_span span, struct err *e)
{
	struct mriov_rows table = { MR_TABLE_BAY, MR_ROW_BYTES, v->n_bays };
	uint8_t rows[BAY_MAX * MR_ROW_BYTES];

	cut(&span, v->n_bays);
	if (mriov_dev_rows(&v->sw, &table, span.first - 1, span.n, rows, e) < 0)
		return -1;
	for (unsigned i = 0; i < span.n; i++)
		if (take_bay(v, span.first + i,
		    rows + (size_t)i * MR_ROW_BYTES, e) < 0)
			return -1;
	return 0;
}

/* ---- reading what moved ------------------------------------------------ */

static int
read_once(struct mriov_view *v, struct mriov_span slots, struct mriov_span bays,
    struct err *e)
{
	if (read_slots(v, slots, e) < 0)
		return -1;
	return read_bays(v, bays, e);
}

int
mriov_view_read(struct mriov_view *v, struct mriov_span slots,
    struct mriov_span bays, struct err *e)
{
	for (unsigned tries = 0; tries <= MRIOV_RETRIES; tries++) {
		uint32_t after;
		struct err later;
		int rc;

		if (mriov_view_head(v, e) < 0)
			return -1;
		rc = read_once(v, slots, bays, e);
		if (mriov_dev_get(&v->sw, MR_CHANGE, &after, &later) < 0) {
			*e = later;
			return -1;
		}
		/* What failed on a switch that stood still would fail again. */
		if (after == v->head.change)
			return rc;
	}
	return err_set(e, ERR_DEVICE, "the switch kept changing while it was "
	    "read, %d times", MRIOV_RETRIES + 1);
}

int
mriov_view_bridge(const struct mriov_view *v, unsigned slot, unsigned bridge,
    struct fabric_bridge *out, struct err *e)
{
	struct mriov_rows table = bridge_rows(v);
	uint8_t row[MR_ROW_BYTES];

	if (slot > v->n_slots)
		return absent("slot", slot, e);
	if (bridge >= v->n_bridges)
		return absent("bridge", bridge, e);
	if (mriov_dev_rows(&v->sw, &table, (slot - 1) * v->n_bridges + bridge, 1,
	    row, e) < 0)
		return -1;
	return mriov_row_bridge(row, slot, bridge, out, e);
}

static bool
holds(const struct fabric_bridge *b, fn_id fn)
{
	for (unsigned i = 0; i < b->n; i++)
		if (b->fn[i] == fn)
			return true;
	return false;
}

static bool
holds_rival(const struct fabric_bridge *b, fn_id fn)
{
	for (unsigned i = 0; i < b->n; i++)
		if (b->fn[i] != fn && fn_bay(b->fn[i]) == fn_bay(fn) &&
		    fn_port(b->fn[i]) == fn_port(fn) &&
		    (fn_type(fn) == FN_PF || fn_type(b->fn[i]) == FN_PF))
			return true;
	return false;
}

static const struct fabric_bridge *
find_other(const struct mriov_view *v,
    bool (*match)(const struct fabric_bridge *, fn_id), fn_id fn,
    unsigned slot, unsigned bridge)
{
	for (unsigned s = 0; s < v->n_slots; s++)
		for (unsigned i = 0; i < v->n_bridges; i++) {
			const struct fabric_bridge *b = &v->slots[s].bridges[i];

			if (match(b, fn) &&
			    (b->slot != slot || b->bridge != bridge))
				return b;
		}
	return NULL;
}

const struct fabric_bridge *
mriov_view_elsewhere(const struct mriov_view *v, fn_id fn, unsigned slot,
    unsigned bridge)
{
	return find_other(v, holds, fn, slot, bridge);
}

const struct fabric_bridge *
mriov_view_rival(const struct mriov_view *v, fn_id fn, unsigned slot,
    unsigned bridge)
{
	return find_other(v, holds_rival, fn, slot, bridge);
}

int
mriov_view_module(struct mriov_view *v, unsigned bay,
    const struct mriov_bay **out, struct err *e)
{
	if (mriov_view_read(v, MRIOV_NO, (struct mriov_span){ bay, 1 }, e) < 0)
		return -1;
	if (bay > v->n_bays || v->bays[bay - 1].base.cfg == NULL)
		return absent("module of bay", bay, e);
	*out = &v->bays[bay - 1];
	return 0;
}

static int
find_fn(const struct mriov_bay *b, fn_id fn)
{
	for (unsigned i = 0; i < b->n_fns; i++)
		if (b->fns[i].id == fn)
			return (int)i;
	return -1;
}

static int
read_fn_row(const struct mriov_bay *b, unsigned index, fn_id fn,
    struct fabric_fn *out, uint32_t *change, struct err *e)
{
	struct mriov_rows table = { MR_TABLE_FN, MR_ROW_BYTES, b->n_fns };
	uint8_t row[MR_ROW_BYTES];

	if (mriov_dev_rows(&b->base, &table, index, 1, row, e) < 0 ||
	    mriov_row_fn(row, b->row.number, out, change, e) < 0)
		return -1;
	if (out->id != fn)
		return err_set(e, ERR_DEVICE, "the functions moved in their table");
	return 0;
}

/* Row, personality, row again: both are of one moment when it did not move. */
static int
read_fn(const struct mriov_bay *b, unsigned index, fn_id fn,
    struct fabric_fn *out, struct err *e)
{
	for (unsigned tries = 0; tries <= MRIOV_RETRIES; tries++) {
		struct fabric_fn seen, again;
		uint32_t before, after;

		if (read_fn_row(b, index, fn, &seen, &before, e) < 0 ||
		    read_persona(b, index, &seen.persona, e) < 0 ||
		    read_fn_row(b, index, fn, &again, &after, e) < 0)
			return -1;
		if (before == after) {
			*out = seen;
			return 0;
		}
	}
	return err_set(e, ERR_DEVICE, "the function kept changing");
}

int
mriov_view_fn(struct mriov_view *v, fn_id fn, const struct mriov_dev **dev,
    struct fabric_fn *out, struct err *e)
{
	const struct mriov_bay *b;
	char text[FN_TEXT];
	int index;

	if (mriov_view_module(v, fn_bay(fn), &b, e) < 0)
		return -1;
	index = find_fn(b, fn);
	if (index < 0) {
		mriov_dev_refused(FERR_ABSENT, e);
		return err_wrap(e, "%s", fn_text(fn, text));
	}
	if (read_fn(b, (unsigned)index, fn, out, e) < 0)
		return err_wrap(e, "%s", fn_text(fn, text));
	*dev = &b->base;
	return 0;
}
