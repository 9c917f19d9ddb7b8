/* store_lease.c -- rows of leases; see store.h. */
#include "profiles/stmt.h"

#define LEASE "SELECT id, name, description, revision, created_ms," \
	" modified_ms, labels, profile, device, start_min, end_min, days," \
	" until_min, zone, grace_s, on_end, force_after_s, priority, queue," \
	" since_ms, served_ms, ends_ms FROM lease "

static void
read_lease(struct stmt *q, struct arena *a, struct lease *l)
{
	stmt_get_head(q, &l->head);
	stmt_get_labels(q, a, &l->head.labels);
	stmt_get_text(q, l->profile, sizeof(l->profile));
	stmt_get_text(q, l->device, sizeof(l->device));
	l->schedule.start = stmt_get_int(q);
	l->schedule.end = stmt_get_int(q);
	l->schedule.days = stmt_get_u32(q);
	l->schedule.until = stmt_get_int(q);
	stmt_get_text(q, l->zone, sizeof(l->zone));
	l->grace_s = stmt_get_u32(q);
	l->on_end = stmt_get_u32(q);
	l->force_after_s = stmt_get_u32(q);
	l->priority = stmt_get_u32(q);
	l->queue = stmt_get_bool(q);
	l->since_ms = stmt_get_int(q);
	l->served_ms = stmt_get_int(q);
	l->ends_ms = stmt_get_int(q);
}

int
lease_load(struct store *st, struct arena *a, const char *ref,
    struct lease **out, struct err *e)
{
	static const char by_id[] = LEASE "WHERE id = ?";
	static const char by_name[] = LEASE "WHERE name = ?";
	struct stmt q = stmt_open_ref(st, by_id, by_name, ref);

	if (stmt_one(&q, "lease", ref, e) < 0)
		return -1;
	*out = arena_alloc(a, sizeof(**out));
	read_lease(&q, a, *out);
	stmt_close(&q);
	return 0;
}

static int
read_all(struct stmt *q, struct arena *a, struct lease **out, size_t *n,
    struct err *e)
{
	struct lease *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	while ((rc = stmt_step(q, e)) > 0) {
		one = (struct lease){ .queue = false };
		read_lease(q, a, &one);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

int
lease_list(struct store *st, struct arena *a, const char *after, size_t limit,
    struct lease **out, size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, LEASE
	    "WHERE name > ? ORDER BY name LIMIT ?");

	stmt_text(&q, after != NULL ? after : "");
	stmt_int(&q, (int64_t)limit);
	return read_all(&q, a, out, n, e);
}

int
lease_list_of(struct store *st, struct arena *a, const char *profile,
    struct lease **out, size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, LEASE
	    "WHERE profile = ? ORDER BY name");

	stmt_text(&q, profile);
	return read_all(&q, a, out, n, e);
}

static int
lease_remove(struct store *st, const char *id, struct err *e)
{
	struct stmt q = stmt_open(st, "DELETE FROM lease WHERE id = ?");

	stmt_text(&q, id);
	return stmt_run(&q, e);
}

int
lease_store(struct store *st, const struct lease *before,
    const struct lease *after, struct err *e)
{
	struct stmt q;

	if (before != NULL && lease_remove(st, before->head.id, e) < 0)
		return -1;
	if (after == NULL)
		return 0;
	q = stmt_open(st, "INSERT INTO lease VALUES(?, ?, ?, ?, ?,"
	    " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	stmt_head(&q, &after->head);
	stmt_labels(&q, &after->head.labels);
	stmt_text(&q, after->profile);
	stmt_text(&q, after->device);
	stmt_int(&q, after->schedule.start);
	stmt_int(&q, after->schedule.end);
	stmt_int(&q, after->schedule.days);
	stmt_int(&q, after->schedule.until);
	stmt_text(&q, after->zone);
	stmt_int(&q, after->grace_s);
	stmt_int(&q, after->on_end);
	stmt_int(&q, after->force_after_s);
	stmt_int(&q, after->priority);
	stmt_int(&q, after->queue);
	stmt_int(&q, after->since_ms);
	stmt_int(&q, after->served_ms);
	stmt_int(&q, after->ends_ms);
	return stmt_run(&q, e);
}
