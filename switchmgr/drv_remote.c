/*
 * drv_remote.c -- a fabric that lives in another process (wire.h).
 *
 * Connects when it is first used and again when the connection is gone.  A
 * request is sent once: when no answer comes nothing is known about it, and the
 * engine will look.  Only a refusal for want of a hello is sent again after one,
 * because it had no effect.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "switchmgr/driver.h"
#include "switchmgr/remote.h"
#include "switchmgr/unixsock.h"
#include "switchmgr/wire.h"

enum {
	EXCHANGE_MS = 2000,
	RECORDS_MAX = 64 << 20,		/* bytes, as the server's */
	TRIES = 4,			/* snapshots before observe gives up */
};

struct remote {
	struct fabric fabric;
	struct remote_transport transport;
	bool greeted;
	uint32_t seq;
	int fd;				/* own socket; -1: not connected */
	char *path;			/* own socket's, else NULL */
	uint8_t reply[WIRE_MAX];
	size_t reply_size;		/* of what follows struct wire_reply */
};

static struct remote *
remote_of(struct fabric *f)
{
	return (struct remote *)f;
}

/* ---- the socket -------------------------------------------------------- */

static void
socket_hang_up(void *cookie)
{
	struct remote *r = cookie;

	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
}

/* Nothing may be waiting before we ask: hang-up or chatter ends the line. */
static void
drop_dead_line(struct remote *r)
{
	struct pollfd p = { .fd = r->fd, .events = POLLIN };

	if (r->fd >= 0 && poll(&p, 1, 0) != 0)
		socket_hang_up(r);
}

static int
await_answer(struct remote *r, struct err *e)
{
	int64_t deadline_ms = clock_now_ms() + EXCHANGE_MS;
	struct pollfd p = { .fd = r->fd, .events = POLLIN };
	int64_t left;
	int n;

	do {
		left = deadline_ms - clock_now_ms();
		n = poll(&p, 1, left > 0 ? (int)left : 0);
	} while (n < 0 && errno == EINTR);
	if (n == 1)
		return 0;
	return err_set(e, ERR_UNAVAILABLE,
	    "the switch manager did not answer within %d ms", EXCHANGE_MS);
}

static int
ask(struct remote *r, const void *request, size_t n, void *reply, size_t max,
    size_t *got, struct err *e)
{
	ssize_t size;

	if (send(r->fd, request, n, MSG_NOSIGNAL) != (ssize_t)n)
		return err_set(e, ERR_UNAVAILABLE, "switch manager: %s",
		    strerror(errno));
	if (await_answer(r, e) < 0)
		return -1;
	size = recv(r->fd, reply, max, MSG_TRUNC);
	if (size <= 0)
		return err_set(e, ERR_UNAVAILABLE, "the switch manager hung up");
	if ((size_t)size > max)
		return err_set(e, ERR_DEVICE, "an answer of %zd bytes", size);
	*got = (size_t)size;
	return 0;
}

static int
socket_exchange(void *cookie, const void *request, size_t n, void *reply,
    size_t max, size_t *got, struct err *e)
{
	struct remote *r = cookie;

	drop_dead_line(r);
	if (r->fd < 0)
		r->fd = unixsock_connect(r->path, e);
	if (r->fd < 0)
		return -1;
	if (ask(r, request, n, reply, max, got, e) == 0)
		return 0;
	socket_hang_up(r);
	return -1;
}

/* ---- opening ----------------------------------------------------------- */

struct fabric *
remote_open_with(const struct remote_transport *transport)
{
	struct remote *r = xcalloc(1, sizeof(*r));

	r->fabric.driver = &remote_driver;
	r->transport = *transport;
	r->fd = -1;
	return &r->fabric;
}

static struct fabric *
open_remote(const char *target, struct err *e)
{
	struct remote_transport t = {
		.exchange = socket_exchange, .hang_up = socket_hang_up,
	};
	struct remote *r;

	(void)e;	/* nothing can fail before it is used */
	r = remote_of(remote_open_with(&t));
	r->transport.cookie = r;
	r->path = xstrdup(target);
	return &r->fabric;
}

static void
hang_up(struct remote *r)
{
	r->greeted = false;
	if (r->transport.hang_up != NULL)
		r->transport.hang_up(r->transport.cookie);
}

static void
close_remote(struct fabric *f)
{
	struct remote *r = remote_of(f);

	hang_up(r);
	free(r->path);
	free(r);
}

/* ---- one request, one reply -------------------------------------------- */

static int
nonsense(struct remote *r, struct err *e)
{
	hang_up(r);
	return err_set(e, ERR_DEVICE, "the switch manager's answer makes no sense");
}

/* The refusal's words, without what could upset a terminal. */
static int
pass_on(struct remote *r, uint32_t code, struct err *e)
{
	char words[WIRE_WORDS] = { 0 };
	size_t n = r->reply_size < sizeof(words) ? r->reply_size :
	    sizeof(words) - 1;

	if (code == ERR_NONE || code >= ERR_N_CODES)
		return nonsense(r, e);
	memcpy(words, r->reply + sizeof(struct wire_reply), n);
	for (size_t i = 0; words[i] != '\0'; i++)
		if ((unsigned char)words[i] < 0x20 || words[i] == 0x7f)
			words[i] = '?';
	return err_set(e, (enum err_code)code, "%s", words);
}

