/*
 * test_chassis_card.c -- personalities, resets, modules, disks.
 */
#include "tests/test.h"

#include "tests/unit/support_box.h"

static struct box b;
static uint8_t row[MR_PERSONALITY_BYTES];

#define VF(n) fn_make(1, 1, FN_VF, (n))
#define VD(n) fn_make(5, 1, FN_VD, (n))

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

/* ---- personality ---- */

static uint8_t *
persona(fn_id id)
{
	box_fn_row(&b, id, MR_TABLE_PERSONALITY, row);
	return row;
}

START_TEST(a_personality_is_kept_until_the_scrub)
{
	(void)box_prepare(&b, VF(0), 0x020000000001);
	ck_assert_uint_eq(box_num(persona(VF(0)) + MR_PS_MAC, 8),
	    0x020000000001);
	(void)box_bind(&b, 1, 0, VF(0));
	(void)box_unbind(&b, 1, 0, 1);
	ck_assert_uint_eq(box_num(persona(VF(0)) + MR_PS_MAC, 8),
	    0x020000000001);
	ck_assert_uint_eq(fn_row(VF(0))[MR_FN_BLANK], 0);
	(void)box_fn_command(&b, MR_CMD_SCRUB, VF(0));
	persona(VF(0));
	for (unsigned i = 0; i < sizeof(row); i++)
		ck_assert_uint_eq(row[i], 0);
	ck_assert_uint_eq(fn_row(VF(0))[MR_FN_BLANK], 1);
}
END_TEST

START_TEST(a_personality_is_live_at_once)
{
	json_t *s, *f;

	(void)box_bind(&b, 1, 0, VF(0));
	(void)box_prepare(&b, VF(0), 0x020000000001);
	s = box_ctl(&b, "server 1");
	f = json_array_get(json_object_get(s, "functions"), 0);
	ck_assert_str_eq(json_string_value(json_object_get(f, "mac")),
	    "02:00:00:00:00:01");
	ck_assert_int_eq(json_integer_value(json_array_get(json_object_get(f,
	    "vlans"), 0)), 120);
	json_decref(s);
}
END_TEST

START_TEST(a_function_reset_loses_the_rate_only)
{
	(void)box_prepare(&b, VF(0), 0x020000000001);
	(void)box_fn_command(&b, MR_CMD_FN_RESET, VF(0));
	persona(VF(0));
	ck_assert_uint_eq(box_num(row + MR_PS_LIMIT, 4), 0);
	ck_assert_uint_eq(box_num(row + MR_PS_MAC, 8), 0x020000000001);
	ck_assert_uint_eq(box_num(row + MR_PS_VLANS, 2), 120);
	ck_assert_uint_eq(fn_row(VF(0))[MR_FN_BLANK], 0);
}
END_TEST

START_TEST(another_link_speed_loses_the_rate)
{
	(void)box_prepare(&b, VF(0), 2);
	box_do(&b, "speed bay 1 port 1 0");
	box_do(&b, "speed bay 1 port 1 10000");
	ck_assert_uint_eq(box_num(persona(VF(0)) + MR_PS_LIMIT, 4), 1000);
	box_do(&b, "speed bay 1 port 1 1000");
	ck_assert_uint_eq(box_num(persona(VF(0)) + MR_PS_LIMIT, 4), 0);
}
END_TEST

START_TEST(a_slot_reset_stays_in_its_domain)
{
	(void)box_prepare(&b, VF(0), 2);
	(void)box_bind(&b, 1, 0, VF(0));
	box_set(b.operand, 2, 1);
	ck_assert_uint_eq(box_run(&b, BOX_UP, MR_CMD_SLOT_RESET), MR_RES_DONE);
	ck_assert_uint_eq(box_num(persona(VF(0)) + MR_PS_LIMIT, 4), 1000);
	ck_assert_uint_eq(box_sees(&b, 1), 1);
}
END_TEST

