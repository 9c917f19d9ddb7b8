/* test_pools.c -- pools over the API: made, changed, emptied, removed. */
#include "tests/test.h"

#include <stdio.h>

#include "tests/unit/support_desk.h"

#define FROM_TO(from, to) \
	"{\"from\":\"02:AA:00:00:00:" from "\",\"to\":\"02:AA:00:00:00:" to "\"}"
#define POOL(members) "POST /pools {\"name\":\"lab\",\"type\":\"mac\"," \
	members "}"

static struct desk desk;

static void
setup(void)
{
	desk_new(&desk);
}

static void
teardown(void)
{
	desk_free(&desk);
}

/* Asks for a vNIC of profile p1 with an address of the pool; its MAC, or "". */
static const char *
take(unsigned n)
{
	desk_ask(&desk, arena_printf(desk.scratch.arena, "POST /profiles/p1/"
	    "vnics {\"name\":\"v%u\",\"networks\":[\"prod\"],"
	    "\"macPool\":\"lab\"}", n));
	return arena_strdup(desk.scratch.arena, desk.status < 300 ?
	    desk_text(&desk, "mac") : "");
}

START_TEST(a_pool_is_as_it_was_made)
{
	desk_do(&desk, POOL("\"order\":\"random\",\"blocks\":["
	    FROM_TO("00", "0F") "],\"exclusions\":[" FROM_TO("08", "0F") "]"));
	ck_assert_int_eq(desk_ask(&desk, "GET /pools/lab"), 200);
	ck_assert_str_eq(desk_text(&desk, "order"), "random");
	ck_assert_str_eq(desk_text(&desk, "exclusions/0/from"),
	    "02:AA:00:00:00:08");
	ck_assert_str_eq(desk_text(&desk, "size"), "8");
	ck_assert_str_eq(desk_text(&desk, "free"), "8");

	desk_do(&desk, "PATCH /pools/lab {\"exclusions\":[]}");
	ck_assert_int_eq(desk_ask(&desk, "GET /pools/lab"), 200);
	ck_assert_str_eq(desk_text(&desk, "size"), "16");
	ck_assert_str_eq(desk_text(&desk, "revision"), "2");

	desk_do(&desk, "DELETE /pools/lab");
	ck_assert_int_eq(desk_ask(&desk, "GET /pools/lab"), 404);
}
END_TEST

/* An undone change brings the excluded parts back. */
START_TEST(an_undo_brings_the_exclusions_back)
{
	desk_do(&desk, POOL("\"blocks\":[" FROM_TO("00", "0F") "],"
	    "\"exclusions\":[" FROM_TO("08", "0F") "]"));
	desk_do(&desk, "PATCH /pools/lab {\"exclusions\":[" FROM_TO("01", "01")
	    "]}");
	ck_assert_int_lt(desk_ask(&desk, arena_printf(desk.scratch.arena,
	    "POST /jobs/%s:undo {}", desk_text(&desk, "job"))), 300);
	ck_assert_int_eq(desk_ask(&desk, "GET /pools/lab"), 200);
	ck_assert_str_eq(desk_text(&desk, "size"), "8");
	ck_assert_str_eq(desk_text(&desk, "exclusions/0/from"),
	    "02:AA:00:00:00:08");
}
END_TEST

START_TEST(a_replaced_pool_has_what_was_said)
{
	desk_do(&desk, POOL("\"order\":\"random\",\"blocks\":["
	    FROM_TO("00", "0F") "],\"exclusions\":[" FROM_TO("08", "0F") "]"));
	desk.if_match = "\"1\"";
	desk_do(&desk, "PUT /pools/lab {\"name\":\"lab\",\"type\":\"mac\","
	    "\"blocks\":[" FROM_TO("00", "03") "]}");
	desk.if_match = NULL;
	ck_assert_int_eq(desk_ask(&desk, "GET /pools/lab"), 200);
	ck_assert_str_eq(desk_text(&desk, "order"), "sequential");
	ck_assert_str_eq(desk_text(&desk, "size"), "4");
	ck_assert_str_eq(desk_text(&desk, "exclusions/0/from"), "");
}
END_TEST

