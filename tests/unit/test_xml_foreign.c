/* Elements of other namespaces: their canonical text, and what is none. */
#include "profiles/xml_foreign.h"

#include <stdio.h>
#include <string.h>

#include "profiles/xml_grammar.h"
#include "profiles/xml_read.h"
#include "tests/test.h"

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

static const char *
inside(const char *what)
{
	return arena_printf(arena, "<applianceConfig xmlns='" XML_NAMESPACE
	    "' schemaVersion='1.0' kind='logical'><extensions>%s</extensions>"
	    "</applianceConfig>", what);
}

static void
read_text(const char *text, struct xml_records *r)
{
	struct err e;

	ck_ok(xml_read(arena, text, strlen(text), r, &e), e);
}

/* ---- what is kept of it ---- */

static const struct {
	const char *in, *text;
} rows[] = {
	{ "", "" }, { "  \n ", "" }, { "<!-- a --><?b c?>", "" },
	{ "<a xmlns='urn:x'/>", "<a xmlns=\"urn:x\"></a>" },
	{ " <x:a xmlns:x='urn:x'/>\n<y:b xmlns:y='urn:y'/>",
	    "<x:a xmlns:x=\"urn:x\"></x:a><y:b xmlns:y=\"urn:y\"></y:b>" },
	{ "<x:a xmlns:x='urn:x' c='2' b='1'> t  <x:b/>\n</x:a>",
	    "<x:a xmlns:x=\"urn:x\" b=\"1\" c=\"2\"> t  <x:b></x:b>\n</x:a>" },
	{ "<a xmlns='urn:x' q='\"&lt;&gt;&amp;&#9;&#10;&#13;'>"
	    "&quot;&lt;&gt;&amp;&#13;</a>",
	    "<a xmlns=\"urn:x\" q=\"&quot;&lt;>&amp;&#x9;&#xA;&#xD;\">"
	    "\"&lt;&gt;&amp;&#xD;</a>" },
	{ "<a xmlns='urn:x'><![CDATA[<&]]><!-- c --><?p i?></a>",
	    "<a xmlns=\"urn:x\">&lt;&amp;</a>" },
	/* a namespace is rendered where it is used, once on a way down */
	{ "<a xmlns='urn:x' xmlns:n='urn:n'><b/><n:c/><n:c n:d='1'/></a>",
	    "<a xmlns=\"urn:x\"><b></b><n:c xmlns:n=\"urn:n\"></n:c>"
	    "<n:c xmlns:n=\"urn:n\" n:d=\"1\"></n:c></a>" },
	{ "<n:a xmlns:n='urn:n'><n:b xmlns:n='urn:m'/><n:c/></n:a>",
	    "<n:a xmlns:n=\"urn:n\"><n:b xmlns:n=\"urn:m\"></n:b><n:c></n:c>"
	    "</n:a>" },
	{ "<a xmlns='urn:x'><b xmlns=''><c/></b></a>",
	    "<a xmlns=\"urn:x\"><b xmlns=\"\"><c></c></b></a>" },
	/* ours inside of theirs needs no declaration, and has none */
	{ "<n:a xmlns:n='urn:n'><b c='1'/></n:a>",
	    "<n:a xmlns:n=\"urn:n\"><b c=\"1\"></b></n:a>" },
	{ "<a xmlns='urn:x'><b xmlns='" XML_NAMESPACE "'/></a>",
	    "<a xmlns=\"urn:x\"><b xmlns=\"" XML_NAMESPACE "\"></b></a>" },
	/* attributes by namespace, then name; xml: is nobody's to declare */
	{ "<z:a xmlns:z='urn:1' xmlns:a='urn:2' a:k='4' z:k='3' xml:lang='en' "
	    "k='1'/>",
	    "<z:a xmlns:a=\"urn:2\" xmlns:z=\"urn:1\" k=\"1\" xml:lang=\"en\" "
	    "z:k=\"3\" a:k=\"4\"></z:a>" },
	{ "<a xmlns='urn:x'>\xc3\xa4\xe2\x82\xac</a>",
	    "<a xmlns=\"urn:x\">\xc3\xa4\xe2\x82\xac</a>" },
	{ " by itself <a xmlns='urn:x'/>", "by itself<a xmlns=\"urn:x\"></a>" },
};

START_TEST(it_is_kept_as_canonical_text)
{
	struct xml_records r;
	uint32_t at;

	read_text(inside(rows[_i].in), &r);
	at = xml_first(&r, 0, "extensions");
	ck_assert_str_eq(r.elements[at].text, rows[_i].text);
	ck_assert(xml_foreign_valid(rows[_i].text));
}
END_TEST

/* libxml2's Exclusive C14N of the document finds it as it was written, so the
 * text is that form; and read again it is itself. */
START_TEST(it_is_what_c14n_says)
{
	struct buf bytes = buf_new(1 << 16), canonical = buf_new(1 << 16);
	struct xml_records out, in;
	char digest[DIGEST_TEXT];

	xml_begin(&out, arena);
	xml_open(&out, XML_ROOT, 0);
	xml_attr_add(&out, "schemaVersion", "1.0");
	xml_attr_add(&out, "kind", "logical");
	xml_open(&out, "extensions", 0);
	xml_text_set(&out, rows[_i].text);
	xml_close(&out);
	xml_close(&out);
	xml_render(&out, false, &bytes);
	xml_render(&out, true, &canonical);
	read_text(bytes.data, &in);
	digest_text(canonical.data, canonical.len, digest);
	ck_assert_str_eq(in.document_digest, digest);
	ck_assert_str_eq(in.elements[xml_first(&in, 0, "extensions")].text,
	    rows[_i].text);
	buf_free(&bytes);
	buf_free(&canonical);
}
END_TEST

