/* test_schema.c -- the steps, and what the database itself refuses. */
#include "tests/test.h"

#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/fault.h"
#include "profiles/journal.h"
#include "profiles/schema.h"
#include "profiles/stmt.h"
#include "tests/unit/support_store.h"

#define OLD_ID "00000000-0000-4000-8000-000000000099"

/* Every earlier version, made by applying that many steps. */
START_TEST(any_version_is_upgraded)
{
	struct scratch s;
	struct err e;
	char sql[64];

	scratch_make(&s);
	for (int i = 0; i < _i; i++)
		for (const char *const *p = schema_steps[i].sql; *p; p++)
			ck_assert_int_eq(scratch_sql(&s, *p), SQLITE_OK);
	(void)snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", _i);
	ck_assert_int_eq(scratch_sql(&s, sql), SQLITE_OK);
	ck_ok(store_open_writer(s.path, &s.store, &e), e);
	/* Nothing is no older version. */
	ck_assert(store_was_upgraded(s.store) == (_i > 0 &&
	    _i < schema_n_steps()));
	ck_assert_int_eq(scratch_count(&s, "PRAGMA user_version"),
	    schema_n_steps());
	ck_assert_int_eq(scratch_count(&s, "SELECT count(*) FROM appliance"), 1);
	scratch_free(&s);
}
END_TEST

/* What the first release wrote is there after the last step. */
START_TEST(an_upgrade_keeps_what_was_there)
{
	struct identity *ids;
	struct scratch s;
	struct pool *p;
	struct err e;
	size_t n;

	scratch_make(&s);
	for (const char *const *sql = schema_steps[0].sql; *sql != NULL; sql++)
		ck_assert_int_eq(scratch_sql(&s, *sql), SQLITE_OK);
	ck_assert_int_eq(scratch_sql(&s,
	    "INSERT INTO appliance VALUES(1,'a','old',7,1,3,1,5,9);"
	    "INSERT INTO pool VALUES('" OLD_ID "','mine','',1,1,1,0,0,60,1);"
	    "INSERT INTO pool_block VALUES('" OLD_ID "',0,'021018000000',"
	    "'0210180000FF');"
	    "INSERT INTO identity VALUES(NULL,0,'021018000001','100000810120',"
	    "0,1,'p','old','d','net0','" OLD_ID "',1,NULL,0,1);"
	    "PRAGMA user_version = 1"), SQLITE_OK);
	ck_ok(store_open_writer(s.path, &s.store, &e), e);
	ck_assert_int_eq(scratch_count(&s, "SELECT row FROM identity_parted"),
	    1);
	ck_ok(ledger_find(s.store, s.arena, "018", 0, 9, &ids, &n, &e), e);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(ids[0].profile_name, "old");
	ck_ok(pool_load(s.store, s.arena, "mine", &p, &e), e);
	ck_assert_uint_eq(p->blocks[0].to, 0x0210180000FF);
	ck_assert_uint_eq(p->n_exclusions, 0);
	ck_assert_int_eq(scratch_count(&s, "SELECT generation FROM appliance"),
	    7);
	scratch_free(&s);
}
END_TEST

START_TEST(a_newer_one_is_refused)
{
	struct scratch s;
	struct err e;

	scratch_make(&s);
	ck_assert_int_eq(scratch_sql(&s, "PRAGMA user_version = 9999"), 0);
	ck_fails(store_open_writer(s.path, &s.store, &e), e, ERR_UNSUPPORTED);
	ck_fails(store_open_reader(s.path, &s.store, &e), e, ERR_UNAVAILABLE);
	ck_assert_int_eq(scratch_count(&s, "PRAGMA user_version"), 9999);
	scratch_free(&s);
}
END_TEST

START_TEST(a_second_writer_is_refused)
{
	struct store *second;
	struct scratch s;
	struct err e;

	scratch_new(&s);
	ck_fails(store_open_writer(s.path, &second, &e), e, ERR_CONFLICT);
	store_close(s.store);
	ck_ok(store_open_writer(s.path, &s.store, &e), e);
	scratch_free(&s);
}
END_TEST

