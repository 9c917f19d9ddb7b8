/* imports_disk.c -- disks of a document; see imports_hardware.h. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "appliance/service/imports_hardware.h"
#include "appliance/service/vdas.h"


static bool
is_new_disk(const struct imports_subject *s, const struct disk *k)
{
	for (size_t i = 0; s->before != NULL && i < s->before->n_devices; i++)
		for (size_t m = 0; m < s->before->devices[i].n_disks; m++)
			if (strcmp(s->before->devices[i].disks[m].id,
			    k->id) == 0)
				return false;
	return k->bay == 0;
}

static bool
id_is_used(const struct change_set *set, const struct disk *self,
    const char *id)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct profile *p = set->items[i].type == OBJ_PROFILE ?
		    set->items[i].after : NULL;

		for (size_t k = 0; p != NULL && k < p->n_devices; k++)
			for (size_t m = 0; m < p->devices[k].n_disks; m++)
				if (&p->devices[k].disks[m] != self &&
				    strcmp(p->devices[k].disks[m].id, id) == 0)
					return true;
	}
	return false;
}

/* Keeps who it is across appliances, unless that id is somebody here. */
static int
take_id(const struct imports_hardware *h, uint32_t element, struct disk *k,
    struct err *e)
{
	struct change_set *set = h->edit->set;
	const char *id = xml_value(h->records, element, "id");
	bool known = true;
	char text[ID_TEXT];

	if (id != NULL && uuid_valid(id) && h->options->mode != XML_CLONE) {
		for (size_t i = 0; i < ID_TEXT; i++)
			text[i] = (char)tolower((unsigned char)id[i]);
		if (disk_known(set->store, text, &known, e) < 0)
			return -1;
		known = known || id_is_used(set, k, text);
	}
	if (known)
		rng_uuid(&set->rng, text);
	memcpy(k->id, text, ID_TEXT);
	return 0;
}

/* The module that a disk was on, as it is called there: who it is here. */
static const char *
serial_of(const struct imports_hardware *h, const char *module, bool *mapped)
{
	const struct imports_match *m = h->match;

	*mapped = false;
	for (size_t i = 0; module != NULL && i < m->n_there; i++) {
		if (strcasecmp(m->names[i], module) != 0)
			continue;
		*mapped = m->matches[i].how == MATCH_MAPPED;
		return *mapped ? m->mine[m->matches[i].here].serial :
		    m->there[i].serial;
	}
	for (size_t i = 0; module != NULL && i < m->n_mine; i++) {
		char name[16];

		snprintf(name, sizeof(name), "io%u", m->mine[i].bay);
		if (strcasecmp(name, module) == 0)
			return m->mine[i].serial;
	}
	return "";
}

static void
name_disk(const struct imports_hardware *h, uint32_t element, struct disk *k)
{
	const char *number = xml_value(h->records, element, "number");
	bool mapped;
	const char *serial = serial_of(h, xml_value(h->records, element,
	    "module"), &mapped);

	if (h->options->mode == XML_CLONE)
		k->guid[0] = '\0';
	else if (number != NULL && (mapped || k->guid[0] == '\0'))
		snprintf(k->guid, sizeof(k->guid), "%s:%.10s", serial,
		    number);
}

static int
look_at_disk(const struct imports_hardware *h,
    const struct imports_subject *s, const struct device *d, struct disk *k,
    uint32_t element, struct err *e)
{
	struct xml_about a = { .row = "DiskAbsent", .type = "profile",
		.name = s->p->head.name, .element = element };
	const struct xml_conflict *x;
	uint32_t bay, number;

	if (!is_new_disk(s, k))
		return 0;
	if (take_id(h, element, k, e) < 0)
		return -1;
	k->number = UINT32_MAX;
	name_disk(h, element, k);
	if (k->guid[0] == '\0' || vdas_find(h->match->view, NULL, k, &bay,
	    &number))
		return 0;
	a.part = arena_printf(h->edit->set->arena, "%s/%s", d->name, k->name);
	x = xml_conflict_add(&h->in->conflicts, &a, "disk %s of %s (%s) is "
	    "not on a module here; a document brings no data", k->name,
	    d->name, k->guid);
	if (xml_conflict_is(x, "recreateEmpty"))
		k->guid[0] = '\0';
	return 0;
}

int
imports_disks(const struct imports_hardware *h,
    const struct imports_subject *s, struct device *d, uint32_t element, struct err *e)
{
	for (uint32_t i = xml_first(h->records, element, "virtualDisk");
	    i != 0; i = xml_next(h->records, i, "virtualDisk")) {
		const char *name = xml_value(h->records, i, "name");

		for (size_t k = 0; name != NULL && k < d->n_disks; k++)
			if (strcasecmp(d->disks[k].name, name) == 0 &&
			    look_at_disk(h, s, d, &d->disks[k], i, e) < 0)
				return -1;
	}
	return 0;
}
