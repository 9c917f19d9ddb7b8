/* zone.c -- see zone.h. */
#include "base/zone.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

#define ZONE_DIR "/usr/share/zoneinfo/"

enum {
	ZONE_BYTES = 64 << 10,	/* the largest file of tzdata has a tenth */
	HEADER = 44, TYPE = 6,
	DAY = 86400,
};

/* "M3.5.0/1": the fifth (5: last) Sunday of March at one o'clock; "J60" and
 * "60" count days, without and with 29 February. */
struct turn {
	char form;			/* 'M', 'J', or '0' */
	int month, week, day;
	int32_t at_s;			/* local, from the day's beginning */
};

struct rule {
	int32_t standard_s, saving_s;
	bool saves;
	struct turn on, off;
};

struct zone {
	size_t n;
	const int64_t *at;		/* rising */
	const int32_t *offset;		/* from at[i] on */
	int32_t first;			/* before at[0] */
	struct rule rule;		/* behind at[n - 1] */
};

/* ---- the calendar ---- */

/* Years that begin in March put the leap day last (Howard Hinnant's way). */
int64_t
zone_day(int year, unsigned month, unsigned day)
{
	int64_t y = (int64_t)year - (month <= 2), era;
	int64_t of_era, of_year;

	era = (y >= 0 ? y : y - 399) / 400;
	of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 +
	    day - 1;
	of_era = y - era * 400;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	    of_year - 719468;
}

