/*
 * Local time: as the C library tells it, hour by hour, for zones of every kind;
 * gaps and hours that come twice by a table; files that are none.
 */
#include <stdio.h>
#include <time.h>

#include "base/zone.h"
#include "tests/test.h"

static const char *const zones[] = {
	"UTC", "Europe/London", "Europe/Dublin", "Europe/Berlin",
	"America/New_York", "America/St_Johns", "America/Nuuk",
	"America/Santiago", "Asia/Tokyo", "Asia/Kolkata", "Asia/Gaza",
	"Asia/Tehran", "Africa/Casablanca", "Africa/Cairo",
	"Australia/Lord_Howe", "Australia/Sydney", "Pacific/Apia",
	"Pacific/Chatham", "Antarctica/Troll", "Etc/GMT+5",
};

static struct zone *
load(struct arena *a, const char *name)
{
	struct zone *z;
	struct err e;

	ck_ok(zone_load(a, name, &z, &e), e);
	return z;
}

/* 2000 to 2060: what the file lists, and the rule behind it. */
START_TEST(local_time_is_that_of_the_c_library)
{
	struct arena *a = arena_new();
	struct zone *z = load(a, zones[_i]);

	ck_assert_int_eq(setenv("TZ", zones[_i], 1), 0);
	tzset();
	for (time_t t = 946684800; t < 2840140800; t += 1777) {
		struct tm tm;

		localtime_r(&t, &tm);
		if (zone_offset(z, t) != tm.tm_gmtoff)
			ck_abort_msg("%s at %lld: %d, not %ld", zones[_i],
			    (long long)t, zone_offset(z, t), tm.tm_gmtoff);
	}
	arena_free(a);
}
END_TEST

/* Local and UTC as "YYYY-MM-DDThh:mm". */
static const struct {
	const char *zone, *local, *utc;
	enum zone_fit fit;
} rows[] = {
	{ "UTC", "2026-11-21T22:00", "2026-11-21T22:00", ZONE_ONCE },
	{ "Europe/London", "2026-03-29T00:59", "2026-03-29T00:59", ZONE_ONCE },
	{ "Europe/London", "2026-03-29T01:00", "2026-03-29T01:00", ZONE_GAP },
	{ "Europe/London", "2026-03-29T01:30", "2026-03-29T01:00", ZONE_GAP },
	{ "Europe/London", "2026-03-29T02:00", "2026-03-29T01:00", ZONE_ONCE },
	{ "Europe/London", "2026-10-25T00:59", "2026-10-24T23:59", ZONE_ONCE },
	{ "Europe/London", "2026-10-25T01:00", "2026-10-25T00:00", ZONE_TWICE },
	{ "Europe/London", "2026-10-25T01:59", "2026-10-25T00:59", ZONE_TWICE },
	{ "Europe/London", "2026-10-25T02:00", "2026-10-25T02:00", ZONE_ONCE },
	{ "Europe/London", "2050-03-27T01:30", "2050-03-27T01:00", ZONE_GAP },
	{ "Europe/Dublin", "2026-10-25T01:30", "2026-10-25T00:30", ZONE_TWICE },
	{ "America/New_York", "2026-03-08T02:30", "2026-03-08T07:00",
	    ZONE_GAP },
	{ "America/New_York", "2026-11-01T01:30", "2026-11-01T05:30",
	    ZONE_TWICE },
	{ "America/New_York", "2026-07-01T12:00", "2026-07-01T16:00",
	    ZONE_ONCE },
	{ "Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30",
	    ZONE_GAP },
	{ "Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45",
	    ZONE_TWICE },
	{ "Australia/Sydney", "2026-01-01T00:00", "2025-12-31T13:00",
	    ZONE_ONCE },
	{ "Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00", ZONE_GAP },
	{ "Asia/Kolkata", "2026-03-29T01:30", "2026-03-28T20:00", ZONE_ONCE },
};

static int64_t
seconds(const char *text)
{
	int year;
	unsigned month, day, hour, minute;

	ck_assert_int_eq(sscanf(text, "%d-%u-%uT%u:%u", &year, &month, &day,
	    &hour, &minute), 5);
	return zone_day(year, month, day) * 86400 + hour * 3600 + minute * 60;
}

START_TEST(a_local_time_is_one_moment)
{
	struct arena *a = arena_new();
	struct zone *z = load(a, rows[_i].zone);
	enum zone_fit fit;

	ck_assert_int_eq(zone_moment(z, seconds(rows[_i].local), &fit),
	    seconds(rows[_i].utc));
	ck_assert_int_eq(fit, rows[_i].fit);
	arena_free(a);
}
END_TEST

START_TEST(a_day_has_a_date)
{
	for (int64_t day = zone_day(1600, 1, 1); day < zone_day(2500, 1, 1);
	    day++) {
		unsigned month, mday;
		int year;

		zone_date(day, &year, &month, &mday);
		ck_assert_int_eq(zone_day(year, month, mday), day);
	}
	ck_assert_int_eq(zone_day(1970, 1, 1), 0);
	ck_assert_int_eq(zone_day(2000, 3, 1), 11017);
}
END_TEST

static const char *const no_zones[] = {
	"", "Mars/Phobos", "/etc/passwd", "../../../etc/passwd",
	"Europe/../../../../etc/passwd", "Europe", "Europe/", "tzdata.zi",
	"Europe//London", ":Europe/London", "EST5EDT,M3.2.0,M11.1.0",
	"zone1970.tab", "Europe/London ",
	"A23456789012345678901234567890123456789012345678901234567890123456",
};

START_TEST(what_is_no_zone_is_refused)
{
	struct arena *a = arena_new();
	struct zone *z;
	struct err e;

	ck_assert_int_lt(zone_load(a, no_zones[_i], &z, &e), 0);
	ck_assert(e.code == ERR_NOT_FOUND || e.code == ERR_MALFORMED);
	arena_free(a);
}
END_TEST

/* Cut anywhere, and with any one byte another, it is read or refused. */
START_TEST(a_broken_file_is_refused)
{
	static unsigned char bytes[8192];
	FILE *f = fopen("/usr/share/zoneinfo/Europe/London", "rb");
	struct arena *a;
	struct zone *z;
	struct err e;
	size_t n;

	ck_assert_ptr_nonnull(f);
	n = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);
	for (size_t i = 0; i < n; i++) {
		a = arena_new();
		ck_fails(zone_read(a, bytes, i, &z, &e), e, ERR_MALFORMED);
		arena_free(a);
	}
	for (size_t i = 0; i < n; i++) {
		a = arena_new();
		bytes[i] ^= 0xff;
		if (zone_read(a, bytes, n, &z, &e) == 0)
			(void)zone_moment(z, 1774747800, NULL);
		bytes[i] ^= 0xff;
		arena_free(a);
	}
}
END_TEST

SUITE("zone")
{
	tcase_add_loop_test(tc, local_time_is_that_of_the_c_library, 0,
	    N_ROWS(zones));
	tcase_add_loop_test(tc, a_local_time_is_one_moment, 0, N_ROWS(rows));
	tcase_add_test(tc, a_day_has_a_date);
	tcase_add_loop_test(tc, what_is_no_zone_is_refused, 0,
	    N_ROWS(no_zones));
	tcase_add_test(tc, a_broken_file_is_refused);
}
