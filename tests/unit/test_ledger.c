/* test_ledger.c -- who has which address, and who had it. */
#include "tests/test.h"

#include <stdio.h>

#include "tests/unit/support_store.h"

enum { HOUR = 3600 * 1000 };

static struct scratch box;
static struct err e;

static void
setup(void)
{
	scratch_new(&box);
	ck_ok(store_begin(box.store, &e), e);
}

static void
teardown(void)
{
	store_rollback(box.store);
	scratch_free(&box);
}

static struct identity
mac_of(uint64_t mac, const char *device)
{
	struct identity id = { .space = SPACE_MAC, .role = ROLE_MAC,
	    .value = mac };

	(void)snprintf(id.profile, sizeof(id.profile), "profile-of-%s", device);
	(void)snprintf(id.profile_name, sizeof(id.profile_name), "p-%s", device);
	(void)snprintf(id.device, sizeof(id.device), "%s", device);
	(void)snprintf(id.device_name, sizeof(id.device_name), "%s", device);
	return id;
}

/*
 * A life as words: rN reserve for N until +1 h, aN assign to N, x release with
 * one hour of quarantine, hN let N hours pass, s sweep; what fails is followed
 * by "!".  Then the states of its rows, newest first, with their owners.
 */
static const struct {
	const char *life, *rows;
} lives[] = {
	{ "aA", "assigned A" },
	{ "aA aA", "assigned A" },
	{ "aA aB!", "assigned A" },
	{ "aA rB!", "assigned A" },
	{ "rA", "reserved A" },
	{ "rA aA", "assigned A" },
	{ "rA aB!", "reserved A" },
	{ "rA rB!", "reserved A" },
	{ "rA rA", "reserved A" },
	{ "rA h1 aB", "assigned B, retired A" },
	{ "rA h1 s", "retired A" },
	{ "rA h1 rB", "reserved B, retired A" },
	{ "aA x", "quarantined A" },
	{ "aA x x!", "quarantined A" },
	{ "x!", "" },
	{ "aA x aA", "assigned A, retired A" },
	{ "aA x aB", "assigned B, retired A" },
	{ "aA x s", "quarantined A" },
	{ "aA x h1 s", "retired A" },
	{ "aA x h1 s aB", "assigned B, retired A" },
	{ "aA h2 s", "assigned A" },
	{ "aA x aB x aA", "assigned A, retired B, retired A" },
};

static int
live_on(char word, char who, int64_t *now)
{
	char name[2] = { who, '\0' };
	struct identity id = mac_of(0x021018000001, name);

	switch (word) {
	case 'r':
		id.until_ms = *now + HOUR;
		return ledger_reserve(box.store, &id, *now, &e);
	case 'a':
		return ledger_assign(box.store, &id, *now, &e);
	case 'x':
		return ledger_release(box.store, SPACE_MAC, id.value, *now, HOUR,
		    &e);
	case 'h':
		*now += (who - '0') * HOUR;
		return 0;
	default:
		return ledger_sweep(box.store, *now, &e);
	}
}

START_TEST(a_life)
{
	static const char *const words[] = { "reserved", "assigned",
	    "quarantined", "retired" };
	int64_t now = scratch_wall_ms;
	char rows[200] = "";
	struct identity *ids;
	size_t n, at = 0;

	for (const char *p = lives[_i].life; *p != '\0'; p++) {
		char word = *p;
		bool who = strchr("rah", word) != NULL, fails;

		p += who;
		fails = p[1] == '!';
		ck_assert_int_eq(live_on(word, who ? *p : ' ', &now),
		    fails ? -1 : 0);
		p += fails + (p[1 + fails] == ' ');
	}
	ck_ok(ledger_history(box.store, box.arena, SPACE_MAC, 0x021018000001, &ids,
	    &n, &e), e);
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(rows + at, sizeof(rows) - at, "%s%s %s",
		    i > 0 ? ", " : "", words[ids[i].state], ids[i].device);
	ck_assert_str_eq(rows, lives[_i].rows);
}
END_TEST

