/*
 * planning_bay.h -- what a changed bay, or a port of it, does to a plan.
 *
 * A bay that is used again, gets power or another card concerns every slot with
 * a device placed on it; one that is only held concerns nobody.
 */
#ifndef SERVICE_PLANNING_BAY_H
#define SERVICE_PLANNING_BAY_H

#include "appliance/service/planning.h"

/* Slots whose devices the change set's bays concern; rising, in the arena. */
int planning_bay_slots(const struct planning *, uint32_t **slots, size_t *n,
    struct err *) ERR_MUST_CHECK;
/* Bays and ports that the change set sets; all others are as the engine found
 * them. */
void planning_bay_override(const struct planning *, struct plan_in *);

#endif
