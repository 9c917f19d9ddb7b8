/*
 * test_lease.c -- leases that begin and end by themselves: over the days on which
 * the clock is set, through restarts, in line, and when something is in the way.
 * The clock is moved, not waited for.
 */
#include <stdio.h>

#include "base/clock.h"
#include "tests/sim/world.h"
#include "tests/test.h"

enum { LONG_MS = 300000, MINUTE_MS = 60000 };

#define NIGHT "{\"name\":\"night\",\"profile\":\"bak\",\"start\":" \
	"\"2026-03-27T22:00\",\"end\":\"2026-03-28T04:00\",\"timeZone\":" \
	"\"Europe/London\",\"recurrence\":\"FREQ=DAILY\",\"vnic\":{\"name\":" \
	"\"extra\",\"networks\":[\"prod\"]}"

static void
settled(struct world *w, int status, const char *method, const char *path,
    const char *body)
{
	world_do(w, status, method, path, body);
	ck_assert(world_settle(w, LONG_MS));
}

static void
make(struct world *w, const char *name, unsigned slot)
{
	char path[64], body[64];

	snprintf(body, sizeof(body), "{\"name\":\"%s\"}", name);
	world_do(w, 201, "POST", "/profiles", body);
	snprintf(path, sizeof(path), "/profiles/%s:assign", name);
	snprintf(body, sizeof(body), "{\"slot\":%u}", slot);
	settled(w, 202, "POST", path, body);
}

/* Profile bak at slot 1, with whatever is leased to it. */
static void
furnish(struct world *w, uint64_t seed, const char *rest)
{
	char body[600];

	world_new(w, seed);
	world_do(w, 201, "POST", "/networks",
	    "{\"name\":\"prod\",\"vlan\":120}");
	make(w, "bak", 1);
	snprintf(body, sizeof(body), NIGHT "%s}", rest);
	world_do(w, 201, "POST", "/leases", body);
}

/* Sets the clock, and lets what is due happen. */
static void
at(struct world *w, const char *time)
{
	w->wall_ms = time_parse(time);
	ck_assert_int_gt(w->wall_ms, 0);
	world_pass(w, 3000);
	ck_assert(world_settle(w, LONG_MS));
}

static size_t
sees(struct world *w, unsigned slot)
{
	char mac[MAC_TEXT];

	return world_sees(w, slot, mac);
}

/* The text of a fault that is there, or "". */
static const char *
fault(struct world *w, const char *code)
{
	static char text[256];
	json_t *list = world_get(w, "/faults"), *item;
	size_t i;

	text[0] = '\0';
	json_array_foreach(json_object_get(list, "items"), i, item)
		if (strcmp(json_string_value(json_object_get(item, "code")),
		    code) == 0 && strcmp(json_string_value(json_object_get(
		    item, "state")), "cleared") != 0)
			snprintf(text, sizeof(text), "%s", json_string_value(
			    json_object_get(item, "text")));
	json_decref(list);
	return text;
}

/* Records of the lease whose action has that in it. */
static unsigned
records(struct world *w, const char *what)
{
	json_t *list = world_get(w, "/audit?limit=4096"), *item;
	unsigned n = 0;
	size_t i;

	json_array_foreach(json_object_get(list, "items"), i, item)
		n += strcmp(json_string_value(json_object_get(item, "actor")),
		    "lease") == 0 && strstr(json_string_value(
		    json_object_get(item, "action")), what) != NULL;
	json_decref(list);
	return n;
}

static void
finish(struct world *w)
{
	ck_assert_uint_eq(support_chassis_violations(&w->chassis), 0);
	world_free(w);
}

