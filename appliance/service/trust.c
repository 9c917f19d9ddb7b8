/* trust.c -- see trust.h. */
#include "appliance/service/trust.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "appliance/service/render.h"
#include "appliance/service/request.h"
#include "appliance/service/settings.h"
#include "profiles/setting.h"

enum { TRUST_BODY = 16 << 10 };

/* ---- reading ---- */

static json_t *
key_json(const struct trust_key *k)
{
	return field_to_json(&field_trust_key, NULL, k);
}

int
trust_keys_read(struct call *c, struct err *e)
{
	const char *after = request_query(c->request, "after");
	struct trust_key *list;
	json_t *items;
	size_t limit, n;

	if (request_limit(c->request, &limit, e) < 0 || trust_list(c->store,
	    c->arena, after != NULL ? after : "", limit + 1, &list, &n,
	    e) < 0)
		return -1;
	items = json_array();
	for (size_t i = 0; i < n && i < limit; i++)
		json_put(items, NULL, key_json(&list[i]));
	answer_json(c->answer, 200, render_list(items, n > limit ?
	    list[limit - 1].head.name : NULL));
	return 0;
}

static int
load(struct call *c, struct trust_key **k, struct err *e)
{
	return trust_load(c->store, c->arena, request_param(c->request, "id"),
	    k, e);
}

static void
answer_key(struct call *c, int status, const struct trust_key *k)
{
	render_etag(c->answer, k->head.revision);
	answer_json(c->answer, status, key_json(k));
}

int
trust_key_read(struct call *c, struct err *e)
{
	struct trust_key *k;

	if (load(c, &k, e) < 0)
		return -1;
	answer_key(c, 200, k);
	return 0;
}

/* ---- changing ---- */

static bool
no_name(void *cookie, enum object_type type, const char *ref, char id[ID_TEXT])
{
	(void)cookie, (void)type, (void)ref, (void)id;
	return false;
}

static int
read_body(struct call *c, bool making, struct trust_key *k, struct err *e)
{
	static const struct field_names names = { no_name, no_name, NULL };
	json_t *body;
	int rc;

	if (json_read(c->request->body, c->request->body_size, TRUST_BODY,
	    &body, e) < 0)
		return -1;
	rc = field_from_json(c->arena, &field_trust_key, &names, body, "",
	    making, k, e);
	json_decref(body);
	if (rc < 0)
		return -1;
	if (!sign_key_valid(k->public_key))
		return err_rule(e, ERR_RULES, "TrustKeySyntax", "/publicKey",
		    "this is no Ed25519 public key: 32 bytes as base64");
	(void)sign_key_id(k->public_key, k->key_id);
	return 0;
}

/* The store only says that something is taken. */
static int
check_taken(struct call *c, const struct trust_key *k, struct err *e)
{
	struct trust_key *list;
	size_t n;

	if (trust_list(c->store, c->arena, "", SIZE_MAX, &list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct trust_key *other = &list[i];

		if (strcmp(other->head.id, k->head.id) == 0)
			continue;
		if (strcasecmp(other->head.name, k->head.name) == 0)
			return err_rule(e, ERR_RULES, "NameTaken", "/name",
			    "there is a trust key %s", other->head.name);
		if (strcmp(other->key_id, k->key_id) == 0)
			return err_rule(e, ERR_RULES, "TrustKeyKnown",
			    "/publicKey", "trust key %s is this key",
			    other->head.name);
	}
	return 0;
}

static int
keep(struct call *c, int status, struct trust_key *k, struct err *e)
{
	k->head.revision++;
	k->head.modified_ms = c->request->wall_ms;
	if (check_taken(c, k, e) < 0 || trust_put(c->store, k, e) < 0 ||
	    settings_event(c, "trustKey", k->head.id, k->head.name, e) < 0)
		return -1;
	answer_key(c, status, k);
	return 0;
}

int
trust_key_add(struct call *c, struct err *e)
{
	struct rng rng = rng_seed(c->request->seed);
	struct trust_key k = { .head.created_ms = c->request->wall_ms };

	if (read_body(c, true, &k, e) < 0)
		return -1;
	(void)rng_uuid(&rng, k.head.id);
	return keep(c, 201, &k, e);
}

/* Not our own, and not one that changed since it was read. */
static int
load_theirs(struct call *c, struct trust_key **k, struct err *e)
{
	const char *want = c->request->if_match;
	char etag[32];

	if (load(c, k, e) < 0)
		return -1;
	if ((*k)->own)
		return err_rule(e, ERR_CONFLICT, "TrustKeyOwn", NULL,
		    "this appliance signs with it; it stays as it is");
	snprintf(etag, sizeof(etag), "\"%" PRId64 "\"", (*k)->head.revision);
	if (want != NULL && !request_etag_listed(want, etag, false))
		return err_set(e, ERR_STALE,
		    "it has revision %s by now, not %.40s", etag, want);
	return 0;
}

int
trust_key_patch(struct call *c, struct err *e)
{
	struct trust_key *k;

	if (load_theirs(c, &k, e) < 0 || read_body(c, false, k, e) < 0)
		return -1;
	return keep(c, 200, k, e);
}

int
trust_key_remove(struct call *c, struct err *e)
{
	struct trust_key *k;

	if (load_theirs(c, &k, e) < 0 ||
	    trust_drop(c->store, k->head.id, e) < 0 ||
	    settings_event(c, "trustKey", k->head.id, k->head.name, e) < 0)
		return -1;
	answer_json(c->answer, 200, json_object());
	return 0;
}

/* ---- documents ---- */

json_t *
trust_json(const struct trust_verdict *v)
{
	json_t *o = json_object();

	json_put(o, "state", json_str(trust_word(v->says)));
	json_put(o, "keyId", json_str(v->key_id[0] != '\0' ? v->key_id :
	    NULL));
	json_put(o, "signer", json_str(v->name[0] != '\0' ? v->name : NULL));
	return o;
}

int
trust_note(struct store *store, const struct trust_verdict *v,
    struct violations *out, struct err *e)
{
	struct settings s;
	char severity;

	if (settings_load(store, &s, e) < 0)
		return -1;
	severity = s.require_signature == SIGNATURE_ALWAYS ? 'B' : 'C';
	if (v->says == TRUST_BAD)
		rules_note(out, "SignatureInvalid", severity, "",
		    "it was changed after %s had signed it", v->name);
	else if (s.require_signature == SIGNATURE_NEVER ||
	    v->says == TRUST_KNOWN)
		return 0;
	else if (v->says == TRUST_UNSIGNED)
		rules_note(out, "DocumentUnsigned", severity, "",
		    "nobody signed it");
	else
		rules_note(out, "DocumentUnsigned", severity, "",
		    v->says == TRUST_EXPIRED ?
		    "key %s of its signature does not count any more" :
		    "key %s of its signature is not known here", v->key_id);
	return 0;
}
