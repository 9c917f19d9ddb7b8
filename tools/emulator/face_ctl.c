/* face_ctl.c -- see face_ctl.h. */
#include "tools/emulator/face_ctl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"

enum { LINE_BYTES = 1024, ANSWER_MAX = 256 << 20, PATIENCE_MS = 30000 };

struct client {
	int fd;
	char line[LINE_BYTES];
	size_t n;			/* bytes of the line so far */
	char *out;			/* the answer, with its newline */
	size_t out_n, sent;
};

struct face_ctl {
	struct faces *faces;
	int listener;
	struct client client[FACE_CLIENTS];
	unsigned n;
};

struct face_ctl *
face_ctl_open(struct faces *faces, const char *name, struct err *e)
{
	struct face_ctl *f;
	int fd = face_sock_listen(name, SOCK_STREAM, e);

	if (fd < 0)
		return NULL;
	f = xcalloc(1, sizeof(*f));
	f->faces = faces;
	f->listener = fd;
	return f;
}

static void
drop(struct client *k)
{
	(void)close(k->fd);
	free(k->out);
}

void
face_ctl_close(struct face_ctl *f)
{
	if (f == NULL)
		return;
	for (unsigned i = 0; i < f->n; i++)
		drop(&f->client[i]);
	(void)close(f->listener);
	free(f);
}

nfds_t
face_ctl_fds(const struct face_ctl *f, struct pollfd *p)
{
	p[0] = (struct pollfd){ .fd = f->n < FACE_CLIENTS ? f->listener : -1,
		.events = POLLIN };
	for (unsigned i = 0; i < f->n; i++)
		p[i + 1] = (struct pollfd){ .fd = f->client[i].fd,
			.events = f->client[i].out != NULL ? POLLOUT : POLLIN };
	return f->n + 1;
}

/* ---- one client ---- */

static void
answer(struct faces *faces, struct client *k, const char *line)
{
	json_t *value;

	pthread_mutex_lock(&faces->lock);
	value = chassis_ctl(faces->chassis, clock_now_ms(), line);
	pthread_mutex_unlock(&faces->lock);
	k->out = json_text(value);
	json_decref(value);
	k->out_n = strlen(k->out);
	k->out = xrealloc(k->out, k->out_n + 1);
	k->out[k->out_n++] = '\n';
	k->sent = 0;
}

/* Answers the first whole line, if there is one. */
static void
take_line(struct faces *faces, struct client *k)
{
	char *end = memchr(k->line, '\n', k->n);
	char line[LINE_BYTES];
	size_t n;

	if (end == NULL || k->out != NULL)
		return;
	n = (size_t)(end - k->line);
	memcpy(line, k->line, n);
	line[n] = '\0';
	k->n -= n + 1;
	memmove(k->line, end + 1, k->n);
	answer(faces, k, line);
}

/* false when there is nobody to talk to. */
static bool
hear(struct client *k)
{
	ssize_t got;

	if (k->n == sizeof(k->line))
		return false;
	got = recv(k->fd, k->line + k->n, sizeof(k->line) - k->n, 0);
	if (got <= 0)
		return got < 0 && (errno == EAGAIN || errno == EINTR);
	k->n += (size_t)got;
	return true;
}

static bool
talk(struct client *k)
{
	ssize_t n = send(k->fd, k->out + k->sent, k->out_n - k->sent,
	    MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	k->sent += (size_t)n;
	if (k->sent == k->out_n) {
		free(k->out);
		k->out = NULL;
	}
	return true;
}

static bool
serve(struct face_ctl *f, struct client *k)
{
	if (k->out == NULL && !hear(k))
		return false;
	for (;;) {
		take_line(f->faces, k);
		if (k->out == NULL)
			return true;
		if (!talk(k))
			return false;
		if (k->out != NULL)
			return true;	/* the rest when it can be taken */
	}
}

void
face_ctl_serve(struct face_ctl *f, const struct pollfd *p, nfds_t n)
{
	unsigned kept = 0;
	int fd;

	for (unsigned i = 0; i < n - 1; i++) {
		struct client k = f->client[i];

		if (p[i + 1].revents == 0 || serve(f, &k))
			f->client[kept++] = k;
		else
			drop(&k);
	}
	f->n = kept;
	if ((p[0].revents & POLLIN) && (fd = face_sock_accept(f->listener)) >= 0)
		f->client[f->n++] = (struct client){ .fd = fd };
}

/* ---- the other end ---- */

static int
fail(const char *what)
{
	(void)fprintf(stderr, "polyroot-emu ctl: %s\n", what);
	return 1;
}

static bool
send_words(int fd, int n, char *const *words)
{
	struct buf line = buf_new(LINE_BYTES - 1);
	bool ok;

	for (int i = 0; i < n; i++)
		buf_printf(&line, "%s%s", i > 0 ? " " : "", words[i]);
	ok = !line.full && (line.data == NULL ||
	    strchr(line.data, '\n') == NULL);
	buf_str(&line, "\n");
	ok = ok && !line.full &&
	    send(fd, line.data, line.len, MSG_NOSIGNAL) == (ssize_t)line.len;
	buf_free(&line);
	return ok;
}

/* Up to the newline; false when it does not come. */
static bool
read_answer(int fd, struct buf *out)
{
	static char piece[65536];
	struct pollfd p = { .fd = fd, .events = POLLIN };

	while (poll(&p, 1, PATIENCE_MS) == 1) {
		ssize_t n = recv(fd, piece, sizeof(piece), 0);

		if (n <= 0)
			return false;
		buf_put(out, piece, (size_t)n);
		if (out->full)
			return false;
		if (piece[n - 1] == '\n')
			return true;
	}
	return false;
}

int
face_ctl_client(const char *path, int n, char *const *words)
{
	struct buf answer_text = buf_new(ANSWER_MAX);
	struct err e;
	json_t *value;
	int fd = face_sock_connect(path, SOCK_STREAM, &e);
	int rc = 1;

	if (fd < 0)
		return fail(e.msg);
	if (!send_words(fd, n, words))
		rc = fail("the command is too long");
	else if (!read_answer(fd, &answer_text))
		rc = fail("no answer");
	else if (json_read(answer_text.data, answer_text.len, ANSWER_MAX,
	    &value, &e) < 0)
		rc = fail(e.msg);
	else {
		rc = json_object_get(value, "error") != NULL;
		json_decref(value);
		(void)fwrite(answer_text.data, 1, answer_text.len, stdout);
		rc = fflush(stdout) == 0 ? rc : 1;
	}
	buf_free(&answer_text);
	(void)close(fd);
	return rc;
}
