/* store_profile.c -- reading profiles with their devices; see store.h. */
#include <string.h>

#include "profiles/stmt.h"

#define PROFILE \
	"SELECT id, name, description, revision, created_ms, modified_ms," \
	" affinity, wwnn, slot, server_serial, boot_order, system_uuid," \
	" labels, drift, failover, hold_s, cooldown_s, extensions," \
	" home_slot, wwnn_from" \
	" FROM profile "

static void
split_names(struct arena *a, const char *text, struct profile *p)
{
	size_t cap = 0, len;

	for (; *text != '\0'; text += len + (text[len] != '\0')) {
		char (*list)[NAME_TEXT];

		len = strcspn(text, " ");
		if (len == 0 || len >= NAME_TEXT)
			continue;
		list = arena_grow(a, p->boot_order, p->n_boot_order, &cap,
		    sizeof(*list));
		memcpy(list[p->n_boot_order++], text, len);
		p->boot_order = list;
	}
}

static struct profile *
read_profile(struct stmt *q, struct arena *a)
{
	struct profile *p = arena_alloc(a, sizeof(*p));

	stmt_get_head(q, &p->head);
	p->affinity = stmt_get_u32(q);
	p->wwnn = stmt_get_hex(q);
	p->slot = stmt_get_u32(q);
	stmt_get_text(q, p->server_serial, sizeof(p->server_serial));
	split_names(a, stmt_get_str(q, a), p);
	stmt_get_text(q, p->system_uuid, sizeof(p->system_uuid));
	stmt_get_labels(q, a, &p->head.labels);
	p->drift = stmt_get_u32(q);
	p->failover = stmt_get_u32(q);
	p->hold_s = stmt_get_u32(q);
	p->cooldown_s = stmt_get_u32(q);
	p->extensions = stmt_get_str(q, a);
	p->home_slot = stmt_get_u32(q);
	p->wwnn_from = stmt_get_u32(q);
	return p;
}

static void
read_device(struct stmt *q, struct arena *a, struct device *d)
{
	stmt_get_text(q, d->id, sizeof(d->id));
	stmt_get_text(q, d->name, sizeof(d->name));
	d->kind = stmt_get_u32(q);
	d->order = stmt_get_u32(q);
	d->address = stmt_get_hex(q);
	d->source = stmt_get_u32(q);
	stmt_get_text(q, d->pool, sizeof(d->pool));
	d->mtu = stmt_get_u32(q);
	d->vlan_mode = stmt_get_u32(q);
	d->own.limit_mbps = stmt_get_u32(q);
	d->own.guarantee_mbps = stmt_get_u32(q);
	d->own.pcp = stmt_get_u32(q);
	d->spoof_check = stmt_get_bool(q);
	d->trust = stmt_get_bool(q);
	d->promisc = stmt_get_bool(q);
	d->pxe = stmt_get_bool(q);
	stmt_get_text(q, d->san, sizeof(d->san));
	stmt_get_text(q, d->san_name, sizeof(d->san_name));
	d->pin_bay = stmt_get_u32(q);
	d->pin_port = stmt_get_u32(q);
	d->placed = stmt_get_u32(q);
	d->bridge = stmt_get_u32(q);
	d->admission_mbps = stmt_get_u32(q);
	stmt_get_text(q, d->anti_affinity, sizeof(d->anti_affinity));
	stmt_get_text(q, d->description, sizeof(d->description));
	stmt_get_labels(q, a, &d->labels);
	d->extensions = stmt_get_str(q, a);
	stmt_get_text(q, d->nic_kind, sizeof(d->nic_kind));
	stmt_get_text(q, d->intended_use, sizeof(d->intended_use));
	d->queues = stmt_get_u32(q);
	d->link_policy = stmt_get_u32(q);
	d->protocol = stmt_get_u32(q);
	d->queue_depth = stmt_get_u32(q);
	stmt_get_text(q, d->qos_class, sizeof(d->qos_class));
	d->of_class.limit_mbps = stmt_get_u32(q);
	d->of_class.guarantee_mbps = stmt_get_u32(q);
	d->of_class.pcp = stmt_get_u32(q);
	d->extent = stmt_get_u32(q);
	d->require_class = stmt_get_u32(q);
	d->sharing = stmt_get_u32(q);
	d->n_placed = stmt_get_u32(q);
	d->suspended = stmt_get_bool(q);
	stmt_get_text(q, d->lease, sizeof(d->lease));
	d->idle = stmt_get_bool(q);
	device_apply_qos(d);
}

