/* field_json.c -- the tables walked from and to JSON; see field.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "profiles/field_rows.h"

struct reader {
	struct arena *arena;
	const struct field_names *names;
	bool restoring;			/* content of ours, not a client's */
};

static bool
is_last(const struct field *f)
{
	return f->json == NULL && f->xml == NULL;
}

static int
malformed(const char *at, const char *why, struct err *e)
{
	return err_rule(e, ERR_MALFORMED, NULL, at, "%s %s",
	    *at != '\0' ? at : "the object", why);
}

/* ---- which members are known ---- */

static bool
begins(const char *path, const char *member)
{
	size_t n = strlen(member);

	return strncmp(path, member, n) == 0 &&
	    (path[n] == '\0' || path[n] == '.');
}

/* A row of that member; below `parent` when it is not NULL. */
static const struct field *
find_row(const struct field_table *table, const char *parent,
    const char *member)
{
	for (const struct field *f = table->fields; !is_last(f); f++) {
		if (f->json == NULL)
			continue;
		if (parent == NULL && begins(f->json, member))
			return f;
		if (parent != NULL && begins(f->json, parent) &&
		    strcmp(f->json + strlen(parent) + 1, member) == 0)
			return f;
	}
	return NULL;
}

static int
unknown(const struct field_table *table, const char *parent, const char *at,
    struct err *e)
{
	char why[200] = "is not known here; known:";
	size_t n = strlen(why);

	for (const struct field *f = table->fields; !is_last(f); f++) {
		if (f->json == NULL || (f->flags & FIELD_READONLY) ||
		    (f->flags & FIELD_PLACED) ||
		    (parent != NULL && !begins(f->json, parent)))
			continue;
		if (n < sizeof(why))
			n += (size_t)snprintf(why + n, sizeof(why) - n, " %s",
			    f->json + (parent != NULL ? strlen(parent) + 1 : 0));
	}
	return malformed(at, why, e);
}

static int
check_members(const struct reader *r, const struct field_table *table,
    const char *parent, const json_t *object, const char *at, struct err *e)
{
	/* Walking needs a non-const object, though it changes nothing. */
	union {
		const json_t *in;
		json_t *out;
	} o = { .in = object };
	const struct field *f;
	char place[FIELD_PLACE];
	const char *key;
	json_t *value;

	json_object_foreach (o.out, key, value) {
		(void)field_pointer(at, key, place);
		f = strchr(key, '.') == NULL ? find_row(table, parent, key) :
		    NULL;
		if (f == NULL || (!r->restoring && (f->flags & FIELD_PLACED) &&
		    !(f->flags & FIELD_READONLY)))
			return unknown(table, parent, place, e);
		if (parent != NULL || strcmp(f->json, key) == 0 ||
		    json_is_null(value))
			continue;
		if (!json_is_object(value))
			return malformed(place, "must be an object", e);
		if (check_members(r, table, key, value, place, e) < 0)
			return -1;
	}
	return 0;
}

/* ---- writing ---- */

static json_t *row_json(const struct field *f, const struct field_names *names,
    const void *object, bool content);
static json_t *table_json(const struct field_table *table,
    const struct field_names *names, const void *object, bool content);

static json_t *
list_json(const struct field *f, const struct field_names *names,
    const void *object, bool content)
{
	json_t *list = json_array();
	const char *items;
	size_t n = field_count(f, object);

	memcpy(&items, (const char *)object + f->offset, sizeof(items));
	for (size_t i = 0; i < n; i++, items += f->items->size)
		json_put(list, NULL, f->flags & FIELD_BARE ?
		    row_json(f->items->fields, names, items, content) :
		    table_json(f->items, names, items, content));
	return list;
}

static json_t *
row_json(const struct field *f, const struct field_names *names,
    const void *object, bool content)
{
	const char *at = (const char *)object + f->offset;
	char text[FIELD_TEXT_MAX];
	uint32_t v;

	if (f->type == FIELD_LIST && (f->flags & FIELD_MAP))
		return field_map_json(f, object);
	if (f->type == FIELD_LIST)
		return list_json(f, names, object, content);
	if (f->type == FIELD_FOREIGN)
		return field_is_empty(f, object) ? json_null() :
		    json_str(field_foreign(f, object));
	if (f->type == FIELD_SPECIAL)
		return field_special_json(f, names, object);
	if ((f->flags & FIELD_NULLABLE) && field_is_empty(f, object))
		return json_null();
	if (f->type == FIELD_BOOL)
		return json_boolean(*(const bool *)at);
	if (f->type == FIELD_INT) {
		memcpy(&v, at, sizeof(v));
		return json_int(v);
	}
	if (f->type == FIELD_INT64) {
		int64_t v64;

		memcpy(&v64, at, sizeof(v64));
		return json_int(v64);
	}
	return json_str(field_get_text(f, names, object, text) ? text : NULL);
}

