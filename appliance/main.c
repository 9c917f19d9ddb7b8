/*
 * main.c -- polyrootd: opens the rooms bottom to top, closes them top to bottom.
 *
 * Four kinds of threads, each a thin shell around functions that neither wait
 * nor look at a clock: the writer (the only write handle), the engine (the only
 * one that talks to the switch), the clock's (backups) and HTTP's own.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "appliance/conf.h"
#include "appliance/http/door.h"
#include "appliance/service/leases.h"
#include "appliance/service/policy.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/random.h"
#include "profiles/trust.h"
#include "profiles/xml_client.h"

#define STORE_NAME "polyroot.db"

enum { CLOCK_MS = 60000 };

struct daemon {
	struct conf conf;
	struct capabilities caps;
	struct store *store;		/* the writer's */
	struct store *reader;		/* the engine's */
	struct fabric *fabric;
	struct view_box views;
	struct writer *writer;
	struct engine *engine;
	struct service *service;
	struct policy *policy;		/* atomic: made while the engine runs */
	struct leases *leases;		/* likewise */
	struct xml_worker *xml;		/* NULL: it did not start */
	pthread_mutex_t door_lock;	/* so that nobody rings a closed door */
	struct door *door;
	pthread_t writer_thread, engine_thread, clock_thread;
	bool writing, engaged, ticking;	/* the thread runs */
	int wake;			/* eventfd: the engine's turn is due */
	int ending;			/* eventfd: the clock's thread ends */
	int stopping;			/* atomic */
};

/* ---- the shells ---- */

static void *
writer_shell(void *cookie)
{
	struct daemon *d = cookie;

	while (writer_wait(d->writer))
		writer_turn(clock_wall_ms(), d->store, d->writer);
	return NULL;
}

static void
wake_engine(void *cookie)
{
	struct daemon *d = cookie;
	uint64_t one = 1;

	/* Full means that it will wake anyway. */
	if (write(d->wake, &one, sizeof(one)) < 0 && errno != EAGAIN)
		log_warn("main", "waking the engine: %s", strerror(errno));
}

/* Whoever looks at the switch looks at the servers too. */
static int64_t
judge(struct daemon *d)
{
	struct policy *policy = __atomic_load_n(&d->policy, __ATOMIC_ACQUIRE);

	return policy == NULL ? INT64_MAX : policy_turn(policy,
	    clock_now_ms(), clock_wall_ms(), d->reader);
}

static int64_t
lend(struct daemon *d)
{
	struct leases *leases = __atomic_load_n(&d->leases, __ATOMIC_ACQUIRE);

	return leases == NULL ? INT64_MAX : leases_turn(leases,
	    clock_now_ms(), clock_wall_ms(), d->reader);
}

static void *
engine_shell(void *cookie)
{
	struct daemon *d = cookie;

	while (!__atomic_load_n(&d->stopping, __ATOMIC_ACQUIRE)) {
		struct pollfd woken = { .fd = d->wake, .events = POLLIN };
		int64_t due = engine_turn(d->engine, clock_now_ms(),
		    clock_wall_ms(), d->reader, d->fabric);
		int64_t wait, policy = judge(d), leases = lend(d);
		uint64_t count;

		due = due < policy ? due : policy;
		wait = (due < leases ? due : leases) - clock_now_ms();

		if (poll(&woken, 1, wait < 0 ? 0 : (int)wait) > 0 &&
		    read(d->wake, &count, sizeof(count)) < 0)
			log_warn("main", "the engine's wake: %s",
			    strerror(errno));
	}
	return NULL;
}

static int64_t
clock_turn(struct daemon *d, struct store *reader)
{
	int64_t due = clock_wall_ms() + CLOCK_MS;
	struct err e;

	if (store_read_begin(reader, &e) < 0) {
		log_error("main", "what=clock why=\"%s\"", e.msg);
		return due;
	}
	due = service_clock(d->service, reader, clock_wall_ms());
	store_read_end(reader);
	return due;
}

/* What is done by the clock and takes long: backups. */
static void *
clock_shell(void *cookie)
{
	struct daemon *d = cookie;
	struct pollfd ending = { .fd = d->ending, .events = POLLIN };
	struct store *reader;
	struct err e;

	if (store_open_reader(STORE_NAME, &reader, &e) < 0) {
		log_error("main", "what=clock why=\"%s\"", e.msg);
		return NULL;
	}
	while (!__atomic_load_n(&d->stopping, __ATOMIC_ACQUIRE)) {
		int64_t wait = clock_turn(d, reader) - clock_wall_ms();

		/* The wall clock may jump: look now and then. */
		(void)poll(&ending, 1, wait < 0 ? 0 : wait > CLOCK_MS ?
		    CLOCK_MS : (int)wait);
	}
	store_close(reader);
	return NULL;
}

