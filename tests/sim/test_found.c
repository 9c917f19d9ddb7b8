/*
 * test_found.c -- what random operations found, one case each.
 */
#include <stdio.h>

#include "tests/sim/world.h"
#include "tests/test.h"

enum { LONG_MS = 300000 };

static void
settle(struct world *w)
{
	ck_assert(world_settle(w, LONG_MS));
}

/* A profile with two vNICs, bound at slot 1. */
static void
furnish(struct world *w, uint64_t seed)
{
	world_new(w, seed);
	world_do(w, 201, "POST", "/networks",
	    "{\"name\":\"prod\",\"vlan\":120}");
	world_do(w, 201, "POST", "/profiles", "{\"name\":\"web\"}");
	world_do(w, 201, "POST", "/profiles/web/vnics",
	    "{\"name\":\"a\",\"networks\":[\"prod\"]}");
	world_do(w, 201, "POST", "/profiles/web/vnics",
	    "{\"name\":\"b\",\"networks\":[\"prod\"]}");
	world_do(w, 202, "POST", "/profiles/web:assign", "{\"slot\":1}");
	settle(w);
}

static size_t
sees(struct world *w, unsigned slot)
{
	char mac[MAC_TEXT];

	return world_sees(w, slot, mac);
}

/* How often a verb reached the switch since the log was cleared. */
static size_t
logged(struct world *w, const char *verb)
{
	json_t *log = support_chassis_ctl(&w->chassis, "log"), *entry;
	size_t n = 0, i;

	json_array_foreach(json_object_get(log, "items"), i, entry)
		n += strcmp(json_string_value(json_object_get(entry, "verb")),
		    verb) == 0;
	json_decref(log);
	return n;
}

