/*
 * tls.h -- the key pair that the door shows.
 *
 * An operator puts his own certificate and key in place.  When there is none, a
 * self-signed one is made: ECDSA P-256 (a handshake costs a quarter of an RSA
 * one), for localhost, 127.0.0.1, ::1 and the host's name, 397 days, which is
 * what browsers take at most.  One of ours that has ended, or will within 30
 * days, is made anew at the next start; somebody else's is never touched.
 *
 * TLS 1.2 and 1.3 only, ephemeral ECDH and AEAD only.
 */
#ifndef APPLIANCE_HTTP_TLS_H
#define APPLIANCE_HTTP_TLS_H

#include <stdint.h>

#include "base/err.h"

/* GnuTLS priorities. */
extern const char tls_priorities[];

enum { TLS_PEM = 64 * 1024 };		/* bytes of a file at most */

struct tls_pair {
	char *cert, *key;		/* PEM, NUL-terminated */
	char fingerprint[96];		/* SHA-256 of the certificate, AA:BB… */
};

/* Reads the two files, makes them when both are missing.  The key gets mode
 * 0600, through a temporary file and rename.  ERR_MALFORMED when a file cannot
 * be used, ERR_CONFLICT when only one of them is there. */
int tls_load(const char *cert_path, const char *key_path, int64_t wall_ms,
    struct tls_pair *, struct err *) ERR_MUST_CHECK;
/* Wipes the key. */
void tls_free(struct tls_pair *);

#endif
