/* snapshots.c -- see snapshots.h. */
#include "appliance/service/snapshots.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/service/config.h"
#include "appliance/service/imports.h"
#include "appliance/service/render.h"
#include "appliance/service/request.h"
#include "appliance/service/service_int.h"
#include "appliance/service/settings.h"
#include "profiles/xml_client.h"
#include "profiles/xml_diff.h"

enum { SNAPSHOTS_BODY = 4096 };

/* ---- the document ---- */

/* The seal stands at the end, and what people write is escaped. */
static int
read_digest(const char *xml, char digest[DIGEST_TEXT], struct err *e)
{
	static const char tag[] = "<contentDigest>";
	const char *at = NULL;

	for (const char *next = strstr(xml, tag); next != NULL;
	    next = strstr(at, tag))
		at = next + strlen(tag);
	if (at == NULL || strspn(at, "0123456789abcdef") < DIGEST_TEXT - 1)
		return err_set(e, ERR_INTERNAL, "a document without its seal");
	(void)snprintf(digest, DIGEST_TEXT, "%s", at);
	return 0;
}

int
snapshots_draft(struct call *c, struct arena *room,
    struct snapshot_draft **out, struct err *e)
{
	struct snapshot_draft *d = arena_alloc(room, sizeof(*d));
	struct buf b = buf_new(XML_MAX_BYTES);
	struct appliance self;
	int rc = -1;

	if (store_appliance(c->store, &self, e) == 0 &&
	    config_render(c, XML_KIND_LOGICAL, &b, e) == 0 &&
	    read_digest(b.data, d->digest, e) == 0) {
		d->generation = self.generation;
		d->xml = arena_strdup(room, b.data);
		*out = d;
		rc = 0;
	}
	buf_free(&b);
	return rc;
}

/* ---- taking one ---- */

/* The draft that was brought, if it still holds; else one is made, or wished. */
static int
draft_of(struct call *c, int64_t generation, const struct snapshot_draft **out,
    struct err *e)
{
	const struct request *r = c->request;
	struct snapshot_draft *mine;

	*out = r->draft;
	if (*out != NULL && (*out)->generation == generation)
		return 0;
	if (r->drafts) {
		c->answer->wants_draft = true;
		return err_set(e, ERR_BUSY, "the snapshot before it is not "
		    "made yet; try again");
	}
	if (snapshots_draft(c, c->arena, &mine, e) < 0)
		return -1;
	*out = mine;
	return 0;
}

static int
add(struct call *c, const char *reason, const struct snapshot_draft *d,
    struct snapshot *out, struct err *e)
{
	*out = (struct snapshot){ .at_ms = c->request->wall_ms,
		.generation = d->generation };
	memcpy(out->digest, d->digest, sizeof(out->digest));
	(void)snprintf(out->reason, sizeof(out->reason), "%s", reason);
	(void)snprintf(out->actor, sizeof(out->actor), "%s",
	    c->request->actor);
	return snapshot_add(c->store, out, d->xml, e);
}

int
snapshots_take(struct call *c, const char *reason, struct snapshot *out,
    bool *made, struct err *e)
{
	const struct snapshot_draft *d;
	struct appliance self;

	*made = false;
	if (store_appliance(c->store, &self, e) < 0 ||
	    snapshot_newest(c->store, out, e) < 0)
		return -1;
	if (out->id != 0 && out->generation == self.generation)
		return 0;
	if (draft_of(c, self.generation, &d, e) < 0)
		return -1;
	if (out->id != 0 && strcmp(out->digest, d->digest) == 0)
		return 0;
	*made = true;
	return add(c, reason, d, out, e);
}

/* Of one profile the job holds the inverse; that is enough. */
static const char *
reason_for(const struct planning *p)
{
	uint32_t *slots;
	size_t n;

	if (strcmp(p->kind, "import") == 0)
		return "import";
	planning_touched(p, &slots, &n);
	if (n < 2 || (p->set->n == 1 && p->set->items[0].type == OBJ_PROFILE))
		return NULL;
	return "plan";
}

int
snapshots_before(struct planning *p, struct err *e)
{
	const char *reason = reason_for(p);
	struct snapshot s;
	bool made;

	return reason == NULL ? 0 :
	    snapshots_take(p->call, reason, &s, &made, e);
}

