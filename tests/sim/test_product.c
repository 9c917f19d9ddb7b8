/*
 * test_product.c -- the product of product.h, or as much of it as is asked for.
 *
 * POINTS (600) of its points, the same number of each operation, spread over its
 * steps and faults, from SEED (1) on; POINTS=all is every one.  One that does not
 * hold says what it is: OP and POINT do it again, alone and talking.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/log.h"
#include "tests/sim/product.h"
#include "tests/test.h"

enum { POINTS = 600, HOURS = 6 };

static uint64_t
variable(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	if (text == NULL || text[0] == '\0')
		return otherwise;
	return strcmp(text, "all") == 0 ? UINT32_MAX : strtoull(text, NULL, 10);
}

/* ---- which points there are ---- */

/* Once, and where it can stay, until it is lifted. */
static unsigned
lengths(const struct product_wrong *x)
{
	return x->verb != NULL || x->lasting != NULL ? 2 : 1;
}

static unsigned
wrongs(void)
{
	unsigned n = 0;

	for (size_t i = 0; i < product_n_wrongs; i++)
		n += lengths(&product_wrongs[i]);
	return n;
}

static struct product_point
point_of(unsigned n)
{
	struct product_point p = { .step = n / wrongs() + 1 };
	unsigned at = n % wrongs();

	p.wrong = product_wrongs;
	while (at >= lengths(p.wrong))
		at -= lengths(p.wrong++);
	p.lasting = at == 1;
	return p;
}

static unsigned
divisor(unsigned a, unsigned b)
{
	return b == 0 ? a : divisor(b, a % b);
}

/* Far apart from one to the next, and all of them in the end. */
static unsigned
stride(unsigned n)
{
	unsigned s = n * 618 / 1000 + 1;

	while (divisor(s, n) != 1)
		s++;
	return s;
}

/* ---- one of them ---- */

/* True when it held, and how it ended. */
static bool
try_point(struct product_stage *s, unsigned n, enum product_end *end)
{
	struct product_point p = point_of(n);

	if (product_do(s, &p, end))
		return true;
	printf("OP=%s POINT=%u does not hold: step %u (%s), %s, %s\n",
	    s->op->name, n, p.step, s->verb[p.step - 1], p.wrong->name,
	    p.lasting ? "until lifted" : "once");
	return false;
}

/* ---- some of an operation ---- */

static void
print(const struct product_stage *s, unsigned done, unsigned all,
    const unsigned ends[PRODUCT_N_ENDS])
{
	printf("%-8s %3u steps, %4u of %4u points: %u applied, %u rolled back, "
	    "%u after :retry\n", s->op->name, s->n_steps, done, all,
	    ends[PRODUCT_APPLIED], ends[PRODUCT_ROLLED_BACK],
	    ends[PRODUCT_RETRIED]);
	fflush(stdout);
}

START_TEST(every_point_holds)
{
	static struct product_stage s;
	const struct product_op *op = &product_ops[_i];
	uint64_t seed = variable("SEED", 1), n = variable("POINTS", POINTS);
	unsigned ends[PRODUCT_N_ENDS + 1] = { 0 }, failed = 0, all, k;
	const char *only = getenv("OP"), *point = getenv("POINT");
	enum product_end end;

	if (only != NULL && strcmp(only, op->name) != 0)
		return;
	if (point == NULL)
		log_level_set(LOG_ERROR);
	product_stage(&s, op, seed);
	all = s.n_steps * wrongs();
	n = n / product_n_ops + 1 < all ? n / product_n_ops + 1 : all;
	if (point != NULL)
		n = 1;
	for (k = 0; k < n; k++) {
		failed += !try_point(&s, point != NULL ?
		    (unsigned)variable("POINT", 0) : (unsigned)((seed + k *
		    (uint64_t)stride(all)) % all), &end);
		ends[end]++;
	}
	print(&s, k, all, ends);
	product_strike(&s);
	ck_assert_uint_eq(failed, 0);
}
END_TEST

SUITE("product")
{
	tcase_set_timeout(tc, HOURS * 3600);
	tcase_add_loop_test(tc, every_point_holds, 0, (int)product_n_ops);
}
