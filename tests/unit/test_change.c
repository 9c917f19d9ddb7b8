/* test_change.c -- change sets: made, resolved, written, turned round. */
#include "tests/test.h"

#include <stdio.h>

#include "base/fault.h"
#include "tests/unit/support_store.h"

static struct scratch box;
static struct err e;

static void
setup(void)
{
	scratch_new(&box);
}

static void
teardown(void)
{
	scratch_free(&box);
}

static struct change_set *
changes(void)
{
	static uint64_t seed = 1;

	return scratch_changes(&box, seed++);
}

static void
commit(struct change_set *cs)
{
	ck_ok(scratch_commit(&box, cs, &e), e);
}

/* Reads a JSON body into an object of the set. */
static void
fill(struct change_set *cs, const struct field_table *t, const char *body,
    void *object)
{
	struct field_names names = change_names(cs);
	json_t *j;

	ck_ok(json_read(body, strlen(body), 65536, &j, &e), e);
	ck_ok(field_from_json(cs->arena, t, &names, j, "", false, object, &e),
	    e);
	json_decref(j);
}

static void
add_network(struct change_set *cs, const char *name, uint32_t vlan)
{
	struct network *n = change_make_network(cs);

	scratch_name(n->head.name, name);
	n->vlan = vlan;
}

static struct device *
add_device(struct change_set *cs, struct profile *p, enum device_kind kind,
    const char *body)
{
	struct device *d = change_make_device(cs, p, kind);

	fill(cs, field_device(kind), body, d);
	return d;
}

/* A profile at a slot with one of each kind, placed. */
static struct profile *
add_profile(struct change_set *cs, const char *name, unsigned slot)
{
	struct profile *p = change_make_profile(cs);
	struct device *d;

	scratch_name(p->head.name, name);
	p->slot = slot;
	d = add_device(cs, p, DEVICE_VNIC, "{\"name\":\"net0\","
	    "\"networks\":[\"prod\",\"mgmt\"],\"native\":\"mgmt\"}");
	d->placed = fn_make(1, 1, FN_VF, slot);
	d->bridge = 0;
	d = add_device(cs, p, DEVICE_VHBA, "{\"name\":\"hba0\","
	    "\"san\":\"fabric-a\",\"bootTargets\":[{\"wwpn\":"
	    "\"50:06:01:60:3B:A0:12:34\",\"lun\":3,\"priority\":1}]}");
	d->placed = fn_make(3, 1, FN_NPIV, slot);
	d->bridge = 1;
	d = add_device(cs, p, DEVICE_VDAS, "{\"name\":\"das0\","
	    "\"virtualDisks\":[{\"name\":\"boot\",\"raid\":\"RAID1\","
	    "\"capacityMiB\":1024}]}");
	d->placed = fn_make(5, 1, FN_VD, slot);
	d->bridge = 2;
	fill(cs, &field_profile, "{\"bootOrder\":[\"hba0\",\"net0\"]}", p);
	return p;
}

/* Networks, a SAN, profile a at slot 3 (disk 0 of bay 5), profile b at 4. */
static void
furnish(void)
{
	struct change_set *cs = changes();
	struct profile *p;
	struct san *san;

	add_network(cs, "prod", 120);
	add_network(cs, "mgmt", 10);
	san = change_make_san(cs);
	scratch_name(san->head.name, "fabric-a");
	p = add_profile(cs, "a", 3);
	ck_ok(change_resolve(cs, &e), e);
	p->devices[2].disks[0].bay = 5;
	p->devices[2].disks[0].number = 0;
	p = add_profile(cs, "b", 4);
	ck_ok(change_resolve(cs, &e), e);
	p->devices[2].disks[0].bay = 5;
	p->devices[2].disks[0].number = 1;
	commit(cs);
}

static struct profile *
load(const char *ref)
{
	struct profile *p;

	ck_ok(profile_load(box.store, box.arena, ref, &p, &e), e);
	return p;
}

