/* test_route.c -- the router, and what every row of its table must have. */
#include <ctype.h>
#include <stdio.h>

#include "appliance/service/request.h"
#include "tests/test.h"

static const struct row {
	const char *method, *path;
	const char *name;		/* of the row; NULL = no path fits */
	const char *allow;		/* when the method does not */
	const char *param, *value;
} rows[] = {
	{ "GET", "/slots", "slot list", "", NULL, NULL },
	{ "HEAD", "/slots", "slot list", "", NULL, NULL },
	{ "GET", "/slots/3", "slot show", "", "n", "3" },
	{ "PATCH", "/slots/3", "slot change", "", "n", "3" },
	{ "POST", "/slots/3:locate", "slot locate", "", "n", "3" },
	{ "POST", "/profiles/esx-01:assign", "profile assign", "", "p",
	    "esx-01" },
	{ "POST", "/profiles/esx-01/vnics", "vnic add", "", "p", "esx-01" },
	{ "DELETE", "/profiles/esx-01/vnics/net0", "vnic remove", "", "d",
	    "net0" },
	{ "POST", "/jobs/17:undo", "job undo", "", "id", "17" },
	{ "GET", "/bays/io1", "bay show", "", "n", "io1" },
	{ "GET", "/modules/io1", "module show", "", "m", "io1" },
	{ "GET", "/functions/io1.1.vf0", "function show", "", "f",
	    "io1.1.vf0" },
	{ "GET", "/disks/io3.7", "disk show", "", "d", "io3.7" },
	{ "DELETE", "/disks/io3.7", NULL, "GET", NULL, NULL },
	{ "GET", "/openapi.json", "openapi show", "", NULL, NULL },
	{ "POST", "/slots", NULL, "GET", NULL, NULL },
	{ "DELETE", "/slots/3", NULL, "GET, PATCH", NULL, NULL },
	{ "GET", "/profiles/x:assign", NULL, "POST", NULL, NULL },
	{ "POST", "/profiles/x:explode", NULL, "", NULL, NULL },
	{ "POST", "/profiles/x:y:assign", NULL, "", NULL, NULL },
	{ "POST", "/profiles/:assign", NULL, "", NULL, NULL },
	{ "GET", "/profiles/", NULL, "", NULL, NULL },
	{ "GET", "/profiles//vnics", NULL, "", NULL, NULL },
	{ "GET", "/slots/3/", NULL, "", NULL, NULL },
	{ "GET", "/", NULL, "", NULL, NULL },
	{ "GET", "", NULL, "", NULL, NULL },
	{ "GET", "slots", NULL, "", NULL, NULL },
	{ "GET", "/slotsx", NULL, "", NULL, NULL },
	{ "get", "/slots", NULL, "GET", NULL, NULL },
};

START_TEST(a_path_finds_its_row)
{
	const struct row *row = &rows[_i];
	struct arena *a = arena_new();
	struct request r = { .method = row->method };
	char allow[64];
	const struct route *found = route_find(row->method, row->path, &r, a,
	    allow);

	if (row->name == NULL) {
		ck_assert_ptr_null(found);
		ck_assert_str_eq(allow, row->allow);
	} else {
		ck_assert_ptr_nonnull(found);
		ck_assert_str_eq(found->name, row->name);
	}
	if (row->param != NULL)
		ck_assert_str_eq(request_param(&r, row->param), row->value);
	ck_assert_str_eq(request_param(&r, "nix"), "");
	arena_free(a);
}
END_TEST

/* ---- the table ---- */

static void
fill(const char *pattern, char *path, size_t size)
{
	size_t n = 0;

	for (; *pattern != '\0' && n + 2 < size; pattern++) {
		if (*pattern != '{') {
			path[n++] = *pattern;
			continue;
		}
		pattern = strchr(pattern, '}');
		path[n++] = 'x';
	}
	path[n] = '\0';
}

START_TEST(a_row_is_reached_by_its_own_path)
{
	const struct route *row = &routes[_i];
	struct arena *a = arena_new();
	struct request r = { .method = row->method };
	char path[128], allow[64];

	fill(row->path, path, sizeof(path));
	ck_assert_ptr_eq(route_find(row->method, path, &r, a, allow), row);
	arena_free(a);
}
END_TEST

