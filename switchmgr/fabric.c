/* fabric.c -- see fabric.h; what is common to all drivers is checked here, once. */
#include <string.h>

#include "switchmgr/driver.h"

/*
 * A driver that nothing else in a program names is left out of it by the
 * linker: polyrootd has no mriov driver and therefore no libpci.
 */
#pragma weak mriov_driver

static const struct fabric_driver *const drivers[] = {
	&mriov_driver,
	&remote_driver,
};
static const struct fabric_driver *extra_driver;	/* fabric_driver_add() */

static const char *const error_words[] = {
	[FERR_NONE] = "no error",
	[FERR_TERM] = "the term is older than the highest obeyed",
	[FERR_COMMAND] = "unknown command",
	[FERR_OPERAND] = "an operand is out of range",
	[FERR_ABSENT] = "no such slot, bridge, function, disk or module",
	[FERR_BUSY] = "another command is under way there",
	[FERR_OCCUPIED] = "the bridge holds something else",
	[FERR_DISABLED] = "the slot is disabled",
	[FERR_PARALLEL] = "as many commands as can be are under way",
	[FERR_UNANSWERED] = "the server did not answer the release request",
	[FERR_CAPACITY] = "no room on the drives",
	[FERR_IN_USE] = "the disk is shown to a function",
	[FERR_INTERNAL] = "the switch failed",
};
_Static_assert(sizeof(error_words) / sizeof(error_words[0]) == FERR_N,
    "every error has its words");

const char *
fabric_error_words(enum fabric_error error)
{
	return (unsigned)error < FERR_N ? error_words[error] : "unknown error";
}

static bool
boot_equal(const struct personality *a, const struct personality *b)
{
	for (unsigned i = 0; i < a->n_boot; i++)
		if (a->boot[i].wwpn != b->boot[i].wwpn ||
		    a->boot[i].lun != b->boot[i].lun ||
		    a->boot[i].priority != b->boot[i].priority)
			return false;
	return true;
}

static bool
lists_equal(const struct personality *a, const struct personality *b)
{
	return a->n_vlans == b->n_vlans && a->n_boot == b->n_boot &&
	    a->n_disks == b->n_disks &&
	    memcmp(a->vlans, b->vlans, a->n_vlans * sizeof(a->vlans[0])) == 0 &&
	    memcmp(a->disks, b->disks, a->n_disks * sizeof(a->disks[0])) == 0 &&
	    boot_equal(a, b);
}

/* Not memcmp: there is padding, and what lies behind the counts is nobody's. */
bool
personality_equal(const struct personality *a, const struct personality *b)
{
	return a->kind == b->kind && a->native == b->native &&
	    a->pcp == b->pcp && a->flags == b->flags &&
	    a->limit_mbps == b->limit_mbps &&
	    a->guarantee_mbps == b->guarantee_mbps && a->mtu == b->mtu &&
	    a->mac == b->mac && a->wwpn == b->wwpn && a->wwnn == b->wwnn &&
	    lists_equal(a, b);
}

/* ---- ranges ------------------------------------------------------------ */

static int
need_range(const char *what, uint32_t value, uint32_t min, uint32_t max,
    struct err *e)
{
	if (value < min || value > max)
		return err_set(e, ERR_MALFORMED, "%s %u is not between %u and %u",
		    what, value, min, max);
	return 0;
}

static int
need_tag(struct fabric_tag tag, struct err *e)
{
	if (tag.term == 0 || tag.op == 0)
		return err_set(e, ERR_MALFORMED,
		    "a verb that changes something needs a term and an operation");
	return 0;
}

static int
need_fn(fn_id fn, struct err *e)
{
	if (!fn_valid(fn))
		return err_set(e, ERR_MALFORMED, "0x%08x is no function", fn);
	return 0;
}

static int
need_fns(unsigned n, const fn_id *fns, struct err *e)
{
	if (need_range("number of functions", n, 1, FABRIC_BRIDGE_FNS, e) < 0)
		return -1;
	for (unsigned i = 0; i < n; i++) {
		if (need_fn(fns[i], e) < 0)
			return -1;
		for (unsigned j = 0; j < i; j++)
			if (fns[i] == fns[j])
				return err_set(e, ERR_MALFORMED,
				    "function 0x%08x is named twice", fns[i]);
	}
	return 0;
}

static int
need_slot(unsigned slot, struct err *e)
{
	return need_range("slot", slot, 1, SLOT_MAX, e);
}

static int
need_bay(unsigned bay, struct err *e)
{
	return need_range("bay", bay, 1, BAY_MAX, e);
}

static int
need_vlans(const struct personality *p, struct err *e)
{
	if (need_range("native VLAN", p->native, 0, 4094, e) < 0)
		return -1;
	for (unsigned i = 0; i < p->n_vlans; i++) {
		if (need_range("VLAN", p->vlans[i], 1, 4094, e) < 0)
			return -1;
		if (i > 0 && p->vlans[i] <= p->vlans[i - 1])
			return err_set(e, ERR_MALFORMED, "VLANs are not rising");
	}
	return 0;
}

