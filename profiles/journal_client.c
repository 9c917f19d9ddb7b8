/* journal_client.c -- idempotency keys, users, sessions, plans; journal.h. */
#include "profiles/journal.h"

#include <string.h>

#include "profiles/stmt.h"

int
answered_load(struct store *st, struct arena *a, const char *actor,
    const char *key, struct answered **out, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT actor, key, body_digest, status,"
	    " headers, coalesce((SELECT l.body FROM answered_large l WHERE"
	    " l.id = answered.large), body), at_ms FROM answered"
	    " WHERE actor = ? AND key = ?");
	struct answered *r = arena_alloc(a, sizeof(*r));

	stmt_text(&q, actor);
	stmt_text(&q, key);
	if (stmt_one(&q, "answer under the key", key, e) < 0)
		return -1;
	stmt_get_text(&q, r->actor, sizeof(r->actor));
	stmt_get_text(&q, r->key, sizeof(r->key));
	stmt_get_text(&q, r->body_digest, sizeof(r->body_digest));
	r->status = (int)stmt_get_int(&q);
	r->headers = stmt_get_str(&q, a);
	r->body = stmt_get_str(&q, a);
	r->at_ms = stmt_get_int(&q);
	stmt_close(&q);
	*out = r;
	return 0;
}

static int
add_large(struct store *st, const char *body, struct err *e)
{
	struct stmt q = stmt_open(st,
	    "INSERT INTO answered_large(body) VALUES(?)");

	stmt_text(&q, body);
	return stmt_run(&q, e);
}

int
answered_add(struct store *st, const struct answered *r, struct err *e)
{
	enum { LARGE = 8192 };
	bool large = strlen(r->body) > LARGE;
	struct stmt q;

	if (large && add_large(st, r->body, e) < 0)
		return -1;
	q = stmt_open(st, large ? "INSERT INTO answered VALUES(?, ?, ?, ?, ?,"
	    " ?, ?, last_insert_rowid())" :
	    "INSERT INTO answered VALUES(?, ?, ?, ?, ?, ?, ?, NULL)");
	stmt_text(&q, r->actor);
	stmt_text(&q, r->key);
	stmt_text(&q, r->body_digest);
	stmt_int(&q, r->status);
	stmt_text(&q, r->headers);
	stmt_text(&q, large ? "" : r->body);
	stmt_int(&q, r->at_ms);
	return stmt_run(&q, e);
}

int
answered_sweep(struct store *st, int64_t older_ms, struct err *e)
{
	struct stmt q = stmt_open(st, "DELETE FROM answered_large WHERE id IN"
	    " (SELECT large FROM answered WHERE at_ms < ?)");

	stmt_int(&q, older_ms);
	if (stmt_run(&q, e) < 0)
		return -1;
	q = stmt_open(st, "DELETE FROM answered WHERE at_ms < ?");
	stmt_int(&q, older_ms);
	return stmt_run(&q, e);
}

int
user_load(struct store *st, struct arena *a, const char *name,
    struct user **out, struct err *e)
{
	struct stmt q = stmt_open(st,
	    "SELECT name, role, hash, disabled FROM user WHERE name = ?");
	struct user *u = arena_alloc(a, sizeof(*u));

	stmt_text(&q, name);
	if (stmt_one(&q, "user", name, e) < 0)
		return -1;
	stmt_get_text(&q, u->name, sizeof(u->name));
	stmt_get_text(&q, u->role, sizeof(u->role));
	stmt_get_text(&q, u->hash, sizeof(u->hash));
	u->disabled = stmt_get_bool(&q);
	stmt_close(&q);
	*out = u;
	return 0;
}

int
user_put(struct store *st, const struct user *u, struct err *e)
{
	struct stmt q = stmt_open(st,
	    "INSERT OR REPLACE INTO user VALUES(?, ?, ?, ?)");

	stmt_text(&q, u->name);
	stmt_text(&q, u->role);
	stmt_text(&q, u->hash);
	stmt_int(&q, u->disabled);
	return stmt_run(&q, e);
}

