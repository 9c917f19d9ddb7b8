/*
 * test_admission.c -- guarantees on a card that can only limit, as requests.
 *
 * Slot 1 has p1 with net0, slot 2 has p2 with n1, both pinned to io1/1.
 */
#include <stdlib.h>

#include "tests/test.h"
#include "tests/unit/support_desk.h"

#define GUARANTEE(name, mbps) "PATCH /profiles/" name \
	"?confirm=QosGuaranteeUnsupported {\"qos\":{\"guaranteeMbps\":" mbps "}}"
#define ON_PORT "\"placement\":{\"module\":\"io1\",\"port\":1}"

static struct desk d;

static void
furnish(void)
{
	desk_new(&d);
	desk_do(&d, "PATCH /profiles/p1/vnics/net0 {" ON_PORT "}");
	desk_do(&d, "POST /profiles/p2/vnics {\"name\":\"n1\",\"networks\":"
	    "[\"prod\"]," ON_PORT "}");
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":1}");
	desk_do(&d, "POST /profiles/p2:assign {\"slot\":2}");
}

static const char *
admitted(const char *device)
{
	desk_ask(&d, arena_printf(d.scratch.arena, "GET /profiles/%s", device));
	return arena_strdup(d.scratch.arena,
	    desk_text(&d, "qos/admissionMbps"));
}

static const char *
whole_answer(void)
{
	char *text = json_text(d.json);
	const char *kept = arena_strdup(d.scratch.arena, text);

	free(text);
	return kept;
}

/* The rows of the plan's diff that speak of a device. */
static bool
diff_names(const char *device)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(d.json, "diff"), i, row) {
		if (strcmp(json_string_value(json_object_get(row, "name")),
		    device) == 0)
			return true;
	}
	return false;
}

START_TEST(the_others_get_what_is_left_and_the_plan_says_so)
{
	furnish();
	ck_assert_int_eq(desk_ask(&d, "PATCH /profiles/p1/vnics/net0?dryRun="
	    "true {\"qos\":{\"guaranteeMbps\":4000}}"), 200);
	ck_assert(desk_says(&d, "QosGuaranteeUnsupported"));
	ck_assert_str_eq(desk_text(&d, "applicable"), "true");
	ck_assert(diff_names("n1"));
	ck_assert_str_eq(admitted("p2/vnics/n1"), "0");

	desk_do(&d, GUARANTEE("p1/vnics/net0", "4000"));
	ck_assert_str_eq(admitted("p2/vnics/n1"), "6000");
	ck_assert_str_eq(admitted("p1/vnics/net0"), "0");
	desk_free(&d);
}
END_TEST

START_TEST(who_joins_is_limited_and_who_leaves_gives_back)
{
	furnish();
	desk_do(&d, GUARANTEE("p1/vnics/net0", "4000"));
	desk_do(&d, "POST /profiles/p2/vnics {\"name\":\"n2\",\"networks\":"
	    "[\"free\"]," ON_PORT "}");
	ck_assert_str_eq(admitted("p2/vnics/n1"), "3000");
	ck_assert_str_eq(admitted("p2/vnics/n2"), "3000");
	/* A limit of one's own is taken instead. */
	desk_do(&d, "PATCH /profiles/p2/vnics/n2 {\"qos\":{\"limitMbps\":"
	    "1000}}");
	ck_assert_str_eq(admitted("p2/vnics/n1"), "5000");
	ck_assert_str_eq(admitted("p2/vnics/n2"), "0");
	desk_do(&d, "POST /profiles/p1:release {}");
	ck_assert_str_eq(admitted("p2/vnics/n1"), "0");
	desk_free(&d);
}
END_TEST

START_TEST(an_undo_takes_the_limits_back)
{
	const char *job;

	furnish();
	desk_do(&d, GUARANTEE("p1/vnics/net0", "4000"));
	job = desk_text(&d, "job");
	desk_do(&d, arena_printf(d.scratch.arena, "POST /jobs/%s:undo {}",
	    job));
	ck_assert_str_eq(admitted("p2/vnics/n1"), "0");
	desk_free(&d);
}
END_TEST

START_TEST(what_limits_cannot_keep_is_refused_with_the_numbers)
{
	int64_t before;

	furnish();
	desk_do(&d, "PATCH /profiles/p2/vnics/n1 {\"qos\":{\"limitMbps\":"
	    "6001}}");
	before = desk_generation(&d);
	ck_assert_int_eq(desk_ask(&d, GUARANTEE("p1/vnics/net0", "4000")),
	    422);
	ck_assert_ptr_nonnull(strstr(whole_answer(),
	    "4000 Mb/s for net0 leave 6000 of 10000 on io1/1; the others "
	    "there may take 6001"));
	ck_assert_str_eq(desk_where(&d, "QosGuaranteeUnsupported"),
	    "/qos/guaranteeMbps");
	ck_assert_int_eq(desk_generation(&d), before);
	/* And the other way round. */
	desk_do(&d, GUARANTEE("p1/vnics/net0", "3999"));
	ck_assert_int_eq(desk_ask(&d, "PATCH /profiles/p2/vnics/n1 "
	    "{\"qos\":{\"limitMbps\":6002}}"), 422);
	ck_assert(desk_says(&d, "QosGuaranteeUnsupported"));
	desk_free(&d);
}
END_TEST