/* While the clock is behind the newest commit nothing leaves quarantine. */
START_TEST(a_clock_that_was_set_back_ends_no_quarantine)
{
	int64_t now = scratch_wall_ms, until = now + 1000;
	struct identity id = mac_of(0x021018000077, "A"), *live;

	ck_ok(ledger_assign(box.store, &id, now, &e), e);
	ck_ok(ledger_release(box.store, id.space, id.value, now, 1000, &e), e);
	ck_assert_int_gt(store_generation_next(box.store, now + 9000000, &e),
	    0);
	ck_ok(ledger_sweep(box.store, until + 1, &e), e);
	ck_ok(ledger_live(box.store, box.arena, id.space, id.value, &live, &e),
	    e);
	ck_assert_ptr_nonnull(live);
	ck_ok(store_clock_accept(box.store, until + 1, &e), e);
	ck_ok(ledger_sweep(box.store, until + 1, &e), e);
	ck_ok(ledger_live(box.store, box.arena, id.space, id.value, &live, &e),
	    e);
	ck_assert_ptr_null(live);
}
END_TEST

START_TEST(two_roles_share_one_space)
{
	struct identity id = { .space = SPACE_WWN, .role = ROLE_WWPN,
	    .value = 0x2000021018000001 };

	ck_ok(ledger_assign(box.store, &id, 1, &e), e);
	id.role = ROLE_WWNN;
	(void)snprintf(id.profile, sizeof(id.profile), "other");
	ck_breaks(ledger_assign(box.store, &id, 1, &e), e, ERR_CONFLICT,
	    "WwnDuplicate");
}
END_TEST

/* ---- picking ---- */

static struct pool *
small_pool(enum pool_order order)
{
	static struct block blocks[2] = {
		{ 0x021018000010, 0x021018000012 },
		{ 0x021018000000, 0x021018000001 },
	};
	struct pool *p = arena_alloc(box.arena, sizeof(*p));

	scratch_name(p->head.name, "small");
	memcpy(p->head.id, "cccccccc-0000-4000-8000-000000000001", ID_TEXT);
	p->type = POOL_MAC;
	p->order = order;
	p->blocks = blocks;
	p->n_blocks = 2;
	return p;
}

static uint64_t
pick_and_assign(const struct pool *p, struct rng *rng)
{
	struct identity id;
	uint64_t v;

	ck_ok(ledger_pick(box.store, p, rng, 1, NULL, 0, &v, &e), e);
	id = mac_of(v, "x");
	memcpy(id.pool, p->head.id, sizeof(id.pool));
	ck_ok(ledger_assign(box.store, &id, 1, &e), e);
	return v;
}

START_TEST(sequential_goes_on_where_it_was)
{
	static const uint64_t want[] = { 0x10, 0x11, 0x12, 0x00, 0x01 };
	struct pool *p = small_pool(POOL_SEQUENTIAL);
	uint64_t v;

	for (size_t i = 0; i < 5; i++)
		ck_assert_uint_eq(pick_and_assign(p, NULL) & 0xff, want[i]);
	ck_breaks(ledger_pick(box.store, p, NULL, 1, NULL, 0, &v, &e), e, ERR_RULES,
	    "PoolExhausted");
	ck_assert_ptr_ne(strstr(e.msg, "small"), NULL);
	/* One comes back: quarantined it is still live, retired it is free. */
	ck_ok(ledger_release(box.store, SPACE_MAC, 0x021018000011, 5, 10, &e), e);
	ck_breaks(ledger_pick(box.store, p, NULL, 1, NULL, 0, &v, &e), e, ERR_RULES,
	    "PoolExhausted");
	/* Its time is over, whether it was swept already or not. */
	ck_breaks(ledger_pick(box.store, p, NULL, 14, NULL, 0, &v, &e), e,
	    ERR_RULES, "PoolExhausted");
	ck_ok(ledger_pick(box.store, p, NULL, 15, NULL, 0, &v, &e), e);
	ck_assert_uint_eq(v, 0x021018000011);
	ck_breaks(ledger_pick(box.store, p, NULL, 15, &v, 1, &v, &e), e,
	    ERR_RULES, "PoolExhausted");
	ck_ok(ledger_sweep(box.store, 15, &e), e);
	ck_assert_uint_eq(pick_and_assign(p, NULL) & 0xff, 0x11);
}
END_TEST

