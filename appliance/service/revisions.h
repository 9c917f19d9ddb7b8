/*
 * revisions.h -- what a profile was: its immutable past, and the way back.
 *
 * Each commit that changes a profile keeps all of it, addresses and placement
 * included.  A revision is read as it was then; names are those of today, and
 * what is gone by now is shown by its id.
 */
#ifndef SERVICE_REVISIONS_H
#define SERVICE_REVISIONS_H

#include "appliance/service/route.h"

int revisions_list(struct call *, struct err *) ERR_MUST_CHECK;
int revisions_read(struct call *, struct err *) ERR_MUST_CHECK;
/* ?against=NUMBER or "current" (also when absent): field by field, as in a plan. */
int revisions_diff(struct call *, struct err *) ERR_MUST_CHECK;

/* The profile as it was, in a set of its own; ERR_NOT_FOUND.  `set` gets the
 * content as the wish for that profile. */
int revisions_bring(struct change_set *set, const char *profile_id,
    int64_t number, struct profile **, struct err *) ERR_MUST_CHECK;

#endif
