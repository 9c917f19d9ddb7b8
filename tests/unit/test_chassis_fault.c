/*
 * test_chassis_fault.c -- every fault with every verb; hands that come later.
 */
#include "tests/test.h"

#include <stdio.h>

#include "tests/unit/support_box.h"

enum { LATE = 60000, ACK = 200 };

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
fn_row(fn_id id)
{
	box_fn_row(&b, id, MR_TABLE_FN, row);
	return row;
}

static unsigned
disk_make(unsigned number, unsigned raid, uint32_t mib)
{
	box_set(b.operand, 2, number);
	b.operand[2] = (uint8_t)raid;
	box_set(b.operand + 4, 4, mib);
	return box_run(&b, 0xb00, MR_CMD_DISK_MAKE);
}

#define VF0 0x00, 0x20, 0x11, 0x00

/* ---- every fault with every verb ---- */

static const struct verb {
	const char *name;
	const char *before;
	uint16_t rid;
	uint8_t command;
	uint8_t operand[16];
} verbs[] = {
	{ "prepare", "", 0x300, MR_CMD_PREPARE, { VF0, 0, 0, 0, 0, 1 } },
	{ "bind", "", BOX_UP, MR_CMD_BIND, { 1, 0, 0, 1, VF0 } },
	{ "unbind", "map io1.1.vf0 1 0", BOX_UP, MR_CMD_UNBIND, { 1, 0, 0, 1 } },
	{ "unbind", "map io1.1.vf0 1 0", BOX_UP, MR_CMD_UNBIND, { 1, 0, 0, 0 } },
	{ "scrub", "set io1.1.vf0 mac 02:00:00:00:00:01", 0x300, MR_CMD_SCRUB,
	    { VF0 } },
	{ "slot_ctl", "", BOX_UP, MR_CMD_SLOT_CTL, { 1, 0, MR_CTL_DISABLE } },
	{ "module_ctl", "", BOX_UP, MR_CMD_BAY_CTL, { 1, 0, MR_CTL_LOCATE_ON } },
	{ "module_ctl", "", 0x300, MR_CMD_PORT_CTL, { 1, MR_CTL_DISABLE } },
	{ "reset", "set io1.1.vf0 mac 02:00:00:00:00:01", BOX_UP,
	    MR_CMD_BAY_RESET, { 1 } },
	{ "disk_make", "", 0xb00, MR_CMD_DISK_MAKE, { 0, 0, 1, 0, 0, 4 } },
	{ "disk_destroy", "", 0xb00, MR_CMD_DISK_DESTROY, { 5 } },
};

/* The state that a verb changes, as one number: 0 as it was. */
static uint64_t
state_of(const struct verb *v)
{
	switch (v->command) {
	case MR_CMD_PREPARE:
		return fn_row(VF(0))[MR_FN_BLANK] == 0;
	case MR_CMD_BIND:
		return box_sees(&b, 1) == 1;
	case MR_CMD_UNBIND:
		return box_sees(&b, 1) == 0;
	case MR_CMD_SCRUB:
	case MR_CMD_BAY_RESET:
		return fn_row(VF(0))[MR_FN_BLANK] == 1;
	case MR_CMD_SLOT_CTL:
		box_row(&b, BOX_UP, MR_TABLE_SLOT, 0, row);
		return row[MR_SLOT_ENABLED] == 0;
	case MR_CMD_BAY_CTL:
		box_row(&b, BOX_UP, MR_TABLE_BAY, 0, row);
		return row[MR_BAY_LOCATE] == 1;
	case MR_CMD_PORT_CTL:
		box_row(&b, 0x300, MR_TABLE_PORT, 0, row);
		return row[MR_PORT_ENABLED] == 0;
	case MR_CMD_DISK_MAKE:
		box_row(&b, 0xb00, MR_TABLE_DISK, 0, row);
		return row[MR_DISK_STATE] == 1;
	case MR_CMD_DISK_DESTROY:
		box_row(&b, 0xb00, MR_TABLE_DISK, 5, row);
		return row[MR_DISK_STATE] == 0;
	default:
		ck_abort_msg("verb");
	}
}

static const struct {
	const char *mode, *when;
	unsigned answer;
	bool at_once, in_the_end;	/* did it take effect? */
} faults[] = {
	{ "error", "before", BOX_FAILED(MR_ERR_INTERNAL), false, false },
	{ "error", "after", BOX_FAILED(MR_ERR_INTERNAL), true, true },
	{ "timeout", "before", MR_RES_PENDING, false, false },
	{ "timeout", "after", MR_RES_PENDING, true, true },
	{ "late", "before", MR_RES_PENDING, false, true },
	{ "late", "after", MR_RES_PENDING, true, true },
};

START_TEST(every_fault_with_every_verb)
{
	const struct verb *v = &verbs[_i % N_ROWS(verbs)];
	int k = _i / N_ROWS(verbs);
	char line[64];

	if (v->command == MR_CMD_DISK_DESTROY)
		ck_assert_uint_eq(disk_make(5, 0, 9), MR_RES_DONE);
	box_do_all(&b, v->before);
	(void)snprintf(line, sizeof(line), "fault %s %s %s", v->name,
	    faults[k].mode, faults[k].when);
	box_do(&b, line);
	memcpy(b.operand, v->operand, sizeof(v->operand));
	ck_assert_uint_eq(box_run(&b, v->rid, v->command), faults[k].answer);
	ck_assert_int_eq(state_of(v) != 0, faults[k].at_once);
	b.now += 9 * LATE;
	ck_assert_int_eq(state_of(v) != 0, faults[k].in_the_end);
	/* The fault is spent: the same wish as a new operation is obeyed. */
	memcpy(b.operand, v->operand, sizeof(v->operand));
	ck_assert_uint_eq(box_run(&b, v->rid, v->command) & 0xff,
	    v->command == MR_CMD_UNBIND && v->operand[3] == 0 &&
	    !faults[k].in_the_end ? MR_RES_PENDING : MR_RES_DONE);
	b.now += ACK;
	ck_assert_int_eq(state_of(v) != 0, 1);
}
END_TEST

