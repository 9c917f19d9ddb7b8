/* config.c -- see config.h. */
#include "appliance/service/config.h"

#include <string.h>

#include "appliance/service/exports.h"
#include "appliance/service/imports.h"
#include "appliance/service/imports_here.h"
#include "appliance/service/read.h"
#include "appliance/service/render.h"
#include "appliance/service/request.h"
#include "appliance/service/service_int.h"
#include "profiles/xml_schema.h"

enum { PAGE = 256 };		/* objects that are loaded at once */

/* ---- XML ---- */

int
config_write(struct call *c, struct xml_export *x, struct buf *out,
    struct err *e)
{
	struct appliance *self = arena_alloc(c->arena, sizeof(*self));
	struct xml_origin *origin = arena_alloc(c->arena, sizeof(*origin));

	if (store_appliance(c->store, self, e) < 0)
		return -1;
	*origin = (struct xml_origin){ .appliance = self,
		.software = c->service->config.version,
		.at_ms = self->changed_ms, .model = read_model_name(c) };
	x->origin = origin;
	x->hardware = c->view->n_slots == 0 ? NULL :
	    imports_here(c->arena, c->view);
	return exports_sign(c, x, e) < 0 ? -1 :
	    xml_config_write(c->store, c->arena, x, out, e);
}

int
config_render(struct call *c, enum xml_kind kind, struct buf *out,
    struct err *e)
{
	struct xml_export x = { .kind = kind };

	return config_write(c, &x, out, e);
}

static void
put_xml(struct call *c, struct buf out)
{
	buf_free(&c->answer->body);
	c->answer->body = out;
	c->answer->status = 200;
	c->answer->content_type = "application/xml";
}

static int
answer_xml(struct call *c, struct xml_export *x, struct err *e)
{
	struct buf out = buf_new(XML_MAX_BYTES);

	if (config_write(c, x, &out, e) < 0) {
		buf_free(&out);
		return -1;
	}
	answer_header(c->answer, "Vary", "Accept");
	put_xml(c, out);
	return 0;
}

int
config_profile(struct call *c, const struct profile *p, struct err *e)
{
	struct xml_export x = { .kind = XML_KIND_PROFILE, .profile = p };

	render_etag(c->answer, p->head.revision);
	return answer_xml(c, &x, e);
}

/* ---- JSON: the same tables ---- */

#define ALL(plural, list, type, make) \
	static int \
	plural##_json(struct render *r, json_t *out, struct err *e) \
	{ \
		struct call *c = r->call; \
		const char *after = NULL; \
		struct type *items; \
		size_t n; \
		do { \
			if (list(c->store, c->arena, after, PAGE, &items, &n, \
			    e) < 0) \
				return -1; \
			for (size_t i = 0; i < n; i++) { \
				json_put(out, NULL, make); \
				after = items[i].head.name; \
			} \
		} while (n == PAGE); \
		return 0; \
	}
#define PLAIN(table) field_to_json(table, &r->names, &items[i])

static json_t *
devices_json(struct render *r, const struct profile *p, enum device_kind kind)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->n_devices; i++)
		if (p->devices[i].kind == kind &&
		    p->devices[i].lease[0] == '\0')
			json_put(list, NULL, field_to_json(field_device(kind),
			    &r->names, &p->devices[i]));
	return list;
}

static json_t *
profile_json(struct render *r, const struct profile *p)
{
	static const char *const lists[DEVICE_N_KINDS] = {
		[DEVICE_VNIC] = "vnics", [DEVICE_VHBA] = "vhbas",
		[DEVICE_VDAS] = "vdas", [DEVICE_EXCLUSIVE] = "exclusives",
	};
	json_t *o = field_to_json(&field_profile, &r->names, p);

	for (unsigned k = 0; k < DEVICE_N_KINDS; k++)
		json_put(o, lists[k], devices_json(r, p, k));
	return o;
}

ALL(networks, network_list, network, PLAIN(&field_network))
ALL(sans, san_list, san, PLAIN(&field_san))
ALL(classes, class_list, qos_class, PLAIN(&field_qos_class))
ALL(pools, pool_list, pool, PLAIN(&field_pool))
ALL(profiles, profile_list, profile, profile_json(r, &items[i]))

