/*
 * support_counter.h -- a driver that only counts what reaches it.
 *
 * For tests of what stands before a driver: the server, the wire, the remote
 * driver.  One slot, one bay, and as many functions as are asked for.
 */
#ifndef TESTS_SUPPORT_COUNTER_H
#define TESTS_SUPPORT_COUNTER_H

#include "switchmgr/driver.h"

/* The first of its functions: io1.1.vf0. */
#define COUNTER_FN ((fn_id)(1u << 20 | 1u << 16 | FN_VF << 12))

struct counter {
	struct fabric fabric;
	unsigned changes, looks, events;
	unsigned n_fns;			/* functions that observe() gives */
	uint64_t term;			/* as the switch reports it */
	bool away;
};

/* Nothing counted yet. */
struct counter counter_new(void);

#endif
