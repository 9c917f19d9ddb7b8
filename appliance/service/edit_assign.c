/* edit_assign.c -- which slot a profile is at; see edit.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "appliance/service/edit.h"
#include "appliance/service/spares.h"

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
	p->slot = p->home_slot = 0;
	return 0;
}

/* The best spare, or the one that is asked for; 0 when it is none. */
static int
find_spare(struct edit *x, const struct profile *p, uint32_t asked,
    uint32_t *out, struct err *e)
{
	struct spares_in in = { .arena = x->call->arena,
		.store = x->set->store, .view = x->call->view, .set = x->set,
		.profile = p, .from = p->slot };
	struct spare *list;
	size_t n, i = 0;

	*out = 0;
	if (spares_rank(&in, &list, &n, e) < 0)
		return -1;
	while (i < n && asked != 0 && list[i].slot != asked)
		i++;
	if (i < n && list[i].rank != 0)
		*out = list[i].slot;
	else if (asked == 0 || i == n)
		edit_broken(x, "NoSpare", "/policy", "%s",
		    spares_why(in.arena, list, n));
	else
		edit_broken(x, "NoSpare", "/slot", "slot %" PRIu32 " %s",
		    asked, list[i].reasons[0]);
	return 0;
}

/* What is left behind waits for repair; what somebody isolated stays off. */
static int
leave_slot(struct edit *x, uint32_t slot, struct err *e)
{
	struct slot *s;

	if (slot == 0)
		return 0;
	if (change_slot(x->set, slot, &s, e) < 0)
		return -1;
	if (s->admin == SLOT_ENABLED)
		s->admin = SLOT_MAINTENANCE;
	x->spare_from = slot;
	return 0;
}

/* Moves to the spare, which from then on is none. */
static int
move_to_spare(struct edit *x, struct profile *p, uint32_t *slot,
    struct err *e)
{
	uint32_t asked = *slot;
	struct slot *s;

	if (find_spare(x, p, asked, slot, e) < 0)
		return -1;
	if (*slot == 0) {
		*slot = asked;
		return 0;
	}
	if (change_slot(x->set, *slot, &s, e) < 0 ||
	    leave_slot(x, p->slot, e) < 0)
		return -1;
	s->is_spare = false;
	if (p->home_slot == 0)
		p->home_slot = p->slot;
	p->slot = *slot;
	return 0;
}

/* Back home, as if the spare had never been needed: it is one again. */
static int
move_home(struct edit *x, struct profile *p, struct err *e)
{
	struct slot *spare, *home;

	if (change_slot(x->set, p->slot, &spare, e) < 0 ||
	    change_slot(x->set, p->home_slot, &home, e) < 0)
		return -1;
	spare->is_spare = true;
	if (home->admin == SLOT_MAINTENANCE)
		home->admin = SLOT_ENABLED;
	p->slot = p->home_slot;
	p->home_slot = 0;
	return 0;
}

static int
move_to(struct edit *x, struct profile *p, uint32_t slot, struct err *e)
{
	if (slot == p->home_slot && p->slot != 0 && p->slot != slot)
		return move_home(x, p, e);
	if (p->slot != slot)
		p->home_slot = 0;
	p->slot = slot;
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
	if (json_get_bool(x->body, x->at, "force", true, &x->force, e) < 0)
		return -1;
	if (x->force && !*spare)
		return err_rule(e, ERR_MALFORMED, NULL, "/force",
		    "force goes with the policy \"spare\"");
	return 0;
}

int
edit_move(struct edit *x, struct err *e)
{
	static const char *const keys[] = { "slot", "policy", "force", NULL };
	struct profile *p;
	uint32_t from, to = 0;
	int64_t slot = 0;
	bool spare;

	if (edit_only(x, keys, e) < 0 || check_policy(x, &spare, e) < 0 ||
	    ((!spare || json_object_get(x->body, "slot") != NULL) &&
	    read_slot(x, &slot, e) < 0) || begin(x, &p, e) < 0)
		return -1;
	from = p->slot;
	to = (uint32_t)slot;
	if ((spare ? move_to_spare(x, p, &to, e) : move_to(x, p, to, e)) < 0)
		return -1;
	x->kind = "move";
	snprintf(x->title, sizeof(x->title), "Move %s from slot %" PRIu32
	    " to slot %" PRIu32, p->head.name, from, to);
	if (from == 0)
		snprintf(x->title, sizeof(x->title),
		    "Move %s to slot %" PRIu32, p->head.name, to);
	return 0;
}

/* Whom it changes places with: a profile, or who sits at a slot; NULL nobody. */
static int
find_other(struct edit *x, struct profile **other, struct err *e)
{
	const char *with = NULL;
	int64_t slot;

	*other = NULL;
	if (json_get_str(x->body, x->at, "with", true, ID_TEXT + NAME_TEXT,
	    &with, e) < 0)
		return -1;
	if (with != NULL && json_object_get(x->body, "slot") != NULL)
		return err_rule(e, ERR_MALFORMED, NULL, "/with",
		    "say a profile or a slot, not both");
	if (with != NULL)
		return change_profile(x->set, with, other, e);
	if (read_slot(x, &slot, e) < 0)
		return -1;
	return change_profile_at(x->set, (unsigned)slot, other, e);
}

/* Two profiles change places, at once: identities and functions go along. */
int
edit_swap(struct edit *x, struct err *e)
{
	static const char *const keys[] = { "with", "slot", NULL };
	struct profile *p, *other;
	uint32_t slot;

	if (edit_only(x, keys, e) < 0 || begin(x, &p, e) < 0 ||
	    find_other(x, &other, e) < 0)
		return -1;
	x->kind = "swap";
	slot = p->slot;
	if (other == NULL || other == p || slot == 0 || other->slot == 0) {
		edit_broken(x, "NothingToSwap", other == NULL ? "/slot" :
		    "/with", other == NULL ? "no profile is there" :
		    other == p ? "a profile has one place" :
		    "both have to be at a slot");
		return 0;
	}
	p->slot = other->slot;
	other->slot = slot;
	p->home_slot = other->home_slot = 0;
	snprintf(x->title, sizeof(x->title), "Swap %.50s at slot %" PRIu32
	    " and %.50s at slot %" PRIu32, p->head.name, slot, other->head.name,
	    p->slot);
	return 0;
}