START_TEST(a_move_while_the_card_is_out_leaves_no_traces)
{
	struct world w;

	furnish(&w, 1);
	world_do(&w, 202, "POST", "/profiles/web:move", "{\"slot\":2}");
	settle(&w);
	support_chassis_do(&w.chassis, "pull bay 1");
	world_pass(&w, 2000);
	/* Lower slots are healed first. */
	world_do(&w, 202, "POST", "/profiles/web:move", "{\"slot\":1}");
	settle(&w);
	support_chassis_do(&w.chassis, "insert bay 1 X520-SR2 N1");
	world_pass(&w, 15000);
	settle(&w);
	ck_assert_uint_eq(sees(&w, 1), 2);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

START_TEST(nothing_is_bound_again_at_a_slot_that_is_off)
{
	struct world w;

	furnish(&w, 2);
	world_do(&w, 202, "PATCH", "/slots/1",
	    "{\"adminState\":\"disabled\"}");
	settle(&w);
	support_chassis_do(&w.chassis, "log clear");
	support_chassis_do(&w.chassis, "unmap 1 0");
	world_pass(&w, 60000);
	ck_assert_uint_eq(logged(&w, "bind"), 0);
	world_do(&w, 202, "PATCH", "/slots/1", "{\"adminState\":\"enabled\"}");
	settle(&w);
	world_pass(&w, 15000);
	settle(&w);
	ck_assert_uint_eq(sees(&w, 1), 2);
	world_free(&w);
}
END_TEST

/* ---- what hangs ---- */

static const struct {
	const char *fault, *hand;	/* the hand makes a heal meet the fault */
} hangs[] = {
	{ "fault bind timeout before", "unmap 1 0" },
	{ "fault bind timeout after", "unmap 1 0" },
	{ "fault prepare timeout before", "reset" },
	{ "fault prepare timeout after", "reset" },
	{ "fault bind timeout before", "reset" },
	{ "fault scrub timeout before", "pull bay 1" },
	{ "fault scrub timeout after", "pull bay 1" },
};

START_TEST(a_heal_that_hangs_is_tried_anew)
{
	struct world w;

	furnish(&w, 10 + (uint64_t)_i);
	support_chassis_do(&w.chassis, "%s", hangs[_i].fault);
	support_chassis_do(&w.chassis, "%s", hangs[_i].hand);
	if (strcmp(hangs[_i].hand, "pull bay 1") == 0) {
		world_pass(&w, 3000);
		support_chassis_do(&w.chassis, "insert bay 1 X520-SR2 N1");
	}
	world_pass(&w, LONG_MS);
	settle(&w);
	ck_assert_uint_eq(sees(&w, 1), 2);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

/* Isolate comes beside it; neither waits for what the other holds. */
START_TEST(a_slot_is_isolated_while_its_heal_hangs)
{
	struct world w;
	int64_t job;

	furnish(&w, 5);
	support_chassis_do(&w.chassis, "pull bay 1");
	world_pass(&w, 2000);
	world_do(&w, 202, "POST", "/profiles/web:release", "{}");
	settle(&w);
	support_chassis_do(&w.chassis, "fault scrub timeout before 2");
	support_chassis_do(&w.chassis, "insert bay 1 X520-SR2 N1");
	world_pass(&w, 3000);
	job = world_do(&w, 202, "POST", "/slots/1:isolate", "{}");
	world_pass(&w, 3000);
	ck_assert_str_eq(world_job_state(&w, job), "applied");
	ck_assert(world_settle(&w, LONG_MS));
	world_do(&w, 202, "PATCH", "/slots/1", "{\"adminState\":\"enabled\"}");
	settle(&w);
	world_do(&w, 202, "POST", "/profiles/web:assign", "{\"slot\":1}");
	settle(&w);
	ck_assert_uint_eq(sees(&w, 1), 2);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

/* ---- disks ---- */

static int64_t
raid_seen(struct world *w, unsigned slot)
{
	json_t *server = support_chassis_ctl(&w->chassis, "server %u", slot);
	json_t *fn = json_array_get(json_object_get(server, "functions"), 0);
	json_t *disk = json_array_get(json_object_get(fn, "disks"), 0);
	int64_t level = json_integer_value(json_object_get(disk, "raid"));

	json_decref(server);
	return level;
}

START_TEST(a_disk_of_another_level_is_a_new_one)
{
	static const char other[] = "{\"virtualDisks\":[{\"name\":\"d\","
	    "\"raid\":\"RAID5\",\"capacityMiB\":2000}]}";
	struct world w;

	world_new(&w, 3);
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"db\"}");
	world_do(&w, 201, "POST", "/profiles/db/vdas", "{\"name\":\"v\","
	    "\"virtualDisks\":[{\"name\":\"d\",\"raid\":\"RAID1\","
	    "\"capacityMiB\":1000}]}");
	world_do(&w, 202, "POST", "/profiles/db:assign", "{\"slot\":1}");
	settle(&w);
	ck_assert_int_eq(raid_seen(&w, 1), 1);
	world_do(&w, 409, "PATCH", "/profiles/db/vdas/v", other);
	world_do(&w, 202, "PATCH", "/profiles/db/vdas/v?confirm=DestroysData",
	    other);
	settle(&w);
	ck_assert_int_eq(raid_seen(&w, 1), 5);
	world_free(&w);
}
END_TEST

/* Nothing is bound there now, but the disk is there when the slot is on again. */
START_TEST(a_disk_is_made_for_a_slot_that_is_off)
{
	struct world w;

	world_new(&w, 3);
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"db\"}");
	world_do(&w, 201, "POST", "/profiles/db/vdas", "{\"name\":\"v\","
	    "\"virtualDisks\":[{\"name\":\"d\",\"raid\":\"RAID1\","
	    "\"capacityMiB\":1000}]}");
	world_do(&w, 202, "POST", "/profiles/db:assign", "{\"slot\":1}");
	settle(&w);
	world_do(&w, 202, "POST", "/slots/1:isolate", "{}");
	settle(&w);
	world_do(&w, 202, "PATCH", "/profiles/db/vdas/v?confirm=DestroysData",
	    "{\"virtualDisks\":[{\"name\":\"d\",\"raid\":\"RAID5\","
	    "\"capacityMiB\":2000}]}");
	settle(&w);
	world_do(&w, 202, "PATCH", "/slots/1", "{\"adminState\":\"enabled\"}");
	settle(&w);
	world_pass(&w, 5000);
	settle(&w);
	ck_assert_int_eq(raid_seen(&w, 1), 5);
	world_free(&w);
}
END_TEST

START_TEST(a_copy_has_a_disk_of_its_own)
{
	struct world w;
	json_t *faults;

	world_new(&w, 3);
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"db\"}");
	world_do(&w, 201, "POST", "/profiles/db/vdas", "{\"name\":\"v\","
	    "\"virtualDisks\":[{\"name\":\"d\",\"raid\":\"RAID1\","
	    "\"capacityMiB\":1000}]}");
	world_do(&w, 202, "POST", "/profiles/db:assign", "{\"slot\":1}");
	settle(&w);
	world_do(&w, 201, "POST", "/profiles/db:clone", "{\"name\":\"two\"}");
	world_do(&w, 202, "POST", "/profiles/two:assign", "{\"slot\":2}");
	settle(&w);
	ck_assert_int_eq(raid_seen(&w, 2), 1);
	world_pass(&w, 2000);
	faults = world_get(&w, "/faults");
	ck_assert_uint_eq(json_array_size(json_object_get(faults, "items")), 0);
	json_decref(faults);
	world_free(&w);
}
END_TEST

