/* rules_pool.c -- pools and what is taken from them: rules 12 and 13. */
#include <inttypes.h>
#include <string.h>

#include "appliance/service/rules_checks.h"

static bool
blocks_overlap(const struct pool *a, const struct pool *b, bool same)
{
	for (size_t i = 0; i < a->n_blocks; i++)
		for (size_t k = 0; k < b->n_blocks; k++)
			if ((!same || i < k) &&
			    a->blocks[i].from <= b->blocks[k].to &&
			    b->blocks[k].from <= a->blocks[i].to)
				return true;
	return false;
}

static bool
same_space(const struct pool *a, const struct pool *b)
{
	bool wwn = a->type == POOL_WWPN || a->type == POOL_WWNN;

	return a->type == b->type ||
	    (wwn && (b->type == POOL_WWPN || b->type == POOL_WWNN));
}

/* Another pool as it is wished; NULL when it goes. */
static const struct pool *
as_wished(const struct rules *r, const struct pool *p)
{
	const struct change *c = rules_change_of(r, OBJ_POOL, p->head.id);

	return c == NULL ? p : c->after;
}

static void
overlap_with(struct rules *r, const struct change *c, const struct pool *p,
    const struct pool *other)
{
	if (other != NULL && strcmp(other->head.id, p->head.id) != 0 &&
	    same_space(p, other) && blocks_overlap(p, other, false))
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, NULL, "/blocks"),
		    "overlaps with pool %s", other->head.name);
}

/* Those in the store, and those that this change set makes. */
static void
pool_overlap(struct rules *r, const struct change *c, const struct pool *p)
{
	struct pool *others;
	size_t n;

	if (pool_list(r->store, r->arena, "", 4096, &others, &n, &r->err) < 0) {
		r->failed = -1;
		return;
	}
	for (size_t i = 0; i < n; i++)
		overlap_with(r, c, p, as_wished(r, &others[i]));
	for (size_t i = 0; i < r->set->n; i++)
		if (r->set->items[i].type == OBJ_POOL &&
		    r->set->items[i].before == NULL)
			overlap_with(r, c, p, r->set->items[i].after);
}

static void
block_sizes(struct rules *r, const struct change *c, const struct pool *p)
{
	for (size_t k = 0; k < p->n_blocks; k++)
		if (p->blocks[k].to < p->blocks[k].from ||
		    p->blocks[k].to - p->blocks[k].from >= 1 << 20)
			rules_note(r->out, r->rule->code, '\0',
			    rules_at(r, c, NULL, arena_printf(r->arena,
			    "/blocks/%zu", k)),
			    "a block goes from a lower to a higher "
			    "address and holds at most 1,048,576");
}

static bool
in_a_block(const struct pool *p, const struct block *x)
{
	for (size_t i = 0; i < p->n_blocks; i++)
		if (x->from >= p->blocks[i].from && x->to <= p->blocks[i].to)
			return true;
	return false;
}

static bool
meets_earlier(const struct block *list, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (list[k].from <= list[i].to && list[i].from <= list[k].to)
			return true;
	return false;
}

static void
exclusions(struct rules *r, const struct change *c, const struct pool *p)
{
	for (size_t i = 0; i < p->n_exclusions; i++) {
		const char *at = rules_at(r, c, NULL, arena_printf(r->arena,
		    "/exclusions/%zu", i));

		if (!in_a_block(p, &p->exclusions[i]))
			rules_note(r->out, r->rule->code, '\0', at,
			    "an exclusion lies inside one of the blocks");
		else if (meets_earlier(p->exclusions, i))
			rules_note(r->out, r->rule->code, '\0', at,
			    "two of its exclusions overlap");
	}
}

void
rules_pool_blocks(struct rules *r)
{
	for (size_t i = 0; i < r->set->n && r->failed == 0; i++) {
		const struct change *c = &r->set->items[i];
		const struct pool *p = c->after;

		if (c->type != OBJ_POOL || p == NULL)
			continue;
		block_sizes(r, c, p);
		exclusions(r, c, p);
		if (blocks_overlap(p, p, true))
			rules_note(r->out, r->rule->code, '\0',
			    rules_at(r, c, NULL, "/blocks"),
			    "two of its blocks overlap");
		pool_overlap(r, c, p);
	}
}

/* ---- the default of each type ---- */

static bool
is_default_of(const struct pool *p, const struct pool *of)
{
	return p != NULL && p->is_default && p->type == of->type;
}

/* "pool" must go on meaning something. */
void
rules_pool_default(struct rules *r)
{
	for (size_t i = 0; i < r->set->n; i++) {
		const struct change *c = &r->set->items[i];
		const struct pool *p = c->before;
		bool other = false;

		if (c->type != OBJ_POOL || p == NULL || !p->is_default)
			continue;
		for (size_t k = 0; k < r->set->n; k++)
			other = other || (r->set->items[k].type == OBJ_POOL &&
			    is_default_of(r->set->items[k].after, p));
		if (!other)
			rules_note(r->out, r->rule->code, '\0',
			    rules_at(r, c, NULL, ""), "pool %s is the default "
			    "one of its type; make another the default first",
			    p->head.name);
	}
}

