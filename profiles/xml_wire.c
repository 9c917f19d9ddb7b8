/* xml_wire.c -- see xml_wire.h. */
#include "profiles/xml_wire.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "profiles/xml_foreign.h"
#include "profiles/xml_scan.h"

/* ---- out ---- */

static uint32_t
put_text(struct buf *texts, const char *s)
{
	size_t at = texts->len;

	buf_put(texts, s, strlen(s) + 1);
	return (uint32_t)at;
}

static void
put_attrs(const struct xml_records *r, struct buf *out, struct buf *texts)
{
	for (size_t i = 0; i < r->n_attrs; i++) {
		struct xml_wire_attr a = {
			.name = put_text(texts, r->attrs[i].name),
			.value = put_text(texts, r->attrs[i].value),
		};

		buf_put(out, &a, sizeof(a));
	}
}

static void
put_elements(const struct xml_records *r, struct buf *out, struct buf *texts)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct xml_element *x = &r->elements[i];
		struct xml_wire_element w = {
			.name = put_text(texts, x->name),
			.text = put_text(texts, x->text),
			.parent = x->parent, .line = x->line,
			.n_attrs = x->n_attrs,
		};

		buf_put(out, &w, sizeof(w));
	}
}

int
xml_wire_put(const struct xml_records *r, struct buf *out, struct err *e)
{
	struct xml_wire_head head = {
		.n = (uint32_t)r->n, .n_attrs = (uint32_t)r->n_attrs,
	};
	struct buf texts = buf_new(XML_WIRE_MAX_TEXTS);

	memcpy(head.document_digest, r->document_digest, DIGEST_TEXT);
	buf_put(out, &head, sizeof(head));
	put_elements(r, out, &texts);
	put_attrs(r, out, &texts);
	if (!texts.full) {
		head.n_texts = (uint32_t)texts.len;
		memcpy(out->data, &head, sizeof(head));
		buf_put(out, texts.data, texts.len);
	}
	if (texts.full || out->full || r->n_attrs > XML_WIRE_MAX_ATTRS) {
		buf_free(&texts);
		return err_rule(e, ERR_MALFORMED, "DocumentLimit", NULL,
		    "the document holds too much text");
	}
	buf_free(&texts);
	return 0;
}

void
xml_wire_refuse(const struct err *e, struct buf *out)
{
	struct xml_wire_head head = { .refused = 1 };

	memcpy(head.rule, e->rule, sizeof(head.rule));
	memcpy(head.msg, e->msg, sizeof(head.msg));
	buf_clear(out);
	buf_put(out, &head, sizeof(head));
}

/* ---- in ---- */

struct input {
	struct xml_wire_head head;
	const char *elements, *attrs, *texts;
};

static int
nonsense(struct err *e, const char *what)
{
	return err_set(e, ERR_INTERNAL,
	    "the XML reader's answer makes no sense: %s", what);
}

/* Whole characters that XML allows, and NULs between the texts. */
static bool
texts_valid(const char *p, size_t n)
{
	const char *end = p + n;

	if (n == 0 || end[-1] != '\0')
		return false;
	while (p < end) {
		size_t step = *p == '\0' ? 1 : xml_scan_char(p, end);

		if (step == 0)
			return false;
		p += step;
	}
	return true;
}

/* A rule's code goes into links: letters only.  A message is for people. */
static int
refused(const struct xml_wire_head *head, struct err *e)
{
	size_t n = strnlen(head->rule, sizeof(head->rule));
	char msg[sizeof(head->msg)];

	if (n == sizeof(head->rule) || strncmp(head->rule, "Document", 8) != 0)
		return nonsense(e, "rule");
	for (size_t i = 0; i < n; i++)
		if (!isalpha((unsigned char)head->rule[i]))
			return nonsense(e, "rule");
	n = strnlen(head->msg, sizeof(head->msg) - 1);
	for (size_t i = 0; i < n; i++)
		msg[i] = (char)(head->msg[i] >= 0x20 && head->msg[i] < 0x7f ?
		    head->msg[i] : '?');
	msg[n] = '\0';
	return err_rule(e, ERR_MALFORMED, head->rule, NULL, "%s", msg);
}

