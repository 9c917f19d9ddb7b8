/*
 * read_replacement.c -- what it takes to replace a card; see read.h.
 *
 * Nothing of it is remembered: what was bound on is a row, what is there is
 * seen, and the next step follows from both and from the service of the bay.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "appliance/engine/engine.h"
#include "appliance/service/read.h"
#include "appliance/service/render.h"
#include "appliance/service/request.h"

/* A card, there or not: a file says what its model can do. */
struct card {
	uint16_t vendor, device;
	const char *serial;
	const struct capability *cap;
};

struct change_of_card {
	struct render *r;
	const struct bay *bay;
	const struct fabric_bay *seen;
	struct card former, present;
	bool has_former, has_present, same;
	unsigned elsewhere;		/* the former card is in that bay; 0 no */
	struct profile *profiles;
	size_t n_profiles, n_devices;	/* devices: placed on it */
};

static struct card
card_of(const struct view *v, uint16_t vendor, uint16_t device,
    const char *serial)
{
	return (struct card){ vendor, device, serial, v->caps == NULL ? NULL :
	    capability_find(v->caps, vendor, device) };
}

static enum module_class
class_of(const struct card *c)
{
	return c->cap == NULL ? CLASS_OTHER : c->cap->class;
}

static json_t *
card_json(const struct card *c)
{
	char id[16];
	json_t *o = json_object();

	snprintf(id, sizeof(id), "%04X:%04X", c->vendor, c->device);
	json_put(o, "pciId", json_str(id));
	json_put(o, "serial", json_str(c->serial));
	json_put(o, "class", json_str(module_class_word(class_of(c))));
	json_put(o, "model", c->cap == NULL ? json_null() :
	    json_str(c->cap->model));
	if (c->cap == NULL)
		return o;
	json_put(o, "ports", json_int(c->cap->ports));
	json_put(o, "functionsPerPort", json_int(c->cap->max_functions));
	json_put(o, "speedMbps", json_int(c->cap->speed_mbps));
	return o;
}

/* ---- what differs ---- */

static void
put_difference(json_t *list, const char *name, json_t *before, json_t *after)
{
	json_t *o;

	if (json_equal(before, after)) {
		json_decref(before);
		json_decref(after);
		return;
	}
	o = json_object();
	json_put(o, "name", json_str(name));
	json_put(o, "before", before);
	json_put(o, "after", after);
	json_put(list, NULL, o);
}

static json_t *
differences(const struct change_of_card *x)
{
	static const char *const names[] = { "class", "model", "pciId",
		"serial", "ports", "functionsPerPort", "speedMbps" };
	json_t *list = json_array(), *a, *b;

	if (!x->has_former || !x->has_present)
		return list;
	a = card_json(&x->former);
	b = card_json(&x->present);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		json_t *was = json_object_get(a, names[i]);
		json_t *is = json_object_get(b, names[i]);

		put_difference(list, names[i], was == NULL ? json_null() :
		    json_incref(was), is == NULL ? json_null() :
		    json_incref(is));
	}
	json_decref(a);
	json_decref(b);
	return list;
}

/* ---- whom it concerns ---- */

static bool
is_on(const struct change_of_card *x, const struct device *d)
{
	return d->placed != 0 && fn_bay(d->placed) == x->bay->number;
}

/* Another device of its kind on another card that is there. */
static const struct device *
second_path(const struct change_of_card *x, const struct profile *p,
    const struct device *d)
{
	for (size_t i = 0; i < p->n_devices; i++) {
		const struct device *o = &p->devices[i];

		if (o->kind == d->kind && !is_on(x, o) && o->placed != 0 &&
		    view_fn(x->r->call->view, o->placed) != NULL)
			return o;
	}
	return NULL;
}

