/* system.c -- settings, users and trust keys of a document; see system.h. */
#include "appliance/service/system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "appliance/service/planning.h"
#include "appliance/service/sealed.h"
#include "appliance/service/settings.h"
#include "base/digest.h"
#include "profiles/setting.h"
#include "profiles/trust.h"

/* What an import does to it; all in the arena. */
struct system_plan {
	struct settings settings_now, settings;
	bool set_settings;
	struct user *users, **drop_users;	/* put; those that go */
	size_t n_users, cap_users, n_drop_users, cap_drop_users;
	struct trust_key *keys, **drop_keys;
	size_t n_keys, cap_keys, n_drop_keys, cap_drop_keys;
};

/* ---- out ---- */

static json_t *
user_json(const struct user *u)
{
	json_t *o = json_object();

	json_put(o, "name", json_str(u->name));
	json_put(o, "role", json_str(u->role));
	json_put(o, "hash", json_str(u->hash));
	json_put(o, "disabled", json_boolean(u->disabled));
	return o;
}

/* Our own key is somebody else's there, and has to have a name of its own. */
static json_t *
key_json(const struct trust_key *k, const struct appliance *self)
{
	static const char *const ours[] = { "id", "keyId", "own", "revision" };
	json_t *o = field_to_json(&field_trust_key, NULL, k);
	char name[NAME_TEXT];

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		(void)json_object_del(o, ours[i]);
	snprintf(name, sizeof(name), "%.46s-%.16s", self->name, k->key_id);
	if (k->own)
		json_put(o, "name", json_str(name));
	return o;
}

int
system_text(struct store *store, struct arena *a, const char **out,
    struct err *e)
{
	json_t *all, *users = json_array(), *keys = json_array(), *o;
	struct trust_key *key;
	struct appliance self;
	struct settings s;
	struct user *user;
	size_t n_users, n_keys;
	char *text;

	if (settings_load(store, &s, e) < 0 ||
	    user_list(store, a, &user, &n_users, e) < 0 ||
	    trust_list(store, a, "", SIZE_MAX, &key, &n_keys, e) < 0 ||
	    store_appliance(store, &self, e) < 0) {
		json_decref(users);
		json_decref(keys);
		return -1;
	}
	all = json_object();
	o = field_to_json(&field_settings, NULL, &s);
	(void)json_object_del(o, "revision");
	json_put(all, "settings", o);
	for (size_t i = 0; i < n_users; i++)
		json_put(users, NULL, user_json(&user[i]));
	for (size_t i = 0; i < n_keys; i++)
		json_put(keys, NULL, key_json(&key[i], &self));
	json_put(all, "users", users);
	json_put(all, "trustKeys", keys);
	text = json_text(all);
	*out = arena_strdup(a, text);
	secret_wipe(text, strlen(text));
	free(text);
	json_decref(all);
	return 0;
}

/* ---- in: reading ---- */

static int
no_system(struct err *e, const char *what)
{
	return err_rule(e, ERR_RULES, "DocumentSealed", "encryptedSystem",
	    "what was sealed: %s", what);
}

static int
read_user(const json_t *o, struct user *u, struct err *e)
{
	static const char *const roles[] = { "admin", "operator", "auditor",
		"backup-operator" };
	const char *name = json_string_value(json_object_get(o, "name"));
	const char *role = json_string_value(json_object_get(o, "role"));
	const char *hash = json_string_value(json_object_get(o, "hash"));
	bool known = false;

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		known = known || (role != NULL && strcmp(role, roles[i]) == 0);
	if (name == NULL || !name_valid(name) || !known)
		return no_system(e, "a user has no name or role of ours");
	if (hash == NULL || strlen(hash) >= sizeof(u->hash) ||
	    strncmp(hash, "$argon2id$", 10) != 0)
		return no_system(e, "a user has no hash of a password");
	*u = (struct user){ .disabled = json_is_true(json_object_get(o,
	    "disabled")) };
	snprintf(u->name, sizeof(u->name), "%s", name);
	snprintf(u->role, sizeof(u->role), "%s", role);
	snprintf(u->hash, sizeof(u->hash), "%s", hash);
	return 0;
}

