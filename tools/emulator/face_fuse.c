/* face_fuse.c -- see face_fuse.h; what is in the tree, face_tree.h. */
#define FUSE_USE_VERSION 31

#include "tools/emulator/face_fuse.h"

#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <fuse_lowlevel.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "tools/emulator/face_tree.h"

enum { CONFIG_BYTES = 4096, READ_MAX = 1024, STALE_MAX = 8 };

struct face_fuse {
	struct faces *faces;
	struct fuse *fuse;
	pthread_t thread;
	int stop;			/* eventfd: the thread shall end */
	char mountpoint[];
};

static struct faces *
faces_here(void)
{
	return ((struct face_fuse *)fuse_get_context()->private_data)->faces;
}

static int
find(const char *path, struct face_tree_node *node)
{
	struct faces *f = faces_here();
	int rc;

	pthread_mutex_lock(&f->lock);
	rc = face_tree_find(f->chassis, path, node);
	pthread_mutex_unlock(&f->lock);
	return rc;
}

/* ---- what the kernel asks ---- */

static void *
do_init(struct fuse_conn_info *conn, struct fuse_config *cfg)
{
	(void)conn;
	/* Hardware: ask every time. */
	cfg->direct_io = 1;
	cfg->attr_timeout = cfg->entry_timeout = cfg->negative_timeout = 0;
	return fuse_get_context()->private_data;
}

static int
do_getattr(const char *path, struct stat *st, struct fuse_file_info *fi)
{
	struct face_tree_node node;
	int rc = find(path, &node);

	(void)fi;
	if (rc < 0)
		return rc;
	memset(st, 0, sizeof(*st));
	st->st_uid = getuid();
	st->st_gid = getgid();
	st->st_nlink = 1;
	switch (node.kind) {
	case TREE_DIR:
	case TREE_DEVICE:
		st->st_mode = S_IFDIR | 0555;
		st->st_nlink = 2;
		break;
	case TREE_LINK:
		st->st_mode = S_IFLNK | 0777;
		break;
	case TREE_TEXT:
		st->st_mode = S_IFREG | 0444;
		st->st_size = FACE_TREE_FILE;
		break;
	case TREE_CONFIG:
		st->st_mode = S_IFREG | 0644;
		st->st_size = CONFIG_BYTES;
		break;
	}
	return 0;
}

static int
do_readlink(const char *path, char *out, size_t size)
{
	struct faces *f = faces_here();
	struct face_tree_node node;
	int rc;

	pthread_mutex_lock(&f->lock);
	rc = face_tree_find(f->chassis, path, &node);
	if (rc == 0)
		rc = node.kind == TREE_LINK ?
		    face_tree_link(f->chassis, &node, out, size) : -EINVAL;
	pthread_mutex_unlock(&f->lock);
	return rc < 0 ? rc : 0;
}

struct listing {
	void *buf;
	fuse_fill_dir_t fill;
};

static int
add_name(void *cookie, const char *name)
{
	struct listing *l = cookie;

	return l->fill(l->buf, name, NULL, 0, 0);
}

static int
do_readdir(const char *path, void *buf, fuse_fill_dir_t fill, off_t offset,
    struct fuse_file_info *fi, enum fuse_readdir_flags flags)
{
	struct faces *f = faces_here();
	struct listing l = { buf, fill };
	struct face_tree_node node;
	int rc;

	(void)offset, (void)fi, (void)flags;
	fill(buf, ".", NULL, 0, 0);
	fill(buf, "..", NULL, 0, 0);
	pthread_mutex_lock(&f->lock);
	rc = face_tree_find(f->chassis, path, &node);
	if (rc == 0 && node.kind != TREE_DIR && node.kind != TREE_DEVICE)
		rc = -ENOTDIR;
	if (rc == 0)
		face_tree_list(f->chassis, &node, add_name, &l);
	pthread_mutex_unlock(&f->lock);
	return rc;
}

static int
read_text(const struct face_tree_node *node, char *out, size_t n, size_t offset)
{
	struct faces *f = faces_here();
	char text[FACE_TREE_TEXT];
	int len;

	pthread_mutex_lock(&f->lock);
	len = face_tree_text(f->chassis, node, text, sizeof(text));
	pthread_mutex_unlock(&f->lock);
	if (len < 0)
		return len;
	if (offset >= (size_t)len)
		return 0;
	if (n > (size_t)len - offset)
		n = (size_t)len - offset;
	memcpy(out, text + offset, n);
	return (int)n;
}

