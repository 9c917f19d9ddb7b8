/*
 * test_plan_whole.c -- invariant P11 of appliance/engine/plan.h: cards that nobody
 * shares, with one or several functions behind one bridge.
 *
 * A world is a few words, each a physical function of one card: "1-" is free and
 * blank, "1~" was used by nobody knows whom, "1~3" by slot 3; "1=3.0#0" is the
 * first behind bridge 0 of slot 3 (#1 the second), "1!3.0#0" likewise, but the card
 * is out.
 */
#include <stdio.h>

#include "appliance/engine/plan.h"
#include "base/random.h"
#include "tests/test.h"

enum { CARD = 4 };

static fn_id
fn_of(unsigned i)
{
	return fn_make(6, i, FN_PF, 0);
}

static size_t
read_have(const char *s, struct have *have)
{
	size_t n = 0, behind = 0;
	unsigned i, slot, bridge, at;
	int len;
	char how;

	while (sscanf(s, " %u%c%n", &i, &how, &len) == 2) {
		struct have *h = &have[n++];

		s += len;
		*h = (struct have){ .fn = fn_of(i), .present = how != '!',
			.settled = true, .blank = how == '-' };
		if (how == '~' && sscanf(s, "%u%n", &slot, &len) == 1 &&
		    s[len] != '~' && s[len] != '-' && s[len] != '=') {
			h->traces = slot;
			s += len;
		} else if ((how == '=' || how == '!') &&
		    sscanf(s, "%u.%u#%u%n", &slot, &bridge, &at, &len) == 3) {
			h->slot = h->traces = slot;
			h->bridge = bridge;
			h->at = at;
			behind++;
			s += len;
		}
	}
	for (size_t k = 0; k < n; k++)
		if (have[k].slot != 0)
			have[k].n_at = (uint32_t)behind;
	return n;
}

static void
say(const struct step *steps, size_t n, char *out, size_t size)
{
	static const char marks[] = { '-', 'x', 'm', '=', '+', 'd', 'c' };
	uint32_t level = 0;
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		const struct step *s = &steps[i];

		len += (size_t)snprintf(out + len, size - len, "%s%c%u",
		    i == 0 ? "" : s->level > level ? " | " : " ",
		    marks[s->verb], fn_port(s->fn));
		if (step_binds(s) > 1)
			len += (size_t)snprintf(out + len, size - len, "*%u",
			    step_binds(s));
		level = s->level;
	}
}

/* want: how many functions, where; 0 none. */
static const struct {
	const char *have;
	unsigned want, slot, bridge;
	const char *steps;
} rows[] = {
	{ "1- 2-", 2, 3, 0, "+1*2" },			/* nothing to prepare */
	{ "1- 2-", 1, 3, 0, "+1" },
	{ "1=3.0#0 2=3.0#1", 2, 3, 0, "" },
	{ "1=3.0#0 2=3.0#1", 0, 0, 0, "-1 | x1 x2" },	/* one unbind */
	{ "1=3.0#0 2=3.0#1", 2, 4, 0, "-1 | x1 x2 | +1*2" },
	{ "1=3.0#0 2=3.0#1", 2, 3, 1, "-1 | x1 x2 | +1*2" },
	{ "1=3.0#0 2=3.0#1", 1, 3, 0, "-1 | x1 x2 | +1" },	/* less of it */
	{ "1=3.0#0", 2, 3, 0, "-1 | x1 | +1*2" },	/* the second is lost */
	{ "1=3.0#1 2=3.0#0", 2, 3, 0, "-1 | x1 x2 | +1*2" },	/* order */
	{ "1~ 2-", 2, 3, 0, "x1 | +1*2" },		/* whose traces? */
	{ "1~3 2~3", 2, 3, 0, "+1*2" },			/* its own */
	{ "1~4 2~3", 2, 3, 0, "x1 | +1*2" },
	{ "1!3.0#0 2!3.0#1", 2, 3, 0, "" },		/* the place is kept */
	{ "1!3.0#0 2!3.0#1", 0, 0, 0, "-1" },
	{ "2=5.1#0", 1, 3, 0, "-2 | x2 | +1" },
	{ "1~", 0, 0, 0, "x1" },
};

static void
make(struct arena *a, struct plan_in *in, struct want *want, unsigned n,
    uint32_t slot, uint32_t bridge, struct step **steps, size_t *n_steps)
{
	*want = (struct want){ .fn = fn_of(1), .n_more = n - 1, .slot = slot,
		.bridge = bridge, .whole = true, .device = "d" };
	in->want = want;
	in->n_want = n > 0;
	plan_make(a, in, steps, n_steps);
}

