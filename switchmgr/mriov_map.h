/* table */
/*
 * mriov_map.h -- the register map of our MR-IOV switch and base functions.
 *
 * Public (PCI-SIG): the extended capability id 0x0011 and its 4-byte header.
 * OURS: everything behind that header.  The layout of the MR-IOV capability is
 * not public; this one follows the public concepts (management in VH0, a base
 * function per device, virtual switches of hot-plug bridges, a function map)
 * and is described in prose in docs/mriov-registers.md.  A holder of the
 * specification replaces this file and the two that decode it (switchmgr/
 * mriov_*.c).  It is the only header that the emulator shares with the driver.
 *
 * All registers are little-endian dwords in configuration space, at offsets
 * from the capability.  Two roles: the SWITCH (upstream port of the management
 * hierarchy) and the BASE FUNCTION (function 0 of each module).
 */
#ifndef SWITCHMGR_MRIOV_MAP_H
#define SWITCHMGR_MRIOV_MAP_H

enum {
	MR_CAP_ID = 0x0011,		/* public */
	MR_CAP_BYTES = 0x800,		/* ours, from here on */

	/* Both roles.  RO unless marked. */
	MR_ID = 0x004,			/* 31:16 "PR", 15:8 version, 3:0 role */
	MR_STATUS = 0x008,		/* MR_ST_* */
	MR_MODEL = 0x00c,		/* switch: model number of the box */
	MR_SHAPE0 = 0x010,		/* switch: 15:0 slots, 31:16 bays
					 * base: 15:0 functions, 31:16 disks */
	MR_SHAPE1 = 0x014,		/* switch: 15:0 bridges per slot,
					 *   31:16 verbs pending at once
					 * base: 15:0 ports, 31:16 its bay */
	MR_RELEASE_MS = 0x018,		/* switch: an orderly release that the
					 * server leaves unanswered fails then */
	MR_CHANGE = 0x01c,		/* counts changes of any row; wraps */
	MR_TERM_LO = 0x020, MR_TERM_HI = 0x024,	/* highest term obeyed */
	MR_BOOTS = 0x028,		/* power cycles of the switch */

	/* The window: select, then read up to 1 KiB of rows. */
	MR_SELECT = 0x030,		/* RW 31:28 table, 27:0 first row */
	MR_ROWS = 0x034,		/* 15:0 rows in the window, 31:16 bytes each */
	MR_TOTAL = 0x038,		/* rows of the whole table */
	MR_LATCH = 0x03c,		/* MR_CHANGE when the window was latched */

	/* The mailbox: operands, term and operation id first, then the command.
	 * Obeyed whole or not at all. */
	MR_MB_TERM_LO = 0x040, MR_MB_TERM_HI = 0x044,	/* RW */
	MR_MB_OP_LO = 0x048, MR_MB_OP_HI = 0x04c,	/* RW, not 0 */
	MR_MB_COMMAND = 0x050,		/* RW: writing a MR_CMD_* executes it */
	MR_MB_RESULT = 0x054,		/* 7:0 MR_RES_*, 15:8 MR_ERR_* */
	MR_MB_OPERAND = 0x060,		/* RW, MR_MB_BYTES */
	MR_MB_BYTES = 0x180,

	/* Events (switch only): the head of a queue; hints, never the truth. */
	MR_EVENT = 0x1e0,		/* 16 bytes, all zero when empty */
	MR_EVENT_ACK = 0x1f0,		/* WO: any write drops the head */
	MR_EVENT_QUEUE = 64,		/* entries; one more sets MR_ST_OVERFLOW */

	MR_WINDOW = 0x400,		/* 1 KiB */
	MR_WINDOW_BYTES = 0x400,

	MR_ID_MAGIC = 0x5052,
	MR_ID_VERSION = 1,
	MR_ROLE_SWITCH = 1,
	MR_ROLE_BASE = 2,

	MR_ST_READY = 1 << 0,		/* RO; a second after power-up at the latest */
	MR_ST_EVENT = 1 << 1,		/* RO: the queue is not empty */
	MR_ST_OVERFLOW = 1 << 8,	/* RW1C: events were lost */

	MR_RES_IDLE = 0,		/* no command since power-up */
	MR_RES_PENDING = 1,		/* under way; its row tells the end */
	MR_RES_DONE = 2,
	MR_RES_FAILED = 3,
};

