/* faults.c -- see faults.h. */
#include "appliance/service/faults.h"

#include <stdio.h>
#include <string.h>

#include "appliance/service/offers.h"
#include "appliance/service/request.h"
#include "appliance/service/service_int.h"
#include "profiles/fault_told.h"

/* ---- whom it touches ---- */

struct touched {
	struct render *r;
	json_t *slots, *profiles;
};

static void
touch_profile(struct touched *t, const struct profile *p)
{
	size_t i;
	json_t *known;

	json_array_foreach(t->profiles, i, known)
		if (strcmp(json_string_value(known), p->head.name) == 0)
			return;
	json_put(t->profiles, NULL, json_str(p->head.name));
	if (p->slot != 0)
		json_put(t->slots, NULL, json_int(p->slot));
}

static int
touch_slot(struct touched *t, uint32_t slot)
{
	struct call *c = t->r->call;
	struct profile *p;

	if (profile_at_slot(c->store, c->arena, slot, &p, &t->r->err) < 0)
		return -1;
	if (p != NULL)
		touch_profile(t, p);
	else
		json_put(t->slots, NULL, json_int(slot));
	return 0;
}

/* Profiles with a device on a module, or on one port of it. */
static int
touch_places(struct touched *t, unsigned bay, unsigned port)
{
	struct call *c = t->r->call;
	struct placement *list;
	struct profile *p;
	size_t n;

	if (placement_list(c->store, c->arena, &list, &n, &t->r->err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (fn_bay(list[i].fn) != bay ||
		    (port != 0 && fn_port(list[i].fn) != port))
			continue;
		if (profile_load(c->store, c->arena, list[i].profile, &p,
		    &t->r->err) < 0)
			return -1;
		touch_profile(t, p);
	}
	return 0;
}

static int
touch(struct touched *t, const struct fault *f)
{
	unsigned bay = 0, port = 0;

	if (f->slot != 0)
		return touch_slot(t, f->slot);
	if (strcmp(f->object_type, "port") == 0 &&
	    port_parse(f->object, &bay, &port))
		return touch_places(t, bay, port);
	if (strcmp(f->object_type, "bay") == 0 &&
	    sscanf(f->object, "io%u", &bay) == 1)
		return touch_places(t, bay, 0);
	return 0;
}

/* ---- one of them ---- */

static json_t *
fault_json(struct render *r, const struct fault *f)
{
	struct touched t = { r, json_array(), json_array() };
	json_t *o = render_fault(f);

	if (r->failed == 0)
		r->failed = touch(&t, f);
	json_put(o, "slots", t.slots);
	json_put(o, "profiles", t.profiles);
	json_put(o, "offer", offers_about(r, f));
	return o;
}

/* Rows may be newer than the look that the book is from. */
static void
take_acks(struct render *r)
{
	struct call *c = r->call;
	struct fault_told *rows;
	size_t n;

	if (r->failed == 0)
		r->failed = fault_told_list(c->store, c->arena, &rows, &n,
		    &r->err);
	for (size_t i = 0; r->failed == 0 && i < r->n_faults; i++)
		for (size_t k = 0; k < n; k++)
			if (strcmp(rows[k].id, r->faults[i].id) == 0) {
				memcpy(r->faults[i].acked_by,
				    rows[k].acked_by, sizeof(rows->acked_by));
				r->faults[i].acked_ms = rows[k].acked_ms;
			}
}

static void
load_faults(struct render *r)
{
	render_load_faults(r);
	take_acks(r);
}

enum which { LIVE, CLEARED, ALL };

static int
asked(const struct request *r, enum which *which, struct err *e)
{
	static const char *const words[] = { "live", "cleared", "all" };
	const char *word = request_query(r, "state");

	*which = LIVE;
	if (word == NULL)
		return 0;
	for (size_t i = 0; i < 3; i++)
		if (strcmp(word, words[i]) == 0) {
			*which = (enum which)i;
			return 0;
		}
	return err_rule(e, ERR_MALFORMED, NULL, "state",
	    "state is live, cleared or all, not %.20s", word);
}

int
faults_read(struct call *c, struct err *e)
{
	struct render r = render_new(c, NULL);
	json_t *items;
	enum which which;

	if (asked(c->request, &which, e) < 0)
		return -1;
	r.cleared_too = which != LIVE;
	load_faults(&r);
	items = json_array();
	for (size_t i = 0; i < r.n_faults; i++)
		if (which != CLEARED || r.faults[i].state == FAULT_CLEARED)
			json_put(items, NULL, fault_json(&r, &r.faults[i]));
	if (render_ok(&r, e) < 0) {
		json_decref(items);
		return -1;
	}
	answer_json(c->answer, 200, render_list(items, NULL));
	return 0;
}

static const struct fault *
find(struct render *r, const char *id)
{
	load_faults(r);
	for (size_t i = 0; i < r->n_faults; i++)
		if (strcmp(r->faults[i].id, id) == 0)
			return &r->faults[i];
	return NULL;
}

static int
answer_one(struct render *r, const struct fault *f, struct err *e)
{
	json_t *o = fault_json(r, f);

	if (render_ok(r, e) < 0) {
		json_decref(o);
		return -1;
	}
	answer_json(r->call->answer, 200, o);
	return 0;
}

int
faults_read_one(struct call *c, struct err *e)
{
	struct render r = render_new(c, NULL);
	const char *id = request_param(c->request, "id");
	const struct fault *f;

	r.cleared_too = true;
	f = find(&r, id);
	if (f == NULL)
		return err_set(e, ERR_NOT_FOUND, "there is no fault %.40s", id);
	return answer_one(&r, f, e);
}

/* ---- somebody has seen it ---- */

static int
write_ack(struct call *c, struct fault *f, struct err *e)
{
	struct fault_told row = { .slot = f->slot, .at_ms = f->since_ms };

	snprintf(f->acked_by, sizeof(f->acked_by), "%s", c->request->actor);
	f->acked_ms = c->request->wall_ms;
	memcpy(row.id, f->id, sizeof(row.id));
	snprintf(row.code, sizeof(row.code), "%s", f->code);
	snprintf(row.severity, sizeof(row.severity), "%s", f->severity);
	memcpy(row.object_type, f->object_type, sizeof(row.object_type));
	memcpy(row.object, f->object, sizeof(row.object));
	memcpy(row.text, f->text, sizeof(row.text));
	memcpy(row.acked_by, f->acked_by, sizeof(row.acked_by));
	row.acked_ms = f->acked_ms;
	return fault_told_put(c->store, &row, e);
}

static int
write_event(struct call *c, const struct fault *f, struct err *e)
{
	const struct request *r = c->request;
	struct event event = { .at_ms = r->wall_ms, .type = "fault" };
	struct appliance self;

	if (store_appliance(c->store, &self, e) < 0)
		return -1;
	event.generation = self.generation;
	snprintf(event.actor, sizeof(event.actor), "%s", r->actor);
	snprintf(event.source, sizeof(event.source), "%s",
	    r->source != NULL ? r->source : "");
	snprintf(event.action, sizeof(event.action), "fault:acked");
	snprintf(event.id, sizeof(event.id), "%s", f->id);
	snprintf(event.name, sizeof(event.name), "%s %.40s", f->object_type,
	    f->object);
	return event_add(c->store, &event, e);
}

int
faults_ack(struct call *c, struct err *e)
{
	struct render r = render_new(c, NULL);
	const char *id = request_param(c->request, "id");
	const struct fault *found = find(&r, id);
	struct fault f;

	if (request_nothing(c->request, e) < 0)
		return -1;
	if (found == NULL)
		return err_set(e, ERR_NOT_FOUND,
		    "there is no fault %.40s now; it may have cleared", id);
	f = *found;
	/* Twice is once: who saw it first has seen it. */
	if (f.acked_by[0] == '\0' && (write_ack(c, &f, e) < 0 ||
	    write_event(c, &f, e) < 0))
		return -1;
	return answer_one(&r, &f, e);
}

/* ---- health ---- */

static bool
concerns(const struct fault *f, uint32_t slot, const char *bay)
{
	size_t n;

	if (slot != 0)
		return f->slot == slot;
	if (bay == NULL)
		return true;
	n = strlen(bay);
	return (strcmp(f->object_type, "bay") == 0 ||
	    strcmp(f->object_type, "port") == 0) &&
	    strncmp(f->object, bay, n) == 0 &&
	    (f->object[n] == '\0' || f->object[n] == '/');
}

const char *
faults_health(struct render *r, uint32_t slot, const char *bay)
{
	static const char *const words[] = { "ok", "warning", "critical" };
	int worst = 0;

	render_load_faults(r);
	for (size_t i = 0; i < r->n_faults; i++) {
		const struct fault *f = &r->faults[i];
		int its = fault_severity_health(f->severity);

		if ((f->state == FAULT_ACTIVE || f->state == FAULT_FLAPPING) &&
		    its > worst && concerns(f, slot, bay))
			worst = its;
	}
	return words[worst];
}
