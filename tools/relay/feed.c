/* feed.c -- see feed.h. */
#include "tools/relay/feed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/log.h"
#include "tools/relay/follow.h"
#include "tools/relay/retry.h"

enum { PATH_SIZE = 4096, ANSWER = 1 << 20, RETRY_MS = 500,
	RETRY_MAX_MS = 30000, SEQ_BITS = 44 };

struct feed {
	struct web *web;
	const struct setup *conf;
	int (*told)(void *, const struct feed_record *, struct err *);
	void *cookie;
	enum { FEED_IDLE, FEED_LOGIN, FEED_ABOUT, FEED_STREAM } state;
	char bearer[256];		/* the header line, "" signed out */
	char id[64], name[64];		/* of the appliance */
	uint64_t resets;
	int64_t seq, kept;		/* last taken; as on the disk, -1 none */
	bool any;			/* seq counts; else from the end, -1 */
	bool heard;			/* the stream says something */
	bool reset, refused;		/* in the stream that ends now */
	struct follow follow;
	unsigned failures;
	bool ended;			/* something ended; when next is open */
	int64_t next_ms;
	char error[256];
};

/* ---- how far, on the disk ---- */

static void
cursor_path(const struct feed *f, char path[PATH_SIZE])
{
	(void)snprintf(path, PATH_SIZE, "%s/last-event", f->conf->state);
}

/* "RESETS SEQ" */
static int
read_cursor(struct feed *f, const char *text, struct err *e)
{
	char *end;

	f->resets = strtoull(text, &end, 10);
	if (end == text || *end != ' ')
		return err_set(e, ERR_MALFORMED, "last-event is not ours");
	text = end + 1;
	f->seq = strtoll(text, &end, 10);
	if (end == text || *end != '\n')
		return err_set(e, ERR_MALFORMED, "last-event is not ours");
	f->any = f->seq >= 0;
	return 0;
}

static int
load_cursor(struct feed *f, struct err *e)
{
	struct buf b = buf_new(256);
	char path[PATH_SIZE];
	int rc;

	cursor_path(f, path);
	rc = file_get(path, &b, e);
	if (rc == 0)
		rc = read_cursor(f, b.len > 0 ? b.data : "", e);
	else if (e->code == ERR_NOT_FOUND)
		rc = 0;
	f->kept = f->any ? f->seq : -1;
	buf_free(&b);
	return rc;
}

static int
keep_cursor(struct feed *f, struct err *e)
{
	char path[PATH_SIZE], text[64];

	cursor_path(f, path);
	(void)snprintf(text, sizeof(text), "%" PRIu64 " %" PRId64 "\n",
	    f->resets, f->seq);
	if (file_put(path, text, strlen(text), e) < 0)
		return -1;
	f->kept = f->seq;
	return 0;
}

/* ---- what is told ---- */

static int
pass_on(struct feed *f, int64_t seq, const char *event, const json_t *data,
    struct err *e)
{
	struct feed_record r = {
		.key = f->resets << SEQ_BITS | (uint64_t)seq, .seq = seq,
		.event = event, .data = data, .appliance = f->id,
		.name = f->name,
	};

	return f->told(f->cookie, &r, e);
}

static void
fail(struct feed *f, const char *what, const char *why)
{
	(void)snprintf(f->error, sizeof(f->error), "%s: %.200s", what, why);
	log_warn("feed", "what=\"%s\" why=\"%.200s\"", what, why);
	f->failures++;
}

static void
take_change(struct feed *f, const struct follow_event *ev)
{
	int64_t seq = strtoll(ev->id, NULL, 10);
	json_t *data = NULL;
	struct err e;

	if (json_read(ev->data, strlen(ev->data), ANSWER, &data, &e) < 0 ||
	    pass_on(f, seq, "change", data, &e) < 0) {
		fail(f, "an event", e.msg);
		f->refused = true;
	} else {
		f->seq = seq;
		f->any = true;
	}
	json_decref(data);
}

/* Who begins at the end learns where that is, before anything follows. */
static void
take_tick(struct feed *f, const struct follow_event *ev)
{
	json_t *data = NULL;
	int64_t seq = -1;
	struct err e;

	if (f->any || json_read(ev->data, strlen(ev->data), ANSWER, &data,
	    &e) < 0 || json_get_int(data, "", "seq", true, 0, INT64_MAX / 2,
	    &seq, &e) < 0 || seq < 0) {
		json_decref(data);
		return;
	}
	f->seq = seq;
	f->any = true;
	json_decref(data);
}

