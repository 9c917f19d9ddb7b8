/*
 * test_whole.c -- cards that nobody shares, from the wish to the server's bus and
 * back; ports of one user; when a server sees what it gets.
 */
#include <stdio.h>

#include "tests/sim/world.h"
#include "tests/test.h"

enum { LONG_MS = 300000 };

#define CARD "{\"name\":\"tape\",\"extent\":\"card\",\"placement\":" \
	"{\"requireClass\":\"other\"}}"

/* The text of a member at a path like "exclusives/0/osVisible". */
static const char *
word(struct world *w, const char *path, const char *member)
{
	static char text[80];
	json_t *o = world_get(w, path);
	const json_t *at = o;
	char copy[80], *part, *rest = NULL;

	snprintf(copy, sizeof(copy), "%s", member);
	for (part = strtok_r(copy, "/", &rest); part != NULL;
	    part = strtok_r(NULL, "/", &rest))
		at = json_is_array(at) ? json_array_get(at,
		    (size_t)atoi(part)) : json_object_get(at, part);
	if (json_is_integer(at))
		snprintf(text, sizeof(text), "%lld",
		    (long long)json_integer_value(at));
	else
		snprintf(text, sizeof(text), "%s", json_is_string(at) ?
		    json_string_value(at) : "");
	json_decref(o);
	return text;
}

/* A tape controller with two functions in bay 4, and a profile that has it. */
static void
furnish(struct world *w, uint64_t seed)
{
	world_new(w, seed);
	support_chassis_do(&w->chassis, "insert bay 4 LSI22320SLE TAPE1");
	world_pass(w, 500);
	world_do(w, 201, "POST", "/networks", "{\"name\":\"prod\",\"vlan\":12}");
	world_do(w, 201, "POST", "/profiles", "{\"name\":\"bak\"}");
	world_do(w, 201, "POST", "/profiles/bak/exclusives", CARD);
}

static int64_t
settled(struct world *w, int status, const char *method, const char *path,
    const char *body)
{
	int64_t job = world_do(w, status, method, path, body);

	ck_assert(world_settle(w, LONG_MS));
	return job;
}

/* Bindings that are not released. */
static size_t
bindings(struct world *w)
{
	json_t *o = world_get(w, "/bindings");
	size_t n = json_array_size(json_object_get(o, "items"));

	json_decref(o);
	return n;
}

/* How many commands of that name the switch got. */
static size_t
commands(struct world *w, const char *name)
{
	json_t *log = support_chassis_ctl(&w->chassis, "log"), *entry;
	size_t i, n = 0;

	json_array_foreach(json_object_get(log, "items"), i, entry) {
		const char *command = json_string_value(json_object_get(entry,
		    "command"));

		n += command != NULL && strcmp(command, name) == 0;
	}
	json_decref(log);
	return n;
}

