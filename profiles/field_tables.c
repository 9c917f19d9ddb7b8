/* field_tables.c -- what objects are made of; see field.h. */
/* table */
#include "profiles/field.h"

#define SIZE(st, m) sizeof(((st *)0)->m)
#define AT(st, m) .offset = offsetof(st, m), .size = SIZE(st, m)
#define END { .json = NULL, .xml = NULL }

static const char *const isolation_words[] = { "shared", "isolated", NULL };
static const char *const fabric_words[] = { "A", "B", "other", NULL };
static const char *const pool_words[] = { "mac", "wwpn", "wwnn", "uuid", NULL };
static const char *const order_words[] = { "sequential", "random", NULL };
static const char *const wwnn_words[] = { "pool", "wwpn", NULL };
static const char *const affinity_words[] = { "slot", "slot-and-server", NULL };
static const char *const admin_words[] = { "enabled", "disabled",
    "maintenance", NULL };
static const char *const forwarding_words[] = { "veb", "vepa", "isolated",
    NULL };
static const char *const service_words[] = { "none", "hold", "evacuate",
    NULL };
static const char *const power_words[] = { "on", "off", NULL };
static const char *const oversubscribe_words[] = { "deny", "warn", "allow",
    NULL };
static const char *const kind_words[] = { "vnic", "vhba", "vdas",
    "exclusive", NULL };
static const char *const extent_words[] = { "function", "card", NULL };
/* Of modules; the first is none of them. */
static const char *const class_words[] = { "any", "ethernet", "fibre-channel",
    "raid", "nvme", "other", NULL };
static const char *const sharing_words[] = { "any", "shared", "exclusive",
    NULL };
static const char *const source_words[] = { "pool", "static", NULL };
static const char *const mode_words[] = { "access", "trunk", NULL };
static const char *const drift_words[] = { "heal", "alert", "adopt", NULL };
static const char *const trigger_words[] = { "manual", "observe", "auto",
    NULL };
static const char *const link_words[] = { "followUplink", "alwaysUp", "down",
    NULL };
static const char *const protocol_words[] = { "fc", "fcoe", NULL };
static const char *const lease_end_words[] = { "release", "keep-if-busy",
    "force", NULL };
static const char *const access_words[] = { "exclusive", "shared", NULL };

/* What everything that people talk about has. */
#define COMMON(st, head) \
	{ "description", "description", FIELD_TEXT, \
	    AT(st, head description), .doc = "up to 256 bytes" }, \
	{ "labels", "labels/label", FIELD_LIST, AT(st, head labels.items), \
	    .items = &field_label, .max = LABELS_MAX, \
	    .count_offset = offsetof(st, head labels.n), .flags = FIELD_MAP, \
	    .doc = "your own words: {\"name\":\"value\"}" }
#define EXTENSIONS(st) \
	{ "extensions", "extensions", FIELD_FOREIGN, AT(st, extensions), \
	    .flags = FIELD_READONLY | FIELD_DERIVED | FIELD_NULLABLE, \
	    .doc = "others' XML that a document brought; an import sets it" }

/* What every named object begins and ends with. */
#define HEAD(st) \
	{ "id", "@id", FIELD_UUID, AT(st, head.id), \
	    .flags = FIELD_READONLY, .doc = "unique for ever" }, \
	{ "name", "@name", FIELD_NAME, AT(st, head.name), \
	    .flags = FIELD_REQUIRED | FIELD_KEY, .rule = "NameSyntax", \
	    .doc = "1-63 of letters, digits, dot, dash, underscore" }, \
	COMMON(st, head.)
#define TAIL(st, xml_revision) \
	{ "revision", xml_revision, FIELD_INT64, AT(st, head.revision), \
	    .max = INT64_MAX, .flags = FIELD_READONLY | FIELD_META, \
	    .doc = "counts changes; the ETag" }, \
	{ "createdAt", NULL, FIELD_TIME, AT(st, head.created_ms), \
	    .flags = FIELD_READONLY | FIELD_META | FIELD_NULLABLE, \
	    .doc = "when it was made; null in a plan" }, \
	{ "modifiedAt", NULL, FIELD_TIME, AT(st, head.modified_ms), \
	    .flags = FIELD_READONLY | FIELD_META | FIELD_NULLABLE, \
	    .doc = "last change" }

static const struct field label_fields[] = {
	{ "name", "@name", FIELD_NAME, AT(struct label, name),
	    .flags = FIELD_REQUIRED | FIELD_KEY, .rule = "NameSyntax",
	    .doc = "unique in its object, case counts" },
	{ "value", "@value", FIELD_TEXT, AT(struct label, value),
	    .flags = FIELD_REQUIRED, .doc = "up to 256 bytes" },
	END
};

