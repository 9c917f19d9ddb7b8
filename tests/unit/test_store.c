/* test_store.c -- opening, transactions, rows of what is wanted. */
#include "tests/test.h"

#include <stdio.h>

#include "base/fault.h"
#include "profiles/stmt.h"
#include "profiles/store_rows.h"
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

/* ---- first start ---- */

static const struct {
	enum pool_type type;
	const char *name;
	uint64_t head;		/* of the first address, above the 40 bits */
	size_t blocks;
} seeded[] = {
	{ POOL_MAC, "macs", 0x02, 1 },
	{ POOL_WWPN, "wwpns", 0x200002, 1 },
	{ POOL_WWNN, "wwnns", 0x200102, 1 },
	{ POOL_UUID, "uuids", 0, 0 },
};

START_TEST(a_default_pool_is_there)
{
	struct appliance ap;
	struct pool *p;

	ck_ok(store_appliance(box.store, &ap, &e), e);
	ck_ok(pool_default(box.store, box.arena, seeded[_i].type, &p, &e), e);
	ck_assert_str_eq(p->head.name, seeded[_i].name);
	ck_assert_uint_eq(p->n_blocks, seeded[_i].blocks);
	ck_assert_uint_eq(p->quarantine_s, 86400);
	if (p->n_blocks == 0)
		return;
	ck_assert_uint_eq(p->blocks[0].from >> 40, seeded[_i].head);
	ck_assert_uint_eq(p->blocks[0].from >> 16 & 0xffffff, ap.mac_prefix);
	ck_assert_uint_eq(p->blocks[0].to - p->blocks[0].from, 65535);
}
END_TEST

START_TEST(the_appliance_is_one_and_stays)
{
	struct appliance a, b;

	ck_ok(store_appliance(box.store, &a, &e), e);
	ck_assert(uuid_valid(a.id));
	ck_assert_str_eq(a.name, "polyroot");
	ck_assert_int_eq(a.generation, 0);
	ck_assert_uint_eq(a.term, 0);
	ck_assert_int_eq(a.identity_epoch, 1);
	store_close(box.store);
	ck_ok(store_open_writer(box.path, &box.store, &e), e);
	ck_ok(store_appliance(box.store, &b, &e), e);
	ck_assert_str_eq(a.id, b.id);
	ck_assert_uint_eq(a.mac_prefix, b.mac_prefix);
}
END_TEST

START_TEST(a_seed_repeats_itself)
{
	struct appliance ap[2];
	struct scratch s;

	for (int i = 0; i < 2; i++) {
		struct rng rng = rng_seed(5);

		scratch_new(&s);
		ck_ok(store_begin(s.store, &e), e);
		ck_ok(stmt_exec(s.store, "DELETE FROM appliance;"
		    "DELETE FROM pool", &e), e);
		ck_ok(store_seed(s.store, &rng, 1, &e), e);
		ck_ok(store_appliance(s.store, &ap[i], &e), e);
		store_rollback(s.store);
		scratch_free(&s);
	}
	ck_assert_str_eq(ap[0].id, ap[1].id);
	ck_assert_uint_eq(ap[0].mac_prefix, ap[1].mac_prefix);
}
END_TEST

START_TEST(numbers_never_come_twice)
{
	struct appliance ap;
	int64_t last = 0, n;

	ck_ok(store_begin(box.store, &e), e);
	for (int i = 0; i < 5; i++) {
		n = store_next_number(box.store, &e);
		ck_assert_int_gt(n, last);
		last = n;
	}
	ck_assert_int_eq(store_generation_next(box.store, 77, &e), 1);
	ck_assert_int_eq(store_generation_next(box.store, 78, &e), 2);
	ck_ok(store_term_put(box.store, 9, &e), e);
	ck_ok(store_commit(box.store, &e), e);
	ck_ok(store_appliance(box.store, &ap, &e), e);
	ck_assert_int_eq(ap.generation, 2);
	ck_assert_int_eq(ap.changed_ms, 78);
	ck_assert_uint_eq(ap.term, 9);
	ck_assert_int_gt(store_next_number(box.store, &e), last);
}
END_TEST

/* ---- transactions ---- */

static struct network
network_named(const char *name)
{
	static unsigned n;
	struct network x = { .vlan = 1, .mtu_max = 9000,
	    .head = { .revision = 1, .created_ms = 1, .modified_ms = 1 } };

	scratch_name(x.head.name, name);
	(void)snprintf(x.head.id, sizeof(x.head.id),
	    "aaaaaaaa-0000-4000-8000-%012u", ++n);
	return x;
}

