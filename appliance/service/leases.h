/*
 * leases.h -- leases begin and end by themselves.
 *
 * A look finds what is due by the clock and sends the request that people would
 * send, as actor "lease" on the road of every change: first `:end` of what is
 * over, then `:begin` of what is due, in line by priority and time.  One at a
 * time; what was refused is tried again, later each time, and a fault says why:
 *
 *   LeaseMissed	due and not on, or its time passed without it (shown for a
 *			day, until it begins again)
 *   LeaseReleaseOverdue  over and still on, or off and still bound because the
 *			slot is held or the switch is away; the first thing done
 *			when that is over
 *
 * How an end goes: after the grace.  `release` and `force` take the device away:
 * its server is asked, and loses it after the switch's own time; `force` and
 * what is over for `forceAfter` also confirm what had to be confirmed.
 * `keep-if-busy` waits while the server has link and power and was not seen to
 * leave the device alone; what cannot be known is busy.
 *
 * Who waits in line (queue) is not missed while another of a line has a device.
 *
 * While the clock is behind the newest commit (ClockSkew) nothing begins and
 * nothing ends.  What is on and until when are rows (profiles/lease.h): a restart
 * finds what it missed in its first look.
 *
 * leases_turn() has no clock, thread or randomness of its own.
 */
#ifndef SERVICE_LEASES_H
#define SERVICE_LEASES_H

#include "appliance/service/service.h"

struct leases;

enum {
	LEASES_LOOK_MS = 1000,
	LEASES_RETRY_MS = 5000,		/* the first time; then twice as long */
	LEASES_RETRY_MAX_MS = 80000,
	LEASES_BOUND_MS = 60000,	/* off so long, a device is not bound */
	LEASES_SHOWN_MS = 86400000,	/* a time that passed is told so long */
};

struct leases_config {
	struct service *service;
	struct engine *engine;		/* takes the faults */
	struct writer *writer;
	struct view_box *views;
	uint64_t seed;
};

struct leases *leases_new(const struct leases_config *);
/* After the writer: nothing of it is under way any more. */
void leases_free(struct leases *);

/* One look; may hand one entry to the writer.  `store` is a reader.  Returns
 * when it wants to be called again at the latest. */
int64_t leases_turn(struct leases *, int64_t now_ms, int64_t wall_ms,
    struct store *);

/* A clock that was set back is right all the same: POST /appliance:acceptClock. */
int leases_accept_clock(struct call *, struct err *);

#endif
