/* resolve.c -- see resolve.h. */
#include "appliance/service/resolve.h"

#include <string.h>

#include "appliance/service/admission.h"
#include "appliance/service/census.h"
#include "appliance/service/rules_checks.h"
#include "appliance/service/vdas.h"

/* One profile while its devices are placed. */
struct seat {
	const struct change *change;
	struct profile *profile;
	bool *bridged;			/* of each device: bridge is settled */
};

/* A card stays what it was wished as, and all of it. */
static bool
is_such_a_card(const struct view *v, const struct device *d)
{
	unsigned bay = fn_bay(d->placed);

	if (d->kind != DEVICE_EXCLUSIVE)
		return view_class(v, bay) == place_class(d);
	return (d->require_class == 0 ||
	    view_kind(v, bay) + 1u == d->require_class) &&
	    device_functions(d) == (d->extent == EXTENT_CARD ?
	    view_physical(v, bay) : 1);
}

static bool
is_serviced(struct rules *r, unsigned bay)
{
	const struct bay *b = rules_bay(r, bay);

	return b != NULL && b->service != SERVICE_NONE;
}

/* True when a device may stay on the function that it has. */
static bool
may_stay(struct rules *r, const struct device *d)
{
	const struct view *v = r->view;
	unsigned bay = fn_bay(d->placed), port = fn_port(d->placed);
	const struct fabric_bay *at = view_bay(v, bay);

	if (d->placed == 0 || (d->pin_bay != 0 && d->pin_bay != bay) ||
	    (d->pin_port != 0 && d->pin_port != port))
		return false;
	for (size_t i = 0; i < d->n_disks; i++)
		if (d->disks[i].bay != 0 && d->disks[i].bay != bay)
			return false;
	if (rules_outside(r, d))
		return false;
	/* What is placed on a card that is serviced waits, whatever is there. */
	if (is_serviced(r, bay))
		return true;
	/* A module that is out keeps its places until it is back. */
	return at == NULL || !at->occupied ||
	    (is_such_a_card(v, d) && view_fn(v, d->placed) != NULL);
}

/* Bridges of a slot whose functions this change set takes elsewhere: releases
 * come first, so that two profiles may change places. */
static void
freed_bridges(const struct rules *r, uint32_t slot, uint32_t **out, size_t *n)
{
	uint32_t *list = NULL;
	size_t cap = 0;

	*n = 0;
	for (size_t i = 0; i < r->set->n; i++) {
		const struct change *c = &r->set->items[i];
		const struct profile *before = c->before, *after = c->after;

		if (c->type != OBJ_PROFILE || before == NULL ||
		    before->slot != slot ||
		    (after != NULL && after->slot == slot))
			continue;
		for (size_t k = 0; k < before->n_devices; k++) {
			const struct device *d = &before->devices[k];
			const struct fabric_bridge *at = d->placed == 0 ?
			    NULL : view_where(r->view, d->placed);

			if (at != NULL && at->slot == slot &&
			    at->bridge == d->bridge)
				ARENA_PUSH(r->arena, list, *n, cap) =
				    d->bridge;
		}
	}
	*out = list;
}

/* A profile that moved keeps the number of a bridge that is free there. */
static bool
bridge_may_stay(const struct rules *r, const struct seat *s,
    const struct device *d)
{
	const struct profile *before = s->change->before;
	const struct fabric_bridge *at = view_bridge(r->view,
	    s->profile->slot, d->bridge);
	uint32_t *freed;
	size_t n;

	if (d->placed == 0)
		return false;
	if (before != NULL && before->slot == s->profile->slot)
		return true;
	if (d->bridge >= r->view->sw.bridges)
		return false;
	if (at == NULL || at->state == BRIDGE_EMPTY)
		return true;
	freed_bridges(r, s->profile->slot, &freed, &n);
	for (size_t i = 0; i < n; i++)
		if (freed[i] == d->bridge)
			return true;
	return false;
}

static void
forget(struct device *d)
{
	d->placed = 0;
	d->n_placed = 0;
	d->bridge = 0;
	d->admission_mbps = 0;
}

static bool
are_mates(const struct device *a, const struct device *b)
{
	return a != b && a->anti_affinity[0] != '\0' &&
	    strcmp(a->anti_affinity, b->anti_affinity) == 0;
}

/* Where the others of its group are by now. */
static struct port_ref *
mates_of(const struct rules *r, const struct profile *p,
    const struct device *d, size_t *n)
{
	struct port_ref *list = arena_array(r->arena, p->n_devices + 1,
	    sizeof(*list));

	*n = 0;
	for (size_t i = 0; i < p->n_devices; i++)
		if (p->devices[i].placed != 0 &&
		    are_mates(d, &p->devices[i]))
			list[(*n)++] = (struct port_ref){
				fn_bay(p->devices[i].placed),
				fn_port(p->devices[i].placed) };
	return list;
}

