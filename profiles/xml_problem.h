/*
 * xml_problem.h -- everything that is wrong with a document, not just the first.
 *
 * Each problem says a code, how bad it is, and where: line and XPath.  What to do
 * about it stands with the code in the rule book (appliance/service/rules.h).
 */
#ifndef PROFILES_XML_PROBLEM_H
#define PROFILES_XML_PROBLEM_H

#include "profiles/xml.h"

enum { XML_MAX_PROBLEMS = 1000 };

struct xml_problem {
	char code[32];
	char severity;		/* 'B' blocks, 'C' wants a confirmation, 'W' */
	uint32_t line;		/* 0 = the document as a whole */
	const char *path, *detail;
};

struct xml_problems {
	struct arena *arena;
	const struct xml_records *records;
	struct xml_problem *items;
	size_t n, cap;
	size_t more;		/* beyond XML_MAX_PROBLEMS, not kept */
};

/* `attr` NULL: about the element. */
void xml_problem_add(struct xml_problems *, char severity, const char *code,
    uint32_t element, const char *attr, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));
size_t xml_problem_count(const struct xml_problems *, char severity);

#endif
