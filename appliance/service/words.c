/* words.c -- see words.h. */
#include "appliance/service/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "appliance/engine/activation.h"

enum { SENTENCE_MAX = 1200 };

struct text {
	char data[SENTENCE_MAX];
	size_t len;
	unsigned left_out;
};

static void say(struct text *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* One whole sentence, or none when there is no room. */
static void
say(struct text *t, const char *fmt, ...)
{
	char one[320];
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	vsnprintf(one, sizeof(one), fmt, ap);
	va_end(ap);
	n = strlen(one);
	if (t->len + n + 64 > sizeof(t->data)) {
		t->left_out++;
		return;
	}
	t->len += (size_t)snprintf(t->data + t->len,
	    sizeof(t->data) - t->len, "%s%s", t->len > 0 ? " " : "", one);
}

static const char *
kind_word(const struct device *d)
{
	static const char *const words[] = { "vNIC", "vHBA", "vDAS",
		"exclusive device" };

	return words[d->kind];
}

/* "a vNIC on prod", "a vHBA on san-a", "a vDAS with 2 disks". */
static void
describe(const struct device *d, char *text, size_t size)
{
	if (d->kind == DEVICE_VHBA)
		snprintf(text, size, "a vHBA on %s", d->san_name);
	else if (d->kind == DEVICE_VDAS)
		snprintf(text, size, "a vDAS with %zu disk%s", d->n_disks,
		    d->n_disks == 1 ? "" : "s");
	else if (d->kind == DEVICE_EXCLUSIVE)
		snprintf(text, size, d->extent == EXTENT_CARD ?
		    "a whole card (%s)" : "a function of a card, whole (%s)",
		    d->name);
	else if (d->n_vlans == 1)
		snprintf(text, size, "a vNIC on %s (VLAN %" PRIu32 ")",
		    d->vlans[0].name, d->vlans[0].vlan);
	else
		snprintf(text, size, "a vNIC on %zu networks", d->n_vlans);
}

static void
where(const struct profile *p, char *text, size_t size)
{
	if (p->slot != 0)
		snprintf(text, size, "slot %" PRIu32, p->slot);
	else
		snprintf(text, size, "profile %s", p->head.name);
}

static const char *
plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void
say_place(struct text *t, const struct profile *p, const struct profile *old)
{
	uint32_t was = old != NULL ? old->slot : 0;

	if (was == p->slot)
		return;
	if (was == 0)
		say(t, "Assigns %s with %zu device%s to slot %" PRIu32 ".",
		    p->head.name, p->n_devices, plural(p->n_devices), p->slot);
	else if (p->slot == 0)
		say(t, "Releases %s from slot %" PRIu32
		    ": the server there loses %zu device%s.", p->head.name,
		    was, old->n_devices, plural(old->n_devices));
	else
		say(t, "Moves %s with %zu device%s from slot %" PRIu32
		    " to slot %" PRIu32 "; addresses stay the same.",
		    p->head.name, p->n_devices, plural(p->n_devices), was,
		    p->slot);
}

static bool
same_device(const struct planning *p, const struct device *a,
    const struct device *b)
{
	struct field_names names = change_names(p->set);
	const struct field_table *table =
	    field_device((enum device_kind)a->kind);
	json_t *diff = field_diff(table, &names, a, b);
	bool same = json_array_size(diff) == 0;

	json_decref(diff);
	return same;
}

static const struct device *
by_id(const struct profile *p, const char *id)
{
	for (size_t i = 0; p != NULL && i < p->n_devices; i++)
		if (strcmp(p->devices[i].id, id) == 0)
			return &p->devices[i];
	return NULL;
}

static void
say_devices(struct text *t, const struct planning *plan,
    const struct profile *p, const struct profile *old)
{
	char place[80], what[200];

	where(p, place, sizeof(place));
	for (size_t i = 0; i < p->n_devices; i++) {
		const struct device *d = &p->devices[i];
		const struct device *before = by_id(old, d->id);

		describe(d, what, sizeof(what));
		if (before == NULL && d->idle)
			say(t, "Lends %s %s at its times.", place, what);
		else if (before == NULL || (before->idle && !d->idle))
			say(t, "Gives %s %s.", place, what);
		else if (!before->idle && d->idle)
			say(t, "Takes %s %s back from %s.", kind_word(d),
			    d->name, place);
		else if (!same_device(plan, before, d))
			say(t, "Changes %s %s of %s.", kind_word(d), d->name,
			    place);
	}
	for (size_t i = 0; old != NULL && i < old->n_devices; i++)
		if (by_id(p, old->devices[i].id) == NULL)
			say(t, "Takes %s %s away from %s.",
			    kind_word(&old->devices[i]), old->devices[i].name,
			    place);
}

static void
say_profile(struct text *t, const struct planning *plan,
    const struct change *c)
{
	const struct profile *p = c->after, *old = c->before;
	size_t before = t->len;

	if (p == NULL) {
		say(t, "Removes profile %s with %zu device%s.",
		    old->head.name, old->n_devices, plural(old->n_devices));
		return;
	}
	if (old == NULL)
		say(t, "Makes profile %s.", p->head.name);
	say_place(t, p, old);
	say_devices(t, plan, p, old);
	if (t->len == before && t->left_out == 0)
		say(t, "Changes profile %s.", p->head.name);
}

static void
say_slot(struct text *t, const struct slot *s, const struct slot *old)
{
	static const char *const words[] = {
		"Enables", "Disables", "Puts into maintenance:"
	};

	if (old == NULL || old->admin != s->admin)
		say(t, "%s slot %" PRIu32 ".", words[s->admin], s->number);
	if (old != NULL && old->is_spare != s->is_spare)
		say(t, s->is_spare ? "Keeps slot %" PRIu32 " as a spare." :
		    "Slot %" PRIu32 " is no spare any more.", s->number);
	if (old != NULL && (strcmp(old->label, s->label) != 0 ||
	    strcmp(old->cable_id, s->cable_id) != 0))
		say(t, "Labels slot %" PRIu32 ".", s->number);
}

static void
say_port(struct text *t, const struct port *p, const struct port *old)
{
	static const char *const modes[] = { "veb", "vepa", "isolated" };
	char name[PORT_TEXT];

	port_text(p->at.bay, p->at.port, name);
	if (old->forwarding != p->forwarding)
		say(t, "Port %s forwards as %s.", name, modes[p->forwarding]);
	if (old->reserve_pct != p->reserve_pct ||
	    old->oversubscribe != p->oversubscribe)
		say(t, "Changes the budget of port %s.", name);
}

static void
say_bay(struct text *t, const struct bay *b, const struct bay *old)
{
	static const char *const services[] = { "is in use again", "is held: "
	    "what is placed there waits", "is evacuated" };

	if (old->service != b->service)
		say(t, "io%" PRIu32 " %s.", b->number, services[b->service]);
	if (old->power != b->power)
		say(t, "Switches io%" PRIu32 " %s.", b->number,
		    b->power == BAY_ON ? "on" : "off");
	if (strcmp(old->accepted, b->accepted) != 0)
		say(t, "Takes %s in io%" PRIu32 " as its card.", b->accepted,
		    b->number);
	if (strcmp(old->label, b->label) != 0)
		say(t, "Labels io%" PRIu32 ".", b->number);
}

static void
say_object(struct text *t, const struct change *c)
{
	const struct head *h = c->after != NULL ? c->after : c->before;
	const char *verb = c->after == NULL ? "Removes" :
	    c->before == NULL ? "Makes" : "Changes";
	const struct network *n = c->after;

	if (c->type == OBJ_NETWORK && n != NULL)
		say(t, "%s network %s (VLAN %" PRIu32 ").", verb, h->name,
		    n->vlan);
	else if (c->type == OBJ_CLASS)
		say(t, "%s class %s.", verb, h->name);
	else if (c->type == OBJ_APPLIANCE)
		say(t, "%s the extensions of the appliance.", verb);
	else
		say(t, "%s %s %s.", verb, object_word(c->type), h->name);
}

static void
say_affected(struct text *t, const struct planning *p)
{
	uint32_t *slots;
	size_t n, named = 0;

	planning_touched(p, &slots, &n);
	for (size_t i = 0; i < p->set->n; i++)
		named += p->set->items[i].type == OBJ_PROFILE;
	if (n == 0)
		say(t, "No slot is affected.");
	else if (named > 0 || p->ctl != 0)
		say(t, "No other slot is affected.");
	else
		say(t, "%zu slot%s affected.", n, n == 1 ? " is" : "s are");
}

const char *
words_sentence(const struct planning *p)
{
	struct text t = { .len = 0 };

	for (size_t i = 0; i < p->set->n; i++) {
		const struct change *c = &p->set->items[i];

		/* Made and removed by the same list. */
		if (c->before == NULL && c->after == NULL)
			continue;
		if (c->type == OBJ_PROFILE)
			say_profile(&t, p, c);
		else if (c->type == OBJ_SLOT && c->after != NULL)
			say_slot(&t, c->after, c->before);
		else if (c->type == OBJ_PORT)
			say_port(&t, c->after, c->before);
		else if (c->type == OBJ_BAY)
			say_bay(&t, c->after, c->before);
		else if (c->type != OBJ_SLOT)
			say_object(&t, c);
	}
	if (p->ctl == CTL_LOCATE_ON || p->ctl == CTL_LOCATE_OFF)
		say(&t, "Turns the lamp of %s%" PRIu32 " %s.",
		    p->ctl_bay ? "io" : "slot ", p->ctl_slot,
		    p->ctl == CTL_LOCATE_ON ? "on" : "off");
	if (t.left_out > 0)
		t.len += (size_t)snprintf(t.data + t.len,
		    sizeof(t.data) - t.len, " And %u more.", t.left_out);
	if (planning_empty(p) && planning_applicable(p))
		return "Changes nothing.";
	if (planning_applicable(p))
		say_affected(&t, p);
	return arena_strdup(p->call->arena, t.data);
}

/* ---- what a server notices ---- */

static bool
loses(const struct planning *p, uint32_t slot)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].slot == slot &&
		    (p->steps[i].verb == STEP_UNBIND ||
		    (p->steps[i].verb == STEP_SLOT_CTL &&
		    p->steps[i].arg1 == CTL_DISABLE)))
			return true;
	return false;
}

