/* xml_import_pool.c -- pools of a document; see xml_import_int.h. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "profiles/change_rows.h"
#include "profiles/ledger.h"
#include "profiles/xml_import_int.h"

static struct xml_about
about(const struct xml_named_thing *x, const char *row)
{
	return (struct xml_about){ .row = row, .type = object_word(OBJ_POOL),
		.name = x->name, .element = x->section };
}

/* "mac" ..., as in the table of fields. */
static const char *
type_word(const struct pool *p)
{
	const struct field *f = field_pool.fields;

	while (f->json == NULL || strcmp(f->json, "type") != 0)
		f++;
	return f->words[p->type];
}

bool
xml_pool_is_needed(const struct import *im, const struct head *h)
{
	const struct pool *p = (const struct pool *)(const void *)h;

	for (size_t i = 0; p->is_default && i < im->n_things; i++) {
		const struct xml_named_thing *x = &im->things[i];
		const char *type, *chosen;

		if (x->kind != XML_NAMED_POOL || x->section == 0)
			continue;
		type = xml_value(im->walk.r, x->section, "type");
		chosen = xml_value(im->walk.r, x->section, "default");
		if (type != NULL && chosen != NULL &&
		    strcmp(chosen, "true") == 0 &&
		    strcmp(type, type_word(p)) == 0)
			return false;
	}
	return p->is_default;
}

/* ---- a pool of that name is here ---- */

static bool
same_blocks(const struct block *a, size_t n, const struct block *b, size_t m)
{
	if (n != m)
		return false;
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < m && (a[i].from != b[k].from || a[i].to != b[k].to))
			k++;
		if (k == m)
			return false;
	}
	return true;
}

/* Nothing of it is given away, reserved or at rest. */
static bool
is_unused(struct import *im, const struct pool *p)
{
	int64_t n[3];
	struct err e;

	if (ledger_count(im->walk.set->store, p->head.id, n, &e) < 0) {
		(void)xml_im_failed(im, &e);
		return false;
	}
	return n[0] + n[1] + n[2] == 0;
}

/* What the document says about it, without touching it. */
static const struct pool *
as_document(struct import *im, const struct xml_named_thing *x,
    const struct pool *here)
{
	struct xml_problems *out = im->walk.out, quiet = *out;
	struct pool *p = pool_copy(im->walk.arena, here);

	/* Said once, when it is read for good. */
	quiet.items = NULL;
	quiet.n = quiet.cap = 0;
	im->walk.out = &quiet;
	xml_walk_object(&im->walk, &field_pool, x->section, false, p);
	im->walk.out = out;
	return p;
}

static void
read_it(struct import *im, const struct xml_named_thing *x, void *pool)
{
	xml_walk_object(&im->walk, &field_pool, x->section, false, pool);
	xml_im_rest(im, x->section);
}

/* The one here goes and the document's comes, with its id; what "pool" means
 * stays. */
static void
replace_it(struct import *im, struct xml_named_thing *x,
    const struct pool *here)
{
	bool is_default = here->is_default;
	struct pool *p;
	struct err e;

	if (change_remove(im->walk.set, OBJ_POOL, here->head.id, &e) < 0) {
		(void)xml_im_failed(im, &e);
		return;
	}
	p = change_make_pool(im->walk.set);
	xml_im_take_id(im, x->section, OBJ_POOL, &p->head);
	p->is_default = is_default;
	xml_walk_object(&im->walk, &field_pool, x->section, true, p);
	xml_im_rest(im, x->section);
	memcpy(x->id, p->head.id, ID_TEXT);
}

void
xml_pool_found(struct import *im, struct xml_named_thing *x,
    struct pool *here)
{
	const struct pool *wished = as_document(im, x, here);
	struct xml_about what = about(x, "PoolDiffers");
	const char *id = xml_im_id(im, x->section);
	const struct xml_conflict *c;
	bool same = id == NULL || strcasecmp(id, here->head.id) == 0;
	bool unused;

	if (wished->type == here->type && same_blocks(here->blocks,
	    here->n_blocks, wished->blocks, wished->n_blocks)) {
		/* A restore brings back who it was, where nobody minds. */
		if (!same && im->o->mode == XML_REPLACE && is_unused(im, here))
			replace_it(im, x, here);
		else
			read_it(im, x, here);
		return;
	}
	unused = is_unused(im, here);
	what.def = unused ? "replaceUnused" : same &&
	    im->o->mode == XML_REPLACE ? "useImported" : NULL;
	if (!unused)
		what.options = "refuse keepLocal useImported mapTo";
	c = xml_conflict_add(im->conflicts, &what,
	    "it has other blocks here%s", unused ?
	    ", of which nothing was given away" : "");
	if (xml_conflict_is(c, "refuse"))
		x->refused = true;
	else if (xml_conflict_is(c, "useImported") || (same &&
	    xml_conflict_is(c, "replaceUnused")))
		read_it(im, x, here);
	else if (xml_conflict_is(c, "replaceUnused"))
		replace_it(im, x, here);
	else if (xml_conflict_is(c, "mapTo") && !im->here.id_of(
	    im->here.cookie, OBJ_POOL, c->value, x->id)) {
		x->refused = true;
		xml_problem_add(im->walk.out, 'B', "MissingDependency",
		    x->section, NULL, "%s is mapped to %.64s, which is not "
		    "here", x->name, c->value);
	}
}

