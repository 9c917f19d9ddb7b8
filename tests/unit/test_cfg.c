/*
 * test_cfg.c -- configuration access: what is common, the socket, libpci.
 *
 * The socket's far side is a process of ours that answers one request as a row
 * says and everything else as it should; libpci reads a tree of plain files.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "switchmgr/cfg.h"
#include "switchmgr/le.h"
#include "switchmgr/mriov_map.h"
#include "tests/test.h"

enum { RID = 0x0100 };

static char scratch[] = "/tmp/polyroot-cfg-XXXXXX";

static void
enter_scratch(void)
{
	ck_assert_ptr_nonnull(mkdtemp(scratch));
	ck_assert_int_eq(chdir(scratch), 0);
}

static void
leave_scratch(void)
{
	char command[64];

	ck_assert_int_eq(chdir("/"), 0);
	snprintf(command, sizeof(command), "rm -rf %s", scratch);
	ck_assert_int_eq(system(command), 0);
}

/* ---- targets ---- */

static const struct {
	const char *target;
	enum err_code want;
} targets[] = {
	{ "", ERR_MALFORMED },
	{ "sysfs", ERR_MALFORMED },
	{ "sysfs=", ERR_MALFORMED },
	{ "unix=", ERR_MALFORMED },
	{ "tcp=localhost", ERR_MALFORMED },
	{ "unix=no-such-socket", ERR_UNAVAILABLE },
	{ "unix=/", ERR_UNAVAILABLE },
	{ "sysfs=no-such-tree", ERR_UNAVAILABLE },
};

START_TEST(a_target)
{
	struct err e = { 0 };

	ck_assert_ptr_null(cfg_open(targets[_i].target, &e));
	ck_assert_str_eq(err_slug(e.code), err_slug(targets[_i].want));
	ck_assert_str_ne(e.msg, "");
}
END_TEST

/* sockaddr_un has room for 107 bytes; relative paths are how one stays below. */
START_TEST(a_path_of_108_bytes_is_refused)
{
	struct err e = { 0 };
	char target[5 + 108 + 1] = "unix=";

	memset(target + 5, 'x', 108);
	ck_assert_ptr_null(cfg_open(target, &e));
	ck_assert_int_eq(e.code, ERR_MALFORMED);
	target[5 + 107] = '\0';
	ck_assert_ptr_null(cfg_open(target, &e));
	ck_assert_int_eq(e.code, ERR_UNAVAILABLE);
}
END_TEST

START_TEST(closing_nothing_is_fine)
{
	cfg_close(NULL);
}
END_TEST

/* ---- in process: bounds, and the walk ---- */

struct fake {
	struct cfg cfg;
	uint8_t data[4096];
	unsigned reads, writes, last;	/* last: first offset not shown */
};

static int
fake_read(struct cfg *c, uint16_t rid, unsigned offset, void *out, size_t n,
    struct err *e)
{
	struct fake *f = (struct fake *)c;

	f->reads++;
	if (rid != RID)
		return err_set(e, ERR_NOT_FOUND, "there is no function");
	if (offset + n > f->last)
		return err_set(e, ERR_UNSUPPORTED, "no more");
	memcpy(out, f->data + offset, n);
	return 0;
}

static int
fake_write(struct cfg *c, uint16_t rid, unsigned offset, uint32_t value,
    struct err *e)
{
	struct fake *f = (struct fake *)c;

	(void)rid, (void)e;
	f->writes++;
	le_put32(f->data + offset, value);
	return 0;
}

static const struct cfg_ops fake_ops = {
	.read = fake_read, .write = fake_write,
};

static const struct {
	unsigned offset;
	size_t n;
	int write, fine;
} accesses[] = {
	{ 0, 4, 0, 1 }, { 0, 4096, 0, 1 }, { 4095, 1, 0, 1 },
	{ 3, 2, 0, 1 }, { 4092, 4, 0, 1 },
	{ 0, 0, 0, 0 }, { 4096, 1, 0, 0 }, { 4095, 2, 0, 0 },
	{ 0, 4097, 0, 0 }, { 1, 4096, 0, 0 }, { 0xfffffffc, 4, 0, 0 },
	{ 4, (size_t)-1, 0, 0 },
	{ 0, 4, 1, 1 }, { 4092, 4, 1, 1 },
	{ 4096, 4, 1, 0 }, { 4093, 4, 1, 0 }, { 2, 4, 1, 0 },
	{ 0xfffffffc, 4, 1, 0 },
};