/* The night of 28 March has five hours, all others six. */
START_TEST(every_night_over_the_day_of_the_clock)
{
	static const struct {
		const char *time;
		size_t sees;
	} hours[] = {
		{ "2026-03-27T21:59:50Z", 0 }, { "2026-03-27T22:00:00Z", 1 },
		{ "2026-03-28T03:59:50Z", 1 }, { "2026-03-28T04:00:00Z", 0 },
		{ "2026-03-28T21:59:50Z", 0 }, { "2026-03-28T22:00:00Z", 1 },
		{ "2026-03-29T02:59:50Z", 1 }, { "2026-03-29T03:00:00Z", 0 },
		{ "2026-03-29T20:59:50Z", 0 }, { "2026-03-29T21:00:00Z", 1 },
		{ "2026-03-30T02:59:50Z", 1 }, { "2026-03-30T03:00:00Z", 0 },
	};
	char mac[MAC_TEXT], first[MAC_TEXT] = "";
	struct world w;

	furnish(&w, 1, "");
	for (int i = 0; i < N_ROWS(hours); i++) {
		at(&w, hours[i].time);
		ck_assert_msg(world_sees(&w, 1, mac) == hours[i].sees, "at %s",
		    hours[i].time);
		if (hours[i].sees == 0)
			continue;
		if (first[0] == '\0')
			memcpy(first, mac, sizeof(first));
		ck_assert_str_eq(mac, first);
	}
	ck_assert_uint_eq(records(&w, ":begin"), 3);
	ck_assert_uint_eq(records(&w, ":end"), 3);
	ck_assert_str_eq(fault(&w, "LeaseMissed"), "");
	finish(&w);
}
END_TEST

/* Killed and started again inside the window: nothing is done twice. */
START_TEST(a_restart_inside_the_window_changes_nothing)
{
	struct world w;

	furnish(&w, 2, "");
	at(&w, "2026-03-28T23:00:00Z");
	ck_assert_uint_eq(sees(&w, 1), 1);
	support_chassis_do(&w.chassis, "log clear");
	world_crash(&w);
	world_pass(&w, 5000);
	ck_assert_uint_eq(sees(&w, 1), 1);
	ck_assert_uint_eq(records(&w, ":begin"), 1);
	at(&w, "2026-03-29T03:00:00Z");
	ck_assert_uint_eq(sees(&w, 1), 0);
	finish(&w);
}
END_TEST

/* Down when it began: late, but on.  Down when it ended: the first thing. */
START_TEST(what_came_while_it_was_down_is_made_up_for)
{
	struct world w;

	furnish(&w, 3, "");
	world_rest(&w);
	w.wall_ms = time_parse("2026-03-28T23:30:00Z");
	world_wake(&w);
	world_pass(&w, 3000);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_uint_eq(sees(&w, 1), 1);
	world_rest(&w);
	w.wall_ms = time_parse("2026-03-29T12:00:00Z");
	world_wake(&w);
	world_pass(&w, 3000);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_uint_eq(sees(&w, 1), 0);
	ck_assert_uint_eq(records(&w, ":end"), 1);
	/* A whole night: it is told, and forgotten when the next begins. */
	world_rest(&w);
	w.wall_ms = time_parse("2026-03-30T12:00:00Z");
	world_wake(&w);
	world_pass(&w, 3000);
	ck_assert_ptr_nonnull(strstr(fault(&w, "LeaseMissed"),
	    "did not begin at 2026-03-29T21:00"));
	at(&w, "2026-03-30T21:00:00Z");
	ck_assert_uint_eq(sees(&w, 1), 1);
	ck_assert_str_eq(fault(&w, "LeaseMissed"), "");
	finish(&w);
}
END_TEST

