/* xml_import_lease.c -- leases of a document; see xml_import_int.h. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "profiles/change_rows.h"
#include "profiles/xml_import_int.h"

/* ---- who is here and not in the document ---- */

static bool
in_document(const struct import *im, uint32_t list, const struct lease *l)
{
	const struct xml_records *r = im->walk.r;

	for (uint32_t i = xml_first(r, list, "lease"); i != 0;
	    i = xml_next(r, i, "lease")) {
		const char *id = xml_im_id(im, i);
		const char *name = xml_value(r, i, "name");

		if ((id != NULL && strcasecmp(id, l->head.id) == 0) ||
		    (name != NULL && strcasecmp(name, l->head.name) == 0))
			return true;
	}
	return false;
}

static void
remove_one(struct import *im, uint32_t list, const struct lease *l)
{
	struct xml_about what = { .row = "LeaseNotInDocument",
		.type = "lease", .name = l->head.name, .element = list };
	const struct xml_conflict *c;
	struct err e;

	what.path = arena_printf(im->walk.arena, "/leases/%s", l->head.name);
	c = xml_conflict_add(im->conflicts, &what,
	    "it is here and not in the document%s", l->ends_ms != 0 ?
	    ", and its device is lent now" : "");
	if (xml_conflict_is(c, "remove") && change_remove(im->walk.set,
	    OBJ_LEASE, l->head.id, &e) < 0)
		(void)xml_im_failed(im, &e);
}

static int
remove_others(struct import *im, uint32_t list)
{
	struct lease *here;
	struct err e;
	size_t n;

	if (lease_list(im->walk.set->store, im->walk.arena, NULL, STORE_ALL,
	    &here, &n, &e) < 0)
		return xml_im_failed(im, &e);
	for (size_t i = 0; i < n; i++) {
		const struct change *c = change_find(im->walk.set, OBJ_PROFILE,
		    here[i].profile);

		/* It goes with its profile. */
		if ((c == NULL || c->after != NULL) &&
		    !in_document(im, list, &here[i]))
			remove_one(im, list, &here[i]);
	}
	return 0;
}

/* ---- one lease ---- */

/* By id, then by name; *out NULL when it is not here.  -1: the store failed. */
static int
find_lease(struct import *im, uint32_t element, struct lease **out)
{
	const char *const refs[] = { xml_im_id(im, element),
		xml_value(im->walk.r, element, "name") };
	struct err e;

	*out = NULL;
	for (size_t i = 0; i < 2 && *out == NULL; i++)
		if (refs[i] != NULL && change_lease(im->walk.set, refs[i], out,
		    &e) < 0 && e.code != ERR_NOT_FOUND)
			return xml_im_failed(im, &e);
	return 0;
}

static struct lease *
make_lease(struct import *im, uint32_t element)
{
	const char *id = xml_im_id(im, element);
	struct lease *l = change_make_lease(im->walk.set);

	xml_im_take_id(im, element, OBJ_LEASE, &l->head);
	/* Other writers of documents give leases no names. */
	(void)snprintf(l->head.name, sizeof(l->head.name), "lease-%.8s",
	    id != NULL ? id : l->head.id);
	return l;
}

/* The element of its device and the kind; 0 when it is not there. */
static uint32_t
device_element(const struct import *im, uint32_t element,
    enum device_kind *kind)
{
	for (unsigned k = 0; k < DEVICE_N_KINDS; k++) {
		uint32_t i = xml_first(im->walk.r, element,
		    field_device(k)->name);

		*kind = (enum device_kind)k;
		if (i != 0)
			return i;
	}
	return 0;
}

