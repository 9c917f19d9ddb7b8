/*
 * find.c -- whatever somebody types: an address in any spelling or any three
 * digits of it or more, a name or a part of it, a slot, a server's serial, a job.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "appliance/service/read.h"
#include "appliance/service/render.h"
#include "appliance/service/render_identity.h"
#include "appliance/service/request.h"
#include "base/clock.h"

enum { FIND_ITEMS = 50, FIND_TEXT = 128, PART_DIGITS = 3 };

struct finding {
	struct call *call;
	const char *q;
	int64_t at_ms;
	json_t *items;
};

static bool
full(const struct finding *f)
{
	return json_array_size(f->items) >= FIND_ITEMS;
}

static void
put_slot(json_t *o, uint32_t slot)
{
	json_put(o, "slot", slot == 0 ? json_null() : json_int(slot));
}

static void
put_found(struct finding *f, const char *kind, const char *name,
    uint32_t slot, const char *path)
{
	json_t *o;

	if (full(f))
		return;
	o = json_object();
	json_put(o, "kind", json_str(kind));
	json_put(o, "name", json_str(name));
	put_slot(o, slot);
	json_put(o, "path", json_str(path));
	json_put(f->items, NULL, o);
}

/* ---- addresses ---- */

static bool
seen_before(const struct identity *list, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (list[k].space == list[i].space &&
		    list[k].high == list[i].high &&
		    list[k].value == list[i].value)
			return true;
	return false;
}

static json_t *
history_json(const struct identity *list, size_t n)
{
	json_t *items = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object();

		json_put(o, "state", json_str(render_identity_state(
		    list[i].state)));
		json_put(o, "profile", json_str(list[i].profile_name));
		json_put(o, "device", list[i].device_name[0] != '\0' ?
		    json_str(list[i].device_name) : json_null());
		json_put(o, "since", json_time(list[i].since_ms));
		json_put(o, "until", json_time(list[i].until_ms));
		json_put(items, NULL, o);
	}
	return items;
}

/* Where its owner is now; 0 when nowhere. */
static uint32_t
slot_of(struct call *c, const struct identity *id)
{
	struct profile *p;
	struct err e;

	if (id->state != ID_ASSIGNED || profile_load(c->store, c->arena,
	    id->profile, &p, &e) < 0)
		return 0;
	return p->slot;
}

static int
put_identity(struct finding *f, const struct identity *id, struct err *e)
{
	struct identity *history;
	json_t *o;
	size_t n;

	if (ledger_history_of(f->call->store, f->call->arena, id, &history, &n,
	    e) < 0)
		return -1;
	o = render_identity(id);
	json_put(o, "kind", json_str("identity"));
	/* Of a past owner it is not known where he was. */
	put_slot(o, f->at_ms == 0 ? slot_of(f->call, id) : 0);
	json_put(o, "history", history_json(history, n));
	json_put(f->items, NULL, o);
	return 0;
}

bool
find_digits(const char *q, char digits[33])
{
	size_t n = 0;

	if (address_digits(q, digits))
		return true;
	for (; *q != '\0'; q++) {
		if (*q == '-')
			continue;
		if (n == 32 || !isxdigit((unsigned char)*q))
			return false;
		digits[n++] = (char)toupper((unsigned char)*q);
	}
	digits[n] = '\0';
	return n == 32;
}

