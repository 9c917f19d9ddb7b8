/* place.c -- see place.h. */
#include "appliance/engine/place.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "appliance/engine/qos.h"

enum { WHY = 96 };

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

enum module_class
place_class(const struct device *d)
{
	switch ((enum device_kind)d->kind) {
	case DEVICE_VNIC: return CLASS_ETHERNET;
	case DEVICE_VHBA: return CLASS_FC;
	case DEVICE_VDAS: return CLASS_RAID;
	case DEVICE_EXCLUSIVE:
	case DEVICE_N_KINDS: break;
	}
	return CLASS_OTHER;
}

static bool
is_listed(const fn_id *list, size_t n, fn_id fn)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (list[mid] == fn)
			return true;
		if (list[mid] < fn)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

static bool
is_taken(const struct place_in *in, fn_id fn)
{
	return is_listed(in->taken, in->n_taken, fn);
}

/* Somebody has a function of it; port 0: of any port. */
static bool
is_used(const struct place_in *in, unsigned bay, unsigned port)
{
	for (size_t i = 0; i < in->n_taken; i++)
		if (fn_bay(in->taken[i]) == bay &&
		    (port == 0 || fn_port(in->taken[i]) == port))
			return true;
	return false;
}

/* The functions of a port stand side by side, rising: the first of them. */
static const struct fabric_fn *
first_of(const struct view *v, unsigned bay, unsigned port)
{
	fn_id from = fn_make(bay, port, FN_PF, 0);
	size_t low = 0, high = v->n_fns;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (v->fns[mid].id < from)
			low = mid + 1;
		else
			high = mid;
	}
	return v->fns + low;
}

static bool
is_of(const struct view *v, const struct fabric_fn *f, unsigned bay,
    unsigned port)
{
	return f < v->fns + v->n_fns && fn_bay(f->id) == bay &&
	    fn_port(f->id) == port;
}

/* The lowest function of a port that nobody has and that nothing is left in. */
static fn_id
free_function(const struct place_in *in, unsigned bay, unsigned port)
{
	for (const struct fabric_fn *f = first_of(in->view, bay, port);
	    is_of(in->view, f, bay, port); f++) {
		if (fn_type(f->id) == FN_PF)
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
	size_t low = 0, high = in->n_loads;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct place_load *l = &in->loads[mid];

		if (l->bay == bay && l->port == port)
			return l;
		if (l->bay < bay || (l->bay == bay && l->port < port))
			low = mid + 1;
		else
			high = mid;
	}
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

bool
place_fenced_out(const struct place_fence *fence, unsigned bay, unsigned port)
{
	for (size_t i = 0; i < fence->n; i++)
		if (fence->ports[i].bay == bay && fence->ports[i].port == port)
			return false;
	return fence->n > 0;
}

/* What somebody of the group has already: its port, or only its module. */
static bool
has_mate(const struct place_in *in, unsigned bay, unsigned port)
{
	for (size_t i = 0; i < in->n_mates; i++)
		if (in->mates[i].bay == bay &&
		    (port == 0 || in->mates[i].port == port))
			return true;
	return false;
}

/* Another frame size than the one that a port's functions share; 0 none. */
static uint32_t
other_mtu(const struct place_in *in, const struct device *d, unsigned bay,
    const struct place_load *load)
{
	uint32_t other = load->mtu_min != d->mtu ? load->mtu_min :
	    load->mtu_max;
	const struct capability *cap;

	if (d->kind != DEVICE_VNIC || load->mtu_max == 0 || other == d->mtu)
		return 0;
	cap = view_capability(in->view, bay);
	return cap != NULL && cap->mtu_per_port ? other : 0;
}

static bool
in_list(const uint32_t *list, size_t n, uint32_t value)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == value)
			return true;
	return false;
}

