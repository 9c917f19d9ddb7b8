/* xml_json.c -- see xml_json.h. */
#include "profiles/xml_json.h"

#include <string.h>

#include "profiles/xml_foreign.h"

/* ---- out ---- */

static json_t *
attrs_json(const struct xml_records *r, const struct xml_element *e)
{
	json_t *list = json_array();

	for (uint32_t i = e->attrs; i < e->attrs + e->n_attrs; i++) {
		json_put(list, NULL, json_str(r->attrs[i].name));
		json_put(list, NULL, json_str(r->attrs[i].value));
	}
	return list;
}

json_t *
xml_to_json(const struct xml_records *r)
{
	json_t *all = json_object(), *list = json_array(), *row;

	for (size_t i = 0; i < r->n; i++) {
		const struct xml_element *e = &r->elements[i];

		row = json_array();
		json_put(row, NULL, json_int(e->parent));
		json_put(row, NULL, json_int(e->line));
		json_put(row, NULL, json_str(e->name));
		json_put(row, NULL, json_str(e->text));
		json_put(row, NULL, attrs_json(r, e));
		json_put(list, NULL, row);
	}
	json_put(all, "documentDigest", json_str(r->document_digest));
	json_put(all, "elements", list);
	return all;
}

/* ---- in ---- */

static int
nonsense(struct err *e, const char *what)
{
	return err_rule(e, ERR_MALFORMED, NULL, "/elements",
	    "this is no document: %s", what);
}

/* A text without control characters but blanks; NULL when it is none. */
static const char *
text_at(const json_t *list, size_t i, size_t max)
{
	const json_t *v = json_array_get(list, i);
	const char *s = json_string_value(v);

	if (s == NULL || strlen(s) != json_string_length(v) ||
	    strlen(s) > max)
		return NULL;
	for (const char *c = s; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 && strchr("\t\n\r", *c) == NULL)
			return NULL;
	return s;
}

static const char *
name_at(const json_t *list, size_t i)
{
	const char *s = text_at(list, i, 2 * XML_MAX_NAME);

	return s != NULL && *s != '\0' ? s : NULL;
}

static bool
number_at(const json_t *list, size_t i, int64_t max, uint32_t *out)
{
	const json_t *v = json_array_get(list, i);
	json_int_t n = json_integer_value(v);

	if (!json_is_integer(v) || n < 0 || n > max)
		return false;
	*out = (uint32_t)n;
	return true;
}

static int
read_attrs(struct xml_records *r, const json_t *list, struct err *e)
{
	size_t n = json_array_size(list);

	if (!json_is_array(list) || n % 2 != 0 || n > 2 * XML_MAX_ATTRS)
		return nonsense(e, "attributes");
	for (size_t i = 0; i < n; i += 2) {
		const char *name = name_at(list, i);
		const char *value = text_at(list, i + 1, XML_MAX_VALUE);

		if (name == NULL || value == NULL ||
		    xml_value(r, r->open, name) != NULL)
			return nonsense(e, "an attribute");
		xml_attr_add(r, name, value);
	}
	return 0;
}

/* The parent must be open still: rows are in document order. */
static bool
go_to_parent(struct xml_records *r, uint32_t parent, unsigned *depth)
{
	if (r->n == 0)
		return parent == 0;
	while (r->open != parent && *depth > 1) {
		xml_close(r);
		--*depth;
	}
	return r->open == parent;
}

static int
read_row(struct xml_records *r, const json_t *row, unsigned *depth,
    struct err *e)
{
	const char *name = name_at(row, 2);
	const char *text = text_at(row, 3, XML_MAX_BYTES);
	uint32_t parent, line;

	if (name == NULL || text == NULL || json_array_size(row) != 5 ||
	    !number_at(row, 0, XML_MAX_ELEMENTS, &parent) ||
	    !number_at(row, 1, XML_MAX_BYTES, &line))
		return nonsense(e, "a row");
	if (strcmp(name, "extensions") == 0 && !xml_foreign_valid(text))
		return nonsense(e, "extensions");
	if (!go_to_parent(r, parent, depth))
		return nonsense(e, "the order of rows");
	if (++*depth > XML_MAX_DEPTH)
		return nonsense(e, "the depth");
	xml_open(r, name, line);
	xml_text_set(r, text);
	return read_attrs(r, json_array_get(row, 4), e);
}

int
xml_from_json(struct arena *arena, const json_t *json, struct xml_records *r,
    struct err *e)
{
	static const char *const keys[] = { "documentDigest", "elements",
		NULL };
	const json_t *list = json_object_get(json, "elements");
	size_t n = json_array_size(list);
	const char *digest;
	unsigned depth = 0;

	if (json_only(json, "", keys, e) < 0 || json_get_str(json, "",
	    "documentDigest", false, DIGEST_TEXT - 1, &digest, e) < 0)
		return -1;
	if (n == 0 || n > XML_MAX_ELEMENTS)
		return nonsense(e, "elements");
	xml_begin(r, arena);
	for (size_t i = 0; i < n; i++)
		if (read_row(r, json_array_get(list, i), &depth, e) < 0)
			return -1;
	for (; depth > 0; depth--)
		xml_close(r);
	memcpy(r->document_digest, digest, strlen(digest) + 1);
	(void)xml_content_digest(r, r->content_digest);
	return 0;
}
