/* journal_job.c -- jobs; see journal.h. */
#include "profiles/journal.h"
#include "profiles/stmt.h"

#define JOB \
	"SELECT id, kind, title, state, actor, created_ms, started_ms," \
	" ended_ms, generation, undoes, undone_by, rule, detail, sentence," \
	" forward, inverse, diff FROM job "

const char *
job_state_word(enum job_state state)
{
	static const char *const words[JOB_N_STATES] = {
		[JOB_QUEUED] = "queued", [JOB_RUNNING] = "running",
		[JOB_WAITING] = "waiting", [JOB_ROLLING_BACK] = "rollingBack",
		[JOB_APPLIED] = "applied", [JOB_ROLLED_BACK] = "rolledBack",
		[JOB_ROLLBACK_FAILED] = "rollbackFailed",
	};

	return words[state];
}

static void
read_job(struct stmt *q, struct arena *a, struct job *j)
{
	j->id = stmt_get_int(q);
	stmt_get_text(q, j->kind, sizeof(j->kind));
	stmt_get_text(q, j->title, sizeof(j->title));
	j->state = (enum job_state)stmt_get_int(q);
	stmt_get_text(q, j->actor, sizeof(j->actor));
	j->created_ms = stmt_get_int(q);
	j->started_ms = stmt_get_int(q);
	j->ended_ms = stmt_get_int(q);
	j->generation = stmt_get_int(q);
	j->undoes = stmt_get_int(q);
	j->undone_by = stmt_get_int(q);
	stmt_get_text(q, j->rule, sizeof(j->rule));
	stmt_get_text(q, j->detail, sizeof(j->detail));
	j->sentence = stmt_get_str(q, a);
	j->forward = stmt_get_str(q, a);
	j->inverse = stmt_get_str(q, a);
	j->diff = stmt_get_str(q, a);
}

static int
collect(struct stmt *q, struct arena *a, struct job **out, size_t *n,
    struct err *e)
{
	struct job *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	while ((rc = stmt_step(q, e)) > 0) {
		one = (struct job){ 0 };
		read_job(q, a, &one);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

static const char *
or_empty(const char *text)
{
	return text != NULL ? text : "";
}

int
job_add(struct store *st, const struct job *j, struct err *e)
{
	struct stmt q = stmt_open(st, "INSERT INTO job VALUES(?, ?, ?, ?, ?,"
	    " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");

	stmt_int(&q, j->id);
	stmt_text(&q, j->kind);
	stmt_text(&q, j->title);
	stmt_int(&q, j->state);
	stmt_text(&q, j->actor);
	stmt_int(&q, j->created_ms);
	stmt_int(&q, j->started_ms);
	stmt_int(&q, j->ended_ms);
	stmt_int(&q, j->generation);
	stmt_int(&q, j->undoes);
	stmt_int(&q, j->undone_by);
	stmt_text(&q, j->rule);
	stmt_text(&q, j->detail);
	stmt_text(&q, or_empty(j->sentence));
	stmt_text(&q, or_empty(j->forward));
	stmt_text(&q, or_empty(j->inverse));
	stmt_text(&q, or_empty(j->diff));
	return stmt_run(&q, e);
}

static int
no_job(int64_t id, struct err *e)
{
	return err_set(e, ERR_NOT_FOUND, "there is no job %lld",
	    (long long)id);
}

int
job_load(struct store *st, struct arena *a, int64_t id, struct job **out,
    struct err *e)
{
	struct stmt q = stmt_open(st, JOB "WHERE id = ?");
	struct job *list;
	size_t n;

	stmt_int(&q, id);
	if (collect(&q, a, &list, &n, e) < 0)
		return -1;
	if (n == 0)
		return no_job(id, e);
	*out = list;
	return 0;
}

int
job_list(struct store *st, struct arena *a, int64_t before, size_t limit,
    struct job **out, size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, JOB
	    "WHERE id < ? ORDER BY id DESC LIMIT ?");

	stmt_int(&q, before > 0 ? before : INT64_MAX);
	stmt_int(&q, (int64_t)limit);
	return collect(&q, a, out, n, e);
}

int
job_list_open(struct store *st, struct arena *a, struct job **out, size_t *n,
    struct err *e)
{
	struct stmt q = stmt_open(st, JOB "WHERE state NOT IN (4, 5) AND"
	    " (state <> 6 OR id IN (SELECT job FROM hold)) ORDER BY id");

	return collect(&q, a, out, n, e);
}

int
job_update(struct store *st, int64_t id, enum job_state state,
    const char *rule, const char *detail, int64_t wall_ms, struct err *e)
{
	/* Started when it first leaves the queue, ended at its end. */
	struct stmt q = stmt_open(st, "UPDATE job SET state = ?1, rule = ?2,"
	    " detail = ?3, started_ms = CASE WHEN started_ms = 0 AND ?1 > 0"
	    " THEN ?4 ELSE started_ms END, ended_ms = CASE WHEN ?1 >= 4"
	    " THEN ?4 ELSE 0 END WHERE id = ?5 RETURNING id");
	int rc;

	stmt_int(&q, state);
	stmt_text(&q, or_empty(rule));
	stmt_text(&q, or_empty(detail));
	stmt_int(&q, wall_ms);
	stmt_int(&q, id);
	rc = stmt_step(&q, e);
	if (rc > 0)
		return stmt_run(&q, e);
	return rc < 0 ? -1 : no_job(id, e);
}

int
job_undone_by(struct store *st, int64_t id, int64_t by, struct err *e)
{
	struct stmt q = stmt_open(st,
	    "UPDATE job SET undone_by = ? WHERE id = ?");

	stmt_int(&q, by);
	stmt_int(&q, id);
	return stmt_run(&q, e);
}