static const char *because(char why[WHY], const char *rule, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

/* The rule, and the words. */
static const char *
because(char why[WHY], const char *rule, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(why, WHY, fmt, ap);
	va_end(ap);
	return rule;
}

/* Why a port is out of the question: the rule, and the words; NULL when it is
 * not. */
static const char *
unfit(const struct place_in *in, const struct device *d,
    const struct fabric_port *p, const struct place_load *load, char why[WHY])
{
	uint32_t mtu;

	if (d->pin_bay != 0 && d->pin_bay != p->bay)
		return because(why, "FunctionLimit",
		    "the device is pinned elsewhere");
	if (d->pin_port != 0 && d->pin_port != p->port)
		return because(why, "FunctionLimit",
		    "the device is pinned to another port");
	if (disks_elsewhere(d, p->bay))
		return because(why, "VdasUnreachable",
		    "its disks are on another module");
	if (in_list(in->serviced, in->n_serviced, p->bay))
		return because(why, "BayServiced",
		    "the card is being serviced");
	if (!p->enabled)
		return because(why, "FunctionLimit", "the port is disabled");
	if (is_taken(in, fn_make(p->bay, p->port, FN_PF, 0)) ||
	    load->n_alone > 0)
		return because(why, "FunctionBusy",
		    "another device has the port for itself");
	if (d->sharing == SHARING_EXCLUSIVE && is_used(in, p->bay, p->port))
		return because(why, "FunctionBusy", "others share it");
	for (size_t i = 0; i < in->n_fences; i++)
		if (place_fenced_out(&in->fences[i], p->bay, p->port))
			return because(why, "NetworkNotAllowedHere",
			    "%s is not allowed there", in->fences[i].name);
	if (has_mate(in, p->bay, p->port))
		return because(why, "AntiAffinityUnsatisfiable",
		    "%s has a device there", d->anti_affinity);
	mtu = other_mtu(in, d, p->bay, load);
	return mtu == 0 ? NULL : because(why, "MtuPortScope",
	    "its frames have %" PRIu32 " bytes", mtu);
}

/* What a port is worse by than others that fit too. */
static unsigned
flaws(const struct place_in *in, const struct device *d,
    const struct fabric_port *p, const struct place_load *load)
{
	uint64_t sum = (uint64_t)load->guarantee_mbps + d->guarantee_mbps;
	uint32_t reserve = 0;
	unsigned strange = 0;

	for (size_t i = 0; i < in->n_ports; i++)
		if (in->ports[i].at.bay == p->bay &&
		    in->ports[i].at.port == p->port)
			reserve = in->ports[i].reserve_pct;
	for (size_t i = 0; i < in->n_strange; i++)
		strange += in->strange[i] == p->bay;
	return (strange > 0 ? 8U : 0) | (d->guarantee_mbps > 0 &&
	    sum > qos_budget(p, reserve) ? 4U : 0) | (p->link == 0 ? 2U : 0) |
	    (has_mate(in, p->bay, 0) ? 1U : 0);
}

/* The best so far. */
struct choice {
	fn_id fn;
	unsigned flaws;
	uint64_t burden;
};

static bool
is_better(const struct choice *c, const struct choice *best)
{
	return best->fn == 0 || c->flaws < best->flaws ||
	    (c->flaws == best->flaws && c->burden < best->burden);
}

/* A free function is only looked for where it would be the best; false when
 * there is none. */
static bool
consider(const struct place_in *in, const struct device *d,
    const struct fabric_port *p, const struct place_load *load,
    struct choice *best)
{
	struct choice c = { 0, flaws(in, d, p, load), burden(load) };

	if (!is_better(&c, best))
		return true;
	c.fn = free_function(in, p->bay, p->port);
	if (c.fn != 0)
		*best = c;
	return c.fn != 0;
}

int
place_function(const struct place_in *in, const struct device *d, fn_id *out,
    struct err *e)
{
	/* Disks that are there already say more than that nothing is free. */
	const char *rule = d->n_disks > 0 && d->disks[0].bay != 0 ?
	    "VdasUnreachable" : "FunctionLimit";
	struct choice best = { .fn = 0 };
	struct refusal reasons = { .len = 0 };
	bool any = false;
	char why[WHY];

	for (size_t i = 0; i < in->view->n_ports; i++) {
		const struct fabric_port *p = &in->view->ports[i];
		const struct place_load *load;
		const char *broken;

		if (view_class(in->view, p->bay) != place_class(d))
			continue;
		any = true;
		load = load_of(in, p->bay, p->port);
		broken = unfit(in, d, p, load, why);
		if (broken == NULL && consider(in, d, p, load, &best))
			continue;
		refuse(&reasons, p->bay, p->port, broken != NULL ? why :
		    "no free function");
		/* As does any rule of its own. */
		if (broken != NULL && strcmp(rule, "FunctionLimit") == 0)
			rule = broken;
	}
	if (!any)
		return err_rule(e, ERR_RULES, "ModuleMissing", "",
		    "no %s module is installed",
		    module_class_word(place_class(d)));
	if (best.fn == 0)
		return err_rule(e, ERR_RULES, rule, "",
		    "no port can take %s (%s)", d->name, reasons.text);
	*out = best.fn;
	return 0;
}

/* ---- whole cards ---- */

/* Neither put behind a bridge by somebody else nor out of order. */
static bool
is_free(const struct place_in *in, unsigned bay, unsigned port)
{
	for (const struct fabric_fn *f = first_of(in->view, bay, port);
	    is_of(in->view, f, bay, port); f++)
		if (f->state != FNS_FREE && (f->state == FNS_FAILED ||
		    !is_listed(in->ours, in->n_ours, f->id)))
			return false;
	return true;
}

/* Why a physical function cannot be had; NULL when it can. */
static const char *
unfit_whole(const struct place_in *in, const struct device *d, unsigned bay,
    unsigned port, char why[WHY])
{
	snprintf(why, WHY, "the device is pinned to another port");
	if (d->pin_port != 0 && d->pin_port != port)
		return "FunctionLimit";
	snprintf(why, WHY, "the card is being serviced");
	if (in_list(in->serviced, in->n_serviced, bay))
		return "BayServiced";
	snprintf(why, WHY, "somebody has it, or a part of it");
	if (is_used(in, bay, port))
		return "FunctionBusy";
	snprintf(why, WHY, "it is not free at the switch");
	if (!is_free(in, bay, port))
		return "FunctionBusy";
	snprintf(why, WHY, "%s has a device there", d->anti_affinity);
	return has_mate(in, bay, port) ? "AntiAffinityUnsatisfiable" : NULL;
}

static void
consider_whole(const struct place_in *in, unsigned bay, unsigned port,
    struct choice *best)
{
	struct choice c = { .fn = fn_make(bay, port, FN_PF, 0) };

	for (size_t i = 0; i < in->n_strange; i++)
		if (in->strange[i] == bay)
			c.flaws |= 4U;
	c.flaws |= (view_capability(in->view, bay) != NULL ? 2U : 0) |
	    (has_mate(in, bay, 0) ? 1U : 0);
	if (best->fn == 0 || c.flaws < best->flaws)
		*best = c;
}

/* The rule that the module of a bay breaks; NULL when something of it fits. */
static const char *
look_at_card(const struct place_in *in, const struct device *d, unsigned bay,
    struct choice *best, struct refusal *reasons)
{
	bool card = d->extent == EXTENT_CARD;
	unsigned n = view_physical(in->view, bay), fits = 0;
	const char *broken = NULL;
	char why[WHY];

	for (unsigned port = 1; port <= n; port++) {
		const char *rule = unfit_whole(in, d, bay, port, why);

		if (rule != NULL) {
			refuse(reasons, bay, port, why);
			broken = rule;
			continue;
		}
		fits++;
		if (!card)
			consider_whole(in, bay, port, best);
	}
	if (card && n > FABRIC_BRIDGE_FNS) {
		refuse(reasons, bay, 1, "it has more functions than a bridge "
		    "carries");
		return "FunctionLimit";
	}
	if (card && fits == n && n > 0)
		consider_whole(in, bay, 1, best);
	return fits == n || (!card && fits > 0) ? NULL : broken;
}

int
place_whole(const struct place_in *in, const struct device *d, fn_id *out,
    uint32_t *n, struct err *e)
{
	const char *rule = "FunctionLimit";
	struct choice best = { .fn = 0 };
	struct refusal reasons = { .len = 0 };
	bool any = false;

	if (d->require_class == 0 && d->pin_bay == 0)
		return err_rule(e, ERR_RULES, "KindUnsupported", "",
		    "which card: name its module or its class");
	for (unsigned bay = 1; bay <= in->view->n_bays; bay++) {
		const char *broken;

		if ((d->pin_bay != 0 && d->pin_bay != bay) ||
		    view_physical(in->view, bay) == 0 ||
		    (d->require_class != 0 && view_kind(in->view, bay) + 1u !=
		    d->require_class))
			continue;
		any = true;
		broken = look_at_card(in, d, bay, &best, &reasons);
		rule = broken != NULL ? broken : rule;
	}
	if (!any)
		return err_rule(e, ERR_RULES, "ModuleMissing", "",
		    "no such module is installed for %s", d->name);
	if (best.fn == 0)
		return err_rule(e, ERR_RULES, rule, "", "no card can be %s "
		    "(%s)", d->name, reasons.text);
	*out = best.fn;
	*n = d->extent == EXTENT_CARD ? view_physical(in->view,
	    fn_bay(best.fn)) : 1;
	return 0;
}

/* ---- bridges and disks ---- */

int
place_bridge(const struct place_in *in, const uint32_t *used, size_t n_used,
    uint32_t *out, struct err *e)
{
	for (uint32_t b = 0; b < in->view->sw.bridges; b++) {
		const struct fabric_bridge *at = view_bridge(in->view,
		    in->slot, b);
		bool occupied = at != NULL && at->state != BRIDGE_EMPTY &&
		    !in_list(in->freed, in->n_freed, b);

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
