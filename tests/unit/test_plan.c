/*
 * test_plan.c -- the invariants P1..P13 of appliance/engine/plan.h.
 *
 * A world is a few words: each says one function.  "1@3.0" is function 1 behind
 * bridge 0 of slot 3 with personality 1; "1@-" is free and blank; "1~-" is free
 * with traces; "1@3.0:7" has MAC 7; "1@3.0,9" has VLAN 9; "1!3.0" sits there but
 * its module is out; "1?3.0" is still binding; "1%3.0" lost presence.
 */
#include <stdio.h>

#include "appliance/engine/plan.h"
#include "base/random.h"
#include "tests/test.h"

enum { WORLD = 16 };

static fn_id
fn_of(unsigned i)
{
	return fn_make(1, 1, FN_VF, i);
}

static struct personality
persona(unsigned mac, unsigned vlan)
{
	struct personality p = { .kind = PERSONA_NIC, .mac = 0x020000000000 +
	    mac, .mtu = 1500 };

	if (vlan != 0) {
		p.n_vlans = 1;
		p.vlans[0] = (uint16_t)vlan;
		p.native = (uint16_t)vlan;
	}
	return p;
}

struct word {
	unsigned i, slot, bridge, mac, vlan;
	char how;
};

static const char *
read_word(const char *s, struct word *w)
{
	int n = 0;

	while (*s == ' ')
		s++;
	if (*s == '\0')
		return NULL;
	*w = (struct word){ 0 };
	ck_assert_int_eq(sscanf(s, "%u%c%n", &w->i, &w->how, &n), 2);
	s += n;
	w->mac = w->i;
	if (*s == '-')
		return s + 1;
	ck_assert_int_eq(sscanf(s, "%u.%u%n", &w->slot, &w->bridge, &n), 2);
	s += n;
	if (*s == ':' && sscanf(s, ":%u%n", &w->mac, &n) == 1)
		s += n;
	if (*s == ',' && sscanf(s, ",%u%n", &w->vlan, &n) == 1)
		s += n;
	return s;
}

static size_t
read_have(const char *s, struct have *have)
{
	struct word w;
	size_t n = 0;

	while ((s = read_word(s, &w)) != NULL) {
		struct have *h = &have[n++];

		*h = (struct have){ .fn = fn_of(w.i), .slot = w.slot,
			.bridge = w.bridge, .present = w.how != '!',
			.settled = w.how != '?' && w.how != '%',
			.lost = w.how == '%' };
		h->blank = w.slot == 0 && w.how != '~';
		if (!h->blank)
			h->persona = persona(w.mac, w.vlan);
		snprintf(h->device, sizeof(h->device), "d%u", w.i);
	}
	return n;
}

static size_t
read_want(const char *s, struct want *want)
{
	struct word w;
	size_t n = 0;

	while ((s = read_word(s, &w)) != NULL) {
		struct want *x = &want[n++];

		*x = (struct want){ .fn = fn_of(w.i), .slot = w.slot,
			.bridge = w.bridge, .persona = persona(w.mac,
			w.vlan) };
		snprintf(x->device, sizeof(x->device), "d%u", w.i);
	}
	return n;
}

static void
say(const struct step *steps, size_t n, char *out, size_t size)
{
	static const char marks[] = { '-', 'x', 'm', '=', '+', 'd', 'c',
		'p', 'b' };
	uint32_t level = 0;
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		const struct step *s = &steps[i];

		len += (size_t)snprintf(out + len, size - len, "%s%c%u%s",
		    i == 0 ? "" : s->level > level ? " | " : " ",
		    marks[s->verb], s->fn ? fn_index(s->fn) : s->slot,
		    s->verb == STEP_UNBIND && s->arg1 == RELEASE_SURPRISE ?
		    "!" : "");
		level = s->level;
	}
}

/* Each row is a whole test: what is, what should be, what to do about it.
 * - unbind, -! by surprise, x scrub, = prepare, + bind; | the next level. */
