/* table */
/*
 * chassis_ctl.c -- the control socket's commands: the technician's hands.
 *
 * One line of words in, one JSON value out; what cannot be done is
 * {"error": words} and changes nothing.  Commands that change something are
 * recorded as "hand".
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "tools/emulator/chassis_parts.h"

enum { WORDS_MAX = 12, LINE_MAX = 1024, MS_MAX = 3600000 };

struct words {
	unsigned n;
	char *w[WORDS_MAX];
};

/* ---- words, numbers, answers ---- */

/* Cuts the line in place; false when there are too many words. */
static bool
split(char *line, struct words *out)
{
	char *p = line;

	out->n = 0;
	for (;;) {
		p += strspn(p, " \t\r\n");
		if (*p == '\0')
			return true;
		if (out->n == WORDS_MAX)
			return false;
		out->w[out->n++] = p;
		p += strcspn(p, " \t\r\n");
		if (*p != '\0')
			*p++ = '\0';
	}
}

static bool
is(const struct words *a, unsigned i, const char *word)
{
	return i < a->n && strcmp(a->w[i], word) == 0;
}

static bool
number(const struct words *a, unsigned i, uint64_t max, uint64_t *out)
{
	char *rest;

	if (i >= a->n || a->w[i][0] < '0' || a->w[i][0] > '9' ||
	    strlen(a->w[i]) > 19)
		return false;
	*out = strtoull(a->w[i], &rest, 10);
	return *rest == '\0' && *out <= max;
}

static json_t *
refuse(const char *words)
{
	json_t *o = json_object();

	json_put(o, "error", json_str(words));
	return o;
}

static json_t *
done(void)
{
	json_t *o = json_object();

	json_put(o, "ok", json_true());
	return o;
}

static struct slot *
slot_at(struct chassis *c, const struct words *a, unsigned i)
{
	uint64_t n;

	return number(a, i, c->n_slots, &n) && n > 0 ? &c->slots[n - 1] : NULL;
}

static struct bay *
bay_at(struct chassis *c, const struct words *a, unsigned i)
{
	uint64_t n;

	return number(a, i, c->n_bays, &n) && n > 0 ? &c->bays[n - 1] : NULL;
}

static struct fn *
fn_at(struct chassis *c, const struct words *a, unsigned i)
{
	fn_id id;

	return i < a->n && fn_parse(a->w[i], &id) ? chassis_card_fn(c, id) :
	    NULL;
}

