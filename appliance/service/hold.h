/*
 * hold.h -- what a plan needs for itself until its job has ended.
 *
 * Slots, functions, addresses, changed objects and their names, old and new, so
 * that the inverse of a running job cannot be refused.  Three more count that are
 * held by nobody: a removed network or SAN that an inverse may want back, one in
 * use that a running job made, which its inverse would have to remove, and what
 * of a port it gave up (hold_port.h).
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

/* Isolate: whoever else holds the slot is asked to go back. */
int hold_send_back(const struct planning *, int64_t job, struct err *)
    ERR_MUST_CHECK;

#endif
