/*
 * test_door.c -- the door between a real client, a real writer and a small
 * service of its own: who is let in, how long they wait, what is said when the
 * store cannot.
 */
#include "tests/test.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "appliance/http/door.h"
#include "appliance/http/door_int.h"
#include "appliance/service/session.h"
#include "base/clock.h"
#include "base/log.h"
#include "tests/unit/support_door_rows.h"
#include "tests/unit/support_https.h"
#include "tests/unit/support_scratch.h"

/* ---- a service of four routes ---- */

static _Atomic int reads, sessions, job_over, held, drafts;

static int
nothing_read(struct call *c, struct err *e)
{
	(void)c;
	(void)e;
	return 0;
}

const struct route routes[] = {
	{ .method = "GET", .path = "/thing", .kind = ROUTE_READ,
	  .role = ROLE_AUDITOR, .read = nothing_read, .query = "" },
	{ .method = "POST", .path = "/thing", .kind = ROUTE_WRITE,
	  .role = ROLE_OPERATOR, .body_max = 64, .read = nothing_read,
	  .query = "" },
	{ .method = "DELETE", .path = "/thing", .kind = ROUTE_WRITE,
	  .role = ROLE_ADMIN, .read = nothing_read, .query = "" },
	{ .method = "GET", .path = "/job", .kind = ROUTE_READ,
	  .role = ROLE_AUDITOR, .read = nothing_read, .query = "wait" },
	{ .method = "GET", .path = "/slow", .kind = ROUTE_READ,
	  .role = ROLE_NONE, .read = nothing_read, .flags = ROUTE_SLOW,
	  .query = "" },
	{ .method = "POST", .path = "/slow", .kind = ROUTE_WRITE,
	  .role = ROLE_OPERATOR, .body_max = 64, .read = nothing_read,
	  .flags = ROUTE_SLOW, .query = "" },
	{ .method = "GET", .path = "/events", .kind = ROUTE_STREAM,
	  .role = ROLE_AUDITOR, .query = "after" },
	{ .method = "POST", .path = "/sessions", .kind = ROUTE_WRITE,
	  .role = ROLE_NONE, .body_max = 4096, .flags = ROUTE_SLOW,
	  .query = "" },
};
const size_t n_routes = sizeof(routes) / sizeof(routes[0]);

static void
say(struct answer *a, int status, const char *word)
{
	json_t *o = json_object();

	json_put(o, "word", json_str(word));
	answer_json(a, status, o);
}

void
service_read(struct service *s, struct store *store, const struct route *r,
    const struct request *q, struct answer *a)
{
	(void)s;
	(void)store;
	reads++;
	if (strcmp(r->path, "/slow") == 0)
		while (held)
			(void)poll(NULL, 0, 1);
	say(a, 200, "read");
	answer_header(a, "ETag", "\"7\"");
	if (strcmp(r->path, "/job") == 0 && !job_over) {
		a->wait_job = 1;
		a->wait_until_ms = q->wall_ms + 60000;
	}
}

int
service_write(struct service *s, struct store *store, const struct route *r,
    const struct request *q, struct answer *a)
{
	struct appliance self;
	struct err e;

	(void)s;
	(void)r;
	a->wants_draft = false;
	if (q->drafts && ((q->draft == NULL && q->body_size == 5 &&
	    memcmp(q->body, "draft", 5) == 0) || (q->body_size == 7 &&
	    memcmp(q->body, "unlucky", 7) == 0))) {
		(void)err_set(&e, ERR_BUSY, "no draft");
		answer_problem(a, &e);
		a->wants_draft = true;
		return -1;
	}
	if (q->body_size == 4 && memcmp(q->body, "fail", 4) == 0) {
		(void)err_rule(&e, ERR_RULES, "VlanRange", "/vlan", "no");
		answer_problem(a, &e);
		return -1;
	}
	if (store_appliance(store, &self, &e) < 0 ||
	    store_generation_next(store, q->wall_ms, &e) < 0) {
		answer_problem(a, &e);
		return -1;
	}
	say(a, 201, "written");
	return 0;
}

