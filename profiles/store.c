/* store.c -- see store.h: opening, transactions, the row of the appliance. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "profiles/schema.h"
#include "profiles/stmt.h"
#include "profiles/store_rows.h"

static const char pragmas[] =
    "PRAGMA foreign_keys = ON;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA temp_store = MEMORY;";

/* A change dirties some thirty pages, most of them again and again: kept in up
 * to 4 MiB, and carried from the log into the file after 4,000 of them. */
static const char writer_pragmas[] =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA wal_autocheckpoint = 4000;"
    "PRAGMA cache_size = -4096;";

/* The database holds password hashes: nobody else reads it, and SQLite gives
 * its other files the same mode. */
static int
make_private(const char *path, struct err *e)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_set(e, ERR_UNAVAILABLE, "%s: %s", path,
		    strerror(errno));
	(void)close(fd);
	return 0;
}

static int
take_lock(const char *path, struct err *e)
{
	char name[4096];
	int fd;

	if ((size_t)snprintf(name, sizeof(name), "%s.lock", path) >=
	    sizeof(name))
		return err_set(e, ERR_MALFORMED, "the path is too long");
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(e, ERR_UNAVAILABLE, "%s: %s", name,
		    strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		(void)err_set(e, errno == EWOULDBLOCK ? ERR_CONFLICT :
		    ERR_UNAVAILABLE, "%s: another controller writes here", path);
		(void)close(fd);
		return -1;
	}
	return fd;
}

static int
connect_to(struct store *st, const char *path, int flags, struct err *e)
{
	int rc = sqlite3_open_v2(path, &st->db, flags | SQLITE_OPEN_NOMUTEX |
	    SQLITE_OPEN_EXRESCODE, NULL);

	if (rc != SQLITE_OK)
		return stmt_failed(st, rc, e);
	(void)sqlite3_busy_timeout(st->db, 5000);
	return stmt_exec(st, pragmas, e);
}

static int
is_seeded(struct store *st, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT 1 FROM appliance");
	int rc = stmt_step(&q, e);

	stmt_close(&q);
	return rc;
}

static int
first_start(struct store *st, struct err *e)
{
	struct rng rng = rng_fresh();
	int rc = is_seeded(st, e);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (store_begin(st, e) < 0)
		return -1;
	if (store_seed(st, &rng, clock_wall_ms(), e) < 0 ||
	    store_commit(st, e) < 0) {
		store_rollback(st);
		return -1;
	}
	return 0;
}

static int
prepare_writer(struct store *st, const char *path, struct err *e)
{
	st->lock = take_lock(path, e);
	if (st->lock < 0 || make_private(path, e) < 0 ||
	    connect_to(st, path, SQLITE_OPEN_READWRITE, e) < 0 ||
	    stmt_exec(st, writer_pragmas, e) < 0 ||
	    schema_upgrade(st, e) < 0 || first_start(st, e) < 0)
		return -1;
	return store_epoch_begin(st, e);
}

static int
prepare_reader(struct store *st, const char *path, struct err *e)
{
	if (connect_to(st, path, SQLITE_OPEN_READONLY, e) < 0 ||
	    stmt_exec(st, "PRAGMA query_only = ON", e) < 0)
		return -1;
	return schema_check(st, e);
}

static int
open_with(const char *path,
    int (*prepare)(struct store *, const char *, struct err *),
    struct store **out, struct err *e)
{
	static _Atomic uint64_t handles;
	struct store *st = xcalloc(1, sizeof(*st));

	st->lock = -1;
	st->handle = ++handles;
	if (prepare(st, path, e) < 0) {
		store_close(st);
		return err_wrap(e, "opening the database");
	}
	*out = st;
	return 0;
}

int
store_open_writer(const char *path, struct store **out, struct err *e)
{
	return open_with(path, prepare_writer, out, e);
}

int
store_open_reader(const char *path, struct store **out, struct err *e)
{
	return open_with(path, prepare_reader, out, e);
}

bool
store_was_upgraded(const struct store *st)
{
	return st->upgraded;
}

void
store_close(struct store *st)
{
	if (st == NULL)
		return;
	stmt_forget(st);
	if (sqlite3_close(st->db) != SQLITE_OK)
		log_error("store", "what=\"closed while busy\"");
	if (st->lock >= 0)
		(void)close(st->lock);
	free(st);
}

/* ---- transactions ---- */

static int
run(struct store *st, const char *sql, struct err *e)
{
	struct stmt q = stmt_open(st, sql);
	int rc;

	/* Not through stmt_step(): these have fault points of their own. */
	rc = q.rc == SQLITE_OK ? sqlite3_step(q.s) : q.rc;
	if (rc != SQLITE_DONE)
		(void)stmt_failed(st, rc, e);
	stmt_close(&q);
	return rc == SQLITE_DONE ? 0 : -1;
}

