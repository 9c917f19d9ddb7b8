/*
 * support_rules.h -- every rule broken and kept, one row per case.
 *
 * A row is a wish that breaks one rule and one beside it that does not, at the
 * desk of support_desk.h.  One list, two readers: test_rules.c asks the service,
 * and tests/api/rules.test.mjs sends the same requests to the real daemon; it
 * gets them as JSON from `RULES_ROWS=FILE test_rules`.
 */
#ifndef TESTS_UNIT_SUPPORT_RULES_H
#define TESTS_UNIT_SUPPORT_RULES_H

#include <stddef.h>

enum { RULES_SETUP = 4 };

struct rules_row {
	const char *code;
	char severity;
	const char *setup[RULES_SETUP];	/* requests, "PULL bay", or "NOROOM
					 * slot" for new devices */
	const char *bad, *good;
	const char *mend;		/* between the bad and the good one */
	const char *where;		/* pointer of the bad one; NULL any */
};

extern const struct rules_row rules_rows[];
extern const size_t rules_n_rows;

#endif
