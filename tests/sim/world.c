/* world.c -- see world.h. */
#include "tests/sim/world.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/digest.h"
#include "profiles/xml_read.h"
#include "tests/test.h"
#include "tests/unit/support_scratch.h"

static void
ignore_problem(const char *what, const struct err *e)
{
	ck_abort_msg("%s: %s", what, e->msg);
}

static void
start(struct world *w)
{
	struct engine_config engine = { .views = &w->views, .caps = &w->caps };
	struct policy_config policy = { .views = &w->views, .seed = 1 };
	struct leases_config leases = { .views = &w->views, .seed = 2 };
	struct service_config service = { .views = &w->views,
		.caps = &w->caps, .models_dir = "models", .version = "test" };
	struct err e;

	view_box_init(&w->views);
	w->writer = engine.writer = writer_new();
	if (store_open_writer("world.db", &w->store, &e) < 0 ||
	    store_open_reader("world.db", &w->reader, &e) < 0)
		ignore_problem("store", &e);
	w->engine = service.engine = engine_new(&engine);
	w->service = service_new(&service, &e);
	if (w->service == NULL)
		ignore_problem("service", &e);
	policy.service = w->service;
	policy.engine = w->engine;
	policy.writer = w->writer;
	w->policy = policy_new(&policy);
	leases.service = w->service;
	leases.engine = w->engine;
	leases.writer = w->writer;
	w->leases = leases_new(&leases);
}

static void
stop(struct world *w)
{
	writer_free(w->writer);
	policy_free(w->policy);
	leases_free(w->leases);
	service_free(w->service);
	engine_free(w->engine);
	store_close(w->reader);
	store_close(w->store);
	view_box_close(&w->views);
}

void
world_new(struct world *w, uint64_t seed)
{
	struct err e;

	memset(w, 0, sizeof(*w));
	digest_init();
	w->seed = seed;
	w->leap_ms = 20;
	w->wall_ms = INT64_C(1772000000000);
	ck_ok(capabilities_load("capabilities", &w->caps, &e), e);
	support_scratch_enter();
	support_chassis_new(&w->chassis);
	w->fabric = support_chassis_open(&w->chassis, WAY_REMOTE);
	start(w);
	world_pass(w, 100);
}

void
world_free(struct world *w)
{
	stop(w);
	support_chassis_close(&w->chassis, w->fabric);
	capabilities_free(&w->caps);
	support_scratch_leave();
}

void
world_crash(struct world *w)
{
	stop(w);
	start(w);
	w->crashed = true;
}

void
world_rest(struct world *w)
{
	stop(w);
}

void
world_wake(struct world *w)
{
	start(w);
}

void
world_lose_store(struct world *w)
{
	static const char *const files[] = { "world.db", "world.db-wal",
		"world.db-shm", "world.db-lock" };

	stop(w);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		(void)unlink(files[i]);
	start(w);
}

void
world_crash_switchmgr(struct world *w)
{
	support_chassis_leave(&w->chassis, w->fabric);
	w->fabric = support_chassis_open(&w->chassis, WAY_REMOTE);
}

static void
pass(struct world *w, int ms)
{
	support_chassis_pass(&w->chassis, ms);
	w->wall_ms += ms;
}

void
world_turn(struct world *w)
{
	int64_t due, judged, lent, wait;

	if (++w->turns == w->crash_at)
		world_crash(w);
	writer_turn(w->wall_ms, w->store, w->writer);
	due = engine_turn(w->engine, w->chassis.now_ms, w->wall_ms, w->reader,
	    w->fabric);
	judged = policy_turn(w->policy, w->chassis.now_ms, w->wall_ms,
	    w->reader);
	due = judged < due ? judged : due;
	lent = leases_turn(w->leases, w->chassis.now_ms, w->wall_ms,
	    w->reader);
	due = lent < due ? lent : due;
	if (++w->turns == w->crash_at)
		world_crash(w);
	wait = due - w->chassis.now_ms;
	if (writer_turn(w->wall_ms, w->store, w->writer) > 0)
		return;		/* something was committed: at once again */
	pass(w, wait < 1 ? 1 : wait > w->leap_ms ? w->leap_ms : (int)wait);
}

static bool
something_open(struct world *w)
{
	struct arena *a = arena_new();
	struct job *jobs;
	size_t n, open = 0;
	struct err e;

	ck_ok(job_list_open(w->reader, a, &jobs, &n, &e), e);
	for (size_t i = 0; i < n; i++)
		open += !job_ended(jobs[i].state);
	arena_free(a);
	return open > 0;
}

bool
world_settle(struct world *w, int ms)
{
	int64_t until = w->chassis.now_ms + ms;

	do
		world_turn(w);
	while (something_open(w) && w->chassis.now_ms < until);
	return !something_open(w);
}

void
world_pass(struct world *w, int ms)
{
	int64_t until = w->chassis.now_ms + ms;

	while (w->chassis.now_ms < until)
		world_turn(w);
}

/* ---- requests ---- */

struct ask {
	struct writer_entry entry;
	struct world *w;
	const struct route *route;
	const struct request *request;
	struct answer *answer;
};

static int
run(struct writer_entry *entry, struct store *store, int64_t wall_ms,
    struct err *e)
{
	struct ask *ask = entry->cookie;

