/*
 * test_chassis_ctl.c -- the control socket's commands, and what servers see.
 */
#include "tests/test.h"

#include <stdio.h>

#include "tests/unit/support_box.h"

static struct box b;

#define VF(n) fn_make(1, 1, FN_VF, (n))

static void
open_box(void)
{
	b = box_open("vio-4001");
}

static void
close_box(void)
{
	box_close(&b);
}

/* ---- every command: accepted, or refused with nothing changed ---- */

static const struct {
	const char *before, *line;
	bool ok;
} lines[] = {
	{ "", "help", true }, { "", "chassis", true }, { "", "server 16", true },
	{ "", "server 17", false }, { "", "server 0", false },
	{ "", "server", false }, { "", "server x", false },
	{ "", "server 1 2", false }, { "", "", false }, { "", "nonsense", false },
	{ "", "  chassis  \r", true },
	{ "", "unplug slot 1", true }, { "unplug slot 1", "unplug slot 1", false },
	{ "", "unplug bay 1", false }, { "", "unplug slot 99", false },
	{ "unplug slot 1", "plug slot 1", true },
	{ "unplug slot 1", "plug slot 1 NEW-SERVER", true },
	{ "unplug slot 1", "plug slot 1 SEVENTEEN-LETTERS", false },
	{ "", "plug slot 1", false }, { "", "plug slot 0", false },
	{ "", "power slot 1 off", true }, { "", "power slot 1 on", true },
	{ "", "power slot 1 dim", false }, { "", "power slot 1", false },
	{ "unplug slot 1", "power slot 1 on", false },
	{ "", "pull bay 1", true }, { "pull bay 1", "pull bay 1", false },
	{ "", "pull bay 6", false }, { "", "pull slot 1", false },
	{ "", "insert bay 1 X520-SR2", false },
	{ "pull bay 1", "insert bay 1 X520-SR2", true },
	{ "pull bay 1", "insert bay 1 x520-sr2 NEW", true },
	{ "pull bay 1", "insert bay 1 9260-4i", true },
	{ "pull bay 1", "insert bay 1 QLE2562 X520-0001", false },
	{ "pull bay 1", "insert bay 1 X520-SR2 X520-0002", false },
	{ "pull bay 1", "insert bay 1 E1000", false },
	{ "pull bay 1", "insert bay 1", false },
	{ "", "speed bay 1 port 1 1000", true },
	{ "", "speed bay 1 port 2 0", true },
	{ "", "speed bay 1 port 3 1000", false },
	{ "", "speed bay 1 port 0 1000", false },
	{ "", "speed bay 1 port 1 fast", false },
	{ "pull bay 1", "speed bay 1 port 1 1000", false },
	{ "", "map io1.1.vf0 1 0", true }, { "", "map io1.1.vf0 1 32", false },
	{ "", "map io1.1.vf63 1 0", false }, { "", "map io1.1.vf0 17 0", false },
	{ "", "map io1.1 1 0", false },
	{ "map io1.1.vf0 1 0", "unmap 1 0", true }, { "", "unmap 1 0", true },
	{ "", "unmap 1 32", false }, { "", "unmap 1", false },
	{ "", "set io1.1.vf0 mac 02-00-00-00-00-01", true },
	{ "", "set io1.1.vf0 mac 02", false },
	{ "", "set io3.1.npiv0 wwpn 50:00:00:00:00:00:00:01", true },
	{ "", "set io3.1.npiv0 wwpn 50", false },
	{ "", "set io1.1.vf0 native 4094", true },
	{ "", "set io1.1.vf0 native 4095", false },
	{ "", "set io1.1.vf0 limit 1000", true },
	{ "", "set io1.1.vf0 vlans 1,2,4094", true },
	{ "", "set io1.1.vf0 vlans none", true },
	{ "", "set io1.1.vf0 vlans 1,,2", false },
	{ "", "set io1.1.vf0 vlans 5000", false },
	{ "", "set io5.1.vd0 disks 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16", true },
	{ "", "set io5.1.vd0 disks 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17",
	    false },
	{ "", "set io3.1.npiv0 boot 50:00:00:00:00:00:00:01/0/1", true },
	{ "", "set io3.1.npiv0 boot 5000000000000001/3/4,"
	    "50:00:00:00:00:00:00:02/9999999999999999999/1", true },
	{ "", "set io3.1.npiv0 boot none", true },
	{ "", "set io3.1.npiv0 boot 50/0/1", false },
	{ "", "set io3.1.npiv0 boot 5000000000000001", false },
	{ "", "set io3.1.npiv0 boot 5000000000000001/0", false },
	{ "", "set io3.1.npiv0 boot 5000000000000001//1", false },
	{ "", "set io3.1.npiv0 boot 5000000000000001/x/1", false },
	{ "", "set io3.1.npiv0 boot 5000000000000001/18446744073709551615/1",
	    false },
	{ "", "set io3.1.npiv0 boot 5000000000000001/0/5", false },
	{ "", "set io3.1.npiv0 boot 5000000000000001/0/0", false },
	{ "", "set io3.1.npiv0 boot 5000000000000001/0/1/1", false },
	{ "", "set io3.1.npiv0 boot 5000000000000001/0/1,,", false },
	{ "", "set io3.1.npiv0 boot 5000000000000001/0/1,5000000000000002/0/1,"
	    "5000000000000003/0/1,5000000000000004/0/1", true },
	{ "", "set io3.1.npiv0 boot 5000000000000001/0/1,5000000000000002/0/1,"
	    "5000000000000003/0/1,5000000000000004/0/1,5000000000000005/0/1",
	    false },
	{ "", "set io1.1.vf0 colour red", false },
	{ "", "set io9.1.vf0 mtu 1500", false },
	{ "", "fault bind error before", true },
	{ "", "fault slot_ctl late after 3", true },
	{ "", "fault bind error", false }, { "", "fault bind none", true },
	{ "", "fault bind error sometimes", false },
	{ "", "fault bind explode before", false },
	{ "", "fault bind error before 0", false },
	{ "", "fault fly error before", false },
	{ "", "fault event lose", true }, { "", "fault event lose 0", false },
	{ "", "fault event eat", false }, { "", "fault event none", true },
	{ "", "delay bind 15000", true }, { "", "delay bind 0", true },
	{ "", "delay bind 3600001", false }, { "", "delay bind -1", false },
	{ "", "delay fly 1", false }, { "", "delay bind", false },
	{ "", "disk bay 5 lose 0", false }, { "", "disk bay 1 lose 0", false },
	{ "", "disk bay 5 eat 0", false },
	{ "", "log", true }, { "", "log all", true }, { "", "log clear", true },
	{ "", "log since 3", true }, { "", "log all since 3", true },
	{ "", "log since", false }, { "", "log some", false },
	{ "", "violations", true }, { "", "violations clear", true },
	{ "", "violations some", false },
	{ "", "reset", true }, { "", "reset now", false },
	{ "", "1 2 3 4 5 6 7 8 9", false },
};

