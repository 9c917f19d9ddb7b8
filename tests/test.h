/*
 * test.h -- what every unit test includes.
 *
 * One file per module, one row per case.  A test file ends with the list of its
 * tests, and SUITE() makes the main():
 *
 *	SUITE("ids")
 *	{
 *		tcase_add_test(tc, an_invalid_id_is_refused);
 *		tcase_add_loop_test(tc, a_row, 0, N_ROWS(rows));
 *	}
 *
 * Tests run from the top of the tree, each in a process of its own (Check
 * forks); CK_FORK=no keeps them in one, for a debugger.
 */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#define N_ROWS(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* Fails with the error's own words instead of "-1 != 0". */
#define ck_ok(call, e) \
	do { \
		if ((call) < 0) \
			ck_abort_msg("%s: %s: %s [%s %s]", #call, \
			    err_slug((e).code), (e).msg, (e).rule, \
			    (e).field); \
	} while (0)

/* Wants a failure with this code. */
#define ck_fails(call, e, want) \
	do { \
		(e) = (struct err){ 0 }; \
		ck_assert_int_lt((call), 0); \
		ck_assert_str_eq(err_slug((e).code), err_slug(want)); \
		ck_assert_str_ne((e).msg, ""); \
	} while (0)

/* Wants a failure with this code and broken rule. */
#define ck_breaks(call, e, want, rule_name) \
	do { \
		ck_fails(call, e, want); \
		ck_assert_str_eq((e).rule, rule_name); \
	} while (0)

#define SUITE(suite_name) \
	static void suite_fill(TCase *); \
	int \
	main(void) \
	{ \
		Suite *s = suite_create(suite_name); \
		TCase *tc = tcase_create(suite_name); \
		SRunner *r; \
		int failed; \
		tcase_set_timeout(tc, 60); \
		suite_fill(tc); \
		suite_add_tcase(s, tc); \
		r = srunner_create(s); \
		srunner_run_all(r, CK_ENV); \
		failed = srunner_ntests_failed(r); \
		srunner_free(r); \
		return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE; \
	} \
	static void \
	suite_fill(TCase *tc)

#endif