/* Below a dot, into an object of its own. */
static void
put_path(json_t *object, const char *path, json_t *value)
{
	const char *dot = strchr(path, '.');
	char parent[32];
	json_t *inner;

	if (dot == NULL) {
		json_put(object, path, value);
		return;
	}
	(void)snprintf(parent, sizeof(parent), "%.*s", (int)(dot - path), path);
	inner = json_object_get(object, parent);
	if (inner == NULL) {
		json_put(object, parent, json_object());
		inner = json_object_get(object, parent);
	}
	json_put(inner, dot + 1, value);
}

static bool
is_silent(const json_t *value)
{
	return json_is_null(value) ||
	    (json_is_array(value) && json_array_size(value) == 0) ||
	    (json_is_object(value) && json_object_size(value) == 0);
}

static bool
is_shown(const struct field *f, const void *object, bool content)
{
	if (f->json == NULL)
		return false;
	if (!content)
		return !(f->flags & FIELD_PLACED) ||
		    (f->flags & FIELD_READONLY);
	if ((f->flags & FIELD_META) || f->special == SPECIAL_CLASS)
		return false;
	/* Networks have no size of their own; an empty list shows later.  The
	 * default of a duration is not 0. */
	return f->size == 0 || f->type == FIELD_DURATION || !field_is_empty(f, object);
}

static json_t *
table_json(const struct field_table *table, const struct field_names *names,
    const void *object, bool content)
{
	json_t *out = json_object(), *value;

	for (const struct field *f = table->fields; !is_last(f); f++) {
		if (!is_shown(f, object, content))
			continue;
		value = row_json(f, names, object, content);
		if (content && is_silent(value))
			json_decref(value);
		else
			put_path(out, f->json, value);
	}
	return out;
}

json_t *
field_to_json(const struct field_table *table, const struct field_names *names,
    const void *object)
{
	return table_json(table, names, object, false);
}

/* A value for a diff: items of a list without what resolution put there. */
static json_t *
diff_value(const struct field *f, const struct field_names *names,
    const void *object)
{
	json_t *value, *item;
	size_t i;

	if (object == NULL)
		return json_null();
	value = row_json(f, names, object, false);
	if (f->type != FIELD_LIST || (f->flags & (FIELD_BARE | FIELD_MAP)))
		return value;
	json_array_foreach(value, i, item)
		for (const struct field *g = f->items->fields; !is_last(g); g++)
			if (g->json != NULL && ((g->flags & FIELD_PLACED) ||
			    json_is_null(json_object_get(item, g->json))))
				(void)json_object_del(item, g->json);
	return value;
}

json_t *
field_diff(const struct field_table *table, const struct field_names *names,
    const void *a, const void *b)
{
	json_t *list = json_array(), *before, *after, *row;

	for (const struct field *f = table->fields; !is_last(f); f++) {
		if (f->json == NULL || (f->flags & FIELD_PLACED) ||
		    ((f->flags & FIELD_READONLY) &&
		    !(f->flags & FIELD_DERIVED)))
			continue;
		/* Of what is new or gone, only what says something. */
		if ((a == NULL || b == NULL) && f->size > 0 &&
		    field_is_empty(f, a != NULL ? a : b))
			continue;
		/* Structs say it sooner than their JSON. */
		if (a != NULL && b != NULL && field_same(f, a, b))
			continue;
		before = diff_value(f, names, a);
		after = diff_value(f, names, b);
		if (json_equal(before, after) ||
		    (is_silent(before) && is_silent(after))) {
			json_decref(before);
			json_decref(after);
			continue;
		}
		row = json_object();
		json_put(row, "name", json_str(f->json));
		json_put(row, "before", before);
		json_put(row, "after", after);
		json_put(list, NULL, row);
	}
	return list;
}

/* ---- reading ---- */