START_TEST(a_full_port_refuses_one_more)
{
	furnish();
	desk_do(&d, GUARANTEE("p1/vnics/net0", "4000"));
	desk_do(&d, GUARANTEE("p2/vnics/n1", "6000"));
	ck_assert_int_eq(desk_ask(&d, GUARANTEE("p2/vnics/n1", "6001")), 422);
	ck_assert(desk_says(&d, "QosOversubscribed"));
	ck_assert_ptr_nonnull(strstr(whole_answer(),
	    "would add up to 10001 Mb/s; its budget is 10000"));
	desk_free(&d);
}
END_TEST

/* A port's owner may look away, or be told only. */
START_TEST(the_policy_of_the_port_decides)
{
	furnish();
	desk_do(&d, "PATCH /ports/io1/1 {\"oversubscribe\":\"warn\"}");
	ck_assert_int_eq(desk_ask(&d, "PATCH /profiles/p1/vnics/net0?dryRun="
	    "true {\"qos\":{\"guaranteeMbps\":10001}}"), 200);
	ck_assert(desk_says(&d, "QosOversubscribed"));
	ck_assert_str_eq(desk_text(&d, "applicable"), "true");
	desk_do(&d, "PATCH /ports/io1/1 {\"oversubscribe\":\"allow\"}");
	ck_assert_int_eq(desk_ask(&d, "PATCH /profiles/p1/vnics/net0?dryRun="
	    "true {\"qos\":{\"guaranteeMbps\":10001}}"), 200);
	ck_assert(!desk_says(&d, "QosOversubscribed"));
	desk_do(&d, GUARANTEE("p1/vnics/net0", "10001"));
	ck_assert_int_eq(desk_ask(&d, "PATCH /ports/io1/1 {\"oversubscribe\":"
	    "\"deny\"}"), 422);
	desk_free(&d);
}
END_TEST

/* Eight lanes of generation 2 carry 32,000 Mb/s. */
START_TEST(the_cable_of_a_slot_has_an_end)
{
	static const struct {
		const char *mbps;
		bool said;
		const char *applicable;
	} rows[] = {
		{ "28800", false, "true" }, { "28801", true, "true" },
		{ "32000", true, "true" }, { "32001", true, "false" },
	};

	furnish();
	desk_do(&d, "PATCH /ports/io1/1 {\"oversubscribe\":\"allow\"}");
	for (int i = 0; i < N_ROWS(rows); i++) {
		ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
		    "PATCH /profiles/p1/vnics/net0?dryRun=true {\"qos\":"
		    "{\"guaranteeMbps\":%s}}", rows[i].mbps)), 200);
		ck_assert(desk_says(&d, "SlotLinkOversubscribed") ==
		    rows[i].said);
		ck_assert_str_eq(desk_text(&d, "applicable"),
		    rows[i].applicable);
	}
	/* Where no link is, the plug counts. */
	desk_do(&d, "POST /profiles/p1:move {\"slot\":4}");
	ck_assert_int_eq(desk_ask(&d, "PATCH /profiles/p1/vnics/net0?dryRun="
	    "true {\"qos\":{\"guaranteeMbps\":28801}}"), 200);
	ck_assert(desk_says(&d, "SlotLinkOversubscribed"));
	desk_free(&d);
}
END_TEST

/* The link is slow, so nothing can be kept now; but it will be back. */
START_TEST(who_joins_a_slow_port_is_limited_for_the_full_speed)
{
	furnish();
	desk_do(&d, "POST /profiles/p2:release {}");
	desk_do(&d, GUARANTEE("p1/vnics/net0", "4000"));
	desk_speed(&d, 1, 1, 1000);
	desk_do(&d, "POST /profiles/p2:assign {\"slot\":2}");
	ck_assert_str_eq(admitted("p2/vnics/n1"), "6000");
	desk_free(&d);
}
END_TEST

START_TEST(what_is_kept_back_is_taken_from_the_others)
{
	furnish();
	desk_do(&d, GUARANTEE("p1/vnics/net0", "4000"));
	ck_assert_str_eq(admitted("p2/vnics/n1"), "6000");
	desk_do(&d, "PATCH /ports/io1/1 {\"reservePct\":50}");
	ck_assert_str_eq(admitted("p2/vnics/n1"), "1000");
	desk_do(&d, "PATCH /ports/io1/1 {\"reservePct\":0}");
	ck_assert_str_eq(admitted("p2/vnics/n1"), "6000");
	desk_free(&d);
}
END_TEST

SUITE("admission")
{
	tcase_add_test(tc, who_joins_a_slow_port_is_limited_for_the_full_speed);
	tcase_add_test(tc, what_is_kept_back_is_taken_from_the_others);
	tcase_add_test(tc, the_others_get_what_is_left_and_the_plan_says_so);
	tcase_add_test(tc, who_joins_is_limited_and_who_leaves_gives_back);
	tcase_add_test(tc, an_undo_takes_the_limits_back);
	tcase_add_test(tc,
	    what_limits_cannot_keep_is_refused_with_the_numbers);
	tcase_add_test(tc, a_full_port_refuses_one_more);
	tcase_add_test(tc, the_policy_of_the_port_decides);
	tcase_add_test(tc, the_cable_of_a_slot_has_an_end);
}
