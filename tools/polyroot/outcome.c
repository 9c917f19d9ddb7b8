/* outcome.c -- see outcome.h. */
#include "tools/polyroot/outcome.h"

#include <stdio.h>
#include <string.h>

#include "tools/polyroot/show.h"

enum { WAIT_S = 30, WAIT_TURNS = 20 };

int
outcome_fail(const struct err *e)
{
	(void)fprintf(stderr, "polyroot: %s\n", e->msg);
	return err_exit(e->code);
}

/* ---- answers ---- */

int
outcome_status(long status)
{
	for (int i = 0; i < ERR_N_CODES; i++)
		if (err_http((enum err_code)i) == status)
			return err_exit((enum err_code)i);
	return err_exit(status >= 500 ? ERR_INTERNAL : ERR_MALFORMED);
}

void
outcome_print(const struct reply *r)
{
	if (r->body.len > 0) {
		(void)fwrite(r->body.data, 1, r->body.len, stdout);
		if (r->body.data[r->body.len - 1] != '\n')
			(void)putchar('\n');
	}
}

static bool
is_json(const struct reply *r)
{
	size_t n = strlen(r->type);

	return strcmp(r->type, "application/json") == 0 ||
	    (n > 5 && strcmp(r->type + n - 5, "+json") == 0);
}

int
outcome_problem(const struct reply *r, const struct options *o)
{
	struct err e;
	const char *code;
	json_t *p;
	int rc = outcome_status(r->status);

	if (o->json)
		outcome_print(r);
	if (!is_json(r) || client_json(r, &p, &e) < 0) {
		(void)fprintf(stderr, "polyroot: status %ld\n", r->status);
		return rc;
	}
	code = json_string_value(json_object_get(p, "code"));
	if (code != NULL && strcmp(code, "ConfirmationNeeded") == 0)
		rc = OUTCOME_BLOCKED;
	if (!o->json)
		show_problem(stderr, p);
	json_decref(p);
	return rc;
}

int
outcome_plan(const json_t *plan)
{
	if (json_is_false(json_object_get(plan, "applicable")))
		return OUTCOME_BLOCKED;
	return json_array_size(json_object_get(plan, "diff")) > 0 ||
	    json_array_size(json_object_get(plan, "steps")) > 0 ?
	    OUTCOME_CHANGES : 0;
}

int
outcome_success(const struct reply *r, bool plan, const struct options *o)
{
	struct err e;
	json_t *v;
	bool import;
	int rc = 0;

	if (!is_json(r)) {
		outcome_print(r);
		return 0;
	}
	if (client_json(r, &v, &e) < 0)
		return outcome_fail(&e);
	import = json_object_get(v, "conflicts") != NULL;
	if (plan)
		rc = outcome_plan(import ? json_object_get(v, "plan") : v);
	if (o->json)
		outcome_print(r);
	else if (import)
		show_import(stdout, v);
	else if (plan)
		show_plan(stdout, v);
	else
		show_json(stdout, v);
	json_decref(v);
	return rc;
}

/* ---- jobs ---- */

/* 1: not ended yet. */
static int
look_at_job(struct client *c, const char *path, const struct options *o,
    struct err *e)
{
	struct ask ask = { .method = "GET", .path = path };
	const char *state, *words;
	struct reply r;
	json_t *job;
	int rc;

	if (client_ask(c, &ask, &r, e) < 0)
		return -1;
	if (r.status != 200) {
		rc = outcome_problem(&r, o);
		buf_free(&r.body);
		return rc;
	}
	rc = client_json(&r, &job, e);
	buf_free(&r.body);
	if (rc < 0)
		return -1;
	state = json_string_value(json_object_get(job, "state"));
	words = json_string_value(json_object_get(job, "title"));
	if (state == NULL)
		state = "";
	rc = 1;
	if (strcmp(state, "applied") == 0)
		rc = 0;
	else if (strcmp(state, "rolledBack") == 0 ||
	    strcmp(state, "rollbackFailed") == 0)
		rc = err_exit(ERR_DEVICE);
	if (rc != 1 && !o->json)
		(void)printf("%s: %s\n", words != NULL ? words : "job", state);
	json_decref(job);
	return rc;
}

int
outcome_job(struct client *c, const char *location, const struct options *o)
{
	char path[320];
	struct err e;
	int rc = 1;

	(void)snprintf(path, sizeof(path), "%s?wait=%d", location, WAIT_S);
	for (int i = 0; i < WAIT_TURNS && rc == 1; i++)
		rc = look_at_job(c, path, o, &e);
	if (rc < 0)
		return outcome_fail(&e);
	if (rc != 1)
		return rc;
	(void)err_set(&e, ERR_TIMEOUT, "the job still runs: %s", location);
	return outcome_fail(&e);
}
