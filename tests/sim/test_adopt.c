/*
 * test_adopt.c -- drift=adopt, and what faults offer to do about hands and
 * servers that changed places.
 */
#include <stdio.h>

#include "tests/sim/hand.h"
#include "tests/test.h"

/* ---- adopt ---- */

static const struct adopt_row {
	const char *hands;
	const char *vnic, *member, *value;	/* as JSON, afterwards */
} adopt_rows[] = {
	{ "set @a mac 02:00:00:00:00:99", "a", "mac",
	    "\"02:00:00:00:00:99\"" },
	{ "set @a vlans 130;set @a native 130", "a", "networks",
	    "[\"test\"]" },
	{ "set @a vlans 120,130;set @a native 0", "a", "networks",
	    "[\"prod\",\"test\"]" },
	{ "set @a limit 700", "a", "qos", "\"limitMbps\":700" },
	{ "set @b limit 700", "b", "qos", "\"limitMbps\":700" },
	{ "set @b mtu 9000", "b", "mtu", "9000" },
	{ "set @b flags 6", "b", "trust", "true" },
	{ "set @b pcp 5", "b", "qos", "\"pcp\":5" },
};

START_TEST(adopt_makes_it_wanted_and_touches_nothing)
{
	const struct adopt_row *row = &adopt_rows[_i];
	struct world w;
	json_t *vnic;
	char path[64], *text, *after;

	hand_furnish(&w, 100 + (uint64_t)_i, "adopt");
	hand_do(&w, row->hands);
	after = hand_seen(&w);
	world_pass(&w, HAND_MINUTE_MS);
	hand_settle(&w);
	ck_assert_uint_eq(hand_verbs(&w), 0);
	hand_check_seen(&w, after, true);
	snprintf(path, sizeof(path), "/profiles/web/vnics/%s", row->vnic);
	vnic = world_get(&w, path);
	text = json_text(json_object_get(vnic, row->member));
	ck_assert_msg(strstr(text, row->value) != NULL, "%s", text);
	ck_assert_uint_eq(hand_faults(&w, "BindingDrift"), 0);
	ck_assert_uint_eq(hand_faults(&w, "QosLost"), 0);
	ck_assert_uint_eq(hand_faults(&w, "AdoptionRefused"), 0);
	/* It is ours: what the hardware then loses comes back like that. */
	support_chassis_do(&w.chassis, "reset");
	world_pass(&w, 30000);
	hand_settle(&w);
	hand_check_seen(&w, after, true);
	free(text);
	free(after);
	json_decref(vnic);
	world_free(&w);
}
END_TEST

static const struct {
	const char *hands, *why;
} refused_rows[] = {
	{ "set @a vlans 77;set @a native 77", "no network has VLAN 77" },
	{ "set @a mac 01:00:00:00:00:99", "multicast" },
	{ "set @a mac @@", "MAC" },		/* that of b */
	{ "set @a mtu 64", "" },
	{ "unmap 1 0", NULL },
};

/* The rules hold for a hand as for anybody. */
START_TEST(what_may_not_be_adopted_waits)
{
	struct world w;
	char *before, *after, line[80], mac[MAC_TEXT];
	json_t *list;

	hand_furnish(&w, 120 + (uint64_t)_i, "adopt");
	before = hand_seen(&w);
	snprintf(line, sizeof(line), "%s", refused_rows[_i].hands);
	if (strstr(line, "@@") != NULL) {
		json_t *b = world_get(&w, "/profiles/web/vnics/b");

		snprintf(mac, sizeof(mac), "%s", json_string_value(
		    json_object_get(b, "mac")));
		snprintf(line, sizeof(line), "set @a mac %s", mac);
		json_decref(b);
	}
	hand_do(&w, line);
	after = hand_seen(&w);
	world_pass(&w, 2 * HAND_MINUTE_MS);
	hand_settle(&w);
	ck_assert_uint_eq(hand_verbs(&w), 0);
	hand_check_seen(&w, after, true);
	ck_assert_uint_eq(hand_faults(&w, "BindingDrift"), 1);
	ck_assert_uint_eq(hand_faults(&w, "AdoptionRefused"),
	    refused_rows[_i].why != NULL);
	list = world_get(&w, "/faults?state=all");
	if (refused_rows[_i].why != NULL) {
		char *text = json_text(list);

		ck_assert_msg(strstr(text, refused_rows[_i].why) != NULL,
		    "%s", text);
		free(text);
	}
	json_decref(list);
	world_do(&w, 202, "POST", "/profiles/web:heal", "{}");
	hand_settle(&w);
	world_pass(&w, 15000);
	hand_check_seen(&w, before, true);
	ck_assert_uint_eq(hand_faults(&w, "AdoptionRefused"), 0);
	free(before);
	free(after);
	world_free(&w);
}
END_TEST

