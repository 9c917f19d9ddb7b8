/*
 * test_revisions.c -- what a profile was: read, compared, made again.
 */
#include <stdio.h>

#include "tests/test.h"
#include "tests/unit/support_desk.h"

static struct desk d;

static void
setup(void)
{
	desk_new(&d);
}

static void
teardown(void)
{
	desk_free(&d);
}

/* The newest revision of p1. */
static const char *
newest(void)
{
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1/revisions"), 200);
	return desk_text(&d, "items/0/revision");
}

static int
ask(const char *method, const char *path, const char *body)
{
	return desk_ask(&d, arena_printf(d.scratch.arena, "%s %s %s", method,
	    path, body));
}

static int
revert(const char *revision)
{
	return ask("POST", "/profiles/p1:revert", arena_printf(d.scratch.arena,
	    "{\"revision\":%s}", revision));
}

START_TEST(a_revision_is_read_as_it_was)
{
	const char *then, *mac;

	then = newest();
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1/vnics/net0"), 200);
	mac = desk_text(&d, "mac");
	desk_do(&d, "DELETE /profiles/p1/vnics/net0");
	desk_do(&d, "PATCH /profiles/p1 {\"description\":\"bare\"}");
	ck_assert_int_eq(ask("GET", arena_printf(d.scratch.arena,
	    "/profiles/p1/revisions/%s", then), ""), 200);
	ck_assert_str_eq(desk_text(&d, "content/name"), "p1");
	ck_assert_str_eq(desk_text(&d, "content/description"), "");
	ck_assert_str_eq(desk_text(&d, "content/vnics/0/name"), "net0");
	ck_assert_str_eq(desk_text(&d, "content/vnics/0/mac"), mac);
	ck_assert_str_eq(desk_text(&d, "content/vnics/0/networks/0"), "prod");
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1/revisions/99"), 404);
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1/revisions/x"), 404);
}
END_TEST

START_TEST(two_are_compared_field_by_field)
{
	const char *a = newest(), *b;

	desk_do(&d, "PATCH /profiles/p1/vnics/net0 {\"mtu\":9000}");
	b = newest();
	desk_do(&d, "PATCH /profiles/p1/vnics/net0 {\"mtu\":1400}");
	ck_assert_int_eq(ask("GET", arena_printf(d.scratch.arena,
	    "/profiles/p1/revisions/%s:diff?against=%s", a, b), ""), 200);
	ck_assert_str_eq(desk_text(&d, "diff/0/name"), "net0");
	ck_assert_str_eq(desk_text(&d, "diff/0/fields/0/name"), "mtu");
	ck_assert_str_eq(desk_text(&d, "diff/0/fields/0/before"), "1500");
	ck_assert_str_eq(desk_text(&d, "diff/0/fields/0/after"), "9000");
	ck_assert_int_eq(ask("GET", arena_printf(d.scratch.arena,
	    "/profiles/p1/revisions/%s:diff", a), ""), 200);
	ck_assert_str_eq(desk_text(&d, "against"), "current");
	ck_assert_str_eq(desk_text(&d, "diff/0/fields/0/after"), "1400");
	ck_assert_int_eq(ask("GET", arena_printf(d.scratch.arena,
	    "/profiles/p1/revisions/%s:diff?against=%s", a, a), ""), 200);
	ck_assert_uint_eq(json_array_size(json_object_get(d.json, "diff")), 0);
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1/revisions/1:diff"
	    "?against=old"), 400);
}
END_TEST

START_TEST(what_it_was_comes_back_where_it_is)
{
	const char *then = newest(), *mac, *where;

	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1/vnics/net0"), 200);
	mac = desk_text(&d, "mac");
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":2}");
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1/vnics/net0"), 200);
	where = desk_text(&d, "placed/function");
	desk_do(&d, "PATCH /profiles/p1/vnics/net0 {\"name\":\"other\","
	    "\"mtu\":9000}");
	desk_do(&d, "POST /profiles/p1/vnics {\"name\":\"more\","
	    "\"networks\":[\"stor\"]}");
	ck_assert_int_lt(revert(then), 300);
	desk_settle(&d);
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1"), 200);
	ck_assert_str_eq(desk_text(&d, "slot"), "2");
	ck_assert_uint_eq(json_array_size(json_object_get(d.json, "vnics")), 1);
	ck_assert_str_eq(desk_text(&d, "vnics/0/name"), "net0");
	ck_assert_str_eq(desk_text(&d, "vnics/0/mtu"), "1500");
	ck_assert_str_eq(desk_text(&d, "vnics/0/mac"), mac);
	ck_assert_str_eq(desk_text(&d, "vnics/0/placed/function"), where);
	/* It is a job like others. */
	ck_assert_int_eq(desk_ask(&d, "GET /jobs?limit=1"), 200);
	ck_assert_str_eq(desk_text(&d, "items/0/undo/possible"), "true");
}
END_TEST

