/* space.c -- see space.h; what the models consist of is in space_model.c. */
#include <string.h>

#include "tools/emulator/space.h"
#include "tools/emulator/space_model.h"

enum {
	LEGACY_CAPS_MAX = 48, EXT_CAPS_MAX = 480,	/* as many as can fit */
	ID_PCIE = 0x10, ID_DSN = 0x0003, ID_ARI = 0x000e, ID_SRIOV = 0x0010,
	ID_MRIOV = 0x0011,
};

/* ---- bytes ---- */

static uint32_t
get(const uint8_t *bytes, unsigned offset, unsigned n)
{
	uint32_t v = 0;

	while (n-- > 0)
		v = v << 8 | bytes[offset + n];
	return v;
}

uint32_t
space_get(const struct space *s, unsigned offset, unsigned n)
{
	return get(s->data, offset, n);
}

static void
put(uint8_t *bytes, unsigned offset, unsigned n, uint32_t value)
{
	for (unsigned i = 0; i < n; i++)
		bytes[offset + i] = (uint8_t)(value >> (8 * i));
}

void
space_set(struct space *s, unsigned offset, unsigned n, uint32_t value)
{
	put(s->data, offset, n, value);
}

/* A register at power-up. */
static void
reg(struct space *s, unsigned offset, unsigned n, uint32_t value, uint32_t rw,
    uint32_t w1c)
{
	put(s->data, offset, n, value);
	put(s->rw, offset, n, rw);
	put(s->w1c, offset, n, w1c);
}

/* Bits of a byte that software may write now. */
static uint8_t
writable(const struct space *s, unsigned sriov, unsigned at)
{
	if (sriov == 0 || (s->data[sriov + 8] & 1) == 0)
		return s->rw[at];
	if (at == sriov + 0x10 || at == sriov + 0x11 ||
	    (at >= sriov + 0x20 && at < sriov + 0x24))
		return 0;
	return at == sriov + 8 ? s->rw[at] & (uint8_t)~0x10u : s->rw[at];
}

void
space_write(struct space *s, unsigned offset, unsigned n, uint32_t value)
{
	unsigned sriov = space_ext_cap(s, ID_SRIOV);

	for (unsigned i = 0; i < n; i++) {
		unsigned at = offset + i;
		unsigned v = value >> (8 * i) & 0xff;
		unsigned rw = writable(s, sriov, at);

		s->data[at] = (uint8_t)(((s->data[at] & ~rw) | (v & rw)) &
		    ~(v & s->w1c[at]));
	}
}

/* ---- capability lists ---- */

unsigned
space_cap(const struct space *s, unsigned id)
{
	unsigned at = s->data[0x34] & 0xfcu;

	for (unsigned i = 0; at >= 0x40 && i < LEGACY_CAPS_MAX; i++) {
		if (s->data[at] == id)
			return at;
		at = s->data[at + 1] & 0xfcu;
	}
	return 0;
}

unsigned
space_ext_cap(const struct space *s, unsigned id)
{
	unsigned at = 0x100;

	for (unsigned i = 0; at >= 0x100 && i < EXT_CAPS_MAX; i++) {
		uint32_t header = space_get(s, at, 4);

		if (header == 0)
			return 0;
		if ((header & 0xffff) == id)
			return at;
		at = header >> 20 & 0xffc;
	}
	return 0;
}

/* Offset of the next row of the same list, or `end`. */
static unsigned
next_of(const struct space_model_row *m, unsigned i, unsigned end)
{
	int legacy = m->caps[i].version == 0;

	for (i++; i < m->n_caps; i++)
		if ((m->caps[i].version == 0) == legacy)
			return m->caps[i].at;
	return end;
}

static void
add_caps(struct space *s, const struct space_model_row *m, unsigned mr_cap)
{
	for (unsigned i = 0; i < m->n_caps; i++) {
		const struct space_model_cap *c = &m->caps[i];

		if (c->version == 0)
			space_set(s, c->at, 2, c->id | next_of(m, i, 0) << 8);
		else
			space_set(s, c->at, 4, c->id |
			    (uint32_t)c->version << 16 |
			    next_of(m, i, mr_cap) << 20);
		for (unsigned r = 0; r < c->n_regs; r++)
			reg(s, c->at + c->regs[r].at, c->regs[r].n,
			    c->regs[r].value, c->regs[r].rw, c->regs[r].w1c);
	}
	space_set(s, 0x34, 1, m->caps[0].at);
	if (mr_cap != 0)
		space_set(s, mr_cap, 4, ID_MRIOV | 1u << 16);
}

