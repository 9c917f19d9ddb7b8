/*
 * change_rows.h -- what the files of the change set tell each other (private).
 */
#ifndef PROFILES_CHANGE_ROWS_H
#define PROFILES_CHANGE_ROWS_H

#include "profiles/change.h"

/* The head of a named object; NULL for slots and ports. */
struct head *change_head(enum object_type, void *object);
const struct head *change_head_of(enum object_type, const void *object);

/* The item of an id, removed or not; NULL when it was not touched. */
struct change *change_find(const struct change_set *, enum object_type,
    const char *id);
/* Puts an item at the end. */
struct change *change_push(struct change_set *, enum object_type,
    const char *id, const void *before, void *after);

/* As they are wished, without touching them; ERR_NOT_FOUND. */
int change_look_pool(struct change_set *, const char *id, const struct pool **,
    struct err *) ERR_MUST_CHECK;
int change_look_default(struct change_set *, enum pool_type,
    const struct pool **, struct err *) ERR_MUST_CHECK;
int change_look_class(struct change_set *, const char *id,
    const struct qos_class **, struct err *) ERR_MUST_CHECK;
int change_look_network(struct change_set *, const char *id,
    const struct network **, struct err *) ERR_MUST_CHECK;

/* change_lease.c: leases and their devices say the same, and none goes without
 * the other. */
int change_settle_leases(struct change_set *, struct err *) ERR_MUST_CHECK;

#endif
