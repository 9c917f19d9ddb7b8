/* xml_read.c -- see xml_read.h. */
#include "profiles/xml_read.h"

#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "profiles/xml_canon.h"
#include "profiles/xml_scan.h"

enum {
	PARSE = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
	    XML_PARSE_NOCDATA | XML_PARSE_COMPACT,
	URI_SHOWN = 128,	/* bytes of a foreign namespace in a name */
};

/*
 * Memory that runs out ends the process, as everywhere (base/arena.h): libxml2
 * would go on with half a document here and there.
 */
void
xml_read_init(void)
{
	digest_init();
	xmlMemSetup(free, xmalloc, xrealloc, xstrdup);
	xmlInitParser();
}

/* ---- the parser ---- */

/* The first thing that libxml2 found; what follows is mostly its echo. */
struct found {
	int line;
	char why[160];
};

static void
find(void *cookie, xmlErrorPtr x)
{
	struct found *f = cookie;
	const char *why = x->message != NULL ? x->message : "unknown reason";

	if (x->level < XML_ERR_ERROR || f->why[0] != '\0')
		return;
	f->line = x->line;
	(void)snprintf(f->why, sizeof(f->why), "%.*s",
	    (int)strcspn(why, "\n"), why);
}

static void
ignore(void *cookie, xmlErrorPtr x)
{
	(void)cookie;
	(void)x;
}

static int
parse(const char *bytes, size_t n, xmlDocPtr *doc, struct err *e)
{
	xmlParserCtxtPtr c = xmlNewParserCtxt();
	struct found found = { .line = 0 };
	int rc = 0;

	xmlSetStructuredErrorFunc(&found, find);
	*doc = xmlCtxtReadMemory(c, bytes, (int)n, NULL, "UTF-8", PARSE);
	if (*doc == NULL || !c->wellFormed || !c->nsWellFormed ||
	    xmlDocGetRootElement(*doc) == NULL || found.why[0] != '\0')
		rc = err_rule(e, ERR_MALFORMED, "DocumentMalformed", NULL,
		    "line %d: not well-formed: %s", found.line, found.why);
	if (rc < 0) {
		xmlFreeDoc(*doc);
		*doc = NULL;
	}
	xmlSetStructuredErrorFunc(NULL, ignore);
	xmlFreeParserCtxt(c);
	return rc;
}

/* ---- the walk ---- */

static bool
is_ours(const xmlNode *n)
{
	return n->ns != NULL && n->ns->href != NULL &&
	    strcmp((const char *)n->ns->href, XML_NAMESPACE) == 0;
}

static const char *
clark(char *to, size_t size, const xmlNs *ns, const xmlChar *local)
{
	(void)snprintf(to, size, "{%.*s}%s", URI_SHOWN,
	    ns != NULL && ns->href != NULL ? (const char *)ns->href : "",
	    (const char *)local);
	return to;
}

/* The text of siblings; what is inside elements is theirs. */
static const char *
text_of(const xmlNode *c, struct buf *b)
{
	buf_clear(b);
	for (; c != NULL; c = c->next)
		if ((c->type == XML_TEXT_NODE ||
		    c->type == XML_CDATA_SECTION_NODE) && c->content != NULL)
			buf_str(b, (const char *)c->content);
	return b->len > 0 ? b->data : "";
}

static void
walk_attrs(struct xml_records *r, const xmlNode *n, struct buf *b)
{
	char name[URI_SHOWN + XML_MAX_NAME + 4];

	for (xmlAttrPtr a = n->properties; a != NULL; a = a->next)
		xml_attr_add(r, a->ns == NULL ? (const char *)a->name :
		    clark(name, sizeof(name), a->ns, a->name),
		    text_of(a->children, b));
}

static const xmlNode *
next_element(const xmlNode *n)
{
	while (n != NULL && n->type != XML_ELEMENT_NODE)
		n = n->next;
	return n;
}

/* How many start tags stand inside, for the lines that the scan noted. */
static size_t
count_inside(const xmlNode *top)
{
	const xmlNode *n = top;
	size_t count = 0;

	for (;;) {
		const xmlNode *c = next_element(n->children);

		if (c != NULL) {
			n = c;
			count++;
			continue;
		}
		while (n != top && (c = next_element(n->next)) == NULL)
			n = n->parent;
		if (n == top)
			return count;
		n = c;
		count++;
	}
}

