/*
 * fabric_seen.h -- what can be seen of a switch, as records.
 *
 * Numbers and short texts only: these structs are what drivers fill, what crosses
 * to the privileged side and back, and what a view is made of.  What is seen is
 * true at the moment of looking and no longer.
 *
 * Part of fabric.h, which everybody includes.
 */
#ifndef SWITCHMGR_FABRIC_SEEN_H
#define SWITCHMGR_FABRIC_SEEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ids.h"

enum {
	FABRIC_VLANS = 64,
	FABRIC_BOOT = 4,
	FABRIC_DISKS = 16,	/* disks shown by one function */
	FABRIC_BRIDGE_FNS = 8,
	FABRIC_SERIAL = 17,	/* bytes, with NUL */
};

enum persona_kind { PERSONA_NONE, PERSONA_NIC, PERSONA_FC, PERSONA_RAID };

enum persona_flag {
	PERSONA_SPOOF_CHECK = 1,
	PERSONA_TRUST = 2,
	PERSONA_PROMISC = 4,
	PERSONA_PXE = 8,
};

/* What a function is to be for its server: numbers only. */
struct personality {
	uint8_t kind, n_vlans, n_boot, n_disks;
	uint16_t native;		/* untagged VLAN, 0 none */
	uint8_t pcp, flags;
	uint32_t limit_mbps, guarantee_mbps;	/* 0 none */
	uint16_t mtu;
	uint64_t mac, wwpn, wwnn;
	uint16_t vlans[FABRIC_VLANS];	/* rising, n_vlans of them, the native too */
	struct {
		uint64_t wwpn, lun;
		uint32_t priority;
	} boot[FABRIC_BOOT];		/* by rising priority */
	uint16_t disks[FABRIC_DISKS];	/* rising disk numbers */
};

struct fabric_switch {
	uint16_t model, slots, bays, bridges, parallel;
	uint32_t release_ms;	/* orderly release fails after this */
	uint32_t change;	/* counts every change; wraps */
	uint32_t boots;		/* power cycles; another value = all state is new */
	uint64_t term;		/* highest term obeyed */
};

struct fabric_slot {
	uint16_t number;
	uint8_t link, power;		/* link 1 up; power 0 unknown 1 off 2 on */
	uint8_t width, gen, cap_width, cap_gen;
	uint8_t enabled, locate;
	uint8_t hotplug;		/* enum fabric_hotplug */
	uint16_t buses;			/* that the server keeps for bridges */
	uint32_t mmio_mib;		/* ... and memory behind them */
	uint32_t change;
	char serial[FABRIC_SERIAL];	/* the server's, "" unknown */
};

/* Does the server take the interrupts of its bridges? */
enum fabric_hotplug { HOTPLUG_UNKNOWN, HOTPLUG_DEAF, HOTPLUG_READY };

enum bridge_state { BRIDGE_EMPTY, BRIDGE_BINDING, BRIDGE_BOUND, BRIDGE_RELEASING };

struct fabric_bridge {		/* only bridges that are or were in use */
	uint16_t slot;
	uint8_t bridge, state, n, presence;
	uint8_t error;		/* enum fabric_error of operation `op`, once ended */
	uint8_t seen;		/* enum fabric_seen */
	uint64_t op;
	uint32_t change;
	fn_id fn[FABRIC_BRIDGE_FNS];
};

/* Has the server enumerated what is behind a bridge since it is there? */
enum fabric_seen { SEEN_UNKNOWN, SEEN_NO, SEEN_YES };

struct fabric_bay {
	uint16_t number;
	uint8_t occupied, power, locate, n_ports;
	uint16_t n_fns;
	uint16_t vendor, device, subvendor, subdevice;
	uint32_t class_rev;	/* 31:8 class code, 7:0 revision */
	uint32_t change;
	char serial[FABRIC_SERIAL];
};

struct fabric_port {
	uint16_t bay;
	uint8_t port, link, enabled, forwarding;
	uint32_t cap_mbps, mbps;
	uint64_t address;	/* permanent MAC or WWPN, 0 none */
};

enum fn_state { FNS_FREE, FNS_PREPARING, FNS_BOUND, FNS_SCRUBBING, FNS_FAILED };

struct fabric_fn {
	fn_id id;
	uint8_t state, blank;	/* blank: no personality, reset since the last;
				 * FN_PF: reset since it was last behind a bridge */
	uint8_t error;
	uint64_t op;
	uint16_t vendor, device;
	uint32_t class_rev;
	struct personality persona;	/* all zero when blank */
};

enum disk_state { DISK_ABSENT, DISK_OPTIMAL, DISK_DEGRADED, DISK_FAILED };

struct fabric_disk {		/* only disks that exist */
	uint16_t bay, number;
	uint8_t state, raid, error;
	uint32_t mib, shown;	/* shown: bit i = to function of index i */
	uint64_t op;
};

/* Why hardware said no, as rows carry it. */
enum fabric_error {
	FERR_NONE, FERR_TERM, FERR_COMMAND, FERR_OPERAND, FERR_ABSENT,
	FERR_BUSY, FERR_OCCUPIED, FERR_DISABLED, FERR_PARALLEL,
	FERR_UNANSWERED, FERR_CAPACITY, FERR_IN_USE, FERR_INTERNAL,
	FERR_N,
};
const char *fabric_error_words(enum fabric_error);

enum record_kind {
	REC_SWITCH = 1, REC_SLOT, REC_BRIDGE, REC_BAY, REC_PORT, REC_FN, REC_DISK,
	REC_N_KINDS,
};

struct fabric_record {
	enum record_kind kind;
	union {
		struct fabric_switch sw;
		struct fabric_slot slot;
		struct fabric_bridge bridge;
		struct fabric_bay bay;
		struct fabric_port port;
		struct fabric_fn fn;
		struct fabric_disk disk;
	} u;
};

#endif
