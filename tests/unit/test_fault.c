/* The nth point fires, once; without arming none ever does. */
#include <pthread.h>
#include <stdatomic.h>

#include "base/fault.h"
#include "tests/test.h"

START_TEST(nothing_fires_unarmed)
{
	for (int i = 0; i < 1000; i++)
		ck_assert(!fault_here("a"));
	ck_assert(!fault_fired());
}
END_TEST

START_TEST(the_nth_point_fires_once)
{
	fault_arm((unsigned)_i);
	for (int i = 1; i <= 50; i++) {
		ck_assert(fault_here(i % 2 != 0 ? "a" : "b") == (i == _i));
		ck_assert(fault_fired() == (i >= _i));
	}
}
END_TEST

START_TEST(zero_disarms_and_forgets)
{
	fault_arm(1);
	ck_assert(fault_here("a"));
	fault_arm(0);
	ck_assert(!fault_fired());
	ck_assert(!fault_here("a"));
	fault_arm(2);
	fault_arm(0);
	ck_assert(!fault_here("a"));
	ck_assert(!fault_here("a"));
}
END_TEST

/* The loop of every torture test: it visits each point and ends by itself. */
START_TEST(a_loop_visits_every_point)
{
	unsigned visited = 0;
	bool fired = true;

	for (unsigned n = 1; fired; n++) {
		fault_arm(n);
		for (int i = 0; i < 7; i++)
			if (fault_here("work"))
				visited++;
		fired = fault_fired();
	}
	ck_assert_uint_eq(visited, 7);
}
END_TEST

static atomic_int hits;

static void *
pass_many(void *unused)
{
	for (int i = 0; i < 10000; i++)
		if (fault_here("thread"))
			atomic_fetch_add(&hits, 1);
	return unused;
}

START_TEST(threads_see_it_fire_once)
{
	pthread_t threads[4];

	fault_arm(15000);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, pass_many,
		    NULL), 0);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	ck_assert_int_eq(atomic_load(&hits), 1);
	ck_assert(fault_fired());
}
END_TEST

SUITE("fault")
{
	tcase_add_test(tc, nothing_fires_unarmed);
	tcase_add_loop_test(tc, the_nth_point_fires_once, 1, 51);
	tcase_add_test(tc, zero_disarms_and_forgets);
	tcase_add_test(tc, a_loop_visits_every_point);
	tcase_add_test(tc, threads_see_it_fire_once);
}
