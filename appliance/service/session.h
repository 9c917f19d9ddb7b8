/*
 * session.h -- signing in, in two halves.
 *
 * To check a password takes 40 ms and 64 MiB (Argon2id).  That must hold neither
 * an event thread nor the writer, so POST /sessions is split:
 *
 *	session_check()	on the door's slow thread, with a reader
 *	session_open()	inside the writer's savepoint: the row and its record
 *
 * The door counts failures and makes the cookie (only it knows the port); only
 * SHA-256 of the token is stored.
 */
#ifndef SERVICE_SESSION_H
#define SERVICE_SESSION_H

#include "appliance/service/route.h"
#include "base/digest.h"

struct login {
	char token[TOKEN_TEXT];		/* wiped by the caller */
	struct session session;		/* as it will be stored; csrf for cookies */
};

/* The body is {"user","password","cookie":false}.  ERR_MALFORMED;
 * ERR_UNAUTHORIZED for a wrong password, an unknown and a disabled user alike,
 * after equal time. */
int session_check(struct store *, const struct request *, struct login *,
    struct err *) ERR_MUST_CHECK;

/* Stores it; 201 {"token","expiresAt"}, for a cookie session {"user","csrf",
 * "expiresAt"}. */
int session_open(struct store *, const struct request *, const struct login *,
    struct answer *, struct err *) ERR_MUST_CHECK;

/* The session was used: the writer notes it, so that the idle time begins anew.
 * For the door, which does so once a minute. */
int session_used(struct store *, const char *token_digest, int64_t wall_ms,
    struct err *) ERR_MUST_CHECK;

#endif
