/* rules_object.c -- names, networks, boot order, use, data: rules 14, 37,
 * 44, 46, 59. */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "appliance/service/rules_checks.h"

const struct change *
rules_change(const struct change_set *set, enum object_type type,
    const char *id)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->items[i].type == type &&
		    strcmp(set->items[i].id, id) == 0)
			return &set->items[i];
	return NULL;
}

const struct change *
rules_change_of(const struct rules *r, enum object_type type, const char *id)
{
	return rules_change(r->set, type, id);
}

void
rules_each_profile(struct rules *r, rules_profile_fn *fn)
{
	for (size_t i = 0; i < r->set->n && r->failed == 0; i++) {
		const struct change *c = &r->set->items[i];

		if (c->type == OBJ_PROFILE && c->after != NULL)
			fn(r, c, c->after, c->before);
	}
}

/* ---- VLAN numbers ---- */

void
rules_vlan_range(struct rules *r)
{
	for (size_t i = 0; i < r->set->n; i++) {
		const struct change *c = &r->set->items[i];
		const struct network *n = c->after, *old = c->before;

		if (c->type != OBJ_NETWORK || n == NULL ||
		    (old != NULL && old->vlan == n->vlan))
			continue;
		if (n->vlan < 1 || n->vlan > 4094)
			rules_note(r->out, r->rule->code, 'B',
			    rules_at(r, c, NULL, "/vlan"),
			    "VLAN %" PRIu32 "; numbers go from 1 to 4094",
			    n->vlan);
		else if (n->vlan == 1 || (n->vlan >= 1002 && n->vlan <= 1005))
			rules_note(r->out, r->rule->code, 'W',
			    rules_at(r, c, NULL, "/vlan"),
			    "many switches keep VLAN %" PRIu32
			    " for themselves", n->vlan);
	}
}

/* ---- names ---- */

static const struct head *
head_of(const struct change *c, const void *object)
{
	return object_has_head(c->type) ? object : NULL;
}

typedef void head_fn(struct rules *, const struct change *,
    const struct head *, const struct head *before);

/* Each object that stays and is new or has a new name. */
static void
each_new_name(struct rules *r, head_fn *fn)
{
	for (size_t i = 0; i < r->set->n && r->failed == 0; i++) {
		const struct change *c = &r->set->items[i];
		const struct head *h = head_of(c, c->after);
		const struct head *old = head_of(c, c->before);

		if (h != NULL && (old == NULL ||
		    strcmp(h->name, old->name) != 0))
			fn(r, c, h, old);
	}
}

static void
name_syntax(struct rules *r, const struct change *c, const struct head *h,
    const struct head *before)
{
	(void)before;
	if (!name_valid(h->name))
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, NULL, "/name"),
		    "\"%s\" is no name: 1 to 63 of A-Z a-z 0-9 . _ -, letter "
		    "or digit first, not digits alone", h->name);
}

static void
device_name_syntax(struct rules *r, const struct change *c,
    const struct profile *p, const struct device *d,
    const struct device *before)
{
	(void)p;
	(void)before;
	if (!name_valid(d->name))
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, d, "/name"),
		    "\"%s\" is no name: 1 to 63 of A-Z a-z 0-9 . _ -, letter "
		    "or digit first, not digits alone", d->name);
}

void
rules_names(struct rules *r)
{
	each_new_name(r, name_syntax);
	rules_each_device(r, device_name_syntax);
}

static void
name_reserved(struct rules *r, const struct change *c, const struct head *h,
    const struct head *before)
{
	static const char *const reserved[] = {
		"all", "any", "current", "default", "new", "none", "null",
		"pool", NULL
	};

	(void)before;
	for (size_t i = 0; reserved[i] != NULL; i++)
		if (strcasecmp(h->name, reserved[i]) == 0)
			rules_note(r->out, r->rule->code, '\0',
			    rules_at(r, c, NULL, "/name"),
			    "\"%s\" means something else already", h->name);
}

void
rules_names_reserved(struct rules *r)
{
	each_new_name(r, name_reserved);
}

