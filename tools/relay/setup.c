/* setup.c -- see setup.h. */
#include "tools/relay/setup.h"

#include <ini.h>
#include <libgen.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_SIZE = 4096 };

/* ---- values ---- */

static const struct {
	char unit;
	int64_t ms;
} units[] = {
	{ 's', 1000 }, { 'm', 60000 }, { 'h', 3600000 }, { 'd', 86400000 },
};

static bool
read_number(const char *text, int64_t max, const char **end, int64_t *out)
{
	size_t n = strspn(text, "0123456789");

	if (n == 0 || n > 9)
		return false;
	*out = strtoll(text, NULL, 10);
	*end = text + n;
	return *out <= max;
}

static bool
read_duration(const char *text, int64_t *out)
{
	const char *end;
	int64_t n;

	if (!read_number(text, 100000000, &end, &n) || n == 0)
		return false;
	if (strcmp(end, "ms") == 0) {
		*out = n;
		return true;
	}
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (end[0] == units[i].unit && end[1] == '\0') {
			*out = n * units[i].ms;
			return true;
		}
	return false;
}

/* "02:30" */
static bool
read_clock(const char *text, int64_t *out)
{
	const char *end;
	int64_t hours, minutes;

	if (!read_number(text, 23, &end, &hours) || end != text + 2 ||
	    *end != ':' || !read_number(end + 1, 59, &end, &minutes) ||
	    end != text + 5 || *end != '\0')
		return false;
	*out = (hours * 60 + minutes) * 60000;
	return true;
}

static bool
read_count(const char *text, int64_t *out)
{
	const char *end;

	return read_number(text, 1000000, &end, out) && *end == '\0' &&
	    *out > 0;
}

/* ---- the keys ---- */

enum kind { TEXT, PATH, DURATION, CLOCK, COUNT };

struct key {
	const char *name;
	enum kind kind;
	size_t offset;
};

static const struct key appliance_keys[] = {
	{ "url", TEXT, offsetof(struct setup, url) },
	{ "ca", PATH, offsetof(struct setup, ca) },
	{ "user", TEXT, offsetof(struct setup, user) },
	{ "password-file", PATH, offsetof(struct setup, password_file) },
	{ "token-file", PATH, offsetof(struct setup, token_file) },
	{ "state", PATH, offsetof(struct setup, state) },
	{ NULL, TEXT, 0 },
};

static const struct key hook_keys[] = {
	{ "url", TEXT, offsetof(struct setup_hook, url) },
	{ "ca", PATH, offsetof(struct setup_hook, ca) },
	{ "secret-file", PATH, offsetof(struct setup_hook, secret_file) },
	{ "events", TEXT, offsetof(struct setup_hook, events) },
	{ "queue", COUNT, offsetof(struct setup_hook, queue) },
	{ "give-up-after", DURATION, offsetof(struct setup_hook, give_up_ms) },
	{ "retry", DURATION, offsetof(struct setup_hook, retry_ms) },
	{ "retry-max", DURATION, offsetof(struct setup_hook, retry_max_ms) },
	{ NULL, TEXT, 0 },
};

static const struct key upload_keys[] = {
	{ "url", TEXT, offsetof(struct setup_upload, url) },
	{ "ca", PATH, offsetof(struct setup_upload, ca) },
	{ "user", TEXT, offsetof(struct setup_upload, user) },
	{ "password-file", PATH,
	    offsetof(struct setup_upload, password_file) },
	{ "every", DURATION, offsetof(struct setup_upload, every_ms) },
	{ "at", CLOCK, offsetof(struct setup_upload, at_ms) },
	{ "retry", DURATION, offsetof(struct setup_upload, retry_ms) },
	{ "retry-max", DURATION, offsetof(struct setup_upload, retry_max_ms) },
	{ NULL, TEXT, 0 },
};

struct reading {
	struct setup *conf;
	const char *dir;		/* of the file */
	struct err *e;
	bool failed;
};

static bool
put_text(char *out, const char *value)
{
	return (size_t)snprintf(out, SETUP_TEXT, "%s", value) < SETUP_TEXT;
}

static bool
put_path(const struct reading *r, char *out, const char *value)
{
	char whole[PATH_SIZE];

	(void)snprintf(whole, sizeof(whole), "%s/%s", r->dir, value);
	return put_text(out, value[0] == '/' ? value : whole);
}

static bool
put_value(const struct reading *r, const struct key *k, char *at,
    const char *value)
{
	int64_t number = 0;
	bool fits = false;

	switch (k->kind) {
	case TEXT:
		return put_text(at, value);
	case PATH:
		return put_path(r, at, value);
	case DURATION:
		fits = read_duration(value, &number);
		break;
	case CLOCK:
		fits = read_clock(value, &number);
		break;
	case COUNT:
		fits = read_count(value, &number);
		break;
	}
	if (fits)
		memcpy(at, &number, sizeof(number));
	return fits;
}

static int
set(const struct reading *r, const struct key *keys, void *object,
    const char *name, const char *value)
{
	for (; keys->name != NULL; keys++) {
		if (strcmp(keys->name, name) != 0)
			continue;
		if (put_value(r, keys, (char *)object + keys->offset, value))
			return 0;
		return err_set(r->e, ERR_MALFORMED, "%s cannot be \"%.80s\"",
		    name, value);
	}
	return err_set(r->e, ERR_MALFORMED, "%.80s is not known here", name);
}

