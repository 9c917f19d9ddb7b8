/*
 * test_chassis.c -- the chassis as configuration space: who is there, which bits
 * can be written, windows, events, power.
 */
#include "tests/test.h"

#include <errno.h>
#include <stdio.h>

#include "base/random.h"
#include "base/digest.h"
#include "tests/unit/support_box.h"

static struct box b;

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

/* ---- who is there ---- */

START_TEST(vh0_holds_the_switch_and_the_cards_own_functions)
{
	static const uint16_t want[] = { 0x0008, 0x0100, 0x0200, 0x0208, 0x0210,
		0x0218, 0x0220, 0x0300, 0x0301, 0x0500, 0x0501, 0x0700, 0x0701,
		0x0900, 0x0901, 0x0b00 };
	uint16_t got[64];

	ck_assert_uint_eq(chassis_list(b.chassis, got, 64), N_ROWS(want));
	for (int i = 0; i < N_ROWS(want); i++)
		ck_assert_uint_eq(got[i], want[i]);
	ck_assert_uint_eq(chassis_list(b.chassis, got, 3), 3);
	ck_assert_ptr_null(chassis_space(b.chassis, 0x0380));
}
END_TEST

START_TEST(every_function_has_its_parent)
{
	static const int rows[][2] = { { 0x0008, -1 }, { 0x0100, 0x0008 },
		{ 0x0210, 0x0100 }, { 0x0300, 0x0200 }, { 0x0b00, 0x0220 },
		{ 0x0400, -1 }, { 0x0302, -1 }, { 0x0d00, -1 }, { 0, -1 } };

	for (int i = 0; i < N_ROWS(rows); i++)
		ck_assert_int_eq(chassis_parent(b.chassis,
		    (uint16_t)rows[i][0]), rows[i][1]);
}
END_TEST

START_TEST(a_lent_function_does_not_appear)
{
	uint16_t got[64];
	uint32_t version = chassis_list_version(b.chassis);

	ck_assert_uint_eq(box_bind(&b, 1, 0, fn_make(1, 1, FN_VF, 0)),
	    MR_RES_DONE);
	ck_assert_uint_eq(chassis_list(b.chassis, got, 64), 16);
	ck_assert_uint_eq(chassis_list_version(b.chassis), version);
}
END_TEST

START_TEST(a_pulled_card_is_gone_from_the_list)
{
	uint16_t got[64];
	uint32_t version = chassis_list_version(b.chassis);
	uint8_t byte;

	box_do(&b, "pull bay 1");
	ck_assert_uint_eq(chassis_list(b.chassis, got, 64), 14);
	ck_assert_uint_ne(chassis_list_version(b.chassis), version);
	ck_assert_int_eq(chassis_cfg_read(b.chassis, b.now, 0x300, 0, &byte, 1),
	    ENODEV);
	ck_assert_int_eq(chassis_cfg_write(b.chassis, b.now, 0x300, 4, 1, 0),
	    ENODEV);
	box_do(&b, "insert bay 1 X520-SR2 X520-0001");
	ck_assert_uint_eq(chassis_list(b.chassis, got, 64), 16);
}
END_TEST

static const struct {
	unsigned offset, n;
	int read, write;
} accesses[] = {
	{ 0, 4, 0, 0 }, { 4092, 4, 0, 0 }, { 4095, 1, 0, 0 },
	{ 4094, 4, EFBIG, EFBIG }, { 4096, 1, EFBIG, EFBIG },
	{ 65535, 1, EFBIG, EFBIG }, { 0, 0, EINVAL, EINVAL },
	{ 1, 2, 0, EINVAL }, { 2, 4, 0, EINVAL }, { 0, 3, 0, EINVAL },
	{ 0, 8, 0, EINVAL }, { 0, 4096, 0, EINVAL }, { 1, 4096, EFBIG, EFBIG },
};

START_TEST(an_access_is_checked)
{
	static uint8_t out[4096];

	ck_assert_int_eq(chassis_cfg_read(b.chassis, b.now, BOX_UP,
	    accesses[_i].offset, out, accesses[_i].n), accesses[_i].read);
	ck_assert_int_eq(chassis_cfg_write(b.chassis, b.now, BOX_UP,
	    accesses[_i].offset, accesses[_i].n, 0), accesses[_i].write);
}
END_TEST

