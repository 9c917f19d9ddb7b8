/* xml_write.c -- see xml_write.h. */
#include "profiles/xml_write.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "profiles/store_rows.h"
#include "profiles/xml_put.h"

enum { PAGE = 256 };		/* objects that are loaded at once */

struct write {
	struct xml_put put;
	struct xml_records *r;
	struct store *store;
	struct arena *arena;
	const struct xml_export *export;
};

const char *
xml_kind_word(enum xml_kind kind)
{
	static const char *const words[XML_N_KINDS] = {
		[XML_KIND_PROFILE] = "profile", [XML_KIND_LOGICAL] = "logical",
		[XML_KIND_SYSTEM] = "system", [XML_KIND_FULL] = "full",
	};

	return kind < XML_N_KINDS ? words[kind] : NULL;
}

static bool
no_id(void *cookie, enum object_type type, const char *ref, char id[ID_TEXT])
{
	(void)cookie;
	(void)type;
	(void)ref;
	(void)id;
	return false;
}

static bool
name_of(void *cookie, enum object_type type, const char *id,
    char name[NAME_TEXT])
{
	struct err e;

	return store_name_of(cookie, type, id, name, &e) > 0;
}

static void
put_number(struct write *w, const char *name, int64_t n)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRId64, n);
	xml_attr_add(w->r, name, text);
}

/* ---- what one profile refers to ---- */

struct refs {
	const char **ids;
	size_t n, cap;
};

static void
add_ref(struct write *w, struct refs *refs, const char *id)
{
	if (*id == '\0')
		return;
	for (size_t i = 0; i < refs->n; i++)
		if (strcmp(refs->ids[i], id) == 0)
			return;
	ARENA_PUSH(w->arena, refs->ids, refs->n, refs->cap) = id;
}

static void
collect(struct write *w, struct refs *networks, struct refs *sans)
{
	const struct profile *p = w->export->profile;

	for (size_t i = 0; i < p->n_devices; i++) {
		const struct device *d = &p->devices[i];

		for (size_t k = 0; k < d->n_vlans; k++)
			add_ref(w, networks, d->vlans[k].network);
		add_ref(w, sans, d->san);
	}
}

static int
by_name(const void *a, const void *b)
{
	const struct head *const *x = a, *const *y = b;

	return strcasecmp((*x)->name, (*y)->name);
}

/* Loads them and writes them by name. */
static int
put_refs(struct write *w, const struct refs *refs, enum object_type type,
    struct err *e)
{
	const struct head **list = arena_array(w->arena, refs->n,
	    sizeof(*list));
	const char *element = type == OBJ_NETWORK ? "ethernet" : "san";
	struct network *network;
	struct san *san;

	for (size_t i = 0; i < refs->n; i++) {
		if (type == OBJ_NETWORK ?
		    network_load(w->store, w->arena, refs->ids[i], &network,
		    e) < 0 : san_load(w->store, w->arena, refs->ids[i], &san,
		    e) < 0)
			return -1;
		list[i] = type == OBJ_NETWORK ? &network->head : &san->head;
	}
	qsort(list, refs->n, sizeof(*list), by_name);
	for (size_t i = 0; i < refs->n; i++)
		xml_put_object(&w->put, element, element, field_object(type),
		    list[i]);
	return 0;
}

static int
put_used_networks(struct write *w, struct err *e)
{
	struct refs networks = { .n = 0 }, sans = { .n = 0 };

	collect(w, &networks, &sans);
	if (put_refs(w, &networks, OBJ_NETWORK, e) < 0)
		return -1;
	return put_refs(w, &sans, OBJ_SAN, e);
}

/* ---- all of a type, by name ---- */

#define PUT_ALL(plural, list, type, element, table) \
	static int \
	put_##plural(struct write *w, struct err *e) \
	{ \
		const char *after = NULL; \
		struct type *items; \
		size_t n; \
		do { \
			if (list(w->store, w->arena, after, PAGE, &items, &n, \
			    e) < 0) \
				return -1; \
			for (size_t i = 0; i < n; i++) { \
				xml_put_object(&w->put, element, element, \
				    table, &items[i]); \
				after = items[i].head.name; \
			} \
		} while (n == PAGE); \
		return 0; \
	}

