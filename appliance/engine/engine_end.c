/*
 * engine_end.c -- how a job ends: verified, rolled back, or neither.
 *
 * The verified end is an empty plan from what is seen to what is wanted.  Rolling
 * back is the inverse change set, committed, and then the same road.  What
 * cannot be restored (somebody uses what would have to go) ends the job as
 * rollbackFailed at once: it would be refused the next time too.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "appliance/engine/engine_doom.h"
#include "appliance/engine/engine_int.h"
#include "appliance/engine/engine_own.h"
#include "base/log.h"
#include "profiles/change.h"

enum { RESTORE_BYTES = 16 << 20 };

/* One record of the chain: the job is now in that state. */
static int
tell(struct store *store, int64_t job, const char *word, int64_t wall_ms,
    struct err *err)
{
	struct appliance self;
	struct event event = { .at_ms = wall_ms, .job = job,
		.actor = "engine", .type = "job" };

	if (store_appliance(store, &self, err) < 0)
		return -1;
	event.generation = self.generation;
	snprintf(event.action, sizeof(event.action), "job:%s", word);
	snprintf(event.id, sizeof(event.id), "%" PRId64, job);
	snprintf(event.name, sizeof(event.name), "%s", event.id);
	return event_add(store, &event, err);
}

static int
end(struct commit *c, struct store *store, enum job_state state,
    const char *rule, const char *detail, int64_t wall_ms, struct err *err)
{
	if (job_update(store, c->job, state, rule, detail, wall_ms, err) < 0)
		return -1;
	if (state != JOB_ROLLBACK_FAILED && hold_drop(store, c->job, err) < 0)
		return -1;
	log_info("engine", "job=%" PRId64 " state=%s detail=%s", c->job,
	    job_state_word(state), detail);
	return tell(store, c->job, job_state_word(state), wall_ms, err);
}

/* The plan from what is seen now to what is committed now.  Isolate comes beside
 * a job: what that one holds is not this one's to finish. */
static int
plan_again(struct commit *c, struct store *store, const struct cause *cause,
    struct step **steps, size_t *n, struct err *err)
{
	uint32_t *slots;
	size_t n_slots;
	bool held = false;

	if (hold_slots(store, c->arena, c->job, &slots, &n_slots, err) < 0)
		return -1;
	return engine_have_plan(store, c->arena, c->view, slots, n_slots,
	    cause, steps, n, &held, err);
}

/* Levels of a phase since its last failure: a retry begins to count anew. */
static uint32_t
levels_of(const struct step *steps, size_t n, uint32_t phase)
{
	uint32_t level = 0, failed = 0;

	for (size_t i = 0; i < n; i++) {
		if (steps[i].phase != phase)
			continue;
		if (steps[i].level > level)
			level = steps[i].level;
		if (steps[i].state == STEP_FAILED && steps[i].level > failed)
			failed = steps[i].level;
	}
	return level - failed;
}

/* Nothing is left to be done: what failed on the way is right by now. */
static int
end_verified(struct commit *c, struct store *store, enum job_state state,
    const char *rule, const char *detail, int64_t wall_ms, struct err *err)
{
	struct want *want;
	uint32_t *slots;
	size_t n, n_slots;

	if (hold_slots(store, c->arena, c->job, &slots, &n_slots, err) < 0 ||
	    engine_have_wants(store, c->arena, c->view, slots, n_slots, &want,
	    &n, err) < 0 || engine_own_settle(store, c->arena, c->view, want,
	    n, wall_ms, err) < 0)
		return -1;
	return end(c, store, state, rule, detail, wall_ms, err);
}

static int
append(struct commit *c, struct store *store, uint32_t phase,
    struct step *steps, size_t n, int64_t wall_ms, struct err *err)
{
	size_t intended;

	if (engine_commit_append(store, c->arena, c->job, phase, steps, n,
	    err) < 0)
		return -1;
	return engine_commit_intend(store, c->arena, c->job, wall_ms,
	    &intended, err);
}

