/* A seeded stream repeats; what it draws is in range and even. */
#include "base/digest.h"
#include "base/ids.h"
#include "base/random.h"
#include "tests/test.h"

START_TEST(a_seed_repeats_and_a_copy_goes_on_alike)
{
	struct rng a = rng_seed((uint64_t)_i), b = rng_seed((uint64_t)_i), c;

	for (int i = 0; i < 10; i++)
		ck_assert_uint_eq(rng_next(&a), rng_next(&b));
	c = a;
	ck_assert_uint_eq(rng_next(&a), rng_next(&c));
}
END_TEST

START_TEST(neighbouring_seeds_differ)
{
	struct rng a = rng_seed((uint64_t)_i), b = rng_seed((uint64_t)_i + 1);

	ck_assert_uint_ne(rng_next(&a), rng_next(&b));
}
END_TEST

static const uint64_t bounds[] = { 1, 2, 3, 10, 255, 1u << 20,
    (1ull << 63) + 1, UINT64_MAX };

START_TEST(below_stays_below)
{
	struct rng r = rng_seed(7);

	for (int i = 0; i < 2000; i++)
		ck_assert_uint_lt(rng_below(&r, bounds[_i]), bounds[_i]);
}
END_TEST

START_TEST(below_is_even)
{
	struct rng r = rng_seed(11);
	int seen[6] = { 0 };

	for (int i = 0; i < 60000; i++)
		seen[rng_below(&r, 6)]++;
	/* 10,000 expected, standard deviation 91: eight of them. */
	for (int i = 0; i < 6; i++) {
		ck_assert_int_gt(seen[i], 10000 - 730);
		ck_assert_int_lt(seen[i], 10000 + 730);
	}
}
END_TEST

START_TEST(a_uuid_is_of_version_4)
{
	struct rng r = rng_seed((uint64_t)_i), same = r;
	char a[37], b[37], c[37];

	ck_assert(uuid_valid(rng_uuid(&r, a)));
	ck_assert_int_eq(a[14], '4');
	ck_assert_ptr_nonnull(strchr("89ab", a[19]));
	ck_assert_uint_eq(strspn(a, "0123456789abcdef-"), 36);
	ck_assert_str_eq(a, rng_uuid(&same, b));
	ck_assert_str_ne(a, rng_uuid(&r, c));
}
END_TEST

START_TEST(fresh_streams_and_bytes_differ)
{
	unsigned char a[16] = { 0 }, b[16] = { 0 };
	struct rng x, y;

	digest_init();
	x = rng_fresh();
	y = rng_fresh();
	ck_assert_uint_ne(rng_next(&x), rng_next(&y));
	random_bytes(a, sizeof(a));
	random_bytes(b, sizeof(b));
	ck_assert_mem_ne(a, b, sizeof(a));
}
END_TEST

SUITE("random")
{
	tcase_add_loop_test(tc, a_seed_repeats_and_a_copy_goes_on_alike, 0,
	    20);
	tcase_add_loop_test(tc, neighbouring_seeds_differ, 0, 200);
	tcase_add_loop_test(tc, below_stays_below, 0, N_ROWS(bounds));
	tcase_add_test(tc, below_is_even);
	tcase_add_loop_test(tc, a_uuid_is_of_version_4, 0, 100);
	tcase_add_test(tc, fresh_streams_and_bytes_differ);
}
