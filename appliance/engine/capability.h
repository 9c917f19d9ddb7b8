/*
 * capability.h -- what a card model can do, read from capabilities/VVVV-DDDD.json.
 *
 * Limits come from here and from the switch (view.h), never from constants.
 * Read once at start, immutable and shared by all threads afterwards.
 */
#ifndef ENGINE_CAPABILITY_H
#define ENGINE_CAPABILITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"

/* In the order of placement.requireClass, which has one more before them. */
enum module_class { CLASS_ETHERNET, CLASS_FC, CLASS_RAID, CLASS_NVME,
	CLASS_OTHER };
const char *module_class_word(enum module_class);	/* "fibre-channel" */

enum guarantee { GUARANTEE_NONE, GUARANTEE_HW, GUARANTEE_ADMISSION };

enum { CAP_RAID_LEVELS = 8 };

struct capability {
	uint16_t vendor, device;
	char model[32];			/* "X520-SR2" */
	enum module_class class;
	uint32_t ports, speed_mbps;	/* of each port; 0 not said */
	uint32_t max_functions;		/* per port that can be bound */
	uint32_t rate_min, rate_max, rate_step;	/* Mb/s; max 0 = no limiter */
	enum guarantee guarantee;
	uint32_t mtu_min, mtu_max;
	bool mtu_per_port;
	uint32_t trunk_max;		/* VLANs of a trunk */
	uint32_t forwarding;		/* bits: 1 << enum forwarding */
	uint32_t max_disks;		/* RAID: virtual disks of the module */
	uint32_t n_raid;
	struct {
		uint32_t level, drives_min;
		bool drives_even;
	} raid[CAP_RAID_LEVELS];
};

struct capabilities {
	struct capability *items;
	size_t n;
};

/* Every *.json of a directory, in name order; malloc'ed, freed by _free. */
int capabilities_load(const char *dir, struct capabilities *, struct err *)
    ERR_MUST_CHECK;
void capabilities_free(struct capabilities *);
/* NULL when that model is not known: it can be assigned whole only. */
const struct capability *capability_find(const struct capabilities *,
    uint16_t vendor, uint16_t device);

#endif
