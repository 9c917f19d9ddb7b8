/*
 * chassis_mr.c -- the registers behind the MR-IOV capability: status, the window
 * onto the tables, the mailbox, the head of the event queue.
 *
 * What software may write stands in the masks of the space; what it sets in
 * motion is here.  Registers that follow the chassis are refreshed before a read.
 */
#include <string.h>

#include "tools/emulator/chassis_parts.h"

static void
set(struct space *s, unsigned at, uint32_t value)
{
	space_set(s, MR_AT + at, 4, value);
}

static uint32_t
get(const struct space *s, unsigned at)
{
	return space_get(s, MR_AT + at, 4);
}

static uint64_t
get64(const struct space *s, unsigned at)
{
	return get(s, at) | (uint64_t)get(s, at + 4) << 32;
}

/* ---- masks and registers ---- */

void
chassis_mr_init(struct space *s, bool has_events)
{
	memset(s->rw + MR_AT + MR_SELECT, 0xff, 4);
	memset(s->rw + MR_AT + MR_MB_TERM_LO, 0xff,
	    MR_MB_RESULT - MR_MB_TERM_LO);
	memset(s->rw + MR_AT + MR_MB_OPERAND, 0xff, MR_MB_BYTES);
	set(s, MR_ID, (uint32_t)MR_ID_MAGIC << 16 | MR_ID_VERSION << 8 |
	    (has_events ? MR_ROLE_SWITCH : MR_ROLE_BASE));
}

static void
refresh_switch(const struct chassis *c, struct space *s)
{
	const uint8_t *head = chassis_mark_head(c);

	set(s, MR_MODEL, c->model);
	set(s, MR_SHAPE0, c->n_slots | c->n_bays << 16);
	set(s, MR_SHAPE1, c->n_bridges | c->parallel << 16);
	set(s, MR_RELEASE_MS, c->release_ms);
	set(s, MR_CHANGE, c->change);
	if (head != NULL)
		memcpy(s->data + MR_AT + MR_EVENT, head, MR_EV_BYTES);
	else
		memset(s->data + MR_AT + MR_EVENT, 0, MR_EV_BYTES);
}

static void
refresh_base(const struct chassis *c, struct space *s, const struct module *m)
{
	set(s, MR_SHAPE0, m->n_fns | (uint32_t)m->model->disks << 16);
	set(s, MR_SHAPE1, (m->model->inside ? 0u : m->model->ports) |
	    m->bay << 16);
	set(s, MR_CHANGE, c->bays[m->bay - 1].change);
}

void
chassis_mr_refresh(struct chassis *c, struct space *s, struct module *m)
{
	uint32_t status = chassis_ready(c) ? MR_ST_READY : 0;

	if (m == NULL) {
		status |= c->n_events > 0 ? MR_ST_EVENT : 0;
		status |= c->overflow ? MR_ST_OVERFLOW : 0;
		refresh_switch(c, s);
	} else
		refresh_base(c, s, m);
	set(s, MR_STATUS, status);
	set(s, MR_TERM_LO, (uint32_t)c->term);
	set(s, MR_TERM_HI, (uint32_t)(c->term >> 32));
	set(s, MR_BOOTS, c->boots);
}

/* ---- the window ---- */

static void
latch(struct chassis *c, struct space *s, struct module *m)
{
	uint32_t select = get(s, MR_SELECT);
	unsigned table = select >> 28, bytes = chassis_rows_bytes(table), n = 0;
	uint32_t row = select & 0x0fffffff, total;
	uint8_t *window = s->data + MR_AT + MR_WINDOW;

	total = chassis_ready(c) ? chassis_rows_total(c, m, table) : 0;
	memset(window, 0, MR_WINDOW_BYTES);
	for (; row < total && (n + 1) * bytes <= MR_WINDOW_BYTES; row++, n++)
		chassis_rows_put(c, m, table, row, window + n * bytes);
	set(s, MR_ROWS, n | bytes << 16);
	set(s, MR_TOTAL, total);
	chassis_mr_refresh(c, s, m);
	set(s, MR_LATCH, get(s, MR_CHANGE));
}

/* ---- the mailbox ---- */

static void
execute(struct chassis *c, struct space *s, struct module *m)
{
	struct order o;

	memset(&o, 0, sizeof(o));
	o.module = m;
	o.term = get64(s, MR_MB_TERM_LO);
	o.op = get64(s, MR_MB_OP_LO);
	o.start = c->now;
	memcpy(o.operand, s->data + MR_AT + MR_MB_OPERAND, MR_MB_BYTES);
	set(s, MR_MB_RESULT, chassis_cmd_run(c, &o, get(s, MR_MB_COMMAND)));
}

/* ---- writes ---- */

static bool
touches(unsigned reg, unsigned bytes, unsigned at, unsigned n)
{
	return at < reg + bytes && at + n > reg;
}

/* space_write() cannot know this bit: it is the chassis'. */
static void
clear_overflow(struct chassis *c, unsigned at, unsigned n, uint32_t value)
{
	unsigned shift = 8 * (at - MR_STATUS);

	if (n <= 4 && (value << shift & MR_ST_OVERFLOW) != 0)
		c->overflow = false;
}

void
chassis_mr_written(struct chassis *c, struct space *s, struct module *m,
    unsigned at, unsigned n, uint32_t value)
{
	uint16_t rid = m == NULL ? 0x100 :
	    chassis_bay_rid(&c->bays[m->bay - 1]);

	if (touches(MR_SELECT, 4, at, n)) {
		(void)chassis_log_write(c, "select", true, rid, MR_AT + at, n,
		    value);
		latch(c, s, m);
	} else if (touches(MR_MB_COMMAND, 1, at, n)) {
		execute(c, s, m);
	} else if (m == NULL && touches(MR_EVENT_ACK, 4, at, n)) {
		(void)chassis_log_write(c, "event_ack", true, rid, MR_AT + at, n,
		    value);
		chassis_mark_drop(c);
	} else if (m == NULL && touches(MR_STATUS, 4, at, n)) {
		(void)chassis_log_write(c, "status", true, rid, MR_AT + at, n,
		    value);
		clear_overflow(c, at, n, value);
	}
}