static uint32_t
change(void)
{
	return box_get(&b, BOX_UP, MR_CHANGE);
}

START_TEST(a_line_is_obeyed_or_refused)
{
	json_t *answer;
	uint32_t before;

	box_do_all(&b, lines[_i].before);
	before = change();
	answer = box_ctl(&b, lines[_i].line);
	ck_assert_int_eq(json_object_get(answer, "error") == NULL, lines[_i].ok);
	if (!lines[_i].ok)
		ck_assert_uint_eq(change(), before);
	json_decref(answer);
}
END_TEST

START_TEST(a_line_too_long_is_refused)
{
	char line[2048];
	json_t *answer;

	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	answer = box_ctl(&b, line);
	ck_assert_ptr_nonnull(json_object_get(answer, "error"));
	json_decref(answer);
}
END_TEST

/* ---- what a server sees ---- */

static json_t *
first_function(unsigned slot, json_t **owner)
{
	char line[32];

	(void)snprintf(line, sizeof(line), "server %u", slot);
	*owner = box_ctl(&b, line);
	return json_array_get(json_object_get(*owner, "functions"), 0);
}

static void
text_is(const json_t *o, const char *key, const char *want)
{
	ck_assert_str_eq(json_string_value(json_object_get(o, key)), want);
}

static void
number_is(const json_t *o, const char *key, int64_t want)
{
	ck_assert_int_eq(json_integer_value(json_object_get(o, key)), want);
}

