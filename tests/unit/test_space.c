/* test_space.c -- configuration spaces: public identities, lists, masks. */
#include <stdio.h>

#include "tests/test.h"
#include "tools/emulator/space.h"

enum { MR_AT = 0x200 };

static struct space *
made(enum space_model model, unsigned function)
{
	static struct space s;
	struct space_identity id = {
		.model = model, .function = function, .bus = 3,
		.dsn = 0xa0369fffff123456, .sub_bus_first = 4,
		.sub_bus_last = 5, .bay = 7,
		.first_vf_offset = 128, .vf_stride = 2, .total_vfs = 64,
	};

	space_init(&s, &id, function == 0 ? MR_AT : 0);
	return &s;
}

/* ---- the lists: every capability at its place, nothing else, an end ---- */

static const struct {
	enum space_model model;
	unsigned function;
	const char *list;		/* id@offset, in order */
} lists[] = {
	{ MODEL_X520, 0, " 1@40 5@50 11@70 10@a0 | 1@100 3@140 e@150 10@160"
	    " 11@200" },
	{ MODEL_X520, 1, " 1@40 5@50 11@70 10@a0 | 1@100 3@140 e@150 10@160" },
	{ MODEL_QLE2562, 0, " 1@44 10@4c 5@88 11@a0 | 1@100 11@200" },
	{ MODEL_QLE2462, 0, " 1@44 10@4c 5@64 11@7c | 1@100 11@200" },
	{ MODEL_LSI9260, 0, " 1@50 10@68 5@a8 11@c0 | 1@100 11@200" },
	{ MODEL_SWITCH_UP, 0, " 1@40 5@48 10@68 d@a4 | 3@100 1@fb4 11@200" },
	{ MODEL_SWITCH_DOWN, 1, " 1@40 5@48 10@68 d@a4 | 3@100 1@fb4 d@520" },
	{ MODEL_ROOT, 1, " d@40 5@60 10@90 1@e0 | 1@100" },
};

static void
walk(const struct space *s, char *out, size_t size)
{
	size_t len = 0;
	unsigned at = s->data[0x34];

	for (int i = 0; at != 0 && i < 64; at = s->data[at + 1], i++)
		len += (size_t)snprintf(out + len, size - len, " %x@%x",
		    s->data[at], at);
	len += (size_t)snprintf(out + len, size - len, " |");
	at = 0x100;
	for (int i = 0; at != 0 && i < 64; i++) {
		uint32_t h = space_get(s, at, 4);

		len += (size_t)snprintf(out + len, size - len, " %x@%x",
		    h & 0xffff, at);
		ck_assert_uint_eq(h >> 16 & 0xf, 1);
		at = h >> 20;
	}
}

START_TEST(a_list)
{
	char got[512];
	const struct space *s = made(lists[_i].model, lists[_i].function);

	walk(s, got, sizeof(got));
	ck_assert_str_eq(got, lists[_i].list);
	ck_assert(s->data[0x06] & 0x10);
}
END_TEST

/* ---- what software reads at power-up ---- */