static int64_t
networks(void)
{
	return scratch_count(&box, "SELECT count(*) FROM network");
}

START_TEST(a_savepoint_undoes_one_entry)
{
	struct network x = network_named("x"), y = network_named("y");

	ck_ok(store_begin(box.store, &e), e);
	ck_ok(store_save(box.store, &e), e);
	ck_ok(network_store(box.store, NULL, &x, &e), e);
	ck_ok(store_release(box.store, &e), e);
	ck_ok(store_save(box.store, &e), e);
	ck_ok(network_store(box.store, NULL, &y, &e), e);
	store_undo(box.store);
	ck_assert(store_in_transaction(box.store));
	ck_assert_int_eq(networks(), 0);
	ck_ok(store_commit(box.store, &e), e);
	ck_assert_int_eq(networks(), 1);
	ck_assert(!store_in_transaction(box.store));
	store_rollback(box.store);	/* nothing to roll back: no harm */
	store_undo(box.store);
}
END_TEST

START_TEST(each_failure_is_unavailable)
{
	struct network x = network_named("x");

	fault_arm(1);
	ck_fails(store_begin(box.store, &e), e, ERR_UNAVAILABLE);
	ck_ok(store_begin(box.store, &e), e);
	fault_arm(1);
	ck_fails(network_store(box.store, NULL, &x, &e), e, ERR_UNAVAILABLE);
	ck_ok(network_store(box.store, NULL, &x, &e), e);
	fault_arm(1);
	ck_fails(store_commit(box.store, &e), e, ERR_UNAVAILABLE);
	store_rollback(box.store);
	ck_assert_int_eq(networks(), 0);
}
END_TEST

START_TEST(a_full_disk_is_survived)
{
	struct network x;
	char name[32];
	int i, rc = 0;

	ck_ok(stmt_exec(box.store, "PRAGMA max_page_count = 1", &e), e);
	ck_ok(store_begin(box.store, &e), e);
	for (i = 0; rc == 0 && i < 5000; i++) {
		(void)snprintf(name, sizeof(name), "n%d", i);
		x = network_named(name);
		rc = network_store(box.store, NULL, &x, &e);
	}
	ck_assert_int_lt(rc, 0);
	ck_assert_str_eq(err_slug(e.code), "unavailable");
	store_rollback(box.store);
	ck_assert(!store_in_transaction(box.store));
	ck_assert_int_eq(networks(), 0);
	ck_ok(stmt_exec(box.store, "PRAGMA max_page_count = 1000000", &e), e);
	ck_ok(store_begin(box.store, &e), e);
	ck_ok(network_store(box.store, NULL, &x, &e), e);
	ck_ok(store_commit(box.store, &e), e);
}
END_TEST

START_TEST(no_directory_no_database)
{
	struct store *st;

	ck_fails(store_open_writer("/nonexistent/x/db", &st, &e), e,
	    ERR_UNAVAILABLE);
	ck_fails(store_open_reader("/nonexistent/x/db", &st, &e), e,
	    ERR_UNAVAILABLE);
	store_close(NULL);
}
END_TEST

/* ---- objects ---- */

START_TEST(a_name_or_an_id_finds_it)
{
	struct network x = network_named("Prod"), *got, *list;
	size_t n;
	char upper[ID_TEXT];

	ck_ok(network_store(box.store, NULL, &x, &e), e);
	ck_ok(network_load(box.store, box.arena, "pROD", &got, &e), e);
	ck_assert_str_eq(got->head.name, "Prod");
	for (size_t i = 0; i < ID_TEXT; i++)
		upper[i] = (char)(x.head.id[i] >= 'a' ? x.head.id[i] - 32 :
		    x.head.id[i]);
	ck_ok(network_load(box.store, box.arena, upper, &got, &e), e);
	ck_assert_str_eq(got->head.id, x.head.id);
	x.vlan = 77;
	ck_ok(network_store(box.store, got, &x, &e), e);
	ck_ok(network_list(box.store, box.arena, NULL, 9, &list, &n, &e), e);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(list[0].vlan, 77);
	ck_ok(network_store(box.store, &x, NULL, &e), e);
	ck_fails(network_load(box.store, box.arena, "prod", &got, &e), e,
	    ERR_NOT_FOUND);
}
END_TEST