static const struct row {
	const char *have, *want, *steps;
} rows[] = {
	{ "", "", "" },						/* P2 */
	{ "1@3.0", "1@3.0", "" },				/* P2, P4 */
	{ "1@-", "1@3.0", "=1 | +1" },
	{ "1~-", "1@3.0:9", "x1 | =1 | +1" },	/* traces of somebody else */
	{ "1~-", "1@3.0", "+1" },		/* prepared already, not bound */
	{ "1@3.0", "", "-1 | x1" },
	{ "1~-", "", "x1" },
	{ "1@-", "", "" },
	{ "1@3.0", "1@4.0", "-1 | x1 | =1 | +1" },		/* a move */
	{ "1@3.0", "1@3.1", "-1 | x1 | =1 | +1" },	/* other bridge */
	{ "1@3.0", "1@3.0,120", "=1" },		/* VLAN: in place */
	{ "1@3.0", "1@3.0:9", "-1 | x1 | =1 | +1" },	/* MAC: release first */
	{ "1@3.0 2@3.1", "1@3.0", "-2 | x2" },			/* P4 */
	{ "1@3.0 2@-", "2@3.0", "-1 | x1 | =2 | +2" },		/* P3 */
	{ "1@3.0 2@4.0", "1@4.0 2@3.0",
	    "-1 -2 | x1 x2 | =1 =2 | +1 +2" },			/* a swap */
	{ "1!3.0", "1@3.0", "" },		/* module out: the place is kept */
	{ "1!3.0", "", "-1!" },			/* given up: nothing to scrub */
	{ "1?3.0", "", "-1! | x1" },		/* nobody uses it yet */
	{ "1%3.0", "1@3.0", "-1! | x1 | =1 | +1" },	/* bound anew */
	{ "1%3.0", "", "-1! | x1" },
	{ "1@9.0", "", "-1! | x1" },		/* slot 9 is silent */
};

START_TEST(a_row)
{
	const struct row *row = &rows[_i];
	const uint32_t silent[] = { 9 };
	struct arena *a = arena_new();
	struct have have[WORLD];
	struct want want[WORLD];
	struct plan_in in = { .have = have, .want = want, .silent = silent,
		.n_silent = 1 };
	struct step *steps;
	size_t n;
	char said[512];

	in.n_have = read_have(row->have, have);
	in.n_want = read_want(row->want, want);
	plan_make(a, &in, &steps, &n);
	say(steps, n, said, sizeof(said));
	ck_assert_str_eq(said, row->steps);
	arena_free(a);
}
END_TEST

START_TEST(a_switched_slot_is_switched_once)
{
	struct plan_slot slots[] = { { .slot = 3, .enabled_now = true },
		{ .slot = 4, .enabled_now = true, .enabled_wanted = true },
		{ .slot = 5, .enabled_wanted = true } };
	struct plan_in in = { .slots = slots, .n_slots = 3 };
	struct arena *a = arena_new();
	struct step *steps;
	size_t n;

	plan_make(a, &in, &steps, &n);
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(steps[0].slot, 3);
	ck_assert_uint_eq(steps[0].arg1, CTL_DISABLE);
	ck_assert_uint_eq(steps[1].slot, 5);
	ck_assert_uint_eq(steps[1].arg1, CTL_ENABLE);
	arena_free(a);
}
END_TEST

