/* document.c -- see document.h. */
#include "tools/polyroot/document.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tools/polyroot/show.h"
#include "tools/polyroot/words.h"

#define API "/api/v1"
#define XML_TYPE "application/xml"

enum { FILE_MAX = 33 << 20, MAP_MAX = 1 << 20, CHOICES = 64,
	PATH_BYTES = 16384 };

struct task {
	const char *verb, *file;
	const char *kind, *profile, *out;	/* export */
	const char *mode, *scope, *select, *identities, *map, *confirm,
	    *origin;
	const char *choices[CHOICES];
	size_t n_choices;
	bool dry_run, no_wait;
};

/* ---- words ---- */

static const struct flag {
	const char *name;
	size_t offset;
	const char *verbs;		/* that know it */
} flags[] = {
	{ "--kind", offsetof(struct task, kind), "export" },
	{ "--profile", offsetof(struct task, profile), "export" },
	{ "-o", offsetof(struct task, out), "export" },
	{ "--output", offsetof(struct task, out), "export" },
	{ "-f", offsetof(struct task, file), "import diff apply" },
	{ "--file", offsetof(struct task, file), "import diff apply" },
	{ "--mode", offsetof(struct task, mode), "import diff" },
	{ "--scope", offsetof(struct task, scope), "import diff apply" },
	{ "--select", offsetof(struct task, select), "import diff" },
	{ "--identities", offsetof(struct task, identities), "import diff" },
	{ "--map", offsetof(struct task, map), "import diff apply" },
	{ "--confirm", offsetof(struct task, confirm), "import apply" },
	{ "--origin", offsetof(struct task, origin), "import apply" },
};

static const char *const verbs[] = { "export", "import", "diff", "apply" };

bool
document_is(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(argv[0], verbs[i]) != 0)
			continue;
		/* "import make" and its like are verbs of routes; a file of such
		 * a name is written ./make. */
		if (strcmp(argv[0], "export") == 0)
			return argc < 2 || argv[1][0] == '-';
		return strcmp(argv[0], "import") != 0 || (argc > 1 &&
		    (strpbrk(argv[1], "./-") != NULL || access(argv[1],
		    F_OK) == 0));
	}
	return false;
}

static const struct flag *
find_flag(const char *verb, const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (strlen(flags[i].name) == n && strncmp(flags[i].name, name,
		    n) == 0 && strstr(flags[i].verbs, verb) != NULL)
			return &flags[i];
	return NULL;
}

/* One flag, at argv[*at]; moves on over its value. */
static int
take_flag(struct task *w, int argc, char **argv, int *at, struct err *e)
{
	const char *word = argv[*at], *value = strchr(word, '=');
	size_t n = value != NULL ? (size_t)(value - word) : strlen(word);
	bool choose = n == 8 && strncmp(word, "--choose", n) == 0;
	const struct flag *f = find_flag(w->verb, word, n);

	if (strcmp(word, "--dry-run") == 0 && strcmp(w->verb, "export") != 0) {
		w->dry_run = true;
		return 0;
	}
	if (strcmp(word, "--no-wait") == 0 && strcmp(w->verb, "export") != 0) {
		w->no_wait = true;
		return 0;
	}
	if (f == NULL && (!choose || strcmp(w->verb, "export") == 0))
		return err_set(e, ERR_MALFORMED, "\"%s\" knows no %.60s",
		    w->verb, word);
	if (value != NULL)
		value++;
	else if (++*at < argc)
		value = argv[*at];
	else
		return err_set(e, ERR_MALFORMED, "%.60s wants a value", word);
	if (f != NULL)
		memcpy((char *)w + f->offset, &value, sizeof(value));
	else if (w->n_choices < CHOICES)
		w->choices[w->n_choices++] = value;
	else
		return err_set(e, ERR_MALFORMED, "at most %d choices", CHOICES);
	return 0;
}

static int
read_words(struct task *w, int argc, char **argv, struct err *e)
{
	for (int i = 1; i < argc; i++) {
		if (argv[i][0] == '-' && argv[i][1] != '\0') {
			if (take_flag(w, argc, argv, &i, e) < 0)
				return -1;
		} else if (w->file == NULL && strcmp(w->verb, "export") != 0) {
			w->file = argv[i];
		} else {
			return err_set(e, ERR_MALFORMED, "\"%s\" does not "
			    "know what to do with \"%.60s\"", w->verb, argv[i]);
		}
	}
	if (w->file == NULL && strcmp(w->verb, "export") != 0)
		return err_set(e, ERR_MALFORMED, "%s wants a file", w->verb);
	return 0;
}

