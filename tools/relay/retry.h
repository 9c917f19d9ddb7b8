/*
 * retry.h -- when to try again: twice as long after each failure, up to an end.
 */
#ifndef TOOLS_RELAY_RETRY_H
#define TOOLS_RELAY_RETRY_H

#include <stdint.h>

/* Milliseconds to wait after that many failures in a row (from 1). */
static inline int64_t
retry_gap(unsigned failures, int64_t first_ms, int64_t max_ms)
{
	int64_t gap = first_ms;

	for (unsigned i = 1; i < failures && gap < max_ms; i++)
		gap *= 2;
	return gap < max_ms ? gap : max_ms;
}

#endif