PUT_ALL(ethernets, network_list, network, "ethernet", &field_network)
PUT_ALL(sans, san_list, san, "san", &field_san)
PUT_ALL(classes, class_list, qos_class, "qosClass", &field_qos_class)
PUT_ALL(pools, pool_list, pool, "pool", &field_pool)
PUT_ALL(profiles, profile_list, profile, "profile", &field_profile)

static int
put_networks(struct write *w, struct err *e)
{
	if (put_ethernets(w, e) < 0)
		return -1;
	return put_sans(w, e);
}

/* ---- the box ---- */

static void
put_origin(struct write *w)
{
	const struct xml_origin *o = w->export->origin;
	char at[TIME_TEXT];

	xml_open(w->r, "origin", 0);
	xml_attr_add(w->r, "applianceUuid", o->appliance->id);
	xml_attr_add(w->r, "name", o->appliance->name);
	if (o->model != NULL)
		xml_attr_add(w->r, "model", o->model);
	xml_attr_add(w->r, "software", o->software);
	put_number(w, "generation", o->appliance->generation);
	put_number(w, "identityEpoch", o->appliance->identity_epoch);
	xml_attr_add(w->r, "exportedAt", time_text(o->at_ms, at));
	xml_close(w->r);
}

static void
put_hardware_slot(struct write *w, const struct xml_here_slot *s)
{
	xml_open(w->r, "slot", 0);
	put_number(w, "number", s->number);
	if (s->width != 0)
		put_number(w, "linkWidth", s->width);
	if (s->serial[0] != '\0')
		xml_attr_add(w->r, "serverSerial", s->serial);
	xml_close(w->r);
}

static void
put_module(struct write *w, const struct xml_here_module *m)
{
	char name[16];

	(void)snprintf(name, sizeof(name), "io%" PRIu32, m->bay);
	xml_open(w->r, "module", 0);
	xml_attr_add(w->r, "name", name);
	put_number(w, "bay", m->bay);
	xml_attr_add(w->r, "class", m->class_word);
	xml_attr_add(w->r, "model", m->model);
	put_number(w, "ports", m->ports);
	if (m->serial[0] != '\0')
		xml_attr_add(w->r, "serial", m->serial);
	xml_close(w->r);
}

/* For people, and to know the modules again; never applied. */
static void
put_hardware(struct write *w)
{
	const struct xml_here *h = w->export->hardware;

	if (h == NULL)
		return;
	xml_open(w->r, "hardware", 0);
	for (uint32_t i = 0; i < h->n_slots; i++)
		put_hardware_slot(w, &h->slots[i]);
	for (size_t i = 0; i < h->n_modules; i++)
		put_module(w, &h->modules[i]);
	xml_close(w->r);
}