START_TEST(nobody_else_reads_the_file)
{
	struct scratch s;
	struct stat sb;

	scratch_new(&s);
	ck_assert_int_eq(stat(s.path, &sb), 0);
	ck_assert_uint_eq(sb.st_mode & 077, 0);
	scratch_free(&s);
}
END_TEST

START_TEST(the_first_start_survives_every_failure)
{
	bool fired = true;

	for (unsigned n = 1; fired; n++) {
		struct scratch s;
		struct err e;

		scratch_make(&s);
		fault_arm(n);
		if (store_open_writer(s.path, &s.store, &e) < 0)
			ck_assert_str_eq(err_slug(e.code), "unavailable");
		fired = fault_fired();
		ck_assert(fired == (s.store == NULL));
		fault_arm(0);
		if (s.store == NULL)
			ck_ok(store_open_writer(s.path, &s.store, &e), e);
		ck_assert_int_eq(scratch_count(&s,
		    "SELECT count(*) FROM appliance"), 1);
		ck_assert_int_eq(scratch_count(&s,
		    "SELECT count(*) FROM pool WHERE is_default"), 4);
		ck_assert_int_eq(scratch_count(&s,
		    "SELECT count(*) FROM pool_block"), 3);
		scratch_free(&s);
		ck_assert_uint_lt(n, 1000);
	}
}
END_TEST

/* ---- the database as the last reader of every rule ---- */

#define IDENTITY(space, value, role, state) \
	"INSERT INTO identity VALUES(NULL," #space ",'" value "'," \
	"'" value "'," #role "," #state ",'p','p','d','d',NULL,1,NULL,0,1)"
#define BINDING(fn, slot, state) \
	"INSERT INTO binding(fn,slot,bridge,device,state,op,since_ms)" \
	" VALUES(" #fn "," #slot ",0,'d'," #state ",1,1)"
#define U "00000000-0000-4000-8000-0000000000"
#define PROFILE(n, slot) \
	"INSERT INTO profile(id, name, description, revision, created_ms," \
	" modified_ms, affinity, wwnn, slot, server_serial, boot_order)" \
	" VALUES('" U n "','p" n "','',1,1,1,0,NULL," slot ",'','')"
#define DEVICE(n, profile, name, ord, kind, address, placed, bridge) \
	"INSERT INTO device(id, profile, name, kind, ord, address, source, pool," \
	" mtu, vlan_mode, limit_mbps, guarantee_mbps, pcp, spoof_check, trust," \
	" promisc, pxe, san, pin_bay, pin_port, placed, bridge)" \
	" VALUES('" U n "','" U profile "','" name "'," \
	#kind "," #ord "," address ",0,NULL,1500,0,0,0,0,1,0,0,0,NULL,0,0," \
	placed "," bridge ")"
#define NETWORK(n, name, vlan) \
	"INSERT INTO network(id, name, description, revision, created_ms," \
	" modified_ms, vlan, isolation, mtu_max) VALUES('" U n "','" name "','',1,1,1," #vlan \
	",0,9000)"

