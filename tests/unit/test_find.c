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
		json_t *items = json_object_get(d.json, "items");

		/* An address that is drawn may hold any few digits. */
		for (size_t i = json_array_size(items); i-- > 0; )
			if (strcmp(row->kind, "identity") != 0 &&
			    strcmp(json_string_value(json_object_get(
			    json_array_get(items, i), "kind")),
			    "identity") == 0)
				json_array_remove(items, i);
		/* A bare number is also a part of names, and a job. */
		ck_assert_uint_eq(json_array_size(items),
		    strcmp(row->q, "2") == 0 ? 3 : 1);
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

/* p1 has it for an hour, it rests for one, then p2 has it. */
static const struct {
	int minutes;
	const char *profile, *state;
} owners[] = {
	{ -1, "", "" }, { 0, "p1", "assigned" }, { 59, "p1", "assigned" },
	{ 60, "p1", "quarantined" }, { 119, "p1", "quarantined" },
	{ 120, "p2", "assigned" }, { 600, "p2", "assigned" },
};

START_TEST(at_says_who_had_it_then)
{
	char at[64], text[TIME_TEXT];
	struct desk d;
	int64_t start;

	furnish(&d);
	start = d.wall_ms;
	d.wall_ms = start + 60 * 60000;
	desk_do(&d, "DELETE /profiles/p1/vnics/net1");
	d.wall_ms = start + 120 * 60000;
	desk_do(&d, "POST /profiles/p2/vnics?confirm=IdentityQuarantined "
	    "{\"name\":\"x\",\"networks\":[\"prod\"],\"mac\":\"" MAC "\"}");
	(void)snprintf(at, sizeof(at), "&at=%s", time_text(start +
	    owners[_i].minutes * 60000, text));
	for (int part = 0; part < 2; part++) {
		ck_assert_int_eq(find(&d, part ? "8ABCD" : MAC, at), 200);
		ck_assert_str_eq(desk_text(&d, "items/0/profile"),
		    owners[_i].profile);
		ck_assert_str_eq(desk_text(&d, "items/0/state"),
		    owners[_i].state);
		ck_assert_str_eq(desk_text(&d, "items/1/profile"), "");
	}
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
	desk_do(&d, "PATCH /profiles/p2 {\"systemUuid\":"
	    "\"0f6b9f0c-7a58-4b7a-8a9d-0d1f5c7c1d01\"}");
	ck_assert_int_eq(desk_ask(&d, "GET /identities?q="
	    "0f6b9f0c-7a58-4b7a-8a9d-0d1f5c7c1d01"), 200);
	ck_assert_str_eq(desk_text(&d, "items/0/profile"), "p2");
	ck_assert_int_eq(desk_ask(&d, "GET /identities?profile=p2"), 200);
	ck_assert_str_eq(desk_text(&d, "items/0/role"), "uuid");
	desk_free(&d);
}
END_TEST

/* ---- pages ---- */

static size_t
items(struct desk *d, const char *query)
{
	ck_assert_int_eq(desk_ask(d, arena_printf(d->scratch.arena,
	    "GET /identities%s", query)), 200);
	return json_array_size(json_object_get(d->json, "items"));
}

/* furnish() gave four addresses, two of them from pools; then one goes. */
static const struct {
	const char *query;
	size_t n;
} pages[] = {
	{ "", 4 }, { "?state=assigned", 3 }, { "?state=quarantined", 1 },
	{ "?state=retired", 0 }, { "?state=reserved", 0 },
	{ "?pool=macs", 1 }, { "?pool=macs&state=assigned", 1 },
	{ "?pool=wwnns", 1 }, { "?pool=wwpns", 0 },
	{ "?pool=macs&state=retired", 0 },
	{ "?state=quarantined&profile=p1", 1 },
	{ "?state=quarantined&profile=p2", 0 },
	{ "?q=cdef&state=quarantined", 1 }, { "?q=cdef&state=assigned", 0 },
	{ "?q=cdef&pool=macs", 0 },
};

