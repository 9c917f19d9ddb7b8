/*
 * face_fuse.h -- the management hierarchy as a tree like the kernel's.
 *
 * A FUSE file system with the two directories of /sys that PCI tools read:
 *
 *	bus/pci/devices/0000:BB:DD.F	-> ../../../devices/pci0000:00/…
 *	devices/pci0000:00/0000:00:01.0/…/0000:BB:DD.F/
 *		vendor device class revision subsystem_vendor subsystem_device
 *		irq resource numa_node config
 *
 * so that the real lspci, setpci and libpci work on it (sysfs.path =
 * MOUNTPOINT/bus/pci).  `config` is the function's 4096 bytes: every access
 * reaches the chassis at once, in order, cut into 1, 2 or 4 aligned bytes as the
 * kernel would, and obeys its masks; one at 4096 or beyond reads nothing and
 * writes EFBIG.  Nothing is cached: a card that is pulled is gone at the next
 * look.  What is not listed here does not exist.
 *
 * Runs in a thread of its own and takes the lock for each request.  Works as
 * root and as an ordinary user (through fusermount3).
 */
#ifndef EMULATOR_FACE_FUSE_H
#define EMULATOR_FACE_FUSE_H

#include "base/err.h"
#include "tools/emulator/faces.h"

struct face_fuse;

/*
 * Mounts there (the directory is made when it is missing; what a dead emulator
 * left mounted is cleared first) and starts the thread.  The faces must outlive
 * it.  ERR_CONFLICT when something alive is mounted there, ERR_UNAVAILABLE when
 * there is no FUSE to be had.
 */
struct face_fuse *face_fuse_start(struct faces *, const char *mountpoint,
    struct err *) ERR_MUST_CHECK;
/* Unmounts, ends the thread, frees it.  face_fuse_stop(NULL) does nothing. */
void face_fuse_stop(struct face_fuse *);

#endif
