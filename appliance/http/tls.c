/*
 * tls.c -- see tls.h.
 */
#include "appliance/http/tls.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/random.h"

enum { DAY_S = 86400, LIFE_DAYS = 397, RENEW_DAYS = 30 };

#define OURS "Polyroot self-signed"

const char tls_priorities[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:"
    "-CIPHER-ALL:+AES-256-GCM:+AES-128-GCM:+CHACHA20-POLY1305:-KX-ALL:"
    "+ECDHE-ECDSA:+ECDHE-RSA:-MAC-ALL:+AEAD:%SERVER_PRECEDENCE";

/* What making a certificate needs on the way. */
struct maker {
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t crt;
};

/* ---- files ---- */

static int
read_all(int fd, char *text, size_t *n)
{
	ssize_t got;

	*n = 0;
	while ((got = read(fd, text + *n, TLS_PEM - *n)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		*n += (size_t)got;
		if (*n == TLS_PEM) {
			errno = EFBIG;
			return -1;
		}
	}
	return 0;
}

/* *text is NULL when there is no such file. */
static int
slurp(const char *path, char **text, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t n;
	int rc, why;

	*text = NULL;
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return err_set(e, ERR_MALFORMED, "%s: %s", path, strerror(errno));
	*text = xcalloc(1, TLS_PEM + 1);
	rc = read_all(fd, *text, &n);
	why = errno;
	(void)close(fd);
	if (rc == 0)
		return 0;
	free(*text);
	*text = NULL;
	return err_set(e, ERR_MALFORMED, "%s: %s", path, strerror(why));
}

static int
write_all(int fd, const char *text, size_t n)
{
	while (n > 0) {
		ssize_t put = write(fd, text, n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		text += put;
		n -= (size_t)put;
	}
	return fsync(fd);
}

/* Whoever opens the path finds all of the file or none, and never with a wider
 * mode than it shall have. */
static int
spill(const char *path, mode_t mode, const char *text, struct err *e)
{
	char temp[PATH_MAX];
	int n, fd, rc, why;

	n = snprintf(temp, sizeof(temp), "%s.new", path);
	if (n < 0 || (size_t)n >= sizeof(temp))
		return err_set(e, ERR_MALFORMED, "%s: name too long", path);
	(void)unlink(temp);
	fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return err_set(e, ERR_MALFORMED, "%s: %s", temp, strerror(errno));
	rc = write_all(fd, text, strlen(text));
	why = errno;
	if (close(fd) < 0 && rc == 0) {
		rc = -1;
		why = errno;
	}
	if (rc == 0 && rename(temp, path) < 0) {
		rc = -1;
		why = errno;
	}
	if (rc == 0)
		return 0;
	(void)unlink(temp);
	return err_set(e, ERR_MALFORMED, "%s: %s", path, strerror(why));
}

/* ---- making ---- */

#define TRY(call) \
	do { \
		int tried_ = (call); \
		if (tried_ < 0) \
			return err_set(e, ERR_INTERNAL, "%s: %s", #call, \
			    gnutls_strerror(tried_)); \
	} while (0)

static int
put_names(gnutls_x509_crt_t crt, struct err *e)
{
	static const unsigned char v4[] = { 127, 0, 0, 1 };
	static const unsigned char v6[16] = { [15] = 1 };
	char host[HOST_NAME_MAX + 1] = "";
	const char *cn = "localhost";

	if (gethostname(host, sizeof(host) - 1) == 0 && host[0] != '\0' &&
	    strcmp(host, cn) != 0) {
		TRY(gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME,
		    host, (unsigned)strlen(host), GNUTLS_FSAN_APPEND));
		if (strlen(host) <= 64)		/* X.520 ub-common-name */
			cn = host;
	}
	TRY(gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME,
	    "localhost", 9, GNUTLS_FSAN_APPEND));
	TRY(gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, v4,
	    sizeof(v4), GNUTLS_FSAN_APPEND));
	TRY(gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, v6,
	    sizeof(v6), GNUTLS_FSAN_APPEND));
	TRY(gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0,
	    cn, (unsigned)strlen(cn)));
	TRY(gnutls_x509_crt_set_dn_by_oid(crt,
	    GNUTLS_OID_X520_ORGANIZATION_NAME, 0, OURS, sizeof(OURS) - 1));
	return 0;
}

