/*
 * lease.h -- a device for a time.
 *
 * A leased device is a device of its profile like any other: it has its id, its
 * name and its address from the day the lease is made until the lease goes.
 * Outside of its times it is *idle*: placed nowhere and bound nowhere.  Turning
 * it on and off is a change set of the lease and the profile.
 *
 * What was done about a lease stands beside what is wished: whether it is on and
 * until when, and which occurrence was the last that began, so that a restart
 * begins none twice and forgets no end.
 */
#ifndef PROFILES_LEASE_H
#define PROFILES_LEASE_H

#include "profiles/head.h"
#include "profiles/schedule.h"

struct profile;
struct device;
struct store;

enum lease_end {
	LEASE_RELEASE,			/* its server is asked, then it goes */
	LEASE_KEEP,			/* it stays while its server uses it */
	LEASE_FORCE,			/* it goes, whatever is open on it */
};

enum {
	LEASE_SHORTEST = 5,		/* minutes */
	LEASE_LONGEST = 366 * 1440,
};

struct lease {
	struct head head;
	char profile[ID_TEXT];
	char device[ID_TEXT];		/* of that profile */
	struct schedule schedule;
	char zone[ZONE_TEXT];
	uint32_t grace_s;		/* after the end, before it goes */
	uint32_t on_end;		/* enum lease_end */
	uint32_t force_after_s;		/* after the end: forced; 0 never */
	uint32_t priority;		/* in line, high ones first */
	bool queue;			/* waits in line for what others of a
					 * line have */

	int64_t since_ms;		/* it counts from then on */
	int64_t served_ms;		/* start of the last that began; 0 none */
	int64_t ends_ms;		/* of the one that is on; 0 = idle */
};

void lease_defaults(struct lease *);
/*
 * The first occurrence that ends, with its grace, after a moment and was not
 * served; the one that is on comes first, as long as it is.
 */
bool lease_next(const struct lease *, const struct zone *, int64_t after_ms,
    struct occurrence *);
/* Both are wanted at the same times. */
bool lease_same_times(const struct lease *, const struct lease *);
/* The device of a lease in its profile; NULL when it is not that one's. */
struct device *lease_device(const struct profile *, const char *lease);

/* ---- rows; as others in store.h ---- */

int lease_load(struct store *, struct arena *, const char *ref,
    struct lease **, struct err *) ERR_MUST_CHECK;
int lease_list(struct store *, struct arena *, const char *after,
    size_t limit, struct lease **, size_t *n, struct err *) ERR_MUST_CHECK;
/* Of one profile, by its id. */
int lease_list_of(struct store *, struct arena *, const char *profile,
    struct lease **, size_t *n, struct err *) ERR_MUST_CHECK;
int lease_store(struct store *, const struct lease *before,
    const struct lease *after, struct err *) ERR_MUST_CHECK;

#endif
