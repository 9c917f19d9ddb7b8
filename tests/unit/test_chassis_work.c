/*
 * test_chassis_work.c -- what is under way: order, limits, releases.
 */
#include "tests/test.h"

#include "tests/unit/support_box.h"

enum { RELEASE = 10000, ACK = 200 };

static struct box b;
static uint8_t row[MR_PERSONALITY_BYTES];

#define VF(n) fn_make(1, 1, FN_VF, (n))

static void
open_box(void)
{
	b = box_open("vio-4001");
}

static void
close_box(void)
{
	box_close(&b);
}

static uint8_t *
bridge_row(unsigned slot, unsigned bridge)
{
	box_row(&b, BOX_UP, MR_TABLE_BRIDGE, (slot - 1) * 32 + bridge, row);
	return row;
}

static uint8_t *
fn_row(fn_id id)
{
	box_fn_row(&b, id, MR_TABLE_FN, row);
	return row;
}

/* ---- under way ---- */

START_TEST(a_bind_takes_its_time)
{
	box_do(&b, "delay bind 300");
	ck_assert_uint_eq(box_bind(&b, 1, 2, VF(0)), MR_RES_PENDING);
	ck_assert_int_eq(chassis_due(b.chassis), b.now + 300);
	ck_assert_uint_eq(bridge_row(1, 2)[MR_BRIDGE_STATE], MR_BRIDGE_BINDING);
	ck_assert_uint_eq(row[MR_BRIDGE_PRESENCE], 0);
	ck_assert_uint_eq(box_num(row + MR_BRIDGE_OP, 8), 1);
	ck_assert_uint_eq(box_bind(&b, 1, 2, VF(1)), BOX_FAILED(MR_ERR_BUSY));
	b.now += 299;
	ck_assert_uint_eq(box_sees(&b, 1), 0);
	b.now += 1;
	ck_assert_uint_eq(box_sees(&b, 1), 1);
	ck_assert_uint_eq(bridge_row(1, 2)[MR_BRIDGE_STATE], MR_BRIDGE_BOUND);
	ck_assert_uint_eq(row[MR_BRIDGE_PRESENCE], 1);
	ck_assert_uint_eq(fn_row(VF(0))[MR_FN_STATE], MR_FN_BOUND);
	ck_assert_int_eq(chassis_due(b.chassis), INT64_MAX);
}
END_TEST

START_TEST(a_bind_to_a_slot_that_is_disabled_fails)
{
	ck_assert_uint_eq(box_slot_ctl(&b, 1, MR_CTL_DISABLE), MR_RES_DONE);
	ck_assert_uint_eq(box_bind(&b, 1, 0, VF(0)), BOX_FAILED(MR_ERR_DISABLED));
	box_do(&b, "delay bind 100");
	ck_assert_uint_eq(box_bind(&b, 2, 0, VF(0)), MR_RES_PENDING);
	ck_assert_uint_eq(box_slot_ctl(&b, 2, MR_CTL_DISABLE), MR_RES_DONE);
	b.now += 100;
	ck_assert_uint_eq(bridge_row(2, 0)[MR_BRIDGE_STATE], MR_BRIDGE_EMPTY);
	ck_assert_uint_eq(row[MR_BRIDGE_ERROR], MR_ERR_DISABLED);
	ck_assert_uint_eq(fn_row(VF(0))[MR_FN_STATE], MR_FN_FREE);
}
END_TEST

START_TEST(a_bind_whose_card_is_pulled_fails)
{
	box_do(&b, "delay bind 100");
	(void)box_bind(&b, 1, 0, VF(0));
	box_do(&b, "pull bay 1");
	ck_assert_uint_eq(bridge_row(1, 0)[MR_BRIDGE_STATE], MR_BRIDGE_EMPTY);
	ck_assert_uint_eq(row[MR_BRIDGE_ERROR], MR_ERR_ABSENT);
	b.now += 100;
	ck_assert_uint_eq(box_sees(&b, 1), 0);
}
END_TEST