/* ---- bits ---- */

/* Each register behind the capability: what a write of ones leaves. */
static const struct {
	unsigned first, end;		/* relative; end excluded */
	bool writable;
} regions[] = {
	{ 0, MR_SELECT, false }, { MR_SELECT, MR_SELECT + 4, true },
	{ MR_ROWS, MR_MB_TERM_LO, false },
	{ MR_MB_TERM_LO, MR_MB_RESULT, true },
	{ MR_MB_RESULT, MR_MB_OPERAND, false },
	{ MR_MB_OPERAND, MR_MB_OPERAND + MR_MB_BYTES, true },
	{ MR_MB_OPERAND + MR_MB_BYTES, MR_EVENT_ACK, false },
	{ MR_EVENT_ACK, MR_CAP_BYTES, false },
};

/* The result register and the window follow writes elsewhere: they are written
 * alone here, and each register is looked at right after. */
static void
bits_of(uint16_t rid)
{
	for (int i = 0; i < N_ROWS(regions); i++)
		for (unsigned at = regions[i].first; at < regions[i].end; at += 4) {
			uint32_t before = box_get(&b, rid, at);

			if (at == MR_EVENT_ACK)
				continue;
			box_put(&b, rid, at, 0xffffffff);
			ck_assert_uint_eq(box_get(&b, rid, at),
			    regions[i].writable ? 0xffffffff : before);
		}
}

START_TEST(only_the_named_registers_can_be_written)
{
	bits_of(BOX_UP);
	bits_of(box_base(1));
	bits_of(box_base(5));
}
END_TEST

START_TEST(overflow_is_cleared_by_writing_one)
{
	box_do(&b, "fault event overflow");
	box_do(&b, "unplug slot 1");
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_STATUS),
	    MR_ST_READY | MR_ST_OVERFLOW);
	box_put(&b, BOX_UP, MR_STATUS, 0);
	box_put(&b, BOX_UP, MR_STATUS, MR_ST_READY);
	ck_assert(box_get(&b, BOX_UP, MR_STATUS) & MR_ST_OVERFLOW);
	ck_assert_int_eq(chassis_cfg_write(b.chassis, b.now, BOX_UP,
	    BOX_CAP + MR_STATUS + 1, 1, MR_ST_OVERFLOW >> 8), 0);
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_STATUS), MR_ST_READY);
}
END_TEST

START_TEST(the_registers_tell_the_shape)
{
	uint16_t x520 = box_base(1), raid = box_base(5);

	ck_assert_uint_eq(box_get(&b, BOX_UP, 0) & 0xffff, MR_CAP_ID);
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_ID), 0x50520101);
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_MODEL), 4001);
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_SHAPE0), 16 | 5 << 16);
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_SHAPE1), 32 | 16 << 16);
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_RELEASE_MS), 10000);
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_BOOTS), 1);
	ck_assert_uint_eq(box_get(&b, x520, MR_ID), 0x50520102);
	ck_assert_uint_eq(box_get(&b, x520, MR_SHAPE0), 126 + 2);
	ck_assert_uint_eq(box_get(&b, x520, MR_SHAPE1), 2 | 1 << 16);
	ck_assert_uint_eq(box_get(&b, raid, MR_SHAPE0), 17 | 64 << 16);
	ck_assert_uint_eq(box_get(&b, raid, MR_SHAPE1), 1 | 5 << 16);
}
END_TEST

/* ---- windows ---- */