static const struct field port_ref_fields[] = {
	{ "name", "@name", FIELD_SPECIAL, .offset = 0,
	    .size = sizeof(struct port_ref), .special = SPECIAL_PORT,
	    .flags = FIELD_REQUIRED | FIELD_KEY,
	    .rule = "NetworkNotAllowedHere", .doc = "a port, like io1/2" },
	END
};

static const struct field network_fields[] = {
	HEAD(struct network),
	{ "vlan", "@vlan", FIELD_INT, AT(struct network, vlan),
	    .min = 1, .max = 4094, .flags = FIELD_REQUIRED,
	    .rule = "VlanRange", .doc = "VLAN id on the wire" },
	{ "isolation", "@isolation", FIELD_WORD, AT(struct network, isolation),
	    .words = isolation_words,
	    .doc = "isolated: its members do not see each other" },
	{ "mtuMax", "@mtuMax", FIELD_INT, AT(struct network, mtu_max),
	    .min = 576, .max = 9216, .rule = "MtuRange",
	    .doc = "largest MTU of a vNIC on it, bytes; 9000" },
	{ "allowedPorts", "allowedPorts/port", FIELD_LIST,
	    AT(struct network, ports), .items = &field_port_ref, .max = 256,
	    .count_offset = offsetof(struct network, n_ports),
	    .flags = FIELD_BARE, .rule = "NetworkNotAllowedHere",
	    .doc = "ports that its members may be on; none: all" },
	TAIL(struct network, NULL), END
};

static const struct field san_fields[] = {
	HEAD(struct san),
	{ "fabric", "@fabric", FIELD_WORD, AT(struct san, fabric),
	    .words = fabric_words, .doc = "which of two fabrics" },
	{ "vsan", "@vsan", FIELD_INT, AT(struct san, vsan),
	    .min = 1, .max = 4093, .flags = FIELD_NULLABLE,
	    .doc = "virtual SAN, null for none" },
	{ "allowedPorts", "allowedPorts/port", FIELD_LIST,
	    AT(struct san, ports), .items = &field_port_ref, .max = 256,
	    .count_offset = offsetof(struct san, n_ports),
	    .flags = FIELD_BARE, .rule = "NetworkNotAllowedHere",
	    .doc = "ports that its members may be on; none: all" },
	TAIL(struct san, NULL), END
};

static const struct field block_fields[] = {
	{ "from", "@from", FIELD_SPECIAL, AT(struct block, from),
	    .special = SPECIAL_END, .flags = FIELD_REQUIRED | FIELD_KEY,
	    .rule = "PoolOverlap", .doc = "first address" },
	{ "to", "@to", FIELD_SPECIAL, AT(struct block, to),
	    .special = SPECIAL_END, .flags = FIELD_REQUIRED,
	    .rule = "PoolOverlap", .doc = "last address, inclusive" },
	END
};

static const struct field pool_fields[] = {
	HEAD(struct pool),
	{ "type", "@type", FIELD_WORD, AT(struct pool, type),
	    .words = pool_words, .flags = FIELD_REQUIRED,
	    .doc = "what its addresses are for" },
	{ "order", "@order", FIELD_WORD, AT(struct pool, order),
	    .words = order_words, .doc = "how addresses are picked" },
	{ "quarantine", "@quarantine", FIELD_DURATION,
	    AT(struct pool, quarantine_s), .max = 366 * 86400,
	    .doc = "rest of a released address; PT24H" },
	{ "default", "@default", FIELD_BOOL, AT(struct pool, is_default),
	    .doc = "what \"pool\" means for this type" },
	{ "blocks", "block", FIELD_LIST, AT(struct pool, blocks),
	    .items = &field_block, .max = 256,
	    .count_offset = offsetof(struct pool, n_blocks),
	    .rule = "PoolOverlap", .doc = "ranges of addresses" },
	{ "exclusions", "exclusion", FIELD_LIST, AT(struct pool, exclusions),
	    .items = &field_block, .max = 256,
	    .count_offset = offsetof(struct pool, n_exclusions),
	    .rule = "PoolOverlap",
	    .doc = "parts of the blocks that are never given away" },
	TAIL(struct pool, NULL), END
};

static const struct field qos_class_fields[] = {
	HEAD(struct qos_class),
	{ "guaranteeMbps", "@guaranteeMbps", FIELD_INT,
	    AT(struct qos_class, guarantee_mbps), .max = 1000000,
	    .doc = "at least, Mb/s, for a vNIC that says nothing itself; "
	    "0 none" },
	{ "limitMbps", "@limitMbps", FIELD_INT,
	    AT(struct qos_class, limit_mbps), .max = 1000000,
	    .rule = "QosLimitRange",
	    .doc = "at most, Mb/s, likewise; 0 no limit" },
	{ "pcp", "@pcp", FIELD_INT, AT(struct qos_class, pcp), .max = 7,
	    .rule = "PcpRange", .doc = "priority in the VLAN tag, likewise" },
	{ "weight", "@weight", FIELD_INT, AT(struct qos_class, weight),
	    .max = 255, .flags = FIELD_NULLABLE,
	    .doc = "share of what is left; kept, no card of ours takes it" },
	TAIL(struct qos_class, NULL), END
};