START_TEST(the_ledger_is_listed_by_what_is_asked)
{
	struct desk d;

	furnish(&d);
	desk_do(&d, "DELETE /profiles/p1/vnics/net1");
	ck_assert_uint_eq(items(&d, pages[_i].query), pages[_i].n);
	ck_assert_int_eq(desk_ask(&d, "GET /identities?state=lost"), 400);
	ck_assert_int_eq(desk_ask(&d, "GET /identities?after=x"), 400);
	ck_assert_int_eq(desk_ask(&d, "GET /identities?pool=nix"), 404);
	desk_free(&d);
}
END_TEST

START_TEST(pages_follow_one_another)
{
	static const char *const lists[] = { "?limit=1", "?limit=1&pool=macs",
	    "?limit=1&state=assigned" };
	static const size_t all[] = { 7, 4, 7 };
	char seen[16][32], next[32] = "";
	struct desk d;
	size_t n = 0;

	furnish(&d);
	for (int i = 0; i < 3; i++) {
		char text[120];

		(void)snprintf(text, sizeof(text), "POST /profiles/p2/vnics "
		    "{\"name\":\"v%d\",\"networks\":[\"prod\"]}", i);
		desk_do(&d, text);
	}
	ck_assert_uint_eq(items(&d, ""), 7);
	do {
		size_t got = items(&d, arena_printf(d.scratch.arena, "%s%s%s",
		    lists[_i], next[0] != '\0' ? "&after=" : "", next));

		(void)snprintf(next, sizeof(next), "%s", desk_text(&d, "next"));
		if (got == 0)
			break;
		ck_assert_uint_lt(n, N_ROWS(seen));
		(void)snprintf(seen[n], sizeof(seen[n]), "%s",
		    desk_text(&d, "items/0/value"));
		for (size_t k = 0; k < n; k++)
			ck_assert_str_ne(seen[k], seen[n]);
		n++;
	} while (next[0] != '\0');
	ck_assert_uint_eq(n, all[_i]);
	desk_free(&d);
}
END_TEST

/* Somebody's hand in the database; what the check says then. */
static const struct {
	const char *sql, *problem, *role;
} leaks[] = {
	{ "UPDATE identity SET state = 3 WHERE value = '02C418ABCDEF'",
	    "ownedUnassigned", "mac" },
	{ "UPDATE identity SET device = 'x' WHERE role = 1",
	    "assignedUnowned", "wwpn" },
	{ "UPDATE identity SET state = 2 WHERE role = 2",
	    "ownedUnassigned", "wwnn" },
	{ "UPDATE profile SET wwnn = NULL", "assignedUnowned", "wwnn" },
	{ "UPDATE device SET address = '02C418ABCDEE' WHERE address ="
	    " '02C418ABCDEF'", "assignedUnowned", "mac" },
	{ "SELECT 1", "", "" },
};

START_TEST(the_check_finds_what_does_not_agree)
{
	struct desk d;

	furnish(&d);
	ck_assert_int_ge(scratch_sql(&d.scratch, leaks[_i].sql), 0);
	ck_assert_int_eq(desk_ask(&d, "POST /identities:check"), 200);
	ck_assert_str_eq(desk_text(&d, "items/0/problem"), leaks[_i].problem);
	ck_assert_str_eq(desk_text(&d, "items/0/role"), leaks[_i].role);
	ck_assert_str_eq(desk_text(&d, "items/0/code"),
	    leaks[_i].problem[0] != '\0' ? "IdentityLeak" : "");
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
	tcase_add_loop_test(tc, at_says_who_had_it_then, 0, N_ROWS(owners));
	tcase_add_test(tc, the_ledger_answers_by_profile_and_by_digits);
	tcase_add_loop_test(tc, the_ledger_is_listed_by_what_is_asked, 0,
	    N_ROWS(pages));
	tcase_add_loop_test(tc, pages_follow_one_another, 0, 3);
	tcase_add_loop_test(tc, the_check_finds_what_does_not_agree, 0,
	    N_ROWS(leaks));
	tcase_add_test(tc, a_question_is_bounded);
}