/* Who comes to a group looks for a module of its own; who was in it before
 * stays as long as the port is its own. */
static bool
is_too_near(const struct seat *s, size_t i)
{
	const struct profile *p = s->profile;
	const struct device *d = &p->devices[i], *old = s->change->before ==
	    NULL ? NULL : profile_device(s->change->before, d->id);
	bool comes = old == NULL ||
	    strcmp(old->anti_affinity, d->anti_affinity) != 0;

	for (size_t k = 0; k < i; k++) {
		const struct device *other = &p->devices[k];

		if (other->placed != 0 && are_mates(d, other) &&
		    fn_bay(other->placed) == fn_bay(d->placed) &&
		    (comes || fn_port(other->placed) == fn_port(d->placed)))
			return true;
	}
	return false;
}

/* True when the function is for its server what the device is to be: the same
 * address, or just these disks. */
static bool
is_realised(const struct device *d, const struct fabric_fn *f)
{
	struct personality want;

	if (d->kind == DEVICE_VNIC)
		return d->address != 0 && f->persona.mac == d->address;
	if (d->kind == DEVICE_VHBA)
		return d->address != 0 && f->persona.wwpn == d->address;
	want_persona(NULL, NULL, d, &want);
	return want.n_disks == d->n_disks && want.n_disks > 0 &&
	    f->persona.kind == PERSONA_RAID && d->disks[0].bay == fn_bay(f->id)
	    && f->persona.n_disks == want.n_disks && memcmp(f->persona.disks,
	    want.disks, want.n_disks * sizeof(want.disks[0])) == 0;
}

/* It has no address to be known by; but who has all of such a card has it. */
static bool
is_that_card(const struct view *v, const struct device *d,
    const struct fabric_bridge *b)
{
	unsigned n = d->extent == EXTENT_CARD ?
	    view_physical(v, fn_bay(b->fn[0])) : 1;

	if (fn_type(b->fn[0]) != FN_PF || b->n != n)
		return false;
	for (unsigned k = 1; k < n; k++)
		if (b->fn[k] != fn_beside(b->fn[0], k))
			return false;
	return true;
}

/* What is bound there already, and nobody's: after the store was lost, a
 * restore takes over what the servers go on using. */
static bool
recognise(struct rules *r, struct seat *s, struct device *d)
{
	for (unsigned i = 0; i < r->view->sw.bridges; i++) {
		const struct fabric_bridge *b = view_bridge(r->view,
		    s->profile->slot, i);
		const struct fabric_fn *f = b == NULL || b->n == 0 ? NULL :
		    view_fn(r->view, b->fn[0]);

		if (f == NULL || b->state != BRIDGE_BOUND ||
		    census_is_ours(r->census, f->id) ||
		    census_has(r->census, f->id) ||
		    !(d->kind == DEVICE_EXCLUSIVE ? is_that_card(r->view, d, b) :
		    b->n == 1 && is_realised(d, f)))
			continue;
		d->placed = f->id;
		d->n_placed = d->kind == DEVICE_EXCLUSIVE ? b->n : 0;
		d->bridge = i;
		return may_stay(r, d);
	}
	return false;
}

static void
keep_what_may_stay(struct rules *r, struct seat *s)
{
	struct profile *p = s->profile;

	for (size_t i = 0; i < p->n_devices; i++) {
		struct device *d = &p->devices[i];

		bool found = false;

		s->bridged[i] = false;
		if (d->idle) {
			forget(d);
			continue;
		}
		if (p->slot != 0 && d->placed == 0)
			found = recognise(r, s, d);
		if (p->slot == 0 || vdas_is_missing(d) || !may_stay(r, d) ||
		    is_too_near(s, i) ||
		    !census_fits(r->census, d)) {
			forget(d);
			continue;
		}
		census_add(r->census, d);
		s->bridged[i] = found || bridge_may_stay(r, s, d);
	}
}

static void
note(struct rules *r, const struct seat *s, const struct device *d,
    const struct err *why)
{
	struct err e = *why;

	memset(e.field, 0, sizeof(e.field));
	rules_note(r->out, e.rule, '\0', rules_at(r, s->change, d, ""), "%s",
	    e.msg);
}

static void
used_bridges(const struct rules *r, const struct seat *s, uint32_t **out,
    size_t *n)
{
	uint32_t *used = arena_array(r->arena, s->profile->n_devices + 1,
	    sizeof(*used));

	*n = 0;
	for (size_t i = 0; i < s->profile->n_devices; i++)
		if (s->bridged[i])
			used[(*n)++] = s->profile->devices[i].bridge;
	*out = used;
}

