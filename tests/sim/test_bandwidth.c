/*
 * test_bandwidth.c -- what a running job gave up on a port, and who has more of it
 * by asking for less.
 */
#include <stdio.h>

#include "tests/sim/world.h"
#include "tests/test.h"

enum { LONG_MS = 300000 };

static void
seat(struct world *w, const char *name, unsigned slot)
{
	char path[64], body[64];

	snprintf(body, sizeof(body), "{\"name\":\"%s\"}", name);
	world_do(w, 201, "POST", "/profiles", body);
	snprintf(path, sizeof(path), "/profiles/%s:assign", name);
	snprintf(body, sizeof(body), "{\"slot\":%u}", slot);
	world_do(w, 202, "POST", path, body);
	ck_assert(world_settle(w, LONG_MS));
}

/* All on one port. */
static void
give(struct world *w, const char *profile, const char *name, unsigned mbps,
    unsigned limit)
{
	char path[96], body[256];

	snprintf(path, sizeof(path), "/profiles/%s/vnics?confirm="
	    "QosGuaranteeUnsupported", profile);
	snprintf(body, sizeof(body), "{\"name\":\"%s\",\"networks\":[\"prod\"],"
	    "\"placement\":{\"module\":\"io1\",\"port\":1},"
	    "\"qos\":{\"guaranteeMbps\":%u,\"limitMbps\":%u}}", name, mbps,
	    limit);
	world_do(w, 202, "POST", path, body);
	ck_assert(world_settle(w, LONG_MS));
}

/* With a smaller guarantee h may send what g, which is being removed, may not
 * have back then. */
START_TEST(a_higher_limit_of_others_is_held)
{
	struct world w;
	char path[64];
	int64_t job;

	world_new(&w, 1);
	world_do(&w, 201, "POST", "/networks",
	    "{\"name\":\"prod\",\"vlan\":120}");
	seat(&w, "web", 1);
	seat(&w, "db", 2);
	give(&w, "web", "g", 0, 0);
	give(&w, "db", "h", 4000, 0);
	give(&w, "db", "k", 500, 600);
	support_chassis_do(&w.chassis, "delay unbind 3000");
	job = world_do(&w, 202, "DELETE", "/profiles/web/vnics/g", NULL);
	world_pass(&w, 200);
	world_do(&w, 409, "PATCH", "/profiles/db/vnics/h?confirm="
	    "QosGuaranteeUnsupported", "{\"qos\":{\"guaranteeMbps\":3000}}");
	snprintf(path, sizeof(path), "/jobs/%lld:cancel", (long long)job);
	world_do(&w, 202, "POST", path, "{}");
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "rolledBack");
	/* Nobody is in the way any more. */
	world_do(&w, 202, "PATCH", "/profiles/db/vnics/h?confirm="
	    "QosGuaranteeUnsupported", "{\"qos\":{\"guaranteeMbps\":3000}}");
	ck_assert(world_settle(&w, LONG_MS));
	world_free(&w);
}
END_TEST

SUITE("bandwidth")
{
	tcase_add_test(tc, a_higher_limit_of_others_is_held);
}
