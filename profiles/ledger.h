/*
 * ledger.h -- who has which address, and who had it.
 *
 * An identity is a MAC, a WWPN or WWNN (one space, "wwn"), or a UUID.  It has at
 * most one live row (state not retired); rows are never deleted.  Life:
 *
 *	reserved -> assigned -> quarantined -> retired
 *
 * reserved ends at `until`; quarantined too (the pool's quarantine after the
 * release, default 24 h) and may go back to its last owner at once.  A value
 * that is quarantined is not given to anybody else without confirmation
 * (IdentityQuarantined).
 */
#ifndef PROFILES_LEDGER_H
#define PROFILES_LEDGER_H

#include "profiles/store.h"

enum id_space { SPACE_MAC, SPACE_WWN, SPACE_UUID };
enum id_state { ID_RESERVED, ID_ASSIGNED, ID_QUARANTINED, ID_RETIRED };
enum id_role { ROLE_MAC, ROLE_WWPN, ROLE_WWNN, ROLE_UUID };

struct identity {
	int64_t row;
	enum id_space space;
	uint64_t high, value;		/* high: of a UUID, else 0 */
	enum id_role role;
	enum id_state state;
	char profile[ID_TEXT], profile_name[NAME_TEXT];
	char device[ID_TEXT], device_name[NAME_TEXT];	/* "" for a WWNN */
	char pool[ID_TEXT];				/* "" static */
	/* Of the state; of a retired row: while its owner had it.  until 0 =
	 * open end. */
	int64_t since_ms, until_ms;
	int64_t epoch;
};

/* Space, high and value of `key` say which; the plain forms are for MACs and
 * WWNs. */
int ledger_live_of(struct store *, struct arena *, const struct identity *key,
    struct identity **out, struct err *) ERR_MUST_CHECK;
int ledger_release_of(struct store *, const struct identity *key,
    int64_t wall_ms, int64_t quarantine_ms, struct err *) ERR_MUST_CHECK;
int ledger_history_of(struct store *, struct arena *,
    const struct identity *key, struct identity **, size_t *n, struct err *)
    ERR_MUST_CHECK;

/* The live row of a value; *out NULL when there is none. */
int ledger_live(struct store *, struct arena *, enum id_space, uint64_t value,
    struct identity **out, struct err *) ERR_MUST_CHECK;

/*
 * The next free value of a pool: sequential from its cursor, or random from the
 * stream; never an excluded one, never one of `taken`, and a live one only when
 * no other is left and its reservation or quarantine is over.  Writes nothing.
 * ERR_RULES "PoolExhausted" names the pool.
 */
int ledger_pick(struct store *, const struct pool *, struct rng *,
    int64_t wall_ms, const uint64_t *taken, size_t n_taken, uint64_t *value,
    struct err *) ERR_MUST_CHECK;

/* Makes `id` the live owner.  A quarantined or expired row of the value is
 * retired first; a row assigned to somebody else is ERR_CONFLICT. */
int ledger_assign(struct store *, const struct identity *id, int64_t wall_ms,
    struct err *) ERR_MUST_CHECK;
/* assigned -> quarantined until wall_ms + quarantine. */
int ledger_release(struct store *, enum id_space, uint64_t value,
    int64_t wall_ms, int64_t quarantine_ms, struct err *) ERR_MUST_CHECK;
/* Reserves for a plan until `until_ms`. */
int ledger_reserve(struct store *, const struct identity *id, int64_t wall_ms,
    struct err *) ERR_MUST_CHECK;

/* The live row of a value is of that epoch from now on; fine when there is none. */
int ledger_claim(struct store *, const struct identity *key, int64_t epoch,
    struct err *) ERR_MUST_CHECK;

/* Retires what was reserved or quarantined until now or earlier, so that it can
 * be picked again. */
int ledger_sweep(struct store *, int64_t wall_ms, struct err *)
    ERR_MUST_CHECK;

/*
 * Rows whose value begins or ends with the given hexadecimal digits (upper case)
 * or equals them, newest first; then those that hold them somewhere else; all by
 * index.  3 to 32 digits; three are looked for as a part only, and 12 or more as
 * beginning or end only.  `at_ms` 0 = now and history; else only rows that were
 * true then, as they were then.  Of very common digits a few thousand rows are
 * looked at.
 */
int ledger_find(struct store *, struct arena *, const char *digits,
    int64_t at_ms, size_t limit, struct identity **, size_t *n, struct err *)
    ERR_MUST_CHECK;
/* All rows of one value, newest first. */
int ledger_history(struct store *, struct arena *, enum id_space,
    uint64_t value, struct identity **, size_t *n, struct err *)
    ERR_MUST_CHECK;
/*
 * A page of rows, newest first: below row `before` (0 = the newest), with the
 * pool, the state (-1 any) and the profile (id or name) asked for, "" any.  A
 * pool without a state: its live rows.  *next is where the next page begins, 0
 * at the end; a page may be short before that, as the work of one is bounded.
 */
struct ledger_query {
	const char *pool, *profile;
	int state;
	int64_t before;
	size_t limit;
};
int ledger_list(struct store *, struct arena *, const struct ledger_query *,
    struct identity **, size_t *n, int64_t *next, struct err *) ERR_MUST_CHECK;

/* What ledger and profiles do not agree on; reads all that is live.  `owned`:
 * the profile has the address, the ledger does not say so; else the ledger
 * assigns it to somebody who has it no more. */
struct leak {
	bool owned;
	struct identity id;
};
int ledger_check(struct store *, struct arena *, size_t limit, struct leak **,
    size_t *n, struct err *) ERR_MUST_CHECK;

/* The same in parts of bounded work; `walk` is zeroed before the first one, and
 * done after the last. */
struct ledger_walk {
	int64_t row;
	char profile[ID_TEXT];
	bool done;
};
int ledger_check_part(struct store *, struct arena *, struct ledger_walk *,
    struct leak **, size_t *n, struct err *) ERR_MUST_CHECK;

/* One row, as it goes out with a document of kind full and comes in again. */
struct ledger_row {
	struct identity id;		/* since and until as they are kept */
	int64_t released_ms;		/* 0 never */
};
/* Newest first; at most limit. */
int ledger_rows(struct store *, struct arena *, size_t limit,
    struct ledger_row **, size_t *n, struct err *) ERR_MUST_CHECK;
/* A row of another store becomes history here, or goes on resting; what is known
 * already, reserved, or has a live owner here changes nothing. */
int ledger_row_add(struct store *, const struct ledger_row *, int64_t wall_ms,
    struct err *) ERR_MUST_CHECK;

/* Live rows of a pool by state: [0] assigned, [1] quarantined, [2] reserved. */
int ledger_count(struct store *, const char *pool_id, int64_t counts[3],
    struct err *) ERR_MUST_CHECK;

#endif
