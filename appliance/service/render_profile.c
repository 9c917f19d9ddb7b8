/* render_profile.c -- see render.h: profiles, devices and slots. */
#include <stdio.h>
#include <string.h>

#include "appliance/engine/activation.h"
#include "appliance/service/faults.h"
#include "appliance/service/render.h"
#include "appliance/service/vdas.h"

/* ---- state of a device: rows say what was done, the view what is there ---- */

/* True when the switch shows the device as it should be. */
static bool
is_seen(const struct render *r, const struct profile *p,
    const struct device *d)
{
	const struct fabric_bridge *at = view_where(r->call->view, d->placed);
	const struct fabric_fn *fn = view_fn(r->call->view, d->placed);
	struct personality want;

	if (at == NULL || fn == NULL || at->slot != p->slot ||
	    at->bridge != d->bridge || at->state != BRIDGE_BOUND)
		return false;
	want_persona(view_capability(r->call->view, fn_bay(d->placed)), p, d,
	    &want);
	return personality_equal(&want, &fn->persona);
}

/* The row of a device that is not placed any more: on its way out. */
static const struct binding *
leaving(struct render *r, const struct device *d)
{
	render_binding(r, 0);
	for (size_t i = 0; i < r->n_bindings; i++)
		if (strcmp(r->bindings[i].device, d->id) == 0)
			return &r->bindings[i];
	return NULL;
}

const char *
render_device_state(struct render *r, const struct profile *p,
    const struct device *d)
{
	const struct binding *b;

	if (p->slot == 0 && p->head.revision <= 1)
		return "unbound";	/* was never assigned */
	if (p->slot != 0 && d->placed == 0 && vdas_is_missing(d))
		return "missing";
	b = d->placed != 0 ? render_binding(r, d->placed) : leaving(r, d);
	if (b != NULL && strcmp(b->device, d->id) != 0)
		b = leaving(r, d);
	if (b == NULL && (d->suspended || d->idle))
		return d->suspended ? "suspended" : "idle";
	if (b == NULL)
		return d->placed != 0 && render_job_at(r, p->slot) != NULL ?
		    "binding" : "unbound";
	if (b->state == BINDING_BOUND)
		return is_seen(r, p, d) ? "bound" :
		    render_job_at(r, p->slot) != NULL ? "binding" : "drift";
	return binding_state_word(b->state);
}

const char *
render_profile_state(struct render *r, const struct profile *p)
{
	/* From what matters most to what matters least. */
	static const char *const order[] = {
		"failed", "drift", "scrubbing", "releasing", "binding",
		"unbound", "bound"
	};
	size_t worst = sizeof(order) / sizeof(order[0]);

	if (p->slot == 0)
		return "unassigned";
	for (size_t i = 0; i < p->n_devices; i++) {
		const char *state = render_device_state(r, p, &p->devices[i]);

		for (size_t k = 0; k < worst; k++)
			if (strcmp(order[k], state) == 0)
				worst = k;
	}
	if (worst == sizeof(order) / sizeof(order[0]))
		return "unbound";	/* it has no devices */
	return worst == 2 || worst == 3 ? "binding" : order[worst];
}

/* ---- devices ---- */

static json_t *
placed_json(const struct device *d)
{
	json_t *o;

	if (d->placed == 0)
		return json_null();
	o = json_object();
	json_put(o, "function", render_fn(d->placed));
	json_put(o, "module", render_bay(fn_bay(d->placed)));
	json_put(o, "port", json_int(fn_port(d->placed)));
	json_put(o, "bridge", json_int(d->bridge));
	json_put(o, "functions", render_fns(d->placed, device_functions(d)));
	return o;
}

static void
put_vlans(json_t *o, const struct device *d)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->n_vlans; i++)
		json_put(list, NULL, json_int(d->vlans[i].vlan));
	json_put(o, "vlans", list);
}

static const char *
disk_state(const struct render *r, const struct disk *d)
{
	static const char *const words[] = {
		"absent", "optimal", "degraded", "failed"
	};
	const struct fabric_disk *seen = d->bay == 0 ? NULL :
	    view_disk(r->call->view, d->bay, d->number);

	if (d->bay == 0)
		return d->guid[0] != '\0' ? "missing" : "planned";
	return seen == NULL ? "absent" :
	    words[seen->state <= DISK_FAILED ? seen->state : DISK_FAILED];
}

static void
put_disk_states(const struct render *r, json_t *o, const struct device *d)
{
	json_t *list = json_object_get(o, "virtualDisks");

	for (size_t i = 0; i < d->n_disks; i++) {
		json_t *disk = json_array_get(list, i);

		json_object_del(disk, "bay");
		json_put(disk, "module", render_bay(d->disks[i].bay));
		json_put(disk, "state", json_str(disk_state(r, &d->disks[i])));
	}
}

/* What its server has been seen to see, and what it takes until it does. */
static void
put_sight(const struct render *r, json_t *o, const struct profile *p,
    const struct device *d)
{
	const struct view *v = r->call->view;
	const struct fabric_bridge *at = d->placed == 0 ? NULL :
	    view_where(v, d->placed);
	bool there = at != NULL && p->slot != 0 && at->slot == p->slot;
	const char *seen = there ? activation_seen(v, at->slot, at->bridge) :
	    "no";

	json_put(o, "osVisible", json_str(seen));
	json_put(o, "activation", there && strcmp(seen, "no") == 0 ?
	    json_str(activation_word(activation_of(v, at->slot,
	    at->bridge))) : json_null());
}

