/*
 * readers.c -- see readers.h.
 */
#include "appliance/http/readers.h"

#include <stdlib.h>

struct readers {
	pthread_key_t key;
	char *path;
};

static void
close_mine(void *store)
{
	store_close(store);
}

int
readers_open(const char *db_path, struct readers **out, struct err *e)
{
	struct readers *r = xcalloc(1, sizeof(*r));

	if (pthread_key_create(&r->key, close_mine) != 0) {
		free(r);
		return err_set(e, ERR_UNAVAILABLE, "no key for the readers");
	}
	r->path = xstrdup(db_path);
	*out = r;
	return 0;
}

void
readers_close(struct readers *r)
{
	(void)pthread_key_delete(r->key);
	free(r->path);
	free(r);
}

int
readers_begin(struct readers *r, struct store **out, struct err *e)
{
	struct store *s = pthread_getspecific(r->key);

	if (s == NULL) {
		if (store_open_reader(r->path, &s, e) < 0)
			return -1;
		(void)pthread_setspecific(r->key, s);
	}
	if (store_read_begin(s, e) < 0)
		return -1;
	*out = s;
	return 0;
}

void
readers_end(struct store *s)
{
	store_read_end(s);
}
