/*
 * remote.h -- a fabric behind messages.
 *
 * fabric_open("remote:SOCKET") talks to polyroot-switchmgr.  Tests and the
 * simulator bring their own transport, such as server_serve() in process.
 */
#ifndef SWITCHMGR_REMOTE_H
#define SWITCHMGR_REMOTE_H

#include <stddef.h>

#include "switchmgr/fabric.h"

struct remote_transport {
	/* One message there, one back: *got bytes, at most `max`.  -1 with
	 * ERR_UNAVAILABLE when there is no answer within the deadline; a late one
	 * must not be taken for the next. */
	int (*exchange)(void *cookie, const void *request, size_t n, void *reply,
	    size_t max, size_t *got, struct err *);
	/* Ends the connection if there is one; exchange() makes a new one.  NULL:
	 * nothing to end. */
	void (*hang_up)(void *cookie);
	void *cookie;
};

/* Copies the table; the cookie is a loan until fabric_close().  Connects when
 * it is first used. */
struct fabric *remote_open_with(const struct remote_transport *);

#endif
