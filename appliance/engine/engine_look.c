/*
 * engine_look.c -- events are hints, looking is the truth.
 *
 * An event names a slot, a bay or a function; that is observed again.  After a
 * resync event, at the start, after an absence and every ten seconds all of it
 * is.
 */
#include <string.h>

#include "appliance/engine/engine_int.h"
#include "base/log.h"

enum {
	LOOK_ALL_MS = 10000,
	CONFIRM_MS = 1000,	/* how often an unchanged view gets a new time */
	WATCH_MS = 5,		/* between looks for events while verbs pend */
	EVENTS_AT_ONCE = 64,	/* of one turn; the rest waits for the next */
	MARKS = SLOT_MAX / 64 + 1,
	MARKED_FNS = 64,
};

/* What is to be observed again. */
struct marks {
	uint64_t slots[MARKS], bays[MARKS];
	fn_id fns[MARKED_FNS];
	size_t n_fns;
};

static void
mark(uint64_t *set, unsigned n)
{
	set[n / 64] |= UINT64_C(1) << n % 64;
}

static bool
marked(const uint64_t *set, unsigned n)
{
	return set[n / 64] >> n % 64 & 1;
}

static bool
marked_fn(const struct marks *m, fn_id fn)
{
	for (size_t i = 0; i < m->n_fns; i++)
		if (m->fns[i] == fn)
			return true;
	return marked(m->bays, fn_bay(fn));
}

/* One by one while they are few; else their bay. */
static void
mark_fn(struct marks *m, fn_id fn)
{
	if (fn == 0 || marked_fn(m, fn))
		return;
	if (m->n_fns < MARKED_FNS)
		m->fns[m->n_fns++] = fn;
	else
		mark(m->bays, fn_bay(fn));
}

/* One scope into a copy, so that a failure leaves what was seen. */
static int
look_at(struct engine *e, struct fabric *fabric, enum fabric_scope scope,
    uint32_t number, struct err *err)
{
	struct view *v = view_copy(e->view);

	view_begin(v, scope, number);
	if (fabric_observe(fabric, scope, number, view_take, v, err) < 0 ||
	    view_end(v, err) < 0) {
		view_free(v);
		return -1;
	}
	view_free(e->view);
	e->view = v;
	/* Functions are counted with their bay, which was not read. */
	e->fresh = e->fresh || scope == SCOPE_FN;
	return 0;
}

static int
look_marked(struct engine *e, struct fabric *fabric, const struct marks *m,
    struct err *err)
{
	for (unsigned i = 1; i <= e->view->sw.slots; i++)
		if (marked(m->slots, i) &&
		    look_at(e, fabric, SCOPE_SLOT, i, err) < 0)
			return -1;
	for (unsigned i = 1; i <= e->view->sw.bays; i++)
		if (marked(m->bays, i) &&
		    look_at(e, fabric, SCOPE_BAY, i, err) < 0)
			return -1;
	for (size_t i = 0; i < m->n_fns; i++)
		if (view_fn(e->view, m->fns[i]) != NULL &&
		    look_at(e, fabric, SCOPE_FN, m->fns[i], err) < 0)
			return -1;
	return 0;
}

static void
note(struct engine *e, struct marks *m, const struct fabric_event *ev)
{
	switch ((enum fabric_event_kind)ev->kind) {
	case FEV_NONE:
		break;
	case FEV_RESYNC:
		e->resync = true;
		break;
	case FEV_SLOT:
	case FEV_BRIDGE:
		if (ev->slot <= SLOT_MAX)
			mark(m->slots, ev->slot);
		break;
	case FEV_FN:
		mark_fn(m, ev->fn);
		break;
	case FEV_BAY:
	case FEV_PORT:
	case FEV_DISK:
		if (ev->bay <= BAY_MAX)
			mark(m->bays, ev->bay);
		break;
	}
}

static int
take_events(struct engine *e, struct fabric *fabric, struct marks *m,
    struct err *err)
{
	for (int i = 0; i < EVENTS_AT_ONCE; i++) {
		struct fabric_event ev;
		int got = fabric_next_event(fabric, &ev, err);

		if (got <= 0)
			return got;
		note(e, m, &ev);
	}
	e->poll_ms = e->now_ms;		/* there may be more */
	return 0;
}

/* Whoever waits there asks at once; while somebody waits, events are watched. */
static void
watch(struct engine *e, const struct marks *m)
{
	for (size_t i = 0; i < ENGINE_FLIGHTS; i++) {
		struct flight *f = &e->flights[i];

		if (f->state != FLIGHT_PENDING)
			continue;
		if (e->resync || marked(m->slots, f->slot) ||
		    (f->fn != 0 && marked_fn(m, f->fn)))
			f->poll_ms = e->now_ms;
		if (e->poll_ms > e->now_ms + WATCH_MS)
			e->poll_ms = e->now_ms + WATCH_MS;
	}
}

static int
look_all(struct engine *e, struct fabric *fabric, struct err *err)
{
	uint32_t boots = e->view->sw.boots;

	if (look_at(e, fabric, SCOPE_ALL, 0, err) < 0)
		return -1;
	if (e->seen && e->view->sw.boots != boots)
		log_warn("engine", "the switch was power-cycled boots=%u",
		    e->view->sw.boots);
	e->seen = true;
	e->resync = false;
	e->looked_ms = e->now_ms;
	e->observe_ms = e->now_ms + LOOK_ALL_MS;
	return 0;
}

int
engine_look(struct engine *e, struct fabric *fabric, struct err *err)
{
	struct marks m;

	memset(&m, 0, sizeof(m));
	if (take_events(e, fabric, &m, err) < 0)
		return -1;
	watch(e, &m);
	if (!e->seen || e->resync || e->now_ms >= e->observe_ms)
		return look_all(e, fabric, err);
	return look_marked(e, fabric, &m, err);
}

int
engine_look_at(struct engine *e, struct fabric *fabric, const uint32_t *slots,
    size_t n_slots, const struct step *steps, size_t n, struct err *err)
{
	struct marks m;

	memset(&m, 0, sizeof(m));
	for (size_t i = 0; i < n_slots; i++)
		mark(m.slots, slots[i] <= SLOT_MAX ? slots[i] : 0);
	for (size_t i = 0; i < n; i++) {
		mark(m.slots, steps[i].slot <= SLOT_MAX ? steps[i].slot : 0);
		mark_fn(&m, steps[i].fn);
		if (steps[i].verb == STEP_DISK_MAKE ||
		    steps[i].verb == STEP_DISK_DESTROY ||
		    steps[i].verb == STEP_BAY_CTL)
			mark(m.bays, steps[i].arg1 <= BAY_MAX ?
			    steps[i].arg1 : 0);
	}
	if (look_marked(e, fabric, &m, err) < 0)
		return -1;
	engine_show(e, VIEW_OK);
	return 0;
}

void
engine_show(struct engine *e, enum view_state state)
{
	const struct view *shown = view_hold(e->config.views);
	bool same;

	e->view->state = state;
	same = view_equal(shown, e->view) && !e->fresh;
	e->fresh = false;
	if (!same)
		e->view->number = ++e->next_number;
	if (state == VIEW_OK)
		e->view->at_ms = e->wall_ms;
	if (!same || (state == VIEW_OK &&
	    e->wall_ms - shown->at_ms >= CONFIRM_MS))
		view_publish(e->config.views, view_copy(e->view));
	view_drop(e->config.views, shown);
}
