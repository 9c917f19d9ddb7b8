/* adopt.c -- see adopt.h. */
#include "appliance/service/adopt.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "appliance/service/vdas.h"
#include "profiles/journal.h"

/* A function that nobody here wants, where it is. */
struct stray {
	const struct fabric_bridge *at;
	const struct fabric_fn *fn;
	const char *why;		/* it is left alone; NULL: described */
};

struct adoption {
	struct call *call;
	struct arena *arena;
	const struct view *view;
	struct xml_records *out;
	struct stray *strays;		/* by slot and bridge */
	size_t n;
	struct network *networks;	/* here, and those to be made */
	struct san *sans;
	struct disk_place *disks;
	size_t n_networks, n_sans, n_disks;
	size_t old_networks, old_sans;	/* of them: here */
};

/* ---- what is nobody's ---- */

static bool
is_named(const struct binding *rows, size_t n, fn_id fn)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].fn == fn)
			return true;
	return false;
}

static bool
is_somebodys(const struct adoption *a, const struct fabric_fn *f)
{
	for (size_t i = 0; i < a->n_disks; i++)
		for (unsigned k = 0; k < f->persona.n_disks; k++)
			if (a->disks[i].bay == fn_bay(f->id) &&
			    a->disks[i].number == f->persona.disks[k])
				return true;
	return false;
}

/* Its disks are there, each of them. */
static bool
has_disks(const struct adoption *a, const struct fabric_fn *f)
{
	for (unsigned k = 0; k < f->persona.n_disks; k++)
		if (view_disk(a->view, fn_bay(f->id),
		    f->persona.disks[k]) == NULL)
			return false;
	return f->persona.n_disks > 0 && f->persona.n_disks <= DEVICE_DISKS;
}

static const char *
why_not(const struct adoption *a, const struct fabric_bridge *b,
    const struct fabric_fn *f)
{
	if (b->n != 1 || view_capability(a->view, fn_bay(f->id)) == NULL)
		return "it is a whole card, or one that is not known";
	switch ((enum persona_kind)f->persona.kind) {
	case PERSONA_NIC:
		if (f->persona.n_vlans == 0)
			return "it is on no network";
		return f->persona.mac != 0 ? NULL : "it has no address";
	case PERSONA_FC:
		return f->persona.wwpn != 0 ? NULL : "it has no address";
	case PERSONA_RAID:
		if (!has_disks(a, f))
			return "its disks are not there";
		return is_somebodys(a, f) ? "a profile here has its disks" :
		    NULL;
	case PERSONA_NONE:
		break;
	}
	return "it has no personality";
}

static int
gather(struct adoption *a, struct err *e)
{
	const struct view *v = a->view;
	struct binding *rows;
	size_t n_rows, cap = 0;

	if (binding_list(a->call->store, a->arena, &rows, &n_rows, e) < 0 ||
	    disk_place_list(a->call->store, a->arena, &a->disks, &a->n_disks,
	    e) < 0)
		return -1;
	for (size_t i = 0; i < v->n_bridges; i++)
		for (unsigned k = 0; k < v->bridges[i].n; k++) {
			const struct fabric_bridge *b = &v->bridges[i];
			const struct fabric_fn *f = view_fn(v, b->fn[k]);
			struct stray s = { b, f, NULL };

			if (b->state != BRIDGE_BOUND || f == NULL ||
			    is_named(rows, n_rows, f->id))
				continue;
			s.why = why_not(a, b, f);
			ARENA_PUSH(a->arena, a->strays, a->n, cap) = s;
		}
	return 0;
}

/* ---- networks by VLAN, SANs by port ---- */

static const char *
free_name(const struct adoption *a, const char *name, bool network)
{
	const char *text = name;

	for (unsigned n = 2;; n++) {
		bool taken = false;

		for (size_t i = 0; network && i < a->n_networks; i++)
			taken = taken || strcasecmp(
			    a->networks[i].head.name, text) == 0;
		for (size_t i = 0; !network && i < a->n_sans; i++)
			taken = taken || strcasecmp(a->sans[i].head.name,
			    text) == 0;
		if (!taken)
			return text;
		text = arena_printf(a->arena, "%s-%u", name, n);
	}
}

