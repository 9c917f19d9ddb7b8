/* change.c -- see change.h: touching, making, removing, names. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "profiles/change_rows.h"
#include "profiles/store_rows.h"

struct change_set *
change_new(struct arena *a, struct store *st, uint64_t seed, int64_t wall_ms)
{
	struct change_set *cs = arena_alloc(a, sizeof(*cs));

	cs->arena = a;
	cs->store = st;
	cs->rng = rng_seed(seed);
	cs->wall_ms = wall_ms;
	return cs;
}

/* Named objects begin with their head. */
struct head *
change_head(enum object_type type, void *object)
{
	return object_has_head(type) ? object : NULL;
}

const struct head *
change_head_of(enum object_type type, const void *object)
{
	return object_has_head(type) ? object : NULL;
}

struct change *
change_push(struct change_set *cs, enum object_type type, const char *id,
    const void *before, void *after)
{
	struct change c = { .type = type, .before = before, .after = after };

	(void)snprintf(c.id, sizeof(c.id), "%s", id);
	ARENA_PUSH(cs->arena, cs->items, cs->n, cs->cap) = c;
	return &cs->items[cs->n - 1];
}

struct change *
change_find(const struct change_set *cs, enum object_type type, const char *id)
{
	for (size_t i = 0; i < cs->n; i++)
		if (cs->items[i].type == type &&
		    strcasecmp(cs->items[i].id, id) == 0)
			return &cs->items[i];
	return NULL;
}

/* The item that has this name or id now. */
static struct change *
find_present(const struct change_set *cs, enum object_type type,
    const char *ref)
{
	for (size_t i = 0; i < cs->n; i++) {
		struct change *c = &cs->items[i];
		const struct head *h;

		if (c->type != type || c->after == NULL)
			continue;
		h = change_head_of(type, c->after);
		if (strcasecmp(c->id, ref) == 0 ||
		    (h != NULL && strcasecmp(h->name, ref) == 0))
			return c;
	}
	return NULL;
}

/* Two of each: what was, and what the caller edits. */
static int
load(struct change_set *cs, enum object_type type, const char *ref,
    const void **before, void **after, struct err *e)
{
	struct arena *a = cs->arena;
	struct network *n;
	struct san *s;
	struct pool *p;
	struct profile *f;
	struct qos_class *c;
	struct lease *l;

	switch (type) {
	case OBJ_NETWORK:
		if (network_load(cs->store, a, ref, &n, e) < 0)
			return -1;
		*before = n;
		*after = arena_copy(a, n, sizeof(*n));
		return 0;
	case OBJ_SAN:
		if (san_load(cs->store, a, ref, &s, e) < 0)
			return -1;
		*before = s;
		*after = arena_copy(a, s, sizeof(*s));
		return 0;
	case OBJ_POOL:
		if (pool_load(cs->store, a, ref, &p, e) < 0)
			return -1;
		*before = p;
		*after = pool_copy(a, p);
		return 0;
	case OBJ_PROFILE:
		if (profile_load(cs->store, a, ref, &f, e) < 0)
			return -1;
		*before = f;
		*after = profile_copy(a, f);
		return 0;
	case OBJ_CLASS:
		if (class_load(cs->store, a, ref, &c, e) < 0)
			return -1;
		*before = c;
		*after = arena_copy(a, c, sizeof(*c));
		return 0;
	case OBJ_LEASE:
		if (lease_load(cs->store, a, ref, &l, e) < 0)
			return -1;
		*before = l;
		*after = arena_copy(a, l, sizeof(*l));
		return 0;
	case OBJ_SLOT:
	case OBJ_PORT:
	case OBJ_APPLIANCE:
	case OBJ_BAY:
	case OBJ_N_TYPES:
		break;
	}
	return err_set(e, ERR_INTERNAL, "no object has a name of this type");
}

static int
missing(enum object_type type, const char *ref, struct err *e)
{
	return err_set(e, ERR_NOT_FOUND, "there is no %s %.64s",
	    object_word(type), ref);
}

static int
touch(struct change_set *cs, enum object_type type, const char *ref,
    struct change **out, struct err *e)
{
	const void *before = NULL;
	const struct head *h;
	void *after = NULL;

	*out = find_present(cs, type, ref);
	if (*out != NULL) {
		(*out)->content = NULL;
		return 0;
	}
	if (load(cs, type, ref, &before, &after, e) < 0)
		return -1;
	/* Known by that name in the store only: removed or renamed here. */
	h = change_head_of(type, before);
	if (change_find(cs, type, h->id) != NULL)
		return missing(type, ref, e);
	*out = change_push(cs, type, h->id, before, after);
	return 0;
}

int
change_network(struct change_set *cs, const char *ref, struct network **out,
    struct err *e)
{
	struct change *c;

	if (touch(cs, OBJ_NETWORK, ref, &c, e) < 0)
		return -1;
	*out = c->after;
	return 0;
}

int
change_san(struct change_set *cs, const char *ref, struct san **out,
    struct err *e)
{
	struct change *c;

