/* test_service.c -- the doors: what every call keeps to, whatever it is about. */
#include <stdio.h>

#include "appliance/service/session.h"
#include "tests/test.h"
#include "tests/unit/support_desk.h"

#define NET "POST /networks {\"name\":\"n9\",\"vlan\":9}"

/* ---- statuses ---- */

static const struct row {
	const char *setup, *request;
	int status;
} rows[] = {
	{ NULL, NET, 201 },
	{ NULL, "PATCH /networks/free {\"vlan\":301}", 200 },
	{ NULL, "DELETE /networks/free", 200 },
	{ NULL, "POST /profiles {\"name\":\"p9\"}", 201 },
	{ NULL, "POST /profiles/p1/vnics {\"name\":\"a\",\"networks\":"
	    "[\"prod\",\"stor\"],\"native\":\"prod\",\"mac\":\"pool\","
	    "\"qos\":{\"limitMbps\":100}}", 201 },
	{ NULL, "POST /profiles/p1/vhbas {\"name\":\"a\",\"san\":\"san-a\","
	    "\"bootTargets\":[{\"wwpn\":\"50:00:00:00:00:00:00:01\",\"lun\":0,"
	    "\"priority\":1}]}", 201 },
	{ NULL, "POST /profiles/p1/vdas {\"name\":\"a\",\"virtualDisks\":"
	    "[{\"name\":\"d\",\"raid\":\"RAID1\",\"capacityMiB\":9}]}", 201 },
	{ NULL, "POST /profiles/p1:assign {\"slot\":3}", 202 },
	{ NULL, "POST /profiles/p2:assign {\"slot\":3}", 202 },
	{ NULL, "POST /profiles/p1:clone {\"name\":\"p9\"}", 201 },
	{ NULL, "PATCH /slots/1 {\"label\":\"left\"}", 200 },
	{ NULL, "PATCH /slots/1 {\"adminState\":\"disabled\"}", 202 },
	{ NULL, "POST /slots/1:isolate {}", 202 },
	{ NULL, "POST /slots/1:locate {\"on\":true}", 202 },
	{ "POST /profiles/p1:assign {\"slot\":3}",
	    "POST /profiles/p1:move {\"slot\":2}", 202 },
	{ "POST /profiles/p1:assign {\"slot\":3}",
	    "POST /profiles/p1:release {}", 202 },
	{ "POST /profiles/p1:assign {\"slot\":3}",
	    "PATCH /profiles/p1/vnics/net0 {\"mtu\":1400}", 202 },
	{ "POST /profiles/p1:assign {\"slot\":3}", "DELETE /profiles/p1", 202 },
	{ NULL, "POST /networks {\"name\":\"n\",\"vlan\":9,\"x\":1}", 400 },
	{ NULL, "POST /networks {\"name\":\"n\",\"vlan\":\"9\"}", 400 },
	{ NULL, "POST /networks [1]", 400 },
	{ NULL, "POST /networks {\"name\":", 400 },
	{ NULL, "POST /networks {\"name\":\"n\",\"name\":\"m\",\"vlan\":9}",
	    400 },
	{ NULL, "POST /networks?color=red {\"name\":\"n\",\"vlan\":9}", 400 },
	{ NULL, "GET /slots?color=red", 400 },
	{ NULL, "GET /slots?limit=0", 400 },
	{ NULL, "GET /slots?limit=4097", 400 },
	{ NULL, "DELETE /networks/free {}", 400 },
	{ NULL, "GET /networks/nix", 404 },
	{ NULL, "PATCH /networks/nix {\"vlan\":5}", 404 },
	{ NULL, "DELETE /networks/nix", 404 },
	{ NULL, "GET /slots/0", 404 },
	{ NULL, "GET /slots/5", 404 },
	{ NULL, "GET /slots/x", 404 },
	{ NULL, "PATCH /slots/5 {\"label\":\"x\"}", 404 },
	{ NULL, "GET /profiles/p1/vhbas/net0", 404 },
	{ NULL, "DELETE /profiles/p1/vhbas/net0", 404 },
	{ NULL, "POST /profiles/p1:assign {}", 400 },
	{ NULL, "POST /profiles/p1:assign {\"slot\":3,\"x\":1}", 400 },
	{ NULL, "POST /profiles/p1:move {\"slot\":3,\"policy\":\"spare\"}",
	    422 },
	{ NULL, "POST /profiles/p1:move {\"policy\":\"best\"}", 400 },
	{ NULL, "PUT /networks/free {\"name\":\"free\",\"vlan\":5}", 428 },
	{ NULL, "GET /jobs/999999", 404 },
	{ NULL, "GET /jobs/x", 404 },
	{ NULL, "POST /jobs/999999:undo {}", 404 },
};

