/* test_journal.c -- jobs, steps, holds, bindings, events, clients. */
#include "tests/test.h"

#include <stdio.h>

#include "base/digest.h"
#include "profiles/journal.h"
#include "tests/unit/support_store.h"

static struct scratch box;
static struct err e;

static void
setup(void)
{
	scratch_new(&box);
	ck_ok(store_begin(box.store, &e), e);
}

static void
teardown(void)
{
	store_rollback(box.store);
	scratch_free(&box);
}

static void
add_job(int64_t id, enum job_state state)
{
	struct job j = { .id = id, .kind = "assign", .title = "Gives",
	    .state = state, .actor = "admin", .created_ms = 5,
	    .generation = 7, .undoes = 2, .sentence = "Gives slot 3 a vNIC.",
	    .forward = "[1]", .inverse = "[2]" };

	ck_ok(job_add(box.store, &j, &e), e);
}

START_TEST(a_job_comes_back_whole)
{
	struct job *j;

	add_job(17, JOB_QUEUED);
	ck_ok(job_undone_by(box.store, 17, 18, &e), e);
	ck_ok(job_load(box.store, box.arena, 17, &j, &e), e);
	ck_assert_str_eq(j->kind, "assign");
	ck_assert_str_eq(j->actor, "admin");
	ck_assert_int_eq(j->generation, 7);
	ck_assert_int_eq(j->undoes, 2);
	ck_assert_int_eq(j->undone_by, 18);
	ck_assert_str_eq(j->sentence, "Gives slot 3 a vNIC.");
	ck_assert_str_eq(j->forward, "[1]");
	ck_assert_str_eq(j->inverse, "[2]");
	ck_assert_str_eq(j->diff, "");
	ck_assert_int_eq(j->started_ms, 0);
	ck_fails(job_load(box.store, box.arena, 18, &j, &e), e, ERR_NOT_FOUND);
}
END_TEST

/* state, then whether it is started and ended at 9 */
static const struct {
	enum job_state state;
	const char *word;
	bool started, ended, open;
} states[] = {
	{ JOB_QUEUED, "queued", false, false, true },
	{ JOB_RUNNING, "running", true, false, true },
	{ JOB_WAITING, "waiting", true, false, true },
	{ JOB_ROLLING_BACK, "rollingBack", true, false, true },
	{ JOB_APPLIED, "applied", true, true, false },
	{ JOB_ROLLED_BACK, "rolledBack", true, true, false },
	{ JOB_ROLLBACK_FAILED, "rollbackFailed", true, true, false },
};

START_TEST(a_state_has_its_times)
{
	enum job_state state = states[_i].state;
	struct job *j;
	size_t n;

	add_job(17, JOB_QUEUED);
	ck_ok(job_update(box.store, 17, state, "BindTimeout", "late", 9, &e),
	    e);
	ck_ok(job_load(box.store, box.arena, 17, &j, &e), e);
	ck_assert_int_eq(j->state, state);
	ck_assert_int_eq(job_ended(state), states[_i].ended);
	ck_assert_str_eq(job_state_word(state), states[_i].word);
	ck_assert_int_eq(j->started_ms, states[_i].started ? 9 : 0);
	ck_assert_int_eq(j->ended_ms, states[_i].ended ? 9 : 0);
	ck_assert_str_eq(j->rule, "BindTimeout");
	ck_assert_str_eq(j->detail, "late");
	ck_ok(job_list_open(box.store, box.arena, &j, &n, &e), e);
	ck_assert_uint_eq(n, states[_i].open);
	/* A failed rollback is open as long as it holds something. */
	ck_ok(hold_add(box.store, 17, HOLD_SLOT, "3", &e), e);
	ck_ok(job_list_open(box.store, box.arena, &j, &n, &e), e);
	ck_assert_uint_eq(n, states[_i].open || state == JOB_ROLLBACK_FAILED);
	/* It started once. */
	ck_ok(job_update(box.store, 17, JOB_APPLIED, "", "", 20, &e), e);
	ck_ok(job_load(box.store, box.arena, 17, &j, &e), e);
	ck_assert_int_eq(j->started_ms, states[_i].started ? 9 : 20);
	ck_assert_int_eq(j->ended_ms, 20);
}
END_TEST

