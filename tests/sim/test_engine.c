/*
 * test_engine.c -- jobs end in one of three outcomes, whatever breaks.
 *
 * The loops visit every turn at which the daemon can die, every fault of every
 * verb, and ask after each: did the job end, do two servers see the same thing,
 * is what is wanted what is there, and does a restart leave the switch alone.
 */
#include <stdio.h>

#include "tests/sim/world.h"
#include "tests/test.h"

enum { LONG_MS = 300000 };

/* A profile with two vNICs at slot 1, bound. */
static void
furnish(struct world *w)
{
	world_do(w, 201, "POST", "/networks",
	    "{\"name\":\"prod\",\"vlan\":120}");
	world_do(w, 201, "POST", "/profiles", "{\"name\":\"web\"}");
	world_do(w, 201, "POST", "/profiles/web/vnics",
	    "{\"name\":\"a\",\"networks\":[\"prod\"]}");
	world_do(w, 201, "POST", "/profiles/web/vnics",
	    "{\"name\":\"b\",\"networks\":[\"prod\"]}");
	world_do(w, 202, "POST", "/profiles/web:assign", "{\"slot\":1}");
	ck_assert(world_settle(w, LONG_MS));
}

/* Which slot the profile is wanted at. */
static unsigned
wanted_at(struct world *w)
{
	json_t *p = world_get(w, "/profiles/web");
	unsigned slot = (unsigned)json_integer_value(json_object_get(p,
	    "slot"));

	json_decref(p);
	return slot;
}

/* What must hold after anything. */
static void
check_truth(struct world *w)
{
	char mac[MAC_TEXT];
	unsigned at = wanted_at(w);

	ck_assert_uint_eq(support_chassis_violations(&w->chassis), 0);
	for (unsigned slot = 1; slot <= 3; slot++)
		ck_assert_uint_eq(world_sees(w, slot, mac), slot == at ? 2 : 0);
}

/* A restart with nothing to do issues no changing verb. */
static void
check_restart(struct world *w)
{
	support_chassis_do(&w->chassis, "log clear");
	world_crash(w);
	world_pass(w, 3000);
	ck_assert_uint_eq(support_chassis_logged(&w->chassis), 0);
}

static bool
has_fault(struct world *w, const char *code)
{
	json_t *list = world_get(w, "/faults"), *item;
	bool found = false;
	size_t i;

	json_array_foreach(json_object_get(list, "items"), i, item)
		found = found || strcmp(json_string_value(json_object_get(item,
		    "code")), code) == 0;
	json_decref(list);
	return found;
}

START_TEST(a_vnic_is_bound_and_verified)
{
	struct world w;
	char mac[MAC_TEXT];

	world_new(&w, 1);
	furnish(&w);
	ck_assert_uint_eq(world_sees(&w, 1, mac), 2);
	ck_assert_str_ne(mac, "");
	check_truth(&w);
	check_restart(&w);
	world_free(&w);
}
END_TEST

START_TEST(a_move_takes_the_address_along)
{
	struct world w;
	char before[MAC_TEXT], after[MAC_TEXT];
	int64_t job;

	world_new(&w, 2);
	furnish(&w);
	world_sees(&w, 1, before);
	job = world_do(&w, 202, "POST", "/profiles/web:move", "{\"slot\":2}");
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "applied");
	ck_assert_uint_eq(world_sees(&w, 2, after), 2);
	ck_assert_str_eq(before, after);
	check_truth(&w);
	check_restart(&w);
	world_free(&w);
}
END_TEST

START_TEST(an_undone_move_is_back)
{
	struct world w;
	int64_t job;
	char path[64];

	world_new(&w, 3);
	furnish(&w);
	job = world_do(&w, 202, "POST", "/profiles/web:move", "{\"slot\":2}");
	ck_assert(world_settle(&w, LONG_MS));
	snprintf(path, sizeof(path), "/jobs/%lld:undo", (long long)job);
	world_do(&w, 202, "POST", path, "{}");
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_uint_eq(wanted_at(&w), 1);
	check_truth(&w);
	world_free(&w);
}
END_TEST

