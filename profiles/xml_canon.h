/*
 * xml_canon.h -- what stands in an `extensions` element, as canonical text
 * (private; xml_foreign.h says which).
 */
#ifndef PROFILES_XML_CANON_H
#define PROFILES_XML_CANON_H

#include <libxml/tree.h>

#include "profiles/xml.h"

/* Appends; b->full when it does not fit. */
void xml_canon(const xmlNode *extensions, struct buf *b);

#endif
