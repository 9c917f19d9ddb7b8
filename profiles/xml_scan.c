/* xml_scan.c -- see xml_scan.h. */
#include "profiles/xml_scan.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int
fail(const struct xml_scan *s, struct err *e, const char *rule,
    const char *what)
{
	return err_rule(e, ERR_MALFORMED, rule, NULL, "line %u: %s", s->line,
	    what);
}

/* ---- characters ---- */

static bool
allowed(uint32_t c)
{
	if (c < 0x20)
		return c == '\t' || c == '\n' || c == '\r';
	return c < 0xd800 || (c >= 0xe000 && c < 0xfffe) ||
	    (c >= 0x10000 && c <= 0x10ffff);
}

/* Value of the n bytes at p, of which the first carries `bits`. */
static uint32_t
join(const unsigned char *p, size_t n, uint32_t bits)
{
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return UINT32_MAX;
		bits = bits << 6 | (p[i] & 0x3fu);
	}
	return bits;
}

size_t
xml_scan_char(const char *at, const char *end)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *p = (const unsigned char *)at;
	uint32_t c = at < end ? p[0] : 0;
	size_t n;

	if (c < 0x80)
		return at < end && allowed(c) ? 1 : 0;
	n = c >= 0xf0 && c < 0xf8 ? 4 : c >= 0xe0 && c < 0xf0 ? 3 :
	    c >= 0xc0 && c < 0xe0 ? 2 : 0;
	if (n == 0 || n > (size_t)(end - at))
		return 0;
	c = join(p, n, c & (0xffu >> (n + 1)));
	return c != UINT32_MAX && c >= least[n] && allowed(c) ? n : 0;
}

