/*
 * test_lease.c -- leases as wishes: their device and its address, begin and end,
 * and what happens to them when profiles change.  The clock of the desk is moved.
 */
#include <stdio.h>

#include "base/clock.h"
#include "tests/test.h"
#include "tests/unit/support_desk.h"

#define NIGHT "POST /leases {\"name\":\"night\",\"profile\":\"p1\"," \
	"\"start\":\"2040-03-10T22:00\",\"end\":\"2040-03-11T04:00\"," \
	"\"timeZone\":\"Europe/London\",\"recurrence\":\"FREQ=DAILY\"," \
	"\"until\":\"2040-04-30\",\"grace\":\"PT15M\",\"forceAfter\":\"PT1H\"," \
	"\"onEnd\":\"keep-if-busy\",\"priority\":7,\"labels\":{\"a\":\"b\"}," \
	"\"vnic\":{\"name\":\"backup\",\"networks\":[\"prod\"]}}"

static void
furnish(struct desk *d)
{
	desk_new(d);
	desk_do(d, "POST /profiles/p1:assign {\"slot\":1}");
	desk_do(d, NIGHT);
	ck_assert_int_eq(d->status, 202);
}

static void
at(struct desk *d, const char *time)
{
	d->wall_ms = time_parse(time);
	ck_assert_int_gt(d->wall_ms, 0);
}

START_TEST(it_reads_as_it_was_written)
{
	static const char *const want[][2] = {
		{ "name", "night" }, { "profile", "p1" },
		{ "start", "2040-03-10T22:00" }, { "end", "2040-03-11T04:00" },
		{ "timeZone", "Europe/London" },
		{ "recurrence", "FREQ=DAILY" }, { "until", "2040-04-30T23:59" },
		{ "grace", "PT15M" }, { "forceAfter", "PT1H" },
		{ "onEnd", "keep-if-busy" }, { "priority", "7" },
		{ "labels/a", "b" }, { "state", "scheduled" },
		{ "vnic/name", "backup" }, { "vnic/idle", "true" },
		{ "vnic/lease", "night" }, { "vnic/state", "idle" },
		{ "occurrences/0/start", "2040-03-10T22:00" },
		{ "occurrences/0/startUtc", "2040-03-10T22:00:00.000Z" },
		{ "occurrences/4/endUtc", "2040-03-15T04:00:00.000Z" },
	};
	struct desk d;

	furnish(&d);
	ck_assert_int_eq(desk_ask(&d, "GET /leases/night"), 200);
	for (int i = 0; i < N_ROWS(want); i++)
		ck_assert_msg(strcmp(desk_text(&d, want[i][0]),
		    want[i][1]) == 0, "%s: %s, not %s", want[i][0],
		    desk_text(&d, want[i][0]), want[i][1]);
	desk_free(&d);
}
END_TEST

/* A window of the calendar over the day on which the clock goes forward. */
START_TEST(the_calendar_says_local_time_and_utc)
{
	struct desk d;

	furnish(&d);
	ck_assert_int_eq(desk_ask(&d, "GET /leases?from=2040-03-24T12:00:00Z"
	    "&to=2040-03-26T12:00:00Z"), 200);
	ck_assert_str_eq(desk_text(&d, "items/0/occurrences/0/startUtc"),
	    "2040-03-24T22:00:00.000Z");
	ck_assert_str_eq(desk_text(&d, "items/0/occurrences/0/endUtc"),
	    "2040-03-25T03:00:00.000Z");
	ck_assert_str_eq(desk_text(&d, "items/0/occurrences/1/start"),
	    "2040-03-25T22:00");
	ck_assert_str_eq(desk_text(&d, "items/0/occurrences/1/startUtc"),
	    "2040-03-25T21:00:00.000Z");
	ck_assert_str_eq(desk_text(&d, "items/0/occurrences/2/start"), "");
	ck_assert_int_eq(desk_ask(&d, "GET /leases?from=yesterday"), 400);
	desk_free(&d);
}
END_TEST