/* Counts how often it was asked. */
int
service_draft(struct service *s, struct store *store, struct request *q,
    struct arena *room, struct err *e)
{
	(void)s;
	(void)store;
	drafts++;
	if (drafts == 99)
		return err_set(e, ERR_TOO_LARGE, "no document");
	q->draft = arena_alloc(room, 1);
	return 0;
}

/* Puts another body into the place of "prepare"; refuses "refuse". */
int
service_prepare(struct service *s, struct store *store, const struct route *r,
    struct request *q, struct arena *room, struct err *e)
{
	(void)s;
	(void)store;
	(void)r;
	if (q->body_size == 6 && memcmp(q->body, "refuse", 6) == 0)
		return err_rule(e, ERR_MALFORMED, "DocumentMalformed", NULL,
		    "line 1");
	if (q->body_size == 7 && memcmp(q->body, "prepare", 7) == 0) {
		q->body = arena_strdup(room, "fail");
		q->body_size = 4;
	}
	return 0;
}

int
service_session(struct store *store, struct arena *a, const char *token,
    int64_t wall_ms, struct session **out, struct err *e)
{
	struct session *s = arena_alloc(a, sizeof(*s));

	(void)store;
	sessions++;
	if (strcmp(token, "auditor") != 0 && strcmp(token, "operator") != 0 &&
	    strcmp(token, "cookie") != 0)
		return err_set(e, ERR_UNAUTHORIZED, "unknown");
	(void)snprintf(s->token_digest, sizeof(s->token_digest), "%s", token);
	(void)snprintf(s->user, sizeof(s->user), "somebody");
	(void)snprintf(s->role, sizeof(s->role), "%s",
	    strcmp(token, "auditor") == 0 ? "auditor" : "operator");
	(void)snprintf(s->csrf, sizeof(s->csrf), "c5rf");
	s->cookie = strcmp(token, "cookie") == 0;
	s->used_ms = wall_ms;
	s->expires_ms = wall_ms + 1000000;
	*out = s;
	return 0;
}

int
service_session_again(struct store *store, struct arena *a,
    const char *digest, int64_t wall_ms, struct session **out, struct err *e)
{
	return session_load(store, a, digest, out, e) < 0 ? -1 :
	    (*out)->expires_ms > wall_ms ? 0 :
	    err_set(e, ERR_UNAUTHORIZED, "the session has ended");
}

bool
service_session_may(const struct session *s, const char *operation)
{
	return s->operations == NULL || strcmp(s->operations, operation) == 0;
}

bool
service_session_stale(const struct session *s, int64_t wall_ms)
{
	return wall_ms - s->used_ms > SESSION_TOUCH_MS;
}

int
service_session_touch(struct store *store, struct arena *a,
    const char *digest, int64_t wall_ms, struct err *e)
{
	(void)store, (void)a, (void)digest, (void)wall_ms;
	return err_set(e, ERR_NOT_FOUND, "no such session");
}

int
service_login(struct store *store, struct arena *a, const char *body,
    size_t size, int64_t wall_ms, struct login *l, struct err *e)
{
	(void)store;
	(void)a;
	memset(l, 0, sizeof(*l));
	if (memmem(body, size, "right", 5) == NULL)
		return err_set(e, ERR_UNAUTHORIZED, "wrong");
	(void)snprintf(l->token, sizeof(l->token), "t0ken");
	(void)digest_text(l->token, 5, l->session.token_digest);
	(void)token_new(l->session.csrf);
	(void)snprintf(l->session.user, NAME_TEXT, "admin");
	l->session.cookie = memmem(body, size, "cookie", 6) != NULL;
	(void)snprintf(l->session.role, sizeof(l->session.role), "admin");
	l->session.created_ms = l->session.used_ms = wall_ms;
	l->session.expires_ms = wall_ms + 1000;
	return 0;
}

