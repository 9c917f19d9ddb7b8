/* rules_bay.c -- bays that are serviced, and cards that take each other's place:
 * rule 53. */
#include <inttypes.h>
#include <string.h>

#include "appliance/engine/engine.h"
#include "appliance/service/rules_checks.h"

const struct bay *
rules_bay(struct rules *r, unsigned number)
{
	char id[BAY_TEXT];
	const struct change *c = rules_change_of(r, OBJ_BAY,
	    bay_text(number, id));
	struct bay *b;

	if (c != NULL)
		return c->after;
	if (bay_load(r->store, r->arena, number, &b, &r->err) < 0) {
		r->failed = -1;
		return NULL;
	}
	return b;
}

static void
gather_serviced(struct rules *r)
{
	r->have_serviced = true;
	r->serviced = arena_array(r->arena, r->view->n_bays + 1,
	    sizeof(*r->serviced));
	for (unsigned bay = 1; bay <= r->view->n_bays; bay++) {
		const struct bay *b = rules_bay(r, bay);

		if (b != NULL && b->service != SERVICE_NONE)
			r->serviced[r->n_serviced++] = bay;
	}
}

const uint32_t *
rules_serviced(struct rules *r, size_t *n)
{
	if (!r->have_serviced)
		gather_serviced(r);
	*n = r->n_serviced;
	return r->serviced;
}

/* ---- nothing new on a card that is serviced ---- */

static void
serviced(struct rules *r, const struct change *c, const struct profile *p,
    const struct device *d, const struct device *before)
{
	const struct bay *b;

	if (p->slot == 0 || d->placed == 0 || (before != NULL &&
	    before->placed == d->placed))
		return;
	b = rules_bay(r, fn_bay(d->placed));
	if (b != NULL && b->service != SERVICE_NONE)
		rules_note(r->out, r->rule->code, '\0',
		    rules_at(r, c, d, "/placement/module"), "io%" PRIu32
		    " is being serviced (%s)", b->number,
		    b->service == SERVICE_HOLD ? "hold" : "evacuate");
}

void
rules_bay_serviced(struct rules *r)
{
	rules_each_device(r, serviced);
}

/* ---- power ---- */

static size_t
bound_on(const struct view *v, unsigned bay)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n_bridges; i++)
		for (unsigned k = 0; k < v->bridges[i].n; k++)
			n += v->bridges[i].presence &&
			    fn_bay(v->bridges[i].fn[k]) == bay;
	return n;
}

void
rules_bay_in_use(struct rules *r)
{
	for (size_t i = 0; i < r->set->n; i++) {
		const struct change *c = &r->set->items[i];
		const struct bay *b = c->after, *old = c->before;
		size_t n;

		if (c->type != OBJ_BAY || b->power != BAY_OFF ||
		    old->power == BAY_OFF)
			continue;
		n = bound_on(r->view, b->number);
		if (n > 0)
			rules_note(r->out, r->rule->code, '\0',
			    rules_at(r, c, NULL, "/adminPower"), "%zu function%s "
			    "of io%" PRIu32 " %s bound", n, n == 1 ? "" : "s",
			    b->number, n == 1 ? "is" : "are");
	}
}

/* ---- another card in the place of a former one ---- */

static enum module_class
class_of(const struct rules *r, const struct module *m)
{
	const struct capability *c = r->view->caps == NULL ? NULL :
	    capability_find(r->view->caps, m->vendor, m->device);

	return c == NULL ? CLASS_OTHER : c->class;
}

/* Said under two codes: what is another class is no question. */
static void
accepted(struct rules *r, const struct change *c, const struct module *was)
{
	const struct bay *b = c->after;
	enum module_class old = class_of(r, was), now = view_class(r->view,
	    b->number);
	const struct capability *cap = view_capability(r->view, b->number);
	const char *at = rules_at(r, c, NULL, "/accepted");

	if (old != now)
		rules_note(r->out, "CardRefused", '\0', at, "the former card "
		    "of io%" PRIu32 " was %s; %s is %s, and nothing is bound "
		    "on it", b->number, module_class_word(old),
		    cap != NULL ? cap->model : b->accepted,
		    module_class_word(now));
	else
		rules_note(r->out, "ModuleMismatch", '\0', at, "io%" PRIu32
		    " held %04X:%04X %s; its devices go on on %s", b->number,
		    was->vendor, was->device, was->serial, b->accepted);
}

void
rules_bay_accepted(struct rules *r)
{
	for (size_t i = 0; i < r->set->n && r->failed == 0; i++) {
		const struct change *c = &r->set->items[i];
		const struct bay *b = c->after, *old = c->before;
		struct module was;

		if (c->type != OBJ_BAY || b->accepted[0] == '\0' ||
		    strcmp(b->accepted, old->accepted) == 0)
			continue;
		if (module_load(r->store, b->number, &was, &r->err) < 0) {
			r->failed = -1;
			return;
		}
		if (was.bay != 0)
			accepted(r, c, &was);
	}
}

/* ---- what a card had that is not there ---- */

static bool
is_unaccounted(struct rules *r, unsigned bay)
{
	const struct fabric_bay *seen = view_bay(r->view, bay);
	struct module was;

	if (seen == NULL || view_gone(r->view, bay))
		return false;
	if (module_load(r->store, bay, &was, &r->err) < 0) {
		r->failed = -1;
		return false;
	}
	return was.bay != 0 && (!seen->occupied || engine_have_other(r->view,
	    &was));
}

static void
card_gone(struct rules *r, const struct change *c, const struct profile *p,
    const struct device *d, const struct device *before)
{
	if (p->slot == 0 || d->placed == 0 || before == NULL ||
	    before->placed == 0 || before->placed == d->placed ||
	    !is_unaccounted(r, fn_bay(before->placed)))
		return;
	rules_note(r->out, r->rule->code, '\0', rules_at(r, c, d, ""),
	    "%s was on the card of io%u, which is out; that it is gone is "
	    "known after %d seconds", d->name, fn_bay(before->placed),
	    10);
}

void
rules_card_gone(struct rules *r)
{
	rules_each_device(r, card_gone);
}