/* Everything wanted, as bytes: canonical content of all objects. */
static char *
picture(void)
{
	struct change_set *fresh = changes();
	json_t *list, *entry;
	struct network *nets;
	struct profile *ps;
	struct pool *pools;
	struct san *sans;
	size_t n, i;
	char *text;

	ck_ok(network_list(box.store, box.arena, NULL, 99, &nets, &n, &e), e);
	for (i = 0; i < n; i++) {
		struct network *x;

		ck_ok(change_network(fresh, nets[i].head.id, &x, &e), e);
	}
	ck_ok(san_list(box.store, box.arena, NULL, 99, &sans, &n, &e), e);
	for (i = 0; i < n; i++) {
		struct san *x;

		ck_ok(change_san(fresh, sans[i].head.id, &x, &e), e);
	}
	ck_ok(pool_list(box.store, box.arena, NULL, 99, &pools, &n, &e), e);
	for (i = 0; i < n; i++) {
		struct pool *x;

		ck_ok(change_pool(fresh, pools[i].head.id, &x, &e), e);
	}
	ck_ok(profile_list(box.store, box.arena, NULL, 99, &ps, &n, &e), e);
	for (i = 0; i < n; i++) {
		struct profile *x;

		ck_ok(change_profile(fresh, ps[i].head.id, &x, &e), e);
	}
	list = change_to_json(fresh, true);
	json_array_foreach (list, i, entry)
		(void)json_object_del(entry, "revision");
	text = json_canonical(list);
	json_decref(list);
	return text;
}

static int64_t
live_addresses(void)
{
	return scratch_count(&box,
	    "SELECT count(*) FROM identity WHERE state = 1");
}

/* ---- resolve ---- */

START_TEST(pools_give_what_is_left_to_us)
{
	struct profile *a, *b;
	struct appliance ap;

	furnish();
	a = load("a");
	b = load("B");
	ck_ok(store_appliance(box.store, &ap, &e), e);
	ck_assert_uint_eq(a->devices[0].address, 0x020000000000 +
	    ((uint64_t)ap.mac_prefix << 16));
	ck_assert_uint_eq(b->devices[0].address, a->devices[0].address + 1);
	ck_assert_uint_eq(a->devices[1].address >> 40, 0x200002);
	ck_assert_uint_eq(b->devices[1].address, a->devices[1].address + 1);
	ck_assert_uint_eq(a->wwnn >> 40, 0x200102);
	ck_assert_uint_eq(b->wwnn, a->wwnn + 1);
	ck_assert_uint_eq(a->devices[0].vlan_mode, VLAN_TRUNK);
	ck_assert_uint_eq(a->devices[0].n_vlans, 2);
	ck_assert_uint_eq(a->devices[0].vlans[1].vlan, 10);
	ck_assert_str_eq(a->devices[0].vlans[1].name, "mgmt");
	ck_assert(a->devices[0].vlans[1].native);
	ck_assert(!a->devices[0].vlans[0].native);
	ck_assert_str_eq(a->devices[1].san_name, "fabric-a");
	ck_assert_uint_eq(a->devices[1].boot[0].lun, 3);
	ck_assert_uint_eq(a->devices[2].disks[0].number, 0);
	ck_assert_uint_eq(a->n_boot_order, 2);
	ck_assert_str_eq(a->boot_order[1], "net0");
	ck_assert_int_eq(a->head.revision, 1);
	ck_assert_int_eq(live_addresses(), 6);
}
END_TEST

START_TEST(the_same_calls_give_the_same_set)
{
	char *texts[2];

	furnish();
	for (int i = 0; i < 2; i++) {
		struct change_set *cs = scratch_changes(&box, 42);
		struct profile *p;
		json_t *j;

		ck_ok(change_profile(cs, "a", &p, &e), e);
		(void)add_device(cs, p, DEVICE_VNIC,
		    "{\"name\":\"net1\",\"networks\":[\"prod\"]}");
		ck_ok(change_resolve(cs, &e), e);
		j = change_to_json(cs, false);
		texts[i] = json_canonical(j);
		json_decref(j);
	}
	ck_assert_str_eq(texts[0], texts[1]);
	free(texts[0]);
	free(texts[1]);
}
END_TEST

