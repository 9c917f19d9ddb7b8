/* journal_hold.c -- what jobs hold, and bindings; see journal.h. */
#include "profiles/journal.h"
#include "profiles/stmt.h"

int
hold_find(struct store *st, enum hold_kind kind, const char *key,
    int64_t *job, struct err *e)
{
	struct stmt q = stmt_open(st,
	    "SELECT job FROM hold WHERE kind = ? AND key = ?");
	int rc;

	stmt_int(&q, kind);
	stmt_text(&q, key);
	rc = stmt_step(&q, e);
	if (rc < 0)
		return -1;
	*job = rc > 0 ? stmt_get_int(&q) : 0;
	stmt_close(&q);
	return 0;
}

int
hold_add(struct store *st, int64_t job, enum hold_kind kind, const char *key,
    struct err *e)
{
	struct stmt q;
	int64_t by;

	if (hold_find(st, kind, key, &by, e) < 0)
		return -1;
	if (by == job)
		return 0;
	if (by != 0)
		return err_rule(e, ERR_CONFLICT, "Held", NULL,
		    "%s is held by job %lld until it ends", key, (long long)by);
	q = stmt_open(st, "INSERT INTO hold VALUES(?, ?, ?)");
	stmt_int(&q, kind);
	stmt_text(&q, key);
	stmt_int(&q, job);
	return stmt_run(&q, e);
}

int
hold_any(struct store *st, int64_t job, bool *any, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT 1 FROM hold WHERE job = ? LIMIT 1");
	int rc;

	stmt_int(&q, job);
	rc = stmt_step(&q, e);
	if (rc < 0)
		return -1;
	*any = rc > 0;
	stmt_close(&q);
	return 0;
}

int
hold_drop(struct store *st, int64_t job, struct err *e)
{
	struct stmt q = stmt_open(st, "DELETE FROM hold WHERE job = ?");

	stmt_int(&q, job);
	return stmt_run(&q, e);
}

int
hold_slots(struct store *st, struct arena *a, int64_t job, uint32_t **out,
    size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT CAST(key AS INTEGER) AS slot"
	    " FROM hold WHERE job = ? AND kind = 0 ORDER BY slot");
	uint32_t *list = NULL;
	size_t len = 0, cap = 0;
	int rc;

	stmt_int(&q, job);
	while ((rc = stmt_step(&q, e)) > 0)
		ARENA_PUSH(a, list, len, cap) = stmt_get_u32(&q);
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

/* ---- bindings ---- */

const char *
binding_state_word(enum binding_state state)
{
	static const char *const words[] = {
		[BINDING_BINDING] = "binding", [BINDING_BOUND] = "bound",
		[BINDING_RELEASING] = "releasing",
		[BINDING_SCRUBBING] = "scrubbing", [BINDING_FAILED] = "failed",
		[BINDING_RELEASED] = "released",
	};

	return words[state];
}

static void
bind_values(struct stmt *q, const struct binding *b)
{
	stmt_int(q, b->fn);
	stmt_int(q, b->slot);
	stmt_int(q, b->bridge);
	stmt_text(q, b->device);
	stmt_int(q, b->state);
	stmt_int(q, (int64_t)b->op);
	stmt_int(q, b->since_ms);
}

int
binding_put(struct store *st, const struct binding *b, struct err *e)
{
	struct stmt q = stmt_open(st, "UPDATE binding SET slot = ?2,"
	    " bridge = ?3, device = ?4, state = ?5, op = ?6, since_ms = ?7"
	    " WHERE fn = ?1 AND state <> 5 RETURNING row");
	int rc;

	bind_values(&q, b);
	rc = stmt_step(&q, e);
	if (rc > 0)
		return stmt_run(&q, e);
	/* What was never bound need not be released. */
	if (rc < 0 || b->state == BINDING_RELEASED)
		return rc;
	q = stmt_open(st, "INSERT INTO binding(fn, slot, bridge, device,"
	    " state, op, since_ms) VALUES(?, ?, ?, ?, ?, ?, ?)");
	bind_values(&q, b);
	return stmt_run(&q, e);
}

int
binding_forget(struct store *st, uint64_t op, struct err *e)
{
	struct stmt q = stmt_open(st, "DELETE FROM binding WHERE op = ?"
	    " AND state <> 5");

	stmt_int(&q, (int64_t)op);
	return stmt_run(&q, e);
}

int
binding_list(struct store *st, struct arena *a, struct binding **out,
    size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT fn, slot, bridge, device, state,"
	    " op, since_ms FROM binding WHERE state <> 5 ORDER BY fn");
	struct binding *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	while ((rc = stmt_step(&q, e)) > 0) {
		one = (struct binding){ .fn = stmt_get_u32(&q) };
		one.slot = stmt_get_u32(&q);
		one.bridge = stmt_get_u32(&q);
		stmt_get_text(&q, one.device, sizeof(one.device));
		one.state = (enum binding_state)stmt_get_int(&q);
		one.op = (uint64_t)stmt_get_int(&q);
		one.since_ms = stmt_get_int(&q);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}
