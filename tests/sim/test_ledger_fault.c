/* test_ledger_fault.c -- addresses that are not as the ledger says, and a store
 * that takes nothing. */
#include <stdio.h>

#include "profiles/ledger.h"
#include "profiles/stmt.h"
#include "tests/sim/world.h"
#include "tests/test.h"

/* The fault of that code, or NULL; the list is owned by the caller. */
static json_t *
find_fault(const json_t *list, const char *code)
{
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(list, "items"), i, item)
		if (strcmp(json_string_value(json_object_get(item, "code")),
		    code) == 0)
			return item;
	return NULL;
}

static bool
says(struct world *w, const char *code, const char *text)
{
	json_t *list = world_get(w, "/faults");
	const json_t *f = find_fault(list, code);
	bool found = f != NULL && strstr(json_string_value(json_object_get(f,
	    "text")), text) != NULL;

	json_decref(list);
	return found;
}

static void
furnish(struct world *w)
{
	world_new(w, 5);
	world_do(w, 201, "POST", "/networks", "{\"name\":\"prod\",\"vlan\":7}");
	world_do(w, 201, "POST", "/profiles", "{\"name\":\"web\"}");
	world_do(w, 201, "POST", "/profiles/web/vnics", "{\"name\":\"net0\","
	    "\"networks\":[\"prod\"],\"mac\":\"02:00:00:00:00:07\"}");
}

/* Somebody wrote into the ledger with a tool of his own. */
START_TEST(a_leak_is_said_until_it_is_mended)
{
	struct identity id = { .space = SPACE_MAC, .value = 0x020000000009,
		.role = ROLE_MAC, .state = ID_ASSIGNED };
	struct world w;
	struct err e;

	furnish(&w);
	world_pass(&w, 7000);
	ck_assert(!says(&w, "IdentityLeak", ""));
	snprintf(id.profile, sizeof(id.profile),
	    "00000000-0000-4000-8000-000000000000");
	snprintf(id.profile_name, sizeof(id.profile_name), "ghost");
	ck_ok(store_begin(w.store, &e), e);
	ck_ok(ledger_release(w.store, SPACE_MAC, 0x020000000007, w.wall_ms,
	    1000, &e), e);
	ck_ok(ledger_assign(w.store, &id, w.wall_ms, &e), e);
	ck_ok(store_commit(w.store, &e), e);
	/* Any commit makes it look again. */
	world_do(&w, 201, "POST", "/networks", "{\"name\":\"x\",\"vlan\":8}");
	world_pass(&w, 9000);
	ck_assert(says(&w, "IdentityLeak", "02:00:00:00:00:0"));
	ck_ok(store_begin(w.store, &e), e);
	ck_ok(ledger_release(w.store, SPACE_MAC, id.value, w.wall_ms, 1, &e),
	    e);
	ck_ok(store_commit(w.store, &e), e);
	/* The remedy: another address, and back. */
	world_do(&w, 200, "PATCH", "/profiles/web/vnics/net0",
	    "{\"mac\":\"02:00:00:00:00:08\"}");
	world_pass(&w, 9000);
	ck_assert(!says(&w, "IdentityLeak", ""));
	world_free(&w);
}
END_TEST

START_TEST(a_large_ledger_is_walked_in_parts)
{
	struct ledger_walk walk = { .row = 0 };
	unsigned parts = 0;
	struct arena *a = arena_new();
	struct leak *leaks, *all;
	char body[80];
	struct world w;
	struct err e;
	size_t n, found = 0;

	furnish(&w);
	for (int i = 0; i < 40; i++) {
		snprintf(body, sizeof(body), "{\"name\":\"p%d\"}", i);
		world_do(&w, 201, "POST", "/profiles", body);
		snprintf(body, sizeof(body), "/profiles/p%d/vnics", i);
		world_do(&w, 201, "POST", body, "{\"name\":\"net0\","
		    "\"networks\":[\"prod\"],\"mac\":\"pool\"}");
	}
	ck_ok(store_begin(w.store, &e), e);
	{
		struct stmt q = stmt_open(w.store, "UPDATE identity SET state"
		    " = 3 WHERE row % 3 = 0 AND state = 1");

		ck_ok(stmt_run(&q, &e), e);
	}
	ck_ok(store_commit(w.store, &e), e);
	while (!walk.done) {
		ck_ok(ledger_check_part(w.store, a, &walk, &leaks, &n, &e), e);
		found += n;
		ck_assert_uint_lt(++parts, 20);
	}
	ck_assert_uint_ge(parts, 3);
	ck_ok(ledger_check(w.store, a, 1000, &all, &n, &e), e);
	ck_assert_uint_eq(found, n);
	ck_assert_uint_gt(n, 10);
	arena_free(a);
	world_free(&w);
}
END_TEST