/* Why the switch said no (MR_MB_RESULT 15:8, and byte `error` of rows). */
enum {
	MR_ERR_NONE = 0,
	MR_ERR_TERM = 1,	/* the term is older than the highest obeyed */
	MR_ERR_COMMAND = 2,	/* unknown command, or not of this role */
	MR_ERR_OPERAND = 3,	/* out of range */
	MR_ERR_ABSENT = 4,	/* no such slot, bridge, function, disk, module */
	MR_ERR_BUSY = 5,	/* another command is under way there */
	MR_ERR_OCCUPIED = 6,	/* the bridge holds something else */
	MR_ERR_DISABLED = 7,	/* the slot is disabled */
	MR_ERR_PARALLEL = 8,	/* as many as can be are under way */
	MR_ERR_UNANSWERED = 9,	/* orderly release: the server did not answer */
	MR_ERR_CAPACITY = 10,	/* no room on the drives */
	MR_ERR_IN_USE = 11,	/* the disk is shown to a function */
	MR_ERR_INTERNAL = 12,	/* the switch failed */
	MR_N_ERRS,
};

/* Commands and their operands (offsets from MR_MB_OPERAND). */
enum {
	/* of the switch */
	MR_CMD_BIND = 1,	/* 0 u16 slot, 2 u8 bridge, 3 u8 n, 4 u32 fn[8] */
	MR_CMD_UNBIND = 2,	/* 0 u16 slot, 2 u8 bridge, 3 u8 MR_UNBIND_* */
	MR_CMD_SLOT_CTL = 3,	/* 0 u16 slot, 2 u8 MR_CTL_* */
	MR_CMD_SLOT_RESET = 4,	/* 0 u16 slot: hot reset of its domain */
	MR_CMD_BAY_CTL = 5,	/* 0 u16 bay, 2 u8 MR_CTL_* */
	MR_CMD_BAY_RESET = 6,	/* 0 u16 bay: reset of the module; every
				 * function of it goes, personality and all */
	/* of a base function */
	MR_CMD_PREPARE = 16,	/* 0 u32 fn, 8 a personality row (304 bytes) */
	MR_CMD_SCRUB = 17,	/* 0 u32 fn: reset, personality cleared */
	MR_CMD_FN_RESET = 18,	/* 0 u32 fn: function level reset */
	MR_CMD_PORT_CTL = 19,	/* 0 u8 port, 1 u8 MR_CTL_*, 2 u8 value */
	MR_CMD_DISK_MAKE = 20,	/* 0 u16 number, 2 u8 raid, 4 u32 MiB */
	MR_CMD_DISK_DESTROY = 21, /* 0 u16 number */

	MR_UNBIND_ORDERLY = 0,	/* attention button; waits for the server */
	MR_UNBIND_SURPRISE = 1,

	MR_CTL_ENABLE = 1, MR_CTL_DISABLE = 2,	/* bay: power on, off */
	MR_CTL_LOCATE_ON = 3, MR_CTL_LOCATE_OFF = 4,
	MR_CTL_FORWARDING = 5,	/* port: value 0 veb, 1 vepa, 2 isolated */
};

/* Tables.  Rows of 64 bytes but for the personality (512, two a window). */
enum {
	MR_TABLE_SLOT = 1,	/* switch: row = slot - 1 */
	MR_TABLE_BAY = 2,	/* switch: row = bay - 1 */
	MR_TABLE_BRIDGE = 3,	/* switch: row = (slot - 1) * bridges + bridge */
	MR_TABLE_PORT = 4,	/* base: row = port - 1 */
	MR_TABLE_FN = 5,	/* base: in any order */
	MR_TABLE_PERSONALITY = 6, /* base: same order as MR_TABLE_FN */
	MR_TABLE_DISK = 7,	/* base: row = disk number */

	MR_ROW_BYTES = 64,
	MR_PERSONALITY_BYTES = 512,
	MR_PERSONALITY_USED = 304,
};

