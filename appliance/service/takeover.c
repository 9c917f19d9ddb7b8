/* takeover.c -- an import that takes addresses over; see takeover.h. */
#include "appliance/service/takeover.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "appliance/service/planning.h"
#include "appliance/service/settings.h"
#include "base/clock.h"
#include "profiles/takeover.h"
#include "profiles/trust.h"
#include "profiles/xml_import.h"

/* ---- where a document is from ---- */

struct origin {
	const char *id, *name;		/* "" when it does not say */
	int64_t epoch, at_ms;
	bool foreign;			/* it says so, and it is not us */
};

static const char *
value_of(const struct xml_records *r, uint32_t element, const char *name)
{
	const char *value = element != 0 ? xml_value(r, element, name) : NULL;

	return value != NULL ? value : "";
}

static int
read_origin(struct store *store, const struct xml_records *r,
    struct origin *o, struct err *e)
{
	uint32_t element = xml_first(r, 0, "origin");
	struct appliance self;

	if (store_appliance(store, &self, e) < 0)
		return -1;
	o->id = value_of(r, element, "applianceUuid");
	o->name = value_of(r, element, "name");
	o->epoch = strtoll(value_of(r, element, "identityEpoch"), NULL, 10);
	o->at_ms = time_parse(value_of(r, element, "exportedAt"));
	o->foreign = o->id[0] != '\0' && strcasecmp(o->id, self.id) != 0;
	return 0;
}

/* ---- what is taken over ---- */

static void
add_identity(struct edit *x, struct takeover_plan *t, const struct address *a)
{
	struct identity id = { .space = a->space, .role = a->role,
		.high = a->high, .value = a->value };

	memcpy(id.profile, a->profile->head.id, sizeof(id.profile));
	memcpy(id.profile_name, a->profile->head.name,
	    sizeof(id.profile_name));
	if (a->device != NULL) {
		memcpy(id.device, a->device->id, sizeof(id.device));
		memcpy(id.device_name, a->device->name,
		    sizeof(id.device_name));
	}
	ARENA_PUSH(x->call->arena, t->identities, t->n_identities,
	    t->cap_identities) = id;
}

/* What we once had and let go of comes back with the document. */
static void
take_back(struct edit *x, struct takeover_plan *t, const struct profile *p,
    struct device *d)
{
	struct address a = { .profile = p, .device = d, .value = d->address,
		.space = d->kind == DEVICE_VNIC ? SPACE_MAC : SPACE_WWN,
		.role = d->kind == DEVICE_VNIC ? ROLE_MAC : ROLE_WWPN };

	d->suspended = false;
	add_identity(x, t, &a);
}

/* `back`: with what is suspended here, too. */
static void
gather_identities(struct edit *x, struct takeover_plan *t, bool back)
{
	struct address *given, *taken;
	size_t n_given, n_taken;

	change_addresses(x->set, &given, &n_given, &taken, &n_taken);
	for (size_t i = 0; i < n_taken; i++)
		if (taken[i].value != 0 || taken[i].high != 0)
			add_identity(x, t, &taken[i]);
	for (size_t i = 0; back && i < x->set->n; i++) {
		struct profile *p = x->set->items[i].after;

		if (x->set->items[i].type != OBJ_PROFILE || p == NULL)
			continue;
		for (size_t k = 0; k < p->n_devices; k++)
			if (p->devices[k].suspended &&
			    p->devices[k].address != 0)
				take_back(x, t, p, &p->devices[k]);
	}
}

static bool
has_block(const struct pool *p, const struct block *b)
{
	for (size_t i = 0; p != NULL && i < p->n_blocks; i++)
		if (p->blocks[i].from == b->from && p->blocks[i].to == b->to)
			return true;
	return false;
}

/* Blocks that were not here before. */
static void
gather_blocks(struct edit *x, struct takeover_plan *t)
{
	for (size_t i = 0; i < x->set->n; i++) {
		const struct change *c = &x->set->items[i];
		const struct pool *p = c->after;

		if (c->type != OBJ_POOL || p == NULL)
			continue;
		for (size_t k = 0; k < p->n_blocks; k++)
			if (!has_block(c->before, &p->blocks[k]))
				ARENA_PUSH(x->call->arena, t->blocks,
				    t->n_blocks, t->cap_blocks) =
				    (struct takeover_block){ p->type,
				    p->blocks[k].from, p->blocks[k].to,
				    p->head.name };
	}
}

