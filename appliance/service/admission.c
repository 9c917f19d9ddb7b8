/* admission.c -- see admission.h. */
#include "appliance/service/admission.h"

#include <inttypes.h>
#include <string.h>

#include "appliance/engine/qos.h"
#include "appliance/service/census.h"
#include "appliance/service/rules_card.h"

/* A port that has to be looked at, and whose change made it so. */
struct task {
	unsigned bay, port;
	const struct change *change;
	const struct device *device;	/* NULL: one that went */
};

/* Everybody on it, as the change set leaves them. */
struct member {
	const struct profile *profile;
	const struct device *device;
};

struct crowd {
	struct member *members;
	size_t n, cap;
	struct qos_share *shares;
};

struct settle {
	struct rules *r;
	struct task *tasks;
	size_t n, cap;
};

static bool
on_port(const struct device *d, unsigned bay, unsigned port)
{
	return d->placed != 0 && fn_bay(d->placed) == bay &&
	    fn_port(d->placed) == port;
}

static void
add_task(struct settle *s, const struct change *c, const struct device *d,
    fn_id placed)
{
	const struct capability *cap = placed == 0 ? NULL :
	    rules_card(s->r, fn_bay(placed));
	struct task task = { fn_bay(placed), fn_port(placed), c, d };

	if (cap == NULL || cap->guarantee != GUARANTEE_ADMISSION)
		return;
	for (size_t i = 0; i < s->n; i++)
		if (s->tasks[i].bay == task.bay &&
		    s->tasks[i].port == task.port)
			return;
	ARENA_PUSH(s->r->arena, s->tasks, s->n, s->cap) = task;
}

static bool
same_wish(const struct device *a, const struct device *b)
{
	return a->limit_mbps == b->limit_mbps &&
	    a->guarantee_mbps == b->guarantee_mbps && on_port(a,
	    fn_bay(b->placed), fn_port(b->placed));
}

/* Who joins a port, wants something else of it, or comes back with a limit of
 * another time. */
static void
tasks_of_comers(struct settle *s, const struct change *c)
{
	const struct profile *p = c->after, *old = c->before;

	for (size_t i = 0; p != NULL && i < p->n_devices; i++) {
		const struct device *d = &p->devices[i];
		const struct device *b = old == NULL ? NULL :
		    profile_device(old, d->id);

		bool kept = b != NULL && b->placed != 0 && same_wish(b, d);

		if (d->placed == 0 || (kept &&
		    b->admission_mbps == d->admission_mbps))
			continue;
		if (kept || d->guarantee_mbps > 0 || d->admission_mbps != 0 ||
		    (s->r->census != NULL &&
		    census_port(s->r->census, fn_bay(d->placed),
		    fn_port(d->placed)).guarantee_mbps > 0))
			add_task(s, c, d, d->placed);
	}
}

/* A guarantee that goes, or becomes smaller. */
static void
tasks_of_goers(struct settle *s, const struct change *c)
{
	const struct profile *p = c->after, *old = c->before;

	for (size_t i = 0; old != NULL && i < old->n_devices; i++) {
		const struct device *b = &old->devices[i];
		const struct device *d = p == NULL ? NULL :
		    profile_device(p, b->id);

		if (b->guarantee_mbps > 0 && b->placed != 0 &&
		    (d == NULL || d->placed == 0 || !same_wish(d, b)))
			add_task(s, c, NULL, b->placed);
	}
}

/* Less is left for all when more is kept back, and the other way round. */
static void
task_of_port(struct settle *s, const struct change *c)
{
	const struct port *p = c->after, *old = c->before;

	if (p->reserve_pct != old->reserve_pct)
		add_task(s, c, NULL, fn_make(p->at.bay, p->at.port, FN_VF, 0));
}

static void
crowd_profile(struct settle *s, struct crowd *all, const struct task *t,
    const struct profile *p)
{
	for (size_t i = 0; p->slot != 0 && i < p->n_devices; i++) {
		struct member one = { p, &p->devices[i] };

		if (on_port(one.device, t->bay, t->port))
			ARENA_PUSH(s->r->arena, all->members, all->n,
			    all->cap) = one;
	}
}

static void
share_out(struct settle *s, struct crowd *all)
{
	all->shares = arena_array(s->r->arena, all->n + 1,
	    sizeof(*all->shares));
	for (size_t i = 0; i < all->n; i++)
		all->shares[i] = (struct qos_share){
			all->members[i].device->guarantee_mbps,
			all->members[i].device->limit_mbps };
}

static int
crowd_on(struct settle *s, const struct task *t, struct crowd *all,
    struct err *e)
{
	const struct change_set *set = s->r->set;
	struct profile *list;
	size_t n;

