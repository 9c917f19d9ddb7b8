/*
 * chassis_truth.c -- what servers really see, and the moments that nobody wants.
 *
 * Looked at after every complete change.  A violation is counted when it begins:
 *
 *	functionShared	one function on two servers' buses, or twice on one
 *	addressTwice	one MAC or WWPN live on two functions
 *	unscrubbed	a function reaches another server than the last one,
 *			with no scrub or reset of its module in between
 *	diskExposed	one disk shown to functions of two servers
 *	portShared	a physical function on one server's bus and another
 *			function of its port on another's
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "tools/emulator/chassis_parts.h"

enum { VIOLATIONS_MAX = 1000 };

/* Somebody uses something: two of the same key may be one too many. */
enum claim_kind { C_FUNCTION, C_MAC, C_WWPN, C_DISK, C_PORT, C_N };
struct claim {
	enum claim_kind kind;
	uint64_t key;
	unsigned slot;
	fn_id fn;
};

static const char *const kind_words[C_N] = {
	"functionShared", "addressTwice", "addressTwice", "diskExposed",
	"portShared",
};

/* ---- who sees what ---- */

bool
chassis_truth_sees(const struct chassis *c, const struct bridge *b)
{
	return b->presence && b->live && b->n > 0 && chassis_slot_up(b->slot) &&
	    chassis_card_power(c, b->f[0]->module);
}

static struct seen *
look(const struct chassis *c, size_t *n)
{
	struct seen *list = NULL;
	size_t cap = 0;

	*n = 0;
	for (unsigned s = 0; s < c->n_slots; s++)
		for (unsigned k = 0; k < c->n_bridges; k++) {
			const struct bridge *b = &c->slots[s].bridges[k];

			if (!chassis_truth_sees(c, b))
				continue;
			if (*n + b->n > cap) {
				cap = 2 * cap + MR_BRIDGE_FNS;
				list = xrealloc(list, cap * sizeof(*list));
			}
			for (unsigned i = 0; i < b->n; i++)
				list[(*n)++] = (struct seen){ b->f[i],
					b->slot->number, b->number, i };
		}
	return list;
}

static int
seen_order(const struct seen *a, const struct seen *b)
{
	if (a->slot != b->slot)
		return a->slot < b->slot ? -1 : 1;
	if (a->bridge != b->bridge)
		return a->bridge < b->bridge ? -1 : 1;
	return a->at == b->at ? 0 : a->at < b->at ? -1 : 1;
}

/* ---- the list of violations ---- */

static json_t *
record(struct chassis *c, const char *kind)
{
	json_t *v = json_object();

	c->n_violations++;
	json_put(v, "n", json_int((int64_t)c->n_violations));
	json_put(v, "ms", json_int(c->now));
	json_put(v, "kind", json_str(kind));
	if (json_array_size(c->violations) == VIOLATIONS_MAX)
		(void)json_array_remove(c->violations, 0);
	json_put(c->violations, NULL, json_incref(v));
	json_decref(v);
	return v;
}

static json_t *
fn_json(fn_id id)
{
	char text[FN_TEXT];

	return json_str(fn_text(id, text));
}

static void
record_unscrubbed(struct chassis *c, const struct seen *s)
{
	json_t *v = record(c, "unscrubbed"), *slots = json_array();

	json_put(v, "function", fn_json(chassis_card_fn_id(s->fn)));
	json_put(slots, NULL, json_int(s->fn->last_slot));
	json_put(slots, NULL, json_int(s->slot));
	json_put(v, "slots", slots);
}

static void
put_key(json_t *v, const struct claim *k)
{
	char text[WWN_TEXT];

	switch (k->kind) {
	case C_MAC:
		json_put(v, "address", json_str(mac_text(k->key, text)));
		break;
	case C_WWPN:
		json_put(v, "address", json_str(wwn_text(k->key, text)));
		break;
	case C_DISK:
		json_put(v, "bay", json_int((int64_t)(k->key >> 16)));
		json_put(v, "disk", json_int((int64_t)(k->key & 0xffff)));
		break;
	case C_PORT:
		json_put(v, "bay", json_int((int64_t)(k->key >> 16)));
		json_put(v, "port", json_int((int64_t)(k->key & 0xffff)));
		break;
	case C_FUNCTION:
	case C_N:
		break;
	}
}

