/*
 * support_chassis.h -- a small emulated chassis and the ways to reach it.
 *
 * Four slots (the fourth without a server) of 8 bridges; bay 1 X520, bay 2
 * QLE2562, bay 3 9260-4i, bay 4 empty; four verbs at once; an orderly release is
 * acknowledged after 50 ms and fails after 1000.
 *
 * Time stands until support_chassis_pass(), but for the FUSE tree, whose clock is
 * the real one.
 */
#ifndef TESTS_SUPPORT_CHASSIS_H
#define TESTS_SUPPORT_CHASSIS_H

#include "base/json.h"
#include "switchmgr/cfg.h"
#include "switchmgr/server.h"
#include "tools/emulator/face_fuse.h"
#include "tools/emulator/faces.h"

struct support_chassis {
	struct faces faces;
	bool real_clock;
	int64_t now_ms;
	struct server *server;		/* of the ways that have one */
	struct fabric *served;
	struct face_fuse *fuse;
	int listener;			/* of the ways with a socket, else -1 */
	pthread_t thread;
};

enum support_way {
	WAY_PROCESS,		/* mriov, configuration space in process */
	WAY_UNIX,		/* mriov over the configuration socket */
	WAY_FUSE,		/* mriov through libpci over the FUSE tree */
	WAY_REMOTE,		/* remote, served in process */
	WAY_REMOTE_SOCKET,	/* remote over a socket */
	WAY_N,
};
extern const char *const support_way_names[WAY_N];

/* Why a way cannot be gone here, or NULL. */
const char *support_way_missing(enum support_way);

/* A new chassis. */
void support_chassis_new(struct support_chassis *);
/* The fabric reached that way; sockets and mount point in the working
 * directory. */
struct fabric *support_chassis_open(struct support_chassis *, enum support_way);
/* Closes the fabric and ends what served it; the chassis goes on. */
void support_chassis_leave(struct support_chassis *, struct fabric *);
/* The same, and the chassis ends too. */
void support_chassis_close(struct support_chassis *, struct fabric *);

/* Configuration space in process; the caller closes it. */
struct cfg *support_chassis_cfg(struct support_chassis *);

/* The control socket's command; fails the test when it is refused. */
json_t *support_chassis_ctl(struct support_chassis *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* The same, the answer thrown away. */
void support_chassis_do(struct support_chassis *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Entries of the log (changing writes and commands) since it was cleared. */
size_t support_chassis_logged(struct support_chassis *);
size_t support_chassis_violations(struct support_chassis *);
/* Lets time pass. */
void support_chassis_pass(struct support_chassis *, int ms);

#endif
