/* rules_device.c -- values of vNICs, vHBAs and vDAS: rules 15, 17, 19, 20,
 * 24, 27, 36, 41, 42 and 47. */
#include <inttypes.h>
#include <string.h>

#include "appliance/service/rules_card.h"
#include "appliance/service/rules_checks.h"

static bool
lists_equal(const struct device *a, const struct device *b)
{
	if (a->n_vlans != b->n_vlans || a->n_boot != b->n_boot ||
	    a->n_disks != b->n_disks)
		return false;
	for (size_t i = 0; i < a->n_vlans; i++)
		if (strcmp(a->vlans[i].network, b->vlans[i].network) != 0 ||
		    a->vlans[i].native != b->vlans[i].native)
			return false;
	for (size_t i = 0; i < a->n_boot; i++)
		if (a->boot[i].wwpn != b->boot[i].wwpn ||
		    a->boot[i].lun != b->boot[i].lun ||
		    a->boot[i].priority != b->boot[i].priority)
			return false;
	for (size_t i = 0; i < a->n_disks; i++)
		if (strcmp(a->disks[i].id, b->disks[i].id) != 0 ||
		    a->disks[i].raid != b->disks[i].raid ||
		    a->disks[i].capacity_mib != b->disks[i].capacity_mib)
			return false;
	return true;
}

static bool
device_equal(const struct device *a, const struct device *b)
{
	return a->order == b->order && a->mtu == b->mtu &&
	    a->limit_mbps == b->limit_mbps &&
	    a->guarantee_mbps == b->guarantee_mbps && a->pcp == b->pcp &&
	    (a->placed == 0 || a->placed == b->placed) &&
	    strcmp(a->name, b->name) == 0 &&
	    strcmp(a->anti_affinity, b->anti_affinity) == 0 &&
	    strcmp(a->san, b->san) == 0 && lists_equal(a, b);
}

static const struct device *
device_of(const struct profile *p, const char *id)
{
	for (size_t i = 0; p != NULL && i < p->n_devices; i++)
		if (strcmp(p->devices[i].id, id) == 0)
			return &p->devices[i];
	return NULL;
}

/* A device that the change set leaves as it was, where it was, is not asked
 * again: an old sin must not hinder a release. */
void
rules_each_device(struct rules *r, rules_device_fn *fn)
{
	for (size_t i = 0; i < r->set->n && r->failed == 0; i++) {
		const struct change *c = &r->set->items[i];
		const struct profile *p = c->after, *old = c->before;

		if (c->type != OBJ_PROFILE || p == NULL)
			continue;
		for (size_t k = 0; k < p->n_devices; k++) {
			const struct device *d = &p->devices[k];
			const struct device *before = device_of(old, d->id);

			if (before == NULL || !device_equal(d, before) ||
			    (p->slot != 0 && old->slot != p->slot))
				fn(r, c, p, d, before);
		}
	}
}

const struct capability *
rules_capability(const struct rules *r, const struct device *d)
{
	return d->placed == 0 ? NULL : rules_card(r, fn_bay(d->placed));
}

const struct fabric_port *
rules_port_seen(const struct rules *r, const struct device *d)
{
	return d->placed == 0 ? NULL : view_port(r->view, fn_bay(d->placed),
	    fn_port(d->placed));
}

/* ---- VLANs ---- */

static void
vlan_twins(struct rules *r, const struct change *c, const struct device *d)
{
	for (size_t i = 0; i < d->n_vlans; i++)
		for (size_t k = i + 1; k < d->n_vlans; k++)
			if (strcmp(d->vlans[i].network,
			    d->vlans[k].network) == 0 ||
			    (d->vlans[i].vlan != 0 &&
			    d->vlans[i].vlan == d->vlans[k].vlan))
				rules_note(r->out, r->rule->code, '\0',
				    rules_at(r, c, d, "/networks"),
				    "%s lists VLAN %" PRIu32 " twice", d->name,
				    d->vlans[k].vlan);
}

static void
vlan_mode(struct rules *r, const struct change *c, const struct profile *p,
    const struct device *d, const struct device *before)
{
	const struct capability *cap = rules_capability(r, d);
	const char *at = rules_at(r, c, d, "/networks");
	size_t max = DEVICE_VLANS, native = 0;

	(void)p;
	(void)before;
	if (d->kind != DEVICE_VNIC)
		return;
	if (cap != NULL && cap->trunk_max < max)
		max = cap->trunk_max;
	if (d->n_vlans == 0)
		rules_note(r->out, r->rule->code, '\0', at,
		    "%s is on no network", d->name);
	if (d->n_vlans > max)
		rules_note(r->out, r->rule->code, '\0', at,
		    "%s is on %zu networks; at most %zu are possible", d->name,
		    d->n_vlans, max);
	for (size_t i = 0; i < d->n_vlans; i++)
		native += d->vlans[i].native;
	if (native > 1)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, d, "/native"),
		    "%s has %zu untagged networks; at most one is possible",
		    d->name, native);
	vlan_twins(r, c, d);
}

