/* imports.c -- see imports.h. */
#include "appliance/service/imports_plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "appliance/service/adopt.h"
#include "appliance/service/commit.h"
#include "appliance/service/read.h"
#include "appliance/service/render.h"
#include "appliance/service/request.h"
#include "appliance/service/service_int.h"
#include "profiles/xml_client.h"

#define XML_TYPE "application/xml"

enum { IMPORTS_PATCH = 1 << 20 };

/* ---- before the writer ---- */

int
imports_prepare(struct xml_worker *worker, struct request *r,
    struct arena *room, struct err *e)
{
	struct xml_records *records;

	if (r->content_type == NULL || strncasecmp(r->content_type, XML_TYPE,
	    strlen(XML_TYPE)) != 0)
		return 0;
	if (worker == NULL)
		return err_set(e, ERR_UNAVAILABLE,
		    "the program that reads XML did not start");
	if (xml_parse(worker, r->body, r->body_size, room, &records, e) < 0)
		return -1;
	r->document = records;
	return 0;
}

/* ---- POST /imports ---- */

int
imports_keep(struct call *c, const struct xml_records *records,
    struct xml_import_options *o, struct err *e)
{
	struct import_doc d;
	struct imports_task task = { .doc = &d, .records = records,
		.options = o };
	const struct imports_planned *p = c->request->planned;

	if (p == NULL) {
		imports_new(c, &d);
		p = imports_plan(c, &task);
	}
	return imports_plan_write(c, p, records, 201, e);
}

/* ?mode=, ?scope=, ?identities= and ?select= as members of the options. */
static int
read_query(struct call *c, struct xml_import_options *o, struct err *e)
{
	static const char *const names[] = { "mode", "scope", "identities" };
	const char *select = request_query(c->request, "select");
	json_t *j = json_object(), *list = json_array();
	size_t n;
	int rc;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (request_query(c->request, names[i]) != NULL)
			json_put(j, names[i], json_str(request_query(
			    c->request, names[i])));
	for (; select != NULL && *select != '\0'; select += n +
	    (select[n] == ',')) {
		n = strcspn(select, ",");
		json_put(list, NULL, json_str(arena_printf(c->arena, "%.*s",
		    (int)n, select)));
	}
	json_put(j, "select", list);
	rc = xml_options_from_json(c->arena, j, "", o, e);
	json_decref(j);
	return rc;
}

/* What the options must say together. */
static int
check_options(const struct xml_import_options *o, struct err *e)
{
	if (o->mode == XML_REPLACE && o->scope == 0)
		return err_rule(e, ERR_MALFORMED, NULL, "scope",
		    "mode=replace removes; say within which scope");
	if (o->mode == XML_CLONE && (o->scope & ~(unsigned)XML_SCOPE_PROFILES))
		return err_rule(e, ERR_MALFORMED, NULL, "scope",
		    "mode=clone makes profiles only");
	return 0;
}

static int
need_document(const struct call *c, struct err *e)
{
	if (c->request->document == NULL)
		return err_rule(e, ERR_MALFORMED, "DocumentEmpty", NULL,
		    "send a document as application/xml");
	return 0;
}

/* The document is what the switch shows. */
static int
adopt(struct call *c, struct xml_import_options *o, struct err *e)
{
	struct xml_records *r = arena_alloc(c->arena, sizeof(*r));
	size_t n;

	if (c->request->document != NULL)
		return err_rule(e, ERR_MALFORMED, NULL, "mode", "mode=adopt "
		    "takes no document; it describes what is bound");
	/* What is bound is looked at by the writer. */
	if (c->ahead != NULL)
		return 0;
	if (c->view->n_slots == 0)
		return err_set(e, ERR_UNAVAILABLE,
		    "the switch has not been seen yet");
	if (adopt_document(c, r, &n, e) < 0)
		return -1;
	if (n == 0)
		return err_rule(e, ERR_RULES, "NothingToAdopt", "", "nothing "
		    "is bound that nobody wants");
	return imports_keep(c, r, o, e);
}

