/* random.c -- see random.h: drawing, asking, telling. */
#include "tests/sim/random.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "profiles/journal.h"
#include "tests/test.h"

enum { LEAP_MS = 200, SETTLE_MS = 4000 };

static const char confirm[] = "confirm=IdentityQuarantined,DestroysData,"
    "SlotMaintenance,QosGuaranteeUnsupported,ModuleMismatch,"
    "VirtualDiskEmpty";

/* So few that they come round again. */
static const char small[] = "{\"name\":\"few\",\"type\":\"mac\","
    "\"quarantine\":\"PT5M\",\"blocks\":[{\"from\":\"02:BB:00:00:00:00\","
    "\"to\":\"02:BB:00:00:00:1F\"}]}";

static void swap(struct random_run *);
static void several(struct random_run *);
static void dry_run(struct random_run *);
static void cancel(struct random_run *);
static void decide(struct random_run *);

/* Two servers on one port, so that they meet from the beginning. */
static const char *const furniture[][2] = {
	{ "/networks", "{\"name\":\"n0\",\"vlan\":11}" },
	{ "/networks", "{\"name\":\"n1\",\"vlan\":12}" },
	{ "/sans", "{\"name\":\"s0\",\"fabric\":\"A\"}" },
	{ "/profiles", "{\"name\":\"p0\"}" },
	{ "/profiles", "{\"name\":\"p1\"}" },
	{ "/profiles/p0/vnics", "{\"name\":\"e0\",\"networks\":[\"n0\"],"
	    "\"mac\":\"02:AA:00:00:00:00\",\"placement\":{"
	    "\"module\":\"io1\",\"port\":1}}" },
	{ "/profiles/p1/vnics", "{\"name\":\"e0\",\"networks\":[\"n1\"],"
	    "\"mac\":\"02:AA:00:00:00:01\",\"placement\":{"
	    "\"module\":\"io1\",\"port\":1}}" },
	{ "/profiles/p0:assign", "{\"slot\":1}" },
	{ "/profiles/p1:assign", "{\"slot\":2}" },
};

/* A kind is a wish, a hand at the box, or something of its own. */
static const struct kind {
	const char *name;
	unsigned weight;
	random_wish_fn *wish;
	random_hand_fn *hand, *own;
} kinds[] = {
	{ "network.make", 2, random_network_make, NULL, NULL },
	{ "network.rename", 1, random_network_rename, NULL, NULL },
	{ "network.renumber", 1, random_network_renumber, NULL, NULL },
	{ "network.remove", 1, random_network_remove, NULL, NULL },
	{ "san.make", 2, random_san_make, NULL, NULL },
	{ "san.remove", 1, random_san_remove, NULL, NULL },
	{ "profile.make", 2, random_profile_make, NULL, NULL },
	{ "profile.remove", 1, random_profile_remove, NULL, NULL },
	{ "profile.clone", 1, random_profile_clone, NULL, NULL },
	{ "profile.change", 1, random_profile_change, NULL, NULL },
	{ "vnic.make", 5, random_vnic_make, NULL, NULL },
	{ "vnic.change", 3, random_vnic_change, NULL, NULL },
	{ "vnic.rates", 3, random_vnic_rates, NULL, NULL },
	{ "vnic.remove", 1, random_vnic_remove, NULL, NULL },
	{ "vhba.make", 3, random_vhba_make, NULL, NULL },
	{ "vhba.change", 1, random_vhba_change, NULL, NULL },
	{ "vhba.remove", 1, random_vhba_remove, NULL, NULL },
	{ "vdas.make", 2, random_vdas_make, NULL, NULL },
	{ "vdas.change", 1, random_vdas_change, NULL, NULL },
	{ "vdas.remove", 1, random_vdas_remove, NULL, NULL },
	{ "card.make", 2, random_card_make, NULL, NULL },
	{ "card.change", 1, random_card_change, NULL, NULL },
	{ "card.remove", 1, random_card_remove, NULL, NULL },
	{ "assign", 4, random_assign, NULL, NULL },
	{ "release", 2, random_release, NULL, NULL },
	{ "move", 3, random_move, NULL, NULL },
	{ "move to spare", 1, random_spare, NULL, NULL },
	{ "swap", 2, NULL, NULL, swap },
	{ "undo", 3, random_undo, NULL, NULL },
	{ "cancel", 1, NULL, NULL, cancel },
	{ "decide", 1, NULL, NULL, decide },
	{ "revert", 2, random_revert, NULL, NULL },
	{ "plan", 3, NULL, NULL, several },
	{ "dry run", 1, NULL, NULL, dry_run },
	{ "slot.admin", 3, random_slot_admin, NULL, NULL },
	{ "slot.spare", 2, random_slot_spare, NULL, NULL },
	{ "slot.label", 1, random_slot_label, NULL, NULL },
	{ "slot.isolate", 1, random_slot_isolate, NULL, NULL },
	{ "slot.locate", 1, random_slot_locate, NULL, NULL },
	{ "port.change", 2, random_port_change, NULL, NULL },
	{ "class.make", 1, random_class_make, NULL, NULL },
	{ "class.change", 1, random_class_change, NULL, NULL },
	{ "power", 2, NULL, random_power, NULL },
	{ "cable", 1, NULL, random_cable, NULL },
	{ "card", 2, NULL, random_card, NULL },
	{ "other card", 1, NULL, random_other_card, NULL },
	{ "speed", 2, NULL, random_speed, NULL },
	{ "fault", 2, NULL, random_fault, NULL },
	{ "delay", 1, NULL, random_delay, NULL },
	{ "events", 1, NULL, random_events, NULL },
	{ "switch reset", 1, NULL, random_reset, NULL },
	{ "unmap", 1, NULL, random_unmap, NULL },
	{ "map", 1, NULL, random_map, NULL },
	{ "set", 1, NULL, random_set, NULL },
	{ "crash", 1, NULL, random_crash, NULL },
	{ "crash later", 1, NULL, random_crash_later, NULL },
	{ "switchmgr", 1, NULL, random_switchmgr, NULL },
	{ "wait", 1, NULL, random_wait, NULL },
	{ "mend", 4, NULL, random_mend, NULL },
};

