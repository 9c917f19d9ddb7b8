/*
 * target.c -- see target.h.
 */
#include "appliance/http/target.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/ids.h"

/* Length of the character at s by its first byte, 0 when it cannot be one. */
static size_t
utf8_length(unsigned char c)
{
	if (c < 0x80)
		return 1;
	if (c >= 0xc2 && c <= 0xdf)
		return 2;
	if (c >= 0xe0 && c <= 0xef)
		return 3;
	return c >= 0xf0 && c <= 0xf4 ? 4 : 0;
}

static bool
utf8_valid(const char *text, size_t size)
{
	const unsigned char *s = (const unsigned char *)text;

	for (size_t i = 0, n; i < size; i += n) {
		n = utf8_length(s[i]);
		if (n == 0 || i + n > size)
			return false;
		for (size_t k = 1; k < n; k++)
			if ((s[i + k] & 0xc0) != 0x80)
				return false;
		/* Overlong forms, surrogates, beyond U+10FFFF. */
		if ((s[i] == 0xe0 && s[i + 1] < 0xa0) ||
		    (s[i] == 0xed && s[i + 1] > 0x9f) ||
		    (s[i] == 0xf0 && s[i + 1] < 0x90) ||
		    (s[i] == 0xf4 && s[i + 1] > 0x8f))
			return false;
	}
	return true;
}

/* Decodes n bytes; `slash` tells whether %2F may stand there. */
static int
decode(const char *raw, size_t n, bool slash, char *out, size_t *len,
    struct err *e)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		int c = (unsigned char)raw[i];

		if (c == '%') {
			int hi = i + 2 < n ? hex_digit(raw[i + 1]) : -1;

			if (hi < 0 || hex_digit(raw[i + 2]) < 0)
				return err_set(e, ERR_MALFORMED,
				    "the address holds a %% without two "
				    "hexadecimal digits");
			c = hi * 16 + hex_digit(raw[i + 2]);
			i += 2;
			if (c == '/' && !slash)
				return err_set(e, ERR_MALFORMED,
				    "the address holds %%2F");
		}
		if (c < 0x20 || c == 0x7f)
			return err_set(e, ERR_MALFORMED,
			    "the address holds a control character");
		out[k++] = (char)c;
	}
	out[k] = '\0';
	*len = k;
	if (!utf8_valid(out, k))
		return err_set(e, ERR_MALFORMED, "the address is not UTF-8");
	return 0;
}

static bool
is_dots(const char *s, size_t n)
{
	return (n == 1 && s[0] == '.') || (n == 2 && s[0] == '.' && s[1] == '.');
}

int
target_path(struct arena *a, const char *raw, char **out, struct err *e)
{
	size_t size = strlen(raw), at = 0;
	char *path;

	if (raw[0] != '/')
		return err_set(e, ERR_MALFORMED,
		    "the address must be a path that begins with /");
	if (size > TARGET_MAX)
		return err_set(e, ERR_MALFORMED, "the path is longer than %d",
		    TARGET_MAX);
	path = arena_alloc(a, size + 1);
	for (const char *s = raw; *s == '/';) {
		size_t n = strcspn(s + 1, "/"), len;

		path[at++] = '/';
		if (decode(s + 1, n, false, path + at, &len, e) < 0)
			return -1;
		if (is_dots(path + at, len))
			return err_set(e, ERR_MALFORMED,
			    "the path holds a dot segment");
		if (len == 0 && s[1] == '/')
			return err_set(e, ERR_MALFORMED,
			    "the path holds an empty segment");
		at += len;
		s += 1 + n;
	}
	*out = path;
	return 0;
}

int
target_value(struct arena *a, const char *raw, char **out, struct err *e)
{
	size_t size = strlen(raw), len;

	if (size > TARGET_VALUE)
		return err_set(e, ERR_MALFORMED,
		    "a part of the query is longer than %d", TARGET_VALUE);
	*out = arena_alloc(a, size + 1);
	return decode(raw, size, true, *out, &len, e);
}
