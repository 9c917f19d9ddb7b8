/*
 * test_card.c -- cards that are held, replaced, pulled, and come back elsewhere.
 */
#include <stdio.h>

#include "tests/sim/world.h"
#include "tests/test.h"

enum { LONG_MS = 300000, GONE_MS = 25000 };

static void
settle(struct world *w)
{
	ck_assert(world_settle(w, LONG_MS));
}

/* A member of the first function that a server sees, as text. */
static const char *
sees(struct world *w, unsigned slot, const char *member)
{
	static char text[64];
	json_t *o = support_chassis_ctl(&w->chassis, "server %u", slot);
	json_t *fn = json_array_get(json_object_get(o, "functions"), 0);

	snprintf(text, sizeof(text), "%s", fn == NULL ? "" :
	    json_string_value(json_object_get(fn, member)));
	json_decref(o);
	return text;
}

/* Where a verb stands in the log since it was cleared, from 1; 0 nowhere.  `fn`
 * NULL: of whatever function. */
static size_t
logged(struct world *w, const char *verb, const char *fn, size_t *count)
{
	json_t *log = support_chassis_ctl(&w->chassis, "log"), *entry;
	size_t at = 0, i;

	*count = 0;
	json_array_foreach(json_object_get(log, "items"), i, entry) {
		const char *its = json_string_value(json_array_get(
		    json_object_get(entry, "functions"), 0));

		if (its == NULL)
			its = json_string_value(json_object_get(entry,
			    "function"));
		if (strcmp(json_string_value(json_object_get(entry, "verb")),
		    verb) != 0 || (fn != NULL && (its == NULL ||
		    strcmp(its, fn) != 0)))
			continue;
		(*count)++;
		if (at == 0)
			at = i + 1;
	}
	json_decref(log);
	return at;
}

static size_t
times(struct world *w, const char *verb)
{
	size_t n;

	(void)logged(w, verb, NULL, &n);
	return n;
}

static bool
has_fault(struct world *w, const char *code)
{
	json_t *list = world_get(w, "/faults"), *item;
	bool found = false;
	size_t i;

	json_array_foreach(json_object_get(list, "items"), i, item) {
		found = found || strcmp(json_string_value(json_object_get(item,
		    "code")), code) == 0;
	}
	json_decref(list);
	return found;
}

/* What a fault offers: the path of its one change. */
static const char *
offer(struct world *w, const char *code)
{
	static char path[64];
	json_t *list = world_get(w, "/faults"), *item;
	size_t i;

	path[0] = '\0';
	json_array_foreach(json_object_get(list, "items"), i, item) {
		json_t *o = json_object_get(item, "offer");

		if (strcmp(json_string_value(json_object_get(item, "code")),
		    code) != 0 || !json_is_object(o))
			continue;
		snprintf(path, sizeof(path), "%s", json_string_value(
		    json_object_get(json_array_get(json_object_get(o,
		    "changes"), 0), "path")));
	}
	json_decref(list);
	return path;
}

/* Nothing is left on the card of a bay. */
static bool
is_blank(struct world *w, unsigned bay)
{
	const struct view *v = view_hold(&w->views);
	bool blank = true;

	for (size_t i = 0; i < v->n_fns; i++)
		blank = blank && (fn_bay(v->fns[i].id) != bay ||
		    v->fns[i].blank);
	view_drop(&w->views, v);
	return blank;
}

/* A profile with one vHBA, at slot 1, on the card of a bay. */
static void
furnish(struct world *w, uint64_t seed, const char *module)
{
	char body[160];

	world_new(w, seed);
	support_chassis_do(&w->chassis, "insert bay 4 QLE2462 OLD");
	world_pass(w, 2000);
	world_do(w, 201, "POST", "/sans", "{\"name\":\"a\"}");
	world_do(w, 201, "POST", "/profiles", "{\"name\":\"db\"}");
	snprintf(body, sizeof(body), "{\"name\":\"fc0\",\"san\":\"a\","
	    "\"bootTargets\":[{\"wwpn\":\"50:06:01:60:3B:20:11:01\","
	    "\"lun\":0,\"priority\":1}]%s%s%s}", module != NULL ?
	    ",\"placement\":{\"module\":\"" : "", module != NULL ? module : "",
	    module != NULL ? "\"}" : "");
	world_do(w, 201, "POST", "/profiles/db/vhbas", body);
	world_do(w, 202, "POST", "/profiles/db:assign", "{\"slot\":1}");
	settle(w);
}

static void
finish(struct world *w)
{
	ck_assert_uint_eq(support_chassis_violations(&w->chassis), 0);
	world_free(w);
}

