/*
 * xml_json.h -- records as JSON and back: what an import keeps of a document.
 *
 *	{"documentDigest":"…","elements":[[parent,line,name,text,[a,v,…]],…]}
 *
 * Reading back trusts nothing: bounds, order and characters are checked as they
 * are when records come from the reader (xml_wire.h).  ERR_MALFORMED.
 */
#ifndef PROFILES_XML_JSON_H
#define PROFILES_XML_JSON_H

#include "base/json.h"
#include "profiles/xml.h"

/* The caller owns it. */
json_t *xml_to_json(const struct xml_records *);
int xml_from_json(struct arena *, const json_t *, struct xml_records *,
    struct err *) ERR_MUST_CHECK;

#endif