START_TEST(a_taken_name_is_a_conflict)
{
	struct network x = network_named("a"), y = network_named("A");

	ck_ok(network_store(box.store, NULL, &x, &e), e);
	ck_fails(network_store(box.store, NULL, &y, &e), e, ERR_CONFLICT);
}
END_TEST

START_TEST(lists_page_by_name)
{
	static const char *const names[] = { "delta", "Alpha", "charlie",
	    "bravo", "Echo" };
	static const char *const sorted[] = { "Alpha", "bravo", "charlie",
	    "delta", "Echo" };
	struct network *list, x;
	const char *after = NULL;
	size_t n, seen = 0;

	for (size_t i = 0; i < 5; i++) {
		x = network_named(names[i]);
		ck_ok(network_store(box.store, NULL, &x, &e), e);
	}
	do {
		ck_ok(network_list(box.store, box.arena, after, 2, &list, &n,
		    &e), e);
		for (size_t i = 0; i < n; i++)
			ck_assert_str_eq(list[i].head.name, sorted[seen++]);
		after = n > 0 ? list[n - 1].head.name : NULL;
	} while (n == 2);
	ck_assert_uint_eq(seen, 5);
}
END_TEST

START_TEST(a_slot_begins_with_the_first_word_about_it)
{
	struct slot *s, *list;
	size_t n;

	ck_ok(slot_load(box.store, box.arena, 3, &s, &e), e);
	ck_assert_uint_eq(s->number, 3);
	ck_assert_uint_eq(s->admin, SLOT_ENABLED);
	ck_assert_int_eq(s->revision, 1);
	ck_ok(slot_list(box.store, box.arena, &list, &n, &e), e);
	ck_assert_uint_eq(n, 0);
	s->is_spare = true;
	s->admin = SLOT_MAINTENANCE;
	(void)snprintf(s->label, sizeof(s->label), "rack 4");
	ck_ok(slot_store(box.store, s, &e), e);
	ck_ok(slot_store(box.store, s, &e), e);
	ck_ok(slot_list(box.store, box.arena, &list, &n, &e), e);
	ck_assert_uint_eq(n, 1);
	ck_assert(list[0].is_spare);
	ck_assert_str_eq(list[0].label, "rack 4");
	s->number = 1025;
	ck_fails(slot_store(box.store, s, &e), e, ERR_INTERNAL);
}
END_TEST

/* ---- profiles ---- */

static struct profile *
profile_with(const char *name, unsigned slot, size_t n)
{
	struct rng rng = rng_seed(slot);
	struct profile *p = arena_alloc(box.arena, sizeof(*p));

	(void)rng_uuid(&rng, p->head.id);
	scratch_name(p->head.name, name);
	p->head.revision = 1;
	p->slot = slot;
	for (size_t i = 0; i < n; i++) {
		struct device *d = profile_add_device(box.arena, p);

		(void)rng_uuid(&rng, d->id);
		(void)snprintf(d->name, sizeof(d->name), "net%zu", i);
		d->order = (uint32_t)i;
		d->mtu = 1500;
		d->address = 0x021018000000 + slot * 256 + i;
		d->placed = fn_make(1, 1, FN_VF, slot * 16 + (unsigned)i);
		d->bridge = (uint32_t)i;
	}
	return p;
}

static struct profile *
load(const char *ref)
{
	struct profile *p;

	ck_ok(profile_load(box.store, box.arena, ref, &p, &e), e);
	return p;
}

START_TEST(vacating_frees_slot_and_functions)
{
	struct profile *p = profile_with("a", 3, 3), *got;
	struct placement *fns;
	size_t n;

	ck_ok(profile_store(box.store, NULL, p, &e), e);
	ck_ok(placement_list(box.store, box.arena, &fns, &n, &e), e);
	ck_assert_uint_eq(n, 3);
	ck_assert_uint_lt(fns[0].fn, fns[1].fn);
	ck_ok(profile_vacate(box.store, p->head.id, &e), e);
	ck_ok(profile_at_slot(box.store, box.arena, 3, &got, &e), e);
	ck_assert_ptr_null(got);
	ck_ok(placement_list(box.store, box.arena, &fns, &n, &e), e);
	ck_assert_uint_eq(n, 0);
	ck_ok(profile_store(box.store, p, p, &e), e);
	ck_ok(profile_at_slot(box.store, box.arena, 3, &got, &e), e);
	ck_assert_str_eq(got->head.name, "a");
	ck_assert_uint_eq(got->devices[2].placed, p->devices[2].placed);
	ck_assert_uint_eq(got->devices[2].bridge, 2);
}
END_TEST

