/*
 * step.h -- one step of a job, as a value.
 *
 * The plan makes them (appliance/engine/plan.h), the journal keeps them, the
 * engine carries them out.  A step names its device; the personality that
 * PREPARE writes is derived from what is wanted when the step is issued, so it
 * is kept nowhere twice.
 */
#ifndef PROFILES_STEP_H
#define PROFILES_STEP_H

#include "profiles/model.h"

enum step_verb {
	STEP_UNBIND, STEP_SCRUB, STEP_DISK_MAKE, STEP_PREPARE, STEP_BIND,
	STEP_DISK_DESTROY, STEP_SLOT_CTL,
	STEP_PORT_CTL,			/* its mode, as wanted when it is issued */
	STEP_BAY_CTL,			/* power of a module */
	STEP_N_VERBS
};
/* "unbind", "scrub", "diskMake", ... as in the API. */
const char *step_verb_word(enum step_verb);

enum step_state {
	STEP_PLANNED, STEP_INTENT, STEP_DONE, STEP_FAILED, STEP_SKIPPED
};
const char *step_state_word(enum step_state);

struct step;
/* How many functions it binds, from step.fn on; 0 when it binds none. */
unsigned step_binds(const struct step *);

struct step {
	int64_t job;
	uint32_t seq;			/* from 1 */
	uint32_t level;			/* starts when all lower levels are done */
	uint32_t phase;			/* 0 forward, 1 rollback */
	enum step_verb verb;
	uint32_t slot, bridge;		/* slot 0 = none */
	fn_id fn;			/* 0 = none */
	uint32_t arg1, arg2;		/* UNBIND: enum fabric_release, it empties
					 * the bridge; BIND: -, how many functions
					 * from `fn` on (fn_beside()), 0 as 1;
					 * DISK_*: bay, number; SLOT_CTL: what;
					 * PORT_CTL: bay, port; BAY_CTL: bay, what */
	uint32_t raid, mib;		/* DISK_MAKE */
	char device[ID_TEXT];		/* whose step it is, "" nobody's */
	enum step_state state;
	uint64_t op;			/* operation id; 0 while planned */
	int64_t started_ms, ended_ms;	/* wall clock */
	char error[256];
};

#endif
