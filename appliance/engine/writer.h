/*
 * writer.h -- one thread writes, for everybody, in one transaction at a time.
 *
 * Whoever wants something written hands in an entry.  A turn drains the queue:
 * BEGIN, each entry inside a savepoint of its own, COMMIT (one fsync for all),
 * then every entry is answered.  An entry that fails is undone alone.  When
 * SQLite itself ends the transaction, every member of the group is answered
 * ERR_UNAVAILABLE: not done.
 *
 * writer_turn() uses no clock and no thread of its own; the shell around it
 * waits on writer_wait().  Submitting is safe from any thread.
 */
#ifndef ENGINE_WRITER_H
#define ENGINE_WRITER_H

#include "profiles/store.h"

struct writer;

struct writer_entry {
	/* Inside the savepoint, on the writer's thread. */
	int (*run)(struct writer_entry *, struct store *, int64_t wall_ms,
	    struct err *);
	/* After the commit, on the writer's thread; must not block.  The entry
	 * belongs to its maker again. */
	void (*done)(struct writer_entry *);
	void *cookie;
	int result;			/* of run, or -1 when not committed */
	struct err err;
	struct writer_entry *next;	/* the queue's */
};

enum { WRITER_GROUP = 256 };		/* entries of one transaction at most */

struct writer *writer_new(void);
/* What is still queued is answered: not done.  After the writer's thread. */
void writer_free(struct writer *);
/* False after writer_stop(): the entry was not taken. */
bool writer_submit(struct writer *, struct writer_entry *);
/* Waits until there is something to do; false when stopped and empty. */
bool writer_wait(struct writer *);
void writer_stop(struct writer *);
/* Answers how many entries were handled. */
size_t writer_turn(int64_t wall_ms, struct store *, struct writer *);
/* Called once after each commit that held at least one entry. */
void writer_on_commit(struct writer *, void (*fn)(void *), void *cookie);

#endif
