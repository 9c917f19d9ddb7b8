/*
 * chassis_log.c -- the record of what reached the chassis, and what came of it.
 *
 * A ring of LOG_MAX entries; what fell out is counted.  An entry of an operation
 * that was pending is completed in place when it ends.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "tools/emulator/chassis_parts.h"

struct entry {
	uint64_t n;
	int64_t ms, end_ms;
	uint64_t term, op, mac, wwpn;
	const char *what;		/* verb, or kind of entry: static */
	const char *name;		/* command: static, or NULL */
	const char *end;		/* static; NULL while it did not pend */
	char *line;			/* of the control socket */
	fn_id fn[MR_BRIDGE_FNS];
	uint32_t code, value, mib;
	uint16_t slot, bay, disk, rid, offset;
	uint8_t n_fns, bridge, port, mode, bytes, res, err, end_err, raid;
	bool quiet, of_slot, of_bridge, of_bay, of_port, of_disk, of_cfg, moded;
};

struct logbook {
	struct entry *ring;		/* entry number n is at n % LOG_MAX */
	uint64_t first, next;		/* numbers: kept from, to be given */
	uint64_t dropped;
	size_t cap;
};

struct logbook *
chassis_log_new(void)
{
	struct logbook *l = xcalloc(1, sizeof(*l));

	l->first = l->next = 1;
	return l;
}

static struct entry *
at(const struct logbook *l, uint64_t n)
{
	return n >= l->first && n < l->next ? &l->ring[n % l->cap] : NULL;
}

void
chassis_log_clear(struct logbook *l)
{
	for (uint64_t n = l->first; n < l->next; n++)
		free(at(l, n)->line);
	l->first = l->next;
	l->dropped = 0;
}

void
chassis_log_free(struct logbook *l)
{
	chassis_log_clear(l);
	free(l->ring);
	free(l);
}

/* Room for one more: grows up to LOG_MAX, then drops the oldest. */
static void
make_room(struct logbook *l)
{
	size_t used = (size_t)(l->next - l->first), cap;
	struct entry *ring;

	if (used < l->cap)
		return;
	if (l->cap == LOG_MAX) {
		free(at(l, l->first)->line);
		l->first++;
		l->dropped++;
		return;
	}
	cap = 2 * l->cap + 64 < LOG_MAX ? 2 * l->cap + 64 : LOG_MAX;
	ring = xcalloc(cap, sizeof(*ring));
	for (uint64_t n = l->first; n < l->next; n++)
		ring[n % cap] = *at(l, n);
	free(l->ring);
	l->ring = ring;
	l->cap = cap;
}

static struct entry *
add(struct chassis *c, const char *what, bool quiet)
{
	struct logbook *l = c->log;
	struct entry *e;

	make_room(l);
	e = &l->ring[l->next % l->cap];
	*e = (struct entry){ .n = l->next++, .ms = c->now, .what = what,
		.quiet = quiet };
	return e;
}

/* ---- kinds of entries ---- */

static void
add_fn(struct entry *e, uint64_t id)
{
	e->fn[e->n_fns++] = (fn_id)id;
}

