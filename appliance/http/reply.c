/*
 * reply.c -- from an answer to bytes: headers that every answer has, 304, gzip.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/http/door_int.h"
#include "appliance/http/static_files.h"
#include "appliance/service/request.h"
#include "base/clock.h"
#include "base/log.h"

static const struct {
	const char *name, *value;
} always[] = {
	{ "Strict-Transport-Security", "max-age=31536000" },
	{ "X-Content-Type-Options", "nosniff" },
	{ "Referrer-Policy", "no-referrer" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Content-Security-Policy", "default-src 'none'; script-src 'self'; "
	    "style-src 'self'; img-src 'self' data:; connect-src 'self'; "
	    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
	    "require-trusted-types-for 'script'" },
};

static void
header(struct MHD_Response *r, const char *name, const char *value)
{
	(void)MHD_add_response_header(r, name, value);
}

void
reply_headers(struct MHD_Response *r, const struct exchange *ex)
{
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		header(r, always[i].name, always[i].value);
	header(r, "X-Request-Id", ex->id);
	if (ex->file == NULL)
		header(r, "Cache-Control", "no-store");
}

/* The answer's own lines, "Name: value\r\n" each. */
static void
own_headers(struct MHD_Response *r, const char *lines)
{
	char name[64], value[512];

	while (*lines != '\0') {
		size_t n = strcspn(lines, ":"), end = strcspn(lines, "\r");

		if (n < end && n < sizeof(name) && end - n < sizeof(value)) {
			size_t at = n + 1 + strspn(lines + n + 1, " ");

			(void)snprintf(name, sizeof(name), "%.*s", (int)n, lines);
			(void)snprintf(value, sizeof(value), "%.*s",
			    (int)(end - at), lines + at);
			header(r, name, value);
		}
		lines += end;
		lines += strspn(lines, "\r\n");
	}
}

/* Copies the value of one of the answer's own headers. */
static bool
find_header(const char *lines, const char *name, char *value, size_t size)
{
	size_t n = strlen(name);

	for (; *lines != '\0'; lines += strspn(lines, "\r\n")) {
		size_t end = strcspn(lines, "\r");

		if (strncmp(lines, name, n) == 0 && lines[n] == ':' &&
		    end - n < size) {
			size_t at = n + 1 + strspn(lines + n + 1, " ");

			(void)snprintf(value, size, "%.*s", (int)(end - at),
			    lines + at);
			return true;
		}
		lines += end;
	}
	return false;
}

static bool
is_read(const struct exchange *ex)
{
	return strcmp(ex->method, "GET") == 0 || strcmp(ex->method, "HEAD") == 0;
}

static bool
unchanged(const struct exchange *ex, const char *etag)
{
	const char *list = ex->head.value[GATE_IF_NONE_MATCH];

	return list != NULL && is_read(ex) && request_etag_listed(list,
	    etag, true);
}

static void
note(const struct exchange *ex, int status)
{
	struct counters *c = &ex->door->counters;
	enum log_level level = is_read(ex) && status < 500 ? LOG_DEBUG :
	    LOG_INFO;

	atomic_fetch_add(&c->by_class[status / 100 % 6], 1);
	log_line(level, "http", "id=%s method=%.16s path=%.200s status=%d "
	    "ms=%lld user=%s from=%s", ex->id, ex->method, ex->path, status,
	    (long long)(clock_now_ms() - ex->began_ms), ex->request.actor,
	    ex->source);
}

static enum MHD_Result
queue(struct exchange *ex, int status, struct MHD_Response *r)
{
	enum MHD_Result rc;

	note(ex, status);
	if (r == NULL)
		return MHD_NO;
	reply_headers(r, ex);
	rc = MHD_queue_response(ex->conn, (unsigned)status, r);
	MHD_destroy_response(r);
	return rc;
}

static struct MHD_Response *
from_bytes(const void *bytes, size_t n)
{
	/* The library takes a pointer to what it does not change. */
	union {
		const void *in;
		void *out;
	} p = { bytes };

	return MHD_create_response_from_buffer(n, p.out, MHD_RESPMEM_PERSISTENT);
}

/* ---- an embedded file ---- */

/* Another encoding is another representation: its tag ends with "-gz". */
static enum MHD_Result
send_file(struct exchange *ex)
{
	const struct static_file *f = ex->file;
	bool gz = f->gz_size > 0 && f->gz_size < f->size &&
	    gate_gzip(ex->head.value[GATE_ACCEPT_ENCODING]);
	struct MHD_Response *r;
	char etag[96];
	int status = 200;

	(void)snprintf(etag, sizeof(etag), "%.*s%s\"",
	    (int)strlen(f->etag) - 1, f->etag, gz ? "-gz" : "");
	if (unchanged(ex, etag)) {
		status = 304;
		r = from_bytes("", 0);
	} else {
		r = gz ? from_bytes(f->gz, f->gz_size) :
		    from_bytes(f->data, f->size);
	}
	if (r != NULL) {
		header(r, "ETag", etag);
		header(r, "Vary", "Accept-Encoding");
		header(r, "Cache-Control", "no-cache");
		header(r, "Content-Type", f->type);
		if (gz && status == 200)
			header(r, "Content-Encoding", "gzip");
	}
	return queue(ex, status, r);
}

/* ---- an answer ---- */

static struct MHD_Response *
from_answer(struct answer *a, bool empty)
{
	struct MHD_Response *r;
	size_t n;
	char *bytes;

	if (empty || a->body.len == 0)
		return from_bytes("", 0);
	bytes = buf_take(&a->body, &n);
	r = MHD_create_response_from_buffer(n, bytes, MHD_RESPMEM_MUST_FREE);
	if (r == NULL)
		free(bytes);
	return r;
}

enum MHD_Result
reply_send(struct exchange *ex)
{
	struct answer *a = &ex->answer;
	struct MHD_Response *r;
	char etag[128];
	int status;

	if (ex->file != NULL && !ex->refused)
		return send_file(ex);
	ex->file = NULL;
	if (a->status < 200 || a->status > 599 || a->body.full) {
		struct err e;

		(void)err_set(&e, ERR_INTERNAL, "no answer was made");
		exchange_fail(ex, &e);
	}
	status = a->status;
	if (status == 200 && find_header(a->headers, "ETag", etag,
	    sizeof(etag)) && unchanged(ex, etag))
		status = 304;
	r = from_answer(a, status == 304);
	if (r != NULL) {
		own_headers(r, a->headers);
		if (status == 401)
			header(r, "WWW-Authenticate", "Bearer");
		if (status != 204 && status != 304)
			header(r, "Content-Type", a->content_type != NULL ?
			    a->content_type : "application/json");
	}
	return queue(ex, status, r);
}
