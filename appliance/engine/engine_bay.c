/* engine_bay.c -- see engine_bay.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/engine/engine_int.h"
#include "base/log.h"

enum {
	LOOK_MS = 200,
	AGAIN_MS = 1000,		/* where there was nothing to do */
	BACK_OFF_MS = 2000, BACK_OFF_MAX_MS = 300000,
	AT_ONCE = 64,			/* scrubs of one job */
};

char *
engine_module_text(const struct fabric_bay *b, char text[MODULE_TEXT])
{
	text[0] = '\0';
	if (b != NULL && b->occupied)
		snprintf(text, MODULE_TEXT, "%04X:%04X %.16s", b->vendor,
		    b->device, b->serial);
	return text;
}

unsigned
engine_module_elsewhere(const struct view *v, const struct module *m)
{
	for (size_t i = 0; i < v->n_bays && m->bay != 0; i++) {
		const struct fabric_bay *b = &v->bays[i];

		if (b->occupied && b->number != m->bay &&
		    m->serial[0] != '\0' && b->vendor == m->vendor &&
		    b->device == m->device && strcmp(b->serial,
		    m->serial) == 0)
			return b->number;
	}
	return 0;
}

int
engine_bay_placed(struct store *store, struct arena *a, unsigned bay,
    bool *placed, struct err *err)
{
	struct placement *list;
	size_t n;

	if (placement_list(store, a, &list, &n, err) < 0)
		return -1;
	*placed = false;
	for (size_t i = 0; i < n; i++)
		*placed = *placed || fn_bay(list[i].fn) == bay;
	return 0;
}

static int
is_held(struct store *store, enum hold_kind kind, const char *key, bool *held,
    struct err *err)
{
	int64_t holder;

	if (hold_find(store, kind, key, &holder, err) < 0)
		return -1;
	*held = *held || holder != 0;
	return 0;
}

/* ---- what is left on a card ---- */

static const struct binding *
row_of(const struct binding *rows, size_t n, fn_id fn)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].fn == fn)
			return &rows[i];
	return NULL;
}

/* A physical function takes all of its port along. */
static bool
port_is_used(const struct view *v, fn_id fn)
{
	for (size_t i = 0; fn_type(fn) == FN_PF && i < v->n_fns; i++)
		if (fn_bay(v->fns[i].id) == fn_bay(fn) &&
		    fn_port(v->fns[i].id) == fn_port(fn) &&
		    v->fns[i].state != FNS_FREE)
			return true;
	return false;
}

/* The row of a function speaks of the card that was bound on; on another card
 * it says nothing. */
static int
left_alone(struct store *store, const struct view *v, const struct binding *row,
    fn_id fn, bool *alone, struct err *err)
{
	const struct fabric_bridge *at = view_where(v, fn);
	char key[FN_TEXT];

	*alone = row != NULL;
	if (row != NULL && engine_have_strange(store, v, fn_bay(fn), alone,
	    err) < 0)
		return -1;
	*alone = (row != NULL ? !*alone : false) || (at != NULL &&
	    at->presence) || port_is_used(v, fn);
	if (is_held(store, HOLD_FN, fn_text(fn, key), alone, err) < 0)
		return -1;
	if (at == NULL)
		return 0;
	snprintf(key, sizeof(key), "%u", at->slot);
	return is_held(store, HOLD_SLOT, key, alone, err);
}

static bool
is_emptied(const struct step *steps, size_t n, const struct fabric_bridge *at)
{
	for (size_t i = 0; i < n; i++)
		if (steps[i].verb == STEP_UNBIND && steps[i].slot == at->slot &&
		    steps[i].bridge == at->bridge)
			return true;
	return false;
}

/* A bridge that lists it still, without its server seeing anything, first. */
static void
add_left(const struct view *v, fn_id fn, struct step *steps, size_t *n)
{
	const struct fabric_bridge *at = view_where(v, fn);

	if (at != NULL && !is_emptied(steps, *n, at))
		steps[(*n)++] = (struct step){ .level = 1,
			.verb = STEP_UNBIND, .slot = at->slot,
			.bridge = at->bridge, .fn = fn,
			.arg1 = RELEASE_SURPRISE };
	steps[(*n)++] = (struct step){ .level = 2, .verb = STEP_SCRUB,
		.fn = fn };
}

int
engine_bay_left(struct store *store, struct arena *a, const struct view *v,
    unsigned bay, struct step **out, size_t *n, struct err *err)
{
	struct step *steps = arena_array(a, 2 * AT_ONCE + 2, sizeof(*steps));
	struct binding *rows;
	size_t n_rows;

	*n = 0;
	*out = steps;
	if (binding_list(store, a, &rows, &n_rows, err) < 0)
		return -1;
	for (size_t i = 0; i < v->n_loose && *n < AT_ONCE; i++) {
		fn_id fn = v->loose[i];
		bool alone;

		if (fn_bay(fn) != bay)
			continue;
		if (left_alone(store, v, row_of(rows, n_rows, fn), fn, &alone,
		    err) < 0)
			return -1;
		if (!alone)
			add_left(v, fn, steps, n);
	}
	for (size_t i = 0; i < *n; i++)
		steps[i].seq = (uint32_t)i + 1;
	return 0;
}

