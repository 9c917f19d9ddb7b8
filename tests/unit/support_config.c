/* support_config.c -- see support_config.h. */
#include "tests/unit/support_config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "profiles/xml_read.h"
#include "tests/test.h"

static struct err e;

struct draw {
	struct change_set *cs;
	struct rng *rng;
	const char *networks[8], *sans[4], *classes[4];
	const char *pools[4][3];	/* by type, besides the default ones */
	size_t n_networks, n_sans, n_classes, n_pools[4];
	unsigned n_names;
};

static uint32_t
below(struct draw *d, uint32_t n)
{
	return (uint32_t)rng_below(d->rng, n);
}

static bool
coin(struct draw *d)
{
	return below(d, 2) == 1;
}

/* ---- texts ---- */

static void
draw_text(struct draw *d, char *to, size_t size)
{
	static const char *const pieces[] = {
		" ", "  ", "a", "rack 4, U12", "\xc3\xa4", "\xe2\x82\xac",
		"<", ">", "&", "\"", "'", "]]>", "&amp;", "&#10;", "\xc2\xa0",
		"\xf0\x9f\x8c\x8d", "-->", "<?x?>", "\xef\xbf\xbd", "=",
	};
	size_t n = 0, used = coin(d) ? below(d, 12) : 0;

	to[0] = '\0';
	for (size_t i = 0; i < used; i++) {
		const char *piece = pieces[below(d, N_ROWS(pieces))];

		if (n + strlen(piece) < size) {
			memcpy(to + n, piece, strlen(piece) + 1);
			n += strlen(piece);
		}
	}
}

static void
draw_name(struct draw *d, char name[NAME_TEXT])
{
	static const struct {
		const char *before, *behind;
	} forms[] = { { "n", "" }, { "Net-", "" }, { "", "_x" }, { "a.", "-B" },
	    { "z", ".abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWX" } };
	size_t i = below(d, N_ROWS(forms));

	(void)snprintf(name, NAME_TEXT, "%s%u%s", forms[i].before,
	    d->n_names++, forms[i].behind);
}

static void
draw_labels(struct draw *d, struct labels *l)
{
	size_t n = coin(d) ? below(d, 5) : 0;

	l->items = arena_array(d->cs->arena, n, sizeof(*l->items));
	for (l->n = 0; l->n < n; l->n++) {
		struct label *x = &l->items[l->n];

		(void)snprintf(x->name, sizeof(x->name), "%c%zu.k",
		    "AaZz"[below(d, 4)], l->n);
		draw_text(d, x->value, sizeof(x->value));
	}
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && strcmp(l->items[k - 1].name,
		    l->items[k].name) > 0; k--) {
			struct label x = l->items[k];

			l->items[k] = l->items[k - 1];
			l->items[k - 1] = x;
		}
}

static const char *
draw_extensions(struct draw *d)
{
	static const char *const texts[] = {
		"", "<a xmlns=\"urn:x\"></a>",
		"<x:a xmlns:x=\"urn:x\" b=\"1\"> t <x:c></x:c>\n</x:a>",
		"<a xmlns=\"urn:x\">&lt;&amp;&gt;\"</a><y:b xmlns:y=\"urn:y\" "
		    "y:k=\"&quot;&#x9;\"><c></c></y:b>",
	};

	return texts[below(d, N_ROWS(texts))];
}

static void
draw_head(struct draw *d, struct head *h)
{
	draw_name(d, h->name);
	draw_text(d, h->description, sizeof(h->description));
	draw_labels(d, &h->labels);
}

/* ---- networks, classes, pools, the box ---- */

static void
draw_ports(struct draw *d, struct port_ref **ports, size_t *n)
{
	*n = coin(d) ? 0 : below(d, 4);
	*ports = arena_array(d->cs->arena, *n, sizeof(**ports));
	for (size_t i = 0; i < *n; i++)
		(*ports)[i] = (struct port_ref){ 1 + (uint32_t)i,
			1 + below(d, 2) };
}

static void
draw_networks(struct draw *d)
{
	size_t n = below(d, N_ROWS(d->networks) + 1);
	size_t m = below(d, N_ROWS(d->sans) + 1);

	for (size_t i = 0; i < n; i++) {
		struct network *x = change_make_network(d->cs);

		draw_head(d, &x->head);
		x->vlan = 1 + 500 * (uint32_t)i + below(d, 500);
		x->isolation = below(d, 2);
		x->mtu_max = 576 + below(d, 8641);
		draw_ports(d, &x->ports, &x->n_ports);
		d->networks[d->n_networks++] = x->head.id;
	}
	for (size_t i = 0; i < m; i++) {
		struct san *x = change_make_san(d->cs);

		draw_head(d, &x->head);
		x->fabric = below(d, 3);
		x->vsan = below(d, 4094);
		draw_ports(d, &x->ports, &x->n_ports);
		d->sans[d->n_sans++] = x->head.id;
	}
}