/* Fills r->reply; the answer, or -1. */
static int
exchange(struct remote *r, enum wire_verb verb, struct fabric_tag tag,
    const void *body, struct err *e)
{
	struct wire_head head = { .verb = verb, .seq = ++r->seq, .tag = tag };
	size_t n = wire_request_size(verb), got;
	uint8_t request[WIRE_MAX];
	struct wire_reply reply;

	memcpy(request, &head, sizeof(head));
	if (body != NULL)
		memcpy(request + sizeof(head), body, n);
	if (r->transport.exchange(r->transport.cookie, request, sizeof(head) + n,
	    r->reply, sizeof(r->reply), &got, e) < 0) {
		hang_up(r);
		return -1;
	}
	if (got < sizeof(reply) || got > sizeof(r->reply))
		return nonsense(r, e);
	memcpy(&reply, r->reply, sizeof(reply));
	r->reply_size = got - sizeof(reply);
	if (reply.verb != verb || reply.seq != head.seq || reply.answer < -1 ||
	    reply.answer > FABRIC_PENDING)
		return nonsense(r, e);
	return reply.answer < 0 ? pass_on(r, reply.code, e) : reply.answer;
}

static int
greet(struct remote *r, struct err *e)
{
	struct wire_hello hello = wire_hello();

	if (exchange(r, WIRE_HELLO, (struct fabric_tag){ 0, 0 }, &hello, e) < 0)
		return -1;
	if (r->reply_size != sizeof(hello))
		return nonsense(r, e);
	memcpy(&hello, r->reply + sizeof(struct wire_reply), sizeof(hello));
	if (!wire_hello_fits(&hello)) {
		hang_up(r);
		return err_set(e, ERR_UNSUPPORTED,
		    "the switch manager is of a different build");
	}
	r->greeted = true;
	return 0;
}

/* `size`: bytes that an accepted request must give back. */
static int
call(struct remote *r, enum wire_verb verb, struct fabric_tag tag,
    const void *body, size_t size, void *out, struct err *e)
{
	int answer;

	if (!r->greeted && greet(r, e) < 0)
		return -1;
	answer = exchange(r, verb, tag, body, e);
	if (answer < 0 && e->code == ERR_FORBIDDEN) {
		/* The other end was started again since. */
		if (greet(r, e) < 0)
			return -1;
		answer = exchange(r, verb, tag, body, e);
	}
	if (answer < 0 && e->code == ERR_FORBIDDEN) {
		hang_up(r);
		return err_set(e, ERR_UNAVAILABLE,
		    "the switch manager starts again and again");
	}
	if (answer < 0)
		return -1;
	if (verb != WIRE_OBSERVE && r->reply_size != size)
		return nonsense(r, e);
	if (size > 0 && r->reply_size >= size)
		memcpy(out, r->reply + sizeof(struct wire_reply), size);
	return answer;
}

static int
change(struct fabric *f, enum wire_verb verb, struct fabric_tag tag,
    const void *body, struct err *e)
{
	return call(remote_of(f), verb, tag, body, 0, NULL, e);
}

/* ---- verbs ------------------------------------------------------------- */

static int
prepare(struct fabric *f, struct fabric_tag tag, fn_id fn,
    const struct personality *p, struct err *e)
{
	struct wire_prepare b = { .fn = fn, .persona = *p };

	return change(f, WIRE_PREPARE, tag, &b, e);
}

static int
bind_fns(struct fabric *f, struct fabric_tag tag, unsigned slot,
    unsigned bridge, unsigned n, const fn_id *fns, struct err *e)
{
	struct wire_bind b = { .slot = slot, .bridge = bridge, .n = n };

	memcpy(b.fn, fns, n * sizeof(*fns));
	return change(f, WIRE_BIND, tag, &b, e);
}

static int
unbind(struct fabric *f, struct fabric_tag tag, unsigned slot, unsigned bridge,
    enum fabric_release how, struct err *e)
{
	struct wire_unbind b = { .slot = slot, .bridge = bridge, .how = how };

	return change(f, WIRE_UNBIND, tag, &b, e);
}

static int
scrub(struct fabric *f, struct fabric_tag tag, fn_id fn, struct err *e)
{
	struct wire_scrub b = { .fn = fn };

	return change(f, WIRE_SCRUB, tag, &b, e);
}

static int
slot_ctl(struct fabric *f, struct fabric_tag tag, unsigned slot,
    enum fabric_ctl ctl, struct err *e)
{
	struct wire_slot_ctl b = { .slot = slot, .ctl = ctl };

	return change(f, WIRE_SLOT_CTL, tag, &b, e);
}

static int
module_ctl(struct fabric *f, struct fabric_tag tag, unsigned bay, unsigned port,
    enum fabric_ctl ctl, unsigned value, struct err *e)
{
	struct wire_module_ctl b = {
		.bay = bay, .port = port, .ctl = ctl, .value = value,
	};