/* Killed at every turn around a begin and an end: on, and then off. */
START_TEST(a_crash_at_any_turn_forgets_no_end)
{
	struct world w;
	unsigned n = 1;

	do {
		furnish(&w, 100 + n, "");
		w.wall_ms = time_parse("2026-03-28T22:00:00Z");
		w.crashed = false;
		w.crash_at = w.turns + n * 3;
		world_pass(&w, 3000);
		ck_assert(world_settle(&w, LONG_MS));
		world_pass(&w, 6000);
		ck_assert(world_settle(&w, LONG_MS));
		ck_assert_uint_eq(sees(&w, 1), 1);
		w.wall_ms = time_parse("2026-03-29T03:00:00Z");
		world_pass(&w, 9000);
		ck_assert(world_settle(&w, LONG_MS));
		ck_assert_uint_eq(sees(&w, 1), 0);
		n += 23;
		finish(&w);
	} while (w.crashed && n < 400);
	ck_assert_uint_gt(n, 8);
}
END_TEST

#define CARD1 "\"exclusive\":{\"name\":\"nic\",\"extent\":\"card\"," \
	"\"placement\":{\"module\":\"io1\"}}"
#define EARLY "{\"name\":\"early\",\"profile\":\"web\",\"start\":" \
	"\"2026-03-29T03:00\",\"end\":\"2026-03-29T06:00\",\"recurrence\":" \
	"\"FREQ=WEEKLY;BYDAY=SU\","

START_TEST(who_overlaps_is_refused_with_the_other_named)
{
	struct world w;
	const char *code, *detail;
	json_t *body, *error;

	world_new(&w, 5);
	make(&w, "bak", 1);
	make(&w, "web", 2);
	world_do(&w, 201, "POST", "/leases", "{\"name\":\"night\",\"profile\":"
	    "\"bak\",\"start\":\"2026-03-27T22:00\",\"end\":\"2026-03-28T04:00\","
	    "\"timeZone\":\"Europe/London\",\"recurrence\":\"FREQ=DAILY\","
	    "\"exclusive\":{\"name\":\"nic\",\"extent\":\"card\",\"placement\":"
	    "{\"module\":\"io1\"}}}");
	/* Free in summer, when London's night ends at three; not in winter. */
	ck_assert_int_eq(world_ask(&w, "POST", "/leases", EARLY
	    "\"until\":\"2026-10-18\"," CARD1 "}", &body), 201);
	json_decref(body);
	world_do(&w, 200, "DELETE", "/leases/early", NULL);
	ck_assert_int_eq(world_ask(&w, "POST", "/leases", EARLY CARD1 "}",
	    &body), 422);
	error = json_array_get(json_object_get(body, "errors"), 0);
	detail = json_string_value(json_object_get(error, "detail"));
	ck_assert_ptr_nonnull(strstr(detail, "collides with lease night at "
	    "2026-10-25T03:00"));
	json_decref(body);
	ck_assert_int_eq(world_ask(&w, "POST", "/leases", "{\"name\":\"late\","
	    "\"profile\":\"web\",\"start\":\"2026-03-28T03:00\",\"end\":"
	    "\"2026-03-28T06:00\",\"timeZone\":\"UTC\",\"exclusive\":{\"name\":"
	    "\"nic2\",\"extent\":\"card\",\"placement\":{\"module\":\"io1\"}}}",
	    &body), 422);
	error = json_array_get(json_object_get(body, "errors"), 0);
	code = json_string_value(json_object_get(error, "code"));
	detail = json_string_value(json_object_get(error, "detail"));
	ck_assert_str_eq(code, "LeaseOverlap");
	ck_assert_ptr_nonnull(strstr(detail, "collides with lease night"));
	json_decref(body);
	finish(&w);
}
END_TEST