START_TEST(only_so_many_are_under_way_at_once)
{
	box_do(&b, "delay bind 100");
	for (unsigned i = 0; i < 16; i++)
		ck_assert_uint_eq(box_bind(&b, 1, i, VF(i)), MR_RES_PENDING);
	ck_assert_uint_eq(box_bind(&b, 1, 16, VF(16)),
	    BOX_FAILED(MR_ERR_PARALLEL));
	ck_assert_uint_eq(box_fn_command(&b, MR_CMD_SCRUB, VF(20)),
	    BOX_FAILED(MR_ERR_PARALLEL));
	/* These two go before all others. */
	ck_assert_uint_eq(box_slot_ctl(&b, 9, MR_CTL_DISABLE), MR_RES_DONE);
	ck_assert_uint_eq(box_unbind(&b, 1, 3, MR_UNBIND_SURPRISE), MR_RES_DONE);
	ck_assert_uint_eq(bridge_row(1, 3)[MR_BRIDGE_STATE], MR_BRIDGE_EMPTY);
	b.now += 100;
	ck_assert_uint_eq(box_sees(&b, 1), 15);
	ck_assert_uint_eq(box_bind(&b, 1, 16, VF(16)), MR_RES_PENDING);
}
END_TEST

START_TEST(what_is_due_first_ends_first)
{
	json_t *log, *items;

	box_do(&b, "log clear");
	box_do(&b, "delay bind 100");
	(void)box_bind(&b, 1, 0, VF(0));
	box_do(&b, "delay bind 50");
	(void)box_bind(&b, 1, 1, VF(1));
	(void)box_bind(&b, 1, 2, VF(2));
	b.now += 500;
	log = box_ctl(&b, "log all");
	items = json_object_get(log, "items");
	ck_assert_uint_eq(json_array_size(items), 8);
	for (unsigned i = 5; i < 8; i++) {
		static const int want[] = { 1, 2, 0 };
		json_t *e = json_array_get(items, i);

		ck_assert_str_eq(json_string_value(json_object_get(e, "verb")),
		    "seen");
		ck_assert_int_eq(json_integer_value(json_object_get(e,
		    "bridge")), want[i - 5]);
		ck_assert_int_eq(json_integer_value(json_object_get(e, "ms")),
		    1000 + (i < 7 ? 50 : 100));
	}
	json_decref(log);
}
END_TEST

START_TEST(a_busy_function_cannot_be_bound)
{
	box_do(&b, "delay prepare 100");
	ck_assert_uint_eq(box_prepare(&b, VF(0), 2), MR_RES_PENDING);
	ck_assert_uint_eq(fn_row(VF(0))[MR_FN_STATE], MR_FN_PREPARING);
	ck_assert_uint_eq(box_bind(&b, 1, 0, VF(0)), BOX_FAILED(MR_ERR_BUSY));
	ck_assert_uint_eq(box_fn_command(&b, MR_CMD_SCRUB, VF(0)),
	    BOX_FAILED(MR_ERR_BUSY));
	b.now += 100;
	ck_assert_uint_eq(fn_row(VF(0))[MR_FN_BLANK], 0);
	ck_assert_uint_eq(box_bind(&b, 1, 0, VF(0)), MR_RES_DONE);
}
END_TEST

/* ---- release ---- */

START_TEST(a_server_acknowledges_an_orderly_release)
{
	(void)box_bind(&b, 1, 0, VF(0));
	ck_assert_uint_eq(box_unbind(&b, 1, 0, MR_UNBIND_ORDERLY),
	    MR_RES_PENDING);
	ck_assert_uint_eq(bridge_row(1, 0)[MR_BRIDGE_STATE],
	    MR_BRIDGE_RELEASING);
	b.now += ACK - 1;
	ck_assert_uint_eq(box_sees(&b, 1), 1);
	b.now += 1;
	ck_assert_uint_eq(box_sees(&b, 1), 0);
	ck_assert_uint_eq(bridge_row(1, 0)[MR_BRIDGE_STATE], MR_BRIDGE_EMPTY);
	ck_assert_uint_eq(row[MR_BRIDGE_ERROR], 0);
	ck_assert_uint_eq(row[MR_BRIDGE_N], 0);
}
END_TEST

