/* cfg.c -- see cfg.h; what is common to all back ends is checked here, once. */
#include "switchmgr/cfg.h"

#include <string.h>

#include "switchmgr/le.h"

enum { SPACE = 4096, EXT_FIRST = 0x100, EXT_MAX = (SPACE - EXT_FIRST) / 8 };

static const struct {
	const char *prefix;
	struct cfg *(*open)(const char *, struct err *);
} back_ends[] = {
	{ "sysfs=", cfg_libpci_open },
	{ "unix=", cfg_unix_open },
};

struct cfg *
cfg_open(const char *target, struct err *e)
{
	for (size_t i = 0; i < sizeof(back_ends) / sizeof(back_ends[0]); i++) {
		size_t n = strlen(back_ends[i].prefix);

		if (strncmp(target, back_ends[i].prefix, n) != 0)
			continue;
		if (target[n] == '\0')
			break;
		return back_ends[i].open(target + n, e);
	}
	err_set(e, ERR_MALFORMED, "\"%s\" is neither sysfs=PATH nor unix=SOCKET",
	    target);
	return NULL;
}

void
cfg_close(struct cfg *c)
{
	if (c != NULL)
		c->ops->close(c);
}

int
cfg_list(struct cfg *c, uint16_t *rids, size_t max, struct err *e)
{
	return c->ops->list(c, rids, max, e);
}

int
cfg_read(struct cfg *c, uint16_t rid, unsigned offset, void *out, size_t n,
    struct err *e)
{
	if (offset >= SPACE || n == 0 || n > SPACE - offset)
		return err_set(e, ERR_INTERNAL,
		    "a read of %zu bytes at 0x%x leaves the space", n, offset);
	return c->ops->read(c, rid, offset, out, n, e);
}

int
cfg_read32(struct cfg *c, uint16_t rid, unsigned offset, uint32_t *out,
    struct err *e)
{
	uint8_t bytes[4];

	if (cfg_read(c, rid, offset, bytes, sizeof(bytes), e) < 0)
		return -1;
	*out = le_get32(bytes);
	return 0;
}

int
cfg_write32(struct cfg *c, uint16_t rid, unsigned offset, uint32_t value,
    struct err *e)
{
	if (offset > SPACE - 4 || (offset & 3) != 0)
		return err_set(e, ERR_INTERNAL,
		    "a write at 0x%x is not to a register", offset);
	return c->ops->write(c, rid, offset, value, e);
}

/* One step of the walk: the header at `at`.  A function without extended space
 * has an empty list. */
static int
ext_header(struct cfg *c, uint16_t rid, unsigned at, uint32_t *header,
    struct err *e)
{
	if (cfg_read32(c, rid, at, header, e) == 0)
		return *header != 0xffffffff ? 0 : err_set(e, ERR_DEVICE,
		    "function %04x reads as ones: it is gone", rid);
	if (e->code != ERR_UNSUPPORTED || at != EXT_FIRST)
		return -1;
	*header = 0;
	return 0;
}

int
cfg_ext_cap(struct cfg *c, uint16_t rid, unsigned id, unsigned *offset,
    struct err *e)
{
	unsigned at = EXT_FIRST;
	uint32_t header;

	for (unsigned i = 0; i < EXT_MAX; i++) {
		if (ext_header(c, rid, at, &header, e) < 0)
			return -1;
		if (header != 0 && (header & 0xffff) == id) {
			*offset = at;
			return 0;
		}
		at = header >> 20;
		if (header == 0 || at == 0) {
			*offset = 0;
			return 0;
		}
		if (at < EXT_FIRST || (at & 3) != 0)
			break;
	}
	return err_set(e, ERR_DEVICE,
	    "function %04x: the list of extended capabilities is broken", rid);
}