/* Disks that go with what sat at a slot. */
static size_t
destroyed_at(const struct planning *p, uint32_t slot)
{
	struct rules_doomed *list;
	size_t n, count = 0;

	rules_doomed(&p->rules, &list, &n);
	for (size_t i = 0; i < n; i++) {
		const struct profile *before = list[i].change->before;

		count += before->slot == slot;
	}
	return count;
}

/* What it takes until the server of a slot has seen all that it gets; false when
 * it gets nothing. */
static bool
activation_at(const struct planning *p, uint32_t slot, enum activation *worst)
{
	bool any = false;

	*worst = ACTIVATION_HOT;
	for (size_t i = 0; i < p->n_steps; i++) {
		enum activation a;

		if (p->steps[i].slot != slot ||
		    p->steps[i].verb != STEP_BIND)
			continue;
		a = activation_of(p->call->view, slot, p->steps[i].bridge);
		any = true;
		*worst = a > *worst ? a : *worst;
	}
	return any;
}

static void
put_activation(const struct planning *p, uint32_t slot, const char *text,
    json_t *o)
{
	enum activation a;

	if (!activation_at(p, slot, &a)) {
		json_put(o, "activation", json_null());
		json_put(o, "text", json_str(text));
		return;
	}
	json_put(o, "activation", json_str(activation_word(a)));
	json_put(o, "text", json_str(a == ACTIVATION_HOT ? text :
	    arena_printf(p->call->arena, "%s It sees what it gets %s.", text,
	    activation_when(a))));
}

