/*
 * face_ctl.h -- the control socket: a line of words in, a line of JSON out.
 *
 * And its client, `polyroot-emu ctl SOCKET COMMAND...`.  A client gets no second
 * answer before it took the first; a line longer than 1 KiB ends it.
 */
#ifndef EMULATOR_FACE_CTL_H
#define EMULATOR_FACE_CTL_H

#include "tools/emulator/face_sock.h"
#include "tools/emulator/faces.h"

struct face_ctl;

struct face_ctl *face_ctl_open(struct faces *, const char *name, struct err *)
    ERR_MUST_CHECK;
void face_ctl_close(struct face_ctl *);
/* Fills up to FACE_CLIENTS + 1 rows; how many. */
nfds_t face_ctl_fds(const struct face_ctl *, struct pollfd *);
void face_ctl_serve(struct face_ctl *, const struct pollfd *, nfds_t);

/* Sends the words as one command and prints the answer.  Exit status: 0, or 1
 * when the answer has "error" or there is none. */
int face_ctl_client(const char *path, int n, char *const *words);

#endif
