/* census.c -- see census.h. */
#include "appliance/service/census.h"

#include <string.h>

#include "appliance/service/rules.h"
#include "profiles/journal.h"

static bool
is_before(const struct place_load *l, unsigned bay, unsigned port)
{
	return l->bay < bay || (l->bay == bay && l->port < port);
}

/* Where a port stands in the list, or belongs: it is kept rising. */
static size_t
find_load(const struct census *c, unsigned bay, unsigned port)
{
	size_t low = 0, high = c->n_loads;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (is_before(&c->loads[mid], bay, port))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool
is_load_of(const struct census *c, size_t i, unsigned bay, unsigned port)
{
	return i < c->n_loads && c->loads[i].bay == bay &&
	    c->loads[i].port == port;
}

static struct place_load *
load_at(struct census *c, unsigned bay, unsigned port)
{
	size_t at = find_load(c, bay, port);

	if (is_load_of(c, at, bay, port))
		return &c->loads[at];
	ARENA_PUSH(c->arena, c->loads, c->n_loads, c->cap_loads) =
	    (struct place_load){ .bay = 0 };
	memmove(&c->loads[at + 1], &c->loads[at],
	    (c->n_loads - 1 - at) * sizeof(*c->loads));
	c->loads[at] = (struct place_load){ .bay = bay, .port = port };
	return &c->loads[at];
}

/* Keeps a list rising. */
static void
insert(struct census *c, fn_id **list, size_t *n, size_t *cap, fn_id fn)
{
	size_t at = *n;

	ARENA_PUSH(c->arena, *list, *n, *cap) = fn;
	for (; at > 0 && (*list)[at - 1] > fn; at--)
		(*list)[at] = (*list)[at - 1];
	(*list)[at] = fn;
}

static void
add_disk(struct census *c, uint32_t bay, uint32_t number)
{
	ARENA_PUSH(c->arena, c->disks, c->n_disks, c->cap_disks) = bay << 16 |
	    (number & 0xffff);
}

void
census_add_disks(struct census *c, const struct device *d)
{
	for (size_t i = 0; i < d->n_disks; i++)
		if (d->disks[i].bay != 0)
			add_disk(c, d->disks[i].bay, d->disks[i].number);
}

static void
take_function(struct census *c, fn_id fn, bool alone)
{
	struct place_load *load = load_at(c, fn_bay(fn), fn_port(fn));

	insert(c, &c->taken, &c->n_taken, &c->cap_taken, fn);
	insert(c, &c->avoid, &c->n_avoid, &c->cap_avoid, fn);
	load->n_functions++;
	load->n_alone += alone;
}

/* `mtu` 0: it has no frames. */
static void
add_load(struct census *c, fn_id fn, uint32_t limit_mbps,
    uint32_t guarantee_mbps, uint32_t mtu)
{
	struct place_load *load = load_at(c, fn_bay(fn), fn_port(fn));

	load->limit_mbps += limit_mbps;
	load->guarantee_mbps += guarantee_mbps;
	if (mtu != 0 && (load->mtu_min == 0 || mtu < load->mtu_min))
		load->mtu_min = mtu;
	if (mtu > load->mtu_max)
		load->mtu_max = mtu;
}

void
census_add(struct census *c, const struct device *d)
{
	for (uint32_t k = 0; k < device_functions(d); k++)
		take_function(c, fn_beside(d->placed, k),
		    d->sharing == SHARING_EXCLUSIVE);
	add_load(c, d->placed, d->limit_mbps, d->guarantee_mbps, d->mtu);
}

static bool
port_has_any(const struct census *c, fn_id fn)
{
	for (size_t i = 0; i < c->n_taken; i++)
		if (fn_bay(c->taken[i]) == fn_bay(fn) &&
		    fn_port(c->taken[i]) == fn_port(fn))
			return true;
	return false;
}

bool
census_fits(const struct census *c, const struct device *d)
{
	for (uint32_t k = 0; k < device_functions(d); k++) {
		fn_id fn = fn_beside(d->placed, k);
		struct place_load load = census_port(c, fn_bay(fn),
		    fn_port(fn));

		if (census_has(c, fn) || load.n_alone > 0 || census_has(c,
		    fn_make(fn_bay(fn), fn_port(fn), FN_PF, 0)) ||
		    (d->sharing == SHARING_EXCLUSIVE && port_has_any(c, fn)))
			return false;
	}
	return true;
}

static bool
is_in(const fn_id *list, size_t n, fn_id fn)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (list[mid] == fn)
			return true;
		if (list[mid] < fn)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

bool
census_has(const struct census *c, fn_id fn)
{
	return is_in(c->taken, c->n_taken, fn);
}

bool
census_is_ours(const struct census *c, fn_id fn)
{
	return is_in(c->ours, c->n_ours, fn);
}

static bool
in_set(const struct change_set *set, const char *id)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->items[i].type == OBJ_PROFILE &&
		    strcmp(set->items[i].id, id) == 0)
			return true;
	return false;
}

/* Functions that a device outside of the set still has. */
static int
add_busy(struct census *c, struct store *store, const struct change_set *set,
    struct err *e)
{
	struct binding *list;
	size_t n;

	if (binding_list(store, c->arena, &list, &n, e) < 0)
		return -1;
	c->ours = arena_array(c->arena, n + 1, sizeof(*c->ours));
	for (size_t i = 0; i < n; i++)
		c->ours[c->n_ours++] = list[i].fn;
	for (size_t i = 0; i < n; i++)
		if (!rules_owns(set, list[i].device))
			insert(c, &c->avoid, &c->n_avoid, &c->cap_avoid,
			    list[i].fn);
	return 0;
}

static int
add_placements(struct census *c, struct store *store,
    const struct change_set *set, struct err *e)
{
	struct placement *list;
	size_t n;

	if (placement_list(store, c->arena, &list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (!in_set(set, list[i].profile))
			census_add(c, &(struct device){
			    .placed = list[i].fn, .n_placed = list[i].n_placed,
			    .sharing = list[i].sharing, .mtu = list[i].mtu,
			    .limit_mbps = list[i].limit_mbps,
			    .guarantee_mbps = list[i].guarantee_mbps });
	return 0;
}

static int
add_disk_places(struct census *c, struct store *store,
    const struct change_set *set, struct err *e)
{
	struct disk_place *list;
	size_t n;

	if (disk_place_list(store, c->arena, &list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (!in_set(set, list[i].profile))
			add_disk(c, list[i].bay, list[i].number);
	return 0;
}

int
census_take(struct store *store, struct arena *a, const struct change_set *set,
    struct census **out, struct err *e)
{
	struct census *c = arena_alloc(a, sizeof(*c));

	c->arena = a;
	*out = c;
	if (add_placements(c, store, set, e) < 0 ||
	    add_disk_places(c, store, set, e) < 0)
		return -1;
	return add_busy(c, store, set, e);
}

struct place_load
census_port(const struct census *c, unsigned bay, unsigned port)
{
	size_t at = find_load(c, bay, port);

	return is_load_of(c, at, bay, port) ? c->loads[at] :
	    (struct place_load){ .bay = bay, .port = port };
}

void
census_numbers(const struct census *c, unsigned bay, uint32_t **out, size_t *n)
{
	uint32_t *numbers = arena_array(c->arena, c->n_disks + 1,
	    sizeof(*numbers));

	*n = 0;
	for (size_t i = 0; i < c->n_disks; i++)
		if (c->disks[i] >> 16 == bay)
			numbers[(*n)++] = c->disks[i] & 0xffff;
	*out = numbers;
}
