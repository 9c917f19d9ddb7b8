/* store_class.c -- rows of classes of service; see store.h. */
#include "profiles/stmt.h"

#define CLASS "SELECT id, name, description, revision, created_ms," \
	" modified_ms, labels, guarantee_mbps, limit_mbps, pcp, weight" \
	" FROM qos_class "

static void
read_class(struct stmt *q, struct arena *a, struct qos_class *c)
{
	stmt_get_head(q, &c->head);
	stmt_get_labels(q, a, &c->head.labels);
	c->guarantee_mbps = stmt_get_u32(q);
	c->limit_mbps = stmt_get_u32(q);
	c->pcp = stmt_get_u32(q);
	c->weight = stmt_get_u32(q);
}

int
class_load(struct store *st, struct arena *a, const char *ref,
    struct qos_class **out, struct err *e)
{
	static const char by_id[] = CLASS "WHERE id = ?";
	static const char by_name[] = CLASS "WHERE name = ?";
	struct stmt q = stmt_open_ref(st, by_id, by_name, ref);

	if (stmt_one(&q, "class", ref, e) < 0)
		return -1;
	*out = arena_alloc(a, sizeof(**out));
	read_class(&q, a, *out);
	stmt_close(&q);
	return 0;
}

int
class_list(struct store *st, struct arena *a, const char *after, size_t limit,
    struct qos_class **out, size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, CLASS
	    "WHERE name > ? ORDER BY name LIMIT ?");
	struct qos_class *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	stmt_text(&q, after != NULL ? after : "");
	stmt_int(&q, (int64_t)limit);
	while ((rc = stmt_step(&q, e)) > 0) {
		one = (struct qos_class){ 0 };
		read_class(&q, a, &one);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

static int
class_remove(struct store *st, const char *id, struct err *e)
{
	struct stmt q = stmt_open(st, "DELETE FROM qos_class WHERE id = ?");

	stmt_text(&q, id);
	return stmt_run(&q, e);
}

int
class_store(struct store *st, const struct qos_class *before,
    const struct qos_class *after, struct err *e)
{
	struct stmt q;

	if (after == NULL)
		return class_remove(st, before->head.id, e);
	q = stmt_open(st, "INSERT INTO qos_class"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE"
	    " SET name = excluded.name, description = excluded.description,"
	    " revision = excluded.revision, modified_ms = excluded.modified_ms,"
	    " labels = excluded.labels,"
	    " guarantee_mbps = excluded.guarantee_mbps,"
	    " limit_mbps = excluded.limit_mbps, pcp = excluded.pcp,"
	    " weight = excluded.weight");
	stmt_head(&q, &after->head);
	stmt_labels(&q, &after->head.labels);
	stmt_int(&q, after->guarantee_mbps);
	stmt_int(&q, after->limit_mbps);
	stmt_int(&q, after->pcp);
	stmt_int(&q, after->weight);
	return stmt_run(&q, e);
}

int
class_users(struct store *st, struct arena *a, const char *id,
    const char ***profiles, size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT DISTINCT profile FROM device"
	    " WHERE qos_class = ? ORDER BY profile");
	const char **list = NULL;
	size_t len = 0, cap = 0;
	int rc;

	stmt_text(&q, id);
	while ((rc = stmt_step(&q, e)) > 0)
		ARENA_PUSH(a, list, len, cap) = stmt_get_str(&q, a);
	*profiles = list;
	*n = len;
	return rc;
}
