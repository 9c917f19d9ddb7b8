/*
 * fuzz_xml_read.c -- bytes through scan, libxml2 and wire: every copy says the
 * same.
 */
#include <stdlib.h>
#include <string.h>

#include "profiles/xml_grammar.h"
#include "profiles/xml_read.h"
#include "profiles/xml_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool what)
{
	if (!what)
		abort();
}

static void
same(const struct xml_records *a, const struct xml_records *b)
{
	must(a->n == b->n && a->n_attrs == b->n_attrs);
	for (size_t i = 0; i < a->n; i++)
		must(strcmp(a->elements[i].name, b->elements[i].name) == 0 &&
		    strcmp(a->elements[i].text, b->elements[i].text) == 0 &&
		    a->elements[i].end == b->elements[i].end &&
		    a->elements[i].position == b->elements[i].position);
	must(strcmp(a->content_digest, b->content_digest) == 0);
	must(strcmp(a->document_digest, b->document_digest) == 0);
}

static void
over_the_wire(struct arena *a, const struct xml_records *r)
{
	struct buf out = buf_new(XML_WIRE_MAX);
	struct xml_records copy;
	struct err e;

	must(xml_wire_put(r, &out, &e) == 0);
	must(xml_wire_get(a, out.data, out.len, &copy, &e) == 0);
	same(r, &copy);
	buf_free(&out);
}

static void
check(struct arena *a, const struct xml_records *r)
{
	struct xml_problems problems = { .arena = a, .records = r };

	xml_grammar_check(r, &problems);
	for (size_t i = 0; i < problems.n; i++)
		must(problems.items[i].code[0] != '\0' &&
		    problems.items[i].path[0] == '/');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool ready;
	struct arena *a = arena_new();
	struct xml_records r;
	struct err e;

	if (!ready) {
		xml_read_init();
		ready = true;
	}
	if (xml_read(a, (const char *)data, size, &r, &e) == 0) {
		over_the_wire(a, &r);
		check(a, &r);
	} else if (e.rule[0] == '\0' || e.msg[0] == '\0') {
		abort();
	}
	arena_free(a);
	return 0;
}
