/*
 * test_destroy.c -- data is destroyed last, and a job that destroyed some says so.
 */
#include <stdio.h>

#include "appliance/engine/engine_doom.h"
#include "tests/sim/world.h"
#include "tests/test.h"

enum { LONG_MS = 300000 };

#define DISK(name, raid) "{\"name\":\"" name "\",\"raid\":\"" raid "\"," \
	"\"capacityMiB\":1000}"
#define DISKS(list) "{\"virtualDisks\":[" list "]}"
#define PATCH "/profiles/db/vdas/v?confirm=DestroysData"

/* A vDAS with two disks at slot 1. */
static void
furnish(struct world *w, uint64_t seed)
{
	static const char *const slow[] = { "prepare", "bind", "scrub",
		"disk_make", "disk_destroy" };

	world_new(w, seed);
	world_do(w, 201, "POST", "/profiles", "{\"name\":\"db\"}");
	world_do(w, 201, "POST", "/profiles/db/vdas", "{\"name\":\"v\","
	    "\"virtualDisks\":[" DISK("a", "RAID1") "," DISK("b", "RAID1")
	    "]}");
	world_do(w, 202, "POST", "/profiles/db:assign", "{\"slot\":1}");
	ck_assert(world_settle(w, LONG_MS));
	for (int i = 0; i < N_ROWS(slow); i++)
		support_chassis_do(&w->chassis, "delay %s 30", slow[i]);
	support_chassis_do(&w->chassis, "log clear");
}

static size_t
disks(struct world *w)
{
	json_t *o = world_get(w, "/disks");
	size_t n = json_array_size(json_object_get(o, "items"));

	json_decref(o);
	return n;
}

static size_t
logged(struct world *w, const char *verb)
{
	json_t *log = support_chassis_ctl(&w->chassis, "log"), *entry;
	size_t i, n = 0;

	json_array_foreach(json_object_get(log, "items"), i, entry)
		n += strcmp(json_string_value(json_object_get(entry, "verb")),
		    verb) == 0;
	json_decref(log);
	return n;
}

/* What the server at slot 1 has, and that nothing is wrong with it. */
static void
check_shown(struct world *w, size_t n)
{
	json_t *server, *list, *faults;

	world_pass(w, 30000);
	ck_assert(world_settle(w, LONG_MS));
	server = support_chassis_ctl(&w->chassis, "server 1");
	list = json_object_get(json_array_get(json_object_get(server,
	    "functions"), 0), "disks");
	ck_assert_uint_eq(json_array_size(list), n);
	json_decref(server);
	faults = world_get(w, "/faults");
	ck_assert_uint_eq(json_array_size(json_object_get(faults, "items")), 0);
	json_decref(faults);
	ck_assert_uint_eq(support_chassis_violations(&w->chassis), 0);
}

static const struct row {
	bool assigned;
	const char *hand;		/* before the wish */
	const char *body;
	const char *end;
	size_t disks, destroyed;	/* then; commands that say so */
	size_t shown;
} rows[] = {
	/* Both go, whatever fails with the first or the second of them. */
	{ true, "fault disk_destroy error before", DISKS(DISK("c", "RAID0")),
	  "rolledBack", 3, 1, 2 },
	{ true, "at 6 fault disk_destroy error before",
	  DISKS(DISK("c", "RAID0")), "applied", 1, 3, 1 },
	{ true, "fault disk_destroy error after", DISKS(DISK("c", "RAID0")),
	  "applied", 1, 2, 1 },
	{ false, "fault disk_destroy error before", DISKS(DISK("c", "RAID0")),
	  "rolledBack", 2, 1, 2 },
	{ false, "fault disk_destroy timeout after", DISKS(DISK("c", "RAID0")),
	  "applied", 0, 2, 1 },
	/* Nothing is destroyed before all else is done. */
	{ true, "fault disk_make error before", DISKS(DISK("a", "RAID5")),
	  "rolledBack", 2, 0, 2 },
	{ true, "fault unbind timeout before", DISKS(DISK("a", "RAID5")),
	  "rolledBack", 2, 0, 2 },
	{ true, "fault bind error before", DISKS(DISK("a", "RAID5")),
	  "rolledBack", 3, 0, 2 },
	{ true, "fault bind error after", DISKS(DISK("a", "RAID5")),
	  "rolledBack", 3, 0, 2 },
};

START_TEST(it_goes_last_or_not_at_all)
{
	const struct row *r = &rows[_i];
	struct world w;
	int64_t job;

	furnish(&w, 1);
	if (!r->assigned) {
		world_do(&w, 202, "POST", "/profiles/db:release", "{}");
		ck_assert(world_settle(&w, LONG_MS));
	}
	support_chassis_do(&w.chassis, "%s", r->hand);
	job = world_do(&w, 202, "PATCH", PATCH, r->body);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), r->end);
	ck_assert_uint_eq(disks(&w), r->disks);
	ck_assert_uint_eq(logged(&w, "disk_destroy"), r->destroyed);
	if (!r->assigned) {
		world_do(&w, 202, "POST", "/profiles/db:assign",
		    "{\"slot\":1}");
		ck_assert(world_settle(&w, LONG_MS));
	}
	check_shown(&w, r->shown);
	world_free(&w);
}
END_TEST

static void
need_conflict(struct world *w, int64_t job, const char *verb)
{
	char path[48];

	snprintf(path, sizeof(path), "/jobs/%lld:%s", (long long)job, verb);
	ck_assert_int_eq(world_ask(w, "POST", path, "{}", NULL), 409);
}

