/* xml_import_profile.c -- profiles of a document; see xml_import_int.h. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "profiles/change_rows.h"
#include "profiles/xml_import_int.h"

/* ---- which profiles ---- */

static bool
has_label(const struct import *im, uint32_t element)
{
	const struct xml_records *r = im->walk.r;
	uint32_t labels = xml_first(r, element, "labels"), i;

	if (im->o->label == NULL)
		return true;
	if (labels == 0)
		return false;
	for (i = xml_first(r, labels, "label"); i != 0;
	    i = xml_next(r, i, "label")) {
		const char *name = xml_value(r, i, "name");
		const char *value = xml_value(r, i, "value");

		if (name != NULL && strcmp(name, im->o->label) == 0 &&
		    (im->o->label_value == NULL || (value != NULL &&
		    strcmp(value, im->o->label_value) == 0)))
			return true;
	}
	return false;
}

static bool
has_label_here(const struct import *im, const struct profile *p)
{
	if (im->o->label == NULL)
		return true;
	for (size_t i = 0; i < p->head.labels.n; i++) {
		const struct label *l = &p->head.labels.items[i];

		if (strcmp(l->name, im->o->label) == 0 &&
		    (im->o->label_value == NULL ||
		    strcmp(l->value, im->o->label_value) == 0))
			return true;
	}
	return false;
}

bool
xml_im_selected(const struct import *im, uint32_t element)
{
	const char *name = xml_value(im->walk.r, element, "name");

	if (im->o->scope != 0 && (im->o->scope & XML_SCOPE_PROFILES) == 0)
		return false;
	if (!has_label(im, element))
		return false;
	for (size_t i = 0; i < im->o->n_select; i++)
		if (name != NULL && strcasecmp(im->o->select[i], name) == 0)
			return true;
	return im->o->n_select == 0;
}

/* A name that was asked for and is not there. */
static void
check_select(struct import *im, uint32_t list)
{
	const struct xml_records *r = im->walk.r;

	for (size_t i = 0; i < im->o->n_select; i++) {
		uint32_t x = list == 0 ? 0 : xml_first(r, list, "profile");

		while (x != 0 && (xml_value(r, x, "name") == NULL ||
		    strcasecmp(xml_value(r, x, "name"),
		    im->o->select[i]) != 0))
			x = xml_next(r, x, "profile");
		if (x == 0)
			xml_problem_add(im->walk.out, 'B', "DocumentMissing",
			    list, NULL, "there is no profile %s in the "
			    "document", im->o->select[i]);
	}
}

/* The name that it shall have here; NULL when the map leads nowhere. */
static const char *
name_for(const struct import *im, uint32_t element)
{
	const char *name = xml_value(im->walk.r, element, "name");
	const char *to = name == NULL ? NULL :
	    xml_map_to(im->o, XML_MAP_PROFILE, name);

	return to == NULL ? name : *to == '\0' ? NULL : to;
}

static bool
is_mapped(const struct import *im, uint32_t element)
{
	const char *name = xml_value(im->walk.r, element, "name");

	return name != NULL && xml_map_to(im->o, XML_MAP_PROFILE, name) !=
	    NULL;
}

/* ---- who is here and not in the document ---- */

static bool
in_document(const struct import *im, uint32_t list, const struct profile *p)
{
	const struct xml_records *r = im->walk.r;

	for (uint32_t i = xml_first(r, list, "profile"); i != 0;
	    i = xml_next(r, i, "profile")) {
		const char *id = is_mapped(im, i) ? NULL : xml_im_id(im, i);
		const char *name = name_for(im, i);

		if ((id != NULL && strcasecmp(id, p->head.id) == 0) ||
		    (name != NULL && strcasecmp(name, p->head.name) == 0))
			return true;
	}
	return false;
}

static void
remove_one(struct import *im, uint32_t list, const struct profile *p)
{
	struct xml_about what = { .row = p->slot != 0 ?
		"AssignedNotInDocument" : "ProfileNotInDocument",
		.type = "profile", .name = p->head.name, .element = list };
	const struct xml_conflict *c;
	struct err e;

	what.path = arena_printf(im->walk.arena, "/profiles/%s",
	    p->head.name);
	if (p->slot != 0)
		c = xml_conflict_add(im->conflicts, &what, "it is at slot %u "
		    "here and not in the document", p->slot);
	else
		c = xml_conflict_add(im->conflicts, &what,
		    "it is here and not in the document");
	if (xml_conflict_is(c, "remove") && change_remove(im->walk.set,
	    OBJ_PROFILE, p->head.id, &e) < 0)
		(void)xml_im_failed(im, &e);
}

