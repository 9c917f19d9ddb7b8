/* conf.c -- see conf.h. */
#include "appliance/conf.h"

#include <ini.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct key {
	const char *name;
	size_t offset;
	const char *value, *what;
} keys[] = {
	{ "dir", offsetof(struct conf, dir), ".",
	    "where the store, the certificate and the password are" },
	{ "address", offsetof(struct conf, address), "127.0.0.1",
	    "address to listen on" },
	{ "port", offsetof(struct conf, port), "8443",
	    "port to listen on; 0 takes a free one" },
	{ "fabric", offsetof(struct conf, fabric), "remote:switchmgr.sock",
	    "the switch" },
	{ "models", offsetof(struct conf, models),
	    POLYROOT_DATA "/models", "faceplates of appliances" },
	{ "capabilities", offsetof(struct conf, capabilities),
	    POLYROOT_DATA "/capabilities", "what card models can do" },
	{ "xml", offsetof(struct conf, xml), POLYROOT_LIBEXEC "/polyroot-xml",
	    "the program that reads XML" },
	{ "webui", offsetof(struct conf, webui), "embedded",
	    "embedded, or off" },
	{ "log", offsetof(struct conf, log), "info",
	    "error, warn, info or debug" },
};

enum { N_KEYS = sizeof(keys) / sizeof(keys[0]) };

static int
set(struct conf *c, const char *name, const char *value, struct err *e)
{
	for (size_t i = 0; i < N_KEYS; i++) {
		if (strcmp(keys[i].name, name) != 0)
			continue;
		if (strlen(value) >= CONF_TEXT)
			return err_set(e, ERR_MALFORMED, "%s is longer than "
			    "%d characters", name, CONF_TEXT - 1);
		snprintf((char *)c + keys[i].offset, CONF_TEXT, "%s", value);
		return 0;
	}
	return err_set(e, ERR_MALFORMED, "%s is not known; see --help", name);
}

struct reading {
	struct conf *conf;
	struct err *e;
	bool failed;
};

static int
take_pair(void *cookie, const char *section, const char *name,
    const char *value)
{
	struct reading *r = cookie;

	(void)section;
	if (!r->failed && set(r->conf, name, value, r->e) < 0)
		r->failed = true;
	return !r->failed;
}

static int
read_file(struct conf *c, const char *path, struct err *e)
{
	struct reading r = { c, e, false };
	int line = ini_parse(path, take_pair, &r);

	if (r.failed)
		return err_wrap(e, "%s:%d", path, line);
	if (line < 0)
		return err_set(e, ERR_MALFORMED, "%s cannot be read", path);
	if (line > 0)
		return err_set(e, ERR_MALFORMED, "%s:%d: neither a section "
		    "nor key = value", path, line);
	return 0;
}

/* "--name value" or "--name=value"; `file` only the one option that names it. */
static int
read_options(struct conf *c, int argc, char **argv, bool file, struct err *e)
{
	for (int i = 1; i < argc; i++) {
		char name[32];
		const char *equals = strchr(argv[i], '='), *value;
		size_t n;

		if (strncmp(argv[i], "--", 2) != 0)
			return err_set(e, ERR_MALFORMED, "%s is no option; see "
			    "--help", argv[i]);
		n = equals == NULL ? strlen(argv[i]) - 2 :
		    (size_t)(equals - argv[i]) - 2;
		snprintf(name, sizeof(name), "%.*s", (int)n, argv[i] + 2);
		value = equals != NULL ? equals + 1 : argv[++i];
		if (value == NULL)
			return err_set(e, ERR_MALFORMED, "--%s needs a value",
			    name);
		if ((strcmp(name, "config") == 0) != file)
			continue;
		if ((file ? read_file(c, value, e) : set(c, name, value,
		    e)) < 0)
			return -1;
	}
	return 0;
}

int
conf_read(struct conf *out, int argc, char **argv, struct err *e)
{
	struct conf c;

	memset(&c, 0, sizeof(c));
	for (size_t i = 0; i < N_KEYS; i++)
		if (set(&c, keys[i].name, keys[i].value, e) < 0)
			return -1;
	if (read_options(&c, argc, argv, true, e) < 0 ||
	    read_options(&c, argc, argv, false, e) < 0)
		return -1;
	*out = c;
	return 0;
}

void
conf_usage(void)
{
	printf("usage: polyrootd [--config FILE] [--NAME VALUE]...\n\n");
	for (size_t i = 0; i < N_KEYS; i++)
		printf("  --%-14s%s (default %s)\n", keys[i].name,
		    keys[i].what, keys[i].value);
}
