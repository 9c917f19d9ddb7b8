/* server.c -- see server.h. */
#include "switchmgr/server.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "switchmgr/wire.h"

enum { SNAPSHOT_MAX = 64 << 20 };	/* bytes: some 100,000 functions */

struct server {
	struct fabric *fabric;
	uint64_t term;			/* highest seen */
	bool greeted, lost;
	bool resync;			/* events may have been missed */
	uint64_t snapshot;		/* number of the one in `records` */
	struct buf records;
	size_t page;			/* where the last page given ended */
};

/* One request on its way: after the head comes `body`, its size checked. */
struct turn {
	struct server *server;
	const struct wire_head *head;
	const void *body;
	uint8_t *out;			/* what follows the reply's head */
	size_t out_size;
};

typedef int handler(struct turn *, struct err *);

struct server *
server_new(uint64_t first_snapshot)
{
	struct server *s = xcalloc(1, sizeof(*s));

	s->snapshot = first_snapshot;
	s->records = buf_new(SNAPSHOT_MAX);
	return s;
}

void
server_free(struct server *s)
{
	if (s == NULL)
		return;
	buf_free(&s->records);
	free(s);
}

void
server_attach(struct server *s, struct fabric *f)
{
	s->fabric = f;
	s->lost = false;
	s->resync = true;
}

void
server_greet(struct server *s)
{
	s->greeted = false;
	s->resync = true;	/* the one before took events with it */
	s->page = 0;
	buf_clear(&s->records);
}

bool
server_lost(const struct server *s)
{
	return s->lost;
}

static void
give(struct turn *t, const void *bytes, size_t n)
{
	memcpy(t->out + t->out_size, bytes, n);
	t->out_size += n;
}

/* ---- handlers ---------------------------------------------------------- */

static int
h_hello(struct turn *t, struct err *e)
{
	struct wire_hello ours = wire_hello();

	if (!wire_hello_fits(t->body))
		return err_set(e, ERR_UNSUPPORTED, "the switch manager and its "
		    "client are of different builds");
	t->server->greeted = true;
	give(t, &ours, sizeof(ours));
	return 0;
}

static int
h_prepare(struct turn *t, struct err *e)
{
	const struct wire_prepare *b = t->body;

	return fabric_prepare(t->server->fabric, t->head->tag, b->fn,
	    &b->persona, e);
}

static int
h_bind(struct turn *t, struct err *e)
{
	const struct wire_bind *b = t->body;

	return fabric_bind(t->server->fabric, t->head->tag, b->slot, b->bridge,
	    b->n, b->fn, e);
}

static int
h_unbind(struct turn *t, struct err *e)
{
	const struct wire_unbind *b = t->body;

	return fabric_unbind(t->server->fabric, t->head->tag, b->slot, b->bridge,
	    (enum fabric_release)b->how, e);
}

static int
h_scrub(struct turn *t, struct err *e)
{
	const struct wire_scrub *b = t->body;

	return fabric_scrub(t->server->fabric, t->head->tag, b->fn, e);
}

static int
h_slot_ctl(struct turn *t, struct err *e)
{
	const struct wire_slot_ctl *b = t->body;

	return fabric_slot_ctl(t->server->fabric, t->head->tag, b->slot,
	    (enum fabric_ctl)b->ctl, e);
}

static int
h_module_ctl(struct turn *t, struct err *e)
{
	const struct wire_module_ctl *b = t->body;

	return fabric_module_ctl(t->server->fabric, t->head->tag, b->bay,
	    b->port, (enum fabric_ctl)b->ctl, b->value, e);
}

static int
h_reset(struct turn *t, struct err *e)
{
	const struct wire_reset *b = t->body;

	return fabric_reset(t->server->fabric, t->head->tag,
	    (enum fabric_scope)b->scope, b->number, e);
}

static int
h_disk_make(struct turn *t, struct err *e)
{
	const struct wire_disk *b = t->body;

	return fabric_disk_make(t->server->fabric, t->head->tag, b->bay,
	    b->number, b->raid, b->mib, e);
}

