/*
 * activation.h -- what it takes until a server sees what is put behind a bridge,
 * and whether it has seen it.
 *
 * A bind raises presence; whether the server finds anything is the server's
 * business.  The switch tells what a server is prepared for (struct fabric_slot)
 * and whether it has enumerated a bridge (struct fabric_bridge), and nothing
 * else is evidence.  Pure.
 *
 *	hot		at once: it takes the interrupt and has room
 *	rescan		it has room, but must be told to look
 *	reboot		it has no room, or is off: when it starts
 *	powerCycle	it is on, but its link has not come up
 *	unknown		the switch does not tell
 *
 * A bridge takes one bus number and the smallest window of memory, 1 MiB; both
 * are kept in the order of the bridges.
 */
#ifndef ENGINE_ACTIVATION_H
#define ENGINE_ACTIVATION_H

#include "appliance/engine/view.h"

enum activation {
	ACTIVATION_HOT, ACTIVATION_UNKNOWN, ACTIVATION_RESCAN,
	ACTIVATION_REBOOT, ACTIVATION_POWER_CYCLE, ACTIVATION_N
};
const char *activation_word(enum activation);
/* "after a reboot"; for a sentence that begins "It sees it". */
const char *activation_when(enum activation);

/* Of something bound there now; a slot that is switched off counts as on. */
enum activation activation_of(const struct view *, unsigned slot,
    unsigned bridge);
/* True when a server is at work there: it would have to be interrupted. */
bool activation_runs(const struct view *, unsigned slot);

/* "yes", "no", or "unknown" where the switch does not watch.  */
const char *activation_seen(const struct view *, unsigned slot,
    unsigned bridge);

#endif