static void
draw_classes(struct draw *d)
{
	size_t n = below(d, N_ROWS(d->classes) + 1);

	for (size_t i = 0; i < n; i++) {
		struct qos_class *x = change_make_class(d->cs);

		draw_head(d, &x->head);
		x->guarantee_mbps = coin(d) ? 0 : below(d, 1000);
		x->limit_mbps = coin(d) ? 0 : 1000 + below(d, 9000);
		x->pcp = below(d, 8);
		x->weight = below(d, 256);
		d->classes[d->n_classes++] = x->head.id;
	}
}

static void
draw_pool(struct draw *d, uint32_t type, uint64_t from)
{
	struct pool *x = change_make_pool(d->cs);

	draw_head(d, &x->head);
	x->type = type;
	x->order = below(d, 2);
	x->quarantine_s = below(d, 200000);
	x->is_default = below(d, 4) == 0;
	d->pools[type][d->n_pools[type]++] = x->head.id;
	if (type == POOL_UUID)
		return;
	x->n_blocks = 1 + below(d, 3);
	x->blocks = arena_array(d->cs->arena, x->n_blocks, sizeof(*x->blocks));
	for (size_t i = 0; i < x->n_blocks; i++, from += 0x1000)
		x->blocks[i] = (struct block){ from, from + 256 +
			below(d, 1000) };
	x->n_exclusions = below(d, 2);
	x->exclusions = arena_array(d->cs->arena, x->n_exclusions,
	    sizeof(*x->exclusions));
	for (size_t i = 0; i < x->n_exclusions; i++)
		x->exclusions[i] = (struct block){ x->blocks[i].from + 1,
			x->blocks[i].from + 1 + below(d, 100) };
}

static void
draw_pools(struct draw *d)
{
	static const uint64_t from[] = { 0x0610000000, 0x2000061000000000,
		0x2001061000000000, 0 };

	for (uint32_t type = 0; type < 4; type++)
		for (uint32_t n = below(d, 3), i = 0; i < n; i++)
			draw_pool(d, type, from[type] + (type == POOL_MAC ?
			    0x020000000000 : 0) + 0x10000 * i);
}

static void
draw_box(struct draw *d)
{
	struct appliance_wanted *w;
	char name[PORT_TEXT];
	struct slot *s;
	struct port *p;
	struct bay *b;

	ck_ok(change_appliance(d->cs, &w, &e), e);
	w->extensions = draw_extensions(d);
	for (unsigned i = 1; i <= 4; i++) {
		ck_ok(change_slot(d->cs, i * 4, &s, &e), e);
		draw_text(d, s->label, sizeof(s->label));
		draw_text(d, s->cable_id, sizeof(s->cable_id));
		draw_text(d, s->description, sizeof(s->description));
		draw_labels(d, &s->labels);
		s->admin = below(d, 3);
		s->is_spare = coin(d);
	}
	for (unsigned i = 1; i <= 3; i++) {
		ck_ok(change_port(d->cs, port_text(i, 1 + below(d, 2), name),
		    &p, &e), e);
		draw_text(d, p->description, sizeof(p->description));
		draw_labels(d, &p->labels);
		p->forwarding = below(d, 3);
		p->reserve_pct = below(d, 51);
		p->oversubscribe = below(d, 3);
		ck_ok(change_bay(d->cs, bay_text(i, name), &b, &e), e);
		draw_text(d, b->label, sizeof(b->label));
		draw_labels(d, &b->labels);
		b->service = below(d, 3);
		b->power = below(d, 2);
	}
}

/* ---- profiles ---- */

