/* xml_write.c -- see xml_write.h. */
#include "profiles/xml_write.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "profiles/field_rows.h"
#include "profiles/store_rows.h"
#include "profiles/xml_grammar.h"

struct write {
	struct xml_records *r;
	struct store *store;
	struct arena *arena;
	struct field_names names;
	const struct profile *profile;
};

static bool
no_id(void *cookie, enum object_type type, const char *ref, char id[ID_TEXT])
{
	(void)cookie;
	(void)type;
	(void)ref;
	(void)id;
	return false;
}

static bool
name_of(void *cookie, enum object_type type, const char *id,
    char name[NAME_TEXT])
{
	struct err e;

	return store_name_of(cookie, type, id, name, &e) > 0;
}

/* ---- one object, by its table ---- */

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
has_text(struct write *w, const struct field *f, const void *object,
    char text[FIELD_TEXT_MAX])
{
	if ((f->flags & FIELD_NULLABLE) && field_is_empty(f, object))
		return false;
	return field_get_text(f, &w->names, object, text);
}

/* Attributes whose path is `prefix` and "@name". */
static void
put_attrs(struct write *w, const struct field_table *table,
    const char *prefix, const void *object)
{
	size_t n = strlen(prefix);
	char text[FIELD_TEXT_MAX];

	for (const struct field *f = table->fields; !is_last(f); f++)
		if (f->xml != NULL && strncmp(f->xml, prefix, n) == 0 &&
		    f->xml[n] == '@' && has_text(w, f, object, text))
			xml_attr_add(w->r, f->xml + n + 1, text);
}

static void put_object(struct write *w, const char *element,
    const struct xml_type *type, const struct field_table *table,
    const void *object);

static void
put_items(struct write *w, const struct field *f, const char *element,
    const char *type, const void *object)
{
	size_t n = field_count(f, object), size = f->items->size;
	const char *items;

	memcpy(&items, (const char *)object + f->offset, sizeof(items));
	for (size_t i = 0; i < n; i++)
		put_object(w, element, xml_grammar_type(type), f->items,
		    items + i * size);
}

