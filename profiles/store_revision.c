/* store_revision.c -- what profiles were; see store.h. */
#include "profiles/stmt.h"

int
revision_add(struct store *st, const char *profile_id,
    const struct revision *r, struct err *e)
{
	struct stmt q = stmt_open(st,
	    "INSERT INTO revision VALUES(?, ?, ?, ?, ?, ?, ?)");

	stmt_text(&q, profile_id);
	stmt_int(&q, r->revision);
	stmt_int(&q, r->at_ms);
	stmt_int(&q, r->job);
	stmt_text(&q, r->actor);
	stmt_text(&q, r->digest);
	stmt_text(&q, r->content);
	return stmt_run(&q, e);
}

#define REVISION \
	"SELECT revision, at_ms, job, actor, digest, content FROM revision" \
	" WHERE profile = ?"

static int
collect(struct stmt *q, struct arena *a, struct revision **out, size_t *n,
    struct err *e)
{
	struct revision *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	while ((rc = stmt_step(q, e)) > 0) {
		one = (struct revision){ .revision = stmt_get_int(q) };
		one.at_ms = stmt_get_int(q);
		one.job = stmt_get_int(q);
		stmt_get_text(q, one.actor, sizeof(one.actor));
		stmt_get_text(q, one.digest, sizeof(one.digest));
		one.content = stmt_get_str(q, a);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

int
revision_list(struct store *st, struct arena *a, const char *profile_id,
    struct revision **out, size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, REVISION " ORDER BY revision DESC");

	stmt_text(&q, profile_id);
	return collect(&q, a, out, n, e);
}

int
revision_load(struct store *st, struct arena *a, const char *profile_id,
    int64_t number, struct revision **out, struct err *e)
{
	struct stmt q = stmt_open(st, REVISION " AND revision = ?");
	size_t n;

	stmt_text(&q, profile_id);
	stmt_int(&q, number);
	if (collect(&q, a, out, &n, e) < 0)
		return -1;
	return n > 0 ? 0 : err_set(e, ERR_NOT_FOUND,
	    "it has no revision %lld", (long long)number);
}