void
rules_vlan_mode(struct rules *r)
{
	rules_each_device(r, vlan_mode);
}

/* ---- frames ---- */

const struct network *
rules_network(struct rules *r, const char *id)
{
	const struct change *c = rules_change_of(r, OBJ_NETWORK, id);
	struct network *n;

	if (c != NULL)
		return c->after;
	return network_load(r->store, r->arena, id, &n, &r->err) < 0 ? NULL : n;
}

static void
mtu(struct rules *r, const struct change *c, const struct profile *p,
    const struct device *d, const struct device *before)
{
	const struct capability *cap = rules_capability(r, d);
	uint32_t min = 576, max = 9216;
	const char *who = "any card";

	(void)p;
	(void)before;
	if (d->kind != DEVICE_VNIC)
		return;
	if (cap != NULL && cap->mtu_max > 0 && cap->mtu_max < max) {
		max = cap->mtu_max;
		who = cap->model;
	}
	for (size_t i = 0; i < d->n_vlans; i++) {
		const struct network *n = rules_network(r, d->vlans[i].network);

		if (n != NULL && n->mtu_max != 0 && n->mtu_max < max) {
			max = n->mtu_max;
			who = n->head.name;
		}
	}
	if (d->mtu < min || d->mtu > max)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, d, "/mtu"),
		    "%" PRIu32 " bytes; %s takes %" PRIu32 " to %" PRIu32,
		    d->mtu, who, min, max);
}

void
rules_mtu(struct rules *r)
{
	rules_each_device(r, mtu);
}

/* ---- rates ---- */

static void
limit_on_card(struct rules *r, const struct change *c, const struct device *d,
    const struct capability *cap)
{
	const struct fabric_port *port = rules_port_seen(r, d);
	const char *at = rules_at(r, c, d, "/qos/limitMbps");
	uint32_t max = cap->rate_max;

	if (cap->rate_max == 0) {
		rules_note(r->out, r->rule->code, '\0', at,
		    "%s has no limiter", cap->model);
		return;
	}
	if (port != NULL && port->link != 0 && port->mbps != 0 &&
	    port->mbps < max)
		max = port->mbps;
	if (d->limit_mbps < cap->rate_min || d->limit_mbps > max)
		rules_note(r->out, r->rule->code, '\0', at,
		    "%" PRIu32 " Mb/s; %s takes %" PRIu32 " to %" PRIu32
		    " here, or 0 for none", d->limit_mbps, cap->model,
		    cap->rate_min, max);
	else if (cap->rate_step > 1 && d->limit_mbps % cap->rate_step != 0)
		rules_note(r->out, r->rule->code, '\0', at,
		    "%" PRIu32 " Mb/s; %s counts in steps of %" PRIu32,
		    d->limit_mbps, cap->model, cap->rate_step);
}

static void
limit(struct rules *r, const struct change *c, const struct profile *p,
    const struct device *d, const struct device *before)
{
	const struct capability *cap = rules_capability(r, d);
	enum { FASTEST = 400000 };

	(void)p;
	(void)before;
	if (d->limit_mbps == 0)
		return;
	if (cap != NULL)
		limit_on_card(r, c, d, cap);
	else if (d->limit_mbps > FASTEST)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, d, "/qos/limitMbps"),
		    "%" PRIu32 " Mb/s is faster than any port", d->limit_mbps);
}

void
rules_limit(struct rules *r)
{
	rules_each_device(r, limit);
}

static void
limit_guarantee(struct rules *r, const struct change *c,
    const struct profile *p, const struct device *d,
    const struct device *before)
{
	(void)p;
	(void)before;
	if (d->limit_mbps != 0 && d->limit_mbps < d->guarantee_mbps)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, d, "/qos/limitMbps"),
		    "the limit of %" PRIu32 " Mb/s is below the guarantee of %"
		    PRIu32, d->limit_mbps, d->guarantee_mbps);
}

void
rules_limit_guarantee(struct rules *r)
{
	rules_each_device(r, limit_guarantee);
}

static void
pcp(struct rules *r, const struct change *c, const struct profile *p,
    const struct device *d, const struct device *before)
{
	(void)p;
	(void)before;
	if (d->pcp > 7)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, d, "/qos/pcp"),
		    "priority %" PRIu32 "; it goes from 0 to 7", d->pcp);
}

void
rules_pcp(struct rules *r)
{
	rules_each_device(r, pcp);
}

/* ---- disks ---- */

static void
raid_level(struct rules *r, const struct change *c, const struct profile *p,
    const struct device *d, const struct device *before)
{
	const struct capability *cap = rules_capability(r, d);

	(void)p;
	(void)before;
	for (size_t i = 0; i < d->n_disks && cap != NULL; i++) {
		bool known = false;

		for (size_t k = 0; k < cap->n_raid; k++)
			known = known ||
			    cap->raid[k].level == d->disks[i].raid;
		if (!known)
			rules_note(r->out, r->rule->code, '\0',
			    rules_at(r, c, d, arena_printf(r->arena,
			    "/virtualDisks/%zu/raid", i)),
			    "%s has no RAID%" PRIu32, cap->model,
			    d->disks[i].raid);
	}
}

