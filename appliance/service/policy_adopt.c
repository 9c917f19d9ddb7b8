/*
 * policy_adopt.c -- drift=adopt: what somebody else's hand made of a device
 * becomes what is wanted.
 *
 * When the same picture has been seen for POLICY_CALM_MS, the PATCH that says so
 * goes to the writer as actor "policy", on the road of every change: rules, plan,
 * commit.  It may do nothing at the switch; were a step left, it is refused.
 * What is refused, and what no profile can say (another node name, other disks),
 * is the fault AdoptionRefused with the reason, and stays as under drift=alert;
 * it is tried again when the picture or the configuration is another.
 *
 * Only what a hand changed in its place is adopted.  A device that a hand took off
 * its bridge stays wanted: nobody loses a device, its address and its place
 * because of a hand, so that waits, as under alert, for :heal or for somebody who
 * removes the device here.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/engine/hand.h"
#include "appliance/service/policy_int.h"

struct turn {
	struct policy *p;
	struct store *store;
	struct arena *arena;
	const struct view *view;
	const struct binding *rows;
	size_t n_rows;
	int64_t now_ms, wall_ms, generation;
};

/* ---- the wish ---- */

static const char *
network_of(const struct network *list, size_t n, uint16_t vlan)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].vlan == vlan)
			return list[i].head.name;
	return NULL;
}

/* Networks and the native one; *why when a VLAN has no name here. */
static int
put_vlans(struct turn *t, json_t *o, const struct personality *s,
    const char **why, struct err *e)
{
	enum { ALL = 4096 };
	json_t *names = json_array();
	struct network *list;
	size_t n;

	json_put(o, "networks", names);
	json_put(o, "native", json_null());
	if (network_list(t->store, t->arena, "", ALL, &list, &n, e) < 0)
		return -1;
	for (unsigned i = 0; i < s->n_vlans; i++) {
		const char *name = network_of(list, n, s->vlans[i]);

		if (name == NULL) {
			*why = arena_printf(t->arena, "no network has VLAN %u",
			    s->vlans[i]);
			return 0;
		}
		json_put(names, NULL, json_str(name));
		if (s->vlans[i] == s->native)
			json_put(o, "native", json_str(name));
	}
	return 0;
}

static void
put_boot(json_t *o, const struct personality *s)
{
	json_t *list = json_array();
	char text[WWN_TEXT], lun[24];

	for (unsigned i = 0; i < s->n_boot; i++) {
		json_t *b = json_object();

		json_put(b, "wwpn", json_str(wwn_text(s->boot[i].wwpn, text)));
		if (s->boot[i].lun <= 65535) {
			json_put(b, "lun", json_int((int64_t)s->boot[i].lun));
		} else {
			snprintf(lun, sizeof(lun), "%016" PRIX64,
			    s->boot[i].lun);
			json_put(b, "lun", json_str(lun));
		}
		json_put(b, "priority", json_int(s->boot[i].priority));
		json_put(list, NULL, b);
	}
	json_put(o, "bootTargets", list);
}

static void
put_flags(json_t *o, const struct personality *s)
{
	json_put(o, "spoofCheck", json_boolean(s->flags & PERSONA_SPOOF_CHECK));
	json_put(o, "trust", json_boolean(s->flags & PERSONA_TRUST));
	json_put(o, "promisc", json_boolean(s->flags & PERSONA_PROMISC));
	json_put(o, "pxe", json_boolean(s->flags & PERSONA_PXE));
}

static void
put_rates(json_t *o, const struct personality *s, const struct personality *w)
{
	json_t *qos = json_object();

	if (s->limit_mbps != w->limit_mbps)
		json_put(qos, "limitMbps", json_int(s->limit_mbps));
	if (s->guarantee_mbps != w->guarantee_mbps)
		json_put(qos, "guaranteeMbps", json_int(s->guarantee_mbps));
	if (s->pcp != w->pcp)
		json_put(qos, "pcp", json_int(s->pcp));
	if (json_object_size(qos) > 0)
		json_put(o, "qos", qos);
	else
		json_decref(qos);
}

