/*
 * test_chassis_cmd.c -- the mailbox: every command and every "no".
 */
#include "tests/test.h"

#include "tests/unit/support_box.h"

static struct box b;

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

/* ---- one row per command and answer ---- */

struct request {
	const char *before;		/* control commands, by ';' */
	uint16_t rid;
	uint8_t command;
	uint8_t operand[16];
	uint8_t error;
};

/* Function ids as they stand on the wire: 0x00112000 is io1.1.vf0. */
#define VF0 0x00, 0x20, 0x11, 0x00
#define VF1 0x01, 0x20, 0x11, 0x00
#define OTHER_BAY 0x00, 0x20, 0x21, 0x00
#define NO_VF 0x3f, 0x20, 0x11, 0x00
#define NO_TYPE 0x00, 0x30, 0x11, 0x00
#define NO_PORT 0x00, 0x20, 0x13, 0x00
#define VD0 0x00, 0x40, 0x51, 0x00

static const struct request rows[] = {
	{ "", BOX_UP, MR_CMD_BIND, { 3, 0, 0, 1, VF0 }, 0 },
	{ "", BOX_UP, MR_CMD_BIND, { 3, 0, 31, 2, VF0, VF1 }, 0 },
	{ "map io1.1.vf0 3 0", BOX_UP, MR_CMD_BIND, { 3, 0, 0, 1, VF0 }, 0 },
	{ "map io1.1.vf0 4 0", BOX_UP, MR_CMD_BIND, { 3, 0, 0, 1, VF0 }, 0 },
	{ "", BOX_UP, MR_CMD_BIND, { 0, 0, 0, 1, VF0 }, MR_ERR_ABSENT },
	{ "", BOX_UP, MR_CMD_BIND, { 17, 0, 0, 1, VF0 }, MR_ERR_ABSENT },
	{ "", BOX_UP, MR_CMD_BIND, { 3, 0, 32, 1, VF0 }, MR_ERR_ABSENT },
	{ "", BOX_UP, MR_CMD_BIND, { 3, 0, 0, 1, NO_VF }, MR_ERR_ABSENT },
	{ "", BOX_UP, MR_CMD_BIND, { 3, 0, 0, 1, NO_TYPE }, MR_ERR_ABSENT },
	{ "", BOX_UP, MR_CMD_BIND, { 3, 0, 0, 1, NO_PORT }, MR_ERR_ABSENT },
	{ "", BOX_UP, MR_CMD_BIND, { 3, 0, 0, 1 }, MR_ERR_ABSENT },
	{ "pull bay 1", BOX_UP, MR_CMD_BIND, { 3, 0, 0, 1, VF0 },
	    MR_ERR_ABSENT },
	{ "", BOX_UP, MR_CMD_BIND, { 3, 0, 0, 0, VF0 }, MR_ERR_OPERAND },
	{ "", BOX_UP, MR_CMD_BIND, { 3, 0, 0, 9, VF0 }, MR_ERR_OPERAND },
	{ "", BOX_UP, MR_CMD_BIND, { 3, 0, 0, 2, VF0, VF0 }, MR_ERR_OPERAND },
	{ "", BOX_UP, MR_CMD_BIND, { 3, 0, 0, 2, VF0, OTHER_BAY },
	    MR_ERR_OPERAND },
	{ "map io1.1.vf0 3 0", BOX_UP, MR_CMD_BIND, { 3, 0, 0, 1, VF1 },
	    MR_ERR_OCCUPIED },
	{ "map io1.1.vf0 3 0", BOX_UP, MR_CMD_BIND, { 3, 0, 0, 2, VF0, VF1 },
	    MR_ERR_OCCUPIED },
	{ "map io1.1.vf0 3 0;pull bay 1;insert bay 1 X520-SR2 X520-0001",
	    BOX_UP, MR_CMD_BIND, { 3, 0, 0, 1, VF0 }, MR_ERR_OCCUPIED },

	{ "", BOX_UP, MR_CMD_UNBIND, { 3, 0, 0, 0 }, 0 },
	{ "map io1.1.vf0 3 0", BOX_UP, MR_CMD_UNBIND, { 3, 0, 0, 1 }, 0 },
	{ "map io1.1.vf0 3 0;pull bay 1", BOX_UP, MR_CMD_UNBIND, { 3, 0, 0, 0 },
	    0 },
	{ "", BOX_UP, MR_CMD_UNBIND, { 99, 0, 0, 0 }, MR_ERR_ABSENT },
	{ "", BOX_UP, MR_CMD_UNBIND, { 3, 0, 40, 0 }, MR_ERR_ABSENT },
	{ "", BOX_UP, MR_CMD_UNBIND, { 3, 0, 0, 2 }, MR_ERR_OPERAND },

	{ "", BOX_UP, MR_CMD_SLOT_CTL, { 3, 0, MR_CTL_ENABLE }, 0 },
	{ "", BOX_UP, MR_CMD_SLOT_CTL, { 3, 0, MR_CTL_DISABLE }, 0 },
	{ "", BOX_UP, MR_CMD_SLOT_CTL, { 3, 0, MR_CTL_LOCATE_ON }, 0 },
	{ "", BOX_UP, MR_CMD_SLOT_CTL, { 3, 0, MR_CTL_FORWARDING },
	    MR_ERR_OPERAND },
	{ "", BOX_UP, MR_CMD_SLOT_CTL, { 3, 0, 0 }, MR_ERR_OPERAND },
	{ "", BOX_UP, MR_CMD_SLOT_CTL, { 0, 1, 1 }, MR_ERR_ABSENT },
	{ "", BOX_UP, MR_CMD_SLOT_RESET, { 16 }, 0 },
	{ "", BOX_UP, MR_CMD_SLOT_RESET, { 0 }, MR_ERR_ABSENT },

	{ "", BOX_UP, MR_CMD_BAY_CTL, { 1, 0, MR_CTL_DISABLE }, 0 },
	{ "", BOX_UP, MR_CMD_BAY_CTL, { 1, 0, MR_CTL_LOCATE_ON }, 0 },
	{ "pull bay 1", BOX_UP, MR_CMD_BAY_CTL, { 1, 0, MR_CTL_LOCATE_ON }, 0 },
	{ "pull bay 1", BOX_UP, MR_CMD_BAY_CTL, { 1, 0, MR_CTL_ENABLE },
	    MR_ERR_ABSENT },
	{ "", BOX_UP, MR_CMD_BAY_CTL, { 6, 0, 1 }, MR_ERR_ABSENT },
	{ "", BOX_UP, MR_CMD_BAY_CTL, { 1, 0, MR_CTL_FORWARDING },
	    MR_ERR_OPERAND },
	{ "", BOX_UP, MR_CMD_BAY_RESET, { 1 }, 0 },
	{ "pull bay 1", BOX_UP, MR_CMD_BAY_RESET, { 1 }, MR_ERR_ABSENT },
	{ "", BOX_UP, MR_CMD_BAY_RESET, { 0 }, MR_ERR_ABSENT },

	{ "", 0x300, MR_CMD_PREPARE, { VF0, 0, 0, 0, 0, 1 }, 0 },
	{ "map io1.1.vf0 3 0", 0x300, MR_CMD_PREPARE, { VF0, 0, 0, 0, 0, 1 }, 0 },
	{ "", 0x300, MR_CMD_PREPARE, { VF0, 0, 0, 0, 0, 0 }, MR_ERR_OPERAND },
	{ "", 0x300, MR_CMD_PREPARE, { VF0, 0, 0, 0, 0, 2 }, MR_ERR_OPERAND },
	{ "", 0x300, MR_CMD_PREPARE, { VF0, 0, 0, 0, 0, 1, 65 },
	    MR_ERR_OPERAND },
	{ "", 0x300, MR_CMD_PREPARE, { VF0, 0, 0, 0, 0, 1, 1 },
	    MR_ERR_OPERAND },		/* VLAN 0 */
	{ "", 0x300, MR_CMD_PREPARE, { VF0, 0, 0, 0, 0, 1, 0, 5 },
	    MR_ERR_OPERAND },
	{ "", 0x300, MR_CMD_PREPARE, { VF0, 0, 0, 0, 0, 1, 0, 0, 1 },
	    MR_ERR_OPERAND },		/* a NIC has no disks */
	{ "", 0x300, MR_CMD_PREPARE, { VF0, 0, 0, 0, 0, 1, 0, 0, 0, 0xff, 0x0f },
	    MR_ERR_OPERAND },		/* native 4095 */
	{ "", 0x300, MR_CMD_PREPARE, { VF0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8 },
	    MR_ERR_OPERAND },
	{ "", 0x300, MR_CMD_PREPARE, { VF0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 16 },
	    MR_ERR_OPERAND },
	{ "", 0xb00, MR_CMD_PREPARE, { VD0, 0, 0, 0, 0, 3, 0, 0, 17 },
	    MR_ERR_OPERAND },
	{ "", 0xb00, MR_CMD_PREPARE, { VD0, 0, 0, 0, 0, 3, 0, 0, 1 }, 0 },
	{ "", 0x300, MR_CMD_PREPARE, { OTHER_BAY, 0, 0, 0, 0, 1 },
	    MR_ERR_ABSENT },
	{ "", 0x300, MR_CMD_SCRUB, { VF0 }, 0 },
	{ "map io1.1.vf0 3 0", 0x300, MR_CMD_SCRUB, { VF0 }, 0 },
	{ "", 0x300, MR_CMD_SCRUB, { OTHER_BAY }, MR_ERR_ABSENT },
	{ "", 0x300, MR_CMD_FN_RESET, { VF0 }, 0 },
	{ "", 0x300, MR_CMD_FN_RESET, { 0 }, MR_ERR_ABSENT },

	{ "", 0x300, MR_CMD_PORT_CTL, { 2, MR_CTL_DISABLE }, 0 },
	{ "", 0x300, MR_CMD_PORT_CTL, { 1, MR_CTL_FORWARDING, 2 }, 0 },
	{ "", 0x300, MR_CMD_PORT_CTL, { 1, MR_CTL_FORWARDING, 3 },
	    MR_ERR_OPERAND },
	{ "", 0x700, MR_CMD_PORT_CTL, { 1, MR_CTL_FORWARDING, 1 },
	    MR_ERR_OPERAND },
	{ "", 0x300, MR_CMD_PORT_CTL, { 1, MR_CTL_LOCATE_ON }, MR_ERR_OPERAND },
	{ "", 0x300, MR_CMD_PORT_CTL, { 0, MR_CTL_ENABLE }, MR_ERR_ABSENT },
	{ "", 0x300, MR_CMD_PORT_CTL, { 3, MR_CTL_ENABLE }, MR_ERR_ABSENT },

	{ "", 0xb00, MR_CMD_DISK_MAKE, { 63, 0, 10, 0, 0, 4 }, 0 },
	{ "", 0xb00, MR_CMD_DISK_MAKE, { 64, 0, 1, 0, 0, 4 }, MR_ERR_ABSENT },
	{ "", 0xb00, MR_CMD_DISK_MAKE, { 0, 0, 2, 0, 0, 4 }, MR_ERR_OPERAND },
	{ "", 0xb00, MR_CMD_DISK_MAKE, { 0, 0, 1, 0 }, MR_ERR_OPERAND },
	{ "", 0xb00, MR_CMD_DISK_MAKE, { 0, 0, 1, 0, 0, 0, 0, 1 },
	    MR_ERR_CAPACITY },
	{ "", 0x300, MR_CMD_DISK_MAKE, { 0, 0, 1, 0, 0, 4 }, MR_ERR_ABSENT },
	{ "", 0xb00, MR_CMD_DISK_DESTROY, { 0 }, 0 },
	{ "", 0xb00, MR_CMD_DISK_DESTROY, { 64 }, MR_ERR_ABSENT },
	{ "set io5.1.vd3 disks 0,1", 0xb00, MR_CMD_DISK_DESTROY, { 1 },
	    MR_ERR_IN_USE },

	{ "", BOX_UP, 0, { 0 }, MR_ERR_COMMAND },
	{ "", BOX_UP, 7, { 0 }, MR_ERR_COMMAND },
	{ "", BOX_UP, MR_CMD_PREPARE, { VF0 }, MR_ERR_COMMAND },
	{ "", 0x300, MR_CMD_BIND, { 3, 0, 0, 1, VF0 }, MR_ERR_COMMAND },
	{ "", 0x300, 22, { 0 }, MR_ERR_COMMAND },
};

