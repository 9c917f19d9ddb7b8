/* schedule.c -- see schedule.h. */
#include "profiles/schedule.h"

#include <stdio.h>
#include <string.h>

enum { DAY_MIN = 1440, WEEK = 7 };

static const char day_words[WEEK][3] = { "MO", "TU", "WE", "TH", "FR", "SA",
	"SU" };

static int64_t
day_of(int64_t minutes)
{
	return (minutes >= 0 ? minutes : minutes - DAY_MIN + 1) / DAY_MIN;
}

/* 1970-01-01 was a Thursday. */
static bool
is_its_day(const struct schedule *s, int64_t day)
{
	return s->days == 0 ? day == day_of(s->start) :
	    (s->days >> (((day + 3) % WEEK + WEEK) % WEEK) & 1) != 0;
}

static bool
begins_on(const struct schedule *s, const struct zone *z, int64_t day,
    struct occurrence *o)
{
	o->start = s->start + (day - day_of(s->start)) * DAY_MIN;
	o->end = o->start + s->end - s->start;
	o->start_ms = zone_moment(z, o->start * 60, &o->start_fit) * 1000;
	o->end_ms = zone_moment(z, o->end * 60, &o->end_fit) * 1000;
	return o->end_ms > o->start_ms;
}

bool
schedule_next(const struct schedule *s, const struct zone *z,
    int64_t after_ms, struct occurrence *o)
{
	int64_t length = day_of(s->end - s->start) + 1;
	int64_t day = day_of(after_ms / 60000) - length - 2, last;

	if (s->days == 0 || day < day_of(s->start))
		day = day_of(s->start);
	/* A week on, and one more when the gap of a clock took one away. */
	last = s->days == 0 ? day : day + length + 4 + 2 * WEEK;
	for (; day <= last; day++) {
		if (!is_its_day(s, day) || !begins_on(s, z, day, o))
			continue;
		if (s->until != 0 && o->start > s->until)
			return false;
		if (o->end_ms > after_ms)
			return true;
	}
	return false;
}

size_t
schedule_list(const struct schedule *s, const struct zone *z,
    int64_t after_ms, struct occurrence *list, size_t n)
{
	size_t i = 0;

	while (i < n && schedule_next(s, z, after_ms, &list[i])) {
		after_ms = list[i].end_ms;
		i++;
	}
	return i;
}

/* ---- text ---- */

char *
schedule_time_text(int64_t local, char text[LOCAL_TEXT])
{
	int64_t day = day_of(local), minute = local - day * DAY_MIN;
	unsigned month, mday;
	int year;

	zone_date(day, &year, &month, &mday);
	(void)snprintf(text, LOCAL_TEXT, "%04u-%02u-%02uT%02u:%02u",
	    (unsigned)year % 10000, month % 100, mday % 100,
	    (unsigned)(minute / 60) % 100, (unsigned)(minute % 60));
	return text;
}

/* Digits as `form` has 0s, everything else as it stands; the numbers in turn. */
static bool
scan(const char **s, const char *form, int *out)
{
	for (; *form != '\0'; form++, (*s)++) {
		if (*form != '0') {
			if (**s != *form)
				return false;
			out++;
			continue;
		}
		if (**s < '0' || **s > '9')
			return false;
		*out = *out * 10 + (**s - '0');
	}
	return true;
}

static bool
is_date(const int d[3], int64_t *day)
{
	unsigned month, mday;
	int year;

	if (d[0] < 1970 || d[1] < 1 || d[1] > 12 || d[2] < 1 || d[2] > 31)
		return false;
	*day = zone_day(d[0], (unsigned)d[1], (unsigned)d[2]);
	zone_date(*day, &year, &month, &mday);
	return mday == (unsigned)d[2];		/* 30 February */
}

static bool
is_time(int64_t day, const int d[3], int64_t *local)
{
	*local = day * DAY_MIN + d[0] * 60 + d[1];
	return d[0] < 24 && d[1] < 60 && d[2] == 0;
}

bool
schedule_time_parse(const char *text, int64_t *local)
{
	int date[3] = { 0 }, at[3] = { 0 };
	int64_t day;

	if (!scan(&text, "0000-00-00", date) || !is_date(date, &day) ||
	    *text++ != 'T' || !scan(&text, "00:00", at))
		return false;
	if (*text == ':' && (text++, !scan(&text, "00", &at[2])))
		return false;
	return *text == '\0' && is_time(day, at, local);
}

bool
schedule_until_parse(const char *text, int64_t *local)
{
	int date[3] = { 0 };
	const char *s = text;
	int64_t day;

	if (schedule_time_parse(text, local))
		return true;
	if (!scan(&s, "0000-00-00", date) || *s != '\0' ||
	    !is_date(date, &day))
		return false;
	*local = day * DAY_MIN + DAY_MIN - 1;
	return true;
}

char *
schedule_days_text(uint32_t days, char text[RECURRENCE_TEXT])
{
	const char *joint = "FREQ=WEEKLY;BYDAY=";
	size_t n = 0;

	text[0] = '\0';
	if (days == SCHEDULE_DAILY)
		(void)snprintf(text, RECURRENCE_TEXT, "FREQ=DAILY");
	else
		for (unsigned i = 0; i < WEEK; i++) {
			if ((days >> i & 1) == 0)
				continue;
			n += (size_t)snprintf(text + n, RECURRENCE_TEXT - n,
			    "%s%s", joint, day_words[i]);
			joint = ",";
		}
	return text;
}

static bool
take_days(const char **s, uint32_t *days)
{
	*days = 0;
	do {
		unsigned i = 0;

		while (i < WEEK && strncmp(*s, day_words[i], 2) != 0)
			i++;
		if (i == WEEK || (*days >> i & 1) != 0)
			return false;
		*days |= 1u << i;
		*s += 2;
	} while (**s == ',' && (*s)++ != NULL);
	return true;
}

static bool
take_until(const char **s, int64_t *until)
{
	int date[3] = { 0 }, at[3] = { 0 };
	int64_t day;

	for (int i = 0; i < 3; i++)
		if (!scan(s, i == 0 ? "0000" : "00", &date[i]))
			return false;
	if (!is_date(date, &day))
		return false;
	*until = day * DAY_MIN + DAY_MIN - 1;
	if (**s != 'T')
		return true;
	(*s)++;
	for (int i = 0; i < 3; i++)
		if (!scan(s, "00", &at[i]))
			return false;
	return is_time(day, at, until);
}

/* Moves behind a word when it stands there. */
static bool
skip(const char **s, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*s, word, n) != 0)
		return false;
	*s += n;
	return true;
}

bool
schedule_days_parse(const char *text, uint32_t *days, int64_t *until)
{
	bool daily = skip(&text, "FREQ=DAILY"), byday = false, ends = false;
	uint32_t found = SCHEDULE_DAILY;
	int64_t last = *until;

	if (*text == '\0' && !daily) {
		*days = 0;
		return true;
	}
	if (!daily && !skip(&text, "FREQ=WEEKLY"))
		return false;
	while (*text != '\0') {
		if (!byday && skip(&text, ";BYDAY="))
			byday = take_days(&text, &found);
		else if (!ends && skip(&text, ";UNTIL="))
			ends = take_until(&text, &last);
		else
			return false;
		if (!byday && !ends)
			return false;
	}
	if (!daily && !byday)
		return false;
	*days = found;
	*until = last;
	return true;
}
