/*
 * xml_grammar.h -- which element may stand where, in which order, with which
 * attributes: config-1.xsd's structure as a table (its values are the field
 * tables' business).
 *
 * The importer checks documents with it, the writer takes the order of elements
 * from it.
 */
#ifndef PROFILES_XML_GRAMMAR_H
#define PROFILES_XML_GRAMMAR_H

#include "profiles/xml_problem.h"

struct xml_type {
	const char *name;
	const char *attrs;	/* "id !name order"; ! = required */
	const char *children;	/* in order: "!a b* c:type*"; * = any number */
	bool text;
};

/* What stands between blanks in those lists. */
struct xml_word {
	char name[32], type[32];
	bool required, many;
	unsigned rank;		/* its place in the list, from 0 */
};

/* NULL when there is none of that name; the root is "applianceConfig". */
const struct xml_type *xml_grammar_type(const char *name);
/* Steps through a list; start with *cursor = the list; false at its end. */
bool xml_grammar_next(const char **cursor, struct xml_word *);

/*
 * The structure of the whole document: codes DocumentRoot, DocumentVersion,
 * DocumentUnknown, DocumentMissing, DocumentRepeated, DocumentOrder,
 * DocumentText, DocumentExtension.  Does not go below what it does not know.
 * What is unknown in a document of a newer minor version is a 'W': whoever
 * reads it decides.
 */
bool xml_grammar_is_newer(const struct xml_records *);
void xml_grammar_check(const struct xml_records *, struct xml_problems *);

#endif
