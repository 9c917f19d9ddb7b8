/* memory.c -- see memory.h. */
#include "appliance/service/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct memory {
	pthread_mutex_t lock;
	struct stored_plan plans[MEMORY_PLANS];
	char *changes[MEMORY_PLANS], *bodies[MEMORY_PLANS];
	size_t next;
};

struct memory *
memory_new(void)
{
	struct memory *m = xcalloc(1, sizeof(*m));

	pthread_mutex_init(&m->lock, NULL);
	return m;
}

void
memory_free(struct memory *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < MEMORY_PLANS; i++) {
		free(m->changes[i]);
		free(m->bodies[i]);
	}
	pthread_mutex_destroy(&m->lock);
	free(m);
}

void
memory_put(struct memory *m, const struct stored_plan *p)
{
	size_t i;

	pthread_mutex_lock(&m->lock);
	i = m->next;
	m->next = (i + 1) % MEMORY_PLANS;
	free(m->changes[i]);
	free(m->bodies[i]);
	m->changes[i] = xstrdup(p->changes);
	m->bodies[i] = xstrdup(p->body);
	m->plans[i] = *p;
	m->plans[i].changes = m->changes[i];
	m->plans[i].body = m->bodies[i];
	pthread_mutex_unlock(&m->lock);
}

bool
memory_get(struct memory *m, struct arena *a, const char *id,
    struct stored_plan **out)
{
	struct stored_plan *p = NULL;

	pthread_mutex_lock(&m->lock);
	for (size_t i = 0; i < MEMORY_PLANS; i++) {
		if (m->changes[i] == NULL || strcmp(m->plans[i].id, id) != 0)
			continue;
		p = arena_copy(a, &m->plans[i], sizeof(*p));
		p->changes = arena_strdup(a, m->plans[i].changes);
		p->body = arena_strdup(a, m->plans[i].body);
		break;
	}
	pthread_mutex_unlock(&m->lock);
	*out = p;
	return p != NULL;
}
