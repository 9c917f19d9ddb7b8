/* The table of the grammar and the schema say the same. */
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <string.h>

#include "profiles/xml_grammar.h"
#include "profiles/xml_schema.h"
#include "tests/test.h"

enum { LIST_MAX = 64 };

/* One attribute, or one child, as the schema declares it. */
struct declared {
	const char *name;
	const xmlNode *node;
	bool required, many;
};

struct list {
	struct declared items[LIST_MAX];
	size_t n;
};

static xmlDocPtr schema;
static unsigned compared;

static void
set_up(void)
{
	static char text[1 << 17];
	size_t n = 0;

	for (size_t i = 0; xml_schema_lines[i] != NULL; i++) {
		size_t more = strlen(xml_schema_lines[i]);

		ck_assert_uint_lt(n + more, sizeof(text));
		memcpy(text + n, xml_schema_lines[i], more + 1);
		n += more;
	}
	schema = xmlReadMemory(text, (int)n, NULL, NULL, XML_PARSE_NONET);
	ck_assert_ptr_nonnull(schema);
	compared = 0;
}

static void
tear_down(void)
{
	xmlFreeDoc(schema);
}

static bool
is(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE &&
	    strcmp((const char *)n->name, name) == 0;
}

/* A loan from the document. */
static const char *
attr(const xmlNode *n, const char *name)
{
	for (const xmlAttr *a = n->properties; a != NULL; a = a->next)
		if (strcmp((const char *)a->name, name) == 0)
			return (const char *)a->children->content;
	return NULL;
}

static const xmlNode *
find(const char *kind, const char *name)
{
	const xmlNode *n = xmlDocGetRootElement(schema)->children;

	while (n != NULL && (!is(n, kind) || strcmp(attr(n, "name"), name) != 0))
		n = n->next;
	return n;
}

static const xmlNode *
below(const xmlNode *n, const char *kind)
{
	const xmlNode *c = n->children;

	while (c != NULL && !is(c, kind))
		c = c->next;
	return c;
}

static struct declared *
push(struct list *l, const xmlNode *n)
{
	ck_assert_uint_lt(l->n, LIST_MAX);
	l->items[l->n] = (struct declared){ attr(n, "name"), n, false, false };
	return &l->items[l->n++];
}

/* Elements in order; what stands in a choice or an optional group may be left
 * out. */
static void
gather_children(struct list *l, const xmlNode *in, bool optional)
{
	for (const xmlNode *n = in->children; n != NULL; n = n->next) {
		const char *min = n->type == XML_ELEMENT_NODE ?
		    attr(n, "minOccurs") : NULL;
		bool free = optional || (min != NULL && strcmp(min, "0") == 0);

		if (is(n, "sequence") || is(n, "choice"))
			gather_children(l, n, free || is(n, "choice"));
		if (is(n, "group"))
			gather_children(l, find("group", attr(n, "ref")), free);
		if (is(n, "element")) {
			struct declared *d = push(l, n);

			d->required = !free;
			d->many = attr(n, "maxOccurs") != NULL;
		}
	}
}

static void
gather_attrs(struct list *l, const xmlNode *in)
{
	for (const xmlNode *n = in->children; n != NULL; n = n->next) {
		if (is(n, "simpleContent") || is(n, "extension"))
			gather_attrs(l, n);
		if (is(n, "attribute"))
			push(l, n)->required = attr(n, "use") != NULL;
	}
}

static const struct declared *
look(const struct list *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->items[i].name, name) == 0)
			return &l->items[i];
	return NULL;
}

static void compare(const xmlNode *element, const char *type);

static void
compare_attrs(const struct xml_type *t, const struct list *l)
{
	const char *cursor = t->attrs;
	struct xml_word w;
	size_t n = 0;

	for (; xml_grammar_next(&cursor, &w); n++) {
		const struct declared *d = look(l, w.name);

		ck_assert_msg(d != NULL && d->required == w.required,
		    "%s/@%s", t->name, w.name);
	}
	ck_assert_msg(n == l->n, "%s: %zu attributes, %zu in the schema",
	    t->name, n, l->n);
}

static void
compare_children(const struct xml_type *t, const struct list *l)
{
	const char *cursor = t->children;
	struct xml_word w;
	size_t n = 0;

	for (; xml_grammar_next(&cursor, &w); n++) {
		ck_assert_msg(n < l->n && strcmp(l->items[n].name, w.name) == 0,
		    "%s/%s", t->name, w.name);
		ck_assert_msg(l->items[n].required == w.required &&
		    l->items[n].many == w.many, "%s/%s", t->name, w.name);
		compare(l->items[n].node, w.type);
	}
	ck_assert_msg(n == l->n, "%s: %zu children, %zu in the schema",
	    t->name, n, l->n);
}

/* An element whose type is simple holds a text. */
static void
compare(const xmlNode *element, const char *type)
{
	const struct xml_type *t = xml_grammar_type(type);
	const xmlNode *in = below(element, "complexType");
	struct list attrs = { .n = 0 }, children = { .n = 0 };

	ck_assert_msg(t != NULL, "%s", type);
	if (in == NULL && attr(element, "type") != NULL)
		in = find("complexType", attr(element, "type"));
	compared++;
	if (in == NULL || below(in, "simpleContent") != NULL)
		ck_assert_msg(t->text, "%s holds a text", type);
	else
		ck_assert_msg(t->text == (strcmp(type, "extensions") == 0),
		    "%s holds no text", type);
	if (in != NULL) {
		gather_attrs(&attrs, in);
		gather_children(&children, in, false);
	}
	compare_attrs(t, &attrs);
	compare_children(t, &children);
}

START_TEST(the_table_is_the_schema)
{
	compare(find("element", XML_ROOT), XML_ROOT);
	ck_assert_uint_gt(compared, 60);
}
END_TEST

SUITE("xml_grammar")
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, the_table_is_the_schema);
}
