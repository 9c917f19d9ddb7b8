/*
 * unixsock.h -- SOCK_SEQPACKET sockets by path, at either end.
 *
 * A path may be longer than the 107 bytes that an address holds: such a one is
 * reached through its directory, without changing the working directory.
 * Descriptors are close-on-exec and do not block; the caller closes them.
 */
#ifndef SWITCHMGR_UNIXSOCK_H
#define SWITCHMGR_UNIXSOCK_H

#include <stdbool.h>

#include "base/err.h"

/* A connected descriptor, or -1: ERR_UNAVAILABLE when nobody listens. */
int unixsock_connect(const char *path, struct err *) ERR_MUST_CHECK;

/* A listening one, mode 0600.  Takes the place of a socket that nobody serves;
 * ERR_CONFLICT when somebody does or when the path is not a socket. */
int unixsock_listen(const char *path, struct err *) ERR_MUST_CHECK;

/* May the peer of a connection speak to the socket at `path`?  Its owner and
 * root may. */
bool unixsock_peer_allowed(int fd, const char *path);

#endif
