/*
 * show.h -- JSON as people read it.
 *
 * A list becomes a table: one line per item, one column per member that is a
 * single value in some item.  An object becomes lines "member  value".  Control
 * characters are shown as "?", so that an answer cannot move the cursor.
 */
#ifndef TOOLS_POLYROOT_SHOW_H
#define TOOLS_POLYROOT_SHOW_H

#include <stdio.h>

#include "base/json.h"

void show_json(FILE *, const json_t *);
/* A problem: what is wrong, where, and what to do. */
void show_problem(FILE *, const json_t *);
/* A plan: its sentence, what differs, what stands in the way. */
void show_plan(FILE *, const json_t *);
/* An import: where it comes from, which hardware is which, what it and the
 * appliance disagree about, its plan. */
void show_import(FILE *, const json_t *);

#endif
