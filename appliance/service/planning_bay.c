/* planning_bay.c -- see planning_bay.h. */
#include "appliance/service/planning_bay.h"

#include <string.h>

static bool
concerns(const struct change *c)
{
	const struct bay *b = c->after, *old = c->before;

	return c->type == OBJ_BAY && (b->power != old->power ||
	    strcmp(b->accepted, old->accepted) != 0 ||
	    (b->service == SERVICE_NONE && old->service != SERVICE_NONE));
}

static bool
is_on(const struct planning *p, const struct profile *profile)
{
	for (size_t i = 0; i < p->set->n; i++) {
		const struct change *c = &p->set->items[i];
		const struct bay *b = c->after;

		for (size_t k = 0; concerns(c) && k < profile->n_devices; k++)
			if (profile->devices[k].placed != 0 &&
			    fn_bay(profile->devices[k].placed) == b->number)
				return true;
	}
	return false;
}

int
planning_bay_slots(const struct planning *p, uint32_t **slots, size_t *n,
    struct err *e)
{
	bool any = false;
	struct profile *list;
	size_t n_list;

	*n = 0;
	for (size_t i = 0; i < p->set->n; i++)
		any = any || concerns(&p->set->items[i]);
	if (!any)
		return 0;
	if (profile_list(p->call->store, p->call->arena, "", STORE_ALL, &list,
	    &n_list, e) < 0)
		return -1;
	*slots = arena_array(p->call->arena, n_list + 1, sizeof(**slots));
	for (size_t i = 0; i < n_list; i++)
		if (list[i].slot != 0 && is_on(p, &list[i]))
			(*slots)[(*n)++] = list[i].slot;
	return 0;
}

/* Ports that this change set sets; all others are as the engine found them. */
static void
override_ports(const struct planning *p, struct plan_in *in)
{
	struct plan_port *ports = arena_array(p->call->arena,
	    in->n_ports + p->set->n + 1, sizeof(*ports));
	size_t n = 0;

	for (size_t i = 0; i < p->set->n; i++)
		if (p->set->items[i].type == OBJ_PORT &&
		    engine_have_port(p->call->view, p->set->items[i].after,
		    &ports[n]))
			n++;
	for (size_t i = 0; i < in->n_ports; i++) {
		size_t k = 0;

		while (k < n && (ports[k].bay != in->ports[i].bay ||
		    ports[k].port != in->ports[i].port))
			k++;
		if (k == n)
			ports[n++] = in->ports[i];
	}
	in->ports = ports;
	in->n_ports = n;
}

static bool
has(const struct plan_bay *bays, size_t n, uint32_t bay)
{
	for (size_t i = 0; i < n; i++)
		if (bays[i].bay == bay)
			return true;
	return false;
}

static void
override_bays(const struct planning *p, struct plan_in *in)
{
	struct plan_bay *bays = arena_array(p->call->arena,
	    in->n_bays + p->set->n + 1, sizeof(*bays));
	size_t n = 0;

	for (size_t i = 0; i < p->set->n; i++)
		if (p->set->items[i].type == OBJ_BAY &&
		    engine_have_bay(p->call->view, p->set->items[i].after,
		    &bays[n]))
			n++;
	for (size_t i = 0; i < in->n_bays; i++)
		if (!has(bays, n, in->bays[i].bay))
			bays[n++] = in->bays[i];
	in->bays = bays;
	in->n_bays = n;
}

void
planning_bay_override(const struct planning *p, struct plan_in *in)
{
	override_ports(p, in);
	override_bays(p, in);
}
