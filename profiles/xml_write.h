/*
 * xml_write.h -- a profile as a document (kind="profile").
 *
 * Origin, the networks and SANs that it uses, the profile, both digests; the
 * field tables say which attributes, xml_grammar.h in which order.  Every value
 * is written, defaults too.  Equal profiles of one generation give equal bytes.
 * Nothing secret and nothing observed is in it.
 */
#ifndef PROFILES_XML_WRITE_H
#define PROFILES_XML_WRITE_H

#include "profiles/store.h"
#include "profiles/xml.h"

struct xml_origin {
	const struct appliance *appliance;
	const char *model, *software;	/* model NULL: not known yet */
	int64_t at_ms;			/* the generation's commit, wall clock */
};

/* Appends to `out`; ERR_TOO_LARGE when its ceiling is reached. */
int xml_profile_write(struct store *, struct arena *, const struct profile *,
    const struct xml_origin *, struct buf *out, struct err *) ERR_MUST_CHECK;

#endif
