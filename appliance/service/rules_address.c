/* rules_address.c -- MACs, WWNs and UUIDs: rules 2 to 11. */
#include <string.h>
#include <strings.h>

#include "appliance/service/rules_checks.h"
#include "base/clock.h"

/* One address that the change set takes, and where it was written. */
typedef void taken_fn(struct rules *, const struct address *,
    const char *pointer);

static const struct change *
change_of_profile(const struct rules *r, const struct profile *p)
{
	return rules_change_of(r, OBJ_PROFILE, p->head.id);
}

/* Addresses of a profile stand side by side mostly: `*last` is tried first. */
static const char *
pointer_of(const struct rules *r, const struct address *a,
    const struct change **last)
{
	const struct change *c = *last;

	if (c == NULL || c->after != a->profile)
		c = *last = change_of_profile(r, a->profile);
	if (c == NULL)
		return "";
	if (a->device == NULL)
		return rules_at(r, c, NULL, a->space == SPACE_UUID ?
		    "/systemUuid" : "/wwnn");
	return rules_at(r, c, a->device, a->space == SPACE_MAC ? "/mac" :
	    "/wwpn");
}

static void
each_taken(struct rules *r, taken_fn *fn)
{
	const struct change *last = NULL;
	struct address *given, *taken;
	size_t n_given, n_taken;

	change_addresses(r->set, &given, &n_given, &taken, &n_taken);
	for (size_t i = 0; i < n_taken; i++)
		if (taken[i].value != 0)
			fn(r, &taken[i], pointer_of(r, &taken[i], &last));
}

static const char *
text_of(const struct rules *r, const struct address *a)
{
	char text[UUID_TEXT];

	return arena_strdup(r->arena, a->space == SPACE_MAC ?
	    mac_text(a->value, text) : a->space == SPACE_WWN ?
	    wwn_text(a->value, text) : uuid_text(a->high, a->value, text));
}

static unsigned
top_byte(uint64_t mac)
{
	return (unsigned)(mac >> 40) & 0xff;
}

static void
mac_multicast(struct rules *r, const struct address *a, const char *at)
{
	if (a->space == SPACE_MAC && (top_byte(a->value) & 1) != 0)
		rules_note(r->out, r->rule->code, '\0', at,
		    "%s is a group address; a server needs one of its own",
		    text_of(r, a));
}

void
rules_mac_multicast(struct rules *r)
{
	each_taken(r, mac_multicast);
}

static void
mac_not_local(struct rules *r, const struct address *a, const char *at)
{
	if (a->space != SPACE_MAC || (top_byte(a->value) & 2) != 0 ||
	    a->device->source != SOURCE_STATIC)
		return;
	rules_note(r->out, r->rule->code, '\0', at,
	    "%s is not locally administered: some card may have it already",
	    text_of(r, a));
}

void
rules_mac_not_local(struct rules *r)
{
	each_taken(r, mac_not_local);
}

static void
mac_hardware(struct rules *r, const struct address *a, const char *at)
{
	for (size_t i = 0; i < r->view->n_ports; i++) {
		const struct fabric_port *p = &r->view->ports[i];

		if (p->address == 0 || p->address != a->value ||
		    (a->space == SPACE_MAC) !=
		    (view_class(r->view, p->bay) == CLASS_ETHERNET))
			continue;
		rules_note(r->out, r->rule->code, '\0', at,
		    "%s is the permanent address of port io%u/%u",
		    text_of(r, a), p->bay, p->port);
	}
}

void
rules_mac_hardware(struct rules *r)
{
	each_taken(r, mac_hardware);
}

/* ---- one live owner ---- */

static bool
owns(const struct identity *id, const struct address *a)
{
	if (a->device == NULL)
		return id->device[0] == '\0' &&
		    strcmp(id->profile, a->profile->head.id) == 0;
	return strcmp(id->device, a->device->id) == 0;
}

static bool
is_given_up(const struct rules *r, const struct address *a)
{
	struct address *given, *taken;
	size_t n_given, n_taken;

	change_addresses(r->set, &given, &n_given, &taken, &n_taken);
	for (size_t i = 0; i < n_given; i++)
		if (given[i].space == a->space && given[i].high == a->high &&
		    given[i].value == a->value)
			return true;
	return false;
}

/* The live row of somebody else; NULL when the address is free for us. */
static struct identity *
other_owner(struct rules *r, const struct address *a)
{
	struct identity key = { .space = a->space, .high = a->high,
	    .value = a->value }, *id;

	if (ledger_live_of(r->store, r->arena, &key, &id, &r->err) < 0) {
		r->failed = -1;
		return NULL;
	}
	if (id == NULL || owns(id, a) || is_given_up(r, a) ||
	    (id->until_ms != 0 && id->until_ms <= r->set->wall_ms))
		return NULL;
	return id;
}

static const char *
owner_words(const struct rules *r, const struct identity *id)
{
	if (id->device_name[0] == '\0')
		return arena_printf(r->arena, "profile %s", id->profile_name);
	return arena_printf(r->arena, "%s of profile %s", id->device_name,
	    id->profile_name);
}

/* A node name that is wanted for two profiles is a matter of scope. */
static bool
is_node_name(const struct address *a)
{
	return a->role == ROLE_WWNN;
}

static void
duplicate(struct rules *r, const struct address *a, const char *at, bool nodes)
{
	struct identity *id = other_owner(r, a);

	if (id == NULL || id->state == ID_QUARANTINED ||
	    nodes != (is_node_name(a) && id->role == ROLE_WWNN))
		return;
	rules_note(r->out, r->rule->code, '\0', at, "%s %s %s",
	    text_of(r, a), id->state == ID_RESERVED ?
	    "is reserved by a plan for" : "belongs to", owner_words(r, id));
}

