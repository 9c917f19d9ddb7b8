/* test_file.c -- small files, whole or not at all. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/test.h"
#include "tests/unit/support_scratch.h"

static struct err e;

static const char *
held(const char *path)
{
	static char text[64];
	struct buf b = buf_new(sizeof(text) - 1);

	ck_ok(file_get(path, &b, &e), e);
	(void)snprintf(text, sizeof(text), "%s", b.len > 0 ? b.data : "");
	buf_free(&b);
	return text;
}

START_TEST(what_was_put_is_there_for_its_owner)
{
	struct stat st;

	ck_ok(file_put("f", "one", 3, &e), e);
	ck_assert_str_eq(held("f"), "one");
	ck_ok(file_put("f", "", 0, &e), e);
	ck_assert_str_eq(held("f"), "");
	ck_ok(file_put("./f", "three\nlines\n", 12, &e), e);
	ck_assert_int_eq(stat("f", &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	ck_assert_int_ne(access("f.new", F_OK), 0);
	ck_ok(file_move("f", "g", &e), e);
	ck_assert_str_eq(held("g"), "three\nlines\n");
	ck_assert_int_ne(access("f", F_OK), 0);
}
END_TEST

START_TEST(what_cannot_be_is_told_and_leaves_the_old_one)
{
	struct buf b = buf_new(4);

	ck_fails(file_put("no/such/f", "x", 1, &e), e, ERR_NOT_FOUND);
	ck_fails(file_get("f", &b, &e), e, ERR_NOT_FOUND);
	ck_fails(file_move("f", "g", &e), e, ERR_NOT_FOUND);
	ck_ok(file_put("f", "12345", 5, &e), e);
	ck_fails(file_get("f", &b, &e), e, ERR_TOO_LARGE);
	/* A directory is in its way. */
	ck_ok(file_dir("d", &e), e);
	ck_ok(file_dir("d", &e), e);
	ck_fails(file_put("d", "x", 1, &e), e, ERR_UNAVAILABLE);
	buf_free(&b);
}
END_TEST

static const struct {
	const char *text, *line;	/* NULL: refused */
} lines[] = {
	{ "secret\n", "secret" }, { "secret", "secret" },
	{ "secret\r\nmore", "secret" }, { " a b ", " a b " },
	{ "", NULL }, { "\nsecret\n", NULL },
};

START_TEST(a_line_ends_where_it_ends)
{
	struct buf b = buf_new(64);

	ck_ok(file_put("f", lines[_i].text, strlen(lines[_i].text), &e), e);
	if (lines[_i].line == NULL) {
		ck_fails(file_line("f", &b, &e), e, ERR_MALFORMED);
	} else {
		ck_ok(file_line("f", &b, &e), e);
		ck_assert_str_eq(b.data, lines[_i].line);
	}
	buf_free(&b);
}
END_TEST

SUITE("file")
{
	tcase_add_checked_fixture(tc, support_scratch_enter,
	    support_scratch_leave);
	tcase_add_test(tc, what_was_put_is_there_for_its_owner);
	tcase_add_test(tc, what_cannot_be_is_told_and_leaves_the_old_one);
	tcase_add_loop_test(tc, a_line_ends_where_it_ends, 0,
	    sizeof(lines) / sizeof(lines[0]));
}