/* The daemon starts again between the steps; what it knows, it reads. */
START_TEST(a_card_is_replaced_by_its_successor)
{
	char wwpn[64];
	struct world w;
	json_t *o;

	furnish(&w, 1, "io4");
	snprintf(wwpn, sizeof(wwpn), "%s", sees(&w, 1, "wwpn"));
	ck_assert_str_eq(sees(&w, 1, "id"), "1077:2432");
	world_do(&w, 201, "POST", "/bays/4:hold", "{}");
	world_do(&w, 202, "POST", "/bays/4:locate", "{}");
	settle(&w);
	world_pass(&w, 2000);
	o = world_get(&w, "/bays/4");
	ck_assert(json_is_true(json_object_get(o, "locate")));
	json_decref(o);
	world_crash(&w);
	support_chassis_do(&w.chassis, "pull bay 4");
	world_pass(&w, 5000);
	ck_assert_str_eq(sees(&w, 1, "wwpn"), "");
	world_crash(&w);
	support_chassis_do(&w.chassis, "insert bay 4 QLE2562 NEW");
	support_chassis_do(&w.chassis, "log clear");
	world_pass(&w, 30000);
	ck_assert_uint_eq(support_chassis_logged(&w.chassis), 0);
	ck_assert(has_fault(&w, "ModuleMismatch"));
	ck_assert_str_eq(offer(&w, "ModuleMismatch"), "/bays/io4:accept");
	world_crash(&w);
	world_pass(&w, 2000);
	world_do(&w, 409, "POST", "/bays/io4:accept", "{}");
	world_do(&w, 202, "POST", "/bays/io4:accept?confirm=ModuleMismatch",
	    "{}");
	settle(&w);
	ck_assert_str_eq(sees(&w, 1, "wwpn"), wwpn);
	ck_assert_str_eq(sees(&w, 1, "id"), "1077:2532");
	world_pass(&w, 2000);
	ck_assert(!has_fault(&w, "ModuleMismatch"));
	/* The former one turns up in another bay, as it was. */
	world_crash(&w);
	support_chassis_do(&w.chassis, "pull bay 1");
	support_chassis_do(&w.chassis, "insert bay 1 QLE2462 OLD");
	support_chassis_do(&w.chassis, "log clear");
	world_pass(&w, 5000);
	settle(&w);
	ck_assert_uint_eq(times(&w, "scrub"), 1);
	ck_assert_uint_eq(times(&w, "bind"), 0);
	ck_assert_str_eq(sees(&w, 1, "wwpn"), wwpn);
	finish(&w);
}
END_TEST

START_TEST(a_card_of_another_class_binds_nothing)
{
	struct world w;
	json_t *o;

	furnish(&w, 2, "io4");
	support_chassis_do(&w.chassis, "pull bay 4");
	world_pass(&w, 2000);
	support_chassis_do(&w.chassis, "insert bay 4 X520-SR2 NIC");
	world_pass(&w, 3000);
	support_chassis_do(&w.chassis, "log clear");
	ck_assert_int_eq(world_ask(&w, "POST",
	    "/bays/4:accept?confirm=ModuleMismatch", "{}", &o), 422);
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(
	    json_object_get(o, "errors"), 0), "code")), "CardRefused");
	json_decref(o);
	world_pass(&w, 20000);
	ck_assert_uint_eq(support_chassis_logged(&w.chassis), 0);
	ck_assert(has_fault(&w, "ModuleMismatch"));
	ck_assert_str_eq(offer(&w, "ModuleMismatch"), "");
	finish(&w);
}
END_TEST

/* The next card has to keep what was promised on the former one. */
START_TEST(a_card_that_is_too_slow_is_not_accepted)
{
	struct world w;
	json_t *o;

	world_new(&w, 9);
	world_do(&w, 201, "POST", "/networks", "{\"name\":\"n\",\"vlan\":5}");
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"web\"}");
	world_do(&w, 201, "POST", "/profiles/web/vnics", "{\"name\":\"a\","
	    "\"networks\":[\"n\"],\"qos\":{\"guaranteeMbps\":4000},"
	    "\"placement\":{\"module\":\"io1\",\"port\":1}}");
	world_do(&w, 202, "POST",
	    "/profiles/web:assign?confirm=QosGuaranteeUnsupported",
	    "{\"slot\":1}");
	settle(&w);
	world_do(&w, 201, "POST", "/bays/1:hold", "{}");
	support_chassis_do(&w.chassis, "pull bay 1");
	world_pass(&w, 2000);
	support_chassis_do(&w.chassis, "insert bay 1 X520-SR2 SLOW");
	support_chassis_do(&w.chassis, "speed bay 1 port 1 1000");
	world_pass(&w, 2000);
	ck_assert_int_eq(world_ask(&w, "POST",
	    "/bays/1:accept?confirm=ModuleMismatch", "{}", &o), 422);
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(
	    json_object_get(o, "errors"), 0), "code")), "QosOversubscribed");
	json_decref(o);
	support_chassis_do(&w.chassis, "speed bay 1 port 1 10000");
	world_pass(&w, 2000);
	world_do(&w, 202, "POST", "/bays/1:accept?confirm=ModuleMismatch",
	    "{}");
	settle(&w);
	ck_assert_str_ne(sees(&w, 1, "mac"), "");
	finish(&w);
}
END_TEST

