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

#include "profiles/device.h"
#include "profiles/head.h"
#include "profiles/lease.h"

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

/*
 * A class of service that vNICs name.  What it says holds for a vNIC that says
 * nothing of its own: 0 says nothing, in both.
 */
struct qos_class {
	struct head head;
	uint32_t guarantee_mbps, limit_mbps, pcp;
	uint32_t weight;		/* share of what is left; kept, no card
					 * of ours has a register for it */
};

enum drift_policy { DRIFT_HEAL, DRIFT_ALERT, DRIFT_ADOPT };
enum failover_trigger { FAILOVER_MANUAL, FAILOVER_OBSERVE, FAILOVER_AUTO };

enum wwnn_from { WWNN_POOL, WWNN_WWPN };	/* first WWPN + 1 */

struct profile {
	struct head head;
	uint32_t drift;			/* when observed is not wanted */
	uint32_t failover;		/* who moves it to a spare */
	uint32_t hold_s;		/* down that long first; default 300 */
	uint32_t cooldown_s;		/* at most once in; default 3600 */
	const char *extensions;		/* see appliance_wanted */
	uint32_t affinity;		/* 0 slot, 1 slot-and-server */
	uint64_t wwnn;			/* of all its vHBAs; 0 = none yet */
	uint32_t wwnn_from;		/* enum wwnn_from: how it gets one */
	char system_uuid[ID_TEXT];	/* "" none, "pool" to be resolved */
	uint32_t slot;			/* assigned here; 0 = unassigned */
	uint32_t home_slot;		/* a spare took over from it; 0 none */
	char server_serial[17];		/* bound to that server; "" any */
	struct device *devices;		/* by rising order */
	size_t n_devices;
	size_t room_devices;		/* of that array; 0: no more than n */
	char (*boot_order)[NAME_TEXT];	/* names of its devices */
	size_t n_boot_order;
};

enum slot_admin { SLOT_ENABLED, SLOT_DISABLED, SLOT_MAINTENANCE };

/* What is wanted of a slot; what it is comes from the view. */
struct slot {
	uint32_t number;
	char label[TEXT_TEXT], cable_id[NAME_TEXT];
	char description[TEXT_TEXT];
	struct labels labels;
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
	char description[TEXT_TEXT];
	struct labels labels;
	int64_t revision;
};

/*
 * What is wanted of the appliance as a whole; there is one, of the
 * name "appliance".
 *
 * Extensions, here, of profiles and of devices, are elements of other
 * namespaces that a document brought: their canonical form (Exclusive C14N
 * inside a document of ours), one behind the other; NULL or "" none.  Kept and
 * given back as they are, understood by nobody here.
 */
struct appliance_wanted {
	const char *extensions;
	int64_t revision;
};

enum bay_service { SERVICE_NONE, SERVICE_HOLD, SERVICE_EVACUATE };
enum bay_power { BAY_ON, BAY_OFF };
enum { MODULE_TEXT = 28 };	/* "1077:2532 SERIAL" */

/*
 * What is wanted of a bay, whatever card is in it.  While it is serviced nothing
 * new is placed there and nothing is bound there by itself; what is placed there
 * stays so, and is bound again afterwards.
 */
struct bay {
	uint32_t number;
	char label[TEXT_TEXT], description[TEXT_TEXT];
	struct labels labels;
	uint32_t service;		/* enum bay_service */
	uint32_t power;			/* enum bay_power */
	/* The card that somebody took in the place of the one that devices were
	 * bound on, MODULE_TEXT; "" nobody did. */
	char accepted[MODULE_TEXT];
	int64_t revision;
};

/* True for the types that begin with a head: all but slots, ports, bays and the
 * appliance, which nobody makes. */
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
/* What is there when nobody said anything. */
void profile_defaults(struct profile *);
struct device *profile_device(const struct profile *, const char *name_or_id);
/* Adds a zeroed device at the end and returns it; arrays move. */
struct device *profile_add_device(struct arena *, struct profile *);
void profile_remove_device(struct profile *, struct device *);

#endif
