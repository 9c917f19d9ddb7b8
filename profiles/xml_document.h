/*
 * xml_document.h -- what can be said about a document without looking at what is
 * here: its kind, its digests, sections that a profile import leaves alone, and
 * what stands there twice (private).
 */
#ifndef PROFILES_XML_DOCUMENT_H
#define PROFILES_XML_DOCUMENT_H

#include "profiles/xml_walk.h"

/* DocumentKind, DocumentModified, DocumentPartIgnored, DocumentDuplicate. */
void xml_document_check(struct xml_walk *);

#endif
