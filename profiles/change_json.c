/* change_json.c -- change sets as JSON, and their diff; see change.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "profiles/change_rows.h"

static json_t *
content_of(enum object_type type, const void *object)
{
	json_t *content = field_to_content(field_object(type), object), *devices;
	const struct profile *p = object;

	if (type != OBJ_PROFILE || p->n_devices == 0)
		return content;
	devices = json_array();
	for (size_t i = 0; i < p->n_devices; i++)
		json_put(devices, NULL, field_to_content(field_device(
		    (enum device_kind)p->devices[i].kind), &p->devices[i]));
	json_put(content, "devices", devices);
	return content;
}

static const char *
text_of(struct change_set *cs, enum object_type type, const void *object)
{
	json_t *content;
	char *text, *kept;

	if (object == NULL)
		return "null";
	content = content_of(type, object);
	text = json_canonical(content);
	kept = arena_strdup(cs->arena, text);
	free(text);
	json_decref(content);
	return kept;
}

const char *
change_content(struct change_set *cs, struct change *c)
{
	if (c->content == NULL)
		c->content = text_of(cs, c->type, c->after);
	return c->content;
}

/*
 * Beside the content stand the revision and the birth of the object at that
 * side; when it is made again, it goes on from there.  Types and ids are our
 * own words: nothing in them has to be escaped.
 */
static void
put_change(struct buf *b, struct change_set *cs, struct change *c, bool inverse)
{
	const void *object = inverse ? c->before : c->after;
	const struct head *h;

	buf_printf(b, "{\"type\":\"%s\",\"id\":\"%s\"", object_word(c->type),
	    c->id);
	h = object != NULL ? change_head_of(c->type, object) : NULL;
	if (h != NULL)
		buf_printf(b, ",\"revision\":%" PRId64 ",\"createdMs\":%"
		    PRId64, h->revision, h->created_ms);
	buf_str(b, ",\"content\":");
	buf_str(b, inverse ? text_of(cs, c->type, object) :
	    change_content(cs, c));
	buf_str(b, "}");
}

const char *
change_text(struct change_set *cs, bool inverse)
{
	struct buf b = buf_new(SIZE_MAX);
	char *text;

	buf_str(&b, "[");
	for (size_t i = 0; i < cs->n; i++) {
		if (i > 0)
			buf_str(&b, ",");
		put_change(&b, cs, &cs->items[i], inverse);
	}
	buf_str(&b, "]");
	text = arena_strdup(cs->arena, b.data);
	buf_free(&b);
	return text;
}

/* ---- back ---- */

static int
malformed(const char *what, struct err *e)
{
	return err_set(e, ERR_MALFORMED, "a stored change set: %s", what);
}

/* OBJ_N_TYPES when it is none of them. */
static enum object_type
type_of(const json_t *entry)
{
	const char *word = json_string_value(json_object_get(entry, "type"));
	enum object_type t = OBJ_NETWORK;

	while (t < OBJ_N_TYPES &&
	    (word == NULL || strcmp(word, object_word(t)) != 0))
		t++;
	return t;
}

static enum device_kind
kind_of(const json_t *device)
{
	const char *word = json_string_value(json_object_get(device, "kind"));

	if (word == NULL)
		return DEVICE_VNIC;
	return strcmp(word, "vhba") == 0 ? DEVICE_VHBA :
	    strcmp(word, "vdas") == 0 ? DEVICE_VDAS :
	    strcmp(word, "exclusive") == 0 ? DEVICE_EXCLUSIVE : DEVICE_VNIC;
}

/* What is left out of content is 0; these have another "not placed". */
static void
number_disks(struct device *d)
{
	for (size_t i = 0; i < d->n_disks; i++)
		if (d->disks[i].bay == 0)
			d->disks[i].number = UINT32_MAX;
}

static int
read_devices(struct change_set *cs, const json_t *list, struct profile *p,
    struct err *e)
{
	size_t n = json_array_size(list);

	if (n > PROFILE_DEVICES)
		return malformed("too many devices", e);
	p->devices = arena_array(cs->arena, n, sizeof(*p->devices));
	p->n_devices = n;
	for (size_t i = 0; i < n; i++) {
		const json_t *json = json_array_get(list, i);
		struct device *d = &p->devices[i];

		d->kind = kind_of(json);
		if (field_from_content(cs->arena,
		    field_device((enum device_kind)d->kind), json, "/devices",
		    d, e) < 0)
			return -1;
		number_disks(d);
	}
	return 0;
}

