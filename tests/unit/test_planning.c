/* test_planning.c -- from a list of changes to a plan, and from there to a job. */
#include <stdio.h>

#include "tests/test.h"
#include "tests/unit/support_desk.h"

#define CHANGE(method, path, body) \
	"{\"method\":\"" method "\",\"path\":\"" path "\",\"body\":" body "}"
#define PLAN(list) "POST /plans {\"changes\":[" list "]}"
#define NIC(name) CHANGE("POST", "/profiles/p1/vnics", \
	"{\"name\":\"" name "\",\"networks\":[\"prod\"]}")
/* What "Add NIC" of an empty slot sends. */
#define WHOLE \
	CHANGE("POST", "/networks", "{\"name\":\"vlan-77\",\"vlan\":77}") "," \
	CHANGE("POST", "/profiles", "{\"name\":\"slot-3\"}") "," \
	CHANGE("POST", "/profiles/slot-3/vnics", \
	"{\"name\":\"net0\",\"networks\":[\"vlan-77\"]}") "," \
	CHANGE("POST", "/profiles/slot-3:assign", "{\"slot\":3}")

static int
apply(struct desk *d, const char *id, const char *body)
{
	return desk_ask(d, arena_printf(d->scratch.arena,
	    "POST /plans/%s:apply %s", id, body));
}

START_TEST(a_list_is_one_change)
{
	struct desk d;
	int64_t generation;
	const char *id, *mac;

	desk_new(&d);
	generation = desk_generation(&d);
	ck_assert_int_eq(desk_ask(&d, PLAN(WHOLE)), 201);
	ck_assert_str_eq(desk_text(&d, "applicable"), "true");
	ck_assert_str_eq(desk_text(&d, "steps/0/verb"), "prepare");
	ck_assert_str_eq(desk_text(&d, "steps/1/verb"), "bind");
	ck_assert_str_eq(desk_text(&d, "steps/1/slot"), "3");
	ck_assert_uint_eq(json_array_size(json_object_get(d.json, "steps")), 2);
	ck_assert_str_eq(desk_text(&d, "disruption/0/slot"), "3");
	ck_assert_str_eq(desk_text(&d, "disruption/0/class"), "none");
	ck_assert_ptr_nonnull(strstr(desk_text(&d, "sentence"),
	    "No other slot is affected."));
	mac = desk_text(&d, "objects/1/object/vnics/0/mac");
	ck_assert_str_ne(mac, "");
	ck_assert_int_eq(desk_generation(&d), generation);

	id = desk_text(&d, "id");
	ck_assert_int_eq(apply(&d, id, "{}"), 202);
	ck_assert_str_eq(desk_text(&d, "job/state"), "running");
	ck_assert_ptr_nonnull(strstr(d.headers, "Location: /api/v1/jobs/"));
	ck_assert_int_eq(desk_generation(&d), generation + 1);
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/slot-3"), 200);
	ck_assert_str_eq(desk_text(&d, "vnics/0/mac"), mac);
	ck_assert_str_eq(desk_text(&d, "slot"), "3");
	desk_free(&d);
}
END_TEST

START_TEST(a_plan_can_be_read_again)
{
	struct desk d;
	const char *id, *digest;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d, PLAN(WHOLE)), 201);
	id = desk_text(&d, "id");
	digest = desk_text(&d, "digest");
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
	    "GET /plans/%s", id)), 200);
	ck_assert_str_eq(desk_text(&d, "digest"), digest);
	ck_assert_int_eq(desk_ask(&d, "GET /plans/nix"), 404);
	desk_free(&d);
}
END_TEST

START_TEST(a_dry_run_can_be_applied_and_holds_nothing)
{
	struct desk d;
	const char *id;
	int64_t plans;

	desk_new(&d);
	plans = scratch_count(&d.scratch, "SELECT count(*) FROM plan");
	ck_assert_int_eq(desk_ask(&d, "POST /plans?dryRun=true {\"changes\":["
	    NIC("n1") "]}"), 200);
	ck_assert_int_eq(scratch_count(&d.scratch,
	    "SELECT count(*) FROM plan"), plans);
	id = desk_text(&d, "id");
	ck_assert_int_eq(apply(&d, id, "{}"), 201);

	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p1/vnics?dryRun=true "
	    "{\"name\":\"n2\",\"networks\":[\"prod\"]}"), 200);
	id = desk_text(&d, "id");
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1/vnics/n2"), 404);
	ck_assert_int_eq(apply(&d, id, "{}"), 201);
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1/vnics/n2"), 200);
	desk_free(&d);
}
END_TEST