START_TEST(a_module_reset_takes_everything)
{
	(void)box_prepare(&b, VF(0), 2);
	(void)box_bind(&b, 1, 0, VF(0));
	(void)box_bind(&b, 2, 0, fn_make(2, 1, FN_VF, 0));
	box_set(b.operand, 2, 1);
	ck_assert_uint_eq(box_run(&b, BOX_UP, MR_CMD_BAY_RESET), MR_RES_DONE);
	ck_assert_uint_eq(bridge_row(1, 0)[MR_BRIDGE_PRESENCE], 0);
	ck_assert_uint_eq(row[MR_BRIDGE_STATE], MR_BRIDGE_BOUND);
	ck_assert_uint_eq(fn_row(VF(0))[MR_FN_STATE], MR_FN_FREE);
	ck_assert_uint_eq(row[MR_FN_BLANK], 1);
	ck_assert_uint_eq(box_sees(&b, 2), 1);
}
END_TEST

START_TEST(a_module_without_power_is_not_there)
{
	uint16_t rids[32];

	(void)box_prepare(&b, VF(0), 2);
	(void)box_bind(&b, 1, 0, VF(0));
	box_set(b.operand, 2, 1);
	b.operand[2] = MR_CTL_DISABLE;
	ck_assert_uint_eq(box_run(&b, BOX_UP, MR_CMD_BAY_CTL), MR_RES_DONE);
	ck_assert_uint_eq(chassis_list(b.chassis, rids, 32), 14);
	ck_assert_uint_eq(box_sees(&b, 1), 0);
	ck_assert_uint_eq(box_bind(&b, 2, 0, VF(1)), BOX_FAILED(MR_ERR_ABSENT));
	box_set(b.operand, 2, 1);
	b.operand[2] = MR_CTL_ENABLE;
	ck_assert_uint_eq(box_run(&b, BOX_UP, MR_CMD_BAY_CTL), MR_RES_DONE);
	/* Its flash remembers; its server has to be given it again. */
	ck_assert_uint_eq(box_num(persona(VF(0)) + MR_PS_MAC, 8), 2);
	ck_assert_uint_eq(box_sees(&b, 1), 0);
}
END_TEST

START_TEST(a_pulled_card_comes_back_as_it_was)
{
	(void)box_prepare(&b, VF(0), 2);
	(void)box_bind(&b, 1, 0, VF(0));
	box_do(&b, "pull bay 1");
	ck_assert_uint_eq(bridge_row(1, 0)[MR_BRIDGE_N], 1);
	ck_assert_uint_eq(row[MR_BRIDGE_PRESENCE], 0);
	ck_assert_uint_eq(box_num(row + MR_BRIDGE_FN, 4), VF(0));
	box_do(&b, "pull bay 2");
	box_do(&b, "insert bay 2 X520-SR2 X520-0001");
	ck_assert_uint_eq(box_num(persona(fn_make(2, 1, FN_VF, 0)) + MR_PS_MAC,
	    8), 2);
	ck_assert_uint_eq(fn_row(fn_make(2, 1, FN_VF, 0))[MR_FN_STATE],
	    MR_FN_FREE);
	ck_assert_uint_eq(box_sees(&b, 1), 0);
}
END_TEST

/* ---- disks ---- */

static unsigned
disk_make(unsigned number, unsigned raid, uint32_t mib)
{
	box_set(b.operand, 2, number);
	b.operand[2] = (uint8_t)raid;
	box_set(b.operand + 4, 4, mib);
	return box_run(&b, 0xb00, MR_CMD_DISK_MAKE);
}

START_TEST(a_disk_is_made_once)
{
	ck_assert_uint_eq(disk_make(7, 1, 1024), MR_RES_DONE);
	ck_assert_uint_eq(disk_make(7, 1, 1024), MR_RES_DONE);
	ck_assert_uint_eq(disk_make(7, 5, 1024), BOX_FAILED(MR_ERR_OCCUPIED));
	ck_assert_uint_eq(disk_make(7, 1, 1025), BOX_FAILED(MR_ERR_OCCUPIED));
	box_row(&b, 0xb00, MR_TABLE_DISK, 7, row);
	ck_assert_uint_eq(row[MR_DISK_STATE], 1);
	ck_assert_uint_eq(row[MR_DISK_RAID], 1);
	box_set(b.operand, 2, 7);
	ck_assert_uint_eq(box_run(&b, 0xb00, MR_CMD_DISK_DESTROY), MR_RES_DONE);
	box_row(&b, 0xb00, MR_TABLE_DISK, 7, row);
	ck_assert_uint_eq(row[MR_DISK_STATE], 0);
}
END_TEST

