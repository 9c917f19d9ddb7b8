/*
 * test_face.c -- the two sockets of the emulator, both ends in one process.
 */
#include "tests/test.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/support_box.h"
#include "tests/unit/support_scratch.h"
#include "tools/emulator/face_cfg.h"
#include "tools/emulator/face_ctl.h"

static struct box b;
static struct faces faces;
static struct face_cfg *cfg;
static struct face_ctl *ctl;

static void
open_faces(void)
{
	struct err e;

	b = box_open("lab-4");
	faces = (struct faces){ .chassis = b.chassis, .wake = -1,
		.lock = PTHREAD_MUTEX_INITIALIZER };
	support_scratch_enter();
	cfg = face_cfg_open(&faces, "cfg.sock", &e);
	ctl = face_ctl_open(&faces, "control.sock", &e);
	ck_assert_ptr_nonnull(cfg);
	ck_assert_ptr_nonnull(ctl);
}

static void
close_faces(void)
{
	face_cfg_close(cfg);
	face_ctl_close(ctl);
	support_scratch_leave();
	box_close(&b);
}

static int
client(const char *name, int type)
{
	struct err e;
	int fd = face_sock_connect(name, type, &e);

	ck_assert_msg(fd >= 0, "%s", e.msg);
	return fd;
}

/* One look at both sockets; what is there is served. */
static void
serve(void)
{
	struct pollfd p[2 * (FACE_CLIENTS + 1)];
	nfds_t n = face_cfg_fds(cfg, p), m = face_ctl_fds(ctl, p + n);

	ck_assert_int_ge(poll(p, n + m, 1000), 1);
	face_cfg_serve(cfg, p, n);
	face_ctl_serve(ctl, p + n, m);
}

/* ---- configuration space ---- */

/* Sends n bytes and takes the answer; how many came. */
static ssize_t
ask(int fd, const uint8_t *request, size_t n, uint8_t *answer)
{
	ck_assert_int_eq(send(fd, request, n, 0), (ssize_t)n);
	serve();
	return recv(fd, answer, CFG_ANSWER_BYTES, MSG_DONTWAIT);
}

static const struct {
	uint8_t request[CFG_REQUEST_BYTES + 4];
	size_t n;
	unsigned status;
	ssize_t bytes;			/* behind the status */
	uint32_t first;			/* of them, at most four */
} requests[] = {
	{ { CFG_READ, 0, 0, 3, 0, 0, 4, 0 }, 12, 0, 4, 0x10fb8086 },
	{ { CFG_READ, 0, 0, 3, 2, 0, 2, 0 }, 12, 0, 2, 0x10fb },
	{ { CFG_READ, 0, 0, 1, 0, 6, 0, 4 }, 12, 0, 1024, 0 },
	{ { CFG_READ, 0, 0, 1, 0, 6, 1, 4 }, 12, EINVAL, 0, 0 },
	{ { CFG_READ, 0, 0, 1, 0, 0, 0, 0 }, 12, EINVAL, 0, 0 },
	{ { CFG_READ, 0, 0, 1, 0xfe, 0x0f, 4, 0 }, 12, EFBIG, 0, 0 },
	{ { CFG_READ, 0, 0, 4, 0, 0, 4, 0 }, 12, ENODEV, 0, 0 },
	{ { CFG_WRITE, 0, 0, 1, 0x60, 2, 4, 0, 1, 2, 3, 4 }, 12, 0, 0, 0 },
	{ { CFG_WRITE, 0, 0, 1, 0x61, 2, 4, 0 }, 12, EINVAL, 0, 0 },
	{ { CFG_WRITE, 0, 0, 1, 0x60, 2, 8, 0 }, 12, EINVAL, 0, 0 },
	{ { CFG_WRITE, 0, 0, 1, 0, 0x10, 1, 0 }, 12, EFBIG, 0, 0 },
	{ { CFG_WRITE, 0, 0, 4, 0x60, 2, 4, 0 }, 12, ENODEV, 0, 0 },
	{ { CFG_LIST }, 12, 0, 2 * 10, 0x01000008 },
	{ { 0 }, 12, EINVAL, 0, 0 }, { { 4 }, 12, EINVAL, 0, 0 },
	{ { CFG_LIST }, 11, EINVAL, 0, 0 }, { { CFG_LIST }, 13, EINVAL, 0, 0 },
	{ { CFG_LIST }, 1, EINVAL, 0, 0 }, { { CFG_LIST }, 16, EINVAL, 0, 0 },
};

START_TEST(a_request_gets_its_answer)
{
	uint8_t answer[CFG_ANSWER_BYTES];
	int fd = client("cfg.sock", SOCK_SEQPACKET);
	unsigned n;

	serve();
	ck_assert_int_eq(ask(fd, requests[_i].request, requests[_i].n, answer),
	    4 + requests[_i].bytes);
	ck_assert_uint_eq(box_num(answer, 4), requests[_i].status);
	n = requests[_i].bytes > 4 ? 4 : (unsigned)requests[_i].bytes;
	ck_assert_uint_eq(box_num(answer + 4, n), requests[_i].first);
	(void)close(fd);
}
END_TEST