void
rules_raid_level(struct rules *r)
{
	rules_each_device(r, raid_level);
}

static void
raid_capacity(struct rules *r, const struct change *c,
    const struct profile *p, const struct device *d,
    const struct device *before)
{
	(void)p;
	(void)before;
	for (size_t i = 0; i < d->n_disks; i++)
		if (d->disks[i].capacity_mib == 0)
			rules_note(r->out, r->rule->code, '\0',
			    rules_at(r, c, d, arena_printf(r->arena,
			    "/virtualDisks/%zu/capacityMiB", i)),
			    "%s has no size", d->disks[i].name);
}

void
rules_raid_capacity(struct rules *r)
{
	rules_each_device(r, raid_capacity);
}

/* ---- boot targets ---- */

static void
boot_target_count(struct rules *r, const struct change *c,
    const struct profile *p, const struct device *d,
    const struct device *before)
{
	(void)p;
	(void)before;
	if (d->n_boot > DEVICE_BOOT)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, d, "/bootTargets"),
		    "%s has %zu boot targets; four are possible", d->name,
		    d->n_boot);
}

void
rules_boot_target_count(struct rules *r)
{
	rules_each_device(r, boot_target_count);
}

static bool
boot_twin(const struct device *d, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (d->boot[k].priority == d->boot[i].priority ||
		    (d->boot[k].wwpn == d->boot[i].wwpn &&
		    d->boot[k].lun == d->boot[i].lun))
			return true;
	return false;
}

static void
boot_target_syntax(struct rules *r, const struct change *c,
    const struct profile *p, const struct device *d,
    const struct device *before)
{
	char wwn[WWN_TEXT];

	(void)p;
	(void)before;
	for (size_t i = 0; i < d->n_boot; i++) {
		const struct boot_target *t = &d->boot[i];
		const char *at = rules_at(r, c, d, arena_printf(r->arena,
		    "/bootTargets/%zu", i));
		unsigned naa = (unsigned)(t->wwpn >> 60);

		if (naa != 1 && naa != 2 && naa != 5)
			rules_note(r->out, r->rule->code, '\0', at,
			    "%s is no World Wide Name of form 1, 2 or 5",
			    wwn_text(t->wwpn, wwn));
		else if (t->priority < 1 || t->priority > DEVICE_BOOT ||
		    boot_twin(d, i))
			rules_note(r->out, r->rule->code, '\0', at,
			    "boot targets differ, and their priorities are "
			    "different numbers from 1 to 4");
	}
}

void
rules_boot_target_syntax(struct rules *r)
{
	rules_each_device(r, boot_target_syntax);
}

/* ---- order and place ---- */

static void
device_order(struct rules *r, const struct change *c, const struct profile *p,
    const struct device *d, const struct device *before)
{
	(void)before;
	for (size_t i = 0; i < p->n_devices; i++)
		if (&p->devices[i] != d && p->devices[i].order == d->order)
			rules_note(r->out, r->rule->code, '\0',
			    rules_at(r, c, d, "/order"),
			    "%s and %s are both number %" PRIu32, d->name,
			    p->devices[i].name, d->order);
}

void
rules_device_order(struct rules *r)
{
	rules_each_device(r, device_order);
}

/* Any card can be had whole, but it must be said which. */
static void
card_class(struct rules *r, const struct change *c, const struct device *d)
{
	const struct fabric_bay *bay = view_bay(r->view, d->pin_bay);

	if (d->require_class == 0 && d->pin_bay == 0)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, d, "/placement"),
		    "%s names neither a module nor a class", d->name);
	if (d->extent == EXTENT_CARD && d->pin_port != 0)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, d, "/placement/port"),
		    "%s is a whole card; a port is a part of one", d->name);
	if (d->require_class != 0 && bay != NULL && bay->occupied &&
	    view_kind(r->view, d->pin_bay) + 1u != d->require_class)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, d, "/placement/requireClass"),
		    "io%" PRIu32 " is a module of class %s", d->pin_bay,
		    module_class_word(view_kind(r->view, d->pin_bay)));
}

static void
device_class(struct rules *r, const struct change *c, const struct profile *p,
    const struct device *d, const struct device *before)
{
	static const enum module_class want[] = {
		CLASS_ETHERNET, CLASS_FC, CLASS_RAID
	};

	if (d->kind == DEVICE_EXCLUSIVE) {
		card_class(r, c, d);
		return;
	}

	(void)p;
	(void)before;
	if (d->pin_bay == 0 || view_bay(r->view, d->pin_bay) == NULL ||
	    !view_bay(r->view, d->pin_bay)->occupied ||
	    view_class(r->view, d->pin_bay) == want[d->kind])
		return;
	rules_note(r->out, r->rule->code, '\0',
	    rules_at(r, c, d, "/placement/module"),
	    "io%" PRIu32 " is a %s module", d->pin_bay,
	    module_class_word(view_class(r->view, d->pin_bay)));
}

void
rules_device_class(struct rules *r)
{
	rules_each_device(r, device_class);
}
