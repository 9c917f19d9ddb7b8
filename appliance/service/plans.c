/* plans.c -- see plans.h. */
#include "appliance/service/plans.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/service/commit.h"
#include "appliance/service/memory.h"
#include "appliance/service/request.h"
#include "appliance/service/service_int.h"

enum { PLANS_BODY = 1 << 20, PLANS_CHANGES = 1024 };
#define RESERVE_MAX_MS (INT64_C(30) * 24 * 3600 * 1000)

/* ---- the list ---- */

static int
find_route(struct planning *p, struct request *r, const char *at,
    const struct route **out, struct err *e)
{
	const struct route *route;
	char allow[64];

	route = route_find(r->method, r->path, r, p->call->arena, allow);
	if (route == NULL || route->kind != ROUTE_CHANGE)
		return err_rule(e, ERR_MALFORMED, NULL, at,
		    "%.8s %.120s is no change that a plan takes", r->method,
		    r->path);
	if (p->call->request->role < route->role)
		return err_rule(e, ERR_FORBIDDEN, NULL, at,
		    "your role may not %s", route->name);
	*out = route;
	return 0;
}

static int
build_one(struct planning *p, const json_t *entry, size_t i, struct err *e)
{
	static const char *const keys[] = { "method", "path", "body", NULL };
	struct arena *a = p->call->arena;
	const char *at = arena_printf(a, "/changes/%zu", i);
	const char *method, *path;
	struct request *r = arena_copy(a, p->call->request, sizeof(*r));
	const struct route *route = NULL;
	const json_t *body = json_object_get(entry, "body");

	if (!json_is_object(entry))
		return err_rule(e, ERR_MALFORMED, NULL, at,
		    "a change is an object with method, path and body");
	if (json_only(entry, at, keys, e) < 0 || json_get_str(entry, at,
	    "method", false, 8, &method, e) < 0 || json_get_str(entry, at,
	    "path", false, 512, &path, e) < 0)
		return -1;
	if (body != NULL && !json_is_object(body))
		return err_rule(e, ERR_MALFORMED, NULL, at,
		    "the body of a change is an object");
	r->method = arena_strdup(a, method);
	r->path = arena_strdup(a, path);
	r->if_match = NULL;
	r->n_query = 0;
	if (find_route(p, r, at, &route, e) < 0)
		return -1;
	return planning_edit(p, route, r, body,
	    arena_printf(a, "%s/body", at), e);
}

int
plans_build(struct planning *p, const json_t *changes, struct err *e)
{
	size_t n = json_array_size(changes);

	if (!json_is_array(changes) || n == 0 || n > PLANS_CHANGES)
		return err_rule(e, ERR_MALFORMED, NULL, "/changes",
		    "changes is a list of 1 to %d", PLANS_CHANGES);
	for (size_t i = 0; i < n; i++) {
		if (build_one(p, json_array_get(changes, i), i, e) == 0)
			continue;
		/* What an earlier entry could not make is not there: the reason
		 * stands in the plan already. */
		if (e->code == ERR_NOT_FOUND && !planning_applicable(p))
			return 0;
		if (e->field[0] == '\0')
			snprintf(e->field, sizeof(e->field), "/changes/%zu",
			    i);
		return -1;
	}
	return 0;
}

/* ---- reserved addresses ---- */

static json_t *
addresses_json(const struct planning *p)
{
	struct address *given, *taken;
	size_t n_given, n_taken;
	json_t *list = json_array();

	change_addresses(p->set, &given, &n_given, &taken, &n_taken);
	for (size_t i = 0; i < n_taken; i++) {
		json_t *o;
		char hex[20];

		if (taken[i].value == 0 || (taken[i].device != NULL &&
		    taken[i].device->source != SOURCE_POOL))
			continue;
		o = json_object();
		if (taken[i].space == SPACE_UUID)
			json_put(o, "uuid", json_str(
			    taken[i].profile->system_uuid));
		snprintf(hex, sizeof(hex), "%016" PRIX64, taken[i].value);
		json_put(o, "profile", json_str(taken[i].profile->head.id));
		json_put(o, "device", json_str(taken[i].device != NULL ?
		    taken[i].device->id : ""));
		json_put(o, "value", json_str(hex));
		json_put(list, NULL, o);
	}
	return list;
}