static void
give_disk(struct device *d, struct rng *rng, uint32_t bay, uint32_t number)
{
	d->disks = arena_alloc(box.arena, sizeof(*d->disks));
	d->n_disks = 1;
	*d->disks = (struct disk){ .raid = 1, .capacity_mib = 9, .bay = bay,
		.number = number };
	(void)rng_uuid(rng, d->disks->id);
	scratch_name(d->disks->name, "disk");
}

/* One question each, and they say what all profiles together say. */
START_TEST(who_has_what_is_in_the_profiles)
{
	struct profile *list, *p[3] = { profile_with("c", 2, 2),
	    profile_with("b", 9, 3), profile_with("a", 0, 2) };
	struct rng rng = rng_seed(1);
	struct placement *placed;
	struct disk_place *disks;
	size_t n, n_placed, n_disks, at = 0, at_disk = 0;

	for (uint32_t i = 0; i < 3; i++) {
		p[i]->devices[0].limit_mbps = 100 + i;
		p[i]->devices[1].guarantee_mbps = 10 + i;
		give_disk(&p[i]->devices[1], &rng, i == 1 ? 0 : 4 + i, 7 + i);
		ck_ok(profile_store(box.store, NULL, p[i], &e), e);
	}
	ck_ok(placement_list(box.store, box.arena, &placed, &n_placed, &e), e);
	ck_ok(disk_place_list(box.store, box.arena, &disks, &n_disks, &e), e);
	ck_ok(profile_list(box.store, box.arena, "", 9, &list, &n, &e), e);
	for (size_t i = n; i-- > 0;)		/* c, b, a: rising functions */
		for (size_t k = 0; k < list[i].n_devices; k++) {
			const struct device *d = &list[i].devices[k];

			if (list[i].slot == 0 || d->placed == 0)
				continue;
			ck_assert_uint_lt(at, n_placed);
			ck_assert_uint_eq(placed[at].fn, d->placed);
			ck_assert_uint_eq(placed[at].limit_mbps, d->limit_mbps);
			ck_assert_uint_eq(placed[at].guarantee_mbps,
			    d->guarantee_mbps);
			ck_assert_str_eq(placed[at++].profile, list[i].head.id);
		}
	ck_assert_uint_eq(at, 5);
	ck_assert_uint_eq(at, n_placed);
	/* Of c in bay 4, of a in bay 6; the one of b is nowhere yet. */
	ck_assert_uint_eq(n_disks, 2);
	for (size_t i = 0; i < 3; i += 2, at_disk++) {
		ck_assert_uint_eq(disks[at_disk].bay, 4 + i);
		ck_assert_uint_eq(disks[at_disk].number, 7 + i);
		ck_assert_str_eq(disks[at_disk].profile, p[i]->head.id);
	}
}
END_TEST

START_TEST(a_slot_or_function_has_one_profile)
{
	struct profile *a = profile_with("a", 3, 1), *b;

	b = profile_with("b", 4, 1);
	ck_ok(profile_store(box.store, NULL, a, &e), e);
	b->slot = 3;
	ck_fails(profile_store(box.store, NULL, b, &e), e, ERR_CONFLICT);
	b->slot = 4;
	b->devices[0].placed = a->devices[0].placed;
	ck_ok(store_begin(box.store, &e), e);
	ck_fails(profile_store(box.store, NULL, b, &e), e, ERR_CONFLICT);
	store_rollback(box.store);
	/* A function is never taken from another by writing over it. */
	ck_assert_uint_eq(load("a")->n_devices, 1);
}
END_TEST

START_TEST(only_differences_are_written)
{
	struct profile *a = profile_with("a", 3, 8), *b;
	int changes;

	ck_ok(profile_store(box.store, NULL, a, &e), e);
	b = profile_copy(box.arena, a);
	b->devices[4].mtu = 9000;
	changes = sqlite3_total_changes(box.store->db);
	ck_ok(profile_store(box.store, a, b, &e), e);
	/* the profile, one device out, one in */
	ck_assert_int_eq(sqlite3_total_changes(box.store->db) - changes, 3);
	ck_assert_uint_eq(load("a")->devices[4].mtu, 9000);
	ck_assert_uint_eq(load("a")->n_devices, 8);
}
END_TEST

START_TEST(removal_takes_all_with_it)
{
	struct profile *a = profile_with("a", 3, 4);

	ck_ok(profile_store(box.store, NULL, a, &e), e);
	ck_ok(profile_store(box.store, a, NULL, &e), e);
	ck_assert_int_eq(scratch_count(&box, "SELECT count(*) FROM device"), 0);
	ck_assert_int_eq(scratch_count(&box, "SELECT count(*) FROM profile"),
	    0);
}
END_TEST

