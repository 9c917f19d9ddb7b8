/* upload.c -- see upload.h. */
#include "tools/relay/upload.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/log.h"
#include "tools/relay/retry.h"

enum { PATH_SIZE = 4096, URL_SIZE = 2 * SETUP_TEXT };
#define DAY_MS INT64_C(86400000)

struct upload {
	struct web *web;
	struct feed *feed;
	const struct setup *conf;
	const struct setup_upload *mine;
	bool busy, ended;		/* ended: what follows is open */
	int64_t wall_ms;		/* when this try began */
	int64_t last_ms;		/* wall time of the last success */
	unsigned failures;
	int64_t next_ms;		/* not before, monotonic */
	char error[256];
};

/* ---- when ---- */

int64_t
upload_next(const struct setup_upload *c, int64_t last_ms)
{
	int64_t day;

	if (last_ms == 0)
		return 0;
	if (c->every_ms > 0)
		return last_ms + c->every_ms;
	day = last_ms / DAY_MS * DAY_MS + c->at_ms;
	return day > last_ms ? day : day + DAY_MS;
}

int64_t
upload_due(const struct upload *u, int64_t now_ms, int64_t wall_ms)
{
	int64_t wait = upload_next(u->mine, u->last_ms) - wall_ms;
	int64_t due = wait > 0 ? now_ms + wait : now_ms;

	if (u->ended)
		return now_ms;
	if (u->busy || feed_authorization(u->feed) == NULL)
		return INT64_MAX;
	return due > u->next_ms ? due : u->next_ms;
}

static void
last_path(const struct upload *u, char path[PATH_SIZE])
{
	(void)snprintf(path, PATH_SIZE, "%s/upload.%s", u->conf->state,
	    u->mine->name);
}

static int
load_last(struct upload *u, struct err *e)
{
	struct buf b = buf_new(256);
	char path[PATH_SIZE];
	int rc;

	last_path(u, path);
	rc = file_get(path, &b, e);
	if (rc == 0 && b.len > 0)
		u->last_ms = time_parse(b.data);
	if (u->last_ms < 0)
		u->last_ms = 0;
	buf_free(&b);
	return rc < 0 && e->code != ERR_NOT_FOUND ? -1 : 0;
}

/* ---- where ---- */

/* Any name fits into a path: what is no letter or digit becomes "_". */
static void
put_name(struct buf *b, const char *name)
{
	for (; *name != '\0'; name++) {
		bool plain = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL"
		    "MNOPQRSTUVWXYZ0123456789-_", *name) != NULL;

		buf_put(b, plain ? name : "_", 1);
	}
}

static void
put_time(struct buf *b, int64_t wall_ms)
{
	char text[TIME_TEXT];

	time_text(wall_ms / 1000 * 1000, text);
	for (const char *c = text; *c != '\0' && *c != '.'; c++)
		if (*c != '-' && *c != ':')
			buf_put(b, c, 1);
	buf_str(b, "Z");
}

bool
upload_url(const char *pattern, const char *name, int64_t wall_ms, char *out,
    size_t size)
{
	struct buf b = buf_new(size - 1);
	bool fits;

	while (*pattern != '\0') {
		if (strncmp(pattern, "{name}", 6) == 0) {
			put_name(&b, name);
			pattern += 6;
		} else if (strncmp(pattern, "{at}", 4) == 0) {
			put_time(&b, wall_ms);
			pattern += 4;
		} else {
			buf_put(&b, pattern++, 1);
		}
	}
	fits = !b.full && b.len > 0;
	if (fits)
		memcpy(out, b.data, b.len + 1);
	buf_free(&b);
	return fits;
}

/* ---- the two requests ---- */

static void
fail(struct upload *u, const char *why)
{
	u->failures++;
	(void)snprintf(u->error, sizeof(u->error), "%.250s", why);
	log_error("upload", "name=%s tries=%u why=\"%.200s\"", u->mine->name,
	    u->failures, why);
}

static void
end(struct upload *u)
{
	u->busy = false;
	u->ended = true;
}

static void
succeed(struct upload *u)
{
	char path[PATH_SIZE], text[TIME_TEXT];
	struct err e;

	last_path(u, path);
	time_text(u->wall_ms, text);
	if (file_put(path, text, strlen(text), &e) < 0) {
		fail(u, e.msg);
		return;
	}
	u->last_ms = u->wall_ms;
	u->failures = 0;
	u->error[0] = '\0';
	log_info("upload", "name=%s done", u->mine->name);
}

