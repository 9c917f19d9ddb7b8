/*
 * engine_job.c -- issues the steps that the journal intends.
 *
 * What is in state intent in the journal is issued, or asked after with the same
 * tag when it was issued already, by us or by a predecessor: a repeated tag is
 * not obeyed twice.  When every intent of a job has ended, one entry takes the
 * results to the journal (engine_commit.c), and the next turn finds what it
 * intends then.
 */
#include <string.h>

#include "appliance/engine/engine_doom.h"
#include "appliance/engine/engine_int.h"
#include "base/log.h"

/* Between two questions after a pending verb, unless an event says that
 * something happened there (engine_look.c). */
enum { GAP_FIRST_MS = 1, GAP_LAST_MS = 250 };

/* A job in this turn. */
struct turn {
	struct engine *e;
	struct store *store;
	struct fabric *fabric;
	struct arena *arena;
	const struct job *job;
	struct step *steps;
	size_t n;
	struct want *want;
	size_t n_want;
	uint32_t *slots, *off;		/* off: of them, switched off */
	size_t n_slots, n_off;
};

static struct flight *
flight_of(struct engine *e, const struct step *s)
{
	for (size_t i = 0; i < ENGINE_FLIGHTS; i++) {
		struct flight *f = &e->flights[i];

		if (f->state != FLIGHT_FREE && f->job == s->job &&
		    f->seq == s->seq && f->op == s->op)
			return f;
	}
	return NULL;
}

static size_t
in_flight(const struct engine *e)
{
	size_t n = 0;

	for (size_t i = 0; i < ENGINE_FLIGHTS; i++)
		n += e->flights[i].state == FLIGHT_PENDING;
	return n;
}

static struct flight *
take_off(struct engine *e, const struct step *s)
{
	for (size_t i = 0; i < ENGINE_FLIGHTS; i++) {
		struct flight *f = &e->flights[i];

		if (f->state != FLIGHT_FREE)
			continue;
		*f = (struct flight){ .job = s->job, .seq = s->seq,
			.op = s->op, .slot = s->slot, .fn = s->fn,
			.state = FLIGHT_PENDING,
			.gap_ms = GAP_FIRST_MS, .poll_ms = e->now_ms,
			.started_ms = e->wall_ms,
			.deadline_ms = e->now_ms + STEP_DEADLINE_MS +
			    e->view->sw.release_ms };
		return f;
	}
	return NULL;
}

static const struct want *
want_of(const struct turn *t, const struct step *s)
{
	for (size_t i = 0; i < t->n_want; i++)
		if (t->want[i].fn == s->fn &&
		    strcmp(t->want[i].device, s->device) == 0)
			return &t->want[i];
	return NULL;
}

/* The operation that a release becomes when the server does not answer. */
static uint64_t
forced_op(uint64_t op)
{
	return op | UINT64_C(1) << 63;
}

static int
issue_prepare(const struct turn *t, const struct step *s, struct fabric_tag tag,
    struct err *err)
{
	const struct want *w = want_of(t, s);

	if (w == NULL)
		return err_set(err, ERR_INTERNAL, "step %u prepares a function "
		    "that nobody wants", s->seq);
	return fabric_prepare(t->fabric, tag, s->fn, &w->persona, err);
}

/* A power cycle between prepare and bind would show a blank function. */
static int
need_shape(const struct turn *t, const struct step *s, const struct want *w,
    struct err *err)
{
	const struct fabric_fn *f = view_fn(t->e->view, s->fn);

	if (w != NULL && (f == NULL ||
	    !personality_equal(&f->persona, &w->persona)) &&
	    (engine_look_at(t->e, t->fabric, NULL, 0, s, 1, err) < 0))
		return -1;
	f = view_fn(t->e->view, s->fn);
	if (w == NULL || f == NULL ||
	    !personality_equal(&f->persona, &w->persona))
		return err_set(err, ERR_DEVICE, "the function lost its "
		    "personality before it was bound");
	return 0;
}

static int
issue_bind(const struct turn *t, const struct step *s, struct fabric_tag tag,
    struct err *err)
{
	const struct want *w = want_of(t, s);
	unsigned n = step_binds(s);
	fn_id fns[FABRIC_BRIDGE_FNS];

	if ((w == NULL || !w->whole) && need_shape(t, s, w, err) < 0)
		return -1;
	for (unsigned k = 0; k < n && k < FABRIC_BRIDGE_FNS; k++)
		fns[k] = fn_beside(s->fn, k);
	return fabric_bind(t->fabric, tag, s->slot, s->bridge, n, fns, err);
}