/* ---- what is taken from them ---- */

static bool
of_space(const struct pool *p, enum id_space space)
{
	return space == SPACE_MAC ? p->type == POOL_MAC :
	    space == SPACE_WWN && (p->type == POOL_WWPN ||
	    p->type == POOL_WWNN);
}

static const char *
pointer_of(const struct rules *r, const struct address *a, const char *member)
{
	const struct change *c = rules_change_of(r, OBJ_PROFILE,
	    a->profile->head.id);

	return c == NULL ? "" : rules_at(r, c, a->device, member);
}

static const char *
member_of(const struct address *a)
{
	return a->space == SPACE_MAC ? "/mac" : "/wwpn";
}

/* Who excluded an address has set it aside for just that. */
static void
out_of_pool(struct rules *r, const struct address *a, const struct pool *p)
{
	char mac[MAC_TEXT], wwn[WWN_TEXT];

	if (!of_space(p, a->space) || !pool_holds(p, a->value) ||
	    pool_excluded(p, a->value) != NULL)
		return;
	rules_note(r->out, r->rule->code, '\0',
	    pointer_of(r, a, member_of(a)), "%s lies in pool %s, which will "
	    "not give it to anybody else while it is used here",
	    a->space == SPACE_MAC ? mac_text(a->value, mac) :
	    wwn_text(a->value, wwn), p->head.name);
}

void
rules_out_of_pool(struct rules *r)
{
	struct address *given, *taken;
	size_t n_given, n_taken, n_pools = 0;
	struct pool *pools = NULL;

	change_addresses(r->set, &given, &n_given, &taken, &n_taken);
	for (size_t i = 0; i < n_taken; i++) {
		if (taken[i].device == NULL || taken[i].value == 0 ||
		    taken[i].device->source != SOURCE_STATIC)
			continue;
		if (pools == NULL && pool_list(r->store, r->arena, "", 4096,
		    &pools, &n_pools, &r->err) < 0) {
			r->failed = -1;
			return;
		}
		for (size_t k = 0; k < n_pools; k++)
			out_of_pool(r, &taken[i], &pools[k]);
	}
}

/* Addresses of a pool that are live now or become so; -1 when the store
 * fails. */
static int64_t
use_after(struct rules *r, const char *pool, const struct address *taken,
    size_t n)
{
	struct identity *id;
	int64_t counts[3], sum;

	if (ledger_count(r->store, pool, counts, &r->err) < 0)
		return -1;
	sum = counts[0] + counts[1] + counts[2];
	for (size_t i = 0; i < n; i++) {
		if (taken[i].device == NULL || taken[i].value == 0 ||
		    strcmp(taken[i].device->pool, pool) != 0)
			continue;
		if (ledger_live(r->store, r->arena, taken[i].space,
		    taken[i].value, &id, &r->err) < 0)
			return -1;
		sum += id == NULL;
	}
	return sum;
}

static void
low(struct rules *r, const struct address *a, const struct address *taken,
    size_t n)
{
	/* Counting more than these costs more than the change; a large pool
	 * is watched by the fault of the same name. */
	enum { COUNTED = 4096, LOW_PERCENT = 80 };
	struct pool *p;
	struct err e;
	uint64_t size;
	int64_t used;

	if (pool_load(r->store, r->arena, a->device->pool, &p, &e) < 0)
		return;		/* made by this very change */
	size = pool_size(p);
	if (size == 0 || size > COUNTED)
		return;
	used = use_after(r, p->head.id, taken, n);
	if (used < 0)
		r->failed = -1;
	else if ((uint64_t)used * 100 >= size * LOW_PERCENT)
		rules_note(r->out, r->rule->code, '\0',
		    pointer_of(r, a, member_of(a)), "pool %s has given %" PRId64
		    " of its %" PRIu64 " addresses, quarantined ones counted",
		    p->head.name, used, size);
}

/* True when a later one is from the same pool: each is told of once. */
static bool
comes_again(const struct address *taken, size_t i, size_t n)
{
	for (size_t k = i + 1; k < n; k++)
		if (taken[k].device != NULL && strcmp(taken[k].device->pool,
		    taken[i].device->pool) == 0)
			return true;
	return false;
}

void
rules_pool_low(struct rules *r)
{
	struct address *given, *taken;
	size_t n_given, n_taken;

	change_addresses(r->set, &given, &n_given, &taken, &n_taken);
	for (size_t i = 0; i < n_taken && r->failed == 0; i++)
		if (taken[i].device != NULL &&
		    taken[i].device->source == SOURCE_POOL &&
		    taken[i].device->pool[0] != '\0' &&
		    !comes_again(taken, i, n_taken))
			low(r, &taken[i], taken, n_taken);
}