START_TEST(a_card_with_an_address_that_is_given_is_said)
{
	char body[160], mac[MAC_TEXT];
	struct world w;
	json_t *ports, *card;

	furnish(&w);
	ports = world_get(&w, "/ports");
	snprintf(mac, sizeof(mac), "%s", json_string_value(json_object_get(
	    json_array_get(json_object_get(ports, "items"), 0),
	    "address")));
	json_decref(ports);
	card = world_get(&w, "/modules/io1");
	support_chassis_do(&w.chassis, "pull bay 1");
	world_pass(&w, 2000);
	snprintf(body, sizeof(body), "{\"name\":\"net1\",\"networks\":"
	    "[\"prod\"],\"mac\":\"%s\"}", mac);
	world_do(&w, 201, "POST", "/profiles/web/vnics", body);
	world_pass(&w, 2000);
	ck_assert(!says(&w, "HardwareMacClash", ""));
	support_chassis_do(&w.chassis, "insert bay 1 X520-SR2 %s",
	    json_string_value(json_object_get(card, "serial")));
	json_decref(card);
	world_pass(&w, 4000);
	ck_assert(says(&w, "HardwareMacClash", mac));
	ck_assert(says(&w, "HardwareMacClash", "web net1"));
	world_do(&w, 200, "DELETE", "/profiles/web/vnics/net1", NULL);
	world_pass(&w, 2000);
	ck_assert(!says(&w, "HardwareMacClash", ""));
	world_free(&w);
}
END_TEST

static void
set_readonly(struct world *w, bool on)
{
	struct stmt q = stmt_open(w->store, on ? "PRAGMA query_only = 1" :
	    "PRAGMA query_only = 0");
	struct err e;

	ck_ok(stmt_run(&q, &e), e);
}

START_TEST(a_store_that_takes_nothing_is_a_fault)
{
	struct world w;
	int64_t job;
	json_t *list, *f;
	int64_t times;

	furnish(&w);
	job = world_do(&w, 202, "POST", "/profiles/web:assign", "{\"slot\":1}");
	set_readonly(&w, true);
	world_pass(&w, 60000);
	list = world_get(&w, "/faults");
	f = find_fault(list, "CommitRefused");
	ck_assert_ptr_nonnull(f);
	/* Not each second: 1, 2, 4, 8, 16, 32 of them between two tries. */
	times = json_integer_value(json_object_get(f, "count"));
	ck_assert_int_ge(times, 5);
	ck_assert_int_le(times, 8);
	json_decref(list);
	set_readonly(&w, false);
	world_pass(&w, 70000);
	ck_assert(world_settle(&w, 100000));
	ck_assert_str_eq(world_job_state(&w, job), "applied");
	world_pass(&w, 2000);
	ck_assert(!says(&w, "CommitRefused", ""));
	world_free(&w);
}
END_TEST

SUITE("ledger_fault")
{
	tcase_add_test(tc, a_leak_is_said_until_it_is_mended);
	tcase_add_test(tc, a_large_ledger_is_walked_in_parts);
	tcase_add_test(tc, a_card_with_an_address_that_is_given_is_said);
	tcase_add_test(tc, a_store_that_takes_nothing_is_a_fault);
}