static const struct {
	uint16_t rid;
	uint32_t select, rows, total;	/* rows as in MR_ROWS */
} windows[] = {
	{ BOX_UP, 0x10000000, 16 | 64 << 16, 16 },
	{ BOX_UP, 0x1000000f, 1 | 64 << 16, 16 },
	{ BOX_UP, 0x10000010, 0 | 64 << 16, 16 },
	{ BOX_UP, 0x1fffffff, 0 | 64 << 16, 16 },
	{ BOX_UP, 0x20000000, 5 | 64 << 16, 5 },
	{ BOX_UP, 0x30000000, 16 | 64 << 16, 512 },
	{ BOX_UP, 0x300001f8, 8 | 64 << 16, 512 },
	{ BOX_UP, 0x40000000, 0 | 64 << 16, 0 },
	{ BOX_UP, 0x00000000, 0, 0 },
	{ BOX_UP, 0xf0000000, 0, 0 },
	{ 0x300, 0x40000000, 2 | 64 << 16, 2 },
	{ 0x300, 0x50000000, 16 | 64 << 16, 128 },
	{ 0x300, 0x6000007f, 1 | 512 << 16, 128 },
	{ 0x300, 0x60000000, 2 | 512 << 16, 128 },
	{ 0x300, 0x70000000, 0 | 64 << 16, 0 },
	{ 0x300, 0x10000000, 0 | 64 << 16, 0 },
	{ 0xb00, 0x70000030, 16 | 64 << 16, 64 },
	{ 0xb00, 0x50000000, 16 | 64 << 16, 17 },
};

START_TEST(a_window_has_its_rows)
{
	box_put(&b, windows[_i].rid, MR_SELECT, windows[_i].select);
	ck_assert_uint_eq(box_get(&b, windows[_i].rid, MR_ROWS),
	    windows[_i].rows);
	ck_assert_uint_eq(box_get(&b, windows[_i].rid, MR_TOTAL),
	    windows[_i].total);
	ck_assert_uint_eq(box_get(&b, windows[_i].rid, MR_LATCH),
	    box_get(&b, windows[_i].rid, MR_CHANGE));
}
END_TEST

START_TEST(a_window_is_a_photograph)
{
	uint8_t row[MR_PERSONALITY_BYTES];
	uint32_t latch;

	box_row(&b, BOX_UP, MR_TABLE_SLOT, 2, row);
	latch = box_get(&b, BOX_UP, MR_LATCH);
	box_do(&b, "unplug slot 3");
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_LATCH), latch);
	ck_assert_uint_ne(box_get(&b, BOX_UP, MR_CHANGE), latch);
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_WINDOW),
	    box_num(row, 4));		/* link still up */
	box_row(&b, BOX_UP, MR_TABLE_SLOT, 2, row);
	ck_assert_uint_eq(row[MR_SLOT_LINK], 0);
	ck_assert_uint_eq(box_num(row + MR_SLOT_CHANGE, 4),
	    box_get(&b, BOX_UP, MR_CHANGE));
}
END_TEST

START_TEST(the_rows_say_what_is_there)
{
	uint8_t r[MR_PERSONALITY_BYTES];

	box_row(&b, BOX_UP, MR_TABLE_SLOT, 4, r);
	ck_assert_uint_eq(box_num(r + MR_SLOT_NUMBER, 2), 5);
	ck_assert_uint_eq(box_num(r + MR_SLOT_LINK, 7), 0x01020802080201);
	ck_assert_str_eq((char *)r + MR_SLOT_SERIAL, "SRV-5");
	box_row(&b, BOX_UP, MR_TABLE_BAY, 0, r);
	ck_assert_uint_eq(box_num(r + MR_BAY_VENDOR, 4), 0x10fb8086);
	ck_assert_uint_eq(box_num(r + MR_BAY_CLASS, 4), 0x02000001);
	ck_assert_uint_eq(box_num(r + MR_BAY_RID, 2), 0x300);
	ck_assert_uint_eq(box_num(r + MR_BAY_FNS, 2), 128);
	ck_assert_str_eq((char *)r + MR_BAY_SERIAL, "X520-0001");
	box_row(&b, BOX_UP, MR_TABLE_BAY, 4, r);
	ck_assert_uint_eq(box_num(r + MR_BAY_VENDOR, 8),
	    UINT64_C(0x9260100000791000));
	box_row(&b, 0x300, MR_TABLE_PORT, 1, r);
	ck_assert_uint_eq(box_num(r, 4), 0x00010102);
	ck_assert_uint_eq(box_num(r + MR_PORT_MBPS, 4), 10000);
	ck_assert_uint_eq(box_num(r + MR_PORT_ADDRESS, 8), 0x001b214a1001);
	box_fn_row(&b, fn_make(1, 2, FN_VF, 62), MR_TABLE_FN, r);
	ck_assert_uint_eq(box_num(r + MR_FN_VENDOR, 4), 0x10ed8086);
	ck_assert_uint_eq(box_num(r + MR_FN_RID, 2), 0x301 + 128 + 2 * 62);
	ck_assert_uint_eq(r[MR_FN_BLANK], 1);
	box_fn_row(&b, fn_make(3, 1, FN_NPIV, 0), MR_TABLE_FN, r);
	ck_assert_uint_eq(box_num(r + MR_FN_VENDOR, 4), 0x25321077);
}
END_TEST

