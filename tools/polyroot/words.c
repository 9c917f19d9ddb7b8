/*
 * words.c -- see words.h.
 */
#include "tools/polyroot/words.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_MAX_BYTES = 8192, RAW_MAX = 32 * 1024 * 1024 };

const struct cli_route *
words_route(const struct cli_route *table, size_t n, int argc, char **argv,
    int *used)
{
	const struct cli_route *best = NULL;

	*used = 0;
	for (size_t i = 0; i < n; i++) {
		const char *name = table[i].name;
		int k = 0;

		while (name != NULL && *name != '\0' && k < argc) {
			size_t m = strcspn(name, " ");

			if (strlen(argv[k]) != m ||
			    strncmp(argv[k], name, m) != 0)
				break;
			k++;
			name += m;
			name += strspn(name, " ");
		}
		if (name != NULL && *name == '\0' && k > *used) {
			best = &table[i];
			*used = k;
		}
	}
	return best;
}

/* ---- flags and fields ---- */

/* "qos.limitMbps" -> "qos-limit-mbps"; "capacityMiB" -> "capacity-mib". */
static void
kebab(const char *s, char *out, size_t size)
{
	size_t k = 0;
	bool was_upper = true;

	for (; *s != '\0' && k + 2 < size; s++) {
		bool upper = isupper((unsigned char)*s) != 0;

		if (*s == '.') {
			out[k++] = '-';
			was_upper = true;
			continue;
		}
		if (upper && !was_upper && !(s[0] == 'B' && s[1] == '\0'))
			out[k++] = '-';
		out[k++] = (char)tolower((unsigned char)*s);
		was_upper = upper;
	}
	out[k] = '\0';
}

static bool
fits_name(const char *name, const char *flag, enum cli_type type)
{
	static const char *const units[] = { "-mbps", "-mib" };
	size_t n = strlen(name), m = strlen(flag);

	if (strcmp(name, flag) == 0)
		return true;
	if (type == CLI_LIST || type == CLI_OBJECTS || type == CLI_MAP)
		return m + 1 == n && strncmp(name, flag, m) == 0 &&
		    name[m] == 's';
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		size_t u = strlen(units[i]);

		if (n == m + u && strncmp(name, flag, m) == 0 &&
		    strcmp(name + m, units[i]) == 0)
			return true;
	}
	return false;
}

const struct cli_field *
words_field(const struct cli_route *r, const char *flag)
{
	char name[128];

	for (size_t i = 0; i < r->n_fields; i++) {
		const char *last = strrchr(r->fields[i].path, '.');

		kebab(r->fields[i].path, name, sizeof(name));
		if (fits_name(name, flag, r->fields[i].type))
			return &r->fields[i];
		kebab(last != NULL ? last + 1 : r->fields[i].path, name,
		    sizeof(name));
		if (fits_name(name, flag, r->fields[i].type))
			return &r->fields[i];
	}
	return NULL;
}

/* "dry-run" -> "dryRun". */
static void
camel(const char *s, char *out, size_t size)
{
	size_t k = 0;

	for (bool up = false; *s != '\0' && k + 1 < size; s++) {
		if (*s == '-') {
			up = true;
			continue;
		}
		out[k++] = up ? (char)toupper((unsigned char)*s) : *s;
		up = false;
	}
	out[k] = '\0';
}

static bool
in_query(const char *list, const char *name)
{
	size_t n = strlen(name);

	while (list != NULL && *list != '\0') {
		size_t m = strcspn(list, ",");

		if (m == n && strncmp(list, name, n) == 0)
			return true;
		list += m;
		list += strspn(list, ",");
	}
	return false;
}

/* ---- values ---- */

/* A number, true, false, null or a text, as it looks. */
static json_t *
guess(const char *s)
{
	size_t n = strspn(s + (*s == '-'), "0123456789");

	if (n > 0 && n < 16 && s[n + (*s == '-')] == '\0')
		return json_int(strtoll(s, NULL, 10));
	if (strcmp(s, "true") == 0)
		return json_true();
	if (strcmp(s, "false") == 0)
		return json_false();
	return strcmp(s, "null") == 0 ? json_null() : json_str(s);
}

/* "wwpn=50:…,lun=0". */
static int
object_of(const char *flag, const char *s, json_t **out, struct err *e)
{
	char *copy = xstrdup(s), *rest = copy, *part;

	*out = json_object();
	while ((part = strsep(&rest, ",")) != NULL) {
		char *value = strchr(part, '=');

		if (value == NULL || value == part) {
			free(copy);
			json_decref(*out);
			return err_set(e, ERR_MALFORMED,
			    "--%s wants key=value,key=value", flag);
		}
		*value++ = '\0';
		json_put(*out, part, guess(value));
	}
	free(copy);
	return 0;
}