START_TEST(what_a_set_took_is_not_picked_again)
{
	struct pool *p = small_pool((enum pool_order)_i);
	struct rng rng = rng_seed(7);
	uint64_t taken[5] = { 0 }, v;

	for (size_t n = 0; n < 5; n++) {
		ck_ok(ledger_pick(box.store, p, &rng, 1, taken, n, &taken[n], &e),
		    e);
		for (size_t i = 0; i < n; i++)
			ck_assert_uint_ne(taken[i], taken[n]);
		ck_assert(taken[n] >= 0x021018000000 &&
		    taken[n] <= 0x021018000012);
	}
	ck_breaks(ledger_pick(box.store, p, &rng, 1, taken, 5, &v, &e), e,
	    ERR_RULES, "PoolExhausted");
}
END_TEST

START_TEST(random_is_repeatable_and_complete)
{
	struct pool *p = small_pool(POOL_RANDOM);
	struct rng a = rng_seed(3), b = rng_seed(3);
	uint64_t v, w, seen = 0;

	for (size_t i = 0; i < 5; i++) {
		ck_ok(ledger_pick(box.store, p, &a, 1, NULL, 0, &v, &e), e);
		w = pick_and_assign(p, &b);
		ck_assert_uint_eq(v, w);
		seen |= UINT64_C(1) << (v & 0x3f);
	}
	ck_assert_uint_eq(seen, 0x70003);
}
END_TEST

/* 10 to 12 and 00 to 01, of which two parts are never given. */
START_TEST(what_is_excluded_is_never_picked)
{
	static struct block never[2] = {
		{ 0x021018000011, 0x021018000012 },
		{ 0x021018000000, 0x021018000000 },
	};
	struct pool *p = small_pool((enum pool_order)_i);
	struct rng rng = rng_seed(11);
	uint64_t seen = 0, v;

	p->exclusions = never;
	p->n_exclusions = 2;
	ck_assert_uint_eq(pool_size(p), 2);
	for (size_t i = 0; i < 2; i++)
		seen |= UINT64_C(1) << (pick_and_assign(p, &rng) & 0x3f);
	ck_assert_uint_eq(seen, 0x10002);
	ck_breaks(ledger_pick(box.store, p, &rng, 1, NULL, 0, &v, &e), e,
	    ERR_RULES, "PoolExhausted");
}
END_TEST

START_TEST(no_blocks_no_address)
{
	struct pool *p = small_pool(POOL_SEQUENTIAL);
	uint64_t v;

	p->n_blocks = 0;
	ck_breaks(ledger_pick(box.store, p, NULL, 1, NULL, 0, &v, &e), e, ERR_RULES,
	    "PoolExhausted");
	p->type = POOL_UUID;
	ck_fails(ledger_pick(box.store, p, NULL, 1, NULL, 0, &v, &e), e,
	    ERR_UNSUPPORTED);
}
END_TEST

START_TEST(states_are_counted)
{
	struct pool *p = small_pool(POOL_SEQUENTIAL);
	struct identity id;
	int64_t counts[3];

	(void)pick_and_assign(p, NULL);
	(void)pick_and_assign(p, NULL);
	(void)pick_and_assign(p, NULL);
	ck_ok(ledger_release(box.store, SPACE_MAC, 0x021018000010, 1, 9, &e), e);
	id = mac_of(0x021018000001, "r");
	memcpy(id.pool, p->head.id, sizeof(id.pool));
	id.until_ms = 9;
	ck_ok(ledger_reserve(box.store, &id, 1, &e), e);
	ck_ok(ledger_count(box.store, p->head.id, counts, &e), e);
	ck_assert_int_eq(counts[0], 2);
	ck_assert_int_eq(counts[1], 1);
	ck_assert_int_eq(counts[2], 1);
}
END_TEST

/* ---- finding: three addresses, by any part ---- */

