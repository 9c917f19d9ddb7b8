/* plan.c -- see plan.h for the invariants P1..P13. */
#include "appliance/engine/plan.h"

#include <string.h>

/* Levels of plan.h, before gaps are closed (P7). */
enum { LEVEL_FENCE = 1, LEVEL_RELEASE, LEVEL_SCRUB, LEVEL_PREPARE, LEVEL_BIND,
	LEVEL_AFTER, LEVEL_DESTROY, LEVEL_N };

struct planner {
	struct arena *arena;
	const struct plan_in *in;
	struct step *steps;
	size_t n, cap;
};

static struct step *
add(struct planner *p, uint32_t level, enum step_verb verb)
{
	struct step step = { .level = level, .verb = verb };

	ARENA_PUSH(p->arena, p->steps, p->n, p->cap) = step;
	return &p->steps[p->n - 1];
}

static const struct want *
want_of(const struct plan_in *in, fn_id fn)
{
	uint32_t k;

	for (size_t i = 0; i < in->n_want; i++)
		if (want_has(&in->want[i], fn, &k))
			return &in->want[i];
	return NULL;
}

static const struct have *
have_of(const struct plan_in *in, fn_id fn)
{
	for (size_t i = 0; i < in->n_have; i++)
		if (in->have[i].fn == fn)
			return &in->have[i];
	return NULL;
}

static bool
is_silent(const struct plan_in *in, uint32_t slot)
{
	for (size_t i = 0; i < in->n_silent; i++)
		if (in->silent[i] == slot)
			return true;
	for (size_t i = 0; i < in->n_slots; i++)
		if (in->slots[i].slot == slot && in->slots[i].fence)
			return true;
	return false;
}

/* Nothing can be bound there; it waits until the slot is switched on. */
static bool
is_switched_off(const struct plan_in *in, uint32_t slot)
{
	for (size_t i = 0; i < in->n_slots; i++)
		if (in->slots[i].slot == slot)
			return !in->slots[i].enabled_wanted;
	return false;
}

static const struct plan_bay *
bay_of(const struct plan_in *in, fn_id fn)
{
	for (size_t i = 0; i < in->n_bays; i++)
		if (in->bays[i].bay == fn_bay(fn))
			return &in->bays[i];
	return NULL;
}

/* P13 */
static bool
goes_off(const struct plan_in *in, fn_id fn)
{
	const struct plan_bay *b = bay_of(in, fn);

	return b != NULL && !b->on_wanted;
}

bool
plan_live_change(const struct personality *a, const struct personality *b)
{
	struct personality x = *a, y = *b;

	x.n_vlans = y.n_vlans = 0;
	x.native = y.native = 0;
	x.pcp = y.pcp = 0;
	x.flags = y.flags = 0;
	x.limit_mbps = y.limit_mbps = 0;
	x.guarantee_mbps = y.guarantee_mbps = 0;
	x.mtu = y.mtu = 0;
	return personality_equal(&x, &y);
}

enum work { WORK_NONE, WORK_PREPARE_LIVE, WORK_RELEASE };

/* Prepared for that slot and not bound yet; the same personality with traces of
 * another server (its card was out when it should have been scrubbed) is not. */
static bool
is_ready(const struct have *h, const struct want *w)
{
	/* Nobody can see what was left in what is whole. */
	if (w->whole)
		return h->traces == w->slot && !h->hangs;
	return personality_equal(&h->persona, &w->persona) && !h->hangs &&
	    (h->traces == 0 || h->traces == w->slot);
}

/* Whole cards only: one of several functions, and the one that it should be. */
static bool
is_in_place(const struct have *h, const struct want *w)
{
	uint32_t k;

	return !w->whole || (want_has(w, h->fn, &k) && h->at == k &&
	    h->n_at == w->n_more + 1);
}

/* What a function that is there needs, looked at by itself. */
static enum work
work_alone(const struct have *h, const struct want *w)
{
	if (h->slot != 0 && (w == NULL || w->slot != h->slot ||
	    w->bridge != h->bridge))
		return WORK_RELEASE;
	if (!h->present)
		return WORK_NONE;	/* its module is out; the place is kept */
	if (h->slot != 0 && h->lost)
		return WORK_RELEASE;
	if (w == NULL)
		/* Behind no bridge; when it was somebody's its traces go, and that
		 * they went is proven. */
		return h->blank && !h->hangs && h->traces == 0 ? WORK_NONE :
		    WORK_RELEASE;
	if (h->slot == 0)
		/* What hangs keeps a place of the switch until a scrub ends it. */
		return (h->blank && !h->hangs) || is_ready(h, w) ? WORK_NONE :
		    WORK_RELEASE;
	if (!is_in_place(h, w))
		return WORK_RELEASE;
	if (personality_equal(&h->persona, &w->persona))
		return WORK_NONE;				/* P4 */
	return plan_live_change(&h->persona, &w->persona) ? WORK_PREPARE_LIVE :
	    WORK_RELEASE;
}

