/* render.c -- see render.h: networks, pools, lists, what is loaded. */
#include "appliance/service/render.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "appliance/engine/activation.h"
#include "appliance/service/service_int.h"
#include "profiles/ledger.h"

struct render
render_new(struct call *call, struct change_set *set)
{
	struct render r = { .call = call };

	if (set == NULL)
		set = change_new(call->arena, call->store, 0,
		    call->request->wall_ms);
	r.names = change_names(set);
	return r;
}

int
render_ok(const struct render *r, struct err *e)
{
	if (r->failed == 0)
		return 0;
	*e = r->err;
	return -1;
}

json_t *
render_list(json_t *items, const char *next)
{
	json_t *o = json_object();

	json_put(o, "items", items);
	json_put(o, "next", json_str(next));
	return o;
}

void
render_etag(struct answer *a, int64_t revision)
{
	char text[32];

	snprintf(text, sizeof(text), "\"%" PRId64 "\"", revision);
	answer_header(a, "ETag", text);
}

json_t *
render_bay(unsigned bay)
{
	char text[16];

	if (bay == 0)
		return json_null();
	snprintf(text, sizeof(text), "io%u", bay);
	return json_str(text);
}

json_t *
render_fn(fn_id fn)
{
	char text[FN_TEXT];

	return fn == 0 ? json_null() : json_str(fn_text(fn, text));
}

json_t *
render_fns(fn_id first, unsigned n)
{
	json_t *list = json_array();

	for (unsigned k = 0; k < n; k++)
		json_put(list, NULL, render_fn(fn_beside(first, k)));
	return list;
}

void
render_put_bind(json_t *o, const struct view *v, const struct step *s)
{
	unsigned n = step_binds(s);

	json_put(o, "functions", n == 0 ? json_null() : render_fns(s->fn, n));
	json_put(o, "activation", n == 0 ? json_null() :
	    json_str(activation_word(activation_of(v, s->slot, s->bridge))));
}

/* ---- what is loaded when it is first needed ---- */

