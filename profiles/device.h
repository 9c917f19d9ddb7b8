/*
 * device.h -- a device of a profile and what it is made of; see model.h.
 */
#ifndef PROFILES_DEVICE_H
#define PROFILES_DEVICE_H

#include "profiles/head.h"

enum device_kind {
	DEVICE_VNIC, DEVICE_VHBA, DEVICE_VDAS,
	DEVICE_EXCLUSIVE,		/* a card, or one function of it, whole */
	DEVICE_N_KINDS
};
enum extent { EXTENT_FUNCTION, EXTENT_CARD };
/* ANY and SHARED mean the same here; EXCLUSIVE: its port has no other function. */
enum sharing { SHARING_ANY, SHARING_SHARED, SHARING_EXCLUSIVE };
enum address_source { SOURCE_POOL, SOURCE_STATIC };
enum vlan_mode { VLAN_ACCESS, VLAN_TRUNK };
enum link_policy { LINK_FOLLOW_UPLINK, LINK_ALWAYS_UP, LINK_DOWN };
enum vhba_protocol { PROTOCOL_FC, PROTOCOL_FCOE };
enum disk_access { DISK_EXCLUSIVE, DISK_SHARED };

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

	/* Kept as they were wished; no verb of the fabric takes them. */
	uint32_t access;
	bool boot;
	uint32_t strip_kib;		/* 0 = the module's own */
	char read_policy[NAME_TEXT], write_policy[NAME_TEXT];
	char guid[TEXT_TEXT], drives[TEXT_TEXT];
};

/* Rates and priority, 0 = nothing said. */
struct device_qos {
	uint32_t limit_mbps, guarantee_mbps, pcp;
};

struct device {
	char id[ID_TEXT];
	char name[NAME_TEXT];		/* unique in its profile */
	char description[TEXT_TEXT];
	struct labels labels;
	const char *extensions;		/* see appliance_wanted */
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

	/* vNIC: nothing here changes what the card is told. */
	char nic_kind[NAME_TEXT];	/* "" = a plain one */
	char intended_use[NAME_TEXT];
	uint32_t queues;		/* 0 = the card's own */
	uint32_t link_policy;
	uint32_t protocol, queue_depth;	/* vHBA, likewise */

	/*
	 * What it says itself, what its class says (filled on load and by
	 * change_resolve()), and what holds: its own word, else the class's.
	 */
	struct device_qos own, of_class;
	char qos_class[ID_TEXT];	/* "" none; vNIC only */
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

	uint32_t extent;		/* exclusive */
	uint32_t require_class;		/* exclusive: 0 any, else by the words of
					 * placement.requireClass */
	uint32_t sharing;
	uint32_t pin_bay, pin_port;	/* 0 = no pin */
	char anti_affinity[NAME_TEXT];	/* group in its profile; "" none */

	/* Where the placement put it; 0 = not placed. */
	fn_id placed;
	uint32_t bridge;		/* meaningful when placed != 0 */
	uint32_t n_placed;		/* exclusive: functions from there on */
	/* Another appliance took its address over: kept, and not bound. */
	bool suspended;

	char lease[ID_TEXT];		/* "" it is the profile's for good */
	bool idle;			/* leased, and it is not its time */
};

/* A vNIC or vHBA; others have no address of ours. */
bool device_has_address(const struct device *);
/* Functions that it is placed on, by rising k (fn_beside()); 0 when it is not. */
uint32_t device_functions(const struct device *);

/* Its own word or the class's, into what holds. */
void device_apply_qos(struct device *);

#endif
