/* face_tree.c -- see face_tree.h. */
#include "tools/emulator/face_tree.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum {
	NAME = 16,		/* "0000:BB:DD.F" and room */
	DEPTH_MAX = 16,		/* ports above a function */
	RIDS_MAX = 65536,
	CAP_SSVID = 0x0d,
};

#define DEVICES "/devices/pci0000:00"
#define LINKS "/bus/pci/devices"

/* ---- the directories that are always there ---- */

static const struct {
	const char *path, *names[3];
} dirs[] = {
	{ "/", { "bus", "devices" } },
	{ "/bus", { "pci" } },
	{ "/bus/pci", { "devices" } },
	{ LINKS, { NULL } },		/* and a link per function */
	{ "/devices", { "pci0000:00" } },
	{ DEVICES, { NULL } },		/* and the functions of bus 0 */
};
enum { DIR_LINKS = 3, DIR_DEVICES = 5, N_DIRS = 6 };

/* ---- the files of a function ---- */

static int
put_number(const struct space *s, char *out, size_t size, unsigned at,
    unsigned n)
{
	return snprintf(out, size, "0x%0*x\n", (int)(2 * n),
	    (unsigned)space_get(s, at, n));
}

static int
put_vendor(const struct space *s, char *out, size_t size)
{
	return put_number(s, out, size, 0x00, 2);
}

static int
put_device(const struct space *s, char *out, size_t size)
{
	return put_number(s, out, size, 0x02, 2);
}

static int
put_class(const struct space *s, char *out, size_t size)
{
	return put_number(s, out, size, 0x09, 3);
}

static int
put_revision(const struct space *s, char *out, size_t size)
{
	return put_number(s, out, size, 0x08, 1);
}

/* Bridges keep their subsystem in a capability. */
static int
put_subsystem(const struct space *s, char *out, size_t size, unsigned half)
{
	unsigned at = 0x2c;

	if ((space_get(s, 0x0e, 1) & 0x7f) == 1) {
		at = space_cap(s, CAP_SSVID);
		if (at == 0)
			return snprintf(out, size, "0x0000\n");
		at += 4;
	}
	return put_number(s, out, size, at + half, 2);
}

static int
put_subvendor(const struct space *s, char *out, size_t size)
{
	return put_subsystem(s, out, size, 0);
}

static int
put_subdevice(const struct space *s, char *out, size_t size)
{
	return put_subsystem(s, out, size, 2);
}

static int
put_irq(const struct space *s, char *out, size_t size)
{
	return snprintf(out, size, "%u\n", (unsigned)space_get(s, 0x3c, 1));
}

static int
put_numa(const struct space *s, char *out, size_t size)
{
	(void)s;
	return snprintf(out, size, "-1\n");
}

static int
put_resource(const struct space *s, char *out, size_t size)
{
	struct space_region r[17];
	unsigned n = space_regions(s, r);
	size_t len = 0;

	for (unsigned i = 0; i < n && len < size; i++)
		len += (size_t)snprintf(out + len, size - len, "0x%016" PRIx64
		    " 0x%016" PRIx64 " 0x%016" PRIx64 "\n", r[i].start,
		    r[i].end, r[i].flags);
	return (int)len;
}

static const struct {
	const char *name;
	int (*put)(const struct space *, char *, size_t);	/* NULL: config */
} files[] = {
	{ "vendor", put_vendor },
	{ "device", put_device },
	{ "class", put_class },
	{ "revision", put_revision },
	{ "subsystem_vendor", put_subvendor },
	{ "subsystem_device", put_subdevice },
	{ "irq", put_irq },
	{ "resource", put_resource },
	{ "numa_node", put_numa },
	{ "config", NULL },
};
enum { N_FILES = sizeof(files) / sizeof(files[0]) };

/* ---- names ---- */

static void
put_name(char name[NAME], unsigned rid)
{
	snprintf(name, NAME, "0000:%02x:%02x.%x", rid >> 8 & 0xff,
	    rid >> 3 & 0x1f, rid & 7);
}

/* A function's name that is the whole of `text` and of somebody who is there. */
static int
find_name(const struct chassis *c, const char *text, uint16_t *rid)
{
	char again[NAME];

	if (strnlen(text, NAME) != sizeof("0000:BB:DD.F") - 1)
		return -ENOENT;
	*rid = (uint16_t)((strtoul(text + 5, NULL, 16) & 0xff) << 8 |
	    (strtoul(text + 8, NULL, 16) & 0x1f) << 3 |
	    (strtoul(text + 11, NULL, 16) & 7));
	put_name(again, *rid);
	if (strcmp(again, text) != 0 || chassis_space(c, *rid) == NULL)
		return -ENOENT;
	return 0;
}

/* The function's directory: its ports above, from the root down.  Returns the
 * length, cut at `size`. */
