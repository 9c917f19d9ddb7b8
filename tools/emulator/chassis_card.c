/*
 * chassis_card.c -- modules: ports, functions and their personalities.
 *
 * A card keeps its personalities and disks without power (they are in its
 * flash): a pulled card shows its old ones wherever it goes.  Only SCRUB, a reset
 * of the module and a power cycle of the whole box clear them.  Function ids
 * follow the bay the card is in.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "tools/emulator/chassis_parts.h"

enum { VF_OFFSET = 128, VF_STRIDE = 2, TOTAL_VFS = 64, VLAN_MAX = 4094 };

static const struct card_model models[] = {
	{ .name = "X520-SR2", .space = MODEL_X520, .type = FN_VF, .kind = 1,
	    .ports = 2, .pci_functions = 2, .fns_per_port = 63,
	    .cap_mbps = 10000, .fn_device = 0x10ed },
	{ .name = "QLE2562", .space = MODEL_QLE2562, .type = FN_NPIV, .kind = 2,
	    .ports = 2, .pci_functions = 2, .fns_per_port = 63,
	    .cap_mbps = 8000, .fn_device = 0x2532 },
	{ .name = "QLE2462", .space = MODEL_QLE2462, .type = FN_NPIV, .kind = 2,
	    .ports = 2, .pci_functions = 2, .fns_per_port = 63,
	    .cap_mbps = 4000, .fn_device = 0x2432 },
	{ .name = "9260-4i", .space = MODEL_LSI9260, .type = FN_VD, .kind = 3,
	    .ports = 1, .pci_functions = 1, .fns_per_port = 16, .disks = 64,
	    .cap_mbps = 24000, .fn_device = 0x0079 },
	/* These are not shared: somebody has them whole. */
	{ .name = "P3700", .space = MODEL_P3700, .ports = 1,
	    .pci_functions = 1, .inside = true },
	{ .name = "LSI22320SLE", .space = MODEL_LSI22320, .ports = 2,
	    .pci_functions = 2, .cap_mbps = 2560 },
};

const struct card_model *
chassis_card_model(const char *name)
{
	for (unsigned i = 0; i < sizeof(models) / sizeof(models[0]); i++)
		if (strcasecmp(models[i].name, name) == 0)
			return &models[i];
	return NULL;
}

/* The shared functions port by port, then the physical ones. */
static struct fn
part(struct module *m, unsigned i)
{
	const struct card_model *k = m->model;
	unsigned shared = (unsigned)k->ports * k->fns_per_port;

	if (i >= shared)
		return (struct fn){ .module = m, .blank = true, .type = FN_PF,
			.port = &m->ports[i - shared] };
	return (struct fn){ .module = m, .blank = true, .type = k->type,
		.port = &m->ports[i / k->fns_per_port],
		.index = (uint16_t)(i % k->fns_per_port) };
}

/* ---- a card's life ---- */

static void
make_parts(struct module *m)
{
	const struct card_model *k = m->model;

	m->ports = xcalloc(k->ports, sizeof(*m->ports));
	m->n_fns = (unsigned)k->ports * k->fns_per_port + k->pci_functions;
	m->fns = xcalloc(m->n_fns, sizeof(*m->fns));
	m->disks = xcalloc(k->disks + 1u, sizeof(*m->disks));
	for (unsigned i = 0; i < k->ports; i++)
		m->ports[i] = (struct port){ .number = (uint8_t)(i + 1),
			.cap_mbps = k->cap_mbps, .partner_mbps = k->cap_mbps,
			.address = m->address != 0 ? m->address + i : 0 };
	for (unsigned i = 0; i < m->n_fns; i++)
		m->fns[i] = part(m, i);
	for (unsigned i = 0; i < k->disks; i++)
		m->disks[i].number = (uint16_t)i;
}

struct module *
chassis_card_new(struct chassis *c, const struct card_model *model,
    const char *serial, uint64_t address)
{
	struct module *m;

	if (c->n_modules == MODULES_MAX)
		return NULL;
	if (c->modules == NULL)
		c->modules = xcalloc(MODULES_MAX, sizeof(struct module *));
	m = xcalloc(1, sizeof(*m));
	m->model = model;
	m->address = address;
	for (size_t i = 0; i < SERIAL_MAX && serial[i] != '\0'; i++)
		m->serial[i] = serial[i];
	if (model->disks > 0) {
		m->drives = 8;
		m->drive_mib = 571776;
	}
	make_parts(m);
	c->modules[c->n_modules++] = m;
	return m;
}