START_TEST(a_stale_plan_comes_back_as_the_new_one)
{
	struct desk d;
	const char *id, *fresh;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d, PLAN(NIC("n1"))), 201);
	id = desk_text(&d, "id");
	/* Takes the address that the plan had seen. */
	desk_do(&d, "POST /profiles/p2/vnics {\"name\":\"x\",\"networks\":"
	    "[\"prod\"]}");
	ck_assert_int_eq(apply(&d, id, "{}"), 412);
	ck_assert_str_eq(desk_text(&d, "code"), "StalePlan");
	fresh = desk_text(&d, "plan/id");
	ck_assert_str_ne(fresh, id);
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1/vnics/n1"), 404);
	ck_assert_int_eq(apply(&d, fresh, "{}"), 201);
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1/vnics/n1"), 200);
	desk_free(&d);
}
END_TEST

START_TEST(a_plan_is_applied_once)
{
	struct desk d;
	const char *id;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d, PLAN(NIC("n1"))), 201);
	id = desk_text(&d, "id");
	ck_assert_int_eq(apply(&d, id, "{}"), 201);
	ck_assert_int_eq(apply(&d, id, "{}"), 412);
	ck_assert_str_eq(desk_text(&d, "plan/applicable"), "false");
	desk_free(&d);
}
END_TEST

START_TEST(an_expired_plan_comes_back_too)
{
	struct desk d;
	const char *id, *fresh;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d, PLAN(NIC("n1"))), 201);
	id = desk_text(&d, "id");
	d.wall_ms += 16 * 60 * 1000;
	ck_assert_int_eq(apply(&d, id, "{}"), 412);
	ck_assert_str_eq(desk_text(&d, "code"), "PlanExpired");
	fresh = desk_text(&d, "plan/id");
	ck_assert_int_eq(apply(&d, fresh, "{}"), 201);
	desk_free(&d);
}
END_TEST

START_TEST(another_digest_is_not_what_was_shown)
{
	struct desk d;
	const char *id, *digest;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d, PLAN(NIC("n1"))), 201);
	id = desk_text(&d, "id");
	digest = desk_text(&d, "digest");
	ck_assert_int_eq(apply(&d, id, "{\"digest\":\"00\"}"), 412);
	ck_assert_int_eq(apply(&d, id, arena_printf(d.scratch.arena,
	    "{\"digest\":\"%s\"}", digest)), 201);
	desk_free(&d);
}
END_TEST

START_TEST(reserved_addresses_are_kept_for_the_plan)
{
	struct desk d;
	const char *id, *mac, *other;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d, "POST /plans {\"changes\":[" NIC("n1")
	    "],\"reserve\":\"PT1H\"}"), 201);
	id = desk_text(&d, "id");
	mac = desk_text(&d, "objects/0/object/vnics/1/mac");
	ck_assert_str_ne(mac, "");
	desk_do(&d, "POST /profiles/p2/vnics {\"name\":\"x\",\"networks\":"
	    "[\"prod\"]}");
	other = desk_text(&d, "mac");
	ck_assert_str_ne(other, mac);
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
	    "POST /profiles/p2/vnics {\"name\":\"y\",\"networks\":[\"prod\"],"
	    "\"mac\":\"%s\"}", mac)), 422);
	ck_assert(desk_says(&d, "MacDuplicate"));
	d.wall_ms += 30 * 60 * 1000;
	ck_assert_int_eq(apply(&d, id, "{}"), 201);
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1/vnics/n1"), 200);
	ck_assert_str_eq(desk_text(&d, "mac"), mac);
	desk_free(&d);
}
END_TEST

START_TEST(a_reservation_ends)
{
	struct desk d;
	const char *mac;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d, "POST /plans {\"changes\":[" NIC("n1")
	    "],\"reserve\":\"PT1H\"}"), 201);
	mac = desk_text(&d, "objects/0/object/vnics/1/mac");
	d.wall_ms += 61 * 60 * 1000;
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
	    "POST /profiles/p2/vnics {\"name\":\"y\",\"networks\":[\"prod\"],"
	    "\"mac\":\"%s\"}", mac)), 201);
	desk_free(&d);
}
END_TEST