const struct binding *
render_binding(struct render *r, fn_id fn)
{
	size_t low = 0, high;

	if (!r->have_bindings && r->failed == 0) {
		r->have_bindings = true;
		r->failed = binding_list(r->call->store, r->call->arena,
		    &r->bindings, &r->n_bindings, &r->err);
	}
	high = r->failed < 0 ? 0 : r->n_bindings;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (r->bindings[mid].fn == fn)
			return &r->bindings[mid];
		if (r->bindings[mid].fn < fn)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const char *
render_job_state(const struct view *v, enum job_state state)
{
	bool goes_on = state == JOB_RUNNING || state == JOB_ROLLING_BACK;

	return job_state_word(goes_on && v->state == VIEW_UNREACHABLE ?
	    JOB_WAITING : state);
}

size_t
render_steps_done(const struct step *steps, size_t n)
{
	size_t done = 0;

	for (size_t i = 0; i < n; i++)
		done += steps[i].state == STEP_DONE ||
		    steps[i].state == STEP_SKIPPED;
	return done;
}

static int
load_job(struct render *r, const struct job *job, struct render_job *out)
{
	struct step *steps;
	uint32_t *slots;
	size_t n;

	if (hold_slots(r->call->store, r->call->arena, job->id, &slots,
	    &out->n_slots, &r->err) < 0 || step_list(r->call->store,
	    r->call->arena, job->id, &steps, &n, &r->err) < 0)
		return -1;
	out->job = job;
	out->slots = slots;
	out->of = n;
	out->done = render_steps_done(steps, n);
	return 0;
}

static int
load_jobs(struct render *r)
{
	struct job *jobs;
	size_t n;

	if (job_list_open(r->call->store, r->call->arena, &jobs, &n,
	    &r->err) < 0)
		return -1;
	r->jobs = arena_array(r->call->arena, n + 1, sizeof(*r->jobs));
	for (size_t i = 0; i < n; i++)
		if (load_job(r, &jobs[i], &r->jobs[i]) < 0)
			return -1;
	r->n_jobs = n;
	return 0;
}

const struct render_job *
render_job_at(struct render *r, uint32_t slot)
{
	if (!r->have_jobs && r->failed == 0) {
		r->have_jobs = true;
		r->failed = load_jobs(r);
	}
	for (size_t i = 0; i < r->n_jobs; i++)
		for (size_t k = 0; k < r->jobs[i].n_slots; k++)
			if (r->jobs[i].slots[k] == slot)
				return &r->jobs[i];
	return NULL;
}

static void
take_fault(void *cookie, const struct fault *fault)
{
	struct render *r = cookie;

	if (fault->state == FAULT_CLEARED && !r->cleared_too)
		return;
	ARENA_PUSH(r->call->arena, r->faults, r->n_faults, r->cap_faults) =
	    *fault;
}

void
render_load_faults(struct render *r)
{
	struct engine *engine = r->call->service->config.engine;

	if (r->have_faults)
		return;
	r->have_faults = true;
	if (engine != NULL)
		engine_faults(engine, take_fault, r);
}

json_t *
render_fault(const struct fault *f)
{
	json_t *o = json_object(), *object = json_object();
	bool gone = f->state == FAULT_CLEARED, acked = f->acked_by[0] != '\0';

	json_put(o, "id", json_str(f->id));
	json_put(o, "code", json_str(f->code));
	json_put(o, "severity", json_str(f->severity));
	json_put(object, "type", json_str(f->object_type));
	json_put(object, "name", json_str(f->object));
	json_put(o, "object", object);
	json_put(o, "slot", f->slot == 0 ? json_null() : json_int(f->slot));
	json_put(o, "text", json_str(f->text));
	json_put(o, "remedy", json_str(f->remedy));
	json_put(o, "state", json_str(fault_state_word(f->state)));
	json_put(o, "since", json_time(f->since_ms));
	json_put(o, "clearedAt", gone ? json_time(f->cleared_ms) : json_null());
	json_put(o, "ackedBy", acked ? json_str(f->acked_by) : json_null());
	json_put(o, "ackedAt", acked ? json_time(f->acked_ms) : json_null());
	json_put(o, "count", json_int(f->count));
	return o;
}

/* ---- networks, SANs, pools ---- */

static void
put_used_by(struct render *r, json_t *o, enum object_type type, const char *id)
{
	int64_t n = 0;

	if (r->failed == 0)
		r->failed = object_used_by(r->call->store, type, id, &n,
		    &r->err);
	json_put(o, "usedBy", json_int(n));
}

json_t *
render_network(struct render *r, const struct network *n)
{
	json_t *o = field_to_json(&field_network, &r->names, n);

	put_used_by(r, o, OBJ_NETWORK, n->head.id);
	return o;
}

json_t *
render_san(struct render *r, const struct san *s)
{
	json_t *o = field_to_json(&field_san, &r->names, s);

	put_used_by(r, o, OBJ_SAN, s->head.id);
	return o;
}

json_t *
render_pool(struct render *r, const struct pool *p)
{
	json_t *o = field_to_json(&field_pool, &r->names, p);
	int64_t counts[3] = { 0, 0, 0 };
	uint64_t size = pool_size(p), taken;

	if (r->failed == 0)
		r->failed = ledger_count(r->call->store, p->head.id, counts,
		    &r->err);
	taken = (uint64_t)(counts[0] + counts[1] + counts[2]);
	json_put(o, "size", json_int((int64_t)size));
	json_put(o, "used", json_int(counts[0]));
	json_put(o, "quarantined", json_int(counts[1]));
	json_put(o, "reserved", json_int(counts[2]));
	json_put(o, "free", json_int(taken > size ? 0 :
	    (int64_t)(size - taken)));
	return o;
}

json_t *
render_class(struct render *r, const struct qos_class *c)
{
	json_t *o = field_to_json(&field_qos_class, &r->names, c);

	put_used_by(r, o, OBJ_CLASS, c->head.id);
	return o;
}

json_t *
render_change(struct render *r, const struct change *c)
{
	const struct slot *slot = c->after;
	struct profile *p = NULL;

	if (c->after == NULL)
		return NULL;
	switch (c->type) {
	case OBJ_NETWORK: return render_network(r, c->after);
	case OBJ_SAN: return render_san(r, c->after);
	case OBJ_POOL: return render_pool(r, c->after);
	case OBJ_PROFILE: return render_profile(r, c->after);
	case OBJ_SLOT:
		if (r->failed == 0)
			r->failed = profile_at_slot(r->call->store,
			    r->call->arena, slot->number, &p, &r->err);
		return render_slot(r, slot, p);
	case OBJ_PORT: return render_port(r, c->after);
	case OBJ_CLASS: return render_class(r, c->after);
	case OBJ_APPLIANCE:
		return field_to_json(&field_appliance, &r->names, c->after);
	case OBJ_BAY: return render_bay_row(r, c->after);
	case OBJ_LEASE: return render_lease(r, c->after);
	case OBJ_N_TYPES: break;
	}
	return NULL;
}
