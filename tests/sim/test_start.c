/*
 * test_start.c -- with start=ask nothing is bound by itself after a power cut:
 * another appliance may have taken over meanwhile.
 */
#include "tests/sim/world.h"
#include "tests/test.h"

enum { LONG_MS = 300000, OFFSETS = 24, OFFSET_MS = 10 };

/* The power goes at any moment between two looks at the setting. */
START_TEST(nothing_is_bound_after_a_power_cut_until_somebody_says_so)
{
	struct world w;
	char mac[MAC_TEXT];

	world_new(&w, 1);
	world_do(&w, 200, "PATCH", "/settings",
	    "{\"appliance\":{\"start\":\"ask\"}}");
	world_do(&w, 201, "POST", "/networks",
	    "{\"name\":\"prod\",\"vlan\":120}");
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"web\"}");
	world_do(&w, 201, "POST", "/profiles/web/vnics",
	    "{\"name\":\"n0\",\"networks\":[\"prod\"]}");
	world_do(&w, 202, "POST", "/profiles/web:assign", "{\"slot\":1}");
	ck_assert(world_settle(&w, LONG_MS));
	world_pass(&w, 1000 + _i * OFFSET_MS);
	support_chassis_do(&w.chassis, "reset");
	for (int i = 0; i < 60; i++) {
		world_pass(&w, 500);
		ck_assert_uint_eq(world_sees(&w, 1, mac), 0);
	}
	world_do(&w, 200, "POST", "/appliance:resume", "{}");
	world_pass(&w, 30000);
	ck_assert_uint_eq(world_sees(&w, 1, mac), 1);
	world_free(&w);
}
END_TEST

SUITE("start")
{
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc,
	    nothing_is_bound_after_a_power_cut_until_somebody_says_so, 0,
	    OFFSETS);
}
