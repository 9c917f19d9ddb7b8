/* jobs.c -- see jobs.h. */
#include "appliance/service/jobs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/engine/activation.h"
#include "appliance/engine/engine_doom.h"
#include "appliance/service/commit.h"
#include "appliance/service/render.h"
#include "appliance/service/request.h"
#include "appliance/service/words.h"

/* CLOSELY: of the newest ones a list says, too, whether something later stands on
 * them; that costs reading what they changed. */
enum { JOB_TEXT = 64 << 20, JOB_WAIT_S = 60, CLOSELY = 24 };

/* ---- names of devices, out of the job's own change sets ---- */

struct sides {
	json_t *forward, *inverse;	/* owned; may be NULL */
};

static json_t *
parse(const char *text)
{
	json_t *o;
	struct err e;

	if (text == NULL || text[0] == '\0' ||
	    json_read(text, strlen(text), JOB_TEXT, &o, &e) < 0)
		return NULL;
	return o;
}

static const char *
name_in(const json_t *list, const char *device)
{
	size_t i, k;
	json_t *entry, *d;

	json_array_foreach(list, i, entry) {
		const json_t *devices = json_object_get(json_object_get(entry,
		    "content"), "devices");

		json_array_foreach(devices, k, d) {
			const char *id = json_string_value(json_object_get(d,
			    "id"));
			const char *name = json_string_value(json_object_get(d,
			    "name"));

			if (id != NULL && name != NULL &&
			    strcmp(id, device) == 0)
				return name;
		}
	}
	return NULL;
}

/* A device that the job touched without changing it is still at its slot. */
static const char *
name_at(struct call *c, const struct step *s)
{
	struct profile *p;
	struct device *d;
	struct err e;

	if (s->slot == 0 || profile_at_slot(c->store, c->arena, s->slot, &p,
	    &e) < 0 || p == NULL)
		return "";
	d = profile_device(p, s->device);
	return d != NULL ? d->name : "";
}

static const char *
name_of(struct call *c, const struct sides *sides, const struct step *s)
{
	const char *name;

	if (s->device[0] == '\0')
		return "";
	name = name_in(sides->forward, s->device);
	if (name == NULL)
		name = name_in(sides->inverse, s->device);
	return name != NULL ? name : name_at(c, s);
}

/* ---- steps ---- */

static json_t *
step_json(struct call *c, const struct step *s, const char *device)
{
	json_t *o = json_object();

	json_put(o, "seq", json_int(s->seq));
	json_put(o, "level", json_int(s->level));
	json_put(o, "phase", json_str(s->phase == 0 ? "forward" : "rollback"));
	json_put(o, "verb", json_str(step_verb_word(s->verb)));
	json_put(o, "text", json_str(words_step(c->arena, s, device)));
	json_put(o, "slot", s->slot == 0 ? json_null() : json_int(s->slot));
	json_put(o, "function", render_fn(s->fn));
	render_put_bind(o, c->view, s);
	json_put(o, "osVisible", s->verb != STEP_BIND ||
	    s->state != STEP_DONE ? json_null() :
	    json_str(activation_seen(c->view, s->slot, s->bridge)));
	json_put(o, "bridge", s->fn == 0 ? json_null() : json_int(s->bridge));
	json_put(o, "device", device[0] == '\0' ? json_null() :
	    json_str(device));
	json_put(o, "state", json_str(step_state_word(s->state)));
	json_put(o, "startedAt", json_time(s->started_ms));
	json_put(o, "endedAt", json_time(s->ended_ms));
	json_put(o, "error", s->error[0] == '\0' ? json_null() :
	    json_str(s->error));
	return o;
}

static json_t *
steps_json(struct call *c, const struct sides *sides, const struct step *steps,
    size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_put(list, NULL, step_json(c, &steps[i],
		    name_of(c, sides, &steps[i])));
	return list;
}

/* ---- undo: possible or not, and why ---- */

/* Where a device was put is nobody's wish (an undo that found the function taken
 * took another one), nor is the limit that guarantees of others gave it. */
