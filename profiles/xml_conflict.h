/*
 * xml_conflict.h -- the conflicts of one import, and what was chosen about each.
 *
 * Whoever meets one says so with xml_conflict_add() and does what the option
 * says that comes back: what somebody chose, else the row's default.  A conflict
 * has the same id at each planning, as it is made of the row and of the object.
 */
#ifndef PROFILES_XML_CONFLICT_H
#define PROFILES_XML_CONFLICT_H

#include "profiles/xml_matrix.h"
#include "profiles/xml_options.h"
#include "profiles/xml_problem.h"

struct xml_conflict {
	char id[16];
	const struct xml_matrix_row *row;
	const struct xml_matrix_option *option;
	const char *value;		/* chosen with the option, or "" */
	char severity;			/* the option's */
	bool chosen;			/* by somebody */
	const char *options;		/* words that are allowed, with blanks */
	const char *type, *name;	/* of the object: "network", "prod" */
	uint32_t line;			/* 0 = the document as a whole */
	const char *path, *detail;
};

struct xml_conflicts {
	struct arena *arena;
	const struct xml_records *records;
	const struct xml_import_options *options;
	bool *used;			/* choices that were met */
	struct xml_conflict *items;
	size_t n, cap;
	size_t more;			/* beyond XML_MAX_PROBLEMS, not kept */
};

void xml_conflicts_begin(struct xml_conflicts *, struct arena *,
    const struct xml_records *, const struct xml_import_options *);

/* What it is about. */
struct xml_about {
	const char *row;		/* key in the matrix */
	const char *type, *name;
	const char *part;		/* tells two of one object apart, or NULL */
	const char *def;		/* another default than the row's, or NULL */
	const char *options;		/* only these of the row's, or NULL all */
	uint32_t element;		/* of the document, 0 as a whole */
	const char *attr;		/* or NULL */
	const char *path;		/* of what is only here: "/networks/x" */
};

/* Notes it; the answer lives as long as the arena.  A choice that is not
 * allowed here, or lacks its value, counts as none. */
const struct xml_conflict *xml_conflict_add(struct xml_conflicts *,
    const struct xml_about *, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* True when that option stands. */
bool xml_conflict_is(const struct xml_conflict *, const char *word);
/* How many of a severity. */
size_t xml_conflict_count(const struct xml_conflicts *, char severity);

#endif
