/*
 * show.c -- see show.h.
 */
#include "tools/polyroot/show.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 12, CELL = 256, WIDEST = 48 };

/* The columns of a table, in the order in which items show them. */
struct columns {
	const char *names[COLUMNS];
	size_t width[COLUMNS], n;
};

static void
put_clean(char *out, size_t size, const char *s)
{
	size_t k = 0;

	for (; *s != '\0' && k + 1 < size; s++)
		out[k++] = (unsigned char)*s < 0x20 || *s == 0x7f ? '?' : *s;
	out[k] = '\0';
}

/* One value in one cell: texts, numbers; lists of them by commas; of an object
 * its name. */
static void
cell(const json_t *v, char out[CELL])
{
	const json_t *name;
	size_t i, used = 0;
	json_t *item;
	char part[CELL];

	out[0] = '\0';
	if (json_is_string(v)) {
		put_clean(out, CELL, json_string_value(v));
	} else if (json_is_integer(v)) {
		(void)snprintf(out, CELL, "%lld",
		    (long long)json_integer_value(v));
	} else if (json_is_boolean(v)) {
		(void)snprintf(out, CELL, "%s", json_is_true(v) ? "yes" : "no");
	} else if (json_is_array(v)) {
		json_array_foreach(v, i, item) {
			cell(item, part);
			used += (size_t)snprintf(out + used, CELL - used,
			    "%s%s", i > 0 ? "," : "", part);
			if (used >= CELL)
				return;
		}
	} else if (json_is_object(v)) {
		if ((name = json_object_get(v, "name")) == NULL &&
		    (name = json_object_get(v, "state")) == NULL)
			name = json_object_get(v, "id");
		if (name != NULL && !json_is_object(name))
			cell(name, out);
	}
}

static void
add_column(struct columns *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->names[i], name) == 0)
			return;
	if (c->n < COLUMNS) {
		c->width[c->n] = strlen(name);
		c->names[c->n++] = name;
	}
}

/* Ids and histories are for machines. */
static bool
for_people(const json_t *item, const char *key)
{
	static const char *const hidden[] = {
		"description", "revision", "createdAt", "modifiedAt", "diff",
		"steps", "placement", "qos",
	};

	if (strcmp(key, "id") == 0 && json_object_get(item, "name") != NULL)
		return false;
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (strcmp(hidden[i], key) == 0)
			return false;
	return true;
}

static void
measure(const json_t *items, struct columns *c)
{
	char text[CELL];
	const char *key;
	json_t *item, *v;
	size_t i;

	json_array_foreach(items, i, item) {
		json_object_foreach(item, key, v) {
			if (for_people(item, key))
				add_column(c, key);
		}
	}
	json_array_foreach(items, i, item) {
		for (size_t k = 0; k < c->n; k++) {
			cell(json_object_get(item, c->names[k]), text);
			if (strlen(text) > c->width[k])
				c->width[k] = strlen(text);
		}
	}
	for (size_t k = 0; k < c->n; k++)
		if (c->width[k] > WIDEST)
			c->width[k] = WIDEST;
}

static void
show_table(FILE *f, const json_t *items)
{
	struct columns c = { 0 };
	char text[CELL];
	json_t *item;
	size_t i;

	measure(items, &c);
	for (size_t k = 0; k < c.n; k++)
		(void)fprintf(f, "%-*s%s", (int)c.width[k], c.names[k],
		    k + 1 < c.n ? "  " : "\n");
	json_array_foreach(items, i, item) {
		for (size_t k = 0; k < c.n; k++) {
			cell(json_object_get(item, c.names[k]), text);
			(void)fprintf(f, "%-*s%s", k + 1 < c.n ?
			    (int)c.width[k] : 0, text,
			    k + 1 < c.n ? "  " : "\n");
		}
	}
}

void
show_json(FILE *f, const json_t *v)
{
	const json_t *items = json_object_get(v, "items");
	char text[CELL];
	const char *key;
	json_t *member, *o;

	if (json_is_array(items)) {
		show_table(f, items);
		return;
	}
	o = json_deep_copy(v);		/* its macro wants one to change */
	json_object_foreach(o, key, member) {
		cell(member, text);
		(void)fprintf(f, "%-14s %s\n", key, text);
	}
	json_decref(o);
}

static const char *
text_of(const json_t *o, const char *key, char room[CELL])
{
	const char *s = json_string_value(json_object_get(o, key));

	put_clean(room, CELL, s != NULL ? s : "");
	return room;
}

static void
show_errors(FILE *f, const json_t *errors)
{
	char code[CELL], at[CELL], detail[CELL], remedy[CELL];
	json_t *item;
	size_t i;

	json_array_foreach(errors, i, item) {
		(void)fprintf(f, "  %s %s: %s\n", text_of(item, "code", code),
		    text_of(item, "pointer", at),
		    text_of(item, "detail", detail));
		if (*text_of(item, "remedy", remedy) != '\0')
			(void)fprintf(f, "      %s\n", remedy);
	}
}

void
show_problem(FILE *f, const json_t *p)
{
	char title[CELL], detail[CELL];

	(void)fprintf(f, "polyroot: %s\n", text_of(p, "detail", detail));
	if (*text_of(p, "title", title) != '\0')
		(void)fprintf(f, "  %s\n", title);
	show_errors(f, json_object_get(p, "errors"));
}

void
show_plan(FILE *f, const json_t *plan)
{
	char a[CELL], b[CELL], c[CELL];
	json_t *item;
	size_t i;

	(void)fprintf(f, "%s\n", text_of(plan, "sentence", a));
	json_array_foreach(json_object_get(plan, "diff"), i, item) {
		(void)fprintf(f, "  %s %s %s\n", text_of(item, "op", a),
		    text_of(item, "type", b), text_of(item, "name", c));
	}
	json_array_foreach(json_object_get(plan, "steps"), i, item) {
		(void)fprintf(f, "  %zu. %s\n", i + 1, text_of(item, "text", a));
	}
	show_errors(f, json_object_get(plan, "checks"));
}
