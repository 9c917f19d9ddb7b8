/*
 * mriov_row.h -- rows of the register map, to our records and back.
 *
 * Pure: bytes in, values out.  Everything that the hardware says is checked: a
 * row that names another place than the one that was asked for, a state, count
 * or function that cannot be, or text that is not printable is ERR_DEVICE.
 * Outputs are written only on success; what lies behind a count is zero.
 *
 * Rows have MR_ROW_BYTES, personalities at least MR_PERSONALITY_USED, events
 * MR_EV_BYTES (switchmgr/mriov_map.h).
 */
#ifndef SWITCHMGR_MRIOV_ROW_H
#define SWITCHMGR_MRIOV_ROW_H

#include <stdint.h>

#include "switchmgr/fabric.h"

int mriov_row_slot(const uint8_t *row, unsigned number, struct fabric_slot *,
    struct err *) ERR_MUST_CHECK;
int mriov_row_bridge(const uint8_t *row, unsigned slot, unsigned bridge,
    struct fabric_bridge *, struct err *) ERR_MUST_CHECK;
/* *rid: routing id of its base function, meaningful while it is powered. */
int mriov_row_bay(const uint8_t *row, unsigned number, struct fabric_bay *,
    uint16_t *rid, struct err *) ERR_MUST_CHECK;
int mriov_row_port(const uint8_t *row, unsigned bay, unsigned port,
    struct fabric_port *, struct err *) ERR_MUST_CHECK;
/* Leaves the personality zero; *change is the row's change counter. */
int mriov_row_fn(const uint8_t *row, unsigned bay, struct fabric_fn *,
    uint32_t *change, struct err *) ERR_MUST_CHECK;
int mriov_row_disk(const uint8_t *row, unsigned bay, unsigned number,
    struct fabric_disk *, struct err *) ERR_MUST_CHECK;
int mriov_row_persona(const uint8_t *row, struct personality *, struct err *)
    ERR_MUST_CHECK;
/* FEV_NONE for the empty queue; what makes no sense is FEV_RESYNC, for an event
 * is only a hint. */
void mriov_row_event(const uint8_t *row, struct fabric_event *);

/* MR_PERSONALITY_USED bytes. */
void mriov_row_put_persona(uint8_t *row, const struct personality *);

#endif