START_TEST(an_access_is_bounded)
{
	struct fake f = { .cfg.ops = &fake_ops, .last = 4096 };
	struct err e = { 0 };
	uint8_t out[4096];
	int rc;

	if (accesses[_i].write)
		rc = cfg_write32(&f.cfg, RID, accesses[_i].offset, 1, &e);
	else
		rc = cfg_read(&f.cfg, RID, accesses[_i].offset, out,
		    accesses[_i].n, &e);
	ck_assert_int_eq(rc, accesses[_i].fine ? 0 : -1);
	ck_assert_uint_eq(f.reads + f.writes, (unsigned)accesses[_i].fine);
	if (rc < 0)
		ck_assert_int_eq(e.code, ERR_INTERNAL);
}
END_TEST

#define H(id, next) ((uint32_t)(next) << 20 | 1u << 16 | (id))

static const struct {
	const char *what;
	struct {
		unsigned at;
		uint32_t header;
	} caps[4];
	unsigned last, want;
	enum err_code code;
} walks[] = {
	{ "empty", { { 0 } }, 4096, 0, ERR_NONE },
	{ "no extended space", { { 0 } }, 256, 0, ERR_NONE },
	{ "the first", { { 0x100, H(0x11, 0) } }, 4096, 0x100, ERR_NONE },
	{ "the last", { { 0x100, H(1, 0xffc) }, { 0xffc, H(0x11, 0) } }, 4096,
	    0xffc, ERR_NONE },
	{ "backwards", { { 0x100, H(1, 0x800) }, { 0x800, H(3, 0x200) },
	    { 0x200, H(0x11, 0) } }, 4096, 0x200, ERR_NONE },
	{ "not in it", { { 0x100, H(1, 0x140) }, { 0x140, H(3, 0) } }, 4096, 0,
	    ERR_NONE },
	{ "an empty header ends it", { { 0x100, H(1, 0x140) } }, 4096, 0,
	    ERR_NONE },
	{ "id 0 with a next", { { 0x100, H(0, 0x140) },
	    { 0x140, H(0x11, 0) } }, 4096, 0x140, ERR_NONE },
	{ "onto itself", { { 0x100, H(1, 0x100) } }, 4096, 0, ERR_DEVICE },
	{ "a loop", { { 0x100, H(1, 0x140) }, { 0x140, H(3, 0x160) },
	    { 0x160, H(2, 0x140) } }, 4096, 0, ERR_DEVICE },
	{ "into the header", { { 0x100, H(1, 0x40) } }, 4096, 0, ERR_DEVICE },
	{ "off the register", { { 0x100, H(1, 0x142) } }, 4096, 0,
	    ERR_DEVICE },
	{ "ones", { { 0x100, 0xffffffff } }, 4096, 0, ERR_DEVICE },
	{ "ones later", { { 0x100, H(1, 0x140) }, { 0x140, 0xffffffff } },
	    4096, 0, ERR_DEVICE },
	{ "it ends on the way", { { 0x100, H(1, 0x800) } }, 0x200, 0,
	    ERR_UNSUPPORTED },
};

START_TEST(a_walk)
{
	struct fake f = { .cfg.ops = &fake_ops, .last = walks[_i].last };
	struct err e = { 0 };
	unsigned at = 0xdead;
	int rc;

	for (unsigned i = 0; i < 4 && walks[_i].caps[i].at != 0; i++)
		le_put32(f.data + walks[_i].caps[i].at,
		    walks[_i].caps[i].header);
	rc = cfg_ext_cap(&f.cfg, RID, 0x11, &at, &e);
	ck_assert_msg(rc == (walks[_i].code == ERR_NONE ? 0 : -1), "%s: %s",
	    walks[_i].what, e.msg);
	ck_assert_uint_le(f.reads, 512);
	if (rc == 0)
		ck_assert_uint_eq(at, walks[_i].want);
	else
		ck_assert_int_eq(e.code, walks[_i].code);
}
END_TEST

