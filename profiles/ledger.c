/* ledger.c -- see ledger.h.  A row is one ownership: since_ms to released_ms it
 * was assigned, from there to until_ms in quarantine. */
#include "profiles/ledger.h"

#include <stdio.h>
#include <string.h>

#include "profiles/stmt.h"

#define IDENTITY \
	"SELECT i.row, space, value, role, state, i.profile," \
	" coalesce(p.name, profile_name), i.device," \
	" coalesce(d.name, device_name), i.pool, since_ms, released_ms," \
	" until_ms, epoch "
#define NAMES \
	" LEFT JOIN profile p ON p.id = i.profile" \
	" LEFT JOIN device d ON d.id = i.device "

static int
digits_of(enum id_space space)
{
	return space == SPACE_MAC ? 12 : 16;
}

static char *
address_words(enum id_space space, uint64_t value, char text[WWN_TEXT])
{
	return space == SPACE_MAC ? mac_text(value, text) :
	    wwn_text(value, text);
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

static int
collect(struct stmt *q, struct arena *a, int64_t at_ms, struct identity **out,
    size_t *n, struct err *e)
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
ledger_live(struct store *st, struct arena *a, enum id_space space,
    uint64_t value, struct identity **out, struct err *e)
{
	struct stmt q = stmt_open(st, IDENTITY "FROM identity i" NAMES
	    "WHERE space = ? AND value = ? AND state <> 3");
	struct identity *list;
	size_t n;

	stmt_int(&q, space);
	stmt_hex(&q, value, digits_of(space));
	if (collect(&q, a, 0, &list, &n, e) < 0)
		return -1;
	*out = n > 0 ? list : NULL;
	return 0;
}

/* ---- picking ---- */

static bool
is_taken(uint64_t v, const uint64_t *taken, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (taken[i] == v)
			return true;
	return false;
}

struct search {
	struct store *store;
	const struct pool *pool;
	enum id_space space;
	const uint64_t *taken;
	size_t n_taken;
};

/* The first value from `v` below `end` that nobody has; `end` when none. */
static uint64_t
free_below(const struct search *s, uint64_t v, uint64_t end)
{
	const struct block *x;

	while (v < end) {
		x = pool_excluded(s->pool, v);
		if (x != NULL)
			v = x->to;
		else if (!is_taken(v, s->taken, s->n_taken))
			return v;
		v++;
	}
	return end;
}

/* The first free value of a range: live ones come rising, holes are free.  1
 * found, 0 none. */
static int
first_hole(const struct search *s, uint64_t from, uint64_t to, uint64_t *out,
    struct err *e)
{
	int digits = digits_of(s->space), rc;
	uint64_t v = from, used;
	struct stmt q;

	q = stmt_open(s->store, "SELECT value FROM identity WHERE space = ?"
	    " AND value BETWEEN ? AND ? AND state <> 3 ORDER BY value");
	stmt_int(&q, s->space);
	stmt_hex(&q, from, digits);
	stmt_hex(&q, to, digits);
	do {
		rc = stmt_step(&q, e);
		if (rc < 0)
			return -1;
		used = rc > 0 ? stmt_get_hex(&q) : to + 1;
		v = free_below(s, v, used);
		if (v < used) {
			stmt_close(&q);
			*out = v;
			return 1;
		}
		v = used + 1;
	} while (rc > 0);
	return 0;
}

static size_t
block_of(const struct pool *p, uint64_t v)
{
	size_t i = 0;

	while (i < p->n_blocks && (v < p->blocks[i].from || v > p->blocks[i].to))
		i++;
	return i;
}

/* From `start` to the end, then from the beginning up to it. */
static int
search_from(const struct search *s, const struct pool *p, uint64_t start,
    uint64_t *out, struct err *e)
{
	size_t first = block_of(p, start), n = p->n_blocks;
	int rc = 0;

	if (first == n) {
		first = 0;
		start = p->blocks[0].from;
	}
	for (size_t k = 0; rc == 0 && k <= n; k++) {
		const struct block *b = &p->blocks[(first + k) % n];

		if (k == 0)
			rc = first_hole(s, start, b->to, out, e);
		else if (k < n)
			rc = first_hole(s, b->from, b->to, out, e);
		else if (start > b->from)
			rc = first_hole(s, b->from, start - 1, out, e);
	}
	return rc;
}

/* What the pool gave last, 0 when it gave nothing. */
static int
last_given(struct store *st, const struct pool *p, uint64_t *out,
    struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT value FROM identity WHERE"
	    " pool = ? AND state = 1 AND state <> 3 ORDER BY row DESC LIMIT 1");
	int rc;

	stmt_text(&q, p->head.id);
	rc = stmt_step(&q, e);
	*out = rc > 0 ? stmt_get_hex(&q) : 0;
	stmt_close(&q);
	return rc;
}

static int
pick_next(const struct search *s, const struct pool *p, uint64_t *out,
    struct err *e)
{
	uint64_t last;
	size_t block;

