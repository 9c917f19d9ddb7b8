/*
 * engine_commit.c -- what the engine writes, each time in one transaction.
 *
 * An advance holds the results of the finished steps and the intents of the
 * next; when nothing is left engine_end.c plans again from what is seen now, and
 * the empty plan is the verified end.  Runs on the writer's thread, on a view that it
 * holds; it shares nothing with the engine but `busy`.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/engine/engine_doom.h"
#include "appliance/engine/engine_int.h"
#include "appliance/engine/engine_own.h"
#include "base/fault.h"
#include "base/log.h"

static struct commit *
commit_new(struct engine *e, int (*run)(struct writer_entry *, struct store *,
    int64_t, struct err *), void (*done)(struct writer_entry *))
{
	struct commit *c = xcalloc(1, sizeof(*c));

	c->entry.run = run;
	c->entry.done = done;
	c->entry.cookie = c;
	c->e = e;
	c->arena = arena_new();
	c->view = view_hold(e->config.views);
	return c;
}

static void
submit(struct commit *c)
{
	struct engine *e = c->e;

	pthread_mutex_lock(&e->lock);
	e->busy = true;
	pthread_mutex_unlock(&e->lock);
	if (!writer_submit(e->config.writer, &c->entry))
		c->entry.done(&c->entry);
}

static void
commit_done(struct writer_entry *entry)
{
	struct commit *c = entry->cookie;
	struct engine *e = c->e;

	if (entry->result < 0)
		log_error("engine", "not written job=%" PRId64 ": %s", c->job,
		    entry->err.msg);
	if (e->config.progress != NULL && c->job != 0)
		e->config.progress(e->config.cookie, c->job);
	view_drop(e->config.views, c->view);
	pthread_mutex_lock(&e->lock);
	if (c->term != 0 && entry->result == 0) {
		e->taken = c->term;
		e->taken_op = c->first_op;
	}
	if (c->slot != 0)
		e->healed = (struct heal_end){ c->slot,
			entry->result < 0 ? 0 : c->job };
	e->refused = entry->result < 0;
	e->refusals = e->refused ? e->refusals + 1 : 0;
	if (e->refused)
		snprintf(e->refusal, sizeof(e->refusal), "%.159s",
		    entry->err.msg);
	e->busy = false;
	pthread_mutex_unlock(&e->lock);
	if (e->config.wake != NULL)
		e->config.wake(e->config.cookie);
	arena_free(c->arena);
	free(c);
}

/* ---- the journal's rows ---- */

/* The row of a function that is not released; zero when there is none. */
static int
row_of(struct store *store, struct arena *a, fn_id fn, struct binding *row,
    struct err *err)
{
	struct binding *rows;
	size_t n;

