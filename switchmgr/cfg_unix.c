/*
 * cfg_unix.c -- configuration space through the emulator's socket.
 *
 * One request, one answer (mriov_map.h).  Whatever goes wrong with an exchange
 * closes the connection, so that a late answer cannot be taken for the next one;
 * the next call connects again.  Nothing is sent twice.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "switchmgr/cfg.h"
#include "switchmgr/le.h"
#include "switchmgr/mriov_map.h"

enum { ANSWER_S = 1, CHUNK = CFG_ANSWER_BYTES - 4, ERRNO_MAX = 4095 };

struct cfg_unix {
	struct cfg cfg;
	struct sockaddr_un peer;
	int fd;				/* -1: not connected */
	uint8_t answer[CFG_ANSWER_BYTES];
};

static struct cfg_unix *
self(struct cfg *c)
{
	return (struct cfg_unix *)c;	/* cfg is its first member */
}

static void
hang_up(struct cfg_unix *u)
{
	if (u->fd >= 0)
		close(u->fd);
	u->fd = -1;
}

/* Closes the connection and says why. */
static int
lost(struct cfg_unix *u, enum err_code code, struct err *e, const char *why)
{
	hang_up(u);
	return err_set(e, code, "%s: %s", u->peer.sun_path, why);
}

static const char *
reason(void)
{
	return errno == EAGAIN || errno == EINPROGRESS ?
	    "no answer within a second" : strerror(errno);
}

static int
connected(struct cfg_unix *u, struct err *e)
{
	const struct timeval most = { .tv_sec = ANSWER_S };

	if (u->fd >= 0)
		return 0;
	u->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (u->fd < 0)
		return lost(u, ERR_UNAVAILABLE, e, strerror(errno));
	if (setsockopt(u->fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof(most)) < 0 ||
	    setsockopt(u->fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof(most)) < 0 ||
	    connect(u->fd, (const struct sockaddr *)&u->peer,
	    sizeof(u->peer)) < 0)
		return lost(u, ERR_UNAVAILABLE, e, reason());
	return 0;
}

/* Sends the request and takes one answer into u->answer; the socket's time-outs
 * bound both. */
static int
transact(struct cfg_unix *u, const uint8_t request[CFG_REQUEST_BYTES],
    size_t *size, struct err *e)
{
	ssize_t n;

	if (connected(u, e) < 0)
		return -1;
	if (send(u->fd, request, CFG_REQUEST_BYTES, MSG_NOSIGNAL) !=
	    CFG_REQUEST_BYTES)
		return lost(u, ERR_UNAVAILABLE, e, reason());
	do
		n = recv(u->fd, u->answer, sizeof(u->answer), MSG_TRUNC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return lost(u, ERR_UNAVAILABLE, e, reason());
	if (n == 0)
		return lost(u, ERR_UNAVAILABLE, e, "the far side hung up");
	if (n < 4 || (size_t)n > sizeof(u->answer))
		return lost(u, ERR_DEVICE, e, "an answer of a wrong size");
	*size = (size_t)n;
	return 0;
}

/* What the status of an answer says; an error's answer is the status alone. */
static int
judge(struct cfg_unix *u, uint16_t rid, unsigned offset, size_t size,
    struct err *e)
{
	uint32_t status = le_get32(u->answer);

	if (status == 0)
		return 0;
	if (status > ERRNO_MAX || size != 4)
		return lost(u, ERR_DEVICE, e, "an answer that makes no sense");
	if (status == ENODEV)
		return err_set(e, ERR_NOT_FOUND, "there is no function %04x",
		    rid);
	return err_set(e, ERR_DEVICE, "function %04x at 0x%x: %s", rid, offset,
	    strerror((int)status));
}

/* One exchange; on success the answer's bytes behind the status are *size. */
static int
exchange(struct cfg_unix *u, uint8_t op, uint16_t rid, unsigned offset,
    size_t bytes, uint32_t value, size_t *size, struct err *e)
{
	uint8_t request[CFG_REQUEST_BYTES] = { op };

	le_put16(request + 2, rid);
	le_put16(request + 4, (uint16_t)offset);
	le_put16(request + 6, (uint16_t)bytes);
	le_put32(request + 8, value);
	if (transact(u, request, size, e) < 0 ||
	    judge(u, rid, offset, *size, e) < 0)
		return -1;
	*size -= 4;
	return 0;
}

/* ---- the table ---- */

static int
unix_read(struct cfg *c, uint16_t rid, unsigned offset, void *out, size_t n,
    struct err *e)
{
	struct cfg_unix *u = self(c);
	uint8_t *to = out;
	size_t got;

	for (size_t done = 0, part; done < n; done += part) {
		unsigned at = offset + (unsigned)done;

		part = n - done < CHUNK ? n - done : CHUNK;
		if (exchange(u, CFG_READ, rid, at, part, 0, &got, e) < 0)
			return -1;
		if (got != part)
			return lost(u, ERR_DEVICE, e,
			    "an answer of a wrong size");
		memcpy(to + done, u->answer + 4, part);
	}
	return 0;
}

static int
unix_write(struct cfg *c, uint16_t rid, unsigned offset, uint32_t value,
    struct err *e)
{
	struct cfg_unix *u = self(c);
	size_t got;

	if (exchange(u, CFG_WRITE, rid, offset, 4, value, &got, e) < 0)
		return -1;
	return got == 0 ? 0 : lost(u, ERR_DEVICE, e,
	    "an answer of a wrong size");
}

static int
unix_list(struct cfg *c, uint16_t *rids, size_t max, struct err *e)
{
	struct cfg_unix *u = self(c);
	size_t got, n;

	if (exchange(u, CFG_LIST, 0, 0, 0, 0, &got, e) < 0)
		return -1;
	n = got / 2;
	for (size_t i = 1; i < n; i++)
		if (le_get16(u->answer + 4 + 2 * i) <=
		    le_get16(u->answer + 2 + 2 * i))
			return lost(u, ERR_DEVICE, e, "a list out of order");
	if (got % 2 != 0)
		return lost(u, ERR_DEVICE, e, "an answer of a wrong size");
	if (n > max)
		n = max;
	for (size_t i = 0; i < n; i++)
		rids[i] = le_get16(u->answer + 4 + 2 * i);
	return (int)n;
}

static void
unix_close(struct cfg *c)
{
	struct cfg_unix *u = self(c);

	hang_up(u);
	free(u);
}

static const struct cfg_ops unix_ops = {
	.close = unix_close,
	.list = unix_list,
	.read = unix_read,
	.write = unix_write,
};

struct cfg *
cfg_unix_open(const char *path, struct err *e)
{
	struct cfg_unix *u;
	size_t len = strlen(path);

	if (len == 0 || len >= sizeof(u->peer.sun_path)) {
		err_set(e, ERR_MALFORMED, "a socket's path has 1 to %zu bytes",
		    sizeof(u->peer.sun_path) - 1);
		return NULL;
	}
	u = xcalloc(1, sizeof(*u));
	u->cfg.ops = &unix_ops;
	u->fd = -1;
	u->peer.sun_family = AF_UNIX;
	memcpy(u->peer.sun_path, path, len);
	if (connected(u, e) < 0) {
		unix_close(&u->cfg);
		return NULL;
	}
	return &u->cfg;
}
