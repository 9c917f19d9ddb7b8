/* test_backups.c -- backups by the clock; the clock is moved, not waited for. */
#include "appliance/service/backups.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "appliance/engine/writer.h"
#include "base/clock.h"
#include "base/file.h"
#include "profiles/snapshot.h"
#include "profiles/xml_client.h"
#include "tests/test.h"
#include "tests/unit/support_desk.h"

#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)

static struct desk desk;
static struct xml_worker *worker;
static struct writer *writer;
static struct err e;
static int64_t start;			/* a midnight */

static const char *
program(void)
{
	static char path[512];
	const char *b = getenv("B");

	(void)snprintf(path, sizeof(path), "%s/polyroot-xml",
	    b != NULL ? b : "build");
	return path;
}

static void
set(const char *members)
{
	desk_do(&desk, arena_printf(desk.scratch.arena,
	    "PATCH /settings {\"backup\":{%s}}", members));
}

static const char *
dir(void)
{
	return arena_printf(desk.scratch.arena, "%s/backups",
	    desk.scratch.dir);
}

static void
set_up(void)
{
	struct service_config config = { .models_dir = "models",
		.version = "test" };

	digest_init();
	ck_ok(xml_worker_start(program(), &worker, &e), e);
	desk_new(&desk);
	writer = writer_new();
	config.views = &desk.views;
	config.caps = &desk.caps;
	config.xml = worker;
	config.writer = writer;
	service_free(desk.service);
	desk.service = service_new(&config, &e);
	start = (desk.wall_ms / DAY + 1) * DAY;
	set(arena_printf(desk.scratch.arena, "\"directory\":\"%s\"", dir()));
}

static void
remove_all(void)
{
	DIR *d = opendir(dir());
	struct dirent *x;

	while (d != NULL && (x = readdir(d)) != NULL)
		if (x->d_name[0] != '.')
			(void)unlink(arena_printf(desk.scratch.arena, "%s/%s",
			    dir(), x->d_name));
	if (d != NULL)
		(void)closedir(d);
	(void)rmdir(dir());
}

static void
tear_down(void)
{
	remove_all();
	desk_free(&desk);
	writer_free(writer);
	xml_worker_stop(worker);
}

/* It is that time: what is due is done, by the writer too.  When next. */
static int64_t
at(int64_t wall_ms)
{
	int64_t due = service_clock(desk.service, desk.scratch.store, wall_ms);

	desk.wall_ms = wall_ms;
	(void)writer_turn(wall_ms, desk.scratch.store, writer);
	return due;
}

/* A member of GET /backups. */
static const char *
said(const char *path)
{
	ck_assert_int_eq(desk_ask(&desk, "GET /backups"), 200);
	return desk_text(&desk, path);
}

static size_t
count(void)
{
	(void)said("");
	return json_array_size(json_object_get(desk.json, "items"));
}

static const char *
text(int64_t wall_ms)
{
	return time_text(wall_ms, arena_alloc(desk.scratch.arena, TIME_TEXT));
}

START_TEST(one_is_made_when_its_hour_has_come)
{
	ck_assert_int_eq(at(start + HOUR), start + HOUR + 60000);
	ck_assert_uint_eq(count(), 0);
	ck_assert_str_eq(said("nextAt"), text(start + 2 * HOUR));
	/* A minute before it says when exactly. */
	ck_assert_int_eq(at(start + 2 * HOUR - 5000), start + 2 * HOUR);
	ck_assert_uint_eq(count(), 0);
	(void)at(start + 2 * HOUR);
	ck_assert_uint_eq(count(), 1);
	ck_assert_str_eq(said("items/0/at"), text(start + 2 * HOUR));
	ck_assert_str_eq(said("lastAt"), text(start + 2 * HOUR));
	ck_assert_str_eq(said("nextAt"), text(start + 26 * HOUR));
	(void)at(start + 25 * HOUR);
	ck_assert_uint_eq(count(), 1);
	/* Late is better than not at all. */
	(void)at(start + 29 * HOUR);
	ck_assert_uint_eq(count(), 2);
	ck_assert_str_eq(said("nextAt"), text(start + 50 * HOUR));
}
END_TEST

