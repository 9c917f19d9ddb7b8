/*
 * rules_lease.c -- what may not be wished of leases; see rules_checks.h.
 *
 * Whether leases collide is asked of the rules themselves: for each set of leases
 * that are on at one moment, the change set is tried as it will be then, its
 * devices placed and every rule run.  What is refused then and not now is a
 * collision.
 */
#include <string.h>

#include "appliance/service/resolve.h"
#include "appliance/service/rules_checks.h"
#include "base/clock.h"

enum {
	FAR = 400,		/* occurrences of a lease that is new or other */
	NEAR = 16,		/* of one beside which something changes */
	SETS = 64,		/* different ones that are tried at most */
};

/* ---- one lease by itself ---- */

/* Turned on or off, and nothing else: what is wished is what was. */
static bool
is_turned(const struct change *c)
{
	const struct lease *l = c->after, *old = c->before;

	return l != NULL && old != NULL && lease_same_times(l, old) &&
	    l->served_ms >= old->served_ms &&
	    (l->ends_ms == 0 || old->ends_ms == 0) &&
	    (l->ends_ms != old->ends_ms || l->served_ms != old->served_ms);
}

typedef void lease_fn(struct rules *, const struct change *,
    const struct lease *, const struct zone *);

/* Calls back for leases whose times are new; with their zone unless NULL. */
static void
each_new(struct rules *r, lease_fn *fn)
{
	for (size_t i = 0; i < r->set->n; i++) {
		const struct change *c = &r->set->items[i];
		const struct lease *l = c->after, *old = c->before;
		struct zone *z = NULL;
		struct err e;

		if (c->type != OBJ_LEASE || l == NULL ||
		    (old != NULL && lease_same_times(l, old)))
			continue;
		if (zone_load(r->arena, l->zone, &z, &e) < 0)
			z = NULL;
		fn(r, c, l, z);
	}
}

static void
zone_unknown(struct rules *r, const struct change *c, const struct lease *l,
    const struct zone *z)
{
	if (z == NULL)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, NULL, "/timeZone"),
		    "there is no time zone %s here", l->zone);
}

void
rules_zone(struct rules *r)
{
	each_new(r, zone_unknown);
}

static int64_t
day_gap(uint32_t days)
{
	int64_t least = 7, last = -1;

	for (int64_t i = 0; i < 14; i++) {
		if ((days >> (i % 7) & 1) == 0)
			continue;
		if (last >= 0 && i - last < least)
			least = i - last;
		last = i;
	}
	return least;
}

static void
too_short(struct rules *r, const struct change *c, const struct lease *l,
    const struct zone *z)
{
	int64_t length = l->schedule.end - l->schedule.start;

	(void)z;
	if (length < LEASE_SHORTEST || length > LEASE_LONGEST)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, NULL, "/end"), "from %s to its end are %lld "
		    "minutes; %d to %d are possible", l->head.name,
		    (long long)length, LEASE_SHORTEST, LEASE_LONGEST);
}

void
rules_lease_short(struct rules *r)
{
	each_new(r, too_short);
}

static void
past(struct rules *r, const struct change *c, const struct lease *l,
    const struct zone *z)
{
	struct occurrence o;

	if (z != NULL && l->schedule.end > l->schedule.start &&
	    !schedule_next(&l->schedule, z, r->set->wall_ms, &o))
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, NULL, "/start"),
		    "no time of %s is still to come", l->head.name);
}

void
rules_lease_past(struct rules *r)
{
	each_new(r, past);
}

static void
ambiguous(struct rules *r, const struct change *c, const struct lease *l,
    const struct zone *z)
{
	int64_t after = r->set->wall_ms;
	char text[LOCAL_TEXT];
	struct occurrence o;

	if (z == NULL || l->schedule.end <= l->schedule.start)
		return;
	for (size_t i = 0; i < FAR && schedule_next(&l->schedule, z, after,
	    &o); i++, after = o.end_ms) {
		bool start = o.start_fit != ZONE_ONCE;
		enum zone_fit fit = start ? o.start_fit : o.end_fit;

		if (fit == ZONE_ONCE)
			continue;
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, NULL, start ? "/start" : "/end"),
		    fit == ZONE_GAP ? "%s does not exist in %s; it is the "
		    "first moment after it" : "%s comes twice in %s; it is "
		    "the first of them", schedule_time_text(start ? o.start :
		    o.end, text), l->zone);
		return;
	}
}

