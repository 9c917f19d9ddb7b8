/*
 * client.c -- see client.h.
 */
#include "tools/polyroot/client.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/digest.h"

enum { REPLY_MAX = 64 * 1024 * 1024, TIMEOUT_S = 120, CONNECT_S = 10 };

struct client {
	CURL *curl;
	char url[256], token[128];
};

struct client *
client_open(bool insecure, struct err *e)
{
	const char *url = getenv("POLYROOT_URL"), *ca = getenv("POLYROOT_CA");
	const char *token = getenv("POLYROOT_TOKEN");
	struct client *c = xcalloc(1, sizeof(*c));
	size_t n;

	(void)snprintf(c->url, sizeof(c->url), "%s",
	    url != NULL && *url != '\0' ? url : "https://127.0.0.1:8443");
	n = strlen(c->url);
	while (n > 0 && c->url[n - 1] == '/')
		c->url[--n] = '\0';
	if (strncmp(c->url, "https://", 8) != 0) {
		(void)err_set(e, ERR_MALFORMED,
		    "POLYROOT_URL must begin with https://");
		free(c);
		return NULL;
	}
	client_token_set(c, token != NULL ? token : "");
	c->curl = curl_easy_init();
	if (c->curl == NULL)
		abort();
	(void)curl_easy_setopt(c->curl, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(c->curl, CURLOPT_PROTOCOLS_STR, "https");
	(void)curl_easy_setopt(c->curl, CURLOPT_CONNECTTIMEOUT,
	    (long)CONNECT_S);
	(void)curl_easy_setopt(c->curl, CURLOPT_TIMEOUT, (long)TIMEOUT_S);
	if (ca != NULL && *ca != '\0')
		(void)curl_easy_setopt(c->curl, CURLOPT_CAINFO, ca);
	if (insecure) {
		(void)curl_easy_setopt(c->curl, CURLOPT_SSL_VERIFYPEER, 0L);
		(void)curl_easy_setopt(c->curl, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	return c;
}

void
client_close(struct client *c)
{
	curl_easy_cleanup(c->curl);
	secret_wipe(c->token, sizeof(c->token));
	free(c);
}

const char *
client_url(const struct client *c)
{
	return c->url;
}

void
client_token_set(struct client *c, const char *token)
{
	(void)snprintf(c->token, sizeof(c->token), "%s", token);
}

/* ---- one request ---- */

static size_t
take_body(char *bytes, size_t size, size_t n, void *cookie)
{
	struct reply *r = cookie;

	(void)size;
	buf_put(&r->body, bytes, n);
	return r->body.full ? 0 : n;
}

/* Copies the value of "Name: value\r\n" when the name is that. */
static void
take_value(const char *line, size_t n, const char *name, char *out,
    size_t size)
{
	size_t m = strlen(name);

	if (n <= m || strncasecmp(line, name, m) != 0 || line[m] != ':')
		return;
	line += m + 1;
	n -= m + 1;
	while (n > 0 && (*line == ' ' || *line == '\t')) {
		line++;
		n--;
	}
	while (n > 0 && (unsigned char)line[n - 1] <= ' ')
		n--;
	(void)snprintf(out, size, "%.*s", (int)(n < size ? n : size - 1), line);
}

static size_t
take_header(char *line, size_t size, size_t n, void *cookie)
{
	struct reply *r = cookie;

	(void)size;
	take_value(line, n, "ETag", r->etag, sizeof(r->etag));
	take_value(line, n, "Location", r->location, sizeof(r->location));
	take_value(line, n, "Content-Type", r->type, sizeof(r->type));
	r->type[strcspn(r->type, ";")] = '\0';
	return n;
}

static struct curl_slist *
add_header(struct curl_slist *list, const char *name, const char *value)
{
	char line[512];

	if (value == NULL)
		return list;
	(void)snprintf(line, sizeof(line), "%s: %s", name, value);
	list = curl_slist_append(list, line);
	secret_wipe(line, sizeof(line));
	return list;
}

static struct curl_slist *
headers_of(const struct client *c, const struct ask *a, const char *key)
{
	struct curl_slist *list = NULL;
	char bearer[160];

	if (c->token[0] != '\0') {
		(void)snprintf(bearer, sizeof(bearer), "Bearer %s", c->token);
		list = add_header(list, "Authorization", bearer);
		secret_wipe(bearer, sizeof(bearer));
	}
	list = add_header(list, "Accept", a->accept);
	list = add_header(list, "If-Match", a->if_match);
	list = add_header(list, "X-Polyroot-Passphrase", a->passphrase);
	if (a->body != NULL)
		list = add_header(list, "Content-Type", a->type);
	if (strcmp(a->method, "GET") != 0)
		list = add_header(list, "Idempotency-Key", key);
	return list;
}

const char *
client_passphrase(void)
{
	return getenv("POLYROOT_PASSPHRASE");
}

static CURLcode
once(struct client *c, const struct ask *a, struct curl_slist *headers,
    struct reply *r)
{
	char *url = xmalloc(strlen(c->url) + strlen(a->path) + 1);
	CURLcode rc;

	(void)snprintf(url, strlen(c->url) + strlen(a->path) + 1, "%s%s",
	    c->url, a->path);
	memset(r, 0, sizeof(*r));
	r->body = buf_new(REPLY_MAX);
	(void)curl_easy_setopt(c->curl, CURLOPT_URL, url);
	(void)curl_easy_setopt(c->curl, CURLOPT_CUSTOMREQUEST, a->method);
	(void)curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, headers);
	(void)curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, take_body);
	(void)curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, r);
	(void)curl_easy_setopt(c->curl, CURLOPT_HEADERFUNCTION, take_header);
	(void)curl_easy_setopt(c->curl, CURLOPT_HEADERDATA, r);
	(void)curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, a->body);
	(void)curl_easy_setopt(c->curl, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)a->body_size);
	if (a->body == NULL)
		(void)curl_easy_setopt(c->curl, CURLOPT_HTTPGET, 1L);
	rc = curl_easy_perform(c->curl);
	free(url);
	(void)curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &r->status);
	return rc;
}

int
client_ask(struct client *c, const struct ask *a, struct reply *r,
    struct err *e)
{
	char key[TOKEN_TEXT];
	struct curl_slist *headers = headers_of(c, a, token_new(key));
	CURLcode rc = once(c, a, headers, r);

	/* It may have been done: the key makes a second try harmless. */
	if (rc == CURLE_RECV_ERROR || rc == CURLE_SEND_ERROR ||
	    rc == CURLE_GOT_NOTHING) {
		buf_free(&r->body);
		rc = once(c, a, headers, r);
	}
	curl_slist_free_all(headers);
	if (rc == CURLE_OK)
		return 0;
	buf_free(&r->body);
	return err_set(e, ERR_UNAVAILABLE, "%s: %s%s", c->url,
	    curl_easy_strerror(rc), rc == CURLE_PEER_FAILED_VERIFICATION ?
	    " (POLYROOT_CA names the certificate to trust)" : "");
}

int
client_json(const struct reply *r, json_t **out, struct err *e)
{
	if (r->body.len == 0) {
		*out = json_object();
		return 0;
	}
	return json_read(r->body.data, r->body.len, REPLY_MAX, out, e);
}
