/*
 * engine_fault.c -- what is wrong now, from the view and the journal.
 *
 * The list of facts is made anew, once a second or when something else is seen;
 * the book (fault_book.h) knows since when they are.  The texts are for the
 * operator: what it means, what to do.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/engine/activation.h"
#include "appliance/engine/engine_held.h"
#include "appliance/engine/engine_int.h"
#include "base/log.h"

enum { FAULTS_MAX = 1024, LOOK_MS = 1000 };

struct list {
	struct fault *items;
	size_t n;
	struct want *wants;		/* of all slots, in the arena */
	size_t n_wants, cap_wants;
	struct binding *rows;		/* that are not released, in the arena */
	size_t n_rows;
	struct bay *bays;		/* of which something is wanted */
	size_t n_bays;
};

struct fault *
engine_fault_add(struct fault **items, size_t *n, const char *code,
    const char *severity, const char *type, const char *object, uint32_t slot)
{
	struct fault *f;

	if (fault_kind_find(code) == NULL) {
		log_error("engine", "fault=%s what=\"not in the catalogue\"",
		    code);
		abort();
	}
	if (*n < FAULTS_MAX && *n % 32 == 0)
		*items = xrealloc(*items, (*n + 32) * sizeof(**items));
	/* A full list keeps its first ones; the newest takes the last place. */
	if (*n < FAULTS_MAX)
		(*n)++;
	f = &(*items)[*n - 1];
	memset(f, 0, sizeof(*f));
	f->code = code;
	f->severity = severity;
	snprintf(f->object_type, sizeof(f->object_type), "%s", type);
	snprintf(f->object, sizeof(f->object), "%s", object);
	f->slot = slot;
	f->count = 1;
	return f;
}

static struct fault *
of_slot(struct list *l, const char *code, const char *severity, uint32_t slot)
{
	char name[16];

	snprintf(name, sizeof(name), "%" PRIu32, slot);
	return engine_fault_add(&l->items, &l->n, code, severity, "slot", name,
	    slot);
}

static void
part(struct fault *f, const char *of)
{
	snprintf(f->part, sizeof(f->part), "%s", of);
}

static void
switch_faults(struct engine *e, struct list *l)
{
	struct fault *f;

	if (e->view->state == VIEW_UNREACHABLE) {
		f = engine_fault_add(&l->items, &l->n, "SwitchUnreachable",
		    "critical", "switch", "switch", 0);
		snprintf(f->text, sizeof(f->text), "The switch or its manager "
		    "does not answer; running jobs wait, servers keep what "
		    "they have");
		snprintf(f->remedy, sizeof(f->remedy), "Look whether "
		    "polyroot-switchmgr runs and the switch has power");
	}
	if (e->deposed) {
		f = engine_fault_add(&l->items, &l->n, "SwitchTaken",
		    "critical", "switch", "switch", 0);
		snprintf(f->text, sizeof(f->text), "Another controller drives "
		    "this switch; this one changes nothing any more");
		snprintf(f->remedy, sizeof(f->remedy), "Stop one of both "
		    "controllers and restart the other");
	}
}

/* What the engine did is known to it, but not yet kept. */
static void
commit_faults(struct engine *e, struct list *l)
{
	char why[sizeof(e->refusal)];
	uint32_t times;
	struct fault *f;

	pthread_mutex_lock(&e->lock);
	times = e->refusals;
	memcpy(why, e->refusal, sizeof(why));
	pthread_mutex_unlock(&e->lock);
	if (times == 0)
		return;
	f = engine_fault_add(&l->items, &l->n, "CommitRefused", "critical",
	    "store", "store", 0);
	f->count = times;
	snprintf(f->text, sizeof(f->text), "The store does not take what the "
	    "engine has done: %.110s. Jobs stand still; it is tried again",
	    why);
	snprintf(f->remedy, sizeof(f->remedy), "Look at the disk that holds "
	    "the database: is it full, or failing?");
}

