/*
 * census.h -- what profiles outside of a change set already use.
 *
 * Budgets of ports, numbers of virtual disks and placed functions are sums over
 * everybody.  A census is taken once per change set, when something in it is
 * assigned; the change set's own devices are added as they are placed, so that
 * it then speaks of the wished state.
 */
#ifndef SERVICE_CENSUS_H
#define SERVICE_CENSUS_H

#include "appliance/engine/place.h"
#include "profiles/change.h"

struct census {
	struct arena *arena;
	struct place_load *loads;
	size_t n_loads, cap_loads;
	fn_id *taken;			/* placed for somebody; rising */
	size_t n_taken, cap_taken;
	/* Those, and what somebody outside has not given back yet: a fresh
	 * placement avoids it, a kept one is told (FunctionBusy). */
	fn_id *avoid;
	size_t n_avoid, cap_avoid;
	fn_id *ours;			/* that a binding row names; rising */
	size_t n_ours;
	uint32_t *disks;		/* bay << 16 | number */
	size_t n_disks, cap_disks;
};

int census_take(struct store *, struct arena *, const struct change_set *,
    struct census **, struct err *) ERR_MUST_CHECK;
/* A device with a function. */
void census_add(struct census *, const struct device *);
/* True when nobody has what a placed device has: its functions, a physical one of
 * its port, or, when it wants the port for itself, any of that. */
bool census_fits(const struct census *, const struct device *);
/* True when somebody has that function. */
bool census_has(const struct census *, fn_id);
/* True when a binding row names that function, whosever. */
bool census_is_ours(const struct census *, fn_id);
/* Disks stay on their module whether or not their vDAS is placed. */
void census_add_disks(struct census *, const struct device *);
/* What a port carries; zeros when nothing. */
struct place_load census_port(const struct census *, unsigned bay,
    unsigned port);
/* Numbers of the disks of one bay. */
void census_numbers(const struct census *, unsigned bay, uint32_t **,
    size_t *n);

#endif
