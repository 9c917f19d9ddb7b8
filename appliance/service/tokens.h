/*
 * tokens.h -- tokens of machines (profiles/token.h): made, shown, removed.
 *
 * An administrator makes one, for a role and for at most TOKENS_DAYS_MAX days; with
 * `operations` it may do only these (names of routes: "event follow").  The answer
 * shows the secret, once: it is in no row, no event and no other answer, and no
 * Idempotency-Key keeps it.  It is drawn before the writer has the request.
 *
 * Asked with it, the actor is "token:NAME".
 */
#ifndef SERVICE_TOKENS_H
#define SERVICE_TOKENS_H

#include "appliance/service/route.h"

enum { TOKENS_DAYS = 90, TOKENS_DAYS_MAX = 400 };

/* GET, POST /tokens; GET, DELETE /tokens/{id} */
int tokens_read(struct call *, struct err *) ERR_MUST_CHECK;
int tokens_make(struct call *, struct err *) ERR_MUST_CHECK;
int tokens_read_one(struct call *, struct err *) ERR_MUST_CHECK;
int tokens_remove(struct call *, struct err *) ERR_MUST_CHECK;

/* On a slow thread: draws the secret into the request. */
void tokens_prepare(struct request *, struct arena *room);

/* Who asks with a token, as a session; ERR_NOT_FOUND. */
int tokens_session(struct store *, struct arena *, const char *digest,
    struct session **, struct err *) ERR_MUST_CHECK;

#endif
