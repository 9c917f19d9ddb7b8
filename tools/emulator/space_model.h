/*
 * space_model.h -- the cards and ports this house can make, as data.
 *
 * Private to space.c.  A model is a header, its BARs and a list of capabilities;
 * a capability is an id and the registers behind its header, each with its value
 * at power-up and its two masks.  The list is linked in the order of the rows.
 * Numbers differ between two functions of a model (serial number, VF counts,
 * bus numbers) only where space.c fills them in from the identity.
 */
#ifndef EMULATOR_SPACE_MODEL_H
#define EMULATOR_SPACE_MODEL_H

#include <stdint.h>

#include "tools/emulator/space.h"

/* A register of n bytes at an offset from its capability. */
struct space_model_reg {
	uint16_t at;
	uint8_t n;
	uint32_t value, rw, w1c;
};

struct space_model_cap {
	uint16_t at, id;
	uint8_t version;		/* 0: in the first 256 bytes */
	const struct space_model_reg *regs;
	unsigned n_regs;
};

enum space_bar {
	BAR_IO = 1, BAR_M32 = 0, BAR_M64 = 4, BAR_M64P = 0xc,
};

struct space_model_bar {
	uint8_t index;			/* of its first register */
	uint8_t type;			/* enum space_bar: the low bits as read */
	uint8_t log2;			/* size; 0 ends the list */
};

struct space_model_row {
	uint16_t vendor, device, subvendor, subdevice;
	uint32_t class_code;		/* 24 bits */
	uint8_t revision, header;	/* header: type and multi-function bit */
	uint8_t rom_log2;		/* 0: no expansion ROM */
	struct space_model_bar bars[4], vf_bars[3];
	const struct space_model_cap *caps;
	unsigned n_caps;
};

extern const struct space_model_row space_model_rows[MODEL_N];

#endif