	if (touch(cs, OBJ_SAN, ref, &c, e) < 0)
		return -1;
	*out = c->after;
	return 0;
}

int
change_pool(struct change_set *cs, const char *ref, struct pool **out,
    struct err *e)
{
	struct change *c;

	if (touch(cs, OBJ_POOL, ref, &c, e) < 0)
		return -1;
	*out = c->after;
	return 0;
}

int
change_profile(struct change_set *cs, const char *ref, struct profile **out,
    struct err *e)
{
	struct change *c;

	if (touch(cs, OBJ_PROFILE, ref, &c, e) < 0)
		return -1;
	*out = c->after;
	return 0;
}

int
change_class(struct change_set *cs, const char *ref, struct qos_class **out,
    struct err *e)
{
	struct change *c;

	if (touch(cs, OBJ_CLASS, ref, &c, e) < 0)
		return -1;
	*out = c->after;
	return 0;
}

int
change_lease(struct change_set *cs, const char *ref, struct lease **out,
    struct err *e)
{
	struct change *c;

	if (touch(cs, OBJ_LEASE, ref, &c, e) < 0)
		return -1;
	*out = c->after;
	return 0;
}

int
change_appliance(struct change_set *cs, struct appliance_wanted **out,
    struct err *e)
{
	const char *id = object_word(OBJ_APPLIANCE);
	struct change *c = change_find(cs, OBJ_APPLIANCE, id);
	struct appliance_wanted *w;

	if (c == NULL) {
		if (appliance_wanted_load(cs->store, cs->arena, &w, e) < 0)
			return -1;
		c = change_push(cs, OBJ_APPLIANCE, id, w,
		    arena_copy(cs->arena, w, sizeof(*w)));
	}
	c->content = NULL;
	*out = c->after;
	return 0;
}

int
change_slot(struct change_set *cs, unsigned number, struct slot **out,
    struct err *e)
{
	char id[ID_TEXT];
	struct change *c;
	struct slot *s;

	(void)snprintf(id, sizeof(id), "%u", number);
	if (number < 1 || number > SLOT_MAX)
		return missing(OBJ_SLOT, id, e);
	c = change_find(cs, OBJ_SLOT, id);
	if (c == NULL) {
		if (slot_load(cs->store, cs->arena, number, &s, e) < 0)
			return -1;
		c = change_push(cs, OBJ_SLOT, id, s,
		    arena_copy(cs->arena, s, sizeof(*s)));
	}
	c->content = NULL;
	*out = c->after;
	return 0;
}

int
change_port(struct change_set *cs, const char *ref, struct port **out,
    struct err *e)
{
	unsigned bay, number;
	struct change *c;
	struct port *p;

	if (!port_parse(ref, &bay, &number))
		return missing(OBJ_PORT, ref, e);
	c = change_find(cs, OBJ_PORT, ref);
	if (c == NULL) {
		if (port_load(cs->store, cs->arena, bay, number, &p, e) < 0)
			return -1;
		c = change_push(cs, OBJ_PORT, ref, p,
		    arena_copy(cs->arena, p, sizeof(*p)));
	}
	*out = c->after;
	return 0;
}

int
change_bay(struct change_set *cs, const char *ref, struct bay **out,
    struct err *e)
{
	struct change *c;
	unsigned number;
	struct bay *b;

	if (!bay_parse(ref, &number))
		return missing(OBJ_BAY, ref, e);
	c = change_find(cs, OBJ_BAY, ref);
	if (c == NULL) {
		if (bay_load(cs->store, cs->arena, number, &b, e) < 0)
			return -1;
		c = change_push(cs, OBJ_BAY, ref, b,
		    arena_copy(cs->arena, b, sizeof(*b)));
	}
	c->content = NULL;
	*out = c->after;
	return 0;
}

int
change_profile_at(struct change_set *cs, unsigned slot, struct profile **out,
    struct err *e)
{
	struct profile *p;

	for (size_t i = 0; i < cs->n; i++) {
		p = cs->items[i].after;
		if (cs->items[i].type == OBJ_PROFILE && p != NULL &&
		    p->slot == slot) {
			cs->items[i].content = NULL;
			*out = p;
			return 0;
		}
	}
	if (profile_at_slot(cs->store, cs->arena, slot, &p, e) < 0)
		return -1;
	*out = NULL;
	if (p != NULL && change_find(cs, OBJ_PROFILE, p->head.id) == NULL)
		*out = change_push(cs, OBJ_PROFILE, p->head.id, p,
		    profile_copy(cs->arena, p))->after;
	return 0;
}

/* ---- making and removing ---- */

static void *
make(struct change_set *cs, enum object_type type, size_t size)
{
	void *object = arena_alloc(cs->arena, size);
	struct head *h = change_head(type, object);

	(void)rng_uuid(&cs->rng, h->id);
	(void)change_push(cs, type, h->id, NULL, object);
	return object;
}

struct network *
change_make_network(struct change_set *cs)
{
	struct network *n = make(cs, OBJ_NETWORK, sizeof(*n));

	n->mtu_max = 9000;
	return n;
}

struct san *
change_make_san(struct change_set *cs)
{
	return make(cs, OBJ_SAN, sizeof(struct san));
}

