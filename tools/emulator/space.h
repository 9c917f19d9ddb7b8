/*
 * space.h -- one function's 4 KiB of PCI configuration space.
 *
 * Bytes with two masks: which bits software may write, and which it clears by
 * writing 1 (RW1C).  Everything else is read-only, as in hardware.  Pure: no
 * I/O, no clock.  What a write sets in motion is the owner's business
 * (chassis.c looks after MR-IOV, SR-IOV and slot registers).  One rule lives
 * here: while VF Enable is set, NumVFs and the page size are read-only.
 */
#ifndef EMULATOR_SPACE_H
#define EMULATOR_SPACE_H

#include <stdint.h>

struct space {
	uint8_t data[4096], rw[4096], w1c[4096];
};

/* Accesses of n = 1, 2 or 4 bytes (reads up to 4096) within 4096; the caller
 * has checked.  Little-endian. */
uint32_t space_get(const struct space *, unsigned offset, unsigned n);
void space_set(struct space *, unsigned offset, unsigned n, uint32_t value);
/* A write from software: obeys the masks. */
void space_write(struct space *, unsigned offset, unsigned n, uint32_t value);

/* The identities this house can make, by the model's name in chassis files. */
enum space_model {
	MODEL_SWITCH_UP,	/* upstream port of the switch, with MR-IOV */
	MODEL_SWITCH_DOWN,	/* downstream port of a bay */
	MODEL_X520,		/* Intel X520-SR2, one of two ports */
	MODEL_QLE2562,		/* QLogic QLE2562, one of two ports */
	MODEL_QLE2462,		/* QLogic QLE2462, its 4 Gb/s predecessor */
	MODEL_LSI9260,		/* LSI MegaRAID SAS 9260-4i */
	MODEL_P3700,		/* Intel SSD DC P3700, an NVMe drive */
	MODEL_LSI22320,		/* LSI22320SLE, one of two SCSI channels */
	MODEL_ROOT,		/* root port above the switch */
	MODEL_N,
};

struct space_identity {
	enum space_model model;
	unsigned function;		/* 0, 1: PCI function number = port - 1 */
	uint64_t dsn;			/* device serial number capability */
	unsigned bus;			/* where it sits; settles its addresses */
	unsigned sub_bus_first, sub_bus_last;		/* bridges only */
	unsigned bay;			/* MODEL_SWITCH_DOWN: slot number */
	unsigned first_vf_offset, vf_stride, total_vfs;	/* MODEL_X520 */
};

/*
 * Fills the whole space: header, BARs with their size masks, and the exact
 * public capabilities of that device (PM, MSI, MSI-X, PCIe, AER, DSN, ARI,
 * SR-IOV) in a list that ends, when `mr_cap` is not 0, with an MR-IOV
 * capability header there (the registers behind it are the chassis').
 */
void space_init(struct space *, const struct space_identity *, unsigned mr_cap);

/*
 * A port with a slot (MODEL_SWITCH_DOWN) gets or loses its module: presence,
 * link, and the changed bits of both.  No slot, no effect.
 */
void space_slot_presence(struct space *, int present);

/* For the sysfs face: value of `resource` line i and how many lines there are. */
struct space_region {
	uint64_t start, end, flags;	/* as in /sys/bus/pci/devices/X/resource */
};
unsigned space_regions(const struct space *, struct space_region out[17]);

/* Offset of a capability, 0 if none. */
unsigned space_cap(const struct space *, unsigned id);
unsigned space_ext_cap(const struct space *, unsigned id);

#endif