/* Another model of the class may be accepted; another class may not. */
static void
mismatch_text(const struct view *v, const struct module *was, struct fault *f)
{
	const struct capability *c = v->caps == NULL ? NULL :
	    capability_find(v->caps, was->vendor, was->device);
	enum module_class old = c == NULL ? CLASS_OTHER : c->class;
	enum module_class now = view_class(v, was->bay);
	unsigned bay = was->bay;

	if (old == now)
		snprintf(f->text, sizeof(f->text), "io%u holds another module "
		    "than the one its devices were bound on; nothing is bound "
		    "on it by itself", bay);
	else
		snprintf(f->text, sizeof(f->text), "io%u holds a module of "
		    "class %s; its devices were bound on one of class %s, and "
		    "nothing is bound on this one", bay,
		    module_class_word(now), module_class_word(old));
	snprintf(f->remedy, sizeof(f->remedy), "Put the former module back%s, "
	    "or change the profiles that use io%u", old == now ?
	    ", accept this one" : "", bay);
}

static int
module_faults(struct engine *e, struct store *store, struct list *l,
    struct err *err)
{
	for (unsigned bay = 1; bay <= e->view->n_bays; bay++) {
		struct module was;
		struct fault *f;
		char name[16];
		bool strange;

		if (engine_have_strange(store, e->view, bay, &strange,
		    err) < 0)
			return -1;
		if (!strange)
			continue;
		snprintf(name, sizeof(name), "io%u", bay);
		f = engine_fault_add(&l->items, &l->n, "ModuleMismatch",
		    "major", "bay", name, 0);
		if (module_load(store, bay, &was, err) < 0)
			return -1;
		mismatch_text(e->view, &was, f);
	}
	return 0;
}

/* It has it, and does not know: only evidence counts, so nothing is said where
 * the switch does not watch. */
static void
sight_fault(struct engine *e, const struct want *w,
    const struct fabric_bridge *at, struct list *l)
{
	enum activation when;
	struct fault *f;

	if (at->state != BRIDGE_BOUND || !at->presence ||
	    at->seen != SEEN_NO || !activation_runs(e->view, w->slot))
		return;
	when = activation_of(e->view, w->slot, w->bridge);
	f = of_slot(l, "OsNotVisible", "info", w->slot);
	part(f, w->name);
	snprintf(f->text, sizeof(f->text), "%s is bound at slot %u; its server "
	    "has not found it and sees it %s", w->name, w->slot,
	    activation_when(when));
	snprintf(f->remedy, sizeof(f->remedy), "%s", when == ACTIVATION_HOT ?
	    "Look at the server: it should have found it by itself" :
	    when == ACTIVATION_RESCAN ?
	    "Have the server look for new devices" :
	    "Restart the server when that suits");
}

static bool
is_serviced(const struct list *l, unsigned bay)
{
	for (size_t i = 0; i < l->n_bays; i++)
		if (l->bays[i].number == bay)
			return l->bays[i].service != SERVICE_NONE;
	return false;
}

static void
wanted_faults(struct engine *e, const struct want *w, bool held,
    struct list *l)
{
	const struct fabric_fn *fn = view_fn(e->view, w->fn);
	const struct fabric_bridge *at;
	struct fault *f;
	enum hand hand;
	char text[FN_TEXT];

	if (fn == NULL) {
		bool serviced = is_serviced(l, fn_bay(w->fn));

		f = of_slot(l, "ModuleMissing", serviced ? "info" : "major",
		    w->slot);
		part(f, w->name);
		snprintf(f->text, sizeof(f->text), "%s has no module: %s is "
		    "on io%u, which is empty or off", w->name,
		    fn_text(w->fn, text), fn_bay(w->fn));
		snprintf(f->remedy, sizeof(f->remedy), serviced ? "It waits "
		    "while io%u is serviced: put a card in, then return the bay"
		    : "Put the module of io%u back", fn_bay(w->fn));
		return;
	}
	at = view_place(e->view, w->fn, w->slot, w->bridge);
	hand = hand_at(e->view, w, l->rows, l->n_rows);
	/* A job may just make it; where it must not be, it makes nothing. */
	if (!held || hand >= HAND_ELSEWHERE)
		engine_hand_fault(e, w, hand, &l->items, &l->n);
	if (at != NULL && at->slot == w->slot && at->bridge == w->bridge)
		sight_fault(e, w, at, l);
}

