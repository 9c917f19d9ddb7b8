/*
 * chassis_show.c -- the chassis as JSON, for the control socket.
 */
#include "tools/emulator/chassis_parts.h"

static const char *const error_words[MR_N_ERRS] = {
	[MR_ERR_NONE] = "none", [MR_ERR_TERM] = "term",
	[MR_ERR_COMMAND] = "command", [MR_ERR_OPERAND] = "operand",
	[MR_ERR_ABSENT] = "absent", [MR_ERR_BUSY] = "busy",
	[MR_ERR_OCCUPIED] = "occupied", [MR_ERR_DISABLED] = "disabled",
	[MR_ERR_PARALLEL] = "parallel", [MR_ERR_UNANSWERED] = "unanswered",
	[MR_ERR_CAPACITY] = "capacity", [MR_ERR_IN_USE] = "inUse",
	[MR_ERR_INTERNAL] = "internal",
};
static const char *const kind_words[] = { "none", "nic", "fc", "raid" };
static const char *const bridge_words[] = {
	"empty", "binding", "bound", "releasing",
};
static const char *const disk_words[] = {
	"absent", "optimal", "degraded", "failed",
};
static const char *const forwarding_words[] = { "veb", "vepa", "isolated" };
static const char *const fault_words[] = { "none", "error", "timeout", "late" };
static const char *const event_words[] = {
	"none", "lose", "duplicate", "overflow",
};

const char *
chassis_show_error(unsigned err)
{
	return err < MR_N_ERRS ? error_words[err] : "unknown";
}

json_t *
chassis_show_address(uint64_t address, bool mac)
{
	char text[WWN_TEXT];

	if (address == 0)
		return json_null();
	return json_str(mac ? mac_text(address, text) : wwn_text(address, text));
}

static void
put_number(json_t *o, const char *key, const uint8_t *at, unsigned n)
{
	json_put(o, key, json_int((int64_t)chassis_get(at, n)));
}

static json_t *
boot_json(const uint8_t *ps)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < ps[MR_PS_N_BOOT]; i++) {
		const uint8_t *b = ps + MR_PS_BOOT + 24 * i;
		json_t *o = json_object();

		json_put(o, "wwpn", chassis_show_address(chassis_get(b, 8),
		    false));
		put_number(o, "lun", b + 8, 8);
		put_number(o, "priority", b + 16, 4);
		json_put(list, NULL, o);
	}
	return list;
}

static json_t *
disk_json(const struct disk *d)
{
	json_t *o = json_object();

	json_put(o, "number", json_int(d->number));
	json_put(o, "state", json_str(disk_words[d->state]));
	json_put(o, "raid", json_int(d->raid));
	json_put(o, "capacityMiB", json_int(d->mib));
	return o;
}

/* A number that no disk has shows nothing. */
static json_t *
disks_json(const struct module *m, const uint8_t *ps)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < ps[MR_PS_N_DISKS]; i++) {
		uint64_t n = chassis_get(ps + MR_PS_DISKS + 2 * i, 2);

		if (n < m->model->disks && m->disks[n].state != 0)
			json_put(list, NULL, disk_json(&m->disks[n]));
	}
	return list;
}

void
chassis_show_personality(const struct module *m, const uint8_t *ps, json_t *o)
{
	json_t *vlans = json_array();

	for (unsigned i = 0; i < ps[MR_PS_N_VLANS]; i++)
		json_put(vlans, NULL, json_int((int64_t)chassis_get(
		    ps + MR_PS_VLANS + 2 * i, 2)));
	json_put(o, "kind", json_str(kind_words[ps[MR_PS_KIND] & 3]));
	json_put(o, "mac", chassis_show_address(chassis_get(ps + MR_PS_MAC, 8),
	    true));
	json_put(o, "vlans", vlans);
	put_number(o, "native", ps + MR_PS_NATIVE, 2);
	put_number(o, "pcp", ps + MR_PS_PCP, 1);
	put_number(o, "flags", ps + MR_PS_FLAGS, 1);
	put_number(o, "limitMbps", ps + MR_PS_LIMIT, 4);
	put_number(o, "guaranteeMbps", ps + MR_PS_GUARANTEE, 4);
	put_number(o, "mtu", ps + MR_PS_MTU, 2);
	json_put(o, "wwpn", chassis_show_address(
	    chassis_get(ps + MR_PS_WWPN, 8), false));
	json_put(o, "wwnn", chassis_show_address(
	    chassis_get(ps + MR_PS_WWNN, 8), false));
	json_put(o, "boot", boot_json(ps));
	json_put(o, "disks", disks_json(m, ps));
}

/* ---- the whole box ---- */

static json_t *
bridge_json(const struct bridge *b)
{
	json_t *o = json_object(), *fns = json_array();
	char text[FN_TEXT];

	for (unsigned i = 0; i < b->n; i++)
		json_put(fns, NULL, json_str(fn_text(b->fn[i], text)));
	json_put(o, "bridge", json_int(b->number));
	json_put(o, "state", json_str(bridge_words[chassis_bridge_state(b)]));
	json_put(o, "presence", json_boolean(b->presence));
	json_put(o, "seen", json_boolean(b->seen));
	json_put(o, "functions", fns);
	json_put(o, "op", json_int((int64_t)b->work.op));
	return o;
}