START_TEST(a_call_has_its_status)
{
	const struct row *row = &rows[_i];
	int64_t generation;
	struct desk d;
	int status;

	desk_new(&d);
	if (row->setup != NULL)
		desk_do(&d, row->setup);
	generation = desk_generation(&d);
	status = desk_ask(&d, row->request);
	if (status != row->status)
		ck_abort_msg("%s: %d %s", row->request, status,
		    desk_text(&d, "detail"));
	/* Every change counts and has a job; a lamp is no wish, but a job. */
	if (status < 300)
		ck_assert_int_eq(desk_generation(&d), generation + 1);
	else
		ck_assert_int_eq(desk_generation(&d), generation);
	if (status < 300)
		ck_assert_str_ne(desk_text(&d, "job"), "");
	ck_assert_int_eq(status == 202, strstr(d.headers,
	    "Location: /api/v1/jobs/") != NULL);
	if (status >= 400)
		ck_assert_str_ne(desk_text(&d, "detail"), "");
	desk_free(&d);
}
END_TEST

/* ---- no row is open to less than its role ---- */

static void
path_of(const struct route *r, char *text, size_t size)
{
	size_t n = (size_t)snprintf(text, size, "%s ", r->method);

	for (const char *c = r->path; *c != '\0' && n + 2 < size; c++) {
		if (*c == '{') {
			c = strchr(c, '}');
			text[n++] = '1';
		} else {
			text[n++] = *c;
		}
	}
	text[n] = '\0';
}

START_TEST(a_row_is_closed_to_lesser_roles)
{
	const struct route *r = &routes[_i];
	int64_t generation;
	char text[160];
	struct desk d;

	if (r->role == ROLE_NONE || r->kind == ROUTE_STREAM)
		return;
	desk_new(&d);
	generation = desk_generation(&d);
	path_of(r, text, sizeof(text));
	for (int role = ROLE_NONE; role < (int)r->role; role++) {
		d.role = (enum role)role;
		ck_assert_int_eq(desk_ask(&d, text), role == ROLE_NONE ? 401 :
		    403);
	}
	ck_assert_int_eq(desk_generation(&d), generation);
	desk_free(&d);
}
END_TEST

START_TEST(every_list_can_be_read)
{
	const struct route *r = &routes[_i];
	struct desk d;

	if (r->kind != ROUTE_READ || strchr(r->path, '{') != NULL ||
	    r->path[1] == 'i' || strcmp(r->path, "/find") == 0 ||
	    strcmp(r->path, "/schema/config-1.xsd") == 0 ||
	    strcmp(r->path, "/sessions/current") == 0)
		return;
	desk_new(&d);
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":1}");
	desk_do(&d, "POST /snapshots {}");
	desk_do(&d, "POST /leases {\"name\":\"l\",\"profile\":\"p2\","
	    "\"start\":\"2040-03-10T22:00\",\"end\":\"2040-03-11T04:00\","
	    "\"timeZone\":\"UTC\",\"vnic\":{\"name\":\"n\","
	    "\"networks\":[\"prod\"]}}");
	/* RFC 8032, 7.1, test 1. */
	desk_do(&d, "POST /trustKeys {\"name\":\"k\",\"publicKey\":"
	    "\"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"}");
	d.ahead = true;
	desk_do(&d, "POST /tokens {\"name\":\"t\",\"role\":\"auditor\"}");
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena, "GET %s",
	    r->path)), 200);
	if (strstr(r->query, "limit") != NULL) {
		ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
		    "GET %s?limit=1", r->path)), 200);
		ck_assert_msg(json_array_size(json_object_get(d.json,
		    "items")) == 1, "GET %s?limit=1", r->path);
	}
	desk_blind(&d);
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena, "GET %s",
	    r->path)), 200);
	desk_free(&d);
}
END_TEST