START_TEST(a_walk_of_nobody_fails)
{
	struct fake f = { .cfg.ops = &fake_ops, .last = 4096 };
	struct err e;
	unsigned at;

	ck_fails(cfg_ext_cap(&f.cfg, 0x0808, 0x11, &at, &e), e, ERR_NOT_FOUND);
}
END_TEST

/* ---- the socket ---- */

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

	enter_scratch();
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
	leave_scratch();
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

	enter_scratch();
	peer = start_peer(&oddities[_i].odd);
	c = cfg_open("unix=cfg", &e);
	ck_assert_msg(c != NULL, "%s", e.msg);
	ck_fails(call(c, oddities[_i].call, &e), e, oddities[_i].want);
	ck_ok(call(c, oddities[_i].call, &e), e);
	ck_ok(call(c, READ_LONG, &e), e);
	cfg_close(c);
	stop_peer(peer);
	leave_scratch();
}
END_TEST

START_TEST(a_peer_may_die_and_come_back)
{
	struct err e = { 0 };
	pid_t peer;
	struct cfg *c;

	enter_scratch();
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
	leave_scratch();
}
END_TEST

/* ---- libpci on a tree of plain files ---- */

static void
put_file(const char *dir, const char *name, const void *bytes, size_t n)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "devices/%s/%s", dir, name);
	fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0644);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq((int)write(fd, bytes, n), (int)n);
	close(fd);
}

static void
put_function(const char *name, size_t size)
{
	uint8_t data[4096];
	char path[64];

	for (unsigned i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 3 + (i >> 8));
	le_put32(data + 0x100, H(0x01, 0x200));
	le_put32(data + 0x200, H(0x11, 0));
	snprintf(path, sizeof(path), "devices/%s", name);
	mkdir("devices", 0755);
	ck_assert_int_eq(mkdir(path, 0755), 0);
	put_file(name, "config", data, size);
}

static void
take_function(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "devices/%s/config", name);
	ck_assert_int_eq(unlink(path), 0);
	snprintf(path, sizeof(path), "devices/%s", name);
	ck_assert_int_eq(rmdir(path), 0);
}

static struct cfg *
open_tree(void)
{
	struct err e = { 0 };
	struct cfg *c;

	put_function("0000:03:00.1", 4096);
	put_function("0000:01:00.0", 4096);
	put_function("0000:02:1f.7", 256);
	put_function("0001:01:00.0", 4096);	/* another domain */
	c = cfg_open("sysfs=.", &e);
	ck_assert_msg(c != NULL, "%s", e.msg);
	return c;
}

START_TEST(libpci_reads_and_writes)
{
	struct err e = { 0 };
	uint8_t out[4096];
	uint32_t v;
	unsigned at;
	struct cfg *c;

	enter_scratch();
	c = open_tree();
	ck_ok(cfg_read(c, RID, 0, out, sizeof(out), &e), e);
	ck_assert_uint_eq(out[0xfff], (uint8_t)(0xfff * 3 + 0xf));
	ck_ok(cfg_read(c, RID, 0x123, out, 1000, &e), e);
	ck_assert_uint_eq(out[999], (uint8_t)(0x50a * 3 + 5));
	ck_ok(cfg_write32(c, RID, 0xffc, 0x12345678, &e), e);
	ck_ok(cfg_read32(c, RID, 0xffc, &v, &e), e);
	ck_assert_uint_eq(v, 0x12345678);
	ck_ok(cfg_ext_cap(c, RID, 0x11, &at, &e), e);
	ck_assert_uint_eq(at, 0x200);
	ck_ok(cfg_ext_cap(c, 0x02ff, 0x11, &at, &e), e);
	ck_assert_uint_eq(at, 0);
	ck_fails(cfg_read32(c, 0x02ff, 0x100, &v, &e), e, ERR_UNSUPPORTED);
	ck_fails(cfg_read32(c, 0x0900, 0, &v, &e), e, ERR_NOT_FOUND);
	ck_fails(cfg_write32(c, 0x0900, 0, 0, &e), e, ERR_NOT_FOUND);
	cfg_close(c);
	leave_scratch();
}
END_TEST