static const char *const absences[] = {
	"power slot 1 off", "unplug slot 1", "delay unbind 10001",
};

START_TEST(a_server_that_is_not_there_acknowledges_nothing)
{
	(void)box_bind(&b, 1, 0, VF(0));
	box_do(&b, absences[_i]);
	ck_assert_uint_eq(box_unbind(&b, 1, 0, MR_UNBIND_ORDERLY),
	    MR_RES_PENDING);
	b.now += RELEASE - 1;
	ck_assert_uint_eq(bridge_row(1, 0)[MR_BRIDGE_STATE],
	    MR_BRIDGE_RELEASING);
	b.now += 1;
	ck_assert_uint_eq(bridge_row(1, 0)[MR_BRIDGE_STATE], MR_BRIDGE_BOUND);
	ck_assert_uint_eq(row[MR_BRIDGE_ERROR], MR_ERR_UNANSWERED);
	ck_assert_uint_eq(row[MR_BRIDGE_PRESENCE], 1);
	ck_assert_uint_eq(box_unbind(&b, 1, 0, MR_UNBIND_SURPRISE), MR_RES_DONE);
	ck_assert_uint_eq(bridge_row(1, 0)[MR_BRIDGE_STATE], MR_BRIDGE_EMPTY);
}
END_TEST

START_TEST(a_surprise_goes_before_an_orderly_release)
{
	(void)box_bind(&b, 1, 0, VF(0));
	(void)box_unbind(&b, 1, 0, MR_UNBIND_ORDERLY);
	ck_assert_uint_eq(box_unbind(&b, 1, 0, MR_UNBIND_ORDERLY),
	    BOX_FAILED(MR_ERR_BUSY));
	ck_assert_uint_eq(box_unbind(&b, 1, 0, MR_UNBIND_SURPRISE), MR_RES_DONE);
	ck_assert_uint_eq(box_sees(&b, 1), 0);
	ck_assert_int_eq(chassis_due(b.chassis), INT64_MAX);
}
END_TEST

START_TEST(a_disabled_slot_keeps_its_map)
{
	(void)box_bind(&b, 1, 0, VF(0));
	(void)box_slot_ctl(&b, 1, MR_CTL_DISABLE);
	ck_assert_uint_eq(box_sees(&b, 1), 0);
	box_row(&b, BOX_UP, MR_TABLE_SLOT, 0, row);
	ck_assert_uint_eq(row[MR_SLOT_LINK], 0);
	ck_assert_uint_eq(bridge_row(1, 0)[MR_BRIDGE_STATE], MR_BRIDGE_BOUND);
	(void)box_slot_ctl(&b, 1, MR_CTL_ENABLE);
	ck_assert_uint_eq(box_sees(&b, 1), 1);
}
END_TEST

SUITE("chassis_work")
{
	tcase_add_checked_fixture(tc, open_box, close_box);
	tcase_add_test(tc, a_bind_takes_its_time);
	tcase_add_test(tc, a_bind_to_a_slot_that_is_disabled_fails);
	tcase_add_test(tc, a_bind_whose_card_is_pulled_fails);
	tcase_add_test(tc, only_so_many_are_under_way_at_once);
	tcase_add_test(tc, what_is_due_first_ends_first);
	tcase_add_test(tc, a_busy_function_cannot_be_bound);
	tcase_add_test(tc, a_server_acknowledges_an_orderly_release);
	tcase_add_loop_test(tc,
	    a_server_that_is_not_there_acknowledges_nothing, 0,
	    N_ROWS(absences));
	tcase_add_test(tc, a_surprise_goes_before_an_orderly_release);
	tcase_add_test(tc, a_disabled_slot_keeps_its_map);
}
