/*
 * hand.h -- did somebody else's hand do it, or did the hardware lose it?
 *
 * What is seen of a bound device may differ from what is wanted in two ways.
 * Hardware that was without power, or was reset, forgets: that is put right for
 * every profile, whatever its drift policy says, or no server would come back
 * after a power cut.  What somebody else did at the switch is put right only
 * under drift=heal.  These facts tell the two apart:
 *
 *	lost	the function is blank; or its bridge has no presence (its
 *		module was out, off or reset); or a verb still hangs at it; or
 *		only its rates are gone, both to none (a card forgets them with
 *		a reset of the function or another link speed)
 *	hand	anything else, of a function that our row calls bound
 *
 * A row that says anything but bound is our own work, half done: no hand.
 * Who blanks a function by hand is taken for the hardware.
 *
 * Pure: view, want and rows are handed in.
 */
#ifndef ENGINE_HAND_H
#define ENGINE_HAND_H

#include "appliance/engine/view.h"
#include "appliance/engine/want.h"
#include "profiles/journal.h"

enum hand {
	HAND_NONE,		/* as wanted, or the hardware lost it */
	HAND_SET,		/* in its place, as something else */
	HAND_UNMAPPED,		/* behind no bridge, and still prepared */
	/* In the way of every heal, and never removed without being asked: */
	HAND_ELSEWHERE,		/* behind a bridge that is not its own */
	HAND_INSTEAD,		/* behind its bridge is something unknown */
	HAND_TWICE,		/* in its place, and behind another bridge too */
};

/* `rows` are all bindings that are not released, by function. */
enum hand hand_at(const struct view *, const struct want *,
    const struct binding *rows, size_t n);
/* HAND_INSTEAD alone: behind its bridge is something, and none of it is its own
 * or in a row of ours. */
bool hand_instead(const struct view *, const struct want *,
    const struct binding *rows, size_t n);

enum { HAND_WORDS = 80 };
/* A bridge beside its own where a function of it is, and no row of ours says so;
 * NULL none. */
const struct fabric_bridge *hand_beside(const struct view *,
    const struct want *, const struct binding *rows, size_t n);

/* What of a function is not as wanted: "MAC, VLANs"; "" nothing. */
void hand_words(const struct personality *seen,
    const struct personality *wanted, char text[HAND_WORDS]);

#endif
