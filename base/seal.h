/*
 * seal.h -- bytes locked with a passphrase (libsodium's door).
 *
 * Argon2id makes a key of the passphrase, XChaCha20-Poly1305 locks the bytes with
 * it: whoever changes one bit of them, or has another passphrase, gets nothing.
 * How much work the key is stands beside the bytes, so that it may grow; what
 * somebody else wrote there is bounded before it is believed.
 *
 * Slow on purpose (about a tenth of a second): never on a thread that others
 * wait for.  Passphrases and keys are wiped here; the caller wipes his own.
 */
#ifndef BASE_SEAL_H
#define BASE_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum {
	SEAL_OPS = 3, SEAL_MEM_MIB = 64,	/* what we write */
	SEAL_OPS_MAX = 12, SEAL_MEM_MAX_MIB = 256,	/* what we read */
	SEAL_SALT = 25, SEAL_NONCE = 33,	/* bytes of the texts */
	SEAL_PASSPHRASE_MIN = 12, SEAL_PASSPHRASE_MAX = 1024,	/* bytes */
};

struct seal {
	uint32_t ops, mem_mib;
	char salt[SEAL_SALT], nonce[SEAL_NONCE];	/* base64 */
};

/* Draws salt and nonce and appends the locked bytes as base64.  ERR_RULES
 * PassphraseTooShort; ERR_UNAVAILABLE without memory. */
int seal_lock(const char *passphrase, const void *bytes, size_t n,
    struct seal *, struct buf *out, struct err *) ERR_MUST_CHECK;
/* Appends the bytes; wipe what is in `out`.  ERR_MALFORMED DocumentSealed for
 * numbers out of bounds or no base64; ERR_RULES PassphraseWrong when it is another
 * passphrase, or the bytes were changed. */
int seal_open(const char *passphrase, const struct seal *, const char *locked,
    struct buf *out, struct err *) ERR_MUST_CHECK;

#endif