START_TEST(libpci_sees_what_comes_and_goes)
{
	struct err e = { 0 };
	uint16_t rids[8];
	uint32_t v;
	struct cfg *c;

	enter_scratch();
	c = open_tree();
	ck_assert_int_eq(cfg_list(c, rids, 8, &e), 3);
	ck_assert_uint_eq(rids[0], 0x0100);
	ck_assert_uint_eq(rids[1], 0x02ff);
	ck_assert_uint_eq(rids[2], 0x0301);
	put_function("0000:03:00.0", 4096);
	ck_assert_int_eq(cfg_list(c, rids, 8, &e), 4);
	ck_assert_uint_eq(rids[2], 0x0300);
	ck_ok(cfg_read32(c, 0x0300, 0, &v, &e), e);
	take_function("0000:03:00.0");
	take_function("0000:03:00.1");
	ck_fails(cfg_read32(c, 0x0301, 0, &v, &e), e, ERR_NOT_FOUND);
	ck_ok(cfg_read32(c, RID, 0, &v, &e), e);
	ck_assert_int_eq(cfg_list(c, rids, 8, &e), 2);
	cfg_close(c);
	leave_scratch();
}
END_TEST

START_TEST(libpci_outlives_its_tree)
{
	struct err e = { 0 };
	uint16_t rids[8];
	uint32_t v;
	struct cfg *c;

	enter_scratch();
	c = open_tree();
	ck_ok(cfg_read32(c, 0x0301, 0, &v, &e), e);
	ck_assert_int_eq(rename("devices", "away"), 0);
	ck_fails(cfg_read32(c, RID, 0, &v, &e), e, ERR_UNAVAILABLE);
	ck_fails(cfg_list(c, rids, 8, &e), e, ERR_UNAVAILABLE);
	ck_fails(cfg_write32(c, RID, 0, 0, &e), e, ERR_UNAVAILABLE);
	ck_assert_int_eq(rename("away", "devices"), 0);
	ck_ok(cfg_read32(c, RID, 0, &v, &e), e);
	ck_assert_int_eq(cfg_list(c, rids, 8, &e), 3);
	cfg_close(c);
	leave_scratch();
}
END_TEST

/* libpci's own idea of an error ends the process, with its words in the log. */
START_TEST(libpci_error_ends_the_process)
{
	struct err e = { 0 };
	struct cfg *c;
	int status, log[2];
	char text[512] = "";
	pid_t pid;

	enter_scratch();
	ck_assert_int_eq(mkdir("devices", 0755), 0);
	ck_assert_int_eq(mkdir("devices/nonsense", 0755), 0);
	ck_assert_int_eq(pipe(log), 0);
	pid = fork();
	if (pid == 0) {
		dup2(log[1], 2);
		c = cfg_open("sysfs=.", &e);
		_exit(c != NULL);
	}
	close(log[1]);
	ck_assert_int_gt((int)read(log[0], text, sizeof(text) - 1), 0);
	waitpid(pid, &status, 0);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 70);
	ck_assert_msg(strstr(text, "nonsense") != NULL, "%s", text);
	leave_scratch();
}
END_TEST

SUITE("cfg")
{
	tcase_add_loop_test(tc, a_target, 0, N_ROWS(targets));
	tcase_add_test(tc, a_path_of_108_bytes_is_refused);
	tcase_add_test(tc, closing_nothing_is_fine);
	tcase_add_loop_test(tc, an_access_is_bounded, 0, N_ROWS(accesses));
	tcase_add_loop_test(tc, a_walk, 0, N_ROWS(walks));
	tcase_add_test(tc, a_walk_of_nobody_fails);
	tcase_add_test(tc, the_socket_carries_all_three);
	tcase_add_loop_test(tc, an_odd_answer, 0, N_ROWS(oddities));
	tcase_add_test(tc, a_peer_may_die_and_come_back);
	tcase_add_test(tc, libpci_reads_and_writes);
	tcase_add_test(tc, libpci_sees_what_comes_and_goes);
	tcase_add_test(tc, libpci_outlives_its_tree);
	tcase_add_test(tc, libpci_error_ends_the_process);
}
