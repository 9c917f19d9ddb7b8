/*
 * engine.h -- observe, plan, act, verify: one engine per switch.
 *
 * Level-triggered: a lost wake-up, a crash, a failed step and a technician's
 * hand are one case.  A turn looks at events, observes what moved, publishes
 * the view, and then either hands one entry to the writer or issues verbs.  It
 * never waits; what it waits for is a row or a pending verb.
 *
 *   job	 steps of the lowest unfinished level are issued, up to
 *		 caps.parallel at once; a finished level and the next intents
 *		 are one commit; when nothing is left it observes and plans
 *		 again: an empty plan is the verified end.
 *   asked	 a job that is asked to go back (its rule says why) ends what is
 *		 under way and goes back as after a failure.
 *   failure	 a step has failed when the switch says no, or when its deadline
 *		 passes while the switch answers.  The inverse change set is
 *		 committed and the same machine runs towards the former content.
 *   away	 while the switch or its manager is away, jobs wait.
 *   no job	 what the hardware lost is bound again (a job of kind "heal"), with
 *		 back-off; what somebody else added is reported, never removed.
 *
 * One thread calls engine_turn(); it takes what changed from the store.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "appliance/engine/fault_book.h"
#include "appliance/engine/plan.h"
#include "appliance/engine/view.h"
#include "appliance/engine/writer.h"
#include "profiles/journal.h"

struct engine;

/* A step may take this long, beyond the switch's own time for a release. */
enum { STEP_DEADLINE_MS = 60000 };

struct engine_config {
	struct writer *writer;
	struct view_box *views;
	const struct capabilities *caps;
	/* A job moved (any thread may be told), and: call engine_turn() soon.
	 * Both are called from the engine's or the writer's thread; both may be
	 * NULL. */
	void (*progress)(void *cookie, int64_t job);
	void (*wake)(void *cookie);
	void *cookie;
};

struct engine *engine_new(const struct engine_config *);
void engine_free(struct engine *);

/*
 * One turn.  `store` is a reader.  Returns the monotonic time at which it wants
 * to be called again at the latest; after any commit it wants it at once.
 */
int64_t engine_turn(struct engine *, int64_t now_ms, int64_t wall_ms,
    struct store *, struct fabric *);

/*
 * For the service, inside the writer's savepoint, after job_add(): adds the
 * steps, writes the intents of the first level (operation ids, bindings) and
 * the holds on the slots and functions that the steps name.
 */
int engine_intend(struct store *, struct job *, struct step *, size_t n,
    int64_t wall_ms, struct err *) ERR_MUST_CHECK;

/*
 * For the service, inside the writer's savepoint: what to do about a job that
 * ended as rollbackFailed and still holds its slots.  Retry goes on towards the
 * former content; abandon gives up what it holds, and what is wanted by then is
 * healed.  ERR_CONFLICT when it is no such job, or the former content is refused.
 */
int engine_retry(struct store *, const struct job *, int64_t wall_ms,
    struct err *) ERR_MUST_CHECK;
int engine_abandon(struct store *, const struct job *, int64_t wall_ms,
    struct err *) ERR_MUST_CHECK;

/*
 * For the service, inside the writer's savepoint: asks a job to go back.  What
 * is under way ends first, nothing new of it begins, and then it takes the road
 * of a step that failed, with `rule` and `detail` as the reason.  ERR_CONFLICT
 * when it has ended or goes back already.
 */
int engine_cancel(struct store *, const struct job *, const char *rule,
    const char *detail, int64_t wall_ms, struct err *) ERR_MUST_CHECK;
/* Why that job cannot be cancelled, or NULL. */
const char *engine_no_cancel(const struct job *, const struct step *,
    size_t n);

/* What the view and the bindings say of the functions behind some slots and of
 * the functions wanted: fills want, have, disks, silent, slots and ports of *in.  What
 * somebody else put behind a bridge is not ours and does not appear. */
int engine_have(struct store *, struct arena *, const struct view *,
    const uint32_t *slots, size_t n_slots, const struct want *, size_t n_want,
    struct plan_in *, struct err *) ERR_MUST_CHECK;

/* For a change of what is wanted: takes out of its plan what hands did to devices
 * that it does not change, unless drift=heal.  `slots` are those that are looked
 * at and not asked to be put right. */
int engine_have_hands(struct store *, struct arena *, const struct view *,
    const uint32_t *slots, size_t n_slots, const struct want *, size_t n,
    struct plan_in *, struct err *) ERR_MUST_CHECK;

/* For what people ask to be put right: adds what hands put in the way of those
 * wants, so that it is released: an unknown function behind a wanted bridge, and
 * a wanted function behind a bridge that is not its own. */
int engine_have_in_the_way(struct store *, struct arena *,
    const struct view *, const struct want *, size_t n, struct plan_in *,
    struct err *) ERR_MUST_CHECK;
/* For the same: steps that take those of them that are in their place from where
 * they are, too.  They name no function: nothing there is in a row of ours. */
int engine_have_strangers(struct store *, struct arena *,
    const struct view *, const struct want *, size_t n, struct step **,
    size_t *n_steps, struct err *) ERR_MUST_CHECK;

/* How a port forwards and should; false when it is not there or its card has
 * no such mode. */
bool engine_have_port(const struct view *, const struct port *,
    struct plan_port *);

/* The same of a bay; false when there is none. */
bool engine_have_bay(const struct view *, const struct bay *,
    struct plan_bay *);

/* How a card is named where one is accepted for another; "" for an empty bay. */
char *engine_module_text(const struct fabric_bay *, char text[MODULE_TEXT]);
/* The bay where that very module is now, by its serial, when that is another one
 * than its own; 0 nowhere. */
unsigned engine_module_elsewhere(const struct view *, const struct module *);
/* True when its bay holds another module than that one. */
bool engine_have_other(const struct view *, const struct module *);

/* ---- faults: what is wrong now, computed, never a row ---- */

/* What somebody beside the engine found, in place of what he found before; his
 * name is static.  Facts as fault_book.h wants them.  Any thread. */
void engine_report(struct engine *, const char *by, const struct fault *,
    size_t n);
/* Calls back with each fault of the book, cleared ones too, by id, under the
 * engine's lock. */
void engine_faults(struct engine *, void (*fn)(void *, const struct fault *),
    void *cookie);

#endif
