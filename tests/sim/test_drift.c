/*
 * test_drift.c -- somebody else's hand at the switch under drift=heal and alert,
 * and a fight that ends.
 */
#include <stdio.h>

#include "tests/sim/hand.h"
#include "tests/test.h"

/* ---- what hands do, and whether the server sees another thing then ---- */

static const struct hand_row {
	const char *hands, *code;
} hand_rows[] = {
	{ "unmap 1 0", "BindingDrift" },
	{ "set @a vlans 130", "BindingDrift" },
	{ "set @a mac 02:00:00:00:00:99", "BindingDrift" },
	{ "set @b flags 0", "BindingDrift" },
	{ "set @a limit 500", "QosLost" },
	{ "set @b limit 500;unmap 1 0", "QosLost" },
	{ "unmap 1 0;map @a 3 5", "BindingDrift" },
};

START_TEST(alert_says_it_and_waits_until_it_is_asked)
{
	const struct hand_row *row = &hand_rows[_i];
	struct world w;
	char *before;

	hand_furnish(&w, 1 + (uint64_t)_i, "alert");
	before = hand_seen(&w);
	hand_do(&w, row->hands);
	hand_check_seen(&w, before, false);
	world_pass(&w, 2 * HAND_MINUTE_MS);
	hand_settle(&w);
	ck_assert_uint_eq(hand_verbs(&w), 0);
	hand_check_seen(&w, before, false);
	ck_assert_uint_eq(hand_faults(&w, row->code), 1);
	/* A restart thinks no other. */
	world_crash(&w);
	world_pass(&w, HAND_MINUTE_MS);
	ck_assert_uint_eq(hand_verbs(&w), 0);
	ck_assert_uint_eq(hand_faults(&w, row->code), 1);
	world_do(&w, 202, "POST", "/profiles/web:heal", "{}");
	hand_settle(&w);
	world_pass(&w, 15000);
	hand_check_seen(&w, before, true);
	ck_assert_uint_eq(hand_faults(&w, row->code), 0);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	free(before);
	world_free(&w);
}
END_TEST

START_TEST(heal_puts_it_right_by_itself)
{
	struct world w;
	char *before;

	hand_furnish(&w, 20 + (uint64_t)_i, "heal");
	before = hand_seen(&w);
	hand_do(&w, hand_rows[_i].hands);
	world_pass(&w, 15000);
	hand_settle(&w);
	hand_check_seen(&w, before, true);
	ck_assert_uint_eq(hand_faults(&w, "BindingDrift"), 0);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	free(before);
	world_free(&w);
}
END_TEST

/* ---- what the hardware loses comes back, whatever the policy ---- */

static const char *const losses[] = { "reset", "pull bay 1;insert bay 1 "
	"X520-SR2 N1", "set @a limit 0", "speed bay 1 port 1 1000;speed bay 1 "
	"port 1 10000" };
static const char *const policies[] = { "alert", "adopt" };

START_TEST(what_the_hardware_lost_comes_back_under_any_policy)
{
	struct world w;
	char *before;

	hand_furnish(&w, 40 + (uint64_t)_i, policies[_i % 2]);
	before = hand_seen(&w);
	hand_do(&w, losses[_i / 2]);
	world_pass(&w, 40000);
	hand_settle(&w);
	hand_check_seen(&w, before, true);
	ck_assert_uint_eq(hand_faults(&w, "BindingDrift"), 0);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	free(before);
	world_free(&w);
}
END_TEST

/* What was lost comes back beside what a hand did, and that stays. */
START_TEST(a_heal_leaves_what_a_hand_did_beside_it)
{
	struct world w;
	char mac[MAC_TEXT];

	hand_furnish(&w, 50, "alert");
	hand_do(&w, "set @a limit 0;unmap 1 1");
	world_pass(&w, 30000);
	hand_settle(&w);
	ck_assert_uint_eq(hand_verbs(&w), 1);
	ck_assert_uint_eq(world_sees(&w, 1, mac), 1);
	ck_assert_uint_eq(hand_faults(&w, "BindingDrift"), 1);
	ck_assert_uint_eq(hand_faults(&w, "QosLost"), 0);
	world_free(&w);
}
END_TEST

/* A change of one device says nothing about another. */
START_TEST(a_change_leaves_what_a_hand_did_beside_it)
{
	struct world w;
	char *after;

	hand_furnish(&w, 55, "alert");
	hand_do(&w, "set @a vlans 130;set @a native 130");
	world_pass(&w, 2000);
	if (_i == 1)		/* nor does taking it back */
		support_chassis_do(&w.chassis, "fault prepare error after");
	world_do(&w, 202, "PATCH", "/profiles/web/vnics/b",
	    "{\"qos\":{\"limitMbps\":900}}");
	hand_settle(&w);
	ck_assert_uint_eq(hand_verbs(&w), 1 + (size_t)_i);
	ck_assert_uint_eq(hand_faults(&w, "BindingDrift"), 1);
	/* Nor does another policy; what changes itself is put right. */
	after = hand_seen(&w);
	world_do(&w, 200, "PATCH", "/profiles/web", "{\"drift\":\"adopt\"}");
	world_pass(&w, 15000);
	hand_check_seen(&w, after, true);
	ck_assert_uint_eq(hand_verbs(&w), 1 + (size_t)_i);
	ck_assert_uint_eq(hand_faults(&w, "BindingDrift"), 0);
	free(after);
	world_free(&w);
}
END_TEST

/* ---- in the way ---- */

