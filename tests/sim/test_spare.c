/*
 * test_spare.c -- a server is gone and a spare takes over: whole, whatever dies or
 * fails meanwhile, and no address is ever at two servers.
 *
 * The profile has two vNICs, two vHBAs with boot targets and a vDAS.
 */
#include <stdio.h>

#include "tests/sim/world.h"
#include "tests/test.h"

enum { LONG_MS = 300000, DEVICES = 5 };

#define TAKE_OVER "/profiles/db:move", "{\"policy\":\"spare\"}"
#define FORCE "{\"policy\":\"spare\",\"force\":true}"

static void
furnish(struct world *w, uint64_t seed)
{
	world_new(w, seed);
	world_do(w, 201, "POST", "/networks",
	    "{\"name\":\"prod\",\"vlan\":120}");
	world_do(w, 201, "POST", "/sans", "{\"name\":\"fa\"}");
	world_do(w, 201, "POST", "/profiles", "{\"name\":\"db\"}");
	world_do(w, 201, "POST", "/profiles/db/vnics", "{\"name\":\"n{n}\","
	    "\"count\":2,\"networks\":[\"prod\"]}");
	world_do(w, 201, "POST", "/profiles/db/vhbas", "{\"name\":\"h{n}\","
	    "\"count\":2,\"san\":\"fa\",\"bootTargets\":[{\"wwpn\":"
	    "\"50:00:00:00:00:00:00:09\",\"lun\":1,\"priority\":1}]}");
	world_do(w, 201, "POST", "/profiles/db/vdas", "{\"name\":\"d\","
	    "\"virtualDisks\":[{\"name\":\"sys\",\"raid\":\"RAID1\","
	    "\"capacityMiB\":1000}]}");
	world_do(w, 200, "PATCH", "/slots/2", "{\"isSpare\":true}");
	world_do(w, 202, "POST", "/profiles/db:assign", "{\"slot\":1}");
	ck_assert(world_settle(w, LONG_MS));
	/* So that each verb is met while it is under way. */
	support_chassis_do(&w->chassis, "delay scrub 30");
	support_chassis_do(&w->chassis, "delay prepare 30");
	support_chassis_do(&w->chassis, "delay bind 30");
}

/* What a server sees, without where it sees it: a text, to be freed. */
static char *
seen_by(struct world *w, unsigned slot)
{
	json_t *server = support_chassis_ctl(&w->chassis, "server %u", slot);
	json_t *list = json_object_get(server, "functions"), *fn;
	char *text;
	size_t i;

	json_array_foreach(list, i, fn)
		(void)json_object_del(fn, "bridge");
	ck_assert(json_array_size(list) == 0 ||
	    json_array_size(list) == DEVICES);
	text = json_text(list);
	json_decref(server);
	return text;
}

static void
check_at(struct world *w, unsigned slot, const char *what)
{
	for (unsigned n = 1; n <= 3; n++) {
		char *text = seen_by(w, n);

		ck_assert_str_eq(text, n == slot ? what : "[]");
		free(text);
	}
	ck_assert_uint_eq(support_chassis_violations(&w->chassis), 0);
}

static void
check_flags(struct world *w, const char *source, bool spare)
{
	json_t *one = world_get(w, "/slots/1"), *two = world_get(w, "/slots/2");

	ck_assert_str_eq(json_string_value(json_object_get(one,
	    "adminState")), source);
	ck_assert(json_is_true(json_object_get(two, "isSpare")) == spare);
	json_decref(one);
	json_decref(two);
}

START_TEST(a_spare_takes_over_and_gives_back)
{
	struct world w;
	char *before;
	int64_t job;

	furnish(&w, 1);
	before = seen_by(&w, 1);
	support_chassis_do(&w.chassis, "unplug slot 1");
	world_pass(&w, 1000);
	job = world_do(&w, 202, "POST", TAKE_OVER);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "applied");
	check_at(&w, 2, before);
	check_flags(&w, "maintenance", false);
	/* Repaired: back home. */
	support_chassis_do(&w.chassis, "plug slot 1");
	world_pass(&w, 1000);
	check_at(&w, 2, before);
	job = world_do(&w, 202, "POST", "/profiles/db:move", "{\"slot\":1}");
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "applied");
	check_at(&w, 1, before);
	check_flags(&w, "enabled", true);
	free(before);
	world_free(&w);
}
END_TEST

/* Neither home nor to a spare: the slots stay as they are. */
START_TEST(who_moves_on_goes_home_no_more)
{
	struct world w;
	char *before;

	furnish(&w, 3);
	before = seen_by(&w, 1);
	support_chassis_do(&w.chassis, "unplug slot 1");
	world_pass(&w, 1000);
	world_do(&w, 202, "POST", TAKE_OVER);
	ck_assert(world_settle(&w, LONG_MS));
	world_do(&w, 202, "POST", "/profiles/db:move", "{\"slot\":3}");
	ck_assert(world_settle(&w, LONG_MS));
	check_at(&w, 3, before);
	check_flags(&w, "maintenance", false);
	world_do(&w, 409, "POST", "/profiles/db:move", "{\"slot\":1}");
	free(before);
	world_free(&w);
}
END_TEST

/* Which entry of the log is the first with that verb and slot; -1 none. */
static int
logged_at(struct world *w, const char *verb, unsigned slot)
{
	json_t *log = support_chassis_ctl(&w->chassis, "log"), *entry;
	int found = -1;
	size_t i;

	json_array_foreach(json_object_get(log, "items"), i, entry)
		if (found < 0 && strcmp(json_string_value(json_object_get(entry,
		    "verb")), verb) == 0 && (slot == 0 || json_integer_value(
		    json_object_get(entry, "slot")) == (json_int_t)slot))
			found = (int)i;
	json_decref(log);
	return found;
}