START_TEST(a_server_sees_its_nic)
{
	json_t *s, *f;

	box_do_all(&b, "map io1.2.vf7 3 4;set io1.2.vf7 mac 02:10:00:00:00:01;"
	    "set io1.2.vf7 vlans 120,130;set io1.2.vf7 native 120;"
	    "set io1.2.vf7 limit 2000");
	f = first_function(3, &s);
	number_is(s, "slot", 3);
	ck_assert(json_is_true(json_object_get(s, "powered")));
	ck_assert(json_is_true(json_object_get(s, "link")));
	number_is(f, "bridge", 4);
	text_is(f, "function", "io1.2.vf7");
	text_is(f, "id", "8086:10ed");
	text_is(f, "mac", "02:10:00:00:00:01");
	number_is(f, "native", 120);
	number_is(f, "limitMbps", 2000);
	ck_assert_uint_eq(json_array_size(json_object_get(f, "vlans")), 2);
	ck_assert(json_is_null(json_object_get(f, "wwpn")));
	json_decref(s);
}
END_TEST

START_TEST(a_server_sees_its_hba_and_boot_targets)
{
	json_t *s, *f, *boot;
	uint8_t *ps = b.operand + 8;

	box_set(b.operand, 4, fn_make(3, 1, FN_NPIV, 9));
	ps[MR_PS_KIND] = 2;
	ps[MR_PS_N_BOOT] = 2;
	box_set(ps + MR_PS_WWPN, 8, UINT64_C(0x5001020304050607));
	box_set(ps + MR_PS_BOOT + 24, 8, UINT64_C(0x50060e8000000001));
	box_set(ps + MR_PS_BOOT + 32, 8, 7);
	box_set(ps + MR_PS_BOOT + 40, 4, 2);
	ck_assert_uint_eq(box_run(&b, 0x700, MR_CMD_PREPARE), MR_RES_DONE);
	(void)box_bind(&b, 2, 0, fn_make(3, 1, FN_NPIV, 9));
	f = first_function(2, &s);
	text_is(f, "id", "1077:2532");
	text_is(f, "wwpn", "50:01:02:03:04:05:06:07");
	boot = json_array_get(json_object_get(f, "boot"), 1);
	text_is(boot, "wwpn", "50:06:0E:80:00:00:00:01");
	number_is(boot, "lun", 7);
	number_is(boot, "priority", 2);
	json_decref(s);
}
END_TEST

static void
make_disk(unsigned number, unsigned raid)
{
	box_set(b.operand, 2, number);
	b.operand[2] = (uint8_t)raid;
	box_set(b.operand + 4, 4, 2048);
	ck_assert_uint_eq(box_run(&b, 0xb00, MR_CMD_DISK_MAKE), MR_RES_DONE);
}

START_TEST(a_server_sees_the_disks_that_exist)
{
	json_t *s, *f, *disks;

	make_disk(3, 1);
	box_do_all(&b, "set io5.1.vd2 disks 3,4;map io5.1.vd2 1 0");
	f = first_function(1, &s);
	text_is(f, "id", "1000:0079");
	disks = json_object_get(f, "disks");
	ck_assert_uint_eq(json_array_size(disks), 1);
	number_is(json_array_get(disks, 0), "number", 3);
	number_is(json_array_get(disks, 0), "raid", 1);
	text_is(json_array_get(disks, 0), "state", "optimal");
	json_decref(s);
}
END_TEST

START_TEST(a_hand_sets_boot_targets)
{
	json_t *s, *f, *boot;

	box_do_all(&b, "map io3.1.npiv0 2 0;set io3.1.npiv0 boot "
	    "50:00:00:00:00:00:00:01/7/2,50:00:00:00:00:00:00:02/0/1");
	f = first_function(2, &s);
	boot = json_object_get(f, "boot");
	ck_assert_uint_eq(json_array_size(boot), 2);
	text_is(json_array_get(boot, 0), "wwpn", "50:00:00:00:00:00:00:01");
	number_is(json_array_get(boot, 0), "lun", 7);
	number_is(json_array_get(boot, 0), "priority", 2);
	json_decref(s);
	box_do_all(&b, "set io3.1.npiv0 boot none");
	f = first_function(2, &s);
	ck_assert_uint_eq(json_array_size(json_object_get(f, "boot")), 0);
	json_decref(s);
}
END_TEST

