/* read_appliance.c -- the appliance itself, its audit trail, its API; read.h. */
#include <stdio.h>
#include <string.h>

#include "appliance/service/faults.h"
#include "appliance/service/openapi.h"
#include "appliance/service/read.h"
#include "appliance/service/render.h"
#include "appliance/service/request.h"
#include "appliance/service/service_int.h"

/* The face of a model, read once; a copy, or null when there is none. */
static json_t *
faceplate(struct service *s, unsigned model)
{
	char path[256];
	struct err e;
	json_t *copy;

	pthread_mutex_lock(&s->lock);
	if (s->faceplate == NULL || s->faceplate_model != model) {
		json_decref(s->faceplate);
		s->faceplate = NULL;
		s->faceplate_model = model;
		snprintf(path, sizeof(path), "%s/%u.json",
		    s->config.models_dir, model);
		if (json_read_file(path, &s->faceplate, &e) < 0)
			s->faceplate = NULL;
	}
	copy = s->faceplate == NULL ? json_null() :
	    json_deep_copy(s->faceplate);
	pthread_mutex_unlock(&s->lock);
	return copy;
}

const char *
read_model_name(struct call *c)
{
	json_t *face = faceplate(c->service, c->view->sw.model);
	const char *name = json_string_value(json_object_get(face, "name"));
	const char *copy = name != NULL ? arena_strdup(c->arena, name) : NULL;

	json_decref(face);
	return copy;
}

static json_t *
view_json(const struct view *v)
{
	json_t *o = json_object();

	json_put(o, "number", json_int(v->number));
	json_put(o, "at", json_time(v->at_ms));
	json_put(o, "state", json_str(view_state_word(v->state)));
	return o;
}

int
read_appliance(struct call *c, struct err *e)
{
	struct render r = render_new(c, NULL);
	struct service *s = c->service;
	struct appliance self;
	json_t *o, *face, *name;

	if (store_appliance(c->store, &self, e) < 0)
		return -1;
	face = faceplate(s, c->view->sw.model);
	name = json_object_get(face, "name");
	o = json_object();
	json_put(o, "id", json_str(self.id));
	json_put(o, "name", json_str(self.name));
	json_put(o, "model", name != NULL ? json_incref(name) : json_null());
	json_put(o, "modelNumber", json_int(c->view->sw.model));
	json_put(o, "software", json_str(s->config.version));
	json_put(o, "generation", json_int(self.generation));
	json_put(o, "identityEpoch", json_int(self.identity_epoch));
	json_put(o, "term", json_int((int64_t)self.term));
	json_put(o, "view", view_json(c->view));
	json_put(o, "health", json_str(faults_health(&r, 0, NULL)));
	json_put(o, "faceplate", face);
	json_put(o, "user", json_str(c->request->actor));
	answer_json(c->answer, 200, o);
	return 0;
}

int
read_openapi(struct call *c, struct err *e)
{
	(void)e;
	answer_json(c->answer, 200, service_openapi(c->service));
	return 0;
}

static json_t *
event_json(const struct event *v)
{
	json_t *o = json_object(), *object = json_object();
	char job[24];

	snprintf(job, sizeof(job), "%lld", (long long)v->job);
	json_put(o, "seq", json_int(v->seq));
	json_put(o, "at", json_time(v->at_ms));
	json_put(o, "actor", json_str(v->actor));
	json_put(o, "source", json_str(v->source));
	json_put(o, "action", json_str(v->action));
	json_put(object, "type", json_str(v->type));
	json_put(object, "id", json_str(v->id));
	json_put(object, "name", json_str(v->name));
	json_put(o, "object", object);
	json_put(o, "job", v->job == 0 ? json_null() : json_str(job));
	json_put(o, "generation", json_int(v->generation));
	json_put(o, "hash", json_str(v->hash));
	return o;
}

/* Oldest first; `after` is the number of the last one seen. */
int
read_audit(struct call *c, struct err *e)
{
	struct event *list;
	int64_t after = 0;
	json_t *items;
	size_t limit, n;
	char next[24];

	if (request_limit(c->request, &limit, e) < 0 ||
	    request_int(c->request, "after", 0, INT64_MAX / 16, &after, e) < 0 ||
	    event_list(c->store, c->arena, after, limit + 1, &list, &n, e) < 0)
		return -1;
	items = json_array();
	for (size_t i = 0; i < n && i < limit; i++)
		json_put(items, NULL, event_json(&list[i]));
	snprintf(next, sizeof(next), "%lld", n > limit ?
	    (long long)list[limit - 1].seq : 0LL);
	answer_json(c->answer, 200, render_list(items, n > limit ? next :
	    NULL));
	return 0;
}
