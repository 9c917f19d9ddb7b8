/* test_xml_check.c -- a backup is one that can be restored. */
#include <unistd.h>

#include "base/file.h"
#include "profiles/xml_check.h"
#include "profiles/xml_read.h"
#include "tests/test.h"
#include "tests/unit/support_document.h"

static struct err e;

static const char *
scratch(void)
{
	return arena_printf(document_box.arena, "%s/check",
	    document_box.dir);
}

static int
check(const char *text)
{
	struct buf again = buf_new(XML_MAX_BYTES);
	int rc;

	ck_ok(xml_read(document_box.arena, text, strlen(text),
	    &document_records, &e), e);
	rc = xml_check(scratch(), &document_records, NULL, &again, &e);
	buf_free(&again);
	/* Whatever came of it, nothing of the trial is left. */
	ck_assert_int_ne(access(scratch(), F_OK), 0);
	return rc;
}

START_TEST(ones_own_export_is_a_backup)
{
	char *text = document_export(NULL);

	ck_ok(check(text), e);
	/* What a former trial left is in nobody's way. */
	{
		const char *left = arena_printf(document_box.arena,
		    "%s/check.db", scratch());

		ck_ok(file_dir(scratch(), &e), e);
		ck_ok(file_put(left, "no database", 11, &e), e);
	}
	ck_ok(check(text), e);
	ck_assert_str_eq(text, document_export(NULL));
}
END_TEST

static const struct {
	const char *from, *to, *rule;
} bad[] = {
	{ "vlan=\"120\"", "vlan=\"121\"", "DocumentModified" },
	{ "limitMbps=\"2000\"", "limitMbps=\"3000\"", "DocumentModified" },
	{ "<vlan network=\"mgmt\"", "<vlan network=\"nowhere\"",
	    "MissingDependency" },
};

START_TEST(what_was_changed_or_lacks_something_is_none)
{
	ck_assert_int_lt(check(document_edited(document_export(NULL),
	    bad[_i].from, bad[_i].to)), 0);
	ck_assert_uint_eq(e.code, ERR_RULES);
	ck_assert_msg(strcmp(e.rule, bad[_i].rule) == 0 ||
	    strcmp(e.rule, "DocumentModified") == 0, "%s %s", e.rule, e.msg);
}
END_TEST

START_TEST(what_comes_back_otherwise_is_none)
{
	struct buf again = buf_new(XML_MAX_BYTES);
	const char *text = document_export(NULL);

	ck_ok(xml_read(document_box.arena, text, strlen(text),
	    &document_records, &e), e);
	memset(document_records.content_digest, '0', DIGEST_TEXT - 1);
	ck_assert_int_lt(xml_check(scratch(), &document_records, NULL, &again,
	    &e), 0);
	ck_assert_uint_eq(e.code, ERR_RULES);
	if (strcmp(e.rule, "RestoreDiffers") == 0)
		ck_assert_ptr_nonnull(strstr(again.data, "</applianceConfig>"));
	buf_free(&again);
}
END_TEST

START_TEST(where_nothing_can_be_written_says_so)
{
	struct buf again = buf_new(XML_MAX_BYTES);
	const char *text = document_export(NULL);

	ck_ok(xml_read(document_box.arena, text, strlen(text),
	    &document_records, &e), e);
	ck_fails(xml_check("no/such/dir", &document_records, NULL,
	    &again, &e), e, ERR_NOT_FOUND);
}
END_TEST

SUITE("xml_check")
{
	tcase_add_checked_fixture(tc, document_set_up, document_tear_down);
	tcase_add_test(tc, ones_own_export_is_a_backup);
	tcase_add_loop_test(tc, what_was_changed_or_lacks_something_is_none, 0,
	    sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(tc, what_comes_back_otherwise_is_none);
	tcase_add_test(tc, where_nothing_can_be_written_says_so);
}
