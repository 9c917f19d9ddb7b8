/* read_profile.c -- profiles and their devices; see read.h. */
#include <stdio.h>
#include <string.h>

#include "appliance/service/config.h"
#include "appliance/service/imports.h"
#include "appliance/service/read.h"
#include "appliance/service/render.h"
#include "appliance/service/request.h"

int
read_profiles(struct call *c, struct err *e)
{
	struct render r = render_new(c, NULL);
	const char *after = request_query(c->request, "after");
	struct profile *list;
	json_t *items;
	size_t limit, n;

	if (request_limit(c->request, &limit, e) < 0 ||
	    profile_list(c->store, c->arena, after != NULL ? after : "",
	    limit + 1, &list, &n, e) < 0)
		return -1;
	items = json_array();
	for (size_t i = 0; i < n && i < limit; i++)
		json_put(items, NULL, render_profile(&r, &list[i]));
	if (render_ok(&r, e) < 0) {
		json_decref(items);
		return -1;
	}
	answer_json(c->answer, 200, render_list(items, n > limit ?
	    list[limit - 1].head.name : NULL));
	return 0;
}

static int
load(struct call *c, struct profile **p, struct err *e)
{
	return profile_load(c->store, c->arena, request_param(c->request,
	    "p"), p, e);
}

static int
finish(struct call *c, struct render *r, const struct profile *p, json_t *o,
    struct err *e)
{
	if (render_ok(r, e) < 0) {
		json_decref(o);
		return -1;
	}
	render_etag(c->answer, p->head.revision);
	answer_json(c->answer, 200, o);
	return 0;
}

int
read_profile(struct call *c, struct err *e)
{
	struct render r = render_new(c, NULL);
	struct profile *p;

	if (load(c, &p, e) < 0)
		return -1;
	if (imports_wants_xml(c->request))
		return config_profile(c, p, e);
	return finish(c, &r, p, render_profile(&r, p), e);
}

static int
devices(struct call *c, enum device_kind kind, struct err *e)
{
	struct render r = render_new(c, NULL);
	json_t *items;
	struct profile *p;

	if (load(c, &p, e) < 0)
		return -1;
	items = json_array();
	for (size_t i = 0; i < p->n_devices; i++)
		if (p->devices[i].kind == kind)
			json_put(items, NULL, render_device(&r, p,
			    &p->devices[i]));
	return finish(c, &r, p, render_list(items, NULL), e);
}

int
read_vnics(struct call *c, struct err *e)
{
	return devices(c, DEVICE_VNIC, e);
}

int
read_vhbas(struct call *c, struct err *e)
{
	return devices(c, DEVICE_VHBA, e);
}

int
read_vdas(struct call *c, struct err *e)
{
	return devices(c, DEVICE_VDAS, e);
}

int
read_exclusives(struct call *c, struct err *e)
{
	return devices(c, DEVICE_EXCLUSIVE, e);
}

int
read_device(struct call *c, struct err *e)
{
	static const char *const lists[] = { "/vnics/", "/vhbas/", "/vdas/",
		"/exclusives/" };
	struct render r = render_new(c, NULL);
	const char *ref = request_param(c->request, "d");
	struct profile *p;
	struct device *d;

	if (load(c, &p, e) < 0)
		return -1;
	d = profile_device(p, ref);
	if (d == NULL || strstr(c->request->path, lists[d->kind]) == NULL)
		return err_set(e, ERR_NOT_FOUND,
		    "profile %s has no such device: %s", p->head.name, ref);
	return finish(c, &r, p, render_device(&r, p, d), e);
}
