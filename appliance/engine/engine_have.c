/* engine_have.c -- what is there and what is wanted, as the plan wants it. */
#include <stdio.h>
#include <string.h>

#include "appliance/engine/engine_doom.h"
#include "appliance/engine/engine_int.h"

struct gather {
	struct arena *arena;
	const struct view *view;
	struct have *have;
	size_t n, cap;
};

static bool
has_slot(const uint32_t *slots, size_t n, uint32_t slot)
{
	for (size_t i = 0; i < n; i++)
		if (slots[i] == slot)
			return true;
	return false;
}

static const struct binding *
binding_of(const struct binding *b, size_t n, fn_id fn)
{
	for (size_t i = 0; i < n; i++)
		if (b[i].fn == fn)
			return &b[i];
	return NULL;
}

static bool
known(const struct gather *g, fn_id fn)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->have[i].fn == fn)
			return true;
	return false;
}

/* A release took it away and hangs: it counts as there until another one has
 * ended that, which gives back the verb's place in the switch. */
static bool
is_leaving(const struct view *view, const struct binding *row)
{
	const struct fabric_bridge *b = view_bridge(view, row->slot,
	    row->bridge);

	return b != NULL && b->n == 0 && b->state == BRIDGE_RELEASING;
}

/* One function as the view has it.  `row` may be NULL.  Planned is only when no
 * job is at work there: what is still under way then hangs. */
static void
add_have(struct gather *g, fn_id fn, const struct binding *row)
{
	const struct fabric_fn *f = view_fn(g->view, fn);
	const struct fabric_bridge *at = row == NULL ?
	    view_where(g->view, fn) :
	    view_place(g->view, fn, row->slot, row->bridge);
	struct have h = { .fn = fn, .settled = true, .blank = true };

	if (known(g, fn))
		return;
	if (f != NULL) {
		h.present = true;
		h.blank = f->blank;
		h.persona = f->persona;
		h.hangs = f->state == FNS_PREPARING ||
		    f->state == FNS_SCRUBBING;
	}
	if (at != NULL) {
		while (h.at + 1 < at->n && at->fn[h.at] != fn)
			h.at++;
		h.n_at = at->n;
		h.slot = at->slot;
		h.bridge = at->bridge;
		h.lost = at->state != BRIDGE_BOUND || !at->presence;
		h.settled = !h.lost;
	} else if (row != NULL && is_leaving(g->view, row)) {
		h.slot = row->slot;
		h.bridge = row->bridge;
		h.lost = true;
		h.settled = false;
	}
	/* Nobody knows whose, without a row. */
	h.traces = row != NULL ? row->slot : h.blank || at != NULL ? 0 :
	    UINT32_MAX;
	if (row != NULL)
		snprintf(h.device, sizeof(h.device), "%s", row->device);
	ARENA_PUSH(g->arena, g->have, g->n, g->cap) = h;
}

/*
 * Ours are the functions that a binding row names and that are behind one of
 * these slots, by row or by sight, and the wanted ones, unless somebody else put
 * them behind a bridge that is neither wanted nor in our rows.
 */
static bool
somebody_elses(const struct gather *g, const struct want *w,
    const struct binding *rows, size_t n_rows)
{
	for (uint32_t k = 0; k <= w->n_more; k++) {
		fn_id fn = fn_beside(w->fn, k);
		const struct fabric_bridge *at = view_place(g->view, fn,
		    w->slot, w->bridge);
		const struct binding *row = binding_of(rows, n_rows, fn);

		if (at == NULL || (at->slot == w->slot &&
		    at->bridge == w->bridge))
			continue;
		if (row == NULL || row->slot != at->slot ||
		    row->bridge != at->bridge)
			return true;
	}
	return false;
}

/* Who left it: a card that was pulled and put in again keeps what it was. */
static bool
carries(const struct fabric_fn *f, const struct personality *p)
{
	if (f == NULL || f->persona.kind != p->kind)
		return false;
	return (p->kind == PERSONA_NIC && p->mac != 0 &&
	    f->persona.mac == p->mac) || (p->kind == PERSONA_FC &&
	    p->wwpn != 0 && f->persona.wwpn == p->wwpn);
}

/* An address is wiped from wherever else it was left before it is given again;
 * true when that has to be waited for: the bridge of another slot still lists
 * it (engine_bay.c). */