/* ---- rule 58 ---- */

static int
newest_epoch(struct edit *x, const struct identity *id, int64_t *epoch,
    struct err *e)
{
	struct identity *rows;
	size_t n;

	if (ledger_history_of(x->call->store, x->call->arena, id, &rows, &n,
	    e) < 0)
		return -1;
	*epoch = 0;
	for (size_t i = 0; i < n; i++)
		if (rows[i].epoch > *epoch)
			*epoch = rows[i].epoch;
	return 0;
}

/* Somebody was asked about that profile. */
static bool
is_asked(const struct xml_imported *in, const char *profile)
{
	for (size_t i = 0; i < in->conflicts.n; i++)
		if (strcmp(in->conflicts.items[i].row->key,
		    "EpochBehind") == 0 &&
		    strcmp(in->conflicts.items[i].name, profile) == 0)
			return true;
	return false;
}

static uint32_t
element_of(const struct xml_imported *in, const char *id)
{
	for (size_t i = 0; i < in->n_read; i++)
		if (strcmp(in->read[i].id, id) == 0)
			return in->read[i].element;
	return 0;
}

/* What is at a slot here is not taken off it by an option. */
static void
ask(struct xml_imported *in, const struct change *c, int64_t here,
    int64_t there)
{
	const struct profile *before = c->before;
	struct profile *p = c->after;
	struct xml_about a = { .row = "EpochBehind", .type = "profile",
		.name = p->head.name, .element = element_of(in, p->head.id) };
	const struct xml_conflict *k;

	if (before != NULL && before->slot != 0)
		a.options = "takeover";
	k = xml_conflict_add(&in->conflicts, &a, "it has addresses of epoch "
	    "%" PRId64 "; here they went up to %" PRId64 " since", there,
	    here);
	if (xml_conflict_is(k, "hold"))
		p->slot = 0;
}

int
takeover_behind(struct edit *x, const struct xml_records *r,
    const struct xml_import_options *o, struct xml_imported *in,
    struct err *e)
{
	struct takeover_plan t = { .n_identities = 0 };
	struct origin from;
	int64_t epoch;

	if (read_origin(x->call->store, r, &from, e) < 0)
		return -1;
	if (from.id[0] == '\0' || o->new_identities || o->mode == XML_CLONE)
		return 0;
	gather_identities(x, &t, false);
	for (size_t i = 0; i < t.n_identities; i++) {
		const struct change *c;

		if (newest_epoch(x, &t.identities[i], &epoch, e) < 0)
			return -1;
		c = epoch <= from.epoch ? NULL : rules_change(x->set,
		    OBJ_PROFILE, t.identities[i].profile);
		if (c != NULL && c->after != NULL &&
		    ((const struct profile *)c->after)->slot != 0 &&
		    !is_asked(in, t.identities[i].profile_name))
			ask(in, c, epoch, from.epoch);
	}
	return 0;
}

static int
check_epochs(struct edit *x, const struct takeover_plan *t,
    const struct xml_imported *in, struct err *e)
{
	size_t behind = 0;
	int64_t newest = 0, epoch;

	for (size_t i = 0; i < t->n_identities; i++) {
		if (newest_epoch(x, &t->identities[i], &epoch, e) < 0)
			return -1;
		if (epoch <= t->epoch || is_asked(in,
		    t->identities[i].profile_name))
			continue;
		behind++;
		if (epoch > newest)
			newest = epoch;
	}
	if (behind > 0)
		rules_note(x->broken, "EpochBehind", 0, "",
		    "%zu addresses of the document are of epoch %" PRId64
		    "; here they went up to %" PRId64 " since", behind,
		    t->epoch, newest);
	return 0;
}

/* ---- the plan ---- */

static void
note_takeover(struct edit *x, const struct takeover_plan *t, bool drill)
{
	if (drill && t->n_blocks > 0)
		rules_note(x->broken, "DrillPools", 0, "",
		    "pool %s has addresses of %s, and a drill would give them "
		    "away", t->blocks[0].pool, t->name);
	else if (!drill && t->n_identities + t->n_blocks > 0)
		rules_note(x->broken, "Takeover", 0, "",
		    "%zu addresses and %zu blocks are of %s; confirm with its "
		    "name that it is down or fenced", t->n_identities,
		    t->n_blocks, t->name);
}

