/*
 * client.h -- one HTTPS request and its answer (libcurl's door).
 *
 * Where and as whom comes from the environment:
 *
 *	POLYROOT_URL	https://127.0.0.1:8443
 *	POLYROOT_TOKEN	else what `polyroot login` kept
 *	POLYROOT_CA	file of certificates to trust, else the system's
 *	POLYROOT_PASSPHRASE	seals and opens documents of kind system and full;
 *			never on a command line, where others see it
 *
 * A request that changes something carries an Idempotency-Key, so that it can be
 * sent once more when the connection breaks: the appliance does it once.
 */
#ifndef TOOLS_POLYROOT_CLIENT_H
#define TOOLS_POLYROOT_CLIENT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/json.h"

struct client;

struct reply {
	long status;
	char type[96];			/* media type without parameters */
	char etag[128], location[256];
	struct buf body;
};

struct client *client_open(bool insecure, struct err *);
void client_close(struct client *);
/* The base address, without a final slash. */
const char *client_url(const struct client *);
void client_token_set(struct client *, const char *token);

/* POLYROOT_PASSPHRASE; NULL when it is not set. */
const char *client_passphrase(void);

struct ask {
	const char *method, *path;	/* path and query, encoded, from the top */
	const char *body;		/* or NULL */
	size_t body_size;
	const char *type;		/* of the body */
	const char *accept, *if_match;	/* or NULL */
	const char *passphrase;		/* opens what is sealed, or NULL */
};
/* ERR_UNAVAILABLE when no answer came.  The caller frees reply->body. */
int client_ask(struct client *, const struct ask *, struct reply *,
    struct err *) ERR_MUST_CHECK;
/* The reply's body as JSON; the caller owns it. */
int client_json(const struct reply *, json_t **, struct err *) ERR_MUST_CHECK;

#endif