static int
reserve_one(struct planning *p, const struct address *a, int64_t until_ms,
    struct err *e)
{
	struct identity id = { .space = a->space, .high = a->high,
		.value = a->value,
		.role = a->role, .state = ID_RESERVED, .until_ms = until_ms,
		.since_ms = p->call->request->wall_ms };

	memcpy(id.profile, a->profile->head.id, sizeof(id.profile));
	memcpy(id.profile_name, a->profile->head.name,
	    sizeof(id.profile_name));
	if (a->device != NULL) {
		memcpy(id.device, a->device->id, sizeof(id.device));
		memcpy(id.device_name, a->device->name,
		    sizeof(id.device_name));
		memcpy(id.pool, a->device->pool, sizeof(id.pool));
	}
	return ledger_reserve(p->call->store, &id, p->call->request->wall_ms,
	    e);
}

static int
reserve(struct planning *p, int64_t until_ms, struct err *e)
{
	struct address *given, *taken;
	size_t n_given, n_taken;

	change_addresses(p->set, &given, &n_given, &taken, &n_taken);
	for (size_t i = 0; i < n_taken; i++)
		if (taken[i].value != 0 &&
		    reserve_one(p, &taken[i], until_ms, e) < 0)
			return -1;
	return 0;
}

/* What was reserved for this plan is taken instead of the pool's next. */
static void
use_reserved(struct planning *p, const json_t *list)
{
	size_t i;
	json_t *o;

	json_array_foreach(list, i, o) {
		const char *profile = json_string_value(json_object_get(o,
		    "profile")), *device = json_string_value(json_object_get(o,
		    "device")), *hex = json_string_value(json_object_get(o,
		    "value")), *uuid = json_string_value(json_object_get(o,
		    "uuid"));
		const struct change *c = profile == NULL ? NULL :
		    rules_change(p->set, OBJ_PROFILE, profile);
		struct profile *target = c != NULL ? c->after : NULL;
		uint64_t value = hex == NULL ? 0 : strtoull(hex, NULL, 16);
		struct device *d;

		if (target == NULL || device == NULL)
			continue;
		if (uuid != NULL) {
			if (strcmp(target->system_uuid, "pool") == 0)
				snprintf(target->system_uuid,
				    sizeof(target->system_uuid), "%s", uuid);
			continue;
		}
		d = device[0] != '\0' ? profile_device(target, device) : NULL;
		if (d != NULL && d->address == 0)
			d->address = value;
		else if (device[0] == '\0' && target->wwnn == 0)
			target->wwnn = value;
	}
}

/* ISO 8601 in days, hours, minutes and seconds; -1 when it is none. */
static int64_t
duration_ms(const char *text)
{
	static const struct {
		char unit;
		bool time;
		int64_t ms;
	} units[] = {
		{ 'D', false, 86400000 }, { 'H', true, 3600000 },
		{ 'M', true, 60000 }, { 'S', true, 1000 },
	};
	int64_t sum = 0;
	bool time = false, any = false;
	size_t at = 0;

	if (*text++ != 'P')
		return -1;
	while (*text != '\0') {
		char *end;
		long n;

		if (*text == 'T' && !time) {
			time = true;
			text++;
			continue;
		}
		if (*text < '0' || *text > '9')
			return -1;
		n = strtol(text, &end, 10);
		if (end - text > 6)
			return -1;
		while (at < 4 && (units[at].unit != *end ||
		    units[at].time != time))
			at++;
		if (at == 4)
			return -1;
		sum += n * units[at++].ms;
		any = true;
		text = end + 1;
	}
	return any ? sum : -1;
}

