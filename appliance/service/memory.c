/* memory.c -- see memory.h. */
#include "appliance/service/memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct memory {
	pthread_mutex_t lock;
	struct stored_plan plans[MEMORY_PLANS];
	char *changes[MEMORY_PLANS], *bodies[MEMORY_PLANS];
	size_t sizes[MEMORY_PLANS];	/* of both texts */
	size_t next;			/* where the oldest is, or none */
	size_t bytes;			/* of all */
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

static void
forget(struct memory *m, size_t i)
{
	free(m->changes[i]);
	free(m->bodies[i]);
	m->changes[i] = m->bodies[i] = NULL;
	m->bytes -= m->sizes[i];
	m->sizes[i] = 0;
}

/* The place of the next one, with room for it: the oldest stand behind it. */
static size_t
make_room(struct memory *m, size_t size)
{
	size_t i = m->next;

	m->next = (i + 1) % MEMORY_PLANS;
	forget(m, i);
	for (size_t k = 1; m->bytes + size > MEMORY_BYTES &&
	    k < MEMORY_PLANS; k++)
		forget(m, (i + k) % MEMORY_PLANS);
	return i;
}

void
memory_put(struct memory *m, const struct stored_plan *p)
{
	size_t i, size = strlen(p->changes) + strlen(p->body) + 2;

	pthread_mutex_lock(&m->lock);
	i = make_room(m, size);
	m->changes[i] = xstrdup(p->changes);
	m->bodies[i] = xstrdup(p->body);
	m->sizes[i] = size;
	m->bytes += size;
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