int
store_begin(struct store *st, struct err *e)
{
	if (fault_here("store.begin"))
		return err_set(e, ERR_UNAVAILABLE, "store: a test said so");
	return run(st, "BEGIN IMMEDIATE", e);
}

int
store_commit(struct store *st, struct err *e)
{
	if (fault_here("store.commit"))
		return err_set(e, ERR_UNAVAILABLE, "store: a test said so");
	return run(st, "COMMIT", e);
}

/* What cannot be rolled back has been already. */
static void
try_run(struct store *st, const char *sql)
{
	struct err e;

	if (store_in_transaction(st) && run(st, sql, &e) < 0)
		log_error("store", "sql=\"%s\" why=\"%s\"", sql, e.msg);
}

void
store_rollback(struct store *st)
{
	try_run(st, "ROLLBACK");
}

int
store_save(struct store *st, struct err *e)
{
	return run(st, "SAVEPOINT entry", e);
}

int
store_release(struct store *st, struct err *e)
{
	return run(st, "RELEASE entry", e);
}

void
store_undo(struct store *st)
{
	try_run(st, "ROLLBACK TO entry");
	try_run(st, "RELEASE entry");
}

bool
store_in_transaction(const struct store *st)
{
	return sqlite3_get_autocommit(st->db) == 0;
}

int
store_read_begin(struct store *st, struct err *e)
{
	return run(st, "BEGIN", e);
}

void
store_read_end(struct store *st)
{
	try_run(st, "COMMIT");
}

/* SQLite counts for each handle how often others committed.  Not through
 * stmt_step(): whoever asks can do without an answer. */
bool
store_moment(struct store *st, struct store_moment *out)
{
	struct stmt q;
	bool known;

	if (st->lock >= 0 || !store_in_transaction(st))
		return false;
	q = stmt_open(st, "PRAGMA data_version");
	known = q.rc == SQLITE_OK && sqlite3_step(q.s) == SQLITE_ROW;
	if (known)
		*out = (struct store_moment){ st->handle,
			(uint64_t)stmt_get_int(&q) };
	stmt_close(&q);
	return known;
}

/* ---- the appliance ---- */

int
store_appliance(struct store *st, struct appliance *out, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT id, name, generation, changed_ms,"
	    " term, identity_epoch, mac_prefix, newest_ms FROM appliance");

	if (stmt_one(&q, "row of the", "appliance", e) < 0)
		return -1;
	stmt_get_text(&q, out->id, sizeof(out->id));
	stmt_get_text(&q, out->name, sizeof(out->name));
	out->generation = stmt_get_int(&q);
	out->changed_ms = stmt_get_int(&q);
	out->term = (uint64_t)stmt_get_int(&q);
	out->identity_epoch = stmt_get_int(&q);
	out->mac_prefix = stmt_get_u32(&q);
	out->newest_ms = stmt_get_int(&q);
	stmt_close(&q);
	return 0;
}

int
store_term_put(struct store *st, uint64_t term, struct err *e)
{
	struct stmt q = stmt_open(st, "UPDATE appliance SET term = ?");

	stmt_int(&q, (int64_t)term);
	return stmt_run(&q, e);
}

static int64_t
take_number(struct stmt *q, struct err *e)
{
	int64_t n;

	if (stmt_one(q, "row of the", "appliance", e) < 0)
		return -1;
	n = stmt_get_int(q);
	return stmt_run(q, e) < 0 ? -1 : n;
}

int64_t
store_generation_next(struct store *st, int64_t wall_ms, struct err *e)
{
	struct stmt q = stmt_open(st, "UPDATE appliance SET generation ="
	    " generation + 1, changed_ms = ?1, newest_ms = max(newest_ms, ?1)"
	    " RETURNING generation");

	stmt_int(&q, wall_ms);
	return take_number(&q, e);
}

bool
store_clock_behind(const struct appliance *a, int64_t wall_ms)
{
	return wall_ms + STORE_SLACK_MS < a->newest_ms;
}

int
store_clock_accept(struct store *st, int64_t wall_ms, struct err *e)
{
	struct stmt q = stmt_open(st, "UPDATE appliance SET newest_ms = ?");

	stmt_int(&q, wall_ms);
	return stmt_run(&q, e);
}

int64_t
store_next_number(struct store *st, struct err *e)
{
	struct stmt q = stmt_open(st, "UPDATE appliance SET number ="
	    " number + 1 RETURNING number");

	return take_number(&q, e);
}
