/* engine_own.c -- see engine_own.h. */
#include "appliance/engine/engine_own.h"

#include <stdio.h>
#include <string.h>

#include "profiles/journal.h"

static bool
has_row(const struct binding *rows, size_t n, fn_id fn)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].fn == fn)
			return true;
	return false;
}

static bool
stands_there(const struct view *view, const struct want *w)
{
	const struct fabric_bridge *at = view_where(view, w->fn);

	return at != NULL && at->state == BRIDGE_BOUND &&
	    at->slot == w->slot && at->bridge == w->bridge;
}

static int
put_rows(struct store *store, int64_t job, const struct want *w,
    int64_t wall_ms, struct err *err)
{
	for (uint32_t k = 0; k <= w->n_more; k++) {
		struct binding row = { .fn = fn_beside(w->fn, k),
			.slot = w->slot, .bridge = w->bridge,
			.state = BINDING_BOUND, .op = (uint64_t)job,
			.since_ms = wall_ms };

		memcpy(row.device, w->device, sizeof(row.device));
		if (binding_put(store, &row, err) < 0)
			return -1;
	}
	return 0;
}

int
engine_own(struct store *store, struct arena *a, const struct view *view,
    int64_t job, const struct want *want, size_t n, int64_t wall_ms,
    struct err *err)
{
	struct binding *rows;
	size_t n_rows;

	if (n == 0)
		return 0;
	if (binding_list(store, a, &rows, &n_rows, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (has_row(rows, n_rows, want[i].fn) ||
		    !stands_there(view, &want[i]))
			continue;
		if (put_rows(store, job, &want[i], wall_ms, err) < 0 ||
		    engine_own_module(store, view, want[i].fn, err) < 0)
			return -1;
	}
	return 0;
}

/* Read back equal, each function of it. */
static bool
is_as_wanted(const struct view *view, const struct want *w)
{
	const struct fabric_fn *f = view_fn(view, w->fn);

	return stands_there(view, w) && (w->whole || (f != NULL &&
	    personality_equal(&f->persona, &w->persona)));
}

bool
engine_own_proven(const struct view *view, const struct want *want, size_t n,
    const struct binding *row)
{
	uint32_t k;

	for (size_t i = 0; i < n && row->state != BINDING_BOUND; i++)
		if (want_has(&want[i], row->fn, &k) &&
		    row->slot == want[i].slot &&
		    row->bridge == want[i].bridge &&
		    is_as_wanted(view, &want[i]))
			return true;
	return false;
}

int
engine_own_settle(struct store *store, struct arena *a,
    const struct view *view, const struct want *want, size_t n,
    int64_t wall_ms, struct err *err)
{
	struct binding *rows;
	size_t n_rows;

	if (binding_list(store, a, &rows, &n_rows, err) < 0)
		return -1;
	for (size_t i = 0; i < n_rows; i++) {
		if (!engine_own_proven(view, want, n, &rows[i]))
			continue;
		rows[i].state = BINDING_BOUND;
		rows[i].since_ms = wall_ms;
		if (binding_put(store, &rows[i], err) < 0)
			return -1;
	}
	return 0;
}

int
engine_own_module(struct store *store, const struct view *view, fn_id fn,
    struct err *err)
{
	const struct fabric_bay *seen = view_bay(view, fn_bay(fn));
	struct module m = { .bay = fn_bay(fn) };

	if (seen == NULL || !seen->occupied)
		return 0;
	m.vendor = seen->vendor;
	m.device = seen->device;
	snprintf(m.serial, sizeof(m.serial), "%s", seen->serial);
	return module_store(store, &m, err);
}

/* Of a forced release, too: its operation has the highest bit besides. */
static void
note_op(uint64_t *newest, uint64_t op)
{
	op &= ~(UINT64_C(1) << 63);
	if (op > *newest)
		*newest = op;
}

uint64_t
engine_own_newest_op(const struct view *view)
{
	uint64_t newest = 0;

	for (size_t i = 0; i < view->n_bridges; i++)
		note_op(&newest, view->bridges[i].op);
	for (size_t i = 0; i < view->n_fns; i++)
		note_op(&newest, view->fns[i].op);
	for (size_t i = 0; i < view->n_disks; i++)
		note_op(&newest, view->disks[i].op);
	return newest;
}