static int read_table(const struct reader *r, const struct field_table *table,
    const json_t *json, const char *at, bool making, void *object,
    struct err *e);
static int read_row(const struct reader *r, const struct field *f,
    const json_t *value, const char *at, void *object, struct err *e);

/* The number of the item with the key of this one; n when none has it. */
static size_t
same_key(const struct field *key, const char *items, size_t n, size_t size,
    const void *item)
{
	size_t i = 0;

	while (i < n && !field_same(key, items + i * size, item))
		i++;
	return i;
}

static const struct field *
key_of(const struct field_table *table)
{
	for (const struct field *f = table->fields; !is_last(f); f++)
		if (f->flags & FIELD_KEY)
			return f;
	return table->fields;
}

/* One item, beginning with what the old list has under its key. */
static int
read_item(const struct reader *r, const struct field *f, const json_t *json,
    const char *at, const void *old, void *item, struct err *e)
{
	const struct field *key = key_of(f->items);
	const json_t *value = f->flags & FIELD_BARE ? json :
	    json_object_get(json, key->json);
	size_t n = field_count(f, old), known = n, size = f->items->size;
	const char *olds;
	char place[FIELD_PLACE];

	if (value != NULL) {
		(void)field_pointer(at, key->json, place);
		if (read_row(r, key, value, f->flags & FIELD_BARE ? at : place,
		    item, e) < 0)
			return -1;
	}
	if (f->flags & FIELD_BARE)
		return 0;
	memcpy(&olds, (const char *)old + f->offset, sizeof(olds));
	if (value != NULL)
		known = same_key(key, olds, n, size, item);
	if (known < n)
		memcpy(item, olds + known * size, size);
	return read_table(r, f->items, json, at, known == n, item, e);
}

static int
read_list(const struct reader *r, const struct field *f, const json_t *value,
    const char *at, void *object, struct err *e)
{
	size_t n = json_array_size(value), size = f->items->size;
	char *items = arena_array(r->arena, n, size), place[FIELD_PLACE];

	if (!json_is_array(value))
		return malformed(at, "must be a list", e);
	if (n > f->max)
		return field_refuse(f, at, "has too many entries", e);
	for (size_t i = 0; i < n; i++) {
		(void)snprintf(place, sizeof(place), "%.48s/%u", at,
		    (unsigned)(i % 10000));
		if (read_item(r, f, json_array_get(value, i), place, object,
		    items + i * size, e) < 0)
			return -1;
		if (same_key(key_of(f->items), items, i, size,
		    items + i * size) < i)
			return field_refuse(f, place, "is there twice", e);
	}
	memcpy((char *)object + f->offset, &items, sizeof(items));
	memcpy((char *)object + f->count_offset, &n, sizeof(n));
	return 0;
}

static int
read_integer(const struct reader *r, const struct field *f,
    const json_t *value, const char *at, void *object, struct err *e)
{
	char digits[24];

	if (!json_is_integer(value))
		return malformed(at, "must be a whole number", e);
	if (json_integer_value(value) < 0)
		return field_refuse(f, at, "must not be negative", e);
	(void)snprintf(digits, sizeof(digits), "%lld",
	    (long long)json_integer_value(value));
	return field_set_text(f, r->names, digits, at, object, e);
}

/* Of ours only: read-only for clients. */
static int
read_foreign(const struct reader *r, const struct field *f,
    const json_t *value, const char *at, void *object, struct err *e)
{
	const char *text;

	if (!json_is_string(value))
		return malformed(at, "must be a text", e);
	text = arena_strdup(r->arena, json_string_value(value));
	memcpy((char *)object + f->offset, &text, sizeof(text));
	return 0;
}

static int
read_row(const struct reader *r, const struct field *f, const json_t *value,
    const char *at, void *object, struct err *e)
{
	if (f->type == FIELD_SPECIAL && !json_is_null(value))
		return field_special_read(r->arena, f, r->names, value, at,
		    r->restoring, object, e);
	if (json_is_null(value)) {
		if (!(f->flags & FIELD_NULLABLE))
			return malformed(at, "may not be null", e);
		if (f->special == SPECIAL_NATIVE)
			return field_special_read(r->arena, f, r->names, value,
			    at, r->restoring, object, e);
		field_clear(f, object);
		return 0;
	}
	if (f->type == FIELD_LIST && (f->flags & FIELD_MAP))
		return field_map_read(r->arena, f, value, at, object, e);
	if (f->type == FIELD_LIST)
		return read_list(r, f, value, at, object, e);
	if (f->type == FIELD_FOREIGN)
		return read_foreign(r, f, value, at, object, e);
	if (f->type == FIELD_INT || f->type == FIELD_INT64)
		return read_integer(r, f, value, at, object, e);
	if (f->type == FIELD_BOOL) {
		if (!json_is_boolean(value))
			return malformed(at, "must be true or false", e);
		*(bool *)(void *)((char *)object + f->offset) =
		    json_is_true(value);
		return 0;
	}
	if (!json_is_string(value))
		return malformed(at, "must be a text", e);
	return field_set_text(f, r->names, json_string_value(value), at,
	    object, e);
}

