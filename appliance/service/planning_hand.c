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

/* Behind all others: what is in its place is not touched. */
int
planning_hands_off(struct planning *p, struct err *e)
{
	struct step *more, *steps;
	uint32_t level = p->n_steps > 0 ?
	    p->steps[p->n_steps - 1].level + 1 : 1;
	size_t n;

	if (p->n_healed == 0)
		return 0;
	if (engine_have_strangers(p->call->store, p->call->arena,
	    p->call->view, p->wants, p->n_wants, &more, &n, e) < 0)
		return -1;
	steps = arena_array(p->call->arena, p->n_steps + n + 1,
	    sizeof(*steps));
	for (size_t i = 0; i < p->n_steps + n; i++) {
		steps[i] = i < p->n_steps ? p->steps[i] : more[i - p->n_steps];
		steps[i].seq = (uint32_t)i + 1;
		if (i >= p->n_steps)
			steps[i].level = level;
	}
	p->steps = steps;
	p->n_steps += n;
	return 0;
}