static const struct {
	unsigned raid;
	const char *states[4];		/* after each drive that dies */
} losses[] = {
	{ 0, { "failed", "failed" } },
	{ 1, { "degraded", "failed", "failed" } },
	{ 6, { "degraded", "degraded", "failed" } },
	{ 60, { "degraded", "degraded", "failed", "failed" } },
};

START_TEST(a_disk_loses_its_drives)
{
	make_disk(0, losses[_i].raid);
	box_do_all(&b, "set io5.1.vd2 disks 0;map io5.1.vd2 1 0");
	for (unsigned i = 0; i < 4 && losses[_i].states[i] != NULL; i++) {
		json_t *s, *f;

		box_do(&b, "disk bay 5 lose 0");
		f = first_function(1, &s);
		text_is(json_array_get(json_object_get(f, "disks"), 0), "state",
		    losses[_i].states[i]);
		json_decref(s);
	}
}
END_TEST

/* A server sees nothing then, and everything again afterwards. */
static const char *const blinds[][2] = {
	{ "power slot 1 off", "power slot 1 on" },
	{ "unplug slot 1", "plug slot 1" },
	{ "unplug slot 1", "plug slot 1 ANOTHER" },
};

START_TEST(who_is_away_sees_nothing)
{
	box_do(&b, "map io1.1.vf0 1 0");
	box_do(&b, blinds[_i][0]);
	ck_assert_uint_eq(box_sees(&b, 1), 0);
	box_do(&b, blinds[_i][1]);
	ck_assert_uint_eq(box_sees(&b, 1), 1);
	ck_assert_uint_eq(box_violations(&b, "unscrubbed"), 0);
}
END_TEST

/* ---- violations ---- */

static const struct {
	const char *lines, *kind;
	size_t n;
} wrongs[] = {
	{ "map io1.1.vf0 1 0", "functionShared", 0 },
	{ "map io1.1.vf0 1 0;map io1.1.vf0 2 0", "functionShared", 1 },
	{ "map io1.1.vf0 1 0;map io1.1.vf0 1 1", "functionShared", 1 },
	{ "power slot 2 off;map io1.1.vf0 1 0;map io1.1.vf0 2 0",
	    "functionShared", 0 },
	{ "power slot 2 off;map io1.1.vf0 1 0;map io1.1.vf0 2 0;"
	    "power slot 2 on", "functionShared", 1 },
	{ "map io1.1.vf0 1 0;map io1.1.vf0 2 0;unmap 2 0;map io1.1.vf0 2 0",
	    "functionShared", 2 },
	{ "map io1.1.vf0 1 0;map io1.1.vf0 2 0;map io1.1.vf1 3 0;"
	    "map io1.1.vf2 4 0", "functionShared", 1 },

	{ "set io1.1.vf0 mac 020000000001;set io1.1.vf1 mac 020000000001;"
	    "map io1.1.vf0 1 0", "addressTwice", 0 },
	{ "set io1.1.vf0 mac 020000000001;set io1.1.vf1 mac 020000000001;"
	    "map io1.1.vf0 1 0;map io1.1.vf1 2 0", "addressTwice", 1 },
	{ "map io1.1.vf0 1 0;map io2.1.vf1 1 1;set io1.1.vf0 mac 020000000001;"
	    "set io2.1.vf1 mac 020000000001", "addressTwice", 1 },
	{ "map io1.1.vf0 1 0;map io1.1.vf1 2 0", "addressTwice", 0 },
	{ "set io3.1.npiv0 wwpn 5000000000000001;"
	    "set io4.1.npiv0 wwpn 5000000000000001;map io3.1.npiv0 1 0;"
	    "map io4.1.npiv0 2 0", "addressTwice", 1 },
	{ "set io3.1.npiv0 wwnn 5000000000000001;"
	    "set io4.1.npiv0 wwnn 5000000000000001;map io3.1.npiv0 1 0;"
	    "map io4.1.npiv0 1 1", "addressTwice", 0 },

	{ "map io1.1.vf0 1 0;unmap 1 0;map io1.1.vf0 2 0", "unscrubbed", 1 },
	{ "map io1.1.vf0 1 0;unmap 1 0;map io1.1.vf0 1 5", "unscrubbed", 0 },
	{ "set io1.1.vf0 mac 020000000001;map io1.1.vf0 1 0;pull bay 1;"
	    "insert bay 1 X520-SR2 X520-0001;unmap 1 0;map io1.1.vf0 2 0",
	    "unscrubbed", 1 },
	{ "map io1.1.vf0 1 0;reset;map io1.1.vf0 2 0", "unscrubbed", 0 },
};

