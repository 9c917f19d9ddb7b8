/*
 * schedule.h -- when something is wanted: once, or on days of the week.
 *
 * Times are local: minutes that would be since 1970 if the zone's clock were
 * UTC's.  What repeats begins at the same local time on each of its days and has
 * the same length on the local clock, so that on a day on which the clock is set
 * it lasts an hour more or less.  A local time that does not exist is the first
 * moment behind the gap; one that comes twice is its first occurrence (zone.h).
 * What a gap swallows whole is no occurrence.
 *
 * Pure: no clock of its own.
 */
#ifndef PROFILES_SCHEDULE_H
#define PROFILES_SCHEDULE_H

#include <stddef.h>

#include "base/zone.h"

struct schedule {
	int64_t start, end;		/* local; of the first one */
	uint32_t days;			/* bit 0 Monday … bit 6 Sunday; 0 once */
	int64_t until;			/* none begins after that; 0 for ever */
};

enum { SCHEDULE_DAILY = 0x7f };

struct occurrence {
	int64_t start, end;		/* local */
	int64_t start_ms, end_ms;	/* wall clock */
	/* How its two times stand on the local clock. */
	enum zone_fit start_fit, end_fit;
};

/* The first that ends after a moment; false when there is none. */
bool schedule_next(const struct schedule *, const struct zone *,
    int64_t after_ms, struct occurrence *);
/* The first n of them; returns how many there are. */
size_t schedule_list(const struct schedule *, const struct zone *,
    int64_t after_ms, struct occurrence *, size_t n);

/* "2026-03-29T01:30"; seconds may be said and are 00.  False when it is none. */
enum { LOCAL_TEXT = 24, RECURRENCE_TEXT = 48 };
char *schedule_time_text(int64_t local, char text[LOCAL_TEXT]);
bool schedule_time_parse(const char *text, int64_t *local);
/* The same, or a date alone, which is its last minute. */
bool schedule_until_parse(const char *text, int64_t *local);
/*
 * A part of RFC 5545: "FREQ=DAILY", or "FREQ=WEEKLY;BYDAY=MO,TU"; with
 * ";UNTIL=20261231", or "…T235900", local.  "" is once.  UNTIL is put into
 * `until`, which is else left as it is, and is not written.
 */
char *schedule_days_text(uint32_t days, char text[RECURRENCE_TEXT]);
bool schedule_days_parse(const char *text, uint32_t *days, int64_t *until);

#endif
