/* engine_hand.c -- see engine_heal.h: what hands did, left alone or told. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "appliance/engine/engine_int.h"

/* ---- left alone ---- */

static bool
names(const struct cause *c, const struct want *w)
{
	uint32_t k;

	for (size_t i = 0; i < c->n_own; i++)
		if (want_has(w, c->own[i].fn, &k))
			return true;
	return false;
}

static bool
is_left(const struct view *view, const struct cause *c, const struct want *w,
    const struct binding *rows, size_t n)
{
	bool mine = c->job != 0 ? names(c, w) :
	    w->drift == DRIFT_HEAL && !c->hands_off;

	/* Elsewhere it is still ours, if a row says so. */
	if (mine)
		return c->heal && hand_instead(view, w, rows, n);
	return (c->heal || w->drift != DRIFT_HEAL) &&
	    hand_at(view, w, rows, n) != HAND_NONE;
}

static bool
is_among(const struct want *left, size_t n, fn_id fn)
{
	uint32_t k;

	for (size_t i = 0; i < n; i++)
		if (want_has(&left[i], fn, &k))
			return true;
	return false;
}

static void
take_out(struct arena *a, struct plan_in *in, const struct want *left,
    size_t n)
{
	struct want *want = arena_array(a, in->n_want + 1, sizeof(*want));
	struct have *have = arena_array(a, in->n_have + 1, sizeof(*have));
	size_t n_have = 0, n_want = 0;

	for (size_t i = 0; i < in->n_have; i++)
		if (!is_among(left, n, in->have[i].fn))
			have[n_have++] = in->have[i];
	for (size_t i = 0; i < in->n_want; i++)
		if (!is_among(left, n, in->want[i].fn))
			want[n_want++] = in->want[i];
	in->want = want;
	in->n_want = n_want;
	in->have = have;
	in->n_have = n_have;
}

int
engine_hand_leave(struct store *store, struct arena *a,
    const struct view *view, const struct cause *cause,
    const struct want *want, size_t n, struct plan_in *in, struct err *err)
{
	struct want *left = NULL;
	struct binding *rows;
	size_t n_rows, n_left = 0, cap = 0;

	if (binding_list(store, a, &rows, &n_rows, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (is_left(view, cause, &want[i], rows, n_rows))
			ARENA_PUSH(a, left, n_left, cap) = want[i];
	if (n_left > 0)
		take_out(a, in, left, n_left);
	return 0;
}

/* The same device, in the same place, as the same thing. */
static bool
is_unchanged(const struct want *w, const struct want *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].fn == w->fn && list[i].slot == w->slot &&
		    list[i].bridge == w->bridge &&
		    strcmp(list[i].device, w->device) == 0)
			return personality_equal(&list[i].persona,
			    &w->persona);
	return false;
}