/* ---- files ---- */

static int
read_file(const char *path, struct buf *out, struct err *e)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	char block[65536];
	bool broken;
	size_t n;

	if (f == NULL)
		return err_set(e, ERR_NOT_FOUND, "%.160s: %s", path,
		    strerror(errno));
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		buf_put(out, block, n);
	broken = ferror(f) != 0;
	if (f != stdin)
		(void)fclose(f);
	if (broken || out->full)
		return err_set(e, broken ? ERR_UNAVAILABLE : ERR_TOO_LARGE,
		    "%.160s: %s", path, broken ? strerror(errno) :
		    "too large");
	return 0;
}

/* ---- addresses ---- */

static void
put_query(struct buf *b, const char *name, const char *value)
{
	if (value == NULL)
		return;
	buf_printf(b, "%s%s=", strchr(b->data, '?') == NULL ? "?" : "&",
	    name);
	words_encode(b, value);
}

/* ---- export ---- */

static bool
is_sealed(const struct task *w)
{
	return w->profile == NULL && w->kind != NULL &&
	    (strcmp(w->kind, "system") == 0 || strcmp(w->kind, "full") == 0);
}

/* What holds secrets is made under a passphrase, and not only read. */
static int
ask_sealed(struct client *c, const struct task *w, struct reply *r,
    struct err *e)
{
	struct ask ask = { .method = "POST", .path = API "/exports",
		.accept = XML_TYPE, .type = "application/json" };
	json_t *body;
	char *text;
	int rc;

	if (client_passphrase() == NULL)
		return err_set(e, ERR_MALFORMED, "kind %s is sealed; set "
		    "POLYROOT_PASSPHRASE", w->kind);
	body = json_pack("{s:s,s:s}", "kind", w->kind, "passphrase",
	    client_passphrase());
	ask.body = text = json_text(body);
	ask.body_size = strlen(text);
	rc = client_ask(c, &ask, r, e);
	free(text);
	json_decref(body);
	return rc;
}

static int
ask_plain(struct client *c, const struct task *w, struct reply *r,
    struct err *e)
{
	struct buf path = buf_new(PATH_BYTES);
	struct ask ask = { .method = "GET", .accept = XML_TYPE };
	int rc;

	buf_str(&path, w->profile != NULL ? API "/profiles/" : API "/config");
	if (w->profile != NULL)
		words_encode(&path, w->profile);
	else
		put_query(&path, "kind", w->kind);
	ask.path = path.data;
	rc = client_ask(c, &ask, r, e);
	buf_free(&path);
	return rc;
}

static int
run_export(struct client *c, const struct task *w, const struct options *o)
{
	struct reply r;
	struct err e;
	int rc = is_sealed(w) ? ask_sealed(c, w, &r, &e) :
	    ask_plain(c, w, &r, &e);

	if (rc < 0)
		return outcome_fail(&e);
	if (r.status != 200)
		rc = outcome_problem(&r, o);
	else if (w->out == NULL || strcmp(w->out, "-") == 0)
		outcome_print(&r);
	else if (file_put(w->out, r.body.data, r.body.len, &e) < 0)
		rc = outcome_fail(&e);
	buf_free(&r.body);
	return rc;
}

/* ---- an import ---- */

/* Asks; a refusal is told, and *rc is its exit status.  NULL then. */
static json_t *
ask_json(struct client *c, struct ask *a, const struct options *o, int *rc)
{
	json_t *v = NULL;
	struct reply r;
	struct err e;

	if (client_ask(c, a, &r, &e) < 0) {
		*rc = outcome_fail(&e);
		return NULL;
	}
	if (r.status >= 400)
		*rc = outcome_problem(&r, o);
	else if (client_json(&r, &v, &e) < 0)
		*rc = outcome_fail(&e);
	buf_free(&r.body);
	return v;
}

static bool
needs_patch(const struct task *w)
{
	return w->map != NULL || w->n_choices > 0;
}