static const char *
network_of(struct adoption *a, uint32_t vlan)
{
	struct network *n;

	for (size_t i = 0; i < a->n_networks; i++)
		if (a->networks[i].vlan == vlan)
			return a->networks[i].head.name;
	n = &a->networks[a->n_networks];
	*n = (struct network){ .vlan = vlan };
	snprintf(n->head.name, sizeof(n->head.name), "%s", free_name(a,
	    arena_printf(a->arena, "vlan-%" PRIu32, vlan), true));
	a->n_networks++;
	return n->head.name;
}

static const char *
san_of(struct adoption *a, fn_id fn)
{
	struct port_ref at = { fn_bay(fn), fn_port(fn) };
	struct san *s;

	for (size_t i = 0; i < a->n_sans; i++)
		for (size_t k = 0; k < a->sans[i].n_ports; k++)
			if (a->sans[i].ports[k].bay == at.bay &&
			    a->sans[i].ports[k].port == at.port)
				return a->sans[i].head.name;
	s = &a->sans[a->n_sans];
	*s = (struct san){ .n_ports = 1,
		.ports = arena_copy(a->arena, &at, sizeof(at)) };
	snprintf(s->head.name, sizeof(s->head.name), "%s", free_name(a,
	    arena_printf(a->arena, "san-io%" PRIu32 "-%" PRIu32, at.bay,
	    at.port), false));
	a->n_sans++;
	return s->head.name;
}

/* Those that are here, with room for one more per function and VLAN. */
static int
load_named(struct adoption *a, struct err *e)
{
	enum { ALL = 4096 };
	struct network *networks;
	struct san *sans;
	size_t more = a->n * FABRIC_VLANS < ALL ? a->n * FABRIC_VLANS : ALL;

	if (network_list(a->call->store, a->arena, "", ALL, &networks,
	    &a->n_networks, e) < 0 || san_list(a->call->store, a->arena, "",
	    ALL, &sans, &a->n_sans, e) < 0)
		return -1;
	a->old_networks = a->n_networks;
	a->old_sans = a->n_sans;
	a->networks = arena_array(a->arena, a->n_networks + more + 1,
	    sizeof(*a->networks));
	if (a->n_networks > 0)
		memcpy(a->networks, networks, a->n_networks *
		    sizeof(*networks));
	a->sans = arena_array(a->arena, a->n_sans + a->n + 1,
	    sizeof(*a->sans));
	if (a->n_sans > 0)
		memcpy(a->sans, sans, a->n_sans * sizeof(*sans));
	return 0;
}

/* ---- writing ---- */

static void
put(struct adoption *a, const char *attr, const char *value)
{
	xml_attr_add(a->out, attr, value);
}

static void
put_number(struct adoption *a, const char *attr, uint64_t value)
{
	put(a, attr, arena_printf(a->arena, "%" PRIu64, value));
}

static void
put_bool(struct adoption *a, const char *attr, bool value)
{
	put(a, attr, value ? "true" : "false");
}

static void
open_element(struct adoption *a, const char *name)
{
	(void)xml_open(a->out, name, 0);
}

static void
close_element(struct adoption *a)
{
	xml_close(a->out);
}

static void
put_address(struct adoption *a, const char *element, const char *value)
{
	open_element(a, element);
	put(a, "source", "static");
	put(a, "value", value);
	close_element(a);
}

static void
put_vnic(struct adoption *a, const struct fabric_fn *f)
{
	const struct personality *p = &f->persona;
	char text[MAC_TEXT];

	if (p->mtu != 0)		/* else what is usual, put on it */
		put_number(a, "mtu", p->mtu);
	put_bool(a, "pxe", p->flags & PERSONA_PXE);
	put_address(a, "mac", mac_text(p->mac, text));
	open_element(a, "vlans");
	put(a, "mode", p->n_vlans == 1 && p->native == p->vlans[0] ?
	    "access" : "trunk");
	for (unsigned i = 0; i < p->n_vlans; i++) {
		open_element(a, "vlan");
		put(a, "network", network_of(a, p->vlans[i]));
		put_bool(a, "native", p->vlans[i] == p->native);
		close_element(a);
	}
	close_element(a);
	open_element(a, "qos");
	put_number(a, "guaranteeMbps", p->guarantee_mbps);
	put_number(a, "limitMbps", p->limit_mbps);
	put_number(a, "pcp", p->pcp);
	close_element(a);
	open_element(a, "security");
	put_bool(a, "spoofCheck", p->flags & PERSONA_SPOOF_CHECK);
	put_bool(a, "trust", p->flags & PERSONA_TRUST);
	put_bool(a, "promisc", p->flags & PERSONA_PROMISC);
	close_element(a);
}

