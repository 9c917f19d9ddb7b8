/* rules_place.c -- where a device may be: rules 16, 33, 39, 53. */
#include <inttypes.h>
#include <string.h>

#include "appliance/engine/engine.h"
#include "appliance/service/census.h"
#include "appliance/service/rules_checks.h"

const struct san *
rules_san(struct rules *r, const char *id)
{
	const struct change *c = rules_change_of(r, OBJ_SAN, id);
	struct san *s;
	struct err e;

	if (c != NULL)
		return c->after;
	return san_load(r->store, r->arena, id, &s, &e) < 0 ? NULL : s;
}

void
rules_fences(struct rules *r, const struct device *d,
    struct place_fence **out, size_t *n)
{
	struct place_fence *list = arena_array(r->arena, d->n_vlans + 1,
	    sizeof(*list));
	const struct san *s = d->san[0] == '\0' ? NULL :
	    rules_san(r, d->san);

	*n = 0;
	for (size_t i = 0; i < d->n_vlans; i++) {
		const struct network *net = rules_network(r,
		    d->vlans[i].network);

		if (net != NULL && net->n_ports > 0)
			list[(*n)++] = (struct place_fence){ net->head.name,
				net->ports, net->n_ports };
	}
	if (s != NULL && s->n_ports > 0)
		list[(*n)++] = (struct place_fence){ s->head.name, s->ports,
			s->n_ports };
	*out = list;
}

static const struct place_fence *
fence_against(struct rules *r, const struct device *d)
{
	struct place_fence *list;
	size_t n;

	if (d->placed == 0)
		return NULL;
	rules_fences(r, d, &list, &n);
	for (size_t i = 0; i < n; i++)
		if (place_fenced_out(&list[i], fn_bay(d->placed),
		    fn_port(d->placed)))
			return &list[i];
	return NULL;
}

bool
rules_outside(struct rules *r, const struct device *d)
{
	return fence_against(r, d) != NULL;
}

/* ---- 16 ---- */

static void
note_outside(struct rules *r, const struct change *c, const char *at,
    const struct profile *p, const struct device *d)
{
	const struct place_fence *f = fence_against(r, d);

	(void)c;
	if (f != NULL)
		rules_note(r->out, r->rule->code, '\0', at,
		    "%s of %s is on io%u/%u; %s is not allowed there", d->name,
		    p->head.name, fn_bay(d->placed), fn_port(d->placed),
		    f->name);
}

static void
device_outside(struct rules *r, const struct change *c,
    const struct profile *p, const struct device *d,
    const struct device *before)
{
	(void)before;
	note_outside(r, c, rules_at(r, c, d, "/placement/port"), p, d);
}

static bool
is_on(const struct device *d, const struct change *c)
{
	if (c->type == OBJ_SAN)
		return strcmp(d->san, c->id) == 0;
	for (size_t i = 0; i < d->n_vlans; i++)
		if (strcmp(d->vlans[i].network, c->id) == 0)
			return true;
	return false;
}

/* Profiles that this change set leaves alone, on what gets new ports. */
static void
members_outside(struct rules *r, const struct change *c)
{
	const char *at = rules_at(r, c, NULL, "/allowedPorts");
	struct profile *list;
	size_t n;

	if (profile_list(r->store, r->arena, "", STORE_ALL, &list, &n,
	    &r->err) < 0) {
		r->failed = -1;
		return;
	}
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < list[i].n_devices && rules_change_of(r,
		    OBJ_PROFILE, list[i].head.id) == NULL; k++)
			if (is_on(&list[i].devices[k], c))
				note_outside(r, c, at, &list[i],
				    &list[i].devices[k]);
}

static bool
has_new_fence(const struct change *c)
{
	const struct network *n = c->after, *old_n = c->before;
	const struct san *s = c->after, *old_s = c->before;
	const struct port_ref *ports, *old;
	size_t len, old_len;

	if (c->after == NULL || c->before == NULL ||
	    (c->type != OBJ_NETWORK && c->type != OBJ_SAN))
		return false;
	ports = c->type == OBJ_NETWORK ? n->ports : s->ports;
	len = c->type == OBJ_NETWORK ? n->n_ports : s->n_ports;
	old = c->type == OBJ_NETWORK ? old_n->ports : old_s->ports;
	old_len = c->type == OBJ_NETWORK ? old_n->n_ports : old_s->n_ports;
	return len > 0 && (len != old_len ||
	    memcmp(ports, old, len * sizeof(*ports)) != 0);
}

