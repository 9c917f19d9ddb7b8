/* mriov_row.c -- see mriov_row.h. */
#include <string.h>

#include "switchmgr/le.h"
#include "switchmgr/mriov_map.h"
#include "switchmgr/mriov_row.h"

/* The map's numbers and ours are the same ones. */
_Static_assert((int)FERR_N == (int)MR_N_ERRS, "errors");
_Static_assert((int)FERR_TERM == (int)MR_ERR_TERM &&
    (int)FERR_INTERNAL == (int)MR_ERR_INTERNAL, "errors");
_Static_assert((int)BRIDGE_RELEASING == (int)MR_BRIDGE_RELEASING, "bridges");
_Static_assert((int)FNS_FAILED == (int)MR_FN_FAILED, "functions");
_Static_assert((int)SEEN_YES == (int)MR_SEEN_YES, "seen");
_Static_assert((int)HOTPLUG_READY == (int)MR_HOTPLUG_READY, "hot plug");
_Static_assert((int)FABRIC_BRIDGE_FNS == (int)MR_BRIDGE_FNS, "bridges");
_Static_assert(FABRIC_SERIAL == 16 + 1, "serial");
_Static_assert(MR_PS_BOOT == MR_PS_VLANS + 2 * FABRIC_VLANS, "vlans");
_Static_assert(MR_PS_DISKS == MR_PS_BOOT + 24 * FABRIC_BOOT, "boot targets");
_Static_assert(MR_PERSONALITY_USED == MR_PS_DISKS + 2 * FABRIC_DISKS, "disks");

enum { POWER_ON = 2, FORWARDING_MAX = 2, VLAN_LAST = 4095, PCP_MAX = 7,
	BOOT_BYTES = 24 };

/* Fails when `value` is above `max`: `what` is the register, `row` its row. */
static int
at_most(const char *row, const char *what, uint32_t value, uint32_t max,
    struct err *e)
{
	if (value > max)
		return err_set(e, ERR_DEVICE, "%s row: %s is %u", row, what, value);
	return 0;
}

static int
is_place(const char *row, const char *what, uint32_t value, uint32_t want,
    struct err *e)
{
	if (value != want)
		return err_set(e, ERR_DEVICE, "%s row: %s is %u instead of %u",
		    row, what, value, want);
	return 0;
}

static int
is_function(const char *row, fn_id fn, struct err *e)
{
	if (!fn_valid(fn))
		return err_set(e, ERR_DEVICE, "%s row: 0x%08x is no function",
		    row, fn);
	return 0;
}

static int
take_serial(const char *row, const uint8_t *bytes, char out[FABRIC_SERIAL],
    struct err *e)
{
	memset(out, 0, FABRIC_SERIAL);
	for (unsigned i = 0; i < FABRIC_SERIAL - 1 && bytes[i] != 0; i++) {
		if (bytes[i] < 0x20 || bytes[i] > 0x7e)
			return err_set(e, ERR_DEVICE,
			    "%s row: the serial number is not text", row);
		out[i] = (char)bytes[i];
	}
	return 0;
}

int
mriov_row_slot(const uint8_t *row, unsigned number, struct fabric_slot *out,
    struct err *e)
{
	struct fabric_slot s = {
		.number = le_get16(row + MR_SLOT_NUMBER),
		.link = row[MR_SLOT_LINK], .power = row[MR_SLOT_POWER],
		.width = row[MR_SLOT_WIDTH], .gen = row[MR_SLOT_GEN],
		.cap_width = row[MR_SLOT_CAP_WIDTH],
		.cap_gen = row[MR_SLOT_CAP_GEN],
		.enabled = row[MR_SLOT_ENABLED], .locate = row[MR_SLOT_LOCATE],
		.hotplug = row[MR_SLOT_HOTPLUG],
		.buses = le_get16(row + MR_SLOT_BUSES),
		.mmio_mib = le_get32(row + MR_SLOT_MMIO),
		.change = le_get32(row + MR_SLOT_CHANGE),
	};

	if (is_place("slot", "number", s.number, number, e) < 0 ||
	    at_most("slot", "link", s.link, 1, e) < 0 ||
	    at_most("slot", "power", s.power, POWER_ON, e) < 0 ||
	    at_most("slot", "enabled", s.enabled, 1, e) < 0 ||
	    at_most("slot", "locate", s.locate, 1, e) < 0 ||
	    at_most("slot", "hot plug", s.hotplug, HOTPLUG_READY, e) < 0 ||
	    take_serial("slot", row + MR_SLOT_SERIAL, s.serial, e) < 0)
		return -1;
	*out = s;
	return 0;
}

