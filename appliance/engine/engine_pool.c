/*
 * engine_pool.c -- pools that run out.
 *
 * Counting a large pool takes milliseconds, and the list of faults is made
 * anew each second; so the counts are kept until something was committed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/engine/engine_int.h"
#include "profiles/ledger.h"

enum {
	COUNT_MS = 5000,
	POOLS_MAX = 4096,
	LOW_PERCENT = 80,
	SPENT_PERCENT = 95,
};

/* The numbers are in the pool itself; a text that stays keeps the fault's
 * first time. */
static void
tell(const struct pool *p, uint64_t size, bool spent, struct fault **items,
    size_t *n)
{
	struct fault *f = engine_fault_add(items, n, spent ? "PoolExhausted" :
	    "PoolLow", spent ? "major" : "warning", "pool", p->head.name, 0);

	(void)snprintf(f->text, sizeof(f->text), "Pool %s has given %d %% of "
	    "its %" PRIu64 " addresses or more, resting ones counted",
	    p->head.name, spent ? SPENT_PERCENT : LOW_PERCENT, size);
	(void)snprintf(f->remedy, sizeof(f->remedy), "Add a block to pool %s",
	    p->head.name);
}

static int
count(struct engine *e, struct store *store, struct arena *a, struct err *err)
{
	struct pool *pools;
	int64_t counts[3];
	size_t n;

	free(e->pools);
	e->pools = NULL;
	e->n_pools = 0;
	if (pool_list(store, a, "", POOLS_MAX, &pools, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		uint64_t size = pool_size(&pools[i]), used;

		if (size == 0)
			continue;	/* of UUIDs there are enough */
		if (ledger_count(store, pools[i].head.id, counts, err) < 0)
			return -1;
		used = (uint64_t)(counts[0] + counts[1] + counts[2]) * 100;
		if (used >= size * LOW_PERCENT)
			tell(&pools[i], size, used >= size * SPENT_PERCENT,
			    &e->pools, &e->n_pools);
	}
	return 0;
}

int
engine_pool_faults(struct engine *e, struct store *store, struct arena *a,
    struct fault **items, size_t *n, struct err *err)
{
	struct appliance box;

	if (e->now_ms >= e->pool_ms) {
		e->pool_ms = e->now_ms + COUNT_MS;
		if (store_appliance(store, &box, err) < 0)
			return -1;
		if (box.generation + 1 != e->pool_generation &&
		    count(e, store, a, err) < 0)
			return -1;
		e->pool_generation = box.generation + 1;
	}
	for (size_t i = 0; i < e->n_pools; i++) {
		const struct fault *p = &e->pools[i];
		struct fault *f = engine_fault_add(items, n, p->code,
		    p->severity, p->object_type, p->object, 0);

		memcpy(f->text, p->text, sizeof(f->text));
		memcpy(f->remedy, p->remedy, sizeof(f->remedy));
	}
	return 0;
}
