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

#include "switchmgr/fabric_seen.h"

struct fabric;

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
 *   ERR_BUSY         as many verbs as can be are under way: ask again
 *   ERR_TIMEOUT      orderly release: the server did not answer in time
 *   ERR_CONFLICT     the driver refuses: the function is behind another bridge
 *   ERR_STALE        the term is older than the highest seen
 *   ERR_UNAVAILABLE  the far side is away; nothing is known about the outcome
 *   ERR_UNSUPPORTED  this hardware cannot
 */

/* Opens "mriov:sysfs=PATH", "mriov:unix=SOCKET" or "remote:SOCKET". */
struct fabric *fabric_open(const char *uri, struct err *) ERR_MUST_CHECK;
void fabric_close(struct fabric *);

/* Personality on, read back equal.  Legal on a blank function and on a bound one;
 * one that was prepared and never bound is scrubbed first (ERR_CONFLICT).  FN_PF
 * has none and is refused. */
int fabric_prepare(struct fabric *, struct fabric_tag, fn_id,
    const struct personality *, struct err *) ERR_MUST_CHECK;
/* n functions (1-8) become functions 0..n-1 behind one bridge.  Whoever has the
 * FN_PF of a port has all of the port: ERR_CONFLICT while somebody else has any
 * other function of it, and the other way round. */
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
