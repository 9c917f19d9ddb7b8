/*
 * test_cancel.c -- jobs that are asked to go back: by somebody, or because a slot
 * of theirs was isolated.  The loops visit every turn at which that can happen.
 */
#include <stdio.h>

#include "tests/sim/world.h"
#include "tests/test.h"

enum { LONG_MS = 300000 };

/* A profile with five vNICs at slot 1, bound; four verbs go at once. */
static void
furnish(struct world *w, uint64_t seed)
{
	world_new(w, seed);
	world_do(w, 201, "POST", "/networks",
	    "{\"name\":\"prod\",\"vlan\":120}");
	world_do(w, 201, "POST", "/profiles", "{\"name\":\"web\"}");
	world_do(w, 201, "POST", "/profiles/web/vnics", "{\"name\":\"n{n}\","
	    "\"count\":5,\"networks\":[\"prod\"]}");
	world_do(w, 202, "POST", "/profiles/web:assign", "{\"slot\":1}");
	ck_assert(world_settle(w, LONG_MS));
	/* So that each verb is met while it is under way. */
	support_chassis_do(&w->chassis, "delay scrub 30");
	support_chassis_do(&w->chassis, "delay prepare 30");
	support_chassis_do(&w->chassis, "delay bind 30");
}

static size_t
sees(struct world *w, unsigned slot)
{
	char mac[MAC_TEXT];

	return world_sees(w, slot, mac);
}

static int
cancel(struct world *w, int64_t job, const char *code)
{
	char path[64];
	json_t *out;
	int status;

	snprintf(path, sizeof(path), "/jobs/%lld:cancel", (long long)job);
	status = world_ask(w, "POST", path, "{}", &out);
	if (status != 202)
		ck_assert_str_eq(json_string_value(json_object_get(out,
		    "code")), code);
	json_decref(out);
	return status;
}

/* What the job says went wrong. */
static void
check_error(struct world *w, int64_t job, const char *code)
{
	char path[64];
	json_t *o;

	snprintf(path, sizeof(path), "/jobs/%lld", (long long)job);
	o = world_get(w, path);
	ck_assert_str_eq(json_string_value(json_object_get(json_object_get(o,
	    "error"), "code")), code);
	ck_assert(json_is_false(json_object_get(json_object_get(o, "cancel"),
	    "possible")));
	json_decref(o);
}

/* At rest: nothing else is to be done, and nobody holds a row too many. */
static void
check_rest(struct world *w, size_t rows)
{
	struct arena *a = arena_new();
	struct binding *list;
	struct err e;
	size_t n;

	ck_assert_uint_eq(support_chassis_violations(&w->chassis), 0);
	ck_ok(binding_list(w->reader, a, &list, &n, &e), e);
	ck_assert_uint_eq(n, rows);
	arena_free(a);
	support_chassis_do(&w->chassis, "log clear");
	world_crash(w);
	world_pass(w, 3000);
	ck_assert_uint_eq(support_chassis_logged(&w->chassis), 0);
}

/* ---- :cancel ---- */

/* A move is cancelled at its nth turn, and the daemon dies `late` turns after;
 * 0 = it does not.  False when the move had ended before. */
static bool
cancel_at(unsigned n, unsigned late)
{
	struct world w;
	bool asked;
	int64_t job;

	furnish(&w, 100 + n);
	job = world_do(&w, 202, "POST", "/profiles/web:move", "{\"slot\":2}");
	for (unsigned i = 0; i < n; i++)
		world_turn(&w);
	asked = cancel(&w, job, "NotCancellable") == 202;
	if (late > 0)
		w.crash_at = w.turns + late;
	ck_assert(world_settle(&w, LONG_MS));
	w.crash_at = 0;
	ck_assert_str_eq(world_job_state(&w, job), asked ? "rolledBack" :
	    "applied");
	ck_assert_uint_eq(sees(&w, asked ? 1 : 2), 5);
	ck_assert_uint_eq(sees(&w, asked ? 2 : 1), 0);
	if (asked)
		check_error(&w, job, "Cancelled");
	check_rest(&w, 5);
	world_free(&w);
	return asked;
}

START_TEST(a_move_can_be_cancelled_at_any_turn)
{
	unsigned n = 0;

	while (cancel_at(n, 0))
		n++;
	ck_assert_uint_ge(n, 8);
	printf("cancelled at %u turns of a move, each rolled back\n", n);
}
END_TEST

