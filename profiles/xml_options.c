/* xml_options.c -- see xml_options.h. */
#include "profiles/xml_options.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MAPS_MAX = 4096, CHOICES_MAX = 4096, SELECT_MAX = 4096,
	VALUE_MAX = 256 };

static const char *const modes[] = { "merge", "replace", "clone", "adopt" };
enum { N_MODES = sizeof(modes) / sizeof(modes[0]) };

static const struct {
	const char *word;
	unsigned bits;
} scopes[] = {
	{ "all", XML_SCOPE_ALL }, { "profiles", XML_SCOPE_PROFILES },
	{ "networks", XML_SCOPE_NETWORKS }, { "classes", XML_SCOPE_CLASSES },
	{ "pools", XML_SCOPE_POOLS }, { "chassis", XML_SCOPE_CHASSIS },
	{ "leases", XML_SCOPE_LEASES },
};
enum { N_SCOPES = sizeof(scopes) / sizeof(scopes[0]) };

static const char *const map_words[XML_MAP_N] = {
	[XML_MAP_SLOT] = "slots", [XML_MAP_MODULE] = "modules",
	[XML_MAP_PORT] = "ports", [XML_MAP_NETWORK] = "networks",
	[XML_MAP_SAN] = "sans", [XML_MAP_POOL] = "pools",
	[XML_MAP_CLASS] = "classes", [XML_MAP_PROFILE] = "profiles",
};

const char *
xml_mode_word(enum xml_mode mode)
{
	return modes[mode];
}

/* ---- scope ---- */

static int
unknown_scope(const char *word, struct err *e)
{
	return err_rule(e, ERR_MALFORMED, NULL, "scope", "scope is all, or some "
	    "of profiles networks classes pools chassis leases, or "
	    "profiles:label=NAME; not %.40s", word);
}

static int
parse_word(struct arena *a, const char *word, struct xml_import_options *o,
    struct err *e)
{
	static const char labelled[] = "profiles:label=";
	const char *value;
	size_t n = strlen(labelled);

	if (strncmp(word, labelled, n) == 0 && word[n] != '\0' &&
	    word[n] != '=') {
		value = strchr(word + n, '=');
		o->scope |= XML_SCOPE_PROFILES;
		o->label = arena_printf(a, "%.*s", value == NULL ? 256 :
		    (int)(value - word - (ptrdiff_t)n), word + n);
		o->label_value = value == NULL ? NULL :
		    arena_strdup(a, value + 1);
		return 0;
	}
	for (size_t i = 0; i < N_SCOPES; i++)
		if (strcmp(scopes[i].word, word) == 0) {
			o->scope |= scopes[i].bits;
			return 0;
		}
	return unknown_scope(word, e);
}

int
xml_scope_parse(struct arena *a, const char *text,
    struct xml_import_options *o, struct err *e)
{
	size_t n;

	o->scope = 0;
	o->label = o->label_value = NULL;
	if (*text == '\0')
		return unknown_scope(text, e);
	for (; *text != '\0'; text += n + (text[n] == ',')) {
		n = strcspn(text, ",");
		if (parse_word(a, arena_printf(a, "%.*s", (int)n, text), o,
		    e) < 0)
			return -1;
	}
	return 0;
}

const char *
xml_scope_text(struct arena *a, const struct xml_import_options *o)
{
	const char *text = "";

	if (o->scope == XML_SCOPE_ALL && o->label == NULL)
		return "all";
	for (size_t i = 1; i < N_SCOPES; i++) {
		const char *word = scopes[i].word;

		if ((o->scope & scopes[i].bits) == 0)
			continue;
		if (scopes[i].bits == XML_SCOPE_PROFILES && o->label != NULL)
			word = arena_printf(a, "profiles:label=%s%s%s",
			    o->label, o->label_value != NULL ? "=" : "",
			    o->label_value != NULL ? o->label_value : "");
		text = arena_printf(a, "%s%s%s", text,
		    *text != '\0' ? "," : "", word);
	}
	return text;
}

/* ---- from JSON ---- */

static int
read_mode(const json_t *j, const char *at, struct xml_import_options *o,
    struct err *e)
{
	const char *word = NULL;