START_TEST(what_changes_nothing_is_dropped)
{
	struct change_set *cs = changes();
	struct network *n;
	struct profile *p;
	struct slot *slot;

	furnish();
	ck_ok(change_profile(cs, "a", &p, &e), e);
	ck_ok(change_network(cs, "prod", &n, &e), e);
	ck_ok(change_slot(cs, 7, &slot, &e), e);
	add_network(cs, "soon-gone", 5);
	ck_ok(change_remove(cs, OBJ_NETWORK, "soon-gone", &e), e);
	ck_ok(change_resolve(cs, &e), e);
	ck_assert_uint_eq(cs->n, 0);
	ck_ok(change_network(cs, "prod", &n, &e), e);
	n->vlan = 121;
	ck_ok(change_resolve(cs, &e), e);
	ck_assert_uint_eq(cs->n, 1);
}
END_TEST

START_TEST(an_empty_pool_says_which)
{
	struct change_set *cs = changes();
	struct profile *p;
	struct pool *macs;

	furnish();
	ck_ok(change_pool(cs, "macs", &macs, &e), e);
	macs->n_blocks = 0;
	ck_ok(change_profile(cs, "a", &p, &e), e);
	(void)add_device(cs, p, DEVICE_VNIC, "{\"name\":\"net9\"}");
	ck_breaks(change_resolve(cs, &e), e, ERR_RULES, "PoolExhausted");
	ck_assert_ptr_ne(strstr(e.msg, "macs"), NULL);
}
END_TEST

START_TEST(a_pool_of_another_kind_gives_nothing)
{
	struct change_set *cs = changes();
	struct profile *p;

	furnish();
	ck_ok(change_profile(cs, "a", &p, &e), e);
	(void)add_device(cs, p, DEVICE_VNIC,
	    "{\"name\":\"net9\",\"macPool\":\"wwpns\"}");
	ck_breaks(change_resolve(cs, &e), e, ERR_RULES, "PoolExhausted");
}
END_TEST

START_TEST(one_pool_is_the_default)
{
	struct change_set *cs = changes();
	struct pool *mine, *old, *now;

	mine = change_make_pool(cs);
	scratch_name(mine->head.name, "mine");
	fill(cs, &field_pool, "{\"type\":\"mac\",\"default\":true,\"blocks\":"
	    "[{\"from\":\"021018000000\",\"to\":\"0210180000ff\"}]}", mine);
	commit(cs);
	ck_ok(pool_default(box.store, box.arena, POOL_MAC, &now, &e), e);
	ck_assert_str_eq(now->head.name, "mine");
	ck_assert_uint_eq(now->blocks[0].to, 0x0210180000ff);
	ck_ok(pool_load(box.store, box.arena, "macs", &old, &e), e);
	ck_assert(!old->is_default);
	ck_assert_int_eq(old->head.revision, 2);
}
END_TEST

/* ---- lookups see earlier edits ---- */

