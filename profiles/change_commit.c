/* change_commit.c -- writing a change set; see change.h. */
#include <string.h>

#include "base/digest.h"
#include "base/log.h"
#include "profiles/change_rows.h"
#include "profiles/store_rows.h"

static const int64_t static_quarantine_ms = 86400 * 1000;
/* What another appliance took over rests for ever. */
static const int64_t taken_quarantine_ms = INT64_C(36500) * 86400 * 1000;

/* ---- addresses given up and taken ---- */

struct list {
	struct address *items;
	size_t n, cap;
};

static void
add_address(struct arena *a, struct list *l, const struct profile *p,
    const struct device *d)
{
	struct address one = { .profile = p, .device = d };

	one.value = d != NULL ? d->address : p->wwnn;
	if (one.value == 0 || (d != NULL && !device_has_address(d)))
		return;
	one.space = d != NULL && d->kind == DEVICE_VNIC ? SPACE_MAC : SPACE_WWN;
	one.role = d == NULL ? ROLE_WWNN :
	    d->kind == DEVICE_VNIC ? ROLE_MAC : ROLE_WWPN;
	ARENA_PUSH(a, l->items, l->n, l->cap) = one;
}

static void
add_uuid(struct arena *a, struct list *l, const struct profile *p)
{
	struct address one = { .profile = p, .space = SPACE_UUID,
	    .role = ROLE_UUID };

	if (uuid_parse(p->system_uuid, &one.high, &one.value))
		ARENA_PUSH(a, l->items, l->n, l->cap) = one;
}

static const char *
owner(const struct address *a)
{
	return a->device != NULL ? a->device->id : a->profile->head.id;
}

static int
compare(const void *x, const void *y)
{
	const struct address *a = x, *b = y;

	if (a->space != b->space)
		return a->space < b->space ? -1 : 1;
	if (a->high != b->high)
		return a->high < b->high ? -1 : 1;
	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	return strcmp(owner(a), owner(b));
}

static struct list
all_addresses(struct change_set *cs, bool after)
{
	struct list l = { .n = 0 };

	for (size_t i = 0; i < cs->n; i++) {
		const struct profile *p = after ? cs->items[i].after :
		    cs->items[i].before;

		if (cs->items[i].type != OBJ_PROFILE || p == NULL)
			continue;
		add_address(cs->arena, &l, p, NULL);
		add_uuid(cs->arena, &l, p);
		for (size_t k = 0; k < p->n_devices; k++)
			add_address(cs->arena, &l, p, &p->devices[k]);
	}
	if (l.n > 1)
		qsort(l.items, l.n, sizeof(*l.items), compare);
	return l;
}

/* What a has and b has not; both sorted. */
static void
minus(struct arena *a, const struct list *from, const struct list *what,
    struct address **out, size_t *n)
{
	struct list l = { .n = 0 };
	size_t k = 0;

	for (size_t i = 0; i < from->n; i++) {
		while (k < what->n &&
		    compare(&what->items[k], &from->items[i]) < 0)
			k++;
		if (k == what->n ||
		    compare(&what->items[k], &from->items[i]) != 0)
			ARENA_PUSH(a, l.items, l.n, l.cap) = from->items[i];
	}
	*out = l.items;
	*n = l.n;
}

void
change_addresses(struct change_set *cs, struct address **given_up,
    size_t *n_given_up, struct address **taken, size_t *n_taken)
{
	struct list before = all_addresses(cs, false);
	struct list after = all_addresses(cs, true);

	minus(cs->arena, &before, &after, given_up, n_given_up);
	minus(cs->arena, &after, &before, taken, n_taken);
}

/* ---- the ledger ---- */

/* The pool that an address is from; *out NULL for a static one, and for UUIDs,
 * of which no pool runs out. */
static int
pool_of(struct change_set *cs, const struct address *a,
    const struct pool **out, struct err *e)
{
	int rc = 0;

	*out = NULL;
	if (a->space == SPACE_UUID)
		return 0;
	if (a->device == NULL)
		rc = change_look_default(cs, POOL_WWNN, out, e);
	else if (a->device->source == SOURCE_POOL && a->device->pool[0] != '\0')
		rc = change_look_pool(cs, a->device->pool, out, e);
	if (rc < 0 && e->code != ERR_NOT_FOUND)
		return -1;
	if (a->device == NULL && *out != NULL && !pool_holds(*out, a->value))
		*out = NULL;
	return 0;
}

/* What the ledger says of an address that its owner gives up. */
static int
is_his(struct change_set *cs, const struct address *a,
    const struct identity *key, bool *his, struct err *e)
{
	struct identity *live;

	if (ledger_live_of(cs->store, cs->arena, key, &live, e) < 0)
		return -1;
	*his = live != NULL && live->state == ID_ASSIGNED &&
	    strcmp(live->profile, a->profile->head.id) == 0 &&
	    strcmp(live->device, a->device != NULL ? a->device->id : "") == 0;
	return 0;
}