static const struct {
	enum space_model model;
	unsigned function, at, n;
	uint32_t value;
	const char *what;
} values[] = {
	{ MODEL_X520, 0, 0x00, 4, 0x10fb8086, "82599ES" },
	{ MODEL_X520, 0, 0x09, 3, 0x020000, "Ethernet" },
	{ MODEL_X520, 0, 0x2c, 4, 0x7a118086, "subsystem X520-2" },
	{ MODEL_X520, 0, 0x0e, 1, 0x80, "two functions" },
	{ MODEL_X520, 0, 0x3d, 1, 1, "INTA" },
	{ MODEL_X520, 1, 0x3d, 1, 2, "INTB" },
	{ MODEL_X520, 0, 0x72, 2, 63, "64 MSI-X vectors" },
	{ MODEL_X520, 0, 0xa2, 2, 0x0002, "endpoint" },
	{ MODEL_X520, 0, 0xa4, 4, 0x10008cc2, "has FLR" },
	{ MODEL_X520, 0, 0x144, 4, 0xff123456, "serial, low" },
	{ MODEL_X520, 0, 0x148, 4, 0xa0369fff, "serial, high" },
	{ MODEL_X520, 0, 0x154, 2, 0x0100, "ARI: next is 1" },
	{ MODEL_X520, 1, 0x154, 2, 0x0000, "ARI: the last" },
	{ MODEL_X520, 0, 0x164, 4, 0x00000002, "not VF migration capable" },
	{ MODEL_X520, 0, 0x168, 2, 0x0010, "ARI hierarchy; no VF yet" },
	{ MODEL_X520, 1, 0x168, 2, 0x0000, "the lowest function says it" },
	{ MODEL_X520, 0, 0x16c, 4, 0x00400040, "Initial = Total = 64" },
	{ MODEL_X520, 1, 0x172, 1, 1, "depends on itself" },
	{ MODEL_X520, 0, 0x174, 4, 0x00020080, "offset 128, stride 2" },
	{ MODEL_X520, 0, 0x17a, 2, 0x10ed, "82599 VF" },
	{ MODEL_X520, 0, 0x17c, 4, 0x00000553, "page sizes" },
	{ MODEL_X520, 0, 0x180, 4, 0x00000001, "4 KiB" },
	{ MODEL_X520, 0, 0x200, 4, 0x00010011, "MR-IOV, and the end" },
	{ MODEL_X520, 1, 0x200, 4, 0x00000000, "one base function a module" },
	{ MODEL_QLE2562, 0, 0x00, 4, 0x25321077, "ISP2532" },
	{ MODEL_QLE2562, 0, 0x09, 3, 0x0c0400, "Fibre Channel" },
	{ MODEL_QLE2462, 0, 0x00, 4, 0x24321077, "ISP2432" },
	{ MODEL_QLE2462, 0, 0x2c, 4, 0x01381077, "QLE2462" },
	{ MODEL_QLE2562, 0, 0x2c, 4, 0x015d1077, "QLE2562" },
	{ MODEL_LSI9260, 0, 0x00, 4, 0x00791000, "SAS2108" },
	{ MODEL_LSI9260, 0, 0x09, 3, 0x010400, "RAID" },
	{ MODEL_LSI9260, 0, 0x2c, 4, 0x92601000, "9260-4i" },
	{ MODEL_LSI9260, 0, 0x0e, 1, 0x00, "one function" },
	{ MODEL_SWITCH_UP, 0, 0x0e, 1, 0x01, "a bridge" },
	{ MODEL_SWITCH_UP, 0, 0x6a, 2, 0x0052, "upstream port" },
	{ MODEL_SWITCH_UP, 0, 0x18, 3, 0x050403, "bus numbers" },
	{ MODEL_SWITCH_DOWN, 0, 0x6a, 2, 0x0162, "downstream port with slot" },
	{ MODEL_SWITCH_DOWN, 0, 0x7c, 4, 7u << 19 | 0x40cdb, "slot 7" },
	{ MODEL_SWITCH_DOWN, 0, 0x82, 2, 0, "nobody in it" },
	{ MODEL_SWITCH_DOWN, 0, 0x90, 2, 0x0020, "ARI forwarding" },
	{ MODEL_ROOT, 0, 0x92, 2, 0x0042, "root port" },
};

START_TEST(a_value)
{
	const struct space *s = made(values[_i].model, values[_i].function);

	ck_assert_msg(space_get(s, values[_i].at, values[_i].n) ==
	    values[_i].value, "%s: 0x%x, not 0x%x", values[_i].what,
	    space_get(s, values[_i].at, values[_i].n), values[_i].value);
}
END_TEST

/* ---- what a write does: before it, software or hardware put `was` there ---- */