static void
record_claims(struct chassis *c, const struct claim *k, size_t n)
{
	json_t *v = record(c, kind_words[k->kind]);
	json_t *slots = json_array(), *fns = json_array();

	put_key(v, k);
	for (size_t i = 0; i < n; i++) {
		json_put(slots, NULL, json_int(k[i].slot));
		json_put(fns, NULL, fn_json(k[i].fn));
	}
	json_put(v, "slots", slots);
	json_put(v, "functions", fns);
}

/* ---- who came, who went ---- */

static void
arrived(struct chassis *c, const struct seen *s)
{
	(void)chassis_log_sight(c, true, s);
	if (s->fn->last_slot != 0 && s->fn->last_slot != s->slot)
		record_unscrubbed(c, s);
}

/* Both lists are in the order of the slots. */
static void
compare(struct chassis *c, const struct seen *now, size_t n_now)
{
	size_t i = 0, k = 0;

	while (i < c->n_seen || k < n_now) {
		int d = i == c->n_seen ? 1 : k == n_now ? -1 :
		    seen_order(&c->seen[i], &now[k]);

		if (d == 0 && c->seen[i].fn == now[k].fn) {
			i++;
			k++;
		} else if (d <= 0) {
			(void)chassis_log_sight(c, false, &c->seen[i++]);
		} else
			arrived(c, &now[k++]);
	}
	for (k = 0; k < n_now; k++)
		now[k].fn->last_slot = now[k].slot;
}

/* ---- what is used twice ---- */

struct claims {
	struct claim *list;
	size_t n, cap;
};

static void
claim(struct claims *all, enum claim_kind kind, uint64_t key,
    const struct seen *s)
{
	if (all->n == all->cap) {
		all->cap = 2 * all->cap + 64;
		all->list = xrealloc(all->list, all->cap * sizeof(struct claim));
	}
	all->list[all->n++] = (struct claim){ kind, key, s->slot,
		chassis_card_fn_id(s->fn) };
}

/* A physical function has the address that the card was made with. */
uint64_t
chassis_truth_address(const struct fn *f, unsigned kind)
{
	if (f->type == FN_PF)
		return f->module->model->kind == kind ? f->port->address : 0;
	return chassis_get(f->ps + (kind == 1 ? MR_PS_MAC : MR_PS_WWPN), 8);
}

static void
claims_of(struct claims *all, const struct seen *s)
{
	const struct fn *f = s->fn;
	uint64_t mac = chassis_truth_address(f, 1);
	uint64_t wwpn = chassis_truth_address(f, 2);

	claim(all, C_FUNCTION, chassis_card_fn_id(f), s);
	claim(all, C_PORT, (uint64_t)f->module->bay << 16 | f->port->number, s);
	if (mac != 0)
		claim(all, C_MAC, mac, s);
	if (wwpn != 0)
		claim(all, C_WWPN, wwpn, s);
	for (unsigned i = 0; i < f->ps[MR_PS_N_DISKS]; i++) {
		uint64_t d = chassis_get(f->ps + MR_PS_DISKS + 2 * i, 2);

		if (d < f->module->model->disks && f->module->disks[d].state != 0)
			claim(all, C_DISK, (uint64_t)f->module->bay << 16 | d, s);
	}
}

static int
same_claim(const struct claim *a, const struct claim *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return a->key == b->key ? 0 : a->key < b->key ? -1 : 1;
}

static int
claim_order(const void *x, const void *y)
{
	const struct claim *a = x, *b = y;
	int d = same_claim(a, b);

	if (d == 0)
		d = a->slot == b->slot ? 0 : a->slot < b->slot ? -1 : 1;
	return d != 0 ? d : a->fn == b->fn ? 0 : a->fn < b->fn ? -1 : 1;
}

/* Somebody has all of the port, and somebody else a part of it. */
static bool
port_too_many(const struct claim *k, size_t n)
{
	bool whole = false;

	for (size_t i = 0; i < n; i++)
		whole = whole || fn_type(k[i].fn) == FN_PF;
	return whole && k[0].slot != k[n - 1].slot;
}

/* n claims on one thing, by slot: too many? */
static bool
too_many(const struct claim *k, size_t n)
{
	for (size_t i = 1; i < n; i++)
		switch (k->kind) {
		case C_FUNCTION:
			return true;
		case C_MAC:
		case C_WWPN:
			if (k[i].fn != k[0].fn)
				return true;
			break;
		case C_DISK:
			if (k[i].slot != k[0].slot && k[i].fn != k[0].fn)
				return true;
			break;
		case C_PORT:
			return port_too_many(k, n);
		case C_N:
			break;
		}
	return false;
}