static int
put_identity(struct maker *m, time_t now, struct err *e)
{
	unsigned char serial[16], id[64];
	size_t n = sizeof(id);

	random_bytes(serial, sizeof(serial));
	serial[0] = (serial[0] & 0x3f) | 0x40;	/* positive, of fixed length */
	TRY(gnutls_x509_crt_set_version(m->crt, 3));
	TRY(gnutls_x509_crt_set_serial(m->crt, serial, sizeof(serial)));
	/* An hour back: the clocks of a data center need not agree. */
	TRY(gnutls_x509_crt_set_activation_time(m->crt, now - 3600));
	TRY(gnutls_x509_crt_set_expiration_time(m->crt,
	    now - 3600 + (time_t)LIFE_DAYS * DAY_S));
	TRY(gnutls_x509_crt_set_key(m->crt, m->key));
	TRY(gnutls_x509_crt_get_key_id(m->crt, GNUTLS_KEYID_USE_SHA1, id, &n));
	TRY(gnutls_x509_crt_set_subject_key_id(m->crt, id, n));
	TRY(gnutls_x509_crt_set_authority_key_id(m->crt, id, n));
	return 0;
}

static int
put_usage(gnutls_x509_crt_t crt, struct err *e)
{
	TRY(gnutls_x509_crt_set_basic_constraints(crt, 0, -1));
	TRY(gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_DIGITAL_SIGNATURE));
	TRY(gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_SERVER,
	    0));
	return 0;
}