static const struct {
	enum space_model model;
	unsigned at, n;
	uint32_t was, written, want;
	const char *what;
} writes[] = {
	{ MODEL_X520, 0x00, 4, 0x10fb8086, 0xdeadbeef, 0x10fb8086, "ids: RO" },
	{ MODEL_X520, 0x02, 2, 0x10fb, 0, 0x10fb, "device id by word: RO" },
	{ MODEL_X520, 0x08, 4, 0x02000001, ~0u, 0x02000001, "class: RO" },
	{ MODEL_X520, 0x34, 1, 0x40, 0, 0x40, "capability pointer: RO" },
	{ MODEL_X520, 0x04, 2, 0, 0xffff, 0x0547, "command" },
	{ MODEL_X520, 0x06, 2, 0xf910, 0x8000, 0x7910, "status: W1C, one bit" },
	{ MODEL_X520, 0x06, 2, 0xf910, 0x0000, 0xf910, "status: 0 clears not" },
	{ MODEL_X520, 0x04, 4, 0xf9100000, ~0u, 0x00100547, "both at once" },
	{ MODEL_X520, 0x10, 4, 0, ~0u, 0xfff80000, "BAR0: 512 KiB" },
	{ MODEL_X520, 0x14, 4, 0, ~0u, 0xffffffff, "BAR0, high half" },
	{ MODEL_X520, 0x18, 4, 0, ~0u, 0xffffffe0, "BAR2: 32 bytes" },
	{ MODEL_X520, 0x1c, 4, 0, ~0u, 0x00000000, "no BAR3" },
	{ MODEL_X520, 0x20, 4, 0, ~0u, 0xffffc000, "BAR4: 16 KiB" },
	{ MODEL_X520, 0x30, 4, 0, ~0u, 0xfff80001, "ROM: 512 KiB" },
	{ MODEL_X520, 0x3c, 1, 0x0b, 0x05, 0x05, "interrupt line" },
	{ MODEL_X520, 0x44, 2, 0x2000, ~0u, 0x2103, "power state" },
	{ MODEL_X520, 0x44, 2, 0xa000, 0x8000, 0x2000, "PME status: W1C" },
	{ MODEL_X520, 0xa8, 2, 0, 0xffff, 0x7fff, "FLR reads 0" },
	{ MODEL_X520, 0xaa, 2, 0x000f, 0x0001, 0x000e, "device status: W1C" },
	{ MODEL_X520, 0xac, 4, 0x00025482, 0, 0x00025482, "link: RO" },
	{ MODEL_X520, 0x104, 4, 0x00100000, 0x00100000, 0, "AER: W1C" },
	{ MODEL_X520, 0x108, 4, 0, ~0u, 0x01fff030, "AER mask" },
	{ MODEL_X520, 0x164, 4, 2, ~0u, 2, "SR-IOV capabilities: RO" },
	{ MODEL_X520, 0x168, 2, 0, 0xffff, 0x0019, "SR-IOV control" },
	{ MODEL_X520, 0x16c, 4, 0x00400040, 0, 0x00400040, "Initial, Total" },
	{ MODEL_X520, 0x170, 2, 0, 63, 63, "NumVFs" },
	{ MODEL_X520, 0x174, 4, 0x00020080, 0, 0x00020080, "offset, stride" },
	{ MODEL_X520, 0x180, 4, 1, ~0u, 0x553, "system page size" },
	{ MODEL_X520, 0x184, 4, 0, ~0u, 0xffffc000, "VF BAR0: 16 KiB" },
	{ MODEL_X520, 0x190, 4, 0, ~0u, 0xffffc000, "VF BAR3: 16 KiB" },
	{ MODEL_X520, 0x18c, 4, 0, ~0u, 0, "no VF BAR2" },
	{ MODEL_X520, 0xfff, 1, 0, 0xff, 0, "the last byte" },
	{ MODEL_QLE2562, 0x10, 4, 0, ~0u, 0xffffff00, "BAR0: 256 bytes" },
	{ MODEL_QLE2562, 0x14, 4, 0, ~0u, 0xffffc000, "BAR1: 16 KiB" },
	{ MODEL_LSI9260, 0x1c, 4, 0, ~0u, 0xfffc0000, "BAR3: 256 KiB" },
	{ MODEL_SWITCH_DOWN, 0x80, 2, 0x03c0, 0xffff, 0x17ff, "slot control" },
	{ MODEL_SWITCH_DOWN, 0x82, 2, 0x0149, 0x0008, 0x0141, "slot status: "
	    "W1C, presence stays" },
	{ MODEL_SWITCH_DOWN, 0x82, 2, 0x0149, 0xffff, 0x0040, "all of it" },
	{ MODEL_SWITCH_DOWN, 0x18, 3, 0, 0x050403, 0x050403, "bus numbers" },
};

