/* rules_activation.c -- when a server sees what it gets, and that nobody else has
 * it any more: rules 31, 35. */
#include <inttypes.h>
#include <string.h>

#include "appliance/engine/activation.h"
#include "appliance/service/rules_checks.h"
#include "profiles/journal.h"

/* ---- 31 ---- */

static void
hotplug(struct rules *r, const struct change *c, const struct profile *p,
    const struct device *d, const struct device *before)
{
	const struct profile *old = c->before;
	const struct fabric_slot *s = view_slot(r->view, p->slot);
	enum activation a;

	if (p->slot == 0 || d->placed == 0 || s == NULL ||
	    !activation_runs(r->view, p->slot) || (before != NULL &&
	    old->slot == p->slot && before->placed == d->placed &&
	    before->bridge == d->bridge))
		return;
	a = activation_of(r->view, p->slot, d->bridge);
	if (a == ACTIVATION_HOT || a == ACTIVATION_UNKNOWN)
		return;
	rules_note(r->out, r->rule->code, a == ACTIVATION_RESCAN ? 'W' : '\0',
	    rules_at(r, c, d, ""), "the server at slot %" PRIu32 " runs and "
	    "sees %s only %s: it keeps %u bus numbers and %" PRIu32 " MiB for "
	    "new devices%s", p->slot, d->name, activation_when(a), s->buses,
	    s->mmio_mib, s->hotplug == HOTPLUG_DEAF ? " and takes no hot-plug "
	    "interrupts" : "");
}

void
rules_hotplug(struct rules *r)
{
	rules_each_device(r, hotplug);
}

/* ---- 35 ---- */

/* A job has it, to its end or until somebody decides: that is Held, and its
 * answer names the job. */
static bool
is_held(struct rules *r, fn_id fn)
{
	char key[FN_TEXT];
	int64_t id;

	if (hold_find(r->store, HOLD_FN, fn_text(fn, key), &id, &r->err) == 0)
		return id != 0;
	r->failed = -1;
	return true;
}

/* The change releases what a profile has at the slot that it leaves; a binding
 * anywhere else nobody takes away, and its server may still use it. */
static void
fenced(struct rules *r, const struct change *c, const struct profile *p,
    const struct binding *list, size_t n)
{
	const struct profile *old = c->before;
	char fn[FN_TEXT];

	for (size_t i = 0; i < n; i++) {
		const struct device *d = profile_device(p, list[i].device);

		if (d == NULL || list[i].slot == p->slot ||
		    (old != NULL && list[i].slot == old->slot) ||
		    is_held(r, list[i].fn))
			continue;
		rules_note(r->out, r->rule->code, '\0', rules_at(r, c, d, ""),
		    "%s of %s is still %s at slot %" PRIu32 ": %s is not "
		    "proven blank", d->name, p->head.name,
		    binding_state_word(list[i].state), list[i].slot,
		    fn_text(list[i].fn, fn));
	}
}

void
rules_source_fenced(struct rules *r)
{
	struct binding *list;
	size_t n;

	if (r->census == NULL)
		return;			/* nothing is assigned */
	if (binding_list(r->store, r->arena, &list, &n, &r->err) < 0) {
		r->failed = -1;
		return;
	}
	for (size_t i = 0; i < r->set->n; i++) {
		const struct change *c = &r->set->items[i];
		const struct profile *p = c->after;

		if (c->type == OBJ_PROFILE && p != NULL && p->slot != 0)
			fenced(r, c, p, list, n);
	}
}