static const struct field appliance_fields[] = {
	EXTENSIONS(struct appliance_wanted),
	{ "revision", NULL, FIELD_INT64, AT(struct appliance_wanted, revision),
	    .max = INT64_MAX, .flags = FIELD_READONLY | FIELD_META,
	    .doc = "counts changes" },
	END
};

static const struct field boot_entry_fields[] = {
	{ "device", "@device", FIELD_TEXT, .offset = 0, .size = NAME_TEXT,
	    .flags = FIELD_REQUIRED | FIELD_KEY, .rule = "BootOrderDangling",
	    .doc = "name of a device of the profile" },
	END
};
static const struct field_table boot_entry = { "bootEntry", boot_entry_fields,
    NAME_TEXT, "one entry of the boot order" };

static const struct field profile_fields[] = {
	HEAD(struct profile),
	{ "affinity", "assignment/@affinity", FIELD_WORD,
	    AT(struct profile, affinity), .words = affinity_words,
	    .doc = "slot-and-server: only for the server it was bound to" },
	{ "slot", "assignment/@slot", FIELD_INT, AT(struct profile, slot),
	    .min = 1, .max = SLOT_MAX,
	    .flags = FIELD_READONLY | FIELD_NULLABLE | FIELD_PLACED,
	    .doc = "assigned to; see :assign, :move, :release" },
	{ "homeSlot", NULL, FIELD_INT, AT(struct profile, home_slot),
	    .max = SLOT_MAX,
	    .flags = FIELD_READONLY | FIELD_NULLABLE | FIELD_PLACED,
	    .doc = "the slot that a spare took over from, until it is back" },
	{ "serverSerial", "assignment/@serverSerial", FIELD_TEXT,
	    AT(struct profile, server_serial),
	    .flags = FIELD_NULLABLE | FIELD_PLACED,
	    .doc = "bound to that server" },
	{ "wwnn", "identity/@wwnn", FIELD_WWN, AT(struct profile, wwnn),
	    .flags = FIELD_NULLABLE, .rule = "WwnSyntax",
	    .doc = "node name of all its vHBAs" },
	{ "wwnnFrom", "identity/@wwnnFrom", FIELD_WORD,
	    AT(struct profile, wwnn_from), .words = wwnn_words,
	    .flags = FIELD_NULLABLE, .doc = "how it gets a node name: pool, "
	    "or wwpn: the name of its first vHBA and one more" },
	{ "systemUuid", "identity/@systemUuid", FIELD_SPECIAL,
	    AT(struct profile, system_uuid), .special = SPECIAL_SYSTEM,
	    .flags = FIELD_NULLABLE, .rule = "UuidSyntax",
	    .doc = "\"pool\", or the UUID that its server shall have" },
	{ "bootOrder", "bootOrder/entry", FIELD_LIST,
	    AT(struct profile, boot_order), .items = &boot_entry,
	    .max = PROFILE_DEVICES, .flags = FIELD_BARE,
	    .count_offset = offsetof(struct profile, n_boot_order),
	    .rule = "BootOrderDangling",
	    .doc = "names of its devices, first is tried first" },
	{ "drift", "@drift", FIELD_WORD, AT(struct profile, drift),
	    .words = drift_words,
	    .doc = "when the hardware is not as wanted: make it so, tell, or "
	    "take it as wanted" },
	{ "failover.trigger", "failover/@trigger", FIELD_WORD,
	    AT(struct profile, failover), .words = trigger_words,
	    .doc = "of a move to a spare; manual: people; observe: people, "
	    "told what auto would do; auto: nobody is asked" },
	{ "failover.hold", "failover/@hold", FIELD_DURATION,
	    AT(struct profile, hold_s), .max = 30 * 86400,
	    .doc = "how long its server must be gone first; PT5M" },
	{ "failover.cooldown", "failover/@cooldown", FIELD_DURATION,
	    AT(struct profile, cooldown_s), .max = 366 * 86400,
	    .doc = "at most one move in that time; PT1H" },
	EXTENSIONS(struct profile),
	TAIL(struct profile, "@revision"), END
};

static const struct field slot_fields[] = {
	{ "number", "@number", FIELD_INT, AT(struct slot, number),
	    .min = 1, .max = SLOT_MAX, .flags = FIELD_READONLY | FIELD_KEY,
	    .doc = "as printed on the box" },
	COMMON(struct slot, ),
	{ "label", "@label", FIELD_TEXT, AT(struct slot, label),
	    .doc = "what people call it" },
	{ "cableId", "@cableId", FIELD_TEXT, AT(struct slot, cable_id),
	    .doc = "of its PCIe cable" },
	{ "adminState", "@adminState", FIELD_WORD, AT(struct slot, admin),
	    .words = admin_words, .doc = "disabled: nothing may be bound" },
	{ "isSpare", "@isSpare", FIELD_BOOL, AT(struct slot, is_spare),
	    .doc = "kept free to take over a profile" },
	{ "revision", NULL, FIELD_INT64, AT(struct slot, revision),
	    .max = INT64_MAX, .flags = FIELD_READONLY | FIELD_META,
	    .doc = "counts changes; the ETag" },
	END
};