START_TEST(jobs_list_newest_first)
{
	struct job *j;
	size_t n;

	for (int64_t i = 1; i <= 5; i++)
		add_job(i * 10, JOB_APPLIED);
	ck_ok(job_list(box.store, box.arena, 0, 2, &j, &n, &e), e);
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(j[0].id, 50);
	ck_ok(job_list(box.store, box.arena, j[1].id, 9, &j, &n, &e), e);
	ck_assert_uint_eq(n, 3);
	ck_assert_int_eq(j[0].id, 30);
	ck_fails(job_update(box.store, 99, JOB_APPLIED, "", "", 1, &e), e,
	    ERR_NOT_FOUND);
}
END_TEST

START_TEST(steps_come_back_in_order)
{
	struct step s = { .job = 17, .level = 2, .phase = 1,
	    .verb = STEP_DISK_MAKE, .slot = 3, .bridge = 4,
	    .fn = fn_make(1, 2, FN_VF, 7), .arg1 = 5, .arg2 = 6, .raid = 10,
	    .mib = 1024, .device = "d" }, *list;
	size_t n;

	add_job(17, JOB_RUNNING);
	for (s.seq = 3; s.seq > 0; s.seq--)
		ck_ok(step_add(box.store, &s, &e), e);
	s.seq = 2;
	s.state = STEP_FAILED;
	s.op = UINT64_MAX - 1;
	s.started_ms = 8;
	s.ended_ms = 9;
	(void)snprintf(s.error, sizeof(s.error), "the switch said no");
	ck_ok(step_update(box.store, &s, &e), e);
	ck_ok(step_list(box.store, box.arena, 17, &list, &n, &e), e);
	ck_assert_uint_eq(n, 3);
	ck_assert_uint_eq(list[0].seq, 1);
	ck_assert_int_eq(list[0].state, STEP_PLANNED);
	ck_assert_int_eq(list[0].verb, STEP_DISK_MAKE);
	ck_assert_uint_eq(list[0].fn, s.fn);
	ck_assert_uint_eq(list[0].arg1, 5);
	ck_assert_uint_eq(list[0].arg2, 6);
	ck_assert_uint_eq(list[0].raid, 10);
	ck_assert_uint_eq(list[0].mib, 1024);
	ck_assert_str_eq(list[0].device, "d");
	ck_assert_int_eq(list[1].state, STEP_FAILED);
	ck_assert_uint_eq(list[1].op, UINT64_MAX - 1);
	ck_assert_int_eq(list[1].ended_ms, 9);
	ck_assert_str_eq(list[1].error, "the switch said no");
	ck_assert_str_eq(step_verb_word(STEP_SLOT_CTL), "slotCtl");
	ck_assert_str_eq(step_state_word(STEP_SKIPPED), "skipped");
	s.seq = 9;
	ck_fails(step_update(box.store, &s, &e), e, ERR_NOT_FOUND);
	s.job = 99;
	ck_fails(step_add(box.store, &s, &e), e, ERR_CONFLICT);
}
END_TEST

START_TEST(one_job_holds_a_thing)
{
	uint32_t *slots;
	int64_t by;
	size_t n;

	add_job(17, JOB_RUNNING);
	add_job(18, JOB_RUNNING);
	ck_ok(hold_add(box.store, 17, HOLD_SLOT, "10", &e), e);
	ck_ok(hold_add(box.store, 17, HOLD_SLOT, "9", &e), e);
	ck_ok(hold_add(box.store, 17, HOLD_SLOT, "9", &e), e);
	ck_ok(hold_add(box.store, 17, HOLD_FN, "9", &e), e);
	ck_breaks(hold_add(box.store, 18, HOLD_SLOT, "9", &e), e, ERR_CONFLICT,
	    "Held");
	ck_assert_ptr_ne(strstr(e.msg, "17"), NULL);
	ck_ok(hold_add(box.store, 18, HOLD_OBJECT, "9", &e), e);
	ck_ok(hold_slots(box.store, box.arena, 17, &slots, &n, &e), e);
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(slots[0], 9);
	ck_assert_uint_eq(slots[1], 10);
	ck_ok(hold_drop(box.store, 17, &e), e);
	ck_ok(hold_find(box.store, HOLD_SLOT, "9", &by, &e), e);
	ck_assert_int_eq(by, 0);
	ck_ok(hold_find(box.store, HOLD_OBJECT, "9", &by, &e), e);
	ck_assert_int_eq(by, 18);
}
END_TEST

