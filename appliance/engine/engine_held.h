/*
 * engine_held.h -- devices that wait for what a stuck job holds.
 *
 * A job that could neither be applied nor rolled back keeps its functions; who
 * else is wanted on one of them gets nothing until somebody decides.
 */
#ifndef ENGINE_ENGINE_HELD_H
#define ENGINE_ENGINE_HELD_H

#include "appliance/engine/engine_int.h"

/* Adds FunctionHeld; `jobs` are the open ones. */
int engine_held_faults(const struct engine *, struct store *,
    const struct job *jobs, size_t n_jobs, const struct want *, size_t n_wants,
    struct fault **, size_t *n, struct err *) ERR_MUST_CHECK;

#endif