static int
release(struct change_set *cs, const struct address *a, struct err *e)
{
	struct identity key = { .space = a->space, .high = a->high,
	    .value = a->value };
	const struct pool *p;
	bool his;

	if (is_his(cs, a, &key, &his, e) < 0 || pool_of(cs, a, &p, e) < 0)
		return -1;
	if (!his) {
		/* IdentityLeak: said as a fault; taking another mends it. */
		log_warn("ledger", "an address of %s was not its own",
		    a->profile->head.name);
		return 0;
	}
	return ledger_release_of(cs->store, &key, cs->wall_ms,
	    a->device != NULL && a->device->suspended ? taken_quarantine_ms :
	    p != NULL ? (int64_t)p->quarantine_s * 1000 : static_quarantine_ms,
	    e);
}

static int
assign(struct change_set *cs, const struct address *a, struct err *e)
{
	struct identity id = { .space = a->space, .high = a->high,
	    .value = a->value, .role = a->role };
	const struct pool *p;

	if (pool_of(cs, a, &p, e) < 0)
		return -1;
	memcpy(id.profile, a->profile->head.id, sizeof(id.profile));
	memcpy(id.profile_name, a->profile->head.name,
	    sizeof(id.profile_name));
	if (a->device != NULL) {
		memcpy(id.device, a->device->id, sizeof(id.device));
		memcpy(id.device_name, a->device->name,
		    sizeof(id.device_name));
	}
	if (p != NULL)
		memcpy(id.pool, p->head.id, sizeof(id.pool));
	return ledger_assign(cs->store, &id, cs->wall_ms, e);
}

static int
write_ledger(struct change_set *cs, struct err *e)
{
	struct address *given_up, *taken;
	size_t n_given_up, n_taken;

	change_addresses(cs, &given_up, &n_given_up, &taken, &n_taken);
	if (n_given_up + n_taken == 0)
		return 0;
	if (ledger_sweep(cs->store, cs->wall_ms, e) < 0)
		return -1;
	for (size_t i = 0; i < n_given_up; i++)
		if (release(cs, &given_up[i], e) < 0)
			return -1;
	for (size_t i = 0; i < n_taken; i++)
		if (assign(cs, &taken[i], e) < 0)
			return -1;
	return 0;
}

/* ---- rows ---- */

static const struct device *
same_device(const struct profile *p, const char *id)
{
	for (size_t i = 0; p != NULL && i < p->n_devices; i++)
		if (strcmp(p->devices[i].id, id) == 0)
			return &p->devices[i];
	return NULL;
}

static bool
gives_up_disk(const struct device *before, const struct device *after)
{
	for (size_t i = 0; i < before->n_disks; i++) {
		const struct disk *k = &before->disks[i];
		bool kept = false;

		for (size_t j = 0; after != NULL && j < after->n_disks; j++)
			kept = kept || (after->disks[j].bay == k->bay &&
			    after->disks[j].number == k->number);
		if (k->bay != 0 && !kept)
			return true;
	}
	return false;
}

/* Whether somebody else in this set may want what it leaves. */
static bool
gives_up(const struct profile *before, const struct profile *after)
{
	if (after == NULL || before->slot != after->slot ||
	    strcmp(before->head.name, after->head.name) != 0)
		return true;
	for (size_t i = 0; i < before->n_devices; i++) {
		const struct device *b = &before->devices[i];
		const struct device *d = same_device(after, b->id);

		if (b->placed != 0 && (d == NULL || d->placed != b->placed ||
		    d->bridge != b->bridge))
			return true;
		if (gives_up_disk(b, d))
			return true;
	}
	return false;
}

/* Names, slots, functions and disk numbers are free before anyone takes
 * them. */
static int
vacate(struct change_set *cs, const struct change *c, struct err *e)
{
	const struct head *b = change_head_of(c->type, c->before);
	const struct head *a = change_head_of(c->type, c->after);

	if (b == NULL)
		return 0;
	if (c->type == OBJ_PROFILE)
		return gives_up(c->before, c->after) ?
		    profile_vacate(cs->store, b->id, e) : 0;
	if (a != NULL && c->type != OBJ_POOL && strcmp(a->name, b->name) == 0)
		return 0;
	return store_park(cs->store, c->type, b->id, e);
}

