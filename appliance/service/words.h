/*
 * words.h -- plans and steps in plain words.
 *
 * What the operator reads before he says yes: one sentence per change, then who
 * else is affected; for each slot what the server notices; one line per step.
 * Texts live in the arena.
 */
#ifndef SERVICE_WORDS_H
#define SERVICE_WORDS_H

#include "appliance/service/planning.h"

/* "Gives slot 3 a vNIC on prod. No other slot is affected." */
const char *words_sentence(const struct planning *);
/* [{"slot","class","text"}]; the caller owns it. */
json_t *words_disruption(const struct planning *);
/* "Put net0 behind bridge 0 of slot 3"; `device` "" when it is nobody's. */
const char *words_step(struct arena *, const struct step *,
    const char *device);
/* The name of a device by id, as it is or was; "" when it is not known. */
const char *words_device(const struct planning *, const char *id);

#endif
