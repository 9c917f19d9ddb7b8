/*
 * view.c -- see view.h.
 *
 * A view under construction grows plain arrays; view_end() sorts them, so that
 * lookups are binary searches, and checks what hardware claimed.
 */
#include "appliance/engine/view.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

const char *
view_state_word(enum view_state s)
{
	static const char *const words[] = { "starting", "ok", "unreachable" };

	return words[s];
}

/* ---- lookups ---- */

static uint64_t
slot_key(const void *p)
{
	return ((const struct fabric_slot *)p)->number;
}

static uint64_t
bay_key(const void *p)
{
	return ((const struct fabric_bay *)p)->number;
}

static uint64_t
bridge_key(const void *p)
{
	const struct fabric_bridge *b = p;

	return (uint64_t)b->slot << 8 | b->bridge;
}

static uint64_t
port_key(const void *p)
{
	const struct fabric_port *port = p;

	return (uint64_t)port->bay << 8 | port->port;
}

static uint64_t
fn_key(const void *p)
{
	return ((const struct fabric_fn *)p)->id;
}

static uint64_t
disk_key(const void *p)
{
	const struct fabric_disk *d = p;

	return (uint64_t)d->bay << 16 | d->number;
}

static const void *
find(const void *items, size_t n, size_t size, uint64_t (*key)(const void *),
    uint64_t wanted)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const char *at = (const char *)items + mid * size;
		uint64_t k = key(at);

		if (k == wanted)
			return at;
		if (k < wanted)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

#define FIND(items, n, key, wanted) \
	find((items), (n), sizeof(*(items)), (key), (wanted))

const struct fabric_slot *
view_slot(const struct view *v, unsigned number)
{
	return FIND(v->slots, v->n_slots, slot_key, number);
}

const struct fabric_bay *
view_bay(const struct view *v, unsigned number)
{
	return FIND(v->bays, v->n_bays, bay_key, number);
}

const struct fabric_port *
view_port(const struct view *v, unsigned bay, unsigned port)
{
	return FIND(v->ports, v->n_ports, port_key, (uint64_t)bay << 8 | port);
}

const struct fabric_fn *
view_fn(const struct view *v, fn_id id)
{
	return FIND(v->fns, v->n_fns, fn_key, id);
}

const struct fabric_bridge *
view_bridge(const struct view *v, unsigned slot, unsigned bridge)
{
	return FIND(v->bridges, v->n_bridges, bridge_key,
	    (uint64_t)slot << 8 | bridge);
}

const struct fabric_bridge *
view_where(const struct view *v, fn_id id)
{
	for (size_t i = 0; i < v->n_bridges; i++)
		for (unsigned k = 0; k < v->bridges[i].n; k++)
			if (v->bridges[i].fn[k] == id)
				return &v->bridges[i];
	return NULL;
}

static bool
is_behind(const struct fabric_bridge *b, fn_id id)
{
	for (unsigned k = 0; b != NULL && k < b->n; k++)
		if (b->fn[k] == id)
			return true;
	return false;
}

const struct fabric_bridge *
view_beside(const struct view *v, fn_id id, unsigned slot, unsigned bridge)
{
	if (!v->twice && is_behind(view_bridge(v, slot, bridge), id))
		return NULL;
	for (size_t i = 0; i < v->n_bridges; i++)
		for (unsigned k = 0; k < v->bridges[i].n; k++)
			if (v->bridges[i].fn[k] == id &&
			    (v->bridges[i].slot != slot ||
			    v->bridges[i].bridge != bridge))
				return &v->bridges[i];
	return NULL;
}

const struct fabric_bridge *
view_place(const struct view *v, fn_id id, unsigned slot, unsigned bridge)
{
	const struct fabric_bridge *own = view_bridge(v, slot, bridge);

	return is_behind(own, id) ? own : view_where(v, id);
}

const struct fabric_disk *
view_disk(const struct view *v, unsigned bay, unsigned number)
{
	return FIND(v->disks, v->n_disks, disk_key,
	    (uint64_t)bay << 16 | number);
}

