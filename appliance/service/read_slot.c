/* read_slot.c -- slots, bays, modules; see read.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "appliance/service/faults.h"
#include "appliance/service/read.h"
#include "appliance/service/render.h"
#include "appliance/service/request.h"

/* Everything that sits at some slot, by slot number. */
static int
load_seats(struct call *c, struct profile ***out, struct err *e)
{
	struct profile **seats = arena_array(c->arena,
	    c->view->n_slots + 1, sizeof(*seats));
	struct profile *list;
	size_t n;

	if (profile_list(c->store, c->arena, "", STORE_ALL, &list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (list[i].slot != 0 && list[i].slot <= c->view->n_slots)
			seats[list[i].slot] = &list[i];
	*out = seats;
	return 0;
}

static int
load_rows(struct call *c, struct slot **out, struct err *e)
{
	struct slot *rows = arena_array(c->arena, c->view->n_slots + 1,
	    sizeof(*rows)), *list;
	size_t n;

	if (slot_list(c->store, c->arena, &list, &n, e) < 0)
		return -1;
	for (size_t i = 1; i <= c->view->n_slots; i++)
		rows[i].number = (uint32_t)i;
	for (size_t i = 0; i < n; i++)
		if (list[i].number <= c->view->n_slots)
			rows[list[i].number] = list[i];
	*out = rows;
	return 0;
}

int
read_slots(struct call *c, struct err *e)
{
	struct render r = render_new(c, NULL);
	struct profile **seats;
	struct slot *rows;
	json_t *items;
	int64_t after = 0;
	size_t limit, i;
	char next[24];

	if (request_limit(c->request, &limit, e) < 0 ||
	    request_int(c->request, "after", 0, SLOT_MAX, &after, e) < 0 ||
	    load_seats(c, &seats, e) < 0 || load_rows(c, &rows, e) < 0)
		return -1;
	items = json_array();
	for (i = (size_t)after + 1; i <= c->view->n_slots &&
	    i <= (size_t)after + limit; i++)
		json_put(items, NULL, render_slot(&r, &rows[i], seats[i]));
	if (render_ok(&r, e) < 0) {
		json_decref(items);
		return -1;
	}
	snprintf(next, sizeof(next), "%zu", i - 1);
	answer_json(c->answer, 200, render_list(items,
	    i <= c->view->n_slots ? next : NULL));
	return 0;
}

int
read_slot(struct call *c, struct err *e)
{
	struct render r = render_new(c, NULL);
	const char *text = request_param(c->request, "n");
	struct profile *p;
	struct slot *s;
	json_t *o;
	int64_t n;

	if (!request_number(text, (int64_t)c->view->n_slots, &n) || n < 1)
		return err_set(e, ERR_NOT_FOUND, "there is no slot %.20s",
		    text);
	if (slot_load(c->store, c->arena, (unsigned)n, &s, e) < 0 ||
	    profile_at_slot(c->store, c->arena, (unsigned)n, &p, e) < 0)
		return -1;
	o = render_slot(&r, s, p);
	if (render_ok(&r, e) < 0) {
		json_decref(o);
		return -1;
	}
	render_etag(c->answer, s->revision);
	answer_json(c->answer, 200, o);
	return 0;
}

/* ---- bays and modules ---- */

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

static json_t *
bay_json(struct call *c, const struct fabric_bay *b)
{
	struct render r = render_new(c, NULL);
	json_t *o = json_object();
	char name[16];

	snprintf(name, sizeof(name), "io%u", b->number);
	json_put(o, "number", json_int(b->number));
	json_put(o, "name", render_bay(b->number));
	json_put(o, "occupied", json_boolean(b->occupied));
	json_put(o, "power", json_str(b->power ? "on" : "off"));
	json_put(o, "health", json_str(faults_health(&r, 0, name)));
	json_put(o, "locate", json_boolean(b->locate));
	json_put(o, "module", b->occupied ? module_json(c, b) : json_null());
	return o;
}

int
read_bays(struct call *c, struct err *e)
{
	json_t *items = json_array();

	(void)e;
	for (size_t i = 0; i < c->view->n_bays; i++)
		json_put(items, NULL, bay_json(c, &c->view->bays[i]));
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
	const struct fabric_bay *b = find_bay(c, name);

	if (b == NULL)
		return err_set(e, ERR_NOT_FOUND, "there is no bay %.20s",
		    name);
	answer_json(c->answer, 200, bay_json(c, b));
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
