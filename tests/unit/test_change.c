/* test_change.c -- change sets: made, resolved, written. */
#include "tests/test.h"

#include <stdio.h>

#include "profiles/field.h"
#include "tests/unit/support_furnish.h"

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

/* ---- resolve ---- */

START_TEST(pools_give_what_is_left_to_us)
{
	struct profile *a, *b;
	struct appliance ap;

	furnish_world(&box);
	a = furnish_load(&box, "a");
	b = furnish_load(&box, "B");
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
	ck_assert_int_eq(furnish_addresses(&box), 6);
}
END_TEST

START_TEST(the_same_calls_give_the_same_set)
{
	const char *texts[2];

	furnish_world(&box);
	for (int i = 0; i < 2; i++) {
		struct change_set *cs = scratch_changes(&box, 42);
		struct profile *p;

		ck_ok(change_profile(cs, "a", &p, &e), e);
		(void)furnish_device(cs, p, DEVICE_VNIC,
		    "{\"name\":\"net1\",\"networks\":[\"prod\"]}");
		ck_ok(change_resolve(cs, &e), e);
		texts[i] = change_text(cs, false);
	}
	ck_assert_str_eq(texts[0], texts[1]);
}
END_TEST

START_TEST(what_changes_nothing_is_dropped)
{
	struct change_set *cs = changes();
	struct network *n;
	struct profile *p;
	struct slot *slot;

	furnish_world(&box);
	ck_ok(change_profile(cs, "a", &p, &e), e);
	ck_ok(change_network(cs, "prod", &n, &e), e);
	ck_ok(change_slot(cs, 7, &slot, &e), e);
	furnish_network(cs, "soon-gone", 5);
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

	furnish_world(&box);
	ck_ok(change_pool(cs, "macs", &macs, &e), e);
	macs->n_blocks = 0;
	ck_ok(change_profile(cs, "a", &p, &e), e);
	(void)furnish_device(cs, p, DEVICE_VNIC, "{\"name\":\"net9\"}");
	ck_breaks(change_resolve(cs, &e), e, ERR_RULES, "PoolExhausted");
	ck_assert_ptr_ne(strstr(e.msg, "macs"), NULL);
}
END_TEST

