/*
 * place.h -- which function realises a device.
 *
 * Pure and deterministic: the least loaded port of the right class that has a
 * free function, obeying pins, in rising order at a tie.  A function that is
 * placed for somebody, bound, not blank, or failed is not taken while a blank
 * one is there.  A refusal says why of every candidate port.
 */
#ifndef ENGINE_PLACE_H
#define ENGINE_PLACE_H

#include "appliance/engine/view.h"
#include "profiles/model.h"

struct place_load {		/* what is wanted of a port so far, committed */
	uint32_t bay, port;
	uint32_t n_functions, limit_mbps, guarantee_mbps;
};

struct place_in {
	const struct view *view;
	const fn_id *taken;		/* placed functions, rising */
	size_t n_taken;
	const struct place_load *loads;
	size_t n_loads;
	uint32_t slot;			/* where it will be */
};

/* Fills *fn; ERR_RULES "FunctionLimit", "VdasUnreachable" or
 * "ModuleMissing" with the reason of each candidate. */
int place_function(const struct place_in *, const struct device *, fn_id *fn,
    struct err *) ERR_MUST_CHECK;
/* The lowest bridge of the slot that is neither in `used` nor occupied by
 * something that this change does not move; ERR_RULES "FunctionLimit". */
int place_bridge(const struct place_in *, const uint32_t *used, size_t n_used,
    uint32_t *bridge, struct err *) ERR_MUST_CHECK;
/* A free disk number of the module. */
int place_disk(const struct view *, unsigned bay, const uint32_t *used,
    size_t n_used, uint32_t *number, struct err *) ERR_MUST_CHECK;

#endif
