/* ledger_list.c -- pages of the ledger; see ledger.h. */
#include "profiles/ledger_rows.h"

/* Rows that one page looks at, where no index helps. */
enum { WINDOW = 20000 };

#define OF_PROFILE \
	"(?3 = '' OR i.profile = ?3 OR profile_name = ?3 COLLATE NOCASE)"

/* ---- pages ---- */

static void
bind(struct stmt *q, const struct ledger_query *ask, int64_t before)
{
	stmt_int(q, before);
	stmt_int(q, (int64_t)ask->limit);
	stmt_text(q, ask->profile);
	stmt_int(q, ask->state);
}

/* Few rows at any time: those whose end is known. */
static struct stmt
resting(struct store *st, const struct ledger_query *ask, int64_t before)
{
	struct stmt q = stmt_open(st, LEDGER_IDENTITY "FROM identity i"
	    LEDGER_NAMES "WHERE state IN (0, 2) AND state = ?4 AND i.row < ?1"
	    " AND until_ms >= 0 AND " OF_PROFILE " ORDER BY i.row DESC"
	    " LIMIT ?2");

	bind(&q, ask, before);
	return q;
}

static struct stmt
of_pool(struct store *st, const struct ledger_query *ask, int64_t before)
{
	struct stmt q = stmt_open(st, LEDGER_IDENTITY "FROM identity i"
	    LEDGER_NAMES "WHERE i.pool = ?5 AND state <> 3 AND i.row < ?1"
	    " AND (?4 < 0 OR state = ?4) AND " OF_PROFILE
	    " ORDER BY i.row DESC LIMIT ?2");

	bind(&q, ask, before);
	stmt_text(&q, ask->pool);
	return q;
}

static struct stmt
window(struct store *st, const struct ledger_query *ask, int64_t before)
{
	struct stmt q = stmt_open(st, LEDGER_IDENTITY "FROM identity i"
	    LEDGER_NAMES "WHERE i.row < ?1 AND i.row >= ?6"
	    " AND (?4 < 0 OR state = ?4) AND (?5 = '' OR i.pool = ?5) AND "
	    OF_PROFILE " ORDER BY i.row DESC LIMIT ?2");

	bind(&q, ask, before);
	stmt_text(&q, ask->pool);
	stmt_int(&q, before - WINDOW);
	return q;
}

static int
newest(struct store *st, int64_t *row, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT max(row) FROM identity");
	int rc = stmt_step(&q, e);

	*row = rc > 0 ? stmt_get_int(&q) : 0;
	stmt_close(&q);
	return rc < 0 ? -1 : 0;
}

int
ledger_list(struct store *st, struct arena *a, const struct ledger_query *ask,
    struct identity **out, size_t *n, int64_t *next, struct err *e)
{
	bool rests = ask->state == ID_RESERVED || ask->state == ID_QUARANTINED;
	bool pool = ask->pool[0] != '\0' && ask->state != ID_RETIRED;
	int64_t before = ask->before;
	struct stmt q;

	if (before <= 0) {
		if (newest(st, &before, e) < 0)
			return -1;
		before++;
	}
	q = pool ? of_pool(st, ask, before) : rests ? resting(st, ask, before) :
	    window(st, ask, before);
	if (ledger_collect(&q, a, 0, out, n, e) < 0)
		return -1;
	*next = 0;
	if (*n > 0 && *n == ask->limit)
		*next = (*out)[*n - 1].row;
	else if (!pool && !rests && before > WINDOW)
		*next = before - WINDOW;
	return 0;
}
