/*
 * test_chassis_file.c -- chassis files: the good ones build, the bad are refused.
 */
#include "tests/test.h"

#include "tests/unit/support_box.h"

START_TEST(every_chassis_file_builds)
{
	static const struct {
		const char *name;
		uint32_t slots, fns;
	} rows[] = { { "vio-4001", 16, 520 + 9 }, { "lab-4", 4, 268 + 5 },
		{ "rack-64", 64, 4096 + 68 }, { "mixed-5", 5, 126 + 5 },
		{ "dc-1024", 1024, 15216 + 246 } };
	struct box x = box_open(rows[_i].name);
	uint32_t shape = box_get(&x, BOX_UP, MR_SHAPE0), fns = 0;
	uint8_t r[MR_PERSONALITY_BYTES];

	ck_assert_uint_eq(shape & 0xffff, rows[_i].slots);
	for (uint32_t i = 0; i < shape >> 16; i++) {
		box_row(&x, BOX_UP, MR_TABLE_BAY, i, r);
		fns += (uint32_t)box_num(r + MR_BAY_FNS, 2);
	}
	ck_assert_uint_eq(fns, rows[_i].fns);
	box_close(&x);
}
END_TEST

#define HEAD "\"format\":\"polyroot chassis 1\",\"name\":\"x\",\"model\":1"
static const struct {
	const char *text, *field;
} bad_files[] = {
	{ "{}", "/format" },
	{ "{\"format\":\"other\",\"name\":\"x\",\"model\":1}", "/format" },
	{ "{" HEAD "}", "slots" },
	{ "{" HEAD ",\"slots\":[]}", "slots" },
	{ "{" HEAD ",\"slots\":[1]}", "/slots/0" },
	{ "{" HEAD ",\"slots\":[{}]}", "bays" },
	{ "{" HEAD ",\"typo\":1,\"slots\":[{}],\"bays\":[{}]}", "/typo" },
	{ "{" HEAD ",\"bridges\":33,\"slots\":[{}],\"bays\":[{}]}", "/bridges" },
	{ "{" HEAD ",\"slots\":[{\"count\":1025}],\"bays\":[{}]}",
	    "/slots/0/count" },
	{ "{" HEAD ",\"slots\":[{\"count\":1024},{}],\"bays\":[{}]}",
	    "/slots/1" },
	{ "{" HEAD ",\"slots\":[{\"server\":{}}],\"bays\":[{}]}",
	    "/slots/0/serial" },
	{ "{" HEAD ",\"slots\":[{\"server\":{\"serial\":\"a b\"}}],"
	    "\"bays\":[{}]}", "/slots/0" },
	{ "{" HEAD ",\"slots\":[{\"server\":{\"serial\":\"a\",\"hotplug\":"
	    "{\"buses\":256}}}],\"bays\":[{}]}", "/slots/0/buses" },
	{ "{" HEAD ",\"slots\":[{\"server\":{\"serial\":\"a\",\"hotplug\":"
	    "{\"typo\":1}}}],\"bays\":[{}]}", "/slots/0/typo" },
	{ "{" HEAD ",\"slots\":[{}],\"bays\":[{\"count\":127}]}",
	    "/bays/0/count" },
	{ "{" HEAD ",\"slots\":[{}],\"bays\":[{\"card\":{\"model\":\"X\","
	    "\"serial\":\"1\"}}]}", "/bays/0" },
	{ "{" HEAD ",\"slots\":[{}],\"bays\":[{\"count\":2,\"card\":"
	    "{\"model\":\"QLE2562\",\"serial\":\"1\"}}]}", "/bays/0" },
	{ "{" HEAD ",\"slots\":[{}],\"bays\":[{\"card\":{\"model\":\"QLE2562\","
	    "\"serial\":\"1\",\"address\":\"12\"}}]}", "/bays/0" },
	{ "{" HEAD ",\"slots\":[{}],\"bays\":[{\"card\":{\"model\":\"9260-4i\","
	    "\"serial\":\"1\",\"drives\":{\"count\":0}}}]}", "/bays/0/count" },
};

START_TEST(a_bad_chassis_file_is_refused_with_its_place)
{
	const char *text = bad_files[_i].text;
	struct err e = { 0 };
	json_t *file;

	ck_ok(json_read(text, strlen(text), 4096, &file, &e), e);
	ck_assert_ptr_null(chassis_new(file, &e));
	ck_assert_int_eq(e.code, ERR_MALFORMED);
	ck_assert_str_eq(e.field, bad_files[_i].field);
	json_decref(file);
}
END_TEST

SUITE("chassis_file")
{
	tcase_add_loop_test(tc, every_chassis_file_builds, 0, 5);
	tcase_add_loop_test(tc, a_bad_chassis_file_is_refused_with_its_place, 0,
	    N_ROWS(bad_files));
}