/* ---- every turn at which the daemon can die ---- */

START_TEST(a_crash_at_any_turn_of_a_move_loses_nothing)
{
	unsigned tried = 0;
	bool crashed = true;

	for (unsigned n = 1; crashed; n++) {
		struct world w;
		int64_t job;
		const char *state;

		world_new(&w, 100 + n);
		furnish(&w);
		job = world_do(&w, 202, "POST", "/profiles/web:move",
		    "{\"slot\":2}");
		w.crashed = false;
		w.crash_at = w.turns + n;
		ck_assert(world_settle(&w, LONG_MS));
		crashed = w.crashed;
		tried += crashed;
		w.crash_at = 0;
		state = world_job_state(&w, job);
		ck_assert_msg(strcmp(state, "applied") == 0,
		    "crash at turn %u: %s", n, state);
		ck_assert_uint_eq(wanted_at(&w), 2);
		check_truth(&w);
		check_restart(&w);
		world_free(&w);
	}
	ck_assert_uint_ge(tried, 5);
	printf("crashed at %u turns of a move, each applied\n", tried);
}
END_TEST

/* ---- every fault of every verb ---- */

static const char *const verbs[] = { "unbind", "scrub", "prepare", "bind" };
static const char *const faults[] = { "error before", "error after",
	"timeout before", "timeout after", "late before", "late after" };

START_TEST(a_fault_of_any_verb_ends_in_an_outcome)
{
	const char *verb = verbs[(size_t)_i / N_ROWS(faults)];
	const char *fault = faults[(size_t)_i % N_ROWS(faults)];
	struct world w;
	int64_t job;
	const char *state;

	world_new(&w, 1000 + (uint64_t)_i);
	furnish(&w);
	support_chassis_do(&w.chassis, "fault %s %s", verb, fault);
	job = world_do(&w, 202, "POST", "/profiles/web:move", "{\"slot\":2}");
	ck_assert_msg(world_settle(&w, 4 * LONG_MS), "%s %s", verb, fault);
	state = world_job_state(&w, job);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	if (strcmp(state, "rollbackFailed") != 0) {
		ck_assert_uint_eq(wanted_at(&w),
		    strcmp(state, "applied") == 0 ? 2 : 1);
		world_pass(&w, 120000);	/* late ones end, heals are through */
		ck_assert(world_settle(&w, LONG_MS));
		check_truth(&w);
	}
	world_free(&w);
}
END_TEST

START_TEST(after_a_power_cycle_everything_is_bound_again)
{
	struct world w;

	world_new(&w, 5);
	furnish(&w);
	support_chassis_do(&w.chassis, "reset");
	world_pass(&w, 15000);
	ck_assert(world_settle(&w, LONG_MS));
	check_truth(&w);
	world_free(&w);
}
END_TEST

START_TEST(a_server_without_power_does_not_stop_a_move)
{
	struct world w;
	int64_t job;

	world_new(&w, 6);
	furnish(&w);
	support_chassis_do(&w.chassis, "power slot 1 off");
	job = world_do(&w, 202, "POST", "/profiles/web:move", "{\"slot\":2}");
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "applied");
	check_truth(&w);
	world_free(&w);
}
END_TEST

START_TEST(the_switch_manager_may_die_at_any_turn)
{
	for (unsigned n = 1; n <= 20; n++) {
		struct world w;
		int64_t job;

		world_new(&w, 200 + n);
		furnish(&w);
		job = world_do(&w, 202, "POST", "/profiles/web:move",
		    "{\"slot\":2}");
		for (unsigned i = 0; i < n; i++)
			world_turn(&w);
		world_crash_switchmgr(&w);
		ck_assert(world_settle(&w, LONG_MS));
		ck_assert_str_eq(world_job_state(&w, job), "applied");
		check_truth(&w);
		world_free(&w);
	}
}
END_TEST

START_TEST(what_somebody_else_bound_is_reported_and_left_alone)
{
	struct world w;
	char mac[MAC_TEXT];

	world_new(&w, 7);
	furnish(&w);
	support_chassis_do(&w.chassis, "map io1.1.vf9 3 5");
	world_pass(&w, 15000);
	ck_assert_uint_eq(world_sees(&w, 3, mac), 1);
	ck_assert(has_fault(&w, "UnknownBinding"));
	world_free(&w);
}
END_TEST

