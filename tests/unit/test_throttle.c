/* test_throttle.c -- who guesses passwords waits longer with every guess. */
#include "tests/test.h"

#include <stdio.h>

#include "appliance/http/throttle.h"

static struct throttle t;

/* Wait after the nth failure of one account from one address. */
static const int64_t waits[] = {
	0, 0, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000,
};

START_TEST(the_wait_grows_and_has_an_end)
{
	for (int i = 0; i < N_ROWS(waits); i++) {
		throttle_failed(&t, "admin", "192.0.2.1", 5000);
		ck_assert_int_eq(throttle_wait(&t, "admin", "192.0.2.1", 5000),
		    waits[i]);
	}
	ck_assert_int_eq(throttle_wait(&t, "admin", "192.0.2.1", 64999), 1);
	ck_assert_int_eq(throttle_wait(&t, "admin", "192.0.2.1", 65000), 0);
}
END_TEST

START_TEST(others_do_not_wait)
{
	for (int i = 0; i < 10; i++)
		throttle_failed(&t, "admin", "192.0.2.1", 5000);
	ck_assert_int_gt(throttle_wait(&t, "admin", "192.0.2.1", 5000), 0);
	ck_assert_int_eq(throttle_wait(&t, "admin", "192.0.2.2", 5000), 0);
	ck_assert_int_eq(throttle_wait(&t, "other", "192.0.2.1", 5000), 0);
}
END_TEST

START_TEST(an_address_that_tries_many_accounts_waits)
{
	char name[16];

	for (int i = 0; i < THROTTLE_FREE_ADDRESS; i++) {
		ck_assert_int_eq(throttle_wait(&t, "new", "192.0.2.1", 5000), 0);
		(void)snprintf(name, sizeof(name), "user%d", i);
		throttle_failed(&t, name, "192.0.2.1", 5000);
	}
	ck_assert_int_gt(throttle_wait(&t, "new", "192.0.2.1", 5000), 0);
}
END_TEST

START_TEST(a_right_password_forgets)
{
	for (int i = 0; i < 5; i++)
		throttle_failed(&t, "admin", "192.0.2.1", 5000);
	throttle_passed(&t, "admin", "192.0.2.1");
	ck_assert_int_eq(throttle_wait(&t, "admin", "192.0.2.1", 5000), 0);
	throttle_failed(&t, "admin", "192.0.2.1", 5000);
	ck_assert_int_eq(throttle_wait(&t, "admin", "192.0.2.1", 5000), 0);
}
END_TEST

START_TEST(time_forgets)
{
	for (int i = 0; i < 5; i++)
		throttle_failed(&t, "admin", "192.0.2.1", 5000);
	throttle_failed(&t, "admin", "192.0.2.1",
	    5001 + THROTTLE_FORGET_MS);
	ck_assert_int_eq(throttle_wait(&t, "admin", "192.0.2.1",
	    5001 + THROTTLE_FORGET_MS), 0);
}
END_TEST

/* More strangers than rows: the newest still wait, the oldest made room. */
START_TEST(a_full_table_forgets_the_oldest)
{
	char address[32];
	int n = THROTTLE_ROWS;

	for (int i = 0; i < n; i++) {
		(void)snprintf(address, sizeof(address), "2001:db8::%x", i);
		for (int k = 0; k < 4; k++)
			throttle_failed(&t, "admin", address, 5000 + i);
	}
	ck_assert_int_gt(throttle_wait(&t, "admin", address, 5000 + n), 0);
	ck_assert_int_eq(throttle_wait(&t, "admin", "2001:db8::0", 5000), 0);
}
END_TEST

SUITE("throttle")
{
	tcase_add_test(tc, the_wait_grows_and_has_an_end);
	tcase_add_test(tc, others_do_not_wait);
	tcase_add_test(tc, an_address_that_tries_many_accounts_waits);
	tcase_add_test(tc, a_right_password_forgets);
	tcase_add_test(tc, time_forgets);
	tcase_add_test(tc, a_full_table_forgets_the_oldest);
}
