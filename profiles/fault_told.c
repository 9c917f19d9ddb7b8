/* fault_told.c -- see fault_told.h. */
#include "profiles/fault_told.h"

#include "profiles/stmt.h"

int
fault_told_list(struct store *st, struct arena *a, struct fault_told **out,
    size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT id, code, severity, type, object,"
	    " slot, text, at_ms, acked_by, acked_ms FROM fault_told"
	    " ORDER BY id");
	struct fault_told *list = NULL;
	size_t len = 0, cap = 0;
	int rc;

	while ((rc = stmt_step(&q, e)) > 0) {
		struct fault_told *t = &ARENA_PUSH(a, list, len, cap);

		stmt_get_text(&q, t->id, sizeof(t->id));
		stmt_get_text(&q, t->code, sizeof(t->code));
		stmt_get_text(&q, t->severity, sizeof(t->severity));
		stmt_get_text(&q, t->object_type, sizeof(t->object_type));
		stmt_get_text(&q, t->object, sizeof(t->object));
		t->slot = stmt_get_u32(&q);
		stmt_get_text(&q, t->text, sizeof(t->text));
		t->at_ms = stmt_get_int(&q);
		stmt_get_text(&q, t->acked_by, sizeof(t->acked_by));
		t->acked_ms = stmt_get_int(&q);
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

int
fault_told_has(struct store *st, const char *id, bool *has, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT 1 FROM fault_told WHERE id = ?");
	int rc;

	stmt_text(&q, id);
	rc = stmt_step(&q, e);
	if (rc < 0)
		return -1;
	*has = rc > 0;
	stmt_close(&q);
	return 0;
}

int
fault_told_put(struct store *st, const struct fault_told *t, struct err *e)
{
	struct stmt q = stmt_open(st, "INSERT OR REPLACE INTO fault_told"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

	stmt_text(&q, t->id);
	stmt_text(&q, t->code);
	stmt_text(&q, t->severity);
	stmt_text(&q, t->object_type);
	stmt_text(&q, t->object);
	stmt_int(&q, t->slot);
	stmt_text(&q, t->text);
	stmt_int(&q, t->at_ms);
	stmt_text(&q, t->acked_by);
	stmt_int(&q, t->acked_ms);
	return stmt_run(&q, e);
}

int
fault_told_drop(struct store *st, const char *id, struct err *e)
{
	struct stmt q = stmt_open(st, "DELETE FROM fault_told WHERE id = ?");

	stmt_text(&q, id);
	return stmt_run(&q, e);
}
