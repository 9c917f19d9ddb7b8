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
		"steps", "placement", "qos", "labels",
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

/* "before -> after" of what changes; of what is made or removed, all of it
 * would say nothing more than its name. */
static void
show_fields(FILE *f, const json_t *row)
{
	char name[CELL], before[CELL], after[CELL];
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(row, "fields"), i, item) {
		cell(json_object_get(item, "before"), before);
		cell(json_object_get(item, "after"), after);
		(void)fprintf(f, "      %s: %s -> %s\n", text_of(item, "name",
		    name), before[0] != '\0' ? before : "-",
		    after[0] != '\0' ? after : "-");
	}
}

static void
show_diff(FILE *f, const json_t *diff)
{
	char op[CELL], type[CELL], name[CELL], of[CELL];
	json_t *item;
	size_t i;

	json_array_foreach(diff, i, item) {
		text_of(item, "op", op);
		text_of(item, "of", of);
		(void)fprintf(f, "  %s %s %s%s%s\n", op, text_of(item, "type",
		    type), of, of[0] != '\0' ? "/" : "", text_of(item, "name",
		    name));
		if (strcmp(op, "change") == 0)
			show_fields(f, item);
	}
}

void
show_plan(FILE *f, const json_t *plan)
{
	char a[CELL];
	json_t *item;
	size_t i;

	(void)fprintf(f, "%s\n", text_of(plan, "sentence", a));
	show_diff(f, json_object_get(plan, "diff"));
	json_array_foreach(json_object_get(plan, "steps"), i, item) {
		(void)fprintf(f, "  %zu. %s\n", i + 1, text_of(item, "text", a));
	}
	show_errors(f, json_object_get(plan, "checks"));
}

/* ---- an import ---- */

/* "module io5 is io3 (class)"; what is where it was is not worth a line. */
static void
show_match(FILE *f, const json_t *list, const char *what, const char *key)
{
	char there[CELL], here[CELL], sure[CELL];
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item) {
		cell(json_object_get(json_object_get(item, "document"), key),
		    there);
		cell(json_object_get(json_object_get(item, "here"), key), here);
		if (strcmp(there, here) == 0 && strcmp(text_of(item,
		    "confidence", sure), "exact") == 0)
			continue;
		(void)fprintf(f, "  %s %s is %s (%s)\n", what, there,
		    here[0] != '\0' ? here : "nowhere here",
		    text_of(item, "confidence", sure));
	}
}

static void
show_options(FILE *f, const json_t *conflict)
{
	char taken[CELL], option[CELL], value[CELL], severity[CELL];
	json_t *item;
	size_t i;

	text_of(conflict, "value", value);
	(void)fprintf(f, "      %s: %s%s%s; options:",
	    json_is_true(json_object_get(conflict, "chosen")) ? "chosen" :
	    "default", text_of(conflict, "option", taken),
	    value[0] != '\0' ? "=" : "", value);
	json_array_foreach(json_object_get(conflict, "options"), i, item) {
		bool asks = json_is_true(json_object_get(item, "needsValue"));

		text_of(item, "severity", severity);
		(void)fprintf(f, severity[0] != '\0' ? " %s%s(%s)" : " %s%s%s",
		    text_of(item, "option", option), asks ? "=VALUE" : "",
		    severity);
	}
	(void)fputc('\n', f);
}

static void
show_conflicts(FILE *f, const json_t *list)
{
	char id[CELL], code[CELL], severity[CELL], detail[CELL];
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item) {
		text_of(item, "severity", severity);
		(void)fprintf(f, "  %s %s %s: %s\n", severity[0] != '\0' ?
		    severity : "-", text_of(item, "id", id), text_of(item,
		    "code", code), text_of(item, "detail", detail));
		show_options(f, item);
	}
}

void
show_import(FILE *f, const json_t *import)
{
	const json_t *origin = json_object_get(import, "origin");
	const json_t *hardware = json_object_get(import, "hardware");
	char kind[CELL], name[CELL], generation[CELL], at[CELL];

	(void)fprintf(f, "document of kind %s", text_of(import, "kind", kind));
	if (json_is_object(origin))
		(void)fprintf(f, " from %s, generation %s, %s",
		    text_of(origin, "name", name), text_of(origin,
		    "generation", generation), text_of(origin, "exportedAt",
		    at));
	(void)fputc('\n', f);
	show_match(f, json_object_get(hardware, "slots"), "slot", "number");
	show_match(f, json_object_get(hardware, "modules"), "module", "name");
	show_conflicts(f, json_object_get(import, "conflicts"));
	show_plan(f, json_object_get(import, "plan"));
}
