/* A buffer holds exactly what fits under its ceiling, and says when it did
 * not. */
#include <stdio.h>

#include "base/buf.h"
#include "tests/test.h"

START_TEST(every_ceiling_is_exact)
{
	size_t max = (size_t)_i;
	struct buf b = buf_new(max);

	for (size_t n = 0; n < max; n++)
		buf_put(&b, "x", 1);
	ck_assert_uint_eq(b.len, max);
	ck_assert(!b.full);
	buf_put(&b, "y", 1);
	ck_assert(b.full);
	ck_assert_uint_eq(b.len, max);
	if (max > 0)
		ck_assert_uint_eq(strlen(b.data), max);
	buf_free(&b);
}
END_TEST

START_TEST(what_does_not_fit_is_left_out_whole)
{
	struct buf b = buf_new(5);

	buf_str(&b, "abc");
	buf_str(&b, "def");
	ck_assert(b.full);
	ck_assert_str_eq(b.data, "abc");
	buf_str(&b, "d");		/* once full, full */
	ck_assert_str_eq(b.data, "abc");
	buf_clear(&b);
	ck_assert(!b.full);
	buf_printf(&b, "%d", 12345);
	ck_assert_str_eq(b.data, "12345");
	ck_assert(!b.full);
	buf_printf(&b, "%d", 6);
	ck_assert(b.full);
	ck_assert_str_eq(b.data, "12345");
	buf_free(&b);
}
END_TEST

START_TEST(bytes_may_be_anything)
{
	struct buf b = buf_new(100);

	buf_put(&b, "a\0b", 3);
	buf_put(&b, "", 0);
	ck_assert_uint_eq(b.len, 3);
	ck_assert_mem_eq(b.data, "a\0b\0", 4);
	buf_free(&b);
}
END_TEST

START_TEST(take_hands_over_and_leaves_it_empty)
{
	struct buf b = buf_new(100);
	size_t len = 99;
	char *data;

	ck_assert_ptr_null(buf_take(&b, &len));
	ck_assert_uint_eq(len, 0);
	buf_str(&b, "abc");
	data = buf_take(&b, &len);
	ck_assert_str_eq(data, "abc");
	ck_assert_uint_eq(len, 3);
	ck_assert_uint_eq(b.len, 0);
	buf_str(&b, "next");
	ck_assert_str_eq(b.data, "next");
	ck_assert_str_eq(data, "abc");
	free(data);
	buf_clear(&b);
	ck_assert_ptr_null(buf_take(&b, NULL));
	buf_free(&b);
}
END_TEST

START_TEST(it_grows)
{
	struct buf b = buf_new(1000000);
	char number[16];

	for (int i = 0; i < 50000; i++)
		buf_printf(&b, "%05d\n", i);
	ck_assert_uint_eq(b.len, 300000);
	for (int i = 0; i < 50000; i++) {
		(void)snprintf(number, sizeof(number), "%05d\n", i);
		ck_assert_mem_eq(b.data + (size_t)i * 6, number, 6);
	}
	buf_free(&b);
}
END_TEST

SUITE("buf")
{
	tcase_add_loop_test(tc, every_ceiling_is_exact, 0, 200);
	tcase_add_test(tc, what_does_not_fit_is_left_out_whole);
	tcase_add_test(tc, bytes_may_be_anything);
	tcase_add_test(tc, take_hands_over_and_leaves_it_empty);
	tcase_add_test(tc, it_grows);
}
