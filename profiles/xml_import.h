/*
 * xml_import.h -- a document becomes edits of a change set (mode merge).
 *
 * Objects that the document names are made or changed, none is removed.  Absent
 * means untouched; present and empty means none.  Profiles and devices are known
 * by id, else by name.  An address without a value stays, or comes from the pool
 * when the device is new.  What a profile refers to is found here by id or name;
 * a network or SAN that is missing here is made from the document's own section,
 * with a confirmation.
 *
 * Everything that is wrong is listed, with line and XPath: 'B' blocks, 'C' wants
 * a confirmation, 'W' is only said.  When a 'B' is among them the change set is
 * not to be used.  Codes: those of xml_grammar.h and the field tables, and
 * DocumentKind, DocumentModified, DocumentPartIgnored, DocumentValue,
 * DocumentDuplicate, MissingDependency, NetworkDiffers, NameTaken,
 * VirtualDiskEmpty.
 */
#ifndef PROFILES_XML_IMPORT_H
#define PROFILES_XML_IMPORT_H

#include "profiles/change.h"
#include "profiles/xml_problem.h"

struct xml_imported {
	struct xml_problems problems;
	const struct profile *first;	/* the first profile; NULL when none */
	size_t n_profiles;
};

/* -1 only when the store fails. */
int xml_import(struct change_set *, const struct xml_records *,
    struct xml_imported *, struct err *) ERR_MUST_CHECK;

#endif