/* Released, it rests, but for him who had it. */
START_TEST(its_own_address_is_taken_again)
{
	const char *then = newest(), *mac;

	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1/vnics/net0"), 200);
	mac = desk_text(&d, "mac");
	desk_do(&d, "DELETE /profiles/p1/vnics/net0");
	ck_assert_int_eq(revert(then), 201);
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1/vnics/net0"), 200);
	ck_assert_str_eq(desk_text(&d, "mac"), mac);
}
END_TEST

START_TEST(an_address_that_somebody_else_has_is_not)
{
	const char *then = newest(), *mac;
	int64_t generation;

	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1/vnics/net0"), 200);
	mac = desk_text(&d, "mac");
	desk_do(&d, "DELETE /profiles/p1/vnics/net0");
	desk_do(&d, arena_printf(d.scratch.arena, "POST /profiles/p2/vnics"
	    "?confirm=IdentityQuarantined {\"name\":\"n\",\"networks\":"
	    "[\"prod\"],\"mac\":\"%s\"}", mac));
	generation = desk_generation(&d);
	ck_assert_int_eq(revert(then), 422);
	ck_assert(desk_says(&d, "MacDuplicate"));
	ck_assert_int_eq(desk_generation(&d), generation);
}
END_TEST

START_TEST(what_is_gone_is_said)
{
	const char *then = newest();

	desk_do(&d, "PATCH /profiles/p1/vnics/net0 {\"networks\":[\"stor\"]}");
	desk_do(&d, "DELETE /networks/prod");
	ck_assert_int_eq(ask("GET", arena_printf(d.scratch.arena,
	    "/profiles/p1/revisions/%s", then), ""), 200);
	ck_assert_uint_eq(strlen(desk_text(&d, "content/vnics/0/networks/0")),
	    36);
	ck_assert_int_eq(revert(then), 422);
	ck_assert(desk_says(&d, "MissingDependency"));
	ck_assert_str_eq(desk_where(&d, "MissingDependency"), "/revision");
	ck_assert_int_eq(revert("99"), 404);
	ck_assert_int_eq(revert("0"), 400);
}
END_TEST

START_TEST(data_does_not_come_back)
{
	const char *then;

	desk_do(&d, "POST /profiles/p1/vdas {\"name\":\"d\",\"virtualDisks\":"
	    "[{\"name\":\"a\",\"raid\":\"RAID1\",\"capacityMiB\":1024}]}");
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":1}");
	then = newest();
	desk_do(&d, "DELETE /profiles/p1/vdas/d?confirm=DestroysData");
	ck_assert_int_eq(revert(then), 409);
	ck_assert(desk_says(&d, "VirtualDiskEmpty"));
	ck_assert_int_eq(ask("POST",
	    "/profiles/p1:revert?confirm=VirtualDiskEmpty", arena_printf(
	    d.scratch.arena, "{\"revision\":%s}", then)), 202);
	ck_assert_str_eq(desk_text(&d, "vdas/0/virtualDisks/0/name"), "a");
}
END_TEST

START_TEST(the_present_is_the_empty_plan)
{
	ck_assert_int_eq(ask("POST", "/profiles/p1:revert?dryRun=true",
	    arena_printf(d.scratch.arena, "{\"revision\":%s}", newest())),
	    200);
	ck_assert_uint_eq(json_array_size(json_object_get(d.json, "diff")), 0);
	ck_assert_uint_eq(json_array_size(json_object_get(d.json, "steps")), 0);
}
END_TEST

SUITE("revisions")
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_revision_is_read_as_it_was);
	tcase_add_test(tc, two_are_compared_field_by_field);
	tcase_add_test(tc, what_it_was_comes_back_where_it_is);
	tcase_add_test(tc, its_own_address_is_taken_again);
	tcase_add_test(tc, an_address_that_somebody_else_has_is_not);
	tcase_add_test(tc, what_is_gone_is_said);
	tcase_add_test(tc, data_does_not_come_back);
	tcase_add_test(tc, the_present_is_the_empty_plan);
}