/* ---- as the API shows them ---- */

static json_t *
to_json(const struct snapshot *s)
{
	json_t *o = json_object();
	char id[24];

	(void)snprintf(id, sizeof(id), "%" PRId64, s->id);
	json_put(o, "id", json_str(id));
	json_put(o, "at", json_time(s->at_ms));
	json_put(o, "generation", json_int(s->generation));
	json_put(o, "contentDigest", json_str(s->digest));
	json_put(o, "reason", json_str(s->reason));
	json_put(o, "actor", json_str(s->actor));
	json_put(o, "pinned", json_boolean(s->pinned));
	json_put(o, "bytes", json_int(s->bytes));
	return o;
}

static int
read_id(const char *text, int64_t *id, struct err *e)
{
	if (!request_number(text, INT64_MAX / 16, id))
		return err_set(e, ERR_NOT_FOUND, "there is no snapshot %.40s",
		    text);
	return 0;
}

static int
load(struct call *c, struct snapshot *s, struct err *e)
{
	int64_t id;

	return read_id(request_param(c->request, "id"), &id, e) < 0 ? -1 :
	    snapshot_load(c->store, id, s, e);
}

int
snapshots_list(struct call *c, struct err *e)
{
	struct snapshot *list;
	int64_t before = 0;
	size_t limit, n;
	json_t *items;
	char next[24];

	if (request_limit(c->request, &limit, e) < 0 || request_int(c->request,
	    "after", 1, INT64_MAX / 16, &before, e) < 0 ||
	    snapshot_list(c->store, c->arena, before, limit + 1, &list, &n,
	    e) < 0)
		return -1;
	items = json_array();
	for (size_t i = 0; i < n && i < limit; i++)
		json_put(items, NULL, to_json(&list[i]));
	(void)snprintf(next, sizeof(next), "%" PRId64, n > limit ?
	    list[limit - 1].id : 0);
	answer_json(c->answer, 200, render_list(items, n > limit ? next :
	    NULL));
	return 0;
}

int
snapshots_read(struct call *c, struct err *e)
{
	struct snapshot s;
	const char *xml;

	if (load(c, &s, e) < 0)
		return -1;
	answer_header(c->answer, "Vary", "Accept");
	if (!imports_wants_xml(c->request)) {
		answer_json(c->answer, 200, to_json(&s));
		return 0;
	}
	if (snapshot_text(c->store, c->arena, s.id, &xml, e) < 0)
		return -1;
	buf_free(&c->answer->body);
	c->answer->body = buf_new(strlen(xml) + 1);
	buf_str(&c->answer->body, xml);
	c->answer->status = 200;
	c->answer->content_type = "application/xml";
	return 0;
}

/* ---- what differs ---- */

static int
parse(struct call *c, const char *xml, struct xml_records **out,
    struct err *e)
{
	if (c->service->config.xml == NULL)
		return err_set(e, ERR_UNAVAILABLE,
		    "the program that reads XML did not start");
	return xml_parse(c->service->config.xml, xml, strlen(xml), c->arena,
	    out, e);
}

/* "now", or another snapshot. */
static int
load_other(struct call *c, struct snapshot *s, const char **xml,
    struct err *e)
{
	const char *against = request_query(c->request, "against");
	struct snapshot_draft *now;
	int64_t id;

	s->id = 0;
	if (against != NULL && strcmp(against, "now") != 0)
		return read_id(against, &id, e) < 0 ||
		    snapshot_load(c->store, id, s, e) < 0 ? -1 :
		    snapshot_text(c->store, c->arena, id, xml, e);
	if (snapshots_draft(c, c->arena, &now, e) < 0)
		return -1;
	*xml = now->xml;
	return 0;
}

int
snapshots_diff(struct call *c, struct err *e)
{
	struct xml_records *before, *after;
	struct snapshot from, to;
	const char *xml, *other;
	json_t *o, *rows;

	if (load(c, &from, e) < 0 || snapshot_text(c->store, c->arena,
	    from.id, &xml, e) < 0 || load_other(c, &to, &other, e) < 0 ||
	    parse(c, xml, &before, e) < 0 || parse(c, other, &after, e) < 0)
		return -1;
	rows = xml_diff(before, after);
	o = json_object();
	json_put(o, "from", to_json(&from));
	json_put(o, "to", to.id != 0 ? to_json(&to) : json_str("now"));
	json_put(o, "equal", json_boolean(json_array_size(rows) == 0));
	json_put(o, "diff", rows);
	answer_json(c->answer, 200, o);
	return 0;
}