	if (json_get_str(j, at, "mode", true, 16, &word, e) < 0)
		return -1;
	for (size_t i = 0; word != NULL && i < N_MODES; i++)
		if (strcmp(modes[i], word) == 0) {
			o->mode = (enum xml_mode)i;
			return 0;
		}
	return word == NULL ? 0 : err_rule(e, ERR_MALFORMED, NULL, "mode",
	    "mode is merge, replace, clone or adopt, not %.16s", word);
}

static int
read_identities(const json_t *j, const char *at, struct xml_import_options *o,
    struct err *e)
{
	const char *word = NULL;

	if (json_get_str(j, at, "identities", true, 16, &word, e) < 0)
		return -1;
	if (word == NULL)
		return 0;
	o->new_identities = strcmp(word, "new") == 0;
	if (!o->new_identities && strcmp(word, "keep") != 0)
		return err_rule(e, ERR_MALFORMED, NULL, "identities",
		    "identities is keep or new, not %.16s", word);
	return 0;
}

static int
read_select(struct arena *a, const json_t *list, struct xml_import_options *o,
    struct err *e)
{
	size_t n = json_array_size(list);

	if (list == NULL)
		return 0;
	if (!json_is_array(list) || n > SELECT_MAX)
		return err_rule(e, ERR_MALFORMED, NULL, "select",
		    "select is a list of at most %d names", SELECT_MAX);
	o->select = arena_array(a, n + 1, sizeof(*o->select));
	o->n_select = n;
	for (size_t i = 0; i < n; i++) {
		const char *name = json_string_value(json_array_get(list, i));

		if (name == NULL || !name_valid(name))
			return err_rule(e, ERR_MALFORMED, NULL, "select",
			    "select is a list of names of profiles");
		o->select[i] = arena_strdup(a, name);
	}
	return 0;
}

static bool
map_kind(const char *word, enum xml_map_kind *kind)
{
	for (unsigned i = 0; i < XML_MAP_N; i++)
		if (strcmp(map_words[i], word) == 0) {
			*kind = (enum xml_map_kind)i;
			return true;
		}
	return false;
}

static int
read_maps_of(struct arena *a, const json_t *object, enum xml_map_kind kind,
    struct xml_import_options *o, size_t *cap, struct err *e)
{
	const char *from;
	json_t *to;

	if (!json_is_object(object))
		return err_rule(e, ERR_MALFORMED, NULL, "/map",
		    "%s of a map is an object of names", map_words[kind]);
	json_object_foreach((json_t *)(uintptr_t)object, from, to) {
		const char *text = json_is_null(to) ? "" :
		    json_string_value(to);

		if (text == NULL || strlen(from) > VALUE_MAX ||
		    strlen(text) > VALUE_MAX || o->n_maps == MAPS_MAX)
			return err_rule(e, ERR_MALFORMED, NULL, "/map",
			    "a map leads from names to names or null, at most "
			    "%d", MAPS_MAX);
		ARENA_PUSH(a, o->maps, o->n_maps, *cap) = (struct xml_map){
			kind, arena_strdup(a, from), arena_strdup(a, text) };
	}
	return 0;
}

static int
read_maps(struct arena *a, const json_t *map, struct xml_import_options *o,
    struct err *e)
{
	enum xml_map_kind kind;
	const char *word;
	size_t cap = 0;
	json_t *value;

	if (map == NULL)
		return 0;
	if (!json_is_object(map))
		return err_rule(e, ERR_MALFORMED, NULL, "/map",
		    "map is an object");
	o->maps = NULL;
	o->n_maps = 0;
	json_object_foreach((json_t *)(uintptr_t)map, word, value) {
		if (!map_kind(word, &kind))
			return err_rule(e, ERR_MALFORMED, NULL, "/map",
			    "a map has slots modules ports networks sans pools "
			    "classes profiles, not %.32s", word);
		if (read_maps_of(a, value, kind, o, &cap, e) < 0)
			return -1;
	}
	return 0;
}

static int
read_choice(struct arena *a, const json_t *j, const char *at,
    struct xml_choice *out, struct err *e)
{
	static const char *const keys[] = { "conflict", "option", "value",
		NULL };
	const char *value = NULL;

