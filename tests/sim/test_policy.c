/*
 * test_policy.c -- when a spare takes over by itself, and when it does not.
 *
 * Slot 1 has the profile, slots 2 and 3 are spares or have others; slot 4 has no
 * server.  Time is moved, not waited for.
 */
#include <stdio.h>

#include "tests/sim/world.h"
#include "tests/test.h"

enum { LONG_MS = 300000, MINUTE_MS = 60000 };

static void
make(struct world *w, const char *name, unsigned slot, const char *failover)
{
	char path[64], body[240];

	snprintf(body, sizeof(body), "{\"name\":\"%s\",\"failover\":{%s}}",
	    name, failover);
	world_do(w, 201, "POST", "/profiles", body);
	snprintf(path, sizeof(path), "/profiles/%s/vnics", name);
	world_do(w, 201, "POST", path,
	    "{\"name\":\"a\",\"networks\":[\"prod\"]}");
	snprintf(path, sizeof(path), "/profiles/%s:assign", name);
	snprintf(body, sizeof(body), "{\"slot\":%u}", slot);
	world_do(w, 202, "POST", path, body);
	ck_assert(world_settle(w, LONG_MS));
}

#define AUTO "\"trigger\":\"auto\""
#define SHORT AUTO ",\"hold\":\"PT10S\",\"cooldown\":\"PT10M\""

static void
furnish(struct world *w, uint64_t seed, const char *failover)
{
	world_new(w, seed);
	world_do(w, 201, "POST", "/networks",
	    "{\"name\":\"prod\",\"vlan\":120}");
	make(w, "web", 1, failover);
}

static void
spare(struct world *w, unsigned slot)
{
	char path[32];

	snprintf(path, sizeof(path), "/slots/%u", slot);
	world_do(w, 200, "PATCH", path, "{\"isSpare\":true}");
}

static unsigned
wanted_at(struct world *w, const char *name)
{
	char path[64];
	unsigned slot;
	json_t *p;

	snprintf(path, sizeof(path), "/profiles/%s", name);
	p = world_get(w, path);
	slot = (unsigned)json_integer_value(json_object_get(p, "slot"));
	json_decref(p);
	return slot;
}

/* The text of a fault, or "". */
static const char *
fault(struct world *w, const char *code, char text[256])
{
	json_t *list = world_get(w, "/faults"), *item;
	size_t i;

	text[0] = '\0';
	json_array_foreach(json_object_get(list, "items"), i, item)
		if (strcmp(json_string_value(json_object_get(item, "code")),
		    code) == 0 && strcmp(json_string_value(json_object_get(
		    item, "state")), "cleared") != 0)
			snprintf(text, 256, "%s", json_string_value(
			    json_object_get(item, "text")));
	json_decref(list);
	return text;
}

/* Records of the policy whose action has that in it. */
static unsigned
records(struct world *w, const char *what)
{
	json_t *list = world_get(w, "/audit?limit=4096"), *item;
	unsigned n = 0;
	size_t i;

	json_array_foreach(json_object_get(list, "items"), i, item)
		n += strcmp(json_string_value(json_object_get(item, "actor")),
		    "policy") == 0 && strstr(json_string_value(
		    json_object_get(item, "action")), what) != NULL;
	json_decref(list);
	return n;
}

static void
flap(struct world *w, unsigned slot, int down_ms, int up_ms)
{
	support_chassis_do(&w->chassis, "unplug slot %u", slot);
	world_pass(w, down_ms);
	support_chassis_do(&w->chassis, "plug slot %u", slot);
	world_pass(w, up_ms);
}

