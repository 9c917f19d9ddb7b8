/* file.c -- see file.h. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

static int
say(const char *path, struct err *e)
{
	return err_set(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_UNAVAILABLE,
	    "%.180s: %s", path, strerror(errno));
}

static int
write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t m = write(fd, bytes, n);

		if (m < 0 && errno == EINTR)
			continue;
		if (m < 0)
			return -1;
		bytes += m;
		n -= (size_t)m;
	}
	return 0;
}

static int
write_new(const char *path, const void *bytes, size_t n, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int rc = 0;

	if (fd < 0)
		return say(path, e);
	if (write_all(fd, bytes, n) < 0 || fsync(fd) < 0)
		rc = say(path, e);
	(void)close(fd);
	return rc;
}

/* The name is durable when the directory is. */
static int
sync_dir(const char *path, struct err *e)
{
	char copy[PATH_SIZE];
	int fd, rc = 0;

	(void)snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return say(path, e);
	if (fsync(fd) < 0)
		rc = say(path, e);
	(void)close(fd);
	return rc;
}

int
file_put(const char *path, const void *bytes, size_t n, struct err *e)
{
	char beside[PATH_SIZE];

	if ((size_t)snprintf(beside, sizeof(beside), "%s.new", path) >=
	    sizeof(beside))
		return err_set(e, ERR_MALFORMED, "a path is too long");
	return write_new(beside, bytes, n, e) < 0 ? -1 :
	    file_move(beside, path, e);
}

int
file_move(const char *from, const char *to, struct err *e)
{
	return rename(from, to) < 0 ? say(to, e) : sync_dir(to, e);
}

static int
read_all(int fd, const char *path, struct buf *out, struct err *e)
{
	char block[65536];
	ssize_t n;

	while ((n = read(fd, block, sizeof(block))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return say(path, e);
		buf_put(out, block, (size_t)n);
	}
	return out->full ? err_set(e, ERR_TOO_LARGE, "%.180s is too large",
	    path) : 0;
}

int
file_get(const char *path, struct buf *out, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return say(path, e);
	rc = read_all(fd, path, out, e);
	(void)close(fd);
	return rc;
}

int
file_line(const char *path, struct buf *out, struct err *e)
{
	if (file_get(path, out, e) < 0)
		return -1;
	if (out->len > 0) {
		out->len = strcspn(out->data, "\r\n");
		out->data[out->len] = '\0';
	}
	return out->len > 0 ? 0 : err_set(e, ERR_MALFORMED,
	    "%.180s is empty", path);
}

int
file_dir(const char *path, struct err *e)
{
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return say(path, e);
	return 0;
}
