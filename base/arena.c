/* arena.c -- see arena.h.  A chain of blocks; the newest is filled first. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BLOCK_SIZE = 16384,
	ALIGN = alignof(max_align_t),
};

struct block {
	struct block *older;
	size_t used, size;	/* bytes of data[] */
	alignas(max_align_t) char data[];
};

struct arena {
	struct block *newest;
	struct block *first;
};

static void
out_of_memory(void)
{
	(void)fputs("out of memory\n", stderr);
	abort();
}

static size_t
times(size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		out_of_memory();
	return n * size;
}

static struct block *
block_new(size_t size)
{
	struct block *b;

	if (size > SIZE_MAX - sizeof(*b))
		out_of_memory();
	b = xmalloc(sizeof(*b) + size);
	b->older = NULL;
	b->used = 0;
	b->size = size;
	return b;
}

struct arena *
arena_new(void)
{
	struct arena *a = xmalloc(sizeof(*a));

	a->first = a->newest = block_new(BLOCK_SIZE);
	return a;
}

static void
free_younger(struct arena *a)
{
	while (a->newest != a->first) {
		struct block *b = a->newest;

		a->newest = b->older;
		free(b);
	}
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	free_younger(a);
	free(a->first);
	free(a);
}

void
arena_reset(struct arena *a)
{
	free_younger(a);
	a->first->used = 0;
}

/* What is too large for a usual block gets one of its own, behind the newest: what
 * is left there is not lost. */
static struct block *
add_block(struct arena *a, size_t size)
{
	struct block *b = block_new(size > BLOCK_SIZE ? size : BLOCK_SIZE);

	if (size > BLOCK_SIZE && a->newest != a->first) {
		b->older = a->newest->older;
		a->newest->older = b;
	} else {
		b->older = a->newest;
		a->newest = b;
	}
	return b;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	struct block *b = a->newest;
	void *p;

	if (size > SIZE_MAX / 2)
		out_of_memory();
	size = (size + ALIGN - 1) / ALIGN * ALIGN;
	if (size == 0)
		size = ALIGN;
	if (size > b->size - b->used)
		b = add_block(a, size);
	p = b->data + b->used;
	b->used += size;
	return memset(p, 0, size);
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	return arena_alloc(a, times(n, size));
}

void *
arena_copy(struct arena *a, const void *bytes, size_t n)
{
	void *p = arena_alloc(a, n);

	if (n > 0)
		memcpy(p, bytes, n);
	return p;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return arena_copy(a, s, strlen(s) + 1);
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		out_of_memory();
	text = arena_alloc(a, (size_t)n + 1);
	va_start(ap, fmt);
	(void)vsnprintf(text, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return text;
}

void *
arena_grow(struct arena *a, void *items, size_t n, size_t *cap, size_t size)
{
	size_t wanted;
	void *moved;

	if (n < *cap)
		return items;
	wanted = n < 8 ? 8 : times(n, 2);
	moved = arena_array(a, wanted, size);
	if (n > 0)
		memcpy(moved, items, n * size);
	*cap = wanted;
	return moved;
}

void *
xmalloc(size_t size)
{
	void *p = malloc(size != 0 ? size : 1);

	if (p == NULL)
		out_of_memory();
	return p;
}

void *
xcalloc(size_t n, size_t size)
{
	size_t bytes = times(n, size);

	return memset(xmalloc(bytes), 0, bytes);
}

void *
xrealloc(void *p, size_t size)
{
	void *moved = realloc(p, size != 0 ? size : 1);

	if (moved == NULL)
		out_of_memory();
	return moved;
}

char *
xstrdup(const char *s)
{
	size_t size = strlen(s) + 1;

	return memcpy(xmalloc(size), s, size);
}
