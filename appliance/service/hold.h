/*
 * hold.h -- what a plan needs for itself until its job has ended.
 *
 * Slots, functions, addresses and profiles, old and new, so that the inverse of
 * a running job cannot be refused.  What a removed network or SAN was to a
 * running job counts too: its inverse may want it back.
 */
#ifndef SERVICE_HOLD_H
#define SERVICE_HOLD_H

#include "appliance/service/planning.h"

/* The job that has something of it, or 0.  Isolate asks for no slot. */
int hold_conflict(const struct planning *, int64_t *job, struct err *)
    ERR_MUST_CHECK;
/* Holds all of it for a job. */
int hold_take(const struct planning *, int64_t job, struct err *)
    ERR_MUST_CHECK;

#endif
