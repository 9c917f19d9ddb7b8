/*
 * head.h -- what objects have in common; see model.h.
 */
#ifndef PROFILES_HEAD_H
#define PROFILES_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ids.h"

enum {
	ID_TEXT = 37,		/* bytes of a UUID with NUL */
	NAME_TEXT = NAME_LEN + 1,
	TEXT_TEXT = 257,	/* descriptions and labels */
	DEVICE_VLANS = 64,
	DEVICE_BOOT = 4,
	DEVICE_DISKS = 4,	/* virtual disks of one vDAS */
	PROFILE_DEVICES = 256,	/* sanity; the rule is caps.bridges */
	LABELS_MAX = 32,	/* of one object */
};

enum object_type {
	OBJ_NETWORK, OBJ_SAN, OBJ_POOL, OBJ_PROFILE, OBJ_SLOT, OBJ_PORT,
	OBJ_CLASS, OBJ_APPLIANCE, OBJ_BAY, OBJ_LEASE,
	OBJ_N_TYPES
};
/* "network", "san", ... as in the API and in events. */
const char *object_word(enum object_type);

/* Words of the operator's own; by name in strcmp order, each name once. */
struct label {
	char name[NAME_TEXT];
	char value[TEXT_TEXT];
};

struct labels {
	struct label *items;
	size_t n;
};

/* What every named object has. */
struct head {
	char id[ID_TEXT];
	char name[NAME_TEXT];
	char description[TEXT_TEXT];
	struct labels labels;
	int64_t revision;		/* +1 per change, from 1 */
	int64_t created_ms, modified_ms;	/* wall clock */
};

#endif