/* ---- undo ---- */

START_TEST(a_job_can_be_undone_when_its_function_is_another_now)
{
	struct world w;
	int64_t added, released, taken;
	char path[64];

	furnish(&w, 4);
	added = world_do(&w, 202, "POST", "/profiles/web/vnics",
	    "{\"name\":\"c\",\"networks\":[\"prod\"]}");
	settle(&w);
	released = world_do(&w, 202, "POST", "/profiles/web:release", "{}");
	settle(&w);
	world_do(&w, 201, "POST", "/profiles/web:clone", "{\"name\":\"two\"}");
	taken = world_do(&w, 202, "POST", "/profiles/two:assign",
	    "{\"slot\":2}");
	settle(&w);
	snprintf(path, sizeof(path), "/jobs/%lld:undo", (long long)released);
	world_do(&w, 202, "POST", path, "{}");
	settle(&w);
	snprintf(path, sizeof(path), "/jobs/%lld:undo", (long long)taken);
	world_do(&w, 202, "POST", path, "{}");
	settle(&w);
	snprintf(path, sizeof(path), "/jobs/%lld:undo", (long long)added);
	world_do(&w, 202, "POST", path, "{}");
	settle(&w);
	ck_assert_uint_eq(sees(&w, 1), 2);
	ck_assert_uint_eq(sees(&w, 2), 0);
	world_free(&w);
}
END_TEST

/* ---- bandwidth ---- */

static const char vnic[] = "{\"name\":\"%s\",\"networks\":[\"prod\"],"
    "\"placement\":{\"module\":\"io1\",\"port\":1},"
    "\"qos\":{\"guaranteeMbps\":%u,\"limitMbps\":%u}}";

static const struct {
	unsigned given;			/* what was guaranteed */
	const char *change;		/* that gives it up; NULL removes it */
	unsigned guarantee, limit;	/* of who wants it meanwhile */
	int status;
} rooms[] = {
	{ 4000, NULL, 0, 0, 409 },
	{ 4000, NULL, 3000, 0, 409 },
	{ 4000, NULL, 0, 1000, 409 },
	{ 4000, "{\"qos\":{\"guaranteeMbps\":100}}", 9500, 0, 409 },
	{ 4000, "{\"qos\":{\"limitMbps\":5000}}", 4000, 0, 409 },
	/* No guarantee: nothing that anybody relies on. */
	{ 0, NULL, 3000, 0, 409 },
	{ 0, NULL, 0, 0, 202 },
	{ 0, "{\"qos\":{\"limitMbps\":1000}}", 3000, 0, 409 },
	{ 0, "{\"qos\":{\"limitMbps\":1000}}", 0, 2000, 202 },
};

/* What a job gave up it may have to bring back. */
START_TEST(bandwidth_that_a_job_gave_up_is_held)
{
	static const char of[] =
	    "/profiles/%s/vnics%s?confirm=QosGuaranteeUnsupported";
	char body[256], path[96];
	struct world w;
	int64_t job;

	furnish(&w, 20 + (uint64_t)_i);
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"two\"}");
	world_do(&w, 202, "POST", "/profiles/two:assign", "{\"slot\":2}");
	settle(&w);
	snprintf(body, sizeof(body), vnic, "g", rooms[_i].given, 0);
	snprintf(path, sizeof(path), of, "web", "");
	world_do(&w, 202, "POST", path, body);
	settle(&w);
	support_chassis_do(&w.chassis, "delay unbind 3000");
	support_chassis_do(&w.chassis, "delay prepare 3000");
	snprintf(path, sizeof(path), of, "web", "/g");
	job = world_do(&w, 202, rooms[_i].change == NULL ? "DELETE" : "PATCH",
	    path, rooms[_i].change);
	world_pass(&w, 200);
	snprintf(body, sizeof(body), vnic, "h", rooms[_i].guarantee,
	    rooms[_i].limit);
	snprintf(path, sizeof(path), of, "two", "");
	world_do(&w, rooms[_i].status, "POST", path, body);
	snprintf(path, sizeof(path), "/jobs/%lld:cancel", (long long)job);
	world_do(&w, 202, "POST", path, "{}");
	settle(&w);
	ck_assert_str_eq(world_job_state(&w, job), "rolledBack");
	world_free(&w);
}
END_TEST