START_TEST(a_violation_is_counted_when_it_begins)
{
	box_do_all(&b, wrongs[_i].lines);
	ck_assert_uint_eq(box_violations(&b, wrongs[_i].kind), wrongs[_i].n);
}
END_TEST

START_TEST(the_mailbox_protects_nobody_either)
{
	(void)box_prepare(&b, VF(0), 2);
	ck_assert_uint_eq(box_bind(&b, 1, 0, VF(0)), MR_RES_DONE);
	ck_assert_uint_eq(box_bind(&b, 2, 0, VF(0)), MR_RES_DONE);
	ck_assert_uint_eq(box_violations(&b, "functionShared"), 1);
	(void)box_prepare(&b, VF(1), 2);
	ck_assert_uint_eq(box_bind(&b, 3, 0, VF(1)), MR_RES_DONE);
	ck_assert_uint_eq(box_violations(&b, "addressTwice"), 1);
}
END_TEST

START_TEST(a_scrub_makes_a_function_fit_for_the_next)
{
	(void)box_bind(&b, 1, 0, VF(0));
	(void)box_unbind(&b, 1, 0, MR_UNBIND_SURPRISE);
	(void)box_fn_command(&b, MR_CMD_SCRUB, VF(0));
	(void)box_bind(&b, 2, 0, VF(0));
	ck_assert_uint_eq(box_violations(&b, "unscrubbed"), 0);
	/* Scrubbed while bound: its server still has it. */
	(void)box_fn_command(&b, MR_CMD_SCRUB, VF(0));
	(void)box_unbind(&b, 2, 0, MR_UNBIND_SURPRISE);
	(void)box_bind(&b, 3, 0, VF(0));
	ck_assert_uint_eq(box_violations(&b, "unscrubbed"), 1);
}
END_TEST

START_TEST(a_disk_shown_to_two_servers_is_exposed)
{
	make_disk(1, 1);
	box_do_all(&b, "set io5.1.vd0 disks 1,2;set io5.1.vd1 disks 1,2;"
	    "map io5.1.vd0 1 0");
	ck_assert_uint_eq(box_violations(&b, "diskExposed"), 0);
	box_do(&b, "map io5.1.vd1 2 0");
	ck_assert_uint_eq(box_violations(&b, "diskExposed"), 1);
	/* Disk 2 is shown to both as well, from when it exists. */
	make_disk(2, 1);
	ck_assert_uint_eq(box_violations(&b, "diskExposed"), 2);
}
END_TEST

START_TEST(violations_are_told_with_their_places)
{
	json_t *all, *v;

	box_do_all(&b, "map io1.1.vf0 1 0;set io1.1.vf0 mac 020000000001;"
	    "map io1.1.vf1 2 0;set io1.1.vf1 mac 020000000001");
	all = box_ctl(&b, "violations");
	number_is(all, "count", 1);
	number_is(all, "now", 1);
	v = json_array_get(json_object_get(all, "items"), 0);
	text_is(v, "address", "02:00:00:00:00:01");
	number_is(v, "ms", b.now);
	ck_assert_int_eq(json_integer_value(json_array_get(json_object_get(v,
	    "slots"), 1)), 2);
	json_decref(all);
	box_do_all(&b, "unmap 1 0;violations clear");
	all = box_ctl(&b, "violations");
	number_is(all, "count", 0);
	number_is(all, "now", 0);
	json_decref(all);
}
END_TEST

/* ---- the log ---- */

static size_t
logged(const char *line)
{
	json_t *log = box_ctl(&b, line);
	size_t n = json_array_size(json_object_get(log, "items"));

	json_decref(log);
	return n;
}

