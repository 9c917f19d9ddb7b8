/* openapi_body.c -- see openapi_body.h. */
#include "appliance/service/openapi_body.h"

#include <string.h>

#include "appliance/service/request.h"
#include "appliance/service/rules.h"

/* One member of the body of a route that is called so. */
static const struct member {
	const char *route, *name, *type;
	bool required;
	const char *doc;
} members[] = {
	{ "session login", "user", "string", true, "Who" },
	{ "session login", "password", "string", true, "Never logged" },
	{ "session login", "cookie", "boolean", false,
	  "A cookie instead of a token in the answer" },
	{ "slot locate", "on", "boolean", false, "On when left out" },
	{ "slot isolate", NULL, NULL, false, NULL },
	{ "bay locate", "on", "boolean", false, "On when left out" },
	{ "bay hold", NULL, NULL, false, NULL },
	{ "bay evacuate", NULL, NULL, false, NULL },
	{ "bay return", NULL, NULL, false, NULL },
	{ "bay accept", NULL, NULL, false, NULL },
	{ "bay follow", "to", "string", false,
	  "The bay where its card is now; found by its serial when left out" },
	{ "profile assign", "slot", "integer", true, "Number of the slot" },
	{ "profile release", NULL, NULL, false, NULL },
	{ "profile heal", NULL, NULL, false, NULL },
	{ "profile revert", "revision", "integer", true,
	  "Number of the revision" },
	{ "profile move", "slot", "integer", false, "Number of the slot" },
	{ "profile move", "force", "boolean", false,
	  "with policy: its slot is switched off first, its server not asked" },
	{ "profile move", "policy", "string", false,
	  "\"spare\": the best spare slot, or the one that is named" },
	{ "profile swap", "with", "string", false, "The other profile" },
	{ "profile swap", "slot", "integer", false,
	  "Or the slot where it is" },
	{ "vnic add", "count", "integer", false,
	  "So many of them; the name then holds {n}, counted from 0" },
	{ "vhba add", "count", "integer", false,
	  "So many of them; the name then holds {n}, counted from 0" },
	{ "vdas add", "count", "integer", false,
	  "So many of them; the name then holds {n}, counted from 0" },
	{ "exclusive add", "count", "integer", false,
	  "So many of them; the name then holds {n}, counted from 0" },
	{ "lease add", "vnic", "object", false,
	  "The device, as POST /profiles/{p}/vnics takes it; or" },
	{ "lease add", "vhba", "object", false, "a vHBA, or" },
	{ "lease add", "vdas", "object", false, "a vDAS, or" },
	{ "lease add", "exclusive", "object", false, "a card or a function" },
	{ "lease change", "vnic", "object", false,
	  "What changes of its device; it stays of its kind" },
	{ "lease change", "vhba", "object", false, "The same of a vHBA" },
	{ "lease change", "vdas", "object", false, "The same of a vDAS" },
	{ "lease change", "exclusive", "object", false,
	  "The same of a card or a function" },
	{ "lease begin", NULL, NULL, false, NULL },
	{ "lease end", NULL, NULL, false, NULL },
	{ "lease extend", "end", "string", false, "Local time of the end" },
	{ "lease extend", "by", "string", false, "Or so much later, PT1H" },
	{ "plan make", "changes", "array", true,
	  "{\"method\",\"path\",\"body\"} each; one change set" },
	{ "plan make", "reserve", "string", false,
	  "Keep its addresses so long, like PT15M" },
	{ "plan apply", "confirm", "array", false,
	  "Codes of the items that are confirmed" },
	{ "plan apply", "digest", "string", false,
	  "Of the plan that was looked at; another one is refused" },
	{ "import change", "mode", "string", false,
	  "merge, replace or clone" },
	{ "import change", "scope", "string", false,
	  "all, or some of profiles networks classes pools chassis leases" },
	{ "import change", "select", "array", false,
	  "Names of the profiles that are imported; none: all" },
	{ "import change", "identities", "string", false,
	  "keep, or new: take no address of the document" },
	{ "import change", "map", "object", false,
	  "What names of the document are here: {\"networks\":{\"a\":\"b\"}}" },
	{ "import change", "choices", "array", false,
	  "{\"conflict\",\"option\",\"value\"} each; option \"\" takes one back" },
	{ "import run", "mode", "string", false, "As of the import" },
	{ "import run", "scope", "string", false, "As of the import" },
	{ "import run", "select", "array", false, "As of the import" },
	{ "import run", "identities", "string", false, "As of the import" },
	{ "import run", "map", "object", false, "As of the import" },
	{ "import run", "choices", "array", false, "As of the import" },
	{ "snapshot make", "reason", "string", false,
	  "Why; \"manual\" when left out" },
	{ "snapshot change", "pinned", "boolean", false,
	  "Keep it until somebody removes it" },
	{ "snapshot restore", NULL, NULL, false, NULL },
	{ "fault ack", NULL, NULL, false, NULL },
	{ "export make", "kind", "string", true, "logical, system or full" },
	{ "export make", "passphrase", "string", false,
	  "Seals settings, users and trust keys; for system and full" },
	{ "token make", "name", "string", true, "Who will ask with it" },
	{ "token make", "role", "string", true, "auditor, operator or admin" },
	{ "token make", "expiresAt", "string", false,
	  "When it ends; in 90 days when left out, in 400 at most" },
	{ "token make", "operations", "array", false,
	  "Only these, \"event follow\"; left out: all of its role" },
	{ "takeover notice", "takeover", "object", true,
	  "As GET /takeovers/{id} of the other appliance says it" },
	{ "takeover notice", "signature", "object", false,
	  "Beside it; without, NoticeUnsigned is to be confirmed" },
	{ "appliance resume", NULL, NULL, false, NULL },
	{ "clock accept", NULL, NULL, false, NULL },
	{ "plan apply", "origin", "string", false,
	  "Name of the appliance that addresses are taken over from, typed" },
	{ "job undo", NULL, NULL, false, NULL },
	{ "job cancel", NULL, NULL, false, NULL },
	{ "job retry", NULL, NULL, false, NULL },
	{ "job abandon", NULL, NULL, false, NULL },
};