/* ---- addresses ----
 *
 * Each bus has its piece of each kind of address space, as firmware would have
 * given it: 4 KiB of I/O (buses 1 to 15; there is no more), 4 MiB below 4 GiB,
 * 256 MiB of 64-bit prefetchable memory.  The two functions of a card halve it.
 */
enum address { AT_IO, AT_MEM, AT_PREF, AT_N };

static uint64_t
piece(enum address kind, unsigned bus)
{
	switch (kind) {
	case AT_IO:
		return (uint64_t)bus << 12;
	case AT_MEM:
		return 0x80000000u + ((uint64_t)bus << 22);
	case AT_PREF:
	case AT_N:
		break;
	}
	return 0x4000000000u + ((uint64_t)bus << 28);
}

struct cursor {
	uint64_t next[AT_N];
};

static uint64_t
take(struct cursor *c, enum address kind, uint64_t size)
{
	uint64_t at = (c->next[kind] + size - 1) & ~(size - 1);

	c->next[kind] = at + size;
	return at;
}

static enum address
kind_of(const struct space_model_bar *b)
{
	if (b->type == BAR_IO)
		return AT_IO;
	return b->type == BAR_M64P ? AT_PREF : AT_MEM;
}

/* One BAR (of `n` functions) at a register: type, address, size mask. */
static void
add_bar(struct space *s, unsigned at, const struct space_model_bar *b,
    uint64_t n, unsigned bus, struct cursor *c)
{
	uint64_t size = 1ull << b->log2, mask = ~(size - 1), base;

	base = take(c, kind_of(b), size * n);
	if (b->type == BAR_IO && (bus == 0 || bus > 15))
		base = 0;
	reg(s, at, 4, (uint32_t)base | b->type, (uint32_t)mask, 0);
	if (b->type & BAR_M64)
		reg(s, at + 4, 4, (uint32_t)(base >> 32), (uint32_t)(mask >> 32),
		    0);
}

static void
add_bars(struct space *s, const struct space_model_row *m,
    const struct space_identity *id)
{
	struct cursor c;
	unsigned sriov = space_ext_cap(s, ID_SRIOV);

	for (unsigned k = 0; k < AT_N; k++)
		c.next[k] = piece(k, id->bus) +
		    (id->function & 1) * ((piece(k, 1) - piece(k, 0)) / 2);
	for (unsigned i = 0; i < 4 && m->bars[i].log2 != 0; i++)
		add_bar(s, 0x10 + 4u * m->bars[i].index, &m->bars[i], 1, id->bus,
		    &c);
	for (unsigned i = 0; sriov != 0 && i < 3 && m->vf_bars[i].log2 != 0; i++)
		add_bar(s, sriov + 0x24 + 4u * m->vf_bars[i].index,
		    &m->vf_bars[i], id->total_vfs, id->bus, &c);
	if (m->rom_log2 != 0)
		reg(s, 0x30, 4, (uint32_t)take(&c, AT_MEM, 1ull << m->rom_log2),
		    (uint32_t)~((1ull << m->rom_log2) - 1) | 1u, 0);
}

/* What is forwarded downwards: the pieces of the buses below. */
static void
add_windows(struct space *s, unsigned first, unsigned last)
{
	uint64_t mem = piece(AT_MEM, first), mem_end = piece(AT_MEM, last + 1) - 1;
	uint64_t pref = piece(AT_PREF, first);
	uint64_t pref_end = piece(AT_PREF, last + 1) - 1;
	unsigned io_last = last > 15 ? 15 : last;

	if (first >= 1 && first <= 15) {
		reg(s, 0x1c, 1, first << 4 | 1, 0xf0, 0);
		reg(s, 0x1d, 1, io_last << 4 | 1, 0xf0, 0);
	} else {				/* closed: base above limit */
		reg(s, 0x1c, 1, 0xf1, 0xf0, 0);
		reg(s, 0x1d, 1, 0x01, 0xf0, 0);
	}
	reg(s, 0x20, 2, mem >> 16 & 0xfff0, 0xfff0, 0);
	reg(s, 0x22, 2, mem_end >> 16 & 0xfff0, 0xfff0, 0);
	reg(s, 0x24, 2, (pref >> 16 & 0xfff0) | 1, 0xfff0, 0);
	reg(s, 0x26, 2, (pref_end >> 16 & 0xfff0) | 1, 0xfff0, 0);
	reg(s, 0x28, 4, (uint32_t)(pref >> 32), 0xffffffff, 0);
	reg(s, 0x2c, 4, (uint32_t)(pref_end >> 32), 0xffffffff, 0);
	reg(s, 0x30, 4, 0, 0xffffffff, 0);
}

