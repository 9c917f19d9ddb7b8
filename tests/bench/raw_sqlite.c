/*
 * raw_sqlite.c -- what one durable commit costs on this disk.
 *
 *	raw_sqlite FILE MILLISECONDS
 *
 * One thread, one row a transaction, WAL and synchronous=FULL: nothing but
 * SQLite and the disk.  Prints {"commits","seconds","perSecond"}.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char setup[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, v TEXT) STRICT;";

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
must(sqlite3 *db, int ok)
{
	if (ok)
		return;
	fprintf(stderr, "raw_sqlite: %s\n", sqlite3_errmsg(db));
	exit(EXIT_FAILURE);
}

/* An INSERT outside a transaction is one of its own. */
static long
commit_until(sqlite3 *db, sqlite3_stmt *insert, double end)
{
	long n = 0;

	do {
		must(db, sqlite3_step(insert) == SQLITE_DONE);
		must(db, sqlite3_reset(insert) == SQLITE_OK);
		n++;
	} while (now() < end);
	return n;
}

int
main(int argc, char **argv)
{
	sqlite3 *db;
	sqlite3_stmt *insert;
	double start, end;
	long n;

	if (argc != 3) {
		fputs("usage: raw_sqlite FILE MILLISECONDS\n", stderr);
		return 2;
	}
	must(NULL, sqlite3_open(argv[1], &db) == SQLITE_OK);
	must(db, sqlite3_exec(db, setup, NULL, NULL, NULL) == SQLITE_OK);
	must(db, sqlite3_prepare_v2(db, "INSERT INTO t (v) VALUES ('one row "
	    "of about the size of a small object in the store')", -1, &insert,
	    NULL) == SQLITE_OK);
	start = now();
	n = commit_until(db, insert, start + strtod(argv[2], NULL) / 1e3);
	end = now();
	printf("{\"commits\":%ld,\"seconds\":%.6f,\"perSecond\":%.1f}\n", n,
	    end - start, (double)n / (end - start));
	sqlite3_finalize(insert);
	sqlite3_close(db);
	return EXIT_SUCCESS;
}