/* The operands that the command has, as they came. */
static void
add_operands(struct entry *e, const struct order *o, uint32_t code)
{
	const uint8_t *p = o->operand;

	if (o->module != NULL) {
		e->bay = (uint16_t)o->module->bay;
		e->of_bay = true;
	}
	switch (code) {
	case MR_CMD_BIND:
		for (unsigned i = 0; i < p[3] && i < MR_BRIDGE_FNS; i++)
			add_fn(e, chassis_get(p + 4 + 4 * i, 4));
		/* FALLTHROUGH */
	case MR_CMD_UNBIND:
		e->of_bridge = true;
		e->bridge = p[2];
		e->moded = code == MR_CMD_UNBIND;
		e->mode = p[3];
		/* FALLTHROUGH */
	case MR_CMD_SLOT_CTL:
	case MR_CMD_SLOT_RESET:
		e->of_slot = true;
		e->slot = (uint16_t)chassis_get(p, 2);
		if (code == MR_CMD_SLOT_CTL) {
			e->moded = true;
			e->mode = p[2];
		}
		return;
	case MR_CMD_BAY_CTL:
		e->moded = true;
		e->mode = p[2];
		/* FALLTHROUGH */
	case MR_CMD_BAY_RESET:
		e->of_bay = true;
		e->bay = (uint16_t)chassis_get(p, 2);
		return;
	case MR_CMD_PREPARE:
		e->mac = chassis_get(p + 8 + MR_PS_MAC, 8);
		e->wwpn = chassis_get(p + 8 + MR_PS_WWPN, 8);
		/* FALLTHROUGH */
	case MR_CMD_SCRUB:
	case MR_CMD_FN_RESET:
		add_fn(e, chassis_get(p, 4));
		return;
	case MR_CMD_PORT_CTL:
		e->of_port = e->moded = true;
		e->port = p[0];
		e->mode = p[1];
		e->value = p[2];
		return;
	case MR_CMD_DISK_MAKE:
		e->raid = p[2];
		e->mib = (uint32_t)chassis_get(p + 4, 4);
		/* FALLTHROUGH */
	case MR_CMD_DISK_DESTROY:
		e->of_disk = true;
		e->disk = (uint16_t)chassis_get(p, 2);
		return;
	default:
		return;
	}
}

uint64_t
chassis_log_order(struct chassis *c, const struct order *o, uint32_t code,
    bool quiet)
{
	struct entry *e = add(c, o->row != NULL ? chassis_verbs[o->row->verb] :
	    "unknown", quiet);

	e->name = o->row != NULL ? o->row->name : NULL;
	e->code = code;
	e->term = o->term;
	e->op = o->op;
	add_operands(e, o, o->row != NULL ? code : 0);
	return e->n;
}

uint64_t
chassis_log_write(struct chassis *c, const char *what, bool quiet, uint16_t rid,
    unsigned offset, unsigned bytes, uint32_t value)
{
	struct entry *e = add(c, what, quiet);

	e->of_cfg = true;
	e->rid = rid;
	e->offset = (uint16_t)offset;
	e->bytes = (uint8_t)bytes;
	e->value = value;
	return e->n;
}

uint64_t
chassis_log_line(struct chassis *c, const char *line)
{
	struct entry *e = add(c, "hand", false);

	e->line = xstrdup(line);
	return e->n;
}

uint64_t
chassis_log_sight(struct chassis *c, bool seen, const struct seen *s)
{
	struct entry *e = add(c, seen ? "seen" : "gone", true);

	e->of_slot = e->of_bridge = true;
	e->slot = (uint16_t)s->slot;
	e->bridge = (uint8_t)s->bridge;
	/* A card that was pulled has no bay any more, hence no id. */
	if (s->fn->module->bay != 0)
		add_fn(e, chassis_card_fn_id(s->fn));
	e->mac = chassis_get(s->fn->ps + MR_PS_MAC, 8);
	e->wwpn = chassis_get(s->fn->ps + MR_PS_WWPN, 8);
	return e->n;
}

void
chassis_log_result(struct chassis *c, uint64_t n, unsigned result)
{
	struct entry *e = at(c->log, n);

	if (e == NULL)
		return;
	e->res = (uint8_t)result;
	e->err = (uint8_t)(result >> 8);
}

void
chassis_log_end(struct chassis *c, uint64_t n, const char *end, unsigned err)
{
	struct entry *e = at(c->log, n);

	if (e == NULL)
		return;
	e->end = end;
	e->end_err = (uint8_t)err;
	e->end_ms = c->now;
}

/* ---- as JSON ---- */

