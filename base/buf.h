/*
 * buf.h -- bytes that grow, up to a ceiling.
 *
 * Appending past the ceiling sets `full` and is otherwise ignored, so that the
 * writer checks once at the end.  data is NUL-terminated whenever len > 0.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data;
	size_t len, cap, max;	/* bytes */
	bool full;
};

/* An empty one; max in bytes. */
struct buf buf_new(size_t max);
void buf_free(struct buf *);
void buf_clear(struct buf *);
void buf_put(struct buf *, const void *bytes, size_t n);
void buf_str(struct buf *, const char *s);
void buf_printf(struct buf *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Hands the bytes over (free() them; NULL when empty) and leaves it empty. */
char *buf_take(struct buf *, size_t *len);

#endif
