/* xml_client.c -- see xml_client.h. */
#include "profiles/xml_client.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "profiles/xml_wire.h"

/* More than a reader's 10 s of processor time on a busy machine. */
enum { DEADLINE_MS = 60000, LINE = 3 };

struct xml_worker {
	pthread_mutex_t lock;
	char *program;
	pid_t pid;			/* 0 = none runs */
	int fd;
};

/* ---- the process ---- */

static void
lose(struct xml_worker *w)
{
	if (w->pid == 0)
		return;
	(void)close(w->fd);
	(void)kill(w->pid, SIGKILL);
	while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	w->pid = 0;
}

static int
spawn(struct xml_worker *w, int far, struct err *e)
{
	char name[] = "polyroot-xml", *argv[] = { name, NULL };
	char *env[] = { NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none;
	int rc;

	sigemptyset(&none);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, far, LINE);
	posix_spawn_file_actions_addclosefrom_np(&actions, LINE + 1);
	rc = posix_spawn(&w->pid, w->program, &actions, &attr, argv, env);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	if (rc == 0)
		return 0;
	w->pid = 0;
	return err_set(e, ERR_UNAVAILABLE, "%s: %s", w->program, strerror(rc));
}

static int
launch(struct xml_worker *w, struct err *e)
{
	int pair[2], rc;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set(e, ERR_UNAVAILABLE, "socketpair: %s",
		    strerror(errno));
	rc = spawn(w, pair[1], e);
	(void)close(pair[1]);
	if (rc < 0) {
		(void)close(pair[0]);
		return -1;
	}
	w->fd = pair[0];
	(void)fcntl(w->fd, F_SETFL, O_NONBLOCK);
	return 0;
}

/* A whole path, so that it is found again after a change of directory. */
static char *
find_program(const char *program)
{
	const char *path = getenv("PATH");
	char *list, *rest = NULL, *found = realpath(program, NULL);

	if (found != NULL || strchr(program, '/') != NULL || path == NULL)
		return found;
	list = xstrdup(path);
	for (char *dir = strtok_r(list, ":", &rest); dir != NULL &&
	    found == NULL; dir = strtok_r(NULL, ":", &rest)) {
		struct buf b = buf_new(PATH_MAX);

		buf_printf(&b, "%s/%s", dir, program);
		if (b.data != NULL && access(b.data, X_OK) == 0)
			found = realpath(b.data, NULL);
		buf_free(&b);
	}
	free(list);
	return found;
}

int
xml_worker_start(const char *program, struct xml_worker **out, struct err *e)
{
	char *path = find_program(program);
	struct xml_worker *w;

	if (path == NULL)
		return err_set(e, ERR_UNAVAILABLE, "%s: %s", program,
		    strerror(errno));
	w = xcalloc(1, sizeof(*w));
	w->program = path;
	pthread_mutex_init(&w->lock, NULL);
	if (launch(w, e) < 0) {
		xml_worker_stop(w);
		return -1;
	}
	*out = w;
	return 0;
}

void
xml_worker_stop(struct xml_worker *w)
{
	if (w == NULL)
		return;
	lose(w);
	pthread_mutex_destroy(&w->lock);
	free(w->program);
	free(w);
}

/* ---- one document ---- */

static int
no_answer(struct err *e, const char *why)
{
	return err_set(e, ERR_UNAVAILABLE, "polyroot-xml: %s", why);
}

/* Waits until the descriptor is ready, at most until the deadline. */
static int
ready(int fd, short what, int64_t deadline, struct err *e)
{
	struct pollfd p = { .fd = fd, .events = what };
	int64_t left = deadline - clock_now_ms();
	int rc = left <= 0 ? 0 : poll(&p, 1, (int)left);

	if (rc > 0 || (rc < 0 && errno == EINTR))
		return 0;
	return no_answer(e, rc == 0 ? "no answer in time" : strerror(errno));
}

static int
send_all(int fd, const void *from, size_t n, int64_t deadline, struct err *e)
{
	for (const char *p = from; n > 0;) {
		ssize_t put = send(fd, p, n, MSG_NOSIGNAL);

		if (put > 0) {
			p += put;
			n -= (size_t)put;
		} else if (errno != EAGAIN && errno != EINTR) {
			return no_answer(e, strerror(errno));
		} else if (ready(fd, POLLOUT, deadline, e) < 0) {
			return -1;
		}
	}
	return 0;
}