/* False when there is nothing that could be leased. */
static bool
read_its_device(struct import *im, uint32_t element, struct lease *l)
{
	enum device_kind kind;
	uint32_t at = device_element(im, element, &kind);
	struct device *d;
	struct profile *p;
	struct err e;

	if (l->profile[0] == '\0')
		return false;
	if (change_profile(im->walk.set, l->profile, &p, &e) < 0) {
		if (e.code != ERR_NOT_FOUND)
			(void)xml_im_failed(im, &e);
		return false;
	}
	if (at != 0)
		xml_device_read(im, p, kind, at, l->head.id);
	d = lease_device(p, l->head.id);
	if (d == NULL && at == 0)
		xml_im_problem(im, 'B', "DocumentMissing", element, NULL,
		    "a lease holds a vnic, vhba, vdas or exclusive");
	if (d != NULL)
		memcpy(l->device, d->id, sizeof(l->device));
	return d != NULL;
}

static void
forget(struct import *im, const struct lease *l, const struct lease *old)
{
	struct change *c = change_find(im->walk.set, OBJ_LEASE, l->head.id);

	c->after = old != NULL ? arena_copy(im->walk.arena, old,
	    sizeof(*old)) : NULL;
}

/* True when it is as it was here, or shall stay so. */
static bool
stays(struct import *im, uint32_t element, const struct lease *old,
    const struct lease *l, const struct profile *before)
{
	struct xml_about what = { .row = "LeaseDiffers", .type = "lease",
		.name = old->head.name, .element = element };
	struct change *c = change_find(im->walk.set, OBJ_PROFILE, l->profile);
	const struct xml_conflict *conflict;

	if (change_is_noop(change_find(im->walk.set, OBJ_LEASE,
	    l->head.id)) && (before == NULL || change_is_noop(
	    &(struct change){ .type = OBJ_PROFILE, .before = before,
	    .after = c->after })))
		return true;
	conflict = xml_conflict_add(im->conflicts, &what,
	    "it has revision %lld here", (long long)old->head.revision);
	if (xml_conflict_is(conflict, "update"))
		return false;
	if (before != NULL)
		c->after = profile_copy(im->walk.arena, before);
	forget(im, l, old);
	return true;
}

static void
read_existing(struct import *im, uint32_t element, struct lease *l)
{
	struct lease old = *l;
	struct profile *p, *before = NULL;
	struct err e;

	/* As the profiles' section left it. */
	if (change_profile(im->walk.set, l->profile, &p, &e) == 0)
		before = profile_copy(im->walk.arena, p);
	xml_walk_object(&im->walk, &field_lease, element, false, l);
	if (strcmp(old.profile, l->profile) != 0) {
		xml_im_problem(im, 'B', "DeviceLeased", element, "profile",
		    "the lease is here, and of another profile");
		memcpy(l->profile, old.profile, sizeof(l->profile));
		return;
	}
	if (!lease_same_times(&old, l))
		l->since_ms = im->walk.set->wall_ms;
	if (read_its_device(im, element, l))
		(void)stays(im, element, &old, l, before);
}

static void
read_new(struct import *im, uint32_t element)
{
	struct lease *l = make_lease(im, element);

	xml_walk_object(&im->walk, &field_lease, element, false, l);
	if (!read_its_device(im, element, l))
		forget(im, l, NULL);
}

static void
read_lease(struct import *im, uint32_t element)
{
	const char *id = xml_value(im->walk.r, element, "id");
	struct lease *l;

	if (id != NULL && !uuid_valid(id)) {
		xml_im_problem(im, 'B', "DocumentValue", element, "id",
		    "the id must be a UUID");
		return;
	}
	if (find_lease(im, element, &l) < 0)
		return;
	if (l != NULL)
		read_existing(im, element, l);
	else
		read_new(im, element);
	xml_im_rest(im, element);
}

void
xml_leases_import(struct import *im)
{
	const struct xml_records *r = im->walk.r;
	uint32_t list = xml_first(r, 0, "leases"), i;

	if (list == 0 || !xml_im_applies(im, XML_SCOPE_LEASES))
		return;
	xml_walk_use(&im->walk, list, NULL);
	if (xml_im_removes(im, XML_SCOPE_LEASES) && remove_others(im, list) < 0)
		return;
	for (i = xml_first(r, list, "lease"); i != 0 && im->walk.failed == 0;
	    i = xml_next(r, i, "lease"))
		read_lease(im, i);
}
