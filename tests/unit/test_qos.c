/*
 * test_qos.c -- guarantees on a port that can only limit.
 *
 * Examples first, then random ports: what is admitted holds, what was chosen
 * stays, nothing more could be given, and what is refused cannot hold.
 */
#include "appliance/engine/qos.h"
#include "base/random.h"
#include "tests/test.h"

enum { SHARES = 6, ROUNDS = 20000 };

static const struct qos_limits x520 = { .min = 11, .max = 10000, .step = 1 };

static const struct {
	uint32_t budget;
	struct qos_share before[SHARES];
	size_t n;
	bool good;
	uint32_t limits[SHARES];
} rows[] = {
	/* Nobody is guaranteed anything: nothing to do. */
	{ 10000, { { 0, 0 }, { 0, 500 } }, 2, true, { 0, 500 } },
	/* Alone on its port. */
	{ 10000, { { 10000, 0 } }, 1, true, { 0 } },
	{ 10000, { { 10001, 0 } }, 1, false, { 0 } },
	/* The other gets what is left; the guaranteed one is not limited. */
	{ 10000, { { 4000, 0 }, { 0, 0 } }, 2, true, { 0, 6000 } },
	{ 10000, { { 4000, 0 }, { 0, 6000 } }, 2, true, { 0, 6000 } },
	{ 10000, { { 4000, 0 }, { 0, 6001 } }, 2, false, { 0, 6001 } },
	{ 10000, { { 4000, 0 }, { 0, 0 }, { 0, 1000 } }, 3, true,
	    { 0, 5000, 1000 } },
	/* Two of them limit each other. */
	{ 10000, { { 4000, 0 }, { 6000, 0 } }, 2, true, { 4000, 6000 } },
	{ 10000, { { 4000, 0 }, { 6001, 0 } }, 2, false, { 0, 0 } },
	{ 10000, { { 4000, 0 }, { 5989, 0 }, { 0, 0 } }, 3, true,
	    { 4000, 5989, 11 } },
	{ 10000, { { 4000, 0 }, { 5990, 0 }, { 0, 0 } }, 3, false,
	    { 0, 0, 0 } },
	/* What is not used of another port's half. */
	{ 5000, { { 4000, 0 }, { 0, 0 } }, 2, true, { 0, 1000 } },
};

START_TEST(a_port_is_shared_out)
{
	struct qos_share s[SHARES];

	memcpy(s, rows[_i].before, sizeof(s));
	ck_assert(qos_admit(s, rows[_i].n, rows[_i].budget, x520) ==
	    rows[_i].good);
	for (size_t i = 0; i < rows[_i].n; i++)
		ck_assert_uint_eq(s[i].limit_mbps, rows[_i].limits[i]);
}
END_TEST

/* The definition itself, in other words than the code's. */
static bool
truth(const struct qos_share *s, size_t n, uint32_t budget)
{
	for (size_t f = 0; f < n; f++) {
		uint64_t others = 0;
		bool open = false;

		if (s[f].guarantee_mbps == 0)
			continue;
		for (size_t i = 0; i < n; i++) {
			others += i != f ? s[i].limit_mbps : 0;
			open = open || (i != f && s[i].limit_mbps == 0);
		}
		if (open || others + s[f].guarantee_mbps > budget)
			return false;
	}
	return true;
}

static uint32_t
roll(struct rng *r, uint32_t below)
{
	return (uint32_t)rng_below(r, below);
}

static size_t
random_port(struct rng *r, struct qos_share *s)
{
	size_t n = 1 + roll(r, SHARES);

	for (size_t i = 0; i < n; i++) {
		s[i].guarantee_mbps = roll(r, 3) == 0 ? roll(r, 4000) : 0;
		s[i].limit_mbps = roll(r, 3) == 0 ? 11 + roll(r, 5000) : 0;
		if (s[i].limit_mbps != 0 &&
		    s[i].limit_mbps < s[i].guarantee_mbps)
			s[i].limit_mbps = s[i].guarantee_mbps;
	}
	return n;
}

/* As little as could be given: were it possible at all, this would hold. */
static void
least(struct qos_share *s, size_t n, struct qos_limits l)
{
	for (size_t i = 0; i < n; i++)
		if (s[i].limit_mbps == 0) {
			uint32_t base = s[i].guarantee_mbps > l.min ?
			    s[i].guarantee_mbps : l.min;

			s[i].limit_mbps = (base + l.step - 1) / l.step *
			    l.step;
		}
}

START_TEST(random_ports_keep_their_guarantees)
{
	struct rng r = rng_seed((uint64_t)_i + 1);
	unsigned admitted = 0, refused = 0;

	for (int round = 0; round < ROUNDS; round++) {
		struct qos_share before[SHARES] = { 0 }, s[SHARES];
		struct qos_limits l = { .min = 11, .max = 10000,
			.step = roll(&r, 2) == 0 ? 1 : 100 };
		uint32_t budget = roll(&r, 12000);
		size_t n = random_port(&r, before);

		memcpy(s, before, sizeof(s));
		if (!qos_admit(s, n, budget, l)) {
			refused++;
			ck_assert_mem_eq(s, before, n * sizeof(*s));
			least(s, n, l);
			ck_assert(!truth(s, n, budget));
			continue;
		}
		admitted++;
		ck_assert(truth(s, n, budget));
		ck_assert(qos_holds(s, n, budget));
		for (size_t i = 0; i < n; i++) {
			ck_assert_uint_eq(s[i].guarantee_mbps,
			    before[i].guarantee_mbps);
			if (before[i].limit_mbps != 0)
				ck_assert_uint_eq(s[i].limit_mbps,
				    before[i].limit_mbps);
			else if (s[i].limit_mbps != 0) {
				ck_assert_uint_ge(s[i].limit_mbps, l.min);
				ck_assert_uint_ge(s[i].limit_mbps,
				    s[i].guarantee_mbps);
				ck_assert_uint_eq(s[i].limit_mbps % l.step, 0);
			}
		}
		/* Asked again, nothing moves. */
		memcpy(before, s, sizeof(s));
		ck_assert(qos_admit(s, n, budget, l));
		ck_assert_mem_eq(s, before, n * sizeof(*s));
	}
	ck_assert_uint_gt(admitted, ROUNDS / 10);
	ck_assert_uint_gt(refused, ROUNDS / 10);
}
END_TEST

START_TEST(a_budget_is_speed_less_the_reserve)
{
	struct fabric_port p = { .link = 1, .mbps = 1000, .cap_mbps = 10000 };

	ck_assert_uint_eq(qos_budget(&p, 0), 1000);
	ck_assert_uint_eq(qos_budget(&p, 33), 670);
	p.link = 0;			/* what it can do when it is up */
	ck_assert_uint_eq(qos_budget(&p, 50), 5000);
	p.cap_mbps = 3;
	ck_assert_uint_eq(qos_budget(&p, 50), 1);
}
END_TEST

SUITE("qos")
{
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_port_is_shared_out, 0, N_ROWS(rows));
	tcase_add_loop_test(tc, random_ports_keep_their_guarantees, 0, 4);
	tcase_add_test(tc, a_budget_is_speed_less_the_reserve);
}
