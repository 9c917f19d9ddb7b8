/*
 * test_proven.c -- when a job has ended, rows say what the hardware proves, and
 * what hangs there takes nobody's place for ever.
 */
#include <stdio.h>

#include "tests/sim/world.h"
#include "tests/test.h"

enum { LONG_MS = 300000, PARALLEL = 4 };

/* Four vNICs at slot 1: as many as the switch does at once. */
static void
furnish(struct world *w, uint64_t seed)
{
	world_new(w, seed);
	world_do(w, 201, "POST", "/networks",
	    "{\"name\":\"prod\",\"vlan\":120}");
	world_do(w, 201, "POST", "/profiles", "{\"name\":\"db\"}");
	world_do(w, 201, "POST", "/profiles/db/vnics", "{\"name\":\"n{n}\","
	    "\"count\":4,\"networks\":[\"prod\"]}");
}

static int64_t
settled(struct world *w, const char *path, const char *body)
{
	int64_t job = world_do(w, 202, "POST", path, body);

	ck_assert(world_settle(w, LONG_MS));
	return job;
}

/* So many bindings that are not released, each of them bound. */
static void
check_bound(struct world *w, size_t n)
{
	json_t *o = world_get(w, "/bindings"), *b;
	json_t *items = json_object_get(o, "items");
	size_t i;

	json_array_foreach(items, i, b)
		ck_assert_str_eq(json_string_value(json_object_get(b,
		    "state")), "bound");
	ck_assert_uint_eq(json_array_size(items), n);
	json_decref(o);
	ck_assert_uint_eq(support_chassis_violations(&w->chassis), 0);
}

static const struct row {
	bool assigned;
	const char *fault;
	size_t bound;
} rows[] = {
	/* The release failed and nothing was taken away: it is bound as before. */
	{ true, "fault unbind error before", 4 },
	{ true, "fault unbind timeout before", 4 },
	/* Nothing was put on it; a scrub proves that it is nobody's. */
	{ false, "fault prepare error before", 0 },
	{ false, "fault prepare timeout before", 0 },
	{ false, "fault bind error after", 0 },
	/* All of the switch's places hang: those of the way back take them. */
	{ false, "fault prepare timeout before 1000000", 0 },
	{ false, "fault prepare timeout after 1000000", 0 },
	{ false, "fault bind timeout before 1000000", 0 },
	{ false, "fault bind timeout after 1000000", 0 },
};

START_TEST(a_rolled_back_job_leaves_nothing_failed)
{
	const struct row *r = &rows[_i];
	struct world w;
	int64_t job;

	furnish(&w, 1);
	if (r->assigned)
		settled(&w, "/profiles/db:assign", "{\"slot\":1}");
	support_chassis_do(&w.chassis, "%s", r->fault);
	job = r->assigned ? settled(&w, "/profiles/db:move", "{\"slot\":2}") :
	    settled(&w, "/profiles/db:assign", "{\"slot\":1}");
	ck_assert_str_eq(world_job_state(&w, job), "rolledBack");
	check_bound(&w, r->bound);
	world_free(&w);
}
END_TEST

/* The power is cut in the middle of a first assignment: what was bound by then is
 * not there any more, and its rows go with the job. */
START_TEST(a_power_cut_leaves_no_rows)
{
	struct world w;
	int64_t job;

	furnish(&w, 2);
	support_chassis_do(&w.chassis, "delay bind 30");
	support_chassis_do(&w.chassis, "at 6 in 40 reset");
	support_chassis_do(&w.chassis, "at 8 fault bind error before");
	world_do(&w, 201, "POST", "/profiles/db/vnics", "{\"name\":\"m\","
	    "\"networks\":[\"prod\"]}");
	job = settled(&w, "/profiles/db:assign", "{\"slot\":1}");
	ck_assert_str_eq(world_job_state(&w, job), "rolledBack");
	check_bound(&w, 0);
	world_free(&w);
}
END_TEST

/* Releases that took effect and never end: they give way to those of :retry. */
START_TEST(releases_that_hang_give_way)
{
	struct world w;
	char path[48];
	int64_t job;

	furnish(&w, 3);
	settled(&w, "/profiles/db:assign", "{\"slot\":1}");
	world_do(&w, 200, "PATCH", "/slots/2", "{\"isSpare\":true}");
	support_chassis_do(&w.chassis, "fault unbind timeout after 1000000");
	job = settled(&w, "/profiles/db:move?confirm=SourceStillUp",
	    "{\"policy\":\"spare\",\"force\":true}");
	ck_assert_str_eq(world_job_state(&w, job), "rollbackFailed");
	support_chassis_do(&w.chassis, "fault unbind none");
	snprintf(path, sizeof(path), "/jobs/%lld:retry", (long long)job);
	settled(&w, path, "{}");
	ck_assert_str_eq(world_job_state(&w, job), "rolledBack");
	check_bound(&w, PARALLEL);
	ck_assert_uint_eq(world_sees(&w, 1, (char[MAC_TEXT]){ 0 }), PARALLEL);
	world_free(&w);
}
END_TEST

/* The same with what was prepared elsewhere: a slot that must go on first needs a
 * place, too. */
START_TEST(a_slot_goes_on_again_beside_what_hangs)
{
	struct world w;
	int64_t job;

	furnish(&w, 4);
	settled(&w, "/profiles/db:assign", "{\"slot\":1}");
	world_do(&w, 200, "PATCH", "/slots/2", "{\"isSpare\":true}");
	support_chassis_do(&w.chassis, "fault prepare timeout before 4");
	job = settled(&w, "/profiles/db:move?confirm=SourceStillUp",
	    "{\"policy\":\"spare\",\"force\":true}");
	ck_assert_str_eq(world_job_state(&w, job), "rolledBack");
	check_bound(&w, PARALLEL);
	ck_assert_uint_eq(world_sees(&w, 1, (char[MAC_TEXT]){ 0 }), PARALLEL);
	world_free(&w);
}
END_TEST

SUITE("proven")
{
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, a_rolled_back_job_leaves_nothing_failed, 0,
	    N_ROWS(rows));
	tcase_add_test(tc, a_power_cut_leaves_no_rows);
	tcase_add_test(tc, releases_that_hang_give_way);
	tcase_add_test(tc, a_slot_goes_on_again_beside_what_hangs);
}
