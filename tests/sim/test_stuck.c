/*
 * test_stuck.c -- jobs that cannot go on: a store that does not take what the
 * engine writes, a former content that is refused, a rollback that fails, and
 * what people may do about each.
 */
#include <stdio.h>

#include "base/fault.h"
#include "profiles/stmt.h"
#include "tests/sim/world.h"
#include "tests/test.h"

enum { LONG_MS = 300000, TURNS = 40 };	/* a move takes some 20 */

/* A profile with some vNICs, at no slot. */
static void
furnish(struct world *w, unsigned vnics)
{
	world_do(w, 201, "POST", "/networks",
	    "{\"name\":\"prod\",\"vlan\":120}");
	world_do(w, 201, "POST", "/profiles", "{\"name\":\"web\"}");
	for (unsigned i = 0; i < vnics; i++) {
		char body[64];

		snprintf(body, sizeof(body),
		    "{\"name\":\"n%u\",\"networks\":[\"prod\"]}", i);
		world_do(w, 201, "POST", "/profiles/web/vnics", body);
	}
}

/* A job by its newest number in the list. */
static int64_t
newest_job(struct world *w)
{
	json_t *list = world_get(w, "/jobs?limit=1");
	int64_t id = strtoll(json_string_value(json_object_get(json_array_get(
	    json_object_get(list, "items"), 0), "id")), NULL, 10);

	json_decref(list);
	return id;
}

/* In a transaction of its own, as the service would. */
static int
decide(struct world *w, int64_t id, int (*what)(struct store *,
    const struct job *, int64_t, struct err *), struct err *e)
{
	struct arena *a = arena_new();
	struct job *job;
	int rc;

	ck_ok(job_load(w->store, a, id, &job, e), *e);
	ck_ok(store_begin(w->store, e), *e);
	rc = what(w->store, job, w->wall_ms, e);
	if (rc == 0)
		ck_ok(store_commit(w->store, e), *e);
	else
		store_rollback(w->store);
	arena_free(a);
	return rc;
}

/* ---- the store ---- */

START_TEST(a_store_that_refuses_is_not_asked_without_end)
{
	struct world w;
	unsigned entries = 0;
	int64_t job, until;
	struct err e;

	world_new(&w, 1);
	furnish(&w, 1);
	job = world_do(&w, 202, "POST", "/profiles/web:assign", "{\"slot\":1}");
	/* Somebody else's transaction: every entry is refused. */
	ck_ok(store_begin(w.store, &e), e);
	for (until = w.chassis.now_ms + 10000; w.chassis.now_ms < until; ) {
		entries += writer_turn(w.wall_ms, w.store, w.writer) > 0;
		(void)engine_turn(w.engine, w.chassis.now_ms, w.wall_ms,
		    w.reader, w.fabric);
		support_chassis_pass(&w.chassis, 5);
	}
	ck_assert_uint_ge(entries, 2);
	ck_assert_uint_le(entries, 11);
	store_rollback(w.store);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "applied");
	world_free(&w);
}
END_TEST

