/* openapi.c -- see openapi.h. */
#include "appliance/service/openapi.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "appliance/service/openapi_body.h"
#include "appliance/service/rules.h"
#include "profiles/setting.h"
#include "profiles/trust.h"

/* ---- schemas, from the field tables ---- */

static json_t *
typed(const char *type)
{
	json_t *o = json_object();

	json_put(o, "type", json_str(type));
	return o;
}

static json_t *
typed_as(const char *type, const char *format)
{
	json_t *o = typed(type);

	json_put(o, "format", json_str(format));
	return o;
}

static json_t *
reference(const char *name)
{
	json_t *o = json_object();
	char text[96];

	snprintf(text, sizeof(text), "#/components/schemas/%s", name);
	json_put(o, "$ref", json_str(text));
	return o;
}

static json_t *
words_schema(const char *const *words)
{
	json_t *o = typed("string"), *list = json_array();

	for (size_t i = 0; words[i] != NULL; i++)
		json_put(list, NULL, json_str(words[i]));
	json_put(o, "enum", list);
	return o;
}

static json_t *
integer_schema(const struct field *f)
{
	json_t *o = typed("integer");

	json_put(o, "minimum", json_int((int64_t)f->min));
	if (f->max != 0 && f->max <= INT64_MAX)
		json_put(o, "maximum", json_int((int64_t)f->max));
	return o;
}

static json_t *
list_schema(const struct field *f)
{
	json_t *o;

	if ((f->flags & FIELD_MAP) != 0) {
		o = typed("object");
		json_put(o, "additionalProperties", typed("string"));
		json_put(o, "maxProperties", json_int((int64_t)f->max));
		return o;
	}
	o = typed("array");
	json_put(o, "items", (f->flags & FIELD_BARE) != 0 ? typed("string") :
	    reference(f->items->name));
	if (f->max != 0)
		json_put(o, "maxItems", json_int((int64_t)f->max));
	return o;
}

static json_t *
special_schema(const struct field *f)
{
	json_t *o;

	switch (f->special) {
	case SPECIAL_NETWORKS:
		o = typed("array");
		json_put(o, "items", typed("string"));
		return o;
	case SPECIAL_NUMBER:
		return typed("integer");
	case SPECIAL_LUN:
		o = json_object();
		json_put(o, "type", json_pack("[s,s]", "integer", "string"));
		return o;
	case SPECIAL_NONE:
	case SPECIAL_ADDRESS:
	case SPECIAL_NATIVE:
	case SPECIAL_CLASS:
	case SPECIAL_RAID:
	case SPECIAL_FN:
	case SPECIAL_END:
	case SPECIAL_SYSTEM:
	case SPECIAL_PORT:
	case SPECIAL_LOCAL:
	case SPECIAL_UNTIL:
	case SPECIAL_DAYS:
	case SPECIAL_ZONE:
		break;
	}
	return typed("string");
}

static json_t *
plain_schema(const struct field *f)
{
	switch (f->type) {
	case FIELD_INT: case FIELD_INT64: return integer_schema(f);
	case FIELD_BOOL: return typed("boolean");
	case FIELD_WORD: return words_schema(f->words);
	case FIELD_UUID: return typed_as("string", "uuid");
	case FIELD_TIME: return typed_as("string", "date-time");
	case FIELD_DURATION: return typed_as("string", "duration");
	case FIELD_LIST: return list_schema(f);
	case FIELD_FOREIGN: break;
	case FIELD_SPECIAL: return special_schema(f);
	case FIELD_TEXT: case FIELD_NAME: case FIELD_MAC: case FIELD_WWN:
	case FIELD_REF: case FIELD_MODULE:
		break;
	}
	return typed("string");
}