/* ---- events ---- */

START_TEST(events_come_in_order_and_are_acknowledged)
{
	box_do(&b, "unplug slot 7");
	box_do(&b, "speed bay 2 port 1 1000");
	ck_assert(box_get(&b, BOX_UP, MR_STATUS) & MR_ST_EVENT);
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_EVENT),
	    MR_EV_IS_SLOT | 7 << 16);
	box_put(&b, BOX_UP, MR_EVENT_ACK, 0);
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_EVENT), MR_EV_IS_PORT);
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_EVENT + 4), 2 | 1 << 16);
	box_put(&b, BOX_UP, MR_EVENT_ACK, 1);
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_EVENT), 0);
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_STATUS), MR_ST_READY);
	box_put(&b, BOX_UP, MR_EVENT_ACK, 1);
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_EVENT_ACK), 0);
}
END_TEST

START_TEST(a_full_queue_overflows)
{
	for (unsigned i = 0; i < MR_EVENT_QUEUE; i++)
		box_do(&b, i % 2 ? "plug slot 1" : "unplug slot 1");
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_STATUS),
	    MR_ST_READY | MR_ST_EVENT);
	box_do(&b, "unplug slot 1");
	ck_assert(box_get(&b, BOX_UP, MR_STATUS) & MR_ST_OVERFLOW);
}
END_TEST

static const struct {
	const char *fault;
	unsigned events;
	bool overflow;
} event_faults[] = {
	{ "fault event lose 2", 1, false },
	{ "fault event duplicate 2", 5, false },
	{ "fault event overflow", 2, true },
	{ "fault event none", 3, false },
};

START_TEST(event_faults_do_what_they_say)
{
	unsigned n = 0;

	box_do(&b, event_faults[_i].fault);
	box_do(&b, "unplug slot 1");
	box_do(&b, "unplug slot 2");
	box_do(&b, "unplug slot 3");
	ck_assert_int_eq((box_get(&b, BOX_UP, MR_STATUS) & MR_ST_OVERFLOW) != 0,
	    event_faults[_i].overflow);
	for (; box_get(&b, BOX_UP, MR_EVENT) != 0; n++)
		box_put(&b, BOX_UP, MR_EVENT_ACK, 0);
	ck_assert_uint_eq(n, event_faults[_i].events);
}
END_TEST

/* ---- public registers that do something ---- */

static void
cfg_write(uint16_t rid, unsigned offset, unsigned n, uint32_t value)
{
	ck_assert_int_eq(chassis_cfg_write(b.chassis, b.now, rid, offset, n,
	    value), 0);
}

START_TEST(a_reset_of_a_physical_function_takes_its_vfs)
{
	unsigned pcie = space_cap(chassis_space(b.chassis, 0x301), 0x10);

	box_bind(&b, 1, 0, fn_make(1, 1, FN_VF, 0));
	box_bind(&b, 2, 0, fn_make(1, 2, FN_VF, 0));
	cfg_write(0x301, pcie + 8, 2, 0x8000);
	ck_assert_uint_eq(box_sees(&b, 1), 1);
	ck_assert_uint_eq(box_sees(&b, 2), 0);
}
END_TEST

