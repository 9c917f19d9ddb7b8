/* imports.c -- see imports.h. */
#include "appliance/service/imports.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "appliance/service/adopt.h"
#include "appliance/service/commit.h"
#include "appliance/service/memory.h"
#include "appliance/service/plans.h"
#include "appliance/service/read.h"
#include "appliance/service/render.h"
#include "appliance/service/request.h"
#include "appliance/service/sealed.h"
#include "appliance/service/service_int.h"
#include "appliance/service/takeover.h"
#include "appliance/service/trust.h"
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

/* ---- planning ---- */

/* One planning of an import. */
struct attempt {
	struct call *call;
	struct import_doc *doc;
	const struct xml_records *records;	/* NULL: not read again */
	json_t *options, *changes;
	struct planning planning;
};

/* The document's own errors: 422 with everything that was found. */
static int
check_document(struct planning *p, struct err *e)
{
	for (size_t i = 0; i < p->broken.n; i++) {
		const struct violation *v = &p->broken.items[i];

		if (v->severity != 'B' || strncmp(v->code, "Document", 8) != 0)
			continue;
		(void)err_rule(e, ERR_RULES, v->code, v->pointer, "%s",
		    v->detail);
		answer_violations(p->call->answer, e, &p->broken, NULL);
		return -1;
	}
	return 0;
}

static const char *
text_in(struct arena *a, const json_t *value)
{
	char *text = json_text(value), *copy = arena_strdup(a, text);

	free(text);
	return copy;
}

static void
attempt_begin(struct attempt *x, struct call *c, struct import_doc *d,
    const struct xml_import_options *o)
{
	*x = (struct attempt){ .call = c, .doc = d };
	x->options = xml_options_to_json(o);
	d->options = text_in(c->arena, x->options);
	x->changes = json_pack("[{s:s,s:o,s:O}]", "method", "POST", "path",
	    json_str(arena_printf(c->arena, "/imports/%s:run", d->id)), "body",
	    x->options);
	planning_begin(&x->planning, c, c->request->seed);
}

static void
attempt_end(struct attempt *x)
{
	planning_free(&x->planning);
	json_decref(x->changes);
	json_decref(x->options);
}

/* Plans, and puts what came of it into the row. */
static int
attempt_plan(struct attempt *x, struct err *e)
{
	struct planning *p = &x->planning;
	json_t *body;

	if (plans_build(p, x->changes, e) < 0 || check_document(p, e) < 0 ||
	    planning_finish(p, e) < 0)
		return -1;
	snprintf(x->doc->name, sizeof(x->doc->name), "%.*s",
	    (int)sizeof(x->doc->name) - 1, p->title);
	body = imports_body(p->first.imported->problems.records,
	    p->first.imported, p->first.hardware);
	json_put(json_object_get(body, "document"), "signature",
	    trust_json(p->first.signature));
	x->doc->body = text_in(x->call->arena, body);
	json_decref(body);
	return 0;
}

/* The plan as a row beside the import's, and the answer. */
static int
attempt_answer(struct attempt *x, int status, struct err *e)
{
	bool kept = !request_dry_run(x->call->request);
	struct stored_plan plan;
	json_t *plan_body, *body;

	if (commit_plan(&x->planning, x->changes, x->call->request->seed,
	    x->doc->expires_ms, &plan, &plan_body, e) < 0)
		return -1;
	memcpy(x->doc->plan, plan.id, sizeof(x->doc->plan));
	if (plan_put(x->call->store, &plan, e) < 0 ||
	    import_update(x->call->store, x->doc, e) < 0 ||
	    json_read(x->doc->body, strlen(x->doc->body), SIZE_MAX, &body,
	    e) < 0) {
		json_decref(plan_body);
		return -1;
	}
	answer_json(x->call->answer, kept ? status : 200,
	    imports_answer(x->doc, body, plan_body, kept));
	json_decref(body);
	/* A dry run: the savepoint is undone, the answer stays. */
	return kept ? 0 : -1;
}

