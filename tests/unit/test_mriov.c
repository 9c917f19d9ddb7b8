/* test_mriov.c -- rows of the register map: what is taken, what is refused. */
#include "switchmgr/le.h"
#include "switchmgr/mriov_map.h"
#include "switchmgr/mriov_row.h"
#include "tests/test.h"

enum { BAY = 2, SLOT = 3, BRIDGE = 4, PORT = 1, DISK = 5 };

static fn_id
some_fn(unsigned index)
{
	return fn_make(BAY, PORT, FN_VF, index);
}

/* ---- one good row of each kind ---- */

static void
good_slot(uint8_t *r)
{
	le_put16(r + MR_SLOT_NUMBER, SLOT);
	r[MR_SLOT_LINK] = 1;
	r[MR_SLOT_POWER] = 2;
	r[MR_SLOT_WIDTH] = 8;
	r[MR_SLOT_GEN] = 3;
	r[MR_SLOT_CAP_WIDTH] = 16;
	r[MR_SLOT_CAP_GEN] = 4;
	r[MR_SLOT_ENABLED] = 1;
	le_put32(r + MR_SLOT_CHANGE, 77);
	memcpy(r + MR_SLOT_SERIAL, "0123456789abcdef", 16);
}

static void
good_bridge(uint8_t *r)
{
	le_put16(r + MR_BRIDGE_SLOT, SLOT);
	r[MR_BRIDGE_NUMBER] = BRIDGE;
	r[MR_BRIDGE_STATE] = MR_BRIDGE_BOUND;
	r[MR_BRIDGE_N] = 2;
	r[MR_BRIDGE_PRESENCE] = 1;
	le_put64(r + MR_BRIDGE_OP, UINT64_C(0x1122334455667788));
	le_put32(r + MR_BRIDGE_FN, some_fn(0));
	le_put32(r + MR_BRIDGE_FN + 4, some_fn(1));
	le_put32(r + MR_BRIDGE_FN + 8, 0xdeadbeef);	/* behind the count */
}

static void
good_bay(uint8_t *r)
{
	le_put16(r + MR_BAY_NUMBER, BAY);
	r[MR_BAY_OCCUPIED] = r[MR_BAY_POWER] = 1;
	r[MR_BAY_PORTS] = 2;
	le_put16(r + MR_BAY_FNS, 126);
	le_put16(r + MR_BAY_VENDOR, 0x8086);
	le_put16(r + MR_BAY_DEVICE, 0x10fb);
	le_put32(r + MR_BAY_CLASS, 0x02000001);
	le_put16(r + MR_BAY_RID, 0x0500);
	memcpy(r + MR_BAY_SERIAL, "X520", 4);
}

static void
good_port(uint8_t *r)
{
	r[MR_PORT_NUMBER] = PORT;
	r[MR_PORT_LINK] = r[MR_PORT_ENABLED] = 1;
	r[MR_PORT_FORWARDING] = 2;
	le_put32(r + MR_PORT_CAP_MBPS, 10000);
	le_put32(r + MR_PORT_MBPS, 1000);
	le_put64(r + MR_PORT_ADDRESS, UINT64_C(0x001b21000001));
}

static void
good_fn(uint8_t *r)
{
	le_put32(r + MR_FN_ID, some_fn(7));
	r[MR_FN_STATE] = MR_FN_BOUND;
	le_put64(r + MR_FN_OP, 9);
	le_put32(r + MR_FN_CHANGE, 1234);
	le_put16(r + MR_FN_VENDOR, 0x8086);
	le_put16(r + MR_FN_DEVICE, 0x10ed);
}

static void
good_disk(uint8_t *r)
{
	le_put16(r + MR_DISK_NUMBER, DISK);
	r[MR_DISK_STATE] = DISK_DEGRADED;
	r[MR_DISK_RAID] = 10;
	le_put32(r + MR_DISK_MIB, 20480);
	le_put32(r + MR_DISK_SHOWN, 0x8001);
	le_put64(r + MR_DISK_OP, 3);
}