static json_t *
device_json(const struct change_of_card *x, const struct profile *p,
    const struct device *d)
{
	static const char *const kinds[] = { "vnic", "vhba", "vdas",
		"exclusive" };
	const struct device *other = second_path(x, p, d);
	json_t *o = json_object();
	char text[WWN_TEXT];

	json_put(o, "name", json_str(d->name));
	json_put(o, "kind", json_str(kinds[d->kind]));
	json_put(o, "function", render_fn(d->placed));
	json_put(o, "address", d->address == 0 ? json_null() :
	    json_str(d->kind == DEVICE_VNIC ? mac_text(d->address, text) :
	    wwn_text(d->address, text)));
	json_put(o, "state", json_str(render_device_state(x->r, p, d)));
	json_put(o, "secondPath", other == NULL ? json_null() :
	    json_str(other->name));
	return o;
}

static json_t *
profile_json(struct change_of_card *x, const struct profile *p)
{
	json_t *o = json_object(), *devices = json_array();
	bool loses = false;

	json_put(o, "name", json_str(p->head.name));
	json_put(o, "slot", p->slot == 0 ? json_null() : json_int(p->slot));
	json_put(o, "devices", devices);
	for (size_t i = 0; i < p->n_devices; i++) {
		if (!is_on(x, &p->devices[i]))
			continue;
		x->n_devices++;
		loses = loses || second_path(x, p, &p->devices[i]) == NULL;
		json_put(devices, NULL, device_json(x, p, &p->devices[i]));
	}
	json_put(o, "losesAllPaths", json_boolean(loses));
	return o;
}

static bool
uses(const struct change_of_card *x, const struct profile *p)
{
	for (size_t i = 0; i < p->n_devices; i++)
		if (is_on(x, &p->devices[i]))
			return true;
	return false;
}

static json_t *
profiles_json(struct change_of_card *x)
{
	json_t *list = json_array();

	for (size_t i = 0; i < x->n_profiles; i++)
		if (uses(x, &x->profiles[i]))
			json_put(list, NULL, profile_json(x,
			    &x->profiles[i]));
	return list;
}

static json_t *
slots_json(const struct change_of_card *x)
{
	json_t *list = json_array();

	for (uint32_t slot = 1; slot <= x->r->call->view->n_slots; slot++)
		for (size_t i = 0; i < x->n_profiles; i++)
			if (x->profiles[i].slot == slot &&
			    uses(x, &x->profiles[i]))
				json_put(list, NULL, json_int(slot));
	return list;
}

/* ---- what comes next ---- */

/* The first one is what one would do. */
static void
put_step(const struct change_of_card *x, json_t *list, const char *step,
    const char *confirm, const char *text)
{
	json_t *o = json_object(), *codes = json_array();
	char path[40];

	json_put(o, "step", json_str(step));
	snprintf(path, sizeof(path), "/bays/io%" PRIu32 ":%s", x->bay->number,
	    step);
	if (strcmp(step, "pull") == 0 || strcmp(step, "insert") == 0) {
		json_put(o, "path", json_null());
	} else {
		json_put(o, "method", json_str("POST"));
		json_put(o, "path", json_str(path));
	}
	if (confirm != NULL)
		json_put(codes, NULL, json_str(confirm));
	json_put(o, "confirm", codes);
	json_put(o, "text", json_str(text));
	json_put(list, NULL, o);
}

static void
put_begin(const struct change_of_card *x, json_t *list)
{
	if (x->n_devices == 0) {
		put_step(x, list, "pull", NULL, "Nothing is on it; pull the "
		    "card");
		return;
	}
	put_step(x, list, "hold", NULL, "Hold the bay: its devices wait for "
	    "the next card");
	put_step(x, list, "evacuate", NULL, "Or place its devices on other "
	    "cards of the class");
}

static json_t *
next_json(const struct change_of_card *x)
{
	json_t *list = json_array();
	bool class = x->has_former && x->has_present &&
	    class_of(&x->former) == class_of(&x->present);

	if (x->elsewhere != 0 && !x->same && x->n_devices > 0)
		put_step(x, list, "follow", NULL, "The card is in another bay "
		    "now: move its devices there");
	if (!x->has_present) {
		put_step(x, list, "insert", NULL, "Put a card of the same "
		    "class into the bay");
	} else if (!x->same && !class) {
		put_step(x, list, "insert", NULL, "That card is of another "
		    "class; nothing is bound on it. Put one of the former "
		    "class into the bay");
	} else if (!x->same) {
		put_step(x, list, "accept", "ModuleMismatch", "Take this card "
		    "in the place of the former one; its devices are bound "
		    "with their addresses and boot targets");
	} else if (x->bay->service == SERVICE_NONE) {
		put_begin(x, list);
	} else {
		put_step(x, list, "pull", NULL, "Pull the card");
		put_step(x, list, "return", NULL, "Or use it again as it is");
	}
	return list;
}