static int
read_content(struct change_set *cs, enum object_type type,
    const json_t *content, void **out, struct err *e)
{
	/* Its devices are not a row of the table. */
	union {
		const json_t *in;
		json_t *out;
	} o = { .in = content };
	void *object = arena_alloc(cs->arena, field_object(type)->size);
	json_t *own = json_copy(o.out);
	int rc;

	if (own == NULL)
		return malformed("no content", e);
	(void)json_object_del(own, "devices");
	if (type == OBJ_PROFILE)
		profile_defaults(object);
	if (type == OBJ_LEASE)
		lease_defaults(object);
	rc = field_from_content(cs->arena, field_object(type), own, "", object,
	    e);
	json_decref(own);
	if (rc < 0)
		return -1;
	if (type == OBJ_PROFILE && read_devices(cs,
	    json_object_get(content, "devices"), object, e) < 0)
		return -1;
	*out = object;
	return 0;
}

/* The item of an object as it is, made or touched; *out NULL when it is
 * nowhere. */
static int
present(struct change_set *cs, enum object_type type, const char *id,
    struct change **out, struct err *e)
{
	struct network *n;
	struct profile *f;
	struct pool *p;
	struct san *s;
	struct slot *t;
	struct port *o;
	struct qos_class *k;
	struct lease *l;
	struct appliance_wanted *w;
	struct bay *b;
	int rc = 0;

	*out = change_find(cs, type, id);
	if (*out != NULL)
		return 0;
	switch (type) {
	case OBJ_NETWORK:
		rc = change_network(cs, id, &n, e);
		break;
	case OBJ_SAN:
		rc = change_san(cs, id, &s, e);
		break;
	case OBJ_POOL:
		rc = change_pool(cs, id, &p, e);
		break;
	case OBJ_PROFILE:
		rc = change_profile(cs, id, &f, e);
		break;
	case OBJ_SLOT:
		rc = change_slot(cs, (unsigned)strtoul(id, NULL, 10), &t, e);
		break;
	case OBJ_PORT:
		rc = change_port(cs, id, &o, e);
		break;
	case OBJ_CLASS:
		rc = change_class(cs, id, &k, e);
		break;
	case OBJ_LEASE:
		rc = change_lease(cs, id, &l, e);
		break;
	case OBJ_APPLIANCE:
		rc = change_appliance(cs, &w, e);
		break;
	case OBJ_BAY:
		rc = change_bay(cs, id, &b, e);
		break;
	case OBJ_N_TYPES:
		break;
	}
	if (rc < 0 && e->code != ERR_NOT_FOUND)
		return -1;
	*out = change_find(cs, type, id);
	return 0;
}

/* Counts on from what is there, else from what was. */
static void
keep_head(const struct change *c, const json_t *entry, int64_t wall_ms,
    void *object)
{
	const struct head *b;
	struct head *h = change_head(c->type, object);

	if (c->type == OBJ_SLOT) {
		const struct slot *was = c->before;

		((struct slot *)object)->revision =
		    was != NULL ? was->revision : 1;
		return;
	}
	if (c->type == OBJ_PORT) {
		const struct port *was = c->before;

		((struct port *)object)->revision =
		    was != NULL ? was->revision : 1;
		return;
	}
	if (c->type == OBJ_BAY) {
		const struct bay *was = c->before;

		((struct bay *)object)->revision =
		    was != NULL ? was->revision : 1;
		return;
	}
	if (c->type == OBJ_APPLIANCE) {
		const struct appliance_wanted *was = c->before;

		((struct appliance_wanted *)object)->revision =
		    was != NULL ? was->revision : 1;
		return;
	}
	if (c->type == OBJ_LEASE)
		((struct lease *)object)->since_ms = c->before != NULL ?
		    ((const struct lease *)c->before)->since_ms : wall_ms;
	b = c->before != NULL ? change_head_of(c->type, c->before) : NULL;
	h->revision = b != NULL ? b->revision :
	    json_integer_value(json_object_get(entry, "revision"));
	h->created_ms = b != NULL ? b->created_ms :
	    json_integer_value(json_object_get(entry, "createdMs"));
	h->modified_ms = b != NULL ? b->modified_ms : 0;
}

