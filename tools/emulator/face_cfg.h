/*
 * face_cfg.h -- the configuration-space socket (switchmgr/mriov_map.h, the end).
 *
 * One request, one answer, at once; a client that does not take its answers is
 * dropped.  A message that is no request is answered EINVAL.
 */
#ifndef EMULATOR_FACE_CFG_H
#define EMULATOR_FACE_CFG_H

#include "tools/emulator/face_sock.h"
#include "tools/emulator/faces.h"

struct face_cfg;

struct face_cfg *face_cfg_open(struct faces *, const char *name, struct err *)
    ERR_MUST_CHECK;
void face_cfg_close(struct face_cfg *);
/* Fills up to FACE_CLIENTS + 1 rows; how many. */
nfds_t face_cfg_fds(const struct face_cfg *, struct pollfd *);
/* Serves what poll() found in those rows. */
void face_cfg_serve(struct face_cfg *, const struct pollfd *, nfds_t);

#endif
