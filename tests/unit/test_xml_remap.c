/* test_xml_remap.c -- places of a document as they are called here. */
#include <stdlib.h>
#include <string.h>

#include "profiles/xml_read.h"
#include "profiles/xml_remap.h"
#include "tests/test.h"

static struct arena *a;
static struct err e;

static const char head[] = "<applianceConfig xmlns=\"urn:polyroot:config:1\""
    " schemaVersion=\"1.0\" kind=\"logical\">";

/* What stands in it, the map, and what it is then; NULL: just as it was. */
static const struct row {
	const char *in, *map, *out;
} rows[] = {
	{ "<assignment slot=\"3\"/>", "{}", NULL },
	{ "<assignment slot=\"3\"/>", "{\"networks\":{\"a\":\"b\"}}", NULL },
	{ "<assignment slot=\"3\"/>", "{\"slots\":{\"4\":\"5\"}}", NULL },
	/* Assignments and slots of the chassis; of the hardware none. */
	{ "<assignment slot=\"3\" affinity=\"slot\"/>",
	    "{\"slots\":{\"3\":\"1\"}}",
	    "<assignment slot=\"1\" affinity=\"slot\"/>" },
	{ "<assignment slot=\"3\" affinity=\"slot\"/>",
	    "{\"slots\":{\"3\":\"\"}}", "<assignment affinity=\"slot\"/>" },
	{ "<chassis><slot number=\"3\"/><slot number=\"4\"/></chassis>",
	    "{\"slots\":{\"3\":\"\",\"4\":\"3\"}}",
	    "<chassis><slot number=\"3\"/></chassis>" },
	{ "<hardware><slot number=\"3\"/></hardware>",
	    "{\"slots\":{\"3\":\"1\"}}", NULL },
	/* Pins: by the module, by the port, nowhere. */
	{ "<placement module=\"io3\"/>", "{\"modules\":{\"io3\":\"io5\"}}",
	    "<placement module=\"io5\"/>" },
	{ "<placement module=\"io3\" port=\"1\"/>",
	    "{\"modules\":{\"io3\":\"io5\"}}",
	    "<placement module=\"io5\" port=\"1\"/>" },
	{ "<placement module=\"io3\" port=\"1\"/>", "{\"modules\":{\"io3\":"
	    "\"io5\"},\"ports\":{\"io3/1\":\"io6/2\"}}",
	    "<placement module=\"io6\" port=\"2\"/>" },
	{ "<placement antiAffinity=\"x\" module=\"io3\" port=\"1\"/>",
	    "{\"modules\":{\"io3\":\"\"}}",
	    "<placement antiAffinity=\"x\"/>" },
	/* Each once, so that two may change places. */
	{ "<placement module=\"io3\"/><placement module=\"io5\"/>",
	    "{\"modules\":{\"io3\":\"io5\",\"io5\":\"io3\"}}",
	    "<placement module=\"io5\"/><placement module=\"io3\"/>" },
	/* Allowed ports; the list never becomes empty. */
	{ "<allowedPorts><port name=\"io1/1\"/><port name=\"io2/1\"/>"
	    "</allowedPorts><x/>",
	    "{\"modules\":{\"io1\":\"io7\",\"io2\":\"\"}}",
	    "<allowedPorts><port name=\"io7/1\"/></allowedPorts><x/>" },
	{ "<allowedPorts><port name=\"io2/1\"/></allowedPorts><x/>",
	    "{\"modules\":{\"io2\":\"\"}}", NULL },
	/* Ports of the chassis. */
	{ "<chassis><port name=\"io1/1\"/><port name=\"io2/1\"/></chassis>",
	    "{\"ports\":{\"io1/1\":\"io3/2\",\"io2/1\":\"\"}}",
	    "<chassis><port name=\"io3/2\"/></chassis>" },
};

static const struct xml_records *
read_text(const char *inside)
{
	char *text = arena_printf(a, "%s%s</applianceConfig>", head, inside);
	struct xml_records *r = arena_alloc(a, sizeof(*r));

	ck_ok(xml_read(a, text, strlen(text), r, &e), e);
	return r;
}

static char *
text_of(const struct xml_records *r)
{
	struct buf b = buf_new(SIZE_MAX);
	char *text;

	xml_render(r, false, &b);
	text = arena_printf(a, "%.*s", (int)b.len, b.data);
	buf_free(&b);
	return text;
}

START_TEST(a_row)
{
	const struct row *row = &rows[_i];
	struct xml_import_options o = { .mode = XML_MERGE };
	const struct xml_records *in, *out;
	const uint32_t *was;
	char *options;
	json_t *json;

	a = arena_new();
	options = arena_printf(a, "{\"map\":%s}", row->map);
	ck_ok(json_read(options, strlen(options), SIZE_MAX, &json, &e), e);
	ck_ok(xml_options_from_json(a, json, "", &o, &e), e);
	json_decref(json);
	in = read_text(row->in);
	out = xml_remap(a, in, &o, &was);
	ck_assert_str_eq(text_of(out), text_of(read_text(row->out != NULL ?
	    row->out : row->in)));
	for (uint32_t i = 0; i < out->n; i++)
		ck_assert_str_eq(out->elements[i].name,
		    in->elements[was[i]].name);
	arena_free(a);
}
END_TEST

SUITE("xml_remap")
{
	tcase_add_loop_test(tc, a_row, 0, N_ROWS(rows));
}
