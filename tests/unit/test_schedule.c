/*
 * When something is wanted: over the days on which clocks are set, in zones
 * north and south; and how it is written.
 */
#include <stdio.h>

#include "profiles/schedule.h"
#include "tests/test.h"

#define TIMES 5

static const struct {
	const char *zone, *start, *end, *rule, *after;	/* after: UTC */
	const char *want[TIMES];	/* "START/END", UTC */
} rows[] = {
	/* Once, and over. */
	{ "Europe/London", "2026-11-21T22:00", "2026-11-22T04:00", "",
	    "2026-11-01T00:00", { "2026-11-21T22:00/2026-11-22T04:00" } },
	{ "Europe/London", "2026-11-21T22:00", "2026-11-22T04:00", "",
	    "2026-11-22T03:59", { "2026-11-21T22:00/2026-11-22T04:00" } },
	{ "Europe/London", "2026-11-21T22:00", "2026-11-22T04:00", "",
	    "2026-11-22T04:00", { NULL } },
	/* The night on which the clock goes forward has an hour less. */
	{ "Europe/London", "2026-03-27T22:00", "2026-03-28T04:00",
	    "FREQ=DAILY", "2026-03-28T12:00", {
	    "2026-03-28T22:00/2026-03-29T03:00",
	    "2026-03-29T21:00/2026-03-30T03:00",
	    "2026-03-30T21:00/2026-03-31T03:00" } },
	/* And back, one more. */
	{ "Europe/London", "2026-10-01T22:00", "2026-10-02T04:00",
	    "FREQ=DAILY", "2026-10-24T12:00", {
	    "2026-10-24T21:00/2026-10-25T04:00",
	    "2026-10-25T22:00/2026-10-26T04:00" } },
	/* It begins in the gap, and in the hour that comes twice. */
	{ "Europe/London", "2026-03-01T01:30", "2026-03-01T05:00",
	    "FREQ=WEEKLY;BYDAY=SU", "2026-03-23T00:00", {
	    "2026-03-29T01:00/2026-03-29T04:00",
	    "2026-04-05T00:30/2026-04-05T04:00" } },
	{ "Europe/London", "2026-10-01T01:30", "2026-10-01T02:30",
	    "FREQ=DAILY", "2026-10-24T12:00", {
	    "2026-10-25T00:30/2026-10-25T02:30",
	    "2026-10-26T01:30/2026-10-26T02:30" } },
	/* It ends in the hour that comes twice: the first time. */
	{ "America/New_York", "2026-10-31T23:00", "2026-11-01T01:30",
	    "", "2026-10-01T00:00", {
	    "2026-11-01T03:00/2026-11-01T05:30" } },
	/* What the gap swallows does not happen. */
	{ "America/New_York", "2026-03-01T02:10", "2026-03-01T02:50",
	    "FREQ=DAILY", "2026-03-07T12:00", {
	    "2026-03-09T06:10/2026-03-09T06:50" } },
	{ "America/New_York", "2026-03-08T02:10", "2026-03-08T02:50", "",
	    "2026-03-01T00:00", { NULL } },
	/* South of the equator, and half an hour. */
	{ "Australia/Sydney", "2026-04-01T22:00", "2026-04-02T04:00",
	    "FREQ=DAILY", "2026-04-04T00:00", {
	    "2026-04-04T11:00/2026-04-04T18:00",
	    "2026-04-05T12:00/2026-04-05T18:00" } },
	{ "Australia/Lord_Howe", "2026-10-01T01:00", "2026-10-01T03:00",
	    "FREQ=DAILY", "2026-10-02T17:00", {
	    "2026-10-03T14:30/2026-10-03T16:00",
	    "2026-10-04T14:00/2026-10-04T16:00" } },
	/* Days of the week; the first is the first that is one of them. */
	{ "UTC", "2026-11-21T22:00", "2026-11-22T04:00",
	    "FREQ=WEEKLY;BYDAY=MO,FR", "2026-01-01T00:00", {
	    "2026-11-23T22:00/2026-11-24T04:00",
	    "2026-11-27T22:00/2026-11-28T04:00",
	    "2026-11-30T22:00/2026-12-01T04:00" } },
	/* Until: none begins after it. */
	{ "UTC", "2026-12-29T22:00", "2026-12-30T04:00",
	    "FREQ=DAILY;UNTIL=20261231", "2026-12-30T12:00", {
	    "2026-12-30T22:00/2026-12-31T04:00",
	    "2026-12-31T22:00/2027-01-01T04:00" } },
	{ "UTC", "2026-12-29T22:00", "2026-12-30T04:00",
	    "FREQ=DAILY;UNTIL=20261230T220000", "2026-12-30T12:00", {
	    "2026-12-30T22:00/2026-12-31T04:00" } },
	/* Far behind the tables of the file, by its rule. */
	{ "Europe/Berlin", "2055-03-27T22:00", "2055-03-28T04:00", "",
	    "2026-01-01T00:00", { "2055-03-27T21:00/2055-03-28T02:00" } },
};

static int64_t
minutes(const char *text)
{
	int64_t local;

	ck_assert_msg(schedule_time_parse(text, &local), "%s", text);
	return local;
}