static int
issue_port(const struct turn *t, const struct step *s, struct fabric_tag tag,
    struct err *err)
{
	struct port *wanted;

	if (port_load(t->store, t->arena, s->arg1, s->arg2, &wanted, err) < 0)
		return -1;
	return fabric_module_ctl(t->fabric, tag, s->arg1, s->arg2,
	    CTL_FORWARDING, wanted->forwarding, err);
}

static int
issue(const struct turn *t, const struct step *s, struct flight *f,
    struct err *err)
{
	struct fabric_tag tag = { .term = t->e->term,
		.op = f->forced ? forced_op(s->op) : s->op };

	switch (s->verb) {
	case STEP_UNBIND:
		return fabric_unbind(t->fabric, tag, s->slot, s->bridge,
		    f->forced ? RELEASE_SURPRISE :
		    (enum fabric_release)s->arg1, err);
	case STEP_SCRUB:
		return fabric_scrub(t->fabric, tag, s->fn, err);
	case STEP_DISK_MAKE:
		return fabric_disk_make(t->fabric, tag, s->arg1, s->arg2,
		    s->raid, s->mib, err);
	case STEP_PREPARE:
		return issue_prepare(t, s, tag, err);
	case STEP_BIND:
		return issue_bind(t, s, tag, err);
	case STEP_DISK_DESTROY:
		if (engine_doom_check(t->store, t->arena, s, err) < 0)
			return -1;
		return fabric_disk_destroy(t->fabric, tag, s->arg1, s->arg2,
		    err);
	case STEP_SLOT_CTL:
		return fabric_slot_ctl(t->fabric, tag, s->slot,
		    (enum fabric_ctl)s->arg1, err);
	case STEP_PORT_CTL:
		return issue_port(t, s, tag, err);
	case STEP_BAY_CTL:
		return fabric_module_ctl(t->fabric, tag, s->arg1, 0,
		    (enum fabric_ctl)s->arg2, 0, err);
	case STEP_N_VERBS:
		break;
	}
	return err_set(err, ERR_INTERNAL, "step %u has no verb", s->seq);
}

static void
land(struct engine *e, struct flight *f, bool done, const struct err *err)
{
	f->state = done ? FLIGHT_DONE : FLIGHT_FAILED;
	f->ended_ms = e->wall_ms;
	if (!done)
		f->err = *err;
	if (e->config.progress != NULL)
		e->config.progress(e->config.cookie, f->job);
}

static void
still_pending(struct engine *e, struct flight *f)
{
	struct err late;

	if (e->now_ms >= f->deadline_ms) {
		(void)err_set(&late, ERR_TIMEOUT, "the switch did not finish "
		    "within the deadline");
		land(e, f, false, &late);
		return;
	}
	f->poll_ms = e->now_ms + f->gap_ms;
	f->gap_ms = f->gap_ms * 2 > GAP_LAST_MS ? GAP_LAST_MS : f->gap_ms * 2;
	if (f->poll_ms < e->poll_ms)
		e->poll_ms = f->poll_ms;
}

/* Issues or asks.  -1 only when the far side is away. */
static int
poll_flight(const struct turn *t, const struct step *s, struct flight *f,
    struct err *err)
{
	struct engine *e = t->e;
	int answer;

	if (e->now_ms < f->poll_ms) {
		if (f->poll_ms < e->poll_ms)
			e->poll_ms = f->poll_ms;
		return 0;
	}
	answer = issue(t, s, f, err);
	if (answer < 0 && err->code == ERR_UNAVAILABLE)
		return -1;
	if (answer < 0 && err->code == ERR_TIMEOUT && s->verb == STEP_UNBIND &&
	    s->arg1 == RELEASE_ORDERLY && !f->forced) {
		log_warn("engine", "slot=%u bridge=%u the server does not "
		    "acknowledge; taking it away", s->slot, s->bridge);
		f->forced = true;
		f->gap_ms = GAP_FIRST_MS;
		f->poll_ms = e->poll_ms = e->now_ms;
		return 0;
	}
	/* A verb that never ends keeps one place of those at once. */
	if (answer == FABRIC_PENDING || (answer < 0 && err->code == ERR_BUSY))
		still_pending(e, f);
	else
		land(e, f, answer == FABRIC_DONE, err);
	return 0;
}

