/* test_fault_book.c -- the life of a fault, step by step. */
#include <stdio.h>

#include "appliance/engine/fault_book.h"
#include "base/random.h"
#include "tests/test.h"

enum { S = 1000, MIN = 60 * S };

/* Each row is one look: when, whether the link of slot 7 is down, whether people
 * were told so far; then what the book says. */
static const struct {
	const char *what;
	int64_t at_ms;
	bool down, told;
	int state;			/* -1: not in the book */
	uint32_t count;
	enum fault_news news;
} looks[] = {
	{ "all is well", 0, false, false, -1, 0, FAULT_NO_NEWS },
	{ "down: it soaks", 1 * S, true, false, FAULT_SOAKING, 1,
	    FAULT_NO_NEWS },
	{ "still", 10 * S, true, false, FAULT_SOAKING, 1, FAULT_NO_NEWS },
	{ "for ten seconds", 11 * S, true, false, FAULT_ACTIVE, 1,
	    FAULT_RAISED },
	{ "not yet told", 12 * S, true, false, FAULT_ACTIVE, 1, FAULT_RAISED },
	{ "told", 13 * S, true, true, FAULT_ACTIVE, 1, FAULT_NO_NEWS },
	{ "up", 20 * S, false, true, FAULT_CLEARED, 1, FAULT_GONE },
	{ "told of that", 21 * S, false, false, FAULT_CLEARED, 1,
	    FAULT_NO_NEWS },
	{ "down again", 30 * S, true, false, FAULT_SOAKING, 2, FAULT_NO_NEWS },
	{ "up before it was anything", 35 * S, false, false, FAULT_CLEARED, 2,
	    FAULT_NO_NEWS },
	{ "the third time: flapping", 60 * S, true, false, FAULT_FLAPPING, 3,
	    FAULT_RAISED },
	{ "up, and nobody is told", 70 * S, false, true, FAULT_CLEARED, 3,
	    FAULT_NO_NEWS },
	{ "down, and nobody is told", 90 * S, true, true, FAULT_FLAPPING, 4,
	    FAULT_NO_NEWS },
	{ "down for good", 90 * S + 5 * MIN, true, true, FAULT_ACTIVE, 4,
	    FAULT_NO_NEWS },
	{ "up", 8 * MIN, false, true, FAULT_CLEARED, 4, FAULT_GONE },
	{ "an hour later", 68 * MIN, false, false, FAULT_CLEARED, 4,
	    FAULT_NO_NEWS },
	{ "forgotten", 68 * MIN + 1, false, false, -1, 0, FAULT_NO_NEWS },
	{ "a new one", 70 * MIN, true, false, FAULT_SOAKING, 1, FAULT_NO_NEWS },
};

static struct fault
link_down(const char *part)
{
	struct fault f = { .code = "SlotLinkDown", .severity = "major",
		.object_type = "slot", .object = "7", .slot = 7, .count = 1 };

	snprintf(f.part, sizeof(f.part), "%s", part);
	snprintf(f.text, sizeof(f.text), "down %s", part);
	return f;
}

static struct fault_told
row_of(const char *id)
{
	struct fault_told row = { .code = "SlotLinkDown", .severity = "major",
		.object_type = "slot", .object = "7", .slot = 7,
		.text = "down" };

	snprintf(row.id, sizeof(row.id), "%s", id);
	return row;
}

START_TEST(a_fault_lives)
{
	struct fault_book b = { 0 };
	struct fault f = link_down("");
	struct fault_told row = row_of("");
	char id[FAULT_ID] = "";

	for (size_t i = 0; i < N_ROWS(looks); i++) {
		memcpy(row.id, id, sizeof(id));
		fault_book_turn(&b, &f, looks[i].down, &row, looks[i].told,
		    looks[i].at_ms);
		if (looks[i].state < 0) {
			ck_assert_msg(b.n == 0, "%s", looks[i].what);
			continue;
		}
		ck_assert_msg(b.n == 1, "%s", looks[i].what);
		memcpy(id, b.entries[0].fault.id, sizeof(id));
		ck_assert_msg((int)b.entries[0].fault.state == looks[i].state &&
		    b.entries[0].fault.count == looks[i].count &&
		    b.entries[0].news == looks[i].news, "%s: %s, count %u, "
		    "news %d", looks[i].what,
		    fault_state_word(b.entries[0].fault.state),
		    b.entries[0].fault.count, b.entries[0].news);
	}
	fault_book_clear(&b);
}
END_TEST

