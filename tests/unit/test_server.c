/* test_server.c -- the privileged side's turn: what is permitted, and pages. */
#include "switchmgr/server.h"
#include "switchmgr/wire.h"
#include "tests/test.h"
#include "tests/unit/support_counter.h"

static const fn_id fn = COUNTER_FN;

/* ---- asking ---- */

struct world {
	struct counter hw;
	struct server *s;
	uint32_t seq;
	uint8_t reply[WIRE_MAX];
	struct wire_reply head;
	size_t size;			/* of what follows the head */
};

static void
begin(struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->hw = counter_new();
	w->s = server_new(100);
	server_attach(w->s, &w->hw.fabric);
}

/* A message as it is; the answer -1, 0 or 1. */
static int
send_raw(struct world *w, const void *message, size_t n)
{
	size_t got = server_serve(w->s, message, n, w->reply);

	ck_assert_uint_ge(got, sizeof(w->head));
	ck_assert_uint_le(got, WIRE_MAX);
	memcpy(&w->head, w->reply, sizeof(w->head));
	w->size = got - sizeof(w->head);
	if (w->head.answer < 0) {
		ck_assert_uint_ne(w->head.code, ERR_NONE);
		ck_assert_uint_lt(w->head.code, ERR_N_CODES);
		ck_assert_uint_le(w->size, WIRE_WORDS);
		ck_assert_int_eq(w->reply[got - 1], 0);
	} else
		ck_assert_uint_eq(w->head.code, ERR_NONE);
	return w->head.answer;
}

static int
ask(struct world *w, enum wire_verb verb, uint64_t term, const void *body)
{
	uint8_t m[WIRE_MAX] = { 0 };
	struct wire_head head = { .verb = verb, .seq = ++w->seq,
		.tag = { term, term > 0 ? w->seq : 0 } };
	size_t n = wire_request_size(verb);
	int answer;

	memcpy(m, &head, sizeof(head));
	if (n > 0 && body != NULL)
		memcpy(m + sizeof(head), body, n);
	answer = send_raw(w, m, sizeof(head) + n);
	ck_assert_uint_eq(w->head.verb, verb);
	ck_assert_uint_eq(w->head.seq, w->seq);
	return answer;
}

static void
greet(struct world *w)
{
	struct wire_hello h = wire_hello();

	ck_assert_int_eq(ask(w, WIRE_HELLO, 0, &h), 0);
	ck_assert_uint_eq(w->size, sizeof(h));
	ck_assert_mem_eq(w->reply + sizeof(w->head), &h, sizeof(h));
}

/* A request that the counter takes, of any verb. */
static const void *
good_body(enum wire_verb verb)
{
	static struct wire_prepare prepare;
	static const struct wire_bind bind = { 1, 0, 1, { 0x00112000 } };
	static const struct wire_unbind unbind = { 1, 0, RELEASE_SURPRISE };
	static const struct wire_scrub scrub = { 0x00112000 };
	static const struct wire_slot_ctl slot_ctl = { 1, CTL_ENABLE };
	static const struct wire_module_ctl module_ctl = { 1, 0, CTL_ENABLE, 0 };
	static const struct wire_reset reset = { SCOPE_SLOT, 1 };
	static const struct wire_disk disk = { 1, 0, 1, 1 };
	static const struct wire_observe observe = { SCOPE_ALL, 0, 0, 0, 0 };
	static struct wire_hello hello;

	hello = wire_hello();
	prepare.fn = fn;
	prepare.persona.kind = PERSONA_NIC;
	switch (verb) {
	case WIRE_HELLO: return &hello;
	case WIRE_PREPARE: return &prepare;
	case WIRE_BIND: return &bind;
	case WIRE_UNBIND: return &unbind;
	case WIRE_SCRUB: return &scrub;
	case WIRE_SLOT_CTL: return &slot_ctl;
	case WIRE_MODULE_CTL: return &module_ctl;
	case WIRE_RESET: return &reset;
	case WIRE_DISK_MAKE:
	case WIRE_DISK_DESTROY: return &disk;
	case WIRE_OBSERVE: return &observe;
	case WIRE_NEXT_EVENT:
	case WIRE_CAPS:
	case WIRE_HEALTH:
	case WIRE_N_VERBS: break;
	}
	return NULL;
}

static bool
changes(enum wire_verb verb)
{
	return verb >= WIRE_PREPARE && verb <= WIRE_DISK_DESTROY;
}

/* ---- one test per rule, looped over every verb ---- */

START_TEST(a_verb_is_obeyed)
{
	enum wire_verb verb = (enum wire_verb)_i;
	struct world w;

	begin(&w);
	greet(&w);
	ck_assert_int_eq(ask(&w, verb, changes(verb) ? 1 : 0, good_body(verb)),
	    verb == WIRE_BIND || verb == WIRE_NEXT_EVENT ? 1 : 0);
	ck_assert_uint_eq(w.hw.changes, changes(verb) ? 1 : 0);
	server_free(w.s);
}
END_TEST