	if (last_given(s->store, p, &last, e) < 0)
		return -1;
	block = block_of(p, last);
	if (block == p->n_blocks) {
		block = 0;
		last = p->blocks[0].from - 1;
	}
	/* What this change set took already lies just behind. */
	for (size_t i = 0; i < s->n_taken; i++)
		if (s->taken[i] > last && s->taken[i] <= p->blocks[block].to)
			last = s->taken[i];
	if (last == p->blocks[block].to)
		last = p->blocks[(block + 1) % p->n_blocks].from - 1;
	return search_from(s, p, last + 1, out, e);
}

static int
pick_random(const struct search *s, const struct pool *p, struct rng *rng,
    uint64_t *out, struct err *e)
{
	uint64_t size = 0, at, v = 0;
	int rc = 0;

	for (size_t i = 0; i < p->n_blocks; i++)
		size += p->blocks[i].to - p->blocks[i].from + 1;
	for (int draw = 0; rc == 0 && draw < 32; draw++) {
		at = rng_below(rng, size);
		for (size_t i = 0; i < p->n_blocks; i++) {
			const struct block *b = &p->blocks[i];

			v = b->from + at;
			if (at <= b->to - b->from)
				break;
			at -= b->to - b->from + 1;
		}
		rc = first_hole(s, v, v, out, e);
	}
	/* Nearly full: the next hole is as good as any. */
	return rc == 0 ? search_from(s, p, v, out, e) : rc;
}

int
ledger_pick(struct store *st, const struct pool *p, struct rng *rng,
    const uint64_t *taken, size_t n_taken, uint64_t *value, struct err *e)
{
	struct search s = { .store = st, .pool = p, .taken = taken,
	    .n_taken = n_taken,
	    .space = p->type == POOL_MAC ? SPACE_MAC : SPACE_WWN };
	int rc = 0;

	if (p->type == POOL_UUID)
		return err_set(e, ERR_UNSUPPORTED,
		    "a UUID is not picked from blocks");
	if (p->n_blocks > 0)
		rc = p->order == POOL_RANDOM ?
		    pick_random(&s, p, rng, value, e) :
		    pick_next(&s, p, value, e);
	if (rc == 0)
		return err_rule(e, ERR_RULES, "PoolExhausted", NULL,
		    "pool %s has no free address", p->head.name);
	return rc < 0 ? -1 : 0;
}

/* ---- changing ---- */

static int
add_row(struct store *st, const struct identity *id, enum id_state state,
    int64_t wall_ms, struct err *e)
{
	char value[17], reversed[17];
	int n = digits_of(id->space);
	struct stmt q;

	(void)snprintf(value, sizeof(value), "%0*llX", n,
	    (unsigned long long)id->value);
	for (int i = 0; i <= n; i++)
		reversed[i] = i < n ? value[n - 1 - i] : '\0';
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
	return stmt_run(&q, e);
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
	stmt_hex(&q, id->value, digits_of(id->space));
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
	char text[WWN_TEXT];

	return err_rule(e, ERR_CONFLICT,
	    id->space == SPACE_MAC ? "MacDuplicate" : "WwnDuplicate", NULL,
	    "%s is %s profile %s", address_words(id->space, id->value, text),
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
	struct stmt q = stmt_open(st, "UPDATE identity SET state = 2,"
	    " released_ms = ?, until_ms = ? WHERE space = ? AND value = ?"
	    " AND state = 1 AND state <> 3 RETURNING row");
	char text[WWN_TEXT];
	int rc;

	stmt_int(&q, wall_ms);
	stmt_int(&q, wall_ms + quarantine_ms);
	stmt_int(&q, space);
	stmt_hex(&q, value, digits_of(space));
	rc = stmt_step(&q, e);
	if (rc > 0)
		return stmt_run(&q, e);
	if (rc == 0)
		return err_set(e, ERR_NOT_FOUND, "%s is assigned to nobody",
		    address_words(space, value, text));
	return -1;
}

int
ledger_sweep(struct store *st, int64_t wall_ms, struct err *e)
{
	struct stmt q = stmt_open(st, "UPDATE identity SET state = 3"
	    " WHERE state IN (0, 2) AND until_ms <= ?");

	stmt_int(&q, wall_ms);
	return stmt_run(&q, e);
}

/* ---- finding ---- */

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
	    " AND reversed < ?4 LIMIT 4096)) " IDENTITY
	    "FROM hit CROSS JOIN identity i ON i.row = hit.row" NAMES
	    "WHERE ?5 = 0 OR (since_ms <= ?5 AND (state = 1 OR ?5 < until_ms))"
	    " ORDER BY i.row DESC LIMIT ?6");
	stmt_text(&q, digits);
	stmt_text(&q, to);
	stmt_text(&q, back);
	stmt_text(&q, back_to);
	stmt_int(&q, at_ms);
	stmt_int(&q, (int64_t)limit);
	return collect(&q, a, at_ms, out, n, e);
}

int
ledger_history(struct store *st, struct arena *a, enum id_space space,
    uint64_t value, struct identity **out, size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, IDENTITY "FROM identity i" NAMES
	    "WHERE value = ? AND space = ? ORDER BY i.row DESC");

	stmt_hex(&q, value, digits_of(space));
	stmt_int(&q, space);
	return collect(&q, a, 0, out, n, e);
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
