/* test_xml_diff.c -- what differs between two documents. */
#include <stdlib.h>

#include "profiles/xml_diff.h"
#include "profiles/xml_read.h"
#include "tests/test.h"
#include "tests/unit/support_document.h"

static struct err e;

/* The rows in one line of text each. */
static char *
diff(const char *before, const char *after)
{
	struct xml_records b, a;
	char *text, *copy;
	json_t *rows;

	ck_ok(xml_read(document_box.arena, before, strlen(before), &b, &e), e);
	ck_ok(xml_read(document_box.arena, after, strlen(after), &a, &e), e);
	rows = xml_diff(&b, &a);
	text = json_text(rows);
	copy = arena_strdup(document_box.arena, text);
	free(text);
	json_decref(rows);
	return copy;
}

START_TEST(equal_documents_have_no_rows)
{
	char *text = document_export("web");

	ck_assert_str_eq(diff(text, text), "[]");
	/* Where it came from and how it is sealed is no content. */
	ck_assert_str_eq(diff(text, document_edited(document_edited(text,
	    "generation=\"", "generation=\"9"), "revision=\"",
	    "revision=\"9")), "[]");
}
END_TEST

static const struct {
	const char *from, *to, *row;
} changes[] = {
	{ "limitMbps=\"2000\"", "limitMbps=\"3000\"",
	    "[{\"op\":\"change\",\"type\":\"vnic\",\"name\":\"net0\","
	    "\"of\":\"web\",\"fields\":[{\"name\":\"qos/limitMbps\","
	    "\"before\":\"2000\",\"after\":\"3000\"}]}]" },
	{ "vlan=\"120\"", "vlan=\"121\"",
	    "[{\"op\":\"change\",\"type\":\"ethernet\",\"name\":\"prod\","
	    "\"of\":null,\"fields\":[{\"name\":\"vlan\",\"before\":\"120\","
	    "\"after\":\"121\"}]}]" },
	{ "<vlan network=\"mgmt\" native=\"true\"/>", "",
	    "[{\"op\":\"change\",\"type\":\"vnic\",\"name\":\"net0\","
	    "\"of\":\"web\",\"fields\":["
	    "{\"name\":\"vlans/vlan[mgmt]/native\",\"before\":\"true\","
	    "\"after\":null},{\"name\":\"vlans/vlan[mgmt]/network\","
	    "\"before\":\"mgmt\",\"after\":null}]}]" },
	{ "<assignment affinity=\"slot\" slot=\"3\"/>", "",
	    "[{\"op\":\"change\",\"type\":\"profile\",\"name\":\"web\","
	    "\"of\":null,\"fields\":[{\"name\":\"assignment/affinity\","
	    "\"before\":\"slot\",\"after\":null},{\"name\":"
	    "\"assignment/slot\",\"before\":\"3\",\"after\":null}]}]" },
	{ "  </networks>", "<ethernet name=\"new\" vlan=\"7\"/></networks>",
	    "[{\"op\":\"add\",\"type\":\"ethernet\",\"name\":\"new\","
	    "\"of\":null,\"fields\":[{\"name\":\"vlan\",\"before\":null,"
	    "\"after\":\"7\"}]}]" },
	{ "<description> rack  4 \xc3\xa4 </description>",
	    "<description>rack 5</description>",
	    "[{\"op\":\"change\",\"type\":\"profile\",\"name\":\"web\","
	    "\"of\":null,\"fields\":[{\"name\":\"description\","
	    "\"before\":\"rack 4 \xc3\xa4\",\"after\":\"rack 5\"}]}]" },
	{ "<bootOrder>\n        <entry device=\"hba0\"/>\n        "
	    "<entry device=\"net0\"/>\n      </bootOrder>", "<bootOrder/>",
	    "[{\"op\":\"change\",\"type\":\"profile\",\"name\":\"web\","
	    "\"of\":null,\"fields\":[{\"name\":\"bootOrder\",\"before\":null,"
	    "\"after\":\"\"},{\"name\":\"bootOrder/entry[1]/device\","
	    "\"before\":\"hba0\",\"after\":null},{\"name\":"
	    "\"bootOrder/entry[2]/device\",\"before\":\"net0\","
	    "\"after\":null}]}]" },
};

START_TEST(a_change_is_one_row)
{
	char *text = document_export("web");

	ck_assert_str_eq(diff(text, document_edited(text, changes[_i].from,
	    changes[_i].to)), changes[_i].row);
}
END_TEST

/* What is added one way is removed the other way. */
START_TEST(a_device_goes_and_comes)
{
	char *text = document_export("web"), *without, *from, *to, *there;
	size_t n;

	from = strstr(text, "      <vhba ");
	to = strstr(text, "</vhba>\n");
	ck_assert_ptr_nonnull(from);
	ck_assert_ptr_nonnull(to);
	to += strlen("</vhba>\n");
	n = (size_t)(from - text);
	without = arena_printf(document_box.arena, "%.*s%s", (int)n, text, to);
	there = diff(text, without);
	ck_assert_ptr_nonnull(strstr(there, "{\"op\":\"remove\",\"type\":"
	    "\"vhba\",\"name\":\"hba0\",\"of\":\"web\""));
	ck_assert_ptr_nonnull(strstr(there, "{\"name\":\"wwpn/value\","
	    "\"before\":\""));
	there = diff(without, text);
	ck_assert_ptr_nonnull(strstr(there, "{\"op\":\"add\",\"type\":"
	    "\"vhba\",\"name\":\"hba0\",\"of\":\"web\""));
}
END_TEST

SUITE("xml_diff")
{
	tcase_add_checked_fixture(tc, document_set_up, document_tear_down);
	tcase_add_test(tc, equal_documents_have_no_rows);
	tcase_add_loop_test(tc, a_change_is_one_row, 0,
	    sizeof(changes) / sizeof(changes[0]));
	tcase_add_test(tc, a_device_goes_and_comes);
}