/* What each query parameter is; one meaning in all routes. */
static const struct query {
	const char *name, *type, *doc;
	int64_t min, max;		/* of an integer */
} queries[] = {
	{ "limit", "integer", "Items of a page", 1, PAGE_MAX },
	{ "after", "string", "The page behind this: next of the one before",
	  0, 0 },
	{ "wait", "integer", "Seconds to wait for the end", 0, 60 },
	{ "q", "string", "Any spelling, any part of three digits or more",
	  0, 0 },
	{ "kind", "string", "Of the document: logical", 0, 0 },
	{ "at", "string", "As it was at that time (RFC 3339)", 0, 0 },
	{ "mode", "string", "merge, replace or clone", 0, 0 },
	{ "scope", "string", "all, or some of profiles, profiles:label=NAME, "
	  "networks, classes, pools, chassis, leases", 0, 0 },
	{ "select", "string", "Names of profiles, with commas", 0, 0 },
	{ "identities", "string", "keep, or new", 0, 0 },
	{ "pool", "string", "Of that pool, by name or id", 0, 0 },
	{ "state", "string", "In that state: assigned, quarantined ...", 0, 0 },
	{ "origin", "string", "Name of the appliance that is left, typed", 0,
	  0 },
	{ "against", "string", "Another one, or \"current\"", 0, 0 },
	{ "profile", "string", "A profile, by name or id", 0, 0 },
	{ "slot", "integer", "Number of a slot", 1, SLOT_MAX },
	{ "from", "string", "What ends after that time (RFC 3339)", 0, 0 },
	{ "to", "string", "What begins before that time (RFC 3339)", 0, 0 },
	{ "confirm", "string", "Codes that are confirmed, with commas", 0, 0 },
	{ "dryRun", "boolean", "Answer the plan and change nothing", 0, 0 },
};

static json_t *
described(const char *type, const char *doc)
{
	json_t *o = json_object();

	json_put(o, "type", json_str(type));
	if (strcmp(type, "array") == 0)
		json_put(o, "items", json_object());
	if (doc != NULL)
		json_put(o, "description", json_str(doc));
	return o;
}

bool
openapi_body_members(const struct route *r, json_t *schema)
{
	json_t *properties = json_object_get(schema, "properties");
	json_t *required = json_object_get(schema, "required");
	bool any = false;

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		const struct member *m = &members[i];

		if (strcmp(m->route, r->name) != 0)
			continue;
		any = true;
		if (m->name == NULL)
			continue;
		json_put(properties, m->name, described(m->type, m->doc));
		if (m->required)
			json_put(required, NULL, json_str(m->name));
	}
	return any;
}

json_t *
openapi_body_query(const char *name)
{
	const struct query *q = NULL;
	json_t *o = json_object(), *schema;

	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		if (strcmp(queries[i].name, name) == 0)
			q = &queries[i];
	schema = described(q != NULL ? q->type : "string", NULL);
	if (q != NULL && strcmp(q->type, "integer") == 0) {
		json_put(schema, "minimum", json_int(q->min));
		json_put(schema, "maximum", json_int(q->max));
	}
	json_put(o, "name", json_str(name));
	json_put(o, "in", json_str("query"));
	json_put(o, "required", json_false());
	if (q != NULL)
		json_put(o, "description", json_str(q->doc));
	json_put(o, "schema", schema);
	return o;
}

json_t *
openapi_body_rules(void)
{
	json_t *list = json_array();

	for (size_t i = 0; i < rules_n; i++) {
		char severity[2] = { rules[i].severity, '\0' };
		json_t *o = json_object();

		json_put(o, "number", json_int(rules[i].number));
		json_put(o, "code", json_str(rules[i].code));
		json_put(o, "severity", json_str(severity));
		json_put(o, "what", json_str(rules[i].what));
		json_put(o, "remedy", json_str(rules[i].remedy));
		json_put(list, NULL, o);
	}
	return list;
}
