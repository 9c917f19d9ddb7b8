/*
 * memory.h -- plans that hold nothing, for a quarter of an hour.
 *
 * What ?dryRun=true shows gets an id and can be applied by it.  Such a plan is
 * no row: it lives here, in a ring that forgets the oldest when there are too
 * many, or when their texts take more than MEMORY_BYTES together.  The newest is
 * kept whatever its size: somebody was just given its id.  Any thread.
 */
#ifndef SERVICE_MEMORY_H
#define SERVICE_MEMORY_H

#include "profiles/journal.h"

struct memory;

enum { MEMORY_PLANS = 128, MEMORY_BYTES = 8 << 20,
	MEMORY_MS = 15 * 60 * 1000 };

struct memory *memory_new(void);
void memory_free(struct memory *);
/* Copies everything. */
void memory_put(struct memory *, const struct stored_plan *);
/* A copy in the arena; false when it is not known (any more). */
bool memory_get(struct memory *, struct arena *, const char *id,
    struct stored_plan **out);

#endif
