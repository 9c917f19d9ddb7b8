/* Times as RFC 3339 writes them, and nothing else. */
#include "base/clock.h"
#include "tests/test.h"

static const struct {
	int64_t ms;
	const char *text;
} written[] = {
	{ 0, "1970-01-01T00:00:00.000Z" },
	{ 1, "1970-01-01T00:00:00.001Z" },
	{ -1, "1969-12-31T23:59:59.999Z" },
	{ 1772366400123, "2026-03-01T12:00:00.123Z" },
	{ 951782400000, "2000-02-29T00:00:00.000Z" },
	{ 253402300799999, "9999-12-31T23:59:59.999Z" },
	{ INT64_MAX, "9999-12-31T23:59:59.999Z" },
	{ INT64_MIN, "0000-01-01T00:00:00.000Z" },
};

START_TEST(a_time_is_written)
{
	char text[TIME_TEXT];

	ck_assert_str_eq(time_text(written[_i].ms, text), written[_i].text);
}
END_TEST

static const struct {
	const char *text;
	int64_t ms;		/* -1: malformed */
} spelled[] = {
	{ "1970-01-01T00:00:00Z", 0 },
	{ "2026-03-01T12:00:00.123Z", 1772366400123 },
	{ "2026-03-01t12:00:00.123z", 1772366400123 },
	{ "2026-03-01T12:00:00.1239999999999999999999Z", 1772366400123 },
	{ "2026-03-01T12:00:00.1Z", 1772366400100 },
	{ "2026-03-01T14:00:00.123+02:00", 1772366400123 },
	{ "2026-03-01T06:30:00.123-05:30", 1772366400123 },
	{ "2026-03-01T12:00:00.123-00:00", 1772366400123 },
	{ "2000-02-29T00:00:00Z", 951782400000 },
	{ "2016-12-31T23:59:60Z", 1483228800000 },
	{ "9999-12-31T23:59:59.999Z", 253402300799999 },
	{ "", -1 },
	{ "now", -1 },
	{ "2026-03-01", -1 },
	{ "2026-03-01T12:00:00", -1 },
	{ "2026-03-01 12:00:00Z", -1 },
	{ "2026-03-01T12:00:00.Z", -1 },
	{ "2026-03-01T12:00Z", -1 },
	{ "2026-03-01T12:00:00ZZ", -1 },
	{ "2026-03-01T12:00:00+2:00", -1 },
	{ "2026-03-01T12:00:00+24:00", -1 },
	{ "2026-03-01T12:00:00+02", -1 },
	{ "2026-02-29T00:00:00Z", -1 },
	{ "2026-04-31T00:00:00Z", -1 },
	{ "2026-13-01T00:00:00Z", -1 },
	{ "2026-00-01T00:00:00Z", -1 },
	{ "2026-01-00T00:00:00Z", -1 },
	{ "2026-01-01T24:00:00Z", -1 },
	{ "2026-01-01T00:60:00Z", -1 },
	{ "2026-01-01T00:00:60Z", -1 },
	{ "1969-12-31T23:59:59Z", -1 },
	{ "1970-01-01T00:00:00+00:01", -1 },
	{ "26-01-01T00:00:00Z", -1 },
	{ " 2026-03-01T12:00:00Z", -1 },
	{ "+026-03-01T12:00:00Z", -1 },
};

START_TEST(a_time_is_read)
{
	ck_assert_msg(time_parse(spelled[_i].text) == spelled[_i].ms,
	    "%s: %lld", spelled[_i].text,
	    (long long)time_parse(spelled[_i].text));
}
END_TEST

START_TEST(what_is_written_is_read_back)
{
	char text[TIME_TEXT];

	/* A step that meets every hour, month and leap year on its way. */
	for (int64_t ms = 0; ms < 253402300799999; ms += 98765432101)
		ck_assert_int_eq(time_parse(time_text(ms, text)), ms);
}
END_TEST

START_TEST(every_cut_of_a_time_is_refused)
{
	char text[] = "2026-03-01T12:00:00.123+02:00";

	for (size_t n = strlen(text); n-- > 0; ) {
		text[n] = '\0';
		ck_assert_int_eq(time_parse(text), -1);
	}
}
END_TEST

START_TEST(the_clocks_go)
{
	int64_t a = clock_now_ms(), b = clock_now_ms();

	ck_assert_int_ge(b, a);
	/* 2020-01-01: the wall clock counts from 1970, in milliseconds. */
	ck_assert_int_gt(clock_wall_ms(), 1577836800000);
	ck_assert_int_lt(clock_wall_ms(), 253402300799999);
}
END_TEST

SUITE("clock")
{
	tcase_add_loop_test(tc, a_time_is_written, 0, N_ROWS(written));
	tcase_add_loop_test(tc, a_time_is_read, 0, N_ROWS(spelled));
	tcase_add_test(tc, what_is_written_is_read_back);
	tcase_add_test(tc, every_cut_of_a_time_is_refused);
	tcase_add_test(tc, the_clocks_go);
}