/* The clock is set back by an hour: nothing begins, nothing ends. */
START_TEST(while_the_clock_is_behind_nothing_goes_by_it)
{
	struct world w;

	furnish(&w, 6, "");
	at(&w, "2026-03-28T22:30:00Z");
	ck_assert_uint_eq(sees(&w, 1), 1);
	settled(&w, 201, "POST", "/leases/night:extend",
	    "{\"end\":\"2026-03-28T23:00\"}");
	at(&w, "2026-03-28T23:00:00Z");
	ck_assert_uint_eq(sees(&w, 1), 0);
	world_do(&w, 201, "POST", "/leases", "{\"name\":\"noon\",\"profile\":"
	    "\"bak\",\"start\":\"2026-03-28T12:00\",\"end\":\"2026-03-28T13:00\","
	    "\"recurrence\":\"FREQ=DAILY\",\"vnic\":{\"name\":\"n\","
	    "\"networks\":[\"prod\"]}}");
	at(&w, "2026-03-29T12:10:00Z");
	ck_assert_uint_eq(sees(&w, 1), 1);
	/* Back by a day, into the window of the night. */
	at(&w, "2026-03-28T22:40:00Z");
	ck_assert_ptr_nonnull(strstr(fault(&w, "ClockSkew"), "behind"));
	world_pass(&w, MINUTE_MS);
	ck_assert_uint_eq(sees(&w, 1), 1);
	/* Somebody's change does not make it right. */
	world_do(&w, 201, "POST", "/networks", "{\"name\":\"x\",\"vlan\":9}");
	world_pass(&w, MINUTE_MS);
	ck_assert_str_ne(fault(&w, "ClockSkew"), "");
	ck_assert_uint_eq(records(&w, ":end"), 1);
	world_do(&w, 200, "POST", "/appliance:acceptClock", "{}");
	world_pass(&w, 5000);
	ck_assert_str_eq(fault(&w, "ClockSkew"), "");
	finish(&w);
}
END_TEST

/* A job that can end neither way holds the slot; when it is over, the end of the
 * lease is the first thing done. */
START_TEST(an_end_waits_for_a_slot_that_is_held)
{
	struct world w;
	char path[64];
	int64_t job;

	furnish(&w, 7, "");
	at(&w, "2026-03-28T22:00:00Z");
	ck_assert_uint_eq(sees(&w, 1), 1);
	support_chassis_do(&w.chassis, "fault bind error after");
	support_chassis_do(&w.chassis, "fault scrub error before 1000");
	job = world_do(&w, 202, "POST", "/profiles/bak/vnics",
	    "{\"name\":\"b\",\"networks\":[\"prod\"]}");
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "rollbackFailed");
	at(&w, "2026-03-29T03:00:00Z");
	ck_assert_uint_ge(sees(&w, 1), 1);
	ck_assert_ptr_nonnull(strstr(fault(&w, "LeaseReleaseOverdue"),
	    "cannot end"));
	support_chassis_do(&w.chassis, "fault scrub none");
	snprintf(path, sizeof(path), "/jobs/%lld:retry", (long long)job);
	world_ask(&w, "POST", path, "{}", NULL);
	ck_assert(world_settle(&w, LONG_MS));
	world_pass(&w, 2 * MINUTE_MS);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_uint_eq(sees(&w, 1), 0);
	ck_assert_str_eq(fault(&w, "LeaseReleaseOverdue"), "");
	finish(&w);
}
END_TEST

/* Its server uses it: it stays until that is over, or until it is forced. */
START_TEST(what_is_busy_is_kept_as_long_as_may_be)
{
	struct world w;

	furnish(&w, 8, _i == 0 ? ",\"onEnd\":\"keep-if-busy\"" :
	    ",\"onEnd\":\"keep-if-busy\",\"grace\":\"PT15M\","
	    "\"forceAfter\":\"PT1H\"");
	at(&w, "2026-03-27T22:00:00Z");
	world_pass(&w, 5000);
	at(&w, "2026-03-28T04:14:00Z");
	ck_assert_uint_eq(sees(&w, 1), 1);
	ck_assert_int_eq(*fault(&w, "LeaseReleaseOverdue") != '\0', _i == 0);
	at(&w, "2026-03-28T04:59:00Z");
	ck_assert_uint_eq(sees(&w, 1), 1);
	ck_assert_ptr_nonnull(strstr(fault(&w, "LeaseReleaseOverdue"),
	    "its server uses the device"));
	if (_i == 0)
		support_chassis_do(&w.chassis, "power slot 1 off");
	at(&w, "2026-03-28T05:00:00Z");
	ck_assert_uint_eq(sees(&w, 1), 0);
	ck_assert_uint_eq(records(&w, ":end"), 1);
	world_pass(&w, 2000);
	ck_assert_str_eq(fault(&w, "LeaseReleaseOverdue"), "");
	finish(&w);
}
END_TEST

