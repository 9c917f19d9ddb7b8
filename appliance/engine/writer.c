/*
 * writer.c -- see writer.h.
 *
 * The queue is a list behind a mutex; a turn takes it off whole, so submitters
 * never wait for a commit.
 */
#include "appliance/engine/writer.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"

struct writer {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	struct writer_entry *first, **last;
	bool stopped;
	void (*on_commit)(void *);
	void *cookie;
};

struct writer *
writer_new(void)
{
	struct writer *w = xcalloc(1, sizeof(*w));

	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->filled, NULL);
	w->last = &w->first;
	return w;
}

bool
writer_submit(struct writer *w, struct writer_entry *entry)
{
	bool taken;

	entry->next = NULL;
	entry->result = -1;
	entry->err = (struct err){ .code = ERR_NONE };
	pthread_mutex_lock(&w->lock);
	taken = !w->stopped;
	if (taken) {
		*w->last = entry;
		w->last = &entry->next;
		pthread_cond_signal(&w->filled);
	}
	pthread_mutex_unlock(&w->lock);
	return taken;
}

bool
writer_wait(struct writer *w)
{
	bool more;

	pthread_mutex_lock(&w->lock);
	while (w->first == NULL && !w->stopped)
		pthread_cond_wait(&w->filled, &w->lock);
	more = w->first != NULL;
	pthread_mutex_unlock(&w->lock);
	return more;
}

void
writer_stop(struct writer *w)
{
	pthread_mutex_lock(&w->lock);
	w->stopped = true;
	pthread_cond_broadcast(&w->filled);
	pthread_mutex_unlock(&w->lock);
}

void
writer_on_commit(struct writer *w, void (*fn)(void *), void *cookie)
{
	w->on_commit = fn;
	w->cookie = cookie;
}

/* Takes up to WRITER_GROUP entries off the queue. */
static struct writer_entry *
take(struct writer *w)
{
	struct writer_entry *group, *entry;
	size_t n = 1;

	pthread_mutex_lock(&w->lock);
	group = entry = w->first;
	while (entry != NULL && entry->next != NULL && n < WRITER_GROUP) {
		entry = entry->next;
		n++;
	}
	if (entry != NULL) {
		w->first = entry->next;
		entry->next = NULL;
	}
	if (w->first == NULL)
		w->last = &w->first;
	pthread_mutex_unlock(&w->lock);
	return group;
}

/* One entry in its savepoint; -1 only when the transaction itself is gone. */
static int
run(struct writer_entry *entry, struct store *store, int64_t wall_ms)
{
	struct err e;

	if (store_save(store, &entry->err) < 0)
		return store_in_transaction(store) ? 0 : -1;
	entry->result = entry->run(entry, store, wall_ms, &entry->err);
	if (!store_in_transaction(store))
		return -1;
	if (entry->result < 0) {
		store_undo(store);
	} else if (store_release(store, &e) < 0) {
		entry->result = -1;
		entry->err = e;
	}
	return store_in_transaction(store) ? 0 : -1;
}

/* Nobody's work was kept. */
static void
fail_all(struct writer_entry *group, const struct err *e)
{
	for (; group != NULL; group = group->next) {
		group->result = -1;
		group->err = *e;
		group->err.code = ERR_UNAVAILABLE;
	}
}

static int
run_all(struct writer_entry *group, struct store *store, int64_t wall_ms,
    struct err *e)
{
	if (store_begin(store, e) < 0)
		return -1;
	for (struct writer_entry *x = group; x != NULL; x = x->next)
		if (run(x, store, wall_ms) < 0) {
			store_rollback(store);
			return err_set(e, ERR_UNAVAILABLE, "the store ended "
			    "the transaction");
		}
	if (store_commit(store, e) < 0) {
		store_rollback(store);
		return -1;
	}
	return 0;
}

size_t
writer_turn(int64_t wall_ms, struct store *store, struct writer *w)
{
	struct writer_entry *group = take(w), *next;
	struct err e;
	size_t n = 0;

	if (group == NULL)
		return 0;
	if (run_all(group, store, wall_ms, &e) < 0)
		fail_all(group, &e);
	else if (w->on_commit != NULL)
		w->on_commit(w->cookie);
	for (; group != NULL; group = next, n++) {
		next = group->next;
		group->done(group);
	}
	return n;
}

void
writer_free(struct writer *w)
{
	struct writer_entry *left, *next;
	struct err e;

	if (w == NULL)
		return;
	(void)err_set(&e, ERR_UNAVAILABLE, "polyrootd is ending");
	while ((left = take(w)) != NULL) {
		fail_all(left, &e);
		for (; left != NULL; left = next) {
			next = left->next;
			left->done(left);
		}
	}
	pthread_cond_destroy(&w->filled);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
