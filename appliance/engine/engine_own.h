/*
 * engine_own.h -- what already is as it is wanted becomes ours.
 *
 * After the store was lost the switch goes on binding: its functions are behind
 * bridges, and no row names them.  A wish that a function already fulfils
 * there needs no step, only the row; so a restore onto a living switch issues
 * no verb.  The row carries the job's number in place of an operation's: when
 * that job is rolled back, the function is nobody's again, untouched.
 */
#ifndef ENGINE_ENGINE_OWN_H
#define ENGINE_ENGINE_OWN_H

#include "appliance/engine/view.h"
#include "appliance/engine/want.h"
#include "profiles/journal.h"
#include "profiles/store.h"

/* For the service, inside the writer's savepoint and before engine_intend():
 * those of the wants that are seen bound so, and that no row names, get their
 * rows. */
int engine_own(struct store *, struct arena *, const struct view *,
    int64_t job, const struct want *, size_t n, int64_t wall_ms,
    struct err *) ERR_MUST_CHECK;
/* True when a row does not say bound, and its function is seen bound as wanted. */
bool engine_own_proven(const struct view *, const struct want *, size_t n,
    const struct binding *row);
/* For the verified end of a job: rows of those that are seen bound as wanted say
 * so, whatever failed on the way. */
int engine_own_settle(struct store *, struct arena *, const struct view *,
    const struct want *, size_t n, int64_t wall_ms, struct err *)
    ERR_MUST_CHECK;
/* The module that something was bound on is the expected one from then on. */
int engine_own_module(struct store *, const struct view *, fn_id,
    struct err *) ERR_MUST_CHECK;
/* The highest operation that the switch remembers. */
uint64_t engine_own_newest_op(const struct view *);

#endif