struct pool *
change_make_pool(struct change_set *cs)
{
	struct pool *p = make(cs, OBJ_POOL, sizeof(*p));

	p->quarantine_s = 86400;
	return p;
}

struct qos_class *
change_make_class(struct change_set *cs)
{
	return make(cs, OBJ_CLASS, sizeof(struct qos_class));
}

struct lease *
change_make_lease(struct change_set *cs)
{
	struct lease *l = make(cs, OBJ_LEASE, sizeof(*l));

	lease_defaults(l);
	l->since_ms = cs->wall_ms;
	return l;
}

struct profile *
change_make_profile(struct change_set *cs)
{
	struct profile *p = make(cs, OBJ_PROFILE, sizeof(*p));

	profile_defaults(p);
	return p;
}

struct device *
change_make_device(struct change_set *cs, struct profile *p,
    enum device_kind kind)
{
	struct device *d;
	uint32_t order = 0;

	for (size_t i = 0; i < p->n_devices; i++)
		if (p->devices[i].order >= order)
			order = p->devices[i].order + 1;
	d = profile_add_device(cs->arena, p);
	(void)rng_uuid(&cs->rng, d->id);
	d->kind = kind;
	d->order = order;
	if (kind == DEVICE_VNIC) {
		d->mtu = 1500;
		d->spoof_check = true;
	}
	if (kind == DEVICE_EXCLUSIVE)
		d->sharing = SHARING_EXCLUSIVE;
	return d;
}

int
change_remove(struct change_set *cs, enum object_type type, const char *ref,
    struct err *e)
{
	struct change *c;

	if (!object_has_head(type))
		return err_set(e, ERR_UNSUPPORTED,
		    "a %s is part of the box and cannot be removed",
		    object_word(type));
	if (touch(cs, type, ref, &c, e) < 0)
		return -1;
	c->after = NULL;
	return 0;
}

/* ---- looking without touching ---- */

int
change_look_pool(struct change_set *cs, const char *id,
    const struct pool **out, struct err *e)
{
	const struct change *c = change_find(cs, OBJ_POOL, id);
	struct pool *p;

	if (c != NULL) {
		*out = c->after != NULL ? c->after : c->before;
		return 0;
	}
	if (pool_load(cs->store, cs->arena, id, &p, e) < 0)
		return -1;
	*out = p;
	return 0;
}

int
change_look_default(struct change_set *cs, enum pool_type type,
    const struct pool **out, struct err *e)
{
	struct pool *p;

	for (size_t i = 0; i < cs->n; i++) {
		p = cs->items[i].after;
		if (cs->items[i].type == OBJ_POOL && p != NULL &&
		    p->type == type && p->is_default) {
			*out = p;
			return 0;
		}
	}
	if (pool_default(cs->store, cs->arena, type, &p, e) < 0)
		return -1;
	if (change_find(cs, OBJ_POOL, p->head.id) != NULL)
		return err_set(e, ERR_NOT_FOUND,
		    "there is no default pool of this type");
	*out = p;
	return 0;
}

int
change_look_class(struct change_set *cs, const char *id,
    const struct qos_class **out, struct err *e)
{
	const struct change *c = change_find(cs, OBJ_CLASS, id);
	struct qos_class *k;

	if (c != NULL) {
		*out = c->after != NULL ? c->after : c->before;
		return 0;
	}
	if (class_load(cs->store, cs->arena, id, &k, e) < 0)
		return -1;
	*out = k;
	return 0;
}

int
change_look_network(struct change_set *cs, const char *id,
    const struct network **out, struct err *e)
{
	const struct change *c = change_find(cs, OBJ_NETWORK, id);
	struct network *n;

	if (c != NULL) {
		*out = c->after != NULL ? c->after : c->before;
		return 0;
	}
	if (network_load(cs->store, cs->arena, id, &n, e) < 0)
		return -1;
	*out = n;
	return 0;
}

static bool
id_of(void *cookie, enum object_type type, const char *ref, char id[ID_TEXT])
{
	struct change_set *cs = cookie;
	const struct change *c = find_present(cs, type, ref);
	struct err e;

	if (c != NULL)
		memcpy(id, c->id, ID_TEXT);
	else if (store_id_of(cs->store, type, ref, id, &e) <= 0 ||
	    change_find(cs, type, id) != NULL)
		return false;
	return true;
}

/* A removed object keeps its name, so that a diff can say it. */
static bool
name_of(void *cookie, enum object_type type, const char *id,
    char name[NAME_TEXT])
{
	struct change_set *cs = cookie;
	const struct change *c = change_find(cs, type, id);
	const struct head *h;
	struct err e;

	if (c == NULL)
		return store_name_of(cs->store, type, id, name, &e) > 0;
	h = change_head_of(type, c->after != NULL ? c->after : c->before);
	if (h == NULL)
		return false;
	(void)snprintf(name, NAME_TEXT, "%s", h->name);
	return true;
}

struct field_names
change_names(struct change_set *cs)
{
	return (struct field_names){ id_of, name_of, cs };
}
