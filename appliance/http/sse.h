/*
 * sse.h -- /events: what happened, as it happens (server-sent events).
 *
 *	id: 1042		change	a committed change; id is its number
 *	(no id)			view	what is observed has changed
 *	(no id)			job	a job moved
 *	(no id)			tick	first, and every 2 s: the stream lives;
 *					its seq is the last number before it
 *	(no id)			reset	your number is too old: load all, begin anew
 *
 * A stream holds no queue: it remembers the last number it told, and reads the
 * next ones from the store when its client has taken the former.  A slow reader
 * costs nothing and misses nothing; a reader that is too far behind is told to
 * reset.  The session is looked up again at every tick, so a logout ends it.
 *
 * Refused with ERR_BUSY: more than SSE_MAX streams, more than SSE_PER_SESSION of
 * one session.
 */
#ifndef APPLIANCE_HTTP_SSE_H
#define APPLIANCE_HTTP_SSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct exchange;
struct MHD_Response;
struct sse;

enum {
	SSE_MAX = 64,
	SSE_PER_SESSION = 4,
	SSE_TICK_MS = 2000,
	SSE_BATCH = 64,			/* events read at once */
	SSE_BACKLOG = 10000,		/* further behind: reset */
	SSE_MOVED = 64,			/* jobs remembered between two looks */
};

struct sse *sse_new(void);
void sse_free(struct sse *);
/* A job moved; the next look at the streams tells where it stands. */
void sse_job(struct sse *, int64_t job);
unsigned sse_count(struct sse *);

/* Where a stream begins: after this number; -1 at the end. */
struct sse_from {
	int64_t after;
	bool bad;			/* told, but not a number: reset */
};
struct sse_from sse_resume(const char *last_event_id, const char *after);

/* The response that streams; its end takes care of everything. */
int sse_response(struct exchange *, struct MHD_Response **, struct err *)
    ERR_MUST_CHECK;

#endif
