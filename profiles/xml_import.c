/* xml_import.c -- the order of an import; see xml_import.h. */
#include "profiles/xml_import.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "profiles/change_rows.h"
#include "profiles/xml_document.h"
#include "profiles/xml_grammar.h"
#include "profiles/xml_import_int.h"

/* ---- for all files of the importer ---- */

void
xml_im_problem(struct import *im, char severity, const char *code,
    uint32_t element, const char *attr, const char *text)
{
	xml_problem_add(im->walk.out, severity, code, element, attr, "%s",
	    text);
}

int
xml_im_failed(struct import *im, const struct err *e)
{
	im->walk.failed = -1;
	im->walk.err = *e;
	return -1;
}

void
xml_im_rest(struct import *im, uint32_t element)
{
	if (im->known)
		xml_walk_rest(&im->walk, element);
}

bool
xml_im_applies(const struct import *im, unsigned scope)
{
	const char *kind = xml_value(im->walk.r, 0, "kind");

	return kind != NULL && strcmp(kind, "profile") != 0 &&
	    im->o->n_select == 0 && im->o->mode != XML_CLONE &&
	    (im->o->scope == 0 || (im->o->scope & scope) != 0);
}

bool
xml_im_removes(const struct import *im, unsigned scope)
{
	if (im->o->mode != XML_REPLACE || (im->o->scope & scope) == 0)
		return false;
	/* A document of one profile says nothing about the others' networks. */
	return scope == XML_SCOPE_PROFILES || xml_im_applies(im, scope);
}

const char *
xml_im_id(const struct import *im, uint32_t element)
{
	const char *id = element == 0 ? NULL :
	    xml_value(im->walk.r, element, "id");

	return id != NULL && uuid_valid(id) ? id : NULL;
}

void
xml_im_take_id(struct import *im, uint32_t element, enum object_type type,
    struct head *h)
{
	const char *id = xml_im_id(im, element);
	struct change *c = change_find(im->walk.set, type, h->id);
	char known[ID_TEXT], text[ID_TEXT];

	/* Free: nobody's, and of nobody who is removed here. */
	if (id == NULL || c == NULL ||
	    im->here.id_of(im->here.cookie, type, id, known) ||
	    change_find(im->walk.set, type, id) != NULL)
		return;
	for (size_t i = 0; i < ID_TEXT; i++)
		text[i] = (char)tolower((unsigned char)id[i]);
	memcpy(c->id, text, ID_TEXT);
	memcpy(h->id, text, ID_TEXT);
}

int
xml_im_load_profiles(struct import *im)
{
	struct err e;

	if (im->have_profiles)
		return 0;
	if (profile_list(im->walk.set->store, im->walk.arena, "", STORE_ALL,
	    &im->profiles, &im->n_profiles, &e) < 0)
		return xml_im_failed(im, &e);
	im->have_profiles = true;
	return 0;
}

/* ---- the box ---- */

static void
read_slot(struct import *im, uint32_t element)
{
	const char *number = xml_value(im->walk.r, element, "number");
	struct slot *s;
	struct err e;

	if (number == NULL)
		return;
	if (change_slot(im->walk.set, (unsigned)strtoul(number, NULL, 10), &s,
	    &e) == 0)
		xml_walk_object(&im->walk, &field_slot, element, false, s);
	else if (e.code == ERR_NOT_FOUND)
		xml_im_problem(im, 'B', "SlotUnknown", element, "number",
		    e.msg);
	else
		(void)xml_im_failed(im, &e);
}

static void
read_port(struct import *im, uint32_t element)
{
	const char *name = xml_value(im->walk.r, element, "name");
	struct port *p;
	struct err e;

	if (name == NULL)
		return;
	if (change_port(im->walk.set, name, &p, &e) == 0)
		xml_walk_object(&im->walk, &field_port, element, false, p);
	else if (e.code == ERR_NOT_FOUND)
		xml_im_problem(im, 'B', "DocumentValue", element, "name",
		    e.msg);
	else
		(void)xml_im_failed(im, &e);
}

static void
read_bay(struct import *im, uint32_t element)
{
	const char *number = xml_value(im->walk.r, element, "number");
	char name[24];
	struct bay *b;
	struct err e;

	if (number == NULL)
		return;
	(void)snprintf(name, sizeof(name), "io%.16s", number);
	if (change_bay(im->walk.set, name, &b, &e) == 0)
		xml_walk_object(&im->walk, &field_bay, element, false, b);
	else if (e.code == ERR_NOT_FOUND)
		xml_im_problem(im, 'B', "DocumentValue", element, "number",
		    e.msg);
	else
		(void)xml_im_failed(im, &e);
}

