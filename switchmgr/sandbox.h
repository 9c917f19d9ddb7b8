/*
 * sandbox.h -- gives away what the switch manager will not need again.
 *
 * No new privileges, no core files, few descriptors; as root, no capability but
 * those that configuration space wants; no programs, no tracing, and no sockets
 * but local ones.  What it keeps: opening files under its own rights, because
 * libpci opens configuration files as it goes.
 */
#ifndef SWITCHMGR_SANDBOX_H
#define SWITCHMGR_SANDBOX_H

#include "base/err.h"

/* For the whole process and for good. */
int sandbox_enter(struct err *) ERR_MUST_CHECK;

#endif