int
imports_make(struct call *c, struct err *e)
{
	struct xml_import_options o = { .mode = XML_MERGE };

	if (read_query(c, &o, e) < 0 || check_options(&o, e) < 0)
		return -1;
	if (o.mode == XML_ADOPT)
		return adopt(c, &o, e);
	if (need_document(c, e) < 0)
		return -1;
	return imports_keep(c, c->request->document, &o, e);
}

/* ---- PUT /config ---- */

static int
match_generation(struct call *c, struct err *e)
{
	struct appliance self;
	char etag[32];

	if (store_appliance(c->store, &self, e) < 0)
		return -1;
	snprintf(etag, sizeof(etag), "\"%" PRId64 "\"", self.generation);
	if (c->request->if_match == NULL ||
	    request_etag_listed(c->request->if_match, etag, false))
		return 0;
	return err_set(e, ERR_STALE,
	    "the configuration has generation %s by now, not %.40s", etag,
	    c->request->if_match);
}

static int
apply_now(struct imports_attempt *x, struct err *e)
{
	struct call *c = x->call;
	struct commit commit = { .planning = &x->planning,
		.seed = c->request->seed, .changes = x->changes,
		.whole = true };

	if (imports_attempt_plan(x, e) < 0) {
		if (x->refused)
			answer_violations(c->answer, e, &x->planning.broken,
			    NULL);
		return -1;
	}
	if (imports_add(c, x->task->doc, x->task->records, e) < 0)
		return -1;
	return commit_run(&commit, e);
}

int
imports_config(struct call *c, struct err *e)
{
	struct xml_import_options o = { .mode = XML_REPLACE };
	const char *scope = request_query(c->request, "scope");
	struct import_doc d;
	struct imports_task task = { .doc = &d, .options = &o,
		.records = c->request->document };
	struct imports_attempt x;
	int rc;

	if (xml_scope_parse(c->arena, scope != NULL ? scope : "", &o, e) < 0 ||
	    match_generation(c, e) < 0 || need_document(c, e) < 0)
		return -1;
	if (request_dry_run(c->request))
		return imports_keep(c, task.records, &o, e);
	/* What is applied at once is planned by who applies it. */
	if (c->ahead != NULL)
		return 0;
	imports_new(c, &d);
	imports_attempt_begin(&x, c, &task);
	rc = apply_now(&x, e);
	imports_attempt_end(&x);
	return rc;
}

/* ---- PATCH /imports/{id} ---- */

static bool
same_choice(const struct xml_choice *a, const struct xml_choice *b)
{
	return strcmp(a->conflict, b->conflict) == 0;
}

/* What was chosen before stands beside what is chosen now; the later word about
 * one conflict holds.  An empty option takes a choice back. */
static void
merge_choices(struct arena *a, struct xml_import_options *o,
    const struct xml_import_options *now)
{
	struct xml_choice *list = arena_array(a, o->n_choices +
	    now->n_choices + 1, sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < o->n_choices; i++) {
		bool again = false;

		for (size_t k = 0; k < now->n_choices; k++)
			again = again || same_choice(&o->choices[i],
			    &now->choices[k]);
		if (!again)
			list[n++] = o->choices[i];
	}
	for (size_t k = 0; k < now->n_choices; k++)
		if (now->choices[k].option[0] != '\0')
			list[n++] = now->choices[k];
	o->choices = list;
	o->n_choices = n;
}

static int
load_options(struct call *c, const struct import_doc *d,
    struct xml_import_options *o, struct err *e)
{
	json_t *j;
	int rc;

	if (json_read(d->options, strlen(d->options), SIZE_MAX, &j, e) < 0)
		return -1;
	rc = xml_options_from_json(c->arena, j, "", o, e);
	json_decref(j);
	return rc;
}

static int
patch_options(struct call *c, struct xml_import_options *o, struct err *e)
{
	struct xml_import_options before = *o;
	json_t *body;
	int rc;

	if (json_read(c->request->body, c->request->body_size, IMPORTS_PATCH,
	    &body, e) < 0)
		return -1;
	rc = xml_options_from_json(c->arena, body, "", o, e);
	if (rc == 0 && json_object_get(body, "choices") != NULL) {
		struct xml_import_options now = *o;

		o->choices = before.choices;
		o->n_choices = before.n_choices;
		merge_choices(c->arena, o, &now);
	}
	json_decref(body);
	return rc < 0 ? -1 : check_options(o, e);
}