static json_t *
post_import(struct client *c, const struct task *w, const struct buf *file,
    const struct options *o, int *rc)
{
	struct buf path = buf_new(PATH_BYTES);
	struct ask ask = { .method = "POST", .body = file->data,
		.body_size = file->len, .type = XML_TYPE,
		.passphrase = client_passphrase() };
	json_t *v;

	buf_str(&path, API "/imports");
	put_query(&path, "mode", w->mode);
	put_query(&path, "scope", w->scope);
	put_query(&path, "select", w->select);
	put_query(&path, "identities", w->identities);
	/* One that is patched has to be kept so long. */
	put_query(&path, "dryRun", w->dry_run && !needs_patch(w) ? "true" :
	    NULL);
	ask.path = path.data;
	v = ask_json(c, &ask, o, rc);
	buf_free(&path);
	return v;
}

/* "CONFLICT=OPTION" or "CONFLICT=OPTION=VALUE" */
static int
choices_json(const struct task *w, json_t *body, struct err *e)
{
	json_t *list = json_array();

	for (size_t i = 0; i < w->n_choices; i++) {
		char *copy = xstrdup(w->choices[i]), *rest = copy;
		const char *conflict = strsep(&rest, "=");
		const char *option = strsep(&rest, "=");
		json_t *o = json_object();

		json_put(o, "conflict", json_str(conflict));
		json_put(o, "option", json_str(option != NULL ? option : ""));
		if (rest != NULL)
			json_put(o, "value", json_str(rest));
		json_put(list, NULL, o);
		free(copy);
		if (option == NULL) {
			json_decref(list);
			return err_set(e, ERR_MALFORMED, "--choose wants "
			    "CONFLICT=OPTION, not %.60s", w->choices[i]);
		}
	}
	if (w->n_choices > 0)
		json_put(body, "choices", list);
	else
		json_decref(list);
	return 0;
}

static int
patch_body(const struct task *w, json_t **out, struct err *e)
{
	struct buf file = buf_new(MAP_MAX);
	json_t *map = NULL, *inner;
	int rc = 0;

	*out = json_object();
	if (w->map != NULL) {
		rc = read_file(w->map, &file, e);
		if (rc == 0)
			rc = json_read(file.data, file.len, MAP_MAX, &map, e);
		if (rc < 0)
			(void)err_wrap(e, "the map");
		inner = json_object_get(map, "map");
		if (rc == 0)
			json_put(*out, "map", json_incref(inner != NULL ?
			    inner : map));
	}
	json_decref(map);
	buf_free(&file);
	if (rc == 0 && choices_json(w, *out, e) == 0)
		return 0;
	json_decref(*out);
	return -1;
}

static const char *
id_of(const json_t *v)
{
	const char *id = json_string_value(json_object_get(v, "id"));

	return id != NULL ? id : "";
}

/* With a map and choices; consumes the import, answers it as it is then. */
static json_t *
patch_import(struct client *c, const struct task *w, json_t *import,
    const struct options *o, int *rc)
{
	struct ask ask = { .method = "PATCH",
		.type = "application/merge-patch+json" };
	json_t *body, *v = NULL;
	char path[256], *text;
	struct err e;

	(void)snprintf(path, sizeof(path), API "/imports/%s", id_of(import));
	json_decref(import);
	if (patch_body(w, &body, &e) < 0) {
		*rc = outcome_fail(&e);
		return NULL;
	}
	text = json_text(body);
	ask.path = path;
	ask.body = text;
	ask.body_size = strlen(text);
	v = ask_json(c, &ask, o, rc);
	free(text);
	json_decref(body);
	return v;
}

static void
show(const json_t *import, const struct options *o)
{
	char *text;

	if (!o->json) {
		show_import(stdout, import);
		return;
	}
	text = json_text(import);
	(void)puts(text);
	free(text);
}

/* A trial is not kept. */
static void
forget(struct client *c, const json_t *import, const struct options *o)
{
	struct ask ask = { .method = "DELETE" };
	char path[256];
	int rc;

	(void)snprintf(path, sizeof(path), API "/imports/%s", id_of(import));
	ask.path = path;
	json_decref(ask_json(c, &ask, o, &rc));
}

static json_t *
confirm_list(const char *codes)
{
	json_t *list = json_array();

	while (codes != NULL && *codes != '\0') {
		size_t n = strcspn(codes, ",");
		char code[64];

		(void)snprintf(code, sizeof(code), "%.*s", (int)n, codes);
		if (n > 0)
			json_put(list, NULL, json_str(code));
		codes += n + (codes[n] == ',');
	}
	return list;
}