/* ---- what is written ---- */

static int
tell_bay(struct store *store, unsigned bay, const char *action, int64_t job,
    int64_t wall_ms, struct err *err)
{
	struct event event = { .at_ms = wall_ms, .job = job,
		.actor = "engine", .type = "bay" };
	struct appliance self;

	if (store_appliance(store, &self, err) < 0)
		return -1;
	event.generation = self.generation;
	snprintf(event.action, sizeof(event.action), "bay:%s", action);
	snprintf(event.id, sizeof(event.id), "io%u", bay);
	snprintf(event.name, sizeof(event.name), "io%u", bay);
	return event_add(store, &event, err);
}

static int
run_left(struct writer_entry *entry, struct store *store, int64_t wall_ms,
    struct err *err)
{
	struct commit *c = entry->cookie;
	struct job job = { .kind = "heal", .state = JOB_RUNNING,
		.actor = "engine", .created_ms = wall_ms,
		.started_ms = wall_ms, .sentence =
		"Wipes what a card brought along.", .forward = "[]",
		.inverse = "", .diff = "[]" };
	struct appliance self;
	struct step *steps;
	size_t n;

	if (engine_bay_left(store, c->arena, c->view, c->bay, &steps, &n,
	    err) < 0 || store_appliance(store, &self, err) < 0)
		return -1;
	if (n == 0)
		return 0;
	job.id = c->job = store_next_number(store, err);
	if (job.id < 0)
		return -1;
	job.generation = self.generation;
	snprintf(job.title, sizeof(job.title), "Wipe the card in io%u",
	    c->bay);
	if (job_add(store, &job, err) < 0 || tell_bay(store, c->bay, "wipe",
	    job.id, wall_ms, err) < 0)
		return -1;
	return engine_intend(store, &job, steps, n, wall_ms, err);
}

static bool
has_loose(const struct view *v, unsigned bay)
{
	for (size_t i = 0; i < v->n_loose; i++)
		if (fn_bay(v->loose[i]) == bay)
			return true;
	return false;
}

static int
look_for_left(struct engine *e, struct store *store, struct arena *a,
    unsigned bay, struct err *err)
{
	struct bay_watch *w = &e->bays[bay];
	struct step *steps;
	int64_t wait;
	size_t n;

	if (!w->owed || engine_busy(e) || e->gated)
		return 0;
	if (e->now_ms < w->next_ms) {
		if (w->next_ms < e->poll_ms)
			e->poll_ms = w->next_ms;
		return 0;
	}
	if (!has_loose(e->view, bay)) {
		w->tries = 0;
		w->owed = false;
		return 0;
	}
	if (engine_bay_left(store, a, e->view, bay, &steps, &n, err) < 0)
		return -1;
	if (n == 0) {
		/* Some job's, or some row's. */
		w->tries = 0;
		w->next_ms = e->now_ms + AGAIN_MS;
		return 0;
	}
	wait = (int64_t)BACK_OFF_MS << (w->tries < 8 ? w->tries : 8);
	w->tries++;
	w->next_ms = e->now_ms + (w->tries == 1 ? 0 :
	    wait > BACK_OFF_MAX_MS ? BACK_OFF_MAX_MS : wait);
	log_info("engine", "left bay=%u functions=%zu try=%u", bay, n,
	    w->tries);
	engine_commit_bay(e, bay, run_left);
	return 0;
}

/* ---- cards that are gone ---- */

/* Wanted just there: its row stays, whatever became of the card. */
static int
is_wanted(struct store *store, struct arena *a, const struct binding *row,
    bool *wanted, struct err *err)
{
	struct profile *p;

	*wanted = false;
	if (profile_at_slot(store, a, row->slot, &p, err) < 0)
		return -1;
	for (size_t i = 0; p != NULL && i < p->n_devices; i++)
		for (uint32_t k = 0; k < device_functions(&p->devices[i]); k++)
			*wanted = *wanted || (p->devices[i].placed != 0 &&
			    fn_beside(p->devices[i].placed, k) == row->fn);
	return 0;
}