/* Two pools of one change may not overlap either; a block may move. */
START_TEST(one_change_sees_its_own_pools)
{
	static const char two[] = "POST /plans {\"changes\":["
	    "{\"method\":\"POST\",\"path\":\"/pools\",\"body\":{\"name\":"
	    "\"one\",\"type\":\"mac\",\"blocks\":[" FROM_TO("00", "0F") "]}},"
	    "{\"method\":\"POST\",\"path\":\"/pools\",\"body\":{\"name\":"
	    "\"two\",\"type\":\"mac\",\"blocks\":[" FROM_TO("0F", "10")
	    "]}}]}";
	static const char moved[] = "POST /plans {\"changes\":["
	    "{\"method\":\"PATCH\",\"path\":\"/pools/lab\",\"body\":"
	    "{\"blocks\":[" FROM_TO("00", "07") "]}},"
	    "{\"method\":\"POST\",\"path\":\"/pools\",\"body\":{\"name\":"
	    "\"two\",\"type\":\"mac\",\"blocks\":[" FROM_TO("08", "0F")
	    "]}}]}";

	ck_assert_int_eq(desk_ask(&desk, two), 201);
	ck_assert(desk_says(&desk, "PoolOverlap"));
	desk_do(&desk, POOL("\"blocks\":[" FROM_TO("00", "0F") "]"));
	ck_assert_int_eq(desk_ask(&desk, moved), 201);
	ck_assert(!desk_says(&desk, "PoolOverlap"));
}
END_TEST

/* Ten addresses, ten different; the eleventh names the pool. */
START_TEST(ten_and_not_eleven)
{
	const char *seen[10];

	desk_do(&desk, POOL("\"blocks\":[" FROM_TO("00", "0B") "],"
	    "\"exclusions\":[" FROM_TO("04", "05") "]"));
	for (unsigned i = 0; i < 10; i++) {
		seen[i] = take(i);
		ck_assert_int_eq(desk.status, 201);
		ck_assert_int_eq(strncmp(seen[i], "02:AA:00:00:00:0", 16), 0);
		for (unsigned k = 0; k < i; k++)
			ck_assert_str_ne(seen[i], seen[k]);
	}
	ck_assert_str_eq(take(10), "");
	ck_assert_int_eq(desk.status, 422);
	ck_assert_str_eq(desk_text(&desk, "errors/0/code"), "PoolExhausted");
	ck_assert_ptr_ne(strstr(desk_text(&desk, "errors/0/detail"), "lab"),
	    NULL);
}
END_TEST

/* ---- given up: rest, return, retirement ---- */

#define HOURS INT64_C(3600000)
#define MAC5 "\"networks\":[\"prod\"],\"mac\":\"02:00:00:00:00:05\""

/* p2/n1 had the address for an hour and gave it up; then it is asked for. */
static const struct {
	const char *ask;
	int hours;			/* since it was given up */
	int status;
} rests[] = {
	{ "POST /profiles/p1/vnics {\"name\":\"n9\"," MAC5 "}", 0, 409 },
	{ "POST /profiles/p1/vnics {\"name\":\"n9\"," MAC5 "}", 23, 409 },
	{ "POST /profiles/p1/vnics {\"name\":\"n9\"," MAC5 "}", 24, 201 },
	{ "POST /profiles/p1/vnics?confirm=IdentityQuarantined "
	    "{\"name\":\"n9\"," MAC5 "}", 0, 201 },
	/* the last owner: the same profile */
	{ "POST /profiles/p2/vnics {\"name\":\"n9\"," MAC5 "}", 0, 201 },
	/* a profile restored under its old names, and one that is not */
	{ "POST /profiles/p2/vnics {\"name\":\"n1\"," MAC5 "}", -1, 201 },
	{ "POST /profiles/p2/vnics {\"name\":\"n2\"," MAC5 "}", -1, 409 },
};

START_TEST(it_rests_but_not_for_its_last_owner)
{
	desk_do(&desk, "POST /profiles/p2/vnics {\"name\":\"n1\"," MAC5 "}");
	desk.wall_ms += HOURS;
	if (rests[_i].hours < 0) {
		desk_do(&desk, "DELETE /profiles/p2");
		desk_do(&desk, "POST /profiles {\"name\":\"p2\"}");
	} else {
		desk_do(&desk, "DELETE /profiles/p2/vnics/n1");
		desk.wall_ms += rests[_i].hours * HOURS;
	}
	ck_assert_int_eq(desk_ask(&desk, rests[_i].ask), rests[_i].status);
	if (desk.status == 409) {
		ck_assert(desk_says(&desk, "IdentityQuarantined"));
		ck_assert_str_eq(desk_where(&desk, "IdentityQuarantined"),
		    "/mac");
		return;
	}
	/* Both had it, the one after the other, and nothing is forgotten. */
	ck_assert_int_eq(desk_ask(&desk, "GET /find?q=0200.0000.0005"), 200);
	ck_assert_str_eq(desk_text(&desk, "items/0/state"), "assigned");
	ck_assert_str_eq(desk_text(&desk, "items/0/history/0/until"), "");
	ck_assert_str_eq(desk_text(&desk, "items/0/history/1/state"),
	    "retired");
	ck_assert_str_eq(desk_text(&desk, "items/0/history/1/profile"), "p2");
	ck_assert_str_eq(desk_text(&desk, "items/0/history/1/since"),
	    "2023-11-14T22:13:20.000Z");
	ck_assert_str_eq(desk_text(&desk, "items/0/history/2/state"), "");
}
END_TEST