json_t *
words_disruption(const struct planning *p)
{
	json_t *list = json_array();
	uint32_t *slots;
	size_t n;

	planning_touched(p, &slots, &n);
	for (size_t i = 0; i < n; i++) {
		size_t disks = destroyed_at(p, slots[i]);
		json_t *o = json_object();

		json_put(o, "slot", json_int(slots[i]));
		json_put(o, "class", json_str(disks > 0 ? "destroysData" :
		    loses(p, slots[i]) ? "interrupts" : "none"));
		put_activation(p, slots[i], disks > 0 ?
		    "The server loses its disks and what is on them." :
		    loses(p, slots[i]) ?
		    "The server loses devices that it may be using." :
		    "The server keeps what it has.", o);
		json_put(list, NULL, o);
	}
	return list;
}

/* ---- steps ---- */

static const char *
slot_ctl_words(struct arena *a, const struct step *s)
{
	static const char *const words[] = {
		"Switch", "Enable slot", "Disable slot", "Lamp on at slot",
		"Lamp off at slot"
	};

	return arena_printf(a, "%s %" PRIu32,
	    words[s->arg1 <= CTL_LOCATE_OFF ? s->arg1 : 0], s->slot);
}

const char *
words_step(struct arena *a, const struct step *s, const char *device)
{
	char fn[FN_TEXT];
	const char *who = device[0] != '\0' ? device : s->fn == 0 ?
	    "what somebody else bound" : fn_text(s->fn, fn);

	fn_text(s->fn, fn);
	switch (s->verb) {
	case STEP_UNBIND:
		return arena_printf(a, "Take %s from slot %" PRIu32
		    ", bridge %" PRIu32 "%s", who, s->slot, s->bridge,
		    s->arg1 == RELEASE_SURPRISE ? ", without asking" : "");
	case STEP_SCRUB:
		return arena_printf(a, "Wipe %s and prove it blank", fn);
	case STEP_DISK_MAKE:
		return arena_printf(a, "Make disk %" PRIu32 " on io%" PRIu32
		    " (RAID%" PRIu32 ", %" PRIu32 " MiB)", s->arg2, s->arg1,
		    s->raid, s->mib);
	case STEP_PREPARE:
		return arena_printf(a, "Give %s its settings as %s", fn, who);
	case STEP_BIND:
		return arena_printf(a, "Put %s behind slot %" PRIu32
		    ", bridge %" PRIu32, who, s->slot, s->bridge);
	case STEP_DISK_DESTROY:
		return arena_printf(a, "Destroy disk %" PRIu32 " on io%"
		    PRIu32, s->arg2, s->arg1);
	case STEP_SLOT_CTL:
		return slot_ctl_words(a, s);
	case STEP_PORT_CTL:
		return arena_printf(a, "Set how io%" PRIu32 "/%" PRIu32
		    " forwards", s->arg1, s->arg2);
	case STEP_BAY_CTL:
		return arena_printf(a, "%s io%" PRIu32 " %s",
		    s->arg2 >= CTL_LOCATE_ON ? "Turn the lamp of" : "Switch",
		    s->arg1, s->arg2 == CTL_ENABLE ||
		    s->arg2 == CTL_LOCATE_ON ? "on" : "off");
	case STEP_N_VERBS:
		break;
	}
	return "";
}

const char *
words_device(const struct planning *p, const char *id)
{
	for (size_t i = 0; i < p->n_wants; i++)
		if (strcmp(p->wants[i].device, id) == 0)
			return p->wants[i].name;
	for (size_t i = 0; i < p->set->n; i++) {
		const struct change *c = &p->set->items[i];
		const struct device *d;

		if (c->type != OBJ_PROFILE)
			continue;
		d = by_id(c->after, id);
		if (d == NULL)
			d = by_id(c->before, id);
		if (d != NULL)
			return d->name;
	}
	return "";
}
