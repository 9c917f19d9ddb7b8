/* mriov_dev.c -- see mriov_dev.h. */
#include <string.h>

#include "switchmgr/le.h"
#include "switchmgr/mriov_dev.h"

enum {
	HEAD_FIRST = MR_ID,
	HEAD_BYTES = MR_BOOTS + 4 - HEAD_FIRST,
	INFO_BYTES = MR_LATCH + 4 - MR_SELECT,
	MAILBOX_BYTES = MR_MB_RESULT + 4 - MR_MB_TERM_LO,
	FEW = 32,		/* bytes that are written faster than looked at */
};

static int
gone(const struct mriov_dev *d, struct err *e)
{
	return err_set(e, ERR_DEVICE, "no MR-IOV %s answers at %02x:%02x.%x",
	    d->role == MR_ROLE_SWITCH ? "switch" : "base function", d->rid >> 8,
	    (d->rid >> 3) & 31u, d->rid & 7u);
}

static bool
is_ours(uint32_t id, unsigned role)
{
	return id >> 16 == MR_ID_MAGIC && (id >> 8 & 0xff) == MR_ID_VERSION &&
	    (id & 0xf) == role;
}

int
mriov_dev_open(struct mriov_dev *d, struct cfg *cfg, uint16_t rid, unsigned role,
    struct err *e)
{
	unsigned cap;
	uint32_t id;

	if (cfg_ext_cap(cfg, rid, MR_CAP_ID, &cap, e) < 0)
		return -1;
	if (cap == 0 || cap + MR_CAP_BYTES > CFG_SPACE_BYTES)
		return 0;
	if (cfg_read32(cfg, rid, cap + MR_ID, &id, e) < 0)
		return -1;
	if (!is_ours(id, role))
		return 0;
	*d = (struct mriov_dev){ .cfg = cfg, .rid = rid, .cap = cap, .role = role };
	return 1;
}

/* A function that was there when we opened it has been pulled. */
static int
check(const struct mriov_dev *d, int rc, struct err *e)
{
	return rc < 0 && e->code == ERR_NOT_FOUND ? gone(d, e) : rc;
}

static int
read_regs(const struct mriov_dev *d, unsigned reg, void *out, size_t n,
    struct err *e)
{
	return check(d, cfg_read(d->cfg, d->rid, d->cap + reg, out, n, e), e);
}

int
mriov_dev_get(const struct mriov_dev *d, unsigned reg, uint32_t *out,
    struct err *e)
{
	return check(d, cfg_read32(d->cfg, d->rid, d->cap + reg, out, e), e);
}

int
mriov_dev_put(const struct mriov_dev *d, unsigned reg, uint32_t value,
    struct err *e)
{
	return check(d, cfg_write32(d->cfg, d->rid, d->cap + reg, value, e), e);
}

/* `b` begins at the capability, so that offsets are the map's. */
static void
decode_head(const uint8_t *b, struct mriov_head *h)
{
	h->status = le_get32(b + MR_STATUS);
	h->model = le_get32(b + MR_MODEL);
	h->shape[0] = le_get16(b + MR_SHAPE0);
	h->shape[1] = le_get16(b + MR_SHAPE0 + 2);
	h->shape[2] = le_get16(b + MR_SHAPE1);
	h->shape[3] = le_get16(b + MR_SHAPE1 + 2);
	h->release_ms = le_get32(b + MR_RELEASE_MS);
	h->change = le_get32(b + MR_CHANGE);
	h->term = le_get64(b + MR_TERM_LO);
	h->boots = le_get32(b + MR_BOOTS);
}

int
mriov_dev_head(const struct mriov_dev *d, struct mriov_head *out, struct err *e)
{
	uint8_t bytes[HEAD_FIRST + HEAD_BYTES] = { 0 };

	if (read_regs(d, HEAD_FIRST, bytes + HEAD_FIRST, HEAD_BYTES, e) < 0)
		return -1;
	if (!is_ours(le_get32(bytes + MR_ID), d->role))
		return gone(d, e);
	if ((le_get32(bytes + MR_STATUS) & MR_ST_READY) == 0)
		return err_set(e, ERR_UNAVAILABLE, "the switch is starting");
	decode_head(bytes, out);
	return 0;
}

int
mriov_dev_event(const struct mriov_dev *d, uint8_t *row, struct err *e)
{
	return read_regs(d, MR_EVENT, row, MR_EV_BYTES, e);
}

/* ---- the window -------------------------------------------------------- */

/* One select, at most one window; `selected` is checked after the rows were
 * read, so that another hand on the select register is noticed. */