/* Off before anything else, asked nothing, on after everything else. */
START_TEST(a_fenced_slot_is_off_meanwhile)			/* P12 */
{
	struct personality nic = { .kind = PERSONA_NIC, .mac = 0x020000000001 };
	struct have have[] = { { .fn = fn_of(1), .slot = 3, .present = true,
	    .settled = true, .persona = nic } };
	struct want want[] = { { .fn = fn_of(1), .slot = 4, .persona = nic } };
	struct plan_slot slots[] = { { .slot = 3, .enabled_now = true,
		.enabled_wanted = _i != 1, .fence = true },
		{ .slot = 4, .enabled_now = true, .enabled_wanted = true } };
	struct plan_in in = { .have = have, .n_have = 1, .want = want,
		.n_want = 1, .slots = slots, .n_slots = 2 };
	struct arena *a = arena_new();
	struct step *steps;
	size_t n;

	slots[0].enabled_now = _i != 2;		/* somebody was faster */
	plan_make(a, &in, &steps, &n);
	ck_assert_uint_eq(n, _i == 0 ? 6 : 5);
	if (_i != 2) {
		ck_assert_uint_eq(steps[0].verb, STEP_SLOT_CTL);
		ck_assert_uint_eq(steps[0].arg1, CTL_DISABLE);
		ck_assert_uint_lt(steps[0].level, steps[1].level);
	}
	if (_i != 1) {
		ck_assert_uint_eq(steps[n - 1].verb, STEP_SLOT_CTL);
		ck_assert_uint_eq(steps[n - 1].arg1, CTL_ENABLE);
		ck_assert_uint_gt(steps[n - 1].level, steps[n - 2].level);
	}
	for (size_t i = 0; i < n; i++)
		if (steps[i].verb == STEP_UNBIND)
			ck_assert_uint_eq(steps[i].arg1, RELEASE_SURPRISE);
	arena_free(a);
}
END_TEST

/* Bay 1 has the functions: what is asked of it, and what is done. */
static const struct {
	bool on_now, on_wanted, serviced;
	const char *have, *want, *steps;
} bays[] = {
	{ true, true, false, "1@-", "1@3.0", "=1 | +1" },
	{ true, true, true, "1@-", "1@3.0", "" },
	{ true, true, true, "1@3.0", "1@3.0", "" },
	{ true, true, true, "1@3.0", "1@3.0,120", "=1" },
	{ true, true, true, "1@3.0", "", "-1 | x1" },
	{ true, true, true, "1@3.0", "1@4.0", "-1 | x1" },
	{ true, false, false, "1@3.0", "1@3.0", "-1 | x1 | b0" },
	{ true, false, false, "1@-", "1@3.0", "b0" },
	{ false, false, false, "1!3.0", "1@3.0", "" },
	{ false, true, false, "1@-", "1@3.0", "b0 | =1 | +1" },
};

START_TEST(a_bay_that_is_serviced_waits)			/* P13 */
{
	struct plan_bay bay = { .bay = 1, .on_now = bays[_i].on_now,
		.on_wanted = bays[_i].on_wanted,
		.serviced = bays[_i].serviced };
	struct have have[WORLD];
	struct want want[WORLD];
	struct plan_in in = { .have = have, .want = want, .bays = &bay,
		.n_bays = 1 };
	struct arena *a = arena_new();
	struct step *steps;
	size_t n;
	char said[512];

	in.n_have = read_have(bays[_i].have, have);
	in.n_want = read_want(bays[_i].want, want);
	plan_make(a, &in, &steps, &n);
	say(steps, n, said, sizeof(said));
	ck_assert_str_eq(said, bays[_i].steps);
	for (size_t i = 0; i < n; i++)
		if (steps[i].verb == STEP_BAY_CTL) {
			ck_assert_uint_eq(steps[i].arg1, 1);
			ck_assert_uint_eq(steps[i].arg2, bay.on_wanted ?
			    CTL_ENABLE : CTL_DISABLE);
		}
	arena_free(a);
}
END_TEST

START_TEST(disks_are_made_first_and_destroyed_last)		/* P8 */
{
	struct have have[] = { { .fn = fn_of(1), .slot = 3, .present = true,
	    .settled = true, .persona = { .kind = PERSONA_RAID, .n_disks = 1,
	    .disks = { 4 } } } };
	struct want want[] = { { .fn = fn_of(1), .slot = 3, .persona =
	    { .kind = PERSONA_RAID, .n_disks = 1, .disks = { 5 } },
	    .disks = { { 5, 5, 1, 100 } }, .n_disks = 1 } };
	struct want_disk there[] = { { 5, 4, 1, 100 } }, gone[] = {
	    { 5, 4, 1, 100 }, { 5, 9, 1, 100 } };
	struct plan_in in = { .have = have, .n_have = 1, .want = want,
		.n_want = 1, .disks = there, .n_disks = 1, .making = want[0].disks,
		.n_making = 1, .doomed = gone, .n_doomed = 2 };
	struct arena *a = arena_new();
	struct step *steps;
	size_t n;
	char said[256];

	plan_make(a, &in, &steps, &n);
	say(steps, n, said, sizeof(said));
	ck_assert_str_eq(said, "-1 | x1 m3 | =1 | +1 | d0");
	ck_assert_uint_eq(steps[n - 1].arg2, 4);
	arena_free(a);
}
END_TEST

