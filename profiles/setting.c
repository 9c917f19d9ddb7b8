/* setting.c -- see setting.h. */
#include "profiles/setting.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "profiles/stmt.h"

#define AT(m) .offset = offsetof(struct settings, m), \
	.size = sizeof(((struct settings *)0)->m)

static const char *const signature_words[] = { "never", "warn", "always",
    NULL };
static const char *const start_words[] = { "auto", "ask", NULL };

static const struct field settings_fields[] = {
	{ "import.requireSignature", "import/@requireSignature", FIELD_WORD,
	    AT(require_signature), .words = signature_words,
	    .doc = "of documents: always refuses what no known key signed" },
	{ "export.sign", "export/@sign", FIELD_BOOL, AT(sign_exports),
	    .doc = "exports carry a signature of this appliance; true" },
	{ "appliance.start", "appliance/@start", FIELD_WORD, AT(start),
	    .words = start_words,
	    .doc = "ask: after the switch lost its power nothing is bound "
	    "before POST /appliance:resume" },
	{ "backup.everyHours", "backup/@everyHours", FIELD_INT,
	    AT(backup_every_hours), .max = 168,
	    .doc = "hours between two backups; 0: none; 24" },
	{ "backup.atHour", "backup/@atHour", FIELD_INT, AT(backup_at_hour),
	    .max = 23, .doc = "an hour (UTC) at which one is made; 2" },
	{ "backup.keep", "backup/@keep", FIELD_INT, AT(backup_keep), .min = 1,
	    .max = 1000, .doc = "so many files stay; 14" },
	{ "backup.directory", "backup/@directory", FIELD_TEXT,
	    AT(backup_directory), .min = 1,
	    .doc = "where they are; relative to the data; backups" },
	{ "revision", NULL, FIELD_INT64, AT(revision), .max = INT64_MAX,
	    .flags = FIELD_READONLY | FIELD_META,
	    .doc = "counts changes; the ETag" },
	{ .json = NULL, .xml = NULL },
};

const struct field_table field_settings = { "settings", settings_fields,
    sizeof(struct settings), "how this appliance shall behave" };

/* Nothing in this table refers to an object. */
static bool
no_id(void *cookie, enum object_type type, const char *ref, char id[ID_TEXT])
{
	(void)cookie, (void)type, (void)ref, (void)id;
	return false;
}

static const struct field_names no_names = { no_id, no_id, NULL };

struct settings
settings_default(void)
{
	return (struct settings){ .sign_exports = true,
		.backup_every_hours = 24, .backup_at_hour = 2,
		.backup_keep = 14, .backup_directory = "backups",
		.revision = 1 };
}

static bool
is_value(const struct field *f)
{
	return f->json != NULL && (f->flags & FIELD_READONLY) == 0;
}

static bool
is_last(const struct field *f)
{
	return f->json == NULL && f->xml == NULL;
}

static const struct field *
find(const char *name)
{
	for (const struct field *f = settings_fields; !is_last(f); f++)
		if (is_value(f) && strcmp(f->json, name) == 0)
			return f;
	return NULL;
}

/* ---- the store ---- */

/* A row that this program does not know, or no longer reads, is left alone: the
 * default stands. */
static void
take(struct settings *s, const char *name, const char *value)
{
	const struct field *f = find(name);
	struct settings tried = *s;
	struct err ignored;

	if (strcmp(name, "revision") == 0)
		(void)sscanf(value, "%" SCNd64, &s->revision);
	else if (f != NULL && field_set_text(f, &no_names, value, name, &tried,
	    &ignored) == 0)
		*s = tried;
}

int
settings_load(struct store *st, struct settings *out, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT name, value FROM setting");
	struct settings s = settings_default();
	char name[64], value[FIELD_TEXT_MAX];
	int rc;

	while ((rc = stmt_step(&q, e)) > 0) {
		stmt_get_text(&q, name, sizeof(name));
		stmt_get_text(&q, value, sizeof(value));
		take(&s, name, value);
	}
	if (rc < 0)
		return -1;
	*out = s;
	return 0;
}

static int
put_row(struct store *st, const char *name, const char *value, struct err *e)
{
	struct stmt q = stmt_open(st,
	    "INSERT OR REPLACE INTO setting VALUES(?, ?)");

	stmt_text(&q, name);
	stmt_text(&q, value);
	return stmt_run(&q, e);
}

static int
drop_row(struct store *st, const char *name, struct err *e)
{
	struct stmt q = stmt_open(st, "DELETE FROM setting WHERE name = ?");

	stmt_text(&q, name);
	return stmt_run(&q, e);
}

static int
store_value(struct store *st, const struct field *f, const struct settings *s,
    const struct settings *usual, struct err *e)
{
	char now[FIELD_TEXT_MAX] = "", text[FIELD_TEXT_MAX] = "";
	bool said = field_get_text(f, &no_names, s, now);
	bool known = field_get_text(f, &no_names, usual, text);

	if (said == known && strcmp(now, text) == 0)
		return drop_row(st, f->json, e);
	return put_row(st, f->json, now, e);
}

int
settings_store(struct store *st, struct settings *s, struct err *e)
{
	struct settings usual = settings_default();
	char number[24];

	for (const struct field *f = settings_fields; !is_last(f); f++)
		if (is_value(f) && store_value(st, f, s, &usual, e) < 0)
			return -1;
	(void)snprintf(number, sizeof(number), "%" PRId64, s->revision + 1);
	if (put_row(st, "revision", number, e) < 0)
		return -1;
	s->revision++;
	return 0;
}

/* ---- JSON ---- */

/* The value at "a.b" of the object; *parent is what holds it. */
static json_t *
member(json_t *object, const char *path, json_t **parent, const char **last)
{
	const char *dot = strchr(path, '.');
	char head[32];

	*parent = object;
	*last = path;
	if (dot != NULL) {
		(void)snprintf(head, sizeof(head), "%.*s", (int)(dot - path),
		    path);
		*parent = json_object_get(object, head);
		*last = dot + 1;
	}
	return json_object_get(*parent, *last);
}

/* Takes out what is null, and gives it its default. */
static void
reset_nulls(json_t *body, struct settings *s)
{
	const struct settings usual = settings_default();
	const char *last;
	json_t *parent;

	for (const struct field *f = settings_fields; !is_last(f); f++) {
		if (!is_value(f) || !json_is_null(member(body, f->json,
		    &parent, &last)))
			continue;
		memcpy((char *)s + f->offset, (const char *)&usual + f->offset,
		    f->size);
		(void)json_object_del(parent, last);
	}
}

int
settings_merge(struct arena *a, const json_t *json, struct settings *s,
    struct err *e)
{
	json_t *body = json_deep_copy(json);
	struct settings merged = *s;
	int rc;

	reset_nulls(body, &merged);
	rc = field_from_json(a, &field_settings, &no_names, body, "", false,
	    &merged, e);
	json_decref(body);
	if (rc == 0)
		*s = merged;
	return rc;
}
