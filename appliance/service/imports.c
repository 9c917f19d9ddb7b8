/* imports.c -- see imports.h. */
#include "appliance/service/imports.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "appliance/service/commit.h"
#include "appliance/service/memory.h"
#include "appliance/service/plans.h"
#include "appliance/service/read.h"
#include "appliance/service/render.h"
#include "appliance/service/request.h"
#include "appliance/service/service_int.h"
#include "profiles/xml_client.h"
#include "profiles/xml_import.h"
#include "profiles/xml_json.h"
#include "profiles/xml_write.h"

#define XML_TYPE "application/xml"

/* ---- before the writer ---- */

int
imports_prepare(struct xml_worker *worker, struct request *r,
    struct arena *room, struct err *e)
{
	struct xml_records *records;
	json_t *json;
	char *text;

	if (r->content_type == NULL || strncasecmp(r->content_type, XML_TYPE,
	    strlen(XML_TYPE)) != 0)
		return 0;
	if (worker == NULL)
		return err_set(e, ERR_UNAVAILABLE,
		    "the program that reads XML did not start");
	if (xml_parse(worker, r->body, r->body_size, room, &records, e) < 0)
		return -1;
	json = xml_to_json(records);
	text = json_text(json);
	json_decref(json);
	r->body = arena_strdup(room, text);
	r->body_size = strlen(text);
	r->content_type = "application/json";
	free(text);
	/* A little room for what stands around it in the plan. */
	if (r->body_size > IMPORTS_BODY - 1024)
		return err_rule(e, ERR_TOO_LARGE, "DocumentLimit", NULL,
		    "the document is too large for an import");
	return 0;
}

/* ---- the change ---- */

static void
note_problems(struct edit *x, const struct xml_problems *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct xml_problem *p = &list->items[i];

		if (p->line != 0)
			rules_note(x->broken, p->code, p->severity, p->path,
			    "line %" PRIu32 ": %s", p->line, p->detail);
		else
			rules_note(x->broken, p->code, p->severity, p->path,
			    "%s", p->detail);
	}
	if (list->more > 0)
		rules_note(x->broken, "DocumentLimit", 'B', "",
		    "and %zu more errors", list->more);
}

int
imports_merge(struct edit *x, struct err *e)
{
	struct xml_records records;
	struct xml_import_options options = { .mode = XML_MERGE };
	struct xml_imported in;
	size_t before = x->set->n;

	if (xml_from_json(x->call->arena, x->body, &records, e) < 0 ||
	    xml_import(x->set, &records, &options, &in, e) < 0)
		return -1;
	note_problems(x, &in.problems);
	x->type = OBJ_PROFILE;
	x->kind = "import";
	if (in.n_profiles == 1 && in.first != NULL)
		snprintf(x->title, sizeof(x->title), "Import profile %s",
		    in.first->head.name);
	else
		snprintf(x->title, sizeof(x->title), "Import %zu profiles",
		    in.n_profiles);
	/* Half an import is none: what it touched is not looked at further. */
	if (!xml_import_ok(&in))
		x->set->n = before;
	else if (in.first != NULL)
		memcpy(x->id, in.first->head.id, sizeof(x->id));
	return 0;
}

/* ---- POST /imports ---- */

static int
check_mode(const struct request *r, struct err *e)
{
	const char *mode = request_query(r, "mode");

	if (mode == NULL || strcmp(mode, "merge") == 0)
		return 0;
	if (strcmp(mode, "replace") != 0 && strcmp(mode, "clone") != 0 &&
	    strcmp(mode, "adopt") != 0)
		return err_rule(e, ERR_MALFORMED, NULL, "mode",
		    "mode is merge, not %.32s", mode);
	return err_rule(e, ERR_UNSUPPORTED, NULL, "mode",
	    "this release imports with mode=merge only");
}

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

static int
keep_plan(struct planning *p, const json_t *changes, struct err *e)
{
	struct call *c = p->call;
	json_t *body, *answer;
	struct stored_plan plan;
	char where[80];

	if (commit_plan(p, changes, c->request->seed, c->request->wall_ms +
	    MEMORY_MS, &plan, &body, e) < 0)
		return -1;
	if (plan_put(c->store, &plan, e) < 0) {
		json_decref(body);
		return -1;
	}
	answer = json_object();
	json_put(answer, "id", json_str(plan.id));
	json_put(answer, "mode", json_str("merge"));
	json_put(answer, "conflicts", rules_to_json(&p->broken, 'B'));
	json_put(answer, "plan", body);
	snprintf(where, sizeof(where), "/api/v1/plans/%s", plan.id);
	answer_header(c->answer, "Location", where);
	answer_json(c->answer, 201, answer);
	return 0;
}

static int
make(struct planning *p, const json_t *changes, struct err *e)
{
	struct commit commit = { .planning = p, .dry_run = true,
		.seed = p->call->request->seed, .changes = changes };

	if (plans_build(p, changes, e) < 0 || check_document(p, e) < 0 ||
	    planning_finish(p, e) < 0)
		return -1;
	if (request_dry_run(p->call->request))
		return commit_run(&commit, e);
	return keep_plan(p, changes, e);
}

int
imports_make(struct call *c, struct err *e)
{
	const struct request *r = c->request;
	json_t *body, *changes;
	struct planning p;
	int rc;

	if (check_mode(r, e) < 0 || json_read(r->body, r->body_size,
	    IMPORTS_BODY, &body, e) < 0)
		return -1;
	changes = json_pack("[{s:s,s:s,s:o}]", "method", "POST", "path",
	    "/imports:merge", "body", body);
	planning_begin(&p, c, r->seed);
	rc = make(&p, changes, e);
	planning_free(&p);
	json_decref(changes);
	return rc;
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

int
imports_profile(struct call *c, const struct profile *p, struct err *e)
{
	struct appliance self;
	struct xml_origin origin = { .appliance = &self,
		.software = c->service->config.version };
	struct buf out = buf_new(XML_MAX_BYTES);

	if (store_appliance(c->store, &self, e) < 0)
		return -1;
	origin.at_ms = self.changed_ms;
	origin.model = read_model_name(c);
	if (xml_profile_write(c->store, c->arena, p, &origin, &out, e) < 0) {
		buf_free(&out);
		return -1;
	}
	render_etag(c->answer, p->head.revision);
	answer_header(c->answer, "Vary", "Accept");
	buf_free(&c->answer->body);
	c->answer->body = out;
	c->answer->status = 200;
	c->answer->content_type = XML_TYPE;
	return 0;
}
