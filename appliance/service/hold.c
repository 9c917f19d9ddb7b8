/* hold.c -- see hold.h. */
#include "appliance/service/hold.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "appliance/engine/engine_doom.h"
#include "appliance/service/hold_port.h"

/* Calls with each thing until one answers other than 0. */
typedef int thing_fn(void *cookie, enum hold_kind, const char *key,
    struct err *);

static int
each_slot(const struct planning *p, thing_fn *fn, void *cookie, struct err *e)
{
	uint32_t *slots;
	size_t n;
	int rc = 0;

	planning_touched(p, &slots, &n);
	for (size_t i = 0; i < n && rc == 0; i++) {
		char key[16];

		snprintf(key, sizeof(key), "%" PRIu32, slots[i]);
		rc = fn(cookie, HOLD_SLOT, key, e);
	}
	return rc;
}

static int
each_function(const struct planning *p, thing_fn *fn, void *cookie,
    struct err *e)
{
	int rc = 0;

	for (size_t i = 0; i < p->n_steps && rc == 0; i++) {
		const struct step *s = &p->steps[i];
		char key[FN_TEXT];

		if (s->fn != 0)
			rc = fn(cookie, HOLD_FN, fn_text(s->fn, key), e);
		for (unsigned k = 1; k < step_binds(s) && rc == 0; k++)
			rc = fn(cookie, HOLD_FN, fn_text(fn_beside(s->fn, k),
			    key), e);
	}
	return rc;
}

static int
each_address(const struct address *list, size_t n, thing_fn *fn, void *cookie,
    struct err *e)
{
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		const struct address *a = &list[i];
		char text[UUID_TEXT];

		if (a->value != 0)
			rc = fn(cookie, HOLD_IDENTITY,
			    a->space == SPACE_MAC ? mac_text(a->value, text) :
			    a->space == SPACE_WWN ? wwn_text(a->value, text) :
			    uuid_text(a->high, a->value, text), e);
	}
	return rc;
}

/* All that the change set has: what is put back must be as it was left. */
static int
each_object(const struct planning *p, thing_fn *fn, void *cookie,
    struct err *e)
{
	int rc = 0;

	for (size_t i = 0; i < p->set->n && rc == 0; i++)
		rc = fn(cookie, HOLD_OBJECT, p->set->items[i].id, e);
	return rc;
}

