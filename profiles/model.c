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
		[OBJ_SLOT] = "slot",
	};

	return words[type];
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
	return p;
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
	struct device *devices;

	devices = arena_array(a, p->n_devices + 1, sizeof(*devices));
	if (p->n_devices > 0)
		memcpy(devices, p->devices, p->n_devices * sizeof(*devices));
	p->devices = devices;
	return &p->devices[p->n_devices++];
}

void
profile_remove_device(struct profile *p, struct device *d)
{
	size_t i = (size_t)(d - p->devices);

	memmove(d, d + 1, (p->n_devices - i - 1) * sizeof(*d));
	p->n_devices--;
}
