/* mriov_tell.c -- see mriov_tell.h. */
#include <string.h>

#include "switchmgr/mriov_tell.h"

void
mriov_tell_caps(const struct mriov_view *v, struct fabric_switch *sw)
{
	const struct mriov_head *h = &v->head;

	memset(sw, 0, sizeof(*sw));
	sw->model = (uint16_t)h->model;
	sw->slots = h->shape[0];
	sw->bays = h->shape[1];
	sw->bridges = h->shape[2];
	sw->parallel = h->shape[3];
	sw->release_ms = h->release_ms;
	sw->change = h->change;
	sw->boots = h->boots;
	sw->term = h->term;
}

static void
tell_switch(const struct mriov_view *v, fabric_sink *sink, void *cookie)
{
	struct fabric_record r = { .kind = REC_SWITCH };

	mriov_tell_caps(v, &r.u.sw);
	sink(cookie, &r);
}

static void
tell_slot(const struct mriov_view *v, unsigned number,
    fabric_sink *sink, void *cookie)
{
	const struct mriov_slot *s = &v->slots[number - 1];
	struct fabric_record r = { .kind = REC_SLOT, .u.slot = s->row };

	sink(cookie, &r);
	for (unsigned i = 0; i < v->n_bridges; i++) {
		const struct fabric_bridge *b = &s->bridges[i];

		if (b->state == BRIDGE_EMPTY && b->op == 0)
			continue;
		r = (struct fabric_record){ .kind = REC_BRIDGE, .u.bridge = *b };
		sink(cookie, &r);
	}
}

static void
tell_bay(const struct mriov_view *v, unsigned number,
    fabric_sink *sink, void *cookie)
{
	const struct mriov_bay *b = &v->bays[number - 1];
	struct fabric_record r = { .kind = REC_BAY, .u.bay = b->row };

	sink(cookie, &r);
	for (unsigned i = 0; i < b->n_ports; i++) {
		r = (struct fabric_record){ .kind = REC_PORT,
		    .u.port = b->ports[i] };
		sink(cookie, &r);
	}
	for (unsigned i = 0; i < b->n_fns; i++) {
		r = (struct fabric_record){ .kind = REC_FN, .u.fn = b->fns[i] };
		sink(cookie, &r);
	}
	for (unsigned i = 0; i < b->n_disks; i++) {
		if (b->disks[i].state == DISK_ABSENT && b->disks[i].op == 0)
			continue;
		r = (struct fabric_record){ .kind = REC_DISK,
		    .u.disk = b->disks[i] };
		sink(cookie, &r);
	}
}

static int
tell_fn(struct mriov_view *v, fn_id id, fabric_sink *sink, void *cookie,
    struct err *e)
{
	struct fabric_record r = { .kind = REC_FN };
	const struct mriov_dev *dev;

	if (mriov_view_fn(v, id, &dev, &r.u.fn, e) < 0)
		return -1;
	sink(cookie, &r);
	return 0;
}

/* What a scope reads of slots and of bays. */
static int
read_scope(struct mriov_view *v, enum fabric_scope scope, unsigned number,
    struct err *e)
{
	struct mriov_span one = { number, 1 };

	if (scope == SCOPE_ALL)
		return mriov_view_read(v, MRIOV_EVERY, MRIOV_EVERY, e);
	if (mriov_view_read(v, scope == SCOPE_SLOT ? one : MRIOV_NO,
	    scope == SCOPE_BAY ? one : MRIOV_NO, e) < 0)
		return -1;
	if (number <= (scope == SCOPE_SLOT ? v->n_slots : v->n_bays))
		return 0;
	mriov_dev_refused(FERR_ABSENT, e);
	return err_wrap(e, "%s %u", scope == SCOPE_SLOT ? "slot" : "bay", number);
}

int
mriov_tell(struct mriov_view *v, enum fabric_scope scope, uint32_t number,
    fabric_sink *sink, void *cookie, struct err *e)
{
	bool all = scope == SCOPE_ALL;

	if (scope == SCOPE_FN)
		return tell_fn(v, number, sink, cookie, e);
	if (read_scope(v, scope, number, e) < 0)
		return -1;
	tell_switch(v, sink, cookie);
	for (unsigned i = 1; i <= v->n_slots; i++)
		if (all || (scope == SCOPE_SLOT && i == number))
			tell_slot(v, i, sink, cookie);
	for (unsigned i = 1; i <= v->n_bays; i++)
		if (all || (scope == SCOPE_BAY && i == number))
			tell_bay(v, i, sink, cookie);
	return 0;
}
