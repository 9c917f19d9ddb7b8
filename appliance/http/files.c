/*
 * files.c -- see files.h.
 */
#include "appliance/http/files.h"

#include <string.h>

static const struct static_file *
exact(const struct static_file *table, size_t n, const char *path)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = strcmp(path, table[mid].path);

		if (c == 0)
			return &table[mid];
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

const struct static_file *
files_find(const struct static_file *table, size_t n, const char *path)
{
	const struct static_file *f = exact(table, n, path);
	const char *last = strrchr(path, '/');

	if (f != NULL || last == NULL ||
	    (last == path && strchr(last, '.') != NULL))
		return f;
	return exact(table, n, "/index.html");
}