void
zone_date(int64_t days, int *year, unsigned *month, unsigned *mday)
{
	int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*mday = (unsigned)(doy - (153 * mp + 2) / 5 + 1);
	*month = (unsigned)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* The day of a turn in one year. */
static int64_t
turn_day(const struct turn *t, int year)
{
	int64_t first, next, day;

	if (t->form != 'M') {
		day = zone_day(year, 1, 1) + t->day;
		if (t->form == 'J')
			day -= t->day >= 60 && is_leap(year) ? 0 : 1;
		return day;
	}
	first = zone_day(year, (unsigned)t->month, 1);
	next = t->month == 12 ? zone_day(year + 1, 1, 1) :
	    zone_day(year, (unsigned)t->month + 1, 1);
	/* 1970-01-01 was a Thursday. */
	day = first + ((t->day - (first + 4)) % 7 + 7) % 7 +
	    (int64_t)(t->week - 1) * 7;
	while (day >= next)
		day -= 7;
	return day;
}

static int32_t
rule_offset(const struct rule *r, int64_t utc_s)
{
	int64_t local = utc_s + r->standard_s, on, off;
	unsigned month, day;
	int year;

	if (!r->saves)
		return r->standard_s;
	zone_date((local - ((local % DAY) + DAY) % DAY) / DAY, &year, &month,
	    &day);
	on = turn_day(&r->on, year) * DAY + r->on.at_s - r->standard_s;
	off = turn_day(&r->off, year) * DAY + r->off.at_s - r->saving_s;
	if (on < off)
		return utc_s >= on && utc_s < off ? r->saving_s :
		    r->standard_s;
	return utc_s >= off && utc_s < on ? r->standard_s : r->saving_s;
}

/* ---- the rule's text: POSIX's TZ ---- */

static bool
skip_name(const char **s)
{
	const char *from = *s;

	if (**s == '<') {
		*s += strcspn(*s, ">");
		return *(*s)++ == '>';
	}
	while (isalpha((unsigned char)**s))
		(*s)++;
	return *s - from >= 3;
}

static bool
take_number(const char **s, int max, int *out)
{
	int n = 0;

	if (!isdigit((unsigned char)**s))
		return false;
	for (; isdigit((unsigned char)**s); (*s)++) {
		n = n * 10 + (**s - '0');
		if (n > max)
			return false;
	}
	*out = n;
	return true;
}

/* "-3:30:15", hours to a week. */
static bool
take_time(const char **s, int32_t *out)
{
	int sign = **s == '-' ? -1 : 1, h, m = 0, sec = 0;

	if (**s == '-' || **s == '+')
		(*s)++;
	if (!take_number(s, 167, &h))
		return false;
	if (**s == ':' && ((*s)++, !take_number(s, 59, &m)))
		return false;
	if (**s == ':' && ((*s)++, !take_number(s, 59, &sec)))
		return false;
	*out = sign * (h * 3600 + m * 60 + sec);
	return true;
}

static bool
take_turn(const char **s, struct turn *t)
{
	*t = (struct turn){ .form = '0', .at_s = 2 * 3600 };
	if (**s == 'M' || **s == 'J')
		t->form = *(*s)++;
	if (t->form != 'M') {
		if (!take_number(s, 365, &t->day))
			return false;
	} else if (!take_number(s, 12, &t->month) || *(*s)++ != '.' ||
	    !take_number(s, 5, &t->week) || *(*s)++ != '.' ||
	    !take_number(s, 6, &t->day) || t->month < 1 || t->week < 1) {
		return false;
	}
	if (**s != '/')
		return true;
	(*s)++;
	return take_time(s, &t->at_s);
}

static bool
read_rule(const char *s, struct rule *r)
{
	int32_t west;

	*r = (struct rule){ 0 };
	if (!skip_name(&s) || !take_time(&s, &west))
		return false;
	r->standard_s = -west;
	if (*s == '\0')
		return true;
	r->saves = true;
	r->saving_s = r->standard_s + 3600;
	if (!skip_name(&s))
		return false;
	if (*s != ',') {
		if (!take_time(&s, &west))
			return false;
		r->saving_s = -west;
	}
	return *s++ == ',' && take_turn(&s, &r->on) && *s++ == ',' &&
	    take_turn(&s, &r->off) && *s == '\0';
}

/* ---- the file ---- */

static int64_t
big(const uint8_t *p, int bytes)
{
	uint64_t n = (*p & 0x80) != 0 ? UINT64_MAX : 0;

	while (bytes-- > 0)
		n = n << 8 | *p++;
	return (int64_t)n;
}

struct counts {
	size_t utc, standard, leaps, times, types, chars;
};

static bool
read_header(const uint8_t *p, size_t n, struct counts *c)
{
	size_t *const all[] = { &c->utc, &c->standard, &c->leaps, &c->times,
		&c->types, &c->chars };

	if (n < HEADER || memcmp(p, "TZif", 4) != 0 || p[4] < '2')
		return false;
	for (size_t i = 0; i < 6; i++) {
		int64_t value = big(p + 20 + i * 4, 4);

		if (value < 0 || value > ZONE_BYTES)
			return false;
		*all[i] = (size_t)value;
	}
	return c->types > 0;
}

/* Bytes of a block behind its header, with times of that size. */
static size_t
block_size(const struct counts *c, size_t time)
{
	return c->times * (time + 1) + c->types * TYPE + c->chars +
	    c->leaps * (time + 4) + c->standard + c->utc;
}

/* The line behind the second block; "" when there is none. */
static bool
read_footer(const uint8_t *p, size_t n, struct rule *r)
{
	char text[128];

	if (n < 2 || n > sizeof(text) || p[0] != '\n' || p[n - 1] != '\n')
		return false;
	memcpy(text, p + 1, n - 2);
	text[n - 2] = '\0';
	return read_rule(text, r);
}

static bool
read_block(struct arena *a, const uint8_t *p, const struct counts *c,
    struct zone *z)
{
	int64_t *at = arena_array(a, c->times + 1, sizeof(*at));
	int32_t *offset = arena_array(a, c->times + 1, sizeof(*offset));
	const uint8_t *kinds = p + c->times * 8, *types = kinds + c->times;

	for (size_t i = 0; i < c->times; i++) {
		if (kinds[i] >= c->types)
			return false;
		at[i] = big(p + i * 8, 8);
		offset[i] = (int32_t)big(types + kinds[i] * TYPE, 4);
		if (i > 0 && at[i] <= at[i - 1])
			return false;
	}
	*z = (struct zone){ .n = c->times, .at = at, .offset = offset,
		.first = (int32_t)big(types, 4) };
	return true;
}

int
zone_read(struct arena *a, const void *bytes, size_t n, struct zone **out,
    struct err *e)
{
	struct zone *z = arena_alloc(a, sizeof(*z));
	const uint8_t *p = bytes;
	struct counts c;
	size_t skip;

	if (!read_header(p, n, &c))
		return err_set(e, ERR_MALFORMED, "this is no time zone");
	skip = HEADER + block_size(&c, 4);
	if (skip > n || !read_header(p + skip, n - skip, &c))
		return err_set(e, ERR_MALFORMED, "this is no time zone");
	p += skip + HEADER;
	n -= skip + HEADER;
	if (block_size(&c, 8) > n || !read_block(a, p, &c, z) ||
	    !read_footer(p + block_size(&c, 8), n - block_size(&c, 8),
	    &z->rule))
		return err_set(e, ERR_MALFORMED, "this is no time zone");
	*out = z;
	return 0;
}

bool
zone_name_valid(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n < ZONE_TEXT && isalpha((unsigned char)*name) &&
	    name[n - 1] != '/' && strstr(name, "//") == NULL &&
	    strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789_+-/") == n;
}

int
zone_load(struct arena *a, const char *name, struct zone **out,
    struct err *e)
{
	char path[sizeof(ZONE_DIR) + ZONE_TEXT];
	struct buf b = buf_new(ZONE_BYTES);
	int rc;

	if (!zone_name_valid(name))
		return err_set(e, ERR_NOT_FOUND,
		    "a time zone has a name like Europe/London");
	(void)snprintf(path, sizeof(path), ZONE_DIR "%s", name);
	rc = file_get(path, &b, e);
	if (rc == 0)
		rc = zone_read(a, b.data, b.len, out, e);
	else
		(void)err_set(e, ERR_NOT_FOUND, "there is no time zone %s",
		    name);
	buf_free(&b);
	return rc;
}

/* ---- there and back ---- */

int32_t
zone_offset(const struct zone *z, int64_t utc_s)
{
	size_t low = 0, high = z->n;

	if (z->n == 0 || utc_s >= z->at[z->n - 1])
		return rule_offset(&z->rule, utc_s);
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (z->at[mid] <= utc_s)
			low = mid + 1;
		else
			high = mid;
	}
	return low == 0 ? z->first : z->offset[low - 1];
}