static const char *
server_text(const struct change_of_card *x)
{
	if (x->same || !x->has_present || !x->has_former)
		return "the same device as before";
	if (class_of(&x->former) != class_of(&x->present))
		return "nothing: it is a card of another class";
	if (x->former.vendor == x->present.vendor &&
	    x->former.device == x->present.device)
		return "the same device again, found anew";
	return "a new PCI device id, found anew; addresses and boot targets "
	    "stay";
}

/* ---- reading ---- */

static int
look(struct change_of_card *x, struct module *was, struct err *e)
{
	struct call *c = x->r->call;
	char card[MODULE_TEXT];

	if (module_load(c->store, x->bay->number, was, e) < 0 ||
	    profile_list(c->store, c->arena, "", STORE_ALL, &x->profiles,
	    &x->n_profiles, e) < 0)
		return -1;
	x->has_present = x->seen->occupied;
	x->present = card_of(c->view, x->seen->vendor, x->seen->device,
	    x->seen->serial);
	x->has_former = was->bay != 0 || x->has_present;
	x->former = was->bay == 0 ? x->present : card_of(c->view, was->vendor,
	    was->device, was->serial);
	x->same = x->has_present && (!engine_have_other(c->view, was) ||
	    strcmp(x->bay->accepted, engine_module_text(x->seen, card)) == 0);
	x->elsewhere = engine_module_elsewhere(c->view, was);
	return 0;
}

static json_t *
replacement_json(struct change_of_card *x)
{
	static const char *const services[] = { "none", "hold", "evacuate" };
	json_t *o = json_object();

	json_put(o, "bay", render_bay(x->bay->number));
	json_put(o, "service", json_str(services[x->bay->service]));
	json_put(o, "power", json_str(x->seen->power ? "on" : "off"));
	json_put(o, "former", x->has_former ? card_json(&x->former) :
	    json_null());
	json_put(o, "present", x->has_present ? card_json(&x->present) :
	    json_null());
	json_put(o, "same", json_boolean(x->same));
	json_put(o, "sameClass", json_boolean(x->has_former &&
	    x->has_present && class_of(&x->former) == class_of(&x->present)));
	json_put(o, "elsewhere", render_bay(x->elsewhere));
	json_put(o, "gone", json_boolean(view_gone(x->r->call->view,
	    x->bay->number)));
	json_put(o, "differences", differences(x));
	json_put(o, "server", json_str(server_text(x)));
	json_put(o, "profiles", profiles_json(x));
	json_put(o, "slots", slots_json(x));
	json_put(o, "next", next_json(x));
	return o;
}

int
read_replacement(struct call *c, struct err *e)
{
	const char *text = request_param(c->request, "n");
	struct render r = render_new(c, NULL);
	struct change_of_card x = { .r = &r };
	struct module was;
	char name[24];
	unsigned number;
	struct bay *bay;
	json_t *o;

	snprintf(name, sizeof(name), "%s%.16s",
	    strncmp(text, "io", 2) == 0 ? "" : "io", text);
	if (!bay_parse(name, &number) ||
	    (x.seen = view_bay(c->view, number)) == NULL)
		return err_set(e, ERR_NOT_FOUND, "there is no bay %.20s", text);
	if (bay_load(c->store, c->arena, number, &bay, e) < 0)
		return -1;
	x.bay = bay;
	if (look(&x, &was, e) < 0)
		return -1;
	o = replacement_json(&x);
	if (render_ok(&r, e) < 0) {
		json_decref(o);
		return -1;
	}
	answer_json(c->answer, 200, o);
	return 0;
}
