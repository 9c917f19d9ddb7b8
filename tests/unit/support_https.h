/*
 * support_https.h -- one HTTPS request of a test.
 *
 * Fill the first half, read the second.  `token` "cookie" goes as the cookie of
 * that name's port, everything else as a bearer token.  A request that gets no
 * answer leaves status 0.
 */
#ifndef TESTS_SUPPORT_HTTPS_H
#define TESTS_SUPPORT_HTTPS_H

#include "base/buf.h"

struct support_ask {
	const char *method, *path, *token;
	const char *header;		/* one more line, or NULL */
	const char *body;		/* JSON, or NULL */
	const char *url, *ca;		/* of the door; file of its certificate */
	unsigned port;
	/* the answer */
	long status;			/* written last */
	struct buf text, head;
};

void support_https_ask(struct support_ask *);
void support_https_drop(struct support_ask *);

#endif
