/*
 * render.h -- objects as the API shows them.
 *
 * The content comes from the field tables; beside it stands what is only known
 * by looking: placement, state, who uses it, how old the look is.  One renderer
 * lasts one request and loads what it needs when it is first needed.  Objects
 * need not be stored: a plan shows them as they would be.
 *
 * All JSON is the caller's.  A failing store leaves r->failed = -1 and r->err;
 * callers ask once at the end (render_ok).
 */
#ifndef SERVICE_RENDER_H
#define SERVICE_RENDER_H

#include "appliance/service/route.h"

struct render {
	struct call *call;
	struct field_names names;
	struct binding *bindings;	/* by function */
	size_t n_bindings;
	struct render_job *jobs;	/* open ones, with their slots */
	size_t n_jobs;
	struct fault *faults;
	size_t n_faults, cap_faults;
	bool have_bindings, have_jobs, have_faults;
	bool cleared_too;		/* faults that went within the hour */
	int failed;
	struct err err;
};

struct render_job {
	const struct job *job;
	const uint32_t *slots;
	size_t n_slots, done, of;
};

/* Names are looked up in `set`, or in the store when it is NULL. */
struct render render_new(struct call *, struct change_set *set);
int render_ok(const struct render *, struct err *) ERR_MUST_CHECK;

json_t *render_network(struct render *, const struct network *);
json_t *render_san(struct render *, const struct san *);
json_t *render_pool(struct render *, const struct pool *);
json_t *render_class(struct render *, const struct qos_class *);
json_t *render_lease(struct render *, const struct lease *);
json_t *render_profile(struct render *, const struct profile *);
json_t *render_device(struct render *, const struct profile *,
    const struct device *);
/* `p` is the profile there, or NULL. */
json_t *render_slot(struct render *, const struct slot *,
    const struct profile *p);
json_t *render_port(struct render *, const struct port *);
json_t *render_bay_row(struct render *, const struct bay *);
/* {"max","used"} of a bay, or of one port of it. */
json_t *render_functions(const struct call *, unsigned bay, unsigned port);
json_t *render_fault(const struct fault *);
/* Whatever a change holds; NULL when it is removed. */
json_t *render_change(struct render *, const struct change *);

/* "unbound", "bound", "drift", ... of a device. */
const char *render_device_state(struct render *, const struct profile *,
    const struct device *);
/* The same for a profile: the worst of its devices. */
const char *render_profile_state(struct render *, const struct profile *);

/* The binding row of a function that is not released; NULL when there is none. */
const struct binding *render_binding(struct render *, fn_id);
/* The open job that holds a slot; NULL when there is none. */
const struct render_job *render_job_at(struct render *, uint32_t slot);
void render_load_faults(struct render *);

/* {"items":[…],"next":…}; consumes the list, `next` NULL = the end. */
json_t *render_list(json_t *items, const char *next);
/* ETag of a revision. */
void render_etag(struct answer *, int64_t revision);
/* A job that would go on is "waiting" while the switch is away. */
const char *render_job_state(const struct view *, enum job_state);
/* Steps that are done, or need not be done any more. */
size_t render_steps_done(const struct step *, size_t n);
/* "io3", or null when 0. */
json_t *render_bay(unsigned bay);
/* "io3.1.vf0", or null. */
json_t *render_fn(fn_id);
/* n of them from the first on (fn_beside()). */
json_t *render_fns(fn_id, unsigned n);
/* Of a step that binds: all functions, and what it takes until the server sees
 * them; of others null. */
void render_put_bind(json_t *o, const struct view *, const struct step *);

#endif
