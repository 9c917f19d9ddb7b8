/* xml_remap.c -- see xml_remap.h. */
#include "profiles/xml_remap.h"

#include <stdio.h>
#include <string.h>

struct remap {
	struct arena *arena;
	const struct xml_records *r;
	const struct xml_import_options *o;
	struct xml_records *out;
	uint32_t *was, *now;		/* of the new one's, of the old one's */
	uint32_t list;			/* looked at last, and whether it */
	bool emptied;			/* would lose all of its ports */
};

static bool
says_anything(const struct xml_import_options *o)
{
	for (size_t i = 0; i < o->n_maps; i++)
		if (o->maps[i].kind == XML_MAP_SLOT ||
		    o->maps[i].kind == XML_MAP_MODULE ||
		    o->maps[i].kind == XML_MAP_PORT)
			return true;
	return false;
}

/* "io1/2" as it is called here; NULL when the map does not say. */
static const char *
port_to(const struct remap *m, const char *port)
{
	const char *to = xml_map_to(m->o, XML_MAP_PORT, port);
	const char *slash = strchr(port, '/');
	const char *module;

	if (to != NULL || slash == NULL)
		return to;
	module = arena_printf(m->arena, "%.*s", (int)(slash - port), port);
	to = xml_map_to(m->o, XML_MAP_MODULE, module);
	return to == NULL || *to == '\0' ? to :
	    arena_printf(m->arena, "%s%s", to, slash);
}

/* A bay goes where its module goes: the number, "" nowhere, NULL as it is. */
static const char *
bay_to(const struct remap *m, const char *number)
{
	const char *to = number == NULL ? NULL : xml_map_to(m->o,
	    XML_MAP_MODULE, arena_printf(m->arena, "io%s", number));

	return to != NULL && strncmp(to, "io", 2) == 0 ? to + 2 : to;
}

/* ---- what goes ---- */

static bool
port_goes(const struct remap *m, uint32_t element)
{
	const char *name = xml_value(m->r, element, "name");
	const char *to = name == NULL ? NULL : port_to(m, name);

	return to != NULL && *to == '\0';
}

/* All of them would go. */
static bool
empties(struct remap *m, uint32_t list)
{
	if (m->list == list)
		return m->emptied;
	m->list = list;
	m->emptied = true;
	for (uint32_t i = xml_first(m->r, list, "port"); i != 0 && m->emptied;
	    i = xml_next(m->r, i, "port"))
		m->emptied = port_goes(m, i);
	return m->emptied;
}

static bool
goes(struct remap *m, uint32_t i)
{
	const struct xml_element *e = &m->r->elements[i];
	const char *parent = m->r->elements[e->parent].name;
	const char *number, *to;

	if (strcmp(e->name, "port") == 0 && strcmp(parent, "allowedPorts") ==
	    0)
		return port_goes(m, i) && !empties(m, e->parent);
	if (strcmp(parent, "chassis") != 0)
		return false;
	if (strcmp(e->name, "port") == 0)
		return port_goes(m, i);
	number = xml_value(m->r, i, "number");
	if (strcmp(e->name, "bay") == 0)
		to = bay_to(m, number);
	else
		to = number == NULL || strcmp(e->name, "slot") != 0 ? NULL :
		    xml_map_to(m->o, XML_MAP_SLOT, number);
	return to != NULL && *to == '\0';
}

/* ---- what is called otherwise ---- */

struct renamed {
	const char *attr, *to;		/* to "": left out */
};

/* Module and port of a pin go together. */
static size_t
rename_pin(const struct remap *m, uint32_t i, struct renamed out[2])
{
	const char *module = xml_value(m->r, i, "module");
	const char *port = xml_value(m->r, i, "port"), *to, *slash;

	if (module == NULL)
		return 0;
	to = port == NULL ? xml_map_to(m->o, XML_MAP_MODULE, module) :
	    port_to(m, arena_printf(m->arena, "%s/%s", module, port));
	if (to == NULL)
		return 0;
	slash = strchr(to, '/');
	out[0] = (struct renamed){ "module", slash == NULL ? to :
	    arena_printf(m->arena, "%.*s", (int)(slash - to), to) };
	out[1] = (struct renamed){ "port", slash == NULL ? to : slash + 1 };
	return port == NULL ? 1 : 2;
}