static const struct {
	const char *digits;
	size_t n;
	uint64_t first;
} finds[] = {
	{ "021018000A1B", 1, 0x021018000A1B },
	{ "0210", 3, 0x021018000A1C },
	{ "0A1B", 1, 0x021018000A1B },
	{ "0A1C", 1, 0x021018000A1C },
	{ "000A1", 3, 0x2000021018000A1B },
	{ "18000A", 3, 0x2000021018000A1B },
	{ "A1C", 1, 0x021018000A1C },		/* three digits, the last */
	{ "021", 3, 0x2000021018000A1B },	/* the first, and in the middle */
	{ "A1A", 0, 0 },
	{ "2000021018000A1B", 1, 0x2000021018000A1B },
	{ "18000A1B", 2, 0x2000021018000A1B },
	{ "021018000A1B0", 0, 0 },
	{ "FFFF", 0, 0 },
};

static void
three(void)
{
	struct identity id = mac_of(0x021018000A1B, "a");

	ck_ok(ledger_assign(box.store, &id, 100, &e), e);
	id = mac_of(0x021018000A1C, "b");
	ck_ok(ledger_assign(box.store, &id, 100, &e), e);
	id = (struct identity){ .space = SPACE_WWN, .role = ROLE_WWPN,
	    .value = 0x2000021018000A1B };
	ck_ok(ledger_assign(box.store, &id, 100, &e), e);
}

START_TEST(any_part_finds_it)
{
	struct identity *ids;
	size_t n, want = finds[_i].n;

	three();
	/* The whole MAC is also the end of the WWPN around it. */
	want += strcmp(finds[_i].digits, "021018000A1B") == 0;
	want += strcmp(finds[_i].digits, "0A1B") == 0;
	ck_ok(ledger_find(box.store, box.arena, finds[_i].digits, 0, 10, &ids, &n,
	    &e), e);
	ck_assert_uint_eq(n, want);
	if (n == finds[_i].n && n > 0)
		ck_assert_uint_eq(ids[0].value, finds[_i].first);
}
END_TEST

START_TEST(too_few_digits_are_refused)
{
	static const char *const bad[] = { "", "02", "02:1", "abcd",
	    "000000000000000000000000000000000" };
	struct identity *ids;
	size_t n;

	ck_fails(ledger_find(box.store, box.arena, bad[_i], 0, 10, &ids, &n, &e),
	    e, ERR_MALFORMED);
}
END_TEST

/* A from 100 to 200, quarantine to 300, B from 250. */
static const struct {
	int64_t at;
	const char *owner;
	enum id_state state;
	int64_t since, until;
} moments[] = {
	{ 99, NULL, 0, 0, 0 },
	{ 100, "A", ID_ASSIGNED, 100, 200 },
	{ 199, "A", ID_ASSIGNED, 100, 200 },
	{ 200, "A", ID_QUARANTINED, 200, 250 },
	{ 249, "A", ID_QUARANTINED, 200, 250 },
	{ 250, "B", ID_ASSIGNED, 250, 0 },
	{ 9999, "B", ID_ASSIGNED, 250, 0 },
};

START_TEST(it_tells_what_was_true)
{
	struct identity a = mac_of(0x021018000001, "A"), *ids;
	struct identity b = mac_of(0x021018000001, "B");
	size_t n;

	ck_ok(ledger_assign(box.store, &a, 100, &e), e);
	ck_ok(ledger_release(box.store, SPACE_MAC, a.value, 200, 100, &e), e);
	ck_ok(ledger_assign(box.store, &b, 250, &e), e);
	ck_ok(ledger_find(box.store, box.arena, "021018000001", moments[_i].at, 9,
	    &ids, &n, &e), e);
	ck_assert_uint_eq(n, moments[_i].owner != NULL);
	if (n == 0)
		return;
	ck_assert_str_eq(ids[0].device, moments[_i].owner);
	ck_assert_int_eq(ids[0].state, moments[_i].state);
	ck_assert_int_eq(ids[0].since_ms, moments[_i].since);
	ck_assert_int_eq(ids[0].until_ms, moments[_i].until);
}
END_TEST