void
rules_ambiguous_time(struct rules *r)
{
	each_new(r, ambiguous);
}

/* ---- all of them, in time ---- */

struct future {
	struct rules *r;
	struct lease *all;		/* as they are wished */
	const struct zone **zones;	/* NULL: not known */
	size_t n, cap;
	bool **seen;			/* sets that were tried */
	size_t n_seen, cap_seen;
	struct violations base;		/* what is wrong without any of them */
	struct violations last;		/* and with those tried last */
	bool have_base;
};

static const struct zone *
zone_of(struct future *f, const struct lease *l)
{
	struct zone *z;
	struct err e;

	for (size_t i = 0; i < f->n; i++)
		if (f->zones[i] != NULL && strcmp(f->all[i].zone, l->zone) == 0)
			return f->zones[i];
	return zone_load(f->r->arena, l->zone, &z, &e) < 0 ? NULL : z;
}

static void
add_lease(struct future *f, const struct lease *l)
{
	size_t cap = f->cap;

	if (l->schedule.end <= l->schedule.start)
		return;
	ARENA_PUSH(f->r->arena, f->zones, f->n, cap) = zone_of(f, l);
	f->n--;
	ARENA_PUSH(f->r->arena, f->all, f->n, f->cap) = *l;
}

static int
gather(struct future *f)
{
	struct rules *r = f->r;
	struct lease *list;
	size_t n;

	if (lease_list(r->store, r->arena, NULL, STORE_ALL, &list, &n,
	    &r->err) < 0) {
		r->failed = -1;
		return -1;
	}
	/* Who comes is told first that there is no room. */
	for (size_t i = 0; i < r->set->n; i++)
		if (r->set->items[i].type == OBJ_LEASE &&
		    r->set->items[i].after != NULL)
			add_lease(f, r->set->items[i].after);
	for (size_t i = 0; i < n; i++)
		if (rules_change_of(r, OBJ_LEASE, list[i].head.id) == NULL)
			add_lease(f, &list[i]);
	return 0;
}

/* ---- trying one moment ---- */

static struct change_set *
copy_set(struct rules *r)
{
	struct change_set *cs = change_new(r->arena, r->store, 1,
	    r->set->wall_ms);

	cs->items = arena_array(r->arena, r->set->n + 1, sizeof(*cs->items));
	cs->cap = r->set->n + 1;
	for (size_t i = 0; i < r->set->n; i++) {
		struct change *c = &cs->items[cs->n++];

		*c = r->set->items[i];
		c->content = NULL;
		if (c->type == OBJ_PROFILE && c->after != NULL)
			c->after = profile_copy(r->arena, c->after);
	}
	return cs;
}

static int
turn_all(struct future *f, struct change_set *cs, const bool *on,
    struct err *e)
{
	for (size_t i = 0; i < f->n; i++) {
		struct profile *p;
		struct device *d;

		if (change_profile(cs, f->all[i].profile, &p, e) < 0) {
			if (e->code != ERR_NOT_FOUND)
				return -1;
			continue;
		}
		d = lease_device(p, f->all[i].head.id);
		if (d != NULL)
			d->idle = !on[i];
	}
	return 0;
}

/* What the rules say when just these are on. */
static int
try_set(struct future *f, const bool *on, struct violations *out)
{
	struct rules *r = f->r, then = { .arena = r->arena,
		.store = r->store, .view = r->view, .places = r->places,
		.n_places = r->n_places, .future = true };
	struct err e;

	*out = (struct violations){ .arena = r->arena };
	then.out = out;
	then.set = copy_set(r);
	if (turn_all(f, then.set, on, &e) < 0 ||
	    resolve_places(&then, &e) < 0 || rules_run(&then, &e) < 0) {
		r->failed = -1;
		r->err = e;
		return -1;
	}
	return 0;
}

