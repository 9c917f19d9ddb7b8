/* backups.c -- see backups.h. */
#include "appliance/service/backups.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "appliance/service/imports_here.h"
#include "appliance/service/render.h"
#include "appliance/service/service_int.h"
#include "appliance/service/snapshots.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "profiles/xml_check.h"
#include "profiles/xml_client.h"
#include "profiles/xml_diff.h"

enum { PATH_SIZE = 1024, NAME_SIZE = 64, SHORT_ID = 8,
	LOOK_MS = 60000, RETRY_MS = 60000, RETRY_MAX_MS = 3600000 };
#define HOUR_MS INT64_C(3600000)

struct backups {
	pthread_mutex_t lock;		/* one at a time */
	int64_t since_ms;		/* a schedule is known since then */
	unsigned failures;		/* in a row */
	int64_t retry_ms;		/* not before, after a failure */
	char error[256];		/* of the last try; "" it was good */
};

struct backups *
backups_new(void)
{
	struct backups *b = xcalloc(1, sizeof(*b));

	(void)pthread_mutex_init(&b->lock, NULL);
	return b;
}

void
backups_free(struct backups *b)
{
	if (b == NULL)
		return;
	(void)pthread_mutex_destroy(&b->lock);
	free(b);
}

/* ---- when ---- */

static int64_t
period_of(const struct settings *s)
{
	return s->backup_every_hours * HOUR_MS;
}

int64_t
backups_due(const struct settings *s, int64_t last_ms)
{
	int64_t period = period_of(s);
	int64_t offset = s->backup_at_hour * HOUR_MS % period;

	return ((last_ms - offset) / period + 1) * period + offset;
}

int
backups_check(const struct settings *s, struct err *e)
{
	const char *dir = s->backup_directory;

	if (*dir != '\0' && strcmp(dir, "..") != 0 &&
	    strncmp(dir, "../", 3) != 0 && strstr(dir, "/../") == NULL &&
	    (strlen(dir) < 3 || strcmp(dir + strlen(dir) - 3, "/..") != 0))
		return 0;
	return err_rule(e, ERR_MALFORMED, NULL, "/backup/directory",
	    "a directory is a path without \"..\"");
}

/* ---- the files ---- */

struct backup {
	char name[NAME_SIZE];
	int64_t at_ms, bytes;
};

/* One turn, or one answer. */
struct work {
	struct call *call;
	struct backups *b;
	struct settings settings;
	struct appliance self;
	struct backup *items;		/* good ones, newest first */
	size_t n, cap;
	struct err unseen;		/* why they could not be listed */
};

static void
name_of(const struct work *w, int64_t at_ms, char name[NAME_SIZE])
{
	char text[TIME_TEXT], stamp[24];
	size_t n = 0;

	time_text(at_ms, text);
	for (const char *c = text; *c != '\0' && *c != '.'; c++)
		if (*c != '-' && *c != ':')
			stamp[n++] = *c;
	stamp[n] = '\0';
	(void)snprintf(name, NAME_SIZE, "polyroot-%.*s-%sZ.xml", SHORT_ID,
	    w->self.id, stamp);
}

/* False when it is none of this appliance's: whatever the digits say, the name of
 * that time must be that name. */
static bool
read_name(const struct work *w, const char *name, int64_t *at_ms)
{
	char text[TIME_TEXT], again[NAME_SIZE];
	const char *t = name + strlen("polyroot-") + SHORT_ID + 1;

	if (strlen(name) != strlen("polyroot-") + SHORT_ID +
	    strlen("-20260301T020000Z.xml"))
		return false;
	(void)snprintf(text, sizeof(text), "%.4s-%.2s-%.2s" "T%.2s:%.2s:%.2sZ", t,
	    t + 4, t + 6, t + 9, t + 11, t + 13);
	*at_ms = time_parse(text);
	if (*at_ms < 0)
		return false;
	name_of(w, *at_ms, again);
	return strcmp(again, name) == 0;
}

static void
path_of(const struct work *w, const char *name, char path[PATH_SIZE])
{
	(void)snprintf(path, PATH_SIZE, "%s/%s", w->settings.backup_directory,
	    name);
}

