/* leases.c -- see leases.h: what is due, and what shall be done about it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/engine/activation.h"
#include "appliance/service/leases_int.h"
#include "appliance/service/request.h"
#include "base/clock.h"
#include "base/log.h"

/* One look. */
struct look {
	struct leases *l;
	struct store *store;
	struct arena *arena;
	const struct view *view;
	struct lease *list;
	size_t n;
	struct binding *bindings;
	size_t n_bindings;
	int64_t now_ms, wall_ms;
	bool line_is_held;		/* one of a line has its device */
	struct look_zone {
		const char *name;
		struct zone *zone;
	} *zones;			/* that were read in this look */
	size_t n_zones, cap_zones;
};

/* Something to be done for one lease. */
struct duty {
	const struct lease *lease;
	bool begins, force;
	int64_t since_ms;		/* wall: due since */
};

struct leases *
leases_new(const struct leases_config *config)
{
	struct leases *l = xcalloc(1, sizeof(*l));

	l->config = *config;
	l->seed = config->seed;
	pthread_mutex_init(&l->lock, NULL);
	return l;
}

void
leases_free(struct leases *l)
{
	if (l == NULL)
		return;
	leases_errand_free(leases_take(l));
	free(l->list);
	pthread_mutex_destroy(&l->lock);
	free(l);
}

/* ---- what is remembered ---- */

static struct leases_watch *
watch_find(struct leases *l, const char *lease)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->list[i].lease, lease) == 0)
			return &l->list[i];
	return NULL;
}

/* Anew when it is about another time. */
static struct leases_watch *
watch(struct leases *l, const struct lease *lease, int64_t about_ms)
{
	struct leases_watch *w = watch_find(l, lease->head.id);

	if (w == NULL) {
		if (l->n == l->cap) {
			l->cap = l->cap * 2 + 8;
			l->list = xrealloc(l->list, l->cap * sizeof(*w));
		}
		w = &l->list[l->n++];
		*w = (struct leases_watch){ .about_ms = about_ms };
		memcpy(w->lease, lease->head.id, sizeof(w->lease));
	}
	if (w->about_ms != about_ms) {
		*w = (struct leases_watch){ .about_ms = about_ms };
		memcpy(w->lease, lease->head.id, sizeof(w->lease));
	}
	w->seen = true;
	return w;
}

static void
forget_the_rest(struct leases *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		if (!l->list[i].seen)
			continue;
		l->list[i].seen = false;
		l->list[n++] = l->list[i];
	}
	l->n = n;
}

static void
complain(struct leases_watch *w, const char *code, const char *text)
{
	w->code = code;
	snprintf(w->text, sizeof(w->text), "%.199s", text);
}

static int64_t
grace_ms(const struct lease *l)
{
	return (int64_t)l->grace_s * 1000;
}

/* Wall clock to ours: come back then, at the latest. */
static void
come_back(struct look *k, int64_t wall_ms)
{
	int64_t at = k->now_ms + (wall_ms - k->wall_ms);

	if (at < k->l->due_ms)
		k->l->due_ms = at;
}

/* ---- facts ---- */

static bool
is_bound(const struct look *k, const struct lease *l)
{
	for (size_t i = 0; i < k->n_bindings; i++)
		if (strcmp(k->bindings[i].device, l->device) == 0)
			return true;
	return false;
}

/* What cannot be known is busy. */
static int
is_busy(const struct look *k, const struct lease *l, bool *busy,
    struct err *e)
{
	const struct fabric_bridge *at;
	const struct fabric_slot *s;
	struct profile *p;
	struct device *d;

	if (profile_load(k->store, k->arena, l->profile, &p, e) < 0)
		return -1;
	d = lease_device(p, l->head.id);
	s = view_slot(k->view, p->slot);
	at = d == NULL || d->placed == 0 ? NULL :
	    view_where(k->view, d->placed);
	if (p->slot == 0 || at == NULL || at->slot != p->slot)
		*busy = false;
	else if (k->view->state == VIEW_OK && s != NULL &&
	    (!s->link || !s->enabled || s->power == 1))
		*busy = false;
	else
		*busy = k->view->state != VIEW_OK || strcmp(activation_seen(
		    k->view, at->slot, at->bridge), "no") != 0;
	return 0;
}

/* ---- what is due ---- */

