/* ledger_find.c -- reading the ledger: by any part, by value, by pool; see
 * ledger.h. */
#include <stdio.h>
#include <string.h>

#include "profiles/ledger_rows.h"

int
ledger_digits(enum id_space space)
{
	return space == SPACE_MAC ? 12 : 16;
}

/* The state and its time, now or as they were at `at_ms`. */
static void
state_then(struct identity *id, int64_t released_ms, int64_t at_ms)
{
	if (at_ms > 0 && released_ms == 0 && id->state == ID_RETIRED)
		id->state = ID_RESERVED;
	else if (at_ms > 0 && released_ms > 0)
		id->state = at_ms < released_ms ? ID_ASSIGNED : ID_QUARANTINED;
	if (released_ms == 0)
		return;
	if (id->state == ID_QUARANTINED)
		id->since_ms = released_ms;
	else
		id->until_ms = released_ms;
}

static void
read_identity(struct stmt *q, struct identity *id, int64_t at_ms)
{
	int64_t released_ms;

	id->row = stmt_get_int(q);
	id->space = (enum id_space)stmt_get_int(q);
	id->value = stmt_get_hex(q);
	id->role = (enum id_role)stmt_get_int(q);
	id->state = (enum id_state)stmt_get_int(q);
	stmt_get_text(q, id->profile, sizeof(id->profile));
	stmt_get_text(q, id->profile_name, sizeof(id->profile_name));
	stmt_get_text(q, id->device, sizeof(id->device));
	stmt_get_text(q, id->device_name, sizeof(id->device_name));
	stmt_get_text(q, id->pool, sizeof(id->pool));
	id->since_ms = stmt_get_int(q);
	released_ms = stmt_get_int(q);
	id->until_ms = stmt_get_int(q);
	id->epoch = stmt_get_int(q);
	state_then(id, released_ms, at_ms);
}

int
ledger_collect(struct stmt *q, struct arena *a, int64_t at_ms,
    struct identity **out, size_t *n, struct err *e)
{
	struct identity *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	while ((rc = stmt_step(q, e)) > 0) {
		one = (struct identity){ 0 };
		read_identity(q, &one, at_ms);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

int
ledger_find(struct store *st, struct arena *a, const char *digits,
    int64_t at_ms, size_t limit, struct identity **out, size_t *n,
    struct err *e)
{
	char to[18], back[17], back_to[18];
	size_t len = strspn(digits, "0123456789ABCDEF");
	struct stmt q;

	if (len < 4 || len > 16 || digits[len] != '\0')
		return err_set(e, ERR_MALFORMED,
		    "4 to 16 hexadecimal digits are needed");
	for (size_t i = 0; i <= len; i++)
		back[i] = i < len ? digits[len - 1 - i] : '\0';
	/* Digits end at F: what begins with them sorts before "…G". */
	(void)snprintf(to, sizeof(to), "%sG", digits);
	(void)snprintf(back_to, sizeof(back_to), "%sG", back);
	q = stmt_open(st, "WITH hit(row) AS (SELECT * FROM (SELECT row FROM"
	    " identity WHERE value >= ?1 AND value < ?2 LIMIT 4096) UNION"
	    " SELECT * FROM (SELECT row FROM identity WHERE reversed >= ?3"
	    " AND reversed < ?4 LIMIT 4096)) " LEDGER_IDENTITY
	    "FROM hit CROSS JOIN identity i ON i.row = hit.row" LEDGER_NAMES
	    "WHERE ?5 = 0 OR (since_ms <= ?5 AND (state = 1 OR ?5 < until_ms))"
	    " ORDER BY i.row DESC LIMIT ?6");
	stmt_text(&q, digits);
	stmt_text(&q, to);
	stmt_text(&q, back);
	stmt_text(&q, back_to);
	stmt_int(&q, at_ms);
	stmt_int(&q, (int64_t)limit);
	return ledger_collect(&q, a, at_ms, out, n, e);
}

int
ledger_history(struct store *st, struct arena *a, enum id_space space,
    uint64_t value, struct identity **out, size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, LEDGER_IDENTITY "FROM identity i" LEDGER_NAMES
	    "WHERE value = ? AND space = ? ORDER BY i.row DESC");

	stmt_hex(&q, value, ledger_digits(space));
	stmt_int(&q, space);
	return ledger_collect(&q, a, 0, out, n, e);
}

int
ledger_count(struct store *st, const char *pool_id, int64_t counts[3],
    struct err *e)
{
	static const int place[] = { [ID_RESERVED] = 2, [ID_ASSIGNED] = 0,
	    [ID_QUARANTINED] = 1 };
	struct stmt q = stmt_open(st, "SELECT state, count(*) FROM identity"
	    " WHERE pool = ? AND state <> 3 GROUP BY state");
	int64_t found[3] = { 0 };
	int rc;

	stmt_text(&q, pool_id);
	while ((rc = stmt_step(&q, e)) > 0) {
		int64_t state = stmt_get_int(&q);

		found[place[state]] = stmt_get_int(&q);
	}
	if (rc < 0)
		return -1;
	memcpy(counts, found, sizeof(found));
	return 0;
}