static struct personality
good_persona(void)
{
	struct personality p = {
		.kind = PERSONA_NIC, .n_vlans = 3, .n_boot = 2, .n_disks = 2,
		.native = 120, .pcp = 5, .flags = PERSONA_SPOOF_CHECK,
		.limit_mbps = 2000, .guarantee_mbps = 500, .mtu = 9000,
		.mac = UINT64_C(0x021000000001),
		.wwpn = UINT64_C(0x2000000000000001),
		.wwnn = UINT64_C(0x2000000000000002),
		.vlans = { 1, 120, 4094 }, .disks = { 4, 63 },
	};

	p.boot[0].wwpn = UINT64_C(0x5006016041e0abcd);
	p.boot[0].lun = 1;
	p.boot[0].priority = 10;
	p.boot[1].wwpn = UINT64_C(0xffffffffffffffff);
	p.boot[1].lun = UINT64_C(0x4001000000000000);
	p.boot[1].priority = 20;
	return p;
}

static void
good_personality(uint8_t *r)
{
	struct personality p = good_persona();

	mriov_row_put_persona(r, &p);
}

/* ---- the decoders, alike ---- */

union record {
	struct fabric_slot slot;
	struct fabric_bridge bridge;
	struct fabric_bay bay;
	struct fabric_port port;
	struct fabric_fn fn;
	struct fabric_disk disk;
	struct personality persona;
};

static int
take_slot(const uint8_t *r, union record *u, struct err *e)
{
	return mriov_row_slot(r, SLOT, &u->slot, e);
}

static int
take_bridge(const uint8_t *r, union record *u, struct err *e)
{
	return mriov_row_bridge(r, SLOT, BRIDGE, &u->bridge, e);
}

static int
take_bay(const uint8_t *r, union record *u, struct err *e)
{
	uint16_t rid = 0;
	int rc = mriov_row_bay(r, BAY, &u->bay, &rid, e);

	if (rc == 0)
		ck_assert_uint_eq(rid, 0x0500);
	return rc;
}

static int
take_port(const uint8_t *r, union record *u, struct err *e)
{
	return mriov_row_port(r, BAY, PORT, &u->port, e);
}

static int
take_fn(const uint8_t *r, union record *u, struct err *e)
{
	uint32_t change = 0;
	int rc = mriov_row_fn(r, BAY, &u->fn, &change, e);

	if (rc == 0)
		ck_assert_uint_eq(change, 1234);
	return rc;
}

static int
take_disk(const uint8_t *r, union record *u, struct err *e)
{
	return mriov_row_disk(r, BAY, DISK, &u->disk, e);
}

static int
take_persona(const uint8_t *r, union record *u, struct err *e)
{
	return mriov_row_persona(r, &u->persona, e);
}

enum kind { K_SLOT, K_BRIDGE, K_BAY, K_PORT, K_FN, K_DISK, K_PERSONA, K_N };

static const struct {
	void (*good)(uint8_t *);
	int (*take)(const uint8_t *, union record *, struct err *);
	size_t bytes;
} kinds[K_N] = {
	[K_SLOT] = { good_slot, take_slot, MR_ROW_BYTES },
	[K_BRIDGE] = { good_bridge, take_bridge, MR_ROW_BYTES },
	[K_BAY] = { good_bay, take_bay, MR_ROW_BYTES },
	[K_PORT] = { good_port, take_port, MR_ROW_BYTES },
	[K_FN] = { good_fn, take_fn, MR_ROW_BYTES },
	[K_DISK] = { good_disk, take_disk, MR_ROW_BYTES },
	[K_PERSONA] = { good_personality, take_persona, MR_PERSONALITY_USED },
};

/* One byte of a good row changed: it is taken or refused, and nothing is
 * written when it is refused. */
