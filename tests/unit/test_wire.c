/* test_wire.c -- records across the wire, and the hello. */
#include "switchmgr/wire.h"
#include "tests/test.h"

static const fn_id fn = (1u << 20) | (1u << 16) | (FN_VF << 12) | 3;

static struct fabric_record
sample(enum record_kind kind)
{
	struct fabric_record r = { .kind = kind };

	switch (kind) {
	case REC_SWITCH:
		r.u.sw = (struct fabric_switch){ .model = 4001, .slots = 16,
		    .bays = 5, .bridges = 32, .parallel = 16, .term = 7 };
		break;
	case REC_SLOT:
		r.u.slot = (struct fabric_slot){ .number = 16, .link = 1,
		    .power = 2, .serial = "S0123456789ABCDE" };
		break;
	case REC_BRIDGE:
		r.u.bridge = (struct fabric_bridge){ .slot = 3, .bridge = 31,
		    .state = BRIDGE_BOUND, .n = 8, .op = UINT64_MAX,
		    .fn = { fn, fn + 1, fn + 2, fn + 3, fn + 4, fn + 5, fn + 6,
		    fn + 7 } };
		break;
	case REC_BAY:
		r.u.bay = (struct fabric_bay){ .number = 5, .occupied = 1,
		    .n_ports = 2, .serial = "X" };
		break;
	case REC_PORT:
		r.u.port = (struct fabric_port){ .bay = 5, .port = 2,
		    .address = UINT64_C(0xfedcba9876543210) };
		break;
	case REC_FN:
		r.u.fn = (struct fabric_fn){ .id = fn, .state = FNS_BOUND };
		r.u.fn.persona.kind = PERSONA_RAID;
		r.u.fn.persona.n_disks = FABRIC_DISKS;
		r.u.fn.persona.disks[FABRIC_DISKS - 1] = 63;
		break;
	case REC_DISK:
		r.u.disk = (struct fabric_disk){ .bay = 5, .number = 63,
		    .state = DISK_OPTIMAL, .mib = UINT32_MAX, .op = 1 };
		break;
	case REC_N_KINDS:
		break;
	}
	return r;
}

START_TEST(a_record_comes_back)
{
	struct fabric_record r = sample((enum record_kind)_i), back;
	uint8_t bytes[WIRE_RECORD_MAX];
	size_t n = wire_put_record(bytes, &r), used = 0;
	struct err e;

	ck_assert_uint_le(n, sizeof(bytes));
	ck_assert_uint_eq(n % 8, 0);
	memset(&back, 0x5a, sizeof(back));
	ck_ok(wire_get_record(bytes, n, &back, &used, &e), e);
	ck_assert_uint_eq(used, n);
	ck_assert_mem_eq(&back, &r, sizeof(r));
	/* One byte short of it is not a record. */
	for (size_t m = 0; m < n; m++)
		ck_fails(wire_get_record(bytes, m, &back, &used, &e), e,
		    ERR_DEVICE);
}
END_TEST

START_TEST(zeros_at_the_end_do_not_cross)
{
	struct fabric_record r = { .kind = REC_FN }, back;
	uint8_t bytes[WIRE_RECORD_MAX];
	size_t used;
	struct err e;

	r.u.fn.id = fn;
	ck_assert_uint_eq(wire_put_record(bytes, &r), 16);
	ck_ok(wire_get_record(bytes, 16, &back, &used, &e), e);
	ck_assert_uint_eq(back.u.fn.id, fn);
	ck_assert_uint_eq(back.u.fn.persona.disks[15], 0);
}
END_TEST