static bool
is_left_elsewhere(struct gather *g, const struct want *w,
    const struct binding *rows, size_t n_rows)
{
	bool waits = false;

	for (size_t i = 0; i < g->view->n_loose; i++) {
		fn_id fn = g->view->loose[i];

		if (fn == w->fn || binding_of(rows, n_rows, fn) != NULL ||
		    !carries(view_fn(g->view, fn), &w->persona))
			continue;
		if (view_where(g->view, fn) != NULL)
			waits = true;
		else
			add_have(g, fn, NULL);
	}
	return waits;
}

static void
gather_rows(struct gather *g, const struct binding *rows, size_t n_rows,
    const uint32_t *slots, size_t n_slots)
{
	for (size_t i = 0; i < n_rows; i++)
		if (has_slot(slots, n_slots, rows[i].slot))
			add_have(g, rows[i].fn, &rows[i]);
}

static void
add_disks(struct gather *g, struct plan_in *in)
{
	struct want_disk *disks = arena_array(g->arena, g->view->n_disks + 1,
	    sizeof(*disks));

	for (size_t i = 0; i < g->view->n_disks; i++) {
		const struct fabric_disk *d = &g->view->disks[i];

		if (d->state == DISK_ABSENT)
			continue;
		disks[in->n_disks++] = (struct want_disk){ .bay = d->bay,
			.number = d->number, .raid = d->raid, .mib = d->mib };
	}
	in->disks = disks;
}

static int
add_slots(struct store *store, struct gather *g, const uint32_t *slots,
    size_t n_slots, struct plan_in *in, struct err *err)
{
	uint32_t *silent = arena_array(g->arena, n_slots + 1, sizeof(*silent));

	in->slots = arena_array(g->arena, n_slots + 1, sizeof(*in->slots));
	in->silent = silent;
	for (size_t i = 0; i < n_slots; i++) {
		const struct fabric_slot *seen = view_slot(g->view, slots[i]);
		struct slot *wanted;

		if (seen == NULL)
			continue;
		if (slot_load(store, g->arena, slots[i], &wanted, err) < 0)
			return -1;
		in->slots[in->n_slots++] = (struct plan_slot){
			.slot = slots[i],
			.enabled_now = seen->enabled != 0,
			.enabled_wanted = wanted->admin != SLOT_DISABLED,
		};
		/* Without power or link nobody would acknowledge. */
		if (!seen->link || seen->power == 1 || !seen->enabled)
			silent[in->n_silent++] = slots[i];
	}
	return 0;
}

static bool
wants_port(const struct plan_in *in, const struct port *p)
{
	for (size_t i = 0; i < in->n_want; i++)
		if (fn_bay(in->want[i].fn) == p->at.bay &&
		    fn_port(in->want[i].fn) == p->at.port)
			return true;
	return false;
}

bool
engine_have_port(const struct view *view, const struct port *p,
    struct plan_port *out)
{
	const struct fabric_port *seen = view_port(view, p->at.bay,
	    p->at.port);
	const struct capability *cap = view_capability(view, p->at.bay);

	if (seen == NULL || cap == NULL ||
	    (cap->forwarding & 1U << p->forwarding) == 0)
		return false;
	*out = (struct plan_port){ .bay = p->at.bay, .port = p->at.port,
		.now = seen->forwarding, .wanted = p->forwarding };
	return true;
}

/* Only ports that somebody said something about. */
static int
add_ports(struct store *store, struct gather *g, struct plan_in *in,
    struct err *err)
{
	struct port *rows;
	size_t n;

	if (in->n_want == 0)
		return 0;
	if (port_list(store, g->arena, &rows, &n, err) < 0)
		return -1;
	in->ports = arena_array(g->arena, n + 1, sizeof(*in->ports));
	for (size_t i = 0; i < n; i++)
		if (wants_port(in, &rows[i]) && engine_have_port(g->view,
		    &rows[i], &in->ports[in->n_ports]))
			in->n_ports++;
	return 0;
}

static bool
has_bay(const struct plan_in *in, uint32_t bay)
{
	for (size_t i = 0; i < in->n_want; i++)
		if (fn_bay(in->want[i].fn) == bay)
			return true;
	for (size_t i = 0; i < in->n_have; i++)
		if (fn_bay(in->have[i].fn) == bay)
			return true;
	return false;
}

bool
engine_have_bay(const struct view *view, const struct bay *b,
    struct plan_bay *out)
{
	const struct fabric_bay *seen = view_bay(view, b->number);

