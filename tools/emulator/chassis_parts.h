/*
 * chassis_parts.h -- what the parts of the emulated chassis offer each other.
 *
 * Private to chassis*.c.  chassis_int.h says which part does what.  Nothing here
 * fails but chassis_file_build(): commands answer an MR_ERR_*, 0 for "obeyed".
 * Whoever changes a thing marks its row (chassis_mark.c); what servers see is
 * looked at once, when the change is complete (chassis_truth.c).
 */
#ifndef EMULATOR_CHASSIS_PARTS_H
#define EMULATOR_CHASSIS_PARTS_H

#include "tools/emulator/chassis_int.h"

/* ---- chassis.c ---- */
bool chassis_ready(const struct chassis *);
void chassis_power_cycle(struct chassis *);
uint16_t chassis_bay_rid(const struct bay *);
/* The module appears behind its bay's port in VH0, or goes. */
void chassis_bay_shown(struct chassis *, struct bay *);

/* ---- chassis_file.c ---- */
int chassis_file_build(struct chassis *, const json_t *file, struct err *);

/* ---- chassis_mr.c, chassis_rows.c ---- */
void chassis_mr_init(struct space *, bool has_events);
void chassis_mr_refresh(struct chassis *, struct space *, struct module *);
/* `at` is relative to the capability; n bytes were written. */
void chassis_mr_written(struct chassis *, struct space *, struct module *,
    unsigned at, unsigned n, uint32_t value);
/* A table's rows, 0 when this role has no such table. */
uint32_t chassis_rows_total(const struct chassis *, const struct module *,
    unsigned table);
unsigned chassis_rows_bytes(unsigned table);
void chassis_rows_put(const struct chassis *, const struct module *,
    unsigned table, uint32_t row, uint8_t *out);
uint32_t chassis_rows_shown(const struct module *, unsigned disk);

/* ---- chassis_cmd.c, chassis_work.c ---- */
/* Executes; answers MR_RES_* | MR_ERR_* << 8.  row is found by `code`. */
unsigned chassis_cmd_run(struct chassis *, struct order *, uint32_t code);
unsigned chassis_work_start(struct chassis *, const struct order *,
    uint64_t log_n);
bool chassis_work_stuck(const struct work *);
void chassis_work_cancel(struct chassis *, struct work *, const char *why);
/* Ends everything under way on a module that is gone. */
void chassis_work_orphan(struct chassis *, struct module *);
void chassis_work_cancel_all(struct chassis *);
bool chassis_work_one(struct chassis *, int64_t until);
int64_t chassis_work_due(const struct chassis *);

/* ---- chassis_later.c ---- */
/* False when there are too many.  Commands 0: after `ms`. */
bool chassis_later_add(struct chassis *, uint32_t commands, int64_t ms,
    const char *line);
void chassis_later_clear(struct chassis *);
/* A command has come. */
void chassis_later_count(struct chassis *);
int64_t chassis_later_due(const struct chassis *);
/* The line that is due first, when chassis_later_due() says so; the caller's. */
char *chassis_later_take(struct chassis *);
json_t *chassis_later_show(const struct chassis *);
/* In chassis_ctl.c: obeys a line now, time apart; the answer. */
json_t *chassis_ctl_obey(struct chassis *, const char *line);

/* ---- chassis_bridge.c ---- */
int chassis_bind_find(struct chassis *, struct order *);
int chassis_bind_check(struct chassis *, struct order *);
void chassis_bind_begin(struct chassis *, struct order *);
void chassis_bind_undo(struct chassis *, struct order *);
int chassis_bind_effect(struct chassis *, struct order *);
int chassis_unbind_find(struct chassis *, struct order *);
void chassis_unbind_begin(struct chassis *, struct order *);
int chassis_unbind_effect(struct chassis *, struct order *);
int64_t chassis_unbind_takes(const struct chassis *, const struct order *);
bool chassis_unbind_first(const struct order *);
int chassis_slot_find(struct chassis *, struct order *);
int chassis_slot_ctl_check(struct chassis *, struct order *);
int chassis_slot_ctl_effect(struct chassis *, struct order *);
bool chassis_slot_ctl_first(const struct order *);
int chassis_slot_reset_effect(struct chassis *, struct order *);
void chassis_bridge_mark(struct chassis *, struct order *);
struct bridge *chassis_bridge(struct chassis *, unsigned slot, unsigned number);
uint8_t chassis_bridge_state(const struct bridge *);
bool chassis_slot_up(const struct slot *);
/* What the server does, and what it finds by that: everything when it starts; what
 * it kept bus numbers and memory for when it looks again; of that, what it was
 * told of by an interrupt when it runs. */
enum chassis_look { LOOK_START, LOOK_AGAIN, LOOK_HOT };
void chassis_slot_look(struct chassis *, struct slot *, enum chassis_look);
/* Maps at once, whoever says so; n 0 empties it. */
void chassis_bridge_map(struct chassis *, struct bridge *, unsigned n,
    struct fn *const *);
/* Bridges that hold functions of the module (of one port, or NULL) lose
 * presence; their rows keep the ids. */
