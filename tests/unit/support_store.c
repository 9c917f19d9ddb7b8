/* support_store.c -- see support_store.h. */
#include "tests/unit/support_store.h"

#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"

void
scratch_make(struct scratch *s)
{
	const char *where = getenv("SCRATCH_DIR");

	memset(s, 0, sizeof(*s));
	digest_init();
	(void)snprintf(s->dir, sizeof(s->dir), "%.30s/polyroot-store-XXXXXX",
	    where != NULL ? where : "/tmp");
	if (mkdtemp(s->dir) == NULL) {
		perror(s->dir);
		abort();
	}
	(void)snprintf(s->path, sizeof(s->path), "%s/db", s->dir);
	s->arena = arena_new();
}

void
scratch_new(struct scratch *s)
{
	struct err e;

	scratch_make(s);
	if (store_open_writer(s->path, &s->store, &e) < 0) {
		(void)fprintf(stderr, "%s\n", e.msg);
		abort();
	}
}

void
scratch_copy(struct scratch *s, const struct scratch *from)
{
	static char bytes[1 << 16];
	struct err e;
	FILE *in, *out;
	size_t n;

	scratch_make(s);
	in = fopen(from->path, "r");
	out = fopen(s->path, "w");
	if (in == NULL || out == NULL)
		abort();
	while ((n = fread(bytes, 1, sizeof(bytes), in)) > 0)
		if (fwrite(bytes, 1, n, out) != n)
			abort();
	(void)fclose(in);
	if (fclose(out) != 0 || store_open_writer(s->path, &s->store, &e) < 0)
		abort();
}

void
scratch_free(struct scratch *s)
{
	DIR *d;

	store_close(s->store);
	arena_free(s->arena);
	d = opendir(s->dir);
	for (struct dirent *f; d != NULL && (f = readdir(d)) != NULL; ) {
		char path[400];

		(void)snprintf(path, sizeof(path), "%s/%s", s->dir, f->d_name);
		if (f->d_name[0] != '.')
			(void)unlink(path);
	}
	if (d != NULL)
		(void)closedir(d);
	(void)rmdir(s->dir);
}

int
scratch_sql(const struct scratch *s, const char *sql)
{
	sqlite3 *db;
	int rc;

	if (sqlite3_open(s->path, &db) != SQLITE_OK)
		abort();
	(void)sqlite3_extended_result_codes(db, 1);
	(void)sqlite3_busy_timeout(db, 2000);
	rc = sqlite3_exec(db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	(void)sqlite3_close(db);
	return rc;
}

int64_t
scratch_count(const struct scratch *s, const char *sql)
{
	sqlite3_stmt *q;
	int64_t n = -1;
	sqlite3 *db;

	if (sqlite3_open(s->path, &db) != SQLITE_OK)
		abort();
	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK) {
		(void)fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
		abort();
	}
	if (sqlite3_step(q) == SQLITE_ROW)
		n = sqlite3_column_int64(q, 0);
	(void)sqlite3_finalize(q);
	(void)sqlite3_close(db);
	return n;
}

int
scratch_commit(struct scratch *s, struct change_set *cs, struct err *e)
{
	if (store_begin(s->store, e) < 0)
		return -1;
	if (change_resolve(cs, e) < 0 || change_commit(cs, 1, "tester", e) < 0 ||
	    store_generation_next(s->store, cs->wall_ms, e) < 0 ||
	    store_commit(s->store, e) < 0) {
		store_rollback(s->store);
		return -1;
	}
	return 0;
}

struct change_set *
scratch_changes(struct scratch *s, uint64_t seed)
{
	return change_new(s->arena, s->store, seed, scratch_wall_ms);
}

void
scratch_name(char name[NAME_TEXT], const char *text)
{
	(void)snprintf(name, NAME_TEXT, "%s", text);
}
