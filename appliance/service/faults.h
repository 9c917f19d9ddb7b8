/*
 * faults.h -- what is wrong, as people see it.
 *
 * GET /faults shows what is there (soaking, active, flapping); ?state=cleared
 * what went within the hour, ?state=all both.  Each names the slots and
 * profiles that it touches, and what could be done about it (offers.h).  :ack says that somebody has seen it: it stays
 * wrong and stays listed.  Health is the worst of what is active or flapping;
 * what soaks does not count yet.
 */
#ifndef SERVICE_FAULTS_H
#define SERVICE_FAULTS_H

#include "appliance/service/render.h"

int faults_read(struct call *, struct err *) ERR_MUST_CHECK;
int faults_read_one(struct call *, struct err *) ERR_MUST_CHECK;
/* POST /faults/{id}:ack; ERR_NOT_FOUND also for one that was cleared. */
int faults_ack(struct call *, struct err *) ERR_MUST_CHECK;

/* "ok", "warning" or "critical": of a slot, of a bay with its ports ("io3"),
 * or of everything (slot 0, bay NULL). */
const char *faults_health(struct render *, uint32_t slot, const char *bay);

#endif