static bool
other_vlans(const struct personality *s, const struct personality *w)
{
	struct personality x = *w;

	memcpy(x.vlans, s->vlans, sizeof(x.vlans));
	x.n_vlans = s->n_vlans;
	x.native = s->native;
	return !personality_equal(&x, w);
}

static bool
other_boot(const struct personality *s, const struct personality *w)
{
	struct personality x = *w;

	memcpy(x.boot, s->boot, sizeof(x.boot));
	x.n_boot = s->n_boot;
	return !personality_equal(&x, w);
}

/* Only what differs; the rest may come from a class or another's guarantee. */
static int
put_wish(struct turn *t, json_t *o, const struct personality *s,
    const struct personality *w, const char **why, struct err *e)
{
	char text[WWN_TEXT];

	if (s->kind != w->kind || s->wwnn != w->wwnn)
		*why = "its node name is its profile's";
	else if (s->kind == PERSONA_RAID)
		*why = "which disks it shows is its profile's";
	if (*why != NULL)
		return 0;
	if (s->mac != w->mac)
		json_put(o, "mac", json_str(mac_text(s->mac, text)));
	if (s->wwpn != w->wwpn)
		json_put(o, "wwpn", json_str(wwn_text(s->wwpn, text)));
	if (s->mtu != w->mtu)
		json_put(o, "mtu", json_int(s->mtu));
	if (s->flags != w->flags)
		put_flags(o, s);
	put_rates(o, s, w);
	if (other_boot(s, w))
		put_boot(o, s);
	return other_vlans(s, w) ? put_vlans(t, o, s, why, e) : 0;
}

/* ---- what is remembered ---- */

static struct policy_drift *
drift_of(struct turn *t, const struct profile *p, const struct want *w,
    const struct personality *seen)
{
	struct policy *y = t->p;
	struct policy_drift *d = policy_adopt_find(y, w->device);

	if (d == NULL) {
		y->drifts = xrealloc(y->drifts,
		    (y->n_drifts + 1) * sizeof(*y->drifts));
		d = &y->drifts[y->n_drifts++];
		*d = (struct policy_drift){ .slot = w->slot };
		memcpy(d->device, w->device, sizeof(d->device));
	}
	if (d->since_ms == 0 || !personality_equal(&d->seen, seen) ||
	    (d->why[0] != '\0' && d->generation != t->generation)) {
		d->since_ms = t->now_ms;
		d->seen = *seen;
		d->why[0] = '\0';
	}
	d->slot = w->slot;
	d->there = true;
	memcpy(d->name, w->name, sizeof(d->name));
	memcpy(d->profile, p->head.name, sizeof(d->profile));
	return d;
}

struct policy_drift *
policy_adopt_find(struct policy *p, const char *device)
{
	for (size_t i = 0; i < p->n_drifts; i++)
		if (strcmp(p->drifts[i].device, device) == 0)
			return &p->drifts[i];
	return NULL;
}

static void
come_back(struct turn *t, int64_t ms)
{
	if (t->p->drift_ms == 0 || ms < t->p->drift_ms)
		t->p->drift_ms = ms;
}

/* ---- one device ---- */

static int
send(struct turn *t, const struct profile *p, const struct want *w,
    struct policy_drift *d, struct err *e)
{
	json_t *o = json_object();
	const char *why = NULL;
	char *text;
	int rc = put_wish(t, o, &d->seen, &w->persona, &why, e);

	d->generation = t->generation;
	if (rc == 0 && why != NULL) {
		snprintf(d->why, sizeof(d->why), "%s", why);
	} else if (rc == 0) {
		text = json_text(o);
		policy_move_adopt(t->p, t->wall_ms, p, d->device,
		    w->persona.kind == PERSONA_FC ? "vhbas" : "vnics", text);
		free(text);
		come_back(t, t->now_ms + POLICY_RETRY_MS);
	}
	json_decref(o);
	return rc;
}