static int
take_bridge_fns(const uint8_t *row, struct fabric_bridge *b, struct err *e)
{
	for (unsigned i = 0; i < b->n; i++) {
		b->fn[i] = le_get32(row + MR_BRIDGE_FN + 4 * i);
		if (is_function("bridge", b->fn[i], e) < 0)
			return -1;
	}
	/* While releasing, the functions may have gone already. */
	if ((b->state == BRIDGE_EMPTY && b->n > 0) ||
	    (b->state == BRIDGE_BOUND && b->n == 0))
		return err_set(e, ERR_DEVICE,
		    "bridge row: state %u with %u functions", b->state, b->n);
	return 0;
}

int
mriov_row_bridge(const uint8_t *row, unsigned slot, unsigned bridge,
    struct fabric_bridge *out, struct err *e)
{
	struct fabric_bridge b = {
		.slot = le_get16(row + MR_BRIDGE_SLOT),
		.bridge = row[MR_BRIDGE_NUMBER], .state = row[MR_BRIDGE_STATE],
		.n = row[MR_BRIDGE_N], .presence = row[MR_BRIDGE_PRESENCE],
		.error = row[MR_BRIDGE_ERROR], .seen = row[MR_BRIDGE_SEEN],
		.op = le_get64(row + MR_BRIDGE_OP),
		.change = le_get32(row + MR_BRIDGE_CHANGE),
	};

	if (is_place("bridge", "slot", b.slot, slot, e) < 0 ||
	    is_place("bridge", "number", b.bridge, bridge, e) < 0 ||
	    at_most("bridge", "state", b.state, BRIDGE_RELEASING, e) < 0 ||
	    at_most("bridge", "count", b.n, FABRIC_BRIDGE_FNS, e) < 0 ||
	    at_most("bridge", "presence", b.presence, 1, e) < 0 ||
	    at_most("bridge", "seen", b.seen, SEEN_YES, e) < 0 ||
	    at_most("bridge", "error", b.error, FERR_N - 1, e) < 0 ||
	    take_bridge_fns(row, &b, e) < 0)
		return -1;
	*out = b;
	return 0;
}

int
mriov_row_bay(const uint8_t *row, unsigned number, struct fabric_bay *out,
    uint16_t *rid, struct err *e)
{
	struct fabric_bay b = {
		.number = le_get16(row + MR_BAY_NUMBER),
		.occupied = row[MR_BAY_OCCUPIED], .power = row[MR_BAY_POWER],
		.locate = row[MR_BAY_LOCATE], .n_ports = row[MR_BAY_PORTS],
		.n_fns = le_get16(row + MR_BAY_FNS),
		.vendor = le_get16(row + MR_BAY_VENDOR),
		.device = le_get16(row + MR_BAY_DEVICE),
		.subvendor = le_get16(row + MR_BAY_SUBVENDOR),
		.subdevice = le_get16(row + MR_BAY_SUBDEVICE),
		.class_rev = le_get32(row + MR_BAY_CLASS),
		.change = le_get32(row + MR_BAY_CHANGE),
	};

	if (is_place("bay", "number", b.number, number, e) < 0 ||
	    at_most("bay", "occupied", b.occupied, 1, e) < 0 ||
	    at_most("bay", "power", b.power, 1, e) < 0 ||
	    at_most("bay", "locate", b.locate, 1, e) < 0 ||
	    at_most("bay", "ports", b.n_ports, PORT_MAX, e) < 0 ||
	    take_serial("bay", row + MR_BAY_SERIAL, b.serial, e) < 0)
		return -1;
	*out = b;
	*rid = le_get16(row + MR_BAY_RID);
	return 0;
}

int
mriov_row_port(const uint8_t *row, unsigned bay, unsigned port,
    struct fabric_port *out, struct err *e)
{
	struct fabric_port p = {
		.bay = (uint16_t)bay, .port = row[MR_PORT_NUMBER],
		.link = row[MR_PORT_LINK], .enabled = row[MR_PORT_ENABLED],
		.forwarding = row[MR_PORT_FORWARDING],
		.cap_mbps = le_get32(row + MR_PORT_CAP_MBPS),
		.mbps = le_get32(row + MR_PORT_MBPS),
		.address = le_get64(row + MR_PORT_ADDRESS),
	};