static int
read_config(uint16_t rid, char *out, size_t n, size_t offset)
{
	if (offset >= CONFIG_BYTES)
		return 0;
	if (n > CONFIG_BYTES - offset)
		n = CONFIG_BYTES - offset;
	for (size_t done = 0, part; done < n; done += part) {
		int rc;

		part = n - done < READ_MAX ? n - done : READ_MAX;
		rc = faces_cfg_read(faces_here(), rid,
		    (unsigned)(offset + done), out + done, part);
		if (rc != 0)
			return -rc;
	}
	return (int)n;
}

static int
do_read(const char *path, char *out, size_t n, off_t offset,
    struct fuse_file_info *fi)
{
	struct face_tree_node node;

	(void)fi;
	/* Open files of a function that went away. */
	if (find(path, &node) < 0)
		return -ENODEV;
	if (node.kind == TREE_TEXT)
		return read_text(&node, out, n, (size_t)offset);
	if (node.kind == TREE_CONFIG)
		return read_config(node.rid, out, n, (size_t)offset);
	return -EISDIR;
}

/* The largest aligned access that begins at `at`. */
static unsigned
access_size(size_t at, size_t left)
{
	if ((at & 3) == 0 && left >= 4)
		return 4;
	return (at & 1) == 0 && left >= 2 ? 2 : 1;
}

static int
do_write(const char *path, const char *bytes, size_t n, off_t offset,
    struct fuse_file_info *fi)
{
	struct face_tree_node node;
	size_t at = (size_t)offset;
	unsigned size;

	(void)fi;
	if (find(path, &node) < 0)
		return -ENODEV;
	if (node.kind != TREE_CONFIG)
		return -EACCES;
	if (offset < 0 || offset >= CONFIG_BYTES)
		return -EFBIG;
	if (n > CONFIG_BYTES - at)
		n = CONFIG_BYTES - at;
	for (size_t done = 0; done < n; done += size) {
		uint32_t value = 0;
		int rc;

		size = access_size(at + done, n - done);
		for (unsigned i = size; i-- > 0;)
			value = value << 8 | (uint8_t)bytes[done + i];
		rc = faces_cfg_write(faces_here(), node.rid,
		    (unsigned)(at + done), size, value);
		if (rc != 0)
			return -rc;
	}
	return (int)n;
}

static int
do_open(const char *path, struct fuse_file_info *fi)
{
	struct face_tree_node node;
	int rc = find(path, &node);

	if (rc < 0)
		return rc;
	if (node.kind == TREE_TEXT && (fi->flags & O_ACCMODE) != O_RDONLY)
		return -EACCES;
	return 0;
}

/* A shell's "> config" truncates first; hardware has one size. */
static int
do_truncate(const char *path, off_t size, struct fuse_file_info *fi)
{
	struct face_tree_node node;
	int rc = find(path, &node);

	(void)fi;
	if (rc < 0)
		return rc;
	if (node.kind != TREE_CONFIG)
		return -EACCES;
	return size > CONFIG_BYTES ? -EFBIG : 0;
}

static const struct fuse_operations operations = {
	.init = do_init,
	.getattr = do_getattr,
	.readlink = do_readlink,
	.readdir = do_readdir,
	.open = do_open,
	.read = do_read,
	.write = do_write,
	.truncate = do_truncate,
};

/* ---- the thread ---- */

/* 0, or -1 when the kernel has no more for us: unmounted. */
static int
serve_one(struct fuse_session *session, struct fuse_buf *buf)
{
	int n = fuse_session_receive_buf(session, buf);

	if (n == -EINTR || n == -EAGAIN)
		return 0;
	if (n <= 0)
		return -1;
	fuse_session_process_buf(session, buf);
	return 0;
}

static void *
run(void *arg)
{
	struct face_fuse *ff = arg;
	struct fuse_session *session = fuse_get_session(ff->fuse);
	struct fuse_buf buf = { .mem = NULL };
	struct pollfd fds[2] = {
		{ .fd = fuse_session_fd(session), .events = POLLIN },
		{ .fd = ff->stop, .events = POLLIN },
	};

	while (!fuse_session_exited(session)) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			break;
		if (fds[1].revents != 0)
			break;
		if (fds[0].revents != 0 && serve_one(session, &buf) < 0) {
			log_warn("fuse", "unmounted=%s", ff->mountpoint);
			break;
		}
	}
	free(buf.mem);
	return NULL;
}

/* Signals are the main thread's. */
static int
start_thread(struct face_fuse *ff)
{
	sigset_t all, old;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(&ff->thread, NULL, run, ff);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return rc;
}

/* ---- the mount point ---- */

/* Without the right to unmount, the helper that has it. */
static void
unmount_helper(const char *mountpoint)
{
	char name[] = "fusermount3", quiet[] = "-q", unmount[] = "-u",
	    lazy[] = "-z", end[] = "--";
	char *path = xstrdup(mountpoint);
	char *argv[] = { name, quiet, unmount, lazy, end, path, NULL };
	pid_t pid;

	if (posix_spawnp(&pid, name, NULL, NULL, argv, environ) == 0)
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	free(path);
}

