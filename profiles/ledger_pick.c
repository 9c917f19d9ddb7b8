/* ledger_pick.c -- the next free value of a pool; see ledger.h. */
#include "profiles/ledger_rows.h"

static bool
is_taken(uint64_t v, const uint64_t *taken, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (taken[i] == v)
			return true;
	return false;
}

struct search {
	struct store *store;
	const struct pool *pool;
	enum id_space space;
	const uint64_t *taken;
	size_t n_taken;
};

/* The first value from `v` below `end` that nobody has; `end` when none. */
static uint64_t
free_below(const struct search *s, uint64_t v, uint64_t end)
{
	const struct block *x;

	while (v < end) {
		x = pool_excluded(s->pool, v);
		if (x != NULL)
			v = x->to;
		else if (!is_taken(v, s->taken, s->n_taken))
			return v;
		v++;
	}
	return end;
}

/* The first free value of a range: live ones come rising, holes are free.  1
 * found, 0 none. */
static int
first_hole(const struct search *s, uint64_t from, uint64_t to, uint64_t *out,
    struct err *e)
{
	int digits = ledger_digits(s->space), rc;
	uint64_t v = from, used;
	struct stmt q;

	q = stmt_open(s->store, "SELECT value FROM identity WHERE space = ?"
	    " AND value BETWEEN ? AND ? AND state <> 3 ORDER BY value");
	stmt_int(&q, s->space);
	stmt_hex(&q, from, digits);
	stmt_hex(&q, to, digits);
	do {
		rc = stmt_step(&q, e);
		if (rc < 0)
			return -1;
		used = rc > 0 ? stmt_get_hex(&q) : to + 1;
		v = free_below(s, v, used);
		if (v < used) {
			stmt_close(&q);
			*out = v;
			return 1;
		}
		v = used + 1;
	} while (rc > 0);
	return 0;
}

static size_t
block_of(const struct pool *p, uint64_t v)
{
	size_t i = 0;

	while (i < p->n_blocks && (v < p->blocks[i].from || v > p->blocks[i].to))
		i++;
	return i;
}

/* From `start` to the end, then from the beginning up to it. */
static int
search_from(const struct search *s, const struct pool *p, uint64_t start,
    uint64_t *out, struct err *e)
{
	size_t first = block_of(p, start), n = p->n_blocks;
	int rc = 0;

	if (first == n) {
		first = 0;
		start = p->blocks[0].from;
	}
	for (size_t k = 0; rc == 0 && k <= n; k++) {
		const struct block *b = &p->blocks[(first + k) % n];

		if (k == 0)
			rc = first_hole(s, start, b->to, out, e);
		else if (k < n)
			rc = first_hole(s, b->from, b->to, out, e);
		else if (start > b->from)
			rc = first_hole(s, b->from, start - 1, out, e);
	}
	return rc;
}

/* What the pool gave last, 0 when it gave nothing. */
static int
last_given(struct store *st, const struct pool *p, uint64_t *out,
    struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT value FROM identity WHERE"
	    " pool = ? AND state = 1 AND state <> 3 ORDER BY row DESC LIMIT 1");
	int rc;

	stmt_text(&q, p->head.id);
	rc = stmt_step(&q, e);
	*out = rc > 0 ? stmt_get_hex(&q) : 0;
	stmt_close(&q);
	return rc;
}

static int
pick_next(const struct search *s, const struct pool *p, uint64_t *out,
    struct err *e)
{
	uint64_t last;
	size_t block;

	if (last_given(s->store, p, &last, e) < 0)
		return -1;
	block = block_of(p, last);
	if (block == p->n_blocks) {
		block = 0;
		last = p->blocks[0].from - 1;
	}
	/* What this change set took already lies just behind. */
	for (size_t i = 0; i < s->n_taken; i++)
		if (s->taken[i] > last && s->taken[i] <= p->blocks[block].to)
			last = s->taken[i];
	if (last == p->blocks[block].to)
		last = p->blocks[(block + 1) % p->n_blocks].from - 1;
	return search_from(s, p, last + 1, out, e);
}

static int
pick_random(const struct search *s, const struct pool *p, struct rng *rng,
    uint64_t *out, struct err *e)
{
	uint64_t size = 0, at, v = 0;
	int rc = 0;

	for (size_t i = 0; i < p->n_blocks; i++)
		size += p->blocks[i].to - p->blocks[i].from + 1;
	for (int draw = 0; rc == 0 && draw < 32; draw++) {
		at = rng_below(rng, size);
		for (size_t i = 0; i < p->n_blocks; i++) {
			const struct block *b = &p->blocks[i];

			v = b->from + at;
			if (at <= b->to - b->from)
				break;
			at -= b->to - b->from + 1;
		}
		rc = first_hole(s, v, v, out, e);
	}
	/* Nearly full: the next hole is as good as any. */
	return rc == 0 ? search_from(s, p, v, out, e) : rc;
}

/* Nothing was never used or is retired: what has rested to the end, the longest
 * ago first. */
static int
pick_rested(const struct search *s, int64_t wall_ms, uint64_t *out,
    struct err *e)
{
	struct stmt q = stmt_open(s->store, "SELECT value FROM identity"
	    " WHERE state IN (0, 2) AND until_ms <= ?1 AND space = ?2"
	    " AND (state = 0 OR ?1 + ?3 >="
	    " (SELECT newest_ms FROM appliance))"
	    " ORDER BY until_ms, row");
	uint64_t v;
	int rc;

	stmt_int(&q, wall_ms);
	stmt_int(&q, s->space);
	stmt_int(&q, STORE_SLACK_MS);
	while ((rc = stmt_step(&q, e)) > 0) {
		v = stmt_get_hex(&q);
		if (!pool_holds(s->pool, v) || free_below(s, v, v + 1) != v)
			continue;
		stmt_close(&q);
		*out = v;
		return 1;
	}
	return rc;
}

int
ledger_pick(struct store *st, const struct pool *p, struct rng *rng,
    int64_t wall_ms, const uint64_t *taken, size_t n_taken, uint64_t *value,
    struct err *e)
{
	struct search s = { .store = st, .pool = p, .taken = taken,
	    .n_taken = n_taken,
	    .space = p->type == POOL_MAC ? SPACE_MAC : SPACE_WWN };
	int rc = 0;

	if (p->type == POOL_UUID)
		return err_set(e, ERR_UNSUPPORTED,
		    "a UUID is not picked from blocks");
	if (p->n_blocks > 0)
		rc = p->order == POOL_RANDOM ?
		    pick_random(&s, p, rng, value, e) :
		    pick_next(&s, p, value, e);
	if (rc == 0)
		rc = pick_rested(&s, wall_ms, value, e);
	if (rc == 0)
		return err_rule(e, ERR_RULES, "PoolExhausted", NULL,
		    "pool %s has no free address", p->head.name);
	return rc < 0 ? -1 : 0;
}
