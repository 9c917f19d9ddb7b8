/*
 * clock.h -- the only place that asks what time it is.
 *
 * The shells around the pure functions ask here and hand the answer down, so
 * that a test or the simulator hands down its own.  Two clocks:
 *
 *	clock_now_ms()	 monotonic, for deadlines and ages
 *	clock_wall_ms()	 UTC since 1970, for records and people
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

int64_t clock_now_ms(void);
int64_t clock_wall_ms(void);

/* RFC 3339 UTC with milliseconds, "2026-03-01T12:00:00.000Z". */
enum { TIME_TEXT = 32 };
char *time_text(int64_t wall_ms, char text[TIME_TEXT]);
/* Reads it back (fraction and offset as RFC 3339 allows); -1 when malformed. */
int64_t time_parse(const char *text);

#endif