/* A vHBA and a vDAS beside the vNICs: behind bridges 2 and 3. */
static const struct {
	const char *hand;
	const char *member, *value;	/* of the vHBA; or why not, of either */
} other_rows[] = {
	{ "set io2.1.npiv0 wwpn 20:00:00:00:00:00:00:99", "wwpn",
	    "\"20:00:00:00:00:00:00:99\"" },
	{ "set io2.1.npiv0 boot 50:00:00:00:00:00:00:07/3/1", "bootTargets",
	    "50:00:00:00:00:00:00:07" },
	{ "set io2.1.npiv0 boot none", "bootTargets", "[]" },
	{ "set io2.1.npiv0 wwnn 20:00:00:00:00:00:00:99", NULL,
	    "node name is its profile's" },
	{ "set io3.1.vd0 disks none", NULL, "disks it shows is its profile's" },
};

START_TEST(what_else_a_profile_has_is_adopted_where_it_can_say_it)
{
	struct world w;
	json_t *o;
	char *text;

	hand_furnish(&w, 140 + (uint64_t)_i, "adopt");
	world_do(&w, 201, "POST", "/sans", "{\"name\":\"a\"}");
	world_do(&w, 202, "POST", "/profiles/web/vhbas", "{\"name\":\"h\","
	    "\"san\":\"a\",\"bootTargets\":[{\"wwpn\":\"50:00:00:00:00:00:"
	    "00:01\",\"lun\":0,\"priority\":1}]}");
	hand_settle(&w);
	world_do(&w, 202, "POST", "/profiles/web/vdas", "{\"name\":\"v\","
	    "\"virtualDisks\":[{\"name\":\"d\",\"raid\":\"RAID1\","
	    "\"capacityMiB\":1000}]}");
	hand_settle(&w);
	support_chassis_do(&w.chassis, "log clear");
	hand_do(&w, other_rows[_i].hand);
	world_pass(&w, 30000);
	hand_settle(&w);
	ck_assert_uint_eq(hand_verbs(&w), 0);
	o = world_get(&w, other_rows[_i].member != NULL ?
	    "/profiles/web/vhbas/h" : "/faults");
	text = json_text(json_object_get(o, other_rows[_i].member != NULL ?
	    other_rows[_i].member : "items"));
	ck_assert_msg(strstr(text, other_rows[_i].value) != NULL, "%s", text);
	ck_assert_uint_eq(hand_faults(&w, "AdoptionRefused"),
	    other_rows[_i].member == NULL);
	free(text);
	json_decref(o);
	world_free(&w);
}
END_TEST

