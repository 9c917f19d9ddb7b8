/* change_resolve.c -- filling what was left to us; see change.h. */
#include <string.h>

#include "profiles/change_rows.h"
#include "profiles/store_rows.h"

/* What this set took so far, one list for each space. */
struct taken {
	uint64_t *values;
	size_t n, cap;
};

struct resolve {
	struct change_set *cs;
	struct taken taken[2];		/* SPACE_MAC, SPACE_WWN */
};

static void
take(struct resolve *r, enum id_space space, uint64_t value)
{
	struct taken *t = &r->taken[space];

	if (value != 0)
		ARENA_PUSH(r->cs->arena, t->values, t->n, t->cap) = value;
}

static enum id_space
space_of(const struct device *d)
{
	return d->kind == DEVICE_VNIC ? SPACE_MAC : SPACE_WWN;
}

static void
take_profile(struct resolve *r, const struct profile *p)
{
	take(r, SPACE_WWN, p->wwnn);
	for (size_t i = 0; i < p->n_devices; i++)
		if (device_has_address(&p->devices[i]))
			take(r, space_of(&p->devices[i]),
			    p->devices[i].address);
}

static int
pick(struct resolve *r, const struct pool *p, enum id_space space,
    uint64_t *value, struct err *e)
{
	struct taken *t = &r->taken[space];

	if (ledger_pick(r->cs->store, p, &r->cs->rng, r->cs->wall_ms,
	    t->values, t->n, value, e) < 0)
		return -1;
	take(r, space, *value);
	return 0;
}

/* A pool must be of the kind of address that is wanted from it. */
static int
find_pool(struct change_set *cs, const char *id, enum pool_type type,
    const struct pool **out, struct err *e)
{
	int rc;

	rc = *id != '\0' ? change_look_pool(cs, id, out, e) :
	    change_look_default(cs, type, out, e);
	if (rc < 0 && e->code == ERR_NOT_FOUND)
		return err_rule(e, ERR_RULES, "PoolExhausted", NULL,
		    "there is no pool to take an address from");
	if (rc == 0 && (*out)->type != type)
		return err_rule(e, ERR_RULES, "PoolExhausted", NULL,
		    "pool %s has no addresses of this kind",
		    (*out)->head.name);
	return rc;
}

/* A WWPN whose next is free, too: that becomes the node name. */
static int
pick_pair(struct resolve *r, const struct pool *p, uint64_t *value,
    struct err *e)
{
	struct identity *next;
	bool taken;

	do {
		if (pick(r, p, SPACE_WWN, value, e) < 0 || ledger_live(
		    r->cs->store, r->cs->arena, SPACE_WWN, *value + 1, &next,
		    e) < 0)
			return -1;
		taken = next != NULL;
		for (size_t i = 0; i < r->taken[SPACE_WWN].n; i++)
			taken = taken || r->taken[SPACE_WWN].values[i] ==
			    *value + 1;
	} while (taken);
	return 0;
}

static int
give_address(struct resolve *r, struct device *d, bool pair, struct err *e)
{
	const struct pool *p;

	if (!device_has_address(d) || d->source != SOURCE_POOL)
		return 0;
	if (d->address != 0 && d->pool[0] != '\0')
		return 0;
	if (find_pool(r->cs, d->pool, d->kind == DEVICE_VNIC ? POOL_MAC :
	    POOL_WWPN, &p, e) < 0)
		return err_wrap(e, "%s", d->name);
	memcpy(d->pool, p->head.id, sizeof(d->pool));
	if (d->address != 0)
		return 0;
	return pair ? pick_pair(r, p, &d->address, e) :
	    pick(r, p, space_of(d), &d->address, e);
}

/* As some other controllers do it: the first port name and one more. */
static const struct device *
first_vhba(const struct profile *p)
{
	for (size_t i = 0; i < p->n_devices; i++)
		if (p->devices[i].kind == DEVICE_VHBA)
			return &p->devices[i];
	return NULL;
}

static bool
names_node(const struct profile *p, const struct device *d)
{
	return p->wwnn_from == WWNN_WWPN && p->wwnn == 0 &&
	    d == first_vhba(p);
}

static int
give_wwnn(struct resolve *r, struct profile *p, struct err *e)
{
	const struct pool *pool;
	bool vhba = false;

	for (size_t i = 0; i < p->n_devices; i++)
		vhba = vhba || p->devices[i].kind == DEVICE_VHBA;
	if (!vhba || p->wwnn != 0)
		return 0;
	if (find_pool(r->cs, "", POOL_WWNN, &pool, e) < 0)
		return err_wrap(e, "%s", p->head.name);
	return pick(r, pool, SPACE_WWN, &p->wwnn, e);
}