START_TEST(a_row_is_whole)
{
	const struct route *r = &routes[_i];
	/* A check of everything and a backup are asked for, as they are work, and
	 * only read the store. */
	bool reads = strcmp(r->method, "GET") == 0 ||
	    strcmp(r->path, "/identities:check") == 0 ||
	    strcmp(r->name, "backup make") == 0;

	ck_assert_int_eq(reads, r->kind == ROUTE_READ ||
	    r->kind == ROUTE_STREAM);
	ck_assert_ptr_nonnull(r->query);
	ck_assert_str_ne(r->name, "");
	ck_assert_str_ne(r->summary, "");
	if (reads) {
		ck_assert_uint_eq(r->body_max, 0);
		ck_assert(r->edit == NULL);
	}
	ck_assert(r->kind != ROUTE_READ || r->read != NULL);
	ck_assert(r->kind != ROUTE_CHANGE || r->edit != NULL);
	/* What changes anything is open to operators and above; signing in and
	 * out are everybody's. */
	if (r->kind == ROUTE_CHANGE)
		ck_assert_int_ge(r->role, ROLE_OPERATOR);
	if (r->kind == ROUTE_WRITE && strncmp(r->path, "/sessions", 9) != 0)
		ck_assert_int_ge(r->role, ROLE_OPERATOR);
	if (strcmp(r->method, "PUT") == 0)
		ck_assert_uint_ne(r->flags & ROUTE_IF_MATCH, 0);
	if (strcmp(r->method, "DELETE") == 0)
		ck_assert_uint_eq(r->body_max, 0);
	for (size_t i = 0; i < n_routes; i++)
		if (&routes[i] != r)
			ck_assert_str_ne(routes[i].name, r->name);
	for (const char *c = r->name; *c != '\0'; c++)
		ck_assert(islower((unsigned char)*c) || *c == ' ');
}
END_TEST

/* ---- parameters ---- */

static const struct query_row {
	const char *route, *name, *value;
	bool ok;
} query_rows[] = {
	{ "/slots", "limit", "1", true },
	{ "/slots", "after", "3", true },
	{ "/slots", "dryRun", "true", false },
	{ "/slots", "limi", "1", false },
	{ "/slots", "limit,after", "1", false },
	{ "/slots", "", "1", false },
	{ "/networks", "dryRun", "true", true },
	{ "/networks", "dryRun", "false", true },
	{ "/networks", "dryRun", "yes", false },
	{ "/networks", "dryRun", "", false },
	{ "/networks", "confirm", "A,B", true },
	{ "/sessions", "dryRun", "true", false },
	{ "/sessions", "confirm", "A", false },
};

START_TEST(a_parameter_is_known_or_refused)
{
	const struct query_row *row = &query_rows[_i];
	struct request r = { .query = { { row->name, row->value } },
		.n_query = 1 };
	struct err e;

	for (size_t i = 0; i < n_routes; i++) {
		bool post = strcmp(row->route, "/slots") != 0;

		if (strcmp(routes[i].path, row->route) != 0 ||
		    strcmp(routes[i].method, post ? "POST" : "GET") != 0)
			continue;
		if (row->ok)
			ck_ok(request_check(&routes[i], &r, &e), e);
		else
			ck_fails(request_check(&routes[i], &r, &e), e,
			    ERR_MALFORMED);
		return;
	}
	ck_abort_msg("no route %s", row->route);
}
END_TEST

/* The end of the sentence lists all, in every kind of row. */
static const struct known_row {
	const char *method, *path, *end;
} known_rows[] = {
	{ "GET", "/slots", "known: limit,after" },
	{ "GET", "/bays", "known: none" },
	{ "POST", "/networks", "known: dryRun,confirm" },
	{ "POST", "/plans", "known: dryRun" },
	{ "POST", "/sessions", "known: none" },
};

START_TEST(the_known_parameters_are_listed)
{
	const struct known_row *row = &known_rows[_i];
	struct request r = { .query = { { "colour", "red" } }, .n_query = 1 };
	char allow[64];
	struct arena *a = arena_new();
	const struct route *route = route_find(row->method, row->path, &r, a,
	    allow);
	struct err e;

	ck_fails(request_check(route, &r, &e), e, ERR_MALFORMED);
	ck_assert_str_eq(strstr(e.msg, "known: "), row->end);
	arena_free(a);
}
END_TEST

START_TEST(a_parameter_given_twice_is_refused)
{
	struct request r = { .query = { { "limit", "1" }, { "limit", "2" } },
		.n_query = 2 };
	char allow[64];
	struct arena *a = arena_new();
	const struct route *slots = route_find("GET", "/slots", &r, a, allow);
	struct err e;

	ck_fails(request_check(slots, &r, &e), e, ERR_MALFORMED);
	arena_free(a);
}
END_TEST

static const struct number_row {
	const char *text;
	bool ok;
	int64_t value;
} number_rows[] = {
	{ "0", true, 0 }, { "7", true, 7 }, { "100", true, 100 },
	{ "007", true, 7 }, { "101", false, 0 }, { "-1", false, 0 },
	{ "+1", false, 0 }, { " 1", false, 0 }, { "1 ", false, 0 },
	{ "", false, 0 }, { "1e1", false, 0 },
	{ "99999999999999999999", false, 0 },
};

START_TEST(a_number_is_digits_up_to_its_maximum)
{
	const struct number_row *row = &number_rows[_i];
	int64_t n = -1;

	ck_assert_int_eq(request_number(row->text, 100, &n), row->ok);
	if (row->ok)
		ck_assert_int_eq(n, row->value);
}
END_TEST

START_TEST(confirmations_are_whole_words)
{
	struct request r = { .query = { { "confirm", "A,DestroysData" } },
		.n_query = 1 };

	ck_assert(request_confirms(&r, "DestroysData"));
	ck_assert(request_confirms(&r, "A"));
	ck_assert(!request_confirms(&r, "Destroys"));
	ck_assert(!request_confirms(&r, "Data"));
	r.n_query = 0;
	ck_assert(!request_confirms(&r, "A"));
}
END_TEST

