/* xml_conflict.c -- see xml_conflict.h. */
#include "profiles/xml_conflict.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"

void
xml_conflicts_begin(struct xml_conflicts *c, struct arena *a,
    const struct xml_records *r, const struct xml_import_options *o)
{
	*c = (struct xml_conflicts){ .arena = a, .records = r, .options = o };
	c->used = arena_alloc(a, o->n_choices + 1);
}

static void
make_id(struct arena *a, const struct xml_about *about, char id[16])
{
	const char *text = arena_printf(a, "%s\n%s\n%s\n%s", about->row,
	    about->type, about->name, about->part != NULL ? about->part : "");
	char digest[DIGEST_TEXT];

	(void)snprintf(id, 16, "c%.8s", digest_text(text, strlen(text),
	    digest));
}

/* True when the word stands among the words of a list. */
static bool
listed(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *s = list; (s = strstr(s, word)) != NULL; s += n)
		if ((s == list || s[-1] == ' ') &&
		    (s[n] == ' ' || s[n] == '\0'))
			return true;
	return false;
}

static const char *
all_options(struct arena *a, const struct xml_matrix_row *row)
{
	const char *text = "";

	for (size_t i = 0; i < XML_MATRIX_OPTIONS &&
	    row->options[i].word != NULL; i++)
		text = arena_printf(a, "%s%s%s", text, i > 0 ? " " : "",
		    row->options[i].word);
	return text;
}

/* A choice for the one conflict goes before one for its whole row. */
static void
choose(struct xml_conflicts *c, struct xml_conflict *x)
{
	const struct xml_import_options *o = c->options;
	bool mine = false;

	for (size_t i = 0; i < o->n_choices; i++) {
		const struct xml_choice *k = &o->choices[i];
		bool own = strcmp(k->conflict, x->id) == 0;
		const struct xml_matrix_option *option;

		if (!own && strcmp(k->conflict, x->row->key) != 0)
			continue;
		option = xml_matrix_option(x->row, k->option);
		if (option == NULL || !listed(x->options, k->option) ||
		    (option->valued && k->value[0] == '\0'))
			continue;
		c->used[i] = true;
		if (mine && !own)
			continue;
		mine = mine || own;
		x->option = option;
		x->value = k->value;
		x->chosen = true;
	}
}

const struct xml_conflict *
xml_conflict_add(struct xml_conflicts *c, const struct xml_about *about,
    const char *fmt, ...)
{
	struct xml_conflict *x = arena_alloc(c->arena, sizeof(*x));
	char detail[320];
	va_list ap;

	x->row = xml_matrix_find(about->row);
	x->options = about->options != NULL ? about->options :
	    all_options(c->arena, x->row);
	x->option = xml_matrix_option(x->row, about->def != NULL ?
	    about->def : x->row->def);
	x->value = "";
	x->type = about->type;
	x->name = arena_strdup(c->arena, about->name);
	make_id(c->arena, about, x->id);
	choose(c, x);
	x->severity = x->option->severity;
	x->line = c->records->elements[about->element].line;
	x->path = about->path != NULL ? about->path : xml_path(c->records,
	    c->arena, about->element, about->attr);
	va_start(ap, fmt);
	(void)vsnprintf(detail, sizeof(detail), fmt, ap);
	va_end(ap);
	x->detail = arena_strdup(c->arena, detail);
	if (c->n < XML_MAX_PROBLEMS)
		ARENA_PUSH(c->arena, c->items, c->n, c->cap) = *x;
	else
		c->more++;
	return x;
}

bool
xml_conflict_is(const struct xml_conflict *x, const char *word)
{
	return strcmp(x->option->word, word) == 0;
}

size_t
xml_conflict_count(const struct xml_conflicts *c, char severity)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += c->items[i].severity == severity;
	return n;
}
