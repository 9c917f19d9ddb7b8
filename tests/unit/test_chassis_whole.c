/*
 * test_chassis_whole.c -- physical functions lent to a server, cards that nobody
 * shares, and what a server finds when.
 */
#include "tests/test.h"

#include "tests/unit/support_box.h"

static struct box b;
static uint8_t row[MR_PERSONALITY_BYTES];

#define PF(bay, port) fn_make((bay), (port), FN_PF, 0)
#define VF(n) fn_make(1, 1, FN_VF, (n))

static void
open_box(void)
{
	b = box_open("mixed-5");
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

static uint8_t
seen(unsigned slot, unsigned bridge)
{
	box_row(&b, BOX_UP, MR_TABLE_BRIDGE, (slot - 1) * 32 + bridge, row);
	return row[MR_BRIDGE_SEEN];
}

static unsigned
bind_card(unsigned slot, unsigned bridge, unsigned bay, unsigned n)
{
	box_set(b.operand, 2, slot);
	b.operand[2] = (uint8_t)bridge;
	b.operand[3] = (uint8_t)n;
	for (unsigned i = 0; i < n; i++)
		box_set(b.operand + 4 + 4 * i, 4, PF(bay, i + 1));
	return box_run(&b, BOX_UP, MR_CMD_BIND);
}

/* What server 1 sees as function `at`: its value of that name. */
static const char *
at_server(unsigned at, const char *name)
{
	static char text[64];
	json_t *s = box_ctl(&b, "server 1");
	const json_t *f = json_array_get(json_object_get(s, "functions"), at);
	const char *value = json_string_value(json_object_get(f, name));

	text[0] = '\0';
	if (value != NULL)
		memcpy(text, value, strlen(value) + 1);
	json_decref(s);
	return text;
}

START_TEST(a_drive_is_one_function_and_no_port)
{
	box_row(&b, BOX_UP, MR_TABLE_BAY, 1, row);
	ck_assert_uint_eq(row[MR_BAY_PORTS], 0);
	ck_assert_uint_eq(box_num(row + MR_BAY_FNS, 2), 1);
	ck_assert_uint_eq(box_num(row + MR_BAY_CLASS, 4) >> 8, 0x010802);
	ck_assert_uint_eq(box_num(fn_row(PF(2, 1)) + MR_FN_VENDOR, 4),
	    0x09538086);
	ck_assert_uint_eq(row[MR_FN_BLANK], 1);
	ck_assert_uint_eq(box_bind(&b, 1, 0, PF(2, 1)), MR_RES_DONE);
	ck_assert_str_eq(at_server(0, "id"), "8086:0953");
	ck_assert_str_eq(at_server(0, "class"), "010802");
	ck_assert_str_eq(at_server(0, "kind"), "pf");
}
END_TEST

START_TEST(a_whole_card_is_behind_one_bridge)
{
	ck_assert_uint_eq(bind_card(1, 3, 3, 2), MR_RES_DONE);
	ck_assert_uint_eq(box_sees(&b, 1), 2);
	ck_assert_str_eq(at_server(0, "function"), "io3.1.pf0");
	ck_assert_str_eq(at_server(1, "function"), "io3.2.pf0");
	ck_assert_str_eq(at_server(1, "id"), "1000:0030");
	ck_assert_uint_eq(box_num(fn_row(PF(3, 2)) + MR_FN_RID, 2), 0x701);
	ck_assert_uint_eq(box_unbind(&b, 1, 3, MR_UNBIND_SURPRISE),
	    MR_RES_DONE);
	ck_assert_uint_eq(box_sees(&b, 1), 0);
}
END_TEST

START_TEST(a_physical_function_keeps_the_cards_address)
{
	ck_assert_uint_eq(box_bind(&b, 1, 0, PF(1, 2)), MR_RES_DONE);
	ck_assert_str_eq(at_server(0, "mac"), "00:1B:21:4A:50:01");
	/* Whoever gives that address to somebody else has two of it. */
	(void)box_prepare(&b, VF(0), 0x001b214a5001);
	(void)box_bind(&b, 2, 0, VF(0));
	ck_assert_uint_eq(box_violations(&b, "addressTwice"), 1);
	ck_assert_uint_eq(box_violations(&b, "portShared"), 0);
}
END_TEST

START_TEST(it_has_no_personality)
{
	json_t *o;

	box_set(b.operand, 4, PF(1, 1));
	b.operand[8 + MR_PS_KIND] = 1;
	ck_assert_uint_eq(box_run(&b, 0x300, MR_CMD_PREPARE),
	    BOX_FAILED(MR_ERR_OPERAND));
	o = box_ctl(&b, "set io1.1.pf0 mtu 9000");
	ck_assert_ptr_nonnull(json_object_get(o, "error"));
	json_decref(o);
}
END_TEST

/* Who had it may have left anything in it: only a scrub makes it blank. */
START_TEST(it_is_used_once_it_was_lent)
{
	ck_assert_uint_eq(box_bind(&b, 1, 0, PF(2, 1)), MR_RES_DONE);
	(void)box_unbind(&b, 1, 0, MR_UNBIND_SURPRISE);
	ck_assert_uint_eq(fn_row(PF(2, 1))[MR_FN_BLANK], 0);
	(void)box_bind(&b, 2, 0, PF(2, 1));
	ck_assert_uint_eq(box_violations(&b, "unscrubbed"), 1);
	(void)box_unbind(&b, 2, 0, MR_UNBIND_SURPRISE);
	ck_assert_uint_eq(box_fn_command(&b, MR_CMD_SCRUB, PF(2, 1)),
	    MR_RES_DONE);
	ck_assert_uint_eq(fn_row(PF(2, 1))[MR_FN_BLANK], 1);
	(void)box_bind(&b, 1, 0, PF(2, 1));
	ck_assert_uint_eq(box_violations(&b, "unscrubbed"), 1);
}
END_TEST

START_TEST(the_whole_and_a_part_at_two_servers_is_counted)
{
	(void)box_prepare(&b, VF(0), 2);
	(void)box_bind(&b, 1, 0, VF(0));
	(void)box_bind(&b, 2, 0, PF(1, 2));	/* the other port */
	ck_assert_uint_eq(box_violations(&b, "portShared"), 0);
	(void)box_bind(&b, 2, 1, PF(1, 1));
	ck_assert_uint_eq(box_violations(&b, "portShared"), 1);
}
END_TEST

START_TEST(its_reset_ends_what_is_lent_of_its_port)
{
	(void)box_prepare(&b, VF(0), 2);
	(void)box_bind(&b, 1, 0, VF(0));
	(void)box_prepare(&b, fn_make(1, 2, FN_VF, 0), 3);
	(void)box_bind(&b, 1, 1, fn_make(1, 2, FN_VF, 0));
	ck_assert_uint_eq(box_fn_command(&b, MR_CMD_FN_RESET, PF(1, 1)),
	    MR_RES_DONE);
	ck_assert_uint_eq(fn_row(VF(0))[MR_FN_BLANK], 1);
	ck_assert_uint_eq(box_sees(&b, 1), 1);
}
END_TEST

/* ---- what a server finds ---- */

static const struct {
	unsigned slot;
	const char *lines;
	uint8_t seen;
	const char *what;
} finds[] = {
	{ 1, "", MR_SEEN_YES, "it takes interrupts" },
	{ 3, "", MR_SEEN_NO, "it is deaf" },
	{ 3, "rescan slot 3", MR_SEEN_YES, "... and looks again" },
	{ 3, "power slot 3 off;power slot 3 on", MR_SEEN_YES, "... starts" },
	{ 4, "", MR_SEEN_NO, "no room" },
	{ 4, "rescan slot 4", MR_SEEN_NO, "... looking does not help" },
	{ 4, "power slot 4 off;power slot 4 on", MR_SEEN_YES, "... starts" },
	{ 4, "power slot 4 off", MR_SEEN_NO, "it is off" },
	{ 1, "unplug slot 1", MR_SEEN_NO, "the cable is out" },
	{ 1, "unplug slot 1;plug slot 1", MR_SEEN_YES, "... and in" },
	{ 3, "power slot 3 off;power slot 3 on;unplug slot 3;plug slot 3",
	    MR_SEEN_NO, "a deaf one loses it with the cable" },
	{ 3, "unplug slot 3;plug slot 3 NEW", MR_SEEN_YES, "another starts" },
};

START_TEST(a_server_finds)
{
	ck_assert_uint_eq(box_bind(&b, finds[_i].slot, 0, PF(2, 1)),
	    MR_RES_DONE);
	box_do_all(&b, finds[_i].lines);
	ck_assert_msg(seen(finds[_i].slot, 0) == finds[_i].seen, "%s",
	    finds[_i].what);
	ck_assert_uint_eq(box_sees(&b, finds[_i].slot),
	    finds[_i].seen == MR_SEEN_YES);
}
END_TEST

/* Bus numbers and memory are used up bridge by bridge. */
START_TEST(there_is_room_for_so_many)
{
	box_do(&b, "hotplug slot 1 on 2 100");
	box_do(&b, "hotplug slot 2 on 100 1");
	box_row(&b, BOX_UP, MR_TABLE_SLOT, 0, row);
	ck_assert_uint_eq(row[MR_SLOT_HOTPLUG], MR_HOTPLUG_READY);
	ck_assert_uint_eq(box_num(row + MR_SLOT_BUSES, 2), 2);
	ck_assert_uint_eq(box_num(row + MR_SLOT_MMIO, 4), 100);
	(void)box_bind(&b, 1, 1, VF(0));
	(void)box_bind(&b, 1, 2, VF(1));
	(void)box_bind(&b, 2, 0, VF(2));
	(void)box_bind(&b, 2, 1, VF(3));
	ck_assert_uint_eq(seen(1, 1), MR_SEEN_YES);
	ck_assert_uint_eq(seen(1, 2), MR_SEEN_NO);
	ck_assert_uint_eq(seen(2, 0), MR_SEEN_YES);
	ck_assert_uint_eq(seen(2, 1), MR_SEEN_NO);
	box_do(&b, "power slot 1 off");
	box_row(&b, BOX_UP, MR_TABLE_SLOT, 0, row);
	ck_assert_uint_eq(row[MR_SLOT_HOTPLUG], MR_HOTPLUG_UNKNOWN);
}
END_TEST

SUITE("chassis_whole")
{
	tcase_add_checked_fixture(tc, open_box, close_box);
	tcase_add_test(tc, a_drive_is_one_function_and_no_port);
	tcase_add_test(tc, a_whole_card_is_behind_one_bridge);
	tcase_add_test(tc, a_physical_function_keeps_the_cards_address);
	tcase_add_test(tc, it_has_no_personality);
	tcase_add_test(tc, it_is_used_once_it_was_lent);
	tcase_add_test(tc, the_whole_and_a_part_at_two_servers_is_counted);
	tcase_add_test(tc, its_reset_ends_what_is_lent_of_its_port);
	tcase_add_loop_test(tc, a_server_finds, 0, N_ROWS(finds));
	tcase_add_test(tc, there_is_room_for_so_many);
}