START_TEST(it_becomes_a_snapshot_too)
{
	struct snapshot s;

	(void)at(start + HOUR);
	(void)at(start + 2 * HOUR);
	ck_ok(snapshot_newest(desk.scratch.store, &s, &e), e);
	ck_assert_str_eq(s.reason, "schedule");
	ck_assert_int_eq(s.generation, desk_generation(&desk));
	ck_assert_int_eq(s.at_ms, start + 2 * HOUR);
	/* Nothing changed: the file is new, the snapshot is not. */
	(void)at(start + 26 * HOUR);
	ck_assert_uint_eq(count(), 2);
	ck_assert_int_eq(scratch_count(&desk.scratch,
	    "SELECT count(*) FROM snapshot"), 1);
}
END_TEST

START_TEST(an_upgrade_keeps_what_was)
{
	struct snapshot s;

	service_upgraded(desk.service);
	(void)writer_turn(start, desk.scratch.store, writer);
	ck_ok(snapshot_newest(desk.scratch.store, &s, &e), e);
	ck_assert_str_eq(s.reason, "upgrade");
	ck_assert_int_eq(s.generation, desk_generation(&desk));
	/* What changed while a draft was on its way is not told of it. */
	desk_do(&desk, "POST /networks {\"name\":\"n1\",\"vlan\":77}");
	(void)at(start + HOUR);
	(void)service_clock(desk.service, desk.scratch.store, start +
	    2 * HOUR);
	desk_do(&desk, "POST /networks {\"name\":\"n2\",\"vlan\":78}");
	(void)writer_turn(start, desk.scratch.store, writer);
	ck_assert_int_eq(scratch_count(&desk.scratch,
	    "SELECT count(*) FROM snapshot"), 1);
	ck_assert_uint_eq(count(), 1);
}
END_TEST

START_TEST(another_controller_knows_when_the_last_one_was)
{
	struct service_config config = { .models_dir = "models",
		.version = "test", .views = &desk.views, .caps = &desk.caps,
		.xml = worker, .writer = writer };

	(void)at(start + HOUR);
	(void)at(start + 2 * HOUR);
	service_free(desk.service);
	desk.service = service_new(&config, &e);
	(void)at(start + 3 * HOUR);
	ck_assert_uint_eq(count(), 1);
	(void)at(start + 26 * HOUR);
	ck_assert_uint_eq(count(), 2);
}
END_TEST

START_TEST(so_many_stay)
{
	set("\"keep\":3,\"everyHours\":6,\"atHour\":0");
	(void)at(start);
	for (int i = 1; i <= 8; i++)
		(void)at(start + i * 6 * HOUR);
	ck_assert_uint_eq(count(), 3);
	ck_assert_str_eq(said("items/0/at"), text(start + 48 * HOUR));
	ck_assert_str_eq(said("items/2/at"), text(start + 36 * HOUR));
}
END_TEST

/* A file stands where the directory should be. */
START_TEST(a_failure_is_tried_again_later_and_later)
{
	static const int64_t tries[] = { 0, 60, 180, 420, 900, 1860, 3780,
		7380, 10980 };

	ck_ok(file_put(dir(), "x", 1, &e), e);
	(void)at(start + HOUR);
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		int64_t due = start + 2 * HOUR + tries[i] * 1000;

		if (i > 0)
			(void)at(due - 1);
		(void)at(due);
	}
	ck_assert_str_ne(said("error"), "");
	ck_assert_str_eq(said("stale"), "false");
	ck_assert_int_eq(unlink(dir()), 0);
	/* Not before it is time, then at once. */
	(void)at(start + 2 * HOUR + 14579999);
	ck_assert_uint_eq(count(), 0);
	(void)at(start + 2 * HOUR + 14580000);
	ck_assert_uint_eq(count(), 1);
	ck_assert_str_eq(said("error"), "");
}
END_TEST

