/*
 * chassis_work.c -- what is under way, and the faults that were asked for.
 *
 * A command that passed every check takes effect at once, or at its due time, or
 * (faults) never, or without saying so.  Operations end in the order of their due
 * times, those of one moment in the order in which they came.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "tools/emulator/chassis_parts.h"

bool
chassis_work_stuck(const struct work *w)
{
	return w->pending != NULL && w->pending->due == INT64_MAX;
}

static void
forget(struct chassis *c, struct pending *p)
{
	size_t i = 0;

	while (c->pending[i] != p)
		i++;
	for (c->n_pending--; i < c->n_pending; i++)
		c->pending[i] = c->pending[i + 1];
	p->order.work->pending = NULL;
	free(p);
}

static void
mark(struct chassis *c, struct order *o)
{
	if (o->row->mark != NULL)
		o->row->mark(c, o);
}

/* How the operation ended stays with the thing. */
static void
end(struct chassis *c, struct order *o, int err)
{
	o->work->res = err == MR_ERR_NONE ? MR_RES_DONE : MR_RES_FAILED;
	o->work->err = (uint8_t)err;
	if (err != MR_ERR_NONE && o->row->undo != NULL)
		o->row->undo(c, o);
	mark(c, o);
}

static void
end_pending(struct chassis *c, struct pending *p, int err)
{
	struct order o = p->order;

	chassis_log_end(c, p->log_n, err == MR_ERR_NONE ? "done" : "failed",
	    (unsigned)err);
	forget(c, p);
	end(c, &o, err);
}

void
chassis_work_cancel(struct chassis *c, struct work *w, const char *why)
{
	struct order o;

	if (w->pending == NULL)
		return;
	o = w->pending->order;
	chassis_log_end(c, w->pending->log_n, why, MR_ERR_NONE);
	forget(c, w->pending);
	end(c, &o, MR_ERR_INTERNAL);
}

void
chassis_work_cancel_all(struct chassis *c)
{
	while (c->n_pending > 0)
		chassis_work_cancel(c, c->pending[c->n_pending - 1]->order.work,
		    "power cut");
}

static bool
concerns(const struct order *o, const struct module *m)
{
	return o->module == m || (o->fns[0] != NULL && o->fns[0]->module == m);
}

void
chassis_work_orphan(struct chassis *c, struct module *m)
{
	for (size_t i = c->n_pending; i-- > 0;)
		if (concerns(&c->pending[i]->order, m))
			end_pending(c, c->pending[i], MR_ERR_ABSENT);
}

/* ---- faults ---- */

static struct fault
take_fault(struct chassis *c, enum verb verb)
{
	struct fault f = c->faults[verb];

	if (f.mode != FAULT_NONE && --c->faults[verb].count == 0)
		c->faults[verb].mode = FAULT_NONE;
	return f;
}

/* A fault does not wait for anyone: what would have waited is not answered. */
static int
effect_now(struct chassis *c, struct order *o)
{
	int err = o->row->effect(c, o);

	return err == EFFECT_WAIT ? MR_ERR_UNANSWERED : err;
}

/* ---- from start to end ---- */

static unsigned
pend(struct chassis *c, const struct order *o, int64_t due, bool applied,
    uint64_t log_n)
{
	struct pending *p = xcalloc(1, sizeof(*p));

	if (c->n_pending == c->pending_cap) {
		c->pending_cap = 2 * c->pending_cap + 16;
		c->pending = xrealloc(c->pending,
		    c->pending_cap * sizeof(struct pending *));
	}
	*p = (struct pending){ .order = *o, .due = due, .seq = c->seq++,
		.log_n = log_n, .applied = applied };
	c->pending[c->n_pending++] = p;
	o->work->pending = p;
	o->work->res = MR_RES_PENDING;
	mark(c, &p->order);
	return MR_RES_PENDING;
}

static unsigned
finish(struct chassis *c, struct order *o, int err)
{
	end(c, o, err);
	return err == MR_ERR_NONE ? MR_RES_DONE :
	    MR_RES_FAILED | (unsigned)err << 8;
}

/* A scrub that failed leaves a function that nobody should have. */
static int
failed_in_place(struct order *o)
{
	if (o->row->verb == V_SCRUB)
		o->fn->failed = true;
	return MR_ERR_INTERNAL;
}

static unsigned
start_faulty(struct chassis *c, struct order *o, struct fault f, int64_t takes,
    uint64_t log_n)
{
	int err = MR_ERR_NONE;

	if (f.after)
		err = effect_now(c, o);
	if (err != MR_ERR_NONE)
		return finish(c, o, err);
	if (f.mode == FAULT_ERROR)
		return finish(c, o, f.after ? MR_ERR_INTERNAL :
		    failed_in_place(o));
	if (!f.after && o->row->begin != NULL)
		o->row->begin(c, o);
	return pend(c, o, f.mode == FAULT_TIMEOUT ? INT64_MAX :
	    o->start + (takes > 0 ? 10 * takes : LATE_MS), f.after, log_n);
}

unsigned
chassis_work_start(struct chassis *c, const struct order *order, uint64_t log_n)
{
	struct order o = *order;
	int64_t takes = c->delays[o.row->verb];
	struct fault f;
	int err;

	chassis_work_cancel(c, o.work, "superseded");
	*o.work = (struct work){ .op = o.op };
	if (o.row->takes != NULL)
		takes = o.row->takes(c, &o);
	f = take_fault(c, o.row->verb);
	if (f.mode != FAULT_NONE)
		return start_faulty(c, &o, f, takes, log_n);
	if (o.row->begin != NULL)
		o.row->begin(c, &o);
	if (takes > 0)
		return pend(c, &o, o.start + takes, false, log_n);
	err = o.row->effect(c, &o);
	if (err == EFFECT_WAIT) {
		o.waited = true;
		return pend(c, &o, o.start + c->release_ms, false, log_n);
	}
	return finish(c, &o, err);
}

static struct pending *
next(const struct chassis *c)
{
	struct pending *best = NULL;

	for (size_t i = 0; i < c->n_pending; i++) {
		struct pending *p = c->pending[i];

		if (best == NULL || p->due < best->due ||
		    (p->due == best->due && p->seq < best->seq))
			best = p;
	}
	return best;
}

int64_t
chassis_work_due(const struct chassis *c)
{
	const struct pending *p = next(c);

	return p != NULL ? p->due : INT64_MAX;
}

/* Ends the first operation that is due by `until`; false when none is. */
bool
chassis_work_one(struct chassis *c, int64_t until)
{
	struct pending *p = next(c);
	int err;

	if (p == NULL || p->due > until || p->due == INT64_MAX)
		return false;
	if (p->due > c->now)
		c->now = p->due;
	err = p->applied ? MR_ERR_NONE : p->order.row->effect(c, &p->order);
	if (err == EFFECT_WAIT) {
		p->order.waited = true;
		p->due = p->order.start + c->release_ms;
		return true;
	}
	end_pending(c, p, err);
	return true;
}
