/* store_pool.c -- rows of pools and their blocks; see store.h. */
#include <string.h>

#include "profiles/stmt.h"

#define POOL \
	"SELECT id, name, description, revision, created_ms, modified_ms," \
	" type, pick, quarantine_s, is_default FROM pool "

static void
read_pool(struct stmt *q, struct pool *p)
{
	stmt_get_head(q, &p->head);
	p->type = stmt_get_u32(q);
	p->order = stmt_get_u32(q);
	p->quarantine_s = stmt_get_u32(q);
	p->is_default = stmt_get_bool(q);
}

static int
load_blocks(struct store *st, struct arena *a, struct pool *p, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT first, last FROM pool_block"
	    " WHERE pool = ? ORDER BY seq");
	size_t cap = 0;
	int rc;

	stmt_text(&q, p->head.id);
	while ((rc = stmt_step(&q, e)) > 0) {
		struct block b;

		b.from = stmt_get_hex(&q);
		b.to = stmt_get_hex(&q);
		ARENA_PUSH(a, p->blocks, p->n_blocks, cap) = b;
	}
	return rc;
}

static int
finish(struct stmt *q, struct arena *a, struct pool **out, struct err *e)
{
	struct store *st = q->store;
	struct pool *p = arena_alloc(a, sizeof(*p));

	read_pool(q, p);
	stmt_close(q);
	if (load_blocks(st, a, p, e) < 0)
		return -1;
	*out = p;
	return 0;
}

int
pool_load(struct store *st, struct arena *a, const char *ref,
    struct pool **out, struct err *e)
{
	static const char by_id[] = POOL "WHERE id = ?";
	static const char by_name[] = POOL "WHERE name = ?";
	struct stmt q = stmt_open_ref(st, by_id, by_name, ref);

	if (stmt_one(&q, "pool", ref, e) < 0)
		return -1;
	return finish(&q, a, out, e);
}

int
pool_default(struct store *st, struct arena *a, enum pool_type type,
    struct pool **out, struct err *e)
{
	struct stmt q = stmt_open(st, POOL
	    "WHERE type = ? AND is_default = 1");

	stmt_int(&q, type);
	if (stmt_one(&q, "default pool", "of this type", e) < 0)
		return -1;
	return finish(&q, a, out, e);
}

int
pool_list(struct store *st, struct arena *a, const char *after, size_t limit,
    struct pool **out, size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, POOL
	    "WHERE name > ? ORDER BY name LIMIT ?");
	struct pool *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	stmt_text(&q, after != NULL ? after : "");
	stmt_int(&q, (int64_t)limit);
	while ((rc = stmt_step(&q, e)) > 0) {
		one = (struct pool){ 0 };
		read_pool(&q, &one);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	for (size_t i = 0; rc == 0 && i < len; i++)
		rc = load_blocks(st, a, &list[i], e);
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

static int
drop_blocks(struct store *st, const char *id, struct err *e)
{
	struct stmt q = stmt_open(st, "DELETE FROM pool_block WHERE pool = ?");

	stmt_text(&q, id);
	return stmt_run(&q, e);
}

static int
add_blocks(struct store *st, const struct pool *p, struct err *e)
{
	int digits = p->type == POOL_MAC ? 12 : 16;

	for (size_t i = 0; i < p->n_blocks; i++) {
		struct stmt q = stmt_open(st,
		    "INSERT INTO pool_block VALUES(?, ?, ?, ?)");

		stmt_text(&q, p->head.id);
		stmt_int(&q, (int64_t)i);
		stmt_hex(&q, p->blocks[i].from, digits);
		stmt_hex(&q, p->blocks[i].to, digits);
		if (stmt_run(&q, e) < 0)
			return -1;
	}
	return 0;
}

static bool
same_blocks(const struct pool *a, const struct pool *b)
{
	if (a == NULL || a->type != b->type || a->n_blocks != b->n_blocks)
		return false;
	for (size_t i = 0; i < a->n_blocks; i++)
		if (a->blocks[i].from != b->blocks[i].from ||
		    a->blocks[i].to != b->blocks[i].to)
			return false;
	return true;
}

static int
pool_remove(struct store *st, const char *id, struct err *e)
{
	struct stmt q = stmt_open(st, "DELETE FROM pool WHERE id = ?");

	stmt_text(&q, id);
	return stmt_run(&q, e);
}

static int
put_row(struct store *st, const struct pool *p, struct err *e)
{
	struct stmt q = stmt_open(st, "INSERT INTO pool"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE"
	    " SET name = excluded.name, description = excluded.description,"
	    " revision = excluded.revision, modified_ms = excluded.modified_ms,"
	    " type = excluded.type, pick = excluded.pick,"
	    " quarantine_s = excluded.quarantine_s,"
	    " is_default = excluded.is_default");

	stmt_head(&q, &p->head);
	stmt_int(&q, p->type);
	stmt_int(&q, p->order);
	stmt_int(&q, p->quarantine_s);
	stmt_int(&q, p->is_default);
	return stmt_run(&q, e);
}

int
pool_store(struct store *st, const struct pool *before,
    const struct pool *after, struct err *e)
{
	if (after == NULL)
		return pool_remove(st, before->head.id, e);
	if (put_row(st, after, e) < 0)
		return -1;
	if (same_blocks(before, after))
		return 0;
	if (before != NULL && drop_blocks(st, after->head.id, e) < 0)
		return -1;
	return add_blocks(st, after, e);
}
