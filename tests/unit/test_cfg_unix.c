/*
 * test_cfg_unix.c -- configuration access through the socket.
 *
 * The far side is a process of ours that answers its first request as a row says
 * and everything else as it should.
 */
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "switchmgr/cfg.h"
#include "switchmgr/le.h"
#include "switchmgr/mriov_map.h"
#include "tests/test.h"
#include "tests/unit/support_scratch.h"

enum { RID = 0x0100 };

enum { SILENT = -1, HANG_UP = -2 };

struct answer {
	int size;			/* bytes, SILENT or HANG_UP */
	uint32_t status;
	uint16_t rids[4];		/* goes behind the status */
};

/* A function with 4096 bytes that anyone may write. */
static size_t
answer_well(uint8_t space[4096], const uint8_t *q, uint8_t *a)
{
	unsigned rid = le_get16(q + 2), at = le_get16(q + 4);
	size_t n = le_get16(q + 6);

	memset(a, 0, CFG_ANSWER_BYTES);
	if (q[0] == CFG_LIST) {
		le_put16(a + 4, 0x0008);
		le_put16(a + 6, RID);
		return 8;
	}
	if (rid != RID || q[1] != 0) {
		le_put32(a, ENODEV);
		return 4;
	}
	if (at + n > 4096 || n > 1024 || (q[0] == CFG_WRITE && n != 4)) {
		le_put32(a, EINVAL);
		return 4;
	}
	if (q[0] == CFG_READ)
		memcpy(a + 4, space + at, n);
	else
		memcpy(space + at, q + 8, n);
	return q[0] == CFG_READ ? 4 + n : 4;
}

static void
serve(int fd, uint8_t space[4096], const struct answer *odd, unsigned *n)
{
	uint8_t q[64], a[2 * CFG_ANSWER_BYTES] = { 0 };
	size_t size;

	while (recv(fd, q, sizeof(q), 0) == CFG_REQUEST_BYTES) {
		if (odd == NULL || (*n)++ != 0) {
			size = answer_well(space, q, a);
		} else if (odd->size == SILENT) {
			continue;
		} else if (odd->size == HANG_UP) {
			return;
		} else {
			le_put32(a, odd->status);
			for (unsigned i = 0; i < 4; i++)
				le_put16(a + 4 + 2 * i, odd->rids[i]);
			size = (size_t)odd->size;
		}
		if (send(fd, a, size, MSG_NOSIGNAL) < 0)
			return;
	}
}

/* The far side in a process of its own; the first request of all is answered as
 * `odd` says (NULL: well). */
static pid_t
start_peer(const struct answer *odd)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = "cfg" };
	static uint8_t space[4096];
	int s = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	unsigned n = 0;
	pid_t pid;

	unlink("cfg");
	ck_assert_int_eq(bind(s, (struct sockaddr *)&to, sizeof(to)), 0);
	ck_assert_int_eq(listen(s, 8), 0);
	pid = fork();
	if (pid != 0) {
		close(s);
		return pid;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (unsigned i = 0; i < sizeof(space); i++)
		space[i] = (uint8_t)(i * 7 + (i >> 8));
	for (;;) {
		int fd = accept(s, NULL, NULL);

		serve(fd, space, odd, &n);
		close(fd);
	}
}