START_TEST(occurrences_over_the_days_of_the_clock)
{
	struct arena *a = arena_new();
	struct schedule s = { minutes(rows[_i].start), minutes(rows[_i].end),
		0, 0 };
	struct occurrence list[TIMES];
	struct zone *z;
	struct err e;
	size_t n, want = 0;

	ck_assert(schedule_days_parse(rows[_i].rule, &s.days, &s.until));
	ck_ok(zone_load(a, rows[_i].zone, &z, &e), e);
	n = schedule_list(&s, z, minutes(rows[_i].after) * 60000, list, TIMES);
	for (; want < TIMES && rows[_i].want[want] != NULL; want++) {
		char text[64], from[LOCAL_TEXT], to[LOCAL_TEXT];

		ck_assert_uint_gt(n, want);
		snprintf(text, sizeof(text), "%s/%s", schedule_time_text(
		    list[want].start_ms / 60000, from), schedule_time_text(
		    list[want].end_ms / 60000, to));
		ck_assert_str_eq(text, rows[_i].want[want]);
	}
	if (s.days == 0 || s.until != 0)
		ck_assert_uint_eq(n, want);
	arena_free(a);
}
END_TEST

START_TEST(how_its_times_stand_is_said)
{
	struct arena *a = arena_new();
	struct schedule s = { minutes("2026-03-29T01:30"),
		minutes("2026-03-29T04:00"), 0, 0 };
	struct occurrence o;
	struct zone *z;
	struct err e;

	ck_ok(zone_load(a, "Europe/London", &z, &e), e);
	ck_assert(schedule_next(&s, z, 0, &o));
	ck_assert_int_eq(o.start_fit, ZONE_GAP);
	ck_assert_int_eq(o.end_fit, ZONE_ONCE);
	s.start = minutes("2026-10-24T22:00");
	s.end = minutes("2026-10-25T01:30");
	ck_assert(schedule_next(&s, z, 0, &o));
	ck_assert_int_eq(o.start_fit, ZONE_ONCE);
	ck_assert_int_eq(o.end_fit, ZONE_TWICE);
	arena_free(a);
}
END_TEST

/* text, as it is written again; NULL: refused */
static const char *const rules[][2] = {
	{ "", "" }, { "FREQ=DAILY", "FREQ=DAILY" },
	{ "FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=MO" },
	{ "FREQ=WEEKLY;BYDAY=FR,MO", "FREQ=WEEKLY;BYDAY=MO,FR" },
	{ "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "FREQ=DAILY" },
	{ "FREQ=DAILY;BYDAY=SA", "FREQ=WEEKLY;BYDAY=SA" },
	{ "FREQ=WEEKLY;UNTIL=20261231;BYDAY=SA", "FREQ=WEEKLY;BYDAY=SA" },
	{ "FREQ=WEEKLY", NULL }, { "FREQ=MONTHLY", NULL }, { "DAILY", NULL },
	{ "FREQ=WEEKLY;BYDAY=", NULL }, { "FREQ=WEEKLY;BYDAY=1MO", NULL },
	{ "FREQ=WEEKLY;BYDAY=MO,MO", NULL }, { "FREQ=WEEKLY;BYDAY=MO,", NULL },
	{ "FREQ=DAILY;INTERVAL=2", NULL }, { "FREQ=DAILY;COUNT=3", NULL },
	{ "FREQ=DAILY;UNTIL=20260230", NULL }, { "FREQ=DAILY;", NULL },
	{ "FREQ=DAILY;UNTIL=20261231T", NULL }, { "freq=daily", NULL },
	{ "FREQ=DAILY;UNTIL=20261231T235900Z", NULL },
	{ "FREQ=DAILY;UNTIL=20261231;UNTIL=20261230", NULL },
};

START_TEST(a_recurrence_is_read_and_written)
{
	char text[RECURRENCE_TEXT];
	int64_t until = 0;
	uint32_t days;
	bool read = schedule_days_parse(rules[_i][0], &days, &until);

	ck_assert_int_eq(read, rules[_i][1] != NULL);
	if (read)
		ck_assert_str_eq(schedule_days_text(days, text), rules[_i][1]);
	ck_assert_int_eq(until != 0, read && strstr(rules[_i][0], "UNTIL") !=
	    NULL);
}
END_TEST

static const char *const no_times[] = {
	"", "2026-11-21", "2026-11-21T", "2026-11-21T22", "2026-11-21 22:00",
	"2026-11-21T24:00", "2026-11-21T22:60", "2026-11-21T22:00:01",
	"2026-11-21T22:00Z", "2026-02-29T22:00", "2026-11-31T22:00",
	"1969-12-31T22:00", "2026-13-01T22:00", "2026-11-21T22:00:00+01:00",
};

START_TEST(what_is_no_local_time_is_refused)
{
	int64_t local;

	ck_assert(!schedule_time_parse(no_times[_i], &local));
}
END_TEST

START_TEST(a_date_alone_is_its_last_minute)
{
	int64_t local;

	ck_assert(schedule_until_parse("2026-12-31", &local));
	ck_assert_int_eq(local, minutes("2026-12-31T23:59"));
	ck_assert(schedule_until_parse("2026-12-31T12:00:00", &local));
	ck_assert_int_eq(local, minutes("2026-12-31T12:00"));
	ck_assert(!schedule_until_parse("2026-12-32", &local));
}
END_TEST

SUITE("schedule")
{
	tcase_add_loop_test(tc, occurrences_over_the_days_of_the_clock, 0,
	    N_ROWS(rows));
	tcase_add_test(tc, how_its_times_stand_is_said);
	tcase_add_loop_test(tc, a_recurrence_is_read_and_written, 0,
	    N_ROWS(rules));
	tcase_add_loop_test(tc, what_is_no_local_time_is_refused, 0,
	    N_ROWS(no_times));
	tcase_add_test(tc, a_date_alone_is_its_last_minute);
}
