/* store_profile_put.c -- writing profiles; see store.h. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "profiles/field.h"
#include "profiles/stmt.h"

/* One statement with one id and nothing else. */
static int
run_id(struct store *st, const char *sql, const char *id, struct err *e)
{
	struct stmt q = stmt_open(st, sql);

	stmt_text(&q, id);
	return stmt_run(&q, e);
}

int
profile_vacate(struct store *st, const char *id, struct err *e)
{
	static const char profile[] =
	    "UPDATE profile SET slot = NULL, name = id WHERE id = ?";
	static const char devices[] = "UPDATE device SET placed = NULL,"
	    " bridge = NULL WHERE profile = ? AND placed IS NOT NULL";
	static const char disks[] = "UPDATE disk SET bay = NULL, number = NULL"
	    " WHERE bay IS NOT NULL"
	    " AND device IN (SELECT id FROM device WHERE profile = ?)";

	if (run_id(st, profile, id, e) < 0 || run_id(st, devices, id, e) < 0)
		return -1;
	return run_id(st, disks, id, e);
}

static int
put_profile(struct store *st, const struct profile *p, struct err *e)
{
	struct buf names = buf_new(NAME_TEXT * PROFILE_DEVICES);
	struct stmt q = stmt_open(st, "INSERT INTO profile"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
	    " ?) ON CONFLICT(id) DO UPDATE"
	    " SET name = excluded.name, description = excluded.description,"
	    " revision = excluded.revision, modified_ms = excluded.modified_ms,"
	    " affinity = excluded.affinity, wwnn = excluded.wwnn,"
	    " slot = excluded.slot, server_serial = excluded.server_serial,"
	    " boot_order = excluded.boot_order,"
	    " system_uuid = excluded.system_uuid, labels = excluded.labels,"
	    " drift = excluded.drift, failover = excluded.failover,"
	    " hold_s = excluded.hold_s, cooldown_s = excluded.cooldown_s,"
	    " extensions = excluded.extensions,"
	    " home_slot = excluded.home_slot,"
	    " wwnn_from = excluded.wwnn_from");
	int rc;

	for (size_t i = 0; i < p->n_boot_order; i++)
		buf_printf(&names, "%s%s", i > 0 ? " " : "", p->boot_order[i]);
	stmt_head(&q, &p->head);
	stmt_int(&q, p->affinity);
	stmt_hex_or_null(&q, p->wwnn, 16);
	stmt_int_or_null(&q, p->slot);
	stmt_text(&q, p->server_serial);
	stmt_text(&q, names.len > 0 ? names.data : "");
	stmt_text_or_null(&q, p->system_uuid);
	stmt_labels(&q, &p->head.labels);
	stmt_int(&q, p->drift);
	stmt_int(&q, p->failover);
	stmt_int(&q, p->hold_s);
	stmt_int(&q, p->cooldown_s);
	stmt_text(&q, p->extensions != NULL ? p->extensions : "");
	stmt_int(&q, p->home_slot);
	stmt_int(&q, p->wwnn_from);
	if (names.full) {
		stmt_close(&q);
		rc = err_set(e, ERR_TOO_LARGE, "the boot order is too long");
	} else {
		rc = stmt_run(&q, e);
	}
	buf_free(&names);
	return rc;
}

static void
put_device_wishes(struct stmt *q, const struct device *d)
{
	stmt_text(q, d->description);
	stmt_labels(q, &d->labels);
	stmt_text(q, d->extensions != NULL ? d->extensions : "");
	stmt_text(q, d->nic_kind);
	stmt_text(q, d->intended_use);
	stmt_int(q, d->queues);
	stmt_int(q, d->link_policy);
	stmt_int(q, d->protocol);
	stmt_int(q, d->queue_depth);
	stmt_text_or_null(q, d->qos_class);
	stmt_int(q, d->of_class.limit_mbps);
	stmt_int(q, d->of_class.guarantee_mbps);
	stmt_int(q, d->of_class.pcp);
	if (d->kind == DEVICE_EXCLUSIVE)
		stmt_int(q, d->extent);
	else
		stmt_int_or_null(q, 0);
	stmt_int(q, d->require_class);
	stmt_int(q, d->sharing);
	stmt_int(q, d->n_placed);
	stmt_int(q, d->suspended);
	stmt_text_or_null(q, d->lease);
	stmt_int(q, d->idle);
}

