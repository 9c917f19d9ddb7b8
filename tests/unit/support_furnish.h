/*
 * support_furnish.h -- a small world of profiles for tests of change sets.
 *
 * Networks prod (120) and mgmt (10), SAN fabric-a, profile a at slot 3 and b at
 * slot 4.  Each has a vNIC, a vHBA and a vDAS with one disk, all placed; its
 * disk is number 0 (a) and 1 (b) of bay 5.  What fails ends the test.
 */
#ifndef TESTS_UNIT_SUPPORT_FURNISH_H
#define TESTS_UNIT_SUPPORT_FURNISH_H

#include "tests/unit/support_store.h"

void furnish_world(struct scratch *);

/* Reads a JSON body into an object of the set. */
void furnish_fill(struct change_set *, const struct field_table *,
    const char *body, void *object);
void furnish_network(struct change_set *, const char *name, uint32_t vlan);
struct device *furnish_device(struct change_set *, struct profile *,
    enum device_kind, const char *body);
/* A profile as above; its disk is not placed. */
struct profile *furnish_profile(struct change_set *, const char *name,
    unsigned slot);

struct profile *furnish_load(struct scratch *, const char *ref);
/* Everything wanted, as text: the content of all objects.  free() it. */
char *furnish_picture(struct scratch *);
/* Addresses that are assigned. */
int64_t furnish_addresses(const struct scratch *);

#endif
