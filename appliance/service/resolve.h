/*
 * resolve.h -- which function and bridge realise the devices of a change set.
 *
 * Step 0 of a change, after names and addresses (change_resolve).  A placement
 * that is still legal is kept; a move keeps function and, when it is free
 * there, bridge number; a profile without a slot has no placements.  Disks stay
 * where they are for ever; new ones go to the module of their vDAS.
 *
 * What cannot be placed becomes a violation at the device; the change set is
 * then not committed.  ERR_UNAVAILABLE while no switch has been seen.
 */
#ifndef SERVICE_RESOLVE_H
#define SERVICE_RESOLVE_H

#include "appliance/service/rules.h"

/* Takes r->census when something is assigned. */
int resolve_places(struct rules *r, struct err *) ERR_MUST_CHECK;

#endif
