/* Bytes to records: digests, positions, and documents that mean harm. */
#include <libxml/xmlmemory.h>
#include <stdio.h>

#include "profiles/xml_read.h"
#include "tests/test.h"

#define NS "xmlns='" XML_NAMESPACE "'"

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

static int
read_text(const char *text, struct xml_records *r, struct err *e)
{
	return xml_read(arena, text, strlen(text), r, e);
}

static char *
example(void)
{
	char *text = arena_alloc(arena, 1 << 16);
	FILE *f = fopen("tests/unit/data/config-1.example.xml", "r");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_gt(fread(text, 1, (1 << 16) - 1, f), 0);
	fclose(f);
	return text;
}

START_TEST(the_example_has_its_digests)
{
	char digest[DIGEST_TEXT];
	struct xml_records r;
	struct err e;

	ck_ok(read_text(example(), &r, &e), e);
	ck_assert_uint_eq(xml_content_digest(&r, digest), 49);
	ck_assert_str_eq(digest, "4d4cbc33be86bf9bcdc519ecc71c1a6187b278bd617f"
	    "fe0b22c26f376f8ec4d8");
	ck_assert_str_eq(r.content_digest, digest);
	ck_assert_str_eq(r.document_digest, "c29fb36b62d1c77bfa7801e69daf97390"
	    "cc912f0d722b6b859f943a65ea6fd9f");
}
END_TEST

/* What the digests do and do not see: an edit of the example. */
static const struct {
	const char *from, *to;
	bool document, content;		/* changes it */
} edits[] = {
	{ "vlan=\"120\"", "vlan=\"121\"", true, true },
	{ "name=\"prod\" vlan=\"120\"", "vlan='120'   name='prod'", false,
	    false },
	{ "<networks>", "<networks><!-- hello -->", false, false },
	{ "<networks>", "<networks>\n", true, false },
	{ "revision=\"14\"", "revision=\"15\"", true, false },
	{ "generation=\"4812\"", "generation=\"4813\"", true, false },
	{ "serial=\"E1S-1\"", "serial=\"E1S-9\"", true, false },
	{ "<contentDigest>4d", "<contentDigest>5d", false, false },
	{ "<entry device=\"san-a\"/><entry device=\"uplink-a\"/>",
	    "<entry device=\"uplink-a\"/><entry device=\"san-a\"/>", true,
	    true },
	{ "<vlan network=\"prod\"/><vlan network=\"vmotion\"/>",
	    "<vlan network=\"vmotion\"/><vlan network=\"prod\"/>", true,
	    false },
	{ "ESX host, rack 4", "ESX  host,\n rack 4", true, false },
	{ "ESX host, rack 4", "ESX host, rack 5", true, true },
};

static char *
edited(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	ck_assert_msg(at != NULL, "%s", from);
	return arena_printf(arena, "%.*s%s%s", (int)(at - text), text, to,
	    at + strlen(from));
}

START_TEST(an_edit)
{
	struct xml_records r, was;
	struct err e;

	ck_ok(read_text(example(), &was, &e), e);
	ck_ok(read_text(edited(example(), edits[_i].from, edits[_i].to), &r,
	    &e), e);
	ck_assert_int_eq(strcmp(r.document_digest, was.document_digest) != 0,
	    edits[_i].document);
	ck_assert_int_eq(strcmp(r.content_digest, was.content_digest) != 0,
	    edits[_i].content);
}
END_TEST

START_TEST(records_say_where_they_stand)
{
	struct xml_records r;
	uint32_t profile, vnic, vlan;
	struct err e;

	ck_ok(read_text(example(), &r, &e), e);
	ck_assert_str_eq(r.elements[0].name, XML_ROOT);
	profile = xml_first(&r, xml_first(&r, 0, "profiles"), "profile");
	vnic = xml_next(&r, xml_first(&r, profile, "vnic"), "vnic");
	ck_assert_str_eq(xml_value(&r, vnic, "name"), "uplink-b");
	ck_assert_uint_eq(r.elements[vnic].line, 41);
	ck_assert_uint_eq(xml_next(&r, vnic, "vnic"), 0);
	vlan = xml_first(&r, xml_first(&r, vnic, "vlans"), NULL);
	ck_assert_str_eq(xml_path(&r, arena, vlan, "network"),
	    "/applianceConfig/profiles/profile/vnic[2]/vlans/vlan[1]/@network");
	ck_assert(xml_is_at(&r, vlan, "profiles/profile/vnic/vlans/vlan"));
	ck_assert(!xml_is_at(&r, vlan, "profile/vnic/vlans/vlan"));
	ck_assert(!xml_is_at(&r, vlan, "x/profiles/profile/vnic/vlans/vlan"));
	ck_assert_str_eq(r.elements[xml_first(&r, profile,
	    "description")].text, "ESX host, rack 4");
}
END_TEST

