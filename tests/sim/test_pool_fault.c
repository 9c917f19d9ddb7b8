/* test_pool_fault.c -- a pool that runs out is said before it has. */
#include <stdio.h>

#include "tests/sim/world.h"
#include "tests/test.h"

static const char *
fault_of(struct world *w, const char *pool)
{
	static char code[40];
	json_t *list = world_get(w, "/faults"), *item;
	size_t i;

	code[0] = '\0';
	json_array_foreach(json_object_get(list, "items"), i, item)
		if (strncmp(json_string_value(json_object_get(item, "code")),
		    "Pool", 4) == 0 && strstr(json_string_value(
		    json_object_get(item, "text")), pool) != NULL)
			(void)snprintf(code, sizeof(code), "%s",
			    json_string_value(json_object_get(item, "code")));
	json_decref(list);
	return code;
}

/* How many of twenty are given, and what is said then. */
static const struct {
	int given;
	const char *code;
} steps[] = {
	{ 15, "" }, { 16, "PoolLow" }, { 18, "PoolLow" },
	{ 19, "PoolExhausted" }, { 20, "PoolExhausted" },
};

START_TEST(it_is_said_at_80_and_95_percent)
{
	char body[160];
	struct world w;
	int given = 0;

	world_new(&w, 3);
	world_do(&w, 201, "POST", "/networks", "{\"name\":\"prod\",\"vlan\":120}");
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"web\"}");
	world_do(&w, 201, "POST", "/pools", "{\"name\":\"lab\",\"type\":\"mac\","
	    "\"quarantine\":\"PT1H\",\"blocks\":[{\"from\":\"02AA00000000\","
	    "\"to\":\"02AA00000013\"}]}");
	for (size_t i = 0; i < N_ROWS(steps); i++) {
		for (; given < steps[i].given; given++) {
			(void)snprintf(body, sizeof(body), "{\"name\":\"v%d\","
			    "\"networks\":[\"prod\"],\"macPool\":\"lab\"}",
			    given);
			world_do(&w, 201, "POST", "/profiles/web/vnics", body);
		}
		world_pass(&w, 7000);
		ck_assert_str_eq(fault_of(&w, "lab"), steps[i].code);
	}
	/* More addresses: it ends. */
	world_do(&w, 200, "PATCH", "/pools/lab", "{\"blocks\":[{\"from\":"
	    "\"02AA00000000\",\"to\":\"02AA0000003F\"}]}");
	world_pass(&w, 7000);
	ck_assert_str_eq(fault_of(&w, "lab"), "");
	world_free(&w);
}
END_TEST

SUITE("pool_fault")
{
	tcase_add_test(tc, it_is_said_at_80_and_95_percent);
}