static int
put_device(struct store *st, const char *profile, const struct device *d,
    struct err *e)
{
	struct stmt q = stmt_open(st, "INSERT INTO device(id,"
	    " profile, name, kind, ord, address, source, pool, mtu, vlan_mode,"
	    " limit_mbps, guarantee_mbps, pcp, spoof_check, trust, promisc,"
	    " pxe, san, pin_bay, pin_port, placed, bridge, admission_mbps,"
	    " anti_affinity, description, labels, extensions, nic_kind,"
	    " intended_use, queues, link_policy, protocol, queue_depth,"
	    " qos_class, class_limit_mbps, class_guarantee_mbps, class_pcp,"
	    " extent, require_class, sharing, n_placed, suspended, lease,"
	    " idle)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
	    " ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26,"
	    " ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38,"
	    " ?39, ?40, ?41, ?42, ?43, ?44)");

	stmt_text(&q, d->id);
	stmt_text(&q, profile);
	stmt_text(&q, d->name);
	/* See schema step 12. */
	stmt_int(&q, d->kind == DEVICE_EXCLUSIVE ? DEVICE_VDAS : d->kind);
	stmt_int(&q, d->order);
	stmt_hex_or_null(&q, d->address, d->kind == DEVICE_VNIC ? 12 : 16);
	stmt_int(&q, d->source);
	stmt_text_or_null(&q, d->pool);
	stmt_int(&q, d->mtu);
	stmt_int(&q, d->vlan_mode);
	stmt_int(&q, d->own.limit_mbps);
	stmt_int(&q, d->own.guarantee_mbps);
	stmt_int(&q, d->own.pcp);
	stmt_int(&q, d->spoof_check);
	stmt_int(&q, d->trust);
	stmt_int(&q, d->promisc);
	stmt_int(&q, d->pxe);
	stmt_text_or_null(&q, d->san);
	stmt_int(&q, d->pin_bay);
	stmt_int(&q, d->pin_port);
	stmt_int_or_null(&q, d->placed);
	if (d->placed != 0)
		stmt_int(&q, d->bridge);
	else
		stmt_int_or_null(&q, 0);
	stmt_int(&q, d->admission_mbps);
	stmt_text(&q, d->anti_affinity);
	put_device_wishes(&q, d);
	return stmt_run(&q, e);
}

static int
put_vlans(struct store *st, const struct device *d, struct err *e)
{
	for (size_t i = 0; i < d->n_vlans; i++) {
		struct stmt q = stmt_open(st,
		    "INSERT INTO device_vlan VALUES(?, ?, ?, ?)");

		stmt_text(&q, d->id);
		stmt_int(&q, (int64_t)i);
		stmt_text(&q, d->vlans[i].network);
		stmt_int(&q, d->vlans[i].native);
		if (stmt_run(&q, e) < 0)
			return -1;
	}
	return 0;
}

static int
put_boot(struct store *st, const struct device *d, struct err *e)
{
	for (size_t i = 0; i < d->n_boot; i++) {
		struct stmt q = stmt_open(st,
		    "INSERT INTO boot_target VALUES(?, ?, ?, ?, ?)");

		stmt_text(&q, d->id);
		stmt_int(&q, (int64_t)i);
		stmt_int(&q, d->boot[i].priority);
		stmt_hex(&q, d->boot[i].wwpn, 16);
		stmt_hex(&q, d->boot[i].lun, 16);
		if (stmt_run(&q, e) < 0)
			return -1;
	}
	return 0;
}

static void
put_disk_wishes(struct stmt *q, const struct disk *k)
{
	stmt_int(q, k->access);
	stmt_int(q, k->boot);
	stmt_int(q, k->strip_kib);
	stmt_text(q, k->read_policy);
	stmt_text(q, k->write_policy);
	stmt_text(q, k->guid);
	stmt_text(q, k->drives);
}