START_TEST(a_crash_after_a_cancel_forgets_nothing)
{
	for (unsigned n = 1; n < 36; n += 5)
		for (unsigned late = 1; late < 12; late += 2)
			(void)cancel_at(n, late);
}
END_TEST

/* What the switch still does is waited for; what was never issued is not. */
START_TEST(a_cancelled_assignment_leaves_no_rows)
{
	struct world w;
	int64_t job;

	furnish(&w, 2);
	world_do(&w, 202, "POST", "/profiles/web:release", "{}");
	ck_assert(world_settle(&w, LONG_MS));
	support_chassis_do(&w.chassis, "delay prepare 20000");
	job = world_do(&w, 202, "POST", "/profiles/web:assign", "{\"slot\":3}");
	world_pass(&w, 2000);
	ck_assert_int_eq(cancel(&w, job, ""), 202);
	ck_assert_int_eq(cancel(&w, job, "NotCancellable"), 409);
	ck_assert_str_eq(world_job_state(&w, job), "running");
	support_chassis_do(&w.chassis, "delay prepare 0");
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "rolledBack");
	ck_assert_int_eq(cancel(&w, job, "NotCancellable"), 409);
	ck_assert_uint_eq(sees(&w, 3), 0);
	check_rest(&w, 0);
	world_free(&w);
}
END_TEST

/* The undone job is as it was, and can be undone again. */
START_TEST(a_cancelled_undo_undid_nothing)
{
	struct world w;
	int64_t move, undo;
	char path[64];

	furnish(&w, 4);
	move = world_do(&w, 202, "POST", "/profiles/web:move", "{\"slot\":2}");
	ck_assert(world_settle(&w, LONG_MS));
	snprintf(path, sizeof(path), "/jobs/%lld:undo", (long long)move);
	world_do(&w, 202, "POST", path, "{}");
	undo = move;
	{
		json_t *list = world_get(&w, "/jobs?limit=1");

		undo = strtoll(json_string_value(json_object_get(
		    json_array_get(json_object_get(list, "items"), 0), "id")),
		    NULL, 10);
		json_decref(list);
	}
	ck_assert_int_ne(undo, move);
	ck_assert_int_eq(cancel(&w, undo, ""), 202);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, undo), "rolledBack");
	ck_assert_uint_eq(sees(&w, 2), 5);
	world_do(&w, 202, "POST", path, "{}");
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_uint_eq(sees(&w, 1), 5);
	world_free(&w);
}
END_TEST

/* ---- isolate ---- */

/* Entries of the log, since it was cleared, that bound something at a slot. */
static size_t
binds_logged(struct world *w, unsigned slot)
{
	json_t *log = support_chassis_ctl(&w->chassis, "log"), *entry;
	json_t *items = json_object_get(log, "items");
	size_t i, n = 0;

	ck_assert(json_is_array(items));
	json_array_foreach(items, i, entry)
		n += strcmp(json_string_value(json_object_get(entry, "verb")),
		    "bind") == 0 && json_integer_value(json_object_get(entry,
		    "slot")) == (json_int_t)slot;
	json_decref(log);
	return n;
}

static const struct isolate_row {
	const char *request, *body;
	unsigned slot;			/* isolated */
	unsigned before;		/* where the servers see it before */
	unsigned after;			/* and once the slot is enabled again */
} isolate_rows[] = {
	{ ":move", "{\"slot\":2}", 2, 1, 1 },
	{ ":move", "{\"slot\":2}", 1, 1, 1 },
	{ ":release", "{}", 1, 1, 1 },
	{ ":assign", "{\"slot\":3}", 3, 0, 0 },
};

/* Isolates at the nth turn of the row's job, and the daemon dies `late` turns
 * after; false when the job had ended. */
