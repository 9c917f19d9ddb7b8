/* store_user.c -- all users at once; see journal.h. */
#include "profiles/journal.h"
#include "profiles/stmt.h"

int
user_list(struct store *st, struct arena *a, struct user **out, size_t *n,
    struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT name, role, hash, disabled"
	    " FROM user ORDER BY name");
	struct user *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	while ((rc = stmt_step(&q, e)) > 0) {
		one = (struct user){ .disabled = false };
		stmt_get_text(&q, one.name, sizeof(one.name));
		stmt_get_text(&q, one.role, sizeof(one.role));
		stmt_get_text(&q, one.hash, sizeof(one.hash));
		one.disabled = stmt_get_bool(&q);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

int
user_drop(struct store *st, const char *name, struct err *e)
{
	struct stmt q = stmt_open(st, "DELETE FROM session WHERE user = ?"
	    " COLLATE NOCASE");
	struct stmt d;

	stmt_text(&q, name);
	if (stmt_run(&q, e) < 0)
		return -1;
	d = stmt_open(st, "DELETE FROM user WHERE name = ?");
	stmt_text(&d, name);
	return stmt_run(&d, e);
}
