/* edit_lease.c -- leases, and turning them on and off; see edit.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "appliance/service/edit.h"

static const char *const kinds[DEVICE_N_KINDS] = { "vnic", "vhba", "vdas",
    "exclusive" };

static void
tell(struct edit *x, const struct lease *l, const char *what)
{
	x->type = OBJ_LEASE;
	memcpy(x->id, l->head.id, sizeof(x->id));
	x->kind = "change";
	snprintf(x->title, sizeof(x->title), "%s lease %s", what,
	    l->head.name);
}

static int
find(struct edit *x, struct lease **l, struct err *e)
{
	if (change_lease(x->set, request_param(x->request, "id"), l, e) < 0)
		return -1;
	return edit_match(x, (*l)->head.revision, e);
}

/* The kind of device that the body speaks of; DEVICE_N_KINDS none. */
static int
kind_in(const struct edit *x, enum device_kind *kind, struct err *e)
{
	*kind = DEVICE_N_KINDS;
	for (unsigned k = 0; k < DEVICE_N_KINDS; k++) {
		if (json_object_get(x->body, kinds[k]) == NULL)
			continue;
		if (*kind != DEVICE_N_KINDS)
			return err_rule(e, ERR_MALFORMED, NULL, x->at,
			    "a lease is of one device");
		*kind = (enum device_kind)k;
	}
	return 0;
}

/* All members but those of the device. */
static int
read_own(struct edit *x, struct lease *l, bool making, struct err *e)
{
	const json_t *body = x->body;
	json_t *own = json_deep_copy(body);
	int rc;

	for (unsigned k = 0; k < DEVICE_N_KINDS; k++)
		json_object_del(own, kinds[k]);
	x->body = own;
	rc = edit_fields(x, &field_lease, making, l, e);
	x->body = body;
	json_decref(own);
	return rc;
}

static int
read_device(struct edit *x, enum device_kind kind, struct device *d,
    bool making, struct err *e)
{
	const json_t *body = x->body;
	const char *at = x->at;
	int rc;

	x->body = json_object_get(body, kinds[kind]);
	x->at = arena_printf(x->call->arena, "%s/%s", at, kinds[kind]);
	rc = json_is_object(x->body) ? edit_fields(x, field_device(kind),
	    making, d, e) : err_rule(e, ERR_MALFORMED, NULL, x->at,
	    "%s must be an object", x->at);
	x->body = body;
	x->at = at;
	return rc;
}

int
edit_lease_add(struct edit *x, struct err *e)
{
	struct lease *l = change_make_lease(x->set);
	enum device_kind kind;
	struct profile *p;
	struct device *d;

	if (kind_in(x, &kind, e) < 0 || read_own(x, l, true, e) < 0)
		return -1;
	if (kind == DEVICE_N_KINDS)
		return err_rule(e, ERR_MALFORMED, NULL, x->at,
		    "say what is leased: vnic, vhba, vdas or exclusive");
	tell(x, l, "Make");
	if (l->profile[0] == '\0')
		return 0;		/* MissingDependency said so */
	if (change_profile(x->set, l->profile, &p, e) < 0)
		return -1;
	if (p->n_devices >= PROFILE_DEVICES)
		return err_rule(e, ERR_RULES, "FunctionLimit", x->at,
		    "%s has %zu devices already", p->head.name, p->n_devices);
	d = change_make_device(x->set, p, kind);
	memcpy(d->lease, l->head.id, sizeof(d->lease));
	memcpy(l->device, d->id, sizeof(l->device));
	d->idle = true;
	return read_device(x, kind, d, true, e);
}

int
edit_lease_patch(struct edit *x, struct err *e)
{
	enum device_kind kind;
	struct lease *l, old;
	struct profile *p;
	struct device *d;

	if (kind_in(x, &kind, e) < 0 || find(x, &l, e) < 0)
		return -1;
	old = *l;
	if (read_own(x, l, false, e) < 0)
		return -1;
	tell(x, l, "Change");
	if (strcmp(old.profile, l->profile) != 0) {
		memcpy(l->profile, old.profile, sizeof(l->profile));
		edit_broken(x, "DeviceLeased", "/profile", "a lease stays with "
		    "its profile; remove it and make another");
	}
	if (!lease_same_times(&old, l))
		l->since_ms = x->set->wall_ms;
	if (kind == DEVICE_N_KINDS)
		return 0;
	if (change_profile(x->set, l->profile, &p, e) < 0)
		return -1;
	d = lease_device(p, l->head.id);
	if (d == NULL || d->kind != kind) {
		edit_broken(x, "KindMix", arena_printf(x->call->arena, "/%s",
		    kinds[kind]), "the device of %s is of another kind",
		    l->head.name);
		return 0;
	}
	return read_device(x, kind, d, false, e);
}

