/*
 * drv_mriov.c -- the driver of our MR-IOV switch (see driver.h, mriov_map.h).
 *
 * A verb: read the switch's head (ready? our term not older?), read the row it
 * is about (does it already answer for this operation?), fill the mailbox, read
 * the result, and when it says done read the row again and compare.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "switchmgr/driver.h"
#include "switchmgr/drv_mriov.h"
#include "switchmgr/le.h"
#include "switchmgr/mriov_row.h"
#include "switchmgr/mriov_tell.h"
#include "switchmgr/mriov_view.h"

_Static_assert((int)CTL_ENABLE == (int)MR_CTL_ENABLE &&
    (int)CTL_FORWARDING == (int)MR_CTL_FORWARDING, "controls");
_Static_assert((int)RELEASE_ORDERLY == (int)MR_UNBIND_ORDERLY &&
    (int)RELEASE_SURPRISE == (int)MR_UNBIND_SURPRISE, "releases");

struct mriov {
	struct fabric fabric;
	struct cfg *cfg;
	struct mriov_view view;
	uint32_t boots;		/* as of the last event */
};

static struct mriov *
mriov_of(struct fabric *f)
{
	return (struct mriov *)f;
}

static void
close_mriov(struct fabric *f)
{
	struct mriov *m = mriov_of(f);

	mriov_view_close(&m->view);
	cfg_close(m->cfg);
	free(m);
}

static struct fabric *
open_mriov(const char *target, struct err *e)
{
	struct cfg *cfg = cfg_open(target, e);

	return cfg == NULL ? NULL : mriov_fabric(cfg, e);
}

struct fabric *
mriov_fabric(struct cfg *cfg, struct err *e)
{
	struct mriov *m = xcalloc(1, sizeof(*m));

	m->fabric.driver = &mriov_driver;
	m->cfg = cfg;
	if (mriov_view_open(&m->view, cfg, e) < 0) {
		close_mriov(&m->fabric);
		return NULL;
	}
	m->boots = m->view.head.boots;
	return &m->fabric;
}

/* ---- what every changing verb does ------------------------------------- */

static int
begin(struct mriov *m, struct fabric_tag tag, struct err *e)
{
	if (mriov_view_head(&m->view, e) < 0)
		return -1;
	if (tag.term < m->view.head.term)
		return mriov_dev_refused(FERR_TERM, e);
	return 0;
}

static int
differs(const char *what, struct err *e)
{
	return err_set(e, ERR_DEVICE, "read back, %s is not what was asked for",
	    what);
}

/* ---- bridges ----------------------------------------------------------- */

/* How the operation stands by the bridge's row; the wish is n functions (0:
 * none).  A module that was pulled leaves its ids there, without presence. */
static int
bridge_stands(const struct fabric_bridge *b, unsigned n, const fn_id *fns,
    struct err *e)
{
	if (b->state == BRIDGE_BINDING || b->state == BRIDGE_RELEASING)
		return FABRIC_PENDING;
	if (b->error != FERR_NONE)
		return mriov_dev_refused(b->error, e);
	if (b->n != n || b->presence != (n > 0) ||
	    (n > 0 && memcmp(b->fn, fns, n * sizeof(*fns)) != 0))
		return differs("the bridge", e);
	return FABRIC_DONE;
}

static int
need_nowhere_else(const struct mriov *m, fn_id fn, unsigned slot,
    unsigned bridge, struct err *e)
{
	const struct fabric_bridge *b = mriov_view_elsewhere(&m->view, fn, slot,
	    bridge);
	char text[FN_TEXT];

	if (b == NULL)
		return 0;
	return err_set(e, ERR_CONFLICT, "%s is behind bridge %u of slot %u",
	    fn_text(fn, text), b->bridge, b->slot);
}

/* Who has all of a port has it alone. */
static int
need_no_rival(const struct mriov *m, fn_id fn, unsigned slot, unsigned bridge,
    struct err *e)
{
	const struct fabric_bridge *b = mriov_view_rival(&m->view, fn, slot,
	    bridge);
	char text[FN_TEXT];

	if (b == NULL)
		return 0;
	return err_set(e, ERR_CONFLICT, "%s and %s of one port exclude each "
	    "other; see bridge %u of slot %u", fn_text(fn, text),
	    fn_type(fn) == FN_PF ? "any other function" :
	    "the physical function", b->bridge, b->slot);
}