/* The only address of a pool comes back by its time alone. */
START_TEST(the_last_address_comes_back)
{
	desk_do(&desk, POOL("\"quarantine\":\"PT2H\",\"blocks\":["
	    FROM_TO("00", "00") "]"));
	ck_assert_str_eq(take(0), "02:AA:00:00:00:00");
	desk_do(&desk, "DELETE /profiles/p1/vnics/v0");
	desk.wall_ms += 2 * HOURS - 1;
	ck_assert_str_eq(take(1), "");
	ck_assert(desk_says(&desk, "PoolExhausted"));
	desk.wall_ms++;
	ck_assert_str_eq(take(1), "02:AA:00:00:00:00");
	ck_assert_int_eq(desk_ask(&desk, "GET /pools/lab"), 200);
	ck_assert_str_eq(desk_text(&desk, "used"), "1");
	ck_assert_str_eq(desk_text(&desk, "quarantined"), "0");
}
END_TEST

/* ---- UUIDs of servers ---- */

START_TEST(a_uuid_is_an_identity_like_others)
{
	char uuid[40], other[40];

	desk_do(&desk, "PATCH /profiles/p1 {\"systemUuid\":\"pool\"}");
	(void)snprintf(uuid, sizeof(uuid), "%s", desk_text(&desk,
	    "systemUuid"));
	ck_assert(uuid_valid(uuid));
	ck_assert_int_eq(uuid[14], '4');
	/* It keeps it. */
	desk_do(&desk, "PATCH /profiles/p1 {\"systemUuid\":\"pool\"}");
	ck_assert_int_eq(desk_ask(&desk, "GET /profiles/p1"), 200);
	ck_assert_str_eq(desk_text(&desk, "systemUuid"), uuid);
	/* A copy has one of its own. */
	desk_do(&desk, "POST /profiles/p1:clone {\"name\":\"copy\"}");
	(void)snprintf(other, sizeof(other), "%s", desk_text(&desk,
	    "systemUuid"));
	ck_assert(uuid_valid(other));
	ck_assert_str_ne(other, uuid);

	/* Found by all of it, with and without dashes, and by a part. */
	for (size_t from = 0; from < 3; from++) {
		char q[40] = "", bare[40] = "";

		for (size_t i = 0, n = 0; uuid[i] != '\0'; i++)
			if (uuid[i] != '-')
				bare[n++] = uuid[i];
		(void)snprintf(q, sizeof(q), "%s", from == 0 ? uuid : bare);
		if (from == 2)
			(void)snprintf(q, sizeof(q), "%.11s", bare + 6);
		ck_assert_int_eq(desk_ask(&desk, arena_printf(
		    desk.scratch.arena, "GET /find?q=%s", q)), 200);
		ck_assert_str_eq(desk_text(&desk, "items/0/value"), uuid);
		ck_assert_str_eq(desk_text(&desk, "items/0/role"), "uuid");
		ck_assert_str_eq(desk_text(&desk, "items/0/profile"), "p1");
	}
	ck_assert_int_eq(desk_ask(&desk, "POST /identities:check"), 200);
	ck_assert_str_eq(desk_text(&desk, "items/0/value"), "");

	/* Given up it rests, for others. */
	desk_do(&desk, "PATCH /profiles/p1 {\"systemUuid\":null}");
	ck_assert_int_eq(desk_ask(&desk, arena_printf(desk.scratch.arena,
	    "PATCH /profiles/p2 {\"systemUuid\":\"%s\"}", uuid)), 409);
	ck_assert_str_eq(desk_where(&desk, "IdentityQuarantined"),
	    "/systemUuid");
	ck_assert_int_lt(desk_ask(&desk, arena_printf(desk.scratch.arena,
	    "PATCH /profiles/p1 {\"systemUuid\":\"%s\"}", uuid)), 300);
	ck_assert_str_eq(desk_text(&desk, "systemUuid"), uuid);
}
END_TEST

START_TEST(a_uuid_comes_back_by_an_undo)
{
	char uuid[40];

	desk_do(&desk, "PATCH /profiles/p1 {\"systemUuid\":\"pool\"}");
	(void)snprintf(uuid, sizeof(uuid), "%s", desk_text(&desk,
	    "systemUuid"));
	desk_do(&desk, "PATCH /profiles/p1 {\"systemUuid\":null}");
	ck_assert_int_lt(desk_ask(&desk, arena_printf(desk.scratch.arena,
	    "POST /jobs/%s:undo {}", desk_text(&desk, "job"))), 300);
	ck_assert_int_eq(desk_ask(&desk, "GET /profiles/p1"), 200);
	ck_assert_str_eq(desk_text(&desk, "systemUuid"), uuid);
}
END_TEST