static void
take_event(void *cookie, const struct follow_event *ev)
{
	struct feed *f = cookie;

	if (f->refused)
		return;
	if (strcmp(ev->event, "reset") == 0)
		f->reset = true;
	else if (strcmp(ev->event, "change") == 0 && ev->id[0] != '\0')
		take_change(f, ev);
	else if (strcmp(ev->event, "tick") == 0)
		take_tick(f, ev);
}

static bool
take_bytes(void *cookie, const char *bytes, size_t n)
{
	struct feed *f = cookie;
	struct err e;

	f->heard = true;
	f->failures = 0;
	f->error[0] = '\0';
	if (!follow_bytes(&f->follow, bytes, n))
		log_error("feed", "an event was larger than %d bytes",
		    FOLLOW_MAX);
	if (f->any && f->seq != f->kept && keep_cursor(f, &e) < 0) {
		fail(f, "keeping the number", e.msg);
		f->refused = true;
	}
	return !f->refused;
}

/* What came between is not to be had any more. */
static int
start_anew(struct feed *f, struct err *e)
{
	json_t *data = json_object();
	int64_t after = f->seq;
	int rc;

	json_put(data, "after", json_int(after));
	f->resets++;
	f->seq = 0;
	rc = pass_on(f, 0, "reset", data, e);
	json_decref(data);
	if (rc < 0) {
		f->resets--;
		f->seq = after;
		return -1;
	}
	f->any = false;
	f->seq = -1;
	log_warn("feed", "reset after=%" PRId64, after);
	return keep_cursor(f, e);
}

/* ---- the three requests ---- */

static void
idle(struct feed *f)
{
	f->state = FEED_IDLE;
	f->ended = true;
}

/* A session may have ended, and there is another one for the password.  A token
 * is read again, now and then: somebody may put a new one into the file. */
static void
signed_out(struct feed *f)
{
	feed_signed_out(f);
	if (f->conf->token_file[0] != '\0')
		fail(f, "signing in", "the token is refused: it has ended, or "
		    "was removed");
}

static void
stream_over(void *cookie, const struct web_reply *r)
{
	struct feed *f = cookie;
	struct err e;

	follow_end(&f->follow);
	f->heard = false;
	if (f->reset && start_anew(f, &e) < 0)
		fail(f, "a reset", e.msg);
	if (r->status == 401)
		signed_out(f);
	else if (r->status != 200 && !f->refused && !f->reset)
		fail(f, "following", r->why[0] != '\0' ? r->why :
		    "the appliance refused");
	idle(f);
}

static int
ask(struct feed *f, const char *path, struct web_ask *a, struct err *e)
{
	char url[2 * SETUP_TEXT];

	(void)snprintf(url, sizeof(url), "%s/api/v1%s", f->conf->url, path);
	a->url = url;
	a->ca = f->conf->ca[0] != '\0' ? f->conf->ca : NULL;
	a->cookie = f;
	return web_start(f->web, a, e);
}

/* The first time from the end: 0 would send the whole past. */
static int
start_stream(struct feed *f, struct err *e)
{
	char last[64];
	struct web_ask a = { .method = "GET", .stream = take_bytes,
		.done = stream_over, .headers = { f->bearer,
		"Accept: text/event-stream", f->any ? last : NULL } };

	(void)snprintf(last, sizeof(last), "Last-Event-ID: %" PRId64, f->seq);
	f->reset = f->refused = false;
	follow_begin(&f->follow, take_event, f);
	f->state = FEED_STREAM;
	return ask(f, "/events", &a, e);
}

static void
take_about(void *cookie, const struct web_reply *r)
{
	struct feed *f = cookie;
	const char *id, *name;
	json_t *o = NULL;
	struct err e;

	if (r->status == 401) {
		signed_out(f);
	} else if (r->status != 200 || json_read(r->body, r->n, ANSWER, &o,
	    &e) < 0) {
		fail(f, "asking who it is", r->why);
	} else {
		id = json_string_value(json_object_get(o, "id"));
		name = json_string_value(json_object_get(o, "name"));
		(void)snprintf(f->id, sizeof(f->id), "%s", id != NULL ? id :
		    "");
		(void)snprintf(f->name, sizeof(f->name), "%s", name != NULL ?
		    name : "");
	}
	json_decref(o);
	idle(f);
}

