/*
 * test_random.c -- whatever is done to it, the appliance keeps its promises.
 *
 * OPS operations (6,000) in runs of RUN, from SEED (1) on; the run that fails is
 * done again by its own SEED and OPS.  What must hold is in random_check.c.
 */
#include <inttypes.h>
#include <stdio.h>

#include "tests/sim/random.h"
#include "tests/test.h"

enum { RUN = 400, OPS = 6000, HOURS = 4 };

static uint64_t
variable(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text == NULL || text[0] == '\0' ? otherwise :
	    strtoull(text, NULL, 10);
}

static void
print(const struct random_count *c, uint64_t seed)
{
	for (unsigned k = 0; k < random_n_kinds; k++)
		printf("%-18s %6u drawn, %6u accepted\n", random_name(k),
		    c->kind[k].drawn, c->kind[k].accepted);
	printf("%u operations from seed %" PRIu64 ": %u requests accepted, "
	    "%u refused, %u hands at the box (%u faults), %u crashes, "
	    "%u times mended and equal, %u restarts without a verb, "
	    "0 violations\n", c->drawn, seed, c->accepted, c->refused,
	    c->hands, c->faults, c->crashes, c->mended, c->restarts);
	fflush(stdout);
}

/* The numbers say that the test tested something. */
static void
check_counts(const struct random_count *c)
{
	ck_assert_uint_ge(c->accepted * 10, c->drawn * 3);
	for (unsigned k = 0; k < random_n_kinds && c->drawn >= OPS; k++)
		ck_assert_msg(c->kind[k].drawn * 100 >= c->drawn,
		    "%s came %u times", random_name(k), c->kind[k].drawn);
}

START_TEST(random_operations_break_nothing)
{
	static struct random_run r;
	struct random_count count = { .drawn = 0 };
	uint64_t seed = variable("SEED", 1), ops = variable("OPS", OPS);

	for (uint64_t n = 0; count.drawn < ops; n++) {
		random_begin(&r, seed + n, &count);
		while (r.op < RUN && count.drawn < ops)
			random_step(&r);
		random_mend(&r);
		random_end(&r);
	}
	print(&count, seed);
	check_counts(&count);
}
END_TEST

SUITE("random")
{
	tcase_set_timeout(tc, HOURS * 3600);
	tcase_add_test(tc, random_operations_break_nothing);
}