/* ---- the sections ---- */

/* The name goes into paths. */
static int
check_name(const struct reading *r, const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

	if (n > 0 && n < SETUP_NAME && name[n] == '\0')
		return 0;
	return err_set(r->e, ERR_MALFORMED, "\"%.80s\" is no name: 1 to %d "
	    "letters, digits, - and _", name, SETUP_NAME - 1);
}

static struct setup_hook *
hook_of(struct setup *c, const char *name)
{
	struct setup_hook *h;

	for (unsigned i = 0; i < c->n_hooks; i++)
		if (strcmp(c->hooks[i].name, name) == 0)
			return &c->hooks[i];
	if (c->n_hooks == SETUP_HOOKS)
		return NULL;
	h = &c->hooks[c->n_hooks++];
	*h = (struct setup_hook){ .queue = 10000, .give_up_ms = 86400000,
		.retry_ms = 1000, .retry_max_ms = 300000 };
	(void)snprintf(h->name, sizeof(h->name), "%s", name);
	return h;
}

static struct setup_upload *
upload_of(struct setup *c, const char *name)
{
	struct setup_upload *u;

	for (unsigned i = 0; i < c->n_uploads; i++)
		if (strcmp(c->uploads[i].name, name) == 0)
			return &c->uploads[i];
	if (c->n_uploads == SETUP_UPLOADS)
		return NULL;
	u = &c->uploads[c->n_uploads++];
	*u = (struct setup_upload){ .at_ms = -1, .retry_ms = 60000,
		.retry_max_ms = 3600000 };
	(void)snprintf(u->name, sizeof(u->name), "%s", name);
	return u;
}

static int
set_in_section(const struct reading *r, const char *section, const char *key,
    const char *value)
{
	const char *name = strchr(section, ' ');
	struct setup_upload *u;
	struct setup_hook *h;

	if (strcmp(section, "appliance") == 0)
		return set(r, appliance_keys, r->conf, key, value);
	if (name == NULL || (strncmp(section, "webhook ", 8) != 0 &&
	    strncmp(section, "upload ", 7) != 0))
		return err_set(r->e, ERR_MALFORMED, "[%.80s] is no section; "
		    "there are appliance, webhook NAME, upload NAME", section);
	if (check_name(r, ++name) < 0)
		return -1;
	if (section[0] == 'w') {
		h = hook_of(r->conf, name);
		return h != NULL ? set(r, hook_keys, h, key, value) :
		    err_set(r->e, ERR_MALFORMED, "at most %d webhooks",
		    SETUP_HOOKS);
	}
	u = upload_of(r->conf, name);
	return u != NULL ? set(r, upload_keys, u, key, value) :
	    err_set(r->e, ERR_MALFORMED, "at most %d uploads", SETUP_UPLOADS);
}

static int
take_pair(void *cookie, const char *section, const char *name,
    const char *value)
{
	struct reading *r = cookie;

	if (!r->failed && set_in_section(r, section, name, value) < 0)
		r->failed = true;
	return !r->failed;
}

/* ---- the whole ---- */

static int
need(const char *value, const char *section, const char *key, struct err *e)
{
	return value[0] != '\0' ? 0 : err_set(e, ERR_MALFORMED,
	    "[%s] needs %s", section, key);
}

static int
check(const struct setup *c, struct err *e)
{
	bool token = c->token_file[0] != '\0';

	if (need(c->url, "appliance", "url", e) < 0 ||
	    (!token && need(c->user, "appliance", "token-file, or user",
	    e) < 0) || (!token && need(c->password_file, "appliance",
	    "password-file", e) < 0) ||
	    need(c->state, "appliance", "state", e) < 0)
		return -1;
	if (token && (c->user[0] != '\0' || c->password_file[0] != '\0'))
		return err_set(e, ERR_MALFORMED, "[appliance] has a token-file: "
		    "leave out user and password-file");
	if (strncmp(c->url, "https://", 8) != 0)
		return err_set(e, ERR_MALFORMED, "the appliance's url begins "
		    "with https://");
	for (unsigned i = 0; i < c->n_hooks; i++)
		if (need(c->hooks[i].url, "webhook", "url", e) < 0 ||
		    need(c->hooks[i].secret_file, "webhook", "secret-file",
		    e) < 0)
			return -1;
	for (unsigned i = 0; i < c->n_uploads; i++) {
		if (need(c->uploads[i].url, "upload", "url", e) < 0)
			return -1;
		if ((c->uploads[i].every_ms == 0) == (c->uploads[i].at_ms < 0))
			return err_set(e, ERR_MALFORMED, "[upload %s] needs "
			    "either every or at", c->uploads[i].name);
	}
	return 0;
}

int
setup_read(const char *path, struct setup *c, struct err *e)
{
	char copy[PATH_SIZE];
	struct reading r = { .conf = c, .e = e };
	int line;

	memset(c, 0, sizeof(*c));
	(void)snprintf(copy, sizeof(copy), "%s", path);
	r.dir = dirname(copy);
	line = ini_parse(path, take_pair, &r);
	if (r.failed)
		return err_wrap(e, "%.120s:%d", path, line);
	if (line != 0)
		return err_set(e, ERR_MALFORMED, line < 0 ? "%.160s cannot be "
		    "read" : "%.160s: a line is neither a section nor "
		    "key = value", path);
	return check(c, e);
}
