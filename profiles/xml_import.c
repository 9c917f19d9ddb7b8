/* xml_import.c -- see xml_import.h. */
#include "profiles/xml_import.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "profiles/xml_document.h"
#include "profiles/xml_grammar.h"
#include "profiles/xml_walk.h"

struct import {
	struct xml_walk walk;
	struct field_names here;	/* the change set's */
	uint32_t networks;		/* the document's section, 0 = none */
	char (*devices)[ID_TEXT];	/* ids of all devices here, sorted */
	size_t n_devices, cap_devices;
	bool have_devices;
};

static void
problem(struct import *im, char severity, const char *code, uint32_t element,
    const char *attr, const char *text)
{
	xml_problem_add(im->walk.out, severity, code, element, attr, "%s",
	    text);
}

static int
store_failed(struct import *im, const struct err *e)
{
	im->walk.failed = -1;
	im->walk.err = *e;
	return -1;
}

/* The new object takes the document's id, when that is one and is free. */
static void
take_id(struct import *im, uint32_t element, enum object_type type,
    struct head *h)
{
	const char *id = xml_value(im->walk.r, element, "id");
	struct change_set *cs = im->walk.set;
	char known[ID_TEXT], text[ID_TEXT];

	if (id == NULL || !uuid_valid(id) ||
	    im->here.id_of(im->here.cookie, type, id, known))
		return;
	for (size_t i = 0; i < ID_TEXT; i++)
		text[i] = (char)tolower((unsigned char)id[i]);
	for (size_t i = 0; i < cs->n; i++)
		if (cs->items[i].after == (void *)h)
			memcpy(cs->items[i].id, text, ID_TEXT);
	memcpy(h->id, text, ID_TEXT);
}

/* ---- networks and SANs that are missing here ---- */

static const char *
section_name(enum object_type type)
{
	return type == OBJ_NETWORK ? "ethernet" : "san";
}

/* The document's own words about it; 0 when it has none. */
static uint32_t
find_section(const struct import *im, enum object_type type, const char *name)
{
	const struct xml_records *r = im->walk.r;
	uint32_t i;

	if (im->networks == 0)
		return 0;
	for (i = xml_first(r, im->networks, section_name(type)); i != 0;
	    i = xml_next(r, i, section_name(type))) {
		const char *has = xml_value(r, i, "name");

		if (has != NULL && strcasecmp(has, name) == 0)
			return i;
	}
	return 0;
}

static void
make_missing(struct import *im, enum object_type type, uint32_t element,
    char id[ID_TEXT])
{
	bool network = type == OBJ_NETWORK;
	struct head *h = network ? &change_make_network(im->walk.set)->head :
	    &change_make_san(im->walk.set)->head;

	take_id(im, element, type, h);
	xml_walk_object(&im->walk, network ? &field_network : &field_san,
	    element, true, h);
	xml_walk_rest(&im->walk, element);
	xml_problem_add(im->walk.out, 'C', "MissingDependency", element, NULL,
	    "%s %s is not here; it will be made as the document says",
	    object_word(type), h->name);
	memcpy(id, h->id, ID_TEXT);
}

static bool
id_of(void *cookie, enum object_type type, const char *ref, char id[ID_TEXT])
{
	struct import *im = cookie;
	uint32_t element;
	const char *its;

	if (type != OBJ_NETWORK && type != OBJ_SAN)
		return im->here.id_of(im->here.cookie, type, ref, id);
	element = find_section(im, type, ref);
	its = element != 0 ? xml_value(im->walk.r, element, "id") : NULL;
	/* Renamed here since: known by its id. */
	if (its != NULL && uuid_valid(its) &&
	    im->here.id_of(im->here.cookie, type, its, id))
		return true;
	if (im->here.id_of(im->here.cookie, type, ref, id))
		return true;
	if (element == 0)
		return false;
	make_missing(im, type, element, id);
	return true;
}

static bool
name_of(void *cookie, enum object_type type, const char *id,
    char name[NAME_TEXT])
{
	struct import *im = cookie;

	return im->here.name_of(im->here.cookie, type, id, name);
}

/* A network that is here keeps what it is here; another VLAN under the same
 * name is another network. */
