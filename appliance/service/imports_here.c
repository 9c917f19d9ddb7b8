/* imports_here.c -- see imports_here.h. */
#include "appliance/service/imports_here.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- what is here ---- */

static const char *
model_here(struct arena *a, const struct view *v, const struct fabric_bay *b)
{
	const struct capability *cap = view_capability(v, b->number);

	return cap != NULL ? cap->model : arena_printf(a, "%04X:%04X",
	    b->vendor, b->device);
}

static void
gather_modules(struct imports_match *m)
{
	const struct view *v = m->view;

	m->mine = arena_array(m->arena, v->n_bays + 1, sizeof(*m->mine));
	m->here->modules = arena_array(m->arena, v->n_bays + 1,
	    sizeof(*m->here->modules));
	for (size_t i = 0; i < v->n_bays; i++) {
		const struct fabric_bay *b = &v->bays[i];
		struct match_module *x = &m->mine[m->n_mine];

		if (!b->occupied)
			continue;
		*x = (struct match_module){ .bay = b->number,
			.ports = b->n_ports, .class_word =
			module_class_word(view_class(v, b->number)),
			.model = model_here(m->arena, v, b),
			.serial = b->serial };
		m->here->modules[m->n_mine++] = (struct xml_here_module){
			x->bay, x->ports, x->class_word, x->model, x->serial };
	}
	m->here->n_modules = m->n_mine;
}

static void
gather_here(struct imports_match *m)
{
	const struct view *v = m->view;
	struct xml_here *h = m->here = arena_alloc(m->arena, sizeof(*h));

	h->n_slots = (uint32_t)v->n_slots;
	h->slots = arena_array(m->arena, v->n_slots + 1, sizeof(*h->slots));
	for (size_t i = 0; i < v->n_slots; i++) {
		h->slots[i].number = v->slots[i].number;
		h->slots[i].width = v->slots[i].width;
		h->slots[i].bridges = v->sw.bridges;
		memcpy(h->slots[i].serial, v->slots[i].serial,
		    sizeof(h->slots[i].serial));
	}
	h->disks = arena_array(m->arena, v->n_disks + 1, sizeof(*h->disks));
	for (size_t i = 0; i < v->n_disks; i++)
		if (v->disks[i].state != DISK_ABSENT)
			h->disks[h->n_disks++] = (struct xml_here_disk){
				v->disks[i].bay, v->disks[i].number,
				v->disks[i].raid, v->disks[i].mib };
	gather_modules(m);
}

const struct xml_here *
imports_here(struct arena *a, const struct view *view)
{
	struct imports_match m = { .arena = a, .view = view };

	gather_here(&m);
	return m.here;
}

/* ---- what the document says ---- */

static uint32_t
number_of(const struct xml_records *r, uint32_t element, const char *attr)
{
	const char *text = xml_value(r, element, attr);

	return text == NULL ? 0 : (uint32_t)strtoul(text, NULL, 10);
}

static const char *
text_of(const struct xml_records *r, uint32_t element, const char *attr)
{
	const char *text = xml_value(r, element, attr);

	return text == NULL ? "" : text;
}

/* One more than there are. */
static size_t
count(const struct xml_records *r, uint32_t parent, const char *name)
{
	size_t n = 1;

	for (uint32_t i = xml_first(r, parent, name); i != 0;
	    i = xml_next(r, i, name))
		n++;
	return n;
}

static void
read_modules(struct imports_match *m, const struct xml_records *r,
    uint32_t section, const struct xml_import_options *o)
{
	size_t n = count(r, section, "module");

	m->there = arena_array(m->arena, n, sizeof(*m->there));
	m->names = arena_array(m->arena, n, sizeof(*m->names));
	for (uint32_t i = xml_first(r, section, "module"); i != 0;
	    i = xml_next(r, i, "module")) {
		m->names[m->n_there] = text_of(r, i, "name");
		m->there[m->n_there] = (struct match_module){
			.bay = number_of(r, i, "bay"),
			.ports = number_of(r, i, "ports"),
			.class_word = text_of(r, i, "class"),
			.model = text_of(r, i, "model"),
			.serial = text_of(r, i, "serial"),
			.to = xml_map_to(o, XML_MAP_MODULE,
			    m->names[m->n_there]),
		};
		m->n_there++;
	}
	m->matches = arena_array(m->arena, m->n_there + 1,
	    sizeof(*m->matches));
	match_modules(m->there, m->n_there, m->mine, m->n_mine, m->matches);
}

static void
read_slots(struct imports_match *m, const struct xml_records *r,
    uint32_t section, const struct xml_import_options *o)
{
	m->slots = arena_array(m->arena, count(r, section, "slot"),
	    sizeof(*m->slots));
	for (uint32_t i = xml_first(r, section, "slot"); i != 0;
	    i = xml_next(r, i, "slot")) {
		struct imports_slot *s = &m->slots[m->n_slots++];
		const char *to;

		s->number = s->to = number_of(r, i, "number");
		s->width = number_of(r, i, "linkWidth");
		s->serial = text_of(r, i, "serverSerial");
		to = xml_map_to(o, XML_MAP_SLOT, text_of(r, i, "number"));
		s->how = to != NULL ? MATCH_MAPPED : MATCH_EXACT;
		if (to != NULL)
			s->to = (uint32_t)strtoul(to, NULL, 10);
		if (s->to == 0 || s->to > m->here->n_slots) {
			s->to = 0;
			s->how = MATCH_NONE;
		}
	}
}

/* ---- into the map, and what no map helps ---- */

static const char *
here_name(const struct imports_match *m, size_t i)
{
	return arena_printf(m->arena, "io%u", m->mine[m->matches[i].here].bay);
}