/* True when it has to go now. */
static int
must_end(struct look *k, const struct lease *l, struct duty *duty, bool *now,
    struct err *e)
{
	int64_t due = l->ends_ms + grace_ms(l), force = l->ends_ms +
	    (int64_t)l->force_after_s * 1000;
	struct leases_watch *w;
	bool busy = false;

	*now = false;
	if (k->wall_ms < due) {
		come_back(k, due);
		return 0;
	}
	duty->force = l->on_end == LEASE_FORCE ||
	    (l->force_after_s != 0 && k->wall_ms >= force);
	duty->since_ms = due;
	w = watch(k->l, l, due);
	if (l->on_end == LEASE_KEEP && !duty->force &&
	    is_busy(k, l, &busy, e) < 0)
		return -1;
	*now = !busy;
	if (busy)
		complain(w, "LeaseReleaseOverdue", arena_printf(k->arena,
		    "Lease %s is over, and its server uses the device",
		    l->head.name));
	else if (w->code != NULL && w->tries == 0)
		w->code = NULL;
	return 0;
}

/* Off, and its device is not back yet. */
static void
mind_leaving(struct look *k, const struct lease *l)
{
	struct leases_watch *w = watch(k->l, l, -1);

	if (w->off_ms == 0)
		w->off_ms = k->now_ms;
	if (k->view->state != VIEW_OK)
		complain(w, "LeaseReleaseOverdue", arena_printf(k->arena,
		    "Lease %s is over, and the switch is away", l->head.name));
	else if (k->now_ms - w->off_ms >= LEASES_BOUND_MS)
		complain(w, "LeaseReleaseOverdue", arena_printf(k->arena,
		    "Lease %s is over, and its device is not free yet",
		    l->head.name));
}

/* The last time that passed without it, within a day. */
static bool
was_missed(const struct look *k, const struct lease *l, const struct zone *z,
    struct occurrence *last)
{
	int64_t after = k->wall_ms - LEASES_SHOWN_MS;
	struct occurrence o;
	bool missed = false;

	while (lease_next(l, z, after, &o) &&
	    o.end_ms + grace_ms(l) <= k->wall_ms) {
		missed = o.start_ms >= l->since_ms;
		*last = o;
		after = o.end_ms + grace_ms(l);
	}
	return missed;
}

static int
zone_of(struct look *k, const char *name, struct zone **z, struct err *e)
{
	for (size_t i = 0; i < k->n_zones; i++)
		if (strcmp(k->zones[i].name, name) == 0) {
			*z = k->zones[i].zone;
			return 0;
		}
	if (zone_load(k->arena, name, z, e) < 0)
		return -1;
	ARENA_PUSH(k->arena, k->zones, k->n_zones, k->cap_zones) =
	    (struct look_zone){ name, *z };
	return 0;
}

static bool
must_begin(struct look *k, const struct lease *l, struct duty *duty)
{
	struct occurrence o, past;
	struct leases_watch *w;
	char at[TIME_TEXT];
	struct zone *z;
	struct err e;

	if (zone_of(k, l->zone, &z, &e) < 0) {
		complain(watch(k->l, l, 0), "LeaseMissed", e.msg);
		return false;
	}
	if (lease_next(l, z, k->wall_ms + grace_ms(l), &o)) {
		if (o.start_ms <= k->wall_ms) {
			duty->since_ms = o.start_ms;
			(void)watch(k->l, l, o.start_ms);
			return true;
		}
		come_back(k, o.start_ms);
	}
	if (!was_missed(k, l, z, &past))
		return false;
	w = watch(k->l, l, past.start_ms);
	complain(w, "LeaseMissed", arena_printf(k->arena, "Lease %s did not "
	    "begin at %s, and its time is over", l->head.name,
	    time_text(past.start_ms, at)));
	return false;
}

/* Ends come first; then who is first in line. */
static bool
is_before(const struct duty *a, const struct duty *b)
{
	if (a->begins != b->begins)
		return b->begins;
	if (a->begins && a->lease->priority != b->lease->priority)
		return a->lease->priority > b->lease->priority;
	if (a->since_ms != b->since_ms)
		return a->since_ms < b->since_ms;
	return strcmp(a->lease->head.id, b->lease->head.id) < 0;
}

/* ---- doing it ---- */

