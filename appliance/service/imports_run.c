/* imports_run.c -- the change that an import is; see imports.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "appliance/service/adopt.h"
#include "appliance/service/imports_plan.h"
#include "appliance/service/sealed.h"
#include "appliance/service/service_int.h"
#include "appliance/service/system.h"
#include "appliance/service/takeover.h"
#include "appliance/service/trust.h"
#include "appliance/service/imports_hardware.h"
#include "profiles/xml_remap.h"

/* ---- what was found, as violations of the plan ---- */

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

static void
note_conflicts(struct edit *x, const struct xml_conflicts *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct xml_conflict *c = &list->items[i];

		if (c->severity == 0)
			continue;
		rules_note(x->broken, c->row->key, c->severity, c->path,
		    "%s %s: %s (%s)", c->type, c->name, c->detail,
		    c->option->word);
	}
	if (list->more > 0)
		rules_note(x->broken, "DocumentLimit", 'B', "",
		    "and %zu more conflicts", list->more);
}

/* ---- who made it, whose addresses it has ---- */

static int
note_origin(struct edit *x, const struct xml_records *r,
    const struct xml_import_options *o, const struct xml_imported *in,
    struct err *e)
{
	struct trust_verdict *v = arena_alloc(x->call->arena, sizeof(*v));

	if (trust_document(x->call->store, r, x->call->request->wall_ms, v,
	    e) < 0 || trust_note(x->call->store, v, x->broken, e) < 0)
		return -1;
	x->signature = v;
	if (xml_problem_count(&in->problems, 'B') > 0)
		return 0;
	return takeover_import(x, r, o, in, e);
}

/* What is sealed is left out when nobody opened it, and never silently. */
static int
open_system(struct edit *x, const char *import, const struct xml_records *r,
    struct xml_imported *in, struct err *e)
{
	const char *opened = sealed_get(x->call->service->sealed,
	    x->call->arena, import);

	if (xml_problem_count(&in->problems, 'B') > 0 ||
	    xml_first(r, 0, "encryptedSystem") == 0)
		return 0;
	if (opened != NULL)
		return system_import(x, opened, &in->conflicts, e);
	rules_note(x->broken, "SealedLeftOut", 0, "",
	    "settings, users and trust keys are sealed, and nobody opened "
	    "them");
	return 0;
}

/* ---- the edit ---- */

static void
tell(struct edit *x, enum xml_mode mode, const struct xml_imported *in)
{
	const char *verb = mode == XML_CLONE ? "Clone" :
	    mode == XML_ADOPT ? "Adopt" :
	    mode == XML_REPLACE ? "Restore" : "Import";

	x->type = OBJ_PROFILE;
	x->kind = "import";
	if (in->n_profiles == 1 && in->first != NULL)
		snprintf(x->title, sizeof(x->title), "%s profile %s", verb,
		    in->first->head.name);
	else if (in->n_profiles > 0)
		snprintf(x->title, sizeof(x->title), "%s %zu profiles", verb,
		    in->n_profiles);
	else
		snprintf(x->title, sizeof(x->title), "%s a configuration",
		    verb);
}

/* Written by this very appliance. */
static int
is_own(struct call *c, const struct xml_records *r, bool *own, struct err *e)
{
	uint32_t origin = xml_first(r, 0, "origin");
	const char *uuid = origin == 0 ? NULL : xml_value(r, origin,
	    "applianceUuid");
	struct appliance self;

	if (store_appliance(c->store, &self, e) < 0)
		return -1;
	*own = uuid != NULL && strcasecmp(uuid, self.id) == 0;
	return 0;
}

/* What is planned just now need not have a row yet; what is applied has. */
static int
find(struct edit *x, const char *id, struct xml_records *r, struct err *e)
{
	const struct imports_task *task = x->call->import;
	struct call *c = x->call;
	struct import_doc *d;

	if (task != NULL && task->records != NULL &&
	    strcmp(task->doc->id, id) == 0) {
		*r = *task->records;
		return 0;
	}
	if (import_load(c->store, c->arena, id, c->request->wall_ms, &d,
	    e) < 0)
		return -1;
	return import_records(c->store, c->arena, d->id, r, e);
}

int
imports_run(struct edit *x, struct err *e)
{
	struct call *c = x->call;
	struct xml_import_options *o = arena_alloc(c->arena, sizeof(*o));
	struct xml_records *r = arena_alloc(c->arena, sizeof(*r));
	struct xml_imported *in = arena_alloc(c->arena, sizeof(*in));
	struct imports_match *match = arena_alloc(c->arena, sizeof(*match));
	struct imports_hardware h = { .edit = x, .document = r, .options = o,
		.match = match, .in = in };
	const char *id = request_param(x->request, "id");
	size_t before = x->set->n;
	bool own;

	if (xml_options_from_json(c->arena, x->body, x->at, o, e) < 0 ||
	    find(x, id, r, e) < 0)
		return -1;
	if (is_own(c, r, &own, e) < 0)
		return -1;
	imports_match(c->arena, c->view, r, own, o, match);
	h.records = xml_remap(c->arena, r, o, &h.was);
	if (xml_import(x->set, h.records, o, in, e) < 0 ||
	    (xml_problem_count(&in->problems, 'B') == 0 &&
	    (takeover_behind(x, r, o, in, e) < 0 ||
	    imports_hardware(&h, e) < 0)))
		return -1;
	x->hardware = match;
	if (o->mode == XML_ADOPT && adopt_note(x, e) < 0)
		return -1;
	if (open_system(x, id, r, in, e) < 0)
		return -1;
	note_problems(x, &in->problems);
	note_conflicts(x, &in->conflicts);
	if (note_origin(x, r, o, in, e) < 0)
		return -1;
	tell(x, o->mode, in);
	x->imported = in;
	/* What cannot be read is not looked at further. */
	if (xml_problem_count(&in->problems, 'B') > 0)
		x->set->n = before;
	else if (in->first != NULL)
		memcpy(x->id, in->first->head.id, sizeof(x->id));
	return 0;
}
