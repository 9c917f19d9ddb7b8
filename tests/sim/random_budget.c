/* random_budget.c -- see random.h: guarantees, and addresses that rest. */
#include <inttypes.h>
#include <string.h>

#include "appliance/engine/qos.h"
#include "profiles/journal.h"
#include "profiles/stmt.h"
#include "tests/sim/random.h"
#include "tests/test.h"

enum { PORT_MBPS = 10000, POOL_REST_MS = RANDOM_REST_S * 1000,
	STATIC_REST_MS = 86400000 };

static int64_t
count(struct random_run *r, const char *sql, int64_t a, int64_t b)
{
	struct stmt q = stmt_open(r->w.reader, sql);
	struct err e;
	int64_t n;

	stmt_int(&q, a);
	stmt_int(&q, b);
	ck_assert_int_gt(stmt_step(&q, &e), 0);
	n = stmt_get_int(&q);
	stmt_close(&q);
	return n;
}

/* ---- guarantees ---- */

static bool
on_port(const struct profile *p, const struct device *d, unsigned port)
{
	return p->slot != 0 && d->kind == DEVICE_VNIC && d->placed != 0 &&
	    fn_bay(d->placed) == RANDOM_NIC_BAY && fn_port(d->placed) == port;
}

static uint64_t
guaranteed(const struct random_run *r, unsigned port)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < r->n_profiles; i++)
		for (size_t k = 0; k < r->profiles[i].n_devices; k++)
			if (on_port(&r->profiles[i],
			    &r->profiles[i].devices[k], port))
				sum += r->profiles[i].devices[k].guarantee_mbps;
	return sum;
}

/* What the rule may have seen: now, or when it was last looked at here. */
static uint32_t
speed_seen(struct random_run *r, unsigned port)
{
	const struct view *v = view_hold(&r->w.views);
	const struct fabric_port *p = view_port(v, RANDOM_NIC_BAY, port);
	uint32_t now = p == NULL ? PORT_MBPS : qos_speed(p);
	uint32_t before = r->port[port].mbps;

	view_drop(&r->w.views, v);
	r->port[port].mbps = now;
	return before > now ? before : now;
}

/* Moves whenever a job starts back: what was legal once comes again. */
static int64_t
rollbacks(struct random_run *r)
{
	return count(r, "SELECT total(id * state) + ?1 * ?2 FROM job"
	    " WHERE state IN (3, 5, 6)", 0, 0);
}

/* More is guaranteed, or more kept back: then it fits. */
void
random_check_budgets(struct random_run *r)
{
	int64_t back = rollbacks(r);
	bool restored = back != r->rollbacks;

	r->restored = restored;
	r->rollbacks = back;
	for (unsigned port = 1; port <= RANDOM_PORTS; port++) {
		uint64_t sum = guaranteed(r, port), was = r->port[port].sum;
		uint32_t mbps = speed_seen(r, port), kept, old;
		struct port *wanted;
		struct err e;

		ck_ok(port_load(r->w.reader, r->arena, RANDOM_NIC_BAY, port,
		    &wanted, &e), e);
		kept = wanted->reserve_pct;
		old = r->port[port].reserve_pct;
		r->port[port].sum = sum;
		r->port[port].reserve_pct = kept;
		if (wanted->oversubscribe != OVERSUBSCRIBE_DENY)
			continue;
		if (restored) {
			mbps = PORT_MBPS;
			kept = 0;
		}
		if ((sum > was || kept > old) && sum > (uint64_t)mbps *
		    (100 - kept) / 100)
			random_fail(r, "guarantees of io1/%u add up to %"
			    PRIu64 " (before: %" PRIu64 ") of %" PRIu32
			    " Mb/s, %" PRIu32 " %% kept back", port, sum, was,
			    mbps, kept);
	}
}

/* At full speed a guarantee holds whatever the others send: each of them has a
 * limit, and what these leave is enough. */
static void
check_holds(struct random_run *r, unsigned port, const struct device *d,
    uint64_t budget)
{
	uint64_t others = 0;

	for (size_t i = 0; i < r->n_profiles; i++)
		for (size_t k = 0; k < r->profiles[i].n_devices; k++) {
			const struct device *o = &r->profiles[i].devices[k];
			uint32_t limit = o->limit_mbps != 0 ? o->limit_mbps :
			    o->admission_mbps;

			if (o == d || !on_port(&r->profiles[i], o, port))
				continue;
			if (limit == 0)
				random_fail(r, "%s is guaranteed %" PRIu32
				    ", and %s of %s may send what it likes",
				    d->name, d->guarantee_mbps, o->name,
				    r->profiles[i].head.name);
			others += limit;
		}
	if (others + d->guarantee_mbps > budget)
		random_fail(r, "%s is guaranteed %" PRIu32 " of io1/%u; the "
		    "others may send %" PRIu64 " of %" PRIu64, d->name,
		    d->guarantee_mbps, port, others, budget);
}

void
random_check_admission(struct random_run *r)
{
	for (unsigned port = 1; port <= RANDOM_PORTS; port++) {
		struct port *wanted;
		uint64_t budget;
		struct err e;

		ck_ok(port_load(r->w.reader, r->arena, RANDOM_NIC_BAY, port,
		    &wanted, &e), e);
		budget = PORT_MBPS * (100 - wanted->reserve_pct) / 100;
		if (wanted->oversubscribe != OVERSUBSCRIBE_DENY ||
		    guaranteed(r, port) > budget)
			continue;
		for (size_t i = 0; i < r->n_profiles; i++)
			for (size_t k = 0; k < r->profiles[i].n_devices; k++) {
				const struct device *d =
				    &r->profiles[i].devices[k];

				if (d->guarantee_mbps > 0 &&
				    on_port(&r->profiles[i], d, port))
					check_holds(r, port, d, budget);
			}
	}
}

/* ---- addresses ---- */

/* Addresses that another profile had so short a time ago; one of the same names
 * is no other. */
#define TOO_EARLY "SELECT count(*) FROM identity n JOIN identity o ON" \
	" o.row = (SELECT max(row) FROM identity x WHERE x.space = n.space" \
	" AND x.value = n.value AND x.row < n.row)" \
	" WHERE n.state = 1 AND n.profile <> o.profile AND NOT" \
	" (lower(n.profile_name) = lower(o.profile_name) AND" \
	" lower(n.device_name) = lower(o.device_name)) AND" \
	" (n.pool IS NOT NULL) = ?1 AND o.released_ms IS NOT NULL" \
	" AND n.since_ms < o.released_ms + ?2"

/* From a pool nobody gets one that rests, unless what was is wanted back by its
 * name, and confirmed; by hand, who confirmed it. */
void
random_check_rest(struct random_run *r)
{
	int64_t early = count(r, TOO_EARLY, 0, STATIC_REST_MS);
	int64_t given = count(r, TOO_EARLY, 1, POOL_REST_MS);

	if (given > r->given && !(r->named && r->confirmed))
		random_fail(r, "a pool gave an address that rests");
	r->given = given;
	r->named = false;
	if (early > r->early && !r->confirmed && !r->restored)
		random_fail(r, "an address that rests was taken, and nobody "
		    "confirmed it");
	r->early = early;
	r->confirmed = false;
}