/* What a broken far side could send.  The row spoils a good record. */
static const struct {
	const char *what;
	enum record_kind kind;
	size_t at;
	uint8_t byte;
} spoilt[] = {
	{ "slots 0", REC_SWITCH, offsetof(struct fabric_switch, slots), 0 },
	{ "1296 slots", REC_SWITCH, offsetof(struct fabric_switch, slots) + 1, 5 },
	{ "no bridges", REC_SWITCH, offsetof(struct fabric_switch, bridges), 0 },
	{ "no verbs", REC_SWITCH, offsetof(struct fabric_switch, parallel), 0 },
	{ "slot 0", REC_SLOT, offsetof(struct fabric_slot, number), 0 },
	{ "power", REC_SLOT, offsetof(struct fabric_slot, power), 3 },
	{ "no NUL", REC_SLOT, offsetof(struct fabric_slot, serial) + 16, 'x' },
	{ "9 functions", REC_BRIDGE, offsetof(struct fabric_bridge, n), 9 },
	{ "state", REC_BRIDGE, offsetof(struct fabric_bridge, state), 4 },
	{ "error", REC_BRIDGE, offsetof(struct fabric_bridge, error), FERR_N },
	{ "function", REC_BRIDGE, offsetof(struct fabric_bridge, fn) + 1, 0xf0 },
	{ "bay 0", REC_BAY, offsetof(struct fabric_bay, number), 0 },
	{ "ports", REC_BAY, offsetof(struct fabric_bay, n_ports), 16 },
	{ "port 0", REC_PORT, offsetof(struct fabric_port, port), 0 },
	{ "port 16", REC_PORT, offsetof(struct fabric_port, port), 16 },
	{ "state", REC_FN, offsetof(struct fabric_fn, state), 5 },
	{ "kind", REC_FN, offsetof(struct fabric_fn, persona) +
	    offsetof(struct personality, kind), 4 },
	{ "VLANs", REC_FN, offsetof(struct fabric_fn, persona) +
	    offsetof(struct personality, n_vlans), 65 },
	{ "boot", REC_FN, offsetof(struct fabric_fn, persona) +
	    offsetof(struct personality, n_boot), 5 },
	{ "disks", REC_FN, offsetof(struct fabric_fn, persona) +
	    offsetof(struct personality, n_disks), 17 },
	{ "state", REC_DISK, offsetof(struct fabric_disk, state), 4 },
};

START_TEST(a_spoilt_record)
{
	struct fabric_record r = sample(spoilt[_i].kind), back;
	uint8_t bytes[WIRE_RECORD_MAX];
	size_t used;
	struct err e;

	((uint8_t *)&r.u)[spoilt[_i].at] = spoilt[_i].byte;
	ck_fails(wire_get_record(bytes, wire_put_record(bytes, &r), &back, &used,
	    &e), e, ERR_DEVICE);
}
END_TEST

static const struct {
	uint32_t kind, size;
} heads[] = {
	{ 0, 8 }, { REC_N_KINDS, 8 }, { UINT32_MAX, 8 },
	{ REC_SLOT, sizeof(struct fabric_slot) + 1 },
	{ REC_FN, UINT32_MAX }, { REC_FN, UINT32_MAX - 6 }, { REC_SWITCH, 4096 },
};

START_TEST(a_spoilt_head)
{
	uint8_t bytes[WIRE_PAGE] = { 0 };
	struct fabric_record back;
	size_t used;
	struct err e;

	memcpy(bytes, &heads[_i].kind, 4);
	memcpy(bytes + 4, &heads[_i].size, 4);
	ck_fails(wire_get_record(bytes, sizeof(bytes), &back, &used, &e), e,
	    ERR_DEVICE);
}
END_TEST

START_TEST(every_word_of_the_hello_counts)
{
	struct wire_hello h = wire_hello();
	uint32_t words[sizeof(h) / 4];

	ck_assert(wire_hello_fits(&h));
	for (size_t i = 0; i < sizeof(h) / 4; i++) {
		memcpy(words, &h, sizeof(h));
		words[i]++;
		ck_assert(!wire_hello_fits((const struct wire_hello *)words));
	}
}
END_TEST

static const struct {
	struct fabric_event ev;
	bool taken;
} events[] = {
	{ { .kind = FEV_NONE }, true },
	{ { .kind = FEV_RESYNC }, true },
	{ { .kind = FEV_RESYNC + 1 }, false },
	{ { .kind = FEV_SLOT, .slot = SLOT_MAX }, true },
	{ { .kind = FEV_SLOT, .slot = SLOT_MAX + 1 }, false },
	{ { .kind = FEV_BAY, .bay = BAY_MAX + 1 }, false },
	{ { .kind = FEV_FN, .fn = 1 }, false },
};

START_TEST(an_event)
{
	struct err e;

	if (events[_i].taken)
		ck_ok(wire_check_event(&events[_i].ev, &e), e);
	else
		ck_fails(wire_check_event(&events[_i].ev, &e), e, ERR_DEVICE);
}
END_TEST

START_TEST(every_request_fits)
{
	ck_assert_uint_le(sizeof(struct wire_head) +
	    wire_request_size((enum wire_verb)_i), WIRE_MAX);
}
END_TEST

SUITE("wire")
{
	tcase_add_loop_test(tc, a_record_comes_back, REC_SWITCH, REC_N_KINDS);
	tcase_add_test(tc, zeros_at_the_end_do_not_cross);
	tcase_add_loop_test(tc, a_spoilt_record, 0, N_ROWS(spoilt));
	tcase_add_loop_test(tc, a_spoilt_head, 0, N_ROWS(heads));
	tcase_add_test(tc, every_word_of_the_hello_counts);
	tcase_add_loop_test(tc, an_event, 0, N_ROWS(events));
	tcase_add_loop_test(tc, every_request_fits, WIRE_HELLO, WIRE_N_VERBS);
}
