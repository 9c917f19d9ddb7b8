/* wire.c -- see wire.h. */
#include <string.h>

#include "switchmgr/wire.h"

enum { RECORD_HEAD = 8, ALIGN = 8 };

static const uint32_t record_sizes[REC_N_KINDS] = {
	[REC_SWITCH] = sizeof(struct fabric_switch),
	[REC_SLOT] = sizeof(struct fabric_slot),
	[REC_BRIDGE] = sizeof(struct fabric_bridge),
	[REC_BAY] = sizeof(struct fabric_bay),
	[REC_PORT] = sizeof(struct fabric_port),
	[REC_FN] = sizeof(struct fabric_fn),
	[REC_DISK] = sizeof(struct fabric_disk),
};

static const uint16_t request_sizes[WIRE_N_VERBS] = {
	[WIRE_HELLO] = sizeof(struct wire_hello),
	[WIRE_PREPARE] = sizeof(struct wire_prepare),
	[WIRE_BIND] = sizeof(struct wire_bind),
	[WIRE_UNBIND] = sizeof(struct wire_unbind),
	[WIRE_SCRUB] = sizeof(struct wire_scrub),
	[WIRE_SLOT_CTL] = sizeof(struct wire_slot_ctl),
	[WIRE_MODULE_CTL] = sizeof(struct wire_module_ctl),
	[WIRE_RESET] = sizeof(struct wire_reset),
	[WIRE_DISK_MAKE] = sizeof(struct wire_disk),
	[WIRE_DISK_DESTROY] = sizeof(struct wire_disk),
	[WIRE_OBSERVE] = sizeof(struct wire_observe),
	[WIRE_NEXT_EVENT] = 0,
	[WIRE_CAPS] = 0,
	[WIRE_HEALTH] = 0,
};

size_t
wire_request_size(enum wire_verb verb)
{
	return request_sizes[verb];
}

struct wire_hello
wire_hello(void)
{
	struct wire_hello h = {
		.magic = WIRE_MAGIC, .version = WIRE_VERSION,
		.head = sizeof(struct wire_head),
		.reply = sizeof(struct wire_reply),
		.personality = sizeof(struct personality),
		.event = sizeof(struct fabric_event),
	};

	memcpy(h.record, record_sizes, sizeof(h.record));
	return h;
}

bool
wire_hello_fits(const struct wire_hello *theirs)
{
	struct wire_hello ours = wire_hello();

	/* All members are uint32_t: there is no padding to differ. */
	return memcmp(theirs, &ours, sizeof(ours)) == 0;
}

/* ---- records ----------------------------------------------------------- */

size_t
wire_put_record(uint8_t *out, const struct fabric_record *r)
{
	uint32_t kind = (uint32_t)r->kind, size = record_sizes[r->kind];
	size_t padded;

	memcpy(out + RECORD_HEAD, &r->u, size);
	while (size > 0 && out[RECORD_HEAD + size - 1] == 0)
		size--;
	padded = (size + ALIGN - 1) / ALIGN * ALIGN;
	memset(out + RECORD_HEAD + size, 0, padded - size);
	memcpy(out, &kind, sizeof(kind));
	memcpy(out + sizeof(kind), &size, sizeof(size));
	return RECORD_HEAD + padded;
}

/* One condition of the sanity of what came back. */
static int
sane(bool yes, const char *what, struct err *e)
{
	return yes ? 0 : err_set(e, ERR_DEVICE,
	    "the switch manager sent %s that cannot be", what);
}

static bool
text_ends(const char *text)
{
	return memchr(text, 0, FABRIC_SERIAL) != NULL;
}

int
wire_check_switch(const struct fabric_switch *s, struct err *e)
{
	return sane(s->slots >= 1 && s->slots <= SLOT_MAX && s->bays <= BAY_MAX &&
	    s->bridges >= 1 && s->parallel >= 1, "a switch", e);
}

static bool
bridge_sane(const struct fabric_bridge *b)
{
	if (b->slot < 1 || b->slot > SLOT_MAX || b->state > BRIDGE_RELEASING ||
	    b->n > FABRIC_BRIDGE_FNS || b->error >= FERR_N ||
	    b->seen > SEEN_YES)
		return false;
	for (unsigned i = 0; i < b->n; i++)
		if (!fn_valid(b->fn[i]))
			return false;
	return true;
}

static bool
fn_sane(const struct fabric_fn *f)
{
	return fn_valid(f->id) && f->state <= FNS_FAILED && f->error < FERR_N &&
	    f->persona.kind <= PERSONA_RAID &&
	    f->persona.n_vlans <= FABRIC_VLANS &&
	    f->persona.n_boot <= FABRIC_BOOT &&
	    f->persona.n_disks <= FABRIC_DISKS;
}

static bool
bay_number_sane(unsigned bay)
{
	return bay >= 1 && bay <= BAY_MAX;
}

static int
check_record(const struct fabric_record *r, struct err *e)
{
	switch (r->kind) {
	case REC_SWITCH:
		return wire_check_switch(&r->u.sw, e);
	case REC_SLOT:
		return sane(r->u.slot.number >= 1 &&
		    r->u.slot.number <= SLOT_MAX && r->u.slot.power <= 2 &&
		    r->u.slot.hotplug <= HOTPLUG_READY &&
		    text_ends(r->u.slot.serial), "a slot", e);
	case REC_BRIDGE:
		return sane(bridge_sane(&r->u.bridge), "a bridge", e);
	case REC_BAY:
		return sane(bay_number_sane(r->u.bay.number) &&
		    r->u.bay.n_ports <= PORT_MAX && text_ends(r->u.bay.serial),
		    "a bay", e);
	case REC_PORT:
		return sane(bay_number_sane(r->u.port.bay) &&
		    r->u.port.port >= 1 && r->u.port.port <= PORT_MAX,
		    "a port", e);
	case REC_FN:
		return sane(fn_sane(&r->u.fn), "a function", e);
	case REC_DISK:
		return sane(bay_number_sane(r->u.disk.bay) &&
		    r->u.disk.state <= DISK_FAILED && r->u.disk.error < FERR_N,
		    "a disk", e);
	case REC_N_KINDS:
		break;
	}
	return sane(false, "a record", e);
}

int
wire_get_record(const uint8_t *bytes, size_t n, struct fabric_record *out,
    size_t *used, struct err *e)
{
	uint32_t kind, size;
	size_t padded;

	if (n < RECORD_HEAD)
		return sane(false, "a record", e);
	memcpy(&kind, bytes, sizeof(kind));
	memcpy(&size, bytes + sizeof(kind), sizeof(size));
	if (kind < REC_SWITCH || kind >= REC_N_KINDS || size > record_sizes[kind])
		return sane(false, "a record", e);
	padded = (size + ALIGN - 1) / ALIGN * ALIGN;
	if (n - RECORD_HEAD < padded)
		return sane(false, "a record", e);
	memset(out, 0, sizeof(*out));
	out->kind = (enum record_kind)kind;
	memcpy(&out->u, bytes + RECORD_HEAD, size);
	*used = RECORD_HEAD + padded;
	return check_record(out, e);
}

int
wire_check_event(const struct fabric_event *ev, struct err *e)
{
	return sane(ev->kind <= FEV_RESYNC && ev->slot <= SLOT_MAX &&
	    ev->bay <= BAY_MAX && (ev->fn == 0 || fn_valid(ev->fn)),
	    "an event", e);
}