START_TEST(what_people_were_told_is_not_told_again_after_a_start)
{
	struct fault_book first = { 0 }, b = { 0 };
	struct fault f = link_down("net0");
	struct fault_told row;

	fault_book_turn(&first, &f, 1, NULL, 0, 0);
	row = row_of(first.entries[0].fault.id);
	row.at_ms = 5;
	snprintf(row.acked_by, sizeof(row.acked_by), "mara");
	/* Not seen yet: the first look was not whole. */
	fault_book_turn(&b, NULL, 0, &row, 1, 100 * S);
	ck_assert_uint_eq(b.n, 1);
	ck_assert_int_eq(b.entries[0].fault.state, FAULT_ACTIVE);
	ck_assert_int_eq(b.entries[0].fault.since_ms, 5);
	ck_assert_str_eq(b.entries[0].fault.acked_by, "mara");
	/* Seen: it goes on, and is no news. */
	fault_book_turn(&b, &f, 1, &row, 1, 101 * S);
	ck_assert_int_eq(b.entries[0].fault.state, FAULT_ACTIVE);
	ck_assert_int_eq(b.entries[0].fault.since_ms, 5);
	ck_assert_int_eq(b.entries[0].news, FAULT_NO_NEWS);
	fault_book_clear(&b);
	/* Never seen: after a while that is news. */
	fault_book_turn(&b, NULL, 0, &row, 1, 100 * S);
	fault_book_turn(&b, NULL, 0, &row, 1, 100 * S + FAULT_RECALL_MS - 1);
	ck_assert_int_eq(b.entries[0].news, FAULT_NO_NEWS);
	fault_book_turn(&b, NULL, 0, &row, 1, 100 * S + FAULT_RECALL_MS);
	ck_assert_int_eq(b.entries[0].fault.state, FAULT_CLEARED);
	ck_assert_int_eq(b.entries[0].news, FAULT_GONE);
	fault_book_clear(&b);
	fault_book_clear(&first);
}
END_TEST

START_TEST(parts_of_one_object_are_faults_of_their_own)
{
	struct fault both[] = { link_down("net0"), link_down("net1"),
		link_down("net1") };
	struct fault_book b = { 0 };

	fault_book_turn(&b, both, 2, NULL, 0, 0);
	ck_assert_uint_eq(b.n, 2);
	ck_assert_str_ne(b.entries[0].fault.id, b.entries[1].fault.id);
	fault_book_turn(&b, both, 1, NULL, 0, 1);
	ck_assert_uint_eq(b.n, 2);	/* one of them cleared */
	/* The same twice is one; with other words, two. */
	fault_book_turn(&b, both, 3, NULL, 0, 2);
	ck_assert_uint_eq(b.n, 2);
	snprintf(both[2].text, sizeof(both[2].text), "something else");
	fault_book_turn(&b, both, 3, NULL, 0, 3);
	ck_assert_uint_eq(b.n, 3);
	fault_book_clear(&b);
}
END_TEST

/* A link that comes and goes as it likes, for a day: few are told of. */
START_TEST(a_flapping_link_makes_no_storm)
{
	struct rng rng = rng_seed(7);
	struct fault_book b = { 0 };
	struct fault f = link_down("");
	struct fault_told row = row_of("");
	unsigned told = 0, raises = 0;
	bool down = false, has_row = false;

	for (int64_t at = 0; at < 24 * 60 * MIN; at += S) {
		bool now = rng_below(&rng, 40) == 0 ? !down : down;

		raises += now && !down;
		down = now;
		fault_book_turn(&b, &f, down, &row, has_row, at);
		if (b.n == 0 || b.entries[0].news == FAULT_NO_NEWS)
			continue;
		memcpy(row.id, b.entries[0].fault.id, sizeof(row.id));
		has_row = b.entries[0].news == FAULT_RAISED;
		told++;
	}
	ck_assert_uint_gt(raises, 900);
	ck_assert_uint_ge(told, 1);
	ck_assert_uint_le(told, 6);
	fault_book_clear(&b);
}
END_TEST

START_TEST(the_book_is_bounded)
{
	static struct fault facts[FAULT_BOOK_MAX + 100];
	struct fault_book b = { 0 };

	for (size_t i = 0; i < N_ROWS(facts); i++) {
		char name[16];

		snprintf(name, sizeof(name), "net%zu", i);
		facts[i] = link_down(name);
	}
	fault_book_turn(&b, facts, N_ROWS(facts), NULL, 0, 0);
	ck_assert_uint_eq(b.n, FAULT_BOOK_MAX);
	fault_book_clear(&b);
}
END_TEST

START_TEST(a_kind_is_whole)
{
	const struct fault_kind *k = &fault_kinds[_i];

	ck_assert_ptr_eq(fault_kind_find(k->code), k);
	ck_assert_uint_lt(strlen(k->code), FAULT_ID - 9);
	ck_assert_int_ge(k->soak_ms, 0);
	ck_assert(k->what[0] != '\0' && k->what[strlen(k->what) - 1] != '.');
	ck_assert(strcmp(k->severity, "critical") == 0 ||
	    strcmp(k->severity, "major") == 0 ||
	    strcmp(k->severity, "minor") == 0 ||
	    strcmp(k->severity, "warning") == 0 ||
	    strcmp(k->severity, "info") == 0);
}
END_TEST

SUITE("fault_book")
{
	tcase_add_test(tc, a_fault_lives);
	tcase_add_test(tc, what_people_were_told_is_not_told_again_after_a_start);
	tcase_add_test(tc, parts_of_one_object_are_faults_of_their_own);
	tcase_add_test(tc, a_flapping_link_makes_no_storm);
	tcase_add_test(tc, the_book_is_bounded);
	tcase_add_loop_test(tc, a_kind_is_whole, 0, (int)n_fault_kinds);
}