/* ---- POST /plans ---- */

static int
read_reserve(const json_t *body, int64_t *ms, struct err *e)
{
	const char *text = NULL;

	*ms = 0;
	if (json_get_str(body, "", "reserve", true, 32, &text, e) < 0)
		return -1;
	if (text == NULL)
		return 0;
	*ms = duration_ms(text);
	if (*ms <= 0 || *ms > RESERVE_MAX_MS)
		return err_rule(e, ERR_MALFORMED, NULL, "/reserve",
		    "reserve is a duration like PT15M, up to P30D");
	return 0;
}

/* A plan as a row: beside the list, the addresses that it holds. */
static int
store_plan(struct planning *p, struct stored_plan *plan, const json_t *changes,
    bool reserved, struct err *e)
{
	json_t *kept = json_object();
	char *text;

	json_put(kept, "changes", json_deep_copy(changes));
	if (reserved)
		json_put(kept, "addresses", addresses_json(p));
	text = json_text(kept);
	plan->changes = arena_strdup(p->call->arena, text);
	free(text);
	json_decref(kept);
	return plan_put(p->call->store, plan, e);
}

static int
make_and_store(struct planning *p, const json_t *body, int64_t reserve_ms,
    struct err *e)
{
	struct call *c = p->call;
	const json_t *changes = json_object_get(body, "changes");
	bool reserved = reserve_ms > 0 && planning_applicable(p);
	int64_t until = c->request->wall_ms + (reserve_ms > 0 ? reserve_ms :
	    MEMORY_MS);
	struct stored_plan plan;
	json_t *answer;
	char where[80];

	if (commit_plan(p, changes, c->request->seed, until, &plan, &answer,
	    e) < 0)
		return -1;
	if ((reserved && reserve(p, until, e) < 0) ||
	    store_plan(p, &plan, changes, reserved, e) < 0) {
		json_decref(answer);
		return -1;
	}
	snprintf(where, sizeof(where), "/api/v1/plans/%s", plan.id);
	answer_header(c->answer, "Location", where);
	answer_json(c->answer, 201, answer);
	return 0;
}

static int
make(struct planning *p, const json_t *body, struct err *e)
{
	static const char *const keys[] = { "changes", "reserve", NULL };
	struct commit commit = { .planning = p, .dry_run = true,
		.seed = p->call->request->seed };
	int64_t reserve_ms;

	if (json_only(body, "", keys, e) < 0 ||
	    read_reserve(body, &reserve_ms, e) < 0 || plans_build(p,
	    json_object_get(body, "changes"), e) < 0 ||
	    planning_finish(p, e) < 0)
		return -1;
	commit.changes = json_object_get(body, "changes");
	if (request_dry_run(p->call->request))
		return commit_run(&commit, e);
	return make_and_store(p, body, reserve_ms, e);
}

int
plans_make(struct call *c, struct err *e)
{
	struct planning p;
	json_t *body;
	int rc;

	if (json_read(c->request->body, c->request->body_size, PLANS_BODY,
	    &body, e) < 0)
		return -1;
	planning_begin(&p, c, c->request->seed);
	rc = make(&p, body, e);
	planning_free(&p);
	json_decref(body);
	return rc;
}

/* ---- GET /plans/{id} ---- */

static int
load(struct call *c, struct stored_plan **plan, struct err *e)
{
	const char *id = request_param(c->request, "id");

	if (memory_get(c->service->memory, c->arena, id, plan))
		return 0;
	return plan_load(c->store, c->arena, id, plan, e);
}

int
plans_read(struct call *c, struct err *e)
{
	struct stored_plan *plan;
	json_t *body;

	if (load(c, &plan, e) < 0)
		return -1;
	if (json_read(plan->body, strlen(plan->body), (size_t)64 << 20, &body,
	    e) < 0)
		return err_set(e, ERR_INTERNAL, "plan %s cannot be read",
		    plan->id);
	answer_json(c->answer, 200, body);
	return 0;
}

