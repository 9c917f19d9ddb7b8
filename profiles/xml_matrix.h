/*
 * xml_matrix.h -- what a document and what is here can disagree about.
 *
 * Each row is one kind of conflict: when it is met, what happens by itself, and
 * what else may be chosen.  The severity belongs to the option: 'B' blocks, 'C'
 * wants a confirmation, 'W' is only said, 0 says nothing.  The row's key is also
 * the code of the rule that says the words (appliance/service/rules.h).
 *
 * No default ever takes a profile off its slot without a confirmation.
 */
#ifndef PROFILES_XML_MATRIX_H
#define PROFILES_XML_MATRIX_H

#include <stdbool.h>
#include <stddef.h>

enum { XML_MATRIX_OPTIONS = 6 };

enum xml_matrix_by {
	XML_BY_IMPORTER,	/* profiles/: from document and store alone */
	XML_BY_SERVICE,		/* appliance/service: placement and the view */
	XML_BY_ROAD,		/* every plan has it: rules, holds, digests */
};

struct xml_matrix_option {
	const char *word;	/* NULL ends the list */
	char severity;
	bool valued;		/* a choice of it needs a value */
};

struct xml_matrix_row {
	const char *key;
	enum xml_matrix_by by;
	const char *what;	/* when it is met */
	const char *def;	/* what happens by itself; NULL: see def2 */
	/* What happens by itself instead, and when: NULL never. */
	const char *def2, *when2;
	struct xml_matrix_option options[XML_MATRIX_OPTIONS];
};

extern const struct xml_matrix_row xml_matrix[];
extern const size_t xml_matrix_n;

/* NULL when there is none. */
const struct xml_matrix_row *xml_matrix_find(const char *key);
const struct xml_matrix_option *xml_matrix_option(const struct xml_matrix_row *,
    const char *word);

#endif
