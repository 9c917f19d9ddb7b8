/* planning.c -- see planning.h. */
#include "appliance/service/planning.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/service/planning_bay.h"
#include "appliance/service/planning_hand.h"
#include "appliance/service/resolve.h"
#include "appliance/service/vdas.h"
#include "appliance/service/system.h"
#include "appliance/service/words.h"
#include "base/buf.h"

void
planning_begin(struct planning *p, struct call *call, uint64_t seed)
{
	*p = (struct planning){ .call = call, .kind = "change" };
	p->set = change_new(call->arena, call->store, seed,
	    call->request->wall_ms);
	p->broken.arena = call->arena;
	p->sentence = "";
}

void
planning_free(struct planning *p)
{
	json_decref(p->diff);
	p->diff = NULL;
}

int
planning_edit(struct planning *p, const struct route *route,
    const struct request *request, const json_t *body, const char *at,
    struct err *e)
{
	struct edit x = {
		.call = p->call, .set = p->set, .request = request,
		.body = body, .at = at, .kind = "change",
		.broken = &p->broken,
	};
	json_t *empty = NULL;
	struct edit *kept;
	int rc;

	if (body == NULL)
		x.body = empty = json_object();
	rc = route->edit(&x, e);
	json_decref(empty);
	x.body = NULL;
	if (rc < 0 && e->code != ERR_RULES)
		return -1;
	if (rc < 0)
		rules_note_err(&p->broken, e);
	kept = arena_copy(p->call->arena, &x, sizeof(x));
	if (x.id[0] != '\0')
		ARENA_PUSH(p->call->arena, p->places, p->n_places,
		    p->cap_places) = (struct rules_place){ x.type, kept->id,
		    kept->device, at };
	/* A list of several is called after its most telling entry. */
	if (p->n_edits == 0 || strcmp(x.kind, "change") != 0) {
		p->kind = x.kind;
		memcpy(p->title, x.title, sizeof(p->title));
	}
	if (p->n_edits++ == 0)
		p->first = x;
	p->even_if_held = p->even_if_held || x.even_if_held;
	if (x.takeover != NULL)
		p->takeover = x.takeover;
	if (x.system != NULL)
		p->system = x.system;
	if (x.heal != 0)
		ARENA_PUSH(p->call->arena, p->healed, p->n_healed,
		    p->cap_healed) = x.heal;
	if (x.spare_from != 0)
		ARENA_PUSH(p->call->arena, p->spared, p->n_spared,
		    p->cap_spared) = x.spare_from;
	if (x.spare_from != 0 && x.force)
		ARENA_PUSH(p->call->arena, p->fenced, p->n_fenced,
		    p->cap_fenced) = x.spare_from;
	if (x.ctl != 0) {
		p->ctl = x.ctl;
		p->ctl_slot = x.ctl_slot;
		p->ctl_bay = x.type == OBJ_BAY;
	}
	return 0;
}

/* ---- which slots ---- */

static void
add_slot(struct arena *a, uint32_t **list, size_t *n, size_t *cap,
    uint32_t slot)
{
	size_t at;

	if (slot == 0)
		return;
	for (at = 0; at < *n; at++)
		if ((*list)[at] == slot)
			return;
	ARENA_PUSH(a, *list, *n, *cap) = slot;
	for (at = *n - 1; at > 0 && (*list)[at - 1] > slot; at--)
		(*list)[at] = (*list)[at - 1];
	(*list)[at] = slot;
}

static uint32_t
slot_in(const void *profile)
{
	return profile == NULL ? 0 : ((const struct profile *)profile)->slot;
}

static void
gather_slots(struct planning *p)
{
	for (size_t i = 0; i < p->n_healed; i++)
		add_slot(p->call->arena, &p->slots, &p->n_slots,
		    &p->cap_slots, p->healed[i]);
	for (size_t i = 0; i < p->n_served; i++)
		add_slot(p->call->arena, &p->slots, &p->n_slots,
		    &p->cap_slots, p->served[i]);
	for (size_t i = 0; i < p->set->n; i++) {
		const struct change *c = &p->set->items[i];
		const struct slot *before = c->before, *after = c->after;
		struct arena *a = p->call->arena;

		if (c->type == OBJ_PROFILE) {
			add_slot(a, &p->slots, &p->n_slots, &p->cap_slots,
			    slot_in(c->before));
			add_slot(a, &p->slots, &p->n_slots, &p->cap_slots,
			    slot_in(c->after));
			if (slot_in(c->before) != slot_in(c->after))
				p->moves = true;
		} else if (c->type == OBJ_SLOT && after != NULL &&
		    (before == NULL || before->admin != after->admin)) {
			add_slot(a, &p->slots, &p->n_slots, &p->cap_slots,
			    after->number);
		}
	}
}