/* Pages follow one another and miss nothing. */
START_TEST(a_list_is_read_in_pages)
{
	static const char *const lists[] = {
		"/networks", "/profiles", "/slots", "/functions", "/jobs",
		"/audit", "/pools"
	};
	const char *list = lists[_i], *next;
	size_t all, seen = 0;
	struct desk d;

	desk_new(&d);
	(void)desk_ask(&d, arena_printf(d.scratch.arena, "GET %s", list));
	all = json_array_size(json_object_get(d.json, "items"));
	ck_assert_uint_gt(all, 1);
	(void)desk_ask(&d, arena_printf(d.scratch.arena, "GET %s?limit=1",
	    list));
	for (;;) {
		seen += json_array_size(json_object_get(d.json, "items"));
		next = desk_text(&d, "next");
		if (next[0] == '\0')
			break;
		ck_assert_uint_le(seen, all);
		(void)desk_ask(&d, arena_printf(d.scratch.arena,
		    "GET %s?limit=1&after=%s", list, next));
	}
	ck_assert_uint_eq(seen, all);
	desk_free(&d);
}
END_TEST

/* ---- ETag and If-Match ---- */

START_TEST(a_stale_if_match_is_refused)
{
	struct desk d;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d, "GET /networks/free"), 200);
	ck_assert_ptr_nonnull(strstr(d.headers, "ETag: \"1\""));
	d.if_match = "\"7\"";
	ck_assert_int_eq(desk_ask(&d, "PATCH /networks/free {\"vlan\":5}"),
	    412);
	ck_assert_int_eq(desk_ask(&d, "DELETE /networks/free"), 412);
	ck_assert_int_eq(desk_ask(&d,
	    "PUT /networks/free {\"name\":\"free\",\"vlan\":5}"), 412);
	d.if_match = "\"1\"";
	ck_assert_int_eq(desk_ask(&d,
	    "PUT /networks/free {\"name\":\"free\",\"vlan\":5}"), 200);
	ck_assert_ptr_nonnull(strstr(d.headers, "ETag: \"2\""));
	ck_assert_str_eq(desk_text(&d, "vlan"), "5");
	ck_assert_int_eq(desk_ask(&d,
	    "PUT /networks/free {\"name\":\"free\",\"vlan\":6}"), 412);
	d.if_match = "W/\"2\"";
	ck_assert_int_eq(desk_ask(&d,
	    "PUT /networks/free {\"name\":\"free\",\"vlan\":6}"), 412);
	d.if_match = "*";
	ck_assert_int_eq(desk_ask(&d,
	    "PUT /networks/free {\"name\":\"free\",\"vlan\":6}"), 200);
	d.if_match = "\"1\", \"3\"";
	ck_assert_int_eq(desk_ask(&d,
	    "PUT /networks/free {\"name\":\"free\",\"vlan\":7}"), 200);
	desk_free(&d);
}
END_TEST

