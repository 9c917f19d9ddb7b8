/*
 * sign.h -- Ed25519 signatures (libsodium's door).
 *
 * Keys and signatures travel as base64 text; what is no such text fits nothing.
 * A key is known to people by its keyId: the first 16 hexadecimal digits of the
 * SHA-256 of its 32 public bytes.  The secret half is a secret: it is wiped by
 * whoever holds it, and goes into no log, error or export.
 */
#ifndef BASE_SIGN_H
#define BASE_SIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum {				/* bytes of the texts, with NUL */
	SIGN_PUBLIC = 45,
	SIGN_SECRET = 89,
	SIGN_TEXT = 89,
	SIGN_KEY_ID = 17,
};

/* A new pair of keys, unpredictable. */
void sign_new(char public_key[SIGN_PUBLIC], char secret[SIGN_SECRET]);
/* 32 bytes that are a point which a signature can be checked with. */
bool sign_key_valid(const char *public_key);
/* "" for what is no key. */
char *sign_key_id(const char *public_key, char id[SIGN_KEY_ID]);

/* The same key and bytes give the same signature.  ERR_INTERNAL for a text that
 * is no secret. */
int sign_text(const char *secret, const void *bytes, size_t n,
    char signature[SIGN_TEXT], struct err *) ERR_MUST_CHECK;
bool sign_verify(const char *public_key, const void *bytes, size_t n,
    const char *signature);

#endif
