/*
 * chassis.c -- life and time of the chassis, and its configuration space.
 *
 * VH0 looks like this (bus:device.function):
 *
 *	00:01.0	root port
 *	01:00.0	upstream port of the switch: MR-IOV, role switch
 *	02:DD.F	one downstream port per bay: DD = (bay - 1) % 32,
 *		F = (bay - 1) / 32
 *	BB:00.F	the module's own functions: BB = 3 + 2 * (bay - 1); the next
 *		bus is left for its VFs.  Function 0: MR-IOV, role base
 */
#include "tools/emulator/chassis_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "tools/emulator/chassis_parts.h"

/* errno(3) as Linux numbers it: what only computes includes no errno.h. */
enum { NO_DEVICE = 19, INVALID = 22, TOO_BIG = 27 };

enum {
	ROOT_RID = 0x0008, UP_RID = 0x0100, PORT_BUS = 2, FIRST_BUS = 3,
	ID_PCIE = 0x10,
	DEVCTL_HIGH = 9, SLTCTL_HIGH = 0x19,	/* from the PCIe capability */
	BRIDGE_CONTROL = 0x3e,
	FLR = 0x80, POWER_OFF = 0x04, BUS_RESET = 0x40,	/* in those bytes */
};

const char *const chassis_verbs[V_N] = {
	"prepare", "bind", "unbind", "scrub", "slot_ctl", "module_ctl", "reset",
	"disk_make", "disk_destroy",
};

uint64_t
chassis_get(const uint8_t *at, unsigned n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | at[n];
	return v;
}