int
service_login_keep(struct store *store, const struct login *l,
    const char *source, int64_t wall_ms, struct err *e)
{
	(void)source;
	(void)wall_ms;
	return session_put(store, &l->session, e);
}

void
service_login_answer(const struct login *l, struct answer *a)
{
	say(a, 201, l->session.cookie ? "cookie" : l->token);
}

/* ---- the world around it ---- */

#define DB "db"
#define CERT "cert.pem"
#define KEY "key.pem"
struct world {
	struct store *store;
	struct writer *writer;
	struct view_box views;
	pthread_mutex_t lock;		/* of door */
	struct door *door;
	unsigned port;
	pthread_t thread;
	char url[64];
};

static struct world w = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void *
write_on(void *cookie)
{
	(void)cookie;
	while (writer_wait(w.writer))
		(void)writer_turn(clock_wall_ms(), w.store, w.writer);
	return NULL;
}

static void
committed(void *cookie)
{
	(void)cookie;
	(void)pthread_mutex_lock(&w.lock);
	if (w.door != NULL)
		door_notify(w.door);
	(void)pthread_mutex_unlock(&w.lock);
}

/* As polyrootd does it: nobody rings a closed door. */
static void
shut(void)
{
	struct door *d = w.door;	/* only this thread changes it */

	(void)pthread_mutex_lock(&w.lock);
	w.door = NULL;
	(void)pthread_mutex_unlock(&w.lock);
	door_close(d);
}

static void
begin(void)
{
	struct door_config c = { 0 };
	struct user user = { .name = "admin", .role = "admin" };
	struct err e;

	log_level_set(LOG_ERROR);
	digest_init();
	support_scratch_enter();
	ck_ok(store_open_writer(DB, &w.store, &e), e);
	ck_ok(store_begin(w.store, &e), e);
	ck_ok(user_put(w.store, &user, &e), e);
	ck_ok(store_commit(w.store, &e), e);
	w.writer = writer_new();
	view_box_init(&w.views);
	c.writer = w.writer;
	c.views = &w.views;
	c.db_path = DB;
	c.cert_path = CERT;
	c.key_path = KEY;
	c.version = "1.2.3";
	ck_ok(door_open(&c, &w.door, &e), e);
	w.port = door_port(w.door);
	writer_on_commit(w.writer, committed, NULL);
	ck_assert_int_eq(pthread_create(&w.thread, NULL, write_on, NULL), 0);
	snprintf(w.url, sizeof(w.url), "https://127.0.0.1:%u", w.port);
}

static void
end(void)
{
	shut();
	writer_stop(w.writer);
	(void)pthread_join(w.thread, NULL);
	writer_free(w.writer);
	store_close(w.store);
	view_box_close(&w.views);
	support_scratch_leave();
}

static void
go(struct support_ask *a)
{
	a->url = w.url;
	a->ca = CERT;
	a->port = w.port;
	support_https_ask(a);
}

static void *
go_on(void *a)
{
	go(a);
	return NULL;
}

/* ---- rows ---- */

/* What must be drafted first is drafted on another thread, and then written. */
static const struct {
	const char *path, *body;
	int before;
	int drafts;
	long status;
} drafted[] = {
	{ "/api/v1/thing", "{}", 0, 0, 201 },
	{ "/api/v1/thing", "draft", 0, 1, 201 },
	{ "/api/v1/slow", "draft", 0, 1, 201 },
	{ "/api/v1/thing", "unlucky", 0, EXCHANGE_DRAFTS, 201 },
	{ "/api/v1/thing", "draft", 98, 99, 413 },
};

START_TEST(a_draft_is_made_when_it_is_wanted)
{
	struct support_ask a = { .method = "POST", .path = drafted[_i].path,
		.token = "operator", .body = drafted[_i].body };

	drafts = drafted[_i].before;
	begin();
	go(&a);
	ck_assert_msg(a.status == drafted[_i].status, "%ld %s", a.status,
	    a.text.data);
	ck_assert_int_eq(drafts, drafted[_i].drafts);
	support_https_drop(&a);
	end();
}
END_TEST

