/* ledger.c -- see ledger.h.  A row is one ownership: since_ms to released_ms it
 * was assigned, from there to until_ms in quarantine. */
#include <stdio.h>
#include <string.h>

#include "profiles/ledger_rows.h"

int
ledger_live(struct store *st, struct arena *a, enum id_space space,
    uint64_t value, struct identity **out, struct err *e)
{
	struct identity key = { .space = space, .value = value };

	return ledger_live_of(st, a, &key, out, e);
}

int
ledger_live_of(struct store *st, struct arena *a, const struct identity *key,
    struct identity **out, struct err *e)
{
	struct stmt q = stmt_open(st, LEDGER_IDENTITY "FROM identity i" LEDGER_NAMES
	    "WHERE space = ? AND value = ? AND state <> 3");
	struct identity *list;
	size_t n;

	stmt_int(&q, key->space);
	stmt_hex_wide(&q, key->high, key->value, ledger_digits(key->space));
	if (ledger_collect(&q, a, 0, &list, &n, e) < 0)
		return -1;
	*out = n > 0 ? list : NULL;
	return 0;
}

/* ---- changing ---- */

void
ledger_columns(const struct identity *id, char value[LEDGER_DIGITS],
    char reversed[LEDGER_DIGITS])
{
	int n = ledger_digits(id->space);

	(void)snprintf(value, LEDGER_DIGITS, "%016llX%016llX",
	    (unsigned long long)id->high, (unsigned long long)id->value);
	memmove(value, value + LEDGER_DIGITS - 1 - n, (size_t)n + 1);
	for (int i = 0; i <= n; i++)
		reversed[i] = i < n ? value[n - 1 - i] : '\0';
}

static int
add_row(struct store *st, const struct identity *id, enum id_state state,
    int64_t wall_ms, struct err *e)
{
	char value[LEDGER_DIGITS], reversed[LEDGER_DIGITS];
	struct stmt q;

	ledger_columns(id, value, reversed);
	q = stmt_open(st, "INSERT INTO identity VALUES(NULL, ?, ?, ?, ?, ?, ?,"
	    " ?, ?, ?, ?, ?, NULL, ?, coalesce(?,"
	    " (SELECT identity_epoch FROM appliance)))");
	stmt_int(&q, id->space);
	stmt_text(&q, value);
	stmt_text(&q, reversed);
	stmt_int(&q, id->role);
	stmt_int(&q, state);
	stmt_text(&q, id->profile);
	stmt_text(&q, id->profile_name);
	stmt_text(&q, id->device);
	stmt_text(&q, id->device_name);
	stmt_text_or_null(&q, id->pool);
	stmt_int(&q, wall_ms);
	stmt_int(&q, state == ID_RESERVED ? id->until_ms : 0);
	stmt_int_or_null(&q, id->epoch);
	if (stmt_run(&q, e) < 0)
		return -1;
	return sqlite3_last_insert_rowid(st->db) % LEDGER_BATCH != 0 ? 0 :
	    ledger_index_parts(st, e);
}

static int
retire(struct store *st, int64_t row, int64_t wall_ms, struct err *e)
{
	struct stmt q = stmt_open(st, "UPDATE identity SET state = 3,"
	    " until_ms = min(until_ms, ?) WHERE row = ?");

	stmt_int(&q, wall_ms);
	stmt_int(&q, row);
	return stmt_run(&q, e);
}

static int
set_state(struct store *st, int64_t row, enum id_state state, int64_t since_ms,
    int64_t until_ms, struct err *e)
{
	struct stmt q = stmt_open(st, "UPDATE identity SET state = ?,"
	    " since_ms = ?, until_ms = ? WHERE row = ?");

	stmt_int(&q, state);
	stmt_int(&q, since_ms);
	stmt_int(&q, until_ms);
	stmt_int(&q, row);
	return stmt_run(&q, e);
}

/* Just enough of the live row to decide; 1 there is one. */
static int
look(struct store *st, const struct identity *id, struct identity *live,
    struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT row, state, profile,"
	    " profile_name, device, until_ms FROM identity"
	    " WHERE space = ? AND value = ? AND state <> 3");
	int rc;

	stmt_int(&q, id->space);
	stmt_hex_wide(&q, id->high, id->value, ledger_digits(id->space));
	rc = stmt_step(&q, e);
	if (rc > 0) {
		live->row = stmt_get_int(&q);
		live->state = (enum id_state)stmt_get_int(&q);
		stmt_get_text(&q, live->profile, sizeof(live->profile));
		stmt_get_text(&q, live->profile_name,
		    sizeof(live->profile_name));
		stmt_get_text(&q, live->device, sizeof(live->device));
		live->until_ms = stmt_get_int(&q);
	}
	stmt_close(&q);
	return rc;
}

