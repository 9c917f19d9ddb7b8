/*
 * chassis_bridge.c -- what commands do to a server's domain: bridges, slots.
 *
 * A bridge holds functions (`live`) from the moment a bind begins; the server
 * finds them there once `presence` is set.  When their module goes, presence and
 * hold go too, and only the ids stay in the row until somebody unbinds.
 */
#include <string.h>

#include "tools/emulator/chassis_parts.h"

/* ---- who and where ---- */

bool
chassis_slot_up(const struct slot *s)
{
	return s->cable && s->power && s->enabled;
}

/* A bridge takes one bus number, and of memory the smallest window there is. */
static bool
kept_room(const struct bridge *b)
{
	return b->number < b->slot->buses && b->number < b->slot->mmio_mib;
}

static bool
finds(const struct bridge *b, enum chassis_look how)
{
	if (!b->presence || !chassis_slot_up(b->slot))
		return false;
	return b->seen || how == LOOK_START || (kept_room(b) &&
	    (how == LOOK_AGAIN || b->slot->hotplug));
}

void
chassis_slot_look(struct chassis *c, struct slot *s, enum chassis_look how)
{
	for (unsigned i = 0; i < c->n_bridges; i++) {
		struct bridge *b = &s->bridges[i];
		bool seen = finds(b, how);

		if (seen == b->seen)
			continue;
		b->seen = seen;
		chassis_mark_bridge(c, b);
	}
}

static void
raise_presence(struct bridge *b)
{
	b->presence = true;
	b->seen = finds(b, LOOK_HOT);
}

static struct slot *
slot_of(struct chassis *c, unsigned number)
{
	return number >= 1 && number <= c->n_slots ? &c->slots[number - 1] :
	    NULL;
}

struct bridge *
chassis_bridge(struct chassis *c, unsigned slot, unsigned number)
{
	struct slot *s = slot_of(c, slot);

	return s != NULL && number < c->n_bridges ? &s->bridges[number] : NULL;
}

uint8_t
chassis_bridge_state(const struct bridge *b)
{
	if (b->work.pending != NULL)
		return b->work.pending->order.row->verb == V_BIND ?
		    MR_BRIDGE_BINDING : MR_BRIDGE_RELEASING;
	return b->n > 0 ? MR_BRIDGE_BOUND : MR_BRIDGE_EMPTY;
}

/* ---- the map ---- */

static void
let_go(struct chassis *c, struct bridge *b)
{
	for (unsigned i = 0; b->live && i < b->n; i++) {
		b->f[i]->behind--;
		chassis_mark_fn_quietly(c, b->f[i]);
	}
	b->live = b->presence = b->seen = false;
}

static void
hold(struct chassis *c, struct bridge *b, unsigned n, struct fn *const *f)
{
	let_go(c, b);
	memset(b->fn, 0, sizeof(b->fn));
	b->n = (uint8_t)n;
	b->live = n > 0;
	for (unsigned i = 0; i < n; i++) {
		b->f[i] = f[i];
		b->fn[i] = chassis_card_fn_id(f[i]);
		f[i]->behind++;
		/* Who had all of it may have left anything in it. */
		if (f[i]->type == FN_PF)
			f[i]->blank = false;
		chassis_mark_fn_quietly(c, f[i]);
	}
}

void
chassis_bridge_map(struct chassis *c, struct bridge *b, unsigned n,
    struct fn *const *f)
{
	if (b->n == 0 && n == 0)
		return;
	hold(c, b, n, f);
	if (n > 0)
		raise_presence(b);
	chassis_mark_bridge(c, b);
}

static bool
holds_any(const struct bridge *b, const struct module *m,
    const struct port *port)
{
	for (unsigned i = 0; b->live && i < b->n; i++)
		if (b->f[i]->module == m &&
		    (port == NULL || b->f[i]->port == port))
			return true;
	return false;
}

void
chassis_bridge_lose(struct chassis *c, const struct module *m,
    const struct port *port)
{
	for (unsigned s = 0; s < c->n_slots; s++)
		for (unsigned k = 0; k < c->n_bridges; k++) {
			struct bridge *b = &c->slots[s].bridges[k];

			if (!holds_any(b, m, port))
				continue;
			let_go(c, b);
			chassis_mark_bridge(c, b);
		}
}

void
chassis_bridge_mark(struct chassis *c, struct order *o)
{
	struct bridge *b = o->bridge;

	for (unsigned i = 0; b->live && i < b->n; i++)
		chassis_mark_fn_quietly(c, b->f[i]);
	chassis_mark_bridge(c, b);
}

/* ---- BIND ---- */

static int
find_bridge(struct chassis *c, struct order *o)
{
	o->slot = slot_of(c, (unsigned)chassis_get(o->operand, 2));
	o->bridge = o->slot != NULL ?
	    chassis_bridge(c, o->slot->number, o->operand[2]) : NULL;
	if (o->bridge == NULL)
		return MR_ERR_ABSENT;
	o->work = &o->bridge->work;
	return MR_ERR_NONE;
}

/* The functions of one device: of one module, none twice. */
static int
find_functions(struct chassis *c, struct order *o, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		o->fns[i] = chassis_card_fn(c,
		    (fn_id)chassis_get(o->operand + 4 + 4 * i, 4));
		if (o->fns[i] == NULL ||
		    !chassis_card_power(c, o->fns[i]->module))
			return MR_ERR_ABSENT;
		if (o->fns[i]->module != o->fns[0]->module)
			return MR_ERR_OPERAND;
		for (unsigned k = 0; k < i; k++)
			if (o->fns[k] == o->fns[i])
				return MR_ERR_OPERAND;
	}
	return MR_ERR_NONE;
}