int64_t
zone_local(const struct zone *z, int64_t utc_s)
{
	return utc_s + zone_offset(z, utc_s);
}

/* The first moment between the two at which the clock is no more what it was at
 * the first. */
static int64_t
change_between(const struct zone *z, int64_t from, int64_t to)
{
	int32_t was = zone_offset(z, from);

	while (to - from > 1) {
		int64_t mid = from + (to - from) / 2;

		if (zone_offset(z, mid) == was)
			from = mid;
		else
			to = mid;
	}
	return to;
}

/* No zone is further from UTC than a day, and none changes twice in two. */
int64_t
zone_moment(const struct zone *z, int64_t local_s, enum zone_fit *fit)
{
	int64_t from = local_s - DAY, to = local_s + DAY;
	int64_t before = local_s - zone_offset(z, from);
	int64_t after = local_s - zone_offset(z, to);
	bool is_before = zone_local(z, before) == local_s;
	bool is_after = zone_local(z, after) == local_s;
	enum zone_fit found = is_before && is_after && before != after ?
	    ZONE_TWICE : is_before || is_after ? ZONE_ONCE : ZONE_GAP;

	if (fit != NULL)
		*fit = found;
	if (found == ZONE_GAP)
		return change_between(z, from, to);
	return is_before ? before : after;
}
