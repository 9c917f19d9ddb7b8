/* field_map.c -- lists of a name and a text, and extensions; see field.h. */
#include <stdlib.h>
#include <string.h>

#include "profiles/field_rows.h"

const char *
field_foreign(const struct field *f, const void *object)
{
	const char *text;

	memcpy(&text, (const char *)object + f->offset, sizeof(text));
	return text != NULL ? text : "";
}

static struct label *
items_of(const struct field *f, const void *object)
{
	struct label *items;

	memcpy(&items, (const char *)object + f->offset, sizeof(items));
	return items;
}

static int
by_name(const void *a, const void *b)
{
	const struct label *x = a, *y = b;

	return strcmp(x->name, y->name);
}

void
field_sort(const struct field *f, void *object)
{
	size_t n = field_count(f, object);

	if (n > 1)
		qsort(items_of(f, object), n, sizeof(struct label), by_name);
}

json_t *
field_map_json(const struct field *f, const void *object)
{
	const struct label *items = items_of(f, object);
	json_t *map = json_object();

	for (size_t i = 0; i < field_count(f, object); i++)
		json_put(map, items[i].name, json_str(items[i].value));
	return map;
}

static size_t
find(const struct label *items, size_t n, const char *name)
{
	size_t i = 0;

	while (i < n && strcmp(items[i].name, name) != 0)
		i++;
	return i;
}

static int
set(const struct field *f, const char *name, const json_t *value,
    const char *at, struct label *to, struct err *e)
{
	const struct field *key = &f->items->fields[0], *text = key + 1;
	char place[FIELD_PLACE];

	if (field_set_text(key, NULL, name, at, to, e) < 0)
		return -1;
	(void)field_pointer(at, name, place);
	if (!json_is_string(value))
		return err_rule(e, ERR_MALFORMED, NULL, place,
		    "%s must be a text", place);
	return field_set_text(text, NULL, json_string_value(value), place, to,
	    e);
}

/* Room for the old ones and all that the object may bring. */
int
field_map_read(struct arena *a, const struct field *f, const json_t *json,
    const char *at, void *object, struct err *e)
{
	union {		/* walking needs a non-const object */
		const json_t *in;
		json_t *out;
	} o = { .in = json };
	size_t n = field_count(f, object), i;
	struct label *items;
	json_t *value;
	const char *name;

	if (!json_is_object(json))
		return err_rule(e, ERR_MALFORMED, NULL, at,
		    "%s must be an object", at);
	items = arena_array(a, n + json_object_size(json), sizeof(*items));
	if (n > 0)
		memcpy(items, items_of(f, object), n * sizeof(*items));
	json_object_foreach (o.out, name, value) {
		i = find(items, n, name);
		if (json_is_null(value)) {
			if (i < n)
				items[i] = items[--n];
			continue;
		}
		if (set(f, name, value, at, &items[i], e) < 0)
			return -1;
		n += i == n;
	}
	if (n > f->max)
		return field_refuse(f, at, "has too many entries", e);
	memcpy((char *)object + f->offset, &items, sizeof(items));
	memcpy((char *)object + f->count_offset, &n, sizeof(n));
	field_sort(f, object);
	return 0;
}