static const struct field port_fields[] = {
	{ "name", "@name", FIELD_SPECIAL, AT(struct port, at),
	    .special = SPECIAL_PORT, .flags = FIELD_READONLY | FIELD_KEY,
	    .doc = "bay and connector, as printed on the box" },
	COMMON(struct port, ),
	{ "forwardingMode", "@forwardingMode", FIELD_WORD,
	    AT(struct port, forwarding), .words = forwarding_words,
	    .doc = "between its functions: by the card, by the next switch, "
	    "not at all" },
	{ "reservePct", "@reservePct", FIELD_INT, AT(struct port, reserve_pct),
	    .max = 50, .rule = "QosOversubscribed",
	    .doc = "part of its speed that is guaranteed to nobody, percent" },
	{ "oversubscribe", "@oversubscribe", FIELD_WORD,
	    AT(struct port, oversubscribe), .words = oversubscribe_words,
	    .doc = "what happens when guarantees exceed its budget" },
	{ "revision", NULL, FIELD_INT64, AT(struct port, revision),
	    .max = INT64_MAX, .flags = FIELD_READONLY | FIELD_META,
	    .doc = "counts changes; the ETag" },
	END
};

static const struct field bay_fields[] = {
	{ "number", "@number", FIELD_INT, AT(struct bay, number),
	    .min = 1, .max = BAY_MAX, .flags = FIELD_READONLY | FIELD_KEY,
	    .doc = "as printed on the box" },
	COMMON(struct bay, ),
	{ "label", "@label", FIELD_TEXT, AT(struct bay, label),
	    .doc = "what people call it" },
	{ "service", "@service", FIELD_WORD, AT(struct bay, service),
	    .words = service_words,
	    .doc = "hold: what is placed there waits; evacuate: it went "
	    "elsewhere" },
	{ "adminPower", "@adminPower", FIELD_WORD, AT(struct bay, power),
	    .words = power_words, .doc = "of the card" },
	{ "accepted", NULL, FIELD_TEXT, AT(struct bay, accepted),
	    .flags = FIELD_READONLY | FIELD_DERIVED | FIELD_NULLABLE,
	    .doc = "the card that was taken in the place of a former one" },
	{ "revision", NULL, FIELD_INT64, AT(struct bay, revision),
	    .max = INT64_MAX, .flags = FIELD_READONLY | FIELD_META,
	    .doc = "counts changes; the ETag" },
	END
};

/* Its device is beside them: vnic, vhba, vdas or exclusive. */
static const struct field lease_fields[] = {
	HEAD(struct lease),
	{ "profile", "@profile", FIELD_REF, AT(struct lease, profile),
	    .ref = OBJ_PROFILE, .flags = FIELD_REQUIRED,
	    .doc = "the profile that gets the device, by name" },
	{ "start", "@start", FIELD_SPECIAL, AT(struct lease, schedule.start),
	    .special = SPECIAL_LOCAL, .flags = FIELD_REQUIRED,
	    .doc = "local time, like 2026-11-21T22:00; of the first time" },
	{ "end", "@end", FIELD_SPECIAL, AT(struct lease, schedule.end),
	    .special = SPECIAL_LOCAL, .flags = FIELD_REQUIRED,
	    .doc = "local time of the first end" },
	{ "timeZone", "@timeZone", FIELD_SPECIAL, AT(struct lease, zone),
	    .special = SPECIAL_ZONE, .rule = "ZoneUnknown",
	    .doc = "whose local time; an IANA name like Europe/London; UTC" },
	{ "recurrence", "@recurrence", FIELD_SPECIAL,
	    AT(struct lease, schedule.days), .special = SPECIAL_DAYS,
	    .flags = FIELD_NULLABLE,
	    .doc = "FREQ=DAILY or FREQ=WEEKLY;BYDAY=MO,TU with ;UNTIL=DATE "
	    "(RFC 5545); null: once" },
	{ "until", "@until", FIELD_SPECIAL, AT(struct lease, schedule.until),
	    .special = SPECIAL_UNTIL, .flags = FIELD_NULLABLE,
	    .doc = "no time begins after it, local; a date is its last minute" },
	{ "grace", "@grace", FIELD_DURATION, AT(struct lease, grace_s),
	    .max = 7 * 86400, .doc = "how long after the end it goes; PT0S" },
	{ "onEnd", "@onEnd", FIELD_WORD, AT(struct lease, on_end),
	    .words = lease_end_words,
	    .doc = "release: its server is asked; keep-if-busy: it stays while "
	    "its server uses it; force: it goes" },
	{ "forceAfter", "@forceAfter", FIELD_DURATION,
	    AT(struct lease, force_after_s), .max = 30 * 86400,
	    .flags = FIELD_NULLABLE,
	    .doc = "how long after the end it is forced; null: never" },
	{ "priority", "@priority", FIELD_INT, AT(struct lease, priority),
	    .max = 255, .doc = "in line, the highest comes first" },
	{ "queue", "@queue", FIELD_BOOL, AT(struct lease, queue),
	    .doc = "it may overlap with others that queue, and waits in line" },
	{ "countsFrom", NULL, FIELD_TIME, AT(struct lease, since_ms),
	    .flags = FIELD_READONLY | FIELD_META | FIELD_NULLABLE,
	    .doc = "its times count from then on" },
	{ "lastBegun", NULL, FIELD_TIME, AT(struct lease, served_ms),
	    .flags = FIELD_READONLY | FIELD_PLACED | FIELD_NULLABLE,
	    .doc = "the start of the last time that began" },
	{ "endsAt", NULL, FIELD_TIME, AT(struct lease, ends_ms),
	    .flags = FIELD_READONLY | FIELD_PLACED | FIELD_NULLABLE,
	    .doc = "when it ends; null while it is off" },
	{ "device", NULL, FIELD_UUID, AT(struct lease, device),
	    .flags = FIELD_READONLY | FIELD_PLACED | FIELD_NULLABLE,
	    .doc = "id of its device" },
	TAIL(struct lease, NULL), END
};