START_TEST(a_held_bay_is_left_alone_until_it_returns)
{
	char wwpn[64];
	struct world w;

	furnish(&w, 3, NULL);
	snprintf(wwpn, sizeof(wwpn), "%s", sees(&w, 1, "wwpn"));
	world_do(&w, 201, "POST", "/bays/2:hold", "{}");
	world_do(&w, 201, "POST", "/bays/4:hold", "{}");
	/* Neither bound again nor chosen for anything new. */
	support_chassis_do(&w.chassis, "unmap 1 0");
	world_pass(&w, 60000);
	ck_assert_str_eq(sees(&w, 1, "wwpn"), "");
	world_do(&w, 422, "POST", "/profiles/db/vhbas",
	    "{\"name\":\"fc1\",\"san\":\"a\"}");
	world_do(&w, 201, "POST", "/bays/4:return", "{}");
	world_do(&w, 202, "POST", "/bays/2:return", "{}");
	settle(&w);
	world_pass(&w, 15000);
	settle(&w);
	ck_assert_str_eq(sees(&w, 1, "wwpn"), wwpn);
	finish(&w);
}
END_TEST

START_TEST(a_bay_is_evacuated_and_its_devices_come_back)
{
	char wwpn[64], path[64];
	struct world w;
	int64_t job;

	furnish(&w, 4, NULL);
	snprintf(wwpn, sizeof(wwpn), "%s", sees(&w, 1, "wwpn"));
	ck_assert_str_eq(sees(&w, 1, "id"), "1077:2532");
	job = world_do(&w, 202, "POST", "/bays/2:evacuate", "{}");
	settle(&w);
	ck_assert_str_eq(world_job_state(&w, job), "applied");
	ck_assert_str_eq(sees(&w, 1, "id"), "1077:2432");
	ck_assert_str_eq(sees(&w, 1, "wwpn"), wwpn);
	/* There is no third card: what cannot go is said, and may stay. */
	world_do(&w, 409, "POST", "/bays/4:evacuate", "{}");
	world_do(&w, 201, "POST", "/bays/4:evacuate?confirm=NotEvacuated",
	    "{}");
	world_do(&w, 201, "POST", "/bays/4:return", "{}");
	snprintf(path, sizeof(path), "/jobs/%lld:undo", (long long)job);
	world_do(&w, 202, "POST", path, "{}");
	settle(&w);
	ck_assert_str_eq(sees(&w, 1, "id"), "1077:2532");
	ck_assert_str_eq(sees(&w, 1, "wwpn"), wwpn);
	finish(&w);
}
END_TEST

/* A card that is out may come back any moment, with all that it had. */
START_TEST(what_a_card_had_is_given_when_it_is_gone)
{
	char wwpn[64];
	struct world w;
	size_t n;

	furnish(&w, 5, NULL);
	snprintf(wwpn, sizeof(wwpn), "%s", sees(&w, 1, "wwpn"));
	support_chassis_do(&w.chassis, "pull bay 2");
	world_pass(&w, 3000);
	world_do(&w, 422, "POST", "/bays/2:evacuate", "{}");
	world_pass(&w, GONE_MS);
	world_do(&w, 202, "POST", "/bays/2:evacuate", "{}");
	settle(&w);
	ck_assert_str_eq(sees(&w, 1, "id"), "1077:2432");
	ck_assert_str_eq(sees(&w, 1, "wwpn"), wwpn);
	world_pass(&w, 3000);
	/* It comes back: wiped, and nothing else. */
	world_crash(&w);
	support_chassis_do(&w.chassis, "log clear");
	support_chassis_do(&w.chassis, "insert bay 2 QLE2562 F1");
	world_pass(&w, 5000);
	settle(&w);
	ck_assert_uint_gt(logged(&w, "scrub", NULL, &n), 0);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(times(&w, "bind"), 0);
	ck_assert_str_eq(sees(&w, 1, "wwpn"), wwpn);
	finish(&w);
}
END_TEST

