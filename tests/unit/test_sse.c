/* test_sse.c -- where a stream begins.  The stream itself: tests/api. */
#include "tests/test.h"

#include "appliance/http/sse.h"

static const struct {
	const char *header, *query;
	int64_t after;
	bool bad;
} rows[] = {
	{ NULL, NULL, -1, false },
	{ "0", NULL, 0, false },
	{ "1042", NULL, 1042, false },
	{ NULL, "7", 7, false },
	{ "9", "7", 9, false },		/* a browser that comes back knows more */
	{ "", NULL, -1, true },
	{ "x", NULL, -1, true },
	{ "-1", NULL, -1, true },
	{ "1.5", NULL, -1, true },
	{ "99999999999999999999", NULL, -1, true },
	{ NULL, "1 ", -1, true },
};

START_TEST(a_number_is_taken_or_leads_to_a_reset)
{
	struct sse_from from = sse_resume(rows[_i].header, rows[_i].query);

	ck_assert_int_eq(from.after, rows[_i].after);
	ck_assert_int_eq(from.bad, rows[_i].bad);
}
END_TEST

SUITE("sse")
{
	tcase_add_loop_test(tc, a_number_is_taken_or_leads_to_a_reset, 0,
	    N_ROWS(rows));
}
