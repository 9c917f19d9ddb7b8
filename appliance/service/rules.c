/* rules.c -- see rules.h. */
#include "appliance/service/rules.h"

#include <stdio.h>
#include <string.h>

enum { PROPOSAL_MAX = 1 << 20 };

const struct rule *
rules_find(const char *code)
{
	for (size_t i = 0; i < rules_n; i++)
		if (strcmp(rules[i].code, code) == 0)
			return &rules[i];
	return NULL;
}

static bool
is_noted(const struct violations *v, const char *code, const char *pointer)
{
	for (size_t i = 0; i < v->n; i++)
		if (strcmp(v->items[i].code, code) == 0 &&
		    strcmp(v->items[i].pointer, pointer) == 0)
			return true;
	return false;
}

static void
note(struct violations *v, const char *code, char severity,
    const char *pointer, const char *detail)
{
	const struct rule *rule = rules_find(code);
	struct violation item = {
		.code = rule != NULL ? rule->code : arena_strdup(v->arena, code),
		.severity = severity != '\0' ? severity :
		    rule != NULL ? rule->severity : 'B',
		.pointer = arena_strdup(v->arena, pointer),
		.detail = arena_strdup(v->arena, detail),
	};

	if (!is_noted(v, code, pointer))
		ARENA_PUSH(v->arena, v->items, v->n, v->cap) = item;
}

void
rules_note(struct violations *v, const char *code, char severity,
    const char *pointer, const char *fmt, ...)
{
	char detail[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(detail, sizeof(detail), fmt, ap);
	va_end(ap);
	note(v, code, severity, pointer, detail);
}

void
rules_propose(struct violations *v, const char *changes)
{
	if (v->n > 0)
		v->items[v->n - 1].proposal = changes;
}

void
rules_note_err(struct violations *v, const struct err *e)
{
	note(v, e->rule[0] != '\0' ? e->rule : err_slug(e->code), '\0',
	    e->field, e->msg);
}

size_t
rules_count(const struct violations *v, char severity)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++)
		if (v->items[i].severity == severity)
			n++;
	return n;
}

static void
put_proposal(json_t *o, const char *changes)
{
	json_t *list;
	struct err e;

	if (json_read(changes, strlen(changes), PROPOSAL_MAX, &list, &e) == 0)
		json_put(o, "proposal", list);
}

json_t *
rules_to_json(const struct violations *v, char severity)
{
	json_t *list = json_array();

	for (size_t i = 0; i < v->n; i++) {
		const struct violation *x = &v->items[i];
		const struct rule *rule = rules_find(x->code);
		char text[2] = { x->severity, '\0' };
		json_t *o;

		if (severity != '\0' && severity != x->severity)
			continue;
		o = json_object();
		json_put(o, "code", json_str(x->code));
		json_put(o, "severity", json_str(text));
		json_put(o, "pointer", json_str(x->pointer));
		json_put(o, "detail", json_str(x->detail));
		json_put(o, "remedy", json_str(rule != NULL ? rule->remedy :
		    "Change the value and send it again."));
		if (x->proposal != NULL)
			put_proposal(o, x->proposal);
		json_put(list, NULL, o);
	}
	return list;
}

int
rules_fail(const struct violations *v, struct err *e)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->items[i].severity == 'B')
			return err_rule(e, ERR_RULES, v->items[i].code,
			    v->items[i].pointer, "%s", v->items[i].detail);
	return err_set(e, ERR_INTERNAL, "no rule is broken");
}

static const struct rules_place *
place_of(const struct rules *r, const struct change *c, const char *device)
{
	for (size_t i = 0; i < r->n_places; i++) {
		const struct rules_place *p = &r->places[i];

		if (p->type == c->type && strcmp(p->id, c->id) == 0 &&
		    strcmp(p->device, device) == 0)
			return p;
	}
	return NULL;
}

static const char *
head_name(const struct change *c)
{
	const void *object = c->after != NULL ? c->after : c->before;

	return !object_has_head(c->type) ? c->id :
	    ((const struct head *)object)->name;
}

const char *
rules_at(const struct rules *r, const struct change *c,
    const struct device *d, const char *member)
{
	static const char *const lists[] = { "vnics", "vhbas", "vdas",
		"exclusives" };
	const struct rules_place *p = place_of(r, c, d != NULL ? d->id : "");

	if (p != NULL)
		return arena_printf(r->arena, "%s%s", p->at, member);
	p = d != NULL ? place_of(r, c, "") : NULL;
	if (p != NULL)
		return arena_printf(r->arena, "%s/%s/%s%s", p->at,
		    lists[d->kind], d->name, member);
	if (d != NULL)
		return arena_printf(r->arena, "/profiles/%s/%s/%s%s",
		    head_name(c), lists[d->kind], d->name, member);
	return arena_printf(r->arena, "/%ss/%s%s", object_word(c->type),
	    head_name(c), member);
}

int
rules_run(struct rules *r, struct err *e)
{
	for (size_t i = 0; i < rules_n; i++) {
		if (rules[i].check == NULL)
			continue;
		r->rule = &rules[i];
		rules[i].check(r);
		if (r->failed < 0) {
			*e = r->err;
			return -1;
		}
	}
	return 0;
}
