/*
 * gate.c -- see gate.h.
 */
#include "appliance/http/gate.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/digest.h"

static const char *const names[GATE_N_HEADERS] = {
	[GATE_HOST] = "Host",
	[GATE_CONTENT_LENGTH] = "Content-Length",
	[GATE_TRANSFER_ENCODING] = "Transfer-Encoding",
	[GATE_CONTENT_TYPE] = "Content-Type",
	[GATE_AUTHORIZATION] = "Authorization",
	[GATE_COOKIE] = "Cookie",
	[GATE_EXPECT] = "Expect",
	[GATE_ACCEPT] = "Accept",
	[GATE_ACCEPT_ENCODING] = "Accept-Encoding",
	[GATE_IF_MATCH] = "If-Match",
	[GATE_IF_NONE_MATCH] = "If-None-Match",
	[GATE_IDEMPOTENCY_KEY] = "Idempotency-Key",
	[GATE_LAST_EVENT_ID] = "Last-Event-ID",
	[GATE_CSRF] = "X-Polyroot-CSRF",
	[GATE_SEC_FETCH_SITE] = "Sec-Fetch-Site",
	[GATE_REQUEST_ID] = "X-Request-Id",
	[GATE_PASSPHRASE] = "X-Polyroot-Passphrase",
};

/* RFC 9110 token. */
static bool
is_token(const char *s)
{
	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++)
		if (!isalnum((unsigned char)*s) &&
		    strchr("!#$%&'*+-.^_`|~", *s) == NULL)
			return false;
	return true;
}

static bool
is_clean(const char *s)
{
	for (; *s != '\0'; s++)
		if (((unsigned char)*s < 0x20 && *s != '\t') || *s == 0x7f)
			return false;
	return true;
}

void
gate_take(struct gate_head *h, const char *name, const char *value)
{
	if (!is_token(name))
		h->bad_name = true;
	if (value == NULL)
		value = "";
	if (!is_clean(value))
		h->bad_value = true;
	for (int i = 0; i < GATE_N_HEADERS; i++) {
		if (strcasecmp(names[i], name) != 0)
			continue;
		/* Accept lists may be split; the first line is enough for us. */
		if (h->value[i] == NULL)
			h->value[i] = value;
		else if (i == GATE_ACCEPT)
			h->more_accept = true;
		else if (i != GATE_ACCEPT_ENCODING)
			h->twice = names[i];
		return;
	}
}

static int
read_length(const char *text, int64_t *length, struct err *e)
{
	size_t n = strspn(text, "0123456789");

	if (n == 0 || n > 15 || text[n] != '\0')
		return err_set(e, ERR_MALFORMED,
		    "Content-Length is not a number");
	*length = strtoll(text, NULL, 10);
	return 0;
}

int
gate_framing(const struct gate_head *h, bool http11, int64_t *length,
    struct err *e)
{
	const char *te = h->value[GATE_TRANSFER_ENCODING];
	const char *cl = h->value[GATE_CONTENT_LENGTH];

	*length = 0;
	if (h->bad_name || h->bad_value)
		return err_set(e, ERR_MALFORMED,
		    "a header line holds characters that may not stand there");
	if (h->twice != NULL)
		return err_set(e, ERR_MALFORMED, "the header %s stands twice",
		    h->twice);
	if (http11 && h->value[GATE_HOST] == NULL)
		return err_set(e, ERR_MALFORMED, "the header Host is missing");
	if (te != NULL && cl != NULL)
		return err_set(e, ERR_MALFORMED,
		    "Content-Length beside Transfer-Encoding");
	if (te != NULL && (!http11 || strcasecmp(te, "chunked") != 0))
		return err_set(e, ERR_MALFORMED,
		    "the only Transfer-Encoding taken is chunked");
	if (te != NULL)
		*length = -1;
	return cl != NULL ? read_length(cl, length, e) : 0;
}

/* ---- media types ---- */

static bool
takes_xml(const char *path)
{
	return strcmp(path, "/imports") == 0 || strcmp(path, "/config") == 0;
}

const char *
gate_media_list(const char *method, const char *path)
{
	if (strcmp(method, "PATCH") == 0)
		return "application/merge-patch+json, application/json";
	return takes_xml(path) ? "application/xml, application/json" :
	    "application/json";
}

/* True when a comma-separated list holds the word of n characters. */
static bool
in_list(const char *list, const char *word, size_t n)
{
	while (*list != '\0') {
		size_t m = strcspn(list, ",");

		if (m == n && strncasecmp(list, word, n) == 0)
			return true;
		list += m;
		list += strspn(list, ", ");
	}
	return false;
}

static bool
charset_ok(const char *s)
{
	s += strspn(s, "; \t");
	if (*s == '\0')
		return true;
	if (strncasecmp(s, "charset=", 8) != 0)
		return false;
	s += 8;
	return strcasecmp(s, "utf-8") == 0 || strcasecmp(s, "\"utf-8\"") == 0;
}

int
gate_media(const char *method, const char *path, const char *content_type,
    struct err *e)
{
	const char *list = gate_media_list(method, path);
	size_t n;

	if (content_type == NULL)
		return err_set(e, ERR_MEDIA_TYPE,
		    "the header Content-Type is missing; this path takes %s",
		    list);
	n = strcspn(content_type, "; \t");
	if (!in_list(list, content_type, n) || !charset_ok(content_type + n))
		return err_set(e, ERR_MEDIA_TYPE,
		    "this path takes %s in UTF-8", list);
	return 0;
}