static const struct {
	const char *reserve;
	int status;
} durations[] = {
	{ "PT15M", 201 }, { "P7D", 201 }, { "P1DT2H3M4S", 201 },
	{ "P30D", 201 }, { "P31D", 400 }, { "PT0S", 400 }, { "P", 400 },
	{ "PT", 400 }, { "15M", 400 }, { "PT15", 400 }, { "P15M", 400 },
	{ "PT-1M", 400 }, { "PT1M1H", 400 }, { "PT99999999M", 400 },
};

START_TEST(a_reservation_is_a_duration)
{
	struct desk d;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
	    "POST /plans {\"changes\":[" NIC("n1") "],\"reserve\":\"%s\"}",
	    durations[_i].reserve)), durations[_i].status);
	desk_free(&d);
}
END_TEST

START_TEST(a_plan_with_broken_rules_is_shown_and_not_applied)
{
	struct desk d;
	const char *id;
	int64_t generation;

	desk_new(&d);
	generation = desk_generation(&d);
	ck_assert_int_eq(desk_ask(&d, PLAN(CHANGE("POST", "/networks",
	    "{\"name\":\"x\",\"vlan\":4095}") "," CHANGE("POST", "/networks",
	    "{\"name\":\"prod\",\"vlan\":9}"))), 201);
	ck_assert_str_eq(desk_text(&d, "applicable"), "false");
	ck_assert_str_eq(desk_where(&d, "VlanRange"), "/changes/0/body/vlan");
	ck_assert_str_eq(desk_where(&d, "NameTaken"), "/changes/1/body/name");
	id = desk_text(&d, "id");
	ck_assert_int_eq(apply(&d, id, "{}"), 422);
	ck_assert(desk_says(&d, "VlanRange"));
	ck_assert(desk_says(&d, "NameTaken"));
	ck_assert_int_eq(desk_generation(&d), generation);
	desk_free(&d);
}
END_TEST

START_TEST(a_bad_name_is_the_reason_of_what_follows)
{
	struct desk d;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d, PLAN(CHANGE("POST", "/profiles",
	    "{\"name\":\"a b\"}") "," CHANGE("POST", "/profiles/a b/vnics",
	    "{\"name\":\"n\",\"networks\":[\"prod\"]}"))), 201);
	ck_assert_str_eq(desk_text(&d, "applicable"), "false");
	ck_assert_str_eq(desk_where(&d, "NameSyntax"), "/changes/0/body/name");
	desk_free(&d);
}
END_TEST

static const struct malformed {
	const char *request;
	int status;
	const char *where;
} malformed[] = {
	{ "POST /plans {}", 400, "/changes" },
	{ "POST /plans {\"changes\":[]}", 400, "/changes" },
	{ "POST /plans {\"changes\":[1]}", 400, "/changes/0" },
	{ "POST /plans {\"changes\":[{\"method\":\"POST\"}]}", 400,
	    "/changes/0/path" },
	{ PLAN(CHANGE("GET", "/networks", "{}")), 400, "/changes/0" },
	{ PLAN(CHANGE("POST", "/plans", "{}")), 400, "/changes/0" },
	{ PLAN(CHANGE("POST", "/sessions", "{}")), 400, "/changes/0" },
	{ PLAN(CHANGE("POST", "/networks", "[]")), 400, "/changes/0" },
	{ PLAN(CHANGE("POST", "/networks", "{\"name\":\"q\",\"vlan\":5,"
	    "\"color\":1}")), 400, "/changes/0/body/color" },
	{ PLAN(CHANGE("POST", "/networks", "{\"name\":\"q\"}")), 400,
	    "/changes/0/body/vlan" },
	{ PLAN(NIC("a") "," CHANGE("DELETE", "/networks/nix", "{}")), 404,
	    "/changes/1" },
	{ "POST /plans {\"changes\":[" NIC("a") "],\"why\":1}", 400, "/why" },
	{ "POST /plans ", 400, "" },
};

START_TEST(a_malformed_list_is_refused_with_its_place)
{
	struct desk d;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d, malformed[_i].request),
	    malformed[_i].status);
	if (malformed[_i].where[0] != '\0')
		ck_assert_str_eq(desk_text(&d, "errors/0/pointer"),
		    malformed[_i].where);
	desk_free(&d);
}
END_TEST