/* Whatever it hung in, and wherever it is wanted next. */
START_TEST(what_hangs_is_ended_first)			/* P14 */
{
	struct have have[] = { { .fn = fn_of(1), .present = true,
	    .settled = true, .blank = true, .hangs = true, .traces = 3 } };
	struct want want[] = { { .fn = fn_of(1), .slot = 4,
	    .persona = { .kind = PERSONA_NIC, .mac = 2 } } };
	struct plan_slot slots[] = { { .slot = 4, .enabled_wanted = true } };
	struct plan_in in = { .have = have, .n_have = 1, .want = want,
		.n_want = (size_t)_i, .slots = slots, .n_slots = 1 };
	struct arena *a = arena_new();
	struct step *steps;
	size_t n;

	plan_make(a, &in, &steps, &n);
	ck_assert_uint_eq(n, _i == 0 ? 2 : 4);
	for (size_t i = 0; i < 2; i++)
		ck_assert_uint_eq(steps[i].level, 1);
	ck_assert(steps[0].verb == STEP_SCRUB || steps[1].verb == STEP_SCRUB);
	ck_assert(steps[0].verb == STEP_SLOT_CTL ||
	    steps[1].verb == STEP_SLOT_CTL);
	arena_free(a);
}
END_TEST

/* Nobody asked for an empty one. */
START_TEST(a_disk_that_is_gone_is_not_made)			/* P10 */
{
	struct want want[] = { { .fn = fn_of(1), .slot = 3, .persona =
	    { .kind = PERSONA_RAID, .n_disks = 1, .disks = { 5 } },
	    .disks = { { 5, 5, 1, 100 } }, .n_disks = 1 } };
	struct have have[] = { { .fn = fn_of(1), .slot = 3, .present = true,
	    .settled = true, .persona = want[0].persona } };
	struct plan_in in = { .have = have, .n_have = 1, .want = want,
		.n_want = 1 };
	struct arena *a = arena_new();
	struct step *steps;
	size_t n;

	plan_make(a, &in, &steps, &n);
	ck_assert_uint_eq(n, 0);		/* bound: it stays as it is */
	have[0] = (struct have){ .fn = fn_of(1), .present = true,
		.settled = true, .blank = true };
	plan_make(a, &in, &steps, &n);
	ck_assert_uint_eq(n, 0);		/* not bound: it waits */
	arena_free(a);
}
END_TEST

/* ---- the same as properties: random worlds, any prefix ---- */

static void
carry_out(const struct step *s, struct have *have, size_t n_have,
    const struct want *want, size_t n_want)
{
	struct have *h = NULL;

	for (size_t i = 0; i < n_have; i++)
		if (have[i].fn == s->fn)
			h = &have[i];
	ck_assert(h != NULL);
	if (s->verb == STEP_UNBIND) {
		ck_assert_uint_ne(h->slot, 0);
		h->slot = h->bridge = 0;
	} else if (s->verb == STEP_SCRUB) {
		ck_assert_uint_eq(h->slot, 0);
		h->blank = true;
		h->persona = (struct personality){ 0 };
	} else if (s->verb == STEP_PREPARE) {
		for (size_t i = 0; i < n_want; i++)
			if (want[i].fn == s->fn)
				h->persona = want[i].persona;
		h->blank = false;
	} else if (s->verb == STEP_BIND) {
		ck_assert_uint_eq(h->slot, 0);
		ck_assert(!h->blank);
		for (size_t i = 0; i < n_have; i++)	/* nobody is there */
			ck_assert(have[i].slot != s->slot ||
			    have[i].bridge != s->bridge);
		h->slot = s->slot;
		h->bridge = s->bridge;
	}
}

