/* xml_put.c -- see xml_put.h. */
#include "profiles/xml_put.h"

#include <stdio.h>
#include <string.h>

#include "profiles/field_rows.h"
#include "profiles/xml_grammar.h"

static bool
is_last(const struct field *f)
{
	return f->json == NULL && f->xml == NULL;
}

/* "mac" leads to "mac/@value" and to itself. */
static bool
is_below(const struct field *f, const char *child)
{
	size_t n = strlen(child);

	return f->xml != NULL && strncmp(f->xml, child, n) == 0 &&
	    (f->xml[n] == '/' || f->xml[n] == '\0');
}

static bool
has_text(struct xml_put *w, const struct field *f, const void *object,
    char text[FIELD_TEXT_MAX])
{
	if ((f->flags & FIELD_NULLABLE) && field_is_empty(f, object))
		return false;
	return field_get_text(f, &w->names, object, text);
}

/* Attributes whose path is `prefix` and "@name". */
static void
put_attrs(struct xml_put *w, const struct field_table *table,
    const char *prefix, const void *object)
{
	size_t n = strlen(prefix);
	char text[FIELD_TEXT_MAX];

	for (const struct field *f = table->fields; !is_last(f); f++)
		if (f->xml != NULL && strncmp(f->xml, prefix, n) == 0 &&
		    f->xml[n] == '@' && has_text(w, f, object, text))
			xml_attr_add(w->r, f->xml + n + 1, text);
}

static void
put_items(struct xml_put *w, const struct field *f, const char *element,
    const char *type, const void *object)
{
	size_t n = field_count(f, object), size = f->items->size;
	const char *items;

	memcpy(&items, (const char *)object + f->offset, sizeof(items));
	for (size_t i = 0; i < n; i++)
		xml_put_object(w, element, type, f->items, items + i * size);
}

static void
put_text(struct xml_put *w, const struct field *f, const void *object)
{
	char text[FIELD_TEXT_MAX];

	xml_open(w->r, f->xml, 0);
	if (f->type == FIELD_FOREIGN)
		xml_text_set(w->r, field_foreign(f, object));
	else if (has_text(w, f, object, text))
		xml_text_set(w->r, text);
	xml_close(w->r);
}

/* An element that only holds attributes, or a list too.  A list that is empty
 * says so; attributes that are all null say nothing. */
static void
put_holder(struct xml_put *w, const struct xml_word *child,
    const struct field_table *table, const void *object)
{
	char prefix[40], text[FIELD_TEXT_MAX], item[32];
	size_t n = (size_t)snprintf(prefix, sizeof(prefix), "%s/",
	    child->name);
	bool wanted = false;

	for (const struct field *f = table->fields; !is_last(f); f++)
		if (is_below(f, child->name))
			wanted = wanted || f->type == FIELD_LIST ||
			    has_text(w, f, object, text);
	if (!wanted)
		return;
	xml_open(w->r, child->name, 0);
	put_attrs(w, table, prefix, object);
	for (const struct field *f = table->fields; !is_last(f); f++)
		if (is_below(f, child->name) && f->type == FIELD_LIST) {
			(void)snprintf(item, sizeof(item), "%s", f->xml + n);
			put_items(w, f, item, item, object);
		}
	xml_close(w->r);
}

static void
put_devices(struct xml_put *w, const struct profile *p,
    enum device_kind kind)
{
	const struct field_table *table = field_device(kind);

	for (size_t i = 0; i < p->n_devices; i++)
		if (p->devices[i].kind == kind &&
		    p->devices[i].lease[0] == '\0')
			xml_put_object(w, table->name, table->name, table,
			    &p->devices[i]);
}

static void
put_child(struct xml_put *w, const struct xml_word *child,
    const struct field_table *table, const void *object)
{
	const struct field *f = table->fields;

	if (table == &field_profile)
		for (unsigned k = 0; k < DEVICE_N_KINDS; k++)
			if (strcmp(child->name, field_device(k)->name) == 0) {
				put_devices(w, object, k);
				return;
			}
	if (table == &field_lease && w->leased != NULL && strcmp(child->name,
	    field_device((enum device_kind)w->leased->kind)->name) == 0) {
		xml_put_object(w, child->name, child->name,
		    field_device((enum device_kind)w->leased->kind),
		    w->leased);
		return;
	}
	while (!is_last(f) && !is_below(f, child->name))
		f++;
	if (is_last(f))
		return;
	if (f->type == FIELD_LIST && strcmp(f->xml, child->name) == 0)
		put_items(w, f, child->name, child->type, object);
	else if (strcmp(f->xml, child->name) == 0)
		put_text(w, f, object);
	else
		put_holder(w, child, table, object);
}

void
xml_put_object(struct xml_put *w, const char *element, const char *type,
    const struct field_table *table, const void *object)
{
	const char *list = xml_grammar_type(type)->children;
	struct xml_word child;

	xml_open(w->r, element, 0);
	put_attrs(w, table, "", object);
	while (xml_grammar_next(&list, &child))
		put_child(w, &child, table, object);
	xml_close(w->r);
}
