/*
 * hand.h -- somebody else's hand at the switch, and what comes of it.
 *
 * Profile web has vNICs a (2,000 Mb/s) and b at slot 1, behind bridges 0 and 1.
 */
#ifndef TESTS_SIM_HAND_H
#define TESTS_SIM_HAND_H

#include "tests/sim/world.h"

enum { HAND_LONG_MS = 300000, HAND_MINUTE_MS = 60000 };

void hand_furnish(struct world *, uint64_t seed, const char *drift);
void hand_settle(struct world *);
/* Commands with ";" between; @a and @b are the functions of a and b.  What hands
 * violate is forgotten. */
void hand_do(struct world *, const char *list);
/* What the server at slot 1 sees, as text; the caller frees it. */
char *hand_seen(struct world *);
void hand_check_seen(struct world *, const char *before, bool same);
/* Verbs that reached the switch since the log was cleared; hands are none. */
size_t hand_verbs(struct world *);
/* How many live faults of that code. */
size_t hand_faults(struct world *, const char *code);

#endif