START_TEST(names_follow_the_edits)
{
	struct change_set *cs = changes();
	struct field_names names = change_names(cs);
	char id[ID_TEXT], name[NAME_TEXT];
	struct network *n, *made;
	struct profile *p;

	furnish();
	add_network(cs, "new", 7);
	ck_ok(change_network(cs, "NEW", &made, &e), e);
	ck_assert(names.id_of(cs, OBJ_NETWORK, "new", id));
	ck_assert_str_eq(id, made->head.id);
	/* renamed: found by the new name, not by the old one */
	ck_ok(change_network(cs, "prod", &n, &e), e);
	scratch_name(n->head.name, "production");
	ck_fails(change_network(cs, "prod", &n, &e), e, ERR_NOT_FOUND);
	ck_assert(!names.id_of(cs, OBJ_NETWORK, "prod", id));
	ck_ok(change_network(cs, "production", &n, &e), e);
	/* removed: gone, but its name can still be said */
	ck_ok(change_network(cs, "mgmt", &n, &e), e);
	ck_ok(change_remove(cs, OBJ_NETWORK, "mgmt", &e), e);
	ck_fails(change_remove(cs, OBJ_NETWORK, "mgmt", &e), e, ERR_NOT_FOUND);
	ck_fails(change_network(cs, n->head.id, &n, &e), e, ERR_NOT_FOUND);
	ck_assert(names.name_of(cs, OBJ_NETWORK, n->head.id, name));
	ck_assert_str_eq(name, "mgmt");
	/* moved: the slot is empty here */
	ck_ok(change_profile_at(cs, 3, &p, &e), e);
	p->slot = 0;
	ck_ok(change_profile_at(cs, 3, &p, &e), e);
	ck_assert_ptr_null(p);
	ck_ok(change_profile_at(cs, 4, &p, &e), e);
	ck_assert_str_eq(p->head.name, "b");
	ck_ok(change_profile_at(cs, 5, &p, &e), e);
	ck_assert_ptr_null(p);
}
END_TEST

/* ---- exchanges that unique indexes would forbid row by row ---- */

static void
swap_u32(uint32_t *a, uint32_t *b)
{
	uint32_t t = *a;

	*a = *b;
	*b = t;
}

START_TEST(profiles_change_places)
{
	struct change_set *cs = changes();
	struct profile *a, *b;

	furnish();
	ck_ok(change_profile(cs, "a", &a, &e), e);
	ck_ok(change_profile(cs, "b", &b, &e), e);
	swap_u32(&a->slot, &b->slot);
	for (size_t i = 0; i < 3; i++)
		swap_u32(&a->devices[i].placed, &b->devices[i].placed);
	swap_u32(&a->devices[2].disks[0].number, &b->devices[2].disks[0].number);
	scratch_name(a->head.name, "b");
	scratch_name(b->head.name, "a");
	commit(cs);
	a = load("b");
	ck_assert_uint_eq(a->slot, 4);
	ck_assert_uint_eq(a->devices[0].placed, fn_make(1, 1, FN_VF, 4));
	ck_assert_uint_eq(a->devices[1].bridge, 1);
	ck_assert_uint_eq(a->devices[2].disks[0].number, 1);
	ck_assert_int_eq(live_addresses(), 6);
}
END_TEST

START_TEST(an_unmoved_device_keeps_its_place)
{
	struct change_set *cs = changes();
	struct profile *a;

	furnish();
	ck_ok(change_profile(cs, "a", &a, &e), e);
	/* The slot is given up, hence all is vacated; two devices stay. */
	a->slot = 9;
	a->devices[0].placed = fn_make(1, 2, FN_VF, 0);
	commit(cs);
	a = load("a");
	ck_assert_uint_eq(a->slot, 9);
	ck_assert_uint_eq(a->devices[1].placed, fn_make(3, 1, FN_NPIV, 3));
	ck_assert_uint_eq(a->devices[1].bridge, 1);
	ck_assert_uint_eq(a->devices[2].bridge, 2);
	ck_assert_uint_eq(a->devices[2].disks[0].bay, 5);
}
END_TEST

START_TEST(devices_change_names_and_orders)
{
	struct change_set *cs = changes();
	struct profile *a;
	uint64_t mac;

	furnish();
	ck_ok(change_profile(cs, "a", &a, &e), e);
	mac = a->devices[0].address;
	scratch_name(a->devices[0].name, "hba0");
	scratch_name(a->devices[1].name, "net0");
	swap_u32(&a->devices[0].order, &a->devices[1].order);
	swap_u32(&a->devices[0].bridge, &a->devices[1].bridge);
	commit(cs);
	a = load("a");
	ck_assert_str_eq(a->devices[1].name, "hba0");
	ck_assert_uint_eq(a->devices[1].kind, DEVICE_VNIC);
	ck_assert_uint_eq(a->devices[1].address, mac);
	ck_assert_uint_eq(a->devices[1].n_vlans, 2);
}
END_TEST

