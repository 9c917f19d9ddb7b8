/* journal_step.c -- steps of jobs; see journal.h and step.h. */
#include "profiles/journal.h"
#include "profiles/stmt.h"

unsigned
step_binds(const struct step *s)
{
	return s->verb != STEP_BIND ? 0 : s->arg2 > 1 ? s->arg2 : 1;
}

const char *
step_verb_word(enum step_verb verb)
{
	static const char *const words[STEP_N_VERBS] = {
		[STEP_UNBIND] = "unbind", [STEP_SCRUB] = "scrub",
		[STEP_DISK_MAKE] = "diskMake", [STEP_PREPARE] = "prepare",
		[STEP_BIND] = "bind", [STEP_DISK_DESTROY] = "diskDestroy",
		[STEP_SLOT_CTL] = "slotCtl", [STEP_PORT_CTL] = "portCtl",
		[STEP_BAY_CTL] = "bayCtl",
	};

	return words[verb];
}

const char *
step_state_word(enum step_state state)
{
	static const char *const words[] = {
		[STEP_PLANNED] = "planned", [STEP_INTENT] = "intent",
		[STEP_DONE] = "done", [STEP_FAILED] = "failed",
		[STEP_SKIPPED] = "skipped",
	};

	return words[state];
}

int
step_add(struct store *st, const struct step *s, struct err *e)
{
	struct stmt q = stmt_open(st, "INSERT INTO step VALUES(?, ?, ?, ?, ?,"
	    " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

	stmt_int(&q, s->job);
	stmt_int(&q, s->seq);
	stmt_int(&q, s->level);
	stmt_int(&q, s->phase);
	stmt_int(&q, s->verb);
	stmt_int(&q, s->slot);
	stmt_int(&q, s->bridge);
	stmt_int(&q, s->fn);
	stmt_int(&q, s->arg1);
	stmt_int(&q, s->arg2);
	stmt_int(&q, s->raid);
	stmt_int(&q, s->mib);
	stmt_text(&q, s->device);
	stmt_int(&q, s->state);
	stmt_int(&q, (int64_t)s->op);
	stmt_int(&q, s->started_ms);
	stmt_int(&q, s->ended_ms);
	stmt_text(&q, s->error);
	return stmt_run(&q, e);
}

static void
read_step(struct stmt *q, struct step *s)
{
	s->job = stmt_get_int(q);
	s->seq = stmt_get_u32(q);
	s->level = stmt_get_u32(q);
	s->phase = stmt_get_u32(q);
	s->verb = (enum step_verb)stmt_get_int(q);
	s->slot = stmt_get_u32(q);
	s->bridge = stmt_get_u32(q);
	s->fn = stmt_get_u32(q);
	s->arg1 = stmt_get_u32(q);
	s->arg2 = stmt_get_u32(q);
	s->raid = stmt_get_u32(q);
	s->mib = stmt_get_u32(q);
	stmt_get_text(q, s->device, sizeof(s->device));
	s->state = (enum step_state)stmt_get_int(q);
	s->op = (uint64_t)stmt_get_int(q);
	s->started_ms = stmt_get_int(q);
	s->ended_ms = stmt_get_int(q);
	stmt_get_text(q, s->error, sizeof(s->error));
}

int
step_list(struct store *st, struct arena *a, int64_t job, struct step **out,
    size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT job, seq, level, phase, verb,"
	    " slot, bridge, fn, arg1, arg2, raid, mib, device, state, op,"
	    " started_ms, ended_ms, error FROM step WHERE job = ?"
	    " ORDER BY seq");
	struct step *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	stmt_int(&q, job);
	while ((rc = stmt_step(&q, e)) > 0) {
		one = (struct step){ 0 };
		read_step(&q, &one);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

int
step_update(struct store *st, const struct step *s, struct err *e)
{
	struct stmt q = stmt_open(st, "UPDATE step SET state = ?, op = ?,"
	    " started_ms = ?, ended_ms = ?, error = ? WHERE job = ? AND seq = ?"
	    " RETURNING seq");
	int rc;

	stmt_int(&q, s->state);
	stmt_int(&q, (int64_t)s->op);
	stmt_int(&q, s->started_ms);
	stmt_int(&q, s->ended_ms);
	stmt_text(&q, s->error);
	stmt_int(&q, s->job);
	stmt_int(&q, s->seq);
	rc = stmt_step(&q, e);
	if (rc > 0)
		return stmt_run(&q, e);
	return rc < 0 ? -1 : err_set(e, ERR_NOT_FOUND,
	    "job %lld has no step %u", (long long)s->job, s->seq);
}

int
step_number_least(struct store *st, uint64_t op, struct err *e)
{
	struct stmt q = stmt_open(st, "UPDATE appliance SET number = ?1"
	    " WHERE number < ?1");

	stmt_int(&q, (int64_t)op);
	return stmt_run(&q, e);
}
