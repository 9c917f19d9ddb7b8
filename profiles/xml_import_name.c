/* xml_import_name.c -- networks, SANs, classes and pools that a document has or
 * names; see xml_import_int.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "profiles/change_rows.h"
#include "profiles/xml_import_int.h"

static const struct {
	enum object_type type;
	unsigned scope;
	enum xml_map_kind map;
	const char *section, *item;	/* where they stand */
	const char *path;		/* of the API */
	const char *missing;		/* the conflict when one is not here */
} kinds[XML_NAMED_N] = {
	[XML_NAMED_POOL] = { OBJ_POOL, XML_SCOPE_POOLS, XML_MAP_POOL,
	    "pools", "pool", "pools", "PoolMissing" },
	[XML_NAMED_CLASS] = { OBJ_CLASS, XML_SCOPE_CLASSES, XML_MAP_CLASS,
	    "qosClasses", "qosClass", "qosClasses", "NetworkMissing" },
	[XML_NAMED_NETWORK] = { OBJ_NETWORK, XML_SCOPE_NETWORKS,
	    XML_MAP_NETWORK, "networks", "ethernet", "networks",
	    "NetworkMissing" },
	[XML_NAMED_SAN] = { OBJ_SAN, XML_SCOPE_NETWORKS, XML_MAP_SAN,
	    "networks", "san", "sans", "NetworkMissing" },
};

enum object_type
xml_named_type(enum xml_named kind)
{
	return kinds[kind].type;
}

static const char *
word_of(enum xml_named kind)
{
	return object_word(kinds[kind].type);
}

/* ---- gathering ---- */

static void
gather_section(struct import *im, enum xml_named kind)
{
	const struct xml_records *r = im->walk.r;
	uint32_t list = xml_first(r, 0, kinds[kind].section), i;

	if (list == 0)
		return;
	for (i = xml_first(r, list, kinds[kind].item); i != 0;
	    i = xml_next(r, i, kinds[kind].item)) {
		const char *name = xml_value(r, i, "name");

		if (name != NULL)
			ARENA_PUSH(im->walk.arena, im->things, im->n_things,
			    im->cap_things) = (struct xml_named_thing){
				.kind = kind, .name = name, .section = i };
	}
}

/* Attributes of what stands in a profile that name something. */
static const struct {
	const char *element, *attr;
	enum xml_named kind;
} references[] = {
	{ "vlan", "network", XML_NAMED_NETWORK },
	{ "san", "name", XML_NAMED_SAN }, { "mac", "pool", XML_NAMED_POOL },
	{ "wwpn", "pool", XML_NAMED_POOL }, { "qos", "class", XML_NAMED_CLASS },
};

static void
gather_users(struct import *im, uint32_t profile)
{
	const struct xml_records *r = im->walk.r;

	for (uint32_t i = profile + 1; i < r->elements[profile].end; i++)
		for (size_t k = 0; k < sizeof(references) /
		    sizeof(references[0]); k++) {
			const char *name;

			if (strcmp(r->elements[i].name,
			    references[k].element) != 0)
				continue;
			name = xml_value(r, i, references[k].attr);
			if (name != NULL && *name != '\0')
				ARENA_PUSH(im->walk.arena, im->things,
				    im->n_things, im->cap_things) =
				    (struct xml_named_thing){
					.kind = references[k].kind,
					.name = name, .user = i };
		}
}

static int
by_name(const void *a, const void *b)
{
	const struct xml_named_thing *x = a, *y = b;
	int order;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	order = strcasecmp(x->name, y->name);
	if (order != 0)
		return order;
	/* The one with a section first, then in the document's order. */
	if ((x->section == 0) != (y->section == 0))
		return x->section == 0 ? 1 : -1;
	return x->section + x->user < y->section + y->user ? -1 : 1;
}

/* One of each name: its section, and the first that names it. */
static void
merge_same(struct import *im)
{
	size_t n = 0;

	for (size_t i = 0; i < im->n_things; i++) {
		struct xml_named_thing *x = &im->things[i], *last;

		last = n > 0 ? &im->things[n - 1] : NULL;
		if (last == NULL || last->kind != x->kind ||
		    strcasecmp(last->name, x->name) != 0)
			im->things[n++] = *x;
		else if (last->user == 0)
			last->user = x->user;
	}
	im->n_things = n;
}

void
xml_names_gather(struct import *im)
{
	const struct xml_records *r = im->walk.r;
	uint32_t list = xml_first(r, 0, "profiles"), i;

	for (unsigned kind = 0; kind < XML_NAMED_N; kind++)
		gather_section(im, (enum xml_named)kind);
	if (list != 0)
		for (i = xml_first(r, list, "profile"); i != 0;
		    i = xml_next(r, i, "profile"))
			if (xml_im_selected(im, i))
				gather_users(im, i);
	if (im->n_things > 1)
		qsort(im->things, im->n_things, sizeof(*im->things), by_name);
	merge_same(im);
}