START_TEST(a_store_that_fails_anywhere_stops_no_job)
{
	struct world w;
	const struct view *view;
	unsigned n, slot = 1;
	bool fired = true;

	world_new(&w, 2);
	furnish(&w, 1);
	world_do(&w, 202, "POST", "/profiles/web:assign", "{\"slot\":1}");
	ck_assert(world_settle(&w, LONG_MS));
	for (n = 1; fired; n++) {
		char body[32], mac[MAC_TEXT];
		int64_t job;

		slot = 3 - slot;
		snprintf(body, sizeof(body), "{\"slot\":%u}", slot);
		job = world_do(&w, 202, "POST", "/profiles/web:move", body);
		fault_arm(n);
		for (int turn = 0; turn < TURNS && !fault_fired(); turn++)
			world_turn(&w);
		/* It was the store, not the switch. */
		view = view_hold(&w.views);
		ck_assert_int_eq(view->state, VIEW_OK);
		view_drop(&w.views, view);
		fired = fault_fired();
		fault_arm(0);
		ck_assert(world_settle(&w, LONG_MS));
		ck_assert_str_eq(world_job_state(&w, job), "applied");
		ck_assert_uint_eq(world_sees(&w, slot, mac), 1);
		ck_assert_uint_eq(world_sees(&w, 3 - slot, mac), 0);
		/* Most points are reads of every turn. */
		n += n / 16;
	}
	ck_assert_uint_ge(n, 20);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

/* ---- the former content ---- */

/* A job that makes a network and puts a vNIC on it, bound to fail; before it
 * does, somebody uses that network. */
static int64_t
refused_restore(struct world *w)
{
	json_t *plan, *out;
	char path[80];
	struct err e;

	furnish(w, 1);
	world_do(w, 202, "POST", "/profiles/web:assign", "{\"slot\":1}");
	ck_assert(world_settle(w, LONG_MS));
	world_do(w, 201, "POST", "/profiles", "{\"name\":\"other\"}");
	world_do(w, 201, "POST", "/profiles/other/vnics",
	    "{\"name\":\"o\",\"networks\":[\"prod\"]}");
	support_chassis_do(&w->chassis, "fault bind error after");
	ck_assert_int_eq(world_ask(w, "POST", "/plans", "{\"changes\":["
	    "{\"method\":\"POST\",\"path\":\"/networks\",\"body\":"
	    "{\"name\":\"lab\",\"vlan\":130}},"
	    "{\"method\":\"POST\",\"path\":\"/profiles/web/vnics\",\"body\":"
	    "{\"name\":\"b\",\"networks\":[\"lab\"]}}]}", &plan), 201);
	snprintf(path, sizeof(path), "/plans/%s:apply",
	    json_string_value(json_object_get(plan, "id")));
	ck_assert_int_eq(world_ask(w, "POST", path, "{}", &out), 202);
	json_decref(plan);
	json_decref(out);
	ck_ok(stmt_exec(w->store, "INSERT INTO device_vlan SELECT d.id, 9, n.id,"
	    " 0 FROM device d, network n WHERE d.name = 'o' AND n.name = 'lab'",
	    &e), e);
	return newest_job(w);
}

START_TEST(a_refused_former_content_ends_the_job)
{
	struct world w;
	json_t *o;
	int64_t job;
	char path[64];

	world_new(&w, 3);
	job = refused_restore(&w);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "rollbackFailed");
	snprintf(path, sizeof(path), "/jobs/%lld", (long long)job);
	o = world_get(&w, path);
	ck_assert_str_eq(json_string_value(json_object_get(json_object_get(o,
	    "error"), "code")), "RestoreRefused");
	json_decref(o);
	/* Nothing of it was restored by half, and the slot stays held. */
	ck_assert_int_eq(world_ask(&w, "GET", "/profiles/web/vnics/b", NULL,
	    NULL), 200);
	ck_assert_int_eq(world_ask(&w, "POST", "/profiles/web:release", "{}",
	    NULL), 409);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

START_TEST(a_retry_restores_what_is_no_longer_refused)
{
	struct world w;
	char mac[MAC_TEXT];
	struct err e;
	int64_t job;

	world_new(&w, 4);
	job = refused_restore(&w);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_int_eq(decide(&w, job, engine_retry, &e), -1);
	ck_assert_int_eq(e.code, ERR_CONFLICT);
	ck_ok(stmt_exec(w.store, "DELETE FROM device_vlan WHERE seq = 9", &e), e);
	ck_ok(decide(&w, job, engine_retry, &e), e);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "rolledBack");
	ck_assert_int_eq(world_ask(&w, "GET", "/networks/lab", NULL, NULL), 404);
	ck_assert_uint_eq(world_sees(&w, 1, mac), 1);
	world_do(&w, 202, "POST", "/profiles/web:release", "{}");
	ck_assert(world_settle(&w, LONG_MS));
	world_free(&w);
}
END_TEST

/* ---- a rollback that fails ---- */

/* Both ways fail at the hardware; then it is mended. */
static int64_t
failed_rollback(struct world *w)
{
	int64_t job;

	furnish(w, 1);
	support_chassis_do(&w->chassis, "fault bind error after");
	support_chassis_do(&w->chassis, "fault scrub error before 1000");
	job = world_do(w, 202, "POST", "/profiles/web:assign", "{\"slot\":1}");
	ck_assert(world_settle(w, LONG_MS));
	ck_assert_str_eq(world_job_state(w, job), "rollbackFailed");
	return job;
}

START_TEST(a_retry_goes_on_as_often_as_asked)
{
	struct world w;
	char mac[MAC_TEXT], path[64];
	struct err e;
	int64_t job;

	world_new(&w, 5);
	job = failed_rollback(&w);
	for (int i = 0; i < 20; i++) {
		ck_ok(decide(&w, job, engine_retry, &e), e);
		ck_assert(world_settle(&w, LONG_MS));
		ck_assert_str_eq(world_job_state(&w, job), "rollbackFailed");
	}
	support_chassis_do(&w.chassis, "fault scrub none");
	snprintf(path, sizeof(path), "/jobs/%lld:retry", (long long)job);
	ck_assert_int_eq(world_ask(&w, "POST", path, "{}", NULL), 202);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "rolledBack");
	ck_assert_uint_eq(world_sees(&w, 1, mac), 0);
	ck_assert_int_eq(decide(&w, job, engine_retry, &e), -1);
	ck_assert_int_eq(decide(&w, job, engine_abandon, &e), -1);
	world_do(&w, 202, "POST", "/profiles/web:assign", "{\"slot\":2}");
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_uint_eq(world_sees(&w, 2, mac), 1);
	world_free(&w);
}
END_TEST