const unsigned random_n_kinds = N_ROWS(kinds);

const char *
random_name(unsigned kind)
{
	return kinds[kind].name;
}

/* ---- telling ---- */

/* The run that is under way, so that its story is told however it ends. */
static struct random_run *telling;

static void
tell_story(void)
{
	struct random_run *r = telling;
	unsigned first;

	if (r == NULL)
		return;
	first = r->n_history > RANDOM_HISTORY ? r->n_history - RANDOM_HISTORY :
	    0;
	fprintf(stderr, "the last operations:\n");
	for (unsigned i = first; i < r->n_history; i++)
		fprintf(stderr, "  %s\n", r->history[i % RANDOM_HISTORY]);
	fprintf(stderr, "again: SEED=%" PRIu64 " OPS=%u\n", r->seed, r->op);
	telling = NULL;
}

void
random_note(struct random_run *r, const char *fmt, ...)
{
	char *line = r->history[r->n_history++ % RANDOM_HISTORY];
	int n = snprintf(line, sizeof(r->history[0]), "%u %" PRId64 " ",
	    r->op, r->w.chassis.now_ms);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line + n, sizeof(r->history[0]) - (size_t)n, fmt, ap);
	va_end(ap);
	log_info("random", "%s", line);
}

void
random_fail(struct random_run *r, const char *fmt, ...)
{
	char text[65536];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fprintf(stderr, "operation %u: %s\n", r->op, text);
	tell_story();
	ck_abort_msg("operation %u of seed %" PRIu64 " (see above)", r->op,
	    r->seed);
	abort();
}

/* ---- drawing ---- */

unsigned
random_below(struct random_run *r, unsigned n)
{
	return (unsigned)rng_below(&r->rng, n);
}

bool
random_one_in(struct random_run *r, unsigned n)
{
	return random_below(r, n) == 0;
}

static unsigned
draw(struct random_run *r)
{
	uint32_t last;
	size_t at;

	if (r->n_deck == 0)
		for (unsigned k = 0; k < random_n_kinds; k++)
			for (unsigned i = 0; i < kinds[k].weight; i++)
				r->deck[r->n_deck++] = k;
	at = random_below(r, (unsigned)r->n_deck);
	last = r->deck[at];
	r->deck[at] = r->deck[--r->n_deck];
	return last;
}

/* ---- asking ---- */

static int64_t
generation(struct random_run *r)
{
	struct appliance a;
	struct err e;

	ck_ok(store_appliance(r->w.reader, &a, &e), e);
	return a.generation;
}

