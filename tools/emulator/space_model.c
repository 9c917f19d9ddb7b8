/* table */
/*
 * space_model.c -- see space_model.h.
 *
 * Ids, classes and offsets are those of the real parts, as lspci shows them.
 * Two capabilities that real cards carry are left out because nothing here could
 * answer behind them: vital product data and power budgeting.
 */
#include "tools/emulator/space_model.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))
#define CAP(at, id, regs) { at, id, 0, regs, N(regs) }
#define EXT(at, id, version, regs) { at, id, version, regs, N(regs) }

/* ---- power management: capabilities, control (PME status is RW1C) ---- */

static const struct space_model_reg pm_endpoint[] = {
	{ 2, 2, 0x4823, 0, 0 },		/* v3, DSI, PME from D0 and D3hot */
	{ 4, 2, 0x2000, 0x0103, 0x8000 },
};
static const struct space_model_reg pm_plain[] = {
	{ 2, 2, 0x0003, 0, 0 },
	{ 4, 2, 0x0008, 0x0003, 0 },	/* no soft reset */
};
static const struct space_model_reg pm_port[] = {
	{ 2, 2, 0xc803, 0, 0 },		/* PME from D0, D3hot, D3cold */
	{ 4, 2, 0x0008, 0x0103, 0x8000 },
};

/* ---- MSI and MSI-X ---- */

static const struct space_model_reg msi_1_masked[] = {
	{ 2, 2, 0x0180, 0x0001, 0 },	/* 64 bit, maskable, one message */
	{ 4, 4, 0, 0xfffffffc, 0 },
	{ 8, 4, 0, 0xffffffff, 0 },
	{ 12, 2, 0, 0xffff, 0 },
	{ 16, 4, 0, 0x00000001, 0 },
	{ 20, 4, 0, 0, 0 },
};
static const struct space_model_reg msi_8_masked[] = {
	{ 2, 2, 0x0186, 0x0071, 0 },
	{ 4, 4, 0, 0xfffffffc, 0 },
	{ 8, 4, 0, 0xffffffff, 0 },
	{ 12, 2, 0, 0xffff, 0 },
	{ 16, 4, 0, 0x000000ff, 0 },
	{ 20, 4, 0, 0, 0 },
};
static const struct space_model_reg msi_32[] = {
	{ 2, 2, 0x008a, 0x0071, 0 },
	{ 4, 4, 0, 0xfffffffc, 0 },
	{ 8, 4, 0, 0xffffffff, 0 },
	{ 12, 2, 0, 0xffff, 0 },
};
static const struct space_model_reg msi_1[] = {
	{ 2, 2, 0x0080, 0x0001, 0 },
	{ 4, 4, 0, 0xfffffffc, 0 },
	{ 8, 4, 0, 0xffffffff, 0 },
	{ 12, 2, 0, 0xffff, 0 },
};
static const struct space_model_reg msi_2_32bit[] = {
	{ 2, 2, 0x0102, 0x0071, 0 },	/* 32 bit, maskable, two messages */
	{ 4, 4, 0, 0xfffffffc, 0 },
	{ 8, 2, 0, 0xffff, 0 },
	{ 12, 4, 0, 0x00000003, 0 },
	{ 16, 4, 0, 0, 0 },
};
static const struct space_model_reg msix_64_bar4[] = {
	{ 2, 2, 64 - 1, 0xc000, 0 },
	{ 4, 4, 0x0000 | 4, 0, 0 },
	{ 8, 4, 0x2000 | 4, 0, 0 },
};
static const struct space_model_reg msix_2_bar1[] = {
	{ 2, 2, 2 - 1, 0xc000, 0 },
	{ 4, 4, 0x2000 | 1, 0, 0 },
	{ 8, 4, 0x3000 | 1, 0, 0 },
};
static const struct space_model_reg msix_15_bar1[] = {
	{ 2, 2, 15 - 1, 0xc000, 0 },
	{ 4, 4, 0x2000 | 1, 0, 0 },
	{ 8, 4, 0x3800 | 1, 0, 0 },
};
static const struct space_model_reg msix_32_bar0[] = {
	{ 2, 2, 32 - 1, 0xc000, 0 },
	{ 4, 4, 0x2000 | 0, 0, 0 },
	{ 8, 4, 0x3000 | 0, 0, 0 },
};

/* ---- PCI Express: all version 2 ---- */