START_TEST(networks_change_names)
{
	struct change_set *cs = changes();
	struct network *x, *y;

	furnish();
	ck_ok(change_network(cs, "prod", &x, &e), e);
	ck_ok(change_network(cs, "mgmt", &y, &e), e);
	scratch_name(x->head.name, "mgmt");
	scratch_name(y->head.name, "prod");
	commit(cs);
	ck_ok(network_load(box.store, box.arena, "prod", &x, &e), e);
	ck_assert_uint_eq(x->vlan, 10);
	ck_assert_str_eq(load("a")->devices[0].vlans[0].name, "mgmt");
}
END_TEST

START_TEST(a_network_goes_with_its_last_use)
{
	struct change_set *cs = changes();
	struct profile *p;
	int64_t used;

	furnish();
	/* in use: the database itself says no */
	ck_ok(change_remove(cs, OBJ_NETWORK, "prod", &e), e);
	ck_fails(scratch_commit(&box, cs, &e), e, ERR_CONFLICT);
	/* not any more, in the same set; and its name is free at once */
	cs = changes();
	ck_ok(change_remove(cs, OBJ_NETWORK, "prod", &e), e);
	add_network(cs, "prod", 999);
	ck_ok(change_profile(cs, "a", &p, &e), e);
	fill(cs, &field_vnic, "{\"networks\":[\"prod\"]}", &p->devices[0]);
	ck_ok(change_profile(cs, "b", &p, &e), e);
	fill(cs, &field_vnic, "{\"networks\":[\"mgmt\"]}", &p->devices[0]);
	commit(cs);
	p = load("a");
	ck_assert_uint_eq(p->devices[0].vlans[0].vlan, 999);
	ck_assert_uint_eq(p->devices[0].vlan_mode, VLAN_ACCESS);
	ck_ok(object_used_by(box.store, OBJ_NETWORK,
	    p->devices[0].vlans[0].network, &used, &e), e);
	ck_assert_int_eq(used, 1);
}
END_TEST

START_TEST(an_address_changes_hands)
{
	struct change_set *cs = changes();
	struct address *up, *taken;
	struct identity *id;
	struct profile *a, *b;
	size_t n_up, n_taken;
	uint64_t mac;

	furnish();
	ck_ok(change_profile(cs, "a", &a, &e), e);
	ck_ok(change_profile(cs, "b", &b, &e), e);
	mac = a->devices[0].address;
	a->devices[0].address = 0;
	b->devices[0].address = mac;
	b->devices[0].source = SOURCE_STATIC;
	ck_ok(change_resolve(cs, &e), e);
	change_addresses(cs, &up, &n_up, &taken, &n_taken);
	ck_assert_uint_eq(n_up, 2);
	ck_assert_uint_eq(n_taken, 2);
	commit(cs);
	ck_ok(ledger_live(box.store, box.arena, SPACE_MAC, mac, &id, &e), e);
	ck_assert_str_eq(id->profile_name, "b");
	ck_assert_int_eq(id->state, ID_ASSIGNED);
	/* What b gave up rests; a's new one is another. */
	ck_ok(ledger_live(box.store, box.arena, SPACE_MAC, mac + 1, &id, &e),
	    e);
	ck_assert_int_eq(id->state, ID_QUARANTINED);
	ck_assert_int_eq(id->until_ms, scratch_wall_ms + 86400000);
	ck_assert_uint_eq(load("a")->devices[0].address, mac + 2);
}
END_TEST

