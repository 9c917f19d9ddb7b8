/* test_snapshot.c -- whole configurations that are kept. */
#include "tests/test.h"

#include <stdio.h>

#include "profiles/snapshot.h"
#include "tests/unit/support_store.h"

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

static int64_t
add(int64_t generation, const char *xml)
{
	struct snapshot s = { .at_ms = 5, .generation = generation,
		.reason = "plan", .actor = "admin" };

	(void)snprintf(s.digest, sizeof(s.digest), "%064lld",
	    (long long)generation);
	ck_ok(snapshot_add(box.store, &s, xml, &e), e);
	return s.id;
}

static size_t
count(void)
{
	struct snapshot *list;
	size_t n;

	ck_ok(snapshot_list(box.store, box.arena, 0, 1000, &list, &n, &e), e);
	return n;
}

START_TEST(a_snapshot_comes_back_whole)
{
	int64_t id = add(7, "<a>\n é</a>\n");
	struct snapshot s;
	const char *xml;

	ck_ok(snapshot_load(box.store, id, &s, &e), e);
	ck_assert_int_eq(s.id, id);
	ck_assert_int_eq(s.at_ms, 5);
	ck_assert_int_eq(s.generation, 7);
	ck_assert_uint_eq(strlen(s.digest), 64);
	ck_assert_str_eq(s.reason, "plan");
	ck_assert_str_eq(s.actor, "admin");
	ck_assert(!s.pinned);
	ck_assert_int_eq(s.bytes, (int64_t)strlen("<a>\n é</a>\n"));
	ck_ok(snapshot_text(box.store, box.arena, id, &xml, &e), e);
	ck_assert_str_eq(xml, "<a>\n é</a>\n");
}
END_TEST

START_TEST(what_is_not_there_is_not_found)
{
	const char *xml;
	struct snapshot s;

	ck_fails(snapshot_load(box.store, 9, &s, &e), e, ERR_NOT_FOUND);
	ck_fails(snapshot_text(box.store, box.arena, 9, &xml, &e), e,
	    ERR_NOT_FOUND);
	ck_fails(snapshot_pin(box.store, 9, true, &e), e, ERR_NOT_FOUND);
	ck_fails(snapshot_drop(box.store, 9, &e), e, ERR_NOT_FOUND);
	ck_ok(snapshot_newest(box.store, &s, &e), e);
	ck_assert_int_eq(s.id, 0);
}
END_TEST

START_TEST(a_list_begins_with_the_newest)
{
	int64_t first = add(1, "<a/>"), second = add(2, "<b/>"),
	    third = add(3, "<c/>");
	struct snapshot *list, s;
	size_t n;

	ck_ok(snapshot_list(box.store, box.arena, 0, 2, &list, &n, &e), e);
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(list[0].id, third);
	ck_assert_int_eq(list[1].id, second);
	ck_ok(snapshot_list(box.store, box.arena, second, 9, &list, &n, &e), e);
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(list[0].id, first);
	ck_ok(snapshot_drop(box.store, third, &e), e);
	ck_ok(snapshot_newest(box.store, &s, &e), e);
	ck_assert_int_eq(s.id, second);
}
END_TEST

START_TEST(the_oldest_goes_unless_it_is_pinned)
{
	int64_t pinned = add(1, "<a/>"), oldest = add(2, "<b/>"), next;
	struct snapshot s;

	ck_ok(snapshot_pin(box.store, pinned, true, &e), e);
	next = add(3, "<c/>");
	for (int i = 2; i < SNAPSHOT_KEEP; i++)
		add(i + 2, "<d/>");
	ck_assert_uint_eq(count(), SNAPSHOT_KEEP + 1);
	ck_ok(snapshot_load(box.store, oldest, &s, &e), e);
	add(1000, "<e/>");
	ck_assert_uint_eq(count(), SNAPSHOT_KEEP + 1);
	ck_fails(snapshot_load(box.store, oldest, &s, &e), e, ERR_NOT_FOUND);
	ck_ok(snapshot_load(box.store, next, &s, &e), e);
	/* Unpinned, it is one too many at once. */
	ck_ok(snapshot_pin(box.store, pinned, false, &e), e);
	ck_fails(snapshot_load(box.store, pinned, &s, &e), e, ERR_NOT_FOUND);
	ck_assert_uint_eq(count(), SNAPSHOT_KEEP);
}
END_TEST

/* Told by the column, so that no test writes half a gigabyte. */
START_TEST(large_ones_make_room_but_the_newest_stays)
{
	int64_t old, large;
	char sql[100];
	struct snapshot s;

	store_rollback(box.store);
	ck_ok(store_begin(box.store, &e), e);
	old = add(1, "<a/>");
	large = add(2, "<b/>");
	ck_ok(store_commit(box.store, &e), e);
	(void)snprintf(sql, sizeof(sql), "UPDATE snapshot SET bytes = %d"
	    " WHERE id = %lld", SNAPSHOT_BYTES, (long long)large);
	ck_assert_int_eq(scratch_sql(&box, sql), 0);
	ck_ok(store_begin(box.store, &e), e);
	ck_ok(snapshot_pin(box.store, old, true, &e), e);
	ck_ok(snapshot_pin(box.store, old, false, &e), e);
	ck_fails(snapshot_load(box.store, old, &s, &e), e, ERR_NOT_FOUND);
	ck_ok(snapshot_load(box.store, large, &s, &e), e);
	add(3, "<c/>");
	ck_fails(snapshot_load(box.store, large, &s, &e), e, ERR_NOT_FOUND);
	ck_assert_uint_eq(count(), 1);
}
END_TEST

START_TEST(pins_have_an_end)
{
	int64_t id = 0;

	for (int i = 0; i <= SNAPSHOT_PINS; i++) {
		id = add(i, "<a/>");
		if (i < SNAPSHOT_PINS)
			ck_ok(snapshot_pin(box.store, id, true, &e), e);
	}
	ck_fails(snapshot_pin(box.store, id, true, &e), e, ERR_CONFLICT);
	ck_assert_str_eq(e.rule, "SnapshotPins");
	ck_assert_uint_eq(count(), SNAPSHOT_PINS + 1);
}
END_TEST

SUITE("snapshot")
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_snapshot_comes_back_whole);
	tcase_add_test(tc, what_is_not_there_is_not_found);
	tcase_add_test(tc, a_list_begins_with_the_newest);
	tcase_add_test(tc, the_oldest_goes_unless_it_is_pinned);
	tcase_add_test(tc, large_ones_make_room_but_the_newest_stays);
	tcase_add_test(tc, pins_have_an_end);
}
