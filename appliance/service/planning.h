/*
 * planning.h -- from a change set to a plan: the one road of every change.
 *
 *	planning_begin(&p, call, seed)
 *	planning_edit(&p, route, request, body, at, e)	once per entry
 *	planning_finish(&p, e)		resolve, place, rules, steps, digest
 *	... commit.h writes it, or planning_json() shows it
 *	planning_free(&p)
 *
 * Deterministic in (entries, committed state, view, seed).  Broken rules are no
 * error of planning: they stand in p.broken, and steps are then not made.
 * Errors are what cannot be read, found, or known (no switch seen yet).
 *
 * The digest is SHA-256 over what the objects will be (addresses and placement
 * included, counters and times left out) and the steps that lead there.  Two
 * plans of one digest do the same.
 *
 * Memory comes from the call's arena, but for `diff`.
 */
#ifndef SERVICE_PLANNING_H
#define SERVICE_PLANNING_H

#include "appliance/service/rules.h"
#include "base/digest.h"

struct takeover_plan;

struct planning {
	struct call *call;
	struct change_set *set;
	struct violations broken;
	struct rules rules;
	struct rules_place *places;
	size_t n_places, cap_places;
	struct edit first;		/* the first entry, as its handler left it */
	size_t n_edits;
	const char *kind;
	char title[160];
	int64_t undoes;			/* the job, or 0 */
	bool even_if_held;
	const struct takeover_plan *takeover;	/* takeover.h, or NULL */
	const struct system_plan *system;	/* system.h, or NULL */
	uint32_t ctl, ctl_slot;
	bool ctl_bay;			/* ctl_slot is the number of a bay */
	uint32_t *healed;		/* slots to be put right */
	size_t n_healed, cap_healed;
	uint32_t *spared;		/* slots that a spare takes over from */
	size_t n_spared, cap_spared;
	uint32_t *fenced;		/* of them, those switched off first */
	size_t n_fenced, cap_fenced;

	uint32_t *served;		/* slots that changed bays concern */
	size_t n_served;
	uint32_t *slots;		/* whose functions were looked at, rising */
	size_t n_slots, cap_slots;
	bool moves;			/* an assignment changes */
	struct want *wants;		/* of everybody at those slots */
	size_t n_wants;
	struct want *own;		/* of them: bound so, and no row says so */
	size_t n_own;
	struct step *steps;
	size_t n_steps;
	const char *sentence;
	json_t *diff;			/* owned */
	char digest[DIGEST_TEXT];	/* "" until planning_digest() */
};

void planning_begin(struct planning *, struct call *, uint64_t seed);
void planning_free(struct planning *);
/* One entry; `at` is the pointer of its body.  All of it lasts as long as the
 * call; `body` NULL = {}. */
int planning_edit(struct planning *, const struct route *,
    const struct request *, const json_t *body, const char *at,
    struct err *) ERR_MUST_CHECK;
int planning_finish(struct planning *, struct err *) ERR_MUST_CHECK;

/* Of a plan that is finished and not yet written.  Made when it is asked for
 * the first time: a direct call shows its digest to nobody. */
const char *planning_digest(struct planning *);

/* True when a slot is touched: something is done there, or assigned. */
bool planning_touches(const struct planning *);
/* True when there is nothing to write and nothing to do. */
bool planning_empty(const struct planning *);
/* True when no B item stands against it. */
bool planning_applicable(const struct planning *);

/* The plan as the API shows it; `changes` (borrowed) as they were sent. */
int planning_json(struct planning *, const char *id, int64_t created_ms,
    int64_t expires_ms, const json_t *changes, json_t **, struct err *)
    ERR_MUST_CHECK;

/* Slots of the steps and of moved profiles: what a job holds; rising. */
void planning_touched(const struct planning *, uint32_t **, size_t *n);

#endif
