/*
 * engine_heal.h -- what the hardware lost, and what somebody else's hand did.
 *
 * Without a job, what is wanted and not there is made again, one slot at a time,
 * ever more seldom.  What a hand did (hand.h) is undone only for profiles with
 * drift=heal; for the others it is a fault until somebody asks for it
 * (POST /profiles/{p}:heal) or adopts it (appliance/service/policy_adopt.c).
 * What was never ours and is in the way goes only when somebody asks for it.
 *
 * Two that undo each other's work never end: when a hand has undone HEAL_FIGHT
 * heals of a slot, healing rests there for HEAL_REST_MS, as if drift were alert,
 * and ReconcileLoop says so.  It goes on when the slot is seen to be right again
 * (:heal, or the hand gave in); else it tries once more in each such time.  What
 * the hardware itself loses is bound again all the while.
 *
 * A job finishes what it began.  What hands did to functions that its steps do not
 * name is for the next heal, or waits as drift says; a change of one device is no
 * reason to undo what a hand did to another.
 *
 * Part of engine_int.h, for the engine's own files.
 */
#ifndef ENGINE_ENGINE_HEAL_H
#define ENGINE_ENGINE_HEAL_H

#include "appliance/engine/fault_book.h"
#include "appliance/engine/hand.h"
#include "appliance/engine/plan.h"

struct engine;

enum {
	ENGINE_HEAL_SLOTS = 64,
	HEAL_FIGHT = 4,			/* heals that a hand undid */
	HEAL_REST_MS = 1800000,
};

/* Heal back-off of one slot. */
struct heal {
	uint32_t slot, tries;
	int64_t next_ms;
	bool right;			/* seen as wanted since the last try, */
	int64_t job;			/* or verified so by that one; 0 none */
	uint32_t undone;		/* heals that a hand undid */
	int64_t rest_ms;		/* hands are left alone until then; 0 no */
};

/* What the writer made of a heal; job 0: nothing was to be done. */
struct heal_end {
	uint32_t slot;
	int64_t job;
};

/* For whom a plan is made. */
struct cause {
	int64_t job;			/* 0: a heal yet to be */
	bool heal;			/* the engine's own */
	bool hands_off;			/* leave to hands what they did */
	const struct step *own;		/* what the job's steps are by now */
	size_t n_own;
};

/* ---- engine_heal.c ---- */

int engine_heal_turn(struct engine *, struct store *, struct arena *,
    struct err *) ERR_MUST_CHECK;
/* What a heal of a slot would do: nothing when a job holds it (*held), but for
 * switching it off when that job is a failed rollback. */
int engine_heal_plan(struct store *, struct arena *, const struct view *,
    uint32_t slot, bool hands_off, struct step **, size_t *n, bool *held,
    struct err *) ERR_MUST_CHECK;
/* Slots that need a heal again and again. */
void engine_heal_faults(const struct engine *, struct fault **list, size_t *n);
/* Whether heals of that slot rest. */
bool engine_heal_rests(const struct engine *, uint32_t slot);

/* ---- engine_hand.c ---- */

/* Takes out of a plan what hands did and it may not undo; `want` are all wants,
 * those too that engine_have() left out. */
int engine_hand_leave(struct store *, struct arena *, const struct view *,
    const struct cause *, const struct want *, size_t n, struct plan_in *,
    struct err *) ERR_MUST_CHECK;
/* *was: a hand undid something at a slot that a heal would put right; *right: all
 * that is wanted there is bound as it should be. */
int engine_hand_was(struct store *, struct arena *, const struct view *,
    uint32_t slot, bool *was, bool *right, struct err *) ERR_MUST_CHECK;
/* What a hand did to a wanted device: BindingDrift, or QosLost when only its
 * rates are other ones.  Nothing while a heal is about to put it right. */
void engine_hand_fault(const struct engine *, const struct want *, enum hand,
    struct fault **, size_t *n);

#endif
