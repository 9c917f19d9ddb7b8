/* store_token.c -- tokens as rows; see token.h. */
#include "profiles/token.h"

#include <stdint.h>

#include "profiles/stmt.h"

#define TOKEN "SELECT id, name, role, actor, digest, operations, created_ms," \
	" expires_ms, used_ms FROM token "

static void
read_token(struct stmt *q, struct arena *a, struct token *t)
{
	stmt_get_text(q, t->id, sizeof(t->id));
	stmt_get_text(q, t->name, sizeof(t->name));
	stmt_get_text(q, t->role, sizeof(t->role));
	stmt_get_text(q, t->actor, sizeof(t->actor));
	stmt_get_text(q, t->digest, sizeof(t->digest));
	t->operations = stmt_get_str(q, a);
	t->created_ms = stmt_get_int(q);
	t->expires_ms = stmt_get_int(q);
	t->used_ms = stmt_get_int(q);
}

int
token_list(struct store *st, struct arena *a, const char *after, size_t limit,
    struct token **out, size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st,
	    TOKEN "WHERE name > ? ORDER BY name LIMIT ?");
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n = 0;
	stmt_text(&q, after);
	stmt_int(&q, limit > INT32_MAX ? INT32_MAX : (int64_t)limit);
	while ((rc = stmt_step(&q, e)) > 0) {
		struct token t = { .used_ms = 0 };

		read_token(&q, a, &t);
		ARENA_PUSH(a, *out, *n, cap) = t;
	}
	return rc;
}

int
token_load(struct store *st, struct arena *a, const char *ref,
    struct token **out, struct err *e)
{
	struct stmt q = stmt_open_ref(st, TOKEN "WHERE id = ?",
	    TOKEN "WHERE name = ?", ref);

	if (stmt_one(&q, "token", ref, e) < 0)
		return -1;
	*out = arena_alloc(a, sizeof(**out));
	read_token(&q, a, *out);
	stmt_close(&q);
	return 0;
}

int
token_find(struct store *st, struct arena *a, const char *digest,
    struct token **out, struct err *e)
{
	struct stmt q = stmt_open(st, TOKEN "WHERE digest = ?");
	int rc;

	stmt_text(&q, digest);
	rc = stmt_step(&q, e);
	if (rc <= 0)
		return rc < 0 ? -1 : err_set(e, ERR_NOT_FOUND,
		    "there is no such token");
	*out = arena_alloc(a, sizeof(**out));
	read_token(&q, a, *out);
	stmt_close(&q);
	return 0;
}

int
token_add(struct store *st, const struct token *t, struct err *e)
{
	struct stmt q = stmt_open(st, "INSERT INTO token(id, name, role, actor,"
	    " digest, operations, created_ms, expires_ms, used_ms)"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)");

	stmt_text(&q, t->id);
	stmt_text(&q, t->name);
	stmt_text(&q, t->role);
	stmt_text(&q, t->actor);
	stmt_text(&q, t->digest);
	stmt_text(&q, t->operations);
	stmt_int(&q, t->created_ms);
	stmt_int(&q, t->expires_ms);
	stmt_int(&q, t->used_ms);
	return stmt_run(&q, e);
}

int
token_used(struct store *st, const char *digest, int64_t wall_ms,
    struct err *e)
{
	struct stmt q = stmt_open(st,
	    "UPDATE token SET used_ms = ? WHERE digest = ?");

	stmt_int(&q, wall_ms);
	stmt_text(&q, digest);
	return stmt_run(&q, e);
}

int
token_drop(struct store *st, const char *id, struct err *e)
{
	struct stmt q = stmt_open(st, "DELETE FROM token WHERE id = ?");

	stmt_text(&q, id);
	return stmt_run(&q, e);
}
