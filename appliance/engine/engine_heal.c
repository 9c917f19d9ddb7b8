/*
 * engine_heal.c -- what the hardware lost is bound again.
 *
 * See engine_heal.h.  Looks only when what is seen or what is wanted has
 * changed, one slot at a time.  A slot that needs it again and again waits longer
 * each time.  What a failed rollback holds is left alone, but a slot that should
 * be off goes off.
 */
#include <stdio.h>
#include <string.h>

#include "appliance/engine/engine_int.h"
#include "appliance/engine/engine_own.h"
#include "base/log.h"

enum {
	LOOK_MS = 200,			/* between two looks at all slots */
	BACK_OFF_MS = 2000, BACK_OFF_MAX_MS = 300000,
	CALM_MS = 600000,		/* without a heal: begins anew */
	LOOP_TRIES = 4,			/* from then on it is called a loop */
};

static const struct heal *
heal_find(const struct engine *e, uint32_t slot)
{
	for (size_t i = 0; i < ENGINE_HEAL_SLOTS; i++)
		if (e->heals[i].slot == slot)
			return &e->heals[i];
	return NULL;
}

bool
engine_heal_rests(const struct engine *e, uint32_t slot)
{
	const struct heal *h = heal_find(e, slot);

	return h != NULL && h->rest_ms > e->now_ms;
}

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
		h->tries = h->undone = 0;
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
    uint32_t slot, bool hands_off, struct step **steps, size_t *n, bool *held,
    struct err *err)
{
	struct cause cause = { .heal = true, .hands_off = hands_off };
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
	if (engine_have_plan(store, a, view, &slot, 1, &cause, steps, n, held,
	    err) < 0)
		return -1;
	if (holder != 0)
		keep_disable(*steps, n);
	return 0;
}

static void
fight_fault(const struct engine *e, const struct heal *h, struct fault *f)
{
	snprintf(f->text, sizeof(f->text), "Another hand has undone what is "
	    "wanted at slot %u %u times; it is not put right for %lld "
	    "minutes", h->slot, h->undone,
	    (long long)((h->rest_ms - e->now_ms + 59999) / 60000));
	snprintf(f->remedy, sizeof(f->remedy), "Find out who or what undoes "
	    "it, then have it put right at once (POST /profiles/NAME:heal)");
}

void
engine_heal_faults(const struct engine *e, struct fault **list, size_t *n)
{
	for (size_t i = 0; i < ENGINE_HEAL_SLOTS; i++) {
		const struct heal *h = &e->heals[i];
		bool rests = h->rest_ms > e->now_ms;
		struct fault *f;
		char name[16];

		if (!rests && (h->tries < LOOP_TRIES ||
		    e->now_ms > h->next_ms + CALM_MS))
			continue;
		snprintf(name, sizeof(name), "%u", h->slot);
		f = engine_fault_add(list, n, "ReconcileLoop", "major", "slot",
		    name, h->slot);
		f->count = h->tries;
		if (rests) {
			fight_fault(e, h, f);
			continue;
		}
		snprintf(f->text, sizeof(f->text), "What is bound at slot %u is "
		    "lost again and again; it is tried ever more seldom",
		    h->slot);
		snprintf(f->remedy, sizeof(f->remedy), "Find out who or what "
		    "undoes it: another hand at the switch, a failing module, "
		    "a loose cable");
	}
}

/* ---- a hand that undoes it again and again ---- */

/* Nothing is to be done at that slot: is it right, or left to a hand? */
static int
note_right(struct engine *e, struct store *store, struct arena *a,
    uint32_t slot, struct err *err)
{
	struct heal *h;
	bool was, right;

	if (heal_find(e, slot) == NULL)
		return 0;
	if (engine_hand_was(store, a, e->view, slot, &was, &right, err) < 0)
		return -1;
	h = heal_of(e, slot);
	h->right = h->right || !was;
	if (right && h->rest_ms != 0)
		*h = (struct heal){ .slot = slot };
	return 0;
}

/* A quick hand leaves no time to look, but the heal's own end was a look. */
static int
was_right(struct store *store, struct arena *a, struct heal *h, bool *right,
    struct err *err)
{
	struct job *job;

	*right = h->right;
	if (!h->right && h->job != 0) {
		if (job_load(store, a, h->job, &job, err) < 0)
			return -1;
		*right = job->state == JOB_APPLIED;
	}
	h->right = false;
	h->job = 0;
	return 0;
}

/* Something is to be done that was right: when a hand did that once too often,
 * healing rests. */
static int
note_undone(struct engine *e, struct store *store, struct arena *a,
    struct heal *h, struct err *err)
{
	bool was, right;

