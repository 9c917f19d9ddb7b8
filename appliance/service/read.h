/*
 * read.h -- the handlers of READ rows.
 *
 * Each answers from the store (one consistent look) and the view (immutable),
 * changes nothing, and says with single objects which revision they are.
 * Lists are in a stable order; `after` is the last key of the page before.
 */
#ifndef SERVICE_READ_H
#define SERVICE_READ_H

#include "appliance/service/route.h"

typedef int read_fn(struct call *, struct err *);

/* read_object.c */
read_fn read_networks, read_network, read_sans, read_san, read_pools,
    read_pool, read_classes, read_class;
/* read_lease.c */
read_fn read_leases, read_lease;
/* read_identity.c */
read_fn read_identities, read_identities_check;
/* read_profile.c */
read_fn read_profiles, read_profile, read_vnics, read_vhbas,
    read_vdas, read_exclusives, read_device;
/* read_slot.c */
read_fn read_slots, read_slot;
/* read_bay.c */
read_fn read_bays, read_bay, read_modules, read_module;
/* read_replacement.c */
read_fn read_replacement;
/* read_port.c */
read_fn read_ports, read_port;
/* read_function.c */
read_fn read_functions, read_function, read_disks, read_disk, read_bindings;
/* read_appliance.c */
read_fn read_appliance, read_openapi, read_audit;
/* The name of the switch's model, in the arena; NULL when not known. */
const char *read_model_name(struct call *);
/* config.c */
read_fn read_config, read_schema;
/* config.c */
read_fn read_config, read_schema;
/* find.c */
read_fn find_any;
/* The digits of an address or of a part of one, or the 32 of a UUID with or
 * without its dashes. */
bool find_digits(const char *q, char digits[33]);

#endif
