/*
 * bell.c -- see bell.h.
 */
#include "appliance/http/bell.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"

struct bell {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	pthread_t thread;
	struct sleeper *first;
	uint64_t rings;			/* since the beginning */
	uint64_t told;			/* rings that were passed on */
	bool stop;
};

/* The lock is held. */
static void
wake(struct sleeper *s)
{
	if (!s->asleep)
		return;
	s->asleep = false;
	MHD_resume_connection(s->conn);
}

/* Wakes all, or those who were called or whose time has come; the next time, INT64_MAX none. */
static int64_t
wake_those(struct bell *b, bool all, int64_t now_ms)
{
	int64_t next = INT64_MAX;

	for (struct sleeper *s = b->first; s != NULL; s = s->next) {
		if (all || s->called || s->due_ms <= now_ms)
			wake(s);
		else if (s->asleep && s->due_ms < next)
			next = s->due_ms;
	}
	return next;
}

/* Until the monotonic time, or a signal. */
static void
wait_until(struct bell *b, int64_t at_ms)
{
	struct timespec at;

	if (at_ms == INT64_MAX) {
		(void)pthread_cond_wait(&b->cond, &b->lock);
		return;
	}
	at.tv_sec = (time_t)(at_ms / 1000);
	at.tv_nsec = (long)(at_ms % 1000) * 1000000;
	(void)pthread_cond_timedwait(&b->cond, &b->lock, &at);
}

static void *
bell_run(void *cookie)
{
	struct bell *b = cookie;
	int64_t next = INT64_MAX, gap_until = 0;

	(void)pthread_mutex_lock(&b->lock);
	while (!b->stop) {
		int64_t now = clock_now_ms();
		bool all = b->told != b->rings && now >= gap_until;

		if (all) {
			b->told = b->rings;
			gap_until = now + BELL_GAP_MS;
		}
		next = wake_those(b, all, now);
		if (b->told != b->rings && gap_until < next)
			next = gap_until;
		wait_until(b, next);
	}
	(void)wake_those(b, true, 0);
	(void)pthread_mutex_unlock(&b->lock);
	return NULL;
}

int
bell_open(struct bell **out, struct err *e)
{
	struct bell *b = xcalloc(1, sizeof(*b));
	pthread_condattr_t attr;

	(void)pthread_mutex_init(&b->lock, NULL);
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&b->cond, &attr);
	(void)pthread_condattr_destroy(&attr);
	if (pthread_create(&b->thread, NULL, bell_run, b) != 0) {
		free(b);
		return err_set(e, ERR_UNAVAILABLE, "no thread for the bell");
	}
	*out = b;
	return 0;
}

void
bell_stop(struct bell *b)
{
	(void)pthread_mutex_lock(&b->lock);
	b->stop = true;
	(void)pthread_cond_signal(&b->cond);
	(void)pthread_mutex_unlock(&b->lock);
	(void)pthread_join(b->thread, NULL);
}

void
bell_close(struct bell *b)
{
	(void)pthread_cond_destroy(&b->cond);
	(void)pthread_mutex_destroy(&b->lock);
	free(b);
}

void
bell_ring(struct bell *b)
{
	bell_ring_job(b, 0);
}

void
bell_ring_job(struct bell *b, int64_t job)
{
	(void)pthread_mutex_lock(&b->lock);
	b->rings++;
	for (struct sleeper *s = b->first; job != 0 && s != NULL; s = s->next)
		if (s->job == job)
			s->called = true;
	if (b->first != NULL)
		(void)pthread_cond_signal(&b->cond);
	(void)pthread_mutex_unlock(&b->lock);
}

bool
bell_stopped(struct bell *b)
{
	bool stop;

	(void)pthread_mutex_lock(&b->lock);
	stop = b->stop;
	(void)pthread_mutex_unlock(&b->lock);
	return stop;
}

void
bell_join(struct bell *b, struct sleeper *s, struct MHD_Connection *conn,
    int64_t job)
{
	memset(s, 0, sizeof(*s));
	s->conn = conn;
	s->job = job;
	(void)pthread_mutex_lock(&b->lock);
	s->heard = b->rings;
	s->next = b->first;
	if (b->first != NULL)
		b->first->prev = s;
	b->first = s;
	(void)pthread_mutex_unlock(&b->lock);
}

void
bell_leave(struct bell *b, struct sleeper *s)
{
	(void)pthread_mutex_lock(&b->lock);
	if (s->prev != NULL)
		s->prev->next = s->next;
	else
		b->first = s->next;
	if (s->next != NULL)
		s->next->prev = s->prev;
	(void)pthread_mutex_unlock(&b->lock);
}

void
bell_listen(struct bell *b, struct sleeper *s)
{
	(void)pthread_mutex_lock(&b->lock);
	s->heard = b->rings;
	s->called = false;
	(void)pthread_mutex_unlock(&b->lock);
}

bool
bell_sleep(struct bell *b, struct sleeper *s, int64_t due_ms, int64_t now_ms)
{
	bool sleeps;

	(void)pthread_mutex_lock(&b->lock);
	/* A ring that waits for its gap will wake us in a moment. */
	sleeps = !b->stop && due_ms > now_ms && !s->called &&
	    (s->heard == b->rings || b->told != b->rings);
	if (sleeps) {
		s->due_ms = due_ms;
		s->asleep = true;
		MHD_suspend_connection(s->conn);
		(void)pthread_cond_signal(&b->cond);
	}
	(void)pthread_mutex_unlock(&b->lock);
	return sleeps;
}

