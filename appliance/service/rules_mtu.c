/*
 * rules_mtu.c -- rule 18: the frame size that a port has for all.
 *
 * Who wants another one is told whom that touches, and gets the changes that
 * make the wish whole: the same size for all, in one plan.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/service/census.h"
#include "appliance/service/rules_checks.h"
#include "base/buf.h"

enum { NAMES_MAX = 500 };

/* The other vNICs of a port that have another size: what changing them takes. */
struct others {
	const struct device *like;
	json_t *changes;
	struct buf names;
};

static void
add_others(struct others *o, const struct profile *p)
{
	for (size_t i = 0; p->slot != 0 && i < p->n_devices; i++) {
		const struct device *d = &p->devices[i];
		char path[192];

		if (d->kind != DEVICE_VNIC || d->mtu == o->like->mtu ||
		    d->placed == 0 ||
		    fn_bay(d->placed) != fn_bay(o->like->placed) ||
		    fn_port(d->placed) != fn_port(o->like->placed))
			continue;
		snprintf(path, sizeof(path), "/profiles/%s/vnics/%s",
		    p->head.name, d->name);
		json_put(o->changes, NULL, json_pack("{s:s,s:s,s:{s:i}}",
		    "method", "PATCH", "path", path, "body", "mtu",
		    (int)o->like->mtu));
		buf_printf(&o->names, "%s%s of %s (slot %" PRIu32 ")",
		    o->names.len > 0 ? ", " : "", d->name, p->head.name,
		    p->slot);
	}
}

static int
gather_others(struct rules *r, struct others *o)
{
	struct profile *list;
	size_t n;

	for (size_t i = 0; i < r->set->n; i++)
		if (r->set->items[i].type == OBJ_PROFILE &&
		    r->set->items[i].after != NULL)
			add_others(o, r->set->items[i].after);
	if (profile_list(r->store, r->arena, "", STORE_ALL, &list, &n,
	    &r->err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (rules_change(r->set, OBJ_PROFILE, list[i].head.id) == NULL)
			add_others(o, &list[i]);
	return 0;
}

/* All of the port in one plan: whom it touches, and the list for it. */
static void
propose_size(struct rules *r, const struct device *d, const char *at,
    const char *model)
{
	struct others o = { d, json_array(), buf_new(NAMES_MAX) };
	char *text;

	if (gather_others(r, &o) < 0) {
		r->failed = -1;
	} else {
		rules_note(r->out, r->rule->code, '\0', at, "%s has one frame "
		    "size for all of a port; %s wants %" PRIu32 " bytes on io%u"
		    "/%u, where others have another: %s%s", model, d->name,
		    d->mtu, fn_bay(d->placed), fn_port(d->placed),
		    o.names.len > 0 ? o.names.data : "", o.names.full ?
		    " and more" : "");
		text = json_text(o.changes);
		rules_propose(r->out, arena_strdup(r->arena, text));
		free(text);
	}
	json_decref(o.changes);
	buf_free(&o.names);
}

static void
mtu_port(struct rules *r, const struct change *c, const struct profile *p,
    const struct device *d, const struct device *before)
{
	const struct capability *cap = rules_capability(r, d);
	struct place_load load;

	(void)p;
	if (d->kind != DEVICE_VNIC || cap == NULL || !cap->mtu_per_port ||
	    r->census == NULL || (before != NULL && before->mtu == d->mtu &&
	    before->placed == d->placed))
		return;
	load = census_port(r->census, fn_bay(d->placed), fn_port(d->placed));
	if (load.mtu_min != load.mtu_max)
		propose_size(r, d, rules_at(r, c, d, "/mtu"), cap->model);
}

void
rules_mtu_port(struct rules *r)
{
	rules_each_device(r, mtu_port);
}