void
chassis_card_free(struct module *m)
{
	free(m->ports);
	free(m->fns);
	free(m->disks);
	free(m);
}

/* The registers of a card that has just got power. */
static void
init_spaces(struct chassis *c, struct bay *b, struct module *m)
{
	uint64_t a = m->address;
	uint64_t dsn = m->model->kind == 1 ?
	    (a >> 24) << 40 | UINT64_C(0xffff000000) | (a & 0xffffff) : a;

	for (unsigned f = 0; f < m->model->pci_functions; f++)
		space_init(&m->space[f], &(struct space_identity){
		    .model = m->model->space, .function = f, .dsn = dsn,
		    .bus = chassis_bay_rid(b) >> 8, .total_vfs = TOTAL_VFS,
		    .first_vf_offset = VF_OFFSET, .vf_stride = VF_STRIDE },
		    f == 0 ? MR_AT : 0);
	chassis_mr_init(&m->space[0], false);
	for (unsigned i = 0; i < m->model->ports; i++) {
		m->ports[i].enabled = 1;
		m->ports[i].forwarding = 0;
		m->ports[i].work = (struct work){ 0 };
		m->ports[i].rate_mbps = m->ports[i].partner_mbps;
		m->ports[i].change = c->change;
	}
	for (unsigned i = 0; i < m->n_fns; i++) {
		m->fns[i].work = (struct work){ 0 };
		m->fns[i].change = c->change;
	}
	for (unsigned i = 0; i < m->model->disks; i++) {
		m->disks[i].work = (struct work){ 0 };
		m->disks[i].change = c->change;
	}
}

void
chassis_card_insert(struct chassis *c, struct bay *b, struct module *m)
{
	m->bay = b->number;
	b->module = m;
	chassis_mark_bay(c, b);
	init_spaces(c, b, m);
	chassis_bay_shown(c, b);
}

void
chassis_card_pull(struct chassis *c, struct bay *b)
{
	struct module *m = b->module;

	chassis_work_orphan(c, m);
	chassis_bridge_lose(c, m, NULL);
	m->bay = 0;
	b->module = NULL;
	chassis_bay_shown(c, b);
	chassis_mark_bay(c, b);
}

void
chassis_card_bay_power(struct chassis *c, struct bay *b, bool on)
{
	if (b->power == on)
		return;
	if (!on && b->module != NULL) {
		chassis_work_orphan(c, b->module);
		chassis_bridge_lose(c, b->module, NULL);
	}
	b->power = on;
	chassis_mark_bay(c, b);
	if (on && b->module != NULL)
		init_spaces(c, b, b->module);
	chassis_bay_shown(c, b);
}

bool
chassis_card_power(const struct chassis *c, const struct module *m)
{
	return m->bay != 0 && c->bays[m->bay - 1].power;
}

/* ---- functions ---- */

fn_id
chassis_card_fn_id(const struct fn *f)
{
	return fn_make(f->module->bay, f->port->number, f->type, f->index);
}

struct fn *
chassis_card_fn(struct chassis *c, fn_id id)
{
	unsigned bay = fn_bay(id), port = fn_port(id);
	const struct card_model *k;
	struct module *m;

	if (!fn_valid(id) || bay > c->n_bays)
		return NULL;
	m = c->bays[bay - 1].module;
	if (m == NULL || port > m->model->ports)
		return NULL;
	k = m->model;
	if (fn_type(id) == FN_PF && fn_index(id) == 0)
		return &m->fns[k->ports * k->fns_per_port + port - 1];
	if (fn_type(id) != k->type || fn_index(id) >= k->fns_per_port)
		return NULL;
	return &m->fns[(port - 1) * k->fns_per_port + fn_index(id)];
}

uint16_t
chassis_card_fn_rid(const struct fn *f)
{
	const struct module *m = f->module;
	unsigned pf = (f->port->number - 1u) % m->model->pci_functions;

	if (m->bay == 0)
		return 0;
	pf |= (3 + 2 * (m->bay - 1)) << 8;
	return (uint16_t)(f->type == FN_VF ?
	    pf + VF_OFFSET + VF_STRIDE * f->index : pf);
}

/* Disks that a personality names: their rows show to whom. */
static void
mark_disks(struct chassis *c, struct fn *f)
{
	for (unsigned i = 0; i < f->ps[MR_PS_N_DISKS]; i++) {
		uint64_t n = chassis_get(f->ps + MR_PS_DISKS + 2 * i, 2);

		if (n < f->module->model->disks)
			chassis_mark_disk(c, f->module, &f->module->disks[n]);
	}
}