static const struct {
	enum kind kind;
	unsigned at;
	uint8_t byte;
	bool taken;
} changes[] = {
	{ K_SLOT, MR_SLOT_NUMBER, SLOT + 1, false },
	{ K_SLOT, MR_SLOT_NUMBER + 1, 1, false },
	{ K_SLOT, MR_SLOT_LINK, 0, true },
	{ K_SLOT, MR_SLOT_LINK, 2, false },
	{ K_SLOT, MR_SLOT_POWER, 0, true },
	{ K_SLOT, MR_SLOT_POWER, 3, false },
	{ K_SLOT, MR_SLOT_ENABLED, 2, false },
	{ K_SLOT, MR_SLOT_LOCATE, 1, true },
	{ K_SLOT, MR_SLOT_LOCATE, 0xff, false },
	{ K_SLOT, MR_SLOT_SERIAL, 0, true },
	{ K_SLOT, MR_SLOT_SERIAL + 15, 0x1b, false },
	{ K_SLOT, MR_SLOT_SERIAL + 3, 0x7f, false },
	{ K_SLOT, MR_SLOT_SERIAL + 3, 0xc3, false },
	{ K_BRIDGE, MR_BRIDGE_SLOT, SLOT - 1, false },
	{ K_BRIDGE, MR_BRIDGE_NUMBER, 0, false },
	{ K_BRIDGE, MR_BRIDGE_STATE, MR_BRIDGE_RELEASING, true },
	{ K_BRIDGE, MR_BRIDGE_STATE, MR_BRIDGE_EMPTY, false },
	{ K_BRIDGE, MR_BRIDGE_STATE, 4, false },
	{ K_BRIDGE, MR_BRIDGE_N, 1, true },
	{ K_BRIDGE, MR_BRIDGE_N, 0, false },		/* bound, to nothing */
	{ K_BRIDGE, MR_BRIDGE_N, 3, false },		/* the third is none */
	{ K_BRIDGE, MR_BRIDGE_N, 9, false },
	{ K_BRIDGE, MR_BRIDGE_N, 0xff, false },
	{ K_BRIDGE, MR_BRIDGE_PRESENCE, 2, false },
	{ K_BRIDGE, MR_BRIDGE_ERROR, MR_ERR_INTERNAL, true },
	{ K_BRIDGE, MR_BRIDGE_ERROR, MR_N_ERRS, false },
	{ K_BRIDGE, MR_BRIDGE_FN + 1, 0xff, false },	/* unknown type */
	{ K_BAY, MR_BAY_NUMBER, 0, false },
	{ K_BAY, MR_BAY_OCCUPIED, 0, true },
	{ K_BAY, MR_BAY_OCCUPIED, 2, false },
	{ K_BAY, MR_BAY_POWER, 0, true },
	{ K_BAY, MR_BAY_POWER, 2, false },
	{ K_BAY, MR_BAY_LOCATE, 2, false },
	{ K_BAY, MR_BAY_PORTS, PORT_MAX, true },
	{ K_BAY, MR_BAY_PORTS, PORT_MAX + 1, false },
	{ K_BAY, MR_BAY_SERIAL, '\n', false },
	{ K_PORT, MR_PORT_NUMBER, 2, false },
	{ K_PORT, MR_PORT_LINK, 2, false },
	{ K_PORT, MR_PORT_ENABLED, 2, false },
	{ K_PORT, MR_PORT_FORWARDING, 0, true },
	{ K_PORT, MR_PORT_FORWARDING, 3, false },
	{ K_FN, MR_FN_ID, 8, true },
	{ K_FN, MR_FN_ID + 2, 0x31, false },	/* another bay */
	{ K_FN, MR_FN_ID + 1, 0, false },		/* no type */
	{ K_FN, MR_FN_STATE, MR_FN_FAILED, true },
	{ K_FN, MR_FN_STATE, 5, false },
	{ K_FN, MR_FN_BLANK, 1, true },
	{ K_FN, MR_FN_BLANK, 2, false },
	{ K_FN, MR_FN_ERROR, MR_N_ERRS, false },
	{ K_DISK, MR_DISK_NUMBER, DISK + 1, false },
	{ K_DISK, MR_DISK_STATE, 4, false },
	{ K_DISK, MR_DISK_RAID, 60, true },
	{ K_DISK, MR_DISK_RAID, 7, false },
	{ K_DISK, MR_DISK_ERROR, MR_N_ERRS, false },
	{ K_PERSONA, MR_PS_KIND, PERSONA_RAID, true },
	{ K_PERSONA, MR_PS_KIND, 4, false },
	{ K_PERSONA, MR_PS_N_VLANS, 64, true },
	{ K_PERSONA, MR_PS_N_VLANS, 65, false },
	{ K_PERSONA, MR_PS_N_BOOT, 4, true },
	{ K_PERSONA, MR_PS_N_BOOT, 5, false },
	{ K_PERSONA, MR_PS_N_DISKS, 16, true },
	{ K_PERSONA, MR_PS_N_DISKS, 17, false },
	{ K_PERSONA, MR_PS_NATIVE + 1, 0x10, false },	/* above 4095 */
	{ K_PERSONA, MR_PS_PCP, 7, true },
	{ K_PERSONA, MR_PS_PCP, 8, false },
	{ K_PERSONA, MR_PS_MAC + 6, 1, false },		/* more than 48 bits */
	{ K_PERSONA, MR_PS_VLANS + 3, 0x10, false },
};