static int64_t
limit_seen(struct world *w, unsigned slot)
{
	json_t *server = support_chassis_ctl(&w->chassis, "server %u", slot);
	json_t *fn = json_array_get(json_object_get(server, "functions"), 0);
	int64_t mbps = json_integer_value(json_object_get(fn, "limitMbps"));

	json_decref(server);
	return mbps;
}

/* It brings back what was, but for what guarantees need. */
START_TEST(an_undo_leaves_the_limits_of_now)
{
	static const char of[] =
	    "/profiles/%s/vnics?confirm=QosGuaranteeUnsupported";
	char body[256], path[96];
	struct world w;
	int64_t added;

	furnish(&w, 70);
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"two\"}");
	snprintf(body, sizeof(body), vnic, "h", 0, 0);
	snprintf(path, sizeof(path), of, "two");
	world_do(&w, 201, "POST", path, body);
	world_do(&w, 202, "POST", "/profiles/two:assign", "{\"slot\":2}");
	settle(&w);
	added = world_do(&w, 202, "POST", "/profiles/two/vnics",
	    "{\"name\":\"i\",\"networks\":[\"prod\"]}");
	settle(&w);
	snprintf(body, sizeof(body), vnic, "g", 4000, 0);
	snprintf(path, sizeof(path), of, "web");
	world_do(&w, 202, "POST", path, body);
	settle(&w);
	ck_assert_int_gt(limit_seen(&w, 2), 0);
	snprintf(path, sizeof(path), "/jobs/%lld:undo", (long long)added);
	world_do(&w, 202, "POST", path, "{}");
	settle(&w);
	ck_assert_int_gt(limit_seen(&w, 2), 0);
	world_do(&w, 202, "DELETE", "/profiles/web/vnics/g", NULL);
	settle(&w);
	ck_assert_int_eq(limit_seen(&w, 2), 0);
	world_free(&w);
}
END_TEST

/* What is wished while the card is out has to be right when it is back. */
START_TEST(a_guarantee_holds_against_what_came_while_its_card_was_out)
{
	static const char of[] =
	    "/profiles/%s/vnics?confirm=QosGuaranteeUnsupported";
	char body[256], path[96];
	struct world w;

	furnish(&w, 40);
	snprintf(body, sizeof(body), vnic, "g", 4000, 0);
	snprintf(path, sizeof(path), of, "web");
	world_do(&w, 202, "POST", path, body);
	settle(&w);
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"two\"}");
	snprintf(body, sizeof(body), vnic, "h", 0, 1000);
	snprintf(path, sizeof(path), of, "two");
	world_do(&w, 201, "POST", path, body);
	world_do(&w, 202, "POST", "/profiles/two:assign", "{\"slot\":2}");
	settle(&w);
	ck_assert_int_eq(limit_seen(&w, 2), 1000);
	support_chassis_do(&w.chassis, "pull bay 1");
	world_pass(&w, 2000);
	world_do(&w, 422, "PATCH", "/profiles/two/vnics/h", "{\"mtu\":9000}");
	world_do(&w, 422, "PATCH", "/profiles/two/vnics/h",
	    "{\"qos\":{\"limitMbps\":20000}}");
	world_do(&w, 200, "PATCH", "/profiles/two/vnics/h",
	    "{\"qos\":{\"limitMbps\":0}}");
	support_chassis_do(&w.chassis, "insert bay 1 X520-SR2 N1");
	world_pass(&w, 15000);
	settle(&w);
	ck_assert_int_gt(limit_seen(&w, 2), 0);
	ck_assert_int_le(limit_seen(&w, 2), 6000);
	world_free(&w);
}
END_TEST

