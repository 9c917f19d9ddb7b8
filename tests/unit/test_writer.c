/*
 * test_writer.c -- one transaction for a group, one answer for each.
 *
 * Entries count up the appliance's generation; a failing one is undone alone, a
 * store that fails leaves nothing of anybody.
 */
#include <stdio.h>

#include "appliance/engine/writer.h"
#include "base/fault.h"
#include "tests/test.h"
#include "tests/unit/support_scratch.h"

struct counted {
	struct writer_entry entry;
	bool fail, answered;
};

static int
count(struct writer_entry *entry, struct store *store, int64_t wall_ms,
    struct err *e)
{
	struct counted *c = entry->cookie;

	if (store_generation_next(store, wall_ms, e) < 0)
		return -1;
	return c->fail ? err_set(e, ERR_CONFLICT, "as asked") : 0;
}

static void
answered(struct writer_entry *entry)
{
	((struct counted *)entry->cookie)->answered = true;
}

static void
submit(struct writer *w, struct counted *c, bool fail)
{
	*c = (struct counted){ .fail = fail };
	c->entry.run = count;
	c->entry.done = answered;
	c->entry.cookie = c;
	ck_assert(writer_submit(w, &c->entry));
}

static int64_t
generation(struct store *store)
{
	struct appliance self;
	struct err e;

	ck_ok(store_appliance(store, &self, &e), e);
	return self.generation;
}

static int n_commits;

static void
committed(void *cookie)
{
	(void)cookie;
	n_commits++;
}

static struct store *
fresh(void)
{
	struct store *store;
	struct err e;

	support_scratch_enter();
	ck_ok(store_open_writer("w.db", &store, &e), e);
	return store;
}

START_TEST(a_failed_entry_is_undone_alone)
{
	struct store *store = fresh();
	struct writer *w = writer_new();
	struct counted c[3];
	int64_t before = generation(store);

	writer_on_commit(w, committed, NULL);
	for (int i = 0; i < 3; i++)
		submit(w, &c[i], i == 1);
	ck_assert_uint_eq(writer_turn(1000, store, w), 3);
	ck_assert_int_eq(n_commits, 1);
	ck_assert_int_eq(c[0].entry.result, 0);
	ck_assert_int_eq(c[1].entry.result, -1);
	ck_assert_int_eq(c[1].entry.err.code, ERR_CONFLICT);
	ck_assert_int_eq(c[2].entry.result, 0);
	ck_assert_int_eq(generation(store), before + 2);
	ck_assert_uint_eq(writer_turn(1000, store, w), 0);
	writer_free(w);
	store_close(store);
	support_scratch_leave();
}
END_TEST

/* Every point at which the store can fail: all of the group or nothing. */
START_TEST(a_failing_store_keeps_nothing_of_anybody)
{
	bool fired = true;
	unsigned tried = 0;

	for (unsigned n = 1; fired; n++) {
		struct store *store = fresh();
		struct writer *w = writer_new();
		struct counted c[3];
		int64_t before = generation(store), done = 0;

		for (int i = 0; i < 3; i++)
			submit(w, &c[i], false);
		fault_arm(n);
		ck_assert_uint_eq(writer_turn(1000, store, w), 3);
		fired = fault_fired();
		fault_arm(0);
		for (int i = 0; i < 3; i++) {
			ck_assert(c[i].answered);
			done += c[i].entry.result == 0;
		}
		ck_assert_int_eq(generation(store), before + done);
		tried += fired;
		writer_free(w);
		store_close(store);
		support_scratch_leave();
	}
	ck_assert_uint_ge(tried, 2);
}
END_TEST

START_TEST(a_group_has_a_limit)
{
	struct store *store = fresh();
	struct writer *w = writer_new();
	static struct counted c[WRITER_GROUP + 1];

	for (int i = 0; i <= WRITER_GROUP; i++)
		submit(w, &c[i], false);
	ck_assert_uint_eq(writer_turn(1000, store, w), WRITER_GROUP);
	ck_assert(!c[WRITER_GROUP].answered);
	ck_assert_uint_eq(writer_turn(1000, store, w), 1);
	writer_free(w);
	store_close(store);
	support_scratch_leave();
}
END_TEST

START_TEST(a_stopped_writer_takes_nothing_but_finishes)
{
	struct store *store = fresh();
	struct writer *w = writer_new();
	struct counted c, late = { .fail = false };

	submit(w, &c, false);
	writer_stop(w);
	late.entry.run = count;
	ck_assert(!writer_submit(w, &late.entry));
	ck_assert(writer_wait(w));
	ck_assert_uint_eq(writer_turn(1000, store, w), 1);
	ck_assert(c.answered);
	ck_assert(!writer_wait(w));
	writer_free(w);
	store_close(store);
	support_scratch_leave();
}
END_TEST

START_TEST(what_is_left_is_answered_not_done)
{
	struct store *store = fresh();
	struct writer *w = writer_new();
	struct counted c;
	int64_t before = generation(store);

	submit(w, &c, false);
	writer_free(w);
	ck_assert(c.answered);
	ck_assert_int_eq(c.entry.result, -1);
	ck_assert_int_eq(c.entry.err.code, ERR_UNAVAILABLE);
	ck_assert_int_eq(generation(store), before);
	store_close(store);
	support_scratch_leave();
}
END_TEST

SUITE("writer")
{
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, a_failed_entry_is_undone_alone);
	tcase_add_test(tc, a_failing_store_keeps_nothing_of_anybody);
	tcase_add_test(tc, a_group_has_a_limit);
	tcase_add_test(tc, a_stopped_writer_takes_nothing_but_finishes);
	tcase_add_test(tc, what_is_left_is_answered_not_done);
}
