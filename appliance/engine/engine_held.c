/* engine_held.c -- see engine_held.h. */
#include "appliance/engine/engine_held.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool
is_stuck(const struct job *jobs, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (jobs[i].id == id && jobs[i].state == JOB_ROLLBACK_FAILED)
			return true;
	return false;
}

static int
holder_of(struct store *store, const struct want *w, int64_t *job,
    struct err *err)
{
	char key[FN_TEXT], slot[16];
	int64_t by;

	snprintf(slot, sizeof(slot), "%" PRIu32, w->slot);
	if (hold_find(store, HOLD_FN, fn_text(w->fn, key), job, err) < 0 ||
	    hold_find(store, HOLD_SLOT, slot, &by, err) < 0)
		return -1;
	/* Its own slot is the job's: that says so already. */
	if (by != 0)
		*job = 0;
	return 0;
}

static bool
is_there(const struct view *v, const struct want *w)
{
	const struct fabric_bridge *at = view_where(v, w->fn);

	return at != NULL && at->slot == w->slot && at->bridge == w->bridge;
}

static void
held_fault(const struct want *w, int64_t job, struct fault **list, size_t *n)
{
	char slot[16], fn[FN_TEXT];
	struct fault *f;

	snprintf(slot, sizeof(slot), "%" PRIu32, w->slot);
	f = engine_fault_add(list, n, "FunctionHeld", "major", "slot", slot,
	    w->slot);
	snprintf(f->part, sizeof(f->part), "%s", w->name);
	snprintf(f->text, sizeof(f->text), "%s of slot %" PRIu32 " waits for "
	    "%s, which job %" PRId64 " holds", w->name, w->slot,
	    fn_text(w->fn, fn), job);
	snprintf(f->remedy, sizeof(f->remedy), "Look at the steps of job %"
	    PRId64 ", then :retry or :abandon it", job);
}

int
engine_held_faults(const struct engine *e, struct store *store,
    const struct job *jobs, size_t n_jobs, const struct want *wants,
    size_t n_wants, struct fault **list, size_t *n, struct err *err)
{
	bool any = false;

	for (size_t i = 0; i < n_jobs; i++)
		any = any || jobs[i].state == JOB_ROLLBACK_FAILED;
	for (size_t i = 0; i < n_wants && any; i++) {
		int64_t job;

		if (is_there(e->view, &wants[i]))
			continue;
		if (holder_of(store, &wants[i], &job, err) < 0)
			return -1;
		if (job != 0 && is_stuck(jobs, n_jobs, job))
			held_fault(&wants[i], job, list, n);
	}
	return 0;
}
