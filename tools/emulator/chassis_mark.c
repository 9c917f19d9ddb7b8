/*
 * chassis_mark.c -- a row changed: its change number, and the event.
 *
 * One counter serves the whole chassis, so that a row's number is the moment of
 * its last change.  A thing's change is also its slot's or its bay's.
 */
#include <string.h>

#include "tools/emulator/chassis_parts.h"

void
chassis_mark_overflow(struct chassis *c)
{
	c->n_events = 0;
	c->overflow = true;
}

static void
push(struct chassis *c, const uint8_t event[MR_EV_BYTES])
{
	if (c->n_events == MR_EVENT_QUEUE) {
		c->overflow = true;
		return;
	}
	memcpy(c->events[(c->event_first + c->n_events) % MR_EVENT_QUEUE], event,
	    MR_EV_BYTES);
	c->n_events++;
}

/* An armed fault is spent on one event. */
static enum event_fault
take_fault(struct chassis *c)
{
	enum event_fault f = c->event_fault;

	if (f != EVENT_OK && --c->event_fault_count == 0)
		c->event_fault = EVENT_OK;
	return f;
}

static void
raise(struct chassis *c, unsigned code, unsigned slot, unsigned bridge,
    unsigned bay, unsigned port, fn_id fn)
{
	uint8_t event[MR_EV_BYTES] = { 0 };

	event[MR_EV_CODE] = (uint8_t)code;
	event[MR_EV_BRIDGE] = (uint8_t)bridge;
	chassis_put(event + MR_EV_SLOT, 2, slot);
	chassis_put(event + MR_EV_BAY, 2, bay);
	event[MR_EV_PORT] = (uint8_t)port;
	chassis_put(event + MR_EV_FN, 4, fn);
	switch (take_fault(c)) {
	case EVENT_LOSE:
		return;
	case EVENT_OVERFLOW:
		chassis_mark_overflow(c);
		return;
	case EVENT_DUPLICATE:
		push(c, event);
		break;
	case EVENT_OK:
		break;
	}
	push(c, event);
}

static uint32_t
next_change(struct chassis *c)
{
	c->dirty = true;
	return ++c->change;
}

static void
in_bay(struct chassis *c, const struct module *m, uint32_t change)
{
	if (m->bay != 0)
		c->bays[m->bay - 1].change = change;
}

void
chassis_mark_slot(struct chassis *c, struct slot *s)
{
	s->change = next_change(c);
	raise(c, MR_EV_IS_SLOT, s->number, 0, 0, 0, 0);
}

void
chassis_mark_bridge(struct chassis *c, struct bridge *b)
{
	b->change = b->slot->change = next_change(c);
	raise(c, MR_EV_IS_BRIDGE, b->slot->number, b->number, 0, 0, 0);
}

void
chassis_mark_bay(struct chassis *c, struct bay *b)
{
	b->change = next_change(c);
	raise(c, MR_EV_IS_BAY, 0, 0, b->number, 0, 0);
}

void
chassis_mark_fn_quietly(struct chassis *c, struct fn *f)
{
	f->change = next_change(c);
	in_bay(c, f->module, f->change);
}

void
chassis_mark_fn(struct chassis *c, struct fn *f)
{
	chassis_mark_fn_quietly(c, f);
	raise(c, MR_EV_IS_FN, 0, 0, f->module->bay, f->port->number,
	    chassis_card_fn_id(f));
}

void
chassis_mark_port(struct chassis *c, struct module *m, struct port *p)
{
	p->change = next_change(c);
	in_bay(c, m, p->change);
	raise(c, MR_EV_IS_PORT, 0, 0, m->bay, p->number, 0);
}

void
chassis_mark_disk(struct chassis *c, struct module *m, struct disk *d)
{
	d->change = next_change(c);
	in_bay(c, m, d->change);
	raise(c, MR_EV_IS_DISK, 0, 0, m->bay, 0, 0);
}

const uint8_t *
chassis_mark_head(const struct chassis *c)
{
	return c->n_events > 0 ? c->events[c->event_first] : NULL;
}

void
chassis_mark_drop(struct chassis *c)
{
	if (c->n_events == 0)
		return;
	c->event_first = (c->event_first + 1) % MR_EVENT_QUEUE;
	c->n_events--;
}
