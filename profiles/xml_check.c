/* xml_check.c -- see xml_check.h. */
#include "profiles/xml_check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "profiles/xml_import.h"
#include "profiles/xml_write.h"

enum { PATH_SIZE = 4096 };

/* ---- the scratch store ---- */

/* Whatever a store puts beside itself goes with it. */
static void
remove_store(const char *dir)
{
	DIR *d = opendir(dir);
	char name[PATH_SIZE];
	struct dirent *x;

	while (d != NULL && (x = readdir(d)) != NULL) {
		if (strcmp(x->d_name, ".") == 0 || strcmp(x->d_name, "..") == 0)
			continue;
		(void)snprintf(name, sizeof(name), "%s/%s", dir, x->d_name);
		(void)unlink(name);
	}
	if (d != NULL)
		(void)closedir(d);
	(void)rmdir(dir);
}

static int
open_store(const char *dir, struct store **out, struct err *e)
{
	char path[PATH_SIZE];

	(void)snprintf(path, sizeof(path), "%s/check.db", dir);
	return file_dir(dir, e) < 0 ? -1 : store_open_writer(path, out, e);
}

/* ---- there ---- */

/* What is not as it was sealed is no backup, whatever an operator may confirm. */
static bool
is_bad(const struct xml_problem *p)
{
	return p->severity == 'B' || strcmp(p->code, "DocumentModified") == 0;
}

static bool
is_good(const struct xml_imported *in)
{
	for (size_t i = 0; i < in->problems.n; i++)
		if (is_bad(&in->problems.items[i]))
			return false;
	return xml_import_ok(in);
}

static int
say_problem(const struct xml_imported *in, struct err *e)
{
	for (size_t i = 0; i < in->problems.n; i++)
		if (is_bad(&in->problems.items[i]))
			return err_rule(e, ERR_RULES,
			    in->problems.items[i].code, NULL, "a restore would "
			    "be refused: %.160s", in->problems.items[i].detail);
	for (size_t i = 0; i < in->conflicts.n; i++)
		if (in->conflicts.items[i].severity == 'B')
			return err_rule(e, ERR_RULES,
			    in->conflicts.items[i].row->key, NULL, "a restore "
			    "would be refused: %.160s",
			    in->conflicts.items[i].detail);
	return err_set(e, ERR_INTERNAL, "a restore would be refused");
}

/* Which disk is whose is found by looking at the modules; here, at what the
 * document says of them. */
static void
take_disk(const struct xml_records *r, uint32_t element, struct device *d)
{
	const char *name = xml_value(r, element, "name");
	const char *number = xml_value(r, element, "number");
	const char *module = xml_value(r, element, "module");
	const char *guid = xml_value(r, element, "guid");

	for (size_t i = 0; name != NULL && i < d->n_disks; i++) {
		struct disk *k = &d->disks[i];

		if (strcasecmp(k->name, name) != 0)
			continue;
		if (number != NULL)
			k->number = (uint32_t)strtoul(number, NULL, 10);
		if (module != NULL && strncasecmp(module, "io", 2) == 0)
			k->bay = (uint32_t)strtoul(module + 2, NULL, 10);
		if (guid != NULL)
			(void)snprintf(k->guid, sizeof(k->guid), "%s", guid);
	}
}

static void
take_device(const struct xml_records *r, uint32_t element, struct profile *p)
{
	const char *name = xml_value(r, element, "name");

	for (size_t i = 0; name != NULL && i < p->n_devices; i++)
		if (strcasecmp(p->devices[i].name, name) == 0)
			for (uint32_t x = xml_first(r, element, "virtualDisk");
			    x != 0; x = xml_next(r, x, "virtualDisk"))
				take_disk(r, x, &p->devices[i]);
}

static int
take_disks(struct change_set *cs, const struct xml_records *r, struct err *e)
{
	uint32_t profiles = xml_first(r, 0, "profiles");
	struct profile *p;

	for (uint32_t x = profiles == 0 ? 0 : xml_first(r, profiles,
	    "profile"); x != 0; x = xml_next(r, x, "profile")) {
		if (xml_first(r, x, "vdas") == 0)
			continue;
		if (change_profile(cs, xml_value(r, x, "name"), &p, e) < 0)
			return -1;
		for (uint32_t d = xml_first(r, x, "vdas"); d != 0;
		    d = xml_next(r, d, "vdas"))
			take_device(r, d, p);
	}
	return 0;
}

static int
restore(struct store *st, struct arena *a, const struct xml_records *r,
    const struct xml_here *here, struct err *e)
{
	struct xml_import_options o = { .mode = XML_REPLACE,
		.scope = XML_SCOPE_ALL, .here = here };
	struct change_set *cs = change_new(a, st, 1, 1);
	struct xml_imported in;

	if (xml_import(cs, r, &o, &in, e) < 0)
		return -1;
	if (!is_good(&in))
		return say_problem(&in, e);
	if (take_disks(cs, r, e) < 0 || change_resolve(cs, e) < 0 ||
	    change_commit(cs, 1, "check", e) < 0)
		return err_wrap(e, "restoring it");
	return store_generation_next(st, 1, e) < 0 ? -1 : 0;
}

static int
restore_all(struct store *st, struct arena *a, const struct xml_records *r,
    const struct xml_here *here, struct err *e)
{
	if (store_begin(st, e) < 0)
		return -1;
	if (restore(st, a, r, here, e) == 0 && store_commit(st, e) == 0)
		return 0;
	store_rollback(st);
	return -1;
}

/* ---- and back ---- */

static int
export(struct store *st, struct arena *a, struct buf *out, struct err *e)
{
	struct appliance self;
	struct xml_origin origin = { .appliance = &self, .software = "check",
		.at_ms = 1 };
	struct xml_export x = { .kind = XML_KIND_LOGICAL, .origin = &origin };

	if (store_appliance(st, &self, e) < 0)
		return -1;
	return xml_config_write(st, a, &x, out, e);
}

static int
compare(struct store *st, struct arena *a, const char *want, struct buf *out,
    struct err *e)
{
	char tag[DIGEST_TEXT + 32];

	if (export(st, a, out, e) < 0)
		return -1;
	(void)snprintf(tag, sizeof(tag), "<contentDigest>%s<", want);
	if (strstr(out->data, tag) != NULL)
		return 0;
	return err_rule(e, ERR_RULES, "RestoreDiffers", NULL, "restored and "
	    "exported again it is not the same");
}

int
xml_check(const char *scratch, const struct xml_records *r,
    const struct xml_here *here, struct buf *again, struct err *e)
{
	struct arena *a = arena_new();
	struct store *st = NULL;
	int rc;

	remove_store(scratch);
	rc = open_store(scratch, &st, e);
	if (rc == 0)
		rc = restore_all(st, a, r, here, e);
	if (rc == 0)
		rc = compare(st, a, r->content_digest, again, e);
	store_close(st);
	remove_store(scratch);
	arena_free(a);
	return rc;
}
