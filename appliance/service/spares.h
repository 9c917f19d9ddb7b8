/*
 * spares.h -- which slot takes over from another, and why the others do not.
 *
 * Every slot but the profile's own is looked at.  One fits when it is kept as a
 * spare, enabled, empty, connected, held by no job, and can carry all devices:
 * bridges, guarantees, and the modules that have the disks of its vDAS.  What
 * does not fit says everything that is in its way.
 *
 * Those that fit are ranked: whose server need not be restarted first, then who
 * shares more labels with the slot that is left, then whose cable carries more,
 * then the lower number.  Deterministic in (profile, rows, view); the
 * change set that is being made is seen, when there is one.
 */
#ifndef SERVICE_SPARES_H
#define SERVICE_SPARES_H

#include "appliance/service/route.h"

enum { SPARE_REASONS = 8 };

struct spare {
	uint32_t slot;
	unsigned rank;			/* from 1; 0 = does not fit */
	bool kept;			/* as a spare */
	bool late;			/* its server runs, and sees nothing new yet */
	uint64_t usable_mbps;		/* of its cable; 0 not known */
	size_t n_labels;		/* that the slot which is left has too */
	/* What is in its way, or what speaks for it. */
	const char *reasons[SPARE_REASONS];
	size_t n_reasons;
};

/* Where to look, and for whom: p NULL = for whatever profile. */
struct spares_in {
	struct arena *arena;
	struct store *store;
	const struct view *view;
	const struct change_set *set;	/* or NULL */
	const struct profile *profile;
	uint32_t from;			/* the slot that it leaves; 0 none */
};

/* All of them, those that fit first, by rank; then by number. */
int spares_rank(const struct spares_in *, struct spare **, size_t *n,
    struct err *) ERR_MUST_CHECK;
/* "slot 4 has no link; slot 5 is disabled" of those that are kept as spares. */
const char *spares_why(struct arena *, const struct spare *, size_t n);

/* GET /spares?profile=P or ?slot=N */
int spares_list(struct call *, struct err *) ERR_MUST_CHECK;

#endif