START_TEST(a_binding_lives_once)
{
	static const enum binding_state life[] = { BINDING_BINDING,
	    BINDING_BOUND, BINDING_RELEASING, BINDING_SCRUBBING,
	    BINDING_FAILED, BINDING_RELEASED };
	struct binding b = { .fn = fn_make(1, 1, FN_VF, 0), .slot = 3,
	    .bridge = 1, .device = "d" }, *list;
	size_t n;

	b.state = BINDING_RELEASED;
	ck_ok(binding_put(box.store, &b, &e), e);
	ck_ok(binding_list(box.store, box.arena, &list, &n, &e), e);
	ck_assert_uint_eq(n, 0);
	for (size_t i = 0; i < 6; i++) {
		b.state = life[i];
		b.op = i;
		b.since_ms = (int64_t)i;
		ck_ok(binding_put(box.store, &b, &e), e);
		ck_ok(binding_list(box.store, box.arena, &list, &n, &e), e);
		ck_assert_uint_eq(n, life[i] != BINDING_RELEASED);
		if (n == 0)
			continue;
		ck_assert_int_eq(list[0].state, life[i]);
		ck_assert_uint_eq(list[0].op, i);
		ck_assert_str_ne(binding_state_word(life[i]), "");
	}
	b.state = BINDING_BINDING;
	b.slot = 4;
	ck_ok(binding_put(box.store, &b, &e), e);
	ck_ok(binding_list(box.store, box.arena, &list, &n, &e), e);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(list[0].slot, 4);
}
END_TEST

/* ---- events ---- */

static struct event
event_of(int i)
{
	struct event ev = { .at_ms = 100 + i, .generation = i, .job = 17,
	    .actor = "admin", .source = "127.0.0.1", .action = "POST /networks",
	    .type = "network", .id = "x", .name = "say \"hi\"" };

	ck_ok(event_add(box.store, &ev, &e), e);
	return ev;
}

START_TEST(events_are_a_chain)
{
	struct event first = event_of(1), second = event_of(2), *list;
	char text[600], hash[DIGEST_TEXT];
	int64_t range[2];
	size_t n;

	ck_assert_str_eq(first.prev_hash, "");
	ck_assert_str_eq(second.prev_hash, first.hash);
	(void)snprintf(text, sizeof(text), "%s[2,102,2,17,\"admin\","
	    "\"127.0.0.1\",\"POST /networks\",\"network\",\"x\","
	    "\"say \\\"hi\\\"\"]", first.hash);
	ck_assert_str_eq(digest_text(text, strlen(text), hash), second.hash);
	ck_ok(event_list(box.store, box.arena, 1, 9, &list, &n, &e), e);
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(list[0].seq, 2);
	ck_assert_str_eq(list[0].hash, second.hash);
	ck_assert_str_eq(list[0].name, "say \"hi\"");
	ck_ok(event_range(box.store, &range[0], &range[1], &e), e);
	ck_assert_int_eq(range[0], 1);
	ck_assert_int_eq(range[1], 2);
}
END_TEST

START_TEST(no_events_no_range)
{
	int64_t range[2] = { 5, 5 };

	ck_ok(event_range(box.store, &range[0], &range[1], &e), e);
	ck_assert_int_eq(range[0], 0);
	ck_assert_int_eq(range[1], 0);
}
END_TEST

/* ---- clients ---- */

START_TEST(an_answer_is_kept_by_actor_and_key)
{
	struct answered a = { .key = "k", .actor = "admin",
	    .body_digest = "abc", .status = 202, .headers = "Location: /x\n",
	    .body = "{}", .at_ms = 100 }, *got;

	ck_ok(answered_add(box.store, &a, &e), e);
	ck_fails(answered_add(box.store, &a, &e), e, ERR_CONFLICT);
	ck_ok(answered_load(box.store, box.arena, "admin", "k", &got, &e), e);
	ck_assert_int_eq(got->status, 202);
	ck_assert_str_eq(got->headers, a.headers);
	ck_assert_str_eq(got->body, "{}");
	ck_assert_str_eq(got->body_digest, "abc");
	ck_fails(answered_load(box.store, box.arena, "other", "k", &got, &e),
	    e, ERR_NOT_FOUND);
	ck_ok(answered_sweep(box.store, 100, &e), e);
	ck_ok(answered_load(box.store, box.arena, "admin", "k", &got, &e), e);
	ck_ok(answered_sweep(box.store, 101, &e), e);
	ck_fails(answered_load(box.store, box.arena, "admin", "k", &got, &e),
	    e, ERR_NOT_FOUND);
}
END_TEST

