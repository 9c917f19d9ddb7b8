/*
 * test_drift.c -- somebody else's hand at the switch: each drift policy does
 * what it says, and a fight ends.
 *
 * Profile web has vNICs a and b at slot 1, behind bridges 0 and 1.
 */
#include <stdio.h>

#include "tests/sim/world.h"
#include "tests/test.h"

enum { LONG_MS = 300000, MINUTE_MS = 60000 };

static void
settle(struct world *w)
{
	ck_assert(world_settle(w, LONG_MS));
}

static void
furnish(struct world *w, uint64_t seed, const char *drift)
{
	char body[80];

	world_new(w, seed);
	world_do(w, 201, "POST", "/networks",
	    "{\"name\":\"prod\",\"vlan\":120}");
	world_do(w, 201, "POST", "/networks",
	    "{\"name\":\"test\",\"vlan\":130}");
	snprintf(body, sizeof(body), "{\"name\":\"web\",\"drift\":\"%s\"}",
	    drift);
	world_do(w, 201, "POST", "/profiles", body);
	world_do(w, 201, "POST", "/profiles/web/vnics", "{\"name\":\"a\","
	    "\"networks\":[\"prod\"],\"qos\":{\"limitMbps\":2000}}");
	world_do(w, 201, "POST", "/profiles/web/vnics",
	    "{\"name\":\"b\",\"networks\":[\"prod\"]}");
	world_do(w, 202, "POST", "/profiles/web:assign", "{\"slot\":1}");
	settle(w);
	support_chassis_do(&w->chassis, "log clear");
}

/* What the server at slot 1 sees, as text; freed by the caller. */
static char *
seen(struct world *w)
{
	json_t *server = support_chassis_ctl(&w->chassis, "server 1");
	char *text = json_text(json_object_get(server, "functions"));

	json_decref(server);
	return text;
}

static void
check_seen(struct world *w, const char *before, bool same)
{
	char *now = seen(w);

	ck_assert_msg((strcmp(now, before) == 0) == same, "%s\n%s", before,
	    now);
	free(now);
}

/* Verbs that reached the switch since the log was cleared; hands are none. */
static size_t
verbs(struct world *w)
{
	json_t *log = support_chassis_ctl(&w->chassis, "log"), *entry;
	size_t n = 0, i;

	json_array_foreach(json_object_get(log, "items"), i, entry)
		n += strcmp(json_string_value(json_object_get(entry, "verb")),
		    "hand") != 0;
	json_decref(log);
	return n;
}

/* Several hands, with ";" between; A and B are the functions of a and b. */
static void
hands(struct world *w, const char *list)
{
	json_t *server = support_chassis_ctl(&w->chassis, "server 1");
	json_t *fns = json_object_get(server, "functions");
	const char *a = json_string_value(json_object_get(json_array_get(fns,
	    0), "function"));
	const char *b = json_string_value(json_object_get(json_array_get(fns,
	    1), "function"));

	for (; *list != '\0'; list += *list == ';') {
		size_t n = strcspn(list, ";"), at = 0;
		char line[120] = "";

		for (size_t i = 0; i < n && at + 16 < sizeof(line); i++) {
			if (list[i] != '@')
				line[at++] = list[i];
			else
				at += (size_t)snprintf(line + at,
				    sizeof(line) - at, "%s",
				    list[i++ + 1] == 'a' ? a : b);
		}
		support_chassis_do(&w->chassis, "%s", line);
		list += n;
	}
	/* What hands do is not ours. */
	support_chassis_do(&w->chassis, "violations clear");
	json_decref(server);
}

/* How many live faults of that code. */
static size_t
faults(struct world *w, const char *code)
{
	json_t *list = world_get(w, "/faults"), *item;
	size_t n = 0, i;

	json_array_foreach(json_object_get(list, "items"), i, item)
		n += strcmp(json_string_value(json_object_get(item, "code")),
		    code) == 0;
	json_decref(list);
	return n;
}

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

	furnish(&w, 1 + (uint64_t)_i, "alert");
	before = seen(&w);
	hands(&w, row->hands);
	check_seen(&w, before, false);
	world_pass(&w, 2 * MINUTE_MS);
	settle(&w);
	ck_assert_uint_eq(verbs(&w), 0);
	check_seen(&w, before, false);
	ck_assert_uint_eq(faults(&w, row->code), 1);
	/* A restart thinks no other. */
	world_crash(&w);
	world_pass(&w, MINUTE_MS);
	ck_assert_uint_eq(verbs(&w), 0);
	ck_assert_uint_eq(faults(&w, row->code), 1);
	world_do(&w, 202, "POST", "/profiles/web:heal", "{}");
	settle(&w);
	world_pass(&w, 15000);
	check_seen(&w, before, true);
	ck_assert_uint_eq(faults(&w, row->code), 0);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	free(before);
	world_free(&w);
}
END_TEST