/* After a failure nothing new of that job is started. */
static bool
has_failed(const struct turn *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct flight *f = t->steps[i].state == STEP_INTENT ?
		    flight_of(t->e, &t->steps[i]) : NULL;

		if (f != NULL && f->state == FLIGHT_FAILED)
			return true;
	}
	return false;
}

static size_t
parallel(const struct engine *e)
{
	size_t n = e->view->sw.parallel, most = ENGINE_FLIGHTS - ENGINE_URGENT;

	return n == 0 ? 1 : n < most ? n : most;
}

/* Switching a slot off waits for nobody; the switch takes it beside whatever is
 * under way. */
static bool
switches_off(const struct step *s)
{
	return s->verb == STEP_SLOT_CTL && s->arg1 == CTL_DISABLE;
}

/* Intended since we began, and not under way: nobody issued it. */
static bool
never_issued(struct engine *e, const struct step *s)
{
	return s->op > e->first_op && flight_of(e, s) == NULL;
}

/* A bind at a slot that somebody isolated since it was intended. */
static bool
binds_at_off(const struct turn *t, const struct step *s)
{
	if (s->verb != STEP_BIND)
		return false;
	for (size_t i = 0; i < t->n_off; i++)
		if (t->off[i] == s->slot)
			return flight_of(t->e, s) == NULL;
	return false;
}

/* After a failure nothing new is started; nor when the job is asked to go back,
 * but then what a predecessor may have issued is asked after. */
static bool
starts_nothing(const struct turn *t, const struct step *s, bool failed)
{
	return failed || binds_at_off(t, s) ||
	    (engine_end_asked(t->job) && never_issued(t->e, s));
}

/* What waits while the gate is closed. */
static bool
binds(const struct step *s)
{
	return s->verb == STEP_PREPARE || s->verb == STEP_BIND;
}

/* One look at every intent; *open counts those that have not ended. */
static int
issue_intents(const struct turn *t, size_t *open, struct err *err)
{
	bool failed = has_failed(t);

	*open = 0;
	for (size_t i = 0; i < t->n; i++) {
		const struct step *s = &t->steps[i];
		struct flight *f;

		if (s->state != STEP_INTENT)
			continue;
		f = flight_of(t->e, s);
		if (f == NULL && !starts_nothing(t, s, failed) &&
		    !(t->e->gated && binds(s)) && (switches_off(s) ||
		    in_flight(t->e) < parallel(t->e)))
			f = take_off(t->e, s);
		if (f != NULL && f->state == FLIGHT_PENDING &&
		    poll_flight(t, s, f, err) < 0)
			return -1;
		failed = failed || (f != NULL && f->state == FLIGHT_FAILED);
		*open += f == NULL ? !starts_nothing(t, s, failed) :
		    f->state == FLIGHT_PENDING;
	}
	return 0;
}

/* All flights are remembered and those of this job have landed: the journal has
 * to take them before anything else of it can be issued. */
static bool
out_of_room(const struct turn *t)
{
	bool landed = false;

	for (size_t i = 0; i < ENGINE_FLIGHTS; i++) {
		const struct flight *f = &t->e->flights[i];

		if (f->state == FLIGHT_FREE || (f->job == t->job->id &&
		    f->state == FLIGHT_PENDING))
			return false;
		landed = landed || f->job == t->job->id;
	}
	return landed;
}

/* What became of the intents; never issued ones are skipped, or left out when
 * only `some` are asked for. */
static struct result *
results(const struct turn *t, bool some, size_t *n, bool *failed)
{
	struct result *r = arena_array(t->arena, t->n + 1, sizeof(*r));

	*n = 0;
	*failed = false;
	for (size_t i = 0; i < t->n; i++) {
		const struct step *s = &t->steps[i];
		struct flight *f = s->state == STEP_INTENT ?
		    flight_of(t->e, s) : NULL;

		if (s->state != STEP_INTENT || (some && f == NULL))
			continue;
		r[*n].seq = s->seq;
		r[*n].untouched = never_issued(t->e, s);
		r[*n].state = f == NULL ? STEP_SKIPPED :
		    f->state == FLIGHT_DONE ? STEP_DONE : STEP_FAILED;
		if (f != NULL) {
			r[*n].started_ms = f->started_ms;
			r[*n].ended_ms = f->ended_ms;
			r[*n].err = f->err;
		}
		*failed = *failed || r[*n].state == STEP_FAILED;
		(*n)++;
	}
	return r;
}

