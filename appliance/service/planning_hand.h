/*
 * planning_hand.h -- a change, and what somebody else's hand did to the profile.
 *
 * :heal puts right all of its profile, and takes off what is in the way.  Any
 * other change puts right only what it changes itself, unless the profile's drift
 * is heal: a new VLAN of one vNIC is no reason to undo what a hand did to another
 * while people think about it.
 *
 * Part of planning.h, for planning.c.
 */
#ifndef SERVICE_PLANNING_HAND_H
#define SERVICE_PLANNING_HAND_H

#include "appliance/service/planning.h"

/* After engine_have(), with the wants of all slots that are looked at. */
int planning_hands(const struct planning *, struct plan_in *, struct err *)
    ERR_MUST_CHECK;

/* After plan_make(): steps that take a function from where it is beside its
 * place. */
int planning_hands_off(struct planning *, struct err *) ERR_MUST_CHECK;

#endif