/* Those of which something is wanted, as in the document. */
static int
slots_json(struct render *r, json_t *out, struct err *e)
{
	struct slot *list;
	size_t n;

	if (slot_list(r->call->store, r->call->arena, &list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct slot made = { .number = list[i].number };

		if (!field_equal(&field_slot, &made, &list[i]))
			json_put(out, NULL, field_to_json(&field_slot,
			    &r->names, &list[i]));
	}
	return 0;
}

static int
ports_json(struct render *r, json_t *out, struct err *e)
{
	struct port *list;
	size_t n;

	if (port_list(r->call->store, r->call->arena, &list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct port made = { .at = list[i].at };

		if (!field_equal(&field_port, &made, &list[i]))
			json_put(out, NULL, field_to_json(&field_port,
			    &r->names, &list[i]));
	}
	return 0;
}

static int
bays_json(struct render *r, json_t *out, struct err *e)
{
	struct bay *list;
	size_t n;

	if (bay_list(r->call->store, r->call->arena, &list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct bay made = { .number = list[i].number };

		list[i].accepted[0] = '\0';
		if (!field_equal(&field_bay, &made, &list[i]))
			json_put(out, NULL, field_to_json(&field_bay,
			    &r->names, &list[i]));
	}
	return 0;
}

static json_t *
hardware_json(const struct xml_here *h)
{
	json_t *o = json_object(), *slots = json_array();
	json_t *modules = json_array(), *x;

	for (uint32_t i = 0; i < h->n_slots; i++) {
		const struct xml_here_slot *s = &h->slots[i];

		x = json_object();
		json_put(x, "number", json_int(s->number));
		json_put(x, "linkWidth", s->width == 0 ? json_null() :
		    json_int(s->width));
		json_put(x, "serverSerial", s->serial[0] == '\0' ?
		    json_null() : json_str(s->serial));
		json_put(slots, NULL, x);
	}
	for (size_t i = 0; i < h->n_modules; i++) {
		const struct xml_here_module *m = &h->modules[i];

		x = json_object();
		json_put(x, "name", render_bay(m->bay));
		json_put(x, "bay", json_int(m->bay));
		json_put(x, "class", json_str(m->class_word));
		json_put(x, "model", json_str(m->model));
		json_put(x, "ports", json_int(m->ports));
		json_put(x, "serial", m->serial[0] == '\0' ? json_null() :
		    json_str(m->serial));
		json_put(modules, NULL, x);
	}
	json_put(o, "slots", slots);
	json_put(o, "modules", modules);
	return o;
}

static json_t *
origin_json(struct call *c, const struct appliance *self)
{
	json_t *o = json_object();

	json_put(o, "applianceUuid", json_str(self->id));
	json_put(o, "name", json_str(self->name));
	json_put(o, "model", json_str(read_model_name(c)));
	json_put(o, "software", json_str(c->service->config.version));
	json_put(o, "generation", json_int(self->generation));
	json_put(o, "identityEpoch", json_int(self->identity_epoch));
	json_put(o, "exportedAt", json_time(self->changed_ms));
	return o;
}

/* What is lent stands in its lease. */
static int
leases_json(struct render *r, json_t *out, struct err *e)
{
	struct call *c = r->call;
	struct lease *list;
	struct profile *p;
	struct device *d;
	size_t n;

	if (lease_list(c->store, c->arena, NULL, STORE_ALL, &list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		json_t *o = field_to_json(&field_lease, &r->names, &list[i]);
		const struct field_table *t;

		json_put(out, NULL, o);
		if (profile_load(c->store, c->arena, list[i].profile, &p,
		    e) < 0)
			return -1;
		d = lease_device(p, list[i].head.id);
		t = d == NULL ? NULL : field_device((enum device_kind)d->kind);
		if (t != NULL)
			json_put(o, t->name, field_to_json(t, &r->names, d));
	}
	return 0;
}

static int
lists_json(struct render *r, json_t *out, struct err *e)
{
	static const struct {
		const char *name;
		int (*put)(struct render *, json_t *, struct err *);
	} rows[] = {
		{ "networks", networks_json }, { "sans", sans_json },
		{ "qosClasses", classes_json }, { "pools", pools_json },
		{ "profiles", profiles_json }, { "leases", leases_json },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *list = json_array();

		json_put(out, rows[i].name, list);
		if (rows[i].put(r, list, e) < 0)
			return -1;
	}
	return 0;
}

/* What is behind the hardware, in the order of the document. */
static int
sections_json(struct render *r, json_t *out, struct err *e)
{
	json_t *chassis = json_object(), *slots = json_array();
	json_t *ports = json_array(), *bays = json_array();

	json_put(out, "chassis", chassis);
	json_put(chassis, "slots", slots);
	json_put(chassis, "ports", ports);
	json_put(chassis, "bays", bays);
	if (slots_json(r, slots, e) < 0 || ports_json(r, ports, e) < 0 ||
	    bays_json(r, bays, e) < 0)
		return -1;
	return lists_json(r, out, e);
}

static int
answer_all(struct call *c, struct err *e)
{
	struct render r = render_new(c, NULL);
	struct appliance_wanted *wanted;
	struct appliance self;
	json_t *o;

	if (store_appliance(c->store, &self, e) < 0 ||
	    appliance_wanted_load(c->store, c->arena, &wanted, e) < 0)
		return -1;
	o = json_object();
	json_put(o, "kind", json_str(xml_kind_word(XML_KIND_LOGICAL)));
	json_put(o, "origin", origin_json(c, &self));
	json_put(o, "hardware", c->view->n_slots == 0 ? json_null() :
	    hardware_json(imports_here(c->arena, c->view)));
	if (sections_json(&r, o, e) < 0) {
		json_decref(o);
		return -1;
	}
	json_put(o, "extensions", *wanted->extensions == '\0' ? json_null() :
	    json_str(wanted->extensions));
	answer_header(c->answer, "Vary", "Accept");
	answer_json(c->answer, 200, o);
	return 0;
}

int
read_config(struct call *c, struct err *e)
{
	struct xml_export x = { .kind = XML_KIND_LOGICAL };
	const char *kind = request_query(c->request, "kind");

	if (kind != NULL && strcmp(kind, xml_kind_word(x.kind)) != 0)
		return err_rule(e, ERR_MALFORMED, NULL, "kind",
		    "kind is logical here; system and full hold secrets and "
		    "come from POST /exports with a passphrase");
	if (imports_wants_xml(c->request))
		return answer_xml(c, &x, e);
	return answer_all(c, e);
}

int
read_schema(struct call *c, struct err *e)
{
	struct buf out = buf_new(XML_MAX_BYTES);

	(void)e;
	for (size_t i = 0; xml_schema_lines[i] != NULL; i++)
		buf_str(&out, xml_schema_lines[i]);
	put_xml(c, out);
	return 0;
}
