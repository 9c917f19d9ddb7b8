/*
 * health.c -- /healthz, /readyz, /metrics.
 *
 *   healthz	200 when signing in works: the store answers and has a user
 *   readyz	200 when the switch answers too; 503 says what is missing
 *   metrics	Prometheus text; local, or with a token
 */
#include <stdio.h>
#include <string.h>

#include "appliance/http/door_int.h"
#include "base/clock.h"

enum { METRICS_MAX = 64 * 1024 };

static void
say(struct exchange *ex, int status, const char *word)
{
	json_t *o = json_object();

	json_put(o, "status", json_str(word));
	answer_json(&ex->answer, status, o);
	if (status == 503)
		answer_header(&ex->answer, "Retry-After", "1");
}

/* The word for what is missing, or "ok". */
static const char *
store_health(struct exchange *ex)
{
	struct store *store;
	struct user *user;
	struct err e;
	int rc;

	if (readers_begin(ex->door->readers, &store, &e) < 0)
		return "store";
	rc = user_load(store, ex->arena, "admin", &user, &e);
	readers_end(store);
	return rc < 0 ? "user" : "ok";
}

static void
healthz(struct exchange *ex)
{
	const char *word = store_health(ex);

	say(ex, strcmp(word, "ok") == 0 ? 200 : 503, word);
}

static void
readyz(struct exchange *ex)
{
	const char *word = store_health(ex);
	const struct view *v = view_hold(ex->door->views);

	if (strcmp(word, "ok") == 0 && v->state != VIEW_OK)
		word = view_state_word(v->state);
	view_drop(ex->door->views, v);
	say(ex, strcmp(word, "ok") == 0 ? 200 : 503, word);
}

/* ---- metrics ---- */

static void
head(struct buf *b, const char *name, const char *type, const char *help)
{
	buf_printf(b, "# HELP polyrootd_%s %s\n# TYPE polyrootd_%s %s\n", name,
	    help, name, type);
}

static void
one(struct buf *b, const char *name, const char *type, const char *help,
    double value)
{
	head(b, name, type, help);
	buf_printf(b, "polyrootd_%s %.15g\n", name, value);
}

static void
put_requests(struct buf *b, struct counters *c)
{
	head(b, "http_requests_total", "counter", "Answers by class of status.");
	for (int i = 1; i <= 5; i++)
		buf_printf(b, "polyrootd_http_requests_total{code=\"%dxx\"} "
		    "%llu\n", i,
		    (unsigned long long)atomic_load(&c->by_class[i]));
	head(b, "logins_total", "counter", "Tries to sign in, by outcome.");
	buf_printf(b, "polyrootd_logins_total{outcome=\"passed\"} %llu\n"
	    "polyrootd_logins_total{outcome=\"failed\"} %llu\n"
	    "polyrootd_logins_total{outcome=\"throttled\"} %llu\n",
	    (unsigned long long)atomic_load(&c->logins_passed),
	    (unsigned long long)atomic_load(&c->logins_failed),
	    (unsigned long long)atomic_load(&c->logins_throttled));
}

static void
put_view(struct buf *b, const struct view *v, int64_t wall_ms)
{
	one(b, "view_number", "gauge", "Number of the newest view.",
	    (double)v->number);
	one(b, "view_age_seconds", "gauge",
	    "Age of what was last seen of the switch.", v->at_ms == 0 ? -1 :
	    (double)(wall_ms - v->at_ms) / 1000);
	head(b, "view_state", "gauge", "1 at the state of the view.");
	for (int s = VIEW_STARTING; s <= VIEW_UNREACHABLE; s++)
		buf_printf(b, "polyrootd_view_state{state=\"%s\"} %d\n",
		    view_state_word((enum view_state)s),
		    v->state == (enum view_state)s);
}

static int
put_store(struct buf *b, struct store *store, struct arena *a, struct err *e)
{
	int counts[JOB_N_STATES] = { 0 };
	struct appliance appliance;
	struct job *jobs;
	size_t n;

	if (store_appliance(store, &appliance, e) < 0 ||
	    job_list_open(store, a, &jobs, &n, e) < 0)
		return -1;
	one(b, "generation", "gauge", "Committed changes.",
	    (double)appliance.generation);
	for (size_t i = 0; i < n; i++)
		counts[jobs[i].state]++;
	head(b, "jobs_open", "gauge", "Jobs that still hold something.");
	for (int s = 0; s < JOB_N_STATES; s++)
		if (!job_ended((enum job_state)s) || s == JOB_ROLLBACK_FAILED)
			buf_printf(b, "polyrootd_jobs_open{state=\"%s\"} %d\n",
			    job_state_word((enum job_state)s), counts[s]);
	return 0;
}

static void
put_door(struct buf *b, struct door *d)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(d->daemon,
	    MHD_DAEMON_INFO_CURRENT_CONNECTIONS);

	put_requests(b, &d->counters);
	one(b, "http_connections", "gauge", "Connections now.",
	    info != NULL ? (double)info->num_connections : 0);
	one(b, "event_streams", "gauge", "Followers of /events now.",
	    (double)sse_count(d->sse));
	one(b, "start_time_seconds", "gauge", "When the program began.",
	    (double)d->started_ms / 1000);
	head(b, "build_info", "gauge", "Always 1; the version is a label.");
	buf_printf(b, "polyrootd_build_info{version=\"%s\"} 1\n", d->version);
}

static void
metrics(struct exchange *ex)
{
	struct door *d = ex->door;
	const struct view *v;
	struct store *store;
	struct err e;
	int rc;

	if (readers_begin(d->readers, &store, &e) < 0) {
		exchange_fail(ex, &e);
		return;
	}
	ex->answer.body = buf_new(METRICS_MAX);
	rc = put_store(&ex->answer.body, store, ex->arena, &e);
	readers_end(store);
	if (rc < 0) {
		exchange_fail(ex, &e);
		return;
	}
	v = view_hold(d->views);
	put_view(&ex->answer.body, v, ex->request.wall_ms);
	view_drop(d->views, v);
	put_door(&ex->answer.body, d);
	ex->answer.status = 200;
	ex->answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
}

bool
health_answer(struct exchange *ex)
{
	static const struct {
		const char *path;
		void (*fn)(struct exchange *);
	} rows[] = {
		{ "/healthz", healthz }, { "/readyz", readyz },
		{ "/metrics", metrics },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].path, ex->path) != 0)
			continue;
		rows[i].fn(ex);
		return true;
	}
	return false;
}
