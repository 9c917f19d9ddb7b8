/* service.c -- the doors; see service.h. */
#include "appliance/service/service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/service/backups.h"
#include "appliance/service/commit.h"
#include "appliance/service/exports.h"
#include "appliance/service/imports_plan.h"
#include "appliance/service/lists.h"
#include "appliance/service/memory.h"
#include "appliance/service/openapi.h"
#include "appliance/service/request.h"
#include "appliance/service/sealed.h"
#include "appliance/service/service_int.h"
#include "appliance/service/snapshots.h"
#include "appliance/service/tokens.h"
#include "base/log.h"

enum { SERVICE_SWEEP_MS = 3600 * 1000 };
#define SERVICE_KEYS_MS (INT64_C(24) * 3600 * 1000)

struct service *
service_new(const struct service_config *config, struct err *e)
{
	struct service *s = xcalloc(1, sizeof(*s));

	s->config = *config;
	s->memory = memory_new();
	s->lists = lists_new();
	s->backups = backups_new();
	s->sealed = sealed_new();
	if (pthread_mutex_init(&s->lock, NULL) != 0) {
		memory_free(s->memory);
		lists_free(s->lists);
		backups_free(s->backups);
		sealed_free(s->sealed);
		free(s);
		err_set(e, ERR_INTERNAL, "no mutex");
		return NULL;
	}
	return s;
}

