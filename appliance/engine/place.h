/*
 * place.h -- which function realises a device.
 *
 * Pure and deterministic: the least loaded port of the right class that has a
 * free function, in rising order at a tie.  Pins, the ports that networks and
 * SANs allow, the group's other members and a frame size that a port's functions
 * share are obeyed.  Worst, but taken when there is nothing else, is a module
 * other than the expected one; then a port whose budget would be exceeded; then
 * one without link; then the module of another member of the group.  A function
 * that is placed for somebody, bound, not blank, or failed is not taken while a blank
 * one is there.  A refusal says why of every candidate port.
 *
 * Who has all of a port (FN_PF, or a device that shares it with nobody) has it
 * alone, in either order.  An exclusive device takes the lowest card or function
 * of its class, one of a kind that nobody could share before any other.
 */
#ifndef ENGINE_PLACE_H
#define ENGINE_PLACE_H

#include "appliance/engine/view.h"
#include "profiles/model.h"

struct place_load {		/* what is wanted of a port so far, committed */
	uint32_t bay, port;
	uint32_t n_functions, limit_mbps, guarantee_mbps;
	uint32_t mtu_min, mtu_max;	/* of its vNICs; 0 none */
	uint32_t n_alone;		/* of them share it with nobody */
};

/* Where a network or SAN may be; n 0 = anywhere. */
struct place_fence {
	const char *name;
	const struct port_ref *ports;
	size_t n;
};

struct place_in {
	const struct view *view;
	const fn_id *taken;		/* placed functions, rising */
	size_t n_taken;
	const fn_id *ours;		/* that we have bound, rising; what of it
					 * is not taken this change moves */
	size_t n_ours;
	const struct place_load *loads;	/* rising by bay and port */
	size_t n_loads;
	uint32_t slot;			/* where it will be */
	const struct place_fence *fences;	/* of the device's networks */
	size_t n_fences;
	const struct port_ref *mates;	/* where its group's others are */
	size_t n_mates;
	const struct port *ports;	/* as wanted; those not named: defaults */
	size_t n_ports;
	const uint32_t *strange;	/* bays with another module than expected */
	size_t n_strange;
	const uint32_t *serviced;	/* bays where nothing new is placed */
	size_t n_serviced;
	const uint32_t *freed;		/* bridges of the slot that the change */
	size_t n_freed;			/* takes the functions from */
};

/* Fills *fn; ERR_RULES "FunctionLimit", "VdasUnreachable", "ModuleMissing",
 * "NetworkNotAllowedHere", "AntiAffinityUnsatisfiable", "BayServiced" or "MtuPortScope" with
 * the reason of each candidate. */
int place_function(const struct place_in *, const struct device *, fn_id *fn,
    struct err *) ERR_MUST_CHECK;
/* The same for an exclusive device: *n functions from *fn on.  Also "FunctionBusy"
 * and "KindUnsupported". */
int place_whole(const struct place_in *, const struct device *, fn_id *fn,
    uint32_t *n, struct err *) ERR_MUST_CHECK;
/* The lowest bridge of the slot that is neither in `used` nor occupied by
 * something that this change does not move; ERR_RULES "FunctionLimit". */
int place_bridge(const struct place_in *, const uint32_t *used, size_t n_used,
    uint32_t *bridge, struct err *) ERR_MUST_CHECK;
/* A free disk number of the module. */
int place_disk(const struct view *, unsigned bay, const uint32_t *used,
    size_t n_used, uint32_t *number, struct err *) ERR_MUST_CHECK;

/* The class of module that realises a device; CLASS_OTHER when any may. */
enum module_class place_class(const struct device *);
/* True when a fence keeps that port out. */
bool place_fenced_out(const struct place_fence *, unsigned bay,
    unsigned port);

#endif
