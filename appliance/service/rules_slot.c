/* rules_slot.c -- slots and what sits there: rules 25, 29, 30, 32, 34. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "appliance/service/rules_checks.h"
#include "profiles/journal.h"

/* A slot as this change set leaves it; NULL when the store failed. */
static const struct slot *
slot_after(struct rules *r, uint32_t number)
{
	char id[16];
	const struct change *c;
	struct slot *s;

	snprintf(id, sizeof(id), "%" PRIu32, number);
	c = rules_change_of(r, OBJ_SLOT, id);
	if (c != NULL && c->after != NULL)
		return c->after;
	if (slot_load(r->store, r->arena, number, &s, &r->err) < 0) {
		r->failed = -1;
		return NULL;
	}
	return s;
}

/* Profiles that come to a slot with this change set. */
static bool
arrives(const struct profile *p, const struct profile *before)
{
	return p->slot != 0 && (before == NULL || before->slot != p->slot);
}

static void
slot_known(struct rules *r, const struct change *c, const struct profile *p,
    const struct profile *before)
{
	(void)before;
	if (p->slot > r->view->n_slots)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, NULL, "/slot"),
		    "there is no slot %" PRIu32 "; they go from 1 to %zu",
		    p->slot, r->view->n_slots);
}

void
rules_slot_known(struct rules *r)
{
	rules_each_profile(r, slot_known);
}

/* A profile that gets more functions needs a slot that can take them. */
static bool
binds_something(const struct profile *p, const struct profile *before)
{
	if (p->slot == 0)
		return false;
	if (arrives(p, before))
		return true;
	for (size_t i = 0; i < p->n_devices; i++) {
		const struct device *d = profile_device(before,
		    p->devices[i].id);

		/* What goes, or is not on yet, binds nothing. */
		if (!p->devices[i].idle && (d == NULL ||
		    d->placed != p->devices[i].placed))
			return true;
	}
	return false;
}

static void
slot_disabled(struct rules *r, const struct change *c,
    const struct profile *p, const struct profile *before)
{
	const struct slot *s;

	if (!binds_something(p, before) ||
	    (s = slot_after(r, p->slot)) == NULL)
		return;
	if (s->admin == SLOT_DISABLED)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, NULL, "/slot"), "slot %" PRIu32
		    " is disabled; nothing can be bound there", p->slot);
}

void
rules_slot_disabled(struct rules *r)
{
	rules_each_profile(r, slot_disabled);
}

static void
slot_maintenance(struct rules *r, const struct change *c,
    const struct profile *p, const struct profile *before)
{
	const struct slot *s;

	if (!arrives(p, before) || (s = slot_after(r, p->slot)) == NULL)
		return;
	if (s->admin == SLOT_MAINTENANCE)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, NULL, "/slot"), "slot %" PRIu32
		    " is in maintenance", p->slot);
}

void
rules_slot_maintenance(struct rules *r)
{
	rules_each_profile(r, slot_maintenance);
}

static void
slot_spare(struct rules *r, const struct change *c, const struct profile *p,
    const struct profile *before)
{
	const struct slot *s;

	if (!arrives(p, before) || (s = slot_after(r, p->slot)) == NULL)
		return;
	if (s->is_spare)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, NULL, "/slot"), "slot %" PRIu32
		    " is kept as a spare", p->slot);
}

void
rules_slot_spare(struct rules *r)
{
	rules_each_profile(r, slot_spare);
}

/* ---- one profile, one slot ---- */

/* Who else sits at a slot when this change set is through; NULL nobody. */
static const struct profile *
sits_at(struct rules *r, uint32_t slot, const char *except)
{
	struct profile *p;

	for (size_t i = 0; i < r->set->n; i++) {
		const struct profile *after = r->set->items[i].after;

		if (r->set->items[i].type == OBJ_PROFILE && after != NULL &&
		    after->slot == slot && strcmp(after->head.id, except) != 0)
			return after;
	}
	if (profile_at_slot(r->store, r->arena, slot, &p, &r->err) < 0) {
		r->failed = -1;
		return NULL;
	}
	if (p == NULL || strcmp(p->head.id, except) == 0 ||
	    rules_change_of(r, OBJ_PROFILE, p->head.id) != NULL)
		return NULL;
	return p;
}

