/* product.c -- see product.h. */
#include "tests/sim/product.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "tests/test.h"

enum {
	LONG_MS = 300000,
	IN_TIME_MS = 200000,		/* three deadlines of a verb */
	WAKE_MS = 100,
	BACK_MS = 3000,			/* what happens once is over by then */
	MEND_MS = 90000,		/* healed, and no longer soaking */
	QUIET_MS = 15000,
	FIRST_END = 10,			/* exit status of a point that holds */
};

#define DISK "{\"name\":\"d\",\"virtualDisks\":[{\"name\":\"sys\"," \
	"\"raid\":\"RAID1\",\"capacityMiB\":1000}]}"

static const char *const slow_verbs[] = { "prepare", "bind", "scrub",
	"slot_ctl", "module_ctl", "disk_make", "disk_destroy" };

static const char *const all_verbs[] = { "prepare", "bind", "unbind", "scrub",
	"slot_ctl", "module_ctl", "reset", "disk_make", "disk_destroy" };

/* ---- the stage ---- */

static void
assign(struct world *w, const char *path, unsigned slot)
{
	char body[32];
	int64_t job;

	snprintf(body, sizeof(body), "{\"slot\":%u}", slot);
	job = world_do(w, 202, "POST", path, body);
	ck_assert(world_settle(w, LONG_MS));
	ck_assert_str_eq(world_job_state(w, job), "applied");
}

static void
furnish(struct world *w)
{
	support_chassis_do(&w->chassis, "insert bay 4 X520-SR2 N2");
	world_pass(w, 500);
	world_do(w, 201, "POST", "/networks", "{\"name\":\"prod\","
	    "\"vlan\":120}");
	world_do(w, 201, "POST", "/sans", "{\"name\":\"fa\"}");
	world_do(w, 201, "POST", "/profiles", "{\"name\":\"db\"}");
	world_do(w, 201, "POST", "/profiles/db/vnics", "{\"name\":\"n{n}\","
	    "\"count\":2,\"networks\":[\"prod\"]}");
	world_do(w, 201, "POST", "/profiles/db/vhbas", "{\"name\":\"h{n}\","
	    "\"count\":2,\"san\":\"fa\",\"bootTargets\":[{\"wwpn\":"
	    "\"50:00:00:00:00:00:00:09\",\"lun\":1,\"priority\":1}]}");
	world_do(w, 201, "POST", "/profiles/db/vdas", DISK);
	world_do(w, 201, "POST", "/profiles", "{\"name\":\"other\"}");
	world_do(w, 201, "POST", "/profiles/other/vnics", "{\"name\":\"n\","
	    "\"networks\":[\"prod\"],\"placement\":{\"module\":\"io4\"}}");
	world_do(w, 201, "POST", "/profiles/other/vhbas",
	    "{\"name\":\"h\",\"san\":\"fa\"}");
	world_do(w, 201, "POST", "/profiles/other/vdas", DISK);
	assign(w, "/profiles/db:assign", 1);
	assign(w, "/profiles/other:assign", PRODUCT_OTHER);
}

/* What a server sees: a text, to be freed. */
static char *
seen_at(struct world *w, unsigned slot)
{
	json_t *server = support_chassis_ctl(&w->chassis, "server %u", slot);
	char *text = json_text(json_object_get(server, "functions"));

	json_decref(server);
	return text;
}

static void
look(struct world *w, char *seen[PRODUCT_SLOTS])
{
	for (unsigned i = 0; i < PRODUCT_SLOTS; i++)
		seen[i] = seen_at(w, i + 1);
}

/* The job's id. */
static int64_t
begin(struct product_stage *s)
{
	const struct product_op *op = s->op;
	json_t *out, *job;
	int status = world_ask(&s->w, op->method, op->path, s->document !=
	    NULL ? s->document : op->body, &out);
	int64_t id;

	ck_assert_int_eq(status, 202);
	job = json_object_get(out, "job");
	if (json_is_object(job))
		job = json_object_get(job, "id");
	ck_assert(json_is_string(job));
	id = strtoll(json_string_value(job), NULL, 10);
	json_decref(out);
	return id;
}

