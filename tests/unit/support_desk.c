/* support_desk.c -- see support_desk.h. */
#include "tests/unit/support_desk.h"

#include <inttypes.h>
#include <stdio.h>

#include "tests/test.h"

/* ---- the box ---- */

static void
give(struct view *v, struct fabric_record r)
{
	view_take(v, &r);
}

static void
give_bay(struct view *v, unsigned bay, unsigned vendor, unsigned device,
    unsigned ports, enum fn_type type, unsigned fns)
{
	give(v, (struct fabric_record){ .kind = REC_BAY, .u.bay = {
	    .number = (uint16_t)bay, .occupied = 1, .power = 1,
	    .n_ports = (uint8_t)ports, .vendor = (uint16_t)vendor,
	    .device = (uint16_t)device, .serial = "CARD" } });
	for (unsigned p = 1; p <= ports; p++) {
		give(v, (struct fabric_record){ .kind = REC_PORT, .u.port = {
		    .bay = (uint16_t)bay, .port = (uint8_t)p, .link = 1,
		    .enabled = 1, .cap_mbps = 10000, .mbps = 10000,
		    .address = type == FN_VF ? 0x001b21000000 + p : 0 } });
		for (unsigned i = 0; i < fns; i++)
			give(v, (struct fabric_record){ .kind = REC_FN,
			    .u.fn = { .id = fn_make(bay, p, type, i),
			    .blank = 1, .vendor = (uint16_t)vendor,
			    .device = (uint16_t)device } });
	}
}

static struct view *
make_view(const struct capabilities *caps)
{
	struct view *v = view_copy(NULL);
	struct err e;

	v->caps = caps;
	v->number = 1;
	v->at_ms = scratch_wall_ms;
	v->state = VIEW_OK;
	give(v, (struct fabric_record){ .kind = REC_SWITCH, .u.sw = {
	    .model = 4, .slots = 4, .bays = 3, .bridges = 4,
	    .parallel = 4 } });
	for (unsigned n = 1; n <= 4; n++)
		give(v, (struct fabric_record){ .kind = REC_SLOT, .u.slot = {
		    .number = (uint16_t)n, .link = n != 4, .power = 2,
		    .enabled = 1, .width = 8, .gen = 2, .cap_width = 8,
		    .cap_gen = 2, .hotplug = HOTPLUG_READY, .buses = 64,
		    .mmio_mib = 64, .serial = { 'S', 'R', 'V',
		    (char)('A' + n - 1) } } });
	give_bay(v, 1, 0x8086, 0x10fb, 2, FN_VF, 3);
	give_bay(v, 2, 0x1077, 0x2532, 2, FN_NPIV, 3);
	give_bay(v, 3, 0x1000, 0x0079, 1, FN_VD, 4);
	ck_ok(view_end(v, &e), e);
	return v;
}

void
desk_pull(struct desk *d, unsigned bay)
{
	const struct view *old = view_hold(&d->views);
	struct view *v = view_copy(old);
	struct err e;

	view_drop(&d->views, old);
	view_begin(v, SCOPE_BAY, bay);
	give(v, (struct fabric_record){ .kind = REC_BAY,
	    .u.bay = { .number = (uint16_t)bay } });
	v->number++;
	v->caps = &d->caps;
	ck_ok(view_end(v, &e), e);
	view_publish(&d->views, v);
}

void
desk_room(struct desk *d, unsigned slot, unsigned buses)
{
	const struct view *old = view_hold(&d->views);
	struct view *v = view_copy(old);

	view_drop(&d->views, old);
	v->slots[slot - 1].buses = (uint16_t)buses;
	v->slots[slot - 1].mmio_mib = buses;
	v->number++;
	view_publish(&d->views, v);
}

void
desk_disk(struct desk *d, unsigned bay, unsigned number)
{
	const struct view *old = view_hold(&d->views);
	struct view *v = view_copy(old);
	struct err e;

	view_drop(&d->views, old);
	give(v, (struct fabric_record){ .kind = REC_DISK, .u.disk = {
	    .bay = (uint16_t)bay, .number = (uint16_t)number, .raid = 1,
	    .mib = 1024, .state = DISK_OPTIMAL } });
	v->number++;
	ck_ok(view_end(v, &e), e);
	view_publish(&d->views, v);
}

void
desk_lose(struct desk *d)
{
	const struct view *old = view_hold(&d->views);
	struct view *v = view_copy(old);

	view_drop(&d->views, old);
	v->state = VIEW_UNREACHABLE;
	view_publish(&d->views, v);
}

