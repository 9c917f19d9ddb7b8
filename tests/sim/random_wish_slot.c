/* random_wish_slot.c -- see random.h: slots, and jobs taken back. */
#include <inttypes.h>

#include "profiles/journal.h"
#include "tests/sim/random.h"
#include "tests/test.h"

/* ---- slots ---- */

void
random_slot_admin(struct random_run *r, struct random_wish *x)
{
	static const char *const words[] = { "enabled", "enabled", "enabled",
		"maintenance", "disabled" };
	unsigned slot = 1 + random_below(r, RANDOM_SLOTS);

	/* Rather one that is not enabled, back. */
	for (unsigned i = 1; i <= RANDOM_SLOTS; i++)
		if (r->slots[i]->admin != SLOT_ENABLED && random_one_in(r, 2))
			slot = i;
	random_put(x, "PATCH", "", "/slots/%u", slot);
	random_body(x, "{\"adminState\":\"%s\"}", words[random_below(r, 5)]);
}

void
random_slot_spare(struct random_run *r, struct random_wish *x)
{
	random_put(x, "PATCH", "", "/slots/%u", random_one_in(r, 2) ? 3 :
	    1 + random_below(r, RANDOM_SLOTS));
	random_body(x, "{\"isSpare\":%s}", random_one_in(r, 2) ? "true" :
	    "false");
}

void
random_slot_label(struct random_run *r, struct random_wish *x)
{
	random_put(x, "PATCH", "", "/slots/%u", 1 + random_below(r, RANDOM_SLOTS));
	random_body(x, "{\"label\":\"rack %u\"}", r->op);
}

void
random_slot_isolate(struct random_run *r, struct random_wish *x)
{
	random_put(x, "POST", "{}", "/slots/%u:isolate",
	    1 + random_below(r, RANDOM_SLOTS));
}

void
random_slot_locate(struct random_run *r, struct random_wish *x)
{
	random_put(x, "POST", "", "/slots/%u:locate",
	    1 + random_below(r, RANDOM_SLOTS));
	random_body(x, "{\"on\":%s}", random_one_in(r, 2) ? "true" : "false");
}

/* ---- jobs ---- */

/* The newest one, rather one that runs. */
void
random_cancel(struct random_run *r, struct random_wish *x)
{
	struct job *jobs;
	struct err e;
	size_t n;
	int64_t id = 1;

	ck_ok(job_list(r->w.reader, r->arena, 0, 4, &jobs, &n, &e), e);
	for (size_t i = n; i-- > 0; )
		if (i == 0 || !job_ended(jobs[i].state))
			id = jobs[i].id;
	random_put(x, "POST", "{}", "/jobs/%" PRId64 ":cancel", id);
}

/* One that neither went nor came back. */
void
random_decide(struct random_run *r, struct random_wish *x)
{
	struct job *jobs;
	struct err e;
	size_t n;
	int64_t id = 1;

	ck_ok(job_list_open(r->w.reader, r->arena, &jobs, &n, &e), e);
	for (size_t i = 0; i < n; i++)
		if (jobs[i].state == JOB_ROLLBACK_FAILED)
			id = jobs[i].id;
	random_put(x, "POST", "{}", "/jobs/%" PRId64 ":%s", id,
	    random_one_in(r, 2) ? "retry" : "abandon");
}

/* Mostly one that can be undone by its state. */
void
random_undo(struct random_run *r, struct random_wish *x)
{
	struct job *jobs;
	struct err e;
	size_t n;
	int64_t id = 1;

	ck_ok(job_list(r->w.reader, r->arena, 0, 24, &jobs, &n, &e), e);
	for (size_t i = 0; i < n; i++) {
		if (!random_one_in(r, 10) && (jobs[i].state != JOB_APPLIED ||
		    jobs[i].undone_by != 0 ||
		    strcmp(jobs[i].kind, "heal") == 0))
			continue;
		id = jobs[i].id;
		if (random_one_in(r, 2))
			break;
	}
	random_put(x, "POST", "{}", "/jobs/%" PRId64 ":undo", id);
}
