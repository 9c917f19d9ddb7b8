/* test_several.c -- several devices by one request, named by a pattern. */
#include "tests/test.h"
#include "tests/unit/support_desk.h"

#define SEVERAL(name, count) "POST /profiles/p1/vnics {\"name\":\"" name \
	"\",\"count\":" count ",\"networks\":[\"prod\"]}"

static struct desk d;

START_TEST(a_pattern_numbers_what_is_free)
{
	int64_t before;

	desk_new(&d);			/* has net0 */
	before = desk_generation(&d);
	ck_assert_int_eq(desk_ask(&d, SEVERAL("net{n}", "3")), 201);
	ck_assert_str_eq(desk_text(&d, "name"), "p1");
	ck_assert_str_eq(desk_text(&d, "vnics/1/name"), "net1");
	ck_assert_str_eq(desk_text(&d, "vnics/3/name"), "net3");
	ck_assert_str_eq(desk_text(&d, "vnics/4/name"), "");
	ck_assert_str_ne(desk_text(&d, "vnics/1/mac"),
	    desk_text(&d, "vnics/2/mac"));
	ck_assert_int_eq(desk_generation(&d), before + 1);
	desk_do(&d, "DELETE /profiles/p1/vnics/net2");
	desk_do(&d, SEVERAL("net{n}", "1"));
	ck_assert_str_eq(desk_text(&d, "vnics/3/name"), "net2");
	desk_free(&d);
}
END_TEST

START_TEST(one_job_makes_them_and_takes_them_back)
{
	const char *job;

	desk_new(&d);
	desk_do(&d, SEVERAL("{n}-lan", "2"));
	job = desk_text(&d, "job");
	desk_ask(&d, arena_printf(d.scratch.arena, "GET /jobs/%s", job));
	ck_assert_str_eq(desk_text(&d, "title"), "Add 2 vNICs to p1");
	desk_do(&d, arena_printf(d.scratch.arena, "POST /jobs/%s:undo {}",
	    job));
	desk_ask(&d, "GET /profiles/p1");
	ck_assert_str_eq(desk_text(&d, "vnics/1/name"), "");
	desk_free(&d);
}
END_TEST

static const struct {
	const char *request;
	int status;
} bad[] = {
	{ SEVERAL("net", "2"), 422 },		/* two of one name */
	{ SEVERAL("{n}", "2"), 422 },		/* digits are no name */
	{ SEVERAL("n et{n}", "2"), 422 },
	{ SEVERAL("net{n}", "0"), 400 },
	{ SEVERAL("net{n}", "257"), 400 },
	{ SEVERAL("net{n}", "256"), 422 },	/* with net0 too many */
	{ SEVERAL("net{n}", "\"2\""), 400 },
	{ "POST /profiles/p1/vnics {\"name\":\"net{n}\",\"networks\":"
	    "[\"prod\"]}", 422 },
	{ "POST /profiles/p1/vnics {\"name\":\"net{n}\",\"count\":2,"
	    "\"networks\":[\"prod\"],\"mac\":\"02:00:00:00:00:01\"}", 422 },
	{ "PATCH /profiles/p1/vnics/net0 {\"count\":2}", 400 },
};

START_TEST(it_is_refused_whole)
{
	int64_t before;

	desk_new(&d);
	before = desk_generation(&d);
	ck_assert_int_eq(desk_ask(&d, bad[_i].request), bad[_i].status);
	ck_assert_int_eq(desk_generation(&d), before);
	desk_free(&d);
}
END_TEST

/* What several PATCHes cannot do one after the other, one plan can. */
START_TEST(two_devices_change_places_in_one_plan)
{
	const char *plan;

	desk_new(&d);
	desk_do(&d, SEVERAL("net{n}", "1"));
	ck_assert_int_eq(desk_ask(&d, "PATCH /profiles/p1/vnics/net0 "
	    "{\"order\":1}"), 422);
	ck_assert_int_eq(desk_ask(&d, "POST /plans {\"changes\":["
	    "{\"method\":\"PATCH\",\"path\":\"/profiles/p1/vnics/net0\","
	    "\"body\":{\"order\":1}},{\"method\":\"PATCH\",\"path\":"
	    "\"/profiles/p1/vnics/net1\",\"body\":{\"order\":0,\"name\":"
	    "\"first\",\"pxe\":true}},{\"method\":\"PATCH\",\"path\":"
	    "\"/profiles/p1\",\"body\":{\"bootOrder\":[\"first\"]}}]}"), 201);
	plan = desk_text(&d, "id");
	desk_do(&d, arena_printf(d.scratch.arena, "POST /plans/%s:apply {}",
	    plan));
	desk_ask(&d, "GET /profiles/p1");
	ck_assert_str_eq(desk_text(&d, "vnics/0/name"), "first");
	ck_assert_str_eq(desk_text(&d, "vnics/1/name"), "net0");
	ck_assert_str_eq(desk_text(&d, "bootOrder/0"), "first");
	desk_free(&d);
}
END_TEST

SUITE("several")
{
	tcase_add_test(tc, a_pattern_numbers_what_is_free);
	tcase_add_test(tc, one_job_makes_them_and_takes_them_back);
	tcase_add_loop_test(tc, it_is_refused_whole, 0, N_ROWS(bad));
	tcase_add_test(tc, two_devices_change_places_in_one_plan);
}
