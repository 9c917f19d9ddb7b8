/* test_capability.c -- the files that ship, and files that lie. */
#include <stdio.h>
#include <unistd.h>

#include "appliance/engine/capability.h"
#include "tests/test.h"

START_TEST(the_cards_that_ship_are_known)
{
	struct capabilities caps;
	const struct capability *c;
	struct err e;

	ck_ok(capabilities_load("capabilities", &caps, &e), e);
	c = capability_find(&caps, 0x8086, 0x10fb);
	ck_assert(c != NULL);
	ck_assert_str_eq(c->model, "X520-SR2");
	ck_assert_int_eq(c->class, CLASS_ETHERNET);
	ck_assert_uint_eq(c->max_functions, 63);
	ck_assert_uint_eq(c->rate_min, 11);
	ck_assert_uint_eq(c->rate_max, 10000);
	ck_assert_int_eq(c->guarantee, GUARANTEE_ADMISSION);
	ck_assert(c->mtu_per_port);
	c = capability_find(&caps, 0x1077, 0x2532);
	ck_assert(c != NULL && c->class == CLASS_FC);
	ck_assert_uint_eq(c->speed_mbps, 8000);
	c = capability_find(&caps, 0x1077, 0x2432);
	ck_assert(c != NULL && c->class == CLASS_FC);
	ck_assert_str_eq(c->model, "QLE2462");
	ck_assert_uint_eq(c->speed_mbps, 4000);
	ck_assert_uint_eq(c->ports, 2);
	c = capability_find(&caps, 0x1000, 0x0079);
	ck_assert(c != NULL && c->class == CLASS_RAID);
	ck_assert_uint_eq(c->max_disks, 64);
	ck_assert_uint_ge(c->n_raid, 6);
	ck_assert(capability_find(&caps, 1, 2) == NULL);
	capabilities_free(&caps);
}
END_TEST

#define GOOD "\"match\":{\"vendor\":\"8086\",\"device\":\"10fb\"}," \
	"\"model\":\"m\",\"class\":\"ethernet\",\"guarantee\":\"hw\""

static const struct row {
	const char *file;
	bool good;
} rows[] = {
	{ "{" GOOD "}", true },
	{ "{" GOOD ",\"mtu\":{\"min\":1,\"max\":2}}", true },
	{ "{\"model\":\"m\"}", false },
	{ "{\"match\":{\"vendor\":\"80\",\"device\":\"10fb\"},\"model\":\"m\","
	    "\"class\":\"ethernet\",\"guarantee\":\"hw\"}", false },
	{ "{\"match\":{\"vendor\":\"8086\",\"device\":\"10fx\"},"
	    "\"model\":\"m\",\"class\":\"ethernet\",\"guarantee\":\"hw\"}",
	    false },
	{ "{" GOOD ",\"maxFunctions\":-1}", false },
	{ "{" GOOD ",\"raid\":[{},{},{},{},{},{},{},{},{}]}", false },
	{ "[]", false },
	{ "{", false },
};

START_TEST(a_row)
{
	char dir[] = "/tmp/capabilityXXXXXX", path[64];
	struct capabilities caps;
	struct err e;
	FILE *f;

	ck_assert(mkdtemp(dir) != NULL);
	snprintf(path, sizeof(path), "%s/x.json", dir);
	f = fopen(path, "w");
	ck_assert(f != NULL);
	fputs(rows[_i].file, f);
	fclose(f);
	if (rows[_i].good) {
		ck_ok(capabilities_load(dir, &caps, &e), e);
		ck_assert_uint_eq(caps.n, 1);
		capabilities_free(&caps);
	} else {
		ck_fails(capabilities_load(dir, &caps, &e), e, ERR_MALFORMED);
		ck_assert(strstr(e.msg, "x.json") != NULL);
	}
	unlink(path);
	rmdir(dir);
}
END_TEST

START_TEST(no_directory_is_said)
{
	struct capabilities caps;
	struct err e;

	ck_fails(capabilities_load("/nonexistent", &caps, &e), e,
	    ERR_UNAVAILABLE);
}
END_TEST

SUITE("capability")
{
	tcase_add_test(tc, the_cards_that_ship_are_known);
	tcase_add_loop_test(tc, a_row, 0, N_ROWS(rows));
	tcase_add_test(tc, no_directory_is_said);
}