static bool
holds(struct world *w, int64_t job)
{
	char path[64];
	json_t *o;
	bool yes;

	snprintf(path, sizeof(path), "/jobs/%lld", (long long)job);
	o = world_get(w, path);
	yes = json_is_true(json_object_get(o, "holds"));
	json_decref(o);
	return yes;
}

START_TEST(an_abandoned_job_holds_nothing)
{
	struct world w;
	char mac[MAC_TEXT], path[64];
	struct err e;
	int64_t job;

	world_new(&w, 6);
	job = failed_rollback(&w);
	support_chassis_do(&w.chassis, "fault scrub none");
	world_pass(&w, 20000);		/* left alone until then */
	ck_assert_int_eq(world_ask(&w, "POST", "/profiles/web:assign",
	    "{\"slot\":2}", NULL), 409);
	ck_assert(holds(&w, job));
	snprintf(path, sizeof(path), "/jobs/%lld:abandon", (long long)job);
	ck_assert_int_eq(world_ask(&w, "POST", path, "{}", NULL), 200);
	ck_assert(!holds(&w, job));
	world_pass(&w, 20000);		/* what is left over is healed */
	ck_assert_str_eq(world_job_state(&w, job), "rollbackFailed");
	ck_assert_uint_eq(world_sees(&w, 1, mac), 0);
	ck_assert_int_eq(decide(&w, job, engine_retry, &e), -1);
	world_do(&w, 202, "POST", "/profiles/web:assign", "{\"slot\":2}");
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_uint_eq(world_sees(&w, 2, mac), 1);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

static bool
has_link(struct world *w, unsigned slot)
{
	json_t *server = support_chassis_ctl(&w->chassis, "server %u", slot);
	bool link = json_is_true(json_object_get(server, "link"));

	json_decref(server);
	return link;
}

/* A profile with one vNIC at a slot. */
static void
seat(struct world *w, const char *name, unsigned slot)
{
	char path[64], body[64];

	snprintf(body, sizeof(body), "{\"name\":\"%s\"}", name);
	world_do(w, 201, "POST", "/profiles", body);
	snprintf(path, sizeof(path), "/profiles/%s/vnics", name);
	world_do(w, 201, "POST", path,
	    "{\"name\":\"n0\",\"networks\":[\"prod\"]}");
	snprintf(path, sizeof(path), "/profiles/%s:assign", name);
	snprintf(body, sizeof(body), "{\"slot\":%u}", slot);
	world_do(w, 202, "POST", path, body);
	ck_assert(world_settle(w, LONG_MS));
}

/* What failed at slot 1 is right all the same and needs no verb; slot 2 does. */
START_TEST(each_slot_of_an_abandoned_job_is_healed)
{
	struct world w;
	char mac[MAC_TEXT], path[64];
	json_t *plan, *out;
	int64_t job;

	world_new(&w, 8);
	world_do(&w, 201, "POST", "/networks",
	    "{\"name\":\"prod\",\"vlan\":120}");
	seat(&w, "web", 1);
	seat(&w, "db", 2);
	support_chassis_do(&w.chassis, "fault prepare error before 2");
	ck_assert_int_eq(world_ask(&w, "POST", "/plans", "{\"changes\":["
	    "{\"method\":\"DELETE\",\"path\":\"/profiles/db/vnics/n0\"},"
	    "{\"method\":\"PATCH\",\"path\":\"/profiles/web/vnics/n0\","
	    "\"body\":{\"qos\":{\"limitMbps\":500}}}]}", &plan), 201);
	snprintf(path, sizeof(path), "/plans/%s:apply",
	    json_string_value(json_object_get(plan, "id")));
	ck_assert_int_eq(world_ask(&w, "POST", path, "{}", &out), 202);
	json_decref(plan);
	json_decref(out);
	ck_assert(world_settle(&w, LONG_MS));
	job = newest_job(&w);
	ck_assert_str_eq(world_job_state(&w, job), "rollbackFailed");
	ck_assert_uint_eq(world_sees(&w, 2, mac), 0);
	snprintf(path, sizeof(path), "/jobs/%lld:abandon", (long long)job);
	ck_assert_int_eq(world_ask(&w, "POST", path, "{}", NULL), 200);
	world_pass(&w, 5000);		/* less than to the next look at all */
	ck_assert_uint_eq(world_sees(&w, 1, mac), 1);
	ck_assert_uint_eq(world_sees(&w, 2, mac), 1);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

/* A switch that comes back has all slots on; nothing else at it is touched. */
START_TEST(an_isolated_slot_goes_off_again_whoever_holds_it)
{
	struct world w;
	int64_t job, isolate;
	char mac[MAC_TEXT];
	size_t seen;

	world_new(&w, 9);
	job = failed_rollback(&w);
	support_chassis_do(&w.chassis, "fault scrub none");
	isolate = world_do(&w, 202, "POST", "/slots/1:isolate", "{}");
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, isolate), "applied");
	ck_assert(!has_link(&w, 1));
	support_chassis_do(&w.chassis, "reset");
	ck_assert(has_link(&w, 1));
	seen = world_sees(&w, 1, mac);
	world_pass(&w, 20000);
	ck_assert(!has_link(&w, 1));
	ck_assert_uint_eq(world_sees(&w, 1, mac), seen);
	ck_assert_str_eq(world_job_state(&w, job), "rollbackFailed");
	ck_assert(holds(&w, job));
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

/* ---- isolate ---- */

START_TEST(isolate_goes_before_all_others)
{
	struct world w;
	int64_t job;

	world_new(&w, 7);
	furnish(&w, 6);
	/* Four verbs fit at once; all of them are under way for a minute. */
	support_chassis_do(&w.chassis, "delay bind 30000");
	job = world_do(&w, 202, "POST", "/profiles/web:assign", "{\"slot\":1}");
	world_pass(&w, 1000);
	for (unsigned slot = 1; slot <= 2; slot++) {
		char path[32];

		snprintf(path, sizeof(path), "/slots/%u:isolate", slot);
		world_do(&w, 202, "POST", path, "{}");
		world_pass(&w, 100);
		ck_assert(!has_link(&w, slot));
	}
	ck_assert_str_eq(world_job_state(&w, job), "running");
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

/* The move takes the slot's spare mark away, isolate switches the slot off, and
 * the way back gives back the mark only. */
START_TEST(a_rollback_keeps_what_isolate_did)
{
	struct world w;
	json_t *o;
	char mac[MAC_TEXT];
	int64_t move, isolate;

	world_new(&w, 8);
	furnish(&w, 1);
	world_do(&w, 202, "POST", "/profiles/web:assign", "{\"slot\":1}");
	ck_assert(world_settle(&w, LONG_MS));
	world_do(&w, 200, "PATCH", "/slots/2", "{\"isSpare\":true}");
	support_chassis_do(&w.chassis, "delay prepare 30000");
	move = world_do(&w, 202, "POST",
	    "/profiles/web:move?confirm=SourceStillUp",
	    "{\"policy\":\"spare\",\"force\":true}");
	world_pass(&w, 5000);
	ck_assert_str_eq(world_job_state(&w, move), "running");
	/* Nothing can be bound there any more. */
	isolate = world_do(&w, 202, "POST", "/slots/2:isolate", "{}");
	support_chassis_do(&w.chassis, "delay prepare 0");
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, move), "rolledBack");
	ck_assert_str_eq(world_job_state(&w, isolate), "applied");
	o = world_get(&w, "/slots/2");
	ck_assert_str_eq(json_string_value(json_object_get(o, "adminState")),
	    "disabled");
	ck_assert(json_is_true(json_object_get(o, "isSpare")));
	json_decref(o);
	ck_assert(!has_link(&w, 2));
	ck_assert_uint_eq(world_sees(&w, 1, mac), 1);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

SUITE("stuck")
{
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, a_store_that_refuses_is_not_asked_without_end);
	tcase_add_test(tc, a_store_that_fails_anywhere_stops_no_job);
	tcase_add_test(tc, a_refused_former_content_ends_the_job);
	tcase_add_test(tc, a_retry_restores_what_is_no_longer_refused);
	tcase_add_test(tc, a_retry_goes_on_as_often_as_asked);
	tcase_add_test(tc, an_abandoned_job_holds_nothing);
	tcase_add_test(tc, each_slot_of_an_abandoned_job_is_healed);
	tcase_add_test(tc, an_isolated_slot_goes_off_again_whoever_holds_it);
	tcase_add_test(tc, isolate_goes_before_all_others);
	tcase_add_test(tc, a_rollback_keeps_what_isolate_did);
}
