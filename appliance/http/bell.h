/*
 * bell.h -- wakes connections that sleep until something happens.
 *
 * Streams and those who wait for a job are sleepers.  Whoever knows of news
 * rings (cheap, from any thread, never blocks for long); one thread resumes the
 * connections: all of them after a ring, those whose time has come otherwise.
 * Rings within BELL_GAP_MS are one, so that a busy writer does not wake every
 * stream for each commit.  Who waits for a job is called when that job moves,
 * gap or not: few do, and they count the milliseconds.
 *
 * A wake-up between "there is no news" and falling asleep is not lost:
 * bell_sleep() refuses when the bell rang since the last time the sleeper was
 * told.  A connection is suspended under the bell's lock, and resumed under it.
 */
#ifndef APPLIANCE_HTTP_BELL_H
#define APPLIANCE_HTTP_BELL_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct MHD_Connection;
struct bell;

enum { BELL_GAP_MS = 3 };

struct sleeper {
	struct MHD_Connection *conn;
	int64_t due_ms;			/* monotonic */
	int64_t job;			/* waits for that one; 0 a stream */
	bool asleep, called;		/* called: its job moved since it looked */
	uint64_t heard;			/* rings it knows of */
	struct sleeper *next, *prev;
};

int bell_open(struct bell **, struct err *) ERR_MUST_CHECK;
/* Wakes everyone and lets nobody sleep any more. */
void bell_stop(struct bell *);
void bell_close(struct bell *);
void bell_ring(struct bell *);
/* A ring that also calls those who wait for this job. */
void bell_ring_job(struct bell *, int64_t job);
bool bell_stopped(struct bell *);

/* From here on the sleeper hears rings; look for news after this. */
void bell_join(struct bell *, struct sleeper *, struct MHD_Connection *,
    int64_t job);
void bell_leave(struct bell *, struct sleeper *);
/* Notes what it has heard; call before looking for news. */
void bell_listen(struct bell *, struct sleeper *);
/* Suspends the connection until a ring or due_ms.  False: there was a ring
 * meanwhile, or the time has come, or the bell stopped; nothing was suspended.
 * Only from a callback of that connection. */
bool bell_sleep(struct bell *, struct sleeper *, int64_t due_ms,
    int64_t now_ms);

#endif
