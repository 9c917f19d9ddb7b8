/*
 * xml_diff.c -- see xml_diff.h.
 *
 * Both documents become sorted lists of lines (object, field, value); walking
 * them side by side gives the rows.
 */
#include "profiles/xml_diff.h"

#include <stdlib.h>
#include <string.h>

struct line {
	const char *type, *name, *of;	/* of: "" none */
	const char *field, *value;	/* field "": the object itself */
};

struct lines {
	struct arena *arena;
	struct line *items;
	size_t n, cap;
};

/* ---- a document as lines ---- */

static const char *
name_of(const struct xml_records *r, uint32_t i)
{
	const char *name = xml_value(r, i, "name");

	return name != NULL ? name : xml_value(r, i, "number");
}

/* In a section of the root, or a named part of a profile. */
static bool
is_object(const struct xml_records *r, uint32_t i)
{
	uint32_t up = r->elements[i].parent, top = r->elements[up].parent;

	if (up == 0 || name_of(r, i) == NULL)
		return false;
	return top == 0 || (r->elements[top].parent == 0 &&
	    strcmp(r->elements[up].name, "profile") == 0 &&
	    xml_value(r, i, "id") != NULL);
}

/* An only child goes by its name; an entry of a list that is an order does not,
 * since there may be more of them in the other document. */
static void
put_step(const struct xml_records *r, uint32_t i, struct buf *b)
{
	const struct xml_element *e = &r->elements[i];
	size_t from = b->len;

	xml_step(r, i, b);
	if (e->position == 1 && xml_next(r, i, e->name) == 0 &&
	    strcmp(e->name, "entry") != 0 && b->len > from + 3 &&
	    strcmp(b->data + b->len - 3, "[1]") == 0)
		b->len -= 3;
}

/* The path from the object down to the element, then what is said of it. */
static const char *
field_of(struct lines *l, const struct xml_records *r, uint32_t object,
    uint32_t i, const char *attr)
{
	struct buf b = buf_new(XML_MAX_VALUE);
	uint32_t up[XML_MAX_DEPTH];
	const char *field;
	size_t n = 0;

	for (; i != object && i != 0 && n < XML_MAX_DEPTH;
	    i = r->elements[i].parent)
		up[n++] = i;
	while (n > 0)
		put_step(r, up[--n], &b);
	if (attr != NULL)
		buf_printf(&b, "/%s", attr);
	field = b.len == 0 ? "text" : arena_printf(l->arena, "%.*s",
	    (int)b.len - 1, b.data + 1);
	buf_free(&b);
	return field;
}

static void
put_line(struct lines *l, const struct line *object, const char *field,
    const char *value)
{
	struct line line = *object;

	line.field = field;
	line.value = value;
	ARENA_PUSH(l->arena, l->items, l->n, l->cap) = line;
}

static void
put_element(struct lines *l, const struct xml_records *r,
    const struct line *object, uint32_t at, uint32_t i)
{
	const struct xml_element *e = &r->elements[i];
	const char *text = e->text == NULL ? "" : xml_normal(l->arena, e->text);

	for (uint32_t k = e->attrs; k < e->attrs + e->n_attrs; k++) {
		const char *name = r->attrs[k].name;

		if (strcmp(name, "revision") != 0 &&
		    (i != at || strcmp(name, "name") != 0))
			put_line(l, object, field_of(l, r, at, i, name),
			    r->attrs[k].value);
	}
	if (*text != '\0')
		put_line(l, object, field_of(l, r, at, i, NULL), text);
	/* Present and empty is a statement too. */
	else if (i != at && e->n_attrs == 0 && e->end == i + 1)
		put_line(l, object, field_of(l, r, at, i, NULL), "");
}

static struct line
head(const struct xml_records *r, uint32_t i)
{
	uint32_t up = r->elements[i].parent;

	return (struct line){ .type = r->elements[i].name,
		.name = name_of(r, i), .field = "", .value = "",
		.of = r->elements[up].parent == 0 ? "" : name_of(r, up) };
}