	*all = (struct crowd){ .n = 0 };
	for (size_t i = 0; i < set->n; i++)
		if (set->items[i].type == OBJ_PROFILE &&
		    set->items[i].after != NULL)
			crowd_profile(s, all, t, set->items[i].after);
	if (profile_list(s->r->store, s->r->arena, "", STORE_ALL, &list, &n,
	    e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (rules_change(set, OBJ_PROFILE, list[i].head.id) == NULL)
			crowd_profile(s, all, t, &list[i]);
	share_out(s, all);
	return 0;
}

/* Whoever's guarantee the limits of the others do not leave room for. */
static void
refuse(struct settle *s, const struct task *t, const struct crowd *all,
    uint32_t budget, uint32_t min)
{
	const char *at = t->device == NULL ? rules_at(s->r, t->change, NULL,
	    "") : rules_at(s->r, t->change, t->device, "/qos/guaranteeMbps");

	for (size_t k = 0; k < all->n; k++) {
		const struct qos_share *f = &all->shares[k];
		uint64_t others = 0;

		for (size_t i = 0; i < all->n; i++) {
			const struct qos_share *o = &all->shares[i];

			if (i != k)
				others += o->limit_mbps != 0 ? o->limit_mbps :
				    o->guarantee_mbps > min ?
				    o->guarantee_mbps : min;
		}
		if (f->guarantee_mbps == 0 ||
		    others + f->guarantee_mbps <= budget)
			continue;
		rules_note(s->r->out, "QosGuaranteeUnsupported", 'B', at,
		    "%" PRIu32 " Mb/s for %s leave %" PRIu32 " of %" PRIu32
		    " on io%u/%u; the others there may take %" PRIu64,
		    f->guarantee_mbps, all->members[k].device->name,
		    budget - f->guarantee_mbps, budget, t->bay, t->port,
		    others);
		return;
	}
}

/* Into the profile of the change set, which it joins if it must. */
static int
set_limit(struct settle *s, const char *profile, const char *device,
    uint32_t mbps, struct err *e)
{
	struct profile *p;
	struct device *d;

	if (change_profile(s->r->set, profile, &p, e) < 0)
		return -1;
	d = profile_device(p, device);
	if (d != NULL)
		d->admission_mbps = mbps;
	return 0;
}

static int
apply(struct settle *s, const struct crowd *all, struct err *e)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct device *d = all->members[i].device;
		uint32_t mbps = d->limit_mbps != 0 ? 0 :
		    all->shares[i].limit_mbps;

		if (mbps != d->admission_mbps && set_limit(s,
		    all->members[i].profile->head.id, d->id, mbps, e) < 0)
			return -1;
	}
	return 0;
}

/* `full`: at the speed that the port can have, when the link is slow and more is
 * guaranteed already than it carries: what was promised then holds again as soon
 * as the link is back.  So it is while the card is out. */
static int
budget_of(struct settle *s, const struct task *t, const struct capability *cap,
    uint32_t *budget, uint32_t *full, struct err *e)
{
	const struct fabric_port *seen = view_port(s->r->view, t->bay,
	    t->port);
	struct fabric_port best = { .cap_mbps = seen != NULL ?
	    seen->cap_mbps : cap->speed_mbps };
	char id[PORT_TEXT];
	const struct change *c = rules_change(s->r->set, OBJ_PORT,
	    port_text(t->bay, t->port, id));
	struct port *wanted = c != NULL ? c->after : NULL;

	if (wanted == NULL && port_load(s->r->store, s->r->arena, t->bay,
	    t->port, &wanted, e) < 0)
		return -1;
	*full = qos_budget(&best, wanted->reserve_pct);
	*budget = seen == NULL ? *full : qos_budget(seen, wanted->reserve_pct);
	return 0;
}

static int
settle_port(struct settle *s, const struct task *t, struct err *e)
{
	const struct capability *cap = rules_card(s->r, t->bay);
	struct crowd all;
	uint64_t sum = 0;
	uint32_t budget, full;

	if (budget_of(s, t, cap, &budget, &full, e) < 0 ||
	    crowd_on(s, t, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < all.n; i++)
		sum += all.shares[i].guarantee_mbps;
	if (sum > budget)
		budget = full;
	if (budget == 0 || sum > budget)
		return 0;
	if (!qos_admit(all.shares, all.n, budget, (struct qos_limits){
	    cap->rate_min, cap->rate_max, cap->rate_step })) {
		refuse(s, t, &all, budget, cap->rate_min);
		return 0;
	}
	return apply(s, &all, e);
}

int
admission_settle(struct rules *r, struct err *e)
{
	struct settle s = { .r = r };

	for (size_t i = 0; i < r->set->n; i++) {
		if (r->set->items[i].type == OBJ_PORT)
			task_of_port(&s, &r->set->items[i]);
		if (r->set->items[i].type != OBJ_PROFILE)
			continue;
		tasks_of_comers(&s, &r->set->items[i]);
		tasks_of_goers(&s, &r->set->items[i]);
	}
	for (size_t i = 0; i < s.n; i++)
		if (settle_port(&s, &s.tasks[i], e) < 0)
			return -1;
	return 0;
}
