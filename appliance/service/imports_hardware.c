/* imports_hardware.c -- see imports_hardware.h. */
#include "appliance/service/imports_hardware.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "appliance/engine/qos.h"
#include "appliance/service/vdas.h"

/* The row of one profile, as a conflict begins. */
static struct xml_about
about(const char *row, const struct imports_subject *s)
{
	return (struct xml_about){ .row = row, .type = "profile",
		.name = s->p->head.name, .element = s->element };
}

static bool
is_assigned_here(const struct imports_subject *s)
{
	return s->before != NULL && s->before->slot != 0;
}

/* Off a slot only when it was at none: else that is another choice. */
static void
restrict_options(struct xml_about *a, const struct imports_subject *s,
    const char *fresh, const char *assigned)
{
	a->options = is_assigned_here(s) ? assigned : fresh;
	if (is_assigned_here(s))
		a->def = "refuse";
}

static bool
leaves(const struct xml_conflict *x)
{
	return xml_conflict_is(x, "unassign") || xml_conflict_is(x, "defer") ||
	    xml_conflict_is(x, "hold") || xml_conflict_is(x, "release");
}

/* ---- slots ---- */

static void
look_at_slot(const struct imports_hardware *h, struct imports_subject *s)
{
	const struct xml_here *here = h->match->here;
	struct xml_about a = about("SlotAbsent", s);
	const struct xml_conflict *x;

	if (s->p->slot == 0 || s->p->slot <= here->n_slots)
		return;
	restrict_options(&a, s, "unassign remap refuse",
	    "remap release refuse");
	x = xml_conflict_add(&h->in->conflicts, &a, "slot %" PRIu32
	    " is not here; slots go from 1 to %" PRIu32, s->p->slot,
	    here->n_slots);
	if (xml_conflict_is(x, "remap"))
		s->p->slot = (uint32_t)strtoul(x->value, NULL, 10);
	else if (leaves(x))
		s->p->slot = 0;
}

/* Whoever else is at that slot when the change set is through. */
static int
sitter(const struct imports_hardware *h, const struct imports_subject *s,
    struct profile **out, struct err *e)
{
	struct change_set *set = h->edit->set;
	struct profile *there;

	*out = NULL;
	for (size_t i = 0; i < set->n; i++) {
		struct profile *p = set->items[i].after;

		if (set->items[i].type == OBJ_PROFILE && p != NULL &&
		    p != s->p && p->slot == s->p->slot) {
			*out = p;
			return 0;
		}
	}
	if (profile_at_slot(set->store, set->arena, s->p->slot, &there, e) < 0)
		return -1;
	if (there == NULL || rules_change(set, OBJ_PROFILE,
	    there->head.id) != NULL)
		return 0;
	return change_profile(set, there->head.id, out, e);
}

static int
look_at_sitter(const struct imports_hardware *h, struct imports_subject *s,
    struct err *e)
{
	struct xml_about a = about("SlotOccupied", s);
	const struct xml_conflict *x;
	struct profile *other;

	if (s->p->slot == 0 || (s->before != NULL &&
	    s->before->slot == s->p->slot))
		return 0;
	if (sitter(h, s, &other, e) < 0)
		return -1;
	if (other == NULL)
		return 0;
	a.options = is_assigned_here(s) ? "refuse swap displace" :
	    "refuse displace";
	x = xml_conflict_add(&h->in->conflicts, &a, "slot %" PRIu32
	    " has profile %s", s->p->slot, other->head.name);
	if (xml_conflict_is(x, "swap"))
		other->slot = s->before->slot;
	else if (xml_conflict_is(x, "displace"))
		other->slot = 0;
	return 0;
}

/* The slot that the document says, before any map. */
static const struct imports_slot *
slot_there(const struct imports_hardware *h, const struct imports_subject *s)
{
	uint32_t at = xml_first(h->document, h->was[s->element],
	    "assignment");
	const char *text = at == 0 ? NULL : xml_value(h->document, at, "slot");

	return text == NULL ? NULL : imports_match_slot(h->match,
	    (uint32_t)strtoul(text, NULL, 10));
}

