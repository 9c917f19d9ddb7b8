/*
 * arena.h -- memory that dies with its work.
 *
 * One request, engine turn or import has one arena.  What is built on the way
 * comes from it, and one arena_free() on the single exit ends it all.
 *
 * Out of memory aborts the process (docs/adr/0003): the crash path is tested,
 * and everything that comes from outside is bounded before it gets here.
 * Not thread-safe; an arena has one owner.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
/* Frees everything that came from it.  arena_free(NULL) does nothing. */
void arena_free(struct arena *);
/* Forgets everything, keeps the first block for reuse. */
void arena_reset(struct arena *);

/* `size` zeroed bytes, aligned for any type; never NULL. */
void *arena_alloc(struct arena *, size_t size);
/* Room for n objects of `size` bytes, zeroed; aborts on overflow. */
void *arena_array(struct arena *, size_t n, size_t size);
/* A copy of n bytes. */
void *arena_copy(struct arena *, const void *bytes, size_t n);
char *arena_strdup(struct arena *, const char *s);
char *arena_printf(struct arena *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Grows an array that lives in the arena: makes sure that *items (of `size`
 * bytes each, *cap of them reserved) has room for n + 1.  Items move.
 *
 *	ARENA_PUSH(a, list, n, cap) = value;
 */
void *arena_grow(struct arena *, void *items, size_t n, size_t *cap,
    size_t size);
#define ARENA_PUSH(a, items, n, cap) \
	(*((items) = arena_grow((a), (items), (n), &(cap), sizeof(*(items))), \
	    &(items)[(n)++]))

/* malloc family that aborts instead of returning NULL; freed with free(). */
void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);

#endif