/* job 0: something was committed or seen. */
static void
ring(struct daemon *d, int64_t job)
{
	pthread_mutex_lock(&d->door_lock);
	if (d->door != NULL && job != 0)
		door_job(d->door, job);
	else if (d->door != NULL)
		door_notify(d->door);
	pthread_mutex_unlock(&d->door_lock);
}

static void
committed(void *cookie)
{
	wake_engine(cookie);
	ring(cookie, 0);
}

static void
seen(void *cookie, const struct view *v)
{
	(void)v;
	ring(cookie, 0);
}

static void
moved(void *cookie, int64_t job)
{
	ring(cookie, job);
}

static void
hang_door(struct daemon *d, struct door *door)
{
	pthread_mutex_lock(&d->door_lock);
	d->door = door;
	pthread_mutex_unlock(&d->door_lock);
}

/* ---- opening ---- */

/* The first password goes into a file that only its owner reads. */
static int
save_password(const char *password, struct err *e)
{
	int fd = open("admin.password", O_WRONLY | O_CREAT | O_TRUNC |
	    O_CLOEXEC, 0600);
	size_t n = strlen(password);
	bool written;

	if (fd < 0)
		return err_set(e, ERR_UNAVAILABLE, "admin.password: %s",
		    strerror(errno));
	written = fchmod(fd, 0600) == 0 &&
	    write(fd, password, n) == (ssize_t)n && write(fd, "\n", 1) == 1;
	if (close(fd) < 0 || !written)
		return err_set(e, ERR_UNAVAILABLE, "admin.password cannot be "
		    "written");
	return 0;
}

/* What only the first start makes.  The file is written before the commit: a user
 * whose password nobody has is worse than a password without a user. */
static int
first_start(struct daemon *d, struct err *e)
{
	char password[TOKEN_TEXT];
	int rc;

	if (store_begin(d->store, e) < 0)
		return -1;
	rc = trust_begin(d->store, clock_wall_ms(), e);
	if (rc == 0)
		rc = service_first_admin(d->store, password, e);
	else
		password[0] = '\0';
	if (rc == 0 && password[0] != '\0')
		rc = save_password(password, e);
	secret_wipe(password, sizeof(password));
	if (rc < 0) {
		store_rollback(d->store);
		return -1;
	}
	return store_commit(d->store, e);
}

static int
open_store(struct daemon *d, struct err *e)
{
	if (store_open_writer(STORE_NAME, &d->store, e) < 0 ||
	    first_start(d, e) < 0)
		return -1;
	return store_open_reader(STORE_NAME, &d->reader, e);
}

static int
start_threads(struct daemon *d, struct err *e)
{
	if (pthread_create(&d->writer_thread, NULL, writer_shell, d) != 0)
		return err_set(e, ERR_UNAVAILABLE, "no thread for the writer");
	d->writing = true;
	if (pthread_create(&d->engine_thread, NULL, engine_shell, d) != 0)
		return err_set(e, ERR_UNAVAILABLE, "no thread for the engine");
	d->engaged = true;
	return 0;
}

static int
start_clock(struct daemon *d, struct err *e)
{
	d->ending = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (d->ending < 0 || pthread_create(&d->clock_thread, NULL,
	    clock_shell, d) != 0)
		return err_set(e, ERR_UNAVAILABLE, "no thread for the clock");
	d->ticking = true;
	return 0;
}

static int
open_engine(struct daemon *d, struct err *e)
{
	struct engine_config config = {
		.writer = d->writer, .views = &d->views, .caps = &d->caps,
		.progress = moved, .wake = wake_engine, .cookie = d,
	};

	d->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (d->wake < 0)
		return err_set(e, ERR_UNAVAILABLE, "eventfd: %s",
		    strerror(errno));
	d->fabric = fabric_open(d->conf.fabric, e);
	if (d->fabric == NULL)
		return -1;
	d->engine = engine_new(&config);
	return 0;
}