void
planning_touched(const struct planning *p, uint32_t **out, size_t *n)
{
	uint32_t *list = NULL;
	size_t cap = 0;

	*n = 0;
	for (size_t i = 0; i < p->n_steps; i++)
		add_slot(p->call->arena, &list, n, &cap, p->steps[i].slot);
	/* What gets power is bound by the same job. */
	for (size_t i = 0; i < p->n_served && p->n_steps > 0; i++)
		add_slot(p->call->arena, &list, n, &cap, p->served[i]);
	for (size_t i = 0; i < p->set->n; i++) {
		const struct change *c = &p->set->items[i];

		if (c->type != OBJ_PROFILE ||
		    slot_in(c->before) == slot_in(c->after))
			continue;
		add_slot(p->call->arena, &list, n, &cap, slot_in(c->before));
		add_slot(p->call->arena, &list, n, &cap, slot_in(c->after));
	}
	*out = list;
}

/* ---- what is wanted ---- */

struct wants {
	struct want *items;
	size_t n, cap;
};

static void
add_wants(struct planning *p, struct wants *w, const struct profile *profile)
{
	struct want *some;
	size_t n;

	want_of_profile(p->call->arena, p->call->view, profile, &some, &n);
	for (size_t i = 0; i < n; i++)
		ARENA_PUSH(p->call->arena, w->items, w->n, w->cap) = some[i];
}

/* The new VLAN number of a network that this change set renumbers; 0 none. */
static uint32_t
new_vlan(const struct planning *p, const char *network)
{
	for (size_t i = 0; i < p->set->n; i++) {
		const struct change *c = &p->set->items[i];
		const struct network *before = c->before, *after = c->after;

		if (c->type == OBJ_NETWORK && strcmp(c->id, network) == 0 &&
		    before != NULL && after != NULL &&
		    before->vlan != after->vlan)
			return after->vlan;
	}
	return 0;
}

/* Puts new VLAN numbers into a profile; true when there were any. */
static bool
renumber(const struct planning *p, struct profile *profile)
{
	bool any = false;

	for (size_t i = 0; i < profile->n_devices; i++)
		for (size_t k = 0; k < profile->devices[i].n_vlans; k++) {
			struct vlan_ref *v = &profile->devices[i].vlans[k];
			uint32_t vlan = new_vlan(p, v->network);

			if (vlan != 0) {
				v->vlan = vlan;
				any = true;
			}
		}
	return any;
}

static bool
renumbers(const struct planning *p)
{
	for (size_t i = 0; i < p->set->n; i++)
		if (p->set->items[i].type == OBJ_NETWORK &&
		    new_vlan(p, p->set->items[i].id) != 0)
			return true;
	return false;
}

/* Profiles that are not in the change set but on a network that gets another
 * VLAN number: their functions change too. */
