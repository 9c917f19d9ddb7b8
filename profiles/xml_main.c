/*
 * xml_main.c -- polyroot-xml: reads XML where it can do no harm.
 *
 * Started by polyrootd with one descriptor, 3.  For each document that comes in
 * there it forks a child, which gives away every right, reads the document and
 * writes the answer into a piece of shared memory; when the child has ended
 * well, the answer goes out.  A child that crashes or takes too much costs its
 * document and nothing else.  Ends when polyrootd closes its end.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "profiles/xml_box.h"
#include "profiles/xml_read.h"
#include "profiles/xml_wire.h"

enum { LINE = 3 };		/* the descriptor that polyrootd gave us */

/* False at the end of file or on an error: there is nobody to answer. */
static bool
read_all(void *to, size_t n)
{
	for (char *p = to; n > 0;) {
		ssize_t got = read(LINE, p, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
	}
	return true;
}

static bool
write_all(int fd, const void *from, size_t n)
{
	for (const char *p = from; n > 0;) {
		ssize_t put = write(fd, p, n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		p += put;
		n -= (size_t)put;
	}
	return true;
}

static bool
send_file(int fd, size_t n)
{
	off_t at = 0;

	while (n > 0) {
		ssize_t put = sendfile(LINE, fd, &at, n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		n -= (size_t)put;
	}
	return true;
}

/* ---- the child ---- */

/* The answer's memory becomes descriptor 0, and there is no other. */
static _Noreturn void
read_document(const char *bytes, size_t n, int answer)
{
	struct buf out = buf_new(XML_WIRE_MAX);
	struct xml_records r;
	struct err e;

	if (dup2(answer, 0) < 0 || close_range(1, ~0u, 0) < 0 ||
	    xml_box_reader(&e) < 0)
		_exit(EXIT_FAILURE);
	if (xml_read(arena_new(), bytes, n, &r, &e) < 0 ||
	    xml_wire_put(&r, &out, &e) < 0)
		xml_wire_refuse(&e, &out);
	_exit(write_all(0, out.data, out.len) ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* ---- the server ---- */

/* What became of the child. */
static struct xml_tell
outcome(int status, int answer)
{
	struct xml_tell t = { .magic = XML_WIRE_TELL, .outcome = XML_CRASHED };
	struct stat st;

	if (WIFSIGNALED(status)) {
		int signal = WTERMSIG(status);

		t.detail = (uint32_t)signal;
		if (signal == SIGXCPU || signal == SIGKILL ||
		    signal == SIGABRT || signal == SIGXFSZ)
			t.outcome = XML_TOO_MUCH;
	} else if (WEXITSTATUS(status) == EXIT_SUCCESS &&
	    fstat(answer, &st) == 0 && st.st_size > 0 &&
	    st.st_size <= (off_t)XML_WIRE_MAX) {
		t.outcome = XML_ANSWERED;
		t.size = (uint32_t)st.st_size;
	}
	if (t.outcome != XML_ANSWERED)
		log_warn("xml", "reader=lost status=%d", status);
	return t;
}

/* False when polyrootd cannot be answered. */
static bool
serve(const char *bytes, size_t n)
{
	int answer = memfd_create("answer", MFD_CLOEXEC), status = 0;
	struct xml_tell t;
	pid_t child;
	bool sent;

	if (answer < 0)
		return false;
	child = fork();
	if (child == 0)
		read_document(bytes, n, answer);
	if (child < 0)
		status = EXIT_FAILURE << 8;
	else
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			continue;
	t = outcome(status, answer);
	sent = write_all(LINE, &t, sizeof(t)) && send_file(answer, t.size);
	(void)close(answer);
	return sent;
}

int
main(void)
{
	struct xml_ask ask;
	struct err e;
	bool good = true;

	log_open("polyroot-xml");
	signal(SIGPIPE, SIG_IGN);
	if (close_range(LINE + 1, ~0u, 0) < 0)
		log_warn("xml", "close_range: %s", strerror(errno));
	xml_read_init();
	tzset();	/* the log's time reads a file, once */
	if (xml_box_server(&e) < 0) {
		log_error("xml", "%s", e.msg);
		_exit(EXIT_FAILURE);
	}
	while (good && read_all(&ask, sizeof(ask))) {
		char *bytes;

		if (ask.magic != XML_WIRE_ASK || ask.size > XML_MAX_BYTES)
			break;
		bytes = xmalloc(ask.size + 1);
		good = read_all(bytes, ask.size) && serve(bytes, ask.size);
		free(bytes);
	}
	_exit(EXIT_SUCCESS);
}
