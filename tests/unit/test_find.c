/* test_find.c -- whatever somebody types leads to the thing. */
#include <stdio.h>

#include "base/clock.h"
#include "tests/test.h"
#include "tests/unit/support_desk.h"

#define MAC "02:C4:18:AB:CD:EF"

static const struct row {
	const char *q;
	const char *kind, *name;	/* of the first item; NULL none */
} rows[] = {
	{ "02:C4:18:AB:CD:EF", "identity", MAC },
	{ "02:c4:18:ab:cd:ef", "identity", MAC },
	{ "02-C4-18-AB-CD-EF", "identity", MAC },
	{ "02c4.18ab.cdef", "identity", MAC },
	{ "02c418abcdef", "identity", MAC },
	{ "0x02C418ABCDEF", "identity", MAC },
	{ "02:C4", "identity", MAC },
	{ "CD:EF", "identity", MAC },
	{ "b-cd-ef", "identity", MAC },
	{ "18:AB:C", "identity", MAC },	/* neither first nor last */
	{ "C418ABCD", "identity", MAC },
	{ "438012345", "identity", "50:01:43:80:12:34:56:78" },
	{ "EF", NULL, NULL },		/* two digits are too few */
	{ "5001438012345678", "identity", "50:01:43:80:12:34:56:78" },
	{ "001B21000002", "port", "io1/2" },
	{ "2", "slot", "slot 2" },
	{ "slot 2", "slot", "slot 2" },
	{ "Slot-2", "slot", "slot 2" },
	{ "slot2", "slot", "slot 2" },
	{ "kitchen", "slot", "slot 3" },
	{ "P2", "profile", "p2" },
	{ "tor", "network", "stor" },
	{ "300", "network", "free" },
	{ "vlan 300", "network", "free" },
	{ "SAN-A", "san", "san-a" },
	{ "nothing-like-it", NULL, NULL },
};

static void
furnish(struct desk *d)
{
	desk_new(d);
	desk_do(d, "POST /profiles/p1/vnics {\"name\":\"net1\",\"networks\":"
	    "[\"prod\"],\"mac\":\"" MAC "\"}");
	desk_do(d, "POST /profiles/p1/vhbas {\"name\":\"hba0\",\"san\":"
	    "\"san-a\",\"wwpn\":\"50:01:43:80:12:34:56:78\"}");
	desk_do(d, "PATCH /slots/3 {\"label\":\"Kitchen sink\"}");
}

static int
find(struct desk *d, const char *q, const char *more)
{
	char text[300];

	(void)snprintf(text, sizeof(text), "GET /find?q=%s%s", q, more);
	for (char *c = text + 4; *c != '\0'; c++)
		if (*c == ' ')
			*c = '+';
	return desk_ask(d, text);
}

START_TEST(any_spelling_finds_it)
{
	const struct row *row = &rows[_i];
	struct desk d;

	furnish(&d);
	ck_assert_int_eq(find(&d, row->q, ""), 200);
	if (row->kind == NULL) {
		ck_assert_uint_eq(json_array_size(json_object_get(d.json,
		    "items")), 0);
	} else {
		/* A bare number is also a part of names, and a job. */
		ck_assert_uint_eq(json_array_size(json_object_get(d.json,
		    "items")), strcmp(row->q, "2") == 0 ? 3 : 1);
		ck_assert_str_eq(desk_text(&d, "items/0/kind"), row->kind);
		ck_assert_str_eq(desk_text(&d, strcmp(row->kind,
		    "identity") == 0 ? "items/0/value" : "items/0/name"),
		    row->name);
	}
	desk_free(&d);
}
END_TEST

START_TEST(an_address_comes_with_its_history_and_place)
{
	struct desk d;

	furnish(&d);
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":2}");
	(void)find(&d, MAC, "");
	ck_assert_str_eq(desk_text(&d, "items/0/slot"), "2");
	ck_assert_str_eq(desk_text(&d, "items/0/state"), "assigned");
	ck_assert_str_eq(desk_text(&d, "items/0/profile"), "p1");
	ck_assert_str_eq(desk_text(&d, "items/0/device"), "net1");

	d.wall_ms += 60000;
	desk_do(&d, "DELETE /profiles/p1/vnics/net1");
	(void)find(&d, MAC, "");
	ck_assert_str_eq(desk_text(&d, "items/0/state"), "quarantined");
	ck_assert_str_eq(desk_text(&d, "items/0/history/0/device"), "net1");
	desk_free(&d);
}
END_TEST

START_TEST(at_asks_the_past)
{
	struct desk d;
	char at[64], text[TIME_TEXT];

	furnish(&d);
	(void)snprintf(at, sizeof(at), "&at=%s", time_text(d.wall_ms - 3600000,
	    text));
	ck_assert_int_eq(find(&d, MAC, at), 200);
	ck_assert_uint_eq(json_array_size(json_object_get(d.json, "items")),
	    0);
	(void)snprintf(at, sizeof(at), "&at=%s", time_text(d.wall_ms + 1000,
	    text));
	ck_assert_int_eq(find(&d, MAC, at), 200);
	ck_assert_uint_eq(json_array_size(json_object_get(d.json, "items")),
	    1);
	ck_assert_int_eq(find(&d, MAC, "&at=yesterday"), 400);
	desk_free(&d);
}
END_TEST

START_TEST(the_ledger_answers_by_profile_and_by_digits)
{
	struct desk d;

	furnish(&d);
	ck_assert_int_eq(desk_ask(&d, "GET /identities?profile=p1"), 200);
	/* The node name, two MACs and a port name. */
	ck_assert_uint_eq(json_array_size(json_object_get(d.json, "items")),
	    4);
	ck_assert_int_eq(desk_ask(&d, "GET /identities?q=cdef"), 200);
	ck_assert_str_eq(desk_text(&d, "items/0/device"), "net1");
	ck_assert_int_eq(desk_ask(&d, "GET /identities?q=cdef&profile=p2"),
	    200);
	ck_assert_uint_eq(json_array_size(json_object_get(d.json, "items")),
	    0);
	ck_assert_int_eq(desk_ask(&d, "GET /identities?profile=nix"), 404);
	desk_free(&d);
}
END_TEST

START_TEST(a_question_is_bounded)
{
	struct desk d;
	char q[200];

	desk_new(&d);
	memset(q, 'x', sizeof(q));
	q[sizeof(q) - 1] = '\0';
	ck_assert_int_eq(find(&d, q, ""), 400);
	ck_assert_int_eq(desk_ask(&d, "GET /find"), 400);
	ck_assert_int_eq(desk_ask(&d, "GET /identities?q=ab"), 400);
	desk_free(&d);
}
END_TEST

SUITE("find")
{
	tcase_add_loop_test(tc, any_spelling_finds_it, 0, N_ROWS(rows));
	tcase_add_test(tc, an_address_comes_with_its_history_and_place);
	tcase_add_test(tc, at_asks_the_past);
	tcase_add_test(tc, the_ledger_answers_by_profile_and_by_digits);
	tcase_add_test(tc, a_question_is_bounded);
}