static void
look_at_link(const struct imports_hardware *h, struct imports_subject *s)
{
	const struct fabric_slot *seen = view_slot(h->match->view,
	    s->p->slot);
	const struct imports_slot *there = slot_there(h, s);
	struct xml_about a = about("SlotNarrower", s);

	if (seen == NULL || there == NULL || seen->width == 0 ||
	    seen->width >= there->width)
		return;
	(void)xml_conflict_add(&h->in->conflicts, &a, "slot %" PRIu32
	    " has %u lanes here; it had %" PRIu32 " there", s->p->slot,
	    seen->width, there->width);
}

static void
look_at_server(const struct imports_hardware *h, struct imports_subject *s)
{
	const struct fabric_slot *seen = view_slot(h->match->view,
	    s->p->slot);
	struct xml_about a = about("ServerDiffers", s);
	const struct xml_conflict *x;

	if (seen == NULL || s->p->affinity == 0 || seen->serial[0] == '\0' ||
	    s->p->server_serial[0] == '\0' ||
	    strcmp(seen->serial, s->p->server_serial) == 0 ||
	    (s->before != NULL && s->before->slot == s->p->slot))
		return;
	restrict_options(&a, s, "hold rebind refuse",
	    "rebind release refuse");
	x = xml_conflict_add(&h->in->conflicts, &a, "it is bound to server "
	    "%s; at slot %" PRIu32 " is %s", s->p->server_serial, s->p->slot,
	    seen->serial);
	if (leaves(x))
		s->p->slot = 0;
	else if (xml_conflict_is(x, "rebind"))
		memcpy(s->p->server_serial, seen->serial,
		    sizeof(seen->serial));
}

/* ---- modules ---- */

static const struct imports_pin *
pin_of(const struct imports_hardware *h, uint32_t element)
{
	uint32_t original = h->was[element];

	for (size_t i = 0; i < h->match->n_pins; i++)
		if (h->match->pins[i].element == original)
			return &h->match->pins[i];
	return NULL;
}

static void
repin(struct device *d, const char *value)
{
	unsigned bay, port;
	char *end;

	d->pin_bay = d->pin_port = 0;
	if (port_parse(value, &bay, &port)) {
		d->pin_bay = bay;
		d->pin_port = port;
	} else if (strncasecmp(value, "io", 2) == 0 &&
	    isdigit((unsigned char)value[2])) {
		bay = (unsigned)strtoul(value + 2, &end, 10);
		d->pin_bay = *end == '\0' ? bay : BAY_MAX;
	} else
		d->pin_bay = BAY_MAX;	/* the rules say that it is not there */
}

static void
look_at_pin(const struct imports_hardware *h, struct imports_subject *s,
    struct device *d, uint32_t element)
{
	const struct imports_pin *pin = pin_of(h, element);
	struct xml_about a = about("ModuleAbsent", s);
	const struct xml_conflict *x;

	if (pin == NULL)
		return;
	a.part = d->name;
	a.element = element;
	restrict_options(&a, s, "defer remap dropPin refuse",
	    "remap dropPin release refuse");
	x = xml_conflict_add(&h->in->conflicts, &a, "%s is pinned to %s%s%s, "
	    "and no module here is like that one", d->name, pin->module,
	    pin->port != NULL ? "/" : "", pin->port != NULL ? pin->port : "");
	if (xml_conflict_is(x, "remap"))
		repin(d, x->value);
	else if (!xml_conflict_is(x, "refuse"))
		d->pin_bay = d->pin_port = 0;
	if (leaves(x))
		s->p->slot = 0;
}

