/*
 * xml_read.h -- bytes to records, through libxml2 (XML's door).
 *
 * Runs in a process without rights (xml_main.c); tests call it directly.  The
 * document passes xml_scan() first.  Then libxml2 reads it: no network, no DTD,
 * no entity but XML's own five, no XInclude, no schema that the document names.
 * Fills both digests.  Comments and processing instructions are dropped.
 *
 * Errors: those of xml_scan(), and DocumentMalformed when libxml2 refuses.
 */
#ifndef PROFILES_XML_READ_H
#define PROFILES_XML_READ_H

#include "profiles/xml.h"

/* Once per process, before the sandbox closes. */
void xml_read_init(void);

int xml_read(struct arena *, const char *bytes, size_t n,
    struct xml_records *, struct err *) ERR_MUST_CHECK;

#endif