/* Slot row. */
enum {
	MR_SLOT_NUMBER = 0,	/* u16 */
	MR_SLOT_LINK = 2,	/* u8: 1 up */
	MR_SLOT_POWER = 3,	/* u8: 0 unknown, 1 off, 2 on */
	MR_SLOT_WIDTH = 4, MR_SLOT_GEN = 5,		/* u8, negotiated; 0 down */
	MR_SLOT_CAP_WIDTH = 6, MR_SLOT_CAP_GEN = 7,	/* u8 */
	MR_SLOT_ENABLED = 8,	/* u8 */
	MR_SLOT_LOCATE = 9,	/* u8 */
	MR_SLOT_HOTPLUG = 10,	/* u8: what its server is prepared for */
	MR_SLOT_CHANGE = 12,	/* u32: MR_CHANGE at its last change, bridges too */
	MR_SLOT_SERIAL = 16,	/* 16 printable ASCII, NUL padded: the server's */
	MR_SLOT_BUSES = 32,	/* u16: bus numbers it keeps for bridges */
	MR_SLOT_MMIO = 36,	/* u32 MiB: memory it keeps behind them */

	MR_HOTPLUG_UNKNOWN = 0,	/* no server, or none that has started */
	MR_HOTPLUG_DEAF = 1,	/* it takes no hot-plug interrupts */
	MR_HOTPLUG_READY = 2,
};

/* Bay row. */
enum {
	MR_BAY_NUMBER = 0,	/* u16 */
	MR_BAY_OCCUPIED = 2, MR_BAY_POWER = 3, MR_BAY_LOCATE = 4, /* u8 */
	MR_BAY_PORTS = 5,	/* u8 */
	MR_BAY_FNS = 6,		/* u16: functions that can be bound */
	MR_BAY_VENDOR = 8, MR_BAY_DEVICE = 10,		/* u16 */
	MR_BAY_SUBVENDOR = 12, MR_BAY_SUBDEVICE = 14,	/* u16 */
	MR_BAY_CLASS = 16,	/* u32: 31:8 class code, 7:0 revision */
	MR_BAY_CHANGE = 20,	/* u32: functions, ports, disks too */
	MR_BAY_RID = 24,	/* u16: routing id of its base function in VH0 */
	MR_BAY_SERIAL = 32,	/* 16 printable ASCII, NUL padded */
};

/* Bridge row. */
enum {
	MR_BRIDGE_SLOT = 0,	/* u16 */
	MR_BRIDGE_NUMBER = 2,	/* u8, from 0 */
	MR_BRIDGE_STATE = 3,	/* u8 */
	MR_BRIDGE_N = 4,	/* u8: functions behind it, 0-8 */
	MR_BRIDGE_PRESENCE = 5,	/* u8: presence detect as the server sees it */
	MR_BRIDGE_ERROR = 6,	/* u8: MR_ERR_* of the last operation, once ended */
	MR_BRIDGE_SEEN = 7,	/* u8: has the server enumerated what is there */
	MR_BRIDGE_OP = 8,	/* u64: id of the last operation */
	MR_BRIDGE_CHANGE = 16,	/* u32 */
	MR_BRIDGE_FN = 20,	/* u32[8] */

	MR_BRIDGE_EMPTY = 0, MR_BRIDGE_BINDING = 1, MR_BRIDGE_BOUND = 2,
	MR_BRIDGE_RELEASING = 3,
	MR_BRIDGE_FNS = 8,

	MR_SEEN_UNKNOWN = 0, MR_SEEN_NO = 1, MR_SEEN_YES = 2,
};

/* Port row. */
enum {
	MR_PORT_NUMBER = 0,	/* u8 */
	MR_PORT_LINK = 1, MR_PORT_ENABLED = 2,	/* u8 */
	MR_PORT_FORWARDING = 3,	/* u8: 0 veb, 1 vepa, 2 isolated */
	MR_PORT_CAP_MBPS = 4, MR_PORT_MBPS = 8,	/* u32; negotiated 0 when down */
	MR_PORT_CHANGE = 12,	/* u32 */
	MR_PORT_ADDRESS = 16,	/* u64: permanent MAC or WWPN, 0 none */
};