START_TEST(heal_puts_it_right_by_itself)
{
	struct world w;
	char *before;

	furnish(&w, 20 + (uint64_t)_i, "heal");
	before = seen(&w);
	hands(&w, hand_rows[_i].hands);
	world_pass(&w, 15000);
	settle(&w);
	check_seen(&w, before, true);
	ck_assert_uint_eq(faults(&w, "BindingDrift"), 0);
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

	furnish(&w, 40 + (uint64_t)_i, policies[_i % 2]);
	before = seen(&w);
	hands(&w, losses[_i / 2]);
	world_pass(&w, 40000);
	settle(&w);
	check_seen(&w, before, true);
	ck_assert_uint_eq(faults(&w, "BindingDrift"), 0);
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

	furnish(&w, 50, "alert");
	hands(&w, "set @a limit 0;unmap 1 1");
	world_pass(&w, 30000);
	settle(&w);
	ck_assert_uint_eq(verbs(&w), 1);
	ck_assert_uint_eq(world_sees(&w, 1, mac), 1);
	ck_assert_uint_eq(faults(&w, "BindingDrift"), 1);
	ck_assert_uint_eq(faults(&w, "QosLost"), 0);
	world_free(&w);
}
END_TEST

/* ---- in the way ---- */

static const struct {
	const char *drift, *hands;
} in_the_way[] = {
	{ "alert", "map io1.2.vf9 1 0" }, { "heal", "map io1.2.vf9 1 0" },
	{ "alert", "unmap 1 0;map @a 3 5" },
};

START_TEST(what_is_in_the_way_is_removed_only_when_asked)
{
	struct world w;
	char mac[MAC_TEXT];

	furnish(&w, 60 + (uint64_t)_i, in_the_way[_i].drift);
	hands(&w, in_the_way[_i].hands);
	world_pass(&w, MINUTE_MS);
	settle(&w);
	ck_assert_uint_eq(verbs(&w), 0);
	ck_assert_uint_eq(faults(&w, "BindingDrift"), 1);
	world_do(&w, 202, "POST", "/profiles/web:heal", "{}");
	settle(&w);
	world_pass(&w, 15000);
	ck_assert_uint_eq(world_sees(&w, 1, mac), 2);
	ck_assert_uint_eq(world_sees(&w, 3, mac), 0);
	ck_assert_uint_eq(faults(&w, "BindingDrift"), 0);
	ck_assert_uint_eq(faults(&w, "UnknownBinding"), 0);
	world_free(&w);
}
END_TEST

/* ---- a fight ---- */