/* ---- devices ---- */

static const struct field vlan_fields[] = {
	{ "network", "@network", FIELD_REF, AT(struct vlan_ref, network),
	    .ref = OBJ_NETWORK, .flags = FIELD_REQUIRED | FIELD_KEY,
	    .doc = "a network by name" },
	{ "native", "@native", FIELD_BOOL, AT(struct vlan_ref, native),
	    .doc = "untagged" },
	END
};

static const struct field boot_target_fields[] = {
	{ "wwpn", "@wwpn", FIELD_WWN, AT(struct boot_target, wwpn),
	    .flags = FIELD_REQUIRED, .rule = "BootTargetSyntax",
	    .doc = "port name of the array" },
	{ "lun", "@lun", FIELD_SPECIAL, AT(struct boot_target, lun),
	    .special = SPECIAL_LUN, .rule = "BootTargetSyntax",
	    .doc = "0-65535, or 16 hexadecimal digits" },
	{ "priority", "@priority", FIELD_INT, AT(struct boot_target, priority),
	    .min = 1, .max = DEVICE_BOOT, .flags = FIELD_REQUIRED | FIELD_KEY,
	    .rule = "BootTargetSyntax", .doc = "1 is tried first" },
	END
};

static const struct field disk_fields[] = {
	{ "id", "@id", FIELD_UUID, AT(struct disk, id),
	    .flags = FIELD_PLACED | FIELD_NULLABLE, .doc = "unique for ever" },
	{ "name", "@name", FIELD_NAME, AT(struct disk, name),
	    .flags = FIELD_REQUIRED | FIELD_KEY, .rule = "NameSyntax",
	    .doc = "unique in its vDAS" },
	{ "raid", "@raid", FIELD_SPECIAL, AT(struct disk, raid),
	    .special = SPECIAL_RAID, .flags = FIELD_REQUIRED,
	    .rule = "RaidDriveCount",
	    .doc = "RAID0 RAID1 RAID5 RAID6 RAID10 RAID50 RAID60" },
	{ "capacityMiB", "@capacityMiB", FIELD_INT,
	    AT(struct disk, capacity_mib), .min = 1, .max = UINT32_MAX,
	    .flags = FIELD_REQUIRED, .rule = "RaidCapacity",
	    .doc = "usable size, MiB" },
	{ "number", "@number", FIELD_SPECIAL, AT(struct disk, number),
	    .special = SPECIAL_NUMBER, .max = 4095,
	    .flags = FIELD_READONLY | FIELD_NULLABLE | FIELD_PLACED,
	    .doc = "on its module, null until it is placed" },
	{ "bay", "@module", FIELD_MODULE, AT(struct disk, bay),
	    .flags = FIELD_PLACED | FIELD_NULLABLE, .doc = "of its module" },
	{ "access", "@access", FIELD_WORD, AT(struct disk, access),
	    .words = access_words,
	    .doc = "kept; a disk is shown to one server, whatever it says" },
	{ "boot", "@boot", FIELD_BOOL, AT(struct disk, boot),
	    .doc = "meant to boot from; kept, bootOrder says what is tried" },
	{ "guid", "@guid", FIELD_TEXT, AT(struct disk, guid),
	    .flags = FIELD_READONLY | FIELD_NULLABLE | FIELD_PLACED,
	    .doc = "serial of its module and number there; what has one is "
	    "looked for and never made" },
	{ "stripKiB", "@stripKiB", FIELD_INT, AT(struct disk, strip_kib),
	    .max = UINT32_MAX, .flags = FIELD_NULLABLE,
	    .doc = "of a strip, KiB; kept, the module uses its own" },
	{ "readPolicy", "@readPolicy", FIELD_NAME, AT(struct disk, read_policy),
	    .flags = FIELD_NULLABLE, .rule = "NameSyntax",
	    .doc = "of its cache; kept, the module uses its own" },
	{ "writePolicy", "@writePolicy", FIELD_NAME,
	    AT(struct disk, write_policy), .flags = FIELD_NULLABLE,
	    .rule = "NameSyntax",
	    .doc = "of its cache; kept, the module uses its own" },
	{ "drives", "@drives", FIELD_TEXT, AT(struct disk, drives),
	    .flags = FIELD_NULLABLE,
	    .doc = "drives with a blank between them; kept, the module "
	    "chooses" },
	END
};

