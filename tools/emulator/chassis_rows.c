/*
 * chassis_rows.c -- the tables of the register map, row by row.
 *
 * A row is all zero but for what is set here.  Functions are listed from the
 * last to the first: the map promises no order.
 */
#include <string.h>

#include "tools/emulator/chassis_parts.h"

static uint8_t
least(uint8_t a, uint8_t b)
{
	return a < b ? a : b;
}

static bool
pending(const struct work *w)
{
	return w->pending != NULL;
}

static void
put_work(uint8_t *op, uint8_t *err, const struct work *w)
{
	chassis_put(op, 8, w->op);
	*err = pending(w) ? MR_ERR_NONE : w->err;
}

static void
slot_row(const struct chassis *c, const struct module *m, uint32_t row,
    uint8_t *r)
{
	const struct slot *s = &c->slots[row];
	bool up = chassis_slot_up(s);

	(void)m;
	chassis_put(r + MR_SLOT_NUMBER, 2, s->number);
	r[MR_SLOT_LINK] = up;
	r[MR_SLOT_POWER] = !s->cable ? 0 : s->power ? 2 : 1;
	r[MR_SLOT_WIDTH] = up ? least(s->width, s->cap_width) : 0;
	r[MR_SLOT_GEN] = up ? least(s->gen, s->cap_gen) : 0;
	r[MR_SLOT_CAP_WIDTH] = s->cap_width;
	r[MR_SLOT_CAP_GEN] = s->cap_gen;
	r[MR_SLOT_ENABLED] = s->enabled;
	r[MR_SLOT_LOCATE] = s->locate;
	chassis_put(r + MR_SLOT_CHANGE, 4, s->change);
	if (!s->cable)
		return;
	memcpy(r + MR_SLOT_SERIAL, s->serial, strlen(s->serial));
	if (!s->power)
		return;
	r[MR_SLOT_HOTPLUG] = s->hotplug ? MR_HOTPLUG_READY : MR_HOTPLUG_DEAF;
	chassis_put(r + MR_SLOT_BUSES, 2, s->buses);
	chassis_put(r + MR_SLOT_MMIO, 4, s->mmio_mib);
}

static void
bay_row(const struct chassis *c, const struct module *owner, uint32_t row,
    uint8_t *r)
{
	const struct bay *b = &c->bays[row];
	const struct module *m = b->module;

	(void)owner;
	chassis_put(r + MR_BAY_NUMBER, 2, b->number);
	r[MR_BAY_OCCUPIED] = m != NULL;
	r[MR_BAY_POWER] = m != NULL && b->power;
	r[MR_BAY_LOCATE] = b->locate;
	chassis_put(r + MR_BAY_CHANGE, 4, b->change);
	if (m == NULL)
		return;
	r[MR_BAY_PORTS] = m->model->inside ? 0 : m->model->ports;
	chassis_put(r + MR_BAY_FNS, 2, m->n_fns);
	memcpy(r + MR_BAY_VENDOR, m->space[0].data, 4);
	memcpy(r + MR_BAY_SUBVENDOR, m->space[0].data + 0x2c, 4);
	memcpy(r + MR_BAY_CLASS, m->space[0].data + 0x08, 4);
	chassis_put(r + MR_BAY_RID, 2, chassis_bay_rid(b));
	memcpy(r + MR_BAY_SERIAL, m->serial, strlen(m->serial));
}

static void
bridge_row(const struct chassis *c, const struct module *m, uint32_t row,
    uint8_t *r)
{
	const struct slot *s = &c->slots[row / c->n_bridges];
	const struct bridge *b = &s->bridges[row % c->n_bridges];

	(void)m;
	chassis_put(r + MR_BRIDGE_SLOT, 2, s->number);
	r[MR_BRIDGE_NUMBER] = b->number;
	r[MR_BRIDGE_STATE] = chassis_bridge_state(b);
	r[MR_BRIDGE_N] = b->n;
	r[MR_BRIDGE_PRESENCE] = b->presence;
	r[MR_BRIDGE_SEEN] = b->seen ? MR_SEEN_YES : MR_SEEN_NO;
	put_work(r + MR_BRIDGE_OP, r + MR_BRIDGE_ERROR, &b->work);
	chassis_put(r + MR_BRIDGE_CHANGE, 4, b->change);
	for (unsigned i = 0; i < b->n; i++)
		chassis_put(r + MR_BRIDGE_FN + 4 * i, 4, b->fn[i]);
}

static void
port_row(const struct chassis *c, const struct module *m, uint32_t row,
    uint8_t *r)
{
	const struct port *p = &m->ports[row];
	uint32_t mbps = chassis_card_mbps(c, m, p);

	r[MR_PORT_NUMBER] = p->number;
	r[MR_PORT_LINK] = mbps != 0;
	r[MR_PORT_ENABLED] = p->enabled;
	r[MR_PORT_FORWARDING] = p->forwarding;
	chassis_put(r + MR_PORT_CAP_MBPS, 4, p->cap_mbps);
	chassis_put(r + MR_PORT_MBPS, 4, mbps);
	chassis_put(r + MR_PORT_CHANGE, 4, p->change);
	chassis_put(r + MR_PORT_ADDRESS, 8, p->address);
}