START_TEST(two_periods_without_one_are_stale)
{
	ck_ok(file_put(dir(), "x", 1, &e), e);
	(void)at(start);
	(void)at(start + 2 * DAY);
	ck_assert_str_eq(said("stale"), "false");
	(void)at(start + 2 * DAY + 1);
	ck_assert_str_eq(said("stale"), "true");
	ck_assert_int_eq(unlink(dir()), 0);
	(void)at(start + 2 * DAY + 2 * HOUR);
	ck_assert_uint_eq(count(), 1);
	ck_assert_str_eq(said("stale"), "false");
	/* From the last good one on. */
	remove_all();
	ck_ok(file_put(dir(), "x", 1, &e), e);
	(void)at(start + 5 * DAY);
	ck_assert_str_eq(said("stale"), "true");
	/* Who wants none has none too few. */
	set("\"everyHours\":0");
	ck_assert_int_eq(unlink(dir()), 0);
	(void)at(start + 9 * DAY);
	ck_assert_str_eq(said("stale"), "false");
	ck_assert_str_eq(said("error"), "");
}
END_TEST

START_TEST(none_is_wanted_none_is_made)
{
	set("\"everyHours\":0");
	for (int i = 0; i < 5; i++)
		(void)at(start + i * DAY);
	ck_assert_uint_eq(count(), 0);
	/* From now on there is a schedule. */
	set("\"everyHours\":12");
	(void)at(start + 5 * DAY);
	ck_assert_uint_eq(count(), 0);
	(void)at(start + 5 * DAY + 2 * HOUR);
	ck_assert_uint_eq(count(), 1);
}
END_TEST

/* A half of one never has the name of a good one. */
START_TEST(what_cannot_be_restored_gets_no_name)
{
	xml_worker_stop(worker);
	{
		struct service_config config = { .models_dir = "models",
			.version = "test", .views = &desk.views,
			.caps = &desk.caps, .writer = writer };

		service_free(desk.service);
		desk.service = service_new(&config, &e);
	}
	(void)at(start + HOUR);
	(void)at(start + 2 * HOUR);
	ck_assert_uint_eq(count(), 0);
	ck_assert_str_ne(said("error"), "");
	ck_assert_int_ne(access(arena_printf(desk.scratch.arena,
	    "%s/.part.xml", dir()), F_OK), 0);
	ck_assert_int_eq(scratch_count(&desk.scratch,
	    "SELECT count(*) FROM snapshot"), 0);
	worker = NULL;
}
END_TEST

static const struct {
	uint32_t every, at;
	const char *last, *due;
} rows[] = {
	{ 24, 2, "2026-03-01T01:59:59Z", "2026-03-01T02:00:00.000Z" },
	{ 24, 2, "2026-03-01T02:00:00Z", "2026-03-02T02:00:00.000Z" },
	{ 24, 0, "2026-03-01T23:00:00Z", "2026-03-02T00:00:00.000Z" },
	{ 6, 3, "2026-03-01T00:00:00Z", "2026-03-01T03:00:00.000Z" },
	{ 6, 3, "2026-03-01T03:00:01Z", "2026-03-01T09:00:00.000Z" },
	{ 1, 2, "2026-03-01T03:30:00Z", "2026-03-01T04:00:00.000Z" },
	{ 12, 14, "2026-03-01T00:00:00Z", "2026-03-01T02:00:00.000Z" },
};

START_TEST(the_next_one_is_due)
{
	struct settings s = { .backup_every_hours = rows[_i].every,
		.backup_at_hour = rows[_i].at };
	char buf[TIME_TEXT];

	ck_assert_str_eq(time_text(backups_due(&s,
	    time_parse(rows[_i].last)), buf), rows[_i].due);
}
END_TEST

SUITE("backups")
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, one_is_made_when_its_hour_has_come);
	tcase_add_test(tc, it_becomes_a_snapshot_too);
	tcase_add_test(tc, an_upgrade_keeps_what_was);
	tcase_add_test(tc, another_controller_knows_when_the_last_one_was);
	tcase_add_test(tc, so_many_stay);
	tcase_add_test(tc, a_failure_is_tried_again_later_and_later);
	tcase_add_test(tc, two_periods_without_one_are_stale);
	tcase_add_test(tc, none_is_wanted_none_is_made);
	tcase_add_test(tc, what_cannot_be_restored_gets_no_name);
	tcase_add_loop_test(tc, the_next_one_is_due, 0,
	    sizeof(rows) / sizeof(rows[0]));
}