static int
store_one(struct change_set *cs, const struct change *c, struct err *e)
{
	switch (c->type) {
	case OBJ_NETWORK:
		return network_store(cs->store, c->before, c->after, e);
	case OBJ_SAN:
		return san_store(cs->store, c->before, c->after, e);
	case OBJ_POOL:
		return pool_store(cs->store, c->before, c->after, e);
	case OBJ_PROFILE:
		return profile_store(cs->store, c->before, c->after, e);
	case OBJ_SLOT:
		return slot_store(cs->store, c->after, e);
	case OBJ_PORT:
		return port_store(cs->store, c->after, e);
	case OBJ_CLASS:
		return class_store(cs->store, c->before, c->after, e);
	case OBJ_LEASE:
		return lease_store(cs->store, c->before, c->after, e);
	case OBJ_APPLIANCE:
		return appliance_wanted_store(cs->store, c->after, e);
	case OBJ_BAY:
		return bay_store(cs->store, c->after, e);
	case OBJ_N_TYPES:
		break;
	}
	return err_set(e, ERR_INTERNAL, "no such type of object");
}

static void
count_revision(struct change_set *cs, struct change *c)
{
	struct head *h = change_head(c->type, c->after);
	const struct head *b = change_head_of(c->type, c->before);

	if (c->type == OBJ_SLOT) {
		const struct slot *was = c->before;

		((struct slot *)c->after)->revision = was->revision + 1;
		return;
	}
	if (c->type == OBJ_PORT) {
		const struct port *was = c->before;

		((struct port *)c->after)->revision = was->revision + 1;
		return;
	}
	if (c->type == OBJ_BAY) {
		const struct bay *was = c->before;

		((struct bay *)c->after)->revision = was->revision + 1;
		return;
	}
	if (c->type == OBJ_APPLIANCE) {
		const struct appliance_wanted *was = c->before;

		((struct appliance_wanted *)c->after)->revision =
		    was->revision + 1;
		return;
	}
	/* What an undo brings back goes on counting from what it was. */
	h->revision = (b != NULL ? b->revision : h->revision) + 1;
	h->modified_ms = cs->wall_ms;
	if (h->created_ms == 0)
		h->created_ms = cs->wall_ms;
}

static int
add_revision(struct change_set *cs, struct change *c, int64_t job,
    const char *actor, struct err *e)
{
	const struct head *h = change_head_of(c->type, c->after);
	struct revision r = { .revision = h->revision, .at_ms = cs->wall_ms,
	    .job = job };
	size_t n = strnlen(actor, sizeof(r.actor) - 1);

	memcpy(r.actor, actor, n);
	r.content = change_content(cs, c);
	(void)digest_text(r.content, strlen(r.content), r.digest);
	return revision_add(cs->store, h->id, &r, e);
}

/* ---- the order of it all ---- */

enum pass {
	PASS_VACATE,		/* what is given up is free */
	PASS_DROP_PROFILES,
	PASS_PUT_OTHERS,	/* networks, SANs, pools, slots */
	PASS_PUT_PROFILES,
	PASS_PUT_LEASES,	/* of profiles that are there */
	PASS_DROP_OTHERS,	/* nobody uses them any more */
	PASS_N
};

static bool
is_of_pass(const struct change *c, enum pass pass)
{
	bool profile = c->type == OBJ_PROFILE, lease = c->type == OBJ_LEASE;

	switch (pass) {
	case PASS_VACATE:
		return c->before != NULL;
	case PASS_DROP_PROFILES:
		return profile && c->after == NULL;
	case PASS_PUT_OTHERS:
		return !profile && !lease && c->after != NULL;
	case PASS_PUT_PROFILES:
		return profile && c->after != NULL;
	case PASS_PUT_LEASES:
		return lease && c->after != NULL;
	case PASS_DROP_OTHERS:
		return !profile && c->after == NULL;
	case PASS_N:
		break;
	}
	return false;
}

static int
write_rows(struct change_set *cs, struct err *e)
{
	for (enum pass pass = PASS_VACATE; pass < PASS_N; pass++)
		for (size_t i = 0; i < cs->n; i++) {
			const struct change *c = &cs->items[i];

			if (!is_of_pass(c, pass))
				continue;
			if ((pass == PASS_VACATE ? vacate(cs, c, e) :
			    store_one(cs, c, e)) < 0)
				return err_wrap(e, "%s %s",
				    object_word(c->type), c->id);
		}
	return 0;
}

int
change_commit(struct change_set *cs, int64_t job, const char *actor,
    struct err *e)
{
	for (size_t i = 0; i < cs->n; i++)
		if (cs->items[i].after != NULL)
			count_revision(cs, &cs->items[i]);
	if (write_rows(cs, e) < 0 || write_ledger(cs, e) < 0)
		return -1;
	for (size_t i = 0; i < cs->n; i++)
		if (cs->items[i].type == OBJ_PROFILE &&
		    cs->items[i].after != NULL &&
		    add_revision(cs, &cs->items[i], job, actor, e) < 0)
			return -1;
	return 0;
}
