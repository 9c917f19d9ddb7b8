/*
 * fault.h -- the one door through which a test makes our own work fail.
 *
 *	if (fault_here("store.commit"))
 *		return err_set(e, ERR_UNAVAILABLE, "...");
 *
 * A point is named where it stands.  In a running program no point ever fires:
 * the switch is fault_arm(), which only tests call.  Loops visit every point
 * (style G16): arm(1), run, arm(2), run, ... until fault_fired() says no.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>

/* The nth point from now fires, once; 0 disarms. */
void fault_arm(unsigned n);
bool fault_fired(void);
bool fault_here(const char *point);

#endif