static void
slot_taken(struct rules *r, const struct change *c, const struct profile *p,
    const struct profile *before)
{
	const struct profile *other;

	if (!arrives(p, before))
		return;
	other = sits_at(r, p->slot, p->head.id);
	if (other != NULL)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, NULL, "/slot"),
		    "slot %" PRIu32 " has profile %s", p->slot,
		    other->head.name);
}

void
rules_slot_taken(struct rules *r)
{
	rules_each_profile(r, slot_taken);
	for (size_t i = 0; i < r->set->n && r->failed == 0; i++) {
		const struct change *c = &r->set->items[i];
		const struct slot *s = c->after, *old = c->before;
		const struct profile *p;

		if (c->type != OBJ_SLOT || s == NULL || !s->is_spare ||
		    (old != NULL && old->is_spare))
			continue;
		p = sits_at(r, s->number, "");
		if (p != NULL)
			rules_note(r->out, r->rule->code, '\0',
			    rules_at(r, c, NULL, "/isSpare"),
			    "slot %" PRIu32 " has profile %s, so it is no spare",
			    s->number, p->head.name);
	}
}

/* ---- spares ---- */

static bool
is_among(const uint32_t *slots, size_t n, uint32_t slot)
{
	for (size_t i = 0; i < n; i++)
		if (slots[i] == slot)
			return true;
	return false;
}

/* A profile that a spare takes over with this change set. */
static bool
is_taken_over(const struct rules *r, const struct profile *p,
    const struct profile *before)
{
	return before != NULL && arrives(p, before) &&
	    is_among(r->spared, r->n_spared, before->slot);
}

static void
source_up(struct rules *r, const struct change *c, const struct profile *p,
    const struct profile *before)
{
	const struct fabric_slot *s;

	if (!is_taken_over(r, p, before) ||
	    !is_among(r->fenced, r->n_fenced, before->slot))
		return;
	s = view_slot(r->view, before->slot);
	if (s != NULL && s->link && s->enabled)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, NULL, "/force"), "slot %" PRIu32
		    " still has link%s; it is switched off first, and its "
		    "server is not asked", before->slot,
		    s->power == 2 ? " and its server runs" : "");
}

void
rules_source_up(struct rules *r)
{
	rules_each_profile(r, source_up);
}

/* The device that its server tries first; NULL when it has none to boot from. */
static const struct device *
boots_from(const struct profile *p)
{
	if (p->n_boot_order > 0)
		return profile_device(p, p->boot_order[0]);
	for (size_t i = 0; i < p->n_devices; i++)
		if (p->devices[i].n_boot > 0)
			return &p->devices[i];
	return NULL;
}

static void
not_on_san(struct rules *r, const struct change *c, const struct profile *p,
    const struct profile *before)
{
	const struct device *d;

	if (!is_taken_over(r, p, before))
		return;
	d = boots_from(p);
	if (d == NULL)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, NULL, "/policy"), "%s boots from nothing "
		    "that comes along; disks of its server's own stay behind",
		    p->head.name);
	else if (d->kind == DEVICE_VDAS)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, NULL, "/policy"), "%s boots from %s, whose "
		    "disks come along within this appliance only",
		    p->head.name, d->name);
}

void
rules_not_on_san(struct rules *r)
{
	rules_each_profile(r, not_on_san);
}

/* ---- servers that run ---- */

static bool
is_bound_at(const struct view *v, const struct device *d, uint32_t slot)
{
	const struct fabric_bridge *at = d->placed == 0 ? NULL :
	    view_where(v, d->placed);

	return at != NULL && at->slot == slot && at->state == BRIDGE_BOUND &&
	    at->presence;
}

static bool
stays(const struct profile *p, const struct profile *before,
    const struct device *b)
{
	const struct device *d = p == NULL || p->slot != before->slot ? NULL :
	    profile_device(p, b->id);

	return d != NULL && d->placed == b->placed &&
	    d->bridge == b->bridge && d->n_placed == b->n_placed;
}

/* A move takes from one server what it gives to another; it is said all the
 * same.  A vDAS is named, as what is on it may be open. */