START_TEST(an_address_has_one_owner)
{
	struct change_set *cs = changes();
	struct profile *b;

	furnish();
	ck_ok(change_profile(cs, "b", &b, &e), e);
	b->devices[0].address = load("a")->devices[0].address;
	ck_breaks(scratch_commit(&box, cs, &e), e, ERR_CONFLICT,
	    "MacDuplicate");
	ck_assert_uint_ne(load("b")->devices[0].address,
	    load("a")->devices[0].address);
}
END_TEST

/* ---- undo ---- */

/* Each row changes the furnished world; its inverse must lead back. */
static void
undo_remove(struct change_set *cs)
{
	ck_ok(change_remove(cs, OBJ_PROFILE, "a", &e), e);
}

static void
undo_make(struct change_set *cs)
{
	(void)add_profile(cs, "c", 5);
	add_network(cs, "third", 3);
}

static void
undo_edit(struct change_set *cs)
{
	struct network *n;
	struct profile *p;

	ck_ok(change_profile(cs, "a", &p, &e), e);
	fill(cs, &field_vnic, "{\"name\":\"renamed\",\"networks\":[\"prod\"],"
	    "\"qos\":{\"limitMbps\":100},\"mac\":\"021018000001\"}",
	    &p->devices[0]);
	profile_remove_device(p, &p->devices[1]);
	p->slot = 0;
	p->devices[0].placed = p->devices[1].placed = 0;
	ck_ok(change_network(cs, "mgmt", &n, &e), e);
	n->vlan = 11;
	scratch_name(n->head.name, "management");
}

static void
undo_move(struct change_set *cs)
{
	struct profile *a, *b;

	ck_ok(change_profile(cs, "a", &a, &e), e);
	ck_ok(change_profile(cs, "b", &b, &e), e);
	swap_u32(&a->slot, &b->slot);
}

static void
undo_pool(struct change_set *cs)
{
	struct pool *p = change_make_pool(cs);

	scratch_name(p->head.name, "mine");
	fill(cs, &field_pool, "{\"type\":\"mac\",\"default\":true}", p);
	ck_ok(change_pool(cs, "wwpns", &p, &e), e);
	p->quarantine_s = 60;
	p->order = POOL_RANDOM;
}

static void
undo_all(struct change_set *cs)
{
	undo_remove(cs);
	ck_ok(change_remove(cs, OBJ_PROFILE, "b", &e), e);
	ck_ok(change_remove(cs, OBJ_NETWORK, "prod", &e), e);
	ck_ok(change_remove(cs, OBJ_NETWORK, "mgmt", &e), e);
	ck_ok(change_remove(cs, OBJ_SAN, "fabric-a", &e), e);
	ck_ok(change_remove(cs, OBJ_POOL, "uuids", &e), e);
}

static void (*const undos[])(struct change_set *) = { undo_remove, undo_make,
    undo_edit, undo_move, undo_pool, undo_all };

START_TEST(the_inverse_leads_back)
{
	char *before, *during, *after, *text;
	int64_t revisions, live;
	struct change_set *cs;
	json_t *inverse, *read;

	furnish();
	before = picture();
	live = live_addresses();
	cs = changes();
	undos[_i](cs);
	ck_ok(change_resolve(cs, &e), e);
	inverse = change_to_json(cs, true);
	commit(cs);
	during = picture();
	ck_assert_str_ne(before, during);
	revisions = scratch_count(&box, "SELECT sum(revision) FROM (SELECT "
	    "max(revision) AS revision FROM revision GROUP BY profile)");

	/* Through text, as the journal keeps it. */
	text = json_text(inverse);
	ck_ok(json_read(text, strlen(text), 1 << 20, &read, &e), e);
	cs = changes();
	ck_ok(change_from_json(cs, read, &e), e);
	commit(cs);
	after = picture();
	ck_assert_str_eq(before, after);
	ck_assert_int_eq(live_addresses(), live);
	if (_i != 4 && _i != 1)		/* those touch or end no profile */
		ck_assert_int_gt(scratch_count(&box, "SELECT sum(revision)"
		    " FROM (SELECT max(revision) AS revision FROM revision"
		    " GROUP BY profile)"), revisions);
	/* Twice is once. */
	cs = changes();
	ck_ok(change_from_json(cs, read, &e), e);
	ck_ok(change_resolve(cs, &e), e);
	ck_assert_uint_eq(cs->n, 0);
	json_decref(inverse);
	json_decref(read);
	free(text);
	free(before);
	free(during);
	free(after);
}
END_TEST

