/*
 * xml_import_int.h -- what the files of the importer tell each other (private).
 *
 *	xml_import.c		the order of it all
 *	xml_import_name.c	what the document names: found here, made, mapped
 *	xml_import_pool.c	pools: blocks that overlap, pools that differ
 *	xml_import_profile.c	profiles: which one is meant
 *	xml_import_device.c	their devices
 *	xml_import_lease.c	leases and their devices
 *	xml_import_address.c	addresses that somebody else has
 *
 * Sections come in this order: pools, classes, networks and SANs, chassis,
 * profiles, leases; what is removed goes first in each.
 */
#ifndef PROFILES_XML_IMPORT_INT_H
#define PROFILES_XML_IMPORT_INT_H

#include "profiles/xml_import.h"
#include "profiles/xml_walk.h"

enum xml_named { XML_NAMED_POOL, XML_NAMED_CLASS, XML_NAMED_NETWORK,
	XML_NAMED_SAN, XML_NAMED_N };

/* A pool, class, network or SAN that the document has, or names. */
struct xml_named_thing {
	enum xml_named kind;
	const char *name;		/* in the document */
	uint32_t section;		/* its own element, 0 none */
	uint32_t user;			/* of the first that names it, 0 nobody */
	bool done, refused;
	char id[ID_TEXT];		/* here; "" nowhere */
};

struct import {
	struct xml_walk walk;
	const struct xml_import_options *o;
	struct xml_conflicts *conflicts;
	struct xml_imported *out;
	struct field_names here;	/* the change set's */
	size_t before;			/* changes that were there before */
	bool known;			/* its structure is as it should be */

	struct xml_named_thing *things;	/* by kind and name */
	size_t n_things, cap_things;

	struct profile *profiles;	/* here, before the import, by name */
	size_t n_profiles;
	bool have_profiles;
	const char **devices;		/* ids of all their devices, sorted */
	size_t n_devices;
	bool have_devices;

	/* Devices and profiles that were read, and where. */
	struct xml_read_from *read;
	size_t n_read, cap_read;
};

/* ---- xml_import.c ---- */

void xml_im_problem(struct import *, char severity, const char *code,
    uint32_t element, const char *attr, const char *text);
int xml_im_failed(struct import *, const struct err *);
/* Tells what was not read, unless the document is wrong anyway. */
void xml_im_rest(struct import *, uint32_t element);
/* A section is imported itself; else it only says what profiles need. */
bool xml_im_applies(const struct import *, unsigned scope);
/* Whoever is here, in the scope, and not in the document goes. */
bool xml_im_removes(const struct import *, unsigned scope);
/* The new object takes the document's id, when that is one and is free. */
void xml_im_take_id(struct import *, uint32_t element, enum object_type,
    struct head *);
/* The document's element's id, when it is a UUID; else NULL. */
const char *xml_im_id(const struct import *, uint32_t element);
/* All profiles here, as they were before the import. */
int xml_im_load_profiles(struct import *);
bool xml_im_selected(const struct import *, uint32_t profile_element);

/* ---- xml_import_name.c ---- */

enum object_type xml_named_type(enum xml_named);
/* Gathers what is named, by kind and name. */
void xml_names_gather(struct import *);
/* Removes, makes and changes all of one kind. */
void xml_names_import(struct import *, enum xml_named);
/* NULL when the document does not name it. */
struct xml_named_thing *xml_names_find(const struct import *, enum xml_named,
    const char *name);
/* The editable copy by name or id; *out NULL when there is none. */
int xml_names_edit(struct import *, enum xml_named, const char *ref,
    void **out);
/* For struct field_names. */
bool xml_names_id_of(void *import, enum object_type, const char *ref,
    char id[ID_TEXT]);

/* ---- xml_import_pool.c ---- */

/* A pool of the document that is here: compared, changed or left. */
void xml_pool_found(struct import *, struct xml_named_thing *,
    struct pool *here);
/* "pool" must go on meaning something: a default pool that the document has no
 * other for stays. */
bool xml_pool_is_needed(const struct import *, const struct head *pool);
/* Blocks of what was imported that other pools here have too. */
void xml_pools_overlap(struct import *);

/* ---- the rest ---- */

void xml_profiles_remove(struct import *);
void xml_profiles_import(struct import *);
void xml_devices_read(struct import *, struct profile *, uint32_t element,
    bool making);
void xml_leases_import(struct import *);
/* One device; `lease`: the id of the lease that it is for. */
void xml_device_read(struct import *, struct profile *, enum device_kind,
    uint32_t element, const char *lease);
/* True when addresses of the document are not taken for what is made. */
bool xml_addresses_fresh(const struct import *);
void xml_addresses_check(struct import *);

#endif
