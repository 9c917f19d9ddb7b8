/* snapshot.c -- see snapshot.h. */
#include "profiles/snapshot.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "profiles/stmt.h"

#define COLUMNS "id, at_ms, generation, digest, reason, actor, pinned, bytes"

/* The document is the last column: SQLite does not read it for the others. */
static void
take(struct stmt *q, struct snapshot *s)
{
	s->id = stmt_get_int(q);
	s->at_ms = stmt_get_int(q);
	s->generation = stmt_get_int(q);
	stmt_get_text(q, s->digest, sizeof(s->digest));
	stmt_get_text(q, s->reason, sizeof(s->reason));
	stmt_get_text(q, s->actor, sizeof(s->actor));
	s->pinned = stmt_get_bool(q);
	s->bytes = stmt_get_int(q);
}

static int
sweep(struct store *st, struct err *e)
{
	struct stmt q = stmt_open(st, "DELETE FROM snapshot WHERE id IN ("
	    "SELECT id FROM (SELECT id, row_number() OVER w AS n,"
	    " sum(bytes) OVER w AS total FROM snapshot WHERE pinned = 0"
	    " WINDOW w AS (ORDER BY id DESC))"
	    " WHERE n > ? OR (n > 1 AND total > ?))");

	stmt_int(&q, SNAPSHOT_KEEP);
	stmt_int(&q, SNAPSHOT_BYTES);
	return stmt_run(&q, e);
}

int
snapshot_add(struct store *st, struct snapshot *s, const char *xml,
    struct err *e)
{
	struct stmt q;

	s->id = store_next_number(st, e);
	if (s->id < 0)
		return -1;
	s->bytes = (int64_t)strlen(xml);
	q = stmt_open(st,
	    "INSERT INTO snapshot VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)");
	stmt_int(&q, s->id);
	stmt_int(&q, s->at_ms);
	stmt_int(&q, s->generation);
	stmt_text(&q, s->digest);
	stmt_text(&q, s->reason);
	stmt_text(&q, s->actor);
	stmt_int(&q, s->pinned);
	stmt_int(&q, s->bytes);
	stmt_text(&q, xml);
	return stmt_run(&q, e) < 0 ? -1 : sweep(st, e);
}

static int
none(int64_t id, struct err *e)
{
	return err_set(e, ERR_NOT_FOUND, "there is no snapshot %" PRId64, id);
}

int
snapshot_load(struct store *st, int64_t id, struct snapshot *out,
    struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT " COLUMNS " FROM snapshot"
	    " WHERE id = ?");
	int rc;

	stmt_int(&q, id);
	rc = stmt_step(&q, e);
	if (rc <= 0)
		return rc < 0 ? -1 : none(id, e);
	take(&q, out);
	stmt_close(&q);
	return 0;
}

int
snapshot_text(struct store *st, struct arena *a, int64_t id, const char **xml,
    struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT xml FROM snapshot WHERE id = ?");
	int rc;

	stmt_int(&q, id);
	rc = stmt_step(&q, e);
	if (rc <= 0)
		return rc < 0 ? -1 : none(id, e);
	*xml = stmt_get_str(&q, a);
	stmt_close(&q);
	return 0;
}

int
snapshot_newest(struct store *st, struct snapshot *out, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT " COLUMNS " FROM snapshot"
	    " ORDER BY id DESC LIMIT 1");
	int rc = stmt_step(&q, e);

	memset(out, 0, sizeof(*out));
	if (rc <= 0)
		return rc;
	take(&q, out);
	stmt_close(&q);
	return 0;
}

int
snapshot_list(struct store *st, struct arena *a, int64_t before, size_t limit,
    struct snapshot **out, size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT " COLUMNS " FROM snapshot"
	    " WHERE ?1 = 0 OR id < ?1 ORDER BY id DESC LIMIT ?2");
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n = 0;
	stmt_int(&q, before);
	stmt_int(&q, (int64_t)limit);
	while ((rc = stmt_step(&q, e)) > 0) {
		struct snapshot s;

		memset(&s, 0, sizeof(s));
		take(&q, &s);
		ARENA_PUSH(a, *out, *n, cap) = s;
	}
	return rc;
}

static int
check_room(struct store *st, struct err *e)
{
	struct stmt q = stmt_open(st,
	    "SELECT count(*) FROM snapshot WHERE pinned = 1");
	int64_t n;

	if (stmt_one(&q, "count of", "snapshots", e) < 0)
		return -1;
	n = stmt_get_int(&q);
	stmt_close(&q);
	if (n < SNAPSHOT_PINS)
		return 0;
	return err_rule(e, ERR_CONFLICT, "SnapshotPins", "/pinned",
	    "%d snapshots are pinned already; unpin one first", SNAPSHOT_PINS);
}

int
snapshot_pin(struct store *st, int64_t id, bool pinned, struct err *e)
{
	struct snapshot s;
	struct stmt q;

	if (snapshot_load(st, id, &s, e) < 0)
		return -1;
	if (s.pinned == pinned)
		return 0;
	if (pinned && check_room(st, e) < 0)
		return -1;
	q = stmt_open(st, "UPDATE snapshot SET pinned = ? WHERE id = ?");
	stmt_int(&q, pinned);
	stmt_int(&q, id);
	return stmt_run(&q, e) < 0 ? -1 : sweep(st, e);
}

int
snapshot_drop(struct store *st, int64_t id, struct err *e)
{
	struct snapshot s;
	struct stmt q;

	if (snapshot_load(st, id, &s, e) < 0)
		return -1;
	q = stmt_open(st, "DELETE FROM snapshot WHERE id = ?");
	stmt_int(&q, id);
	return stmt_run(&q, e);
}