START_TEST(a_changed_byte)
{
	uint8_t row[MR_PERSONALITY_BYTES] = { 0 };
	union record u, untouched;
	struct err e;

	memset(&u, 0x5a, sizeof(u));
	memset(&untouched, 0x5a, sizeof(untouched));
	kinds[changes[_i].kind].good(row);
	ck_assert_uint_ne(row[changes[_i].at], changes[_i].byte);
	row[changes[_i].at] = changes[_i].byte;
	if (changes[_i].taken) {
		ck_ok(kinds[changes[_i].kind].take(row, &u, &e), e);
		return;
	}
	ck_fails(kinds[changes[_i].kind].take(row, &u, &e), e, ERR_DEVICE);
	ck_assert_mem_eq(&u, &untouched, sizeof(u));
}
END_TEST

/* Every value of every byte: an answer, never a crash, and a count that keeps
 * within its array. */
START_TEST(any_byte)
{
	for (unsigned at = 0; at < kinds[_i].bytes; at++)
		for (unsigned byte = 0; byte < 256; byte++) {
			uint8_t row[MR_PERSONALITY_BYTES] = { 0 };
			union record u;
			struct err e = { 0 };

			kinds[_i].good(row);
			row[at] = (uint8_t)byte;
			/* These two are compared in take_fn and take_bay. */
			if ((_i == K_FN && at / 4 == MR_FN_CHANGE / 4) ||
			    (_i == K_BAY && at / 2 == MR_BAY_RID / 2))
				continue;
			if (kinds[_i].take(row, &u, &e) < 0) {
				ck_assert_int_eq(e.code, ERR_DEVICE);
				continue;
			}
			if (_i == K_BRIDGE)
				ck_assert_uint_le(u.bridge.n, FABRIC_BRIDGE_FNS);
			if (_i == K_PERSONA)
				ck_assert_uint_le(u.persona.n_vlans,
				    FABRIC_VLANS);
		}
}
END_TEST

/* ---- what a good row says ---- */

