/*
 * mriov_dev.h -- the registers of one MR-IOV capability: the switch or the base
 * function of a module.
 *
 * Three ways in: the head (one read), tables through the window, and the
 * mailbox.  Each answer is checked: that the capability is still ours (all ones
 * come back from hardware that has gone), that the window shows the table and
 * rows that were selected, that the result belongs to our operation.
 *
 * Not here: what rows mean (mriov_row.h), when to read again (mriov_view.h).
 */
#ifndef SWITCHMGR_MRIOV_DEV_H
#define SWITCHMGR_MRIOV_DEV_H

#include "switchmgr/cfg.h"
#include "switchmgr/fabric.h"
#include "switchmgr/mriov_map.h"

struct mriov_dev {
	struct cfg *cfg;	/* a loan; NULL: not open */
	uint16_t rid;
	unsigned cap;		/* offset of the capability */
	unsigned role;		/* MR_ROLE_* */
};

struct mriov_head {
	uint32_t status, model, release_ms, change, boots;
	uint16_t shape[4];	/* MR_SHAPE0 and 1, low half first */
	uint64_t term;
};

/* Finds the capability and its role.  1: there; 0: nothing of that role there. */
int mriov_dev_open(struct mriov_dev *, struct cfg *, uint16_t rid, unsigned role,
    struct err *) ERR_MUST_CHECK;

/* ERR_UNAVAILABLE while it is not ready, ERR_DEVICE when it has gone. */
int mriov_dev_head(const struct mriov_dev *, struct mriov_head *, struct err *)
    ERR_MUST_CHECK;
int mriov_dev_get(const struct mriov_dev *, unsigned reg, uint32_t *,
    struct err *) ERR_MUST_CHECK;
int mriov_dev_put(const struct mriov_dev *, unsigned reg, uint32_t,
    struct err *) ERR_MUST_CHECK;
/* One event's bytes, MR_EV_BYTES. */
int mriov_dev_event(const struct mriov_dev *, uint8_t *row, struct err *)
    ERR_MUST_CHECK;

/* A table, or part of it: rows of `bytes` each, `total` in all. */
struct mriov_rows {
	unsigned table, bytes, total;
};
/* Reads rows first .. first + n - 1 into out (n * rows->bytes). */
int mriov_dev_rows(const struct mriov_dev *, const struct mriov_rows *,
    unsigned first, unsigned n, uint8_t *out, struct err *) ERR_MUST_CHECK;

/*
 * Operands (n bytes, at most MR_MB_BYTES, a multiple of 4), term, operation,
 * then the command.  FABRIC_DONE, FABRIC_PENDING or -1: ERR_STALE for an old
 * term, ERR_BUSY for one too many at once, ERR_DEVICE with the switch's words for any other refusal.
 */
int mriov_dev_command(const struct mriov_dev *, unsigned command,
    struct fabric_tag, const uint8_t *operands, size_t n, struct err *)
    ERR_MUST_CHECK;

/* err for what a row or a result says; -1. */
int mriov_dev_refused(unsigned error, struct err *);

#endif
