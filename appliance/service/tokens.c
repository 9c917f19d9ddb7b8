/* tokens.c -- see tokens.h. */
#include "appliance/service/tokens.h"

#include <stdio.h>
#include <string.h>

#include "appliance/service/render.h"
#include "appliance/service/request.h"
#include "appliance/service/settings.h"
#include "base/clock.h"
#include "base/digest.h"
#include "profiles/token.h"

enum { TOKENS_BODY = 8192, TOKENS_OPERATIONS = 64 };
#define DAY_MS INT64_C(86400000)

/* ---- as the API shows them ---- */

static json_t *
operations_json(const char *list)
{
	json_t *out = json_array();
	size_t n;

	for (list += *list == ','; *list != '\0'; list += n + 1) {
		n = strcspn(list, ",");
		json_put(out, NULL, json_stringn(list, n));
	}
	return out;
}

static json_t *
to_json(const struct token *t, const char *secret)
{
	json_t *o = json_object();

	json_put(o, "id", json_str(t->id));
	json_put(o, "name", json_str(t->name));
	json_put(o, "role", json_str(t->role));
	json_put(o, "operations", operations_json(t->operations));
	json_put(o, "actor", json_str(t->actor));
	json_put(o, "createdAt", json_time(t->created_ms));
	json_put(o, "expiresAt", json_time(t->expires_ms));
	json_put(o, "usedAt", t->used_ms == 0 ? json_null() :
	    json_time(t->used_ms));
	if (secret != NULL)
		json_put(o, "token", json_str(secret));
	return o;
}

int
tokens_read(struct call *c, struct err *e)
{
	const char *after = request_query(c->request, "after");
	struct token *list;
	json_t *items;
	size_t limit, n;

	if (request_limit(c->request, &limit, e) < 0 || token_list(c->store,
	    c->arena, after != NULL ? after : "", limit + 1, &list, &n, e) < 0)
		return -1;
	items = json_array();
	for (size_t i = 0; i < n && i < limit; i++)
		json_put(items, NULL, to_json(&list[i], NULL));
	answer_json(c->answer, 200, render_list(items, n > limit ?
	    list[limit - 1].name : NULL));
	return 0;
}

int
tokens_read_one(struct call *c, struct err *e)
{
	struct token *t;

	if (token_load(c->store, c->arena, request_param(c->request, "id"), &t,
	    e) < 0)
		return -1;
	answer_json(c->answer, 200, to_json(t, NULL));
	return 0;
}

/* ---- making one ---- */

void
tokens_prepare(struct request *r, struct arena *room)
{
	char *secret = arena_alloc(room, TOKEN_TEXT);

	r->drawn = token_new(secret);
	r->idempotency_key = NULL;
}

static bool
is_operation(const char *name)
{
	for (size_t i = 0; i < n_routes; i++)
		if (strcmp(routes[i].name, name) == 0)
			return true;
	return false;
}

static int
read_operations(struct call *c, const json_t *body, struct token *t,
    struct err *e)
{
	const json_t *list = json_object_get(body, "operations");
	size_t n = json_array_size(list);
	const char *text = "";

	t->operations = text;
	if (list == NULL)
		return 0;
	if (!json_is_array(list) || n == 0 || n > TOKENS_OPERATIONS)
		return err_rule(e, ERR_MALFORMED, NULL, "/operations",
		    "operations is a list of 1 to %d names; left out: all",
		    TOKENS_OPERATIONS);
	for (size_t i = 0; i < n; i++) {
		const char *name = json_string_value(json_array_get(list, i));

		if (name == NULL || !is_operation(name))
			return err_rule(e, ERR_MALFORMED, NULL,
			    arena_printf(c->arena, "/operations/%zu", i),
			    "there is no operation %.60s", name != NULL ?
			    name : "of that kind");
		text = arena_printf(c->arena, "%s%s,", i == 0 ? "," : text,
		    name);
	}
	t->operations = text;
	return 0;
}

