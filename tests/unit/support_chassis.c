/* support_chassis.c -- see support_chassis.h. */
#include "tests/unit/support_chassis.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "switchmgr/driver.h"
#include "switchmgr/drv_mriov.h"
#include "switchmgr/le.h"
#include "switchmgr/mriov_map.h"
#include "switchmgr/remote.h"
#include "switchmgr/unixsock.h"
#include "switchmgr/wire.h"
#include "tests/test.h"

static const char box[] = "{\"format\":\"polyroot chassis 1\",\"name\":\"t\","
    "\"model\":7,\"bridges\":8,\"parallel\":4,\"releaseMs\":1000,\"ackMs\":50,"
    "\"slots\":[{\"count\":3,\"server\":{\"serial\":\"SRV-%\"}},{}],"
    "\"bays\":[{\"card\":{\"model\":\"X520-SR2\",\"serial\":\"N1\","
    "\"address\":\"00:1b:21:00:00:10\"}},"
    "{\"card\":{\"model\":\"QLE2562\",\"serial\":\"F1\","
    "\"address\":\"21:00:00:e0:8b:00:00:10\"}},"
    "{\"card\":{\"model\":\"9260-4i\",\"serial\":\"R1\","
    "\"drives\":{\"count\":4,\"capacityMiB\":100000}}},{}]}";

const char *const support_way_names[WAY_N] = {
	[WAY_PROCESS] = "process", [WAY_UNIX] = "unix", [WAY_FUSE] = "fuse",
	[WAY_REMOTE] = "remote", [WAY_REMOTE_SOCKET] = "remote socket",
};

const char *
support_way_missing(enum support_way way)
{
	if (way == WAY_FUSE && access("/dev/fuse", R_OK | W_OK) < 0)
		return "no access to /dev/fuse";
	return NULL;
}

static int64_t
now(const struct support_chassis *s)
{
	return s->real_clock ? clock_now_ms() : s->now_ms;
}

void
support_chassis_new(struct support_chassis *s)
{
	json_t *file;
	struct err e;

	memset(s, 0, sizeof(*s));
	pthread_mutex_init(&s->faces.lock, NULL);
	s->faces.wake = s->listener = -1;
	s->now_ms = 1000;
	ck_ok(json_read(box, strlen(box), sizeof(box), &file, &e), e);
	s->faces.chassis = chassis_new(file, &e);
	json_decref(file);
	if (s->faces.chassis == NULL)
		ck_abort_msg("%s: %s", e.field, e.msg);
	chassis_turn(s->faces.chassis, s->now_ms);
	support_chassis_pass(s, 1000);		/* it is ready after a second */
}

/* ---- configuration space in process ---- */

struct local {
	struct cfg cfg;
	struct support_chassis *s;
};

static struct support_chassis *
chassis_of(struct cfg *c)
{
	return ((struct local *)c)->s;
}

static int
translate(int error, struct err *e)
{
	if (error == 0)
		return 0;
	return err_set(e, error == ENODEV ? ERR_NOT_FOUND : ERR_DEVICE, "%s",
	    strerror(error));
}

static void
local_close(struct cfg *c)
{
	free(c);
}

static int
local_list(struct cfg *c, uint16_t *rids, size_t max, struct err *e)
{
	struct support_chassis *s = chassis_of(c);
	size_t n;

	(void)e;
	pthread_mutex_lock(&s->faces.lock);
	n = chassis_list(s->faces.chassis, rids, max);
	pthread_mutex_unlock(&s->faces.lock);
	return (int)n;
}

static int
local_read(struct cfg *c, uint16_t rid, unsigned offset, void *out, size_t n,
    struct err *e)
{
	struct support_chassis *s = chassis_of(c);
	int rc;

	pthread_mutex_lock(&s->faces.lock);
	rc = chassis_cfg_read(s->faces.chassis, now(s), rid, offset, out, n);
	pthread_mutex_unlock(&s->faces.lock);
	return translate(rc, e);
}

