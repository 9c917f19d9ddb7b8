/* test_fault_life.c -- a fault from its cause to its end, as people see it. */
#include <stdio.h>

#include "tests/sim/world.h"
#include "tests/test.h"

static struct world w;

static void
setup(void)
{
	world_new(&w, 11);
	world_do(&w, 201, "POST", "/networks", "{\"name\":\"prod\",\"vlan\":120}");
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"web\"}");
	world_do(&w, 201, "POST", "/profiles/web/vnics",
	    "{\"name\":\"net0\",\"networks\":[\"prod\"]}");
	world_do(&w, 202, "POST", "/profiles/web:assign", "{\"slot\":2}");
	ck_assert(world_settle(&w, 60000));
}

static void
teardown(void)
{
	world_free(&w);
}

/* A member of the only fault of slot 2; "" when there is none. */
static const char *
of_fault(const char *query, const char *member)
{
	static char text[80];
	json_t *list = world_get(&w, query), *item;
	size_t i;

	text[0] = '\0';
	json_array_foreach(json_object_get(list, "items"), i, item)
		if (strcmp(json_string_value(json_object_get(item, "code")),
		    "SlotLinkDown") == 0 &&
		    json_is_string(json_object_get(item, member)))
			(void)snprintf(text, sizeof(text), "%s",
			    json_string_value(json_object_get(item, member)));
	json_decref(list);
	return text;
}

static const char *
state(void)
{
	return of_fault("/faults?state=all", "state");
}

static const char *
health(const char *path)
{
	static char text[16];
	json_t *o = world_get(&w, path);

	(void)snprintf(text, sizeof(text), "%s",
	    json_string_value(json_object_get(o, "health")));
	json_decref(o);
	return text;
}

static unsigned
events(const char *action)
{
	json_t *list = world_get(&w, "/audit?limit=4096"), *item;
	unsigned n = 0;
	size_t i;

	json_array_foreach(json_object_get(list, "items"), i, item)
		n += strcmp(json_string_value(json_object_get(item,
		    "action")), action) == 0;
	json_decref(list);
	return n;
}

START_TEST(it_soaks_is_told_seen_and_cleared)
{
	char ack[96];

	ck_assert_str_eq(health("/appliance"), "ok");
	support_chassis_do(&w.chassis, "unplug slot 2");
	world_pass(&w, 3000);
	ck_assert_str_eq(state(), "soaking");
	ck_assert_str_eq(health("/slots/2"), "ok");
	ck_assert_uint_eq(events("fault:raised"), 0);
	world_pass(&w, 12000);
	ck_assert_str_eq(state(), "active");
	ck_assert_str_eq(health("/slots/2"), "warning");
	ck_assert_str_eq(health("/slots/3"), "ok");
	ck_assert_str_eq(health("/appliance"), "warning");
	ck_assert_uint_eq(events("fault:raised"), 1);

	(void)snprintf(ack, sizeof(ack), "/faults/%s:ack",
	    of_fault("/faults", "id"));
	world_do(&w, 200, "POST", ack, "");
	world_do(&w, 200, "POST", ack, "");
	world_pass(&w, 3000);
	ck_assert_str_eq(of_fault("/faults", "ackedBy"), "admin");
	ck_assert_uint_eq(events("fault:acked"), 1);

	/* A start tells nothing twice and forgets nothing. */
	world_crash(&w);
	world_pass(&w, 15000);
	ck_assert_str_eq(state(), "active");
	ck_assert_str_eq(of_fault("/faults", "ackedBy"), "admin");
	ck_assert_uint_eq(events("fault:raised"), 1);

	support_chassis_do(&w.chassis, "plug slot 2");
	world_pass(&w, 5000);
	ck_assert_str_eq(state(), "cleared");
	ck_assert_str_eq(of_fault("/faults", "code"), "");
	ck_assert_uint_eq(events("fault:cleared"), 1);
	ck_assert_str_eq(health("/appliance"), "ok");
	world_do(&w, 404, "POST", ack, "");
}
END_TEST

/* Cleared while nobody looked: told of after the start. */
START_TEST(what_ended_meanwhile_is_told_of)
{
	support_chassis_do(&w.chassis, "unplug slot 2");
	world_pass(&w, 15000);
	ck_assert_uint_eq(events("fault:raised"), 1);
	support_chassis_do(&w.chassis, "plug slot 2");
	world_crash(&w);
	world_pass(&w, 40000);
	ck_assert_str_eq(state(), "cleared");
	ck_assert_uint_eq(events("fault:cleared"), 1);
}
END_TEST

START_TEST(it_names_whom_it_touches)
{
	json_t *list, *f;

	support_chassis_do(&w.chassis, "speed bay 1 port 1 1000");
	world_pass(&w, 3000);
	list = world_get(&w, "/faults");
	f = json_array_get(json_object_get(list, "items"), 0);
	ck_assert_str_eq(json_string_value(json_object_get(f, "code")),
	    "PortSpeedReduced");
	ck_assert_int_eq(json_integer_value(json_array_get(
	    json_object_get(f, "slots"), 0)), 2);
	ck_assert_str_eq(json_string_value(json_array_get(
	    json_object_get(f, "profiles"), 0)), "web");
	json_decref(list);
}
END_TEST

SUITE("fault_life")
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, it_soaks_is_told_seen_and_cleared);
	tcase_add_test(tc, what_ended_meanwhile_is_told_of);
	tcase_add_test(tc, it_names_whom_it_touches);
}