/* ---- by hand ---- */

static int
read_body(struct call *c, const char *key, json_t **body, struct err *e)
{
	const char *const keys[] = { key, NULL };

	*body = NULL;
	if (c->request->body_size == 0)
		*body = json_object();
	else if (json_read(c->request->body, c->request->body_size,
	    SNAPSHOTS_BODY, body, e) < 0)
		return -1;
	if (json_only(*body, "", keys, e) == 0)
		return 0;
	json_decref(*body);
	return -1;
}

static int
tell(struct call *c, const struct snapshot *s, struct err *e)
{
	char id[24];

	(void)snprintf(id, sizeof(id), "%" PRId64, s->id);
	return settings_event(c, "snapshot", id, s->reason, e);
}

static int
make(struct call *c, const char *reason, struct err *e)
{
	struct snapshot s;
	char where[64];
	bool made;

	if (*reason == '\0')
		return err_rule(e, ERR_MALFORMED, NULL, "/reason",
		    "a reason says something");
	if (snapshots_take(c, reason, &s, &made, e) < 0 ||
	    (made && tell(c, &s, e) < 0))
		return -1;
	(void)snprintf(where, sizeof(where), "/api/v1/snapshots/%" PRId64,
	    s.id);
	answer_header(c->answer, "Location", where);
	answer_json(c->answer, made ? 201 : 200, to_json(&s));
	return 0;
}

int
snapshots_make(struct call *c, struct err *e)
{
	const char *reason = "manual";
	json_t *body;
	int rc;

	if (read_body(c, "reason", &body, e) < 0)
		return -1;
	rc = json_get_str(body, "", "reason", true, NAME_LEN, &reason, e);
	if (rc == 0)
		rc = make(c, reason, e);
	json_decref(body);
	return rc;
}

int
snapshots_change(struct call *c, struct err *e)
{
	struct snapshot s;
	bool was, pinned;
	json_t *body;
	int rc;

	if (load(c, &s, e) < 0 || read_body(c, "pinned", &body, e) < 0)
		return -1;
	was = pinned = s.pinned;
	rc = json_get_bool(body, "", "pinned", true, &pinned, e);
	json_decref(body);
	if (rc < 0)
		return -1;
	if (pinned != was && (snapshot_pin(c->store, s.id, pinned, e) < 0 ||
	    tell(c, &s, e) < 0))
		return -1;
	s.pinned = pinned;
	answer_json(c->answer, 200, to_json(&s));
	return 0;
}

int
snapshots_remove(struct call *c, struct err *e)
{
	struct snapshot s;

	if (load(c, &s, e) < 0 || snapshot_drop(c->store, s.id, e) < 0 ||
	    tell(c, &s, e) < 0)
		return -1;
	c->answer->status = 204;
	return 0;
}

/* ---- back to it ---- */

int
snapshots_prepare(struct xml_worker *worker, struct store *store,
    struct request *r, struct arena *room, struct err *e)
{
	struct xml_records *records;
	const char *xml;
	int64_t id;

	if (worker == NULL)
		return err_set(e, ERR_UNAVAILABLE,
		    "the program that reads XML did not start");
	if (read_id(request_param(r, "id"), &id, e) < 0 ||
	    snapshot_text(store, room, id, &xml, e) < 0 ||
	    xml_parse(worker, xml, strlen(xml), room, &records, e) < 0)
		return -1;
	r->document = records;
	return 0;
}

int
snapshots_restore(struct call *c, struct err *e)
{
	struct xml_import_options o = { .mode = XML_REPLACE,
		.scope = XML_SCOPE_ALL };

	if (request_nothing(c->request, e) < 0)
		return -1;
	if (c->request->document == NULL)
		return err_set(e, ERR_INTERNAL, "a restore without a document");
	return imports_keep(c, c->request->document, &o, e);
}