START_TEST(its_address_is_its_own_all_the_time)
{
	char mac[32], fn[32];
	struct desk d;

	furnish(&d);
	desk_do(&d, "GET /profiles/p1/vnics/backup");
	snprintf(mac, sizeof(mac), "%s", desk_text(&d, "mac"));
	ck_assert_int_eq((int)strlen(mac), 17);
	for (int day = 0; day < 2; day++) {
		at(&d, day == 0 ? "2040-03-10T23:00:00Z" :
		    "2040-03-11T23:00:00Z");
		desk_do(&d, "POST /leases/night:begin {}");
		ck_assert_int_eq(d.status, 202);
		ck_assert_str_eq(desk_text(&d, "state"), "on");
		ck_assert_str_eq(desk_text(&d, "vnic/idle"), "false");
		snprintf(fn, sizeof(fn), "%s", desk_text(&d,
		    "vnic/placed/function"));
		ck_assert_str_ne(fn, "");
		ck_assert_int_eq(desk_ask(&d, "POST /leases/night:begin {}"),
		    422);
		ck_assert(desk_says(&d, "LeaseNotDue"));
		desk_do(&d, "POST /leases/night:end {}");
		ck_assert_str_eq(desk_text(&d, "vnic/placed/function"), "");
		ck_assert_str_eq(desk_text(&d, "vnic/mac"), mac);
		/* Not twice in one night. */
		ck_assert_int_eq(desk_ask(&d, "POST /leases/night:begin {}"),
		    422);
	}
	desk_do(&d, "GET /identities?profile=p1&state=assigned");
	ck_assert_str_eq(desk_text(&d, "items/2/state"), "");
	desk_free(&d);
}
END_TEST

START_TEST(it_ends_later_when_told)
{
	struct desk d;

	furnish(&d);
	at(&d, "2040-03-10T23:00:00Z");
	ck_assert_int_eq(desk_ask(&d, "POST /leases/night:extend "
	    "{\"by\":\"PT1H\"}"), 422);
	desk_do(&d, "POST /leases/night:begin {}");
	desk_do(&d, "POST /leases/night:extend {\"by\":\"PT90M\"}");
	ck_assert_str_eq(desk_text(&d, "endsAt"), "2040-03-11T05:30:00.000Z");
	desk_do(&d, "POST /leases/night:extend {\"end\":\"2040-03-11T06:00\"}");
	ck_assert_str_eq(desk_text(&d, "endsAt"), "2040-03-11T06:00:00.000Z");
	ck_assert_int_eq(desk_ask(&d, "POST /leases/night:extend "
	    "{\"end\":\"2040-03-10T22:30\"}"), 422);
	ck_assert(desk_says(&d, "LeasePast"));
	ck_assert_int_eq(desk_ask(&d, "POST /leases/night:extend {}"), 400);
	ck_assert_int_eq(desk_ask(&d, "POST /leases/night:extend "
	    "{\"by\":\"soon\"}"), 400);
	desk_free(&d);
}
END_TEST

START_TEST(it_goes_with_its_profile_and_comes_back_with_it)
{
	struct desk d;
	char undo[64];

	furnish(&d);
	desk_do(&d, "POST /profiles/p1:release {}");
	desk_do(&d, "DELETE /profiles/p1");
	snprintf(undo, sizeof(undo), "POST /jobs/%s:undo {}",
	    desk_text(&d, "job"));
	ck_assert_int_eq(desk_ask(&d, "GET /leases/night"), 404);
	desk_do(&d, undo);
	ck_assert_int_eq(desk_ask(&d, "GET /leases/night"), 200);
	ck_assert_str_eq(desk_text(&d, "vnic/name"), "backup");
	ck_assert_str_eq(desk_text(&d, "vnic/idle"), "true");
	desk_free(&d);
}
END_TEST

START_TEST(removing_it_takes_its_device)
{
	struct desk d;
	char undo[64];

	furnish(&d);
	at(&d, "2040-03-10T23:00:00Z");
	desk_do(&d, "POST /leases/night:begin {}");
	desk_do(&d, "DELETE /leases/night");
	snprintf(undo, sizeof(undo), "POST /jobs/%s:undo {}",
	    desk_text(&d, "job"));
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1/vnics/backup"), 404);
	desk_do(&d, undo);
	ck_assert_int_eq(desk_ask(&d, "GET /leases/night"), 200);
	ck_assert_str_eq(desk_text(&d, "state"), "on");
	desk_free(&d);
}
END_TEST

