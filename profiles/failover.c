/* failover.c -- see failover.h. */
#include "profiles/failover.h"

#include "profiles/stmt.h"

int
failover_list(struct store *st, struct arena *a, struct failover **out,
    size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT slot, id, name, p.failover,"
	    " hold_s, cooldown_s, coalesce(at_ms, 0), coalesce(job, 0)"
	    " FROM profile p LEFT JOIN failover f ON f.profile = p.id"
	    " WHERE slot IS NOT NULL ORDER BY slot");
	struct failover *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	while ((rc = stmt_step(&q, e)) > 0) {
		one.slot = stmt_get_u32(&q);
		stmt_get_text(&q, one.id, sizeof(one.id));
		stmt_get_text(&q, one.name, sizeof(one.name));
		one.trigger = stmt_get_u32(&q);
		one.hold_s = stmt_get_u32(&q);
		one.cooldown_s = stmt_get_u32(&q);
		one.last_ms = stmt_get_int(&q);
		one.job = stmt_get_int(&q);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

int
failover_put(struct store *st, const char *profile, int64_t at_ms,
    int64_t job, struct err *e)
{
	struct stmt q = stmt_open(st,
	    "INSERT OR REPLACE INTO failover VALUES(?, ?, ?)");

	stmt_text(&q, profile);
	stmt_int(&q, at_ms);
	stmt_int(&q, job);
	return stmt_run(&q, e);
}

int
failover_count(struct store *st, int64_t since_ms, int64_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT count(*) FROM failover"
	    " WHERE at_ms > ? AND job <> 0");
	int rc;

	stmt_int(&q, since_ms);
	rc = stmt_step(&q, e);
	if (rc > 0)
		*n = stmt_get_int(&q);
	stmt_close(&q);
	return rc < 0 ? -1 : 0;
}
