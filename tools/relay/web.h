/*
 * web.h -- several requests at once in one thread (libcurl's door here).
 *
 *	web_start(w, &ask);		copies everything that it is told
 *	web_turn(w, ms);		moves them on; calls back those that ended
 *
 * A request ends exactly once, by its `done`, from inside web_turn().  Redirects
 * are not followed, and certificates are checked against `ca` or the system's.
 * A stream has no end time, but one that is silent for WEB_SILENT_S is over.
 */
#ifndef TOOLS_RELAY_WEB_H
#define TOOLS_RELAY_WEB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct web;
struct web_call;

enum { WEB_SILENT_S = 20, WEB_TIMEOUT_S = 60, WEB_HEADERS = 8,
	WEB_ANSWER_MAX = 64 << 20 };

struct web_reply {
	long status;			/* 0: there was no answer */
	const char *why;		/* what went wrong then, "" nothing */
	const char *body;
	size_t n;
};

struct web_ask {
	const char *method, *url;
	const char *ca;			/* file, or NULL */
	const char *user_password;	/* "user:password", or NULL */
	const char *headers[WEB_HEADERS];	/* whole lines, ends with NULL */
	const char *body;		/* or NULL */
	size_t body_size;
	/* A stream: bytes as they come, instead of a body in the reply.  False
	 * ends it. */
	bool (*stream)(void *cookie, const char *bytes, size_t n);
	void (*done)(void *cookie, const struct web_reply *);
	void *cookie;
};

struct web *web_new(void);
/* What is under way ends without a word. */
void web_free(struct web *);
/* Refused (ERR_MALFORMED) when the address is none. */
int web_start(struct web *, const struct web_ask *, struct err *)
    ERR_MUST_CHECK;
/* Waits at most so long for something to happen, there or on `fd` (-1 none). */
void web_turn(struct web *, int fd, int wait_ms);

#endif