static const char *
mode_word(const struct entry *e)
{
	static const char *const ctl[] = { "", "enable", "disable", "locateOn",
		"locateOff", "forwarding" };

	if (e->code == MR_CMD_UNBIND)
		return e->mode == MR_UNBIND_ORDERLY ? "orderly" :
		    e->mode == MR_UNBIND_SURPRISE ? "surprise" : "unknown";
	return e->mode >= MR_CTL_ENABLE && e->mode <= MR_CTL_FORWARDING ?
	    ctl[e->mode] : "unknown";
}

static void
show_place(const struct entry *e, json_t *o)
{
	json_t *fns = json_array();
	char text[FN_TEXT];

	if (e->of_slot)
		json_put(o, "slot", json_int(e->slot));
	if (e->of_bridge)
		json_put(o, "bridge", json_int(e->bridge));
	if (e->of_bay)
		json_put(o, "bay", json_int(e->bay));
	if (e->of_port)
		json_put(o, "port", json_int(e->port));
	if (e->of_disk)
		json_put(o, "disk", json_int(e->disk));
	for (unsigned i = 0; i < e->n_fns; i++)
		json_put(fns, NULL, json_str(fn_text(e->fn[i], text)));
	if (e->n_fns > 0)
		json_put(o, "functions", fns);
	else
		json_decref(fns);
}

static void
show_values(const struct entry *e, json_t *o)
{
	if (e->mac != 0)
		json_put(o, "mac", chassis_show_address(e->mac, true));
	if (e->wwpn != 0)
		json_put(o, "wwpn", chassis_show_address(e->wwpn, false));
	if (e->moded)
		json_put(o, "mode", json_str(mode_word(e)));
	if (e->of_port && e->mode == MR_CTL_FORWARDING)
		json_put(o, "value", json_int(e->value));
	if (e->mib != 0) {
		json_put(o, "raid", json_int(e->raid));
		json_put(o, "capacityMiB", json_int(e->mib));
	}
	if (e->of_cfg) {
		json_put(o, "rid", json_int(e->rid));
		json_put(o, "offset", json_int(e->offset));
		json_put(o, "bytes", json_int(e->bytes));
		json_put(o, "value", json_int(e->value));
	}
	if (e->line != NULL)
		json_put(o, "line", json_str(e->line));
}

static void
show_result(const struct entry *e, json_t *o)
{
	static const char *const words[] = { "idle", "pending", "done",
		"failed" };

	json_put(o, "result", json_str(words[e->res & 3]));
	if (e->err != MR_ERR_NONE)
		json_put(o, "error", json_str(chassis_show_error(e->err)));
	if (e->end == NULL)
		return;
	json_put(o, "end", json_str(e->end));
	json_put(o, "endMs", json_int(e->end_ms));
	if (e->end_err != MR_ERR_NONE)
		json_put(o, "endError", json_str(chassis_show_error(
		    e->end_err)));
}

static json_t *
entry_json(const struct entry *e)
{
	json_t *o = json_object();

	json_put(o, "n", json_int((int64_t)e->n));
	json_put(o, "ms", json_int(e->ms));
	json_put(o, "verb", json_str(e->what));
	if (e->term != 0 || e->op != 0 || e->name != NULL) {
		json_put(o, "command", json_str(e->name));
		json_put(o, "term", json_int((int64_t)e->term));
		json_put(o, "op", json_int((int64_t)e->op));
	}
	show_place(e, o);
	show_values(e, o);
	if (e->res != MR_RES_IDLE)
		show_result(e, o);
	return o;
}

json_t *
chassis_log_show(const struct chassis *c, bool all, uint64_t since)
{
	const struct logbook *l = c->log;
	json_t *o = json_object(), *list = json_array();

	for (uint64_t n = since < l->first ? l->first : since + 1; n < l->next;
	    n++)
		if (all || !at(l, n)->quiet)
			json_put(list, NULL, entry_json(at(l, n)));
	json_put(o, "items", list);
	json_put(o, "last", json_int((int64_t)(l->next - 1)));
	json_put(o, "dropped", json_int((int64_t)l->dropped));
	return o;
}
