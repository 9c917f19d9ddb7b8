/* imports_plan.c -- see imports_plan.h. */
#include "appliance/service/imports_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/service/commit.h"
#include "appliance/service/plans.h"
#include "appliance/service/request.h"
#include "appliance/service/sealed.h"
#include "appliance/service/service_int.h"
#include "appliance/service/takeover.h"
#include "appliance/service/trust.h"

/* ---- a document as a row ---- */

void
imports_new(struct call *c, struct import_doc *d)
{
	/* Another stream than the change set's: ids there must not move. */
	struct rng rng = rng_seed(c->request->seed ^ UINT64_C(0x696d706f7274));
	int64_t now = c->request->wall_ms;

	*d = (struct import_doc){ .created_ms = now, .options = "{}",
		.body = "{}" };
	d->expires_ms = now + IMPORT_DAYS * INT64_C(86400000);
	rng_uuid(&rng, d->id);
	snprintf(d->actor, sizeof(d->actor), "%s", c->request->actor);
	if (c->request->opened != NULL)
		sealed_put(c->service->sealed, d->id, c->request->opened);
}

int
imports_add(struct call *c, const struct import_doc *d,
    const struct xml_records *records, struct err *e)
{
	if (import_add(c->store, d, records, c->request->wall_ms, e) < 0)
		return -1;
	return takeover_look(c, records, e);
}

/* ---- planning ---- */

static const char *
text_in(struct arena *a, const json_t *value)
{
	char *text = json_text(value), *copy = arena_strdup(a, text);

	free(text);
	return copy;
}

void
imports_attempt_begin(struct imports_attempt *x, struct call *c,
    const struct imports_task *task)
{
	*x = (struct imports_attempt){ .call = c, .task = task };
	c->import = task;
	x->options = xml_options_to_json(task->options);
	task->doc->options = text_in(c->arena, x->options);
	x->changes = json_pack("[{s:s,s:o,s:O}]", "method", "POST", "path",
	    json_str(arena_printf(c->arena, "/imports/%s:run",
	    task->doc->id)), "body", x->options);
	planning_begin(&x->planning, c, c->request->seed);
}

void
imports_attempt_end(struct imports_attempt *x)
{
	planning_free(&x->planning);
	json_decref(x->changes);
	json_decref(x->options);
	x->call->import = NULL;
}

/* The document's own errors: it is refused with everything that was found. */
static int
check_document(struct imports_attempt *x, struct err *e)
{
	const struct violations *broken = &x->planning.broken;

	for (size_t i = 0; i < broken->n; i++) {
		const struct violation *v = &broken->items[i];

		if (v->severity != 'B' || strncmp(v->code, "Document", 8) != 0)
			continue;
		x->refused = true;
		return err_rule(e, ERR_RULES, v->code, v->pointer, "%s",
		    v->detail);
	}
	return 0;
}

int
imports_attempt_plan(struct imports_attempt *x, struct err *e)
{
	struct planning *p = &x->planning;
	struct import_doc *d = x->task->doc;
	json_t *body;

	if (plans_build(p, x->changes, e) < 0 || check_document(x, e) < 0 ||
	    planning_finish(p, e) < 0)
		return -1;
	snprintf(d->name, sizeof(d->name), "%.*s", (int)sizeof(d->name) - 1,
	    p->title);
	body = imports_body(p->first.imported->problems.records,
	    p->first.imported, p->first.hardware);
	json_put(json_object_get(body, "document"), "signature",
	    trust_json(p->first.signature));
	d->body = text_in(x->call->arena, body);
	json_decref(body);
	return 0;
}

/* A choice that no conflict took is a mistake, when it is made now. */
static int
check_choices(const struct imports_attempt *x, struct err *e)
{
	const struct xml_import_options *before = x->task->before;
	const struct xml_conflicts *list =
	    &x->planning.first.imported->conflicts;
	const struct xml_import_options *o = list->options;

	for (size_t i = 0; before != NULL && i < o->n_choices; i++) {
		bool old = false;

		for (size_t k = 0; k < before->n_choices; k++)
			old = old || strcmp(before->choices[k].conflict,
			    o->choices[i].conflict) == 0;
		if (!old && !list->used[i])
			return err_rule(e, ERR_RULES, "ChoiceUnknown",
			    "/choices", "%.40s has no conflict that takes "
			    "option %.40s%s", o->choices[i].conflict,
			    o->choices[i].option,
			    o->choices[i].value[0] == '\0' ?
			    " without a value" : "");
	}
	return 0;
}