json_t *
render_device(struct render *r, const struct profile *p,
    const struct device *d)
{
	json_t *o = field_to_json(field_device((enum device_kind)d->kind),
	    &r->names, d);
	const char *state = render_device_state(r, p, d);
	char wwnn[WWN_TEXT];

	json_object_del(o, "placedOn");
	json_object_del(o, "placedBridge");
	json_object_del(o, "placedFunctions");
	json_put(o, "profile", json_str(p->head.name));
	json_put(o, "placed", placed_json(d));
	json_put(o, "state", json_str(state));
	put_sight(r, o, p, d);
	json_put(o, "confirmedAt", strcmp(state, "bound") == 0 ?
	    json_time(r->call->view->at_ms) : json_null());
	if (d->kind == DEVICE_VNIC)
		put_vlans(o, d);
	if (d->kind == DEVICE_VHBA)
		json_put(o, "wwnn", p->wwnn == 0 ? json_null() :
		    json_str(wwn_text(p->wwnn, wwnn)));
	if (d->kind == DEVICE_VDAS)
		put_disk_states(r, o, d);
	return o;
}

static json_t *
devices_of(struct render *r, const struct profile *p, int kind)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->n_devices; i++)
		if (kind < 0 || p->devices[i].kind == (uint32_t)kind)
			json_put(list, NULL, render_device(r, p,
			    &p->devices[i]));
	return list;
}

json_t *
render_profile(struct render *r, const struct profile *p)
{
	json_t *o = field_to_json(&field_profile, &r->names, p);

	json_put(o, "vnics", devices_of(r, p, DEVICE_VNIC));
	json_put(o, "vhbas", devices_of(r, p, DEVICE_VHBA));
	json_put(o, "vdas", devices_of(r, p, DEVICE_VDAS));
	json_put(o, "exclusives", devices_of(r, p, DEVICE_EXCLUSIVE));
	json_put(o, "state", json_str(render_profile_state(r, p)));
	return o;
}

/* ---- slots ---- */

static const char *
slot_state(struct render *r, const struct slot *s, const struct profile *p)
{
	if (view_slot(r->call->view, s->number) == NULL)
		return "unknown";
	if (s->admin == SLOT_DISABLED)
		return "disabled";
	if (s->admin == SLOT_MAINTENANCE)
		return "maintenance";
	if (p != NULL)
		return render_profile_state(r, p);
	return s->is_spare ? "spare" : "empty";
}

static json_t *
link_json(const struct fabric_slot *seen)
{
	json_t *o = json_object();
	static const struct fabric_slot none;

	if (seen == NULL)
		seen = &none;
	json_put(o, "state", json_str(seen->link ? "up" : "down"));
	json_put(o, "width", json_int(seen->width));
	json_put(o, "gen", json_int(seen->gen));
	json_put(o, "capWidth", json_int(seen->cap_width));
	json_put(o, "capGen", json_int(seen->cap_gen));
	return o;
}

static json_t *
job_json(const struct render *r, const struct render_job *j)
{
	json_t *o;
	char id[24];

	if (j == NULL)
		return json_null();
	o = json_object();
	snprintf(id, sizeof(id), "%lld", (long long)j->job->id);
	json_put(o, "id", json_str(id));
	json_put(o, "state", json_str(render_job_state(r->call->view,
	    j->job->state)));
	json_put(o, "title", json_str(j->job->title));
	json_put(o, "done", json_int((int64_t)j->done));
	json_put(o, "of", json_int((int64_t)j->of));
	return o;
}

static json_t *
faults_at(struct render *r, uint32_t slot)
{
	json_t *list = json_array();

	render_load_faults(r);
	for (size_t i = 0; i < r->n_faults; i++)
		if (r->faults[i].slot == slot)
			json_put(list, NULL, render_fault(&r->faults[i]));
	return list;
}

static json_t *
profile_ref(const struct profile *p)
{
	json_t *o;

	if (p == NULL)
		return json_null();
	o = json_object();
	json_put(o, "id", json_str(p->head.id));
	json_put(o, "name", json_str(p->head.name));
	return o;
}

/* What its server keeps for devices to come; null: not known. */
static json_t *
hotplug_json(const struct fabric_slot *s)
{
	json_t *o = json_object();
	bool known = s != NULL && s->hotplug != HOTPLUG_UNKNOWN;

	json_put(o, "supported", !known ? json_null() :
	    json_boolean(s->hotplug == HOTPLUG_READY));
	json_put(o, "reservedBuses", known ? json_int(s->buses) :
	    json_null());
	json_put(o, "reservedMmioMiB", known ? json_int(s->mmio_mib) :
	    json_null());
	return o;
}

json_t *
render_slot(struct render *r, const struct slot *s, const struct profile *p)
{
	static const char *const power[] = { "unknown", "off", "on" };
	const struct fabric_slot *seen = view_slot(r->call->view, s->number);
	json_t *o = field_to_json(&field_slot, &r->names, s);

	json_put(o, "link", link_json(seen));
	json_put(o, "power", json_str(power[seen != NULL && seen->power <= 2 ?
	    seen->power : 0]));
	json_put(o, "server", seen != NULL && seen->serial[0] != '\0' ?
	    json_str(seen->serial) : json_null());
	json_put(o, "state", json_str(slot_state(r, s, p)));
	json_put(o, "locate", json_boolean(seen != NULL && seen->locate));
	json_put(o, "profile", profile_ref(p));
	json_put(o, "devices", p == NULL ? json_array() :
	    devices_of(r, p, -1));
	json_put(o, "job", job_json(r, render_job_at(r, s->number)));
	json_put(o, "faults", faults_at(r, s->number));
	json_put(o, "health", json_str(faults_health(r, s->number, NULL)));
	json_put(o, "confirmedAt", seen == NULL ? json_null() :
	    json_time(r->call->view->at_ms));
	json_put(o, "hotplug", hotplug_json(seen));
	return o;
}