bool
view_gone(const struct view *v, unsigned bay)
{
	return bay <= BAY_MAX && (v->gone[bay / 64] >> bay % 64 & 1) != 0;
}

const struct capability *
view_capability(const struct view *v, unsigned bay)
{
	const struct fabric_bay *b = view_bay(v, bay);

	if (b == NULL || !b->occupied || v->caps == NULL)
		return NULL;
	return capability_find(v->caps, b->vendor, b->device);
}

enum module_class
view_class(const struct view *v, unsigned bay)
{
	const struct capability *c = view_capability(v, bay);

	return c == NULL ? CLASS_OTHER : c->class;
}

enum module_class
view_kind(const struct view *v, unsigned bay)
{
	static const struct {
		uint32_t code, mask;
		enum module_class class;
	} codes[] = {
		{ 0x020000, 0xffff00, CLASS_ETHERNET },
		{ 0x0c0400, 0xffff00, CLASS_FC },
		{ 0x010400, 0xffff00, CLASS_RAID },
		{ 0x010802, 0xffffff, CLASS_NVME },
	};
	const struct fabric_bay *b = view_bay(v, bay);

	if (b == NULL || !b->occupied || view_capability(v, bay) != NULL)
		return view_class(v, bay);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if ((b->class_rev >> 8 & codes[i].mask) == codes[i].code)
			return codes[i].class;
	return CLASS_OTHER;
}

unsigned
view_physical(const struct view *v, unsigned bay)
{
	unsigned n = 0;

	while (n < PORT_MAX &&
	    view_fn(v, fn_make(bay, n + 1, FN_PF, 0)) != NULL)
		n++;
	return n;
}

/* ---- building ---- */

/* Arrays have room up to the next multiple of GROW; push_at() relies on it. */
enum { GROW = 64 };

static void *
copy_items(const void *items, size_t n, size_t size)
{
	void *copy = xcalloc((n / GROW + 1) * GROW, size);

	if (n > 0)
		memcpy(copy, items, n * size);
	return copy;
}

#define COPY(to, from, items, n) do { \
	(to)->items = copy_items((from)->items, (from)->n, \
	    sizeof(*(from)->items)); \
} while (0)

struct view *
view_copy(const struct view *v)
{
	struct view *copy = xcalloc(1, sizeof(*copy));

	if (v == NULL)
		return copy;
	*copy = *v;
	copy->refs = 0;
	COPY(copy, v, slots, n_slots);
	COPY(copy, v, bays, n_bays);
	COPY(copy, v, bridges, n_bridges);
	COPY(copy, v, ports, n_ports);
	COPY(copy, v, fns, n_fns);
	COPY(copy, v, disks, n_disks);
	COPY(copy, v, loose, n_loose);
	return copy;
}

void
view_free(struct view *v)
{
	if (v == NULL)
		return;
	free(v->slots);
	free(v->bays);
	free(v->bridges);
	free(v->ports);
	free(v->fns);
	free(v->disks);
	free(v->loose);
	free(v);
}

/* Keeps the items for which `gone` says no; returns how many. */
static size_t
keep(void *items, size_t n, size_t size, bool (*gone)(const void *, uint32_t),
    uint32_t number)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		char *from = (char *)items + i * size;

		if (gone(from, number))
			continue;
		memmove((char *)items + kept * size, from, size);
		kept++;
	}
	return kept;
}

static bool
slot_gone(const void *p, uint32_t n)
{
	return n == 0 || ((const struct fabric_slot *)p)->number == n;
}

static bool
bridge_gone(const void *p, uint32_t n)
{
	return n == 0 || ((const struct fabric_bridge *)p)->slot == n;
}

static bool
bay_gone(const void *p, uint32_t n)
{
	return n == 0 || ((const struct fabric_bay *)p)->number == n;
}

static bool
port_gone(const void *p, uint32_t n)
{
	return n == 0 || ((const struct fabric_port *)p)->bay == n;
}