static void
keep_places(struct change_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct profile *b = set->items[i].before;
		struct profile *p = set->items[i].after;

		if (set->items[i].type != OBJ_PROFILE || b == NULL ||
		    p == NULL || b->slot != p->slot)
			continue;
		for (size_t k = 0; k < p->n_devices; k++) {
			struct device *d = &p->devices[k];
			const struct device *was = profile_device(b, d->id);

			if (was == NULL || was->placed == 0 || d->placed == 0)
				continue;
			d->admission_mbps = was->admission_mbps;
			d->placed = was->placed;
			d->bridge = was->bridge;
		}
	}
}

/* True when the state is what the job made: its change set changes nothing. */
static bool
still_stands(struct call *c, const json_t *forward)
{
	struct change_set *set = change_new(c->arena, c->store, 1,
	    c->request->wall_ms);
	struct err e;

	if (change_from_json(set, forward, &e) < 0)
		return false;
	keep_places(set);
	return change_resolve(set, &e) == 0 && set->n == 0;
}

/* An undo that was rolled back undid nothing. */
static bool
was_undone(struct call *c, const struct job *job)
{
	struct job *by;
	struct err e;

	return job->undone_by != 0 && (job_load(c->store, c->arena,
	    job->undone_by, &by, &e) < 0 || by->state != JOB_ROLLED_BACK);
}

/* NULL when it can be undone.  `forward` NULL = do not look so closely. */
static const char *
why_not(struct call *c, const struct job *job, const struct step *steps,
    size_t n, const json_t *forward)
{
	if (!job_ended(job->state))
		return "It is still running.";
	if (job->state == JOB_ROLLED_BACK)
		return "It was rolled back; nothing of it is left.";
	if (job->state == JOB_ROLLBACK_FAILED)
		return "Its rollback failed; mend that first.";
	if (was_undone(c, job))
		return arena_printf(c->arena, "It was undone by job %" PRId64
		    ".", job->undone_by);
	if (job->inverse == NULL || strcmp(job->inverse, "[]") == 0 ||
	    job->inverse[0] == '\0')
		return "It changed nothing that is kept.";
	if (engine_doom_begun(steps, n))
		return "It destroyed data, which does not come back.";
	if (forward != NULL && !still_stands(c, forward))
		return "A later change touched the same; undo that first.";
	return NULL;
}

/* ---- one job ---- */

static json_t *
id_or_null(int64_t id)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, id);
	return id == 0 ? json_null() : json_str(text);
}

static void
add_once(json_t *list, uint32_t slot)
{
	size_t i;
	json_t *value;

	if (slot == 0)
		return;
	json_array_foreach(list, i, value)
		if (json_integer_value(value) == (json_int_t)slot)
			return;
	json_put(list, NULL, json_int(slot));
}

/* Assigned slots on both sides of the change, and those of the steps. */
static json_t *
slots_json(const struct sides *sides, const struct step *steps, size_t n)
{
	const json_t *both[2] = { sides->forward, sides->inverse };
	json_t *list = json_array(), *entry;
	size_t i;

	for (i = 0; i < n; i++)
		add_once(list, steps[i].slot);
	for (size_t side = 0; side < 2; side++) {
		json_array_foreach(both[side], i, entry) {
			add_once(list, (uint32_t)json_integer_value(
			    json_object_get(json_object_get(entry, "content"),
			    "slot")));
		}
	}
	return list;
}

static json_t *
error_json(const struct job *job)
{
	json_t *o;

	if (job->rule[0] == '\0' && job->detail[0] == '\0')
		return json_null();
	o = json_object();
	json_put(o, "code", json_str(job->rule));
	json_put(o, "detail", json_str(job->detail));
	return o;
}

/* Whether something can be done about it, and why not. */
static json_t *
possible_json(const char *why)
{
	json_t *o = json_object();

	json_put(o, "possible", json_boolean(why == NULL));
	json_put(o, "why", json_str(why));
	return o;
}

/* Ended or not: a failed rollback holds until somebody decides. */
static bool
holds(struct call *c, const struct job *job)
{
	bool any = false;
	struct err e;

	if (job_ended(job->state) && job->state != JOB_ROLLBACK_FAILED)
		return false;
	return hold_any(c->store, job->id, &any, &e) == 0 && any;
}

