/* xml_import_device.c -- devices of a document; see xml_import_int.h. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "profiles/xml_import_int.h"

/* ---- ids ---- */

static int
by_id(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
add_device_ids(struct import *im, const struct device *d, size_t *cap)
{
	struct arena *a = im->walk.arena;

	ARENA_PUSH(a, im->devices, im->n_devices, *cap) = d->id;
	for (size_t i = 0; i < d->n_disks; i++)
		ARENA_PUSH(a, im->devices, im->n_devices, *cap) =
		    d->disks[i].id;
}

/* Ids of the devices of every profile here and of their disks, once per
 * import. */
static int
load_device_ids(struct import *im)
{
	size_t cap = 0;

	if (im->have_devices)
		return 0;
	if (xml_im_load_profiles(im) < 0)
		return -1;
	for (size_t i = 0; i < im->n_profiles; i++)
		for (size_t k = 0; k < im->profiles[i].n_devices; k++)
			add_device_ids(im, &im->profiles[i].devices[k], &cap);
	if (im->n_devices > 1)
		qsort(im->devices, im->n_devices, sizeof(*im->devices), by_id);
	im->have_devices = true;
	return 0;
}

/* Keeps who it is across appliances, unless that id is somebody here. */
static void
take_id(struct import *im, uint32_t element, char to[ID_TEXT])
{
	const char *id = xml_im_id(im, element), *key;
	char text[ID_TEXT];

	if (id == NULL || im->o->mode == XML_CLONE || load_device_ids(im) < 0)
		return;
	for (size_t i = 0; i < ID_TEXT; i++)
		text[i] = (char)tolower((unsigned char)id[i]);
	key = text;
	if (im->n_devices == 0 || bsearch(&key, im->devices, im->n_devices,
	    sizeof(*im->devices), by_id) == NULL)
		memcpy(to, text, ID_TEXT);
}

/* New disks of a device, as the document names them. */
static void
take_disk_ids(struct import *im, uint32_t element, struct device *d)
{
	const struct xml_records *r = im->walk.r;

	for (uint32_t i = xml_first(r, element, "virtualDisk"); i != 0;
	    i = xml_next(r, i, "virtualDisk")) {
		const char *name = xml_value(r, i, "name");

		for (size_t k = 0; name != NULL && k < d->n_disks; k++)
			if (d->disks[k].id[0] == '\0' &&
			    strcmp(d->disks[k].name, name) == 0) {
				take_id(im, i, d->disks[k].id);
				d->disks[k].number = UINT32_MAX;
			}
	}
}

static struct device *
find_device(const struct import *im, const struct profile *p,
    uint32_t element)
{
	const char *id = xml_value(im->walk.r, element, "id");
	const char *name = xml_value(im->walk.r, element, "name");
	struct device *d = id != NULL ? profile_device(p, id) : NULL;

	return d != NULL || name == NULL ? d : profile_device(p, name);
}

/* ---- what was said in part ---- */

/* One network is access and untagged, more are a trunk, unless told. */
static void
finish_vlans(struct import *im, uint32_t element, struct device *d)
{
	const struct xml_records *r = im->walk.r;
	uint32_t vlans = xml_first(r, element, "vlans");

	if (vlans == 0)
		return;
	if (xml_value(r, vlans, "mode") == NULL)
		d->vlan_mode = d->n_vlans > 1 ? VLAN_TRUNK : VLAN_ACCESS;
	if (d->vlan_mode == VLAN_ACCESS && d->n_vlans > 1)
		xml_im_problem(im, 'B', "VlanMode", vlans, "mode",
		    "access takes one network; a trunk takes more");
	if (d->vlan_mode == VLAN_ACCESS && d->n_vlans == 1)
		d->vlans[0].native = true;
}

static bool
has_address(const struct device *d)
{
	return d->kind == DEVICE_VNIC || d->kind == DEVICE_VHBA;
}

/* What was said about an address, made one: see xml_import.h. */
static void
finish_address(struct import *im, uint32_t element, const struct device *old,
    struct device *d)
{
	const struct xml_records *r = im->walk.r;
	uint32_t at = xml_first(r, element,
	    d->kind == DEVICE_VNIC ? "mac" : "wwpn");
	const char *source;
	bool valued;

	if (at == 0)
		return;
	source = xml_value(r, at, "source");
	valued = xml_value(r, at, "value") != NULL;
	if (source == NULL && valued && d->address != old->address)
		d->source = SOURCE_STATIC;
	if (d->source == SOURCE_STATIC)
		d->pool[0] = '\0';
	else if (!valued && (old->source != SOURCE_POOL ||
	    strcmp(old->pool, d->pool) != 0))
		d->address = 0;
	if (d->source == SOURCE_STATIC && d->address == 0)
		xml_im_problem(im, 'B', "DocumentMissing", at, "value",
		    "a static address must have a value");
}

/* No address of the document is taken: what is new gets one, what is here keeps
 * its own. */
static void
keep_address(const struct device *old, bool making, struct device *d)
{
	if (making) {
		d->address = 0;
		if (d->source != SOURCE_POOL)
			d->pool[0] = '\0';
		d->source = SOURCE_POOL;
		return;
	}
	d->address = old->address;
	d->source = old->source;
	memcpy(d->pool, old->pool, sizeof(d->pool));
}

static void
rename_in_order(struct profile *p, const char *from, const char *to)
{
	for (size_t i = 0; i < p->n_boot_order; i++)
		if (strcmp(p->boot_order[i], from) == 0)
			(void)snprintf(p->boot_order[i], NAME_TEXT, "%s", to);
}

/* ---- one device ---- */

static void
read_into(struct import *im, struct profile *p, uint32_t element,
    bool making, struct device *d)
{
	struct device old = *d;

	xml_walk_object(&im->walk,
	    field_device((enum device_kind)d->kind), element, making, d);
	if (d->kind == DEVICE_VNIC)
		finish_vlans(im, element, d);
	if (d->kind == DEVICE_VDAS)
		take_disk_ids(im, element, d);
	if (has_address(d))
		finish_address(im, element, &old, d);
	if (has_address(d) && xml_addresses_fresh(im))
		keep_address(&old, making, d);
	if (!making && strcmp(old.name, d->name) != 0 &&
	    xml_first(im->walk.r, im->walk.r->elements[element].parent,
	    "bootOrder") == 0)
		rename_in_order(p, old.name, d->name);
	ARENA_PUSH(im->walk.arena, im->read, im->n_read, im->cap_read) =
	    (struct xml_read_from){ arena_strdup(im->walk.arena, d->id),
		element };
}

void
xml_device_read(struct import *im, struct profile *p, enum device_kind kind,
    uint32_t element, const char *lease)
{
	struct device *d = find_device(im, p, element);
	bool making = d == NULL;

	if (d != NULL && d->kind != kind) {
		xml_im_problem(im, 'B', "DocumentValue", element, NULL,
		    "a device of another kind has that id or name here");
		return;
	}
	if (d != NULL && strcmp(d->lease, lease) != 0) {
		xml_im_problem(im, 'B', "DeviceLeased", element, NULL,
		    *lease != '\0' ? "a device of that id or name is here for "
		    "good, or for another lease" : "a device of that id or name "
		    "is leased here");
		return;
	}
	if (making && p->n_devices >= PROFILE_DEVICES) {
		xml_im_problem(im, 'B', "FunctionLimit", element, NULL,
		    "the profile has too many devices");
		return;
	}
	if (making) {
		d = change_make_device(im->walk.set, p, kind);
		take_id(im, element, d->id);
		(void)snprintf(d->lease, sizeof(d->lease), "%s", lease);
		d->idle = *lease != '\0';
	}
	read_into(im, p, element, making, d);
}

/* ---- all of a profile ---- */

static bool
was_read(const struct import *im, size_t from, const struct device *d)
{
	for (size_t i = from; i < im->n_read; i++)
		if (strcmp(im->read[i].id, d->id) == 0)
			return true;
	return false;
}

static void
leave_order(struct profile *p, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_boot_order; i++)
		if (strcmp(p->boot_order[i], name) != 0)
			memmove(p->boot_order[n++], p->boot_order[i],
			    NAME_TEXT);
	p->n_boot_order = n;
}

/* Devices here that the document has not; those read stand behind `from`. */
static void
remove_others(struct import *im, struct profile *p, size_t from, bool order)
{
	for (size_t i = p->n_devices; i-- > 0;) {
		if (p->devices[i].lease[0] != '\0' ||
		    was_read(im, from, &p->devices[i]))
			continue;
		if (!order)
			leave_order(p, p->devices[i].name);
		profile_remove_device(p, &p->devices[i]);
	}
}

void
xml_devices_read(struct import *im, struct profile *p, uint32_t element,
    bool making)
{
	size_t from = im->n_read;

	for (unsigned kind = 0; kind < DEVICE_N_KINDS; kind++) {
		const char *name = field_device(kind)->name;
		uint32_t i;

		for (i = xml_first(im->walk.r, element, name); i != 0;
		    i = xml_next(im->walk.r, i, name))
			xml_device_read(im, p, kind, i, "");
	}
	if (!making && xml_im_removes(im, XML_SCOPE_PROFILES))
		remove_others(im, p, from, xml_first(im->walk.r, element,
		    "bootOrder") != 0);
}