static void
stop_peer(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

START_TEST(the_socket_carries_all_three)
{
	struct err e = { 0 };
	uint8_t out[4096], one;
	uint16_t rids[8];
	uint32_t v = 0;
	pid_t peer;
	struct cfg *c;

	support_scratch_enter();
	peer = start_peer(NULL);
	c = cfg_open("unix=cfg", &e);
	ck_assert_msg(c != NULL, "%s", e.msg);
	ck_assert_int_eq(cfg_list(c, rids, 8, &e), 2);
	ck_assert_uint_eq(rids[0], 0x0008);
	ck_assert_uint_eq(rids[1], RID);
	ck_assert_int_eq(cfg_list(c, rids, 1, &e), 1);
	ck_ok(cfg_read(c, RID, 0, out, sizeof(out), &e), e);
	for (unsigned i = 0; i < sizeof(out); i++)
		ck_assert_uint_eq(out[i], (uint8_t)(i * 7 + (i >> 8)));
	ck_ok(cfg_read(c, RID, 4095, &one, 1, &e), e);
	ck_assert_uint_eq(one, out[4095]);
	ck_ok(cfg_write32(c, RID, 0xffc, 0x12345678, &e), e);
	ck_ok(cfg_read32(c, RID, 0xffc, &v, &e), e);
	ck_assert_uint_eq(v, 0x12345678);
	ck_fails(cfg_read32(c, 0x0900, 0, &v, &e), e, ERR_NOT_FOUND);
	ck_fails(cfg_write32(c, 0x0900, 0, 0, &e), e, ERR_NOT_FOUND);
	ck_ok(cfg_read32(c, RID, 0xffc, &v, &e), e);
	cfg_close(c);
	stop_peer(peer);
	support_scratch_leave();
}
END_TEST

enum call { READ4, READ_LONG, WRITE4, LIST };

static const struct {
	const char *what;
	enum call call;
	struct answer odd;
	enum err_code want;
} oddities[] = {
	{ "empty", READ4, { 0, 0, { 0 } }, ERR_UNAVAILABLE },
	{ "no status", READ4, { 3, 0, { 0 } }, ERR_DEVICE },
	{ "no data", READ4, { 4, 0, { 0 } }, ERR_DEVICE },
	{ "too little", READ4, { 7, 0, { 0 } }, ERR_DEVICE },
	{ "too much", READ4, { 9, 0, { 0 } }, ERR_DEVICE },
	{ "more than fits", READ4, { CFG_ANSWER_BYTES + 1, 0, { 0 } },
	    ERR_DEVICE },
	{ "far too much", READ_LONG, { 2 * CFG_ANSWER_BYTES, 0, { 0 } },
	    ERR_DEVICE },
	{ "one byte short", READ_LONG, { CFG_ANSWER_BYTES - 1, 0, { 0 } },
	    ERR_DEVICE },
	{ "a negative status", READ4, { 4, (uint32_t)-5, { 0 } }, ERR_DEVICE },
	{ "no errno", READ4, { 4, 4096, { 0 } }, ERR_DEVICE },
	{ "an error with data", READ4, { 8, EINVAL, { 0 } }, ERR_DEVICE },
	{ "EINVAL", READ4, { 4, EINVAL, { 0 } }, ERR_DEVICE },
	{ "EFBIG", WRITE4, { 4, EFBIG, { 0 } }, ERR_DEVICE },
	{ "ENODEV", WRITE4, { 4, ENODEV, { 0 } }, ERR_NOT_FOUND },
	{ "a write with data", WRITE4, { 8, 0, { 0 } }, ERR_DEVICE },
	{ "half a number", LIST, { 7, 0, { 8, 9 } }, ERR_DEVICE },
	{ "falling", LIST, { 8, 0, { 9, 8 } }, ERR_DEVICE },
	{ "twice the same", LIST, { 8, 0, { 8, 8 } }, ERR_DEVICE },
	{ "a list too long", LIST, { CFG_ANSWER_BYTES + 2, 0, { 0 } },
	    ERR_DEVICE },
	{ "hang-up, read", READ4, { HANG_UP, 0, { 0 } }, ERR_UNAVAILABLE },
	{ "hang-up, write", WRITE4, { HANG_UP, 0, { 0 } }, ERR_UNAVAILABLE },
	{ "silence", READ4, { SILENT, 0, { 0 } }, ERR_UNAVAILABLE },
};

static int
call(struct cfg *c, enum call which, struct err *e)
{
	uint8_t out[2048];
	uint16_t rids[8];

	switch (which) {
	case READ4:
		return cfg_read(c, RID, 0x10, out, 4, e);
	case READ_LONG:
		return cfg_read(c, RID, 0, out, sizeof(out), e);
	case WRITE4:
		return cfg_write32(c, RID, 0x10, 1, e);
	case LIST:
		break;
	}
	return cfg_list(c, rids, 8, e);
}

/* Refused, and the next call finds its way again. */
START_TEST(an_odd_answer)
{
	struct err e = { 0 };
	pid_t peer;
	struct cfg *c;

	support_scratch_enter();
	peer = start_peer(&oddities[_i].odd);
	c = cfg_open("unix=cfg", &e);
	ck_assert_msg(c != NULL, "%s", e.msg);
	ck_fails(call(c, oddities[_i].call, &e), e, oddities[_i].want);
	ck_ok(call(c, oddities[_i].call, &e), e);
	ck_ok(call(c, READ_LONG, &e), e);
	cfg_close(c);
	stop_peer(peer);
	support_scratch_leave();
}
END_TEST

START_TEST(a_peer_may_die_and_come_back)
{
	struct err e = { 0 };
	pid_t peer;
	struct cfg *c;

	support_scratch_enter();
	peer = start_peer(NULL);
	c = cfg_open("unix=cfg", &e);
	ck_assert_msg(c != NULL, "%s", e.msg);
	ck_ok(call(c, READ4, &e), e);
	stop_peer(peer);
	ck_fails(call(c, READ4, &e), e, ERR_UNAVAILABLE);
	ck_fails(call(c, WRITE4, &e), e, ERR_UNAVAILABLE);
	peer = start_peer(NULL);
	ck_ok(call(c, READ4, &e), e);
	cfg_close(c);
	stop_peer(peer);
	support_scratch_leave();
}
END_TEST

SUITE("cfg_unix")
{
	tcase_add_test(tc, the_socket_carries_all_three);
	tcase_add_loop_test(tc, an_odd_answer, 0, N_ROWS(oddities));
	tcase_add_test(tc, a_peer_may_die_and_come_back);
}
