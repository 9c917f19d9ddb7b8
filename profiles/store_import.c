/* store_import.c -- see store_import.h. */
#include "profiles/store_import.h"

#include <string.h>

#include "profiles/stmt.h"
#include "profiles/xml_wire.h"

/* Counts changes of xml_wire.h. */
enum { FORM = 1 };

/* In the order in which they came, whatever the clock did meanwhile. */
#define TOO_MANY " FROM import_doc WHERE expires_ms <= ? OR rowid NOT IN" \
	" (SELECT rowid FROM import_doc ORDER BY rowid DESC LIMIT ?)"

static int
sweep(struct store *st, int64_t wall_ms, struct err *e)
{
	struct stmt q = stmt_open(st,
	    "DELETE FROM plan WHERE id IN (SELECT plan" TOO_MANY ")");

	stmt_int(&q, wall_ms);
	stmt_int(&q, IMPORT_KEEP);
	if (stmt_run(&q, e) < 0)
		return -1;
	q = stmt_open(st, "DELETE" TOO_MANY);
	stmt_int(&q, wall_ms);
	stmt_int(&q, IMPORT_KEEP);
	return stmt_run(&q, e);
}

static int
insert(struct store *st, const struct import_doc *d, const struct buf *b,
    struct err *e)
{
	struct stmt q = stmt_open(st, "INSERT INTO import_doc"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

	stmt_text(&q, d->id);
	stmt_text(&q, d->name);
	stmt_text(&q, d->actor);
	stmt_int(&q, d->created_ms);
	stmt_int(&q, d->expires_ms);
	stmt_text(&q, d->options);
	stmt_text(&q, d->body);
	stmt_text(&q, d->plan);
	stmt_int(&q, FORM);
	stmt_blob(&q, b->data, b->len);
	return stmt_run(&q, e);
}

int
import_add(struct store *st, const struct import_doc *d,
    const struct xml_records *r, int64_t wall_ms, struct err *e)
{
	struct buf b = buf_new(XML_WIRE_MAX);
	int rc;

	rc = xml_wire_put(r, &b, e);
	if (rc == 0)
		rc = insert(st, d, &b, e);
	buf_free(&b);
	return rc < 0 ? -1 : sweep(st, wall_ms, e);
}

/* A plan that is not of the import any more is not to be applied. */
static int
drop_plan(struct store *st, const struct import_doc *d, struct err *e)
{
	struct stmt q = stmt_open(st, "DELETE FROM plan WHERE id ="
	    " (SELECT plan FROM import_doc WHERE id = ? AND plan <> ?)");

	stmt_text(&q, d->id);
	stmt_text(&q, d->plan);
	return stmt_run(&q, e);
}

int
import_update(struct store *st, const struct import_doc *d, struct err *e)
{
	struct stmt q;

	if (drop_plan(st, d, e) < 0)
		return -1;
	q = stmt_open(st, "UPDATE import_doc SET name = ?, options = ?,"
	    " body = ?, plan = ? WHERE id = ?");
	stmt_text(&q, d->name);
	stmt_text(&q, d->options);
	stmt_text(&q, d->body);
	stmt_text(&q, d->plan);
	stmt_text(&q, d->id);
	return stmt_run(&q, e);
}

#define COLUMNS "id, name, actor, created_ms, expires_ms, options, body, plan"

static void
get(struct stmt *q, struct arena *a, struct import_doc *d)
{
	stmt_get_text(q, d->id, sizeof(d->id));
	stmt_get_text(q, d->name, sizeof(d->name));
	stmt_get_text(q, d->actor, sizeof(d->actor));
	d->created_ms = stmt_get_int(q);
	d->expires_ms = stmt_get_int(q);
	d->options = stmt_get_str(q, a);
	d->body = stmt_get_str(q, a);
	stmt_get_text(q, d->plan, sizeof(d->plan));
}

int
import_load(struct store *st, struct arena *a, const char *id,
    int64_t wall_ms, struct import_doc **out, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT " COLUMNS
	    " FROM import_doc WHERE id = ? AND expires_ms > ?");

	stmt_text(&q, id);
	stmt_int(&q, wall_ms);
	if (stmt_one(&q, "import", id, e) < 0)
		return -1;
	*out = arena_alloc(a, sizeof(**out));
	get(&q, a, *out);
	stmt_close(&q);
	return 0;
}

int
import_records(struct store *st, struct arena *a, const char *id,
    struct xml_records *r, struct err *e)
{
	struct stmt q = stmt_open(st,
	    "SELECT form, records FROM import_doc WHERE id = ?");
	const char *bytes;
	int64_t form;
	size_t n;
	int rc;

	stmt_text(&q, id);
	if (stmt_one(&q, "import", id, e) < 0)
		return -1;
	form = stmt_get_int(&q);
	bytes = stmt_get_blob(&q, &n);
	rc = form != FORM ? err_set(e, ERR_UNSUPPORTED,
	    "another release has read this document; send it again") :
	    xml_wire_get(a, bytes, n, r, e);
	stmt_close(&q);
	return rc;
}

int
import_list(struct store *st, struct arena *a, int64_t wall_ms,
    struct import_doc **out, size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT " COLUMNS " FROM import_doc"
	    " WHERE expires_ms > ? ORDER BY rowid DESC");
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n = 0;
	stmt_int(&q, wall_ms);
	while ((rc = stmt_step(&q, e)) > 0) {
		struct import_doc d = { .options = NULL };

		get(&q, a, &d);
		ARENA_PUSH(a, *out, *n, cap) = d;
	}
	return rc;
}

int
import_drop(struct store *st, const char *id, struct err *e)
{
	struct import_doc none = { .plan = "" };
	struct stmt q;

	memcpy(none.id, id, strnlen(id, sizeof(none.id) - 1));
	if (drop_plan(st, &none, e) < 0)
		return -1;
	q = stmt_open(st, "DELETE FROM import_doc WHERE id = ?");
	stmt_text(&q, id);
	return stmt_run(&q, e);
}
