/*
 * test_restore.c -- the store is lost, the switch goes on: what is wished again
 * is taken over where it is, and nothing is done to a server.
 */
#include <stdio.h>

#include "tests/sim/world.h"
#include "tests/test.h"

enum { LONG_MS = 300000 };

static const char disks[] = "{\"name\":\"d\",\"virtualDisks\":[{\"name\":"
    "\"sys\",\"raid\":\"RAID1\",\"capacityMiB\":1000}]}";

/* A network and a profile with one vNIC of its own address. */
static void
wish(struct world *w, int status)
{
	world_do(w, 201, "POST", "/networks",
	    "{\"name\":\"prod\",\"vlan\":120}");
	world_do(w, 201, "POST", "/profiles", "{\"name\":\"web\"}");
	world_do(w, 201, "POST", "/profiles/web/vnics", "{\"name\":\"a\","
	    "\"networks\":[\"prod\"],\"mac\":\"02:00:00:00:00:77\"}");
	world_do(w, 201, "POST", "/profiles/web/vnics", "{\"name\":\"b\","
	    "\"networks\":[\"prod\"],\"mac\":\"02:00:00:00:00:78\"}");
	world_do(w, status, "POST", "/profiles/web:assign", "{\"slot\":1}");
	ck_assert(world_settle(w, LONG_MS));
}

static size_t
rows(struct world *w)
{
	struct arena *a = arena_new();
	struct binding *list;
	struct err e;
	size_t n;

	ck_ok(store_read_begin(w->reader, &e), e);
	ck_ok(binding_list(w->reader, a, &list, &n, &e), e);
	store_read_end(w->reader);
	arena_free(a);
	return n;
}

START_TEST(what_is_bound_already_is_taken_over_without_a_verb)
{
	struct world w;
	char mac[MAC_TEXT];
	int64_t job;

	world_new(&w, 1);
	wish(&w, 202);
	support_chassis_do(&w.chassis, "log clear");
	world_lose_store(&w);
	world_pass(&w, 2000);
	ck_assert_uint_eq(rows(&w), 0);
	wish(&w, 202);
	ck_assert_uint_eq(support_chassis_logged(&w.chassis), 0);
	ck_assert_uint_eq(rows(&w), 2);
	/* And is ours from then on. */
	job = world_do(&w, 202, "POST", "/profiles/web:move", "{\"slot\":2}");
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "applied");
	ck_assert_uint_eq(world_sees(&w, 1, mac), 0);
	ck_assert_uint_eq(world_sees(&w, 2, mac), 2);
	ck_assert_uint_eq(support_chassis_violations(&w.chassis), 0);
	world_free(&w);
}
END_TEST

/* One of two vNICs is there; the other cannot be bound: the first is nobody's
 * again, and its server has seen nothing. */
START_TEST(a_restore_that_fails_gives_up_what_it_took_over)
{
	struct world w;
	char mac[MAC_TEXT];
	int64_t job;

	world_new(&w, 2);
	wish(&w, 202);
	world_do(&w, 202, "DELETE", "/profiles/web/vnics/b", NULL);
	ck_assert(world_settle(&w, LONG_MS));
	world_lose_store(&w);
	world_pass(&w, 2000);
	support_chassis_do(&w.chassis, "log clear");
	support_chassis_do(&w.chassis, "fault bind error before 1");
	world_do(&w, 201, "POST", "/networks",
	    "{\"name\":\"prod\",\"vlan\":120}");
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"web\"}");
	world_do(&w, 201, "POST", "/profiles/web/vnics", "{\"name\":\"a\","
	    "\"networks\":[\"prod\"],\"mac\":\"02:00:00:00:00:77\"}");
	world_do(&w, 201, "POST", "/profiles/web/vnics", "{\"name\":\"b\","
	    "\"networks\":[\"prod\"],\"mac\":\"02:00:00:00:00:78\"}");
	job = world_do(&w, 202, "POST", "/profiles/web:assign",
	    "{\"slot\":1}");
	ck_assert(world_settle(&w, LONG_MS));
	ck_assert_str_eq(world_job_state(&w, job), "rolledBack");
	ck_assert_uint_eq(rows(&w), 0);
	ck_assert_uint_eq(world_sees(&w, 1, mac), 1);
	ck_assert_str_eq(mac, "02:00:00:00:00:77");
	world_free(&w);
}
END_TEST

/* Operations of the new store are numbered behind those that the switch knows. */
START_TEST(operations_go_on_counting)
{
	struct world w;
	const struct view *v;
	uint64_t before = 0, after = 0;

	world_new(&w, 3);
	wish(&w, 202);
	v = view_hold(&w.views);
	for (size_t i = 0; i < v->n_bridges; i++)
		before = v->bridges[i].op > before ? v->bridges[i].op : before;
	view_drop(&w.views, v);
	world_lose_store(&w);
	world_pass(&w, 2000);
	world_do(&w, 201, "POST", "/profiles", "{\"name\":\"db\"}");
	world_do(&w, 201, "POST", "/profiles/db/vdas", disks);
	world_do(&w, 202, "POST", "/profiles/db:assign", "{\"slot\":3}");
	ck_assert(world_settle(&w, LONG_MS));
	v = view_hold(&w.views);
	for (size_t i = 0; i < v->n_disks; i++)
		after = v->disks[i].op;
	view_drop(&w.views, v);
	ck_assert_uint_gt(before, 0);
	ck_assert_uint_gt(after, before);
	world_free(&w);
}
END_TEST

SUITE("restore")
{
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, what_is_bound_already_is_taken_over_without_a_verb);
	tcase_add_test(tc, a_restore_that_fails_gives_up_what_it_took_over);
	tcase_add_test(tc, operations_go_on_counting);
}