static const struct space_model_reg pcie_x520[] = {
	{ 0x02, 2, 0x0002, 0, 0 },
	{ 0x04, 4, 0x10008cc2, 0, 0 },	/* 512 bytes, FLR */
	{ 0x08, 2, 0x2810, 0x7fff, 0 },	/* FLR (bit 15) reads 0 */
	{ 0x0a, 2, 0, 0, 0x000f },
	{ 0x0c, 4, 0x00025482, 0, 0 },	/* 5 GT/s, x8, L0s */
	{ 0x10, 2, 0x0040, 0x01cb, 0 },
	{ 0x12, 2, 0x1082, 0, 0 },
	{ 0x24, 4, 0x0000001f, 0, 0 },
	{ 0x28, 2, 0, 0x001f, 0 },
	{ 0x2c, 4, 0, 0, 0 },
	{ 0x30, 2, 0x0002, 0x1fbf, 0 },
	{ 0x32, 2, 0, 0, 0 },
};
static const struct space_model_reg pcie_qle2562[] = {
	{ 0x02, 2, 0x0002, 0, 0 },
	{ 0x04, 4, 0x10008023, 0, 0 },	/* 1024 bytes, extended tags, FLR */
	{ 0x08, 2, 0x2810, 0x7fff, 0 },
	{ 0x0a, 2, 0, 0, 0x000f },
	{ 0x0c, 4, 0x0003f482, 0, 0 },	/* 5 GT/s, x8 */
	{ 0x10, 2, 0x0040, 0x01cb, 0 },
	{ 0x12, 2, 0x1082, 0, 0 },
	{ 0x24, 4, 0x00000012, 0, 0 },
	{ 0x28, 2, 0, 0x001f, 0 },
	{ 0x2c, 4, 0, 0, 0 },
	{ 0x30, 2, 0x0002, 0x1fbf, 0 },
	{ 0x32, 2, 0, 0, 0 },
};
static const struct space_model_reg pcie_qle2462[] = {
	{ 0x02, 2, 0x0001, 0, 0 },
	{ 0x04, 4, 0x10008023, 0, 0 },	/* 1024 bytes, extended tags, FLR */
	{ 0x08, 2, 0x2810, 0x7fff, 0 },
	{ 0x0a, 2, 0, 0, 0x000f },
	{ 0x0c, 4, 0x0003f441, 0, 0 },	/* 2.5 GT/s, x4 */
	{ 0x10, 2, 0x0040, 0x01cb, 0 },
	{ 0x12, 2, 0x1041, 0, 0 },
};
static const struct space_model_reg pcie_lsi9260[] = {
	{ 0x02, 2, 0x0002, 0, 0 },
	{ 0x04, 4, 0x10008025, 0, 0 },	/* 4096 bytes, extended tags, FLR */
	{ 0x08, 2, 0x2810, 0x7fff, 0 },
	{ 0x0a, 2, 0, 0, 0x000f },
	{ 0x0c, 4, 0x00006482, 0, 0 },	/* 5 GT/s, x8, L0s */
	{ 0x10, 2, 0x0040, 0x01cb, 0 },
	{ 0x12, 2, 0x1082, 0, 0 },
	{ 0x24, 4, 0x00000012, 0, 0 },
	{ 0x28, 2, 0, 0x001f, 0 },
	{ 0x2c, 4, 0, 0, 0 },
	{ 0x30, 2, 0x0002, 0x1fbf, 0 },
	{ 0x32, 2, 0, 0, 0 },
};
static const struct space_model_reg pcie_p3700[] = {
	{ 0x02, 2, 0x0002, 0, 0 },
	{ 0x04, 4, 0x10008fc1, 0, 0 },	/* 256 bytes, FLR */
	{ 0x08, 2, 0x2810, 0x7fff, 0 },
	{ 0x0a, 2, 0, 0, 0x000f },
	{ 0x0c, 4, 0x00000043, 0, 0 },	/* 8 GT/s, x4 */
	{ 0x10, 2, 0x0040, 0x01cb, 0 },
	{ 0x12, 2, 0x1042, 0, 0 },
	{ 0x24, 4, 0x0000001f, 0, 0 },
	{ 0x28, 2, 0, 0x001f, 0 },
	{ 0x2c, 4, 0, 0, 0 },
	{ 0x30, 2, 0x0003, 0x1fbf, 0 },
	{ 0x32, 2, 0, 0, 0 },
};
static const struct space_model_reg pcie_lsi22320[] = {
	{ 0x02, 2, 0x0002, 0, 0 },
	{ 0x04, 4, 0x10008023, 0, 0 },	/* 1024 bytes, extended tags, FLR */
	{ 0x08, 2, 0x2810, 0x7fff, 0 },
	{ 0x0a, 2, 0, 0, 0x000f },
	{ 0x0c, 4, 0x0003f441, 0, 0 },	/* 2.5 GT/s, x4 */
	{ 0x10, 2, 0x0040, 0x01cb, 0 },
	{ 0x12, 2, 0x1041, 0, 0 },
	{ 0x24, 4, 0x00000012, 0, 0 },
	{ 0x28, 2, 0, 0x001f, 0 },
	{ 0x2c, 4, 0, 0, 0 },
	{ 0x30, 2, 0x0001, 0x1fbf, 0 },
	{ 0x32, 2, 0, 0, 0 },
};
static const struct space_model_reg pcie_up[] = {
	{ 0x02, 2, 0x0052, 0, 0 },	/* upstream port of a switch */
	{ 0x04, 4, 0x00008024, 0, 0 },
	{ 0x08, 2, 0x2010, 0x78ff, 0 },
	{ 0x0a, 2, 0, 0, 0x000f },
	{ 0x0c, 4, 0x00075d02, 0, 0 },	/* 5 GT/s, x16 */
	{ 0x10, 2, 0x0040, 0x01cb, 0 },
	{ 0x12, 2, 0x1102, 0, 0 },
	{ 0x24, 4, 0x00000800, 0, 0 },
	{ 0x28, 2, 0, 0x0400, 0 },
	{ 0x2c, 4, 0, 0, 0 },
	{ 0x30, 2, 0x0002, 0x1fbf, 0 },
	{ 0x32, 2, 0, 0, 0 },
};
/* Slot: button, power controller, both LEDs, hot plug, no command completed,
 * 25 W.  The slot number and presence are filled in by space.c. */