static const struct {
	const char *first, *then;
	int rc;
} checks[] = {
	/* a function still scrubbing, for a second slot */
	{ BINDING(7, 1, 3), BINDING(7, 2, 0), SQLITE_CONSTRAINT_UNIQUE },
	{ BINDING(7, 1, 4), BINDING(7, 1, 0), SQLITE_CONSTRAINT_UNIQUE },
	{ BINDING(7, 1, 5), BINDING(7, 2, 0), SQLITE_OK },
	{ BINDING(7, 1, 1), BINDING(8, 1, 1), SQLITE_OK },
	/* the ledger */
	{ IDENTITY(0, "021018000001", 0, 1), IDENTITY(0, "021018000001", 0, 1),
	    SQLITE_CONSTRAINT_UNIQUE },
	{ IDENTITY(0, "021018000001", 0, 2), IDENTITY(0, "021018000001", 0, 0),
	    SQLITE_CONSTRAINT_UNIQUE },
	{ IDENTITY(0, "021018000001", 0, 3), IDENTITY(0, "021018000001", 0, 1),
	    SQLITE_OK },
	{ "", IDENTITY(0, "031018000001", 0, 1), SQLITE_CONSTRAINT_CHECK },
	{ "", IDENTITY(0, "000000000000", 0, 1), SQLITE_CONSTRAINT_CHECK },
	{ "", IDENTITY(0, "02101800000a", 0, 1), SQLITE_CONSTRAINT_CHECK },
	{ "", IDENTITY(0, "0210180000011", 0, 1), SQLITE_CONSTRAINT_CHECK },
	{ "", IDENTITY(1, "6000021018000001", 1, 1), SQLITE_CONSTRAINT_CHECK },
	{ "", IDENTITY(1, "1001021018000001", 1, 1), SQLITE_CONSTRAINT_CHECK },
	{ "", IDENTITY(1, "5000021018000001", 1, 1), SQLITE_OK },
	{ IDENTITY(1, "2000021018000001", 1, 1),
	    IDENTITY(1, "2000021018000001", 2, 1), SQLITE_CONSTRAINT_UNIQUE },
	/* wanted */
	{ NETWORK("01", "prod", 120), NETWORK("02", "PROD", 121),
	    SQLITE_CONSTRAINT_UNIQUE },
	{ "", NETWORK("01", "prod", 4095), SQLITE_CONSTRAINT_CHECK },
	{ "", NETWORK("01", "prod", 0), SQLITE_CONSTRAINT_CHECK },
	{ "", NETWORK("01", "prod", 'x'), SQLITE_CONSTRAINT_DATATYPE },
	{ PROFILE("01", "3"), PROFILE("02", "3"), SQLITE_CONSTRAINT_UNIQUE },
	{ PROFILE("01", "NULL"), PROFILE("02", "NULL"), SQLITE_OK },
	{ "", PROFILE("01", "0"), SQLITE_CONSTRAINT_CHECK },
	{ PROFILE("01", "3"), DEVICE("11", "02", "a", 0, 0, "NULL", "NULL",
	    "NULL"), SQLITE_CONSTRAINT_FOREIGNKEY },
	{ PROFILE("01", "3") ";" DEVICE("11", "01", "a", 0, 0, "NULL", "5",
	    "0"), DEVICE("12", "01", "b", 1, 0, "NULL", "5", "1"),
	    SQLITE_CONSTRAINT_UNIQUE },
	{ PROFILE("01", "3") ";" DEVICE("11", "01", "a", 0, 0, "NULL", "5",
	    "0"), DEVICE("12", "01", "b", 1, 0, "NULL", "6", "0"),
	    SQLITE_CONSTRAINT_UNIQUE },
	{ PROFILE("01", "3") ";" DEVICE("11", "01", "a", 0, 0, "NULL", "NULL",
	    "NULL"), DEVICE("12", "01", "A", 1, 0, "NULL", "NULL", "NULL"),
	    SQLITE_CONSTRAINT_UNIQUE },
	{ PROFILE("01", "3") ";" DEVICE("11", "01", "a", 0, 0, "NULL", "NULL",
	    "NULL"), DEVICE("12", "01", "b", 0, 0, "NULL", "NULL", "NULL"),
	    SQLITE_CONSTRAINT_UNIQUE },
	{ PROFILE("01", "3"), DEVICE("11", "01", "a", 0, 0, "'031018000001'",
	    "NULL", "NULL"), SQLITE_CONSTRAINT_CHECK },
	{ PROFILE("01", "3"), DEVICE("11", "01", "a", 0, 1,
	    "'6000021018000001'", "NULL", "NULL"), SQLITE_CONSTRAINT_CHECK },
	{ PROFILE("01", "3"), DEVICE("11", "01", "a", 0, 0, "NULL", "5",
	    "NULL"), SQLITE_CONSTRAINT_CHECK },
};

