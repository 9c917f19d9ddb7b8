/* test_place.c -- one row per placement: what is there, what is asked, where. */
#include <stdio.h>

#include "appliance/engine/place.h"
#include "tests/test.h"

static struct capability models[] = {
	{ .vendor = 1, .device = 1, .class = CLASS_ETHERNET },
	{ .vendor = 1, .device = 2, .class = CLASS_RAID, .max_disks = 2 },
};
static const struct capabilities caps = { models, 2 };

/* Bays 1 and 2 are NICs with two ports of two functions, bay 3 is RAID. */
static struct view *
box(void)
{
	struct view *v = view_copy(NULL);
	struct err e;
	struct fabric_record r;

	v->caps = &caps;
	v->sw = (struct fabric_switch){ .bays = 3, .bridges = 4 };
	for (unsigned bay = 1; bay <= 3; bay++) {
		r = (struct fabric_record){ .kind = REC_BAY, .u.bay = {
			.number = (uint16_t)bay, .occupied = 1, .vendor = 1,
			.device = bay == 3 ? 2 : 1 } };
		view_take(v, &r);
		for (unsigned port = 1; port <= (bay == 3 ? 1 : 2); port++) {
			r = (struct fabric_record){ .kind = REC_PORT,
				.u.port = { .bay = (uint16_t)bay,
				.port = (uint8_t)port, .enabled = 1 } };
			view_take(v, &r);
			for (unsigned i = 0; i < 2; i++) {
				r = (struct fabric_record){ .kind = REC_FN,
					.u.fn = { .id = fn_make(bay, port,
					bay == 3 ? FN_VD : FN_VF, i),
					.blank = 1 } };
				view_take(v, &r);
			}
		}
	}
	ck_assert_int_eq(view_end(v, &e), 0);
	return v;
}

static const struct row {
	enum device_kind kind;
	unsigned pin_bay, pin_port, disk_bay;
	const char *taken;		/* functions, by text */
	unsigned load_bay, load_port, load;	/* guaranteed there */
	const char *where, *rule;
} rows[] = {
	{ DEVICE_VNIC, 0, 0, 0, "", 0, 0, 0, "io1.1.vf0", "" },
	{ DEVICE_VNIC, 0, 0, 0, "io1.1.vf0", 0, 0, 0, "io1.1.vf1", "" },
	{ DEVICE_VNIC, 0, 0, 0, "", 1, 1, 100, "io1.2.vf0", "" },
	{ DEVICE_VNIC, 2, 0, 0, "", 0, 0, 0, "io2.1.vf0", "" },
	{ DEVICE_VNIC, 2, 2, 0, "", 0, 0, 0, "io2.2.vf0", "" },
	{ DEVICE_VNIC, 1, 1, 0, "io1.1.vf0 io1.1.vf1", 0, 0, 0, NULL,
	    "FunctionLimit" },
	{ DEVICE_VNIC, 3, 0, 0, "", 0, 0, 0, NULL, "FunctionLimit" },
	{ DEVICE_VDAS, 0, 0, 0, "", 0, 0, 0, "io3.1.vd0", "" },
	{ DEVICE_VDAS, 0, 0, 3, "", 0, 0, 0, "io3.1.vd0", "" },
	{ DEVICE_VDAS, 0, 0, 1, "", 0, 0, 0, NULL, "VdasUnreachable" },
	{ DEVICE_VHBA, 0, 0, 0, "", 0, 0, 0, NULL, "ModuleMissing" },
};

static size_t
read_taken(const char *text, fn_id *taken)
{
	char word[FN_TEXT];
	size_t n = 0;
	int used;

	for (; sscanf(text, "%23s%n", word, &used) == 1; text += used)
		ck_assert(fn_parse(word, &taken[n++]));
	return n;
}

START_TEST(a_row)
{
	const struct row *row = &rows[_i];
	struct view *v = box();
	struct disk disk = { .bay = row->disk_bay };
	struct device d = { .name = "x", .kind = row->kind,
		.pin_bay = row->pin_bay, .pin_port = row->pin_port,
		.disks = &disk, .n_disks = row->disk_bay != 0 };
	struct place_load load = { row->load_bay, row->load_port, 1, 0,
		row->load };
	fn_id taken[8], fn;
	struct place_in in = { .view = v, .taken = taken, .loads = &load,
		.n_loads = 1, .slot = 1 };
	char text[FN_TEXT];
	struct err e;

	in.n_taken = read_taken(row->taken, taken);
	if (row->where == NULL) {
		ck_breaks(place_function(&in, &d, &fn, &e), e, ERR_RULES,
		    row->rule);
	} else {
		ck_ok(place_function(&in, &d, &fn, &e), e);
		ck_assert_str_eq(fn_text(fn, text), row->where);
	}
	view_free(v);
}
END_TEST

START_TEST(a_dirty_or_bound_function_is_not_taken)
{
	struct view *v = box();
	struct place_in in = { .view = v, .slot = 1 };
	struct device d = { .name = "x", .kind = DEVICE_VNIC, .pin_bay = 1,
		.pin_port = 1 };
	struct fabric_record r = { .kind = REC_BRIDGE, .u.bridge = {
		.slot = 4, .n = 1, .state = BRIDGE_BOUND,
		.fn = { fn_make(1, 1, FN_VF, 1) } } };
	struct err e;
	fn_id fn;

	v->fns[0].blank = 0;
	ck_ok(place_function(&in, &d, &fn, &e), e);
	ck_assert_uint_eq(fn_index(fn), 1);
	view_take(v, &r);
	ck_breaks(place_function(&in, &d, &fn, &e), e, ERR_RULES,
	    "FunctionLimit");
	view_free(v);
}
END_TEST

START_TEST(bridges_are_taken_from_below_until_they_are_gone)
{
	struct view *v = box();
	struct place_in in = { .view = v, .slot = 1 };
	uint32_t used[] = { 0, 1, 2, 3 }, bridge;
	struct err e;

	for (uint32_t n = 0; n < 4; n++) {
		ck_ok(place_bridge(&in, used, n, &bridge, &e), e);
		ck_assert_uint_eq(bridge, n);
	}
	ck_breaks(place_bridge(&in, used, 4, &bridge, &e), e, ERR_RULES,
	    "FunctionLimit");
	view_free(v);
}
END_TEST

START_TEST(disk_numbers_are_taken_from_below_until_they_are_gone)
{
	struct view *v = box();
	uint32_t used[] = { 0, 1 }, number;
	struct err e;

	ck_ok(place_disk(v, 3, used, 0, &number, &e), e);
	ck_assert_uint_eq(number, 0);
	ck_ok(place_disk(v, 3, used, 1, &number, &e), e);
	ck_assert_uint_eq(number, 1);
	ck_breaks(place_disk(v, 3, used, 2, &number, &e), e, ERR_RULES,
	    "FunctionLimit");
	view_free(v);
}
END_TEST

SUITE("place")
{
	tcase_add_loop_test(tc, a_row, 0, N_ROWS(rows));
	tcase_add_test(tc, a_dirty_or_bound_function_is_not_taken);
	tcase_add_test(tc, bridges_are_taken_from_below_until_they_are_gone);
	tcase_add_test(tc, disk_numbers_are_taken_from_below_until_they_are_gone);
}