	if (!json_is_object(j))
		return err_rule(e, ERR_MALFORMED, NULL, at,
		    "a choice is an object with conflict and option");
	if (json_only(j, at, keys, e) < 0 || json_get_str(j, at, "conflict",
	    false, 64, &out->conflict, e) < 0 || json_get_str(j, at, "option",
	    false, 64, &out->option, e) < 0 || json_get_str(j, at, "value",
	    true, VALUE_MAX, &value, e) < 0)
		return -1;
	out->conflict = arena_strdup(a, out->conflict);
	out->option = arena_strdup(a, out->option);
	out->value = arena_strdup(a, value != NULL ? value : "");
	return 0;
}

static int
read_choices(struct arena *a, const json_t *list,
    struct xml_import_options *o, struct err *e)
{
	size_t n = json_array_size(list);
	char at[32];

	if (list == NULL)
		return 0;
	if (!json_is_array(list) || n > CHOICES_MAX)
		return err_rule(e, ERR_MALFORMED, NULL, "/choices",
		    "choices is a list of at most %d", CHOICES_MAX);
	o->choices = arena_array(a, n + 1, sizeof(*o->choices));
	o->n_choices = n;
	for (size_t i = 0; i < n; i++) {
		(void)snprintf(at, sizeof(at), "/choices/%zu", i);
		if (read_choice(a, json_array_get(list, i), at,
		    &o->choices[i], e) < 0)
			return -1;
	}
	return 0;
}

int
xml_options_from_json(struct arena *a, const json_t *j, const char *at,
    struct xml_import_options *o, struct err *e)
{
	static const char *const keys[] = { "mode", "scope", "select",
		"identities", "map", "choices", NULL };
	const char *scope = NULL;

	if (!json_is_object(j))
		return err_rule(e, ERR_MALFORMED, NULL, at,
		    "options of an import are an object");
	if (json_only(j, at, keys, e) < 0 || read_mode(j, at, o, e) < 0 ||
	    read_identities(j, at, o, e) < 0 ||
	    json_get_str(j, at, "scope", true, 512, &scope, e) < 0)
		return -1;
	if (scope != NULL && xml_scope_parse(a, scope, o, e) < 0)
		return -1;
	if (read_select(a, json_object_get(j, "select"), o, e) < 0 ||
	    read_maps(a, json_object_get(j, "map"), o, e) < 0)
		return -1;
	return read_choices(a, json_object_get(j, "choices"), o, e);
}

/* ---- to JSON ---- */

static json_t *
maps_json(const struct xml_import_options *o)
{
	json_t *map = json_object();

	for (unsigned kind = 0; kind < XML_MAP_N; kind++) {
		json_t *of = json_object();

		for (size_t i = 0; i < o->n_maps; i++)
			if (o->maps[i].kind == (enum xml_map_kind)kind)
				json_put(of, o->maps[i].from,
				    json_str(o->maps[i].to));
		if (json_object_size(of) > 0)
			json_put(map, map_words[kind], of);
		else
			json_decref(of);
	}
	return map;
}

static json_t *
choices_json(const struct xml_import_options *o)
{
	json_t *list = json_array(), *one;

	for (size_t i = 0; i < o->n_choices; i++) {
		one = json_object();
		json_put(one, "conflict", json_str(o->choices[i].conflict));
		json_put(one, "option", json_str(o->choices[i].option));
		if (o->choices[i].value[0] != '\0')
			json_put(one, "value", json_str(o->choices[i].value));
		json_put(list, NULL, one);
	}
	return list;
}

json_t *
xml_options_to_json(const struct xml_import_options *o)
{
	struct arena *a = arena_new();
	json_t *j = json_object(), *select = json_array();

	for (size_t i = 0; i < o->n_select; i++)
		json_put(select, NULL, json_str(o->select[i]));
	json_put(j, "mode", json_str(xml_mode_word(o->mode)));
	if (o->scope != 0)
		json_put(j, "scope", json_str(xml_scope_text(a, o)));
	json_put(j, "select", select);
	json_put(j, "identities", json_str(o->new_identities ? "new" :
	    "keep"));
	json_put(j, "map", maps_json(o));
	json_put(j, "choices", choices_json(o));
	arena_free(a);
	return j;
}

const char *
xml_map_to(const struct xml_import_options *o, enum xml_map_kind kind,
    const char *from)
{
	for (size_t i = 0; o != NULL && i < o->n_maps; i++)
		if (o->maps[i].kind == kind &&
		    strcasecmp(o->maps[i].from, from) == 0)
			return o->maps[i].to;
	return NULL;
}