static void
put_text(struct write *w, const struct field *f, const void *object)
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
put_holder(struct write *w, const struct xml_word *child,
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
put_devices(struct write *w, enum device_kind kind)
{
	const struct field_table *table = field_device(kind);

	for (size_t i = 0; i < w->profile->n_devices; i++)
		if (w->profile->devices[i].kind == kind)
			put_object(w, table->name,
			    xml_grammar_type(table->name), table,
			    &w->profile->devices[i]);
}

static void
put_child(struct write *w, const struct xml_word *child,
    const struct field_table *table, const void *object)
{
	const struct field *f = table->fields;

	if (table == &field_profile)
		for (unsigned k = 0; k < DEVICE_N_KINDS; k++)
			if (strcmp(child->name, field_device(k)->name) == 0) {
				put_devices(w, k);
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

static void
put_object(struct write *w, const char *element, const struct xml_type *type,
    const struct field_table *table, const void *object)
{
	const char *list = type->children;
	struct xml_word child;

	xml_open(w->r, element, 0);
	put_attrs(w, table, "", object);
	while (xml_grammar_next(&list, &child))
		put_child(w, &child, table, object);
	xml_close(w->r);
}

/* ---- what the profile refers to ---- */

struct refs {
	const char **ids;
	size_t n, cap;
};

static void
add_ref(struct write *w, struct refs *refs, const char *id)
{
	if (*id == '\0')
		return;
	for (size_t i = 0; i < refs->n; i++)
		if (strcmp(refs->ids[i], id) == 0)
			return;
	ARENA_PUSH(w->arena, refs->ids, refs->n, refs->cap) = id;
}

static void
collect(struct write *w, struct refs *networks, struct refs *sans)
{
	for (size_t i = 0; i < w->profile->n_devices; i++) {
		const struct device *d = &w->profile->devices[i];

		for (size_t k = 0; k < d->n_vlans; k++)
			add_ref(w, networks, d->vlans[k].network);
		add_ref(w, sans, d->san);
	}
}

static int
by_name(const void *a, const void *b)
{
	const struct head *const *x = a, *const *y = b;

	return strcasecmp((*x)->name, (*y)->name);
}

/* Loads them and writes them by name. */
static int
put_refs(struct write *w, const struct refs *refs, enum object_type type,
    struct err *e)
{
	const struct head **list = arena_array(w->arena, refs->n,
	    sizeof(*list));
	const char *element = type == OBJ_NETWORK ? "ethernet" : "san";
	struct network *network;
	struct san *san;

	for (size_t i = 0; i < refs->n; i++) {
		if (type == OBJ_NETWORK ?
		    network_load(w->store, w->arena, refs->ids[i], &network,
		    e) < 0 : san_load(w->store, w->arena, refs->ids[i], &san,
		    e) < 0)
			return -1;
		list[i] = type == OBJ_NETWORK ? &network->head : &san->head;
	}
	qsort(list, refs->n, sizeof(*list), by_name);
	for (size_t i = 0; i < refs->n; i++)
		put_object(w, element, xml_grammar_type(element),
		    type == OBJ_NETWORK ? &field_network : &field_san,
		    list[i]);
	return 0;
}

static int
put_networks(struct write *w, struct err *e)
{
	struct refs networks = { .n = 0 }, sans = { .n = 0 };
	int rc;

	collect(w, &networks, &sans);
	xml_open(w->r, "networks", 0);
	rc = put_refs(w, &networks, OBJ_NETWORK, e);
	if (rc == 0)
		rc = put_refs(w, &sans, OBJ_SAN, e);
	xml_close(w->r);
	return rc;
}

/* ---- the document ---- */

static void
put_number(struct write *w, const char *name, int64_t n)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRId64, n);
	xml_attr_add(w->r, name, text);
}

static void
put_origin(struct write *w, const struct xml_origin *o)
{
	char at[TIME_TEXT];

	xml_open(w->r, "origin", 0);
	xml_attr_add(w->r, "applianceUuid", o->appliance->id);
	xml_attr_add(w->r, "name", o->appliance->name);
	if (o->model != NULL)
		xml_attr_add(w->r, "model", o->model);
	xml_attr_add(w->r, "software", o->software);
	put_number(w, "generation", o->appliance->generation);
	put_number(w, "identityEpoch", o->appliance->identity_epoch);
	xml_attr_add(w->r, "exportedAt", time_text(o->at_ms, at));
	xml_close(w->r);
}

/* Its place must be there before its content can be known. */
static void
put_integrity(struct write *w)
{
	struct buf canonical = buf_new(XML_MAX_BYTES);
	uint32_t document, content;

	xml_open(w->r, "integrity", 0);
	document = xml_open(w->r, "documentDigest", 0);
	xml_attr_add(w->r, "c14n", "exc-c14n");
	xml_close(w->r);
	content = xml_open(w->r, "contentDigest", 0);
	xml_close(w->r);
	xml_close(w->r);
	xml_close(w->r);
	xml_render(w->r, true, &canonical);
	digest_text(canonical.data, canonical.len, w->r->document_digest);
	(void)xml_content_digest(w->r, w->r->content_digest);
	w->r->elements[document].text = w->r->document_digest;
	w->r->elements[content].text = w->r->content_digest;
	buf_free(&canonical);
}

int
xml_profile_write(struct store *store, struct arena *arena,
    const struct profile *profile, const struct xml_origin *origin,
    struct buf *out, struct err *e)
{
	struct xml_records r;
	struct write w = {
		.r = &r, .store = store, .arena = arena, .profile = profile,
		.names = { no_id, name_of, store },
	};

	xml_begin(&r, arena);
	xml_open(&r, XML_ROOT, 0);
	xml_attr_add(&r, "schemaVersion", "1.0");
	xml_attr_add(&r, "kind", "profile");
	put_origin(&w, origin);
	if (put_networks(&w, e) < 0)
		return -1;
	xml_open(&r, "profiles", 0);
	put_object(&w, "profile", xml_grammar_type("profile"), &field_profile,
	    profile);
	xml_close(&r);
	put_integrity(&w);
	xml_render(&r, false, out);
	if (out->full)
		return err_set(e, ERR_TOO_LARGE,
		    "profile %s does not fit into a document",
		    profile->head.name);
	return 0;
}
