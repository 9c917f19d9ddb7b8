/*
 * request.h -- what handlers ask of a request beyond its parts.
 *
 * Everything is checked here once: unknown parameters, numbers out of range,
 * bodies where none is taken.  Errors are ERR_MALFORMED and name the parameter.
 */
#ifndef SERVICE_REQUEST_H
#define SERVICE_REQUEST_H

#include "appliance/service/route.h"

/* Refuses parameters that the row does not know, and any given twice. */
int request_check(const struct route *, const struct request *, struct err *)
    ERR_MUST_CHECK;
/* The body as JSON, {} when there is none; the caller owns it. */
int request_body(const struct route *, const struct request *, json_t **,
    struct err *) ERR_MUST_CHECK;

/* For what takes no members: refuses a body that has one. */
int request_nothing(const struct request *, struct err *) ERR_MUST_CHECK;

enum { PAGE_DEFAULT = 1024, PAGE_MAX = 4096 };
/* ?limit=1..4096. */
int request_limit(const struct request *, size_t *limit, struct err *)
    ERR_MUST_CHECK;
/* A whole number in a parameter; *out is left alone when it is absent. */
int request_int(const struct request *, const char *name, int64_t min,
    int64_t max, int64_t *out, struct err *) ERR_MUST_CHECK;
bool request_dry_run(const struct request *);
/* ?confirm=A,B names that code. */
bool request_confirms(const struct request *, const char *code);

/* True when a list of entity tags (If-Match, If-None-Match) names this one, or
 * is "*".  `weak`: a W/ before it does not count. */
bool request_etag_listed(const char *list, const char *etag, bool weak);

/* A whole number as people write it, no sign, no blank. */
bool request_number(const char *text, int64_t max, int64_t *out);

#endif