static int
need_persona(const struct personality *p, struct err *e)
{
	if (need_range("kind", p->kind, PERSONA_NIC, PERSONA_RAID, e) < 0 ||
	    need_range("number of VLANs", p->n_vlans, 0, FABRIC_VLANS, e) < 0 ||
	    need_range("number of boot targets", p->n_boot, 0, FABRIC_BOOT,
	    e) < 0 ||
	    need_range("number of disks", p->n_disks, 0, FABRIC_DISKS, e) < 0 ||
	    need_range("PCP", p->pcp, 0, 7, e) < 0 || need_vlans(p, e) < 0)
		return -1;
	if (p->mac >> 48 != 0)
		return err_set(e, ERR_MALFORMED, "a MAC has 48 bits");
	return 0;
}

static int
need_raid(unsigned raid, struct err *e)
{
	static const unsigned levels[] = { 0, 1, 5, 6, 10, 50, 60 };

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (raid == levels[i])
			return 0;
	return err_set(e, ERR_MALFORMED, "there is no RAID level %u", raid);
}

static int
need_scope(enum fabric_scope scope, uint32_t number, struct err *e)
{
	switch (scope) {
	case SCOPE_ALL:
		return 0;
	case SCOPE_SLOT:
		return need_slot(number, e);
	case SCOPE_BAY:
		return need_bay(number, e);
	case SCOPE_FN:
		return need_fn(number, e);
	}
	return err_set(e, ERR_MALFORMED, "unknown scope %u", (unsigned)scope);
}

static int
need_ctl(unsigned port, enum fabric_ctl ctl, unsigned value, struct err *e)
{
	if (need_range("control", ctl, CTL_ENABLE, CTL_FORWARDING, e) < 0)
		return -1;
	if (port == 0 && ctl == CTL_FORWARDING)
		return err_set(e, ERR_MALFORMED, "only a port forwards");
	if (port > 0 && (ctl == CTL_LOCATE_ON || ctl == CTL_LOCATE_OFF))
		return err_set(e, ERR_MALFORMED, "a port has no locate light");
	return need_range("value", value, 0, ctl == CTL_FORWARDING ? 2 : 0, e);
}

static int
cannot(const struct fabric *f, const char *verb, struct err *e)
{
	return err_set(e, ERR_UNSUPPORTED, "driver %s cannot %s",
	    f->driver->name, verb);
}

/* ---- opening ----------------------------------------------------------- */

static const struct fabric_driver *
find_driver(const char *name, size_t len)
{
	for (size_t i = 0; i <= sizeof(drivers) / sizeof(drivers[0]); i++) {
		const struct fabric_driver *d =
		    i < sizeof(drivers) / sizeof(drivers[0]) ? drivers[i] :
		    extra_driver;

		if (d != NULL && strlen(d->name) == len &&
		    memcmp(d->name, name, len) == 0)
			return d;
	}
	return NULL;
}

void
fabric_driver_add(const struct fabric_driver *driver)
{
	extra_driver = driver;
}

struct fabric *
fabric_open(const char *uri, struct err *e)
{
	const char *colon = strchr(uri, ':');
	const struct fabric_driver *d;

	if (colon == NULL || colon[1] == '\0') {
		err_set(e, ERR_MALFORMED, "\"%s\" is not DRIVER:TARGET", uri);
		return NULL;
	}
	d = find_driver(uri, (size_t)(colon - uri));
	if (d == NULL) {
		err_set(e, ERR_UNSUPPORTED,
		    "this program has no driver \"%.*s\"", (int)(colon - uri), uri);
		return NULL;
	}
	return d->open(colon + 1, e);
}

void
fabric_close(struct fabric *f)
{
	if (f != NULL)
		f->driver->close(f);
}

/* ---- verbs ------------------------------------------------------------- */

int
fabric_prepare(struct fabric *f, struct fabric_tag tag, fn_id fn,
    const struct personality *p, struct err *e)
{
	if (f->driver->prepare == NULL)
		return cannot(f, "prepare", e);
	if (need_tag(tag, e) < 0 || need_fn(fn, e) < 0 || need_persona(p, e) < 0)
		return -1;
	return f->driver->prepare(f, tag, fn, p, e);
}

int
fabric_bind(struct fabric *f, struct fabric_tag tag, unsigned slot,
    unsigned bridge, unsigned n, const fn_id *fns, struct err *e)
{
	if (f->driver->bind == NULL)
		return cannot(f, "bind", e);
	if (need_tag(tag, e) < 0 || need_slot(slot, e) < 0 ||
	    need_range("bridge", bridge, 0, UINT8_MAX, e) < 0 ||
	    need_fns(n, fns, e) < 0)
		return -1;
	return f->driver->bind(f, tag, slot, bridge, n, fns, e);
}