/* What it needs among the others of its want (P11). */
static enum work
work_on(const struct plan_in *in, const struct have *h, const struct want *w)
{
	enum work work = work_alone(h, w);

	if (h->present && h->slot != 0 && goes_off(in, h->fn))
		return WORK_RELEASE;
	if (w == NULL || h->slot == 0 || !h->present)
		return work;
	for (uint32_t k = 0; k <= w->n_more && work != WORK_RELEASE; k++) {
		const struct have *other = have_of(in, fn_beside(w->fn, k));

		if (other == NULL || other->slot != h->slot ||
		    other->bridge != h->bridge ||
		    work_alone(other, w) == WORK_RELEASE)
			work = WORK_RELEASE;
	}
	return work;
}

static void
set_place(struct step *s, fn_id fn, uint32_t slot, uint32_t bridge,
    const char *device)
{
	s->fn = fn;
	s->slot = slot;
	s->bridge = bridge;
	memcpy(s->device, device, sizeof(s->device));
}

/* A bridge is emptied once, whatever is behind it. */
static bool
is_emptied(const struct planner *p, uint32_t slot, uint32_t bridge)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->steps[i].verb == STEP_UNBIND &&
		    p->steps[i].slot == slot && p->steps[i].bridge == bridge)
			return true;
	return false;
}

static void
add_release(struct planner *p, const struct have *h)
{
	struct step *s;

	if (h->slot != 0 && !is_emptied(p, h->slot, h->bridge)) {
		s = add(p, LEVEL_RELEASE, STEP_UNBIND);
		set_place(s, h->fn, h->slot, h->bridge, h->device);
		s->arg1 = is_silent(p->in, h->slot) || !h->present || !h->settled ?
		    RELEASE_SURPRISE : RELEASE_ORDERLY;
	}
	if (!h->present)
		return;		/* nothing to scrub until it is back */
	s = add(p, LEVEL_SCRUB, STEP_SCRUB);
	set_place(s, h->fn, h->slot, h->bridge, h->device);
}

static bool
is_among(const struct want_disk *list, size_t n, const struct want_disk *d)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].bay == d->bay && list[i].number == d->number)
			return true;
	return false;
}

static bool
disk_exists(const struct plan_in *in, const struct want_disk *d)
{
	return is_among(in->disks, in->n_disks, d);
}

/* P10 */
static bool
lacks_disk(const struct plan_in *in, const struct want *w)
{
	for (size_t i = 0; i < w->n_disks; i++)
		if (!disk_exists(in, &w->disks[i]) &&
		    !is_among(in->making, in->n_making, &w->disks[i]))
			return true;
	return false;
}

static void
add_disk(struct planner *p, const struct want *w, const struct want_disk *d)
{
	struct step *s = add(p, LEVEL_SCRUB, STEP_DISK_MAKE);

	set_place(s, 0, w->slot, w->bridge, w->device);
	s->arg1 = d->bay;
	s->arg2 = d->number;
	s->raid = d->raid;
	s->mib = d->mib;
}

/* All of its functions are there; its module is not out (ModuleMissing). */
static bool
is_there(const struct plan_in *in, const struct want *w)
{
	for (uint32_t k = 0; k <= w->n_more; k++) {
		const struct have *h = have_of(in, fn_beside(w->fn, k));

		if (h == NULL || !h->present)
			return false;
	}
	return true;
}

/* Its card may be pulled any moment, or was; it is bound afterwards (P13). */
static bool
waits(const struct plan_in *in, fn_id fn)
{
	const struct plan_bay *b = bay_of(in, fn);

	return b != NULL && (b->serviced || !b->on_wanted);
}

