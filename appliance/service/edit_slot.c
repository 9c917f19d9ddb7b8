/* edit_slot.c -- slots; see edit.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "appliance/service/edit.h"

static int
find(struct edit *x, struct slot **s, struct err *e)
{
	uint32_t number;

	if (edit_slot_number(x, request_param(x->request, "n"), &number, e) < 0 ||
	    change_slot(x->set, number, s, e) < 0)
		return -1;
	x->type = OBJ_SLOT;
	snprintf(x->id, sizeof(x->id), "%" PRIu32, number);
	x->kind = "change";
	return edit_match(x, (*s)->revision, e);
}

int
edit_slot_patch(struct edit *x, struct err *e)
{
	struct slot *s;

	if (find(x, &s, e) < 0 ||
	    edit_fields(x, &field_slot, false, s, e) < 0)
		return -1;
	snprintf(x->title, sizeof(x->title), "Change slot %" PRIu32, s->number);
	return 0;
}

/* The lamp of a slot is nothing that is wanted for ever: a step, no change. */
int
edit_slot_locate(struct edit *x, struct err *e)
{
	static const char *const keys[] = { "on", NULL };
	uint32_t number;
	bool on = true;

	if (edit_only(x, keys, e) < 0 || json_get_bool(x->body, x->at, "on",
	    true, &on, e) < 0 || edit_slot_number(x,
	    request_param(x->request, "n"), &number, e) < 0)
		return -1;
	x->type = OBJ_SLOT;
	snprintf(x->id, sizeof(x->id), "%" PRIu32, number);
	x->kind = "change";
	x->ctl = on ? CTL_LOCATE_ON : CTL_LOCATE_OFF;
	x->ctl_slot = number;
	snprintf(x->title, sizeof(x->title), "Locate lamp of slot %" PRIu32
	    " %s", number, on ? "on" : "off");
	return 0;
}

/* Panic: the slot goes off at once, whatever runs there; bindings stay for
 * whoever looks into it. */
int
edit_slot_isolate(struct edit *x, struct err *e)
{
	static const char *const keys[] = { NULL };
	struct slot *s;

	if (edit_only(x, keys, e) < 0 || find(x, &s, e) < 0)
		return -1;
	s->admin = SLOT_DISABLED;
	x->even_if_held = true;
	x->ctl = CTL_DISABLE;
	x->ctl_slot = s->number;
	snprintf(x->title, sizeof(x->title), "Isolate slot %" PRIu32,
	    s->number);
	return 0;
}
