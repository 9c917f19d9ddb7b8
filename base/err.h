/*
 * err.h -- how a function says why it failed.
 *
 *   - whoever detects the failure calls err_set() and returns its -1;
 *   - whoever passes it on may call err_wrap() to say what it was trying to do;
 *   - whoever drops it logs it, once.  No one else logs it.
 *
 * The struct is a value: it lives on the caller's stack, owns nothing, needs no
 * freeing, and is written only on failure.  A function that takes a
 * `struct err *` never takes NULL for it, returns 0 or more on success and -1
 * on failure, and writes its outputs only on success.
 *
 * The codes stand in err.def: one row gives the slug, the HTTP status, the exit
 * status of the CLI and the words of the documentation.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum err_code {
#define ERR(name, slug, http, exit, words) ERR_##name,
#include "base/err.def"
#undef ERR
	ERR_N_CODES
};

struct err {
	enum err_code code;
	char rule[32];		/* code of the broken rule ("VlanRange"), or "" */
	char field[64];		/* JSON pointer or XPath of the place, or "" */
	char msg[256];		/* outermost context first; no final stop */
};

#define ERR_MUST_CHECK __attribute__((warn_unused_result))

/* Fills *e (rule and field empty) and returns -1. */
int err_set(struct err *e, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for a broken rule at a place; `rule` and `field` may be NULL. */
int err_rule(struct err *e, enum err_code code, const char *rule,
    const char *field, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* Puts "context: " before the message and returns -1.  Cuts at the end. */
int err_wrap(struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#if defined(__clang_analyzer__) && !defined(ERR_DEFINES)
/* The analyzer sees one file at a time; this tells it what they return. */
#define err_set(...) (err_set(__VA_ARGS__), -1)
#define err_rule(...) (err_rule(__VA_ARGS__), -1)
#define err_wrap(...) (err_wrap(__VA_ARGS__), -1)
#endif

/* The row of a code.  `code` < ERR_N_CODES. */
const char *err_slug(enum err_code code);
int err_http(enum err_code code);
int err_exit(enum err_code code);
const char *err_words(enum err_code code);

#endif