struct walk {
	struct xml_records *r;
	const uint32_t *lines;
	size_t at;			/* start tags seen */
	struct buf text;
	uint32_t too_large;		/* line of extensions; 0 none */
};

static void
take_extensions(struct walk *w, const xmlNode *n, uint32_t line)
{
	struct buf b = buf_new(XML_MAX_FOREIGN);

	xml_canon(n, &b);
	if (b.full && w->too_large == 0)
		w->too_large = line;
	xml_text_set(w->r, b.len > 0 && !b.full ? b.data : "");
	buf_free(&b);
}

/* Opens n; returns where to go down, NULL when there is nothing inside. */
static const xmlNode *
enter(struct walk *w, const xmlNode *n)
{
	char name[URI_SHOWN + XML_MAX_NAME + 4];
	uint32_t line = w->lines[w->at++];
	const xmlNode *down;
	const char *text;

	if (!is_ours(n)) {
		xml_open(w->r, clark(name, sizeof(name), n->ns, n->name),
		    line);
		walk_attrs(w->r, n, &w->text);
		w->at += count_inside(n);
		return NULL;
	}
	xml_open(w->r, (const char *)n->name, line);
	walk_attrs(w->r, n, &w->text);
	down = next_element(n->children);
	if (strcmp((const char *)n->name, "extensions") == 0) {
		take_extensions(w, n, line);
		return down;
	}
	text = text_of(n->children, &w->text);
	/* Between children stands indentation, mostly. */
	xml_text_set(w->r, down != NULL ? xml_normal(w->r->arena, text) :
	    text);
	return down;
}

static void
walk(struct walk *w, const xmlNode *root)
{
	const xmlNode *n = root, *down;

	for (;;) {
		down = enter(w, n);
		if (down != NULL) {
			n = down;
			continue;
		}
		xml_close(w->r);
		while (n != root && next_element(n->next) == NULL) {
			n = n->parent;
			xml_close(w->r);
		}
		if (n == root)
			return;
		n = next_element(n->next);
	}
}

/* ---- the documentDigest ---- */

static void
drop_integrity(xmlNodePtr root)
{
	xmlNodePtr n = root->children, next;

	for (; n != NULL; n = next) {
		next = n->next;
		if (n->type != XML_ELEMENT_NODE || !is_ours(n) ||
		    strcmp((const char *)n->name, "integrity") != 0)
			continue;
		xmlUnlinkNode(n);
		xmlFreeNode(n);
	}
}

static int
document_digest(xmlDocPtr doc, char text[DIGEST_TEXT], struct err *e)
{
	xmlChar *bytes = NULL;
	int n;

	drop_integrity(xmlDocGetRootElement(doc));
	n = xmlC14NDocDumpMemory(doc, NULL, XML_C14N_EXCLUSIVE_1_0, NULL, 0,
	    &bytes);
	if (n < 0)
		return err_rule(e, ERR_MALFORMED, "DocumentMalformed", NULL,
		    "the document has no canonical form (a namespace that is "
		    "no absolute URI)");
	digest_text(bytes, (size_t)n, text);
	xmlFree(bytes);
	return 0;
}

int
xml_read(struct arena *arena, const char *bytes, size_t n,
    struct xml_records *r, struct err *e)
{
	struct xml_scan scan;
	struct walk w = { .r = r, .text = buf_new(XML_MAX_BYTES) };
	xmlDocPtr doc = NULL;
	int rc;

	if (xml_scan(bytes, n, &scan, e) < 0)
		return -1;
	rc = parse(bytes, n, &doc, e);
	if (rc == 0) {
		xml_begin(r, arena);
		w.lines = scan.lines;
		walk(&w, xmlDocGetRootElement(doc));
		(void)xml_content_digest(r, r->content_digest);
		rc = w.too_large != 0 ? err_rule(e, ERR_MALFORMED,
		    "DocumentLimit", NULL, "line %u: extensions hold more "
		    "than %d bytes", w.too_large, XML_MAX_FOREIGN) :
		    document_digest(doc, r->document_digest, e);
	}
	xmlFreeDoc(doc);
	buf_free(&w.text);
	free(scan.lines);
	return rc;
}
