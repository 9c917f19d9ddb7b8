/*
 * engine_bay.h -- cards that go, come and change places.
 *
 * A card that was pulled keeps its personalities, and shows them wherever it is
 * put.  So, from what is read back and from rows, never from memory:
 *
 *   gone	a card that was bound on and is not in its bay, in two looks
 *		GONE_MS apart, has no link to any server.  What is not wanted of it
 *		any more is released, and what is wanted of it may be placed
 *		elsewhere (rule 35).  Until then nothing of it is reused.
 *   left	a function of a card that has come (or was there when we began),
 *		that nobody is bound to by our rows and that is not blank, is
 *		scrubbed: a job of kind "heal".  The plan of whoever wants one of
 *		its addresses does it first, too (engine_have()).
 *
 * What a hand does to a free function of a card that stays is not looked at.
 * Part of engine_int.h, for the engine's own files.
 */
#ifndef ENGINE_ENGINE_BAY_H
#define ENGINE_ENGINE_BAY_H

#include "appliance/engine/plan.h"
#include "appliance/engine/view.h"
#include "profiles/store.h"

struct engine;
struct writer_entry;

enum { GONE_MS = 10000 };

/* What the engine remembers of a bay, to be asked anew after a start. */
struct bay_watch {
	bool begun, owed;	/* owed: what is left is to be scrubbed */
	char card[MODULE_TEXT];
	int64_t absent_ms;		/* since then; 0 it is there */
	int64_t gone_ms;		/* looked at its rows again then */
	int64_t next_ms;		/* no scrub before */
	uint32_t tries;
};

/* May hand in one entry. */
int engine_bay_turn(struct engine *, struct store *, struct arena *,
    struct err *) ERR_MUST_CHECK;
void engine_bay_free(struct engine *);
/* What is to be scrubbed on a bay; nothing of what a job holds. */
int engine_bay_left(struct store *, struct arena *, const struct view *,
    unsigned bay, struct step **, size_t *n, struct err *) ERR_MUST_CHECK;
/* Releases the rows of a bay whose card is gone and that nobody wants; *n how
 * many.  The writer's, with `write`. */
int engine_bay_release(struct store *, struct arena *, unsigned bay,
    bool write, int64_t wall_ms, size_t *n, struct err *) ERR_MUST_CHECK;
/* engine_commit.c: an entry about a bay, as the other ones. */
typedef int engine_run(struct writer_entry *, struct store *, int64_t wall_ms,
    struct err *);
void engine_commit_bay(struct engine *, unsigned bay, engine_run *);
/* Forgets which module is expected there, when nothing is on it nor shall be. */
int engine_commit_forget(struct store *, struct arena *, unsigned bay,
    struct err *) ERR_MUST_CHECK;
/* True when some device is placed on that bay. */
int engine_bay_placed(struct store *, struct arena *, unsigned bay,
    bool *placed, struct err *) ERR_MUST_CHECK;

#endif