/* What was missing is made: then it fits. */
START_TEST(a_refused_adoption_is_tried_again_when_something_changed)
{
	struct world w;
	char *after;

	hand_furnish(&w, 130, "adopt");
	hand_do(&w, "set @a vlans 77;set @a native 77");
	after = hand_seen(&w);
	world_pass(&w, 10000);
	ck_assert_uint_eq(hand_faults(&w, "AdoptionRefused"), 1);
	world_do(&w, 201, "POST", "/networks",
	    "{\"name\":\"late\",\"vlan\":77}");
	world_pass(&w, 10000);
	ck_assert_uint_eq(hand_faults(&w, "AdoptionRefused"), 0);
	ck_assert_uint_eq(hand_faults(&w, "BindingDrift"), 0);
	hand_check_seen(&w, after, true);
	ck_assert_uint_eq(hand_verbs(&w), 0);
	/* Any change of the profile puts it right: its plan says so. */
	hand_do(&w, "set @b mtu 64");
	world_pass(&w, 10000);
	ck_assert_uint_eq(hand_faults(&w, "AdoptionRefused"), 1);
	world_do(&w, 202, "PATCH", "/profiles/web", "{\"drift\":\"heal\"}");
	world_pass(&w, 20000);
	hand_settle(&w);
	hand_check_seen(&w, after, true);
	ck_assert_uint_eq(hand_faults(&w, "AdoptionRefused"), 0);
	free(after);
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
	hand_settle(w);
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
	hand_settle(w);
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

	hand_furnish(&w, 80, "heal");
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
	ck_assert_uint_eq(hand_faults(&w, "SlotServerChanged"), 2);
	one = offer_of(&w, "SlotServerChanged", "swapBack");
	ck_assert_uint_eq(json_array_size(json_object_get(one, "changes")), 1);
	take(&w, one);
	ck_assert_uint_eq(hand_faults(&w, "SlotServerChanged"), 0);
	ck_assert_int_eq(server_of(&w, web), '2');
	ck_assert_int_eq(server_of(&w, db), '3');
	/* One server at a slot where nobody is. */
	world_do(&w, 202, "POST", "/profiles/web:release", "{}");
	hand_settle(&w);
	support_chassis_do(&w.chassis, "unplug slot 2");
	support_chassis_do(&w.chassis, "unplug slot 1");
	support_chassis_do(&w.chassis, "plug slot 1 SRV-3");
	support_chassis_do(&w.chassis, "plug slot 2 SRV-1");
	world_pass(&w, 5000);
	two = offer_of(&w, "SlotServerChanged", "follow");
	take(&w, two);
	ck_assert_uint_eq(hand_faults(&w, "SlotServerChanged"), 0);
	ck_assert_int_eq(server_of(&w, db), '3');
	world_free(&w);
}
END_TEST

START_TEST(what_a_hand_did_can_be_put_right_by_its_offer)
{
	struct world w;
	char *before;

	hand_furnish(&w, 81, "alert");
	before = hand_seen(&w);
	hand_do(&w, "set @a vlans 130");
	world_pass(&w, 5000);
	take(&w, offer_of(&w, "BindingDrift", "heal"));
	hand_check_seen(&w, before, true);
	ck_assert_uint_eq(hand_faults(&w, "BindingDrift"), 0);
	hand_do(&w, "set @a limit 700");
	world_pass(&w, 5000);
	take(&w, offer_of(&w, "QosLost", "heal"));
	hand_check_seen(&w, before, true);
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

	hand_furnish(&w, 82, "alert");
	hand_do(&w, "set io1.2.vf9 mac 02:00:00:00:00:99;set io1.2.vf9 vlans "
	    "130;set io1.2.vf9 mtu 1500;map io1.2.vf9 1 5;set io1.2.vf8 mac "
	    "02:00:00:00:00:88;set io1.2.vf8 vlans 130;map io1.2.vf8 3 0");
	before = hand_seen(&w);
	world_pass(&w, HAND_MINUTE_MS);
	ck_assert_uint_eq(hand_faults(&w, "UnknownBinding"), 2);
	ck_assert_uint_eq(hand_verbs(&w), 0);
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
	ck_assert_uint_eq(hand_faults(&w, "UnknownBinding"), 1);
	ck_assert_uint_eq(hand_verbs(&w), 0);
	hand_check_seen(&w, before, true);
	free(before);
	json_decref(import);
	json_decref(offer);
	world_free(&w);
}
END_TEST

SUITE("adopt")
{
	tcase_set_timeout(tc, 240);
	tcase_add_loop_test(tc, adopt_makes_it_wanted_and_touches_nothing, 0,
	    N_ROWS(adopt_rows));
	tcase_add_loop_test(tc, what_may_not_be_adopted_waits, 0,
	    N_ROWS(refused_rows));
	tcase_add_loop_test(tc,
	    what_else_a_profile_has_is_adopted_where_it_can_say_it, 0,
	    N_ROWS(other_rows));
	tcase_add_test(tc,
	    a_refused_adoption_is_tried_again_when_something_changed);
	tcase_add_test(tc, two_swapped_cables_are_one_offer);
	tcase_add_test(tc, what_a_hand_did_can_be_put_right_by_its_offer);
	tcase_add_test(tc, what_is_unknown_is_adopted_by_its_offer);
}
