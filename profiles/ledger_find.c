/* ledger_find.c -- reading the ledger: by any part, by value, by pool; see
 * ledger.h. */
#include <stdio.h>
#include <string.h>

#include "profiles/ledger_rows.h"

int
ledger_digits(enum id_space space)
{
	return space == SPACE_MAC ? 12 : space == SPACE_WWN ? 16 : 32;
}

char *
ledger_text(const struct identity *id, char text[UUID_TEXT])
{
	return id->space == SPACE_MAC ? mac_text(id->value, text) :
	    id->space == SPACE_WWN ? wwn_text(id->value, text) :
	    uuid_text(id->high, id->value, text);
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
	id->value = stmt_get_hex_wide(q, &id->high);
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

/* ---- by any part ---- */

enum {
	PART_MIN = 3,		/* digits that the index of parts knows */
	ENDS_MIN = 4,
	DIGITS_MAX = 32,
	WHOLE = 12,		/* a MAC: hardly the middle of anything */
};

#define WAS_TRUE \
	"(?1 = 0 OR (since_ms <= ?1 AND (state = 1 OR ?1 < until_ms)))"

/* Digits end at F: what begins with them sorts before "…G". */
static int
find_ends(struct store *st, struct arena *a, const char *digits, size_t len,
    int64_t at_ms, size_t limit, struct identity **out, size_t *n,
    struct err *e)
{
	char text[3][DIGITS_MAX + 2];
	struct stmt q = stmt_open(st, "WITH hit(row) AS (SELECT * FROM (SELECT"
	    " row FROM identity WHERE value >= ?3 AND value < ?4 LIMIT 4096)"
	    " UNION SELECT * FROM (SELECT row FROM identity WHERE"
	    " reversed >= ?5 AND reversed < ?6 LIMIT 4096)) " LEDGER_IDENTITY
	    "FROM hit CROSS JOIN identity i ON i.row = hit.row" LEDGER_NAMES
	    "WHERE " WAS_TRUE " ORDER BY i.row DESC LIMIT ?2");

	(void)snprintf(text[0], DIGITS_MAX + 2, "%sG", digits);
	for (size_t i = 0; i <= len; i++)
		text[1][i] = i < len ? digits[len - 1 - i] : '\0';
	(void)snprintf(text[2], DIGITS_MAX + 2, "%.32sG", text[1]);
	stmt_int(&q, at_ms);
	stmt_int(&q, (int64_t)limit);
	stmt_text(&q, digits);
	for (int i = 0; i < 3; i++)
		stmt_text(&q, text[i]);
	return ledger_collect(&q, a, at_ms, out, n, e);
}

/* Not those that find_ends() told of; of three digits, it told of none. */
static int
find_inside(struct store *st, struct arena *a, const char *digits, size_t len,
    int64_t at_ms, size_t limit, struct identity **out, size_t *n,
    struct err *e)
{
	struct stmt q = stmt_open(st, "WITH hit(row) AS (SELECT * FROM (SELECT"
	    " rowid FROM identity_part WHERE identity_part MATCH ?3"
	    " ORDER BY rowid DESC LIMIT 4096) UNION ALL SELECT row FROM"
	    " identity WHERE row > (SELECT row FROM identity_parted"
	    " WHERE one = 1) AND instr(value, ?4)) " LEDGER_IDENTITY
	    "FROM hit CROSS JOIN identity i ON i.row = hit.row" LEDGER_NAMES
	    "WHERE " WAS_TRUE " AND (?5 < 4 OR (substr(value, 1, ?5) <> ?4 AND"
	    " substr(value, -?5) <> ?4)) ORDER BY i.row DESC LIMIT ?2");
	char phrase[DIGITS_MAX + 3];

	(void)snprintf(phrase, sizeof(phrase), "\"%s\"", digits);
	stmt_int(&q, at_ms);
	stmt_int(&q, (int64_t)limit);
	stmt_text(&q, phrase);
	stmt_text(&q, digits);
	stmt_int(&q, (int64_t)len);
	return ledger_collect(&q, a, at_ms, out, n, e);
}

int
ledger_find(struct store *st, struct arena *a, const char *digits,
    int64_t at_ms, size_t limit, struct identity **out, size_t *n,
    struct err *e)
{
	size_t len = strspn(digits, "0123456789ABCDEF"), n_more = 0;
	struct identity *more = NULL, *all;

	if (len < PART_MIN || len > DIGITS_MAX || digits[len] != '\0')
		return err_set(e, ERR_MALFORMED,
		    "3 to 32 hexadecimal digits are needed");
	*out = NULL;
	*n = 0;
	if (len >= ENDS_MIN && find_ends(st, a, digits, len, at_ms, limit, out,
	    n, e) < 0)
		return -1;
	if (*n >= limit || len >= WHOLE)
		return 0;
	if (find_inside(st, a, digits, len, at_ms, limit - *n, &more, &n_more,
	    e) < 0)
		return -1;
	all = arena_array(a, *n + n_more, sizeof(*all));
	if (*n > 0)
		memcpy(all, *out, *n * sizeof(*all));
	if (n_more > 0)
		memcpy(all + *n, more, n_more * sizeof(*all));
	*out = all;
	*n += n_more;
	return 0;
}

/* In batches: one at a time would cost each change more than its row. */
int
ledger_index_parts(struct store *st, struct err *e)
{
	struct stmt q = stmt_open(st, "INSERT INTO identity_part(rowid, value)"
	    " SELECT row, value FROM identity"
	    " WHERE row > (SELECT row FROM identity_parted WHERE one = 1)");
	struct stmt done = stmt_open(st, "UPDATE identity_parted SET row ="
	    " (SELECT coalesce(max(row), 0) FROM identity) WHERE one = 1");

	if (stmt_run(&q, e) < 0) {
		stmt_close(&done);
		return -1;
	}
	return stmt_run(&done, e);
}

int
ledger_history(struct store *st, struct arena *a, enum id_space space,
    uint64_t value, struct identity **out, size_t *n, struct err *e)
{
	struct identity key = { .space = space, .value = value };

	return ledger_history_of(st, a, &key, out, n, e);
}

int
ledger_history_of(struct store *st, struct arena *a,
    const struct identity *key, struct identity **out, size_t *n,
    struct err *e)
{
	struct stmt q = stmt_open(st, LEDGER_IDENTITY "FROM identity i" LEDGER_NAMES
	    "WHERE value = ? AND space = ? ORDER BY i.row DESC");

	stmt_hex_wide(&q, key->high, key->value, ledger_digits(key->space));
	stmt_int(&q, key->space);
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
