/*
 * failover.h -- who wants a spare to take over, and when one last did.
 *
 * One row for each profile, of the newest time: what has to wait after it waits
 * also across a restart.  Job 0: it was only said what would have been done.
 */
#ifndef PROFILES_FAILOVER_H
#define PROFILES_FAILOVER_H

#include "profiles/store.h"

struct failover {
	uint32_t slot;			/* where the profile is */
	char id[ID_TEXT], name[NAME_TEXT];
	uint32_t trigger;		/* enum failover_trigger */
	uint32_t hold_s, cooldown_s;
	int64_t last_ms, job;		/* wall clock; 0 never */
};

/* Every assigned profile, by slot. */
int failover_list(struct store *, struct arena *, struct failover **, size_t *n,
    struct err *) ERR_MUST_CHECK;
int failover_put(struct store *, const char *profile, int64_t at_ms,
    int64_t job, struct err *) ERR_MUST_CHECK;
/* How many profiles were moved since then. */
int failover_count(struct store *, int64_t since_ms, int64_t *n, struct err *)
    ERR_MUST_CHECK;

#endif
