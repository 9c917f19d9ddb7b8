/*
 * xml_walk.h -- records into objects, by the field tables (private).
 *
 * What a table has a row for is read and ticked off; what remains afterwards is
 * something that this release does not keep, and is told.  Absent means
 * untouched.  A value that cannot be is a problem and leaves the old value.
 */
#ifndef PROFILES_XML_WALK_H
#define PROFILES_XML_WALK_H

#include "profiles/change.h"
#include "profiles/xml_problem.h"

struct xml_walk {
	struct arena *arena;
	struct change_set *set;
	const struct xml_records *r;
	struct xml_problems *out;
	struct field_names names;	/* looks into the document too */
	bool *used_attrs, *used_elements;
	bool removes;			/* disks that are not there go too */
	bool told;			/* names: the last refusal is told already */
	int failed;			/* -1: the store failed, see err */
	struct err err;
};

/* An object from its element; `making`: what is required must be there. */
void xml_walk_object(struct xml_walk *, const struct field_table *,
    uint32_t element, bool making, void *object);
/* Ticks off an attribute or, with NULL, the element itself. */
void xml_walk_use(struct xml_walk *, uint32_t element, const char *attr);
/* Tells what was not ticked off, from this element down. */
void xml_walk_rest(struct xml_walk *, uint32_t element);

#endif
