/*
 * exchange.c -- see exchange.h and door_int.h.
 */
#include "appliance/http/exchange.h"

#include <netinet/in.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/http/door_int.h"
#include "appliance/http/enter.h"
#include "appliance/service/session.h"
#include "base/clock.h"

/* ---- making and ending ---- */

static enum MHD_Result
take_header(void *cls, enum MHD_ValueKind kind, const char *name,
    const char *value)
{
	(void)kind;
	gate_take(cls, name, value);
	return MHD_YES;
}

static void
put_source(struct exchange *ex)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(ex->conn,
	    MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const void *at = NULL;
	int family = AF_INET;

	if (info == NULL || info->client_addr == NULL)
		return;
	family = info->client_addr->sa_family;
	if (family == AF_INET)
		at = &((const struct sockaddr_in *)(const void *)
		    info->client_addr)->sin_addr;
	else if (family == AF_INET6)
		at = &((const struct sockaddr_in6 *)(const void *)
		    info->client_addr)->sin6_addr;
	if (at != NULL)
		(void)inet_ntop(family, at, ex->source, sizeof(ex->source));
}

static void
put_id(struct exchange *ex)
{
	const char *sent = ex->head.value[GATE_REQUEST_ID];
	unsigned char bytes[8];

	if (sent != NULL && gate_request_id(sent)) {
		(void)snprintf(ex->id, sizeof(ex->id), "%s", sent);
		return;
	}
	random_bytes(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		(void)snprintf(ex->id + 2 * i, 3, "%02x", bytes[i]);
}

static struct exchange *
exchange_new(struct door *d, struct MHD_Connection *conn, const char *method)
{
	struct exchange *ex = xcalloc(1, sizeof(*ex));

	ex->door = d;
	ex->conn = conn;
	ex->arena = arena_new();
	ex->began_ms = clock_now_ms();
	ex->method = method;
	(void)MHD_get_connection_values(conn, MHD_HEADER_KIND, take_header,
	    &ex->head);
	put_source(ex);
	put_id(ex);
	ex->answer.request_id = ex->id;
	ex->request.wall_ms = clock_wall_ms();
	ex->request.actor = ex->request.session = "";
	ex->request.source = ex->source;
	ex->request.drafts = true;
	ex->request.path = ex->path = "/";
	ex->request.method = method;
	random_bytes(&ex->request.seed, sizeof(ex->request.seed));
	return ex;
}

void
exchange_over(void *cls, struct MHD_Connection *conn, void **exchange,
    enum MHD_RequestTerminationCode why)
{
	struct exchange *ex = *exchange;

	(void)cls;
	(void)conn;
	(void)why;
	if (ex == NULL)
		return;
	if (ex->joined) {
		bell_leave(ex->door->bell, &ex->sleeper);
		atomic_fetch_sub(&ex->door->counters.waiters, 1);
	}
	if (ex->login != NULL)
		secret_wipe(ex->login, sizeof(*ex->login));
	/* Bodies hold passwords. */
	if (ex->body.data != NULL)
		secret_wipe(ex->body.data, ex->body.len);
	buf_free(&ex->body);
	buf_free(&ex->answer.body);
	arena_free(ex->arena);
	free(ex);
	*exchange = NULL;
}

void
exchange_fail(struct exchange *ex, const struct err *e)
{
	ex->answer.headers[0] = '\0';
	ex->answer.instance = ex->path;
	answer_problem(&ex->answer, e);
}

/* ---- handing over to another thread, and back ---- */

bool
exchange_pending(struct door *d, int more)
{
	bool taken;

	(void)pthread_mutex_lock(&d->lock);
	taken = more < 0 || !d->closing;
	if (more < 0)
		d->pending--;
	else if (taken)
		d->pending++;
	if (d->pending == 0)
		(void)pthread_cond_broadcast(&d->idle);
	(void)pthread_mutex_unlock(&d->lock);
	return taken;
}

bool
exchange_park(struct exchange *ex)
{
	struct err e;

	if (!exchange_pending(ex->door, 1)) {
		(void)err_set(&e, ERR_UNAVAILABLE, "the controller is stopping");
		exchange_fail(ex, &e);
		return false;
	}
	ex->state = EXCHANGE_BUSY;
	MHD_suspend_connection(ex->conn);
	return true;
}

void
exchange_ready(struct exchange *ex)
{
	struct door *d = ex->door;

	/* From the resume on, the exchange may end at any moment. */
	ex->state = EXCHANGE_READY;
	MHD_resume_connection(ex->conn);
	(void)exchange_pending(d, -1);
}

/* Others change things while a draft is made, and it is worth nothing then; who
 * had no luck so often lets the writer make it. */
static void
slow_draft(void *cookie)
{
	struct exchange *ex = cookie;
	struct store *store;
	struct err e;
	int rc;

	ex->request.drafts = ++ex->drafted < EXCHANGE_DRAFTS;
	rc = readers_begin(ex->door->readers, &store, &e);
	if (rc == 0) {
		rc = service_draft(ex->door->service, store, &ex->request,
		    ex->arena, &e);
		readers_end(store);
	}
	if (rc == 0) {
		exchange_write(ex, ex->entry.run);
		return;
	}
	exchange_fail(ex, &e);
	exchange_ready(ex);
}

/* False when there is too much slow work: the answer says so. */
static bool
draft_first(struct exchange *ex)
{
	return slow_submit(ex->door->slow, slow_draft, ex);
}

/* The handler's answer stands only if its savepoint was committed. */
static void
write_done(struct writer_entry *entry)
{
	struct exchange *ex = entry->cookie;
	struct err e = entry->err;

	if (ex->ran && ex->answer.wants_draft && draft_first(ex))
		return;
	if (!ex->ran || (ex->ran_result == 0 && entry->result < 0)) {
		if (e.code == ERR_NONE)
			(void)err_set(&e, ERR_UNAVAILABLE, "not done");
		exchange_fail(ex, &e);
	}
	exchange_ready(ex);
}

void
exchange_write(struct exchange *ex,
    int (*run)(struct writer_entry *, struct store *, int64_t, struct err *))
{
	struct err e;

	ex->entry.run = run;
	ex->entry.done = write_done;
	ex->entry.cookie = ex;
	ex->ran = false;
	if (writer_submit(ex->door->writer, &ex->entry))
		return;
	(void)err_set(&e, ERR_UNAVAILABLE, "the controller is stopping");
	exchange_fail(ex, &e);
	exchange_ready(ex);
}

/* ---- running a route ---- */

static int
run_service(struct writer_entry *entry, struct store *store, int64_t wall_ms,
    struct err *e)
{
	struct exchange *ex = entry->cookie;

	ex->ran = true;
	ex->request.wall_ms = wall_ms;
	ex->answer.headers[0] = '\0';
	buf_free(&ex->answer.body);
	ex->ran_result = service_write(ex->door->service, store, ex->route,
	    &ex->request, &ex->answer);
	login_forget(ex);
	if (ex->ran_result < 0)
		(void)err_set(e, ERR_CONFLICT, "answered %d",
		    ex->answer.status);
	return ex->ran_result;
}

static void
read_once(struct exchange *ex)
{
	struct store *store;
	struct err e;

	ex->answer.wait_job = 0;
	ex->answer.headers[0] = '\0';
	if (readers_begin(ex->door->readers, &store, &e) < 0) {
		exchange_fail(ex, &e);
		return;
	}
	service_read(ex->door->service, store, ex->route, &ex->request,
	    &ex->answer);
	readers_end(store);
}

static void
slow_read(void *cookie)
{
	read_once(cookie);
	exchange_ready(cookie);
}

/* Long work first, then the writer. */
static void
slow_write(void *cookie)
{
	struct exchange *ex = cookie;
	struct store *store;
	struct err e;
	int rc;

	rc = readers_begin(ex->door->readers, &store, &e);
	if (rc == 0) {
		rc = service_prepare(ex->door->service, store, ex->route,
		    &ex->request, ex->arena, &e);
		readers_end(store);
	}
	if (rc == 0) {
		exchange_write(ex, run_service);
		return;
	}
	exchange_fail(ex, &e);
	exchange_ready(ex);
}

/* True when it may sleep for its job; joins the bell the first time. */
static bool
may_wait(struct exchange *ex, int64_t now)
{
	struct door *d = ex->door;

	if (ex->answer.wait_job == 0 || (ex->joined && now >= ex->due_ms) ||
	    bell_stopped(d->bell))
		return false;
	if (ex->joined)
		return true;
	if (ex->answer.wait_until_ms <= ex->request.wall_ms)
		return false;
	if (atomic_fetch_add(&d->counters.waiters, 1) >= DOOR_WAITERS) {
		atomic_fetch_sub(&d->counters.waiters, 1);
		return false;
	}
	ex->due_ms = now + ex->answer.wait_until_ms - ex->request.wall_ms;
	bell_join(d->bell, &ex->sleeper, ex->conn, ex->answer.wait_job);
	ex->joined = true;
	return true;
}

/* Reads, and reads again when the job that it waits for may have moved. */
static enum MHD_Result
read_route(struct exchange *ex)
{
	for (;;) {
		bool was_joined = ex->joined;
		int64_t now;

		if (ex->joined)
			bell_listen(ex->door->bell, &ex->sleeper);
		read_once(ex);
		now = clock_now_ms();
		if (!may_wait(ex, now))
			return reply_send(ex);
		/* What moved before it joined was not heard: look again. */
		if (was_joined && bell_sleep(ex->door->bell, &ex->sleeper,
		    ex->due_ms, now))
			return MHD_YES;
	}
}

static enum MHD_Result
stream_route(struct exchange *ex)
{
	struct MHD_Response *r;
	enum MHD_Result rc;
	struct err e;

	if (sse_response(ex, &r, &e) < 0) {
		exchange_fail(ex, &e);
		return reply_send(ex);
	}
	reply_headers(r, ex);
	atomic_fetch_add(&ex->door->counters.by_class[2], 1);
	rc = MHD_queue_response(ex->conn, MHD_HTTP_OK, r);
	MHD_destroy_response(r);
	return rc;
}

static enum MHD_Result
slow_route(struct exchange *ex)
{
	bool login = login_is(ex->route);
	struct err e;

	if (!exchange_park(ex))
		return reply_send(ex);
	if (!slow_submit(login ? ex->door->slow : ex->door->documents,
	    login ? login_run : ex->route->kind == ROUTE_READ ? slow_read :
	    slow_write, ex)) {
		(void)err_set(&e, ERR_BUSY,
		    "too much slow work at this moment");
		exchange_fail(ex, &e);
		answer_header(&ex->answer, "Retry-After", "1");
		exchange_ready(ex);
	}
	return MHD_YES;
}

static enum MHD_Result
run_route(struct exchange *ex)
{
	if ((ex->route->flags & ROUTE_SLOW) != 0)
		return slow_route(ex);
	switch (ex->route->kind) {
	case ROUTE_READ:
		return read_route(ex);
	case ROUTE_STREAM:
		return stream_route(ex);
	case ROUTE_CHANGE:
	case ROUTE_WRITE:
		break;
	}
	if (!exchange_park(ex))
		return reply_send(ex);
	exchange_write(ex, run_service);
	return MHD_YES;
}

/* ---- the callback ---- */

static void
take_body(struct exchange *ex, const char *data, size_t n)
{
	ex->taken += n;
	if (ex->refused || ex->too_large)
		return;
	if (ex->body.max == 0)
		ex->body = buf_new(ex->route->body_max);
	if (ex->body.len + n > ex->route->body_max)
		ex->too_large = true;
	else
		buf_put(&ex->body, data, n);
}

/* The whole body is here. */
static enum MHD_Result
go(struct exchange *ex)
{
	struct err e;

	if (ex->refused || ex->state == EXCHANGE_READY)
		return reply_send(ex);
	if (ex->joined)
		return read_route(ex);
	if (ex->too_large || (ex->route != NULL && ex->taken > 0 &&
	    ex->route->body_max == 0)) {
		enter_too_large(ex, &e);
		exchange_fail(ex, &e);
		return reply_send(ex);
	}
	if (ex->route == NULL)
		return health_answer(ex) || ex->file != NULL ? reply_send(ex) :
		    MHD_NO;
	ex->request.body = ex->body.len > 0 ? ex->body.data : "";
	ex->request.body_size = ex->body.len;
	return run_route(ex);
}

enum MHD_Result
exchange_access(void *cls, struct MHD_Connection *conn, const char *url,
    const char *method, const char *version, const char *data, size_t *size,
    void **exchange)
{
	struct exchange *ex = *exchange;

	if (ex == NULL) {
		*exchange = ex = exchange_new(cls, conn, method);
		return enter_begin(ex, url, version);
	}
	if (*size == 0)
		return go(ex);
	take_body(ex, data, *size);
	*size = 0;
	/* A refused body is read so that the client gets to read why, but not
	 * for ever. */
	if (ex->taken > enter_patience(ex))
		return MHD_NO;
	return MHD_YES;
}
