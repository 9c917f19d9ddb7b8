/*
 * digest.h -- hashes and passwords (libsodium's door).
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { DIGEST_BYTES = 32, DIGEST_TEXT = 65 };

/* Must be called once before anything else in digest.h or random.h. */
void digest_init(void);

/* SHA-256 as 64 lower-case hexadecimal characters. */
char *digest_text(const void *bytes, size_t n, char text[DIGEST_TEXT]);

/* HMAC-SHA256 under a key of any length, in the same form. */
char *digest_hmac(const void *key, size_t n_key, const void *bytes, size_t n,
    char text[DIGEST_TEXT]);

/* Compares without telling by its duration where they differ. */
bool digest_equal(const void *a, const void *b, size_t n);

/* 256 random bits as 43 characters of URL-safe base64: tokens, passwords. */
enum { TOKEN_TEXT = 44 };
char *token_new(char text[TOKEN_TEXT]);

/* Argon2id with libsodium's INTERACTIVE limits: 64 MiB, about 40 ms. */
enum { PASSWORD_HASH = 128 };
int password_hash(const char *password, char hash[PASSWORD_HASH],
    struct err *) ERR_MUST_CHECK;
/* Takes as long for a hash that fits nobody (see password_dummy). */
bool password_verify(const char *password, const char *hash);
/* A valid hash of an unknown password, for users who do not exist. */
const char *password_dummy(void);

/* Wipes a secret in a way that the compiler keeps. */
void secret_wipe(void *p, size_t n);

#endif
