/*
 * admission.h -- guarantees on cards that can only limit.
 *
 * When a guarantee comes to a port, goes from it, or somebody joins it, the
 * functions of that port that have no limit of their own get one
 * (device.admission_mbps), so that every guarantee holds (qos.h); without
 * guarantees they lose it again.  Profiles that this changes become part of the
 * change set, so that the plan shows them and an undo brings them back.  Where
 * no limits can do it, QosGuaranteeUnsupported is noted with the numbers.
 *
 * Comes after placement.  Ports whose guarantees exceed their budget are left to
 * the rule about that.
 */
#ifndef SERVICE_ADMISSION_H
#define SERVICE_ADMISSION_H

#include "appliance/service/rules.h"

int admission_settle(struct rules *, struct err *) ERR_MUST_CHECK;

#endif
