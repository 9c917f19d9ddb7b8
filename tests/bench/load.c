/*
 * load.c -- clients of the HTTPS API that cost less than the server.
 *
 *	load PORT CA TOKEN CLIENTS profiles FIRST COUNT
 *	load PORT CA TOKEN CLIENTS vnics FIRST COUNT PER
 *	load PORT CA TOKEN 1 binds PROFILE SLOT COUNT
 *
 * One thread, one epoll, CLIENTS connections that are kept alive, one request
 * under way on each.  `profiles` makes profiles bFIRST…; `vnics` gives each of
 * COUNT of them PER vNICs: no two clients work on one profile, every request
 * has an Idempotency-Key of its own.  `binds` assigns and releases a profile
 * and tells how long from the request until the job was seen applied.
 *
 * Connections and handshakes are made before the clock runs.  Any answer that
 * is not a success ends the run.  Prints {"requests","seconds","perSecond",
 * "p50us","p99us"}.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS_MAX = 1024, ANSWER_MAX = 64 * 1024, REQUEST_MAX = 4096 };

struct client {
	gnutls_session_t tls;
	int fd;
	unsigned profile, done;		/* vnics: this profile, so many given */
	bool busy;
	double sent_at;
	size_t n;			/* bytes of the answer so far */
	char answer[ANSWER_MAX + 1];
};

static struct {
	const char *port, *ca, *token, *mode;
	unsigned clients, first, count, per, next;
	unsigned long seq;
	uint64_t run;			/* so that keys differ from run to run */
	double *us;			/* one per answer */
	size_t n_us;
} g;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

__attribute__((format(printf, 1, 2))) static _Noreturn void
die(const char *fmt, ...)
{
	va_list ap;

	fputs("load: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

static void
tls_must(int rc, const char *what)
{
	if (rc < 0)
		die("%s: %s", what, gnutls_strerror(rc));
}

/* ---- connections ---- */

static int
connect_to(const char *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0 ||
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) < 0)
		die("port %s: %s", port, strerror(errno));
	return fd;
}

static void
client_open(struct client *c, gnutls_certificate_credentials_t trust)
{
	int rc;

	c->fd = connect_to(g.port);
	tls_must(gnutls_init(&c->tls, GNUTLS_CLIENT), "TLS");
	tls_must(gnutls_set_default_priority(c->tls), "TLS");
	tls_must(gnutls_credentials_set(c->tls, GNUTLS_CRD_CERTIFICATE, trust),
	    "TLS");
	gnutls_session_set_verify_cert(c->tls, "127.0.0.1", 0);
	gnutls_transport_set_int(c->tls, c->fd);
	do
		rc = gnutls_handshake(c->tls);
	while (rc < 0 && !gnutls_error_is_fatal(rc));
	tls_must(rc, "handshake");
	if (fcntl(c->fd, F_SETFL, O_NONBLOCK) < 0)
		die("fcntl: %s", strerror(errno));
}

/* A request fits into the socket's buffer: nothing else is under way. */
static void
client_send(struct client *c, const char *bytes, size_t n)
{
	ssize_t rc;

	c->sent_at = now();
	c->busy = true;
	c->n = 0;
	do
		rc = gnutls_record_send(c->tls, bytes, n);
	while (rc == GNUTLS_E_AGAIN || rc == GNUTLS_E_INTERRUPTED);
	if (rc != (ssize_t)n)
		die("send: %s", rc < 0 ? gnutls_strerror((int)rc) : "short");
}

static void
client_ask(struct client *c, const char *method, const char *path,
    const char *body)
{
	char b[REQUEST_MAX];
	int n = snprintf(b, sizeof(b), "%s /api/v1%s HTTP/1.1\r\n"
	    "Host: 127.0.0.1:%s\r\nAuthorization: Bearer %s\r\n", method, path,
	    g.port, g.token);

	if (body != NULL)
		n += snprintf(b + n, sizeof(b) - (size_t)n,
		    "Content-Type: application/json\r\nContent-Length: %zu\r\n"
		    "Idempotency-Key: %016llx-%lu\r\n\r\n%s", strlen(body),
		    (unsigned long long)g.run, g.seq++, body);
	else
		n += snprintf(b + n, sizeof(b) - (size_t)n, "\r\n");
	if (n >= (int)sizeof(b))
		die("a request is too long");
	client_send(c, b, (size_t)n);
}