START_TEST(a_command_is_answered)
{
	const struct request *want = &rows[_i];

	box_do_all(&b, want->before);
	memcpy(b.operand, want->operand, sizeof(want->operand));
	ck_assert_uint_eq(box_run(&b, want->rid, want->command),
	    want->error == 0 ? MR_RES_DONE : BOX_FAILED(want->error));
}
END_TEST

/* What was refused changed nothing: not the rows, not what servers see. */
START_TEST(a_refused_command_changes_nothing)
{
	const struct request *want = &rows[_i];
	uint32_t change;

	if (want->error == 0)
		return;
	box_do_all(&b, want->before);
	change = box_get(&b, BOX_UP, MR_CHANGE);
	memcpy(b.operand, want->operand, sizeof(want->operand));
	(void)box_run(&b, want->rid, want->command);
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_CHANGE), change);
}
END_TEST

START_TEST(an_older_term_is_refused_everywhere)
{
	b.term = 5;
	ck_assert_uint_eq(box_bind(&b, 1, 0, VF(0)), MR_RES_DONE);
	b.term = 4;
	ck_assert_uint_eq(box_bind(&b, 2, 0, VF(1)), BOX_FAILED(MR_ERR_TERM));
	ck_assert_uint_eq(box_prepare(&b, fn_make(2, 1, FN_VF, 0), 2),
	    BOX_FAILED(MR_ERR_TERM));
	ck_assert_uint_eq(box_unbind(&b, 1, 0, MR_UNBIND_SURPRISE),
	    BOX_FAILED(MR_ERR_TERM));
	ck_assert_uint_eq(box_sees(&b, 1), 1);
	ck_assert_uint_eq(box_sees(&b, 2), 0);
	b.term = UINT64_C(0x100000000);
	ck_assert_uint_eq(box_bind(&b, 2, 0, VF(1)), MR_RES_DONE);
	ck_assert_uint_eq(box_get(&b, 0x300, MR_TERM_LO), 0);
	ck_assert_uint_eq(box_get(&b, 0x300, MR_TERM_HI), 1);
}
END_TEST