/* The command, then the row. */
static int
obey_at_bridge(struct mriov *m, unsigned cmd, struct fabric_tag tag,
    unsigned slot, unsigned bridge, const uint8_t *operands, size_t size,
    unsigned n, const fn_id *fns, struct err *e)
{
	struct fabric_bridge row;
	int answer = mriov_dev_command(&m->view.sw, cmd, tag, operands, size, e);

	if (answer != FABRIC_DONE)
		return answer;
	if (mriov_view_bridge(&m->view, slot, bridge, &row, e) < 0)
		return -1;
	/* Row errors belong to the last operation, which need not be ours. */
	if (row.op != tag.op)
		row.error = FERR_NONE;
	return bridge_stands(&row, n, fns, e);
}

static int
bind_fns(struct fabric *f, struct fabric_tag tag, unsigned slot,
    unsigned bridge, unsigned n, const fn_id *fns, struct err *e)
{
	struct mriov *m = mriov_of(f);
	uint8_t operands[4 + 4 * MR_BRIDGE_FNS] = { 0 };
	struct fabric_bridge row;

	if (begin(m, tag, e) < 0 ||
	    mriov_view_bridge(&m->view, slot, bridge, &row, e) < 0)
		return -1;
	if (row.op == tag.op)
		return bridge_stands(&row, n, fns, e);
	if (mriov_view_read(&m->view, MRIOV_EVERY, MRIOV_NO, e) < 0)
		return -1;
	le_put16(operands, (uint16_t)slot);
	operands[2] = (uint8_t)bridge;
	operands[3] = (uint8_t)n;
	for (unsigned i = 0; i < n; i++) {
		if (need_nowhere_else(m, fns[i], slot, bridge, e) < 0 ||
		    need_no_rival(m, fns[i], slot, bridge, e) < 0)
			return -1;
		le_put32(operands + 4 + 4 * (size_t)i, fns[i]);
	}
	return obey_at_bridge(m, MR_CMD_BIND, tag, slot, bridge, operands,
	    sizeof(operands), n, fns, e);
}

static int
unbind(struct fabric *f, struct fabric_tag tag, unsigned slot, unsigned bridge,
    enum fabric_release how, struct err *e)
{
	struct mriov *m = mriov_of(f);
	uint8_t operands[4] = { 0 };
	struct fabric_bridge row;

	if (begin(m, tag, e) < 0 ||
	    mriov_view_bridge(&m->view, slot, bridge, &row, e) < 0)
		return -1;
	if (row.op == tag.op)
		return bridge_stands(&row, 0, NULL, e);
	le_put16(operands, (uint16_t)slot);
	operands[2] = (uint8_t)bridge;
	operands[3] = (uint8_t)how;
	return obey_at_bridge(m, MR_CMD_UNBIND, tag, slot, bridge, operands,
	    sizeof(operands), 0, NULL, e);
}

/* ---- functions --------------------------------------------------------- */

static const struct personality blank_persona;

/* How the operation stands by the function's row; want NULL: any personality. */
static int
fn_stands(const struct fabric_fn *fn, const struct personality *want,
    struct err *e)
{
	if (fn->state == FNS_PREPARING || fn->state == FNS_SCRUBBING)
		return FABRIC_PENDING;
	if (fn->error != FERR_NONE)
		return mriov_dev_refused(fn->error, e);
	if (fn->state == FNS_FAILED)
		return err_set(e, ERR_DEVICE, "the function has failed");
	if (want != NULL && !personality_equal(&fn->persona, want))
		return differs("the personality", e);
	if (want == &blank_persona && !fn->blank)
		return differs("the function (not blank)", e);
	return FABRIC_DONE;
}

static int
obey_at_fn(struct mriov *m, unsigned cmd, struct fabric_tag tag, fn_id id,
    const uint8_t *operands, size_t size, const struct personality *want,
    struct err *e)
{
	const struct mriov_dev *dev;
	struct fabric_fn fn;
	int answer;

