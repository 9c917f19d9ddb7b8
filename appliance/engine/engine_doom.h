/*
 * engine_doom.h -- what cannot be undone.
 *
 * A disk is destroyed last: when everything else of its job is done, and a look
 * at the hardware has shown that it is so.  Until then the job can go back, and
 * nothing is lost.  From the first disk on that is gone it cannot: what fails
 * then is tried again, DOOM_TRIES times, and if that does not help the job ends
 * as rollbackFailed with the rule DataDestroyed; :retry goes on with it.  It is
 * not cancelled any more, and not undone.
 *
 * A disk that the store has a place for is destroyed by nobody, whatever a step
 * says: its number may have been given again.
 *
 * For the engine's own files and engine.h.
 */
#ifndef ENGINE_ENGINE_DOOM_H
#define ENGINE_ENGINE_DOOM_H

#include "appliance/engine/view.h"
#include "appliance/engine/want.h"
#include "profiles/journal.h"

enum { DOOM_TRIES = 3 };

/* A disk may be gone: its step was intended. */
bool engine_doom_begun(const struct step *, size_t n);
/* A disk is gone.  One on a module that is out may be or not: no. */
bool engine_doom_gone(const struct view *, const struct step *, size_t n);
/* How often something failed; it was tried again each time. */
uint32_t engine_doom_tries(const struct step *, size_t n);
/* Nothing but disks to be destroyed is planned. */
bool engine_doom_next(const struct step *, size_t n);
/* The disks that the steps are to destroy, and that nobody has. */
int engine_doom_list(struct store *, struct arena *, const struct step *,
    size_t n, struct want_disk **, size_t *n_disks, struct err *)
    ERR_MUST_CHECK;
/* ERR_INTERNAL when somebody has the step's disk. */
int engine_doom_check(struct store *, struct arena *, const struct step *,
    struct err *) ERR_MUST_CHECK;

#endif