int
engine_have_hands(struct store *store, struct arena *a,
    const struct view *view, const uint32_t *slots, size_t n_slots,
    const struct want *want, size_t n, struct plan_in *in, struct err *err)
{
	struct want *old, *left = NULL;
	struct binding *rows;
	size_t n_old, n_rows, n_left = 0, cap = 0, alert = 0;

	for (size_t i = 0; i < n; i++)
		alert += want[i].drift != DRIFT_HEAL;
	if (alert == 0)
		return 0;
	if (engine_have_wants(store, a, view, slots, n_slots, &old, &n_old,
	    err) < 0 || binding_list(store, a, &rows, &n_rows, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (want[i].drift != DRIFT_HEAL &&
		    is_unchanged(&want[i], old, n_old) &&
		    hand_at(view, &want[i], rows, n_rows) != HAND_NONE)
			ARENA_PUSH(a, left, n_left, cap) = want[i];
	if (n_left > 0)
		take_out(a, in, left, n_left);
	return 0;
}

int
engine_hand_was(struct store *store, struct arena *a, const struct view *view,
    uint32_t slot, bool *was, bool *right, struct err *err)
{
	struct want *want;
	struct binding *rows;
	size_t n, n_rows;

	*was = false;
	*right = true;
	if (engine_have_wants(store, a, view, &slot, 1, &want, &n, err) < 0 ||
	    binding_list(store, a, &rows, &n_rows, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct fabric_bridge *at = view_where(view, want[i].fn);
		enum hand hand = hand_at(view, &want[i], rows, n_rows);

		*was = *was || (hand != HAND_NONE &&
		    want[i].drift == DRIFT_HEAL);
		*right = *right && hand == HAND_NONE && at != NULL &&
		    at->slot == want[i].slot && at->bridge == want[i].bridge;
	}
	return 0;
}

/* ---- in the way of what people ask for ---- */

struct way {
	const struct view *view;
	const struct binding *rows;
	size_t n_rows;
	struct have *have;
	size_t n;
};

static bool
is_known(const struct way *y, fn_id fn)
{
	for (size_t i = 0; i < y->n; i++)
		if (y->have[i].fn == fn)
			return true;
	return false;
}

/* As if it were ours: what is behind that bridge goes. */
static void
add_all(struct way *y, const struct fabric_bridge *at)
{
	for (unsigned i = 0; i < at->n; i++) {
		const struct fabric_fn *f = view_fn(y->view, at->fn[i]);

		if (f == NULL || is_known(y, f->id))
			continue;
		y->have[y->n++] = (struct have){ .fn = f->id,
			.slot = at->slot, .bridge = at->bridge, .at = i,
			.n_at = at->n, .present = true, .settled = true,
			.blank = f->blank, .persona = f->persona };
	}
}

/* Behind two strange bridges at once it cannot be scrubbed. */
static bool
is_once(const struct view *v, fn_id fn)
{
	unsigned n = 0;

	for (size_t i = 0; i < v->n_bridges; i++)
		for (unsigned k = 0; k < v->bridges[i].n; k++)
			n += v->bridges[i].fn[k] == fn;
	return n == 1;
}

static bool
clear_way(struct way *y, const struct want *w)
{
	enum hand hand = hand_at(y->view, w, y->rows, y->n_rows);

	if (hand == HAND_INSTEAD)
		add_all(y, view_bridge(y->view, w->slot, w->bridge));
	for (uint32_t k = 0; hand == HAND_ELSEWHERE && k <= w->n_more; k++) {
		const struct fabric_bridge *at = view_where(y->view,
		    fn_beside(w->fn, k));

		if (at == NULL)
			continue;
		if (!is_once(y->view, fn_beside(w->fn, k)))
			return false;
		add_all(y, at);
	}
	return hand == HAND_ELSEWHERE;
}

int
engine_have_strangers(struct store *store, struct arena *a,
    const struct view *view, const struct want *want, size_t n,
    struct step **steps, size_t *n_steps, struct err *err)
{
	struct binding *rows;
	size_t n_rows, cap = 0;

	*steps = NULL;
	*n_steps = 0;
	if (binding_list(store, a, &rows, &n_rows, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct fabric_bridge *at = hand_beside(view, &want[i],
		    rows, n_rows);

		if (at != NULL && hand_at(view, &want[i], rows, n_rows) ==
		    HAND_TWICE)
			ARENA_PUSH(a, *steps, *n_steps, cap) = (struct step){
				.verb = STEP_UNBIND, .slot = at->slot,
				.bridge = at->bridge, .arg1 = RELEASE_SURPRISE };
	}
	return 0;
}

int
engine_have_in_the_way(struct store *store, struct arena *a,
    const struct view *view, const struct want *want, size_t n,
    struct plan_in *in, struct err *err)
{
	struct want *all = arena_array(a, in->n_want + n + 1, sizeof(*all));
	struct way y = { .view = view, .n = in->n_have };
	struct binding *rows;
	size_t n_all = 0;

	if (binding_list(store, a, &rows, &y.n_rows, err) < 0)
		return -1;
	y.rows = rows;
	y.have = arena_array(a, in->n_have + n * FABRIC_BRIDGE_FNS *
	    FABRIC_BRIDGE_FNS + 1, sizeof(*y.have));
	for (size_t i = 0; i < in->n_have; i++)
		y.have[i] = in->have[i];
	for (; n_all < in->n_want; n_all++)
		all[n_all] = in->want[n_all];
	/* What is elsewhere was left out as somebody else's. */
	for (size_t i = 0; i < n; i++)
		if (clear_way(&y, &want[i]))
			all[n_all++] = want[i];
	in->want = all;
	in->n_want = n_all;
	in->have = y.have;
	in->n_have = y.n;
	return 0;
}

/* ---- told ---- */

static void
drifted(const struct want *w, const char *severity, struct fault **list,
    size_t *n, const char *what)
{
	char name[16];
	struct fault *f;

	snprintf(name, sizeof(name), "%" PRIu32, w->slot);
	f = engine_fault_add(list, n, "BindingDrift", severity, "slot", name,
	    w->slot);
	snprintf(f->part, sizeof(f->part), "%s", w->name);
	snprintf(f->text, sizeof(f->text), "%s", what);
	snprintf(f->remedy, sizeof(f->remedy), "Look who did it, then have it "
	    "put back (POST /profiles/NAME:heal)");
}

static void
set_fault(const struct engine *e, const struct want *w, struct fault **list,
    size_t *n)
{
	const struct fabric_fn *fn = view_fn(e->view, w->fn);
	char words[HAND_WORDS], what[200], text[FN_TEXT];

	if (w->whole || fn == NULL) {
		snprintf(what, sizeof(what), "%.60s is not whole behind "
		    "bridge %" PRIu32 " of slot %" PRIu32 ": somebody else "
		    "changed it", w->name, w->bridge, w->slot);
	} else {
		hand_words(&fn->persona, &w->persona, words);
		if (strcmp(words, "rates") == 0)
			return;		/* QosLost */
		snprintf(what, sizeof(what), "%.60s on %s is not as wanted "
		    "(%s): somebody else changed it", w->name,
		    fn_text(w->fn, text), words);
	}
	drifted(w, "major", list, n, what);
}

/* Where it is, or what is in its place. */
static void
place_fault(const struct engine *e, const struct want *w, enum hand hand,
    struct fault **list, size_t *n)
{
	const struct fabric_bridge *at = view_beside(e->view, w->fn, w->slot,
	    w->bridge);
	const struct fabric_bridge *own = view_bridge(e->view, w->slot,
	    w->bridge);
	char what[200], text[FN_TEXT];

	if (hand == HAND_UNMAPPED)
		snprintf(what, sizeof(what), "%.60s of slot %" PRIu32 " is "
		    "behind no bridge: somebody else took %s off", w->name,
		    w->slot, fn_text(w->fn, text));
	else if (hand == HAND_INSTEAD && own != NULL)
		snprintf(what, sizeof(what), "In place of %.60s is %s behind "
		    "bridge %u of slot %" PRIu32 ": somebody else bound it",
		    w->name, fn_text(own->fn[0], text), own->bridge, w->slot);
	else if (at != NULL)
		snprintf(what, sizeof(what), "%.60s of slot %" PRIu32 " is "
		    "seen behind bridge %u of slot %u%s: somebody else mapped "
		    "%s", w->name, w->slot, at->bridge, at->slot,
		    hand == HAND_TWICE ? ", too" : "", fn_text(w->fn, text));
	else
		return;
	drifted(w, hand == HAND_UNMAPPED ? "major" : "critical", list, n,
	    what);
}

void
engine_hand_fault(const struct engine *e, const struct want *w, enum hand hand,
    struct fault **list, size_t *n)
{
	bool heals = w->drift == DRIFT_HEAL && !engine_heal_rests(e, w->slot);

	switch (hand) {
	case HAND_NONE:
		break;
	case HAND_SET:
		if (!heals)
			set_fault(e, w, list, n);
		break;
	case HAND_UNMAPPED:
		if (!heals)
			place_fault(e, w, hand, list, n);
		break;
	case HAND_ELSEWHERE:
	case HAND_INSTEAD:
	case HAND_TWICE:
		place_fault(e, w, hand, list, n);
		break;
	}
}
