/* test_jobs.c -- what a job holds, and how it is taken back. */
#include <stdio.h>

#include "tests/test.h"
#include "tests/unit/support_desk.h"

#define NET "POST /networks {\"name\":\"n9\",\"vlan\":9}"

START_TEST(what_a_job_holds_is_left_alone)
{
	struct desk d;

	desk_new(&d);
	desk_do(&d, "POST /profiles/p2/vnics {\"name\":\"x\",\"networks\":"
	    "[\"free\"]}");
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p1:assign {\"slot\":1}"),
	    202);
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p1:release {}"), 409);
	ck_assert_str_eq(desk_text(&d, "code"), "Held");
	ck_assert_str_eq(desk_text(&d, "job/state"), "running");
	ck_assert_ptr_nonnull(strstr(desk_text(&d, "job/href"),
	    "/api/v1/jobs/"));
	/* An address on its way, the slot, the profile; not the rest. */
	ck_assert_int_eq(desk_ask(&d,
	    "PATCH /profiles/p1 {\"description\":\"x\"}"), 409);
	ck_assert_int_eq(desk_ask(&d,
	    "PATCH /slots/1 {\"adminState\":\"disabled\"}"), 409);
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p2:assign {\"slot\":2}"),
	    202);
	desk_settle(&d);
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p1:release {}"), 202);
	desk_free(&d);
}
END_TEST

/* Else its inverse, which removes it, would be refused. */
START_TEST(what_a_job_made_is_left_alone)
{
	struct desk d;

	desk_new(&d);
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":1}");
	desk_do(&d, "POST /plans {\"changes\":[{\"method\":\"POST\",\"path\":"
	    "\"/networks\",\"body\":{\"name\":\"n9\",\"vlan\":9}},"
	    "{\"method\":\"POST\",\"path\":\"/profiles/p1/vnics\",\"body\":"
	    "{\"name\":\"b\",\"networks\":[\"n9\"]}}]}");
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
	    "POST /plans/%s:apply {}", desk_text(&d, "id"))), 202);
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p2/vnics {\"name\":\"x\","
	    "\"networks\":[\"n9\"]}"), 409);
	ck_assert_str_eq(desk_text(&d, "code"), "Held");
	ck_assert_int_eq(desk_ask(&d, "PATCH /networks/n9 {\"mtuMax\":1500}"),
	    409);
	ck_assert_int_eq(desk_ask(&d, "DELETE /networks/n9"), 422);
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p2/vnics {\"name\":\"x\","
	    "\"networks\":[\"prod\"]}"), 201);
	desk_settle(&d);
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p2/vnics {\"name\":\"y\","
	    "\"networks\":[\"n9\"]}"), 201);
	desk_free(&d);
}
END_TEST

START_TEST(only_a_failed_rollback_is_retried_or_abandoned)
{
	struct desk d;
	const char *job;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p1:assign {\"slot\":1}"),
	    202);
	job = desk_text(&d, "job");
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
		    "POST /jobs/%s:retry {}", job)), 409);
		ck_assert_str_eq(desk_text(&d, "code"), "NotStuck");
		ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
		    "POST /jobs/%s:abandon {}", job)), 409);
		desk_settle(&d);
	}
	ck_assert_int_eq(desk_ask(&d, "POST /jobs/99999:retry {}"), 404);
	desk_free(&d);
}
END_TEST

