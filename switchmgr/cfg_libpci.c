/*
 * cfg_libpci.c -- configuration space through libpci, over a tree like
 * /sys/bus/pci.
 *
 * What libpci does, and what is done about it:
 *   - its error callback must not return: it logs and ends the process, which its
 *     supervisor starts again.  What can be foreseen (no such tree) is asked
 *     first and is an error like any other;
 *   - a scan never notices what comes or goes later, and a second one would list
 *     everything twice: every list is a scan with a new handle;
 *   - it keeps the file of the last function open: after a failure the handle is
 *     dropped, so that a tree mounted anew is opened anew;
 *   - a failed access is told by a warning only: the words go into the error.
 *
 * Domain 0 only; routing ids have no room for others.  Not thread-safe, and the
 * last warning is kept per process, as the callbacks carry no cookie.
 */
#include <errno.h>
#include <limits.h>
#include <pci/pci.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "switchmgr/cfg.h"

enum { EXIT_LIBPCI = 70, HEADER = 64 };

struct cfg_libpci {
	struct cfg cfg;
	struct pci_access *access;	/* NULL: to be opened */
	char path[PATH_MAX];
};

static char last_warning[160];

static void on_error(char *, ...) __attribute__((noreturn, format(printf, 1, 2)));
static void on_warning(char *, ...) __attribute__((format(printf, 1, 2)));
static void on_debug(char *, ...) __attribute__((format(printf, 1, 2)));

static void
on_error(char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	log_error("libpci", "%s", text);
	_exit(EXIT_LIBPCI);
}

static void
on_warning(char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(last_warning, sizeof(last_warning), fmt, ap);
	va_end(ap);
}

static void
on_debug(char *fmt, ...)
{
	(void)fmt;
}

static struct cfg_libpci *
self(struct cfg *c)
{
	return (struct cfg_libpci *)c;	/* cfg is its first member */
}

static void
drop(struct cfg_libpci *l)
{
	if (l->access != NULL)
		pci_cleanup(l->access);
	l->access = NULL;
}

static int
tree_there(const struct cfg_libpci *l, struct err *e)
{
	char devices[PATH_MAX + 16];

	snprintf(devices, sizeof(devices), "%s/devices", l->path);
	if (access(devices, R_OK | X_OK) == 0)
		return 0;
	return err_set(e, ERR_UNAVAILABLE, "%s: %s", devices, strerror(errno));
}

/* A new handle and a new scan.  Bus-centric: a scan then reads names only, and a
 * card that is pulled meanwhile is no error. */
static int
scan(struct cfg_libpci *l, struct err *e)
{
	char param[] = "sysfs.path";

	drop(l);
	if (tree_there(l, e) < 0)
		return -1;
	l->access = pci_alloc();
	l->access->method = PCI_ACCESS_SYS_BUS_PCI;
	l->access->writeable = 1;
	l->access->buscentric = 1;
	l->access->error = on_error;
	l->access->warning = on_warning;
	l->access->debug = on_debug;
	if (pci_set_param(l->access, param, l->path) < 0) {
		drop(l);
		return err_set(e, ERR_UNSUPPORTED,
		    "this libpci cannot read a tree like /sys/bus/pci");
	}
	pci_init(l->access);
	pci_scan_bus(l->access);
	return 0;
}

static unsigned
rid_of(const struct pci_dev *d)
{
	return (unsigned)d->bus << 8 | (unsigned)d->dev << 3 | d->func;
}

static int
find(struct cfg_libpci *l, uint16_t rid, struct pci_dev **out, struct err *e)
{
	if (l->access == NULL && scan(l, e) < 0)
		return -1;
	for (struct pci_dev *d = l->access->devices; d != NULL; d = d->next)
		if (d->domain == 0 && rid_of(d) == rid) {
			*out = d;
			return 0;
		}
	return err_set(e, ERR_NOT_FOUND, "there is no function %04x", rid);
}

/* After a failed access: gone, or the tree away, or that far and no farther? */
static int
explain(struct cfg_libpci *l, struct pci_dev *d, uint16_t rid, unsigned offset,
    struct err *e)
{
	char why[sizeof(last_warning)];
	uint8_t id[4];

	memcpy(why, last_warning, sizeof(why));
	if (offset >= HEADER && pci_read_block(d, 0, id, sizeof(id)))
		return err_set(e, ERR_UNSUPPORTED,
		    "function %04x shows nothing at 0x%x", rid, offset);
	drop(l);
	if (tree_there(l, e) < 0)
		return -1;
	return err_set(e, ERR_NOT_FOUND, "function %04x does not answer%s%s",
	    rid, why[0] != '\0' ? ": " : "", why);
}

/* ---- the table ---- */

static int
libpci_read(struct cfg *c, uint16_t rid, unsigned offset, void *out, size_t n,
    struct err *e)
{
	struct pci_dev *d;

	if (find(self(c), rid, &d, e) < 0)
		return -1;
	last_warning[0] = '\0';
	if (pci_read_block(d, (int)offset, out, (int)n))
		return 0;
	return explain(self(c), d, rid, offset, e);
}

static int
libpci_write(struct cfg *c, uint16_t rid, unsigned offset, uint32_t value,
    struct err *e)
{
	struct pci_dev *d;

	if (find(self(c), rid, &d, e) < 0)
		return -1;
	last_warning[0] = '\0';
	if (pci_write_long(d, (int)offset, value))
		return 0;
	return explain(self(c), d, rid, offset, e);
}

static int
by_number(const void *a, const void *b)
{
	return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

static int
libpci_list(struct cfg *c, uint16_t *rids, size_t max, struct err *e)
{
	struct cfg_libpci *l = self(c);
	size_t n = 0;

	if (scan(l, e) < 0)
		return -1;
	for (struct pci_dev *d = l->access->devices; d != NULL && n < max;
	    d = d->next)
		if (d->domain == 0)
			rids[n++] = (uint16_t)rid_of(d);
	qsort(rids, n, sizeof(*rids), by_number);
	return (int)n;
}

static void
libpci_close(struct cfg *c)
{
	drop(self(c));
	free(c);
}

static const struct cfg_ops libpci_ops = {
	.close = libpci_close,
	.list = libpci_list,
	.read = libpci_read,
	.write = libpci_write,
};

struct cfg *
cfg_libpci_open(const char *path, struct err *e)
{
	struct cfg_libpci *l;

	if (strlen(path) >= sizeof(l->path)) {
		err_set(e, ERR_MALFORMED, "the path of the tree is too long");
		return NULL;
	}
	l = xcalloc(1, sizeof(*l));
	l->cfg.ops = &libpci_ops;
	memcpy(l->path, path, strlen(path));
	if (scan(l, e) < 0) {
		libpci_close(&l->cfg);
		return NULL;
	}
	return &l->cfg;
}
