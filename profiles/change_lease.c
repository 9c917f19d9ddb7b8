/* change_lease.c -- leases and the devices of profiles; see change_rows.h. */
#include <string.h>

#include "profiles/change_rows.h"

/* Without its profile there is nothing to lend. */
static int
drop_leases(struct change_set *cs, const char *profile, struct err *e)
{
	struct lease *list, *touched;
	size_t n;

	if (lease_list_of(cs->store, cs->arena, profile, &list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (change_find(cs, OBJ_LEASE, list[i].head.id) == NULL &&
		    change_lease(cs, list[i].head.id, &touched, e) < 0)
			return -1;
		touched = change_find(cs, OBJ_LEASE, list[i].head.id)->after;
		if (touched != NULL && strcmp(touched->profile, profile) == 0)
			change_find(cs, OBJ_LEASE,
			    list[i].head.id)->after = NULL;
	}
	return 0;
}

/* Its boot order speaks of it, too. */
static void
drop_device(struct profile *p, struct device *d)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_boot_order; i++)
		if (strcmp(p->boot_order[i], d->name) != 0)
			memmove(p->boot_order[n++], p->boot_order[i],
			    NAME_TEXT);
	p->n_boot_order = n;
	profile_remove_device(p, d);
}

/* The profile that has the device of a lease; *out NULL when it is gone. */
static int
its_profile(struct change_set *cs, const struct lease *l,
    struct profile **out, struct err *e)
{
	const struct change *c = change_find(cs, OBJ_PROFILE, l->profile);

	*out = c != NULL ? c->after : NULL;
	if (c != NULL || change_profile(cs, l->profile, out, e) == 0)
		return 0;
	*out = NULL;
	return e->code == ERR_NOT_FOUND ? 0 : -1;
}

/* `c` moves when the profile comes into the set. */
static int
settle_lease(struct change_set *cs, size_t i, struct err *e)
{
	const struct lease *l = cs->items[i].after, *was = cs->items[i].before;
	struct profile *p;
	struct device *d;

	if (l == NULL && was == NULL)
		return 0;
	if (its_profile(cs, l != NULL ? l : was, &p, e) < 0)
		return -1;
	d = p == NULL ? NULL : lease_device(p, l != NULL ? l->head.id :
	    was->head.id);
	if (l == NULL && d != NULL)
		drop_device(p, d);
	if (l != NULL && d != NULL)
		d->idle = l->ends_ms == 0;
	if (l != NULL && d == NULL)
		cs->items[i].after = NULL;
	return 0;
}

static int
is_leased(struct change_set *cs, const struct device *d, bool *leased,
    struct err *e)
{
	const struct change *c = change_find(cs, OBJ_LEASE, d->lease);
	struct lease *l;

	*leased = c != NULL && c->after != NULL;
	if (c != NULL)
		return 0;
	if (lease_load(cs->store, cs->arena, d->lease, &l, e) < 0)
		return e->code == ERR_NOT_FOUND ? 0 : -1;
	*leased = true;
	return 0;
}

/* What an older state of a profile brought of leases that are gone. */
static int
settle_profile(struct change_set *cs, struct profile *p, struct err *e)
{
	for (size_t i = p->n_devices; i-- > 0;) {
		struct device *d = &p->devices[i];
		bool leased;

		if (d->lease[0] == '\0')
			continue;
		if (is_leased(cs, d, &leased, e) < 0)
			return -1;
		if (!leased)
			drop_device(p, d);
	}
	return 0;
}

void
change_keep_begun(struct change_set *cs)
{
	for (size_t i = 0; i < cs->n; i++) {
		const struct lease *was = cs->items[i].before;
		struct lease *l = cs->items[i].after;

		if (cs->items[i].type == OBJ_LEASE && was != NULL &&
		    l != NULL && was->served_ms > l->served_ms)
			l->served_ms = was->served_ms;
	}
}

int
change_settle_leases(struct change_set *cs, struct err *e)
{
	size_t n = cs->n;

	for (size_t i = 0; i < n; i++)
		if (cs->items[i].type == OBJ_PROFILE &&
		    cs->items[i].after == NULL &&
		    drop_leases(cs, cs->items[i].id, e) < 0)
			return -1;
	n = cs->n;
	for (size_t i = 0; i < n; i++)
		if (cs->items[i].type == OBJ_LEASE &&
		    settle_lease(cs, i, e) < 0)
			return -1;
	for (size_t i = 0; i < cs->n; i++)
		if (cs->items[i].type == OBJ_PROFILE &&
		    cs->items[i].after != NULL &&
		    settle_profile(cs, cs->items[i].after, e) < 0)
			return -1;
	return 0;
}