int
takeover_import(struct edit *x, const struct xml_records *r,
    const struct xml_import_options *o, const struct xml_imported *in,
    struct err *e)
{
	struct takeover_plan *t = arena_alloc(x->call->arena, sizeof(*t));
	bool drill = o->new_identities || o->mode == XML_CLONE;
	struct origin from;

	if (read_origin(x->call->store, r, &from, e) < 0)
		return -1;
	/* A document that does not say where it is from claims nothing. */
	if (from.id[0] == '\0')
		return 0;
	t->taking = true;
	t->epoch = from.epoch;
	snprintf(t->origin, sizeof(t->origin), "%s", from.id);
	snprintf(t->name, sizeof(t->name), "%s", from.name);
	gather_identities(x, t, from.foreign && !drill);
	gather_blocks(x, t);
	if (check_epochs(x, t, in, e) < 0)
		return -1;
	if (!from.foreign)
		return 0;
	note_takeover(x, t, drill);
	if (!drill && t->n_identities + t->n_blocks > 0)
		x->takeover = t;
	return 0;
}

/* ---- the commit ---- */

int
takeover_begin(struct planning *p, struct err *e)
{
	const struct takeover_plan *t = p->takeover;
	struct appliance self;
	int64_t epoch;

	if (t == NULL)
		return 0;
	if (store_appliance(p->call->store, &self, e) < 0)
		return -1;
	epoch = t->epoch > self.identity_epoch ? t->epoch :
	    self.identity_epoch;
	/* Who lets go has seen it; who takes is above everything seen. */
	return store_epoch_raise(p->call->store, t->taking ? epoch + 1 :
	    epoch, e);
}

static const char *
text_in(struct arena *a, json_t *value)
{
	char *text = json_text(value), *copy = arena_strdup(a, text);

	free(text);
	json_decref(value);
	return copy;
}

static json_t *
appliance_json(const char *id, const char *name)
{
	json_t *o = json_object();

	json_put(o, "id", json_str(id));
	json_put(o, "name", json_str(name));
	return o;
}

static json_t *
takeover_json(const struct takeover_plan *t, const struct takeover *row,
    const struct appliance *self)
{
	json_t *o = json_object(), *ids = json_array(), *blocks = json_array();

	json_put(o, "id", json_str(row->id));
	json_put(o, "at", json_time(row->at_ms));
	json_put(o, "epoch", json_int(row->epoch));
	json_put(o, "by", appliance_json(self->id, self->name));
	json_put(o, "from", appliance_json(t->origin, t->name));
	for (size_t i = 0; i < t->n_identities; i++)
		json_put(ids, NULL, takeover_identity_json(
		    &t->identities[i]));
	for (size_t i = 0; i < t->n_blocks; i++)
		json_put(blocks, NULL, takeover_block_json(&t->blocks[i]));
	json_put(o, "identities", ids);
	json_put(o, "blocks", blocks);
	return o;
}

static int
make_notice(struct call *c, const struct takeover_plan *t,
    struct takeover *row, const struct appliance *self, struct err *e)
{
	json_t *notice = json_object(), *o = takeover_json(t, row, self);
	const char *lines = takeover_lines(c->arena, o);
	struct trust_key *signer = NULL;
	char sig[SIGN_TEXT];

	json_put(notice, "takeover", o);
	if (trust_sign(c->store, c->arena, lines, sig, &signer, e) < 0) {
		json_decref(notice);
		return -1;
	}
	json_put(notice, "signature", signer == NULL ? json_null() :
	    json_pack("{s:s,s:s,s:s}", "alg", "Ed25519", "keyId",
	    signer->key_id, "value", sig));
	row->notice = text_in(c->arena, notice);
	return 0;
}

static int
claim(struct call *c, const struct takeover_plan *t, int64_t epoch,
    struct err *e)
{
	for (size_t i = 0; i < t->n_identities; i++)
		if (ledger_claim(c->store, &t->identities[i], epoch, e) < 0)
			return -1;
	return 0;
}