/* ---- :apply ---- */

struct apply {
	struct call *call;
	struct stored_plan *plan;
	json_t *body, *kept;		/* of the request; of the plan */
	const json_t *confirm;
	const char *digest;		/* that the client saw, or NULL */
	const char *origin;		/* typed for a takeover, or "" */
};

static int
read_apply(struct apply *x, struct err *e)
{
	static const char *const keys[] = { "confirm", "digest", "origin",
		NULL };
	const struct request *r = x->call->request;

	x->digest = NULL;
	x->origin = "";
	if (r->body_size > 0 && json_read(r->body, r->body_size, PLANS_BODY,
	    &x->body, e) < 0)
		return -1;
	if (x->body == NULL)
		x->body = json_object();
	if (json_only(x->body, "", keys, e) < 0 || json_get_str(x->body, "",
	    "digest", true, DIGEST_TEXT, &x->digest, e) < 0 ||
	    json_get_str(x->body, "", "origin", true, NAME_LEN, &x->origin,
	    e) < 0)
		return -1;
	x->confirm = json_object_get(x->body, "confirm");
	if (x->confirm == NULL)
		json_put(x->body, "confirm", json_array());
	x->confirm = json_object_get(x->body, "confirm");
	if (!json_is_array(x->confirm))
		return err_rule(e, ERR_MALFORMED, NULL, "/confirm",
		    "confirm is a list of codes");
	return 0;
}

/* A plan of the ring holds the bare list; a row holds more. */
static const json_t *
changes_of(const json_t *kept)
{
	return json_is_array(kept) ? kept : json_object_get(kept, "changes");
}

/* 412, with what it would be now. */
static int
refuse(struct apply *x, struct planning *p, const char *code,
    const char *why, struct err *e)
{
	struct stored_plan plan;
	json_t *body, *extra;

	if (commit_plan(p, changes_of(x->kept), x->plan->seed,
	    x->call->request->wall_ms + MEMORY_MS, &plan, &body, e) < 0)
		return -1;
	memory_put(x->call->service->memory, &plan);
	extra = json_object();
	json_put(extra, "plan", body);
	err_rule(e, ERR_STALE, code, NULL, "%s", why);
	answer_violations(x->call->answer, e, NULL, extra);
	return -1;
}

static int
apply(struct apply *x, struct planning *p, struct err *e)
{
	struct commit commit = { .planning = p, .confirmed = x->confirm,
		.dry_run = request_dry_run(x->call->request),
		.origin = x->origin, .seed = x->plan->seed, .whole = true };

	if (plans_build(p, changes_of(x->kept), e) < 0)
		return -1;
	use_reserved(p, json_object_get(x->kept, "addresses"));
	if (planning_finish(p, e) < 0)
		return -1;
	commit.changes = changes_of(x->kept);
	commit.made = true;
	if (x->plan->expires_ms <= x->call->request->wall_ms)
		return refuse(x, p, "PlanExpired",
		    "this plan's time is over; here it is as of now", e);
	if (strcmp(planning_digest(p), x->plan->digest) != 0 ||
	    (x->digest != NULL && strcmp(x->digest, x->plan->digest) != 0))
		return refuse(x, p, "StalePlan",
		    "something changed since; here is the plan as of now", e);
	return commit_run(&commit, e);
}

int
plans_apply(struct call *c, struct err *e)
{
	struct apply x = { .call = c };
	struct planning p;
	int rc = -1;

	if (load(c, &x.plan, e) < 0)
		return -1;
	planning_begin(&p, c, x.plan->seed);
	if (read_apply(&x, e) == 0 && json_read(x.plan->changes,
	    strlen(x.plan->changes), PLANS_BODY * 4, &x.kept, e) == 0)
		rc = apply(&x, &p, e);
	planning_free(&p);
	json_decref(x.body);
	json_decref(x.kept);
	return rc;
}
