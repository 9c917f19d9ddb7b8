/* hook.c -- see hook.h. */
#include "tools/relay/hook.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/log.h"
#include "tools/relay/queue.h"
#include "tools/relay/retry.h"

enum { PATH_SIZE = 4096, SECRET_MAX = 4096 };

struct hook {
	struct web *web;
	const struct setup_hook *conf;
	struct queue *queue;
	struct buf secret;
	bool busy;			/* a delivery is under way */
	uint64_t key;			/* that one */
	bool ended;			/* it ended; what follows is open */
	unsigned failures;		/* of the oldest, in a row */
	int64_t next_ms;
	uint64_t delivered;
	char error[256];
};

/* ---- what is wanted ---- */

static bool
fits(const char *pattern, size_t n, const char *word)
{
	if (n > 0 && pattern[n - 1] == '*')
		return strncmp(pattern, word, n - 1) == 0;
	return strlen(word) == n && strncmp(pattern, word, n) == 0;
}

bool
hook_wants(const char *list, const char *type, const char *action)
{
	if (*list == '\0')
		return true;
	while (*list != '\0') {
		size_t n;

		list += strspn(list, ", ");
		n = strcspn(list, ", ");
		if (n > 0 && (fits(list, n, type) || fits(list, n, action)))
			return true;
		list += n;
	}
	return false;
}

static const char *
text_at(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s != NULL ? s : "";
}

/* ---- taking ---- */

static char *
body_of(const struct hook *h, const struct feed_record *r, int64_t wall_ms)
{
	json_t *o = json_object(), *appliance = json_object();
	char id[128], *text;

	if (r->seq > 0)
		(void)snprintf(id, sizeof(id), "%s-%" PRId64, r->appliance,
		    r->seq);
	else
		(void)snprintf(id, sizeof(id), "%s-%s-%" PRIu64, r->appliance,
		    r->event, r->key);
	json_put(appliance, "id", json_str(r->appliance));
	json_put(appliance, "name", json_str(r->name));
	json_put(o, "id", json_str(id));
	json_put(o, "webhook", json_str(h->conf->name));
	json_put(o, "event", json_str(r->event));
	json_put(o, "seq", r->seq > 0 ? json_int(r->seq) : json_null());
	json_put(o, "appliance", appliance);
	json_put(o, "queuedAt", json_time(wall_ms));
	json_put(o, "data", json_deep_copy(r->data));
	text = json_text(o);
	json_decref(o);
	return text;
}

int
hook_take(struct hook *h, const struct feed_record *r, int64_t wall_ms,
    struct err *e)
{
	const char *type = text_at(json_object_get(r->data, "object"), "type");
	char *body;
	int rc;

	/* That something is missing is for everybody. */
	if (strcmp(r->event, "reset") != 0 && !hook_wants(h->conf->events,
	    type, text_at(r->data, "action")))
		return 0;
	body = body_of(h, r, wall_ms);
	rc = queue_put(h->queue, r->key, body, strlen(body), e);
	free(body);
	return rc;
}

/* ---- delivering ---- */

char *
hook_sign(const char *secret, int64_t timestamp, const char *body, size_t n,
    char text[HOOK_SIGNATURE])
{
	struct buf b = buf_new(n + 64);
	char hex[DIGEST_TEXT];

	buf_printf(&b, "%" PRId64 ".", timestamp);
	buf_put(&b, body, n);
	(void)snprintf(text, HOOK_SIGNATURE, "sha256=%s", digest_hmac(secret,
	    strlen(secret), b.data, b.len, hex));
	buf_free(&b);
	return text;
}

static void
fail(struct hook *h, const char *why)
{
	h->failures++;
	(void)snprintf(h->error, sizeof(h->error), "%.250s", why);
	log_warn("hook", "name=%s tries=%u why=\"%.200s\"", h->conf->name,
	    h->failures, why);
}

static void
is_done(struct hook *h)
{
	struct err e;

	h->delivered++;
	h->failures = 0;
	h->error[0] = '\0';
	if (queue_drop(h->queue, h->key, &e) < 0)
		fail(h, e.msg);
}

static void
answered(void *cookie, const struct web_reply *r)
{
	struct hook *h = cookie;
	char why[64];

	h->busy = false;
	h->ended = true;
	(void)snprintf(why, sizeof(why), "the receiver answered %ld",
	    r->status);
	if (r->status >= 200 && r->status <= 299)
		is_done(h);
	else
		fail(h, r->why[0] != '\0' ? r->why : why);
}