static const struct space_model_reg pcie_down[] = {
	{ 0x02, 2, 0x0162, 0, 0 },	/* downstream port, slot implemented */
	{ 0x04, 4, 0x00008024, 0, 0 },
	{ 0x08, 2, 0x2010, 0x78ff, 0 },
	{ 0x0a, 2, 0, 0, 0x000f },
	{ 0x0c, 4, 0x00375c82, 0, 0 },	/* 5 GT/s, x8, reports link active */
	{ 0x10, 2, 0x0040, 0x0ddb, 0 },	/* retrain (bit 5) reads 0 */
	{ 0x12, 2, 0x1001, 0, 0xc000 },
	{ 0x14, 4, 0x00040cdb, 0, 0 },
	{ 0x18, 2, 0x03c0, 0x17ff, 0 },
	{ 0x1a, 2, 0, 0, 0x011f },
	{ 0x24, 4, 0x00000820, 0, 0 },	/* ARI forwarding, LTR */
	{ 0x28, 2, 0x0020, 0x0420, 0 },	/* ARI forwarding is on */
	{ 0x2c, 4, 0, 0, 0 },
	{ 0x30, 2, 0x0002, 0x1fbf, 0 },
	{ 0x32, 2, 0, 0, 0 },
};
static const struct space_model_reg pcie_root[] = {
	{ 0x02, 2, 0x0042, 0, 0 },
	{ 0x04, 4, 0x00008021, 0, 0 },
	{ 0x08, 2, 0x0007, 0x78ff, 0 },
	{ 0x0a, 2, 0, 0, 0x000f },
	{ 0x0c, 4, 0x00317d02, 0, 0 },
	{ 0x10, 2, 0x0040, 0x0ddb, 0 },
	{ 0x12, 2, 0x3102, 0, 0xc000 },
	{ 0x1c, 2, 0, 0x001f, 0 },
	{ 0x1e, 2, 0x0001, 0, 0 },
	{ 0x20, 4, 0, 0, 0x00010000 },
	{ 0x24, 4, 0x00000037, 0, 0 },
	{ 0x28, 2, 0, 0x003f, 0 },
	{ 0x2c, 4, 0, 0, 0 },
	{ 0x30, 2, 0x0002, 0x1fbf, 0 },
	{ 0x32, 2, 0, 0, 0 },
};

/* ---- the rest of the first 256 bytes ---- */

static const struct space_model_reg ssvid_plx[] = {
	{ 4, 2, 0x10b5, 0, 0 },
	{ 6, 2, 0x8696, 0, 0 },
};
static const struct space_model_reg ssvid_root[] = {
	{ 4, 2, 0x8086, 0, 0 },
	{ 6, 2, 0x0000, 0, 0 },
};

/* ---- extended ---- */