/* ---- answers ---- */

/* The value of a header, or NULL; the head ends with an empty line. */
static const char *
header(const struct client *c, const char *name)
{
	const char *at = strcasestr(c->answer, name);
	const char *end = strstr(c->answer, "\r\n\r\n");

	return at != NULL && at < end ? at + strlen(name) : NULL;
}

/* The body, once all of it is there; else NULL. */
static const char *
whole(const struct client *c)
{
	const char *end = strstr(c->answer, "\r\n\r\n");
	const char *length;

	if (end == NULL)
		return NULL;
	length = header(c, "\r\nContent-Length: ");
	if (length == NULL)
		die("an answer without a length:\n%s", c->answer);
	end += 4;
	return c->n >= (size_t)(end - c->answer) + strtoul(length, NULL, 10) ?
	    end : NULL;
}

/* Takes what has come; the body, or NULL when more must come. */
static const char *
client_take(struct client *c)
{
	for (;;) {
		ssize_t n = gnutls_record_recv(c->tls, c->answer + c->n,
		    ANSWER_MAX - c->n);

		if (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED)
			return NULL;
		if (n <= 0)
			die("the server hung up: %s", n < 0 ?
			    gnutls_strerror((int)n) : "end");
		c->n += (size_t)n;
		c->answer[c->n] = '\0';
		if (whole(c) != NULL)
			break;
	}
	if (strncmp(c->answer, "HTTP/1.1 2", 10) != 0)
		die("refused:\n%s", c->answer);
	c->busy = false;
	return whole(c);
}

static void
record(const struct client *c)
{
	g.us[g.n_us++] = (now() - c->sent_at) * 1e6;
}

/* ---- many clients ---- */

static bool
ask_profile(struct client *c)
{
	char body[64];

	if (g.next == g.first + g.count)
		return false;
	snprintf(body, sizeof(body), "{\"name\":\"b%u\"}", g.next++);
	client_ask(c, "POST", "/profiles", body);
	return true;
}

static bool
ask_vnic(struct client *c)
{
	char path[64], body[96];

	if (c->done == g.per) {
		if (g.next == g.first + g.count)
			return false;
		c->profile = g.next++;
		c->done = 0;
	}
	snprintf(path, sizeof(path), "/profiles/b%u/vnics", c->profile);
	snprintf(body, sizeof(body), "{\"name\":\"net%u\",\"mac\":\"pool\","
	    "\"networks\":[\"bench\"]}", c->done++);
	client_ask(c, "POST", path, body);
	return true;
}

static bool
ask(struct client *c)
{
	return strcmp(g.mode, "vnics") == 0 ? ask_vnic(c) : ask_profile(c);
}

static void
run_many(struct client *clients, int epoll)
{
	unsigned busy = 0;

	for (unsigned i = 0; i < g.clients; i++)
		busy += ask(&clients[i]);
	while (busy > 0) {
		struct epoll_event ev[64];
		int n = epoll_wait(epoll, ev, 64, 30000);

		if (n == 0)
			die("no answer within 30 s");
		for (int i = 0; i < n; i++) {
			struct client *c = ev[i].data.ptr;

			if (!c->busy || client_take(c) == NULL)
				continue;
			record(c);
			busy -= !ask(c);
		}
	}
}

/* ---- one client that binds ---- */

static const char *
exchange(struct client *c, int epoll, const char *method, const char *path,
    const char *body)
{
	struct epoll_event ev;
	const char *answer;

	client_ask(c, method, path, body);
	while ((answer = client_take(c)) == NULL)
		if (epoll_wait(epoll, &ev, 1, 60000) == 0)
			die("%s: no answer within 60 s", path);
	return answer;
}

