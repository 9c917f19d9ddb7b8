/* Every code has a complete row; a message keeps its order and its bounds. */
#include "tests/test.h"

START_TEST(a_code_has_a_complete_row)
{
	enum err_code code = (enum err_code)_i;

	ck_assert_str_ne(err_slug(code), "");
	ck_assert_str_ne(err_words(code), "");
	ck_assert_int_ge(err_http(code), 200);
	ck_assert_int_le(err_http(code), 599);
	/* 0 to 3 are answers of the CLI, errors of calls begin at 10. */
	if (code == ERR_NONE)
		ck_assert_int_eq(err_exit(code), 0);
	else if (code == ERR_RULES)
		ck_assert_int_eq(err_exit(code), 3);
	else
		ck_assert_int_ge(err_exit(code), 10);
}
END_TEST

START_TEST(a_code_is_told_from_the_others)
{
	for (int other = 0; other < ERR_N_CODES; other++) {
		if (other == _i)
			continue;
		ck_assert_str_ne(err_slug((enum err_code)_i),
		    err_slug((enum err_code)other));
		ck_assert_int_ne(err_exit((enum err_code)_i),
		    err_exit((enum err_code)other));
	}
}
END_TEST

START_TEST(set_fills_and_forgets_what_was)
{
	struct err e;

	ck_assert_int_eq(err_rule(&e, ERR_RULES, "VlanRange", "/vlan",
	    "VLAN %d", 4095), -1);
	ck_assert_str_eq(e.rule, "VlanRange");
	ck_assert_str_eq(e.field, "/vlan");
	ck_assert_str_eq(e.msg, "VLAN 4095");
	ck_assert_int_eq(err_set(&e, ERR_DEVICE, "slot %d", 3), -1);
	ck_assert_int_eq(e.code, ERR_DEVICE);
	ck_assert_str_eq(e.rule, "");
	ck_assert_str_eq(e.field, "");
	ck_assert_str_eq(e.msg, "slot 3");
}
END_TEST

START_TEST(a_rule_and_a_place_may_be_absent)
{
	struct err e;

	ck_assert_int_eq(err_rule(&e, ERR_RULES, NULL, NULL, "x"), -1);
	ck_assert_str_eq(e.rule, "");
	ck_assert_str_eq(e.field, "");
}
END_TEST

START_TEST(wrap_puts_the_outermost_first_and_keeps_the_rest)
{
	struct err e;

	(void)err_rule(&e, ERR_DEVICE, "R", "/f", "no answer");
	ck_assert_int_eq(err_wrap(&e, "slot %d", 3), -1);
	ck_assert_int_eq(err_wrap(&e, "binding"), -1);
	ck_assert_str_eq(e.msg, "binding: slot 3: no answer");
	ck_assert_int_eq(e.code, ERR_DEVICE);
	ck_assert_str_eq(e.rule, "R");
	ck_assert_str_eq(e.field, "/f");
}
END_TEST

START_TEST(what_is_too_long_is_cut_at_its_end)
{
	char text[1000];
	struct err e;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	(void)err_rule(&e, ERR_RULES, text, text, "%s", text);
	ck_assert_uint_eq(strlen(e.rule), sizeof(e.rule) - 1);
	ck_assert_uint_eq(strlen(e.field), sizeof(e.field) - 1);
	ck_assert_uint_eq(strlen(e.msg), sizeof(e.msg) - 1);
	(void)err_wrap(&e, "context");
	ck_assert_uint_eq(strlen(e.msg), sizeof(e.msg) - 1);
	ck_assert_int_eq(strncmp(e.msg, "context: xxx", 12), 0);
}
END_TEST

START_TEST(an_error_may_be_made_of_itself)
{
	struct err e;

	(void)err_rule(&e, ERR_RULES, "Rule", "/a", "inner");
	(void)err_rule(&e, ERR_CONFLICT, e.rule, e.field, "outer %s", e.msg);
	ck_assert_str_eq(e.rule, "Rule");
	ck_assert_str_eq(e.field, "/a");
	ck_assert_str_eq(e.msg, "outer inner");
}
END_TEST

SUITE("err")
{
	tcase_add_loop_test(tc, a_code_has_a_complete_row, 0, ERR_N_CODES);
	tcase_add_loop_test(tc, a_code_is_told_from_the_others, 0,
	    ERR_N_CODES);
	tcase_add_test(tc, set_fills_and_forgets_what_was);
	tcase_add_test(tc, a_rule_and_a_place_may_be_absent);
	tcase_add_test(tc, wrap_puts_the_outermost_first_and_keeps_the_rest);
	tcase_add_test(tc, what_is_too_long_is_cut_at_its_end);
	tcase_add_test(tc, an_error_may_be_made_of_itself);
}
