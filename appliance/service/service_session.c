/* service_session.c -- see session.h and service.h. */
#include "appliance/service/session.h"

#include <stdio.h>
#include <string.h>

#include "appliance/service/service.h"
#include "appliance/service/tokens.h"
#include "profiles/token.h"

enum { LOGIN_BODY = 4096, PASSWORD_MAX = 1024 };

struct credentials {
	const char *user, *password;
	bool cookie;
};

static int
read_credentials(const json_t *o, struct credentials *c, struct err *e)
{
	static const char *const keys[] = {
		"user", "password", "cookie", NULL
	};

	c->cookie = false;
	if (json_only(o, "", keys, e) < 0 || json_get_str(o, "", "user",
	    false, NAME_LEN, &c->user, e) < 0 || json_get_str(o, "",
	    "password", false, PASSWORD_MAX, &c->password, e) < 0)
		return -1;
	return json_get_bool(o, "", "cookie", true, &c->cookie, e);
}

/* Spends the time of a verification whoever asks. */
static int
verify(struct store *store, struct arena *a, const struct credentials *c,
    struct user **out, struct err *e)
{
	struct user *user = NULL;
	bool fits;

	if (user_load(store, a, c->user, &user, e) < 0) {
		if (e->code != ERR_NOT_FOUND)
			return -1;
		user = NULL;
	}
	fits = password_verify(c->password, user != NULL ? user->hash :
	    password_dummy());
	if (user == NULL || user->disabled || !fits)
		return err_set(e, ERR_UNAUTHORIZED,
		    "no such user, or another password");
	*out = user;
	return 0;
}

static void
fill(struct login *l, const struct user *user, bool cookie, int64_t wall_ms)
{
	struct session *s = &l->session;

	*l = (struct login){ .session.cookie = cookie };
	token_new(l->token);
	digest_text(l->token, strlen(l->token), s->token_digest);
	token_new(s->csrf);
	memcpy(s->user, user->name, sizeof(s->user));
	memcpy(s->role, user->role, sizeof(s->role));
	s->created_ms = s->used_ms = wall_ms;
	s->expires_ms = wall_ms + SESSION_LIFE_MS;
}

int
service_login(struct store *store, struct arena *a, const char *body,
    size_t size, int64_t wall_ms, struct login *out, struct err *e)
{
	struct credentials c;
	struct user *user = NULL;
	json_t *o;
	int rc;

	if (json_read(body, size, LOGIN_BODY, &o, e) < 0)
		return -1;
	rc = read_credentials(o, &c, e);
	if (rc == 0)
		rc = verify(store, a, &c, &user, e);
	if (rc == 0)
		fill(out, user, c.cookie, wall_ms);
	json_decref(o);
	return rc;
}

int
service_login_keep(struct store *store, const struct login *l,
    const char *source, int64_t wall_ms, struct err *e)
{
	struct event event = { .at_ms = wall_ms, .type = "session" };
	struct appliance self;

	if (store_appliance(store, &self, e) < 0)
		return -1;
	event.generation = self.generation;
	memcpy(event.actor, l->session.user, sizeof(event.actor));
	snprintf(event.source, sizeof(event.source), "%s", source);
	snprintf(event.action, sizeof(event.action), "POST /sessions");
	snprintf(event.name, sizeof(event.name), "%s", l->session.user);
	if (session_put(store, &l->session, e) < 0)
		return -1;
	return event_add(store, &event, e);
}

void
service_login_answer(const struct login *l, struct answer *a)
{
	json_t *o = json_object();

	if (l->session.cookie) {
		json_put(o, "user", json_str(l->session.user));
		json_put(o, "csrf", json_str(l->session.csrf));
	} else {
		json_put(o, "token", json_str(l->token));
	}
	json_put(o, "role", json_str(l->session.role));
	json_put(o, "expiresAt", json_time(l->session.expires_ms));
	answer_json(a, 201, o);
}

/* Of somebody who signed in, or of a machine. */
static int
load_session(struct store *store, struct arena *a, const char *digest,
    struct session **out, struct err *e)
{
	if (session_load(store, a, digest, out, e) == 0)
		return 0;
	return e->code != ERR_NOT_FOUND ? -1 :
	    tokens_session(store, a, digest, out, e);
}

int
service_session(struct store *store, struct arena *a, const char *token,
    int64_t wall_ms, struct session **out, struct err *e)
{
	char digest[DIGEST_TEXT];

	digest_text(token, strlen(token), digest);
	return service_session_again(store, a, digest, wall_ms, out, e);
}

int
service_session_again(struct store *store, struct arena *a,
    const char *digest, int64_t wall_ms, struct session **out, struct err *e)
{
	struct session *s;

	if (load_session(store, a, digest, &s, e) < 0)
		return e->code == ERR_NOT_FOUND ? err_set(e,
		    ERR_UNAUTHORIZED, "this token is not known") : -1;
	if (s->expires_ms <= wall_ms || (!s->lasting &&
	    s->used_ms + SESSION_IDLE_MS <= wall_ms))
		return err_set(e, ERR_UNAUTHORIZED, "the session has ended");
	*out = s;
	return 0;
}

bool
service_session_stale(const struct session *s, int64_t wall_ms)
{
	return wall_ms - s->used_ms >= SESSION_TOUCH_MS;
}

int
service_session_touch(struct store *store, struct arena *a,
    const char *token_digest, int64_t wall_ms, struct err *e)
{
	struct session *s;

	if (load_session(store, a, token_digest, &s, e) < 0)
		return -1;
	if (s->lasting)
		return token_used(store, token_digest, wall_ms, e);
	s->used_ms = wall_ms;
	return session_put(store, s, e);
}

bool
service_session_may(const struct session *s, const char *operation)
{
	char wanted[80];

	if (s->operations == NULL || s->operations[0] == '\0')
		return true;
	snprintf(wanted, sizeof(wanted), ",%s,", operation);
	return strstr(s->operations, wanted) != NULL;
}

int
service_session_read(struct call *c, struct err *e)
{
	struct session *s;
	json_t *o;

	if (load_session(c->store, c->arena, c->request->session, &s, e) < 0)
		return -1;
	o = json_object();
	json_put(o, "user", json_str(s->user));
	json_put(o, "role", json_str(s->role));
	if (s->cookie)
		json_put(o, "csrf", json_str(s->csrf));
	json_put(o, "expiresAt", json_time(s->expires_ms));
	answer_json(c->answer, 200, o);
	return 0;
}

int
service_session_end(struct call *c, struct err *e)
{
	struct session *s;

	if (load_session(c->store, c->arena, c->request->session, &s, e) < 0)
		return -1;
	if (s->lasting)
		return err_set(e, ERR_CONFLICT, "a token ends by itself, or "
		    "with DELETE /tokens/{id}");
	if (session_drop(c->store, c->request->session, e) < 0)
		return -1;
	c->answer->status = 204;
	return 0;
}