/* In 3.1 null is a type among types. */
static json_t *
field_schema(const struct field *f)
{
	json_t *o = plain_schema(f), *type = json_object_get(o, "type");

	if ((f->flags & FIELD_NULLABLE) != 0 && json_is_string(type))
		json_put(o, "type", json_pack("[O,s]", type, "null"));
	if ((f->flags & FIELD_READONLY) != 0)
		json_put(o, "readOnly", json_true());
	if (f->doc != NULL)
		json_put(o, "description", json_str(f->doc));
	return o;
}

/* "qos.limitMbps" is a member of the object "qos". */
static void
put_property(json_t *schema, const struct field *f)
{
	json_t *properties = json_object_get(schema, "properties");
	const char *name = f->json, *dot = strchr(name, '.');
	char head[64];

	if (dot != NULL) {
		json_t *inner;

		snprintf(head, sizeof(head), "%.*s", (int)(dot - name), name);
		inner = json_object_get(properties, head);
		if (inner == NULL) {
			inner = typed("object");
			json_put(inner, "additionalProperties", json_false());
			json_put(inner, "properties", json_object());
			json_put(properties, head, inner);
		}
		properties = json_object_get(inner, "properties");
		name = dot + 1;
	}
	json_put(properties, name, field_schema(f));
}

/* `making`: what a client sends, with what must be there. */
static json_t *
table_schema(const struct field_table *t, bool sent, bool making)
{
	json_t *o = typed("object"), *required = json_array();

	json_put(o, "description", json_str(t->doc));
	json_put(o, "properties", json_object());
	for (const struct field *f = t->fields; f->json != NULL ||
	    f->xml != NULL; f++) {
		if (f->json == NULL || ((f->flags & FIELD_PLACED) != 0 &&
		    (f->flags & FIELD_READONLY) == 0))
			continue;
		if (sent && (f->flags & FIELD_READONLY) != 0)
			continue;
		put_property(o, f);
		if (making && (f->flags & FIELD_REQUIRED) != 0)
			json_put(required, NULL, json_str(f->json));
	}
	if (json_array_size(required) > 0)
		json_put(o, "required", required);
	else
		json_decref(required);
	if (sent)
		json_put(o, "additionalProperties", json_false());
	return o;
}

static void
put_table(json_t *schemas, const struct field_table *t)
{
	char name[64];

	json_put(schemas, t->name, table_schema(t, false, false));
	snprintf(name, sizeof(name), "%s-new", t->name);
	json_put(schemas, name, table_schema(t, true, true));
	snprintf(name, sizeof(name), "%s-patch", t->name);
	json_put(schemas, name, table_schema(t, true, false));
}

static json_t *
codes_schema(void)
{
	json_t *o = typed("string"), *codes = json_array();

	for (size_t i = 0; i < rules_n; i++)
		json_put(codes, NULL, json_str(rules[i].code));
	json_put(o, "examples", codes);
	json_put(o, "description", json_str(
	    "code of the broken rule; codes never change; see x-rules"));
	return o;
}

/* One broken rule, in `errors` of a problem and `checks` of a plan. */
static json_t *
violation_schema(void)
{
	return json_pack("{s:s,s:{s:o,s:{s:s,s:[s,s,s]},s:{s:s},s:{s:s},"
	    "s:{s:s},s:{s:s,s:{s:s},s:s}}}", "type", "object", "properties",
	    "code", codes_schema(), "severity", "type", "string", "enum",
	    "B", "C", "W", "pointer", "type", "string", "detail", "type",
	    "string", "remedy", "type", "string", "proposal", "type", "array",
	    "items", "type", "object", "description",
	    "changes beside which the wish would be whole");
}

static json_t *
problem_schema(void)
{
	return json_pack("{s:s,s:s,s:{s:{s:s},s:{s:s},s:{s:s},s:o,s:{s:s},"
	    "s:{s:s},s:{s:s},s:{s:s,s:o}}}",
	    "type", "object", "description", "what is wrong (RFC 9457)",
	    "properties", "type", "type", "string", "title", "type", "string",
	    "status", "type", "integer", "code", codes_schema(), "detail",
	    "type", "string", "instance", "type", "string", "requestId",
	    "type", "string", "errors", "type", "array", "items",
	    reference("violation"));
}