START_TEST(an_auditor_cannot_plan_what_he_may_not_do)
{
	struct desk d;

	desk_new(&d);
	d.role = ROLE_AUDITOR;
	ck_assert_int_eq(desk_ask(&d, PLAN(NIC("n1"))), 403);
	d.role = ROLE_NONE;
	ck_assert_int_eq(desk_ask(&d, PLAN(NIC("n1"))), 401);
	desk_free(&d);
}
END_TEST

START_TEST(c_items_want_their_codes)
{
	struct desk d;
	const char *id;

	desk_new(&d);
	desk_do(&d, "POST /profiles/p1/vdas {\"name\":\"d1\",\"virtualDisks\":"
	    "[{\"name\":\"a\",\"raid\":\"RAID1\",\"capacityMiB\":64}]}");
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":1}");
	ck_assert_int_eq(desk_ask(&d, PLAN(CHANGE("DELETE",
	    "/profiles/p1/vdas/d1", "{}"))), 201);
	ck_assert_str_eq(desk_text(&d, "disruption/0/class"), "destroysData");
	id = desk_text(&d, "id");
	ck_assert_int_eq(apply(&d, id, "{}"), 409);
	ck_assert_str_eq(desk_text(&d, "code"), "ConfirmationNeeded");
	ck_assert_int_eq(apply(&d, id, "{\"confirm\":[\"Other\"]}"), 409);
	ck_assert_int_eq(apply(&d, id, "{\"confirm\":\"DestroysData\"}"), 400);
	ck_assert_int_eq(apply(&d, id, "{\"confirm\":[\"DestroysData\"]}"),
	    202);
	desk_free(&d);
}
END_TEST

/* ---- the plan itself ---- */

START_TEST(the_same_wish_has_the_same_digest)
{
	struct desk d;
	const char *digest;

	desk_new(&d);
	/* Ids come from the seed; without a new object it plays no part. */
	ck_assert_int_eq(desk_ask(&d,
	    "POST /profiles/p1:assign?dryRun=true {\"slot\":1}"), 200);
	digest = desk_text(&d, "digest");
	d.wall_ms += 1000;
	ck_assert_int_eq(desk_ask(&d,
	    "POST /profiles/p1:assign?dryRun=true {\"slot\":1}"), 200);
	ck_assert_str_eq(desk_text(&d, "digest"), digest);
	ck_assert_int_eq(desk_ask(&d,
	    "POST /profiles/p1:move?dryRun=true {\"slot\":1}"), 200);
	ck_assert_str_eq(desk_text(&d, "digest"), digest);
	ck_assert_int_eq(desk_ask(&d,
	    "POST /profiles/p1:assign?dryRun=true {\"slot\":2}"), 200);
	ck_assert_str_ne(desk_text(&d, "digest"), digest);
	desk_free(&d);
}
END_TEST

START_TEST(a_move_keeps_functions_and_addresses)
{
	struct desk d;
	const char *fn, *mac;

	desk_new(&d);
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":1}");
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1"), 200);
	fn = desk_text(&d, "vnics/0/placed/function");
	mac = desk_text(&d, "vnics/0/mac");
	ck_assert_str_eq(fn, "io1.1.vf0");
	desk_do(&d, "POST /profiles/p1:move {\"slot\":2}");
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1"), 200);
	ck_assert_str_eq(desk_text(&d, "vnics/0/placed/function"), fn);
	ck_assert_str_eq(desk_text(&d, "vnics/0/mac"), mac);
	ck_assert_str_eq(desk_text(&d, "slot"), "2");
	desk_do(&d, "POST /profiles/p1:release {}");
	ck_assert_str_eq(desk_text(&d, "vnics/0/placed"), "");
	ck_assert_str_eq(desk_text(&d, "vnics/0/mac"), mac);
	desk_free(&d);
}
END_TEST

