/*
 * chassis_int.h -- what the parts of the emulated chassis share.
 *
 * Private to chassis*.c.  The things a technician would name (slot, bridge, bay,
 * module, port, function, disk) are structs; each has a `change` number and at
 * most one operation under way (struct work).  A module is never freed before
 * the chassis: a pulled card lies in the drawer with all it holds.
 *
 *	chassis.c	 life, time, configuration space
 *	chassis_file.c	 from a chassis file to the structs
 *	chassis_mr.c	 registers, mailbox, windows	chassis_rows.c	table rows
 *	chassis_cmd.c	 commands: one table, one road	chassis_work.c	what pends
 *	chassis_bridge.c what commands do to slots	chassis_card.c	... to cards
 *	chassis_mark.c	 change numbers and events
 *	chassis_truth.c	 what servers see, violations	chassis_log.c	the record
 *	chassis_ctl.c	 the control socket's commands	chassis_show.c	as JSON
 */
#ifndef EMULATOR_CHASSIS_INT_H
#define EMULATOR_CHASSIS_INT_H

#include <stdbool.h>

#include "base/ids.h"
#include "switchmgr/mriov_map.h"
#include "tools/emulator/chassis.h"

enum {
	MR_AT = 0x200,			/* where MR-IOV capabilities stand */
	BRIDGES_MAX = 32,
	BAYS_MAX = 126,			/* two buses each */
	MODULES_MAX = 1024,		/* cards ever inserted */
	SERIAL_MAX = 16,
	POWER_UP_MS = 100,
	LATE_MS = 60000,
	LOG_MAX = 100000,
};

/* Verbs, as faults and delays name them; one or more commands each. */
enum verb {
	V_PREPARE, V_BIND, V_UNBIND, V_SCRUB, V_SLOT_CTL, V_MODULE_CTL, V_RESET,
	V_DISK_MAKE, V_DISK_DESTROY, V_N,
};
extern const char *const chassis_verbs[V_N];

struct pending;

/* The last operation on a thing. */
struct work {
	uint64_t op;
	uint8_t res, err;		/* MR_RES_*, MR_ERR_* once ended */
	struct pending *pending;	/* while under way */
};

struct port {
	uint8_t number, enabled, forwarding;
	uint32_t cap_mbps, partner_mbps;	/* what the other end offers */
	uint32_t rate_mbps;		/* speed at which rates were set */
	uint32_t change;
	uint64_t address;
	struct work work;
};

struct fn {
	struct module *module;
	struct port *port;		/* PF: of its own number */
	enum fn_type type;
	uint16_t index;
	bool blank, failed;
	unsigned behind;		/* bridges that hold it */
	unsigned last_slot;		/* saw it last since the scrub, 0 none */
	uint32_t change;
	struct work work;
	uint8_t ps[MR_PERSONALITY_USED];
};

struct disk {
	uint16_t number;
	uint8_t state, raid, drives_lost;
	uint32_t mib, change;
	struct work work;
};

struct card_model {
	const char *name;
	enum space_model space;
	enum fn_type type;		/* what it is shared by; FN_NONE: not */
	uint8_t kind;			/* MR_PS_KIND of its functions */
	uint8_t ports, pci_functions;	/* as many PFs as ports */
	bool inside;			/* its ports have no connector */
	uint16_t fns_per_port, disks;
	uint32_t cap_mbps;
	uint16_t fn_device;		/* as the server sees it */
};

struct module {
	const struct card_model *model;
	char serial[SERIAL_MAX + 1];
	unsigned bay;			/* 0: in the drawer */
	uint64_t address;		/* of port 1 */
	unsigned drives;
	uint32_t drive_mib;
	struct port *ports;
	struct fn *fns;
	unsigned n_fns;
	struct disk *disks;
	struct space space[2];
};

struct bay {
	unsigned number;
	struct module *module;		/* NULL: empty */
	bool power, locate;
	uint32_t change;
	struct work work;
	struct space port;		/* the downstream port above it */
};

