/* edit_device.c -- vNICs, vHBAs and vDAS of a profile; see edit.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "appliance/service/edit.h"

static const char *
kind_word(const struct device *d)
{
	static const char *const words[] = { "vNIC", "vHBA", "vDAS",
		"exclusive device" };

	return words[d->kind];
}

static void
tell(struct edit *x, const struct profile *p, const struct device *d,
    const char *what, const char *joint)
{
	x->type = OBJ_PROFILE;
	memcpy(x->id, p->head.id, sizeof(x->id));
	memcpy(x->device, d->id, sizeof(x->device));
	x->kind = "change";
	snprintf(x->title, sizeof(x->title), "%s %s %s %s %s", what,
	    kind_word(d), d->name, joint, p->head.name);
}

static int
add_one(struct edit *x, struct profile *p, enum device_kind kind,
    struct device **d, struct err *e)
{
	if (p->n_devices >= PROFILE_DEVICES)
		return err_rule(e, ERR_RULES, "FunctionLimit", x->at,
		    "%s has %zu devices already", p->head.name, p->n_devices);
	*d = change_make_device(x->set, p, kind);
	return edit_fields(x, field_device(kind), true, *d, e);
}

/* "net{n}" with the lowest number that no device of the profile has. */
static const char *
next_name(struct arena *a, const struct profile *p, const char *pattern)
{
	const char *at = strstr(pattern, "{n}"), *name;
	unsigned n = 0;

	do {
		name = arena_printf(a, "%.*s%u%s", (int)(at - pattern),
		    pattern, n++, at + 3);
	} while (profile_device(p, name) != NULL);
	return name;
}

/* Several of one pattern, all alike but for name, order and address. */
static int
add_several(struct edit *x, struct profile *p, enum device_kind kind,
    int64_t count, struct err *e)
{
	const json_t *body = x->body;
	const char *pattern = json_string_value(json_object_get(body, "name"));
	struct device *d = NULL;
	int rc = 0;

	if (pattern == NULL || strstr(pattern, "{n}") == NULL) {
		edit_broken(x, "NameSyntax", "/name", "with count, the name "
		    "says where the number comes: net{n}");
		return 0;
	}
	for (int64_t i = 0; i < count && rc == 0; i++) {
		json_t *one = json_deep_copy(body);

		json_object_del(one, "count");
		json_put(one, "name", json_str(next_name(x->call->arena, p,
		    pattern)));
		x->body = one;
		rc = add_one(x, p, kind, &d, e);
		json_decref(one);
	}
	x->body = body;
	if (rc < 0)
		return -1;
	tell(x, p, d, "Add", "to");
	x->device[0] = '\0';	/* the answer is the profile */
	snprintf(x->title, sizeof(x->title), "Add %" PRId64 " %ss to %s",
	    count, kind_word(d), p->head.name);
	return 0;
}

static int
add(struct edit *x, enum device_kind kind, struct err *e)
{
	int64_t count = 0;
	struct profile *p;
	struct device *d;

	if (change_profile(x->set, request_param(x->request, "p"), &p, e) < 0 ||
	    edit_match(x, p->head.revision, e) < 0 || json_get_int(x->body,
	    x->at, "count", true, 1, PROFILE_DEVICES, &count, e) < 0)
		return -1;
	if (count > 0)
		return add_several(x, p, kind, count, e);
	if (add_one(x, p, kind, &d, e) < 0)
		return -1;
	tell(x, p, d, "Add", "to");
	return 0;
}

int
edit_vnic_add(struct edit *x, struct err *e)
{
	return add(x, DEVICE_VNIC, e);
}

int
edit_vhba_add(struct edit *x, struct err *e)
{
	return add(x, DEVICE_VHBA, e);
}

int
edit_vdas_add(struct edit *x, struct err *e)
{
	return add(x, DEVICE_VDAS, e);
}

int
edit_exclusive_add(struct edit *x, struct err *e)
{
	return add(x, DEVICE_EXCLUSIVE, e);
}

/* The device that the path names, of the kind that the path says. */
static int
find(struct edit *x, struct profile **p, struct device **d, struct err *e)
{
	static const char *const lists[] = { "/vnics/", "/vhbas/", "/vdas/",
		"/exclusives/" };
	const char *ref = request_param(x->request, "d");

	if (change_profile(x->set, request_param(x->request, "p"), p, e) < 0)
		return -1;
	*d = profile_device(*p, ref);
	if (*d == NULL || strstr(x->request->path, lists[(*d)->kind]) == NULL)
		return err_set(e, ERR_NOT_FOUND,
		    "profile %s has no such device: %s", (*p)->head.name, ref);
	if ((*d)->lease[0] != '\0')
		return err_rule(e, ERR_RULES, "DeviceLeased", x->at,
		    "%s is leased to %s; its lease says what it is",
		    (*d)->name, (*p)->head.name);
	return edit_match(x, (*p)->head.revision, e);
}

/* The boot order speaks of names. */
static void
rename_in_order(struct profile *p, const char *from, const char *to)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_boot_order; i++) {
		if (strcmp(p->boot_order[i], from) == 0) {
			if (to == NULL)
				continue;
			snprintf(p->boot_order[n++], NAME_TEXT, "%s", to);
		} else {
			memmove(p->boot_order[n++], p->boot_order[i],
			    NAME_TEXT);
		}
	}
	p->n_boot_order = n;
}

static int
read_into(struct edit *x, struct profile *p, struct device *d, bool making,
    const char *what, struct err *e)
{
	char name[NAME_TEXT];

	memcpy(name, d->name, sizeof(name));
	if (edit_fields(x, field_device((enum device_kind)d->kind), making, d,
	    e) < 0)
		return -1;
	if (strcmp(name, d->name) != 0)
		rename_in_order(p, name, d->name);
	tell(x, p, d, what, "of");
	return 0;
}

int
edit_device_patch(struct edit *x, struct err *e)
{
	struct profile *p;
	struct device *d;

	if (find(x, &p, &d, e) < 0)
		return -1;
	return read_into(x, p, d, false, "Change", e);
}

/* PUT: a fresh device that keeps who and where it is, and its address unless
 * another is named. */
int
edit_device_put(struct edit *x, struct err *e)
{
	struct change_set *scratch = change_new(x->call->arena, x->set->store,
	    0, x->set->wall_ms);
	struct profile *p, *nowhere = change_make_profile(scratch);
	struct device *d, *fresh, old;

	if (find(x, &p, &d, e) < 0)
		return -1;
	old = *d;
	fresh = change_make_device(scratch, nowhere,
	    (enum device_kind)d->kind);
	*d = *fresh;
	memcpy(d->id, old.id, sizeof(d->id));
	memcpy(d->name, old.name, sizeof(d->name));
	memcpy(d->pool, old.pool, sizeof(d->pool));
	d->order = old.order;
	d->address = old.address;
	d->source = old.source;
	d->placed = old.placed;
	d->n_placed = old.n_placed;
	d->admission_mbps = old.admission_mbps;
	d->suspended = old.suspended;
	d->bridge = old.bridge;
	d->of_class = old.of_class;
	d->extensions = old.extensions;
	d->disks = old.disks;		/* matched by name, so that data stays */
	d->n_disks = old.n_disks;
	return read_into(x, p, d, true, "Replace", e);
}

int
edit_device_remove(struct edit *x, struct err *e)
{
	struct profile *p;
	struct device *d;

	if (find(x, &p, &d, e) < 0)
		return -1;
	tell(x, p, d, "Remove", "from");
	x->device[0] = '\0';
	rename_in_order(p, d->name, NULL);
	profile_remove_device(p, d);
	return 0;
}
