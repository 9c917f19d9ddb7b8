/* lists.c -- see lists.h. */
#include "appliance/service/lists.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/service/service_int.h"

enum { KEY_MAX = 160 };

struct name {
	char key[KEY_MAX];	/* "/functions limit=4:1024" */
	struct store_moment moment;
	int64_t view;
	enum view_state state;
};

struct entry {
	struct name name;
	char *bytes;
	size_t n;
	uint64_t used;
};

struct lists {
	pthread_mutex_t lock;
	struct entry entries[LISTS_MAX];
	size_t n, bytes;
	uint64_t clock;		/* +1 with every use */
};

struct lists *
lists_new(void)
{
	struct lists *l = xcalloc(1, sizeof(*l));

	pthread_mutex_init(&l->lock, NULL);
	return l;
}

void
lists_free(struct lists *l)
{
	if (l == NULL)
		return;
	for (size_t i = 0; i < l->n; i++)
		free(l->entries[i].bytes);
	pthread_mutex_destroy(&l->lock);
	free(l);
}

/* ---- names ---- */

/* With their lengths, so that no value can look like two. */
static bool
name_of(const struct call *c, struct name *name)
{
	const struct request *r = c->request;
	size_t n;

	n = (size_t)snprintf(name->key, KEY_MAX, "%s", r->path);
	for (size_t i = 0; i < r->n_query && n < KEY_MAX; i++)
		n += (size_t)snprintf(name->key + n, KEY_MAX - n, " %s=%zu:%s",
		    r->query[i].name, strlen(r->query[i].value),
		    r->query[i].value);
	name->view = c->view->number;
	name->state = c->view->state;
	return n < KEY_MAX && store_moment(c->store, &name->moment);
}

static bool
same_name(const struct name *a, const struct name *b)
{
	return a->moment.handle == b->moment.handle &&
	    a->moment.version == b->moment.version && a->view == b->view &&
	    a->state == b->state && strcmp(a->key, b->key) == 0;
}

/* ---- entries, under the lock ---- */

static void
drop(struct lists *l, size_t i)
{
	l->bytes -= l->entries[i].n;
	free(l->entries[i].bytes);
	l->entries[i].bytes = NULL;
	l->entries[i] = l->entries[--l->n];
}

/* What this handle was told of the same list before is never asked again. */
static void
drop_former(struct lists *l, const struct name *name)
{
	for (size_t i = l->n; i-- > 0;) {
		const struct name *old = &l->entries[i].name;

		if (old->moment.handle == name->moment.handle &&
		    strcmp(old->key, name->key) == 0)
			drop(l, i);
	}
}

static void
drop_oldest(struct lists *l)
{
	size_t oldest = 0;

	for (size_t i = 1; i < l->n; i++)
		if (l->entries[i].used < l->entries[oldest].used)
			oldest = i;
	drop(l, oldest);
}

static void
put(struct lists *l, const struct name *name, const struct buf *b)
{
	struct entry *at;

	drop_former(l, name);
	while (l->n == LISTS_MAX || l->bytes + b->len > LISTS_BYTES)
		drop_oldest(l);
	at = &l->entries[l->n++];
	at->name = *name;
	at->bytes = xmalloc(b->len);
	memcpy(at->bytes, b->data, b->len);
	at->n = b->len;
	at->used = ++l->clock;
	l->bytes += b->len;
}

/* ---- calls ---- */

bool
lists_give(struct call *c)
{
	struct lists *l = c->service->lists;
	struct buf *body = &c->answer->body;
	struct name name;
	size_t i = 0;
	bool found;

	if (!name_of(c, &name))
		return false;
	pthread_mutex_lock(&l->lock);
	while (i < l->n && !same_name(&l->entries[i].name, &name))
		i++;
	found = i < l->n;
	if (found) {
		buf_free(body);
		*body = buf_new(LISTS_BYTES);
		buf_put(body, l->entries[i].bytes, l->entries[i].n);
		l->entries[i].used = ++l->clock;
	}
	pthread_mutex_unlock(&l->lock);
	if (!found)
		return false;
	c->answer->status = 200;
	c->answer->content_type = "application/json";
	return true;
}

void
lists_keep(struct call *c)
{
	struct lists *l = c->service->lists;
	const struct buf *b = &c->answer->body;
	struct name name;

	if (c->answer->status != 200 || c->answer->headers[0] != '\0' ||
	    b->full || b->len == 0 || b->len > LISTS_BYTES ||
	    !name_of(c, &name))
		return;
	pthread_mutex_lock(&l->lock);
	put(l, &name, b);
	pthread_mutex_unlock(&l->lock);
}
