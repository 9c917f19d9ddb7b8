/*
 * edit_revert.c -- a profile as it was; see edit.h.
 *
 * What it was comes back, where it sits stays: slot, server, and the places of
 * the devices that are still there.  Addresses of then are taken again; whether
 * they may is for the rules (the last owner may, somebody else's may not).  A
 * disk that is gone comes back empty, and only when that is confirmed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "appliance/service/edit.h"
#include "appliance/service/revisions.h"

/* ---- what it refers to ---- */

static void
need(struct edit *x, const struct field_names *names, enum object_type type,
    const char *id, const struct device *d)
{
	char name[NAME_TEXT];

	if (id[0] == '\0' || names->name_of(names->cookie, type, id, name))
		return;
	edit_broken(x, "MissingDependency", "/revision",
	    "%s was on a %s that is gone by now", d->name, object_word(type));
}

/* An address of a pool that is gone is nobody's but its owner's. */
static void
check_pool(const struct field_names *names, struct device *d)
{
	char name[NAME_TEXT];

	if (d->pool[0] == '\0' || names->name_of(names->cookie, OBJ_POOL,
	    d->pool, name))
		return;
	d->pool[0] = '\0';
	d->source = SOURCE_STATIC;
}

static void
check_device(struct edit *x, const struct field_names *names,
    struct device *d)
{
	const struct field_table *t = field_device((enum device_kind)d->kind);

	check_pool(names, d);
	for (size_t i = 0; i < d->n_vlans; i++)
		need(x, names, OBJ_NETWORK, d->vlans[i].network, d);
	for (const struct field *f = t->fields; f->json != NULL ||
	    f->xml != NULL; f++)
		if (f->type == FIELD_REF && f->ref != OBJ_POOL)
			need(x, names, f->ref, (const char *)d + f->offset, d);
}

/* ---- what is there ---- */

static const struct disk *
same_disk(const struct device *now, const struct disk *then)
{
	for (size_t i = 0; now != NULL && i < now->n_disks; i++)
		if (strcmp(now->disks[i].id, then->id) == 0 &&
		    now->disks[i].raid == then->raid &&
		    now->disks[i].capacity_mib == then->capacity_mib)
			return &now->disks[i];
	return NULL;
}

static void
find_disks(struct edit *x, struct device *d, const struct device *now)
{
	for (size_t i = 0; i < d->n_disks; i++) {
		const struct disk *there = same_disk(now, &d->disks[i]);
		bool existed = d->disks[i].bay != 0;

		d->disks[i].bay = there != NULL ? there->bay : 0;
		d->disks[i].number = there != NULL ? there->number :
		    UINT32_MAX;
		if (there != NULL)
			continue;
		d->disks[i].id[0] = '\0';	/* another one */
		d->disks[i].guid[0] = '\0';
		if (existed)
			edit_broken(x, "VirtualDiskEmpty", "/revision",
			    "disk %s of %s is gone; it would come back empty",
			    d->disks[i].name, d->name);
	}
}

static void
keep_place(struct device *d, const struct device *now)
{
	d->placed = now != NULL ? now->placed : 0;
	d->bridge = now != NULL ? now->bridge : 0;
	d->admission_mbps = now != NULL ? now->admission_mbps : 0;
	d->suspended = now != NULL && now->suspended;
}

/* What is leased is as its lease says, and that is not what goes back. */
static void
keep_leases(struct edit *x, struct profile *p, const struct profile *now)
{
	for (size_t i = p->n_devices; i-- > 0;)
		if (p->devices[i].lease[0] != '\0')
			profile_remove_device(p, &p->devices[i]);
	for (size_t i = 0; i < now->n_devices; i++)
		if (now->devices[i].lease[0] != '\0')
			*profile_add_device(x->call->arena, p) =
			    now->devices[i];
}

int
edit_profile_revert(struct edit *x, struct err *e)
{
	static const char *const keys[] = { "revision", NULL };
	struct field_names names = change_names(x->set);
	struct profile *p, *now;
	int64_t number;

	if (edit_only(x, keys, e) < 0 || json_get_int(x->body, x->at,
	    "revision", false, 1, INT64_MAX / 16, &number, e) < 0 ||
	    change_profile(x->set, request_param(x->request, "p"), &p, e) < 0 ||
	    edit_match(x, p->head.revision, e) < 0)
		return -1;
	now = profile_copy(x->call->arena, p);
	if (revisions_bring(x->set, now->head.id, number, &p, e) < 0)
		return -1;
	p->slot = now->slot;
	memcpy(p->server_serial, now->server_serial, sizeof(p->server_serial));
	keep_leases(x, p, now);
	for (size_t i = 0; i < p->n_devices; i++) {
		struct device *d = &p->devices[i];
		const struct device *was = profile_device(now, d->id);

		check_device(x, &names, d);
		find_disks(x, d, was);
		keep_place(d, was);
	}
	x->type = OBJ_PROFILE;
	memcpy(x->id, p->head.id, sizeof(x->id));
	x->kind = "change";
	snprintf(x->title, sizeof(x->title), "Revert profile %s to revision %"
	    PRId64, now->head.name, number);
	return 0;
}
