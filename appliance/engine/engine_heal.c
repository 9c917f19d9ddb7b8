/*
 * engine_heal.c -- what the hardware lost is bound again.
 *
 * Looks only when what is seen or what is wanted has changed, one slot at a
 * time.  A slot that needs it again and again waits longer each time.  What a
 * failed rollback holds is left alone, but a slot that should be off goes off.
 */
#include <stdio.h>
#include <string.h>

#include "appliance/engine/engine_int.h"
#include "base/log.h"

enum {
	LOOK_MS = 200,			/* between two looks at all slots */
	BACK_OFF_MS = 2000, BACK_OFF_MAX_MS = 300000,
	CALM_MS = 600000,		/* without a heal: begins anew */
	LOOP_TRIES = 4,			/* from then on it is called a loop */
};

static struct heal *
heal_of(struct engine *e, uint32_t slot)
{
	struct heal *oldest = &e->heals[0];

	for (size_t i = 0; i < ENGINE_HEAL_SLOTS; i++) {
		if (e->heals[i].slot == slot)
			return &e->heals[i];
		if (e->heals[i].next_ms < oldest->next_ms)
			oldest = &e->heals[i];
	}
	*oldest = (struct heal){ .slot = slot };
	return oldest;
}

/* True when it may be tried now; else the engine comes back in time. */
static bool
may_try(struct engine *e, struct heal *h)
{
	if (h->tries > 0 && e->now_ms > h->next_ms + CALM_MS)
		h->tries = 0;
	if (h->tries == 0 || e->now_ms >= h->next_ms)
		return true;
	if (h->next_ms < e->poll_ms)
		e->poll_ms = h->next_ms;
	return false;
}

static void
tried(struct engine *e, struct heal *h)
{
	int64_t wait = BACK_OFF_MS << (h->tries < 8 ? h->tries : 8);

	h->tries++;
	h->next_ms = e->now_ms + (wait > BACK_OFF_MAX_MS ? BACK_OFF_MAX_MS :
	    wait);
}

/* Of a plan only that the slot goes off. */
static void
keep_disable(struct step *steps, size_t *n)
{
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++)
		if (steps[i].verb == STEP_SLOT_CTL &&
		    steps[i].arg1 == CTL_DISABLE)
			steps[kept++] = steps[i];
	*n = kept;
}

int
engine_heal_plan(struct store *store, struct arena *a, const struct view *view,
    uint32_t slot, struct step **steps, size_t *n, bool *held, struct err *err)
{
	char key[16];
	int64_t holder;
	struct job *job;

	*n = 0;
	snprintf(key, sizeof(key), "%u", slot);
	if (hold_find(store, HOLD_SLOT, key, &holder, err) < 0)
		return -1;
	*held = holder != 0;
	if (holder != 0) {
		if (job_load(store, a, holder, &job, err) < 0)
			return -1;
		if (job->state != JOB_ROLLBACK_FAILED)
			return 0;
	}
	if (engine_have_plan(store, a, view, &slot, 1, 0, steps, n, held,
	    err) < 0)
		return -1;
	if (holder != 0)
		keep_disable(*steps, n);
	return 0;
}

void
engine_heal_faults(const struct engine *e, struct fault **list, size_t *n)
{
	for (size_t i = 0; i < ENGINE_HEAL_SLOTS; i++) {
		const struct heal *h = &e->heals[i];
		struct fault *f;
		char name[16];

		if (h->tries < LOOP_TRIES || e->now_ms > h->next_ms + CALM_MS)
			continue;
		snprintf(name, sizeof(name), "%u", h->slot);
		f = engine_fault_add(list, n, "ReconcileLoop", "major", "slot",
		    name, h->slot);
		f->count = h->tries;
		snprintf(f->text, sizeof(f->text), "What is bound at slot %u is "
		    "lost again and again; it is tried ever more seldom",
		    h->slot);
		snprintf(f->remedy, sizeof(f->remedy), "Find out who or what "
		    "undoes it: another hand at the switch, a failing module, "
		    "a loose cable");
	}
}

int
engine_heal_turn(struct engine *e, struct store *store, struct arena *a,
    struct err *err)
{
	struct appliance self;
	bool waiting = false;

	if (store_appliance(store, &self, err) < 0)
		return -1;
	if (engine_busy(e) || e->gated || e->now_ms < e->heal_ms ||
	    (e->heal_view == e->view->number &&
	    e->heal_generation == self.generation))
		return 0;
	e->heal_ms = e->now_ms + LOOK_MS;
	for (uint32_t slot = 1; slot <= e->view->sw.slots; slot++) {
		struct heal *h;
		struct step *steps;
		size_t n;
		bool held;

		if (engine_heal_plan(store, a, e->view, slot, &steps, &n,
		    &held, err) < 0)
			return -1;
		waiting = waiting || held;
		if (n == 0)
			continue;
		h = heal_of(e, slot);
		waiting = true;
		if (!may_try(e, h))
			continue;
		tried(e, h);
		log_info("engine", "heal slot=%u try=%u", slot, h->tries);
		engine_commit_heal(e, slot);
		return 0;
	}
	if (!waiting) {
		e->heal_view = e->view->number;
		e->heal_generation = self.generation;
	}
	return 0;
}