static bool
no_name(void *cookie, enum object_type type, const char *ref, char id[ID_TEXT])
{
	(void)cookie, (void)type, (void)ref, (void)id;
	return false;
}

static int
read_key(struct edit *x, const json_t *o, struct trust_key *k, struct err *e)
{
	static const struct field_names names = { no_name, no_name, NULL };

	*k = (struct trust_key){ .own = false };
	if (field_from_json(x->call->arena, &field_trust_key, &names, o,
	    "/trustKeys", true, k, e) < 0)
		return -1;
	if (!sign_key_valid(k->public_key))
		return no_system(e, "a trust key is no key");
	(void)sign_key_id(k->public_key, k->key_id);
	return 0;
}

/* ---- in: what differs, and what was chosen about it ---- */

static const struct xml_conflict *
ask(struct xml_conflicts *list, const char *row, const char *type,
    const char *def, const char *detail)
{
	const struct xml_about about = { .row = row, .type = type,
		.name = type, .def = def };

	return xml_conflict_add(list, &about, "%s", detail);
}

/* What mode=replace makes of it unless somebody chooses. */
static const char *
usual(const struct xml_conflicts *list, const char *replacing)
{
	return list->options->mode == XML_REPLACE ? replacing : "keepLocal";
}

static int
plan_settings(struct edit *x, const json_t *all, struct xml_conflicts *list,
    struct system_plan *p, struct err *e)
{
	if (settings_load(x->call->store, &p->settings_now, e) < 0)
		return -1;
	p->settings = settings_default();
	p->settings.revision = p->settings_now.revision;
	if (settings_merge(x->call->arena, json_object_get(all, "settings"),
	    &p->settings, e) < 0)
		return -1;
	if (field_equal(&field_settings, &p->settings_now, &p->settings))
		return 0;
	p->set_settings = xml_conflict_is(ask(list, "SettingsDiffer",
	    "settings", usual(list, "useImported"),
	    "they are not those of this appliance"), "useImported");
	return 0;
}

static const struct user *
find_user(const struct user *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcasecmp(list[i].name, name) == 0)
			return &list[i];
	return NULL;
}

static bool
same_user(const struct user *a, const struct user *b)
{
	return strcmp(a->role, b->role) == 0 &&
	    strcmp(a->hash, b->hash) == 0 && a->disabled == b->disabled;
}

/* Somebody must be able to come in afterwards. */
static void
check_admin(struct edit *x, const struct system_plan *p,
    const struct user *now, size_t n)
{
	size_t admins = 0;

	for (size_t i = 0; i < n; i++) {
		bool goes = find_user(p->users, p->n_users, now[i].name) !=
		    NULL;

		for (size_t k = 0; k < p->n_drop_users; k++)
			goes = goes || p->drop_users[k] == &now[i];
		admins += !goes && !now[i].disabled &&
		    strcmp(now[i].role, "admin") == 0;
	}
	for (size_t i = 0; i < p->n_users; i++)
		admins += !p->users[i].disabled &&
		    strcmp(p->users[i].role, "admin") == 0;
	if (admins == 0)
		rules_note(x->broken, "LastAdmin", 0, "",
		    "nobody would be left who may administer");
}

static int
plan_users(struct edit *x, const json_t *all, struct xml_conflicts *list,
    struct system_plan *p, struct err *e)
{
	const json_t *in = json_object_get(all, "users");
	struct arena *a = x->call->arena;
	size_t n_in = json_array_size(in), n, differ = 0;
	struct user *now, *wished = arena_array(a, n_in + 1, sizeof(*wished));
	const struct xml_conflict *c;
	bool replace;