/* Disks are destroyed by what is there, as the end is (engine_doom.h). */
static bool
more_planned(const struct turn *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->steps[i].state == STEP_PLANNED)
			return !engine_doom_next(t->steps, t->n);
	return false;
}

/* The flights stay until the journal has moved on: then their steps are no
 * longer intents and sweep() frees them. */
static int
advance(const struct turn *t, bool some, struct err *err)
{
	struct result *r;
	size_t n;
	bool failed, look;

	if (engine_busy(t->e))
		return 0;
	r = results(t, some, &n, &failed);
	/* What comes next is decided by what is there, so look. */
	look = failed || engine_end_asked(t->job) ||
	    (!some && !more_planned(t));
	if (look && engine_look_at(t->e, t->fabric, t->slots, t->n_slots,
	    t->steps, t->n, err) < 0)
		return -1;
	engine_commit_advance(t->e, t->job->id, r, n, look);
	return 0;
}

static int
read_off(struct turn *t, struct store *store, struct err *err)
{
	t->off = arena_array(t->arena, t->n_slots + 1, sizeof(*t->off));
	for (size_t i = 0; i < t->n_slots; i++) {
		struct slot *s;

		if (slot_load(store, t->arena, t->slots[i], &s, err) < 0)
			return -1;
		if (s->admin == SLOT_DISABLED)
			t->off[t->n_off++] = t->slots[i];
	}
	return 0;
}

static int
read_turn(struct turn *t, struct store *store, struct err *err)
{
	if (step_list(store, t->arena, t->job->id, &t->steps, &t->n, err) < 0 ||
	    hold_slots(store, t->arena, t->job->id, &t->slots, &t->n_slots,
	    err) < 0 || read_off(t, store, err) < 0)
		return -1;
	return engine_have_wants(store, t->arena, t->e->view, t->slots,
	    t->n_slots,
	    &t->want, &t->n_want, err);
}

static int
run_job(struct turn *t, struct err *err)
{
	size_t open;

	if (issue_intents(t, &open, err) < 0)
		return -1;
	if (open > 0)
		return out_of_room(t) ? advance(t, true, err) : 0;
	return advance(t, false, err);
}

static bool
is_urgent(const struct turn *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->steps[i].state == STEP_INTENT &&
		    switches_off(&t->steps[i]))
			return true;
	return false;
}

/* A job's own trouble does not stop the others; a switch that is away does. */
static int
run_some(struct turn *turns, size_t n, bool urgent, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		if (is_urgent(&turns[i]) != urgent ||
		    run_job(&turns[i], err) == 0)
			continue;
		turns->e->lost = err->code == ERR_UNAVAILABLE;
		if (turns->e->lost)
			return -1;
		log_error("engine", "job=%lld %s",
		    (long long)turns[i].job->id, err->msg);
	}
	return 0;
}

/* Forgets flights whose steps the journal has settled. */
static void
sweep(struct engine *e, const struct turn *turns, size_t n)
{
	for (size_t i = 0; i < ENGINE_FLIGHTS; i++) {
		struct flight *f = &e->flights[i];
		bool live = false;

		for (size_t k = 0; k < n && f->state != FLIGHT_FREE; k++)
			for (size_t s = 0; s < turns[k].n; s++)
				live = live || (turns[k].steps[s].state ==
				    STEP_INTENT && flight_of(e,
				    &turns[k].steps[s]) == f);
		if (!live)
			f->state = FLIGHT_FREE;
	}
}

int
engine_job_turn(struct engine *e, struct store *store, struct fabric *fabric,
    struct arena *a, struct err *err)
{
	struct job *jobs;
	struct turn *turns;
	size_t n, n_turns = 0;

	if (job_list_open(store, a, &jobs, &n, err) < 0)
		return -1;
	turns = arena_array(a, n + 1, sizeof(*turns));
	for (size_t i = 0; i < n; i++) {
		struct turn *t = &turns[n_turns];

		if (job_ended(jobs[i].state))
			continue;	/* rollbackFailed: leaves it alone */
		*t = (struct turn){ .e = e, .store = store,
			.fabric = fabric, .arena = a, .job = &jobs[i] };
		n_turns++;
		if (read_turn(t, store, err) < 0)
			return -1;
	}
	if (run_some(turns, n_turns, true, err) < 0 ||
	    run_some(turns, n_turns, false, err) < 0)
		return -1;
	sweep(e, turns, n_turns);
	return 0;
}