static void
compare_network(struct import *im, uint32_t element)
{
	const struct xml_records *r = im->walk.r;
	const char *name = xml_value(r, element, "name");
	const char *vlan = xml_value(r, element, "vlan");
	struct network *n;
	struct err e;

	if (name == NULL || vlan == NULL)
		return;
	if (change_network(im->walk.set, name, &n, &e) < 0) {
		if (e.code != ERR_NOT_FOUND)
			(void)store_failed(im, &e);
		return;
	}
	if (strtoul(vlan, NULL, 10) != n->vlan)
		xml_problem_add(im->walk.out, 'B', "NetworkDiffers", element,
		    "vlan", "network %s is VLAN %u here, %.16s in the document",
		    n->head.name, n->vlan, vlan);
}

static void
compare_networks(struct import *im)
{
	uint32_t i;

	if (im->networks == 0)
		return;
	for (i = xml_first(im->walk.r, im->networks, "ethernet"); i != 0;
	    i = xml_next(im->walk.r, i, "ethernet"))
		compare_network(im, i);
}

/* ---- devices ---- */

static int
by_id(const void *a, const void *b)
{
	return memcmp(a, b, ID_TEXT);
}

/* Ids of the devices of every profile here, once per import. */
static int
load_device_ids(struct import *im)
{
	struct arena *a = im->walk.arena;
	const char *after = "";
	struct profile *list;
	struct err e;
	size_t n;

	if (im->have_devices)
		return 0;
	do {
		if (profile_list(im->walk.set->store, a, after, 256, &list, &n,
		    &e) < 0)
			return store_failed(im, &e);
		for (size_t i = 0; i < n; i++) {
			for (size_t k = 0; k < list[i].n_devices; k++)
				memcpy(ARENA_PUSH(a, im->devices,
				    im->n_devices, im->cap_devices),
				    list[i].devices[k].id, ID_TEXT);
			after = list[i].head.name;
		}
	} while (n == 256);
	if (im->n_devices > 1)
		qsort(im->devices, im->n_devices, ID_TEXT, by_id);
	im->have_devices = true;
	return 0;
}

/* Keeps who it is across appliances, unless that id is somebody here. */
static void
take_device_id(struct import *im, uint32_t element, struct device *d)
{
	const char *id = xml_value(im->walk.r, element, "id");
	char text[ID_TEXT];

	if (id == NULL || !uuid_valid(id) || load_device_ids(im) < 0)
		return;
	for (size_t i = 0; i < ID_TEXT; i++)
		text[i] = (char)tolower((unsigned char)id[i]);
	if (im->n_devices == 0 || bsearch(text, im->devices, im->n_devices, ID_TEXT, by_id) == NULL)
		memcpy(d->id, text, ID_TEXT);
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
		problem(im, 'B', "VlanMode", vlans, "mode",
		    "access takes one network; a trunk takes more");
	if (d->vlan_mode == VLAN_ACCESS && d->n_vlans == 1)
		d->vlans[0].native = true;
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
		problem(im, 'B', "DocumentMissing", at, "value",
		    "a static address must have a value");
}

static void
rename_in_order(struct profile *p, const char *from, const char *to)
{
	for (size_t i = 0; i < p->n_boot_order; i++)
		if (strcmp(p->boot_order[i], from) == 0)
			(void)snprintf(p->boot_order[i], NAME_TEXT, "%s", to);
}

static void
read_device(struct import *im, struct profile *p, enum device_kind kind,
    uint32_t element)
{
	struct device *d = find_device(im, p, element), old;
	bool making = d == NULL;

	if (d != NULL && d->kind != kind) {
		problem(im, 'B', "DocumentValue", element, NULL,
		    "a device of another kind has that id or name here");
		return;
	}
	if (making && p->n_devices >= PROFILE_DEVICES) {
		problem(im, 'B', "FunctionLimit", element, NULL,
		    "the profile has too many devices");
		return;
	}
	if (making) {
		d = change_make_device(im->walk.set, p, kind);
		take_device_id(im, element, d);
	}
	old = *d;
	xml_walk_object(&im->walk, field_device(kind), element, making, d);
	if (kind == DEVICE_VNIC)
		finish_vlans(im, element, d);
	if (kind != DEVICE_VDAS)
		finish_address(im, element, &old, d);
	if (!making && strcmp(old.name, d->name) != 0 &&
	    xml_first(im->walk.r, im->walk.r->elements[element].parent,
	    "bootOrder") == 0)
		rename_in_order(p, old.name, d->name);
}

static void
read_devices(struct import *im, struct profile *p, uint32_t element)
{
	for (unsigned kind = 0; kind < DEVICE_N_KINDS; kind++) {
		const char *name = field_device(kind)->name;
		uint32_t i;

		for (i = xml_first(im->walk.r, element, name); i != 0;
		    i = xml_next(im->walk.r, i, name))
			read_device(im, p, kind, i);
	}
}

