/* test_trust.c -- trust keys, and what signatures of documents say. */
#include "profiles/trust.h"

#include <stdio.h>

#include "appliance/service/trust.h"
#include "profiles/setting.h"
#include "profiles/xml_read.h"
#include "tests/test.h"
#include "tests/unit/support_desk.h"

static struct desk desk;
static struct err e;

/* Somebody else's pair. */
static char key[SIGN_PUBLIC], secret[SIGN_SECRET], key_id[SIGN_KEY_ID];

static void
set_up(void)
{
	desk_new(&desk);
	desk.role = ROLE_ADMIN;
	xml_read_init();
	sign_new(key, secret);
	(void)sign_key_id(key, key_id);
}

static void
tear_down(void)
{
	desk_free(&desk);
}

static int
add_key(const char *name, const char *more)
{
	char request[400];

	snprintf(request, sizeof(request), "POST /trustKeys {\"name\":\"%s\","
	    "\"publicKey\":\"%s\"%s}", name, key, more);
	return desk_ask(&desk, request);
}

START_TEST(a_key_is_added_changed_and_removed)
{
	ck_assert_int_eq(add_key("london", ",\"purpose\":\"notices\","
	    "\"notAfter\":\"2030-01-01T00:00:00Z\""), 201);
	ck_assert_str_eq(desk_text(&desk, "keyId"), key_id);
	ck_assert_str_eq(desk_text(&desk, "notAfter"),
	    "2030-01-01T00:00:00.000Z");
	desk_do(&desk, "PATCH /trustKeys/london {\"notAfter\":null,"
	    "\"name\":\"paris\"}");
	desk_do(&desk, "GET /trustKeys/paris");
	ck_assert_str_eq(desk_text(&desk, "purpose"), "notices");
	ck_assert_str_eq(desk_text(&desk, "revision"), "2");
	ck_assert_int_eq(scratch_count(&desk.scratch, "SELECT count(*) FROM"
	    " event WHERE type = 'trustKey'"), 2);
	desk_do(&desk, "DELETE /trustKeys/paris");
	ck_assert_int_eq(desk_ask(&desk, "GET /trustKeys/paris"), 404);
}
END_TEST

static const struct {
	const char *request;
	int status;
	const char *code;
	enum role role;
} refused[] = {
	{ "POST /trustKeys {\"name\":\"x\",\"publicKey\":\"AAAA\"}", 422,
	    "TrustKeySyntax", ROLE_ADMIN },
	{ "POST /trustKeys {\"name\":\"x\",\"publicKey\":"
	    "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}", 422,
	    "TrustKeySyntax", ROLE_ADMIN },
	{ "POST /trustKeys {\"name\":\"a b\",\"publicKey\":"
	    "\"PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\"}", 422,
	    "NameSyntax", ROLE_ADMIN },
	{ "POST /trustKeys {\"name\":\"LONDON\",\"publicKey\":"
	    "\"PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\"}", 422,
	    "NameTaken", ROLE_ADMIN },
	{ "POST /trustKeys {\"publicKey\":\"PUAXw\"}", 400, "", ROLE_ADMIN },
	{ "PATCH /trustKeys/this-appliance {\"purpose\":\"all\"}", 409,
	    "TrustKeyOwn", ROLE_ADMIN },
	{ "DELETE /trustKeys/this-appliance", 409, "TrustKeyOwn",
	    ROLE_ADMIN },
	{ "DELETE /trustKeys/london", 403, "", ROLE_OPERATOR },
	{ "PATCH /trustKeys/nobody {}", 404, "", ROLE_ADMIN },
};

