/* test_epoch.c -- the identity epoch outlives its database. */
#include <stdio.h>
#include <unistd.h>

#include "base/fault.h"
#include "profiles/store.h"
#include "tests/test.h"
#include "tests/unit/support_store.h"

static struct scratch box;
static struct err e;

static void
set_up(void)
{
	scratch_new(&box);
}

static void
tear_down(void)
{
	scratch_free(&box);
}

static int64_t
row(void)
{
	struct appliance self;

	ck_ok(store_appliance(box.store, &self, &e), e);
	return self.identity_epoch;
}

static const char *
path(void)
{
	return arena_printf(box.arena, "%s.epoch", box.path);
}

static long
filed(void)
{
	FILE *f = fopen(path(), "r");
	long n = 0;

	if (f == NULL)
		return 0;
	ck_assert_int_eq(fscanf(f, "%ld", &n), 1);
	(void)fclose(f);
	return n;
}

static void
file(const char *text)
{
	FILE *f = fopen(path(), "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static void
again(void)
{
	store_close(box.store);
	ck_ok(store_open_writer(box.path, &box.store, &e), e);
}

static void
raise_to(int64_t epoch)
{
	ck_ok(store_begin(box.store, &e), e);
	ck_ok(store_epoch_raise(box.store, epoch, &e), e);
	ck_ok(store_commit(box.store, &e), e);
}

START_TEST(it_goes_up_and_never_down)
{
	ck_assert_int_eq(row(), 1);
	ck_assert_int_eq(filed(), 1);
	raise_to(7);
	ck_assert_int_eq(row(), 7);
	ck_assert_int_eq(filed(), 7);
	raise_to(3);
	raise_to(7);
	ck_assert_int_eq(row(), 7);
	ck_assert_int_eq(filed(), 7);
}
END_TEST

/* The database is put back as it was, or is new. */
START_TEST(an_older_database_is_told)
{
	raise_to(7);
	ck_assert_int_eq(scratch_sql(&box,
	    "UPDATE appliance SET identity_epoch = 2"), 0);
	again();
	ck_assert_int_eq(row(), 7);
	store_close(box.store);
	ck_assert_int_eq(unlink(box.path), 0);
	ck_ok(store_open_writer(box.path, &box.store, &e), e);
	ck_assert_int_eq(row(), 7);
}
END_TEST

/* Then it is the same appliance; with a database in use, it is that one's. */
START_TEST(who_we_are_outlives_the_database)
{
	struct appliance was, is;

	ck_ok(store_appliance(box.store, &was, &e), e);
	store_close(box.store);
	ck_assert_int_eq(unlink(box.path), 0);
	ck_ok(store_open_writer(box.path, &box.store, &e), e);
	ck_ok(store_appliance(box.store, &is, &e), e);
	ck_assert_str_eq(is.id, was.id);
	file("1 5d0c7d2e-6f0a-4c0e-9a53-0f3c2b8a7711\n");
	ck_assert_int_eq(scratch_sql(&box,
	    "UPDATE appliance SET generation = 3"), 0);
	again();
	ck_ok(store_appliance(box.store, &is, &e), e);
	ck_assert_str_eq(is.id, was.id);
}
END_TEST

static const char *const files[] = { "2\n", "", "nonsense", "0", "-4", NULL };

START_TEST(an_older_or_lost_file_is_written_again)
{
	raise_to(7);
	if (files[_i] != NULL)
		file(files[_i]);
	else
		ck_assert_int_eq(unlink(path()), 0);
	again();
	ck_assert_int_eq(row(), 7);
	ck_assert_int_eq(filed(), 7);
}
END_TEST

/* Then the file may be ahead, but nothing is lost. */
START_TEST(what_was_not_committed_still_counts)
{
	ck_ok(store_begin(box.store, &e), e);
	ck_ok(store_epoch_raise(box.store, 5, &e), e);
	store_rollback(box.store);
	ck_assert_int_eq(row(), 1);
	again();
	ck_assert_int_eq(row(), 5);
}
END_TEST

/* Whatever fails on the way, the row is not ahead of the file. */
START_TEST(a_failure_raises_nothing_or_the_file_alone)
{
	bool failed = true;

	for (unsigned n = 1; failed; n++) {
		ck_ok(store_begin(box.store, &e), e);
		fault_arm(n);
		failed = store_epoch_raise(box.store, 5, &e) < 0;
		fault_arm(0);
		if (failed)
			ck_assert_int_eq(e.code, ERR_UNAVAILABLE);
		store_rollback(box.store);
		ck_assert_int_eq(row(), 1);
		ck_assert_int_le(filed(), 5);
	}
	ck_assert_int_eq(filed(), 5);
}
END_TEST

SUITE("epoch")
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, it_goes_up_and_never_down);
	tcase_add_test(tc, an_older_database_is_told);
	tcase_add_test(tc, who_we_are_outlives_the_database);
	tcase_add_loop_test(tc, an_older_or_lost_file_is_written_again, 0,
	    N_ROWS(files));
	tcase_add_test(tc, what_was_not_committed_still_counts);
	tcase_add_test(tc, a_failure_raises_nothing_or_the_file_alone);
}