/* Given up while the card was out, and given to somebody else: what the card has
 * left goes first, in whatever bay it comes back. */
START_TEST(what_is_left_goes_before_an_address_is_bound_again)
{
	struct world w;
	size_t n, scrub, bind;

	furnish(&w, 6, NULL);
	support_chassis_do(&w.chassis, "pull bay 2");
	world_pass(&w, 2000);
	world_do(&w, 202, "POST", "/profiles/db:release", "{}");
	settle(&w);
	world_pass(&w, GONE_MS);
	support_chassis_do(&w.chassis, "log clear");
	support_chassis_do(&w.chassis, "pull bay 1");
	support_chassis_do(&w.chassis, "insert bay 1 QLE2562 F1");
	world_pass(&w, 20);
	world_do(&w, 202, "POST", "/profiles/db:assign", "{\"slot\":2}");
	settle(&w);
	scrub = logged(&w, "scrub", NULL, &n);
	ck_assert_uint_eq(n, 1);
	bind = logged(&w, "bind", NULL, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert(scrub > 0 && scrub < bind);
	finish(&w);
}
END_TEST

START_TEST(devices_follow_their_card)
{
	struct world w;
	json_t *o;

	world_new(&w, 7);
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"db\"}");
	world_do(&w, 201, "POST", "/profiles/db/vdas", "{\"name\":\"d\","
	    "\"virtualDisks\":[{\"name\":\"sys\",\"raid\":\"RAID1\","
	    "\"capacityMiB\":1000}]}");
	world_do(&w, 202, "POST", "/profiles/db:assign", "{\"slot\":1}");
	settle(&w);
	ck_assert_str_eq(sees(&w, 1, "function"), "io3.1.vd0");
	world_do(&w, 422, "POST", "/bays/3:follow", "{}");
	support_chassis_do(&w.chassis, "pull bay 3");
	support_chassis_do(&w.chassis, "insert bay 4 9260-4i R1");
	world_pass(&w, GONE_MS);
	settle(&w);
	ck_assert_str_eq(offer(&w, "ModuleMissing"), "/bays/io3:follow");
	world_do(&w, 202, "POST", "/bays/3:follow", "{}");
	settle(&w);
	ck_assert_str_eq(sees(&w, 1, "function"), "io4.1.vd0");
	o = support_chassis_ctl(&w.chassis, "server 1");
	ck_assert_uint_eq(json_array_size(json_object_get(json_array_get(
	    json_object_get(o, "functions"), 0), "disks")), 1);
	json_decref(o);
	finish(&w);
}
END_TEST

START_TEST(a_card_is_switched_off_when_nothing_is_bound_on_it)
{
	char wwpn[64];
	struct world w;
	size_t n;

	furnish(&w, 8, "io2");
	snprintf(wwpn, sizeof(wwpn), "%s", sees(&w, 1, "wwpn"));
	support_chassis_do(&w.chassis, "log clear");
	world_do(&w, 409, "PATCH", "/bays/2", "{\"adminPower\":\"off\"}");
	world_do(&w, 202, "PATCH", "/bays/2?confirm=BayInUse",
	    "{\"adminPower\":\"off\",\"service\":\"hold\"}");
	settle(&w);
	ck_assert_str_eq(sees(&w, 1, "wwpn"), "");
	ck_assert_uint_eq(times(&w, "scrub"), 1);
	ck_assert_uint_gt(logged(&w, "module_ctl", NULL, &n),
	    logged(&w, "scrub", NULL, &n));
	world_pass(&w, 30000);
	world_do(&w, 202, "POST", "/bays/2:return", "{}");
	settle(&w);
	ck_assert_str_eq(sees(&w, 1, "wwpn"), wwpn);
	finish(&w);
}
END_TEST

/* ---- every turn at which the daemon can die, every fault of a verb ---- */

static const struct {
	const char *method, *path, *body;
	bool another;			/* another card is in the bay by then */
	const char *sees;		/* whose function its server has then */
} works[] = {
	{ "POST", "/bays/2:evacuate", "{}", false, "1077:2432" },
	{ "POST", "/bays/2:accept?confirm=ModuleMismatch", "{}", true,
	    "1077:2432" },
	{ "PATCH", "/bays/2?confirm=BayInUse", "{\"adminPower\":\"off\"}",
	    false, "" },
};