static json_t *
slot_json(const struct chassis *c, const struct slot *s)
{
	json_t *o = json_object(), *bridges = json_array();

	for (unsigned k = 0; k < c->n_bridges; k++)
		if (chassis_bridge_state(&s->bridges[k]) != MR_BRIDGE_EMPTY)
			json_put(bridges, NULL, bridge_json(&s->bridges[k]));
	json_put(o, "slot", json_int(s->number));
	json_put(o, "plugged", json_boolean(s->cable));
	json_put(o, "serial", json_str(s->serial[0] != '\0' ? s->serial : NULL));
	json_put(o, "powered", json_boolean(s->power));
	json_put(o, "enabled", json_boolean(s->enabled));
	json_put(o, "locate", json_boolean(s->locate));
	json_put(o, "link", json_boolean(chassis_slot_up(s)));
	json_put(o, "hotplug", json_boolean(s->hotplug));
	json_put(o, "buses", json_int(s->buses));
	json_put(o, "mmioMiB", json_int(s->mmio_mib));
	json_put(o, "bridges", bridges);
	return o;
}

static json_t *
port_json(const struct chassis *c, const struct module *m, const struct port *p)
{
	json_t *o = json_object();

	json_put(o, "port", json_int(p->number));
	json_put(o, "enabled", json_boolean(p->enabled));
	json_put(o, "mbps", json_int(chassis_card_mbps(c, m, p)));
	json_put(o, "forwarding", json_str(forwarding_words[p->forwarding]));
	json_put(o, "address", chassis_show_address(p->address,
	    m->model->kind == 1));
	return o;
}

static json_t *
module_json(const struct chassis *c, const struct module *m)
{
	json_t *o = json_object(), *ports = json_array(), *disks = json_array();

	for (unsigned i = 0; !m->model->inside && i < m->model->ports; i++)
		json_put(ports, NULL, port_json(c, m, &m->ports[i]));
	for (unsigned i = 0; i < m->model->disks; i++)
		if (m->disks[i].state != 0)
			json_put(disks, NULL, disk_json(&m->disks[i]));
	json_put(o, "model", json_str(m->model->name));
	json_put(o, "serial", json_str(m->serial));
	json_put(o, "functions", json_int(m->n_fns));
	json_put(o, "ports", ports);
	json_put(o, "disks", disks);
	return o;
}

static json_t *
bay_json(const struct chassis *c, const struct bay *b)
{
	json_t *o = json_object();

	json_put(o, "bay", json_int(b->number));
	json_put(o, "power", json_boolean(b->power));
	json_put(o, "locate", json_boolean(b->locate));
	json_put(o, "module", b->module != NULL ? module_json(c, b->module) :
	    json_null());
	return o;
}

static json_t *
verbs_json(const struct chassis *c)
{
	json_t *list = json_array();

	for (unsigned v = 0; v < V_N; v++) {
		const struct fault *f = &c->faults[v];
		json_t *o = json_object();

		json_put(o, "verb", json_str(chassis_verbs[v]));
		json_put(o, "delayMs", json_int(c->delays[v]));
		json_put(o, "fault", json_str(fault_words[f->mode]));
		if (f->mode != FAULT_NONE) {
			json_put(o, "when", json_str(f->after ? "after" :
			    "before"));
			json_put(o, "count", json_int(f->count));
		}
		json_put(list, NULL, o);
	}
	return list;
}

json_t *
chassis_show(const struct chassis *c)
{
	json_t *o = json_object(), *slots = json_array(), *bays = json_array();
	json_t *drawer = json_array();

	for (unsigned i = 0; i < c->n_slots; i++)
		json_put(slots, NULL, slot_json(c, &c->slots[i]));
	for (unsigned i = 0; i < c->n_bays; i++)
		json_put(bays, NULL, bay_json(c, &c->bays[i]));
	for (size_t i = 0; i < c->n_modules; i++)
		if (c->modules[i]->bay == 0)
			json_put(drawer, NULL, module_json(c, c->modules[i]));
	json_put(o, "name", json_str(c->name));
	json_put(o, "model", json_int(c->model));
	json_put(o, "bridges", json_int(c->n_bridges));
	json_put(o, "parallel", json_int(c->parallel));
	json_put(o, "ready", json_boolean(chassis_ready(c)));
	json_put(o, "boots", json_int(c->boots));
	json_put(o, "term", json_int((int64_t)c->term));
	json_put(o, "change", json_int(c->change));
	json_put(o, "pending", json_int((int64_t)c->n_pending));
	json_put(o, "slots", slots);
	json_put(o, "bays", bays);
	json_put(o, "drawer", drawer);
	json_put(o, "verbs", verbs_json(c));
	json_put(o, "later", chassis_later_show(c));
	json_put(o, "eventFault", json_str(event_words[c->event_fault]));
	return o;
}
