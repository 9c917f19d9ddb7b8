/*
 * json.h -- jansson's door.
 *
 * Everyone above speaks JSON through jansson's own values, which arrive and
 * leave here: strict (no duplicate keys, no trailing bytes), bounded before
 * parsing, and with the place of an error.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * Parses n bytes as one JSON object or array of at most `max` bytes and 32
 * levels.  On failure ERR_MALFORMED (or ERR_TOO_LARGE) with line and column.
 * The caller owns *out (json_decref).
 */
int json_read(const char *bytes, size_t n, size_t max, json_t **out,
    struct err *) ERR_MUST_CHECK;

/* A file of ours (chassis, model, capability): as json_read, 1 MiB at most. */
int json_read_file(const char *path, json_t **out, struct err *) ERR_MUST_CHECK;

/* Compact text, keys in insertion order; the caller free()s it. */
char *json_text(const json_t *);
/* With sorted keys: equal values give equal bytes. */
char *json_canonical(const json_t *);

/* Sets key, consuming the value; `key` NULL appends to an array. */
void json_put(json_t *object, const char *key, json_t *value);
json_t *json_str(const char *s);		/* NULL gives null */
json_t *json_int(int64_t n);
json_t *json_time(int64_t wall_ms);		/* 0 gives null */

/*
 * Readers that validate.  `key` must be present unless `missing_ok`; then *out
 * is untouched when it is absent.  err->field gets `at` + "/" + key.
 */
int json_get_int(const json_t *object, const char *at, const char *key,
    bool missing_ok, int64_t min, int64_t max, int64_t *out, struct err *)
    ERR_MUST_CHECK;
int json_get_bool(const json_t *object, const char *at, const char *key,
    bool missing_ok, bool *out, struct err *) ERR_MUST_CHECK;
/* At most max_len characters, no control characters; a loan from the object. */
int json_get_str(const json_t *object, const char *at, const char *key,
    bool missing_ok, size_t max_len, const char **out, struct err *)
    ERR_MUST_CHECK;
/* Fails with ERR_MALFORMED at the first key that is not in the list (ends with
 * NULL); the message names the keys that are known. */
int json_only(const json_t *object, const char *at, const char *const *keys,
    struct err *) ERR_MUST_CHECK;

#endif
