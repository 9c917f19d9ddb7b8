/* unixsock.c -- see unixsock.h. */
#include "switchmgr/unixsock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 4 };

/* An address, and the directory that it leans on (-1: none). */
struct place {
	struct sockaddr_un addr;
	int dir;
};

static int
reach_by_directory(struct place *p, const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];
	int n;

	if (slash == NULL || (size_t)(slash - path) >= sizeof(dir))
		return err_set(e, ERR_MALFORMED, "socket path too long: %s", path);
	memcpy(dir, path, (size_t)(slash - path));
	dir[slash - path] = '\0';
	p->dir = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (p->dir < 0)
		return err_set(e, ERR_UNAVAILABLE, "%s: %s", dir,
		    strerror(errno));
	n = snprintf(p->addr.sun_path, sizeof(p->addr.sun_path),
	    "/proc/self/fd/%d/%s", p->dir, slash + 1);
	if (n < 0 || (size_t)n >= sizeof(p->addr.sun_path)) {
		close(p->dir);
		return err_set(e, ERR_MALFORMED, "socket name too long: %s",
		    slash + 1);
	}
	return 0;
}

static int
find_place(struct place *p, const char *path, struct err *e)
{
	size_t len = strlen(path);

	memset(p, 0, sizeof(*p));
	p->dir = -1;
	p->addr.sun_family = AF_UNIX;
	if (len >= sizeof(p->addr.sun_path))
		return reach_by_directory(p, path, e);
	memcpy(p->addr.sun_path, path, len + 1);
	return 0;
}

static void
leave_place(const struct place *p)
{
	if (p->dir >= 0)
		close(p->dir);
}

static int
new_socket(struct err *e)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0);

	if (fd < 0)
		return err_set(e, ERR_UNAVAILABLE, "socket: %s", strerror(errno));
	return fd;
}

static int
connect_at(const struct place *p, const char *path, struct err *e)
{
	int fd = new_socket(e);

	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)&p->addr,
	    sizeof(p->addr)) == 0)
		return fd;
	err_set(e, ERR_UNAVAILABLE, "%s: %s", path, strerror(errno));
	close(fd);
	return -1;
}

int
unixsock_connect(const char *path, struct err *e)
{
	struct place p;
	int fd;

	if (find_place(&p, path, e) < 0)
		return -1;
	fd = connect_at(&p, path, e);
	leave_place(&p);
	return fd;
}

/* Removes a socket that nobody serves. */
static int
clear_stale(const struct place *p, const char *path, struct err *e)
{
	struct err ignored;
	struct stat st;
	int fd;

	if (lstat(p->addr.sun_path, &st) < 0)
		return 0;
	if (!S_ISSOCK(st.st_mode))
		return err_set(e, ERR_CONFLICT, "%s is not a socket", path);
	fd = connect_at(p, path, &ignored);
	if (fd >= 0) {
		close(fd);
		return err_set(e, ERR_CONFLICT, "somebody serves %s", path);
	}
	unlink(p->addr.sun_path);
	return 0;
}

static int
listen_at(const struct place *p, const char *path, struct err *e)
{
	int fd;
	mode_t old;

	if (clear_stale(p, path, e) < 0 || (fd = new_socket(e)) < 0)
		return -1;
	old = umask(0177);
	if (bind(fd, (const struct sockaddr *)&p->addr, sizeof(p->addr)) == 0 &&
	    listen(fd, BACKLOG) == 0) {
		umask(old);
		return fd;
	}
	err_set(e, ERR_UNAVAILABLE, "%s: %s", path, strerror(errno));
	umask(old);
	close(fd);
	return -1;
}

int
unixsock_listen(const char *path, struct err *e)
{
	struct place p;
	int fd;

	if (find_place(&p, path, e) < 0)
		return -1;
	fd = listen_at(&p, path, e);
	leave_place(&p);
	return fd;
}

bool
unixsock_peer_allowed(int fd, const char *path)
{
	struct ucred peer;
	socklen_t n = sizeof(peer);
	struct stat st;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) < 0 ||
	    n != sizeof(peer))
		return false;
	if (peer.uid == 0)
		return true;
	return lstat(path, &st) == 0 && peer.uid == st.st_uid;
}