static bool
fn_of_bay_gone(const void *p, uint32_t n)
{
	return n == 0 || fn_bay(((const struct fabric_fn *)p)->id) == n;
}

static bool
fn_gone(const void *p, uint32_t n)
{
	return ((const struct fabric_fn *)p)->id == n;
}

static bool
disk_gone(const void *p, uint32_t n)
{
	return n == 0 || ((const struct fabric_disk *)p)->bay == n;
}

#define KEEP(v, items, n, gone, number) \
	((v)->n = keep((v)->items, (v)->n, sizeof(*(v)->items), gone, number))

void
view_begin(struct view *v, enum fabric_scope scope, uint32_t number)
{
	uint32_t n = scope == SCOPE_ALL ? 0 : number;

	if (scope == SCOPE_ALL || scope == SCOPE_SLOT) {
		KEEP(v, slots, n_slots, slot_gone, n);
		KEEP(v, bridges, n_bridges, bridge_gone, n);
	}
	if (scope == SCOPE_ALL || scope == SCOPE_BAY) {
		KEEP(v, bays, n_bays, bay_gone, n);
		KEEP(v, ports, n_ports, port_gone, n);
		KEEP(v, fns, n_fns, fn_of_bay_gone, n);
		KEEP(v, disks, n_disks, disk_gone, n);
	}
	if (scope == SCOPE_FN)
		KEEP(v, fns, n_fns, fn_gone, n);
}

/* Appends one item; the array is regrown when n reaches a multiple of GROW. */
static void *
push_at(void *items, size_t *n, size_t size, const void *item)
{
	if (*n % GROW == 0)
		items = xrealloc(items, (*n + GROW) * size);
	memcpy((char *)items + *n * size, item, size);
	(*n)++;
	return items;
}

#define PUSH(v, items, n, item) \
	((v)->items = push_at((v)->items, &(v)->n, sizeof(item), &(item)))

void
view_take(void *cookie, const struct fabric_record *r)
{
	struct view *v = cookie;

	switch (r->kind) {
	case REC_SWITCH: v->sw = r->u.sw; break;
	case REC_SLOT: PUSH(v, slots, n_slots, r->u.slot); break;
	case REC_BRIDGE: PUSH(v, bridges, n_bridges, r->u.bridge); break;
	case REC_BAY: PUSH(v, bays, n_bays, r->u.bay); break;
	case REC_PORT: PUSH(v, ports, n_ports, r->u.port); break;
	case REC_FN: PUSH(v, fns, n_fns, r->u.fn); break;
	case REC_DISK: PUSH(v, disks, n_disks, r->u.disk); break;
	case REC_N_KINDS: break;
	}
}

#define COMPARE(name) \
	static int \
	name##_compare(const void *a, const void *b) \
	{ \
		uint64_t x = name##_key(a), y = name##_key(b); \
		return (x > y) - (x < y); \
	}
COMPARE(slot)
COMPARE(bay)
COMPARE(bridge)
COMPARE(port)
COMPARE(fn)
COMPARE(disk)

/* Sorts and says whether every key is there once. */
static bool
in_order(void *items, size_t n, size_t size,
    int (*compare)(const void *, const void *))
{
	if (n > 0)
		qsort(items, n, size, compare);
	for (size_t i = 1; i < n; i++)
		if (compare((char *)items + (i - 1) * size,
		    (char *)items + i * size) == 0)
			return false;
	return true;
}

#define IN_ORDER(v, items, n, compare) \
	in_order((v)->items, (v)->n, sizeof(*(v)->items), compare)

static void
find_loose(struct view *v)
{
	v->n_loose = 0;
	for (size_t i = 0; i < v->n_fns; i++)
		if (v->fns[i].state != FNS_BOUND && (!v->fns[i].blank ||
		    v->fns[i].state != FNS_FREE))
			PUSH(v, loose, n_loose, v->fns[i].id);
}