#define DEVICE(...) \
	{ "id", "@id", FIELD_UUID, AT(struct device, id), \
	    .flags = FIELD_READONLY, .doc = "unique for ever" }, \
	{ "kind", NULL, FIELD_WORD, AT(struct device, kind), \
	    .words = kind_words, .flags = FIELD_READONLY, \
	    .doc = "vnic, vhba, vdas or exclusive" }, \
	{ "name", "@name", FIELD_NAME, AT(struct device, name), \
	    .flags = FIELD_REQUIRED | FIELD_KEY, .rule = "NameSyntax", \
	    .doc = "unique in its profile" }, \
	COMMON(struct device, ), \
	{ "order", "@order", FIELD_INT, AT(struct device, order), \
	    .max = PROFILE_DEVICES - 1, .rule = "DeviceOrder", \
	    .doc = "unique in its profile, over all kinds" }, \
	__VA_ARGS__, \
	{ "placement.module", "placement/@module", FIELD_MODULE, \
	    AT(struct device, pin_bay), .flags = FIELD_NULLABLE, \
	    .doc = "only on that module" }, \
	{ "placement.port", "placement/@port", FIELD_INT, \
	    AT(struct device, pin_port), .min = 1, .max = PORT_MAX, \
	    .flags = FIELD_NULLABLE, .doc = "only on that port" }, \
	{ "placement.antiAffinity", "placement/@antiAffinity", FIELD_NAME, \
	    AT(struct device, anti_affinity), .flags = FIELD_NULLABLE, \
	    .rule = "NameSyntax", \
	    .doc = "group in its profile whose members are kept apart" }, \
	{ "suspended", NULL, FIELD_BOOL, AT(struct device, suspended), \
	    .flags = FIELD_READONLY | FIELD_DERIVED, \
	    .doc = "another appliance took its address over; it is not " \
	    "bound" }, \
	{ "lease", NULL, FIELD_REF, AT(struct device, lease), \
	    .ref = OBJ_LEASE, \
	    .flags = FIELD_READONLY | FIELD_DERIVED | FIELD_NULLABLE, \
	    .doc = "the lease that it is for; null: it is there for good" }, \
	{ "idle", NULL, FIELD_BOOL, AT(struct device, idle), \
	    .flags = FIELD_READONLY | FIELD_DERIVED, \
	    .doc = "it is leased, and now is not its time" }

#define CLASS(class_doc) \
	{ "placement.requireClass", "placement/@requireClass", FIELD_SPECIAL, \
	    .offset = 0, .special = SPECIAL_CLASS, .flags = FIELD_READONLY, \
	    .doc = class_doc }
#define SHARING(flags_, doc_) \
	{ "placement.sharing", "placement/@sharing", FIELD_WORD, \
	    AT(struct device, sharing), .words = sharing_words, \
	    .flags = flags_, .rule = "FunctionBusy", .doc = doc_ }

/* How an address came about: MAC of a vNIC, WWPN of a vHBA. */
#define ADDRESS(json, xml_part, field_kind, rule_code) \
	{ json, NULL, FIELD_SPECIAL, AT(struct device, address), \
	    .special = SPECIAL_ADDRESS, .rule = rule_code, \
	    .doc = "\"pool\", or an address in any usual spelling" }, \
	{ NULL, xml_part "/@value", field_kind, AT(struct device, address), \
	    .flags = FIELD_NULLABLE, .rule = rule_code, .doc = "address" }, \
	{ json "Source", xml_part "/@source", FIELD_WORD, \
	    AT(struct device, source), .words = source_words, \
	    .doc = "where the address is from" }, \
	{ json "Pool", xml_part "/@pool", FIELD_REF, AT(struct device, pool), \
	    .ref = OBJ_POOL, .flags = FIELD_NULLABLE, \
	    .doc = "of that pool; null the default one" }

