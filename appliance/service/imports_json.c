/* imports_json.c -- an import as the API shows it; see imports.h. */
#include "appliance/service/imports.h"
#include "appliance/service/imports_here.h"

#include <string.h>

static json_t *
severity_json(char severity)
{
	char text[2] = { severity, '\0' };

	return severity == '\0' ? json_null() : json_str(text);
}

/* ---- one conflict ---- */

static bool
is_listed(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (; *list != '\0'; list += strspn(list, " ")) {
		size_t m = strcspn(list, " ");

		if (m == n && strncmp(list, word, n) == 0)
			return true;
		list += m;
	}
	return false;
}

static json_t *
options_json(const struct xml_conflict *x)
{
	json_t *list = json_array(), *o;

	for (size_t i = 0; i < XML_MATRIX_OPTIONS &&
	    x->row->options[i].word != NULL; i++) {
		const struct xml_matrix_option *option = &x->row->options[i];

		if (!is_listed(x->options, option->word))
			continue;
		o = json_object();
		json_put(o, "option", json_str(option->word));
		json_put(o, "severity", severity_json(option->severity));
		json_put(o, "needsValue", json_boolean(option->valued));
		json_put(list, NULL, o);
	}
	return list;
}

static json_t *
conflict_json(const struct xml_conflict *x)
{
	json_t *o = json_object();

	json_put(o, "id", json_str(x->id));
	json_put(o, "code", json_str(x->row->key));
	json_put(o, "what", json_str(x->row->what));
	json_put(o, "severity", severity_json(x->severity));
	json_put(o, "open", json_boolean(x->severity == 'B'));
	json_put(o, "type", json_str(x->type));
	json_put(o, "name", json_str(x->name));
	json_put(o, "pointer", json_str(x->path));
	json_put(o, "line", x->line == 0 ? json_null() : json_int(x->line));
	json_put(o, "detail", json_str(x->detail));
	json_put(o, "options", options_json(x));
	json_put(o, "option", json_str(x->option->word));
	json_put(o, "value", x->value[0] == '\0' ? json_null() :
	    json_str(x->value));
	json_put(o, "chosen", json_boolean(x->chosen));
	return o;
}

static json_t *
conflicts_json(const struct xml_conflicts *list)
{
	json_t *out = json_array();

	for (size_t i = 0; i < list->n; i++)
		json_put(out, NULL, conflict_json(&list->items[i]));
	return out;
}

/* ---- the document ---- */

/* The attributes of origin as they stand there. */
static json_t *
origin_json(const struct xml_records *r)
{
	static const char *const names[] = { "applianceUuid", "name", "model",
		"software", "generation", "identityEpoch", "exportedAt" };
	uint32_t at = xml_first(r, 0, "origin");
	json_t *o = json_object();

	if (at == 0) {
		json_decref(o);
		return json_null();
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		json_put(o, names[i], json_str(xml_value(r, at, names[i])));
	return o;
}

static json_t *
document_json(const struct xml_records *r)
{
	json_t *o = json_object();

	json_put(o, "documentDigest", json_str(r->document_digest));
	json_put(o, "contentDigest", json_str(r->content_digest));
	json_put(o, "elements", json_int((int64_t)r->n));
	return o;
}

json_t *
imports_body(const struct xml_records *r, const struct xml_imported *in,
    const struct imports_match *hardware)
{
	json_t *o = json_object();

	json_put(o, "kind", json_str(xml_value(r, 0, "kind")));
	json_put(o, "schemaVersion", json_str(xml_value(r, 0,
	    "schemaVersion")));
	json_put(o, "origin", origin_json(r));
	json_put(o, "document", document_json(r));
	json_put(o, "profiles", json_int((int64_t)in->n_profiles));
	json_put(o, "hardware", imports_match_json(hardware));
	json_put(o, "conflicts", conflicts_json(&in->conflicts));
	json_put(o, "moreConflicts", json_int((int64_t)in->conflicts.more));
	return o;
}

json_t *
imports_answer(const struct import_doc *d, const json_t *body, json_t *plan,
    bool kept)
{
	json_t *o = json_object(), *options = NULL;
	struct err e;

	json_put(o, "id", kept ? json_str(d->id) : json_null());
	json_put(o, "name", json_str(d->name));
	json_put(o, "actor", json_str(d->actor));
	json_put(o, "createdAt", json_time(d->created_ms));
	json_put(o, "expiresAt", kept ? json_time(d->expires_ms) :
	    json_null());
	if (json_read(d->options, strlen(d->options), IMPORTS_BODY, &options,
	    &e) == 0)
		(void)json_object_update(o, options);
	json_decref(options);
	(void)json_object_update(o, (json_t *)(uintptr_t)body);
	if (plan != NULL && !kept)
		json_put(plan, "id", json_null());
	json_put(o, "plan", plan != NULL ? plan : json_null());
	return o;
}