static int
read_entry(struct change_set *cs, const json_t *entry, struct err *e)
{
	const char *id = json_string_value(json_object_get(entry, "id"));
	const json_t *content = json_object_get(entry, "content");
	enum object_type type = type_of(entry);
	struct change *c;
	void *object = NULL;

	if (type == OBJ_N_TYPES)
		return malformed("unknown type", e);
	if (id == NULL || strlen(id) >= ID_TEXT)
		return malformed("no id", e);
	if (present(cs, type, id, &c, e) < 0)
		return -1;
	if (json_is_null(content)) {
		if (c != NULL)
			c->after = NULL;
		if (c != NULL)
			c->content = NULL;
		return 0;
	}
	if (read_content(cs, type, content, &object, e) < 0)
		return -1;
	if (c == NULL)
		c = change_push(cs, type, id, NULL, NULL);
	keep_head(c, entry, cs->wall_ms, object);
	c->after = object;
	c->content = NULL;
	return 0;
}

int
change_from_json(struct change_set *cs, const json_t *list, struct err *e)
{
	size_t n = json_array_size(list);

	if (!json_is_array(list))
		return malformed("no list", e);
	for (size_t i = 0; i < n; i++)
		if (read_entry(cs, json_array_get(list, i), e) < 0)
			return -1;
	return 0;
}

/* ---- the diff for people ---- */

static json_t *
diff_row(const void *before, const void *after, const char *type,
    const char *name, const char *of, json_t *fields)
{
	json_t *row = json_object();

	json_put(row, "op", json_str(before == NULL ? "add" :
	    after == NULL ? "remove" : "change"));
	json_put(row, "type", json_str(type));
	json_put(row, "name", json_str(name));
	json_put(row, "of", json_str(of));
	json_put(row, "fields", fields);
	return row;
}

static void
put_row(json_t *list, json_t *row)
{
	bool change = strcmp(json_string_value(json_object_get(row, "op")),
	    "change") == 0;

	if (change && json_array_size(json_object_get(row, "fields")) == 0)
		json_decref(row);
	else
		json_put(list, NULL, row);
}

static const struct device *
find_device(const struct profile *p, const char *id)
{
	for (size_t i = 0; p != NULL && i < p->n_devices; i++)
		if (strcmp(p->devices[i].id, id) == 0)
			return &p->devices[i];
	return NULL;
}

static void
diff_device(json_t *list, const struct field_names *names,
    const struct device *b, const struct device *d, const char *of)
{
	const struct device *any = d != NULL ? d : b;
	const struct field_table *table =
	    field_device((enum device_kind)any->kind);

	put_row(list, diff_row(b, d, table->name, any->name, of,
	    field_diff(table, names, b, d)));
}

static json_t *
slot_value(const struct profile *p)
{
	return p != NULL && p->slot != 0 ? json_int(p->slot) : json_null();
}

/* Where the profile sits is an object of its own for people. */
static void
diff_assignment(json_t *list, const struct profile *b,
    const struct profile *p, const char *name)
{
	bool was = b != NULL && b->slot != 0, is = p != NULL && p->slot != 0;
	json_t *fields, *field;

	if ((!was && !is) || (was && is && b->slot == p->slot))
		return;
	fields = json_array();
	field = json_object();
	json_put(field, "name", json_str("slot"));
	json_put(field, "before", slot_value(b));
	json_put(field, "after", slot_value(p));
	json_put(fields, NULL, field);
	put_row(list, diff_row(was ? b : NULL, is ? p : NULL, "assignment",
	    name, NULL, fields));
}

static void
diff_profile(json_t *list, const struct field_names *names,
    const struct profile *b, const struct profile *p)
{
	const char *of = p != NULL ? p->head.name : b->head.name;

	put_row(list, diff_row(b, p, "profile", of, NULL,
	    field_diff(&field_profile, names, b, p)));
	for (size_t i = 0; b != NULL && i < b->n_devices; i++)
		if (find_device(p, b->devices[i].id) == NULL)
			diff_device(list, names, &b->devices[i], NULL, of);
	for (size_t i = 0; p != NULL && i < p->n_devices; i++)
		diff_device(list, names, find_device(b, p->devices[i].id),
		    &p->devices[i], of);
	diff_assignment(list, b, p, of);
}

json_t *
change_diff(struct change_set *cs)
{
	struct field_names names = change_names(cs);
	json_t *list = json_array();

	for (size_t i = 0; i < cs->n; i++) {
		const struct change *c = &cs->items[i];
		const struct head *h;

		if (c->before == NULL && c->after == NULL)
			continue;
		if (c->type == OBJ_PROFILE) {
			diff_profile(list, &names, c->before, c->after);
			continue;
		}
		h = change_head_of(c->type, c->after != NULL ? c->after :
		    c->before);
		put_row(list, diff_row(c->before, c->after,
		    object_word(c->type), h != NULL ? h->name : c->id, NULL,
		    field_diff(field_object(c->type), &names, c->before, c->after)));
	}
	return list;
}
