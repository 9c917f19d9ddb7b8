/*
 * queue.h -- deliveries that are still owed, on the disk, in order.
 *
 * A directory with one file per delivery, named by its key, which rises.  A file
 * is there whole or not at all, also after a crash: it is written beside,
 * synced, and renamed.  Putting a key again replaces the file.
 *
 * At most `max` wait; one more, and the oldest is buried.  Buried ones lie in
 * DIR/dead, at most `max` of them, to be looked at; DIR/dead.count says how many
 * there ever were.
 *
 * One owner; the directory is locked by whoever owns the state (main.c).
 */
#ifndef TOOLS_RELAY_QUEUE_H
#define TOOLS_RELAY_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct queue;

enum { QUEUE_BODY_MAX = 1 << 20 };	/* bytes of one delivery */

/* Makes the directory when it is missing. */
int queue_open(const char *dir, size_t max, struct queue **, struct err *)
    ERR_MUST_CHECK;
void queue_close(struct queue *);

int queue_put(struct queue *, uint64_t key, const char *body, size_t n,
    struct err *) ERR_MUST_CHECK;
size_t queue_len(const struct queue *);
/* The oldest; false when nothing waits. */
bool queue_first(const struct queue *, uint64_t *key);
/* Appends its body. */
int queue_read(const struct queue *, uint64_t key, struct buf *, struct err *)
    ERR_MUST_CHECK;
/* It was delivered. */
int queue_drop(struct queue *, uint64_t key, struct err *) ERR_MUST_CHECK;
/* It never will be. */
int queue_bury(struct queue *, uint64_t key, struct err *) ERR_MUST_CHECK;
uint64_t queue_dead(const struct queue *);	/* ever buried */

#endif