static bool
serial_fits(const char *s)
{
	for (const char *p = s; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~')
			return false;
	return strlen(s) >= 1 && strlen(s) <= SERIAL_MAX;
}

static const char no_slot[] = "there is no such slot";
static const char no_bay[] = "there is no such bay";
static const char no_fn[] = "there is no such function";

/* ---- looking ---- */

static json_t *
do_server(struct chassis *c, const struct words *a)
{
	struct slot *s = slot_at(c, a, 1);

	return s == NULL ? refuse(no_slot) : chassis_truth_server(c, s);
}

static json_t *
do_chassis(struct chassis *c, const struct words *a)
{
	(void)a;
	return chassis_show(c);
}

static json_t *
do_log(struct chassis *c, const struct words *a)
{
	unsigned i = 1;
	uint64_t since = 0;
	bool all = is(a, i, "all");

	if (is(a, 1, "clear") && a->n == 2) {
		chassis_log_clear(c->log);
		return done();
	}
	i += all;
	if (is(a, i, "since")) {
		if (!number(a, i + 1, INT64_MAX, &since))
			return refuse("since wants the number of an entry");
		i += 2;
	}
	return i == a->n ? chassis_log_show(c, all, since) :
	    refuse("usage: log [all] [since N] | log clear");
}

static json_t *
do_violations(struct chassis *c, const struct words *a)
{
	if (a->n == 1)
		return chassis_truth_violations(c);
	if (!is(a, 1, "clear"))
		return refuse("usage: violations [clear]");
	chassis_truth_clear(c);
	return done();
}

/* ---- cables, servers, cards ---- */

static json_t *
do_unplug(struct chassis *c, const struct words *a)
{
	struct slot *s = slot_at(c, a, 2);

	if (!is(a, 1, "slot") || s == NULL)
		return refuse(no_slot);
	if (!s->cable)
		return refuse("nothing is plugged there");
	s->cable = false;
	chassis_mark_slot(c, s);
	chassis_slot_look(c, s, LOOK_HOT);
	return done();
}

static json_t *
do_plug(struct chassis *c, const struct words *a)
{
	struct slot *s = slot_at(c, a, 2);
	const char *serial = a->n > 3 ? a->w[3] : s != NULL ? s->serial : "";
	bool other;

	if (!is(a, 1, "slot") || s == NULL)
		return refuse(no_slot);
	if (s->cable)
		return refuse("a cable is there already");
	if (!serial_fits(serial))
		return refuse("a server needs a serial of 1 to 16 characters");
	other = strcmp(serial, s->serial) != 0;
	/* Another server comes switched on; the old one is as it was. */
	if (other) {
		memset(s->serial, 0, sizeof(s->serial));
		memcpy(s->serial, serial, strlen(serial));
		s->power = true;
	}
	s->cable = true;
	chassis_mark_slot(c, s);
	chassis_slot_look(c, s, other ? LOOK_START : LOOK_HOT);
	return done();
}

static json_t *
do_power(struct chassis *c, const struct words *a)
{
	struct slot *s = slot_at(c, a, 2);
	bool on = is(a, 3, "on");

	if (!is(a, 1, "slot") || s == NULL)
		return refuse(no_slot);
	if (!on && !is(a, 3, "off"))
		return refuse("power is on or off");
	if (!s->cable)
		return refuse("no server is plugged there");
	if (s->power != on) {
		s->power = on;
		chassis_mark_slot(c, s);
		chassis_slot_look(c, s, LOOK_START);
	}
	return done();
}

static json_t *
do_rescan(struct chassis *c, const struct words *a)
{
	struct slot *s = slot_at(c, a, 2);

	if (!is(a, 1, "slot") || s == NULL)
		return refuse(no_slot);
	if (!chassis_slot_up(s))
		return refuse("no server that runs can see the box there");
	chassis_slot_look(c, s, LOOK_AGAIN);
	return done();
}

static json_t *
do_hotplug(struct chassis *c, const struct words *a)
{
	struct slot *s = slot_at(c, a, 2);
	uint64_t buses, mib;
	bool on = is(a, 3, "on");

	if (!is(a, 1, "slot") || s == NULL)
		return refuse(no_slot);
	if ((!on && !is(a, 3, "off")) || !number(a, 4, 255, &buses) ||
	    !number(a, 5, UINT32_MAX, &mib))
		return refuse("interrupts on or off, bus numbers to 255, MiB");
	s->hotplug = on;
	s->buses = (uint16_t)buses;
	s->mmio_mib = (uint32_t)mib;
	chassis_mark_slot(c, s);
	return done();
}

static json_t *
do_pull(struct chassis *c, const struct words *a)
{
	struct bay *b = bay_at(c, a, 2);
	json_t *o;

	if (!is(a, 1, "bay") || b == NULL)
		return refuse(no_bay);
	if (b->module == NULL)
		return refuse("the bay is empty");
	o = done();
	json_put(o, "model", json_str(b->module->model->name));
	json_put(o, "serial", json_str(b->module->serial));
	chassis_card_pull(c, b);
	return o;
}

static struct module *
card_with(const struct chassis *c, const char *serial)
{
	for (size_t i = 0; i < c->n_modules; i++)
		if (strcmp(c->modules[i]->serial, serial) == 0)
			return c->modules[i];
	return NULL;
}

/* A card from the factory: serial (unless given) and address follow a count. */
static struct module *
new_card(struct chassis *c, const struct card_model *model, const char *serial)
{
	struct buf b = buf_new(SERIAL_MAX);
	struct module *m;
	uint64_t address;

	do {
		c->made++;
		buf_clear(&b);
		buf_printf(&b, "EMU%06u", c->made);
	} while (serial == NULL && card_with(c, b.data) != NULL);
	address = (model->kind == 1 ? UINT64_C(0x001b21f00000) :
	    UINT64_C(0x210000e08b000000)) + 16 * (uint64_t)c->made;
	m = chassis_card_new(c, model, serial != NULL ? serial : b.data,
	    model->kind == 1 || model->kind == 2 ? address : 0);
	buf_free(&b);
	return m;
}

static json_t *
do_insert(struct chassis *c, const struct words *a)
{
	struct bay *b = bay_at(c, a, 2);
	const struct card_model *model = a->n > 3 ?
	    chassis_card_model(a->w[3]) : NULL;
	const char *serial = a->n > 4 ? a->w[4] : NULL;
	struct module *m;
	json_t *o;

	if (!is(a, 1, "bay") || b == NULL)
		return refuse(no_bay);
	if (b->module != NULL)
		return refuse("the bay is occupied");
	if (model == NULL)
		return refuse("card models: X520-SR2, QLE2562, QLE2462, "
		    "9260-4i, P3700, LSI22320SLE");
	if (serial != NULL && !serial_fits(serial))
		return refuse("a serial has 1 to 16 printable characters");
	m = serial != NULL ? card_with(c, serial) : NULL;
	if (m != NULL && m->bay != 0)
		return refuse("that card is in another bay");
	if (m != NULL && m->model != model)
		return refuse("that card is of another model");
	if (m == NULL)
		m = new_card(c, model, serial);
	if (m == NULL)
		return refuse("no more cards");
	chassis_card_insert(c, b, m);
	o = done();
	json_put(o, "serial", json_str(m->serial));
	return o;
}

static json_t *
do_speed(struct chassis *c, const struct words *a)
{
	struct bay *b = bay_at(c, a, 2);
	uint64_t port, mbps;

	if (!is(a, 1, "bay") || b == NULL)
		return refuse(no_bay);
	if (b->module == NULL)
		return refuse("the bay is empty");
	if (!is(a, 3, "port") || b->module->model->inside ||
	    !number(a, 4, b->module->model->ports, &port) || port == 0)
		return refuse("there is no such port");
	if (!number(a, 5, UINT32_MAX, &mbps))
		return refuse("the speed is in Mb/s; 0 takes the cable out");
	chassis_card_speed(c, b->module, &b->module->ports[port - 1],
	    (uint32_t)mbps);
	return done();
}

static json_t *
do_disk(struct chassis *c, const struct words *a)
{
	struct bay *b = bay_at(c, a, 2);
	uint64_t n;

	if (!is(a, 1, "bay") || b == NULL)
		return refuse(no_bay);
	if (!is(a, 3, "lose"))
		return refuse("a disk can only lose a drive");
	if (b->module == NULL || b->module->model->disks == 0 ||
	    !number(a, 4, b->module->model->disks - 1u, &n) ||
	    b->module->disks[n].state == 0)
		return refuse("there is no such disk");
	chassis_disk_lose(c, b->module, &b->module->disks[n]);
	return done();
}

/* ---- somebody else's hand ---- */

static json_t *
do_map(struct chassis *c, const struct words *a)
{
	struct fn *f = fn_at(c, a, 1);
	struct slot *s = slot_at(c, a, 2);
	struct bridge *b;
	uint64_t k;

	if (f == NULL)
		return refuse(no_fn);
	if (s == NULL || !number(a, 3, c->n_bridges - 1u, &k))
		return refuse("there is no such bridge");
	b = &s->bridges[k];
	chassis_work_cancel(c, &b->work, "superseded");
	chassis_bridge_map(c, b, 1, &f);
	return done();
}

static json_t *
do_unmap(struct chassis *c, const struct words *a)
{
	struct slot *s = slot_at(c, a, 1);
	uint64_t k;

	if (s == NULL || !number(a, 2, c->n_bridges - 1u, &k))
		return refuse("there is no such bridge");
	chassis_work_cancel(c, &s->bridges[k].work, "superseded");
	chassis_bridge_map(c, &s->bridges[k], 0, NULL);
	return done();
}

/* How a field of a personality is written. */
enum field_kind { F_NUMBER, F_MAC, F_WWN, F_LIST, F_BOOT };
static const struct field {
	const char *name;
	enum field_kind kind;
	uint16_t at, bytes, count_at, max;	/* max: value, or items */
} fields[] = {
	{ "mac", F_MAC, MR_PS_MAC, 8, 0, 0 },
	{ "wwpn", F_WWN, MR_PS_WWPN, 8, 0, 0 },
	{ "wwnn", F_WWN, MR_PS_WWNN, 8, 0, 0 },
	{ "native", F_NUMBER, MR_PS_NATIVE, 2, 0, 4094 },
	{ "pcp", F_NUMBER, MR_PS_PCP, 1, 0, 7 },
	{ "flags", F_NUMBER, MR_PS_FLAGS, 1, 0, 15 },
	{ "limit", F_NUMBER, MR_PS_LIMIT, 4, 0, 65535 },
	{ "limitMbps", F_NUMBER, MR_PS_LIMIT, 4, 0, 65535 },
	{ "guarantee", F_NUMBER, MR_PS_GUARANTEE, 4, 0, 65535 },
	{ "guaranteeMbps", F_NUMBER, MR_PS_GUARANTEE, 4, 0, 65535 },
	{ "mtu", F_NUMBER, MR_PS_MTU, 2, 0, 65535 },
	{ "vlans", F_LIST, MR_PS_VLANS, 2, MR_PS_N_VLANS, 64 },
	{ "disks", F_LIST, MR_PS_DISKS, 2, MR_PS_N_DISKS, 16 },
	{ "boot", F_BOOT, MR_PS_BOOT, 24, MR_PS_N_BOOT, 4 },
};

static bool
set_list(const struct field *f, const char *text, uint8_t *ps)
{
	unsigned n = 0;
	char *rest;

	memset(ps + f->at, 0, (size_t)f->bytes * f->max);
	while (*text != '\0' && strcmp(text, "none") != 0) {
		unsigned long value;

		if (n == f->max || *text < '0' || *text > '9')
			return false;
		value = strtoul(text, &rest, 10);
		if (value > 4094 || (*rest != '\0' && *rest != ','))
			return false;
		chassis_put(ps + f->at + f->bytes * n++, f->bytes, value);
		text = *rest == ',' ? rest + 1 : rest;
	}
	ps[f->count_at] = (uint8_t)n;
	return true;
}

/* "WWPN/LUN/PRIORITY" of n characters. */
static bool
set_target(uint8_t *at, const char *text, size_t n)
{
	struct words part = { .n = 0 };
	uint64_t wwpn, lun, priority;
	char one[80], *s = one;

	if (n >= sizeof(one))
		return false;
	memcpy(one, text, n);
	one[n] = '\0';
	for (; s != NULL && part.n < 4; part.n++) {
		part.w[part.n] = s;
		s = strchr(s, '/');
		if (s != NULL)
			*s++ = '\0';
	}
	if (part.n != 3 || !wwn_parse(part.w[0], &wwpn) ||
	    !number(&part, 1, UINT64_MAX, &lun) ||
	    !number(&part, 2, 4, &priority) || priority == 0)
		return false;
	chassis_put(at, 8, wwpn);
	chassis_put(at + 8, 8, lun);
	chassis_put(at + 16, 4, priority);
	return true;
}

static bool
set_boot(const struct field *f, const char *text, uint8_t *ps)
{
	unsigned n = 0;

	memset(ps + f->at, 0, (size_t)f->bytes * f->max);
	if (strcmp(text, "none") == 0)
		text = "";
	while (*text != '\0') {
		size_t len = strcspn(text, ",");

		if (n == f->max ||
		    !set_target(ps + f->at + f->bytes * n++, text, len))
			return false;
		text += len;
		text += *text == ',';
	}
	ps[f->count_at] = (uint8_t)n;
	return true;
}

static bool
set_field(const struct field *f, const struct words *a, uint8_t *ps)
{
	uint64_t value = 0;

	switch (f->kind) {
	case F_NUMBER:
		if (!number(a, 3, f->max, &value))
			return false;
		break;
	case F_MAC:
		if (!mac_parse(a->w[3], &value))
			return false;
		break;
	case F_WWN:
		if (!wwn_parse(a->w[3], &value))
			return false;
		break;
	case F_LIST:
		return set_list(f, a->w[3], ps);
	case F_BOOT:
		return set_boot(f, a->w[3], ps);
	}
	chassis_put(ps + f->at, f->bytes, value);
	return true;
}

static json_t *
do_set(struct chassis *c, const struct words *a)
{
	struct fn *f = fn_at(c, a, 1);
	uint8_t ps[MR_PERSONALITY_USED];

	if (f == NULL)
		return refuse(no_fn);
	if (f->type == FN_PF)
		return refuse("a physical function is what its card is");
	memcpy(ps, f->ps, sizeof(ps));
	ps[MR_PS_KIND] = f->module->model->kind;
	for (unsigned i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (!is(a, 2, fields[i].name))
			continue;
		if (a->n < 4 || !set_field(&fields[i], a, ps))
			return refuse("that value does not fit the field");
		chassis_card_personality(c, f, ps);
		chassis_mark_fn(c, f);
		return done();
	}
	return refuse("fields: mac wwpn wwnn native pcp flags limit guarantee "
	    "mtu vlans disks");
}

/* ---- faults and delays ---- */

static bool
verb_at(const struct words *a, unsigned i, enum verb *out)
{
	for (unsigned v = 0; v < V_N; v++)
		if (is(a, i, chassis_verbs[v])) {
			*out = (enum verb)v;
			return true;
		}
	return false;
}

static const char no_verb[] = "verbs: prepare bind unbind scrub slot_ctl "
    "module_ctl reset disk_make disk_destroy";

static json_t *
fault_event(struct chassis *c, const struct words *a)
{
	static const char *const kinds[] = { "none", "lose", "duplicate",
		"overflow" };
	uint64_t count = 1;

	if (a->n > 3 && (!number(a, 3, 1000000, &count) || count == 0))
		return refuse("the count is from 1 to 1000000");
	for (unsigned i = 0; i < 4; i++)
		if (is(a, 2, kinds[i])) {
			c->event_fault = (enum event_fault)i;
			c->event_fault_count = (uint32_t)count;
			return done();
		}
	return refuse("events: lose, duplicate, overflow or none");
}

static json_t *
do_fault(struct chassis *c, const struct words *a)
{
	static const char *const modes[] = { "none", "error", "timeout", "late" };
	uint64_t count = 1;
	enum verb v;

	if (is(a, 1, "event"))
		return fault_event(c, a);
	if (!verb_at(a, 1, &v))
		return refuse(no_verb);
	if (is(a, 2, "none") && a->n == 3) {
		c->faults[v] = (struct fault){ 0 };
		return done();
	}
	if (!is(a, 3, "before") && !is(a, 3, "after"))
		return refuse("a fault comes before or after the effect");
	if (a->n > 4 && (!number(a, 4, 1000000, &count) || count == 0))
		return refuse("the count is from 1 to 1000000");
	for (unsigned i = 1; i < 4; i++)
		if (is(a, 2, modes[i])) {
			c->faults[v] = (struct fault){ (enum fault_mode)i,
				is(a, 3, "after"), (uint32_t)count };
			return done();
		}
	return refuse("faults: error, timeout, late or none");
}

static json_t *
do_delay(struct chassis *c, const struct words *a)
{
	uint64_t ms;
	enum verb v;

	if (!verb_at(a, 1, &v))
		return refuse(no_verb);
	if (!number(a, 2, MS_MAX, &ms))
		return refuse("the delay is from 0 to 3600000 ms");
	c->delays[v] = (int64_t)ms;
	return done();
}

static json_t *
do_reset(struct chassis *c, const struct words *a)
{
	(void)a;
	chassis_power_cycle(c);
	return done();
}

/* ---- hands that come later ---- */

static bool is_hand(const struct words *, unsigned at);

/* The words from `from` on as one line. */
static json_t *
keep(struct chassis *c, const struct words *a, uint32_t commands, int64_t ms)
{
	struct buf line = buf_new(LINE_MAX);
	bool kept;

	if (!is_hand(a, 2))
		return refuse("what comes later is a command that changes "
		    "something");
	for (unsigned i = 2; i < a->n; i++)
		buf_printf(&line, "%s%s", i > 2 ? " " : "", a->w[i]);
	kept = chassis_later_add(c, commands, ms, line.data);
	buf_free(&line);
	return kept ? done() : refuse("too many are to come already");
}

static json_t *
do_at(struct chassis *c, const struct words *a)
{
	uint64_t n;

	if (a->n == 2 && is(a, 1, "none")) {
		chassis_later_clear(c);
		return done();
	}
	if (!number(a, 1, 1000000, &n) || n == 0)
		return refuse("the count is from 1 to 1000000");
	return keep(c, a, (uint32_t)n, 0);
}

static json_t *
do_in(struct chassis *c, const struct words *a)
{
	uint64_t ms;

	if (!number(a, 1, MS_MAX, &ms))
		return refuse("the time is from 0 to 3600000 ms");
	return keep(c, a, 0, (int64_t)ms);
}

/* ---- the table ---- */

static json_t *do_help(struct chassis *, const struct words *);

static const struct ctl {
	const char *word, *usage;
	unsigned min, max;		/* words, the first included */
	bool hand;			/* changes something */
	json_t *(*run)(struct chassis *, const struct words *);
} commands[] = {
	{ "server", "server N", 2, 2, false, do_server },
	{ "chassis", "chassis", 1, 1, false, do_chassis },
	{ "unplug", "unplug slot N", 3, 3, true, do_unplug },
	{ "plug", "plug slot N [SERIAL]", 3, 4, true, do_plug },
	{ "power", "power slot N on|off", 4, 4, true, do_power },
	{ "rescan", "rescan slot N", 3, 3, true, do_rescan },
	{ "hotplug", "hotplug slot N on|off BUSES MIB", 6, 6, true,
	    do_hotplug },
	{ "pull", "pull bay N", 3, 3, true, do_pull },
	{ "insert", "insert bay N MODEL [SERIAL]", 4, 5, true, do_insert },
	{ "speed", "speed bay N port P MBPS", 6, 6, true, do_speed },
	{ "disk", "disk bay N lose NUMBER", 5, 5, true, do_disk },
	{ "map", "map FUNCTION SLOT BRIDGE", 4, 4, true, do_map },
	{ "unmap", "unmap SLOT BRIDGE", 3, 3, true, do_unmap },
	{ "set", "set FUNCTION FIELD VALUE", 4, 4, true, do_set },
	{ "fault", "fault VERB error|timeout|late before|after [COUNT] | "
	    "fault event lose|duplicate|overflow [COUNT] | fault X none",
	    3, 5, true, do_fault },
	{ "delay", "delay VERB MS", 3, 3, true, do_delay },
	{ "reset", "reset", 1, 1, true, do_reset },
	{ "at", "at N COMMAND | at none", 2, WORDS_MAX, true, do_at },
	{ "in", "in MS COMMAND", 3, WORDS_MAX, true, do_in },
	{ "log", "log [all] [since N] | log clear", 1, 4, false, do_log },
	{ "violations", "violations [clear]", 1, 2, false, do_violations },
	{ "help", "help", 1, 1, false, do_help },
};
enum { N_COMMANDS = sizeof(commands) / sizeof(commands[0]) };

/* Of one that only says when, what it says it of. */
static bool
is_hand(const struct words *a, unsigned at)
{
	while (a->n > at + 2 && (is(a, at, "at") || is(a, at, "in")))
		at += 2;
	for (unsigned i = 0; i < N_COMMANDS; i++)
		if (is(a, at, commands[i].word))
			return commands[i].hand && a->n - at >=
			    commands[i].min && a->n - at <= commands[i].max;
	return false;
}

static json_t *
do_help(struct chassis *c, const struct words *a)
{
	json_t *o = json_object(), *list = json_array();

	(void)c;
	(void)a;
	for (unsigned i = 0; i < N_COMMANDS; i++)
		json_put(list, NULL, json_str(commands[i].usage));
	json_put(o, "commands", list);
	return o;
}

static json_t *
usage(const struct ctl *k)
{
	struct buf b = buf_new(512);
	json_t *o;

	buf_printf(&b, "usage: %s", k->usage);
	o = refuse(b.data);
	buf_free(&b);
	return o;
}

static json_t *
run(struct chassis *c, const struct words *a, const char *line)
{
	for (unsigned i = 0; i < N_COMMANDS; i++) {
		const struct ctl *k = &commands[i];
		json_t *answer;

		if (!is(a, 0, k->word))
			continue;
		if (a->n < k->min || a->n > k->max)
			return usage(k);
		answer = k->run(c, a);
		if (k->hand && json_object_get(answer, "error") == NULL)
			(void)chassis_log_line(c, line);
		chassis_truth_check(c);
		return answer;
	}
	return refuse("unknown command; try: help");
}

json_t *
chassis_ctl(struct chassis *c, int64_t now_ms, const char *line)
{
	chassis_turn(c, now_ms);
	return chassis_ctl_obey(c, line);
}

json_t *
chassis_ctl_obey(struct chassis *c, const char *line)
{
	struct words a;
	char *copy;
	json_t *answer;

	if (strlen(line) >= LINE_MAX)
		return refuse("the line is too long");
	copy = xstrdup(line);
	answer = split(copy, &a) ? run(c, &a, line) :
	    refuse("too many words");
	free(copy);
	return answer;
}