static void
server_running(struct rules *r, const struct change *c,
    const struct profile *p, const struct profile *before)
{
	const struct fabric_slot *s = view_slot(r->view, before->slot);
	const char *disks = NULL;
	size_t lost = 0;

	/* Who is switched off is asked nothing (SourceStillUp). */
	if (s == NULL || !s->link || !s->enabled || s->power != 2 ||
	    is_among(r->fenced, r->n_fenced, before->slot))
		return;
	for (size_t i = 0; i < before->n_devices; i++) {
		const struct device *b = &before->devices[i];

		if (!is_bound_at(r->view, b, before->slot) ||
		    stays(p, before, b))
			continue;
		lost++;
		if (b->kind == DEVICE_VDAS && disks == NULL)
			disks = b->name;
	}
	if (lost > 0)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, NULL, p != NULL ? "/slot" : ""),
		    "the server at slot %" PRIu32 " runs; it is asked to give "
		    "up %zu device%s%s%s%s, and loses them after %" PRIu32
		    " ms without an answer", before->slot, lost,
		    lost == 1 ? "" : "s", disks != NULL ? " (" : "",
		    disks != NULL ? disks : "", disks != NULL ?
		    " with its disks)" : "", r->view->sw.release_ms);
}

void
rules_server_running(struct rules *r)
{
	for (size_t i = 0; i < r->set->n; i++) {
		const struct change *c = &r->set->items[i];
		const struct profile *before = c->before;

		if (c->type == OBJ_PROFILE && before != NULL &&
		    before->slot != 0)
			server_running(r, c, c->after, before);
	}
}

/* ---- functions ---- */

static void
function_limit(struct rules *r, const struct change *c,
    const struct profile *p, const struct profile *before)
{
	enum { VDAS_MAX = 4 };
	size_t vdas = 0, n = 0;

	(void)before;
	for (size_t i = 0; i < p->n_devices; i++) {
		n += !p->devices[i].idle;
		vdas += p->devices[i].kind == DEVICE_VDAS;
	}
	if (p->slot != 0 && r->view->sw.bridges != 0 &&
	    n > r->view->sw.bridges)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, NULL, ""),
		    "%zu devices; a slot carries %u", n, r->view->sw.bridges);
	if (vdas > VDAS_MAX)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, NULL, ""),
		    "%zu vDAS; a profile has four at most", vdas);
}

void
rules_function_limit(struct rules *r)
{
	rules_each_profile(r, function_limit);
}

bool
rules_owns(const struct change_set *set, const char *device)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct change *c = &set->items[i];

		if (c->type != OBJ_PROFILE)
			continue;
		if ((c->before != NULL && profile_device(c->before,
		    device) != NULL) || (c->after != NULL &&
		    profile_device(c->after, device) != NULL))
			return true;
	}
	return false;
}

/* The function itself; and who has all of a port has every function of it. */
static bool
is_in_the_way(const struct device *d, fn_id fn)
{
	for (uint32_t k = 0; k < device_functions(d); k++) {
		fn_id own = fn_beside(d->placed, k);

		if (fn == own || (fn_bay(fn) == fn_bay(own) &&
		    fn_port(fn) == fn_port(own) && (fn_type(fn) == FN_PF ||
		    d->sharing == SHARING_EXCLUSIVE)))
			return true;
	}
	return false;
}

static void
busy(struct rules *r, const struct change *c, const struct device *d,
    const struct binding *list, size_t n)
{
	char fn[FN_TEXT];

	for (size_t i = 0; i < n; i++)
		if (is_in_the_way(d, list[i].fn) && !rules_owns(r->set,
		    list[i].device))
			rules_note(r->out, r->rule->code, '\0',
			    rules_at(r, c, d, ""),
			    "%s is %s at slot %" PRIu32,
			    fn_text(list[i].fn, fn),
			    binding_state_word(list[i].state), list[i].slot);
}

void
rules_function_busy(struct rules *r)
{
	struct binding *list;
	size_t n;

	if (r->census == NULL)
		return;			/* nothing is assigned */
	if (binding_list(r->store, r->arena, &list, &n, &r->err) < 0) {
		r->failed = -1;
		return;
	}
	for (size_t i = 0; i < r->set->n; i++) {
		const struct change *c = &r->set->items[i];
		const struct profile *p = c->after;

		if (c->type != OBJ_PROFILE || p == NULL)
			continue;
		for (size_t k = 0; k < p->n_devices; k++)
			if (p->devices[k].placed != 0)
				busy(r, c, &p->devices[k], list, n);
	}
}
