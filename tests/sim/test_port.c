/*
 * test_port.c -- what is wanted of ports, and what links do to it.
 */
#include <stdio.h>

#include "tests/sim/world.h"
#include "tests/test.h"

enum { LONG_MS = 300000 };

/* The member of a port as the API shows it; the caller frees nothing. */
static const char *
port_word(struct world *w, const char *port, const char *member)
{
	static char text[40];
	char path[40];
	json_t *o;

	snprintf(path, sizeof(path), "/ports/%s", port);
	o = world_get(w, path);
	snprintf(text, sizeof(text), "%s",
	    json_string_value(json_object_get(o, member)));
	json_decref(o);
	return text;
}

static int64_t
set_port(struct world *w, int status, const char *body)
{
	int64_t job = world_do(w, status, "PATCH", "/ports/io1/1", body);

	ck_assert(world_settle(w, LONG_MS));
	return job;
}

START_TEST(a_mode_reaches_the_card_and_is_undone)
{
	struct world w;
	char path[64];
	int64_t job;

	world_new(&w, 1);
	ck_assert_str_eq(port_word(&w, "io1/1", "forwardingSeen"), "veb");
	job = set_port(&w, 202, "{\"forwardingMode\":\"isolated\"}");
	ck_assert_str_eq(world_job_state(&w, job), "applied");
	world_pass(&w, 2000);
	ck_assert_str_eq(port_word(&w, "io1/1", "forwardingSeen"), "isolated");
	ck_assert_str_eq(port_word(&w, "io1/2", "forwardingSeen"), "veb");

	support_chassis_do(&w.chassis, "log clear");
	world_do(&w, 200, "PATCH", "/ports/io1/2", "{\"reservePct\":10}");
	world_pass(&w, 2000);
	ck_assert_uint_eq(support_chassis_logged(&w.chassis), 0);

	snprintf(path, sizeof(path), "/jobs/%lld:undo", (long long)job);
	world_do(&w, 202, "POST", path, "{}");
	ck_assert(world_settle(&w, LONG_MS));
	world_pass(&w, 2000);
	ck_assert_str_eq(port_word(&w, "io1/1", "forwardingSeen"), "veb");
	ck_assert_str_eq(port_word(&w, "io1/1", "forwardingMode"), "veb");
	world_free(&w);
}
END_TEST

START_TEST(a_card_that_forgot_its_mode_is_told_again)
{
	struct world w;

	world_new(&w, 2);
	world_do(&w, 201, "POST", "/networks", "{\"name\":\"prod\",\"vlan\":12}");
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"web\"}");
	world_do(&w, 201, "POST", "/profiles/web/vnics", "{\"name\":\"a\","
	    "\"networks\":[\"prod\"],\"placement\":{\"module\":\"io1\","
	    "\"port\":1}}");
	world_do(&w, 202, "POST", "/profiles/web:assign", "{\"slot\":1}");
	ck_assert(world_settle(&w, LONG_MS));
	set_port(&w, 202, "{\"forwardingMode\":\"vepa\"}");
	support_chassis_do(&w.chassis, "reset");
	world_pass(&w, 30000);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(port_word(&w, "io1/1", "forwardingSeen"), "vepa");
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

/* ---- links ---- */

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

static int64_t
generation(struct world *w)
{
	json_t *o = world_get(w, "/appliance");
	int64_t n = json_integer_value(json_object_get(o, "generation"));

	json_decref(o);
	return n;
}

/* Two vNICs of one profile on io1/1: one limited, one guaranteed. */
static void
furnish(struct world *w)
{
	world_do(w, 201, "POST", "/networks", "{\"name\":\"prod\",\"vlan\":12}");
	world_do(w, 201, "POST", "/profiles", "{\"name\":\"web\"}");
	world_do(w, 201, "POST", "/profiles/web/vnics", "{\"name\":\"a\","
	    "\"networks\":[\"prod\"],\"qos\":{\"limitMbps\":500},"
	    "\"placement\":{\"module\":\"io1\",\"port\":1}}");
	world_do(w, 201, "POST", "/profiles/web/vnics", "{\"name\":\"b\","
	    "\"networks\":[\"prod\"],\"qos\":{\"limitMbps\":9000,"
	    "\"guaranteeMbps\":2000},\"placement\":{\"module\":\"io1\","
	    "\"port\":1}}");
	world_do(w, 202, "POST",
	    "/profiles/web:assign?confirm=QosGuaranteeUnsupported",
	    "{\"slot\":1}");
	ck_assert(world_settle(w, LONG_MS));
}

