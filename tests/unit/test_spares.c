/*
 * test_spares.c -- which slot takes over, why the others do not, and what becomes
 * of the slots on both sides.
 */
#include <stdio.h>

#include "tests/test.h"
#include "tests/unit/support_desk.h"

#define SPARE(n) "PATCH /slots/" n " {\"isSpare\":true}"
#define TAKE_OVER "POST /profiles/p1:move?confirm=SourceStillUp" \
	" {\"policy\":\"spare\",\"force\":true}"

/* The reasons of a slot in the last answer, with "; " between them. */
static const char *
reasons(struct desk *d, int64_t slot)
{
	json_t *item, *text;
	const char *all = "";
	size_t i, k;

	json_array_foreach(json_object_get(d->json, "items"), i, item) {
		if (json_integer_value(json_object_get(item, "slot")) != slot)
			continue;
		json_array_foreach(json_object_get(item, "reasons"), k, text)
			all = arena_printf(d->scratch.arena, "%s%s%s", all,
			    k > 0 ? "; " : "", json_string_value(text));
	}
	return all;
}

/* "3 1" = first slot 3, then slot 1: those that fit, by rank. */
static const char *
fits(struct desk *d)
{
	json_t *item;
	const char *all = "";
	size_t i;

	json_array_foreach(json_object_get(d->json, "items"), i, item)
		if (json_is_true(json_object_get(item, "fits"))) {
			ck_assert_int_eq(json_integer_value(json_object_get(
			    item, "rank")), (json_int_t)i + 1);
			all = arena_printf(d->scratch.arena, "%s%s%lld", all,
			    i > 0 ? " " : "", (long long)json_integer_value(
			    json_object_get(item, "slot")));
		}
	return all;
}

static const struct refused_row {
	const char *setup[4];
	int64_t slot;
	const char *why;
} refused_rows[] = {
	{ { NULL }, 3, "is not kept as a spare" },
	{ { SPARE("4") }, 4, "has no link" },
	{ { SPARE("3"), "PATCH /slots/3 {\"adminState\":\"disabled\"}" }, 3,
	    "is disabled" },
	{ { SPARE("3"), "PATCH /slots/3 {\"adminState\":\"maintenance\"}" }, 3,
	    "is in maintenance" },
	{ { "POST /profiles/p2:assign {\"slot\":2}" }, 2,
	    "is not kept as a spare; has profile p2" },
	{ { "PATCH /slots/4 {\"isSpare\":true,\"adminState\":\"disabled\"}" },
	    4, "is disabled; has no link" },
	/* The cable carries 32000. */
	{ { SPARE("3"), "POST /profiles/p1/vnics {\"name\":\"n{n}\",\"count\":3,"
	    "\"networks\":[\"prod\"],\"qos\":{\"guaranteeMbps\":9900}}" }, 3,
	    "has a cable for 32000 Mb/s; the guarantees are 29700" },
	{ { SPARE("3"), "POST /profiles/p1/vnics {\"name\":\"n{n}\",\"count\":4,"
	    "\"networks\":[\"prod\"]}" }, 3,
	    "has 4 bridges left, for 5 devices" },
};

START_TEST(what_does_not_fit_says_why)
{
	const struct refused_row *row = &refused_rows[_i];
	struct desk d;

	desk_new(&d);
	for (size_t i = 0; i < 4 && row->setup[i] != NULL; i++)
		desk_do(&d, row->setup[i]);
	ck_assert_int_eq(desk_ask(&d, "GET /spares?profile=p1"), 200);
	ck_assert_str_eq(reasons(&d, row->slot), row->why);
	ck_assert_str_eq(fits(&d), "");
	desk_free(&d);
}
END_TEST

