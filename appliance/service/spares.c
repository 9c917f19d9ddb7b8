/* spares.c -- see spares.h. */
#include "appliance/service/spares.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/engine/activation.h"
#include "appliance/service/edit.h"
#include "appliance/service/render.h"
#include "appliance/service/request.h"
#include "base/buf.h"

static void say(const struct spares_in *, struct spare *, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
say(const struct spares_in *in, struct spare *s, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (s->n_reasons < SPARE_REASONS)
		s->reasons[s->n_reasons++] = arena_strdup(in->arena, text);
}

/* ---- what is wanted of a slot ---- */

/* As the change set leaves it, or as it is stored. */
static int
load_slot(const struct spares_in *in, uint32_t number, const struct slot **out,
    struct err *e)
{
	const struct change *c;
	struct slot *s;
	char id[16];

	snprintf(id, sizeof(id), "%" PRIu32, number);
	c = in->set == NULL ? NULL : rules_change(in->set, OBJ_SLOT, id);
	if (c != NULL && c->after != NULL) {
		*out = c->after;
		return 0;
	}
	if (slot_load(in->store, in->arena, number, &s, e) < 0)
		return -1;
	*out = s;
	return 0;
}

/* Who sits there once the change set is through; NULL nobody. */
static int
sitter(const struct spares_in *in, uint32_t number, const struct profile **out,
    struct err *e)
{
	struct profile *p;

	*out = NULL;
	for (size_t i = 0; in->set != NULL && i < in->set->n; i++) {
		const struct change *c = &in->set->items[i];

		if (c->type == OBJ_PROFILE && c->after != NULL &&
		    ((const struct profile *)c->after)->slot == number)
			*out = c->after;
	}
	if (*out != NULL)
		return 0;
	if (profile_at_slot(in->store, in->arena, number, &p, e) < 0)
		return -1;
	if (p != NULL && (in->set == NULL || rules_change(in->set,
	    OBJ_PROFILE, p->head.id) == NULL))
		*out = p;
	return 0;
}

static bool
has_label(const struct labels *in, const struct label *l)
{
	for (size_t i = 0; i < in->n; i++)
		if (strcmp(in->items[i].name, l->name) == 0 &&
		    strcmp(in->items[i].value, l->value) == 0)
			return true;
	return false;
}

static int
count_labels(const struct spares_in *in, const struct slot *row,
    struct spare *s, struct err *e)
{
	const struct slot *left;

	if (in->from == 0 || row->labels.n == 0)
		return 0;
	if (load_slot(in, in->from, &left, e) < 0)
		return -1;
	for (size_t i = 0; i < row->labels.n; i++)
		s->n_labels += has_label(&left->labels,
		    &row->labels.items[i]);
	return 0;
}

static int
look_at_wishes(const struct spares_in *in, struct spare *s, struct err *e)
{
	const struct profile *there;
	const struct slot *row;
	char key[16];
	int64_t job;

	snprintf(key, sizeof(key), "%" PRIu32, s->slot);
	if (load_slot(in, s->slot, &row, e) < 0 ||
	    sitter(in, s->slot, &there, e) < 0 ||
	    count_labels(in, row, s, e) < 0 ||
	    hold_find(in->store, HOLD_SLOT, key, &job, e) < 0)
		return -1;
	s->kept = row->is_spare;
	if (!row->is_spare)
		say(in, s, "is not kept as a spare");
	if (row->admin == SLOT_DISABLED)
		say(in, s, "is disabled");
	if (row->admin == SLOT_MAINTENANCE)
		say(in, s, "is in maintenance");
	if (there != NULL)
		say(in, s, "has profile %s", there->head.name);
	if (job != 0)
		say(in, s, "is held by job %" PRId64, job);
	return 0;
}

/* ---- what is seen of it ---- */

static uint64_t
guaranteed(const struct profile *p)
{
	uint64_t sum = 0;

	for (size_t i = 0; p != NULL && i < p->n_devices; i++)
		sum += p->devices[i].idle ? 0 : p->devices[i].guarantee_mbps;
	return sum;
}

/* Ours or somebody else's: what is behind a bridge is in the way. */
static void
look_at_bridges(const struct spares_in *in, struct spare *s)
{
	size_t used = 0, n = in->profile == NULL ? 0 : in->profile->n_devices;

	for (size_t i = 0; i < in->view->n_bridges; i++)
		used += in->view->bridges[i].slot == s->slot &&
		    in->view->bridges[i].state != BRIDGE_EMPTY;
	if (n + used > in->view->sw.bridges)
		say(in, s, "has %zu bridges left, for %zu devices",
		    in->view->sw.bridges - used, n);
}

static void
look_at_cable(const struct spares_in *in, struct spare *s)
{
	const struct fabric_slot *seen = view_slot(in->view, s->slot);
	uint64_t sum = guaranteed(in->profile);

	if (seen == NULL || !seen->link) {
		say(in, s, "has no link");
		return;
	}
	s->usable_mbps = rules_usable_mbps(seen);
	if (s->usable_mbps > 0 && sum * 10 > s->usable_mbps * 9)
		say(in, s, "has a cable for %" PRIu64 " Mb/s; the guarantees "
		    "are %" PRIu64, s->usable_mbps, sum);
}

/* Disks stay where they are; every slot reaches every module that is there. */
static void
look_at_disks(const struct spares_in *in, struct spare *s)
{
	const struct profile *p = in->profile;

	for (size_t i = 0; p != NULL && i < p->n_devices; i++)
		for (size_t k = 0; k < p->devices[i].n_disks; k++) {
			const struct disk *d = &p->devices[i].disks[k];

			if (d->bay == 0 ||
			    view_class(in->view, d->bay) == CLASS_RAID)
				continue;
			say(in, s, "does not reach the disks of %s: no RAID "
			    "module is in io%" PRIu32, p->devices[i].name,
			    d->bay);
			break;
		}
}

static void
praise(const struct spares_in *in, struct spare *s)
{
	const struct fabric_slot *seen = view_slot(in->view, s->slot);
	size_t n = in->profile == NULL ? 0 : in->profile->n_devices;
	enum activation last = activation_of(in->view, s->slot,
	    n > 0 ? (unsigned)n - 1 : 0);

	if (s->n_labels > 0)
		say(in, s, "%zu label%s in common", s->n_labels,
		    s->n_labels == 1 ? "" : "s");
	if (s->usable_mbps > 0)
		say(in, s, "x%u, %" PRIu64 " Mb/s", seen->width,
		    s->usable_mbps);
	s->late = activation_runs(in->view, s->slot) &&
	    last != ACTIVATION_HOT && last != ACTIVATION_UNKNOWN;
	if (s->late)
		say(in, s, "its server runs and sees it %s",
		    activation_when(last));
	else
		say(in, s, seen->power == 2 ? "its server runs" :
		    seen->power == 1 ? "its server is off" :
		    "its server is there");
}

static int
judge(const struct spares_in *in, struct spare *s, struct err *e)
{
	if (look_at_wishes(in, s, e) < 0)
		return -1;
	look_at_cable(in, s);
	look_at_bridges(in, s);
	look_at_disks(in, s);
	s->rank = s->n_reasons == 0;
	if (s->rank != 0)
		praise(in, s);
	return 0;
}

/* ---- the order ---- */

static int
compare(const void *a, const void *b)
{
	const struct spare *x = a, *y = b;

	if ((x->rank != 0) != (y->rank != 0))
		return x->rank != 0 ? -1 : 1;
	if (x->rank == 0 && x->kept != y->kept)
		return x->kept ? -1 : 1;
	if (x->rank != 0 && x->late != y->late)
		return x->late ? 1 : -1;
	if (x->rank != 0 && x->n_labels != y->n_labels)
		return x->n_labels > y->n_labels ? -1 : 1;
	if (x->rank != 0 && x->usable_mbps != y->usable_mbps)
		return x->usable_mbps > y->usable_mbps ? -1 : 1;
	return x->slot < y->slot ? -1 : 1;
}

int
spares_rank(const struct spares_in *in, struct spare **out, size_t *n,
    struct err *e)
{
	struct spare *list = arena_array(in->arena, in->view->n_slots + 1,
	    sizeof(*list));
	size_t len = 0;

	for (uint32_t slot = 1; slot <= in->view->n_slots; slot++) {
		if (slot == in->from)
			continue;
		list[len].slot = slot;
		if (judge(in, &list[len++], e) < 0)
			return -1;
	}
	if (len > 0)
		qsort(list, len, sizeof(*list), compare);
	for (size_t i = 0; i < len && list[i].rank != 0; i++)
		list[i].rank = (unsigned)i + 1;
	*out = list;
	*n = len;
	return 0;
}

const char *
spares_why(struct arena *a, const struct spare *list, size_t n)
{
	struct buf b = buf_new(1000);
	const char *text;

	for (size_t i = 0; i < n; i++) {
		if (!list[i].kept || list[i].rank != 0)
			continue;
		buf_printf(&b, "%sslot %" PRIu32 " ", b.len > 0 ? "; " : "",
		    list[i].slot);
		for (size_t k = 0; k < list[i].n_reasons; k++)
			buf_printf(&b, "%s%s", k > 0 ? ", " : "",
			    list[i].reasons[k]);
	}
	text = b.len == 0 ? "no slot is kept as a spare" : b.full ?
	    "no slot that is kept as a spare fits; GET /spares says why" :
	    arena_strdup(a, b.data);
	buf_free(&b);
	return text;
}

/* ---- GET /spares ---- */

static json_t *
spare_json(struct call *c, const struct spare *s)
{
	const struct fabric_slot *seen = view_slot(c->view, s->slot);
	json_t *o = json_object(), *reasons = json_array();

	for (size_t i = 0; i < s->n_reasons; i++)
		json_put(reasons, NULL, json_str(s->reasons[i]));
	json_put(o, "slot", json_int(s->slot));
	json_put(o, "rank", s->rank == 0 ? json_null() : json_int(s->rank));
	json_put(o, "fits", json_boolean(s->rank != 0));
	json_put(o, "isSpare", json_boolean(s->kept));
	json_put(o, "usableMbps", json_int((int64_t)s->usable_mbps));
	json_put(o, "server", seen == NULL || seen->serial[0] == '\0' ?
	    json_null() : json_str(seen->serial));
	json_put(o, "reasons", reasons);
	return o;
}

/* Whose spares: of a profile, or of whoever sits at a slot. */
static int
ask_for(struct call *c, struct spares_in *in, struct err *e)
{
	const char *name = request_query(c->request, "profile");
	struct profile *p = NULL;
	int64_t slot = 0;

	if (request_int(c->request, "slot", 1, SLOT_MAX, &slot, e) < 0)
		return -1;
	if (name != NULL && slot != 0)
		return err_rule(e, ERR_MALFORMED, NULL, "/slot",
		    "say a profile or a slot, not both");
	if (slot > (int64_t)c->view->n_slots)
		return err_set(e, ERR_NOT_FOUND, "there is no slot %" PRId64,
		    slot);
	if (name != NULL && profile_load(c->store, c->arena, name, &p, e) < 0)
		return -1;
	if (slot != 0 && profile_at_slot(c->store, c->arena, (unsigned)slot,
	    &p, e) < 0)
		return -1;
	in->profile = p;
	in->from = p != NULL ? p->slot : (uint32_t)slot;
	return 0;
}

int
spares_list(struct call *c, struct err *e)
{
	struct spares_in in = { .arena = c->arena, .store = c->store,
		.view = c->view };
	struct spare *list;
	json_t *items;
	size_t n;

	if (ask_for(c, &in, e) < 0 || spares_rank(&in, &list, &n, e) < 0)
		return -1;
	items = json_array();
	for (size_t i = 0; i < n; i++)
		json_put(items, NULL, spare_json(c, &list[i]));
	answer_json(c->answer, 200, render_list(items, NULL));
	return 0;
}