START_TEST(the_database_refuses)
{
	struct scratch s;

	scratch_new(&s);
	ck_assert_int_eq(scratch_sql(&s, checks[_i].first), SQLITE_OK);
	ck_assert_int_eq(scratch_sql(&s, checks[_i].then), checks[_i].rc);
	scratch_free(&s);
}
END_TEST

/* ---- every lookup goes by an index ---- */

static void
use_lookups(struct scratch *s)
{
	struct arena *a = s->arena;
	struct store *st = s->store;
	struct identity id = { .value = 0x021018000001, .until_ms = 5 }, *ids;
	struct binding b = { .fn = 9, .state = BINDING_BOUND };
	struct event ev = { .at_ms = 1 };
	struct profile *p;
	struct pool *macs;
	struct answered *an;
	struct revision *rev;
	struct network *net;
	struct placement *placed;
	struct disk_place *disks;
	struct job *jobs;
	int64_t counts[3], job, range[2];
	uint64_t value;
	struct err e;
	size_t n;

	ck_ok(store_begin(st, &e), e);
	ck_ok(pool_default(st, a, POOL_MAC, &macs, &e), e);
	ck_ok(ledger_pick(st, macs, NULL, 9, NULL, 0, &value, &e), e);
	ck_ok(ledger_reserve(st, &id, 1, &e), e);
	ck_ok(ledger_assign(st, &id, 2, &e), e);
	ck_ok(ledger_release(st, SPACE_MAC, id.value, 3, 4, &e), e);
	ck_ok(ledger_assign(st, &id, 9, &e), e);
	ck_ok(ledger_sweep(st, 5, &e), e);
	ck_ok(ledger_find(st, a, "0001", 0, 10, &ids, &n, &e), e);
	ck_ok(ledger_find(st, a, "101", 0, 10, &ids, &n, &e), e);
	ck_assert_uint_eq(n, 2);
	ck_ok(ledger_live(st, a, SPACE_MAC, 1, &ids, &e), e);
	ck_ok(ledger_history(st, a, SPACE_MAC, 1, &ids, &n, &e), e);
	for (int state = -1; state <= ID_RETIRED; state++)
		for (int pool = 0; pool < 2; pool++) {
			struct ledger_query ask = { .state = state,
			    .pool = pool ? macs->head.id : "", .profile = "",
			    .limit = 5 };

			ck_ok(ledger_list(st, a, &ask, &ids, &n, &job, &e), e);
		}
	ck_ok(ledger_count(st, macs->head.id, counts, &e), e);
	ck_ok(object_used_by(st, OBJ_NETWORK, "x", counts, &e), e);
	ck_ok(object_used_by(st, OBJ_SAN, "x", counts, &e), e);
	ck_ok(object_used_by(st, OBJ_POOL, "x", counts, &e), e);
	ck_ok(profile_at_slot(st, a, 3, &p, &e), e);
	ck_ok(placement_list(st, a, &placed, &n, &e), e);
	ck_ok(disk_place_list(st, a, &disks, &n, &e), e);
	ck_ok(profile_vacate(st, "x", &e), e);
	ck_fails(profile_load(st, a, "x", &p, &e), e, ERR_NOT_FOUND);
	ck_fails(network_load(st, a, "x", &net, &e), e, ERR_NOT_FOUND);
	ck_ok(network_list(st, a, "x", 5, &net, &n, &e), e);
	ck_fails(answered_load(st, a, "x", "y", &an, &e), e, ERR_NOT_FOUND);
	ck_ok(answered_sweep(st, 1, &e), e);
	ck_ok(plan_sweep(st, 1, &e), e);
	ck_ok(revision_list(st, a, "x", &rev, &n, &e), e);
	ck_ok(binding_put(st, &b, &e), e);
	ck_ok(hold_find(st, HOLD_SLOT, "3", &job, &e), e);
	ck_ok(hold_drop(st, 3, &e), e);
	ck_ok(job_list(st, a, 0, 5, &jobs, &n, &e), e);
	ck_ok(event_add(st, &ev, &e), e);
	ck_ok(event_range(st, &range[0], &range[1], &e), e);
	ck_ok(store_commit(st, &e), e);
}