int
session_load(struct store *st, struct arena *a, const char *token_digest,
    struct session **out, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT token_digest, user, role, csrf,"
	    " cookie, created_ms, used_ms, expires_ms FROM session"
	    " WHERE token_digest = ?");
	struct session *s = arena_alloc(a, sizeof(*s));
	int rc;

	stmt_text(&q, token_digest);
	rc = stmt_step(&q, e);
	/* Not even the digest of a token belongs in a message. */
	if (rc <= 0)
		return rc < 0 ? -1 : err_set(e, ERR_NOT_FOUND,
		    "there is no such session");
	stmt_get_text(&q, s->token_digest, sizeof(s->token_digest));
	stmt_get_text(&q, s->user, sizeof(s->user));
	stmt_get_text(&q, s->role, sizeof(s->role));
	stmt_get_text(&q, s->csrf, sizeof(s->csrf));
	s->cookie = stmt_get_bool(&q);
	s->created_ms = stmt_get_int(&q);
	s->used_ms = stmt_get_int(&q);
	s->expires_ms = stmt_get_int(&q);
	stmt_close(&q);
	*out = s;
	return 0;
}

/* Those that ended while this one was in use go: nobody else removes them. */
static int
sweep_sessions(struct store *st, int64_t now_ms, struct err *e)
{
	struct stmt q = stmt_open(st,
	    "DELETE FROM session WHERE expires_ms <= ?");

	stmt_int(&q, now_ms);
	return stmt_run(&q, e);
}

int
session_put(struct store *st, const struct session *s, struct err *e)
{
	struct stmt q;

	if (sweep_sessions(st, s->used_ms, e) < 0)
		return -1;
	q = stmt_open(st, "INSERT OR REPLACE INTO session"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
	stmt_text(&q, s->token_digest);
	stmt_text(&q, s->user);
	stmt_text(&q, s->role);
	stmt_text(&q, s->csrf);
	stmt_int(&q, s->cookie);
	stmt_int(&q, s->created_ms);
	stmt_int(&q, s->used_ms);
	stmt_int(&q, s->expires_ms);
	return stmt_run(&q, e);
}

int
session_drop(struct store *st, const char *token_digest, struct err *e)
{
	struct stmt q = stmt_open(st,
	    "DELETE FROM session WHERE token_digest = ?");

	stmt_text(&q, token_digest);
	return stmt_run(&q, e);
}

int
plan_load(struct store *st, struct arena *a, const char *id,
    struct stored_plan **out, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT id, actor, changes, body, digest,"
	    " seed, created_ms, expires_ms FROM plan WHERE id = ?");
	struct stored_plan *p = arena_alloc(a, sizeof(*p));

	stmt_text(&q, id);
	if (stmt_one(&q, "plan", id, e) < 0)
		return -1;
	stmt_get_text(&q, p->id, sizeof(p->id));
	stmt_get_text(&q, p->actor, sizeof(p->actor));
	p->changes = stmt_get_str(&q, a);
	p->body = stmt_get_str(&q, a);
	stmt_get_text(&q, p->digest, sizeof(p->digest));
	p->seed = (uint64_t)stmt_get_int(&q);
	p->created_ms = stmt_get_int(&q);
	p->expires_ms = stmt_get_int(&q);
	stmt_close(&q);
	*out = p;
	return 0;
}

int
plan_put(struct store *st, const struct stored_plan *p, struct err *e)
{
	struct stmt q = stmt_open(st, "INSERT OR REPLACE INTO plan"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?)");

	stmt_text(&q, p->id);
	stmt_text(&q, p->actor);
	stmt_text(&q, p->changes);
	stmt_text(&q, p->body);
	stmt_text(&q, p->digest);
	stmt_int(&q, (int64_t)p->seed);
	stmt_int(&q, p->created_ms);
	stmt_int(&q, p->expires_ms);
	return stmt_run(&q, e);
}

int
plan_sweep(struct store *st, int64_t wall_ms, struct err *e)
{
	struct stmt q = stmt_open(st, "DELETE FROM plan WHERE expires_ms <= ?");

	stmt_int(&q, wall_ms);
	return stmt_run(&q, e);
}