/* ---- reserved for a plan ---- */

#define RESERVING "POST /plans {\"reserve\":\"PT1H\",\"changes\":[" \
	"{\"method\":\"POST\",\"path\":\"/profiles/p2/vnics\",\"body\":" \
	"{\"name\":\"later\",\"networks\":[\"prod\"],\"macPool\":\"lab\"}}," \
	"{\"method\":\"PATCH\",\"path\":\"/profiles/p2\",\"body\":" \
	"{\"systemUuid\":\"pool\"}}]}"

/* The only address of a pool, and a UUID, kept for a plan. */
static const char *
reserve_all(char uuid[40])
{
	const char *plan;

	desk_do(&desk, POOL("\"blocks\":[" FROM_TO("00", "00") "]"));
	ck_assert_int_eq(desk_ask(&desk, RESERVING), 201);
	plan = arena_strdup(desk.scratch.arena, desk_text(&desk, "id"));
	ck_assert_int_eq(desk_ask(&desk, "GET /identities?state=reserved"),
	    200);
	ck_assert_uint_eq(json_array_size(json_object_get(desk.json, "items")),
	    2);
	for (int i = 0; i < 2; i++)
		if (strcmp(desk_text(&desk, i == 0 ? "items/0/role" :
		    "items/1/role"), "uuid") == 0)
			(void)snprintf(uuid, 40, "%s", desk_text(&desk, i == 0 ?
			    "items/0/value" : "items/1/value"));
	ck_assert(uuid_valid(uuid));
	return plan;
}

START_TEST(what_is_reserved_waits_for_its_plan)
{
	char uuid[40] = "";
	const char *plan = reserve_all(uuid);

	ck_assert_str_eq(take(0), "");
	ck_assert(desk_says(&desk, "PoolExhausted"));
	ck_assert_int_eq(desk_ask(&desk, "POST /profiles/p1/vnics {\"name\":"
	    "\"x\",\"networks\":[\"prod\"],\"mac\":\"02AA00000000\"}"),
	    422);
	ck_assert(desk_says(&desk, "MacDuplicate"));
	ck_assert_int_eq(desk_ask(&desk, arena_printf(desk.scratch.arena,
	    "PATCH /profiles/p1 {\"systemUuid\":\"%s\"}", uuid)), 422);
	ck_assert(desk_says(&desk, "UuidDuplicate"));

	desk.wall_ms += HOURS - 1;
	desk_do(&desk, arena_printf(desk.scratch.arena,
	    "POST /plans/%s:apply {}", plan));
	ck_assert_int_eq(desk_ask(&desk, "GET /profiles/p2"), 200);
	ck_assert_str_eq(desk_text(&desk, "systemUuid"), uuid);
	ck_assert_str_eq(desk_text(&desk, "vnics/0/mac"),
	    "02:AA:00:00:00:00");
}
END_TEST

START_TEST(a_reservation_ends_by_its_time)
{
	char uuid[40] = "";
	const char *plan = reserve_all(uuid);

	desk.wall_ms += HOURS;
	ck_assert_str_eq(take(0), "02:AA:00:00:00:00");
	ck_assert_int_ge(desk_ask(&desk, arena_printf(desk.scratch.arena,
	    "POST /plans/%s:apply {}", plan)), 400);
	desk_do(&desk, arena_printf(desk.scratch.arena,
	    "PATCH /profiles/p1 {\"systemUuid\":\"%s\"}", uuid));
}
END_TEST

SUITE("pools")
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_pool_is_as_it_was_made);
	tcase_add_test(tc, an_undo_brings_the_exclusions_back);
	tcase_add_test(tc, a_replaced_pool_has_what_was_said);
	tcase_add_test(tc, one_change_sees_its_own_pools);
	tcase_add_test(tc, ten_and_not_eleven);
	tcase_add_loop_test(tc, it_rests_but_not_for_its_last_owner, 0,
	    N_ROWS(rests));
	tcase_add_test(tc, the_last_address_comes_back);
	tcase_add_test(tc, a_uuid_is_an_identity_like_others);
	tcase_add_test(tc, a_uuid_comes_back_by_an_undo);
	tcase_add_test(tc, what_is_reserved_waits_for_its_plan);
	tcase_add_test(tc, a_reservation_ends_by_its_time);
}