static int
newest_first(const void *a, const void *b)
{
	const struct backup *x = a, *y = b;

	return (x->at_ms < y->at_ms) - (x->at_ms > y->at_ms);
}

/* No directory yet: none. */
static int
list(struct work *w, struct err *e)
{
	DIR *d = opendir(w->settings.backup_directory);
	char path[PATH_SIZE];
	struct dirent *x;
	struct stat st;
	int64_t at;

	w->n = 0;
	if (d == NULL)
		return errno == ENOENT ? 0 : err_set(e, ERR_UNAVAILABLE,
		    "%.160s: %s", w->settings.backup_directory,
		    strerror(errno));
	while ((x = readdir(d)) != NULL) {
		struct backup one = { .bytes = 0 };

		if (!read_name(w, x->d_name, &at))
			continue;
		path_of(w, x->d_name, path);
		if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
			continue;
		(void)snprintf(one.name, sizeof(one.name), "%.63s", x->d_name);
		one.at_ms = at;
		one.bytes = st.st_size;
		ARENA_PUSH(w->call->arena, w->items, w->n, w->cap) = one;
	}
	(void)closedir(d);
	if (w->n > 0)
		qsort(w->items, w->n, sizeof(*w->items), newest_first);
	return 0;
}

static int64_t
last_good(const struct work *w)
{
	return w->n > 0 ? w->items[0].at_ms : 0;
}

/* A directory that cannot be read looks empty; writing will say why. */
static int
begin(struct work *w, struct call *c, struct err *e)
{
	*w = (struct work){ .call = c, .b = c->service->backups };
	if (settings_load(c->store, &w->settings, e) < 0 ||
	    store_appliance(c->store, &w->self, e) < 0)
		return -1;
	if (list(w, &w->unseen) == 0)
		w->unseen.msg[0] = '\0';
	return 0;
}

/* ---- one ---- */

/* The first thing that differs, behind what was said already. */
static void
say_difference(struct work *w, const struct xml_records *before,
    const struct buf *again, struct err *e)
{
	struct xml_records *after;
	json_t *rows, *row, *field;
	struct err unused;

	if (xml_parse(w->call->service->config.xml, again->data, again->len,
	    w->call->arena, &after, &unused) < 0)
		return;
	rows = xml_diff(before, after);
	row = json_array_get(rows, 0);
	field = json_array_get(json_object_get(row, "fields"), 0);
	if (row != NULL)
		(void)err_rule(e, ERR_RULES, "RestoreDiffers", NULL, "restored "
		    "and exported again it is not the same: %.16s %.60s, "
		    "%.60s", json_string_value(json_object_get(row, "type")),
		    json_string_value(json_object_get(row, "name")),
		    field == NULL ? json_string_value(json_object_get(row,
		    "op")) : json_string_value(json_object_get(field,
		    "name")));
	json_decref(rows);
}

static int
restore(struct work *w, const struct xml_records *records, struct err *e)
{
	const struct view *v = w->call->view;
	struct buf again = buf_new(XML_MAX_BYTES);
	char scratch[PATH_SIZE];
	int rc;

	path_of(w, ".check", scratch);
	rc = xml_check(scratch, records, v->n_slots == 0 ? NULL :
	    imports_here(w->call->arena, v), &again, e);
	if (rc < 0 && strcmp(e->rule, "RestoreDiffers") == 0)
		say_difference(w, records, &again, e);
	buf_free(&again);
	return rc;
}

static int
check(struct work *w, const char *path, const char *digest, struct err *e)
{
	struct service *s = w->call->service;
	struct arena *a = w->call->arena;
	struct buf bytes = buf_new(XML_MAX_BYTES);
	struct xml_records *records = NULL;
	int rc;

	if (s->config.xml == NULL)
		return err_set(e, ERR_UNAVAILABLE,
		    "the program that reads XML did not start");
	rc = file_get(path, &bytes, e);
	if (rc == 0)
		rc = xml_parse(s->config.xml, bytes.data, bytes.len, a,
		    &records, e);
	buf_free(&bytes);
	if (rc < 0 || records == NULL)
		return -1;
	if (strcmp(records->content_digest, digest) != 0)
		return err_set(e, ERR_RULES,
		    "what was read back is not what was written");
	return restore(w, records, e);
}