static void
draw_vnic(struct draw *d, struct device *x)
{
	size_t n = d->n_networks > 0 ? below(d, (uint32_t)d->n_networks + 1) :
	    0;

	x->vlans = arena_array(d->cs->arena, n, sizeof(*x->vlans));
	x->n_vlans = n;
	for (size_t i = 0; i < n; i++)
		(void)snprintf(x->vlans[i].network, ID_TEXT, "%s",
		    d->networks[(i + x->order) % d->n_networks]);
	x->vlan_mode = n > 1 || (n == 1 && coin(d)) ? VLAN_TRUNK : VLAN_ACCESS;
	if (n > 0 && (coin(d) || x->vlan_mode == VLAN_ACCESS))
		x->vlans[below(d, (uint32_t)n)].native = true;
	if (coin(d)) {
		x->source = SOURCE_STATIC;
		x->address = 0x0e0000000000 + ((uint64_t)d->n_names++ << 8);
	} else if (d->n_pools[POOL_MAC] > 0 && coin(d)) {
		memcpy(x->pool, d->pools[POOL_MAC][0], ID_TEXT);
	}
	x->mtu = 576 + below(d, 8641);
	x->own.limit_mbps = coin(d) ? 0 : 1000 + below(d, 9000);
	x->own.guarantee_mbps = coin(d) ? 0 : below(d, 1000);
	x->own.pcp = below(d, 8);
	if (d->n_classes > 0 && coin(d))
		memcpy(x->qos_class, d->classes[below(d,
		    (uint32_t)d->n_classes)], ID_TEXT);
	x->spoof_check = coin(d);
	x->trust = coin(d);
	x->promisc = coin(d);
	x->pxe = coin(d);
	if (coin(d))
		draw_name(d, x->nic_kind);
	if (coin(d))
		draw_name(d, x->intended_use);
	x->queues = below(d, 256);
	x->link_policy = below(d, 3);
}

static void
draw_vhba(struct draw *d, struct device *x)
{
	memcpy(x->san, d->sans[below(d, (uint32_t)d->n_sans)], ID_TEXT);
	if (coin(d)) {
		x->source = SOURCE_STATIC;
		x->address = 0x20000e0000000000 +
		    ((uint64_t)d->n_names++ << 8);
	} else if (d->n_pools[POOL_WWPN] > 0 && coin(d)) {
		memcpy(x->pool, d->pools[POOL_WWPN][0], ID_TEXT);
	}
	x->n_boot = below(d, DEVICE_BOOT + 1);
	x->boot = arena_array(d->cs->arena, x->n_boot, sizeof(*x->boot));
	for (size_t i = 0; i < x->n_boot; i++)
		x->boot[i] = (struct boot_target){
			.wwpn = 0x500601603BA00000 + below(d, 0xffff),
			.lun = coin(d) ? below(d, 65536) :
			    (uint64_t)1 << 48 | below(d, 99),
			.priority = (uint32_t)i + 1 };
	x->own.limit_mbps = coin(d) ? 0 : 1000 + below(d, 7000);
	x->protocol = below(d, 2);
	x->queue_depth = below(d, 65536);
}

static void
draw_vdas(struct draw *d, struct device *x)
{
	static const uint32_t levels[] = { 0, 1, 5, 6, 10, 50, 60 };

	x->n_disks = 1 + below(d, DEVICE_DISKS);
	x->disks = arena_array(d->cs->arena, x->n_disks, sizeof(*x->disks));
	for (size_t i = 0; i < x->n_disks; i++) {
		struct disk *k = &x->disks[i];

		draw_name(d, k->name);
		k->raid = levels[below(d, N_ROWS(levels))];
		k->capacity_mib = 1 + below(d, 4000000);
		k->number = UINT32_MAX;
		k->access = below(d, 2);
		k->boot = coin(d);
		k->strip_kib = below(d, 1024);
		if (coin(d))
			draw_name(d, k->read_policy);
		if (coin(d))
			draw_name(d, k->write_policy);
		draw_text(d, k->guid, sizeof(k->guid));
		draw_text(d, k->drives, sizeof(k->drives));
	}
}

static void
draw_device(struct draw *d, struct profile *p)
{
	uint32_t kind = below(d, d->n_sans > 0 ? DEVICE_N_KINDS :
	    DEVICE_N_KINDS - 1);
	struct device *x;

	/* Without a SAN, no vHBA. */
	if (d->n_sans == 0 && kind >= DEVICE_VHBA)
		kind++;
	x = change_make_device(d->cs, p, (enum device_kind)kind);
	x->order += below(d, 3);
	draw_name(d, x->name);
	draw_text(d, x->description, sizeof(x->description));
	draw_labels(d, &x->labels);
	x->extensions = draw_extensions(d);
	x->pin_bay = below(d, 6);
	x->pin_port = below(d, 3);
	if (coin(d))
		draw_name(d, x->anti_affinity);
	if (kind == DEVICE_VNIC)
		draw_vnic(d, x);
	else if (kind == DEVICE_VHBA)
		draw_vhba(d, x);
	else if (kind == DEVICE_VDAS)
		draw_vdas(d, x);
	else if (kind == DEVICE_EXCLUSIVE)
		x->sharing = SHARING_EXCLUSIVE;
}