static void
add_maps(struct imports_match *m, struct xml_import_options *o)
{
	struct xml_map *maps = arena_array(m->arena, o->n_maps + m->n_there +
	    1, sizeof(*maps));

	if (o->n_maps > 0)
		memcpy(maps, o->maps, o->n_maps * sizeof(*maps));
	o->maps = maps;
	for (size_t i = 0; i < m->n_there; i++) {
		enum match_how how = m->matches[i].how;
		const char *to;

		if (how == MATCH_NONE || how == MATCH_MAPPED)
			continue;
		to = here_name(m, i);
		if (strcasecmp(to, m->names[i]) != 0)
			maps[o->n_maps++] = (struct xml_map){ XML_MAP_MODULE,
				m->names[i], to };
	}
}

/* A module that the section does not name is looked for by its name. */
static bool
is_found(const struct imports_match *m, const char *module)
{
	for (size_t i = 0; i < m->n_there; i++)
		if (strcasecmp(m->names[i], module) == 0)
			return m->matches[i].how != MATCH_NONE;
	for (size_t i = 0; i < m->n_mine; i++) {
		char name[16];

		snprintf(name, sizeof(name), "io%u", m->mine[i].bay);
		if (strcasecmp(name, module) == 0)
			return true;
	}
	return false;
}

static void
read_pins(struct imports_match *m, const struct xml_records *r)
{
	size_t cap = 0;

	for (uint32_t i = 1; i < r->n; i++) {
		const char *module = xml_value(r, i, "module");
		struct imports_pin pin = { r->elements[i].parent, module,
			xml_value(r, i, "port") };

		if (module == NULL || strcmp(r->elements[i].name,
		    "placement") != 0 || is_found(m, module))
			continue;
		ARENA_PUSH(m->arena, m->pins, m->n_pins, cap) = pin;
	}
}

void
imports_match(struct arena *a, const struct view *view,
    const struct xml_records *r, bool own, struct xml_import_options *o,
    struct imports_match *out)
{
	uint32_t section = xml_first(r, 0, "hardware");

	*out = (struct imports_match){ .arena = a, .view = view,
		.described = section != 0 };
	gather_here(out);
	o->here = out->here;
	if (section != 0) {
		read_modules(out, r, section, o);
		read_slots(out, r, section, o);
		if (!own)
			add_maps(out, o);
	}
	read_pins(out, r);
}

const struct imports_slot *
imports_match_slot(const struct imports_match *m, uint32_t number)
{
	for (size_t i = 0; i < m->n_slots; i++)
		if (m->slots[i].number == number)
			return &m->slots[i];
	return NULL;
}

/* ---- as the API shows it ---- */

static json_t *
text_json(const char *text)
{
	return text[0] == '\0' ? json_null() : json_str(text);
}

static json_t *
module_json(const char *name, const struct match_module *x)
{
	json_t *o = json_object();

	json_put(o, "name", json_str(name));
	json_put(o, "bay", json_int(x->bay));
	json_put(o, "class", text_json(x->class_word));
	json_put(o, "model", text_json(x->model));
	json_put(o, "serial", text_json(x->serial));
	json_put(o, "ports", json_int(x->ports));
	return o;
}

static json_t *
links_json(const struct view *v, uint32_t bay)
{
	json_t *list = json_array();

	for (size_t i = 0; i < v->n_ports; i++) {
		const struct fabric_port *p = &v->ports[i];
		char name[PORT_TEXT];
		json_t *o;

		if (p->bay != bay)
			continue;
		o = json_object();
		json_put(o, "name", json_str(port_text(bay, p->port, name)));
		json_put(o, "link", json_boolean(p->link));
		json_put(o, "speedMbps", json_int(p->link ? p->mbps :
		    p->cap_mbps));
		json_put(list, NULL, o);
	}
	return list;
}

static json_t *
modules_json(const struct imports_match *m)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->n_there; i++) {
		const struct match *x = &m->matches[i];
		json_t *o = json_object(), *here = json_null();

		if (x->how != MATCH_NONE) {
			const struct match_module *mine = &m->mine[x->here];

			here = module_json(here_name(m, i), mine);
			json_put(here, "links", links_json(m->view,
			    mine->bay));
		}
		json_put(o, "confidence", json_str(match_word(x->how)));
		json_put(o, "astray", json_boolean(x->astray));
		json_put(o, "document", module_json(m->names[i],
		    &m->there[i]));
		json_put(o, "here", here);
		json_put(list, NULL, o);
	}
	return list;
}

static json_t *
slot_json(uint32_t number, uint32_t width, const char *serial)
{
	json_t *o = json_object();

	json_put(o, "number", json_int(number));
	json_put(o, "linkWidth", width == 0 ? json_null() : json_int(width));
	json_put(o, "serverSerial", text_json(serial));
	return o;
}

static json_t *
slots_json(const struct imports_match *m)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->n_slots; i++) {
		const struct imports_slot *s = &m->slots[i];
		const struct fabric_slot *seen = view_slot(m->view, s->to);
		json_t *o = json_object(), *here = json_null();

		if (seen != NULL) {
			here = slot_json(s->to, seen->width, seen->serial);
			json_put(here, "link", json_boolean(seen->link));
		}
		json_put(o, "confidence", json_str(match_word(s->how)));
		json_put(o, "document", slot_json(s->number, s->width,
		    s->serial));
		json_put(o, "here", here);
		json_put(list, NULL, o);
	}
	return list;
}

json_t *
imports_match_json(const struct imports_match *m)
{
	json_t *o = json_object();

	json_put(o, "described", json_boolean(m->described));
	json_put(o, "slots", slots_json(m));
	json_put(o, "modules", modules_json(m));
	return o;
}