static int
with_name(enum object_type type, const struct head *h, thing_fn *fn,
    void *cookie, struct err *e)
{
	char key[NAME_TEXT + 16];

	snprintf(key, sizeof(key), "%s %s", object_word(type), h->name);
	for (char *c = key; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return fn(cookie, HOLD_OBJECT, key, e);
}

/* A name that somebody gives up, and one that he takes. */
static int
each_name(const struct planning *p, thing_fn *fn, void *cookie, struct err *e)
{
	int rc = 0;

	for (size_t i = 0; i < p->set->n && rc == 0; i++) {
		const struct change *c = &p->set->items[i];
		const struct head *b = c->before, *a = c->after;

		if (!object_has_head(c->type) || (a != NULL && b != NULL &&
		    strcasecmp(a->name, b->name) == 0))
			continue;
		if (b != NULL)
			rc = with_name(c->type, b, fn, cookie, e);
		if (rc == 0 && a != NULL)
			rc = with_name(c->type, a, fn, cookie, e);
	}
	return rc;
}

static int
each_thing(const struct planning *p, thing_fn *fn, void *cookie,
    struct err *e)
{
	struct address *given, *taken;
	size_t n_given, n_taken;
	int rc = each_slot(p, fn, cookie, e);

	change_addresses(p->set, &given, &n_given, &taken, &n_taken);
	if (rc == 0)
		rc = each_function(p, fn, cookie, e);
	if (rc == 0)
		rc = each_address(given, n_given, fn, cookie, e);
	if (rc == 0)
		rc = each_address(taken, n_taken, fn, cookie, e);
	if (rc == 0)
		rc = each_object(p, fn, cookie, e);
	if (rc == 0)
		rc = each_name(p, fn, cookie, e);
	return rc;
}

/* ---- asking ---- */

struct question {
	struct store *store;
	int64_t job;
};

static int
ask(void *cookie, enum hold_kind kind, const char *key, struct err *e)
{
	struct question *q = cookie;

	if (hold_find(q->store, kind, key, &q->job, e) < 0)
		return -1;
	return q->job != 0 ? 1 : 0;
}

static int
ask_device(const struct device *d, struct question *q, struct err *e)
{
	int rc = 0;

	for (size_t i = 0; i < d->n_vlans && rc == 0; i++)
		rc = ask(q, HOLD_OBJECT, d->vlans[i].network, e);
	if (rc == 0 && d->san[0] != '\0')
		rc = ask(q, HOLD_OBJECT, d->san, e);
	if (rc == 0 && d->pool[0] != '\0')
		rc = ask(q, HOLD_OBJECT, d->pool, e);
	return rc;
}

/* Whoever uses what a running job made would keep it from being taken back. */
static int
ask_used(const struct planning *p, struct question *q, struct err *e)
{
	int rc = 0;

	for (size_t i = 0; i < p->set->n && rc == 0; i++) {
		const struct change *c = &p->set->items[i];
		const struct profile *profile = c->after;

		if (c->type != OBJ_PROFILE || profile == NULL)
			continue;
		for (size_t k = 0; k < profile->n_devices && rc == 0; k++)
			rc = ask_device(&profile->devices[k], q, e);
	}
	return rc;
}

/* An id inside a job's inverse is something that it may put back. */
static int
ask_removed(const struct planning *p, struct question *q, struct err *e)
{
	struct job *jobs = NULL;
	size_t n = 0;
	bool loaded = false;

	for (size_t i = 0; i < p->set->n && q->job == 0; i++) {
		const struct change *c = &p->set->items[i];

		if (c->after != NULL || c->type == OBJ_PROFILE ||
		    !object_has_head(c->type))
			continue;
		if (!loaded && job_list_open(p->call->store, p->call->arena,
		    &jobs, &n, e) < 0)
			return -1;
		loaded = true;
		for (size_t k = 0; k < n && q->job == 0; k++)
			if (jobs[k].inverse != NULL &&
			    strstr(jobs[k].inverse, c->id) != NULL)
				q->job = jobs[k].id;
	}
	return 0;
}

int
hold_conflict(const struct planning *p, int64_t *job, struct err *e)
{
	struct question q = { .store = p->call->store };

	*job = 0;
	if (p->even_if_held)
		return 0;	/* panic isolate is always allowed */
	if (each_thing(p, ask, &q, e) < 0 ||
	    (q.job == 0 && ask_used(p, &q, e) < 0) ||
	    (q.job == 0 && ask_removed(p, &q, e) < 0) ||
	    (q.job == 0 && hold_port_conflict(p, &q.job, e) < 0))
		return -1;
	*job = q.job;
	return 0;
}

/* ---- taking ---- */

struct taking {
	struct store *store;
	int64_t job;
};

static int
take(void *cookie, enum hold_kind kind, const char *key, struct err *e)
{
	struct taking *t = cookie;
	int64_t other;

	/* Isolate comes in beside a job that holds the slot already. */
	if (hold_find(t->store, kind, key, &other, e) < 0)
		return -1;
	if (other != 0 && other != t->job)
		return 0;
	return hold_add(t->store, t->job, kind, key, e);
}

int
hold_take(const struct planning *p, int64_t job, struct err *e)
{
	struct taking t = { .store = p->call->store, .job = job };

	return each_thing(p, take, &t, e);
}

int
hold_send_back(const struct planning *p, int64_t job, struct err *e)
{
	struct store *store = p->call->store;
	struct step *steps;
	struct job *holder;
	char key[16], why[64];
	int64_t by;
	size_t n;

	if (!p->even_if_held)
		return 0;
	snprintf(key, sizeof(key), "%" PRIu32, p->ctl_slot);
	if (hold_find(store, HOLD_SLOT, key, &by, e) < 0)
		return -1;
	if (by == 0 || by == job)
		return 0;
	if (job_load(store, p->call->arena, by, &holder, e) < 0 ||
	    step_list(store, p->call->arena, by, &steps, &n, e) < 0)
		return -1;
	if (job_ended(holder->state) || holder->state == JOB_ROLLING_BACK ||
	    holder->rule[0] != '\0' || engine_doom_begun(steps, n))
		return 0;
	snprintf(why, sizeof(why), "slot %s was isolated", key);
	return engine_cancel(store, holder, "SlotIsolated", why,
	    p->call->request->wall_ms, e);
}