/* The steps, as the switch got them. */
static json_t *
steps(struct world *w)
{
	json_t *log = support_chassis_ctl(&w->chassis, "log"), *entry;
	json_t *list = json_array();
	size_t i;

	json_array_foreach(json_object_get(log, "items"), i, entry) {
		const char *verb = json_string_value(json_object_get(entry,
		    "verb"));

		for (int k = 0; k < N_ROWS(all_verbs); k++)
			if (strcmp(all_verbs[k], verb) == 0)
				json_put(list, NULL, json_str(verb));
	}
	json_decref(log);
	return list;
}

/* Once without a fault: the steps, and what is seen then. */
static _Noreturn void
rehearse(struct product_stage *s)
{
	char *seen[PRODUCT_SLOTS];
	json_t *o = json_object();
	int64_t job;

	world_wake(&s->w);
	world_pass(&s->w, WAKE_MS);
	job = begin(s);
	ck_assert(world_settle(&s->w, LONG_MS));
	ck_assert_str_eq(world_job_state(&s->w, job), "applied");
	world_pass(&s->w, BACK_MS);
	ck_assert_uint_eq(support_chassis_violations(&s->w.chassis), 0);
	look(&s->w, seen);
	json_put(o, "steps", steps(&s->w));
	json_put(o, "seen", json_pack("[sss]", seen[0], seen[1], seen[2]));
	ck_assert_int_eq(json_dump_file(o, "rehearsal", 0), 0);
	_exit(0);
}

static void
learn(struct product_stage *s)
{
	json_t *o = json_load_file("case/rehearsal", 0, NULL), *item;
	size_t i;

	ck_assert_ptr_nonnull(o);
	json_array_foreach(json_object_get(o, "steps"), i, item)
		for (int k = 0; k < N_ROWS(all_verbs); k++)
			if (strcmp(all_verbs[k], json_string_value(item)) == 0) {
				ck_assert_uint_lt(s->n_steps, PRODUCT_STEPS);
				s->verb[s->n_steps++] = all_verbs[k];
			}
	json_array_foreach(json_object_get(o, "seen"), i, item)
		s->after[i] = xstrdup(json_string_value(item));
	json_decref(o);
	ck_assert_uint_gt(s->n_steps, 0);
}

static void
set_up(struct product_stage *s, uint64_t seed)
{
	world_new(&s->w, seed);
	furnish(&s->w);
	if (s->op->body[0] == '<')
		s->document = world_export(&s->w);
	if (s->op->furnish != NULL)
		s->op->furnish(&s->w);
	for (int i = 0; i < N_ROWS(slow_verbs); i++)
		support_chassis_do(&s->w.chassis, "delay %s 30", slow_verbs[i]);
	s->w.leap_ms = 250;
	world_pass(&s->w, 2000);
	support_chassis_do(&s->w.chassis, "log clear");
}

/* ---- a point ---- */

/* With that step, or right behind it. */
static void
arm(struct product_stage *s, const struct product_point *p)
{
	const struct product_wrong *x = p->wrong;
	struct support_chassis *box = &s->w.chassis;
	char line[80];

	if (x->verb != NULL) {
		snprintf(line, sizeof(line), "fault %s %s %d",
		    s->verb[p->step - 1], x->mode, p->lasting ? 1000000 : 1);
		if (p->step == 1)
			support_chassis_do(box, "%s", line);
		else
			support_chassis_do(box, "at %u %s", p->step - 1, line);
		return;
	}
	support_chassis_do(box, "at %u %s", p->step, p->lasting ? x->lasting :
	    x->line);
	if (!p->lasting && x->back != NULL)
		support_chassis_do(box, "at %u in %d %s", p->step, BACK_MS,
		    x->back);
}

static void
lift(struct product_stage *s, const struct product_point *p)
{
	struct support_chassis *box = &s->w.chassis;

	json_t *state = support_chassis_ctl(box, "chassis");

	/* It came, whatever it was. */
	ck_assert_uint_eq(json_array_size(json_object_get(state, "later")), 0);
	json_decref(state);
	for (int i = 0; i < N_ROWS(all_verbs); i++)
		support_chassis_do(box, "fault %s none", all_verbs[i]);
	if (p->lasting && p->wrong->back != NULL)
		support_chassis_do(box, "%s", p->wrong->back);
}

