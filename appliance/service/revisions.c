/* revisions.c -- see revisions.h. */
#include "appliance/service/revisions.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "appliance/service/render.h"
#include "appliance/service/request.h"

enum { CONTENT_MAX = 16 << 20 };

static int
load(struct call *c, struct profile **p, struct err *e)
{
	return profile_load(c->store, c->arena, request_param(c->request,
	    "p"), p, e);
}

static json_t *
head_json(const struct revision *r)
{
	json_t *o = json_object();
	char job[24];

	snprintf(job, sizeof(job), "%" PRId64, r->job);
	json_put(o, "revision", json_int(r->revision));
	json_put(o, "at", json_time(r->at_ms));
	json_put(o, "actor", json_str(r->actor));
	json_put(o, "job", r->job == 0 ? json_null() : json_str(job));
	json_put(o, "digest", json_str(r->digest));
	return o;
}

int
revisions_list(struct call *c, struct err *e)
{
	struct revision *list;
	struct profile *p;
	json_t *items;
	size_t n;

	if (load(c, &p, e) < 0 || revision_list(c->store, c->arena,
	    p->head.id, &list, &n, e) < 0)
		return -1;
	items = json_array();
	for (size_t i = 0; i < n; i++)
		json_put(items, NULL, head_json(&list[i]));
	render_etag(c->answer, p->head.revision);
	answer_json(c->answer, 200, render_list(items, NULL));
	return 0;
}

/* ---- the content of one ---- */

static int
put(struct change_set *set, const char *profile_id, const struct revision *r,
    struct err *e)
{
	json_t *content, *list;
	int rc;

	if (json_read(r->content, strlen(r->content), CONTENT_MAX, &content,
	    e) < 0)
		return err_wrap(e, "revision %" PRId64, r->revision);
	list = json_pack("[{s:s,s:s,s:o}]", "type", "profile", "id",
	    profile_id, "content", content);
	rc = change_from_json(set, list, e);
	json_decref(list);
	return rc;
}

int
revisions_bring(struct change_set *set, const char *profile_id, int64_t number,
    struct profile **out, struct err *e)
{
	struct revision *r;

	if (revision_load(set->store, set->arena, profile_id, number, &r,
	    e) < 0 || put(set, profile_id, r, e) < 0)
		return -1;
	return change_profile(set, profile_id, out, e);
}

static struct change_set *
scratch(struct call *c)
{
	return change_new(c->arena, c->store, 1, c->request->wall_ms);
}

/* What is gone by now has no other name than its id. */
static bool
name_or_id(void *cookie, enum object_type type, const char *id,
    char name[NAME_TEXT])
{
	struct field_names names = change_names(cookie);

	if (!names.name_of(names.cookie, type, id, name))
		snprintf(name, NAME_TEXT, "%s", id);
	return true;
}

static struct field_names
names_of(struct change_set *set)
{
	struct field_names names = change_names(set);

	names.name_of = name_or_id;
	return names;
}

/* Content knows ids only. */
static void
name_all(const struct field_names *names, struct profile *p)
{
	for (size_t i = 0; i < p->n_devices; i++) {
		struct device *d = &p->devices[i];

		for (size_t k = 0; k < d->n_vlans; k++)
			(void)names->name_of(names->cookie, OBJ_NETWORK,
			    d->vlans[k].network, d->vlans[k].name);
	}
}

static json_t *
devices_json(const struct field_names *names, const struct profile *p,
    enum device_kind kind)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->n_devices; i++) {
		const struct device *d = &p->devices[i];
		json_t *o;

		if (d->kind != (uint32_t)kind)
			continue;
		o = field_to_json(field_device(kind), names, d);
		json_object_del(o, "placedOn");
		json_object_del(o, "placedBridge");
		json_put(list, NULL, o);
	}
	return list;
}

static int
number_of(struct call *c, int64_t *number, struct err *e)
{
	const char *text = request_param(c->request, "n");

	if (!request_number(text, INT64_MAX / 16, number))
		return err_set(e, ERR_NOT_FOUND, "there is no revision %.24s",
		    text);
	return 0;
}

int
revisions_read(struct call *c, struct err *e)
{
	struct change_set *set = scratch(c);
	struct field_names names = names_of(set);
	struct revision *r;
	struct profile *p, *then;
	int64_t number;
	json_t *o, *content;

	if (load(c, &p, e) < 0 || number_of(c, &number, e) < 0 ||
	    revision_load(c->store, c->arena, p->head.id, number, &r, e) < 0 ||
	    put(set, p->head.id, r, e) < 0 ||
	    change_profile(set, p->head.id, &then, e) < 0)
		return -1;
	name_all(&names, then);
	o = head_json(r);
	content = field_to_json(&field_profile, &names, then);
	json_put(content, "revision", json_int(number));
	json_put(content, "modifiedAt", json_time(r->at_ms));
	json_put(content, "vnics", devices_json(&names, then, DEVICE_VNIC));
	json_put(content, "vhbas", devices_json(&names, then, DEVICE_VHBA));
	json_put(content, "vdas", devices_json(&names, then, DEVICE_VDAS));
	json_put(content, "exclusives", devices_json(&names, then,
	    DEVICE_EXCLUSIVE));
	json_put(o, "content", content);
	answer_json(c->answer, 200, o);
	return 0;
}

/* ---- two of them ---- */

/* The one to compare with; *number 0 = as it is now. */
static int
against(struct call *c, const struct profile *p, int64_t *number,
    struct profile **out, struct err *e)
{
	const char *text = request_query(c->request, "against");

	*number = 0;
	if (text == NULL || strcmp(text, "current") == 0) {
		*out = profile_copy(c->arena, p);
		return 0;
	}
	if (!request_number(text, INT64_MAX / 16, number))
		return err_rule(e, ERR_MALFORMED, NULL, "against",
		    "against is a revision or \"current\", not \"%.24s\"",
		    text);
	return revisions_bring(scratch(c), p->head.id, *number, out, e);
}

int
revisions_diff(struct call *c, struct err *e)
{
	struct change_set *set = scratch(c);
	struct field_names names = names_of(set);
	struct profile *p, *then, *other;
	int64_t number, with;
	json_t *o;

	if (load(c, &p, e) < 0 || number_of(c, &number, e) < 0 ||
	    against(c, p, &with, &other, e) < 0 ||
	    revisions_bring(set, p->head.id, number, &then, e) < 0)
		return -1;
	name_all(&names, then);
	name_all(&names, other);
	/* From that revision to the other one. */
	for (size_t i = 0; i < set->n; i++) {
		set->items[i].before = then;
		set->items[i].after = other;
	}
	o = json_object();
	json_put(o, "revision", json_int(number));
	json_put(o, "against", with != 0 ? json_int(with) : json_str("current"));
	json_put(o, "diff", change_diff(set));
	answer_json(c->answer, 200, o);
	return 0;
}