#define PLACED \
	{ "placedOn", NULL, FIELD_SPECIAL, AT(struct device, placed), \
	    .special = SPECIAL_FN, .flags = FIELD_PLACED | FIELD_NULLABLE, \
	    .doc = "function" }, \
	{ "placedBridge", NULL, FIELD_INT, AT(struct device, bridge), \
	    .max = UINT32_MAX, .flags = FIELD_PLACED, .doc = "bridge" }

#define LIMIT \
	{ "qos.limitMbps", "qos/@limitMbps", FIELD_INT, \
	    AT(struct device, own.limit_mbps), .max = 1000000, \
	    .rule = "QosLimitRange", \
	    .doc = "at most, Mb/s; 0: as its class says, else no limit" }
#define OF_CLASS(what, member, max_, doc_) \
	{ "qos.class" what, NULL, FIELD_INT, AT(struct device, member), \
	    .max = max_, \
	    .flags = FIELD_READONLY | FIELD_DERIVED | FIELD_NULLABLE, \
	    .doc = doc_ }

static const struct field vnic_fields[] = {
	DEVICE(CLASS("ethernet")),
	SHARING(0, "exclusive: its port has no other function"),
	ADDRESS("mac", "mac", FIELD_MAC, "MacSyntax"),
	{ "networks", NULL, FIELD_SPECIAL, .offset = 0, .max = DEVICE_VLANS,
	    .special = SPECIAL_NETWORKS, .rule = "VlanMode",
	    .doc = "names of its networks" },
	{ "native", NULL, FIELD_SPECIAL, .offset = 0,
	    .special = SPECIAL_NATIVE, .flags = FIELD_NULLABLE,
	    .rule = "VlanMode", .doc = "the untagged one of them" },
	{ NULL, "vlans/vlan", FIELD_LIST, AT(struct device, vlans),
	    .items = &field_vlan, .max = DEVICE_VLANS,
	    .count_offset = offsetof(struct device, n_vlans),
	    .rule = "VlanMode", .doc = "its networks" },
	{ "vlanMode", "vlans/@mode", FIELD_WORD, AT(struct device, vlan_mode),
	    .words = mode_words, .doc = "access: one network, untagged" },
	{ "mtu", "@mtu", FIELD_INT, AT(struct device, mtu),
	    .min = 576, .max = 9216, .rule = "MtuRange",
	    .doc = "bytes; 1500" },
	{ "nicKind", "@kind", FIELD_NAME, AT(struct device, nic_kind),
	    .flags = FIELD_NULLABLE, .rule = "NameSyntax",
	    .doc = "what it is meant to be; kept, every vNIC is a plain one" },
	{ "queues", "@queues", FIELD_INT, AT(struct device, queues),
	    .max = 255, .flags = FIELD_NULLABLE,
	    .doc = "wanted pairs of queues; kept, the card has its own" },
	{ "linkPolicy", "@linkPolicy", FIELD_WORD,
	    AT(struct device, link_policy), .words = link_words,
	    .doc = "what its link follows; kept, a card follows its uplink" },
	{ "intendedUse", "@intendedUse", FIELD_NAME,
	    AT(struct device, intended_use), .flags = FIELD_NULLABLE,
	    .rule = "NameSyntax", .doc = "what people want it for" },
	{ "qos.class", "qos/@class", FIELD_REF, AT(struct device, qos_class),
	    .ref = OBJ_CLASS, .flags = FIELD_NULLABLE,
	    .doc = "a class by name; it says what the vNIC does not say" },
	LIMIT,
	{ "qos.guaranteeMbps", "qos/@guaranteeMbps", FIELD_INT,
	    AT(struct device, own.guarantee_mbps), .max = 1000000,
	    .doc = "at least, Mb/s; 0: as its class says, else none" },
	OF_CLASS("LimitMbps", of_class.limit_mbps, 1000000,
	    "what its class says, Mb/s"),
	OF_CLASS("GuaranteeMbps", of_class.guarantee_mbps, 1000000,
	    "what its class says, Mb/s"),
	OF_CLASS("Pcp", of_class.pcp, 7, "what its class says"),
	{ "qos.admissionMbps", NULL, FIELD_INT,
	    AT(struct device, admission_mbps), .max = 1000000,
	    .flags = FIELD_READONLY | FIELD_DERIVED,
	    .doc = "limit that guarantees of others on its port ask for, Mb/s; "
	    "0 none" },
	{ "qos.pcp", "qos/@pcp", FIELD_INT, AT(struct device, own.pcp),
	    .max = 7, .rule = "PcpRange",
	    .doc = "priority in the VLAN tag; 0: as its class says" },
	{ "spoofCheck", "security/@spoofCheck", FIELD_BOOL,
	    AT(struct device, spoof_check),
	    .doc = "frames with another source MAC are dropped; true" },
	{ "trust", "security/@trust", FIELD_BOOL, AT(struct device, trust),
	    .doc = "the server may change its MAC" },
	{ "promisc", "security/@promisc", FIELD_BOOL,
	    AT(struct device, promisc),
	    .doc = "sees all frames of its networks" },
	{ "pxe", "@pxe", FIELD_BOOL, AT(struct device, pxe),
	    .doc = "the server may boot from it" },
	EXTENSIONS(struct device), PLACED, END
};

