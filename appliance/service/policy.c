/* policy.c -- see policy.h: what is lost, and what shall be done about it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/service/policy_int.h"
#include "appliance/service/spares.h"
#include "base/log.h"

#define POLICY_HOUR_MS INT64_C(3600000)

/* One turn. */
struct turn {
	struct policy *p;
	struct store *store;
	struct arena *arena;
	const struct view *view;
	struct failover *list;		/* assigned profiles, by slot */
	size_t n;
	int64_t now_ms, wall_ms;
};

struct policy *
policy_new(const struct policy_config *config)
{
	struct policy *p = xcalloc(1, sizeof(*p));

	p->config = *config;
	p->seed = config->seed;
	p->away = true;
	pthread_mutex_init(&p->lock, NULL);
	return p;
}

void
policy_free(struct policy *p)
{
	if (p == NULL)
		return;
	policy_move_free(policy_move_take(p));
	free(p->slots);
	free(p->drifts);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

/* ---- what is lost ---- */

/* The switch was away or is another one: nothing is known of any slot. */
static void
begin_anew(struct policy *p, const struct view *v)
{
	p->slots = xrealloc(p->slots, (v->n_slots + 1) * sizeof(*p->slots));
	memset(p->slots, 0, (v->n_slots + 1) * sizeof(*p->slots));
	p->n_slots = v->n_slots;
	p->boots = v->sw.boots;
	p->away = false;
}

static bool
is_up(const struct fabric_slot *s)
{
	return s->enabled && s->link && s->power != 1;
}

/* Slots whose servers are there are calm; true when one is not. */
static bool
look_at_cables(struct turn *t)
{
	bool lost = false;

	for (size_t i = 1; i <= t->p->n_slots; i++) {
		const struct fabric_slot *s = view_slot(t->view, (unsigned)i);

		if (s == NULL)
			continue;
		if (is_up(s))
			t->p->slots[i] = (struct policy_watch){ .up = true };
		else
			lost = true;
	}
	return lost;
}

/* Disabled, isolated, in maintenance: that is ours, and what was seen before
 * counts no more. */
static int
is_our_doing(struct turn *t, const struct failover *f, bool *ours,
    struct err *e)
{
	const struct fabric_slot *s = view_slot(t->view, f->slot);
	struct slot *wanted;

	if (slot_load(t->store, t->arena, f->slot, &wanted, e) < 0)
		return -1;
	*ours = s == NULL || !s->enabled || wanted->admin != SLOT_ENABLED;
	return 0;
}

/* So near to the loss of another that it is no single server. */
static void
suspend_racks(struct turn *t, uint32_t slot)
{
	struct policy_watch *w = &t->p->slots[slot];

	for (size_t i = 0; i < t->n; i++) {
		struct policy_watch *other = &t->p->slots[t->list[i].slot];

		if (t->list[i].slot == slot || other->since_ms == 0 ||
		    w->since_ms - other->since_ms > POLICY_RACK_MS)
			continue;
		w->suspended = other->suspended = true;
	}
}

static int
note_loss(struct turn *t, const struct failover *f, struct err *e)
{
	struct policy_watch *w = &t->p->slots[f->slot];
	const struct fabric_slot *s = view_slot(t->view, f->slot);
	bool ours;

	if (s == NULL || is_up(s))
		return 0;
	if (is_our_doing(t, f, &ours, e) < 0)
		return -1;
	if (ours) {
		*w = (struct policy_watch){ .up = false };
		return 0;
	}
	if (w->since_ms != 0 && strcmp(w->profile, f->id) == 0)
		return 0;
	*w = (struct policy_watch){ .up = w->up, .since_ms = t->now_ms,
		.suspended = !w->up };
	memcpy(w->profile, f->id, sizeof(w->profile));
	suspend_racks(t, f->slot);
	return 0;
}

/* ---- what shall be done ---- */

static void
come_back(struct turn *t, int64_t ms)
{
	if (ms < t->p->due_ms)
		t->p->due_ms = ms;
}

static void
complain(struct policy_watch *w, const char *code, const char *text)
{
	w->code = code;
	snprintf(w->text, sizeof(w->text), "%s", text);
}

/* The time is not there yet; else 0. */
static int64_t
not_before(const struct turn *t, const struct failover *f,
    const struct policy_watch *w)
{
	int64_t hold = w->since_ms + (int64_t)f->hold_s * 1000;
	int64_t cool = f->last_ms + (int64_t)f->cooldown_s * 1000;
	bool counts = f->job != 0 || f->trigger == FAILOVER_OBSERVE;

	if (hold > t->now_ms)
		return hold;
	if (f->last_ms != 0 && counts && cool > t->wall_ms)
		return t->now_ms + (cool - t->wall_ms);
	return w->next_ms > t->now_ms ? w->next_ms : 0;
}

/* True when as many moved in an hour as may. */
static int
is_limited(struct turn *t, struct policy_watch *w, bool *limited,
    struct err *e)
{
	char text[160];
	int64_t n;

	if (failover_count(t->store, t->wall_ms - POLICY_HOUR_MS, &n, e) < 0)
		return -1;
	*limited = n >= POLICY_MOVES;
	if (*limited) {
		snprintf(text, sizeof(text), "%" PRId64 " profiles moved to "
		    "spares within an hour; no more move by themselves", n);
		complain(w, "FailoverLimited", text);
	}
	return 0;
}

/* The best spare; 0 and a complaint when there is none. */
static int
find_spare(struct turn *t, const struct failover *f, struct policy_watch *w,
    uint32_t *to, struct err *e)
{
	struct spares_in in = { .arena = t->arena, .store = t->store,
		.view = t->view, .from = f->slot };
	struct spare *list;
	struct profile *p;
	size_t n;

	if (profile_load(t->store, t->arena, f->id, &p, e) < 0)
		return -1;
	in.profile = p;
	if (spares_rank(&in, &list, &n, e) < 0)
		return -1;
	*to = n > 0 && list[0].rank != 0 ? list[0].slot : 0;
	if (*to == 0)
		complain(w, "NoSpare", arena_printf(t->arena,
		    "No spare takes over %s: %s", f->name,
		    spares_why(t->arena, list, n)));
	return 0;
}

static int
act(struct turn *t, const struct failover *f, struct policy_watch *w,
    struct err *e)
{
	bool observe = f->trigger == FAILOVER_OBSERVE, limited = false;
	uint32_t to;

	w->next_ms = t->now_ms + POLICY_RETRY_MS;
	w->code = NULL;
	if ((!observe && is_limited(t, w, &limited, e) < 0) ||
	    (!limited && find_spare(t, f, w, &to, e) < 0))
		return -1;
	if (limited || (!observe && to == 0) || (observe && w->told))
		return 0;
	w->told = true;
	policy_move_send(t->p, t->wall_ms, t->store, f, to, observe);
	return 0;
}

static int
consider(struct turn *t, const struct failover *f, struct err *e)
{
	struct policy_watch *w = &t->p->slots[f->slot];
	char key[16];
	int64_t job, at;

	if (f->trigger == FAILOVER_MANUAL || w->since_ms == 0 ||
	    w->suspended || policy_move_busy(t->p))
		return 0;
	at = not_before(t, f, w);
	if (at != 0) {
		come_back(t, at);
		return 0;
	}
	snprintf(key, sizeof(key), "%" PRIu32, f->slot);
	if (hold_find(t->store, HOLD_SLOT, key, &job, e) < 0)
		return -1;
	if (job != 0) {
		/* What it is at may be what makes the slot look lost. */
		w->next_ms = t->now_ms + POLICY_RETRY_MS;
		return 0;
	}
	return act(t, f, w, e);
}

/* A move that was refused says why, until the next try. */
static void
take_ended(struct policy *p)
{
	struct policy_move *m = policy_move_take(p);
	const char *why = NULL;
	json_t *body = NULL;
	struct err e;

	if (m == NULL)
		return;
	if (m->entry.result < 0 && m->who.slot <= p->n_slots) {
		if (m->answer.body.len > 0 && json_read(m->answer.body.data,
		    m->answer.body.len, m->answer.body.len, &body, &e) == 0)
			why = json_string_value(json_object_get(body,
			    "detail"));
		if (why == NULL)
			why = m->entry.err.msg;
		log_warn("policy", "profile=%s %s", m->who.name, why);
		if (m->device[0] != '\0')
			policy_adopt_refused(p, m->device, why);
		else
			complain(&p->slots[m->who.slot], "FailoverBlocked",
			    arena_printf(m->arena, "%s does not move: %s",
			    m->who.name, why));
		json_decref(body);
	}
	policy_move_free(m);
}

/* ---- faults ---- */

static struct fault *
add_fault(struct turn *t, struct fault **list, size_t *n, size_t *cap,
    const char *code)
{
	struct fault f = { .code = code, .severity = "major", .count = 1 };

	ARENA_PUSH(t->arena, *list, *n, *cap) = f;
	return &(*list)[*n - 1];
}

static void
slot_fault(struct fault *f, const struct policy_watch *w, uint32_t slot)
{
	snprintf(f->object_type, sizeof(f->object_type), "slot");
	snprintf(f->object, sizeof(f->object), "%" PRIu32, slot);
	f->slot = slot;
	snprintf(f->text, sizeof(f->text), "%s", w->text);
	snprintf(f->remedy, sizeof(f->remedy), "%s",
	    strcmp(w->code, "NoSpare") == 0 ? "Keep a slot that fits as a "
	    "spare, or mend one; it is tried again by itself" :
	    "Move the profile by hand, or look what is in its way");
}

static void
rack_fault(struct fault *f, const char *slots)
{
	snprintf(f->object_type, sizeof(f->object_type), "appliance");
	snprintf(f->object, sizeof(f->object), "slots");
	snprintf(f->text, sizeof(f->text), "Slots %s were lost within a "
	    "minute, or before we looked: nothing moves by itself", slots);
	snprintf(f->remedy, sizeof(f->remedy), "Look at the power of the rack; "
	    "move profiles by hand if their servers stay away");
}

/* One for all that are suspended; one for each that cannot go. */
static void
report(struct turn *t)
{
	struct fault *list = NULL;
	size_t n = 0, cap = 0;
	const char *rack = "";

	for (size_t i = 0; i < t->n; i++) {
		const struct failover *f = &t->list[i];
		const struct policy_watch *w = &t->p->slots[f->slot];

		if (f->trigger == FAILOVER_MANUAL || w->since_ms == 0)
			continue;
		if (w->suspended)
			rack = arena_printf(t->arena, "%s%s%" PRIu32, rack,
			    rack[0] != '\0' ? ", " : "", f->slot);
		else if (w->code != NULL)
			slot_fault(add_fault(t, &list, &n, &cap, w->code), w,
			    f->slot);
	}
	for (size_t i = 0; i < t->p->n_drifts; i++) {
		struct fault f;

		if (policy_adopt_fault(&t->p->drifts[i], &f))
			ARENA_PUSH(t->arena, list, n, cap) = f;
	}
	if (rack[0] != '\0')
		rack_fault(add_fault(t, &list, &n, &cap, "FailoverSuspended"),
		    rack);
	if (n > 0 || t->p->reported)
		engine_report(t->p->config.engine, "policy", list, n);
	t->p->reported = n > 0;
}

/* ---- the turn ---- */

static int
look(struct turn *t, struct err *e)
{
	struct policy *p = t->p;
	bool lost;

	if (p->away || p->n_slots != t->view->n_slots ||
	    p->boots != t->view->sw.boots)
		begin_anew(p, t->view);
	take_ended(p);
	if (policy_adopt_look(p, t->store, t->arena, t->view, t->now_ms,
	    t->wall_ms, e) < 0)
		return -1;
	lost = look_at_cables(t);
	if (lost && failover_list(t->store, t->arena, &t->list, &t->n, e) < 0)
		return -1;
	/* A profile may be at a slot that this box does not have. */
	while (t->n > 0 && t->list[t->n - 1].slot > p->n_slots)
		t->n--;
	for (size_t i = 0; i < t->n; i++)
		if (note_loss(t, &t->list[i], e) < 0)
			return -1;
	for (size_t i = 0; i < t->n; i++)
		if (consider(t, &t->list[i], e) < 0)
			return -1;
	report(t);
	return 0;
}

int64_t
policy_turn(struct policy *p, int64_t now_ms, int64_t wall_ms,
    struct store *store)
{
	struct turn t = { .p = p, .store = store, .now_ms = now_ms,
		.wall_ms = wall_ms };
	struct err e;

	if (now_ms < p->look_ms)
		return p->due_ms;
	t.arena = arena_new();
	t.view = view_hold(p->config.views);
	p->due_ms = p->look_ms = now_ms + POLICY_LOOK_MS;
	if (t.view->state != VIEW_OK || t.view->n_slots == 0) {
		p->away = true;
	} else if (store_read_begin(store, &e) < 0) {
		log_error("policy", "reading the store: %s", e.msg);
	} else {
		if (look(&t, &e) < 0)
			log_error("policy", "%s", e.msg);
		store_read_end(store);
	}
	view_drop(p->config.views, t.view);
	arena_free(t.arena);
	return p->due_ms;
}