static int
start_about(struct feed *f, struct err *e)
{
	struct web_ask a = { .method = "GET", .done = take_about,
		.headers = { f->bearer, "Accept: application/json" } };

	f->state = FEED_ABOUT;
	return ask(f, "/appliance", &a, e);
}

static void
take_login(void *cookie, const struct web_reply *r)
{
	struct feed *f = cookie;
	const char *token = NULL;
	json_t *o = NULL;
	struct err e;

	if (r->status == 201 && json_read(r->body, r->n, ANSWER, &o, &e) == 0)
		token = json_string_value(json_object_get(o, "token"));
	if (token != NULL) {
		(void)snprintf(f->bearer, sizeof(f->bearer),
		    "Authorization: Bearer %s", token);
		f->id[0] = '\0';
	} else {
		fail(f, "signing in", r->why[0] != '\0' ? r->why :
		    "the appliance refused");
	}
	json_decref(o);
	idle(f);
}

static int
use_token(struct feed *f, struct err *e)
{
	struct buf token = buf_new(1024);
	int rc = file_line(f->conf->token_file, &token, e);

	if (rc == 0) {
		(void)snprintf(f->bearer, sizeof(f->bearer),
		    "Authorization: Bearer %s", token.data);
		secret_wipe(token.data, token.len);
		f->id[0] = '\0';
	}
	buf_free(&token);
	return rc < 0 ? -1 : start_about(f, e);
}

static int
start_login(struct feed *f, struct err *e)
{
	struct web_ask a = { .method = "POST", .done = take_login,
		.headers = { "Content-Type: application/json" } };
	struct buf password = buf_new(1024);
	json_t *body;
	char *text;
	int rc;

	if (f->conf->token_file[0] != '\0')
		return use_token(f, e);
	f->state = FEED_LOGIN;
	if (file_line(f->conf->password_file, &password, e) < 0) {
		buf_free(&password);
		return -1;
	}
	body = json_object();
	json_put(body, "user", json_str(f->conf->user));
	json_put(body, "password", json_str(password.data));
	a.body = text = json_text(body);
	a.body_size = strlen(text);
	rc = ask(f, "/sessions", &a, e);
	secret_wipe(text, a.body_size);
	secret_wipe(password.data, password.len);
	free(text);
	json_decref(body);
	buf_free(&password);
	return rc;
}

/* ---- the life of it ---- */

int
feed_open(struct web *web, const struct setup *conf,
    int (*told)(void *, const struct feed_record *, struct err *),
    void *cookie, struct feed **out, struct err *e)
{
	struct feed *f = xcalloc(1, sizeof(*f));

	*f = (struct feed){ .web = web, .conf = conf, .told = told,
		.cookie = cookie };
	if (load_cursor(f, e) < 0) {
		free(f);
		return -1;
	}
	*out = f;
	return 0;
}

void
feed_close(struct feed *f)
{
	if (f == NULL)
		return;
	if (f->state == FEED_STREAM)
		follow_end(&f->follow);
	secret_wipe(f->bearer, sizeof(f->bearer));
	free(f);
}

void
feed_turn(struct feed *f, int64_t now_ms)
{
	struct err e;
	int rc;

	if (f->ended) {
		f->ended = false;
		f->next_ms = f->failures == 0 ? now_ms : now_ms +
		    retry_gap(f->failures, RETRY_MS, RETRY_MAX_MS);
	}
	if (f->state != FEED_IDLE || now_ms < f->next_ms)
		return;
	rc = f->bearer[0] == '\0' ? start_login(f, &e) :
	    f->id[0] == '\0' ? start_about(f, &e) : start_stream(f, &e);
	if (rc < 0) {
		if (f->state == FEED_STREAM)
			follow_end(&f->follow);
		fail(f, "asking the appliance", e.msg);
		idle(f);
	}
}

int64_t
feed_due(const struct feed *f)
{
	return f->ended ? 0 : f->state == FEED_IDLE ? f->next_ms : INT64_MAX;
}

const char *
feed_authorization(const struct feed *f)
{
	return f->bearer[0] != '\0' ? f->bearer : NULL;
}

void
feed_signed_out(struct feed *f)
{
	secret_wipe(f->bearer, sizeof(f->bearer));
	f->bearer[0] = '\0';
}

const char *
feed_appliance(const struct feed *f)
{
	return f->name;
}

bool
feed_follows(const struct feed *f)
{
	return f->heard && f->any;
}

int64_t
feed_seq(const struct feed *f)
{
	return f->seq;
}

const char *
feed_error(const struct feed *f)
{
	return f->error;
}
