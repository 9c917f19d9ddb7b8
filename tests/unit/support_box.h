/*
 * support_box.h -- a chassis in a test: its registers, mailboxes and commands.
 *
 * Time stands still unless the test moves it.  What cannot fail in a test fails
 * the test here.
 */
#ifndef TESTS_SUPPORT_BOX_H
#define TESTS_SUPPORT_BOX_H

#include "base/ids.h"
#include "switchmgr/mriov_map.h"
#include "tools/emulator/chassis.h"

enum { BOX_UP = 0x0100, BOX_CAP = 0x200 };

struct box {
	struct chassis *chassis;
	int64_t now;
	uint64_t term, op;		/* of the next command */
	uint8_t operand[MR_MB_BYTES];	/* likewise; zeroed afterwards */
};

/* From a file in chassis/, without its ".json". */
struct box box_open(const char *name);
void box_close(struct box *);

/* Routing id of a bay's base function. */
uint16_t box_base(unsigned bay);
/* A dword behind the MR-IOV capability. */
uint32_t box_get(struct box *, uint16_t rid, unsigned reg);
void box_put(struct box *, uint16_t rid, unsigned reg, uint32_t value);
/* One row of a table, 512 bytes at most. */
void box_row(struct box *, uint16_t rid, unsigned table, uint32_t row,
    uint8_t out[MR_PERSONALITY_BYTES]);
/* The row of a function in MR_TABLE_FN or MR_TABLE_PERSONALITY. */
void box_fn_row(struct box *, fn_id, unsigned table,
    uint8_t out[MR_PERSONALITY_BYTES]);

uint64_t box_num(const uint8_t *at, unsigned n);
void box_set(uint8_t *at, unsigned n, uint64_t value);

/* Executes with the operand, term and op of the box; op counts on.  The answer
 * is MR_MB_RESULT: MR_RES_* | MR_ERR_* << 8. */
unsigned box_run(struct box *, uint16_t rid, unsigned command);

/* The common ones; same answer. */
unsigned box_bind(struct box *, unsigned slot, unsigned bridge, fn_id);
unsigned box_unbind(struct box *, unsigned slot, unsigned bridge, unsigned mode);
/* A NIC with this MAC on VLAN 120, limit 1000. */
unsigned box_prepare(struct box *, fn_id, uint64_t mac);
unsigned box_fn_command(struct box *, unsigned command, fn_id);
unsigned box_slot_ctl(struct box *, unsigned slot, unsigned what);

/* A control command; the caller owns the answer.  box_do() wants no error. */
json_t *box_ctl(struct box *, const char *line);
void box_do(struct box *, const char *line);
/* Several, with ';' between them. */
void box_do_all(struct box *, const char *lines);
/* How many functions a server sees; how many violations of a kind so far. */
size_t box_sees(struct box *, unsigned slot);
size_t box_violations(struct box *, const char *kind);

#define BOX_FAILED(err) (MR_RES_FAILED | (unsigned)(err) << 8)

#endif
