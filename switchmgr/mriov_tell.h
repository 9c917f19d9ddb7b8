/*
 * mriov_tell.h -- what the switch is like, as records for whoever observes.
 *
 * Reads what moved into the view, then gives all of the scope from it, so that
 * the records of one call were true at one moment.  Bridges never used and disks
 * that do not exist are left out.
 */
#ifndef SWITCHMGR_MRIOV_TELL_H
#define SWITCHMGR_MRIOV_TELL_H

#include "switchmgr/mriov_view.h"

/* From the head that the view holds. */
void mriov_tell_caps(const struct mriov_view *, struct fabric_switch *);

/* As fabric_observe(). */
int mriov_tell(struct mriov_view *, enum fabric_scope, uint32_t number,
    fabric_sink *, void *cookie, struct err *) ERR_MUST_CHECK;

#endif