void
desk_blind(struct desk *d)
{
	view_publish(&d->views, view_copy(NULL));
}

void
desk_speed(struct desk *d, unsigned bay, unsigned port, unsigned mbps)
{
	const struct view *old = view_hold(&d->views);
	struct view *v = view_copy(old);

	view_drop(&d->views, old);
	for (size_t i = 0; i < v->n_ports; i++)
		if (v->ports[i].bay == bay && v->ports[i].port == port)
			v->ports[i].mbps = mbps;
	v->number++;
	view_publish(&d->views, v);
}

/* ---- the desk ---- */

const char *const desk_furniture[] = {
	"POST /networks {\"name\":\"prod\",\"vlan\":120}",
	"POST /networks {\"name\":\"stor\",\"vlan\":200,\"mtuMax\":1500}",
	"POST /networks {\"name\":\"free\",\"vlan\":300}",
	"POST /sans {\"name\":\"san-a\"}",
	"POST /qosClasses {\"name\":\"gold\",\"limitMbps\":4000}",
	"POST /profiles {\"name\":\"p1\"}",
	"POST /profiles {\"name\":\"p2\"}",
	"POST /profiles/p1/vnics {\"name\":\"net0\","
	    "\"networks\":[\"prod\"]}",
	NULL
};

void
desk_new(struct desk *d)
{
	struct service_config config = { .models_dir = "models",
		.version = "test" };
	struct err e;

	memset(d, 0, sizeof(*d));
	scratch_new(&d->scratch);
	ck_ok(capabilities_load("capabilities", &d->caps, &e), e);
	/* A RAID card that lacks a level, for the rule. */
	for (size_t i = 0; i < d->caps.n; i++)
		if (d->caps.items[i].class == CLASS_RAID)
			d->caps.items[i].n_raid--;
	view_box_init(&d->views);
	view_publish(&d->views, make_view(&d->caps));
	config.views = &d->views;
	config.caps = &d->caps;
	d->service = service_new(&config, &e);
	d->wall_ms = scratch_wall_ms;
	d->role = ROLE_ADMIN;
	d->actor = "tester";
	for (int i = 0; desk_furniture[i] != NULL; i++)
		desk_do(d, desk_furniture[i]);
}

void
desk_free(struct desk *d)
{
	json_decref(d->json);
	service_free(d->service);
	view_box_close(&d->views);
	capabilities_free(&d->caps);
	scratch_free(&d->scratch);
}

/* ---- asking ---- */

static void
run(struct desk *d, const struct route *route, const struct request *r,
    struct answer *a)
{
	struct store *store = d->scratch.store;
	struct err e;

	if (route->kind == ROUTE_READ) {
		service_read(d->service, store, route, r, a);
		return;
	}
	ck_ok(store_begin(store, &e), e);
	ck_ok(store_save(store, &e), e);
	if (service_write(d->service, store, route, r, a) < 0) {
		ck_assert_int_ne(a->status, 0);
		store_undo(store);
	} else {
		ck_ok(store_release(store, &e), e);
	}
	ck_ok(store_commit(store, &e), e);
}

static void
read_query(struct request *r, char *text)
{
	while (text != NULL && *text != '\0') {
		char *next = strchr(text, '&'), *value;

		if (next != NULL)
			*next++ = '\0';
		value = strchr(text, '=');
		ck_assert_ptr_nonnull(value);
		*value++ = '\0';
		for (char *c = value; *c != '\0'; c++)
			if (*c == '+')
				*c = ' ';	/* as the door decodes it */
		r->query[r->n_query++] = (struct param){ text, value };
		text = next;
	}
}

static void
prepare(struct desk *d, const struct route *route, struct request *r)
{
	const struct xml_records *document = d->document;
	const char *between = d->between;
	struct err e;

	if (!d->ahead || (route->flags & ROUTE_SLOW) == 0)
		return;
	ck_ok(service_prepare(d->service, d->scratch.store, route, r,
	    d->scratch.arena, &e), e);
	if (between == NULL)
		return;
	d->between = NULL;
	d->document = NULL;
	desk_do(d, between);
	d->document = document;
}