static int
seat_disks(struct rules *r, struct device *d, struct err *e)
{
	unsigned bay = fn_bay(d->placed);
	uint32_t *used;
	size_t n;

	for (size_t i = 0; i < d->n_disks; i++) {
		struct disk *disk = &d->disks[i];
		uint32_t number;

		if (disk->bay != 0)
			continue;
		census_numbers(r->census, bay, &used, &n);
		if (place_disk(r->view, bay, used, n, &number, e) < 0)
			return -1;
		disk->bay = bay;
		disk->number = number;
		vdas_guid(r->view, bay, number, disk->guid);
		ARENA_PUSH(r->arena, r->census->disks, r->census->n_disks,
		    r->census->cap_disks) = bay << 16 | number;
	}
	return 0;
}

/* What a fresh placement has to obey or to avoid. */
static int
look_around(struct rules *r, const struct seat *s, const struct device *d,
    struct place_in *in, struct err *e)
{
	struct place_fence *fences;
	struct port *ports = NULL;
	const struct module *strangers;
	uint32_t *bays;

	if (d->guarantee_mbps > 0 && port_list(r->store, r->arena, &ports,
	    &in->n_ports, e) < 0) {
		r->failed = -1;
		r->err = *e;
		return -1;
	}
	in->ports = ports;
	in->serviced = rules_serviced(r, &in->n_serviced);
	rules_fences(r, d, &fences, &in->n_fences);
	in->fences = fences;
	in->mates = mates_of(r, s->profile, d, &in->n_mates);
	strangers = rules_strangers(r, &in->n_strange);
	bays = arena_array(r->arena, in->n_strange + 1, sizeof(*bays));
	for (size_t i = 0; i < in->n_strange; i++)
		bays[i] = strangers[i].bay;
	in->strange = bays;
	return 0;
}

/* The device as it was at this slot, on a card that is evacuated; or NULL. */
static const struct device *
evacuated(struct rules *r, const struct seat *s, const struct device *d)
{
	const struct profile *before = s->change->before;
	const struct device *old = before == NULL ||
	    before->slot != s->profile->slot ? NULL :
	    profile_device(before, d->id);
	const struct bay *b = old == NULL || old->placed == 0 ? NULL :
	    rules_bay(r, fn_bay(old->placed));

	return b != NULL && b->service == SERVICE_EVACUATE ? old : NULL;
}

static int
seat_device(struct rules *r, struct seat *s, size_t i, struct err *e)
{
	struct device *d = &s->profile->devices[i];
	struct place_in in = {
		.view = r->view,
		.taken = r->census->avoid, .n_taken = r->census->n_avoid,
		.ours = r->census->ours, .n_ours = r->census->n_ours,
		.loads = r->census->loads, .n_loads = r->census->n_loads,
		.slot = s->profile->slot,
	};
	const struct device *old;
	uint32_t *used, *freed;
	size_t n;

	if (vdas_is_missing(d)) {
		rules_note(r->out, "VirtualDiskMissing", '\0',
		    rules_at(r, s->change, d, ""), "a disk of %s is not on a "
		    "module here; %s waits for it", d->name, d->name);
		return 0;
	}
	if (d->placed == 0) {
		if (look_around(r, s, d, &in, e) < 0 ||
		    (d->kind == DEVICE_EXCLUSIVE ?
		    place_whole(&in, d, &d->placed, &d->n_placed, e) :
		    place_function(&in, d, &d->placed, e)) < 0)
			return -1;
		census_add(r->census, d);
	}
	old = s->bridged[i] ? NULL : evacuated(r, s, d);
	if (old != NULL) {
		/* Its server finds the others where they were. */
		d->bridge = old->bridge;
		s->bridged[i] = true;
	}
	if (!s->bridged[i]) {
		used_bridges(r, s, &used, &n);
		freed_bridges(r, in.slot, &freed, &in.n_freed);
		in.freed = freed;
		if (place_bridge(&in, used, n, &d->bridge, e) < 0)
			return -1;
		s->bridged[i] = true;
	}
	return seat_disks(r, d, e);
}

/* What finds no other place stays where it is, when that is confirmed. */
static bool
stays_behind(struct rules *r, struct seat *s, size_t i, const struct err *why)
{
	struct device *d = &s->profile->devices[i];
	const struct device *old = evacuated(r, s, d);

	if (old == NULL)
		return false;
	d->placed = old->placed;
	d->n_placed = old->n_placed;
	d->bridge = old->bridge;
	d->admission_mbps = old->admission_mbps;
	s->bridged[i] = true;
	census_add(r->census, d);
	rules_note(r->out, "NotEvacuated", '\0', rules_at(r, s->change, d, ""),
	    "%s of %s stays on io%u: %s", d->name, s->profile->head.name,
	    fn_bay(d->placed), why->msg);
	return true;
}