static int
by_key(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int rc = strcmp(x->type, y->type);

	if (rc == 0)
		rc = strcmp(x->of, y->of);
	if (rc == 0)
		rc = strcmp(x->name, y->name);
	return rc != 0 ? rc : strcmp(x->field, y->field);
}

static void
put_object(struct lines *l, const struct xml_records *r, uint32_t at)
{
	struct line object = head(r, at);
	uint32_t i = at;

	put_line(l, &object, "", "");
	while (i < r->elements[at].end) {
		if (i != at && (is_object(r, i) || !xml_is_content(r, i))) {
			i = r->elements[i].end;
			continue;
		}
		put_element(l, r, &object, at, i++);
	}
}

static void
collect(struct lines *l, const struct xml_records *r)
{
	uint32_t i = 1;

	while (i < r->n) {
		if (!xml_is_content(r, i)) {
			i = r->elements[i].end;
			continue;
		}
		if (is_object(r, i))
			put_object(l, r, i);
		i++;
	}
	if (l->n > 0)
		qsort(l->items, l->n, sizeof(*l->items), by_key);
}

/* ---- side by side ---- */

static json_t *
field_json(const char *name, const struct line *before,
    const struct line *after)
{
	json_t *o = json_object();

	json_put(o, "name", json_str(name));
	json_put(o, "before", json_str(before != NULL ? before->value : NULL));
	json_put(o, "after", json_str(after != NULL ? after->value : NULL));
	return o;
}

static json_t *
row_json(const struct line *any, const struct line *before,
    const struct line *after)
{
	json_t *o = json_object();

	json_put(o, "op", json_str(before == NULL ? "add" :
	    after == NULL ? "remove" : "change"));
	json_put(o, "type", json_str(any->type));
	json_put(o, "name", json_str(any->name));
	json_put(o, "of", json_str(*any->of == '\0' ? NULL : any->of));
	json_put(o, "fields", json_array());
	return o;
}

/* A row that changes no field is none. */
static void
put_row(json_t *list, json_t *row)
{
	if (row == NULL)
		return;
	if (strcmp(json_string_value(json_object_get(row, "op")),
	    "change") == 0 &&
	    json_array_size(json_object_get(row, "fields")) == 0)
		json_decref(row);
	else
		json_put(list, NULL, row);
}

/* `any` is one of both, or both are it. */
static void
take_pair(json_t *list, json_t **row, const struct line *any,
    const struct line *before, const struct line *after)
{
	if (*any->field == '\0') {
		put_row(list, *row);
		*row = row_json(any, before, after);
	} else if (before == NULL || after == NULL ||
	    strcmp(before->value, after->value) != 0) {
		json_put(json_object_get(*row, "fields"), NULL,
		    field_json(any->field, before, after));
	}
}

static json_t *
merge(const struct lines *b, const struct lines *a)
{
	json_t *list = json_array(), *row = NULL;
	size_t i = 0, k = 0;

	while (i < b->n || k < a->n) {
		const struct line *x = i < b->n ? &b->items[i] : NULL;
		const struct line *y = k < a->n ? &a->items[k] : NULL;
		int rc = x == NULL ? 1 : y == NULL ? -1 : by_key(x, y);

		take_pair(list, &row, rc <= 0 ? x : y, rc <= 0 ? x : NULL,
		    rc >= 0 ? y : NULL);
		i += rc <= 0;
		k += rc >= 0;
	}
	put_row(list, row);
	return list;
}

json_t *
xml_diff(const struct xml_records *before, const struct xml_records *after)
{
	struct arena *arena = arena_new();
	struct lines b = { .arena = arena }, a = { .arena = arena };
	json_t *list;

	collect(&b, before);
	collect(&a, after);
	list = merge(&b, &a);
	arena_free(arena);
	return list;
}
