/*
 * support_world.h -- a chassis, a fabric that reaches it, and eyes.
 *
 * What the rules of the driver contract are written in (test_driver.c,
 * test_driver_box.c).  Whatever is not expected to fail ends the test.
 */
#ifndef TESTS_SUPPORT_WORLD_H
#define TESTS_SUPPORT_WORLD_H

#include "switchmgr/fabric.h"
#include "tests/unit/support_chassis.h"

struct world {
	struct support_chassis box;
	struct fabric *f;
	uint64_t term, op;
	struct err e;
};

#define NIC(index) fn_make(1, 1, FN_VF, (index))
#define HBA(index) fn_make(2, 2, FN_NPIV, (index))
#define RAID(index) fn_make(3, 1, FN_VD, (index))

/* The next operation of the present term. */
struct fabric_tag next_tag(struct world *);
struct personality nic(unsigned n);
struct personality hba(unsigned n);

/* What observe() gave: how many of each, and those asked for. */
struct seen {
	unsigned n[REC_N_KINDS];
	struct fabric_switch sw;
	struct fabric_slot slot;	/* the one asked for */
	struct fabric_bridge bridge;
	struct fabric_bay bay;
	struct fabric_port port;
	struct fabric_fn fn;
	struct fabric_disk disk;
	unsigned want_slot, want_bridge, want_bay, want_port, want_disk;
	fn_id want_fn;
};

/* A sink; the cookie is a struct seen. */
void see(void *cookie, const struct fabric_record *);
void look(struct world *, struct seen *);
struct fabric_bridge bridge_at(struct world *, unsigned slot, unsigned bridge);
struct fabric_fn fn_now(struct world *, fn_id);
bool has_persona(struct world *, fn_id, const struct personality *);

/* Verbs that must succeed at once. */
void prepare(struct world *, fn_id, const struct personality *);
void bind_one(struct world *, unsigned slot, unsigned bridge, fn_id);
void release(struct world *, unsigned slot, unsigned bridge);
/* One of the verbs that change something; 0 <= verb < N_CHANGES. */
enum { N_CHANGES = 12 };
int change_something(struct world *, unsigned verb, struct fabric_tag);

void forget_log(struct world *);

/* Runs rule i / WAY_N the way i % WAY_N, in a world of its own. */
struct rule {
	const char *name;
	void (*run)(struct world *);
};
#define RULE(name) { #name, name }
void rule_run(const struct rule *, int i);

#endif
