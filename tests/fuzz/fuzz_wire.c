/*
 * fuzz_wire.c -- either end of the switch manager's socket, with a peer that
 * says anything: requests to the server, replies to the remote driver.
 */
#include <stdlib.h>
#include <string.h>

#include "switchmgr/driver.h"
#include "switchmgr/remote.h"
#include "switchmgr/server.h"
#include "switchmgr/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* ---- requests ---- */

static int
some_caps(struct fabric *f, struct fabric_switch *sw, struct err *e)
{
	(void)f;
	(void)e;
	*sw = (struct fabric_switch){ .slots = 1, .bridges = 1, .parallel = 1 };
	return 0;
}

static int
some_records(struct fabric *f, enum fabric_scope scope, uint32_t number,
    fabric_sink *sink, void *cookie, struct err *e)
{
	struct fabric_record r = { .kind = REC_SWITCH };

	(void)scope;
	for (uint32_t i = 0; i < (number & 0xff); i++) {
		(void)!some_caps(f, &r.u.sw, e);
		sink(cookie, &r);
	}
	return 0;
}

static const struct fabric_driver some_driver = {
	.name = "some", .caps = some_caps, .observe = some_records,
};

/* The input as messages: two bytes of length, then the message. */
static void
try_server(const uint8_t *data, size_t size)
{
	static _Alignas(8) uint8_t reply[WIRE_MAX];
	struct fabric f = { &some_driver };
	struct server *s = server_new(0);
	struct {
		struct wire_head head;
		struct wire_hello hello;
	} hello = { { .verb = WIRE_HELLO }, wire_hello() };

	server_attach(s, &f);
	(void)server_serve(s, &hello, sizeof(hello), reply);
	while (size >= 2) {
		size_t n = (size_t)(data[0] | data[1] << 8), got;

		data += 2;
		size -= 2;
		n = n < size ? n : size;
		got = server_serve(s, data, n, reply);
		if (got < sizeof(struct wire_reply) || got > WIRE_MAX)
			abort();
		data += n;
		size -= n;
	}
	server_free(s);
}

/* ---- replies ---- */

struct peer {
	const uint8_t *data;
	size_t size;
};

/* The head is right when the first byte is even. */
static int
say_anything(void *cookie, const void *request, size_t n, void *reply,
    size_t max, size_t *got, struct err *e)
{
	struct peer *p = cookie;
	struct wire_reply r = { 0 };
	struct wire_head h;
	struct wire_hello hello = wire_hello();
	size_t len;

	(void)n;
	if (p->size < 3)
		return err_set(e, ERR_UNAVAILABLE, "the input ends");
	memcpy(&h, request, sizeof(h));
	len = (size_t)(p->data[1] | p->data[2] << 8) % (max + 1);
	len = len < p->size - 3 ? len : p->size - 3;
	memcpy(reply, p->data + 3, len);
	*got = len;
	r.verb = h.verb;
	r.seq = h.seq;
	r.answer = p->data[0] >> 1 & 1;
	if (h.verb == WIRE_HELLO) {
		*got = sizeof(r) + sizeof(hello);
		memcpy((uint8_t *)reply + sizeof(r), &hello, sizeof(hello));
		r.answer = 0;
	}
	if (h.verb == WIRE_HELLO || ((p->data[0] & 1) == 0 && len >= sizeof(r)))
		memcpy(reply, &r, sizeof(r));
	p->data += 3 + len;
	p->size -= 3 + len;
	return 0;
}

static void
check(void *cookie, const struct fabric_record *r)
{
	(void)cookie;
	if (r->kind < REC_SWITCH || r->kind >= REC_N_KINDS ||
	    (r->kind == REC_BRIDGE && r->u.bridge.n > FABRIC_BRIDGE_FNS) ||
	    (r->kind == REC_FN && r->u.fn.persona.n_vlans > FABRIC_VLANS))
		abort();
}

static void
try_remote(const uint8_t *data, size_t size)
{
	struct peer p = { data, size };
	struct remote_transport t = { say_anything, NULL, &p };
	struct fabric *f = remote_open_with(&t);
	struct fabric_event ev;
	struct fabric_switch sw;
	struct err e;

	while (p.size >= 3) {
		(void)!fabric_observe(f, SCOPE_ALL, 0, check, NULL, &e);
		(void)!fabric_next_event(f, &ev, &e);
		(void)!fabric_caps(f, &sw, &e);
	}
	fabric_close(f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fabric_record r;
	size_t used;
	struct err e;

	for (size_t at = 0; at < size; at += used)
		if (wire_get_record(data + at, size - at, &r, &used, &e) < 0)
			break;
	try_server(data, size);
	try_remote(data, size);
	return 0;
}
