/* sign.c -- see sign.h. */
#include "base/sign.h"

#include <sodium.h>
#include <string.h>

_Static_assert(SIGN_PUBLIC == sodium_base64_ENCODED_LEN(
    crypto_sign_PUBLICKEYBYTES, sodium_base64_VARIANT_ORIGINAL), "public");
_Static_assert(SIGN_SECRET == sodium_base64_ENCODED_LEN(
    crypto_sign_SECRETKEYBYTES, sodium_base64_VARIANT_ORIGINAL), "secret");
_Static_assert(SIGN_TEXT == sodium_base64_ENCODED_LEN(crypto_sign_BYTES,
    sodium_base64_VARIANT_ORIGINAL), "signature");

static void
put(char *text, size_t size, const unsigned char *bytes, size_t n)
{
	(void)sodium_bin2base64(text, size, bytes, n,
	    sodium_base64_VARIANT_ORIGINAL);
}

/* Exactly n bytes, blanks around them and between them ignored. */
static bool
get(const char *text, unsigned char *bytes, size_t n)
{
	const char *end;
	size_t got;

	return sodium_base642bin(bytes, n, text, strlen(text), " \t\r\n",
	    &got, &end, sodium_base64_VARIANT_ORIGINAL) == 0 && got == n &&
	    *end == '\0';
}

void
sign_new(char public_key[SIGN_PUBLIC], char secret[SIGN_SECRET])
{
	unsigned char p[crypto_sign_PUBLICKEYBYTES];
	unsigned char s[crypto_sign_SECRETKEYBYTES];

	(void)crypto_sign_keypair(p, s);
	put(public_key, SIGN_PUBLIC, p, sizeof(p));
	put(secret, SIGN_SECRET, s, sizeof(s));
	sodium_memzero(s, sizeof(s));
}

/* A point of small order would verify signatures that nobody made. */
bool
sign_key_valid(const char *public_key)
{
	unsigned char p[crypto_sign_PUBLICKEYBYTES];

	return get(public_key, p, sizeof(p)) &&
	    crypto_core_ed25519_is_valid_point(p) == 1;
}

char *
sign_key_id(const char *public_key, char id[SIGN_KEY_ID])
{
	unsigned char p[crypto_sign_PUBLICKEYBYTES];
	unsigned char hash[crypto_hash_sha256_BYTES];

	id[0] = '\0';
	if (!get(public_key, p, sizeof(p)))
		return id;
	(void)crypto_hash_sha256(hash, p, sizeof(p));
	return sodium_bin2hex(id, SIGN_KEY_ID, hash, (SIGN_KEY_ID - 1) / 2);
}

int
sign_text(const char *secret, const void *bytes, size_t n,
    char signature[SIGN_TEXT], struct err *e)
{
	unsigned char s[crypto_sign_SECRETKEYBYTES], sig[crypto_sign_BYTES];

	if (!get(secret, s, sizeof(s)))
		return err_set(e, ERR_INTERNAL, "the signing key is no key");
	(void)crypto_sign_detached(sig, NULL, bytes, n, s);
	sodium_memzero(s, sizeof(s));
	put(signature, SIGN_TEXT, sig, sizeof(sig));
	return 0;
}

bool
sign_verify(const char *public_key, const void *bytes, size_t n,
    const char *signature)
{
	unsigned char p[crypto_sign_PUBLICKEYBYTES], sig[crypto_sign_BYTES];

	return get(public_key, p, sizeof(p)) &&
	    get(signature, sig, sizeof(sig)) &&
	    crypto_sign_verify_detached(sig, bytes, n, p) == 0;
}
