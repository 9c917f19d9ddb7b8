/*
 * sse.c -- see sse.h.
 */
#include "appliance/http/sse.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/http/door_int.h"
#include "appliance/service/render.h"
#include "appliance/service/session.h"
#include "base/clock.h"

enum { BLOCK = 16 * 1024, OUT_MAX = 256 * 1024 };

struct stream {
	struct door *door;
	struct sleeper sleeper;
	MHD_socket fd;
	char session[DIGEST_TEXT];
	struct buf out;
	size_t sent;
	int64_t last;			/* number of the last event told */
	int64_t view_number;
	enum view_state view_state;
	uint64_t moved;			/* jobs told so far */
	int64_t tick_ms;		/* the next one, monotonic */
	bool begun, ended;
	struct stream *next;
};

struct sse {
	pthread_mutex_t lock;
	struct stream *first;
	unsigned n;
	int64_t moved[SSE_MOVED];	/* a ring of job ids */
	uint64_t n_moved;		/* since the beginning */
};

struct sse *
sse_new(void)
{
	struct sse *s = xcalloc(1, sizeof(*s));

	(void)pthread_mutex_init(&s->lock, NULL);
	return s;
}

void
sse_free(struct sse *s)
{
	(void)pthread_mutex_destroy(&s->lock);
	free(s);
}

void
sse_job(struct sse *s, int64_t job)
{
	(void)pthread_mutex_lock(&s->lock);
	s->moved[s->n_moved++ % SSE_MOVED] = job;
	(void)pthread_mutex_unlock(&s->lock);
}

unsigned
sse_count(struct sse *s)
{
	unsigned n;

	(void)pthread_mutex_lock(&s->lock);
	n = s->n;
	(void)pthread_mutex_unlock(&s->lock);
	return n;
}

struct sse_from
sse_resume(const char *last_event_id, const char *after)
{
	const char *text = last_event_id != NULL ? last_event_id : after;
	struct sse_from from = { .after = -1 };
	size_t n;

	if (text == NULL)
		return from;
	n = strspn(text, "0123456789");
	from.bad = n == 0 || n > 18 || text[n] != '\0';
	if (!from.bad)
		from.after = strtoll(text, NULL, 10);
	return from;
}

/* ---- what is told ---- */

/* Consumes the value. */
static void
tell(struct stream *s, int64_t id, const char *event, json_t *data)
{
	char *text = json_text(data);

	json_decref(data);
	if (id > 0)
		buf_printf(&s->out, "id: %lld\n", (long long)id);
	buf_printf(&s->out, "event: %s\ndata: ", event);
	buf_str(&s->out, text);
	buf_str(&s->out, "\n\n");
	free(text);
}

static json_t *
job_id(int64_t job)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%lld", (long long)job);
	return json_str(job > 0 ? text : NULL);
}

static json_t *
object_json(const struct event *ev)
{
	json_t *o;

	if (ev->type[0] == '\0')
		return json_null();
	o = json_object();
	json_put(o, "type", json_str(ev->type));
	json_put(o, "id", json_str(ev->id));
	json_put(o, "name", json_str(ev->name));
	return o;
}

static void
tell_event(struct stream *s, const struct event *ev)
{
	json_t *o = json_object();

	json_put(o, "seq", json_int(ev->seq));
	json_put(o, "at", json_time(ev->at_ms));
	json_put(o, "actor", json_str(ev->actor));
	json_put(o, "action", json_str(ev->action));
	json_put(o, "object", object_json(ev));
	json_put(o, "job", job_id(ev->job));
	json_put(o, "generation", json_int(ev->generation));
	tell(s, ev->seq, "change", o);
}

static json_t *
view_json(const struct view *v, bool state)
{
	json_t *o = json_object();

	json_put(o, "number", json_int(v->number));
	json_put(o, "at", json_time(v->at_ms));
	if (state)
		json_put(o, "state", json_str(view_state_word(v->state)));
	return o;
}

static int
tell_events(struct stream *s, struct store *store, struct arena *a,
    struct err *e)
{
	struct event *list;
	size_t n;

