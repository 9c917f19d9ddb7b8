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

SUITE("port")
{
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, a_mode_reaches_the_card_and_is_undone);
	tcase_add_test(tc, a_card_that_forgot_its_mode_is_told_again);
}