/* The hand undoes it as soon as it is right; how often it was right. */
static unsigned
fight(struct world *w, const char *before, int ms)
{
	int64_t until = w->chassis.now_ms + ms;
	unsigned n = 0;

	while (w->chassis.now_ms < until) {
		char *now = seen(w);

		world_turn(w);
		if (strcmp(now, before) == 0) {
			settle(w);
			world_pass(w, 1000);
			hands(w, "unmap 1 0");
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

	furnish(&w, 70, "heal");
	before = seen(&w);
	/* As it was, and four heals. */
	ck_assert_uint_eq(fight(&w, before, 20 * MINUTE_MS), 5);
	ck_assert_uint_eq(faults(&w, "ReconcileLoop"), 1);
	ck_assert_uint_eq(faults(&w, "BindingDrift"), 1);
	support_chassis_do(&w.chassis, "log clear");
	world_pass(&w, 5 * MINUTE_MS);
	ck_assert_uint_eq(verbs(&w), 0);
	/* What the hardware loses meanwhile comes back all the same. */
	support_chassis_do(&w.chassis, "pull bay 1");
	world_pass(&w, 3000);
	support_chassis_do(&w.chassis, "insert bay 1 X520-SR2 N1");
	world_pass(&w, 30000);
	settle(&w);
	check_seen(&w, before, false);
	ck_assert_uint_eq(world_sees(&w, 1, (char[MAC_TEXT]){ 0 }), 1);
	world_do(&w, 202, "POST", "/profiles/web:heal", "{}");
	settle(&w);
	check_seen(&w, before, true);
	world_pass(&w, 2000);
	ck_assert_uint_eq(faults(&w, "ReconcileLoop"), 0);
	/* And from then on by itself. */
	hands(&w, "unmap 1 0");
	world_pass(&w, 15000);
	settle(&w);
	check_seen(&w, before, true);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	free(before);
	world_free(&w);
}
END_TEST

START_TEST(a_fight_goes_on_after_its_rest_once)
{
	struct world w;
	char *before;

	furnish(&w, 71, "heal");
	before = seen(&w);
	ck_assert_uint_eq(fight(&w, before, 10 * MINUTE_MS), 5);
	ck_assert_uint_eq(fight(&w, before, 30 * MINUTE_MS), 1);
	ck_assert_uint_eq(faults(&w, "ReconcileLoop"), 1);
	/* The hand gives in. */
	world_pass(&w, 31 * MINUTE_MS);
	settle(&w);
	check_seen(&w, before, true);
	free(before);
	world_free(&w);
}
END_TEST

/* ---- offers ---- */

/* The offer of the first fault of that code, or NULL; owned by the caller. */
static json_t *
offer_of(struct world *w, const char *code, const char *kind)
{
	json_t *list = world_get(w, "/faults"), *item, *offer = NULL;
	size_t i;

	json_array_foreach(json_object_get(list, "items"), i, item)
		if (offer == NULL && strcmp(json_string_value(json_object_get(
		    item, "code")), code) == 0)
			offer = json_incref(json_object_get(item, "offer"));
	json_decref(list);
	ck_assert_ptr_nonnull(offer);
	if (kind == NULL)
		ck_assert(json_is_null(offer));
	else
		ck_assert_str_eq(json_string_value(json_object_get(offer,
		    "kind")), kind);
	return offer;
}

/* What the button does: a plan of its changes, looked at, applied. */
static void
take(struct world *w, json_t *offer)
{
	json_t *ask = json_pack("{s:O}", "changes",
	    json_object_get(offer, "changes")), *plan;
	char *text = json_text(ask), path[80];

	ck_assert_int_eq(world_ask(w, "POST", "/plans", text, &plan), 201);
	ck_assert(json_is_true(json_object_get(plan, "applicable")));
	snprintf(path, sizeof(path), "/plans/%s:apply",
	    json_string_value(json_object_get(plan, "id")));
	world_do(w, 202, "POST", path, "{}");
	settle(w);
	world_pass(w, 15000);
	free(text);
	json_decref(ask);
	json_decref(plan);
	json_decref(offer);
}

static void
bond(struct world *w, const char *name, unsigned slot)
{
	char path[64], body[64];

	snprintf(body, sizeof(body), "{\"name\":\"%s\",\"affinity\":"
	    "\"slot-and-server\"}", name);
	world_do(w, 201, "POST", "/profiles", body);
	snprintf(path, sizeof(path), "/profiles/%s/vnics", name);
	world_do(w, 201, "POST", path,
	    "{\"name\":\"a\",\"networks\":[\"prod\"]}");
	snprintf(path, sizeof(path), "/profiles/%s:assign", name);
	snprintf(body, sizeof(body), "{\"slot\":%u}", slot);
	world_do(w, 202, "POST", path, body);
	settle(w);
}

/* Which server sees that address. */
static char
server_of(struct world *w, const char *mac)
{
	char at[MAC_TEXT], serial = '-';

	for (unsigned slot = 1; slot <= 3; slot++) {
		json_t *s = support_chassis_ctl(&w->chassis, "server %u",
		    slot);

		if (world_sees(w, slot, at) > 0 && strcmp(at, mac) == 0)
			serial = json_string_value(json_object_get(s,
			    "serial"))[4];
		json_decref(s);
	}
	return serial;
}

START_TEST(two_swapped_cables_are_one_offer)
{
	struct world w;
	char web[MAC_TEXT], db[MAC_TEXT];
	json_t *one, *two;

	furnish(&w, 80, "heal");
	bond(&w, "db", 2);
	bond(&w, "app", 3);
	world_sees(&w, 2, web);
	world_sees(&w, 3, db);
	support_chassis_do(&w.chassis, "unplug slot 2");
	support_chassis_do(&w.chassis, "unplug slot 3");
	support_chassis_do(&w.chassis, "plug slot 2 SRV-3");
	world_pass(&w, 5000);
	/* One cable is not in yet: nobody knows where its server went. */
	json_decref(offer_of(&w, "SlotServerChanged", NULL));
	support_chassis_do(&w.chassis, "plug slot 3 SRV-2");
	world_pass(&w, 5000);
	ck_assert_uint_eq(faults(&w, "SlotServerChanged"), 2);
	one = offer_of(&w, "SlotServerChanged", "swapBack");
	ck_assert_uint_eq(json_array_size(json_object_get(one, "changes")), 1);
	take(&w, one);
	ck_assert_uint_eq(faults(&w, "SlotServerChanged"), 0);
	ck_assert_int_eq(server_of(&w, web), '2');
	ck_assert_int_eq(server_of(&w, db), '3');
	/* One server at a slot where nobody is. */
	world_do(&w, 202, "POST", "/profiles/web:release", "{}");
	settle(&w);
	support_chassis_do(&w.chassis, "unplug slot 2");
	support_chassis_do(&w.chassis, "unplug slot 1");
	support_chassis_do(&w.chassis, "plug slot 1 SRV-3");
	support_chassis_do(&w.chassis, "plug slot 2 SRV-1");
	world_pass(&w, 5000);
	two = offer_of(&w, "SlotServerChanged", "follow");
	take(&w, two);
	ck_assert_uint_eq(faults(&w, "SlotServerChanged"), 0);
	ck_assert_int_eq(server_of(&w, db), '3');
	world_free(&w);
}
END_TEST

START_TEST(what_a_hand_did_can_be_put_right_by_its_offer)
{
	struct world w;
	char *before;

	furnish(&w, 81, "alert");
	before = seen(&w);
	hands(&w, "set @a vlans 130");
	world_pass(&w, 5000);
	take(&w, offer_of(&w, "BindingDrift", "heal"));
	check_seen(&w, before, true);
	ck_assert_uint_eq(faults(&w, "BindingDrift"), 0);
	hands(&w, "set @a limit 700");
	world_pass(&w, 5000);
	take(&w, offer_of(&w, "QosLost", "heal"));
	check_seen(&w, before, true);
	free(before);
	world_free(&w);
}
END_TEST

START_TEST(what_is_unknown_is_adopted_by_its_offer)
{
	struct world w;
	json_t *offer, *import;
	char path[160], *before;
	const char *query;

	furnish(&w, 82, "alert");
	hands(&w, "set io1.2.vf9 mac 02:00:00:00:00:99;set io1.2.vf9 vlans "
	    "130;set io1.2.vf9 mtu 1500;map io1.2.vf9 1 5;set io1.2.vf8 mac "
	    "02:00:00:00:00:88;set io1.2.vf8 vlans 130;map io1.2.vf8 3 0");
	before = seen(&w);
	world_pass(&w, MINUTE_MS);
	ck_assert_uint_eq(faults(&w, "UnknownBinding"), 2);
	ck_assert_uint_eq(verbs(&w), 0);
	offer = offer_of(&w, "UnknownBinding", "adopt");
	query = json_string_value(json_object_get(offer, "import"));
	ck_assert_str_eq(query, "mode=adopt&select=web");
	snprintf(path, sizeof(path), "/imports?%s", query);
	ck_assert_int_eq(world_ask(&w, "POST", path, NULL, &import), 201);
	snprintf(path, sizeof(path), "/plans/%s:apply", json_string_value(
	    json_object_get(json_object_get(import, "plan"), "id")));
	world_do(&w, 201, "POST", path, "{}");
	world_pass(&w, 5000);
	/* That one, and not the other; nothing was done at the switch. */
	ck_assert_uint_eq(faults(&w, "UnknownBinding"), 1);
	ck_assert_uint_eq(verbs(&w), 0);
	check_seen(&w, before, true);
	free(before);
	json_decref(import);
	json_decref(offer);
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
	tcase_add_loop_test(tc, what_is_in_the_way_is_removed_only_when_asked,
	    0, N_ROWS(in_the_way));
	tcase_add_test(tc, a_fight_ends_and_goes_on_when_somebody_says_so);
	tcase_add_test(tc, a_fight_goes_on_after_its_rest_once);
	tcase_add_test(tc, two_swapped_cables_are_one_offer);
	tcase_add_test(tc, what_a_hand_did_can_be_put_right_by_its_offer);
	tcase_add_test(tc, what_is_unknown_is_adopted_by_its_offer);
}