/* The most that fits on eight empty drives of 571,776 MiB. */
static const struct {
	unsigned raid;
	uint32_t mib;
} capacities[] = {
	{ 0, 4574208 }, { 1, 2287104 }, { 5, 4002432 }, { 6, 3430656 },
	{ 10, 2287104 }, { 50, 3430656 }, { 60, 2287104 },
};

START_TEST(a_raid_level_needs_its_room)
{
	ck_assert_uint_eq(disk_make(0, capacities[_i].raid,
	    capacities[_i].mib + 1), BOX_FAILED(MR_ERR_CAPACITY));
	ck_assert_uint_eq(disk_make(0, capacities[_i].raid, capacities[_i].mib),
	    MR_RES_DONE);
	ck_assert_uint_eq(disk_make(1, 0, 1), BOX_FAILED(MR_ERR_CAPACITY));
}
END_TEST

START_TEST(two_disks_under_way_do_not_share_their_room)
{
	box_do(&b, "delay disk_make 10");
	ck_assert_uint_eq(disk_make(0, 0, 4000000), MR_RES_PENDING);
	ck_assert_uint_eq(disk_make(1, 0, 4000000), MR_RES_PENDING);
	b.now += 10;
	box_row(&b, 0xb00, MR_TABLE_DISK, 0, row);
	ck_assert_uint_eq(row[MR_DISK_STATE], 1);
	box_row(&b, 0xb00, MR_TABLE_DISK, 1, row);
	ck_assert_uint_eq(row[MR_DISK_STATE], 0);
	ck_assert_uint_eq(row[MR_DISK_ERROR], MR_ERR_CAPACITY);
}
END_TEST

START_TEST(a_disk_row_tells_to_whom_it_is_shown)
{
	(void)disk_make(2, 1, 1024);
	box_set(b.operand, 4, VD(9));
	b.operand[8 + MR_PS_KIND] = 3;
	b.operand[8 + MR_PS_N_DISKS] = 1;
	box_set(b.operand + 8 + MR_PS_DISKS, 2, 2);
	ck_assert_uint_eq(box_run(&b, 0xb00, MR_CMD_PREPARE), MR_RES_DONE);
	box_row(&b, 0xb00, MR_TABLE_DISK, 2, row);
	ck_assert_uint_eq(box_num(row + MR_DISK_SHOWN, 4), 1u << 9);
	(void)box_fn_command(&b, MR_CMD_SCRUB, VD(9));
	box_row(&b, 0xb00, MR_TABLE_DISK, 2, row);
	ck_assert_uint_eq(box_num(row + MR_DISK_SHOWN, 4), 0);
	ck_assert_uint_eq(row[MR_DISK_STATE], 1);
}
END_TEST

/* ---- change numbers ---- */

