/*
 * qos.h -- the arithmetic of guarantees.
 *
 * Pure; rates are whole Mb/s.  The budget of a port is what may be guaranteed on
 * it: its speed less the part that is kept back.
 *
 * A card that only limits keeps a guarantee g of one function when all others
 * together cannot take more than budget - g.  So each of them needs a limit:
 * qos_admit() finds one for those that have none, as high as fits and the same
 * above what each is guaranteed itself.  Limits that somebody chose stay.
 */
#ifndef ENGINE_QOS_H
#define ENGINE_QOS_H

#include "switchmgr/fabric.h"

/* The negotiated speed, or what the port can do while its link is down. */
uint32_t qos_speed(const struct fabric_port *);
uint32_t qos_budget(const struct fabric_port *, uint32_t reserve_pct);

/* One function of a port. */
struct qos_share {
	uint32_t guarantee_mbps, limit_mbps;	/* limit 0: none */
};

/* What the card's limiter can be set to. */
struct qos_limits {
	uint32_t min, max, step;
};

/* Every guarantee holds: the limits of all others are finite and fit beside
 * it. */
bool qos_holds(const struct qos_share *, size_t n, uint32_t budget);
/* Sets the limits that are missing; false, with nothing changed, when there are
 * none that hold. */
bool qos_admit(struct qos_share *, size_t n, uint32_t budget,
    struct qos_limits);

#endif
