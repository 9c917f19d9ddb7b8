/*
 * want.h -- what is wanted of the hardware, in the hardware's words.
 *
 * A profile speaks of networks and names; hardware speaks of VLAN numbers.  A
 * want is one device of an assigned profile, placed, as the numbers that a
 * function gets.  Devices that are not placed give no want.
 *
 * A guarantee is a number for the hardware only where the card can keep one
 * (GUARANTEE_HW); by admission it is kept by the limits of the others.
 */
#ifndef ENGINE_WANT_H
#define ENGINE_WANT_H

#include "profiles/model.h"
#include "switchmgr/fabric.h"

struct capability;
struct view;

struct want_disk {
	uint16_t bay, number;
	uint8_t raid;
	uint32_t mib;
};

struct want {
	fn_id fn;
	uint32_t n_more;		/* functions beside it, see fn_beside() */
	uint32_t slot, bridge;
	bool whole;			/* physical: it has no personality */
	uint32_t drift;			/* enum drift_policy, of its profile */
	char device[ID_TEXT], name[NAME_TEXT];
	struct personality persona;
	uint32_t guarantee_mbps;	/* whoever keeps it */
	struct want_disk disks[DEVICE_DISKS];
	size_t n_disks;
};

/* The wants of one profile, by rising device order; none when unassigned.  The
 * view says what the cards can. */
void want_of_profile(struct arena *, const struct view *,
    const struct profile *, struct want **, size_t *n);
/* True when it wants that function; *k = which of them. */
bool want_has(const struct want *, fn_id, uint32_t *k);
/* The personality alone; all zero when the device has none.  `cap` NULL: the
 * card is not known. */
void want_persona(const struct capability *cap, const struct profile *,
    const struct device *, struct personality *);

#endif
