/* test_hand.c -- somebody else's hand, or the hardware's own loss. */
#include "appliance/engine/hand.h"
#include "tests/test.h"

/* A vNIC wanted at slot 3 behind bridge 1, on VF 0; VF 9 is a stranger. */
#define OWN fn_make(1, 1, FN_VF, 0)
#define STRANGER fn_make(1, 1, FN_VF, 9)

static const struct personality as_wanted = { .kind = PERSONA_NIC,
	.mac = 0x02aa, .n_vlans = 1, .vlans = { 120 }, .native = 120,
	.limit_mbps = 2000, .mtu = 1500 };

struct scene {
	struct fabric_fn fns[2];
	struct fabric_bridge bridges[2];
	struct binding row;
	struct want want;
	struct view view;
};

/* As it should be. */
static void
set_scene(struct scene *s)
{
	memset(s, 0, sizeof(*s));
	s->fns[0] = (struct fabric_fn){ .id = OWN, .state = FNS_BOUND,
		.persona = as_wanted };
	s->fns[1] = (struct fabric_fn){ .id = STRANGER, .state = FNS_BOUND };
	s->bridges[0] = (struct fabric_bridge){ .slot = 3, .bridge = 1,
		.state = BRIDGE_BOUND, .n = 1, .presence = 1, .fn = { OWN } };
	s->row = (struct binding){ .fn = OWN, .slot = 3, .bridge = 1,
		.state = BINDING_BOUND };
	s->want = (struct want){ .fn = OWN, .slot = 3, .bridge = 1,
		.persona = as_wanted };
	s->view = (struct view){ .fns = s->fns, .n_fns = 2,
		.bridges = s->bridges, .n_bridges = 1 };
}

static void nothing(struct scene *s) { (void)s; }
static void other_mac(struct scene *s) { s->fns[0].persona.mac = 0x02bb; }
static void other_vlan(struct scene *s) { s->fns[0].persona.vlans[0] = 7; }
static void other_rate(struct scene *s) { s->fns[0].persona.limit_mbps = 5; }
static void no_rate(struct scene *s) { s->fns[0].persona.limit_mbps = 0; }
static void is_off(struct scene *s) { s->bridges[0].n = 0; }
static void is_blank(struct scene *s) { s->fns[0].blank = 1; }
static void no_presence(struct scene *s) { s->bridges[0].presence = 0; }
static void hanging(struct scene *s) { s->fns[0].state = FNS_PREPARING; }
static void no_row(struct scene *s) { s->row.fn = STRANGER; }
static void half(struct scene *s) { s->row.state = BINDING_BINDING; }
static void instead(struct scene *s) { s->bridges[0].fn[0] = STRANGER; }
static void no_module(struct scene *s) { s->view.n_fns = 0; }

static void
elsewhere(struct scene *s)
{
	s->bridges[0].slot = 2;
}

/* The other one stands before it. */
static void
twice(struct scene *s)
{
	s->bridges[1] = s->bridges[0];
	s->bridges[0].slot = 2;
	s->view.n_bridges = 2;
	s->view.twice = true;
}

/* Behind it, in a row of ours: a move is under way. */
static void
moving(struct scene *s)
{
	s->bridges[1] = s->bridges[0];
	s->bridges[1].slot = 4;
	s->row.slot = 4;
	s->view.n_bridges = 2;
	s->view.twice = true;
}

static void
two_at_once(struct scene *s)
{
	other_mac(s);
	no_rate(s);
}

