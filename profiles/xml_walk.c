/* xml_walk.c -- see xml_walk.h. */
#include "profiles/xml_walk.h"

#include <stdio.h>
#include <string.h>

#include "profiles/field_rows.h"

static bool
is_last(const struct field *f)
{
	return f->json == NULL && f->xml == NULL;
}

void
xml_walk_use(struct xml_walk *w, uint32_t element, const char *attr)
{
	const struct xml_element *e = &w->r->elements[element];

	w->used_elements[element] = true;
	for (uint32_t i = e->attrs; i < e->attrs + e->n_attrs; i++)
		if (attr != NULL && strcmp(w->r->attrs[i].name, attr) == 0)
			w->used_attrs[i] = true;
}

/* A refused value is a problem of the document; a failing store is not. */
static void
refuse(struct xml_walk *w, uint32_t element, const char *attr,
    const struct err *e)
{
	if (e->code != ERR_RULES && e->code != ERR_MALFORMED) {
		w->failed = -1;
		w->err = *e;
		return;
	}
	if (w->told && strcmp(e->rule, "MissingDependency") == 0)
		return;
	xml_problem_add(w->out, 'B', e->rule[0] != '\0' ? e->rule :
	    "DocumentValue", element, attr, "%s", e->msg);
}

/* ---- single values ---- */

/* Not the importer's to set: ids are matched, counters are ours, and where a
 * disk stands is known by looking. */
static bool
is_ours(const struct field *f)
{
	return f->type == FIELD_UUID || (f->flags & FIELD_META) ||
	    f->special == SPECIAL_NUMBER ||
	    (f->type == FIELD_MODULE && (f->flags & FIELD_PLACED));
}

/* Where something was put that is here already: it stays.  An assignment is
 * wished. */
static bool
is_place(const struct field *f)
{
	return (f->flags & FIELD_PLACED) != 0 &&
	    strncmp(f->xml, "assignment/", strlen("assignment/")) != 0;
}

/* False when there is nothing to take. */
static bool
read_attr(struct xml_walk *w, const struct field *f, uint32_t element,
    const char *attr, bool making, void *object)
{
	const char *value = xml_value(w->r, element, attr);
	struct err e;

	if (value == NULL) {
		if (making && (f->flags & FIELD_REQUIRED))
			xml_problem_add(w->out, 'B', "DocumentMissing",
			    element, attr, "what is new must have %s", f->xml);
		return false;
	}
	xml_walk_use(w, element, attr);
	if (is_ours(f) || (!making && is_place(f)))
		return true;
	if (*value == '\0' && f->type != FIELD_TEXT) {
		xml_problem_add(w->out, 'B', "DocumentValue", element, attr,
		    "%s is empty; to say nothing, leave it out", attr);
		return false;
	}
	if (field_set_text(f, &w->names, value, attr, object, &e) == 0)
		return true;
	refuse(w, element, attr, &e);
	return false;
}

/* A text on several lines, or with tabs, was laid out by hand. */
static void
read_text(struct xml_walk *w, const struct field *f, uint32_t element,
    void *object)
{
	const char *text = w->r->elements[element].text;
	struct err e;

	xml_walk_use(w, element, NULL);
	if (strpbrk(text, "\n\r\t") != NULL)
		text = xml_normal(w->arena, text);
	if (field_set_text(f, &w->names, text, f->xml, object, &e) < 0)
		refuse(w, element, NULL, &e);
}

/* Canonical already (xml_read.h). */
static void
read_foreign(struct xml_walk *w, const struct field *f, uint32_t element,
    void *object)
{
	const char *text;

	if (element == 0)
		return;
	xml_walk_use(w, element, NULL);
	text = arena_strdup(w->arena, w->r->elements[element].text);
	memcpy((char *)object + f->offset, &text, sizeof(text));
}

/* ---- lists ---- */

static const struct field *
key_of(const struct field_table *table)
{
	for (const struct field *f = table->fields; !is_last(f); f++)
		if (f->flags & FIELD_KEY)
			return f;
	return table->fields;
}

/* Which among n items has the key of this one; n when none has. */
static size_t
same_key(const struct field_table *table, const char *items, size_t n,
    const void *item)
{
	const struct field *key = key_of(table);
	size_t i = 0;

	while (i < n && !field_same(key, items + i * table->size, item))
		i++;
	return i;
}

struct list {
	char *items, *old;
	size_t n, n_old;
};

/* One that never had a place anywhere. */
static bool
is_new_disk(const struct xml_walk *w, uint32_t element)
{
	return xml_value(w->r, element, "guid") == NULL &&
	    xml_value(w->r, element, "number") == NULL;
}

/* An item begins with what the old list has under its key. */
static void
read_item(struct xml_walk *w, const struct field *f, struct list *l,
    uint32_t element)
{
	const struct field *key = key_of(f->items);
	size_t size = f->items->size, twin, old;
	char *item = arena_alloc(w->arena, size);

	xml_walk_use(w, element, NULL);
	if (!read_attr(w, key, element, key->xml + 1, false, item))
		return;
	twin = same_key(f->items, l->items, l->n, item);
	if (twin < l->n && twin < l->n_old && f->items == &field_disk) {
		xml_walk_object(w, f->items, element, false,
		    l->items + twin * size);
		return;
	}
	if (twin < l->n) {
		xml_problem_add(w->out, 'B', "DocumentDuplicate", element,
		    key->xml + 1, "it is there twice");
		return;
	}
	old = same_key(f->items, l->old, l->n_old, item);
	if (old < l->n_old)
		memcpy(item, l->old + old * size, size);
	else if (f->items == &field_disk && is_new_disk(w, element))
		xml_problem_add(w->out, 'C', "VirtualDiskEmpty", element, NULL,
		    "the disk is not here; it will be made, empty");
	xml_walk_object(w, f->items, element, old == l->n_old, item);
	memcpy(l->items + l->n++ * size, item, size);
}

