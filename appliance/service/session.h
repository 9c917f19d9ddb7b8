/*
 * session.h -- signing in, in three parts, because a password costs 40 ms.
 *
 *	service_login()		reads and verifies; slow: a worker thread, with a
 *				reader's store; writes nothing
 *	service_login_keep()	inside the writer's savepoint: the session's row
 *				and its event
 *	service_login_answer()	the body of the 201; the door sets the cookie from
 *				login->token when login->session.cookie
 *
 * The row holds only the SHA-256 of the token.  A session ends 30 minutes after
 * its last use and 12 hours after it was made.  An unknown user takes as long as
 * a wrong password and gets the same words.  A token of a machine (tokens.h) is a
 * session that does not idle away and that nobody signs out of.
 */
#ifndef SERVICE_SESSION_H
#define SERVICE_SESSION_H

#include "appliance/service/route.h"
#include "base/digest.h"

enum {
	SESSION_IDLE_MS = 30 * 60 * 1000,
	SESSION_LIFE_MS = 12 * 60 * 60 * 1000,
	SESSION_TOUCH_MS = 60 * 1000,
};

struct login {
	struct session session;
	char token[TOKEN_TEXT];		/* a secret: shown once, never stored */
};

/* The body is {"user","password","cookie"}.  ERR_MALFORMED, ERR_UNAUTHORIZED. */
int service_login(struct store *reader, struct arena *, const char *body,
    size_t size, int64_t wall_ms, struct login *, struct err *) ERR_MUST_CHECK;
int service_login_keep(struct store *, const struct login *,
    const char *source, int64_t wall_ms, struct err *) ERR_MUST_CHECK;
void service_login_answer(const struct login *, struct answer *);

/* service_session() by the digest of a token: whether it still holds. */
int service_session_again(struct store *, struct arena *,
    const char *token_digest, int64_t wall_ms, struct session **,
    struct err *) ERR_MUST_CHECK;
/* True when a use should be written down: not more often than once a minute. */
bool service_session_stale(const struct session *, int64_t wall_ms);
/* Inside the writer's savepoint: it was used now. */
int service_session_touch(struct store *, struct arena *,
    const char *token_digest, int64_t wall_ms, struct err *) ERR_MUST_CHECK;

/* True when who asks may do the operation, beside what the role says. */
bool service_session_may(const struct session *, const char *operation);

/* GET and DELETE /sessions/current */
int service_session_read(struct call *, struct err *) ERR_MUST_CHECK;
int service_session_end(struct call *, struct err *) ERR_MUST_CHECK;

#endif