static int
h_disk_destroy(struct turn *t, struct err *e)
{
	const struct wire_disk *b = t->body;

	return fabric_disk_destroy(t->server->fabric, t->head->tag, b->bay,
	    b->number, e);
}

/* The term that a client must not fall below: the switch forgets its own when
 * it loses power, this process does not. */
static void
raise_term(const struct server *s, struct fabric_switch *sw)
{
	if (sw->term < s->term)
		sw->term = s->term;
}

static void
take_record(void *cookie, const struct fabric_record *given)
{
	struct server *s = cookie;
	struct fabric_record r = *given;
	uint8_t bytes[WIRE_RECORD_MAX];

	if (r.kind == REC_SWITCH)
		raise_term(s, &r.u.sw);
	buf_put(&s->records, bytes, wire_put_record(bytes, &r));
}

static int
take_snapshot(struct server *s, const struct wire_observe *b, struct err *e)
{
	buf_clear(&s->records);
	s->records.full = false;
	s->page = 0;
	s->snapshot++;
	if (fabric_observe(s->fabric, (enum fabric_scope)b->scope, b->number,
	    take_record, s, e) < 0)
		return -1;
	if (s->records.full)
		return err_set(e, ERR_TOO_LARGE,
		    "more than %d MiB of records", SNAPSHOT_MAX >> 20);
	return 0;
}

/* As many whole records as a page takes, from s->page on. */
static size_t
page_bytes(const struct server *s)
{
	size_t n = 0;

	while (s->page + n < s->records.len) {
		uint32_t size;
		size_t whole;

		memcpy(&size, s->records.data + s->page + n + 4, sizeof(size));
		whole = 8 + ((size_t)size + 7) / 8 * 8;
		if (n + whole > WIRE_PAGE)
			break;
		n += whole;
	}
	return n;
}

/* Pages are asked for in order; any other question gets an empty page of the
 * snapshot number 0, and the client begins again. */
static int
h_observe(struct turn *t, struct err *e)
{
	const struct wire_observe *b = t->body;
	struct server *s = t->server;
	struct wire_page page = { 0 };
	size_t at;

	if (b->cursor == 0 && take_snapshot(s, b, e) < 0)
		return -1;
	at = s->page;
	if (b->cursor == at && (at == 0 || b->snapshot == s->snapshot)) {
		page.snapshot = s->snapshot;
		page.bytes = (uint32_t)page_bytes(s);
		s->page += page.bytes;
		page.next = s->page < s->records.len ? (uint32_t)s->page : 0;
	}
	give(t, &page, sizeof(page));
	if (page.bytes > 0)
		give(t, s->records.data + at, page.bytes);
	return 0;
}

static int
h_next_event(struct turn *t, struct err *e)
{
	struct fabric_event ev = { .kind = FEV_RESYNC };
	int n = t->server->resync ? 1 :
	    fabric_next_event(t->server->fabric, &ev, e);

	t->server->resync = false;
	if (n == 0)
		ev = (struct fabric_event){ 0 };
	if (n >= 0)
		give(t, &ev, sizeof(ev));
	return n;
}

static int
h_caps(struct turn *t, struct err *e)
{
	struct fabric_switch sw;

	if (fabric_caps(t->server->fabric, &sw, e) < 0)
		return -1;
	raise_term(t->server, &sw);
	give(t, &sw, sizeof(sw));
	return 0;
}

static int
h_health(struct turn *t, struct err *e)
{
	return fabric_health(t->server->fabric, e);
}

/* ---- the table of what is permitted ------------------------------------ */

enum { CHANGES = 1, BEFORE_HELLO = 2 };

