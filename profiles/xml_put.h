/*
 * xml_put.h -- an object into records, by its field table (private).
 *
 * The table says which attributes and texts, the grammar in which order.  Every
 * value is written, defaults too; what is null is not.  A list that is empty says
 * so.  A profile brings its devices, by kind and order, but not the leased ones:
 * each stands in its lease.
 */
#ifndef PROFILES_XML_PUT_H
#define PROFILES_XML_PUT_H

#include "profiles/field.h"
#include "profiles/xml.h"

struct xml_put {
	struct xml_records *r;
	struct field_names names;
	const struct device *leased;	/* of the lease that is put */
};

/* `type`: its name in the grammar. */
void xml_put_object(struct xml_put *, const char *element, const char *type,
    const struct field_table *, const void *object);

#endif