static size_t
renames(const struct remap *m, uint32_t i, struct renamed out[2])
{
	const struct xml_element *e = &m->r->elements[i];
	const char *parent = m->r->elements[e->parent].name;
	bool slot = strcmp(e->name, "slot") == 0 && strcmp(parent,
	    "chassis") == 0;
	const char *value;

	if (strcmp(e->name, "placement") == 0)
		return rename_pin(m, i, out);
	if (slot || strcmp(e->name, "assignment") == 0) {
		out[0].attr = slot ? "number" : "slot";
		value = xml_value(m->r, i, out[0].attr);
		out[0].to = value == NULL ? NULL : xml_map_to(m->o,
		    XML_MAP_SLOT, value);
		return out[0].to != NULL;
	}
	if (strcmp(e->name, "bay") == 0 && strcmp(parent, "chassis") == 0) {
		out[0] = (struct renamed){ "number", bay_to(m,
		    xml_value(m->r, i, "number")) };
		return out[0].to != NULL && *out[0].to != '\0';
	}
	if (strcmp(e->name, "port") != 0 || (strcmp(parent, "chassis") != 0 &&
	    strcmp(parent, "allowedPorts") != 0))
		return 0;
	out[0].attr = "name";
	value = xml_value(m->r, i, "name");
	out[0].to = value == NULL ? NULL : port_to(m, value);
	return out[0].to != NULL && *out[0].to != '\0';
}

/* ---- the copy ---- */

static void
copy_attrs(struct remap *m, uint32_t i, struct xml_element *e)
{
	struct renamed renamed[2];
	size_t n = renames(m, i, renamed);
	uint32_t from = e->attrs, end = e->attrs + e->n_attrs;

	e->attrs = (uint32_t)m->out->n_attrs;
	e->n_attrs = 0;
	for (uint32_t k = from; k < end; k++) {
		struct xml_attr a = m->r->attrs[k];

		for (size_t x = 0; x < n; x++)
			if (strcmp(a.name, renamed[x].attr) == 0)
				a.value = renamed[x].to;
		/* What was empty before is the importer's to refuse. */
		if (*a.value == '\0' && *m->r->attrs[k].value != '\0')
			continue;
		m->out->attrs[m->out->n_attrs++] = a;
		e->n_attrs++;
	}
}

static void
copy_elements(struct remap *m)
{
	uint32_t i = 0;

	while (i < m->r->n) {
		struct xml_element *e;

		m->now[i] = (uint32_t)m->out->n;
		if (goes(m, i)) {
			for (uint32_t end = m->r->elements[i].end; i < end;
			    i++)
				m->now[i] = (uint32_t)m->out->n;
			continue;
		}
		e = &m->out->elements[m->out->n];
		*e = m->r->elements[i];
		copy_attrs(m, i, e);
		m->was[m->out->n++] = i++;
	}
	m->now[m->r->n] = (uint32_t)m->out->n;
	for (i = 0; i < m->out->n; i++) {
		struct xml_element *e = &m->out->elements[i];

		e->parent = m->now[e->parent];
		e->end = m->now[e->end];
	}
}

const struct xml_records *
xml_remap(struct arena *a, const struct xml_records *r,
    const struct xml_import_options *o, const uint32_t **was)
{
	struct remap m = { .arena = a, .r = r, .o = o };

	m.was = arena_array(a, r->n + 1, sizeof(*m.was));
	*was = m.was;
	for (uint32_t i = 0; i < r->n && !says_anything(o); i++)
		m.was[i] = i;
	if (!says_anything(o))
		return r;
	m.now = arena_array(a, r->n + 1, sizeof(*m.now));
	m.out = arena_copy(a, r, sizeof(*r));
	m.out->elements = arena_array(a, r->n, sizeof(*m.out->elements));
	m.out->attrs = arena_array(a, r->n_attrs + 1, sizeof(*m.out->attrs));
	m.out->n = m.out->n_attrs = 0;
	copy_elements(&m);
	return m.out;
}
