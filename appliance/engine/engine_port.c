/*
 * engine_port.c -- what is wrong with ports and rates.
 *
 * A link that comes up slower changes nothing by itself: what was guaranteed
 * stays wanted, and people are told.  Rates that a card forgets are set again
 * by the heal; until then the fault says so.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "appliance/engine/engine_int.h"
#include "appliance/engine/qos.h"

/* What is wanted of one port. */
struct use {
	size_t devices;
	uint64_t guarantee_mbps;
};

static struct use
use_of(const struct fabric_port *p, const struct want *want, size_t n)
{
	struct use use = { .devices = 0 };

	for (size_t i = 0; i < n; i++)
		if (fn_bay(want[i].fn) == p->bay &&
		    fn_port(want[i].fn) == p->port) {
			use.devices++;
			use.guarantee_mbps += want[i].guarantee_mbps;
		}
	return use;
}

static struct fault *
of_port(struct fault **items, size_t *n, const char *code,
    const char *severity, const struct fabric_port *p)
{
	char name[PORT_TEXT];

	return engine_fault_add(items, n, code, severity, "port",
	    port_text(p->bay, p->port, name), 0);
}

static void
link_faults(const struct fabric_port *p, const struct use *use,
    struct fault **items, size_t *n)
{
	struct fault *f;

	if (p->link == 0) {
		f = of_port(items, n, "PortLinkDown", "major", p);
		snprintf(f->text, sizeof(f->text), "Port io%u/%u %s; its %zu "
		    "devices reach nobody outside", p->bay, p->port,
		    p->enabled ? "has no link" : "is switched off",
		    use->devices);
		snprintf(f->remedy, sizeof(f->remedy), "Look at the cable and "
		    "at the switch on its other end");
	} else if (p->mbps < p->cap_mbps) {
		f = of_port(items, n, "PortSpeedReduced", "minor", p);
		snprintf(f->text, sizeof(f->text), "Port io%u/%u runs at %"
		    PRIu32 " Mb/s; it can do %" PRIu32, p->bay, p->port,
		    p->mbps, p->cap_mbps);
		snprintf(f->remedy, sizeof(f->remedy), "Look at the cable and "
		    "at the settings of the other end");
	}
}

static int
budget_fault(struct store *store, struct arena *a, const struct fabric_port *p,
    const struct use *use, struct fault **items, size_t *n, struct err *err)
{
	struct port *wanted;
	struct fault *f;
	uint32_t budget;

	if (use->guarantee_mbps == 0)
		return 0;
	if (port_load(store, a, p->bay, p->port, &wanted, err) < 0)
		return -1;
	budget = qos_budget(p, wanted->reserve_pct);
	if (use->guarantee_mbps <= budget ||
	    wanted->oversubscribe == OVERSUBSCRIBE_ALLOW)
		return 0;
	f = of_port(items, n, "QosOversubscribed", wanted->oversubscribe ==
	    OVERSUBSCRIBE_WARN ? "warning" : "major", p);
	snprintf(f->text, sizeof(f->text), "The guarantees of port io%u/%u add "
	    "up to %" PRIu64 " Mb/s; its budget is %" PRIu32 " now. Nothing "
	    "was changed", p->bay, p->port, use->guarantee_mbps, budget);
	snprintf(f->remedy, sizeof(f->remedy), "Bring the link back to speed, "
	    "lower a guarantee, or move a device to another port");
	return 0;
}

int
engine_port_faults(struct engine *e, struct store *store, struct arena *a,
    const struct want *want, size_t n_want, struct fault **items, size_t *n,
    struct err *err)
{
	for (size_t i = 0; i < e->view->n_ports; i++) {
		const struct fabric_port *p = &e->view->ports[i];
		struct use use = use_of(p, want, n_want);

		/* A RAID module's port is inside. */
		if (use.devices == 0 ||
		    view_class(e->view, p->bay) == CLASS_RAID)
			continue;
		link_faults(p, &use, items, n);
		if (budget_fault(store, a, p, &use, items, n, err) < 0)
			return -1;
	}
	return 0;
}

static bool
only_rates_differ(const struct personality *a, const struct personality *b)
{
	struct personality x = *a;

	if (x.limit_mbps == b->limit_mbps &&
	    x.guarantee_mbps == b->guarantee_mbps)
		return false;
	x.limit_mbps = b->limit_mbps;
	x.guarantee_mbps = b->guarantee_mbps;
	return personality_equal(&x, b);
}

void
engine_port_lost(struct engine *e, const struct want *w, struct fault **items,
    size_t *n)
{
	const struct fabric_fn *fn = view_fn(e->view, w->fn);
	const struct fabric_bridge *at = view_place(e->view, w->fn, w->slot,
	    w->bridge);
	char name[16], text[FN_TEXT];
	struct fault *f;

	if (fn == NULL || at == NULL || at->state != BRIDGE_BOUND ||
	    at->slot != w->slot || !only_rates_differ(&fn->persona,
	    &w->persona))
		return;
	snprintf(name, sizeof(name), "%" PRIu32, w->slot);
	f = engine_fault_add(items, n, "QosLost", "minor", "slot", name,
	    w->slot);
	snprintf(f->text, sizeof(f->text), "%s is limited to %" PRIu32
	    " Mb/s on %s, not to %" PRIu32 " (0: no limit)", w->name,
	    fn->persona.limit_mbps, fn_text(w->fn, text),
	    w->persona.limit_mbps);
	snprintf(f->remedy, sizeof(f->remedy), "%s", w->drift == DRIFT_HEAL ?
	    "It is set again by itself; should this stay, look at the log" :
	    "Look who did it, then have it put back (POST "
	    "/profiles/NAME:heal)");
}