/* Limits change with it: the profiles that come into the set still count. */
START_TEST(what_is_kept_back_of_a_slow_port_must_be_there)
{
	char body[256];
	struct world w;

	furnish(&w, 50);
	snprintf(body, sizeof(body), vnic, "g", 4000, 0);
	world_do(&w, 202, "POST",
	    "/profiles/web/vnics?confirm=QosGuaranteeUnsupported", body);
	settle(&w);
	support_chassis_do(&w.chassis, "speed bay 1 port 1 1000");
	world_pass(&w, 2000);
	world_do(&w, 422, "PATCH", "/ports/io1/1", "{\"reservePct\":10}");
	support_chassis_do(&w.chassis, "speed bay 1 port 1 10000");
	world_pass(&w, 2000);
	world_do(&w, 202, "PATCH", "/ports/io1/1", "{\"reservePct\":10}");
	settle(&w);
	world_free(&w);
}
END_TEST

/* ---- what is stuck ---- */

static bool
has_fault(struct world *w, const char *code, int slot)
{
	json_t *faults = world_get(w, "/faults"), *f;
	bool found = false;
	size_t i;

	json_array_foreach(json_object_get(faults, "items"), i, f)
		found = found || (strcmp(json_string_value(json_object_get(f,
		    "code")), code) == 0 && json_integer_value(
		    json_object_get(f, "slot")) == slot &&
		    json_is_null(json_object_get(f, "clearedAt")));
	json_decref(faults);
	return found;
}

START_TEST(who_waits_for_what_a_stuck_job_holds_is_told)
{
	static const char vdas[] = "{\"name\":\"v\",\"virtualDisks\":[{"
	    "\"name\":\"d\",\"raid\":\"RAID1\",\"capacityMiB\":1000}]}";
	char path[64];
	struct world w;
	int64_t job;

	furnish(&w, 60);
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"db\"}");
	world_do(&w, 201, "POST", "/profiles/db/vdas", vdas);
	support_chassis_do(&w.chassis, "pull bay 1");
	world_pass(&w, 2000);
	world_do(&w, 202, "POST", "/profiles/web:move", "{\"slot\":2}");
	settle(&w);
	support_chassis_do(&w.chassis, "fault bind error before 40");
	support_chassis_do(&w.chassis, "fault scrub error before 40");
	support_chassis_do(&w.chassis, "insert bay 1 X520-SR2 N1");
	job = world_do(&w, 202, "POST", "/profiles/db:assign", "{\"slot\":1}");
	(void)world_settle(&w, LONG_MS);
	ck_assert_str_eq(world_job_state(&w, job), "rollbackFailed");
	world_pass(&w, 2000);
	ck_assert(has_fault(&w, "FunctionHeld", 2));
	support_chassis_do(&w.chassis, "fault bind none");
	support_chassis_do(&w.chassis, "fault scrub none");
	snprintf(path, sizeof(path), "/jobs/%lld:retry", (long long)job);
	world_do(&w, 202, "POST", path, "{}");
	settle(&w);
	world_pass(&w, LONG_MS);
	ck_assert(!has_fault(&w, "FunctionHeld", 2));
	ck_assert_uint_eq(sees(&w, 2), 2);
	world_free(&w);
}
END_TEST

/* A release failed; then other rates were wanted, and nobody came to set them. */
START_TEST(an_intent_that_nobody_issued_forgets_no_bound_function)
{
	char body[256], path[64];
	struct world w;
	int64_t job;

	furnish(&w, 80);
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"two\"}");
	world_do(&w, 202, "POST", "/profiles/two:assign", "{\"slot\":2}");
	settle(&w);
	support_chassis_do(&w.chassis, "fault unbind error before 2");
	job = world_do(&w, 202, "POST", "/profiles/web:release", "{}");
	settle(&w);
	ck_assert_str_eq(world_job_state(&w, job), "rolledBack");
	support_chassis_do(&w.chassis, "fault unbind none");
	snprintf(body, sizeof(body), vnic, "g", 4000, 0);
	job = world_do(&w, 202, "POST",
	    "/profiles/two/vnics?confirm=QosGuaranteeUnsupported", body);
	snprintf(path, sizeof(path), "/jobs/%lld:cancel", (long long)job);
	world_do(&w, 202, "POST", path, "{}");
	settle(&w);
	ck_assert_str_eq(world_job_state(&w, job), "rolledBack");
	world_do(&w, 202, "POST", "/profiles/web:move", "{\"slot\":3}");
	settle(&w);
	ck_assert_uint_eq(sees(&w, 1), 0);
	ck_assert_uint_eq(sees(&w, 3), 2);
	world_free(&w);
}
END_TEST

