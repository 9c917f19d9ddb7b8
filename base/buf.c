/* buf.c -- see buf.h. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct buf
buf_new(size_t max)
{
	return (struct buf){ .max = max };
}

void
buf_free(struct buf *b)
{
	free(b->data);
	*b = buf_new(b->max);
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->full = false;
}

/* Makes room for n more bytes and the NUL; false when they pass the ceiling. */
static bool
reserve(struct buf *b, size_t n)
{
	size_t cap = b->cap != 0 ? b->cap : 64;

	if (b->full || n > b->max - b->len) {
		b->full = true;
		return false;
	}
	while (cap - b->len <= n)
		cap *= 2;
	if (cap != b->cap) {
		b->data = xrealloc(b->data, cap);
		b->cap = cap;
	}
	return true;
}

void
buf_put(struct buf *b, const void *bytes, size_t n)
{
	if (n == 0 || !reserve(b, n))
		return;
	memcpy(b->data + b->len, bytes, n);
	b->len += n;
	b->data[b->len] = '\0';
}

void
buf_str(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		b->full = true;
	if (n <= 0 || !reserve(b, (size_t)n))
		return;
	va_start(ap, fmt);
	(void)vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

char *
buf_take(struct buf *b, size_t *len)
{
	char *data = b->data;

	if (b->len == 0) {
		free(data);
		data = NULL;
	}
	if (len != NULL)
		*len = b->len;
	*b = buf_new(b->max);
	return data;
}