/* ---- headers ---- */

static void
add_header(struct space *s, const struct space_model_row *m,
    const struct space_identity *id)
{
	reg(s, 0x00, 2, m->vendor, 0, 0);
	reg(s, 0x02, 2, m->device, 0, 0);
	reg(s, 0x04, 2, 0x0406, 0x0547, 0);
	if ((m->header & 0x7f) != 0 || (id->bus >= 1 && id->bus <= 15))
		s->data[0x04] |= 1;		/* has, or forwards, I/O */
	reg(s, 0x06, 2, 0x0010, 0, 0xf900);
	reg(s, 0x08, 4, m->class_code << 8 | m->revision, 0, 0);
	reg(s, 0x0c, 1, 0x10, 0xff, 0);
	reg(s, 0x0e, 1, m->header, 0, 0);
	reg(s, 0x3c, 1, 0x0b, 0xff, 0);
	reg(s, 0x3d, 1, 1 + (id->function & 3), 0, 0);
	if ((m->header & 0x7f) == 0) {
		reg(s, 0x2c, 2, m->subvendor, 0, 0);
		reg(s, 0x2e, 2, m->subdevice, 0, 0);
		return;
	}
	reg(s, 0x18, 1, id->bus, 0xff, 0);
	reg(s, 0x19, 1, id->sub_bus_first, 0xff, 0);
	reg(s, 0x1a, 1, id->sub_bus_last, 0xff, 0);
	reg(s, 0x1e, 2, 0, 0, 0xf900);
	reg(s, 0x3e, 2, 0x0003, 0x0bff, 0);
	add_windows(s, id->sub_bus_first, id->sub_bus_last);
}

/* The numbers that no model has: they are this function's. */
static void
add_identity(struct space *s, const struct space_identity *id)
{
	unsigned at = space_ext_cap(s, ID_DSN);

	if (at != 0) {
		space_set(s, at + 4, 4, (uint32_t)id->dsn);
		space_set(s, at + 8, 4, (uint32_t)(id->dsn >> 32));
	}
	if ((at = space_ext_cap(s, ID_ARI)) != 0)
		space_set(s, at + 5, 1, id->function == 0 ? 1 : 0);
	if ((at = space_ext_cap(s, ID_SRIOV)) != 0) {
		/* The lowest function alone says for all that ARI is on. */
		if (id->function == 0)
			reg(s, at + 8, 2, 0x0010, 0x0019, 0);
		space_set(s, at + 0x0c, 2, id->total_vfs);
		space_set(s, at + 0x0e, 2, id->total_vfs);
		space_set(s, at + 0x12, 1, id->function);
		space_set(s, at + 0x14, 2, id->first_vf_offset);
		space_set(s, at + 0x16, 2, id->vf_stride);
	}
	at = space_cap(s, ID_PCIE);
	s->data[at + 0x0f] = (uint8_t)(id->model == MODEL_SWITCH_DOWN ?
	    id->bay : id->function);			/* port number */
	if (id->model == MODEL_SWITCH_DOWN)
		space_set(s, at + 0x14, 4, space_get(s, at + 0x14, 4) |
		    (uint32_t)id->bay << 19);
}

void
space_init(struct space *s, const struct space_identity *id, unsigned mr_cap)
{
	const struct space_model_row *m = &space_model_rows[id->model];

	memset(s, 0, sizeof(*s));
	add_caps(s, m, mr_cap);
	add_header(s, m, id);
	add_identity(s, id);
	add_bars(s, m, id);
}