START_TEST(a_card_goes_to_a_server_and_to_another_and_back)
{
	struct world w;
	char path[64];
	int64_t job;

	furnish(&w, 1);
	support_chassis_do(&w.chassis, "log clear");
	settled(&w, 202, "POST", "/profiles/bak:assign", "{\"slot\":1}");
	ck_assert_uint_eq(world_sees(&w, 1, (char[MAC_TEXT]){ 0 }), 2);
	ck_assert_uint_eq(commands(&w, "BIND"), 1);
	ck_assert_uint_eq(commands(&w, "PREPARE"), 0);
	ck_assert_uint_eq(bindings(&w), 2);
	world_pass(&w, 1500);
	ck_assert_str_eq(word(&w, "/profiles/bak", "state"), "bound");
	ck_assert_str_eq(word(&w, "/profiles/bak",
	    "exclusives/0/placed/functions/1"), "io4.2.pf0");
	ck_assert_str_eq(word(&w, "/profiles/bak", "exclusives/0/osVisible"),
	    "yes");

	job = settled(&w, 202, "POST", "/profiles/bak:move", "{\"slot\":2}");
	ck_assert_uint_eq(world_sees(&w, 1, (char[MAC_TEXT]){ 0 }), 0);
	ck_assert_uint_eq(world_sees(&w, 2, (char[MAC_TEXT]){ 0 }), 2);
	ck_assert_uint_eq(commands(&w, "UNBIND"), 1);
	ck_assert_uint_eq(commands(&w, "SCRUB"), 2);

	snprintf(path, sizeof(path), "/jobs/%lld:undo", (long long)job);
	settled(&w, 202, "POST", path, "{}");
	ck_assert_uint_eq(world_sees(&w, 1, (char[MAC_TEXT]){ 0 }), 2);
	settled(&w, 202, "POST", "/profiles/bak:release", "{}");
	ck_assert_uint_eq(world_sees(&w, 1, (char[MAC_TEXT]){ 0 }), 0);
	ck_assert_uint_eq(bindings(&w), 0);
	world_pass(&w, 1500);
	ck_assert_str_eq(word(&w, "/functions/io4.1.pf0", "state"), "free");
	ck_assert_str_eq(word(&w, "/functions/io4.2.pf0", "state"), "free");
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

/* One function each for two servers. */
START_TEST(functions_of_a_card_go_apart)
{
	struct world w;

	furnish(&w, 2);
	world_do(&w, 200, "PATCH", "/profiles/bak/exclusives/tape",
	    "{\"extent\":\"function\"}");
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"two\"}");
	world_do(&w, 201, "POST", "/profiles/two/exclusives", "{\"name\":\"t\","
	    "\"placement\":{\"module\":\"io4\"}}");
	settled(&w, 202, "POST", "/profiles/bak:assign", "{\"slot\":1}");
	settled(&w, 202, "POST", "/profiles/two:assign", "{\"slot\":2}");
	ck_assert_str_eq(word(&w, "/profiles/two",
	    "exclusives/0/placed/function"), "io4.2.pf0");
	ck_assert_uint_eq(world_sees(&w, 1, (char[MAC_TEXT]){ 0 }), 1);
	ck_assert_uint_eq(world_sees(&w, 2, (char[MAC_TEXT]){ 0 }), 1);
	/* Nobody can have all of it then. */
	world_do(&w, 422, "PATCH", "/profiles/bak/exclusives/tape",
	    "{\"extent\":\"card\"}");
	settled(&w, 202, "POST", "/profiles/two:release", "{}");
	settled(&w, 202, "PATCH", "/profiles/bak/exclusives/tape",
	    "{\"extent\":\"card\"}");
	ck_assert_uint_eq(world_sees(&w, 1, (char[MAC_TEXT]){ 0 }), 2);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

#define VNIC(name, rest) "{\"name\":\"" name "\",\"networks\":[\"prod\"]," \
	"\"placement\":{\"module\":\"io1\"" rest "}}"

/* A port of a card that is shared belongs to one server, in either way. */
START_TEST(a_port_has_one_user_when_that_is_wished)
{
	struct world w;
	char mac[MAC_TEXT];

	furnish(&w, 3);
	world_do(&w, 200, "DELETE", "/profiles/bak/exclusives/tape", NULL);
	world_do(&w, 201, "POST", "/profiles/bak/exclusives", "{\"name\":\"p\","
	    "\"placement\":{\"module\":\"io1\",\"port\":1}}");
	settled(&w, 202, "POST", "/profiles/bak:assign", "{\"slot\":1}");
	ck_assert_uint_eq(world_sees(&w, 1, mac), 1);
	ck_assert_str_eq(mac, "00:1B:21:00:00:10");	/* the card's own */

	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"two\"}");
	world_do(&w, 201, "POST", "/profiles/two/vnics", VNIC("a", ""));
	settled(&w, 202, "POST", "/profiles/two:assign", "{\"slot\":2}");
	ck_assert_str_eq(word(&w, "/profiles/two", "vnics/0/placed/function"),
	    "io1.2.vf0");
	world_do(&w, 422, "POST", "/profiles/two/vnics",
	    VNIC("b", ",\"port\":1"));
	world_do(&w, 422, "POST", "/profiles/bak/exclusives", "{\"name\":\"q\","
	    "\"placement\":{\"module\":\"io1\",\"port\":2}}");

	/* A vNIC that shares its port with nobody keeps others off. */
	settled(&w, 200, "PATCH", "/profiles/two/vnics/a",
	    "{\"placement\":{\"sharing\":\"exclusive\"}}");
	world_do(&w, 422, "POST", "/profiles/two/vnics", VNIC("b", ""));
	settled(&w, 202, "POST", "/profiles/bak:release", "{}");
	settled(&w, 202, "POST", "/profiles/two/vnics", VNIC("b", ""));
	ck_assert_str_eq(word(&w, "/profiles/two", "vnics/1/placed/function"),
	    "io1.1.vf0");
	/* Who wants a port alone leaves one that others are on. */
	settled(&w, 200, "PATCH", "/profiles/two/vnics/a",
	    "{\"placement\":{\"sharing\":\"any\"}}");
	settled(&w, 202, "POST", "/profiles/two/vnics",
	    VNIC("c", ",\"port\":1"));
	world_do(&w, 202, "PATCH", "/profiles/two/vnics/a",
	    "{\"placement\":{\"module\":\"io1\",\"port\":1}}");
	ck_assert(world_settle(&w, LONG_MS));
	settled(&w, 202, "PATCH", "/profiles/two/vnics/c",
	    "{\"placement\":{\"port\":null,\"sharing\":\"exclusive\"}}");
	ck_assert_str_eq(word(&w, "/profiles/two", "vnics/2/placed/port"),
	    "2");
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

/* ---- what may go wrong ---- */

/* Crashed before turn n of a move, for n = 1, 2, 3 … */
START_TEST(a_crash_at_any_turn_loses_nothing)
{
	struct world w;
	unsigned before;

	furnish(&w, 4);
	settled(&w, 202, "POST", "/profiles/bak:assign", "{\"slot\":1}");
	before = w.turns;
	w.crash_at = before + 1 + (unsigned)_i * 3;
	settled(&w, 202, "POST", "/profiles/bak:move", "{\"slot\":2}");
	world_pass(&w, 1500);
	ck_assert_uint_eq(world_sees(&w, 1, (char[MAC_TEXT]){ 0 }), 0);
	ck_assert_uint_eq(world_sees(&w, 2, (char[MAC_TEXT]){ 0 }), 2);
	ck_assert_uint_eq(bindings(&w), 2);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

static const char *const faults[] = {
	"bind error before", "bind error after", "bind timeout before",
	"bind timeout after", "bind late after", "unbind error before",
	"unbind error after", "scrub error before", "scrub error after",
	"scrub timeout after",
};

START_TEST(a_verb_fails_once)
{
	struct world w;
	const char *state;
	int64_t job;
	size_t one, two;

	furnish(&w, 5);
	settled(&w, 202, "POST", "/profiles/bak:assign", "{\"slot\":1}");
	support_chassis_do(&w.chassis, "fault %s", faults[_i]);
	job = settled(&w, 202, "POST", "/profiles/bak:move", "{\"slot\":2}");
	state = world_job_state(&w, job);
	ck_assert_msg(strcmp(state, "applied") == 0 ||
	    strcmp(state, "rolledBack") == 0, "%s: %s", faults[_i], state);
	world_pass(&w, 30000);
	ck_assert(world_settle(&w, LONG_MS));
	one = world_sees(&w, 1, (char[MAC_TEXT]){ 0 });
	two = world_sees(&w, 2, (char[MAC_TEXT]){ 0 });
	ck_assert_uint_eq(one, strcmp(state, "applied") == 0 ? 0 : 2);
	ck_assert_uint_eq(one + two, 2);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

/* What somebody else or the card's own end takes away comes back. */
START_TEST(what_is_lost_is_bound_again)
{
	static const char *const hands[] = { "unmap 1 0", "reset",
		"unmap 1 0;map io4.2.pf0 1 0", "pull bay 4;insert bay 4 "
		"LSI22320SLE TAPE1" };
	struct world w;
	char line[80];

	for (size_t i = 0; i < N_ROWS(hands); i++) {
		const char *at = hands[i];

		furnish(&w, 6);
		settled(&w, 202, "POST", "/profiles/bak:assign",
		    "{\"slot\":1}");
		for (; *at != '\0'; at += *at == ';') {
			size_t n = strcspn(at, ";");

			snprintf(line, sizeof(line), "%.*s", (int)n, at);
			support_chassis_do(&w.chassis, "%s", line);
			at += n;
			world_pass(&w, 50);
		}
		world_pass(&w, 40000);
		ck_assert(world_settle(&w, LONG_MS));
		ck_assert_msg(world_sees(&w, 1, (char[MAC_TEXT]){ 0 }) == 2,
		    "%s", hands[i]);
		ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
		world_free(&w);
	}
}
END_TEST

/* The same wish on a switch that went on binding needs no verb. */
START_TEST(a_card_is_found_after_the_store_was_lost)
{
	struct world w;

	furnish(&w, 8);
	settled(&w, 202, "POST", "/profiles/bak:assign", "{\"slot\":1}");
	world_lose_store(&w);
	world_pass(&w, 500);
	support_chassis_do(&w.chassis, "log clear");
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"bak\"}");
	world_do(&w, 201, "POST", "/profiles/bak/exclusives", CARD);
	settled(&w, 202, "POST", "/profiles/bak:assign", "{\"slot\":1}");
	world_pass(&w, 1500);
	ck_assert_uint_eq(support_chassis_logged(&w.chassis), 0);
	ck_assert_uint_eq(bindings(&w), 2);
	ck_assert_str_eq(word(&w, "/profiles/bak", "state"), "bound");
	settled(&w, 202, "POST", "/profiles/bak:release", "{}");
	ck_assert_uint_eq(world_sees(&w, 1, (char[MAC_TEXT]){ 0 }), 0);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

/* ---- when a server sees it ---- */

static const struct {
	const char *hotplug, *confirm;	/* its server; what it takes to apply */
	const char *activation, *then, *seen;
} sights[] = {
	{ "on 64 1024", "", "hot", "", "yes" },
	{ "off 64 1024", "", "rescan", "", "no" },
	{ "off 64 1024", "", "rescan", "rescan slot 1", "yes" },
	{ "on 0 0", "?confirm=SlotHotplugUnready", "reboot", "rescan slot 1",
	    "no" },
	{ "on 0 0", "?confirm=SlotHotplugUnready", "reboot",
	    "power slot 1 off;power slot 1 on", "yes" },
};

START_TEST(a_server_sees_it)
{
	struct world w;
	char path[80], line[40];
	const char *at = sights[_i].then;
	json_t *plan;

	furnish(&w, 7);
	support_chassis_do(&w.chassis, "hotplug slot 1 %s", sights[_i].hotplug);
	world_pass(&w, 1500);
	ck_assert_int_eq(world_ask(&w, "POST",
	    "/profiles/bak:assign?dryRun=true", "{\"slot\":1}", &plan), 200);
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(
	    json_object_get(plan, "disruption"), 0), "activation")),
	    sights[_i].activation);
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(
	    json_object_get(plan, "steps"), 0), "activation")),
	    sights[_i].activation);
	json_decref(plan);
	if (sights[_i].confirm[0] != '\0')
		world_do(&w, 409, "POST", "/profiles/bak:assign",
		    "{\"slot\":1}");
	snprintf(path, sizeof(path), "/profiles/bak:assign%s",
	    sights[_i].confirm);
	settled(&w, 202, "POST", path, "{\"slot\":1}");
	for (; *at != '\0'; at += *at == ';') {
		size_t n = strcspn(at, ";");

		snprintf(line, sizeof(line), "%.*s", (int)n, at);
		support_chassis_do(&w.chassis, "%s", line);
		at += n;
	}
	world_pass(&w, 2000);
	ck_assert_str_eq(word(&w, "/profiles/bak", "exclusives/0/osVisible"),
	    sights[_i].seen);
	ck_assert_str_eq(word(&w, "/slots/1", "devices/0/osVisible"),
	    sights[_i].seen);
	ck_assert_str_eq(word(&w, "/bindings", "items/1/osVisible"),
	    sights[_i].seen);
	ck_assert_str_eq(word(&w, "/profiles/bak", "exclusives/0/activation"),
	    strcmp(sights[_i].seen, "yes") == 0 ? "" : sights[_i].activation);
	ck_assert_uint_eq(world_sees(&w, 1, (char[MAC_TEXT]){ 0 }),
	    strcmp(sights[_i].seen, "yes") == 0 ? 2 : 0);
	ck_assert_str_eq(word(&w, "/faults", "items/0/code"),
	    strcmp(sights[_i].seen, "yes") == 0 ? "" : "OsNotVisible");
	world_free(&w);
}
END_TEST

SUITE("whole")
{
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, a_card_goes_to_a_server_and_to_another_and_back);
	tcase_add_test(tc, functions_of_a_card_go_apart);
	tcase_add_test(tc, a_port_has_one_user_when_that_is_wished);
	tcase_add_loop_test(tc, a_crash_at_any_turn_loses_nothing, 0, 24);
	tcase_add_loop_test(tc, a_verb_fails_once, 0, N_ROWS(faults));
	tcase_add_test(tc, what_is_lost_is_bound_again);
	tcase_add_test(tc, a_card_is_found_after_the_store_was_lost);
	tcase_add_loop_test(tc, a_server_sees_it, 0, N_ROWS(sights));
}