/* Who takes a begin back does not see it begin again. */
START_TEST(a_begin_that_is_undone_stays_so)
{
	struct desk d;
	char undo[64];

	furnish(&d);
	at(&d, "2040-03-10T23:00:00Z");
	desk_do(&d, "POST /leases/night:begin {}");
	snprintf(undo, sizeof(undo), "POST /jobs/%s:undo {}",
	    desk_text(&d, "job"));
	desk_do(&d, undo);
	desk_do(&d, "GET /leases/night");
	ck_assert_str_eq(desk_text(&d, "vnic/idle"), "true");
	ck_assert_int_eq(desk_ask(&d, "POST /leases/night:begin {}"), 422);
	ck_assert(desk_says(&d, "LeaseNotDue"));
	at(&d, "2040-03-11T23:00:00Z");
	desk_do(&d, "POST /leases/night:begin {}");
	desk_free(&d);
}
END_TEST

/* The server has no room for another device while it runs: whoever makes the
 * lease is asked, as nobody is there when it begins. */
START_TEST(what_must_be_confirmed_is_asked_for_with_the_lease)
{
	struct desk d;

	desk_new(&d);
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":1}");
	desk_room(&d, 1, 0);
	ck_assert_int_eq(desk_ask(&d, NIGHT), 409);
	ck_assert(desk_says(&d, "SlotHotplugUnready"));
	ck_assert_int_eq(desk_ask(&d, "GET /leases/night"), 404);
	desk_free(&d);
}
END_TEST

/* At no slot it is lent all the same, and bound when there is one. */
START_TEST(a_profile_at_no_slot_has_leases_too)
{
	struct desk d;

	desk_new(&d);
	desk_do(&d, NIGHT);
	ck_assert_int_eq(d.status, 201);
	at(&d, "2040-03-10T23:00:00Z");
	desk_do(&d, "POST /leases/night:begin {}");
	ck_assert_str_eq(desk_text(&d, "state"), "on");
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":1}");
	desk_do(&d, "GET /profiles/p1/vnics/backup");
	ck_assert_str_ne(desk_text(&d, "placed/function"), "");
	desk_free(&d);
}
END_TEST

START_TEST(a_copy_has_no_leases_and_a_revert_leaves_them)
{
	struct desk d;

	furnish(&d);
	desk_do(&d, "POST /profiles/p1:clone {\"name\":\"copy\"}");
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/copy/vnics/net0"), 200);
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/copy/vnics/backup"), 404);
	desk_do(&d, "POST /profiles/p1:revert {\"revision\":1}");
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1/vnics/backup"), 200);
	ck_assert_int_eq(desk_ask(&d, "GET /leases/night"), 200);
	/* What the profile was while it had a lease that is gone. */
	desk_do(&d, "GET /profiles/p1/revisions");
	desk_do(&d, "DELETE /leases/night");
	desk_do(&d, "POST /profiles/p1:revert {\"revision\":4}");
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1/vnics/backup"), 404);
	desk_free(&d);
}
END_TEST

/* Also while it is on. */
START_TEST(it_is_in_the_configuration_as_a_lease_and_never_for_good)
{
	struct desk d;

	furnish(&d);
	for (int on = 0; on < 2; on++) {
		ck_assert_int_eq(desk_ask(&d, "GET /config"), 200);
		ck_assert_str_eq(desk_text(&d, "leases/0/vnic/name"),
		    "backup");
		ck_assert_str_eq(desk_text(&d, "leases/0/recurrence"),
		    "FREQ=DAILY");
		ck_assert_str_eq(desk_text(&d, "profiles/0/vnics/0/name"),
		    "net0");
		ck_assert_str_eq(desk_text(&d, "profiles/0/vnics/1/name"), "");
		at(&d, "2040-03-10T23:00:00Z");
		if (on == 0)
			desk_do(&d, "POST /leases/night:begin {}");
	}
	desk_free(&d);
}
END_TEST

