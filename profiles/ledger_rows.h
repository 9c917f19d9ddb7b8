/*
 * ledger_rows.h -- what the files of the ledger tell each other (private).
 */
#ifndef PROFILES_LEDGER_ROWS_H
#define PROFILES_LEDGER_ROWS_H

#include "profiles/ledger.h"
#include "profiles/stmt.h"

#define LEDGER_IDENTITY \
	"SELECT i.row, space, value, role, state, i.profile," \
	" coalesce(p.name, profile_name), i.device," \
	" coalesce(d.name, device_name), i.pool, since_ms, released_ms," \
	" until_ms, epoch "
#define LEDGER_NAMES \
	" LEFT JOIN profile p ON p.id = i.profile" \
	" LEFT JOIN device d ON d.id = i.device "

/* As people write it. */
char *ledger_text(const struct identity *, char text[UUID_TEXT]);
/* Hexadecimal digits of a value. */
int ledger_digits(enum id_space);
/* A value in its digits, as the columns `value` and `reversed` have it. */
enum { LEDGER_DIGITS = 33 };	/* bytes, with NUL */
void ledger_columns(const struct identity *, char value[LEDGER_DIGITS],
    char reversed[LEDGER_DIGITS]);
/* All rows of a query of LEDGER_IDENTITY; at_ms as in ledger_find(). */
int ledger_collect(struct stmt *, struct arena *, int64_t at_ms,
    struct identity **out, size_t *n, struct err *) ERR_MUST_CHECK;

/* Brings the index of parts up to the newest row. */
enum { LEDGER_BATCH = 512 };	/* rows that it may be behind */
int ledger_index_parts(struct store *, struct err *) ERR_MUST_CHECK;

#endif
