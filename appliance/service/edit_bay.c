/* edit_bay.c -- bays, and cards that are replaced; see edit.h. */
#include <stdio.h>
#include <string.h>

#include "appliance/engine/engine.h"
#include "appliance/service/edit.h"

/* A bay is there because the switch has it: 3 or io3. */
static int
find(struct edit *x, struct bay **b, struct err *e)
{
	const char *text = request_param(x->request, "n");
	unsigned number;

	snprintf(x->id, sizeof(x->id), "%s%.16s",
	    strncmp(text, "io", 2) == 0 ? "" : "io", text);
	if (!bay_parse(x->id, &number) ||
	    view_bay(x->call->view, number) == NULL) {
		x->id[0] = '\0';
		return err_set(e, ERR_NOT_FOUND, "there is no bay %.20s",
		    text);
	}
	if (change_bay(x->set, x->id, b, e) < 0)
		return -1;
	x->type = OBJ_BAY;
	x->kind = "change";
	return edit_match(x, (*b)->revision, e);
}

int
edit_bay_patch(struct edit *x, struct err *e)
{
	struct bay *b;

	if (find(x, &b, e) < 0 ||
	    edit_fields(x, &field_bay, false, b, e) < 0)
		return -1;
	snprintf(x->title, sizeof(x->title), "Change bay %s", x->id);
	return 0;
}

/* Its lamp, as that of a slot: a step, no change. */
int
edit_bay_locate(struct edit *x, struct err *e)
{
	static const char *const keys[] = { "on", NULL };
	struct bay *b;
	bool on = true;

	if (edit_only(x, keys, e) < 0 || json_get_bool(x->body, x->at, "on",
	    true, &on, e) < 0 || find(x, &b, e) < 0)
		return -1;
	x->ctl = on ? CTL_LOCATE_ON : CTL_LOCATE_OFF;
	x->ctl_slot = b->number;
	snprintf(x->title, sizeof(x->title), "Locate lamp of %s %s", x->id,
	    on ? "on" : "off");
	return 0;
}

/* ---- a card that is replaced ---- */

static bool
is_on(const struct device *d, unsigned bay)
{
	return d->placed != 0 && fn_bay(d->placed) == bay;
}

typedef void device_fn(struct edit *, struct profile *, struct device *,
    unsigned to);

/* Each device that is placed on a bay, in a copy that may be edited. */
static int
each_device(struct edit *x, unsigned bay, unsigned to, device_fn *fn,
    struct err *e)
{
	struct profile *list, *p;
	size_t n;