static bool
was_active(const struct chassis *c, const struct claim *k)
{
	for (size_t i = 0; i < c->n_active; i++)
		if (same_claim(&c->active[i], k) == 0)
			return true;
	return false;
}

static void
check_claims(struct chassis *c, struct claims *all)
{
	struct claim *active = NULL;
	size_t n_active = 0, n;

	if (all->n > 0)
		qsort(all->list, all->n, sizeof(struct claim), claim_order);
	for (size_t i = 0; i < all->n; i += n) {
		for (n = 1; i + n < all->n &&
		    same_claim(&all->list[i], &all->list[i + n]) == 0; n++)
			;
		if (!too_many(&all->list[i], n))
			continue;
		if (!was_active(c, &all->list[i]))
			record_claims(c, &all->list[i], n);
		active = xrealloc(active, (n_active + 1) * sizeof(*active));
		active[n_active++] = all->list[i];
	}
	free(c->active);
	c->active = active;
	c->n_active = n_active;
}

void
chassis_truth_check(struct chassis *c)
{
	struct claims all = { NULL, 0, 0 };
	struct seen *now;
	size_t n;

	if (!c->dirty)
		return;
	c->dirty = false;
	now = look(c, &n);
	compare(c, now, n);
	for (size_t i = 0; i < n; i++)
		claims_of(&all, &now[i]);
	check_claims(c, &all);
	free(all.list);
	free(c->seen);
	c->seen = now;
	c->n_seen = n;
}

void
chassis_truth_free(struct chassis *c)
{
	free(c->seen);
	free(c->active);
}

/* ---- as JSON ---- */

static void
hex(char *out, unsigned digits, uint32_t value)
{
	static const char all[] = "0123456789abcdef";

	for (unsigned i = 0; i < digits; i++)
		out[i] = all[value >> (4 * (digits - 1 - i)) & 15];
}

/* `at`: its number behind the bridge. */
static json_t *
function_json(const struct bridge *b, const struct fn *f, unsigned at)
{
	json_t *o = json_object();
	const struct space *s = &f->module->space[f->port->number - 1];
	char id[] = "vvvv:dddd", class[] = "cccccc";

	hex(id, 4, space_get(s, 0, 2));
	hex(id + 5, 4, f->type == FN_PF ? space_get(s, 2, 2) :
	    f->module->model->fn_device);
	hex(class, 6, space_get(s, 0x08, 4) >> 8);
	json_put(o, "bridge", json_int(b->number));
	json_put(o, "at", json_int(at));
	json_put(o, "function", fn_json(chassis_card_fn_id(f)));
	json_put(o, "id", json_str(id));
	json_put(o, "class", json_str(class));
	chassis_show_personality(f->module, f->ps, o);
	if (f->type != FN_PF)
		return o;
	json_put(o, "kind", json_str("pf"));
	json_put(o, "mac", chassis_show_address(chassis_truth_address(f, 1),
	    true));
	json_put(o, "wwpn", chassis_show_address(chassis_truth_address(f, 2),
	    false));
	return o;
}

json_t *
chassis_truth_server(const struct chassis *c, const struct slot *s)
{
	json_t *o = json_object(), *list = json_array();

	json_put(o, "slot", json_int(s->number));
	json_put(o, "serial", json_str(s->cable ? s->serial : NULL));
	json_put(o, "powered", json_boolean(s->cable && s->power));
	json_put(o, "link", json_boolean(chassis_slot_up(s)));
	json_put(o, "resets", json_int(s->resets));
	for (unsigned k = 0; k < c->n_bridges; k++) {
		const struct bridge *b = &s->bridges[k];

		/* What it could find is its own already; what it has found it
		 * can use. */
		for (unsigned i = 0; chassis_truth_sees(c, b) && b->seen &&
		    i < b->n; i++)
			json_put(list, NULL, function_json(b, b->f[i], i));
	}
	json_put(o, "functions", list);
	return o;
}

json_t *
chassis_truth_violations(const struct chassis *c)
{
	json_t *o = json_object();

	json_put(o, "count", json_int((int64_t)c->n_violations));
	json_put(o, "now", json_int((int64_t)c->n_active));
	json_put(o, "items", json_deep_copy(c->violations));
	return o;
}

void
chassis_truth_clear(struct chassis *c)
{
	c->n_violations = 0;
	(void)json_array_clear(c->violations);
}
