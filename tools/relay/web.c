/* web.c -- see web.h. */
#include "tools/relay/web.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"

enum { CONNECT_S = 10 };

struct web_call {
	struct web_ask ask;		/* the callbacks only */
	CURL *curl;
	struct curl_slist *headers;
	char *sent;
	size_t n_sent;
	struct buf body;
	struct web_call *next;
};

struct web {
	CURLM *multi;
	struct web_call *first;
};

struct web *
web_new(void)
{
	struct web *w = xcalloc(1, sizeof(*w));

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		abort();
	w->multi = curl_multi_init();
	if (w->multi == NULL)
		abort();
	return w;
}

static void
end_call(struct web *w, struct web_call *c)
{
	struct web_call **at = &w->first;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	(void)curl_multi_remove_handle(w->multi, c->curl);
	curl_easy_cleanup(c->curl);
	curl_slist_free_all(c->headers);
	/* It may hold a password. */
	if (c->sent != NULL)
		secret_wipe(c->sent, c->n_sent);
	free(c->sent);
	buf_free(&c->body);
	free(c);
}

void
web_free(struct web *w)
{
	if (w == NULL)
		return;
	while (w->first != NULL)
		end_call(w, w->first);
	(void)curl_multi_cleanup(w->multi);
	curl_global_cleanup();
	free(w);
}

/* ---- one request ---- */

static size_t
take_bytes(char *bytes, size_t size, size_t n, void *cookie)
{
	struct web_call *c = cookie;
	long status = 0;

	(void)size;
	(void)curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &status);
	/* What stands in a refusal is no stream. */
	if (c->ask.stream != NULL && status == 200)
		return c->ask.stream(c->ask.cookie, bytes, n) ? n : 0;
	buf_put(&c->body, bytes, n);
	return c->body.full ? 0 : n;
}

static void
set_limits(const struct web_call *c)
{
	(void)curl_easy_setopt(c->curl, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(c->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	(void)curl_easy_setopt(c->curl, CURLOPT_CONNECTTIMEOUT,
	    (long)CONNECT_S);
	(void)curl_easy_setopt(c->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	(void)curl_easy_setopt(c->curl, CURLOPT_LOW_SPEED_TIME,
	    (long)WEB_SILENT_S);
	if (c->ask.stream == NULL)
		(void)curl_easy_setopt(c->curl, CURLOPT_TIMEOUT,
		    (long)WEB_TIMEOUT_S);
}

static void
set_body(struct web_call *c, const struct web_ask *ask)
{
	if (ask->body == NULL)
		return;
	c->n_sent = ask->body_size;
	c->sent = xmalloc(c->n_sent + 1);
	memcpy(c->sent, ask->body, c->n_sent);
	(void)curl_easy_setopt(c->curl, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)c->n_sent);
	(void)curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, c->sent);
}

static void
set_ask(struct web_call *c, const struct web_ask *ask)
{
	set_body(c, ask);
	(void)curl_easy_setopt(c->curl, CURLOPT_CUSTOMREQUEST, ask->method);
	if (ask->ca != NULL)
		(void)curl_easy_setopt(c->curl, CURLOPT_CAINFO, ask->ca);
	if (ask->user_password != NULL)
		(void)curl_easy_setopt(c->curl, CURLOPT_USERPWD,
		    ask->user_password);
	for (size_t i = 0; i < WEB_HEADERS && ask->headers[i] != NULL; i++)
		c->headers = curl_slist_append(c->headers, ask->headers[i]);
	(void)curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, c->headers);
	(void)curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, take_bytes);
	(void)curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, c);
	(void)curl_easy_setopt(c->curl, CURLOPT_PRIVATE, c);
}

int
web_start(struct web *w, const struct web_ask *ask, struct err *e)
{
	struct web_call *c = xcalloc(1, sizeof(*c));

	c->ask = *ask;
	c->body = buf_new(WEB_ANSWER_MAX);
	c->curl = curl_easy_init();
	if (c->curl == NULL)
		abort();
	c->next = w->first;
	w->first = c;
	set_limits(c);
	set_ask(c, ask);
	if (curl_easy_setopt(c->curl, CURLOPT_URL, ask->url) == CURLE_OK &&
	    curl_multi_add_handle(w->multi, c->curl) == CURLM_OK)
		return 0;
	end_call(w, c);
	return err_set(e, ERR_MALFORMED, "%.160s cannot be asked", ask->url);
}

/* ---- moving on ---- */

static void
finish(struct web *w, CURL *curl, CURLcode rc)
{
	struct web_reply reply = { .why = "" };
	struct web_call *c = NULL;

	(void)curl_easy_getinfo(curl, CURLINFO_PRIVATE, (char **)&c);
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply.status);
	if (rc != CURLE_OK) {
		reply.status = 0;
		reply.why = curl_easy_strerror(rc);
	}
	reply.body = c->body.len > 0 ? c->body.data : "";
	reply.n = c->body.len;
	c->ask.done(c->ask.cookie, &reply);
	end_call(w, c);
}

void
web_turn(struct web *w, int fd, int wait_ms)
{
	struct curl_waitfd extra = { .fd = fd, .events = CURL_WAIT_POLLIN };
	struct CURLMsg *m;
	int running, left;

	(void)curl_multi_perform(w->multi, &running);
	(void)curl_multi_poll(w->multi, &extra, fd >= 0 ? 1 : 0, wait_ms,
	    NULL);
	(void)curl_multi_perform(w->multi, &running);
	while ((m = curl_multi_info_read(w->multi, &left)) != NULL)
		if (m->msg == CURLMSG_DONE)
			finish(w, m->easy_handle, m->data.result);
}
