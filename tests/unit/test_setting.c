/* test_setting.c -- settings: defaults, rows, and the two calls. */
#include "profiles/setting.h"

#include <stdio.h>

#include "tests/test.h"
#include "tests/unit/support_desk.h"

static struct desk desk;

static void
set_up(void)
{
	desk_new(&desk);
	desk.role = ROLE_ADMIN;
}

static void
tear_down(void)
{
	desk_free(&desk);
}

/* Settings that were stored come back as they were, and only they have rows. */
START_TEST(what_was_set_comes_back)
{
	struct scratch s;
	struct settings is, read, usual = settings_default();
	struct err e;

	scratch_new(&s);
	ck_ok(settings_load(s.store, &is, &e), e);
	ck_assert(field_equal(&field_settings, &is, &usual));
	is.require_signature = SIGNATURE_ALWAYS;
	is.sign_exports = false;
	ck_ok(settings_store(s.store, &is, &e), e);
	ck_ok(settings_load(s.store, &read, &e), e);
	ck_assert(field_equal(&field_settings, &is, &read));
	ck_assert_int_eq(read.revision, 2);
	ck_assert_int_eq(scratch_count(&s, "SELECT count(*) FROM setting"), 3);
	read.require_signature = SIGNATURE_NEVER;
	ck_ok(settings_store(s.store, &read, &e), e);
	ck_assert_int_eq(scratch_count(&s, "SELECT count(*) FROM setting"), 2);
	scratch_free(&s);
}
END_TEST

/* A row of a newer or older program does no harm. */
START_TEST(a_row_that_cannot_be_read_is_the_default)
{
	struct scratch s;
	struct settings is;
	struct err e;

	scratch_new(&s);
	ck_assert_int_eq(scratch_sql(&s, "INSERT INTO setting VALUES"
	    "('import.requireSignature', 'sometimes'), ('nix', '7')"), 0);
	ck_ok(settings_load(s.store, &is, &e), e);
	ck_assert_uint_eq(is.require_signature, SIGNATURE_NEVER);
	scratch_free(&s);
}
END_TEST

static const struct {
	const char *body;
	int status;
	const char *path, *value;	/* of the answer */
} rows[] = {
	{ "{}", 200, "import/requireSignature", "never" },
	{ "{\"import\":{\"requireSignature\":\"warn\"}}", 200,
	    "import/requireSignature", "warn" },
	{ "{\"export\":{\"sign\":false}}", 200, "export/sign", "false" },
	{ "{\"appliance\":{\"start\":\"ask\"},\"export\":{\"sign\":false}}", 200,
	    "appliance/start", "ask" },
	{ "{\"export\":{\"sign\":null}}", 200, "export/sign", "true" },
	{ "{\"import\":{\"requireSignature\":\"maybe\"}}", 400, "errors/0/pointer",
	    "/import/requireSignature" },
	{ "{\"import\":{\"nix\":1}}", 400, "errors/0/pointer", "/import/nix" },
	{ "{\"nix\":1}", 400, "errors/0/pointer", "/nix" },
	{ "{\"revision\":7}", 400, "errors/0/pointer", "/revision" },
	{ "{\"export\":{\"sign\":\"yes\"}}", 400, "errors/0/pointer",
	    "/export/sign" },
};

START_TEST(settings_are_changed)
{
	char request[200];

	snprintf(request, sizeof(request), "PATCH /settings %s", rows[_i].body);
	ck_assert_int_eq(desk_ask(&desk, request), rows[_i].status);
	ck_assert_str_eq(desk_text(&desk, rows[_i].path), rows[_i].value);
	if (rows[_i].status != 200)
		ck_assert_int_eq(scratch_count(&desk.scratch,
		    "SELECT count(*) FROM setting"), 0);
}
END_TEST

START_TEST(null_is_the_default_again)
{
	desk_do(&desk, "PATCH /settings {\"export\":{\"sign\":false}}");
	desk_do(&desk, "PATCH /settings {\"export\":{\"sign\":null}}");
	desk_do(&desk, "GET /settings");
	ck_assert_str_eq(desk_text(&desk, "export/sign"), "true");
	ck_assert_str_eq(desk_text(&desk, "revision"), "3");
}
END_TEST

START_TEST(who_comes_too_late_or_may_not_changes_nothing)
{
	static const char change[] =
	    "PATCH /settings {\"export\":{\"sign\":false}}";

	desk.if_match = "\"9\"";
	ck_assert_int_eq(desk_ask(&desk, change), 412);
	desk.if_match = NULL;
	desk.role = ROLE_OPERATOR;
	ck_assert_int_eq(desk_ask(&desk, change), 403);
	ck_assert_int_eq(desk_ask(&desk, "GET /settings"), 200);
	ck_assert_str_eq(desk_text(&desk, "export/sign"), "true");
}
END_TEST

START_TEST(a_change_leaves_an_event)
{
	static const char count[] = "SELECT count(*) FROM event"
	    " WHERE type = 'settings' AND action = 'PATCH /settings'";

	desk_do(&desk, "PATCH /settings {}");
	ck_assert_int_eq(scratch_count(&desk.scratch, count), 0);
	desk_do(&desk, "PATCH /settings {\"export\":{\"sign\":false}}");
	ck_assert_int_eq(scratch_count(&desk.scratch, count), 1);
}
END_TEST

SUITE("setting")
{
	tcase_add_test(tc, what_was_set_comes_back);
	tcase_add_test(tc, a_row_that_cannot_be_read_is_the_default);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, settings_are_changed, 0,
	    (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(tc, null_is_the_default_again);
	tcase_add_test(tc, who_comes_too_late_or_may_not_changes_nothing);
	tcase_add_test(tc, a_change_leaves_an_event);
}