static int
write_row(struct planning *p, int64_t job, struct err *e)
{
	struct rng rng = rng_seed(p->call->request->seed ^
	    UINT64_C(0x74616b656f766572));
	const struct takeover_plan *t = p->takeover;
	struct call *c = p->call;
	struct takeover row = { .at_ms = c->request->wall_ms, .job = job };
	struct appliance self;

	if (store_appliance(c->store, &self, e) < 0)
		return -1;
	(void)rng_uuid(&rng, row.id);
	row.epoch = self.identity_epoch;
	snprintf(row.actor, sizeof(row.actor), "%s", c->request->actor);
	memcpy(row.origin, t->origin, sizeof(row.origin));
	memcpy(row.origin_name, t->name, sizeof(row.origin_name));
	if (make_notice(c, t, &row, &self, e) < 0 ||
	    takeover_add(c->store, &row, e) < 0 ||
	    claim(c, t, row.epoch, e) < 0)
		return -1;
	return settings_event(c, "takeover", row.id, row.origin_name, e);
}

int
takeover_commit(struct planning *p, int64_t job, struct err *e)
{
	const struct takeover_plan *t = p->takeover;

	if (t == NULL)
		return 0;
	if (t->taking && write_row(p, job, e) < 0)
		return -1;
	return split_drop(p->call->store, t->origin, e);
}

/* ---- splits ---- */

/* Addresses of a document, wherever they stand in it. */
static bool
identity_at(const struct xml_records *r, uint32_t i, int which,
    struct identity *id)
{
	static const struct {
		const char *element, *attr;
		enum id_space space;
	} places[] = {
		{ "mac", "value", SPACE_MAC }, { "wwpn", "value", SPACE_WWN },
		{ "identity", "wwnn", SPACE_WWN },
		{ "identity", "systemUuid", SPACE_UUID },
	};
	const char *text;

	if (strcmp(r->elements[i].name, places[which].element) != 0)
		return false;
	text = xml_value(r, i, places[which].attr);
	*id = (struct identity){ .space = places[which].space };
	if (text == NULL)
		return false;
	if (id->space == SPACE_UUID)
		return uuid_valid(text) &&
		    uuid_parse(text, &id->high, &id->value);
	return id->space == SPACE_MAC ? mac_parse(text, &id->value) :
	    wwn_parse(text, &id->value);
}

/* We have it and mean to keep it, and who made the document does too. */
static int
is_split(struct call *c, const struct identity *id, const struct origin *from,
    bool since, bool *split, struct err *e)
{
	struct identity *live;
	struct profile *p;
	struct device *d = NULL;

	*split = false;
	if (ledger_live_of(c->store, c->arena, id, &live, e) < 0)
		return -1;
	if (live == NULL || live->state != ID_ASSIGNED ||
	    (live->epoch >= from->epoch && !since))
		return 0;
	if (profile_load(c->store, c->arena, live->profile, &p, e) < 0)
		return e->code == ERR_NOT_FOUND ? 0 : -1;
	if (live->device[0] != '\0')
		d = profile_device(p, live->device);
	*split = d == NULL || !d->suspended;
	return 0;
}

static int
count_split(struct call *c, const struct xml_records *r,
    const struct origin *from, bool since, struct split *s, struct err *e)
{
	for (uint32_t i = 1; i < r->n; i++)
		for (int which = 0; which < 4; which++) {
			struct identity id;
			bool split;
			json_t *o;

			if (!identity_at(r, i, which, &id))
				continue;
			if (is_split(c, &id, from, since, &split, e) < 0)
				return -1;
			if (!split || s->count++ > 0)
				continue;
			id.role = id.space == SPACE_MAC ? ROLE_MAC :
			    id.space == SPACE_UUID ? ROLE_UUID : ROLE_WWPN;
			o = takeover_identity_json(&id);
			snprintf(s->example, sizeof(s->example), "%s",
			    json_string_value(json_object_get(o, "value")));
			json_decref(o);
		}
	return 0;
}

/*
 * Either they went on with a higher epoch than ours (they took over, and nobody
 * told us), or they exported after we had taken over from them.
 */
int
takeover_look(struct call *c, const struct xml_records *r, struct err *e)
{
	struct split s = { .seen_ms = c->request->wall_ms };
	struct origin from;
	int64_t last;

	if (read_origin(c->store, r, &from, e) < 0)
		return -1;
	if (!from.foreign)
		return 0;
	if (takeover_last(c->store, from.id, &last, e) < 0 ||
	    count_split(c, r, &from, last != 0 && from.at_ms > last, &s,
	    e) < 0)
		return -1;
	if (s.count == 0)
		return 0;
	snprintf(s.origin, sizeof(s.origin), "%s", from.id);
	snprintf(s.name, sizeof(s.name), "%s", from.name);
	s.epoch = from.epoch;
	return split_put(c->store, &s, e);
}
