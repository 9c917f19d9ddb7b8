/* capability.c -- see capability.h. */
#include "appliance/engine/capability.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/ids.h"

static const char *const class_words[] = {
	"ethernet", "fibre-channel", "raid", "nvme", "other"
};
static const char *const guarantee_words[] = { "none", "hw", "admission" };

const char *
module_class_word(enum module_class c)
{
	return class_words[c];
}

/* A number of the file at path[0] or path[0].path[1]; absent is 0. */
static int
number(const json_t *file, const char *group, const char *key, int64_t max,
    uint32_t *out, struct err *e)
{
	const json_t *at = group == NULL ? file : json_object_get(file, group);
	int64_t value = 0;

	if (at != NULL && json_get_int(at, group == NULL ? "" : group, key,
	    true, 0, max, &value, e) < 0)
		return -1;
	*out = (uint32_t)value;
	return 0;
}

/* "8086" */
static int
pci_id(const json_t *match, const char *key, uint16_t *out, struct err *e)
{
	const char *text;
	char *end;
	unsigned long value;

	if (json_get_str(match, "/match", key, false, 4, &text, e) < 0)
		return -1;
	value = strtoul(text, &end, 16);
	if (strlen(text) != 4 || *end != '\0')
		return err_rule(e, ERR_MALFORMED, NULL, "/match", "%s must be "
		    "four hexadecimal digits", key);
	*out = (uint16_t)value;
	return 0;
}

static int
word(const json_t *file, const char *key, const char *const *words, size_t n,
    unsigned *out, struct err *e)
{
	const char *text;

	if (json_get_str(file, "", key, false, 32, &text, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i], text) == 0) {
			*out = (unsigned)i;
			return 0;
		}
	return err_rule(e, ERR_MALFORMED, NULL, key, "%s is not known", text);
}

static int
forwarding(const json_t *file, struct capability *c, struct err *e)
{
	static const char *const modes[] = { "veb", "vepa", "isolated" };
	const json_t *list = json_object_get(file, "forwarding"), *mode;
	size_t i, k;

	json_array_foreach(list, i, mode) {
		const char *text = json_is_string(mode) ?
		    json_string_value(mode) : "";

		for (k = 0; k < 3 && strcmp(text, modes[k]) != 0; k++)
			;
		if (k == 3)
			return err_rule(e, ERR_MALFORMED, NULL, "/forwarding",
			    "%.20s is not known", text);
		c->forwarding |= 1U << k;
	}
	return 0;
}

static int
raid_levels(const json_t *file, struct capability *c, struct err *e)
{
	const json_t *list = json_object_get(file, "raid"), *row;
	size_t i;

	json_array_foreach(list, i, row) {
		uint32_t level, drives;

		if (i >= CAP_RAID_LEVELS)
			return err_rule(e, ERR_MALFORMED, NULL, "/raid",
			    "more than %d levels", CAP_RAID_LEVELS);
		if (number(row, NULL, "level", 255, &level, e) < 0 ||
		    number(row, NULL, "drivesMin", 255, &drives, e) < 0 ||
		    json_get_bool(row, "/raid", "drivesEven", true,
		    &c->raid[i].drives_even, e) < 0)
			return -1;
		c->raid[i].level = level;
		c->raid[i].drives_min = drives;
		c->n_raid++;
	}
	return 0;
}

static int
identity(const json_t *file, struct capability *c, struct err *e)
{
	const json_t *match = json_object_get(file, "match");
	const char *model;
	unsigned class = 0, guarantee = 0;

	if (!json_is_object(match))
		return err_rule(e, ERR_MALFORMED, NULL, "/match", "is missing");
	if (pci_id(match, "vendor", &c->vendor, e) < 0 ||
	    pci_id(match, "device", &c->device, e) < 0 ||
	    json_get_str(file, "", "model", false, sizeof(c->model) - 1,
	    &model, e) < 0 || word(file, "class", class_words,
	    sizeof(class_words) / sizeof(class_words[0]), &class, e) < 0 ||
	    word(file, "guarantee", guarantee_words,
	    sizeof(guarantee_words) / sizeof(guarantee_words[0]), &guarantee,
	    e) < 0)
		return -1;
	snprintf(c->model, sizeof(c->model), "%s", model);
	c->class = (enum module_class)class;
	c->guarantee = (enum guarantee)guarantee;
	return 0;
}

static int
limits(const json_t *file, struct capability *c, struct err *e)
{
	const char *scope = NULL;
	const json_t *mtu = json_object_get(file, "mtu");

	if (number(file, NULL, "ports", 255, &c->ports, e) < 0 ||
	    number(file, NULL, "speedMbps", 1000000, &c->speed_mbps, e) < 0 ||
	    number(file, NULL, "maxFunctions", FN_INDEX_MAX + 1,
	    &c->max_functions, e) < 0 ||
	    number(file, "rate", "min", 1000000, &c->rate_min, e) < 0 ||
	    number(file, "rate", "max", 1000000, &c->rate_max, e) < 0 ||
	    number(file, "rate", "step", 1000000, &c->rate_step, e) < 0 ||
	    number(file, "mtu", "min", 65535, &c->mtu_min, e) < 0 ||
	    number(file, "mtu", "max", 65535, &c->mtu_max, e) < 0 ||
	    number(file, "vlan", "trunkMax", 4094, &c->trunk_max, e) < 0 ||
	    number(file, NULL, "vdMax", 65535, &c->max_disks, e) < 0)
		return -1;
	if (mtu != NULL && json_get_str(mtu, "/mtu", "scope", true, 16, &scope,
	    e) < 0)
		return -1;
	c->mtu_per_port = scope != NULL && strcmp(scope, "port") == 0;
	if (forwarding(file, c, e) < 0)
		return -1;
	return raid_levels(file, c, e);
}

static int
read_one(const char *path, struct capability *c, struct err *e)
{
	json_t *file;
	int rc;

	memset(c, 0, sizeof(*c));
	if (json_read_file(path, &file, e) < 0)
		return -1;
	rc = identity(file, c, e) < 0 || limits(file, c, e) < 0 ? -1 : 0;
	json_decref(file);
	return rc < 0 ? err_wrap(e, "%s", path) : 0;
}

static int
is_json(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 5 && strcmp(d->d_name + n - 5, ".json") == 0;
}

int
capabilities_load(const char *dir, struct capabilities *out, struct err *e)
{
	struct capabilities caps = { 0 };
	struct dirent **names;
	int n = scandir(dir, &names, is_json, alphasort), rc = 0;

	if (n < 0)
		return err_set(e, ERR_UNAVAILABLE, "cannot read %s", dir);
	caps.items = xcalloc((size_t)n + 1, sizeof(*caps.items));
	for (int i = 0; i < n; i++) {
		char path[512];

		snprintf(path, sizeof(path), "%s/%s", dir, names[i]->d_name);
		if (rc == 0)
			rc = read_one(path, &caps.items[caps.n++], e);
		free(names[i]);
	}
	free(names);
	if (rc < 0)
		capabilities_free(&caps);
	else
		*out = caps;
	return rc;
}

const struct capability *
capability_find(const struct capabilities *caps, uint16_t vendor,
    uint16_t device)
{
	for (size_t i = 0; i < caps->n; i++)
		if (caps->items[i].vendor == vendor &&
		    caps->items[i].device == device)
			return &caps->items[i];
	return NULL;
}

void
capabilities_free(struct capabilities *caps)
{
	free(caps->items);
	*caps = (struct capabilities){ 0 };
}