START_TEST(disks_are_reached_or_not)
{
	struct desk d;

	desk_new(&d);
	desk_do(&d, "POST /profiles/p1/vdas {\"name\":\"d\",\"virtualDisks\":"
	    "[{\"name\":\"s\",\"raid\":\"RAID1\",\"capacityMiB\":100}]}");
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":1}");
	desk_do(&d, SPARE("3"));
	ck_assert_int_eq(desk_ask(&d, "GET /spares?slot=1"), 200);
	ck_assert_str_eq(fits(&d), "3");
	desk_pull(&d, 3);
	ck_assert_int_eq(desk_ask(&d, "GET /spares?slot=1"), 200);
	ck_assert_str_eq(reasons(&d, 3), "does not reach the disks of d: no "
	    "RAID module is in io3");
	ck_assert_int_eq(desk_ask(&d, TAKE_OVER), 422);
	ck_assert_str_eq(desk_text(&d, "errors/0/code"), "NoSpare");
	ck_assert_str_eq(desk_text(&d, "errors/0/detail"), "slot 3 does not "
	    "reach the disks of d: no RAID module is in io3");
	desk_free(&d);
}
END_TEST

START_TEST(the_best_is_the_first)
{
	struct desk d;

	desk_new(&d);
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":3}");
	ck_assert_int_eq(desk_ask(&d, TAKE_OVER), 422);
	ck_assert_str_eq(desk_text(&d, "errors/0/detail"),
	    "no slot is kept as a spare");
	desk_do(&d, SPARE("1"));
	desk_do(&d, SPARE("2"));
	ck_assert_int_eq(desk_ask(&d, "GET /spares?profile=p1"), 200);
	ck_assert_str_eq(fits(&d), "1 2");
	ck_assert_str_eq(reasons(&d, 1), "x8, 32000 Mb/s; its server runs");
	/* Labels that the slot which is left has. */
	desk_do(&d, "PATCH /slots/3 {\"labels\":{\"row\":\"a\",\"os\":\"esx\"}}");
	desk_do(&d, "PATCH /slots/1 {\"labels\":{\"row\":\"b\"}}");
	desk_do(&d, "PATCH /slots/2 {\"labels\":{\"row\":\"a\",\"x\":\"y\"}}");
	ck_assert_int_eq(desk_ask(&d, "GET /spares?profile=p1"), 200);
	ck_assert_str_eq(fits(&d), "2 1");
	ck_assert_str_eq(reasons(&d, 2),
	    "1 label in common; x8, 32000 Mb/s; its server runs");
	desk_do(&d, TAKE_OVER);
	ck_assert_str_eq(desk_text(&d, "slot"), "2");
	desk_free(&d);
}
END_TEST

/* Whose server has to be restarted first takes over last. */
START_TEST(a_server_that_takes_nothing_new_comes_last)
{
	struct desk d;

	desk_new(&d);
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":3}");
	desk_do(&d, SPARE("1"));
	desk_do(&d, SPARE("2"));
	desk_room(&d, 1, 0);
	ck_assert_int_eq(desk_ask(&d, "GET /spares?profile=p1"), 200);
	ck_assert_str_eq(fits(&d), "2 1");
	ck_assert_str_eq(reasons(&d, 1), "x8, 32000 Mb/s; its server runs and "
	    "sees it after a reboot");
	desk_free(&d);
}
END_TEST

START_TEST(a_spare_can_be_named)
{
	struct desk d;

	desk_new(&d);
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":3}");
	desk_do(&d, SPARE("1"));
	desk_do(&d, SPARE("2"));
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p1:move"
	    " {\"policy\":\"spare\",\"slot\":4}"), 422);
	ck_assert_str_eq(desk_text(&d, "errors/0/detail"),
	    "slot 4 is not kept as a spare");
	ck_assert_str_eq(desk_where(&d, "NoSpare"), "/slot");
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p1:move"
	    " {\"policy\":\"other\"}"), 400);
	desk_do(&d, "POST /profiles/p1:move?confirm=SourceStillUp"
	    " {\"policy\":\"spare\",\"force\":true,\"slot\":2}");
	ck_assert_str_eq(desk_text(&d, "slot"), "2");
	desk_free(&d);
}
END_TEST

