/*
 * door.h -- HTTPS: who asks, may they, which format.
 *
 * The door owns sockets, TLS, sessions' cookies, streams and the embedded web
 * UI.  It turns bytes into a `struct request`, hands it to the service, and
 * turns the `struct answer` into bytes.  It knows no object and no rule.
 *
 *   READ	 answered at once on an event thread, with a reader of that thread
 *   CHANGE,
 *   WRITE	 the connection sleeps while the writer has the entry
 *   slow	 one worker thread for password hashes and one for documents, with a
 *		 short queue each; then 429
 *   STREAM	 server-sent events; sleeps until door_notify() or the next tick
 *
 * What it refuses before a handler sees it: ambiguous framing (two lengths, a
 * length and chunks, two Hosts), paths with %00, %2F or dot segments, a body
 * larger than the route takes, other content types, no or too small rights,
 * cookie sessions without their X-Polyroot-CSRF, and too many of anything.
 *
 * Some answers are libmicrohttpd's own and are HTML: 400, 413, 414, 431, 505 on
 * requests whose head it cannot read.  Everything else is problem+json.
 */
#ifndef APPLIANCE_HTTP_DOOR_H
#define APPLIANCE_HTTP_DOOR_H

#include "appliance/service/service.h"

struct door;

/* Everything is a loan until door_close(), the texts are copied. */
struct door_config {
	struct service *service;
	struct writer *writer;
	struct view_box *views;
	const char *db_path;		/* each thread opens its own reader */
	const char *address;		/* IPv4 or IPv6; NULL = 127.0.0.1 */
	unsigned port;			/* 0 = a free one, see door_port() */
	const char *cert_path, *key_path;	/* PEM; made when missing */
	const char *version;
	bool webui;			/* serve the embedded UI */
};

/* Listens when it returns 0.  ERR_UNAVAILABLE: the address is taken;
 * ERR_MALFORMED: address, certificate or key cannot be used. */
int door_open(const struct door_config *, struct door **, struct err *)
    ERR_MUST_CHECK;
/* Ends streams, waits for entries that the writer still has (which must be
 * running), closes every connection.  door_close(NULL) does nothing. */
void door_close(struct door *);
unsigned door_port(const struct door *);

/* Safe from any thread, cheap, never block.  A commit happened or the view
 * changed: wakes streams and those who wait for a job. */
void door_notify(struct door *);
/* The same, and streams tell where this job stands. */
void door_job(struct door *, int64_t job);

#endif