START_TEST(a_bus_reset_takes_the_whole_module)
{
	box_bind(&b, 1, 0, fn_make(1, 1, FN_VF, 0));
	box_bind(&b, 2, 0, fn_make(2, 2, FN_VF, 0));
	cfg_write(0x200, 0x3e, 2, 0x0040);
	ck_assert_uint_eq(box_sees(&b, 1), 0);
	ck_assert_uint_eq(box_sees(&b, 2), 1);
}
END_TEST

START_TEST(the_power_controller_of_a_bay_works)
{
	unsigned pcie = space_cap(chassis_space(b.chassis, 0x200), 0x10);
	uint16_t got[64];

	cfg_write(0x200, pcie + 0x18, 2, 0x0400);
	ck_assert_uint_eq(chassis_list(b.chassis, got, 64), 14);
	ck_assert_uint_eq(space_get(chassis_space(b.chassis, 0x200),
	    pcie + 0x1a, 2) & 0x40, 0);
	cfg_write(0x200, pcie + 0x18, 2, 0);
	ck_assert_uint_eq(chassis_list(b.chassis, got, 64), 16);
}
END_TEST

/* ---- power cut ---- */

START_TEST(a_power_cycle_forgets)
{
	fn_id f = fn_make(1, 1, FN_VF, 3);
	uint8_t r[MR_PERSONALITY_BYTES];

	b.term = 9;
	box_prepare(&b, f, 0x021000000001);
	box_bind(&b, 3, 0, f);
	box_slot_ctl(&b, 5, MR_CTL_DISABLE);
	box_do(&b, "reset");
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_STATUS), MR_ST_OVERFLOW |
	    (box_get(&b, BOX_UP, MR_STATUS) & MR_ST_EVENT));
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_BOOTS), 2);
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_TERM_LO), 0);
	box_put(&b, BOX_UP, MR_SELECT, 0x10000000);
	ck_assert_uint_eq(box_get(&b, BOX_UP, MR_TOTAL), 0);
	ck_assert_uint_eq(box_bind(&b, 3, 0, f), BOX_FAILED(MR_ERR_BUSY));
	ck_assert_int_eq(chassis_due(b.chassis), b.now + 100);
	b.now += 100;
	ck_assert(box_get(&b, BOX_UP, MR_STATUS) & MR_ST_READY);
	ck_assert_uint_eq(box_sees(&b, 3), 0);
	box_fn_row(&b, f, MR_TABLE_FN, r);
	ck_assert_uint_eq(r[MR_FN_STATE], MR_FN_FREE);
	ck_assert_uint_eq(r[MR_FN_BLANK], 1);
	box_row(&b, BOX_UP, MR_TABLE_SLOT, 4, r);
	ck_assert_uint_eq(r[MR_SLOT_ENABLED], 1);
}
END_TEST

START_TEST(disks_survive_a_power_cycle)
{
	uint8_t r[MR_PERSONALITY_BYTES];

	b.operand[2] = 1;
	box_set(b.operand + 4, 4, 1024);
	ck_assert_uint_eq(box_run(&b, box_base(5), MR_CMD_DISK_MAKE),
	    MR_RES_DONE);
	box_do(&b, "reset");
	b.now += 100;
	box_row(&b, box_base(5), MR_TABLE_DISK, 0, r);
	ck_assert_uint_eq(r[MR_DISK_STATE], 1);
	ck_assert_uint_eq(box_num(r + MR_DISK_MIB, 4), 1024);
}
END_TEST

/* ---- the same calls give the same bytes ---- */

enum { CALLS = 400 };