void
service_free(struct service *s)
{
	if (s == NULL)
		return;
	memory_free(s->memory);
	lists_free(s->lists);
	backups_free(s->backups);
	sealed_free(s->sealed);
	json_decref(s->faceplate);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

json_t *
service_openapi(struct service *s)
{
	return openapi_document(s->config.version);
}

/* ---- one call ---- */

static void
begin(struct call *c, struct service *s, struct store *store,
    const struct request *r, struct answer *a)
{
	*c = (struct call){ .service = s, .store = store, .request = r,
		.answer = a };
	c->arena = arena_new();
	c->view = view_hold(s->config.views);
	a->status = 0;
	a->wants_draft = false;
	if (a->instance == NULL)
		a->instance = arena_printf(c->arena, "/api/v1%s", r->path);
	else
		a->instance = arena_strdup(c->arena, a->instance);
}

static void
finish(struct call *c, int rc, const struct err *e)
{
	if (rc < 0 && c->answer->status == 0) {
		if (e->code == ERR_INTERNAL)
			log_error("service", "method=%s path=%s code=%s msg=%s",
			    c->request->method, c->request->path,
			    err_slug(e->code), e->msg);
		answer_problem(c->answer, e);
	}
	c->answer->instance = NULL;
	view_drop(c->service->config.views, c->view);
	arena_free(c->arena);
}

/* The door has asked before; a row is never open to less than its role. */
static int
permit(const struct route *route, const struct request *r, struct err *e)
{
	if (r->role >= route->role)
		return 0;
	return r->role == ROLE_NONE ?
	    err_set(e, ERR_UNAUTHORIZED, "sign in first") :
	    err_set(e, ERR_FORBIDDEN, "your role may not %s", route->name);
}

static int
check(const struct route *route, const struct request *r, struct err *e)
{
	if (permit(route, r, e) < 0 || request_check(route, r, e) < 0)
		return -1;
	if ((route->flags & ROUTE_IF_MATCH) != 0 && r->if_match == NULL)
		return err_set(e, ERR_PRECONDITION,
		    "send If-Match with the ETag of what you replace");
	if (route->body_max == 0 && r->body_size > 0)
		return err_set(e, ERR_MALFORMED, "%s %s takes no body",
		    route->method, route->path);
	if (r->body_size > route->body_max)
		return err_set(e, ERR_TOO_LARGE,
		    "%s %s takes at most %u bytes", route->method, route->path,
		    route->body_max);
	return 0;
}

void
service_read(struct service *s, struct store *store, const struct route *route,
    const struct request *r, struct answer *a)
{
	struct call c;
	struct err e;
	int rc;

	begin(&c, s, store, r, a);
	rc = check(route, r, &e);
	if (rc == 0 && (route->kind != ROUTE_READ || route->read == NULL))
		rc = err_set(&e, ERR_INTERNAL, "%s reads nothing",
		    route->name);
	if (rc == 0)
		rc = route->read(&c, &e);
	finish(&c, rc, &e);
}

/* Of a document, what it comes to; the writer only writes it. */
static void
plan_ahead(struct service *s, struct store *store, const struct route *route,
    struct request *r, struct arena *room)
{
	struct answer unused = { .status = 0 };
	struct call c;
	struct err none;

	begin(&c, s, store, r, &unused);
	imports_ahead(&c, route, room, r);
	c.answer->status = 1;		/* there is nobody to tell */
	finish(&c, 0, &none);
	buf_free(&unused.body);
}

int
service_prepare(struct service *s, struct store *store,
    const struct route *route, struct request *r, struct arena *room,
    struct err *e)
{
	if (check(route, r, e) < 0)
		return -1;
	if (route->read == exports_make)
		return exports_prepare(s, store, r, room, e);
	if (route->read == tokens_make) {
		tokens_prepare(r, room);
		return 0;
	}
	if (route->read == snapshots_restore ?
	    snapshots_prepare(s->config.xml, store, r, room, e) < 0 :
	    imports_prepare(s->config.xml, r, room, e) < 0 ||
	    exports_open(r, room, e) < 0)
		return -1;
	plan_ahead(s, store, route, r, room);
	return 0;
}

int
service_draft(struct service *s, struct store *store, struct request *r,
    struct arena *room, struct err *e)
{
	struct answer unused = { .status = 0 };
	struct snapshot_draft *draft;
	struct call c;
	int rc;

	begin(&c, s, store, r, &unused);
	rc = snapshots_draft(&c, room, &draft, e);
	if (rc == 0)
		r->draft = draft;
	c.answer->status = 1;		/* there is nobody to tell */
	finish(&c, rc, e);
	return rc;
}

int64_t
service_clock(struct service *s, struct store *store, int64_t wall_ms)
{
	struct request r = { .method = "POST", .path = "/backups",
		.actor = "schedule", .source = "", .session = "",
		.wall_ms = wall_ms };
	struct answer unused = { .status = 0 };
	struct call c;
	struct err e;
	int64_t due;

	begin(&c, s, store, &r, &unused);
	due = backups_turn(&c);
	finish(&c, 0, &e);
	return due;
}

void
service_upgraded(struct service *s)
{
	snapshots_submit(s, NULL, "upgrade");
}

/* ---- idempotency: the same key and body, the same answer ---- */

static void
body_digest(const struct request *r, char text[DIGEST_TEXT])
{
	struct buf b = buf_new((size_t)64 << 20);

	buf_printf(&b, "%s %s\n", r->method, r->path);
	for (size_t i = 0; i < r->n_query; i++)
		buf_printf(&b, "%s=%s\n", r->query[i].name, r->query[i].value);
	buf_put(&b, r->body, r->body_size);
	digest_text(b.data, b.len, text);
	buf_free(&b);
}

static void
replay(struct answer *a, const struct answered *before)
{
	size_t n = strlen(before->body);

	buf_free(&a->body);
	a->body = buf_new(n + 1);
	buf_put(&a->body, before->body, n);
	a->status = before->status;
	a->content_type = "application/json";
	snprintf(a->headers, sizeof(a->headers), "%s", before->headers);
	answer_header(a, "Idempotency-Replayed", "true");
}

/* 1 when the answer was given before and is given again. */
static int
look_up_key(struct call *c, const char *digest, struct err *e)
{
	const struct request *r = c->request;
	struct answered *before = NULL;

	if (strlen(r->idempotency_key) >= sizeof(before->key))
		return err_rule(e, ERR_MALFORMED, NULL, "Idempotency-Key",
		    "an Idempotency-Key has at most %zu bytes",
		    sizeof(before->key) - 1);
	if (answered_load(c->store, c->arena, r->actor, r->idempotency_key,
	    &before, e) < 0 && e->code != ERR_NOT_FOUND)
		return -1;
	if (before == NULL)
		return 0;
	if (strcmp(before->body_digest, digest) != 0)
		return err_rule(e, ERR_RULES, "IdempotencyConflict",
		    "Idempotency-Key",
		    "this key was used for another request");
	replay(c->answer, before);
	return 1;
}

static int
keep_answer(struct call *c, const char *digest, struct err *e)
{
	const struct request *r = c->request;
	struct answered row = {
		.status = c->answer->status, .headers = c->answer->headers,
		.body = c->answer->body.len > 0 ? c->answer->body.data : "",
		.at_ms = r->wall_ms,
	};

	snprintf(row.key, sizeof(row.key), "%s", r->idempotency_key);
	snprintf(row.actor, sizeof(row.actor), "%s", r->actor);
	memcpy(row.body_digest, digest, sizeof(row.body_digest));
	return answered_add(c->store, &row, e);
}

/* Old keys and plans go, and what rested long enough, once an hour. */
static int
sweep(struct call *c, struct err *e)
{
	int64_t now = c->request->wall_ms;

	if (now - c->service->swept_ms < SERVICE_SWEEP_MS)
		return 0;
	c->service->swept_ms = now;
	if (answered_sweep(c->store, now - SERVICE_KEYS_MS, e) < 0 ||
	    ledger_sweep(c->store, now, e) < 0)
		return -1;
	return plan_sweep(c->store, now, e);
}

/* ---- writing ---- */

static int
run_planned(struct planning *p, const struct route *route, const json_t *body,
    json_t *changes, struct err *e)
{
	const struct request *r = p->call->request;
	struct commit commit = {
		.planning = p, .dry_run = request_dry_run(r),
		.seed = r->seed, .changes = changes,
		.made = strcmp(r->method, "POST") == 0,
	};

	if (planning_edit(p, route, r, body, "", e) < 0 ||
	    planning_finish(p, e) < 0)
		return -1;
	return commit_run(&commit, e);
}

/* A direct call is a change set of one. */
static int
run_change(struct call *c, const struct route *route, struct err *e)
{
	const struct request *r = c->request;
	struct planning p;
	json_t *body, *changes;
	int rc;

	if (request_body(route, r, &body, e) < 0)
		return -1;
	changes = json_pack("[{s:s,s:s,s:O}]", "method", r->method, "path",
	    r->path, "body", body);
	planning_begin(&p, c, r->seed);
	rc = run_planned(&p, route, body, changes, e);
	planning_free(&p);
	json_decref(changes);
	json_decref(body);
	return rc;
}

static int
run(struct call *c, const struct route *route, struct err *e)
{
	if (route->kind == ROUTE_CHANGE)
		return run_change(c, route, e);
	if (route->kind == ROUTE_WRITE && route->read != NULL)
		return route->read(c, e);
	return err_set(e, ERR_INTERNAL, "%s writes nothing", route->name);
}

static int
run_once(struct call *c, const struct route *route, struct err *e)
{
	char digest[DIGEST_TEXT];
	int rc;

	if (sweep(c, e) < 0)
		return -1;
	if (c->request->idempotency_key == NULL)
		return run(c, route, e);
	body_digest(c->request, digest);
	rc = look_up_key(c, digest, e);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (run(c, route, e) < 0)
		return -1;
	if (keep_answer(c, digest, e) == 0)
		return 0;
	c->answer->status = 0;		/* not done after all */
	return -1;
}

int
service_write(struct service *s, struct store *store,
    const struct route *route, const struct request *r, struct answer *a)
{
	struct call c;
	struct err e;
	int rc;

	begin(&c, s, store, r, a);
	rc = check(route, r, &e);
	if (rc == 0)
		rc = run_once(&c, route, &e);
	finish(&c, rc, &e);
	return rc;
}