/* True when it was sent. */
static bool
act(struct look *k, const struct duty *duty)
{
	struct leases_watch *w = watch_find(k->l, duty->lease->head.id);
	unsigned doubled = w->tries < 4 ? w->tries : 4;

	if (k->now_ms < w->next_ms) {
		come_back(k, k->wall_ms + w->next_ms - k->now_ms);
		return false;
	}
	if (duty->begins && k->view->state != VIEW_OK) {
		complain(w, "LeaseMissed", arena_printf(k->arena, "Lease %s "
		    "is due, and the switch is away", duty->lease->head.name));
		return false;
	}
	/* Nothing says that it was rolled back but that it is off again. */
	if (duty->begins && w->tries > 0 && w->code == NULL &&
	    !(duty->lease->queue && k->line_is_held))
		complain(w, "LeaseMissed", arena_printf(k->arena, "Lease %s "
		    "began, and was rolled back", duty->lease->head.name));
	w->next_ms = k->now_ms + ((int64_t)LEASES_RETRY_MS << doubled);
	w->tries++;
	leases_send(k->l, k->wall_ms, duty->lease, duty->begins, duty->force);
	return true;
}

/* What was refused says why. */
static void
take_ended(struct look *k)
{
	struct leases_errand *x = leases_take(k->l);
	struct leases_watch *w;
	const char *why = NULL;
	json_t *body = NULL;
	struct err e;

	if (x == NULL)
		return;
	w = watch_find(k->l, x->lease);
	if (w != NULL && x->entry.result == 0)
		w->code = NULL;
	if (w != NULL && x->entry.result < 0) {
		if (x->answer.body.len > 0 && json_read(x->answer.body.data,
		    x->answer.body.len, x->answer.body.len, &body, &e) == 0)
			why = json_string_value(json_object_get(body,
			    "detail"));
		if (why == NULL)
			why = x->entry.err.msg;
		log_warn("lease", "lease=%s %s", x->lease, why);
		complain(w, x->begins ? "LeaseMissed" : "LeaseReleaseOverdue",
		    arena_printf(k->arena, "%s: %s", x->begins ? "It is due "
		    "and cannot begin" : "It is over and cannot end", why));
		json_decref(body);
	}
	leases_errand_free(x);
}

static int
find_duties(struct look *k, struct duty **out, size_t *n, struct err *e)
{
	struct duty *list = arena_array(k->arena, k->n + 1, sizeof(*list));
	size_t at;

	*n = 0;
	for (size_t i = 0; i < k->n; i++) {
		struct duty duty = { .lease = &k->list[i] };
		bool now = false;

		if (duty.lease->ends_ms != 0) {
			if (must_end(k, duty.lease, &duty, &now, e) < 0)
				return -1;
		} else {
			duty.begins = true;
			if (is_bound(k, duty.lease))
				mind_leaving(k, duty.lease);
			else
				now = must_begin(k, duty.lease, &duty);
		}
		if (!now)
			continue;
		for (at = (*n)++; at > 0 && is_before(&duty, &list[at - 1]);
		    at--)
			list[at] = list[at - 1];
		list[at] = duty;
	}
	*out = list;
	return 0;
}

static void
mind_line(struct look *k)
{
	for (size_t i = 0; i < k->n; i++)
		k->line_is_held = k->line_is_held || (k->list[i].queue &&
		    (k->list[i].ends_ms != 0 || is_bound(k, &k->list[i])));
}

/* ---- faults ---- */

static struct fault *
add_fault(struct look *k, struct fault **list, size_t *n, size_t *cap,
    const char *code, const char *severity)
{
	struct fault f = { .code = code, .severity = severity, .count = 1 };

	ARENA_PUSH(k->arena, *list, *n, *cap) = f;
	return &(*list)[*n - 1];
}

static void
lease_fault(struct look *k, struct fault *f, const struct lease *l,
    const struct leases_watch *w)
{
	struct profile *p;
	struct err e;

	if (profile_load(k->store, k->arena, l->profile, &p, &e) == 0)
		f->slot = p->slot;
	snprintf(f->object_type, sizeof(f->object_type), "lease");
	snprintf(f->object, sizeof(f->object), "%s", l->head.name);
	snprintf(f->text, sizeof(f->text), "%s", w->text);
	snprintf(f->remedy, sizeof(f->remedy), "%s",
	    strcmp(w->code, "LeaseMissed") == 0 ? "Make room for it, or change "
	    "its times; it is tried again while its time lasts" :
	    "Stop what uses the device, or end the lease; it is tried again "
	    "by itself");
}