/* ---- what came of it ---- */

static int
put_answer(struct imports_attempt *x, struct imports_planned *out,
    struct arena *room, struct err *e)
{
	struct import_doc *d = x->task->doc;
	json_t *plan, *body, *answer;

	if (commit_plan(&x->planning, x->changes, x->call->request->seed,
	    d->expires_ms, &out->plan, &plan, e) < 0)
		return -1;
	memcpy(d->plan, out->plan.id, sizeof(d->plan));
	if (json_read(d->body, strlen(d->body), SIZE_MAX, &body, e) < 0) {
		json_decref(plan);
		return -1;
	}
	answer = imports_answer(d, body, plan,
	    !request_dry_run(x->call->request));
	out->answer = text_in(room, answer);
	json_decref(answer);
	json_decref(body);
	return 0;
}

/* What the arena of the call has and the room has to have. */
static void
keep(struct imports_attempt *x, struct imports_planned *out,
    struct arena *room)
{
	const struct violations *broken = &x->planning.broken;

	out->doc = *x->task->doc;
	out->doc.options = arena_strdup(room, out->doc.options);
	out->doc.body = arena_strdup(room, out->doc.body);
	if (out->answer != NULL) {
		out->plan.changes = arena_strdup(room, out->plan.changes);
		out->plan.body = arena_strdup(room, out->plan.body);
	}
	out->before_text = x->task->before_text == NULL ? NULL :
	    arena_strdup(room, x->task->before_text);
	out->broken.arena = room;
	for (size_t i = 0; x->refused && i < broken->n; i++)
		rules_note(&out->broken, broken->items[i].code,
		    broken->items[i].severity, broken->items[i].pointer, "%s",
		    broken->items[i].detail);
}

const struct imports_planned *
imports_plan(struct call *c, const struct imports_task *task)
{
	struct arena *room = c->ahead != NULL ? c->ahead->room : c->arena;
	struct imports_planned *out = arena_alloc(room, sizeof(*out));
	struct imports_attempt x;

	imports_attempt_begin(&x, c, task);
	if (imports_attempt_plan(&x, &out->err) == 0 &&
	    check_choices(&x, &out->err) == 0)
		(void)put_answer(&x, out, room, &out->err);
	keep(&x, out, room);
	imports_attempt_end(&x);
	return out;
}

void
imports_ahead(struct call *c, const struct route *route, struct arena *room,
    struct request *r)
{
	struct imports_ahead ahead = { .room = room };
	struct err e;

	c->ahead = &ahead;
	/* What is wrong already is wrong for the writer too, who says so. */
	if (route->read(c, &e) == 0)
		r->planned = ahead.planned;
	c->ahead = NULL;
}

/* ---- writing ---- */

static void
answer_text(struct answer *a, int status, const char *text)
{
	size_t n = strlen(text);

	buf_free(&a->body);
	a->body = buf_new(n + 1);
	buf_put(&a->body, text, n);
	a->status = status;
	a->content_type = "application/json";
}

int
imports_plan_write(struct call *c, const struct imports_planned *p,
    const struct xml_records *records, int status, struct err *e)
{
	bool kept = !request_dry_run(c->request);

	if (c->ahead != NULL) {
		c->ahead->planned = p;
		return 0;
	}
	if (p->answer == NULL) {
		*e = p->err;
		if (p->broken.n > 0)
			answer_violations(c->answer, e, &p->broken, NULL);
		return -1;
	}
	if (kept && ((records != NULL && imports_add(c, &p->doc, records,
	    e) < 0) || plan_put(c->store, &p->plan, e) < 0 ||
	    (records == NULL && import_update(c->store, &p->doc, e) < 0)))
		return -1;
	answer_text(c->answer, kept ? status : 200, p->answer);
	if (kept && records != NULL)
		answer_header(c->answer, "Location", arena_printf(c->arena,
		    "/api/v1/imports/%s", p->doc.id));
	/* A dry run: the savepoint is undone, the answer stays. */
	return kept ? 0 : -1;
}