int
desk_ask(struct desk *d, const char *text)
{
	char method[8], path[512], allow[64], *query;
	struct answer a = { .status = 0 };
	struct request r = { .actor = d->actor, .source = "192.0.2.1",
		.session = "", .role = d->role, .if_match = d->if_match,
		.idempotency_key = d->key, .wall_ms = d->wall_ms,
		.seed = ++d->seed };
	const struct route *route;
	int n = 0;
	struct err e;

	ck_assert_int_eq(sscanf(text, "%7s %511s %n", method, path, &n), 2);
	query = strchr(path, '?');
	if (query != NULL)
		*query++ = '\0';
	read_query(&r, query);
	r.method = method;
	r.path = path;
	r.body = text + n;
	r.body_size = strlen(r.body);
	r.document = d->document;
	route = route_find(method, path, &r, d->scratch.arena, allow);
	if (route == NULL)
		ck_abort_msg("no route: %s (%s)", text, allow);
	prepare(d, route, &r);
	run(d, route, &r, &a);
	json_decref(d->json);
	d->json = NULL;
	if (a.body.len > 0)
		ck_ok(json_read(a.body.data, a.body.len, 1 << 26, &d->json,
		    &e), e);
	d->status = a.status;
	memcpy(d->headers, a.headers, sizeof(d->headers));
	buf_free(&a.body);
	return a.status;
}

void
desk_do(struct desk *d, const char *text)
{
	int status = desk_ask(d, text);
	char *body;

	if (status < 200 || status > 299) {
		body = d->json == NULL ? NULL : json_text(d->json);
		ck_abort_msg("%s: %d %s", text, status, body);
	}
	desk_settle(d);
}

/* What is placed nowhere any more has been scrubbed. */
static void
release_rows(struct desk *d)
{
	struct placement *placed;
	struct binding *rows;
	size_t n_placed, n;
	struct err e;

	ck_ok(placement_list(d->scratch.store, d->scratch.arena, &placed,
	    &n_placed, &e), e);
	ck_ok(binding_list(d->scratch.store, d->scratch.arena, &rows, &n, &e),
	    e);
	for (size_t i = 0; i < n; i++) {
		bool wanted = false;

		for (size_t k = 0; k < n_placed; k++)
			wanted = wanted || placed[k].fn == rows[i].fn;
		rows[i].state = BINDING_RELEASED;
		if (!wanted)
			ck_ok(binding_put(d->scratch.store, &rows[i], &e), e);
	}
}

void
desk_settle(struct desk *d)
{
	struct store *store = d->scratch.store;
	struct job *jobs;
	struct err e;
	size_t n;

	ck_ok(job_list_open(store, d->scratch.arena, &jobs, &n, &e), e);
	ck_ok(store_begin(store, &e), e);
	for (size_t i = 0; i < n; i++) {
		ck_ok(job_update(store, jobs[i].id, JOB_APPLIED, "", "",
		    d->wall_ms, &e), e);
		ck_ok(hold_drop(store, jobs[i].id, &e), e);
	}
	release_rows(d);
	ck_ok(store_commit(store, &e), e);
}

/* ---- the answer ---- */

static const json_t *
member(const json_t *at, const char *path)
{
	while (at != NULL && *path != '\0') {
		size_t n = strcspn(path, "/");
		char key[64];

		(void)snprintf(key, sizeof(key), "%.*s", (int)n, path);
		at = json_is_array(at) ?
		    json_array_get(at, strtoul(key, NULL, 10)) :
		    json_object_get(at, key);
		path += n + (path[n] == '/');
	}
	return at;
}

const char *
desk_text(struct desk *d, const char *path)
{
	const json_t *o = member(d->json, path);

	if (json_is_string(o))
		return arena_strdup(d->scratch.arena, json_string_value(o));
	if (json_is_integer(o))
		return arena_printf(d->scratch.arena, "%" JSON_INTEGER_FORMAT,
		    json_integer_value(o));
	if (json_is_boolean(o))
		return json_is_true(o) ? "true" : "false";
	return "";
}

static const json_t *
find_code(struct desk *d, const char *code)
{
	const json_t *list = json_object_get(d->json, "errors");
	json_t *o;
	size_t i;

	if (list == NULL)
		list = json_object_get(d->json, "checks");
	json_array_foreach(list, i, o)
		if (strcmp(json_string_value(json_object_get(o, "code")),
		    code) == 0)
			return o;
	return NULL;
}

bool
desk_says(struct desk *d, const char *code)
{
	return find_code(d, code) != NULL ||
	    strcmp(desk_text(d, "code"), code) == 0;
}

const char *
desk_where(struct desk *d, const char *code)
{
	const json_t *o = find_code(d, code);

	return o == NULL ? "" : json_string_value(json_object_get(o,
	    "pointer"));
}

int64_t
desk_generation(struct desk *d)
{
	struct appliance self;
	struct err e;

	ck_ok(store_appliance(d->scratch.store, &self, &e), e);
	return self.generation;
}