struct xml_named_thing *
xml_names_find(const struct import *im, enum xml_named kind, const char *name)
{
	size_t low = 0, high = im->n_things;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		struct xml_named_thing *x = &im->things[mid];
		int order = x->kind != kind ? (x->kind < kind ? -1 : 1) :
		    strcasecmp(x->name, name);

		if (order == 0)
			return x;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* ---- looking here ---- */

int
xml_names_edit(struct import *im, enum xml_named kind, const char *ref,
    void **out)
{
	struct change_set *cs = im->walk.set;
	struct network *network = NULL;
	struct qos_class *class = NULL;
	struct pool *pool = NULL;
	struct san *san = NULL;
	struct err e;
	int rc = 0;

	if (kind == XML_NAMED_NETWORK)
		rc = change_network(cs, ref, &network, &e);
	else if (kind == XML_NAMED_SAN)
		rc = change_san(cs, ref, &san, &e);
	else if (kind == XML_NAMED_CLASS)
		rc = change_class(cs, ref, &class, &e);
	else
		rc = change_pool(cs, ref, &pool, &e);
	*out = network != NULL ? (void *)network : san != NULL ? (void *)san :
	    class != NULL ? (void *)class : (void *)pool;
	if (rc == 0)
		return 0;
	*out = NULL;
	return e.code == ERR_NOT_FOUND ? 0 : xml_im_failed(im, &e);
}

static bool
is_here(struct import *im, enum xml_named kind, const char *ref,
    char id[ID_TEXT])
{
	return ref != NULL && im->here.id_of(im->here.cookie,
	    kinds[kind].type, ref, id);
}

/* Where the map or a choice leads; a name that is not here is an error. */
static void
lead_to(struct import *im, struct xml_named_thing *x, const char *name)
{
	if (is_here(im, x->kind, name, x->id))
		return;
	x->refused = true;
	xml_problem_add(im->walk.out, 'B', "MissingDependency",
	    x->section != 0 ? x->section : x->user, NULL,
	    "%s is mapped to %.64s, which is not here", x->name, name);
}

static struct xml_about
about(const struct xml_named_thing *x, const char *row, const char *attr)
{
	return (struct xml_about){ .row = row, .type = word_of(x->kind),
		.name = x->name, .attr = attr,
		.element = x->section != 0 ? x->section : x->user };
}

/* ---- what is not here ---- */

static void *
make(struct import *im, enum xml_named kind)
{
	struct change_set *cs = im->walk.set;

	if (kind == XML_NAMED_NETWORK)
		return change_make_network(cs);
	if (kind == XML_NAMED_SAN)
		return change_make_san(cs);
	if (kind == XML_NAMED_CLASS)
		return change_make_class(cs);
	return change_make_pool(cs);
}

/* A network of another name that has that VLAN here; NULL when there is none. */
static const char *
vlan_elsewhere(struct import *im, const char *vlan)
{
	struct xml_walk *w = &im->walk;
	unsigned long number = vlan != NULL ? strtoul(vlan, NULL, 10) : 0;
	struct network *list;
	struct err e;
	size_t n;

	if (network_list(w->set->store, w->arena, "", STORE_ALL, &list, &n,
	    &e) < 0) {
		(void)xml_im_failed(im, &e);
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		if (list[i].vlan == number && change_find(w->set, OBJ_NETWORK,
		    list[i].head.id) == NULL)
			return list[i].head.name;
	return NULL;
}

/* True when another network takes its place. */
static bool
check_vlan(struct import *im, struct xml_named_thing *x)
{
	struct xml_about what = about(x, "VlanElsewhere", "vlan");
	const char *vlan = xml_value(im->walk.r, x->section, "vlan");
	const char *other = vlan_elsewhere(im, vlan);
	const struct xml_conflict *c;

	if (other == NULL)
		return false;
	c = xml_conflict_add(im->conflicts, &what,
	    "VLAN %.8s is network %s here", vlan, other);
	if (!xml_conflict_is(c, "mapTo"))
		return false;
	lead_to(im, x, c->value);
	return true;
}

static void
make_it(struct import *im, struct xml_named_thing *x, const char *name)
{
	struct head *h;

	if (x->kind == XML_NAMED_NETWORK && check_vlan(im, x))
		return;
	h = make(im, x->kind);
	xml_im_take_id(im, x->section, kinds[x->kind].type, h);
	xml_walk_object(&im->walk, field_object(kinds[x->kind].type),
	    x->section, true, h);
	xml_im_rest(im, x->section);
	(void)snprintf(h->name, sizeof(h->name), "%s", name);
	memcpy(x->id, h->id, ID_TEXT);
}

static void
use_default_pool(struct import *im, struct xml_named_thing *x)
{
	enum pool_type type = x->user != 0 && strcmp(
	    im->walk.r->elements[x->user].name, "wwpn") == 0 ? POOL_WWPN :
	    POOL_MAC;
	const struct pool *p;
	struct err e;

	if (change_look_default(im->walk.set, type, &p, &e) == 0)
		memcpy(x->id, p->head.id, ID_TEXT);
	else if (e.code == ERR_NOT_FOUND)
		x->refused = true;
	else
		(void)xml_im_failed(im, &e);
}

static const char *
missing_options(const struct xml_named_thing *x)
{
	if (x->section != 0)
		return x->kind == XML_NAMED_POOL && x->user == 0 ?
		    "refuse create mapTo" : NULL;
	return x->kind == XML_NAMED_POOL ? "refuse mapTo default" :
	    "refuse mapTo";
}

static void
not_here(struct import *im, struct xml_named_thing *x, const char *name)
{
	const char *kind = xml_value(im->walk.r, 0, "kind");
	struct xml_about what = about(x, kinds[x->kind].missing, NULL);
	const struct xml_conflict *c;

	what.options = missing_options(x);
	if (x->section != 0 && kind != NULL && strcmp(kind, "profile") != 0)
		what.def = "create";
	c = xml_conflict_add(im->conflicts, &what, "%s %s is not here%s",
	    what.type, name, x->section == 0 ?
	    ", and the document only names it" : "");
	if (xml_conflict_is(c, "create"))
		make_it(im, x, name);
	else if (xml_conflict_is(c, "mapTo"))
		lead_to(im, x, c->value);
	else if (xml_conflict_is(c, "default"))
		use_default_pool(im, x);
	else
		x->refused = true;
}

/* ---- what is here ---- */

static void
read_into(struct import *im, struct xml_named_thing *x, void *object)
{
	struct head *h = object;
	char name[NAME_TEXT];

	memcpy(name, h->name, sizeof(name));
	xml_walk_object(&im->walk, field_object(kinds[x->kind].type),
	    x->section, false, object);
	xml_im_rest(im, x->section);
	/* What is mapped keeps the name that it has here. */
	if (xml_map_to(im->o, kinds[x->kind].map, x->name) != NULL)
		memcpy(h->name, name, sizeof(name));
}

/* The document means this very one. */
static bool
is_same(const struct import *im, const struct xml_named_thing *x,
    const struct head *h)
{
	const char *id = xml_im_id(im, x->section);

	return id == NULL || strcasecmp(id, h->id) == 0;
}

/* 1 read it, 0 leave it as it is here. */
static int
compare_network(struct import *im, struct xml_named_thing *x,
    const struct network *n, bool applies)
{
	const char *vlan = xml_value(im->walk.r, x->section, "vlan");
	struct xml_about what = about(x, "NetworkDiffers", "vlan");
	const struct xml_conflict *c;

	if (vlan == NULL || strtoul(vlan, NULL, 10) == n->vlan)
		return applies;
	if (applies && im->o->mode == XML_REPLACE && is_same(im, x, &n->head))
		what.def = "useImported";
	c = xml_conflict_add(im->conflicts, &what,
	    "it is VLAN %u here, %.8s in the document", n->vlan, vlan);
	if (xml_conflict_is(c, "mapTo"))
		lead_to(im, x, c->value);
	x->refused = xml_conflict_is(c, "refuse");
	return xml_conflict_is(c, "useImported");
}

static void
found(struct import *im, struct xml_named_thing *x)
{
	bool applies = x->section != 0 &&
	    xml_im_applies(im, kinds[x->kind].scope);
	void *object;
	int take = applies;

	/* Looked at before it is touched: what only serves stays out. */
	if (x->section == 0 || (!applies && x->kind != XML_NAMED_NETWORK))
		return;
	if (xml_names_edit(im, x->kind, x->id, &object) < 0 || object == NULL)
		return;
	if (x->kind == XML_NAMED_POOL) {
		xml_pool_found(im, x, object);
		return;
	}
	if (x->kind == XML_NAMED_NETWORK)
		take = compare_network(im, x, object, applies);
	if (take)
		read_into(im, x, object);
}

static void
import_thing(struct import *im, struct xml_named_thing *x)
{
	const char *to = xml_map_to(im->o, kinds[x->kind].map, x->name);

	x->done = true;
	if (to != NULL && *to == '\0') {
		x->refused = true;
		return;
	}
	if (to == NULL && x->section != 0 && is_here(im, x->kind,
	    xml_im_id(im, x->section), x->id)) {
		found(im, x);
	} else if (is_here(im, x->kind, to != NULL ? to : x->name, x->id)) {
		/* The map says which one it is, not what it shall be. */
		if (to == NULL)
			found(im, x);
	} else {
		not_here(im, x, to != NULL ? to : x->name);
	}
}

/* ---- what is here and not in the document ---- */

static bool
in_document(const struct import *im, enum xml_named kind,
    const struct head *h)
{
	for (size_t i = 0; i < im->n_things; i++) {
		const struct xml_named_thing *x = &im->things[i];
		const char *id, *to;

		if (x->kind != kind || x->section == 0)
			continue;
		id = xml_im_id(im, x->section);
		to = xml_map_to(im->o, kinds[kind].map, x->name);
		if ((id != NULL && strcasecmp(id, h->id) == 0) ||
		    strcasecmp(to != NULL ? to : x->name, h->name) == 0)
			return true;
	}
	return false;
}

static void
remove_one(struct import *im, enum xml_named kind, const struct head *h)
{
	struct xml_about what = { .row = "ObjectNotInDocument",
		.type = word_of(kind), .name = h->name,
		.element = xml_first(im->walk.r, 0, kinds[kind].section) };
	const struct xml_conflict *c;
	struct err e;

	what.path = arena_printf(im->walk.arena, "/%s/%s",
	    kinds[kind].path, h->name);
	c = xml_conflict_add(im->conflicts, &what,
	    "it is here and not in the document");
	if (xml_conflict_is(c, "remove") && change_remove(im->walk.set,
	    kinds[kind].type, h->id, &e) < 0)
		(void)xml_im_failed(im, &e);
}

/* The next page of objects of a kind, as pointers to their heads. */
static int
list_page(struct import *im, enum xml_named kind, const char *after,
    size_t limit, const struct head ***out, size_t *n)
{
	struct store *st = im->walk.set->store;
	struct arena *a = im->walk.arena;
	struct qos_class *classes;
	struct network *networks;
	struct pool *pools;
	struct san *sans;
	struct err e;
	char *items;
	int rc;

	if (kind == XML_NAMED_NETWORK) {
		rc = network_list(st, a, after, limit, &networks, n, &e);
		items = (char *)networks;
	} else if (kind == XML_NAMED_SAN) {
		rc = san_list(st, a, after, limit, &sans, n, &e);
		items = (char *)sans;
	} else if (kind == XML_NAMED_CLASS) {
		rc = class_list(st, a, after, limit, &classes, n, &e);
		items = (char *)classes;
	} else {
		rc = pool_list(st, a, after, limit, &pools, n, &e);
		items = (char *)pools;
	}
	if (rc < 0)
		return xml_im_failed(im, &e);
	*out = arena_array(a, *n + 1, sizeof(**out));
	for (size_t i = 0; i < *n; i++)
		(*out)[i] = (const struct head *)(void *)(items +
		    i * field_object(kinds[kind].type)->size);
	return 0;
}

static void
remove_others(struct import *im, enum xml_named kind)
{
	enum { PAGE = 512 };
	const struct head **list;
	const char *after = "";
	size_t n;

	do {
		if (list_page(im, kind, after, PAGE, &list, &n) < 0)
			return;
		for (size_t i = 0; i < n; i++)
			if (!in_document(im, kind, list[i]) &&
			    (kind != XML_NAMED_POOL ||
			    !xml_pool_is_needed(im, list[i])))
				remove_one(im, kind, list[i]);
		if (n > 0)
			after = list[n - 1]->name;
	} while (n == PAGE);
}

/* ---- all of one kind ---- */

void
xml_names_import(struct import *im, enum xml_named kind)
{
	uint32_t list = xml_first(im->walk.r, 0, kinds[kind].section);
	bool applies = xml_im_applies(im, kinds[kind].scope);

	if (list != 0)
		xml_walk_use(&im->walk, list, NULL);
	if (list != 0 && xml_im_removes(im, kinds[kind].scope))
		remove_others(im, kind);
	for (size_t i = 0; i < im->n_things && im->walk.failed == 0; i++) {
		struct xml_named_thing *x = &im->things[i];

		if (x->kind == kind && (x->user != 0 || applies))
			import_thing(im, x);
	}
}

bool
xml_names_id_of(void *cookie, enum object_type type, const char *ref,
    char id[ID_TEXT])
{
	struct import *im = cookie;
	struct xml_named_thing *x = NULL;
	const char *to = type == OBJ_PROFILE ? xml_map_to(im->o,
	    XML_MAP_PROFILE, ref) : NULL;

	if (to != NULL)
		ref = to;
	for (unsigned k = 0; k < XML_NAMED_N; k++)
		if (kinds[k].type == type)
			x = xml_names_find(im, (enum xml_named)k, ref);
	if (x == NULL || !x->done)
		return im->here.id_of(im->here.cookie, type, ref, id);
	/* Told already, as a conflict. */
	im->walk.told = x->refused;
	if (x->id[0] == '\0' || x->refused)
		return false;
	memcpy(id, x->id, ID_TEXT);
	return true;
}