static int
consider(struct turn *t, const struct profile *p, const struct want *w,
    struct err *e)
{
	const struct fabric_fn *f = view_fn(t->view, w->fn);
	struct policy_drift *d;

	if (f == NULL || w->whole ||
	    hand_at(t->view, w, t->rows, t->n_rows) != HAND_SET)
		return 0;
	d = drift_of(t, p, w, &f->persona);
	if (d->why[0] != '\0')
		return 0;
	if (t->now_ms < d->since_ms + POLICY_CALM_MS)
		come_back(t, d->since_ms + POLICY_CALM_MS);
	else if (policy_move_busy(t->p))
		come_back(t, t->now_ms + POLICY_LOOK_MS);
	else
		return send(t, p, w, d, e);
	return 0;
}

static int
look_at(struct turn *t, uint32_t slot, struct err *e)
{
	struct profile *p;
	struct want *want;
	char key[16];
	int64_t job;
	size_t n;

	snprintf(key, sizeof(key), "%" PRIu32, slot);
	if (hold_find(t->store, HOLD_SLOT, key, &job, e) < 0 ||
	    profile_at_slot(t->store, t->arena, slot, &p, e) < 0)
		return -1;
	if (job != 0)
		come_back(t, t->now_ms + POLICY_RETRY_MS);
	if (job != 0 || p == NULL)
		return 0;
	want_of_profile(t->arena, t->view, p, &want, &n);
	for (size_t i = 0; i < n; i++)
		if (consider(t, p, &want[i], e) < 0)
			return -1;
	return 0;
}

static void
forget_gone(struct policy *p)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->n_drifts; i++)
		if (p->drifts[i].there)
			p->drifts[kept++] = p->drifts[i];
	p->n_drifts = kept;
}

/* ---- the turn ---- */

int
policy_adopt_look(struct policy *p, struct store *store, struct arena *a,
    const struct view *view, int64_t now_ms, int64_t wall_ms, struct err *e)
{
	struct turn t = { .p = p, .store = store, .arena = a, .view = view,
		.now_ms = now_ms, .wall_ms = wall_ms };
	struct appliance self;
	struct binding *rows;
	uint32_t *slots;
	size_t n;

	if (store_appliance(store, &self, e) < 0)
		return -1;
	if (view->number == p->drift_view &&
	    self.generation == p->drift_generation &&
	    (p->drift_ms == 0 || now_ms < p->drift_ms))
		return 0;
	t.generation = self.generation;
	if (profile_adopting(store, a, &slots, &n, e) < 0 ||
	    (n > 0 && binding_list(store, a, &rows, &t.n_rows, e) < 0))
		return -1;
	p->drift_ms = 0;
	for (size_t i = 0; i < p->n_drifts; i++)
		p->drifts[i].there = false;
	for (size_t i = 0; i < n; i++) {
		t.rows = rows;
		if (look_at(&t, slots[i], e) < 0)
			return -1;
	}
	forget_gone(p);
	p->drift_view = view->number;
	p->drift_generation = self.generation;
	return 0;
}

void
policy_adopt_refused(struct policy *p, const char *device, const char *why)
{
	struct policy_drift *d = policy_adopt_find(p, device);

	if (d != NULL)
		snprintf(d->why, sizeof(d->why), "%s", why);
}

bool
policy_adopt_fault(const struct policy_drift *d, struct fault *f)
{
	if (d->why[0] == '\0')
		return false;
	*f = (struct fault){ .code = "AdoptionRefused", .severity = "major",
		.count = 1, .slot = d->slot };
	snprintf(f->object_type, sizeof(f->object_type), "slot");
	snprintf(f->object, sizeof(f->object), "%" PRIu32, d->slot);
	snprintf(f->part, sizeof(f->part), "%s", d->name);
	snprintf(f->text, sizeof(f->text), "What somebody else made of %.40s is "
	    "not adopted: %.110s", d->name, d->why);
	snprintf(f->remedy, sizeof(f->remedy), "Make room for it here, or have "
	    "it put back (POST /profiles/%.63s:heal)", d->profile);
	return true;
}