/* Derived when it is shown: no row says it. */
START_TEST(a_job_waits_while_the_switch_is_away)
{
	struct desk d;
	const char *job, *path;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p1:assign {\"slot\":1}"),
	    202);
	job = desk_text(&d, "job");
	path = arena_printf(d.scratch.arena, "GET /jobs/%s", job);
	ck_assert_int_eq(desk_ask(&d, path), 200);
	ck_assert_str_eq(desk_text(&d, "state"), "running");
	ck_assert_str_eq(desk_text(&d, "holds"), "true");
	desk_lose(&d);
	ck_assert_int_eq(desk_ask(&d, path), 200);
	ck_assert_str_eq(desk_text(&d, "state"), "waiting");
	ck_assert_int_eq(desk_ask(&d, "GET /jobs?limit=1"), 200);
	ck_assert_str_eq(desk_text(&d, "items/0/state"), "waiting");
	ck_assert_int_eq(desk_ask(&d, "GET /slots/1"), 200);
	ck_assert_str_eq(desk_text(&d, "job/id"), job);
	ck_assert_str_eq(desk_text(&d, "job/state"), "waiting");
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p1:release {}"), 409);
	ck_assert_str_eq(desk_text(&d, "job/state"), "waiting");
	desk_settle(&d);
	ck_assert_int_eq(desk_ask(&d, path), 200);
	ck_assert_str_eq(desk_text(&d, "state"), "applied");
	ck_assert_str_eq(desk_text(&d, "holds"), "false");
	desk_free(&d);
}
END_TEST

START_TEST(isolate_asks_nobody)
{
	struct desk d;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p1:assign {\"slot\":1}"),
	    202);
	ck_assert_int_eq(desk_ask(&d, "POST /slots/1:isolate {}"), 202);
	ck_assert_str_eq(desk_text(&d, "adminState"), "disabled");
	(void)desk_ask(&d, arena_printf(d.scratch.arena, "GET /jobs/%s",
	    desk_text(&d, "job")));
	ck_assert_uint_eq(json_array_size(json_object_get(d.json, "steps")),
	    1);
	ck_assert_str_eq(desk_text(&d, "steps/0/verb"), "slotCtl");
	desk_free(&d);
}
END_TEST

/* What the undone job made is as it was before, in every kind of change. */
static const struct undo_row {
	const char *setup, *request, *look;
} undo_rows[] = {
	{ NULL, NET, "GET /networks" },
	{ NULL, "PATCH /networks/free {\"vlan\":9}", "GET /networks/free" },
	{ NULL, "DELETE /networks/free", "GET /networks/free" },
	{ NULL, "DELETE /profiles/p1", "GET /profiles/p1" },
	{ NULL, "DELETE /profiles/p1/vnics/net0", "GET /profiles/p1" },
	{ NULL, "PATCH /profiles/p1/vnics/net0 {\"name\":\"z\",\"mtu\":1400}",
	    "GET /profiles/p1" },
	{ NULL, "POST /profiles/p1/vhbas {\"name\":\"h\",\"san\":\"san-a\"}",
	    "GET /profiles/p1" },
	{ NULL, "PATCH /slots/1 {\"label\":\"x\",\"isSpare\":true}",
	    "GET /slots/1" },
	{ NULL, "POST /profiles/p1:assign {\"slot\":1}", "GET /profiles/p1" },
	{ "POST /profiles/p1:assign {\"slot\":1}",
	    "POST /profiles/p1:move {\"slot\":2}", "GET /profiles/p1" },
	{ "POST /profiles/p1:assign {\"slot\":1}",
	    "POST /profiles/p1:release {}", "GET /profiles/p1" },
};

/* Without what counts or tells the time. */
static char *
essence(struct desk *d, const char *request)
{
	static const char *const gone[] = {
		"revision", "modifiedAt", "state", "job", "confirmedAt", NULL
	};
	json_t *list;
	size_t i;
	json_t *device;

	ck_assert_int_eq(desk_ask(d, request), 200);
	for (i = 0; gone[i] != NULL; i++)
		(void)json_object_del(d->json, gone[i]);
	list = json_object_get(d->json, "vnics");
	json_array_foreach(list, i, device) {
		(void)json_object_del(device, "state");
		(void)json_object_del(device, "confirmedAt");
	}
	return json_canonical(d->json);
}