static int
open_door(struct daemon *d, struct err *e)
{
	struct service_config service = {
		.views = &d->views, .engine = d->engine, .caps = &d->caps,
		.models_dir = d->conf.models, .version = POLYROOT_VERSION,
		.xml = d->xml, .writer = d->writer,
	};
	struct door_config config = {
		.writer = d->writer, .views = &d->views,
		.db_path = STORE_NAME, .address = d->conf.address,
		.port = (unsigned)strtoul(d->conf.port, NULL, 10),
		.cert_path = "cert.pem", .key_path = "key.pem",
		.version = POLYROOT_VERSION,
		.webui = strcmp(d->conf.webui, "embedded") == 0,
	};
	struct policy_config policy = { .engine = d->engine,
		.writer = d->writer, .views = &d->views };
	struct leases_config leases = { .engine = d->engine,
		.writer = d->writer, .views = &d->views };
	struct door *door;

	d->service = service_new(&service, e);
	if (d->service == NULL)
		return -1;
	random_bytes(&policy.seed, sizeof(policy.seed));
	policy.service = d->service;
	__atomic_store_n(&d->policy, policy_new(&policy), __ATOMIC_RELEASE);
	random_bytes(&leases.seed, sizeof(leases.seed));
	leases.service = d->service;
	__atomic_store_n(&d->leases, leases_new(&leases), __ATOMIC_RELEASE);
	config.service = d->service;
	if (store_was_upgraded(d->store))
		service_upgraded(d->service);
	if (start_clock(d, e) < 0 || door_open(&config, &door, e) < 0)
		return -1;
	hang_door(d, door);
	log_info("main", "listening address=%s port=%u version=%s",
	    d->conf.address, door_port(door), POLYROOT_VERSION);
	return 0;
}

/* Without it everything works but reading XML. */
static void
start_xml(struct daemon *d)
{
	struct err e;

	if (xml_worker_start(d->conf.xml, &d->xml, &e) < 0)
		log_warn("main", "xml=off why=\"%s\"", e.msg);
}

static int
open_rooms(struct daemon *d, struct err *e)
{
	start_xml(d);
	if (capabilities_load(d->conf.capabilities, &d->caps, e) < 0)
		return -1;
	if (chdir(d->conf.dir) < 0)
		return err_set(e, ERR_UNAVAILABLE, "%s: %s", d->conf.dir,
		    strerror(errno));
	if (open_store(d, e) < 0 || open_engine(d, e) < 0 ||
	    start_threads(d, e) < 0)
		return -1;
	return open_door(d, e);
}

static void
close_rooms(struct daemon *d)
{
	struct door *door = d->door;

	__atomic_store_n(&d->stopping, 1, __ATOMIC_RELEASE);
	if (d->ticking) {
		(void)eventfd_write(d->ending, 1);
		pthread_join(d->clock_thread, NULL);
	}
	if (d->engaged) {
		wake_engine(d);
		pthread_join(d->engine_thread, NULL);
	}
	hang_door(d, NULL);
	door_close(door);
	writer_stop(d->writer);
	if (d->writing)
		pthread_join(d->writer_thread, NULL);
	writer_free(d->writer);
	policy_free(d->policy);
	leases_free(d->leases);
	service_free(d->service);
	engine_free(d->engine);
	fabric_close(d->fabric);
	store_close(d->reader);
	store_close(d->store);
	view_box_close(&d->views);
	xml_worker_stop(d->xml);
	capabilities_free(&d->caps);
}

/* ---- */

static void
set_log_level(const char *word)
{
	static const char *const words[] = { "error", "warn", "info", "debug" };

	for (unsigned i = 0; i < 4; i++)
		if (strcmp(words[i], word) == 0)
			log_level_set((enum log_level)i);
}

/* Every thread blocks them; here they are waited for. */
static void
block_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* We and whom we start get no more rights than we came with, and what we
 * remember (keys, tokens) goes into no core file. */
static int
give_up_rights(struct err *e)
{
	const struct rlimit none = { 0, 0 };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    setrlimit(RLIMIT_CORE, &none) < 0)
		return err_set(e, ERR_INTERNAL, "giving up rights: %s",
		    strerror(errno));
	return 0;
}

int
main(int argc, char **argv)
{
	static struct daemon d;
	sigset_t signals;
	struct err e;
	int got, status = EXIT_FAILURE;

	log_open("polyrootd");
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		conf_usage();
		return EXIT_SUCCESS;
	}
	if (conf_read(&d.conf, argc, argv, &e) < 0) {
		log_error("main", "%s", e.msg);
		return EXIT_FAILURE;
	}
	set_log_level(d.conf.log);
	block_signals(&signals);
	digest_init();
	pthread_mutex_init(&d.door_lock, NULL);
	view_box_init(&d.views);
	d.views.changed = seen;
	d.views.cookie = &d;
	d.wake = -1;
	d.writer = writer_new();
	writer_on_commit(d.writer, committed, &d);
	if (give_up_rights(&e) < 0 || open_rooms(&d, &e) < 0) {
		log_error("main", "%s", e.msg);
	} else {
		sigwait(&signals, &got);
		log_info("main", "ending signal=%d", got);
		status = EXIT_SUCCESS;
	}
	close_rooms(&d);
	return status;
}
