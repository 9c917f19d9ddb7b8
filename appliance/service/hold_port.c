/* hold_port.c -- see hold_port.h. */
#include "appliance/service/hold_port.h"

#include <string.h>

#include "appliance/service/census.h"
#include "appliance/service/rules_card.h"

enum { JOB_BYTES = 16 << 20 };

/* A port where somebody gets more than he had, or something else. */
struct gain {
	unsigned bay, port;
	bool guaranteed, alone;
	uint32_t mtu;			/* 0: it has no frames */
};

struct gains {
	struct arena *arena;
	struct gain *items;
	size_t n, cap;
};

static void
add(struct gains *all, struct gain more)
{
	for (size_t i = 0; i < all->n; i++) {
		struct gain *g = &all->items[i];

		if (g->bay != more.bay || g->port != more.port)
			continue;
		g->guaranteed = g->guaranteed || more.guaranteed;
		g->alone = g->alone || more.alone;
		g->mtu = more.mtu != 0 ? more.mtu : g->mtu;
		return;
	}
	ARENA_PUSH(all->arena, all->items, all->n, all->cap) = more;
}

/* By its own word, or that the guarantees of others hold; none is the highest. */
static uint32_t
may_send(const struct device *d)
{
	return (d->limit_mbps != 0 ? d->limit_mbps : d->admission_mbps) - 1;
}

static bool
is_more(const struct device *d, const struct device *than)
{
	return than == NULL || than->placed == 0 ||
	    fn_bay(than->placed) != fn_bay(d->placed) ||
	    fn_port(than->placed) != fn_port(d->placed) ||
	    d->guarantee_mbps > than->guarantee_mbps ||
	    d->sharing != than->sharing || d->mtu != than->mtu ||
	    may_send(d) > may_send(than);
}

static void
gains_of_profile(struct gains *all, const struct profile *from,
    const struct profile *to)
{
	for (size_t i = 0; to != NULL && to->slot != 0 && i < to->n_devices;
	    i++) {
		const struct device *d = &to->devices[i];
		const struct device *was = from == NULL || from->slot == 0 ?
		    NULL : profile_device(from, d->id);

		if (d->placed != 0 && is_more(d, was))
			add(all, (struct gain){ fn_bay(d->placed),
			    fn_port(d->placed), d->guarantee_mbps > 0,
			    d->sharing == SHARING_EXCLUSIVE, d->mtu });
	}
}

static void
gains_of_port(struct gains *all, const struct port *from,
    const struct port *to)
{
	if (to->reserve_pct > from->reserve_pct ||
	    (to->oversubscribe == OVERSUBSCRIBE_DENY &&
	    from->oversubscribe != OVERSUBSCRIBE_DENY))
		add(all, (struct gain){ to->at.bay, to->at.port, true, false,
		    0 });
}

static void
gains_of(struct gains *all, const struct change_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct change *c = &set->items[i];

		if (c->type == OBJ_PROFILE)
			gains_of_profile(all, c->before, c->after);
		else if (c->type == OBJ_PORT)
			gains_of_port(all, c->before, c->after);
	}
}

/* What the change set takes; on a port with guarantees all of it counts. */
static void
gains_wished(const struct planning *p, struct gains *all)
{
	gains_of(all, p->set);
	for (size_t i = 0; i < all->n && p->rules.census != NULL; i++)
		if (census_port(p->rules.census, all->items[i].bay,
		    all->items[i].port).guarantee_mbps > 0)
			all->items[i].guaranteed = true;
}

/* What the job's way back takes, from how things are now. */
static int
gains_back(const struct planning *p, const struct job *job, struct gains *all,
    struct err *e)
{
	struct call *c = p->call;
	struct change_set *back = change_new(c->arena, c->store, 0,
	    c->request->wall_ms);
	json_t *list;
	int rc;

	if (json_read(job->inverse, strlen(job->inverse), JOB_BYTES, &list,
	    e) < 0)
		return -1;
	rc = change_from_json(back, list, e);
	json_decref(list);
	if (rc == 0)
		rc = change_resolve(back, e);
	if (rc == 0)
		gains_of(all, back);
	return rc;
}

/* Both cannot be had. */
static bool
collide(const struct planning *p, const struct gain *x, const struct gain *y)
{
	const struct capability *cap = rules_card(&p->rules, x->bay);

	return x->guaranteed || y->guaranteed || x->alone || y->alone ||
	    (cap != NULL && cap->mtu_per_port && x->mtu != y->mtu &&
	    x->mtu != 0 && y->mtu != 0);
}

static bool
meet(const struct planning *p, const struct gains *a, const struct gains *b)
{
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n; k++) {
			const struct gain *x = &a->items[i], *y = &b->items[k];

			if (x->bay == y->bay && x->port == y->port &&
			    collide(p, x, y))
				return true;
		}
	return false;
}

int
hold_port_conflict(const struct planning *p, int64_t *job, struct err *e)
{
	struct arena *a = p->call->arena;
	struct gains wished = { .arena = a };
	struct job *jobs;
	size_t n;

	*job = 0;
	gains_wished(p, &wished);
	if (wished.n == 0)
		return 0;
	if (job_list_open(p->call->store, a, &jobs, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n && *job == 0; i++) {
		struct gains back = { .arena = a };

		if (jobs[i].inverse == NULL || jobs[i].inverse[0] == '\0')
			continue;
		if (gains_back(p, &jobs[i], &back, e) < 0)
			return -1;
		if (meet(p, &wished, &back))
			*job = jobs[i].id;
	}
	return 0;
}
