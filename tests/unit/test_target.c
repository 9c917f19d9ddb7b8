/* test_target.c -- paths and query parts, decoded by ourselves. */
#include "tests/test.h"

#include "appliance/http/target.h"

static const struct {
	const char *raw, *want;		/* want NULL: refused */
} paths[] = {
	{ "/", "/" },
	{ "/api/v1/slots", "/api/v1/slots" },
	{ "/api/v1/slots/", "/api/v1/slots/" },
	{ "/a%20b", "/a b" },
	{ "/%41%62", "/Ab" },
	{ "/profiles/esx-01:assign", "/profiles/esx-01:assign" },
	{ "/profiles/esx-01%3Aassign", "/profiles/esx-01:assign" },
	{ "/%c3%a9", "/\xc3\xa9" },
	{ "/a+b", "/a+b" },
	{ "/...", "/..." },
	{ "", NULL },
	{ "*", NULL },
	{ "http://h/x", NULL },
	{ "//a", NULL },
	{ "/a//b", NULL },
	{ "/a%00b", NULL },
	{ "/a%2Fb", NULL },
	{ "/a%2fb", NULL },
	{ "/./a", NULL },
	{ "/a/..", NULL },
	{ "/%2e%2e/a", NULL },
	{ "/.%2E", NULL },
	{ "/a%", NULL },
	{ "/a%4", NULL },
	{ "/a%4/", NULL },
	{ "/a%zz", NULL },
	{ "/a%0ab", NULL },
	{ "/a%7f", NULL },
	{ "/%ff", NULL },
	{ "/%c0%af", NULL },
	{ "/%ed%a0%80", NULL },
	{ "/%f4%90%80%80", NULL },
	{ "/%e2%82", NULL },
};

START_TEST(a_path_is_decoded_or_refused)
{
	struct arena *a = arena_new();
	struct err e;
	char *out;

	if (paths[_i].want == NULL) {
		ck_fails(target_path(a, paths[_i].raw, &out, &e), e,
		    ERR_MALFORMED);
	} else {
		ck_ok(target_path(a, paths[_i].raw, &out, &e), e);
		ck_assert_str_eq(out, paths[_i].want);
	}
	arena_free(a);
}
END_TEST

START_TEST(a_path_may_be_so_long_and_no_longer)
{
	char raw[TARGET_MAX + 2];
	struct arena *a = arena_new();
	struct err e;
	char *out;

	memset(raw, 'a', sizeof(raw));
	raw[0] = '/';
	raw[TARGET_MAX + 1] = '\0';
	ck_fails(target_path(a, raw, &out, &e), e, ERR_MALFORMED);
	raw[TARGET_MAX] = '\0';
	ck_ok(target_path(a, raw, &out, &e), e);
	ck_assert_uint_eq(strlen(out), TARGET_MAX);
	arena_free(a);
}
END_TEST

static const struct {
	const char *raw, *want;
} values[] = {
	{ "", "" }, { "a%2Fb", "a/b" }, { "02%3A10", "02:10" },
	{ "..", ".." }, { "a%26b", "a&b" }, { "%2B", "+" },
	{ "%00", NULL }, { "%", NULL }, { "a%1Fb", NULL }, { "\xff", NULL },
};

START_TEST(a_value_is_decoded_or_refused)
{
	struct arena *a = arena_new();
	struct err e;
	char *out;

	if (values[_i].want == NULL) {
		ck_fails(target_value(a, values[_i].raw, &out, &e), e,
		    ERR_MALFORMED);
	} else {
		ck_ok(target_value(a, values[_i].raw, &out, &e), e);
		ck_assert_str_eq(out, values[_i].want);
	}
	arena_free(a);
}
END_TEST

SUITE("target")
{
	tcase_add_loop_test(tc, a_path_is_decoded_or_refused, 0,
	    N_ROWS(paths));
	tcase_add_test(tc, a_path_may_be_so_long_and_no_longer);
	tcase_add_loop_test(tc, a_value_is_decoded_or_refused, 0,
	    N_ROWS(values));
}