#define AER_REGS \
	{ 0x04, 4, 0, 0, 0x01fff030 },		/* uncorrectable status */ \
	{ 0x08, 4, 0, 0x01fff030, 0 },		/* mask */ \
	{ 0x0c, 4, 0x00062030, 0x01fff030, 0 },	/* severity */ \
	{ 0x10, 4, 0, 0, 0x000071c1 },		/* correctable status */ \
	{ 0x14, 4, 0x00002000, 0x000071c1, 0 }, \
	{ 0x18, 4, 0x000000a0, 0x00000140, 0 }	/* ECRC */

static const struct space_model_reg aer[] = { AER_REGS };
static const struct space_model_reg aer_root[] = {
	AER_REGS,
	{ 0x2c, 4, 0, 0x00000007, 0 },
	{ 0x30, 4, 0, 0, 0x0000007f },
	{ 0x34, 4, 0, 0, 0 },
};
static const struct space_model_reg dsn[] = {
	{ 4, 4, 0, 0, 0 },		/* from the identity */
	{ 8, 4, 0, 0, 0 },
};
static const struct space_model_reg ari[] = {
	{ 4, 2, 0, 0, 0 },		/* next function: from the identity */
	{ 6, 2, 0, 0, 0 },
};
static const struct space_model_reg acs_down[] = {
	{ 4, 2, 0x005f, 0, 0 },
	{ 6, 2, 0, 0x005f, 0 },
};
/* Not VF migration capable.  VF counts and numbers: from the identity. */
static const struct space_model_reg sriov_x520[] = {
	{ 0x04, 4, 0x00000002, 0, 0 },	/* ARI hierarchy is preserved */
	{ 0x08, 2, 0, 0x0009, 0 },	/* VF enable, VF memory */
	{ 0x10, 2, 0, 0xffff, 0 },	/* locked while VF enable is set */
	{ 0x1a, 2, 0x10ed, 0, 0 },
	{ 0x1c, 4, 0x00000553, 0, 0 },
	{ 0x20, 4, 0x00000001, 0x00000553, 0 },
};

/* ---- the lists ---- */

static const struct space_model_cap x520_caps[] = {
	CAP(0x40, 0x01, pm_endpoint),
	CAP(0x50, 0x05, msi_1_masked),
	CAP(0x70, 0x11, msix_64_bar4),
	CAP(0xa0, 0x10, pcie_x520),
	EXT(0x100, 0x0001, 1, aer),
	EXT(0x140, 0x0003, 1, dsn),
	EXT(0x150, 0x000e, 1, ari),
	EXT(0x160, 0x0010, 1, sriov_x520),
};
static const struct space_model_cap qle2562_caps[] = {
	CAP(0x44, 0x01, pm_plain),
	CAP(0x4c, 0x10, pcie_qle2562),
	CAP(0x88, 0x05, msi_32),
	CAP(0xa0, 0x11, msix_2_bar1),
	EXT(0x100, 0x0001, 1, aer),
};
static const struct space_model_cap qle2462_caps[] = {
	CAP(0x44, 0x01, pm_plain),
	CAP(0x4c, 0x10, pcie_qle2462),
	CAP(0x64, 0x05, msi_32),
	CAP(0x7c, 0x11, msix_2_bar1),
	EXT(0x100, 0x0001, 1, aer),
};
static const struct space_model_cap lsi9260_caps[] = {
	CAP(0x50, 0x01, pm_plain),
	CAP(0x68, 0x10, pcie_lsi9260),
	CAP(0xa8, 0x05, msi_1),
	CAP(0xc0, 0x11, msix_15_bar1),
	EXT(0x100, 0x0001, 1, aer),
};
static const struct space_model_cap p3700_caps[] = {
	CAP(0x40, 0x01, pm_plain),
	CAP(0x50, 0x11, msix_32_bar0),
	CAP(0x60, 0x10, pcie_p3700),
	EXT(0x100, 0x0001, 1, aer),
	EXT(0x150, 0x0003, 1, dsn),
};
static const struct space_model_cap lsi22320_caps[] = {
	CAP(0x50, 0x01, pm_plain),
	CAP(0x68, 0x10, pcie_lsi22320),
	CAP(0xa8, 0x05, msi_1),
	EXT(0x100, 0x0001, 1, aer),
};
static const struct space_model_cap up_caps[] = {
	CAP(0x40, 0x01, pm_port),
	CAP(0x48, 0x05, msi_8_masked),
	CAP(0x68, 0x10, pcie_up),
	CAP(0xa4, 0x0d, ssvid_plx),
	EXT(0x100, 0x0003, 1, dsn),
	EXT(0xfb4, 0x0001, 1, aer),
};
static const struct space_model_cap down_caps[] = {
	CAP(0x40, 0x01, pm_port),
	CAP(0x48, 0x05, msi_8_masked),
	CAP(0x68, 0x10, pcie_down),
	CAP(0xa4, 0x0d, ssvid_plx),
	EXT(0x100, 0x0003, 1, dsn),
	EXT(0xfb4, 0x0001, 1, aer),
	EXT(0x520, 0x000d, 1, acs_down),
};
static const struct space_model_cap root_caps[] = {
	CAP(0x40, 0x0d, ssvid_root),
	CAP(0x60, 0x05, msi_2_32bit),
	CAP(0x90, 0x10, pcie_root),
	CAP(0xe0, 0x01, pm_port),
	EXT(0x100, 0x0001, 1, aer_root),
};