/* ---- profiles ---- */

/* 1 found, 0 there is none. */
static int
look(struct import *im, const char *ref, struct profile **p)
{
	struct err e;

	if (change_profile(im->walk.set, ref, p, &e) == 0)
		return 1;
	return e.code == ERR_NOT_FOUND ? 0 : store_failed(im, &e);
}

/* The profile that is meant; *p NULL when it is new here.  -1 when it cannot be
 * told, or the store failed. */
static int
find_profile(struct import *im, uint32_t element, struct profile **p)
{
	const char *id = xml_value(im->walk.r, element, "id");
	const char *name = xml_value(im->walk.r, element, "name");
	int found;

	*p = NULL;
	if (id != NULL && !uuid_valid(id)) {
		problem(im, 'B', "DocumentValue", element, "id",
		    "the id must be a UUID");
		return -1;
	}
	if (name == NULL || !name_valid(name))
		id = name = NULL;
	if (id != NULL && (found = look(im, id, p)) != 0)
		return found < 0 ? -1 : 0;
	if (name == NULL)
		return 0;
	found = look(im, name, p);
	if (found > 0 && id != NULL) {
		xml_problem_add(im->walk.out, 'B', "NameTaken", element,
		    "name", "a profile %s with another id is here; take the id "
		    "out of the document to change that one, or rename it",
		    name);
		return -1;
	}
	return found < 0 ? -1 : 0;
}

static void
read_profile(struct import *im, uint32_t element, struct xml_imported *out)
{
	struct profile *p;
	bool making;

	out->n_profiles++;
	if (find_profile(im, element, &p) < 0)
		return;
	making = p == NULL;
	if (making) {
		p = change_make_profile(im->walk.set);
		take_id(im, element, OBJ_PROFILE, &p->head);
	}
	if (out->first == NULL)
		out->first = p;
	xml_walk_object(&im->walk, &field_profile, element, making, p);
	read_devices(im, p, element);
}

static void
read_profiles(struct import *im, struct xml_imported *out)
{
	const struct xml_records *r = im->walk.r;
	uint32_t list = xml_first(r, 0, "profiles"), i;

	if (list != 0)
		for (i = xml_first(r, list, "profile"); i != 0 &&
		    im->walk.failed == 0; i = xml_next(r, i, "profile"))
			read_profile(im, i, out);
	if (out->n_profiles == 0)
		problem(im, 'B', "DocumentMissing", list, NULL,
		    "there is no profile in the document");
}

/* ---- the whole ---- */

static void
import_all(struct import *im, struct xml_imported *out)
{
	const struct xml_records *r = im->walk.r;
	bool known;

	xml_grammar_check(r, im->walk.out);
	if (strcmp(r->elements[0].name, XML_ROOT) != 0)
		return;
	known = xml_problem_count(im->walk.out, 'B') == 0;
	im->networks = xml_first(r, 0, "networks");
	xml_document_check(&im->walk);
	compare_networks(im);
	read_profiles(im, out);
	if (known && xml_first(r, 0, "profiles") != 0) {
		xml_walk_use(&im->walk, xml_first(r, 0, "profiles"), NULL);
		xml_walk_rest(&im->walk, xml_first(r, 0, "profiles"));
	}
}

bool
xml_import_ok(const struct xml_imported *in)
{
	return xml_problem_count(&in->problems, 'B') == 0 &&
	    xml_conflict_count(&in->conflicts, 'B') == 0;
}

int
xml_import(struct change_set *cs, const struct xml_records *r,
    const struct xml_import_options *o, struct xml_imported *out,
    struct err *e)
{
	struct import im = { .here = change_names(cs) };

	*out = (struct xml_imported){
		.problems = { .arena = cs->arena, .records = r },
	};
	xml_conflicts_begin(&out->conflicts, cs->arena, r, o);
	im.walk = (struct xml_walk){
		.arena = cs->arena, .set = cs, .r = r, .out = &out->problems,
		.names = { id_of, name_of, &im },
		.used_attrs = arena_alloc(cs->arena, r->n_attrs + 1),
		.used_elements = arena_alloc(cs->arena, r->n),
	};
	import_all(&im, out);
	if (im.walk.failed < 0)
		*e = im.walk.err;
	return im.walk.failed;
}
