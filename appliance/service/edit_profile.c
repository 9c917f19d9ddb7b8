/* edit_profile.c -- profiles themselves; see edit.h. */
#include <stdio.h>
#include <string.h>

#include "appliance/service/edit.h"

static void
tell(struct edit *x, const struct profile *p, const char *what)
{
	x->type = OBJ_PROFILE;
	memcpy(x->id, p->head.id, sizeof(x->id));
	x->kind = "change";
	snprintf(x->title, sizeof(x->title), "%s profile %s", what,
	    p->head.name);
}

static int
find(struct edit *x, struct profile **p, struct err *e)
{
	if (change_profile(x->set, request_param(x->request, "p"), p, e) < 0)
		return -1;
	return edit_match(x, (*p)->head.revision, e);
}

int
edit_profile_add(struct edit *x, struct err *e)
{
	struct profile *p = change_make_profile(x->set);

	if (edit_fields(x, &field_profile, true, p, e) < 0)
		return -1;
	tell(x, p, "Make");
	return 0;
}

int
edit_profile_patch(struct edit *x, struct err *e)
{
	struct profile *p;

	if (find(x, &p, e) < 0 ||
	    edit_fields(x, &field_profile, false, p, e) < 0)
		return -1;
	tell(x, p, "Change");
	return 0;
}

/* PUT replaces what a profile is by itself; devices have paths of their own. */
int
edit_profile_put(struct edit *x, struct err *e)
{
	struct profile *p;

	if (find(x, &p, e) < 0)
		return -1;
	p->head.description[0] = '\0';
	p->head.labels = (struct labels){ .n = 0 };
	p->drift = p->failover = 0;
	profile_defaults(p);
	p->affinity = 0;
	p->wwnn_from = WWNN_POOL;
	p->n_boot_order = 0;
	if (edit_fields(x, &field_profile, true, p, e) < 0)
		return -1;
	tell(x, p, "Replace");
	return 0;
}

int
edit_profile_remove(struct edit *x, struct err *e)
{
	struct profile *p;

	if (find(x, &p, e) < 0)
		return -1;
	tell(x, p, "Remove");
	return change_remove(x->set, OBJ_PROFILE, p->head.id, e);
}

/* A copy has addresses, disks and places of its own. */
static void
copy_device(struct edit *x, struct profile *to, const struct device *from)
{
	struct device *d = change_make_device(x->set, to,
	    (enum device_kind)from->kind);
	char id[ID_TEXT];

	memcpy(id, d->id, sizeof(id));
	*d = *from;
	memcpy(d->id, id, sizeof(d->id));
	d->address = 0;
	d->source = SOURCE_POOL;
	d->placed = 0;
	d->admission_mbps = 0;
	d->suspended = false;
	d->bridge = 0;
	d->vlans = arena_copy(x->call->arena, from->vlans,
	    from->n_vlans * sizeof(*from->vlans));
	d->boot = arena_copy(x->call->arena, from->boot,
	    from->n_boot * sizeof(*from->boot));
	d->disks = arena_copy(x->call->arena, from->disks,
	    from->n_disks * sizeof(*from->disks));
	for (size_t i = 0; i < d->n_disks; i++) {
		rng_uuid(&x->set->rng, d->disks[i].id);
		d->disks[i].bay = 0;
		d->disks[i].guid[0] = '\0';
		d->disks[i].number = UINT32_MAX;
	}
}

/* Nothing is wished that was not wished before: only done. */
int
edit_profile_heal(struct edit *x, struct err *e)
{
	static const char *const keys[] = { NULL };
	struct profile *p;

	if (edit_only(x, keys, e) < 0 || change_profile(x->set,
	    request_param(x->request, "p"), &p, e) < 0)
		return -1;
	x->type = OBJ_PROFILE;
	memcpy(x->id, p->head.id, sizeof(x->id));
	x->kind = "heal";
	x->heal = p->slot;
	snprintf(x->title, sizeof(x->title), "Heal %.80s", p->head.name);
	if (p->slot == 0)
		edit_broken(x, "NothingToHeal", "", "%s is at no slot",
		    p->head.name);
	return 0;
}

int
edit_profile_clone(struct edit *x, struct err *e)
{
	struct profile *from, *p;

	if (find(x, &from, e) < 0)
		return -1;
	p = change_make_profile(x->set);
	memcpy(p->head.description, from->head.description,
	    sizeof(p->head.description));
	p->head.labels = from->head.labels;
	p->drift = from->drift;
	p->failover = from->failover;
	p->hold_s = from->hold_s;
	p->cooldown_s = from->cooldown_s;
	p->extensions = from->extensions;
	p->affinity = from->affinity;
	p->wwnn_from = from->wwnn_from;
	if (from->system_uuid[0] != '\0')
		snprintf(p->system_uuid, sizeof(p->system_uuid), "pool");
	p->boot_order = arena_copy(x->call->arena, from->boot_order,
	    from->n_boot_order * sizeof(*from->boot_order));
	p->n_boot_order = from->n_boot_order;
	for (size_t i = 0; i < from->n_devices; i++)
		if (from->devices[i].lease[0] == '\0')
			copy_device(x, p, &from->devices[i]);
	if (edit_fields(x, &field_profile, true, p, e) < 0)
		return -1;
	x->type = OBJ_PROFILE;
	memcpy(x->id, p->head.id, sizeof(x->id));
	x->kind = "change";
	snprintf(x->title, sizeof(x->title), "Copy profile %s to %s",
	    from->head.name, p->head.name);
	return 0;
}