static int
local_write(struct cfg *c, uint16_t rid, unsigned offset, uint32_t value,
    struct err *e)
{
	struct support_chassis *s = chassis_of(c);
	int rc;

	pthread_mutex_lock(&s->faces.lock);
	rc = chassis_cfg_write(s->faces.chassis, now(s), rid, offset, 4, value);
	pthread_mutex_unlock(&s->faces.lock);
	return translate(rc, e);
}

static const struct cfg_ops local_ops = {
	.close = local_close, .list = local_list,
	.read = local_read, .write = local_write,
};

struct cfg *
support_chassis_cfg(struct support_chassis *s)
{
	struct local *l = xcalloc(1, sizeof(*l));

	l->cfg.ops = &local_ops;
	l->s = s;
	return &l->cfg;
}

/* ---- the configuration socket ---- */

static size_t
answer_cfg(struct support_chassis *s, const uint8_t *q, uint8_t *a)
{
	uint16_t rid = le_get16(q + 2), offset = le_get16(q + 4);
	size_t n = le_get16(q + 6);
	struct local l = { { &local_ops }, s };
	uint16_t rids[512];
	struct err e = { 0 };
	int rc = -1;

	if (q[0] == CFG_READ && n <= 1024)
		rc = local_read(&l.cfg, rid, offset, a + 4, n, &e);
	else if (q[0] == CFG_WRITE) {
		rc = local_write(&l.cfg, rid, offset, le_get32(q + 8), &e);
		n = 0;
	} else if (q[0] == CFG_LIST) {
		rc = local_list(&l.cfg, rids, 512, &e);
		n = (size_t)rc * 2;
		for (int i = 0; i < rc; i++)
			le_put16(a + 4 + 2 * i, rids[i]);
	}
	le_put32(a, rc >= 0 ? 0 : e.code == ERR_NOT_FOUND ? ENODEV : EINVAL);
	return 4 + (rc >= 0 ? n : 0);
}

static size_t
answer_one(struct support_chassis *s, const uint8_t *q, size_t n, uint8_t *a)
{
	return s->server != NULL ? server_serve(s->server, q, n, a) :
	    answer_cfg(s, q, a);
}

static void
serve_line(struct support_chassis *s, int fd)
{
	static _Alignas(8) uint8_t q[WIRE_MAX], a[WIRE_MAX];
	ssize_t n;

	if (s->server != NULL)
		server_greet(s->server);
	while ((n = recv(fd, q, sizeof(q), MSG_TRUNC)) > 0) {
		size_t size = answer_one(s, q, (size_t)n, a);

		if (send(fd, a, size, MSG_NOSIGNAL) != (ssize_t)size)
			break;
	}
	close(fd);
}

/* Until the listener is shut down. */
static void *
serve_lines(void *arg)
{
	struct support_chassis *s = arg;
	struct pollfd p = { .fd = s->listener, .events = POLLIN };

	for (;;) {
		int fd;

		if (poll(&p, 1, -1) < 0)
			continue;
		fd = accept(s->listener, NULL, NULL);
		if (fd < 0)
			return NULL;
		serve_line(s, fd);
	}
}

static void
listen_at(struct support_chassis *s, const char *path)
{
	struct err e;

	s->listener = unixsock_listen(path, &e);
	ck_ok(s->listener, e);
	ck_assert_int_eq(pthread_create(&s->thread, NULL, serve_lines, s), 0);
}

/* ---- the ways ---- */

static int
exchange_here(void *cookie, const void *request, size_t n, void *reply,
    size_t max, size_t *got, struct err *e)
{
	(void)e;
	ck_assert_uint_ge(max, WIRE_MAX);
	*got = server_serve(cookie, request, n, reply);
	return 0;
}

static struct fabric *
local_fabric(struct support_chassis *s)
{
	struct err e;
	struct fabric *f = mriov_fabric(support_chassis_cfg(s), &e);

	if (f == NULL)
		ck_abort_msg("%s", e.msg);
	return f;
}

static void
start_server(struct support_chassis *s)
{
	s->served = local_fabric(s);
	s->server = server_new(UINT64_C(1) << 40);
	server_attach(s->server, s->served);
}

