/* vdas.c -- see vdas.h. */
#include "appliance/service/vdas.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void
vdas_guid(const struct view *v, uint32_t bay, uint32_t number,
    char guid[TEXT_TEXT])
{
	const struct fabric_bay *b = view_bay(v, bay);

	snprintf(guid, TEXT_TEXT, "%s:%" PRIu32, b != NULL ? b->serial : "",
	    number);
}

static bool
is_taken(const struct census *c, uint32_t bay, uint32_t number)
{
	for (size_t i = 0; c != NULL && i < c->n_disks; i++)
		if (c->disks[i] == (bay << 16 | (number & 0xffff)))
			return true;
	return false;
}

bool
vdas_find(const struct view *v, const struct census *c, const struct disk *d,
    uint32_t *bay, uint32_t *number)
{
	for (size_t i = 0; i < v->n_disks && d->guid[0] != '\0'; i++) {
		const struct fabric_disk *seen = &v->disks[i];
		char guid[TEXT_TEXT];

		vdas_guid(v, seen->bay, seen->number, guid);
		if (strcmp(guid, d->guid) != 0)
			continue;
		*bay = seen->bay;
		*number = seen->number;
		return seen->state != DISK_ABSENT && seen->raid == d->raid &&
		    seen->mib == d->capacity_mib &&
		    !is_taken(c, seen->bay, seen->number);
	}
	return false;
}

void
vdas_settle(const struct view *v, struct census *c, struct device *d)
{
	for (size_t i = 0; i < d->n_disks; i++) {
		struct disk *k = &d->disks[i];
		uint32_t bay, number;

		if (k->bay == 0 && vdas_find(v, c, k, &bay, &number)) {
			k->bay = bay;
			k->number = number;
			ARENA_PUSH(c->arena, c->disks, c->n_disks,
			    c->cap_disks) = bay << 16 | number;
		}
		if (k->bay != 0 && k->guid[0] == '\0')
			vdas_guid(v, k->bay, k->number, k->guid);
	}
}

bool
vdas_is_missing(const struct device *d)
{
	for (size_t i = 0; i < d->n_disks; i++)
		if (d->disks[i].bay == 0 && d->disks[i].guid[0] != '\0')
			return true;
	return false;
}

/* ---- what came back ---- */

static bool
any_missing(const struct profile *p)
{
	for (size_t i = 0; i < p->n_devices; i++)
		if (vdas_is_missing(&p->devices[i]))
			return true;
	return false;
}

static struct profile *
profile_in(const struct change_set *set, size_t i)
{
	return set->items[i].type == OBJ_PROFILE ? set->items[i].after : NULL;
}

/* Who has a disk, in the store or in the set. */
static int
take_stock(struct change_set *set, struct census *c, struct err *e)
{
	struct disk_place *places;
	size_t n;

	*c = (struct census){ .arena = set->arena };
	if (disk_place_list(set->store, set->arena, &places, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		ARENA_PUSH(c->arena, c->disks, c->n_disks, c->cap_disks) =
		    places[i].bay << 16 | places[i].number;
	for (size_t i = 0; i < set->n; i++) {
		const struct profile *p = profile_in(set, i);

		for (size_t k = 0; p != NULL && k < p->n_devices; k++)
			census_add_disks(c, &p->devices[k]);
	}
	return 0;
}

int
vdas_return(struct change_set *set, const struct view *v, struct err *e)
{
	struct census c;
	bool known = false;

	for (size_t i = 0; i < set->n; i++) {
		struct profile *p = profile_in(set, i);

		if (p == NULL || !any_missing(p))
			continue;
		if (!known && take_stock(set, &c, e) < 0)
			return -1;
		known = true;
		for (size_t k = 0; k < p->n_devices; k++)
			vdas_settle(v, &c, &p->devices[k]);
	}
	return 0;
}