static void
add_want(struct planner *p, const struct want *w)
{
	const struct have *h = have_of(p->in, w->fn);
	enum work work = h == NULL ? WORK_NONE : work_on(p->in, h, w);
	bool bound = h != NULL && h->slot == w->slot && h->bridge == w->bridge;
	bool shaped = h != NULL && work == WORK_NONE && !h->blank;
	struct step *s;

	if (!is_there(p->in, w))
		return;
	if (lacks_disk(p->in, w))
		return;		/* P10 (VirtualDiskMissing) */
	/* Only the job that makes a disk may: also for a slot that is off. */
	for (size_t i = 0; i < w->n_disks; i++)
		if (!disk_exists(p->in, &w->disks[i]))
			add_disk(p, w, &w->disks[i]);
	if ((is_switched_off(p->in, w->slot) || waits(p->in, w->fn)) &&
	    (!bound || work == WORK_RELEASE))
		return;
	if (!shaped && !w->whole) {
		s = add(p, LEVEL_PREPARE, STEP_PREPARE);
		set_place(s, w->fn, w->slot, w->bridge, w->device);
	}
	if (!bound || work == WORK_RELEASE) {
		s = add(p, LEVEL_BIND, STEP_BIND);
		set_place(s, w->fn, w->slot, w->bridge, w->device);
		s->arg2 = w->n_more > 0 ? w->n_more + 1 : 0;
	}
}

static void
add_ctl(struct planner *p, uint32_t level, uint32_t slot, bool on)
{
	struct step *s = add(p, level, STEP_SLOT_CTL);

	s->slot = slot;
	s->arg1 = on ? CTL_ENABLE : CTL_DISABLE;
}

static void
add_slot(struct planner *p, const struct plan_slot *slot)
{
	if (slot->fence) {
		if (slot->enabled_now)
			add_ctl(p, LEVEL_FENCE, slot->slot, false);
		if (slot->enabled_wanted)
			add_ctl(p, LEVEL_AFTER, slot->slot, true);
	} else if (slot->enabled_now != slot->enabled_wanted) {
		add_ctl(p, slot->enabled_wanted ? LEVEL_SCRUB : LEVEL_RELEASE,
		    slot->slot, slot->enabled_wanted);
	}
}

static void
add_port(struct planner *p, const struct plan_port *port)
{
	struct step *s;

	if (port->now == port->wanted)
		return;
	s = add(p, LEVEL_SCRUB, STEP_PORT_CTL);
	s->arg1 = port->bay;
	s->arg2 = port->port;
}

static void
add_bay(struct planner *p, const struct plan_bay *bay)
{
	struct step *s;

	if (bay->on_now == bay->on_wanted)
		return;
	s = add(p, bay->on_wanted ? LEVEL_RELEASE : LEVEL_AFTER,
	    STEP_BAY_CTL);
	s->arg1 = bay->bay;
	s->arg2 = bay->on_wanted ? CTL_ENABLE : CTL_DISABLE;
}

/* Whatever else sits behind a bridge that is wanted was named in `have`, so its
 * release is planned by work_on() already (P6). */
static void
add_doomed(struct planner *p, const struct want_disk *d)
{
	struct step *s;

	if (!disk_exists(p->in, d))
		return;
	s = add(p, LEVEL_DESTROY, STEP_DISK_DESTROY);
	s->arg1 = d->bay;
	s->arg2 = d->number;
}

/* Closes the gaps between levels (P7) and puts the steps in order. */
static void
number(struct planner *p, struct step **out, size_t *n)
{
	struct step *sorted = arena_array(p->arena, p->n + 1, sizeof(*sorted));
	uint32_t level = 0;
	size_t k = 0;

	for (uint32_t raw = LEVEL_FENCE; raw < LEVEL_N; raw++) {
		size_t before = k;

		for (size_t i = 0; i < p->n; i++) {
			if (p->steps[i].level != raw)
				continue;
			sorted[k] = p->steps[i];
			sorted[k].level = level + 1;
			sorted[k].seq = (uint32_t)k + 1;
			k++;
		}
		if (k > before)
			level++;
	}
	*out = sorted;
	*n = k;
}

void
plan_make(struct arena *a, const struct plan_in *in, struct step **steps,
    size_t *n)
{
	struct planner p = { .arena = a, .in = in };

	for (size_t i = 0; i < in->n_slots; i++)
		add_slot(&p, &in->slots[i]);
	for (size_t i = 0; i < in->n_ports; i++)
		add_port(&p, &in->ports[i]);
	for (size_t i = 0; i < in->n_bays; i++)
		add_bay(&p, &in->bays[i]);
	for (size_t i = 0; i < in->n_have; i++) {
		const struct have *h = &in->have[i];

		if (work_on(in, h, want_of(in, h->fn)) == WORK_RELEASE)
			add_release(&p, h);
	}
	for (size_t i = 0; i < in->n_want; i++)
		add_want(&p, &in->want[i]);
	for (size_t i = 0; i < in->n_doomed; i++)
		add_doomed(&p, &in->doomed[i]);
	number(&p, steps, n);
}
