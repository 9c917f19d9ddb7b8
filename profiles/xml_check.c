/* xml_check.c -- see xml_check.h. */
#include "profiles/xml_check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "profiles/xml_import.h"
#include "profiles/xml_write.h"

enum { PATH_SIZE = 4096 };

/* ---- the scratch store ---- */

static void
remove_store(const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal",
		".lock" };
	char name[PATH_SIZE];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		(void)unlink(name);
	}
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
	if (change_resolve(cs, e) < 0 || change_commit(cs, 1, "check", e) < 0)
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
compare(struct store *st, struct arena *a, const char *want, struct err *e)
{
	struct buf out = buf_new(XML_MAX_BYTES);
	bool same = false;
	char tag[DIGEST_TEXT + 32];
	int rc = export(st, a, &out, e);

	if (rc == 0) {
		(void)snprintf(tag, sizeof(tag), "<contentDigest>%s<", want);
		same = strstr(out.data, tag) != NULL;
	}
	buf_free(&out);
	if (rc == 0 && !same)
		rc = err_rule(e, ERR_RULES, "RestoreDiffers", NULL, "restored "
		    "and exported again it is not the same");
	return rc;
}

int
xml_check(const char *scratch, const struct xml_records *r,
    const struct xml_here *here, struct err *e)
{
	struct arena *a = arena_new();
	struct store *st = NULL;
	int rc;

	remove_store(scratch);
	rc = store_open_writer(scratch, &st, e);
	if (rc == 0)
		rc = restore_all(st, a, r, here, e);
	if (rc == 0)
		rc = compare(st, a, r->content_digest, e);
	store_close(st);
	remove_store(scratch);
	arena_free(a);
	return rc;
}
