/* place.c -- see place.h. */
#include "appliance/engine/place.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Why a port cannot take a device, for the sentence of the refusal. */
struct refusal {
	char text[160];
	size_t len;
};

static void
refuse(struct refusal *r, unsigned bay, unsigned port, const char *why)
{
	int n = snprintf(r->text + r->len, sizeof(r->text) - r->len,
	    "%sio%u/%u: %s", r->len > 0 ? "; " : "", bay, port, why);

	if (n > 0 && r->len + (size_t)n < sizeof(r->text))
		r->len += (size_t)n;
	else
		r->text[r->len] = '\0';
}

static enum module_class
class_of(const struct device *d)
{
	switch ((enum device_kind)d->kind) {
	case DEVICE_VNIC: return CLASS_ETHERNET;
	case DEVICE_VHBA: return CLASS_FC;
	case DEVICE_VDAS: return CLASS_RAID;
	case DEVICE_N_KINDS: break;
	}
	return CLASS_OTHER;
}

static bool
is_taken(const struct place_in *in, fn_id fn)
{
	for (size_t i = 0; i < in->n_taken; i++)
		if (in->taken[i] == fn)
			return true;
	return false;
}

/* The lowest function of a port that nobody has and that nothing is left in. */
static fn_id
free_function(const struct place_in *in, unsigned bay, unsigned port)
{
	for (size_t i = 0; i < in->view->n_fns; i++) {
		const struct fabric_fn *f = &in->view->fns[i];

		if (fn_bay(f->id) != bay || fn_port(f->id) != port ||
		    fn_type(f->id) == FN_PF)
			continue;
		if (f->state == FNS_FREE && f->blank && !is_taken(in, f->id) &&
		    view_where(in->view, f->id) == NULL)
			return f->id;
	}
	return 0;
}

static const struct place_load *
load_of(const struct place_in *in, unsigned bay, unsigned port)
{
	static const struct place_load none;

	for (size_t i = 0; i < in->n_loads; i++)
		if (in->loads[i].bay == bay && in->loads[i].port == port)
			return &in->loads[i];
	return &none;
}

/* Less is better: guaranteed rate first, then limits, then how many. */
static uint64_t
burden(const struct place_load *l)
{
	return (uint64_t)l->guarantee_mbps << 32 |
	    (uint64_t)(l->limit_mbps > 0xfffff ? 0xfffff : l->limit_mbps) << 12 |
	    (l->n_functions > 0xfff ? 0xfff : l->n_functions);
}

/* Disks bind a vDAS to the module that has them. */
static bool
disks_elsewhere(const struct device *d, unsigned bay)
{
	for (size_t i = 0; i < d->n_disks; i++)
		if (d->disks[i].bay != 0 && d->disks[i].bay != bay)
			return true;
	return false;
}

static const char *
unfit(const struct place_in *in, const struct device *d,
    const struct fabric_port *p)
{
	if (d->pin_bay != 0 && d->pin_bay != p->bay)
		return "the device is pinned elsewhere";
	if (d->pin_port != 0 && d->pin_port != p->port)
		return "the device is pinned to another port";
	if (disks_elsewhere(d, p->bay))
		return "its disks are on another module";
	if (!p->enabled)
		return "the port is disabled";
	(void)in;
	return NULL;
}

int
place_function(const struct place_in *in, const struct device *d, fn_id *out,
    struct err *e)
{
	struct refusal why = { .len = 0 };
	uint64_t best = UINT64_MAX;
	fn_id found = 0;
	bool any = false;

	for (size_t i = 0; i < in->view->n_ports; i++) {
		const struct fabric_port *p = &in->view->ports[i];
		const char *reason;
		fn_id fn;

		if (view_class(in->view, p->bay) != class_of(d))
			continue;
		any = true;
		reason = unfit(in, d, p);
		fn = reason == NULL ? free_function(in, p->bay, p->port) : 0;
		if (fn == 0) {
			refuse(&why, p->bay, p->port, reason != NULL ? reason :
			    "no free function");
			continue;
		}
		if (burden(load_of(in, p->bay, p->port)) < best) {
			best = burden(load_of(in, p->bay, p->port));
			found = fn;
		}
	}
	if (!any)
		return err_rule(e, ERR_RULES, "ModuleMissing", "",
		    "no %s module is installed",
		    module_class_word(class_of(d)));
	if (found == 0)
		return err_rule(e, ERR_RULES, d->kind == DEVICE_VDAS &&
		    d->n_disks > 0 && d->disks[0].bay != 0 ? "VdasUnreachable" :
		    "FunctionLimit", "", "no port can take %s (%s)", d->name,
		    why.text);
	*out = found;
	return 0;
}

static bool
in_list(const uint32_t *list, size_t n, uint32_t value)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == value)
			return true;
	return false;
}

int
place_bridge(const struct place_in *in, const uint32_t *used, size_t n_used,
    uint32_t *out, struct err *e)
{
	for (uint32_t b = 0; b < in->view->sw.bridges; b++) {
		const struct fabric_bridge *at = view_bridge(in->view,
		    in->slot, b);
		bool occupied = at != NULL && at->state != BRIDGE_EMPTY;

		if (occupied || in_list(used, n_used, b))
			continue;
		*out = b;
		return 0;
	}
	return err_rule(e, ERR_RULES, "FunctionLimit", "",
	    "slot %" PRIu32 " has %u bridges and all are in use", in->slot,
	    in->view->sw.bridges);
}

int
place_disk(const struct view *v, unsigned bay, const uint32_t *used,
    size_t n_used, uint32_t *out, struct err *e)
{
	const struct capability *c = view_capability(v, bay);
	uint32_t max = c == NULL ? 0 : c->max_disks;

	for (uint32_t n = 0; n < max; n++) {
		if (view_disk(v, bay, n) != NULL || in_list(used, n_used, n))
			continue;
		*out = n;
		return 0;
	}
	return err_rule(e, ERR_RULES, "FunctionLimit", "",
	    "io%u carries %" PRIu32 " virtual disks and has them all", bay,
	    max);
}