/* ---- Accept ---- */

const char *
gate_offer(const char *method, const char *path)
{
	if (strcmp(path, "/events") == 0)
		return "text/event-stream";
	if (strcmp(path, "/exports") == 0)
		return "application/xml,application/json";
	if (strcmp(method, "GET") == 0 && (strcmp(path, "/config") == 0 ||
	    strcmp(path, "/profiles/{p}") == 0 ||
	    strcmp(path, "/snapshots/{id}") == 0))
		return "application/json,application/xml";
	return "application/json";
}

/* How closely a range of n characters means a type of m: 0 not at all. */
static int
fit(const char *range, size_t n, const char *type, size_t m)
{
	size_t half = strcspn(type, "/") + 1;

	if (n == m && strncasecmp(range, type, n) == 0)
		return 3;
	if (n == half + 1 && range[half] == '*' &&
	    strncasecmp(range, type, half) == 0)
		return 2;
	return n == 3 && strncmp(range, "*/*", n) == 0 ? 1 : 0;
}

/* True for a range with the weight 0: anything but this. */
static bool
is_barred(const char *range, size_t n)
{
	const char *end = range + n, *s = memchr(range, ';', n);

	while (s != NULL) {
		s++;
		s += strspn(s, " \t");
		if ((*s == 'q' || *s == 'Q') && s[1] == '=')
			return strtod(s + 2, NULL) <= 0;
		s = memchr(s, ';', (size_t)(end - s));
	}
	return false;
}

/* The range that fits closest decides. */
static bool
lets_through(const char *accept, const char *type, size_t m)
{
	int best = 0;
	bool yes = false;

	while (*accept != '\0') {
		size_t n, all;
		int how;

		accept += strspn(accept, ", \t");
		all = strcspn(accept, ",");
		n = strcspn(accept, ",; \t");
		how = fit(accept, n, type, m);
		if (how > best) {
			best = how;
			yes = !is_barred(accept, all);
		}
		accept += all;
	}
	return yes;
}

int
gate_accept(const struct gate_head *h, const char *offer, struct err *e)
{
	const char *accept = h->value[GATE_ACCEPT];

	if (accept == NULL || accept[strspn(accept, ", \t")] == '\0' ||
	    h->more_accept)
		return 0;
	for (const char *s = offer; *s != '\0'; s += *s == ',') {
		size_t m = strcspn(s, ",");

		if (lets_through(accept, s, m))
			return 0;
		s += m;
	}
	return err_set(e, ERR_NOT_ACCEPTABLE, "this path answers with %s",
	    offer);
}

/* ---- credentials ---- */

static const char *
from_cookie(const char *cookie, const char *name, char *room, size_t size)
{
	size_t n = strlen(name);

	while (cookie != NULL && *cookie != '\0') {
		size_t m = strcspn(cookie, ";");

		if (m > n && strncmp(cookie, name, n) == 0 &&
		    cookie[n] == '=') {
			if (m - n - 1 >= size)
				return NULL;
			memcpy(room, cookie + n + 1, m - n - 1);
			room[m - n - 1] = '\0';
			return room;
		}
		cookie += m;
		cookie += strspn(cookie, "; ");
	}
	return NULL;
}

const char *
gate_token(const struct gate_head *h, const char *name, char *room,
    size_t size, bool *cookie)
{
	const char *auth = h->value[GATE_AUTHORIZATION];

	*cookie = false;
	if (auth != NULL && strncasecmp(auth, "Bearer ", 7) == 0) {
		auth += 7 + strspn(auth + 7, " ");
		return *auth != '\0' && strlen(auth) < size ? auth : NULL;
	}
	if (auth != NULL)
		return NULL;
	*cookie = true;
	return from_cookie(h->value[GATE_COOKIE], name, room, size);
}

int
gate_csrf(const struct gate_head *h, const char *csrf, struct err *e)
{
	const char *sent = h->value[GATE_CSRF];
	const char *site = h->value[GATE_SEC_FETCH_SITE];

	if (site != NULL && strcmp(site, "same-origin") != 0 &&
	    strcmp(site, "none") != 0)
		return err_rule(e, ERR_FORBIDDEN, "OtherSite", NULL,
		    "the browser says that another site sent this");
	if (sent == NULL || csrf[0] == '\0' || strlen(sent) != strlen(csrf) ||
	    !digest_equal(sent, csrf, strlen(csrf)))
		return err_rule(e, ERR_FORBIDDEN, "CsrfMissing", NULL,
		    "a cookie session must send its X-Polyroot-CSRF");
	return 0;
}

/* ---- small things of the answer ---- */

bool
gate_gzip(const char *accept)
{
	for (const char *s = accept; s != NULL && *s != '\0';) {
		size_t n;

		s += strspn(s, ", \t");
		n = strcspn(s, ",");
		if (n >= 4 && strncasecmp(s, "gzip", 4) == 0 &&
		    strchr(",; \t", s[4]) != NULL) {
			const char *q = memchr(s, '=', n);

			return q == NULL || strtod(q + 1, NULL) > 0;
		}
		s += n;
	}
	return false;
}

bool
gate_request_id(const char *s)
{
	size_t n = strlen(s);

	return n >= 1 && n <= 64 && n == strspn(s, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
}