/* The status; a refusal left everything as it was. */
static int
ask(struct random_run *r, const char *method, const char *path,
    const char *body, json_t **out)
{
	int64_t before = generation(r);
	int status = world_ask(&r->w, method, path, body[0] == '\0' ? NULL :
	    body, out);
	const char *code = "";
	bool known = status == 404 || status == 409 || status == 412 ||
	    status == 422 || status == 503;

	if (status >= 400)
		code = json_string_value(json_object_get(*out, "code"));
	random_note(r, "%s %s %s -> %d %s", method, path, body, status,
	    code == NULL ? "" : code);
	if (status >= 300 && !known)
		random_fail(r, "%s %s %s answers %d: %s", method, path, body,
		    status, json_text(*out));
	if (code != NULL && strcmp(code, "conflict") == 0)
		random_fail(r, "%s %s %s: the store refused what the rules "
		    "had let pass: %s", method, path, body, json_text(*out));
	if (status >= 300 && generation(r) != before)
		random_fail(r, "%s %s was refused with %d and changed "
		    "something", method, path, status);
	return status;
}

static int64_t
job_of(const json_t *out)
{
	const json_t *job = json_object_get(out, "job");
	const char *id = json_string_value(json_is_object(job) ?
	    json_object_get(job, "id") : job);

	return id == NULL ? 0 : strtoll(id, NULL, 10);
}

bool
random_ask(struct random_run *r, const struct random_wish *x, int64_t *job)
{
	char path[256];
	json_t *out;
	int status;

	r->confirmed = !random_one_in(r, 4);
	snprintf(path, sizeof(path), "%s?%s", x->path, r->confirmed ? confirm :
	    "confirm=SlotMaintenance");
	status = ask(r, x->method, path, x->body, &out);
	*job = status < 300 ? job_of(out) : 0;
	json_decref(out);
	return *job != 0;
}

/* ---- plans ---- */

static bool
apply(struct random_run *r, const char *id)
{
	char path[128];
	json_t *out;
	bool done;

	snprintf(path, sizeof(path), "/plans/%s:apply", id);
	r->confirmed = true;
	done = ask(r, "POST", path, "{\"confirm\":[\"IdentityQuarantined\","
	    "\"DestroysData\",\"SlotMaintenance\","
	    "\"QosGuaranteeUnsupported\",\"ModuleMismatch\","
	    "\"VirtualDiskEmpty\"]}", &out) < 300 &&
	    job_of(out) != 0;
	json_decref(out);
	return done;
}

static json_t *
changes_json(const struct random_wish *x, size_t n)
{
	json_t *list = json_array(), *body;
	struct err e;

	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object();

		json_put(o, "method", json_str(x[i].method));
		json_put(o, "path", json_str(x[i].path));
		if (x[i].body[0] != '\0') {
			ck_ok(json_read(x[i].body, strlen(x[i].body), 4096,
			    &body, &e), e);
			json_put(o, "body", body);
		}
		json_put(list, NULL, o);
	}
	body = json_object();
	json_put(body, "changes", list);
	return body;
}

/* Planned, then applied: at once, or when something may have changed. */
static bool
plan(struct random_run *r, const struct random_wish *x, size_t n)
{
	json_t *changes = changes_json(x, n), *out;
	char *text = json_text(changes);
	int status = ask(r, "POST", "/plans", text, &out);
	const char *id = json_string_value(json_object_get(out, "id"));
	bool done;

	free(text);
	json_decref(changes);
	if (status < 300 && random_one_in(r, 6))
		world_pass(&r->w, 500);
	done = status < 300 && id != NULL && apply(r, id);
	json_decref(out);
	return done;
}

static unsigned current;	/* the kind that was drawn */

static void
settle_account(struct random_run *r, bool accepted)
{
	r->count->accepted += accepted;
	r->count->refused += !accepted;
	r->count->kind[current].accepted += accepted;
}

static void
swap(struct random_run *r)
{
	struct random_wish two[2];
	int64_t job;

	random_swap(r, two);
	if (random_one_in(r, 2)) {
		settle_account(r, plan(r, two, 2));
		return;
	}
	random_exchange(r, &two[0]);
	settle_account(r, random_ask(r, &two[0], &job));
}

static void
several(struct random_run *r)
{
	struct random_wish x[3];
	size_t n = 2 + random_below(r, 2);

	for (size_t i = 0; i < n; i++)
		random_any(r, &x[i]);
	settle_account(r, plan(r, x, n));
}

/* A dry run changes nothing, whatever it answers. */
static void
dry_run(struct random_run *r)
{
	struct random_wish x;
	int64_t before = generation(r);
	char path[160];
	json_t *out;
	int status;

	random_any(r, &x);
	snprintf(path, sizeof(path), "%s?dryRun=true", x.path);
	status = ask(r, x.method, path, x.body, &out);
	if (generation(r) != before)
		random_fail(r, "a dry run changed something");
	settle_account(r, status < 300 && json_is_true(json_object_get(out,
	    "applicable")));
	json_decref(out);
}