/* The class that a kind of device is on; NULL when it is on any. */
static const char *
class_of(const struct device *d)
{
	switch ((enum device_kind)d->kind) {
	case DEVICE_VNIC: return module_class_word(CLASS_ETHERNET);
	case DEVICE_VHBA: return module_class_word(CLASS_FC);
	case DEVICE_VDAS: return module_class_word(CLASS_RAID);
	case DEVICE_EXCLUSIVE:
	case DEVICE_N_KINDS: break;
	}
	return NULL;
}

static bool
has_class(const struct imports_hardware *h, const char *word)
{
	for (size_t i = 0; i < h->match->n_mine; i++)
		if (strcmp(h->match->mine[i].class_word, word) == 0)
			return true;
	return false;
}

static void
look_at_class(const struct imports_hardware *h, struct imports_subject *s,
    struct device *d, uint32_t element)
{
	struct xml_about a = about("ModuleAbsent", s);
	const char *word = class_of(d);
	const struct xml_conflict *x;

	if (s->p->slot == 0 || word == NULL || has_class(h, word) ||
	    (d->kind == DEVICE_VDAS && vdas_is_missing(d)))
		return;
	a.part = arena_printf(h->edit->set->arena, "%s class", d->name);
	a.element = element;
	restrict_options(&a, s, "defer refuse", "release refuse");
	x = xml_conflict_add(&h->in->conflicts, &a,
	    "%s needs a module of class %s, and none is here", d->name, word);
	if (leaves(x))
		s->p->slot = 0;
}

/* ---- what a card can do ---- */

struct shortage {
	const char *what;
	uint32_t wished, best;
	uint32_t *value;		/* what is set when it is degraded */
};

/* The fastest of its ports that the device may be on. */
static uint32_t
speed_of(const struct view *v, uint32_t bay, uint32_t port)
{
	uint32_t best = 0;

	for (size_t i = 0; i < v->n_ports; i++) {
		const struct fabric_port *p = &v->ports[i];

		if (p->bay == bay && (port == 0 || p->port == port) &&
		    qos_speed(p) > best)
			best = qos_speed(p);
	}
	return best;
}

/* What one card cannot do of a vNIC or vHBA. */
static size_t
shortages(const struct capability *c, uint32_t speed, struct device *d,
    struct shortage out[3])
{
	uint32_t limit = d->limit_mbps;
	uint32_t most = speed < c->rate_max ? speed : c->rate_max;
	size_t n = 0;

	if (d->kind == DEVICE_VNIC && c->mtu_max > 0 && d->mtu > c->mtu_max)
		out[n++] = (struct shortage){ "mtu", d->mtu, c->mtu_max,
			&d->mtu };
	if (d->guarantee_mbps > 0 && c->guarantee == GUARANTEE_NONE)
		out[n++] = (struct shortage){ "guaranteeMbps",
			d->guarantee_mbps, 0, &d->own.guarantee_mbps };
	if (limit > most)
		limit = most;
	else if (limit > 0 && limit < c->rate_min)
		limit = c->rate_min;
	if (limit > 0 && c->rate_step > 1)
		limit -= limit % c->rate_step;
	if (limit != d->limit_mbps)
		out[n++] = (struct shortage){ "limitMbps", d->limit_mbps,
			limit, &d->own.limit_mbps };
	return n;
}

/* The card that can do most of it, among those that it may be on; NULL when one
 * can do all, or none is known. */
static const struct capability *
best_card(const struct imports_hardware *h, struct device *d, uint32_t *speed)
{
	const struct capability *best = NULL;
	const char *word = class_of(d);
	struct shortage list[3];
	size_t least = SIZE_MAX;

	for (size_t i = 0; word != NULL && i < h->match->n_mine; i++) {
		const struct match_module *m = &h->match->mine[i];
		const struct capability *c = view_capability(h->match->view,
		    m->bay);
		uint32_t its = speed_of(h->match->view, m->bay, d->pin_port);
		size_t n;

		if (strcmp(m->class_word, word) != 0 || c == NULL ||
		    (d->pin_bay != 0 && d->pin_bay != m->bay))
			continue;
		n = shortages(c, its, d, list);
		if (n >= least)
			continue;
		least = n;
		best = c;
		*speed = its;
	}
	return least == 0 ? NULL : best;
}