/* Sends what changes something, and waits for its job. */
static int
send_change(struct client *c, const struct task *w, struct ask *ask,
    const struct options *o)
{
	struct reply r;
	struct err e;
	int rc = 0;

	if (client_ask(c, ask, &r, &e) < 0)
		return outcome_fail(&e);
	if (r.status >= 400)
		rc = outcome_problem(&r, o);
	else if (r.status == 202 && r.location[0] == '/' && !w->no_wait)
		rc = outcome_job(c, r.location, o);
	else if (!o->json)
		(void)puts("done");
	buf_free(&r.body);
	return rc;
}

static int
apply_plan(struct client *c, const struct task *w, const json_t *plan,
    const struct options *o)
{
	struct ask ask = { .method = "POST", .type = "application/json" };
	json_t *body = json_object();
	char path[256], *text;
	int rc;

	(void)snprintf(path, sizeof(path), API "/plans/%s:apply",
	    id_of(plan));
	json_put(body, "confirm", confirm_list(w->confirm));
	if (w->origin != NULL)
		json_put(body, "origin", json_str(w->origin));
	text = json_text(body);
	ask.path = path;
	ask.body = text;
	ask.body_size = strlen(text);
	rc = send_change(c, w, &ask, o);
	free(text);
	json_decref(body);
	return rc;
}

static int
decide(struct client *c, const struct task *w, const json_t *import,
    const struct options *o)
{
	const json_t *plan = json_object_get(import, "plan");
	int rc = outcome_plan(plan);

	show(import, o);
	if (w->dry_run) {
		if (needs_patch(w))
			forget(c, import, o);
		return rc;
	}
	if (rc == OUTCOME_BLOCKED) {
		(void)fprintf(stderr, "polyroot: blocked; the import %s is "
		    "kept\n", id_of(import));
		return rc;
	}
	if (rc == OUTCOME_CHANGES)
		return apply_plan(c, w, plan, o);
	forget(c, import, o);
	return rc;
}

static int
run_import(struct client *c, const struct task *w, const struct buf *file,
    const struct options *o)
{
	json_t *import;
	int rc = 0;

	import = post_import(c, w, file, o, &rc);
	if (import != NULL && needs_patch(w))
		import = patch_import(c, w, import, o, &rc);
	if (import != NULL)
		rc = decide(c, w, import, o);
	json_decref(import);
	return rc;
}

/* ---- apply: as the file says, in one call ---- */

static int
run_apply(struct client *c, const struct task *w, const struct buf *file,
    const struct options *o)
{
	struct buf path = buf_new(PATH_BYTES);
	struct ask ask = { .method = "PUT", .type = XML_TYPE,
		.if_match = "*", .body = file->data, .body_size = file->len };
	json_t *import;
	int rc = 0;

	buf_str(&path, API "/config");
	put_query(&path, "scope", w->scope);
	put_query(&path, "confirm", w->confirm);
	put_query(&path, "origin", w->origin);
	put_query(&path, "dryRun", w->dry_run ? "true" : NULL);
	ask.path = path.data;
	if (!w->dry_run) {
		rc = send_change(c, w, &ask, o);
	} else {
		import = ask_json(c, &ask, o, &rc);
		if (import != NULL) {
			show(import, o);
			rc = outcome_plan(json_object_get(import, "plan"));
		}
		json_decref(import);
	}
	buf_free(&path);
	return rc;
}

/* ---- the verbs ---- */

static int
run_file(struct client *c, struct task *w, const struct options *o)
{
	struct buf file = buf_new(FILE_MAX);
	bool import = strcmp(w->verb, "import") == 0;
	struct err e;
	int rc;

	if (read_file(w->file, &file, &e) < 0) {
		buf_free(&file);
		return outcome_fail(&e);
	}
	if (!import && w->mode == NULL)
		w->mode = "replace";
	if (w->scope == NULL && w->mode != NULL &&
	    strcmp(w->mode, "replace") == 0)
		w->scope = "all";
	if (strcmp(w->verb, "diff") == 0)
		w->dry_run = true;
	rc = strcmp(w->verb, "apply") == 0 && !needs_patch(w) ?
	    run_apply(c, w, &file, o) : run_import(c, w, &file, o);
	buf_free(&file);
	return rc;
}

int
document_run(struct client *c, int argc, char **argv,
    const struct options *o)
{
	struct task w = { .verb = argv[0] };
	struct err e;

	if (read_words(&w, argc, argv, &e) < 0)
		return outcome_fail(&e);
	return strcmp(w.verb, "export") == 0 ? run_export(c, &w, o) :
	    run_file(c, &w, o);
}