/* Compared strongly (If-Match) and weakly (If-None-Match). */
static const struct tag_row {
	const char *list;
	bool strong, weak;
} tag_rows[] = {
	{ "\"1\"", true, true }, { "W/\"1\"", false, true },
	{ "\"0\", \"1\"", true, true }, { "*", true, true },
	{ "\"1\", \"2\"", true, true }, { "\"0\",\"1\"", true, true },
	{ "\"11\"", false, false }, { "\"0\",W/\"1\"", false, true },
	{ "W/\"1\", \"1\"", true, true }, { "", false, false },
	{ "1", false, false }, { "\"1", false, false },
};

START_TEST(an_etag_is_in_a_list)
{
	const struct tag_row *row = &tag_rows[_i];

	ck_assert_int_eq(request_etag_listed(row->list, "\"1\"", false),
	    row->strong);
	ck_assert_int_eq(request_etag_listed(row->list, "\"1\"", true),
	    row->weak);
}
END_TEST

START_TEST(a_header_cannot_be_forged)
{
	struct answer a = { .status = 0 };
	char longest[600];

	answer_header(&a, "X-A", "one\r\nX-B: two");
	ck_assert_str_eq(a.headers, "");
	answer_header(&a, "X-A", "one");
	ck_assert_str_eq(a.headers, "X-A: one\r\n");
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	answer_header(&a, "X-C", longest);
	ck_assert_str_eq(a.headers, "X-A: one\r\n");
}
END_TEST

START_TEST(a_problem_says_what_where_and_what_to_do)
{
	struct answer a = { .instance = "/api/v1/networks",
		.request_id = "r1" };
	struct err e;
	json_t *o, *first;

	(void)err_rule(&e, ERR_RULES, "VlanRange", "/vlan", "VLAN 4095");
	answer_problem(&a, &e);
	ck_assert_int_eq(a.status, 422);
	ck_assert_str_eq(a.content_type, "application/problem+json");
	ck_ok(json_read(a.body.data, a.body.len, 1 << 16, &o, &e), e);
	ck_assert_str_eq(json_string_value(json_object_get(o, "code")),
	    "VlanRange");
	ck_assert_str_eq(json_string_value(json_object_get(o, "type")),
	    "/help/errors/VlanRange");
	ck_assert_str_eq(json_string_value(json_object_get(o, "requestId")),
	    "r1");
	first = json_array_get(json_object_get(o, "errors"), 0);
	ck_assert_str_eq(json_string_value(json_object_get(first, "pointer")),
	    "/vlan");
	ck_assert_str_ne(json_string_value(json_object_get(first, "remedy")), "");
	json_decref(o);
	buf_free(&a.body);
}
END_TEST

/* Whatever the code, also without a rule: what, where, what to do. */
START_TEST(every_code_has_its_advice)
{
	struct answer a = { .instance = "/api/v1/networks" };
	enum err_code code = (enum err_code)_i;
	json_t *o, *first;
	struct err e;

	(void)err_set(&e, code, "so it is");
	answer_problem(&a, &e);
	ck_assert_int_eq(a.status, err_http(code));
	ck_ok(json_read(a.body.data, a.body.len, 1 << 16, &o, &e), e);
	ck_assert_uint_eq(json_array_size(json_object_get(o, "errors")), 1);
	first = json_array_get(json_object_get(o, "errors"), 0);
	ck_assert_str_eq(json_string_value(json_object_get(first, "code")),
	    err_slug(code));
	ck_assert_str_eq(json_string_value(json_object_get(first, "detail")),
	    "so it is");
	ck_assert_str_ne(json_string_value(json_object_get(first, "pointer")),
	    "");
	ck_assert_str_ne(json_string_value(json_object_get(first, "remedy")),
	    err_words(code));
	json_decref(o);
	buf_free(&a.body);
}
END_TEST

SUITE("route")
{
	tcase_add_loop_test(tc, a_path_finds_its_row, 0, N_ROWS(rows));
	tcase_add_loop_test(tc, a_row_is_reached_by_its_own_path, 0,
	    (int)n_routes);
	tcase_add_loop_test(tc, a_row_is_whole, 0, (int)n_routes);
	tcase_add_loop_test(tc, a_parameter_is_known_or_refused, 0,
	    N_ROWS(query_rows));
	tcase_add_loop_test(tc, the_known_parameters_are_listed, 0,
	    N_ROWS(known_rows));
	tcase_add_test(tc, a_parameter_given_twice_is_refused);
	tcase_add_loop_test(tc, a_number_is_digits_up_to_its_maximum, 0,
	    N_ROWS(number_rows));
	tcase_add_test(tc, confirmations_are_whole_words);
	tcase_add_loop_test(tc, an_etag_is_in_a_list, 0, N_ROWS(tag_rows));
	tcase_add_loop_test(tc, every_code_has_its_advice, ERR_NONE + 1,
	    ERR_N_CODES);
	tcase_add_test(tc, a_header_cannot_be_forged);
	tcase_add_test(tc, a_problem_says_what_where_and_what_to_do);
}