static json_t *
schemas(void)
{
	static const struct field_table *const tables[] = {
		&field_network, &field_san, &field_pool, &field_profile,
		&field_slot, &field_port, &field_bay, &field_vnic, &field_vhba,
		&field_vdas, &field_exclusive,
		&field_block, &field_vlan, &field_boot_target, &field_disk,
		&field_qos_class,
		&field_settings, &field_trust_key,
	};
	json_t *o = json_object();

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		put_table(o, tables[i]);
	json_put(o, "violation", violation_schema());
	json_put(o, "problem", problem_schema());
	return o;
}

/* ---- paths, from the route table ---- */

static json_t *
parameter(const char *name, const char *in, const char *type)
{
	return json_pack("{s:s,s:s,s:b,s:{s:s}}", "name", name, "in", in,
	    "required", strcmp(in, "path") == 0, "schema", "type", type);
}

static void
put_path_parameters(json_t *list, const char *path)
{
	for (const char *at = strchr(path, '{'); at != NULL;
	    at = strchr(at + 1, '{')) {
		char name[32];

		snprintf(name, sizeof(name), "%.*s",
		    (int)strcspn(at + 1, "}"), at + 1);
		json_put(list, NULL, parameter(name, "path", "string"));
	}
}

static void
put_query_parameters(json_t *list, const struct route *r)
{
	const char *at = r->query;

	while (*at != '\0') {
		size_t n = strcspn(at, ",");
		char name[32];

		snprintf(name, sizeof(name), "%.*s", (int)n, at);
		json_put(list, NULL, openapi_body_query(name));
		at += n + (at[n] == ',');
	}
	if (r->kind == ROUTE_CHANGE || (r->kind == ROUTE_WRITE &&
	    (r->flags & ROUTE_NO_DRY_RUN) == 0))
		json_put(list, NULL, openapi_body_query("dryRun"));
	if (r->kind == ROUTE_CHANGE)
		json_put(list, NULL, openapi_body_query("confirm"));
}

static void
put_header_parameters(json_t *list, const struct route *r)
{
	json_t *match;

	if (r->kind != ROUTE_CHANGE && r->kind != ROUTE_WRITE)
		return;
	json_put(list, NULL, parameter("Idempotency-Key", "header",
	    "string"));
	match = parameter("If-Match", "header", "string");
	if ((r->flags & ROUTE_IF_MATCH) != 0)
		json_put(match, "required", json_true());
	json_put(list, NULL, match);
}

/* Of the table that the row names, of its own members, or of both. */
static json_t *
body_schema(const struct route *r, bool patch)
{
	json_t *schema;
	char name[64];

	schema = r->body != NULL ? table_schema(r->body, true, !patch) :
	    json_pack("{s:s,s:{},s:b}", "type", "object", "properties",
	    "additionalProperties", false);
	if (json_object_get(schema, "required") == NULL)
		json_put(schema, "required", json_array());
	if (openapi_body_members(r, schema))
		return schema;
	json_decref(schema);
	if (r->body == NULL)
		return typed("object");
	snprintf(name, sizeof(name), "%s%s", r->body->name, patch ?
	    "-patch" : "-new");
	return reference(name);
}

static json_t *
body_json(const struct route *r)
{
	bool patch = strcmp(r->method, "PATCH") == 0;
	bool document = (r->flags & ROUTE_DOCUMENT) != 0;
	const char *type = document ? "application/xml" : patch ?
	    "application/merge-patch+json" : "application/json";
	json_t *schema = document ? typed("string") : body_schema(r, patch);
	bool needed = document || r->body != NULL ||
	    json_array_size(json_object_get(schema, "required")) > 0;

	return json_pack("{s:b,s:{s:{s:o}}}", "required", needed,
	    "content", type, "schema", schema);
}