static int
write_checked(struct work *w, const char *name,
    const struct snapshot_draft *d, struct err *e)
{
	char path[PATH_SIZE], part[PATH_SIZE];

	path_of(w, name, path);
	path_of(w, ".part.xml", part);
	if (file_dir(w->settings.backup_directory, e) < 0 ||
	    file_put(part, d->xml, strlen(d->xml), e) < 0)
		return -1;
	if (check(w, part, d->digest, e) == 0 && file_move(part, path, e) == 0)
		return 0;
	(void)unlink(part);
	return -1;
}

/* What cannot be removed is in nobody's way. */
static void
remove_old(struct work *w)
{
	char path[PATH_SIZE];

	for (size_t i = w->settings.backup_keep; i < w->n; i++) {
		path_of(w, w->items[i].name, path);
		if (unlink(path) < 0)
			log_warn("backups", "path=%s why=\"%s\"", path,
			    strerror(errno));
	}
	if (w->n > w->settings.backup_keep)
		w->n = w->settings.backup_keep;
}

static int
make_one(struct work *w, struct snapshot_draft **draft, struct err *e)
{
	char name[NAME_SIZE];

	name_of(w, w->call->request->wall_ms, name);
	if (snapshots_draft(w->call, w->call->arena, draft, e) < 0 ||
	    write_checked(w, name, *draft, e) < 0 || list(w, e) < 0)
		return -1;
	remove_old(w);
	log_info("backups", "name=%s generation=%" PRId64, name,
	    (*draft)->generation);
	return 0;
}

static int64_t
gap(unsigned failures)
{
	int64_t ms = RETRY_MS;

	while (--failures > 0 && ms < RETRY_MAX_MS)
		ms *= 2;
	return ms < RETRY_MAX_MS ? ms : RETRY_MAX_MS;
}

/* Makes one and remembers how it ended; under the lock. */
static int
try_one(struct work *w, struct snapshot_draft **draft, struct err *e)
{
	struct backups *b = w->b;

	if (make_one(w, draft, e) == 0) {
		b->failures = 0;
		b->error[0] = '\0';
		return 0;
	}
	b->failures++;
	b->retry_ms = w->call->request->wall_ms + gap(b->failures);
	(void)snprintf(b->error, sizeof(b->error), "%s", e->msg);
	log_error("backups", "why=\"%s\"", e->msg);
	return -1;
}

/* ---- what is wrong ---- */

static void
put_fault(struct fault *f, const char *code, const char *severity)
{
	*f = (struct fault){ .code = code, .severity = severity, .count = 1 };
	(void)snprintf(f->object_type, sizeof(f->object_type), "backup");
	(void)snprintf(f->object, sizeof(f->object), "backups");
}

static bool
is_stale(const struct work *w)
{
	int64_t from = w->n > 0 ? last_good(w) : w->b->since_ms;

	return w->settings.backup_every_hours > 0 &&
	    w->call->request->wall_ms - from > 2 * period_of(&w->settings);
}

static void
tell_faults(const struct work *w)
{
	struct engine *engine = w->call->service->config.engine;
	struct fault list[2];
	size_t n = 0;
	char text[TIME_TEXT];

	if (w->b->error[0] != '\0') {
		put_fault(&list[n], "BackupFailed", "major");
		(void)snprintf(list[n].text, sizeof(list[n].text),
		    "The last backup failed: %.160s", w->b->error);
		(void)snprintf(list[n].remedy, sizeof(list[n].remedy), "Mend "
		    "that, or choose another directory; POST /backups tries "
		    "again at once");
		n++;
	}
	if (is_stale(w)) {
		put_fault(&list[n], "BackupStale", "major");
		(void)snprintf(list[n].text, sizeof(list[n].text), w->n > 0 ?
		    "The last good backup is of %s" : "There is no good backup",
		    w->n > 0 ? time_text(last_good(w), text) : "");
		(void)snprintf(list[n].remedy, sizeof(list[n].remedy), "Look "
		    "at the directory and at BackupFailed; POST /backups makes "
		    "one now");
		n++;
	}
	if (engine != NULL)
		engine_report(engine, "backups", list, n);
}

