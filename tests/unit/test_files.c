/* test_files.c -- which embedded file answers a path. */
#include "tests/test.h"

#include "appliance/http/files.h"

static const struct static_file table[] = {
	{ .path = "/app.js" }, { .path = "/favicon.svg" },
	{ .path = "/index.html" }, { .path = "/styles.css" }, { 0 },
};

static const struct {
	const char *path, *want;
} rows[] = {
	{ "/", "/index.html" }, { "/index.html", "/index.html" },
	{ "/app.js", "/app.js" }, { "/styles.css", "/styles.css" },
	{ "/slots/3", "/index.html" }, { "/slots", "/index.html" },
	{ "/a.b/slots", "/index.html" },
	{ "/missing.js", NULL }, { "/profiles/web.1", "/index.html" },
	{ "/help/errors/VlanRange", "/index.html" },
};

START_TEST(a_path_gets_its_file)
{
	const struct static_file *f = files_find(table, 4, rows[_i].path);

	if (rows[_i].want == NULL)
		ck_assert_ptr_null(f);
	else
		ck_assert_str_eq(f->path, rows[_i].want);
}
END_TEST

START_TEST(without_a_ui_nothing_is_found)
{
	ck_assert_ptr_null(files_find(table, 0, rows[_i].path));
}
END_TEST

SUITE("files")
{
	tcase_add_loop_test(tc, a_path_gets_its_file, 0, N_ROWS(rows));
	tcase_add_loop_test(tc, without_a_ui_nothing_is_found, 0,
	    N_ROWS(rows));
}
