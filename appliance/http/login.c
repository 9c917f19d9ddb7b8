/*
 * login.c -- POST /sessions: the password on the slow thread, the row in the
 * writer, the cookie here.
 *
 * Runs on the slow thread, which owns the throttle.  See session.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/http/door_int.h"
#include "appliance/service/session.h"
#include "base/clock.h"

/* The name that the throttle counts; "" when the body cannot be read, which the
 * service will say. */
static void
user_of(const struct exchange *ex, char user[NAME_TEXT])
{
	const char *name = NULL;
	json_t *body;
	struct err e;

	user[0] = '\0';
	if (json_read(ex->body.data != NULL ? ex->body.data : "", ex->body.len,
	    ex->route->body_max, &body, &e) < 0)
		return;
	name = json_string_value(json_object_get(body, "user"));
	if (name != NULL)
		(void)snprintf(user, NAME_TEXT, "%s", name);
	json_decref(body);
}

static void
refuse_for_now(struct exchange *ex, int64_t wait_ms)
{
	char seconds[24];
	struct err e;

	atomic_fetch_add(&ex->door->counters.logins_throttled, 1);
	(void)snprintf(seconds, sizeof(seconds), "%lld",
	    (long long)(wait_ms + 999) / 1000);
	(void)err_rule(&e, ERR_BUSY, "LoginThrottled", NULL,
	    "too many wrong passwords; try again in %s s", seconds);
	exchange_fail(ex, &e);
	answer_header(&ex->answer, "Retry-After", seconds);
}

/* In the writer. */
static int
store_session(struct writer_entry *entry, struct store *store, int64_t wall_ms,
    struct err *e)
{
	struct exchange *ex = entry->cookie;
	struct login *login = ex->login;
	char cookie[192];

	ex->ran = true;
	ex->request.wall_ms = wall_ms;
	ex->ran_result = service_login_keep(store, login, ex->source, wall_ms,
	    e);
	if (ex->ran_result < 0) {
		exchange_fail(ex, e);
		return -1;
	}
	ex->answer.headers[0] = '\0';
	service_login_answer(login, &ex->answer);
	if (login->session.cookie) {
		(void)snprintf(cookie, sizeof(cookie), "%s=%s; Path=/; Secure; "
		    "HttpOnly; SameSite=Strict", ex->door->cookie,
		    login->token);
		answer_header(&ex->answer, "Set-Cookie", cookie);
		secret_wipe(cookie, sizeof(cookie));
	}
	return 0;
}

static int
check(struct exchange *ex, struct err *e)
{
	struct store *store;
	int rc;

	if (readers_begin(ex->door->readers, &store, e) < 0)
		return -1;
	rc = service_login(store, ex->arena, ex->request.body,
	    ex->request.body_size, ex->request.wall_ms, ex->login, e);
	readers_end(store);
	return rc;
}

void
login_run(void *cookie)
{
	struct exchange *ex = cookie;
	struct door *d = ex->door;
	char user[NAME_TEXT];
	int64_t wait;
	struct err e;

	user_of(ex, user);
	wait = throttle_wait(&d->throttle, user, ex->source, clock_now_ms());
	if (wait > 0) {
		refuse_for_now(ex, wait);
		exchange_ready(ex);
		return;
	}
	ex->login = arena_alloc(ex->arena, sizeof(*ex->login));
	if (check(ex, &e) < 0) {
		if (e.code == ERR_UNAUTHORIZED) {
			atomic_fetch_add(&d->counters.logins_failed, 1);
			throttle_failed(&d->throttle, user, ex->source,
			    clock_now_ms());
		}
		exchange_fail(ex, &e);
		exchange_ready(ex);
		return;
	}
	atomic_fetch_add(&d->counters.logins_passed, 1);
	throttle_passed(&d->throttle, user, ex->source);
	ex->request.actor = ex->login->session.user;
	exchange_write(ex, store_session);
}

bool
login_is(const struct route *r)
{
	return strcmp(r->path, "/sessions") == 0 &&
	    strcmp(r->method, "POST") == 0;
}

/* The browser forgets a cookie whose session has ended. */
void
login_forget(struct exchange *ex)
{
	char cookie[128];

	if (ex->answer.status != 204 || ex->session == NULL ||
	    !ex->session->cookie || strcmp(ex->method, "DELETE") != 0 ||
	    strcmp(ex->route->path, "/sessions/current") != 0)
		return;
	(void)snprintf(cookie, sizeof(cookie), "%s=; Path=/; Secure; HttpOnly; "
	    "SameSite=Strict; Max-Age=0", ex->door->cookie);
	answer_header(&ex->answer, "Set-Cookie", cookie);
}

/* ---- the idle time begins anew ---- */

struct touch {
	struct writer_entry entry;
	struct door *door;
	char digest[DIGEST_TEXT];
};

static int
touch_run(struct writer_entry *entry, struct store *store, int64_t wall_ms,
    struct err *e)
{
	struct touch *t = entry->cookie;
	struct arena *a = arena_new();
	int rc = service_session_touch(store, a, t->digest, wall_ms, e);

	arena_free(a);
	return rc;
}

static void
touch_done(struct writer_entry *entry)
{
	struct touch *t = entry->cookie;
	struct door *d = t->door;

	free(t);
	exchange_pending(d, -1);
}

void
login_touch(struct exchange *ex)
{
	struct touch *t;

	if (!service_session_stale(ex->session, ex->request.wall_ms) ||
	    !exchange_pending(ex->door, 1))
		return;
	t = xcalloc(1, sizeof(*t));
	t->door = ex->door;
	t->entry.run = touch_run;
	t->entry.done = touch_done;
	t->entry.cookie = t;
	(void)snprintf(t->digest, sizeof(t->digest), "%s",
	    ex->session->token_digest);
	if (!writer_submit(ex->door->writer, &t->entry))
		touch_done(&t->entry);
}
