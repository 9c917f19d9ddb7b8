/*
 * login.c -- POST /sessions: the password on the slow thread, the row in the
 * writer, the cookie here.
 *
 * Runs on the slow thread, which owns the throttle.  See session.h.
 */
#include <stdio.h>
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
	ex->ran_result = session_open(store, &ex->request, login, &ex->answer,
	    e);
	if (ex->ran_result < 0) {
		exchange_fail(ex, e);
	} else if (login->session.cookie) {
		(void)snprintf(cookie, sizeof(cookie), "%s=%s; Path=/; Secure; "
		    "HttpOnly; SameSite=Strict", ex->door->cookie,
		    login->token);
		answer_header(&ex->answer, "Set-Cookie", cookie);
		secret_wipe(cookie, sizeof(cookie));
	}
	secret_wipe(login->token, sizeof(login->token));
	return ex->ran_result;
}

static int
check(struct exchange *ex, struct err *e)
{
	struct store *store;
	int rc;

	if (readers_begin(ex->door->readers, &store, e) < 0)
		return -1;
	rc = session_check(store, &ex->request, ex->login, e);
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