static int
read_window(const struct mriov_dev *d, const struct mriov_rows *t,
    unsigned first, unsigned n, uint8_t *out, struct err *e)
{
	uint32_t select = (uint32_t)t->table << 28 | first;
	uint8_t info[INFO_BYTES];
	uint32_t rows, total;

	if (mriov_dev_put(d, MR_SELECT, select, e) < 0 ||
	    read_regs(d, MR_WINDOW, out, (size_t)n * t->bytes, e) < 0 ||
	    read_regs(d, MR_SELECT, info, sizeof(info), e) < 0)
		return -1;
	rows = le_get32(info + (MR_ROWS - MR_SELECT));
	total = le_get32(info + (MR_TOTAL - MR_SELECT));
	if (le_get32(info) != select)
		return err_set(e, ERR_DEVICE, "somebody else moved the window");
	if (rows >> 16 != t->bytes || (rows & 0xffff) < n || total != t->total)
		return err_set(e, ERR_DEVICE,
		    "table %u: %u rows of %u bytes, %u in all, where %u of %u, "
		    "%u in all, were expected", t->table, rows & 0xffff,
		    rows >> 16, total, n, t->bytes, t->total);
	return 0;
}

int
mriov_dev_rows(const struct mriov_dev *d, const struct mriov_rows *t,
    unsigned first, unsigned n, uint8_t *out, struct err *e)
{
	unsigned per = MR_WINDOW_BYTES / t->bytes;

	for (unsigned done = 0; done < n; done += per) {
		unsigned some = n - done < per ? n - done : per;

		if (read_window(d, t, first + done, some,
		    out + (size_t)done * t->bytes, e) < 0)
			return -1;
	}
	return 0;
}

/* ---- the mailbox ------------------------------------------------------- */

int
mriov_dev_refused(unsigned error, struct err *e)
{
	return err_set(e, error == FERR_TERM ? ERR_STALE :
	    error == FERR_UNANSWERED ? ERR_TIMEOUT :
	    error == FERR_PARALLEL ? ERR_BUSY : ERR_DEVICE,
	    "the switch says: %s", fabric_error_words((enum fabric_error)error));
}

static int
put64(const struct mriov_dev *d, unsigned reg, uint64_t value, struct err *e)
{
	if (mriov_dev_put(d, reg, (uint32_t)value, e) < 0)
		return -1;
	return mriov_dev_put(d, reg + 4, (uint32_t)(value >> 32), e);
}

static int
read_result(const struct mriov_dev *d, struct fabric_tag tag, struct err *e)
{
	uint8_t b[MAILBOX_BYTES];
	uint32_t result;

	if (read_regs(d, MR_MB_TERM_LO, b, sizeof(b), e) < 0)
		return -1;
	if (le_get64(b) != tag.term ||
	    le_get64(b + (MR_MB_OP_LO - MR_MB_TERM_LO)) != tag.op)
		return err_set(e, ERR_DEVICE, "somebody else used the mailbox");
	result = le_get32(b + (MR_MB_RESULT - MR_MB_TERM_LO));
	switch (result & 0xff) {
	case MR_RES_DONE:
		return FABRIC_DONE;
	case MR_RES_PENDING:
		return FABRIC_PENDING;
	case MR_RES_FAILED:
		return mriov_dev_refused(result >> 8 & 0xff, e);
	default:
		return err_set(e, ERR_DEVICE, "the mailbox answers 0x%x", result);
	}
}

/* Most of a personality is 0, or what the last one had: what stands there
 * already is not written again. */
static int
put_operands(const struct mriov_dev *d, const uint8_t *operands, size_t n,
    struct err *e)
{
	uint8_t there[MR_MB_BYTES];
	bool look = n > FEW && n <= sizeof(there);

	if (look && read_regs(d, MR_MB_OPERAND, there, n, e) < 0)
		return -1;
	for (size_t at = 0; at < n; at += 4)
		if ((!look || memcmp(there + at, operands + at, 4) != 0) &&
		    mriov_dev_put(d, MR_MB_OPERAND + (unsigned)at,
		    le_get32(operands + at), e) < 0)
			return -1;
	return 0;
}

int
mriov_dev_command(const struct mriov_dev *d, unsigned command,
    struct fabric_tag tag, const uint8_t *operands, size_t n, struct err *e)
{
	if (put_operands(d, operands, n, e) < 0 ||
	    put64(d, MR_MB_TERM_LO, tag.term, e) < 0 ||
	    put64(d, MR_MB_OP_LO, tag.op, e) < 0 ||
	    mriov_dev_put(d, MR_MB_COMMAND, command, e) < 0)
		return -1;
	return read_result(d, tag, e);
}
