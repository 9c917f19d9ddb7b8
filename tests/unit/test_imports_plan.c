/*
 * test_imports_plan.c -- imports that are planned before the writer has them, while
 * others change what is here.
 */
#include <string.h>

#include "profiles/xml_read.h"
#include "tests/test.h"
#include "tests/unit/support_desk.h"

static struct desk d;
static struct err e;

#define DOCUMENT(attrs) "<applianceConfig xmlns='urn:polyroot:config:1' " \
	"schemaVersion='1.0' kind='profile'><profiles><profile name='n1' " \
	attrs "><vnic name='a'><vlans><vlan network='prod'/></vlans></vnic>" \
	"</profile></profiles></applianceConfig>"
/* Whose name may be taken here. */
#define ELSE "id='11111111-2222-4333-8444-555555555555'"

static void
set_up(void)
{
	desk_new(&d);
	d.ahead = true;
}

static void
tear_down(void)
{
	desk_free(&d);
}

/* POST /imports of it, with `between` after the planning. */
static int
post(const char *text, const char *query, const char *between)
{
	struct xml_records *r = arena_alloc(d.scratch.arena, sizeof(*r));
	int status;

	ck_ok(xml_read(d.scratch.arena, text, strlen(text), r, &e), e);
	d.document = r;
	d.between = between;
	status = desk_ask(&d, arena_printf(d.scratch.arena,
	    "POST /imports?mode=merge%s {}", query));
	d.document = NULL;
	return status;
}

static int
apply(void)
{
	return desk_ask(&d, arena_printf(d.scratch.arena,
	    "POST /plans/%s:apply {\"confirm\":[]}", desk_text(&d,
	    "plan/id")));
}

/* The writer does not plan again: what it writes says of which generation it is. */
START_TEST(what_was_planned_is_written_as_it_is)
{
	int64_t before = desk_generation(&d);

	ck_assert_int_eq(post(DOCUMENT(""), "", "POST /networks "
	    "{\"name\":\"later\",\"vlan\":777}"), 201);
	ck_assert_int_eq(desk_generation(&d), before + 1);
	ck_assert_str_eq(desk_text(&d, "plan/generation"),
	    arena_printf(d.scratch.arena, "%lld", (long long)before));
	/* It comes to the same by now. */
	ck_assert_int_lt(apply(), 300);
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/n1"), 200);
}
END_TEST

START_TEST(what_became_wrong_since_is_found_by_apply)
{
	ck_assert_int_eq(post(DOCUMENT(ELSE), "", "POST /profiles "
	    "{\"name\":\"n1\"}"), 201);
	ck_assert_str_eq(desk_text(&d, "plan/applicable"), "true");
	ck_assert_int_eq(apply(), 412);
	ck_assert(desk_says(&d, "StalePlan"));
	ck_assert_str_eq(desk_text(&d, "plan/applicable"), "false");
}
END_TEST

START_TEST(choices_that_another_made_meanwhile_are_not_lost)
{
	const char *path;

	desk_do(&d, "POST /profiles {\"name\":\"n1\"}");
	ck_assert_int_eq(post(DOCUMENT(ELSE), "", NULL), 201);
	ck_assert_str_eq(desk_text(&d, "conflicts/0/code"),
	    "ProfileNameTaken");
	path = arena_strdup(d.scratch.arena, desk_text(&d, "id"));
	d.between = arena_printf(d.scratch.arena, "PATCH /imports/%s "
	    "{\"choices\":[{\"conflict\":\"ProfileNameTaken\",\"option\":"
	    "\"rename\",\"value\":\"n2\"}]}", path);
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
	    "PATCH /imports/%s {\"map\":{\"networks\":{\"prod\":\"stor\"}}}",
	    path)), 200);
	ck_assert_str_eq(desk_text(&d, "choices/0/option"), "rename");
	ck_assert_str_eq(desk_text(&d, "map/networks/prod"), "stor");
	ck_assert_int_lt(apply(), 300);
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/n2"), 200);
	ck_assert_str_eq(desk_text(&d, "vnics/0/networks/0"), "stor");
}
END_TEST

START_TEST(a_dry_run_keeps_nothing)
{
	ck_assert_int_eq(post(DOCUMENT(""), "&dryRun=true", NULL), 200);
	ck_assert_str_eq(desk_text(&d, "plan/diff/0/name"), "n1");
	ck_assert_int_eq(desk_ask(&d, "GET /imports"), 200);
	ck_assert_str_eq(desk_text(&d, "items/0/id"), "");
}
END_TEST

START_TEST(what_is_wrong_with_the_document_is_refused_with_all_of_it)
{
	ck_assert_int_eq(post(DOCUMENT("wrong='1' worse='2'"), "", NULL), 422);
	ck_assert(desk_says(&d, "DocumentUnknown"));
	ck_assert_str_ne(desk_text(&d, "errors/1/code"), "");
	ck_assert_int_eq(desk_ask(&d, "GET /imports"), 200);
	ck_assert_str_eq(desk_text(&d, "items/0/id"), "");
}
END_TEST

SUITE("imports_plan")
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, what_was_planned_is_written_as_it_is);
	tcase_add_test(tc, what_became_wrong_since_is_found_by_apply);
	tcase_add_test(tc,
	    choices_that_another_made_meanwhile_are_not_lost);
	tcase_add_test(tc, a_dry_run_keeps_nothing);
	tcase_add_test(tc,
	    what_is_wrong_with_the_document_is_refused_with_all_of_it);
}
