/* edit_assign.c -- which slot a profile is at; see edit.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "appliance/service/edit.h"

static int
begin(struct edit *x, struct profile **p, struct err *e)
{
	if (change_profile(x->set, request_param(x->request, "p"), p, e) < 0 ||
	    edit_match(x, (*p)->head.revision, e) < 0)
		return -1;
	x->type = OBJ_PROFILE;
	memcpy(x->id, (*p)->head.id, sizeof(x->id));
	return 0;
}

static int
read_slot(struct edit *x, int64_t *slot, struct err *e)
{
	return json_get_int(x->body, x->at, "slot", false, 1, SLOT_MAX, slot,
	    e);
}

int
edit_assign(struct edit *x, struct err *e)
{
	static const char *const keys[] = { "slot", NULL };
	struct profile *p;
	int64_t slot;

	if (edit_only(x, keys, e) < 0 || read_slot(x, &slot, e) < 0 ||
	    begin(x, &p, e) < 0)
		return -1;
	x->kind = "assign";
	snprintf(x->title, sizeof(x->title), "Assign %s to slot %" PRId64,
	    p->head.name, slot);
	if (p->slot != 0 && p->slot != slot) {
		edit_broken(x, "ProfileHasSlot", "/slot",
		    "%s is at slot %" PRIu32, p->head.name, p->slot);
		return 0;
	}
	p->slot = (uint32_t)slot;
	return 0;
}

int
edit_release(struct edit *x, struct err *e)
{
	static const char *const keys[] = { NULL };
	struct profile *p;

	if (edit_only(x, keys, e) < 0 || begin(x, &p, e) < 0)
		return -1;
	x->kind = "release";
	if (p->slot != 0)
		snprintf(x->title, sizeof(x->title),
		    "Release %s from slot %" PRIu32, p->head.name, p->slot);
	else
		snprintf(x->title, sizeof(x->title), "Release %s",
		    p->head.name);
	p->slot = 0;
	return 0;
}

/* The lowest spare slot that works and is empty; 0 when there is none. */
static int
find_spare(struct edit *x, uint32_t *out, struct err *e)
{
	const struct view *v = x->call->view;

	*out = 0;
	for (uint32_t n = 1; n <= v->n_slots && *out == 0; n++) {
		struct profile *there;
		struct slot *s;

		if (v->slots[n - 1].link == 0)
			continue;
		if (slot_load(x->set->store, x->call->arena, n, &s, e) < 0)
			return -1;
		if (!s->is_spare || s->admin != SLOT_ENABLED)
			continue;
		if (profile_at_slot(x->set->store, x->call->arena, n, &there,
		    e) < 0)
			return -1;
		if (there == NULL)
			*out = n;
	}
	return 0;
}

/* Moves to the spare, which from then on is none. */
static int
move_to_spare(struct edit *x, struct profile *p, uint32_t *slot,
    struct err *e)
{
	struct slot *s;

	if (find_spare(x, slot, e) < 0)
		return -1;
	if (*slot == 0) {
		edit_broken(x, "NoSpare", "/policy",
		    "no slot is marked as spare, enabled, empty and connected");
		return 0;
	}
	if (change_slot(x->set, *slot, &s, e) < 0)
		return -1;
	s->is_spare = false;
	p->slot = *slot;
	return 0;
}

static int
check_policy(struct edit *x, bool *spare, struct err *e)
{
	const char *policy = NULL;

	if (json_get_str(x->body, x->at, "policy", true, 16, &policy, e) < 0)
		return -1;
	*spare = policy != NULL;
	if (policy != NULL && strcmp(policy, "spare") != 0)
		return err_rule(e, ERR_MALFORMED, NULL, "/policy",
		    "the policy is \"spare\", not \"%s\"", policy);
	if (policy != NULL && json_object_get(x->body, "slot") != NULL)
		return err_rule(e, ERR_MALFORMED, NULL, "/policy",
		    "say a slot or a policy, not both");
	return 0;
}

int
edit_move(struct edit *x, struct err *e)
{
	static const char *const keys[] = { "slot", "policy", NULL };
	struct profile *p;
	uint32_t from, to = 0;
	int64_t slot = 0;
	bool spare;

	if (edit_only(x, keys, e) < 0 || check_policy(x, &spare, e) < 0 ||
	    (!spare && read_slot(x, &slot, e) < 0) || begin(x, &p, e) < 0)
		return -1;
	from = p->slot;
	to = (uint32_t)slot;
	if (spare && move_to_spare(x, p, &to, e) < 0)
		return -1;
	if (!spare)
		p->slot = to;
	x->kind = "move";
	snprintf(x->title, sizeof(x->title), "Move %s from slot %" PRIu32
	    " to slot %" PRIu32, p->head.name, from, to);
	if (from == 0)
		snprintf(x->title, sizeof(x->title),
		    "Move %s to slot %" PRIu32, p->head.name, to);
	return 0;
}