void
chassis_put(uint8_t *at, unsigned n, uint64_t value)
{
	for (unsigned i = 0; i < n; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

/* ---- who is where ---- */

uint16_t
chassis_bay_rid(const struct bay *b)
{
	return (uint16_t)((FIRST_BUS + 2 * (b->number - 1)) << 8);
}

static uint16_t
port_rid(const struct bay *b)
{
	unsigned at = b->number - 1;

	return (uint16_t)(PORT_BUS << 8 | (at & 31) << 3 | at >> 5);
}

static bool
shown(const struct bay *b)
{
	return b->module != NULL && b->power;
}

/* What answers at a routing id. */
struct node {
	struct space *space;
	struct bay *bay;		/* of a port or module */
	struct module *module;		/* of a module's function */
	unsigned function;
	int parent;
};

static bool
find_port(const struct chassis *c, unsigned devfn, struct node *n)
{
	unsigned at = devfn >> 3 | (devfn & 7) << 5;

	if (at >= c->n_bays)
		return false;
	n->bay = &c->bays[at];
	n->space = &n->bay->port;
	n->parent = UP_RID;
	return true;
}

static bool
find_module(const struct chassis *c, unsigned bus, unsigned devfn,
    struct node *n)
{
	unsigned at = (bus - FIRST_BUS) / 2;

	if ((bus - FIRST_BUS) % 2 != 0 || at >= c->n_bays ||
	    !shown(&c->bays[at]) ||
	    devfn >= c->bays[at].module->model->pci_functions)
		return false;
	n->bay = &c->bays[at];
	n->module = n->bay->module;
	n->space = &n->module->space[devfn];
	n->function = devfn;
	n->parent = port_rid(n->bay);
	return true;
}

static bool
find(const struct chassis *c, uint16_t rid, struct node *n)
{
	/* The callers that only look get a const pointer again. */
	union {
		const struct space *in;
		struct space *out;
	} s;

	memset(n, 0, sizeof(*n));
	if (rid == ROOT_RID || rid == UP_RID) {
		s.in = rid == ROOT_RID ? &c->root : &c->up;
		n->space = s.out;
		n->parent = rid == ROOT_RID ? -1 : ROOT_RID;
		return true;
	}
	if (rid >> 8 == PORT_BUS)
		return find_port(c, rid & 0xff, n);
	return rid >> 8 >= FIRST_BUS &&
	    find_module(c, rid >> 8, rid & 0xff, n);
}

static size_t
list_one(uint16_t *rids, size_t max, size_t n, unsigned rid)
{
	if (n < max)
		rids[n] = (uint16_t)rid;
	return n + 1;
}

size_t
chassis_list(const struct chassis *c, uint16_t *rids, size_t max)
{
	size_t n = list_one(rids, max, 0, ROOT_RID);
	struct node node;

	n = list_one(rids, max, n, UP_RID);
	for (unsigned devfn = 0; devfn < 256; devfn++)
		if (find_port(c, devfn, &node))
			n = list_one(rids, max, n, PORT_BUS << 8 | devfn);
	for (unsigned i = 0; i < c->n_bays; i++) {
		const struct bay *b = &c->bays[i];

		if (shown(b))
			for (unsigned f = 0; f < b->module->model->pci_functions;
			    f++)
				n = list_one(rids, max, n,
				    chassis_bay_rid(b) | f);
	}
	return n < max ? n : max;
}

uint32_t
chassis_list_version(const struct chassis *c)
{
	return c->list_version;
}

void
chassis_bay_shown(struct chassis *c, struct bay *b)
{
	c->list_version++;
	space_slot_presence(&b->port, shown(b));
}

const struct space *
chassis_space(const struct chassis *c, uint16_t rid)
{
	struct node n;

	return find(c, rid, &n) ? n.space : NULL;
}

int
chassis_parent(const struct chassis *c, uint16_t rid)
{
	struct node n;

	return find(c, rid, &n) ? n.parent : -1;
}

/* ---- configuration space ---- */

static bool
has_mr(const struct chassis *c, const struct node *n)
{
	return n->space == &c->up || (n->module != NULL && n->function == 0);
}

int
chassis_cfg_read(struct chassis *c, int64_t now_ms, uint16_t rid,
    unsigned offset, void *out, size_t n)
{
	struct node node;

	chassis_turn(c, now_ms);
	if (!find(c, rid, &node))
		return NO_DEVICE;
	if (n == 0)
		return INVALID;
	if (offset >= CFG_SPACE_BYTES || n > CFG_SPACE_BYTES - offset)
		return TOO_BIG;
	if (has_mr(c, &node))
		chassis_mr_refresh(c, node.space, node.module);
	memcpy(out, node.space->data + offset, n);
	return 0;
}

/* The byte that a write puts at `at`, or -1 when it does not touch it. */
static int
byte_written(unsigned at, unsigned offset, unsigned n, uint32_t value)
{
	if (at < offset || at >= offset + n)
		return -1;
	return (int)(value >> (8 * (at - offset)) & 0xff);
}

/* Public rules: function level reset of a physical function destroys what is
 * lent of it, a reset of the bus below a port its whole module, and the slot's
 * power controller is a switch. */
static void
public_effects(struct chassis *c, const struct node *node, unsigned offset,
    unsigned n, uint32_t value)
{
	unsigned pcie = space_cap(node->space, ID_PCIE);
	struct bay *b = node->bay;
	int byte;

	if (b == NULL || pcie == 0)
		return;
	if (node->module != NULL) {
		byte = byte_written(pcie + DEVCTL_HIGH, offset, n, value);
		if (byte >= 0 && (byte & FLR))
			chassis_card_reset(c, node->module,
			    &node->module->ports[node->function]);
		return;
	}
	byte = byte_written(BRIDGE_CONTROL, offset, n, value);
	if (byte >= 0 && (byte & BUS_RESET) && shown(b))
		chassis_card_reset(c, b->module, NULL);
	byte = byte_written(pcie + SLTCTL_HIGH, offset, n, value);
	if (byte >= 0)
		chassis_card_bay_power(c, b, (byte & POWER_OFF) == 0);
}

static bool
aligned(unsigned offset, unsigned n)
{
	return (n == 1 || n == 2 || n == 4) && offset % n == 0;
}

int
chassis_cfg_write(struct chassis *c, int64_t now_ms, uint16_t rid,
    unsigned offset, unsigned n, uint32_t value)
{
	struct node node;

	chassis_turn(c, now_ms);
	if (!find(c, rid, &node))
		return NO_DEVICE;
	if (offset >= CFG_SPACE_BYTES || n > CFG_SPACE_BYTES - offset)
		return TOO_BIG;
	if (!aligned(offset, n))
		return INVALID;
	space_write(node.space, offset, n, value);
	if (has_mr(c, &node) && offset >= MR_AT &&
	    offset < MR_AT + MR_CAP_BYTES)
		chassis_mr_written(c, node.space, node.module, offset - MR_AT, n,
		    value);
	else {
		(void)chassis_log_write(c, "write", false, rid, offset, n,
		    value);
		public_effects(c, &node, offset, n, value);
	}
	chassis_truth_check(c);
	return 0;
}

/* ---- time ---- */

bool
chassis_ready(const struct chassis *c)
{
	return c->now >= c->ready_at;
}

/* A hand that comes by then, and before what is under way ends. */
static bool
one_later(struct chassis *c, int64_t until)
{
	int64_t due = chassis_later_due(c);
	char *line;

	if (due == INT64_MAX || due > until || due > chassis_work_due(c))
		return false;
	line = chassis_later_take(c);
	json_decref(chassis_ctl_obey(c, line));
	free(line);
	return true;
}

void
chassis_turn(struct chassis *c, int64_t now_ms)
{
	while (one_later(c, now_ms) || chassis_work_one(c, now_ms))
		chassis_truth_check(c);
	if (now_ms > c->now)
		c->now = now_ms;
}

int64_t
chassis_due(const struct chassis *c)
{
	int64_t due = chassis_work_due(c), later = chassis_later_due(c);

	due = later < due ? later : due;
	return !chassis_ready(c) && c->ready_at < due ? c->ready_at : due;
}

/* ---- life ---- */

static void
init_ports(struct chassis *c)
{
	unsigned last = FIRST_BUS + 2 * c->n_bays - 1;

	space_init(&c->root, &(struct space_identity){ .model = MODEL_ROOT,
	    .bus = 0, .sub_bus_first = 1, .sub_bus_last = last }, 0);
	space_init(&c->up, &(struct space_identity){ .model = MODEL_SWITCH_UP,
	    .bus = 1, .sub_bus_first = PORT_BUS, .sub_bus_last = last,
	    .dsn = 0x0050520000000000u | c->model }, MR_AT);
	chassis_mr_init(&c->up, true);
	for (unsigned i = 0; i < c->n_bays; i++) {
		struct bay *b = &c->bays[i];
		unsigned bus = FIRST_BUS + 2 * i;

		space_init(&b->port, &(struct space_identity){
		    .model = MODEL_SWITCH_DOWN, .bus = PORT_BUS,
		    .function = i >> 5, .bay = b->number,
		    .dsn = 0x0050520000000000u | c->model,
		    .sub_bus_first = bus, .sub_bus_last = bus + 1 }, 0);
		/* Bays 33 and up are functions 1 and up of a device. */
		if (c->n_bays > 32)
			b->port.data[0x0e] |= 0x80;
		space_slot_presence(&b->port, shown(b));
	}
}

/* Registers, rows and personalities as after a power cut; what is not the
 * switch's own (cables, cards, disks, servers) stays. */
static void
power_up(struct chassis *c)
{
	init_ports(c);
	for (unsigned i = 0; i < c->n_slots; i++) {
		struct slot *s = &c->slots[i];

		for (unsigned k = 0; k < c->n_bridges; k++) {
			chassis_bridge_map(c, &s->bridges[k], 0, NULL);
			s->bridges[k].work = (struct work){ 0 };
		}
		s->enabled = true;
		s->locate = false;
		s->work = (struct work){ 0 };
		chassis_mark_slot(c, s);
	}
	for (unsigned i = 0; i < c->n_bays; i++) {
		struct bay *b = &c->bays[i];

		b->power = true;
		b->locate = false;
		b->work = (struct work){ 0 };
		if (b->module != NULL)
			chassis_card_insert(c, b, b->module);
		chassis_bay_shown(c, b);
		chassis_mark_bay(c, b);
	}
}

void
chassis_power_cycle(struct chassis *c)
{
	chassis_work_cancel_all(c);
	for (unsigned i = 0; i < c->n_bays; i++)
		if (c->bays[i].module != NULL)
			chassis_card_reset(c, c->bays[i].module, NULL);
	power_up(c);
	c->term = 0;
	c->boots++;
	c->ready_at = c->now + POWER_UP_MS;
	c->n_events = 0;
	c->overflow = true;
	chassis_truth_check(c);
}

struct chassis *
chassis_new(const json_t *file, struct err *e)
{
	struct chassis *c = xcalloc(1, sizeof(*c));

	c->log = chassis_log_new();
	c->violations = json_array();
	c->now = c->ready_at = INT64_MIN;
	if (chassis_file_build(c, file, e) < 0) {
		chassis_free(c);
		return NULL;
	}
	power_up(c);
	c->n_events = 0;
	c->overflow = false;
	c->boots = 1;
	return c;
}

void
chassis_free(struct chassis *c)
{
	if (c == NULL)
		return;
	chassis_work_cancel_all(c);
	chassis_later_clear(c);
	for (size_t i = 0; i < c->n_modules; i++)
		chassis_card_free(c->modules[i]);
	for (unsigned i = 0; c->slots != NULL && i < c->n_slots; i++)
		free(c->slots[i].bridges);
	chassis_truth_free(c);
	chassis_log_free(c->log);
	json_decref(c->violations);
	free(c->pending);
	free(c->modules);
	free(c->slots);
	free(c->bays);
	free(c);
}