	if (seen == NULL)
		return false;
	/* An empty bay has no power that could be switched. */
	*out = (struct plan_bay){ .bay = b->number,
		.on_now = seen->occupied ? seen->power != 0 :
		b->power == BAY_ON, .on_wanted = b->power == BAY_ON,
		.serviced = b->service != SERVICE_NONE };
	return true;
}

static int
add_bays(struct store *store, struct gather *g, struct plan_in *in,
    struct err *err)
{
	struct bay *rows;
	size_t n;

	if (bay_list(store, g->arena, &rows, &n, err) < 0)
		return -1;
	in->bays = arena_array(g->arena, n + 1, sizeof(*in->bays));
	for (size_t i = 0; i < n; i++)
		if (has_bay(in, rows[i].number) && engine_have_bay(g->view,
		    &rows[i], &in->bays[in->n_bays]))
			in->n_bays++;
	return 0;
}

int
engine_have(struct store *store, struct arena *a, const struct view *view,
    const uint32_t *slots, size_t n_slots, const struct want *want,
    size_t n_want, struct plan_in *in, struct err *err)
{
	struct gather g = { .arena = a, .view = view };
	struct want *ours = arena_array(a, n_want + 1, sizeof(*ours));
	struct binding *rows;
	size_t n_rows;

	memset(in, 0, sizeof(*in));
	if (binding_list(store, a, &rows, &n_rows, err) < 0)
		return -1;
	gather_rows(&g, rows, n_rows, slots, n_slots);
	for (size_t i = 0; i < n_want; i++) {
		if (somebody_elses(&g, &want[i], rows, n_rows) ||
		    is_left_elsewhere(&g, &want[i], rows, n_rows))
			continue;
		for (uint32_t k = 0; k <= want[i].n_more; k++) {
			fn_id fn = fn_beside(want[i].fn, k);

			add_have(&g, fn, binding_of(rows, n_rows, fn));
		}
		ours[in->n_want++] = want[i];
	}
	in->want = ours;
	in->have = g.have;
	in->n_have = g.n;
	add_disks(&g, in);
	if (add_ports(store, &g, in, err) < 0 ||
	    add_bays(store, &g, in, err) < 0)
		return -1;
	return add_slots(store, &g, slots, n_slots, in, err);
}

int
engine_have_wants(struct store *store, struct arena *a,
    const struct view *view, const uint32_t *slots, size_t n_slots,
    struct want **out, size_t *n, struct err *err)
{
	struct want *all = NULL;
	size_t n_all = 0, cap = 0;

	for (size_t i = 0; i < n_slots; i++) {
		struct profile *p;
		struct want *some;
		size_t n_some;

		if (profile_at_slot(store, a, slots[i], &p, err) < 0)
			return -1;
		if (p == NULL)
			continue;
		want_of_profile(a, view, p, &some, &n_some);
		for (size_t k = 0; k < n_some; k++)
			ARENA_PUSH(a, all, n_all, cap) = some[k];
	}
	*out = all;
	*n = n_all;
	return 0;
}

/* ---- another module in the bay ---- */

bool
engine_have_other(const struct view *view, const struct module *wanted)
{
	const struct fabric_bay *seen = view_bay(view, wanted->bay);

	if (wanted->bay == 0 || seen == NULL || !seen->occupied)
		return false;
	return wanted->vendor != seen->vendor ||
	    wanted->device != seen->device || (wanted->serial[0] != '\0' &&
	    seen->serial[0] != '\0' &&
	    strcmp(wanted->serial, seen->serial) != 0);
}

int
engine_have_strange(struct store *store, const struct view *view, unsigned bay,
    bool *strange, struct err *err)
{
	char accepted[MODULE_TEXT], seen[MODULE_TEXT];
	struct module wanted;

	*strange = false;
	if (module_load(store, bay, &wanted, err) < 0)
		return -1;
	*strange = engine_have_other(view, &wanted);
	if (!*strange)
		return 0;
	if (bay_accepted(store, bay, accepted, err) < 0)
		return -1;
	*strange = strcmp(accepted, engine_module_text(view_bay(view, bay),
	    seen)) != 0;
	return 0;
}

/* A disk of it is gone: what still is there of it stays as it is. */
static bool
lacks_disk(const struct view *view, const struct want *w)
{
	for (size_t i = 0; i < w->n_disks; i++) {
		const struct fabric_disk *d = view_disk(view, w->disks[i].bay,
		    w->disks[i].number);

		if (d == NULL || d->state == DISK_ABSENT)
			return true;
	}
	return false;
}

