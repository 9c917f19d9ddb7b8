/*
 * xml_import.h -- a document becomes edits of a change set.
 *
 * One engine for import, restore, merge and declarative apply; what differs are
 * the options (xml_options.h).  Absent means untouched; present and empty means
 * none.  Objects are known by id, else by name.
 *
 *   merge	what the document names is made or changed, nothing is removed
 *   replace	what is here, in the scope, and not in a section that the document
 *		has is removed too; a section that is absent is untouched
 *   clone	its profiles are made again under new ids, with new addresses, at no
 *		slot
 *
 * In a document of kind profile, and with `select`, networks, SANs, classes and
 * pools are what the profiles need: they are found here, and only made where
 * they are missing.  In other kinds they are imported themselves.
 *
 * Everything that is wrong with the document is listed in `problems`, with line
 * and XPath: 'B' blocks, 'C' wants a confirmation, 'W' is only said.  What it and
 * what is here disagree about is listed in `conflicts`.  When a 'B' is among
 * either the change set is not to be used.  Codes of problems: those of
 * xml_grammar.h and the field tables, and DocumentKind, DocumentModified,
 * DocumentPartIgnored, DocumentValue, DocumentDuplicate, MissingDependency,
 * VirtualDiskEmpty.
 */
#ifndef PROFILES_XML_IMPORT_H
#define PROFILES_XML_IMPORT_H

#include "profiles/change.h"
#include "profiles/xml_conflict.h"

/* A profile or device of the change set, and the element that it was read from. */
struct xml_read_from {
	const char *id;
	uint32_t element;
};

struct xml_imported {
	struct xml_problems problems;
	struct xml_conflicts conflicts;
	const struct profile *first;	/* the first profile; NULL when none */
	size_t n_profiles;		/* of the document, as selected */
	const struct xml_read_from *read;
	size_t n_read;
};

/* The options are borrowed as long as the arena of the change set.  -1 only
 * when the store fails. */
int xml_import(struct change_set *, const struct xml_records *,
    const struct xml_import_options *, struct xml_imported *, struct err *)
    ERR_MUST_CHECK;
/* No 'B' among problems and conflicts. */
bool xml_import_ok(const struct xml_imported *);

#endif