	if (was_right(store, a, h, &right, err) < 0)
		return -1;
	if (!right)
		return 0;
	if (engine_hand_was(store, a, e->view, h->slot, &was, &right,
	    err) < 0)
		return -1;
	if (!was || ++h->undone < HEAL_FIGHT)
		return 0;
	log_warn("engine", "slot=%u is undone by another hand undone=%u: "
	    "healing rests", h->slot, h->undone);
	h->rest_ms = e->now_ms + HEAL_REST_MS;
	return 0;
}

/* A rest is over: once more, and the next time that it is undone it rests. */
static bool
is_resting(struct engine *e, uint32_t slot)
{
	struct heal *h;

	if (heal_find(e, slot) == NULL)
		return false;
	h = heal_of(e, slot);
	if (h->rest_ms == 0)
		return false;
	if (e->now_ms < h->rest_ms)
		return true;
	*h = (struct heal){ .slot = slot, .undone = HEAL_FIGHT - 1 };
	return false;
}

/* ---- the turn ---- */

/* A job was abandoned, and all that failed in it is right all the same. */
static int
is_proven(struct engine *e, struct store *store, struct arena *a,
    uint32_t slot, bool *proven, struct err *err)
{
	struct binding *rows;
	struct want *want = NULL;
	size_t n_rows, n = 0;

	*proven = false;
	if (binding_list(store, a, &rows, &n_rows, err) < 0)
		return -1;
	for (size_t i = 0; i < n_rows && !*proven; i++) {
		if (rows[i].slot != slot || rows[i].state == BINDING_BOUND)
			continue;
		if (want == NULL && engine_have_wants(store, a, e->view, &slot,
		    1, &want, &n, err) < 0)
			return -1;
		*proven = engine_own_proven(e->view, want, n, &rows[i]);
	}
	return 0;
}

/* Nothing is to be done at that slot, by what is seen. */
static int
all_right(struct engine *e, struct store *store, struct arena *a,
    uint32_t slot, bool resting, bool *done, struct err *err)
{
	bool proven;

	if (is_proven(e, store, a, slot, &proven, err) < 0)
		return -1;
	if (proven) {
		engine_commit_heal(e, slot, resting);
		*done = true;
	}
	return note_right(e, store, a, slot, err);
}

/* One slot; *done: an entry was handed in, *waiting: look again. */
static int
heal_slot(struct engine *e, struct store *store, struct arena *a,
    uint32_t slot, bool *waiting, bool *done, struct err *err)
{
	bool resting = is_resting(e, slot), held;
	struct heal *h;
	struct step *steps;
	size_t n;

	if (engine_heal_plan(store, a, e->view, slot, resting, &steps, &n,
	    &held, err) < 0)
		return -1;
	*waiting = *waiting || held || resting;
	if (n == 0)
		return held ? 0 : all_right(e, store, a, slot, resting, done,
		    err);
	h = heal_of(e, slot);
	*waiting = true;
	if (!resting && note_undone(e, store, a, h, err) < 0)
		return -1;
	if ((h->rest_ms != 0 && !resting) || !may_try(e, h))
		return 0;
	tried(e, h);
	log_info("engine", "heal slot=%u try=%u", slot, h->tries);
	engine_commit_heal(e, slot, resting);
	*done = true;
	return 0;
}

/* By which job: the writer says so when it has written it. */
static void
take_healed(struct engine *e)
{
	struct heal_end healed;

	pthread_mutex_lock(&e->lock);
	healed = e->healed;
	e->healed.slot = 0;
	pthread_mutex_unlock(&e->lock);
	if (healed.slot != 0 && heal_find(e, healed.slot) != NULL)
		heal_of(e, healed.slot)->job = healed.job;
}

int
engine_heal_turn(struct engine *e, struct store *store, struct arena *a,
    struct err *err)
{
	struct appliance self;
	bool waiting = false, done = false;

	if (store_appliance(store, &self, err) < 0)
		return -1;
	take_healed(e);
	if (engine_busy(e) || e->gated || e->now_ms < e->heal_ms ||
	    (e->heal_view == e->view->number &&
	    e->heal_generation == self.generation))
		return 0;
	e->heal_ms = e->now_ms + LOOK_MS;
	for (uint32_t slot = 1; slot <= e->view->sw.slots && !done; slot++)
		if (heal_slot(e, store, a, slot, &waiting, &done, err) < 0)
			return -1;
	/* What is done for one slot leaves those behind it to be looked at. */
	if (!waiting && !done) {
		e->heal_view = e->view->number;
		e->heal_generation = self.generation;
	}
	return 0;
}
