/*
 * model.h -- what should be, as values.
 *
 * These structs are what a change set works on, what the store keeps, and what
 * the field tables (field.h) read and write as JSON and XML.  Values and arrays
 * live in an arena; nothing here owns memory.  References to networks, SANs and
 * pools are ids; the names beside them are filled on load for people.
 */
#ifndef PROFILES_MODEL_H
#define PROFILES_MODEL_H

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
};

enum object_type {
	OBJ_NETWORK, OBJ_SAN, OBJ_POOL, OBJ_PROFILE, OBJ_SLOT, OBJ_PORT,
	OBJ_N_TYPES
};
/* "network", "san", ... as in the API and in events. */
const char *object_word(enum object_type);

/* What every named object has. */
struct head {
	char id[ID_TEXT];
	char name[NAME_TEXT];
	char description[TEXT_TEXT];
	int64_t revision;		/* +1 per change, from 1 */
	int64_t created_ms, modified_ms;	/* wall clock */
};

struct port_ref {
	uint32_t bay, port;
};

enum isolation { ISOLATION_SHARED, ISOLATION_ISOLATED };

struct network {
	struct head head;
	uint32_t vlan;			/* 1-4094 */
	uint32_t isolation;
	uint32_t mtu_max;		/* bytes; default 9000 */
	struct port_ref *ports;		/* allowed ones; none: all */
	size_t n_ports;
};

enum san_fabric { FABRIC_A, FABRIC_B, FABRIC_OTHER };

struct san {
	struct head head;
	uint32_t fabric;
	uint32_t vsan;			/* 1-4093, 0 none */
	struct port_ref *ports;		/* allowed ones; none: all */
	size_t n_ports;
};

enum pool_type { POOL_MAC, POOL_WWPN, POOL_WWNN, POOL_UUID };
enum pool_order { POOL_SEQUENTIAL, POOL_RANDOM };

struct block {
	uint64_t from, to;		/* inclusive */
};

struct pool {
	struct head head;
	uint32_t type, order;
	uint32_t quarantine_s;		/* default 86400 */
	bool is_default;		/* what "pool" means for its type */
	struct block *blocks;
	size_t n_blocks;
	struct block *exclusions;	/* parts of the blocks, never given */
	size_t n_exclusions;
};

enum device_kind { DEVICE_VNIC, DEVICE_VHBA, DEVICE_VDAS, DEVICE_N_KINDS };
enum address_source { SOURCE_POOL, SOURCE_STATIC };
enum vlan_mode { VLAN_ACCESS, VLAN_TRUNK };

struct vlan_ref {
	char network[ID_TEXT];
	char name[NAME_TEXT];		/* of the network, filled on load */
	uint32_t vlan;			/* of the network, filled on load */
	bool native;
};

struct boot_target {
	uint64_t wwpn, lun;
	uint32_t priority;		/* 1-4, unique in its vHBA */
};

/* A virtual disk.  It exists on the drives of one module, known by serial. */
struct disk {
	char id[ID_TEXT];
	char name[NAME_TEXT];
	uint32_t raid;			/* 0 1 5 6 10 50 60 */
	uint32_t capacity_mib;
	uint32_t number;		/* on its module; UINT32_MAX = not placed */
	uint32_t bay;			/* of its module; 0 = not placed */
};

struct device {
	char id[ID_TEXT];
	char name[NAME_TEXT];		/* unique in its profile */
	uint32_t kind;
	uint32_t order;			/* unique in its profile, over all kinds */

	/* vNIC: MAC; vHBA: WWPN.  0 = wanted from the pool, to be resolved. */
	uint64_t address;
	uint32_t source;
	char pool[ID_TEXT];		/* "" = the default pool of its type */

	uint32_t mtu;			/* vNIC, bytes; default 1500 */
	uint32_t vlan_mode;
	struct vlan_ref *vlans;
	size_t n_vlans;

	uint32_t limit_mbps, guarantee_mbps, pcp;	/* 0 = none */
	/* What guarantees of others on its port leave it; 0 = all. */
	uint32_t admission_mbps;
	bool spoof_check, trust, promisc, pxe;

	char san[ID_TEXT];		/* vHBA */
	char san_name[NAME_TEXT];	/* filled on load */
	struct boot_target *boot;
	size_t n_boot;

	struct disk *disks;		/* vDAS */
	size_t n_disks;

	uint32_t pin_bay, pin_port;	/* 0 = no pin */
	char anti_affinity[NAME_TEXT];	/* group in its profile; "" none */

	/* Where the placement put it; 0 = not placed. */
	fn_id placed;
	uint32_t bridge;		/* meaningful when placed != 0 */
};

struct profile {
	struct head head;
	uint32_t affinity;		/* 0 slot, 1 slot-and-server */
	uint64_t wwnn;			/* of all its vHBAs; 0 = none yet */
	char system_uuid[ID_TEXT];	/* "" none, "pool" to be resolved */
	uint32_t slot;			/* assigned here; 0 = unassigned */
	char server_serial[17];		/* bound to that server; "" any */
	struct device *devices;		/* by rising order */
	size_t n_devices;
	char (*boot_order)[NAME_TEXT];	/* names of its devices */
	size_t n_boot_order;
};

enum slot_admin { SLOT_ENABLED, SLOT_DISABLED, SLOT_MAINTENANCE };

/* What is wanted of a slot; what it is comes from the view. */
struct slot {
	uint32_t number;
	char label[TEXT_TEXT], cable_id[NAME_TEXT];
	uint32_t admin;
	bool is_spare;
	int64_t revision;
};

enum forwarding { FORWARDING_VEB, FORWARDING_VEPA, FORWARDING_ISOLATED };
enum oversubscribe { OVERSUBSCRIBE_DENY, OVERSUBSCRIBE_WARN,
	OVERSUBSCRIBE_ALLOW };

/* What is wanted of an external port; it belongs to the bay, whatever card is
 * in it. */
struct port {
	struct port_ref at;
	uint32_t forwarding;
	uint32_t reserve_pct;		/* never guaranteed to anybody; 0-50 */
	uint32_t oversubscribe;		/* when guarantees exceed its budget */
	int64_t revision;
};

/* True for the types that begin with a head: all but slots and ports, which are
 * parts of the box. */
bool object_has_head(enum object_type);

/* Deep copies into the arena. */
struct profile *profile_copy(struct arena *, const struct profile *);
struct pool *pool_copy(struct arena *, const struct pool *);
/* The exclusion that holds a value; NULL when none does. */
const struct block *pool_excluded(const struct pool *, uint64_t value);
/* In one of its blocks, excluded or not. */
bool pool_holds(const struct pool *, uint64_t value);
/* Addresses that it can give, in use or not. */
uint64_t pool_size(const struct pool *);
struct device *profile_device(const struct profile *, const char *name_or_id);
/* Adds a zeroed device at the end and returns it; arrays move. */
struct device *profile_add_device(struct arena *, struct profile *);
void profile_remove_device(struct profile *, struct device *);

#endif