void chassis_bridge_lose(struct chassis *, const struct module *,
    const struct port *);

/* ---- chassis_card.c, chassis_disk.c ---- */
const struct card_model *chassis_card_model(const char *name);
struct module *chassis_card_new(struct chassis *, const struct card_model *,
    const char *serial, uint64_t address);
void chassis_card_free(struct module *);
bool chassis_card_power(const struct chassis *, const struct module *);
void chassis_card_insert(struct chassis *, struct bay *, struct module *);
void chassis_card_pull(struct chassis *, struct bay *);
void chassis_card_reset(struct chassis *, struct module *, struct port *);
void chassis_card_bay_power(struct chassis *, struct bay *, bool on);
struct fn *chassis_card_fn(struct chassis *, fn_id);
fn_id chassis_card_fn_id(const struct fn *);
uint16_t chassis_card_fn_rid(const struct fn *);
uint32_t chassis_card_mbps(const struct chassis *, const struct module *,
    const struct port *);
void chassis_card_speed(struct chassis *, struct module *, struct port *,
    uint32_t mbps);
void chassis_card_personality(struct chassis *, struct fn *, const uint8_t *);
int chassis_prepare_find(struct chassis *, struct order *);
int chassis_prepare_effect(struct chassis *, struct order *);
int chassis_fn_find(struct chassis *, struct order *);
int chassis_scrub_effect(struct chassis *, struct order *);
int chassis_fn_reset_effect(struct chassis *, struct order *);
void chassis_fn_mark(struct chassis *, struct order *);
int chassis_bay_find(struct chassis *, struct order *);
int chassis_bay_ctl_check(struct chassis *, struct order *);
int chassis_bay_ctl_effect(struct chassis *, struct order *);
int chassis_bay_reset_check(struct chassis *, struct order *);
int chassis_bay_reset_effect(struct chassis *, struct order *);
int chassis_port_find(struct chassis *, struct order *);
int chassis_port_ctl_check(struct chassis *, struct order *);
int chassis_port_ctl_effect(struct chassis *, struct order *);
int chassis_disk_find(struct chassis *, struct order *);
int chassis_disk_make_check(struct chassis *, struct order *);
int chassis_disk_make_effect(struct chassis *, struct order *);
int chassis_disk_destroy_check(struct chassis *, struct order *);
int chassis_disk_destroy_effect(struct chassis *, struct order *);
void chassis_disk_mark(struct chassis *, struct order *);
void chassis_disk_lose(struct chassis *, struct module *, struct disk *);

/* ---- chassis_mark.c: a row changed; its event ---- */
void chassis_mark_slot(struct chassis *, struct slot *);
void chassis_mark_bridge(struct chassis *, struct bridge *);
void chassis_mark_bay(struct chassis *, struct bay *);
void chassis_mark_fn(struct chassis *, struct fn *);
void chassis_mark_fn_quietly(struct chassis *, struct fn *);
void chassis_mark_port(struct chassis *, struct module *, struct port *);
void chassis_mark_disk(struct chassis *, struct module *, struct disk *);
const uint8_t *chassis_mark_head(const struct chassis *);
void chassis_mark_drop(struct chassis *);
void chassis_mark_overflow(struct chassis *);

/* ---- chassis_truth.c ---- */
void chassis_truth_check(struct chassis *);
void chassis_truth_free(struct chassis *);
bool chassis_truth_sees(const struct chassis *, const struct bridge *);
/* MAC (kind 1) or WWPN (2) that it answers to; 0 none. */
uint64_t chassis_truth_address(const struct fn *, unsigned kind);
json_t *chassis_truth_server(const struct chassis *, const struct slot *);
json_t *chassis_truth_violations(const struct chassis *);
void chassis_truth_clear(struct chassis *);

/* ---- chassis_show.c ---- */
json_t *chassis_show(const struct chassis *);
void chassis_show_personality(const struct module *, const uint8_t *ps,
    json_t *object);
const char *chassis_show_error(unsigned err);
json_t *chassis_show_address(uint64_t address, bool mac);

/* ---- chassis_log.c ---- */
struct logbook *chassis_log_new(void);
void chassis_log_free(struct logbook *);
void chassis_log_clear(struct logbook *);
/* Each gives the entry's number.  `quiet` ones show in `log all` only. */
uint64_t chassis_log_order(struct chassis *, const struct order *,
    uint32_t code, bool quiet);
uint64_t chassis_log_write(struct chassis *, const char *what, bool quiet,
    uint16_t rid, unsigned offset, unsigned bytes, uint32_t value);
uint64_t chassis_log_line(struct chassis *, const char *line);
uint64_t chassis_log_sight(struct chassis *, bool seen, const struct seen *);
void chassis_log_result(struct chassis *, uint64_t n, unsigned result);
void chassis_log_end(struct chassis *, uint64_t n, const char *end,
    unsigned err);
json_t *chassis_log_show(const struct chassis *, bool all, uint64_t since);

/* ---- bytes ---- */
uint64_t chassis_get(const uint8_t *at, unsigned n);
void chassis_put(uint8_t *at, unsigned n, uint64_t value);

#endif