/* Disks are only added, unless what is not there shall go. */
static void
read_items(struct xml_walk *w, const struct field *f, uint32_t parent,
    const char *name, void *object)
{
	struct list l = { .n_old = field_count(f, object) };
	bool adds = f->items == &field_disk && !w->removes;
	size_t n = adds ? l.n_old : 0;
	uint32_t i;

	for (i = xml_first(w->r, parent, name); i != 0;
	    i = xml_next(w->r, i, name))
		n++;
	memcpy(&l.old, (char *)object + f->offset, sizeof(l.old));
	l.items = arena_array(w->arena, n, f->items->size);
	if (adds && l.n_old > 0) {
		memcpy(l.items, l.old, l.n_old * f->items->size);
		l.n = l.n_old;
	}
	for (i = xml_first(w->r, parent, name); i != 0;
	    i = xml_next(w->r, i, name))
		read_item(w, f, &l, i);
	if (l.n > f->max) {
		xml_problem_add(w->out, 'B', f->rule != NULL ? f->rule :
		    "DocumentLimit", parent, NULL, "%zu times %s; at most %u",
		    l.n, name, (unsigned)f->max);
		return;
	}
	memcpy((char *)object + f->offset, &l.items, sizeof(l.items));
	memcpy((char *)object + f->count_offset, &l.n, sizeof(l.n));
	if (f->flags & FIELD_MAP)
		field_sort(f, object);
}

/* ---- a row ---- */

/* Goes down to the element that holds the last part of a path; UINT32_MAX when
 * it is not there.  *last points at that part. */
static uint32_t
descend(struct xml_walk *w, uint32_t element, const char *path,
    const char **last)
{
	const char *slash = strchr(path, '/');
	char name[32];
	uint32_t child;

	*last = slash != NULL ? slash + 1 : path;
	if (slash == NULL)
		return element;
	(void)snprintf(name, sizeof(name), "%.*s", (int)(slash - path), path);
	child = xml_first(w->r, element, name);
	if (child == 0)
		return UINT32_MAX;
	xml_walk_use(w, child, NULL);
	return child;
}

static void
read_row(struct xml_walk *w, const struct field *f, uint32_t element,
    bool making, void *object)
{
	const char *last;
	uint32_t at = descend(w, element, f->xml, &last);
	bool held = last != f->xml;

	if (at == UINT32_MAX) {
		if (making && (f->flags & FIELD_REQUIRED))
			xml_problem_add(w->out, 'B', "DocumentMissing",
			    element, NULL, "what is new must have %s", f->xml);
		return;
	}
	if (*last == '@')
		(void)read_attr(w, f, at, last + 1, making, object);
	else if (f->type == FIELD_FOREIGN)
		read_foreign(w, f, xml_first(w->r, at, last), object);
	else if (f->type != FIELD_LIST) {
		at = xml_first(w->r, at, last);
		if (at != 0)
			read_text(w, f, at, object);
	} else if (held || xml_first(w->r, at, last) != 0)
		read_items(w, f, at, last, object);
	else if (making && (f->flags & FIELD_REQUIRED))
		xml_problem_add(w->out, 'B', "DocumentMissing", element, NULL,
		    "what is new must have %s", f->xml);
}

void
xml_walk_object(struct xml_walk *w, const struct field_table *table,
    uint32_t element, bool making, void *object)
{
	xml_walk_use(w, element, NULL);
	for (const struct field *f = table->fields; !is_last(f); f++)
		if (f->xml != NULL)
			read_row(w, f, element, making, object);
}

/* ---- what remains ---- */

/* Attributes whose only value that we can do says nothing. */
static bool
says_nothing(const struct xml_attr *a)
{
	static const struct xml_attr rows[] = {
		{ "sharing", "any" }, { "kind", "nic" }, { "protocol", "fc" },
		{ "access", "exclusive" }, { "boot", "false" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].name, a->name) == 0 &&
		    strcmp(rows[i].value, a->value) == 0)
			return true;
	return false;
}

/* Elements that nobody looked into; what they hold is in them. */
static bool
is_empty(const struct xml_walk *w, uint32_t i)
{
	const struct xml_element *e = &w->r->elements[i];

	return e->n_attrs == 0 && e->end == i + 1 && e->text[0] == '\0';
}

void
xml_walk_rest(struct xml_walk *w, uint32_t element)
{
	uint32_t i = element;

	while (i < w->r->elements[element].end) {
		const struct xml_element *e = &w->r->elements[i];

		if (!w->used_elements[i]) {
			if (!xml_is_foreign(e->name) && !is_empty(w, i) &&
			    strcmp(e->name, "extensions") != 0)
				xml_problem_add(w->out, 'C',
				    "DocumentPartIgnored", i, NULL,
				    "%s is not kept here", e->name);
			i = e->end;
			continue;
		}
		for (uint32_t k = e->attrs; k < e->attrs + e->n_attrs; k++)
			if (!w->used_attrs[k] &&
			    !xml_is_foreign(w->r->attrs[k].name) &&
			    !says_nothing(&w->r->attrs[k]))
				xml_problem_add(w->out, 'C',
				    "DocumentPartIgnored", i,
				    w->r->attrs[k].name,
				    "%s is not kept here",
				    w->r->attrs[k].name);
		i++;
	}
}
