/* read_object.c -- networks, SANs, pools, identities; see read.h. */
#include <stdio.h>
#include <string.h>

#include "appliance/service/read.h"
#include "appliance/service/render.h"
#include "appliance/service/render_identity.h"
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

/* Three types, one list each: load a page and one more, to know whether there
 * is a next page. */
#define READS(word, type) \
	int \
	read_##word##s(struct call *c, struct err *e) \
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

READS(network, network)
READS(san, san)
READS(pool, pool)

/* ---- identities ---- */

static int
put_history(struct call *c, json_t *items, enum id_space space,
    uint64_t value, struct err *e)
{
	struct identity *list;
	size_t n;

	if (value == 0)
		return 0;
	if (ledger_history(c->store, c->arena, space, value, &list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		json_put(items, NULL, render_identity(&list[i]));
	return 0;
}

/* What a profile has now, each with those who had it before. */
static int
by_profile(struct call *c, const char *ref, json_t *items, struct err *e)
{
	struct profile *p;

	if (profile_load(c->store, c->arena, ref, &p, e) < 0 ||
	    put_history(c, items, SPACE_WWN, p->wwnn, e) < 0)
		return -1;
	for (size_t i = 0; i < p->n_devices; i++)
		if (put_history(c, items, p->devices[i].kind == DEVICE_VNIC ?
		    SPACE_MAC : SPACE_WWN, p->devices[i].address, e) < 0)
			return -1;
	return 0;
}

static int
by_digits(struct call *c, const char *q, const char *profile, json_t *items,
    struct err *e)
{
	struct identity *list;
	char digits[17];
	size_t limit, n;

	if (request_limit(c->request, &limit, e) < 0)
		return -1;
	if (q == NULL || !address_digits(q, digits) || strlen(digits) < 3)
		return err_rule(e, ERR_MALFORMED, NULL, "q",
		    "q holds at least 3 digits of an address");
	if (ledger_find(c->store, c->arena, digits, 0, limit, &list, &n,
	    e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (profile == NULL || strcmp(profile,
		    list[i].profile_name) == 0 || strcmp(profile,
		    list[i].profile) == 0)
			json_put(items, NULL, render_identity(&list[i]));
	return 0;
}

/* By digits or by profile; without a question there is no list, as the ledger
 * only grows. */
int
read_identities(struct call *c, struct err *e)
{
	const char *q = request_query(c->request, "q");
	const char *profile = request_query(c->request, "profile");
	json_t *items = json_array();
	int rc;

	if (q == NULL && profile != NULL)
		rc = by_profile(c, profile, items, e);
	else
		rc = by_digits(c, q, profile, items, e);
	if (rc < 0) {
		json_decref(items);
		return -1;
	}
	answer_json(c->answer, 200, render_list(items, NULL));
	return 0;
}
