/*
 * follow.h -- a stream of server-sent events, taken apart.
 *
 * Bytes go in as they come, whole events come out.  Lines end with LF or CR LF;
 * comments and fields that are not known are skipped, as the standard says.  An
 * event of more than FOLLOW_MAX bytes is dropped, and follow_bytes() says so.
 */
#ifndef TOOLS_RELAY_FOLLOW_H
#define TOOLS_RELAY_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum { FOLLOW_MAX = 256 << 10 };

struct follow_event {
	const char *id;			/* "" none */
	const char *event;		/* "message" when not said */
	const char *data;
};

struct follow {
	void (*told)(void *cookie, const struct follow_event *);
	void *cookie;
	struct buf line, data;
	char id[32], event[32];
	bool any, lost;
};

void follow_begin(struct follow *, void (*told)(void *,
    const struct follow_event *), void *cookie);
/* False when an event was too large. */
bool follow_bytes(struct follow *, const char *bytes, size_t n);
void follow_end(struct follow *);

#endif