/* The stored object of that name; its id, or NULL. */
static const char *
stored_id(struct rules *r, enum object_type type, const char *name)
{
	struct network *n;
	struct san *s;
	struct pool *pool;
	struct profile *p;
	struct qos_class *k;
	struct lease *l;
	struct err e;

	switch (type) {
	case OBJ_NETWORK:
		return network_load(r->store, r->arena, name, &n, &e) < 0 ?
		    NULL : n->head.id;
	case OBJ_SAN:
		return san_load(r->store, r->arena, name, &s, &e) < 0 ?
		    NULL : s->head.id;
	case OBJ_POOL:
		return pool_load(r->store, r->arena, name, &pool, &e) < 0 ?
		    NULL : pool->head.id;
	case OBJ_PROFILE:
		return profile_load(r->store, r->arena, name, &p, &e) < 0 ?
		    NULL : p->head.id;
	case OBJ_CLASS:
		return class_load(r->store, r->arena, name, &k, &e) < 0 ?
		    NULL : k->head.id;
	case OBJ_LEASE:
		return lease_load(r->store, r->arena, name, &l, &e) < 0 ?
		    NULL : l->head.id;
	case OBJ_SLOT:
	case OBJ_PORT:
	case OBJ_APPLIANCE:
	case OBJ_BAY:
	case OBJ_N_TYPES:
		break;
	}
	return NULL;
}

static void
name_taken(struct rules *r, const struct change *c, const struct head *h,
    const struct head *before)
{
	const char *id = h->name[0] == '\0' ? NULL :
	    stored_id(r, c->type, h->name);
	/* An owner in this change set is compared as it will be, below. */
	bool taken = id != NULL && strcmp(id, h->id) != 0 &&
	    rules_change_of(r, c->type, id) == NULL;

	(void)before;
	for (size_t i = 0; i < r->set->n && !taken; i++) {
		const struct change *other = &r->set->items[i];
		const struct head *o = head_of(other, other->after);

		taken = other != c && other->type == c->type && o != NULL &&
		    strcasecmp(o->name, h->name) == 0;
	}
	if (taken)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, NULL, "/name"),
		    "there is a %s named %s already", object_word(c->type),
		    h->name);
}

static void
device_name_taken(struct rules *r, const struct change *c,
    const struct profile *p, const struct device *d,
    const struct device *before)
{
	(void)before;
	for (size_t i = 0; i < p->n_devices && d->name[0] != '\0'; i++)
		if (&p->devices[i] != d &&
		    strcasecmp(p->devices[i].name, d->name) == 0)
			rules_note(r->out, r->rule->code, '\0',
			    rules_at(r, c, d, "/name"),
			    "profile %s has a device named %s already",
			    p->head.name, d->name);
}

void
rules_names_taken(struct rules *r)
{
	each_new_name(r, name_taken);
	rules_each_device(r, device_name_taken);
}

/* ---- boot order ---- */

static bool
bootable(const struct profile *p, const char *name)
{
	const struct device *d = profile_device(p, name);

	if (d == NULL)
		return false;
	switch ((enum device_kind)d->kind) {
	case DEVICE_VNIC: return d->pxe;
	case DEVICE_VHBA: return d->n_boot > 0;
	case DEVICE_VDAS: return d->n_disks > 0;
	case DEVICE_EXCLUSIVE: return true;	/* its own firmware knows */
	case DEVICE_N_KINDS: break;
	}
	return false;
}

static void
boot_order(struct rules *r, const struct change *c, const struct profile *p,
    const struct profile *before)
{
	(void)before;
	for (size_t i = 0; i < p->n_boot_order; i++)
		if (!bootable(p, p->boot_order[i]))
			rules_note(r->out, r->rule->code, '\0',
			    rules_at(r, c, NULL, arena_printf(r->arena,
			    "/bootOrder/%zu", i)),
			    "%s is no device of %s that a server can boot from",
			    p->boot_order[i], p->head.name);
}

void
rules_boot_order(struct rules *r)
{
	rules_each_profile(r, boot_order);
}

/* Targets and LUNs beyond those that it boots from are the SAN's own affair and
 * not known here; four of them per vHBA never come to the 256 that are usual. */
static void
lun_budget(struct rules *r, const struct change *c, const struct profile *p,
    const struct profile *before)
{
	enum { MOST = 16 };
	size_t n = 0;

	(void)before;
	for (size_t i = 0; i < p->n_devices; i++)
		n += p->devices[i].kind == DEVICE_VHBA;
	if (n > MOST)
		rules_note(r->out, r->rule->code, '\0', rules_at(r, c, NULL,
		    "/vhbas"), "%s has %zu vHBAs; servers are known to bear "
		    "%d", p->head.name, n, MOST);
}

void
rules_lun_budget(struct rules *r)
{
	rules_each_profile(r, lun_budget);
}

/* ---- what is used may not go ---- */