START_TEST(a_slot_says)
{
	uint8_t row[MR_ROW_BYTES] = { 0 };
	union record u;
	struct err e;

	good_slot(row);
	ck_ok(take_slot(row, &u, &e), e);
	ck_assert_uint_eq(u.slot.number, SLOT);
	ck_assert_uint_eq(u.slot.width, 8);
	ck_assert_uint_eq(u.slot.gen, 3);
	ck_assert_uint_eq(u.slot.cap_width, 16);
	ck_assert_uint_eq(u.slot.cap_gen, 4);
	ck_assert_uint_eq(u.slot.change, 77);
	ck_assert_str_eq(u.slot.serial, "0123456789abcdef");
}
END_TEST

START_TEST(a_bridge_says)
{
	uint8_t row[MR_ROW_BYTES] = { 0 };
	union record u;
	struct err e;

	good_bridge(row);
	ck_ok(take_bridge(row, &u, &e), e);
	ck_assert_uint_eq(u.bridge.state, BRIDGE_BOUND);
	ck_assert_uint_eq(u.bridge.op, UINT64_C(0x1122334455667788));
	ck_assert_uint_eq(u.bridge.fn[0], some_fn(0));
	ck_assert_uint_eq(u.bridge.fn[1], some_fn(1));
	ck_assert_uint_eq(u.bridge.fn[2], 0);
}
END_TEST

START_TEST(module_rows_say)
{
	uint8_t row[MR_ROW_BYTES] = { 0 };
	union record u;
	struct err e;

	good_bay(row);
	ck_ok(take_bay(row, &u, &e), e);
	ck_assert_uint_eq(u.bay.n_fns, 126);
	ck_assert_uint_eq(u.bay.vendor, 0x8086);
	ck_assert_str_eq(u.bay.serial, "X520");
	memset(row, 0, sizeof(row));
	good_port(row);
	ck_ok(take_port(row, &u, &e), e);
	ck_assert_uint_eq(u.port.bay, BAY);
	ck_assert_uint_eq(u.port.mbps, 1000);
	ck_assert_uint_eq(u.port.address, UINT64_C(0x001b21000001));
	memset(row, 0, sizeof(row));
	good_fn(row);
	ck_ok(take_fn(row, &u, &e), e);
	ck_assert_uint_eq(u.fn.id, some_fn(7));
	ck_assert_uint_eq(u.fn.device, 0x10ed);
	ck_assert_uint_eq(u.fn.persona.kind, PERSONA_NONE);
	memset(row, 0, sizeof(row));
	good_disk(row);
	ck_ok(take_disk(row, &u, &e), e);
	ck_assert_uint_eq(u.disk.mib, 20480);
	ck_assert_uint_eq(u.disk.shown, 0x8001);
}
END_TEST

START_TEST(a_personality_comes_back)
{
	uint8_t row[MR_PERSONALITY_USED], again[MR_PERSONALITY_USED];
	struct personality p = good_persona(), q;
	struct err e;

	mriov_row_put_persona(row, &p);
	ck_ok(mriov_row_persona(row, &q, &e), e);
	ck_assert(personality_equal(&p, &q));
	mriov_row_put_persona(again, &q);
	ck_assert_mem_eq(row, again, sizeof(row));
	/* What lies behind the counts neither goes there nor comes back. */
	p.vlans[3] = 7;
	p.disks[2] = 8;
	p.boot[2].lun = 9;
	mriov_row_put_persona(again, &p);
	ck_assert_mem_eq(row, again, sizeof(row));
	le_put16(row + MR_PS_VLANS + 6, 7);
	ck_ok(mriov_row_persona(row, &q, &e), e);
	ck_assert_uint_eq(q.vlans[3], 0);
}
END_TEST

