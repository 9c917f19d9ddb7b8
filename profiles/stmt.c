/* stmt.c -- see stmt.h. */
#include "profiles/stmt.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "base/log.h"

static enum err_code
code_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_CONSTRAINT:
		return rc == SQLITE_CONSTRAINT_UNIQUE ||
		    rc == SQLITE_CONSTRAINT_PRIMARYKEY ||
		    rc == SQLITE_CONSTRAINT_ROWID ||
		    rc == SQLITE_CONSTRAINT_FOREIGNKEY ?
		    ERR_CONFLICT : ERR_INTERNAL;
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_NOMEM:
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_INTERRUPT:
		return ERR_UNAVAILABLE;
	default:
		return ERR_INTERNAL;
	}
}

int
stmt_failed(struct store *st, int rc, struct err *e)
{
	/* SQLite names the table and column; the values stay out. */
	const char *why = st->db != NULL && sqlite3_errcode(st->db) != SQLITE_OK ?
	    sqlite3_errmsg(st->db) : sqlite3_errstr(rc);

	return err_set(e, code_of(rc), "store: %s", why);
}

/* The slot of a statement: where it is, or the free one where it goes. */
static size_t
cache_slot(const struct store *st, const char *sql)
{
	size_t i = ((uintptr_t)sql >> 3) * 0x9e3779b1u % STMT_CACHE;

	for (size_t n = 0; n < STMT_CACHE; n++, i = (i + 1) % STMT_CACHE)
		if (st->cache[i].sql == sql || st->cache[i].sql == NULL)
			return i;
	log_error("store", "what=\"more statements than slots\"");
	abort();
}

struct stmt
stmt_open(struct store *st, const char *sql)
{
	struct stmt q = { .store = st };
	size_t i = cache_slot(st, sql);

	if (st->cache[i].sql == NULL) {
		q.rc = sqlite3_prepare_v3(st->db, sql, -1,
		    SQLITE_PREPARE_PERSISTENT, &st->cache[i].s, NULL);
		if (q.rc != SQLITE_OK)
			return q;
		st->cache[i].sql = sql;
	}
	q.s = st->cache[i].s;
	/* Begun again before its end, it would lose its place. */
	if (sqlite3_stmt_busy(q.s)) {
		q.rc = SQLITE_MISUSE;
		q.s = NULL;
	}
	return q;
}

struct stmt
stmt_open_ref(struct store *st, const char *by_id, const char *by_name,
    const char *ref)
{
	struct stmt q;
	char id[ID_TEXT];

	if (!uuid_valid(ref)) {
		q = stmt_open(st, by_name);
		stmt_text(&q, ref);
		return q;
	}
	for (size_t i = 0; i < sizeof(id); i++)
		id[i] = (char)tolower((unsigned char)ref[i]);
	q = stmt_open(st, by_id);
	if (q.s != NULL)
		q.rc = sqlite3_bind_text(q.s, ++q.at, id, -1,
		    SQLITE_TRANSIENT);
	return q;
}

void
stmt_forget(struct store *st)
{
	for (size_t i = 0; i < STMT_CACHE; i++) {
		(void)sqlite3_finalize(st->cache[i].s);
		st->cache[i].s = NULL;
		st->cache[i].sql = NULL;
	}
}

static void
note(struct stmt *q, int rc)
{
	if (q->rc == SQLITE_OK)
		q->rc = rc;
}

void
stmt_int(struct stmt *q, int64_t n)
{
	if (q->s != NULL)
		note(q, sqlite3_bind_int64(q->s, ++q->at, n));
}

static void
put_null(struct stmt *q)
{
	if (q->s != NULL)
		note(q, sqlite3_bind_null(q->s, ++q->at));
}

void
stmt_int_or_null(struct stmt *q, int64_t n)
{
	if (n == 0)
		put_null(q);
	else
		stmt_int(q, n);
}

void
stmt_text(struct stmt *q, const char *text)
{
	if (q->s != NULL)
		note(q, sqlite3_bind_text(q->s, ++q->at, text, -1,
		    SQLITE_STATIC));
}

void
stmt_blob(struct stmt *q, const void *bytes, size_t n)
{
	if (q->s != NULL)
		note(q, sqlite3_bind_blob64(q->s, ++q->at, bytes, n,
		    SQLITE_STATIC));
}

void
stmt_text_or_null(struct stmt *q, const char *text)
{
	if (text == NULL || *text == '\0')
		put_null(q);
	else
		stmt_text(q, text);
}

void
stmt_hex(struct stmt *q, uint64_t value, int digits)
{
	stmt_hex_wide(q, 0, value, digits);
}

void
stmt_hex_wide(struct stmt *q, uint64_t high, uint64_t low, int digits)
{
	char text[33] = "";
	int n = digits > 16 ? digits - 16 : 0;

	if (n > 0)
		(void)snprintf(text, sizeof(text), "%0*llX", n,
		    (unsigned long long)high);
	(void)snprintf(text + n, sizeof(text) - (size_t)n, "%0*llX",
	    digits - n, (unsigned long long)low);
	if (q->s != NULL)
		note(q, sqlite3_bind_text(q->s, ++q->at, text, -1,
		    SQLITE_TRANSIENT));
}

