/* test_place.c -- one row per placement: what is there, what is asked, where. */
#include <stdio.h>

#include "appliance/engine/place.h"
#include "tests/test.h"

static struct capability models[] = {
	{ .vendor = 1, .device = 1, .class = CLASS_ETHERNET },
	{ .vendor = 1, .device = 2, .class = CLASS_RAID, .max_disks = 2 },
};
static const struct capabilities caps = { models, 2 };

/* Bays 1 and 2 are NICs with two ports of two functions, bay 3 is RAID.  Those
 * in `dark` have no link. */
static struct view *
box(const char *dark)
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
			char name[PORT_TEXT];

			r = (struct fabric_record){ .kind = REC_PORT,
				.u.port = { .bay = (uint16_t)bay,
				.port = (uint8_t)port, .enabled = 1,
				.link = strstr(dark, port_text(bay, port,
				name)) == NULL } };
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
	const char *dark;		/* ports without link */
} rows[] = {
	{ DEVICE_VNIC, 0, 0, 0, "", 0, 0, 0, "io1.1.vf0", "", "" },
	{ DEVICE_VNIC, 0, 0, 0, "io1.1.vf0", 0, 0, 0, "io1.1.vf1", "", "" },
	{ DEVICE_VNIC, 0, 0, 0, "", 1, 1, 100, "io1.2.vf0", "", "" },
	{ DEVICE_VNIC, 2, 0, 0, "", 0, 0, 0, "io2.1.vf0", "", "" },
	{ DEVICE_VNIC, 2, 2, 0, "", 0, 0, 0, "io2.2.vf0", "", "" },
	{ DEVICE_VNIC, 1, 1, 0, "io1.1.vf0 io1.1.vf1", 0, 0, 0, NULL,
	    "FunctionLimit", "" },
	{ DEVICE_VNIC, 3, 0, 0, "", 0, 0, 0, NULL, "FunctionLimit", "" },
	{ DEVICE_VDAS, 0, 0, 0, "", 0, 0, 0, "io3.1.vd0", "", "" },
	{ DEVICE_VDAS, 0, 0, 3, "", 0, 0, 0, "io3.1.vd0", "", "" },
	{ DEVICE_VDAS, 0, 0, 1, "", 0, 0, 0, NULL, "VdasUnreachable", "" },
	{ DEVICE_VHBA, 0, 0, 0, "", 0, 0, 0, NULL, "ModuleMissing", "" },
	/* However little is on it, and however much on the other. */
	{ DEVICE_VNIC, 0, 0, 0, "", 0, 0, 0, "io1.2.vf0", "", "io1/1" },
	{ DEVICE_VNIC, 1, 0, 0, "", 1, 2, 9000, "io1.2.vf0", "", "io1/1" },
	{ DEVICE_VNIC, 1, 0, 0, "", 1, 1, 9000, "io1.1.vf0", "", "io1/2" },
	{ DEVICE_VNIC, 1, 0, 0, "io1.2.vf0 io1.2.vf1", 0, 0, 0, "io1.1.vf0",
	    "", "io1/1" },
	{ DEVICE_VNIC, 1, 1, 0, "", 0, 0, 0, "io1.1.vf0", "", "io1/1" },
	{ DEVICE_VNIC, 1, 0, 0, "", 1, 1, 100, "io1.2.vf0", "",
	    "io1/1 io1/2" },
	{ DEVICE_VDAS, 0, 0, 0, "", 0, 0, 0, "io3.1.vd0", "", "io3/1" },
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
	struct view *v = box(row->dark);
	struct disk disk = { .bay = row->disk_bay };
	struct device d = { .name = "x", .kind = row->kind,
		.pin_bay = row->pin_bay, .pin_port = row->pin_port,
		.disks = &disk, .n_disks = row->disk_bay != 0 };
	struct place_load load = { .bay = row->load_bay,
		.port = row->load_port, .n_functions = 1,
		.guarantee_mbps = row->load };
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

/* What keeps off a port, and what makes it the last resort; ports are 100 Mb/s
 * of a card that shares its frame size, of functions with 1500 bytes on io1/1. */
static const struct fine_row {
	const char *fence, *mates;	/* ports, by text */
	uint32_t strange;		/* bay */
	uint32_t guarantee, reserve, mtu;	/* reserve of io1/1 */
	uint32_t pin_bay, pin_port;
	const char *where, *rule, *says;
} fine_rows[] = {
	{ "io2/2", "", 0, 0, 0, 1500, 0, 0, "io2.2.vf0", "", "" },
	{ "io2/2", "", 0, 0, 0, 1500, 1, 0, NULL, "NetworkNotAllowedHere",
	    "io1/1: prod is not allowed there" },
	{ "io9/1", "", 0, 0, 0, 1500, 0, 0, NULL, "NetworkNotAllowedHere",
	    "io2/2: prod is not allowed there" },
	{ "", "io1/1", 0, 0, 0, 1500, 0, 0, "io2.1.vf0", "", "" },
	{ "", "io1/1 io2/1", 0, 0, 0, 1500, 0, 0, "io1.2.vf0", "", "" },
	{ "", "io1/1 io1/2 io2/1 io2/2", 0, 0, 0, 1500, 0, 0, NULL,
	    "AntiAffinityUnsatisfiable", "io1/1: pair has a device there" },
	{ "", "io1/1", 0, 0, 0, 1500, 1, 1, NULL, "AntiAffinityUnsatisfiable",
	    "io1/1: pair has a device there" },
	{ "", "", 0, 100, 0, 1500, 0, 0, "io1.1.vf0", "", "" },
	{ "", "", 0, 100, 1, 1500, 0, 0, "io1.2.vf0", "", "" },
	{ "", "", 0, 101, 0, 1500, 0, 0, "io1.1.vf0", "", "" },
	{ "", "", 1, 0, 0, 1500, 0, 0, "io2.1.vf0", "", "" },
	{ "", "", 1, 0, 0, 1500, 1, 0, "io1.1.vf0", "", "" },
	/* Another budget broken is better than a strange module. */
	{ "", "", 2, 101, 0, 1500, 0, 0, "io1.1.vf0", "", "" },
	{ "", "", 0, 0, 0, 9000, 0, 0, "io1.2.vf0", "", "" },
	{ "", "", 0, 0, 0, 9000, 1, 1, NULL, "MtuPortScope",
	    "io1/1: its frames have 1500 bytes" },
};

static size_t
read_ports(const char *text, struct port_ref *out)
{
	char word[PORT_TEXT];
	size_t n = 0;
	int used;

	for (; sscanf(text, "%15s%n", word, &used) == 1; text += used, n++)
		ck_assert(port_parse(word, &out[n].bay, &out[n].port));
	return n;
}

START_TEST(what_keeps_off_and_what_comes_last)
{
	const struct fine_row *row = &fine_rows[_i];
	struct view *v = box("");
	struct device d = { .name = "x", .kind = DEVICE_VNIC,
		.pin_bay = row->pin_bay, .pin_port = row->pin_port,
		.mtu = row->mtu, .guarantee_mbps = row->guarantee,
		.anti_affinity = "pair" };
	struct place_load load = { .bay = 1, .port = 1,
		.mtu_min = 1500, .mtu_max = 1500 };
	struct port port = { .at = { 1, 1 }, .reserve_pct = row->reserve };
	struct port_ref allowed[4], mates[4];
	struct place_fence fence = { "prod", allowed,
		read_ports(row->fence, allowed) };
	struct place_in in = { .view = v, .loads = &load, .n_loads = 1,
		.slot = 1, .fences = &fence, .n_fences = 1, .mates = mates,
		.n_mates = read_ports(row->mates, mates), .ports = &port,
		.n_ports = 1, .strange = &row->strange, .n_strange = 1 };
	char text[FN_TEXT];
	struct err e;
	fn_id fn;

	for (size_t i = 0; i < v->n_ports; i++)
		v->ports[i].cap_mbps = 100;
	models[0].mtu_per_port = true;
	if (row->where == NULL) {
		ck_breaks(place_function(&in, &d, &fn, &e), e, ERR_RULES,
		    row->rule);
		ck_assert_ptr_nonnull(strstr(e.msg, row->says));
	} else {
		ck_ok(place_function(&in, &d, &fn, &e), e);
		ck_assert_str_eq(fn_text(fn, text), row->where);
	}
	view_free(v);
}
END_TEST

START_TEST(a_dirty_or_bound_function_is_not_taken)
{
	struct view *v = box("");
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
	struct view *v = box("");
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
	struct view *v = box("");
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

/* ---- whole cards ---- */

/* As box(), with their physical functions, and two cards of unknown model: bay 4
 * with two functions of class 0100, bay 5 an NVMe drive with one. */
static struct view *
box_of_cards(void)
{
	static const unsigned n[] = { 0, 2, 2, 1, 2, 1 };
	struct view *v = box("");
	struct err e;

	for (unsigned bay = 1; bay <= 5; bay++) {
		struct fabric_record r = { .kind = REC_BAY, .u.bay = {
			.number = (uint16_t)bay, .occupied = 1, .vendor = 9,
			.class_rev = bay == 5 ? 0x01080201 : 0x01000001 } };

		if (bay > 3)
			view_take(v, &r);
		for (unsigned port = 1; port <= n[bay]; port++) {
			r = (struct fabric_record){ .kind = REC_FN, .u.fn = {
				.id = fn_make(bay, port, FN_PF, 0),
				.blank = 1 } };
			view_take(v, &r);
		}
	}
	v->sw.bays = 5;
	ck_assert_int_eq(view_end(v, &e), 0);
	return v;
}

static const struct {
	enum extent extent;
	unsigned class, pin_bay, pin_port;	/* class: 1 ethernet ... 5 other */
	const char *taken;
	const char *where;
	unsigned n;
	const char *rule;
} whole_rows[] = {
	{ EXTENT_CARD, 5, 0, 0, "", "io4.1.pf0", 2, "" },
	{ EXTENT_CARD, 4, 0, 0, "", "io5.1.pf0", 1, "" },
	{ EXTENT_FUNCTION, 5, 0, 0, "", "io4.1.pf0", 1, "" },
	{ EXTENT_FUNCTION, 0, 4, 2, "", "io4.2.pf0", 1, "" },
	{ EXTENT_FUNCTION, 5, 0, 0, "io4.1.pf0", "io4.2.pf0", 1, "" },
	{ EXTENT_CARD, 5, 0, 0, "io4.2.pf0", NULL, 0, "FunctionBusy" },
	{ EXTENT_FUNCTION, 1, 0, 0, "", "io1.1.pf0", 1, "" },
	/* A function of the port is shared already. */
	{ EXTENT_FUNCTION, 1, 0, 0, "io1.1.vf1", "io1.2.pf0", 1, "" },
	{ EXTENT_CARD, 1, 0, 0, "io1.1.vf1", "io2.1.pf0", 2, "" },
	{ EXTENT_CARD, 0, 1, 0, "io1.2.vf0", NULL, 0, "FunctionBusy" },
	{ EXTENT_CARD, 0, 3, 0, "", "io3.1.pf0", 1, "" },
	{ EXTENT_FUNCTION, 4, 0, 0, "io5.1.pf0", NULL, 0, "FunctionBusy" },
	{ EXTENT_FUNCTION, 4, 4, 0, "", NULL, 0, "ModuleMissing" },
	{ EXTENT_CARD, 2, 0, 0, "", NULL, 0, "ModuleMissing" },
	{ EXTENT_CARD, 0, 9, 0, "", NULL, 0, "ModuleMissing" },
	{ EXTENT_CARD, 0, 0, 0, "", NULL, 0, "KindUnsupported" },
};

START_TEST(a_card_has_one_user)
{
	struct view *v = box_of_cards();
	struct device d = { .name = "x", .kind = DEVICE_EXCLUSIVE,
		.extent = whole_rows[_i].extent,
		.require_class = whole_rows[_i].class,
		.pin_bay = whole_rows[_i].pin_bay,
		.pin_port = whole_rows[_i].pin_port,
		.sharing = SHARING_EXCLUSIVE };
	fn_id taken[8], fn;
	struct place_in in = { .view = v, .taken = taken, .slot = 1,
		.n_taken = read_taken(whole_rows[_i].taken, taken) };
	char text[FN_TEXT];
	struct err e;
	uint32_t n;

	if (whole_rows[_i].where == NULL) {
		ck_breaks(place_whole(&in, &d, &fn, &n, &e), e, ERR_RULES,
		    whole_rows[_i].rule);
	} else {
		ck_ok(place_whole(&in, &d, &fn, &n, &e), e);
		ck_assert_str_eq(fn_text(fn, text), whole_rows[_i].where);
		ck_assert_uint_eq(n, whole_rows[_i].n);
	}
	view_free(v);
}
END_TEST

/* Whoever comes, the other way round. */
START_TEST(a_port_that_somebody_has_alone_is_full)
{
	struct view *v = box_of_cards();
	struct device d = { .name = "x", .kind = DEVICE_VNIC, .pin_bay = 1,
		.pin_port = 1 };
	struct place_load load = { .bay = 1, .port = 1, .n_functions = 1 };
	fn_id taken[] = { fn_make(1, 1, FN_PF, 0) }, fn;
	struct place_in in = { .view = v, .slot = 1, .taken = taken,
		.n_taken = 1, .loads = &load, .n_loads = 1 };
	struct err e;

	ck_breaks(place_function(&in, &d, &fn, &e), e, ERR_RULES,
	    "FunctionBusy");
	taken[0] = fn_make(1, 1, FN_VF, 0);
	ck_ok(place_function(&in, &d, &fn, &e), e);
	load.n_alone = 1;
	ck_breaks(place_function(&in, &d, &fn, &e), e, ERR_RULES,
	    "FunctionBusy");
	load.n_alone = 0;
	d.sharing = SHARING_EXCLUSIVE;
	ck_breaks(place_function(&in, &d, &fn, &e), e, ERR_RULES,
	    "FunctionBusy");
	d.pin_port = 2;
	ck_ok(place_function(&in, &d, &fn, &e), e);
	ck_assert_uint_eq(fn_type(fn), FN_VF);
	view_free(v);
}
END_TEST

SUITE("place")
{
	tcase_add_loop_test(tc, a_row, 0, N_ROWS(rows));
	tcase_add_loop_test(tc, what_keeps_off_and_what_comes_last, 0,
	    N_ROWS(fine_rows));
	tcase_add_test(tc, a_dirty_or_bound_function_is_not_taken);
	tcase_add_test(tc, bridges_are_taken_from_below_until_they_are_gone);
	tcase_add_test(tc, disk_numbers_are_taken_from_below_until_they_are_gone);
	tcase_add_loop_test(tc, a_card_has_one_user, 0, N_ROWS(whole_rows));
	tcase_add_test(tc, a_port_that_somebody_has_alone_is_full);
}
