/* Known answers of SHA-256; passwords verify, and only they. */
#include "base/digest.h"
#include "tests/test.h"

static const struct {
	const char *in, *want;
} known[] = {
	{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
};

START_TEST(a_known_answer)
{
	char text[DIGEST_TEXT];

	digest_init();
	ck_assert_str_eq(digest_text(known[_i].in, strlen(known[_i].in), text),
	    known[_i].want);
}
END_TEST

START_TEST(nothing_has_a_digest_too)
{
	char text[DIGEST_TEXT];

	digest_init();
	ck_assert_str_eq(digest_text(NULL, 0, text), known[0].want);
}
END_TEST

/* RFC 4231, cases 1, 2 and 6. */
START_TEST(a_keyed_digest_is_known)
{
	char key[131], text[DIGEST_TEXT];
	const char *data = "Test Using Larger Than Block-Size Key - Hash Key "
	    "First";

	digest_init();
	memset(key, 0x0b, 20);
	ck_assert_str_eq(digest_hmac(key, 20, "Hi There", 8, text),
	    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	ck_assert_str_eq(digest_hmac("Jefe", 4, "what do ya want for nothing?",
	    28, text),
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	ck_assert_str_eq(digest_hmac(key, sizeof(key), data, strlen(data),
	    text),
	    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}
END_TEST

START_TEST(equal_looks_at_every_byte)
{
	unsigned char a[32] = { 0 }, b[32] = { 0 };

	digest_init();
	ck_assert(digest_equal(a, b, sizeof(a)));
	for (size_t i = 0; i < sizeof(b); i++) {
		b[i] = 1;
		ck_assert(!digest_equal(a, b, sizeof(a)));
		b[i] = 0;
	}
}
END_TEST

START_TEST(tokens_are_url_safe_and_differ)
{
	char a[TOKEN_TEXT], b[TOKEN_TEXT];

	digest_init();
	digest_init();		/* twice is once */
	ck_assert_uint_eq(strlen(token_new(a)), TOKEN_TEXT - 1);
	ck_assert_uint_eq(strspn(a, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_"), TOKEN_TEXT - 1);
	ck_assert_str_ne(a, token_new(b));
}
END_TEST

static const char *const wrong[] = { "", "secre", "secret ", "Secret",
    "secret\n" };

START_TEST(only_the_password_verifies)
{
	char hash[PASSWORD_HASH], again[PASSWORD_HASH];
	struct err e;

	digest_init();
	ck_ok(password_hash("secret", hash, &e), e);
	ck_ok(password_hash("secret", again, &e), e);
	ck_assert_str_ne(hash, again);			/* salted */
	ck_assert_int_eq(strncmp(hash, "$argon2id$", 10), 0);
	ck_assert_ptr_null(strstr(hash, "secret"));
	ck_assert(password_verify("secret", hash));
	ck_assert(password_verify("secret", again));
	for (int i = 0; i < N_ROWS(wrong); i++)
		ck_assert(!password_verify(wrong[i], hash));
}
END_TEST

static const char *const no_hash[] = { "", "x", "$argon2id$", "plain",
    "$argon2id$v=19$m=65536,t=2,p=1$AAAA" };

START_TEST(what_is_no_hash_fits_nobody)
{
	digest_init();
	ck_assert(!password_verify("", no_hash[_i]));
	ck_assert(!password_verify(no_hash[_i], no_hash[_i]));
}
END_TEST

START_TEST(the_dummy_is_one_hash_of_nobody)
{
	const char *dummy;

	digest_init();
	dummy = password_dummy();
	ck_assert_int_eq(strncmp(dummy, "$argon2id$", 10), 0);
	ck_assert_ptr_eq(dummy, password_dummy());
	ck_assert(!password_verify("", dummy));
	ck_assert(!password_verify("admin", dummy));
}
END_TEST

START_TEST(a_wiped_secret_is_gone)
{
	char secret[] = "secret";

	secret_wipe(secret, sizeof(secret));
	for (size_t i = 0; i < sizeof(secret); i++)
		ck_assert_int_eq(secret[i], 0);
}
END_TEST

SUITE("digest")
{
	tcase_add_loop_test(tc, a_known_answer, 0, N_ROWS(known));
	tcase_add_test(tc, nothing_has_a_digest_too);
	tcase_add_test(tc, a_keyed_digest_is_known);
	tcase_add_test(tc, equal_looks_at_every_byte);
	tcase_add_test(tc, tokens_are_url_safe_and_differ);
	tcase_add_test(tc, only_the_password_verifies);
	tcase_add_loop_test(tc, what_is_no_hash_fits_nobody, 0,
	    N_ROWS(no_hash));
	tcase_add_test(tc, the_dummy_is_one_hash_of_nobody);
	tcase_add_test(tc, a_wiped_secret_is_gone);
}