void
stmt_hex_or_null(struct stmt *q, uint64_t value, int digits)
{
	if (value == 0)
		put_null(q);
	else
		stmt_hex(q, value, digits);
}

void
stmt_labels(struct stmt *q, const struct labels *l)
{
	json_t *map;
	char *text;

	if (l->n == 0) {
		stmt_text(q, "");
		return;
	}
	map = json_object();
	for (size_t i = 0; i < l->n; i++)
		json_put(map, l->items[i].name, json_str(l->items[i].value));
	text = json_canonical(map);
	if (q->s != NULL)
		note(q, sqlite3_bind_text(q->s, ++q->at, text, -1,
		    SQLITE_TRANSIENT));
	free(text);
	json_decref(map);
}

void
stmt_head(struct stmt *q, const struct head *h)
{
	stmt_text(q, h->id);
	stmt_text(q, h->name);
	stmt_text(q, h->description);
	stmt_int(q, h->revision);
	stmt_int(q, h->created_ms);
	stmt_int(q, h->modified_ms);
}

void
stmt_close(struct stmt *q)
{
	if (q->s == NULL)
		return;
	(void)sqlite3_reset(q->s);
	(void)sqlite3_clear_bindings(q->s);
	q->s = NULL;
}

int
stmt_step(struct stmt *q, struct err *e)
{
	int rc = q->rc;

	if (rc == SQLITE_OK && fault_here("store.step")) {
		stmt_close(q);
		return err_set(e, ERR_UNAVAILABLE, "store: a test said so");
	}
	if (rc == SQLITE_OK)
		rc = sqlite3_step(q->s);
	q->at = 0;
	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE) {
		stmt_close(q);
		return 0;
	}
	(void)stmt_failed(q->store, rc, e);
	stmt_close(q);
	return -1;
}

int
stmt_run(struct stmt *q, struct err *e)
{
	int rc;

	do
		rc = stmt_step(q, e);
	while (rc > 0);
	return rc;
}

int
stmt_one(struct stmt *q, const char *missing, const char *ref, struct err *e)
{
	int rc = stmt_step(q, e);

	if (rc == 0)
		return err_set(e, ERR_NOT_FOUND, "there is no %s %.64s",
		    missing, ref);
	return rc;
}

int64_t
stmt_get_int(struct stmt *q)
{
	return sqlite3_column_int64(q->s, q->at++);
}

uint32_t
stmt_get_u32(struct stmt *q)
{
	return (uint32_t)stmt_get_int(q);
}

bool
stmt_get_bool(struct stmt *q)
{
	return stmt_get_int(q) != 0;
}

static const char *
column(struct stmt *q)
{
	const unsigned char *text = sqlite3_column_text(q->s, q->at++);

	return text != NULL ? (const char *)text : "";
}

void
stmt_get_text(struct stmt *q, char *text, size_t size)
{
	(void)snprintf(text, size, "%s", column(q));
}

const char *
stmt_get_str(struct stmt *q, struct arena *a)
{
	return arena_strdup(a, column(q));
}

const void *
stmt_get_blob(struct stmt *q, size_t *n)
{
	const void *bytes = sqlite3_column_blob(q->s, q->at);

	*n = (size_t)sqlite3_column_bytes(q->s, q->at++);
	return bytes;
}

uint64_t
stmt_get_hex(struct stmt *q)
{
	return strtoull(column(q), NULL, 16);
}

uint64_t
stmt_get_hex_wide(struct stmt *q, uint64_t *high)
{
	const char *text = column(q);
	size_t n = strlen(text);
	char top[17];

	*high = 0;
	if (n <= 16 || n > 32)
		return strtoull(text, NULL, 16);
	(void)snprintf(top, sizeof(top), "%.*s", (int)(n - 16), text);
	*high = strtoull(top, NULL, 16);
	return strtoull(text + n - 16, NULL, 16);
}

/* Canonical text has its keys in order. */
void
stmt_get_labels(struct stmt *q, struct arena *a, struct labels *l)
{
	const char *text = column(q), *name;
	json_t *map, *value;
	struct err e;

	*l = (struct labels){ .n = 0 };
	if (*text == '\0' ||
	    json_read(text, strlen(text), SIZE_MAX, &map, &e) < 0)
		return;
	l->items = arena_array(a, json_object_size(map), sizeof(*l->items));
	json_object_foreach (map, name, value) {
		struct label *to = &l->items[l->n++];

		(void)snprintf(to->name, sizeof(to->name), "%s", name);
		(void)snprintf(to->value, sizeof(to->value), "%s",
		    json_string_value(value));
	}
	json_decref(map);
}

void
stmt_get_head(struct stmt *q, struct head *h)
{
	stmt_get_text(q, h->id, sizeof(h->id));
	stmt_get_text(q, h->name, sizeof(h->name));
	stmt_get_text(q, h->description, sizeof(h->description));
	h->revision = stmt_get_int(q);
	h->created_ms = stmt_get_int(q);
	h->modified_ms = stmt_get_int(q);
}

int
stmt_exec(struct store *st, const char *sql, struct err *e)
{
	int rc = sqlite3_exec(st->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : stmt_failed(st, rc, e);
}
