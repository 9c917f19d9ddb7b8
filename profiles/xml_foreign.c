/* xml_foreign.c -- see xml_foreign.h: does a text look as the reader's do? */
#include "profiles/xml_foreign.h"

#include <ctype.h>
#include <string.h>

struct look {
	const char *p;
	const char *names[XML_MAX_DEPTH];	/* of the open elements */
	size_t lengths[XML_MAX_DEPTH];
	unsigned depth;
};

/* What C14N writes instead of a character. */
static size_t
escape_length(const char *p)
{
	static const char *const known[] = {
		"&amp;", "&lt;", "&gt;", "&quot;", "&#x9;", "&#xA;", "&#xD;",
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strncmp(p, known[i], strlen(known[i])) == 0)
			return strlen(known[i]);
	return 0;
}

/* Up to one of `ends`, which must come; false at anything unescaped. */
static bool
skip_text(struct look *l, const char *ends)
{
	while (*l->p != '\0' && strchr(ends, *l->p) == NULL) {
		size_t n = *l->p == '&' ? escape_length(l->p) : 1;

		if (n == 0 || *l->p == '<')
			return false;
		l->p += n;
	}
	return true;
}

static size_t
name_length(const char *p)
{
	size_t n = 0;

	if (!isalpha((unsigned char)*p) && *p != '_' && (*p & 0x80) == 0)
		return 0;
	while (isalnum((unsigned char)p[n]) || (p[n] & 0x80) != 0 ||
	    (p[n] != '\0' && strchr("_-.:", p[n]) != NULL))
		n++;
	return n < XML_MAX_NAME ? n : 0;
}

/* "xmlns:p" for an element p:x, "xmlns" for x. */
static bool
declares(const char *attr, size_t n, const char *element, size_t n_element)
{
	const char *colon = memchr(element, ':', n_element);
	size_t prefix = colon != NULL ? (size_t)(colon - element) : 0;

	if (prefix == 0)
		return n == 5 && memcmp(attr, "xmlns", 5) == 0;
	return n == 6 + prefix && memcmp(attr, "xmlns:", 6) == 0 &&
	    memcmp(attr + 6, element, prefix) == 0;
}

static bool
is_strange(const char *uri, size_t n)
{
	return n > 0 && (n != strlen(XML_NAMESPACE) ||
	    memcmp(uri, XML_NAMESPACE, n) != 0);
}

/* Attributes up to '>'; on top the element's namespace must be declared. */
static bool
look_attrs(struct look *l, const char *element, size_t n_element)
{
	bool strange = l->depth > 0;

	while (*l->p == ' ') {
		const char *name = ++l->p, *value;
		size_t n = name_length(name);

		if (n == 0 || strncmp(name + n, "=\"", 2) != 0)
			return false;
		value = l->p = name + n + 2;
		if (!skip_text(l, "\"") || *l->p != '"')
			return false;
		if (declares(name, n, element, n_element))
			strange = strange || is_strange(value,
			    (size_t)(l->p - value));
		l->p++;
	}
	return strange && *l->p++ == '>';
}

static bool
look_start(struct look *l)
{
	const char *name = l->p;
	size_t n = name_length(name);

	if (n == 0 || l->depth + 3 >= XML_MAX_DEPTH)
		return false;
	l->p += n;
	if (!look_attrs(l, name, n))
		return false;
	l->names[l->depth] = name;
	l->lengths[l->depth++] = n;
	return true;
}

static bool
look_end(struct look *l)
{
	size_t n;

	if (l->depth == 0)
		return false;
	n = l->lengths[--l->depth];
	if (strncmp(l->p, l->names[l->depth], n) != 0 || l->p[n] != '>')
		return false;
	l->p += n + 1;
	return true;
}

bool
xml_foreign_valid(const char *text)
{
	struct look l = { .p = text };

	if (strlen(text) > XML_MAX_FOREIGN)
		return false;
	for (;;) {
		if ((l.depth > 0 || l.p == text) && !skip_text(&l, "<"))
			return false;
		if (*l.p == '\0')
			return l.depth == 0;
		if (*l.p++ != '<')
			return false;
		if (*l.p == '/') {
			l.p++;
			if (!look_end(&l))
				return false;
		} else if (!look_start(&l)) {
			return false;
		}
	}
}
