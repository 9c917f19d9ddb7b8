/* read_function.c -- functions, disks, bindings; see read.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/engine/activation.h"
#include "appliance/service/lists.h"
#include "appliance/service/read.h"
#include "appliance/service/render.h"
#include "appliance/service/request.h"

/* Names of devices by id, for functions of slots; sorted by id. */
struct owner {
	const char *id, *name;
};

static int
owner_compare(const void *a, const void *b)
{
	return strcmp(((const struct owner *)a)->id,
	    ((const struct owner *)b)->id);
}

struct owners {
	struct owner *items;
	size_t n, cap;
};

static int
load_owners(struct call *c, struct owners *o, struct err *e)
{
	struct profile *list;
	size_t n;

	if (profile_list(c->store, c->arena, "", STORE_ALL, &list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < list[i].n_devices; k++)
			ARENA_PUSH(c->arena, o->items, o->n, o->cap) =
			    (struct owner){ list[i].devices[k].id,
			    list[i].devices[k].name };
	if (o->n > 0)
		qsort(o->items, o->n, sizeof(o->items[0]), owner_compare);
	return 0;
}

static const char *
owner_name(const struct owners *o, const char *id)
{
	struct owner key = { id, NULL }, *found = NULL;

	if (o->n > 0)
		found = bsearch(&key, o->items, o->n, sizeof(key),
		    owner_compare);
	return found != NULL ? found->name : NULL;
}

static const char *
function_state(const struct fabric_fn *f, const struct fabric_bridge *at,
    const struct binding *row)
{
	if (f->state == FNS_FAILED ||
	    (row != NULL && row->state == BINDING_FAILED))
		return "failed";
	if (f->state == FNS_SCRUBBING ||
	    (row != NULL && row->state == BINDING_SCRUBBING))
		return "scrubbing";
	if (at != NULL)
		return "bound";
	return row != NULL || f->state != FNS_FREE || !f->blank ? "held" :
	    "free";
}

/* Numbers and words of ours only, so nothing has to be escaped but the name,
 * which is one that name_valid() has seen. */
static void
put_function(struct buf *b, const struct fabric_fn *f,
    const struct fabric_bridge *at, const struct binding *row,
    const char *device)
{
	static const char *const types[] = { "none", "pf", "vf", "npiv", "vd" };
	char id[FN_TEXT], mac[MAC_TEXT], wwn[WWN_TEXT];

	buf_printf(b, "{\"id\":\"%s\",\"module\":\"io%u\",\"port\":%u,"
	    "\"type\":\"%s\",\"index\":%u,\"pciId\":\"%04X:%04X\","
	    "\"state\":\"%s\"", fn_text(f->id, id), fn_bay(f->id),
	    fn_port(f->id), types[fn_type(f->id)], fn_index(f->id), f->vendor,
	    f->device, function_state(f, at, row));
	if (at != NULL)
		buf_printf(b, ",\"slot\":%u,\"bridge\":%u", at->slot,
		    at->bridge);
	else
		buf_str(b, ",\"slot\":null,\"bridge\":null");
	if (device != NULL)
		buf_printf(b, ",\"device\":\"%s\"", device);
	else
		buf_str(b, ",\"device\":null");
	if (f->persona.mac != 0)
		buf_printf(b, ",\"mac\":\"%s\"", mac_text(f->persona.mac, mac));
	if (f->persona.wwpn != 0)
		buf_printf(b, ",\"wwpn\":\"%s\"",
		    wwn_text(f->persona.wwpn, wwn));
	buf_str(b, "}");
}

static size_t
first_after(const struct view *v, fn_id after)
{
	size_t low = 0, high = v->n_fns;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (v->fns[mid].id <= after)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Bridges by function, so that the list takes one pass. */
static const struct fabric_bridge **
bridges_of(struct call *c)
{
	const struct fabric_bridge **of = arena_array(c->arena,
	    c->view->n_fns + 1, sizeof(*of));

	for (size_t i = 0; i < c->view->n_bridges; i++) {
		const struct fabric_bridge *b = &c->view->bridges[i];

		for (size_t k = 0; k < b->n && k < FABRIC_BRIDGE_FNS; k++) {
			const struct fabric_fn *f = view_fn(c->view, b->fn[k]);

			if (f != NULL && b->state != BRIDGE_EMPTY)
				of[f - c->view->fns] = b;
		}
	}
	return of;
}

static void
put_functions(struct buf *b, struct render *r, const struct owners *owners,
    size_t begin, size_t end)
{
	const struct view *v = r->call->view;
	const struct fabric_bridge **at = bridges_of(r->call);
	char next[FN_TEXT];

	buf_str(b, "{\"items\":[");
	for (size_t i = begin; i < end; i++) {
		const struct binding *row = render_binding(r, v->fns[i].id);

		if (i > begin)
			buf_str(b, ",");
		put_function(b, &v->fns[i], at[i], row, row == NULL ? NULL :
		    owner_name(owners, row->device));
	}
	if (end < v->n_fns && end > begin)
		buf_printf(b, "],\"next\":\"%s\"}",
		    fn_text(v->fns[end - 1].id, next));
	else
		buf_str(b, "],\"next\":null}");
}

/* The longest list there is: written straight into the answer, and kept. */
int
read_functions(struct call *c, struct err *e)
{
	const char *text = request_query(c->request, "after");
	struct render r = render_new(c, NULL);
	struct owners owners = { NULL, 0, 0 };
	size_t limit, begin, left;
	fn_id after = 0;

	if (lists_give(c))
		return 0;
	if (request_limit(c->request, &limit, e) < 0 ||
	    load_owners(c, &owners, e) < 0)
		return -1;
	if (text != NULL && !fn_parse(text, &after))
		return err_rule(e, ERR_MALFORMED, NULL, "after",
		    "after is a function like io1.1.vf0");
	buf_free(&c->answer->body);
	c->answer->body = buf_new(64 << 20);
	begin = first_after(c->view, after);
	left = c->view->n_fns - begin;
	put_functions(&c->answer->body, &r, &owners, begin,
	    begin + (limit < left ? limit : left));
	if (render_ok(&r, e) < 0)
		return -1;
	c->answer->status = 200;
	c->answer->content_type = "application/json";
	lists_keep(c);
	return 0;
}

int
read_function(struct call *c, struct err *e)
{
	const char *text = request_param(c->request, "f");
	struct render r = render_new(c, NULL);
	struct owners owners = { NULL, 0, 0 };
	const struct fabric_fn *f;
	const struct binding *row;
	fn_id id;

	if (!fn_parse(text, &id) || (f = view_fn(c->view, id)) == NULL)
		return err_set(e, ERR_NOT_FOUND, "there is no function %.32s",
		    text);
	row = render_binding(&r, id);
	if (render_ok(&r, e) < 0 || load_owners(c, &owners, e) < 0)
		return -1;
	buf_free(&c->answer->body);
	c->answer->body = buf_new(4096);
	put_function(&c->answer->body, f, view_where(c->view, id), row,
	    row == NULL ? NULL : owner_name(&owners, row->device));
	c->answer->status = 200;
	c->answer->content_type = "application/json";
	return 0;
}

/* ---- disks ---- */

static json_t *
disk_json(const struct fabric_disk *d)
{
	static const char *const states[] = {
		"absent", "optimal", "degraded", "failed"
	};
	char id[32], raid[16];
	json_t *o = json_object();

	snprintf(id, sizeof(id), "io%u.%u", (unsigned)d->bay,
	    (unsigned)d->number);
	snprintf(raid, sizeof(raid), "RAID%u", d->raid);
	json_put(o, "id", json_str(id));
	json_put(o, "module", render_bay(d->bay));
	json_put(o, "number", json_int(d->number));
	json_put(o, "raid", json_str(raid));
	json_put(o, "capacityMiB", json_int(d->mib));
	json_put(o, "state", json_str(states[d->state <= DISK_FAILED ?
	    d->state : DISK_FAILED]));
	json_put(o, "shownTo", json_int(d->shown));
	return o;
}

int
read_disk(struct call *c, struct err *e)
{
	const char *text = request_param(c->request, "d");

	for (size_t i = 0; i < c->view->n_disks; i++) {
		json_t *o;

		if (c->view->disks[i].state == DISK_ABSENT)
			continue;
		o = disk_json(&c->view->disks[i]);
		if (strcmp(json_string_value(json_object_get(o, "id")),
		    text) == 0) {
			answer_json(c->answer, 200, o);
			return 0;
		}
		json_decref(o);
	}
	return err_set(e, ERR_NOT_FOUND, "there is no disk %.32s", text);
}

int
read_disks(struct call *c, struct err *e)
{
	json_t *items = json_array();

	(void)e;
	for (size_t i = 0; i < c->view->n_disks; i++)
		if (c->view->disks[i].state != DISK_ABSENT)
			json_put(items, NULL, disk_json(&c->view->disks[i]));
	answer_json(c->answer, 200, render_list(items, NULL));
	return 0;
}

int
read_bindings(struct call *c, struct err *e)
{
	struct owners owners = { NULL, 0, 0 };
	struct binding *list;
	json_t *items;
	size_t n;

	if (binding_list(c->store, c->arena, &list, &n, e) < 0 ||
	    load_owners(c, &owners, e) < 0)
		return -1;
	items = json_array();
	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object();

		json_put(o, "function", render_fn(list[i].fn));
		json_put(o, "slot", json_int(list[i].slot));
		json_put(o, "bridge", json_int(list[i].bridge));
		json_put(o, "osVisible", json_str(activation_seen(c->view,
		    list[i].slot, list[i].bridge)));
		json_put(o, "device", json_str(owner_name(&owners,
		    list[i].device)));
		json_put(o, "state", json_str(binding_state_word(
		    list[i].state)));
		json_put(o, "since", json_time(list[i].since_ms));
		json_put(items, NULL, o);
	}
	answer_json(c->answer, 200, render_list(items, NULL));
	return 0;
}
