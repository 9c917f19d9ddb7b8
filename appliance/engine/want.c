/* want.c -- see want.h. */
#include "appliance/engine/want.h"

#include <stdlib.h>
#include <string.h>

#include "appliance/engine/view.h"

static int
u16_compare(const void *a, const void *b)
{
	uint16_t x = *(const uint16_t *)a, y = *(const uint16_t *)b;

	return (x > y) - (x < y);
}

static void
persona_of_vnic(const struct capability *cap, const struct device *d,
    struct personality *p)
{
	p->kind = PERSONA_NIC;
	p->mac = d->address;
	p->mtu = (uint16_t)d->mtu;
	if (cap != NULL && cap->guarantee == GUARANTEE_HW)
		p->guarantee_mbps = d->guarantee_mbps;
	for (size_t i = 0; i < d->n_vlans && i < FABRIC_VLANS; i++) {
		p->vlans[p->n_vlans++] = (uint16_t)d->vlans[i].vlan;
		if (d->vlans[i].native)
			p->native = (uint16_t)d->vlans[i].vlan;
	}
	qsort(p->vlans, p->n_vlans, sizeof(p->vlans[0]), u16_compare);
	p->flags = (uint8_t)((d->spoof_check ? PERSONA_SPOOF_CHECK : 0) |
	    (d->trust ? PERSONA_TRUST : 0) | (d->promisc ? PERSONA_PROMISC : 0) |
	    (d->pxe ? PERSONA_PXE : 0));
}

static void
add_boot(struct personality *p, const struct boot_target *t)
{
	size_t at = p->n_boot++;

	/* By rising priority; there are four at most. */
	while (at > 0 && p->boot[at - 1].priority > t->priority) {
		p->boot[at] = p->boot[at - 1];
		at--;
	}
	p->boot[at].wwpn = t->wwpn;
	p->boot[at].lun = t->lun;
	p->boot[at].priority = t->priority;
}

static void
persona_of_vhba(const struct profile *profile, const struct device *d,
    struct personality *p)
{
	p->kind = PERSONA_FC;
	p->wwpn = d->address;
	p->wwnn = profile->wwnn;
	for (size_t i = 0; i < d->n_boot && i < FABRIC_BOOT; i++)
		add_boot(p, &d->boot[i]);
}

static void
persona_of_vdas(const struct device *d, struct personality *p)
{
	p->kind = PERSONA_RAID;
	for (size_t i = 0; i < d->n_disks && i < FABRIC_DISKS; i++)
		if (d->disks[i].bay != 0)
			p->disks[p->n_disks++] = (uint16_t)d->disks[i].number;
	qsort(p->disks, p->n_disks, sizeof(p->disks[0]), u16_compare);
}

void
want_persona(const struct capability *cap, const struct profile *profile,
    const struct device *d, struct personality *p)
{
	memset(p, 0, sizeof(*p));
	p->limit_mbps = d->limit_mbps != 0 ? d->limit_mbps : d->admission_mbps;
	p->pcp = (uint8_t)d->pcp;
	switch ((enum device_kind)d->kind) {
	case DEVICE_VNIC: persona_of_vnic(cap, d, p); break;
	case DEVICE_VHBA: persona_of_vhba(profile, d, p); break;
	case DEVICE_VDAS: persona_of_vdas(d, p); break;
	case DEVICE_EXCLUSIVE: memset(p, 0, sizeof(*p)); break;
	case DEVICE_N_KINDS: break;
	}
}

bool
want_has(const struct want *w, fn_id fn, uint32_t *k)
{
	for (*k = 0; *k <= w->n_more; (*k)++)
		if (fn_beside(w->fn, *k) == fn)
			return true;
	return false;
}

static void
fill(const struct view *view, const struct profile *profile,
    const struct device *d, struct want *w)
{
	w->fn = d->placed;
	w->n_more = device_functions(d) - 1;
	w->whole = d->kind == DEVICE_EXCLUSIVE;
	w->drift = profile->drift;
	w->slot = profile->slot;
	w->bridge = d->bridge;
	memcpy(w->device, d->id, sizeof(w->device));
	memcpy(w->name, d->name, sizeof(w->name));
	w->guarantee_mbps = d->guarantee_mbps;
	want_persona(view_capability(view, fn_bay(d->placed)), profile, d,
	    &w->persona);
	for (size_t i = 0; i < d->n_disks && i < DEVICE_DISKS; i++) {
		if (d->disks[i].bay == 0)
			continue;
		w->disks[w->n_disks++] = (struct want_disk){
			.bay = (uint16_t)d->disks[i].bay,
			.number = (uint16_t)d->disks[i].number,
			.raid = (uint8_t)d->disks[i].raid,
			.mib = d->disks[i].capacity_mib,
		};
	}
}

void
want_of_profile(struct arena *a, const struct view *view,
    const struct profile *profile, struct want **out, size_t *n)
{
	struct want *wants = arena_array(a, profile->n_devices + 1,
	    sizeof(*wants));
	size_t count = 0;

	for (size_t i = 0; i < profile->n_devices && profile->slot != 0; i++)
		if (profile->devices[i].placed != 0 &&
		    !profile->devices[i].suspended)
			fill(view, profile, &profile->devices[i],
			    &wants[count++]);
	*out = wants;
	*n = count;
}