static void
was_put(void *cookie, const struct web_reply *r)
{
	struct upload *u = cookie;
	char why[64];

	(void)snprintf(why, sizeof(why), "the receiver answered %ld",
	    r->status);
	if (r->status >= 200 && r->status <= 299)
		succeed(u);
	else
		fail(u, r->why[0] != '\0' ? r->why : why);
	end(u);
}

static int
read_login(const struct upload *u, struct buf *out, struct err *e)
{
	if (u->mine->user[0] == '\0')
		return 0;
	buf_printf(out, "%s:", u->mine->user);
	return u->mine->password_file[0] == '\0' ? 0 :
	    file_line(u->mine->password_file, out, e);
}

static int
put_away(struct upload *u, const char *url, const struct web_reply *r,
    struct err *e)
{
	struct web_ask a = {
		.method = "PUT", .url = url,
		.ca = u->mine->ca[0] != '\0' ? u->mine->ca : NULL,
		.headers = { "Content-Type: application/xml", "Expect:" },
		.body = r->body, .body_size = r->n, .done = was_put,
		.cookie = u,
	};
	struct buf login = buf_new(2 * SETUP_TEXT);
	int rc = read_login(u, &login, e);

	a.user_password = login.data;
	if (rc == 0)
		rc = web_start(u->web, &a, e);
	if (login.data != NULL)
		secret_wipe(login.data, login.len);
	buf_free(&login);
	return rc;
}

/* -1, or 1 when a request is under way. */
static int
send_document(struct upload *u, const struct web_reply *r, struct err *e)
{
	char url[URL_SIZE];

	if (!upload_url(u->mine->url, feed_appliance(u->feed), u->wall_ms, url,
	    sizeof(url)))
		return err_set(e, ERR_MALFORMED, "the address is too long");
	if (strncmp(url, "file://", 7) != 0)
		return put_away(u, url, r, e) < 0 ? -1 : 1;
	if (file_put(url + 7, r->body, r->n, e) < 0)
		return -1;
	succeed(u);
	return 0;
}

static void
was_read(void *cookie, const struct web_reply *r)
{
	struct upload *u = cookie;
	char why[64];
	struct err e;
	int rc = -1;

	(void)snprintf(why, sizeof(why), "GET /config was answered %ld",
	    r->status);
	if (r->status == 401)
		feed_signed_out(u->feed);
	if (r->status != 200 || r->n == 0)
		fail(u, r->why[0] != '\0' ? r->why : why);
	else if ((rc = send_document(u, r, &e)) < 0)
		fail(u, e.msg);
	if (rc <= 0)
		end(u);
}

static void
start(struct upload *u, int64_t wall_ms)
{
	char url[URL_SIZE];
	struct web_ask a = {
		.method = "GET", .url = url,
		.ca = u->conf->ca[0] != '\0' ? u->conf->ca : NULL,
		.headers = { feed_authorization(u->feed),
		"Accept: application/xml" },
		.done = was_read, .cookie = u,
	};
	struct err e;

	u->wall_ms = wall_ms;
	u->busy = true;
	(void)snprintf(url, sizeof(url), "%s/api/v1/config?kind=logical",
	    u->conf->url);
	if (web_start(u->web, &a, &e) < 0) {
		fail(u, e.msg);
		end(u);
	}
}

void
upload_turn(struct upload *u, int64_t now_ms, int64_t wall_ms)
{
	if (u->ended) {
		u->ended = false;
		u->next_ms = u->failures == 0 ? now_ms : now_ms +
		    retry_gap(u->failures, u->mine->retry_ms,
		    u->mine->retry_max_ms);
	}
	if (upload_due(u, now_ms, wall_ms) <= now_ms)
		start(u, wall_ms);
}

/* ---- the life of it ---- */

int
upload_open(struct web *web, struct feed *feed, const struct setup *conf,
    const struct setup_upload *mine, struct upload **out, struct err *e)
{
	struct upload *u = xcalloc(1, sizeof(*u));

	*u = (struct upload){ .web = web, .feed = feed, .conf = conf,
		.mine = mine };
	if (load_last(u, e) < 0) {
		free(u);
		return -1;
	}
	*out = u;
	return 0;
}

void
upload_close(struct upload *u)
{
	free(u);
}

json_t *
upload_status(const struct upload *u)
{
	json_t *o = json_object();

	json_put(o, "name", json_str(u->mine->name));
	json_put(o, "lastAt", json_time(u->last_ms));
	json_put(o, "error", u->error[0] != '\0' ? json_str(u->error) :
	    json_null());
	return o;
}
