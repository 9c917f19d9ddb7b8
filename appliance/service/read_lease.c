/* read_lease.c -- leases and their times; see read.h. */
#include "appliance/service/read.h"
#include "appliance/service/render.h"
#include "appliance/service/request.h"
#include "base/clock.h"

enum { SHOWN = 5, CALENDAR = 500 };

/* How a local time stands: null as it is, else why it is another. */
static json_t *
note_of(const struct occurrence *o)
{
	if (o->start_fit == ZONE_GAP || o->end_fit == ZONE_GAP)
		return json_str("a local time does not exist that day; the "
		    "first moment after it counts");
	if (o->start_fit == ZONE_TWICE || o->end_fit == ZONE_TWICE)
		return json_str("a local time comes twice that day; the first "
		    "counts");
	return json_null();
}

static json_t *
occurrence_json(const struct occurrence *o)
{
	json_t *row = json_object();
	char text[LOCAL_TEXT];

	json_put(row, "start", json_str(schedule_time_text(o->start, text)));
	json_put(row, "end", json_str(schedule_time_text(o->end, text)));
	json_put(row, "startUtc", json_time(o->start_ms));
	json_put(row, "endUtc", json_time(o->end_ms));
	json_put(row, "note", note_of(o));
	return row;
}

/* Those that end after `from` and begin before `to`, at most n. */
static json_t *
occurrences(const struct lease *l, const struct zone *z, int64_t from,
    int64_t to, size_t n)
{
	int64_t grace = (int64_t)l->grace_s * 1000;
	json_t *list = json_array();
	struct occurrence o;

	while (n-- > 0 && lease_next(l, z, from, &o) && o.start_ms < to) {
		json_put(list, NULL, occurrence_json(&o));
		from = o.end_ms + grace;
	}
	return list;
}

static const char *
state_of(const struct lease *l, const struct zone *z, int64_t now)
{
	struct occurrence o;

	if (l->ends_ms != 0)
		return now >= l->ends_ms + (int64_t)l->grace_s * 1000 ?
		    "overdue" : "on";
	if (z == NULL || !lease_next(l, z, now + (int64_t)l->grace_s * 1000,
	    &o))
		return "over";
	return o.start_ms <= now ? "waiting" : "scheduled";
}

static void
put_device(struct render *r, json_t *o, const struct lease *l)
{
	static const char *const kinds[DEVICE_N_KINDS] = { "vnic", "vhba",
		"vdas", "exclusive" };
	struct profile *p;
	struct device *d;
	struct err e;

	/* A plan shows what is not stored yet. */
	if (profile_load(r->call->store, r->call->arena, l->profile, &p,
	    &e) < 0)
		return;
	d = lease_device(p, l->head.id);
	if (d != NULL)
		json_put(o, kinds[d->kind], render_device(r, p, d));
}

static json_t *
lease_json(struct render *r, const struct lease *l, int64_t from, int64_t to,
    size_t n)
{
	json_t *o = field_to_json(&field_lease, &r->names, l);
	struct zone *z = NULL;
	struct err e;

	if (zone_load(r->call->arena, l->zone, &z, &e) < 0)
		z = NULL;		/* no tzdata: nothing is known of it */
	json_put(o, "state", json_str(state_of(l, z,
	    r->call->request->wall_ms)));
	put_device(r, o, l);
	json_put(o, "occurrences", z == NULL ? json_array() :
	    occurrences(l, z, from, to, n));
	return o;
}

json_t *
render_lease(struct render *r, const struct lease *l)
{
	return lease_json(r, l, r->call->request->wall_ms, INT64_MAX, SHOWN);
}

static int
read_time(const struct call *c, const char *name, int64_t *out, struct err *e)
{
	const char *text = request_query(c->request, name);

	if (text == NULL)
		return 0;
	*out = time_parse(text);
	return *out >= 0 ? 0 : err_set(e, ERR_MALFORMED,
	    "%s is a time like 2026-11-21T22:00:00Z", name);
}

int
read_leases(struct call *c, struct err *e)
{
	bool calendar = request_query(c->request, "from") != NULL ||
	    request_query(c->request, "to") != NULL;
	int64_t from = c->request->wall_ms, to = INT64_MAX;
	const char *after = request_query(c->request, "after");
	struct render r = render_new(c, NULL);
	struct lease *list;
	size_t limit, n;
	json_t *items;

	if (request_limit(c->request, &limit, e) < 0 ||
	    read_time(c, "from", &from, e) < 0 ||
	    read_time(c, "to", &to, e) < 0 || lease_list(c->store, c->arena,
	    after, limit + 1, &list, &n, e) < 0)
		return -1;
	items = json_array();
	for (size_t i = 0; i < n && i < limit; i++)
		json_put(items, NULL, lease_json(&r, &list[i], from, to,
		    calendar ? CALENDAR : SHOWN));
	if (render_ok(&r, e) < 0) {
		json_decref(items);
		return -1;
	}
	answer_json(c->answer, 200, render_list(items, n > limit ?
	    list[limit - 1].head.name : NULL));
	return 0;
}

int
read_lease(struct call *c, struct err *e)
{
	struct render r = render_new(c, NULL);
	struct lease *l;
	json_t *o;

	if (lease_load(c->store, c->arena, request_param(c->request, "id"),
	    &l, e) < 0)
		return -1;
	o = render_lease(&r, l);
	if (render_ok(&r, e) < 0) {
		json_decref(o);
		return -1;
	}
	render_etag(c->answer, l->head.revision);
	answer_json(c->answer, 200, o);
	return 0;
}