START_TEST(a_placement_is_no_change_of_a_disk)
{
	struct desk d;

	desk_new(&d);
	desk_do(&d, "POST /profiles/p2/vdas {\"name\":\"d1\",\"virtualDisks\":"
	    "[{\"name\":\"a\",\"raid\":\"RAID1\",\"capacityMiB\":64}]}");
	ck_assert_int_eq(desk_ask(&d,
	    "POST /profiles/p2:assign?dryRun=true {\"slot\":1}"), 200);
	ck_assert_str_eq(desk_text(&d, "sentence"), "Assigns p2 with 1 device "
	    "to slot 1. No other slot is affected.");
	ck_assert_uint_eq(json_array_size(json_object_get(d.json, "diff")), 1);
	ck_assert_str_eq(desk_text(&d, "diff/0/type"), "assignment");
	desk_free(&d);
}
END_TEST

START_TEST(a_pin_that_moves_moves_the_device)
{
	struct desk d;

	desk_new(&d);
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":1}");
	desk_do(&d, "PATCH /profiles/p1/vnics/net0 {\"placement\":{\"module\":"
	    "\"io1\",\"port\":2}}");
	ck_assert_str_eq(desk_text(&d, "placed/function"), "io1.2.vf0");
	desk_do(&d, "PATCH /profiles/p1/vnics/net0 {\"placement\":{\"module\":"
	    "null,\"port\":null}}");
	ck_assert_str_eq(desk_text(&d, "placed/function"), "io1.2.vf0");
	desk_free(&d);
}
END_TEST

START_TEST(two_profiles_change_places)
{
	struct desk d;
	const char *id;

	desk_new(&d);
	desk_do(&d, "POST /profiles/p2/vnics {\"name\":\"x\",\"networks\":"
	    "[\"prod\"]}");
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":1}");
	desk_do(&d, "POST /profiles/p2:assign {\"slot\":2}");
	ck_assert_int_eq(desk_ask(&d, PLAN(CHANGE("POST", "/profiles/p1:move",
	    "{\"slot\":2}") "," CHANGE("POST", "/profiles/p2:move",
	    "{\"slot\":1}"))), 201);
	ck_assert_str_eq(desk_text(&d, "applicable"), "true");
	id = desk_text(&d, "id");
	ck_assert_int_eq(apply(&d, id, "{}"), 202);
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p2"), 200);
	ck_assert_str_eq(desk_text(&d, "slot"), "1");
	desk_free(&d);
}
END_TEST

START_TEST(another_vlan_number_reaches_the_members)
{
	struct desk d;

	desk_new(&d);
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":1}");
	ck_assert_int_eq(desk_ask(&d,
	    "PATCH /networks/prod?dryRun=true {\"vlan\":121}"), 200);
	/* Nothing is bound in this box yet, so the whole of it is planned. */
	ck_assert_str_eq(desk_text(&d, "steps/0/verb"), "prepare");
	ck_assert_str_eq(desk_text(&d, "steps/0/slot"), "1");
	ck_assert_str_eq(desk_text(&d, "steps/0/device"), "net0");
	ck_assert_str_eq(desk_text(&d, "disruption/0/slot"), "1");
	ck_assert_int_eq(desk_ask(&d,
	    "PATCH /networks/prod?dryRun=true {\"description\":\"x\"}"), 200);
	ck_assert_uint_eq(json_array_size(json_object_get(d.json, "steps")), 0);
	ck_assert_ptr_nonnull(strstr(desk_text(&d, "sentence"),
	    "No slot is affected."));
	desk_free(&d);
}
END_TEST

START_TEST(what_changes_nothing_is_empty)
{
	struct desk d;
	int64_t generation;

	desk_new(&d);
	generation = desk_generation(&d);
	ck_assert_int_eq(desk_ask(&d,
	    "PATCH /networks/prod?dryRun=true {\"vlan\":120}"), 200);
	ck_assert_uint_eq(json_array_size(json_object_get(d.json, "diff")), 0);
	ck_assert_uint_eq(json_array_size(json_object_get(d.json, "steps")), 0);
	ck_assert_str_eq(desk_text(&d, "sentence"), "Changes nothing.");
	ck_assert_int_eq(desk_ask(&d, "PATCH /networks/prod {\"vlan\":120}"),
	    200);
	ck_assert(json_is_null(json_object_get(d.json, "job")));
	ck_assert_int_eq(desk_generation(&d), generation);
	desk_free(&d);
}
END_TEST

