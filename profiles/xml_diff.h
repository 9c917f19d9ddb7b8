/*
 * xml_diff.h -- what differs between two documents, for people.
 *
 * A list of rows as in a plan: {"op":"add|change|remove","type","name","of",
 * "fields":[{"name","before","after"}]}.  An object is what stands in a section
 * of the root (a network, a pool, a slot, a profile) and each device of a
 * profile (`of` is its profile); it is known by its type and name, or number.
 * Its fields are the attributes and texts of itself and of what is inside it,
 * "mac/value", "vlans/vlan[prod]/native", each as the text that stands there.
 *
 * What the contentDigest leaves out is left out here too, so two documents of
 * one contentDigest have no rows.  Rows and fields are sorted by what names them.
 */
#ifndef PROFILES_XML_DIFF_H
#define PROFILES_XML_DIFF_H

#include "base/json.h"
#include "profiles/xml.h"

/* The caller owns the list. */
json_t *xml_diff(const struct xml_records *before,
    const struct xml_records *after);

#endif