/* Planned from the options that the row still has. */
static bool
holds(const struct imports_planned *p, const struct import_doc *d)
{
	return p != NULL && p->before_text != NULL &&
	    strcmp(p->before_text, d->options) == 0;
}

int
imports_patch(struct call *c, struct err *e)
{
	struct xml_import_options o = { .mode = XML_MERGE }, before;
	const struct imports_planned *p = c->request->planned;
	struct imports_task task = { .options = &o, .before = &before };

	if (import_load(c->store, c->arena, request_param(c->request, "id"),
	    c->request->wall_ms, &task.doc, e) < 0 ||
	    load_options(c, task.doc, &o, e) < 0)
		return -1;
	before = o;
	task.before_text = task.doc->options;
	if (patch_options(c, &o, e) < 0)
		return -1;
	if (!holds(p, task.doc))
		p = imports_plan(c, &task);
	return imports_plan_write(c, p, NULL, 200, e);
}

/* ---- looking, removing ---- */

/* The plan as it was made; NULL when it is gone. */
static int
load_plan(struct call *c, const struct import_doc *d, json_t **out,
    struct err *e)
{
	struct stored_plan *plan;

	*out = NULL;
	if (plan_load(c->store, c->arena, d->plan, &plan, e) < 0)
		return e->code == ERR_NOT_FOUND ? 0 : -1;
	return json_read(plan->body, strlen(plan->body), SIZE_MAX, out, e);
}

int
imports_read(struct call *c, struct err *e)
{
	struct import_doc *d;
	json_t *plan, *body;

	if (import_load(c->store, c->arena, request_param(c->request, "id"),
	    c->request->wall_ms, &d, e) < 0 || load_plan(c, d, &plan, e) < 0)
		return -1;
	if (json_read(d->body, strlen(d->body), SIZE_MAX, &body, e) < 0) {
		json_decref(plan);
		return -1;
	}
	answer_json(c->answer, 200, imports_answer(d, body, plan, true));
	json_decref(body);
	return 0;
}

/* Without what one has to look at singly. */
static int
item_json(const struct import_doc *d, json_t **out, struct err *e)
{
	json_t *body;

	if (json_read(d->body, strlen(d->body), SIZE_MAX, &body, e) < 0)
		return -1;
	*out = imports_answer(d, body, NULL, true);
	json_decref(body);
	json_put(*out, "plan", d->plan[0] == '\0' ? json_null() :
	    json_str(d->plan));
	json_object_del(*out, "conflicts");
	json_object_del(*out, "hardware");
	return 0;
}

int
imports_list(struct call *c, struct err *e)
{
	struct import_doc *list;
	json_t *items, *one;
	size_t n;

	if (import_list(c->store, c->arena, c->request->wall_ms, &list, &n,
	    e) < 0)
		return -1;
	items = json_array();
	for (size_t i = 0; i < n; i++) {
		if (item_json(&list[i], &one, e) < 0) {
			json_decref(items);
			return -1;
		}
		json_put(items, NULL, one);
	}
	answer_json(c->answer, 200, render_list(items, NULL));
	return 0;
}

int
imports_remove(struct call *c, struct err *e)
{
	struct import_doc *d;

	if (import_load(c->store, c->arena, request_param(c->request, "id"),
	    c->request->wall_ms, &d, e) < 0 ||
	    import_drop(c->store, d->id, e) < 0)
		return -1;
	answer_json(c->answer, 200, json_object());
	return 0;
}

/* ---- out ---- */

/* True when the list names XML and JSON does not stand before it. */
bool
imports_wants_xml(const struct request *r)
{
	const char *xml, *json;

	if (r->accept == NULL)
		return false;
	xml = strcasestr(r->accept, XML_TYPE);
	json = strcasestr(r->accept, "application/json");
	return xml != NULL && (json == NULL || xml < json);
}