static void
seat_all(struct rules *r, struct seat *s)
{
	struct err e;

	if (s->profile->slot == 0 || s->profile->slot > r->view->n_slots)
		return;			/* SlotUnknown says so */
	for (size_t i = 0; i < s->profile->n_devices; i++)
		if (!s->profile->devices[i].idle &&
		    seat_device(r, s, i, &e) < 0 && r->failed == 0 &&
		    !stays_behind(r, s, i, &e))
			note(r, s, &s->profile->devices[i], &e);
}

static bool
looks_for_disks(const struct profile *p)
{
	for (size_t i = 0; i < p->n_devices; i++)
		if (vdas_is_missing(&p->devices[i]))
			return true;
	return false;
}

static size_t
seats_of(struct rules *r, struct seat **out, bool *assigned)
{
	struct seat *seats = arena_array(r->arena, r->set->n + 1,
	    sizeof(*seats));
	size_t n = 0;

	*assigned = false;
	for (size_t i = 0; i < r->set->n; i++) {
		const struct change *c = &r->set->items[i];

		if (c->type != OBJ_PROFILE || c->after == NULL)
			continue;
		seats[n] = (struct seat){ .change = c, .profile = c->after };
		seats[n].bridged = arena_array(r->arena,
		    seats[n].profile->n_devices + 1, sizeof(bool));
		*assigned = *assigned || seats[n].profile->slot != 0 ||
		    looks_for_disks(seats[n].profile);
		n++;
	}
	*out = seats;
	return n;
}

static const struct disk *
disk_before(const struct profile *p, const char *id)
{
	for (size_t i = 0; p != NULL && i < p->n_devices; i++)
		for (size_t k = 0; k < p->devices[i].n_disks; k++)
			if (strcmp(p->devices[i].disks[k].id, id) == 0)
				return &p->devices[i].disks[k];
	return NULL;
}

/* No module makes a disk another one: of another level or size it is a new disk,
 * and the old one is destroyed (DestroysData). */
static void
renew_disks(struct rules *r, struct seat *s)
{
	for (size_t i = 0; i < s->profile->n_devices; i++) {
		struct device *d = &s->profile->devices[i];

		for (size_t k = 0; k < d->n_disks; k++) {
			struct disk *disk = &d->disks[k];
			const struct disk *old = disk_before(s->change->before,
			    disk->id);

			if (disk->bay == 0 || old == NULL ||
			    (old->raid == disk->raid &&
			    old->capacity_mib == disk->capacity_mib))
				continue;
			rng_uuid(&r->set->rng, disk->id);
			disk->bay = 0;
			disk->number = UINT32_MAX;
			disk->guid[0] = '\0';
		}
	}
}

/* A profile for one server only goes with the server that is there. */
static void
bind_server(const struct rules *r, const struct seat *s)
{
	struct profile *p = s->profile;
	const struct profile *old = s->change->before;
	const struct fabric_slot *at = view_slot(r->view, p->slot);
	bool comes = old == NULL || old->slot != p->slot ||
	    old->affinity != p->affinity;

	if (p->affinity == 0)
		p->server_serial[0] = '\0';
	else if (p->slot != 0 && at != NULL && at->serial[0] != '\0' &&
	    (comes || p->server_serial[0] == '\0'))
		memcpy(p->server_serial, at->serial, sizeof(at->serial));
}

/* Disks of everybody in the set are known before one of them is looked for. */
static void
settle_disks(struct rules *r, struct seat *seats, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < seats[i].profile->n_devices; k++)
			census_add_disks(r->census,
			    &seats[i].profile->devices[k]);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < seats[i].profile->n_devices; k++)
			vdas_settle(r->view, r->census,
			    &seats[i].profile->devices[k]);
}

int
resolve_places(struct rules *r, struct err *e)
{
	struct seat *seats;
	bool assigned;
	size_t n = seats_of(r, &seats, &assigned);

	for (size_t i = 0; i < n; i++)
		renew_disks(r, &seats[i]);
	for (size_t i = 0; i < n; i++)
		bind_server(r, &seats[i]);
	if (!assigned) {
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < seats[i].profile->n_devices; k++)
				forget(&seats[i].profile->devices[k]);
		return admission_settle(r, e);
	}
	if (r->view->n_slots == 0)
		return err_set(e, ERR_UNAVAILABLE,
		    "the switch has not been seen yet");
	if (census_take(r->store, r->arena, r->set, &r->census, e) < 0)
		return -1;
	settle_disks(r, seats, n);
	for (size_t i = 0; i < n; i++)
		keep_what_may_stay(r, &seats[i]);
	for (size_t i = 0; i < n; i++)
		seat_all(r, &seats[i]);
	return admission_settle(r, e);
}