/* A slot that somebody isolated gives back what it had, and gets nothing. */
START_TEST(a_slot_that_is_off_gives_back_and_gets_nothing)
{
	struct world w;

	furnish(&w, 11, "");
	at(&w, "2026-03-28T22:00:00Z");
	ck_assert_uint_eq(sees(&w, 1), 1);
	settled(&w, 202, "POST", "/slots/1:isolate", "{}");
	at(&w, "2026-03-29T03:00:00Z");
	world_pass(&w, MINUTE_MS);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_uint_eq(records(&w, ":end"), 1);
	at(&w, "2026-03-29T21:00:00Z");
	ck_assert_ptr_nonnull(strstr(fault(&w, "LeaseMissed"), "disabled"));
	settled(&w, 202, "PATCH", "/slots/1", "{\"adminState\":\"enabled\"}");
	world_pass(&w, 2 * MINUTE_MS);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_uint_eq(sees(&w, 1), 1);
	ck_assert_str_eq(fault(&w, "LeaseMissed"), "");
	finish(&w);
}
END_TEST

static const struct {
	const char *device, *member;	/* of what the server sees */
} kinds[] = {
	{ "\"vnic\":{\"name\":\"x\",\"networks\":[\"prod\"]}", "mac" },
	{ "\"vhba\":{\"name\":\"x\",\"san\":\"fab\"}", "wwpn" },
	{ "\"vdas\":{\"name\":\"x\",\"virtualDisks\":[{\"name\":\"d\",\"raid\":"
	    "\"RAID1\",\"capacityMiB\":1024}]}", "disks" },
};

/* As text, of the one function that the server has; "" none. */
static void
what_it_sees(struct world *w, const char *member, char text[128])
{
	json_t *server = support_chassis_ctl(&w->chassis, "server 1");
	json_t *fns = json_object_get(server, "functions");
	char *found = NULL;

	ck_assert_uint_le(json_array_size(fns), 1);
	if (json_array_size(fns) == 1)
		found = json_canonical(json_object_get(json_array_get(fns, 0),
		    member));
	snprintf(text, 128, "%s", found != NULL ? found : "");
	free(found);
	json_decref(server);
}

/* The same address, the same disks, each time. */
START_TEST(a_device_of_any_kind_comes_back_as_itself)
{
	char body[512], first[128], again[128];
	struct world w;

	world_new(&w, 20);
	world_do(&w, 201, "POST", "/networks", "{\"name\":\"prod\",\"vlan\":9}");
	world_do(&w, 201, "POST", "/sans", "{\"name\":\"fab\"}");
	make(&w, "bak", 1);
	snprintf(body, sizeof(body), "{\"name\":\"l\",\"profile\":\"bak\","
	    "\"start\":\"2026-03-27T10:00\",\"end\":\"2026-03-27T14:00\","
	    "\"recurrence\":\"FREQ=DAILY\",%s}", kinds[_i].device);
	world_do(&w, 201, "POST", "/leases", body);
	at(&w, "2026-03-27T10:00:00Z");
	what_it_sees(&w, kinds[_i].member, first);
	ck_assert_int_gt((int)strlen(first), 2);
	at(&w, "2026-03-27T14:00:00Z");
	what_it_sees(&w, kinds[_i].member, again);
	ck_assert_str_eq(again, "");
	at(&w, "2026-03-28T10:00:00Z");
	what_it_sees(&w, kinds[_i].member, again);
	ck_assert_str_eq(again, first);
	finish(&w);
}
END_TEST