START_TEST(a_server_that_stays_away_is_replaced_after_its_hold)
{
	struct world w;
	char before[MAC_TEXT], after[MAC_TEXT];

	furnish(&w, 1, AUTO);		/* PT5M, PT1H */
	spare(&w, 2);
	world_sees(&w, 1, before);
	support_chassis_do(&w.chassis, _i == 0 ? "unplug slot 1" :
	    "power slot 1 off");
	world_pass(&w, 5 * MINUTE_MS - 2000);
	ck_assert_uint_eq(wanted_at(&w, "web"), 1);
	world_pass(&w, 4000);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_uint_eq(wanted_at(&w, "web"), 2);
	ck_assert_uint_eq(world_sees(&w, 2, after), 1);
	ck_assert_str_eq(before, after);
	ck_assert_uint_eq(records(&w, ":move"), 1);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

START_TEST(who_observes_only_says_it)
{
	struct world w;
	char text[256];

	furnish(&w, 2, "\"trigger\":\"observe\",\"hold\":\"PT10S\"");
	spare(&w, 3);
	support_chassis_do(&w.chassis, "unplug slot 1");
	world_pass(&w, 30 * MINUTE_MS);
	ck_assert_uint_eq(wanted_at(&w, "web"), 1);
	ck_assert_uint_eq(records(&w, "would have moved it from slot 1 to "
	    "slot 3"), 1);
	ck_assert_uint_eq(records(&w, ":move"), 0);
	ck_assert_str_eq(fault(&w, "NoSpare", text), "");
	world_free(&w);
}
END_TEST

START_TEST(people_decide_where_nothing_is_said)
{
	struct world w;

	furnish(&w, 3, "\"hold\":\"PT10S\"");
	spare(&w, 2);
	support_chassis_do(&w.chassis, "unplug slot 1");
	world_pass(&w, 30 * MINUTE_MS);
	ck_assert_uint_eq(wanted_at(&w, "web"), 1);
	ck_assert_uint_eq(records(&w, ""), 0);
	world_free(&w);
}
END_TEST

START_TEST(a_flap_shorter_than_the_hold_moves_nothing)
{
	struct world w;

	furnish(&w, 4, SHORT);
	spare(&w, 2);
	for (int i = 0; i < 20; i++)
		flap(&w, 1, 9000, 3000);
	ck_assert_uint_eq(wanted_at(&w, "web"), 1);
	ck_assert_uint_eq(records(&w, ""), 0);
	world_free(&w);
}
END_TEST

/* Wherever it is, its server goes and comes; one move, then the cooldown. */
START_TEST(flaps_within_the_cooldown_give_one_move)
{
	struct world w;

	furnish(&w, 5, SHORT);
	spare(&w, 2);
	spare(&w, 3);
	for (int i = 0; i < 20; i++)
		flap(&w, wanted_at(&w, "web"), 15000, 5000);
	ck_assert_uint_eq(records(&w, ":move"), 1);
	ck_assert_uint_eq(wanted_at(&w, "web"), 2);
	/* A restart does not forget when that was. */
	world_crash(&w);
	world_pass(&w, 5000);
	flap(&w, 2, 20000, 5000);
	ck_assert_uint_eq(records(&w, ":move"), 1);
	world_pass(&w, 10 * MINUTE_MS);
	support_chassis_do(&w.chassis, "unplug slot 2");
	world_pass(&w, 20000);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_uint_eq(records(&w, ":move"), 2);
	ck_assert_uint_eq(wanted_at(&w, "web"), 3);
	world_free(&w);
}
END_TEST

/* ---- our own doing ---- */

static const struct own_row {
	const char *method, *path, *body;
} own_rows[] = {
	{ "POST", "/slots/1:isolate", "{}" },
	{ "PATCH", "/slots/1", "{\"adminState\":\"disabled\"}" },
	{ "PATCH", "/slots/1", "{\"adminState\":\"maintenance\"}" },
};

START_TEST(what_we_did_ourselves_moves_nothing)
{
	const struct own_row *row = &own_rows[_i];
	struct world w;

	furnish(&w, 6, SHORT);
	spare(&w, 2);
	(void)world_ask(&w, row->method, row->path, row->body, NULL);
	ck_assert(world_settle(&w, LONG_MS));
	support_chassis_do(&w.chassis, "unplug slot 1");
	world_pass(&w, MINUTE_MS);
	/* Not when it is on again either: nobody saw that server since. */
	(void)world_ask(&w, "PATCH", "/slots/1",
	    "{\"adminState\":\"enabled\"}", NULL);
	world_pass(&w, MINUTE_MS);
	ck_assert_uint_eq(wanted_at(&w, "web"), 1);
	ck_assert_uint_eq(records(&w, ""), 0);
	support_chassis_do(&w.chassis, "plug slot 1");
	world_pass(&w, 15000);
	ck_assert(world_settle(&w, LONG_MS));
	support_chassis_do(&w.chassis, "unplug slot 1");
	world_pass(&w, 20000);
	ck_assert_uint_eq(wanted_at(&w, "web"), 2);
	world_free(&w);
}
END_TEST

START_TEST(a_reset_of_the_switch_moves_nothing)
{
	struct world w;

	furnish(&w, 7, AUTO ",\"hold\":\"PT1S\"");
	spare(&w, 2);
	support_chassis_do(&w.chassis, "reset");
	world_pass(&w, 2 * MINUTE_MS);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_uint_eq(wanted_at(&w, "web"), 1);
	ck_assert_uint_eq(records(&w, ""), 0);
	world_free(&w);
}
END_TEST

/* ---- racks ---- */

START_TEST(a_rack_without_power_moves_nothing)
{
	struct world w;
	char text[256];

	furnish(&w, 8, SHORT);
	make(&w, "db", 3, SHORT);
	spare(&w, 2);
	support_chassis_do(&w.chassis, "power slot 1 off");
	world_pass(&w, 5000);
	support_chassis_do(&w.chassis, "power slot 3 off");
	world_pass(&w, 20 * MINUTE_MS);
	ck_assert_uint_eq(wanted_at(&w, "web"), 1);
	ck_assert_uint_eq(wanted_at(&w, "db"), 3);
	ck_assert_str_eq(fault(&w, "FailoverSuspended", text), "Slots 1, 3 "
	    "were lost within a minute, or before we looked: nothing moves "
	    "by itself");
	/* One is back, and later it is lost alone: that is a server. */
	support_chassis_do(&w.chassis, "power slot 1 on");
	world_pass(&w, 5000);
	ck_assert_ptr_nonnull(strstr(fault(&w, "FailoverSuspended", text),
	    "Slots 3 were"));
	support_chassis_do(&w.chassis, "power slot 1 off");
	world_pass(&w, 20000);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_uint_eq(wanted_at(&w, "web"), 2);
	ck_assert_uint_eq(wanted_at(&w, "db"), 3);
	world_free(&w);
}
END_TEST

START_TEST(what_was_lost_before_we_looked_moves_nothing)
{
	struct world w;
	char text[256];

	furnish(&w, 9, SHORT);
	spare(&w, 2);
	support_chassis_do(&w.chassis, "unplug slot 1");
	world_pass(&w, 5000);
	world_crash(&w);
	world_pass(&w, 10 * MINUTE_MS);
	ck_assert_uint_eq(wanted_at(&w, "web"), 1);
	ck_assert_str_ne(fault(&w, "FailoverSuspended", text), "");
	support_chassis_do(&w.chassis, "plug slot 1");
	world_pass(&w, 15000);
	ck_assert_str_eq(fault(&w, "FailoverSuspended", text), "");
	support_chassis_do(&w.chassis, "unplug slot 1");
	world_pass(&w, 20000);
	ck_assert_uint_eq(wanted_at(&w, "web"), 2);
	world_free(&w);
}
END_TEST

/* ---- no spare ---- */

START_TEST(two_are_lost_and_one_spare_is_there)
{
	struct world w;
	char text[256];

	furnish(&w, 10, SHORT);
	make(&w, "db", 3, SHORT);
	spare(&w, 2);
	spare(&w, 4);				/* no server */
	support_chassis_do(&w.chassis, "unplug slot 1");
	world_pass(&w, 2 * MINUTE_MS);
	ck_assert_uint_eq(wanted_at(&w, "web"), 2);
	support_chassis_do(&w.chassis, "unplug slot 3");
	world_pass(&w, 2 * MINUTE_MS);
	ck_assert_uint_eq(wanted_at(&w, "db"), 3);
	ck_assert_str_eq(fault(&w, "NoSpare", text),
	    "No spare takes over db: slot 4 has no link");
	ck_assert_uint_eq(records(&w, ":move"), 1);
	/* A server comes to the other spare. */
	support_chassis_do(&w.chassis, "plug slot 4 NEW");
	world_pass(&w, 15000);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_uint_eq(wanted_at(&w, "db"), 4);
	ck_assert_str_eq(fault(&w, "NoSpare", text), "");
	world_free(&w);
}
END_TEST

/* What has to be confirmed is not confirmed by a policy. */
START_TEST(a_move_that_is_refused_says_why_and_is_tried_again)
{
	struct world w;
	char text[256];

	furnish(&w, 11, SHORT);
	spare(&w, 2);
	world_do(&w, 200, "PATCH", "/profiles/web",
	    "{\"affinity\":\"slot-and-server\"}");
	support_chassis_do(&w.chassis, "unplug slot 1");
	world_pass(&w, 2 * MINUTE_MS);
	ck_assert_uint_eq(wanted_at(&w, "web"), 1);
	ck_assert_ptr_nonnull(strstr(fault(&w, "FailoverBlocked", text),
	    "web does not move: "));
	ck_assert_uint_eq(records(&w, ""), 0);
	world_do(&w, 200, "PATCH", "/profiles/web", "{\"affinity\":\"slot\"}");
	world_pass(&w, 10000);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_uint_eq(wanted_at(&w, "web"), 2);
	ck_assert_str_eq(fault(&w, "FailoverBlocked", text), "");
	world_free(&w);
}
END_TEST

START_TEST(a_move_by_policy_survives_any_crash)
{
	for (unsigned n = 1; n < 40; n += 3) {
		struct world w;
		char mac[MAC_TEXT];

		furnish(&w, 100 + n, SHORT);
		spare(&w, 2);
		support_chassis_do(&w.chassis, "delay bind 50");
		support_chassis_do(&w.chassis, "unplug slot 1");
		while (wanted_at(&w, "web") == 1)
			world_turn(&w);
		w.crash_at = w.turns + n;
		ck_assert(world_settle(&w, LONG_MS));
		w.crash_at = 0;
		world_pass(&w, MINUTE_MS);
		ck_assert_uint_eq(wanted_at(&w, "web"), 2);
		ck_assert_uint_eq(world_sees(&w, 2, mac), 1);
		ck_assert_uint_eq(records(&w, ":move"), 1);
		ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
		world_free(&w);
	}
}
END_TEST

SUITE("policy")
{
	tcase_set_timeout(tc, 240);
	tcase_add_loop_test(tc,
	    a_server_that_stays_away_is_replaced_after_its_hold, 0, 2);
	tcase_add_test(tc, who_observes_only_says_it);
	tcase_add_test(tc, people_decide_where_nothing_is_said);
	tcase_add_test(tc, a_flap_shorter_than_the_hold_moves_nothing);
	tcase_add_test(tc, flaps_within_the_cooldown_give_one_move);
	tcase_add_loop_test(tc, what_we_did_ourselves_moves_nothing, 0,
	    N_ROWS(own_rows));
	tcase_add_test(tc, a_reset_of_the_switch_moves_nothing);
	tcase_add_test(tc, a_rack_without_power_moves_nothing);
	tcase_add_test(tc, what_was_lost_before_we_looked_moves_nothing);
	tcase_add_test(tc, two_are_lost_and_one_spare_is_there);
	tcase_add_test(tc, a_move_that_is_refused_says_why_and_is_tried_again);
	tcase_add_test(tc, a_move_by_policy_survives_any_crash);
}