START_TEST(looking_is_not_logged)
{
	uint8_t row[MR_PERSONALITY_BYTES];

	box_row(&b, BOX_UP, MR_TABLE_SLOT, 0, row);
	box_put(&b, BOX_UP, MR_EVENT_ACK, 0);
	box_put(&b, BOX_UP, MR_STATUS, MR_ST_OVERFLOW);
	(void)box_sees(&b, 1);
	json_decref(box_ctl(&b, "chassis"));
	ck_assert_uint_eq(logged("log"), 0);
	ck_assert_uint_eq(logged("log all"), 3);
	box_do(&b, "log clear");
	ck_assert_uint_eq(logged("log all"), 0);
}
END_TEST

START_TEST(a_command_is_logged_with_its_end)
{
	json_t *log, *e;

	box_do(&b, "delay bind 10");
	box_do(&b, "log clear");
	b.term = 7;
	b.op = 99;
	(void)box_bind(&b, 3, 2, VF(5));
	b.op = 99;
	(void)box_bind(&b, 3, 2, VF(5));	/* again: not in the plain log */
	b.now += 10;
	log = box_ctl(&b, "log");
	ck_assert_uint_eq(json_array_size(json_object_get(log, "items")), 1);
	e = json_array_get(json_object_get(log, "items"), 0);
	text_is(e, "verb", "bind");
	text_is(e, "command", "BIND");
	number_is(e, "term", 7);
	number_is(e, "op", 99);
	number_is(e, "slot", 3);
	number_is(e, "bridge", 2);
	text_is(e, "result", "pending");
	text_is(e, "end", "done");
	number_is(e, "endMs", 1010);
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(e,
	    "functions"), 0)), "io1.1.vf5");
	json_decref(log);
}
END_TEST

START_TEST(a_refusal_is_logged_with_its_reason)
{
	json_t *log, *e;

	(void)box_bind(&b, 99, 0, VF(5));
	log = box_ctl(&b, "log");
	e = json_array_get(json_object_get(log, "items"), 0);
	text_is(e, "result", "failed");
	text_is(e, "error", "absent");
	json_decref(log);
}
END_TEST

START_TEST(a_hand_is_logged)
{
	json_t *log, *e;

	box_do(&b, "map io1.1.vf0 1 0");
	log = box_ctl(&b, "log");
	e = json_array_get(json_object_get(log, "items"), 0);
	text_is(e, "verb", "hand");
	text_is(e, "line", "map io1.1.vf0 1 0");
	json_decref(log);
}
END_TEST

START_TEST(a_full_log_says_what_it_dropped)
{
	json_t *log;

	for (unsigned i = 0; i < 100010; i++)
		box_put(&b, BOX_UP, MR_EVENT_ACK, 0);
	log = box_ctl(&b, "log all since 100000");
	number_is(log, "dropped", 10);
	number_is(log, "last", 100010);
	ck_assert_uint_eq(json_array_size(json_object_get(log, "items")), 10);
	json_decref(log);
}
END_TEST

SUITE("chassis_ctl")
{
	tcase_add_checked_fixture(tc, open_box, close_box);
	tcase_add_loop_test(tc, a_line_is_obeyed_or_refused, 0, N_ROWS(lines));
	tcase_add_test(tc, a_line_too_long_is_refused);
	tcase_add_test(tc, a_server_sees_its_nic);
	tcase_add_test(tc, a_server_sees_its_hba_and_boot_targets);
	tcase_add_test(tc, a_hand_sets_boot_targets);
	tcase_add_test(tc, a_server_sees_the_disks_that_exist);
	tcase_add_loop_test(tc, a_disk_loses_its_drives, 0, N_ROWS(losses));
	tcase_add_loop_test(tc, who_is_away_sees_nothing, 0, N_ROWS(blinds));
	tcase_add_loop_test(tc, a_violation_is_counted_when_it_begins, 0,
	    N_ROWS(wrongs));
	tcase_add_test(tc, the_mailbox_protects_nobody_either);
	tcase_add_test(tc, a_scrub_makes_a_function_fit_for_the_next);
	tcase_add_test(tc, a_disk_shown_to_two_servers_is_exposed);
	tcase_add_test(tc, violations_are_told_with_their_places);
	tcase_add_test(tc, looking_is_not_logged);
	tcase_add_test(tc, a_command_is_logged_with_its_end);
	tcase_add_test(tc, a_refusal_is_logged_with_its_reason);
	tcase_add_test(tc, a_hand_is_logged);
	tcase_add_test(tc, a_full_log_says_what_it_dropped);
}
