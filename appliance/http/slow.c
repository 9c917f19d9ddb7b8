/*
 * slow.c -- see slow.h.
 */
#include "appliance/http/slow.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"

struct task {
	void (*fn)(void *);
	void *cookie;
};

struct slow {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	pthread_t thread;
	struct task tasks[SLOW_QUEUE];	/* a ring */
	unsigned first, n;
	bool stop;
};

/* False when there is nothing left and nothing will come. */
static bool
take(struct slow *s, struct task *t)
{
	bool got;

	(void)pthread_mutex_lock(&s->lock);
	while (s->n == 0 && !s->stop)
		(void)pthread_cond_wait(&s->cond, &s->lock);
	got = s->n > 0;
	if (got) {
		*t = s->tasks[s->first];
		s->first = (s->first + 1) % SLOW_QUEUE;
		s->n--;
	}
	(void)pthread_mutex_unlock(&s->lock);
	return got;
}

static void *
slow_run(void *cookie)
{
	struct task t;

	while (take(cookie, &t))
		t.fn(t.cookie);
	return NULL;
}

int
slow_open(struct slow **out, struct err *e)
{
	struct slow *s = xcalloc(1, sizeof(*s));

	(void)pthread_mutex_init(&s->lock, NULL);
	(void)pthread_cond_init(&s->cond, NULL);
	if (pthread_create(&s->thread, NULL, slow_run, s) != 0) {
		free(s);
		return err_set(e, ERR_UNAVAILABLE, "no thread for slow work");
	}
	*out = s;
	return 0;
}

void
slow_close(struct slow *s)
{
	(void)pthread_mutex_lock(&s->lock);
	s->stop = true;
	(void)pthread_cond_broadcast(&s->cond);
	(void)pthread_mutex_unlock(&s->lock);
	(void)pthread_join(s->thread, NULL);
	(void)pthread_cond_destroy(&s->cond);
	(void)pthread_mutex_destroy(&s->lock);
	free(s);
}

bool
slow_submit(struct slow *s, void (*fn)(void *), void *cookie)
{
	bool taken;

	(void)pthread_mutex_lock(&s->lock);
	taken = s->n < SLOW_QUEUE && !s->stop;
	if (taken) {
		s->tasks[(s->first + s->n) % SLOW_QUEUE] =
		    (struct task){ fn, cookie };
		s->n++;
		(void)pthread_cond_signal(&s->cond);
	}
	(void)pthread_mutex_unlock(&s->lock);
	return taken;
}