/* ---- by the clock ---- */

/* Answers when to look again. */
static int64_t
look(struct work *w)
{
	int64_t now = w->call->request->wall_ms, due;
	struct snapshot_draft *draft = NULL;
	struct backups *b = w->b;
	struct err e;

	if (w->settings.backup_every_hours == 0) {
		b->since_ms = 0;
		b->failures = 0;
		b->error[0] = '\0';
		tell_faults(w);
		return now + LOOK_MS;
	}
	if (b->since_ms == 0)
		b->since_ms = now;
	due = backups_due(&w->settings, w->n > 0 ? last_good(w) : b->since_ms);
	if (now >= due && (b->failures == 0 || now >= b->retry_ms) &&
	    try_one(w, &draft, &e) == 0) {
		snapshots_submit(w->call->service, draft,
		    "schedule");
		due = backups_due(&w->settings, last_good(w));
	}
	tell_faults(w);
	return due > now && due < now + LOOK_MS ? due : now + LOOK_MS;
}

int64_t
backups_turn(struct call *c)
{
	struct backups *b = c->service->backups;
	struct work w;
	struct err e;
	int64_t due;

	(void)pthread_mutex_lock(&b->lock);
	if (begin(&w, c, &e) < 0) {
		(void)snprintf(b->error, sizeof(b->error), "%s", e.msg);
		tell_faults(&w);
		due = c->request->wall_ms + LOOK_MS;
	} else {
		due = look(&w);
	}
	(void)pthread_mutex_unlock(&b->lock);
	return due;
}

/* ---- as the API shows them ---- */

static json_t *
one_json(const struct backup *x)
{
	json_t *o = json_object();

	json_put(o, "name", json_str(x->name));
	json_put(o, "at", json_time(x->at_ms));
	json_put(o, "bytes", json_int(x->bytes));
	return o;
}

int
backups_read(struct call *c, struct err *e)
{
	struct backups *b = c->service->backups;
	json_t *items, *o;
	const char *wrong;
	struct work w;
	int64_t from;

	if (begin(&w, c, e) < 0)
		return -1;
	items = json_array();
	for (size_t i = 0; i < w.n; i++)
		json_put(items, NULL, one_json(&w.items[i]));
	o = render_list(items, NULL);
	(void)pthread_mutex_lock(&b->lock);
	from = w.n > 0 ? last_good(&w) : b->since_ms;
	wrong = b->error[0] != '\0' ? b->error : w.unseen.msg;
	json_put(o, "error", wrong[0] != '\0' ? json_str(wrong) :
	    json_null());
	json_put(o, "stale", json_boolean(b->since_ms != 0 && is_stale(&w)));
	(void)pthread_mutex_unlock(&b->lock);
	json_put(o, "directory", json_str(w.settings.backup_directory));
	json_put(o, "lastAt", json_time(last_good(&w)));
	json_put(o, "nextAt", w.settings.backup_every_hours == 0 ?
	    json_null() : json_time(backups_due(&w.settings, from)));
	answer_json(c->answer, 200, o);
	return 0;
}

int
backups_make(struct call *c, struct err *e)
{
	struct backups *b = c->service->backups;
	struct snapshot_draft *draft;
	struct work w;
	int rc;

	(void)pthread_mutex_lock(&b->lock);
	rc = begin(&w, c, e);
	if (rc == 0) {
		rc = try_one(&w, &draft, e);
		tell_faults(&w);
	}
	(void)pthread_mutex_unlock(&b->lock);
	if (rc < 0)
		return err_rule(e, ERR_UNAVAILABLE, "BackupFailed", NULL, "%s",
		    arena_strdup(c->arena, e->msg));
	answer_json(c->answer, 201, one_json(&w.items[0]));
	return 0;
}