/* True when the document's section has that slot, port or bay. */
static bool
is_there(const struct import *im, uint32_t list, const char *element,
    const char *attr, const char *value)
{
	const struct xml_records *r = im->walk.r;

	for (uint32_t i = xml_first(r, list, element); i != 0;
	    i = xml_next(r, i, element)) {
		const char *has = xml_value(r, i, attr);

		if (has != NULL && strcmp(has, value) == 0)
			return true;
	}
	return false;
}

/* A slot of which the document wants nothing is as every slot is made. */
static int
reset_slots(struct import *im, uint32_t list, struct err *e)
{
	struct change_set *cs = im->walk.set;
	struct slot *slots, *s;
	char number[16];
	size_t n;

	if (slot_list(cs->store, cs->arena, &slots, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		(void)snprintf(number, sizeof(number), "%u", slots[i].number);
		if (is_there(im, list, "slot", "number", number))
			continue;
		if (change_slot(cs, slots[i].number, &s, e) < 0)
			return -1;
		*s = (struct slot){ .number = s->number,
			.revision = s->revision };
	}
	return 0;
}

static int
reset_ports(struct import *im, uint32_t list, struct err *e)
{
	struct change_set *cs = im->walk.set;
	struct port *ports, *p;
	char name[PORT_TEXT];
	size_t n;

	if (port_list(cs->store, cs->arena, &ports, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		(void)port_text(ports[i].at.bay, ports[i].at.port, name);
		if (is_there(im, list, "port", "name", name))
			continue;
		if (change_port(cs, name, &p, e) < 0)
			return -1;
		*p = (struct port){ .at = p->at, .revision = p->revision };
	}
	return 0;
}

static int
reset_bays(struct import *im, uint32_t list, struct err *e)
{
	struct change_set *cs = im->walk.set;
	struct bay *bays, *b;
	char name[BAY_TEXT];
	size_t n;

	if (bay_list(cs->store, cs->arena, &bays, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		(void)bay_text(bays[i].number, name);
		if (is_there(im, list, "bay", "number", name + 2))
			continue;
		if (change_bay(cs, name, &b, e) < 0)
			return -1;
		/* No document says which card is there. */
		bays[i] = (struct bay){ .number = b->number,
			.revision = b->revision };
		memcpy(bays[i].accepted, b->accepted, sizeof(b->accepted));
		*b = bays[i];
	}
	return 0;
}

/* Those of the root are the appliance's own. */
static void
read_extensions(struct import *im)
{
	struct appliance_wanted *w;
	struct err e;

	if (xml_first(im->walk.r, 0, "extensions") == 0 ||
	    !xml_im_applies(im, XML_SCOPE_CHASSIS))
		return;
	if (change_appliance(im->walk.set, &w, &e) == 0)
		xml_walk_object(&im->walk, &field_appliance, 0, false, w);
	else
		(void)xml_im_failed(im, &e);
}

static void
read_chassis(struct import *im)
{
	const struct xml_records *r = im->walk.r;
	uint32_t list = xml_first(r, 0, "chassis"), i;
	struct err e;

	if (list == 0 || !xml_im_applies(im, XML_SCOPE_CHASSIS))
		return;
	xml_walk_use(&im->walk, list, NULL);
	for (i = xml_first(r, list, "slot"); i != 0;
	    i = xml_next(r, i, "slot"))
		read_slot(im, i);
	for (i = xml_first(r, list, "port"); i != 0;
	    i = xml_next(r, i, "port"))
		read_port(im, i);
	for (i = xml_first(r, list, "bay"); i != 0; i = xml_next(r, i, "bay"))
		read_bay(im, i);
	if (xml_im_removes(im, XML_SCOPE_CHASSIS) &&
	    (reset_slots(im, list, &e) < 0 || reset_ports(im, list, &e) < 0 ||
	    reset_bays(im, list, &e) < 0))
		(void)xml_im_failed(im, &e);
	xml_im_rest(im, list);
}

/* ---- the document as a whole ---- */

static bool
changes_something(const struct import *im)
{
	for (size_t i = im->before; i < im->walk.set->n; i++)
		if (!change_is_noop(&im->walk.set->items[i]))
			return true;
	return false;
}

/* What was made here since goes, when an older export of ours replaces. */
static void
check_older(struct import *im)
{
	const struct xml_records *r = im->walk.r;
	uint32_t origin = xml_first(r, 0, "origin");
	const char *uuid, *generation;
	struct appliance self;
	struct err e;

	if (origin == 0 || im->o->mode != XML_REPLACE)
		return;
	uuid = xml_value(r, origin, "applianceUuid");
	generation = xml_value(r, origin, "generation");
	if (store_appliance(im->walk.set->store, &self, &e) < 0) {
		(void)xml_im_failed(im, &e);
		return;
	}
	if (uuid != NULL && generation != NULL &&
	    strcasecmp(uuid, self.id) == 0 &&
	    strtoll(generation, NULL, 10) < self.generation &&
	    changes_something(im))
		xml_problem_add(im->walk.out, 'C', "OlderThanCurrent", origin,
		    "generation", "it is of generation %.20s, and this is %lld;"
		    " what was made since then goes", generation,
		    (long long)self.generation);
}

/* A newer release wrote it: what it says that we do not know could matter. */
static void
check_version(struct import *im)
{
	const char *version = xml_value(im->walk.r, 0, "schemaVersion");
	struct xml_about what = { .row = "NewerMinor", .type = "document",
		.name = version, .attr = "schemaVersion" };
	size_t unknown = 0;

	if (!xml_grammar_is_newer(im->walk.r))
		return;
	for (size_t i = 0; i < im->walk.out->n; i++)
		unknown += strcmp(im->walk.out->items[i].code,
		    "DocumentUnknown") == 0;
	if (unknown == 0)
		return;
	im->known = false;
	(void)xml_conflict_add(im->conflicts, &what,
	    "version %.16s is newer, and %zu parts of it are not known here",
	    version, unknown);
}

static void
check_any(struct import *im)
{
	const struct xml_records *r = im->walk.r;
	bool any = im->n_things > 0 || xml_first(r, 0, "chassis") != 0 ||
	    xml_first(r, 0, "networks") != 0 ||
	    xml_first(r, 0, "qosClasses") != 0 ||
	    xml_first(r, 0, "pools") != 0 ||
	    xml_first(r, 0, "leases") != 0 ||
	    xml_first(r, 0, "encryptedSystem") != 0;
	const char *kind = xml_value(r, 0, "kind");

	if (im->out->n_profiles == 0 && im->o->mode != XML_REPLACE &&
	    (!any || im->o->mode == XML_CLONE || (kind != NULL &&
	    strcmp(kind, "profile") == 0)))
		xml_im_problem(im, 'B', "DocumentMissing",
		    xml_first(r, 0, "profiles"), NULL,
		    "there is no profile in the document");
}

static void
import_all(struct import *im)
{
	const struct xml_records *r = im->walk.r;
	uint32_t profiles = xml_first(r, 0, "profiles");

	xml_grammar_check(r, im->walk.out);
	if (strcmp(r->elements[0].name, XML_ROOT) != 0)
		return;
	im->known = xml_problem_count(im->walk.out, 'B') == 0;
	xml_document_check(&im->walk);
	check_version(im);
	xml_names_gather(im);
	xml_profiles_remove(im);
	for (unsigned kind = 0; kind < XML_NAMED_N; kind++) {
		xml_names_import(im, (enum xml_named)kind);
		if (kind == XML_NAMED_POOL)
			xml_pools_overlap(im);
	}
	read_chassis(im);
	read_extensions(im);
	if (profiles != 0)
		xml_walk_use(&im->walk, profiles, NULL);
	xml_profiles_import(im);
	xml_leases_import(im);
	check_any(im);
	if (im->walk.failed == 0)
		xml_addresses_check(im);
	if (im->walk.failed == 0)
		check_older(im);
}

/* What was only looked at, or is so already, is no change. */
static void
drop_noops(struct import *im)
{
	struct change_set *cs = im->walk.set;
	size_t n = im->before;

	for (size_t i = im->before; i < cs->n; i++)
		if (!change_is_noop(&cs->items[i]))
			cs->items[n++] = cs->items[i];
	cs->n = n;
}

bool
xml_import_ok(const struct xml_imported *in)
{
	return xml_problem_count(&in->problems, 'B') == 0 &&
	    xml_conflict_count(&in->conflicts, 'B') == 0;
}

static bool
name_of(void *cookie, enum object_type type, const char *id,
    char name[NAME_TEXT])
{
	struct import *im = cookie;

	return im->here.name_of(im->here.cookie, type, id, name);
}

int
xml_import(struct change_set *cs, const struct xml_records *r,
    const struct xml_import_options *o, struct xml_imported *out,
    struct err *e)
{
	struct import im = { .here = change_names(cs), .o = o, .out = out,
		.conflicts = &out->conflicts, .before = cs->n };

	*out = (struct xml_imported){
		.problems = { .arena = cs->arena, .records = r },
	};
	xml_conflicts_begin(&out->conflicts, cs->arena, r, o);
	im.walk = (struct xml_walk){
		.arena = cs->arena, .set = cs, .r = r, .out = &out->problems,
		.names = { xml_names_id_of, name_of, &im },
		.removes = o->mode == XML_REPLACE,
		.used_attrs = arena_alloc(cs->arena, r->n_attrs + 1),
		.used_elements = arena_alloc(cs->arena, r->n),
	};
	import_all(&im);
	drop_noops(&im);
	out->read = im.read;
	out->n_read = im.n_read;
	if (im.walk.failed < 0)
		*e = im.walk.err;
	return im.walk.failed;
}
