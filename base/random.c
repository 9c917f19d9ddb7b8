/* random.c -- see random.h.  The stream is xoroshiro128++, public domain. */
#include "base/random.h"

#include <sodium.h>
#include <stdio.h>

void
random_bytes(void *out, size_t n)
{
	randombytes_buf(out, n);
}

static uint64_t
rotate(uint64_t x, unsigned n)
{
	return (x << n) | (x >> (64 - n));
}

/* splitmix64: neighbouring seeds give streams that have nothing in common. */
static uint64_t
mix(uint64_t *x)
{
	uint64_t z = (*x += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

struct rng
rng_seed(uint64_t seed)
{
	struct rng r;

	r.state[0] = mix(&seed);
	r.state[1] = mix(&seed);
	return r;
}

struct rng
rng_fresh(void)
{
	uint64_t seed;

	random_bytes(&seed, sizeof(seed));
	return rng_seed(seed);
}

uint64_t
rng_next(struct rng *r)
{
	uint64_t a = r->state[0], b = r->state[1];
	uint64_t out = rotate(a + b, 17) + a;

	b ^= a;
	r->state[0] = rotate(a, 49) ^ b ^ (b << 21);
	r->state[1] = rotate(b, 28);
	return out;
}

uint64_t
rng_below(struct rng *r, uint64_t n)
{
	/* The lowest values are drawn again, so that n divides the rest. */
	uint64_t low = (0 - n) % n, x;

	do
		x = rng_next(r);
	while (x < low);
	return x % n;
}

char *
rng_uuid(struct rng *r, char text[37])
{
	uint64_t a = rng_next(r), b = rng_next(r);

	(void)snprintf(text, 37, "%08x-%04x-4%03x-%04x-%012llx",
	    (unsigned)(a >> 32), (unsigned)(a >> 16) & 0xffff,
	    (unsigned)a & 0xfff, ((unsigned)(b >> 48) & 0x3fff) | 0x8000,
	    (unsigned long long)(b & 0xffffffffffff));
	return text;
}
