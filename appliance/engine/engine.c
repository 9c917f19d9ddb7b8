/* engine.c -- see engine.h: the turn, and what every part leans on. */
#include <stdlib.h>
#include <string.h>

#include "appliance/engine/engine_int.h"
#include "base/log.h"

enum {
	AWAY_MS = 500,		/* between looks for a switch that is away */
	IDLE_MS = 200,		/* between looks for events when nothing is due */
	REFUSED_MS = 1000,	/* after an entry that was not written; doubled */
	REFUSED_DOUBLINGS = 6,
};

struct engine *
engine_new(const struct engine_config *config)
{
	struct engine *e = xcalloc(1, sizeof(*e));

	e->config = *config;
	e->view = view_copy(NULL);
	e->view->caps = config->caps;
	e->heal_view = e->heal_generation = -1;
	pthread_mutex_init(&e->lock, NULL);
	return e;
}

void
engine_free(struct engine *e)
{
	if (e == NULL)
		return;
	view_free(e->view);
	fault_book_clear(&e->book);
	for (size_t i = 0; i < ENGINE_REPORTS; i++)
		free(e->reports[i].facts);
	free(e->pools);
	engine_ledger_free(e);
	engine_bay_free(e);
	pthread_mutex_destroy(&e->lock);
	free(e);
}

bool
engine_busy(struct engine *e)
{
	bool busy, refused;
	uint32_t times;

	pthread_mutex_lock(&e->lock);
	busy = e->busy;
	refused = e->refused;
	times = e->refusals;
	e->refused = false;
	pthread_mutex_unlock(&e->lock);
	/* A full disk is not helped by asking at once, and again, and again. */
	if (refused)
		e->commit_ms = e->now_ms + ((int64_t)REFUSED_MS <<
		    (times <= REFUSED_DOUBLINGS ? times - 1 :
		    REFUSED_DOUBLINGS));
	return busy || e->now_ms < e->commit_ms;
}

void
engine_faults(struct engine *e, void (*fn)(void *, const struct fault *),
    void *cookie)
{
	pthread_mutex_lock(&e->lock);
	for (size_t i = 0; i < e->book.n; i++)
		fn(cookie, &e->book.entries[i].fault);
	pthread_mutex_unlock(&e->lock);
}

/* His place, or the first free one. */
static struct report *
report_of(struct engine *e, const char *by)
{
	for (size_t i = 0; i < ENGINE_REPORTS; i++)
		if (e->reports[i].by == NULL ||
		    strcmp(e->reports[i].by, by) == 0)
			return &e->reports[i];
	return NULL;
}

void
engine_report(struct engine *e, const char *by, const struct fault *facts,
    size_t n)
{
	struct fault *kept = xcalloc(n + 1, sizeof(*kept));
	struct report *r;

	for (size_t i = 0; i < n; i++)
		kept[i] = facts[i];
	pthread_mutex_lock(&e->lock);
	r = report_of(e, by);
	if (r != NULL) {
		free(r->facts);
		*r = (struct report){ .by = by, .facts = kept, .n = n };
	} else {
		free(kept);
		log_error("engine", "nobody hears the faults of %s", by);
	}
	pthread_mutex_unlock(&e->lock);
}

/*
 * The term is taken once, when the switch first answers: higher than any that
 * the store or the far side remembers.  Afterwards a higher one than ours means
 * that another controller took over; we issue nothing any more.
 */
static bool
has_term(struct engine *e)
{
	pthread_mutex_lock(&e->lock);
	e->term = e->taken;
	e->first_op = e->taken_op;
	pthread_mutex_unlock(&e->lock);
	if (e->term == 0) {
		if (!engine_busy(e))
			engine_commit_term(e);
		return false;
	}
	if (e->view->sw.term > e->term && !e->deposed) {
		e->deposed = true;
		log_error("engine", "another controller took the switch "
		    "term=%llu ours=%llu",
		    (unsigned long long)e->view->sw.term,
		    (unsigned long long)e->term);
	}
	return !e->deposed;
}

static int
work(struct engine *e, struct store *store, struct fabric *fabric,
    struct arena *a, struct err *err)
{
	if (engine_gate_look(e, store, err) < 0 ||
	    engine_fault_turn(e, store, a, err) < 0)
		return -1;
	if (has_term(e) && (engine_job_turn(e, store, fabric, a, err) < 0 ||
	    engine_bay_turn(e, store, a, err) < 0 ||
	    engine_heal_turn(e, store, a, err) < 0))
		return -1;
	engine_tell_turn(e);
	return 0;
}

/* A switch that was away: what was under way there may take its time again. */
static void
away(struct engine *e, const struct err *err)
{
	if (e->view->state != VIEW_UNREACHABLE)
		log_warn("engine", "the switch is away: %s", err->msg);
	engine_show(e, VIEW_UNREACHABLE);
	e->resync = true;
	for (size_t i = 0; i < ENGINE_FLIGHTS; i++)
		if (e->flights[i].state == FLIGHT_PENDING) {
			e->flights[i].deadline_ms = e->now_ms + AWAY_MS +
			    STEP_DEADLINE_MS + e->view->sw.release_ms;
			e->flights[i].poll_ms = e->now_ms;
		}
	e->poll_ms = e->now_ms + AWAY_MS;
}

int64_t
engine_turn(struct engine *e, int64_t now_ms, int64_t wall_ms,
    struct store *store, struct fabric *fabric)
{
	struct arena *a = arena_new();
	struct err err;

	e->now_ms = now_ms;
	e->wall_ms = wall_ms;
	e->lost = false;
	e->poll_ms = now_ms + IDLE_MS;
	if (engine_look(e, fabric, &err) < 0) {
		away(e, &err);
		if (store_read_begin(store, &err) == 0) {
			if (engine_fault_turn(e, store, a, &err) < 0)
				log_error("engine", "faults: %s", err.msg);
			else
				engine_tell_turn(e);
			store_read_end(store);
		}
	} else if (engine_show(e, VIEW_OK), store_read_begin(store, &err) < 0) {
		log_error("engine", "reading the store: %s", err.msg);
	} else {
		if (work(e, store, fabric, a, &err) < 0) {
			if (e->lost)
				away(e, &err);
			else
				log_error("engine", "%s", err.msg);
		}
		store_read_end(store);
	}
	arena_free(a);
	return e->poll_ms;
}