static int
value_of(enum cli_type type, const char *flag, const char *s, json_t **out,
    struct err *e)
{
	switch (type) {
	case CLI_INT:
		*out = guess(s);
		if (json_is_integer(*out) || json_is_null(*out))
			return 0;
		json_decref(*out);
		return err_set(e, ERR_MALFORMED, "--%s wants a number", flag);
	case CLI_BOOL:
		*out = guess(s);
		if (json_is_boolean(*out))
			return 0;
		json_decref(*out);
		return err_set(e, ERR_MALFORMED, "--%s wants true or false",
		    flag);
	case CLI_OBJECTS:
		return object_of(flag, s, out, e);
	case CLI_TEXT:
	case CLI_LIST:
	case CLI_MAP:
		break;
	}
	*out = strcmp(s, "null") == 0 ? json_null() : json_str(s);
	return 0;
}

/* Puts a value at a path of objects. */
static void
put_at(json_t *body, const char *path, bool append, json_t *value)
{
	char key[64];

	for (const char *dot; (dot = strchr(path, '.')) != NULL;
	    path = dot + 1) {
		json_t *inner;

		(void)snprintf(key, sizeof(key), "%.*s", (int)(dot - path),
		    path);
		inner = json_object_get(body, key);
		if (!json_is_object(inner)) {
			json_put(body, key, json_object());
			inner = json_object_get(body, key);
		}
		body = inner;
	}
	if (append) {
		json_t *list = json_object_get(body, path);

		if (!json_is_array(list)) {
			json_put(body, path, json_array());
			list = json_object_get(body, path);
		}
		json_put(list, NULL, value);
	} else {
		json_put(body, path, value);
	}
}

/* ---- the request ---- */

void
words_encode(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		if (isalnum((unsigned char)*s) || strchr("-._~", *s) != NULL)
			buf_put(b, s, 1);
		else
			buf_printf(b, "%%%02X", (unsigned char)*s);
	}
}

static void
put_query(struct wish *w, const char *name, const char *value)
{
	char mark = w->path.data != NULL &&
	    strchr(w->path.data, '?') != NULL ? '&' : '?';

	buf_put(&w->path, &mark, 1);
	words_encode(&w->path, name);
	buf_str(&w->path, "=");
	words_encode(&w->path, value);
}

static int
read_file(struct wish *w, const char *path, struct err *e)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	struct buf b = buf_new(RAW_MAX);
	char piece[16384];
	size_t n;

	if (f == NULL)
		return err_set(e, ERR_MALFORMED, "%s: %s", path,
		    strerror(errno));
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_put(&b, piece, n);
	if (f != stdin)
		(void)fclose(f);
	if (b.full) {
		buf_free(&b);
		return err_set(e, ERR_TOO_LARGE, "%s is too large", path);
	}
	free(w->raw);
	w->raw = buf_take(&b, &w->raw_size);
	return 0;
}

/* "rack=4": one member; "rack=null" takes it away. */
static int
put_pair(json_t *body, const char *path, const char *flag, const char *value,
    struct err *e)
{
	const char *is = strchr(value, '=');
	json_t *map = json_object(), *v;
	char name[64];

	if (is == NULL || is == value || (size_t)(is - value) >= sizeof(name)) {
		json_decref(map);
		return err_set(e, ERR_MALFORMED, "--%s wants name=value", flag);
	}
	(void)snprintf(name, sizeof(name), "%.*s", (int)(is - value), value);
	v = json_object_get(body, path);
	if (json_is_object(v))
		json_object_update(map, v);
	json_put(map, name, strcmp(is + 1, "null") == 0 ? json_null() :
	    json_str(is + 1));
	json_put(body, path, map);
	return 0;
}

static int
put_member(struct wish *w, const char *flag, const char *value,
    const struct cli_field *f, struct err *e)
{
	char name[64];
	json_t *v;

	if (w->body == NULL)
		w->body = json_object();
	if (f == NULL) {
		camel(flag, name, sizeof(name));
		json_put(w->body, name, guess(value));
		return 0;
	}
	if (f->type == CLI_MAP)
		return put_pair(w->body, f->path, flag, value, e);
	if (value_of(f->type, flag, value, &v, e) < 0)
		return -1;
	/* An empty value of a list empties it. */
	if ((f->type == CLI_LIST || f->type == CLI_OBJECTS) && *value == '\0') {
		json_decref(v);
		put_at(w->body, f->path, false, json_array());
		return 0;
	}
	put_at(w->body, f->path, f->type == CLI_LIST ||
	    f->type == CLI_OBJECTS, v);
	return 0;
}

