/*
 * enter.c -- see enter.h.
 */
#include "appliance/http/enter.h"

#include <stdio.h>
#include <string.h>

#include "appliance/http/files.h"
#include "appliance/http/target.h"
#include "appliance/service/session.h"

#define API "/api/v1"

/* ---- what is asked ---- */

struct query_take {
	struct exchange *ex;
	struct err *e;
	bool failed;
};

static enum MHD_Result
take_query(void *cls, enum MHD_ValueKind kind, const char *name,
    const char *value)
{
	struct query_take *q = cls;
	struct request *r = &q->ex->request;
	char *n, *v;

	(void)kind;
	q->failed = true;
	if (r->n_query == ROUTE_QUERY) {
		(void)err_set(q->e, ERR_MALFORMED,
		    "more than %d query parameters", ROUTE_QUERY);
		return MHD_NO;
	}
	if (target_value(q->ex->arena, name, &n, q->e) < 0 ||
	    target_value(q->ex->arena, value != NULL ? value : "", &v,
	    q->e) < 0)
		return MHD_NO;
	r->query[r->n_query++] = (struct param){ n, v };
	q->failed = false;
	return MHD_YES;
}

static int
read_query(struct exchange *ex, struct err *e)
{
	struct query_take q = { ex, e, false };

	(void)MHD_get_connection_values(ex->conn, MHD_GET_ARGUMENT_KIND,
	    take_query, &q);
	return q.failed ? -1 : 0;
}