	if (event_list(store, a, s->last, SSE_BATCH, &list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		tell_event(s, &list[i]);
		s->last = list[i].seq;
	}
	return 0;
}

static void
tell_view(struct stream *s, const struct view *v)
{
	if (s->view_number == v->number && s->view_state == v->state)
		return;
	s->view_number = v->number;
	s->view_state = v->state;
	tell(s, 0, "view", view_json(v, true));
}

/* The jobs that moved since the last look, each once. */
static size_t
take_moved(struct stream *s, int64_t ids[SSE_MOVED])
{
	struct sse *sse = s->door->sse;
	size_t n = 0, k;

	(void)pthread_mutex_lock(&sse->lock);
	if (sse->n_moved - s->moved > SSE_MOVED)
		s->moved = sse->n_moved - SSE_MOVED;
	for (; s->moved < sse->n_moved; s->moved++) {
		int64_t id = sse->moved[s->moved % SSE_MOVED];

		for (k = 0; k < n && ids[k] != id; k++)
			;
		if (k == n)
			ids[n++] = id;
	}
	(void)pthread_mutex_unlock(&sse->lock);
	return n;
}

static int
tell_job(struct stream *s, struct store *store, struct arena *a,
    const struct view *v, int64_t id, struct err *e)
{
	struct step *steps;
	struct job *job;
	size_t n;
	json_t *o;

	if (job_load(store, a, id, &job, e) < 0)
		return e->code == ERR_NOT_FOUND ? 0 : -1;
	if (step_list(store, a, id, &steps, &n, e) < 0)
		return -1;
	o = json_object();
	json_put(o, "id", job_id(id));
	json_put(o, "state", json_str(render_job_state(v, job->state)));
	json_put(o, "done", json_int((int64_t)render_steps_done(steps, n)));
	json_put(o, "of", json_int((int64_t)n));
	tell(s, 0, "job", o);
	return 0;
}

static int
tell_jobs(struct stream *s, struct store *store, struct arena *a,
    const struct view *v, struct err *e)
{
	int64_t ids[SSE_MOVED];
	size_t n = take_moved(s, ids);

	for (size_t i = 0; i < n; i++)
		if (tell_job(s, store, a, v, ids[i], e) < 0)
			return -1;
	return 0;
}

/* The switch went away or came back: those under way wait, or go on. */
static int
tell_open_jobs(struct stream *s, struct store *store, struct arena *a,
    const struct view *v, struct err *e)
{
	struct job *jobs;
	size_t n;

	if (s->view_state == v->state)
		return 0;
	if (job_list_open(store, a, &jobs, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (tell_job(s, store, a, v, jobs[i].id, e) < 0)
			return -1;
	return 0;
}

/* The session is asked for again, so that a logout is heard. */
static int
tell_tick(struct stream *s, struct store *store, struct arena *a,
    const struct view *v, struct err *e)
{
	int64_t wall = clock_wall_ms();
	struct appliance appliance;
	struct session *session;
	json_t *o;

	if (service_session_again(store, a, s->session, wall, &session, e) < 0)
		return -1;
	if (store_appliance(store, &appliance, e) < 0)
		return -1;
	o = json_object();
	json_put(o, "at", json_time(wall));
	json_put(o, "generation", json_int(appliance.generation));
	json_put(o, "seq", json_int(s->last));
	json_put(o, "view", view_json(v, true));
	tell(s, 0, "tick", o);
	return 0;
}

static int
tell_all(struct stream *s, struct store *store, struct arena *a,
    const struct view *v, struct err *e)
{
	int64_t now = clock_now_ms();

	if (!s->begun)
		buf_str(&s->out, "retry: 1000\n\n");
	if (tell_events(s, store, a, e) < 0 ||
	    tell_jobs(s, store, a, v, e) < 0 ||
	    tell_open_jobs(s, store, a, v, e) < 0)
		return -1;
	tell_view(s, v);
	if (now < s->tick_ms && s->begun)
		return 0;
	s->begun = true;
	s->tick_ms = now + SSE_TICK_MS;
	return tell_tick(s, store, a, v, e);
}

static void
fill(struct stream *s)
{
	struct arena *a = arena_new();
	const struct view *v = view_hold(s->door->views);
	struct store *store;
	struct err e;

	if (readers_begin(s->door->readers, &store, &e) < 0) {
		s->ended = true;
	} else {
		/* What was said before the failure still goes out. */
		if (tell_all(s, store, a, v, &e) < 0)
			s->ended = true;
		readers_end(store);
	}
	view_drop(s->door->views, v);
	arena_free(a);
}

/* ---- the life of a stream ---- */

/* The library does not look at a connection that only writes, and a first write
 * to one that was closed still succeeds. */
static bool
is_gone(const struct stream *s)
{
	struct pollfd p = { .fd = s->fd, .events = POLLRDHUP };

	return poll(&p, 1, 0) > 0 &&
	    (p.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

static ssize_t
sse_read(void *cls, uint64_t at, char *bytes, size_t max)
{
	struct stream *s = cls;
	struct bell *bell = s->door->bell;
	size_t n;

	(void)at;
	while (s->sent == s->out.len) {
		buf_clear(&s->out);
		s->sent = 0;
		if (s->ended || bell_stopped(bell))
			return MHD_CONTENT_READER_END_OF_STREAM;
		if (is_gone(s))
			return MHD_CONTENT_READER_END_WITH_ERROR;
		bell_listen(bell, &s->sleeper);
		fill(s);
		if (s->out.len == 0 && !s->ended && bell_sleep(bell,
		    &s->sleeper, s->tick_ms, clock_now_ms()))
			return 0;
	}
	n = s->out.len - s->sent < max ? s->out.len - s->sent : max;
	memcpy(bytes, s->out.data + s->sent, n);
	s->sent += n;
	return (ssize_t)n;
}

static void
sse_end(void *cls)
{
	struct stream *s = cls, **at;
	struct sse *sse = s->door->sse;

	bell_leave(s->door->bell, &s->sleeper);
	(void)pthread_mutex_lock(&sse->lock);
	for (at = &sse->first; *at != s; at = &(*at)->next)
		;
	*at = s->next;
	sse->n--;
	(void)pthread_mutex_unlock(&sse->lock);
	buf_free(&s->out);
	free(s);
}

/* False when there are too many.  Those whose client has gone do not count: a
 * page that is loaded again comes back before its old stream has ended. */
static bool
enlist(struct sse *sse, struct stream *s)
{
	unsigned mine = 0;
	bool room;

	(void)pthread_mutex_lock(&sse->lock);
	for (const struct stream *t = sse->first; t != NULL; t = t->next)
		mine += strcmp(t->session, s->session) == 0 && !is_gone(t);
	room = sse->n < SSE_MAX && mine < SSE_PER_SESSION;
	if (room) {
		s->next = sse->first;
		sse->first = s;
		sse->n++;
		s->moved = sse->n_moved;
	}
	(void)pthread_mutex_unlock(&sse->lock);
	return room;
}

/* Where it begins; a number that cannot be followed is answered by a reset. */
static int
begin(struct stream *s, struct sse_from from, struct err *e)
{
	int64_t first, last;
	struct store *store;
	int rc;

	if (readers_begin(s->door->readers, &store, e) < 0)
		return -1;
	rc = event_range(store, &first, &last, e);
	readers_end(store);
	if (rc < 0)
		return -1;
	s->last = from.after >= 0 ? from.after : last;
	if (from.bad || s->last > last || last - s->last > SSE_BACKLOG ||
	    (first > 0 && s->last < first - 1)) {
		buf_str(&s->out, "event: reset\ndata: {}\n\n");
		s->ended = true;
	}
	return 0;
}

int
sse_response(struct exchange *ex, struct MHD_Response **out, struct err *e)
{
	struct stream *s = xcalloc(1, sizeof(*s));
	const struct view *v;

	s->door = ex->door;
	s->fd = MHD_get_connection_info(ex->conn,
	    MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	s->out = buf_new(OUT_MAX);
	(void)snprintf(s->session, sizeof(s->session), "%s",
	    ex->session_digest);
	if (begin(s, sse_resume(ex->head.value[GATE_LAST_EVENT_ID],
	    request_query(&ex->request, "after")), e) < 0)
		goto fail;
	if (!enlist(s->door->sse, s)) {
		(void)err_rule(e, ERR_BUSY, "StreamLimit", NULL,
		    "at most %d streams, %d of one session", SSE_MAX,
		    SSE_PER_SESSION);
		goto fail;
	}
	v = view_hold(s->door->views);
	s->view_number = v->number;
	s->view_state = v->state;
	view_drop(s->door->views, v);
	bell_join(s->door->bell, &s->sleeper, ex->conn, 0);
	*out = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK,
	    sse_read, s, sse_end);
	if (*out == NULL) {
		sse_end(s);
		return err_set(e, ERR_UNAVAILABLE, "no memory for a stream");
	}
	(void)MHD_add_response_header(*out, "Content-Type",
	    "text/event-stream");
	return 0;
fail:
	buf_free(&s->out);
	free(s);
	return -1;
}
