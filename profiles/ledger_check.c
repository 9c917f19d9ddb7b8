/* ledger_check.c -- whether ledger and profiles agree; see ledger.h. */
#include <string.h>

#include "profiles/ledger_rows.h"

/* What one part of the check looks at: some milliseconds of work. */
enum { PART_ROWS = 2000, PART_PROFILES = 16 };

static int
add_leaks(struct stmt *q, struct arena *a, bool owned, struct leak **list,
    size_t *n, struct err *e)
{
	struct identity *ids;
	struct leak *all;
	size_t more;

	if (ledger_collect(q, a, 0, &ids, &more, e) < 0)
		return -1;
	all = arena_array(a, *n + more, sizeof(*all));
	if (*n > 0)
		memcpy(all, *list, *n * sizeof(*all));
	for (size_t i = 0; i < more; i++)
		all[*n + i] = (struct leak){ owned, ids[i] };
	*list = all;
	*n += more;
	return 0;
}

#define AS_HEX(column) "upper(replace(" column ", '-', ''))"

/* Assigned, but its device or profile is gone or has another one. */
#define NOT_HIS "coalesce(CASE WHEN space = 2 THEN " \
	AS_HEX("p.system_uuid") " WHEN i.device = '' THEN p.wwnn" \
	" ELSE d.address END, '') <> value"

static struct stmt
unowned(struct store *st, size_t limit)
{
	struct stmt q = stmt_open(st, LEDGER_IDENTITY "FROM identity i"
	    " INDEXED BY identity_live" LEDGER_NAMES "WHERE state <> 3 AND"
	    " state = 1 AND " NOT_HIS " LIMIT ?");

	stmt_int(&q, (int64_t)limit);
	return q;
}

static struct stmt
unowned_between(struct store *st, int64_t above, int64_t to)
{
	struct stmt q = stmt_open(st, LEDGER_IDENTITY "FROM identity i"
	    LEDGER_NAMES "WHERE i.row > ? AND i.row <= ? AND state = 1 AND "
	    NOT_HIS);

	stmt_int(&q, above);
	stmt_int(&q, to);
	return q;
}

/* Owned by profiles above one id up to another, but assigned to nobody or to
 * somebody else; columns as in LEDGER_IDENTITY. */
static struct stmt
unassigned(struct store *st, const char *above, const char *to, size_t limit)
{
	struct stmt q = stmt_open(st, "WITH had AS (SELECT kind AS space,"
	    " address AS value, kind AS role, d.profile, p.name AS"
	    " profile_name, d.id AS device, d.name AS device_name, d.pool"
	    " FROM profile p JOIN device d ON d.profile = p.id"
	    " WHERE address IS NOT NULL AND p.id > ?1 AND p.id <= ?2"
	    " UNION ALL SELECT 1, wwnn, 2, id, name, '', '', NULL FROM profile"
	    " WHERE wwnn IS NOT NULL AND id > ?1 AND id <= ?2 UNION ALL"
	    " SELECT 2, " AS_HEX("system_uuid") ", 3, id, name, '', '', NULL"
	    " FROM profile WHERE system_uuid IS NOT NULL AND id > ?1 AND"
	    " id <= ?2) SELECT 0, space, value, role, 1, profile,"
	    " profile_name, device, device_name, pool, 0, NULL, 0, 0"
	    " FROM had i WHERE NOT EXISTS (SELECT 1 FROM identity x WHERE"
	    " x.space = i.space AND x.value = i.value AND x.state <> 3 AND"
	    " x.state = 1 AND x.profile = i.profile AND x.device = i.device)"
	    " LIMIT ?3");

	stmt_text(&q, above);
	stmt_text(&q, to);
	stmt_int(&q, (int64_t)limit);
	return q;
}

int
ledger_check(struct store *st, struct arena *a, size_t limit,
    struct leak **out, size_t *n, struct err *e)
{
	struct stmt q = unowned(st, limit);

	*out = NULL;
	*n = 0;
	if (add_leaks(&q, a, false, out, n, e) < 0)
		return -1;
	if (*n >= limit)
		return 0;
	q = unassigned(st, "", "~", limit - *n);
	return add_leaks(&q, a, true, out, n, e);
}

/* ---- in parts ---- */

static int
newest(struct store *st, int64_t *row, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT max(row) FROM identity");
	int rc = stmt_step(&q, e);

	*row = rc > 0 ? stmt_get_int(&q) : 0;
	stmt_close(&q);
	return rc < 0 ? -1 : 0;
}

/* The last profile of the next part; "" when there is none. */
static int
last_of_part(struct store *st, const char *above, char last[ID_TEXT],
    struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT max(id) FROM (SELECT id FROM"
	    " profile WHERE id > ? ORDER BY id LIMIT ?)");
	int rc;

	last[0] = '\0';
	stmt_text(&q, above);
	stmt_int(&q, PART_PROFILES);
	rc = stmt_step(&q, e);
	if (rc > 0)
		stmt_get_text(&q, last, ID_TEXT);
	stmt_close(&q);
	return rc < 0 ? -1 : 0;
}

int
ledger_check_part(struct store *st, struct arena *a, struct ledger_walk *walk,
    struct leak **out, size_t *n, struct err *e)
{
	int64_t to = walk->row + PART_ROWS, max;
	char last[ID_TEXT];
	struct stmt q;

	*out = NULL;
	*n = 0;
	if (newest(st, &max, e) < 0 ||
	    last_of_part(st, walk->profile, last, e) < 0)
		return -1;
	q = unowned_between(st, walk->row, to);
	if (add_leaks(&q, a, false, out, n, e) < 0)
		return -1;
	walk->row = to < max ? to : max;
	if (last[0] != '\0') {
		q = unassigned(st, walk->profile, last, SIZE_MAX >> 1);
		if (add_leaks(&q, a, true, out, n, e) < 0)
			return -1;
		memcpy(walk->profile, last, ID_TEXT);
	}
	walk->done = to >= max && last[0] == '\0';
	return 0;
}