START_TEST(common_digits_stay_bounded)
{
	struct identity *ids;
	size_t n;

	for (uint64_t i = 0; i < 5000; i++) {
		struct identity id = mac_of(0x021018000000 + i, "x");

		ck_ok(ledger_assign(box.store, &id, 1, &e), e);
	}
	ck_ok(ledger_find(box.store, box.arena, "0210", 0, 100000, &ids, &n, &e),
	    e);
	ck_assert_uint_eq(n, 4096);
	ck_ok(ledger_find(box.store, box.arena, "0210", 0, 10, &ids, &n, &e), e);
	ck_assert_uint_eq(n, 10);
	ck_ok(ledger_find(box.store, box.arena, "021018001387", 0, 10, &ids, &n,
	    &e), e);
	ck_assert_uint_eq(n, 1);
}
END_TEST

/* The index of parts is brought up in batches; nothing is missed between. */
START_TEST(a_part_is_found_from_its_first_moment)
{
	struct identity *ids;
	char part[8];
	size_t n;

	for (uint64_t i = 0; i < 1030; i++) {
		struct identity id = mac_of(0x020000000000 + (i << 12), "x");

		ck_ok(ledger_assign(box.store, &id, 1, &e), e);
		(void)snprintf(part, sizeof(part), "%03X000", (unsigned)i);
		ck_ok(ledger_find(box.store, box.arena, part, 0, 1, &ids, &n,
		    &e), e);
		ck_assert_uint_eq(n, 1);
		ck_assert_uint_eq(ids[0].value, id.value);
	}
	ck_ok(ledger_find(box.store, box.arena, "3AB", 0, 10, &ids, &n, &e), e);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(ids[0].value, 0x0200003AB000);
	ck_ok(ledger_find(box.store, box.arena, "00405", 0, 10, &ids, &n, &e),
	    e);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(ids[0].value, 0x020000405000);
}
END_TEST

/* What was rolled back leaves no part behind. */
START_TEST(a_part_goes_with_its_row)
{
	struct identity *ids;
	size_t n;

	for (uint64_t i = 0; i < 511; i++) {
		struct identity id = mac_of(0x020000000000 + i, "x");

		ck_ok(ledger_assign(box.store, &id, 1, &e), e);
	}
	for (int round = 0; round < 2; round++) {
		struct identity id = mac_of(round == 0 ? 0x02ABC0000000 :
		    0x02DEF0000000, "y");

		ck_ok(store_save(box.store, &e), e);
		ck_ok(ledger_assign(box.store, &id, 1, &e), e);
		if (round == 0)
			store_undo(box.store);
		else
			ck_ok(store_release(box.store, &e), e);
	}
	ck_ok(ledger_find(box.store, box.arena, "ABC", 0, 10, &ids, &n, &e), e);
	ck_assert_uint_eq(n, 0);
	ck_ok(ledger_find(box.store, box.arena, "DEF", 0, 10, &ids, &n, &e), e);
	ck_assert_uint_eq(n, 1);
}
END_TEST

SUITE("ledger")
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, a_life, 0, N_ROWS(lives));
	tcase_add_test(tc, a_clock_that_was_set_back_ends_no_quarantine);
	tcase_add_test(tc, two_roles_share_one_space);
	tcase_add_test(tc, sequential_goes_on_where_it_was);
	tcase_add_loop_test(tc, what_a_set_took_is_not_picked_again, 0, 2);
	tcase_add_test(tc, random_is_repeatable_and_complete);
	tcase_add_loop_test(tc, what_is_excluded_is_never_picked,
	    POOL_SEQUENTIAL, POOL_RANDOM + 1);
	tcase_add_test(tc, no_blocks_no_address);
	tcase_add_test(tc, states_are_counted);
	tcase_add_loop_test(tc, any_part_finds_it, 0, N_ROWS(finds));
	tcase_add_loop_test(tc, too_few_digits_are_refused, 0, 5);
	tcase_add_loop_test(tc, it_tells_what_was_true, 0, N_ROWS(moments));
	tcase_add_test(tc, common_digits_stay_bounded);
	tcase_add_test(tc, a_part_is_found_from_its_first_moment);
	tcase_add_test(tc, a_part_goes_with_its_row);
}
