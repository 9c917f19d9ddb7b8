/* test_openapi.c -- the document says what the tables say, and nothing else. */
#include <ctype.h>
#include <stdio.h>

#include "appliance/service/openapi.h"
#include "appliance/service/rules.h"
#include "tests/test.h"

static json_t *document;

static void
setup(void)
{
	document = openapi_document("1.2.3");
}

static void
teardown(void)
{
	json_decref(document);
}

static const json_t *
operation(const struct route *r)
{
	char method[16];

	(void)snprintf(method, sizeof(method), "%s", r->method);
	for (char *c = method; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return json_object_get(json_object_get(json_object_get(document,
	    "paths"), r->path), method);
}

START_TEST(every_row_is_there)
{
	const struct route *r = &routes[_i];
	const json_t *o = operation(r);

	ck_assert_ptr_nonnull(o);
	ck_assert_str_eq(json_string_value(json_object_get(o, "summary")),
	    r->summary);
	ck_assert_int_eq(json_object_get(o, "requestBody") != NULL,
	    r->body_max > 0);
	ck_assert_ptr_nonnull(json_object_get(json_object_get(o, "responses"),
	    "default"));
	ck_assert_int_eq(json_array_size(json_object_get(o, "security")) == 0,
	    r->role == ROLE_NONE);
}
END_TEST

START_TEST(nothing_else_is_there)
{
	const char *key, *method;
	json_t *path, *o;
	size_t n = 0;

	json_object_foreach(json_object_get(document, "paths"), key, path)
		json_object_foreach(path, method, o)
			n++;
	ck_assert_uint_eq(n, n_routes);
}
END_TEST

START_TEST(names_of_operations_are_unique)
{
	const json_t *a = operation(&routes[_i]);
	const char *id = json_string_value(json_object_get(a, "operationId"));

	for (size_t i = 0; i < n_routes; i++) {
		const json_t *b = operation(&routes[i]);

		if ((int)i != _i)
			ck_assert_str_ne(json_string_value(json_object_get(b,
			    "operationId")), id);
	}
	ck_assert_ptr_null(strchr(id, ' '));
}
END_TEST

START_TEST(parameters_of_a_path_are_declared)
{
	const struct route *r = &routes[_i];
	const json_t *list = json_object_get(operation(r), "parameters");
	size_t i, wanted = 0, found = 0;
	json_t *p;

	for (const char *c = r->path; *c != '\0'; c++)
		wanted += *c == '{';
	json_array_foreach(list, i, p)
		found += strcmp(json_string_value(json_object_get(p, "in")),
		    "path") == 0;
	ck_assert_uint_eq(found, wanted);
}
END_TEST

/* Every $ref leads somewhere. */
static void
follow(json_t *o)
{
	const char *key, *ref;
	json_t *value;
	size_t i;

	ref = json_string_value(json_object_get(o, "$ref"));
	if (ref != NULL && json_object_get(json_object_get(json_object_get(
	    document, "components"), "schemas"), strrchr(ref, '/') + 1) == NULL)
		ck_abort_msg("dangling: %s", ref);
	json_array_foreach(o, i, value)
		follow(value);
	json_object_foreach(o, key, value)
		follow(value);
}

START_TEST(references_lead_somewhere)
{
	follow(document);
}
END_TEST

START_TEST(schemas_are_the_field_tables)
{
	const json_t *vnic = json_object_get(json_object_get(json_object_get(
	    document, "components"), "schemas"), "vnic-new");
	const json_t *properties = json_object_get(vnic, "properties");
	const json_t *qos = json_object_get(json_object_get(properties, "qos"),
	    "properties");

	ck_assert_ptr_nonnull(json_object_get(properties, "mac"));
	ck_assert_ptr_nonnull(json_object_get(properties, "networks"));
	ck_assert_ptr_nonnull(json_object_get(qos, "limitMbps"));
	ck_assert_ptr_nonnull(json_object_get(qos, "guaranteeMbps"));
	/* What only the service sets is not sent. */
	ck_assert_ptr_null(json_object_get(properties, "id"));
	ck_assert(json_is_false(json_object_get(vnic,
	    "additionalProperties")));
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(vnic,
	    "required"), 0)), "name");
}
END_TEST

START_TEST(every_rule_is_there)
{
	const json_t *list = json_object_get(document, "x-rules");

	ck_assert_uint_eq(json_array_size(list), rules_n);
	for (size_t i = 0; i < rules_n; i++)
		ck_assert_str_eq(json_string_value(json_object_get(
		    json_array_get(list, i), "remedy")), rules[i].remedy);
}
END_TEST

static const json_t *
body_of(const char *name)
{
	for (size_t i = 0; i < n_routes; i++)
		if (strcmp(routes[i].name, name) == 0)
			return json_object_get(json_object_get(json_object_get(
			    json_object_get(operation(&routes[i]),
			    "requestBody"), "content"), "application/json"),
			    "schema");
	return NULL;
}

START_TEST(members_beside_a_table_are_there)
{
	const json_t *add = json_object_get(body_of("vnic add"), "properties");

	ck_assert_ptr_nonnull(json_object_get(add, "count"));
	ck_assert_ptr_nonnull(json_object_get(add, "mac"));
	ck_assert_ptr_nonnull(json_object_get(body_of("vnic replace"),
	    "$ref"));
	ck_assert_ptr_nonnull(json_object_get(json_object_get(body_of(
	    "profile move"), "properties"), "policy"));
}
END_TEST

SUITE("openapi")
{
	tcase_add_test(tc, every_rule_is_there);
	tcase_add_test(tc, members_beside_a_table_are_there);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, every_row_is_there, 0, (int)n_routes);
	tcase_add_test(tc, nothing_else_is_there);
	tcase_add_loop_test(tc, names_of_operations_are_unique, 0,
	    (int)n_routes);
	tcase_add_loop_test(tc, parameters_of_a_path_are_declared, 0,
	    (int)n_routes);
	tcase_add_test(tc, references_lead_somewhere);
	tcase_add_test(tc, schemas_are_the_field_tables);
}
