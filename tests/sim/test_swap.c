/*
 * test_swap.c -- two profiles change places, at once or not at all; also when both
 * slots have no bridge left, and when a port has no guarantee left.
 */
#include <stdio.h>

#include "tests/sim/world.h"
#include "tests/test.h"

enum { LONG_MS = 300000, BRIDGES = 8 };

static void
make(struct world *w, const char *name, unsigned slot)
{
	char path[64], body[160];

	snprintf(body, sizeof(body), "{\"name\":\"%s\"}", name);
	world_do(w, 201, "POST", "/profiles", body);
	snprintf(path, sizeof(path), "/profiles/%s/vnics", name);
	snprintf(body, sizeof(body), "{\"name\":\"n{n}\",\"count\":%d,"
	    "\"networks\":[\"prod\"],\"qos\":{\"limitMbps\":1000}}", BRIDGES);
	world_do(w, 201, "POST", path, body);
	snprintf(path, sizeof(path), "/profiles/%s:assign", name);
	snprintf(body, sizeof(body), "{\"slot\":%u}", slot);
	world_do(w, 202, "POST", path, body);
	ck_assert(world_settle(w, LONG_MS));
}

/* Two profiles that fill two slots. */
static void
furnish(struct world *w, uint64_t seed)
{
	world_new(w, seed);
	world_do(w, 201, "POST", "/networks",
	    "{\"name\":\"prod\",\"vlan\":120}");
	make(w, "web", 1);
	make(w, "db", 2);
	support_chassis_do(&w->chassis, "delay scrub 30");
	support_chassis_do(&w->chassis, "delay prepare 30");
	support_chassis_do(&w->chassis, "delay bind 30");
}

struct macs {
	char of[2][MAC_TEXT];		/* first MAC at slots 1 and 2 */
};

static struct macs
macs(struct world *w)
{
	struct macs m;

	for (unsigned i = 0; i < 2; i++)
		ck_assert_uint_eq(world_sees(w, i + 1, m.of[i]), BRIDGES);
	ck_assert_uint_eq(support_chassis_violations(&w->chassis), 0);
	return m;
}

static void
check_macs(struct world *w, const struct macs *was, bool swapped)
{
	struct macs is = macs(w);

	for (unsigned i = 0; i < 2; i++)
		ck_assert_str_eq(is.of[i], was->of[swapped ? 1 - i : i]);
}

START_TEST(two_full_slots_change_places_and_back)
{
	struct world w;
	struct macs was;
	char path[64];
	int64_t job;

	furnish(&w, 1);
	was = macs(&w);
	job = world_do(&w, 202, "POST", "/profiles/web:swap",
	    _i == 0 ? "{\"with\":\"db\"}" : "{\"slot\":2}");
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "applied");
	check_macs(&w, &was, true);
	snprintf(path, sizeof(path), "/jobs/%lld:undo", (long long)job);
	world_do(&w, 202, "POST", path, "{}");
	ck_assert(world_settle(&w, LONG_MS));
	check_macs(&w, &was, false);
	world_free(&w);
}
END_TEST

START_TEST(a_crash_at_any_turn_of_a_swap_loses_nothing)
{
	bool crashed = true;
	unsigned n;

	for (n = 1; crashed; n += 3) {
		struct world w;
		struct macs was;
		int64_t job;

		furnish(&w, 100 + n);
		was = macs(&w);
		job = world_do(&w, 202, "POST", "/profiles/web:swap",
		    "{\"with\":\"db\"}");
		w.crashed = false;
		w.crash_at = w.turns + n;
		ck_assert(world_settle(&w, LONG_MS));
		crashed = w.crashed;
		w.crash_at = 0;
		ck_assert_str_eq(world_job_state(&w, job), "applied");
		check_macs(&w, &was, true);
		world_free(&w);
	}
	ck_assert_uint_ge(n, 30);
	printf("crashed at turns up to %u of a swap, each applied\n", n - 3);
}
END_TEST

static const char *const verbs[] = { "unbind", "scrub", "prepare", "bind" };
static const char *const faults[] = { "error before", "error after",
	"timeout before", "timeout after", "late before", "late after" };

START_TEST(a_swap_is_whole_or_not_at_all)
{
	const char *verb = verbs[(size_t)_i / N_ROWS(faults)];
	const char *fault = faults[(size_t)_i % N_ROWS(faults)];
	struct world w;
	struct macs was;
	const char *state;
	int64_t job;

	furnish(&w, 1000 + (uint64_t)_i);
	was = macs(&w);
	support_chassis_do(&w.chassis, "fault %s %s", verb, fault);
	job = world_do(&w, 202, "POST", "/profiles/web:swap",
	    "{\"with\":\"db\"}");
	ck_assert_msg(world_settle(&w, 4 * LONG_MS), "%s %s", verb, fault);
	state = world_job_state(&w, job);
	ck_assert_msg(strcmp(state, "applied") == 0 ||
	    strcmp(state, "rolledBack") == 0, "%s %s: %s", verb, fault, state);
	world_pass(&w, 30000);
	ck_assert(world_settle(&w, LONG_MS));
	check_macs(&w, &was, strcmp(state, "applied") == 0);
	world_free(&w);
}
END_TEST

/* All that a port may promise is promised to both: nobody has to give way. */
START_TEST(guarantees_stand_in_no_swaps_way)
{
	struct world w;
	int64_t job;

	furnish(&w, 3);
	world_do(&w, 202, "PATCH", "/profiles/web/vnics/n0?confirm="
	    "QosGuaranteeUnsupported", "{\"qos\":{\"limitMbps\":0,"
	    "\"guaranteeMbps\":1000}}");
	ck_assert(world_settle(&w, LONG_MS));
	job = world_do(&w, 202, "POST", "/profiles/db:swap?confirm="
	    "QosGuaranteeUnsupported", "{\"with\":\"web\"}");
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "applied");
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

static const struct refused_row {
	int status;
	const char *body;
} refused_rows[] = {
	{ 422, "{\"with\":\"web\"}" }, { 422, "{\"with\":\"idle\"}" },
	{ 422, "{\"slot\":3}" }, { 422, "{\"slot\":1}" },
	{ 400, "{}" }, { 400, "{\"with\":\"db\",\"slot\":2}" },
	{ 404, "{\"with\":\"nobody\"}" },
};

START_TEST(what_cannot_be_swapped_is_refused)
{
	struct world w;

	furnish(&w, 4);
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"idle\"}");
	for (int i = 0; i < N_ROWS(refused_rows); i++)
		ck_assert_int_eq(world_ask(&w, "POST", "/profiles/web:swap",
		    refused_rows[i].body, NULL), refused_rows[i].status);
	world_free(&w);
}
END_TEST

SUITE("swap")
{
	tcase_set_timeout(tc, 240);
	tcase_add_loop_test(tc, two_full_slots_change_places_and_back, 0, 2);
	tcase_add_test(tc, a_crash_at_any_turn_of_a_swap_loses_nothing);
	tcase_add_loop_test(tc, a_swap_is_whole_or_not_at_all, 0,
	    N_ROWS(verbs) * N_ROWS(faults));
	tcase_add_test(tc, guarantees_stand_in_no_swaps_way);
	tcase_add_test(tc, what_cannot_be_swapped_is_refused);
}