static bool
isolate_at(const struct isolate_row *row, unsigned n, unsigned late)
{
	struct world w;
	char path[64];
	int64_t job;
	bool running;
	const char *state;

	furnish(&w, 200 + n);
	if (row->before == 0) {
		world_do(&w, 202, "POST", "/profiles/web:release", "{}");
		ck_assert(world_settle(&w, LONG_MS));
	}
	snprintf(path, sizeof(path), "/profiles/web%s", row->request);
	job = world_do(&w, 202, "POST", path, row->body);
	for (unsigned i = 0; i < n; i++)
		world_turn(&w);
	running = strcmp(world_job_state(&w, job), "running") == 0;
	snprintf(path, sizeof(path), "/slots/%u:isolate", row->slot);
	world_do(&w, 202, "POST", path, "{}");
	if (late > 0)
		w.crash_at = w.turns + late;
	/* Off at once; what was under way ends; nothing new begins there. */
	support_chassis_do(&w.chassis, "log clear");
	ck_assert(world_settle(&w, LONG_MS));
	w.crash_at = 0;
	ck_assert_uint_eq(binds_logged(&w, row->slot), 0);
	state = world_job_state(&w, job);
	ck_assert_msg(strcmp(state, running ? "rolledBack" : "applied") == 0,
	    "%s, slot %u isolated at turn %u: %s", row->request, row->slot, n,
	    state);
	if (running)
		check_error(&w, job, "SlotIsolated");
	ck_assert_uint_eq(sees(&w, row->slot), 0);
	world_pass(&w, 15000);
	ck_assert_uint_eq(sees(&w, row->slot), 0);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	snprintf(path, sizeof(path), "/slots/%u", row->slot);
	world_do(&w, 202, "PATCH", path, "{\"adminState\":\"enabled\"}");
	ck_assert(world_settle(&w, LONG_MS));
	world_pass(&w, 15000);
	for (unsigned slot = 1; running && slot <= 3; slot++)
		ck_assert_uint_eq(sees(&w, slot), slot == row->after ? 5 : 0);
	check_rest(&w, running && row->after == 0 ? 0 :
	    running || strcmp(row->request, ":release") != 0 ? 5 : 0);
	world_free(&w);
	return running;
}

START_TEST(a_slot_is_isolated_at_any_turn_of_its_job)
{
	const struct isolate_row *row = &isolate_rows[_i];
	unsigned n = 0;

	while (isolate_at(row, n, 0))
		n++;
	ck_assert_uint_ge(n, 4);
	for (unsigned k = 1; k < n; k += 3)
		(void)isolate_at(row, k, 1 + k % 7);
	printf("slot %u isolated at %u turns of %s\n", row->slot, n,
	    row->request);
}
END_TEST

/* Its former slot is isolated while it is on its way back there. */
START_TEST(a_rollback_binds_nothing_at_an_isolated_slot)
{
	for (unsigned n = 0; n < 14; n++) {
		struct world w;
		int64_t job;

		furnish(&w, 300 + n);
		support_chassis_do(&w.chassis, "fault bind error before");
		job = world_do(&w, 202, "POST", "/profiles/web:move",
		    "{\"slot\":2}");
		while (strcmp(world_job_state(&w, job), "running") == 0)
			world_turn(&w);
		for (unsigned i = 0; i < n; i++)
			world_turn(&w);
		world_do(&w, 202, "POST", "/slots/1:isolate", "{}");
		support_chassis_do(&w.chassis, "log clear");
		ck_assert(world_settle(&w, LONG_MS));
		ck_assert_uint_eq(binds_logged(&w, 1), 0);
		ck_assert_msg(strcmp(world_job_state(&w, job),
		    "rolledBack") == 0, "isolated at turn %u: %s", n,
		    world_job_state(&w, job));
		ck_assert_uint_eq(sees(&w, 1) + sees(&w, 2), 0);
		world_do(&w, 202, "PATCH", "/slots/1",
		    "{\"adminState\":\"enabled\"}");
		ck_assert(world_settle(&w, LONG_MS));
		world_pass(&w, 15000);
		ck_assert_uint_eq(sees(&w, 1), 5);
		check_rest(&w, 5);
		world_free(&w);
	}
}
END_TEST

SUITE("cancel")
{
	tcase_set_timeout(tc, 240);
	tcase_add_test(tc, a_move_can_be_cancelled_at_any_turn);
	tcase_add_test(tc, a_crash_after_a_cancel_forgets_nothing);
	tcase_add_test(tc, a_cancelled_assignment_leaves_no_rows);
	tcase_add_test(tc, a_cancelled_undo_undid_nothing);
	tcase_add_loop_test(tc, a_slot_is_isolated_at_any_turn_of_its_job, 0,
	    N_ROWS(isolate_rows));
	tcase_add_test(tc, a_rollback_binds_nothing_at_an_isolated_slot);
}
