/* seal.c -- see seal.h. */
#include "base/seal.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum {
	KEY = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
	NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
	SALT = crypto_pwhash_SALTBYTES,
	BASE64 = sodium_base64_VARIANT_ORIGINAL,
};

_Static_assert(SEAL_SALT == sodium_base64_ENCODED_LEN(SALT, 1), "salt");
_Static_assert(SEAL_NONCE == sodium_base64_ENCODED_LEN(NONCE, 1), "nonce");

/* Says what the key is for: a blob of another protocol does not open. */
static const unsigned char purpose[] = "polyroot-seal-v1";

static int
derive(const char *passphrase, const struct seal *s,
    const unsigned char salt[SALT], unsigned char key[KEY], struct err *e)
{
	if (crypto_pwhash(key, KEY, passphrase, strlen(passphrase), salt,
	    s->ops, (size_t)s->mem_mib << 20,
	    crypto_pwhash_ALG_ARGON2ID13) != 0)
		return err_set(e, ERR_UNAVAILABLE,
		    "no memory to make a key of the passphrase");
	return 0;
}

static void
put_base64(struct buf *out, const unsigned char *bytes, size_t n)
{
	size_t size = sodium_base64_encoded_len(n, BASE64);
	char *text = xmalloc(size);

	buf_str(out, sodium_bin2base64(text, size, bytes, n, BASE64));
	free(text);
}

int
seal_lock(const char *passphrase, const void *bytes, size_t n, struct seal *s,
    struct buf *out, struct err *e)
{
	unsigned char key[KEY], salt[SALT], nonce[NONCE], *locked;
	size_t len = strlen(passphrase);

	if (len < SEAL_PASSPHRASE_MIN || len > SEAL_PASSPHRASE_MAX)
		return err_rule(e, ERR_RULES, "PassphraseTooShort",
		    "/passphrase", "a passphrase has %d to %d bytes",
		    SEAL_PASSPHRASE_MIN, SEAL_PASSPHRASE_MAX);
	randombytes_buf(salt, sizeof(salt));
	randombytes_buf(nonce, sizeof(nonce));
	s->ops = SEAL_OPS;
	s->mem_mib = SEAL_MEM_MIB;
	(void)sodium_bin2base64(s->salt, sizeof(s->salt), salt, SALT, BASE64);
	(void)sodium_bin2base64(s->nonce, sizeof(s->nonce), nonce, NONCE,
	    BASE64);
	if (derive(passphrase, s, salt, key, e) < 0)
		return -1;
	locked = xmalloc(n + TAG);
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(locked, NULL, bytes,
	    n, purpose, sizeof(purpose), NULL, nonce, key);
	sodium_memzero(key, sizeof(key));
	put_base64(out, locked, n + TAG);
	free(locked);
	return 0;
}

/* ---- open ---- */

static int
no_seal(struct err *e, const char *why)
{
	return err_rule(e, ERR_MALFORMED, "DocumentSealed", NULL, "%s", why);
}

static bool
get_base64(const char *text, unsigned char *bytes, size_t max, size_t *n)
{
	const char *end;

	return sodium_base642bin(bytes, max, text, strlen(text), " \t\r\n", n,
	    &end, BASE64) == 0 && *end == '\0';
}

static int
check_seal(const struct seal *s, unsigned char salt[SALT],
    unsigned char nonce[NONCE], struct err *e)
{
	size_t n;

	if (s->ops < 1 || s->ops > SEAL_OPS_MAX || s->mem_mib < 8 ||
	    s->mem_mib > SEAL_MEM_MAX_MIB)
		return no_seal(e, "its key would take more work than allowed");
	if (!get_base64(s->salt, salt, SALT, &n) || n != SALT)
		return no_seal(e, "the salt is not 16 bytes of base64");
	if (!get_base64(s->nonce, nonce, NONCE, &n) || n != NONCE)
		return no_seal(e, "the nonce is not 24 bytes of base64");
	return 0;
}

static int
unlock(const unsigned char key[KEY], const unsigned char nonce[NONCE],
    const unsigned char *locked, size_t n, struct buf *out, struct err *e)
{
	unsigned char *plain = xmalloc(n);
	unsigned long long len = 0;
	int rc = crypto_aead_xchacha20poly1305_ietf_decrypt(plain, &len, NULL,
	    locked, n, purpose, sizeof(purpose), nonce, key);

	if (rc == 0)
		buf_put(out, plain, (size_t)len);
	else
		(void)err_rule(e, ERR_RULES, "PassphraseWrong", NULL,
		    "another passphrase, or the sealed part was changed");
	sodium_memzero(plain, n);
	free(plain);
	return rc;
}

int
seal_open(const char *passphrase, const struct seal *s, const char *text,
    struct buf *out, struct err *e)
{
	unsigned char key[KEY], salt[SALT], nonce[NONCE], *locked;
	size_t max = strlen(text), n = 0;
	int rc = -1;

	if (check_seal(s, salt, nonce, e) < 0)
		return -1;
	locked = xmalloc(max + 1);
	if (!get_base64(text, locked, max, &n) || n < TAG)
		(void)no_seal(e, "what is sealed is no base64");
	else if (derive(passphrase, s, salt, key, e) == 0)
		rc = unlock(key, nonce, locked, n, out, e);
	sodium_memzero(key, sizeof(key));
	free(locked);
	return rc;
}