/* A mount whose server is dead answers ENOTCONN to everything. */
static int
clear_stale(const char *mountpoint, struct err *e)
{
	struct stat st;

	for (unsigned i = 0; i < STALE_MAX; i++) {
		if (lstat(mountpoint, &st) == 0 || errno != ENOTCONN)
			return 0;
		log_info("fuse", "stale=%s", mountpoint);
		if (umount2(mountpoint, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
			unmount_helper(mountpoint);
	}
	return err_set(e, ERR_CONFLICT,
	    "%s: what a dead emulator mounted there cannot be unmounted",
	    mountpoint);
}

/* A directory that nothing is mounted on. */
static int
prepare(const char *mountpoint, struct err *e)
{
	struct stat st, up;
	char *parent;

	if (clear_stale(mountpoint, e) < 0)
		return -1;
	if (mkdir(mountpoint, 0755) < 0 && errno != EEXIST)
		return err_set(e, ERR_UNAVAILABLE, "%s: %s", mountpoint,
		    strerror(errno));
	parent = xmalloc(strlen(mountpoint) + sizeof("/.."));
	snprintf(parent, strlen(mountpoint) + sizeof("/.."), "%s/..",
	    mountpoint);
	if (stat(mountpoint, &st) < 0 || stat(parent, &up) < 0)
		err_set(e, ERR_UNAVAILABLE, "%s: %s", mountpoint,
		    strerror(errno));
	else if (!S_ISDIR(st.st_mode))
		err_set(e, ERR_CONFLICT, "%s is no directory", mountpoint);
	else if (st.st_dev != up.st_dev)
		err_set(e, ERR_CONFLICT, "%s: something is mounted there",
		    mountpoint);
	else {
		free(parent);
		return 0;
	}
	free(parent);
	return -1;
}

static void
to_log(enum fuse_log_level level, const char *fmt, va_list ap)
{
	char text[256];

	vsnprintf(text, sizeof(text), fmt, ap);
	text[strcspn(text, "\n")] = '\0';
	log_line(level <= FUSE_LOG_WARNING ? LOG_WARN : LOG_DEBUG, "fuse", "%s",
	    text);
}

static int
mount_it(struct face_fuse *ff, struct err *e)
{
	char name[] = "polyroot-emu", opt[] = "-o",
	    options[] = "default_permissions,fsname=polyroot-emu,subtype=polyroot";
	char *argv[] = { name, opt, options, NULL };
	struct fuse_args args = FUSE_ARGS_INIT(3, argv);
	int fd;

	fuse_set_log_func(to_log);
	ff->fuse = fuse_new(&args, &operations, sizeof(operations), ff);
	fuse_opt_free_args(&args);
	if (ff->fuse == NULL)
		return err_set(e, ERR_UNAVAILABLE, "FUSE refuses to start");
	if (fuse_mount(ff->fuse, ff->mountpoint) != 0) {
		fuse_destroy(ff->fuse);
		return err_set(e, ERR_UNAVAILABLE,
		    "%s: FUSE cannot mount there", ff->mountpoint);
	}
	/* An interrupted request is withdrawn between poll and read. */
	fd = fuse_session_fd(fuse_get_session(ff->fuse));
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	return 0;
}

static void
unmount_it(struct face_fuse *ff)
{
	fuse_unmount(ff->fuse);
	fuse_destroy(ff->fuse);
}

struct face_fuse *
face_fuse_start(struct faces *faces, const char *mountpoint, struct err *e)
{
	struct face_fuse *ff;

	if (prepare(mountpoint, e) < 0)
		return NULL;
	ff = xcalloc(1, sizeof(*ff) + strlen(mountpoint) + 1);
	memcpy(ff->mountpoint, mountpoint, strlen(mountpoint) + 1);
	ff->faces = faces;
	ff->stop = eventfd(0, EFD_CLOEXEC);
	if (ff->stop < 0) {
		err_set(e, ERR_UNAVAILABLE, "eventfd: %s", strerror(errno));
	} else if (mount_it(ff, e) == 0) {
		if (start_thread(ff) == 0)
			return ff;
		unmount_it(ff);
		err_set(e, ERR_UNAVAILABLE, "no thread for FUSE");
	}
	if (ff->stop >= 0)
		close(ff->stop);
	free(ff);
	return NULL;
}

void
face_fuse_stop(struct face_fuse *ff)
{
	if (ff == NULL)
		return;
	eventfd_write(ff->stop, 1);
	pthread_join(ff->thread, NULL);
	unmount_it(ff);
	close(ff->stop);
	free(ff);
}