static int
find_addresses(struct finding *f, struct err *e)
{
	struct identity *list;
	char digits[33];
	size_t n;

	if (!find_digits(f->q, digits) || strlen(digits) < PART_DIGITS)
		return 0;
	if (ledger_find(f->call->store, f->call->arena, digits, f->at_ms,
	    (size_t)FIND_ITEMS * 4, &list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n && !full(f); i++)
		if (!seen_before(list, i) && put_identity(f, &list[i], e) < 0)
			return -1;
	return 0;
}

/* The cards' own addresses. */
static void
find_ports(struct finding *f)
{
	const struct view *v = f->call->view;
	char digits[17], text[24], name[24];

	if (!address_digits(f->q, digits) || strlen(digits) < PART_DIGITS)
		return;
	for (size_t i = 0; i < v->n_ports; i++) {
		const struct fabric_port *p = &v->ports[i];
		bool mac = view_class(v, p->bay) == CLASS_ETHERNET;

		snprintf(text, sizeof(text), "%0*" PRIX64, mac ? 12 : 16,
		    p->address);
		if (p->address == 0 || strstr(text, digits) == NULL)
			continue;
		snprintf(name, sizeof(name), "io%u/%u", p->bay, p->port);
		put_found(f, "port", name, 0, "/ports");
	}
}

/* ---- names ---- */

static bool
fits(const struct finding *f, const char *name)
{
	return name[0] != '\0' && strcasestr(name, f->q) != NULL;
}

static int
find_profiles(struct finding *f, struct err *e)
{
	struct profile *list;
	size_t n;

	if (profile_list(f->call->store, f->call->arena, "", STORE_ALL, &list,
	    &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (fits(f, list[i].head.name) ||
		    strcasecmp(list[i].head.id, f->q) == 0)
			put_found(f, "profile", list[i].head.name,
			    list[i].slot, arena_printf(f->call->arena,
			    "/profiles/%s", list[i].head.name));
	return 0;
}

/* "120" and "vlan 120" find the network as well as its name does. */
static bool
is_vlan(const struct finding *f, uint32_t vlan)
{
	char text[24], word[24];

	snprintf(text, sizeof(text), "%" PRIu32, vlan);
	snprintf(word, sizeof(word), "vlan %" PRIu32, vlan);
	return strcmp(f->q, text) == 0 || strcasecmp(f->q, word) == 0;
}

static int
find_networks(struct finding *f, struct err *e)
{
	struct network *list;
	struct san *sans;
	size_t n;

	if (network_list(f->call->store, f->call->arena, "", PAGE_MAX, &list,
	    &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (fits(f, list[i].head.name) || is_vlan(f, list[i].vlan))
			put_found(f, "network", list[i].head.name, 0,
			    arena_printf(f->call->arena, "/networks/%s",
			    list[i].head.name));
	if (san_list(f->call->store, f->call->arena, "", PAGE_MAX, &sans, &n,
	    e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (fits(f, sans[i].head.name))
			put_found(f, "san", sans[i].head.name, 0,
			    arena_printf(f->call->arena, "/sans/%s",
			    sans[i].head.name));
	return 0;
}

/* ---- slots and servers ---- */

/* "3", "slot 3", "slot-3", "slot3". */
static uint32_t
slot_number(const struct finding *f)
{
	const char *q = f->q;
	int64_t n;

	if (strncasecmp(q, "slot", 4) == 0)
		q += 4;
	if (*q == ' ' || *q == '-')
		q++;
	return request_number(q, (int64_t)f->call->view->n_slots, &n) ?
	    (uint32_t)n : 0;
}

static void
put_slot_found(struct finding *f, uint32_t n)
{
	char name[24], path[24];

	snprintf(name, sizeof(name), "slot %" PRIu32, n);
	snprintf(path, sizeof(path), "/slots/%" PRIu32, n);
	put_found(f, "slot", name, n, path);
}

static int
find_slots(struct finding *f, struct err *e)
{
	const struct view *v = f->call->view;
	uint32_t number = slot_number(f);
	struct slot *rows;
	size_t n;

	if (number != 0)
		put_slot_found(f, number);
	if (slot_list(f->call->store, f->call->arena, &rows, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (rows[i].number != number && (fits(f, rows[i].label) ||
		    fits(f, rows[i].cable_id)))
			put_slot_found(f, rows[i].number);
	for (size_t i = 0; i < v->n_slots; i++)
		if (fits(f, v->slots[i].serial))
			put_found(f, "server", v->slots[i].serial,
			    v->slots[i].number, arena_printf(f->call->arena,
			    "/slots/%u", v->slots[i].number));
	return 0;
}

static void
find_job(struct finding *f)
{
	const char *q = f->q;
	struct job *job;
	struct err e;
	int64_t n;

	if (strncasecmp(q, "job ", 4) == 0)
		q += 4;
	if (!request_number(q, INT64_MAX / 16, &n) || n == 0 ||
	    job_load(f->call->store, f->call->arena, n, &job, &e) < 0)
		return;
	put_found(f, "job", job->title, 0, arena_printf(f->call->arena,
	    "/jobs/%" PRId64, n));
}

static int
read_at(struct finding *f, struct err *e)
{
	const char *at = request_query(f->call->request, "at");

	if (at == NULL)
		return 0;
	f->at_ms = time_parse(at);
	if (f->at_ms < 0)
		return err_rule(e, ERR_MALFORMED, NULL, "at",
		    "at is a time like 2026-03-01T12:00:00Z");
	return 0;
}

int
find_any(struct call *c, struct err *e)
{
	struct finding f = { .call = c,
		.q = request_query(c->request, "q") };

	if (f.q == NULL || f.q[0] == '\0' || strlen(f.q) > FIND_TEXT)
		return err_rule(e, ERR_MALFORMED, NULL, "q",
		    "q holds what to look for, up to %d bytes", FIND_TEXT);
	if (read_at(&f, e) < 0)
		return -1;
	f.items = json_array();
	if (find_addresses(&f, e) < 0 || find_slots(&f, e) < 0 ||
	    find_profiles(&f, e) < 0 || find_networks(&f, e) < 0) {
		json_decref(f.items);
		return -1;
	}
	find_ports(&f);
	find_job(&f);
	answer_json(c->answer, 200, render_list(f.items, NULL));
	return 0;
}