static struct cause
cause_of(const struct job *job, const struct step *own, size_t n)
{
	return (struct cause){ .job = job->id, .heal = strcmp(job->kind,
	    "heal") == 0 && strcmp(job->actor, "engine") == 0, .own = own,
	    .n_own = n };
}

int
engine_end_verify(struct commit *c, struct store *store, const struct job *job,
    const struct step *done, size_t n_done, int64_t wall_ms, struct err *err)
{
	bool back = job->state == JOB_ROLLING_BACK;
	struct cause cause = cause_of(job, done, n_done);
	struct step *steps;
	size_t n;

	if (plan_again(c, store, &cause, &steps, &n, err) < 0)
		return -1;
	if (n == 0)
		return end_verified(c, store, back ? JOB_ROLLED_BACK :
		    JOB_APPLIED, job->rule, job->detail, wall_ms, err);
	if (levels_of(done, n_done, back) + steps[n - 1].level > ENGINE_LEVELS)
		return engine_end_roll_back(c, store, job, "the hardware does "
		    "not come to what is wanted", wall_ms, err);
	return append(c, store, back ? 1 : 0, steps, n, wall_ms, err);
}

static int
skip_planned(struct commit *c, struct store *store, int64_t wall_ms,
    struct err *err)
{
	struct step *steps;
	size_t n;

