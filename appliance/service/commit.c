/* commit.c -- see commit.h. */
#include "appliance/service/commit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/engine/engine_own.h"
#include "appliance/service/hold.h"
#include "appliance/service/memory.h"
#include "appliance/service/render.h"
#include "appliance/service/request.h"
#include "appliance/service/service_int.h"
#include "appliance/service/system.h"
#include "appliance/service/snapshots.h"
#include "appliance/service/takeover.h"

/* ---- plans ---- */

static const char *
text_in(struct arena *a, const json_t *value)
{
	char *text = json_text(value), *copy = arena_strdup(a, text);

	free(text);
	return copy;
}

int
commit_plan(struct planning *p, const json_t *changes, uint64_t seed,
    int64_t expires_ms, struct stored_plan *out, json_t **body, struct err *e)
{
	/* Another stream than the change set's: ids there must not move. */
	struct rng rng = rng_seed(p->call->request->seed ^
	    UINT64_C(0x706c616e));
	struct arena *a = p->call->arena;
	int64_t now = p->call->request->wall_ms;
	json_t *empty;

	*out = (struct stored_plan){ .seed = seed, .created_ms = now,
		.expires_ms = expires_ms };
	rng_uuid(&rng, out->id);
	snprintf(out->actor, sizeof(out->actor), "%s",
	    p->call->request->actor);
	memcpy(out->digest, planning_digest(p), sizeof(out->digest));
	if (planning_json(p, out->id, now, expires_ms, changes, body, e) < 0)
		return -1;
	empty = json_array();
	out->changes = text_in(a, changes != NULL ? changes : empty);
	json_decref(empty);
	out->body = text_in(a, *body);
	return 0;
}

static int
answer_plan(struct commit *c, struct err *e)
{
	struct call *call = c->planning->call;
	struct stored_plan plan;
	json_t *body;

	if (commit_plan(c->planning, c->changes, c->seed,
	    call->request->wall_ms + MEMORY_MS, &plan, &body, e) < 0)
		return -1;
	memory_put(call->service->memory, &plan);
	answer_json(call->answer, 200, body);
	return -1;
}

/* ---- confirmations ---- */

/* A takeover is confirmed by typing whose addresses they were. */
static bool
names_origin(const struct commit *c)
{
	const char *typed = c->origin != NULL ? c->origin :
	    request_query(c->planning->call->request, "origin");

	return typed != NULL && c->planning->takeover != NULL &&
	    strcmp(typed, c->planning->takeover->name) == 0;
}

static bool
is_confirmed(const struct commit *c, const char *code)
{
	size_t i;
	json_t *value;

	if (strcmp(code, "Takeover") == 0 && !names_origin(c))
		return false;
	if (c->confirmed == NULL)
		return request_confirms(c->planning->call->request, code);
	json_array_foreach(c->confirmed, i, value)
		if (json_is_string(value) &&
		    strcmp(json_string_value(value), code) == 0)
			return true;
	return false;
}

static int
check_confirmed(struct commit *c, struct err *e)
{
	const struct violations *all = &c->planning->broken;
	struct violations open = { .arena = all->arena };

	for (size_t i = 0; i < all->n; i++)
		if (all->items[i].severity == 'C' &&
		    !is_confirmed(c, all->items[i].code))
			rules_note(&open, all->items[i].code, 'C',
			    all->items[i].pointer, "%s",
			    all->items[i].detail);
	if (open.n == 0)
		return 0;
	err_rule(e, ERR_CONFLICT, "ConfirmationNeeded", NULL,
	    "%s%s", open.items[0].detail, open.n > 1 ? ", and more" : "");
	answer_violations(c->planning->call->answer, e, &open, NULL);
	return -1;
}

/* ---- what is held ---- */

json_t *
commit_job_ref(int64_t id, const char *state, const char *title, size_t of)
{
	json_t *o = json_object();
	char text[24], href[64];

	snprintf(text, sizeof(text), "%" PRId64, id);
	snprintf(href, sizeof(href), "/api/v1/jobs/%" PRId64, id);
	json_put(o, "id", json_str(text));
	json_put(o, "state", json_str(state));
	json_put(o, "title", json_str(title));
	json_put(o, "done", json_int(0));
	json_put(o, "of", json_int((int64_t)of));
	json_put(o, "href", json_str(href));
	return o;
}

static int
check_held(struct commit *c, struct err *e)
{
	struct call *call = c->planning->call;
	struct step *steps;
	struct job *job;
	json_t *extra;
	int64_t id;
	size_t n;

	if (hold_conflict(c->planning, &id, e) < 0)
		return -1;
	if (id == 0)
		return 0;
	if (job_load(call->store, call->arena, id, &job, e) < 0 ||
	    step_list(call->store, call->arena, id, &steps, &n, e) < 0)
		return -1;
	err_rule(e, ERR_CONFLICT, "Held", NULL,
	    "job %" PRId64 " (%s) holds what this needs", id, job->title);
	extra = json_object();
	json_put(extra, "job", commit_job_ref(id,
	    render_job_state(call->view, job->state), job->title, n));
	answer_violations(call->answer, e, NULL, extra);
	return -1;
}

