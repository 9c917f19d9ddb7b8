/*
 * jobs.h -- what was done, how it stands, and how it is taken back.
 *
 * Undo is the inverse change set on the same road, as a job of its own.  It is
 * possible while what the job made is still what is wanted: not while it runs,
 * not twice, not over the top of later changes, and not when it destroyed data.
 */
#ifndef SERVICE_JOBS_H
#define SERVICE_JOBS_H

#include "appliance/service/planning.h"

int jobs_list(struct call *, struct err *) ERR_MUST_CHECK;
int jobs_read(struct call *, struct err *) ERR_MUST_CHECK;
int jobs_undo(struct call *, struct err *) ERR_MUST_CHECK;
/* Asks a job that has not ended to go back (202); 409 NotCancellable. */
int jobs_cancel(struct call *, struct err *) ERR_MUST_CHECK;
/* What to do about a rollback that failed: go on with it (202), or give up what
 * it holds (200).  409 NotStuck when it is no such job. */
int jobs_retry(struct call *, struct err *) ERR_MUST_CHECK;
int jobs_abandon(struct call *, struct err *) ERR_MUST_CHECK;

#endif
