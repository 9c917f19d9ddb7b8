/* random_check.c -- see random.h: what must hold. */
#include <inttypes.h>
#include <stdio.h>

#include "profiles/journal.h"
#include "profiles/ledger.h"
#include "tests/sim/random.h"
#include "tests/test.h"

enum { CALM_MS = 700000, FAULT_MS = 1300, LOOK_MS = 12000,
	NO_SERVER = 4 };

/* ---- what servers see ---- */

struct sight {
	json_t *server[RANDOM_SLOTS + 1];
};

static void
look(struct random_run *r, struct sight *s)
{
	for (unsigned slot = 1; slot <= RANDOM_SLOTS; slot++)
		s->server[slot] = support_chassis_ctl(&r->w.chassis,
		    "server %u", slot);
}

static void
look_away(struct sight *s)
{
	for (unsigned slot = 1; slot <= RANDOM_SLOTS; slot++)
		json_decref(s->server[slot]);
}

static json_t *
functions(const struct sight *s, unsigned slot)
{
	return json_object_get(s->server[slot], "functions");
}

static const char *
text_of(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text == NULL ? "" : text;
}

static int64_t
number_of(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

char *
random_seen(struct random_run *r)
{
	struct sight s;
	json_t *all = json_array();
	char *text;

	look(r, &s);
	for (unsigned slot = 1; slot <= RANDOM_SLOTS; slot++)
		json_put(all, NULL, json_incref(functions(&s, slot)));
	text = json_text(all);
	json_decref(all);
	look_away(&s);
	return text;
}

/* ---- at every moment ---- */

static void
check_violations(struct random_run *r)
{
	json_t *v = support_chassis_ctl(&r->w.chassis, "violations");

	if (number_of(v, "count") != 0)
		random_fail(r, "a moment that nobody wants: %s", json_text(v));
	json_decref(v);
}

static void
check_shared(struct random_run *r, const struct sight *s)
{
	const char *seen[256];
	size_t n = 0, i;
	json_t *fn;

	for (unsigned slot = 1; slot <= RANDOM_SLOTS; slot++) {
		json_array_foreach(functions(s, slot), i, fn) {
			for (size_t k = 0; k < n; k++)
				if (strcmp(seen[k], text_of(fn,
				    "function")) == 0)
					random_fail(r, "%s is seen twice",
					    seen[k]);
			seen[n++] = text_of(fn, "function");
		}
	}
}

static void
check_identity(struct random_run *r, enum id_space space, uint64_t value,
    const char *profile, const char *device)
{
	struct identity *id;
	struct err e;

	ck_ok(ledger_live(r->w.reader, r->arena, space, value, &id, &e), e);
	if (id == NULL || id->state != ID_ASSIGNED ||
	    strcmp(id->profile, profile) != 0 ||
	    strcmp(id->device, device) != 0)
		random_fail(r, "address %" PRIx64 " of %s/%s is not its own in "
		    "the ledger", value, profile, device);
}

/* What is live has one owner, and who owns has it in the ledger. */
static void
check_ledger(struct random_run *r)
{
	int64_t owned = 0, assigned = 0;
	struct pool *pools;
	struct err e;
	size_t n;

	for (size_t i = 0; i < r->n_profiles; i++) {
		const struct profile *p = &r->profiles[i];

		if (p->wwnn != 0)
			check_identity(r, SPACE_WWN, p->wwnn, p->head.id, "");
		owned += p->wwnn != 0;
		for (size_t k = 0; k < p->n_devices; k++) {
			const struct device *d = &p->devices[k];

			if (!device_has_address(d))
				continue;
			check_identity(r, d->kind == DEVICE_VNIC ? SPACE_MAC :
			    SPACE_WWN, d->address, p->head.id, d->id);
			owned += d->source == SOURCE_POOL;
		}
	}
	ck_ok(pool_list(r->w.reader, r->arena, "", 64, &pools, &n, &e), e);
	for (size_t i = 0; i < n; i++) {
		int64_t counts[3];

		ck_ok(ledger_count(r->w.reader, pools[i].head.id, counts, &e),
		    e);
		assigned += counts[0];
	}
	if (owned != assigned)
		random_fail(r, "%" PRId64 " addresses of pools are owned, %"
		    PRId64 " are assigned in the ledger", owned, assigned);
}

void
random_check_always(struct random_run *r)
{
	struct sight s;

	check_violations(r);
	look(r, &s);
	check_shared(r, &s);
	look_away(&s);
	check_ledger(r);
	random_check_budgets(r);
	random_check_rest(r);
}

/* ---- seen as wanted ---- */

static bool
same_vlans(const struct device *d, const json_t *fn)
{
	const json_t *list = json_object_get(fn, "vlans");
	int64_t native = 0;

	for (size_t i = 0; i < d->n_vlans; i++) {
		bool there = false;
		json_t *v;
		size_t k;

		json_array_foreach(list, k, v)
			there = there || json_integer_value(v) ==
			    (json_int_t)d->vlans[i].vlan;
		if (!there)
			return false;
		if (d->vlans[i].native)
			native = d->vlans[i].vlan;
	}
	return json_array_size(list) == d->n_vlans &&
	    number_of(fn, "native") == native;
}

/* A limit that somebody chose, or what the guarantees of others leave. */
static bool
same_limit(const struct device *d, int64_t seen)
{
	return seen == (d->limit_mbps != 0 ? d->limit_mbps :
	    d->admission_mbps);
}

static bool
same_vnic(const struct device *d, const json_t *fn)
{
	char mac[MAC_TEXT];

	return strcmp(text_of(fn, "kind"), "nic") == 0 &&
	    strcmp(text_of(fn, "mac"), mac_text(d->address, mac)) == 0 &&
	    same_vlans(d, fn) && number_of(fn, "pcp") == d->pcp &&
	    same_limit(d, number_of(fn, "limitMbps")) &&
	    /* By admission: no card of the box has a register for it. */
	    number_of(fn, "guaranteeMbps") == 0 &&
	    number_of(fn, "mtu") == d->mtu &&
	    number_of(fn, "flags") == (d->spoof_check | d->trust << 1 |
	    d->promisc << 2 | d->pxe << 3);
}

static bool
same_vhba(const struct profile *p, const struct device *d, const json_t *fn)
{
	const json_t *boot = json_object_get(fn, "boot");
	char text[WWN_TEXT];

	if (strcmp(text_of(fn, "wwpn"), wwn_text(d->address, text)) != 0 ||
	    strcmp(text_of(fn, "wwnn"), wwn_text(p->wwnn, text)) != 0 ||
	    json_array_size(boot) != d->n_boot)
		return false;
	for (size_t i = 0; i < d->n_boot; i++) {
		const json_t *b = json_array_get(boot, i);

		if (strcmp(text_of(b, "wwpn"), wwn_text(d->boot[i].wwpn,
		    text)) != 0 ||
		    (uint64_t)number_of(b, "lun") != d->boot[i].lun ||
		    number_of(b, "priority") != d->boot[i].priority)
			return false;
	}
	return true;
}

static bool
same_vdas(const struct device *d, const json_t *fn)
{
	const json_t *disks = json_object_get(fn, "disks");

	for (size_t i = 0; i < d->n_disks; i++) {
		bool there = false;
		json_t *disk;
		size_t k;

		json_array_foreach(disks, k, disk)
			there = there || (number_of(disk, "number") ==
			    d->disks[i].number && number_of(disk,
			    "capacityMiB") == d->disks[i].capacity_mib);
		if (!there)
			return false;
	}
	return json_array_size(disks) == d->n_disks;
}

/* All of its functions behind one bridge, in their order. */
static bool
is_card_seen(const struct profile *p, const struct device *d,
    const struct sight *s)
{
	uint32_t found = 0;
	json_t *fn;
	size_t i;

	json_array_foreach(functions(s, p->slot), i, fn) {
		char where[FN_TEXT];

		found += number_of(fn, "bridge") == d->bridge &&
		    number_of(fn, "at") == found &&
		    strcmp(text_of(fn, "kind"), "pf") == 0 &&
		    strcmp(text_of(fn, "function"), fn_text(fn_beside(
		    d->placed, found), where)) == 0;
	}
	return found == device_functions(d);
}

static bool
is_seen(const struct profile *p, const struct device *d,
    const struct sight *s)
{
	char where[FN_TEXT];
	json_t *fn;
	size_t i;

	if (d->placed == 0 || p->slot > RANDOM_SLOTS)
		return false;
	if (d->kind == DEVICE_EXCLUSIVE)
		return is_card_seen(p, d, s);
	fn_text(d->placed, where);
	json_array_foreach(functions(s, p->slot), i, fn) {
		if (strcmp(text_of(fn, "function"), where) != 0 ||
		    number_of(fn, "bridge") != d->bridge)
			continue;
		return d->kind == DEVICE_VNIC ? same_vnic(d, fn) :
		    d->kind == DEVICE_VHBA ? same_vhba(p, d, fn) :
		    same_vdas(d, fn);
	}
	return false;
}

/* ---- faults ---- */

struct question {
	uint32_t slot;
	const char *name;		/* of a device */
	char bay[16];
	bool named;
};

static void
ask_fault(void *cookie, const struct fault *f)
{
	struct question *q = cookie;

	q->named = q->named || (f->state != FAULT_CLEARED &&
	    ((f->slot != 0 && f->slot == q->slot) ||
	    strcmp(f->object, q->bay) == 0 ||
	    strcmp(f->code, "SwitchUnreachable") == 0));
}

/* One of the slot, or of the bay when there is a device. */
static bool
has_fault(struct random_run *r, uint32_t slot, const struct device *d)
{
	struct question q = { .slot = slot };

	snprintf(q.bay, sizeof(q.bay), "io%u", d == NULL ? 0 :
	    fn_bay(d->placed));
	engine_faults(r->w.engine, ask_fault, &q);
	return q.named;
}

static bool
is_held(struct random_run *r, uint32_t slot)
{
	int64_t job;
	char key[16];
	struct err e;

	snprintf(key, sizeof(key), "%" PRIu32, slot);
	ck_ok(hold_find(r->w.reader, HOLD_SLOT, key, &job, &e), e);
	return job != 0;
}

/* Mended: there is an excuse only where there is no server, and what can be done
 * without one is done. */
static bool
is_bound_unseen(struct random_run *r, const struct profile *p,
    const struct device *d)
{
	const struct view *v = view_hold(&r->w.views);
	const struct fabric_bridge *at = view_where(v, d->placed);
	bool bound = p->slot == NO_SERVER && at != NULL &&
	    at->slot == p->slot && at->bridge == d->bridge &&
	    at->state == BRIDGE_BOUND && at->presence && has_fault(r, p->slot, d);

	view_drop(&r->w.views, v);
	return bound;
}

static void
ask_lost(void *cookie, const struct fault *f)
{
	struct question *q = cookie;
	char name[NAME_TEXT + 8];

	snprintf(name, sizeof(name), " of %s ", q->name);
	q->named = q->named || (f->state != FAULT_CLEARED &&
	    f->slot == q->slot && strcmp(f->code, "VirtualDiskMissing") == 0 &&
	    strstr(f->text, name) != NULL);
}

/* Mended: a former content (revert) brings back no disk that was destroyed since,
 * and a fault names the vDAS.  That no job loses a disk and says rolledBack is
 * shown by test_destroy and test_product. */
static bool
is_lost(struct random_run *r, const struct profile *p, const struct device *d)
{
	struct question q = { .slot = p->slot, .name = d->name };

	if (d->kind == DEVICE_VDAS)
		engine_faults(r->w.engine, ask_lost, &q);
	return q.named;
}

/* ---- all of it ---- */

struct miss {
	const struct profile *profile;
	const struct device *device;
	uint32_t slot;			/* one that sees too much */
};

/* Mended: a slot is on or off as it is wanted. */
static bool
is_switched(struct random_run *r, uint32_t slot)
{
	const struct view *v = view_hold(&r->w.views);
	const struct fabric_slot *seen = view_slot(v, slot);
	bool on = r->slots[slot]->admin != SLOT_DISABLED;
	bool as_wanted = seen != NULL && (seen->enabled != 0) == on;

	view_drop(&r->w.views, v);
	return as_wanted;
}

/* Mended: the row of a function that is neither bound nor proven to be scrubbed
 * is work that is still to be done, when its slot is on; 0 when there is none,
 * else its slot. */
static uint32_t
unproven(struct random_run *r)
{
	struct binding *rows;
	struct err e;
	size_t n;

	ck_ok(binding_list(r->w.reader, r->arena, &rows, &n, &e), e);
	for (size_t i = 0; i < n; i++)
		if (rows[i].state != BINDING_BOUND && rows[i].slot <=
		    RANDOM_SLOTS && !is_held(r, rows[i].slot) &&
		    r->slots[rows[i].slot]->admin != SLOT_DISABLED)
			return rows[i].slot;
	return 0;
}

/* False and what is missing, when something is not as wanted and no fault says
 * so.  Mended: only a slot without a server and a lost disk have that excuse. */
static bool
is_true(struct random_run *r, bool mended, struct miss *miss)
{
	size_t wanted[RANDOM_SLOTS + 1] = { 0 };
	struct sight s;
	bool ok = true;

	*miss = (struct miss){ NULL, NULL, 0 };
	look(r, &s);
	for (size_t i = 0; i < r->n_profiles && ok; i++) {
		const struct profile *p = &r->profiles[i];

		for (size_t k = 0; k < p->n_devices && ok; k++) {
			const struct device *d = &p->devices[k];

			if (p->slot == 0 || is_held(r, p->slot) ||
			    r->slots[p->slot]->admin == SLOT_DISABLED)
				continue;
			wanted[p->slot] += d->n_placed > 1 ? d->n_placed : 1;
			if (is_seen(p, d, &s) || (mended ?
			    is_bound_unseen(r, p, d) || is_lost(r, p, d) :
			    has_fault(r, p->slot, d)))
				continue;
			*miss = (struct miss){ p, d, p->slot };
			ok = false;
		}
	}
	for (uint32_t slot = 1; slot <= RANDOM_SLOTS && ok && mended; slot++)
		if (!is_held(r, slot) && !is_switched(r, slot)) {
			miss->slot = slot;
			ok = false;
		}
	if (ok && mended) {
		miss->slot = unproven(r);
		ok = miss->slot == 0;
	}
	for (uint32_t slot = 1; slot <= RANDOM_SLOTS && ok; slot++)
		if (json_array_size(functions(&s, slot)) > wanted[slot] &&
		    !is_held(r, slot) && (mended ||
		    !has_fault(r, slot, NULL))) {
			miss->slot = slot;
			ok = false;
		}
	look_away(&s);
	return ok;
}

static _Noreturn void
tell(struct random_run *r, const struct miss *m, const char *when)
{
	json_t *server = support_chassis_ctl(&r->w.chassis, "server %u",
	    m->slot);
	json_t *faults = world_get(&r->w, "/faults");
	json_t *bindings = world_get(&r->w, "/bindings");
	json_t *profile = m->profile == NULL ? json_null() : NULL;
	char path[96];

	if (profile == NULL) {
		snprintf(path, sizeof(path), "/profiles/%s",
		    m->profile->head.id);
		profile = world_get(&r->w, path);
	}
	random_fail(r, "%s, slot %" PRIu32 ": %s/%s is not seen as it is "
	    "wanted and no fault says so\nserver: %s\nfaults: %s\n"
	    "bindings: %s\nprofile: %s", when, m->slot,
	    m->profile == NULL ? "nobody" : m->profile->head.name,
	    m->device == NULL ? "nothing" : m->device->name,
	    json_text(server), json_text(faults), json_text(bindings),
	    json_text(profile));
}

static bool
runs(struct random_run *r)
{
	struct arena *a = arena_new();
	struct job *jobs;
	struct err e;
	size_t n, open = 0;

	ck_ok(job_list_open(r->w.reader, a, &jobs, &n, &e), e);
	for (size_t i = 0; i < n; i++)
		open += !job_ended(jobs[i].state);
	arena_free(a);
	return open > 0;
}

void
random_check_settled(struct random_run *r)
{
	struct miss miss;

	for (int ms = 0; ms < 20000; ms += FAULT_MS) {
		world_pass(&r->w, FAULT_MS);
		random_look(r);
		if (runs(r))
			return;		/* nothing can be said now */
		if (is_true(r, false, &miss))
			return;
	}
	tell(r, &miss, "settled");
}

/* Faults that were injected make a slot wait up to five minutes. */
void
random_check_mended(struct random_run *r)
{
	struct miss miss;

	for (int ms = 0; ms < CALM_MS; ms += 400) {
		random_look(r);
		if (!runs(r) && is_true(r, true, &miss)) {
			random_check_admission(r);
			return;
		}
		world_pass(&r->w, 400);
	}
	if (runs(r))
		random_fail(r, "mended, and a job runs on and on\njobs: %s\n"
		    "faults: %s", json_text(world_get(&r->w, "/jobs?limit=2")),
		    json_text(world_get(&r->w, "/faults")));
	tell(r, &miss, "mended");
}

void
random_check_restart(struct random_run *r)
{
	struct miss miss;
	json_t *log;

	/* Where there is no server only a look at all of it shows what an event
	 * that was lost would have told. */
	world_pass(&r->w, LOOK_MS);
	random_look(r);
	if (runs(r) || !is_true(r, true, &miss))
		return;
	random_note(r, "restart with nothing to do");
	support_chassis_do(&r->w.chassis, "log clear");
	world_crash(&r->w);
	world_pass(&r->w, 3000);
	log = support_chassis_ctl(&r->w.chassis, "log");
	if (json_array_size(json_object_get(log, "items")) != 0)
		random_fail(r, "a restart with nothing to do did: %s",
		    json_text(log));
	json_decref(log);
	r->count->restarts++;
}