	if (user_list(x->call->store, a, &now, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n_in; i++) {
		const struct user *has;

		if (read_user(json_array_get(in, i), &wished[i], e) < 0)
			return -1;
		has = find_user(now, n, wished[i].name);
		differ += has == NULL || !same_user(has, &wished[i]);
	}
	for (size_t i = 0; i < n; i++)
		differ += find_user(wished, n_in, now[i].name) == NULL;
	if (differ == 0)
		return 0;
	c = ask(list, "UsersDiffer", "users", NULL,
	    "they are not those of this appliance");
	replace = xml_conflict_is(c, "replace");
	if (!replace && !xml_conflict_is(c, "merge"))
		return 0;
	for (size_t i = 0; i < n_in; i++) {
		const struct user *has = find_user(now, n, wished[i].name);

		if (has == NULL || (replace && !same_user(has, &wished[i])))
			ARENA_PUSH(a, p->users, p->n_users, p->cap_users) =
			    wished[i];
	}
	for (size_t i = 0; replace && i < n; i++)
		if (find_user(wished, n_in, now[i].name) == NULL)
			ARENA_PUSH(a, p->drop_users, p->n_drop_users,
			    p->cap_drop_users) = &now[i];
	check_admin(x, p, now, n);
	return 0;
}

static struct trust_key *
find_key(struct trust_key *list, size_t n, const struct trust_key *k,
    bool by_name)
{
	for (size_t i = 0; i < n; i++)
		if (by_name ? strcasecmp(list[i].head.name, k->head.name) == 0 :
		    strcmp(list[i].key_id, k->key_id) == 0)
			return &list[i];
	return NULL;
}

/* Keys are known by what they are; a name that is taken gets the key's own. */
static void
add_key(struct edit *x, struct system_plan *p, struct trust_key *now,
    size_t n, struct trust_key *k)
{
	(void)rng_uuid(&x->set->rng, k->head.id);
	k->head.revision = 1;
	k->head.created_ms = k->head.modified_ms = x->set->wall_ms;
	if (find_key(now, n, k, true) != NULL)
		snprintf(k->head.name, sizeof(k->head.name), "key-%s",
		    k->key_id);
	ARENA_PUSH(x->call->arena, p->keys, p->n_keys, p->cap_keys) = *k;
}

static int
plan_keys(struct edit *x, const json_t *all, struct xml_conflicts *list,
    struct system_plan *p, struct err *e)
{
	const json_t *in = json_object_get(all, "trustKeys");
	struct arena *a = x->call->arena;
	size_t n_in = json_array_size(in), n, differ = 0;
	struct trust_key *now, *wished = arena_array(a, n_in + 1,
	    sizeof(*wished));
	const struct xml_conflict *c;

	if (trust_list(x->call->store, a, "", SIZE_MAX, &now, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n_in; i++) {
		if (read_key(x, json_array_get(in, i), &wished[i], e) < 0)
			return -1;
		differ += find_key(now, n, &wished[i], false) == NULL;
	}
	for (size_t i = 0; i < n; i++)
		differ += !now[i].own &&
		    find_key(wished, n_in, &now[i], false) == NULL;
	if (differ == 0)
		return 0;
	c = ask(list, "TrustKeysDiffer", "trustKeys", usual(list, "merge"),
	    "they are not those of this appliance");
	if (xml_conflict_is(c, "keepLocal"))
		return 0;
	for (size_t i = 0; i < n_in; i++)
		if (find_key(now, n, &wished[i], false) == NULL)
			add_key(x, p, now, n, &wished[i]);
	for (size_t i = 0; xml_conflict_is(c, "replace") && i < n; i++)
		if (!now[i].own &&
		    find_key(wished, n_in, &now[i], false) == NULL)
			ARENA_PUSH(a, p->drop_keys, p->n_drop_keys,
			    p->cap_drop_keys) = &now[i];
	return 0;
}

int
system_import(struct edit *x, const char *opened, struct xml_conflicts *list,
    struct err *e)
{
	struct system_plan *p = arena_alloc(x->call->arena, sizeof(*p));
	json_t *all;
	int rc;

