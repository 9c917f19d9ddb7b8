/*
 * zone.h -- local time of an IANA time zone, and back.
 *
 * A zone is what a file of the system's tzdata says (TZif, RFC 8536): moments
 * from which on the local clock is that far ahead of UTC, and a rule for the time
 * behind the last of them.  Local times are seconds that would be since 1970 if
 * the local clock were UTC's.
 *
 * A local time that does not exist (the clock was set forward over it) is the
 * first moment behind the gap; one that comes twice is its first occurrence; and
 * zone_moment() says which it was.
 *
 * Names are letters, digits and "_+-/", as in Europe/London; no other file is
 * looked at.  A zone lives in the arena and never changes.
 */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum { ZONE_TEXT = 64 };		/* bytes of a name with NUL */

struct zone;

enum zone_fit { ZONE_ONCE, ZONE_GAP, ZONE_TWICE };

/* True when a name could be one; whether there is such a zone, zone_load()
 * says. */
bool zone_name_valid(const char *name);

/* ERR_NOT_FOUND: there is no such zone; ERR_MALFORMED: its file is none. */
int zone_load(struct arena *, const char *name, struct zone **, struct err *)
    ERR_MUST_CHECK;
/* The same from the bytes of such a file. */
int zone_read(struct arena *, const void *bytes, size_t n, struct zone **,
    struct err *) ERR_MUST_CHECK;

/* Seconds that the local clock is ahead of UTC at a moment, and that clock. */
int32_t zone_offset(const struct zone *, int64_t utc_s);
int64_t zone_local(const struct zone *, int64_t utc_s);
/* The moment of a local time; `fit` may be NULL. */
int64_t zone_moment(const struct zone *, int64_t local_s, enum zone_fit *);

/* A day of the calendar that counts from 1970-01-01, and back. */
int64_t zone_day(int year, unsigned month, unsigned day);
void zone_date(int64_t day, int *year, unsigned *month, unsigned *mday);

#endif