/* Disks that the job makes, and those that it destroys when it goes forward. */
static int
add_job_disks(struct store *store, struct arena *a, int64_t id,
    struct plan_in *in, struct err *err)
{
	struct want_disk *making, *doomed;
	struct step *steps;
	struct job *job;
	size_t n;

	if (job_load(store, a, id, &job, err) < 0 ||
	    step_list(store, a, id, &steps, &n, err) < 0)
		return -1;
	in->making = making = arena_array(a, n + 1, sizeof(*making));
	for (size_t i = 0; i < n; i++)
		if (steps[i].verb == STEP_DISK_MAKE)
			making[in->n_making++] = (struct want_disk){
				.bay = (uint16_t)steps[i].arg1,
				.number = (uint16_t)steps[i].arg2 };
	if (job->state == JOB_ROLLING_BACK)
		return 0;
	if (engine_doom_list(store, a, steps, n, &doomed, &in->n_doomed,
	    err) < 0)
		return -1;
	in->doomed = doomed;
	return 0;
}

static bool
is_wanted(const struct plan_in *in, fn_id fn)
{
	uint32_t k;

	for (size_t i = 0; i < in->n_want; i++)
		if (want_has(&in->want[i], fn, &k))
			return true;
	return false;
}

/* Nothing is healed on a module that nobody placed anything on, nor what shall
 * be there while its bay is serviced, nor over data that is lost. */
static int
is_left_alone(struct store *store, const struct view *view,
    const struct plan_in *in, fn_id fn, bool *alone, struct err *err)
{
	if (engine_have_strange(store, view, fn_bay(fn), alone, err) < 0)
		return -1;
	for (size_t i = 0; i < in->n_bays && !*alone; i++)
		*alone = in->bays[i].bay == fn_bay(fn) &&
		    in->bays[i].serviced && in->bays[i].on_wanted &&
		    is_wanted(in, fn);
	for (size_t i = 0; i < in->n_want && !*alone; i++)
		*alone = in->want[i].fn == fn &&
		    lacks_disk(view, &in->want[i]);
	return 0;
}

static int
leave_alone(struct store *store, struct arena *a, const struct view *view,
    struct plan_in *in, struct err *err)
{
	struct want *want = arena_array(a, in->n_want + 1, sizeof(*want));
	struct have *have = arena_array(a, in->n_have + 1, sizeof(*have));
	size_t n_want = 0, n_have = 0;
	bool alone;

	for (size_t i = 0; i < in->n_want; i++) {
		if (is_left_alone(store, view, in, in->want[i].fn, &alone,
		    err) < 0)
			return -1;
		if (!alone)
			want[n_want++] = in->want[i];
	}
	for (size_t i = 0; i < in->n_have; i++) {
		if (is_left_alone(store, view, in, in->have[i].fn, &alone,
		    err) < 0)
			return -1;
		if (!alone)
			have[n_have++] = in->have[i];
	}
	in->want = want;
	in->n_want = n_want;
	in->have = have;
	in->n_have = n_have;
	return 0;
}

/* What another job holds is that job's work; what is left then is healed. */
static int
leave_held(struct store *store, int64_t job, struct step *steps, size_t *n,
    bool *held, struct err *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++) {
		char key[FN_TEXT];
		int64_t holder = 0;

		if (steps[i].fn != 0 && hold_find(store, HOLD_FN,
		    fn_text(steps[i].fn, key), &holder, err) < 0)
			return -1;
		if (holder == 0 || holder == job)
			steps[kept++] = steps[i];
	}
	*held = *held || kept < *n;
	*n = kept;
	return 0;
}

int
engine_have_plan(struct store *store, struct arena *a, const struct view *view,
    const uint32_t *slots, size_t n_slots, const struct cause *cause,
    struct step **steps, size_t *n, bool *held, struct err *err)
{
	struct plan_in in;
	struct want *want;
	size_t n_want;

	if (engine_have_wants(store, a, view, slots, n_slots, &want, &n_want,
	    err) < 0 || engine_have(store, a, view, slots, n_slots, want,
	    n_want, &in, err) < 0)
		return -1;
	if (cause->job == 0 ? leave_alone(store, a, view, &in, err) < 0 :
	    add_job_disks(store, a, cause->job, &in, err) < 0)
		return -1;
	if (engine_hand_leave(store, a, view, cause, want, n_want, &in,
	    err) < 0)
		return -1;
	plan_make(a, &in, steps, n);
	return leave_held(store, cause->job, *steps, n, held, err);
}
