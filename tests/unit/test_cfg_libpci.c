/* test_cfg_libpci.c -- libpci on a tree of plain files that comes and goes. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "switchmgr/cfg.h"
#include "switchmgr/le.h"
#include "tests/test.h"
#include "tests/unit/support_scratch.h"

enum { RID = 0x0100 };

#define H(id, next) ((uint32_t)(next) << 20 | 1u << 16 | (id))

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

	support_scratch_enter();
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
	support_scratch_leave();
}
END_TEST

START_TEST(libpci_sees_what_comes_and_goes)
{
	struct err e = { 0 };
	uint16_t rids[8];
	uint32_t v;
	struct cfg *c;

	support_scratch_enter();
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
	support_scratch_leave();
}
END_TEST

START_TEST(libpci_outlives_its_tree)
{
	struct err e = { 0 };
	uint16_t rids[8];
	uint32_t v;
	struct cfg *c;

	support_scratch_enter();
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
	support_scratch_leave();
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

	support_scratch_enter();
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
	support_scratch_leave();
}
END_TEST

SUITE("cfg_libpci")
{
	tcase_add_test(tc, libpci_reads_and_writes);
	tcase_add_test(tc, libpci_sees_what_comes_and_goes);
	tcase_add_test(tc, libpci_outlives_its_tree);
	tcase_add_test(tc, libpci_error_ends_the_process);
}
