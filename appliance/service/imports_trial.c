/*
 * imports_trial.c -- everything is placed on a copy, to see what does not fit; see
 * imports_hardware.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/service/imports_hardware.h"
#include "appliance/service/resolve.h"

/* The change set again, with profiles of its own. */
static void
copy_set(const struct change_set *set, struct change_set *out)
{
	*out = *set;
	out->cap = set->n;
	out->items = arena_array(set->arena, set->n + 1, sizeof(*out->items));
	if (set->n > 0)
		memcpy(out->items, set->items, set->n * sizeof(*out->items));
	for (size_t i = 0; i < out->n; i++)
		if (out->items[i].type == OBJ_PROFILE &&
		    out->items[i].after != NULL)
			out->items[i].after = profile_copy(set->arena,
			    out->items[i].after);
}

static bool
any_class(const struct imports_subject *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < list[i].p->n_devices; k++)
			if (list[i].p->devices[k].qos_class[0] != '\0')
				return true;
	return false;
}

/* Rates of classes are settled by resolving; here they are asked for before. */
int
imports_settle(const struct imports_hardware *h,
    const struct imports_subject *list, size_t n, struct err *e)
{
	struct change_set set;
	bool resolved = false;

	if (any_class(list, n)) {
		copy_set(h->edit->set, &set);
		resolved = change_resolve(&set, e) == 0;
		if (!resolved && e->code != ERR_RULES)
			return -1;
	}
	for (size_t i = 0; i < n; i++) {
		const struct change *c = resolved ? rules_change(&set,
		    OBJ_PROFILE, list[i].p->head.id) : NULL;

		for (size_t k = 0; k < list[i].p->n_devices; k++) {
			struct device *d = &list[i].p->devices[k];
			const struct device *twin = c == NULL ? NULL :
			    profile_device(c->after, d->id);

			if (twin != NULL)
				d->of_class = twin->of_class;
			device_apply_qos(d);
		}
	}
	return 0;
}

/* What would be said of it; nothing when it cannot be tried (the plan says so
 * itself). */
static int
try_places(const struct imports_hardware *h, bool rules_too,
    struct violations *out, struct err *e)
{
	struct call *call = h->edit->call;
	struct change_set set;
	struct rules r = { .arena = call->arena, .store = call->store,
		.view = call->view, .set = &set, .out = out };

	*out = (struct violations){ .arena = call->arena };
	copy_set(h->edit->set, &set);
	if (change_resolve(&set, e) < 0)
		return e->code == ERR_RULES ? 0 : -1;
	if (resolve_places(&r, e) < 0)
		return e->code == ERR_UNAVAILABLE ? 0 : -1;
	return rules_too ? rules_run(&r, e) : 0;
}

/* "/profiles/NAME/…": of that profile. */
static bool
is_of(const struct violation *v, const struct profile *p)
{
	size_t n = strlen(p->head.name);

	return strncmp(v->pointer, "/profiles/", 10) == 0 &&
	    strncmp(v->pointer + 10, p->head.name, n) == 0 &&
	    v->pointer[10 + n] == '/';
}

static const struct violation *
find(const struct violations *list, const char *code, const struct profile *p)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->items[i].severity == 'B' &&
		    strcmp(list->items[i].code, code) == 0 &&
		    is_of(&list->items[i], p))
			return &list->items[i];
	return NULL;
}

static const struct xml_conflict *
conflict(const struct imports_hardware *h, const struct imports_subject *s,
    const char *row, const struct violation *v)
{
	struct xml_about a = { .row = row, .type = "profile",
		.name = s->p->head.name, .element = s->element };

	return xml_conflict_add(&h->in->conflicts, &a, "%s", v->detail);
}

/* Who finds no function is left out as a whole, if somebody says so. */
static bool
leave_out(const struct imports_hardware *h, const struct imports_subject *list,
    size_t n, const struct violations *said)
{
	bool open = false;

	for (size_t i = 0; i < n; i++) {
		const struct violation *v = list[i].p->slot == 0 ? NULL :
		    find(said, "FunctionLimit", list[i].p);
		const struct xml_conflict *x;

		if (v == NULL)
			continue;
		x = conflict(h, &list[i], "FewerFunctions", v);
		if (xml_conflict_is(x, "unassignRest"))
			list[i].p->slot = 0;
		else
			open = true;
	}
	return open;
}

static void
scale(struct profile *p, uint64_t percent)
{
	for (size_t i = 0; i < p->n_devices; i++) {
		struct device *d = &p->devices[i];

		if (d->guarantee_mbps == 0)
			continue;
		d->own = (struct device_qos){ d->limit_mbps,
			(uint32_t)(d->guarantee_mbps * percent / 100),
			d->pcp };
		d->qos_class[0] = '\0';
		d->of_class = (struct device_qos){ .pcp = 0 };
		device_apply_qos(d);
	}
}

static void
lower_guarantees(const struct imports_hardware *h,
    const struct imports_subject *list, size_t n,
    const struct violations *said)
{
	for (size_t i = 0; i < n; i++) {
		const struct violation *v = list[i].p->slot == 0 ? NULL :
		    find(said, "QosOversubscribed", list[i].p);
		const struct xml_conflict *x;
		unsigned long percent;

		if (v == NULL)
			continue;
		x = conflict(h, &list[i], "PortSlower", v);
		percent = strtoul(x->value, NULL, 10);
		if (xml_conflict_is(x, "dropGuarantees"))
			scale(list[i].p, 0);
		else if (xml_conflict_is(x, "scaleGuarantees"))
			scale(list[i].p, percent < 100 ? percent : 100);
	}
}

static bool
any_assigned(const struct imports_subject *list, size_t n, bool guaranteed)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < list[i].p->n_devices; k++)
			if (list[i].p->slot != 0 && (!guaranteed ||
			    list[i].p->devices[k].guarantee_mbps > 0))
				return true;
	return false;
}

int
imports_trial(const struct imports_hardware *h,
    const struct imports_subject *list, size_t n, struct err *e)
{
	struct violations said;

	/* What is open already is decided first. */
	if (!xml_import_ok(h->in) || !any_assigned(list, n, false))
		return 0;
	if (try_places(h, false, &said, e) < 0)
		return -1;
	if (leave_out(h, list, n, &said) || !any_assigned(list, n, true))
		return 0;
	if (try_places(h, true, &said, e) < 0)
		return -1;
	lower_guarantees(h, list, n, &said);
	return 0;
}