	if (x->call->request->role < ROLE_ADMIN)
		return err_set(e, ERR_FORBIDDEN, "only an administrator "
		    "imports settings, users and trust keys");
	if (json_read(opened, strlen(opened), SEALED_BYTES, &all, e) < 0)
		return no_system(e, "it is no JSON of ours");
	rc = plan_settings(x, all, list, p, e);
	if (rc == 0)
		rc = plan_users(x, all, list, p, e);
	if (rc == 0)
		rc = plan_keys(x, all, list, p, e);
	json_decref(all);
	if (rc == 0)
		x->system = p;
	return rc;
}

/* ---- the plan, and writing it ---- */

bool
system_changes(const struct planning *planning)
{
	const struct system_plan *p = planning->system;

	return p != NULL && (p->set_settings || p->n_users > 0 ||
	    p->n_drop_users > 0 || p->n_keys > 0 || p->n_drop_keys > 0);
}

static void
put_row(json_t *diff, const char *op, const char *type, const char *name,
    json_t *fields)
{
	json_t *row = json_object();

	json_put(row, "op", json_str(op));
	json_put(row, "type", json_str(type));
	json_put(row, "name", json_str(name));
	json_put(row, "of", json_null());
	json_put(row, "fields", fields);
	json_put(diff, NULL, row);
}

void
system_diff(const struct planning *planning, json_t *diff)
{
	const struct system_plan *p = planning->system;

	if (p == NULL)
		return;
	if (p->set_settings)
		put_row(diff, "change", "settings", "settings", field_diff(
		    &field_settings, NULL, &p->settings_now, &p->settings));
	for (size_t i = 0; i < p->n_users; i++)
		put_row(diff, "change", "user", p->users[i].name,
		    json_array());
	for (size_t i = 0; i < p->n_drop_users; i++)
		put_row(diff, "remove", "user", p->drop_users[i]->name,
		    json_array());
	for (size_t i = 0; i < p->n_keys; i++)
		put_row(diff, "add", "trustKey", p->keys[i].head.name,
		    json_array());
	for (size_t i = 0; i < p->n_drop_keys; i++)
		put_row(diff, "remove", "trustKey",
		    p->drop_keys[i]->head.name, json_array());
}

static int
write_users(struct call *c, const struct system_plan *p, struct err *e)
{
	for (size_t i = 0; i < p->n_drop_users; i++)
		if (user_drop(c->store, p->drop_users[i]->name, e) < 0)
			return -1;
	for (size_t i = 0; i < p->n_users; i++)
		if (user_drop(c->store, p->users[i].name, e) < 0 ||
		    user_put(c->store, &p->users[i], e) < 0 ||
		    settings_event(c, "user", "", p->users[i].name, e) < 0)
			return -1;
	return 0;
}

static int
write_keys(struct call *c, const struct system_plan *p, struct err *e)
{
	for (size_t i = 0; i < p->n_drop_keys; i++)
		if (trust_drop(c->store, p->drop_keys[i]->head.id, e) < 0)
			return -1;
	for (size_t i = 0; i < p->n_keys; i++)
		if (trust_put(c->store, &p->keys[i], e) < 0 ||
		    settings_event(c, "trustKey", p->keys[i].head.id,
		    p->keys[i].head.name, e) < 0)
			return -1;
	return 0;
}

int
system_commit(struct planning *planning, struct err *e)
{
	const struct system_plan *p = planning->system;
	struct call *c = planning->call;
	struct settings s;

	if (p == NULL)
		return 0;
	s = p->settings;
	if (p->set_settings && (settings_apply(c, &p->settings_now, &s, e) < 0 ||
	    settings_event(c, "settings", "", "settings", e) < 0))
		return -1;
	return write_users(c, p, e) < 0 ? -1 : write_keys(c, p, e);
}