START_TEST(an_address_given_out_twice_is_reported)
{
	struct world w;
	char mac[MAC_TEXT];

	world_new(&w, 11);
	furnish(&w);
	world_sees(&w, 1, mac);
	support_chassis_do(&w.chassis, "map io1.1.vf9 3 5");
	world_pass(&w, 12000);
	ck_assert(!has_fault(&w, "IdentitySplit"));
	support_chassis_do(&w.chassis, "set io1.1.vf9 mac %s", mac);
	world_pass(&w, 12000);
	ck_assert(has_fault(&w, "IdentitySplit"));
	support_chassis_do(&w.chassis, "unmap 3 5");
	world_pass(&w, 12000);
	ck_assert(!has_fault(&w, "IdentitySplit"));
	world_free(&w);
}
END_TEST

START_TEST(what_is_lost_again_and_again_is_reported)
{
	struct world w;

	world_new(&w, 12);
	furnish(&w);
	for (int i = 0; i < 4; i++) {
		ck_assert(!has_fault(&w, "ReconcileLoop"));
		support_chassis_do(&w.chassis, "unmap 1 0");
		world_pass(&w, 30000);
		check_truth(&w);
	}
	ck_assert(has_fault(&w, "ReconcileLoop"));
	world_pass(&w, 640000);
	ck_assert(!has_fault(&w, "ReconcileLoop"));
	world_free(&w);
}
END_TEST

START_TEST(what_somebody_else_changed_is_put_right)
{
	struct world w;
	char before[MAC_TEXT], after[MAC_TEXT];

	world_new(&w, 8);
	furnish(&w);
	world_sees(&w, 1, before);
	support_chassis_do(&w.chassis, "unmap 1 0");
	world_pass(&w, 15000);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_uint_eq(world_sees(&w, 1, after), 2);
	ck_assert_str_eq(before, after);
	world_free(&w);
}
END_TEST

START_TEST(a_card_that_comes_back_is_bound_again)
{
	struct world w;
	char mac[MAC_TEXT];

	world_new(&w, 9);
	furnish(&w);
	support_chassis_do(&w.chassis, "pull bay 1");
	world_pass(&w, 15000);
	ck_assert_uint_eq(world_sees(&w, 1, mac), 0);
	ck_assert(has_fault(&w, "ModuleMissing"));
	support_chassis_do(&w.chassis, "insert bay 1 X520-SR2 N1");
	world_pass(&w, 15000);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert(!has_fault(&w, "ModuleMissing"));
	check_truth(&w);
	world_free(&w);
}
END_TEST

START_TEST(another_card_in_the_bay_waits_for_a_plan)
{
	struct world w;
	char mac[MAC_TEXT];

	world_new(&w, 10);
	furnish(&w);
	support_chassis_do(&w.chassis, "pull bay 1");
	world_pass(&w, 11000);
	support_chassis_do(&w.chassis, "log clear");
	support_chassis_do(&w.chassis, "insert bay 1 X520-SR2 OTHER");
	support_chassis_do(&w.chassis, "log clear");
	world_pass(&w, 60000);
	ck_assert_uint_eq(support_chassis_logged(&w.chassis), 0);
	ck_assert_uint_eq(world_sees(&w, 1, mac), 0);
	ck_assert(has_fault(&w, "ModuleMismatch"));
	world_do(&w, 409, "POST", "/profiles/web:move", "{\"slot\":2}");
	world_do(&w, 202, "POST", "/profiles/web:move?confirm=ModuleMismatch",
	    "{\"slot\":2}");
	ck_assert(world_settle(&w, LONG_MS));
	world_pass(&w, 2000);
	ck_assert(!has_fault(&w, "ModuleMismatch"));
	check_truth(&w);
	world_free(&w);
}
END_TEST

/* ---- what nobody can bring back ---- */