	if (mriov_view_fn(&m->view, id, &dev, &fn, e) < 0)
		return -1;
	if (fn.op == tag.op)
		return fn_stands(&fn, want, e);
	/* Cards may have changed places since it was scrubbed. */
	if (cmd == MR_CMD_PREPARE && fn.state == FNS_FREE && !fn.blank)
		return err_set(e, ERR_CONFLICT, "the function is not blank; it "
		    "is scrubbed first");
	answer = mriov_dev_command(dev, cmd, tag, operands, size, e);
	if (answer != FABRIC_DONE)
		return answer;
	if (mriov_view_fn(&m->view, id, &dev, &fn, e) < 0)
		return -1;
	if (fn.op != tag.op)
		fn.error = FERR_NONE;
	return fn_stands(&fn, want, e);
}

static int
prepare(struct fabric *f, struct fabric_tag tag, fn_id id,
    const struct personality *p, struct err *e)
{
	struct mriov *m = mriov_of(f);
	uint8_t operands[8 + MR_PERSONALITY_USED] = { 0 };

	if (begin(m, tag, e) < 0)
		return -1;
	le_put32(operands, id);
	mriov_row_put_persona(operands + 8, p);
	return obey_at_fn(m, MR_CMD_PREPARE, tag, id, operands, sizeof(operands),
	    p, e);
}

static int
scrub(struct fabric *f, struct fabric_tag tag, fn_id id, struct err *e)
{
	struct mriov *m = mriov_of(f);
	uint8_t operands[4];

	/* The hardware would scrub under its server's hands, and with a physical
	 * function all that is lent of its port. */
	if (begin(m, tag, e) < 0 ||
	    mriov_view_read(&m->view, MRIOV_EVERY, MRIOV_NO, e) < 0 ||
	    need_nowhere_else(m, id, 0, 0, e) < 0 || (fn_type(id) == FN_PF &&
	    need_no_rival(m, id, 0, 0, e) < 0))
		return -1;
	le_put32(operands, id);
	return obey_at_fn(m, MR_CMD_SCRUB, tag, id, operands, sizeof(operands),
	    &blank_persona, e);
}

static int
reset_fn(struct mriov *m, struct fabric_tag tag, fn_id id, struct err *e)
{
	uint8_t operands[4];

	le_put32(operands, id);
	return obey_at_fn(m, MR_CMD_FN_RESET, tag, id, operands,
	    sizeof(operands), NULL, e);
}

/* ---- slots, modules, ports --------------------------------------------- */

static int
need_slot(const struct mriov *m, unsigned slot, struct err *e)
{
	if (slot <= m->view.n_slots)
		return 0;
	mriov_dev_refused(FERR_ABSENT, e);
	return err_wrap(e, "slot %u", slot);
}

static int
need_bay(const struct mriov *m, unsigned bay, struct err *e)
{
	if (bay <= m->view.n_bays)
		return 0;
	mriov_dev_refused(FERR_ABSENT, e);
	return err_wrap(e, "bay %u", bay);
}

/* Is the light or switch (`on`: enabled or powered) as the control asks? */
static int
ctl_stands(unsigned on, unsigned locate, enum fabric_ctl ctl, struct err *e)
{
	bool want = ctl == CTL_ENABLE || ctl == CTL_LOCATE_ON;
	bool light = ctl == CTL_LOCATE_ON || ctl == CTL_LOCATE_OFF;

	if ((light ? locate : on) != (want ? 1u : 0u))
		return differs(light ? "the locate light" : "the switch", e);
	return FABRIC_DONE;
}

static int
slot_ctl(struct fabric *f, struct fabric_tag tag, unsigned slot,
    enum fabric_ctl ctl, struct err *e)
{
	struct mriov *m = mriov_of(f);
	uint8_t operands[4] = { 0 };
	const struct fabric_slot *row;
	int answer;

	if (begin(m, tag, e) < 0 || need_slot(m, slot, e) < 0)
		return -1;
	le_put16(operands, (uint16_t)slot);
	operands[2] = (uint8_t)ctl;
	answer = mriov_dev_command(&m->view.sw, MR_CMD_SLOT_CTL, tag, operands,
	    sizeof(operands), e);
	if (answer != FABRIC_DONE)
		return answer;
	if (mriov_view_read(&m->view, (struct mriov_span){ slot, 1 }, MRIOV_NO,
	    e) < 0)
		return -1;
	row = &m->view.slots[slot - 1].row;
	return ctl_stands(row->enabled, row->locate, ctl, e);
}

static int
bay_ctl(struct mriov *m, struct fabric_tag tag, unsigned bay,
    enum fabric_ctl ctl, struct err *e)
{
	uint8_t operands[4] = { 0 };
	const struct fabric_bay *row;
	int answer;

