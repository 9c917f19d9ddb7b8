/*
 * xml_digest.c -- the contentDigest (see xml.h).
 *
 * One record per element: path TAB attributes TAB text.  In the path an element
 * goes by its name and key, the first of some attributes that it has, else by
 * its position; an entry of the boot order always by its position, because there
 * the order is the meaning.
 */
#include "profiles/xml.h"

#include <stdlib.h>
#include <string.h>

static const char *const keys[] = {
	"name", "id", "number", "priority", "network", "device", "from",
};

/* What says where a document came from or how it is sealed, not what it says. */
static const char *const left_out[] = {
	"origin", "hardware", "integrity", "extensions", "ledger",
	"encryptedSystem",
};

enum { N_KEYS = sizeof(keys) / sizeof(keys[0]),
	N_LEFT_OUT = sizeof(left_out) / sizeof(left_out[0]) };

bool
xml_is_content(const struct xml_records *r, uint32_t i)
{
	const char *name = r->elements[i].name;

	for (size_t k = 0; k < N_LEFT_OUT; k++)
		if (strcmp(name, left_out[k]) == 0)
			return false;
	return !xml_is_foreign(name);
}

void
xml_step(const struct xml_records *r, uint32_t i, struct buf *b)
{
	const struct xml_element *e = &r->elements[i];
	const char *key = NULL;

	if (strcmp(e->name, "entry") != 0)
		for (size_t k = 0; k < N_KEYS && key == NULL; k++)
			key = xml_value(r, i, keys[k]);
	if (key != NULL)
		buf_printf(b, "/%s[%s]", e->name, key);
	else
		buf_printf(b, "/%s[%u]", e->name, e->position);
}

static void
put_path(const struct xml_records *r, struct buf *b, uint32_t i)
{
	uint32_t up[XML_MAX_DEPTH];
	size_t n = 0;

	for (; i != 0 && n < XML_MAX_DEPTH; i = r->elements[i].parent)
		up[n++] = i;
	while (n > 0)
		xml_step(r, up[--n], b);
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "attr=value", sorted, joined by U+001F. */
static void
put_pairs(const struct xml_records *r, struct arena *a, struct buf *b,
    uint32_t i)
{
	const struct xml_element *e = &r->elements[i];
	char **pairs = arena_array(a, e->n_attrs, sizeof(*pairs));
	size_t n = 0;

	for (uint32_t k = e->attrs; k < e->attrs + e->n_attrs; k++)
		if (strcmp(r->attrs[k].name, "revision") != 0)
			pairs[n++] = arena_printf(a, "%s=%s",
			    r->attrs[k].name, r->attrs[k].value);
	qsort(pairs, n, sizeof(*pairs), by_bytes);
	for (size_t k = 0; k < n; k++) {
		buf_str(b, k > 0 ? "\x1f" : "");
		buf_str(b, pairs[k]);
	}
}

static char *
record(const struct xml_records *r, struct arena *a, struct buf *b, uint32_t i)
{
	buf_clear(b);
	put_path(r, b, i);
	buf_str(b, "\t");
	put_pairs(r, a, b, i);
	buf_str(b, "\t");
	buf_str(b, xml_normal(a, r->elements[i].text));
	return arena_strdup(a, b->data);
}

static void
digest_lines(char **lines, size_t n, char text[DIGEST_TEXT])
{
	struct buf all = buf_new((size_t)1 << 30);

	for (size_t i = 0; i < n; i++) {
		buf_str(&all, i > 0 ? "\n" : "");
		buf_str(&all, lines[i]);
	}
	digest_text(all.data != NULL ? all.data : "", all.len, text);
	buf_free(&all);
}

size_t
xml_content_digest(const struct xml_records *r, char text[DIGEST_TEXT])
{
	struct arena *a = arena_new();
	char **lines = arena_array(a, r->n + 1, sizeof(*lines));
	struct buf b = buf_new((size_t)XML_MAX_BYTES * 2);
	size_t n = 0;
	uint32_t i = 1;

	while (i < r->n) {
		if (!xml_is_content(r, i)) {
			i = r->elements[i].end;
			continue;
		}
		lines[n++] = record(r, a, &b, i++);
	}
	qsort(lines, n, sizeof(*lines), by_bytes);
	digest_lines(lines, n, text);
	buf_free(&b);
	arena_free(a);
	return n;
}
