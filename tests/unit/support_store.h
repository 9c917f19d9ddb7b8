/*
 * support_store.h -- a database in a scratch directory, for unit tests.
 *
 * scratch_new() makes the directory, scratch_free() closes and removes it.
 */
#ifndef TESTS_UNIT_SUPPORT_STORE_H
#define TESTS_UNIT_SUPPORT_STORE_H

#include "profiles/change.h"

struct scratch {
	char dir[64], path[80];
	struct store *store;
	struct arena *arena;
};

enum { SCRATCH_WALL = 1700000000 };	/* seconds; times 1000 */
static const int64_t scratch_wall_ms = (int64_t)SCRATCH_WALL * 1000;

/* Below $SCRATCH_DIR, else /tmp.  Without opening the store. */
void scratch_make(struct scratch *);
void scratch_new(struct scratch *);
/* With a copy of another one's store, which is closed. */
void scratch_copy(struct scratch *, const struct scratch *from);
void scratch_free(struct scratch *);

/* Runs SQL on a connection of its own; the extended result code. */
int scratch_sql(const struct scratch *, const char *sql);
/* The first column of the first row, or -1. */
int64_t scratch_count(const struct scratch *, const char *sql);

/* Resolves and commits in a transaction of its own; on failure rolls back. */
int scratch_commit(struct scratch *, struct change_set *, struct err *)
    ERR_MUST_CHECK;
struct change_set *scratch_changes(struct scratch *, uint64_t seed);
/* Sets the name of an object or a device. */
void scratch_name(char name[NAME_TEXT], const char *text);

#endif
