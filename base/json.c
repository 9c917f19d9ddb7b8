/* json.c -- see json.h. */
#include "base/json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"

enum {
	DEPTH_MAX = 32,
	FILE_MAX = 1024 * 1024,
	FIELD = sizeof(((struct err *)0)->field),
};

/* The depth of brackets outside strings, before a recursive parser sees it. */
static bool
too_deep(const char *bytes, size_t n)
{
	bool quoted = false;
	int depth = 0;

	for (size_t i = 0; i < n; i++) {
		char c = bytes[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '{' || c == '['))
			depth++;
		else if (!quoted && (c == '}' || c == ']'))
			depth--;
		if (depth > DEPTH_MAX)
			return true;
	}
	return false;
}

/*
 * In our own words: jansson's quote the input, and the input of a login is a
 * password (invariant 10).
 */
static const char *
reason(const json_error_t *error)
{
	/* Only these say more than "this is not JSON". */
	static const struct {
		enum json_error_code code;
		const char *words;
	} known[] = {
		{ json_error_invalid_utf8, "is not UTF-8" },
		{ json_error_premature_end_of_input, "ends too early" },
		{ json_error_end_of_input_expected,
		    "has something behind its end" },
		{ json_error_duplicate_key, "has a key twice" },
		{ json_error_numeric_overflow, "has a number out of range" },
		{ json_error_null_character, "has a NUL character" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (json_error_code(error) == known[i].code)
			return known[i].words;
	return "is not a JSON object or array";
}

int
json_read(const char *bytes, size_t n, size_t max, json_t **out,
    struct err *e)
{
	json_error_t error;
	json_t *value;

	if (n > max)
		return err_set(e, ERR_TOO_LARGE,
		    "the text has %zu bytes; at most %zu are read", n, max);
	if (too_deep(bytes, n))
		return err_set(e, ERR_MALFORMED,
		    "the text nests deeper than %d levels", DEPTH_MAX);
	value = json_loadb(bytes, n, JSON_REJECT_DUPLICATES, &error);
	if (value == NULL)
		return err_set(e, ERR_MALFORMED,
		    "the text %s (line %d, column %d)", reason(&error),
		    error.line, error.column);
	*out = value;
	return 0;
}

static int
slurp(FILE *f, const char *path, struct buf *b, struct err *e)
{
	char piece[4096];
	size_t n;

	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_put(b, piece, n);
	if (ferror(f))
		return err_set(e, ERR_UNAVAILABLE, "%s: cannot be read", path);
	if (b->full)
		return err_set(e, ERR_TOO_LARGE, "%s: larger than %d bytes",
		    path, FILE_MAX);
	return 0;
}

int
json_read_file(const char *path, json_t **out, struct err *e)
{
	struct buf b = buf_new(FILE_MAX);
	FILE *f = fopen(path, "re");
	int rc;

	if (f == NULL)
		return err_set(e, errno == ENOENT ? ERR_NOT_FOUND :
		    ERR_UNAVAILABLE, "%s: %s", path, strerror(errno));
	rc = slurp(f, path, &b, e);
	(void)fclose(f);
	if (rc == 0) {
		rc = json_read(b.len > 0 ? b.data : "", b.len, FILE_MAX, out,
		    e);
		if (rc < 0)
			(void)err_wrap(e, "%s", path);
	}
	buf_free(&b);
	return rc;
}

/* jansson gives NULL when there is no memory: as in arena.h, that aborts. */
static void *
must(void *p)
{
	if (p == NULL) {
		(void)fputs("out of memory\n", stderr);
		abort();
	}
	return p;
}

char *
json_text(const json_t *value)
{
	return must(json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY));
}

char *
json_canonical(const json_t *value)
{
	return must(json_dumps(value,
	    JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS));
}

void
json_put(json_t *object, const char *key, json_t *value)
{
	int rc = key != NULL ?
	    json_object_set_new(object, key, must(value)) :
	    json_array_append_new(object, must(value));

	if (rc < 0)
		(void)must(NULL);
}

/* What is not UTF-8 (a label from hardware) is shown with question marks. */
static json_t *
patched(const char *s)
{
	char *copy = xstrdup(s);
	json_t *value;

	for (char *c = copy; *c != '\0'; c++)
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	value = must(json_string(copy));
	free(copy);
	return value;
}

json_t *
json_str(const char *s)
{
	json_t *value;

	if (s == NULL)
		return json_null();
	value = json_string(s);
	return value != NULL ? value : patched(s);
}

json_t *
json_int(int64_t n)
{
	return must(json_integer(n));
}

json_t *
json_time(int64_t wall_ms)
{
	char text[TIME_TEXT];

	return wall_ms == 0 ? json_null() : json_str(time_text(wall_ms, text));
}

/* `at` + "/" + key as RFC 6901 writes it; cuts at the end. */
static const char *
pointer(const char *at, const char *key, char field[FIELD])
{
	size_t n = (size_t)snprintf(field, FIELD, "%s/", at);

	for (; *key != '\0' && n + 2 < FIELD; key++) {
		if (*key == '~' || *key == '/') {
			field[n++] = '~';
			field[n++] = *key == '~' ? '0' : '1';
		} else
			field[n++] = *key;
		field[n] = '\0';
	}
	return field;
}

static int
refuse(const char *at, const char *key, const char *what, struct err *e)
{
	char field[FIELD];

	return err_rule(e, ERR_MALFORMED, NULL, pointer(at, key, field),
	    "%s %s", key, what);
}

/* 1 with *value, 0 when it may be and is absent, -1 when it is missing. */
static int
member(const json_t *object, const char *at, const char *key,
    bool missing_ok, json_t **value, struct err *e)
{
	*value = json_object_get(object, key);
	if (*value != NULL)
		return 1;
	return missing_ok ? 0 : refuse(at, key, "is missing", e);
}

int
json_get_int(const json_t *object, const char *at, const char *key,
    bool missing_ok, int64_t min, int64_t max, int64_t *out, struct err *e)
{
	char what[96];
	json_t *value;
	int rc = member(object, at, key, missing_ok, &value, e);

	if (rc <= 0)
		return rc;
	if (!json_is_integer(value) || json_integer_value(value) < min ||
	    json_integer_value(value) > max) {
		(void)snprintf(what, sizeof(what),
		    "must be a whole number from %lld to %lld",
		    (long long)min, (long long)max);
		return refuse(at, key, what, e);
	}
	*out = json_integer_value(value);
	return 0;
}

int
json_get_bool(const json_t *object, const char *at, const char *key,
    bool missing_ok, bool *out, struct err *e)
{
	json_t *value;
	int rc = member(object, at, key, missing_ok, &value, e);

	if (rc <= 0)
		return rc;
	if (!json_is_boolean(value))
		return refuse(at, key, "must be true or false", e);
	*out = json_is_true(value);
	return 0;
}

/* Characters of a UTF-8 text; -1 when one of them is a control character. */
static int64_t
characters(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	int64_t n = 0;

	for (; *s != '\0'; s++) {
		if (*s < 0x20 || *s == 0x7f ||
		    (*s == 0xc2 && s[1] < 0xa0))
			return -1;
		if ((*s & 0xc0) != 0x80)
			n++;
	}
	return n;
}

int
json_get_str(const json_t *object, const char *at, const char *key,
    bool missing_ok, size_t max_len, const char **out, struct err *e)
{
	char what[96];
	json_t *value;
	int64_t len;
	int rc = member(object, at, key, missing_ok, &value, e);

	if (rc <= 0)
		return rc;
	if (!json_is_string(value))
		return refuse(at, key, "must be a text", e);
	len = characters(json_string_value(value));
	if (len < 0)
		return refuse(at, key, "holds a control character", e);
	if ((uint64_t)len > max_len) {
		(void)snprintf(what, sizeof(what),
		    "has %lld characters; at most %zu are allowed",
		    (long long)len, max_len);
		return refuse(at, key, what, e);
	}
	*out = json_string_value(value);
	return 0;
}

static bool
in_list(const char *key, const char *const *keys)
{
	for (; *keys != NULL; keys++)
		if (strcmp(key, *keys) == 0)
			return true;
	return false;
}

static int
unknown_key(const char *at, const char *key, const char *const *keys,
    struct err *e)
{
	char what[sizeof(e->msg)];
	size_t n;

	n = (size_t)snprintf(what, sizeof(what), "is not known here; known: ");
	for (; *keys != NULL && n < sizeof(what); keys++)
		n += (size_t)snprintf(what + n, sizeof(what) - n, "%s%s", *keys,
		    keys[1] != NULL ? ", " : "");
	return refuse(at, key, what, e);
}

int
json_only(const json_t *object, const char *at, const char *const *keys,
    struct err *e)
{
	/* Walking needs a non-const object, though it changes nothing. */
	union {
		const json_t *in;
		json_t *out;
	} o = { .in = object };
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return err_rule(e, ERR_MALFORMED, NULL, at,
		    "must be an object");
	json_object_foreach (o.out, key, value)
		if (!in_list(key, keys))
			return unknown_key(at, key, keys, e);
	return 0;
}