void
space_slot_presence(struct space *s, int present)
{
	unsigned at = space_cap(s, ID_PCIE);
	unsigned slot, link;

	if (at == 0 || (s->data[at + 3] & 1) == 0)
		return;
	slot = space_get(s, at + 0x1a, 2) & ~0x40u;
	link = (space_get(s, at + 0x12, 2) & ~0x23ffu) | 1;
	if (present) {
		slot |= 0x40;
		link = (link & ~1u) | 0x2082;	/* active, x8, 5 GT/s */
	}
	space_set(s, at + 0x1a, 2, slot | 0x108);
	space_set(s, at + 0x12, 2, link);
}

/* ---- the lines of /sys/bus/pci/devices/X/resource ---- */

enum {				/* include/linux/ioport.h */
	RES_IO = 0x100, RES_MEM = 0x200, RES_PREFETCH = 0x2000,
	RES_READONLY = 0x4000, RES_SIZEALIGN = 0x40000, RES_MEM64 = 0x100000,
};

/* One BAR register (two when 64 bits wide); returns how many. */
static unsigned
bar_region(const struct space *s, unsigned at, uint64_t n,
    struct space_region *r)
{
	uint32_t low = space_get(s, at, 4), mask = get(s->rw, at, 4);
	uint64_t size, base, wide;

	if (mask == 0)
		return 1;
	r->flags = RES_SIZEALIGN;
	if (low & 1) {
		r->flags |= RES_IO | 1;
		base = low & 0xfffc;
		size = (~mask & 0xffff) + 1u;
		wide = 0;
	} else {
		wide = low & BAR_M64;
		r->flags |= RES_MEM | (low & 0xf);
		r->flags |= (low & 8 ? RES_PREFETCH : 0) | (wide ? RES_MEM64 : 0);
		base = (low & ~0xfu) |
		    (wide ? (uint64_t)space_get(s, at + 4, 4) << 32 : 0);
		size = (~mask | 0ull) + 1;
	}
	r->start = base;
	r->end = base == 0 ? 0 : base + size * n - 1;
	return wide ? 2 : 1;
}

static void
rom_region(const struct space *s, unsigned at, struct space_region *r)
{
	uint32_t value = space_get(s, at, 4), mask = get(s->rw, at, 4);

	if ((s->data[0x0e] & 0x7f) != 0 || mask == 0)
		return;
	r->start = value & ~0x7ffu;
	r->end = r->start + (~(mask & ~1u) | 0ull);
	r->flags = RES_SIZEALIGN | RES_READONLY | RES_PREFETCH | RES_MEM |
	    (value & 1);
}

static void
window(struct space_region *r, uint64_t start, uint64_t end, uint64_t flags)
{
	if (start <= end)
		*r = (struct space_region){ start, end, flags };
}

static void
bridge_regions(const struct space *s, struct space_region r[3])
{
	window(&r[0], (space_get(s, 0x1c, 1) & 0xf0) << 8,
	    (space_get(s, 0x1d, 1) & 0xf0) << 8 | 0xfff, RES_IO | 1);
	window(&r[1], (uint64_t)(space_get(s, 0x20, 2) & 0xfff0) << 16,
	    (uint64_t)(space_get(s, 0x22, 2) & 0xfff0) << 16 | 0xfffff, RES_MEM);
	window(&r[2],
	    (uint64_t)space_get(s, 0x28, 4) << 32 |
		(uint64_t)(space_get(s, 0x24, 2) & 0xfff0) << 16,
	    (uint64_t)space_get(s, 0x2c, 4) << 32 |
		(uint64_t)(space_get(s, 0x26, 2) & 0xfff0) << 16 | 0xfffff,
	    RES_MEM64 | RES_PREFETCH | RES_MEM | 1);
}

unsigned
space_regions(const struct space *s, struct space_region out[17])
{
	int bridge = (s->data[0x0e] & 0x7f) == 1;
	unsigned sriov = space_ext_cap(s, ID_SRIOV);

	memset(out, 0, 17 * sizeof(*out));
	for (unsigned i = 0, n = bridge ? 2 : 6; i < n;)
		i += bar_region(s, 0x10 + 4 * i, 1, &out[i]);
	rom_region(s, 0x30, &out[6]);
	for (unsigned i = 0; sriov != 0 && i < 6;)
		i += bar_region(s, sriov + 0x24 + 4 * i,
		    space_get(s, sriov + 0x0e, 2), &out[7 + i]);
	if (bridge)
		bridge_regions(s, &out[13]);
	return bridge ? 17 : 13;
}