/* ---- writing ---- */

static void
fill_job(const struct planning *p, struct job *job, int64_t now)
{
	bool runs = p->n_steps > 0;

	snprintf(job->kind, sizeof(job->kind), "%s", p->kind);
	snprintf(job->title, sizeof(job->title), "%s", p->title);
	snprintf(job->actor, sizeof(job->actor), "%s",
	    p->call->request->actor);
	job->state = runs ? JOB_RUNNING : JOB_APPLIED;
	job->created_ms = job->started_ms = now;
	job->ended_ms = runs ? 0 : now;
	job->undoes = p->undoes;
	job->sentence = p->sentence;
}

static int
write_event(const struct planning *p, const struct job *job, struct err *e)
{
	const struct request *r = p->call->request;
	struct event event = { .at_ms = r->wall_ms, .job = job->id,
		.generation = job->generation };
	const struct change *c = p->set->n > 0 ? &p->set->items[0] : NULL;
	const struct head *head = c == NULL || !object_has_head(c->type) ?
	    NULL : c->after != NULL ? c->after : c->before;

	snprintf(event.actor, sizeof(event.actor), "%s", r->actor);
	snprintf(event.source, sizeof(event.source), "%s",
	    r->source != NULL ? r->source : "");
	snprintf(event.action, sizeof(event.action), "%s %s", r->method,
	    r->path);
	if (c != NULL) {
		snprintf(event.type, sizeof(event.type), "%s",
		    object_word(c->type));
		snprintf(event.id, sizeof(event.id), "%s", c->id);
		snprintf(event.name, sizeof(event.name), "%s",
		    head != NULL ? head->name : c->id);
	}
	return event_add(p->call->store, &event, e);
}

static int
write_rows(struct planning *p, struct job *job, struct err *e)
{
	struct store *store = p->call->store;

	if (job_add(store, job, e) < 0 || takeover_begin(p, e) < 0 ||
	    change_commit(p->set, job->id, job->actor, e) < 0 ||
	    takeover_commit(p, job->id, e) < 0 || system_commit(p, e) < 0)
		return -1;
	if (p->first.imported != NULL && system_history(p->call,
	    p->first.imported->problems.records, e) < 0)
		return -1;
	if (engine_own(store, p->call->arena, p->call->view, job->id, p->own,
	    p->n_own, p->call->request->wall_ms, e) < 0)
		return -1;
	if (p->n_steps > 0 && (hold_take(p, job->id, e) < 0 ||
	    engine_intend(store, job, p->steps, p->n_steps,
	    p->call->request->wall_ms, e) < 0 ||
	    hold_send_back(p, job->id, e) < 0))
		return -1;
	if (p->undoes != 0 && job_undone_by(store, p->undoes, job->id, e) < 0)
		return -1;
	return write_event(p, job, e);
}

static int
write_all(struct planning *p, struct job *job, struct err *e)
{
	struct arena *a = p->call->arena;
	int64_t now = p->call->request->wall_ms;

	fill_job(p, job, now);
	job->forward = change_text(p->set, false);
	/* To put right is nothing that could be taken back. */
	job->inverse = p->set->n == 0 && p->n_healed > 0 ? "" :
	    change_text(p->set, true);
	job->diff = text_in(a, p->diff);
	job->generation = store_generation_next(p->call->store, now, e);
	if (job->generation < 0)
		return -1;
	job->id = store_next_number(p->call->store, e);
	return job->id < 0 ? -1 : write_rows(p, job, e);
}

/* ---- the answer ---- */

static int
slot_object(struct render *r, const char *id, json_t **out, struct err *e)
{
	unsigned number = (unsigned)strtoul(id, NULL, 10);
	struct profile *p;
	struct slot *s;

	if (slot_load(r->call->store, r->call->arena, number, &s, e) < 0 ||
	    profile_at_slot(r->call->store, r->call->arena, number, &p, e) < 0)
		return -1;
	*out = render_slot(r, s, p);
	render_etag(r->call->answer, s->revision);
	return 0;
}

static int
profile_object(struct render *r, const struct edit *x, json_t **out,
    struct err *e)
{
	struct profile *p;
	struct device *d;

	if (profile_load(r->call->store, r->call->arena, x->id, &p, e) < 0)
		return -1;
	d = x->device[0] != '\0' ? profile_device(p, x->device) : NULL;
	*out = d != NULL ? render_device(r, p, d) : render_profile(r, p);
	render_etag(r->call->answer, p->head.revision);
	return 0;
}