/* Until the job that the last answer names was applied. */
static void
await_job(struct client *c, int epoll)
{
	const char *at = header(c, "/jobs/");
	char path[64];

	if (at == NULL)
		die("no job:\n%s", c->answer);
	snprintf(path, sizeof(path), "/jobs/%lu?wait=30",
	    strtoul(at, NULL, 10));
	for (;;) {
		const char *job = exchange(c, epoll, "GET", path, NULL);

		if (strstr(job, "\"applied\"") != NULL)
			return;
		if (strstr(job, "\"rolledBack\"") != NULL ||
		    strstr(job, "\"rollbackFailed\"") != NULL)
			die("not applied:\n%s", job);
	}
}

static void
run_binds(struct client *c, int epoll, const char *profile, const char *slot)
{
	char assign[128], release[128], body[32];

	snprintf(assign, sizeof(assign), "/profiles/%s:assign", profile);
	snprintf(release, sizeof(release), "/profiles/%s:release", profile);
	snprintf(body, sizeof(body), "{\"slot\":%s}", slot);
	for (unsigned i = 0; i < g.count; i++) {
		double start = now();

		exchange(c, epoll, "POST", assign, body);
		await_job(c, epoll);
		g.us[g.n_us++] = (now() - start) * 1e6;
		exchange(c, epoll, "POST", release, "{}");
		await_job(c, epoll);
	}
}

/* ---- */

static int
rising(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void
tell(double seconds)
{
	qsort(g.us, g.n_us, sizeof(double), rising);
	printf("{\"requests\":%zu,\"seconds\":%.6f,\"perSecond\":%.1f,"
	    "\"p50us\":%.1f,\"p99us\":%.1f}\n", g.n_us, seconds,
	    (double)g.n_us / seconds, g.us[g.n_us / 2],
	    g.us[g.n_us * 99 / 100]);
}

static struct client *
open_clients(int epoll)
{
	struct client *clients = calloc(g.clients, sizeof(*clients));
	gnutls_certificate_credentials_t trust;

	tls_must(gnutls_certificate_allocate_credentials(&trust), "TLS");
	tls_must(gnutls_certificate_set_x509_trust_file(trust, g.ca,
	    GNUTLS_X509_FMT_PEM), g.ca);
	for (unsigned i = 0; clients != NULL && i < g.clients; i++) {
		struct epoll_event ev = { .events = EPOLLIN };

		ev.data.ptr = &clients[i];
		client_open(&clients[i], trust);
		clients[i].done = g.per;
		if (epoll_ctl(epoll, EPOLL_CTL_ADD, clients[i].fd, &ev) < 0)
			die("epoll: %s", strerror(errno));
	}
	return clients;
}

int
main(int argc, char **argv)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	struct client *clients;
	double start;
	bool binds;

	if (argc < 8)
		die("usage: load PORT CA TOKEN CLIENTS profiles|vnics|binds ...");
	g.port = argv[1];
	g.ca = argv[2];
	g.token = argv[3];
	g.clients = (unsigned)strtoul(argv[4], NULL, 10);
	g.mode = argv[5];
	binds = strcmp(g.mode, "binds") == 0;
	g.first = g.next = (unsigned)strtoul(argv[6], NULL, 10);
	g.count = (unsigned)strtoul(argv[binds && argc > 8 ? 8 : 7], NULL, 10);
	g.per = argc > 8 && !binds ? (unsigned)strtoul(argv[8], NULL, 10) : 1;
	if (g.clients == 0 || g.clients > CLIENTS_MAX || g.count == 0 ||
	    g.per == 0)
		die("a number is wrong");
	g.us = calloc((size_t)g.count * g.per, sizeof(double));
	if (getrandom(&g.run, sizeof(g.run), 0) != (ssize_t)sizeof(g.run) ||
	    g.us == NULL || (clients = open_clients(epoll)) == NULL)
		die("cannot start: %s", strerror(errno));
	start = now();
	if (binds)
		run_binds(clients, epoll, argv[6], argv[7]);
	else
		run_many(clients, epoll);
	tell(now() - start);
	return EXIT_SUCCESS;
}