static void
put_vhba(struct adoption *a, const struct fabric_fn *f)
{
	const struct personality *p = &f->persona;
	char text[WWN_TEXT];

	put_address(a, "wwpn", wwn_text(p->wwpn, text));
	open_element(a, "san");
	put(a, "name", san_of(a, f->id));
	close_element(a);
	if (p->limit_mbps > 0) {
		open_element(a, "qos");
		put_number(a, "limitMbps", p->limit_mbps);
		close_element(a);
	}
	for (unsigned i = 0; i < p->n_boot; i++) {
		open_element(a, "bootTarget");
		put_number(a, "priority", p->boot[i].priority);
		put(a, "wwpn", wwn_text(p->boot[i].wwpn, text));
		put(a, "lun", arena_printf(a->arena, p->boot[i].lun <= 65535 ?
		    "%" PRIu64 : "%016" PRIX64, p->boot[i].lun));
		close_element(a);
	}
}

static void
put_vdas(struct adoption *a, const struct fabric_fn *f)
{
	char guid[TEXT_TEXT];

	for (unsigned i = 0; i < f->persona.n_disks; i++) {
		uint32_t number = f->persona.disks[i];
		const struct fabric_disk *d = view_disk(a->view,
		    fn_bay(f->id), number);

		open_element(a, "virtualDisk");
		put(a, "name", arena_printf(a->arena, "disk%" PRIu32,
		    number));
		put(a, "raid", arena_printf(a->arena, "RAID%u", d->raid));
		put_number(a, "capacityMiB", d->mib);
		vdas_guid(a->view, fn_bay(f->id), number, guid);
		put(a, "guid", guid);
		close_element(a);
	}
}

static const struct kind {
	enum persona_kind kind;
	const char *element, *name;
	void (*put)(struct adoption *, const struct fabric_fn *);
} kinds[] = {
	{ PERSONA_NIC, "vnic", "nic", put_vnic },
	{ PERSONA_FC, "vhba", "hba", put_vhba },
	{ PERSONA_RAID, "vdas", "das", put_vdas },
};

/* Called after its bridge, unless a device there is. */
static const char *
device_name(const struct adoption *a, const struct profile *there,
    const struct kind *k, unsigned bridge)
{
	const char *name = arena_printf(a->arena, "%s%u", k->name, bridge);

	for (unsigned n = 2; there != NULL && profile_device(there, name) !=
	    NULL; n++)
		name = arena_printf(a->arena, "%s%u-%u", k->name, bridge, n);
	return name;
}

/* ---- one slot ---- */

/* All vHBAs of a profile have its node name; who has another is left alone. */
static uint64_t
node_name(struct adoption *a, const struct profile *there, uint32_t slot)
{
	uint64_t wwnn = there != NULL ? there->wwnn : 0;

	for (size_t i = 0; i < a->n; i++) {
		struct stray *s = &a->strays[i];

		if (s->at->slot != slot || s->why != NULL ||
		    s->fn->persona.kind != PERSONA_FC)
			continue;
		if (wwnn == 0)
			wwnn = s->fn->persona.wwnn;
		if (s->fn->persona.wwnn != wwnn)
			s->why = "its node name is not its profile's";
	}
	return wwnn;
}

static bool
any_at(const struct adoption *a, uint32_t slot)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->strays[i].at->slot == slot && a->strays[i].why == NULL)
			return true;
	return false;
}

static void
put_devices(struct adoption *a, const struct profile *there, uint32_t slot)
{
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (size_t i = 0; i < a->n; i++) {
			const struct stray *s = &a->strays[i];

			if (s->at->slot != slot || s->why != NULL ||
			    s->fn->persona.kind != kinds[k].kind)
				continue;
			open_element(a, kinds[k].element);
			put(a, "name", device_name(a, there, &kinds[k],
			    s->at->bridge));
			kinds[k].put(a, s->fn);
			close_element(a);
		}
}

