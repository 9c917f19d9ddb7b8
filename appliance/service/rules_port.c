/* rules_port.c -- what functions of one port share: rules 21 to 23 and the
 * modes of ports. */
#include <inttypes.h>
#include <string.h>

#include "appliance/engine/qos.h"
#include "appliance/service/census.h"
#include "appliance/service/rules_checks.h"

/* Limits that follow from a port (admission.h) bring profiles into the set. */
static void
add_placed(struct rules *r)
{
	for (size_t i = 0; i < r->set->n; i++) {
		const struct change *c = &r->set->items[i];
		const struct profile *p = c->type == OBJ_PROFILE ? c->after :
		    NULL;

		for (size_t k = 0; p != NULL && k < p->n_devices; k++)
			if (p->devices[k].placed != 0)
				census_add(r->census, &p->devices[k]);
	}
}

/* Everybody's, also when nothing was to be placed. */
static const struct census *
census_of(struct rules *r)
{
	if (r->census != NULL || r->failed < 0)
		return r->failed < 0 ? NULL : r->census;
	if (census_take(r->store, r->arena, r->set, &r->census, &r->err) < 0)
		r->failed = -1;
	else
		add_placed(r);
	return r->failed < 0 ? NULL : r->census;
}

/* A port as this change set leaves it; NULL when the store failed. */
static const struct port *
port_after(struct rules *r, unsigned bay, unsigned number)
{
	char id[PORT_TEXT];
	const struct change *c = rules_change_of(r, OBJ_PORT,
	    port_text(bay, number, id));
	struct port *p;

	if (c != NULL)
		return c->after;
	if (port_load(r->store, r->arena, bay, number, &p, &r->err) < 0) {
		r->failed = -1;
		return NULL;
	}
	return p;
}

/* ---- guarantees ---- */

/* Who asks for no more than before, in the same place, does no harm. */
static bool
asks_more(const struct device *d, const struct device *before)
{
	return before == NULL || before->placed == 0 ||
	    fn_bay(before->placed) != fn_bay(d->placed) ||
	    fn_port(before->placed) != fn_port(d->placed) ||
	    before->guarantee_mbps < d->guarantee_mbps;
}

static void
guarantee(struct rules *r, const struct change *c, const struct profile *p,
    const struct device *d, const struct device *before)
{
	const struct capability *cap = rules_capability(r, d);
	const char *at = rules_at(r, c, d, "/qos/guaranteeMbps");

	(void)p;
	if (d->guarantee_mbps == 0 || cap == NULL || !asks_more(d, before))
		return;
	if (cap->guarantee == GUARANTEE_NONE)
		rules_note(r->out, r->rule->code, 'B', at,
		    "%s cannot reserve bandwidth", cap->model);
	else if (cap->guarantee == GUARANTEE_ADMISSION)
		rules_note(r->out, r->rule->code, 'C', at,
		    "%s cannot reserve bandwidth itself; %" PRIu32 " Mb/s are "
		    "kept by limits on the other functions of the port",
		    cap->model, d->guarantee_mbps);
}

void
rules_guarantee(struct rules *r)
{
	rules_each_device(r, guarantee);
}

/* ---- budgets ---- */

/* Notes what stands on a port beyond its budget. */
static void
check_budget(struct rules *r, const struct fabric_port *seen, const char *at)
{
	const struct port *wanted = port_after(r, seen->bay, seen->port);
	const struct census *census = census_of(r);
	struct place_load load;
	uint32_t budget;

	if (wanted == NULL || census == NULL ||
	    wanted->oversubscribe == OVERSUBSCRIBE_ALLOW)
		return;
	load = census_port(census, seen->bay, seen->port);
	budget = qos_budget(seen, wanted->reserve_pct);
	if (load.guarantee_mbps > budget)
		rules_note(r->out, r->rule->code,
		    wanted->oversubscribe == OVERSUBSCRIBE_WARN ? 'W' : 'B',
		    at, "the guarantees of port io%u/%u would add up to %"
		    PRIu32 " Mb/s; its budget is %" PRIu32 " (%" PRIu32
		    " Mb/s, %" PRIu32 " %% kept back)", seen->bay, seen->port,
		    load.guarantee_mbps, budget, qos_speed(seen),
		    wanted->reserve_pct);
}

