/* exports.c -- see exports.h. */
#include "appliance/service/exports.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/service/service_int.h"
#include "appliance/service/settings.h"
#include "appliance/service/system.h"
#include "base/digest.h"
#include "base/seal.h"
#include "profiles/setting.h"
#include "profiles/trust.h"

enum { EXPORTS_BODY = 16 << 10 };

/* What the writer of a document calls back with. */
struct exports_cookie {
	struct call *call;
	const struct xml_export *export;
	const char *passphrase;
};

/* ---- signatures ---- */

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

static struct exports_cookie *
cookie_of(struct call *c, struct xml_export *x)
{
	struct exports_cookie *cookie = x->cookie;

	if (cookie == NULL)
		cookie = arena_alloc(c->arena, sizeof(*cookie));
	cookie->call = c;
	cookie->export = x;
	x->cookie = cookie;
	return cookie;
}

int
exports_sign(struct call *c, struct xml_export *x, struct err *e)
{
	struct settings s;

	if (settings_load(c->store, &s, e) < 0)
		return -1;
	if (!s.sign_exports)
		return 0;
	(void)cookie_of(c, x);
	x->sign = put_signature;
	return 0;
}

/* ---- what is sealed ---- */

static int
put_system(const struct exports_cookie *x, struct xml_records *r,
    struct err *e)
{
	struct buf locked = buf_new(XML_MAX_BYTES);
	const char *text;
	struct seal s;
	int rc;

	if (system_text(x->call->store, x->call->arena, &text, e) < 0)
		return -1;
	rc = seal_lock(x->passphrase, text, strlen(text), &s, &locked, e);
	if (rc == 0) {
		xml_open(r, "encryptedSystem", 0);
		xml_attr_add(r, "alg", "XChaCha20-Poly1305");
		xml_attr_add(r, "kdf", "Argon2id");
		xml_attr_add(r, "ops", arena_printf(r->arena, "%u", s.ops));
		xml_attr_add(r, "memMiB", arena_printf(r->arena, "%u",
		    s.mem_mib));
		xml_attr_add(r, "salt", s.salt);
		xml_attr_add(r, "nonce", s.nonce);
		xml_text_set(r, locked.data);
		xml_close(r);
	}
	buf_free(&locked);
	return rc;
}

static int
put_sealed(void *cookie, struct xml_records *r, struct err *e)
{
	const struct exports_cookie *x = cookie;

	if (x->export->kind == XML_KIND_FULL &&
	    system_ledger(x->call, r, e) < 0)
		return -1;
	return put_system(x, r, e);
}

/* ---- POST /exports ---- */

static int
read_kind(const char *word, enum xml_kind *kind, struct err *e)
{
	static const enum xml_kind kinds[] = { XML_KIND_LOGICAL,
		XML_KIND_SYSTEM, XML_KIND_FULL };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(word, xml_kind_word(kinds[i])) == 0) {
			*kind = kinds[i];
			return 0;
		}
	return err_rule(e, ERR_MALFORMED, NULL, "/kind",
	    "kind is logical, system or full");
}

/* It travels in a header too. */
static int
check_passphrase(const char *passphrase, struct err *e)
{
	if (passphrase == NULL)
		return err_rule(e, ERR_RULES, "PassphraseNeeded",
		    "/passphrase", "users and keys are sealed with one");
	for (const char *c = passphrase; *c != '\0'; c++)
		if (*c < '!' || *c > '~')
			return err_rule(e, ERR_RULES, "PassphraseTooShort",
			    "/passphrase",
			    "a passphrase is of printable ASCII, no blanks");
	return 0;
}

