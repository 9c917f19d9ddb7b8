/* exports.c -- see exports.h. */
#include "appliance/service/exports.h"

#include <inttypes.h>
#include <stdio.h>

#include "profiles/setting.h"
#include "profiles/trust.h"

/* What the writer of a document calls back with. */
struct exports_cookie {
	struct call *call;
	const struct xml_export *export;
};

/* Behind both digests: <signature alg keyId>base64</signature>. */
static int
put_signature(void *cookie, struct xml_records *r, struct err *e)
{
	const struct exports_cookie *x = cookie;
	const struct appliance *self = x->export->origin->appliance;
	char generation[24], signature[SIGN_TEXT];
	struct arena *a = x->call->arena;
	struct trust_key *signer;

	snprintf(generation, sizeof(generation), "%" PRId64,
	    self->generation);
	if (trust_sign(x->call->store, a, trust_lines(a, r->document_digest,
	    r->content_digest, self->id, generation), signature, &signer,
	    e) < 0)
		return -1;
	/* The first start makes a key; a store of a test may have none. */
	if (signer == NULL)
		return 0;
	xml_open(r, "signature", 0);
	xml_attr_add(r, "alg", "Ed25519");
	xml_attr_add(r, "keyId", signer->key_id);
	xml_text_set(r, signature);
	xml_close(r);
	return 0;
}

int
exports_sign(struct call *c, struct xml_export *x, struct err *e)
{
	struct exports_cookie *cookie;
	struct settings s;

	if (settings_load(c->store, &s, e) < 0)
		return -1;
	if (!s.sign_exports)
		return 0;
	cookie = arena_alloc(c->arena, sizeof(*cookie));
	*cookie = (struct exports_cookie){ c, x };
	x->sign = put_signature;
	x->cookie = cookie;
	return 0;
}
