/* store_takeover.c -- see takeover.h. */
#include "profiles/stmt.h"
#include "profiles/takeover.h"

#define TAKEOVER "SELECT id, at_ms, actor, job, epoch, origin, origin_name," \
	" notice FROM takeover "

static void
read_takeover(struct stmt *q, struct arena *a, struct takeover *t)
{
	stmt_get_text(q, t->id, sizeof(t->id));
	t->at_ms = stmt_get_int(q);
	stmt_get_text(q, t->actor, sizeof(t->actor));
	t->job = stmt_get_int(q);
	t->epoch = stmt_get_int(q);
	stmt_get_text(q, t->origin, sizeof(t->origin));
	stmt_get_text(q, t->origin_name, sizeof(t->origin_name));
	t->notice = stmt_get_str(q, a);
}

int
takeover_add(struct store *st, const struct takeover *t, struct err *e)
{
	struct stmt q = stmt_open(st, "INSERT INTO takeover(id, at_ms, actor,"
	    " job, epoch, origin, origin_name, notice)"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?)");

	stmt_text(&q, t->id);
	stmt_int(&q, t->at_ms);
	stmt_text(&q, t->actor);
	stmt_int(&q, t->job);
	stmt_int(&q, t->epoch);
	stmt_text(&q, t->origin);
	stmt_text(&q, t->origin_name);
	stmt_text(&q, t->notice);
	return stmt_run(&q, e);
}

int
takeover_load(struct store *st, struct arena *a, const char *id,
    struct takeover **out, struct err *e)
{
	struct stmt q = stmt_open(st, TAKEOVER "WHERE id = ?");
	struct takeover *t = arena_alloc(a, sizeof(*t));

	stmt_text(&q, id);
	if (stmt_one(&q, "takeover", id, e) < 0)
		return -1;
	read_takeover(&q, a, t);
	stmt_close(&q);
	*out = t;
	return 0;
}

int
takeover_list(struct store *st, struct arena *a, struct takeover **out,
    size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, TAKEOVER "ORDER BY at_ms DESC, id");
	struct takeover *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	while ((rc = stmt_step(&q, e)) > 0) {
		one = (struct takeover){ 0 };
		read_takeover(&q, a, &one);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

int
takeover_last(struct store *st, const char *origin, int64_t *at_ms,
    struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT coalesce(max(at_ms), 0)"
	    " FROM takeover WHERE origin = ? COLLATE NOCASE");

	stmt_text(&q, origin);
	if (stmt_step(&q, e) < 0)
		return -1;
	*at_ms = stmt_get_int(&q);
	stmt_close(&q);
	return 0;
}

/* ---- splits ---- */

int
split_put(struct store *st, const struct split *s, struct err *e)
{
	struct stmt q = stmt_open(st, "INSERT OR REPLACE INTO identity_split("
	    "origin, name, seen_ms, epoch, count, example)"
	    " VALUES(?, ?, ?, ?, ?, ?)");

	stmt_text(&q, s->origin);
	stmt_text(&q, s->name);
	stmt_int(&q, s->seen_ms);
	stmt_int(&q, s->epoch);
	stmt_int(&q, s->count);
	stmt_text(&q, s->example);
	return stmt_run(&q, e);
}

int
split_list(struct store *st, struct arena *a, struct split **out, size_t *n,
    struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT origin, name, seen_ms, epoch,"
	    " count, example FROM identity_split ORDER BY name");
	struct split *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	while ((rc = stmt_step(&q, e)) > 0) {
		one = (struct split){ 0 };
		stmt_get_text(&q, one.origin, sizeof(one.origin));
		stmt_get_text(&q, one.name, sizeof(one.name));
		one.seen_ms = stmt_get_int(&q);
		one.epoch = stmt_get_int(&q);
		one.count = stmt_get_u32(&q);
		stmt_get_text(&q, one.example, sizeof(one.example));
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

int
split_drop(struct store *st, const char *origin, struct err *e)
{
	struct stmt q = stmt_open(st, "DELETE FROM identity_split"
	    " WHERE origin = ? COLLATE NOCASE");

	stmt_text(&q, origin);
	return stmt_run(&q, e);
}

/* ---- the gate ---- */

int
gate_load(struct store *st, int64_t *boots, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT boots FROM start_gate");
	int rc = stmt_step(&q, e);

	*boots = -1;
	if (rc > 0)
		*boots = stmt_get_int(&q);
	stmt_close(&q);
	return rc < 0 ? -1 : 0;
}

int
gate_put(struct store *st, int64_t boots, struct err *e)
{
	struct stmt q = stmt_open(st, "INSERT OR REPLACE INTO start_gate"
	    " VALUES(1, ?)");

	stmt_int(&q, boots);
	return stmt_run(&q, e);
}