#define CAPS(a) .caps = (a), .n_caps = N(a)

const struct space_model_row space_model_rows[MODEL_N] = {
	[MODEL_SWITCH_UP] = {
		/* PEX 8696, a multi-root switch */
		.vendor = 0x10b5, .device = 0x8696, .class_code = 0x060400,
		.revision = 0xaa, .header = 0x01,
		.bars = { { 0, BAR_M32, 17 } },
		CAPS(up_caps),
	},
	[MODEL_SWITCH_DOWN] = {
		.vendor = 0x10b5, .device = 0x8696, .class_code = 0x060400,
		.revision = 0xaa, .header = 0x01,
		CAPS(down_caps),
	},
	[MODEL_X520] = {
		/* 82599ES; the subsystem is an X520-2 of Intel */
		.vendor = 0x8086, .device = 0x10fb,
		.subvendor = 0x8086, .subdevice = 0x7a11,
		.class_code = 0x020000, .revision = 0x01, .header = 0x80,
		.rom_log2 = 19,
		.bars = {
			{ 0, BAR_M64P, 19 }, { 2, BAR_IO, 5 },
			{ 4, BAR_M64P, 14 },
		},
		.vf_bars = { { 0, BAR_M64P, 14 }, { 3, BAR_M64P, 14 } },
		CAPS(x520_caps),
	},
	[MODEL_QLE2562] = {
		.vendor = 0x1077, .device = 0x2532,
		.subvendor = 0x1077, .subdevice = 0x015d,
		.class_code = 0x0c0400, .revision = 0x02, .header = 0x80,
		.rom_log2 = 18,
		.bars = { { 0, BAR_IO, 8 }, { 1, BAR_M64, 14 } },
		CAPS(qle2562_caps),
	},
	[MODEL_QLE2462] = {
		.vendor = 0x1077, .device = 0x2432,
		.subvendor = 0x1077, .subdevice = 0x0138,
		.class_code = 0x0c0400, .revision = 0x03, .header = 0x80,
		.rom_log2 = 18,
		.bars = { { 0, BAR_IO, 8 }, { 1, BAR_M64, 14 } },
		CAPS(qle2462_caps),
	},
	[MODEL_LSI9260] = {
		.vendor = 0x1000, .device = 0x0079,
		.subvendor = 0x1000, .subdevice = 0x9260,
		.class_code = 0x010400, .revision = 0x05, .header = 0x00,
		.rom_log2 = 18,
		.bars = {
			{ 0, BAR_IO, 8 }, { 1, BAR_M64, 14 },
			{ 3, BAR_M64, 18 },
		},
		CAPS(lsi9260_caps),
	},
	[MODEL_P3700] = {
		/* a drive of 800 GB */
		.vendor = 0x8086, .device = 0x0953,
		.subvendor = 0x8086, .subdevice = 0x3702,
		.class_code = 0x010802, .revision = 0x01, .header = 0x00,
		.rom_log2 = 16,
		.bars = { { 0, BAR_M64, 14 } },
		CAPS(p3700_caps),
	},
	[MODEL_LSI22320] = {
		/* 53C1030 behind a bridge of its own: two SCSI channels */
		.vendor = 0x1000, .device = 0x0030,
		.subvendor = 0x1000, .subdevice = 0x1060,
		.class_code = 0x010000, .revision = 0x08, .header = 0x80,
		.rom_log2 = 20,
		.bars = {
			{ 0, BAR_IO, 8 }, { 1, BAR_M64, 17 },
			{ 3, BAR_M64, 17 },
		},
		CAPS(lsi22320_caps),
	},
	[MODEL_ROOT] = {
		.vendor = 0x8086, .device = 0x3408, .class_code = 0x060400,
		.revision = 0x13, .header = 0x01,
		CAPS(root_caps),
	},
};