static const struct field vhba_fields[] = {
	DEVICE(CLASS("fibre-channel")),
	SHARING(0, "exclusive: its port has no other function"),
	ADDRESS("wwpn", "wwpn", FIELD_WWN, "WwnSyntax"),
	{ "san", "san/@name", FIELD_REF, AT(struct device, san),
	    .ref = OBJ_SAN, .flags = FIELD_REQUIRED, .doc = "a SAN by name" },
	{ "bootTargets", "bootTarget", FIELD_LIST, AT(struct device, boot),
	    .items = &field_boot_target, .max = DEVICE_BOOT,
	    .count_offset = offsetof(struct device, n_boot),
	    .rule = "BootTargetCount", .doc = "what the server boots from" },
	LIMIT,
	{ "protocol", "@protocol", FIELD_WORD, AT(struct device, protocol),
	    .words = protocol_words,
	    .doc = "kept; a vHBA speaks what its module speaks" },
	{ "queueDepth", "@queueDepth", FIELD_INT,
	    AT(struct device, queue_depth), .max = 65535,
	    .flags = FIELD_NULLABLE,
	    .doc = "wanted depth of a queue; kept, the driver has its own" },
	EXTENSIONS(struct device), PLACED, END
};

static const struct field vdas_fields[] = {
	DEVICE(CLASS("raid")),
	{ "virtualDisks", "virtualDisk", FIELD_LIST, AT(struct device, disks),
	    .items = &field_disk, .max = DEVICE_DISKS,
	    .count_offset = offsetof(struct device, n_disks),
	    .flags = FIELD_REQUIRED, .rule = "FunctionLimit",
	    .doc = "disks that the server sees" },
	EXTENSIONS(struct device), PLACED, END
};

/* Nothing is said of what it is: it is what its card is. */
static const struct field exclusive_fields[] = {
	DEVICE({ "placement.requireClass", "placement/@requireClass",
	    FIELD_WORD, AT(struct device, require_class),
	    .words = class_words, .flags = FIELD_NULLABLE,
	    .rule = "KindUnsupported",
	    .doc = "class of its module; null: of the module that is named" }),
	SHARING(FIELD_READONLY, "exclusive"),
	{ "extent", "@extent", FIELD_WORD, AT(struct device, extent),
	    .words = extent_words,
	    .doc = "card: all functions of the module; function: one of them" },
	EXTENSIONS(struct device), PLACED,
	{ "placedFunctions", NULL, FIELD_INT, AT(struct device, n_placed),
	    .max = PORT_MAX, .flags = FIELD_PLACED,
	    .doc = "functions from that one on" },
	END
};

#define TABLE(name, st, fields, words) \
	const struct field_table field_##name = { fields, st##_fields, \
	    sizeof(struct name), words }

TABLE(network, network, "network", "a VLAN that vNICs join");
TABLE(san, san, "san", "a Fibre Channel fabric that vHBAs join");
TABLE(port_ref, port_ref, "port", "an external port by name");
TABLE(pool, pool, "pool", "addresses to give away");
TABLE(block, block, "block", "a range of addresses");
TABLE(profile, profile, "profile", "what a server should have");
TABLE(slot, slot, "slot", "one server's cable");
TABLE(port, port, "port", "one external connector of a card");
TABLE(bay, bay, "bay", "a place for a card");
TABLE(label, label, "label", "a word of the operator's own");
TABLE(qos_class, qos_class, "qosClass", "rates and priority for many vNICs");
TABLE(boot_target, boot_target, "bootTarget", "where a server boots from");
TABLE(lease, lease, "lease", "a device for a time");
TABLE(disk, disk, "virtualDisk", "a virtual disk on a RAID module");
const struct field_table field_appliance = { "appliance", appliance_fields,
    sizeof(struct appliance_wanted), "what is wanted of the appliance" };
const struct field_table field_vlan = { "vlan", vlan_fields,
    sizeof(struct vlan_ref), "one network of a vNIC" };
const struct field_table field_vnic = { "vnic", vnic_fields,
    sizeof(struct device), "a virtual network card" };
const struct field_table field_vhba = { "vhba", vhba_fields,
    sizeof(struct device), "a virtual Fibre Channel adapter" };
const struct field_table field_vdas = { "vdas", vdas_fields,
    sizeof(struct device), "virtual direct-attached storage" };
const struct field_table field_exclusive = { "exclusive", exclusive_fields,
    sizeof(struct device), "a card, or a function of one, for one server" };
