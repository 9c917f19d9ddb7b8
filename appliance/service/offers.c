/* offers.c -- see offers.h. */
#include "appliance/service/offers.h"

#include <stdio.h>
#include <string.h>

#include "profiles/store.h"

static json_t *
offer(const char *kind, const char *text)
{
	json_t *o = json_object();

	json_put(o, "kind", json_str(kind));
	json_put(o, "text", json_str(text));
	json_put(o, "changes", json_array());
	json_put(o, "import", json_null());
	return o;
}

/* POST /THINGS/NAME:verb; the body is consumed. */
static void
add_post(json_t *o, const char *things, const char *name, const char *verb,
    json_t *body)
{
	json_t *change = json_object();
	char path[96];

	snprintf(path, sizeof(path), "/%s/%s:%s", things, name, verb);
	json_put(change, "method", json_str("POST"));
	json_put(change, "path", json_str(path));
	json_put(change, "body", body);
	json_put(json_object_get(o, "changes"), NULL, change);
}

static void
add_change(json_t *o, const char *name, const char *verb, json_t *body)
{
	add_post(o, "profiles", name, verb, body);
}

static struct profile *
sitter(struct render *r, uint32_t slot)
{
	struct profile *p = NULL;

	if (r->failed == 0)
		r->failed = profile_at_slot(r->call->store, r->call->arena,
		    slot, &p, &r->err);
	return r->failed == 0 ? p : NULL;
}

/* ---- servers at other slots ---- */

static const struct profile_bond *
bond_at(const struct profile_bond *list, size_t n, uint32_t slot)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].slot == slot)
			return &list[i];
	return NULL;
}

static bool
is_server(const struct fabric_slot *s, const char *serial)
{
	return s != NULL && s->serial[0] != '\0' &&
	    strcmp(s->serial, serial) == 0;
}

static json_t *
follow(struct render *r, const struct profile_bond *who, uint32_t to)
{
	json_t *o, *body;

	if (sitter(r, to) != NULL || r->failed != 0)
		return NULL;
	o = offer("follow", arena_printf(r->call->arena, "%s follows its "
	    "server from slot %u to slot %u", who->name, who->slot, to));
	body = json_object();
	json_put(body, "slot", json_int(to));
	add_change(o, who->name, "move", body);
	return o;
}

static json_t *
swap_back(struct render *r, const struct profile_bond *who,
    const struct profile_bond *other)
{
	/* Both faults carry the same plan: the lower slot is named first. */
	const struct profile_bond *a = who->slot < other->slot ? who : other;
	const struct profile_bond *b = a == who ? other : who;
	json_t *o = offer("swapBack", arena_printf(r->call->arena,
	    "The servers of slots %u and %u changed places: %s and %s follow "
	    "them", a->slot, b->slot, a->name, b->name));
	json_t *body = json_object();

	json_put(body, "with", json_str(b->name));
	add_change(o, a->name, "swap", body);
	return o;
}

static json_t *
about_server(struct render *r, uint32_t slot)
{
	const struct view *v = r->call->view;
	const struct profile_bond *who, *other;
	struct profile_bond *list;
	size_t n, to = 0;

	r->failed = profile_bonds(r->call->store, r->call->arena, &list, &n,
	    &r->err);
	who = r->failed == 0 ? bond_at(list, n, slot) : NULL;
	for (size_t i = 1; who != NULL && i <= v->n_slots && to == 0; i++)
		if (i != slot && is_server(view_slot(v, (unsigned)i),
		    who->serial))
			to = i;
	if (to == 0)
		return NULL;
	other = bond_at(list, n, (uint32_t)to);
	if (other != NULL && is_server(view_slot(v, slot), other->serial))
		return swap_back(r, who, other);
	return follow(r, who, (uint32_t)to);
}

/* ---- cards ---- */

static bool
is_of_class(const struct view *v, const struct module *was)
{
	const struct capability *c = v->caps == NULL ? NULL :
	    capability_find(v->caps, was->vendor, was->device);

	return c != NULL && view_class(v, was->bay) == c->class;
}

