/* test_cfg.c -- configuration access: what is common to all back ends. */
#include "switchmgr/cfg.h"
#include "switchmgr/le.h"
#include "tests/test.h"

enum { RID = 0x0100 };

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

SUITE("cfg")
{
	tcase_add_loop_test(tc, a_target, 0, N_ROWS(targets));
	tcase_add_test(tc, a_path_of_108_bytes_is_refused);
	tcase_add_test(tc, closing_nothing_is_fine);
	tcase_add_loop_test(tc, an_access_is_bounded, 0, N_ROWS(accesses));
	tcase_add_loop_test(tc, a_walk, 0, N_ROWS(walks));
	tcase_add_test(tc, a_walk_of_nobody_fails);
}
