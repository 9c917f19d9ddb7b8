/* xml_canon.c -- see xml_canon.h. */
#include "profiles/xml_canon.h"

#include <stdlib.h>
#include <string.h>

/* A namespace as the element that is open has it rendered. */
struct seen {
	const char *prefix, *uri;	/* prefix "" is the default one */
	const struct seen *up;
};

struct own {
	struct seen items[XML_MAX_ATTRS + 1];
	size_t n;
};

static const char *
text(const xmlChar *s)
{
	return s != NULL ? (const char *)s : "";
}

static const char *
find(const struct seen *s, const char *prefix)
{
	for (; s != NULL; s = s->up)
		if (strcmp(s->prefix, prefix) == 0)
			return s->uri;
	return "";
}

/* Rendered where it is used, unless that is said already. */
static void
use(struct own *own, const struct seen *up, const xmlNs *ns)
{
	const char *prefix = ns != NULL ? text(ns->prefix) : "";
	const char *uri = ns != NULL ? text(ns->href) : "";

	if (strcmp(prefix, "xml") == 0 || strcmp(find(up, prefix), uri) == 0)
		return;
	for (size_t i = 0; i < own->n; i++)
		if (strcmp(own->items[i].prefix, prefix) == 0)
			return;
	if (own->n < sizeof(own->items) / sizeof(own->items[0]))
		own->items[own->n++] = (struct seen){ prefix, uri, NULL };
}

static int
by_prefix(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;

	return strcmp(x->prefix, y->prefix);
}

/* Without a namespace first, then by namespace and name. */
static int
by_name(const void *a, const void *b)
{
	const xmlAttr *const *x = a, *const *y = b;
	const char *u = (*x)->ns != NULL ? text((*x)->ns->href) : "";
	const char *v = (*y)->ns != NULL ? text((*y)->ns->href) : "";
	int order = strcmp(u, v);

	return order != 0 ? order : strcmp(text((*x)->name), text((*y)->name));
}

static void
put_name(struct buf *b, const xmlNs *ns, const xmlChar *name)
{
	if (ns != NULL && ns->prefix != NULL)
		buf_printf(b, "%s:", text(ns->prefix));
	buf_str(b, text(name));
}

static void
put_attr(struct buf *b, const xmlAttr *a)
{
	buf_str(b, " ");
	put_name(b, a->ns, a->name);
	buf_str(b, "=\"");
	for (const xmlNode *c = a->children; c != NULL; c = c->next)
		xml_escape(b, text(c->content), true);
	buf_str(b, "\"");
}

/* The attributes in their order; their number is bounded by the scan. */
static void
put_attrs(struct buf *b, const xmlNode *e)
{
	const xmlAttr *list[XML_MAX_ATTRS];
	size_t n = 0;

	for (const xmlAttr *a = e->properties; a != NULL && n < XML_MAX_ATTRS;
	    a = a->next)
		list[n++] = a;
	if (n > 1)
		qsort(list, n, sizeof(list[0]), by_name);
	for (size_t i = 0; i < n; i++)
		put_attr(b, list[i]);
}

static void put_inside(struct buf *b, const xmlNode *first,
    const struct seen *up);

static void
put_element(struct buf *b, const xmlNode *e, const struct seen *up)
{
	struct own own = { .n = 0 };

	use(&own, up, e->ns);
	for (const xmlAttr *a = e->properties; a != NULL; a = a->next)
		if (a->ns != NULL)
			use(&own, up, a->ns);
	qsort(own.items, own.n, sizeof(own.items[0]), by_prefix);
	buf_str(b, "<");
	put_name(b, e->ns, e->name);
	for (size_t i = 0; i < own.n; i++) {
		own.items[i].up = i > 0 ? &own.items[i - 1] : up;
		buf_printf(b, " xmlns%s%s=\"", *own.items[i].prefix != '\0' ?
		    ":" : "", own.items[i].prefix);
		xml_escape(b, own.items[i].uri, true);
		buf_str(b, "\"");
	}
	put_attrs(b, e);
	buf_str(b, ">");
	put_inside(b, e->children, own.n > 0 ? &own.items[own.n - 1] : up);
	buf_str(b, "</");
	put_name(b, e->ns, e->name);
	buf_str(b, ">");
}

/* Depth is bounded by XML_MAX_DEPTH. */
static void
put_inside(struct buf *b, const xmlNode *first, const struct seen *up)
{
	for (const xmlNode *n = first; n != NULL; n = n->next)
		if (n->type == XML_ELEMENT_NODE)
			put_element(b, n, up);
		else if (n->type == XML_TEXT_NODE ||
		    n->type == XML_CDATA_SECTION_NODE)
			xml_escape(b, text(n->content), false);
}

/* Text between the elements is not the grammar's; blanks are nobody's. */
static void
put_strays(struct buf *b, const xmlNode *extensions)
{
	struct arena *a = arena_new();

	for (const xmlNode *n = extensions->children; n != NULL; n = n->next)
		if (n->type == XML_TEXT_NODE ||
		    n->type == XML_CDATA_SECTION_NODE)
			xml_escape(b, xml_normal(a, text(n->content)), false);
	arena_free(a);
}

/* Of ours or of none has no place here; the grammar refuses it by its record. */
static bool
is_others(const xmlNode *n)
{
	const char *uri = n->ns != NULL ? (const char *)n->ns->href : NULL;

	return uri != NULL && *uri != '\0' && strcmp(uri, XML_NAMESPACE) != 0;
}

void
xml_canon(const xmlNode *extensions, struct buf *b)
{
	static const struct seen ours = { "", XML_NAMESPACE, NULL };

	put_strays(b, extensions);
	for (const xmlNode *n = extensions->children; n != NULL; n = n->next)
		if (n->type == XML_ELEMENT_NODE && is_others(n))
			put_element(b, n, &ours);
}