static int
put_profile(struct adoption *a, uint32_t slot, struct err *e)
{
	struct profile *there, *named;
	char name[NAME_TEXT], text[WWN_TEXT];
	uint64_t wwnn;

	if (profile_at_slot(a->call->store, a->arena, slot, &there, e) < 0)
		return -1;
	wwnn = node_name(a, there, slot);
	if (!any_at(a, slot))
		return 0;
	snprintf(name, sizeof(name), "adopted-slot-%" PRIu32, slot);
	for (unsigned n = 2; there == NULL && profile_load(a->call->store,
	    a->arena, name, &named, e) == 0; n++)
		snprintf(name, sizeof(name), "adopted-slot-%" PRIu32 "-%u",
		    slot, n);
	open_element(a, "profile");
	if (there != NULL)
		put(a, "id", there->head.id);
	put(a, "name", there != NULL ? there->head.name : name);
	if (wwnn != 0) {
		open_element(a, "identity");
		put(a, "wwnn", wwn_text(wwnn, text));
		close_element(a);
	}
	put_devices(a, there, slot);
	open_element(a, "assignment");
	put_number(a, "slot", slot);
	close_element(a);
	close_element(a);
	return 0;
}

static int
put_profiles(struct adoption *a, struct err *e)
{
	open_element(a, "profiles");
	for (uint32_t slot = 1; slot <= a->view->n_slots; slot++)
		if (any_at(a, slot) && put_profile(a, slot, e) < 0)
			return -1;
	close_element(a);
	return 0;
}

/* ---- the document ---- */

/* What the profiles will name: they stand behind, so it is found out first. */
static void
name_all(struct adoption *a)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct stray *s = &a->strays[i];

		for (unsigned k = 0; s->why == NULL &&
		    k < s->fn->persona.n_vlans; k++)
			(void)network_of(a, s->fn->persona.vlans[k]);
		if (s->why == NULL && s->fn->persona.kind == PERSONA_FC)
			(void)san_of(a, s->fn->id);
	}
}

static void
put_networks(struct adoption *a)
{
	if (a->n_networks == a->old_networks && a->n_sans == a->old_sans)
		return;
	open_element(a, "networks");
	for (size_t i = a->old_networks; i < a->n_networks; i++) {
		open_element(a, "ethernet");
		put(a, "name", a->networks[i].head.name);
		put_number(a, "vlan", a->networks[i].vlan);
		put_number(a, "mtuMax", 9216);
		close_element(a);
	}
	for (size_t i = a->old_sans; i < a->n_sans; i++) {
		char port[PORT_TEXT];

		open_element(a, "san");
		put(a, "name", a->sans[i].head.name);
		open_element(a, "allowedPorts");
		open_element(a, "port");
		put(a, "name", port_text(a->sans[i].ports[0].bay,
		    a->sans[i].ports[0].port, port));
		close_element(a);
		close_element(a);
		close_element(a);
	}
	close_element(a);
}

static void
set_digests(struct xml_records *r)
{
	struct buf b = buf_new(SIZE_MAX);

	xml_render(r, true, &b);
	digest_text(b.data, b.len, r->document_digest);
	(void)xml_content_digest(r, r->content_digest);
	buf_free(&b);
}

static void
begin(struct adoption *a, struct call *c)
{
	*a = (struct adoption){ .call = c, .arena = c->arena,
		.view = c->view };
}

int
adopt_document(struct call *c, struct xml_records *out, size_t *n,
    struct err *e)
{
	struct adoption a;

	begin(&a, c);
	a.out = out;
	if (gather(&a, e) < 0 || load_named(&a, e) < 0)
		return -1;
	xml_begin(out, c->arena);
	open_element(&a, XML_ROOT);
	put(&a, "schemaVersion", "1.0");
	put(&a, "kind", "logical");
	name_all(&a);
	put_networks(&a);
	if (put_profiles(&a, e) < 0)
		return -1;
	close_element(&a);
	set_digests(out);
	*n = 0;
	for (size_t i = 0; i < a.n; i++)
		*n += a.strays[i].why == NULL;
	return 0;
}

int
adopt_note(struct edit *x, struct err *e)
{
	struct adoption a;
	char fn[FN_TEXT];

	begin(&a, x->call);
	if (gather(&a, e) < 0)
		return -1;
	for (uint32_t slot = 1; slot <= a.view->n_slots; slot++) {
		struct profile *there;

		if (profile_at_slot(a.call->store, a.arena, slot, &there,
		    e) < 0)
			return -1;
		(void)node_name(&a, there, slot);
	}
	for (size_t i = 0; i < a.n; i++)
		if (a.strays[i].why != NULL)
			rules_note(x->broken, "NotAdopted", 'W',
			    arena_printf(a.arena, "/slots/%u",
			    a.strays[i].at->slot), "%s behind bridge %u of "
			    "slot %u stays nobody's: %s",
			    fn_text(a.strays[i].fn->id, fn),
			    a.strays[i].at->bridge, a.strays[i].at->slot,
			    a.strays[i].why);
	return 0;
}