/* What a point that does not hold leaves is shown when it is done alone. */
static struct {
	struct world *w;
	int64_t job;
} playing;

static void
show(const char *path)
{
	json_t *o = world_get(playing.w, path);
	char *text = json_dumps(o, JSON_INDENT(1));

	printf("GET %s: %s\n", path, text);
	free(text);
	json_decref(o);
}

static void
show_playing(void)
{
	char path[32];

	fflush(stdout);
	if (getenv("POINT") == NULL)
		return;
	snprintf(path, sizeof(path), "/jobs/%lld", (long long)playing.job);
	show(path);
	show("/bindings");
	show("/faults");
	fflush(stdout);
}

/* What a point wants. */
#define NEED(what, ...) \
	do { \
		if (!(what)) { \
			printf(__VA_ARGS__); \
			printf("\n"); \
			show_playing(); \
			ck_abort_msg(__VA_ARGS__); \
		} \
	} while (0)

static void
need_functions_apart(const json_t *entry, const char *other)
{
	const json_t *list = json_object_get(entry, "functions"), *fn;
	size_t i;

	json_array_foreach(list, i, fn) {
		char quoted[FN_TEXT + 2];

		snprintf(quoted, sizeof(quoted), "\"%s\"",
		    json_string_value(fn));
		NEED(strstr(other, quoted) == NULL, "%s of slot %d "
		    "got a %s", quoted, PRODUCT_OTHER, json_string_value(
		    json_object_get(entry, "verb")));
	}
}

static void
check_others(struct product_stage *s)
{
	json_t *log = support_chassis_ctl(&s->w.chassis, "log"), *entry;
	size_t i;

	json_array_foreach(json_object_get(log, "items"), i, entry) {
		const char *verb = json_string_value(json_object_get(entry,
		    "verb"));

		if (strcmp(verb, "hand") == 0)
			continue;
		NEED(json_integer_value(json_object_get(entry,
		    "slot")) != PRODUCT_OTHER, "slot %d got a %s",
		    PRODUCT_OTHER, verb);
		need_functions_apart(entry, s->before[PRODUCT_OTHER - 1]);
	}
	json_decref(log);
}

/* What is wanted is what is seen, and what the rows say. */
static void
check_sight(struct product_stage *s, bool applied)
{
	char **want = applied ? s->after : s->before, *seen[PRODUCT_SLOTS];
	json_t *list = world_get(&s->w, "/bindings");
	json_t *items = json_object_get(list, "items"), *b;
	size_t i, n = 0;

	look(&s->w, seen);
	for (i = 0; i < PRODUCT_SLOTS; i++) {
		json_t *fns;
		struct err e;

		NEED(strcmp(seen[i], want[i]) == 0, "slot %zu sees %s"
		    ", not %s", i + 1, seen[i], want[i]);
		ck_ok(json_read(seen[i], strlen(seen[i]), 1 << 20, &fns, &e), e);
		n += json_array_size(fns);
		json_decref(fns);
		free(seen[i]);
	}
	json_array_foreach(items, i, b)
		NEED(strcmp(json_string_value(json_object_get(b, "state")),
		    "bound") == 0, "%s is %s", json_string_value(
		    json_object_get(b, "function")), json_string_value(
		    json_object_get(b, "state")));
	NEED(json_array_size(items) == n, "%zu bindings, %zu functions seen",
	    json_array_size(items), n);
	json_decref(list);
}

/* Nothing is wrong any more, and nothing is to be done. */
static void
check_quiet(struct world *w)
{
	json_t *faults = world_get(w, "/faults");
	json_t *items = json_object_get(faults, "items");
	char *text = json_text(items);
	size_t logged;

	NEED(json_array_size(items) == 0, "faults in the end: %s",
	    text);
	free(text);
	json_decref(faults);
	logged = support_chassis_logged(&w->chassis);
	world_pass(w, QUIET_MS);
	NEED(support_chassis_logged(&w->chassis) == logged, "something was "
	    "done after the end");
}