void
xml_profiles_remove(struct import *im)
{
	uint32_t list = xml_first(im->walk.r, 0, "profiles");

	if (list == 0 || im->o->n_select > 0 ||
	    !xml_im_removes(im, XML_SCOPE_PROFILES) ||
	    xml_im_load_profiles(im) < 0)
		return;
	for (size_t i = 0; i < im->n_profiles; i++)
		if (has_label_here(im, &im->profiles[i]) &&
		    !in_document(im, list, &im->profiles[i]))
			remove_one(im, list, &im->profiles[i]);
}

/* ---- which one is meant ---- */

/* 1 found, 0 there is none, -1 the store failed. */
static int
look(struct import *im, const char *ref, struct profile **p)
{
	struct err e;

	if (change_profile(im->walk.set, ref, p, &e) == 0)
		return 1;
	return e.code == ERR_NOT_FOUND ? 0 : xml_im_failed(im, &e);
}

/* Some other profile of the document is that one, under another name. */
static bool
moves_on(const struct import *im, const struct profile *p)
{
	const struct xml_records *r = im->walk.r;
	uint32_t list = xml_first(r, 0, "profiles");

	for (uint32_t i = xml_first(r, list, "profile"); i != 0;
	    i = xml_next(r, i, "profile")) {
		const char *id = is_mapped(im, i) ? NULL : xml_im_id(im, i);
		const char *name = name_for(im, i);

		if (id != NULL && strcasecmp(id, p->head.id) == 0 &&
		    xml_im_selected(im, i))
			return name != NULL &&
			    strcasecmp(name, p->head.name) != 0;
	}
	return false;
}

/* "{name}-dr" and a name. */
static bool
apply_pattern(const char *pattern, const char *name, char out[NAME_TEXT])
{
	const char *at = strstr(pattern, "{name}");
	int n;

	n = at == NULL ? snprintf(out, NAME_TEXT, "%s", pattern) :
	    snprintf(out, NAME_TEXT, "%.*s%s%s", (int)(at - pattern), pattern,
	    name, at + strlen("{name}"));
	return n > 0 && n < NAME_TEXT && name_valid(out);
}

/* What to do with one profile of the document. */
struct target {
	uint32_t element;
	struct profile *p;		/* NULL: made */
	char name[NAME_TEXT];
	bool left_out;
};

static int
rename_it(struct import *im, struct target *t, const char *pattern)
{
	struct profile *other;
	char name[NAME_TEXT];
	int rc;

	memcpy(name, t->name, sizeof(name));
	if (!apply_pattern(pattern, name, t->name)) {
		xml_problem_add(im->walk.out, 'B', "NameSyntax", t->element,
		    "name", "%.64s makes no name", pattern);
		t->left_out = true;
		return 0;
	}
	rc = look(im, t->name, &other);
	if (rc > 0) {
		xml_problem_add(im->walk.out, 'B', "NameTaken", t->element,
		    "name", "a profile %s is here too", t->name);
		t->left_out = true;
	}
	return rc < 0 ? -1 : 0;
}

/* A profile of that name is here, and is another one. */
static int
name_taken(struct import *im, struct target *t, const struct profile *other)
{
	struct xml_about what = { .row = "ProfileNameTaken",
		.type = "profile", .name = t->name, .element = t->element,
		.attr = "name", .options = im->o->mode == XML_CLONE ?
		"refuse skip rename" : NULL };
	const struct xml_conflict *c;
	struct err e;

	c = xml_conflict_add(im->conflicts, &what,
	    other->slot != 0 ? "another profile of that name is at slot %u" :
	    "another profile of that name is here", other->slot);
	if (xml_conflict_is(c, "rename"))
		return rename_it(im, t, c->value);
	if (!xml_conflict_is(c, "replace")) {
		t->left_out = true;
		return 0;
	}
	if (change_remove(im->walk.set, OBJ_PROFILE, other->head.id, &e) < 0)
		return xml_im_failed(im, &e);
	return 0;
}

/* -1 when the store failed. */
static int
find_profile(struct import *im, struct target *t)
{
	const char *id = xml_im_id(im, t->element);
	struct profile *named = NULL;
	int by_id = 0, by_name;

	if (im->o->mode != XML_CLONE && id != NULL &&
	    !is_mapped(im, t->element) && (by_id = look(im, id, &t->p)) < 0)
		return -1;
	by_name = t->name[0] != '\0' ? look(im, t->name, &named) : 0;
	if (by_name <= 0 || named == t->p)
		return by_name < 0 ? -1 : 0;
	/* The map names the very one; so does a document without ids. */
	if (im->o->mode != XML_CLONE && by_id == 0 && (id == NULL ||
	    is_mapped(im, t->element))) {
		t->p = named;
		return 0;
	}
	return moves_on(im, named) ? 0 : name_taken(im, t, named);
}

/* ---- reading one ---- */