/* Data is nothing that anybody can heal. */
static void
disk_faults(struct engine *e, const struct want *w, struct list *l)
{
	for (size_t i = 0; i < w->n_disks; i++) {
		const struct want_disk *want = &w->disks[i];
		const struct fabric_disk *d = view_disk(e->view, want->bay,
		    want->number);
		bool gone = d == NULL || d->state == DISK_ABSENT;
		struct fault *f;

		if (view_fn(e->view, w->fn) == NULL ||
		    (!gone && d->state == DISK_OPTIMAL))
			continue;
		f = of_slot(l, gone ? "VirtualDiskMissing" :
		    "VirtualDiskDegraded", !gone && d->state == DISK_DEGRADED ?
		    "major" : "critical", w->slot);
		snprintf(f->part, sizeof(f->part), "io%u.%u", want->bay,
		    want->number);
		snprintf(f->text, sizeof(f->text), "Disk %u of %s on io%u %s",
		    want->number, w->name, want->bay, gone ? "is gone, with "
		    "what was on it" : d->state == DISK_DEGRADED ? "has lost a "
		    "drive and still works" : "has lost too many drives");
		snprintf(f->remedy, sizeof(f->remedy), "%s", gone ? "Give the "
		    "vDAS a disk of another name in its place, which will be "
		    "empty, then bring the data back" : "Replace the drive; the module rebuilds "
		    "what it can");
	}
}

/* A job of that slot may just make it, if it has its function. */
static int
is_made(struct store *store, int64_t held, const struct want *w, bool *made,
    struct err *err)
{
	char key[FN_TEXT];
	int64_t job = 0;

	if (held != 0 && hold_find(store, HOLD_FN, fn_text(w->fn, key), &job,
	    err) < 0)
		return -1;
	*made = job != 0;
	return 0;
}

