/*
 * journal.h -- jobs, steps, bindings, events: what was attempted.
 *
 * A job is written by the commit that changes what is wanted, with the intent
 * of its first steps.  Each later commit holds the results of finished steps
 * and the intents of the next; the last one the outcome.  Bindings follow the
 * intents and results in the same commits.
 *
 *   job	running -> applied
 *		running -> rollingBack -> rolledBack | rollbackFailed
 *		rollbackFailed -> rollingBack (engine_retry)
 *		queued and waiting are kept for what runs later
 *   step	planned -> intent -> done | failed | skipped
 *   binding	binding -> bound -> releasing -> scrubbing -> released;
 *		any -> failed, which only a proven scrub ends
 */
#ifndef PROFILES_JOURNAL_H
#define PROFILES_JOURNAL_H

#include "profiles/step.h"
#include "profiles/store.h"

enum job_state {
	JOB_QUEUED, JOB_RUNNING, JOB_WAITING, JOB_ROLLING_BACK,
	JOB_APPLIED, JOB_ROLLED_BACK, JOB_ROLLBACK_FAILED, JOB_N_STATES
};
const char *job_state_word(enum job_state);
static inline bool
job_ended(enum job_state s)
{
	return s >= JOB_APPLIED;
}

struct job {
	int64_t id;
	char kind[24];			/* assign release move change undo heal import */
	char title[160];
	enum job_state state;
	char actor[NAME_TEXT];
	int64_t created_ms, started_ms, ended_ms;
	int64_t generation;
	int64_t undoes, undone_by;	/* job ids, 0 none */
	char rule[32];			/* why it did not apply, "" none */
	char detail[256];
	const char *sentence;
	const char *forward;		/* change set as JSON (change.h) */
	const char *inverse;
	const char *diff;		/* JSON array, as in the plan */
};

int job_add(struct store *, const struct job *, struct err *) ERR_MUST_CHECK;
int job_load(struct store *, struct arena *, int64_t id, struct job **,
    struct err *) ERR_MUST_CHECK;
/* Newest first, before `before` (0 = from the newest). */
int job_list(struct store *, struct arena *, int64_t before, size_t limit,
    struct job **, size_t *n, struct err *) ERR_MUST_CHECK;
/* Not ended, and rollbackFailed ones that still hold; oldest first. */
int job_list_open(struct store *, struct arena *, struct job **, size_t *n,
    struct err *) ERR_MUST_CHECK;
int job_update(struct store *, int64_t id, enum job_state, const char *rule,
    const char *detail, int64_t wall_ms, struct err *) ERR_MUST_CHECK;
int job_undone_by(struct store *, int64_t id, int64_t by, struct err *)
    ERR_MUST_CHECK;

int step_add(struct store *, const struct step *, struct err *) ERR_MUST_CHECK;
int step_list(struct store *, struct arena *, int64_t job, struct step **,
    size_t *n, struct err *) ERR_MUST_CHECK;
/* state, op, times and error of (job, seq). */
int step_update(struct store *, const struct step *, struct err *)
    ERR_MUST_CHECK;
/* Operations to come have higher numbers than this one. */
int step_number_least(struct store *, uint64_t op, struct err *)
    ERR_MUST_CHECK;

/* ---- what a job holds, old and new, to its end ---- */

/* HOLD_OBJECT: a changed network, SAN, pool, profile (id) or slot (number). */
enum hold_kind { HOLD_SLOT, HOLD_FN, HOLD_IDENTITY, HOLD_OBJECT };
int hold_add(struct store *, int64_t job, enum hold_kind, const char *key,
    struct err *) ERR_MUST_CHECK;	/* idempotent for the same job */
/* The job that holds it, or 0. */
int hold_find(struct store *, enum hold_kind, const char *key, int64_t *job,
    struct err *) ERR_MUST_CHECK;
/* True when it holds anything. */
int hold_any(struct store *, int64_t job, bool *any, struct err *)
    ERR_MUST_CHECK;
int hold_drop(struct store *, int64_t job, struct err *) ERR_MUST_CHECK;
/* Slots that the job holds, rising. */
int hold_slots(struct store *, struct arena *, int64_t job, uint32_t **,
    size_t *n, struct err *) ERR_MUST_CHECK;