static const struct permit {
	handler *handle;
	unsigned flags;
} permits[WIRE_N_VERBS] = {
	[WIRE_HELLO] = { h_hello, BEFORE_HELLO },
	[WIRE_PREPARE] = { h_prepare, CHANGES },
	[WIRE_BIND] = { h_bind, CHANGES },
	[WIRE_UNBIND] = { h_unbind, CHANGES },
	[WIRE_SCRUB] = { h_scrub, CHANGES },
	[WIRE_SLOT_CTL] = { h_slot_ctl, CHANGES },
	[WIRE_MODULE_CTL] = { h_module_ctl, CHANGES },
	[WIRE_RESET] = { h_reset, CHANGES },
	[WIRE_DISK_MAKE] = { h_disk_make, CHANGES },
	[WIRE_DISK_DESTROY] = { h_disk_destroy, CHANGES },
	[WIRE_OBSERVE] = { h_observe, 0 },
	[WIRE_NEXT_EVENT] = { h_next_event, 0 },
	[WIRE_CAPS] = { h_caps, 0 },
	[WIRE_HEALTH] = { h_health, 0 },
};

static const struct permit *
find_permit(const struct wire_head *head, size_t n, struct err *e)
{
	if (head->verb == 0 || head->verb >= WIRE_N_VERBS) {
		err_set(e, ERR_MALFORMED, "unknown verb %u", head->verb);
		return NULL;
	}
	if (n != sizeof(*head) + wire_request_size((enum wire_verb)head->verb)) {
		err_set(e, ERR_MALFORMED, "verb %u with %zu bytes", head->verb, n);
		return NULL;
	}
	return &permits[head->verb];
}

/* Only a term that is not older than any seen may change anything. */
static int
accept_term(struct server *s, struct fabric_tag tag, struct err *e)
{
	struct fabric_switch sw;

	if (tag.term == 0 || tag.op == 0)
		return err_set(e, ERR_MALFORMED, "a changing verb without a tag");
	if (fabric_caps(s->fabric, &sw, e) < 0)
		return -1;
	raise_term(s, &sw);
	if (tag.term < sw.term)
		return err_set(e, ERR_STALE, "term %llu is older than %llu",
		    (unsigned long long)tag.term, (unsigned long long)sw.term);
	s->term = tag.term;
	return 0;
}

static int
obey(struct turn *t, size_t n, struct err *e)
{
	struct server *s = t->server;
	const struct permit *p = find_permit(t->head, n, e);

	if (p == NULL)
		return -1;
	if ((p->flags & BEFORE_HELLO) != 0)
		return p->handle(t, e);
	if (!s->greeted)
		return err_set(e, ERR_FORBIDDEN, "say hello first");
	if (s->fabric == NULL)
		return err_set(e, ERR_UNAVAILABLE, "the switch is away");
	if ((p->flags & CHANGES) != 0 && accept_term(s, t->head->tag, e) < 0)
		return -1;
	return p->handle(t, e);
}

/* The words of a refusal take the place of what the verb would have given. */
static void
refuse(struct turn *t, struct wire_reply *r, const struct err *e)
{
	size_t n = strnlen(e->msg, WIRE_WORDS - 1);

	r->code = (uint32_t)e->code;
	t->out_size = 0;
	give(t, e->msg, n);
	give(t, "", 1);
	t->server->lost = e->code == ERR_UNAVAILABLE &&
	    t->server->fabric != NULL;
}

size_t
server_serve(struct server *s, const void *request, size_t n, void *reply)
{
	/* The caller's bytes need not be aligned. */
	union {
		struct wire_head head;
		uint8_t bytes[WIRE_MAX];
		uint64_t align;
	} in = { 0 };
	struct wire_reply r = { 0 };
	struct turn t = { .server = s, .head = &in.head };
	struct err e;

	t.body = in.bytes + sizeof(in.head);
	t.out = (uint8_t *)reply + sizeof(r);
	if (n >= sizeof(in.head) && n <= sizeof(in)) {
		memcpy(in.bytes, request, n);
		r.verb = in.head.verb;
		r.seq = in.head.seq;
		r.answer = obey(&t, n, &e);
	} else
		r.answer = err_set(&e, ERR_MALFORMED, "a message of %zu bytes", n);
	if (r.answer < 0)
		refuse(&t, &r, &e);
	memcpy(reply, &r, sizeof(r));
	return sizeof(r) + t.out_size;
}