START_TEST(a_write)
{
	struct space *s = made(writes[_i].model, 0);
	uint32_t got;

	space_set(s, writes[_i].at, writes[_i].n, writes[_i].was);
	space_write(s, writes[_i].at, writes[_i].n, writes[_i].written);
	got = space_get(s, writes[_i].at, writes[_i].n);
	ck_assert_msg(got == writes[_i].want, "%s: 0x%x, not 0x%x",
	    writes[_i].what, got, writes[_i].want);
}
END_TEST

/* Byte by byte and at once, everything ends the same: no access size is a way
 * round a mask. */
START_TEST(sizes_agree)
{
	struct space whole = *made((enum space_model)_i, 0), bytes = whole;

	for (unsigned at = 0; at < 4096; at += 4) {
		/* VF Enable stays off, or the order would matter. */
		uint32_t v = at == 0x168 ? 0xfffefffe : ~0u;

		space_write(&whole, at, 4, v);
		for (unsigned i = 0; i < 4; i++)
			space_write(&bytes, at + i, 1, v >> (8 * i) & 0xff);
	}
	ck_assert_mem_eq(whole.data, bytes.data, sizeof(whole.data));
}
END_TEST

START_TEST(num_vfs_is_locked_while_vfs_are_enabled)
{
	struct space *s = made(MODEL_X520, 0);

	space_write(s, 0x170, 2, 32);
	space_write(s, 0x168, 2, 0x0019);
	space_write(s, 0x170, 2, 8);
	space_write(s, 0x170, 1, 8);
	space_write(s, 0x180, 4, 0x10);
	ck_assert_uint_eq(space_get(s, 0x170, 2), 32);
	ck_assert_uint_eq(space_get(s, 0x180, 4), 1);
	space_write(s, 0x168, 2, 0x0009);
	ck_assert_uint_eq(space_get(s, 0x168, 2), 0x0019);	/* ARI too */
	space_write(s, 0x168, 2, 0x0018);
	space_write(s, 0x170, 2, 8);
	ck_assert_uint_eq(space_get(s, 0x170, 2), 8);
}
END_TEST

START_TEST(presence_is_shown_and_remembered)
{
	struct space *s = made(MODEL_SWITCH_DOWN, 0);

	space_slot_presence(s, 1);
	ck_assert_uint_eq(space_get(s, 0x82, 2), 0x0148);
	ck_assert_uint_eq(space_get(s, 0x7a, 2) & 0x23ff, 0x2082);
	space_write(s, 0x82, 2, 0x0148);
	ck_assert_uint_eq(space_get(s, 0x82, 2), 0x0040);
	space_slot_presence(s, 0);
	ck_assert_uint_eq(space_get(s, 0x82, 2), 0x0108);
	ck_assert_uint_eq(space_get(s, 0x7a, 2) & 0x23f0, 0);
}
END_TEST

START_TEST(presence_needs_a_slot)
{
	for (int m = 0; m < MODEL_N; m++) {
		struct space before, *s;

		if (m == MODEL_SWITCH_DOWN)
			continue;
		s = made((enum space_model)m, 0);
		before = *s;
		space_slot_presence(s, 1);
		ck_assert_mem_eq(&before, s, sizeof(before));
	}
}
END_TEST

/* ---- regions ---- */