	le_put16(operands, (uint16_t)bay);
	operands[2] = (uint8_t)ctl;
	answer = mriov_dev_command(&m->view.sw, MR_CMD_BAY_CTL, tag, operands,
	    sizeof(operands), e);
	if (answer != FABRIC_DONE)
		return answer;
	if (mriov_view_read(&m->view, MRIOV_NO, (struct mriov_span){ bay, 1 },
	    e) < 0)
		return -1;
	row = &m->view.bays[bay - 1].row;
	return ctl_stands(row->power, row->locate, ctl, e);
}

static int
port_ctl(struct mriov *m, struct fabric_tag tag, unsigned bay, unsigned port,
    enum fabric_ctl ctl, unsigned value, struct err *e)
{
	uint8_t operands[4] = { (uint8_t)port, (uint8_t)ctl, (uint8_t)value, 0 };
	const struct mriov_bay *b;
	int answer;

	if (mriov_view_module(&m->view, bay, &b, e) < 0)
		return -1;
	answer = mriov_dev_command(&b->base, MR_CMD_PORT_CTL, tag, operands,
	    sizeof(operands), e);
	if (answer != FABRIC_DONE)
		return answer;
	if (mriov_view_module(&m->view, bay, &b, e) < 0)
		return -1;
	if (port > b->n_ports)
		return differs("the port", e);
	if (ctl != CTL_FORWARDING)
		return ctl_stands(b->ports[port - 1].enabled, 0, ctl, e);
	return b->ports[port - 1].forwarding == value ? FABRIC_DONE :
	    differs("the forwarding mode", e);
}

static int
module_ctl(struct fabric *f, struct fabric_tag tag, unsigned bay, unsigned port,
    enum fabric_ctl ctl, unsigned value, struct err *e)
{
	struct mriov *m = mriov_of(f);

	if (begin(m, tag, e) < 0 || need_bay(m, bay, e) < 0)
		return -1;
	return port == 0 ? bay_ctl(m, tag, bay, ctl, e) :
	    port_ctl(m, tag, bay, port, ctl, value, e);
}

static int
reset_slot(struct mriov *m, struct fabric_tag tag, unsigned slot, struct err *e)
{
	uint8_t operands[4] = { 0 };

	if (need_slot(m, slot, e) < 0)
		return -1;
	le_put16(operands, (uint16_t)slot);
	return mriov_dev_command(&m->view.sw, MR_CMD_SLOT_RESET, tag, operands,
	    sizeof(operands), e);
}

/* Every function of the module must have lost its personality. */
static int
reset_bay(struct mriov *m, struct fabric_tag tag, unsigned bay, struct err *e)
{
	uint8_t operands[4] = { 0 };
	const struct mriov_bay *b;
	int answer;

	if (need_bay(m, bay, e) < 0)
		return -1;
	le_put16(operands, (uint16_t)bay);
	answer = mriov_dev_command(&m->view.sw, MR_CMD_BAY_RESET, tag, operands,
	    sizeof(operands), e);
	if (answer != FABRIC_DONE)
		return answer;
	if (mriov_view_module(&m->view, bay, &b, e) < 0)
		return -1;
	for (unsigned i = 0; i < b->n_fns; i++)
		if (!personality_equal(&b->fns[i].persona, &blank_persona))
			return differs("a function of the module", e);
	return FABRIC_DONE;
}

static int
reset(struct fabric *f, struct fabric_tag tag, enum fabric_scope scope,
    uint32_t number, struct err *e)
{
	struct mriov *m = mriov_of(f);

	if (begin(m, tag, e) < 0)
		return -1;
	if (scope == SCOPE_FN)
		return reset_fn(m, tag, number, e);
	return scope == SCOPE_SLOT ? reset_slot(m, tag, number, e) :
	    reset_bay(m, tag, number, e);
}

/* ---- disks ------------------------------------------------------------- */

/* mib 0: it must be gone.  The row of an unfinished operation has our id, the
 * old state and no error. */
static int
disk_stands(const struct fabric_disk *d, bool ours, unsigned raid, uint32_t mib,
    struct err *e)
{
	bool there = d->state != DISK_ABSENT;