static json_t *
said(const char *words)
{
	return json_pack("{s:s,s:{s:{s:{s:s}}}}", "description", words,
	    "content", "application/json", "schema", "type", "object");
}

static json_t *
responses(const struct route *r)
{
	json_t *o = json_object(), *problem;

	if (r->kind == ROUTE_READ || r->kind == ROUTE_STREAM) {
		json_put(o, "200", said("what was asked for"));
	} else if (strcmp(r->path, "/sessions/current") == 0) {
		json_put(o, "204", json_pack("{s:s}", "description", "done"));
	} else {
		json_put(o, "200", said("done, or the plan of a dry run"));
		json_put(o, "201", said("made; no slot is touched"));
		json_put(o, "202", said("a job does it; see Location"));
	}
	problem = json_pack("{s:s,s:{s:{s:o}}}", "description",
	    "a problem: what, where, and what to do", "content",
	    "application/problem+json", "schema", reference("problem"));
	json_put(o, "default", problem);
	return o;
}

static json_t *
security(const struct route *r)
{
	if (r->role == ROLE_NONE)
		return json_array();
	return json_pack("[{s:[]},{s:[]}]", "bearer", "cookie");
}

/* "profile assign" -> "profileAssign" */
static void
operation_id(const char *name, char *out, size_t size)
{
	size_t n = 0;
	bool up = false;

	for (; *name != '\0' && n + 1 < size; name++) {
		if (*name == ' ' || *name == '-') {
			up = true;
			continue;
		}
		out[n++] = up ? (char)toupper((unsigned char)*name) : *name;
		up = false;
	}
	out[n] = '\0';
}

static void
put_route(json_t *paths, const struct route *r)
{
	static const char *const roles[] = {
		"none", "auditor", "operator", "admin"
	};
	json_t *path = json_object_get(paths, r->path), *o = json_object();
	json_t *parameters = json_array();
	char method[16], id[64];

	if (path == NULL) {
		path = json_object();
		json_put(paths, r->path, path);
	}
	operation_id(r->name, id, sizeof(id));
	json_put(o, "operationId", json_str(id));
	json_put(o, "summary", json_str(r->summary));
	put_path_parameters(parameters, r->path);
	put_query_parameters(parameters, r);
	put_header_parameters(parameters, r);
	json_put(o, "parameters", parameters);
	if (r->body_max > 0)
		json_put(o, "requestBody", body_json(r));
	json_put(o, "responses", responses(r));
	json_put(o, "security", security(r));
	json_put(o, "x-role", json_str(roles[r->role]));
	json_put(o, "x-cli", json_str(r->name));
	snprintf(method, sizeof(method), "%s", r->method);
	for (char *c = method; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	json_put(path, method, o);
}

json_t *
openapi_document(const char *version)
{
	json_t *o = json_object(), *paths = json_object();

	json_put(o, "openapi", json_str("3.1.0"));
	json_put(o, "info", json_pack("{s:s,s:s,s:s,s:{s:s,s:s}}", "title",
	    "Polyroot", "description",
	    "The controller of a multi-root PCIe sharing appliance.",
	    "version", version, "license", "name", "Apache-2.0",
	    "identifier", "Apache-2.0"));
	json_put(o, "servers", json_pack("[{s:s}]", "url", "/api/v1"));
	for (size_t i = 0; i < n_routes; i++)
		put_route(paths, &routes[i]);
	json_put(o, "paths", paths);
	json_put(o, "x-rules", openapi_body_rules());
	json_put(o, "components", json_pack("{s:o,s:{s:{s:s,s:s},"
	    "s:{s:s,s:s,s:s}}}", "schemas", schemas(), "securitySchemes",
	    "bearer", "type", "http", "scheme", "bearer", "cookie", "type",
	    "apiKey", "in", "cookie", "name", "__Host-polyroot"));
	return o;
}