START_TEST(an_undo_restores)
{
	const struct undo_row *row = &undo_rows[_i];
	struct desk d;
	char *before, *after;
	const char *job, *text;

	desk_new(&d);
	if (row->setup != NULL)
		desk_do(&d, row->setup);
	before = essence(&d, row->look);
	desk_do(&d, row->request);
	job = desk_text(&d, "job");
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
	    "GET /jobs/%s", job)), 200);
	ck_assert_str_eq(desk_text(&d, "undo/possible"), "true");
	desk_do(&d, arena_printf(d.scratch.arena, "POST /jobs/%s:undo {}",
	    job));
	text = desk_text(&d, "job/id");
	after = essence(&d, row->look);
	ck_assert_str_eq(after, before);
	free(before);
	free(after);

	/* Once only; and each knows of the other. */
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
	    "POST /jobs/%s:undo {}", job)), 409);
	ck_assert_str_eq(desk_text(&d, "code"), "NotUndoable");
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
	    "GET /jobs/%s", job)), 200);
	ck_assert_str_eq(desk_text(&d, "undoneBy"), text);
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
	    "GET /jobs/%s", text)), 200);
	ck_assert_str_eq(desk_text(&d, "undoes"), job);
	ck_assert_str_eq(desk_text(&d, "kind"), "undo");
	desk_free(&d);
}
END_TEST

START_TEST(a_later_change_bars_the_undo)
{
	struct desk d;
	const char *first, *second;

	desk_new(&d);
	desk_do(&d, "PATCH /networks/free {\"vlan\":9}");
	first = desk_text(&d, "job");
	desk_do(&d, "PATCH /networks/free {\"vlan\":10}");
	second = desk_text(&d, "job");
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
	    "POST /jobs/%s:undo {}", first)), 409);
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
	    "GET /jobs/%s", first)), 200);
	ck_assert_str_eq(desk_text(&d, "undo/possible"), "false");
	ck_assert_str_ne(desk_text(&d, "undo/why"), "");
	/* The list says so, too: a button is grey before it is pressed. */
	ck_assert_int_eq(desk_ask(&d, "GET /jobs?limit=2"), 200);
	ck_assert_str_eq(desk_text(&d, "items/0/undo/possible"), "true");
	ck_assert_str_eq(desk_text(&d, "items/1/undo/possible"), "false");
	desk_do(&d, arena_printf(d.scratch.arena, "POST /jobs/%s:undo {}",
	    second));
	desk_do(&d, arena_printf(d.scratch.arena, "POST /jobs/%s:undo {}",
	    first));
	ck_assert_int_eq(desk_ask(&d, "GET /networks/free"), 200);
	ck_assert_str_eq(desk_text(&d, "vlan"), "300");
	desk_free(&d);
}
END_TEST

START_TEST(a_running_job_is_not_undone)
{
	struct desk d;
	const char *job;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p1:assign {\"slot\":1}"),
	    202);
	job = desk_text(&d, "job");
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
	    "POST /jobs/%s:undo {}", job)), 409);
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
	    "GET /jobs/%s", job)), 200);
	ck_assert_str_eq(desk_text(&d, "state"), "running");
	ck_assert_str_eq(desk_text(&d, "slots/0"), "1");
	ck_assert_str_eq(desk_text(&d, "steps/1/device"), "net0");
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
	    "GET /jobs/%s?wait=61", job)), 400);
	desk_free(&d);
}
END_TEST

START_TEST(an_undo_can_be_looked_at_first)
{
	struct desk d;
	const char *job;

	desk_new(&d);
	desk_do(&d, "PATCH /networks/free {\"vlan\":9}");
	job = desk_text(&d, "job");
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
	    "POST /jobs/%s:undo?dryRun=true {}", job)), 200);
	ck_assert_str_eq(desk_text(&d, "diff/0/fields/0/after"), "300");
	ck_assert_int_eq(desk_ask(&d, "GET /networks/free"), 200);
	ck_assert_str_eq(desk_text(&d, "vlan"), "9");
	desk_free(&d);
}
END_TEST