START_TEST(a_source_that_is_still_up_is_fenced)
{
	struct world w;
	char *before;
	int64_t job;
	json_t *server;

	furnish(&w, 2);
	before = seen_by(&w, 1);
	world_do(&w, 409, "POST", "/profiles/db:move", FORCE);
	support_chassis_do(&w.chassis, "log clear");
	job = world_do(&w, 202, "POST",
	    "/profiles/db:move?confirm=SourceStillUp", FORCE);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "applied");
	ck_assert_int_eq(logged_at(&w, "slot_ctl", 1), 0);
	ck_assert_int_lt(logged_at(&w, "slot_ctl", 1),
	    logged_at(&w, "unbind", 1));
	ck_assert_int_lt(logged_at(&w, "scrub", 0), logged_at(&w, "bind", 2));
	check_at(&w, 2, before);
	check_flags(&w, "maintenance", false);
	/* On again, and it sees nothing. */
	server = support_chassis_ctl(&w.chassis, "server 1");
	ck_assert(json_is_true(json_object_get(server, "link")));
	json_decref(server);
	free(before);
	world_free(&w);
}
END_TEST

/* Without force its server is asked, and nothing has to be confirmed. */
START_TEST(a_source_that_is_still_up_is_asked)
{
	struct world w;
	char *before;
	int64_t job;

	furnish(&w, 2);
	before = seen_by(&w, 1);
	support_chassis_do(&w.chassis, "log clear");
	job = world_do(&w, 202, "POST", TAKE_OVER);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "applied");
	ck_assert_int_lt(logged_at(&w, "slot_ctl", 1), 0);
	check_at(&w, 2, before);
	check_flags(&w, "maintenance", false);
	free(before);
	world_free(&w);
}
END_TEST

/* ---- every turn at which the daemon can die ---- */

START_TEST(a_crash_at_any_turn_loses_nothing)
{
	const char *path = _i == 0 ? "/profiles/db:move" :
	    "/profiles/db:move?confirm=SourceStillUp";
	bool crashed = true;
	unsigned n;

	for (n = 1; crashed; n++) {
		struct world w;
		char *before;
		int64_t job;

		furnish(&w, 100 + n);
		before = seen_by(&w, 1);
		if (_i == 0)
			support_chassis_do(&w.chassis, "unplug slot 1");
		world_pass(&w, 100);
		job = world_do(&w, 202, "POST", path, FORCE);
		w.crashed = false;
		w.crash_at = w.turns + n;
		ck_assert(world_settle(&w, LONG_MS));
		crashed = w.crashed;
		w.crash_at = 0;
		ck_assert_msg(strcmp(world_job_state(&w, job), "applied") == 0,
		    "crash at turn %u: %s", n, world_job_state(&w, job));
		check_at(&w, 2, before);
		check_flags(&w, "maintenance", false);
		free(before);
		world_free(&w);
	}
	ck_assert_uint_ge(n, 8);
	printf("crashed at %u turns, each applied\n", n - 2);
}
END_TEST

/* ---- each verb failing once ---- */

static const char *const verbs[] = { "slot_ctl", "unbind", "scrub", "prepare",
	"bind" };
static const char *const faults[] = { "error before", "error after",
	"timeout before", "timeout after", "late before", "late after" };

START_TEST(a_verb_that_fails_once_ends_in_one_of_two)
{
	const char *verb = verbs[(size_t)_i / N_ROWS(faults)];
	const char *fault = faults[(size_t)_i % N_ROWS(faults)];
	struct world w;
	char *before;
	int64_t job;
	const char *state;
	bool fenced = strcmp(verb, "slot_ctl") == 0;

	furnish(&w, 1000 + (uint64_t)_i);
	before = seen_by(&w, 1);
	if (!fenced)
		support_chassis_do(&w.chassis, "unplug slot 1");
	world_pass(&w, 100);
	support_chassis_do(&w.chassis, "fault %s %s", verb, fault);
	job = world_do(&w, 202, "POST",
	    "/profiles/db:move?confirm=SourceStillUp", FORCE);
	ck_assert_msg(world_settle(&w, 4 * LONG_MS), "%s %s", verb, fault);
	state = world_job_state(&w, job);
	ck_assert_msg(strcmp(state, "applied") == 0 ||
	    strcmp(state, "rolledBack") == 0, "%s %s: %s", verb, fault, state);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	if (!fenced)
		support_chassis_do(&w.chassis, "plug slot 1");
	world_pass(&w, 30000);
	ck_assert(world_settle(&w, LONG_MS));
	if (strcmp(state, "applied") == 0) {
		check_at(&w, 2, before);
		check_flags(&w, "maintenance", false);
	} else {
		check_at(&w, 1, before);
		check_flags(&w, "enabled", true);
	}
	free(before);
	world_free(&w);
}
END_TEST

SUITE("spare")
{
	tcase_set_timeout(tc, 240);
	tcase_add_test(tc, a_spare_takes_over_and_gives_back);
	tcase_add_test(tc, who_moves_on_goes_home_no_more);
	tcase_add_test(tc, a_source_that_is_still_up_is_fenced);
	tcase_add_test(tc, a_source_that_is_still_up_is_asked);
	tcase_add_loop_test(tc, a_crash_at_any_turn_loses_nothing, 0, 2);
	tcase_add_loop_test(tc, a_verb_that_fails_once_ends_in_one_of_two, 0,
	    N_ROWS(verbs) * N_ROWS(faults));
}
