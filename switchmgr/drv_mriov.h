/*
 * drv_mriov.h -- the MR-IOV driver over a configuration space already open.
 *
 * For tests and the simulator, whose configuration space is in process;
 * everyone else calls fabric_open("mriov:…").
 */
#ifndef SWITCHMGR_DRV_MRIOV_H
#define SWITCHMGR_DRV_MRIOV_H

#include "switchmgr/cfg.h"
#include "switchmgr/fabric.h"

/* Takes the cfg over, on failure too. */
struct fabric *mriov_fabric(struct cfg *, struct err *) ERR_MUST_CHECK;

#endif