	memset(row, 0, sizeof(*row));
	if (binding_list(store, a, &rows, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (rows[i].fn == fn)
			*row = rows[i];
	return 0;
}

/* What a step's intent or result makes of the row of its function. */
static bool
row_state(const struct step *s, const struct binding *was,
    enum binding_state *state)
{
	bool intent = s->state == STEP_INTENT, done = s->state == STEP_DONE;

	if (s->state == STEP_FAILED) {
		*state = BINDING_FAILED;
		return was->fn != 0;
	}
	if (!intent && !done)
		return false;
	switch (s->verb) {
	case STEP_UNBIND:
		*state = intent ? BINDING_RELEASING : BINDING_SCRUBBING;
		return true;
	case STEP_SCRUB:
		*state = intent ? BINDING_SCRUBBING : BINDING_RELEASED;
		return was->fn != 0;
	case STEP_PREPARE:
		/* It stays bound; what failed is scrubbed first, or is. */
		*state = BINDING_BINDING;
		return intent && was->state != BINDING_BOUND &&
		    was->state != BINDING_FAILED;
	case STEP_BIND:
		*state = intent ? BINDING_BINDING : BINDING_BOUND;
		return true;
	case STEP_DISK_MAKE:
	case STEP_DISK_DESTROY:
	case STEP_SLOT_CTL:
	case STEP_PORT_CTL:
	case STEP_BAY_CTL:
	case STEP_N_VERBS:
		break;
	}
	return false;
}

/* Until nothing is bound on it any more, and nothing shall be. */
int
engine_commit_forget(struct store *store, struct arena *a, unsigned bay,
    struct err *err)
{
	struct binding *rows;
	size_t n;
	bool placed;

	if (binding_list(store, a, &rows, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (fn_bay(rows[i].fn) == bay)
			return 0;
	if (engine_bay_placed(store, a, bay, &placed, err) < 0)
		return -1;
	return placed ? 0 : module_forget(store, bay, err);
}

static int
settle_module(struct store *store, struct arena *a, const struct view *view,
    const struct step *s, struct err *err)
{
	if (s->state != STEP_DONE)
		return 0;
	if (s->verb == STEP_BIND)
		return engine_own_module(store, view, s->fn, err);
	if (s->verb == STEP_SCRUB)
		return engine_commit_forget(store, a, fn_bay(s->fn), err);
	return 0;
}

static int
follow_one(struct store *store, struct arena *a, const struct step *s,
    fn_id fn, int64_t wall_ms, struct err *err)
{
	struct binding was, row;
	enum binding_state state;

	if (row_of(store, a, fn, &was, err) < 0)
		return -1;
	if (!row_state(s, &was, &state))
		return 0;
	row = (struct binding){ .fn = fn, .slot = s->slot,
		.bridge = s->bridge, .state = state, .op = s->op,
		.since_ms = wall_ms };
	memcpy(row.device, s->device, sizeof(row.device));
	if (was.fn != 0 && (s->verb == STEP_SCRUB || s->verb == STEP_UNBIND)) {
		row.slot = was.slot;
		row.bridge = was.bridge;
		memcpy(row.device, was.device, sizeof(row.device));
	}
	return binding_put(store, &row, err);
}

/* An unbind empties its bridge: whatever else has a row there goes along. */
static int
follow_bridge(struct store *store, struct arena *a, const struct step *s,
    int64_t wall_ms, struct err *err)
{
	struct binding *rows;
	size_t n;

	if (binding_list(store, a, &rows, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (rows[i].fn != s->fn && rows[i].slot == s->slot &&
		    rows[i].bridge == s->bridge && follow_one(store, a, s,
		    rows[i].fn, wall_ms, err) < 0)
			return -1;
	return 0;
}

static int
follow(struct store *store, struct arena *a, const struct step *s,
    int64_t wall_ms, struct err *err)
{
	if (s->fn == 0)
		return 0;
	if (follow_one(store, a, s, s->fn, wall_ms, err) < 0)
		return -1;
	for (unsigned k = 1; k < step_binds(s); k++)
		if (follow_one(store, a, s, fn_beside(s->fn, k), wall_ms,
		    err) < 0)
			return -1;
	return s->verb == STEP_UNBIND ? follow_bridge(store, a, s, wall_ms,
	    err) : 0;
}

static int
intend(struct store *store, struct arena *a, struct step *s, int64_t wall_ms,
    struct err *err)
{
	int64_t op = store_next_number(store, err);

	if (op < 0)
		return -1;
	s->state = STEP_INTENT;
	s->op = (uint64_t)op;
	s->started_ms = wall_ms;
	if (step_update(store, s, err) < 0)
		return -1;
	return follow(store, a, s, wall_ms, err);
}

static int
skip(struct store *store, struct step *s, int64_t wall_ms, struct err *err)
{
	s->state = STEP_SKIPPED;
	s->ended_ms = wall_ms;
	return step_update(store, s, err);
}

/* Isolate may have come in beside the job: nothing is bound at a slot that is
 * switched off, nor prepared for it. */
static int
skip_switched_off(struct store *store, struct arena *a, struct step *steps,
    size_t n, int64_t wall_ms, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		struct step *s = &steps[i];
		struct slot *slot;

		if (s->state != STEP_PLANNED || s->verb != STEP_BIND)
			continue;
		if (slot_load(store, a, s->slot, &slot, err) < 0)
			return -1;
		if (slot->admin != SLOT_DISABLED)
			continue;
		for (size_t k = 0; k < n; k++)
			if (steps[k].state == STEP_PLANNED &&
			    steps[k].verb == STEP_PREPARE &&
			    steps[k].fn == s->fn && skip(store, &steps[k],
			    wall_ms, err) < 0)
				return -1;
		if (skip(store, s, wall_ms, err) < 0)
			return -1;
	}
	return 0;
}

int
engine_commit_intend(struct store *store, struct arena *a, int64_t job,
    int64_t wall_ms, size_t *n_intended, struct err *err)
{
	struct step *steps;
	size_t n;
	uint64_t lowest = UINT64_MAX;

	*n_intended = 0;
	if (step_list(store, a, job, &steps, &n, err) < 0 ||
	    skip_switched_off(store, a, steps, n, wall_ms, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		uint64_t at = (uint64_t)steps[i].phase << 32 | steps[i].level;

		if (steps[i].state == STEP_PLANNED && at < lowest)
			lowest = at;
	}
	for (size_t i = 0; i < n; i++) {
		uint64_t at = (uint64_t)steps[i].phase << 32 | steps[i].level;

		if (steps[i].state != STEP_PLANNED || at != lowest)
			continue;
		if (intend(store, a, &steps[i], wall_ms, err) < 0)
			return -1;
		(*n_intended)++;
	}
	return 0;
}

static int
hold_step(struct store *store, int64_t job, const struct step *s,
    struct err *err)
{
	char key[FN_TEXT];
	int64_t holder = 0;

	if (s->slot != 0) {
		snprintf(key, sizeof(key), "%u", s->slot);
		/* Isolate comes in beside whoever holds the slot. */
		if (s->verb == STEP_SLOT_CTL && hold_find(store, HOLD_SLOT,
		    key, &holder, err) < 0)
			return -1;
		if (holder == 0 && hold_add(store, job, HOLD_SLOT, key,
		    err) < 0)
			return -1;
	}
	if (s->fn == 0)
		return 0;
	for (unsigned k = 1; k < step_binds(s); k++)
		if (hold_add(store, job, HOLD_FN, fn_text(fn_beside(s->fn, k),
		    key), err) < 0)
			return -1;
	return hold_add(store, job, HOLD_FN, fn_text(s->fn, key), err);
}

int
engine_commit_append(struct store *store, struct arena *a, int64_t job,
    uint32_t phase, struct step *steps, size_t n, struct err *err)
{
	struct step *old;
	size_t n_old;
	uint32_t level = 0;

	if (step_list(store, a, job, &old, &n_old, err) < 0)
		return -1;
	for (size_t i = 0; i < n_old; i++)
		if (old[i].phase == phase && old[i].level > level)
			level = old[i].level;
	for (size_t i = 0; i < n; i++) {
		steps[i].job = job;
		steps[i].phase = phase;
		steps[i].seq = (uint32_t)(n_old + i + 1);
		steps[i].level += level;
		if (step_add(store, &steps[i], err) < 0 ||
		    hold_step(store, job, &steps[i], err) < 0)
			return -1;
	}
	return 0;
}

int
engine_intend(struct store *store, struct job *job, struct step *steps,
    size_t n, int64_t wall_ms, struct err *err)
{
	struct arena *a = arena_new();
	size_t intended;
	int rc = engine_commit_append(store, a, job->id, 0, steps, n,
	    err);

	if (rc == 0)
		rc = engine_commit_intend(store, a, job->id, wall_ms,
		    &intended, err);
	arena_free(a);
	return rc;
}

/* ---- an advance ---- */

/* An intent that nobody issued leaves its function as it was: blank before it
 * was prepared, bound before it was released. */
static int
forget_intent(struct store *store, struct arena *a, const struct step *s,
    struct err *err)
{
	struct binding row;

	if (s->fn == 0)
		return 0;
	if (row_of(store, a, s->fn, &row, err) < 0)
		return -1;
	if (row.fn == 0 || row.op != s->op)
		return 0;
	if (s->verb == STEP_PREPARE && row.state == BINDING_BINDING)
		row.state = BINDING_RELEASED;
	else if (s->verb == STEP_UNBIND && row.state == BINDING_RELEASING)
		row.state = BINDING_BOUND;
	return binding_put(store, &row, err);
}

static int
settle(struct commit *c, struct store *store, struct step *steps, size_t n,
    int64_t wall_ms, const struct result **failure, struct err *err)
{
	*failure = NULL;
	for (size_t i = 0; i < c->n; i++) {
		const struct result *r = &c->results[i];
		struct step *s = NULL;

		for (size_t k = 0; k < n; k++)
			if (steps[k].seq == r->seq)
				s = &steps[k];
		if (s == NULL || s->state != STEP_INTENT)
			return err_set(err, ERR_INTERNAL, "job %" PRId64
			    " does not intend step %u", c->job, r->seq);
		s->state = r->state;
		s->ended_ms = r->ended_ms;
		if (r->state == STEP_FAILED) {
			snprintf(s->error, sizeof(s->error), "%s", r->err.msg);
			*failure = r;
		}
		if (step_update(store, s, err) < 0 ||
		    follow(store, c->arena, s, wall_ms, err) < 0 ||
		    (r->untouched && forget_intent(store, c->arena, s,
		    err) < 0) ||
		    settle_module(store, c->arena, c->view, s, err) < 0)
			return -1;
	}
	return 0;
}

static int
run_advance(struct writer_entry *entry, struct store *store, int64_t wall_ms,
    struct err *err)
{
	struct commit *c = entry->cookie;
	const struct result *failure;
	struct job *job;
	struct step *steps;
	size_t n, intended;
	bool planned;

	if (fault_here("engine.advance"))
		return err_set(err, ERR_UNAVAILABLE, "asked to fail");
	if (job_load(store, c->arena, c->job, &job, err) < 0 ||
	    step_list(store, c->arena, c->job, &steps, &n, err) < 0 ||
	    settle(c, store, steps, n, wall_ms, &failure, err) < 0)
		return -1;
	if (failure == NULL && engine_end_asked(job) && !c->looked)
		return 0;	/* meanwhile: what is there now is not known */
	if (failure != NULL || engine_end_asked(job))
		return engine_end_roll_back(c, store, job, failure != NULL ?
		    failure->err.msg : job->detail, wall_ms, err);
	/* Some of them only: the others are still to be issued. */
	for (size_t i = 0; i < n; i++)
		if (steps[i].state == STEP_INTENT)
			return 0;
	if (engine_doom_next(steps, n) && !engine_doom_begun(steps, n)) {
		if (engine_end_before_destroy(c, store, job, steps, n,
		    &planned, wall_ms, err) < 0)
			return -1;
		if (planned)
			return 0;
	}
	if (engine_commit_intend(store, c->arena, c->job, wall_ms, &intended,
	    err) < 0)
		return -1;
	if (intended > 0)
		return 0;
	return engine_end_verify(c, store, job, steps, n, wall_ms, err);
}

void
engine_commit_advance(struct engine *e, int64_t job, const struct result *r,
    size_t n, bool looked)
{
	struct commit *c = commit_new(e, run_advance, commit_done);

	c->job = job;
	c->looked = looked;
	c->results = arena_copy(c->arena, r, (n + 1) * sizeof(*r));
	c->n = n;
	submit(c);
}

/* ---- a heal ---- */

/* The slot too: a scrub alone names none, and the end looks at it. */
static int
hold_healed(struct store *store, int64_t job, uint32_t slot, struct err *err)
{
	char key[16];
	int64_t holder;

	snprintf(key, sizeof(key), "%" PRIu32, slot);
	if (hold_find(store, HOLD_SLOT, key, &holder, err) < 0)
		return -1;
	return holder != 0 ? 0 : hold_add(store, job, HOLD_SLOT, key, err);
}

static int
settle_slot(struct commit *c, struct store *store, int64_t wall_ms,
    struct err *err)
{
	struct want *want;
	size_t n;

	if (engine_have_wants(store, c->arena, c->view, &c->slot, 1, &want, &n,
	    err) < 0)
		return -1;
	return engine_own_settle(store, c->arena, c->view, want, n, wall_ms,
	    err);
}

static int
run_heal(struct writer_entry *entry, struct store *store, int64_t wall_ms,
    struct err *err)
{
	struct commit *c = entry->cookie;
	struct job job = { .kind = "heal", .state = JOB_RUNNING,
		.actor = "engine", .created_ms = wall_ms,
		.started_ms = wall_ms, .sentence =
		"Binds again what the hardware lost.", .forward = "[]",
		.inverse = "", .diff = "[]" };
	struct appliance self;
	struct step *steps;
	size_t n;
	bool held;

	if (engine_heal_plan(store, c->arena, c->view, c->slot, c->hands_off,
	    &steps, &n, &held, err) < 0 || store_appliance(store, &self, err) < 0)
		return -1;
	if (n == 0)
		return held ? 0 : settle_slot(c, store, wall_ms, err);
	job.id = c->job = store_next_number(store, err);
	if (job.id < 0)
		return -1;
	job.generation = self.generation;
	snprintf(job.title, sizeof(job.title), "Heal slot %u", c->slot);
	if (job_add(store, &job, err) < 0 ||
	    hold_healed(store, job.id, c->slot, err) < 0)
		return -1;
	return engine_intend(store, &job, steps, n, wall_ms, err);
}

void
engine_commit_heal(struct engine *e, uint32_t slot, bool hands_off)
{
	struct commit *c = commit_new(e, run_heal, commit_done);

	c->slot = slot;
	c->hands_off = hands_off;
	submit(c);
}

void
engine_commit_bay(struct engine *e, unsigned bay, engine_run *run)
{
	struct commit *c = commit_new(e, run, commit_done);

	c->bay = bay;
	submit(c);
}

/* ---- the term ---- */

static int
run_term(struct writer_entry *entry, struct store *store, int64_t wall_ms,
    struct err *err)
{
	struct commit *c = entry->cookie;
	struct appliance self;
	int64_t op = store_next_number(store, err);

	(void)wall_ms;
	if (op < 0 || store_appliance(store, &self, err) < 0)
		return -1;
	c->first_op = (uint64_t)op;
	c->term = (self.term > c->view->sw.term ? self.term :
	    c->view->sw.term) + 1;
	/* A store that was lost begins to count behind what the switch knows. */
	if (step_number_least(store, engine_own_newest_op(c->view), err) < 0)
		return -1;
	return store_term_put(store, c->term, err);
}

void
engine_commit_term(struct engine *e)
{
	submit(commit_new(e, run_term, commit_done));
}

void
engine_commit_news(struct engine *e, const struct fault_entry *news, size_t n)
{
	struct commit *c = commit_new(e, engine_tell_run, commit_done);

	c->news = arena_array(c->arena, n, sizeof(*news));
	memcpy(c->news, news, n * sizeof(*news));
	c->n_news = n;
	submit(c);
}