static void
oversubscribed(struct rules *r, const struct change *c,
    const struct profile *p, const struct device *d,
    const struct device *before)
{
	const struct fabric_port *port = rules_port_seen(r, d);
	const char *at = rules_at(r, c, d, "/qos/guaranteeMbps");

	(void)p;
	if (d->guarantee_mbps == 0 || d->placed == 0 || !asks_more(d, before))
		return;
	if (port != NULL)
		check_budget(r, port, at);
	else
		rules_note(r->out, r->rule->code, 'B', at, "port io%u/%u is "
		    "not there, so nobody knows what it can guarantee",
		    fn_bay(d->placed), fn_port(d->placed));
}

/* A card that is accepted may be slower than the former one. */
static void
cards_oversubscribed(struct rules *r)
{
	for (size_t i = 0; i < r->set->n && r->failed == 0; i++) {
		const struct change *c = &r->set->items[i];
		const struct bay *b = c->after, *old = c->before;

		if (c->type != OBJ_BAY || strcmp(b->accepted,
		    old->accepted) == 0)
			continue;
		for (size_t k = 0; k < r->view->n_ports; k++)
			if (r->view->ports[k].bay == b->number)
				check_budget(r, &r->view->ports[k],
				    rules_at(r, c, NULL, "/accepted"));
	}
}

void
rules_oversubscribed(struct rules *r)
{
	rules_each_device(r, oversubscribed);
	for (size_t i = 0; i < r->set->n && r->failed == 0; i++) {
		const struct change *c = &r->set->items[i];
		const struct port *p = c->after, *old = c->before;
		const struct fabric_port *seen;

		if (c->type != OBJ_PORT ||
		    (p->reserve_pct <= old->reserve_pct &&
		    p->oversubscribe == old->oversubscribe))
			continue;
		seen = view_port(r->view, p->at.bay, p->at.port);
		if (seen != NULL)
			check_budget(r, seen, rules_at(r, c, NULL,
			    p->reserve_pct > old->reserve_pct ? "/reservePct" :
			    "/oversubscribe"));
	}
	cards_oversubscribed(r);
}

/* ---- the cable of a slot ---- */

/* By generation. */
uint64_t
rules_usable_mbps(const struct fabric_slot *s)
{
	static const uint32_t lane[] = { 0, 2000, 4000, 7880, 15750, 31500 };
	unsigned gen = s->link ? s->gen : s->cap_gen;
	unsigned width = s->link ? s->width : s->cap_width;

	return gen < sizeof(lane) / sizeof(lane[0]) ?
	    (uint64_t)lane[gen] * width : 0;
}

static uint64_t
guaranteed(const struct profile *p)
{
	uint64_t sum = 0;

	for (size_t i = 0; p != NULL && i < p->n_devices; i++)
		sum += p->devices[i].idle ? 0 : p->devices[i].guarantee_mbps;
	return sum;
}

/* A tenth is for what else crosses a cable; all of it cannot be kept at all. */
static void
slot_link(struct rules *r, const struct change *c, const struct profile *p,
    const struct profile *before)
{
	const struct fabric_slot *s = view_slot(r->view, p->slot);
	uint64_t sum = guaranteed(p), usable;

	if (p->slot == 0 || s == NULL || sum == 0 || (before != NULL &&
	    before->slot == p->slot && guaranteed(before) >= sum))
		return;
	usable = rules_usable_mbps(s);
	if (usable > 0 && sum * 10 > usable * 9)
		rules_note(r->out, r->rule->code, sum > usable ? 'B' : 'W',
		    rules_at(r, c, NULL, ""), "the guarantees of slot %" PRIu32
		    " would add up to %" PRIu64 " Mb/s; its cable carries %"
		    PRIu64, p->slot, sum, usable);
}

void
rules_slot_link(struct rules *r)
{
	rules_each_profile(r, slot_link);
}

/* ---- modes ---- */

void
rules_forwarding(struct rules *r)
{
	static const char *const modes[] = { "veb", "vepa", "isolated" };

	for (size_t i = 0; i < r->set->n; i++) {
		const struct change *c = &r->set->items[i];
		const struct port *p = c->after, *old = c->before;
		const struct capability *cap;

		if (c->type != OBJ_PORT || p->forwarding == old->forwarding ||
		    p->forwarding == FORWARDING_VEB)
			continue;
		cap = view_capability(r->view, p->at.bay);
		if (cap == NULL || (cap->forwarding & 1U << p->forwarding) == 0)
			rules_note(r->out, r->rule->code, '\0',
			    rules_at(r, c, NULL, "/forwardingMode"),
			    "%s does not forward as %s", cap != NULL ?
			    cap->model : "an unknown card",
			    modes[p->forwarding]);
	}
}