START_TEST(a_write_arrives)
{
	uint8_t answer[CFG_ANSWER_BYTES];
	int fd = client("cfg.sock", SOCK_SEQPACKET);

	serve();
	(void)ask(fd, requests[7].request, 12, answer);
	ck_assert_uint_eq(space_get(chassis_space(b.chassis, BOX_UP), 0x260, 4),
	    0x04030201);
	(void)close(fd);
}
END_TEST

START_TEST(clients_come_and_go)
{
	uint8_t answer[CFG_ANSWER_BYTES];
	int fd[FACE_CLIENTS];

	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < FACE_CLIENTS; i++) {
			fd[i] = client("cfg.sock", SOCK_SEQPACKET);
			serve();
		}
		for (unsigned i = 0; i < FACE_CLIENTS; i++)
			ck_assert_int_eq(ask(fd[i], requests[0].request, 12,
			    answer), 8);
		for (unsigned i = 0; i < FACE_CLIENTS; i++)
			(void)close(fd[i]);
		serve();
	}
}
END_TEST

/* ---- control ---- */

static void
say(int fd, const char *text)
{
	ck_assert_int_eq(send(fd, text, strlen(text), 0),
	    (ssize_t)strlen(text));
	serve();
}

static char *
heard(int fd)
{
	static char text[65536];
	ssize_t n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

START_TEST(a_line_gets_a_line)
{
	int fd = client("control.sock", SOCK_STREAM);

	serve();
	say(fd, "power slot 1 off\n");
	ck_assert_str_eq(heard(fd), "{\"ok\":true}\n");
	say(fd, "nonsense\n");
	ck_assert_str_eq(heard(fd),
	    "{\"error\":\"unknown command; try: help\"}\n");
	say(fd, "violations clear\nviolations cl");
	ck_assert_str_eq(heard(fd), "{\"ok\":true}\n");
	say(fd, "ear\nlog clear\n");
	ck_assert_str_eq(heard(fd), "{\"ok\":true}\n{\"ok\":true}\n");
	(void)close(fd);
}
END_TEST

START_TEST(an_endless_line_ends_the_client)
{
	int fd = client("control.sock", SOCK_STREAM);
	char text[2049];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	serve();
	say(fd, text);
	serve();
	ck_assert_int_le(recv(fd, text, 1, MSG_DONTWAIT), 0);
	ck_assert_int_ne(errno, EAGAIN);
	(void)close(fd);
}
END_TEST

START_TEST(a_long_answer_comes_in_pieces)
{
	static char piece[65536];
	int fd = client("control.sock", SOCK_STREAM);
	size_t total = 0;
	char last = 0;

	for (unsigned i = 0; i < 20000; i++)
		box_put(&b, BOX_UP, MR_EVENT_ACK, 0);
	serve();
	say(fd, "log all\n");
	while (last != '\n') {
		ssize_t n = recv(fd, piece, sizeof(piece), MSG_DONTWAIT);

		if (n > 0) {
			total += (size_t)n;
			last = piece[n - 1];
		} else
			serve();
	}
	ck_assert_uint_gt(total, 1000000);
	(void)close(fd);
}
END_TEST

/* ---- sockets ---- */

START_TEST(a_second_emulator_is_refused)
{
	struct err e;

	ck_fails(face_sock_listen("cfg.sock", SOCK_SEQPACKET, &e), e,
	    ERR_CONFLICT);
}
END_TEST

START_TEST(a_dead_ones_socket_is_replaced)
{
	struct err e;
	int fd;

	face_cfg_close(cfg);
	ck_assert_int_eq(access("cfg.sock", F_OK), 0);
	cfg = face_cfg_open(&faces, "cfg.sock", &e);
	ck_assert_ptr_nonnull(cfg);
	fd = client("cfg.sock", SOCK_SEQPACKET);
	(void)close(fd);
}
END_TEST

START_TEST(a_long_path_can_be_connected)
{
	char here[4096], path[5000];
	int fd;

	ck_assert_ptr_nonnull(getcwd(here, sizeof(here)));
	(void)snprintf(path, sizeof(path), "%s/././././././././././././././"
	    "./././././././././././././././././././././././././././././"
	    "./././././././cfg.sock", here);
	ck_assert_uint_gt(strlen(path), 107);
	fd = client(path, SOCK_SEQPACKET);
	(void)close(fd);
}
END_TEST

SUITE("face")
{
	tcase_add_checked_fixture(tc, open_faces, close_faces);
	tcase_add_loop_test(tc, a_request_gets_its_answer, 0, N_ROWS(requests));
	tcase_add_test(tc, a_write_arrives);
	tcase_add_test(tc, clients_come_and_go);
	tcase_add_test(tc, a_line_gets_a_line);
	tcase_add_test(tc, an_endless_line_ends_the_client);
	tcase_add_test(tc, a_long_answer_comes_in_pieces);
	tcase_add_test(tc, a_second_emulator_is_refused);
	tcase_add_test(tc, a_dead_ones_socket_is_replaced);
	tcase_add_test(tc, a_long_path_can_be_connected);
}
