/* The byte scan: bounds are counted before any parser sees a document. */
#include "profiles/xml_scan.h"
#include "tests/test.h"

static const struct {
	const char *text;
	const char *rule;	/* NULL: passes */
	uint32_t elements, attrs;
} documents[] = {
	{ "<a/>", NULL, 1, 0 },
	{ "\xef\xbb\xbf<a/>", NULL, 1, 0 },
	{ "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a/>\n", NULL, 1, 0 },
	{ "<?xml version='1.0' encoding = 'utf-8' ?><a/>", NULL, 1, 0 },
	{ "<a><b x='1' y=\"2\"/><b\n z='>'/></a>", NULL, 3, 3 },
	{ "<a xmlns='u' xmlns:p='v' p:x='1'/>", NULL, 1, 1 },
	{ "<a><!-- <b> ' --><?p <c> ' ?><![CDATA[<d>]]></a>", NULL, 1, 0 },
	{ "<!-- <!DOCTYPE a> --><a/>", NULL, 1, 0 },
	{ "<a>\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80</a >", NULL, 1, 0 },
	{ "<a xmlnsx='1'/>", NULL, 1, 1 },

	{ "", "DocumentEmpty", 0, 0 },
	{ "\xef\xbb\xbf", "DocumentEmpty", 0, 0 },
	{ "  \n", "DocumentMalformed", 0, 0 },
	{ "<!DOCTYPE a><a/>", "DocumentDoctype", 0, 0 },
	{ "<!doctype a><a/>", "DocumentDoctype", 0, 0 },
	{ "<a><!ENTITY x 'y'></a>", "DocumentDoctype", 0, 0 },
	{ "<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
	    "DocumentEncoding", 0, 0 },
	{ "<?xml version='1.0' encoding='UTF-16'?><a/>",
	    "DocumentEncoding", 0, 0 },
	{ "<?xml version='1.0' encoding='utf-8x'?><a/>",
	    "DocumentEncoding", 0, 0 },
	{ "<a>\xff</a>", "DocumentEncoding", 0, 0 },
	{ "<a>\xc3</a>", "DocumentEncoding", 0, 0 },
	{ "<a>\xc0\xaf</a>", "DocumentEncoding", 0, 0 },
	{ "<a>\xed\xa0\x80</a>", "DocumentEncoding", 0, 0 },
	{ "<a>\xf4\x90\x80\x80</a>", "DocumentEncoding", 0, 0 },
	{ "<a>\xef\xbf\xbf</a>", "DocumentEncoding", 0, 0 },
	{ "<a>\x01</a>", "DocumentEncoding", 0, 0 },
	{ "<a>\xe2\x82", "DocumentEncoding", 0, 0 },
	{ "<", "DocumentMalformed", 0, 0 },
	{ "<a", "DocumentMalformed", 0, 0 },
	{ "<a>", "DocumentMalformed", 0, 0 },
	{ "<a></a", "DocumentMalformed", 0, 0 },
	{ "<a></a x='1'>", "DocumentMalformed", 0, 0 },
	{ "</a>", "DocumentMalformed", 0, 0 },
	{ "<a/></a>", "DocumentMalformed", 0, 0 },
	{ "<a/><b/>", "DocumentMalformed", 0, 0 },
	{ "x<a/>", "DocumentMalformed", 0, 0 },
	{ "<a/>x", "DocumentMalformed", 0, 0 },
	{ "<![CDATA[x]]><a/>", "DocumentMalformed", 0, 0 },
	{ "<a x/>", "DocumentMalformed", 0, 0 },
	{ "<a x=1/>", "DocumentMalformed", 0, 0 },
	{ "<a x='1'y='2'/>", "DocumentMalformed", 0, 0 },
	{ "<a x='<'/>", "DocumentMalformed", 0, 0 },
	{ "<a x='1/>", "DocumentMalformed", 0, 0 },
	{ "<a 'x'/>", "DocumentMalformed", 0, 0 },
	{ "< a/>", "DocumentMalformed", 0, 0 },
	{ "<a><!-- </a>", "DocumentMalformed", 0, 0 },
	{ "<a><? </a>", "DocumentMalformed", 0, 0 },
	{ "<a><![CDATA[ </a>", "DocumentMalformed", 0, 0 },
	{ "<a><![cdata[ ]]></a>", "DocumentDoctype", 0, 0 },
};

static int
scan(const char *bytes, size_t n, struct xml_scan *s, struct err *e)
{
	int rc = xml_scan(bytes, n, s, e);

	if (rc == 0)
		free(s->lines);
	return rc;
}