	if (step_list(store, c->arena, c->job, &steps, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (steps[i].state != STEP_PLANNED)
			continue;
		steps[i].state = STEP_SKIPPED;
		steps[i].ended_ms = wall_ms;
		if (step_update(store, &steps[i], err) < 0)
			return -1;
	}
	return 0;
}

/* ---- what cannot be undone ---- */

/* Before the first disk is destroyed: is all else as it is wanted? */
int
engine_end_before_destroy(struct commit *c, struct store *store,
    const struct job *job, const struct step *own, size_t n_own,
    bool *planned, int64_t wall_ms, struct err *err)
{
	struct cause cause = cause_of(job, own, n_own);
	struct step *steps;
	size_t n, others = 0;

	*planned = false;
	if (plan_again(c, store, &cause, &steps, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		others += steps[i].verb != STEP_DISK_DESTROY;
	if (others == 0)
		return 0;
	*planned = true;
	if (levels_of(own, n_own, 0) + steps[n - 1].level > ENGINE_LEVELS)
		return engine_end_roll_back(c, store, job, "the hardware does "
		    "not come to what is wanted", wall_ms, err);
	if (skip_planned(c, store, wall_ms, err) < 0)
		return -1;
	return append(c, store, 0, steps, n, wall_ms, err);
}

/* A disk is gone, and there is no way back: what is left is tried again. */
static int
go_on(struct commit *c, struct store *store, const struct job *job,
    const struct step *own, size_t n_own, const char *why, int64_t wall_ms,
    struct err *err)
{
	struct cause cause = cause_of(job, own, n_own);
	char detail[sizeof(job->detail)];
	uint32_t tries = engine_doom_tries(own, n_own);
	struct step *steps;
	size_t n;

	if (plan_again(c, store, &cause, &steps, &n, err) < 0)
		return -1;
	if (n == 0)
		return end_verified(c, store, JOB_APPLIED, "", "", wall_ms,
		    err);
	if (tries % DOOM_TRIES != 0 && levels_of(own, n_own, 0) +
	    steps[n - 1].level <= ENGINE_LEVELS)
		return append(c, store, 0, steps, n, wall_ms, err);
	snprintf(detail, sizeof(detail), "data is destroyed and nothing can "
	    "go back; what is left does not succeed: %.150s", why);
	return end(c, store, JOB_ROLLBACK_FAILED, "DataDestroyed", detail,
	    wall_ms, err);
}

/* ---- the former content ---- */

/* The slots that the job changed, as it made them. */
static int
read_made(struct change_set *made, const struct job *job, struct err *err)
{
	json_t *all, *slots = json_array(), *entry;
	size_t i;
	int rc = json_read(job->forward, strlen(job->forward), RESTORE_BYTES,
	    &all, err);

	if (rc == 0) {
		json_array_foreach(all, i, entry) {
			const char *type = json_string_value(json_object_get(
			    entry, "type"));

			if (type != NULL && strcmp(type, "slot") == 0)
				json_put(slots, NULL, json_incref(entry));
		}
		rc = change_from_json(made, slots, err);
		json_decref(all);
	}
	json_decref(slots);
	return rc;
}

static void
keep_newer(struct slot *back, const struct slot *made, const struct slot *now)
{
	if (now->admin != made->admin)
		back->admin = now->admin;
	if (now->is_spare != made->is_spare)
		back->is_spare = now->is_spare;
	if (strcmp(now->label, made->label) != 0)
		memcpy(back->label, now->label, sizeof(back->label));
	if (strcmp(now->cable_id, made->cable_id) != 0)
		memcpy(back->cable_id, now->cable_id, sizeof(back->cable_id));
}

/* Isolate comes in beside a job that holds the slot: what it made of the slot
 * since is not the job's to take back. */
static int
spare_isolated(struct change_set *back, const struct job *job, struct err *err)
{
	struct change_set *made = change_new(back->arena, back->store, 0,
	    back->wall_ms);

	if (read_made(made, job, err) < 0)
		return err_wrap(err, "what job %" PRId64 " made", job->id);
	for (size_t i = 0; i < back->n; i++) {
		struct change *c = &back->items[i];

		for (size_t k = 0; k < made->n; k++)
			if (c->type == OBJ_SLOT && c->before != NULL &&
			    strcmp(c->id, made->items[k].id) == 0)
				keep_newer(c->after, made->items[k].after,
				    c->before);
	}
	return 0;
}

/* Commits the former content as wanted: the inverse change set.  Once it is
 * there, nothing. */
static int
restore(struct store *store, struct arena *a, const struct job *job,
    int64_t wall_ms, struct err *err)
{
	struct change_set *cs = change_new(a, store, (uint64_t)wall_ms ^
	    (uint64_t)job->id << 32, wall_ms);
	json_t *inverse;
	int rc;

	if (json_read(job->inverse, strlen(job->inverse), RESTORE_BYTES,
	    &inverse, err) < 0)
		return err_wrap(err, "the inverse of job %" PRId64, job->id);
	rc = change_from_json(cs, inverse, err);
	json_decref(inverse);
	if (rc < 0 || spare_isolated(cs, job, err) < 0 ||
	    change_resolve(cs, err) < 0)
		return -1;
	if (cs->n == 0)
		return 0;
	if (change_commit(cs, job->id, "engine", err) < 0 ||
	    binding_forget(store, (uint64_t)job->id, err) < 0)
		return -1;
	return store_generation_next(store, wall_ms, err) < 0 ? -1 : 0;
}

/* In a savepoint of its own, so that what it refuses leaves no half of it. */
static int
try_restore(struct commit *c, struct store *store, const struct job *job,
    int64_t wall_ms, bool *refused, struct err *err)
{
	*refused = false;
	if (store_save(store, err) < 0)
		return -1;
	if (restore(store, c->arena, job, wall_ms, err) == 0)
		return store_release(store, err);
	if (!store_in_transaction(store))
		return -1;
	store_undo(store);
	*refused = err->code != ERR_UNAVAILABLE;
	return *refused ? 0 : -1;
}

static int
go_back(struct commit *c, struct store *store, const char *rule,
    const char *why, int64_t wall_ms, struct err *err)
{
	struct cause cause = { .job = c->job };
	struct step *steps, *own;
	size_t n;

	if (step_list(store, c->arena, c->job, &own, &cause.n_own, err) < 0)
		return -1;
	cause.own = own;
	if (job_update(store, c->job, JOB_ROLLING_BACK, rule, why, wall_ms,
	    err) < 0 || plan_again(c, store, &cause, &steps, &n, err) < 0)
		return -1;
	if (n == 0)
		return end_verified(c, store, JOB_ROLLED_BACK, rule, why,
		    wall_ms, err);
	if (tell(store, c->job, job_state_word(JOB_ROLLING_BACK), wall_ms,
	    err) < 0)
		return -1;
	return append(c, store, 1, steps, n, wall_ms, err);
}

int
engine_end_roll_back(struct commit *c, struct store *store,
    const struct job *job, const char *why, int64_t wall_ms, struct err *err)
{
	const char *rule = engine_end_asked(job) ? job->rule : "StepFailed";
	char detail[sizeof(job->detail)];
	struct step *own;
	size_t n_own;
	bool refused;

	if (skip_planned(c, store, wall_ms, err) < 0 || step_list(store,
	    c->arena, c->job, &own, &n_own, err) < 0)
		return -1;
	if (engine_doom_gone(c->view, own, n_own))
		return go_on(c, store, job, own, n_own, why, wall_ms, err);
	if (job->state == JOB_ROLLING_BACK)
		return end(c, store, JOB_ROLLBACK_FAILED, "RollbackFailed",
		    why, wall_ms, err);
	/* A heal wants what was wanted before: there is nothing to restore. */
	if (job->inverse == NULL || job->inverse[0] == '\0')
		return end(c, store, JOB_ROLLED_BACK, rule, why, wall_ms, err);
	if (try_restore(c, store, job, wall_ms, &refused, err) < 0)
		return -1;
	if (!refused)
		return go_back(c, store, rule, why, wall_ms, err);
	snprintf(detail, sizeof(detail), "%.100s; then the former content was "
	    "refused: %.110s", why, err->msg);
	return end(c, store, JOB_ROLLBACK_FAILED, "RestoreRefused", detail,
	    wall_ms, err);
}

/* ---- somebody asked a job to go back ---- */

const char *
engine_no_cancel(const struct job *job, const struct step *steps, size_t n)
{
	if (job_ended(job->state))
		return "It has ended.";
	if (job->state == JOB_ROLLING_BACK)
		return "It is rolled back already.";
	if (job->rule[0] != '\0')
		return "It is asked to go back already.";
	if (job->inverse == NULL || job->inverse[0] == '\0')
		return "It restores what is wanted; there is nothing to go "
		    "back to.";
	if (engine_doom_begun(steps, n))
		return "It destroys data already, which does not come back.";
	return NULL;
}

int
engine_cancel(struct store *store, const struct job *job, const char *rule,
    const char *detail, int64_t wall_ms, struct err *err)
{
	if (job_ended(job->state) || job->state == JOB_ROLLING_BACK)
		return err_set(err, ERR_CONFLICT, "job %" PRId64 " is %s",
		    job->id, job_state_word(job->state));
	return job_update(store, job->id, JOB_RUNNING, rule, detail, wall_ms,
	    err);
}

/* ---- somebody decided about a job that neither went nor came back ---- */

static int
need_stuck(struct store *store, struct arena *a, const struct job *job,
    struct err *err)
{
	struct job *open;
	size_t n;

	if (job_list_open(store, a, &open, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (open[i].id == job->id &&
		    open[i].state == JOB_ROLLBACK_FAILED)
			return 0;
	return err_set(err, ERR_CONFLICT, "job %" PRId64 " is no failed "
	    "rollback that holds something", job->id);
}

int
engine_retry(struct store *store, const struct job *job, int64_t wall_ms,
    struct err *err)
{
	struct arena *a = arena_new();
	int rc = need_stuck(store, a, job, err);
	/* The only way is on. */
	bool on = strcmp(job->rule, "DataDestroyed") == 0;

	if (rc == 0 && !on && job->inverse != NULL && job->inverse[0] != '\0')
		rc = restore(store, a, job, wall_ms, err);
	arena_free(a);
	if (rc < 0 || job_update(store, job->id, on ? JOB_RUNNING :
	    JOB_ROLLING_BACK, on ? "" : job->rule, on ? "" : job->detail,
	    wall_ms, err) < 0)
		return -1;
	return tell(store, job->id, "retry", wall_ms, err);
}

int
engine_abandon(struct store *store, const struct job *job, int64_t wall_ms,
    struct err *err)
{
	struct arena *a = arena_new();
	int rc = need_stuck(store, a, job, err);

	arena_free(a);
	if (rc < 0 || hold_drop(store, job->id, err) < 0)
		return -1;
	return tell(store, job->id, "abandon", wall_ms, err);
}