static void
furnish_work(struct world *w, int i, uint64_t seed)
{
	furnish(w, seed, works[i].another ? "io2" : NULL);
	if (works[i].another) {
		world_do(w, 201, "POST", "/bays/2:hold", "{}");
		support_chassis_do(&w->chassis, "pull bay 2");
		support_chassis_do(&w->chassis, "insert bay 2 QLE2462 NEW");
		world_pass(w, 12000);
	}
}

static int64_t
start_work(struct world *w, int i)
{
	return world_do(w, 202, works[i].method, works[i].path,
	    works[i].body);
}

START_TEST(a_crash_at_any_turn_is_one_outcome)
{
	unsigned tried = 0;
	bool crashed = true;

	for (unsigned n = 1; crashed; n++) {
		struct world w;
		int64_t job;

		furnish_work(&w, _i, 100 + n);
		job = start_work(&w, _i);
		w.crashed = false;
		w.crash_at = w.turns + n;
		settle(&w);
		crashed = w.crashed;
		tried += crashed;
		w.crash_at = 0;
		ck_assert_msg(strcmp(world_job_state(&w, job), "applied") == 0,
		    "crash at turn %u: %s", n, world_job_state(&w, job));
		world_pass(&w, 3000);
		settle(&w);
		ck_assert_str_eq(sees(&w, 1, "id"), works[_i].sees);
		finish(&w);
	}
	ck_assert_uint_ge(tried, 4);
	printf("crashed at %u turns of %s\n", tried, works[_i].path);
}
END_TEST

static const char *const faults[] = { "scrub error before",
	"scrub error after", "scrub timeout before", "scrub late after",
	"bind error before", "bind timeout after", "prepare error after",
	"unbind error before", "module_ctl error before",
	"module_ctl timeout after" };

/* Once: applied, or rolled back to what was. */
START_TEST(a_fault_is_one_outcome)
{
	int work = _i / (int)N_ROWS(faults);
	const char *fault = faults[_i % (int)N_ROWS(faults)], *state;
	struct world w;
	int64_t job;

	furnish_work(&w, work, 200 + (uint64_t)_i);
	support_chassis_do(&w.chassis, "fault %s", fault);
	job = start_work(&w, work);
	settle(&w);
	state = world_job_state(&w, job);
	ck_assert_msg(strcmp(state, "applied") == 0 ||
	    strcmp(state, "rolledBack") == 0, "%s: %s", fault, state);
	world_pass(&w, 300000);
	settle(&w);
	if (strcmp(world_job_state(&w, job), "applied") == 0)
		ck_assert_str_eq(sees(&w, 1, "id"), works[work].sees);
	else if (!works[work].another)
		ck_assert_str_eq(sees(&w, 1, "id"), "1077:2532");
	finish(&w);
}
END_TEST

/* What a card brought along is wiped in the end, whatever the switch says. */
START_TEST(a_wipe_is_tried_again)
{
	struct world w;

	furnish(&w, 300 + (uint64_t)_i, "io4");
	support_chassis_do(&w.chassis, "pull bay 4");
	support_chassis_do(&w.chassis, "pull bay 1");
	world_pass(&w, 3000);
	support_chassis_do(&w.chassis, "fault %s 3", faults[_i]);
	support_chassis_do(&w.chassis, "log clear");
	support_chassis_do(&w.chassis, "insert bay 1 QLE2462 OLD");
	world_pass(&w, LONG_MS);
	settle(&w);
	ck_assert(is_blank(&w, 1));
	finish(&w);
}
END_TEST

SUITE("card")
{
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, a_card_is_replaced_by_its_successor);
	tcase_add_test(tc, a_card_of_another_class_binds_nothing);
	tcase_add_test(tc, a_card_that_is_too_slow_is_not_accepted);
	tcase_add_test(tc, a_held_bay_is_left_alone_until_it_returns);
	tcase_add_test(tc, a_bay_is_evacuated_and_its_devices_come_back);
	tcase_add_test(tc, what_a_card_had_is_given_when_it_is_gone);
	tcase_add_test(tc, what_is_left_goes_before_an_address_is_bound_again);
	tcase_add_test(tc, devices_follow_their_card);
	tcase_add_test(tc, a_card_is_switched_off_when_nothing_is_bound_on_it);
	tcase_add_loop_test(tc, a_crash_at_any_turn_is_one_outcome, 0,
	    N_ROWS(works));
	tcase_add_loop_test(tc, a_fault_is_one_outcome, 0,
	    N_ROWS(works) * N_ROWS(faults));
	tcase_add_loop_test(tc, a_wipe_is_tried_again, 0, 4);
}
