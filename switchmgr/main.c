/*
 * main.c -- polyroot-switchmgr: one switch, behind one socket.
 *
 *	polyroot-switchmgr --fabric URI --socket PATH [--name NAME]
 *
 * A shell around server_serve(): it owns the descriptors, waits in poll(), and
 * opens the fabric again while the switch is away.  One client at a time; who is
 * neither root nor the socket's owner is sent away.  libpci's errors end the
 * process (status 70); whoever supervises it starts it again.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "base/digest.h"
#include "switchmgr/driver.h"
#include "switchmgr/sandbox.h"
#include "switchmgr/server.h"
#include "switchmgr/unixsock.h"
#include "switchmgr/wire.h"

enum { RETRY_MS = 250, USAGE = 64, CANNOT_START = 1 };

/* Named here, so that this program has it (see fabric.c). */
static const struct fabric_driver *const hardware = &mriov_driver;

struct shell {
	const char *uri, *path, *name;
	struct server *server;
	struct fabric *fabric;		/* NULL while the switch is away */
	int64_t retry_ms;		/* when to look for it again */
	bool told;			/* that it is away */
	int listener, client, signals;	/* client -1: none */
};

/* ---- the switch -------------------------------------------------------- */

/* -1 with the reason when it is not there. */
static int
look_for_switch(struct shell *s, struct err *e)
{
	s->fabric = fabric_open(s->uri, e);
	if (s->fabric == NULL) {
		if (!s->told)
			log_warn(s->name, "switch=away reason=\"%s\"", e->msg);
		s->told = true;
		s->retry_ms = clock_now_ms() + RETRY_MS;
		return -1;
	}
	log_info(s->name, "switch=there fabric=%s", s->uri);
	s->told = false;
	server_attach(s->server, s->fabric);
	return 0;
}

static void
let_go_of_switch(struct shell *s)
{
	fabric_close(s->fabric);
	s->fabric = NULL;
	s->retry_ms = clock_now_ms() + RETRY_MS;
	server_attach(s->server, NULL);
}

/* ---- clients ----------------------------------------------------------- */

static void
end_client(struct shell *s)
{
	close(s->client);
	s->client = -1;
	log_info(s->name, "client=gone");
}

static void
take_client(struct shell *s)
{
	int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return;
	if (s->client >= 0 || !unixsock_peer_allowed(fd, s->path)) {
		log_warn(s->name, "client=refused reason=\"%s\"",
		    s->client >= 0 ? "there is one already" : "not the owner");
		close(fd);
		return;
	}
	s->client = fd;
	server_greet(s->server);
	log_info(s->name, "client=there");
}

static void
serve_client(struct shell *s)
{
	static _Alignas(8) uint8_t request[WIRE_MAX], reply[WIRE_MAX];
	ssize_t n = recv(s->client, request, sizeof(request), MSG_TRUNC);
	size_t size;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		end_client(s);
		return;
	}
	/* What was cut off is refused by its length. */
	size = server_serve(s->server, request, (size_t)n, reply);
	if (send(s->client, reply, size, MSG_NOSIGNAL) != (ssize_t)size)
		end_client(s);
	if (server_lost(s->server))
		let_go_of_switch(s);
}

/* ---- the loop ---------------------------------------------------------- */

static int
wait_ms(const struct shell *s)
{
	int64_t left = s->retry_ms - clock_now_ms();

	if (s->fabric != NULL)
		return -1;
	return left <= 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

/* False when it shall end. */
static bool
turn(struct shell *s)
{
	struct pollfd p[] = {
		{ .fd = s->signals, .events = POLLIN },
		{ .fd = s->client, .events = POLLIN },
		{ .fd = s->listener, .events = POLLIN },
	};
	struct err e;

	if (s->fabric == NULL && clock_now_ms() >= s->retry_ms)
		(void)!look_for_switch(s, &e);	/* it has been logged */
	if (poll(p, 3, wait_ms(s)) < 0)
		return errno == EINTR;
	if (p[0].revents != 0)
		return false;
	if (p[1].revents != 0)
		serve_client(s);
	if (p[2].revents != 0)
		take_client(s);
	return true;
}

static int
start(struct shell *s, struct err *e)
{
	sigset_t set;
	uint64_t first;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (s->signals < 0)
		return err_set(e, ERR_INTERNAL, "signalfd: %s", strerror(errno));
	s->listener = unixsock_listen(s->path, e);
	if (s->listener < 0)
		return -1;
	digest_init();
	random_bytes(&first, sizeof(first));
	s->server = server_new(first);
	s->client = -1;
	/* An address that can never work ends it; an absent switch does not. */
	if (look_for_switch(s, e) < 0 &&
	    (e->code == ERR_MALFORMED || e->code == ERR_UNSUPPORTED))
		return -1;
	return sandbox_enter(e);
}

static void
end(struct shell *s)
{
	if (s->client >= 0)
		close(s->client);
	close(s->listener);
	close(s->signals);
	unlink(s->path);
	fabric_close(s->fabric);
	server_free(s->server);
}

static int
usage(void)
{
	fprintf(stderr, "usage: polyroot-switchmgr --fabric URI --socket PATH "
	    "[--name NAME]\n  URI  %s:sysfs=PATH or %s:unix=SOCKET (%s)\n",
	    hardware->name, hardware->name, hardware->summary);
	return USAGE;
}

static int
read_options(struct shell *s, int argc, char **argv)
{
	static const struct option options[] = {
		{ "fabric", required_argument, NULL, 'f' },
		{ "socket", required_argument, NULL, 's' },
		{ "name", required_argument, NULL, 'n' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'f')
			s->uri = optarg;
		else if (c == 's')
			s->path = optarg;
		else if (c == 'n')
			s->name = optarg;
		else
			return -1;
	}
	return optind == argc && s->uri != NULL && s->path != NULL ? 0 : -1;
}

int
main(int argc, char **argv)
{
	struct shell s = { .name = "switch", .listener = -1, .client = -1 };
	struct err e;

	if (read_options(&s, argc, argv) < 0)
		return usage();
	log_open("polyroot-switchmgr");
	if (start(&s, &e) < 0) {
		log_error(s.name, "%s", e.msg);
		return CANNOT_START;
	}
	log_info(s.name, "socket=%s", s.path);
	while (turn(&s))
		continue;
	end(&s);
	log_info(s.name, "ended");
	return EXIT_SUCCESS;
}