static int
read_end(const json_t *body, int64_t now, struct token *t, struct err *e)
{
	const char *text = NULL;

	t->expires_ms = now + TOKENS_DAYS * DAY_MS;
	if (json_get_str(body, "", "expiresAt", true, 40, &text, e) < 0)
		return -1;
	if (text == NULL)
		return 0;
	t->expires_ms = time_parse(text);
	if (t->expires_ms <= now || t->expires_ms > now +
	    TOKENS_DAYS_MAX * DAY_MS)
		return err_rule(e, ERR_MALFORMED, NULL, "/expiresAt",
		    "a token ends between now and in %d days (RFC 3339, UTC)",
		    TOKENS_DAYS_MAX);
	return 0;
}

static int
read_body(struct call *c, const json_t *body, struct token *t, struct err *e)
{
	static const char *const keys[] = { "name", "role", "expiresAt",
		"operations", NULL };
	const char *name, *role;

	if (json_only(body, "", keys, e) < 0 || json_get_str(body, "", "name",
	    false, NAME_LEN, &name, e) < 0 || json_get_str(body, "", "role",
	    false, 20, &role, e) < 0 || read_operations(c, body, t, e) < 0 ||
	    read_end(body, c->request->wall_ms, t, e) < 0)
		return -1;
	if (!name_valid(name))
		return err_rule(e, ERR_RULES, "NameSyntax", "/name",
		    "%.63s is no name", name);
	if (strcmp(role, "auditor") != 0 && strcmp(role, "operator") != 0 &&
	    strcmp(role, "admin") != 0)
		return err_rule(e, ERR_MALFORMED, NULL, "/role",
		    "role is auditor, operator or admin");
	snprintf(t->name, sizeof(t->name), "%s", name);
	snprintf(t->role, sizeof(t->role), "%s", role);
	return 0;
}

static int
check_free(struct call *c, const char *name, struct err *e)
{
	struct token *there;

	if (token_load(c->store, c->arena, name, &there, e) == 0)
		return err_rule(e, ERR_RULES, "NameTaken", "/name",
		    "there is a token %s", there->name);
	return e->code == ERR_NOT_FOUND ? 0 : -1;
}

static int
make(struct call *c, const json_t *body, struct err *e)
{
	struct rng rng = rng_seed(c->request->seed);
	const char *secret = c->request->drawn;
	struct token t = { .created_ms = c->request->wall_ms };
	char where[80];

	if (read_body(c, body, &t, e) < 0 || check_free(c, t.name, e) < 0)
		return -1;
	if (secret == NULL)
		return err_set(e, ERR_UNAVAILABLE, "no secret was drawn");
	(void)rng_uuid(&rng, t.id);
	snprintf(t.actor, sizeof(t.actor), "%s", c->request->actor);
	digest_text(secret, strlen(secret), t.digest);
	if (token_add(c->store, &t, e) < 0 || settings_event(c, "token", t.id,
	    t.name, e) < 0)
		return -1;
	snprintf(where, sizeof(where), "/api/v1/tokens/%s", t.id);
	answer_header(c->answer, "Location", where);
	answer_json(c->answer, 201, to_json(&t, secret));
	return 0;
}

int
tokens_make(struct call *c, struct err *e)
{
	json_t *body;
	int rc;

	if (json_read(c->request->body, c->request->body_size, TOKENS_BODY,
	    &body, e) < 0)
		return -1;
	rc = make(c, body, e);
	json_decref(body);
	return rc;
}

int
tokens_remove(struct call *c, struct err *e)
{
	struct token *t;

	if (token_load(c->store, c->arena, request_param(c->request, "id"), &t,
	    e) < 0 || token_drop(c->store, t->id, e) < 0 ||
	    settings_event(c, "token", t->id, t->name, e) < 0)
		return -1;
	c->answer->status = 204;
	return 0;
}

/* ---- asking with one ---- */

int
tokens_session(struct store *store, struct arena *a, const char *digest,
    struct session **out, struct err *e)
{
	struct session *s = arena_alloc(a, sizeof(*s));
	struct token *t;

	if (token_find(store, a, digest, &t, e) < 0)
		return -1;
	memcpy(s->token_digest, t->digest, sizeof(s->token_digest));
	snprintf(s->user, sizeof(s->user), "token:%.57s", t->name);
	memcpy(s->role, t->role, sizeof(s->role));
	s->created_ms = t->created_ms;
	s->used_ms = t->used_ms;
	s->expires_ms = t->expires_ms;
	s->lasting = true;
	s->operations = t->operations;
	*out = s;
	return 0;
}
