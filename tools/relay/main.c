/*
 * main.c -- polyroot-relay: carries out of the box what polyrootd does not.
 *
 *	polyroot-relay FILE		(setup.h says what stands in it)
 *
 * polyrootd opens no connection to anywhere.  This client of its API follows
 * /events, posts webhooks, and brings exports away; it may be killed at any
 * moment and goes on where it was.  STATE/status.json says how it does.
 *
 * One thread.  feed, hooks and uploads are handed the time, and say when they
 * want to be called again; web.c waits.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/log.h"
#include "tools/relay/hook.h"
#include "tools/relay/upload.h"

enum { PATH_SIZE = 4096, STATUS_MS = 1000 };

struct relay {
	struct setup conf;
	int lock, signals;
	struct web *web;
	struct feed *feed;
	struct hook *hooks[SETUP_HOOKS];
	struct upload *uploads[SETUP_UPLOADS];
	char *status;			/* as it was written last */
	int64_t status_ms;		/* not before */
};

/* ---- how it does ---- */

static json_t *
status_json(const struct relay *r)
{
	json_t *o = json_object(), *hooks = json_array(),
	    *uploads = json_array(), *feed = json_object();
	const char *error = feed_error(r->feed);

	for (unsigned i = 0; i < r->conf.n_hooks; i++)
		json_put(hooks, NULL, hook_status(r->hooks[i]));
	for (unsigned i = 0; i < r->conf.n_uploads; i++)
		json_put(uploads, NULL, upload_status(r->uploads[i]));
	json_put(feed, "name", json_str(feed_appliance(r->feed)));
	json_put(feed, "follows", json_boolean(feed_follows(r->feed)));
	json_put(feed, "seq", json_int(feed_seq(r->feed)));
	json_put(feed, "error", error[0] != '\0' ? json_str(error) :
	    json_null());
	json_put(o, "appliance", feed);
	json_put(o, "webhooks", hooks);
	json_put(o, "uploads", uploads);
	return o;
}

/* Only when something else is to be said. */
static void
write_status(struct relay *r, int64_t now_ms)
{
	char path[PATH_SIZE], *text;
	struct err e;
	json_t *o;

	if (now_ms < r->status_ms)
		return;
	o = status_json(r);
	text = json_text(o);
	json_decref(o);
	(void)snprintf(path, sizeof(path), "%s/status.json", r->conf.state);
	if (r->status != NULL && strcmp(r->status, text) == 0) {
		free(text);
		return;
	}
	if (file_put(path, text, strlen(text), &e) < 0)
		log_error("main", "%s", e.msg);
	free(r->status);
	r->status = text;
	r->status_ms = now_ms + STATUS_MS;
}

/* ---- the turn ---- */

static int
told(void *cookie, const struct feed_record *record, struct err *e)
{
	struct relay *r = cookie;

	for (unsigned i = 0; i < r->conf.n_hooks; i++)
		if (hook_take(r->hooks[i], record, clock_wall_ms(), e) < 0)
			return -1;
	return 0;
}

static int64_t
turn(struct relay *r, int64_t now_ms, int64_t wall_ms)
{
	int64_t due = now_ms + STATUS_MS, wish;

	feed_turn(r->feed, now_ms);
	wish = feed_due(r->feed);
	due = wish < due ? wish : due;
	for (unsigned i = 0; i < r->conf.n_hooks; i++) {
		hook_turn(r->hooks[i], now_ms, wall_ms);
		wish = hook_due(r->hooks[i]);
		due = wish < due ? wish : due;
	}
	for (unsigned i = 0; i < r->conf.n_uploads; i++) {
		upload_turn(r->uploads[i], now_ms, wall_ms);
		wish = upload_due(r->uploads[i], now_ms, wall_ms);
		due = wish < due ? wish : due;
	}
	write_status(r, now_ms);
	return due;
}

static bool
is_told_to_end(const struct relay *r)
{
	struct signalfd_siginfo info;

	return read(r->signals, &info, sizeof(info)) == (ssize_t)sizeof(info);
}

static void
run(struct relay *r)
{
	while (!is_told_to_end(r)) {
		int64_t now = clock_now_ms(), due = turn(r, now,
		    clock_wall_ms());

		web_turn(r->web, r->signals, due > now ? (int)(due - now) : 0);
	}
	r->status_ms = 0;
	write_status(r, 0);
	log_info("main", "ending");
}

/* ---- opening and closing ---- */

static int
open_signals(struct relay *r, struct err *e)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	r->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return r->signals >= 0 ? 0 : err_set(e, ERR_UNAVAILABLE, "signalfd: %s",
	    strerror(errno));
}

/* Two with one state would deliver everything twice. */
static int
open_state(struct relay *r, struct err *e)
{
	char path[PATH_SIZE];

	if (file_dir(r->conf.state, e) < 0)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/lock", r->conf.state);
	r->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (r->lock >= 0 && flock(r->lock, LOCK_EX | LOCK_NB) == 0)
		return 0;
	return err_set(e, ERR_CONFLICT, "%.180s: %s", path,
	    errno == EWOULDBLOCK ? "another relay works here" :
	    strerror(errno));
}

static int
open_all(struct relay *r, struct err *e)
{
	if (open_signals(r, e) < 0 || open_state(r, e) < 0)
		return -1;
	r->web = web_new();
	if (feed_open(r->web, &r->conf, told, r, &r->feed, e) < 0)
		return -1;
	for (unsigned i = 0; i < r->conf.n_hooks; i++)
		if (hook_open(r->web, &r->conf, &r->conf.hooks[i],
		    &r->hooks[i], e) < 0)
			return -1;
	for (unsigned i = 0; i < r->conf.n_uploads; i++)
		if (upload_open(r->web, r->feed, &r->conf, &r->conf.uploads[i],
		    &r->uploads[i], e) < 0)
			return -1;
	return 0;
}

static void
close_all(struct relay *r)
{
	web_free(r->web);
	for (unsigned i = 0; i < r->conf.n_hooks; i++)
		hook_close(r->hooks[i]);
	for (unsigned i = 0; i < r->conf.n_uploads; i++)
		upload_close(r->uploads[i]);
	feed_close(r->feed);
	free(r->status);
}

int
main(int argc, char **argv)
{
	static struct relay r;
	struct err e;
	int status = EXIT_FAILURE;

	log_open("polyroot-relay");
	digest_init();
	if (argc != 2 || strncmp(argv[1], "--", 2) == 0) {
		(void)fputs("usage: polyroot-relay FILE\n", stderr);
		return err_exit(ERR_MALFORMED);
	}
	if (setup_read(argv[1], &r.conf, &e) < 0 || open_all(&r, &e) < 0) {
		log_error("main", "%s", e.msg);
	} else {
		log_info("main", "webhooks=%u uploads=%u", r.conf.n_hooks,
		    r.conf.n_uploads);
		run(&r);
		status = EXIT_SUCCESS;
	}
	close_all(&r);
	return status;
}