/* Random, version 4; a pool of UUIDs has no blocks, it only has to be there. */
static int
give_uuid(struct resolve *r, struct profile *p, struct err *e)
{
	struct identity key = { .space = SPACE_UUID }, *live;
	const struct pool *pool;

	if (strcmp(p->system_uuid, "pool") != 0)
		return 0;
	if (find_pool(r->cs, "", POOL_UUID, &pool, e) < 0)
		return err_wrap(e, "%s", p->head.name);
	do {
		(void)uuid_parse(rng_uuid(&r->cs->rng, p->system_uuid),
		    &key.high, &key.value);
		if (ledger_live_of(r->cs->store, r->cs->arena, &key, &live,
		    e) < 0)
			return -1;
	} while (live != NULL);
	return 0;
}

/* ---- names, modes, ids ---- */

static int
fill_vlans(struct change_set *cs, struct device *d, struct err *e)
{
	const struct network *n;

	for (size_t i = 0; i < d->n_vlans; i++) {
		struct vlan_ref *v = &d->vlans[i];

		if (v->name[0] != '\0' &&
		    change_find(cs, OBJ_NETWORK, v->network) == NULL)
			continue;
		if (change_look_network(cs, v->network, &n, e) < 0)
			return err_wrap(e, "%s", d->name);
		memcpy(v->name, n->head.name, sizeof(v->name));
		v->vlan = n->vlan;
	}
	if (d->n_vlans > 1)
		d->vlan_mode = VLAN_TRUNK;
	else if (d->n_vlans == 1 && d->vlan_mode == VLAN_ACCESS)
		d->vlans[0].native = true;
	return 0;
}

static void
fill_disks(struct change_set *cs, struct device *d)
{
	for (size_t i = 0; i < d->n_disks; i++)
		if (d->disks[i].id[0] == '\0') {
			(void)rng_uuid(&cs->rng, d->disks[i].id);
			d->disks[i].number = UINT32_MAX;
			d->disks[i].bay = 0;
			d->disks[i].guid[0] = '\0';
		}
}

static int
fill_class(struct change_set *cs, struct device *d, struct err *e)
{
	const struct qos_class *c;

	d->of_class = (struct device_qos){ 0 };
	if (d->qos_class[0] != '\0') {
		if (change_look_class(cs, d->qos_class, &c, e) < 0)
			return err_wrap(e, "%s", d->name);
		d->of_class.limit_mbps = c->limit_mbps;
		d->of_class.guarantee_mbps = c->guarantee_mbps;
		d->of_class.pcp = c->pcp;
	}
	device_apply_qos(d);
	return 0;
}

static int
fill_device(struct change_set *cs, struct device *d, struct err *e)
{
	struct field_names names = change_names(cs);

	fill_disks(cs, d);
	if (d->san[0] != '\0' &&
	    !names.name_of(names.cookie, OBJ_SAN, d->san, d->san_name))
		return err_rule(e, ERR_RULES, "MissingDependency", NULL,
		    "%s: its SAN is gone", d->name);
	if (fill_class(cs, d, e) < 0)
		return -1;
	return fill_vlans(cs, d, e);
}

/* By rising order; equal orders stay for the rule to find. */
static void
sort_devices(struct profile *p)
{
	for (size_t i = 1; i < p->n_devices; i++) {
		struct device d = p->devices[i];
		size_t k = i;

		for (; k > 0 && p->devices[k - 1].order > d.order; k--)
			p->devices[k] = p->devices[k - 1];
		p->devices[k] = d;
	}
}

static int
resolve_profile(struct resolve *r, struct profile *p, struct err *e)
{
	sort_devices(p);
	for (size_t i = 0; i < p->n_devices; i++) {
		struct device *d = &p->devices[i];
		bool pair = names_node(p, d);

		if (fill_device(r->cs, d, e) < 0 ||
		    give_address(r, d, pair, e) < 0)
			return -1;
		if (!pair)
			continue;
		p->wwnn = d->address + 1;
		take(r, SPACE_WWN, p->wwnn);
	}
	if (give_uuid(r, p, e) < 0)
		return -1;
	return give_wwnn(r, p, e);
}

/* Another address was not taken over. */
static void
resume_changed(const struct change *c)
{
	const struct profile *b = c->before;
	struct profile *p = c->after;

	for (size_t i = 0; i < p->n_devices; i++) {
		struct device *d = &p->devices[i];
		const struct device *was = b != NULL ?
		    profile_device(b, d->id) : NULL;

		if (was == NULL || was->address != d->address)
			d->suspended = false;
	}
}