/* ---- bindings ---- */

enum binding_state {
	BINDING_BINDING, BINDING_BOUND, BINDING_RELEASING, BINDING_SCRUBBING,
	BINDING_FAILED, BINDING_RELEASED
};
const char *binding_state_word(enum binding_state);

struct binding {
	fn_id fn;
	uint32_t slot, bridge;
	char device[ID_TEXT];
	enum binding_state state;
	uint64_t op;
	int64_t since_ms;
};
/* The not-released row of its function is replaced, or one is made. */
int binding_put(struct store *, const struct binding *, struct err *)
    ERR_MUST_CHECK;
/* Forgets those that carry that number: they were taken over without a step. */
int binding_forget(struct store *, uint64_t op, struct err *) ERR_MUST_CHECK;
/* All that are not released, by function. */
int binding_list(struct store *, struct arena *, struct binding **, size_t *n,
    struct err *) ERR_MUST_CHECK;

/* ---- the append-only record: audit and event in one ---- */

struct event {
	int64_t seq, at_ms, generation, job;	/* job 0 none */
	char actor[NAME_TEXT], source[64];	/* address of the client */
	char action[64];		/* "POST /networks", "engine:applied" */
	char type[16], id[ID_TEXT], name[NAME_TEXT];
	char prev_hash[65], hash[65];	/* SHA-256 chain, filled by event_add */
};
int event_add(struct store *, struct event *, struct err *) ERR_MUST_CHECK;
int event_list(struct store *, struct arena *, int64_t after, size_t limit,
    struct event **, size_t *n, struct err *) ERR_MUST_CHECK;
/* Smallest and largest seq; 0 when empty. */
int event_range(struct store *, int64_t *first, int64_t *last, struct err *)
    ERR_MUST_CHECK;

/* ---- idempotency keys, users, sessions, stored plans ---- */

struct answered {
	char key[128], actor[NAME_TEXT];
	char body_digest[65];
	int status;
	const char *headers, *body;	/* headers: "Name: value" lines */
	int64_t at_ms;
};
int answered_load(struct store *, struct arena *, const char *actor,
    const char *key, struct answered **out, struct err *) ERR_MUST_CHECK;
int answered_add(struct store *, const struct answered *, struct err *)
    ERR_MUST_CHECK;
int answered_sweep(struct store *, int64_t older_ms, struct err *)
    ERR_MUST_CHECK;

struct user {
	char name[NAME_TEXT], role[24], hash[128];
	bool disabled;
};
int user_load(struct store *, struct arena *, const char *name,
    struct user **out, struct err *) ERR_MUST_CHECK;
int user_put(struct store *, const struct user *, struct err *) ERR_MUST_CHECK;
int user_list(struct store *, struct arena *, struct user **, size_t *n,
    struct err *) ERR_MUST_CHECK;
/* With his sessions. */
int user_drop(struct store *, const char *name, struct err *) ERR_MUST_CHECK;

struct session {
	char token_digest[65], user[NAME_TEXT], role[24], csrf[44];
	bool cookie;
	int64_t created_ms, used_ms, expires_ms;
	/* Of a token (token.h), which is no row here; what it may do. */
	bool lasting;
	const char *operations;		/* NULL or "": all of its role */
};
int session_load(struct store *, struct arena *, const char *token_digest,
    struct session **out, struct err *) ERR_MUST_CHECK;
/* Sessions that expired before its used_ms are removed. */
int session_put(struct store *, const struct session *, struct err *)
    ERR_MUST_CHECK;
int session_drop(struct store *, const char *token_digest, struct err *)
    ERR_MUST_CHECK;

struct stored_plan {
	char id[ID_TEXT], actor[NAME_TEXT];
	const char *changes;		/* JSON: the change list as sent */
	const char *body;		/* JSON: the plan as answered */
	char digest[65];
	uint64_t seed;
	int64_t created_ms, expires_ms;
};
int plan_load(struct store *, struct arena *, const char *id,
    struct stored_plan **out, struct err *) ERR_MUST_CHECK;
int plan_put(struct store *, const struct stored_plan *, struct err *)
    ERR_MUST_CHECK;
int plan_sweep(struct store *, int64_t wall_ms, struct err *) ERR_MUST_CHECK;

#endif