int
fabric_unbind(struct fabric *f, struct fabric_tag tag, unsigned slot,
    unsigned bridge, enum fabric_release how, struct err *e)
{
	if (f->driver->unbind == NULL)
		return cannot(f, "unbind", e);
	if (need_tag(tag, e) < 0 || need_slot(slot, e) < 0 ||
	    need_range("bridge", bridge, 0, UINT8_MAX, e) < 0 ||
	    need_range("release", how, RELEASE_ORDERLY, RELEASE_SURPRISE, e) < 0)
		return -1;
	return f->driver->unbind(f, tag, slot, bridge, how, e);
}

int
fabric_scrub(struct fabric *f, struct fabric_tag tag, fn_id fn, struct err *e)
{
	if (f->driver->scrub == NULL)
		return cannot(f, "scrub", e);
	if (need_tag(tag, e) < 0 || need_fn(fn, e) < 0)
		return -1;
	return f->driver->scrub(f, tag, fn, e);
}

int
fabric_slot_ctl(struct fabric *f, struct fabric_tag tag, unsigned slot,
    enum fabric_ctl ctl, struct err *e)
{
	if (f->driver->slot_ctl == NULL)
		return cannot(f, "slot_ctl", e);
	if (need_tag(tag, e) < 0 || need_slot(slot, e) < 0 ||
	    need_ctl(0, ctl, 0, e) < 0)
		return -1;
	return f->driver->slot_ctl(f, tag, slot, ctl, e);
}

int
fabric_module_ctl(struct fabric *f, struct fabric_tag tag, unsigned bay,
    unsigned port, enum fabric_ctl ctl, unsigned value, struct err *e)
{
	if (f->driver->module_ctl == NULL)
		return cannot(f, "module_ctl", e);
	if (need_tag(tag, e) < 0 || need_bay(bay, e) < 0 ||
	    need_range("port", port, 0, PORT_MAX, e) < 0 ||
	    need_ctl(port, ctl, value, e) < 0)
		return -1;
	return f->driver->module_ctl(f, tag, bay, port, ctl, value, e);
}

int
fabric_reset(struct fabric *f, struct fabric_tag tag, enum fabric_scope scope,
    uint32_t number, struct err *e)
{
	if (f->driver->reset == NULL)
		return cannot(f, "reset", e);
	if (scope == SCOPE_ALL)
		return err_set(e, ERR_MALFORMED,
		    "only a function, a slot or a module can be reset");
	if (need_tag(tag, e) < 0 || need_scope(scope, number, e) < 0)
		return -1;
	return f->driver->reset(f, tag, scope, number, e);
}

int
fabric_disk_make(struct fabric *f, struct fabric_tag tag, unsigned bay,
    unsigned number, unsigned raid, uint32_t mib, struct err *e)
{
	if (f->driver->disk_make == NULL)
		return cannot(f, "disk_make", e);
	if (need_tag(tag, e) < 0 || need_bay(bay, e) < 0 ||
	    need_range("disk", number, 0, UINT16_MAX, e) < 0 ||
	    need_raid(raid, e) < 0 ||
	    need_range("size in MiB", mib, 1, UINT32_MAX, e) < 0)
		return -1;
	return f->driver->disk_make(f, tag, bay, number, raid, mib, e);
}

int
fabric_disk_destroy(struct fabric *f, struct fabric_tag tag, unsigned bay,
    unsigned number, struct err *e)
{
	if (f->driver->disk_destroy == NULL)
		return cannot(f, "disk_destroy", e);
	if (need_tag(tag, e) < 0 || need_bay(bay, e) < 0 ||
	    need_range("disk", number, 0, UINT16_MAX, e) < 0)
		return -1;
	return f->driver->disk_destroy(f, tag, bay, number, e);
}

int
fabric_observe(struct fabric *f, enum fabric_scope scope, uint32_t number,
    fabric_sink *sink, void *cookie, struct err *e)
{
	if (f->driver->observe == NULL)
		return cannot(f, "observe", e);
	if (need_scope(scope, number, e) < 0)
		return -1;
	return f->driver->observe(f, scope, number, sink, cookie, e);
}

int
fabric_next_event(struct fabric *f, struct fabric_event *ev, struct err *e)
{
	if (f->driver->next_event == NULL)
		return cannot(f, "tell events", e);
	return f->driver->next_event(f, ev, e);
}

int
fabric_caps(struct fabric *f, struct fabric_switch *sw, struct err *e)
{
	if (f->driver->caps == NULL)
		return cannot(f, "tell its limits", e);
	return f->driver->caps(f, sw, e);
}

int
fabric_health(struct fabric *f, struct err *e)
{
	if (f->driver->health == NULL)
		return cannot(f, "tell its health", e);
	return f->driver->health(f, e);
}