static bool
uses(const struct profile *p, enum object_type type, const char *id)
{
	for (size_t i = 0; i < p->n_devices; i++) {
		const struct device *d = &p->devices[i];

		if (type == OBJ_SAN && strcmp(d->san, id) == 0)
			return true;
		if (type == OBJ_POOL && strcmp(d->pool, id) == 0)
			return true;
		if (type == OBJ_CLASS && strcmp(d->qos_class, id) == 0)
			return true;
		for (size_t k = 0; type == OBJ_NETWORK && k < d->n_vlans; k++)
			if (strcmp(d->vlans[k].network, id) == 0)
				return true;
	}
	return false;
}

static size_t
devices_using(const struct profile *p, enum object_type type, const char *id)
{
	size_t n = 0;

	for (size_t i = 0; p != NULL && i < p->n_devices; i++) {
		struct profile one = *p;

		one.devices = &p->devices[i];
		one.n_devices = 1;
		n += uses(&one, type, id);
	}
	return n;
}

/* Users in the store, corrected by what this change set does to profiles. */
static int64_t
users_of(struct rules *r, const struct change *gone)
{
	int64_t n = 0;

	if (object_used_by(r->store, gone->type, gone->id, &n, &r->err) < 0) {
		r->failed = -1;
		return 0;
	}
	for (size_t i = 0; i < r->set->n; i++) {
		const struct change *c = &r->set->items[i];

		if (c->type != OBJ_PROFILE)
			continue;
		n -= (int64_t)devices_using(c->before, gone->type, gone->id);
		n += (int64_t)devices_using(c->after, gone->type, gone->id);
	}
	return n;
}

/* Removed, or made into one for other addresses. */
static bool
leaves_users(const struct change *c)
{
	const struct pool *b = c->before, *a = c->after;

	if (c->before == NULL || (c->type != OBJ_NETWORK &&
	    c->type != OBJ_SAN && c->type != OBJ_POOL &&
	    c->type != OBJ_CLASS))
		return false;
	return c->after == NULL || (c->type == OBJ_POOL && a->type != b->type);
}

void
rules_in_use(struct rules *r)
{
	for (size_t i = 0; i < r->set->n && r->failed == 0; i++) {
		const struct change *c = &r->set->items[i];
		int64_t n;

		if (!leaves_users(c))
			continue;
		n = users_of(r, c);
		if (n > 0)
			rules_note(r->out, r->rule->code, '\0',
			    rules_at(r, c, NULL, c->after != NULL ? "/type" :
			    ""),
			    "%s %s is used by %" PRId64 " device%s",
			    object_word(c->type),
			    ((const struct head *)c->before)->name, n,
			    n == 1 ? "" : "s");
	}
	rules_pool_default(r);
}

/* ---- data ---- */

static bool
disk_stays(const struct profile *p, const char *id)
{
	for (size_t i = 0; p != NULL && i < p->n_devices; i++)
		for (size_t k = 0; k < p->devices[i].n_disks; k++)
			if (strcmp(p->devices[i].disks[k].id, id) == 0)
				return true;
	return false;
}

void
rules_doomed(const struct rules *r, struct rules_doomed **out, size_t *n)
{
	struct rules_doomed *list = NULL;
	size_t cap = 0;

	*n = 0;
	for (size_t i = 0; i < r->set->n; i++) {
		const struct change *c = &r->set->items[i];
		const struct profile *p = c->before;

		if (c->type != OBJ_PROFILE || p == NULL)
			continue;
		for (size_t k = 0; k < p->n_devices; k++)
			for (size_t m = 0; m < p->devices[k].n_disks; m++) {
				const struct disk *d = &p->devices[k].disks[m];

				if (d->bay != 0 && !disk_stays(c->after, d->id))
					ARENA_PUSH(r->arena, list, *n, cap) =
					    (struct rules_doomed){ c,
					    &p->devices[k], d };
			}
	}
	*out = list;
}

void
rules_destroys(struct rules *r)
{
	struct rules_doomed *list;
	size_t n;

	rules_doomed(r, &list, &n);
	for (size_t i = 0; i < n; i++)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, list[i].change, list[i].device, arena_printf(
		    r->arena, "/virtualDisks/%s", list[i].disk->name)),
		    "disk %s of %s (RAID%" PRIu32 ", %" PRIu32
		    " MiB on io%" PRIu32 ") and everything on it is destroyed",
		    list[i].disk->name, list[i].device->name,
		    list[i].disk->raid, list[i].disk->capacity_mib,
		    list[i].disk->bay);
}