static bool
is_get(const char *method)
{
	return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

static void
say_allow(struct exchange *ex, const char *allow)
{
	char list[128];

	(void)snprintf(list, sizeof(list), "%s%s%s", allow,
	    strstr(allow, "GET") != NULL && strstr(allow, "HEAD") == NULL ?
	    ", HEAD" : "", strstr(allow, "OPTIONS") == NULL ? ", OPTIONS" : "");
	answer_header(&ex->answer, "Allow", list);
	if (strstr(allow, "PATCH") != NULL)
		answer_header(&ex->answer, "Accept-Patch",
		    gate_media_list("PATCH", ""));
}

/* The path is known, the method is not (or asks what there is). */
static int
other_method(struct exchange *ex, const char *allow, struct err *e)
{
	if (strcmp(ex->method, "OPTIONS") == 0) {
		ex->answer.status = 204;
		say_allow(ex, allow);
		return 1;
	}
	(void)err_set(e, ERR_METHOD, "%.16s is not known at this path",
	    ex->method);
	exchange_fail(ex, e);
	say_allow(ex, allow);
	return 1;
}

/* ---- who asks ---- */

static int
look_up(struct exchange *ex, const char *token, struct err *e)
{
	struct store *store;
	int rc;

	if (readers_begin(ex->door->readers, &store, e) < 0)
		return -1;
	rc = service_session(store, ex->arena, token, ex->request.wall_ms,
	    &ex->session, e);
	readers_end(store);
	return rc;
}

static int
identify(struct exchange *ex, struct err *e)
{
	char room[128];
	bool cookie;
	const char *token = gate_token(&ex->head, ex->door->cookie, room,
	    sizeof(room), &cookie);

	if (token == NULL)
		return err_set(e, ERR_UNAUTHORIZED,
		    "no token: POST /api/v1/sessions gives one");
	if (look_up(ex, token, e) < 0)
		return -1;
	if (ex->session->cookie != cookie) {
		ex->session = NULL;
		return err_set(e, ERR_UNAUTHORIZED,
		    "this token is not taken this way");
	}
	if (cookie && !is_get(ex->method) &&
	    gate_csrf(&ex->head, ex->session->csrf, e) < 0)
		return -1;
	login_touch(ex);
	return 0;
}

static enum role
role_of(const char *word)
{
	static const char *const words[] = {
		[ROLE_AUDITOR] = "auditor", [ROLE_OPERATOR] = "operator",
		[ROLE_ADMIN] = "admin",
	};

	for (int i = ROLE_AUDITOR; i <= ROLE_ADMIN; i++)
		if (strcmp(words[i], word) == 0)
			return (enum role)i;
	return ROLE_NONE;
}

static int
permit(struct exchange *ex, struct err *e)
{
	struct request *r = &ex->request;

	if (ex->route->role == ROLE_NONE)
		return 0;
	if (identify(ex, e) < 0)
		return -1;
	r->role = role_of(ex->session->role);
	r->actor = ex->session->user;
	(void)snprintf(ex->session_digest, sizeof(ex->session_digest), "%s",
	    ex->session->token_digest);
	r->session = ex->session_digest;
	if (r->role < ex->route->role)
		return err_set(e, ERR_FORBIDDEN,
		    "your role may not do this");
	if (!service_session_may(ex->session, ex->route->name))
		return err_set(e, ERR_FORBIDDEN,
		    "this token is not for %s", ex->route->name);
	return 0;
}

/* ---- its body ---- */

void
enter_too_large(const struct exchange *ex, struct err *e)
{
	if (ex->route != NULL && ex->route->body_max > 0)
		(void)err_set(e, ERR_TOO_LARGE,
		    "this path takes a body of at most %u bytes",
		    (unsigned)ex->route->body_max);
	else
		(void)err_set(e, ERR_MALFORMED, "this path takes no body");
}

static int
check_body(struct exchange *ex, int64_t length, struct err *e)
{
	const struct route *r = ex->route;

	if (length == 0)
		return 0;
	if (r->body_max == 0 || length > (int64_t)r->body_max) {
		enter_too_large(ex, e);
		return -1;
	}
	return gate_media(ex->method, ex->request.path,
	    ex->head.value[GATE_CONTENT_TYPE], e);
}

/* ---- the three kinds of path ---- */

/* 0 go on, 1 answered. */
static int
enter_api(struct exchange *ex, int64_t length, struct err *e)
{
	struct request *r = &ex->request;
	char allow[64];

	r->path = ex->path + sizeof(API) - 1;
	ex->route = route_find(ex->method, r->path, r, ex->arena, allow);
	if (ex->route == NULL && allow[0] == '\0')
		return err_set(e, ERR_NOT_FOUND, "there is no such path");
	if (ex->route == NULL)
		return other_method(ex, allow, e);
	if (permit(ex, e) < 0)
		return -1;
	if (gate_accept(&ex->head, gate_offer(ex->route->method,
	    ex->route->path), e) < 0 || check_body(ex, length, e) < 0 ||
	    read_query(ex, e) < 0)
		return -1;
	r->content_type = ex->head.value[GATE_CONTENT_TYPE];
	r->accept = ex->head.value[GATE_ACCEPT];
	r->if_match = ex->head.value[GATE_IF_MATCH];
	r->idempotency_key = ex->head.value[GATE_IDEMPOTENCY_KEY];
	r->passphrase = ex->head.value[GATE_PASSPHRASE];
	return 0;
}

static bool
is_health(const char *path)
{
	return strcmp(path, "/healthz") == 0 || strcmp(path, "/readyz") == 0 ||
	    strcmp(path, "/metrics") == 0;
}

/* How busy we are is nobody's business but a scraper's on this machine and
 * those who have signed in. */
static int
permit_health(struct exchange *ex, struct err *e)
{
	if (strcmp(ex->path, "/metrics") != 0 ||
	    strncmp(ex->source, "127.", 4) == 0 ||
	    strcmp(ex->source, "::1") == 0)
		return 0;
	return identify(ex, e);
}

static int
enter_other(struct exchange *ex, int64_t length, struct err *e)
{
	bool health = is_health(ex->path);

	if (!health && strncmp(ex->path, "/api/", 5) != 0 && ex->door->webui)
		ex->file = files_find(static_files, static_n, ex->path);
	if (!health && ex->file == NULL)
		return err_set(e, ERR_NOT_FOUND, "there is no such path");
	if (!is_get(ex->method))
		return other_method(ex, "GET", e);
	if (length != 0)
		return err_set(e, ERR_MALFORMED, "this path takes no body");
	return health ? permit_health(ex, e) : 0;
}

static int
enter(struct exchange *ex, const char *url, const char *version,
    int64_t *length, struct err *e)
{
	char *path;

	ex->cut = gate_framing(&ex->head, strcmp(version, "HTTP/1.0") != 0,
	    length, e) < 0;
	if (ex->cut || target_path(ex->arena, url, &path, e) < 0)
		return -1;
	ex->path = ex->answer.instance = path;
	if (strncmp(path, API "/", sizeof(API)) == 0)
		return enter_api(ex, *length, e);
	return enter_other(ex, *length, e);
}

uint64_t
enter_patience(const struct exchange *ex)
{
	return ex->session != NULL ? DOOR_DRAIN : DOOR_DRAIN_STRANGER;
}

enum MHD_Result
enter_begin(struct exchange *ex, const char *url, const char *version)
{
	int64_t length = 0;
	struct err e;
	int rc = enter(ex, url, version, &length, &e);

	if (rc == 0)
		return MHD_YES;
	if (rc < 0)
		exchange_fail(ex, &e);
	ex->refused = true;
	/* An answer before the end of the request also ends the connection: for
	 * framing that we do not trust, for more than we want to read, and for a
	 * client that waits for "100 Continue", who reads at once. */
	if (ex->cut || length > (int64_t)enter_patience(ex) ||
	    (length != 0 && ex->head.value[GATE_EXPECT] != NULL))
		return reply_send(ex);
	return MHD_YES;
}