START_TEST(a_document)
{
	const char *text = documents[_i].text;
	struct xml_scan s;
	struct err e;

	if (documents[_i].rule != NULL) {
		ck_breaks(scan(text, strlen(text), &s, &e), e, ERR_MALFORMED,
		    documents[_i].rule);
		return;
	}
	ck_ok(scan(text, strlen(text), &s, &e), e);
	ck_assert_uint_eq(s.elements, documents[_i].elements);
	ck_assert_uint_eq(s.attrs, documents[_i].attrs);
}
END_TEST

/* Bounds: `n` times `part` between head and tail; n = `most` passes and
 * most + 1 does not. */
static const struct {
	const char *head, *part, *tail;
	unsigned most;
	bool numbered;		/* `part` is a format with the number */
} bounds[] = {
	{ "<a", " x%06u=''", "/>", XML_MAX_ATTRS, true },
	{ "<a", " xmlns:x%06u='u'", "/>", XML_MAX_NAMESPACES, true },
	{ "<a x='", "y", "'/>", XML_MAX_VALUE, false },
	{ "<", "n", "/>", XML_MAX_NAME, false },
	{ "<a ", "n", "=''/>", XML_MAX_NAME, false },
	{ "<a>", "<b/>", "</a>", XML_MAX_ELEMENTS - 1, false },
	{ "<a>", " ", "</a>", XML_MAX_BYTES - 7, false },
};

static struct buf
build(int row, unsigned n)
{
	struct buf b = buf_new((size_t)XML_MAX_BYTES * 2);

	buf_str(&b, bounds[row].head);
	for (unsigned i = 0; i < n; i++) {
		if (bounds[row].numbered && row == 0)
			buf_printf(&b, " x%06u=''", i);
		else if (bounds[row].numbered)
			buf_printf(&b, " xmlns:x%06u='u'", i);
		else
			buf_str(&b, bounds[row].part);
	}
	buf_str(&b, bounds[row].tail);
	return b;
}

START_TEST(a_bound)
{
	struct buf b = build(_i, bounds[_i].most);
	struct xml_scan s;
	struct err e;

	ck_ok(scan(b.data, b.len, &s, &e), e);
	buf_free(&b);
	b = build(_i, bounds[_i].most + 1);
	ck_breaks(scan(b.data, b.len, &s, &e), e, ERR_MALFORMED,
	    "DocumentLimit");
	buf_free(&b);
}
END_TEST

START_TEST(depth_is_bounded)
{
	for (unsigned depth = XML_MAX_DEPTH; depth <= XML_MAX_DEPTH + 1;
	    depth++) {
		struct buf b = buf_new(1 << 20);
		struct xml_scan s;
		struct err e;

		for (unsigned i = 0; i < depth; i++)
			buf_str(&b, "<a>");
		for (unsigned i = 0; i < depth; i++)
			buf_str(&b, "</a>");
		if (depth == XML_MAX_DEPTH)
			ck_ok(scan(b.data, b.len, &s, &e), e);
		else
			ck_breaks(scan(b.data, b.len, &s, &e), e,
			    ERR_MALFORMED, "DocumentLimit");
		buf_free(&b);
	}
}
END_TEST

START_TEST(lines_are_those_of_the_start_tags)
{
	const char text[] = "<?xml version='1.0'?>\n<!--\n-->\n<a\nx='\n'>"
	    "<b/>\n<c/></a>";
	static const uint32_t lines[] = { 4, 6, 7 };
	struct xml_scan s;
	struct err e;

	ck_ok(xml_scan(text, strlen(text), &s, &e), e);
	ck_assert_uint_eq(s.elements, 3);
	for (int i = 0; i < 3; i++)
		ck_assert_uint_eq(s.lines[i], lines[i]);
	free(s.lines);
}
END_TEST

START_TEST(a_truncated_document_never_passes)
{
	const char text[] = "<a x='1'><!--c--><b>t</b><![CDATA[d]]><?p q?></a>";
	struct xml_scan s;
	struct err e;

	for (size_t n = 0; n < strlen(text); n++)
		ck_fails(scan(text, n, &s, &e), e, ERR_MALFORMED);
	ck_ok(scan(text, strlen(text), &s, &e), e);
}
END_TEST

SUITE("xml_scan")
{
	tcase_add_loop_test(tc, a_document, 0, N_ROWS(documents));
	tcase_add_loop_test(tc, a_bound, 0, N_ROWS(bounds));
	tcase_add_test(tc, depth_is_bounded);
	tcase_add_test(tc, lines_are_those_of_the_start_tags);
	tcase_add_test(tc, a_truncated_document_never_passes);
}