/* A class's word goes too: what is left of it becomes the device's own. */
static void
degrade(struct device *d, const struct shortage *s)
{
	if (s->value == &d->mtu) {
		d->mtu = s->best;
		return;
	}
	d->own = (struct device_qos){ d->limit_mbps, d->guarantee_mbps,
		d->pcp };
	*s->value = s->best;
	d->qos_class[0] = '\0';
	d->of_class = (struct device_qos){ .pcp = 0 };
	device_apply_qos(d);
}

static void
look_at_card(const struct imports_hardware *h, struct imports_subject *s,
    struct device *d, uint32_t element)
{
	uint32_t speed = 0;
	const struct capability *c = s->p->slot == 0 ||
	    d->kind == DEVICE_VDAS ? NULL : best_card(h, d, &speed);
	struct shortage list[3];
	size_t n = c == NULL ? 0 : shortages(c, speed, d, list);

	for (size_t i = 0; i < n; i++) {
		struct xml_about a = about("AdapterCannot", s);
		const struct xml_conflict *x;

		a.part = arena_printf(h->edit->set->arena, "%s %s", d->name,
		    list[i].what);
		a.element = element;
		x = xml_conflict_add(&h->in->conflicts, &a, "%s of %s is %"
		    PRIu32 "; %s can do %" PRIu32, list[i].what, d->name,
		    list[i].wished, c->model, list[i].best);
		if (xml_conflict_is(x, "degrade"))
			degrade(d, &list[i]);
	}
}

/* ---- all of it ---- */

static int
look_at_devices(const struct imports_hardware *h, struct imports_subject *s,
    struct err *e)
{
	for (size_t i = 0; i < s->n_devices; i++) {
		struct device *d = profile_device(s->p, s->devices[i].id);
		uint32_t element = s->devices[i].element;

		if (d == NULL)
			continue;
		look_at_pin(h, s, d, element);
		if (d->kind == DEVICE_VDAS && imports_disks(h, s, d, element,
		    e) < 0)
			return -1;
		look_at_class(h, s, d, element);
		look_at_card(h, s, d, element);
	}
	return 0;
}

static int
look_at(const struct imports_hardware *h, struct imports_subject *s,
    struct err *e)
{
	look_at_slot(h, s);
	look_at_server(h, s);
	if (look_at_devices(h, s, e) < 0 || look_at_sitter(h, s, e) < 0)
		return -1;
	look_at_link(h, s);
	return 0;
}

/* The devices of a profile were read right before it. */
static size_t
gather(const struct imports_hardware *h, struct imports_subject *out)
{
	const struct xml_imported *in = h->in;
	size_t n = 0, from = 0;

	for (size_t i = 0; i < in->n_read; i++) {
		const char *name = h->records->elements[
		    in->read[i].element].name;
		const struct change *c;

		if (strcmp(name, "profile") != 0)
			continue;
		c = rules_change(h->edit->set, OBJ_PROFILE, in->read[i].id);
		if (c != NULL && c->after != NULL && !change_is_noop(c))
			out[n++] = (struct imports_subject){ .p = c->after,
				.before = c->before,
				.element = in->read[i].element,
				.devices = in->read + from,
				.n_devices = i - from };
		from = i + 1;
	}
	return n;
}

int
imports_hardware(const struct imports_hardware *h, struct err *e)
{
	struct imports_subject *list = arena_array(h->edit->set->arena,
	    h->in->n_read + 1, sizeof(*list));
	size_t n = gather(h, list);

	/* Of a switch that is not seen planning says so. */
	if (n == 0 || h->match->view->n_slots == 0)
		return 0;
	if (imports_settle(h, list, n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (look_at(h, &list[i], e) < 0)
			return -1;
	return imports_trial(h, list, n, e);
}
