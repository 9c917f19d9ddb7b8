/*
 * hold_port.h -- what a running job gave up on a port.
 *
 * A job that takes a function off a port, or lets it have less there, may have to
 * give all of that back: then guarantees must still fit, and hold by the limits
 * of the others.  So what it gave up is nobody else's until it has ended, as far
 * as a guarantee is concerned: its own, or one of the port as the change set
 * leaves it.  The same goes for what a port no longer keeps back, for being strict
 * about its budget, for having the port alone, and for the frame size where a
 * port has one for all.
 *
 * No rows: what a job gave up is what its inverse would take now.
 */
#ifndef SERVICE_HOLD_PORT_H
#define SERVICE_HOLD_PORT_H

#include "appliance/service/planning.h"

/* A job that may need what the change set takes, or 0. */
int hold_port_conflict(const struct planning *, int64_t *job, struct err *)
    ERR_MUST_CHECK;

#endif