static int
put_disks(struct store *st, const struct device *d, struct err *e)
{
	for (size_t i = 0; i < d->n_disks; i++) {
		const struct disk *k = &d->disks[i];
		struct stmt q = stmt_open(st,
		    "INSERT INTO disk"
		    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

		stmt_text(&q, k->id);
		stmt_text(&q, d->id);
		stmt_int(&q, (int64_t)i);
		stmt_text(&q, k->name);
		stmt_int(&q, k->raid);
		stmt_int(&q, k->capacity_mib);
		stmt_int_or_null(&q, k->bay);
		if (k->bay != 0)
			stmt_int(&q, k->number);
		else
			stmt_int_or_null(&q, 0);
		put_disk_wishes(&q, k);
		if (stmt_run(&q, e) < 0)
			return -1;
	}
	return 0;
}

static int
write_device(struct store *st, const char *profile, const struct device *d,
    struct err *e)
{
	if (put_device(st, profile, d, e) < 0 || put_vlans(st, d, e) < 0 ||
	    put_boot(st, d, e) < 0)
		return -1;
	return put_disks(st, d, e);
}

/* Says again where an unchanged device is: profile_vacate() may have been
 * here. */
static int
place_device(struct store *st, const struct device *d, struct err *e)
{
	struct stmt q = stmt_open(st, "UPDATE device SET placed = ?1,"
	    " bridge = ?2 WHERE id = ?3 AND placed IS NOT ?1");

	stmt_int(&q, d->placed);
	stmt_int(&q, d->bridge);
	stmt_text(&q, d->id);
	return stmt_run(&q, e);
}

static int
place_disks(struct store *st, const struct device *d, struct err *e)
{
	for (size_t i = 0; i < d->n_disks; i++) {
		struct stmt q;

		if (d->disks[i].bay == 0)
			continue;
		q = stmt_open(st, "UPDATE disk SET bay = ?1, number = ?2"
		    " WHERE id = ?3 AND bay IS NOT ?1");
		stmt_int(&q, d->disks[i].bay);
		stmt_int(&q, d->disks[i].number);
		stmt_text(&q, d->disks[i].id);
		if (stmt_run(&q, e) < 0)
			return -1;
	}
	return 0;
}

static struct device *
same_device(const struct profile *p, const struct device *d)
{
	for (size_t i = 0; p != NULL && i < p->n_devices; i++)
		if (strcmp(p->devices[i].id, d->id) == 0)
			return &p->devices[i];
	return NULL;
}

static bool
is_unchanged(const struct device *before, const struct device *after)
{
	return before->kind == after->kind &&
	    field_equal(field_device(after->kind), before, after);
}

/* All that goes or differs is taken out first, so that names, orders, places
 * and disk numbers may change hands inside the profile. */
static int
take_out(struct store *st, const struct profile *before,
    const struct profile *after, struct err *e)
{
	for (size_t i = 0; i < before->n_devices; i++) {
		const struct device *b = &before->devices[i];
		const struct device *d = same_device(after, b);

		if (d != NULL && is_unchanged(b, d))
			continue;
		if (run_id(st, "DELETE FROM device WHERE id = ?", b->id, e) < 0)
			return -1;
	}
	return 0;
}

static int
put_in(struct store *st, const struct profile *before,
    const struct profile *after, struct err *e)
{
	for (size_t i = 0; i < after->n_devices; i++) {
		const struct device *d = &after->devices[i];
		const struct device *b = same_device(before, d);

		if (b == NULL || !is_unchanged(b, d)) {
			if (write_device(st, after->head.id, d, e) < 0)
				return -1;
		} else if ((d->placed != 0 && place_device(st, d, e) < 0) ||
		    place_disks(st, d, e) < 0) {
			return -1;
		}
	}
	return 0;
}

int
profile_store(struct store *st, const struct profile *before,
    const struct profile *after, struct err *e)
{
	if (after == NULL)
		return run_id(st, "DELETE FROM profile WHERE id = ?",
		    before->head.id, e);
	if (before != NULL && take_out(st, before, after, e) < 0)
		return -1;
	if (put_profile(st, after, e) < 0)
		return -1;
	return put_in(st, before, after, e);
}
