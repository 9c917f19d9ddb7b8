/* digest.c -- see digest.h. */
#include "base/digest.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

_Static_assert(PASSWORD_HASH >= crypto_pwhash_STRBYTES, "room for a hash");
_Static_assert(DIGEST_BYTES == crypto_hash_sha256_BYTES, "SHA-256");

static pthread_once_t dummy_once = PTHREAD_ONCE_INIT;
static char dummy[PASSWORD_HASH];

void
digest_init(void)
{
	if (sodium_init() < 0) {
		(void)fputs("no source of randomness\n", stderr);
		abort();
	}
}

char *
digest_text(const void *bytes, size_t n, char text[DIGEST_TEXT])
{
	unsigned char hash[DIGEST_BYTES];

	crypto_hash_sha256(hash, n > 0 ? bytes : hash, n);
	return sodium_bin2hex(text, DIGEST_TEXT, hash, sizeof(hash));
}

char *
digest_hmac(const void *key, size_t n_key, const void *bytes, size_t n,
    char text[DIGEST_TEXT])
{
	crypto_auth_hmacsha256_state state;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];

	crypto_auth_hmacsha256_init(&state, n_key > 0 ? key : mac, n_key);
	crypto_auth_hmacsha256_update(&state, n > 0 ? bytes : mac, n);
	crypto_auth_hmacsha256_final(&state, mac);
	secret_wipe(&state, sizeof(state));
	return sodium_bin2hex(text, DIGEST_TEXT, mac, sizeof(mac));
}

bool
digest_equal(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}

char *
token_new(char text[TOKEN_TEXT])
{
	unsigned char secret[32];

	random_bytes(secret, sizeof(secret));
	(void)sodium_bin2base64(text, TOKEN_TEXT, secret, sizeof(secret),
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	secret_wipe(secret, sizeof(secret));
	return text;
}

int
password_hash(const char *password, char hash[PASSWORD_HASH], struct err *e)
{
	char made[PASSWORD_HASH] = { 0 };

	if (crypto_pwhash_str_alg(made, password, strlen(password),
	    crypto_pwhash_OPSLIMIT_INTERACTIVE,
	    crypto_pwhash_MEMLIMIT_INTERACTIVE,
	    crypto_pwhash_ALG_ARGON2ID13) != 0)
		return err_set(e, ERR_UNAVAILABLE,
		    "no memory to hash a password");
	memcpy(hash, made, sizeof(made));
	return 0;
}

bool
password_verify(const char *password, const char *hash)
{
	return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

static void
make_dummy(void)
{
	char secret[TOKEN_TEXT];
	struct err e;

	if (password_hash(token_new(secret), dummy, &e) < 0) {
		(void)fprintf(stderr, "%s\n", e.msg);
		abort();
	}
	secret_wipe(secret, sizeof(secret));
}

const char *
password_dummy(void)
{
	(void)pthread_once(&dummy_once, make_dummy);
	return dummy;
}

void
secret_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}