static json_t *
job_json(struct call *c, const struct job *job, const struct step *steps,
    size_t n, bool closely)
{
	struct sides sides = { parse(job->forward), parse(job->inverse) };
	json_t *o = json_object(), *diff = parse(job->diff);
	json_t *empty = json_array();

	json_put(o, "id", id_or_null(job->id));
	json_put(o, "kind", json_str(job->kind));
	json_put(o, "title", json_str(job->title));
	json_put(o, "state", json_str(render_job_state(c->view, job->state)));
	json_put(o, "holds", json_boolean(holds(c, job)));
	json_put(o, "actor", json_str(job->actor));
	json_put(o, "createdAt", json_time(job->created_ms));
	json_put(o, "startedAt", json_time(job->started_ms));
	json_put(o, "endedAt", json_time(job->ended_ms));
	json_put(o, "generation", json_int(job->generation));
	json_put(o, "slots", slots_json(&sides, steps, n));
	json_put(o, "sentence", json_str(job->sentence));
	json_put(o, "diff", diff != NULL ? diff : json_incref(empty));
	json_put(o, "steps", steps_json(c, &sides, steps, n));
	json_put(o, "done", json_int((int64_t)render_steps_done(steps, n)));
	json_put(o, "of", json_int((int64_t)n));
	json_put(o, "error", error_json(job));
	json_put(o, "cancel", possible_json(engine_no_cancel(job, steps,
	    n)));
	json_put(o, "undo", possible_json(why_not(c, job, steps, n,
	    !closely ? NULL : sides.forward != NULL ? sides.forward :
	    empty)));
	json_put(o, "undoes", id_or_null(job->undoes));
	json_put(o, "undoneBy", id_or_null(job->undone_by));
	json_decref(empty);
	json_decref(sides.forward);
	json_decref(sides.inverse);
	return o;
}

static int
load(struct call *c, struct job **job, struct step **steps, size_t *n,
    struct err *e)
{
	const char *text = request_param(c->request, "id");
	int64_t id;

	if (request_nothing(c->request, e) < 0)
		return -1;
	if (!request_number(text, INT64_MAX / 16, &id))
		return err_set(e, ERR_NOT_FOUND, "there is no job %.24s",
		    text);
	if (job_load(c->store, c->arena, id, job, e) < 0)
		return -1;
	return step_list(c->store, c->arena, id, steps, n, e);
}

int
jobs_read(struct call *c, struct err *e)
{
	struct step *steps;
	struct job *job;
	int64_t wait = 0;
	size_t n;

	if (request_int(c->request, "wait", 0, JOB_WAIT_S, &wait, e) < 0 ||
	    load(c, &job, &steps, &n, e) < 0)
		return -1;
	if (!job_ended(job->state) && wait > 0) {
		c->answer->wait_job = job->id;
		c->answer->wait_until_ms = c->request->wall_ms + wait * 1000;
	}
	answer_json(c->answer, 200, job_json(c, job, steps, n, true));
	return 0;
}

int
jobs_list(struct call *c, struct err *e)
{
	int64_t before = 0;
	struct job *list;
	size_t limit, n;
	json_t *items;
	char next[24];

	if (request_limit(c->request, &limit, e) < 0 || request_int(c->request,
	    "after", 1, INT64_MAX / 16, &before, e) < 0)
		return -1;
	if (job_list(c->store, c->arena, before, limit + 1, &list, &n, e) < 0)
		return -1;
	items = json_array();
	for (size_t i = 0; i < n && i < limit; i++) {
		struct step *steps;
		size_t n_steps;

		if (step_list(c->store, c->arena, list[i].id, &steps, &n_steps,
		    e) < 0) {
			json_decref(items);
			return -1;
		}
		json_put(items, NULL, job_json(c, &list[i], steps, n_steps,
		    before == 0 && i < CLOSELY));
	}
	snprintf(next, sizeof(next), "%" PRId64, n > limit ?
	    list[limit - 1].id : 0);
	answer_json(c->answer, 200, render_list(items, n > limit ? next :
	    NULL));
	return 0;
}

/* ---- :undo ---- */

static int
undo(struct planning *p, const struct job *job, const json_t *inverse,
    struct err *e)
{
	struct call *c = p->call;
	struct commit commit = { .planning = p, .whole = true, .made = true,
		.dry_run = request_dry_run(c->request),
		.seed = c->request->seed };
	json_t *changes;
	int rc;