START_TEST(put_resets_what_is_not_said)
{
	struct desk d;
	const char *mac;

	desk_new(&d);
	d.if_match = "*";
	desk_do(&d, "PUT /networks/stor {\"name\":\"stor\",\"vlan\":201}");
	ck_assert_str_eq(desk_text(&d, "mtuMax"), "9000");
	desk_do(&d, "PATCH /profiles/p1/vnics/net0 {\"mtu\":1400,\"pxe\":true}");
	mac = desk_text(&d, "mac");
	desk_do(&d, "PUT /profiles/p1/vnics/net0 {\"name\":\"net0\","
	    "\"networks\":[\"free\"]}");
	ck_assert_str_eq(desk_text(&d, "mtu"), "1500");
	ck_assert_str_eq(desk_text(&d, "pxe"), "false");
	ck_assert_str_eq(desk_text(&d, "mac"), mac);
	ck_assert_str_eq(desk_text(&d, "networks/0"), "free");
	desk_free(&d);
}
END_TEST

/* ---- idempotency ---- */

START_TEST(the_same_key_gives_the_same_answer)
{
	struct desk d;
	const char *job;
	int64_t generation;

	desk_new(&d);
	d.key = "k1";
	ck_assert_int_eq(desk_ask(&d, NET), 201);
	job = desk_text(&d, "job");
	generation = desk_generation(&d);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(desk_ask(&d, NET), 201);
		ck_assert_str_eq(desk_text(&d, "job"), job);
		ck_assert_ptr_nonnull(strstr(d.headers,
		    "Idempotency-Replayed: true"));
	}
	ck_assert_int_eq(desk_generation(&d), generation);
	ck_assert_int_eq(desk_ask(&d,
	    "POST /networks {\"name\":\"n8\",\"vlan\":8}"), 422);
	ck_assert_str_eq(desk_text(&d, "code"), "IdempotencyConflict");
	ck_assert_int_eq(desk_ask(&d, "POST /sans {\"name\":\"n9\"}"), 422);
	/* Somebody else's key is another key; so is one of yesterday. */
	d.actor = "other";
	ck_assert_int_eq(desk_ask(&d, "POST /sans {\"name\":\"n9\"}"), 201);
	d.actor = "tester";
	d.wall_ms += INT64_C(25) * 3600 * 1000;
	ck_assert_int_eq(desk_ask(&d,
	    "POST /networks {\"name\":\"n8\",\"vlan\":8}"), 201);
	desk_free(&d);
}
END_TEST

START_TEST(a_job_is_started_once_by_a_key)
{
	struct desk d;
	const char *headers;

	desk_new(&d);
	d.key = "k1";
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p1:assign {\"slot\":1}"),
	    202);
	headers = arena_strdup(d.scratch.arena, d.headers);
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p1:assign {\"slot\":1}"),
	    202);
	ck_assert_int_eq(strncmp(d.headers, headers, strlen(headers)), 0);
	ck_assert_int_eq(scratch_count(&d.scratch,
	    "SELECT count(*) FROM job WHERE kind = 'assign'"), 1);
	desk_free(&d);
}
END_TEST

START_TEST(a_failed_request_may_be_sent_again)
{
	struct desk d;
	char key[200];

	desk_new(&d);
	d.key = "k1";
	ck_assert_int_eq(desk_ask(&d, "POST /networks {\"name\":\"n9\","
	    "\"vlan\":4095}"), 422);
	ck_assert_int_eq(desk_ask(&d, NET), 201);
	memset(key, 'k', sizeof(key));
	key[sizeof(key) - 1] = '\0';
	d.key = key;
	ck_assert_int_eq(desk_ask(&d, "POST /sans {\"name\":\"n9\"}"), 400);
	desk_free(&d);
}
END_TEST

/* ---- sessions ---- */

static void
keep(struct desk *d, const struct login *login)
{
	struct err e;

	ck_ok(store_begin(d->scratch.store, &e), e);
	ck_ok(service_login_keep(d->scratch.store, login, "192.0.2.1",
	    d->wall_ms, &e), e);
	ck_ok(store_commit(d->scratch.store, &e), e);
}