	return change(f, WIRE_MODULE_CTL, tag, &b, e);
}

static int
reset(struct fabric *f, struct fabric_tag tag, enum fabric_scope scope,
    uint32_t number, struct err *e)
{
	struct wire_reset b = { .scope = scope, .number = number };

	return change(f, WIRE_RESET, tag, &b, e);
}

static int
disk_make(struct fabric *f, struct fabric_tag tag, unsigned bay,
    unsigned number, unsigned raid, uint32_t mib, struct err *e)
{
	struct wire_disk b = {
		.bay = bay, .number = number, .raid = raid, .mib = mib,
	};

	return change(f, WIRE_DISK_MAKE, tag, &b, e);
}

static int
disk_destroy(struct fabric *f, struct fabric_tag tag, unsigned bay,
    unsigned number, struct err *e)
{
	struct wire_disk b = { .bay = bay, .number = number };

	return change(f, WIRE_DISK_DESTROY, tag, &b, e);
}

/* ---- what is seen ------------------------------------------------------ */

/* One page behind the others; 1: there is more, 0: that was the last. */
static int
take_page(struct remote *r, struct wire_observe *b, struct buf *records,
    bool *moved, struct err *e)
{
	struct wire_page page;

	if (call(r, WIRE_OBSERVE, (struct fabric_tag){ 0, 0 }, b, sizeof(page),
	    &page, e) < 0)
		return -1;
	if (r->reply_size < sizeof(page) ||
	    page.bytes != r->reply_size - sizeof(page))
		return nonsense(r, e);
	*moved = b->cursor != 0 && page.snapshot != b->snapshot;
	if (*moved)
		return 0;
	if (page.next != 0 && (page.bytes == 0 || page.next <= b->cursor))
		return nonsense(r, e);
	buf_put(records, r->reply + sizeof(struct wire_reply) + sizeof(page),
	    page.bytes);
	if (records->full)
		return nonsense(r, e);
	b->snapshot = page.snapshot;
	b->cursor = page.next;
	return page.next != 0;
}

static int
take_pages(struct remote *r, enum fabric_scope scope, uint32_t number,
    struct buf *records, struct err *e)
{
	for (unsigned tries = 0; tries < TRIES; tries++) {
		struct wire_observe b = { .scope = scope, .number = number };
		bool moved = false;
		int more;

		buf_clear(records);
		do
			more = take_page(r, &b, records, &moved, e);
		while (more > 0);
		if (more < 0)
			return -1;
		if (!moved)
			return 0;
	}
	return err_set(e, ERR_DEVICE, "the snapshot was lost %d times", TRIES);
}

static int
give_records(const struct buf *records, fabric_sink *sink, void *cookie,
    struct err *e)
{
	size_t used;

	for (size_t at = 0; at < records->len; at += used) {
		struct fabric_record r;

		if (wire_get_record((const uint8_t *)records->data + at,
		    records->len - at, &r, &used, e) < 0)
			return -1;
		sink(cookie, &r);
	}
	return 0;
}

static int
observe(struct fabric *f, enum fabric_scope scope, uint32_t number,
    fabric_sink *sink, void *cookie, struct err *e)
{
	struct buf records = buf_new(RECORDS_MAX);
	int rc = take_pages(remote_of(f), scope, number, &records, e);

	if (rc == 0)
		rc = give_records(&records, sink, cookie, e);
	buf_free(&records);
	return rc;
}

static int
next_event(struct fabric *f, struct fabric_event *ev, struct err *e)
{
	struct fabric_event seen;
	int n = call(remote_of(f), WIRE_NEXT_EVENT, (struct fabric_tag){ 0, 0 },
	    NULL, sizeof(seen), &seen, e);

	if (n < 0 || wire_check_event(&seen, e) < 0)
		return -1;
	if (n > 0)
		*ev = seen;
	return n;
}

static int
caps(struct fabric *f, struct fabric_switch *sw, struct err *e)
{
	struct fabric_switch seen;

	if (call(remote_of(f), WIRE_CAPS, (struct fabric_tag){ 0, 0 }, NULL,
	    sizeof(seen), &seen, e) < 0 || wire_check_switch(&seen, e) < 0)
		return -1;
	*sw = seen;
	return 0;
}

static int
health(struct fabric *f, struct err *e)
{
	return call(remote_of(f), WIRE_HEALTH, (struct fabric_tag){ 0, 0 }, NULL,
	    0, NULL, e);
}

const struct fabric_driver remote_driver = {
	.name = "remote",
	.summary = "polyroot-switchmgr, through its socket",
	.open = open_remote,
	.close = close_remote,
	.prepare = prepare,
	.bind = bind_fns,
	.unbind = unbind,
	.scrub = scrub,
	.slot_ctl = slot_ctl,
	.module_ctl = module_ctl,
	.reset = reset,
	.disk_make = disk_make,
	.disk_destroy = disk_destroy,
	.observe = observe,
	.next_event = next_event,
	.caps = caps,
	.health = health,
};