START_TEST(no_lookup_reads_a_whole_table)
{
	struct scratch s;
	int seen = 0;

	scratch_new(&s);
	use_lookups(&s);
	for (size_t i = 0; i < STMT_CACHE; i++) {
		const char *sql = s.store->cache[i].sql;
		char text[4096];
		sqlite3_stmt *q;

		if (sql == NULL || strncmp(sql, "INSERT", 6) == 0)
			continue;
		(void)snprintf(text, sizeof(text), "EXPLAIN QUERY PLAN %s", sql);
		if (sqlite3_prepare_v2(s.store->db, text, -1, &q, NULL) != 0)
			continue;	/* BEGIN and the like */
		while (sqlite3_step(q) == SQLITE_ROW) {
			const char *how = (const char *)sqlite3_column_text(q, 3);

			seen++;
			if (strncmp(how, "SCAN", 4) != 0 ||
			    strcmp(how, "SCAN appliance") == 0 ||
			    strcmp(how, "SCAN hit") == 0 ||
			    strcmp(how, "SCAN CONSTANT ROW") == 0 ||
			    /* M: by its phrase */
			    (strncmp(how, "SCAN identity_part VIRTUAL", 26) ==
			    0 && strstr(how, ":M") != NULL) ||
			    strncmp(how, "SCAN (subquery", 14) == 0 ||
			    /* the newest event, and all that is in order */
			    strcmp(how, "SCAN event") == 0)
				continue;
			ck_abort_msg("%s: %s", how, sql);
		}
		(void)sqlite3_finalize(q);
	}
	ck_assert_int_gt(seen, 30);
	scratch_free(&s);
}
END_TEST

START_TEST(a_reader_sees_one_moment)
{
	struct appliance before, after;
	struct store *reader;
	struct scratch s;
	struct err e;

	scratch_new(&s);
	ck_ok(store_open_reader(s.path, &reader, &e), e);
	ck_ok(store_read_begin(reader, &e), e);
	ck_ok(store_appliance(reader, &before, &e), e);
	ck_ok(store_begin(s.store, &e), e);
	ck_assert_int_eq(store_generation_next(s.store, 5, &e), 1);
	ck_ok(store_commit(s.store, &e), e);
	ck_ok(store_appliance(reader, &after, &e), e);
	ck_assert_int_eq(before.generation, after.generation);
	store_read_end(reader);
	ck_ok(store_appliance(reader, &after, &e), e);
	ck_assert_int_eq(after.generation, 1);
	ck_fails(store_term_put(reader, 1, &e), e, ERR_UNAVAILABLE);
	store_close(reader);
	scratch_free(&s);
}
END_TEST

SUITE("schema")
{
	tcase_add_loop_test(tc, any_version_is_upgraded, 0,
	    schema_n_steps() + 1);
	tcase_add_test(tc, an_upgrade_keeps_what_was_there);
	tcase_add_test(tc, a_newer_one_is_refused);
	tcase_add_test(tc, a_second_writer_is_refused);
	tcase_add_test(tc, nobody_else_reads_the_file);
	tcase_add_test(tc, the_first_start_survives_every_failure);
	tcase_add_loop_test(tc, the_database_refuses, 0, N_ROWS(checks));
	tcase_add_test(tc, no_lookup_reads_a_whole_table);
	tcase_add_test(tc, a_reader_sees_one_moment);
}