/* Each field alone makes two personalities unlike. */
START_TEST(a_difference_is_seen)
{
	struct personality p = good_persona(), q = p;

	switch (_i) {
	case 0: q.kind = PERSONA_FC; break;
	case 1: q.n_vlans--; break;
	case 2: q.n_boot--; break;
	case 3: q.n_disks--; break;
	case 4: q.native++; break;
	case 5: q.pcp++; break;
	case 6: q.flags ^= PERSONA_PXE; break;
	case 7: q.limit_mbps++; break;
	case 8: q.guarantee_mbps++; break;
	case 9: q.mtu++; break;
	case 10: q.mac++; break;
	case 11: q.wwpn++; break;
	case 12: q.wwnn++; break;
	case 13: q.vlans[2]--; break;
	case 14: q.boot[1].wwpn--; break;
	case 15: q.boot[1].lun--; break;
	case 16: q.boot[1].priority++; break;
	case 17: q.disks[1]--; break;
	default: break;
	}
	ck_assert(!personality_equal(&p, &q));
}
END_TEST

/* ---- events ---- */

static const struct {
	uint8_t row[MR_EV_BYTES];
	uint8_t kind;
	uint16_t slot, bay;
	uint8_t bridge;
} events[] = {
	{ { 0 }, FEV_NONE, 0, 0, 0 },
	{ { MR_EV_IS_SLOT, 0, 5 }, FEV_SLOT, 5, 0, 0 },
	{ { MR_EV_IS_SLOT, 0, 0 }, FEV_RESYNC, 0, 0, 0 },
	{ { MR_EV_IS_SLOT, 0, 1, 4 }, FEV_RESYNC, 0, 0, 0 },	/* slot 1025 */
	{ { MR_EV_IS_BRIDGE, 31, 16 }, FEV_BRIDGE, 16, 0, 31 },
	{ { MR_EV_IS_BAY, 0, 0, 0, 3 }, FEV_BAY, 0, 3, 0 },
	{ { MR_EV_IS_BAY }, FEV_RESYNC, 0, 0, 0 },
	{ { MR_EV_IS_PORT, 0, 0, 0, 3, 0, 2 }, FEV_PORT, 0, 3, 0 },
	{ { MR_EV_IS_PORT, 0, 0, 0, 3, 0, 16 }, FEV_RESYNC, 0, 0, 0 },
	{ { MR_EV_IS_DISK, 0, 0, 0, 5 }, FEV_DISK, 0, 5, 0 },
	{ { MR_EV_IS_FN }, FEV_RESYNC, 0, 0, 0 },
	{ { 7 }, FEV_RESYNC, 0, 0, 0 },
	{ { 0xff }, FEV_RESYNC, 0, 0, 0 },
};

START_TEST(an_event)
{
	struct fabric_event ev;

	memset(&ev, 0x5a, sizeof(ev));
	mriov_row_event(events[_i].row, &ev);
	ck_assert_uint_eq(ev.kind, events[_i].kind);
	ck_assert_uint_eq(ev.slot, events[_i].slot);
	ck_assert_uint_eq(ev.bay, events[_i].bay);
	ck_assert_uint_eq(ev.bridge, events[_i].bridge);
}
END_TEST

START_TEST(an_event_names_its_function)
{
	uint8_t row[MR_EV_BYTES] = { MR_EV_IS_FN };
	struct fabric_event ev;

	le_put32(row + MR_EV_FN, some_fn(3));
	mriov_row_event(row, &ev);
	ck_assert_uint_eq(ev.kind, FEV_FN);
	ck_assert_uint_eq(ev.fn, some_fn(3));
}
END_TEST

SUITE("mriov")
{
	tcase_add_loop_test(tc, a_changed_byte, 0, N_ROWS(changes));
	tcase_add_loop_test(tc, any_byte, 0, K_N);
	tcase_add_test(tc, a_slot_says);
	tcase_add_test(tc, a_bridge_says);
	tcase_add_test(tc, module_rows_say);
	tcase_add_test(tc, a_personality_comes_back);
	tcase_add_loop_test(tc, a_difference_is_seen, 0, 18);
	tcase_add_loop_test(tc, an_event, 0, N_ROWS(events));
	tcase_add_test(tc, an_event_names_its_function);
}