/* Under another prefix of ours the text is the same. */
START_TEST(a_prefix_of_ours_changes_nothing)
{
	struct xml_records r;

	read_text("<p:applianceConfig xmlns:p='" XML_NAMESPACE "' "
	    "schemaVersion='1.0' kind='logical'><p:extensions>"
	    "<a xmlns='urn:x' xmlns:q='" XML_NAMESPACE "'><p:b q:c='1'/></a>"
	    "</p:extensions></p:applianceConfig>", &r);
	ck_assert_str_eq(r.elements[xml_first(&r, 0, "extensions")].text,
	    "<a xmlns=\"urn:x\"><p:b xmlns:p=\"" XML_NAMESPACE "\" xmlns:q=\""
	    XML_NAMESPACE "\" q:c=\"1\"></p:b></a>");
}
END_TEST

START_TEST(too_much_is_refused)
{
	size_t n = XML_MAX_FOREIGN - strlen("<a xmlns=\"urn:x\"></a>");
	char *text = arena_alloc(arena, n + 2);
	struct xml_records r;
	const char *whole;
	struct err e;

	memset(text, 'x', n + 1);
	whole = inside(arena_printf(arena, "<a xmlns='urn:x'>%s</a>", text));
	ck_breaks(xml_read(arena, whole, strlen(whole), &r, &e), e,
	    ERR_MALFORMED, "DocumentLimit");
	text[n - 1] = '\0';
	read_text(inside(arena_printf(arena, "<a xmlns='urn:x'>%s</a>", text)),
	    &r);
}
END_TEST

/* ---- what the grammar says of it ---- */

static const struct {
	const char *in, *code;		/* NULL: nothing */
} grammar[] = {
	{ "<a xmlns='urn:x'/>", NULL },
	{ "<a xmlns='urn:x' must='false'/>", NULL },
	{ "<a xmlns='urn:x' must='true'/>", "DocumentExtension" },
	{ "<a xmlns=''/>", "DocumentUnknown" },
	{ "<profile/>", "DocumentUnknown" },
	{ "hello", "DocumentText" },
	{ "<a xmlns='urn:x'/>hello", "DocumentText" },
};

START_TEST(the_grammar_looks_at_it)
{
	struct xml_problems out = { .arena = arena };
	struct xml_records r;

	read_text(inside(grammar[_i].in), &r);
	out.records = &r;
	xml_grammar_check(&r, &out);
	ck_assert_uint_eq(out.n, grammar[_i].code != NULL);
	if (out.n > 0)
		ck_assert_str_eq(out.items[0].code, grammar[_i].code);
}
END_TEST

/* ---- what the reader cannot have said ---- */

static const char *const invalid[] = {
	"<", "<a", "<a>", "<a></a>", "<a xmlns=\"\"></a>",
	"<a xmlns=\"" XML_NAMESPACE "\"></a>", "<x:a></x:a>",
	"<x:a xmlns:y=\"urn:x\"></x:a>", "<x:a xmlns=\"urn:x\"></x:a>",
	"<a xmlns=\"urn:x\">", "<a xmlns=\"urn:x\"/>", "</a>",
	"<a xmlns=\"urn:x\"></b>", "<a xmlns=\"urn:x\"></aa>",
	"<a xmlns=\"urn:x\"></a></extensions>", "</extensions>",
	"<a xmlns=\"urn:x\"><b></a></b>", "<a xmlns=\"urn:x\">&nbsp;</a>",
	"<a xmlns=\"urn:x\">&</a>", "<a xmlns=\"urn:x\" b=\"<\"></a>",
	"<a xmlns=\"urn:x\" b='1'></a>", "<a xmlns=\"urn:x\" b></a>",
	"<a xmlns=\"urn:x\" b=\"1></a>", "<a  xmlns=\"urn:x\"></a>",
	"<a xmlns=\"urn:x\"><!-- c --></a>", "<a xmlns=\"urn:x\"><?p?></a>",
	"<!DOCTYPE a>", "<a xmlns=\"urn:x\"></a> <a xmlns=\"urn:x\"></a>",
	"<1 xmlns=\"urn:x\"></1>",
};

START_TEST(a_forged_text_is_refused)
{
	ck_assert_msg(!xml_foreign_valid(invalid[_i]), "%s", invalid[_i]);
}
END_TEST

START_TEST(depth_is_bounded)
{
	struct buf b = buf_new(1 << 16);

	for (int i = 0; i < XML_MAX_DEPTH; i++)
		buf_str(&b, "<a xmlns=\"urn:x\">");
	for (int i = 0; i < XML_MAX_DEPTH; i++)
		buf_str(&b, "</a>");
	ck_assert(!xml_foreign_valid(b.data));
	buf_free(&b);
}
END_TEST

SUITE("xml_foreign")
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, it_is_kept_as_canonical_text, 0, N_ROWS(rows));
	tcase_add_loop_test(tc, it_is_what_c14n_says, 3, N_ROWS(rows) - 1);
	tcase_add_test(tc, a_prefix_of_ours_changes_nothing);
	tcase_add_test(tc, too_much_is_refused);
	tcase_add_loop_test(tc, the_grammar_looks_at_it, 0, N_ROWS(grammar));
	tcase_add_loop_test(tc, a_forged_text_is_refused, 0, N_ROWS(invalid));
	tcase_add_test(tc, depth_is_bounded);
}