/* Flags that every verb has; 1 when it was one. */
static int
common(struct wish *w, const char *flag, const char *value, struct err *e)
{
	if (strcmp(flag, "dry-run") == 0)
		w->dry_run = true;
	else if (strcmp(flag, "no-wait") == 0)
		w->no_wait = true;
	else if (strcmp(flag, "if-match") == 0 && value != NULL)
		w->if_match = value;
	else if (strcmp(flag, "output") == 0 && value != NULL)
		w->output = value;
	else if (strcmp(flag, "file") == 0 && value != NULL)
		return read_file(w, value, e) < 0 ? -1 : 1;
	else if (strcmp(flag, "json") == 0 && value != NULL) {
		free(w->raw);
		w->raw = xstrdup(value);
		w->raw_size = strlen(value);
	} else
		return 0;
	return 1;
}

static bool
alone(const struct wish *w, const char *flag)
{
	const struct cli_field *f = words_field(w->route, flag);

	return strcmp(flag, "dry-run") == 0 || strcmp(flag, "no-wait") == 0 ||
	    (f != NULL && f->type == CLI_BOOL);
}

static int
take_flag(struct wish *w, const char *flag, const char *value, struct err *e)
{
	const struct cli_field *f = words_field(w->route, flag);
	char name[64];
	int rc = common(w, flag, value, e);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (value == NULL && (f == NULL || f->type != CLI_BOOL))
		return err_set(e, ERR_MALFORMED, "--%s wants a value", flag);
	if (f != NULL)
		return put_member(w, flag, value != NULL ? value : "true", f, e);
	camel(flag, name, sizeof(name));
	/* Every change may be confirmed, whatever its row says. */
	if (in_query(w->route->query, name) ||
	    (w->route->changes && strcmp(name, "confirm") == 0)) {
		put_query(w, name, value);
		return 0;
	}
	if (w->route->body && w->route->fields == NULL)
		return put_member(w, flag, value, NULL, e);
	return err_set(e, ERR_MALFORMED, "\"%s\" knows no --%s",
	    w->route->name, flag);
}

/* Copies the path up to and without the next brace; fills it with a word. */
static int
put_path(struct wish *w, int argc, char **argv, int *at, struct err *e)
{
	const char *p = w->route->path;

	while (*p != '\0') {
		size_t n = strcspn(p, "{"), m;

		buf_put(&w->path, p, n);
		p += n;
		if (*p == '\0')
			return 0;
		m = strcspn(p, "}");
		if (*at >= argc || strncmp(argv[*at], "--", 2) == 0)
			return err_set(e, ERR_MALFORMED, "\"%s\" wants %.*s: %s",
			    w->route->name, (int)m + 1, p, w->route->path);
		words_encode(&w->path, argv[(*at)++]);
		p += m + (p[m] == '}');
	}
	return 0;
}

int
words_wish(const struct cli_route *r, int argc, char **argv, struct wish *w,
    struct err *e)
{
	int i = 0;

	memset(w, 0, sizeof(*w));
	w->route = r;
	w->path = buf_new(PATH_MAX_BYTES);
	if (put_path(w, argc, argv, &i, e) < 0)
		return -1;
	while (i < argc) {
		char flag[64], *eq;
		const char *value = NULL;

		if (strncmp(argv[i], "--", 2) != 0)
			return err_set(e, ERR_MALFORMED,
			    "\"%s\" does not know what to do with \"%s\"",
			    r->name, argv[i]);
		(void)snprintf(flag, sizeof(flag), "%s", argv[i] + 2);
		eq = strchr(flag, '=');
		if (eq != NULL) {
			*eq = '\0';
			value = strchr(argv[i], '=') + 1;
		} else if (i + 1 < argc && (!alone(w, flag) ||
		    strcmp(argv[i + 1], "true") == 0 ||
		    strcmp(argv[i + 1], "false") == 0)) {
			value = argv[++i];
		}
		i++;
		if (take_flag(w, flag, value, e) < 0)
			return -1;
	}
	if (w->dry_run)
		put_query(w, "dryRun", "true");
	return 0;
}

void
words_free(struct wish *w)
{
	buf_free(&w->path);
	json_decref(w->body);
	free(w->raw);
	memset(w, 0, sizeof(*w));
}
