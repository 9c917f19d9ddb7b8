/*
 * door.c -- see door.h.
 */
#include <netinet/in.h>

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/http/door_int.h"
#include "appliance/http/exchange.h"
#include "base/clock.h"
#include "base/log.h"

/* Bytes of the address stay as they came; target.c decodes them. */
static size_t
leave_alone(void *cls, struct MHD_Connection *conn, char *text)
{
	(void)cls;
	(void)conn;
	return strlen(text);
}

/* The library's own words, mostly of handshakes that failed: a stranger makes
 * them at will, so they are for who looks for them. */
static void
log_library(void *cls, const char *fmt, va_list args)
    __attribute__((format(printf, 2, 0)));

static void
log_library(void *cls, const char *fmt, va_list args)
{
	char text[256];

	(void)cls;
	(void)vsnprintf(text, sizeof(text), fmt, args);
	text[strcspn(text, "\n")] = '\0';
	log_debug("http", "library=\"%s\"", text);
}

/* ---- listening ---- */

union where {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static int
read_address(const char *text, unsigned port, union where *a, struct err *e)
{
	if (port > 65535)
		return err_set(e, ERR_MALFORMED, "port %u", port);
	memset(a, 0, sizeof(*a));
	if (inet_pton(AF_INET, text, &a->v4.sin_addr) == 1) {
		a->v4.sin_family = AF_INET;
		a->v4.sin_port = htons((uint16_t)port);
		return 0;
	}
	if (inet_pton(AF_INET6, text, &a->v6.sin6_addr) == 1) {
		a->v6.sin6_family = AF_INET6;
		a->v6.sin6_port = htons((uint16_t)port);
		return 0;
	}
	return err_set(e, ERR_MALFORMED, "%s is no address", text);
}

static int
listen_on(struct door *d, const char *address, unsigned port, struct err *e)
{
	const union MHD_DaemonInfo *info;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TLS |
	    MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
	union where a;

	if (read_address(address, port, &a, e) < 0)
		return -1;
	if (a.any.sa_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	d->daemon = MHD_start_daemon(flags, (uint16_t)port, NULL, NULL,
	    exchange_access, d,
	    MHD_OPTION_EXTERNAL_LOGGER, log_library, NULL,
	    MHD_OPTION_SOCK_ADDR, &a.any,
	    MHD_OPTION_NOTIFY_COMPLETED, exchange_over, d,
	    MHD_OPTION_UNESCAPE_CALLBACK, leave_alone, NULL,
	    MHD_OPTION_THREAD_POOL_SIZE, (unsigned)DOOR_THREADS,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)DOOR_CONNECTIONS,
	    MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)DOOR_PER_ADDRESS,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)DOOR_TIMEOUT_S,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)DOOR_HEAD,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1,
	    MHD_OPTION_HTTPS_MEM_KEY, d->tls.key,
	    MHD_OPTION_HTTPS_MEM_CERT, d->tls.cert,
	    MHD_OPTION_HTTPS_PRIORITIES, tls_priorities,
	    MHD_OPTION_END);
	if (d->daemon == NULL)
		return err_set(e, ERR_UNAVAILABLE, "cannot listen on %s:%u: %s",
		    address, port, strerror(errno));
	info = MHD_get_daemon_info(d->daemon, MHD_DAEMON_INFO_BIND_PORT);
	d->port = port != 0 || info == NULL ? port : info->port;
	return 0;
}

/* ---- opening and closing ---- */

static struct door *
door_new(const struct door_config *c)
{
	struct door *d = xcalloc(1, sizeof(*d));

	(void)pthread_mutex_init(&d->lock, NULL);
	(void)pthread_cond_init(&d->idle, NULL);
	d->service = c->service;
	d->writer = c->writer;
	d->views = c->views;
	d->webui = c->webui;
	d->started_ms = clock_wall_ms();
	d->sse = sse_new();
	(void)snprintf(d->version, sizeof(d->version), "%s", c->version);
	return d;
}

static void
door_free(struct door *d)
{
	if (d->slow != NULL)
		slow_close(d->slow);
	if (d->documents != NULL)
		slow_close(d->documents);
	if (d->bell != NULL)
		bell_close(d->bell);
	if (d->readers != NULL)
		readers_close(d->readers);
	sse_free(d->sse);
	tls_free(&d->tls);
	(void)pthread_cond_destroy(&d->idle);
	(void)pthread_mutex_destroy(&d->lock);
	free(d);
}

int
door_open(const struct door_config *c, struct door **out, struct err *e)
{
	const char *address = c->address != NULL ? c->address : "127.0.0.1";
	struct door *d = door_new(c);

	if (tls_load(c->cert_path, c->key_path, d->started_ms, &d->tls, e) < 0 ||
	    readers_open(c->db_path, &d->readers, e) < 0 ||
	    slow_open(&d->slow, e) < 0 || slow_open(&d->documents, e) < 0 ||
	    bell_open(&d->bell, e) < 0)
		goto fail;
	/* A request may come before this line ends: the name is set first, and
	 * once more when the kernel has chosen the port. */
	(void)snprintf(d->cookie, sizeof(d->cookie), "__Host-polyroot-%u",
	    c->port);
	if (listen_on(d, address, c->port, e) < 0)
		goto fail;
	if (c->port == 0)
		(void)snprintf(d->cookie, sizeof(d->cookie),
		    "__Host-polyroot-%u", d->port);
	log_info("http", "listen=%s:%u certificate=%s", address, d->port,
	    d->tls.fingerprint);
	*out = d;
	return 0;
fail:
	if (d->bell != NULL)
		bell_stop(d->bell);
	door_free(d);
	return -1;
}

/*
 * Nobody is handed to the writer or falls asleep any more; who comes meanwhile
 * is told 503.  MHD_quiesce_daemon() is not used: with a pool of threads its
 * caller and a thread may both take the listening socket off epoll, and the
 * second one panics.
 */
void
door_close(struct door *d)
{
	if (d == NULL)
		return;
	(void)pthread_mutex_lock(&d->lock);
	d->closing = true;
	while (d->pending > 0)
		(void)pthread_cond_wait(&d->idle, &d->lock);
	(void)pthread_mutex_unlock(&d->lock);
	bell_stop(d->bell);		/* resumes every sleeper */
	MHD_stop_daemon(d->daemon);
	door_free(d);
}

unsigned
door_port(const struct door *d)
{
	return d->port;
}

void
door_notify(struct door *d)
{
	bell_ring(d->bell);
}

void
door_job(struct door *d, int64_t job)
{
	sse_job(d->sse, job);
	bell_ring_job(d->bell, job);
}
