/* test_remote.c -- the remote driver: bad lines, restarts, lost snapshots. */
#include "switchmgr/remote.h"
#include "switchmgr/server.h"
#include "switchmgr/wire.h"
#include "tests/test.h"
#include "tests/unit/support_counter.h"

/* ---- the other end: a transport that spoils ---- */

enum spoil {
	GOOD, SILENT, SHORT, LONGER, OTHER_SEQ, OTHER_VERB, BAD_ANSWER, NO_CODE,
	BAD_CODE, TAIL, FORGETFUL, RESTARTED, N_SPOILS,
};

struct line {
	struct counter hw;
	struct server *s;
	enum spoil spoil;
	unsigned asked, hung_up;
	unsigned restarts;		/* still to come */
	uint64_t restarted;		/* during this snapshot */
};

static void
begin(struct line *l)
{
	memset(l, 0, sizeof(*l));
	l->hw = counter_new();
	l->s = server_new(100);
	server_attach(l->s, &l->hw.fabric);
}

static void
spoil_reply(struct line *l, uint8_t *reply, size_t *got)
{
	struct wire_reply r;

	memcpy(&r, reply, sizeof(r));
	switch (l->spoil) {
	case SHORT: *got = sizeof(r) - 1; break;
	case LONGER: *got = WIRE_MAX + 1; break;
	case OTHER_SEQ: r.seq--; break;
	case OTHER_VERB: r.verb++; break;
	case BAD_ANSWER: r.answer = 2; break;
	case NO_CODE: r.answer = -1; r.code = ERR_NONE; break;
	case BAD_CODE: r.answer = -1; r.code = ERR_N_CODES; break;
	case TAIL: memset(reply + *got, 0, 8); *got += 8; break;
	case GOOD:
	case SILENT:
	case FORGETFUL:
	case RESTARTED:
	case N_SPOILS: break;
	}
	memcpy(reply, &r, sizeof(r));
}

static int
exchange(void *cookie, const void *request, size_t n, void *reply, size_t max,
    size_t *got, struct err *e)
{
	struct line *l = cookie;

	(void)max;
	l->asked++;
	if (l->spoil == SILENT)
		return err_set(e, ERR_UNAVAILABLE, "no answer");
	/* Another process behind the same socket, each time or once. */
	if (l->spoil == FORGETFUL || (l->spoil == RESTARTED && l->asked == 1))
		server_greet(l->s);
	*got = server_serve(l->s, request, n, reply);
	spoil_reply(l, reply, got);
	return 0;
}

static void
hang_up(void *cookie)
{
	((struct line *)cookie)->hung_up++;
}

static const struct {
	enum spoil spoil;
	enum err_code want;		/* ERR_NONE: it succeeds */
} spoils[] = {
	{ GOOD, ERR_NONE }, { SILENT, ERR_UNAVAILABLE }, { SHORT, ERR_DEVICE },
	{ LONGER, ERR_DEVICE }, { OTHER_SEQ, ERR_DEVICE },
	{ OTHER_VERB, ERR_DEVICE }, { BAD_ANSWER, ERR_DEVICE },
	{ NO_CODE, ERR_DEVICE }, { BAD_CODE, ERR_DEVICE }, { TAIL, ERR_DEVICE },
	{ FORGETFUL, ERR_UNAVAILABLE }, { RESTARTED, ERR_NONE },
};

START_TEST(a_bad_line)
{
	struct line l;
	struct remote_transport t = { exchange, hang_up, &l };
	struct fabric *f = remote_open_with(&t);
	struct fabric_switch sw;
	struct err e = { 0 };

	begin(&l);
	ck_ok(fabric_caps(f, &sw, &e), e);
	l.spoil = spoils[_i].spoil;
	l.asked = l.hung_up = 0;
	if (spoils[_i].want == ERR_NONE)
		ck_ok(fabric_caps(f, &sw, &e), e);
	else {
		ck_fails(fabric_caps(f, &sw, &e), e, spoils[_i].want);
		ck_assert_uint_le(l.asked, 3);
		ck_assert_uint_ge(l.hung_up, 1);
	}
	l.spoil = GOOD;				/* and it recovers */
	ck_ok(fabric_caps(f, &sw, &e), e);
	fabric_close(f);
	server_free(l.s);
}
END_TEST

static void
count_record(void *cookie, const struct fabric_record *r)
{
	if (r->kind == REC_FN)
		++*(unsigned *)cookie;
}

/* Another process in the middle of the pages of a snapshot, so many times. */
static int
exchange_restarting(void *cookie, const void *request, size_t n, void *reply,
    size_t max, size_t *got, struct err *e)
{
	struct line *l = cookie;
	struct wire_observe o;

	memcpy(&o, (const uint8_t *)request + sizeof(struct wire_head),
	    sizeof(o));
	if (n == sizeof(struct wire_head) + sizeof(o) && o.cursor != 0 &&
	    l->restarts > 0 && o.snapshot != l->restarted) {
		l->restarts--;
		l->restarted = o.snapshot;
		server_greet(l->s);
	}
	l->spoil = GOOD;
	return exchange(cookie, request, n, reply, max, got, e);
}

START_TEST(a_lost_snapshot_is_taken_again)
{
	struct line l;
	struct remote_transport t = { exchange_restarting, NULL, &l };
	struct fabric *f = remote_open_with(&t);
	unsigned n = 0;
	struct err e;

	begin(&l);
	l.hw.n_fns = 50;
	l.restarts = (unsigned)_i;
	if (_i < 4) {
		ck_ok(fabric_observe(f, SCOPE_ALL, 0, count_record, &n, &e), e);
		ck_assert_uint_eq(n, 50);	/* none twice */
		ck_assert_uint_eq(l.hw.looks, (unsigned)_i + 1);
	} else {
		ck_fails(fabric_observe(f, SCOPE_ALL, 0, count_record, &n, &e),
		    e, ERR_DEVICE);
		ck_assert_uint_eq(n, 0);
	}
	fabric_close(f);
	server_free(l.s);
}
END_TEST

SUITE("remote")
{
	tcase_add_loop_test(tc, a_bad_line, 0, N_ROWS(spoils));
	tcase_add_loop_test(tc, a_lost_snapshot_is_taken_again, 0, 5);
}
