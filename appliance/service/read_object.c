/* read_object.c -- networks, SANs, pools, classes; see read.h. */
#include "appliance/service/read.h"
#include "appliance/service/render.h"
#include "appliance/service/request.h"

static const char *
after_of(const struct call *c)
{
	const char *after = request_query(c->request, "after");

	return after != NULL ? after : "";
}

static int
finish(struct call *c, struct render *r, json_t *items, const char *next,
    struct err *e)
{
	if (render_ok(r, e) < 0) {
		json_decref(items);
		return -1;
	}
	answer_json(c->answer, 200, render_list(items, next));
	return 0;
}

static int
finish_one(struct call *c, struct render *r, json_t *o,
    const struct head *head, struct err *e)
{
	if (render_ok(r, e) < 0) {
		json_decref(o);
		return -1;
	}
	render_etag(c->answer, head->revision);
	answer_json(c->answer, 200, o);
	return 0;
}

/* Four types, one list each: load a page and one more, to know whether there
 * is a next page. */
#define READS(word, words, type) \
	int \
	read_##words(struct call *c, struct err *e) \
	{ \
		struct render r = render_new(c, NULL); \
		json_t *items; \
		struct type *list; \
		size_t limit, n; \
		if (request_limit(c->request, &limit, e) < 0 || \
		    word##_list(c->store, c->arena, after_of(c), limit + 1, \
		    &list, &n, e) < 0) \
			return -1; \
		items = json_array(); \
		for (size_t i = 0; i < n && i < limit; i++) \
			json_put(items, NULL, render_##word(&r, &list[i])); \
		return finish(c, &r, items, n > limit ? \
		    list[limit - 1].head.name : NULL, e); \
	} \
	int \
	read_##word(struct call *c, struct err *e) \
	{ \
		struct render r = render_new(c, NULL); \
		struct type *o; \
		if (word##_load(c->store, c->arena, \
		    request_param(c->request, "id"), &o, e) < 0) \
			return -1; \
		return finish_one(c, &r, render_##word(&r, o), &o->head, e); \
	}

READS(network, networks, network)
READS(san, sans, san)
READS(pool, pools, pool)
READS(class, classes, qos_class)
