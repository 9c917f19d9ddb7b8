/* clock.c -- see clock.h. */
#include "base/clock.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* The first and last millisecond that RFC 3339 can write. */
static const int64_t year_0 = -62167219200000;
static const int64_t year_9999 = 253402300799999;

static int64_t
read_ms(clockid_t id)
{
	struct timespec now;

	(void)clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
clock_now_ms(void)
{
	return read_ms(CLOCK_MONOTONIC);
}

int64_t
clock_wall_ms(void)
{
	return read_ms(CLOCK_REALTIME);
}

char *
time_text(int64_t wall_ms, char text[TIME_TEXT])
{
	struct tm tm = { 0 };
	int64_t ms;
	time_t seconds;

	if (wall_ms < year_0)
		wall_ms = year_0;
	if (wall_ms > year_9999)
		wall_ms = year_9999;
	ms = ((wall_ms % 1000) + 1000) % 1000;
	seconds = (time_t)((wall_ms - ms) / 1000);
	(void)gmtime_r(&seconds, &tm);
	(void)snprintf(text, TIME_TEXT, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
	    (unsigned)(tm.tm_year + 1900) % 10000,
	    (unsigned)(tm.tm_mon + 1) % 100, (unsigned)tm.tm_mday % 100,
	    (unsigned)tm.tm_hour % 100, (unsigned)tm.tm_min % 100,
	    (unsigned)tm.tm_sec % 100, (unsigned)ms % 1000);
	return text;
}

/* Exactly n digits, worth min to max, then the character `end` (0: anything).
 * Moves *s behind them. */
static bool
take(const char **s, int n, int min, int max, char end, int *out)
{
	int value = 0;

	for (; n > 0; n--, (*s)++) {
		if (!isdigit((unsigned char)**s))
			return false;
		value = value * 10 + (**s - '0');
	}
	if (value < min || value > max)
		return false;
	if (end != '\0' && toupper((unsigned char)*(*s)++) != end)
		return false;
	*out = value;
	return true;
}

/* ".123456": what is finer than a millisecond is dropped. */
static bool
take_fraction(const char **s, int64_t *ms)
{
	int64_t weight = 100;

	if (**s != '.')
		return true;
	if (!isdigit((unsigned char)*++*s))
		return false;
	for (; isdigit((unsigned char)**s); (*s)++, weight /= 10)
		*ms += weight * (**s - '0');
	return true;
}

static bool
take_offset(const char **s, int64_t *minutes)
{
	int sign = **s == '-' ? -1 : 1, h, m;

	if (toupper((unsigned char)**s) == 'Z') {
		(*s)++;
		return true;
	}
	if (*(*s) != '+' && **s != '-')
		return false;
	(*s)++;
	if (!take(s, 2, 0, 23, ':', &h) || !take(s, 2, 0, 59, '\0', &m))
		return false;
	*minutes = sign * (h * 60 + m);
	return true;
}

int64_t
time_parse(const char *text)
{
	int year, month, day, hour, minute, second;
	int64_t ms = 0, offset = 0, all;
	const char *s = text;
	struct tm tm;

	if (!take(&s, 4, 1970, 9999, '-', &year) ||
	    !take(&s, 2, 1, 12, '-', &month) ||
	    !take(&s, 2, 1, 31, 'T', &day) ||
	    !take(&s, 2, 0, 23, ':', &hour) ||
	    !take(&s, 2, 0, 59, ':', &minute) ||
	    !take(&s, 2, 0, minute == 59 ? 60 : 59, '\0', &second) ||
	    !take_fraction(&s, &ms) || !take_offset(&s, &offset) || *s != '\0')
		return -1;
	tm = (struct tm){ .tm_year = year - 1900, .tm_mon = month - 1,
	    .tm_mday = day, .tm_hour = hour, .tm_min = minute };
	all = (int64_t)timegm(&tm);
	if (tm.tm_mday != day)		/* 30 February */
		return -1;
	all = (all + second - offset * 60) * 1000 + ms;
	return all < 0 ? -1 : all;
}