static int
load_devices(struct store *st, struct arena *a, struct profile *p,
    struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT d.id, d.name,"
	    " CASE WHEN extent IS NULL THEN kind ELSE 3 END, ord, address,"
	    " source, pool, mtu, vlan_mode, limit_mbps, guarantee_mbps, pcp,"
	    " spoof_check, trust, promisc, pxe, san, s.name, pin_bay, pin_port,"
	    " placed, bridge, admission_mbps, anti_affinity, d.description,"
	    " d.labels, extensions, nic_kind, intended_use, queues, link_policy,"
	    " protocol, queue_depth, qos_class, class_limit_mbps,"
	    " class_guarantee_mbps, class_pcp, extent, require_class, sharing,"
	    " n_placed, suspended, lease, idle"
	    " FROM device d LEFT JOIN san s ON s.id = d.san"
	    " WHERE profile = ? ORDER BY ord");
	struct device one;
	size_t cap = 0;
	int rc;

	stmt_text(&q, p->head.id);
	while ((rc = stmt_step(&q, e)) > 0) {
		one = (struct device){ 0 };
		read_device(&q, a, &one);
		ARENA_PUSH(a, p->devices, p->n_devices, cap) = one;
	}
	return rc;
}

/* The rows of all devices of a profile come in the order of the devices. */
static struct device *
owner(struct profile *p, size_t *i, const char *id)
{
	while (*i < p->n_devices && strcmp(p->devices[*i].id, id) != 0)
		++*i;
	return *i < p->n_devices ? &p->devices[*i] : NULL;
}

static int
load_vlans(struct store *st, struct arena *a, struct profile *p, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT d.id, n.id, n.name, n.vlan, native"
	    " FROM device d JOIN device_vlan v ON v.device = d.id"
	    " JOIN network n ON n.id = v.network"
	    " WHERE profile = ? ORDER BY d.ord, v.seq");
	struct device *d = NULL;
	char id[ID_TEXT];
	size_t at = 0, cap = 0;
	int rc;

	stmt_text(&q, p->head.id);
	while ((rc = stmt_step(&q, e)) > 0) {
		struct vlan_ref v = { .vlan = 0 };
		struct device *mine;

		stmt_get_text(&q, id, sizeof(id));
		stmt_get_text(&q, v.network, sizeof(v.network));
		stmt_get_text(&q, v.name, sizeof(v.name));
		v.vlan = stmt_get_u32(&q);
		v.native = stmt_get_bool(&q);
		mine = owner(p, &at, id);
		if (mine == NULL)
			continue;
		cap = mine == d ? cap : 0;
		d = mine;
		ARENA_PUSH(a, d->vlans, d->n_vlans, cap) = v;
	}
	return rc;
}

static int
load_boot(struct store *st, struct arena *a, struct profile *p, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT d.id, wwpn, lun, priority"
	    " FROM device d JOIN boot_target b ON b.device = d.id"
	    " WHERE profile = ? AND kind = 1 ORDER BY d.ord, b.seq");
	struct device *d = NULL;
	char id[ID_TEXT];
	size_t at = 0, cap = 0;
	int rc;

	stmt_text(&q, p->head.id);
	while ((rc = stmt_step(&q, e)) > 0) {
		struct boot_target b;
		struct device *mine;

		stmt_get_text(&q, id, sizeof(id));
		b.wwpn = stmt_get_hex(&q);
		b.lun = stmt_get_hex(&q);
		b.priority = stmt_get_u32(&q);
		mine = owner(p, &at, id);
		if (mine == NULL)
			continue;
		cap = mine == d ? cap : 0;
		d = mine;
		ARENA_PUSH(a, d->boot, d->n_boot, cap) = b;
	}
	return rc;
}

static void
read_disk(struct stmt *q, struct disk *d)
{
	stmt_get_text(q, d->id, sizeof(d->id));
	stmt_get_text(q, d->name, sizeof(d->name));
	d->raid = stmt_get_u32(q);
	d->capacity_mib = stmt_get_u32(q);
	d->bay = stmt_get_u32(q);
	d->number = stmt_get_u32(q);
	d->access = stmt_get_u32(q);
	d->boot = stmt_get_bool(q);
	d->strip_kib = stmt_get_u32(q);
	stmt_get_text(q, d->read_policy, sizeof(d->read_policy));
	stmt_get_text(q, d->write_policy, sizeof(d->write_policy));
	stmt_get_text(q, d->guid, sizeof(d->guid));
	stmt_get_text(q, d->drives, sizeof(d->drives));
	if (d->bay == 0)
		d->number = UINT32_MAX;
}