void
rules_allowed_ports(struct rules *r)
{
	rules_each_device(r, device_outside);
	for (size_t i = 0; i < r->set->n && r->failed == 0; i++)
		if (has_new_fence(&r->set->items[i]))
			members_outside(r, &r->set->items[i]);
}

/* ---- 39 ---- */

static bool
same_fabric(struct rules *r, const struct device *a, const struct device *b)
{
	const struct san *x = rules_san(r, a->san), *y = rules_san(r, b->san);

	return x != NULL && y != NULL && x->fabric == y->fabric &&
	    x->fabric != FABRIC_OTHER;
}

static void
fabric_pair(struct rules *r, const struct change *c, const struct profile *p,
    const struct device *d, const struct device *before)
{
	(void)before;
	for (size_t i = 0; i < p->n_devices; i++) {
		const struct device *o = &p->devices[i];
		bool module = d->placed != 0 && o->placed != 0 &&
		    fn_bay(d->placed) == fn_bay(o->placed);

		if (o == d || d->kind != DEVICE_VHBA ||
		    o->kind != DEVICE_VHBA || d->anti_affinity[0] == '\0' ||
		    strcmp(d->anti_affinity, o->anti_affinity) != 0)
			continue;
		if (same_fabric(r, d, o))
			rules_note(r->out, r->rule->code, '\0',
			    rules_at(r, c, d, "/san"),
			    "%s and %s are on the same fabric", d->name,
			    o->name);
		else if (module)
			rules_note(r->out, r->rule->code, '\0',
			    rules_at(r, c, d, "/placement/antiAffinity"),
			    "%s and %s are on io%u both", d->name, o->name,
			    fn_bay(d->placed));
	}
}

void
rules_fabric_pair(struct rules *r)
{
	rules_each_device(r, fabric_pair);
}

/* ---- 33 ---- */

static void
affinity(struct rules *r, const struct change *c, const struct profile *p,
    const struct profile *before)
{
	if (p->slot != 0 && p->affinity != 0 && before != NULL &&
	    before->affinity != 0 && before->server_serial[0] != '\0' &&
	    strcmp(before->server_serial, p->server_serial) != 0)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, NULL, "/slot"), "%s is bound to server %s; "
		    "at slot %" PRIu32 " is %s", p->head.name,
		    before->server_serial, p->slot, p->server_serial);
}

void
rules_affinity(struct rules *r)
{
	rules_each_profile(r, affinity);
}

/* ---- 53 ---- */

static bool
is_accepted(struct rules *r, unsigned bay)
{
	const struct bay *b = rules_bay(r, bay);
	char card[MODULE_TEXT];

	return b != NULL && strcmp(b->accepted, engine_module_text(
	    view_bay(r->view, bay), card)) == 0;
}

const struct module *
rules_strangers(struct rules *r, size_t *n)
{
	struct module *all;
	size_t n_all;

	if (!r->have_strangers && r->failed == 0) {
		r->have_strangers = true;
		if (module_list(r->store, r->arena, &all, &n_all,
		    &r->err) < 0) {
			r->failed = -1;
			n_all = 0;
		}
		r->strangers = arena_array(r->arena, n_all + 1,
		    sizeof(*r->strangers));
		for (size_t i = 0; i < n_all; i++)
			if (engine_have_other(r->view, &all[i]) &&
			    !is_accepted(r, all[i].bay))
				r->strangers[r->n_strangers++] = all[i];
	}
	*n = r->n_strangers;
	return r->strangers;
}

static void
module_mismatch(struct rules *r, const struct change *c,
    const struct profile *p, const struct device *d,
    const struct device *before)
{
	const struct profile *old = c->before;
	const struct module *list;
	size_t n;

	/* What stays where it is waits for the former module. */
	if (d->placed == 0 || (before != NULL && before->placed == d->placed &&
	    old->slot == p->slot))
		return;
	list = rules_strangers(r, &n);
	for (size_t i = 0; i < n; i++)
		if (list[i].bay == fn_bay(d->placed))
			rules_note(r->out, r->rule->code, '\0',
			    rules_at(r, c, d, "/placement/module"),
			    "io%" PRIu32 " holds %s; devices were bound on %s",
			    list[i].bay, view_bay(r->view, list[i].bay)->serial,
			    list[i].serial);
}

void
rules_module_mismatch(struct rules *r)
{
	rules_each_device(r, module_mismatch);
}