START_TEST(a_row)
{
	struct arena *a = arena_new();
	struct have have[CARD] = { { .fn = 0 } };
	struct plan_in in = { .have = have };
	struct want want;
	struct step *steps;
	size_t n;
	char said[256];

	in.n_have = read_have(rows[_i].have, have);
	/* What is wanted is always looked at, as engine_have() does. */
	for (unsigned i = 1; i <= rows[_i].want; i++) {
		bool there = false;

		for (size_t k = 0; k < in.n_have; k++)
			there = there || have[k].fn == fn_of(i);
		if (!there)
			have[in.n_have++] = (struct have){ .fn = fn_of(i),
				.present = true, .settled = true,
				.blank = true };
	}
	make(a, &in, &want, rows[_i].want, rows[_i].slot, rows[_i].bridge,
	    &steps, &n);
	say(steps, n, said, sizeof(said));
	ck_assert_str_eq(said, rows[_i].steps);
	arena_free(a);
}
END_TEST

/* ---- any prefix, in random worlds ---- */

static void
carry_out(const struct step *s, struct have *have, size_t n)
{
	unsigned more = 0;

	for (size_t i = 0; i < n; i++) {
		struct have *h = &have[i];

		if (s->verb == STEP_UNBIND && h->slot == s->slot &&
		    h->bridge == s->bridge) {
			h->slot = h->bridge = 0;
		} else if (s->verb == STEP_SCRUB && h->fn == s->fn) {
			ck_assert_uint_eq(h->slot, 0);
			h->blank = true;
			h->traces = 0;
		} else if (s->verb == STEP_BIND) {
			for (unsigned k = 0; k < step_binds(s); k++) {
				if (h->fn != fn_beside(s->fn, k))
					continue;
				ck_assert_uint_eq(h->slot, 0);
				ck_assert(h->blank || h->traces == s->slot);
				h->slot = h->traces = s->slot;
				h->bridge = s->bridge;
				h->at = k;
				h->n_at = step_binds(s);
				h->blank = false;
				more++;
			}
		}
	}
	if (s->verb == STEP_BIND)
		ck_assert_uint_eq(more, step_binds(s));
	ck_assert_uint_ne(s->verb, STEP_PREPARE);
}

static void
random_card(struct rng *rng, struct have *have)
{
	uint32_t behind = 0;

	for (unsigned i = 0; i < CARD; i++) {
		have[i] = (struct have){ .fn = fn_of(i + 1), .present = true,
			.settled = true, .blank = rng_below(rng, 2) != 0 };
		if (have[i].blank)
			continue;
		have[i].traces = (uint32_t)rng_below(rng, 4);
		if (have[i].traces == 0 || rng_below(rng, 2) != 0)
			continue;
		have[i].slot = have[i].traces;
		have[i].at = behind++;
	}
	for (unsigned i = 0; i < CARD; i++)
		have[i].n_at = have[i].slot != 0 ? behind : 0;
}

START_TEST(any_prefix_can_be_resumed)
{
	struct rng rng = rng_seed((uint64_t)_i);
	struct arena *a = arena_new();
	struct have have[CARD];
	struct plan_in in = { .have = have, .n_have = CARD };
	unsigned n_want = (unsigned)rng_below(&rng, CARD + 1);
	uint32_t slot = 1 + (uint32_t)rng_below(&rng, 3);
	struct want want;
	struct step *steps;
	size_t n, cut;

	random_card(&rng, have);
	make(a, &in, &want, n_want, slot, 0, &steps, &n);
	cut = n == 0 ? 0 : rng_below(&rng, n + 1);
	for (size_t i = 0; i < cut; i++)
		carry_out(&steps[i], have, CARD);
	make(a, &in, &want, n_want, slot, 0, &steps, &n);
	for (size_t i = 0; i < n; i++)
		carry_out(&steps[i], have, CARD);
	make(a, &in, &want, n_want, slot, 0, &steps, &n);
	ck_assert_uint_eq(n, 0);
	for (unsigned i = 0; i < CARD; i++)
		ck_assert_uint_eq(have[i].slot, i < n_want ? slot : 0);
	arena_free(a);
}
END_TEST

SUITE("plan_whole")
{
	tcase_add_loop_test(tc, a_row, 0, N_ROWS(rows));
	tcase_add_loop_test(tc, any_prefix_can_be_resumed, 0, 2000);
}
