/*
 * schema.h -- the tables, as steps that only grow (private to this room).
 *
 * PRAGMA user_version is the number of steps applied; each step and its number
 * commit together or not at all.  A shipped step is never edited: what changes
 * is a new row at the end.  Enums are kept as their numbers, addresses as
 * upper-case hexadecimal digits without separators.
 */
#ifndef PROFILES_SCHEMA_H
#define PROFILES_SCHEMA_H

#include "profiles/store.h"

struct schema_step {
	const char *what;		/* one line for the log */
	const char *const *sql;		/* ends with NULL */
};
extern const struct schema_step schema_steps[];
int schema_n_steps(void);

/* Brings the database up to date, step by step; ERR_UNSUPPORTED when it is
 * newer than we are. */
int schema_upgrade(struct store *, struct err *) ERR_MUST_CHECK;
/* For a reader: exactly ours, or ERR_UNAVAILABLE. */
int schema_check(struct store *, struct err *) ERR_MUST_CHECK;

#endif
