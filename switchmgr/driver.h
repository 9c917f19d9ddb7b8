/*
 * driver.h -- what a fabric driver must provide.  Private to switchmgr/.
 *
 * To write a driver: copy drv_mriov.c, fill in the table, add its row to
 * `drivers` in fabric.c, and run it through the same contract as the others
 * (tests/unit/test_driver.c walks every driver and configuration back end).
 *
 * The contract:
 *   - a null member means "cannot"; fabric.c turns it into ERR_UNSUPPORTED.
 *     Do not write stubs.
 *   - validate nothing that fabric.c has validated: ids in range, tag not 0,
 *     n between 1 and 8, personality within its arrays.
 *   - validate everything that the hardware answers: lengths, counts, ids,
 *     states.  What makes no sense is ERR_DEVICE, never a crash.
 *   - before a bind, read the map: a function behind another bridge is refused
 *     with ERR_CONFLICT, whatever the hardware would have said; so is a physical
 *     function while other functions of its port are behind a bridge elsewhere,
 *     and the other way round.
 *   - a changing verb that answers FABRIC_DONE has been read back.
 *   - an error leaves things as they were, or as observe() will truthfully
 *     report them.  Guessing is not allowed; the engine will look again.
 *   - answer within 100 ms.  What takes longer is FABRIC_PENDING.  Do not retry
 *     and do not log.
 *   - a repeated tag is not obeyed twice: the answer is how that operation
 *     stands.
 *   - functions may be reported in any order.
 *   - libpci's error callback must not return, so code that calls libpci runs
 *     only in polyroot-switchmgr, which may die of it.
 */
#ifndef SWITCHMGR_DRIVER_H
#define SWITCHMGR_DRIVER_H

#include "switchmgr/fabric.h"

/* Every driver's instance starts with this. */
struct fabric {
	const struct fabric_driver *driver;
};

struct fabric_driver {
	const char *name;	/* before the colon of the URI */
	const char *summary;	/* one line for people */

	/* `target` is what stands behind "name:".  NULL with the reason. */
	struct fabric *(*open)(const char *target, struct err *);
	void (*close)(struct fabric *);

	int (*prepare)(struct fabric *, struct fabric_tag, fn_id,
	    const struct personality *, struct err *);
	int (*bind)(struct fabric *, struct fabric_tag, unsigned slot,
	    unsigned bridge, unsigned n, const fn_id *, struct err *);
	int (*unbind)(struct fabric *, struct fabric_tag, unsigned slot,
	    unsigned bridge, enum fabric_release, struct err *);
	int (*scrub)(struct fabric *, struct fabric_tag, fn_id, struct err *);
	int (*slot_ctl)(struct fabric *, struct fabric_tag, unsigned slot,
	    enum fabric_ctl, struct err *);
	int (*module_ctl)(struct fabric *, struct fabric_tag, unsigned bay,
	    unsigned port, enum fabric_ctl, unsigned value, struct err *);
	int (*reset)(struct fabric *, struct fabric_tag, enum fabric_scope,
	    uint32_t number, struct err *);
	int (*disk_make)(struct fabric *, struct fabric_tag, unsigned bay,
	    unsigned number, unsigned raid, uint32_t mib, struct err *);
	int (*disk_destroy)(struct fabric *, struct fabric_tag, unsigned bay,
	    unsigned number, struct err *);

	int (*observe)(struct fabric *, enum fabric_scope, uint32_t number,
	    fabric_sink *, void *cookie, struct err *);
	int (*next_event)(struct fabric *, struct fabric_event *, struct err *);
	int (*caps)(struct fabric *, struct fabric_switch *, struct err *);
	int (*health)(struct fabric *, struct err *);
};

/* mriov needs libpci: fabric.c refers to it weakly, so that only a program that
 * names it (or links every object) has it. */
extern const struct fabric_driver mriov_driver;
extern const struct fabric_driver remote_driver;

/* One more row for fabric_open(), a loan; NULL takes it away.  For tests. */
void fabric_driver_add(const struct fabric_driver *);

#endif
