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
