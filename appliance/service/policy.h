/*
 * policy.h -- what profiles do by themselves: a spare takes over (fail-over), and
 * what a hand changed becomes wanted (drift=adopt, policy_adopt.c).
 *
 * A slot is lost when its cable has no link or its server no power, and it was
 * seen up since we look.  When that lasts for the profile's `hold`, its trigger
 * says what happens:
 *
 *   manual	nothing: people decide
 *   observe	an event says what would have been done
 *   auto	the change set of `:move {"policy":"spare"}`, actor "policy", on the
 *		road of every change
 *
 * Never for what is our own doing: a slot that is disabled, isolated, in
 * maintenance, held by a job, or of a switch that was away or began anew.  At
 * most one move of a profile in its `cooldown`, and POLICY_MOVES of all in an
 * hour.  When a second slot is lost within a minute of another, or a slot is
 * lost already when we begin to look, it is a rack rather than a server: those
 * slots are suspended, with one fault, until their servers are back.
 *
 * No spare fits: a fault with the reasons, and it is tried again.  What has to
 * survive a restart is a row (failover.h); all else is seen anew.
 *
 * policy_turn() has no clock, thread or randomness of its own.
 */
#ifndef SERVICE_POLICY_H
#define SERVICE_POLICY_H

#include "appliance/service/service.h"

struct policy;

enum {
	POLICY_RACK_MS = 60000,		/* lost so near together: a rack */
	POLICY_MOVES = 8,		/* of all profiles in an hour */
	POLICY_RETRY_MS = 5000,
	POLICY_LOOK_MS = 200,
	POLICY_CALM_MS = 2000,		/* a hand may have more to do */
};

struct policy_config {
	struct service *service;
	struct engine *engine;		/* takes the faults */
	struct writer *writer;
	struct view_box *views;
	uint64_t seed;
};

struct policy *policy_new(const struct policy_config *);
/* After the writer: nothing of it is under way any more. */
void policy_free(struct policy *);

/* One look; may hand one entry to the writer.  `store` is a reader.  Returns
 * when it wants to be called again at the latest. */
int64_t policy_turn(struct policy *, int64_t now_ms, int64_t wall_ms,
    struct store *);

#endif