static int
add_members(struct planning *p, struct wants *w, struct err *e)
{
	struct profile *list;
	size_t n;

	if (!renumbers(p))
		return 0;
	if (profile_list(p->call->store, p->call->arena, "", STORE_ALL, &list,
	    &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (list[i].slot == 0 || rules_change(p->set, OBJ_PROFILE,
		    list[i].head.id) != NULL || !renumber(p, &list[i]))
			continue;
		add_slot(p->call->arena, &p->slots, &p->n_slots,
		    &p->cap_slots, list[i].slot);
		add_wants(p, w, &list[i]);
	}
	return 0;
}

static int
add_sitter(struct planning *p, struct wants *w, uint32_t slot, struct err *e)
{
	struct profile *there;

	if (profile_at_slot(p->call->store, p->call->arena, slot, &there,
	    e) < 0)
		return -1;
	if (there != NULL && rules_change(p->set, OBJ_PROFILE,
	    there->head.id) == NULL)
		add_wants(p, w, there);
	return 0;
}

/* Whoever sits at a slot that is only switched, or put right, keeps what he
 * has. */
static int
add_sitters(struct planning *p, struct wants *w, struct err *e)
{
	for (size_t i = 0; i < p->n_healed; i++)
		if (add_sitter(p, w, p->healed[i], e) < 0)
			return -1;
	for (size_t i = 0; i < p->n_served; i++)
		if (add_sitter(p, w, p->served[i], e) < 0)
			return -1;
	for (size_t i = 0; i < p->set->n; i++) {
		const struct change *c = &p->set->items[i];
		const struct slot *s = c->after;

		if (c->type == OBJ_SLOT && s != NULL &&
		    add_sitter(p, w, s->number, e) < 0)
			return -1;
	}
	return 0;
}

static int
gather_wants(struct planning *p, struct wants *w, struct err *e)
{
	for (size_t i = 0; i < p->set->n; i++) {
		const struct change *c = &p->set->items[i];

		if (c->type != OBJ_PROFILE || c->after == NULL)
			continue;
		renumber(p, c->after);
		add_wants(p, w, c->after);
	}
	if (add_members(p, w, e) < 0)
		return -1;
	return add_sitters(p, w, e);
}

/* ---- steps ---- */

static struct want_disk *
gather_doomed(struct planning *p, size_t *n)
{
	struct rules_doomed *list;
	struct want_disk *doomed;

	rules_doomed(&p->rules, &list, n);
	doomed = arena_array(p->call->arena, *n + 1, sizeof(*doomed));
	for (size_t i = 0; i < *n; i++)
		doomed[i] = (struct want_disk){
			.bay = (uint16_t)list[i].disk->bay,
			.number = (uint16_t)list[i].disk->number,
			.raid = (uint8_t)list[i].disk->raid,
			.mib = list[i].disk->capacity_mib,
		};
	return doomed;
}

static bool
had_disk(const struct profile *p, const struct disk *d)
{
	for (size_t i = 0; p != NULL && i < p->n_devices; i++)
		for (size_t k = 0; k < p->devices[i].n_disks; k++)
			if (p->devices[i].disks[k].bay == d->bay &&
			    p->devices[i].disks[k].number == d->number)
				return true;
	return false;
}

/* Disks that get their place with this change set; those that had it and are
 * gone are never made again by themselves. */
static void
gather_making(struct planning *p, struct plan_in *in)
{
	struct want_disk *list = NULL;
	size_t cap = 0;

	for (size_t i = 0; i < p->set->n; i++) {
		const struct change *c = &p->set->items[i];
		const struct profile *after = c->type == OBJ_PROFILE ?
		    c->after : NULL;

		for (size_t k = 0; after != NULL && k < after->n_devices; k++)
			for (size_t m = 0; m < after->devices[k].n_disks; m++) {
				const struct disk *d =
				    &after->devices[k].disks[m];

				if (d->bay != 0 && !had_disk(c->before, d))
					ARENA_PUSH(p->call->arena, list,
					    in->n_making, cap) =
					    (struct want_disk){
						.bay = (uint16_t)d->bay,
						.number = (uint16_t)d->number };
			}
	}
	in->making = list;
}

/* The engine asks the store what a slot should be; this change set may differ. */
static void
override_slots(struct planning *p, struct plan_in *in)
{
	for (size_t i = 0; i < in->n_slots; i++)
		for (size_t k = 0; k < p->set->n; k++) {
			const struct change *c = &p->set->items[k];
			const struct slot *s = c->after;

			if (c->type == OBJ_SLOT && s != NULL &&
			    s->number == in->slots[i].slot)
				in->slots[i].enabled_wanted =
				    s->admin != SLOT_DISABLED;
		}
}

/* A slot that a spare takes over from by force goes off first, if it is still
 * up; else its server is asked, as with any move. */
static void
fence_slots(const struct planning *p, struct plan_in *in)
{
	for (size_t i = 0; i < in->n_slots; i++)
		for (size_t k = 0; k < p->n_fenced; k++) {
			const struct fabric_slot *seen = view_slot(
			    p->call->view, in->slots[i].slot);

			if (p->fenced[k] == in->slots[i].slot &&
			    seen != NULL && seen->link)
				in->slots[i].fence = true;
		}
}

/* A lamp, or isolate: one step behind all others. */
static void
add_ctl(struct planning *p)
{
	struct step *steps;

	if (p->ctl == 0)
		return;
	steps = arena_array(p->call->arena, p->n_steps + 1, sizeof(*steps));
	for (size_t i = 0; i < p->n_steps; i++)
		steps[i] = p->steps[i];
	steps[p->n_steps] = (struct step){
		.seq = (uint32_t)p->n_steps + 1,
		.level = p->n_steps > 0 ? steps[p->n_steps - 1].level + 1 : 1,
		.verb = STEP_SLOT_CTL, .slot = p->ctl_slot, .arg1 = p->ctl,
	};
	if (p->ctl_bay)
		steps[p->n_steps] = (struct step){
			.seq = (uint32_t)p->n_steps + 1, .level = 1,
			.verb = STEP_BAY_CTL, .arg1 = p->ctl_slot,
			.arg2 = p->ctl,
		};
	p->steps = steps;
	p->n_steps++;
}

/* What is bound as it is wanted and has no row gets one, and no step. */
static void
gather_own(struct planning *p, const struct plan_in *in)
{
	size_t cap = 0;

	for (size_t i = 0; i < in->n_want; i++)
		for (size_t k = 0; k < in->n_have; k++) {
			const struct want *w = &in->want[i];
			const struct have *h = &in->have[k];

			if (h->fn == w->fn && h->slot == w->slot &&
			    h->bridge == w->bridge && !h->lost &&
			    h->device[0] == '\0')
				ARENA_PUSH(p->call->arena, p->own, p->n_own,
				    cap) = *w;
		}
}

static int
make_steps(struct planning *p, struct err *e)
{
	struct wants wants = { NULL, 0, 0 };
	struct plan_in in = { .want = NULL };
	struct want_disk *doomed;
	size_t n_doomed;

	if (planning_bay_slots(p, &p->served, &p->n_served, e) < 0)
		return -1;
	gather_slots(p);
	if (p->even_if_held) {
		/* Isolate does one thing: a job may be at work there. */
		add_ctl(p);
		return 0;
	}
	if (gather_wants(p, &wants, e) < 0)
		return -1;
	p->wants = wants.items;
	p->n_wants = wants.n;
	doomed = gather_doomed(p, &n_doomed);
	if (p->n_slots > 0 || n_doomed > 0) {
		if (p->call->view->n_slots == 0)
			return err_set(e, ERR_UNAVAILABLE,
			    "the switch has not been seen yet");
		if (engine_have(p->call->store, p->call->arena, p->call->view,
		    p->slots, p->n_slots, wants.items, wants.n, &in, e) < 0)
			return -1;
		if (planning_hands(p, &in, e) < 0)
			return -1;
		gather_making(p, &in);
		in.doomed = doomed;
		in.n_doomed = n_doomed;
		override_slots(p, &in);
		fence_slots(p, &in);
		gather_own(p, &in);
	}
	planning_bay_override(p, &in);
	plan_make(p->call->arena, &in, &p->steps, &p->n_steps);
	if (planning_hands_off(p, e) < 0)
		return -1;
	add_ctl(p);
	return 0;
}

/* ---- the digest ---- */

static void
put_step(struct buf *b, const struct step *s)
{
	buf_printf(b, "%" PRIu32 " %u %" PRIu32 " %" PRIu32 " %" PRIu32
	    " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %s\n", s->level,
	    (unsigned)s->verb, s->slot, s->bridge, s->fn, s->arg1, s->arg2,
	    s->raid, s->mib, s->device);
}

/* Counters and times are no content: they differ from one planning to the
 * next. */
/* Names will do: what is sealed does not change under one import. */
static void
put_system(struct buf *b, const struct planning *p)
{
	json_t *rows = json_array();
	char *text;

	system_diff(p, rows);
	text = json_canonical(rows);
	if (json_array_size(rows) > 0)
		buf_str(b, text);
	free(text);
	json_decref(rows);
}

const char *
planning_digest(struct planning *p)
{
	struct buf b = buf_new(SIZE_MAX);

	if (p->digest[0] != '\0')
		return p->digest;
	buf_str(&b, "plan\n");
	for (size_t i = 0; i < p->set->n; i++) {
		struct change *c = &p->set->items[i];

		buf_printf(&b, "%s %s ", object_word(c->type), c->id);
		buf_str(&b, change_content(p->set, c));
		buf_str(&b, "\n");
	}
	for (size_t i = 0; i < p->n_steps; i++)
		put_step(&b, &p->steps[i]);
	put_system(&b, p);
	digest_text(b.data, b.len, p->digest);
	buf_free(&b);
	return p->digest;
}

/* ---- the road ---- */

static int
resolve(struct planning *p, struct err *e)
{
	if (vdas_return(p->set, p->call->view, e) < 0)
		return -1;
	if (change_resolve(p->set, e) < 0) {
		if (e->code != ERR_RULES)
			return -1;
		rules_note_err(&p->broken, e);
		return 0;
	}
	return resolve_places(&p->rules, e);
}

int
planning_finish(struct planning *p, struct err *e)
{
	p->rules = (struct rules){
		.arena = p->call->arena, .store = p->call->store,
		.view = p->call->view, .set = p->set, .places = p->places,
		.n_places = p->n_places, .out = &p->broken,
		.spared = p->spared, .n_spared = p->n_spared,
		.fenced = p->fenced, .n_fenced = p->n_fenced,
	};
	/* Values that are wrong by themselves are not resolved any further. */
	if (planning_applicable(p) && resolve(p, e) < 0)
		return -1;
	if (rules_run(&p->rules, e) < 0)
		return -1;
	if (planning_applicable(p) && make_steps(p, e) < 0)
		return -1;
	p->diff = change_diff(p->set);
	system_diff(p, p->diff);
	p->sentence = words_sentence(p);
	return 0;
}

bool
planning_applicable(const struct planning *p)
{
	return rules_count(&p->broken, 'B') == 0;
}

bool
planning_touches(const struct planning *p)
{
	return p->n_steps > 0 || p->moves;
}

bool
planning_empty(const struct planning *p)
{
	return p->set->n == 0 && p->n_steps == 0 && !system_changes(p);
}
