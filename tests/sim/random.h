/*
 * random.h -- random operations on the whole appliance, and what must hold.
 *
 * A run is one world and one seed.  Each operation is a request through the
 * route table or a hand at the hardware (or kill -9), drawn from a shuffled
 * deck, so that every kind comes as often as its weight says.  After each one
 * the invariants are looked at; now and then everything is mended, and then what
 * servers see must be what is wanted, to the last bit.
 *
 * What fails is told with the seed and the last operations; the same seed and
 * count do the same again.
 */
#ifndef TESTS_SIM_RANDOM_H
#define TESTS_SIM_RANDOM_H

#include <stdarg.h>

#include "base/random.h"
#include "tests/sim/world.h"

enum {
	RANDOM_SLOTS = 4, RANDOM_BAYS = 3,
	RANDOM_HISTORY = 40,
	RANDOM_KINDS = 64,
	RANDOM_NIC_BAY = 1, RANDOM_PORTS = 2,
	RANDOM_REST_S = 300,		/* of the small pool */
	RANDOM_STRANGERS = 4,
};

/* One change as POST /plans takes it. */
struct random_wish {
	char method[8], path[128], body[512];
};

struct random_count {
	unsigned drawn, accepted, refused, hands, crashes, faults, mended,
	    restarts;
	struct { unsigned drawn, accepted; } kind[RANDOM_KINDS];
};

struct random_run {
	struct world w;
	struct rng rng;
	uint64_t seed;
	unsigned op;			/* how many so far */
	struct random_count *count;	/* over all runs */
	char history[RANDOM_HISTORY][640];
	unsigned n_history;
	/* What is wanted now, read again after each operation. */
	struct arena *arena;
	struct profile *profiles;
	size_t n_profiles;
	struct network *networks;
	size_t n_networks;
	struct slot *slots[RANDOM_SLOTS + 1];
	/* What our hands did to the box. */
	bool pulled[RANDOM_BAYS + 1], unplugged[RANDOM_SLOTS + 1],
	    off[RANDOM_SLOTS + 1];
	bool other[RANDOM_BAYS + 1];	/* another card than at first */
	unsigned strangers[RANDOM_STRANGERS];	/* slots where we mapped one */
	/* What the checks saw last. */
	struct { uint64_t sum; uint32_t mbps, reserve_pct; }
	    port[RANDOM_PORTS + 1];
	int64_t rollbacks, early, given;
	bool confirmed;			/* this operation said so */
	bool named;			/* and brings back what was */
	bool restored;			/* a job went back since */
	uint32_t deck[256];
	size_t n_deck;
};

/* ---- random.c ---- */

void random_begin(struct random_run *, uint64_t seed, struct random_count *);
void random_end(struct random_run *);
/* One operation with what follows: some time, the checks. */
void random_step(struct random_run *);
/* Evenly from 0 to n - 1. */
unsigned random_below(struct random_run *, unsigned n);
/* True once in n times. */
bool random_one_in(struct random_run *, unsigned n);
/* A line of the history. */
void random_note(struct random_run *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Ends the test; says how to do it again. */
_Noreturn void random_fail(struct random_run *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Reads what is wanted now. */
void random_look(struct random_run *);
/* Asks; a refusal must leave the generation.  True when something changed or a
 * job was made; *job its id. */
bool random_ask(struct random_run *, const struct random_wish *, int64_t *job);
/* The kinds: how many there are, and what they are called. */
extern const unsigned random_n_kinds;
const char *random_name(unsigned kind);

/* ---- random_wish.c, _slot.c, _more.c: what an operator may want ---- */

void random_put(struct random_wish *, const char *method, const char *body,
    const char *path, ...) __attribute__((format(printf, 4, 5)));
void random_body(struct random_wish *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
typedef void random_wish_fn(struct random_run *, struct random_wish *);
random_wish_fn random_network_make, random_network_rename,
    random_network_renumber, random_network_remove, random_san_make,
    random_san_remove, random_profile_make, random_profile_remove,
    random_profile_clone, random_profile_change, random_vnic_make,
    random_vnic_change, random_vnic_rates, random_vnic_remove,
    random_vhba_make,
    random_vhba_change, random_vhba_remove, random_vdas_make,
    random_vdas_change, random_vdas_remove, random_card_make,
    random_card_change, random_card_remove, random_assign, random_release,
    random_move, random_spare, random_slot_admin, random_slot_spare,
    random_slot_label, random_slot_isolate, random_slot_locate, random_undo,
    random_cancel, random_decide, random_exchange, random_port_change,
    random_class_make, random_class_change, random_revert;
/* Any of them that a plan takes. */
random_wish_fn random_any;
/* Two profiles change places. */
void random_swap(struct random_run *, struct random_wish two[2]);

/* ---- random_hand.c: what happens to the box and the programs ---- */

typedef void random_hand_fn(struct random_run *);
random_hand_fn random_power, random_cable, random_card, random_fault,
    random_delay, random_events, random_reset, random_unmap, random_map,
    random_set, random_speed, random_other_card, random_crash,
    random_crash_later, random_switchmgr, random_wait, random_mend,
    random_refuse, random_refuse_none;	/* some verbs; none */

/* ---- random_check.c: what must hold ---- */

/* At every moment. */
void random_check_always(struct random_run *);
/* No job runs: what is not seen as wanted has a fault that names it. */
void random_check_settled(struct random_run *);
/* Everything was mended: what is seen is what is wanted. */
void random_check_mended(struct random_run *);
/* A restart leaves the switch alone. */
void random_check_restart(struct random_run *);
/* ---- random_budget.c ---- */

/* At every moment: guarantees fit their port when they grow; addresses rest. */
void random_check_budgets(struct random_run *);
void random_check_rest(struct random_run *);
/* Everything was mended: guarantees hold by the limits of the others. */
void random_check_admission(struct random_run *);
/* What the servers see, as text; free() it. */
char *random_seen(struct random_run *);

#endif