/* One of two is gone and the other cannot go: nothing says rolledBack. */
START_TEST(destroyed_data_has_no_way_back)
{
	struct world w;
	char path[48];
	json_t *body;
	int64_t job;

	furnish(&w, 2);
	support_chassis_do(&w.chassis,
	    "at 6 fault disk_destroy error before 1000000");
	job = world_do(&w, 202, "PATCH", PATCH, DISKS(DISK("c", "RAID0")));
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "rollbackFailed");
	snprintf(path, sizeof(path), "/jobs/%lld", (long long)job);
	body = world_get(&w, path);
	ck_assert_str_eq(json_string_value(json_object_get(json_object_get(
	    body, "error"), "code")), "DataDestroyed");
	json_decref(body);
	need_conflict(&w, job, "undo");
	need_conflict(&w, job, "cancel");
	ck_assert_uint_eq(disks(&w), 2);
	support_chassis_do(&w.chassis, "fault disk_destroy none");
	snprintf(path, sizeof(path), "/jobs/%lld:retry", (long long)job);
	world_do(&w, 202, "POST", path, "{}");
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "applied");
	ck_assert_uint_eq(disks(&w), 1);
	need_conflict(&w, job, "undo");
	check_shown(&w, 1);
	world_free(&w);
}
END_TEST

/* A hand takes another device away meanwhile: that is put right first. */
START_TEST(all_else_is_looked_at_again)
{
	struct world w;
	int64_t job;

	furnish(&w, 4);
	world_do(&w, 201, "POST", "/networks", "{\"name\":\"n\",\"vlan\":9}");
	world_do(&w, 202, "POST", "/profiles/db/vnics",
	    "{\"name\":\"n\",\"networks\":[\"n\"]}");
	ck_assert(world_settle(&w, LONG_MS));
	support_chassis_do(&w.chassis, "log clear");
	job = world_do(&w, 202, "PATCH", PATCH, DISKS(DISK("c", "RAID0")));
	while (world_sees(&w, 1, (char[MAC_TEXT]){ 0 }) == 2)
		world_turn(&w);
	support_chassis_do(&w.chassis, "unmap 1 1");
	while (world_sees(&w, 1, (char[MAC_TEXT]){ 0 }) < 2) {
		ck_assert_uint_eq(logged(&w, "disk_destroy"), 0);
		world_turn(&w);
	}
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "applied");
	ck_assert_uint_eq(logged(&w, "bind"), 2);
	ck_assert_uint_eq(disks(&w), 1);
	world_free(&w);
}
END_TEST

/* While it destroys, neither :cancel nor an isolated slot turns it round. */
START_TEST(it_is_not_turned_round)
{
	struct world w;
	int64_t job;

	furnish(&w, 3);
	support_chassis_do(&w.chassis, "delay disk_destroy 5000");
	job = world_do(&w, 202, "PATCH", PATCH, DISKS(DISK("c", "RAID0")));
	while (logged(&w, "disk_destroy") == 0)
		world_turn(&w);
	need_conflict(&w, job, "cancel");
	world_do(&w, 202, "POST", "/slots/1:isolate", "{}");
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "applied");
	ck_assert_uint_eq(disks(&w), 1);
	world_free(&w);
}
END_TEST

/* Whatever a step says: the number may have been given again. */
START_TEST(what_somebody_has_is_destroyed_by_nobody)
{
	struct step steps[] = {
		{ .verb = STEP_DISK_DESTROY, .arg1 = 3, .arg2 = 0 },
		{ .verb = STEP_DISK_DESTROY, .arg1 = 3, .arg2 = 7 },
		{ .verb = STEP_DISK_DESTROY, .arg1 = 3, .arg2 = 7 },
		{ .verb = STEP_DISK_DESTROY, .arg1 = 3, .arg2 = 8, .phase = 1 },
	};
	struct world w;
	struct arena *a = arena_new();
	struct want_disk *list;
	struct err e;
	size_t n;

	furnish(&w, 5);
	ck_ok(store_read_begin(w.reader, &e), e);
	ck_ok(engine_doom_list(w.reader, a, steps, N_ROWS(steps), &list, &n,
	    &e), e);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(list[0].number, 7);
	ck_fails(engine_doom_check(w.reader, a, &steps[0], &e), e,
	    ERR_INTERNAL);
	ck_ok(engine_doom_check(w.reader, a, &steps[1], &e), e);
	store_read_end(w.reader);
	arena_free(a);
	world_free(&w);
}
END_TEST

/* Killed before turn n of it, for n = 1, 2, 3 … */
START_TEST(a_crash_at_any_turn_ends_it)
{
	bool crashed = true;
	unsigned n;

	for (n = 1; crashed; n += 2) {
		struct world w;
		int64_t job;

		furnish(&w, 10 + n);
		job = world_do(&w, 202, "PATCH", PATCH,
		    DISKS(DISK("c", "RAID0")));
		w.crashed = false;
		w.crash_at = w.turns + n;
		ck_assert(world_settle(&w, LONG_MS));
		crashed = w.crashed;
		w.crash_at = 0;
		ck_assert_str_eq(world_job_state(&w, job), "applied");
		ck_assert_uint_eq(disks(&w), 1);
		check_shown(&w, 1);
		world_free(&w);
	}
	ck_assert_uint_ge(n, 20);
}
END_TEST

SUITE("destroy")
{
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, it_goes_last_or_not_at_all, 0, N_ROWS(rows));
	tcase_add_test(tc, destroyed_data_has_no_way_back);
	tcase_add_test(tc, all_else_is_looked_at_again);
	tcase_add_test(tc, it_is_not_turned_round);
	tcase_add_test(tc, what_somebody_has_is_destroyed_by_nobody);
	tcase_add_test(tc, a_crash_at_any_turn_ends_it);
}