/* A new default pool takes that from the one before. */
static int
one_default(struct change_set *cs, const struct pool *chosen, struct err *e)
{
	struct pool *old, *edit;

	for (size_t i = 0; i < cs->n; i++) {
		old = cs->items[i].after;
		if (cs->items[i].type == OBJ_POOL && old != NULL &&
		    old != chosen && old->type == chosen->type)
			old->is_default = false;
	}
	if (pool_default(cs->store, cs->arena, (enum pool_type)chosen->type,
	    &old, e) < 0)
		return e->code == ERR_NOT_FOUND ? 0 : -1;
	if (change_find(cs, OBJ_POOL, old->head.id) != NULL)
		return 0;
	if (change_pool(cs, old->head.id, &edit, e) < 0)
		return -1;
	edit->is_default = false;
	return 0;
}

static int
resolve_pools(struct change_set *cs, struct err *e)
{
	size_t n = cs->n;

	for (size_t i = 0; i < n; i++) {
		const struct pool *b = cs->items[i].before;
		const struct pool *p = cs->items[i].after;

		if (cs->items[i].type == OBJ_POOL && p != NULL &&
		    p->is_default && (b == NULL || !b->is_default) &&
		    one_default(cs, p, e) < 0)
			return -1;
	}
	return 0;
}

/* ---- classes ---- */

static bool
says_the_same(const struct qos_class *a, const struct qos_class *b)
{
	return a->limit_mbps == b->limit_mbps &&
	    a->guarantee_mbps == b->guarantee_mbps && a->pcp == b->pcp;
}

/* What a class says is what its vNICs do: their profiles change with it. */
static int
touch_users(struct change_set *cs, const struct change *c, struct err *e)
{
	const char **profiles;
	struct profile *p;
	size_t n;

	if (class_users(cs->store, cs->arena, c->id, &profiles, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (change_find(cs, OBJ_PROFILE, profiles[i]) == NULL &&
		    change_profile(cs, profiles[i], &p, e) < 0)
			return -1;
	return 0;
}

static int
resolve_classes(struct change_set *cs, struct err *e)
{
	size_t n = cs->n;

	for (size_t i = 0; i < n; i++) {
		struct change c = cs->items[i];

		if (c.type == OBJ_CLASS && c.before != NULL &&
		    c.after != NULL && !says_the_same(c.before, c.after) &&
		    touch_users(cs, &c, e) < 0)
			return -1;
	}
	return 0;
}

/* ---- what changes nothing ---- */

static bool
same_devices(const struct profile *a, const struct profile *b)
{
	if (a->n_devices != b->n_devices)
		return false;
	for (size_t i = 0; i < a->n_devices; i++)
		if (a->devices[i].kind != b->devices[i].kind ||
		    !field_equal(field_device(
		    (enum device_kind)a->devices[i].kind), &a->devices[i],
		    &b->devices[i]))
			return false;
	return true;
}

bool
change_is_noop(const struct change *c)
{
	if (c->before == NULL || c->after == NULL)
		return c->before == c->after;
	return field_equal(field_object(c->type), c->before, c->after) &&
	    (c->type != OBJ_PROFILE || same_devices(c->before, c->after));
}

static void
drop_noops(struct change_set *cs)
{
	size_t n = 0;

	for (size_t i = 0; i < cs->n; i++)
		if (!change_is_noop(&cs->items[i]))
			cs->items[n++] = cs->items[i];
	cs->n = n;
}

int
change_resolve(struct change_set *cs, struct err *e)
{
	struct resolve r = { .cs = cs };

	for (size_t i = 0; i < cs->n; i++)
		cs->items[i].content = NULL;
	if (resolve_pools(cs, e) < 0 || resolve_classes(cs, e) < 0 ||
	    change_settle_leases(cs, e) < 0)
		return -1;
	for (size_t i = 0; i < cs->n; i++)
		if (cs->items[i].type == OBJ_PROFILE &&
		    cs->items[i].after != NULL)
			take_profile(&r, cs->items[i].after);
	for (size_t i = 0; i < cs->n; i++)
		if (cs->items[i].type == OBJ_PROFILE &&
		    cs->items[i].after != NULL &&
		    resolve_profile(&r, cs->items[i].after, e) < 0)
			return -1;
	for (size_t i = 0; i < cs->n; i++)
		if (cs->items[i].type == OBJ_PROFILE &&
		    cs->items[i].after != NULL)
			resume_changed(&cs->items[i]);
	drop_noops(cs);
	return 0;
}
