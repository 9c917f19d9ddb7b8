/* planning_json.c -- a plan as the API shows it; see planning.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "appliance/service/planning.h"
#include "appliance/service/render.h"
#include "appliance/service/words.h"

static json_t *
step_json(const struct planning *p, const struct step *s)
{
	const char *device = words_device(p, s->device);
	json_t *o = json_object();

	json_put(o, "seq", json_int(s->seq));
	json_put(o, "level", json_int(s->level));
	json_put(o, "verb", json_str(step_verb_word(s->verb)));
	json_put(o, "text", json_str(words_step(p->call->arena, s, device)));
	json_put(o, "slot", s->slot == 0 ? json_null() : json_int(s->slot));
	json_put(o, "function", render_fn(s->fn));
	render_put_bind(o, p->call->view, s);
	json_put(o, "bridge", s->fn == 0 ? json_null() : json_int(s->bridge));
	json_put(o, "device", device[0] == '\0' ? json_null() :
	    json_str(device));
	return o;
}

static json_t *
steps_json(const struct planning *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->n_steps; i++)
		json_put(list, NULL, step_json(p, &p->steps[i]));
	return list;
}

static int
objects_json(struct planning *p, json_t **out, struct err *e)
{
	struct render r = render_new(p->call, p->set);
	json_t *list = json_array();

	for (size_t i = 0; i < p->set->n; i++) {
		const struct change *c = &p->set->items[i];
		json_t *object = render_change(&r, c), *o;

		if (object == NULL)
			continue;
		o = json_object();
		json_put(o, "type", json_str(object_word(c->type)));
		json_put(o, "object", object);
		json_put(list, NULL, o);
	}
	*out = list;
	if (render_ok(&r, e) == 0)
		return 0;
	json_decref(list);
	return -1;
}

int
planning_json(struct planning *p, const char *id, int64_t created_ms,
    int64_t expires_ms, const json_t *changes, json_t **out, struct err *e)
{
	struct appliance self;
	json_t *o, *objects;

	if (store_appliance(p->call->store, &self, e) < 0 ||
	    objects_json(p, &objects, e) < 0)
		return -1;
	o = json_object();
	json_put(o, "id", json_str(id));
	json_put(o, "title", json_str(p->title));
	json_put(o, "kind", json_str(p->kind));
	json_put(o, "sentence", json_str(p->sentence));
	json_put(o, "createdAt", json_time(created_ms));
	json_put(o, "expiresAt", json_time(expires_ms));
	json_put(o, "digest", json_str(planning_digest(p)));
	json_put(o, "generation", json_int(self.generation));
	json_put(o, "changes", changes == NULL ? json_array() :
	    json_deep_copy(changes));
	json_put(o, "diff", json_incref(p->diff));
	json_put(o, "steps", steps_json(p));
	json_put(o, "disruption", words_disruption(p));
	json_put(o, "checks", rules_to_json(&p->broken, '\0'));
	json_put(o, "applicable", json_boolean(planning_applicable(p)));
	json_put(o, "objects", objects);
	*out = o;
	return 0;
}
