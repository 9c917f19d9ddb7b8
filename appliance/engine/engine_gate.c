/*
 * engine_gate.c -- what must not be bound by itself: see engine_int.h.
 *
 * While an appliance was without power, another one may have taken over what it
 * had.  With appliance.start = ask nothing is therefore bound after a start of the
 * switch that nobody has let through (profiles/takeover.h); releases go on, and
 * jobs wait.  Splits are told until one of both lets go.
 */
#include <inttypes.h>
#include <stdio.h>

#include "appliance/engine/engine_int.h"
#include "profiles/setting.h"
#include "profiles/takeover.h"

enum { GATE_LOOK_MS = 200 };

int
engine_gate_look(struct engine *e, struct store *store, struct err *err)
{
	struct settings s;
	int64_t boots;

	/* A power cut is judged in the turn that has seen it. */
	if (e->now_ms < e->gate_ms && e->gate_boots == e->view->sw.boots)
		return 0;
	if (settings_load(store, &s, err) < 0 ||
	    gate_load(store, &boots, err) < 0)
		return -1;
	e->gate_ms = e->now_ms + GATE_LOOK_MS;
	e->gate_boots = e->view->sw.boots;
	e->gated = s.start == START_ASK && boots >= 0 &&
	    boots != (int64_t)e->view->sw.boots;
	return 0;
}

static void
gate_fault(struct engine *e, struct fault **list, size_t *n)
{
	struct fault *f;

	if (!e->gated)
		return;
	f = engine_fault_add(list, n, "StartHeld", "major", "appliance",
	    "switch", 0);
	snprintf(f->text, sizeof(f->text), "The switch was without power; "
	    "nothing is bound until somebody says so");
	snprintf(f->remedy, sizeof(f->remedy), "Make sure that no other "
	    "appliance has taken over what this one had, then POST "
	    "/appliance:resume");
}

int
engine_gate_faults(struct engine *e, struct store *store, struct arena *a,
    struct fault **list, size_t *n, struct err *err)
{
	struct split *splits;
	size_t n_splits;

	gate_fault(e, list, n);
	if (split_list(store, a, &splits, &n_splits, err) < 0)
		return -1;
	for (size_t i = 0; i < n_splits; i++) {
		const struct split *s = &splits[i];
		struct fault *f = engine_fault_add(list, n, "IdentitySplit",
		    "critical", "appliance", s->name, 0);

		f->count = s->count;
		snprintf(f->text, sizeof(f->text), "%s has %" PRIu32
		    " addresses that are bound here too, such as %s",
		    s->name, s->count, s->example);
		snprintf(f->remedy, sizeof(f->remedy), "Find out who shall "
		    "have them; send the notice of the takeover to the other "
		    "one (/takeovers)");
	}
	return 0;
}