START_TEST(nothing_is_bound_before_the_switch_was_seen)
{
	struct desk d;

	desk_new(&d);
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":1}");
	desk_blind(&d);
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p1:release {}"), 503);
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p1:move {\"slot\":2}"),
	    503);
	ck_assert_int_eq(desk_ask(&d, "POST /profiles {\"name\":\"p9\"}"),
	    201);
	desk_free(&d);
}
END_TEST

START_TEST(a_disabled_slot_is_a_step_and_back)
{
	struct desk d;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d,
	    "PATCH /slots/2?dryRun=true {\"adminState\":\"disabled\"}"), 200);
	ck_assert_str_eq(desk_text(&d, "steps/0/verb"), "slotCtl");
	ck_assert_str_eq(desk_text(&d, "disruption/0/class"), "interrupts");
	ck_assert_int_eq(desk_ask(&d,
	    "PATCH /slots/2?dryRun=true {\"label\":\"x\"}"), 200);
	ck_assert_uint_eq(json_array_size(json_object_get(d.json, "steps")), 0);
	ck_assert_int_eq(desk_ask(&d, "POST /slots/2:locate {\"on\":true}"),
	    202);
	desk_free(&d);
}
END_TEST

/* One list makes a thing and removes it again, and breaks a rule elsewhere. */
START_TEST(what_comes_and_goes_in_one_list_is_nothing)
{
	static const char *const lists[] = {
		"{\"method\":\"POST\",\"path\":\"/networks\",\"body\":"
		    "{\"name\":\"x\",\"vlan\":7}},{\"method\":\"DELETE\","
		    "\"path\":\"/networks/x\"}",
		"{\"method\":\"POST\",\"path\":\"/profiles\",\"body\":"
		    "{\"name\":\"x\"}},{\"method\":\"DELETE\","
		    "\"path\":\"/profiles/x\"}",
	};
	struct desk d;

	desk_new(&d);
	for (size_t i = 0; i < N_ROWS(lists); i++) {
		ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
		    "POST /plans {\"changes\":[%s]}", lists[i])), 201);
		ck_assert_str_eq(desk_text(&d, "sentence"),
		    "Changes nothing.");
		ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
		    "POST /plans {\"changes\":[%s,{\"method\":\"POST\","
		    "\"path\":\"/networks\",\"body\":{\"name\":\"prod\","
		    "\"vlan\":9}}]}", lists[i])), 201);
		ck_assert(desk_says(&d, "NameTaken"));
	}
	desk_free(&d);
}
END_TEST

SUITE("planning")
{
	tcase_add_test(tc, a_list_is_one_change);
	tcase_add_test(tc, a_plan_can_be_read_again);
	tcase_add_test(tc, a_dry_run_can_be_applied_and_holds_nothing);
	tcase_add_test(tc, a_stale_plan_comes_back_as_the_new_one);
	tcase_add_test(tc, a_plan_is_applied_once);
	tcase_add_test(tc, an_expired_plan_comes_back_too);
	tcase_add_test(tc, another_digest_is_not_what_was_shown);
	tcase_add_test(tc, reserved_addresses_are_kept_for_the_plan);
	tcase_add_test(tc, a_reservation_ends);
	tcase_add_loop_test(tc, a_reservation_is_a_duration, 0,
	    N_ROWS(durations));
	tcase_add_test(tc, a_plan_with_broken_rules_is_shown_and_not_applied);
	tcase_add_test(tc, a_bad_name_is_the_reason_of_what_follows);
	tcase_add_loop_test(tc, a_malformed_list_is_refused_with_its_place, 0,
	    N_ROWS(malformed));
	tcase_add_test(tc, an_auditor_cannot_plan_what_he_may_not_do);
	tcase_add_test(tc, c_items_want_their_codes);
	tcase_add_test(tc, the_same_wish_has_the_same_digest);
	tcase_add_test(tc, a_move_keeps_functions_and_addresses);
	tcase_add_test(tc, a_placement_is_no_change_of_a_disk);
	tcase_add_test(tc, a_pin_that_moves_moves_the_device);
	tcase_add_test(tc, two_profiles_change_places);
	tcase_add_test(tc, another_vlan_number_reaches_the_members);
	tcase_add_test(tc, what_changes_nothing_is_empty);
	tcase_add_test(tc, nothing_is_bound_before_the_switch_was_seen);
	tcase_add_test(tc, a_disabled_slot_is_a_step_and_back);
	tcase_add_test(tc, what_comes_and_goes_in_one_list_is_nothing);
}