static bool
is_owner(const struct identity *a, const struct identity *b)
{
	return strcmp(a->profile, b->profile) == 0 &&
	    strcmp(a->device, b->device) == 0;
}

static int
taken_by(const struct identity *id, const struct identity *live,
    struct err *e)
{
	static const char *const codes[] = { [SPACE_MAC] = "MacDuplicate",
	    [SPACE_WWN] = "WwnDuplicate", [SPACE_UUID] = "UuidDuplicate" };
	char text[UUID_TEXT];

	return err_rule(e, ERR_CONFLICT, codes[id->space], NULL,
	    "%s is %s profile %s", ledger_text(id, text),
	    live->state == ID_RESERVED ? "reserved for" : "in use by",
	    live->profile_name);
}

int
ledger_assign(struct store *st, const struct identity *id, int64_t wall_ms,
    struct err *e)
{
	struct identity live = { 0 };
	int rc = look(st, id, &live, e);

	if (rc < 0)
		return -1;
	if (rc == 0)
		return add_row(st, id, ID_ASSIGNED, wall_ms, e);
	if (is_owner(id, &live) && live.state == ID_ASSIGNED)
		return 0;
	if (is_owner(id, &live) && live.state == ID_RESERVED)
		return set_state(st, live.row, ID_ASSIGNED, wall_ms, 0, e);
	if (live.state == ID_ASSIGNED ||
	    (live.state == ID_RESERVED && live.until_ms > wall_ms))
		return taken_by(id, &live, e);
	if (retire(st, live.row, wall_ms, e) < 0)
		return -1;
	return add_row(st, id, ID_ASSIGNED, wall_ms, e);
}

int
ledger_reserve(struct store *st, const struct identity *id, int64_t wall_ms,
    struct err *e)
{
	struct identity live = { 0 };
	int rc = look(st, id, &live, e);

	if (rc < 0)
		return -1;
	if (rc == 0)
		return add_row(st, id, ID_RESERVED, wall_ms, e);
	if (is_owner(id, &live) && live.state == ID_RESERVED)
		return set_state(st, live.row, ID_RESERVED, wall_ms,
		    id->until_ms, e);
	if (live.state == ID_ASSIGNED ||
	    (live.state == ID_RESERVED && live.until_ms > wall_ms))
		return taken_by(id, &live, e);
	if (retire(st, live.row, wall_ms, e) < 0)
		return -1;
	return add_row(st, id, ID_RESERVED, wall_ms, e);
}

int
ledger_release(struct store *st, enum id_space space, uint64_t value,
    int64_t wall_ms, int64_t quarantine_ms, struct err *e)
{
	struct identity key = { .space = space, .value = value };

	return ledger_release_of(st, &key, wall_ms, quarantine_ms, e);
}

int
ledger_release_of(struct store *st, const struct identity *key,
    int64_t wall_ms, int64_t quarantine_ms, struct err *e)
{
	struct stmt q = stmt_open(st, "UPDATE identity SET state = 2,"
	    " released_ms = ?, until_ms = ? WHERE space = ? AND value = ?"
	    " AND state = 1 AND state <> 3 RETURNING row");
	char text[UUID_TEXT];
	int rc;

	stmt_int(&q, wall_ms);
	stmt_int(&q, wall_ms + quarantine_ms);
	stmt_int(&q, key->space);
	stmt_hex_wide(&q, key->high, key->value, ledger_digits(key->space));
	rc = stmt_step(&q, e);
	if (rc > 0)
		return stmt_run(&q, e);
	if (rc == 0)
		return err_set(e, ERR_NOT_FOUND, "%s is assigned to nobody",
		    ledger_text(key, text));
	return -1;
}

int
ledger_sweep(struct store *st, int64_t wall_ms, struct err *e)
{
	struct stmt q = stmt_open(st, "UPDATE identity SET state = 3"
	    " WHERE state IN (0, 2) AND until_ms <= ?1"
	    /* Nothing leaves quarantine by a clock that was set back. */
	    " AND (state = 0 OR ?1 + ?2 >="
	    " (SELECT newest_ms FROM appliance))");

	stmt_int(&q, wall_ms);
	stmt_int(&q, STORE_SLACK_MS);
	return stmt_run(&q, e);
}

int
ledger_claim(struct store *st, const struct identity *key, int64_t epoch,
    struct err *e)
{
	struct stmt q = stmt_open(st, "UPDATE identity SET epoch = ?"
	    " WHERE space = ? AND value = ? AND state <> 3");

	stmt_int(&q, epoch);
	stmt_int(&q, key->space);
	stmt_hex_wide(&q, key->high, key->value, ledger_digits(key->space));
	return stmt_run(&q, e);
}