START_TEST(a_stored_set_is_checked)
{
	static const char *const bad[] = { "{}", "[{}]",
	    "[{\"type\":\"network\"}]", "[{\"type\":\"moon\",\"id\":\"x\"}]",
	    "[{\"type\":\"network\",\"id\":\"x\",\"content\":7}]",
	    "[{\"type\":\"network\",\"id\":\"x\"}]",
	    "[{\"type\":\"network\",\"id\":\"x\",\"content\":{\"moon\":1}}]",
	    "[{\"type\":\"slot\",\"id\":\"0\",\"content\":[]}]" };
	struct change_set *cs = changes();
	json_t *j;

	ck_ok(json_read(bad[_i], strlen(bad[_i]), 999, &j, &e), e);
	ck_fails(change_from_json(cs, j, &e), e, ERR_MALFORMED);
	json_decref(j);
}
END_TEST

/* ---- the diff ---- */

static void
expect_diff(struct change_set *cs, const char *want)
{
	json_t *d, *w;
	char *text;

	ck_ok(change_resolve(cs, &e), e);
	d = change_diff(cs);
	ck_ok(json_read(want, strlen(want), 65536, &w, &e), e);
	text = json_text(d);
	ck_assert_msg(json_equal(d, w), "%s", text);
	free(text);
	json_decref(d);
	json_decref(w);
}

START_TEST(a_diff_says_it_in_rows)
{
	struct change_set *cs = changes();
	struct profile *p;
	struct slot *slot;

	furnish();
	ck_ok(change_profile(cs, "a", &p, &e), e);
	p->slot = 7;
	profile_remove_device(p, &p->devices[2]);
	fill(cs, &field_vnic, "{\"mtu\":9000}", &p->devices[0]);
	(void)add_device(cs, p, DEVICE_VNIC, "{\"name\":\"net1\","
	    "\"networks\":[\"prod\"],\"mac\":\"021018000001\"}");
	ck_ok(change_slot(cs, 7, &slot, &e), e);
	slot->is_spare = true;
	expect_diff(cs, "["
	    "{\"op\":\"remove\",\"type\":\"vdas\",\"name\":\"das0\",\"of\":\"a\",\"fields\":["
	    "{\"name\":\"name\",\"before\":\"das0\",\"after\":null},"
	    "{\"name\":\"order\",\"before\":2,\"after\":null},"
	    "{\"name\":\"virtualDisks\",\"before\":[{\"name\":\"boot\",\"raid\":\"RAID1\",\"capacityMiB\":1024,\"number\":0}],\"after\":null}]},"
	    "{\"op\":\"change\",\"type\":\"vnic\",\"name\":\"net0\",\"of\":\"a\",\"fields\":["
	    "{\"name\":\"mtu\",\"before\":1500,\"after\":9000}]},"
	    "{\"op\":\"add\",\"type\":\"vnic\",\"name\":\"net1\",\"of\":\"a\",\"fields\":["
	    "{\"name\":\"name\",\"before\":null,\"after\":\"net1\"},"
	    "{\"name\":\"order\",\"before\":null,\"after\":2},"
	    "{\"name\":\"mac\",\"before\":null,\"after\":\"02:10:18:00:00:01\"},"
	    "{\"name\":\"macSource\",\"before\":null,\"after\":\"static\"},"
	    "{\"name\":\"networks\",\"before\":null,\"after\":[\"prod\"]},"
	    "{\"name\":\"native\",\"before\":null,\"after\":\"prod\"},"
	    "{\"name\":\"mtu\",\"before\":null,\"after\":1500},"
	    "{\"name\":\"spoofCheck\",\"before\":null,\"after\":true}]},"
	    "{\"op\":\"change\",\"type\":\"assignment\",\"name\":\"a\",\"of\":null,\"fields\":["
	    "{\"name\":\"slot\",\"before\":3,\"after\":7}]},"
	    "{\"op\":\"change\",\"type\":\"slot\",\"name\":\"7\",\"of\":null,\"fields\":["
	    "{\"name\":\"isSpare\",\"before\":false,\"after\":true}]}]");
}
END_TEST

