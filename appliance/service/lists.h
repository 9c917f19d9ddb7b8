/*
 * lists.h -- long lists that were rendered already.
 *
 * A list that follows from committed rows, the view and the query alone has the
 * same bytes until one of them changes.  An entry is known by the path with its
 * query, the moment of the reader's handle (store_moment(): any commit by
 * anybody gives another one, the engine's too), and the number and state of the
 * view.  Nothing is ever declared stale: what does not fit exactly is not found.
 *
 * Not for what shows a time of confirmation, the clock, or who asks.  Answers
 * of status 200 without headers of their own only.  Bounded: LISTS_MAX entries,
 * LISTS_BYTES together; the one that was not used for longest goes.  Any thread.
 */
#ifndef SERVICE_LISTS_H
#define SERVICE_LISTS_H

#include "appliance/service/route.h"

struct lists;

enum { LISTS_MAX = 16, LISTS_BYTES = 4 << 20 };

struct lists *lists_new(void);
void lists_free(struct lists *);

/* Fills the call's answer and is true when the same was asked before. */
bool lists_give(struct call *);
/* Keeps a copy of the call's answer, when it may be kept. */
void lists_keep(struct call *);

#endif
