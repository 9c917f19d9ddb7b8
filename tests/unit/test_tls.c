/* test_tls.c -- the key pair that the door shows. */
#include "tests/test.h"

#include <sys/stat.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <unistd.h>

#include "appliance/http/tls.h"
#include "base/digest.h"

static const int64_t now = 1772366400000;	/* 2026-03-01 12:00 UTC */
static const int64_t day = 86400000;

static char dir[64], cert[96], key[96];

static void
begin(void)
{
	digest_init();
	(void)snprintf(dir, sizeof(dir), "/tmp/polyroot-tls.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	(void)snprintf(cert, sizeof(cert), "%s/cert.pem", dir);
	(void)snprintf(key, sizeof(key), "%s/key.pem", dir);
}

static void
end(void)
{
	(void)unlink(cert);
	(void)unlink(key);
	(void)rmdir(dir);
}

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static gnutls_x509_crt_t
parse(const char *pem)
{
	gnutls_x509_crt_t crt;
	gnutls_datum_t d;
	char *copy = strdup(pem);

	d.data = (unsigned char *)copy;
	d.size = (unsigned)strlen(copy);
	ck_assert_int_eq(gnutls_x509_crt_init(&crt), 0);
	ck_assert_int_eq(gnutls_x509_crt_import(crt, &d, GNUTLS_X509_FMT_PEM),
	    0);
	free(copy);
	return crt;
}

START_TEST(a_pair_is_made_once)
{
	struct tls_pair a, b;
	struct stat st;
	struct err e;

	begin();
	ck_ok(tls_load(cert, key, now, &a, &e), e);
	ck_assert_int_eq(stat(key, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
	ck_ok(tls_load(cert, key, now + day, &b, &e), e);
	ck_assert_str_eq(a.cert, b.cert);
	ck_assert_str_eq(a.key, b.key);
	ck_assert_uint_eq(strlen(a.fingerprint), 95);
	tls_free(&a);
	ck_assert_ptr_null(a.key);
	tls_free(&b);
	end();
}
END_TEST

START_TEST(it_is_what_browsers_take)
{
	struct tls_pair p;
	gnutls_x509_crt_t crt;
	struct err e;
	unsigned usage, bits, critical;

	begin();
	ck_ok(tls_load(cert, key, now, &p, &e), e);
	crt = parse(p.cert);
	ck_assert_int_eq(gnutls_x509_crt_get_pk_algorithm(crt, &bits),
	    GNUTLS_PK_ECDSA);
	ck_assert_uint_eq(bits, 256);
	ck_assert_int_eq(gnutls_x509_crt_get_version(crt), 3);
	ck_assert(gnutls_x509_crt_check_hostname(crt, "localhost"));
	ck_assert(gnutls_x509_crt_check_hostname(crt, "127.0.0.1"));
	ck_assert(gnutls_x509_crt_check_hostname(crt, "::1"));
	ck_assert(!gnutls_x509_crt_check_hostname(crt, "example.org"));
	ck_assert_int_eq(gnutls_x509_crt_get_ca_status(crt, &critical), 0);
	ck_assert_int_eq(gnutls_x509_crt_get_key_usage(crt, &usage,
	    &critical), 0);
	ck_assert_uint_eq(usage, GNUTLS_KEY_DIGITAL_SIGNATURE);
	ck_assert_int_eq(gnutls_x509_crt_get_expiration_time(crt) -
	    gnutls_x509_crt_get_activation_time(crt), 397 * 86400);
	gnutls_x509_crt_deinit(crt);
	tls_free(&p);
	end();
}
END_TEST

static const struct {
	int64_t days;
	bool again;
} ages[] = { { 0, false }, { 366, false }, { 368, true }, { 500, true } };

START_TEST(ours_is_made_anew_near_its_end)
{
	struct tls_pair a, b;
	struct err e;

	begin();
	ck_ok(tls_load(cert, key, now, &a, &e), e);
	ck_ok(tls_load(cert, key, now + ages[_i].days * day, &b, &e), e);
	ck_assert_int_eq(strcmp(a.cert, b.cert) != 0, ages[_i].again);
	tls_free(&a);
	tls_free(&b);
	end();
}
END_TEST

START_TEST(a_lone_key_is_replaced)
{
	struct tls_pair p;
	struct err e;

	begin();
	write_file(key, "half of a crash");
	ck_ok(tls_load(cert, key, now, &p, &e), e);
	tls_free(&p);
	end();
}
END_TEST

START_TEST(what_cannot_be_used_is_refused)
{
	struct tls_pair p;
	struct err e;

	begin();
	write_file(cert, "no certificate");
	ck_fails(tls_load(cert, key, now, &p, &e), e, ERR_CONFLICT);
	write_file(key, "no key");
	ck_fails(tls_load(cert, key, now, &p, &e), e, ERR_MALFORMED);
	(void)unlink(cert);
	(void)unlink(key);
	ck_ok(tls_load(cert, key, now, &p, &e), e);
	tls_free(&p);
	write_file(key, "no key");
	ck_fails(tls_load(cert, key, now, &p, &e), e, ERR_MALFORMED);
	ck_assert_ptr_null(p.cert);
	end();
}
END_TEST

START_TEST(a_key_of_another_pair_is_refused)
{
	struct tls_pair a, b;
	struct err e;

	begin();
	ck_ok(tls_load(cert, key, now, &a, &e), e);
	(void)unlink(cert);
	(void)unlink(key);
	ck_ok(tls_load(cert, key, now, &b, &e), e);
	write_file(key, a.key);
	tls_free(&b);
	ck_fails(tls_load(cert, key, now, &b, &e), e, ERR_MALFORMED);
	tls_free(&a);
	end();
}
END_TEST

START_TEST(a_place_that_cannot_be_written_is_told)
{
	struct tls_pair p;
	struct err e;

	digest_init();
	ck_fails(tls_load("/nonexistent/cert.pem", "/nonexistent/key.pem", now,
	    &p, &e), e, ERR_MALFORMED);
}
END_TEST

/* What a client may choose from: ephemeral ECDH with AEAD, nothing else. */
START_TEST(the_priorities_are_strict)
{
	gnutls_priority_t prio;
	size_t n = 0;
	unsigned id;

	ck_assert_int_eq(gnutls_priority_init(&prio, tls_priorities, NULL), 0);
	for (unsigned i = 0; gnutls_priority_get_cipher_suite_index(prio, i,
	    &id) != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE; i++) {
		const char *name = gnutls_cipher_suite_info(id, NULL, NULL,
		    NULL, NULL, NULL);

		if (name == NULL)
			continue;
		n++;
		ck_assert_msg(strstr(name, "CBC") == NULL &&
		    strncmp(name, "TLS_RSA", 7) != 0, "%s", name);
	}
	ck_assert_uint_ge(n, 6);
	gnutls_priority_deinit(prio);
}
END_TEST

SUITE("tls")
{
	tcase_add_test(tc, a_pair_is_made_once);
	tcase_add_test(tc, it_is_what_browsers_take);
	tcase_add_loop_test(tc, ours_is_made_anew_near_its_end, 0,
	    N_ROWS(ages));
	tcase_add_test(tc, a_lone_key_is_replaced);
	tcase_add_test(tc, what_cannot_be_used_is_refused);
	tcase_add_test(tc, a_key_of_another_pair_is_refused);
	tcase_add_test(tc, a_place_that_cannot_be_written_is_told);
	tcase_add_test(tc, the_priorities_are_strict);
}