START_TEST(a_request_is_answered)
{
	struct support_ask a = { .method = rows[_i].method, .path = rows[_i].path,
		.token = rows[_i].token, .header = rows[_i].header,
		.body = rows[_i].body };
	const char *head, *text;

	begin();
	go(&a);
	head = a.head.len > 0 ? a.head.data : "";
	text = a.text.len > 0 ? a.text.data : "";
	ck_assert_msg(a.status == rows[_i].status, "%ld %s", a.status, text);
	ck_assert_ptr_nonnull(strstr(head, "X-Request-Id: "));
	if (rows[_i].in_head != NULL)
		ck_assert_msg(strstr(head, rows[_i].in_head) != NULL, "%s",
		    head);
	if (rows[_i].in_body != NULL && rows[_i].in_body[0] == '\0')
		ck_assert_uint_eq(a.text.len, 0);
	else if (rows[_i].in_body != NULL)
		ck_assert_msg(strstr(text, rows[_i].in_body) != NULL, "%s",
		    text);
	support_https_drop(&a);
	end();
}
END_TEST

/* ---- waiting ---- */

static void
wait_for_reads(int n)
{
	while (reads < n)
		(void)poll(NULL, 0, 1);
}

START_TEST(who_waits_for_a_job_hears_of_it)
{
	struct support_ask a = { .method = "GET", .path = "/api/v1/job?wait=30",
		.token = "auditor" };
	int64_t began = clock_now_ms();
	pthread_t t;

	begin();
	ck_assert_int_eq(pthread_create(&t, NULL, go_on, &a), 0);
	wait_for_reads(2);	/* before and after it joined the bell */
	door_job(w.door, 1);	/* moved, but not ended */
	wait_for_reads(3);
	job_over = 1;
	door_job(w.door, 1);
	(void)pthread_join(t, NULL);
	ck_assert_int_eq(a.status, 200);
	ck_assert_int_lt(clock_now_ms() - began, 20000);
	support_https_drop(&a);
	end();
}
END_TEST

START_TEST(a_closing_door_answers_who_waits)
{
	struct support_ask a = { .method = "GET", .path = "/api/v1/job?wait=30",
		.token = "auditor" };
	int64_t began = clock_now_ms();
	pthread_t t;

	begin();
	ck_assert_int_eq(pthread_create(&t, NULL, go_on, &a), 0);
	wait_for_reads(2);
	shut();
	(void)pthread_join(t, NULL);
	ck_assert_int_lt(clock_now_ms() - began, 20000);
	support_https_drop(&a);
	end();
}
END_TEST

START_TEST(a_closing_door_ends_streams)
{
	struct support_ask a = { .method = "GET", .path = "/api/v1/events",
		.token = "auditor" };
	int64_t began = clock_now_ms();
	pthread_t t;

	begin();
	ck_assert_int_eq(pthread_create(&t, NULL, go_on, &a), 0);
	while (sessions < 1)
		(void)poll(NULL, 0, 1);
	shut();
	(void)pthread_join(t, NULL);
	ck_assert_int_lt(clock_now_ms() - began, 20000);
	support_https_drop(&a);
	end();
}
END_TEST

/* ---- many at once, and what cannot be done ---- */

START_TEST(writes_at_once_are_all_answered)
{
	struct support_ask many[24];
	pthread_t t[24];
	struct appliance self;
	struct store *reader;
	struct err e;

	begin();
	for (int i = 0; i < 24; i++) {
		many[i] = (struct support_ask){ .method = "POST",
			.path = "/api/v1/thing", .token = "operator",
			.body = "{}" };
		ck_assert_int_eq(pthread_create(&t[i], NULL, go_on, &many[i]),
		    0);
	}
	for (int i = 0; i < 24; i++) {
		(void)pthread_join(t[i], NULL);
		ck_assert_int_eq(many[i].status, 201);
		support_https_drop(&many[i]);
	}
	ck_ok(store_open_reader(DB, &reader, &e), e);
	ck_ok(store_appliance(reader, &self, &e), e);
	ck_assert_int_eq(self.generation, 24);
	store_close(reader);
	end();
}
END_TEST