/* Somebody else destroys disk 0 of the module in bay 3. */
static void
destroy_disk(struct world *w)
{
	const struct view *v = view_hold(&w->views);
	struct fabric_tag tag = { .term = v->sw.term, .op = 1000000 };
	struct err e;
	int rc;

	view_drop(&w->views, v);
	support_chassis_do(&w->chassis, "set io3.1.vd0 disks none");
	do {
		rc = fabric_disk_destroy(w->fabric, tag, 3, 0, &e);
		support_chassis_pass(&w->chassis, 10);
	} while (rc == FABRIC_PENDING);
	ck_ok(rc, e);
}

START_TEST(a_lost_disk_is_not_replaced_by_an_empty_one)
{
	struct world w;
	char mac[MAC_TEXT];

	world_new(&w, 13);
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"db\"}");
	world_do(&w, 201, "POST", "/profiles/db/vdas", "{\"name\":\"d\","
	    "\"virtualDisks\":[{\"name\":\"sys\",\"raid\":\"RAID1\","
	    "\"capacityMiB\":1000}]}");
	world_do(&w, 202, "POST", "/profiles/db:assign", "{\"slot\":1}");
	ck_assert(world_settle(&w, LONG_MS));
	world_pass(&w, 12000);
	ck_assert(!has_fault(&w, "VirtualDiskMissing"));
	ck_assert(!has_fault(&w, "VirtualDiskDegraded"));
	support_chassis_do(&w.chassis, "disk bay 3 lose 0");
	world_pass(&w, 12000);
	ck_assert(has_fault(&w, "VirtualDiskDegraded"));
	destroy_disk(&w);
	support_chassis_do(&w.chassis, "log clear");
	world_pass(&w, 60000);
	ck_assert(has_fault(&w, "VirtualDiskMissing"));
	ck_assert_uint_eq(support_chassis_logged(&w.chassis), 0);
	/* Nor is it when the profile moves: nobody asked for an empty one. */
	world_do(&w, 202, "POST", "/profiles/db:move", "{\"slot\":2}");
	ck_assert(world_settle(&w, LONG_MS));
	world_pass(&w, 12000);
	ck_assert(has_fault(&w, "VirtualDiskMissing"));
	ck_assert_uint_eq(world_sees(&w, 2, mac), 0);
	/* The remedy helps. */
	world_do(&w, 202, "PATCH",
	    "/profiles/db/vdas/d?confirm=DestroysData", "{\"virtualDisks\":["
	    "{\"name\":\"new\",\"raid\":\"RAID1\",\"capacityMiB\":1000}]}");
	ck_assert(world_settle(&w, LONG_MS));
	world_pass(&w, 12000);
	ck_assert(!has_fault(&w, "VirtualDiskMissing"));
	ck_assert_uint_eq(world_sees(&w, 2, mac), 1);
	world_free(&w);
}
END_TEST

SUITE("engine")
{
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, a_vnic_is_bound_and_verified);
	tcase_add_test(tc, a_move_takes_the_address_along);
	tcase_add_test(tc, an_undone_move_is_back);
	tcase_add_test(tc, a_crash_at_any_turn_of_a_move_loses_nothing);
	tcase_add_loop_test(tc, a_fault_of_any_verb_ends_in_an_outcome, 0,
	    N_ROWS(verbs) * N_ROWS(faults));
	tcase_add_test(tc, after_a_power_cycle_everything_is_bound_again);
	tcase_add_test(tc, a_server_without_power_does_not_stop_a_move);
	tcase_add_test(tc, the_switch_manager_may_die_at_any_turn);
	tcase_add_test(tc, what_somebody_else_bound_is_reported_and_left_alone);
	tcase_add_test(tc, an_address_given_out_twice_is_reported);
	tcase_add_test(tc, what_is_lost_again_and_again_is_reported);
	tcase_add_test(tc, what_somebody_else_changed_is_put_right);
	tcase_add_test(tc, a_card_that_comes_back_is_bound_again);
	tcase_add_test(tc, another_card_in_the_bay_waits_for_a_plan);
	tcase_add_test(tc, a_lost_disk_is_not_replaced_by_an_empty_one);
}
