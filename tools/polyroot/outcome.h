/*
 * outcome.h -- what came of a request: for the reader, and as exit status.
 *
 * 0 done, or nothing to do; 2 a dry run that would change something; 3 blocked by
 * rules, conflicts or a missing confirmation; from 10 an error (base/err.def).
 * Each function prints what it is about and answers the exit status.
 */
#ifndef TOOLS_POLYROOT_OUTCOME_H
#define TOOLS_POLYROOT_OUTCOME_H

#include "tools/polyroot/client.h"

enum { OUTCOME_CHANGES = 2, OUTCOME_BLOCKED = 3 };

struct options {
	bool json, insecure;
};

int outcome_fail(const struct err *);
int outcome_status(long http_status);
/* The body as it is. */
void outcome_print(const struct reply *);
/* A refusal. */
int outcome_problem(const struct reply *, const struct options *);
/* `plan`: it is a plan, of a dry run. */
int outcome_success(const struct reply *, bool plan, const struct options *);
/* Of a plan: 0, 2 or 3; prints nothing. */
int outcome_plan(const json_t *plan);
/* Waits for the end of a job. */
int outcome_job(struct client *, const char *location, const struct options *);

#endif
