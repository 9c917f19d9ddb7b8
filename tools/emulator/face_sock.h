/*
 * face_sock.h -- sockets by relative path, for the faces that have one.
 *
 * The caller has changed to the directory: a path in full could be longer than
 * the 107 bytes that fit.  A socket that nobody answers is a dead emulator's and
 * is replaced; one that somebody answers is refused with ERR_CONFLICT.
 */
#ifndef EMULATOR_FACE_SOCK_H
#define EMULATOR_FACE_SOCK_H

#include <poll.h>

#include "base/err.h"

enum { FACE_CLIENTS = 32 };

/* Non-blocking, close-on-exec, for the owner only; `type` is SOCK_STREAM or
 * SOCK_SEQPACKET.  The descriptor, or -1. */
int face_sock_listen(const char *name, int type, struct err *) ERR_MUST_CHECK;
/* A new client, non-blocking, or -1 when there is none. */
int face_sock_accept(int listener);
/* Connects (blocking) to a path of any length; may change the directory. */
int face_sock_connect(const char *path, int type, struct err *) ERR_MUST_CHECK;

#endif