START_TEST(a_fault_counts_what_passed_the_checks)
{
	box_do(&b, "fault bind error before 2");
	ck_assert_uint_eq(box_bind(&b, 99, 0, VF(0)), BOX_FAILED(MR_ERR_ABSENT));
	for (unsigned i = 0; i < 2; i++)
		ck_assert_uint_eq(box_bind(&b, 1, 0, VF(0)),
		    BOX_FAILED(MR_ERR_INTERNAL));
	ck_assert_uint_eq(box_bind(&b, 1, 0, VF(0)), MR_RES_DONE);
	box_do(&b, "fault bind error before 5");
	box_do(&b, "fault bind none");
	ck_assert_uint_eq(box_bind(&b, 1, 1, VF(1)), MR_RES_DONE);
}
END_TEST

START_TEST(late_is_ten_times_the_delay)
{
	box_do(&b, "delay bind 30");
	box_do(&b, "fault bind late before");
	ck_assert_uint_eq(box_bind(&b, 1, 0, VF(0)), MR_RES_PENDING);
	ck_assert_int_eq(chassis_due(b.chassis), b.now + 300);
}
END_TEST

START_TEST(a_failed_scrub_shows)
{
	box_do(&b, "fault scrub error before");
	(void)box_fn_command(&b, MR_CMD_SCRUB, VF(0));
	ck_assert_uint_eq(fn_row(VF(0))[MR_FN_STATE], MR_FN_FAILED);
	ck_assert_uint_eq(row[MR_FN_ERROR], MR_ERR_INTERNAL);
	(void)box_fn_command(&b, MR_CMD_SCRUB, VF(0));
	ck_assert_uint_eq(fn_row(VF(0))[MR_FN_STATE], MR_FN_FREE);
}
END_TEST

START_TEST(a_hanging_bind_gives_way)
{
	box_do(&b, "fault bind timeout before");
	(void)box_bind(&b, 1, 0, VF(0));
	ck_assert_uint_eq(box_bind(&b, 1, 0, VF(1)), MR_RES_DONE);
	ck_assert_uint_eq(fn_row(VF(0))[MR_FN_STATE], MR_FN_FREE);
	ck_assert_uint_eq(fn_row(VF(1))[MR_FN_STATE], MR_FN_BOUND);
	ck_assert_uint_eq(box_sees(&b, 1), 1);
}
END_TEST

/* ---- hands that come later ---- */

START_TEST(a_hand_comes_after_the_nth_command)
{
	box_do(&b, "at 2 unplug slot 1");
	box_do(&b, "at 2 in 3000 plug slot 1");
	(void)box_bind(&b, 1, 0, VF(0));
	ck_assert_uint_eq(box_sees(&b, 1), 1);
	b.op--;			/* the same operation again does not count */
	(void)box_bind(&b, 1, 0, VF(0));
	ck_assert_uint_eq(box_sees(&b, 1), 1);
	(void)box_bind(&b, 1, 1, VF(1));
	ck_assert_uint_eq(box_sees(&b, 1), 0);
	ck_assert_int_eq(chassis_due(b.chassis), b.now + 3000);
	b.now += 2999;
	ck_assert_uint_eq(box_sees(&b, 1), 0);
	b.now++;
	ck_assert_uint_eq(box_sees(&b, 1), 2);
	ck_assert_int_eq(chassis_due(b.chassis), INT64_MAX);
}
END_TEST

START_TEST(what_was_to_come_is_taken_back)
{
	box_do(&b, "in 50 unplug slot 1");
	box_do(&b, "at 1 pull bay 1");
	box_do(&b, "at none");
	(void)box_bind(&b, 1, 0, VF(0));
	b.now += 100;
	ck_assert_uint_eq(box_sees(&b, 1), 1);
}
END_TEST

static const char *const no_hands[] = { "at 0 reset", "at 1 log", "at 1 pull",
	"at x reset", "in 1 nothing", "in -1 reset", "at 1 at 1 help" };

START_TEST(only_a_hand_may_come_later)
{
	json_t *answer = box_ctl(&b, no_hands[_i]);

	ck_assert_ptr_nonnull(json_object_get(answer, "error"));
	json_decref(answer);
	ck_assert_int_eq(chassis_due(b.chassis), INT64_MAX);
}
END_TEST

SUITE("chassis_fault")
{
	tcase_add_checked_fixture(tc, open_box, close_box);
	tcase_add_loop_test(tc, every_fault_with_every_verb, 0,
	    N_ROWS(verbs) * N_ROWS(faults));
	tcase_add_test(tc, a_fault_counts_what_passed_the_checks);
	tcase_add_test(tc, late_is_ten_times_the_delay);
	tcase_add_test(tc, a_failed_scrub_shows);
	tcase_add_test(tc, a_hanging_bind_gives_way);
	tcase_add_test(tc, a_hand_comes_after_the_nth_command);
	tcase_add_test(tc, what_was_to_come_is_taken_back);
	tcase_add_loop_test(tc, only_a_hand_may_come_later, 0,
	    N_ROWS(no_hands));
}
