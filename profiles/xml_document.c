/* xml_document.c -- see xml_document.h. */
#include "profiles/xml_document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What may be there once in the whole document. */
static const struct {
	const char *path, *attr;
} unique[] = {
	{ "networks/ethernet", "name" }, { "networks/san", "name" },
	{ "profiles/profile", "name" }, { "profiles/profile", "id" },
	{ "profiles/profile/assignment", "slot" },
	{ "profiles/profile/vnic/mac", "value" },
	{ "profiles/profile/vhba/wwpn", "value" },
	{ "profiles/profile/vnic", "id" }, { "profiles/profile/vhba", "id" },
	{ "profiles/profile/vdas", "id" },
	{ "profiles/profile/vdas/virtualDisk", "id" },
	{ "profiles/profile/exclusive", "id" },
	{ "leases/lease", "id" }, { "leases/lease", "name" },
};

struct holder {
	const char *value;
	uint32_t element;
};

static int
by_value(const void *a, const void *b)
{
	const struct holder *x = a, *y = b;
	int order = strcasecmp(x->value, y->value);

	return order != 0 ? order : (x->element > y->element) -
	    (x->element < y->element);
}

static void
check_unique(struct xml_walk *w, const char *path, const char *attr)
{
	const struct xml_records *r = w->r;
	const char *tail = strrchr(path, '/') + 1;
	struct holder *list = NULL;
	size_t n = 0, cap = 0;

	for (uint32_t i = 1; i < r->n; i++) {
		const char *value;

		if (strcmp(r->elements[i].name, tail) != 0 ||
		    !xml_is_at(r, i, path))
			continue;
		value = xml_value(r, i, attr);
		if (value != NULL)
			ARENA_PUSH(w->arena, list, n, cap) =
			    (struct holder){ value, i };
	}
	if (n > 1)
		qsort(list, n, sizeof(*list), by_value);
	for (size_t i = 1; i < n; i++)
		if (strcasecmp(list[i - 1].value, list[i].value) == 0)
			xml_problem_add(w->out, 'B',
			    "DocumentDuplicate", list[i].element, attr,
			    "%.64s is there twice, first in line %u",
			    list[i].value,
			    r->elements[list[i - 1].element].line);
}

/* Names of the devices of one profile, over all kinds. */
static void
check_device_names(struct xml_walk *w, uint32_t profile)
{
	const struct xml_records *r = w->r;
	struct holder *list = NULL;
	size_t n = 0, cap = 0;

	for (uint32_t i = xml_first(r, profile, NULL); i != 0;
	    i = xml_next(r, i, NULL)) {
		const char *name = xml_value(r, i, "name");
		const char *kind = r->elements[i].name;

		if (name != NULL && (strcmp(kind, "vnic") == 0 ||
		    strcmp(kind, "vhba") == 0 || strcmp(kind, "vdas") == 0 ||
		    strcmp(kind, "exclusive") == 0))
			ARENA_PUSH(w->arena, list, n, cap) =
			    (struct holder){ name, i };
	}
	if (n > 1)
		qsort(list, n, sizeof(*list), by_value);
	for (size_t i = 1; i < n; i++)
		if (strcasecmp(list[i - 1].value, list[i].value) == 0)
			xml_problem_add(w->out, 'B',
			    "DocumentDuplicate", list[i].element, "name",
			    "a device %.64s is there twice, first in line %u",
			    list[i].value,
			    r->elements[list[i - 1].element].line);
}

static void
check_duplicates(struct xml_walk *w)
{
	const struct xml_records *r = w->r;
	uint32_t list = xml_first(r, 0, "profiles"), i;

	for (i = 0; i < sizeof(unique) / sizeof(unique[0]); i++)
		check_unique(w, unique[i].path, unique[i].attr);
	if (list == 0)
		return;
	for (i = xml_first(r, list, "profile"); i != 0;
	    i = xml_next(r, i, "profile"))
		check_device_names(w, i);
}

static void
check_kind(struct xml_walk *w)
{
	const char *kind = xml_value(w->r, 0, "kind");

	if (kind != NULL && strcmp(kind, "profile") != 0 &&
	    strcmp(kind, "logical") != 0 && strcmp(kind, "system") != 0 &&
	    strcmp(kind, "full") != 0)
		xml_problem_add(w->out, 'B', "DocumentKind", 0, "kind",
		    "documents of kind profile, logical, system and full can "
		    "be imported, not %.32s", kind);
}

/* "exported by rack-1 at …", or nothing. */
static const char *
origin_words(struct xml_walk *w)
{
	const struct xml_records *r = w->r;
	uint32_t origin = xml_first(r, 0, "origin");
	const char *name, *at;

	name = origin != 0 ? xml_value(r, origin, "name") : NULL;
	at = origin != 0 ? xml_value(r, origin, "exportedAt") : NULL;
	if (name == NULL || at == NULL)
		return "";
	return arena_printf(w->arena, " (exported by %.64s at %.32s)",
	    name, at);
}

static bool
differs(const struct xml_walk *w, uint32_t integrity, const char *name,
    const char *digest)
{
	const struct xml_records *r = w->r;
	uint32_t i = xml_first(r, integrity, name);

	return i != 0 && strcmp(xml_normal(w->arena,
	    r->elements[i].text), digest) != 0;
}

/* A digest tells; it forbids nothing.  Other blanks only are a remark. */
static void
check_integrity(struct xml_walk *w)
{
	const struct xml_records *r = w->r;
	uint32_t at = xml_first(r, 0, "integrity");

	if (at == 0)
		return;
	if (differs(w, at, "contentDigest", r->content_digest))
		xml_problem_add(w->out, 'C', "DocumentModified", at,
		    NULL, "the document was changed after its export%s",
		    origin_words(w));
	else if (differs(w, at, "documentDigest", r->document_digest))
		xml_problem_add(w->out, xml_first(r, at,
		    "contentDigest") != 0 ? 'W' : 'C', "DocumentModified", at,
		    NULL, "the document's form was changed after its export%s",
		    origin_words(w));
}

/* Sections that say what a profile needs are used, or are not ours to apply. */
static void
check_sections(struct xml_walk *w)
{
	static const char *const known[] = {
		"origin", "hardware", "networks", "profiles", "integrity",
		"extensions",
	};
	const struct xml_records *r = w->r;
	const char *kind = xml_value(r, 0, "kind");

	if (kind != NULL && strcmp(kind, "profile") != 0)
		return;

	for (uint32_t i = xml_first(r, 0, NULL); i != 0;
	    i = xml_next(r, i, NULL)) {
		bool ours = xml_is_foreign(r->elements[i].name) ||
		    r->elements[i].end == i + 1;

		for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			ours = ours || strcmp(known[k],
			    r->elements[i].name) == 0;
		if (!ours)
			xml_problem_add(w->out, 'C',
			    "DocumentPartIgnored", i, NULL,
			    "%s is not imported with a profile",
			    r->elements[i].name);
	}
}

void
xml_document_check(struct xml_walk *w)
{
	check_kind(w);
	check_integrity(w);
	check_sections(w);
	check_duplicates(w);
}
