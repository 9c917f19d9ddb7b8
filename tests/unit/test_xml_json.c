/* Records as JSON: what a plan keeps of a document, believed as little as what
 * comes from outside. */
#include "profiles/xml_json.h"
#include "profiles/xml_read.h"
#include "tests/test.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define DOC(rows) "{\"documentDigest\":\"" DIGEST "\",\"elements\":[" rows "]}"
#define ROOT "[0,1,\"a\",\"\",[]]"

static struct arena *arena;

static void
set_up(void)
{
	xml_read_init();
	arena = arena_new();
}

static void
tear_down(void)
{
	arena_free(arena);
}

START_TEST(records_come_back)
{
	const char text[] = "<a xmlns='" XML_NAMESPACE "' x='1' y='\xc3\xa4'>\n"
	    "<b>t\n u</b><c><b z=''/></c><b/></a>";
	struct xml_records want, got;
	struct err e;
	json_t *j;

	ck_ok(xml_read(arena, text, strlen(text), &want, &e), e);
	j = xml_to_json(&want);
	ck_ok(xml_from_json(arena, j, &got, &e), e);
	json_decref(j);
	ck_assert_uint_eq(got.n, want.n);
	ck_assert_uint_eq(got.n_attrs, want.n_attrs);
	for (uint32_t i = 0; i < want.n; i++) {
		ck_assert_str_eq(got.elements[i].name, want.elements[i].name);
		ck_assert_str_eq(got.elements[i].text, want.elements[i].text);
		ck_assert_uint_eq(got.elements[i].end, want.elements[i].end);
		ck_assert_uint_eq(got.elements[i].line, want.elements[i].line);
	}
	ck_assert_str_eq(got.document_digest, want.document_digest);
	ck_assert_str_eq(got.content_digest, want.content_digest);
}
END_TEST

static const struct {
	const char *text;
	bool good;
} rows[] = {
	{ DOC(ROOT), true },
	{ DOC(ROOT ",[0,2,\"b\",\"\",[\"x\",\"1\"]],[1,3,\"c\",\"\",[]],"
	    "[0,4,\"d\",\"\",[]]"), true },
	{ "{}", false }, { DOC(""), false },
	{ "{\"documentDigest\":\"x\",\"elements\":7}", false },
	{ "{\"elements\":[" ROOT "]}", false },
	{ "{\"documentDigest\":7,\"elements\":[" ROOT "]}", false },
	{ "{\"documentDigest\":\"" DIGEST "0\",\"elements\":[" ROOT "]}",
	    false },
	{ "{\"documentDigest\":\"\",\"elements\":[" ROOT "],\"more\":1}",
	    false },
	{ DOC("7"), false }, { DOC("[]"), false },
	{ DOC("[1,1,\"a\",\"\",[]]"), false },
	{ DOC("[-1,1,\"a\",\"\",[]]"), false },
	{ DOC("[0,-1,\"a\",\"\",[]]"), false },
	{ DOC("[0,1,\"\",\"\",[]]"), false },
	{ DOC("[0,1,7,\"\",[]]"), false },
	{ DOC("[0,1,\"a\",null,[]]"), false },
	{ DOC("[0,1,\"a\",\"\\u0001\",[]]"), false },
	{ DOC("[0,1,\"a\",\"\",{}]"), false },
	{ DOC("[0,1,\"a\",\"\",[\"x\"]]"), false },
	{ DOC("[0,1,\"a\",\"\",[\"x\",7]]"), false },
	{ DOC("[0,1,\"a\",\"\",[\"x\",\"1\",\"x\",\"2\"]]"), false },
	{ DOC("[0,1,\"a\",\"\",[],0]"), false },
	{ DOC(ROOT ",[1,2,\"b\",\"\",[]]"), false },
	{ DOC(ROOT ",[2,2,\"b\",\"\",[]]"), false },
	{ DOC(ROOT ",[0,2,\"b\",\"\",[]],[0,3,\"c\",\"\",[]],[1,4,\"d\",\"\","
	    "[]]"), false },
};

START_TEST(a_document)
{
	struct xml_records r;
	struct err e;
	json_t *j;

	ck_ok(json_read(rows[_i].text, strlen(rows[_i].text), 4096, &j, &e),
	    e);
	if (rows[_i].good)
		ck_ok(xml_from_json(arena, j, &r, &e), e);
	else
		ck_fails(xml_from_json(arena, j, &r, &e), e, ERR_MALFORMED);
	json_decref(j);
}
END_TEST

START_TEST(depth_is_bounded)
{
	for (int depth = XML_MAX_DEPTH; depth <= XML_MAX_DEPTH + 1; depth++) {
		struct buf b = buf_new(8192);
		struct xml_records r;
		struct err e;
		json_t *j;

		buf_str(&b, "{\"documentDigest\":\"" DIGEST "\",\"elements\":[");
		for (int i = 0; i < depth; i++)
			buf_printf(&b, "%s[%d,1,\"a\",\"\",[]]",
			    i > 0 ? "," : "", i > 0 ? i - 1 : 0);
		buf_str(&b, "]}");
		ck_ok(json_read(b.data, b.len, 8192, &j, &e), e);
		if (depth == XML_MAX_DEPTH)
			ck_ok(xml_from_json(arena, j, &r, &e), e);
		else
			ck_fails(xml_from_json(arena, j, &r, &e), e,
			    ERR_MALFORMED);
		json_decref(j);
		buf_free(&b);
	}
}
END_TEST

SUITE("xml_json")
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, records_come_back);
	tcase_add_loop_test(tc, a_document, 0, N_ROWS(rows));
	tcase_add_test(tc, depth_is_bounded);
}
