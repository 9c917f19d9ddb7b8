/*
 * plans.h -- plans that are looked at before they are applied.
 *
 * POST /plans takes a list of changes, each a method, a path and a body as the
 * direct call would have them, and makes one change set of them; later entries
 * may name what earlier ones make.  A stored plan keeps what was sent, the seed
 * and the digest.  :apply plans again from the present state; when the digest is
 * another (412 StalePlan) or the time is over (412 PlanExpired), the answer
 * carries the new plan, which can be applied in turn.
 *
 * {"reserve":"PT15M"} keeps the plan's addresses for it until then.
 */
#ifndef SERVICE_PLANS_H
#define SERVICE_PLANS_H

#include "appliance/service/planning.h"

int plans_make(struct call *, struct err *) ERR_MUST_CHECK;
int plans_read(struct call *, struct err *) ERR_MUST_CHECK;
int plans_apply(struct call *, struct err *) ERR_MUST_CHECK;

/* Puts a change list into a planning; ERR_MALFORMED names the entry. */
int plans_build(struct planning *, const json_t *changes, struct err *)
    ERR_MUST_CHECK;

#endif