/* The device made last is lent. */
static void
draw_lease(struct draw *d, struct profile *p)
{
	static const char *const zones[] = { "UTC", "Europe/London",
		"America/Argentina/Buenos_Aires", "Etc/GMT+5" };
	struct lease *l = change_make_lease(d->cs);
	struct device *x = &p->devices[p->n_devices - 1];

	draw_head(d, &l->head);
	memcpy(l->profile, p->head.id, sizeof(l->profile));
	memcpy(l->device, x->id, sizeof(l->device));
	memcpy(x->lease, l->head.id, sizeof(x->lease));
	x->idle = true;
	l->schedule.start = 40000000 + below(d, 1000000);
	l->schedule.end = l->schedule.start + 5 + below(d, 1000);
	l->schedule.days = coin(d) ? 0 : below(d, 128);
	l->schedule.until = coin(d) ? 0 : 42000000 + below(d, 1000);
	(void)snprintf(l->zone, sizeof(l->zone), "%s", zones[below(d, 4)]);
	l->grace_s = below(d, 3600);
	l->on_end = below(d, 3);
	l->force_after_s = coin(d) ? 0 : below(d, 86400);
	l->priority = below(d, 256);
	l->queue = coin(d);
}

static void
draw_boot_order(struct draw *d, struct profile *p)
{
	size_t n = p->n_devices > 0 ? below(d, (uint32_t)p->n_devices + 1) : 0;
	size_t first = below(d, 8);

	p->boot_order = arena_array(d->cs->arena, n, NAME_TEXT);
	p->n_boot_order = n;
	for (size_t i = 0; i < n; i++)
		memcpy(p->boot_order[i], p->devices[(first + i * (p->n_devices -
		    1)) % p->n_devices].name, NAME_TEXT);
}

static void
draw_profile(struct draw *d, uint32_t slot)
{
	struct profile *p = change_make_profile(d->cs);
	size_t n = below(d, 7);

	draw_head(d, &p->head);
	p->extensions = draw_extensions(d);
	p->drift = below(d, 3);
	p->failover = below(d, 3);
	p->hold_s = below(d, 2592001);
	p->cooldown_s = below(d, 100000);
	p->slot = slot;
	p->affinity = below(d, 2);
	if (slot != 0 && p->affinity == 1 && coin(d))
		(void)snprintf(p->server_serial, sizeof(p->server_serial),
		    "CZ%u", d->n_names++);
	if (coin(d))
		(void)snprintf(p->system_uuid, ID_TEXT, "pool");
	for (size_t i = 0; i < n; i++) {
		draw_device(d, p);
		if (below(d, 4) == 0)
			draw_lease(d, p);
	}
	draw_boot_order(d, p);
}

void
config_draw(struct scratch *s, struct rng *rng)
{
	struct draw d = { .rng = rng };
	uint32_t n;

	d.cs = change_new(s->arena, s->store, rng_next(rng), scratch_wall_ms);
	draw_networks(&d);
	draw_classes(&d);
	draw_pools(&d);
	draw_box(&d);
	n = below(&d, 6);
	for (uint32_t i = 0; i < n; i++)
		draw_profile(&d, coin(&d) ? 1 + 3 * i : 0);
	ck_ok(scratch_commit(s, d.cs, &e), e);
}

/* ---- out and in ---- */

char *
config_export(struct scratch *s)
{
	struct appliance self;
	struct xml_origin origin = { &self, "VIO-4001", "0.1.0",
	    scratch_wall_ms };
	struct xml_export export = { .kind = XML_KIND_LOGICAL,
		.origin = &origin };
	struct buf b = buf_new(XML_MAX_BYTES);
	char *text;

	ck_ok(store_appliance(s->store, &self, &e), e);
	ck_ok(xml_config_write(s->store, s->arena, &export, &b, &e), e);
	text = arena_strdup(s->arena, b.data);
	buf_free(&b);
	return text;
}

struct change_set *
config_import(struct scratch *s, const char *text,
    const struct xml_import_options *o, struct xml_imported *out)
{
	struct change_set *cs = change_new(s->arena, s->store, 7,
	    scratch_wall_ms);
	struct xml_records *r = arena_alloc(s->arena, sizeof(*r));

	ck_ok(xml_read(s->arena, text, strlen(text), r, &e), e);
	ck_ok(xml_import(cs, r, o, out, &e), e);
	return cs;
}

char *
config_content(struct scratch *s, const char *text)
{
	const char *from = strstr(text, "<origin "), *to, *digest;

	ck_assert_ptr_nonnull(from);
	from = strchr(from, '\n');
	to = strstr(text, "  <integrity>");
	digest = strstr(text, "<contentDigest>");
	ck_assert(from != NULL && to != NULL && digest != NULL);
	return arena_printf(s->arena, "%.*s%s", (int)(to - from), from, digest);
}