static const struct {
	const char *request, *code;
	int status;
} refused[] = {
	{ "POST /leases {\"name\":\"x\",\"profile\":\"p1\",\"start\":"
	    "\"2040-03-10T22:00\",\"end\":\"2040-03-11T04:00\"}", NULL, 400 },
	{ "POST /leases {\"name\":\"x\",\"profile\":\"p1\",\"start\":"
	    "\"2040-03-10T22:00\",\"end\":\"2040-03-11T04:00\",\"vnic\":{},"
	    "\"vhba\":{}}", NULL, 400 },
	{ "POST /leases {\"name\":\"x\",\"profile\":\"nobody\",\"start\":"
	    "\"2040-03-10T22:00\",\"end\":\"2040-03-11T04:00\",\"vnic\":"
	    "{\"name\":\"x\",\"networks\":[\"prod\"]}}", "MissingDependency",
	    422 },
	{ "POST /leases {\"name\":\"night\",\"profile\":\"p1\",\"start\":"
	    "\"2040-03-10T12:00\",\"end\":\"2040-03-10T14:00\",\"vnic\":"
	    "{\"name\":\"x\",\"networks\":[\"prod\"]}}", "NameTaken", 422 },
	{ "POST /leases {\"name\":\"x\",\"profile\":\"p1\",\"start\":"
	    "\"tomorrow\",\"end\":\"2040-03-10T14:00\",\"vnic\":"
	    "{\"name\":\"x\",\"networks\":[\"prod\"]}}", "ValueRange", 422 },
	{ "POST /leases {\"name\":\"x\",\"profile\":\"p1\",\"start\":"
	    "\"2040-03-10T12:00\",\"end\":\"2040-03-10T14:00\",\"recurrence\":"
	    "\"FREQ=MONTHLY\",\"vnic\":{\"name\":\"x\",\"networks\":"
	    "[\"prod\"]}}", "ValueRange", 422 },
	{ "POST /leases {\"name\":\"x\",\"profile\":\"p1\",\"start\":"
	    "\"2040-03-10T12:00\",\"end\":\"2040-03-10T14:00\",\"vnic\":"
	    "{\"name\":\"backup\",\"networks\":[\"prod\"]}}", "NameTaken",
	    422 },
	{ "PATCH /leases/night {\"profile\":\"p2\"}", "DeviceLeased", 422 },
	{ "PATCH /leases/night {\"vhba\":{\"name\":\"x\"}}", "KindMix", 422 },
	{ "PATCH /leases/night {\"endsAt\":\"2040-03-11T04:00:00Z\"}", NULL,
	    400 },
	{ "DELETE /profiles/p1/vnics/backup", "DeviceLeased", 422 },
	{ "POST /leases/night:end {}", "LeaseNotDue", 422 },
	{ "DELETE /leases/other", NULL, 404 },
};

START_TEST(what_is_wrong_is_refused_and_changes_nothing)
{
	struct desk d;
	int64_t generation;

	furnish(&d);
	generation = desk_generation(&d);
	ck_assert_int_eq(desk_ask(&d, refused[_i].request), refused[_i].status);
	if (refused[_i].code != NULL)
		ck_assert(desk_says(&d, refused[_i].code));
	ck_assert_int_eq(desk_generation(&d), generation);
	desk_free(&d);
}
END_TEST

SUITE("lease")
{
	tcase_add_test(tc, it_reads_as_it_was_written);
	tcase_add_test(tc, the_calendar_says_local_time_and_utc);
	tcase_add_test(tc, its_address_is_its_own_all_the_time);
	tcase_add_test(tc, it_ends_later_when_told);
	tcase_add_test(tc, it_goes_with_its_profile_and_comes_back_with_it);
	tcase_add_test(tc, removing_it_takes_its_device);
	tcase_add_test(tc, a_begin_that_is_undone_stays_so);
	tcase_add_test(tc, what_must_be_confirmed_is_asked_for_with_the_lease);
	tcase_add_test(tc, a_profile_at_no_slot_has_leases_too);
	tcase_add_test(tc, a_copy_has_no_leases_and_a_revert_leaves_them);
	tcase_add_test(tc,
	    it_is_in_the_configuration_as_a_lease_and_never_for_good);
	tcase_add_loop_test(tc, what_is_wrong_is_refused_and_changes_nothing,
	    0, N_ROWS(refused));
}