static json_t *
about_card(struct render *r, unsigned bay)
{
	const struct view *v = r->call->view;
	struct arena *a = r->call->arena;
	char name[BAY_TEXT];
	struct module was;
	unsigned to;
	json_t *o;

	if (r->failed == 0)
		r->failed = module_load(r->call->store, bay, &was, &r->err);
	if (r->failed != 0 || was.bay == 0)
		return NULL;
	to = engine_module_elsewhere(v, &was);
	bay_text(bay, name);
	if (to != 0) {
		o = offer("followCard", arena_printf(a, "The card of %s is in "
		    "io%u now: its devices move there", name, to));
		add_post(o, "bays", name, "follow", json_object());
		return o;
	}
	if (!engine_have_other(v, &was) || !is_of_class(v, &was))
		return NULL;
	o = offer("accept", arena_printf(a, "The card in %s takes the place of "
	    "the former one", name));
	add_post(o, "bays", name, "accept", json_object());
	return o;
}

/* The first of a slot's devices whose card is out. */
static json_t *
about_missing(struct render *r, const struct fault *f)
{
	const struct profile *p = sitter(r, f->slot);

	for (size_t i = 0; p != NULL && i < p->n_devices; i++)
		if (p->devices[i].placed != 0 && view_fn(r->call->view,
		    p->devices[i].placed) == NULL)
			return about_card(r, fn_bay(p->devices[i].placed));
	return NULL;
}

/* ---- hands ---- */

static json_t *
heal(struct render *r, uint32_t slot)
{
	const struct profile *p = sitter(r, slot);
	json_t *o;

	if (p == NULL)
		return NULL;
	o = offer("heal", arena_printf(r->call->arena, "Put right what %s "
	    "should have at slot %u", p->head.name, p->slot));
	add_change(o, p->head.name, "heal", json_object());
	return o;
}

static json_t *
about_hand(struct render *r, const struct fault *f)
{
	const struct profile *p = sitter(r, f->slot);

	/* Rates come back by themselves. */
	if (p != NULL && p->drift == DRIFT_HEAL &&
	    strcmp(f->code, "QosLost") == 0)
		return NULL;
	return heal(r, f->slot);
}

static json_t *
about_unknown(struct render *r, const struct fault *f)
{
	const struct profile *p = sitter(r, f->slot);
	const struct binding *row = NULL;
	struct arena *a = r->call->arena;
	fn_id fn;
	const char *name = p != NULL ? p->head.name :
	    arena_printf(a, "adopted-slot-%u", f->slot);
	json_t *o;

	/* A device of somebody else, mapped a second time. */
	if (fn_parse(f->part, &fn))
		row = render_binding(r, fn);
	if (row != NULL)
		return heal(r, row->slot);
	o = offer("adopt", arena_printf(a, "What is bound at slot %u "
	    "becomes part of %s, as it is", f->slot, name));
	json_put(o, "import", json_str(arena_printf(a,
	    "mode=adopt&select=%s", name)));
	return o;
}

json_t *
offers_about(struct render *r, const struct fault *f)
{
	json_t *o = NULL;

	unsigned bay;

	if (r->failed != 0 || f->state == FAULT_CLEARED)
		return json_null();
	if (strcmp(f->code, "ModuleMismatch") == 0)
		o = bay_parse(f->object, &bay) ? about_card(r, bay) : NULL;
	else if (f->slot == 0)
		return json_null();
	else if (strcmp(f->code, "ModuleMissing") == 0)
		o = about_missing(r, f);
	else if (strcmp(f->code, "SlotServerChanged") == 0)
		o = about_server(r, f->slot);
	else if (strcmp(f->code, "UnknownBinding") == 0)
		o = about_unknown(r, f);
	else if (strcmp(f->code, "BindingDrift") == 0 ||
	    strcmp(f->code, "QosLost") == 0 ||
	    strcmp(f->code, "AdoptionRefused") == 0 ||
	    strcmp(f->code, "ReconcileLoop") == 0)
		o = about_hand(r, f);
	return o != NULL ? o : json_null();
}