static bool
is_same_value(const struct address *a, const struct address *b)
{
	return a->space == b->space && a->high == b->high &&
	    a->value == b->value;
}

/* Two of the same in one change set, which stand side by side in the list;
 * `nodes`: both for profiles, else not. */
static void
twins(struct rules *r, enum id_space space, bool nodes)
{
	const struct change *last = NULL;
	struct address *given, *taken;
	size_t n_given, n_taken;

	change_addresses(r->set, &given, &n_given, &taken, &n_taken);
	for (size_t i = 0; i < n_taken; i++)
		for (size_t k = i + 1; k < n_taken && is_same_value(&taken[i],
		    &taken[k]); k++)
			if (taken[i].space == space && taken[i].value != 0 &&
			    nodes == (is_node_name(&taken[i]) &&
			    is_node_name(&taken[k])))
				rules_note(r->out, r->rule->code, '\0',
				    pointer_of(r, &taken[k], &last),
				    "%s is wanted twice in this change",
				    text_of(r, &taken[k]));
}

static void
mac_duplicate(struct rules *r, const struct address *a, const char *at)
{
	if (a->space == SPACE_MAC)
		duplicate(r, a, at, false);
}

void
rules_mac_duplicate(struct rules *r)
{
	each_taken(r, mac_duplicate);
	twins(r, SPACE_MAC, false);
}

static void
wwn_duplicate(struct rules *r, const struct address *a, const char *at)
{
	if (a->space == SPACE_WWN)
		duplicate(r, a, at, false);
}

void
rules_wwn_duplicate(struct rules *r)
{
	each_taken(r, wwn_duplicate);
	twins(r, SPACE_WWN, false);
}

static void
wwnn_scope(struct rules *r, const struct address *a, const char *at)
{
	if (is_node_name(a))
		duplicate(r, a, at, true);
}

void
rules_wwnn_scope(struct rules *r)
{
	each_taken(r, wwnn_scope);
	twins(r, SPACE_WWN, true);
}

/* The server that had it may have it again: the same profile, or one that was
 * restored under the old names. */
static bool
had_it_last(const struct identity *id, const struct address *a)
{
	const char *device = a->device != NULL ? a->device->name : "";

	return strcmp(id->profile, a->profile->head.id) == 0 ||
	    (strcasecmp(id->profile_name, a->profile->head.name) == 0 &&
	    strcasecmp(id->device_name, device) == 0);
}

static void
uuid_duplicate(struct rules *r, const struct address *a, const char *at)
{
	if (a->space == SPACE_UUID)
		duplicate(r, a, at, false);
}

void
rules_uuid_duplicate(struct rules *r)
{
	each_taken(r, uuid_duplicate);
	twins(r, SPACE_UUID, false);
}

static void
quarantined(struct rules *r, const struct address *a, const char *at)
{
	struct identity *id = other_owner(r, a);
	char until[TIME_TEXT];

	if (id == NULL || id->state != ID_QUARANTINED || had_it_last(id, a))
		return;
	rules_note(r->out, r->rule->code, '\0', at,
	    "%s was given up by %s and rests until %s",
	    text_of(r, a), owner_words(r, id),
	    time_text(id->until_ms, until));
}

void
rules_quarantined(struct rules *r)
{
	each_taken(r, quarantined);
}

/* ---- form of a WWN ---- */

/* NAA 1 wants its next 12 bits zero; 2 and 5 are free; nothing else is ours. */
static bool
wwn_form_ok(uint64_t wwn)
{
	switch (wwn >> 60) {
	case 1: return (wwn >> 48 & 0xfff) == 0;
	case 2: case 5: return true;
	default: return false;
	}
}

static void
wwn_syntax(struct rules *r, const struct address *a, const char *at)
{
	if (a->space == SPACE_WWN && !wwn_form_ok(a->value))
		rules_note(r->out, r->rule->code, '\0', at,
		    "%s is no World Wide Name of form 1, 2 or 5",
		    text_of(r, a));
}

void
rules_wwn_syntax(struct rules *r)
{
	each_taken(r, wwn_syntax);
}

static void
wwn_multicast(struct rules *r, const struct address *a, const char *at)
{
	unsigned naa = (unsigned)(a->value >> 60);

	if (a->space == SPACE_WWN && (naa == 1 || naa == 2) &&
	    (a->value >> 40 & 1) != 0)
		rules_note(r->out, r->rule->code, '\0', at,
		    "%s holds a group MAC in its last six bytes",
		    text_of(r, a));
}

void
rules_wwn_multicast(struct rules *r)
{
	each_taken(r, wwn_multicast);
}

/* An undo, or somebody's change, would bind what another appliance has. */
void
rules_suspended(struct rules *r)
{
	for (size_t i = 0; i < r->set->n; i++) {
		const struct change *c = &r->set->items[i];
		const struct profile *b = c->before, *p = c->after;

		if (c->type != OBJ_PROFILE || b == NULL || p == NULL)
			continue;
		for (size_t k = 0; k < p->n_devices; k++) {
			const struct device *d = &p->devices[k];
			const struct device *was = profile_device(b, d->id);

			if (was != NULL && was->suspended && !d->suspended &&
			    was->address == d->address)
				rules_note(r->out, r->rule->code, '\0',
				    rules_at(r, c, d, ""),
				    "the address of %s was taken over by "
				    "another appliance", d->name);
		}
	}
}