/* A name that a job gave up, and a port that it left: its inverse wants them. */
static const struct {
	const char *method, *path, *body;	/* what a job does */
	const char *other, *text;		/* what somebody else wants */
	const char *place;			/* of vNIC a */
	int status;
} claims[] = {
	{ "DELETE", "/profiles/web", NULL,
	    "/profiles", "{\"name\":\"WEB\"}", "{}", 200 },
	{ "PATCH", "/networks/prod", "{\"name\":\"old\",\"vlan\":121}",
	    "/networks", "{\"name\":\"prod\",\"vlan\":122}", "{}", 200 },
	{ "DELETE", "/profiles/web/vnics/a", NULL, "/profiles/two/vnics",
	    "{\"name\":\"h\",\"networks\":[\"prod\"],\"placement\":{"
	    "\"module\":\"io1\",\"port\":1}}",
	    "{\"placement\":{\"sharing\":\"exclusive\",\"module\":\"io1\","
	    "\"port\":1}}", 200 },
	{ "DELETE", "/profiles/web/vnics/a", NULL, "/profiles/two/vnics",
	    "{\"name\":\"h\",\"networks\":[\"prod\"],\"mtu\":1500,"
	    "\"placement\":{\"module\":\"io1\",\"port\":1}}",
	    "{\"mtu\":9000,\"placement\":{\"module\":\"io1\",\"port\":1}}",
	    202 },
};

START_TEST(what_a_job_may_bring_back_is_held)
{
	struct world w;
	char path[64];
	int64_t job;

	furnish(&w, 90);
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"two\"}");
	world_do(&w, 202, "POST", "/profiles/two:assign", "{\"slot\":2}");
	settle(&w);
	world_do(&w, claims[_i].status, "PATCH", "/profiles/web/vnics/a",
	    claims[_i].place);
	settle(&w);
	support_chassis_do(&w.chassis, "delay unbind 3000");
	support_chassis_do(&w.chassis, "delay prepare 3000");
	job = world_do(&w, 202, claims[_i].method, claims[_i].path,
	    claims[_i].body);
	world_pass(&w, 200);
	world_do(&w, 409, "POST", claims[_i].other, claims[_i].text);
	snprintf(path, sizeof(path), "/jobs/%lld:cancel", (long long)job);
	world_do(&w, 202, "POST", path, "{}");
	settle(&w);
	ck_assert_str_eq(world_job_state(&w, job), "rolledBack");
	ck_assert_uint_eq(sees(&w, 1), 2);
	world_free(&w);
}
END_TEST

SUITE("found")
{
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, a_move_while_the_card_is_out_leaves_no_traces);
	tcase_add_test(tc, nothing_is_bound_again_at_a_slot_that_is_off);
	tcase_add_loop_test(tc, a_heal_that_hangs_is_tried_anew, 0,
	    N_ROWS(hangs));
	tcase_add_test(tc, a_slot_is_isolated_while_its_heal_hangs);
	tcase_add_test(tc, a_disk_of_another_level_is_a_new_one);
	tcase_add_test(tc, a_disk_is_made_for_a_slot_that_is_off);
	tcase_add_test(tc, a_copy_has_a_disk_of_its_own);
	tcase_add_test(tc, a_job_can_be_undone_when_its_function_is_another_now);
	tcase_add_loop_test(tc, bandwidth_that_a_job_gave_up_is_held, 0,
	    N_ROWS(rooms));
	tcase_add_test(tc,
	    a_guarantee_holds_against_what_came_while_its_card_was_out);
	tcase_add_test(tc, an_undo_leaves_the_limits_of_now);
	tcase_add_test(tc, what_is_kept_back_of_a_slow_port_must_be_there);
	tcase_add_loop_test(tc, what_a_job_may_bring_back_is_held, 0,
	    N_ROWS(claims));
	tcase_add_test(tc, who_waits_for_what_a_stuck_job_holds_is_told);
	tcase_add_test(tc,
	    an_intent_that_nobody_issued_forgets_no_bound_function);
}
