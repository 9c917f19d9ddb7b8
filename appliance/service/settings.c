/* settings.c -- see settings.h. */
#include "appliance/service/settings.h"

#include <inttypes.h>
#include <stdio.h>

#include "appliance/service/backups.h"
#include "appliance/service/render.h"
#include "appliance/service/request.h"
#include "profiles/journal.h"
#include "profiles/setting.h"
#include "profiles/takeover.h"

enum { SETTINGS_BODY = 16 << 10 };

static void
answer_settings(struct call *c, const struct settings *s)
{
	render_etag(c->answer, s->revision);
	answer_json(c->answer, 200, field_to_json(&field_settings, NULL, s));
}

int
settings_read(struct call *c, struct err *e)
{
	struct settings s;

	if (settings_load(c->store, &s, e) < 0)
		return -1;
	answer_settings(c, &s);
	return 0;
}

int
settings_event(struct call *c, const char *type, const char *id,
    const char *name, struct err *e)
{
	const struct request *r = c->request;
	struct event event = { .at_ms = r->wall_ms };
	struct appliance self;

	if (store_appliance(c->store, &self, e) < 0)
		return -1;
	event.generation = self.generation;
	snprintf(event.actor, sizeof(event.actor), "%s", r->actor);
	snprintf(event.source, sizeof(event.source), "%s",
	    r->source != NULL ? r->source : "");
	snprintf(event.action, sizeof(event.action), "%s %s", r->method,
	    r->path);
	snprintf(event.type, sizeof(event.type), "%s", type);
	snprintf(event.id, sizeof(event.id), "%s", id);
	snprintf(event.name, sizeof(event.name), "%s", name);
	return event_add(c->store, &event, e);
}

/* From then on the start of the switch counts that is seen now. */
static int
let_through(struct call *c, struct err *e)
{
	return gate_put(c->store, c->view->sw.boots, e);
}

int
settings_apply(struct call *c, const struct settings *before,
    struct settings *s, struct err *e)
{
	if (s->start == START_ASK && before->start != START_ASK &&
	    let_through(c, e) < 0)
		return -1;
	return settings_store(c->store, s, e);
}

static int
take_nothing(const struct request *r, struct err *e)
{
	static const char *const none[] = { NULL };
	json_t *body;
	int rc;

	if (r->body_size == 0)
		return 0;
	if (json_read(r->body, r->body_size, SETTINGS_BODY, &body, e) < 0)
		return -1;
	rc = json_only(body, "", none, e);
	json_decref(body);
	return rc;
}

int
settings_resume(struct call *c, struct err *e)
{
	json_t *o;

	if (take_nothing(c->request, e) < 0)
		return -1;
	if (c->view->state != VIEW_OK)
		return err_set(e, ERR_UNAVAILABLE,
		    "the switch is not seen now");
	if (request_nothing(c->request, e) < 0 || let_through(c, e) < 0 ||
	    settings_event(c, "appliance", "", "switch", e) < 0)
		return -1;
	o = json_object();
	json_put(o, "boots", json_int(c->view->sw.boots));
	answer_json(c->answer, 200, o);
	return 0;
}

static int
match(const struct request *r, int64_t revision, struct err *e)
{
	char etag[32];

	snprintf(etag, sizeof(etag), "\"%" PRId64 "\"", revision);
	if (r->if_match == NULL ||
	    request_etag_listed(r->if_match, etag, false))
		return 0;
	return err_set(e, ERR_STALE, "it has revision %s by now, not %.40s",
	    etag, r->if_match);
}

static int
change(struct call *c, struct settings *s, struct err *e)
{
	struct settings before = *s;
	json_t *body;
	int rc;

	if (json_read(c->request->body, c->request->body_size, SETTINGS_BODY,
	    &body, e) < 0)
		return -1;
	rc = settings_merge(c->arena, body, s, e);
	json_decref(body);
	if (rc == 0)
		rc = backups_check(s, e);
	if (rc < 0 || field_equal(&field_settings, &before, s))
		return rc;
	if (settings_apply(c, &before, s, e) < 0)
		return -1;
	return settings_event(c, "settings", "", "settings", e);
}

int
settings_patch(struct call *c, struct err *e)
{
	struct settings s;

	if (settings_load(c->store, &s, e) < 0 ||
	    match(c->request, s.revision, e) < 0 || change(c, &s, e) < 0)
		return -1;
	answer_settings(c, &s);
	return 0;
}
