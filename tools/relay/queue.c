/* queue.c -- see queue.h. */
#include "tools/relay/queue.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"

enum { PATH_SIZE = 4096, KEY_DIGITS = 20 };

/* Keys in rising order. */
struct keys {
	uint64_t *items;
	size_t n, cap;
};

struct queue {
	char dir[PATH_SIZE - 64];
	size_t max;
	struct keys waiting, buried;
	uint64_t dead;
};

static void
path_of(const struct queue *q, const char *below, uint64_t key,
    char path[PATH_SIZE])
{
	(void)snprintf(path, PATH_SIZE, "%s%s/%0*" PRIu64, q->dir, below,
	    KEY_DIGITS, key);
}

/* ---- what is there ---- */

static size_t
place_of(const struct keys *k, uint64_t key)
{
	size_t low = 0, high = k->n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (k->items[mid] < key)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void
insert(struct keys *k, uint64_t key)
{
	size_t at = place_of(k, key);

	if (at < k->n && k->items[at] == key)
		return;
	if (k->n == k->cap) {
		k->cap = k->cap * 2 + 64;
		k->items = xrealloc(k->items, k->cap * sizeof(*k->items));
	}
	memmove(k->items + at + 1, k->items + at,
	    (k->n - at) * sizeof(*k->items));
	k->items[at] = key;
	k->n++;
}

static void
take_out(struct keys *k, uint64_t key)
{
	size_t at = place_of(k, key);

	if (at == k->n || k->items[at] != key)
		return;
	k->n--;
	memmove(k->items + at, k->items + at + 1,
	    (k->n - at) * sizeof(*k->items));
}

/* A name of ours, or what a crash left half written. */
static int
list(const char *dir, struct keys *k, struct err *e)
{
	DIR *d = opendir(dir);
	struct dirent *x;

	if (d == NULL)
		return err_set(e, ERR_UNAVAILABLE, "%.180s: %s", dir,
		    strerror(errno));
	while ((x = readdir(d)) != NULL)
		if (strspn(x->d_name, "0123456789") == KEY_DIGITS &&
		    x->d_name[KEY_DIGITS] == '\0')
			insert(k, strtoull(x->d_name, NULL, 10));
	(void)closedir(d);
	return 0;
}

/* ---- how many were buried ---- */

static void
count_path(const struct queue *q, char path[PATH_SIZE])
{
	(void)snprintf(path, PATH_SIZE, "%s/dead.count", q->dir);
}

static int
load_count(struct queue *q, struct err *e)
{
	struct buf b = buf_new(64);
	char path[PATH_SIZE];
	int rc;

	count_path(q, path);
	rc = file_get(path, &b, e);
	if (rc == 0 && b.len > 0)
		q->dead = strtoull(b.data, NULL, 10);
	buf_free(&b);
	return rc < 0 && e->code != ERR_NOT_FOUND ? -1 : 0;
}

static int
store_count(const struct queue *q, struct err *e)
{
	char path[PATH_SIZE], text[32];

	count_path(q, path);
	(void)snprintf(text, sizeof(text), "%" PRIu64 "\n", q->dead);
	return file_put(path, text, strlen(text), e);
}

/* ---- the life of a queue ---- */

int
queue_open(const char *dir, size_t max, struct queue **out, struct err *e)
{
	struct queue *q = xcalloc(1, sizeof(*q));
	char dead[PATH_SIZE];

	if ((size_t)snprintf(q->dir, sizeof(q->dir), "%s", dir) >=
	    sizeof(q->dir)) {
		free(q);
		return err_set(e, ERR_MALFORMED, "a path is too long");
	}
	q->max = max;
	(void)snprintf(dead, sizeof(dead), "%s/dead", q->dir);
	if (file_dir(q->dir, e) < 0 || file_dir(dead, e) < 0 ||
	    list(q->dir, &q->waiting, e) < 0 ||
	    list(dead, &q->buried, e) < 0 || load_count(q, e) < 0) {
		queue_close(q);
		return -1;
	}
	*out = q;
	return 0;
}

void
queue_close(struct queue *q)
{
	if (q == NULL)
		return;
	free(q->waiting.items);
	free(q->buried.items);
	free(q);
}

size_t
queue_len(const struct queue *q)
{
	return q->waiting.n;
}

uint64_t
queue_dead(const struct queue *q)
{
	return q->dead;
}

bool
queue_first(const struct queue *q, uint64_t *key)
{
	if (q->waiting.n == 0)
		return false;
	*key = q->waiting.items[0];
	return true;
}

int
queue_read(const struct queue *q, uint64_t key, struct buf *out,
    struct err *e)
{
	char path[PATH_SIZE];

	path_of(q, "", key, path);
	return file_get(path, out, e);
}

static int
unlink_one(const char *path, struct err *e)
{
	if (unlink(path) < 0 && errno != ENOENT)
		return err_set(e, ERR_UNAVAILABLE, "%.180s: %s", path,
		    strerror(errno));
	return 0;
}

int
queue_drop(struct queue *q, uint64_t key, struct err *e)
{
	char path[PATH_SIZE];

	path_of(q, "", key, path);
	if (unlink_one(path, e) < 0)
		return -1;
	take_out(&q->waiting, key);
	return 0;
}

int
queue_bury(struct queue *q, uint64_t key, struct err *e)
{
	char from[PATH_SIZE], to[PATH_SIZE];

	path_of(q, "", key, from);
	path_of(q, "/dead", key, to);
	if (rename(from, to) < 0)
		return err_set(e, ERR_UNAVAILABLE, "%.180s: %s", from,
		    strerror(errno));
	take_out(&q->waiting, key);
	insert(&q->buried, key);
	q->dead++;
	if (q->buried.n > q->max) {
		path_of(q, "/dead", q->buried.items[0], to);
		if (unlink_one(to, e) < 0)
			return -1;
		take_out(&q->buried, q->buried.items[0]);
	}
	return store_count(q, e);
}

int
queue_put(struct queue *q, uint64_t key, const char *body, size_t n,
    struct err *e)
{
	char path[PATH_SIZE];

	if (n > QUEUE_BODY_MAX)
		return err_set(e, ERR_TOO_LARGE, "a delivery of %zu bytes", n);
	path_of(q, "", key, path);
	if (file_put(path, body, n, e) < 0)
		return -1;
	insert(&q->waiting, key);
	return q->waiting.n > q->max ?
	    queue_bury(q, q->waiting.items[0], e) : 0;
}
