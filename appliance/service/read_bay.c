/* read_bay.c -- bays and the modules in them; see read.h. */
#include <stdio.h>
#include <string.h>

#include "appliance/service/faults.h"
#include "appliance/service/read.h"
#include "appliance/service/render.h"
#include "appliance/service/request.h"

static json_t *
pci_id(unsigned vendor, unsigned device)
{
	char text[16];

	snprintf(text, sizeof(text), "%04X:%04X", vendor, device);
	return json_str(text);
}

json_t *
render_functions(const struct call *c, unsigned bay, unsigned port)
{
	json_t *o = json_object();
	int64_t max = 0, used = 0;

	for (size_t i = 0; i < c->view->n_fns; i++) {
		const struct fabric_fn *f = &c->view->fns[i];

		if (fn_bay(f->id) != bay || fn_type(f->id) == FN_PF ||
		    (port != 0 && fn_port(f->id) != port))
			continue;
		max++;
		used += f->state != FNS_FREE || !f->blank;
	}
	json_put(o, "max", json_int(max));
	json_put(o, "used", json_int(used));
	return o;
}

static json_t *
module_json(const struct call *c, const struct fabric_bay *b)
{
	const struct capability *cap = view_capability(c->view, b->number);
	json_t *o = json_object();

	json_put(o, "name", render_bay(b->number));
	json_put(o, "bay", json_int(b->number));
	json_put(o, "class", json_str(module_class_word(view_kind(c->view,
	    b->number))));
	json_put(o, "model", cap != NULL ? json_str(cap->model) :
	    json_null());
	json_put(o, "pciId", pci_id(b->vendor, b->device));
	json_put(o, "subsystem", pci_id(b->subvendor, b->subdevice));
	json_put(o, "serial", json_str(b->serial));
	json_put(o, "ports", json_int(b->n_ports));
	json_put(o, "functions", render_functions(c, b->number, 0));
	json_put(o, "physical", json_int(view_physical(c->view, b->number)));
	return o;
}

static void
put_seen(struct render *r, json_t *o, const struct fabric_bay *b)
{
	char name[BAY_TEXT];

	bay_text(b->number, name);
	json_put(o, "occupied", json_boolean(b->occupied));
	json_put(o, "power", json_str(b->power ? "on" : "off"));
	json_put(o, "health", json_str(faults_health(r, 0, name)));
	json_put(o, "locate", json_boolean(b->locate));
	json_put(o, "module", b->occupied ? module_json(r->call, b) :
	    json_null());
}

json_t *
render_bay_row(struct render *r, const struct bay *wanted)
{
	json_t *o = field_to_json(&field_bay, &r->names, wanted);
	const struct fabric_bay *seen = view_bay(r->call->view,
	    wanted->number);

	json_put(o, "name", render_bay(wanted->number));
	if (seen != NULL)
		put_seen(r, o, seen);
	return o;
}

int
read_bays(struct call *c, struct err *e)
{
	struct render r = render_new(c, NULL);
	struct bay *rows;
	json_t *items;
	size_t n, k = 0;

	if (bay_list(c->store, c->arena, &rows, &n, e) < 0)
		return -1;
	items = json_array();
	for (size_t i = 0; i < c->view->n_bays; i++) {
		struct bay b = { .number = c->view->bays[i].number,
			.revision = 1 };

		while (k < n && rows[k].number < b.number)
			k++;
		json_put(items, NULL, render_bay_row(&r, k < n &&
		    rows[k].number == b.number ? &rows[k] : &b));
	}
	answer_json(c->answer, 200, render_list(items, NULL));
	return 0;
}

int
read_modules(struct call *c, struct err *e)
{
	json_t *items = json_array();

	(void)e;
	for (size_t i = 0; i < c->view->n_bays; i++)
		if (c->view->bays[i].occupied)
			json_put(items, NULL, module_json(c,
			    &c->view->bays[i]));
	answer_json(c->answer, 200, render_list(items, NULL));
	return 0;
}

/* "io3" or "3". */
static const struct fabric_bay *
find_bay(const struct call *c, const char *text)
{
	int64_t n;

	if (strncmp(text, "io", 2) == 0)
		text += 2;
	return request_number(text, UINT16_MAX, &n) ?
	    view_bay(c->view, (unsigned)n) : NULL;
}

int
read_bay(struct call *c, struct err *e)
{
	const char *name = request_param(c->request, "n");
	const struct fabric_bay *seen = find_bay(c, name);
	struct render r = render_new(c, NULL);
	struct bay *b;

	if (seen == NULL)
		return err_set(e, ERR_NOT_FOUND, "there is no bay %.20s",
		    name);
	if (bay_load(c->store, c->arena, seen->number, &b, e) < 0)
		return -1;
	render_etag(c->answer, b->revision);
	answer_json(c->answer, 200, render_bay_row(&r, b));
	return 0;
}

int
read_module(struct call *c, struct err *e)
{
	const char *name = request_param(c->request, "m");
	const struct fabric_bay *b = find_bay(c, name);

	if (b == NULL || !b->occupied)
		return err_set(e, ERR_NOT_FOUND, "there is no module %.20s",
		    name);
	answer_json(c->answer, 200, module_json(c, b));
	return 0;
}