static int
post(struct hook *h, const char *id, const struct buf *body, int64_t wall_ms,
    struct err *e)
{
	char signature[HOOK_SIGNATURE], lines[3][256];
	struct web_ask a = {
		.method = "POST", .url = h->conf->url,
		.ca = h->conf->ca[0] != '\0' ? h->conf->ca : NULL,
		.headers = { "Content-Type: application/json",
		"Expect:", lines[0], lines[1], lines[2] },
		.body = body->data, .body_size = body->len,
		.done = answered, .cookie = h,
	};

	(void)snprintf(lines[0], sizeof(lines[0]), "Polyroot-Delivery: %.200s",
	    id);
	(void)snprintf(lines[1], sizeof(lines[1]), "Polyroot-Timestamp: %"
	    PRId64, wall_ms / 1000);
	(void)snprintf(lines[2], sizeof(lines[2]), "Polyroot-Signature: %s",
	    hook_sign(h->secret.data, wall_ms / 1000, body->data, body->len,
	    signature));
	return web_start(h->web, &a, e);
}

/* 1 when it was sent, 0 when it was buried instead. */
static int
deliver(struct hook *h, const struct buf *body, int64_t wall_ms,
    struct err *e)
{
	json_t *o = NULL;
	int64_t queued;
	int rc = 1;

	if (json_read(body->data, body->len, QUEUE_BODY_MAX, &o, e) < 0)
		return queue_bury(h->queue, h->key, e);
	queued = time_parse(text_at(o, "queuedAt"));
	if (wall_ms - queued > h->conf->give_up_ms) {
		log_error("hook", "name=%s buried=%s", h->conf->name,
		    text_at(o, "id"));
		rc = queue_bury(h->queue, h->key, e);
		h->failures = 0;
	} else if (post(h, text_at(o, "id"), body, wall_ms, e) < 0) {
		rc = -1;
	}
	json_decref(o);
	return rc;
}

static void
next(struct hook *h, int64_t now_ms, int64_t wall_ms)
{
	struct buf body = buf_new(QUEUE_BODY_MAX);
	struct err e;
	int rc;

	rc = queue_read(h->queue, h->key, &body, &e);
	if (rc == 0)
		rc = deliver(h, &body, wall_ms, &e);
	h->busy = rc > 0;
	if (rc < 0) {
		fail(h, e.msg);
		h->next_ms = now_ms + retry_gap(h->failures,
		    h->conf->retry_ms, h->conf->retry_max_ms);
	}
	buf_free(&body);
}

void
hook_turn(struct hook *h, int64_t now_ms, int64_t wall_ms)
{
	if (h->ended) {
		h->ended = false;
		h->next_ms = h->failures == 0 ? now_ms : now_ms +
		    retry_gap(h->failures, h->conf->retry_ms,
		    h->conf->retry_max_ms);
	}
	while (!h->busy && now_ms >= h->next_ms &&
	    queue_first(h->queue, &h->key))
		next(h, now_ms, wall_ms);
}

int64_t
hook_due(const struct hook *h)
{
	return h->ended ? 0 : h->busy || queue_len(h->queue) == 0 ?
	    INT64_MAX : h->next_ms;
}

/* ---- the life of it ---- */

int
hook_open(struct web *web, const struct setup *conf,
    const struct setup_hook *c, struct hook **out, struct err *e)
{
	struct hook *h = xcalloc(1, sizeof(*h));
	char dir[PATH_SIZE];

	h->web = web;
	h->conf = c;
	h->secret = buf_new(SECRET_MAX);
	(void)snprintf(dir, sizeof(dir), "%s/webhook.%s", conf->state, c->name);
	if (file_line(c->secret_file, &h->secret, e) < 0 ||
	    queue_open(dir, (size_t)c->queue, &h->queue, e) < 0) {
		hook_close(h);
		return err_wrap(e, "webhook %s", c->name);
	}
	*out = h;
	return 0;
}

void
hook_close(struct hook *h)
{
	if (h == NULL)
		return;
	queue_close(h->queue);
	if (h->secret.data != NULL)
		secret_wipe(h->secret.data, h->secret.len);
	buf_free(&h->secret);
	free(h);
}

json_t *
hook_status(const struct hook *h)
{
	json_t *o = json_object();

	json_put(o, "name", json_str(h->conf->name));
	json_put(o, "queued", json_int((int64_t)queue_len(h->queue)));
	json_put(o, "delivered", json_int((int64_t)h->delivered));
	json_put(o, "dead", json_int((int64_t)queue_dead(h->queue)));
	json_put(o, "error", h->error[0] != '\0' ? json_str(h->error) :
	    json_null());
	return o;
}