static const struct {
	const char *drift, *hands;
} in_the_way[] = {
	{ "alert", "map io1.2.vf9 1 0" }, { "heal", "map io1.2.vf9 1 0" },
	{ "alert", "unmap 1 0;map @a 3 5" },
	{ "alert", "map @a 3 5" }, { "heal", "map @a 3 5" },
};

START_TEST(what_is_in_the_way_is_removed_only_when_asked)
{
	struct world w;
	char mac[MAC_TEXT];

	hand_furnish(&w, 60 + (uint64_t)_i, in_the_way[_i].drift);
	hand_do(&w, in_the_way[_i].hands);
	world_pass(&w, HAND_MINUTE_MS);
	hand_settle(&w);
	ck_assert_uint_eq(hand_verbs(&w), 0);
	ck_assert_uint_eq(hand_faults(&w, "BindingDrift"), 1);
	world_do(&w, 202, "POST", "/profiles/web:heal", "{}");
	hand_settle(&w);
	world_pass(&w, 15000);
	ck_assert_uint_eq(world_sees(&w, 1, mac), 2);
	ck_assert_uint_eq(world_sees(&w, 3, mac), 0);
	ck_assert_uint_eq(hand_faults(&w, "BindingDrift"), 0);
	ck_assert_uint_eq(hand_faults(&w, "UnknownBinding"), 0);
	world_free(&w);
}
END_TEST

/* ---- a fight ---- */

/* The hand undoes it as soon as it is right for that long; how often it was. */
static unsigned
fight(struct world *w, const char *before, int ms, int calm_ms)
{
	int64_t until = w->chassis.now_ms + ms;
	unsigned n = 0;

	while (w->chassis.now_ms < until) {
		char *now = hand_seen(w);

		world_turn(w);
		if (strcmp(now, before) == 0) {
			hand_settle(w);
			world_pass(w, calm_ms);
			hand_do(w, "unmap 1 0");
			n++;
		}
		free(now);
	}
	return n;
}

START_TEST(a_fight_ends_and_goes_on_when_somebody_says_so)
{
	struct world w;
	char *before;

	hand_furnish(&w, 70 + (uint64_t)_i, "heal");
	before = hand_seen(&w);
	/* As it was, and four heals. */
	ck_assert_uint_eq(fight(&w, before, 20 * HAND_MINUTE_MS,
	    _i == 0 ? 1000 : 0), 5);
	ck_assert_uint_eq(hand_faults(&w, "ReconcileLoop"), 1);
	ck_assert_uint_eq(hand_faults(&w, "BindingDrift"), 1);
	support_chassis_do(&w.chassis, "log clear");
	world_pass(&w, 5 * HAND_MINUTE_MS);
	ck_assert_uint_eq(hand_verbs(&w), 0);
	/* What the hardware loses meanwhile comes back all the same. */
	support_chassis_do(&w.chassis, "pull bay 1");
	world_pass(&w, 3000);
	support_chassis_do(&w.chassis, "insert bay 1 X520-SR2 N1");
	world_pass(&w, 30000);
	hand_settle(&w);
	hand_check_seen(&w, before, false);
	ck_assert_uint_eq(world_sees(&w, 1, (char[MAC_TEXT]){ 0 }), 1);
	world_do(&w, 202, "POST", "/profiles/web:heal", "{}");
	hand_settle(&w);
	hand_check_seen(&w, before, true);
	world_pass(&w, 2000);
	ck_assert_uint_eq(hand_faults(&w, "ReconcileLoop"), 0);
	/* And from then on by itself. */
	hand_do(&w, "unmap 1 0");
	world_pass(&w, 15000);
	hand_settle(&w);
	hand_check_seen(&w, before, true);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	free(before);
	world_free(&w);
}
END_TEST

START_TEST(a_fight_goes_on_after_its_rest_once)
{
	struct world w;
	char *before;

	hand_furnish(&w, 75, "heal");
	before = hand_seen(&w);
	ck_assert_uint_eq(fight(&w, before, 10 * HAND_MINUTE_MS,
	    1000), 5);
	ck_assert_uint_eq(fight(&w, before, 30 * HAND_MINUTE_MS,
	    0), 1);
	ck_assert_uint_eq(hand_faults(&w, "ReconcileLoop"), 1);
	/* The hand gives in. */
	world_pass(&w, 31 * HAND_MINUTE_MS);
	hand_settle(&w);
	hand_check_seen(&w, before, true);
	free(before);
	world_free(&w);
}
END_TEST

SUITE("drift")
{
	tcase_set_timeout(tc, 240);
	tcase_add_loop_test(tc, alert_says_it_and_waits_until_it_is_asked, 0,
	    N_ROWS(hand_rows));
	tcase_add_loop_test(tc, heal_puts_it_right_by_itself, 0,
	    N_ROWS(hand_rows));
	tcase_add_loop_test(tc,
	    what_the_hardware_lost_comes_back_under_any_policy, 0,
	    2 * N_ROWS(losses));
	tcase_add_test(tc, a_heal_leaves_what_a_hand_did_beside_it);
	tcase_add_loop_test(tc, a_change_leaves_what_a_hand_did_beside_it, 0,
	    2);
	tcase_add_loop_test(tc, what_is_in_the_way_is_removed_only_when_asked,
	    0, N_ROWS(in_the_way));
	tcase_add_loop_test(tc, a_fight_ends_and_goes_on_when_somebody_says_so,
	    0, 2);
	tcase_add_test(tc, a_fight_goes_on_after_its_rest_once);
}
