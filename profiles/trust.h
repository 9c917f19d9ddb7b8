/*
 * trust.h -- whose signatures count, and our own.
 *
 * A trust key is a public key with a name, for what it counts (purpose), and
 * until when.  One of them is this appliance's own: made at its first start, its
 * secret half in a table of its own that nothing but trust_sign() reads; it is in
 * no export and no answer.  Keys are no part of a change set (docs/adr/0014).
 *
 * What is signed are lines of ASCII, each ended by LF, the first of which says
 * what the rest is, so that a signature under one thing is none under another.
 */
#ifndef PROFILES_TRUST_H
#define PROFILES_TRUST_H

#include "base/sign.h"
#include "profiles/field.h"
#include "profiles/store.h"
#include "profiles/xml.h"

enum trust_purpose { TRUST_ALL, TRUST_DOCUMENTS, TRUST_NOTICES };
enum { TRUST_SIGNATURES = 4 };	/* of one document, at most */

struct trust_key {
	struct head head;
	char key_id[SIGN_KEY_ID], public_key[SIGN_PUBLIC];
	uint32_t alg;			/* Ed25519 is all there is */
	uint32_t purpose;
	int64_t not_after_ms;		/* 0: no end */
	bool own;
};

extern const struct field_table field_trust_key;

int trust_load(struct store *, struct arena *, const char *ref,
    struct trust_key **, struct err *) ERR_MUST_CHECK;
int trust_list(struct store *, struct arena *, const char *after, size_t limit,
    struct trust_key **, size_t *n, struct err *) ERR_MUST_CHECK;
/* Makes or replaces the row of key->head.id; ERR_CONFLICT when the name or the
 * public key is another row's. */
int trust_put(struct store *, const struct trust_key *, struct err *)
    ERR_MUST_CHECK;
int trust_drop(struct store *, const char *id, struct err *) ERR_MUST_CHECK;

/* Makes the appliance's own key when there is none. */
int trust_begin(struct store *, int64_t wall_ms, struct err *) ERR_MUST_CHECK;
/* Signs with it; *signer is its row, in the arena, or NULL when there is none. */
int trust_sign(struct store *, struct arena *, const char *lines,
    char signature[SIGN_TEXT], struct trust_key **signer, struct err *)
    ERR_MUST_CHECK;

/* ---- what signatures say ---- */

enum trust_says {
	TRUST_UNSIGNED,		/* nobody signed it */
	TRUST_KNOWN,		/* a key of ours fits */
	TRUST_STRANGER,		/* signed with a key that is not here */
	TRUST_EXPIRED,		/* fits, but its time is over, or is not for this */
	TRUST_BAD,		/* a key of ours does not fit: it was changed */
};
struct trust_verdict {
	enum trust_says says;
	char key_id[SIGN_KEY_ID];	/* of what was judged, "" unsigned */
	char name[NAME_TEXT];		/* of the key, "" when it is not here */
};
const char *trust_word(enum trust_says);	/* "known", ... */

/* One signature; a better one in *verdict is kept.  (Known is best, then bad: a
 * change must not hide behind somebody else's key.) */
int trust_judge(struct store *, struct arena *, enum trust_purpose,
    const char *key_id, const char *signature, const char *lines,
    int64_t wall_ms, struct trust_verdict *, struct err *) ERR_MUST_CHECK;

/* The lines of a document, from the digests that its bytes have: of the records
 * when `r` was read, of the writer's when it is written. */
const char *trust_lines(struct arena *, const char *document_digest,
    const char *content_digest, const char *appliance, const char *generation);
/* All signatures of a document that was read. */
int trust_document(struct store *, const struct xml_records *, int64_t wall_ms,
    struct trust_verdict *, struct err *) ERR_MUST_CHECK;

#endif
