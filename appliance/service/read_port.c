/* read_port.c -- external ports, as wanted and as seen; see read.h. */
#include <stdio.h>
#include <string.h>

#include "appliance/engine/qos.h"
#include "appliance/service/read.h"
#include "appliance/service/render.h"

/* Sums of what was last seen behind a port. */
static void
put_rates(const struct call *c, json_t *o, const struct fabric_port *p)
{
	int64_t limit = 0, guarantee = 0;

	for (size_t i = 0; i < c->view->n_fns; i++) {
		const struct fabric_fn *f = &c->view->fns[i];

		if (fn_bay(f->id) != p->bay || fn_port(f->id) != p->port)
			continue;
		limit += f->persona.limit_mbps;
		guarantee += f->persona.guarantee_mbps;
	}
	json_put(o, "limitMbps", json_int(limit));
	json_put(o, "guaranteeMbps", json_int(guarantee));
}

static void
put_seen(const struct call *c, json_t *o, const struct fabric_port *p)
{
	static const char *const modes[] = { "veb", "vepa", "isolated" };
	bool ethernet = view_class(c->view, p->bay) == CLASS_ETHERNET;
	char mac[MAC_TEXT], wwn[WWN_TEXT];

	json_put(o, "enabled", json_boolean(p->enabled));
	json_put(o, "link", json_str(p->link ? "up" : "down"));
	json_put(o, "speedMbps", json_int(p->mbps));
	json_put(o, "capMbps", json_int(p->cap_mbps));
	json_put(o, "address", p->address == 0 ? json_null() :
	    json_str(ethernet ? mac_text(p->address, mac) :
	    wwn_text(p->address, wwn)));
	json_put(o, "forwardingSeen", json_str(modes[p->forwarding <= 2 ?
	    p->forwarding : 0]));
	json_put(o, "functions", render_functions(c, p->bay, p->port));
	put_rates(c, o, p);
}

json_t *
render_port(struct render *r, const struct port *wanted)
{
	json_t *o = field_to_json(&field_port, &r->names, wanted);
	const struct fabric_port *seen = view_port(r->call->view,
	    wanted->at.bay, wanted->at.port);

	json_put(o, "bay", json_int(wanted->at.bay));
	json_put(o, "port", json_int(wanted->at.port));
	if (seen == NULL)
		return o;
	json_put(o, "budgetMbps", json_int(qos_budget(seen,
	    wanted->reserve_pct)));
	put_seen(r->call, o, seen);
	return o;
}

static struct port
wanted_of(const struct port *rows, size_t n, const struct fabric_port *p)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].at.bay == p->bay && rows[i].at.port == p->port)
			return rows[i];
	return (struct port){ .at = { p->bay, p->port }, .revision = 1 };
}

int
read_ports(struct call *c, struct err *e)
{
	struct render r = render_new(c, NULL);
	struct port *rows;
	json_t *items;
	size_t n;

	if (port_list(c->store, c->arena, &rows, &n, e) < 0)
		return -1;
	items = json_array();
	for (size_t i = 0; i < c->view->n_ports; i++) {
		struct port p = wanted_of(rows, n, &c->view->ports[i]);

		json_put(items, NULL, render_port(&r, &p));
	}
	answer_json(c->answer, 200, render_list(items, NULL));
	return 0;
}

int
read_port(struct call *c, struct err *e)
{
	const char *bay = request_param(c->request, "bay");
	const char *port = request_param(c->request, "port");
	struct render r = render_new(c, NULL);
	unsigned b = 0, number = 0;
	char name[64];
	struct port *p;

	snprintf(name, sizeof(name), "%.20s/%.20s", bay, port);
	if (!port_parse(name, &b, &number) ||
	    view_port(c->view, b, number) == NULL)
		return err_set(e, ERR_NOT_FOUND, "there is no port %s", name);
	if (port_load(c->store, c->arena, b, number, &p, e) < 0)
		return -1;
	render_etag(c->answer, p->revision);
	answer_json(c->answer, 200, render_port(&r, p));
	return 0;
}