static int
check_encoding(const struct xml_scan *s, struct err *e)
{
	struct xml_scan at = *s;

	while (at.p < at.end) {
		size_t n = xml_scan_char(at.p, at.end);

		if (n == 0)
			return fail(&at, e, "DocumentEncoding",
			    "this is not UTF-8 text that XML allows");
		at.line += *at.p == '\n';
		at.p += n;
	}
	return 0;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
starts(const struct xml_scan *s, const char *with)
{
	size_t n = strlen(with);

	return (size_t)(s->end - s->p) >= n && memcmp(s->p, with, n) == 0;
}

/* Goes n bytes on, counting lines. */
static void
skip(struct xml_scan *s, size_t n)
{
	for (; n > 0; n--, s->p++)
		s->line += *s->p == '\n';
}

static void
skip_blanks(struct xml_scan *s)
{
	while (s->p < s->end && is_blank(*s->p))
		skip(s, 1);
}

/* ---- what is not a tag ---- */

/* Behind the next `end_mark`. */
static int
skip_past(struct xml_scan *s, const char *end_mark, struct err *e)
{
	size_t n = strlen(end_mark);
	const char *at = memmem(s->p, (size_t)(s->end - s->p), end_mark, n);

	if (at == NULL)
		return fail(s, e, "DocumentMalformed",
		    "what begins here never ends");
	skip(s, (size_t)(at - s->p) + n);
	return 0;
}

/* The value of encoding="…" in the XML declaration that begins here. */
static bool
names_utf8(const struct xml_scan *s)
{
	const char *stop = memmem(s->p, (size_t)(s->end - s->p), "?>", 2);
	size_t n = stop != NULL ? (size_t)(stop - s->p) : 0;
	const char *at = memmem(s->p, n, "encoding", 8);
	char quote;

	if (at == NULL)
		return true;
	for (at += 8; at < stop && (is_blank(*at) || *at == '=');)
		at++;
	quote = at < stop ? *at : '\0';
	return (quote == '"' || quote == '\'') && stop - at > 6 &&
	    strncasecmp(at + 1, "utf-8", 5) == 0 && at[6] == quote;
}

static int
scan_instruction(struct xml_scan *s, struct err *e)
{
	if (starts(s, "<?xml") && (size_t)(s->end - s->p) > 5 &&
	    is_blank(s->p[5]) && !names_utf8(s))
		return fail(s, e, "DocumentEncoding",
		    "the encoding must be UTF-8");
	return skip_past(s, "?>", e);
}

static int
scan_markup(struct xml_scan *s, struct err *e)
{
	if (starts(s, "<!--")) {
		skip(s, 4);
		return skip_past(s, "-->", e);
	}
	if (starts(s, "<![CDATA[")) {
		if (s->depth == 0)
			return fail(s, e, "DocumentMalformed",
			    "text outside the root element");
		return skip_past(s, "]]>", e);
	}
	return fail(s, e, "DocumentDoctype",
	    "declarations (<!DOCTYPE, <!ENTITY) are refused");
}

/* ---- tags ---- */

static int
scan_name(struct xml_scan *s, struct err *e)
{
	const char *from = s->p;

	while (s->p < s->end && !is_blank(*s->p) &&
	    strchr("=/><\"'&?!", *s->p) == NULL)
		s->p++;
	if (s->p == from)
		return fail(s, e, "DocumentMalformed", "a name is missing");
	if (s->p - from > XML_MAX_NAME)
		return fail(s, e, "DocumentLimit",
		    "a name is longer than 256 bytes");
	return 0;
}

static int
scan_value(struct xml_scan *s, struct err *e)
{
	const char *from;
	char quote;

	skip_blanks(s);
	if (!starts(s, "="))
		return fail(s, e, "DocumentMalformed",
		    "an attribute has no value");
	skip(s, 1);
	skip_blanks(s);
	if (!starts(s, "\"") && !starts(s, "'"))
		return fail(s, e, "DocumentMalformed",
		    "an attribute's value has no quotes");
	quote = *s->p++;
	for (from = s->p; s->p < s->end && *s->p != quote; skip(s, 1))
		if (*s->p == '<')
			return fail(s, e, "DocumentMalformed",
			    "a < in an attribute's value");
	if (s->p == s->end)
		return fail(s, e, "DocumentMalformed",
		    "the document ends in an attribute");
	if (s->p++ - from > XML_MAX_VALUE)
		return fail(s, e, "DocumentLimit",
		    "an attribute is longer than 64 KiB");
	return 0;
}

static bool
is_namespace(const char *name, const char *end)
{
	return end - name >= 5 && memcmp(name, "xmlns", 5) == 0 &&
	    (end - name == 5 || name[5] == ':');
}

/* Attributes up to > or />; *empty tells which. */
static int
scan_attrs(struct xml_scan *s, bool *empty, struct err *e)
{
	uint32_t attrs = 0, spaces = 0;

	for (;;) {
		const char *name = s->p;

		skip_blanks(s);
		*empty = starts(s, "/>");
		if (*empty || starts(s, ">")) {
			skip(s, *empty ? 2 : 1);
			s->attrs += attrs;
			return 0;
		}
		if (s->p == name)
			return fail(s, e, "DocumentMalformed",
			    "a tag does not end, or a blank is missing");
		name = s->p;
		if (scan_name(s, e) < 0)
			return -1;
		if (is_namespace(name, s->p))
			spaces++;
		else
			attrs++;
		if (attrs > XML_MAX_ATTRS || spaces > XML_MAX_NAMESPACES)
			return fail(s, e, "DocumentLimit",
			    "an element has more than 64 attributes or "
			    "namespaces");
		if (scan_value(s, e) < 0)
			return -1;
	}
}

static void
note_line(struct xml_scan *s)
{
	if (s->elements == s->cap_lines) {
		s->cap_lines = s->cap_lines != 0 ? s->cap_lines * 2 : 256;
		s->lines = xrealloc(s->lines,
		    s->cap_lines * sizeof(*s->lines));
	}
	s->lines[s->elements++] = s->line;
}

static int
scan_start(struct xml_scan *s, struct err *e)
{
	bool empty;

	if (s->depth == 0 && s->elements > 0)
		return fail(s, e, "DocumentMalformed",
		    "a second root element");
	if (s->elements == XML_MAX_ELEMENTS)
		return fail(s, e, "DocumentLimit",
		    "more than 1,000,000 elements");
	if (s->depth == XML_MAX_DEPTH)
		return fail(s, e, "DocumentLimit",
		    "elements are nested deeper than 32");
	note_line(s);
	skip(s, 1);
	if (scan_name(s, e) < 0 || scan_attrs(s, &empty, e) < 0)
		return -1;
	s->depth += empty ? 0 : 1;
	return 0;
}

static int
scan_end(struct xml_scan *s, struct err *e)
{
	if (s->depth == 0)
		return fail(s, e, "DocumentMalformed",
		    "an end tag without a start tag");
	skip(s, 2);
	if (scan_name(s, e) < 0)
		return -1;
	skip_blanks(s);
	if (!starts(s, ">"))
		return fail(s, e, "DocumentMalformed",
		    "an end tag does not end");
	skip(s, 1);
	s->depth--;
	return 0;
}

static int
scan_text(struct xml_scan *s, struct err *e)
{
	const char *next = memchr(s->p, '<', (size_t)(s->end - s->p));
	const char *to = next != NULL ? next : s->end;

	for (; s->p < to; skip(s, 1))
		if (s->depth == 0 && !is_blank(*s->p))
			return fail(s, e, "DocumentMalformed",
			    "text outside the root element");
	return 0;
}

static int
scan_next(struct xml_scan *s, struct err *e)
{
	if (*s->p != '<')
		return scan_text(s, e);
	if (starts(s, "<?"))
		return scan_instruction(s, e);
	if (starts(s, "<!"))
		return scan_markup(s, e);
	if (starts(s, "</"))
		return scan_end(s, e);
	return scan_start(s, e);
}

/* Size and encoding, before anything is understood. */
static int
scan_bytes(struct xml_scan *s, struct err *e)
{
	if (s->end - s->p > XML_MAX_BYTES)
		return fail(s, e, "DocumentLimit", "more than 32 MiB");
	if (starts(s, "\xef\xbb\xbf"))
		s->p += 3;
	if (s->p == s->end)
		return fail(s, e, "DocumentEmpty", "there is no document");
	return check_encoding(s, e);
}

int
xml_scan(const char *bytes, size_t n, struct xml_scan *out, struct err *e)
{
	struct xml_scan s = { .p = bytes, .end = bytes + n, .line = 1 };
	int rc = scan_bytes(&s, e);

	while (rc == 0 && s.p < s.end)
		rc = scan_next(&s, e);
	if (rc == 0 && (s.depth > 0 || s.elements == 0))
		rc = fail(&s, e, "DocumentMalformed",
		    "the document ends too early");
	if (rc < 0)
		free(s.lines);
	else
		*out = s;
	return rc;
}