static const struct {
	enum space_model model;
	unsigned line;
	uint64_t size, flags;
} regions[] = {
	{ MODEL_X520, 0, 512 << 10, 0x14220c },
	{ MODEL_X520, 1, 0, 0 },
	{ MODEL_X520, 2, 32, 0x40101 },
	{ MODEL_X520, 4, 16 << 10, 0x14220c },
	{ MODEL_X520, 6, 512 << 10, 0x46200 },
	{ MODEL_X520, 7, 64 * (16 << 10), 0x14220c },
	{ MODEL_X520, 10, 64 * (16 << 10), 0x14220c },
	{ MODEL_QLE2562, 1, 16 << 10, 0x140204 },
	{ MODEL_LSI9260, 3, 256 << 10, 0x140204 },
	{ MODEL_LSI9260, 7, 0, 0 },
	{ MODEL_SWITCH_UP, 0, 128 << 10, 0x40200 },
	{ MODEL_SWITCH_UP, 13, 2 * 4096, 0x101 },
	{ MODEL_SWITCH_UP, 14, 2 * (4 << 20), 0x200 },
	{ MODEL_SWITCH_UP, 15, 2ull * (256 << 20), 0x102201 },
};

START_TEST(a_region)
{
	struct space_region r[17];
	const struct space *s = made(regions[_i].model, 0);
	int bridge = (s->data[0x0e] & 0x7f) == 1;

	ck_assert_uint_eq(space_regions(s, r), bridge ? 17 : 13);
	ck_assert_uint_eq(r[regions[_i].line].flags, regions[_i].flags);
	if (regions[_i].size == 0) {
		ck_assert_uint_eq(r[regions[_i].line].end, 0);
		return;
	}
	ck_assert_uint_eq(r[regions[_i].line].end - r[regions[_i].line].start +
	    1, regions[_i].size);
	ck_assert_uint_eq(r[regions[_i].line].start % 32, 0);
}
END_TEST

/* Two functions of a card, and the windows of the port above it. */
START_TEST(addresses_do_not_overlap_and_lie_in_the_window)
{
	struct space port, f[2];
	struct space_region w[17], r[2][17];
	struct space_identity id = { .model = MODEL_SWITCH_DOWN, .bus = 2,
	    .sub_bus_first = (unsigned)_i, .sub_bus_last = (unsigned)_i + 1 };

	space_init(&port, &id, 0);
	space_regions(&port, w);
	for (unsigned k = 0; k < 2; k++) {
		id = (struct space_identity){ .model = MODEL_X520,
		    .function = k, .bus = (unsigned)_i, .total_vfs = 64 };
		space_init(&f[k], &id, 0);
		space_regions(&f[k], r[k]);
	}
	for (unsigned i = 0; i < 26; i++) {
		const struct space_region *a = &r[i / 13][i % 13], *in;

		if (a->end == 0)
			continue;
		in = a->flags & 0x100 ? &w[13] : a->flags & 8 ? &w[15] : &w[14];
		ck_assert(in->start <= a->start && a->end <= in->end);
		for (unsigned k = 0; k < i; k++) {
			const struct space_region *b = &r[k / 13][k % 13];

			ck_assert(b->end == 0 || a->end < b->start ||
			    b->end < a->start);
		}
	}
}
END_TEST

/* ---- broken lists end ---- */

START_TEST(a_loop_ends)
{
	struct space *s = made(MODEL_X520, 0);

	space_set(s, 0x41, 1, 0x40);
	ck_assert_uint_eq(space_cap(s, 0x10), 0);
	space_set(s, 0x100, 4, 0x14010001);
	space_set(s, 0x140, 4, 0x10010003);
	ck_assert_uint_eq(space_ext_cap(s, 0x10), 0);
	ck_assert_uint_eq(space_ext_cap(s, 0x03), 0x140);
}
END_TEST

SUITE("space")
{
	tcase_add_loop_test(tc, a_list, 0, N_ROWS(lists));
	tcase_add_loop_test(tc, a_value, 0, N_ROWS(values));
	tcase_add_loop_test(tc, a_write, 0, N_ROWS(writes));
	tcase_add_loop_test(tc, sizes_agree, 0, MODEL_N);
	tcase_add_test(tc, num_vfs_is_locked_while_vfs_are_enabled);
	tcase_add_test(tc, presence_is_shown_and_remembered);
	tcase_add_test(tc, presence_needs_a_slot);
	tcase_add_loop_test(tc, a_region, 0, N_ROWS(regions));
	tcase_add_loop_test(tc,
	    addresses_do_not_overlap_and_lie_in_the_window, 1, 254);
	tcase_add_test(tc, a_loop_ends);
}
