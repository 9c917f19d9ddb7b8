/* xml_render.c -- records as bytes (see xml.h). */
#include "profiles/xml.h"

#include <stdlib.h>
#include <string.h>

struct render {
	const struct xml_records *r;
	struct arena *arena;
	struct buf *out;
	bool canonical;
};

/* The escapes of Canonical XML, which every XML reader understands. */
static const char *
escape(char c, bool in_attr)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return in_attr ? NULL : "&gt;";
	case '"': return in_attr ? "&quot;" : NULL;
	case '\t': return in_attr ? "&#x9;" : NULL;
	case '\n': return in_attr ? "&#xA;" : NULL;
	case '\r': return "&#xD;";
	default: return NULL;
	}
}

void
xml_escape(struct buf *b, const char *s, bool in_attr)
{
	const char *from = s;

	for (; *s != '\0'; s++) {
		const char *as = escape(*s, in_attr);

		if (as == NULL)
			continue;
		buf_put(b, from, (size_t)(s - from));
		buf_str(b, as);
		from = s + 1;
	}
	buf_put(b, from, (size_t)(s - from));
}

static int
by_name(const void *a, const void *b)
{
	const struct xml_attr *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void
put_start(const struct render *w, uint32_t i)
{
	const struct xml_element *e = &w->r->elements[i];
	struct xml_attr *attrs = arena_copy(w->arena, &w->r->attrs[e->attrs],
	    e->n_attrs * sizeof(*attrs));

	if (w->canonical)
		qsort(attrs, e->n_attrs, sizeof(*attrs), by_name);
	buf_printf(w->out, "<%s", e->name);
	if (i == 0)
		buf_printf(w->out, " xmlns=\"%s\"", XML_NAMESPACE);
	for (uint32_t k = 0; k < e->n_attrs; k++) {
		buf_printf(w->out, " %s=\"", attrs[k].name);
		xml_escape(w->out, attrs[k].value, true);
		buf_str(w->out, "\"");
	}
}

static void
put_indent(const struct render *w, unsigned depth)
{
	buf_printf(w->out, "\n%*s", (int)depth * 2, "");
}

/* Depth is bounded by XML_MAX_DEPTH. */
static void
put_element(const struct render *w, uint32_t i, unsigned depth)
{
	const struct xml_element *e = &w->r->elements[i];
	bool inside = e->end > i + 1;

	put_start(w, i);
	if (!inside && e->text[0] == '\0' && !w->canonical) {
		buf_str(w->out, "/>");
		return;
	}
	buf_str(w->out, ">");
	if (strcmp(e->name, "extensions") == 0)
		buf_str(w->out, e->text);	/* canonical as it is */
	else
		xml_escape(w->out, e->text, false);
	for (uint32_t c = xml_first(w->r, i, NULL); c != 0;
	    c = xml_next(w->r, c, NULL)) {
		put_indent(w, depth + 1);
		if (!w->canonical || !xml_is_at(w->r, c, "integrity"))
			put_element(w, c, depth + 1);
	}
	if (inside)
		put_indent(w, depth);
	buf_printf(w->out, "</%s>", e->name);
}

void
xml_render(const struct xml_records *r, bool canonical, struct buf *out)
{
	struct render w = { r, arena_new(), out, canonical };

	if (!canonical)
		buf_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	put_element(&w, 0, 0);
	if (!canonical)
		buf_str(out, "\n");
	arena_free(w.arena);
}