START_TEST(foreign_things_are_named_and_not_entered)
{
	struct xml_records r;
	struct err e;

	ck_ok(read_text("<applianceConfig " NS " xmlns:x='urn:x' x:a='1'>\n"
	    "<x:one must='true'><x:two>t</x:two><three " NS "/></x:one>\n"
	    "<none xmlns=''/>\n<profiles/></applianceConfig>", &r, &e), e);
	ck_assert_uint_eq(r.n, 4);
	ck_assert_str_eq(r.attrs[0].name, "{urn:x}a");
	ck_assert_str_eq(r.elements[1].name, "{urn:x}one");
	ck_assert_str_eq(xml_value(&r, 1, "must"), "true");
	ck_assert_str_eq(r.elements[2].name, "{}none");
	ck_assert_str_eq(r.elements[3].name, "profiles");
	ck_assert_uint_eq(r.elements[2].line, 3);
	ck_assert_uint_eq(r.elements[3].line, 4);
	ck_assert_str_eq(xml_path(&r, arena, 1, NULL),
	    "/applianceConfig/Q{urn:x}one");
}
END_TEST

START_TEST(text_between_children_is_normalised)
{
	struct xml_records r;
	struct err e;

	ck_ok(read_text("<a " NS " v=' x\n y&#10;&amp;&quot; '> b <!-- c -->\n"
	    "<![CDATA[d &amp;]]>&lt;<e> f\n </e> g\t</a>", &r, &e), e);
	ck_assert_str_eq(r.elements[0].text, "b d &amp;< g");
	ck_assert_str_eq(r.elements[1].text, " f\n ");
	ck_assert_str_eq(r.attrs[0].value, " x  y\n&\" ");
}
END_TEST

/* ---- documents that mean harm: refused, quickly, without a trace ---- */