static int
receive_all(int fd, void *to, size_t n, int64_t deadline, struct err *e)
{
	for (char *p = to; n > 0;) {
		ssize_t got = recv(fd, p, n, 0);

		if (got > 0) {
			p += got;
			n -= (size_t)got;
		} else if (got == 0) {
			return no_answer(e, "it ended");
		} else if (errno != EAGAIN && errno != EINTR) {
			return no_answer(e, strerror(errno));
		} else if (ready(fd, POLLIN, deadline, e) < 0) {
			return -1;
		}
	}
	return 0;
}

static int
check_tell(const struct xml_tell *t, struct err *e)
{
	if (t->magic != XML_WIRE_TELL || t->outcome > XML_CRASHED ||
	    t->size > XML_WIRE_MAX ||
	    (t->outcome == XML_ANSWERED) != (t->size > 0))
		return err_set(e, ERR_INTERNAL,
		    "polyroot-xml answered nonsense");
	return 0;
}

static int
exchange(struct xml_worker *w, const char *bytes, size_t n, char **answer,
    struct xml_tell *tell, struct err *e)
{
	struct xml_ask ask = { XML_WIRE_ASK, (uint32_t)n };
	int64_t deadline = clock_now_ms() + DEADLINE_MS;

	if (send_all(w->fd, &ask, sizeof(ask), deadline, e) < 0 ||
	    send_all(w->fd, bytes, n, deadline, e) < 0 ||
	    receive_all(w->fd, tell, sizeof(*tell), deadline, e) < 0 ||
	    check_tell(tell, e) < 0)
		return -1;
	*answer = xmalloc(tell->size + 1);
	if (receive_all(w->fd, *answer, tell->size, deadline, e) == 0)
		return 0;
	free(*answer);
	*answer = NULL;
	return -1;
}

/* A worker that died while nobody asked is noticed here, not by the next one
 * who asks. */
static bool
is_dead(const struct xml_worker *w)
{
	char c;

	return w->pid == 0 || recv(w->fd, &c, 1, MSG_PEEK) >= 0 ||
	    errno != EAGAIN;
}

static int
ask(struct xml_worker *w, const char *bytes, size_t n, char **answer,
    struct xml_tell *tell, struct err *e)
{
	int rc = 0;

	pthread_mutex_lock(&w->lock);
	if (is_dead(w)) {
		lose(w);
		rc = launch(w, e);
	}
	if (rc == 0) {
		rc = exchange(w, bytes, n, answer, tell, e);
		if (rc < 0) {
			log_error("xml", "worker=lost why=\"%s\"", e->msg);
			lose(w);
		}
	}
	pthread_mutex_unlock(&w->lock);
	return rc;
}

static int
decode(const struct xml_tell *tell, const char *answer, struct arena *arena,
    struct xml_records *r, struct err *e)
{
	if (tell->outcome == XML_TOO_MUCH)
		return err_rule(e, ERR_MALFORMED, "DocumentLimit", NULL,
		    "the document needs more memory or time than a reader "
		    "gets");
	if (tell->outcome == XML_CRASHED) {
		log_error("xml", "reader=crashed signal=%u", tell->detail);
		return err_set(e, ERR_INTERNAL,
		    "the reader ended on this document");
	}
	return xml_wire_get(arena, answer, tell->size, r, e);
}

int
xml_parse(struct xml_worker *w, const char *bytes, size_t n,
    struct arena *arena, struct xml_records **out, struct err *e)
{
	struct xml_records *r = arena_alloc(arena, sizeof(*r));
	struct xml_tell tell = { 0 };
	char *answer = NULL;
	int rc;

	if (n > XML_MAX_BYTES)
		return err_rule(e, ERR_MALFORMED, "DocumentLimit", NULL,
		    "more than 32 MiB");
	if (ask(w, bytes, n, &answer, &tell, e) < 0)
		return -1;
	rc = decode(&tell, answer, arena, r, e);
	free(answer);
	if (rc == 0)
		*out = r;
	return rc;
}