/* Takes no confirmation: what was comes again, or stays. */
static void
ask_about_job(struct random_run *r, random_wish_fn *wish)
{
	struct random_wish x;
	json_t *out;

	wish(r, &x);
	settle_account(r, ask(r, x.method, x.path, x.body, &out) < 300);
	json_decref(out);
}

/* Something that is hardly begun. */
static void
cancel(struct random_run *r)
{
	static random_wish_fn *const begun[] = { random_any, random_assign,
		random_release, random_move, random_vnic_make };
	unsigned turns = random_below(r, 12);
	struct random_wish x;
	int64_t job;

	begun[random_below(r, N_ROWS(begun))](r, &x);
	(void)random_ask(r, &x, &job);
	while (turns-- > 0)
		world_turn(&r->w);
	random_look(r);
	ask_about_job(r, random_cancel);
}

/* The switch says no to all of it until somebody looks. */
static void
decide(struct random_run *r)
{
	static random_wish_fn *const begun[] = { random_assign, random_release,
		random_move, random_vnic_make, random_vnic_remove };
	struct random_wish x;
	int64_t job;

	random_refuse(r);
	begun[random_below(r, N_ROWS(begun))](r, &x);
	(void)random_ask(r, &x, &job);
	(void)world_settle(&r->w, SETTLE_MS);
	if (!random_one_in(r, 3))
		random_refuse_none(r);
	random_look(r);
	ask_about_job(r, random_decide);
}

/* ---- a step ---- */

void
random_look(struct random_run *r)
{
	struct slot *s;
	struct err e;

	arena_free(r->arena);
	r->arena = arena_new();
	ck_ok(profile_list(r->w.reader, r->arena, "", 64, &r->profiles,
	    &r->n_profiles, &e), e);
	ck_ok(network_list(r->w.reader, r->arena, "", 64, &r->networks,
	    &r->n_networks, &e), e);
	for (unsigned i = 1; i <= RANDOM_SLOTS; i++) {
		ck_ok(slot_load(r->w.reader, r->arena, i, &s, &e), e);
		r->slots[i] = s;
	}
}

/* Most runs begin with something that is there. */
static void
furnish(struct random_run *r)
{
	json_t *out;

	if (random_one_in(r, 4))
		return;
	for (size_t i = 0; i < N_ROWS(furniture); i++) {
		int status = world_ask(&r->w, "POST", furniture[i][0],
		    furniture[i][1], &out);

		ck_assert_msg(status < 300, "%s: %s", furniture[i][0],
		    json_text(out));
		json_decref(out);
		ck_assert(world_settle(&r->w, SETTLE_MS));
	}
}

void
random_begin(struct random_run *r, uint64_t seed, struct random_count *count)
{
	static bool first = true;

	memset(r, 0, sizeof(*r));
	log_level_set(getenv("VERBOSE") != NULL ? LOG_INFO : LOG_ERROR);
	if (first && access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 0);
	if (first)
		atexit(tell_story);
	first = false;
	r->seed = seed;
	r->rng = rng_seed(seed);
	r->count = count;
	world_new(&r->w, seed);
	r->w.leap_ms = LEAP_MS;
	telling = r;
	/* One that nobody shares, with two functions. */
	support_chassis_do(&r->w.chassis, "insert bay 4 LSI22320SLE T1");
	world_pass(&r->w, 500);
	world_do(&r->w, 201, "POST", "/pools", small);
	furnish(r);
	random_look(r);
}

void
random_end(struct random_run *r)
{
	telling = NULL;
	arena_free(r->arena);
	world_free(&r->w);
}

static void
do_one(struct random_run *r)
{
	const struct kind *k = &kinds[current];
	struct random_wish x;
	int64_t job;

	r->count->drawn++;
	r->count->kind[current].drawn++;
	if (k->own != NULL) {
		k->own(r);
	} else if (k->hand != NULL) {
		k->hand(r);
		r->count->hands++;
		r->count->kind[current].accepted++;
	} else {
		k->wish(r, &x);
		r->named = k->wish == random_undo || k->wish == random_revert;
		settle_account(r, random_ask(r, &x, &job));
	}
}

/* Some operations meet the one before half done. */
static void
let_time_pass(struct random_run *r)
{
	unsigned turns = random_below(r, 12);

	switch (random_below(r, 4)) {
	case 0:
		break;
	case 1:
		while (turns-- > 0)
			world_turn(&r->w);
		break;
	default:
		(void)world_settle(&r->w, SETTLE_MS);
		break;
	}
}

void
random_step(struct random_run *r)
{
	r->op++;
	current = draw(r);
	do_one(r);
	let_time_pass(r);
	random_look(r);
	random_check_always(r);
	if (random_one_in(r, 8))
		random_check_settled(r);
	random_look(r);
}