static uint8_t
fn_state(const struct fn *f)
{
	if (pending(&f->work))
		return f->work.pending->order.row->verb == V_SCRUB ?
		    MR_FN_SCRUBBING : MR_FN_PREPARING;
	if (f->failed)
		return MR_FN_FAILED;
	return f->behind > 0 ? MR_FN_BOUND : MR_FN_FREE;
}

static const struct fn *
fn_of(const struct module *m, uint32_t row)
{
	return &m->fns[m->n_fns - 1 - row];
}

static void
fn_row(const struct chassis *c, const struct module *m, uint32_t row, uint8_t *r)
{
	const struct fn *f = fn_of(m, row);
	const uint8_t *pf = m->space[(f->port->number - 1) %
	    m->model->pci_functions].data;

	(void)c;
	chassis_put(r + MR_FN_ID, 4, chassis_card_fn_id(f));
	r[MR_FN_STATE] = fn_state(f);
	r[MR_FN_BLANK] = f->blank;
	put_work(r + MR_FN_OP, r + MR_FN_ERROR, &f->work);
	chassis_put(r + MR_FN_CHANGE, 4, f->change);
	memcpy(r + MR_FN_VENDOR, pf, 2);
	if (f->type == FN_PF)
		memcpy(r + MR_FN_DEVICE, pf + 2, 2);
	else
		chassis_put(r + MR_FN_DEVICE, 2, m->model->fn_device);
	memcpy(r + MR_FN_CLASS, pf + 0x08, 4);
	chassis_put(r + MR_FN_RID, 2, chassis_card_fn_rid(f));
}

static void
personality_row(const struct chassis *c, const struct module *m, uint32_t row,
    uint8_t *r)
{
	(void)c;
	memcpy(r, fn_of(m, row)->ps, MR_PERSONALITY_USED);
}

static bool
shows(const struct fn *f, unsigned disk)
{
	for (unsigned i = 0; i < f->ps[MR_PS_N_DISKS]; i++)
		if (chassis_get(f->ps + MR_PS_DISKS + 2 * i, 2) == disk)
			return true;
	return false;
}

uint32_t
chassis_rows_shown(const struct module *m, unsigned disk)
{
	uint32_t bits = 0;

	for (unsigned i = 0; i < m->n_fns && i < 32; i++)
		if (m->fns[i].type == FN_VD && shows(&m->fns[i], disk))
			bits |= UINT32_C(1) << m->fns[i].index;
	return bits;
}

static void
disk_row(const struct chassis *c, const struct module *m, uint32_t row,
    uint8_t *r)
{
	const struct disk *d = &m->disks[row];

	(void)c;
	chassis_put(r + MR_DISK_NUMBER, 2, d->number);
	r[MR_DISK_STATE] = d->state;
	r[MR_DISK_RAID] = d->raid;
	chassis_put(r + MR_DISK_MIB, 4, d->mib);
	chassis_put(r + MR_DISK_SHOWN, 4, chassis_rows_shown(m, d->number));
	chassis_put(r + MR_DISK_CHANGE, 4, d->change);
	put_work(r + MR_DISK_OP, r + MR_DISK_ERROR, &d->work);
}

static const struct table {
	uint16_t bytes;
	void (*put)(const struct chassis *, const struct module *, uint32_t,
	    uint8_t *);
} tables[16] = {
	[MR_TABLE_SLOT] = { MR_ROW_BYTES, slot_row },
	[MR_TABLE_BAY] = { MR_ROW_BYTES, bay_row },
	[MR_TABLE_BRIDGE] = { MR_ROW_BYTES, bridge_row },
	[MR_TABLE_PORT] = { MR_ROW_BYTES, port_row },
	[MR_TABLE_FN] = { MR_ROW_BYTES, fn_row },
	[MR_TABLE_PERSONALITY] = { MR_PERSONALITY_BYTES, personality_row },
	[MR_TABLE_DISK] = { MR_ROW_BYTES, disk_row },
};

unsigned
chassis_rows_bytes(unsigned table)
{
	return tables[table & 15].bytes;
}

static uint32_t
switch_rows(const struct chassis *c, unsigned table)
{
	switch (table) {
	case MR_TABLE_SLOT:
		return c->n_slots;
	case MR_TABLE_BAY:
		return c->n_bays;
	case MR_TABLE_BRIDGE:
		return c->n_slots * c->n_bridges;
	default:
		return 0;
	}
}

static uint32_t
module_rows(const struct module *m, unsigned table)
{
	switch (table) {
	case MR_TABLE_PORT:
		return m->model->inside ? 0 : m->model->ports;
	case MR_TABLE_FN:
	case MR_TABLE_PERSONALITY:
		return m->n_fns;
	case MR_TABLE_DISK:
		return m->model->disks;
	default:
		return 0;
	}
}

uint32_t
chassis_rows_total(const struct chassis *c, const struct module *m,
    unsigned table)
{
	return m != NULL ? module_rows(m, table) : switch_rows(c, table);
}

void
chassis_rows_put(const struct chassis *c, const struct module *m,
    unsigned table, uint32_t row, uint8_t *out)
{
	tables[table & 15].put(c, m, row, out);
}