	if (is_place("port", "number", p.port, port, e) < 0 ||
	    at_most("port", "link", p.link, 1, e) < 0 ||
	    at_most("port", "enabled", p.enabled, 1, e) < 0 ||
	    at_most("port", "forwarding", p.forwarding, FORWARDING_MAX, e) < 0)
		return -1;
	*out = p;
	return 0;
}

int
mriov_row_fn(const uint8_t *row, unsigned bay, struct fabric_fn *out,
    uint32_t *change, struct err *e)
{
	struct fabric_fn f = {
		.id = le_get32(row + MR_FN_ID),
		.state = row[MR_FN_STATE], .blank = row[MR_FN_BLANK],
		.error = row[MR_FN_ERROR], .op = le_get64(row + MR_FN_OP),
		.vendor = le_get16(row + MR_FN_VENDOR),
		.device = le_get16(row + MR_FN_DEVICE),
		.class_rev = le_get32(row + MR_FN_CLASS),
	};

	if (is_function("function", f.id, e) < 0 ||
	    is_place("function", "bay", fn_bay(f.id), bay, e) < 0 ||
	    at_most("function", "state", f.state, FNS_FAILED, e) < 0 ||
	    at_most("function", "blank", f.blank, 1, e) < 0 ||
	    at_most("function", "error", f.error, FERR_N - 1, e) < 0)
		return -1;
	*out = f;
	*change = le_get32(row + MR_FN_CHANGE);
	return 0;
}

static bool
raid_known(unsigned raid)
{
	return raid == 0 || raid == 1 || raid == 5 || raid == 6 || raid == 10 ||
	    raid == 50 || raid == 60;
}

int
mriov_row_disk(const uint8_t *row, unsigned bay, unsigned number,
    struct fabric_disk *out, struct err *e)
{
	struct fabric_disk d = {
		.bay = (uint16_t)bay, .number = le_get16(row + MR_DISK_NUMBER),
		.state = row[MR_DISK_STATE], .raid = row[MR_DISK_RAID],
		.error = row[MR_DISK_ERROR],
		.mib = le_get32(row + MR_DISK_MIB),
		.shown = le_get32(row + MR_DISK_SHOWN),
		.op = le_get64(row + MR_DISK_OP),
	};

	if (is_place("disk", "number", d.number, number, e) < 0 ||
	    at_most("disk", "state", d.state, DISK_FAILED, e) < 0 ||
	    at_most("disk", "error", d.error, FERR_N - 1, e) < 0)
		return -1;
	if (!raid_known(d.raid))
		return err_set(e, ERR_DEVICE, "disk row: RAID level %u", d.raid);
	*out = d;
	return 0;
}

static int
take_persona_lists(const uint8_t *row, struct personality *p, struct err *e)
{
	for (unsigned i = 0; i < p->n_vlans; i++) {
		p->vlans[i] = le_get16(row + MR_PS_VLANS + 2 * i);
		if (at_most("personality", "VLAN", p->vlans[i], VLAN_LAST, e) < 0)
			return -1;
	}
	for (unsigned i = 0; i < p->n_boot; i++) {
		const uint8_t *b = row + MR_PS_BOOT + BOOT_BYTES * i;

		p->boot[i].wwpn = le_get64(b);
		p->boot[i].lun = le_get64(b + 8);
		p->boot[i].priority = le_get32(b + 16);
	}
	for (unsigned i = 0; i < p->n_disks; i++)
		p->disks[i] = le_get16(row + MR_PS_DISKS + 2 * i);
	return 0;
}