int
chassis_bind_find(struct chassis *c, struct order *o)
{
	int err = find_bridge(c, o);

	if (err != MR_ERR_NONE)
		return err;
	if (o->operand[3] < 1 || o->operand[3] > MR_BRIDGE_FNS)
		return MR_ERR_OPERAND;
	return find_functions(c, o, o->operand[3]);
}

static bool
same(const struct bridge *b, const struct order *o)
{
	if (!b->live || b->n != o->operand[3])
		return false;
	for (unsigned i = 0; i < b->n; i++)
		if (b->f[i] != o->fns[i])
			return false;
	return true;
}

int
chassis_bind_check(struct chassis *c, struct order *o)
{
	const struct bridge *b = o->bridge;
	/* A bind that hangs has not got its functions yet. */
	bool hanging = b->work.pending != NULL && !b->presence;

	(void)c;
	if (!o->slot->enabled)
		return MR_ERR_DISABLED;
	if (b->n > 0 && !hanging && !(same(b, o) && b->presence))
		return MR_ERR_OCCUPIED;
	for (unsigned i = 0; i < o->operand[3]; i++)
		if (o->fns[i]->work.pending != NULL)
			return MR_ERR_BUSY;
	return MR_ERR_NONE;
}

void
chassis_bind_begin(struct chassis *c, struct order *o)
{
	if (!same(o->bridge, o))
		hold(c, o->bridge, o->operand[3], o->fns);
}

void
chassis_bind_undo(struct chassis *c, struct order *o)
{
	if (!o->bridge->presence)
		chassis_bridge_map(c, o->bridge, 0, NULL);
}

int
chassis_bind_effect(struct chassis *c, struct order *o)
{
	if (!o->slot->enabled)
		return MR_ERR_DISABLED;
	chassis_bind_begin(c, o);
	raise_presence(o->bridge);
	return MR_ERR_NONE;
}

/* ---- UNBIND ---- */

int
chassis_unbind_find(struct chassis *c, struct order *o)
{
	int err = find_bridge(c, o);

	if (err == MR_ERR_NONE && o->operand[3] > MR_UNBIND_SURPRISE)
		err = MR_ERR_OPERAND;
	return err;
}

bool
chassis_unbind_first(const struct order *o)
{
	return o->operand[3] == MR_UNBIND_SURPRISE;
}

/* Is there anyone to ask? */
static bool
asks(const struct order *o)
{
	return o->operand[3] == MR_UNBIND_ORDERLY && o->bridge->presence;
}

static int64_t
ack_after(const struct chassis *c)
{
	return c->delays[V_UNBIND] > 0 ? c->delays[V_UNBIND] : c->ack_ms;
}

int64_t
chassis_unbind_takes(const struct chassis *c, const struct order *o)
{
	int64_t ack = ack_after(c);

	if (!asks(o))
		return 0;
	return ack < c->release_ms ? ack : c->release_ms;
}

/* A server slower than the release time is as good as none. */
void
chassis_unbind_begin(struct chassis *c, struct order *o)
{
	o->waited = ack_after(c) > c->release_ms;
}

int
chassis_unbind_effect(struct chassis *c, struct order *o)
{
	if (asks(o) && o->waited)
		return MR_ERR_UNANSWERED;
	if (asks(o) && !chassis_slot_up(o->slot))
		return EFFECT_WAIT;
	chassis_bridge_map(c, o->bridge, 0, NULL);
	return MR_ERR_NONE;
}

/* ---- slots ---- */

int
chassis_slot_find(struct chassis *c, struct order *o)
{
	o->slot = slot_of(c, (unsigned)chassis_get(o->operand, 2));
	if (o->slot == NULL)
		return MR_ERR_ABSENT;
	o->work = &o->slot->work;
	return MR_ERR_NONE;
}

int
chassis_slot_ctl_check(struct chassis *c, struct order *o)
{
	(void)c;
	return o->operand[2] >= MR_CTL_ENABLE &&
	    o->operand[2] <= MR_CTL_LOCATE_OFF ? MR_ERR_NONE : MR_ERR_OPERAND;
}

bool
chassis_slot_ctl_first(const struct order *o)
{
	return o->operand[2] == MR_CTL_DISABLE;
}

int
chassis_slot_ctl_effect(struct chassis *c, struct order *o)
{
	bool on = o->operand[2] == MR_CTL_ENABLE ||
	    o->operand[2] == MR_CTL_LOCATE_ON;
	bool *what = o->operand[2] <= MR_CTL_DISABLE ? &o->slot->enabled :
	    &o->slot->locate;

	if (*what != on) {
		*what = on;
		chassis_mark_slot(c, o->slot);
		chassis_slot_look(c, o->slot, LOOK_HOT);
	}
	return MR_ERR_NONE;
}

/* A hot reset ends at the domain's borders: the server finds its devices
 * again, and their personalities are the base functions' business. */
int
chassis_slot_reset_effect(struct chassis *c, struct order *o)
{
	o->slot->resets++;
	chassis_mark_slot(c, o->slot);
	return MR_ERR_NONE;
}
