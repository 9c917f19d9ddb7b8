/* trust.c -- signatures judged; see trust.h. */
#include "profiles/trust.h"

#include <stdio.h>
#include <string.h>

static const char *const purpose_words[] = { "all", "documents", "notices",
    NULL };
static const char *const alg_words[] = { "Ed25519", NULL };

#define AT(m) .offset = offsetof(struct trust_key, m), \
	.size = sizeof(((struct trust_key *)0)->m)

static const struct field trust_key_fields[] = {
	{ "id", "@id", FIELD_UUID, AT(head.id), .flags = FIELD_READONLY,
	    .doc = "unique for ever" },
	{ "name", "@name", FIELD_NAME, AT(head.name),
	    .flags = FIELD_REQUIRED | FIELD_KEY, .rule = "NameSyntax",
	    .doc = "whose key it is" },
	{ "description", "description", FIELD_TEXT, AT(head.description),
	    .doc = "up to 256 bytes" },
	{ "alg", "@alg", FIELD_WORD, AT(alg), .words = alg_words,
	    .doc = "of its signatures" },
	{ "publicKey", "@publicKey", FIELD_TEXT, AT(public_key),
	    .flags = FIELD_REQUIRED, .doc = "32 bytes as base64" },
	{ "keyId", "@keyId", FIELD_TEXT, AT(key_id), .flags = FIELD_READONLY,
	    .doc = "how signatures name it: begin of its SHA-256" },
	{ "purpose", "@purpose", FIELD_WORD, AT(purpose),
	    .words = purpose_words, .doc = "what its signature counts for" },
	{ "notAfter", "@notAfter", FIELD_TIME, AT(not_after_ms),
	    .flags = FIELD_NULLABLE, .doc = "it does not count from then on" },
	{ "own", NULL, FIELD_BOOL, AT(own), .flags = FIELD_READONLY,
	    .doc = "this appliance signs with it" },
	{ "revision", NULL, FIELD_INT64, AT(head.revision), .max = INT64_MAX,
	    .flags = FIELD_READONLY | FIELD_META,
	    .doc = "counts changes; the ETag" },
	{ .json = NULL, .xml = NULL },
};

const struct field_table field_trust_key = { "trustKey", trust_key_fields,
    sizeof(struct trust_key), "a public key whose signatures count" };

const char *
trust_word(enum trust_says says)
{
	static const char *const words[] = {
		[TRUST_UNSIGNED] = "unsigned", [TRUST_KNOWN] = "known",
		[TRUST_STRANGER] = "stranger", [TRUST_EXPIRED] = "expired",
		[TRUST_BAD] = "bad",
	};

	return words[says];
}

/* ---- judging ---- */

/* How much a verdict counts. */
static int
weight(enum trust_says says)
{
	static const int weights[] = {
		[TRUST_UNSIGNED] = 0, [TRUST_STRANGER] = 1,
		[TRUST_EXPIRED] = 2, [TRUST_BAD] = 3, [TRUST_KNOWN] = 4,
	};

	return weights[says];
}

static bool
counts(const struct trust_key *key, enum trust_purpose purpose,
    int64_t wall_ms)
{
	return (key->purpose == TRUST_ALL || key->purpose == purpose) &&
	    (key->not_after_ms == 0 || wall_ms < key->not_after_ms);
}

static const struct trust_key *
find(const struct trust_key *keys, size_t n, const char *key_id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(keys[i].key_id, key_id) == 0)
			return &keys[i];
	return NULL;
}

int
trust_judge(struct store *store, struct arena *a, enum trust_purpose purpose,
    const char *key_id, const char *signature, const char *lines,
    int64_t wall_ms, struct trust_verdict *v, struct err *e)
{
	const struct trust_key *key;
	enum trust_says says;
	struct trust_key *keys;
	size_t n;

	if (trust_list(store, a, "", SIZE_MAX, &keys, &n, e) < 0)
		return -1;
	key = find(keys, n, key_id);
	if (key == NULL)
		says = TRUST_STRANGER;
	else if (!sign_verify(key->public_key, lines, strlen(lines),
	    signature))
		says = TRUST_BAD;
	else
		says = counts(key, purpose, wall_ms) ? TRUST_KNOWN :
		    TRUST_EXPIRED;
	if (weight(says) <= weight(v->says))
		return 0;
	v->says = says;
	(void)snprintf(v->key_id, sizeof(v->key_id), "%s", key_id);
	(void)snprintf(v->name, sizeof(v->name), "%s",
	    key != NULL ? key->head.name : "");
	return 0;
}

const char *
trust_lines(struct arena *a, const char *document_digest,
    const char *content_digest, const char *appliance, const char *generation)
{
	return arena_printf(a, "polyroot-config-v1\n%s\n%s\n%s\n%s\n",
	    document_digest, content_digest, appliance, generation);
}

static const char *
of_origin(const struct xml_records *r, const char *name)
{
	uint32_t origin = xml_first(r, 0, "origin");
	const char *value = origin != 0 ? xml_value(r, origin, name) : NULL;

	return value != NULL ? value : "";
}

int
trust_document(struct store *store, const struct xml_records *r,
    int64_t wall_ms, struct trust_verdict *v, struct err *e)
{
	const char *lines = trust_lines(r->arena, r->document_digest,
	    r->content_digest, of_origin(r, "applianceUuid"),
	    of_origin(r, "generation"));
	uint32_t integrity = xml_first(r, 0, "integrity");
	uint32_t i = integrity != 0 ? xml_first(r, integrity, "signature") : 0;

	*v = (struct trust_verdict){ .says = TRUST_UNSIGNED };
	for (int n = 0; i != 0 && n < TRUST_SIGNATURES; n++) {
		const char *key_id = xml_value(r, i, "keyId");

		if (key_id != NULL && trust_judge(store, r->arena,
		    TRUST_DOCUMENTS, key_id, r->elements[i].text, lines,
		    wall_ms, v, e) < 0)
			return -1;
		i = xml_next(r, i, "signature");
	}
	return 0;
}
