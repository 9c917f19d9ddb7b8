/*
 * rules_checks.h -- the functions of the rules' table.
 *
 * Each looks at the wished state of what the change set touches and notes what
 * it finds under the row that runs (r->rule).  A failing store sets r->failed.
 */
#ifndef SERVICE_RULES_CHECKS_H
#define SERVICE_RULES_CHECKS_H

#include "appliance/engine/place.h"
#include "appliance/service/rules.h"

typedef void rules_check(struct rules *);

/* rules_address.c */
rules_check rules_mac_multicast, rules_mac_not_local, rules_mac_hardware,
    rules_mac_duplicate, rules_wwn_syntax, rules_wwn_multicast,
    rules_wwn_duplicate, rules_wwnn_scope, rules_uuid_duplicate,
    rules_quarantined, rules_suspended;
/* rules_device.c */
rules_check rules_vlan_mode, rules_mtu, rules_limit, rules_limit_guarantee,
    rules_pcp, rules_raid_level,
    rules_raid_capacity, rules_boot_target_count, rules_boot_target_syntax,
    rules_device_order, rules_device_class;
/* rules_place.c */
rules_check rules_allowed_ports, rules_fabric_pair, rules_mtu_port,
    rules_module_mismatch, rules_affinity;
/* rules_activation.c */
rules_check rules_hotplug, rules_source_fenced;
/* rules_port.c */
rules_check rules_guarantee, rules_oversubscribed, rules_forwarding,
    rules_slot_link;
/* rules_lease.c */
rules_check rules_zone, rules_lease_overlap, rules_lease_past,
    rules_lease_short, rules_ambiguous_time;
/* rules_bay.c */
rules_check rules_bay_serviced, rules_bay_in_use, rules_bay_accepted,
    rules_card_gone;
/* rules_object.c */
rules_check rules_vlan_range, rules_names, rules_names_taken,
    rules_names_reserved, rules_boot_order, rules_lun_budget,
    rules_in_use, rules_destroys;
/* rules_pool.c */
rules_check rules_pool_blocks, rules_pool_low, rules_pool_default,
    rules_out_of_pool;
/* rules_slot.c */
rules_check rules_slot_known, rules_slot_disabled, rules_slot_maintenance,
    rules_slot_spare, rules_slot_taken, rules_source_up,
    rules_not_on_san, rules_server_running, rules_function_limit,
    rules_function_busy;

/* Calls back for each device that the change set leaves; `before` is the same
 * device as it was, NULL when it is new. */
typedef void rules_device_fn(struct rules *, const struct change *,
    const struct profile *, const struct device *, const struct device *before);
void rules_each_device(struct rules *, rules_device_fn *);
/* The same for profiles that stay; before is NULL when new. */
typedef void rules_profile_fn(struct rules *, const struct change *,
    const struct profile *, const struct profile *before);
void rules_each_profile(struct rules *, rules_profile_fn *);
/* The card and the port that a device is placed on; NULL when it is not, or they
 * are not there. */
const struct capability *rules_capability(const struct rules *,
    const struct device *);
const struct fabric_port *rules_port_seen(const struct rules *,
    const struct device *);
/* A network or SAN as this change set leaves it; NULL when there is none. */
const struct network *rules_network(struct rules *, const char *id);
const struct san *rules_san(struct rules *, const char *id);
/* The fences around a device (place.h): of its networks, or of its SAN. */
void rules_fences(struct rules *, const struct device *, struct place_fence **,
    size_t *n);
/* True when a fence keeps a device off the port that it is placed on. */
bool rules_outside(struct rules *, const struct device *);
/* Modules that are expected where another one is, loaded once. */
const struct module *rules_strangers(struct rules *, size_t *n);
/* A bay as this change set leaves it; NULL when the store failed. */
const struct bay *rules_bay(struct rules *, unsigned number);
/* Bays that are serviced once the change set is through; in the arena. */
const uint32_t *rules_serviced(struct rules *, size_t *n);
/* True when the id is one of the set's profiles (its wished state is known). */
const struct change *rules_change_of(const struct rules *, enum object_type,
    const char *id);

#endif