void
chassis_card_personality(struct chassis *c, struct fn *f, const uint8_t *ps)
{
	mark_disks(c, f);
	memcpy(f->ps, ps, MR_PERSONALITY_USED);
	/* None of these cards has a register for it. */
	memset(f->ps + MR_PS_GUARANTEE, 0, 4);
	mark_disks(c, f);
	f->blank = f->failed = false;
	c->dirty = true;
}

static void
clear(struct chassis *c, struct fn *f)
{
	mark_disks(c, f);
	memset(f->ps, 0, sizeof(f->ps));
	f->blank = true;
	f->failed = false;
	f->last_slot = 0;
	c->dirty = true;
}

/* The port's rate limiters are not the function's: they forget. */
static void
drop_rates(struct chassis *c, struct fn *f)
{
	if (f->module->model->kind != 1 ||
	    chassis_get(f->ps + MR_PS_LIMIT, 8) == 0)
		return;
	memset(f->ps + MR_PS_LIMIT, 0, 8);
	chassis_mark_fn(c, f);
}

void
chassis_card_reset(struct chassis *c, struct module *m, struct port *port)
{
	struct bay *b = &c->bays[m->bay - 1];

	chassis_work_orphan(c, m);
	chassis_bridge_lose(c, m, port);
	for (unsigned i = 0; i < m->n_fns; i++)
		if (port == NULL || m->fns[i].port == port) {
			clear(c, &m->fns[i]);
			chassis_mark_fn_quietly(c, &m->fns[i]);
		}
	if (port == NULL)
		init_spaces(c, b, m);
	chassis_mark_bay(c, b);
}

/* ---- ports ---- */

uint32_t
chassis_card_mbps(const struct chassis *c, const struct module *m,
    const struct port *p)
{
	if (!p->enabled || !chassis_card_power(c, m))
		return 0;
	return p->partner_mbps < p->cap_mbps ? p->partner_mbps : p->cap_mbps;
}

/* Rates hold for the speed at which they were set. */
static void
port_changed(struct chassis *c, struct module *m, struct port *p)
{
	uint32_t mbps = chassis_card_mbps(c, m, p);

	chassis_mark_port(c, m, p);
	if (mbps == 0 || mbps == p->rate_mbps)
		return;
	p->rate_mbps = mbps;
	for (unsigned i = 0; i < m->n_fns; i++)
		if (m->fns[i].port == p)
			drop_rates(c, &m->fns[i]);
}

void
chassis_card_speed(struct chassis *c, struct module *m, struct port *p,
    uint32_t mbps)
{
	p->partner_mbps = mbps;
	port_changed(c, m, p);
}

/* ---- commands: functions ---- */

int
chassis_fn_find(struct chassis *c, struct order *o)
{
	o->fn = chassis_card_fn(c, (fn_id)chassis_get(o->operand, 4));
	if (o->fn == NULL || o->fn->module != o->module)
		return MR_ERR_ABSENT;
	o->work = &o->fn->work;
	return MR_ERR_NONE;
}

static bool
vlans_make_sense(const uint8_t *ps)
{
	for (unsigned i = 0; i < ps[MR_PS_N_VLANS]; i++) {
		uint64_t vlan = chassis_get(ps + MR_PS_VLANS + 2 * i, 2);

		if (vlan < 1 || vlan > VLAN_MAX)
			return false;
	}
	return chassis_get(ps + MR_PS_NATIVE, 2) <= VLAN_MAX;
}

static bool
makes_sense(const struct card_model *k, const uint8_t *ps)
{
	if (ps[MR_PS_KIND] != k->kind || ps[MR_PS_N_VLANS] > 64 ||
	    ps[MR_PS_N_BOOT] > 4 || ps[MR_PS_N_DISKS] > 16 ||
	    ps[MR_PS_PCP] > 7 || ps[MR_PS_FLAGS] > 15 ||
	    chassis_get(ps + MR_PS_MAC, 8) >> 48 != 0)
		return false;
	for (unsigned i = 0; i < ps[MR_PS_N_DISKS]; i++)
		if (chassis_get(ps + MR_PS_DISKS + 2 * i, 2) >= k->disks)
			return false;
	return vlans_make_sense(ps);
}

/* A physical function is what its card is. */
int
chassis_prepare_find(struct chassis *c, struct order *o)
{
	int err = chassis_fn_find(c, o);

	if (err == MR_ERR_NONE && (o->fn->type == FN_PF ||
	    !makes_sense(o->module->model, o->operand + 8)))
		err = MR_ERR_OPERAND;
	return err;
}

