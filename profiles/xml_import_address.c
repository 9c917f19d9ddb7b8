/* xml_import_address.c -- addresses of a document that somebody else has here;
 * see xml_import_int.h. */
#include <stdio.h>
#include <string.h>

#include "profiles/ledger.h"
#include "profiles/xml_import_int.h"

bool
xml_addresses_fresh(const struct import *im)
{
	return im->o->new_identities || im->o->mode == XML_CLONE;
}

/* ---- giving up ---- */

static const struct xml_about *
about(struct import *im, const struct address *a, const char *row,
    struct xml_about *out)
{
	const char *id = a->device != NULL ? a->device->id :
	    a->profile->head.id;
	char text[40];

	*out = (struct xml_about){ .row = row, .type = "profile",
		.name = a->profile->head.name };
	if (a->space == SPACE_MAC)
		(void)mac_text(a->value, text);
	else if (a->space == SPACE_WWN)
		(void)wwn_text(a->value, text);
	else
		(void)snprintf(text, sizeof(text), "%s",
		    a->profile->system_uuid);
	out->part = arena_strdup(im->walk.arena, text);
	for (size_t i = 0; i < im->n_read; i++)
		if (strcmp(im->read[i].id, id) == 0)
			out->element = im->read[i].element;
	return out;
}

/* It gets another one: of the pool it names, else of the default one. */
static void
renew(struct profile *p, const char *device, enum id_role role)
{
	struct device *d = *device != '\0' ? profile_device(p, device) : NULL;

	if (d != NULL) {
		d->address = 0;
		if (d->source != SOURCE_POOL)
			d->pool[0] = '\0';
		d->source = SOURCE_POOL;
	} else if (role == ROLE_WWNN) {
		p->wwnn = 0;
	} else if (role == ROLE_UUID) {
		(void)snprintf(p->system_uuid, sizeof(p->system_uuid), "pool");
	}
}

static struct profile *
edit(struct import *im, const char *id)
{
	struct profile *p;
	struct err e;

	if (change_profile(im->walk.set, id, &p, &e) == 0)
		return p;
	if (e.code != ERR_NOT_FOUND)
		(void)xml_im_failed(im, &e);
	return NULL;
}

static void
renew_one(struct import *im, const struct address *a)
{
	struct profile *p = edit(im, a->profile->head.id);

	if (p != NULL)
		renew(p, a->device != NULL ? a->device->id : "", a->role);
}

static void
renew_all(struct import *im, const struct address *of, const
    struct address *taken, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (taken[i].profile == of->profile)
			renew_one(im, &taken[i]);
}

/* ---- who has it ---- */

static bool
gives_up(const struct address *list, size_t n, const struct identity *live)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].space == live->space &&
		    list[i].high == live->high && list[i].value == live->value)
			return true;
	return false;
}

static bool
is_owner(const struct identity *live, const struct address *a)
{
	return strcmp(live->profile, a->profile->head.id) == 0 &&
	    strcmp(live->device, a->device != NULL ? a->device->id : "") == 0;
}

static void
taken_by(struct import *im, const struct address *a,
    const struct identity *live, const struct address *taken, size_t n)
{
	struct xml_about what;
	const struct xml_conflict *c;
	struct profile *owner;

	(void)about(im, a, "IdentityTaken", &what);
	c = xml_conflict_add(im->conflicts, &what, "%s is of %s%s%s here",
	    what.part, live->profile_name, live->device[0] != '\0' ? "/" : "",
	    live->device_name);
	if (xml_conflict_is(c, "newForConflicting"))
		renew_one(im, a);
	else if (xml_conflict_is(c, "newForProfile"))
		renew_all(im, a, taken, n);
	else if (xml_conflict_is(c, "takeover")) {
		owner = edit(im, live->profile);
		if (owner != NULL)
			renew(owner, live->device, live->role);
	}
}

static void
rests(struct import *im, const struct address *a,
    const struct identity *live)
{
	int64_t minutes = (live->until_ms - im->walk.set->wall_ms + 59999) /
	    60000;
	const struct xml_conflict *c;
	struct xml_about what;

	(void)about(im, a, "IdentityQuarantined", &what);
	c = xml_conflict_add(im->conflicts, &what,
	    "%s rests %lld more minutes after %s%s%s", what.part,
	    (long long)minutes, live->profile_name,
	    live->device[0] != '\0' ? "/" : "", live->device_name);
	if (xml_conflict_is(c, "new"))
		renew_one(im, a);
}

/* The address still is what was looked at: an answer about another one of the
 * profile may have renewed it. */
static bool
still_wanted(const struct address *a)
{
	if (a->device != NULL)
		return a->device->address == a->value;
	return a->role != ROLE_WWNN || a->profile->wwnn == a->value;
}

static int
check_one(struct import *im, const struct address *a,
    const struct address *given, size_t n_given,
    const struct address *taken, size_t n_taken)
{
	struct identity key = { .space = a->space, .high = a->high,
		.value = a->value }, *live;
	struct err e;

	if (ledger_live_of(im->walk.set->store, im->walk.arena, &key, &live,
	    &e) < 0)
		return xml_im_failed(im, &e);
	if (live == NULL || is_owner(live, a) || gives_up(given, n_given,
	    live))
		return 0;
	if (live->state == ID_ASSIGNED)
		taken_by(im, a, live, taken, n_taken);
	else if (live->state == ID_QUARANTINED &&
	    live->until_ms > im->walk.set->wall_ms)
		rests(im, a, live);
	return 0;
}

/* Everything that is taken and was not before. */
void
xml_addresses_check(struct import *im)
{
	struct address *given, *taken;
	size_t n_given, n_taken;

	change_addresses(im->walk.set, &given, &n_given, &taken, &n_taken);
	for (size_t i = 0; i < n_taken && im->walk.failed == 0; i++)
		if (taken[i].value != 0 && still_wanted(&taken[i]) &&
		    check_one(im, &taken[i], given, n_given, taken,
		    n_taken) < 0)
			return;
}