static int
fill(struct maker *m, int64_t wall_ms, struct tls_pair *pair, struct err *e)
{
	gnutls_datum_t pem;

	TRY(gnutls_x509_privkey_init(&m->key));
	TRY(gnutls_x509_crt_init(&m->crt));
	TRY(gnutls_x509_privkey_generate(m->key, GNUTLS_PK_ECDSA,
	    GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
	if (put_identity(m, (time_t)(wall_ms / 1000), e) < 0 ||
	    put_names(m->crt, e) < 0 || put_usage(m->crt, e) < 0)
		return -1;
	TRY(gnutls_x509_crt_sign2(m->crt, m->crt, m->key, GNUTLS_DIG_SHA256, 0));
	TRY(gnutls_x509_crt_export2(m->crt, GNUTLS_X509_FMT_PEM, &pem));
	pair->cert = xstrdup((const char *)pem.data);
	gnutls_free(pem.data);
	TRY(gnutls_x509_privkey_export2(m->key, GNUTLS_X509_FMT_PEM, &pem));
	pair->key = xstrdup((const char *)pem.data);
	secret_wipe(pem.data, pem.size);
	gnutls_free(pem.data);
	return 0;
}

static int
make(const char *cert_path, const char *key_path, int64_t wall_ms,
    struct tls_pair *pair, struct err *e)
{
	struct maker m = { 0 };
	int rc = fill(&m, wall_ms, pair, e);

	if (m.crt != NULL)
		gnutls_x509_crt_deinit(m.crt);
	if (m.key != NULL)
		gnutls_x509_privkey_deinit(m.key);
	/* The certificate last: both there means both whole.  A crash between
	 * the two leaves a lone key, which the next start replaces. */
	if (rc == 0)
		rc = spill(key_path, 0600, pair->key, e);
	if (rc == 0)
		rc = spill(cert_path, 0644, pair->cert, e);
	if (rc == 0)
		log_info("tls", "made=%s key=%s days=%d", cert_path, key_path,
		    LIFE_DAYS);
	return rc < 0 ? err_wrap(e, "cannot make a certificate") : 0;
}

/* ---- looking at what is there ---- */

static int
import(const char *pem, gnutls_x509_crt_t *crt, struct err *e)
{
	gnutls_datum_t d = { 0 };
	char *copy = xstrdup(pem);
	int rc;

	d.data = (unsigned char *)copy;
	d.size = (unsigned)strlen(copy);
	rc = gnutls_x509_crt_init(crt);
	if (rc >= 0 && (rc = gnutls_x509_crt_import(*crt, &d,
	    GNUTLS_X509_FMT_PEM)) < 0)
		gnutls_x509_crt_deinit(*crt);
	free(copy);
	if (rc < 0)
		return err_set(e, ERR_MALFORMED, "%s", gnutls_strerror(rc));
	return 0;
}

static bool
ours_and_old(gnutls_x509_crt_t crt, int64_t wall_ms)
{
	char org[64] = "";
	size_t n = sizeof(org);
	time_t end = gnutls_x509_crt_get_expiration_time(crt);

	if (gnutls_x509_crt_get_dn_by_oid(crt,
	    GNUTLS_OID_X520_ORGANIZATION_NAME, 0, 0, org, &n) < 0)
		return false;
	return strcmp(org, OURS) == 0 &&
	    end < wall_ms / 1000 + (int64_t)RENEW_DAYS * DAY_S;
}

static void
put_fingerprint(gnutls_x509_crt_t crt, char text[96])
{
	unsigned char sum[DIGEST_BYTES];
	size_t n = sizeof(sum), at = 0;

	text[0] = '\0';
	if (gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA256, sum, &n) < 0)
		return;
	for (size_t i = 0; i < n && at + 4 <= 96; i++)
		at += (size_t)snprintf(text + at, 96 - at, "%s%02X",
		    i == 0 ? "" : ":", sum[i]);
}

/* 1 when the pair is ours and should be made anew. */
static int
look(const char *path, int64_t wall_ms, struct tls_pair *pair, struct err *e)
{
	gnutls_x509_crt_t crt;
	int old;

	if (import(pair->cert, &crt, e) < 0)
		return err_wrap(e, "%s", path);
	old = ours_and_old(crt, wall_ms);
	put_fingerprint(crt, pair->fingerprint);
	gnutls_x509_crt_deinit(crt);
	return old;
}

/* GnuTLS checks that the two belong together. */
static int
match(const struct tls_pair *pair, struct err *e)
{
	gnutls_certificate_credentials_t cred;
	char *cert = xstrdup(pair->cert), *key = xstrdup(pair->key);
	gnutls_datum_t c = { (unsigned char *)cert, (unsigned)strlen(cert) };
	gnutls_datum_t k = { (unsigned char *)key, (unsigned)strlen(key) };
	int rc = gnutls_certificate_allocate_credentials(&cred);

	if (rc >= 0) {
		rc = gnutls_certificate_set_x509_key_mem(cred, &c, &k,
		    GNUTLS_X509_FMT_PEM);
		gnutls_certificate_free_credentials(cred);
	}
	secret_wipe(key, k.size);
	free(key);
	free(cert);
	if (rc < 0)
		return err_set(e, ERR_MALFORMED,
		    "certificate and key: %s", gnutls_strerror(rc));
	return 0;
}

int
tls_load(const char *cert_path, const char *key_path, int64_t wall_ms,
    struct tls_pair *pair, struct err *e)
{
	int rc = 0;

	memset(pair, 0, sizeof(*pair));
	if (slurp(cert_path, &pair->cert, e) < 0 ||
	    slurp(key_path, &pair->key, e) < 0)
		goto fail;
	if (pair->cert != NULL && pair->key == NULL) {
		(void)err_set(e, ERR_CONFLICT, "%s is there but %s is not",
		    cert_path, key_path);
		goto fail;
	}
	if (pair->cert != NULL)
		rc = look(cert_path, wall_ms, pair, e);
	if (rc < 0)
		goto fail;
	if (pair->cert == NULL || rc == 1) {
		tls_free(pair);
		if (make(cert_path, key_path, wall_ms, pair, e) < 0 ||
		    look(cert_path, wall_ms, pair, e) < 0)
			goto fail;
	}
	if (match(pair, e) < 0)
		goto fail;
	return 0;
fail:
	tls_free(pair);
	return -1;
}

void
tls_free(struct tls_pair *pair)
{
	if (pair->key != NULL)
		secret_wipe(pair->key, strlen(pair->key));
	free(pair->key);
	free(pair->cert);
	memset(pair, 0, sizeof(*pair));
}