/* What a run of random calls left behind, as one digest. */
static void
random_run(uint64_t seed, char digest[DIGEST_TEXT])
{
	struct rng rng = rng_seed(seed);
	struct box x = box_open("lab-4");
	uint16_t rids[16];
	json_t *log;
	char *text;

	for (unsigned i = 0; i < CALLS; i++) {
		size_t n = chassis_list(x.chassis, rids, 16);
		uint16_t rid = rids[rng_below(&rng, n)];
		fn_id f = fn_make(1, 1, FN_VF, (unsigned)rng_below(&rng, 4));
		char line[64];

		x.now += (int64_t)rng_below(&rng, 300);
		switch (rng_below(&rng, 8)) {
		case 0:
			(void)chassis_cfg_write(x.chassis, x.now, rid,
			    (unsigned)rng_below(&rng, 1024) * 4, 4,
			    (uint32_t)rng_next(&rng));
			break;
		case 1:
			(void)snprintf(line, sizeof(line), "map io1.1.vf%u %u 0",
			    fn_index(f), 1 + (unsigned)rng_below(&rng, 3));
			json_decref(box_ctl(&x, line));
			break;
		case 2:
			json_decref(box_ctl(&x, rng_below(&rng, 2) ?
			    "delay bind 100" : "fault unbind late before"));
			break;
		case 3:
			json_decref(box_ctl(&x, rng_below(&rng, 2) ?
			    "power slot 1 off" : "power slot 1 on"));
			break;
		case 4:
			(void)box_unbind(&x, 1 + (unsigned)rng_below(&rng, 3), 0,
			    (unsigned)rng_below(&rng, 3));
			break;
		case 5:
			if (chassis_space(x.chassis, 0x300) != NULL)
				(void)box_prepare(&x, f, rng_below(&rng, 4));
			break;
		case 6:
			json_decref(box_ctl(&x, rng_below(&rng, 2) ?
			    "pull bay 1" : "insert bay 1 X520-SR2 X520-LAB1"));
			break;
		default:
			(void)box_bind(&x, 1 + (unsigned)rng_below(&rng, 3), 0,
			    f);
			break;
		}
	}
	log = box_ctl(&x, "log all");
	json_put(log, "chassis", box_ctl(&x, "chassis"));
	json_put(log, "violations", box_ctl(&x, "violations"));
	text = json_text(log);
	(void)digest_text(text, strlen(text), digest);
	free(text);
	json_decref(log);
	box_close(&x);
}

START_TEST(the_same_calls_give_the_same_bytes)
{
	char first[DIGEST_TEXT], again[DIGEST_TEXT];
	uint64_t seed;

	digest_init();
	random_bytes(&seed, sizeof(seed));
	if (_i == 0)
		seed = 1;
	random_run(seed, first);
	random_run(seed, again);
	ck_assert_msg(strcmp(first, again) == 0, "seed %llu",
	    (unsigned long long)seed);
	random_run(seed + 1, again);
	ck_assert_msg(strcmp(first, again) != 0, "seed %llu",
	    (unsigned long long)seed);
}
END_TEST

SUITE("chassis")
{
	tcase_add_checked_fixture(tc, open_box, close_box);
	tcase_add_test(tc, vh0_holds_the_switch_and_the_cards_own_functions);
	tcase_add_test(tc, every_function_has_its_parent);
	tcase_add_test(tc, a_lent_function_does_not_appear);
	tcase_add_test(tc, a_pulled_card_is_gone_from_the_list);
	tcase_add_loop_test(tc, an_access_is_checked, 0, N_ROWS(accesses));
	tcase_add_test(tc, only_the_named_registers_can_be_written);
	tcase_add_test(tc, overflow_is_cleared_by_writing_one);
	tcase_add_test(tc, the_registers_tell_the_shape);
	tcase_add_loop_test(tc, a_window_has_its_rows, 0, N_ROWS(windows));
	tcase_add_test(tc, a_window_is_a_photograph);
	tcase_add_test(tc, the_rows_say_what_is_there);
	tcase_add_test(tc, events_come_in_order_and_are_acknowledged);
	tcase_add_test(tc, a_full_queue_overflows);
	tcase_add_loop_test(tc, event_faults_do_what_they_say, 0,
	    N_ROWS(event_faults));
	tcase_add_test(tc, a_reset_of_a_physical_function_takes_its_vfs);
	tcase_add_test(tc, a_bus_reset_takes_the_whole_module);
	tcase_add_test(tc, the_power_controller_of_a_bay_works);
	tcase_add_test(tc, a_power_cycle_forgets);
	tcase_add_test(tc, disks_survive_a_power_cycle);
	tcase_add_loop_test(tc, the_same_calls_give_the_same_bytes, 0, 4);
}