START_TEST(a_password_opens_a_session_that_ends)
{
	char password[44], again[44], body[200];
	struct session *s;
	struct login login;
	struct desk d;
	struct err e;

	desk_new(&d);
	ck_ok(store_begin(d.scratch.store, &e), e);
	ck_ok(service_first_admin(d.scratch.store, password, &e), e);
	ck_ok(service_first_admin(d.scratch.store, again, &e), e);
	ck_ok(store_commit(d.scratch.store, &e), e);
	ck_assert_uint_eq(strlen(password), 43);
	ck_assert_str_eq(again, "");

	(void)snprintf(body, sizeof(body),
	    "{\"user\":\"admin\",\"password\":\"%s\"}", password);
	ck_ok(service_login(d.scratch.store, d.scratch.arena, body,
	    strlen(body), d.wall_ms, &login, &e), e);
	ck_fails(service_session(d.scratch.store, d.scratch.arena,
	    login.token, d.wall_ms, &s, &e), e, ERR_UNAUTHORIZED);
	keep(&d, &login);
	ck_ok(service_session(d.scratch.store, d.scratch.arena, login.token,
	    d.wall_ms, &s, &e), e);
	ck_assert_str_eq(s->user, "admin");
	ck_assert_str_eq(s->role, "admin");
	ck_assert_ptr_null(strstr(s->token_digest, login.token));

	/* Idle, then used, then the day is over. */
	ck_fails(service_session(d.scratch.store, d.scratch.arena,
	    login.token, d.wall_ms + SESSION_IDLE_MS, &s, &e), e,
	    ERR_UNAUTHORIZED);
	for (int64_t t = 0; t < SESSION_LIFE_MS; t += SESSION_IDLE_MS / 2) {
		ck_ok(service_session(d.scratch.store, d.scratch.arena,
		    login.token, d.wall_ms + t, &s, &e), e);
		ck_assert(t == 0 || service_session_stale(s, d.wall_ms + t));
		ck_ok(store_begin(d.scratch.store, &e), e);
		ck_ok(service_session_touch(d.scratch.store, d.scratch.arena,
		    s->token_digest, d.wall_ms + t, &e), e);
		ck_ok(store_commit(d.scratch.store, &e), e);
	}
	ck_fails(service_session(d.scratch.store, d.scratch.arena,
	    login.token, d.wall_ms + SESSION_LIFE_MS, &s, &e), e,
	    ERR_UNAUTHORIZED);
	desk_free(&d);
}
END_TEST

static const struct {
	const char *body;
	enum err_code code;
} logins[] = {
	{ "{\"user\":\"admin\",\"password\":\"wrong\"}", ERR_UNAUTHORIZED },
	{ "{\"user\":\"nobody\",\"password\":\"x\"}", ERR_UNAUTHORIZED },
	{ "{\"user\":\"admin\"}", ERR_MALFORMED },
	{ "{\"user\":\"admin\",\"password\":\"x\",\"role\":\"admin\"}",
	    ERR_MALFORMED },
	{ "{\"user\":1,\"password\":\"x\"}", ERR_MALFORMED },
	{ "", ERR_MALFORMED },
};

START_TEST(a_wrong_login_is_refused)
{
	char password[44];
	struct login login;
	struct desk d;
	struct err e;

	desk_new(&d);
	ck_ok(store_begin(d.scratch.store, &e), e);
	ck_ok(service_first_admin(d.scratch.store, password, &e), e);
	ck_ok(store_commit(d.scratch.store, &e), e);
	ck_fails(service_login(d.scratch.store, d.scratch.arena,
	    logins[_i].body, strlen(logins[_i].body), d.wall_ms, &login, &e),
	    e, logins[_i].code);
	/* Whether the user exists is not told. */
	if (logins[_i].code == ERR_UNAUTHORIZED)
		ck_assert_str_eq(e.msg, "no such user, or another password");
	desk_free(&d);
}
END_TEST

