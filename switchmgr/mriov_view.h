/*
 * mriov_view.h -- what was last read of the switch and its modules.
 *
 * Each slot and bay row carries a change counter that covers what belongs to it
 * (bridges; ports, functions, disks).  A slot or bay whose counter stands where
 * it stood is not read again; within a module only the personalities of
 * functions that changed are.  A power cycle forgets everything.
 *
 * What mriov_view_read() brought up to date was all true at one moment: the
 * switch's own counter did not move while it was read.  Otherwise it tries again,
 * MRIOV_RETRIES times, and then gives up with ERR_DEVICE.
 *
 * It caches what is, never what was wanted.
 */
#ifndef SWITCHMGR_MRIOV_VIEW_H
#define SWITCHMGR_MRIOV_VIEW_H

#include "switchmgr/mriov_dev.h"

enum { MRIOV_RETRIES = 3 };

struct mriov_slot {
	bool known;
	struct fabric_slot row;
	struct fabric_bridge *bridges;	/* one per bridge of a slot */
};

struct mriov_bay {
	bool known;
	uint16_t rid;
	struct fabric_bay row;
	struct mriov_dev base;		/* base.cfg NULL: no module answers */
	unsigned n_ports, n_fns, n_disks;
	struct fabric_port ports[PORT_MAX];
	struct fabric_fn *fns;
	uint32_t *fn_changes;
	struct fabric_disk *disks;
};

struct mriov_view {
	struct cfg *cfg;		/* a loan */
	struct mriov_dev sw;
	struct mriov_head head;
	unsigned n_slots, n_bays, n_bridges;
	struct mriov_slot *slots;	/* slot 1 first */
	struct mriov_bay *bays;		/* bay 1 first */
};

/* Walks configuration space for the switch.  ERR_UNAVAILABLE: there is none. */
int mriov_view_open(struct mriov_view *, struct cfg *, struct err *)
    ERR_MUST_CHECK;
void mriov_view_close(struct mriov_view *);

/* The switch's registers into view->head; forgets what a power cycle ended. */
int mriov_view_head(struct mriov_view *, struct err *) ERR_MUST_CHECK;

/* Numbers first .. first + n - 1, cut to what there is; n 0: none. */
struct mriov_span {
	unsigned first, n;
};
#define MRIOV_EVERY ((struct mriov_span){ 1, UINT16_MAX })
#define MRIOV_NO ((struct mriov_span){ 1, 0 })

int mriov_view_read(struct mriov_view *, struct mriov_span slots,
    struct mriov_span bays, struct err *) ERR_MUST_CHECK;

/* One bridge's row, read now.  ERR_DEVICE when there is no such bridge. */
int mriov_view_bridge(const struct mriov_view *, unsigned slot, unsigned bridge,
    struct fabric_bridge *, struct err *) ERR_MUST_CHECK;

/* A bridge other than this one that holds the function, as last read, or NULL;
 * slot 0: any bridge. */
const struct fabric_bridge *mriov_view_elsewhere(const struct mriov_view *,
    fn_id, unsigned slot, unsigned bridge);
/* The same for what cannot be lent beside it: the physical function of a port
 * and all others of that port. */
const struct fabric_bridge *mriov_view_rival(const struct mriov_view *,
    fn_id, unsigned slot, unsigned bridge);

/* The module of a bay whose base function answers; reads the bay if need be.
 * ERR_DEVICE when there is none. */
int mriov_view_module(struct mriov_view *, unsigned bay,
    const struct mriov_bay **, struct err *) ERR_MUST_CHECK;

/* One function with its personality, read now; *dev is its base function. */
int mriov_view_fn(struct mriov_view *, fn_id, const struct mriov_dev **dev,
    struct fabric_fn *, struct err *) ERR_MUST_CHECK;

#endif