START_TEST(nothing_before_the_hello)
{
	enum wire_verb verb = (enum wire_verb)_i;
	struct world w;

	begin(&w);
	if (verb != WIRE_HELLO) {
		ck_assert_int_eq(ask(&w, verb, 1, good_body(verb)), -1);
		ck_assert_uint_eq(w.head.code, ERR_FORBIDDEN);
	}
	greet(&w);
	server_greet(w.s);			/* another client */
	if (verb != WIRE_HELLO) {
		ck_assert_int_eq(ask(&w, verb, 1, good_body(verb)), -1);
		ck_assert_uint_eq(w.head.code, ERR_FORBIDDEN);
	}
	ck_assert_uint_eq(w.hw.changes + w.hw.looks, 0);
	server_free(w.s);
}
END_TEST

/* One byte less, one more, and every other length. */
START_TEST(a_wrong_size_is_refused)
{
	enum wire_verb verb = (enum wire_verb)_i;
	size_t good = sizeof(struct wire_head) + wire_request_size(verb);
	uint8_t m[WIRE_MAX + 8] = { 0 };
	struct wire_head head = { .verb = verb, .tag = { 1, 1 } };
	struct world w;

	begin(&w);
	greet(&w);
	memcpy(m, &head, sizeof(head));
	for (size_t n = 0; n <= sizeof(m); n++) {
		if (n == good)
			continue;
		ck_assert_int_eq(send_raw(&w, m, n), -1);
		ck_assert_uint_eq(w.head.code, ERR_MALFORMED);
	}
	ck_assert_uint_eq(w.hw.changes + w.hw.looks, 0);
	server_free(w.s);
}
END_TEST

START_TEST(an_older_term_is_refused)
{
	enum wire_verb verb = (enum wire_verb)_i;
	struct world w;

	begin(&w);
	greet(&w);
	w.hw.term = 5;				/* the switch's word */
	ck_assert_int_eq(ask(&w, verb, 4, good_body(verb)), -1);
	ck_assert_uint_eq(w.head.code, ERR_STALE);
	ck_assert_uint_eq(w.hw.changes, 0);
	ck_assert_int_ge(ask(&w, verb, 7, good_body(verb)), 0);
	w.hw.term = 0;				/* it lost power; we did not */
	ck_assert_int_eq(ask(&w, verb, 6, good_body(verb)), -1);
	ck_assert_uint_eq(w.head.code, ERR_STALE);
	ck_assert_int_ge(ask(&w, verb, 7, good_body(verb)), 0);
	ck_assert_uint_eq(w.hw.changes, 2);
	ck_assert_int_eq(ask(&w, verb, 0, good_body(verb)), -1);
	ck_assert_uint_eq(w.head.code, ERR_MALFORMED);
	server_free(w.s);
}
END_TEST

START_TEST(an_unknown_verb_is_refused)
{
	static const uint32_t verbs[] = { 0, WIRE_N_VERBS, UINT32_MAX };
	struct world w;

	begin(&w);
	greet(&w);
	for (size_t i = 0; i < 3; i++) {
		struct wire_head head = { .verb = verbs[i] };

		ck_assert_int_eq(send_raw(&w, &head, sizeof(head)), -1);
		ck_assert_uint_eq(w.head.code, ERR_MALFORMED);
	}
	server_free(w.s);
}
END_TEST

START_TEST(while_the_switch_is_away)
{
	enum wire_verb verb = (enum wire_verb)_i;
	struct world w;

	begin(&w);
	greet(&w);
	ck_assert(!server_lost(w.s));
	server_attach(w.s, NULL);
	ck_assert_int_eq(ask(&w, verb, 1, good_body(verb)), -1);
	ck_assert_uint_eq(w.head.code, ERR_UNAVAILABLE);
	ck_assert(!server_lost(w.s));		/* there is none to lose */
	server_attach(w.s, &w.hw.fabric);
	if (verb == WIRE_NEXT_EVENT)		/* that something came */
		ck_assert_int_eq(ask(&w, verb, 0, NULL), 1);
	w.hw.away = true;
	ck_assert_int_eq(ask(&w, verb, 1, good_body(verb)), -1);
	ck_assert_uint_eq(w.head.code, ERR_UNAVAILABLE);
	ck_assert(server_lost(w.s));
	server_free(w.s);
}
END_TEST

START_TEST(another_build_is_refused)
{
	struct wire_hello h = wire_hello();
	struct world w;

	begin(&w);
	h.version++;
	ck_assert_int_eq(ask(&w, WIRE_HELLO, 0, &h), -1);
	ck_assert_uint_eq(w.head.code, ERR_UNSUPPORTED);
	ck_assert_int_eq(ask(&w, WIRE_CAPS, 0, NULL), -1);
	ck_assert_uint_eq(w.head.code, ERR_FORBIDDEN);
	server_free(w.s);
}
END_TEST