START_TEST(a_list_holds_whole_profiles)
{
	struct profile *list;
	size_t n;

	for (unsigned i = 1; i <= 5; i++) {
		char name[8];

		(void)snprintf(name, sizeof(name), "p%u", 6 - i);
		ck_ok(profile_store(box.store, NULL, profile_with(name, i, i),
		    &e), e);
	}
	ck_ok(profile_list(box.store, box.arena, "p1", 3, &list, &n, &e), e);
	ck_assert_uint_eq(n, 3);
	for (size_t i = 0; i < n; i++) {
		ck_assert_uint_eq(list[i].n_devices, list[i].slot);
		ck_assert_uint_eq(list[i].slot, 4 - i);
	}
}
END_TEST

/* ---- what a reader sees ---- */

static struct store_moment
moment_of(struct store *st)
{
	struct store_moment m = { 0, 0 };

	ck_ok(store_read_begin(st, &e), e);
	ck_assert(store_moment(st, &m));
	store_read_end(st);
	return m;
}

START_TEST(a_moment_lasts_until_a_commit)
{
	struct store_moment a, b, inside, other;
	struct store *one, *two;

	ck_ok(store_open_reader(box.path, &one, &e), e);
	ck_ok(store_open_reader(box.path, &two, &e), e);
	a = moment_of(one);
	b = moment_of(one);
	ck_assert_uint_eq(a.version, b.version);
	ck_assert_uint_eq(a.handle, b.handle);
	other = moment_of(two);
	ck_assert_uint_ne(a.handle, other.handle);

	/* What is begun does not see what comes; what comes next does. */
	ck_ok(store_read_begin(one, &e), e);
	ck_assert(store_moment(one, &a));
	ck_ok(store_begin(box.store, &e), e);
	ck_assert_int_gt(store_next_number(box.store, &e), 0);
	ck_ok(store_commit(box.store, &e), e);
	ck_assert(store_moment(one, &inside));
	ck_assert_uint_eq(inside.version, a.version);
	store_read_end(one);
	ck_assert_uint_ne(moment_of(one).version, a.version);
	ck_assert_uint_ne(moment_of(two).version, other.version);
	store_close(one);
	store_close(two);

	/* A handle is never taken for another one. */
	ck_ok(store_open_reader(box.path, &two, &e), e);
	b = moment_of(two);
	ck_assert_uint_ne(b.handle, a.handle);
	ck_assert_uint_ne(b.handle, other.handle);
	store_close(two);
}
END_TEST

START_TEST(a_moment_is_a_readers)
{
	struct store_moment m;
	struct store *one;

	ck_assert(!store_moment(box.store, &m));
	ck_ok(store_begin(box.store, &e), e);
	ck_assert(!store_moment(box.store, &m));
	store_rollback(box.store);
	ck_ok(store_open_reader(box.path, &one, &e), e);
	ck_assert(!store_moment(one, &m));
	store_close(one);
}
END_TEST

SUITE("store")
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, a_default_pool_is_there, 0, N_ROWS(seeded));
	tcase_add_test(tc, the_appliance_is_one_and_stays);
	tcase_add_test(tc, a_seed_repeats_itself);
	tcase_add_test(tc, numbers_never_come_twice);
	tcase_add_test(tc, a_savepoint_undoes_one_entry);
	tcase_add_test(tc, each_failure_is_unavailable);
	tcase_add_test(tc, a_full_disk_is_survived);
	tcase_add_test(tc, no_directory_no_database);
	tcase_add_test(tc, a_name_or_an_id_finds_it);
	tcase_add_test(tc, a_taken_name_is_a_conflict);
	tcase_add_test(tc, lists_page_by_name);
	tcase_add_test(tc, a_slot_begins_with_the_first_word_about_it);
	tcase_add_test(tc, vacating_frees_slot_and_functions);
	tcase_add_test(tc, who_has_what_is_in_the_profiles);
	tcase_add_test(tc, a_slot_or_function_has_one_profile);
	tcase_add_test(tc, only_differences_are_written);
	tcase_add_test(tc, removal_takes_all_with_it);
	tcase_add_test(tc, a_list_holds_whole_profiles);
	tcase_add_test(tc, a_moment_lasts_until_a_commit);
	tcase_add_test(tc, a_moment_is_a_readers);
}
