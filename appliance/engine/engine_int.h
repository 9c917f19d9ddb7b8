/*
 * engine_int.h -- what the parts of the engine share.  Nobody else includes it.
 *
 *	engine.c	the turn
 *	engine_look.c	events, observing, publishing
 *	engine_job.c	issuing the steps of jobs
 *	engine_commit.c	what the engine writes
 *	engine_end.c	how a job ends
 *	engine_doom.h	what cannot be undone
 *	engine_have.c	what is there and wanted, as the plan wants it
 *	engine_bay.h	cards that go and come
 *	engine_heal.h	what the hardware lost, what hands did
 *	engine_fault.c	what is wrong now
 *	engine_tell.c	telling of it
 *	engine_pool.c	pools that run out
 *	engine_port.c	what is wrong with ports and rates
 *	engine_gate.c	what must not be bound by itself
 *	engine_ledger.c	addresses that are not as the ledger says
 */
#ifndef ENGINE_ENGINE_INT_H
#define ENGINE_ENGINE_INT_H

#include "appliance/engine/engine.h"
#include "appliance/engine/engine_bay.h"
#include "appliance/engine/engine_heal.h"
#include "profiles/ledger.h"

enum {
	ENGINE_FLIGHTS = 64,	/* verbs remembered at once */
	ENGINE_URGENT = 16,	/* of them kept for switching slots off */
	ENGINE_LEVELS = 16,	/* of one phase; planning again stops there */
	ENGINE_REPORTS = 4,	/* of who reports faults beside the engine */
};

/* A verb under way: what the journal calls a step in state intent. */
struct flight {
	int64_t job;
	uint32_t seq;
	uint64_t op;
	uint32_t slot;		/* where its end will show: 0 none */
	fn_id fn;
	enum { FLIGHT_FREE, FLIGHT_PENDING, FLIGHT_DONE, FLIGHT_FAILED } state;
	bool forced;		/* the release became a surprise one */
	int64_t deadline_ms, poll_ms, gap_ms;
	int64_t started_ms, ended_ms;	/* wall clock */
	struct err err;
};

/* A walk through the ledger, and what the last one found. */
struct engine_leaks {
	struct ledger_walk walk;
	bool walking;
	int64_t next_ms, again_ms, generation;	/* + 1; 0 never */
	struct fault *items, *found;
	size_t n, n_found;
};

struct engine {
	struct engine_config config;

	/* What is seen.  `view` is under construction; the box has a copy. */
	struct view *view;
	int64_t next_number, observe_ms;
	bool resync, seen;
	bool fresh;			/* something was seen that no counter shows */
	bool lost;			/* in this turn: the switch went away */
	int64_t now_ms, wall_ms;

	uint64_t term;			/* as issued; 0 = not taken yet */
	uint64_t first_op;		/* higher ones were intended since then */
	bool deposed;			/* a higher term was seen */
	struct flight flights[ENGINE_FLIGHTS];
	struct heal heals[ENGINE_HEAL_SLOTS];
	int64_t heal_view, heal_generation;	/* looked at, nothing to do */
	int64_t heal_ms, bay_ms;		/* not before */
	struct bay_watch *bays;		/* by number; n_bays with bay 0 */
	size_t n_bays;
	int64_t looked_ms;		/* all of it was seen then */
	int64_t fault_ms, fault_view;	/* gathered for that view; again then */
	bool gated;			/* nothing is to be bound now */
	int64_t gate_ms;		/* looked at again then, */
	uint32_t gate_boots;		/* or when this has changed */
	int64_t poll_ms;		/* earliest wish to be called again */
	int64_t commit_ms;		/* no entry before */

	pthread_mutex_t lock;		/* busy, refused, taken, faults */
	uint64_t taken, taken_op;	/* the term that the store has for us */
	bool busy;			/* an entry is at the writer */
	bool refused;			/* the last one was not written */
	uint32_t refusals;		/* so many in a row */
	char refusal[160];		/* and why */
	struct heal_end healed;		/* by the last entry that was one */
	struct fault_book book;		/* of faults */
	struct report {			/* of others beside the engine */
		const char *by;
		struct fault *facts;
		size_t n;
	} reports[ENGINE_REPORTS];

	/* Pools as they were counted: for that generation, again then. */
	struct fault *pools;
	size_t n_pools;
	int64_t pool_ms, pool_generation;	/* + 1; 0 never */
	struct engine_leaks leaks;
};

/* ---- engine_look.c ---- */

/* Takes events, observes what they name (all at first and every ten seconds);
 * -1 when the switch is away. */
int engine_look(struct engine *, struct fabric *, struct err *) ERR_MUST_CHECK;
/* Observes the slots and functions of a job's steps now. */
int engine_look_at(struct engine *, struct fabric *, const uint32_t *slots,
    size_t n_slots, const struct step *, size_t n, struct err *) ERR_MUST_CHECK;
/* Publishes a copy if something changed or a second has passed. */
void engine_show(struct engine *, enum view_state);

/* ---- engine_job.c ---- */

/* Issues and polls the verbs of every open job; may hand in one entry. */
int engine_job_turn(struct engine *, struct store *, struct fabric *,
    struct arena *, struct err *) ERR_MUST_CHECK;

/* ---- engine_commit.c ---- */

struct result {
	uint32_t seq;
	enum step_state state;
	bool untouched;			/* skipped, and surely never issued */
	int64_t started_ms, ended_ms;
	struct err err;
};

