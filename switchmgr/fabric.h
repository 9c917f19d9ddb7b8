/*
 * fabric.h -- the switch fabric, as the rest of the appliance sees it.
 *
 * A fabric has slots (one server's cable each) and bays (one module each).  A
 * slot has bridges; a module offers functions; a function is behind at most one
 * bridge.  This header names those things, the verbs that act on them and what
 * can be observed.  Which hardware answers is settled by fabric_open() and is
 * nobody's business above it.
 *
 *   - Every verb is idempotent: binding what is bound there succeeds.
 *   - A verb that changes something carries a tag: the controller's term and an
 *     operation id.  The far side refuses a term older than the highest seen.
 *   - No verb holds its caller for more than 100 ms.  What takes longer answers
 *     FABRIC_PENDING; its end shows in the observed row, whose `op` is the
 *     operation's id and whose `error` is how it ended.  Asking again with the
 *     same tag is allowed and answers how it stands.
 *   - Events are hints: after overflow or doubt, observe again.
 *   - No verb retries, logs or remembers what was wanted; wanting is the
 *     engine's job (appliance/engine/plan.h).
 *
 * Not thread-safe: one thread, the engine's, owns a fabric from open to close.
 */
#ifndef SWITCHMGR_FABRIC_H
#define SWITCHMGR_FABRIC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ids.h"

struct fabric;

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

bool personality_equal(const struct personality *, const struct personality *);

struct fabric_tag {
	uint64_t term;		/* this controller's, never 0 */
	uint64_t op;		/* unique in a store's life, never 0 */
};

enum fabric_answer { FABRIC_DONE = 0, FABRIC_PENDING = 1 };

enum fabric_release { RELEASE_ORDERLY, RELEASE_SURPRISE };
enum fabric_ctl {
	CTL_ENABLE = 1, CTL_DISABLE, CTL_LOCATE_ON, CTL_LOCATE_OFF,
	CTL_FORWARDING,			/* ports only; value 0 veb 1 vepa 2 isolated */
};

/* ---- what is seen ------------------------------------------------------ */

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
	uint32_t change;
	char serial[FABRIC_SERIAL];	/* the server's, "" unknown */
};

enum bridge_state { BRIDGE_EMPTY, BRIDGE_BINDING, BRIDGE_BOUND, BRIDGE_RELEASING };

struct fabric_bridge {		/* only bridges that are or were in use */
	uint16_t slot;
	uint8_t bridge, state, n, presence;
	uint8_t error;		/* enum fabric_error of operation `op`, once ended */
	uint64_t op;
	uint32_t change;
	fn_id fn[FABRIC_BRIDGE_FNS];
};

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
	uint8_t state, blank;	/* blank: no personality, reset since the last */
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

/* Takes one record; the record is a loan. */
typedef void fabric_sink(void *cookie, const struct fabric_record *);

enum fabric_scope { SCOPE_ALL, SCOPE_SLOT, SCOPE_BAY, SCOPE_FN };

enum fabric_event_kind {
	FEV_NONE, FEV_SLOT, FEV_BAY, FEV_BRIDGE, FEV_FN, FEV_PORT, FEV_DISK,
	FEV_RESYNC,		/* events were lost: observe all */
};

struct fabric_event {
	uint8_t kind, bridge, port;
	uint16_t slot, bay;
	fn_id fn;
};

/* ---- verbs -------------------------------------------------------------
 * Each answers FABRIC_DONE, FABRIC_PENDING, or -1 with the reason:
 *   ERR_DEVICE       the switch said no (the words of enum fabric_error)
 *   ERR_TIMEOUT      orderly release: the server did not answer in time
 *   ERR_CONFLICT     the driver refuses: the function is behind another bridge
 *   ERR_STALE        the term is older than the highest seen
 *   ERR_UNAVAILABLE  the far side is away; nothing is known about the outcome
 *   ERR_UNSUPPORTED  this hardware cannot
 */

/* Opens "mriov:sysfs=PATH", "mriov:unix=SOCKET" or "remote:SOCKET". */
struct fabric *fabric_open(const char *uri, struct err *) ERR_MUST_CHECK;
void fabric_close(struct fabric *);

/* Personality on, read back equal.  Legal on a free or a bound function. */
int fabric_prepare(struct fabric *, struct fabric_tag, fn_id,
    const struct personality *, struct err *) ERR_MUST_CHECK;
/* n functions (1-8) become functions 0..n-1 behind one bridge. */
int fabric_bind(struct fabric *, struct fabric_tag, unsigned slot,
    unsigned bridge, unsigned n, const fn_id *, struct err *) ERR_MUST_CHECK;
int fabric_unbind(struct fabric *, struct fabric_tag, unsigned slot,
    unsigned bridge, enum fabric_release, struct err *) ERR_MUST_CHECK;
/* Reset, personality cleared, read back blank.  Refused while bound. */
int fabric_scrub(struct fabric *, struct fabric_tag, fn_id, struct err *)
    ERR_MUST_CHECK;
int fabric_slot_ctl(struct fabric *, struct fabric_tag, unsigned slot,
    enum fabric_ctl, struct err *) ERR_MUST_CHECK;
/* port 0: the module (enable = power on); else that port. */
int fabric_module_ctl(struct fabric *, struct fabric_tag, unsigned bay,
    unsigned port, enum fabric_ctl, unsigned value, struct err *)
    ERR_MUST_CHECK;
int fabric_reset(struct fabric *, struct fabric_tag, enum fabric_scope,
    uint32_t number, struct err *) ERR_MUST_CHECK;
int fabric_disk_make(struct fabric *, struct fabric_tag, unsigned bay,
    unsigned number, unsigned raid, uint32_t mib, struct err *) ERR_MUST_CHECK;
int fabric_disk_destroy(struct fabric *, struct fabric_tag, unsigned bay,
    unsigned number, struct err *) ERR_MUST_CHECK;

/*
 * Gives every record of the scope to the sink.  SCOPE_ALL: the switch, slots,
 * bridges, bays, ports, functions, disks.  SCOPE_SLOT: the switch, that slot
 * and its bridges.  SCOPE_BAY: the switch, that bay, its ports, functions and
 * disks.  SCOPE_FN: that function.  On failure some records may have been given.
 * Retries by itself while the far side changes under its hands, three times,
 * then ERR_DEVICE.
 */
int fabric_observe(struct fabric *, enum fabric_scope, uint32_t number,
    fabric_sink *, void *cookie, struct err *) ERR_MUST_CHECK;
/* 1 with *ev filled, or 0 when there is none. */
int fabric_next_event(struct fabric *, struct fabric_event *ev, struct err *)
    ERR_MUST_CHECK;
/* 0 when the far side answers; fills *sw (limits are in it: `caps`). */
int fabric_caps(struct fabric *, struct fabric_switch *sw, struct err *)
    ERR_MUST_CHECK;
int fabric_health(struct fabric *, struct err *) ERR_MUST_CHECK;

#endif
