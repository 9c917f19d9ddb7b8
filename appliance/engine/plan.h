/*
 * plan.h -- what must be done to make the fabric what it should be.
 *
 * A pure function: what is wanted and what is there in, one list of steps out.
 * No clock, no database, no hardware, so every rule below is a unit test.
 *
 * Invariants of every plan (tests/unit/test_plan.c checks each by number):
 *  P1  Carrying out all steps on `have` yields `want`.
 *  P2  If `have` equals `want` there are no steps.
 *  P3  All releases (unbind, scrub) stand on lower levels than all prepares and
 *      binds: what is taken must have been given up, proven by the scrub.
 *  P4  A function that is already right is not touched.
 *  P5  Carrying out any prefix and planning again still reaches `want`.
 *  P6  Only functions and bridges that `want` or `have` name are touched: hand in
 *      the slots of a change, and no other slot appears in a step.
 *  P7  Levels have no gaps and steps of one level are independent.
 *  P8  DISK_DESTROY appears only for disks handed in as `doomed`, after everything
 *      else: what cannot be undone goes last (engine_doom.h).
 *  P9  Nothing is prepared for or bound at a slot that shall be switched off;
 *      what is bound there stays.
 *  P10 DISK_MAKE appears only for disks handed in as `making`.  A function whose
 *	disk is gone is neither prepared nor bound: an empty disk is not what
 *	was lost.
 *  P11 The functions of one want come and go together: one bind with all of them
 *      in their order, one unbind of the bridge, a scrub of each.  What is whole
 *      is not prepared, and scrubbed before another server has it.
 *  P12 A fenced slot goes off before anything else, is asked nothing, and goes on
 *	again after the binds, if it shall be on.
 *  P13 Nothing is prepared for or bound on a bay that is serviced or shall be
 *	off; what is bound there stays, unless the bay shall be off: then it goes
 *	first.  A bay goes on before all else.
 *
 *  P14 What hangs is ended by an unbind or a scrub no later than anything else is
 *	made: each keeps one of the switch's places, and all of them may be taken.
 *
 * Levels: fenced slots off, then slots off, bays on and unbinds, then slots on,
 * ports set, disks made and scrubs, then prepares, then binds, then bays off and
 * fenced slots on, then disks destroyed.
 */
#ifndef ENGINE_PLAN_H
#define ENGINE_PLAN_H

#include "appliance/engine/want.h"
#include "base/arena.h"
#include "profiles/step.h"

/* One function as it is: what the view and the binding rows say of it. */
struct have {
	fn_id fn;
	uint32_t slot, bridge;		/* slot 0 = behind no bridge */
	uint32_t at, n_at;		/* which of how many behind that bridge */
	bool blank, present;		/* present: its module is there */
	bool settled;			/* false while its server cannot use it (its
					 * bridge is binding, or lost presence with
					 * its module): it can just be taken */
	bool lost;			/* behind its bridge without presence, or what
					 * was under way there hangs: must be bound
					 * anew */
	bool hangs;			/* something is under way at the function and
					 * nobody waits for it: no bind gets through */
	uint32_t traces;		/* of this slot's server, unless blank; from
					 * the binding row, 0 none known */
	char device[ID_TEXT];		/* of the binding row, "" none */
	struct personality persona;
};

/* Whether a slot is switched on, and whether it should be. */
struct plan_slot {
	uint32_t slot;
	bool enabled_now, enabled_wanted;
	bool fence;			/* off while its functions go elsewhere */
};

/* How a port forwards, and how it should. */
struct plan_port {
	uint32_t bay, port;
	uint32_t now, wanted;
};

/* A bay of which something is wanted: its power, and whether it is serviced. */
struct plan_bay {
	uint32_t bay;
	bool on_now, on_wanted, serviced;
};

struct plan_in {
	const struct want *want;
	size_t n_want;
	const struct have *have;	/* of these slots, and each function wanted */
	size_t n_have;
	const struct want_disk *disks;	/* disks that exist on the modules */
	size_t n_disks;
	const struct want_disk *making;	/* to be made, if not there yet */
	size_t n_making;
	const struct want_disk *doomed;	/* to be destroyed, confirmed */
	size_t n_doomed;
	/* Slots that do not answer an orderly release (no power, link down). */
	const uint32_t *silent;
	size_t n_silent;
	/* SLOT_CTL where they differ.  engine_have() fills them from the store; a
	 * change of a slot's adminState overrides enabled_wanted. */
	struct plan_slot *slots;
	size_t n_slots;
	/* PORT_CTL where they differ.  engine_have() fills in those that the
	 * wanted functions are on; a change of a port adds its own. */
	struct plan_port *ports;
	size_t n_ports;
	/* BAY_CTL where they differ, likewise. */
	struct plan_bay *bays;
	size_t n_bays;
};

/* Steps from the arena by rising (level, seq); seq from 1. */
void plan_make(struct arena *, const struct plan_in *, struct step **,
    size_t *n);

/* True when the new personality can be put on without release: only VLANs,
 * rates, MTU, PCP and flags differ. */
bool plan_live_change(const struct personality *a, const struct personality *b);

#endif