/* Sum of the limits that the server's functions have. */
static int64_t
limits_at(struct world *w, unsigned slot)
{
	json_t *o = support_chassis_ctl(&w->chassis, "server %u", slot), *fn;
	int64_t sum = 0;
	size_t i;

	json_array_foreach(json_object_get(o, "functions"), i, fn) {
		sum += json_integer_value(json_object_get(fn, "limitMbps"));
	}
	json_decref(o);
	return sum;
}

START_TEST(a_slower_link_is_told_and_changes_nothing)
{
	struct world w;
	int64_t before;

	world_new(&w, 3);
	furnish(&w);
	world_pass(&w, 2000);
	ck_assert(!has_fault(&w, "QosOversubscribed"));
	ck_assert(!has_fault(&w, "PortSpeedReduced"));
	ck_assert_int_eq(limits_at(&w, 1), 9500);
	before = generation(&w);

	support_chassis_do(&w.chassis, "speed bay 1 port 1 1000");
	world_pass(&w, 10000);
	ck_assert(has_fault(&w, "QosOversubscribed"));
	ck_assert(has_fault(&w, "PortSpeedReduced"));
	ck_assert(!has_fault(&w, "QosLost"));
	ck_assert_int_eq(generation(&w), before);
	/* The card forgot its limits; they are set again. */
	ck_assert_int_eq(limits_at(&w, 1), 9500);

	support_chassis_do(&w.chassis, "speed bay 1 port 1 0");
	world_pass(&w, 3000);
	ck_assert(has_fault(&w, "PortLinkDown"));
	ck_assert(!has_fault(&w, "PortSpeedReduced"));

	support_chassis_do(&w.chassis, "speed bay 1 port 1 10000");
	world_pass(&w, 15000);
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert(!has_fault(&w, "QosOversubscribed"));
	ck_assert(!has_fault(&w, "PortLinkDown"));
	ck_assert_int_eq(limits_at(&w, 1), 9500);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

/* While the switch refuses to set them, a fault names the slot. */
START_TEST(rates_that_stay_lost_are_a_fault)
{
	struct world w;

	world_new(&w, 4);
	furnish(&w);
	support_chassis_do(&w.chassis, "fault prepare error before 1000");
	support_chassis_do(&w.chassis, "set io1.1.vf0 limit 0");
	world_pass(&w, 10000);
	ck_assert(has_fault(&w, "QosLost"));
	support_chassis_do(&w.chassis, "fault prepare none");
	world_pass(&w, 600000);
	ck_assert(world_settle(&w, LONG_MS));
	world_pass(&w, 2000);
	ck_assert(!has_fault(&w, "QosLost"));
	ck_assert_int_eq(limits_at(&w, 1), 9500);
	world_free(&w);
}
END_TEST

START_TEST(a_port_that_may_be_oversubscribed_is_no_fault)
{
	struct world w;

	world_new(&w, 5);
	furnish(&w);
	set_port(&w, 200, "{\"oversubscribe\":\"allow\"}");
	support_chassis_do(&w.chassis, "speed bay 1 port 1 1000");
	world_pass(&w, 5000);
	ck_assert(!has_fault(&w, "QosOversubscribed"));
	ck_assert(has_fault(&w, "PortSpeedReduced"));
	world_free(&w);
}
END_TEST

/* The plan of one profile sets the limit of another server's function. */
START_TEST(a_guarantee_limits_the_others_on_the_card)
{
	struct world w;

	world_new(&w, 6);
	furnish(&w);
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"db\"}");
	world_do(&w, 201, "POST", "/profiles/db/vnics", "{\"name\":\"c\","
	    "\"networks\":[\"prod\"],\"placement\":{\"module\":\"io1\","
	    "\"port\":1}}");
	world_do(&w, 202, "PATCH", "/profiles/web/vnics/b",
	    "{\"qos\":{\"limitMbps\":0}}");
	ck_assert(world_settle(&w, LONG_MS));
	world_do(&w, 202, "POST", "/profiles/db:assign", "{\"slot\":2}");
	ck_assert(world_settle(&w, LONG_MS));
	/* 10000 less the 2000 of b and the 500 of a. */
	ck_assert_int_eq(limits_at(&w, 2), 7500);
	ck_assert_int_eq(limits_at(&w, 1), 500);
	/* Less of the port is given away: the others may take less. */
	set_port(&w, 202, "{\"reservePct\":20}");
	ck_assert_int_eq(limits_at(&w, 2), 5500);
	set_port(&w, 202, "{\"reservePct\":0}");
	ck_assert_int_eq(limits_at(&w, 2), 7500);
	world_do(&w, 202, "PATCH", "/profiles/web/vnics/b",
	    "{\"qos\":{\"guaranteeMbps\":0}}");
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_int_eq(limits_at(&w, 2), 0);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

/* ---- servers that run ---- */

static const char *
said_of_release(struct world *w, const char *code)
{
	static char text[256];
	json_t *plan, *item;
	size_t i;

	text[0] = '\0';
	ck_assert_int_eq(world_ask(w, "POST",
	    "/profiles/web:release?dryRun=true", "{}", &plan), 200);
	json_array_foreach(json_object_get(plan, "checks"), i, item) {
		if (strcmp(json_string_value(json_object_get(item, "code")),
		    code) == 0)
			snprintf(text, sizeof(text), "%s",
			    json_string_value(json_object_get(item,
			    "detail")));
	}
	json_decref(plan);
	return text;
}

START_TEST(a_running_server_is_spoken_of)
{
	struct world w;

	world_new(&w, 7);
	furnish(&w);
	world_do(&w, 202, "POST", "/profiles/web/vdas", "{\"name\":\"das0\","
	    "\"virtualDisks\":[{\"name\":\"d\",\"raid\":\"RAID1\","
	    "\"capacityMiB\":1024}]}");
	ck_assert(world_settle(&w, LONG_MS));
	world_pass(&w, 2000);
	ck_assert_ptr_nonnull(strstr(said_of_release(&w, "ServerRunning"),
	    "the server at slot 1 runs; it is asked to give up 3 devices "
	    "(das0 with its disks), and loses them after"));
	support_chassis_do(&w.chassis, "power slot 1 off");
	world_pass(&w, 2000);
	ck_assert_str_eq(said_of_release(&w, "ServerRunning"), "");
	world_free(&w);
}
END_TEST

START_TEST(another_server_than_the_bound_one_is_a_fault)
{
	struct world w;

	world_new(&w, 8);
	furnish(&w);
	world_do(&w, 200, "PATCH", "/profiles/web",
	    "{\"affinity\":\"slot-and-server\"}");
	world_pass(&w, 2000);
	ck_assert(!has_fault(&w, "SlotServerChanged"));
	support_chassis_do(&w.chassis, "unplug slot 1");
	world_pass(&w, 2000);
	support_chassis_do(&w.chassis, "plug slot 1 OTHER");
	world_pass(&w, 5000);
	ck_assert(has_fault(&w, "SlotServerChanged"));
	support_chassis_do(&w.chassis, "unplug slot 1");
	world_pass(&w, 2000);
	support_chassis_do(&w.chassis, "plug slot 1 SRV-1");
	world_pass(&w, 5000);
	ck_assert(!has_fault(&w, "SlotServerChanged"));
	world_free(&w);
}
END_TEST

START_TEST(a_port_that_is_not_there_guarantees_nothing_more)
{
	struct world w;

	world_new(&w, 11);
	furnish(&w);
	support_chassis_do(&w.chassis, "pull bay 1");
	world_pass(&w, 15000);
	world_do(&w, 422, "PATCH",
	    "/profiles/web/vnics/a?confirm=QosGuaranteeUnsupported",
	    "{\"qos\":{\"guaranteeMbps\":500}}");
	support_chassis_do(&w.chassis, "insert bay 1 X520-SR2 N1");
	world_pass(&w, 15000);
	ck_assert(world_settle(&w, LONG_MS));
	world_do(&w, 200, "PATCH",
	    "/profiles/web/vnics/a?confirm=QosGuaranteeUnsupported",
	    "{\"qos\":{\"guaranteeMbps\":500}}");
	ck_assert(world_settle(&w, LONG_MS));
	world_free(&w);
}
END_TEST

SUITE("port")
{
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, a_mode_reaches_the_card_and_is_undone);
	tcase_add_test(tc, a_card_that_forgot_its_mode_is_told_again);
	tcase_add_test(tc, a_slower_link_is_told_and_changes_nothing);
	tcase_add_test(tc, rates_that_stay_lost_are_a_fault);
	tcase_add_test(tc, a_guarantee_limits_the_others_on_the_card);
	tcase_add_test(tc, another_server_than_the_bound_one_is_a_fault);
	tcase_add_test(tc, a_running_server_is_spoken_of);
	tcase_add_test(tc, a_port_that_may_be_oversubscribed_is_no_fault);
	tcase_add_test(tc, a_port_that_is_not_there_guarantees_nothing_more);
}