START_TEST(term_and_operation_are_not_zero)
{
	b.term = 0;
	ck_assert_uint_eq(box_bind(&b, 1, 0, VF(0)), BOX_FAILED(MR_ERR_OPERAND));
	b.term = 1;
	b.op = 0;
	ck_assert_uint_eq(box_bind(&b, 1, 0, VF(0)), BOX_FAILED(MR_ERR_OPERAND));
}
END_TEST

START_TEST(the_same_operation_is_not_obeyed_twice)
{
	ck_assert_uint_eq(box_bind(&b, 1, 0, VF(0)), MR_RES_DONE);
	box_do(&b, "unmap 1 0");
	b.op--;
	ck_assert_uint_eq(box_bind(&b, 1, 0, VF(0)), MR_RES_DONE);
	ck_assert_uint_eq(box_sees(&b, 1), 0);
	box_do(&b, "delay bind 50");
	ck_assert_uint_eq(box_bind(&b, 1, 0, VF(0)), MR_RES_PENDING);
	b.op--;
	ck_assert_uint_eq(box_bind(&b, 1, 0, VF(0)), MR_RES_PENDING);
	b.now += 50;
	b.op--;
	ck_assert_uint_eq(box_bind(&b, 1, 0, VF(0)), MR_RES_DONE);
	ck_assert_uint_eq(box_sees(&b, 1), 1);
	box_do(&b, "fault unbind error before");
	ck_assert_uint_eq(box_unbind(&b, 1, 0, 1), BOX_FAILED(MR_ERR_INTERNAL));
	b.op--;
	ck_assert_uint_eq(box_unbind(&b, 1, 0, 1), BOX_FAILED(MR_ERR_INTERNAL));
	ck_assert_uint_eq(box_sees(&b, 1), 1);
}
END_TEST

SUITE("chassis_cmd")
{
	tcase_add_checked_fixture(tc, open_box, close_box);
	tcase_add_loop_test(tc, a_command_is_answered, 0, N_ROWS(rows));
	tcase_add_loop_test(tc, a_refused_command_changes_nothing, 0,
	    N_ROWS(rows));
	tcase_add_test(tc, an_older_term_is_refused_everywhere);
	tcase_add_test(tc, term_and_operation_are_not_zero);
	tcase_add_test(tc, the_same_operation_is_not_obeyed_twice);
}