	if (change_from_json(p->set, inverse, e) < 0)
		return -1;
	change_keep_begun(p->set);
	p->kind = "undo";
	p->undoes = job->id;
	snprintf(p->title, sizeof(p->title), "Undo: %.150s", job->title);
	if (planning_finish(p, e) < 0)
		return -1;
	changes = json_pack("[{s:s,s:s}]", "method", "POST", "path",
	    c->request->path);
	commit.changes = changes;
	rc = commit_run(&commit, e);
	json_decref(changes);
	return rc;
}

static int
undo_job(struct call *c, const struct job *job, const json_t *inverse,
    struct err *e)
{
	struct planning p;
	int rc;

	planning_begin(&p, c, c->request->seed);
	rc = undo(&p, job, inverse, e);
	planning_free(&p);
	return rc;
}

int
jobs_undo(struct call *c, struct err *e)
{
	struct step *steps;
	struct job *job;
	json_t *forward, *inverse;
	const char *why;
	size_t n;
	int rc;

	if (load(c, &job, &steps, &n, e) < 0)
		return -1;
	forward = parse(job->forward);
	inverse = parse(job->inverse);
	why = why_not(c, job, steps, n, forward);
	if (why != NULL)
		rc = err_rule(e, ERR_CONFLICT, "NotUndoable", NULL, "%s", why);
	else
		rc = undo_job(c, job, inverse, e);
	json_decref(forward);
	json_decref(inverse);
	return rc;
}

/* ---- :cancel, :retry and :abandon ---- */

static int
answer_job(struct call *c, int status, struct err *e)
{
	struct step *steps;
	struct job *job;
	char where[64];
	size_t n;

	if (load(c, &job, &steps, &n, e) < 0)
		return -1;
	snprintf(where, sizeof(where), "/api/v1/jobs/%" PRId64, job->id);
	if (status == 202)
		answer_header(c->answer, "Location", where);
	answer_json(c->answer, status, job_json(c, job, steps, n, true));
	return 0;
}

static int
write_cancel(struct call *c, const struct job *job, struct err *e)
{
	const struct request *r = c->request;
	struct event event = { .at_ms = r->wall_ms, .job = job->id,
		.generation = job->generation, .type = "job" };

	snprintf(event.actor, sizeof(event.actor), "%s", r->actor);
	snprintf(event.source, sizeof(event.source), "%s",
	    r->source != NULL ? r->source : "");
	snprintf(event.action, sizeof(event.action), "%s %s", r->method,
	    r->path);
	snprintf(event.id, sizeof(event.id), "%" PRId64, job->id);
	snprintf(event.name, sizeof(event.name), "%.63s", job->title);
	return event_add(c->store, &event, e);
}

int
jobs_cancel(struct call *c, struct err *e)
{
	struct step *steps;
	struct job *job;
	const char *why;
	size_t n;

	if (load(c, &job, &steps, &n, e) < 0)
		return -1;
	why = engine_no_cancel(job, steps, n);
	if (why != NULL)
		return err_rule(e, ERR_CONFLICT, "NotCancellable", NULL, "%s",
		    why);
	if (engine_cancel(c->store, job, "Cancelled", arena_printf(c->arena,
	    "%s cancelled it", c->request->actor), c->request->wall_ms,
	    e) < 0 || write_cancel(c, job, e) < 0)
		return -1;
	return answer_job(c, 202, e);
}

static int
decide(struct call *c, int (*what)(struct store *, const struct job *,
    int64_t, struct err *), int status, struct err *e)
{
	struct step *steps;
	struct job *job;
	size_t n;

	if (load(c, &job, &steps, &n, e) < 0)
		return -1;
	if (job->state != JOB_ROLLBACK_FAILED)
		return err_rule(e, ERR_CONFLICT, "NotStuck", NULL,
		    "job %" PRId64 " is %s; this is for a rollback that failed",
		    job->id, job_state_word(job->state));
	if (what(c->store, job, c->request->wall_ms, e) < 0)
		return err_rule(e, ERR_CONFLICT, "NotStuck", NULL, "%s",
		    arena_strdup(c->arena, e->msg));
	return answer_job(c, status, e);
}

int
jobs_retry(struct call *c, struct err *e)
{
	return decide(c, engine_retry, 202, e);
}

int
jobs_abandon(struct call *c, struct err *e)
{
	return decide(c, engine_abandon, 200, e);
}
