/* planning_hand.c -- see planning_hand.h. */
#include "appliance/service/planning_hand.h"

static bool
is_asked(const struct planning *p, uint32_t slot)
{
	for (size_t i = 0; i < p->n_healed; i++)
		if (p->healed[i] == slot)
			return true;
	return false;
}

int
planning_hands(const struct planning *p, struct plan_in *in, struct err *e)
{
	struct call *c = p->call;
	uint32_t *rest = arena_array(c->arena, p->n_slots + 1, sizeof(*rest));
	size_t n = 0;

	for (size_t i = 0; i < p->n_slots; i++)
		if (!is_asked(p, p->slots[i]))
			rest[n++] = p->slots[i];
	if (p->n_healed > 0 && engine_have_in_the_way(c->store, c->arena,
	    c->view, p->wants, p->n_wants, in, e) < 0)
		return -1;
	return engine_have_hands(c->store, c->arena, c->view, rest, n,
	    p->wants, p->n_wants, in, e);
}