static bool
is_known(const struct future *f, const struct violation *v)
{
	for (size_t i = 0; i < f->base.n; i++)
		if (strcmp(f->base.items[i].code, v->code) == 0 &&
		    strcmp(f->base.items[i].pointer, v->pointer) == 0)
			return true;
	return false;
}

/* The first that stands in the way then, and is not in the way now. */
static int
refused(struct future *f, const bool *on, const struct violation **why)
{
	struct violations *all = &f->last;
	bool *none = arena_array(f->r->arena, f->n + 1, sizeof(*none));

	*why = NULL;
	if (!f->have_base && try_set(f, none, &f->base) < 0)
		return -1;
	f->have_base = true;
	if (try_set(f, on, all) < 0)
		return -1;
	for (size_t i = 0; i < all->n && *why == NULL; i++)
		if (all->items[i].severity == 'B' &&
		    !is_known(f, &all->items[i]))
			*why = &all->items[i];
	return 0;
}

/* Nobody is there to confirm when a lease begins: it is asked for now. */
static void
ask_for(struct future *f, size_t self, const bool *on)
{
	const struct change *c = rules_change_of(f->r, OBJ_LEASE,
	    f->all[self].head.id);

	for (size_t i = 0; i < f->n; i++)
		if (c == NULL || (on[i] && i != self))
			return;
	for (size_t i = 0; i < f->last.n; i++) {
		const struct violation *v = &f->last.items[i];

		if (v->severity == 'C' && !is_known(f, v))
			rules_note(f->r->out, v->code, 'C',
			    rules_at(f->r, c, NULL, ""), "when %s begins: %s",
			    f->all[self].head.name, v->detail);
	}
}

/* Takes out of the set whoever has no part in it. */
static int
narrow(struct future *f, bool *on, size_t self, const struct violation **why)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct violation *still;

		if (i == self || !on[i])
			continue;
		on[i] = false;
		if (refused(f, on, &still) < 0)
			return -1;
		if (still == NULL)
			on[i] = true;
		else
			*why = still;
	}
	return 0;
}

static const char *
pointer_of(struct future *f, size_t self)
{
	const struct lease *l = &f->all[self];
	const struct change *c = rules_change_of(f->r, OBJ_LEASE, l->head.id);

	return c != NULL ? rules_at(f->r, c, NULL, "") : arena_printf(
	    f->r->arena, "/leases/%s", l->head.name);
}

static void
tell(struct future *f, size_t self, const bool *on, int64_t at_ms,
    const struct violation *why)
{
	struct rules *r = f->r;
	const char *with = "";
	char text[TIME_TEXT];

	for (size_t i = 0; i < f->n; i++)
		if (on[i] && i != self)
			with = arena_printf(r->arena, "%s%s%s", with,
			    *with != '\0' ? ", " : "", f->all[i].head.name);
	if (*with != '\0')
		rules_note(r->out, r->rule->code, '\0', pointer_of(f, self),
		    "%s collides with lease %s at %s: %s",
		    f->all[self].head.name, with, time_text(at_ms, text),
		    why->detail);
	else
		rules_note(r->out, rules_change_of(r, OBJ_LEASE,
		    f->all[self].head.id) != NULL ? why->code : r->rule->code,
		    'B', pointer_of(f, self), "%s could not begin at %s: %s",
		    f->all[self].head.name, time_text(at_ms, text),
		    why->detail);
}

static bool
is_seen(struct future *f, const bool *on)
{
	bool *kept;

	for (size_t i = 0; i < f->n_seen; i++)
		if (memcmp(f->seen[i], on, f->n * sizeof(*on)) == 0)
			return true;
	kept = arena_copy(f->r->arena, on, f->n * sizeof(*on));
	ARENA_PUSH(f->r->arena, f->seen, f->n_seen, f->cap_seen) = kept;
	return false;
}

