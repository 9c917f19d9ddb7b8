/* store_pool.c -- rows of pools, their blocks and exclusions; see store.h. */
#include <string.h>

#include "profiles/stmt.h"

#define POOL \
	"SELECT id, name, description, revision, created_ms, modified_ms," \
	" type, pick, quarantine_s, is_default, labels FROM pool "

static void
read_pool(struct stmt *q, struct arena *a, struct pool *p)
{
	stmt_get_head(q, &p->head);
	p->type = stmt_get_u32(q);
	p->order = stmt_get_u32(q);
	p->quarantine_s = stmt_get_u32(q);
	p->is_default = stmt_get_bool(q);
	stmt_get_labels(q, a, &p->head.labels);
}

/* Blocks and exclusions are two tables of one form. */
static const struct ranges {
	const char *load, *drop, *add;
} blocks = {
	"SELECT first, last FROM pool_block WHERE pool = ? ORDER BY seq",
	"DELETE FROM pool_block WHERE pool = ?",
	"INSERT INTO pool_block VALUES(?, ?, ?, ?)",
}, exclusions = {
	"SELECT first, last FROM pool_exclusion WHERE pool = ? ORDER BY seq",
	"DELETE FROM pool_exclusion WHERE pool = ?",
	"INSERT INTO pool_exclusion VALUES(?, ?, ?, ?)",
};

static int
load_ranges(struct store *st, struct arena *a, const struct ranges *t,
    const char *id, struct block **out, size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, t->load);
	struct block *list = NULL;
	size_t len = 0, cap = 0;
	int rc;

	stmt_text(&q, id);
	while ((rc = stmt_step(&q, e)) > 0) {
		struct block b;

		b.from = stmt_get_hex(&q);
		b.to = stmt_get_hex(&q);
		ARENA_PUSH(a, list, len, cap) = b;
	}
	*out = list;
	*n = len;
	return rc;
}

static int
load_parts(struct store *st, struct arena *a, struct pool *p, struct err *e)
{
	if (load_ranges(st, a, &blocks, p->head.id, &p->blocks, &p->n_blocks,
	    e) < 0)
		return -1;
	return load_ranges(st, a, &exclusions, p->head.id, &p->exclusions,
	    &p->n_exclusions, e);
}

static int
finish(struct stmt *q, struct arena *a, struct pool **out, struct err *e)
{
	struct store *st = q->store;
	struct pool *p = arena_alloc(a, sizeof(*p));

	read_pool(q, a, p);
	stmt_close(q);
	if (load_parts(st, a, p, e) < 0)
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
		read_pool(&q, a, &one);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	for (size_t i = 0; rc == 0 && i < len; i++)
		rc = load_parts(st, a, &list[i], e);
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

static int
drop_ranges(struct store *st, const struct ranges *t, const char *id,
    struct err *e)
{
	struct stmt q = stmt_open(st, t->drop);

	stmt_text(&q, id);
	return stmt_run(&q, e);
}

static int
add_ranges(struct store *st, const struct ranges *t, const struct pool *p,
    const struct block *list, size_t n, struct err *e)
{
	int digits = p->type == POOL_MAC ? 12 : 16;

	for (size_t i = 0; i < n; i++) {
		struct stmt q = stmt_open(st, t->add);

		stmt_text(&q, p->head.id);
		stmt_int(&q, (int64_t)i);
		stmt_hex(&q, list[i].from, digits);
		stmt_hex(&q, list[i].to, digits);
		if (stmt_run(&q, e) < 0)
			return -1;
	}
	return 0;
}

static bool
same_ranges(const struct block *a, size_t n_a, const struct block *b,
    size_t n_b)
{
	if (n_a != n_b)
		return false;
	for (size_t i = 0; i < n_a; i++)
		if (a[i].from != b[i].from || a[i].to != b[i].to)
			return false;
	return true;
}

static bool
same_parts(const struct pool *a, const struct pool *b)
{
	return a->type == b->type &&
	    same_ranges(a->blocks, a->n_blocks, b->blocks, b->n_blocks) &&
	    same_ranges(a->exclusions, a->n_exclusions, b->exclusions,
	    b->n_exclusions);
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
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE"
	    " SET name = excluded.name, description = excluded.description,"
	    " revision = excluded.revision, modified_ms = excluded.modified_ms,"
	    " type = excluded.type, pick = excluded.pick,"
	    " quarantine_s = excluded.quarantine_s,"
	    " is_default = excluded.is_default, labels = excluded.labels");

	stmt_head(&q, &p->head);
	stmt_int(&q, p->type);
	stmt_int(&q, p->order);
	stmt_int(&q, p->quarantine_s);
	stmt_int(&q, p->is_default);
	stmt_labels(&q, &p->head.labels);
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
	if (before != NULL && same_parts(before, after))
		return 0;
	if (before != NULL &&
	    (drop_ranges(st, &blocks, after->head.id, e) < 0 ||
	    drop_ranges(st, &exclusions, after->head.id, e) < 0))
		return -1;
	if (add_ranges(st, &blocks, after, after->blocks, after->n_blocks,
	    e) < 0)
		return -1;
	return add_ranges(st, &exclusions, after, after->exclusions,
	    after->n_exclusions, e);
}