static struct fabric *
open_uri(const char *uri)
{
	struct err e;
	struct fabric *f;

	/* Named, so that this program has it (fabric.c). */
	ck_assert_str_eq(mriov_driver.name, "mriov");
	f = fabric_open(uri, &e);
	if (f == NULL)
		ck_abort_msg("%s: %s", uri, e.msg);
	return f;
}

static struct fabric *
open_fuse(struct support_chassis *s)
{
	struct err e;

	s->real_clock = true;
	s->fuse = face_fuse_start(&s->faces, "sys", &e);
	if (s->fuse == NULL)
		ck_abort_msg("%s", e.msg);
	return open_uri("mriov:sysfs=sys/bus/pci");
}

struct fabric *
support_chassis_open(struct support_chassis *s, enum support_way way)
{
	struct remote_transport t = { .exchange = exchange_here };

	switch (way) {
	case WAY_PROCESS:
		return local_fabric(s);
	case WAY_UNIX:
		listen_at(s, "cfg.sock");
		return open_uri("mriov:unix=cfg.sock");
	case WAY_FUSE:
		return open_fuse(s);
	case WAY_REMOTE:
		start_server(s);
		t.cookie = s->server;
		return remote_open_with(&t);
	case WAY_REMOTE_SOCKET:
		start_server(s);
		listen_at(s, "switch.sock");
		return open_uri("remote:switch.sock");
	case WAY_N:
		break;
	}
	ck_abort_msg("no such way");
	return NULL;
}

void
support_chassis_leave(struct support_chassis *s, struct fabric *f)
{
	fabric_close(f);
	if (s->listener >= 0) {
		shutdown(s->listener, SHUT_RDWR);
		pthread_join(s->thread, NULL);
		close(s->listener);
	}
	s->listener = -1;
	face_fuse_stop(s->fuse);
	s->fuse = NULL;
	fabric_close(s->served);
	s->served = NULL;
	server_free(s->server);
	s->server = NULL;
}

void
support_chassis_close(struct support_chassis *s, struct fabric *f)
{
	support_chassis_leave(s, f);
	chassis_free(s->faces.chassis);
	pthread_mutex_destroy(&s->faces.lock);
}

/* ---- the technician's hand, and time ---- */

static json_t *
run(struct support_chassis *s, const char *fmt, va_list ap)
{
	char line[256];
	json_t *answer;

	vsnprintf(line, sizeof(line), fmt, ap);
	pthread_mutex_lock(&s->faces.lock);
	answer = chassis_ctl(s->faces.chassis, now(s), line);
	pthread_mutex_unlock(&s->faces.lock);
	if (json_object_get(answer, "error") != NULL)
		ck_abort_msg("%s: %s", line,
		    json_string_value(json_object_get(answer, "error")));
	return answer;
}

json_t *
support_chassis_ctl(struct support_chassis *s, const char *fmt, ...)
{
	va_list ap;
	json_t *answer;

	va_start(ap, fmt);
	answer = run(s, fmt, ap);
	va_end(ap);
	return answer;
}

void
support_chassis_do(struct support_chassis *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	json_decref(run(s, fmt, ap));
	va_end(ap);
}

static size_t
count(json_t *answer, const char *key)
{
	const json_t *list = json_object_get(answer, key);
	size_t n = json_array_size(list);

	ck_assert(json_is_array(list));
	json_decref(answer);
	return n;
}

size_t
support_chassis_logged(struct support_chassis *s)
{
	return count(support_chassis_ctl(s, "log"), "items");
}

size_t
support_chassis_violations(struct support_chassis *s)
{
	return count(support_chassis_ctl(s, "violations"), "items");
}

void
support_chassis_pass(struct support_chassis *s, int ms)
{
	if (s->real_clock) {
		poll(NULL, 0, ms);
		return;
	}
	pthread_mutex_lock(&s->faces.lock);
	s->now_ms += ms;
	chassis_turn(s->faces.chassis, s->now_ms);
	pthread_mutex_unlock(&s->faces.lock);
}