/* A read-only member may only be sent back as it is. */
static int
read_back(const struct reader *r, const struct field *f, const json_t *value,
    const char *at, const void *object, struct err *e)
{
	json_t *now = row_json(f, r->names, object, false);
	bool same = json_equal(now, value);

	json_decref(now);
	return same ? 0 : malformed(at, "is read-only", e);
}

/* The value of a path; a null above it is a null; NULL when absent. */
static const json_t *
find_value(const json_t *object, const char *path)
{
	const char *dot = strchr(path, '.');
	char parent[32];
	const json_t *inner;

	if (dot == NULL)
		return json_object_get(object, path);
	(void)snprintf(parent, sizeof(parent), "%.*s", (int)(dot - path), path);
	inner = json_object_get(object, parent);
	return json_is_null(inner) ? inner : json_object_get(inner, dot + 1);
}

static int
read_member(const struct reader *r, const struct field *f, const json_t *json,
    const char *at, bool making, void *object, struct err *e)
{
	const json_t *value = find_value(json, f->json);
	bool readonly = (f->flags & FIELD_READONLY) && !r->restoring;
	char place[FIELD_PLACE];

	(void)field_pointer(at, f->json, place);
	if (value == NULL) {
		if (making && (f->flags & FIELD_REQUIRED) && !r->restoring)
			return malformed(place, "is missing", e);
		return 0;
	}
	/* "qos": null takes back all below it. */
	if (json_is_null(value) && strchr(f->json, '.') != NULL) {
		if (!readonly)
			field_clear(f, object);
		return 0;
	}
	if (readonly)
		return read_back(r, f, value, place, object, e);
	return read_row(r, f, value, place, object, e);
}

static int
read_table(const struct reader *r, const struct field_table *table,
    const json_t *json, const char *at, bool making, void *object,
    struct err *e)
{
	void *made = arena_copy(r->arena, object, table->size);

	if (!json_is_object(json))
		return malformed(at, "must be an object", e);
	if (check_members(r, table, NULL, json, at, e) < 0)
		return -1;
	for (const struct field *f = table->fields; !is_last(f); f++)
		if (f->json != NULL &&
		    read_member(r, f, json, at, making, made, e) < 0)
			return -1;
	if (!r->restoring && field_finish(table, json, at, object, made, e) < 0)
		return -1;
	memcpy(object, made, table->size);
	return 0;
}

int
field_from_json(struct arena *a, const struct field_table *table,
    const struct field_names *names, const json_t *json, const char *at,
    bool making, void *object, struct err *e)
{
	struct reader r = { .arena = a, .names = names };

	return read_table(&r, table, json, at, making, object, e);
}

/* ---- content: references are ids, which need no names ---- */

static bool
id_is_id(void *cookie, enum object_type type, const char *ref,
    char id[ID_TEXT])
{
	(void)cookie;
	(void)type;
	if (!uuid_valid(ref))
		return false;
	memcpy(id, ref, ID_TEXT);
	return true;
}

static bool
name_is_id(void *cookie, enum object_type type, const char *id,
    char name[NAME_TEXT])
{
	(void)cookie;
	(void)type;
	(void)snprintf(name, NAME_TEXT, "%s", id);
	return true;
}

static const struct field_names plain = { id_is_id, name_is_id, NULL };

json_t *
field_to_content(const struct field_table *table, const void *object)
{
	return table_json(table, &plain, object, true);
}

int
field_from_content(struct arena *a, const struct field_table *table,
    const json_t *json, const char *at, void *object, struct err *e)
{
	struct reader r = { .arena = a, .names = &plain, .restoring = true };

	return read_table(&r, table, json, at, false, object, e);
}
