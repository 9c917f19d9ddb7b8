/* face_sock.c -- see face_sock.h. */
#include "tools/emulator/face_sock.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int
address(const char *name, struct sockaddr_un *a, struct err *e)
{
	size_t n = strlen(name);

	memset(a, 0, sizeof(*a));
	a->sun_family = AF_UNIX;
	if (n >= sizeof(a->sun_path))
		return err_set(e, ERR_TOO_LARGE, "%s: a socket's name has at "
		    "most %zu bytes", name, sizeof(a->sun_path) - 1);
	memcpy(a->sun_path, name, n + 1);
	return 0;
}

static int
try_connect(const char *name, int type, struct err *e)
{
	struct sockaddr_un a;
	int fd;

	if (address(name, &a, e) < 0)
		return -1;
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
		return fd;
	(void)err_set(e, ERR_UNAVAILABLE, "%s: %s", name, strerror(errno));
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

int
face_sock_connect(const char *path, int type, struct err *e)
{
	const char *slash = strrchr(path, '/');
	char dir[4096];
	size_t n;

	if (slash == NULL || slash == path)
		return try_connect(path, type, e);
	n = (size_t)(slash - path);
	if (n >= sizeof(dir))
		return err_set(e, ERR_TOO_LARGE, "the path is too long");
	memcpy(dir, path, n);
	dir[n] = '\0';
	if (chdir(dir) < 0)
		return err_set(e, ERR_UNAVAILABLE, "%s: %s", dir,
		    strerror(errno));
	return try_connect(slash + 1, type, e);
}

static int
bind_and_listen(int fd, const struct sockaddr_un *a)
{
	mode_t old = umask(0177);
	int rc = bind(fd, (const struct sockaddr *)a, sizeof(*a));

	(void)umask(old);
	return rc == 0 ? listen(fd, 16) : -1;
}

int
face_sock_listen(const char *name, int type, struct err *e)
{
	struct sockaddr_un a;
	int fd = try_connect(name, type, e);

	if (fd >= 0) {
		(void)close(fd);
		return err_set(e, ERR_CONFLICT,
		    "%s: an emulator answers there already", name);
	}
	if (address(name, &a, e) < 0)
		return -1;
	(void)unlink(name);
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || bind_and_listen(fd, &a) < 0) {
		(void)err_set(e, ERR_UNAVAILABLE, "%s: %s", name,
		    strerror(errno));
		if (fd >= 0)
			(void)close(fd);
		return -1;
	}
	return fd;
}

int
face_sock_accept(int listener)
{
	return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}