static bool
digest_valid(const char *text)
{
	for (size_t i = 0; i < DIGEST_TEXT - 1; i++)
		if (strchr("0123456789abcdef", text[i]) == NULL ||
		    text[i] == '\0')
			return false;
	return text[DIGEST_TEXT - 1] == '\0';
}

static int
open_input(struct input *in, const char *bytes, size_t n, struct err *e)
{
	size_t want = sizeof(in->head);

	if (n < want)
		return nonsense(e, "short");
	memcpy(&in->head, bytes, sizeof(in->head));
	if (in->head.refused != 0)
		return refused(&in->head, e);
	if (in->head.n == 0 || in->head.n > XML_MAX_ELEMENTS ||
	    in->head.n_attrs > XML_WIRE_MAX_ATTRS ||
	    in->head.n_texts > XML_WIRE_MAX_TEXTS ||
	    !digest_valid(in->head.document_digest))
		return nonsense(e, "head");
	in->elements = bytes + want;
	want += in->head.n * sizeof(struct xml_wire_element);
	in->attrs = bytes + want;
	want += in->head.n_attrs * sizeof(struct xml_wire_attr);
	in->texts = bytes + want;
	if (want + in->head.n_texts != n)
		return nonsense(e, "size");
	if (!texts_valid(in->texts, in->head.n_texts))
		return nonsense(e, "texts");
	return 0;
}

/* NULL when the offset leads nowhere, or to nothing where there must be some. */
static const char *
text_at(const struct input *in, uint32_t at, bool is_name)
{
	const char *s = in->texts + at;

	if (at >= in->head.n_texts || (is_name && *s == '\0'))
		return NULL;
	return s;
}

static int
get_attrs(const struct input *in, struct xml_records *r, uint32_t first,
    uint32_t n, struct err *e)
{
	if (n > in->head.n_attrs - first)
		return nonsense(e, "attributes");
	for (uint32_t i = first; i < first + n; i++) {
		struct xml_wire_attr a;
		const char *name, *value;

		memcpy(&a, in->attrs + i * sizeof(a), sizeof(a));
		name = text_at(in, a.name, true);
		value = text_at(in, a.value, false);
		if (name == NULL || value == NULL)
			return nonsense(e, "attribute");
		xml_attr_add(r, name, value);
	}
	return 0;
}

/* Closes what is open up to the parent; false when it is not among them. */
static bool
close_up_to(struct xml_records *r, uint32_t parent, uint32_t *depth)
{
	while (r->open != parent && *depth > 1) {
		xml_close(r);
		--*depth;
	}
	return r->open == parent;
}

static int
get_elements(const struct input *in, struct xml_records *r, struct err *e)
{
	uint32_t depth = 0, attrs = 0;

	for (uint32_t i = 0; i < in->head.n; i++) {
		struct xml_wire_element w;
		const char *name, *text;

		memcpy(&w, in->elements + i * sizeof(w), sizeof(w));
		name = text_at(in, w.name, true);
		text = text_at(in, w.text, false);
		if (name == NULL || text == NULL)
			return nonsense(e, "element");
		if (strcmp(name, "extensions") == 0 &&
		    !xml_foreign_valid(text))
			return nonsense(e, "extensions");
		if (i == 0 ? w.parent != 0 : !close_up_to(r, w.parent, &depth))
			return nonsense(e, "parent");
		if (++depth > XML_MAX_DEPTH)
			return nonsense(e, "depth");
		xml_open(r, name, w.line);
		xml_text_set(r, text);
		if (get_attrs(in, r, attrs, w.n_attrs, e) < 0)
			return -1;
		attrs += w.n_attrs;
	}
	for (; depth > 0; depth--)
		xml_close(r);
	return attrs == in->head.n_attrs ? 0 : nonsense(e, "attributes");
}

int
xml_wire_get(struct arena *arena, const char *bytes, size_t n,
    struct xml_records *r, struct err *e)
{
	struct input in;

	if (open_input(&in, bytes, n, e) < 0)
		return -1;
	xml_begin(r, arena);
	if (get_elements(&in, r, e) < 0)
		return -1;
	memcpy(r->document_digest, in.head.document_digest, DIGEST_TEXT);
	(void)xml_content_digest(r, r->content_digest);
	return 0;
}