int
engine_bay_release(struct store *store, struct arena *a, unsigned bay,
    bool write, int64_t wall_ms, size_t *n, struct err *err)
{
	struct binding *rows;
	size_t n_rows;

	*n = 0;
	if (binding_list(store, a, &rows, &n_rows, err) < 0)
		return -1;
	for (size_t i = 0; i < n_rows; i++) {
		char key[FN_TEXT];
		bool stays;

		if (fn_bay(rows[i].fn) != bay)
			continue;
		if (is_wanted(store, a, &rows[i], &stays, err) < 0 ||
		    is_held(store, HOLD_FN, fn_text(rows[i].fn, key), &stays,
		    err) < 0)
			return -1;
		if (stays)
			continue;
		(*n)++;
		rows[i].state = BINDING_RELEASED;
		rows[i].since_ms = wall_ms;
		if (write && binding_put(store, &rows[i], err) < 0)
			return -1;
	}
	return 0;
}

static int
run_gone(struct writer_entry *entry, struct store *store, int64_t wall_ms,
    struct err *err)
{
	struct commit *c = entry->cookie;
	size_t n;

	if (!view_gone(c->view, c->bay))
		return 0;		/* it is back */
	if (engine_bay_release(store, c->arena, c->bay, true, wall_ms, &n,
	    err) < 0)
		return -1;
	return n == 0 ? 0 : engine_commit_forget(store,
	    c->arena, c->bay, err) < 0 ? -1 :
	    tell_bay(store, c->bay, "gone", 0, wall_ms, err);
}

/* Gone is what is neither there nor somewhere else with a link: no server has
 * anything of a card that is in another bay and not bound there. */
static bool
is_absent(const struct view *v, const struct module *m)
{
	const struct fabric_bay *b = view_bay(v, m->bay);

	return b != NULL && (!b->occupied || engine_have_other(v, m));
}

static void
set_gone(struct engine *e, unsigned bay, bool gone)
{
	uint64_t bit = UINT64_C(1) << bay % 64;
	uint64_t *word = &e->view->gone[bay / 64];

	if (((*word & bit) != 0) == gone)
		return;
	*word ^= bit;
	e->fresh = true;
	engine_show(e, VIEW_OK);
}

static int
look_for_gone(struct engine *e, struct store *store, struct arena *a,
    const struct module *m, struct err *err)
{
	struct bay_watch *w = &e->bays[m->bay];
	size_t n;

	if (!is_absent(e->view, m)) {
		w->absent_ms = 0;
		set_gone(e, m->bay, false);
		return 0;
	}
	if (w->absent_ms == 0)
		w->absent_ms = e->looked_ms > 0 ? e->now_ms : 1;
	/* The second look, when the time is up. */
	if (e->looked_ms < w->absent_ms + GONE_MS) {
		if (e->observe_ms > w->absent_ms + GONE_MS)
			e->observe_ms = w->absent_ms + GONE_MS;
		if (e->poll_ms > e->observe_ms)
			e->poll_ms = e->observe_ms;
		return 0;
	}
	set_gone(e, m->bay, true);
	if (engine_busy(e) || e->now_ms < w->gone_ms)
		return 0;
	w->gone_ms = e->now_ms + AGAIN_MS;
	if (engine_bay_release(store, a, m->bay, false, e->wall_ms, &n,
	    err) < 0)
		return -1;
	if (n > 0)
		engine_commit_bay(e, m->bay, run_gone);
	return 0;
}

/* ---- the turn ---- */

static void
grow(struct engine *e)
{
	size_t n = e->view->n_bays + 1;

	if (n <= e->n_bays)
		return;
	e->bays = xrealloc(e->bays, n * sizeof(*e->bays));
	memset(&e->bays[e->n_bays], 0, (n - e->n_bays) * sizeof(*e->bays));
	e->n_bays = n;
}

/* A card that came, or that was there when we began. */
static void
notice(struct engine *e, unsigned bay)
{
	struct bay_watch *w = &e->bays[bay];
	char card[MODULE_TEXT];

	engine_module_text(view_bay(e->view, bay), card);
	if (w->begun && strcmp(card, w->card) == 0)
		return;
	w->begun = true;
	memcpy(w->card, card, sizeof(w->card));
	w->owed = card[0] != '\0';
	w->tries = 0;
	w->next_ms = 0;
}

int
engine_bay_turn(struct engine *e, struct store *store, struct arena *a,
    struct err *err)
{
	struct module *modules;
	size_t n;

	if (e->now_ms < e->bay_ms)
		return 0;
	e->bay_ms = e->now_ms + LOOK_MS;
	grow(e);
	if (module_list(store, a, &modules, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (modules[i].bay < e->n_bays && look_for_gone(e, store, a,
		    &modules[i], err) < 0)
			return -1;
	for (unsigned bay = 1; bay < e->n_bays; bay++) {
		notice(e, bay);
		if (look_for_left(e, store, a, bay, err) < 0)
			return -1;
	}
	return 0;
}

void
engine_bay_free(struct engine *e)
{
	free(e->bays);
	e->bays = NULL;
	e->n_bays = 0;
}
