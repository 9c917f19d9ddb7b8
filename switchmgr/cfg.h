/*
 * cfg.h -- PCI configuration space of the management hierarchy (VH0).
 *
 * Two back ends behind one table: libpci over sysfs (real or emulated tree) and
 * the emulator's socket.  A test adds a third, in process.  Addresses are
 * routing ids: bus 15:8, device and function 7:0.
 *
 * The libpci back end ends the process on libpci's errors (its callback must
 * not return); it therefore lives in polyroot-switchmgr only.
 */
#ifndef SWITCHMGR_CFG_H
#define SWITCHMGR_CFG_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct cfg {
	const struct cfg_ops *ops;
};

struct cfg_ops {
	void (*close)(struct cfg *);
	/* Rising routing ids of every function there is now; at most `max`.
	 * Returns how many. */
	int (*list)(struct cfg *, uint16_t *rids, size_t max, struct err *);
	/* n bytes at `offset`, dword by dword or in one go; offset + n <= 4096. */
	int (*read)(struct cfg *, uint16_t rid, unsigned offset, void *out,
	    size_t n, struct err *);
	/* One aligned dword. */
	int (*write)(struct cfg *, uint16_t rid, unsigned offset, uint32_t value,
	    struct err *);
};

/* "sysfs=PATH": libpci.  "unix=SOCKET": the emulator's socket (mriov_map.h). */
struct cfg *cfg_open(const char *target, struct err *) ERR_MUST_CHECK;
void cfg_close(struct cfg *);

int cfg_list(struct cfg *, uint16_t *rids, size_t max, struct err *)
    ERR_MUST_CHECK;
int cfg_read(struct cfg *, uint16_t rid, unsigned offset, void *out, size_t n,
    struct err *) ERR_MUST_CHECK;
int cfg_read32(struct cfg *, uint16_t rid, unsigned offset, uint32_t *out,
    struct err *) ERR_MUST_CHECK;
int cfg_write32(struct cfg *, uint16_t rid, unsigned offset, uint32_t value,
    struct err *) ERR_MUST_CHECK;
/* Offset of an extended capability, 0 when there is none; bounded walk. */
int cfg_ext_cap(struct cfg *, uint16_t rid, unsigned id, unsigned *offset,
    struct err *) ERR_MUST_CHECK;

/* The back ends, one file each. */
struct cfg *cfg_libpci_open(const char *path, struct err *) ERR_MUST_CHECK;
struct cfg *cfg_unix_open(const char *path, struct err *) ERR_MUST_CHECK;

#endif
