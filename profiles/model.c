/* model.c -- see model.h. */
#include "profiles/model.h"

#include <string.h>
#include <strings.h>

const char *
object_word(enum object_type type)
{
	static const char *const words[OBJ_N_TYPES] = {
		[OBJ_NETWORK] = "network", [OBJ_SAN] = "san",
		[OBJ_POOL] = "pool", [OBJ_PROFILE] = "profile",
		[OBJ_SLOT] = "slot", [OBJ_PORT] = "port",
		[OBJ_CLASS] = "qosClass", [OBJ_APPLIANCE] = "appliance",
		[OBJ_BAY] = "bay", [OBJ_LEASE] = "lease",
	};

	return words[type];
}

bool
object_has_head(enum object_type type)
{
	return type != OBJ_SLOT && type != OBJ_PORT &&
	    type != OBJ_APPLIANCE && type != OBJ_BAY;
}

static void
copy_device(struct arena *a, struct device *d)
{
	d->vlans = arena_copy(a, d->vlans, d->n_vlans * sizeof(*d->vlans));
	d->boot = arena_copy(a, d->boot, d->n_boot * sizeof(*d->boot));
	d->disks = arena_copy(a, d->disks, d->n_disks * sizeof(*d->disks));
}

struct profile *
profile_copy(struct arena *a, const struct profile *from)
{
	struct profile *p = arena_copy(a, from, sizeof(*from));

	p->devices = arena_copy(a, from->devices,
	    from->n_devices * sizeof(*from->devices));
	p->room_devices = p->n_devices;
	for (size_t i = 0; i < p->n_devices; i++)
		copy_device(a, &p->devices[i]);
	p->boot_order = arena_copy(a, from->boot_order,
	    from->n_boot_order * sizeof(*from->boot_order));
	return p;
}

struct pool *
pool_copy(struct arena *a, const struct pool *from)
{
	struct pool *p = arena_copy(a, from, sizeof(*from));

	p->blocks = arena_copy(a, from->blocks,
	    from->n_blocks * sizeof(*from->blocks));
	p->exclusions = arena_copy(a, from->exclusions,
	    from->n_exclusions * sizeof(*from->exclusions));
	return p;
}

static const struct block *
block_with(const struct block *list, size_t n, uint64_t value)
{
	for (size_t i = 0; i < n; i++)
		if (value >= list[i].from && value <= list[i].to)
			return &list[i];
	return NULL;
}

const struct block *
pool_excluded(const struct pool *p, uint64_t value)
{
	return block_with(p->exclusions, p->n_exclusions, value);
}

bool
pool_holds(const struct pool *p, uint64_t value)
{
	return block_with(p->blocks, p->n_blocks, value) != NULL;
}

static uint64_t
sum_of(const struct block *list, size_t n)
{
	uint64_t size = 0;

	for (size_t i = 0; i < n; i++)
		size += list[i].to - list[i].from + 1;
	return size;
}

/* Exclusions lie inside the blocks and apart from each other. */
uint64_t
pool_size(const struct pool *p)
{
	return sum_of(p->blocks, p->n_blocks) -
	    sum_of(p->exclusions, p->n_exclusions);
}

void
device_apply_qos(struct device *d)
{
	const struct device_qos *own = &d->own, *its = &d->of_class;

	d->limit_mbps = own->limit_mbps != 0 ? own->limit_mbps :
	    its->limit_mbps;
	d->guarantee_mbps = own->guarantee_mbps != 0 ? own->guarantee_mbps :
	    its->guarantee_mbps;
	d->pcp = own->pcp != 0 ? own->pcp : its->pcp;
}

void
profile_defaults(struct profile *p)
{
	p->hold_s = 300;
	p->cooldown_s = 3600;
}

struct device *
profile_device(const struct profile *p, const char *name_or_id)
{
	for (size_t i = 0; i < p->n_devices; i++)
		if (strcasecmp(p->devices[i].name, name_or_id) == 0 ||
		    strcasecmp(p->devices[i].id, name_or_id) == 0)
			return &p->devices[i];
	return NULL;
}

struct device *
profile_add_device(struct arena *a, struct profile *p)
{
	struct device *d;

	if (p->room_devices < p->n_devices)
		p->room_devices = p->n_devices;
	p->devices = arena_grow(a, p->devices, p->n_devices, &p->room_devices,
	    sizeof(*p->devices));
	d = &p->devices[p->n_devices++];
	*d = (struct device){ .kind = 0 };
	return d;
}

void
profile_remove_device(struct profile *p, struct device *d)
{
	size_t i = (size_t)(d - p->devices);

	memmove(d, d + 1, (p->n_devices - i - 1) * sizeof(*d));
	p->n_devices--;
}

bool
device_has_address(const struct device *d)
{
	return d->kind == DEVICE_VNIC || d->kind == DEVICE_VHBA;
}

uint32_t
device_functions(const struct device *d)
{
	return d->placed == 0 ? 0 : d->n_placed > 1 ? d->n_placed : 1;
}