static const struct {
	const char *text, *rule;
} hostile[] = {
	/* entities */
	{ "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "DocumentDoctype" },
	{ "<!DOCTYPE a [<!ENTITY l 'lol'><!ENTITY m '&l;&l;&l;&l;&l;&l;'>"
	    "<!ENTITY n '&m;&m;&m;&m;&m;&m;'>]><a>&n;</a>",
	    "DocumentDoctype" },
	{ "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
	    "DocumentDoctype" },
	{ "<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://127.0.0.1/x.dtd'>%x;]>"
	    "<a/>", "DocumentDoctype" },
	{ "<!DOCTYPE a SYSTEM 'http://127.0.0.1/x.dtd'><a/>",
	    "DocumentDoctype" },
	{ "<!DOCTYPE a PUBLIC '-//x' 'file:///dev/zero'><a/>",
	    "DocumentDoctype" },
	{ "<!DOCTYPE a [<!ATTLIST a b CDATA 'default'>]><a/>",
	    "DocumentDoctype" },
	{ "<!DOCTYPE a [<!ELEMENT a ANY>]><a/>", "DocumentDoctype" },
	{ "<!DOCTYPE a [<!NOTATION n SYSTEM '/bin/sh'>]><a/>",
	    "DocumentDoctype" },
	{ "<?xml version='1.0'?>\n\n<!DOCTYPE a><a/>", "DocumentDoctype" },
	{ "<a>&x;</a>", "DocumentMalformed" },
	{ "<a b='&x;'/>", "DocumentMalformed" },
	{ "<a>&#0;</a>", "DocumentMalformed" },
	{ "<a>&#xFFFF;</a>", "DocumentMalformed" },
	{ "<a>&#x110000;</a>", "DocumentMalformed" },
	{ "<a>&</a>", "DocumentMalformed" },
	/* encodings */
	{ "<?xml version='1.0' encoding='UTF-7'?><a/>", "DocumentEncoding" },
	{ "<?xml version='1.0' encoding='EBCDIC-CP-US'?><a/>",
	    "DocumentEncoding" },
	{ "<a>\xe4</a>", "DocumentEncoding" },
	/* structure */
	{ "<a></b>", "DocumentMalformed" },
	{ "<a><b></a></b>", "DocumentMalformed" },
	{ "<a b='1' b='2'/>", "DocumentMalformed" },
	{ "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>",
	    "DocumentMalformed" },
	{ "<p:a/>", "DocumentMalformed" },
	{ "<a p:b='1'/>", "DocumentMalformed" },
	{ "<a xmlns:p=''/>", "DocumentMalformed" },
	{ "<a xmlns:xml='urn:x'/>", "DocumentMalformed" },
	{ "<a:b:c xmlns:a='u'/>", "DocumentMalformed" },
	{ "<a xmlns='relative'/>", "DocumentMalformed" },
	{ "<a>]]></a>", "DocumentMalformed" },
	{ "<a><!-- -- --></a>", "DocumentMalformed" },
	{ "<a><?xml version='1.0'?></a>", "DocumentMalformed" },
	{ " <?xml version='1.0'?><a/>", "DocumentMalformed" },
	{ "<?xml version='1.0' version='1.0'?><a/>", "DocumentMalformed" },
	{ "<?xml encoding='UTF-8'?><a/>", "DocumentMalformed" },
	{ "<1a/>", "DocumentMalformed" },
	{ "<a><b/ ></a>", "DocumentMalformed" },
	{ "<a/><a/>", "DocumentMalformed" },
	{ "just text", "DocumentMalformed" },
	{ "{\"json\":true}", "DocumentMalformed" },
};

START_TEST(a_hostile_document)
{
	struct xml_records r;
	struct err e;

	ck_breaks(read_text(hostile[_i].text, &r, &e), e, ERR_MALFORMED,
	    hostile[_i].rule);
}
END_TEST

START_TEST(utf_16_is_refused)
{
	static const struct {
		const char *bytes;
		size_t n;
	} rows[] = {
		{ "\xff\xfe<\0a\0/\0>\0", 10 }, { "\xfe\xff\0<\0a\0/\0>", 10 },
		{ "<\0a\0/\0>\0", 8 }, { "\0<\0a\0/\0>", 8 },
		{ "\xff\xfe\0\0<\0\0\0", 8 },
	};
	struct xml_records r;
	struct err e;

	for (int i = 0; i < N_ROWS(rows); i++)
		ck_breaks(xml_read(arena, rows[i].bytes, rows[i].n, &r, &e),
		    e, ERR_MALFORMED, "DocumentEncoding");
}
END_TEST

START_TEST(nothing_is_included_or_fetched)
{
	static const char *const texts[] = {
		"<a " NS " xmlns:xi='http://www.w3.org/2001/XInclude'>"
		    "<xi:include href='file:///etc/passwd' parse='text'/></a>",
		"<?xml-stylesheet href='file:///etc/passwd'?><a " NS "/>",
		"<a " NS " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
		    " xsi:schemaLocation='urn:x http://127.0.0.1:9/x.xsd'/>",
		"<a " NS " xml:base='file:///etc/'>passwd</a>",
	};
	struct xml_records r;
	struct err e;

	for (int i = 0; i < N_ROWS(texts); i++) {
		ck_ok(read_text(texts[i], &r, &e), e);
		ck_assert_ptr_null(strstr(r.elements[0].text, "root:"));
		ck_assert_uint_le(r.n, 2);
	}
}
END_TEST

static unsigned asked;		/* pieces of memory that libxml2 wanted */

static void *
count_malloc(size_t n)
{
	asked++;
	return xmalloc(n);
}

/* The time that libxml2 takes grows with the square of the attributes, so it
 * must not be asked at all; what it allocates tells whether it was. */
START_TEST(fifty_thousand_attributes_never_reach_the_library)
{
	struct buf b = buf_new(4 << 20);
	struct xml_records r;
	struct err e;

	ck_assert_int_eq(xmlMemSetup(free, count_malloc, xrealloc, xstrdup),
	    0);
	ck_ok(read_text("<a " NS "/>", &r, &e), e);
	ck_assert_uint_gt(asked, 0);
	buf_str(&b, "<a " NS);
	for (int i = 0; i < 50000; i++)
		buf_printf(&b, " a%d='1'", i);
	buf_str(&b, "/>");
	asked = 0;
	ck_breaks(xml_read(arena, b.data, b.len, &r, &e), e, ERR_MALFORMED,
	    "DocumentLimit");
	ck_assert_uint_eq(asked, 0);
	buf_free(&b);
}
END_TEST

/* A site of 1,024 profiles with 32 devices each, all of what is legal. */
START_TEST(the_largest_site_passes)
{
	struct buf b = buf_new(XML_MAX_BYTES);
	struct xml_records r;
	struct err e;

	buf_str(&b, "<applianceConfig " NS " schemaVersion='1.0'"
	    " kind='logical'><profiles>");
	for (unsigned p = 0; p < 1024; p++) {
		buf_printf(&b, "<profile name='p%u'>", p);
		for (unsigned d = 0; d < 32; d++)
			buf_printf(&b, "<vnic name='n%u' order='%u'><mac"
			    " source='static' value='02:%02X:%02X:00:00:%02X'"
			    "/><vlans mode='access'><vlan network='prod'/>"
			    "</vlans></vnic>\n", d, d, p >> 8, p & 255, d);
		buf_str(&b, "</profile>");
	}
	buf_str(&b, "</profiles></applianceConfig>");
	ck_ok(xml_read(arena, b.data, b.len, &r, &e), e);
	ck_assert_uint_eq(r.n, 2 + 1024 * (1 + 32 * 4));
	buf_free(&b);
}
END_TEST

START_TEST(many_children_take_no_more_than_their_share)
{
	struct buf b = buf_new(8 << 20);
	struct xml_records r;
	struct err e;

	buf_str(&b, "<a " NS ">");
	for (int i = 0; i < 100000; i++)
		buf_printf(&b, "<n%d/><n/>", i % 1000);
	buf_str(&b, "</a>");
	ck_ok(xml_read(arena, b.data, b.len, &r, &e), e);
	ck_assert_uint_eq(r.n, 200001);
	ck_assert_uint_eq(r.elements[200000].position, 100000);
	ck_assert_uint_eq(r.elements[199999].position, 100);
	buf_free(&b);
}
END_TEST

START_TEST(every_truncation_is_refused)
{
	const char *text = example();
	size_t n = strlen(text);
	struct xml_records r;
	struct err e;

	for (size_t i = 0; i < n - 1; i += 7)
		ck_fails(xml_read(arena, text, i, &r, &e), e, ERR_MALFORMED);
}
END_TEST

/* What we write, the library reads back equal, digests included. */
START_TEST(rendered_records_come_back)
{
	struct xml_records w, r;
	struct buf canonical = buf_new(1 << 20), pretty = buf_new(1 << 20);
	char digest[DIGEST_TEXT];
	struct err e;

	xml_begin(&w, arena);
	xml_open(&w, XML_ROOT, 0);
	xml_attr_add(&w, "z", "<&>\"'\t\n\r\xc3\xa4");
	xml_attr_add(&w, "a", "");
	xml_open(&w, "networks", 0);
	xml_close(&w);
	xml_open(&w, "profiles", 0);
	xml_open(&w, "description", 0);
	xml_text_set(&w, "  a <b> & \"c\"\r ]]>\n");
	xml_close(&w);
	xml_close(&w);
	xml_open(&w, "integrity", 0);
	xml_open(&w, "documentDigest", 0);
	xml_close(&w);
	xml_close(&w);
	xml_close(&w);
	xml_render(&w, false, &pretty);
	xml_render(&w, true, &canonical);
	ck_ok(xml_read(arena, pretty.data, pretty.len, &r, &e), e);
	ck_assert_uint_eq(r.n, w.n);
	for (uint32_t i = 0; i < w.n; i++) {
		ck_assert_str_eq(r.elements[i].name, w.elements[i].name);
		ck_assert_str_eq(r.elements[i].text, w.elements[i].text);
		ck_assert_uint_eq(r.elements[i].end, w.elements[i].end);
	}
	for (uint32_t i = 0; i < w.n_attrs; i++)
		ck_assert_str_eq(r.attrs[i].value, w.attrs[i].value);
	digest_text(canonical.data, canonical.len, digest);
	ck_assert_str_eq(r.document_digest, digest);
	xml_content_digest(&w, digest);
	ck_assert_str_eq(r.content_digest, digest);
	buf_free(&canonical);
	buf_free(&pretty);
}
END_TEST

SUITE("xml_read")
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, the_example_has_its_digests);
	tcase_add_loop_test(tc, an_edit, 0, N_ROWS(edits));
	tcase_add_test(tc, records_say_where_they_stand);
	tcase_add_test(tc, foreign_things_are_named_and_not_entered);
	tcase_add_test(tc, text_between_children_is_normalised);
	tcase_add_loop_test(tc, a_hostile_document, 0, N_ROWS(hostile));
	tcase_add_test(tc, utf_16_is_refused);
	tcase_add_test(tc, nothing_is_included_or_fetched);
	tcase_add_test(tc, fifty_thousand_attributes_never_reach_the_library);
	tcase_add_test(tc, the_largest_site_passes);
	tcase_add_test(tc, many_children_take_no_more_than_their_share);
	tcase_add_test(tc, every_truncation_is_refused);
	tcase_add_test(tc, rendered_records_come_back);
}