static void
random_world(struct rng *rng, struct have *have, size_t *n_have,
    struct want *want, size_t *n_want)
{
	*n_have = 8;
	*n_want = 0;
	for (unsigned i = 0; i < 8; i++) {
		bool bound = rng_below(rng, 2), clean = rng_below(rng, 2);

		have[i] = (struct have){ .fn = fn_of(i), .present = true,
			.settled = true, .blank = !bound && clean };
		if (bound) {		/* bridges differ: i is in them */
			have[i].slot = 1 + (uint32_t)rng_below(rng, 3);
			have[i].bridge = i;
		}
		if (!have[i].blank)
			have[i].persona = persona((unsigned)rng_below(rng, 12),
			    (unsigned)rng_below(rng, 3));
		if (rng_below(rng, 3) == 0)
			continue;
		want[*n_want] = (struct want){ .fn = fn_of(i),
			.slot = 1 + (uint32_t)rng_below(rng, 3),
			.bridge = (i + (uint32_t)rng_below(rng, 2)) % 8 +
			    8 * (uint32_t)rng_below(rng, 2),
			.persona = persona((unsigned)rng_below(rng, 12),
			    (unsigned)rng_below(rng, 3)) };
		for (size_t k = 0; k < *n_want; k++)	/* one want a bridge */
			if (want[k].slot == want[*n_want].slot &&
			    want[k].bridge == want[*n_want].bridge)
				want[*n_want].bridge = 16 + i;
		(*n_want)++;
	}
}

START_TEST(any_prefix_can_be_resumed)			/* P1, P3, P5, P7 */
{
	struct rng rng = rng_seed((uint64_t)_i);
	struct arena *a = arena_new();
	struct have have[WORLD];
	struct want want[WORLD];
	struct plan_in in = { .have = have, .want = want };
	struct step *steps;
	size_t n, cut;
	uint32_t last_release = 0, level = 1;

	random_world(&rng, have, &in.n_have, want, &in.n_want);
	plan_make(a, &in, &steps, &n);
	for (size_t i = 0; i < n; i++) {
		ck_assert_uint_eq(steps[i].seq, i + 1);
		ck_assert(steps[i].level == level ||
		    steps[i].level == level + 1);		/* P7 */
		level = steps[i].level;
		if (steps[i].verb == STEP_UNBIND || steps[i].verb == STEP_SCRUB)
			last_release = level;
		else
			ck_assert_uint_gt(level, last_release);	/* P3 */
	}
	cut = n == 0 ? 0 : (size_t)rng_below(&rng, n + 1);
	for (size_t i = 0; i < cut; i++)
		carry_out(&steps[i], have, in.n_have, want, in.n_want);
	plan_make(a, &in, &steps, &n);
	for (size_t i = 0; i < n; i++)
		carry_out(&steps[i], have, in.n_have, want, in.n_want);
	for (size_t i = 0; i < in.n_want; i++)
		for (size_t k = 0; k < in.n_have; k++)
			if (have[k].fn == want[i].fn) {		/* P1, P5 */
				ck_assert_uint_eq(have[k].slot, want[i].slot);
				ck_assert(personality_equal(&have[k].persona,
				    &want[i].persona));
			}
	plan_make(a, &in, &steps, &n);
	ck_assert_uint_eq(n, 0);				/* P2 */
	arena_free(a);
}
END_TEST

SUITE("plan")
{
	tcase_add_loop_test(tc, a_row, 0, N_ROWS(rows));
	tcase_add_test(tc, a_switched_slot_is_switched_once);
	tcase_add_loop_test(tc, a_fenced_slot_is_off_meanwhile, 0, 3);
	tcase_add_loop_test(tc, a_bay_that_is_serviced_waits, 0,
	    N_ROWS(bays));
	tcase_add_test(tc, disks_are_made_first_and_destroyed_last);
	tcase_add_loop_test(tc, what_hangs_is_ended_first, 0, 2);
	tcase_add_test(tc, a_disk_that_is_gone_is_not_made);
	tcase_add_loop_test(tc, any_prefix_can_be_resumed, 0, 300);
}
