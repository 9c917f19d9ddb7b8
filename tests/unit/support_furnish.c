/* support_furnish.c -- see support_furnish.h. */
#include "tests/unit/support_furnish.h"

#include <stdio.h>

#include "tests/test.h"

static struct err e;

void
furnish_fill(struct change_set *cs, const struct field_table *t, const char *body,
    void *object)
{
	struct field_names names = change_names(cs);
	json_t *j;

	ck_ok(json_read(body, strlen(body), 65536, &j, &e), e);
	ck_ok(field_from_json(cs->arena, t, &names, j, "", false, object, &e),
	    e);
	json_decref(j);
}

void
furnish_network(struct change_set *cs, const char *name, uint32_t vlan)
{
	struct network *n = change_make_network(cs);

	scratch_name(n->head.name, name);
	n->vlan = vlan;
}

struct device *
furnish_device(struct change_set *cs, struct profile *p, enum device_kind kind,
    const char *body)
{
	struct device *d = change_make_device(cs, p, kind);

	furnish_fill(cs, field_device(kind), body, d);
	return d;
}

struct profile *
furnish_profile(struct change_set *cs, const char *name, unsigned slot)
{
	struct profile *p = change_make_profile(cs);
	struct device *d;

	scratch_name(p->head.name, name);
	p->slot = slot;
	d = furnish_device(cs, p, DEVICE_VNIC, "{\"name\":\"net0\","
	    "\"networks\":[\"prod\",\"mgmt\"],\"native\":\"mgmt\"}");
	d->placed = fn_make(1, 1, FN_VF, slot);
	d->bridge = 0;
	d = furnish_device(cs, p, DEVICE_VHBA, "{\"name\":\"hba0\","
	    "\"san\":\"fabric-a\",\"bootTargets\":[{\"wwpn\":"
	    "\"50:06:01:60:3B:A0:12:34\",\"lun\":3,\"priority\":1}]}");
	d->placed = fn_make(3, 1, FN_NPIV, slot);
	d->bridge = 1;
	d = furnish_device(cs, p, DEVICE_VDAS, "{\"name\":\"das0\","
	    "\"virtualDisks\":[{\"name\":\"boot\",\"raid\":\"RAID1\","
	    "\"capacityMiB\":1024}]}");
	d->placed = fn_make(5, 1, FN_VD, slot);
	d->bridge = 2;
	furnish_fill(cs, &field_profile, "{\"bootOrder\":[\"hba0\",\"net0\"]}", p);
	return p;
}

void
furnish_world(struct scratch *box)
{
	struct change_set *cs = scratch_changes(box, 1000);
	struct profile *p;
	struct san *san;

	furnish_network(cs, "prod", 120);
	furnish_network(cs, "mgmt", 10);
	san = change_make_san(cs);
	scratch_name(san->head.name, "fabric-a");
	p = furnish_profile(cs, "a", 3);
	ck_ok(change_resolve(cs, &e), e);
	p->devices[2].disks[0].bay = 5;
	p->devices[2].disks[0].number = 0;
	p = furnish_profile(cs, "b", 4);
	ck_ok(change_resolve(cs, &e), e);
	p->devices[2].disks[0].bay = 5;
	p->devices[2].disks[0].number = 1;
	ck_ok(scratch_commit(box, cs, &e), e);
}

struct profile *
furnish_load(struct scratch *box, const char *ref)
{
	struct profile *p;

	ck_ok(profile_load(box->store, box->arena, ref, &p, &e), e);
	return p;
}

char *
furnish_picture(struct scratch *box)
{
	struct change_set *fresh = scratch_changes(box, 1000);
	json_t *list, *entry;
	struct network *nets;
	struct profile *ps;
	struct pool *pools;
	struct san *sans;
	const char *told;
	size_t n, i;
	char *text;

	ck_ok(network_list(box->store, box->arena, NULL, 99, &nets, &n, &e), e);
	for (i = 0; i < n; i++) {
		struct network *x;

		ck_ok(change_network(fresh, nets[i].head.id, &x, &e), e);
	}
	ck_ok(san_list(box->store, box->arena, NULL, 99, &sans, &n, &e), e);
	for (i = 0; i < n; i++) {
		struct san *x;

		ck_ok(change_san(fresh, sans[i].head.id, &x, &e), e);
	}
	ck_ok(pool_list(box->store, box->arena, NULL, 99, &pools, &n, &e), e);
	for (i = 0; i < n; i++) {
		struct pool *x;

		ck_ok(change_pool(fresh, pools[i].head.id, &x, &e), e);
	}
	ck_ok(profile_list(box->store, box->arena, NULL, 99, &ps, &n, &e), e);
	for (i = 0; i < n; i++) {
		struct profile *x;

		ck_ok(change_profile(fresh, ps[i].head.id, &x, &e), e);
	}
	told = change_text(fresh, true);
	ck_ok(json_read(told, strlen(told), 1 << 20, &list, &e), e);
	json_array_foreach (list, i, entry)
		(void)json_object_del(entry, "revision");
	text = json_canonical(list);
	json_decref(list);
	return text;
}

int64_t
furnish_addresses(const struct scratch *box)
{
	return scratch_count(box,
	    "SELECT count(*) FROM identity WHERE state = 1");
}