static int
put_path(const struct chassis *c, unsigned rid, char *out, size_t size)
{
	unsigned chain[DEPTH_MAX] = { rid }, n = 1;
	size_t len;
	int up;

	while (n < DEPTH_MAX &&
	    (up = chassis_parent(c, (uint16_t)chain[n - 1])) >= 0)
		chain[n++] = (unsigned)up;
	len = (size_t)snprintf(out, size, "%s", DEVICES);
	while (n > 0 && len < size) {
		char name[NAME];

		put_name(name, chain[--n]);
		len += (size_t)snprintf(out + len, size - len, "/%s", name);
	}
	return (int)(len < size ? len : size - 1);
}

/* ---- paths ---- */

/* DEVICES/…/NAME or DEVICES/…/NAME/FILE: the last part that is a function's
 * name settles the function, and its path must be the one asked for. */
static int
find_device(const struct chassis *c, const char *path,
    struct face_tree_node *out)
{
	char want[1024], name[NAME];
	const char *last = strrchr(path, '/'), *from = last;
	unsigned file = N_FILES;
	int len;

	if (strncmp(last + 1, "0000:", 5) != 0) {
		for (file = 0; file < N_FILES; file++)
			if (strcmp(files[file].name, last + 1) == 0)
				break;
		if (file == N_FILES)
			return -ENOENT;
		while (from > path && *--from != '/')
			;
	}
	len = (int)((file == N_FILES ? last + strlen(last) : last) - from) - 1;
	if (len < 0 || len >= NAME)
		return -ENOENT;
	snprintf(name, sizeof(name), "%.*s", len, from + 1);
	if (find_name(c, name, &out->rid) < 0)
		return -ENOENT;
	len = put_path(c, out->rid, want, sizeof(want));
	if (strncmp(want, path, (size_t)len) != 0 ||
	    path[len] != (file == N_FILES ? '\0' : '/') ||
	    path + len != (file == N_FILES ? path + strlen(path) : last))
		return -ENOENT;
	out->which = file;
	out->kind = file == N_FILES ? TREE_DEVICE :
	    files[file].put == NULL ? TREE_CONFIG : TREE_TEXT;
	return 0;
}

int
face_tree_find(const struct chassis *c, const char *path,
    struct face_tree_node *out)
{
	*out = (struct face_tree_node){ .kind = TREE_DIR };
	for (unsigned i = 0; i < N_DIRS; i++)
		if (strcmp(dirs[i].path, path) == 0) {
			out->which = i;
			return 0;
		}
	if (strncmp(path, LINKS "/", strlen(LINKS "/")) == 0) {
		out->kind = TREE_LINK;
		return find_name(c, path + strlen(LINKS "/"), &out->rid);
	}
	if (strncmp(path, DEVICES "/", strlen(DEVICES "/")) == 0)
		return find_device(c, path, out);
	return -ENOENT;
}

/* ---- lists ---- */

/* Names of the functions below `parent` (-1: of bus 0); of all when `all`. */
static void
list_functions(const struct chassis *c, int parent, int all, face_tree_add *add,
    void *cookie)
{
	uint16_t *rids = xcalloc(RIDS_MAX, sizeof(*rids));
	size_t n = chassis_list(c, rids, RIDS_MAX);

	for (size_t i = 0; i < n; i++) {
		char name[NAME];

		if (!all && chassis_parent(c, rids[i]) != parent)
			continue;
		put_name(name, rids[i]);
		if (add(cookie, name) != 0)
			break;
	}
	free(rids);
}

void
face_tree_list(const struct chassis *c, const struct face_tree_node *node,
    face_tree_add *add, void *cookie)
{
	if (node->kind == TREE_DEVICE) {
		for (unsigned i = 0; i < N_FILES; i++)
			if (add(cookie, files[i].name) != 0)
				return;
		list_functions(c, node->rid, 0, add, cookie);
		return;
	}
	for (unsigned i = 0; dirs[node->which].names[i] != NULL; i++)
		if (add(cookie, dirs[node->which].names[i]) != 0)
			return;
	if (node->which == DIR_LINKS || node->which == DIR_DEVICES)
		list_functions(c, -1, node->which == DIR_LINKS, add, cookie);
}

/* ---- contents ---- */

int
face_tree_link(const struct chassis *c, const struct face_tree_node *node,
    char *out, size_t size)
{
	char path[1024];
	int n;

	put_path(c, node->rid, path, sizeof(path));
	n = snprintf(out, size, "../../..%s", path);
	return n < (int)size ? n : (int)size - 1;
}

int
face_tree_text(const struct chassis *c, const struct face_tree_node *node,
    char *out, size_t size)
{
	const struct space *s = chassis_space(c, node->rid);
	int n;

	if (s == NULL)
		return -ENODEV;
	n = files[node->which].put(s, out, size);
	return n < (int)size ? n : (int)size - 1;
}