/* ---- blocks that two pools have ---- */

/* MACs, or WWNs in whatever role. */
static bool
same_space(const struct pool *a, const struct pool *b)
{
	return (a->type == POOL_MAC) == (b->type == POOL_MAC);
}

static const struct block *
overlap(const struct pool *a, const struct pool *b)
{
	for (size_t i = 0; i < a->n_blocks; i++)
		for (size_t k = 0; k < b->n_blocks; k++)
			if (a->blocks[i].from <= b->blocks[k].to &&
			    b->blocks[k].from <= a->blocks[i].to)
				return &b->blocks[k];
	return NULL;
}

/* The blocks of a without what b has. */
static void
subtract(struct arena *arena, struct pool *a, const struct block *b)
{
	struct block *out = NULL;
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < a->n_blocks; i++) {
		struct block x = a->blocks[i];

		if (x.to < b->from || b->to < x.from) {
			ARENA_PUSH(arena, out, n, cap) = x;
			continue;
		}
		if (x.from < b->from)
			ARENA_PUSH(arena, out, n, cap) =
			    (struct block){ x.from, b->from - 1 };
		if (x.to > b->to)
			ARENA_PUSH(arena, out, n, cap) =
			    (struct block){ b->to + 1, x.to };
	}
	a->blocks = out;
	a->n_blocks = n;
}

/* Exclusions are parts of the blocks. */
static void
trim_exclusions(struct pool *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_exclusions; i++)
		for (size_t k = 0; k < p->n_blocks; k++)
			if (p->exclusions[i].from >= p->blocks[k].from &&
			    p->exclusions[i].to <= p->blocks[k].to) {
				p->exclusions[n++] = p->exclusions[i];
				break;
			}
	p->n_exclusions = n;
}

static void
leave_out(struct import *im, struct change *c)
{
	c->after = c->before == NULL ? NULL :
	    pool_copy(im->walk.arena, c->before);
}

static void
check_pair(struct import *im, struct xml_named_thing *x, struct change *c,
    const struct pool *other)
{
	struct xml_about what = about(x, "PoolOverlap");
	const struct block *b = overlap(c->after, other);
	const struct xml_conflict *k;
	char from[WWN_TEXT], to[WWN_TEXT];
	bool mac = other->type == POOL_MAC;

	if (b == NULL)
		return;
	what.part = other->head.name;
	k = xml_conflict_add(im->conflicts, &what,
	    "%s to %s is of pool %s here", mac ? mac_text(b->from, from) :
	    wwn_text(b->from, from), mac ? mac_text(b->to, to) :
	    wwn_text(b->to, to), other->head.name);
	if (xml_conflict_is(k, "shrink")) {
		while ((b = overlap(c->after, other)) != NULL)
			subtract(im->walk.arena, c->after, b);
		trim_exclusions(c->after);
		return;
	}
	leave_out(im, c);
	x->refused = xml_conflict_is(k, "refuse");
	if (xml_conflict_is(k, "keepLocal"))
		memcpy(x->id, other->head.id, ID_TEXT);
}

/* A pool here that stays and that the document did not bring. */
static bool
is_others(const struct import *im, const struct pool *p)
{
	const struct change *c = change_find(im->walk.set, OBJ_POOL,
	    p->head.id);

	if (c != NULL && c->after == NULL)
		return false;
	for (size_t i = 0; i < im->n_things; i++)
		if (im->things[i].kind == XML_NAMED_POOL &&
		    im->things[i].section != 0 && im->things[i].done &&
		    strcmp(im->things[i].id, p->head.id) == 0)
			return false;
	return true;
}

static void
check_pool(struct import *im, struct xml_named_thing *x,
    const struct pool *here, size_t n)
{
	struct change *c = change_find(im->walk.set, OBJ_POOL, x->id);

	for (size_t i = 0; i < n && c != NULL && c->after != NULL; i++)
		if (same_space(c->after, &here[i]) && is_others(im, &here[i]))
			check_pair(im, x, c, &here[i]);
}

void
xml_pools_overlap(struct import *im)
{
	enum { POOLS = 4096 };
	struct pool *here;
	struct err e;
	size_t n;

	if (im->walk.failed < 0)
		return;
	if (pool_list(im->walk.set->store, im->walk.arena, "", POOLS, &here,
	    &n, &e) < 0) {
		(void)xml_im_failed(im, &e);
		return;
	}
	for (size_t i = 0; i < im->n_things; i++) {
		struct xml_named_thing *x = &im->things[i];

		if (x->kind == XML_NAMED_POOL && x->section != 0 && x->done &&
		    !x->refused)
			check_pool(im, x, here, n);
	}
}