static int
slot_faults(struct engine *e, struct store *store, struct arena *a,
    const struct fabric_slot *slot, struct list *l, struct err *err)
{
	uint32_t number = slot->number;
	char name[16];
	struct want *want;
	int64_t held;
	size_t n;
	struct fault *f;

	snprintf(name, sizeof(name), "%" PRIu32, number);
	if (engine_have_wants(store, a, e->view, &number, 1, &want, &n,
	    err) < 0 ||
	    hold_find(store, HOLD_SLOT, name, &held, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		bool made;

		if (is_made(store, held, &want[i], &made, err) < 0)
			return -1;
		wanted_faults(e, &want[i], made, l);
		ARENA_PUSH(a, l->wants, l->n_wants, l->cap_wants) = want[i];
		if (held != 0)
			continue;	/* a job may just make it */
		disk_faults(e, &want[i], l);
		engine_port_lost(e, &want[i], &l->items, &l->n);
	}
	if (n == 0 || slot->link || !slot->enabled)
		return 0;
	f = of_slot(l, "SlotLinkDown", "major", number);
	snprintf(f->text, sizeof(f->text), "The cable of slot %u has no link; "
	    "its server sees none of its %zu device%s", number, n,
	    n == 1 ? "" : "s");
	snprintf(f->remedy, sizeof(f->remedy), "Look at the cable and the "
	    "server's power, or move the profile to another slot");
	return 0;
}

/* Known by a guid, and on no module here: nobody made it again. */
static int
missing_faults(struct store *store, struct arena *a, struct list *l,
    struct err *err)
{
	struct disk_missing *list;
	size_t n;

	if (disk_missing_list(store, a, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct fault *f = of_slot(l, "VirtualDiskMissing", "critical",
		    list[i].slot);

		snprintf(f->text, sizeof(f->text), "Disk %.60s of %.60s is not "
		    "on a module here; the vDAS waits for it", list[i].disk,
		    list[i].device);
		snprintf(f->remedy, sizeof(f->remedy), "Insert the module that "
		    "has it and assign the profile again, or give the vDAS a "
		    "disk of another name, which will be empty");
	}
	return 0;
}

/* A profile for one server, and another one is there. */
static int
server_faults(struct engine *e, struct store *store, struct arena *a,
    struct list *l, struct err *err)
{
	struct profile_bond *bonds;
	size_t n;

	if (profile_bonds(store, a, &bonds, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct fabric_slot *s = view_slot(e->view,
		    bonds[i].slot);
		struct fault *f;

		if (s == NULL || s->serial[0] == '\0' ||
		    strcmp(s->serial, bonds[i].serial) == 0)
			continue;
		f = of_slot(l, "SlotServerChanged", "major", bonds[i].slot);
		snprintf(f->text, sizeof(f->text), "%s is bound to server %s; "
		    "at slot %" PRIu32 " is %s", bonds[i].name,
		    bonds[i].serial, bonds[i].slot, s->serial);
		snprintf(f->remedy, sizeof(f->remedy), "Let the profile follow "
		    "its server (the offer), or put the cable back; affinity "
		    "slot, and then slot-and-server again, binds it to this "
		    "one");
	}
	return 0;
}

/* Behind a bridge, but in none of our rows. */
static void
unknown_faults(struct engine *e, struct list *l)
{
	for (size_t i = 0; i < e->view->n_bridges; i++) {
		const struct fabric_bridge *b = &e->view->bridges[i];

		for (unsigned k = 0; k < b->n; k++) {
			bool ours = false;
			char text[FN_TEXT];
			struct fault *f;

			for (size_t r = 0; r < l->n_rows && !ours; r++)
				ours = l->rows[r].fn == b->fn[k] &&
				    l->rows[r].slot == b->slot;
			if (ours)
				continue;
			f = of_slot(l, "UnknownBinding", "major", b->slot);
			part(f, fn_text(b->fn[k], text));
			snprintf(f->text, sizeof(f->text), "%s is behind "
			    "bridge %u of slot %u; nobody here wants it there",
			    fn_text(b->fn[k], text), b->bridge, b->slot);
			snprintf(f->remedy, sizeof(f->remedy), "Find out who "
			    "bound it; adopt it (POST /imports?mode=adopt) or "
			    "have it taken off. It is never removed unasked");
		}
	}
}

/* An address that a server sees, and where. */
struct seen {
	uint64_t address;
	const struct fabric_bridge *at;
};

static int
seen_compare(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;

	return (x->address > y->address) - (x->address < y->address);
}

static struct seen *
all_seen(const struct view *v, struct arena *a, size_t *n)
{
	struct seen *list = NULL;
	size_t cap = 0;

	*n = 0;
	for (size_t i = 0; i < v->n_bridges; i++)
		for (unsigned k = 0; k < v->bridges[i].n; k++) {
			const struct fabric_fn *f = view_fn(v,
			    v->bridges[i].fn[k]);
			struct seen one = { f == NULL ? 0 :
			    f->persona.kind == PERSONA_FC ? f->persona.wwpn :
			    f->persona.mac, &v->bridges[i] };

			if (one.address != 0)
				ARENA_PUSH(a, list, *n, cap) = one;
		}
	if (*n > 0)
		qsort(list, *n, sizeof(*list), seen_compare);
	return list;
}

/* Two servers must not see one address, whoever put it there. */
static void
split_faults(struct engine *e, struct arena *a, struct list *l)
{
	size_t n;
	struct seen *list = all_seen(e->view, a, &n);

	for (size_t i = 1; i < n; i++) {
		const struct fabric_bridge *x = list[i - 1].at, *y = list[i].at;
		char text[WWN_TEXT];
		struct fault *f;

		if (list[i].address != list[i - 1].address)
			continue;
		f = of_slot(l, "IdentitySplit", "critical", y->slot);
		snprintf(f->part, sizeof(f->part), "%016" PRIx64,
		    list[i].address);
		snprintf(f->text, sizeof(f->text), "%s is behind bridge %u of "
		    "slot %u and behind bridge %u of slot %u",
		    list[i].address >> 48 == 0 ?
		    mac_text(list[i].address, text) :
		    wwn_text(list[i].address, text), x->bridge, x->slot,
		    y->bridge, y->slot);
		snprintf(f->remedy, sizeof(f->remedy), "Somebody else gave it "
		    "out a second time; take it off the slot that must not "
		    "have it");
	}
}

static int
job_faults(struct engine *e, struct store *store, struct arena *a,
    struct list *l, struct err *err)
{
	struct job *jobs;
	size_t n;

	if (job_list_open(store, a, &jobs, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct fault *f;
		char id[24];

		if (jobs[i].state != JOB_ROLLBACK_FAILED)
			continue;
		snprintf(id, sizeof(id), "%" PRId64, jobs[i].id);
		f = engine_fault_add(&l->items, &l->n, "RollbackFailed",
		    "critical", "job", id, 0);
		snprintf(f->text, sizeof(f->text), "Job %s could neither be "
		    "applied nor rolled back: %.120s", id, jobs[i].detail);
		snprintf(f->remedy, sizeof(f->remedy), "Its slots stay held; "
		    "look at its steps, then :retry or :abandon it");
	}
	return engine_held_faults(e, store, jobs, n, l->wants, l->n_wants,
	    &l->items, &l->n, err);
}

/* What others found, under their own words. */
static void
reported_faults(struct engine *e, struct list *l)
{
	pthread_mutex_lock(&e->lock);
	for (size_t i = 0; i < ENGINE_REPORTS; i++)
		for (size_t k = 0; k < e->reports[i].n; k++) {
			const struct fault *r = &e->reports[i].facts[k];

			*engine_fault_add(&l->items, &l->n, r->code,
			    r->severity, r->object_type, r->object, r->slot) =
			    *r;
		}
	pthread_mutex_unlock(&e->lock);
}

static int
gather(struct engine *e, struct store *store, struct arena *a, struct list *l,
    struct err *err)
{
	if (binding_list(store, a, &l->rows, &l->n_rows, err) < 0 ||
	    bay_list(store, a, &l->bays, &l->n_bays, err) < 0)
		return -1;
	switch_faults(e, l);
	commit_faults(e, l);
	reported_faults(e, l);
	for (size_t i = 0; i < e->view->n_slots; i++)
		if (slot_faults(e, store, a, &e->view->slots[i], l, err) < 0)
			return -1;
	if (server_faults(e, store, a, l, err) < 0 ||
	    missing_faults(store, a, l, err) < 0)
		return -1;
	unknown_faults(e, l);
	if (module_faults(e, store, l, err) < 0)
		return -1;
	if (engine_port_faults(e, store, a, l->wants, l->n_wants, &l->items,
	    &l->n, err) < 0)
		return -1;
	split_faults(e, a, l);
	engine_heal_faults(e, &l->items, &l->n);
	if (engine_pool_faults(e, store, a, &l->items, &l->n, err) < 0)
		return -1;
	if (engine_ledger_faults(e, store, a, &l->items, &l->n, err) < 0)
		return -1;
	if (engine_gate_faults(e, store, a, &l->items, &l->n, err) < 0)
		return -1;
	return job_faults(e, store, a, l, err);
}

int
engine_fault_turn(struct engine *e, struct store *store, struct arena *a,
    struct err *err)
{
	struct list l = { 0 };
	struct fault_told *told;
	size_t n_told;

	if (e->now_ms < e->fault_ms && e->fault_view == e->view->number)
		return 0;
	if (gather(e, store, a, &l, err) < 0 ||
	    fault_told_list(store, a, &told, &n_told, err) < 0) {
		free(l.items);
		return -1;
	}
	e->fault_ms = e->now_ms + LOOK_MS;
	e->fault_view = e->view->number;
	pthread_mutex_lock(&e->lock);
	fault_book_turn(&e->book, l.items, l.n, told, n_told, e->wall_ms);
	pthread_mutex_unlock(&e->lock);
	free(l.items);
	return 0;
}