	if (profile_list(x->set->store, x->set->arena, "", STORE_ALL, &list,
	    &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		bool any = false;

		for (size_t k = 0; k < list[i].n_devices; k++)
			any = any || is_on(&list[i].devices[k], bay);
		if (!any)
			continue;
		if (change_profile(x->set, list[i].head.id, &p, e) < 0)
			return -1;
		for (size_t k = 0; k < p->n_devices; k++)
			if (is_on(&p->devices[k], bay))
				fn(x, p, &p->devices[k], to);
	}
	return 0;
}

static int
begin(struct edit *x, struct bay **b, const char *verb, struct err *e)
{
	static const char *const keys[] = { NULL };

	if (edit_only(x, keys, e) < 0 || find(x, b, e) < 0)
		return -1;
	snprintf(x->title, sizeof(x->title), "%s bay %s", verb, x->id);
	return 0;
}

int
edit_bay_hold(struct edit *x, struct err *e)
{
	struct bay *b;

	if (begin(x, &b, "Hold", e) < 0)
		return -1;
	b->service = SERVICE_HOLD;
	return 0;
}

/* It is placed anew, on another card (resolve.c). */
static void
unplace(struct edit *x, struct profile *p, struct device *d, unsigned to)
{
	(void)x;
	(void)p;
	(void)to;
	d->placed = 0;
	d->n_placed = 0;
	d->admission_mbps = 0;
}

int
edit_bay_evacuate(struct edit *x, struct err *e)
{
	struct bay *b;

	if (begin(x, &b, "Evacuate", e) < 0)
		return -1;
	x->kind = "evacuate";
	b->service = SERVICE_EVACUATE;
	return each_device(x, b->number, 0, unplace, e);
}

/* What the new card has not is placed anew. */
static void
replace(struct edit *x, struct profile *p, struct device *d, unsigned to)
{
	if (view_fn(x->call->view, d->placed) == NULL)
		unplace(x, p, d, to);
}

/* Another card than the one that was bound on; *was has no bay when none was. */
static int
look_at_card(struct edit *x, const struct bay *b, struct module *was,
    bool *other, struct err *e)
{
	char card[MODULE_TEXT];

	if (module_load(x->set->store, b->number, was, e) < 0)
		return -1;
	*other = engine_have_other(x->call->view, was) &&
	    strcmp(b->accepted, engine_module_text(view_bay(x->call->view,
	    b->number), card)) != 0;
	return 0;
}

static bool
is_of_class(const struct view *v, unsigned bay, const struct module *was)
{
	const struct capability *c = v->caps == NULL ? NULL :
	    capability_find(v->caps, was->vendor, was->device);

	return view_class(v, bay) == (c == NULL ? CLASS_OTHER : c->class);
}

/* In use again, with the card that is there; one of another class is refused
 * (CardRefused), so its devices need no place on it. */
static int
use(struct edit *x, struct bay *b, const struct module *was, bool other,
    struct err *e)
{
	b->service = SERVICE_NONE;
	b->power = BAY_ON;
	if (!other)
		return 0;
	engine_module_text(view_bay(x->call->view, b->number), b->accepted);
	return is_of_class(x->call->view, b->number, was) ?
	    each_device(x, b->number, 0, replace, e) : 0;
}

int
edit_bay_return(struct edit *x, struct err *e)
{
	struct module was;
	struct bay *b;
	bool other;

	if (begin(x, &b, "Return", e) < 0 ||
	    look_at_card(x, b, &was, &other, e) < 0)
		return -1;
	return use(x, b, &was, other, e);
}

int
edit_bay_accept(struct edit *x, struct err *e)
{
	struct module was;
	struct bay *b;
	bool other;

	if (begin(x, &b, "Accept the card in", e) < 0 ||
	    look_at_card(x, b, &was, &other, e) < 0)
		return -1;
	if (!other) {
		edit_broken(x, "NothingToAccept", "", "%s holds %s", x->id,
		    view_bay(x->call->view, b->number)->occupied ?
		    "no other card than before" : "no card");
		return 0;
	}
	return use(x, b, &was, true, e);
}

/* ---- a card that is in another bay now ---- */

/* The same function of the same card; its disks came along. */
static void
follow(struct edit *x, struct profile *p, struct device *d, unsigned to)
{
	unsigned from = fn_bay(d->placed);
	fn_id fn = fn_make(to, fn_port(d->placed), fn_type(d->placed),
	    fn_index(d->placed));

	if (view_fn(x->call->view, fn) == NULL) {
		edit_broken(x, "NothingToFollow", "/to", "%s of %s has no "
		    "function on io%u", d->name, p->head.name, to);
		return;
	}
	d->placed = fn;
	if (d->pin_bay == from)
		d->pin_bay = to;
	for (size_t i = 0; i < d->n_disks; i++)
		if (d->disks[i].bay == from)
			d->disks[i].bay = to;
}

static int
read_to(struct edit *x, unsigned *to, struct err *e)
{
	const char *text = NULL;

	*to = 0;
	if (json_get_str(x->body, x->at, "to", true, BAY_TEXT, &text, e) < 0)
		return -1;
	if (text != NULL && (!bay_parse(text, to) ||
	    view_bay(x->call->view, *to) == NULL))
		return err_rule(e, ERR_MALFORMED, NULL, "/to",
		    "%s is no bay of this box", text);
	return 0;
}

int
edit_bay_follow(struct edit *x, struct err *e)
{
	static const char *const keys[] = { "to", NULL };
	struct module was;
	struct bay *b;
	unsigned to;
	bool other;

	if (edit_only(x, keys, e) < 0 || read_to(x, &to, e) < 0 ||
	    find(x, &b, e) < 0 || look_at_card(x, b, &was, &other, e) < 0)
		return -1;
	if (to == 0)
		to = engine_module_elsewhere(x->call->view, &was);
	snprintf(x->title, sizeof(x->title), "Move the devices of %s to io%u",
	    x->id, to);
	x->kind = "evacuate";
	if (to == 0 || to == b->number) {
		edit_broken(x, "NothingToFollow", "/to", "the card of %s is "
		    "%s", x->id, to != 0 ? "there" : "in no other bay");
		return 0;
	}
	return each_device(x, b->number, to, follow, e);
}