static bool
is_state(struct world *w, int64_t job, const char *word)
{
	return strcmp(world_job_state(w, job), word) == 0;
}

static void
retry(struct world *w, int64_t job)
{
	char path[48];

	snprintf(path, sizeof(path), "/jobs/%lld:retry", (long long)job);
	world_do(w, 202, "POST", path, "{}");
	NEED(world_settle(w, IN_TIME_MS), "open after :retry");
}

static enum product_end
play(struct product_stage *s, const struct product_point *p)
{
	enum product_end end = PRODUCT_RETRIED;
	struct world *w = &s->w;
	int64_t job;

	world_wake(w);
	world_pass(w, WAKE_MS);
	arm(s, p);
	playing.w = w;
	playing.job = job = begin(s);
	NEED(world_settle(w, IN_TIME_MS), "still open: %s",
	    world_job_state(w, job));
	world_pass(w, BACK_MS);
	lift(s, p);
	world_pass(w, MEND_MS);
	if (p->lasting && is_state(w, job, "rollbackFailed"))
		retry(w, job);
	else
		end = is_state(w, job, "applied") ? PRODUCT_APPLIED :
		    PRODUCT_ROLLED_BACK;
	NEED(is_state(w, job, "applied") ||
	    is_state(w, job, "rolledBack"), "ended %s",
	    world_job_state(w, job));
	world_pass(w, MEND_MS);
	NEED(world_settle(w, IN_TIME_MS), "a heal is still open");
	NEED(support_chassis_violations(&w->chassis) == 0, "violations");
	if (!s->op->all && !p->wrong->all)
		check_others(s);
	check_sight(s, is_state(w, job, "applied"));
	check_quiet(w);
	return end;
}

/* ---- processes ---- */

static void
copy_store(void)
{
	char block[1 << 16];
	FILE *in = fopen("../world.db", "rb"), *out = fopen("world.db", "wb");
	size_t n;

	ck_assert(in != NULL && out != NULL);
	while ((n = fread(block, 1, sizeof(block), in)) > 0)
		ck_assert_uint_eq(fwrite(block, 1, n, out), n);
	ck_assert_int_eq(fclose(in) | fclose(out), 0);
}

static void
remove_store(void)
{
	static const char *const files[] = { "case/world.db",
		"case/world.db-wal", "case/world.db-shm", "case/world.db-lock" };

	for (int i = 0; i < N_ROWS(files); i++)
		(void)unlink(files[i]);
}

/* A process with a copy of the world, which it may spoil.  Its exit status, or
 * -1.  No point: the rehearsal. */
static int
part(struct product_stage *s, const struct product_point *p)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		ck_assert_int_eq(chdir("case"), 0);
		copy_store();
		if (p == NULL)
			rehearse(s);
		_exit(FIRST_END + (int)play(s, p));
	}
	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	remove_store();
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void
product_stage(struct product_stage *s, const struct product_op *op,
    uint64_t seed)
{
	*s = (struct product_stage){ .op = op };
	set_up(s, seed);
	look(&s->w, s->before);
	world_rest(&s->w);
	ck_assert_int_eq(mkdir("case", 0700), 0);
	if (part(s, NULL) != 0)
		ck_abort_msg("%s without a fault", op->name);
	learn(s);
}

bool
product_do(struct product_stage *s, const struct product_point *p,
    enum product_end *end)
{
	int status = part(s, p);

	*end = PRODUCT_N_ENDS;
	if (status < FIRST_END || status >= FIRST_END + PRODUCT_N_ENDS)
		return false;
	*end = (enum product_end)(status - FIRST_END);
	return true;
}

void
product_strike(struct product_stage *s)
{
	world_wake(&s->w);
	world_free(&s->w);
	free(s->document);
	for (unsigned i = 0; i < PRODUCT_SLOTS; i++) {
		free(s->before[i]);
		free(s->after[i]);
	}
}
