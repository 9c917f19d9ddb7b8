/*
 * target.h -- the request line, decoded by ourselves.
 *
 * libmicrohttpd would decode the whole path at once: "/a%00b" would arrive as
 * "/a" and "%2F" would make a segment of its own.  So it is told to leave the
 * bytes alone, and each segment is decoded here.
 *
 * Refused, ERR_MALFORMED: what is not an absolute path, bad %XX, %00 and other
 * control characters, %2F, dot segments, bytes that are not UTF-8.
 */
#ifndef APPLIANCE_HTTP_TARGET_H
#define APPLIANCE_HTTP_TARGET_H

#include "base/arena.h"
#include "base/err.h"

enum { TARGET_MAX = 2048, TARGET_VALUE = 1024 };	/* bytes */

/* The path, "/a/b", decoded. */
int target_path(struct arena *, const char *raw, char **out, struct err *)
    ERR_MUST_CHECK;
/* One name or value of the query. */
int target_value(struct arena *, const char *raw, char **out, struct err *)
    ERR_MUST_CHECK;

#endif