static int
load_disks(struct store *st, struct arena *a, struct profile *p, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT d.id, k.id, k.name, raid,"
	    " capacity_mib, bay, number, access, boot, strip_kib, read_policy,"
	    " write_policy, guid, drives"
	    " FROM device d JOIN disk k ON k.device = d.id"
	    " WHERE profile = ? AND kind = 2 ORDER BY d.ord, k.seq");
	struct device *d = NULL;
	char id[ID_TEXT];
	size_t at = 0, cap = 0;
	int rc;

	stmt_text(&q, p->head.id);
	while ((rc = stmt_step(&q, e)) > 0) {
		struct disk k = { .bay = 0 };
		struct device *mine;

		stmt_get_text(&q, id, sizeof(id));
		read_disk(&q, &k);
		mine = owner(p, &at, id);
		if (mine == NULL)
			continue;
		cap = mine == d ? cap : 0;
		d = mine;
		ARENA_PUSH(a, d->disks, d->n_disks, cap) = k;
	}
	return rc;
}

/* What hangs below the row of a profile. */
static int
load_rest(struct store *st, struct arena *a, struct profile *p, struct err *e)
{
	bool kinds[DEVICE_N_KINDS] = { false };

	if (load_devices(st, a, p, e) < 0)
		return -1;
	for (size_t i = 0; i < p->n_devices; i++)
		kinds[p->devices[i].kind] = true;
	if ((kinds[DEVICE_VNIC] && load_vlans(st, a, p, e) < 0) ||
	    (kinds[DEVICE_VHBA] && load_boot(st, a, p, e) < 0) ||
	    (kinds[DEVICE_VDAS] && load_disks(st, a, p, e) < 0))
		return -1;
	return 0;
}

int
profile_load(struct store *st, struct arena *a, const char *ref,
    struct profile **out, struct err *e)
{
	static const char by_id[] = PROFILE "WHERE id = ?";
	static const char by_name[] = PROFILE "WHERE name = ?";
	struct stmt q = stmt_open_ref(st, by_id, by_name, ref);
	struct profile *p;

	if (stmt_one(&q, "profile", ref, e) < 0)
		return -1;
	p = read_profile(&q, a);
	stmt_close(&q);
	if (load_rest(st, a, p, e) < 0)
		return -1;
	*out = p;
	return 0;
}

int
profile_at_slot(struct store *st, struct arena *a, unsigned slot,
    struct profile **out, struct err *e)
{
	struct stmt q = stmt_open(st, PROFILE "WHERE slot = ?");
	struct profile *p = NULL;
	int rc;

	stmt_int(&q, slot);
	rc = stmt_step(&q, e);
	if (rc > 0)
		p = read_profile(&q, a);
	stmt_close(&q);
	if (rc < 0 || (p != NULL && load_rest(st, a, p, e) < 0))
		return -1;
	*out = p;
	return 0;
}

int
profile_list(struct store *st, struct arena *a, const char *after,
    size_t limit, struct profile **out, size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, PROFILE
	    "WHERE name > ? ORDER BY name LIMIT ?");
	struct profile *list = NULL;
	size_t len = 0, cap = 0;
	int rc;

	stmt_text(&q, after != NULL ? after : "");
	stmt_int(&q, (int64_t)limit);
	while ((rc = stmt_step(&q, e)) > 0)
		ARENA_PUSH(a, list, len, cap) = *read_profile(&q, a);
	for (size_t i = 0; rc == 0 && i < len; i++)
		rc = load_rest(st, a, &list[i], e);
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

int
profile_bonds(struct store *st, struct arena *a, struct profile_bond **out,
    size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT slot, server_serial, name"
	    " FROM profile WHERE affinity = 1 AND slot IS NOT NULL"
	    " AND server_serial <> '' ORDER BY slot");
	struct profile_bond *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	while ((rc = stmt_step(&q, e)) > 0) {
		one.slot = stmt_get_u32(&q);
		stmt_get_text(&q, one.serial, sizeof(one.serial));
		stmt_get_text(&q, one.name, sizeof(one.name));
		ARENA_PUSH(a, list, len, cap) = one;
	}
	*out = list;
	*n = len;
	return rc;
}

int
profile_adopting(struct store *st, struct arena *a, uint32_t **slots,
    size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT slot FROM profile WHERE drift = ?1"
	    " AND slot IS NOT NULL ORDER BY slot");
	uint32_t *list = NULL;
	size_t len = 0, cap = 0;
	int rc;

	stmt_int(&q, DRIFT_ADOPT);
	while ((rc = stmt_step(&q, e)) > 0)
		ARENA_PUSH(a, list, len, cap) = stmt_get_u32(&q);
	*slots = list;
	*n = len;
	return rc;
}
