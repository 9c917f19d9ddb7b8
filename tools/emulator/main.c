/*
 * main.c -- polyroot-emu: an emulated chassis and its faces.
 *
 *	polyroot-emu --chassis FILE --dir DIR [--fuse DIR]
 *	polyroot-emu ctl SOCKET COMMAND...
 *
 * All state is in memory: it outlives everyone who talks to it, and ends with
 * this process, as in a power cut.  SIGTERM and SIGINT end it and unmount.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "tools/emulator/face_cfg.h"
#include "tools/emulator/face_ctl.h"
#include "tools/emulator/face_fuse.h"

struct options {
	const char *chassis, *dir, *fuse;
};

static volatile sig_atomic_t ended;
static int wake_fd = -1;

static void
on_signal(int sig)
{
	int saved = errno;

	(void)sig;
	ended = 1;
	if (write(wake_fd, "", 1) < 0)
		ended = 1;		/* full: it is awake already */
	errno = saved;
}

static int
usage(void)
{
	(void)fputs("usage: polyroot-emu --chassis FILE --dir DIR [--fuse DIR]\n"
	    "       polyroot-emu ctl SOCKET COMMAND...\n", stderr);
	return 2;
}

static bool
read_options(int argc, char **argv, struct options *o)
{
	static const struct option known[] = {
		{ "chassis", required_argument, NULL, 'c' },
		{ "dir", required_argument, NULL, 'd' },
		{ "fuse", required_argument, NULL, 'f' },
		{ NULL, 0, NULL, 0 },
	};
	int k;

	while ((k = getopt_long(argc, argv, "c:d:f:", known, NULL)) != -1)
		switch (k) {
		case 'c':
			o->chassis = optarg;
			break;
		case 'd':
			o->dir = optarg;
			break;
		case 'f':
			o->fuse = optarg;
			break;
		default:
			return false;
		}
	return optind == argc && o->chassis != NULL && o->dir != NULL;
}

/* ---- starting ---- */

static struct chassis *
build(const char *path, struct err *e)
{
	struct chassis *c;
	json_t *file;

	if (json_read_file(path, &file, e) < 0)
		return NULL;
	c = chassis_new(file, e);
	json_decref(file);
	if (c == NULL)
		(void)err_wrap(e, "%s%s%s", path, e->field[0] != '\0' ? ": " : "",
		    e->field);
	return c;
}

static int
open_wake(int fd[2], struct err *e)
{
	struct sigaction act = { .sa_handler = on_signal };

	if (pipe2(fd, O_CLOEXEC | O_NONBLOCK) < 0)
		return err_set(e, ERR_UNAVAILABLE, "pipe: %s", strerror(errno));
	wake_fd = fd[1];
	(void)sigemptyset(&act.sa_mask);
	(void)sigaction(SIGTERM, &act, NULL);
	(void)sigaction(SIGINT, &act, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	return 0;
}

/* The sockets are bound by relative path, so the mount point must be known in
 * full before.  The caller frees it. */
static char *
absolute(const char *path, struct err *e)
{
	char here[PATH_MAX];
	size_t n;
	char *full;

	if (path[0] == '/')
		return xstrdup(path);
	if (getcwd(here, sizeof(here)) == NULL) {
		(void)err_set(e, ERR_UNAVAILABLE, "getcwd: %s", strerror(errno));
		return NULL;
	}
	n = strlen(here) + strlen(path) + 2;
	full = xmalloc(n);
	(void)snprintf(full, n, "%s/%s", here, path);
	return full;
}

static int
enter(const char *dir, struct err *e)
{
	if ((mkdir(dir, 0700) < 0 && errno != EEXIST) || chdir(dir) < 0)
		return err_set(e, ERR_UNAVAILABLE, "%s: %s", dir,
		    strerror(errno));
	return 0;
}

/* ---- running ---- */

static void
drain(int fd)
{
	char bytes[256];

	while (read(fd, bytes, sizeof(bytes)) > 0)
		;
}

/* Lets the chassis live up to now; for how long poll() may wait. */
static int
turn(struct faces *faces)
{
	int64_t now = clock_now_ms(), due;

	pthread_mutex_lock(&faces->lock);
	chassis_turn(faces->chassis, now);
	due = chassis_due(faces->chassis);
	pthread_mutex_unlock(&faces->lock);
	if (due == INT64_MAX)
		return -1;
	due -= now;
	return due <= 0 ? 0 : due > INT_MAX ? INT_MAX : (int)due;
}

static void
loop(struct faces *faces, int wake, struct face_ctl *ctl, struct face_cfg *cfg)
{
	struct pollfd p[2 * (FACE_CLIENTS + 1) + 1];

	while (!ended) {
		int timeout = turn(faces);
		nfds_t n_ctl, n_cfg;

		p[0] = (struct pollfd){ .fd = wake, .events = POLLIN };
		n_ctl = face_ctl_fds(ctl, p + 1);
		n_cfg = face_cfg_fds(cfg, p + 1 + n_ctl);
		if (poll(p, 1 + n_ctl + n_cfg, timeout) <= 0)
			continue;
		if (p[0].revents != 0)
			drain(wake);
		face_ctl_serve(ctl, p + 1, n_ctl);
		face_cfg_serve(cfg, p + 1 + n_ctl, n_cfg);
	}
}

/* The faces, from the first to the last and back. */
static int
serve(struct faces *faces, int wake, const struct options *o, struct err *e)
{
	struct face_ctl *ctl = NULL;
	struct face_cfg *cfg = NULL;
	struct face_fuse *fuse = NULL;
	char *mount = NULL;
	int rc = -1;

	if (o->fuse != NULL && (mount = absolute(o->fuse, e)) == NULL)
		return -1;
	if (enter(o->dir, e) == 0 &&
	    (ctl = face_ctl_open(faces, "control.sock", e)) != NULL &&
	    (cfg = face_cfg_open(faces, "cfg.sock", e)) != NULL &&
	    (mount == NULL ||
		(fuse = face_fuse_start(faces, mount, e)) != NULL)) {
		log_info("emu", "ready dir=%s fuse=%s", o->dir,
		    mount != NULL ? mount : "no");
		loop(faces, wake, ctl, cfg);
		rc = 0;
	}
	face_fuse_stop(fuse);
	if (cfg != NULL)
		(void)unlink("cfg.sock");
	if (ctl != NULL)
		(void)unlink("control.sock");
	face_cfg_close(cfg);
	face_ctl_close(ctl);
	free(mount);
	return rc;
}

int
main(int argc, char **argv)
{
	struct faces faces = { .lock = PTHREAD_MUTEX_INITIALIZER, .wake = -1 };
	struct options o = { NULL, NULL, NULL };
	struct err e;
	int wake[2], rc = -1;

	if (argc >= 4 && strcmp(argv[1], "ctl") == 0)
		return face_ctl_client(argv[2], argc - 3, argv + 3);
	if (!read_options(argc, argv, &o))
		return usage();
	log_open("polyroot-emu");
	faces.chassis = build(o.chassis, &e);
	if (faces.chassis != NULL && open_wake(wake, &e) == 0) {
		faces.wake = wake[1];
		rc = serve(&faces, wake[0], &o, &e);
	}
	chassis_free(faces.chassis);
	if (rc < 0) {
		log_error("emu", "%s", e.msg);
		return 1;
	}
	return 0;
}