static int
port_object(struct render *r, const char *id, json_t **out, struct err *e)
{
	struct call *c = r->call;
	unsigned bay = 0, number = 0;
	struct port *p;

	if (!port_parse(id, &bay, &number))
		return err_set(e, ERR_INTERNAL, "%.20s is no port", id);
	if (port_load(c->store, c->arena, bay, number, &p, e) < 0)
		return -1;
	*out = render_port(r, p);
	render_etag(c->answer, p->revision);
	return 0;
}

static int
bay_object(struct render *r, const char *id, json_t **out, struct err *e)
{
	struct call *c = r->call;
	unsigned number = 0;
	struct bay *b;

	if (!bay_parse(id, &number))
		return err_set(e, ERR_INTERNAL, "%.20s is no bay", id);
	if (bay_load(c->store, c->arena, number, &b, e) < 0)
		return -1;
	*out = render_bay_row(r, b);
	render_etag(c->answer, b->revision);
	return 0;
}

/* What the first entry was about, as it is stored now; {} when it is gone. */
static int
object_now(struct render *r, const struct edit *x, json_t **out, struct err *e)
{
	struct call *c = r->call;
	struct network *network;
	struct san *san;
	struct pool *pool;
	struct qos_class *class;
	struct lease *lease;

	if (x->type == OBJ_SLOT)
		return slot_object(r, x->id, out, e);
	if (x->type == OBJ_PORT)
		return port_object(r, x->id, out, e);
	if (x->type == OBJ_BAY)
		return bay_object(r, x->id, out, e);
	if (x->type == OBJ_PROFILE)
		return profile_object(r, x, out, e);
	if (x->type == OBJ_NETWORK) {
		if (network_load(c->store, c->arena, x->id, &network, e) < 0)
			return -1;
		*out = render_network(r, network);
		render_etag(c->answer, network->head.revision);
	} else if (x->type == OBJ_SAN) {
		if (san_load(c->store, c->arena, x->id, &san, e) < 0)
			return -1;
		*out = render_san(r, san);
		render_etag(c->answer, san->head.revision);
	} else if (x->type == OBJ_LEASE) {
		if (lease_load(c->store, c->arena, x->id, &lease, e) < 0)
			return -1;
		*out = render_lease(r, lease);
		render_etag(c->answer, lease->head.revision);
	} else if (x->type == OBJ_CLASS) {
		if (class_load(c->store, c->arena, x->id, &class, e) < 0)
			return -1;
		*out = render_class(r, class);
		render_etag(c->answer, class->head.revision);
	} else {
		if (pool_load(c->store, c->arena, x->id, &pool, e) < 0)
			return -1;
		*out = render_pool(r, pool);
		render_etag(c->answer, pool->head.revision);
	}
	return 0;
}

static int
make_body(const struct commit *c, json_t **out, struct err *e)
{
	const struct planning *p = c->planning;
	struct render r = render_new(p->call, NULL);
	json_t *o = NULL;

	if (c->whole || p->first.id[0] == '\0') {
		*out = json_object();
		return 0;
	}
	if (object_now(&r, &p->first, &o, e) < 0) {
		if (e->code != ERR_NOT_FOUND)
			return -1;
		o = json_object();
	}
	*out = o;
	if (render_ok(&r, e) == 0)
		return 0;
	json_decref(o);
	return -1;
}

static int
answer_done(const struct commit *c, const struct job *job, struct err *e)
{
	const struct planning *p = c->planning;
	struct answer *a = p->call->answer;
	char id[24], where[64];
	json_t *o;

	if (make_body(c, &o, e) < 0)
		return -1;
	snprintf(id, sizeof(id), "%" PRId64, job->id);
	snprintf(where, sizeof(where), "/api/v1/jobs/%s", id);
	json_put(o, "job", c->whole ? commit_job_ref(job->id,
	    job_state_word(job->state), job->title, p->n_steps) :
	    json_str(id));
	if (c->whole)
		json_put(o, "generation", json_int(job->generation));
	if (planning_touches(p))
		answer_header(a, "Location", where);
	answer_json(a, planning_touches(p) ? 202 : c->made ? 201 : 200, o);
	return 0;
}

static int
answer_nothing(const struct commit *c, struct err *e)
{
	json_t *o;

	if (make_body(c, &o, e) < 0)
		return -1;
	json_put(o, "job", json_null());
	answer_json(c->planning->call->answer, 200, o);
	return 0;
}

int
commit_run(struct commit *c, struct err *e)
{
	struct planning *p = c->planning;
	struct job job = { .id = 0 };

	if (c->dry_run)
		return answer_plan(c, e);
	if (!planning_applicable(p)) {
		rules_fail(&p->broken, e);
		answer_violations(p->call->answer, e, &p->broken, NULL);
		return -1;
	}
	if (check_confirmed(c, e) < 0)
		return -1;
	if (planning_empty(p))
		return answer_nothing(c, e);
	if (check_held(c, e) < 0 || snapshots_before(p, e) < 0 ||
	    write_all(p, &job, e) < 0)
		return -1;
	return answer_done(c, &job, e);
}