START_TEST(a_stopped_writer_is_not_done)
{
	struct support_ask a = { .method = "POST", .path = "/api/v1/thing",
		.token = "operator", .body = "{}" };

	begin();
	writer_stop(w.writer);
	go(&a);
	ck_assert_int_eq(a.status, 503);
	support_https_drop(&a);
	end();
}
END_TEST

enum { SLOW_MANY = 20 };		/* one runs, 16 wait, three are told */

START_TEST(slow_work_is_bounded)
{
	struct support_ask many[SLOW_MANY];
	pthread_t t[SLOW_MANY];
	int ok = 0, busy = 0;

	begin();
	held = 1;
	for (int i = 0; i < SLOW_MANY; i++) {
		many[i] = (struct support_ask){ .method = "GET",
			.path = "/api/v1/slow" };
		ck_assert_int_eq(pthread_create(&t[i], NULL, go_on, &many[i]),
		    0);
		if (i == 0)
			wait_for_reads(1);
	}
	/* The last three are refused while the first is held. */
	while (busy < SLOW_MANY - 17) {
		(void)poll(NULL, 0, 1);
		busy = 0;
		for (int i = 0; i < SLOW_MANY; i++)
			busy += __atomic_load_n(&many[i].status,
			    __ATOMIC_ACQUIRE) == 429;
	}
	held = 0;
	for (int i = 0; i < SLOW_MANY; i++) {
		(void)pthread_join(t[i], NULL);
		ok += many[i].status == 200;
		support_https_drop(&many[i]);
	}
	ck_assert_int_eq(ok, 17);
	ck_assert_int_eq(busy, SLOW_MANY - 17);
	end();
}
END_TEST

START_TEST(wrong_passwords_are_slowed_down)
{
	struct support_ask a = { .method = "POST", .path = "/api/v1/sessions",
		.body = "{\"user\":\"a\",\"password\":\"no\"}" };

	begin();
	for (int i = 0; i < 4; i++) {
		go(&a);
		ck_assert_int_eq(a.status, i < 3 ? 401 : 429);
		ck_assert_int_eq(strstr(a.head.data, "Retry-After: 1") != NULL,
		    i == 3);
		support_https_drop(&a);
	}
	end();
}
END_TEST

START_TEST(an_address_that_is_taken_is_told)
{
	struct door_config c = { .db_path = DB, .cert_path = CERT,
		.key_path = KEY, .version = "1", .views = &w.views };
	struct door *second;
	struct err e;

	begin();
	c.port = door_port(w.door);
	ck_fails(door_open(&c, &second, &e), e, ERR_UNAVAILABLE);
	c.port = 0;
	c.address = "nowhere";
	ck_fails(door_open(&c, &second, &e), e, ERR_MALFORMED);
	end();
}
END_TEST

SUITE("door")
{
	tcase_add_loop_test(tc, a_draft_is_made_when_it_is_wanted, 0,
	    N_ROWS(drafted));
	tcase_add_loop_test(tc, a_request_is_answered, 0, N_ROWS(rows));
	tcase_add_test(tc, who_waits_for_a_job_hears_of_it);
	tcase_add_test(tc, a_closing_door_answers_who_waits);
	tcase_add_test(tc, a_closing_door_ends_streams);
	tcase_add_test(tc, writes_at_once_are_all_answered);
	tcase_add_test(tc, a_stopped_writer_is_not_done);
	tcase_add_test(tc, slow_work_is_bounded);
	tcase_add_test(tc, wrong_passwords_are_slowed_down);
	tcase_add_test(tc, an_address_that_is_taken_is_told);
}
