/*
 * commit.h -- the end of the road: confirm, hold, write, answer.
 *
 * Inside the writer's savepoint.  All of it or nothing: the wished state,
 * generation + 1, the job with its first intents, the event.  Whoever gets -1
 * undoes the savepoint; the answer is filled all the same.
 *
 *   dry run		200 with the plan; remembered for 15 minutes; -1
 *   B items		422 with all of them
 *   C items		409 ConfirmationNeeded with those not confirmed
 *   held		409 Held with the job
 *   nothing to do	200 with the object, no job
 *   otherwise		201 (200 when nothing was made), or 202 with the job's
 *			Location when a slot is touched
 */
#ifndef SERVICE_COMMIT_H
#define SERVICE_COMMIT_H

#include "appliance/service/planning.h"

struct commit {
	struct planning *planning;
	bool dry_run;
	uint64_t seed;			/* the planning's, for the plan */
	const json_t *changes;		/* as sent, for the plan; may be NULL */
	/* Which C items are confirmed: a JSON list of codes, or the request's
	 * ?confirm when NULL. */
	const json_t *confirmed;
	/* The other appliance, as somebody typed it, for Takeover; NULL: the
	 * request's ?origin. */
	const char *origin;
	bool made;			/* POST: 201 */
	bool whole;			/* answer with the job, not an object */
};

int commit_run(struct commit *, struct err *) ERR_MUST_CHECK;

/* A plan under a fresh id, as it would be stored; changes and body are of the
 * arena.  Lives until `expires_ms`. */
int commit_plan(struct planning *, const json_t *changes, uint64_t seed,
    int64_t expires_ms, struct stored_plan *, json_t **body, struct err *)
    ERR_MUST_CHECK;

/* {"id","state","title","done","of","href"}. */
json_t *commit_job_ref(int64_t id, const char *state, const char *title,
    size_t of);

#endif