START_TEST(a_change_leaves_its_record)
{
	struct desk d;
	int64_t events;

	desk_new(&d);
	events = scratch_count(&d.scratch, "SELECT count(*) FROM event");
	desk_do(&d, NET);
	ck_assert_int_eq(scratch_count(&d.scratch,
	    "SELECT count(*) FROM event"), events + 1);
	ck_assert_int_eq(desk_ask(&d, "POST /networks?dryRun=true {\"name\":"
	    "\"n8\",\"vlan\":8}"), 200);
	ck_assert_int_eq(desk_ask(&d, "POST /networks {\"name\":\"n9\","
	    "\"vlan\":8}"), 422);
	ck_assert_int_eq(scratch_count(&d.scratch,
	    "SELECT count(*) FROM event"), events + 1);
	(void)desk_ask(&d, arena_printf(d.scratch.arena,
	    "GET /audit?after=%d", (int)events));
	ck_assert_str_eq(desk_text(&d, "items/0/actor"), "tester");
	ck_assert_str_eq(desk_text(&d, "items/0/source"), "192.0.2.1");
	ck_assert_str_eq(desk_text(&d, "items/0/action"), "POST /networks");
	ck_assert_str_eq(desk_text(&d, "items/0/object/name"), "n9");
	desk_free(&d);
}
END_TEST

START_TEST(a_spare_takes_over)
{
	struct desk d;

	desk_new(&d);
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":1}");
	desk_do(&d, "PATCH /slots/4 {\"isSpare\":true}");	/* no link */
	ck_assert_int_eq(desk_ask(&d,
	    "POST /profiles/p1:move {\"policy\":\"spare\"}"), 422);
	desk_do(&d, "PATCH /slots/3 {\"isSpare\":true}");
	desk_do(&d, "POST /profiles/p1:move?confirm=SourceStillUp "
	    "{\"policy\":\"spare\",\"force\":true}");
	ck_assert_str_eq(desk_text(&d, "slot"), "3");
	ck_assert_int_eq(desk_ask(&d, "GET /slots/3"), 200);
	ck_assert_str_eq(desk_text(&d, "isSpare"), "false");
	ck_assert_str_eq(desk_text(&d, "profile/name"), "p1");
	desk_free(&d);
}
END_TEST

/* The default is that of all lists. */
START_TEST(a_list_without_limit_goes_far_back)
{
	struct desk d;

	desk_new(&d);
	for (int i = 0; i < 120; i++)
		desk_do(&d, arena_printf(d.scratch.arena,
		    "PATCH /networks/free {\"vlan\":%d}", 400 + i));
	ck_assert_int_eq(desk_ask(&d, "GET /jobs"), 200);
	ck_assert_uint_gt(json_array_size(json_object_get(d.json, "items")),
	    120);
	ck_assert(json_is_null(json_object_get(d.json, "next")));
	desk_free(&d);
}
END_TEST

START_TEST(a_clone_has_addresses_of_its_own)
{
	struct desk d;
	const char *mac;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1"), 200);
	mac = desk_text(&d, "vnics/0/mac");
	desk_do(&d, "POST /profiles/p1:clone {\"name\":\"p9\"}");
	ck_assert_str_eq(desk_text(&d, "name"), "p9");
	ck_assert_str_eq(desk_text(&d, "vnics/0/networks/0"), "prod");
	ck_assert_str_ne(desk_text(&d, "vnics/0/mac"), mac);
	ck_assert_str_ne(desk_text(&d, "vnics/0/mac"), "");
	desk_free(&d);
}
END_TEST

SUITE("jobs")
{
	tcase_add_test(tc, what_a_job_holds_is_left_alone);
	tcase_add_test(tc, what_a_job_made_is_left_alone);
	tcase_add_test(tc, only_a_failed_rollback_is_retried_or_abandoned);
	tcase_add_test(tc, a_job_waits_while_the_switch_is_away);
	tcase_add_test(tc, isolate_asks_nobody);
	tcase_add_loop_test(tc, an_undo_restores, 0, N_ROWS(undo_rows));
	tcase_add_test(tc, a_later_change_bars_the_undo);
	tcase_add_test(tc, a_running_job_is_not_undone);
	tcase_add_test(tc, an_undo_can_be_looked_at_first);
	tcase_add_test(tc, a_change_leaves_its_record);
	tcase_add_test(tc, a_spare_takes_over);
	tcase_add_test(tc, a_list_without_limit_goes_far_back);
	tcase_add_test(tc, a_clone_has_addresses_of_its_own);
}