/* Hardly ever, and then somebody else did it: so that nobody searches for it. */
static void
find_twice(struct view *v)
{
	bool *met = xcalloc(v->n_fns + 1, sizeof(*met));

	v->twice = false;
	for (size_t i = 0; i < v->n_bridges; i++)
		for (unsigned k = 0; k < v->bridges[i].n; k++) {
			const struct fabric_fn *f = view_fn(v,
			    v->bridges[i].fn[k]);

			if (f == NULL)
				continue;
			v->twice = v->twice || met[f - v->fns];
			met[f - v->fns] = true;
		}
	free(met);
}

int
view_end(struct view *v, struct err *e)
{
	bool once = IN_ORDER(v, slots, n_slots, slot_compare);

	once = IN_ORDER(v, bays, n_bays, bay_compare) && once;
	once = IN_ORDER(v, bridges, n_bridges, bridge_compare) && once;
	once = IN_ORDER(v, ports, n_ports, port_compare) && once;
	once = IN_ORDER(v, fns, n_fns, fn_compare) && once;
	once = IN_ORDER(v, disks, n_disks, disk_compare) && once;
	find_loose(v);
	find_twice(v);
	if (!once)
		return err_set(e, ERR_DEVICE, "the switch reported the same "
		    "thing twice");
	if (v->n_slots != v->sw.slots || v->n_bays != v->sw.bays)
		return err_set(e, ERR_DEVICE, "the switch has %u slots and %u "
		    "bays but reported %zu and %zu", v->sw.slots, v->sw.bays,
		    v->n_slots, v->n_bays);
	for (size_t i = 0; i < v->n_slots; i++)
		if (v->slots[i].number != i + 1)
			return err_set(e, ERR_DEVICE, "the switch did not "
			    "report slot %zu", i + 1);
	for (size_t i = 0; i < v->n_bays; i++)
		if (v->bays[i].number != i + 1)
			return err_set(e, ERR_DEVICE, "the switch did not "
			    "report bay %zu", i + 1);
	return 0;
}

bool
view_equal(const struct view *a, const struct view *b)
{
	if (a->state != b->state || a->sw.boots != b->sw.boots ||
	    a->sw.term != b->sw.term || a->n_slots != b->n_slots ||
	    a->n_bays != b->n_bays)
		return false;
	for (size_t i = 0; i < a->n_slots; i++)
		if (a->slots[i].change != b->slots[i].change)
			return false;
	for (size_t i = 0; i < a->n_bays; i++)
		if (a->bays[i].change != b->bays[i].change)
			return false;
	return true;
}

/* ---- the box ---- */

void
view_box_init(struct view_box *box)
{
	memset(box, 0, sizeof(*box));
	pthread_mutex_init(&box->lock, NULL);
	box->newest = view_copy(NULL);
	box->newest->refs = 1;
}

void
view_box_close(struct view_box *box)
{
	view_drop(box, box->newest);
	pthread_mutex_destroy(&box->lock);
}

void
view_publish(struct view_box *box, struct view *v)
{
	struct view *old;
	bool news;

	v->refs = 1;
	pthread_mutex_lock(&box->lock);
	old = box->newest;
	news = old->number != v->number || old->state != v->state;
	box->newest = v;
	pthread_mutex_unlock(&box->lock);
	if (news && box->changed != NULL)
		box->changed(box->cookie, v);
	view_drop(box, old);
}

const struct view *
view_hold(struct view_box *box)
{
	struct view *v;

	pthread_mutex_lock(&box->lock);
	v = box->newest;
	v->refs++;
	pthread_mutex_unlock(&box->lock);
	return v;
}

void
view_drop(struct view_box *box, const struct view *held)
{
	struct view *v = NULL;

	pthread_mutex_lock(&box->lock);
	/* The count is the box's, also of views that were replaced. */
	memcpy(&v, &held, sizeof(v));
	if (--v->refs > 0)
		v = NULL;
	pthread_mutex_unlock(&box->lock);
	view_free(v);
}