/* An entry on its way through the writer. */
struct commit {
	struct writer_entry entry;
	struct engine *e;
	const struct view *view;
	struct arena *arena;
	int64_t job;
	struct result *results;
	size_t n;
	struct fault_entry *news;	/* engine_tell.c */
	size_t n_news;
	bool looked;			/* right before, at what the job has */
	uint32_t slot;			/* heal */
	bool hands_off;			/* it leaves hands alone */
	unsigned bay;			/* left, gone */
	uint64_t term, first_op;	/* as taken */
};

/* Each takes one reference on the newest view and sets `busy`. */
void engine_commit_advance(struct engine *, int64_t job, const struct result *,
    size_t n, bool looked);
void engine_commit_heal(struct engine *, uint32_t slot, bool hands_off);
void engine_commit_term(struct engine *);
/* The same, with news about faults. */
void engine_commit_news(struct engine *, const struct fault_entry *, size_t n);
/* Not now: an entry is under way, or the last one was not written. */
bool engine_busy(struct engine *);
/* Adds steps behind the last one, as a phase of their own, with their holds. */
int engine_commit_append(struct store *, struct arena *, int64_t job,
    uint32_t phase, struct step *, size_t n, struct err *) ERR_MUST_CHECK;
/* Intends every planned step of the lowest level that has one; *n = how many. */
int engine_commit_intend(struct store *, struct arena *, int64_t job,
    int64_t wall_ms, size_t *n, struct err *) ERR_MUST_CHECK;

/* ---- engine_end.c ---- */

/* Nothing is intended any more: the end, or planned again.  `done`: its steps. */
int engine_end_verify(struct commit *, struct store *, const struct job *,
    const struct step *done, size_t n_done, int64_t wall_ms, struct err *)
    ERR_MUST_CHECK;
/* Disks are to be destroyed next.  *planned: all else is not as wanted yet. */
int engine_end_before_destroy(struct commit *, struct store *,
    const struct job *, const struct step *own, size_t n_own, bool *planned,
    int64_t wall_ms, struct err *) ERR_MUST_CHECK;
/* The job is asked to go back: its rule and detail say why. */
static inline bool
engine_end_asked(const struct job *job)
{
	return job->state == JOB_RUNNING && job->rule[0] != '\0';
}
/* A step has failed, `why`, or the job is asked to: towards the former content,
 * or rollbackFailed. */
int engine_end_roll_back(struct commit *, struct store *, const struct job *,
    const char *why, int64_t wall_ms, struct err *) ERR_MUST_CHECK;

/* ---- engine_have.c ---- */

/* The wants of the profiles at some slots, all in one list. */
int engine_have_wants(struct store *, struct arena *, const struct view *,
    const uint32_t *slots, size_t n_slots, struct want **, size_t *n,
    struct err *) ERR_MUST_CHECK;
/* Wants, haves and the plan between them for some slots, as committed.  A heal
 * yet to be leaves alone what is on another module than the expected one.
 * Functions that another job holds are left to it, and *held is set. */
int engine_have_plan(struct store *, struct arena *, const struct view *,
    const uint32_t *slots, size_t n_slots, const struct cause *, struct step **,
    size_t *n, bool *held, struct err *) ERR_MUST_CHECK;
/* Whether a bay holds another module than the one that is expected there. */
int engine_have_strange(struct store *, const struct view *, unsigned bay,
    bool *strange, struct err *) ERR_MUST_CHECK;

/* ---- engine_pool.c ---- */

/* Adds PoolLow (80 % given) and PoolExhausted (95 %); counts only when something
 * was committed, and not more often than every five seconds. */
int engine_pool_faults(struct engine *, struct store *, struct arena *,
    struct fault **, size_t *n, struct err *) ERR_MUST_CHECK;

/* ---- engine_gate.c ---- */

/* Sets e->gated, when it is time to look. */
int engine_gate_look(struct engine *, struct store *, struct err *)
    ERR_MUST_CHECK;
/* Adds StartHeld and IdentitySplit. */
int engine_gate_faults(struct engine *, struct store *, struct arena *,
    struct fault **, size_t *n, struct err *) ERR_MUST_CHECK;

/* ---- engine_ledger.c ---- */

int engine_ledger_faults(struct engine *, struct store *, struct arena *,
    struct fault **, size_t *n, struct err *) ERR_MUST_CHECK;
void engine_ledger_free(struct engine *);

/* ---- engine_port.c ---- */

/* PortLinkDown, PortSpeedReduced and QosOversubscribed of ports that wanted
 * functions are on. */
int engine_port_faults(struct engine *, struct store *, struct arena *,
    const struct want *, size_t n_want, struct fault **, size_t *n,
    struct err *) ERR_MUST_CHECK;
/* QosLost: a bound function is as wanted but for its rates. */
void engine_port_lost(struct engine *, const struct want *, struct fault **,
    size_t *n);

/* ---- engine_fault.c, engine_tell.c ---- */

int engine_fault_turn(struct engine *, struct store *, struct arena *,
    struct err *) ERR_MUST_CHECK;
/* Events about what became active, and what went; may hand in one entry. */
void engine_tell_turn(struct engine *);
int engine_tell_run(struct writer_entry *, struct store *, int64_t wall_ms,
    struct err *) ERR_MUST_CHECK;
/* Adds one to the list that is being made; its code is one of fault_kinds[]. */
struct fault *engine_fault_add(struct fault **, size_t *n, const char *code,
    const char *severity, const char *type, const char *object, uint32_t slot);

#endif
