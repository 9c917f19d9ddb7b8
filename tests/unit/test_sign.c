/* test_sign.c -- signatures, and what is locked with a passphrase. */
#include "base/sign.h"

#include <string.h>

#include "base/digest.h"
#include "base/seal.h"
#include "tests/test.h"

/* RFC 8032, section 7.1, test 2: one byte. */
static const char known_secret[] =
    "TM0Imyj/ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U+4pvs9QBfD6EOJWpK3CqdN"
    "G368nJgszy7ElozAzVXxKvRmDA==";
static const char known_public[] =
    "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";

START_TEST(a_known_answer)
{
	char sig[SIGN_TEXT];
	struct err e;

	digest_init();
	ck_ok(sign_text(known_secret, "\x72", 1, sig, &e), e);
	ck_assert_str_eq(sig, "kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoI"
	    "WsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAA==");
	ck_assert(sign_verify(known_public, "\x72", 1, sig));
}
END_TEST

START_TEST(a_signature_fits_its_key_and_bytes_only)
{
	char public_key[SIGN_PUBLIC], secret[SIGN_SECRET], other[SIGN_PUBLIC];
	char sig[SIGN_TEXT], again[SIGN_TEXT], waste[SIGN_SECRET];
	struct err e;

	digest_init();
	sign_new(public_key, secret);
	sign_new(other, waste);
	ck_assert_str_ne(public_key, other);
	ck_ok(sign_text(secret, "abc", 3, sig, &e), e);
	ck_ok(sign_text(secret, "abc", 3, again, &e), e);
	ck_assert_str_eq(sig, again);
	ck_assert(sign_verify(public_key, "abc", 3, sig));
	ck_assert(!sign_verify(public_key, "abd", 3, sig));
	ck_assert(!sign_verify(public_key, "abc", 2, sig));
	ck_assert(!sign_verify(other, "abc", 3, sig));
	for (size_t i = 0; i < strlen(sig) - 3; i++) {
		char bad[SIGN_TEXT];

		memcpy(bad, sig, sizeof(bad));
		bad[i] = bad[i] == 'A' ? 'B' : 'A';
		ck_assert(!sign_verify(public_key, "abc", 3, bad));
	}
}
END_TEST

static const struct {
	const char *text;
	bool valid;
} keys[] = {
	{ "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=", true },
	{ " PUAXw+hDiVqStwqnTRt+vJyYLM8u\nxJaMwM1V8Sr0Zgw= ", true },
	{ "", false },
	{ "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw", false },
	{ "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=A", false },
	{ "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0", false },
	{ "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", false },
	{ "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", false },
	{ "not base64 at all!", false },
};

START_TEST(what_is_no_key_is_told)
{
	char id[SIGN_KEY_ID];

	digest_init();
	ck_assert_int_eq(sign_key_valid(keys[_i].text), keys[_i].valid);
	if (keys[_i].valid)
		ck_assert_str_eq(sign_key_id(keys[_i].text, id),
		    "39f713d0a644253f");
}
END_TEST

START_TEST(no_secret_signs_nothing)
{
	char sig[SIGN_TEXT] = "";
	struct err e;

	digest_init();
	ck_fails(sign_text("AAAA", "x", 1, sig, &e), e, ERR_INTERNAL);
	ck_assert_str_eq(sig, "");
	ck_assert_ptr_null(strstr(e.msg, "AAAA"));
}
END_TEST

/* ---- sealed ---- */

static const char words[] = "correct horse battery";

START_TEST(only_the_passphrase_opens)
{
	struct buf locked = buf_new(1 << 20), plain = buf_new(1 << 20);
	struct seal s, t;
	struct err e;

	digest_init();
	ck_ok(seal_lock(words, "secret bytes", 12, &s, &locked, &e), e);
	ck_assert_ptr_null(strstr(locked.data, "secret"));
	ck_ok(seal_open(words, &s, locked.data, &plain, &e), e);
	ck_assert_uint_eq(plain.len, 12);
	ck_assert_mem_eq(plain.data, "secret bytes", 12);
	buf_clear(&plain);
	ck_breaks(seal_open("correct horse batterz", &s, locked.data, &plain,
	    &e), e, ERR_RULES, "PassphraseWrong");
	locked.data[3] = locked.data[3] == 'A' ? 'B' : 'A';
	ck_breaks(seal_open(words, &s, locked.data, &plain, &e), e, ERR_RULES,
	    "PassphraseWrong");
	ck_assert_uint_eq(plain.len, 0);
	buf_clear(&locked);
	ck_ok(seal_lock(words, "secret bytes", 12, &t, &locked, &e), e);
	ck_assert_str_ne(s.salt, t.salt);
	ck_assert_str_ne(s.nonce, t.nonce);
	buf_free(&locked);
	buf_free(&plain);
}
END_TEST

START_TEST(a_short_passphrase_is_refused)
{
	struct buf locked = buf_new(1 << 20);
	struct seal s;
	struct err e;

	digest_init();
	ck_breaks(seal_lock("short", "x", 1, &s, &locked, &e), e, ERR_RULES,
	    "PassphraseTooShort");
	ck_assert_uint_eq(locked.len, 0);
}
END_TEST

#define SALT "AAAAAAAAAAAAAAAAAAAAAA=="
#define NONCE "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
static const struct {
	struct seal seal;
	const char *locked;
} bad[] = {
	{ { 0, 64, SALT, NONCE }, "AAAA" },
	{ { 13, 64, SALT, NONCE }, "AAAA" },
	{ { 4000000000u, 64, SALT, NONCE }, "AAAA" },
	{ { 3, 7, SALT, NONCE }, "AAAA" },
	{ { 3, 257, SALT, NONCE }, "AAAA" },
	{ { 3, 4000000000u, SALT, NONCE }, "AAAA" },
	{ { 3, 64, "AAAA", NONCE }, "AAAA" },
	{ { 3, 64, SALT, "AAAA" }, "AAAA" },
	{ { 3, 64, SALT, NONCE }, "" },
	{ { 3, 64, SALT, NONCE }, "AAAA" },
	{ { 3, 64, SALT, NONCE }, "no base64!" },
};

/* Nothing of it makes work: the bounds come first. */
START_TEST(numbers_of_others_are_bounded)
{
	struct buf plain = buf_new(1 << 20);
	struct err e;

	digest_init();
	ck_breaks(seal_open(words, &bad[_i].seal, bad[_i].locked, &plain, &e),
	    e, ERR_MALFORMED, "DocumentSealed");
}
END_TEST

SUITE("sign")
{
	tcase_add_test(tc, a_known_answer);
	tcase_add_test(tc, a_signature_fits_its_key_and_bytes_only);
	tcase_add_loop_test(tc, what_is_no_key_is_told, 0, N_ROWS(keys));
	tcase_add_test(tc, no_secret_signs_nothing);
	tcase_add_test(tc, only_the_passphrase_opens);
	tcase_add_test(tc, a_short_passphrase_is_refused);
	tcase_add_loop_test(tc, numbers_of_others_are_bounded, 0,
	    N_ROWS(bad));
}