START_TEST(a_pool_of_another_kind_gives_nothing)
{
	struct change_set *cs = changes();
	struct profile *p;

	furnish_world(&box);
	ck_ok(change_profile(cs, "a", &p, &e), e);
	(void)furnish_device(cs, p, DEVICE_VNIC,
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
	furnish_fill(cs, &field_pool, "{\"type\":\"mac\",\"default\":true,\"blocks\":"
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

START_TEST(the_default_before_may_be_edited_beside)
{
	struct change_set *cs = changes();
	struct pool *mine, *old;

	ck_ok(change_pool(cs, "macs", &old, &e), e);
	old->quarantine_s = 60;
	mine = change_make_pool(cs);
	scratch_name(mine->head.name, "mine");
	mine->is_default = true;
	commit(cs);
	ck_ok(pool_default(box.store, box.arena, POOL_MAC, &mine, &e), e);
	ck_assert_str_eq(mine->head.name, "mine");
	ck_ok(pool_load(box.store, box.arena, "macs", &old, &e), e);
	ck_assert_uint_eq(old->quarantine_s, 60);
}
END_TEST

/* A pool of one address: it comes back when its quarantine is over. */
START_TEST(an_address_comes_back_after_its_rest)
{
	static const char *const later[] = {
		"{\"name\":\"s\",\"mac\":\"021018000002\"}",
		"{\"name\":\"t\",\"mac\":\"021018000003\"}",
	};
	struct change_set *cs = changes();
	struct profile *p;
	struct pool *one;

	one = change_make_pool(cs);
	scratch_name(one->head.name, "one");
	furnish_fill(cs, &field_pool, "{\"type\":\"mac\",\"quarantine\":"
	    "\"PT1H\",\"blocks\":[{\"from\":\"021018000001\","
	    "\"to\":\"021018000001\"}]}", one);
	p = change_make_profile(cs);
	scratch_name(p->head.name, "p");
	(void)furnish_device(cs, p, DEVICE_VNIC,
	    "{\"name\":\"a\",\"macPool\":\"one\"}");
	commit(cs);
	cs = changes();
	ck_ok(change_profile(cs, "p", &p, &e), e);
	profile_remove_device(p, &p->devices[0]);
	commit(cs);
	/* Any later commit that moves addresses ends what is over. */
	for (int hour = 0; hour < 2; hour++) {
		cs = changes();
		cs->wall_ms += (hour * 3600 + 1) * 1000;
		ck_ok(change_profile(cs, "p", &p, &e), e);
		(void)furnish_device(cs, p, DEVICE_VNIC, later[hour]);
		commit(cs);
	}
	cs = changes();
	ck_ok(change_profile(cs, "p", &p, &e), e);
	(void)furnish_device(cs, p, DEVICE_VNIC,
	    "{\"name\":\"b\",\"macPool\":\"one\"}");
	commit(cs);
	p = furnish_load(&box, "p");
	ck_assert_uint_eq(profile_device(p, "b")->address, 0x021018000001);
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

	furnish_world(&box);
	furnish_network(cs, "new", 7);
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

	furnish_world(&box);
	ck_ok(change_profile(cs, "a", &a, &e), e);
	ck_ok(change_profile(cs, "b", &b, &e), e);
	swap_u32(&a->slot, &b->slot);
	for (size_t i = 0; i < 3; i++)
		swap_u32(&a->devices[i].placed, &b->devices[i].placed);
	swap_u32(&a->devices[2].disks[0].number, &b->devices[2].disks[0].number);
	scratch_name(a->head.name, "b");
	scratch_name(b->head.name, "a");
	commit(cs);
	a = furnish_load(&box, "b");
	ck_assert_uint_eq(a->slot, 4);
	ck_assert_uint_eq(a->devices[0].placed, fn_make(1, 1, FN_VF, 4));
	ck_assert_uint_eq(a->devices[1].bridge, 1);
	ck_assert_uint_eq(a->devices[2].disks[0].number, 1);
	ck_assert_int_eq(furnish_addresses(&box), 6);
}
END_TEST

START_TEST(an_unmoved_device_keeps_its_place)
{
	struct change_set *cs = changes();
	struct profile *a;

	furnish_world(&box);
	ck_ok(change_profile(cs, "a", &a, &e), e);
	/* The slot is given up, hence all is vacated; two devices stay. */
	a->slot = 9;
	a->devices[0].placed = fn_make(1, 2, FN_VF, 0);
	commit(cs);
	a = furnish_load(&box, "a");
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

	furnish_world(&box);
	ck_ok(change_profile(cs, "a", &a, &e), e);
	mac = a->devices[0].address;
	scratch_name(a->devices[0].name, "hba0");
	scratch_name(a->devices[1].name, "net0");
	swap_u32(&a->devices[0].order, &a->devices[1].order);
	swap_u32(&a->devices[0].bridge, &a->devices[1].bridge);
	commit(cs);
	a = furnish_load(&box, "a");
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

	furnish_world(&box);
	ck_ok(change_network(cs, "prod", &x, &e), e);
	ck_ok(change_network(cs, "mgmt", &y, &e), e);
	scratch_name(x->head.name, "mgmt");
	scratch_name(y->head.name, "prod");
	commit(cs);
	ck_ok(network_load(box.store, box.arena, "prod", &x, &e), e);
	ck_assert_uint_eq(x->vlan, 10);
	ck_assert_str_eq(furnish_load(&box, "a")->devices[0].vlans[0].name, "mgmt");
}
END_TEST

START_TEST(a_network_goes_with_its_last_use)
{
	struct change_set *cs = changes();
	struct profile *p;
	int64_t used;

	furnish_world(&box);
	/* in use: the database itself says no */
	ck_ok(change_remove(cs, OBJ_NETWORK, "prod", &e), e);
	ck_fails(scratch_commit(&box, cs, &e), e, ERR_CONFLICT);
	/* not any more, in the same set; and its name is free at once */
	cs = changes();
	ck_ok(change_remove(cs, OBJ_NETWORK, "prod", &e), e);
	furnish_network(cs, "prod", 999);
	ck_ok(change_profile(cs, "a", &p, &e), e);
	furnish_fill(cs, &field_vnic, "{\"networks\":[\"prod\"]}", &p->devices[0]);
	ck_ok(change_profile(cs, "b", &p, &e), e);
	furnish_fill(cs, &field_vnic, "{\"networks\":[\"mgmt\"]}", &p->devices[0]);
	commit(cs);
	p = furnish_load(&box, "a");
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

	furnish_world(&box);
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
	ck_assert_uint_eq(furnish_load(&box, "a")->devices[0].address, mac + 2);
}
END_TEST

START_TEST(an_address_has_one_owner)
{
	struct change_set *cs = changes();
	struct profile *b;

	furnish_world(&box);
	ck_ok(change_profile(cs, "b", &b, &e), e);
	b->devices[0].address = furnish_load(&box, "a")->devices[0].address;
	ck_breaks(scratch_commit(&box, cs, &e), e, ERR_CONFLICT,
	    "MacDuplicate");
	ck_assert_uint_ne(furnish_load(&box, "b")->devices[0].address,
	    furnish_load(&box, "a")->devices[0].address);
}
END_TEST

START_TEST(revisions_keep_the_content)
{
	struct change_set *cs = changes();
	struct revision *r;
	struct profile *p;
	size_t n;

	furnish_world(&box);
	ck_ok(change_profile(cs, "a", &p, &e), e);
	(void)snprintf(p->head.description, sizeof(p->head.description), "x");
	commit(cs);
	ck_ok(revision_list(box.store, box.arena, furnish_load(&box, "a")->head.id, &r, &n,
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

/* It stands among the vDAS in the store, and is none. */
START_TEST(a_whole_card_comes_back)
{
	struct change_set *cs;
	struct profile *p;
	struct device *card, kept;
	char *picture;

	furnish_world(&box);
	cs = changes();
	ck_ok(change_profile(cs, "a", &p, &e), e);
	card = furnish_device(cs, p, DEVICE_EXCLUSIVE, "{\"name\":\"tape\","
	    "\"extent\":\"card\",\"placement\":{\"requireClass\":\"other\","
	    "\"module\":\"io6\",\"antiAffinity\":\"g\"}}");
	card->placed = fn_make(6, 1, FN_PF, 0);
	card->n_placed = 2;
	card->bridge = 9;
	kept = *card;
	commit(cs);
	p = furnish_load(&box, "a");
	ck_assert_uint_eq(p->n_devices, 4);
	ck_assert_uint_eq(p->devices[2].kind, DEVICE_VDAS);
	ck_assert_uint_eq(p->devices[2].n_disks, 1);
	ck_assert_uint_eq(p->devices[3].kind, DEVICE_EXCLUSIVE);
	ck_assert(field_equal(&field_exclusive, &kept, &p->devices[3]));
	ck_assert_uint_eq(device_functions(&p->devices[3]), 2);
	ck_assert_uint_eq(p->devices[3].sharing, SHARING_EXCLUSIVE);
	/* And as content, for undo and revisions. */
	picture = furnish_picture(&box);
	ck_assert_ptr_nonnull(strstr(picture, "\"extent\""));
	free(picture);
}
END_TEST

SUITE("change")
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, pools_give_what_is_left_to_us);
	tcase_add_test(tc, a_whole_card_comes_back);
	tcase_add_test(tc, the_same_calls_give_the_same_set);
	tcase_add_test(tc, what_changes_nothing_is_dropped);
	tcase_add_test(tc, an_empty_pool_says_which);
	tcase_add_test(tc, a_pool_of_another_kind_gives_nothing);
	tcase_add_test(tc, one_pool_is_the_default);
	tcase_add_test(tc, the_default_before_may_be_edited_beside);
	tcase_add_test(tc, an_address_comes_back_after_its_rest);
	tcase_add_test(tc, names_follow_the_edits);
	tcase_add_test(tc, profiles_change_places);
	tcase_add_test(tc, an_unmoved_device_keeps_its_place);
	tcase_add_test(tc, devices_change_names_and_orders);
	tcase_add_test(tc, networks_change_names);
	tcase_add_test(tc, a_network_goes_with_its_last_use);
	tcase_add_test(tc, an_address_changes_hands);
	tcase_add_test(tc, an_address_has_one_owner);
	tcase_add_test(tc, revisions_keep_the_content);
}
