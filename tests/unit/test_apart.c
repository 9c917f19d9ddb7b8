/*
 * test_apart.c -- groups of devices that are kept apart.
 *
 * The desk has one NIC with two ports, one HBA with two, so that members come
 * to different ports; modules are tested in test_place.c.
 */
#include <stdlib.h>

#include "tests/test.h"
#include "tests/unit/support_desk.h"

#define VNIC(name, group) "POST /profiles/p1/vnics {\"name\":\"" name "\"," \
	"\"networks\":[\"prod\"],\"placement\":{\"antiAffinity\":" group "}}"

static struct desk d;

static const char *
place_of(const char *device)
{
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
	    "GET /profiles/p1/vnics/%s", device)), 200);
	return arena_strdup(d.scratch.arena,
	    desk_text(&d, "placed/function"));
}

START_TEST(members_come_to_different_ports)
{
	desk_new(&d);
	desk_do(&d, VNIC("a", "\"g\""));
	desk_do(&d, VNIC("b", "\"g\""));
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":1}");
	ck_assert_int_ne(strncmp(place_of("a"), place_of("b"), 5), 0);
	/* A third finds no port. */
	ck_assert_int_eq(desk_ask(&d, VNIC("c", "\"g\"")), 422);
	ck_assert(desk_says(&d, "AntiAffinityUnsatisfiable"));
	/* Another group is another matter. */
	desk_do(&d, VNIC("c", "\"h\""));
	desk_free(&d);
}
END_TEST

START_TEST(who_joins_a_group_moves_away)
{
	const char *before;

	desk_new(&d);
	desk_do(&d, VNIC("a", "null"));
	desk_do(&d, VNIC("b", "null"));
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":1}");
	/* net0 and b are on one port. */
	before = place_of("net0");
	ck_assert_int_eq(strncmp(before, place_of("b"), 5), 0);
	desk_do(&d, "PATCH /profiles/p1/vnics/net0 {\"placement\":"
	    "{\"antiAffinity\":\"g\"}}");
	desk_do(&d, "PATCH /profiles/p1/vnics/b {\"placement\":"
	    "{\"antiAffinity\":\"g\"}}");
	ck_assert_str_eq(place_of("net0"), before);
	ck_assert_int_ne(strncmp(before, place_of("b"), 5), 0);
	/* Who is in it stays where he is. */
	before = place_of("b");
	desk_do(&d, "PATCH /profiles/p1/vnics/b {\"qos\":{\"pcp\":3}}");
	ck_assert_str_eq(place_of("b"), before);
	desk_free(&d);
}
END_TEST

SUITE("apart")
{
	tcase_add_test(tc, members_come_to_different_ports);
	tcase_add_test(tc, who_joins_a_group_moves_away);
}