static const struct hand_row {
	void (*first)(struct scene *), (*then)(struct scene *);
	enum hand hand;
	const char *words;
} rows[] = {
	{ nothing, nothing, HAND_NONE, "" },
	{ other_mac, nothing, HAND_SET, "MAC" },
	{ other_vlan, other_mac, HAND_SET, "MAC, VLANs" },
	{ other_rate, nothing, HAND_SET, "rates" },
	{ is_off, nothing, HAND_UNMAPPED, "" },
	{ elsewhere, nothing, HAND_ELSEWHERE, "" },
	{ twice, nothing, HAND_TWICE, "" },
	{ twice, half, HAND_TWICE, "" },
	{ twice, other_mac, HAND_SET, "MAC" },
	{ moving, nothing, HAND_NONE, "" },
	{ instead, nothing, HAND_INSTEAD, "" },
	/* The hardware's own. */
	{ no_rate, nothing, HAND_NONE, "rates" },
	{ two_at_once, nothing, HAND_SET, "MAC, rates" },
	{ is_off, is_blank, HAND_NONE, "" },
	{ other_mac, is_blank, HAND_NONE, "MAC" },
	{ other_mac, no_presence, HAND_NONE, "MAC" },
	{ other_mac, hanging, HAND_NONE, "MAC" },
	{ is_off, no_module, HAND_NONE, "" },
	/* Our own, half done. */
	{ is_off, no_row, HAND_NONE, "" },
	{ is_off, half, HAND_NONE, "" },
	{ other_mac, half, HAND_NONE, "MAC" },
	/* In the way, whatever our row says. */
	{ instead, half, HAND_INSTEAD, "" },
	{ elsewhere, half, HAND_ELSEWHERE, "" },
};

START_TEST(a_row)
{
	const struct hand_row *row = &rows[_i];
	char words[HAND_WORDS];
	struct scene s;

	set_scene(&s);
	row->first(&s);
	row->then(&s);
	ck_assert_int_eq(hand_at(&s.view, &s.want, &s.row, 1), row->hand);
	hand_words(&s.fns[0].persona, &s.want.persona, words);
	ck_assert_str_eq(words, row->words);
}
END_TEST

START_TEST(what_our_own_row_names_is_nobody_elses)
{
	struct scene s;

	set_scene(&s);
	elsewhere(&s);
	s.row.slot = 2;			/* a move is under way */
	ck_assert_int_eq(hand_at(&s.view, &s.want, &s.row, 1), HAND_NONE);
	set_scene(&s);
	instead(&s);
	s.row.fn = STRANGER;		/* the one before, not released yet */
	ck_assert_int_eq(hand_at(&s.view, &s.want, &s.row, 1), HAND_NONE);
}
END_TEST

/* A whole card of two functions, in their order behind one bridge. */
START_TEST(a_card_is_whole_or_somebody_changed_it)
{
	fn_id first = fn_make(4, 1, FN_PF, 0);
	struct binding rows2[2];
	struct scene s;

	set_scene(&s);
	s.want = (struct want){ .fn = first, .n_more = 1, .slot = 3,
		.bridge = 1, .whole = true };
	for (uint32_t k = 0; k < 2; k++) {
		s.fns[k] = (struct fabric_fn){ .id = fn_beside(first, k),
			.state = FNS_BOUND };
		s.bridges[0].fn[k] = s.fns[k].id;
		rows2[k] = (struct binding){ .fn = s.fns[k].id, .slot = 3,
			.bridge = 1, .state = BINDING_BOUND };
	}
	s.bridges[0].n = 2;
	ck_assert_int_eq(hand_at(&s.view, &s.want, rows2, 2), HAND_NONE);
	s.bridges[0].fn[0] = s.fns[1].id;
	s.bridges[0].fn[1] = s.fns[0].id;
	ck_assert_int_eq(hand_at(&s.view, &s.want, rows2, 2), HAND_SET);
	s.bridges[0].n = 1;
	ck_assert_int_eq(hand_at(&s.view, &s.want, rows2, 2), HAND_UNMAPPED);
}
END_TEST

SUITE("hand")
{
	tcase_add_loop_test(tc, a_row, 0, N_ROWS(rows));
	tcase_add_test(tc, what_our_own_row_names_is_nobody_elses);
	tcase_add_test(tc, a_card_is_whole_or_somebody_changed_it);
}