START_TEST(what_may_not_be_changes_nothing)
{
	int64_t before;

	ck_ok(trust_begin(desk.scratch.store, 1, &e), e);
	ck_assert_int_eq(add_key("london", ""), 201);
	before = scratch_count(&desk.scratch, "SELECT count(*) FROM event");
	desk.role = refused[_i].role;
	ck_assert_int_eq(desk_ask(&desk, refused[_i].request),
	    refused[_i].status);
	if (refused[_i].code[0] != '\0')
		ck_assert(desk_says(&desk, refused[_i].code));
	ck_assert_int_eq(scratch_count(&desk.scratch,
	    "SELECT count(*) FROM trust_key"), 2);
	ck_assert_int_eq(scratch_count(&desk.scratch,
	    "SELECT count(*) FROM event"), before);
}
END_TEST

START_TEST(a_key_is_trusted_once)
{
	ck_assert_int_eq(add_key("london", ""), 201);
	ck_assert_int_eq(add_key("paris", ""), 422);
	ck_assert(desk_says(&desk, "TrustKeyKnown"));
}
END_TEST

/* ---- our own ---- */

START_TEST(our_own_key_is_made_once_and_never_shown)
{
	struct trust_key *signer;
	char sig[SIGN_TEXT], id[SIGN_KEY_ID];
	struct arena *a = arena_new();

	ck_ok(trust_sign(desk.scratch.store, a, "x", sig, &signer, &e), e);
	ck_assert_ptr_null(signer);
	ck_ok(trust_begin(desk.scratch.store, 1, &e), e);
	ck_ok(trust_sign(desk.scratch.store, a, "x", sig, &signer, &e), e);
	ck_assert_ptr_nonnull(signer);
	snprintf(id, sizeof(id), "%s", signer->key_id);
	ck_assert(sign_verify(signer->public_key, "x", 1, sig));
	ck_ok(trust_begin(desk.scratch.store, 2, &e), e);
	ck_ok(trust_sign(desk.scratch.store, a, "x", sig, &signer, &e), e);
	ck_assert_str_eq(signer->key_id, id);
	desk_do(&desk, "GET /trustKeys");
	ck_assert_str_eq(desk_text(&desk, "items/0/own"), "true");
	ck_assert_str_eq(desk_text(&desk, "items/0/keyId"), id);
	ck_assert_str_eq(desk_text(&desk, "items/0/secret"), "");
	arena_free(a);
}
END_TEST

/* ---- documents ---- */

static const char text[] = "<applianceConfig xmlns='" XML_NAMESPACE
    "' schemaVersion='1.0' kind='profile'><origin applianceUuid='u' name='n'"
    " software='1' generation='7' identityEpoch='1' exportedAt='t'/>"
    "<profiles/><integrity><documentDigest>0</documentDigest>"
    "<contentDigest>0</contentDigest>%s</integrity></applianceConfig>";

static struct xml_records
document(struct arena *a, const char *signatures)
{
	char *bytes = arena_alloc(a, 4096);
	struct xml_records r;

	snprintf(bytes, 4096, text, signatures);
	ck_ok(xml_read(a, bytes, strlen(bytes), &r, &e), e);
	return r;
}

/* A signature element by a secret; `spoil` changes what is signed. */
static const char *
signature(struct arena *a, const char *by, const char *id, bool spoil)
{
	struct xml_records r = document(a, "");
	const char *lines = trust_lines(a, r.document_digest,
	    r.content_digest, "u", spoil ? "8" : "7");
	char sig[SIGN_TEXT];

	ck_ok(sign_text(by, lines, strlen(lines), sig, &e), e);
	return arena_printf(a, "<signature alg='Ed25519' keyId='%s'>%s"
	    "</signature>", id, sig);
}