/* ---- every failure of a commit ---- */

START_TEST(nothing_is_half_written)
{
	bool fired = true;
	unsigned n;

	furnish();
	for (n = 1; fired; n++) {
		char *before = picture(), *after;
		int64_t rows = scratch_count(&box,
		    "SELECT count(*) + total(state) FROM identity");
		struct change_set *cs = changes();
		int rc;

		undo_make(cs);
		undo_edit(cs);
		ck_ok(change_remove(cs, OBJ_PROFILE, "b", &e), e);
		fault_arm(n);
		rc = scratch_commit(&box, cs, &e);
		fired = fault_fired();
		fault_arm(0);
		if (fired) {
			ck_assert_int_lt(rc, 0);
			after = picture();
			ck_assert_str_eq(before, after);
			ck_assert_int_eq(scratch_count(&box, "SELECT count(*) +"
			    " total(state) FROM identity"), rows);
			ck_assert(!store_in_transaction(box.store));
			free(after);
		} else {
			ck_assert_int_eq(rc, 0);
		}
		free(before);
		ck_assert_uint_lt(n, 5000);
	}
	ck_assert_uint_gt(n, 60);
	ck_assert_int_eq(scratch_count(&box, "PRAGMA foreign_key_check"), -1);
}
END_TEST

START_TEST(revisions_keep_the_content)
{
	struct change_set *cs = changes();
	struct revision *r;
	struct profile *p;
	size_t n;

	furnish();
	ck_ok(change_profile(cs, "a", &p, &e), e);
	(void)snprintf(p->head.description, sizeof(p->head.description), "x");
	commit(cs);
	ck_ok(revision_list(box.store, box.arena, load("a")->head.id, &r, &n,
	    &e), e);
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(r[0].revision, 2);
	ck_assert_int_eq(r[1].revision, 1);
	ck_assert_str_eq(r[0].actor, "tester");
	ck_assert_str_ne(r[0].digest, r[1].digest);
	ck_assert_ptr_ne(strstr(r[0].content, "\"net0\""), NULL);
	ck_assert_uint_eq(strlen(r[0].digest), 64);
}
END_TEST

SUITE("change")
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, pools_give_what_is_left_to_us);
	tcase_add_test(tc, the_same_calls_give_the_same_set);
	tcase_add_test(tc, what_changes_nothing_is_dropped);
	tcase_add_test(tc, an_empty_pool_says_which);
	tcase_add_test(tc, a_pool_of_another_kind_gives_nothing);
	tcase_add_test(tc, one_pool_is_the_default);
	tcase_add_test(tc, names_follow_the_edits);
	tcase_add_test(tc, profiles_change_places);
	tcase_add_test(tc, an_unmoved_device_keeps_its_place);
	tcase_add_test(tc, devices_change_names_and_orders);
	tcase_add_test(tc, networks_change_names);
	tcase_add_test(tc, a_network_goes_with_its_last_use);
	tcase_add_test(tc, an_address_changes_hands);
	tcase_add_test(tc, an_address_has_one_owner);
	tcase_add_loop_test(tc, the_inverse_leads_back, 0, N_ROWS(undos));
	tcase_add_loop_test(tc, a_stored_set_is_checked, 0, 8);
	tcase_add_test(tc, a_diff_says_it_in_rows);
	tcase_add_test(tc, nothing_is_half_written);
	tcase_add_test(tc, revisions_keep_the_content);
}