	(void)wall_ms;
	(void)e;
	return service_write(ask->w->service, store, ask->route, ask->request,
	    ask->answer);
}

static void
done(struct writer_entry *entry)
{
	(void)entry;
}

static void
answer(struct world *w, const struct route *route, const struct request *r,
    struct answer *a)
{
	struct ask ask = { .w = w, .route = route, .request = r, .answer = a };
	struct err e;

	if (route->kind == ROUTE_READ) {
		ck_ok(store_read_begin(w->reader, &e), e);
		service_read(w->service, w->reader, route, r, a);
		store_read_end(w->reader);
		return;
	}
	ask.entry = (struct writer_entry){ .run = run, .done = done,
		.cookie = &ask };
	ck_assert(writer_submit(w->writer, &ask.entry));
	while (writer_turn(w->wall_ms, w->store, w->writer) > 0)
		continue;
	ck_assert(ask.entry.result == 0 || ask.entry.err.code !=
	    ERR_UNAVAILABLE);
}

/* "path?name=value&…"; the values of tests need no decoding. */
static void
split_query(char *path, struct request *r)
{
	char *save, *at = strchr(path, '?');

	if (at == NULL)
		return;
	*at++ = '\0';
	for (char *p = strtok_r(at, "&", &save); p != NULL;
	    p = strtok_r(NULL, "&", &save)) {
		char *equals = strchr(p, '=');

		ck_assert(equals != NULL);
		*equals = '\0';
		r->query[r->n_query].name = p;
		r->query[r->n_query++].value = equals + 1;
	}
}

/* What a reader without rights makes of it elsewhere. */
static const struct xml_records *
read_document(struct arena *a, const char *text)
{
	struct xml_records *records = arena_alloc(a, sizeof(*records));
	struct err e;

	xml_read_init();
	ck_ok(xml_read(a, text, strlen(text), records, &e), e);
	return records;
}

/* `accept` is what the answer is to be. */
static int
ask(struct world *w, const char *method, const char *path, const char *body,
    const char *accept, struct answer *a)
{
	struct arena *arena = arena_new();
	char *copy = arena_strdup(arena, path), allow[64];
	bool document = body != NULL && body[0] == '<';
	struct request r = { .method = method, .body = body,
		.body_size = body == NULL ? 0 : strlen(body),
		.content_type = document ? "application/xml" :
		"application/json", .accept = accept, .if_match =
		strcmp(method, "PUT") == 0 ? "*" : NULL, .actor = "admin",
		.source = "test", .role = ROLE_ADMIN, .session = "",
		.wall_ms = w->wall_ms, .seed = ++w->seed };
	const struct route *route;

	*a = (struct answer){ .body = buf_new(16 << 20) };
	split_query(copy, &r);
	r.path = copy;
	if (document)
		r.document = read_document(arena, body);
	route = route_find(method, copy, &r, arena, allow);
	if (route == NULL)
		ck_abort_msg("no route for %s %s", method, path);
	answer(w, route, &r, a);
	arena_free(arena);
	return a->status;
}

int
world_ask(struct world *w, const char *method, const char *path,
    const char *body, json_t **out)
{
	struct answer a;
	struct err e;

	(void)ask(w, method, path, body, "application/json", &a);
	if (out != NULL) {
		*out = NULL;
		if (a.body.len > 0)
			ck_ok(json_read(a.body.data, a.body.len, 16 << 20, out,
			    &e), e);
	}
	buf_free(&a.body);
	return a.status;
}

char *
world_export(struct world *w)
{
	struct answer a;
	char *text;

	ck_assert_int_eq(ask(w, "GET", "/config", NULL, "application/xml", &a),
	    200);
	text = xstrdup(a.body.data);
	buf_free(&a.body);
	return text;
}

json_t *
world_get(struct world *w, const char *path)
{
	json_t *body;
	int status = world_ask(w, "GET", path, NULL, &body);

	if (status != 200)
		ck_abort_msg("GET %s answers %d", path, status);
	return body;
}

int64_t
world_do(struct world *w, int status, const char *method, const char *path,
    const char *body)
{
	json_t *out;
	int got = world_ask(w, method, path, body, &out);
	const char *job;
	int64_t id = 0;

	if (got != status) {
		char *text = out == NULL ? NULL : json_text(out);

		ck_abort_msg("%s %s answers %d, not %d: %s", method, path, got,
		    status, text == NULL ? "" : text);
	}
	job = json_string_value(json_object_get(out, "job"));
	if (job != NULL)
		id = strtoll(job, NULL, 10);
	json_decref(out);
	return id;
}

const char *
world_job_state(struct world *w, int64_t id)
{
	struct arena *a = arena_new();
	struct job *job;
	struct err e;
	const char *word;

	ck_ok(job_load(w->reader, a, id, &job, &e), e);
	word = job_state_word(job->state);
	arena_free(a);
	return word;
}

size_t
world_sees(struct world *w, unsigned slot, char mac[MAC_TEXT])
{
	json_t *server = support_chassis_ctl(&w->chassis, "server %u", slot);
	json_t *functions = json_object_get(server, "functions");
	const char *text = json_string_value(json_object_get(
	    json_array_get(functions, 0), "mac"));
	size_t n = json_array_size(functions);

	snprintf(mac, MAC_TEXT, "%s", text == NULL ? "" : text);
	json_decref(server);
	return n;
}