static const struct {
	const char *add;		/* the key here; NULL: not */
	bool spoil, stranger_too, none;
	enum trust_says want;
	/* Code and severity under never, warn, always; "" nothing. */
	const char *code, *severities;
} says[] = {
	{ NULL, false, false, true, TRUST_UNSIGNED, "DocumentUnsigned",
	    " CB" },
	{ "", false, false, false, TRUST_KNOWN, "", "   " },
	{ "", false, true, false, TRUST_KNOWN, "", "   " },
	{ NULL, false, false, false, TRUST_STRANGER, "DocumentUnsigned",
	    " CB" },
	{ "", true, false, false, TRUST_BAD, "SignatureInvalid", "CCB" },
	{ "", true, true, false, TRUST_BAD, "SignatureInvalid", "CCB" },
	{ ",\"notAfter\":\"2001-01-01T00:00:00Z\"", false, false, false,
	    TRUST_EXPIRED, "DocumentUnsigned", " CB" },
	{ ",\"notAfter\":\"2001-01-01T00:00:00Z\"", true, false, false,
	    TRUST_BAD, "SignatureInvalid", "CCB" },
	{ ",\"purpose\":\"notices\"", false, false, false, TRUST_EXPIRED,
	    "DocumentUnsigned", " CB" },
	{ ",\"purpose\":\"documents\"", false, false, false, TRUST_KNOWN, "",
	    "   " },
};

static void
ck_policy(const struct trust_verdict *v, uint32_t policy, char severity,
    const char *code)
{
	struct violations out = { .arena = desk.scratch.arena };
	struct settings s = settings_default();

	s.require_signature = policy;
	ck_ok(settings_store(desk.scratch.store, &s, &e), e);
	ck_ok(trust_note(desk.scratch.store, v, &out, &e), e);
	ck_assert_uint_eq(out.n, severity != ' ');
	if (severity == ' ')
		return;
	ck_assert_str_eq(out.items[0].code, code);
	ck_assert_int_eq(out.items[0].severity, severity);
	ck_assert_ptr_nonnull(rules_find(code));
}

START_TEST(a_signature_is_judged)
{
	char theirs[SIGN_PUBLIC], hidden[SIGN_SECRET], id[SIGN_KEY_ID];
	struct arena *a = arena_new();
	struct trust_verdict v;
	struct xml_records r;
	const char *sigs = "";

	sign_new(theirs, hidden);
	(void)sign_key_id(theirs, id);
	if (says[_i].stranger_too)
		sigs = signature(a, hidden, id, false);
	if (!says[_i].none)
		sigs = arena_printf(a, "%s%s", sigs, signature(a, secret,
		    key_id, says[_i].spoil));
	if (says[_i].add != NULL)
		ck_assert_int_eq(add_key("london", says[_i].add), 201);
	r = document(a, sigs);
	ck_ok(trust_document(desk.scratch.store, &r, scratch_wall_ms, &v, &e),
	    e);
	ck_assert_str_eq(trust_word(v.says), trust_word(says[_i].want));
	if (says[_i].add != NULL)
		ck_assert_str_eq(v.name, "london");
	for (uint32_t p = SIGNATURE_NEVER; p <= SIGNATURE_ALWAYS; p++)
		ck_policy(&v, p, says[_i].severities[p], says[_i].code);
	arena_free(a);
}
END_TEST

/* Not one byte below the signed digests can change. */
START_TEST(an_edited_document_is_no_longer_signed)
{
	struct arena *a = arena_new();
	char bytes[4096], *at;
	struct trust_verdict v;
	struct xml_records r;

	ck_assert_int_eq(add_key("london", ""), 201);
	snprintf(bytes, sizeof(bytes), text, signature(a, secret, key_id,
	    false));
	at = strstr(bytes, "<profiles/>");
	memcpy(at, "<networks/>", 11);
	ck_ok(xml_read(a, bytes, strlen(bytes), &r, &e), e);
	ck_ok(trust_document(desk.scratch.store, &r, scratch_wall_ms, &v, &e),
	    e);
	ck_assert_int_eq(v.says, TRUST_BAD);
	arena_free(a);
}
END_TEST

SUITE("trust")
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_key_is_added_changed_and_removed);
	tcase_add_loop_test(tc, what_may_not_be_changes_nothing, 0,
	    N_ROWS(refused));
	tcase_add_test(tc, a_key_is_trusted_once);
	tcase_add_test(tc, our_own_key_is_made_once_and_never_shown);
	tcase_add_loop_test(tc, a_signature_is_judged, 0, N_ROWS(says));
	tcase_add_test(tc, an_edited_document_is_no_longer_signed);
}
