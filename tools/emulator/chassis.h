/*
 * chassis.h -- an emulated multi-root chassis: hardware, not a mock.
 *
 * Deterministic: no I/O, no clock, no randomness of its own.  Time is handed in
 * with every call (ms, monotonic) and what is due by then happens first, in
 * order.  The same calls give the same bytes.
 *
 * It is unkind hardware: it enforces read-only and write-1-to-clear bits, resets
 * and timing, but protects nobody.  A function mapped twice is seen by both
 * servers, two equal MACs both live, an unscrubbed function shows its old
 * personality to the next server.  It counts such moments as violations.
 * It never learns what the controller wants, only what reaches its registers.
 *
 * Four faces look at one chassis: the configuration-space socket (face_cfg.c),
 * the tree like /sys/bus/pci (face_fuse.c), the control socket (face_ctl.c), and
 * in-process calls from tests.  Not thread-safe: the faces take turns.
 */
#ifndef EMULATOR_CHASSIS_H
#define EMULATOR_CHASSIS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "tools/emulator/space.h"

struct chassis;

/* Builds it from a chassis file's JSON (chassis/NAME.json; format in its
 * `format` member and in docs/emulator.md).  ERR_MALFORMED names the place. */
struct chassis *chassis_new(const json_t *file, struct err *) ERR_MUST_CHECK;
void chassis_free(struct chassis *);

/* Lets time pass: everything due by now_ms happens. */
void chassis_turn(struct chassis *, int64_t now_ms);
/* When something is due next, or INT64_MAX. */
int64_t chassis_due(const struct chassis *);

/* ---- configuration space of VH0 ---- */

/* Routing ids in rising order; a powered-off or empty bay has none behind its
 * port.  Functions lent to slots do not appear.  Returns how many. */
size_t chassis_list(const struct chassis *, uint16_t *rids, size_t max);
/* Changes with every appearance or disappearance in chassis_list(). */
uint32_t chassis_list_version(const struct chassis *);
/* 0, or an errno: ENODEV (nobody there), EINVAL (size, alignment), EFBIG. */
int chassis_cfg_read(struct chassis *, int64_t now_ms, uint16_t rid,
    unsigned offset, void *out, size_t n);
int chassis_cfg_write(struct chassis *, int64_t now_ms, uint16_t rid,
    unsigned offset, unsigned n, uint32_t value);
/* For the sysfs face; NULL when nobody is there. */
const struct space *chassis_space(const struct chassis *, uint16_t rid);
/* Routing id of the port above, or -1 at the root. */
int chassis_parent(const struct chassis *, uint16_t rid);

/* ---- the control socket's commands (architecture section 5) ----
 * One line of words in, JSON out (the caller owns it); an error is a JSON
 * object too: {"error": words}.  The table of commands is in chassis_ctl.c. */
json_t *chassis_ctl(struct chassis *, int64_t now_ms, const char *line);

#endif