int
edit_lease_remove(struct edit *x, struct err *e)
{
	struct lease *l;

	if (find(x, &l, e) < 0)
		return -1;
	tell(x, l, "Remove");
	return change_remove(x->set, OBJ_LEASE, l->head.id, e);
}

/* ---- on and off ---- */

static int
find_due(struct edit *x, struct lease **l, struct zone **z, bool *due,
    struct occurrence *o, struct err *e)
{
	int64_t now = x->set->wall_ms;

	if (find(x, l, e) < 0 ||
	    zone_load(x->call->arena, (*l)->zone, z, e) < 0)
		return -1;
	*due = lease_next(*l, *z, now, o) && o->start_ms <= now &&
	    ((*l)->ends_ms != 0 || o->end_ms > now);
	return 0;
}

static int
not_due(struct edit *x, const struct lease *l, const char *why)
{
	edit_broken(x, "LeaseNotDue", "", "lease %s %s", l->head.name, why);
	return 0;
}

int
edit_lease_begin(struct edit *x, struct err *e)
{
	static const char *const keys[] = { NULL };
	struct occurrence o;
	struct lease *l;
	struct zone *z;
	bool due;

	if (edit_only(x, keys, e) < 0 ||
	    find_due(x, &l, &z, &due, &o, e) < 0)
		return -1;
	tell(x, l, "Begin");
	x->kind = "lease";
	if (l->ends_ms != 0 || !due)
		return not_due(x, l, l->ends_ms != 0 ? "is on already" :
		    "is not due now");
	l->served_ms = o.start_ms;
	l->ends_ms = o.end_ms;
	return 0;
}

/* What is due and did not begin does not begin any more. */
int
edit_lease_end(struct edit *x, struct err *e)
{
	static const char *const keys[] = { NULL };
	struct occurrence o;
	struct lease *l;
	struct zone *z;
	bool due;

	if (edit_only(x, keys, e) < 0 ||
	    find_due(x, &l, &z, &due, &o, e) < 0)
		return -1;
	tell(x, l, "End");
	x->kind = "lease";
	if (l->ends_ms == 0 && !due)
		return not_due(x, l, "is not on");
	if (l->ends_ms == 0)
		l->served_ms = o.start_ms;
	l->ends_ms = 0;
	return 0;
}

/* The new end, as it is said: a local time, or so much later. */
static int
read_end(struct edit *x, const struct lease *l, const struct zone *z,
    int64_t *out, struct err *e)
{
	const char *end = json_string_value(json_object_get(x->body, "end"));
	const char *by = json_string_value(json_object_get(x->body, "by"));
	struct field_names names = change_names(x->set);
	struct lease later = *l;
	int64_t local;

	*out = l->ends_ms;
	if ((end == NULL) == (by == NULL))
		return err_rule(e, ERR_MALFORMED, NULL, x->at,
		    "say when it ends: \"end\", or how much later: \"by\"");
	if (end != NULL && !schedule_time_parse(end, &local))
		return err_rule(e, ERR_MALFORMED, NULL, x->at,
		    "end is no local time; write it like 2026-11-21T22:00");
	if (end != NULL) {
		*out = zone_moment(z, local * 60, NULL) * 1000;
		return 0;
	}
	for (const struct field *f = field_lease.fields; f->json != NULL; f++)
		if (strcmp(f->json, "grace") == 0 && field_set_text(f,
		    &names, by, "/by", &later, e) < 0)
			return -1;
	*out = l->ends_ms + (int64_t)later.grace_s * 1000;
	return 0;
}

int
edit_lease_extend(struct edit *x, struct err *e)
{
	static const char *const keys[] = { "end", "by", NULL };
	struct lease *l;
	struct zone *z;
	int64_t end;

	if (edit_only(x, keys, e) < 0 || find(x, &l, e) < 0 ||
	    zone_load(x->call->arena, l->zone, &z, e) < 0)
		return -1;
	tell(x, l, "Extend");
	if (l->ends_ms == 0)
		return not_due(x, l, "is not on");
	if (read_end(x, l, z, &end, e) < 0)
		return -1;
	if (end <= x->set->wall_ms)
		edit_broken(x, "LeasePast", "/end", "that time is over");
	else
		l->ends_ms = end;
	return 0;
}