struct slot {
	unsigned number;
	bool cable, power, enabled, locate;
	bool hotplug;			/* the server's: takes interrupts */
	uint16_t buses;			/* bus numbers it keeps */
	uint32_t mmio_mib;
	uint8_t cap_width, cap_gen, width, gen;	/* ours; the server's */
	char serial[SERIAL_MAX + 1];
	unsigned resets;
	uint32_t change;
	struct work work;
	struct bridge *bridges;
};

struct bridge {
	struct slot *slot;
	uint8_t number, n;
	bool presence;			/* the server would find it */
	bool seen;			/* it has found it */
	bool live;			/* f[] is valid and counted */
	uint32_t change;
	fn_id fn[MR_BRIDGE_FNS];
	struct fn *f[MR_BRIDGE_FNS];
	struct work work;
};

/* One command on its way: from the mailbox to its effect. */
struct order {
	const struct command *row;
	struct module *module;		/* whose mailbox; NULL the switch's */
	uint64_t term, op;
	int64_t start;
	bool waited;			/* the server did not answer in time */
	uint8_t operand[MR_MB_BYTES];
	struct work *work;		/* filled by row->find */
	struct slot *slot;
	struct bridge *bridge;
	struct bay *bay;
	struct port *port;
	struct fn *fn, *fns[MR_BRIDGE_FNS];
	struct disk *disk;
};

/* What answers instead of an MR_ERR_*: ask again when the release time is up. */
enum { EFFECT_WAIT = -1 };

struct command {
	uint8_t code, role;
	enum verb verb;
	const char *name;
	int (*find)(struct chassis *, struct order *);	/* MR_ERR_* */
	int (*check)(struct chassis *, struct order *);	/* MR_ERR_* */
	void (*begin)(struct chassis *, struct order *);
	void (*undo)(struct chassis *, struct order *);	/* begin, unfinished */
	int (*effect)(struct chassis *, struct order *);
	int64_t (*takes)(const struct chassis *, const struct order *);
	bool (*first)(const struct order *);	/* goes before others */
	void (*mark)(struct chassis *, struct order *);
};

struct pending {
	struct order order;
	int64_t due;			/* INT64_MAX: never */
	uint64_t seq, log_n;
	bool applied;			/* took effect already */
};

enum fault_mode { FAULT_NONE, FAULT_ERROR, FAULT_TIMEOUT, FAULT_LATE };
struct fault {
	enum fault_mode mode;
	bool after;
	uint32_t count;
};

enum event_fault { EVENT_OK, EVENT_LOSE, EVENT_DUPLICATE, EVENT_OVERFLOW };

/* A line of the control socket that comes after `commands` more of them, or when
 * it is due. */
enum { LATER_MAX = 16 };
struct later {
	uint32_t commands;
	int64_t due;			/* INT64_MAX while it counts commands */
	char *line;
};

struct seen {			/* one function on one server's bus */
	struct fn *fn;
	unsigned slot, bridge, at;
};

struct claim;
struct logbook;

struct chassis {
	int64_t now, ready_at;
	char name[NAME_LEN + 1];
	uint32_t model, n_slots, n_bays, n_bridges, parallel;
	uint32_t release_ms, ack_ms;
	struct slot *slots;
	struct bay *bays;
	struct module **modules;
	size_t n_modules;
	unsigned made;			/* cards given a serial by us */

	struct space root, up;
	uint32_t change, boots, list_version;
	uint64_t term;
	bool overflow;

	uint8_t events[MR_EVENT_QUEUE][MR_EV_BYTES];
	unsigned event_first, n_events;

	struct pending **pending;
	size_t n_pending, pending_cap;
	uint64_t seq;
	struct fault faults[V_N];
	int64_t delays[V_N];
	enum event_fault event_fault;
	uint32_t event_fault_count;
	struct later later[LATER_MAX];
	unsigned n_later;

	bool dirty;			/* servers may see something else */
	struct seen *seen;
	size_t n_seen, seen_cap;
	struct claim *active;
	size_t n_active;
	struct logbook *log;
	json_t *violations;
	uint64_t n_violations;
};

#endif