/* True when no more need be asked of this one. */
static bool
look_at(struct future *f, size_t self, bool *on, int64_t at_ms)
{
	const struct violation *why;

	if (f->n_seen >= SETS)
		return true;
	if (is_seen(f, on))
		return false;
	if (refused(f, on, &why) < 0)
		return true;
	if (why == NULL) {
		ask_for(f, self, on);
		return false;
	}
	if (narrow(f, on, self, &why) == 0)
		tell(f, self, on, at_ms, why);
	return true;
}

/* ---- which are on together ---- */

static bool
has_at(const struct future *f, size_t i, int64_t at_ms)
{
	struct occurrence o;

	return f->zones[i] != NULL && lease_next(&f->all[i], f->zones[i],
	    at_ms, &o) && o.start_ms <= at_ms;
}

/* Who waits in line is not on beside another of a line. */
static void
fill_set(const struct future *f, size_t self, int64_t at_ms, bool *on)
{
	for (size_t i = 0; i < f->n; i++)
		on[i] = i == self || (!(f->all[i].queue &&
		    f->all[self].queue) && has_at(f, i, at_ms));
}

/* One time of one lease: when it begins, and whenever another one does. */
static bool
look_at_one(struct future *f, size_t self, const struct occurrence *o,
    bool *on)
{
	int64_t end = o->end_ms + (int64_t)f->all[self].grace_s * 1000;
	int64_t now = f->r->set->wall_ms;
	int64_t from = o->start_ms > now ? o->start_ms : now;
	struct occurrence other;

	fill_set(f, self, from, on);
	if (look_at(f, self, on, from))
		return true;
	for (size_t i = 0; i < f->n; i++) {
		int64_t at = from;

		if (i == self || f->zones[i] == NULL)
			continue;
		while (lease_next(&f->all[i], f->zones[i], at, &other) &&
		    other.start_ms < end) {
			at = other.end_ms + (int64_t)f->all[i].grace_s * 1000;
			if (other.start_ms <= from)
				continue;
			fill_set(f, self, other.start_ms, on);
			if (look_at(f, self, on, other.start_ms))
				return true;
		}
	}
	return false;
}

static void
look_at_lease(struct future *f, size_t self, size_t times)
{
	bool *on = arena_array(f->r->arena, f->n + 1, sizeof(*on));
	const struct lease *l = &f->all[self];
	int64_t after = f->r->set->wall_ms;
	struct occurrence o;

	if (f->zones[self] == NULL)
		return;
	while (times-- > 0 && lease_next(l, f->zones[self], after, &o)) {
		if (look_at_one(f, self, &o, on) || f->r->failed < 0)
			return;
		after = o.end_ms + (int64_t)l->grace_s * 1000;
	}
}

/* What repeats must be over before it begins again. */
static bool
meets_itself(struct rules *r, const struct change *c, const struct lease *l)
{
	int64_t length = l->schedule.end - l->schedule.start +
	    l->grace_s / 60;

	if (l->schedule.days == 0 ||
	    length <= day_gap(l->schedule.days) * 1440)
		return false;
	rules_note(r->out, r->rule->code, '\0', rules_at(r, c, NULL, "/end"),
	    "%s is not over when it begins again", l->head.name);
	return true;
}

/* A change beside leases may take what they will need. */
static bool
is_beside(const struct change *c)
{
	const struct profile *p = c->after;

	return (c->type == OBJ_PROFILE && p != NULL && p->slot != 0) ||
	    (c->type == OBJ_PORT && c->after != NULL);
}

void
rules_lease_overlap(struct rules *r)
{
	struct future f = { .r = r };
	bool turned = false, beside = false, meets = false;

	for (size_t i = 0; i < r->set->n; i++) {
		const struct change *c = &r->set->items[i];

		beside = beside || is_beside(c);
		if (c->type != OBJ_LEASE || c->after == NULL)
			continue;
		beside = true;
		turned = turned || is_turned(c);
		meets = meets || meets_itself(r, c, c->after);
	}
	if (r->future || turned || meets || !beside || r->view->n_slots == 0 ||
	    gather(&f) < 0)
		return;
	for (size_t i = 0; i < f.n && r->failed == 0; i++)
		look_at_lease(&f, i, rules_change_of(r, OBJ_LEASE,
		    f.all[i].head.id) != NULL ? FAR : NEAR);
}