int
chassis_prepare_effect(struct chassis *c, struct order *o)
{
	chassis_card_personality(c, o->fn, o->operand + 8);
	return MR_ERR_NONE;
}

/* Public rule: the reset of a physical function is the end of what is lent of
 * it. */
static void
clear_port(struct chassis *c, struct module *m, const struct port *port)
{
	chassis_bridge_lose(c, m, port);
	for (unsigned i = 0; i < m->n_fns; i++)
		if (m->fns[i].port == port) {
			clear(c, &m->fns[i]);
			chassis_mark_fn_quietly(c, &m->fns[i]);
		}
}

int
chassis_scrub_effect(struct chassis *c, struct order *o)
{
	if (o->fn->type == FN_PF)
		clear_port(c, o->module, o->fn->port);
	else
		clear(c, o->fn);
	return MR_ERR_NONE;
}

int
chassis_fn_reset_effect(struct chassis *c, struct order *o)
{
	if (o->fn->type == FN_PF)
		clear_port(c, o->module, o->fn->port);
	else
		drop_rates(c, o->fn);
	return MR_ERR_NONE;
}

void
chassis_fn_mark(struct chassis *c, struct order *o)
{
	chassis_mark_fn(c, o->fn);
}

/* ---- commands: bays and ports ---- */

int
chassis_bay_find(struct chassis *c, struct order *o)
{
	uint64_t bay = chassis_get(o->operand, 2);

	if (bay < 1 || bay > c->n_bays)
		return MR_ERR_ABSENT;
	o->bay = &c->bays[bay - 1];
	o->work = &o->bay->work;
	return MR_ERR_NONE;
}

int
chassis_bay_ctl_check(struct chassis *c, struct order *o)
{
	(void)c;
	if (o->operand[2] < MR_CTL_ENABLE || o->operand[2] > MR_CTL_LOCATE_OFF)
		return MR_ERR_OPERAND;
	return o->operand[2] <= MR_CTL_DISABLE && o->bay->module == NULL ?
	    MR_ERR_ABSENT : MR_ERR_NONE;
}

int
chassis_bay_ctl_effect(struct chassis *c, struct order *o)
{
	bool locate = o->operand[2] == MR_CTL_LOCATE_ON;
	int err = chassis_bay_ctl_check(c, o);

	if (err != MR_ERR_NONE)
		return err;
	if (o->operand[2] <= MR_CTL_DISABLE)
		chassis_card_bay_power(c, o->bay, o->operand[2] == MR_CTL_ENABLE);
	else if (o->bay->locate != locate) {
		o->bay->locate = locate;
		chassis_mark_bay(c, o->bay);
	}
	return MR_ERR_NONE;
}

int
chassis_bay_reset_check(struct chassis *c, struct order *o)
{
	(void)c;
	return o->bay->module != NULL && o->bay->power ? MR_ERR_NONE :
	    MR_ERR_ABSENT;
}

int
chassis_bay_reset_effect(struct chassis *c, struct order *o)
{
	int err = chassis_bay_reset_check(c, o);

	if (err == MR_ERR_NONE)
		chassis_card_reset(c, o->bay->module, NULL);
	return err;
}

int
chassis_port_find(struct chassis *c, struct order *o)
{
	(void)c;
	if (o->operand[0] < 1 || o->operand[0] > o->module->model->ports)
		return MR_ERR_ABSENT;
	o->port = &o->module->ports[o->operand[0] - 1];
	o->work = &o->port->work;
	return MR_ERR_NONE;
}

/* What a port has to say is whether it is on, and how an Ethernet port
 * forwards between its functions. */
int
chassis_port_ctl_check(struct chassis *c, struct order *o)
{
	uint8_t what = o->operand[1];

	(void)c;
	if (what == MR_CTL_FORWARDING)
		return o->operand[2] <= 2 && o->module->model->kind == 1 ?
		    MR_ERR_NONE : MR_ERR_OPERAND;
	return what == MR_CTL_ENABLE || what == MR_CTL_DISABLE ? MR_ERR_NONE :
	    MR_ERR_OPERAND;
}

int
chassis_port_ctl_effect(struct chassis *c, struct order *o)
{
	bool on = o->operand[1] == MR_CTL_ENABLE;

	if (o->operand[1] == MR_CTL_FORWARDING) {
		if (o->port->forwarding != o->operand[2]) {
			o->port->forwarding = o->operand[2];
			chassis_mark_port(c, o->module, o->port);
		}
	} else if (o->port->enabled != on) {
		o->port->enabled = on;
		port_changed(c, o->module, o->port);
	}
	return MR_ERR_NONE;
}
