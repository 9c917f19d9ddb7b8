/* test_activation.c -- when a server sees a device, one row per state of its slot. */
#include "appliance/engine/activation.h"
#include "tests/test.h"

static struct view *
box(struct fabric_slot slot, struct fabric_bridge bridge)
{
	struct view *v = view_copy(NULL);
	struct fabric_record r = { .kind = REC_SLOT, .u.slot = slot };
	struct err e;

	v->sw = (struct fabric_switch){ .slots = 1, .bridges = 32 };
	view_take(v, &r);
	r = (struct fabric_record){ .kind = REC_BRIDGE, .u.bridge = bridge };
	if (bridge.slot != 0)
		view_take(v, &r);
	ck_ok(view_end(v, &e), e);
	return v;
}

static const struct {
	struct fabric_slot slot;
	unsigned bridge;
	const char *word;
	bool runs;
} rows[] = {
	{ { .power = 2, .link = 1, .enabled = 1, .hotplug = HOTPLUG_READY,
	    .buses = 4, .mmio_mib = 4 }, 3, "hot", true },
	{ { .power = 2, .link = 1, .enabled = 1, .hotplug = HOTPLUG_READY,
	    .buses = 4, .mmio_mib = 9 }, 4, "reboot", true },
	{ { .power = 2, .link = 1, .enabled = 1, .hotplug = HOTPLUG_READY,
	    .buses = 9, .mmio_mib = 4 }, 4, "reboot", true },
	{ { .power = 2, .link = 1, .enabled = 1, .hotplug = HOTPLUG_DEAF,
	    .buses = 4, .mmio_mib = 4 }, 0, "rescan", true },
	{ { .power = 2, .link = 1, .enabled = 1, .hotplug = HOTPLUG_DEAF },
	    0, "reboot", true },
	{ { .power = 1, .enabled = 1 }, 0, "reboot", false },
	{ { .power = 0, .enabled = 1 }, 0, "reboot", false },
	{ { .power = 2, .enabled = 1, .hotplug = HOTPLUG_READY, .buses = 4,
	    .mmio_mib = 4 }, 0, "powerCycle", false },
	/* Its link is down because we switched the slot off. */
	{ { .power = 2, .hotplug = HOTPLUG_READY, .buses = 4, .mmio_mib = 4 },
	    0, "hot", false },
	{ { .power = 2, .link = 1, .enabled = 1 }, 0, "unknown", true },
};

START_TEST(a_row)
{
	struct fabric_slot slot = rows[_i].slot;
	struct view *v;

	slot.number = 1;
	v = box(slot, (struct fabric_bridge){ .slot = 0 });
	ck_assert_str_eq(activation_word(activation_of(v, 1,
	    rows[_i].bridge)), rows[_i].word);
	ck_assert_int_eq(activation_runs(v, 1), rows[_i].runs);
	ck_assert_str_eq(activation_word(activation_of(v, 2, 0)), "unknown");
	view_free(v);
}
END_TEST

static const struct {
	struct fabric_bridge bridge;
	const char *word;
} seen_rows[] = {
	{ { .state = BRIDGE_BOUND, .presence = 1, .seen = SEEN_YES }, "yes" },
	{ { .state = BRIDGE_BOUND, .presence = 1, .seen = SEEN_NO }, "no" },
	{ { .state = BRIDGE_BOUND, .presence = 1 }, "unknown" },
	{ { .state = BRIDGE_BOUND, .seen = SEEN_YES }, "no" },
	{ { .state = BRIDGE_EMPTY, .seen = SEEN_YES }, "no" },
};

START_TEST(a_sight)
{
	struct fabric_bridge b = seen_rows[_i].bridge;
	struct view *v;

	b.slot = 1;
	b.bridge = 2;
	v = box((struct fabric_slot){ .number = 1 }, b);
	ck_assert_str_eq(activation_seen(v, 1, 2), seen_rows[_i].word);
	ck_assert_str_eq(activation_seen(v, 1, 3), "no");
	view_free(v);
}
END_TEST

START_TEST(each_has_its_words)
{
	for (int a = 0; a < ACTIVATION_N; a++) {
		ck_assert_uint_gt(strlen(activation_word(a)), 2);
		ck_assert_uint_gt(strlen(activation_when(a)), 5);
	}
}
END_TEST

SUITE("activation")
{
	tcase_add_loop_test(tc, a_row, 0, N_ROWS(rows));
	tcase_add_loop_test(tc, a_sight, 0, N_ROWS(seen_rows));
	tcase_add_test(tc, each_has_its_words);
}