/* "enabled 0" = its adminState, and whether it is a spare. */
static const char *
flags(struct desk *d, unsigned slot)
{
	ck_assert_int_eq(desk_ask(d, arena_printf(d->scratch.arena,
	    "GET /slots/%u", slot)), 200);
	return arena_printf(d->scratch.arena, "%s %d", desk_text(d,
	    "adminState"), strcmp(desk_text(d, "isSpare"), "true") == 0);
}

static const struct back_row {
	const char *how;		/* NULL = undo of the move */
	const char *home, *spare;	/* flags of slots 1 and 3 afterwards */
} back_rows[] = {
	{ NULL, "enabled 0", "enabled 1" },
	{ "POST /profiles/p1:move {\"slot\":1}", "enabled 0", "enabled 1" },
	/* Nobody goes home: the slots stay as they are. */
	{ "POST /profiles/p1:release {}", "maintenance 0", "enabled 0" },
};

START_TEST(both_slots_change_and_change_back)
{
	const struct back_row *row = &back_rows[_i];
	struct desk d;

	desk_new(&d);
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":1}");
	desk_do(&d, SPARE("3"));
	desk_do(&d, TAKE_OVER);
	ck_assert_str_eq(desk_text(&d, "homeSlot"), "1");
	ck_assert_int_eq(desk_ask(&d, "GET /jobs?limit=1"), 200);
	if (row->how == NULL)
		desk_do(&d, arena_printf(d.scratch.arena,
		    "POST /jobs/%s:undo {}", desk_text(&d, "items/0/id")));
	ck_assert_str_eq(flags(&d, 1), row->how == NULL ? row->home :
	    "maintenance 0");
	ck_assert_str_eq(flags(&d, 3), row->how == NULL ? row->spare :
	    "enabled 0");
	if (row->how != NULL)
		desk_do(&d, row->how);
	ck_assert_str_eq(flags(&d, 1), row->home);
	ck_assert_str_eq(flags(&d, 3), row->spare);
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1"), 200);
	ck_assert_str_eq(desk_text(&d, "homeSlot"), "");
	desk_free(&d);
}
END_TEST

/* Nobody may take it for repaired. */
START_TEST(an_isolated_slot_stays_off)
{
	struct desk d;

	desk_new(&d);
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":1}");
	desk_do(&d, SPARE("3"));
	desk_do(&d, "POST /slots/1:isolate {}");
	desk_do(&d, TAKE_OVER);
	ck_assert_str_eq(flags(&d, 1), "disabled 0");
	desk_free(&d);
}
END_TEST

static const char *const malformed[] = {
	"GET /spares?profile=p1&slot=1", "GET /spares?slot=x",
	"GET /spares?limit=1",
};

START_TEST(a_question_about_both_is_refused)
{
	struct desk d;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d, malformed[_i]), 400);
	ck_assert_int_eq(desk_ask(&d, "GET /spares?slot=99"), 404);
	ck_assert_int_eq(desk_ask(&d, "GET /spares?profile=none"), 404);
	ck_assert_int_eq(desk_ask(&d, "GET /spares"), 200);
	desk_free(&d);
}
END_TEST

SUITE("spares")
{
	tcase_add_loop_test(tc, what_does_not_fit_says_why, 0,
	    N_ROWS(refused_rows));
	tcase_add_test(tc, disks_are_reached_or_not);
	tcase_add_test(tc, the_best_is_the_first);
	tcase_add_test(tc, a_server_that_takes_nothing_new_comes_last);
	tcase_add_test(tc, a_spare_can_be_named);
	tcase_add_loop_test(tc, both_slots_change_and_change_back, 0,
	    N_ROWS(back_rows));
	tcase_add_test(tc, an_isolated_slot_stays_off);
	tcase_add_loop_test(tc, a_question_about_both_is_refused, 0,
	    N_ROWS(malformed));
}
