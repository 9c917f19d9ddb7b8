/*
 * slow.h -- one thread for what may take long: password hashes; documents.
 *
 * Argon2id takes 64 MiB and some 40 ms; on an event thread it would stop every
 * other client for that time, and many at once would take all memory.  So there
 * is one thread and a short queue; a full queue is told to the caller, who says
 * 429.  Documents have another one of these: nobody waits seconds to sign in.
 */
#ifndef APPLIANCE_HTTP_SLOW_H
#define APPLIANCE_HTTP_SLOW_H

#include <stdbool.h>

#include "base/err.h"

struct slow;

enum { SLOW_QUEUE = 16 };

int slow_open(struct slow **, struct err *) ERR_MUST_CHECK;
/* Finishes what is queued. */
void slow_close(struct slow *);
/* False: the queue is full, or closing. */
bool slow_submit(struct slow *, void (*fn)(void *), void *cookie);

#endif