/* Function row. */
enum {
	MR_FN_ID = 0,		/* u32: bay 31:20, port 19:16, type 15:12, index 11:0 */
	MR_FN_STATE = 4,	/* u8 */
	MR_FN_BLANK = 5,	/* u8: 1 = no personality, reset since the last one;
				 * PF: reset since it was last behind a bridge */
	MR_FN_ERROR = 6,	/* u8: MR_ERR_* of the last operation, once ended */
	MR_FN_OP = 8,		/* u64: id of the last operation */
	MR_FN_CHANGE = 16,	/* u32 */
	MR_FN_VENDOR = 20, MR_FN_DEVICE = 22,	/* u16, as the server sees it */
	MR_FN_CLASS = 24,	/* u32: 31:8 class code, 7:0 revision */
	MR_FN_RID = 28,		/* u16: routing id on its own bus */

	MR_FN_FREE = 0,		/* not behind a bridge */
	MR_FN_PREPARING = 1, MR_FN_BOUND = 2, MR_FN_SCRUBBING = 3,
	MR_FN_FAILED = 4,
};

/* Personality row, and operand of PREPARE at offset 8. */
enum {
	MR_PS_KIND = 0,		/* u8: 0 none, 1 nic, 2 fc, 3 raid */
	MR_PS_N_VLANS = 1, MR_PS_N_BOOT = 2, MR_PS_N_DISKS = 3,	/* u8 */
	MR_PS_NATIVE = 4,	/* u16: untagged VLAN, 0 none */
	MR_PS_PCP = 6,		/* u8 */
	MR_PS_FLAGS = 7,	/* u8: 1 spoof check, 2 trust, 4 promiscuous, 8 pxe */
	MR_PS_LIMIT = 8, MR_PS_GUARANTEE = 12,	/* u32 Mb/s, 0 none */
	MR_PS_MTU = 16,		/* u16 */
	MR_PS_MAC = 24, MR_PS_WWPN = 32, MR_PS_WWNN = 40,	/* u64 */
	MR_PS_VLANS = 48,	/* u16[64] */
	MR_PS_BOOT = 176,	/* 4 x { u64 wwpn, u64 lun, u32 priority, u32 0 } */
	MR_PS_DISKS = 272,	/* u16[16] */
};

/* Disk row. */
enum {
	MR_DISK_NUMBER = 0,	/* u16 */
	MR_DISK_STATE = 2,	/* u8: 0 absent, 1 optimal, 2 degraded, 3 failed */
	MR_DISK_RAID = 3,	/* u8: 0 1 5 6 10 50 60 */
	MR_DISK_MIB = 4,	/* u32 */
	MR_DISK_SHOWN = 8,	/* u32: bit i = shown to function of index i */
	MR_DISK_CHANGE = 12,	/* u32 */
	MR_DISK_OP = 16,	/* u64 */
	MR_DISK_ERROR = 24,	/* u8 */
};

/* Event entry: what changed; read its row.  Unused parts are 0. */
enum {
	MR_EV_CODE = 0,		/* u8 */
	MR_EV_BRIDGE = 1,	/* u8 */
	MR_EV_SLOT = 2,		/* u16 */
	MR_EV_BAY = 4,		/* u16 */
	MR_EV_PORT = 6,		/* u8 */
	MR_EV_FN = 8,		/* u32 */
	MR_EV_BYTES = 16,

	MR_EV_NONE = 0, MR_EV_IS_SLOT = 1, MR_EV_IS_BAY = 2,
	MR_EV_IS_BRIDGE = 3, MR_EV_IS_FN = 4, MR_EV_IS_PORT = 5,
	MR_EV_IS_DISK = 6,
};

/*
 * The configuration-space socket (SOCK_SEQPACKET): where FUSE is not to be had,
 * and in process for tests.  One request, one answer, little-endian:
 *
 *	request	0 u8 op, 1 u8 0, 2 u16 routing id (bus 15:8, devfn 7:0),
 *		4 u16 offset, 6 u16 bytes, 8 u32 value (CFG_WRITE)
 *	answer	0 u32 status (0, or an errno), then
 *		CFG_READ: `bytes` bytes (1, 2, 4, or up to 1024 in one go)
 *		CFG_LIST: routing ids u16[], in rising order
 *
 * An access must not cross 4096; a write is 1, 2 or 4 bytes, aligned.
 */
enum {
	CFG_READ = 1, CFG_WRITE = 2, CFG_LIST = 3,
	CFG_REQUEST_BYTES = 12,
	CFG_ANSWER_BYTES = 4 + 1024,
	CFG_SPACE_BYTES = 4096,
};

#endif
