/* ledger_history.c -- all rows out, and rows of another store in; ledger.h. */
#include <stdio.h>
#include <string.h>

#include "profiles/ledger_rows.h"

int
ledger_rows(struct store *st, struct arena *a, size_t limit,
    struct ledger_row **out, size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT space, value, role, state,"
	    " i.profile, coalesce(p.name, profile_name), i.device,"
	    " coalesce(d.name, device_name), since_ms, released_ms, until_ms,"
	    " epoch FROM identity i" LEDGER_NAMES
	    "ORDER BY i.row DESC LIMIT ?");
	struct ledger_row *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	stmt_int(&q, (int64_t)limit);
	while ((rc = stmt_step(&q, e)) > 0) {
		struct identity *id = &one.id;

		one = (struct ledger_row){ .id.row = 0 };
		id->space = (enum id_space)stmt_get_int(&q);
		id->value = stmt_get_hex_wide(&q, &id->high);
		id->role = (enum id_role)stmt_get_int(&q);
		id->state = (enum id_state)stmt_get_int(&q);
		stmt_get_text(&q, id->profile, sizeof(id->profile));
		stmt_get_text(&q, id->profile_name, sizeof(id->profile_name));
		stmt_get_text(&q, id->device, sizeof(id->device));
		stmt_get_text(&q, id->device_name, sizeof(id->device_name));
		id->since_ms = stmt_get_int(&q);
		one.released_ms = stmt_get_int(&q);
		id->until_ms = stmt_get_int(&q);
		id->epoch = stmt_get_int(&q);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

/* ---- in ---- */

/* 1 when that ownership, or a live one where only one may live, is here. */
static int
is_known(struct store *st, const struct identity *id, bool live,
    struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT 1 FROM identity WHERE space = ?1"
	    " AND value = ?2 AND ((profile = ?3 AND device = ?4 AND"
	    " (since_ms = ?5 OR state <> 3)) OR (?6 AND state <> 3))");
	int rc;

	stmt_int(&q, id->space);
	stmt_hex_wide(&q, id->high, id->value, ledger_digits(id->space));
	stmt_text(&q, id->profile);
	stmt_text(&q, id->device);
	stmt_int(&q, id->since_ms);
	stmt_int(&q, live);
	rc = stmt_step(&q, e);
	stmt_close(&q);
	return rc;
}

static int
insert(struct store *st, const struct ledger_row *r, enum id_state state,
    struct err *e)
{
	const struct identity *id = &r->id;
	char value[LEDGER_DIGITS], reversed[LEDGER_DIGITS];
	struct stmt q;

	ledger_columns(id, value, reversed);
	q = stmt_open(st, "INSERT INTO identity VALUES(NULL, ?, ?, ?, ?, ?, ?,"
	    " ?, ?, ?, NULL, ?, ?, ?, ?)");
	stmt_int(&q, id->space);
	stmt_text(&q, value);
	stmt_text(&q, reversed);
	stmt_int(&q, id->role);
	stmt_int(&q, state);
	stmt_text(&q, id->profile);
	stmt_text(&q, id->profile_name);
	stmt_text(&q, id->device);
	stmt_text(&q, id->device_name);
	stmt_int(&q, id->since_ms);
	stmt_int_or_null(&q, r->released_ms);
	stmt_int(&q, id->until_ms);
	stmt_int(&q, id->epoch);
	return stmt_run(&q, e);
}

/* What rested there rests here too; who had it there and is not here had it. */
int
ledger_row_add(struct store *st, const struct ledger_row *r, int64_t wall_ms,
    struct err *e)
{
	bool rests = r->id.state == ID_QUARANTINED &&
	    r->id.until_ms > wall_ms;
	struct ledger_row own = *r;
	int known = is_known(st, &r->id, rests, e);

	if (known != 0 || r->id.state == ID_RESERVED)
		return known < 0 ? -1 : 0;
	if (!rests && own.id.until_ms == 0)
		own.id.until_ms = wall_ms;
	return insert(st, &own, rests ? ID_QUARANTINED : ID_RETIRED, e);
}