int
mriov_row_persona(const uint8_t *row, struct personality *out, struct err *e)
{
	struct personality p = {
		.kind = row[MR_PS_KIND], .n_vlans = row[MR_PS_N_VLANS],
		.n_boot = row[MR_PS_N_BOOT], .n_disks = row[MR_PS_N_DISKS],
		.native = le_get16(row + MR_PS_NATIVE),
		.pcp = row[MR_PS_PCP], .flags = row[MR_PS_FLAGS],
		.limit_mbps = le_get32(row + MR_PS_LIMIT),
		.guarantee_mbps = le_get32(row + MR_PS_GUARANTEE),
		.mtu = le_get16(row + MR_PS_MTU),
		.mac = le_get64(row + MR_PS_MAC),
		.wwpn = le_get64(row + MR_PS_WWPN),
		.wwnn = le_get64(row + MR_PS_WWNN),
	};

	if (at_most("personality", "kind", p.kind, PERSONA_RAID, e) < 0 ||
	    at_most("personality", "VLANs", p.n_vlans, FABRIC_VLANS, e) < 0 ||
	    at_most("personality", "boot targets", p.n_boot, FABRIC_BOOT,
	    e) < 0 ||
	    at_most("personality", "disks", p.n_disks, FABRIC_DISKS, e) < 0 ||
	    at_most("personality", "native VLAN", p.native, VLAN_LAST, e) < 0 ||
	    at_most("personality", "PCP", p.pcp, PCP_MAX, e) < 0)
		return -1;
	if (p.mac >> 48 != 0)
		return err_set(e, ERR_DEVICE, "personality row: MAC of 64 bits");
	if (take_persona_lists(row, &p, e) < 0)
		return -1;
	*out = p;
	return 0;
}

void
mriov_row_put_persona(uint8_t *row, const struct personality *p)
{
	memset(row, 0, MR_PERSONALITY_USED);
	row[MR_PS_KIND] = p->kind;
	row[MR_PS_N_VLANS] = p->n_vlans;
	row[MR_PS_N_BOOT] = p->n_boot;
	row[MR_PS_N_DISKS] = p->n_disks;
	le_put16(row + MR_PS_NATIVE, p->native);
	row[MR_PS_PCP] = p->pcp;
	row[MR_PS_FLAGS] = p->flags;
	le_put32(row + MR_PS_LIMIT, p->limit_mbps);
	le_put32(row + MR_PS_GUARANTEE, p->guarantee_mbps);
	le_put16(row + MR_PS_MTU, p->mtu);
	le_put64(row + MR_PS_MAC, p->mac);
	le_put64(row + MR_PS_WWPN, p->wwpn);
	le_put64(row + MR_PS_WWNN, p->wwnn);
	for (unsigned i = 0; i < p->n_vlans; i++)
		le_put16(row + MR_PS_VLANS + 2 * i, p->vlans[i]);
	for (unsigned i = 0; i < p->n_boot; i++) {
		uint8_t *b = row + MR_PS_BOOT + BOOT_BYTES * i;

		le_put64(b, p->boot[i].wwpn);
		le_put64(b + 8, p->boot[i].lun);
		le_put32(b + 16, p->boot[i].priority);
	}
	for (unsigned i = 0; i < p->n_disks; i++)
		le_put16(row + MR_PS_DISKS + 2 * i, p->disks[i]);
}

static const uint8_t event_kinds[] = {
	[MR_EV_NONE] = FEV_NONE, [MR_EV_IS_SLOT] = FEV_SLOT,
	[MR_EV_IS_BAY] = FEV_BAY, [MR_EV_IS_BRIDGE] = FEV_BRIDGE,
	[MR_EV_IS_FN] = FEV_FN, [MR_EV_IS_PORT] = FEV_PORT,
	[MR_EV_IS_DISK] = FEV_DISK,
};

/* Does it name the place that its kind speaks of? */
static bool
event_sensible(const struct fabric_event *ev)
{
	switch ((enum fabric_event_kind)ev->kind) {
	case FEV_SLOT:
	case FEV_BRIDGE:
		return ev->slot >= 1 && ev->slot <= SLOT_MAX;
	case FEV_BAY:
	case FEV_PORT:
	case FEV_DISK:
		return ev->bay >= 1 && ev->bay <= BAY_MAX &&
		    ev->port <= PORT_MAX;
	case FEV_FN:
		return fn_valid(ev->fn);
	case FEV_NONE:
	case FEV_RESYNC:
		return true;
	}
	return false;
}

void
mriov_row_event(const uint8_t *row, struct fabric_event *out)
{
	struct fabric_event ev = {
		.bridge = row[MR_EV_BRIDGE], .port = row[MR_EV_PORT],
		.slot = le_get16(row + MR_EV_SLOT),
		.bay = le_get16(row + MR_EV_BAY), .fn = le_get32(row + MR_EV_FN),
	};
	unsigned code = row[MR_EV_CODE];

	memset(out, 0, sizeof(*out));
	out->kind = FEV_RESYNC;
	if (code >= sizeof(event_kinds) / sizeof(event_kinds[0]))
		return;
	ev.kind = event_kinds[code];
	if (ev.kind == FEV_NONE)
		out->kind = FEV_NONE;
	else if (event_sensible(&ev))
		*out = ev;
}