/* What happens, and whose number is then the newest. */
static const struct {
	const char *line;
	uint16_t rid;			/* of the table, then of the row */
	unsigned table, at;
	uint32_t row;
} changes[] = {
	{ "map io1.1.vf0 3 4", BOX_UP, MR_TABLE_SLOT, MR_SLOT_CHANGE, 2 },
	{ "map io1.1.vf0 3 4", BOX_UP, MR_TABLE_BRIDGE, MR_BRIDGE_CHANGE, 68 },
	{ "unplug slot 3", BOX_UP, MR_TABLE_SLOT, MR_SLOT_CHANGE, 2 },
	{ "set io1.1.vf0 mtu 1500", BOX_UP, MR_TABLE_BAY, MR_BAY_CHANGE, 0 },
	{ "set io1.2.vf62 mtu 1500", 0x300, MR_TABLE_FN, MR_FN_CHANGE, 2 },
	{ "speed bay 1 port 2 100", BOX_UP, MR_TABLE_BAY, MR_BAY_CHANGE, 0 },
	{ "speed bay 1 port 2 100", 0x300, MR_TABLE_PORT, MR_PORT_CHANGE, 1 },
	{ "disk bay 5 lose 0", BOX_UP, MR_TABLE_BAY, MR_BAY_CHANGE, 4 },
	{ "disk bay 5 lose 0", 0xb00, MR_TABLE_DISK, MR_DISK_CHANGE, 0 },
	{ "pull bay 2", BOX_UP, MR_TABLE_BAY, MR_BAY_CHANGE, 1 },
};

START_TEST(a_change_of_a_part_is_a_change_of_the_whole)
{
	uint32_t before;

	ck_assert_uint_eq(disk_make(0, 1, 1024), MR_RES_DONE);
	before = box_get(&b, BOX_UP, MR_CHANGE);
	box_do(&b, changes[_i].line);
	ck_assert_uint_gt(box_get(&b, BOX_UP, MR_CHANGE), before);
	box_row(&b, changes[_i].rid, changes[_i].table, changes[_i].row, row);
	ck_assert_uint_eq(box_num(row + changes[_i].at, 4),
	    box_get(&b, BOX_UP, MR_CHANGE));
}
END_TEST

START_TEST(a_base_function_counts_its_bay_only)
{
	uint32_t before = box_get(&b, 0x500, MR_CHANGE);

	box_do(&b, "set io1.1.vf0 mtu 1500");
	ck_assert_uint_eq(box_get(&b, 0x500, MR_CHANGE), before);
	/* A binding is a change of the function's own row, too. */
	ck_assert_uint_eq(box_bind(&b, 1, 0, fn_make(2, 1, FN_VF, 0)),
	    MR_RES_DONE);
	ck_assert_uint_gt(box_get(&b, 0x500, MR_CHANGE), before);
	ck_assert_uint_eq(box_num(fn_row(fn_make(2, 1, FN_VF, 0)) +
	    MR_FN_CHANGE, 4), box_get(&b, 0x500, MR_CHANGE));
	before = box_get(&b, 0x500, MR_CHANGE);
	box_do(&b, "map io2.1.vf1 1 1");
	ck_assert_uint_gt(box_get(&b, 0x500, MR_CHANGE), before);
	before = box_get(&b, 0x500, MR_CHANGE);
	box_do(&b, "unmap 1 1");
	ck_assert_uint_gt(box_get(&b, 0x500, MR_CHANGE), before);
}
END_TEST

SUITE("chassis_card")
{
	tcase_add_checked_fixture(tc, open_box, close_box);
	tcase_add_test(tc, a_personality_is_kept_until_the_scrub);
	tcase_add_test(tc, a_personality_is_live_at_once);
	tcase_add_test(tc, a_function_reset_loses_the_rate_only);
	tcase_add_test(tc, another_link_speed_loses_the_rate);
	tcase_add_test(tc, a_slot_reset_stays_in_its_domain);
	tcase_add_test(tc, a_module_reset_takes_everything);
	tcase_add_test(tc, a_module_without_power_is_not_there);
	tcase_add_test(tc, a_pulled_card_comes_back_as_it_was);
	tcase_add_test(tc, a_disk_is_made_once);
	tcase_add_loop_test(tc, a_raid_level_needs_its_room, 0,
	    N_ROWS(capacities));
	tcase_add_test(tc, two_disks_under_way_do_not_share_their_room);
	tcase_add_test(tc, a_disk_row_tells_to_whom_it_is_shown);
	tcase_add_loop_test(tc, a_change_of_a_part_is_a_change_of_the_whole, 0,
	    N_ROWS(changes));
	tcase_add_test(tc, a_base_function_counts_its_bay_only);
}