static void
skew_fault(struct fault *f, int64_t newest_ms)
{
	char at[TIME_TEXT];

	snprintf(f->object_type, sizeof(f->object_type), "appliance");
	snprintf(f->object, sizeof(f->object), "clock");
	snprintf(f->text, sizeof(f->text), "The clock is behind the newest "
	    "commit, which was at %s", time_text(newest_ms, at));
	snprintf(f->remedy, sizeof(f->remedy), "Set the clock right; if it is "
	    "right now, POST /appliance:acceptClock");
}

static void
report(struct look *k, const struct appliance *self)
{
	struct fault *list = NULL;
	size_t n = 0, cap = 0;

	if (store_clock_behind(self, k->wall_ms))
		skew_fault(add_fault(k, &list, &n, &cap, "ClockSkew",
		    "critical"), self->newest_ms);
	for (size_t i = 0; i < k->n; i++) {
		const struct lease *l = &k->list[i];
		const struct leases_watch *w = watch_find(k->l, l->head.id);

		if (w == NULL || w->code == NULL ||
		    (l->queue && k->line_is_held && l->ends_ms == 0 &&
		    strcmp(w->code, "LeaseMissed") == 0))
			continue;
		lease_fault(k, add_fault(k, &list, &n, &cap, w->code, "major"),
		    l, w);
	}
	if (n > 0 || k->l->reported)
		engine_report(k->l->config.engine, "leases", list, n);
	k->l->reported = n > 0;
}

/* ---- the turn ---- */

static int
look(struct look *k, struct err *e)
{
	struct appliance self;
	struct duty *duties;
	bool sent;
	size_t n;

	if (store_appliance(k->store, &self, e) < 0 ||
	    lease_list(k->store, k->arena, NULL, STORE_ALL, &k->list, &k->n,
	    e) < 0)
		return -1;
	if (k->n > 0 && binding_list(k->store, k->arena, &k->bindings,
	    &k->n_bindings, e) < 0)
		return -1;
	take_ended(k);
	mind_line(k);
	if (!store_clock_behind(&self, k->wall_ms)) {
		if (find_duties(k, &duties, &n, e) < 0)
			return -1;
		sent = leases_busy(k->l);
		for (size_t i = 0; i < n && !sent; i++)
			sent = act(k, &duties[i]);
		forget_the_rest(k->l);
	}
	report(k, &self);
	return 0;
}

int64_t
leases_turn(struct leases *l, int64_t now_ms, int64_t wall_ms,
    struct store *store)
{
	struct look k = { .l = l, .store = store, .now_ms = now_ms,
		.wall_ms = wall_ms };
	struct err e;

	if (now_ms < l->look_ms)
		return l->look_ms;
	k.arena = arena_new();
	k.view = view_hold(l->config.views);
	l->due_ms = l->look_ms = now_ms + LEASES_LOOK_MS;
	if (store_read_begin(store, &e) < 0) {
		log_error("lease", "reading the store: %s", e.msg);
	} else {
		if (k.view->n_slots > 0 && look(&k, &e) < 0)
			log_error("lease", "%s", e.msg);
		store_read_end(store);
	}
	view_drop(l->config.views, k.view);
	arena_free(k.arena);
	return l->due_ms;
}

/* ---- the clock ---- */

int
leases_accept_clock(struct call *c, struct err *e)
{
	struct event event = { .at_ms = c->request->wall_ms, .type =
		"appliance", .action = "POST /appliance:acceptClock" };
	struct appliance self;
	json_t *o;

	if (request_nothing(c->request, e) < 0 ||
	    store_appliance(c->store, &self, e) < 0 ||
	    store_clock_accept(c->store, c->request->wall_ms, e) < 0)
		return -1;
	event.generation = self.generation;
	snprintf(event.actor, sizeof(event.actor), "%s", c->request->actor);
	snprintf(event.source, sizeof(event.source), "%s",
	    c->request->source != NULL ? c->request->source : "");
	snprintf(event.id, sizeof(event.id), "%s", self.id);
	snprintf(event.name, sizeof(event.name), "%s", self.name);
	if (event_add(c->store, &event, e) < 0)
		return -1;
	o = json_object();
	json_put(o, "newest", json_time(c->request->wall_ms));
	answer_json(c->answer, 200, o);
	return 0;
}