#define TAPE(name, profile, priority) "{\"name\":\"" name "\",\"profile\":\"" \
	profile "\",\"start\":\"2026-03-27T10:00\",\"end\":\"2026-03-27T14:00\"," \
	"\"queue\":true,\"priority\":" priority ",\"exclusive\":{\"name\":" \
	"\"tape\",\"extent\":\"card\",\"placement\":{\"requireClass\":" \
	"\"other\"}}}"

/* One tape drive, three servers: the next in line has it when it is back. */
START_TEST(a_tape_drive_goes_from_server_to_server)
{
	struct world w;

	world_new(&w, 9);
	support_chassis_do(&w.chassis, "insert bay 4 LSI22320SLE TAPE1");
	world_pass(&w, 500);
	make(&w, "a", 1);
	make(&w, "b", 2);
	make(&w, "c", 3);
	world_do(&w, 201, "POST", "/leases", TAPE("la", "a", "1"));
	world_do(&w, 201, "POST", "/leases", TAPE("lb", "b", "9"));
	world_do(&w, 201, "POST", "/leases", TAPE("lc", "c", "5"));
	at(&w, "2026-03-27T10:00:00Z");
	world_pass(&w, MINUTE_MS);
	ck_assert_uint_eq(sees(&w, 2), 2);
	ck_assert_uint_eq(sees(&w, 1) + sees(&w, 3), 0);
	ck_assert_str_eq(fault(&w, "LeaseMissed"), "");
	settled(&w, 202, "POST", "/leases/lb:end", "{}");
	world_pass(&w, 3 * MINUTE_MS);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_uint_eq(sees(&w, 3), 2);
	ck_assert_uint_eq(sees(&w, 1) + sees(&w, 2), 0);
	settled(&w, 202, "POST", "/leases/lc:end", "{}");
	world_pass(&w, 3 * MINUTE_MS);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_uint_eq(sees(&w, 1), 2);
	at(&w, "2026-03-27T14:00:00Z");
	ck_assert_uint_eq(sees(&w, 1) + sees(&w, 2) + sees(&w, 3), 0);
	finish(&w);
}
END_TEST

/* A begin that fails is taken back, told, and tried again in its time. */
START_TEST(what_could_not_begin_is_tried_again)
{
	struct world w;

	furnish(&w, 10, "");
	support_chassis_do(&w.chassis, "fault bind error before 1");
	at(&w, "2026-03-27T22:00:00Z");
	world_pass(&w, MINUTE_MS);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_uint_eq(records(&w, ":begin"), 2);
	ck_assert_uint_eq(sees(&w, 1), 1);
	world_pass(&w, 3000);
	ck_assert_str_eq(fault(&w, "LeaseMissed"), "");
	finish(&w);
}
END_TEST

SUITE("lease")
{
	tcase_add_test(tc, every_night_over_the_day_of_the_clock);
	tcase_add_test(tc, a_restart_inside_the_window_changes_nothing);
	tcase_add_test(tc, what_came_while_it_was_down_is_made_up_for);
	tcase_add_test(tc, a_crash_at_any_turn_forgets_no_end);
	tcase_add_test(tc, who_overlaps_is_refused_with_the_other_named);
	tcase_add_test(tc, while_the_clock_is_behind_nothing_goes_by_it);
	tcase_add_test(tc, an_end_waits_for_a_slot_that_is_held);
	tcase_add_loop_test(tc, what_is_busy_is_kept_as_long_as_may_be, 0, 2);
	tcase_add_test(tc, a_slot_that_is_off_gives_back_and_gets_nothing);
	tcase_add_loop_test(tc, a_device_of_any_kind_comes_back_as_itself, 0,
	    N_ROWS(kinds));
	tcase_add_test(tc, a_tape_drive_goes_from_server_to_server);
	tcase_add_test(tc, what_could_not_begin_is_tried_again);
}
