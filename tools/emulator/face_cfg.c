/* face_cfg.c -- see face_cfg.h. */
#include "tools/emulator/face_cfg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "switchmgr/mriov_map.h"

enum { READ_MAX = CFG_ANSWER_BYTES - 4, LIST_MAX = READ_MAX / 2 };

struct face_cfg {
	struct faces *faces;
	int listener, client[FACE_CLIENTS];
	unsigned n;
};

struct face_cfg *
face_cfg_open(struct faces *faces, const char *name, struct err *e)
{
	struct face_cfg *f;
	int fd = face_sock_listen(name, SOCK_SEQPACKET, e);

	if (fd < 0)
		return NULL;
	f = xcalloc(1, sizeof(*f));
	f->faces = faces;
	f->listener = fd;
	return f;
}

void
face_cfg_close(struct face_cfg *f)
{
	if (f == NULL)
		return;
	for (unsigned i = 0; i < f->n; i++)
		(void)close(f->client[i]);
	(void)close(f->listener);
	free(f);
}

nfds_t
face_cfg_fds(const struct face_cfg *f, struct pollfd *p)
{
	/* Nobody new while there is no room. */
	p[0] = (struct pollfd){ .fd = f->n < FACE_CLIENTS ? f->listener : -1,
		.events = POLLIN };
	for (unsigned i = 0; i < f->n; i++)
		p[i + 1] = (struct pollfd){ .fd = f->client[i],
			.events = POLLIN };
	return f->n + 1;
}

/* ---- requests ---- */

static uint32_t
get(const uint8_t *at, unsigned n)
{
	uint32_t v = 0;

	while (n-- > 0)
		v = v << 8 | at[n];
	return v;
}

static void
put(uint8_t *at, unsigned n, uint32_t v)
{
	for (unsigned i = 0; i < n; i++)
		at[i] = (uint8_t)(v >> (8 * i));
}

static size_t
list(struct faces *faces, uint8_t *out)
{
	uint16_t rids[LIST_MAX];
	size_t n;

	pthread_mutex_lock(&faces->lock);
	n = chassis_list(faces->chassis, rids, LIST_MAX);
	pthread_mutex_unlock(&faces->lock);
	for (size_t i = 0; i < n; i++)
		put(out + 2 * i, 2, rids[i]);
	return 2 * n;
}

/* Returns the bytes of the answer behind its status. */
static size_t
request(struct faces *faces, const uint8_t *r, uint8_t *out, int *status)
{
	uint16_t rid = (uint16_t)get(r + 2, 2);
	unsigned offset = get(r + 4, 2), n = get(r + 6, 2);

	*status = 0;
	switch (r[0]) {
	case CFG_LIST:
		return list(faces, out);
	case CFG_READ:
		if (n > READ_MAX) {
			*status = EINVAL;
			return 0;
		}
		*status = faces_cfg_read(faces, rid, offset, out, n);
		return *status == 0 ? n : 0;
	case CFG_WRITE:
		*status = faces_cfg_write(faces, rid, offset, n, get(r + 8, 4));
		return 0;
	default:
		*status = EINVAL;
		return 0;
	}
}

/* false when the client is to be dropped. */
static bool
serve(struct face_cfg *f, int fd)
{
	uint8_t in[CFG_REQUEST_BYTES + 1], out[CFG_ANSWER_BYTES];
	ssize_t got = recv(fd, in, sizeof(in), 0);
	size_t n = 0;
	int status = EINVAL;

	if (got <= 0)
		return got < 0 && (errno == EAGAIN || errno == EINTR);
	if (got == CFG_REQUEST_BYTES)
		n = request(f->faces, in, out + 4, &status);
	put(out, 4, (uint32_t)status);
	return send(fd, out, n + 4, MSG_NOSIGNAL) == (ssize_t)n + 4;
}

void
face_cfg_serve(struct face_cfg *f, const struct pollfd *p, nfds_t n)
{
	unsigned kept = 0;
	int fd;

	for (unsigned i = 0; i < n - 1; i++) {
		fd = f->client[i];
		if (p[i + 1].revents == 0 || serve(f, fd))
			f->client[kept++] = fd;
		else
			(void)close(fd);
	}
	f->n = kept;
	if ((p[0].revents & POLLIN) && (fd = face_sock_accept(f->listener)) >= 0)
		f->client[f->n++] = fd;
}