/* ---- POST /imports ---- */

static int
make_row(struct call *c, const struct xml_records *records,
    struct import_doc *d, struct err *e)
{
	/* Another stream than the change set's: ids there must not move. */
	struct rng rng = rng_seed(c->request->seed ^ UINT64_C(0x696d706f7274));
	int64_t now = c->request->wall_ms;

	*d = (struct import_doc){ .created_ms = now, .options = "{}",
		.body = "{}" };
	d->expires_ms = now + IMPORT_DAYS * INT64_C(86400000);
	rng_uuid(&rng, d->id);
	snprintf(d->actor, sizeof(d->actor), "%s", c->request->actor);
	if (import_add(c->store, d, records, now, e) < 0)
		return -1;
	if (c->request->opened != NULL)
		sealed_put(c->service->sealed, d->id, c->request->opened);
	return takeover_look(c, records, e);
}

int
imports_keep(struct call *c, const struct xml_records *records,
    const struct xml_import_options *o, struct err *e)
{
	struct import_doc d;
	struct attempt x;
	int rc;

	if (make_row(c, records, &d, e) < 0)
		return -1;
	attempt_begin(&x, c, &d, o);
	rc = attempt_plan(&x, e);
	if (rc == 0)
		rc = attempt_answer(&x, 201, e);
	if (rc == 0)
		answer_header(c->answer, "Location", arena_printf(c->arena,
		    "/api/v1/imports/%s", d.id));
	attempt_end(&x);
	return rc;
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
adopt(struct call *c, const struct xml_import_options *o, struct err *e)
{
	struct xml_records *r = arena_alloc(c->arena, sizeof(*r));
	size_t n;

	if (c->request->document != NULL)
		return err_rule(e, ERR_MALFORMED, NULL, "mode", "mode=adopt "
		    "takes no document; it describes what is bound");
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
apply_now(struct attempt *x, struct err *e)
{
	struct commit commit = { .planning = &x->planning,
		.seed = x->call->request->seed, .changes = x->changes,
		.whole = true };

	if (attempt_plan(x, e) < 0)
		return -1;
	if (request_dry_run(x->call->request))
		return attempt_answer(x, 200, e);
	if (import_update(x->call->store, x->doc, e) < 0)
		return -1;
	return commit_run(&commit, e);
}

int
imports_config(struct call *c, struct err *e)
{
	struct xml_import_options o = { .mode = XML_REPLACE };
	const char *scope = request_query(c->request, "scope");
	struct import_doc d;
	struct attempt x;
	int rc;

	if (xml_scope_parse(c->arena, scope != NULL ? scope : "", &o, e) < 0 ||
	    match_generation(c, e) < 0 || need_document(c, e) < 0 ||
	    make_row(c, c->request->document, &d, e) < 0)
		return -1;
	attempt_begin(&x, c, &d, &o);
	rc = apply_now(&x, e);
	attempt_end(&x);
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

/* A choice that no conflict took is a mistake, when it is made now. */
static int
check_choices(struct attempt *x, const struct xml_import_options *before,
    struct err *e)
{
	const struct xml_conflicts *list =
	    &x->planning.first.imported->conflicts;
	const struct xml_import_options *o = list->options;

	for (size_t i = 0; i < o->n_choices; i++) {
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

int
imports_patch(struct call *c, struct err *e)
{
	struct xml_import_options o = { .mode = XML_MERGE }, before;
	struct import_doc *d;
	struct attempt x;
	int rc;

	if (import_load(c->store, c->arena, request_param(c->request, "id"),
	    c->request->wall_ms, &d, e) < 0 || load_options(c, d, &o, e) < 0)
		return -1;
	before = o;
	if (patch_options(c, &o, e) < 0)
		return -1;
	attempt_begin(&x, c, d, &o);
	rc = attempt_plan(&x, e);
	if (rc == 0)
		rc = check_choices(&x, &before, e);
	if (rc == 0)
		rc = attempt_answer(&x, 200, e);
	attempt_end(&x);
	return rc;
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