/* No address of the document is taken. */
static void
keep_identities(const struct profile *old, bool making, struct profile *p)
{
	if (!making) {
		p->wwnn = old->wwnn;
		memcpy(p->system_uuid, old->system_uuid,
		    sizeof(p->system_uuid));
		return;
	}
	p->wwnn = 0;
	if (p->system_uuid[0] != '\0')
		(void)snprintf(p->system_uuid, sizeof(p->system_uuid), "pool");
}

static bool
is_noop(const struct import *im, const struct profile *p)
{
	const struct change *c = change_find(im->walk.set, OBJ_PROFILE,
	    p->head.id);

	return c != NULL && change_is_noop(c);
}

static void
leave_as_it_was(struct import *im, const struct profile *p)
{
	struct change *c = change_find(im->walk.set, OBJ_PROFILE, p->head.id);

	c->after = profile_copy(im->walk.arena, c->before);
}

/* True when it stays as it is here. */
static bool
check_differs(struct import *im, const struct target *t)
{
	struct xml_about what = { .row = "ProfileDiffers", .type = "profile",
		.name = t->p->head.name, .element = t->element };
	const struct xml_conflict *c;

	if (is_noop(im, t->p))
		return true;
	c = xml_conflict_add(im->conflicts, &what, "it has revision %lld here",
	    (long long)t->p->head.revision);
	if (xml_conflict_is(c, "update"))
		return false;
	leave_as_it_was(im, t->p);
	return true;
}

/* The document says that it is at no slot; mode replace only. */
static void
check_unassigned(struct import *im, const struct target *t,
    const struct profile *old)
{
	const struct xml_records *r = im->walk.r;
	uint32_t at = xml_first(r, t->element, "assignment");
	struct xml_about what = { .row = "ProfileUnassigned",
		.type = "profile", .name = t->p->head.name, .element = at };
	const struct xml_conflict *c;

	if (at == 0 || xml_value(r, at, "slot") != NULL || old->slot == 0 ||
	    !xml_im_removes(im, XML_SCOPE_PROFILES))
		return;
	c = xml_conflict_add(im->conflicts, &what,
	    "it is at slot %u here, and at none in the document", old->slot);
	if (xml_conflict_is(c, "unassign")) {
		t->p->slot = 0;
		t->p->server_serial[0] = '\0';
	}
}

static void
read_existing(struct import *im, struct target *t)
{
	struct profile *old = profile_copy(im->walk.arena, t->p);

	xml_walk_object(&im->walk, &field_profile, t->element, false, t->p);
	if (is_mapped(im, t->element))
		(void)snprintf(t->p->head.name, NAME_TEXT, "%s", t->name);
	if (xml_addresses_fresh(im))
		keep_identities(old, false, t->p);
	xml_devices_read(im, t->p, t->element, false);
	check_unassigned(im, t, old);
	if (check_differs(im, t))
		t->left_out = true;
}

static void
read_new(struct import *im, struct target *t)
{
	struct profile *p = t->p = change_make_profile(im->walk.set);

	if (im->o->mode != XML_CLONE)
		xml_im_take_id(im, t->element, OBJ_PROFILE, &p->head);
	xml_walk_object(&im->walk, &field_profile, t->element, true, p);
	(void)snprintf(p->head.name, NAME_TEXT, "%s", t->name);
	if (xml_addresses_fresh(im))
		keep_identities(p, true, p);
	if (im->o->mode == XML_CLONE) {
		p->slot = 0;
		p->server_serial[0] = '\0';
	}
	xml_devices_read(im, p, t->element, true);
}

static void
read_profile(struct import *im, uint32_t element)
{
	const char *id = xml_value(im->walk.r, element, "id");
	const char *name = name_for(im, element);
	struct target t = { .element = element };

	if (id != NULL && !uuid_valid(id)) {
		xml_im_problem(im, 'B', "DocumentValue", element, "id",
		    "the id must be a UUID");
		return;
	}
	if (name == NULL && is_mapped(im, element))
		return;
	im->out->n_profiles++;
	if (name != NULL && name_valid(name))
		(void)snprintf(t.name, sizeof(t.name), "%s", name);
	if (find_profile(im, &t) < 0 || t.left_out)
		return;
	if (t.p != NULL)
		read_existing(im, &t);
	else
		read_new(im, &t);
	xml_im_rest(im, element);
	if (im->out->first == NULL)
		im->out->first = t.p;
	ARENA_PUSH(im->walk.arena, im->read, im->n_read, im->cap_read) =
	    (struct xml_read_from){ t.p->head.id, element };
}

void
xml_profiles_import(struct import *im)
{
	const struct xml_records *r = im->walk.r;
	uint32_t list = xml_first(r, 0, "profiles"), i;

	check_select(im, list);
	if (list == 0)
		return;
	for (i = xml_first(r, list, "profile"); i != 0 &&
	    im->walk.failed == 0; i = xml_next(r, i, "profile"))
		if (xml_im_selected(im, i))
			read_profile(im, i);
}
