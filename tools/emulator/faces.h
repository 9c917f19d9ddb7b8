/*
 * faces.h -- what the faces of one emulated chassis share.
 *
 * The main thread runs the sockets and time; the FUSE face runs in a thread of
 * its own.  Whoever touches the chassis holds `lock`.  Time is clock_now_ms().
 * After a call that may have set something in motion, faces_wake() makes the
 * main thread ask chassis_due() again.
 */
#ifndef EMULATOR_FACES_H
#define EMULATOR_FACES_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "tools/emulator/chassis.h"

struct faces {
	struct chassis *chassis;	/* the owner is main.c */
	pthread_mutex_t lock;
	int wake;			/* write end of a non-blocking pipe, or -1 */
};

/* Any thread, with or without the lock. */
void faces_wake(struct faces *);

/* chassis_cfg_read() and chassis_cfg_write() under the lock, at the time of
 * now; the write wakes the main thread.  0 or an errno. */
int faces_cfg_read(struct faces *, uint16_t rid, unsigned offset, void *out,
    size_t n);
int faces_cfg_write(struct faces *, uint16_t rid, unsigned offset, unsigned n,
    uint32_t value);

#endif
