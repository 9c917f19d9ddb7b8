/* store_trust.c -- keys as rows; see trust.h. */
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "profiles/stmt.h"
#include "profiles/trust.h"

#define KEY "SELECT id, name, description, revision, created_ms," \
	" modified_ms, key_id, public_key, purpose, not_after_ms, own" \
	" FROM trust_key "

static void
read_key(struct stmt *q, struct trust_key *k)
{
	stmt_get_head(q, &k->head);
	stmt_get_text(q, k->key_id, sizeof(k->key_id));
	stmt_get_text(q, k->public_key, sizeof(k->public_key));
	k->purpose = stmt_get_u32(q);
	k->not_after_ms = stmt_get_int(q);
	k->own = stmt_get_bool(q);
}

int
trust_load(struct store *st, struct arena *a, const char *ref,
    struct trust_key **out, struct err *e)
{
	struct stmt q = stmt_open_ref(st, KEY "WHERE id = ?",
	    KEY "WHERE name = ?", ref);
	struct trust_key *k = arena_alloc(a, sizeof(*k));

	if (stmt_one(&q, "trust key", ref, e) < 0)
		return -1;
	read_key(&q, k);
	stmt_close(&q);
	*out = k;
	return 0;
}

int
trust_list(struct store *st, struct arena *a, const char *after, size_t limit,
    struct trust_key **out, size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, KEY "WHERE name > ? ORDER BY name"
	    " LIMIT ?");
	struct trust_key *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	stmt_text(&q, after);
	stmt_int(&q, limit > INT32_MAX ? INT32_MAX : (int64_t)limit);
	while ((rc = stmt_step(&q, e)) > 0) {
		one = (struct trust_key){ 0 };
		read_key(&q, &one);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

int
trust_put(struct store *st, const struct trust_key *k, struct err *e)
{
	struct stmt q = stmt_open(st, "INSERT INTO trust_key(id, name,"
	    " description, revision, created_ms, modified_ms, key_id,"
	    " public_key, purpose, not_after_ms, own)"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT(id) DO UPDATE SET name = excluded.name,"
	    " description = excluded.description,"
	    " revision = excluded.revision,"
	    " modified_ms = excluded.modified_ms,"
	    " key_id = excluded.key_id, public_key = excluded.public_key,"
	    " purpose = excluded.purpose,"
	    " not_after_ms = excluded.not_after_ms");

	stmt_head(&q, &k->head);
	stmt_text(&q, k->key_id);
	stmt_text(&q, k->public_key);
	stmt_int(&q, k->purpose);
	stmt_int(&q, k->not_after_ms);
	stmt_int(&q, k->own);
	return stmt_run(&q, e);
}

int
trust_drop(struct store *st, const char *id, struct err *e)
{
	struct stmt q = stmt_open(st, "DELETE FROM trust_key WHERE id = ?");

	stmt_text(&q, id);
	return stmt_run(&q, e);
}

/* ---- our own ---- */

/* 1 with the secret. */
static int
load_secret(struct store *st, char id[ID_TEXT], char secret[SIGN_SECRET],
    struct err *e)
{
	struct stmt q = stmt_open(st,
	    "SELECT trust_key, secret FROM signing_key");
	int rc = stmt_step(&q, e);

	if (rc > 0) {
		stmt_get_text(&q, id, ID_TEXT);
		stmt_get_text(&q, secret, SIGN_SECRET);
	}
	stmt_close(&q);
	return rc;
}

static int
keep_secret(struct store *st, const char *id, const char *secret,
    struct err *e)
{
	struct stmt q = stmt_open(st, "INSERT INTO signing_key"
	    " VALUES(1, ?, ?)");

	stmt_text(&q, id);
	stmt_text(&q, secret);
	return stmt_run(&q, e);
}

int
trust_begin(struct store *st, int64_t wall_ms, struct err *e)
{
	char id[ID_TEXT], secret[SIGN_SECRET];
	struct trust_key k = { .own = true };
	struct rng rng = rng_fresh();
	int rc = load_secret(st, id, secret, e);

	if (rc == 0) {
		(void)rng_uuid(&rng, k.head.id);
		(void)snprintf(k.head.name, sizeof(k.head.name),
		    "this-appliance");
		(void)snprintf(k.head.description, sizeof(k.head.description),
		    "What this appliance signs with");
		k.head.revision = 1;
		k.head.created_ms = k.head.modified_ms = wall_ms;
		sign_new(k.public_key, secret);
		(void)sign_key_id(k.public_key, k.key_id);
		rc = trust_put(st, &k, e);
		if (rc == 0)
			rc = keep_secret(st, k.head.id, secret, e);
	}
	secret_wipe(secret, sizeof(secret));
	return rc < 0 ? -1 : 0;
}

int
trust_sign(struct store *st, struct arena *a, const char *lines,
    char signature[SIGN_TEXT], struct trust_key **signer, struct err *e)
{
	char id[ID_TEXT], secret[SIGN_SECRET];
	int rc = load_secret(st, id, secret, e);

	*signer = NULL;
	if (rc > 0)
		rc = sign_text(secret, lines, strlen(lines), signature, e);
	else
		id[0] = '\0';
	secret_wipe(secret, sizeof(secret));
	if (rc < 0 || id[0] == '\0')
		return rc;
	return trust_load(st, a, id, signer, e);
}
