/*
 * store_epoch.c -- the identity epoch; see store.h.
 *
 * A database can be lost, or be put back as it was last week; the epoch may not.
 * It therefore stands in a file beside it as well, which is written first.  With
 * it stands who we are: an appliance that lost its database is the same one, and
 * restoring what it exported itself is no takeover.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/log.h"
#include "profiles/stmt.h"
#include "profiles/store_rows.h"

static int
file_failed(const char *path, struct err *e)
{
	return err_set(e, ERR_UNAVAILABLE, "%s: %s", path, strerror(errno));
}

/* "PATH.epoch" and what comes after it. */
static void
name_of(struct store *st, const char *end, char path[PATH_MAX])
{
	(void)snprintf(path, PATH_MAX, "%s.epoch%s",
	    sqlite3_db_filename(st->db, "main"), end);
}

/* 0 when there is no file, or nothing that we wrote. */
static int
read_file(const char *path, int64_t *epoch, char id[ID_TEXT], struct err *e)
{
	char text[96] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	*epoch = 0;
	id[0] = '\0';
	if (fd < 0)
		return errno == ENOENT ? 0 : file_failed(path, e);
	n = read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	if (n < 0)
		return file_failed(path, e);
	if (sscanf(text, "%" SCNd64 " %36s", epoch, id) < 1 || *epoch < 1) {
		log_warn("store", "file=%s what=\"holds no epoch\"", path);
		*epoch = 0;
	}
	if (!uuid_valid(id))
		id[0] = '\0';
	return 0;
}

/* The rename is on the disk when its directory is. */
static int
sync_directory(const char *path, struct err *e)
{
	char copy[PATH_MAX];
	int fd, rc;

	(void)snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return file_failed(path, e);
	rc = fsync(fd);
	(void)close(fd);
	return rc == 0 ? 0 : file_failed(path, e);
}

static int
write_file(struct store *st, int64_t epoch, const char *id, struct err *e)
{
	char path[PATH_MAX], new[PATH_MAX];
	bool written;
	int fd;

	name_of(st, "", path);
	name_of(st, ".new", new);
	if (fault_here("store.epoch"))
		return err_set(e, ERR_UNAVAILABLE, "store: a test said so");
	fd = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return file_failed(new, e);
	written = dprintf(fd, "%" PRId64 " %s\n", epoch, id) > 0 &&
	    fsync(fd) == 0;
	if (close(fd) < 0 || !written || rename(new, path) < 0)
		return file_failed(path, e);
	return sync_directory(path, e);
}

static int
write_row(struct store *st, int64_t epoch, struct err *e)
{
	struct stmt q = stmt_open(st, "UPDATE appliance SET identity_epoch = ?1"
	    " WHERE identity_epoch < ?1");

	stmt_int(&q, epoch);
	return stmt_run(&q, e);
}

int
store_epoch_raise(struct store *st, int64_t epoch, struct err *e)
{
	struct appliance self;

	if (store_appliance(st, &self, e) < 0)
		return -1;
	if (epoch <= self.identity_epoch)
		return 0;
	return write_file(st, epoch, self.id, e) < 0 ? -1 :
	    write_row(st, epoch, e);
}

static int
write_id(struct store *st, const char *id, struct err *e)
{
	struct stmt q = stmt_open(st, "UPDATE appliance SET id = ?");

	stmt_text(&q, id);
	return stmt_run(&q, e);
}

/* Outside of a transaction, at the start: the larger epoch wins, and a database
 * in which nothing was ever done is that of whom the file names. */
int
store_epoch_begin(struct store *st, struct err *e)
{
	char path[PATH_MAX], id[ID_TEXT];
	struct appliance self;
	int64_t filed;

	name_of(st, "", path);
	if (store_appliance(st, &self, e) < 0 ||
	    read_file(path, &filed, id, e) < 0)
		return -1;
	if (id[0] != '\0' && self.generation == 0 && strcmp(id, self.id) != 0) {
		if (write_id(st, id, e) < 0)
			return -1;
		memcpy(self.id, id, sizeof(self.id));
	}
	if (filed > self.identity_epoch)
		return write_row(st, filed, e);
	return filed == self.identity_epoch && strcmp(id, self.id) == 0 ? 0 :
	    write_file(st, self.identity_epoch, self.id, e);
}
