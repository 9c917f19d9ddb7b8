/* test_memory.c -- which plans are remembered. */
#include <stdio.h>
#include <stdlib.h>

#include "appliance/service/memory.h"
#include "tests/test.h"

static void
put(struct memory *m, unsigned number, size_t size)
{
	struct stored_plan p = { .id = "" };
	char *body = xmalloc(size + 1), changes[] = "[]";

	memset(body, 'x', size);
	body[size] = '\0';
	(void)snprintf(p.id, sizeof(p.id), "plan-%u", number);
	p.changes = changes;
	p.body = body;
	memory_put(m, &p);
	free(body);
}

static bool
has(struct memory *m, unsigned number, size_t size)
{
	struct arena *a = arena_new();
	struct stored_plan *p;
	char id[24];
	bool yes;

	(void)snprintf(id, sizeof(id), "plan-%u", number);
	yes = memory_get(m, a, id, &p);
	if (yes)
		ck_assert_uint_eq(strlen(p->body), size);
	arena_free(a);
	return yes;
}

/* So many plans of a size, and how many of them are still known: the newest. */
static const struct row {
	size_t size;
	unsigned put, kept;
} rows[] = {
	{ 10, 1, 1 },
	{ 10, MEMORY_PLANS, MEMORY_PLANS },
	{ 10, MEMORY_PLANS + 1, MEMORY_PLANS },
	{ 10, 3 * MEMORY_PLANS, MEMORY_PLANS },
	{ 1 << 20, 7, 7 },
	{ 1 << 20, 8, 7 },			/* and a few bytes each */
	{ 1 << 20, MEMORY_PLANS + 5, 7 },
	{ 5 << 20, 3, 1 },
	{ MEMORY_BYTES - 4, 3, 1 },
	{ MEMORY_BYTES + 1, 3, 1 },
};

START_TEST(the_oldest_are_forgotten)
{
	const struct row *row = &rows[_i];
	struct memory *m = memory_new();

	for (unsigned i = 0; i < row->put; i++)
		put(m, i, row->size);
	for (unsigned i = 0; i < row->put; i++)
		ck_assert_int_eq(has(m, i, row->size),
		    i + row->kept >= row->put);
	memory_free(m);
}
END_TEST

START_TEST(a_large_one_drives_out_what_it_needs)
{
	struct memory *m = memory_new();

	put(m, 1, 10);
	put(m, 2, 10);
	for (unsigned i = 3; i < 11; i++)
		put(m, i, 1000000);
	put(m, 11, 2500000);
	ck_assert(!has(m, 1, 10));
	ck_assert(!has(m, 4, 0));
	ck_assert(!has(m, 5, 0));
	ck_assert(has(m, 6, 1000000));
	ck_assert(has(m, 11, 2500000));
	memory_free(m);
}
END_TEST

SUITE("memory")
{
	tcase_add_loop_test(tc, the_oldest_are_forgotten, 0, N_ROWS(rows));
	tcase_add_test(tc, a_large_one_drives_out_what_it_needs);
}
