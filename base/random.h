/*
 * random.h -- the only place that makes randomness (libsodium's door).
 *
 * What must be repeatable takes a `struct rng` that was seeded at the door and
 * handed down; what must be secret calls random_bytes().
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Unpredictable bytes. */
void random_bytes(void *out, size_t n);

/* A repeatable stream; copy it to repeat it. */
struct rng {
	uint64_t state[2];
};

struct rng rng_seed(uint64_t seed);
struct rng rng_fresh(void);			/* seeded from random_bytes() */
uint64_t rng_next(struct rng *);
/* Evenly from 0 to n - 1; n > 0. */
uint64_t rng_below(struct rng *, uint64_t n);
/* A UUID of version 4 from the stream, lower case, 36 characters. */
char *rng_uuid(struct rng *, char text[37]);

#endif
