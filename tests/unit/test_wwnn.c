/* test_wwnn.c -- a node name made of the first port name. */
#include <stdio.h>

#include "base/ids.h"
#include "tests/test.h"
#include "tests/unit/support_desk.h"

static struct desk d;

static void
setup(void)
{
	desk_new(&d);
	desk_do(&d, "PATCH /profiles/p1 {\"wwnnFrom\":\"wwpn\"}");
}

static void
teardown(void)
{
	desk_free(&d);
}

static uint64_t
number(const char *member)
{
	uint64_t value = 0;

	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1"), 200);
	ck_assert(wwn_parse(desk_text(&d, member), &value));
	return value;
}

START_TEST(it_is_the_first_one_and_one_more)
{
	ck_assert_str_eq(desk_text(&d, "wwnn"), "");
	desk_do(&d, "POST /profiles/p1/vhbas {\"name\":\"h\",\"san\":"
	    "\"san-a\"}");
	ck_assert(number("wwnn") == number("vhbas/0/wwpn") + 1);
	desk_do(&d, "POST /profiles/p1/vhbas {\"name\":\"i\",\"san\":"
	    "\"san-a\"}");
	ck_assert(number("wwnn") == number("vhbas/0/wwpn") + 1);
	ck_assert(number("vhbas/1/wwpn") != number("wwnn"));
}
END_TEST

START_TEST(several_at_once_leave_it_its_place)
{
	desk_do(&d, "POST /profiles/p1/vhbas {\"name\":\"h{n}\",\"count\":3,"
	    "\"san\":\"san-a\"}");
	ck_assert(number("wwnn") == number("vhbas/0/wwpn") + 1);
	ck_assert(number("vhbas/1/wwpn") != number("wwnn"));
	ck_assert(number("vhbas/2/wwpn") != number("wwnn"));
}
END_TEST

/* Where the next one is taken, another pair is looked for. */
START_TEST(a_pair_that_is_free_is_found)
{
	uint64_t first;
	char next[WWN_TEXT];

	desk_do(&d, "POST /profiles/p1/vhbas {\"name\":\"h\",\"san\":"
	    "\"san-a\"}");
	first = number("wwnn");
	desk_do(&d, arena_printf(d.scratch.arena, "POST /profiles/p2/vhbas "
	    "{\"name\":\"x\",\"san\":\"san-a\",\"wwpn\":\"%s\"}",
	    wwn_text(first + 2, next)));
	desk_do(&d, "POST /profiles/p1:clone {\"name\":\"p3\"}");
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p3"), 200);
	ck_assert_str_eq(desk_text(&d, "wwnnFrom"), "wwpn");
	ck_assert_str_eq(desk_text(&d, "wwnn"), wwn_text(first + 4, next));
}
END_TEST

START_TEST(a_given_one_whose_next_is_taken_is_refused)
{
	desk_do(&d, "POST /profiles/p2/vhbas {\"name\":\"x\",\"san\":"
	    "\"san-a\",\"wwpn\":\"50:00:00:00:00:00:00:02\"}");
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p1/vhbas {\"name\":"
	    "\"h\",\"san\":\"san-a\",\"wwpn\":\"50:00:00:00:00:00:00:01\"}"),
	    422);
	ck_assert(desk_says(&d, "WwnDuplicate"));
}
END_TEST

START_TEST(otherwise_it_is_of_the_pool)
{
	desk_do(&d, "PATCH /profiles/p1 {\"wwnnFrom\":null}");
	desk_do(&d, "POST /profiles/p1/vhbas {\"name\":\"h\",\"san\":"
	    "\"san-a\"}");
	ck_assert(number("wwnn") != number("vhbas/0/wwpn") + 1);
}
END_TEST

SUITE("wwnn")
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, it_is_the_first_one_and_one_more);
	tcase_add_test(tc, several_at_once_leave_it_its_place);
	tcase_add_test(tc, a_pair_that_is_free_is_found);
	tcase_add_test(tc, a_given_one_whose_next_is_taken_is_refused);
	tcase_add_test(tc, otherwise_it_is_of_the_pool);
}