static int
put_bays(struct write *w, struct err *e)
{
	struct bay *bays;
	size_t n;

	if (bay_list(w->store, w->arena, &bays, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct bay made = { .number = bays[i].number };

		/* Which card it was is the hardware's. */
		bays[i].accepted[0] = '\0';
		if (!field_equal(&field_bay, &made, &bays[i]))
			xml_put_object(&w->put, "bay", "chassisBay",
			    &field_bay, &bays[i]);
	}
	return 0;
}

/* Those of which something is wanted. */
static int
put_chassis(struct write *w, struct err *e)
{
	struct slot *slots;
	struct port *ports;
	size_t n;

	if (slot_list(w->store, w->arena, &slots, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct slot made = { .number = slots[i].number };

		if (!field_equal(&field_slot, &made, &slots[i]))
			xml_put_object(&w->put, "slot", "chassisSlot",
			    &field_slot, &slots[i]);
	}
	if (port_list(w->store, w->arena, &ports, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct port made = { .at = ports[i].at };

		if (!field_equal(&field_port, &made, &ports[i]))
			xml_put_object(&w->put, "port", "chassisPort",
			    &field_port, &ports[i]);
	}
	return put_bays(w, e);
}

static int
put_one_profile(struct write *w, struct err *e)
{
	(void)e;
	xml_put_object(&w->put, "profile", "profile", &field_profile,
	    w->export->profile);
	return 0;
}

static int
put_leases(struct write *w, struct err *e)
{
	struct lease *list;
	struct profile *p;
	size_t n;

	if (lease_list(w->store, w->arena, NULL, STORE_ALL, &list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (profile_load(w->store, w->arena, list[i].profile, &p,
		    e) < 0)
			return -1;
		w->put.leased = lease_device(p, list[i].head.id);
		xml_put_object(&w->put, "lease", "lease", &field_lease,
		    &list[i]);
	}
	return 0;
}

static int
put_extensions(struct write *w, struct err *e)
{
	struct appliance_wanted *a;

	if (appliance_wanted_load(w->store, w->arena, &a, e) < 0)
		return -1;
	xml_open(w->r, "extensions", 0);
	xml_text_set(w->r, a->extensions);
	xml_close(w->r);
	return 0;
}

/* ---- the document ---- */

/* Sections in the order of the grammar, and whose they are. */
static const struct section {
	const char *element;
	unsigned kinds;
	int (*put)(struct write *, struct err *);
} sections[] = {
#define K(kind) (1u << XML_KIND_##kind)
	{ "chassis", K(LOGICAL) | K(FULL), put_chassis },
	{ "networks", K(PROFILE), put_used_networks },
	{ "networks", K(LOGICAL) | K(FULL), put_networks },
	{ "qosClasses", K(LOGICAL) | K(FULL), put_classes },
	{ "pools", K(LOGICAL) | K(FULL), put_pools },
	{ "profiles", K(PROFILE), put_one_profile },
	{ "profiles", K(LOGICAL) | K(FULL), put_profiles },
	{ "leases", K(LOGICAL) | K(FULL), put_leases },
#undef K
};

static int
put_sections(struct write *w, struct err *e)
{
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		if ((sections[i].kinds & 1u << w->export->kind) == 0)
			continue;
		xml_open(w->r, sections[i].element, 0);
		if (sections[i].put(w, e) < 0)
			return -1;
		xml_close(w->r);
	}
	return 0;
}

static int
put_all(struct write *w, struct err *e)
{
	const struct xml_export *x = w->export;
	bool whole = x->kind == XML_KIND_LOGICAL || x->kind == XML_KIND_FULL;

	put_origin(w);
	if (whole)
		put_hardware(w);
	if (put_sections(w, e) < 0)
		return -1;
	if ((x->kind == XML_KIND_SYSTEM || x->kind == XML_KIND_FULL) &&
	    x->seal != NULL && x->seal(x->cookie, w->r, e) < 0)
		return -1;
	return whole ? put_extensions(w, e) : 0;
}

/*
 * Its place must be there before its content can be known.  Signatures come
 * last: the element is opened again for them.
 */
static int
put_integrity(struct write *w, struct err *e)
{
	struct buf canonical = buf_new(XML_MAX_BYTES);
	uint32_t integrity, document, content;
	int rc = 0;

	integrity = xml_open(w->r, "integrity", 0);
	document = xml_open(w->r, "documentDigest", 0);
	xml_attr_add(w->r, "c14n", "exc-c14n");
	xml_close(w->r);
	content = xml_open(w->r, "contentDigest", 0);
	xml_close(w->r);
	xml_close(w->r);
	xml_close(w->r);
	xml_render(w->r, true, &canonical);
	digest_text(canonical.data, canonical.len, w->r->document_digest);
	(void)xml_content_digest(w->r, w->r->content_digest);
	w->r->elements[document].text = w->r->document_digest;
	w->r->elements[content].text = w->r->content_digest;
	buf_free(&canonical);
	w->r->open = integrity;
	if (w->export->sign != NULL)
		rc = w->export->sign(w->export->cookie, w->r, e);
	xml_close(w->r);
	xml_close(w->r);
	return rc;
}

int
xml_config_write(struct store *store, struct arena *arena,
    const struct xml_export *export, struct buf *out, struct err *e)
{
	struct xml_records r;
	struct write w = {
		.put = { &r, { no_id, name_of, store } },
		.r = &r, .store = store, .arena = arena, .export = export,
	};

	xml_begin(&r, arena);
	xml_open(&r, XML_ROOT, 0);
	xml_attr_add(&r, "schemaVersion", "1.0");
	xml_attr_add(&r, "kind", xml_kind_word(export->kind));
	if (put_all(&w, e) < 0 || put_integrity(&w, e) < 0)
		return -1;
	xml_render(&r, false, out);
	if (out->full)
		return err_set(e, ERR_TOO_LARGE,
		    "what is wanted does not fit into a document");
	return 0;
}
