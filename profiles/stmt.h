/*
 * stmt.h -- one SQL statement at work (SQLite's door, private to this room).
 *
 *	struct stmt q = stmt_open(store, "SELECT vlan FROM network WHERE id = ?");
 *
 *	stmt_text(&q, id);
 *	if ((rc = stmt_step(&q, e)) <= 0)
 *		return rc;
 *	vlan = stmt_get_u32(&q);
 *	stmt_close(&q);
 *
 * Values are bound, and columns read, in their order.  Each statement is
 * prepared once per handle and kept; it is known by the address of its text,
 * which therefore must be a constant.  What goes wrong before the first step
 * (preparing, binding) is told by that step, so that callers check one place.
 * A bound text is a loan until the statement is closed.
 */
#ifndef PROFILES_STMT_H
#define PROFILES_STMT_H

#include <sqlite3.h>

#include "profiles/store.h"

enum { STMT_CACHE = 512 };	/* slots; a power of two, twice what we have */

struct store {
	sqlite3 *db;
	int lock;		/* descriptor that holds the flock, -1 reader */
	uint64_t handle;	/* of this process, never given again */
	bool upgraded;		/* its schema was older when it was opened */
	struct {
		const char *sql;
		sqlite3_stmt *s;
	} cache[STMT_CACHE];
};

struct stmt {
	struct store *store;
	sqlite3_stmt *s;
	int rc;			/* first failure so far, SQLITE_OK */
	int at;			/* last parameter bound, then column read */
};

struct stmt stmt_open(struct store *, const char *sql);
/* By id when `ref` has the form of one, else by name. */
struct stmt stmt_open_ref(struct store *, const char *by_id,
    const char *by_name, const char *ref);
/* For all statements of a handle, before it is closed. */
void stmt_forget(struct store *);

void stmt_int(struct stmt *, int64_t);
void stmt_int_or_null(struct stmt *, int64_t);		/* 0 is NULL */
void stmt_text(struct stmt *, const char *);
void stmt_text_or_null(struct stmt *, const char *);	/* "" is NULL */
void stmt_blob(struct stmt *, const void *bytes, size_t n);
/* `digits` hexadecimal digits, upper case. */
void stmt_hex(struct stmt *, uint64_t, int digits);
void stmt_hex_or_null(struct stmt *, uint64_t, int digits);
/* The same of two words: more than 16 digits take some of `high`. */
void stmt_hex_wide(struct stmt *, uint64_t high, uint64_t low, int digits);
/* id, name, description, revision, created_ms, modified_ms. */
void stmt_head(struct stmt *, const struct head *);
/* As a JSON object, "" for none. */
void stmt_labels(struct stmt *, const struct labels *);

/* 1 with a row, 0 at the end; closes unless there is a row. */
int stmt_step(struct stmt *, struct err *) ERR_MUST_CHECK;
/* Steps to the end and closes. */
int stmt_run(struct stmt *, struct err *) ERR_MUST_CHECK;
/* Steps to the row that there must be; without one, `missing` and `ref` make
 * ERR_NOT_FOUND ("there is no network prod"). */
int stmt_one(struct stmt *, const char *missing, const char *ref,
    struct err *) ERR_MUST_CHECK;
void stmt_close(struct stmt *);

int64_t stmt_get_int(struct stmt *);			/* NULL is 0 */
uint32_t stmt_get_u32(struct stmt *);
bool stmt_get_bool(struct stmt *);
void stmt_get_text(struct stmt *, char *text, size_t size);	/* NULL is "" */
const char *stmt_get_str(struct stmt *, struct arena *);
/* A loan until the next step. */
const void *stmt_get_blob(struct stmt *, size_t *n);
uint64_t stmt_get_hex(struct stmt *);			/* NULL is 0 */
uint64_t stmt_get_hex_wide(struct stmt *, uint64_t *high);	/* low */
void stmt_get_head(struct stmt *, struct head *);
void stmt_get_labels(struct stmt *, struct arena *, struct labels *);

/* Statements without values or rows. */
int stmt_exec(struct store *, const char *sql, struct err *) ERR_MUST_CHECK;
/* The error of a result code, in words of ours. */
int stmt_failed(struct store *, int rc, struct err *);

#endif