	if (ours && d->error != FERR_NONE)
		return mriov_dev_refused(d->error, e);
	if (there != (mib > 0))
		return ours ? FABRIC_PENDING : differs("the disk", e);
	if (there && (d->raid != raid || d->mib != mib))
		return differs("the disk", e);
	return FABRIC_DONE;
}

static int
obey_at_disk(struct mriov *m, unsigned cmd, struct fabric_tag tag, unsigned bay,
    unsigned number, unsigned raid, uint32_t mib, struct err *e)
{
	uint8_t operands[8] = { 0 };
	const struct mriov_bay *b;
	int answer;

	if (begin(m, tag, e) < 0 || mriov_view_module(&m->view, bay, &b, e) < 0)
		return -1;
	if (number >= b->n_disks)
		return mriov_dev_refused(FERR_ABSENT, e);
	if (b->disks[number].op == tag.op)
		return disk_stands(&b->disks[number], true, raid, mib, e);
	le_put16(operands, (uint16_t)number);
	operands[2] = (uint8_t)raid;
	le_put32(operands + 4, mib);
	answer = mriov_dev_command(&b->base, cmd, tag, operands, sizeof(operands), e);
	if (answer != FABRIC_DONE)
		return answer;
	if (mriov_view_module(&m->view, bay, &b, e) < 0)
		return -1;
	return number < b->n_disks ?
	    disk_stands(&b->disks[number], false, raid, mib, e) :
	    differs("the disk", e);
}

static int
disk_make(struct fabric *f, struct fabric_tag tag, unsigned bay, unsigned number,
    unsigned raid, uint32_t mib, struct err *e)
{
	return obey_at_disk(mriov_of(f), MR_CMD_DISK_MAKE, tag, bay, number,
	    raid, mib, e);
}

static int
disk_destroy(struct fabric *f, struct fabric_tag tag, unsigned bay,
    unsigned number, struct err *e)
{
	return obey_at_disk(mriov_of(f), MR_CMD_DISK_DESTROY, tag, bay, number,
	    0, 0, e);
}

/* ---- what is seen ------------------------------------------------------ */

static int
observe(struct fabric *f, enum fabric_scope scope, uint32_t number,
    fabric_sink *sink, void *cookie, struct err *e)
{
	return mriov_tell(&mriov_of(f)->view, scope, number, sink, cookie, e);
}

/* ---- events ------------------------------------------------------------ */

static int
lost_events(struct fabric_event *ev)
{
	*ev = (struct fabric_event){ .kind = FEV_RESYNC };
	return 1;
}

static int
next_event(struct fabric *f, struct fabric_event *ev, struct err *e)
{
	struct mriov *m = mriov_of(f);
	uint8_t row[MR_EV_BYTES];

	if (mriov_view_head(&m->view, e) < 0)
		return -1;
	if (m->view.head.boots != m->boots) {
		m->boots = m->view.head.boots;
		return lost_events(ev);
	}
	if ((m->view.head.status & MR_ST_OVERFLOW) != 0)
		return mriov_dev_put(&m->view.sw, MR_STATUS, MR_ST_OVERFLOW,
		    e) < 0 ? -1 : lost_events(ev);
	if ((m->view.head.status & MR_ST_EVENT) == 0)
		return 0;
	if (mriov_dev_event(&m->view.sw, row, e) < 0 ||
	    mriov_dev_put(&m->view.sw, MR_EVENT_ACK, 1, e) < 0)
		return -1;
	mriov_row_event(row, ev);
	return ev->kind != FEV_NONE;
}

static int
caps(struct fabric *f, struct fabric_switch *sw, struct err *e)
{
	struct mriov *m = mriov_of(f);

	if (mriov_view_head(&m->view, e) < 0)
		return -1;
	mriov_tell_caps(&m->view, sw);
	return 0;
}

static int
health(struct fabric *f, struct err *e)
{
	return mriov_view_head(&mriov_of(f)->view, e);
}

const struct fabric_driver mriov_driver = {
	.name = "mriov",
	.summary = "MR-IOV switch through PCI configuration space",
	.open = open_mriov,
	.close = close_mriov,
	.prepare = prepare,
	.bind = bind_fns,
	.unbind = unbind,
	.scrub = scrub,
	.slot_ctl = slot_ctl,
	.module_ctl = module_ctl,
	.reset = reset,
	.disk_make = disk_make,
	.disk_destroy = disk_destroy,
	.observe = observe,
	.next_event = next_event,
	.caps = caps,
	.health = health,
};
