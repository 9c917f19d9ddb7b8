/*
 * token.h -- tokens of machines: who may ask without signing in.
 *
 * A token has a name, a role, an end, and may be for some operations only.  Of the
 * secret itself there is only the SHA-256: who loses it gets a new token.  It is
 * nobody's: it outlives the user who made it, and ends when it is removed or its
 * time is over.
 */
#ifndef PROFILES_TOKEN_H
#define PROFILES_TOKEN_H

#include "profiles/store.h"

struct token {
	char id[ID_TEXT], name[NAME_TEXT], role[24];
	char actor[NAME_TEXT];		/* who made it */
	char digest[65];		/* of the secret */
	const char *operations;		/* ",event follow,export make,"; "" all */
	int64_t created_ms, expires_ms;	/* wall clock */
	int64_t used_ms;		/* 0 never */
};

/* By rising name. */
int token_list(struct store *, struct arena *, const char *after, size_t limit,
    struct token **out, size_t *n, struct err *) ERR_MUST_CHECK;
/* By name or id; ERR_NOT_FOUND. */
int token_load(struct store *, struct arena *, const char *ref,
    struct token **, struct err *) ERR_MUST_CHECK;
/* ERR_NOT_FOUND, without the digest in its words. */
int token_find(struct store *, struct arena *, const char *digest,
    struct token **, struct err *) ERR_MUST_CHECK;
/* ERR_CONFLICT when the name is taken. */
int token_add(struct store *, const struct token *, struct err *)
    ERR_MUST_CHECK;
int token_used(struct store *, const char *digest, int64_t wall_ms,
    struct err *) ERR_MUST_CHECK;
int token_drop(struct store *, const char *id, struct err *) ERR_MUST_CHECK;

#endif
