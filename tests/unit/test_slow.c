/* test_slow.c -- one thread and a short queue. */
#include "tests/test.h"

#include <pthread.h>

#include "appliance/http/slow.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static bool begun, released;
static int done, order[SLOW_QUEUE + 1];

static void
hold(void *cookie)
{
	(void)cookie;
	pthread_mutex_lock(&lock);
	begun = true;
	pthread_cond_broadcast(&cond);
	while (!released)
		pthread_cond_wait(&cond, &lock);
	pthread_mutex_unlock(&lock);
}

static void
count(void *cookie)
{
	pthread_mutex_lock(&lock);
	order[done++] = *(int *)cookie;
	pthread_mutex_unlock(&lock);
}

START_TEST(a_full_queue_refuses_and_keeps_order)
{
	int numbers[SLOW_QUEUE];
	struct slow *s;
	struct err e;

	ck_ok(slow_open(&s, &e), e);
	ck_assert(slow_submit(s, hold, NULL));
	pthread_mutex_lock(&lock);
	while (!begun)
		pthread_cond_wait(&cond, &lock);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < SLOW_QUEUE; i++) {
		numbers[i] = i;
		ck_assert(slow_submit(s, count, &numbers[i]));
	}
	ck_assert(!slow_submit(s, count, &numbers[0]));
	pthread_mutex_lock(&lock);
	released = true;
	pthread_cond_broadcast(&cond);
	pthread_mutex_unlock(&lock);
	slow_close(s);			/* finishes what is queued */
	ck_assert_int_eq(done, SLOW_QUEUE);
	for (int i = 0; i < SLOW_QUEUE; i++)
		ck_assert_int_eq(order[i], i);
}
END_TEST

START_TEST(an_idle_one_closes)
{
	struct slow *s;
	struct err e;

	ck_ok(slow_open(&s, &e), e);
	slow_close(s);
}
END_TEST

SUITE("slow")
{
	tcase_add_test(tc, a_full_queue_refuses_and_keeps_order);
	tcase_add_test(tc, an_idle_one_closes);
}