/* Numbers out of range reach no driver. */
START_TEST(nonsense_reaches_no_driver)
{
	struct wire_prepare p = { .fn = fn };
	struct wire_bind b = { 1, 0, 9, { 0 } };
	struct wire_reset r = { 77, 1 };
	struct wire_slot_ctl c = { 1, UINT32_MAX };
	struct world w;

	begin(&w);
	greet(&w);
	memset(&p.persona, 0xff, sizeof(p.persona));
	ck_assert_int_eq(ask(&w, WIRE_PREPARE, 1, &p), -1);
	ck_assert_int_eq(ask(&w, WIRE_BIND, 1, &b), -1);
	ck_assert_int_eq(ask(&w, WIRE_RESET, 1, &r), -1);
	ck_assert_int_eq(ask(&w, WIRE_SLOT_CTL, 1, &c), -1);
	ck_assert_uint_eq(w.head.code, ERR_MALFORMED);
	ck_assert_uint_eq(w.hw.changes, 0);
	server_free(w.s);
}
END_TEST

START_TEST(events_begin_with_resync)
{
	struct fabric_event ev;
	struct world w;

	begin(&w);
	w.hw.events = 1;
	for (unsigned client = 0; client < 2; client++) {
		server_greet(w.s);
		greet(&w);
		ck_assert_int_eq(ask(&w, WIRE_NEXT_EVENT, 0, NULL), 1);
		memcpy(&ev, w.reply + sizeof(w.head), sizeof(ev));
		ck_assert_uint_eq(ev.kind, FEV_RESYNC);
	}
	ck_assert_int_eq(ask(&w, WIRE_NEXT_EVENT, 0, NULL), 1);
	memcpy(&ev, w.reply + sizeof(w.head), sizeof(ev));
	ck_assert_uint_eq(ev.kind, FEV_SLOT);
	ck_assert_int_eq(ask(&w, WIRE_NEXT_EVENT, 0, NULL), 0);
	server_free(w.s);
}
END_TEST

/* ---- pages ---- */

static struct wire_page
page(struct world *w, uint64_t snapshot, uint32_t cursor)
{
	struct wire_observe o = { SCOPE_ALL, 0, snapshot, cursor, 0 };
	struct wire_page p;

	ck_assert_int_eq(ask(w, WIRE_OBSERVE, 0, &o), 0);
	ck_assert_uint_ge(w->size, sizeof(p));
	memcpy(&p, w->reply + sizeof(w->head), sizeof(p));
	ck_assert_uint_eq(w->size, sizeof(p) + p.bytes);
	return p;
}

START_TEST(pages_are_of_one_snapshot)
{
	struct world w;
	struct wire_page first, p;
	unsigned pages = 1;

	begin(&w);
	greet(&w);
	w.hw.n_fns = 100;
	first = p = page(&w, 0, 0);
	ck_assert_uint_eq(p.snapshot, 101);
	while (p.next != 0) {
		p = page(&w, p.snapshot, p.next);
		ck_assert_uint_eq(p.snapshot, first.snapshot);
		pages++;
	}
	ck_assert_uint_ge(pages, 8);
	ck_assert_uint_eq(w.hw.looks, 1);
	/* Out of order, of another snapshot, after the end: begin again. */
	p = page(&w, 0, 0);
	ck_assert_uint_eq(page(&w, p.snapshot, p.next + 8).snapshot, 0);
	ck_assert_uint_eq(page(&w, p.snapshot - 1, p.next).snapshot, 0);
	ck_assert_uint_eq(page(&w, p.snapshot, p.next).snapshot, p.snapshot);
	ck_assert_uint_eq(page(&w, p.snapshot, p.next).snapshot, 0);
	ck_assert_uint_eq(w.hw.looks, 2);
	server_free(w.s);
}
END_TEST

SUITE("server")
{
	tcase_add_loop_test(tc, a_verb_is_obeyed, WIRE_HELLO, WIRE_N_VERBS);
	tcase_add_loop_test(tc, nothing_before_the_hello, WIRE_HELLO,
	    WIRE_N_VERBS);
	tcase_add_loop_test(tc, a_wrong_size_is_refused, WIRE_HELLO,
	    WIRE_N_VERBS);
	tcase_add_loop_test(tc, an_older_term_is_refused, WIRE_PREPARE,
	    WIRE_OBSERVE);
	tcase_add_test(tc, an_unknown_verb_is_refused);
	tcase_add_loop_test(tc, while_the_switch_is_away, WIRE_PREPARE,
	    WIRE_N_VERBS);
	tcase_add_test(tc, another_build_is_refused);
	tcase_add_test(tc, nonsense_reaches_no_driver);
	tcase_add_test(tc, events_begin_with_resync);
	tcase_add_test(tc, pages_are_of_one_snapshot);
}
