/*
 * engine_ledger.c -- addresses that are not as the ledger says.
 *
 * IdentityLeak: ledger and profiles do not agree.  The ledger may be large, so
 * it is walked in parts, one with each list of faults; what a walk found stands
 * until the next one ends.  A walk begins when something was committed since the
 * last one, and every ten minutes in any case.
 *
 * HardwareMacClash: a card was put in whose own address a profile has.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/engine/engine_int.h"

enum { REST_MS = 5000, AGAIN_MS = 600000, LEAKS_MAX = 32 };

static const char *
value_text(const struct identity *id, char text[ID_TEXT])
{
	if (id->space == SPACE_MAC)
		return mac_text(id->value, text);
	if (id->space == SPACE_WWN)
		return wwn_text(id->value, text);
	return uuid_text(id->high, id->value, text);
}

/* ---- IdentityLeak ---- */

static void
tell(struct engine_leaks *l, const struct leak *leak)
{
	char text[ID_TEXT];
	struct fault *f;

	if (l->n_found >= LEAKS_MAX)
		return;
	f = engine_fault_add(&l->found, &l->n_found, "IdentityLeak", "major",
	    "identity", value_text(&leak->id, text), 0);
	snprintf(f->text, sizeof(f->text), leak->owned ?
	    "%s of %.40s %.40s is not its own in the ledger" :
	    "%s is kept for %.40s %.40s, which does not have it", text,
	    leak->id.profile_name, leak->id.device_name);
	snprintf(f->remedy, sizeof(f->remedy), "%s", leak->owned ?
	    "Give the device another address; it may have this one again "
	    "afterwards. identities:check lists all of them" :
	    "Nobody gets it until the ledger is mended: exclude it from its "
	    "pool, and look at identities:check");
}

static void
end_walk(struct engine *e, struct engine_leaks *l)
{
	free(l->items);
	l->items = l->found;
	l->n = l->n_found;
	l->found = NULL;
	l->n_found = 0;
	l->walk = (struct ledger_walk){ .row = 0 };
	l->walking = false;
	l->next_ms = e->now_ms + REST_MS;
}

static bool
due(struct engine *e, struct engine_leaks *l, int64_t generation)
{
	if (l->walking)
		return true;
	if (e->now_ms < l->next_ms || (generation + 1 == l->generation &&
	    e->now_ms < l->again_ms))
		return false;
	l->walking = true;
	l->generation = generation + 1;
	l->again_ms = e->now_ms + AGAIN_MS;
	return true;
}

static int
walk(struct engine *e, struct store *store, struct arena *a, struct err *err)
{
	struct engine_leaks *l = &e->leaks;
	struct appliance box;
	struct leak *leaks;
	size_t n;

	if (store_appliance(store, &box, err) < 0)
		return -1;
	if (!due(e, l, box.generation))
		return 0;
	if (ledger_check_part(store, a, &l->walk, &leaks, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		tell(l, &leaks[i]);
	if (l->walk.done)
		end_walk(e, l);
	return 0;
}

/* ---- HardwareMacClash ---- */

static int
clash(struct engine *e, struct store *store, struct arena *a,
    const struct fabric_port *p, struct fault **items, size_t *n,
    struct err *err)
{
	bool mac = view_class(e->view, p->bay) == CLASS_ETHERNET;
	char name[16], text[ID_TEXT];
	struct identity *live;
	struct fault *f;

	if (p->address == 0)
		return 0;
	if (ledger_live(store, a, mac ? SPACE_MAC : SPACE_WWN, p->address,
	    &live, err) < 0)
		return -1;
	if (live == NULL || live->state != ID_ASSIGNED)
		return 0;
	snprintf(name, sizeof(name), "io%u/%u", p->bay, p->port);
	f = engine_fault_add(items, n, "HardwareMacClash", "critical", "port",
	    name, 0);
	snprintf(f->text, sizeof(f->text), "The card's own address %s of port "
	    "%s is also that of %.40s %.40s", value_text(live, text), name,
	    live->profile_name, live->device_name);
	snprintf(f->remedy, sizeof(f->remedy), "Give %.40s another address, or "
	    "take the card of io%u out", live->device_name[0] != '\0' ?
	    live->device_name : live->profile_name, p->bay);
	return 0;
}

int
engine_ledger_faults(struct engine *e, struct store *store, struct arena *a,
    struct fault **items, size_t *n, struct err *err)
{
	if (walk(e, store, a, err) < 0)
		return -1;
	for (size_t i = 0; i < e->leaks.n; i++) {
		const struct fault *leak = &e->leaks.items[i];
		struct fault *f = engine_fault_add(items, n, leak->code,
		    leak->severity, leak->object_type, leak->object, 0);

		memcpy(f->text, leak->text, sizeof(f->text));
		memcpy(f->remedy, leak->remedy, sizeof(f->remedy));
	}
	for (size_t i = 0; i < e->view->n_ports; i++)
		if (clash(e, store, a, &e->view->ports[i], items, n, err) < 0)
			return -1;
	return 0;
}

void
engine_ledger_free(struct engine *e)
{
	free(e->leaks.items);
	free(e->leaks.found);
}