START_TEST(the_answer_shows_a_secret_once)
{
	struct login login = { .token = "TOKEN", .session = { .user = "admin",
		.role = "admin", .csrf = "CSRF" } };
	struct answer a = { .status = 0 };

	service_login_answer(&login, &a);
	ck_assert_int_eq(a.status, 201);
	ck_assert_ptr_nonnull(strstr(a.body.data, "TOKEN"));
	login.session.cookie = true;
	service_login_answer(&login, &a);
	ck_assert_ptr_null(strstr(a.body.data, "TOKEN"));
	ck_assert_ptr_nonnull(strstr(a.body.data, "CSRF"));
	buf_free(&a.body);
}
END_TEST

/* What stands in a list can be had by itself, and is the same. */
static const struct single_row {
	const char *list, *by, *missing[4];
} single_rows[] = {
	{ "/bays", "name", { "/bays/0", "/bays/4", "/bays/iox",
	    "/bays/io99999999999999999999" } },
	{ "/bays", "number", { "/bays/-1", "/bays/1x",
	    "/bays/io", "/bays/65537" } },
	{ "/modules", "name", { "/modules/io2", "/modules/io4",
	    "/modules/x", "/modules/0" } },
	{ "/functions", "id", { "/functions/io1.1.vf9",
	    "/functions/io1", "/functions/x", "/functions/io1.1.vf0x" } },
	{ "/disks", "id", { "/disks/io3", "/disks/io3.9",
	    "/disks/io3.05", "/disks/x" } },
};

START_TEST(what_a_list_holds_can_be_had_alone)
{
	const struct single_row *row = &single_rows[_i];
	struct desk d;
	json_t *list, *o;
	size_t i;

	desk_new(&d);
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":1}");
	desk_disk(&d, 3, 5);
	desk_pull(&d, 2);
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena, "GET %s",
	    row->list)), 200);
	list = json_incref(json_object_get(d.json, "items"));
	ck_assert_uint_gt(json_array_size(list), 0);
	json_array_foreach(list, i, o) {
		json_t *key = json_object_get(o, row->by);
		const char *name = json_is_string(key) ? json_string_value(key)
		    : arena_printf(d.scratch.arena, "%d",
		    (int)json_integer_value(key));
		const char *path = arena_printf(d.scratch.arena, "GET %s/%s",
		    row->list, name);

		ck_assert_int_eq(desk_ask(&d, path), 200);
		ck_assert_msg(json_equal(d.json, o), "%s", path);
	}
	json_decref(list);
	for (i = 0; i < N_ROWS(row->missing); i++)
		ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
		    "GET %s", row->missing[i])), 404);
	desk_free(&d);
}
END_TEST

SUITE("service")
{
	tcase_add_loop_test(tc, a_call_has_its_status, 0, N_ROWS(rows));
	tcase_add_loop_test(tc, a_row_is_closed_to_lesser_roles, 0,
	    (int)n_routes);
	tcase_add_loop_test(tc, every_list_can_be_read, 0, (int)n_routes);
	tcase_add_loop_test(tc, a_list_is_read_in_pages, 0, 7);
	tcase_add_loop_test(tc, what_a_list_holds_can_be_had_alone, 0,
	    N_ROWS(single_rows));
	tcase_add_test(tc, a_stale_if_match_is_refused);
	tcase_add_test(tc, put_resets_what_is_not_said);
	tcase_add_test(tc, the_same_key_gives_the_same_answer);
	tcase_add_test(tc, a_job_is_started_once_by_a_key);
	tcase_add_test(tc, a_failed_request_may_be_sent_again);
	tcase_add_test(tc, a_password_opens_a_session_that_ends);
	tcase_add_loop_test(tc, a_wrong_login_is_refused, 0, N_ROWS(logins));
	tcase_add_test(tc, the_answer_shows_a_secret_once);
}