static int
read_body(const json_t *body, const struct request *r, enum xml_kind *kind,
    const char **passphrase, struct err *e)
{
	static const char *const keys[] = { "kind", "passphrase", NULL };
	const char *word;

	*passphrase = NULL;
	if (json_only(body, "", keys, e) < 0 || json_get_str(body, "", "kind",
	    false, 16, &word, e) < 0 || json_get_str(body, "", "passphrase",
	    true, SEAL_PASSPHRASE_MAX, passphrase, e) < 0 ||
	    read_kind(word, kind, e) < 0)
		return -1;
	if (*kind == XML_KIND_LOGICAL)
		return 0;
	if (r->role < ROLE_ADMIN)
		return err_set(e, ERR_FORBIDDEN, "only an administrator "
		    "exports settings, users and trust keys");
	return check_passphrase(*passphrase, e);
}

static int
render(struct call *c, enum xml_kind kind, const char *passphrase,
    struct request *r, struct err *e)
{
	struct exports_cookie cookie = { .passphrase = passphrase };
	struct xml_export x = { .kind = kind, .cookie = &cookie };
	struct buf out = buf_new(XML_MAX_BYTES);
	int rc;

	(void)cookie_of(c, &x);
	if (kind != XML_KIND_LOGICAL)
		x.seal = put_sealed;
	rc = config_write(c, &x, &out, e);
	if (rc == 0)
		r->rendered = arena_strdup(c->arena, out.data);
	buf_free(&out);
	return rc;
}

/* The answer is kept for nobody who sends the same key again. */
int
exports_prepare(struct service *s, struct store *store, struct request *r,
    struct arena *room, struct err *e)
{
	struct call c = { .service = s, .store = store, .arena = room,
		.request = r };
	const char *passphrase;
	enum xml_kind kind = XML_KIND_LOGICAL;
	json_t *body;
	int rc;

	if (json_read(r->body, r->body_size, EXPORTS_BODY, &body, e) < 0)
		return -1;
	rc = read_body(body, r, &kind, &passphrase, e);
	if (rc == 0) {
		c.view = view_hold(s->config.views);
		rc = render(&c, kind, passphrase, r, e);
		view_drop(s->config.views, c.view);
	}
	json_decref(body);
	r->body = "{}";
	r->body_size = 2;
	r->idempotency_key = NULL;
	return rc;
}

int
exports_make(struct call *c, struct err *e)
{
	if (c->request->rendered == NULL)
		return err_set(e, ERR_UNAVAILABLE, "nothing was rendered");
	if (settings_event(c, "export", "", "export", e) < 0)
		return -1;
	buf_free(&c->answer->body);
	c->answer->body = buf_new(XML_MAX_BYTES + 1);
	buf_str(&c->answer->body, c->request->rendered);
	c->answer->status = 200;
	c->answer->content_type = "application/xml";
	answer_header(c->answer, "Content-Disposition",
	    "attachment; filename=\"polyroot.xml\"");
	return 0;
}

/* ---- POST /imports ---- */

static uint32_t
number(const struct xml_records *r, uint32_t i, const char *name)
{
	const char *text = xml_value(r, i, name);
	unsigned long n = text != NULL ? strtoul(text, NULL, 10) : 0;

	return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

int
exports_open(struct request *r, struct arena *room, struct err *e)
{
	const struct xml_records *d = r->document;
	uint32_t i = d != NULL ? xml_first(d, 0, "encryptedSystem") : 0;
	struct buf out = buf_new(XML_MAX_BYTES);
	const char *salt, *nonce;
	struct seal s;
	int rc;

	if (i == 0 || r->passphrase == NULL)
		return 0;
	s.ops = number(d, i, "ops");
	s.mem_mib = number(d, i, "memMiB");
	salt = xml_value(d, i, "salt");
	nonce = xml_value(d, i, "nonce");
	snprintf(s.salt, sizeof(s.salt), "%s", salt != NULL ? salt : "");
	snprintf(s.nonce, sizeof(s.nonce), "%s", nonce != NULL ? nonce : "");
	rc = seal_open(r->passphrase, &s, d->elements[i].text, &out, e);
	if (rc == 0) {
		r->opened = arena_strdup(room, out.len > 0 ? out.data : "");
		if (out.len > 0)
			secret_wipe(out.data, out.len);
	}
	buf_free(&out);
	return rc;
}
