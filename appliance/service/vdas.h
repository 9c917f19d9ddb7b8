/*
 * vdas.h -- which disk a virtual disk of a vDAS is.
 *
 * A disk is known by its module and by its number there: "SERIAL:NUMBER", kept
 * as its guid from the day that it gets its place.  A virtual disk with a guid is
 * looked for and never made; while it is not here its vDAS is *missing*: at no
 * function, the rest of its profile is bound all the same.  One without a guid
 * is new, and made empty where it is placed.
 */
#ifndef SERVICE_VDAS_H
#define SERVICE_VDAS_H

#include "appliance/engine/view.h"
#include "appliance/service/census.h"

/* The guid of a number on the module in a bay. */
void vdas_guid(const struct view *, uint32_t bay, uint32_t number,
    char guid[TEXT_TEXT]);
/* Finds the disk by its guid: of its level and size, and nobody's (`census` NULL:
 * not asked).  False when it is not here. */
bool vdas_find(const struct view *, const struct census *,
    const struct disk *, uint32_t *bay, uint32_t *number);
/* Puts those disks where they are found, and names those that have a place. */
void vdas_settle(const struct view *, struct census *, struct device *);
/* True when it has a disk that is not here. */
bool vdas_is_missing(const struct device *);
/* Disks of the set's profiles that were missing and are here by now get their
 * places: what changes nothing else is then a change all the same. */
int vdas_return(struct change_set *, const struct view *, struct err *)
    ERR_MUST_CHECK;

#endif
