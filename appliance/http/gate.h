/*
 * gate.h -- what a request must look like before anyone looks at what it wants.
 *
 * Framing: libmicrohttpd takes two Content-Lengths (the first wins), a length
 * beside chunks (chunks win), several Hosts, header names with blanks, and hangs
 * on codings that it does not know.  Each is how one request is smuggled behind
 * another, so each is ERR_MALFORMED here.  Headers that may stand once only are
 * counted.
 *
 * Credentials: a bearer token, or the cookie that only POST /sessions sets.  A
 * cookie comes along with every request that a browser makes, also with one that
 * another site made it make; so a cookie session must say X-Polyroot-CSRF on
 * everything that changes something, and a browser that says the request comes
 * from elsewhere (Sec-Fetch-Site) is believed.  A cookie's token is no bearer
 * token and the other way round.
 *
 * Computes only; nothing here touches a connection.
 */
#ifndef APPLIANCE_HTTP_GATE_H
#define APPLIANCE_HTTP_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Headers that the door knows, and that may stand once. */
enum gate_header {
	GATE_HOST, GATE_CONTENT_LENGTH, GATE_TRANSFER_ENCODING,
	GATE_CONTENT_TYPE, GATE_AUTHORIZATION, GATE_COOKIE, GATE_EXPECT,
	GATE_ACCEPT, GATE_ACCEPT_ENCODING, GATE_IF_MATCH, GATE_IF_NONE_MATCH,
	GATE_IDEMPOTENCY_KEY, GATE_LAST_EVENT_ID, GATE_CSRF,
	GATE_SEC_FETCH_SITE, GATE_REQUEST_ID, GATE_PASSPHRASE,
	GATE_N_HEADERS
};

struct gate_head {
	const char *value[GATE_N_HEADERS];	/* loans; NULL = absent */
	const char *twice;		/* name of one that stood more than once */
	bool bad_name, bad_value;
	bool more_accept;		/* Accept went on in another line */
};

/* Takes one header line. */
void gate_take(struct gate_head *, const char *name, const char *value);

/* The body's announced length, -1 = chunked, 0 = none. */
int gate_framing(const struct gate_head *, bool http11, int64_t *length,
    struct err *) ERR_MUST_CHECK;

/* What a body may be: JSON, merge-patch for PATCH, XML where documents come in
 * ("/imports", "/config").  Parameters other than charset=utf-8 are refused.
 * ERR_MEDIA_TYPE. */
int gate_media(const char *method, const char *path, const char *content_type,
    struct err *) ERR_MUST_CHECK;
/* The same as a list for Accept-Patch and the like. */
const char *gate_media_list(const char *method, const char *path);

/* What a row can answer with (its path as in the table), for Accept. */
const char *gate_offer(const char *method, const char *path);
/* ERR_NOT_ACCEPTABLE when Accept lets none of them through; problems are told
 * as application/problem+json whatever it says.  Of an Accept in several lines
 * only the first is kept, so nothing is refused by it. */
int gate_accept(const struct gate_head *, const char *offer, struct err *)
    ERR_MUST_CHECK;

/* The token that came along, or NULL.  *cookie tells how.  `name` is the
 * cookie's.  Both at once: the bearer counts. */
const char *gate_token(const struct gate_head *, const char *name, char *room,
    size_t size, bool *cookie);

/* A cookie session wants to change something; ERR_FORBIDDEN. */
int gate_csrf(const struct gate_head *, const char *csrf, struct err *)
    ERR_MUST_CHECK;

/* True when Accept-Encoding lets gzip through. */
bool gate_gzip(const char *accept_encoding);
/* True for [A-Za-z0-9._-]{1,64}: what may be echoed into a log and a header. */
bool gate_request_id(const char *text);

#endif