/* Beside it, others are found without reading it. */
START_TEST(a_large_answer_stands_aside)
{
	enum { SIZE = 100000 };
	char *text = arena_alloc(box.arena, SIZE + 1);
	struct answered a = { .key = "k", .actor = "admin",
	    .body_digest = "abc", .status = 201, .headers = "", .body = text,
	    .at_ms = 100 }, *got;

	memset(text, 'x', SIZE);
	ck_ok(answered_add(box.store, &a, &e), e);
	ck_assert_int_eq(scratch_count(&box,
	    "SELECT max(length(body)) FROM answered"), 0);
	ck_ok(answered_load(box.store, box.arena, "admin", "k", &got, &e), e);
	ck_assert_str_eq(got->body, text);
	ck_ok(answered_sweep(box.store, 101, &e), e);
	ck_assert_int_eq(scratch_count(&box,
	    "SELECT count(*) FROM answered_large"), 0);
}
END_TEST

START_TEST(a_user_and_a_session)
{
	struct user u = { .name = "admin", .role = "admin", .hash = "$x" };
	struct session s = { .user = "admin", .role = "admin", .csrf = "c",
	    .cookie = true, .created_ms = 1, .used_ms = 2, .expires_ms = 3 };
	struct user *gu;
	struct session *gs, other;

	ck_ok(user_put(box.store, &u, &e), e);
	u.disabled = true;
	ck_ok(user_put(box.store, &u, &e), e);
	ck_ok(user_load(box.store, box.arena, "ADMIN", &gu, &e), e);
	ck_assert(gu->disabled);
	ck_assert_str_eq(gu->hash, "$x");
	ck_fails(user_load(box.store, box.arena, "x", &gu, &e), e,
	    ERR_NOT_FOUND);
	ck_fails(session_put(box.store, &s, &e), e, ERR_INTERNAL);
	(void)digest_text("t", 1, s.token_digest);
	ck_ok(session_put(box.store, &s, &e), e);
	s.used_ms = 9;
	ck_ok(session_put(box.store, &s, &e), e);
	ck_ok(session_load(box.store, box.arena, s.token_digest, &gs, &e), e);
	ck_assert_int_eq(gs->used_ms, 9);
	ck_assert(gs->cookie);
	other = s;
	other.used_ms = s.expires_ms;
	other.expires_ms = s.expires_ms + 1;
	memset(other.token_digest, 'b', sizeof(other.token_digest) - 1);
	ck_ok(session_put(box.store, &other, &e), e);
	ck_fails(session_load(box.store, box.arena, s.token_digest, &gs, &e),
	    e, ERR_NOT_FOUND);
	s.used_ms = 0;
	ck_ok(session_put(box.store, &s, &e), e);
	ck_ok(session_load(box.store, box.arena, other.token_digest, &gs, &e),
	    e);
	ck_ok(session_drop(box.store, s.token_digest, &e), e);
	ck_fails(session_load(box.store, box.arena, s.token_digest, &gs, &e),
	    e, ERR_NOT_FOUND);
	/* Invariant 10: nothing of a token in a message. */
	ck_assert_ptr_null(strstr(e.msg, s.token_digest));
}
END_TEST

START_TEST(a_plan_lives_to_its_end)
{
	struct stored_plan p = { .id = "p1", .actor = "admin",
	    .changes = "[]", .body = "{}", .digest = "d", .seed = UINT64_MAX,
	    .created_ms = 1, .expires_ms = 50 }, *got;

	ck_ok(plan_put(box.store, &p, &e), e);
	ck_ok(plan_sweep(box.store, 49, &e), e);
	ck_ok(plan_load(box.store, box.arena, "p1", &got, &e), e);
	ck_assert_uint_eq(got->seed, UINT64_MAX);
	ck_assert_str_eq(got->changes, "[]");
	ck_ok(plan_sweep(box.store, 50, &e), e);
	ck_fails(plan_load(box.store, box.arena, "p1", &got, &e), e,
	    ERR_NOT_FOUND);
}
END_TEST

SUITE("journal")
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_job_comes_back_whole);
	tcase_add_loop_test(tc, a_state_has_its_times, 0, N_ROWS(states));
	tcase_add_test(tc, jobs_list_newest_first);
	tcase_add_test(tc, steps_come_back_in_order);
	tcase_add_test(tc, one_job_holds_a_thing);
	tcase_add_test(tc, a_binding_lives_once);
	tcase_add_test(tc, events_are_a_chain);
	tcase_add_test(tc, no_events_no_range);
	tcase_add_test(tc, an_answer_is_kept_by_actor_and_key);
	tcase_add_test(tc, a_large_answer_stands_aside);
	tcase_add_test(tc, a_user_and_a_session);
	tcase_add_test(tc, a_plan_lives_to_its_end);
}
